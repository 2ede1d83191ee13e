"""How did my network grow? Everybody I know, each after whom I owe knowing them to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from netcrm.rules.lifecycle import OPEN
from netcrm.rules.lineage import credited
from netcrm.rules.obligations import Facts
from netcrm.rules.rates import Reproduction
from netcrm.rules.referrals import Traced


class Member(NamedTuple):
    """Somebody I know, and how I came to know them.

    Attributes:
        by: the id of whom I owe knowing them to; empty for those I found myself.
        on: since when I know them, or of them.
        degree: 1 for those I found myself, one more with each referral between.
        referral: the one that I owe it to, and what has come of it; None where `by` is empty.
        led_to: whom I owe them, in the order in which I came to know those.
        named: to how many they pointed me, such as I knew already among them.
        held: whether I held an interview with them.
    """

    id: str
    name: str
    by: str
    on: date
    degree: int
    referral: Traced | None = None
    led_to: tuple[str, ...] = ()
    named: int = 0
    held: bool = False

    @property
    def is_dead_end(self) -> bool:
        """Whether this branch ends here: met and named nobody, or it came to nothing."""
        if self.held:
            return not self.named
        return self.referral is not None and self.referral.is_over and not self.led_to


def interviewed(facts: Facts) -> tuple[set[str], set[str]]:
    """Return with whom I had held an interview that I asked for, and with whom one goes on."""
    held: set[str] = set()
    under_way: set[str] = set()
    for course, now in facts.asked():
        if now.held:
            held.update(course.contacts)
        elif now.stage in OPEN:
            under_way.update(course.contacts)
    return held, under_way


class Tree(NamedTuple):
    """Everybody I know, each followed by those whom I owe them.

    `pending` are the ids of those I was pointed to and did nothing about yet.
    """

    members: tuple[Member, ...]
    pending: tuple[str, ...] = ()

    def counted(self, by: Callable[[Member], Any]) -> dict[Any, int]:
        """Return how many members there are of each sort."""
        return dict(sorted(Counter(map(by, self.members)).items()))

    @property
    def reproduction(self) -> Reproduction:
        """Whether one interview leads to the next."""
        held = {one.id for one in self.members if one.held}
        new = [one for one in self.members if one.by in held]
        asked = sum(one.referral is not None and one.referral.was_used for one in new)
        return Reproduction(
            len(held), len(new), asked, sum(one.held for one in new), len(self.pending)
        )


def tree(
    people: Mapping[str, tuple[str, date]],
    referrals: Iterable[Traced],
    held: Collection[str],
    under_way: Collection[str] = (),
) -> Tree:
    """Return everybody I know as a forest, with the referrals that it grew by.

    Args:
        people: names, and the day on which each was added, by id; all of *referrals* among them.
        referrals: all that were made, the oldest first.
        held: with whom I held an interview.
        under_way: with whom one is under way, or nothing more is to be done.
    """
    found = list(referrals)
    forest = credited(one.pointer for one in found)
    owed = {(one.pointer.referrer, one.pointer.referred): one for one in reversed(found)}
    named = Counter(by for by, _ in owed)
    since = {id_: added for id_, (_, added) in people.items()}
    for one in found:
        for id_ in one.pointer.people:
            since[id_] = min(since[id_], one.pointer.made_on)
    led: dict[str, list[str]] = {}
    for id_ in sorted(people, key=lambda id_: (since[id_], people[id_][0], id_)):
        led.setdefault(forest.get(id_, ""), []).append(id_)
    degrees: dict[str, int] = {"": 0}
    for id_ in (order := list(_in_order(led))):
        degrees[id_] = degrees[forest.get(id_, "")] + 1
    members = (
        Member(
            id=id_,
            name=people[id_][0],
            by=forest.get(id_, ""),
            on=since[id_],
            degree=degrees[id_],
            referral=owed.get((forest.get(id_, ""), id_)),
            led_to=tuple(led.get(id_, ())),
            named=named[id_],
            held=id_ in held,
        )
        for id_ in order
    )
    waiting = {one.pointer.referred for one in found if one.is_waiting}
    waiting -= {one.pointer.referred for one in found if one.was_used}
    waiting -= {*held, *under_way}
    return Tree(tuple(members), tuple(sorted(waiting, key=lambda id_: (people[id_][0], id_))))


def _in_order(led: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield everybody, each before those whom I owe them."""
    ahead = list(reversed([*led.get("", ())]))
    while ahead:
        yield (id_ := ahead.pop())
        ahead += reversed([*led.get(id_, ())])
