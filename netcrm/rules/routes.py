"""Which are the warmest ways to somebody, of all that there are?"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from netcrm.rules.paths import CHANCES, MOST_HOPS, WHOLE, Hop, Path, Stay, whole

_GUESS: Final = whole(CHANCES["colleagues"])

_Room = tuple[str, int]
"""A place in a year."""


def best(
    hops: Iterable[Hop],
    targets: Collection[str],
    k: int = 3,
    *,
    stays: Iterable[Stay] = (),
    closed: Collection[str] = (),
) -> list[Path]:
    """Return the *k* best ways to any of some people, the best first.

    Ties go by fewer hops, then by ids. A way visits nobody twice, ends at the first of the targets
    that it reaches, and rests on one guess at most. One is left out where leaving out some of those
    in between gives a way that is at least as good: whoever can be asked should be.

    Args:
        hops: ties of mine, and what is known of who knows whom.
        targets: whom to reach.
        k: how many ways.
        stays: who was where, for guesses.
        closed: who is not to be asked for anything now; a way may still end there.
    """
    web = _Web(hops, stays, frozenset(closed), frozenset(targets))
    found = (way for target in sorted(web.ends) for way in web.ways(target, k))
    return [Path(way.hops) for way in heapq.nsmallest(k, found)]


def nearest(
    hops: Iterable[Hop], *, stays: Iterable[Stay] = (), closed: Collection[str] = ()
) -> dict[str, Path]:
    """Return the best way to everybody who can be reached, as `best` finds it, by their ids.

    Everybody is looked at once for each hop, however many there are at one organisation.
    """
    shut, was_at = frozenset(closed), _Stays(stays)
    out: dict[str, list[Hop]] = {}
    ties: dict[str, _Way] = {}
    for hop in _best_of_each(hops):
        if hop.source:
            out.setdefault(hop.source, []).append(hop)
        else:
            ties[hop.target] = _tied(hop)
    two = _led_on(ties, out, shut, ties)
    guessed = _to_colleagues(ties, was_at, shut, ties)
    found = _better_of(_better_of(ties, two), guessed)
    three = (
        _led_on(two, out, shut, found),
        _led_on(guessed, out, shut, found),
        _to_colleagues(two, was_at, shut, found),
    )
    for ways in three:
        found = _better_of(found, ways)
    return {person: Path(way.hops) for person, way in found.items()}


class _Way(NamedTuple):
    """The beginning of a way, so that the lesser one is better; no two have the same people."""

    loss: int
    length: int
    people: tuple[str, ...]
    hops: tuple[Hop, ...]

    def on(self, hop: Hop) -> _Way:
        """Return it with one hop more."""
        loss = self.loss * hop.whole // WHOLE
        return _Way(loss, self.length + 1, (*self.people, hop.target), (*self.hops, hop))


class _Web:
    """Who leads to whom, looked at from those who are to be reached."""

    def __init__(
        self,
        hops: Iterable[Hop],
        stays: Iterable[Stay],
        closed: frozenset[str],
        ends: frozenset[str] = frozenset(),
    ) -> None:
        self.ends = ends
        self._shut = closed | ends
        self.ties: dict[str, _Way] = {}
        self.into: dict[str, dict[str, Hop]] = {}
        for hop in _best_of_each(hops):
            if hop.source:
                self.into.setdefault(hop.target, {})[hop.source] = hop
            else:
                self.ties[hop.target] = _tied(hop)
        self.stays = _Stays(stays)
        self._known: dict[str, list[_Way]] = {}
        self._lists: dict[tuple[_Room, int], list[_Way]] = {}

    def ways(self, target: str, k: int) -> list[_Way]:
        """Return the k best ways to one person."""
        tie = self.ties.get(target)
        found = {} if tie is None else {tie.people: tie}
        for way in sorted(self._longer(target, k)):
            found.setdefault(way.people, way)
        return heapq.nsmallest(k, found.values())

    def _longer(self, target: str, k: int) -> Iterator[_Way]:
        """Yield ways of two hops and three, the k best at least."""
        for hop in self.into.get(target, {}).values():
            if hop.source in self._shut:
                continue
            for way in self._prefixes(hop.source):
                if self._is_worth(way.on(hop)):
                    yield way.on(hop)
            guessed = self._by_colleagues(hop.source, longest=1)
            ways = (way.on(hop) for way in guessed if self._is_worth(way))
            yield from itertools.islice(filter(self._is_worth, ways), k)
        last = filter(self._is_worth, self._by_colleagues(target, longest=2))
        yield from itertools.islice(last, k)

    def _prefixes(self, person: str) -> list[_Way]:
        """Return all ways of one hop and two to somebody who can be asked, guesses left out."""
        if person in self._shut:
            return []
        if person not in self._known:
            hops = self.into.get(person, {}).values()
            tied = (hop for hop in hops if hop.source in self.ties and hop.source not in self._shut)
            ways = (self.ties[hop.source].on(hop) for hop in tied)
            tie = [self.ties[person]] if person in self.ties else []
            self._known[person] = tie + [way for way in ways if self._is_worth(way)]
        return self._known[person]

    def _by_colleagues(self, person: str, longest: int) -> Iterator[_Way]:
        """Yield the ways that end with a guess, the best first."""
        lists = [self._in_room(room, longest) for room in self.stays.rooms_of(person)]
        known, before = self.into.get(person, {}), None
        for way in heapq.merge(*lists):
            last = way.people[-1]
            if way.people == before:
                continue
            before = way.people
            if last not in known or known[last].chance < CHANCES["colleagues"]:
                yield way.on(self.stays.guess(last, person))

    def _in_room(self, room: _Room, longest: int) -> list[_Way]:
        """Return the ways to all who were at a place in a year, the best first."""
        key = room, longest
        if key not in self._lists:
            people = self.stays.rooms[room]
            ways = (way for person in people for way in self._prefixes(person))
            self._lists[key] = sorted(way for way in ways if way.length <= longest)
        return self._lists[key]

    def _is_worth(self, way: _Way) -> bool:
        """Whether no way that leaves out somebody is as good; what it begins with was looked at."""
        first, target = way.people[0], way.people[-1]
        tie = self.ties.get(target)
        if target == first or (tie is not None and tie.loss <= way.loss):
            return False
        if way.length < MOST_HOPS:
            return True
        hop = self.into.get(target, {}).get(first)
        if hop is not None and self.ties[first].on(hop).loss <= way.loss:
            return False
        guessed = self.ties[first].loss * _GUESS // WHOLE
        return guessed > way.loss or not self.stays.are_colleagues(first, target)


class _Stays:
    """Who was where, and who there in which year."""

    def __init__(self, stays: Iterable[Stay]) -> None:
        self.people: dict[str, list[Stay]] = {}
        self.rooms: dict[_Room, dict[str, None]] = {}
        for stay in stays:
            self.people.setdefault(stay.person, []).append(stay)
            for year in stay.years:
                self.rooms.setdefault((stay.place, year), {})[stay.person] = None

    def rooms_of(self, person: str) -> list[_Room]:
        """Return the places where somebody was, each in each year."""
        stays = self.people.get(person, ())
        return [(stay.place, year) for stay in stays for year in stay.years]

    def are_colleagues(self, one: str, other: str) -> bool:
        """Whether two people were at one place in the same year."""
        return any(self._shared(one, other))

    def guess(self, source: str, target: str) -> Hop:
        """Return the hop between two colleagues, by where they were together last."""
        year, _, together, called = max(self._shared(source, target))
        when = f"are at {called}" if together else f"were at {called} in {year}"
        because = f"guess: both {when}"
        return Hop(source, target, "colleagues", CHANCES["colleagues"], because)

    def _shared(self, one: str, other: str) -> Iterator[tuple[int, str, bool, str]]:
        """Yield the last year in which two people shared each place, and what that is called."""
        for a in self.people.get(one, ()):
            for b in self.people.get(other, ()):
                last = min(a.last, b.last)
                if a.place == b.place and last >= max(a.years.start, b.years.start):
                    yield last, a.place, a.goes_on and b.goes_on, min(a.called, b.called)


def _tied(hop: Hop) -> _Way:
    return _Way(-hop.whole * WHOLE ** (MOST_HOPS - 1), 1, (hop.target,), (hop,))


def _best_of_each(hops: Iterable[Hop]) -> Iterator[Hop]:
    """Yield for each two people the hop that most likely leads on; of equal ones, the latest."""
    found: dict[tuple[str, str], Hop] = {}
    for hop in hops:
        pair = hop.source, hop.target
        if pair not in found or _rank(hop) > _rank(found[pair]):
            found[pair] = hop
    return iter(found.values())


def _rank(hop: Hop) -> tuple[int, date, str, tuple[str, ...]]:
    return hop.whole, hop.on or date.min, hop.kind, hop.facts


def _led_on(
    ways: Mapping[str, _Way],
    out: Mapping[str, Iterable[Hop]],
    shut: Collection[str],
    known: Mapping[str, _Way],
) -> dict[str, _Way]:
    """Return the best ways that are one hop longer, where they are better than those known."""
    found: dict[str, _Way] = {}
    for source, way in ways.items():
        for hop in out.get(source, ()) if source not in shut else ():
            there = found.get(hop.target) or known.get(hop.target)
            if there is None or way.loss * hop.whole <= there.loss * WHOLE:
                made = way.on(hop)
                if there is None or made[:3] < there[:3]:
                    found[hop.target] = made
    return found


def _to_colleagues(
    ways: Mapping[str, _Way], stays: _Stays, shut: Collection[str], known: Mapping[str, _Way]
) -> dict[str, _Way]:
    """Return the best ways that are one guess longer, where they are better than those known.

    Of those who were at one place in a year only the one with the best way matters: whoever that
    way begins with, or leads to, has a better one already.
    """
    rooms: dict[_Room, _Way] = {}
    for room, people in stays.rooms.items():
        there = (ways[person] for person in people if person in ways and person not in shut)
        if first := min(there, default=None):
            rooms[room] = first
    found: dict[str, _Way] = {}
    for person in stays.people:
        way = min((rooms[room] for room in stays.rooms_of(person) if room in rooms), default=None)
        if way is None or person in way.people:
            continue
        before = known.get(person)
        if before is None or way.loss * _GUESS <= before.loss * WHOLE:
            made = way.on(stays.guess(way.people[-1], person))
            if before is None or made[:3] < before[:3]:
                found[person] = made
    return found


def _better_of(these: Mapping[str, _Way], those: Mapping[str, _Way]) -> dict[str, _Way]:
    """Return for each person the better way; of equal ones the first."""
    found = dict(these)
    for person, way in those.items():
        if person not in found or way[:3] < found[person][:3]:
            found[person] = way
    return found
