// The people: searched, listed, and told of one by one. All text is set as text, never as markup.

const data = JSON.parse(document.getElementById("data").textContent);
const { people, links } = data;
const get = (id) => document.getElementById(id);
const PAGE = 100;
const list = get("list"), card = get("card"), canvas = get("canvas"), tip = get("tip");
const state = {
  fits: new Uint8Array(people.length).fill(1), found: [], shown: 0, selected: -1, hovered: -1,
  active: 0, narrow: false, others: links.filter((one) => !one.credited).length <= 60, family: () => family(),
};

function fold(text) {
  const plain = { ı: "i", ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", þ: "th", æ: "ae", œ: "oe", ß: "ss" };
  return text.normalize("NFKD").toLowerCase().replace(/[\p{M}\p{Cf}]/gu, "").replace(/[ıøłđðħþæœß]/g, (c) => plain[c]);
}

function el(tag, text, ...classes) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  made.classList.add(...classes);
  return made;
}

const count = (n, one, many) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
const told = people.map((one) => ({ from: [], to: [], others: [] }));
const children = people.map(() => []);
people.forEach((one, index) => {
  one.text = ` ${fold([one.name, one.work, one.handle, ...one.fields, ...one.circles].join(" "))}`;
  if (one.by >= 0) children[one.by].push(index);
});
links.forEach((one) => {
  if (one.kind === "referral") {
    told[one.source].to.push(one);
    told[one.target].from.push(one);
  } else {
    told[one.source].others.push(one);
    told[one.target].others.push(one);
  }
});

// From somebody to me: the way by which I know them.
function way(index) {
  const found = [];
  for (let at = index; at >= 0; at = people[at].by) found.push(at);
  return found;
}

// Who belongs to the one selected: true for those on the way to me, false for those they led me to.
let kin = null, kinOf = -1;
function family() {
  if (state.selected < 0) return null;
  if (kinOf !== state.selected) {
    kinOf = state.selected;
    kin = new Map(way(kinOf).map((index) => [index, true]));
    const waiting = [...children[kinOf]];
    while (waiting.length) {
      const index = waiting.pop();
      kin.set(index, false);
      waiting.push(...children[index]);
    }
  }
  return kin;
}

const painting = painter(canvas, data, state);

// --- search and filters

function search() {
  const words = fold(get("search").value).split(/\s+/).filter(Boolean);
  const field = get("field").value, degree = Number(get("degree").value), status = get("status").value;
  const first = [], then = [];
  people.forEach((one, index) => {
    const fits = words.every((word) => one.text.includes(word))
      && (!field || one.fields.includes(field))
      && (!degree || (degree < 4 ? one.degree === degree : one.degree >= 4))
      && (!status || one.status === status);
    state.fits[index] = fits ? 1 : 0;
    if (fits) (words.length && one.text.includes(` ${words[0]}`) ? first : then).push(index);
  });
  state.found = first.concat(then);
  state.narrow = state.found.length < people.length;
  state.active = 0;
  state.shown = 0;
  list.replaceChildren();
  more();
  get("side").scrollTop = 0;
  const all = count(people.length, "person", "people");
  get("count").textContent = state.narrow ? `${state.found.length.toLocaleString("en")} of ${all}` : all;
  painting.draw();
}

function more() {
  const upTo = Math.min(state.shown + PAGE, state.found.length);
  const rows = document.createDocumentFragment();
  for (let at = state.shown; at < upTo; at++) rows.append(row(at));
  list.append(rows);
  state.shown = upTo;
  get("more").hidden = upTo === state.found.length;
  get("more").textContent = `Show ${Math.min(PAGE, state.found.length - upTo)} more of ${(state.found.length - upTo).toLocaleString("en")}`;
  activate(state.active, false);
}

