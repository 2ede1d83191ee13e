"""The page of a network in a real browser: to look at, to search, without a mouse, unseen."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from netcrm.network.picturing import drawn
from netcrm.rules.graphs import shown
from netcrm.rules.picture import Link, Picture
from tests.browser import Opened, browser
from tests.pictured import DAY, HOSTILE, hostile, many, picture, portrait, referral

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
Look = Callable[..., Opened]


@pytest.fixture(scope="module")
def started() -> Iterator[Any]:
    """One browser for all tests here."""
    with browser() as found:
        yield found


@pytest.fixture
def look(started: Any, tmp_path: Path) -> Iterator[Look]:
    """A function that opens the page of a picture; at the end no page may have complained."""
    opened: list[Opened] = []

    def open_it(of: Picture, **options: Any) -> Opened:
        file = tmp_path / f"network-{len(opened)}.html"
        file.write_text(drawn(of, "html"), "utf-8")
        opened.append(Opened(started, file, **options))
        return opened[-1]

    yield open_it
    for one in opened:
        assert one.said == []
        assert one.requests == [one.page.url]
        one.context.close()


def maya() -> Picture:
    """Return a small network: Janet led to Priya, she to Tom; Elena knew of Priya, too."""
    janet = portrait(
        "Janet Kim", "janet", title="Social worker", organisation="Harbor", fields=("social-work",),
        status="interviewed", interviews=1, talks=5, last=DAY, circles=("inner",),
    )  # fmt: skip
    return picture(
        janet,
        portrait("Elena Marsh", "elena", fields=("psychology",), status="asked", since=DAY),
        portrait("Priya Nair", "priya", degree=2, through="janet", fields=("psychology",)),
        portrait("Tom Ökafor", "tom", degree=3, through="priya", organisation="London Clinic"),
        portrait(
            "Luis Ortega", "luis", degree=2, through="janet", status="declined", title="Lawyer"
        ),
        portrait(
            "Derek Chan",
            "derek",
            status="do not contact",
            fields=("law",),
        ),
        links=(
            referral("janet", "priya", context="runs a practice"),
            referral("janet", "luis"),
            referral("priya", "tom"),
            referral("elena", "priya", credited=False),
            Link("acquaintance", "k", "luis", "tom", DAY, "", "rowed together", told_by="janet"),
            Link("introduction", "i", "elena", "tom", DAY, "asking", "both teach"),
        ),
    )


def names(opened: Opened) -> list[str]:
    return opened.texts("#list li > bdi")


def apart(opened: Opened) -> float:
    """Return how far the first two people are from each other on the screen."""
    one, other = (opened.page.evaluate(f"painting.place({number})") for number in (0, 1))
    return math.dist(one, other)


def touch(opened: Opened, *moves: list[tuple[float, float]]) -> None:
    """Touch the screen with some fingers, move them, and let go."""
    session = opened.context.new_cdp_session(opened.page)
    kinds = ["touchStart", *["touchMove"] * (len(moves) - 1), "touchEnd"]
    for kind, points in zip(kinds, [*moves, []], strict=True):
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
    opened.settle()


def card(opened: Opened) -> str:
    """Return what the card says, in one line."""
    return " ".join(opened.get("#card").inner_text().split())


def tell(opened: Opened, name: str) -> str:
    """Find somebody by name, open their card, and return what it says."""
    opened.get("#search").fill(name)
    opened.get("#list li").first.click()
    opened.settle()
    return card(opened)


class TestLooking:
    """Whoever opens the page sees everybody."""

    def test_everybody_is_drawn_named_and_listed(self, look):
        opened = look(maya())
        assert (opened.number("drawn"), opened.number("names"), opened.number("ties")) == (6, 6, 3)
        assert names(opened) == [
            "Derek Chan", "Elena Marsh", "Janet Kim", "Luis Ortega", "Priya Nair", "Tom Ökafor",
        ]  # fmt: skip
        assert opened.get("#count").inner_text() == "6 people"
        assert opened.page.title() == "Maya Rao: who introduced whom"
        assert opened.get(".facts").inner_text() == (
            "Maya Rao · 12 Apr 2026 · 6 people, 4 referrals, 1 acquaintance, 1 introduction"
        )

    def test_nothing_but_its_own_script_may_run(self, look):
        opened = look(maya())
        opened.page.evaluate(
            "() => { const s = document.createElement('script'); s.textContent = 'window.hit = 1';"
            "document.body.append(s); document.body.setAttribute('onclick', 'window.hit = 2');"
            "document.body.click(); const i = new Image(); i.src = 'https://example.org/x.png'; }"
        )
        opened.page.wait_for_timeout(50)
        assert opened.page.evaluate("window.hit") is None
        refused = "\n".join(opened.said)
        assert "script-src" in refused
        assert "loading the image 'https://example.org/x.png' violates" in refused.lower()
        opened.requests.remove("https://example.org/x.png")  # tried, and refused
        opened.said.clear()

    @pytest.mark.parametrize(("scheme", "paper"), [("light", 250), ("dark", 21)])
    def test_by_day_and_by_night(self, look, scheme, paper):
        opened = look(maya(), color_scheme=scheme)
        red = "document.querySelector('canvas').getContext('2d').getImageData(5, 5, 1, 1).data[0]"
        assert opened.page.evaluate(red) == paper
        colour = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert colour.startswith(f"rgb({paper},")
        opened.page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
        for _ in range(100):
            if opened.page.evaluate(red) != paper:
                break
            opened.page.wait_for_timeout(20)
        assert opened.page.evaluate(red) == 250 + 21 - paper
        opened.said.clear()  # a remark on how slow it is to read what is drawn

    def test_the_signs_are_explained(self, look):
        signs = look(maya()).texts("#signs p")
        assert signs[:4] == [
            "interviewed", "under way", "not asked, or it ended", "not to be contacted",
        ]  # fmt: skip
        assert {"know each other", "introduced by you", "psychology", "social work"} <= set(signs)
        assert "know each other" not in look(many(30)).texts("#signs p")

    def test_larger_smaller_and_all_of_it(self, look):
        opened = look(many(200))
        scale = "painting.place(0)[0]"
        before = opened.page.evaluate(scale)
        opened.get("#in").click()
        opened.get("#in").click()
        opened.get("#in").click()
        assert opened.number("drawn") < 200
        assert opened.page.evaluate(scale) != before
        opened.get("#fit").click()
        assert opened.number("drawn") == 200
        assert opened.page.evaluate(scale) == before

    def test_it_is_dragged_and_turned_by_the_wheel(self, look):
        opened = look(maya())
        box = opened.get("#canvas").bounding_box()
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] - 40
        x, y = opened.page.evaluate("painting.place(0)")
        opened.page.mouse.move(*middle)
        opened.page.mouse.down()
        opened.page.mouse.move(middle[0] + 70, middle[1] - 30, steps=3)
        opened.page.mouse.up()
        assert opened.page.evaluate("painting.place(0)") == pytest.approx([x + 70, y - 30])
        assert opened.get("#card").is_hidden()
        before = apart(opened)
        opened.page.mouse.wheel(0, -400)
        opened.settle()
        assert apart(opened) > before * 1.5

    def test_on_a_phone_nothing_sticks_out(self, look):
        opened = look(many(60, others=8), **PHONE)
        assert opened.page.evaluate("document.documentElement.scrollWidth") == 390
        assert opened.number("drawn") == 60
        tell(opened, "ana")
        assert opened.page.evaluate("document.documentElement.scrollWidth") == 390

    def test_fingers_move_the_picture_and_not_the_page(self, look):
        opened = look(maya(), **PHONE)
        box = opened.get("#canvas").bounding_box()
        x, y = opened.page.evaluate("painting.place(0)")
        low = box["y"] + box["height"] - 20
        touch(opened, [(100, low)], [(110, low - 40)], [(120, low - 150)])
        assert opened.page.evaluate("scrollY") == 0
        assert opened.page.evaluate("painting.place(0)") == pytest.approx([x + 20, y - 150], abs=1)
        before = apart(opened)
        touch(opened, [(100, low), (200, low)], [(80, low), (220, low)], [(60, low), (260, low)])
        assert apart(opened) == pytest.approx(before * 2, rel=0.1)

    def test_on_paper_there_is_nothing_to_press(self, look):
        opened = look(maya())
        opened.page.emulate_media(media="print")
        opened.settle()
        assert opened.get("search").is_hidden()
        assert opened.get(".zoom").is_hidden()
        assert opened.get("#list").is_visible()
        assert opened.page.pdf().startswith(b"%PDF")


class TestSearching:
    """What is typed and chosen narrows the list and the picture at once."""

    @pytest.mark.parametrize(
        ("said", "found"),
        [
            ("okafor", ["Tom Ökafor"]),
            ("ÖKAFOR tom", ["Tom Ökafor"]),
            ("london", ["Tom Ökafor"]),
            ("psychology", ["Elena Marsh", "Priya Nair"]),
            ("social work", ["Janet Kim"]),
            ("inner", ["Janet Kim"]),
            ("an", ["Derek Chan", "Janet Kim"]),
            ("xyz", []),
            (
                "  ",
                [
                    "Derek Chan",
                    "Elena Marsh",
                    "Janet Kim",
                    "Luis Ortega",
                    "Priya Nair",
                    "Tom Ökafor",
                ],
            ),
        ],
    )
    def test_as_one_types(self, look, said, found):
        opened = look(maya())
        opened.get("#search").press_sequentially(said)
        assert sorted(names(opened)) == found
        expected = "6 people" if len(found) == 6 else f"{len(found)} of 6 people"
        assert opened.get("#count").inner_text() == expected
        assert opened.page.evaluate("state.fits.reduce((a, b) => a + b)") == len(found)

    def test_names_that_begin_so_come_first(self, look):
        opened = look(picture(portrait("Beatrix Law"), portrait("Alba Rix"), portrait("Rix Zoe")))
        opened.get("#search").fill("rix")
        assert names(opened) == ["Alba Rix", "Rix Zoe", "Beatrix Law"]

    @pytest.mark.parametrize(
        ("choice", "value", "found"),
        [
            ("#field", "psychology", ["Elena Marsh", "Priya Nair"]),
            ("#field", "law", ["Derek Chan"]),
            ("#degree", "1", ["Derek Chan", "Elena Marsh", "Janet Kim"]),
            ("#degree", "3", ["Tom Ökafor"]),
            ("#status", "interviewed", ["Janet Kim"]),
            ("#status", "do not contact", ["Derek Chan"]),
        ],
    )
    def test_by_field_steps_and_status(self, look, choice, value, found):
        opened = look(maya())
        opened.get(choice).select_option(value)
        assert names(opened) == found

    def test_all_of_it_together(self, look):
        opened = look(maya())
        opened.get("#field").select_option("psychology")
        opened.get("#degree").select_option("2")
        assert names(opened) == ["Priya Nair"]
        opened.get("#search").fill("elena")
        assert names(opened) == []
        opened.get("#degree").select_option("")
        assert names(opened) == ["Elena Marsh"]

    def test_many_steps_are_one_choice(self, look):
        chain = [
            portrait(f"p{n}", degree=n, through=f"p{n - 1}" if n > 1 else "") for n in range(1, 8)
        ]
        opened = look(picture(*chain))
        assert opened.texts("#degree option") == ["all", "1", "2", "3", "4 or more"]
        opened.get("#degree").select_option("4")
        assert names(opened) == ["p4", "p5", "p6", "p7"]

    def test_ties_beside_the_tree_can_be_left_out(self, look):
        opened = look(maya())
        opened.get("#others").uncheck()
        assert opened.number("ties") == 0
        tell(opened, "luis")
        assert opened.number("ties") == 1  # his own
        crowded = look(many(300, others=80))
        assert not crowded.get("#others").is_checked()


class TestOnePerson:
    """Whoever is chosen has a card, and the way from me to them is marked."""

    def test_the_card(self, look):
        opened = look(maya())
        assert tell(opened, "priya") == (
            "Priya Nair × How you know them Janet Kim pointed you to them on 20 Feb 2026 (met). "
            "“runs a practice” You Janet Kim Priya Nair "
            "Led you to 1 person Tom Ökafor 20 Feb 2026, met "
            "Others who pointed you to them Elena Marsh 20 Feb 2026, met "
            "Interview Not asked In touch Never yet Fields and circles psychology "
            "In the terminal netcrm show priya"
        )
        assert tell(opened, "janet") == (
            "Janet Kim × Social worker, Harbor How you know them You know them by yourself. "
            "Led you to 2 people Priya Nair 20 Feb 2026, met “runs a practice” "
            "Luis Ortega 20 Feb 2026, met "
            "Interview Interviewed In touch 5 times, last on 12 Apr 2026 "
            "Fields and circles social work, inner In the terminal netcrm show janet"
        )

    def test_ties_are_told_in_sentences(self, look):
        opened = look(maya())
        said = tell(opened, "tom")
        assert "Knows Luis Ortega: rowed together, as Janet Kim told you" in said
        assert "You introduce them to Elena Marsh 12 Apr 2026, asking “both teach”" in said
        said = tell(opened, "elena")
        assert "You have known them since 12 Apr 2026." in said
        assert "Also pointed you to Priya Nair 20 Feb 2026, met" in said
        assert "Led you to" not in said

    def test_who_is_not_to_be_contacted(self, look):
        opened = look(maya())
        assert tell(opened, "derek").startswith("Derek Chan × Do not contact. How you know them")
        assert "Interview" not in card(opened)
        assert "gone" in opened.get("#list li").first.get_attribute("class")

    def test_a_click_in_the_picture(self, look):
        opened = look(maya())
        box = opened.get("#canvas").bounding_box()
        x, y = opened.page.evaluate(
            "painting.place(people.findIndex((one) => one.handle === 'tom'))"
        )
        opened.page.mouse.move(box["x"] + x + 2, box["y"] + y - 2)
        assert opened.get("#tip").inner_text() == "Tom Ökafor\nLondon Clinic"
        opened.page.mouse.click(box["x"] + x + 2, box["y"] + y - 2)
        assert opened.get("#card h2").inner_text() == "Tom Ökafor"
        opened.page.mouse.click(box["x"] + 5, box["y"] + 5)
        assert opened.get("#card").is_hidden()

    def test_the_way_from_me_is_marked(self, look):
        opened = look(maya())
        tell(opened, "priya")
        family = "[...state.family()].map(([index, way]) => [people[index].handle, way]).sort()"
        assert opened.page.evaluate(family) == [["janet", True], ["priya", True], ["tom", False]]

    def test_from_one_to_the_next(self, look):
        opened = look(maya())
        tell(opened, "tom")
        opened.get("#card .way button").first.click()
        assert opened.get("#card h2").inner_text() == "Janet Kim"
        opened.get("#card button.close").click()
        assert opened.get("#card").is_hidden()


class TestWithoutAMouse:
    """Everything can be done with keys, and is said to those who hear it."""

    def test_find_somebody_and_go_back(self, look):
        opened = look(maya())
        keys = opened.page.keyboard
        keys.press("Tab")
        assert focus(opened) == "search"
        keys.type("psych")
        keys.press("ArrowDown")
        assert focus(opened) == "list"
        keys.press("ArrowDown")
        active = opened.get("#list").get_attribute("aria-activedescendant")
        assert opened.get(f"#{active} bdi").first.inner_text() == "Priya Nair"
        keys.press("Enter")
        assert opened.get("#card h2").inner_text() == "Priya Nair"
        assert focus(opened) == "card-name"
        assert opened.get("#list [aria-selected=true] > bdi").inner_text() == "Priya Nair"
        keys.press("Tab")
        keys.press("Tab")
        keys.press("Enter")
        assert opened.get("#card h2").inner_text() == "Janet Kim"
        keys.press("Escape")
        assert opened.get("#card").is_hidden()
        assert focus(opened) == "list"

    def test_what_has_the_focus_is_seen(self, look):
        opened = look(maya())
        seen = []
        for _ in range(11):
            opened.page.keyboard.press("Tab")
            seen.append(focus(opened))
            outline = "(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])"
            style = opened.page.evaluate(f"{outline}(getComputedStyle(document.activeElement))")
            assert style == ["solid", "3px"], seen[-1]
        assert seen == [
            "search", "field", "degree", "status", "others", "canvas", "in", "out", "fit",
            "SUMMARY", "list",
        ]  # fmt: skip

    def test_the_picture_obeys_keys(self, look):
        opened = look(maya())
        opened.get("#canvas").focus()
        x, y = opened.page.evaluate("painting.place(0)")
        opened.page.keyboard.press("ArrowLeft")
        assert opened.page.evaluate("painting.place(0)") == pytest.approx([x + 60, y])
        opened.page.keyboard.press("ArrowUp")
        assert opened.page.evaluate("painting.place(0)") == pytest.approx([x + 60, y + 60])
        for key in ("ArrowRight", "ArrowDown", "+", "-"):
            opened.page.keyboard.press(key)
        assert opened.page.evaluate("painting.place(0)") == pytest.approx([x, y])
        opened.page.keyboard.press("+")
        assert opened.page.evaluate("painting.place(0)") != pytest.approx([x, y])
        opened.page.keyboard.press("0")
        assert opened.page.evaluate("painting.place(0)") == pytest.approx([x, y])

    def test_the_end_of_the_list_brings_more(self, look):
        opened = look(many(250))
        opened.get("#list").focus()
        opened.page.keyboard.press("End")
        opened.page.keyboard.press("ArrowDown")
        assert opened.get("#list li").count() == 200
        assert opened.get("#list").get_attribute("aria-activedescendant") == "row-100"
        opened.page.keyboard.press("Home")
        assert opened.get("#list").get_attribute("aria-activedescendant") == "row-0"
        assert opened.get("#row-0").get_attribute("aria-setsize") == "250"

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("people", [30, 5000])
    def test_nothing_is_in_the_way_of_anybody(self, look, people, scheme):
        opened = look(many(people, others=people // 10), color_scheme=scheme)
        assert opened.complaints() == []
        tell(opened, "ana")
        assert opened.complaints() == []

    def test_nor_on_a_phone_nor_where_nobody_is_found(self, look):
        opened = look(maya(), **PHONE)
        tell(opened, "derek")
        assert opened.complaints() == []
        opened.get("#search").fill("nobody")
        assert opened.complaints() == []
        assert look(picture()).complaints() == []


def focus(opened: Opened) -> str:
    return str(opened.page.evaluate("document.activeElement.id || document.activeElement.tagName"))


# Whether what is said beside names stands from left to right.
LEFT_TO_RIGHT = """all => all.map((made) => {
  const lefts = [], range = document.createRange();
  for (const node of made.childNodes) {
    if (node.nodeType !== 3) continue;
    for (let at = 0; at < node.data.length; at++) {
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const box = range.getBoundingClientRect();
      if (box.width) lefts.push([box.top, box.left]);
    }
  }
  const follows = ([top, left], [lastTop, lastLeft]) => top > lastTop + 5 || left > lastLeft;
  return lefts.length > 5 && lefts.every((one, n) => !n || follows(one, lefts[n - 1]));
})"""


class TestHostileNames:
    """Whatever somebody is called, it is text."""

    def test_they_stay_text(self, look):
        opened = look(hostile())
        assert sorted(names(opened)) == sorted(map(shown, HOSTILE))
        assert opened.page.evaluate("window.hit") is None
        assert opened.number("drawn") == len(HOSTILE)

    def test_on_their_cards(self, look):
        opened = look(hostile())
        for number, name in enumerate(HOSTILE):
            opened.get("#search").fill(f"h{number:02}")
            opened.get("#list li").first.click()
            assert opened.get("#card h2 bdi").text_content() == shown(name)
            assert (
                opened.page.evaluate("document.querySelectorAll('script, img, svg svg').length")
                == 2
            )
        assert opened.page.evaluate("window.hit") is None

    def test_no_name_turns_the_text_beside_it_around(self, look):
        ends = [name for name in HOSTILE if "\u202e" in name or "شريف" in name]
        people = [
            portrait(name, f"h{number}", organisation=name) for number, name in enumerate(ends)
        ]
        known = [
            Link("acquaintance", f"k{number}", "zoe", one.handle, DAY, "", one.name, told_by="zoe")
            for number, one in enumerate(people)
        ]
        opened = look(picture(*people, portrait("Zoe", "zoe"), links=tuple(known)))
        tell(opened, "zoe")
        assert opened.page.eval_on_selector_all("#card li", LEFT_TO_RIGHT) == [True] * len(ends)
        texts = "all => all.flatMap((e) => [...e.childNodes].map((n) => n.data || '')).join('')"
        assert not set(opened.page.eval_on_selector_all("main *", texts)) & set("\u202e\u2069")


class TestVeryMany:
    """Five thousand people: no more is drawn, listed or looked at than is needed."""

    @pytest.fixture
    def crowd(self, look: Look) -> Opened:
        return look(many(5000, branches=200, others=300))

    def test_all_are_drawn_and_few_are_listed(self, crowd):
        assert crowd.number("drawn") == 5000
        assert crowd.number("names") <= 40
        assert crowd.get("#list li").count() == 100
        assert crowd.page.evaluate("document.querySelectorAll('*').length") < 700
        assert crowd.get("#more").inner_text() == "Show 100 more of 4,900"
        crowd.get("#more").click()
        assert crowd.get("#list li").count() == 200
        assert focus(crowd) == "list"

    def test_a_search_looks_at_each_once(self, crowd):
        crowd.page.evaluate(
            "() => { window.looked = 0; const real = String.prototype.includes;"
            "String.prototype.includes = function (...said)"
            "{ window.looked += 1; return real.apply(this, said); }; }"
        )
        crowd.get("#search").fill("ruiz")
        assert crowd.page.evaluate("window.looked") <= 2 * 5000
        found = int(re.match(r"(\d+) of 5,000 people", crowd.get("#count").inner_text())[1])
        assert 300 < found < 800
        assert crowd.get("#list li").count() == 100
        crowd.get("#search").fill("p00042")
        assert crowd.get("#count").inner_text() == "1 of 5,000 people"
        assert crowd.get("#list li").count() == 1

    def test_only_what_is_seen_is_drawn(self, crowd):
        tell(crowd, "p04999")
        assert crowd.number("drawn") < 5000
        for _ in range(6):
            crowd.get("#in").click()
        assert crowd.number("drawn") < 500
