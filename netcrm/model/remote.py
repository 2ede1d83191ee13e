"""What services have: messages and meetings, as far as it takes to know them again."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

from typing import get_args

import attrs

from netcrm.model.base import Entity, choice, line, lines, moment
from netcrm.model.interaction import Channel, Direction, length
from netcrm.model.time import LocalMoment


@attrs.frozen(kw_only=True)
class Remote(Entity):
    """A message or a meeting, as a service has it.

    `source` is the service and the account, `key` what it is called there, `ref` what it is called
    everywhere: two with one `ref` are one. A meeting lasts so many `minutes`, and its `thread` is
    the series that it is one of. Whom it was with is kept as marks of their addresses, so that
    somebody who is added later can be found in it, and nobody else is named. `waiting` are those of
    the marks that are nobody's here. `words` is a mark of a meeting's subject and place, by which a
    change of them is noticed.
    """

    source: str = line()
    key: str = line()
    ref: str = line()
    at: LocalMoment = moment()
    channel: Channel = choice(*get_args(Channel), default="other")
    direction: Direction = choice(*get_args(Direction), default="mutual")
    thread: str = line()
    minutes: int | None = attrs.field(default=None, validator=length)
    people: tuple[str, ...] = lines()
    copied: tuple[str, ...] = lines()
    waiting: tuple[str, ...] = lines()
    words: str = line()
    is_there: bool = True


@attrs.frozen(kw_only=True)
class Stranger(Entity):
    """Somebody with whom something passed and who is not in the network."""

    mark: str = line()
    address: str = line()
    name: str = line()
    is_ignored: bool = False
