// The picture: what is drawn where, and how it is moved. `state` says what is meant by it.

function painter(canvas, data, state) {
  const { people, links, sectors, rings } = data;
  const pen = canvas.getContext("2d");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const view = { k: 1, x: 0, y: 0 };
  const SEAT = 18, CELL = 60, TURN = Math.PI * 2;
  const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
  let size = { width: 1, height: 1 }, colours = {}, moving = 0, asked = 0, whole = true;

  const grid = new Map();
  people.forEach((one, index) => {
    const key = `${Math.floor(one.x / CELL)},${Math.floor(one.y / CELL)}`;
    if (!grid.has(key)) grid.set(key, []);
    grid.get(key).push(index);
  });
  // Names that matter are written first: of those who led to many, and of the branches.
  const important = people.map((_, index) => index)
    .sort((a, b) => people[b].below - people[a].below || a - b);
  const crowded = people.filter((one) => one.by < 0 && one.below).length > 60;
  const bounds = people.reduce(
    (box, one) => [Math.min(box[0], one.x), Math.min(box[1], one.y), Math.max(box[2], one.x), Math.max(box[3], one.y)],
    [-60, -60, 60, 60],
  );

  function readColours() {
    const said = getComputedStyle(document.documentElement);
    const names = ["paper", "ink", "soft", "ring", "edge", "accent", "gone", "none", "line"];
    for (let n = 0; n < 8; n++) names.push(`f${n}`);
    colours = Object.fromEntries(names.map((name) => [name, said.getPropertyValue(`--${name}`).trim()]));
  }

  function resize() {
    const box = canvas.getBoundingClientRect();
    if (!box.width || !box.height) return;
    const ratio = Math.min(devicePixelRatio || 1, 3);
    size = { width: box.width, height: box.height };
    canvas.width = Math.round(box.width * ratio);
    canvas.height = Math.round(box.height * ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (whole) fit(false); else draw();
  }

  const toScreen = (x, y) => [x * view.k + view.x, y * view.k + view.y];
  const isFew = () => SEAT * view.k >= 11.5;

  // What is far outside need not be drawn.
  function isSeen(x, y, margin = 0) {
    return x > -margin && y > -margin && x < size.width + margin && y < size.height + margin;
  }

  function draw() {
    if (asked) return;
    asked = requestAnimationFrame(() => { asked = 0; paint(); });
  }

  function paint() {
    pen.fillStyle = colours.paper;
    pen.fillRect(0, 0, size.width, size.height);
    paintRings();
    const family = state.family();
    paintTree(family);
    canvas.dataset.ties = paintOthers(family);
    const drawn = paintPeople(family);
    paintMe();
    canvas.dataset.drawn = drawn;
    canvas.dataset.names = paintNames(family);
  }

  function paintRings() {
    pen.strokeStyle = colours.ring;
    pen.lineWidth = 1;
    for (const radius of rings) {
      pen.beginPath();
      pen.arc(view.x, view.y, radius * view.k, 0, TURN);
      pen.stroke();
    }
    if (isFew()) return;
    pen.strokeStyle = colours.line;
    for (const one of sectors) {
      pen.beginPath();
      pen.arc(view.x, view.y, (one.radius + 4) * view.k, one.start, one.end);
      pen.stroke();
    }
  }

  function curve(from, to) {
    const middle = (Math.hypot(from.x, from.y) + Math.hypot(to.x, to.y)) / 2 * view.k;
    pen.moveTo(...toScreen(from.x, from.y));
    pen.quadraticCurveTo(
      view.x + middle * Math.cos(to.angle), view.y + middle * Math.sin(to.angle), ...toScreen(to.x, to.y),
    );
  }

  function way(index) {
    const one = people[index];
    if (one.by >= 0) curve(people[one.by], one);
    else { pen.moveTo(view.x, view.y); pen.lineTo(...toScreen(one.x, one.y)); }
  }

  function strokeWays(indexes, colour, width, alpha) {
    pen.beginPath();
    indexes.forEach(way);
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.globalAlpha = alpha;
    pen.stroke();
    pen.globalAlpha = 1;
  }

  // Lines from me lead only to those who led me to others, and if they are few: the ring says it.
  function paintTree(family) {
    const clear = [], faint = [], mine = [];
    people.forEach((one, index) => {
      if (family && family.has(index)) mine.push(index);
      else if (one.by >= 0 || (one.below && !crowded)) (family || !state.fits[index] ? faint : clear).push(index);
    });
    const width = Math.max(0.6, Math.min(1.4, view.k * 1.4));
    strokeWays(faint, colours.edge, width, 0.22);
    strokeWays(clear, colours.edge, width, people.length > 400 ? 0.6 : 1);
    if (!family) return;
    strokeWays(mine.filter((index) => !family.get(index)), colours.edge, 1.6, 0.9);
    strokeWays(mine.filter((index) => family.get(index)), colours.accent, 2.6, 1);
  }

  function paintOthers(family) {
    let drawn = 0;
    const dashes = { referral: [5, 4], acquaintance: [1, 4], introduction: [9, 3, 2, 3] };
    for (const one of links) {
      if (one.credited) continue;
      const from = people[one.source], to = people[one.target];
      const touches = state.selected === one.source || state.selected === one.target;
      if (!touches && !state.others) continue;
      drawn += 1;
      pen.globalAlpha = touches ? 1 : family || !(state.fits[one.source] || state.fits[one.target]) ? 0.18 : 0.6;
      pen.strokeStyle = pen.fillStyle = touches ? colours.accent : colours.soft;
      pen.lineWidth = touches ? 1.6 : 1;
      pen.setLineDash(dashes[one.kind]);
      const [x1, y1] = toScreen(from.x, from.y), [x2, y2] = toScreen(to.x, to.y);
      const [cx, cy] = toScreen(
        (from.x + to.x) * 0.4 + (to.y - from.y) * 0.16, (from.y + to.y) * 0.4 - (to.x - from.x) * 0.16,
      );
      pen.beginPath();
      pen.moveTo(x1, y1);
      pen.quadraticCurveTo(cx, cy, x2, y2);
      pen.stroke();
      pen.setLineDash([]);
      if (one.kind === "referral") paintHead(x2 - cx, y2 - cy, x2, y2);
    }
    pen.globalAlpha = 1;
    return drawn;
  }

  function paintHead(dx, dy, x, y) {
    const length = Math.hypot(dx, dy) || 1, back = radius(0) + 2;
    const ux = dx / length, uy = dy / length, tip = [x - ux * back, y - uy * back];
    pen.beginPath();
    pen.moveTo(...tip);
    pen.lineTo(tip[0] - ux * 7 + uy * 3.2, tip[1] - uy * 7 - ux * 3.2);
    pen.lineTo(tip[0] - ux * 7 - uy * 3.2, tip[1] - uy * 7 + ux * 3.2);
    pen.fill();
  }

  function radius(below) {
    const most = Math.max(1.1, Math.min(6, SEAT * view.k * 0.36));
    return below ? Math.min(most * 1.6, most + Math.sqrt(below) * 0.8) : most;
  }

  function paintPeople(family) {
    let drawn = 0;
    people.forEach((one, index) => {
      const [x, y] = toScreen(one.x, one.y);
      if (!isSeen(x, y, 12)) return;
      drawn += 1;
      const clear = family ? family.has(index) : state.fits[index];
      pen.globalAlpha = clear ? 1 : 0.16;
      paintDot(pen, x, y, radius(one.below), one.mark, colour(one), colours.paper);
      if (index === state.selected || index === state.hovered) {
        pen.globalAlpha = 1;
        pen.beginPath();
        pen.arc(x, y, radius(one.below) + 4, 0, TURN);
        pen.strokeStyle = colours.accent;
        pen.lineWidth = 2;
        pen.stroke();
      }
    });
    pen.globalAlpha = 1;
    return drawn;
  }

  const colour = (one) => colours[one.mark === "gone" ? "gone" : one.colour < 0 ? "none" : `f${one.colour}`];

  function paintMe() {
    const size = Math.max(4, Math.min(9, 12 * view.k));
    pen.beginPath();
    pen.arc(view.x, view.y, size, 0, TURN);
    pen.fillStyle = colours.ink;
    pen.fill();
  }

  // Names stand along the rays. Where one would lie over another, or over people, the more
  // important one stays.
  function paintNames(family) {
    pen.font = FONT;
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    const taken = new Set(), few = isFew();
    for (const one of people) {
      const [x, y] = toScreen(one.x, one.y);
      for (const dx of [-2.5, 2.5]) for (const dy of [-2.5, 2.5]) taken.add(cell(x + dx, y + dy));
    }
    if (view.k > 0.12) write("You", view.x, view.y + 20, 0, "center", taken, colours.ink, true);
    const first = [state.selected, state.hovered].filter((index) => index >= 0);
    let written = 0;
    for (const index of [...first, ...important]) {
      const forced = first.includes(index);
      if (!forced && !isNamed(index, family, few)) continue;
      const [x, y] = toScreen(people[index].x, people[index].y);
      if (!isSeen(x, y, 80)) continue;
      pen.globalAlpha = family && !family.has(index) && !forced ? 0.3 : 1;
      written += writeName(people[index], x, y, taken, forced || Boolean(family && family.get(index)));
      if (written >= 400) break;
    }
    pen.globalAlpha = 1;
    if (!few) paintSectors(taken);
    return written;
  }

  function isNamed(index, family, few) {
    if (family) return family.has(index) || (few && people.length <= 80);
    return state.fits[index] && (few || people[index].below > 0 || state.narrow);
  }

  const cell = (x, y) => (Math.round(x / 5) + 50000) * 100000 + Math.round(y / 5) + 50000;

  function writeName(one, x, y, taken, forced) {
    const left = Math.cos(one.angle) < -1e-9, angle = left ? one.angle + Math.PI : one.angle;
    const off = (radius(one.below) + 5) * (left ? -1 : 1), lift = one.below ? -9 : 0;
    const sin = Math.sin(angle), cos = Math.cos(angle);
    const text = one.name.length > 32 ? `${[...one.name].slice(0, 30).join("")}…` : one.name;
    const shade = one.mark === "gone" ? colours.soft : colours.ink;
    return write(text, x + off * cos - lift * sin, y + off * sin + lift * cos, angle, left ? "right" : "left", taken, shade, forced);
  }

  function write(text, x, y, angle, align, taken, shade, forced) {
    const width = pen.measureText(text).width, from = align === "right" ? -width : align === "center" ? -width / 2 : 0;
    const cos = Math.cos(angle), sin = Math.sin(angle), line = [];
    for (let at = 4; at < width + 4; at += 4) { // its own dot is not in its way
      const along = from + Math.min(at, width);
      line.push([x + along * cos, y + along * sin]);
    }
    if (!forced && line.some(([px, py]) => taken.has(cell(px, py)))) return 0;
    for (const [px, py] of line) for (const off of [-5, 0, 5]) taken.add(cell(px - off * sin, py + off * cos));
    pen.save();
    pen.translate(x, y);
    pen.rotate(angle);
    pen.textAlign = align;
    pen.strokeStyle = colours.paper;
    pen.lineWidth = 3.5;
    pen.strokeText(text, 0, 0);
    pen.fillStyle = shade;
    pen.fillText(text, 0, 0);
    pen.restore();
    return 1;
  }

  function paintSectors(taken) {
    pen.font = FONT.replace("12px", "600 12.5px");
    for (const one of sectors) {
      const angle = (one.start + one.end) / 2, away = (one.radius + 10) * view.k + 8;
      const x = view.x + away * Math.cos(angle), y = view.y + away * Math.sin(angle);
      const align = Math.cos(angle) > 0.25 ? "left" : Math.cos(angle) < -0.25 ? "right" : "center";
      const text = `${spaced(one.name) || "others"}, ${one.size.toLocaleString("en")}`;
      const width = pen.measureText(text).width, from = x - { left: 0, center: width / 2, right: width }[align];
      if (from > 4 && from + width < size.width - 4) write(text, x, y, 0, align, taken, colours.soft, false);
    }
  }

  // --- moving it

  function move(to, animated) {
    cancelAnimationFrame(moving);
    const from = { ...view }, start = performance.now(), time = animated && !calm.matches ? 260 : 0;
    const step = (now) => {
      const part = time ? Math.min(1, Math.max(0, (now - start) / time)) : 1, eased = part * part * (3 - 2 * part);
      view.k = from.k * (to.k / from.k) ** eased;
      view.x = from.x + (to.x - from.x) * eased;
      view.y = from.y + (to.y - from.y) * eased;
      draw();
      if (part < 1) moving = requestAnimationFrame(step);
    };
    step(start);
  }

  function frame([left, top, right, bottom], [across, down], most, animated) {
    const width = size.width - 2 * across, height = size.height - 2 * down;
    const k = Math.min(most, Math.max(0.02, Math.min(width / (right - left || 1), height / (bottom - top || 1))));
    move({ k, x: size.width / 2 - (left + right) / 2 * k, y: size.height / 2 - (top + bottom) / 2 * k }, animated);
  }

  function fit(animated = true) {
    whole = true;
    const room = people.length > 400 ? 0.06 : 0.12; // for the names of those farthest out
    frame(bounds, [Math.min(150, size.width * 0.17), size.height * room], 1.3, animated);
  }

  // Show people and me, all of them.
  function show(indexes) {
    whole = false;
    const there = [{ x: 0, y: 0 }, ...indexes.map((index) => people[index])];
    const xs = there.map((one) => one.x), ys = there.map((one) => one.y);
    const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    frame(box, [size.width * 0.22, size.height * 0.22], 1.15, true);
  }

  function zoom(factor, x = size.width / 2, y = size.height / 2, animated = false) {
    whole = false;
    const k = Math.min(6, Math.max(0.02, view.k * factor)), real = k / view.k;
    move({ k, x: x - (x - view.x) * real, y: y - (y - view.y) * real }, animated);
  }

  function pan(dx, dy) {
    whole = false;
    move({ k: view.k, x: view.x + dx, y: view.y + dy }, false);
  }

  // Who is nearest to a place on the screen, if anybody is near.
  function at(x, y) {
    const wx = (x - view.x) / view.k, wy = (y - view.y) / view.k, reach = Math.max(14 / view.k, 9);
    const near = Math.min(Math.ceil(reach / CELL), 8), cx = Math.floor(wx / CELL), cy = Math.floor(wy / CELL);
    let best = -1, least = reach;
    for (let i = cx - near; i <= cx + near; i++) {
      for (let j = cy - near; j <= cy + near; j++) {
        for (const index of grid.get(`${i},${j}`) || []) {
          const away = Math.hypot(people[index].x - wx, people[index].y - wy);
          if (away < least) [best, least] = [index, away];
        }
      }
    }
    return best;
  }

  readColours();
  const restyle = () => { readColours(); draw(); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);
  matchMedia("(prefers-contrast: more)").addEventListener("change", restyle);
  matchMedia("print").addEventListener("change", () => { readColours(); paint(); });
  return { draw, resize, fit, show, zoom, pan, at, place: (index) => toScreen(people[index].x, people[index].y) };
}

// A person: filled if we have talked, half if it is under way, hollow if not, crossed out if gone.
function paintDot(pen, x, y, size, mark, colour, paper) {
  pen.beginPath();
  pen.arc(x, y, mark === "held" ? size : size - 0.6, 0, Math.PI * 2);
  pen.fillStyle = mark === "held" ? colour : paper;
  pen.fill();
  if (mark === "held") return;
  pen.strokeStyle = colour;
  pen.lineWidth = Math.min(1.8, Math.max(0.9, size / 3));
  pen.stroke();
  pen.beginPath();
  if (mark === "open") {
    pen.arc(x, y, size - 0.6, Math.PI / 2, -Math.PI / 2);
    pen.fillStyle = colour;
    pen.fill();
  } else if (mark === "gone") {
    pen.moveTo(x - size, y + size);
    pen.lineTo(x + size, y - size);
    pen.stroke();
  }
}
