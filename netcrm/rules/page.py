"""A page to read at a glance: sections of lines, each of which names the records it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from netcrm.model.base import Entity
from netcrm.model.time import LocalMoment, zone
from netcrm.rules.course import later

MOST: Final = 4
"""So many of one sort are on the page, so that it stays one page (our choice)."""
LONGEST: Final = 160
"""Characters that are left of a text; a whole line, such as a pitch, has five times as many."""

_MARKS: Final = re.compile(
    r"[\\`*\[\]{}|~$]|(?<![^\W_])_|_(?![^\W_])|^[-+=:]|(?<!\S)#|(?<=\d)[.)](?!\S)"
)
_ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class Line(NamedTuple):
    """One thing to know, on one line, and the ids of the records that it rests on."""

    text: str
    facts: tuple[str, ...]


class Section(NamedTuple):
    """What there is to know of one subject."""

    title: str
    lines: tuple[Line, ...]


class Brief(NamedTuple):
    """A page to take along; `missing` is what is still to be done, in words."""

    title: str
    sections: tuple[Section, ...]
    missing: tuple[str, ...] = ()


def line(text: str, *facts: Entity | str | None) -> Line:
    """Return a line that rests on some records, given as they are or by their ids."""
    ids = (one.id if isinstance(one, Entity) else one for one in facts)
    return Line(shortened(text, 5 * LONGEST), tuple(dict.fromkeys(filter(None, ids))))


def page(title: str, sections: Mapping[str, Iterable[Line]], missing: Iterable[str] = ()) -> Brief:
    """Return a page of those sections in which there is anything."""
    made = (Section(name, tuple(lines)) for name, lines in sections.items())
    return Brief(shortened(title), tuple(one for one in made if one.lines), tuple(missing))


def markdown(brief: Brief) -> str:
    """Return a page in Markdown; what Markdown or HTML would obey in its texts is escaped."""
    lines = [f"# {_escaped(brief.title)}"]
    to_do = Section("Still to do", tuple(Line(one, ()) for one in brief.missing))
    for title, told in (*brief.sections, *([to_do] if brief.missing else [])):
        lines += ["", f"## {title}", "", *(f"- {_escaped(line.text)}" for line in told)]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", text).translate(_ENTITIES)


def shortened(text: str, most: int = LONGEST) -> str:
    """Return a text on one line, cut after a word where it has more than *most* characters."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    head = text[: most + 1].rpartition(" ")[0]
    return f"{head if len(head) > most // 2 else text[:most]}…"


def capped(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the first lines, and how many more there are."""
    yield from lines[:MOST]
    if left := lines[MOST:]:
        yield line(f"and {len(left)} more", *(id_ for line in left for id_ in line.facts))


def clocks(start: LocalMoment, minutes: int, *zones: str) -> str:
    """Return when something is, as clocks show it in its zone, and in others if they differ."""
    day = f"{start.date:%a} {day_of(start.date)}"
    if start.local is None:
        return day
    shown: dict[str, str] = {}
    for name in (str(start.local.tzinfo), *filter(None, zones)):
        clock = f"{start.local.astimezone(zone(name)):%a %H:%M}"
        shown.setdefault(clock, name.rpartition("/")[2].replace("_", " "))
    end = later(start, timedelta(minutes=minutes)).local
    here, *others = [f"{clock.removeprefix(day[:4])} {city}" for clock, city in shown.items()]
    until = f"{start.local:%H:%M} to {end:%H:%M}" if minutes else f"{start.local:%H:%M}"
    return f"{day}, {' = '.join((until + here[5:], *others)) if others else until}"


def day_of(day: date) -> str:
    """Return a day as it stands on the page: 4 Mar 2026."""
    return f"{day.day} {day:%b} {day.year}"
