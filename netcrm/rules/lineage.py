"""Who came from whom? Each person is credited to at most one referrer, so that this is a forest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from netcrm.rules.obligations import Pointer


def credited(pointers: Iterable[Pointer]) -> dict[str, str]:
    """Return for each person the referrer to whom I owe knowing them.

    That is who pointed me to them first, unless I knew them already.
    """
    found: dict[str, str] = {}
    for one in sorted(pointers, key=lambda pointer: (pointer.made_on, pointer.id)):
        if not one.known_before:
            found.setdefault(one.referred, one.referrer)
    return found


def degree(person: str, forest: Mapping[str, str]) -> int:
    """Return how many steps from me somebody is: 1, or one more than who I owe knowing them to."""
    steps, seen = 1, {person}
    while (person := forest.get(person, "")) and person not in seen:
        steps += 1
        seen.add(person)
    return steps
