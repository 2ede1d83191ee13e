"""What a source says of people, and of what passed between them and me."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final
from unicodedata import normalize

import attrs

from netcrm.model.contact import Position
from netcrm.model.interaction import Channel, Direction, Kind
from netcrm.rules.jobs import Job

SEVERAL: Final = (
    "email", "phone", "url", "aliases", "tags", "circles", "fields", "relations", "positions",
)  # fmt: skip
"""What a source may say several of about one person, each on a line of its own."""
_PROSE: Final = "note"


def several(said: Mapping[str, str], key: str) -> tuple[str, ...]:
    """Return all that is said under a key that takes several values."""
    return tuple(said[key].split("\n")) if said.get(key) else ()


def as_said(said: Mapping[str, str]) -> dict[str, str]:
    """Return what is said, written as the model writes text; NUL and the like are its to refuse.

    What is empty is left out.
    """
    kept = {key: _written(key, normalize("NFC", value)) for key, value in sorted(said.items())}
    return {key: value for key, value in kept.items() if value}


def _written(key: str, value: str) -> str:
    if key == _PROSE:
        return value.strip()
    if key not in SEVERAL:
        return " ".join(value.split())
    lines = (" ".join(line.split()) for line in value.split("\n"))
    return "\n".join(dict.fromkeys(filter(None, lines)))


@attrs.frozen(kw_only=True)
class Sighting:
    """What a source says about one person, in one row.

    `said` maps words to text; what is empty is left out.

    * One value each: given, family, name, pronouns, organisation, title, until (when that job
      ended: 2021-03), location, language, birthday (1988-06-15, 1988-06 or --06-15), connected_on
      (2021-03-14), note, source (a word for `Contact.source`), kin and placeholder (yes), and
      referred_by (a name or an address).
    * Several, each on a line of its own: email, phone, url, aliases, tags, circles, fields,
      relations.
    * list: the name of the list that the row is from. Who has no address is known again by their
      name within it.
    * Any other key is kept as it is, as what this source said: `column Class Year`, say.

    `positions` are jobs of which more is known, such as their dates. `is_me` says that it is about
    whose network it is. `line` is where it stands in `file`.
    """

    line: int
    file: str = ""
    said: Mapping[str, str] = attrs.field(converter=as_said, hash=False)
    positions: tuple[Position, ...] = ()
    is_me: bool = False


def folded(first: Sighting, again: Sighting) -> Sighting:
    """Return what two rows say of one person, as one row: of two values the first stays.

    Of what takes several values all are kept, and another job beside the first.
    """
    said = {**again.said, **first.said}
    for key in SEVERAL:
        said[key] = "\n".join((*several(first.said, key), *several(again.said, key)))
    job, other = Job.said(first.said), Job.said(again.said)
    others = list(again.positions)
    if any(job) and any(other) and job != other:
        said |= job._asdict()
        others.append(Position(title=other.title, organisation=other.organisation))
    return attrs.evolve(first, said=said, positions=(*first.positions, *others))


def _people(people: Iterable[Mapping[str, str]]) -> tuple[Mapping[str, str], ...]:
    return tuple(map(as_said, people))


@attrs.frozen(kw_only=True)
class Exchange:
    """What a source says about one interaction, in one row.

    It becomes an interaction with those of `people` who are in the network, and never makes anybody
    up. Of each it is said by what to know them, in the keys of `Sighting.said`: a `url`, an
    `email`, a `phone`; else the `name`, which counts for those whom this source has told of. `at`
    is a moment with a time zone, or a day. `ref` tells it from all others of this source, also next
    time. `line` is where it stands in `file`.
    """

    line: int
    file: str = ""
    at: datetime | date
    people: tuple[Mapping[str, str], ...] = attrs.field(converter=_people, hash=False)
    ref: str
    channel: Channel
    direction: Direction
    kind: Kind = "message"
    subject: str = ""
    text: str = ""
    thread: str = ""


@attrs.frozen(kw_only=True)
class Item:
    """A message or a meeting, as a service has it now.

    It becomes an interaction with those of `people` who are in the network, and never makes anybody
    up; `copied` are those who got no more than a copy. Of each it says an `email`, and a `name`
    where there is one. `at` is a moment with a time zone, or a day. `key` is what the service calls
    it, `ref` what it is called everywhere: two with one `ref` are one.

    By a channel on which people talk at the same time (in_person, video, phone) it is a meeting,
    of so many `minutes`, at a `place`; its `thread` is the series that it is one of. One to come
    becomes a planned meeting. `bounced` are addresses that turned out not to be reached any more.
    """

    key: str
    ref: str
    at: datetime | date
    people: tuple[Mapping[str, str], ...] = attrs.field(converter=_people, hash=False)
    copied: tuple[Mapping[str, str], ...] = attrs.field(default=(), converter=_people, hash=False)
    channel: Channel
    direction: Direction
    subject: str = ""
    thread: str = ""
    minutes: int | None = None
    place: str = ""
    bounced: tuple[str, ...] = ()
