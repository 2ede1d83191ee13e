"""Who came from whom? Each person is credited to at most one referrer, so that this is a forest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from netcrm.rules.obligations import Pointer


def credited(pointers: Iterable[Pointer]) -> dict[str, str]:
    """Return for each person the referrer to whom I owe knowing them.

    That is who pointed me to them first, unless I knew them already: from before, because they had
    pointed me to others on an earlier day, or because it is to them that I owe the referrer.
    """
    found: dict[str, str] = {}
    pointed_on: dict[str, date] = {}
    for one in sorted(pointers, key=lambda pointer: (pointer.made_on, pointer.id)):
        led_on = pointed_on.get(one.referred)
        was_known = (
            one.known_before
            or one.referred in found
            or (led_on is not None and led_on < one.made_on)
            or (led_on is not None and one.referred in lineage(one.referrer, found))
        )
        if not was_known:
            found[one.referred] = one.referrer
        pointed_on.setdefault(one.referrer, one.made_on)
    return found


def lineage(person: str, forest: Mapping[str, str]) -> Iterator[str]:
    """Yield a person, who brought me to them, who brought me to that one, and so on."""
    yield person
    while person := forest.get(person, ""):
        yield person


def degree(person: str, forest: Mapping[str, str]) -> int:
    """Return how many steps from me somebody is: 1, or one more than who I owe knowing them to."""
    return sum(1 for _ in lineage(person, forest))
