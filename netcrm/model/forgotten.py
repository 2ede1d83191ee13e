"""What is left of a person who was forgotten: enough to keep them out, not to say who it was."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import Entity, Value, choice, day, label_list, line, several

_HEX = re.compile(r"(?:[0-9a-f]{2})+")


def _hex(instance: object, attribute: attrs.Attribute[Any], value: str) -> None:
    if not _HEX.fullmatch(value):
        raise InvalidError(f"{attribute.name}: {value!r} is not hexadecimal")


def _sorted(marks: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(marks)))


def _number(instance: object, attribute: attrs.Attribute[Any], value: int | None) -> None:
    if value is not None and (type(value) is not int or value < 0):
        raise InvalidError(f"{attribute.name}: {value!r} is not a number of them")


@attrs.frozen(kw_only=True)
class Counted(Value):
    """What is still counted of an interview with somebody forgotten: days and kinds, no names."""

    initiator: Literal["me", "them"] = choice("me", "them", default="me")
    source: str = line("other")
    channel: str = line("other")
    fields: tuple[str, ...] = label_list()
    referred: bool = False
    degree: int | None = attrs.field(default=None, validator=_number)
    asked: date | None = day(default=None)
    follow_ups: tuple[date, ...] = several(date)
    replied: date | None = day(default=None)
    accepted: date | None = day(default=None)
    scheduled: date | None = day(default=None)
    held: date | None = day(default=None)
    outcome: str = line("contacted")
    ended: date | None = day(default=None)
    thanked_in_time: bool | None = None
    minutes: int = attrs.field(default=0, validator=_number)
    campaign: str = line()


@attrs.frozen(kw_only=True)
class Forgotten(Entity):
    """People who are not to come back by way of an import or a sync.

    `marks` are keyed hashes of their identifiers and names, made with `key`: see
    `netcrm.rules.removal.mark`. Whoever has this record can test a guess with it, but reads no name
    or address from it. `scrubbed` says that the files have been written over since. `counted` are
    the interviews with them, so that what was counted before stays as it was.
    """

    on: date = day()
    key: str = attrs.field(validator=_hex, repr=False)
    scrubbed: bool = False
    counted: tuple[Counted, ...] = several(Counted)
    marks: tuple[str, ...] = attrs.field(
        converter=_sorted, validator=attrs.validators.deep_iterable(_hex), repr=False
    )