function row(at) {
  const one = people[state.found[at]], made = el("li");
  made.id = `row-${at}`;
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", String(state.found[at] === state.selected));
  made.setAttribute("aria-setsize", state.found.length);
  made.setAttribute("aria-posinset", at + 1);
  const dot = el("i");
  dot.style.borderColor = shade(one);
  if (one.mark === "held") dot.style.background = shade(one);
  if (one.mark === "open") dot.style.background = `linear-gradient(90deg, ${shade(one)} 50%, transparent 50%)`;
  const about = [one.mark === "gone" ? one.status : "", one.work].filter(Boolean).join(" · ");
  made.append(dot, el("bdi", one.name));
  if (one.mark === "gone") made.classList.add("gone");
  const small = el("small");
  small.append(el("bdi", about || one.fields.map(spaced).join(", ") || one.status));
  made.append(small);
  return made;
}

const spaced = (label) => label.replaceAll("-", " ");
const shade = (one) => `var(--${one.mark === "gone" ? "gone" : one.colour < 0 ? "none" : `f${one.colour}`})`;

function activate(at, scroll = true) {
  list.querySelector(".at")?.classList.remove("at");
  if (at >= state.shown && state.shown < state.found.length) { state.active = at; return more(); }
  state.active = Math.max(0, Math.min(at, state.found.length - 1));
  const there = get(`row-${state.active}`);
  if (!there) return list.removeAttribute("aria-activedescendant");
  there.classList.add("at");
  list.setAttribute("aria-activedescendant", there.id);
  if (scroll) there.scrollIntoView({ block: "nearest" });
}

function moveInList(event) {
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -state.found.length, End: state.shown - 1 - state.active };
  if (event.key in steps) activate(state.active + steps[event.key]);
  else if (event.key === "Enter" || event.key === " ") select(state.found[state.active] ?? -1, { from: list });
  else return;
  event.preventDefault();
}

// --- one person

let opener = null;

