"""How does my network grow? Whom I came to know in which month, and who pointed me to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

from netcrm.errors import InvalidError

UNKNOWN: Final = ""
"""The group of those of whom it is not known: people without a field."""


class Newcomer(NamedTuple):
    """Somebody, and the day on which I came to know them.

    `referrer` is the id of who is credited with that, if anybody is.
    """

    known_on: date
    fields: tuple[str, ...] = ()
    source: str = "other"
    origin: str = "other"
    referrer: str = ""


class Growth(NamedTuple):
    """What was new in a month, in one group.

    Attributes:
        month: such as 2026-03.
        group: what they have in common, such as a field.
        new: people I came to know in that month, and `referred` those of them by a referral.
        known: all that I knew by the end of it.
    """

    month: str
    group: str
    new: int
    referred: int
    known: int


_GROUPS: Final[Mapping[str, Callable[[Newcomer], Iterable[str]]]] = {
    "field": lambda one: one.fields or (UNKNOWN,),
    "source": lambda one: (one.source,),
    "origin": lambda one: (one.origin,),
    "all": lambda one: ("all",),
}
GROUPINGS: Final = tuple(_GROUPS)
"""What growth can be looked at by. By field, people count once for each of their fields."""


def growth(people: Iterable[Newcomer], by: str = "field") -> list[Growth]:
    """Return what was new in which month, the earliest first; months without anybody are left out.

    Raises:
        InvalidError: people cannot be grouped like that.
    """
    if by not in _GROUPS:
        raise InvalidError(f"cannot group by {by!r}; choose from {', '.join(GROUPINGS)}")
    new: Counter[tuple[str, str]] = Counter()
    referred: Counter[tuple[str, str]] = Counter()
    for one in people:
        for group in set(_GROUPS[by](one)):
            key = one.known_on.isoformat()[:7], group
            new[key] += 1
            referred[key] += bool(one.referrer)
    known: Counter[str] = Counter()
    found = []
    for month, group in sorted(new):
        key = month, group
        known[group] += new[key]
        found.append(Growth(month, group, new[key], referred[key], known[group]))
    return found
