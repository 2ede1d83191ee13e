"""A picture as one page that needs nothing else, and lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib import resources
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netcrm.network.picturing import drawn
from netcrm.rules import drawing
from netcrm.rules.graphs import shown
from netcrm.rules.picture import COLOURS, Link, Picture
from netcrm.rules.webpage import Parts, content, island, webpage
from tests.pictured import DAY, HOSTILE, hostile, many, picture, portrait, referral


class Page(HTMLParser):
    """What a page holds: its elements, and the text of those that are not shown as text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": [], "title": []}
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._in = tag

    def handle_data(self, data: str) -> None:
        if self._in in self.texts:
            self.texts[self._in].append(data)
            self._in = ""

    def every(self, name: str) -> list[dict[str, str]]:
        return [said for tag, said in self.elements if tag == name]


def page(of: Picture) -> Page:
    return Page(drawn(of, "html"))


def data(of: Page) -> Any:
    """Return what the page draws."""
    (found,) = of.texts["script"][:1]
    return json.loads(found)


def sha(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@pytest.mark.parametrize("of", [hostile(), many(40), picture()])
def test_the_policy_names_its_own_script_and_style_and_nothing_else(of: Picture) -> None:
    """Both by their hash; all else is forbidden, whoever wrote what."""
    found = page(of)
    (policy,) = [
        one["content"] for one in found.every("meta")
        if one.get("http-equiv") == "Content-Security-Policy"
    ]  # fmt: skip
    (style,), (_, script) = found.texts["style"], found.texts["script"]
    assert policy.split("; ") == [
        "default-src 'none'",
        f"script-src 'sha256-{sha(script)}'",
        f"style-src 'sha256-{sha(style)}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


@pytest.mark.parametrize("of", [hostile(), many(40), picture()])
def test_nothing_in_it_comes_from_elsewhere(of: Picture) -> None:
    """No address, no event in the markup, no style on an element; whatever people are called."""
    found = page(of)
    plain = page(picture(me="Maya Rao"))
    assert [tag for tag, _ in found.elements] == [tag for tag, _ in plain.elements]
    for _, said in found.elements:
        assert not said.keys() & {"src", "href", "srcset", "style", "action", "data"}
        assert not [name for name in said if name.startswith("on")]
    script, style = found.texts["script"][1], found.texts["style"][0]
    assert not re.search(r"https?:(?!//www\.w3\.org/2000/svg)", script + style)
    assert not re.search(r"url\(|@import", style)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|\beval\b|document\.write", script)
    assert not re.search(r"\bfetch\b|XMLHttpRequest|WebSocket|localStorage|cookie", script)


def test_names_are_data_and_come_back_as_they_were() -> None:
    """Also those that would end the element, or stand where a part of the page goes."""
    told = data(page(hostile()))
    assert sorted(one["name"] for one in told["people"]) == sorted(map(shown, HOSTILE))
    assert "Maya Rao" not in json.dumps(told)


def test_no_text_is_turned_around_or_obeyed() -> None:
    """Marks and control codes are nowhere in the page, not even where it would keep them apart."""
    bad = "\x07\x1b\x7f\x85\x9f\u061c\u200e\u200f\u202a\u202e\u2066\u2069"
    one = portrait(f"{bad}Ana", "a", organisation=f"{bad}Mercy", title=f"Nurse{bad}")
    links = (referral("a", "a", context=f"{bad}runs it"),)
    made = drawn(picture(one, links=links, me=f"{bad}Maya"), "html")
    assert not set(bad) & set(made)
    assert "\\u202e" not in made
    found = page(picture(one, links=links, me=f"{bad}Maya"))
    assert found.texts["title"] == ["Maya: who introduced whom"]
    (ana,), (link,) = data(found)["people"], data(found)["links"]
    assert (ana["name"], ana["work"], link["context"]) == ("Ana", "Nurse, Mercy", "runs it")


@given(st.recursive(st.text() | st.integers(), st.lists))
@example("\x00\x1f\x7f\x9f\u200f\u2028\u202e\u2069</script>")
def test_data_in_a_page_cannot_end_its_element(value: Any) -> None:
    """Nothing in it looks like markup, ends a line of script, or is a mark that is obeyed."""
    text = island(value)
    assert json.loads(text) == value
    assert not set(text) & set("<>&")
    assert not re.search(r"[^ -~]", text)


@given(st.text(), st.text())
def test_a_part_is_put_in_once(name: str, me: str) -> None:
    """What is put in is not looked through for places again."""
    parts = Parts("{{title}}|{{facts}}|{{data}}|{{style}}|{{script}}", "{{data}}", "{{title}}")
    made = webpage(picture(portrait(name, "a"), me=me), parts)
    assert made.endswith("|{{data}}|{{title}}")


def test_people_name_each_other_by_number() -> None:
    """In the order of their names, without regard to accents."""
    people = [
        portrait("Zoë", "zoe", organisation="Mercy", title="Nurse", fields=("law",), talks=2,
                 last=DAY, since=DAY, circles=("inner",)),
        portrait("Ána", "x", degree=2, through="zoe", status="do not contact"),
        portrait("anb", "b"),
    ]  # fmt: skip
    known = Link("acquaintance", "k", "b", "x", DAY, "", "studied", told_by="zoe")
    told = content(picture(*people, links=(referral("zoe", "x", context="runs it"), known)))
    ana, anb, zoe = told["people"]
    assert [one["handle"] for one in (ana, anb, zoe)] == ["x", "b", "zoe"]
    assert (ana["by"], zoe["by"], zoe["below"], ana["below"]) == (2, -1, 1, 0)
    assert (ana["mark"], zoe["mark"]) == ("gone", "none")
    assert (zoe["work"], zoe["last"], zoe["talks"], ana["last"]) == (
        "Nurse, Mercy", "12 Apr 2026", 2, "",
    )  # fmt: skip
    assert (zoe["colour"], ana["colour"], told["colours"]) == (0, -1, ("law",))
    referred, acquainted = told["links"]
    assert (referred["source"], referred["target"], referred["credited"]) == (2, 0, True)
    assert (referred["context"], referred["told_by"]) == ("runs it", -1)
    assert (acquainted["source"], acquainted["target"], acquainted["told_by"]) == (1, 0, 2)
    assert len(told["rings"]) == 2


def test_the_same_picture_is_the_same_page() -> None:
    """Byte by byte; the ids of records, which differ each time, are not in it."""
    assert drawn(many(50, others=9), "html") == drawn(many(50, others=9), "html")
    assert "id-p000" not in drawn(many(50), "html")


# --- colours

STYLE = resources.files("netcrm").joinpath("text/map.css").read_text("utf-8")
SCHEMES = [
    dict(re.findall(r"--(\w+): (#\w{6})", part))
    for part in re.findall(r":root \{[^}]*--paper[^}]*\}", STYLE)
]
DAY_AND_NIGHT = SCHEMES[:2]


def luminance(colour: str) -> float:
    """Return how bright a colour is, by WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", SCHEMES, ids=["day", "night", "paper"])
def test_what_is_drawn_can_be_seen(colours: dict[str, str]) -> None:
    """Text has a contrast of 4.5 at least, signs of 3 (WCAG 2.2, 1.4.3 and 1.4.11)."""
    for ground in ("paper", "panel", "tint"):
        for text in ("ink", "soft", "accent"):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
        for sign in ("none", "gone", *(f"f{n}" for n in range(COLOURS))):
            assert contrast(colours[sign], colours[ground]) >= 3, (sign, ground)
    assert contrast(colours["edge"], colours["paper"]) >= 3


def test_the_drawing_has_the_colours_of_the_page() -> None:
    """So that nobody has to learn them twice."""
    for page, still in zip(DAY_AND_NIGHT, (drawing._DAY, drawing._NIGHT), strict=True):
        for name in ("paper", "ink", "soft", "edge", "ring"):
            assert getattr(still, name) == page[name]
        assert still.groups == tuple(page[f"f{n}"] for n in range(COLOURS))