function select(index, { from = null, move = true } = {}) {
  state.selected = index;
  list.querySelectorAll("li").forEach((made, at) => made.setAttribute("aria-selected", String(state.found[at] === index)));
  if (index < 0) return close();
  opener = from || opener;
  tell(index);
  if (move) painting.show([...way(index), ...children[index]]);
  painting.draw();
  if (from) card.querySelector("h2").focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

function close() {
  state.selected = -1;
  card.hidden = true;
  card.replaceChildren();
  list.querySelectorAll('[aria-selected="true"]').forEach((made) => made.setAttribute("aria-selected", "false"));
  painting.draw();
  opener?.focus();
  opener = null;
}

function tell(index) {
  const one = people[index], shut = el("button", "×", "close");
  shut.type = "button";
  shut.setAttribute("aria-label", "Close");
  shut.addEventListener("click", close);
  const title = el("h2");
  title.id = "card-name";
  title.tabIndex = -1;
  title.append(el("bdi", one.name));
  card.replaceChildren(title, shut);
  if (one.work) card.append(sentence("p", "work", named(one.work)));
  if (one.mark === "gone") card.append(sentence("p", "warning", `${capital(one.status)}.`));
  part("How you know them", [origin(index)], "p");
  const steps = way(index).reverse().map((at) => (at === index ? named(one.name) : button(at)));
  if (steps.length > 1) card.append(items(["You", ...steps].map((step) => [step]), "way"));
  const given = told[index].to.filter((link) => link.credited), known = told[index].to.filter((link) => !link.credited);
  part(`Led you to ${count(given.length, "person", "people")}`, given.map((link) => [button(link.target), small(link)]));
  part("Also pointed you to", known.map((link) => [button(link.target), small(link)]));
  part("Others who pointed you to them", told[index].from.filter((link) => !link.credited).map((link) => [button(link.source), small(link)]));
  part("Ties to others", told[index].others.map((link) => tie(link, index)));
  if (one.mark !== "gone") part("Interview", [[capital(one.status), one.interviews > 1 ? ` (${one.interviews} held)` : ""]], "p");
  part("In touch", [[one.talks ? `${count(one.talks, "time", "times")}, last on ${one.last}` : "Never yet"]], "p");
  part("Fields and circles", one.fields.concat(one.circles).length ? [[one.fields.concat(one.circles).map(spaced).join(", ")]] : [], "p");
  part("In the terminal", [[`netcrm show ${one.handle}`]], "code");
  card.hidden = false;
}

function origin(index) {
  const one = people[index], by = told[index].from.find((link) => link.credited);
  if (!by) return [one.since ? `You have known them since ${one.since}.` : "You know them by yourself."];
  const context = by.context ? [" ", quoted(by.context)] : [];
  return [button(by.source), ` pointed you to them on ${by.on} (${by.status}).`, ...context];
}

function tie(link, index) {
  const other = button(link.source === index ? link.target : link.source);
  const who = link.told_by >= 0 ? [", as ", button(link.told_by), " told you"] : [];
  if (link.kind === "introduction") return ["You introduce them to ", other, " ", small(link)];
  return ["Knows ", other, ...(link.context ? [": ", named(link.context)] : []), ...who];
}

function small(link) {
  const made = el("small", ` ${[link.on, link.status].filter(Boolean).join(", ")}`);
  if (link.context) made.append(" ", quoted(link.context));
  return made;
}

function quoted(text) {
  return sentence("span", "", "“", named(text), "”");
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const named = (text) => el("bdi", text);

function button(index) {
  const made = el("button", "", "name");
  made.type = "button";
  made.append(named(people[index].name));
  made.addEventListener("click", () => select(index, { from: opener || list }));
  return made;
}

function sentence(tag, name, ...parts) {
  const made = el(tag, "", ...(name ? [name] : []));
  made.append(...parts);
  return made;
}

function items(rows, name = "") {
  const made = el("ul", "", ...(name ? [name] : []));
  made.append(...rows.map((row) => sentence("li", "", ...row)));
  return made;
}

function part(title, rows, tag = "") {
  if (!rows.length) return;
  card.append(el("h3", title));
  if (tag) card.append(...rows.map((row) => sentence(tag, "", ...row)));
  else card.append(items(rows));
}

// --- the picture under the pointer and the keys

function hover(index, x = 0, y = 0) {
  if (index !== state.hovered) {
    state.hovered = index;
    canvas.classList.toggle("over", index >= 0);
    painting.draw();
  }
  tip.hidden = index < 0;
  if (index < 0) return;
  const one = people[index];
  tip.replaceChildren(named(one.name), ...(one.work ? [el("br"), named(one.work)] : []));
  const room = get("picture").getBoundingClientRect();
  tip.style.transform = `translate(${Math.min(x + 14, room.width - tip.offsetWidth - 8)}px, ${Math.min(y + 16, room.height - tip.offsetHeight - 8)}px)`;
}

const touching = new Map();
let dragged = 0;
const where = (event) => {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};

canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  if (!touching.size) dragged = 0;
  touching.set(event.pointerId, where(event));
});
canvas.addEventListener("pointermove", (event) => {
  const now = where(event), before = touching.get(event.pointerId);
  if (!before) return event.pointerType === "mouse" && hover(painting.at(...now), ...now);
  const other = [...touching].find(([id]) => id !== event.pointerId)?.[1];
  touching.set(event.pointerId, now);
  const by = [now[0] - before[0], now[1] - before[1]];
  dragged += Math.hypot(...by);
  if (dragged < 4 && !other) return;
  hover(-1);
  canvas.classList.add("drag");
  if (!other) return painting.pan(...by);
  const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
  painting.pan(by[0] / 2, by[1] / 2);
  painting.zoom(apart(now, other) / apart(before, other), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
});
for (const name of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(name, (event) => {
    const there = touching.delete(event.pointerId);
    canvas.classList.remove("drag");
    if (!there || name === "pointercancel" || touching.size || dragged >= 4) return;
    const index = painting.at(...where(event));
    if (index >= 0) select(index, { move: false });
    else if (state.selected >= 0) { opener = null; close(); }
  });
}
canvas.addEventListener("pointerleave", () => hover(-1));
canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  painting.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), ...where(event));
}, { passive: false });
canvas.addEventListener("keydown", (event) => {
  const keys = {
    ArrowLeft: () => painting.pan(60, 0), ArrowRight: () => painting.pan(-60, 0),
    ArrowUp: () => painting.pan(0, 60), ArrowDown: () => painting.pan(0, -60),
    "+": () => painting.zoom(1.35), "=": () => painting.zoom(1.35), "-": () => painting.zoom(1 / 1.35),
    0: () => painting.fit(),
  };
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  keys[event.key]();
  event.preventDefault();
});

