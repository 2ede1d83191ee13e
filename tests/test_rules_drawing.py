"""A picture as one drawing that stands still."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.rules.drawing import drawing
from netcrm.rules.graphs import shown
from netcrm.rules.picture import Link, Picture
from tests.pictured import hostile, many, picture, portrait, referral

SVG = "{http://www.w3.org/2000/svg}"
HARMLESS = {
    "svg", "title", "desc", "style", "rect", "circle", "path", "g", "text",
}  # fmt: skip


def read(picture: Picture) -> ET.Element:
    """Return the drawing as XML."""
    return ET.fromstring(drawing(picture))


def told(root: ET.Element) -> list[str]:
    """Return what is said of each person."""
    return [
        group.findtext(f"{SVG}title") or "" for group in root.iter(f"{SVG}g") if group.get("role")
    ]


def written(root: ET.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_everybody_is_drawn_named_and_told() -> None:
    """Also for those who hear it: the drawing has a title and a description, and so has each."""
    ana = portrait("Ana Ruiz", "ana", organisation="Mercy", title="Nurse", interviews=1,
                   status="interviewed")  # fmt: skip
    bo = portrait("Bo Li", "bo", degree=2, through="ana")
    root = read(picture(ana, bo, links=(referral("ana", "bo"),)))
    assert told(root) == [
        "Ana Ruiz; Nurse, Mercy; 1 step from you; interviewed",
        "Bo Li; 2 steps from you, through Ana Ruiz; not asked",
    ]
    assert written(root)[:3] == ["You", "Ana Ruiz", "Bo Li"]
    assert root.findtext(f"{SVG}title") == "Maya Rao: who introduced whom"
    assert (root.findtext(f"{SVG}desc") or "").startswith("2 people, 1 referral, on 12 Apr 2026. ")
    ids = root.get("aria-labelledby", "").split()
    assert [root.findtext(f"*[@id='{one}']") for one in ids] == [
        root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc"),
    ]  # fmt: skip


def test_each_line_has_its_sort() -> None:
    """The tree, and beside it who else pointed me where, who know each other, whom I introduce."""
    people = [portrait(name) for name in ("ana", "cy", "dee")]
    people.append(portrait("bo", degree=2, through="ana"))
    links = (
        referral("ana", "bo"),
        referral("cy", "bo", credited=False),
        Link("acquaintance", "a", "ana", "cy"),
        Link("introduction", "i", "ana", "dee"),
    )
    root = read(picture(*people, links=links))
    lines = Counter(
        (one.get("class"), one.get("stroke-dasharray")) for one in root.iter(f"{SVG}path")
    )
    assert lines == {
        ("way", None): 2,  # from me to Ana, from her to Bo
        ("other", "5 4"): 1,
        ("head", None): 1,
        ("other", "1 4"): 1,
        ("other", "9 3 2 3"): 1,
    }


@pytest.mark.parametrize(
    ("status", "interviews", "shapes"),
    [
        ("interviewed", 1, ["circle full"]),
        ("asked", 0, ["circle", "path full"]),
        ("no answer", 0, ["circle"]),
        ("do not contact", 1, ["circle", "path"]),
    ],
)
def test_how_it_stands_can_be_told_without_colours(
    status: str, interviews: int, shapes: list[str]
) -> None:
    """Filled, half, hollow, crossed out."""
    ana = portrait("Ana", status=status, interviews=interviews, fields=("law",))
    root = read(picture(ana))
    (group,) = [one for one in root.iter(f"{SVG}g") if one.get("role")]
    drawn = [
        one.tag.removeprefix(SVG) + " full" * ("full" in one.get("class", "").split())
        for one in group.iter()
        if one.tag in (f"{SVG}circle", f"{SVG}path")
    ]
    assert drawn == shapes
    grey = "g8" in next(group.iter(f"{SVG}circle")).get("class", "").split()
    assert grey == (status == "do not contact")


def test_among_very_many_the_groups_are_named_instead() -> None:
    """Names would lie over each other; who it is, is told to whoever points there."""
    root = read(many(600))
    assert len(told(root)) == 600
    words = written(root)
    assert len(words) < 40
    assert any(re.fullmatch(r"social work, \d+", one) for one in words)
    assert float(root.get("width", "0")) <= 2000


@pytest.mark.parametrize("drawn", [hostile(), many(40, others=9), many(1000), picture()])
def test_there_is_nothing_in_it_but_shapes_and_text(drawn: Picture) -> None:
    """No script, no link, no event, nothing from elsewhere, whatever people are called."""
    root = read(drawn)
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= HARMLESS
    said = {name for one in root.iter() for name in one.attrib}
    assert not [name for name in said if name.startswith("on") or "href" in name]
    (style,) = root.iter(f"{SVG}style")
    assert not re.search(r"url|import|expression|http", style.text or "")
    assert [one.partition("; ")[0] for one in told(root)] == [
        shown(one.name).partition("; ")[0] for one in drawn.people
    ]


@given(st.lists(st.text(st.characters()), min_size=3, max_size=3))
def test_any_text_is_drawn_as_text(texts: list[str]) -> None:
    """It is XML whatever somebody is called."""
    name, work, me = texts
    root = read(picture(portrait(name, "a", organisation=work), me=me))
    assert len(told(root)) == 1


def test_the_same_picture_is_the_same_drawing() -> None:
    """Byte by byte; the ids of records, which differ each time, are not in it."""
    assert drawing(many(50, others=9)) == drawing(many(50, others=9))
    assert "id-p000" not in drawing(many(50))


def test_colours_are_said_by_day_and_by_night() -> None:
    """The legend says which group each stands for."""
    root = read(many(30))
    (style,) = root.iter(f"{SVG}style")
    by_day, by_night = (style.text or "").split("@media (prefers-color-scheme:dark)")
    for number in range(9):
        colours = [re.search(rf"\.g{number}{{stroke:(#\w+)", part) for part in (by_day, by_night)]
        assert all(colours)
        assert colours[0][1] != colours[1][1]  # type: ignore[index]
    assert {"interviewed", "not asked, or it ended", "nursing"} <= set(written(root))
