"""A picture of a network as one web page that needs nothing else, and lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from netcrm.model.text import fold
from netcrm.rules.graphs import shown
from netcrm.rules.layout import Layout
from netcrm.rules.picture import Link, Picture, Portrait, coloured, day

# What would end the element that holds the data.
_ESCAPED: Final = {ord(char): f"\\u{ord(char):04x}" for char in "<>&"}
_PLACE: Final = re.compile(r"\{\{(\w+)\}\}")


class Parts(NamedTuple):
    """What the page is made of: a skeleton with places such as {{data}}, a style and a script."""

    skeleton: str
    style: str
    script: str


def webpage(picture: Picture, parts: Parts) -> str:
    """Return the page.

    Nothing in it comes from elsewhere, and its policy (CSP) lets nothing run but its own script,
    named by its hash. Names are data: they are never part of the markup.
    """
    me = html.escape(shown(picture.me))
    mine = f"<bdi>{me}</bdi>" if me else ""
    said = {
        "title": f"{me or 'My network'}: who introduced whom",
        "facts": " · ".join(filter(None, (mine, day(picture.as_of.date), picture.summary))),
        "summary": picture.summary,
        "style": parts.style,
        "style_hash": _hash(parts.style),
        "script": parts.script,
        "script_hash": _hash(parts.script),
        "data": island(content(picture)),
    }
    return _PLACE.sub(lambda found: said[found[1]], parts.skeleton)  # once: data has no places


def _hash(text: str) -> str:
    """Return how a policy names an inline script or style."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def island(value: Any) -> str:
    """Return JSON that can stand inside an element of a page: ASCII, so that no mark is obeyed."""
    return json.dumps(value, separators=(",", ":")).translate(_ESCAPED)


def content(picture: Picture) -> dict[str, Any]:
    """Return what the page draws and tells; people and links name others by their number.

    Marks that turn text around are not in it: one that ends an isolation gets out of any element.
    """
    placed, groups = picture.layout(), picture.groups
    colours = coloured(groups)
    people = sorted(picture.people, key=lambda one: (fold(one.name), one.handle))
    numbers = {one.handle: number for number, one in enumerate(people)}
    return {
        "people": [
            {
                **_person(one, placed),
                "by": numbers.get(one.through, -1),
                "below": placed.below[one.handle],
                "colour": colours.index(groups[one.handle])
                if groups[one.handle] in colours
                else -1,
            }
            for one in people
        ],
        "links": [_link(one, numbers) for one in picture.links],
        "sectors": [one._asdict() for one in placed.sectors],
        "rings": placed.rings,
        "colours": colours,
    }


def _person(one: Portrait, placed: Layout) -> dict[str, Any]:
    spot = placed.spots[one.handle]
    return {
        "handle": one.handle,
        "name": shown(one.name),
        "work": shown(one.work),
        "fields": one.fields,
        "circles": one.circles,
        "degree": one.degree,
        "since": day(one.since),
        "status": one.status,
        "mark": one.mark,
        "talks": one.talks,
        "last": day(one.last),
        "interviews": one.interviews,
        "x": spot.x,
        "y": spot.y,
        "angle": spot.angle,
    }


def _link(one: Link, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "source": numbers[one.source],
        "target": numbers[one.target],
        "on": day(one.on),
        "status": one.status,
        "context": shown(one.context),
        "credited": one.credited,
        "told_by": numbers.get(one.told_by, -1),
    }