get("in").addEventListener("click", () => painting.zoom(1.5, undefined, undefined, true));
get("out").addEventListener("click", () => painting.zoom(1 / 1.5, undefined, undefined, true));
get("fit").addEventListener("click", () => painting.fit());
get("search").addEventListener("input", search);
get("search").addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "Enter") return;
  event.preventDefault();
  list.focus();
});
for (const id of ["field", "degree", "status"]) get(id).addEventListener("change", search);
get("others").addEventListener("change", () => { state.others = get("others").checked; painting.draw(); });
get("more").addEventListener("click", () => { const at = state.shown; more(); list.focus(); activate(at); });
list.addEventListener("keydown", moveInList);
list.addEventListener("click", (event) => {
  const made = event.target.closest("li");
  if (!made) return;
  state.active = Number(made.id.slice(4));
  activate(state.active, false);
  select(state.found[state.active], { from: list });
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && state.selected >= 0) close();
});

// --- what can be chosen, and what the signs mean

function choices(id, values, text = (value) => value) {
  get(id).append(...values.map((value) => {
    const made = el("option", text(value));
    made.value = value;
    return made;
  }));
}

function sign(text, colour, mark) {
  const made = el("p"), pen = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const shape = (name, said) => {
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(said).forEach(([key, value]) => drawn.setAttribute(key, value));
    pen.append(drawn);
  };
  pen.setAttribute("viewBox", "0 0 22 14");
  pen.setAttribute("aria-hidden", "true");
  if (mark in DASHES) shape("path", { d: "M0 7H22", stroke: colour, "stroke-width": 1.6, "stroke-dasharray": DASHES[mark], fill: "none" });
  else shape("circle", { cx: 11, cy: 7, r: 5, stroke: colour, "stroke-width": 1.8, fill: mark === "held" ? colour : "none" });
  if (mark === "open") shape("path", { d: "M11 2A5 5 0 0 0 11 12Z", fill: colour });
  if (mark === "gone") shape("path", { d: "M5 13L17 1", stroke: colour, "stroke-width": 1.6 });
  made.append(pen, el("span", text));
  return made;
}

const DASHES = { credited: "none", referral: "5 4", acquaintance: "1.5 4", introduction: "9 3 2 3" };
const WORDS = {
  credited: "led you to somebody", referral: "pointed you to somebody you knew of already",
  acquaintance: "know each other", introduction: "introduced by you",
};
const marks = { held: "interviewed", open: "under way", none: "not asked, or it ended", gone: "not to be contacted" };

choices("field", [...new Set(people.flatMap((one) => one.fields))].sort(), spaced);
choices("degree", [...new Set(people.map((one) => Math.min(one.degree, 4)))].sort(), (value) => (value === 4 ? "4 or more" : `${value}`));
choices("status", [...new Set(people.map((one) => one.status))].sort());
for (const [mark, text] of Object.entries(marks)) {
  if (people.some((one) => one.mark === mark)) get("signs").append(sign(text, "var(--ink)", mark));
}
for (const [kind, text] of Object.entries(WORDS)) {
  const there = links.some((one) => (kind === "credited" ? one.credited : one.kind === kind && !one.credited));
  if (there) get("signs").append(sign(text, "var(--soft)", kind));
}
data.colours.forEach((name, index) => get("signs").append(sign(spaced(name), `var(--f${index})`, "held")));
get("others").checked = state.others;
get("legend").open = innerWidth > 900 && innerHeight > 600;
addEventListener("beforeprint", () => { get("legend").open = true; });
new ResizeObserver(() => painting.resize()).observe(canvas);
search();
