"""What passed between me and others, as a source tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import attrs

from netcrm.model.interaction import Channel, Direction, Kind
from netcrm.rules.intake import as_said


def _people(people: Iterable[Mapping[str, str]]) -> tuple[Mapping[str, str], ...]:
    return tuple(map(as_said, people))


@attrs.frozen(kw_only=True)
class Exchange:
    """What a source says about one interaction, in one row.

    It becomes an interaction with those of `people` who are in the network, and never makes anybody
    up. Of each it is said by what to know them, in the keys of `Sighting.said`: a `url`, an
    `email`, a `phone`, else the `name`. `at` is a moment with a time zone, or a day. `ref` tells it
    from all others of this source, also next time. `line` is where it stands in `file`.
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
