"""What was found out about who is who: two records of one person, and two people taken for one."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import Entity, check_id, day, line, reference, texts


@attrs.frozen(kw_only=True)
class Merged(Entity):
    """A contact that is no more, because it was merged *into* another one.

    It has that contact's id; id and handle still find the person. `left` holds what it said, by
    field, where the other one said something else.
    """

    into: str = reference()
    handle: str = line()
    name: str = line()
    on: date = day()
    left: Mapping[str, str] = texts()

    def __attrs_post_init__(self) -> None:
        if self.into == self.id:
            raise InvalidError("nobody is merged into themselves")


def _pair(contacts: Iterable[str]) -> tuple[str, ...]:
    if isinstance(contacts, str) or not all(isinstance(one, str) for one in contacts):
        raise InvalidError(f"expected the ids of two contacts, got {contacts!r}")
    return tuple(sorted(set(contacts)))


def _two(instance: object, attribute: attrs.Attribute[Any], value: Any) -> None:
    if len(value) != 2:
        raise InvalidError("it takes two to be told apart")
    for one in value:
        check_id(instance, attribute, one)


@attrs.frozen(kw_only=True)
class Distinct(Entity):
    """Two contacts who are not the same person, however alike they are."""

    contacts: tuple[str, ...] = attrs.field(converter=_pair, validator=_two)
    on: date = day()
    reason: str = line()
