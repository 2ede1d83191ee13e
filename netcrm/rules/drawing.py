"""A picture of a network as one drawing (SVG) that stands still."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from netcrm.rules.graphs import shown
from netcrm.rules.layout import Layout, Spot
from netcrm.rules.picture import MARKS, Link, Picture, Portrait, coloured, day

_NAMED: Final = 150
"""Of so many everybody is named; of more nobody, but when pointed at (our choice)."""
_LONGEST: Final = 32
"""Of longer names the beginning stands here (our choice)."""
_LETTER: Final = 7.0
"""A letter is about as wide, in units of the drawing."""
_LEGEND: Final = 60.0
_WIDEST: Final = 1200.0
"""A larger drawing is shown smaller, with larger print in it (our choice)."""
_LINES: Final = 60
"""So many lines from me are drawn at most: the first ring says the rest (our choice)."""
_DASHES: Final = {"referral": "5 4", "acquaintance": "1 4", "introduction": "9 3 2 3"}


class _Colours(NamedTuple):
    """The colours of a drawing by day, or by night; `groups` are those of groups of people."""

    paper: str
    ink: str
    soft: str
    edge: str
    ring: str
    groups: tuple[str, ...]


_DAY: Final = _Colours(
    "#faf8f3", "#23272e", "#5b626d", "#938d7e", "#e9e4d8",
    ("#2c66a8", "#b5501b", "#2d7a53", "#84489a", "#8a6a00", "#0f7480", "#b03566", "#75573a"),
)  # fmt: skip
_NIGHT: Final = _Colours(
    "#15181c", "#e9e6df", "#a9b0ba", "#69707a", "#262b31",
    ("#82b4ee", "#f2986a", "#74cba1", "#cda3e6", "#e2c05c", "#62cbd6", "#f294b6", "#cdaa88"),
)  # fmt: skip


def drawing(picture: Picture) -> str:
    """Return the drawing. It has a title and a description, and each person a name and a title."""
    placed, groups = picture.layout(), picture.groups
    colours = coloured(groups)
    large = max(2 * placed.radius / _WIDEST, 1.0)
    left, top, right, bottom = _bounds(placed.spots.values(), _margin(picture, placed, large))
    width, height = right - left, bottom - top + _LEGEND * large
    size = f'width="{width / large:.0f}" height="{height / large:.0f}"'
    place = f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="{place}"'
            ' role="graphics-document" aria-labelledby="title about">',
            f'<title id="title">{_text(_title(picture))}</title>',
            f'<desc id="about">{_text(_about(picture))}</desc>',
            f"<style>{_style()}</style>",
            f'<rect class="paper" x="{left:.0f}" y="{top:.0f}" width="100%" height="100%"/>',
            *(f'<circle class="ring" r="{radius:g}"/>' for radius in placed.rings),
            *_ways(picture, placed),
            *_others(picture.links, placed.spots),
            '<circle class="me" r="9"/>',
            '<text class="name middle" y="25">You</text>',
            *_people(picture, placed, groups, colours),
            *_sectors(picture, placed, large),
            f'<g transform="translate({left + 20 * large:.0f} {bottom:.0f}) scale({large:.3g})">',
            *_legend(picture, colours),
            "</g>",
            "</svg>",
            "",
        ]
    )


def _title(picture: Picture) -> str:
    return f"{picture.me or 'My network'}: who introduced whom"


def _about(picture: Picture) -> str:
    return (
        f"{picture.summary}, on {day(picture.as_of.date)}. You are in the middle, around you those "
        "you know by yourself, and outside of each those they led you to."
    )


def _margin(picture: Picture, placed: Layout, large: float) -> float:
    """Return the room around everybody that the names of those farthest out need."""
    if len(picture.people) <= _NAMED:
        longest = max((len(one.name) for one in picture.people), default=0)
        return 40 + _LETTER * min(longest, _LONGEST)
    longest = max((len(one.name) for one in placed.sectors), default=0)
    return large * (40 + _LETTER * min(longest + 8, _LONGEST))


def _bounds(spots: Iterable[Spot], margin: float) -> tuple[float, float, float, float]:
    xs, ys = [0.0], [0.0]
    for spot in spots:
        xs.append(spot.x)
        ys.append(spot.y)
    return min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin


def _style() -> str:
    """Return the style: shapes, and colours by day and by night; plain, so that all read it."""
    return (
        ".ring,.way,.other{fill:none}.way,.person{stroke-width:1.6}.ring,.other{stroke-width:1}"
        ".name{font:12px system-ui,sans-serif;dominant-baseline:central;paint-order:stroke;"
        "stroke-width:3px;stroke-linejoin:round}.middle{text-anchor:middle}.end{text-anchor:end}"
        f"{_coloured(_DAY)}@media (prefers-color-scheme:dark){{{_coloured(_NIGHT)}}}"
    )


def _coloured(by: _Colours) -> str:
    groups = "".join(
        f".g{n}{{stroke:{colour};fill:{by.paper}}}.g{n}.full{{fill:{colour}}}"
        for n, colour in enumerate((*by.groups, by.soft))
    )
    return (
        f".paper{{fill:{by.paper}}}.ring{{stroke:{by.ring}}}.way{{stroke:{by.edge}}}"
        f".other{{stroke:{by.soft}}}.me,.head{{fill:{by.ink}}}"
        f".name{{fill:{by.ink};stroke:{by.paper}}}.soft{{fill:{by.soft}}}{groups}"
    )


def _ways(picture: Picture, placed: Layout) -> Iterator[str]:
    """Yield the lines of the tree: from me only to those who led me to others, if they are few."""
    roots = sum(n > 0 for person, n in placed.below.items() if person not in placed.parents)
    for person, spot in placed.spots.items():
        if person in placed.parents:
            near = placed.spots[placed.parents[person]]
            middle = (math.hypot(near.x, near.y) + math.hypot(spot.x, spot.y)) / 2
            bend = f"{middle * math.cos(spot.angle):.1f} {middle * math.sin(spot.angle):.1f}"
            yield f'<path class="way" d="M{near.x:g} {near.y:g}Q{bend} {spot.x:g} {spot.y:g}"/>'
        elif placed.below[person] and roots <= _LINES:
            yield f'<path class="way" d="M0 0L{spot.x:g} {spot.y:g}"/>'


def _others(links: Iterable[Link], spots: Mapping[str, Spot]) -> Iterator[str]:
    """Yield the lines beside the tree; those of referrals have a head."""
    for link in links:
        if link.credited:
            continue
        near, far = spots[link.source], spots[link.target]
        dx, dy = far.x - near.x, far.y - near.y
        x, y = (near.x + far.x) * 0.4 + dy * 0.16, (near.y + far.y) * 0.4 - dx * 0.16
        bend = f"M{near.x:g} {near.y:g}Q{x:.1f} {y:.1f} {far.x:g} {far.y:g}"
        yield f'<path class="other" stroke-dasharray="{_DASHES[link.kind]}" d="{bend}"/>'
        if link.kind == "referral":
            turn = math.degrees(math.atan2(far.y - y, far.x - x))
            place = f"translate({far.x:g} {far.y:g}) rotate({turn:.1f})"
            yield f'<path class="head" transform="{place}" d="M-8 0l-7-3.2v6.4z"/>'


def _people(
    picture: Picture, placed: Layout, groups: Mapping[str, str], colours: tuple[str, ...]
) -> Iterator[str]:
    named = len(picture.people) <= _NAMED
    names = {one.handle: one.name for one in picture.people}
    for one in picture.people:
        spot, below = placed.spots[one.handle], placed.below[one.handle]
        group = groups[one.handle]
        shade = (
            colours.index(group) if group in colours and one.mark != "gone" else len(_DAY.groups)
        )
        yield f'<g role="img"><title>{_text(_told(one, names))}</title>'
        yield f'<g transform="translate({spot.x:g} {spot.y:g})">{dot(one.mark, shade)}</g>'
        if named:
            yield _name(one, spot, bool(below))
        yield "</g>"


def dot(mark: str, shade: int) -> str:
    """Return how somebody is drawn: filled, half, hollow, or crossed out."""
    full = " full" if mark == "held" else ""
    circle = f'<circle class="person g{shade}{full}" r="6"/>'
    if mark == "open":
        return f'{circle}<path class="g{shade} full" d="M0-6A6 6 0 0 0 0 6Z"/>'
    if mark == "gone":
        return f'{circle}<path class="person g{shade}" d="M-6 6L6-6"/>'
    return circle


def _told(one: Portrait, names: Mapping[str, str]) -> str:
    """Return who somebody is, for those who hear the drawing or point at it."""
    steps = f"{one.degree} step{'s' * (one.degree != 1)} from you"
    through = f"{steps}, through {names[one.through]}" if one.through else steps
    return "; ".join(filter(None, (one.name, one.work, through, one.status)))


def _name(one: Portrait, spot: Spot, lifted: bool) -> str:
    """Return a name along the ray that the person stands on; beside it, where the tree goes on."""
    left = math.cos(spot.angle) < -1e-9
    turn = math.degrees(spot.angle) + (180 if left else 0)
    text = one.name if len(one.name) <= _LONGEST else f"{one.name[: _LONGEST - 2]}…"
    shade = " soft" if one.mark == "gone" else ""
    place = f"translate({spot.x:g} {spot.y:g}) rotate({turn:.2f})"
    return (
        f'<text class="name{" end" * left}{shade}" transform="{place}" x="{-11 if left else 11}"'
        f' y="{-9 if lifted else 0}">{_text(text)}</text>'
    )


def _sectors(picture: Picture, placed: Layout, large: float) -> Iterator[str]:
    """Yield what the sectors are called, where not everybody in them is named."""
    if len(picture.people) <= _NAMED:
        return
    for one in placed.sectors:
        angle, away = (one.start + one.end) / 2, one.radius + 12 * large
        x, y = away * math.cos(angle), away * math.sin(angle)
        anchor = " end" if math.cos(angle) < -0.25 else "" if math.cos(angle) > 0.25 else " middle"
        said = f"{one.name.replace('-', ' ') or 'others'}, {one.size:,}"
        place = f"translate({x:.1f} {y:.1f}) scale({large:.3g})"
        yield f'<text class="name soft{anchor}" transform="{place}">{_text(said)}</text>'


def _legend(picture: Picture, colours: tuple[str, ...]) -> Iterator[str]:
    """Yield what the signs mean, as far as they are there, in two lines."""
    marks = {one.mark for one in picture.people}
    grey = len(_DAY.groups)
    signs = [(text, dot(mark, grey)) for mark, text in MARKS.items() if mark in marks]
    groups = [(name.replace("-", " "), dot("held", n)) for n, name in enumerate(colours)]
    for row, entries in enumerate((signs, groups)):
        x = 0.0
        for text, drawn in entries:
            yield f'<g transform="translate({x:.0f} {10 + row * 24})">{drawn}'
            yield f'<text class="name soft" x="13">{_text(text)}</text></g>'
            x += 42 + 6.6 * len(text)


def _text(text: str) -> str:
    return escape(shown(text))
