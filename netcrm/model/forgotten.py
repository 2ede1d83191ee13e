"""What is left of a person who was forgotten: enough to keep them out, not to say who it was."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import Entity, day

_HEX = re.compile(r"(?:[0-9a-f]{2})+")


def _hex(instance: object, attribute: attrs.Attribute[Any], value: str) -> None:
    if not _HEX.fullmatch(value):
        raise InvalidError(f"{attribute.name}: {value!r} is not hexadecimal")


def _sorted(marks: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(marks)))


@attrs.frozen(kw_only=True)
class Forgotten(Entity):
    """People who are not to come back by way of an import or a sync.

    `marks` are keyed hashes of their identifiers and names, made with `key`: see
    `netcrm.rules.removal.mark`. Whoever has this record can test a guess with it, but reads no name
    or address from it. `scrubbed` says that the files have been written over since.
    """

    on: date = day()
    key: str = attrs.field(validator=_hex, repr=False)
    scrubbed: bool = False
    marks: tuple[str, ...] = attrs.field(
        converter=_sorted, validator=attrs.validators.deep_iterable(_hex), repr=False
    )
