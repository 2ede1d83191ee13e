"""Where does everybody stand in the picture? I am in the middle; who led me to others, first."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

SEAT: Final = 18.0
"""How far people stand apart, at least: a line of small print needs as much (our choice)."""
_FIRST: Final = (110.0, 180.0)
"""The least and the greatest radius of the first ring; with more people it has several rows."""
_GROWTH: Final = 6.0
"""Among very many the first ring grows by the root of their number, times this (our choice)."""
_GAP: Final = (36.0, 130.0)
"""The least and the greatest distance between rings; a name fits into the greatest."""
_DEEP: Final = 900.0
"""So much all gaps take together at most, as long as each has the least."""
_SECTORS: Final = 12
"""Of so many groups each has a sector of its own (our choice)."""
_BRANCH: Final = 6.0
"""Somebody at the end of a branch has so many times the room of one in the crowd (our choice)."""
_LEAST: Final = 0.25
"""All branches have this share of the circle at least, unless they need less (our choice)."""
_SPREAD: Final = 0.75
"""Room grows by this power of the ends of a branch, so that the small have some (our choice)."""
_TOP: Final = -math.pi / 2


class Spot(NamedTuple):
    """Where somebody stands; `ring` is how many steps from me. Angles turn clockwise from right."""

    x: float
    y: float
    ring: int
    angle: float


class Sector(NamedTuple):
    """Where those of one group stand who led me to nobody; without a name, all the others."""

    name: str
    start: float
    end: float
    radius: float
    size: int


class Layout(NamedTuple):
    """A place for everybody.

    Attributes:
        spots: by person, branch by branch, then sector by sector.
        parents: through whom each came, where both are in the picture.
        below: how many came by way of each person.
        sectors: the groups of those who led me to nobody.
        rings: the radius at which each ring begins, from the first.
        radius: of a circle around everybody.
    """

    spots: Mapping[str, Spot]
    parents: Mapping[str, str]
    below: Mapping[str, int]
    sectors: tuple[Sector, ...]
    rings: tuple[float, ...]
    radius: float


def layout(groups: Mapping[str, str], forest: Mapping[str, str]) -> Layout:
    """Return where to draw everybody, the same for the same people and forest.

    Branches come first, clockwise from the top, the largest ahead; each has the room that its ends
    need. Then come those who led me to nobody, in sectors by their group, in as many rows as they
    need. Takes time in proportion to n log n.

    Args:
        groups: the group of each person, such as a career field; empty for none.
        forest: through whom each person came, as `lineage.credited` says it; the others I know by
            myself.
    """
    parents = {
        one: through for one, through in forest.items() if one in groups and through in groups
    }
    tree = _Tree(groups, parents)
    crowd = [root for root in tree.roots if not tree.children.get(root)]
    ends = sum(tree.ends[root] for root in tree.roots if tree.children.get(root))
    needed = _BRANCH * ends + len(crowd)
    most = max(_FIRST[1], _GROWTH * math.sqrt(len(groups)))
    first = min(max(SEAT * (needed + _SECTORS) / math.tau, _FIRST[0]), most)
    seam = SEAT / first
    around = math.tau - 2 * seam
    in_a_row = (len(crowd) + len({groups[one] for one in crowd})) * _apart(first)
    share = _share(ends, len(crowd), around, first, in_a_row)
    placed, rings = _branches(tree, _TOP + seam / 2, share, first)
    sectors = _sectors(crowd, groups, around - share, first)
    seated, shown = _seats(sectors, _TOP + share + seam * 1.5, first)
    placed.update(seated)
    outermost = max((radius for radius, _, _ in placed.values()), default=0.0)
    return Layout(
        {person: _spot(*polar) for person, polar in placed.items()},
        parents,
        {person: size - 1 for person, size in tree.sizes.items()},
        tuple(shown),
        tuple(round(radius, 2) for radius in rings),
        round(outermost + SEAT, 2),
    )


def _share(ends: int, crowd: int, around: float, first: float, in_a_row: float) -> float:
    """Return the angle of all branches; no more than leaves a small crowd room for one row."""
    if not ends:
        return 0.0
    wanted = around * _BRANCH * ends / (_BRANCH * ends + crowd)
    needed = ends * _apart(first)
    spare = around - in_a_row
    return min(wanted, spare) if spare >= needed else max(wanted, min(needed, around * _LEAST))


def _spot(radius: float, angle: float, ring: int) -> Spot:
    x, y = radius * math.cos(angle), radius * math.sin(angle)
    return Spot(round(x, 2) + 0.0, round(y, 2) + 0.0, ring, round(angle, 5))  # never -0.0


class _Tree:
    """Who came through whom: the larger branch first, then by name. Branches may be long chains."""

    def __init__(self, people: Iterable[str], parents: Mapping[str, str]) -> None:
        self.children: dict[str, list[str]] = {}
        self.roots: list[str] = []
        for person in people:
            if person in parents:
                self.children.setdefault(parents[person], []).append(person)
            else:
                self.roots.append(person)
        self.ends: dict[str, int] = {}
        self.sizes: dict[str, int] = {}
        for person in reversed(list(self.down(self.roots))):  # those at the ends first
            below = self.children.get(person, ())
            self.ends[person] = sum(self.ends[child] for child in below) or 1
            self.sizes[person] = sum(self.sizes[child] for child in below) + 1
        for siblings in (self.roots, *self.children.values()):
            siblings.sort(key=lambda one: (-self.sizes[one], one))

    def down(self, people: Sequence[str]) -> Iterator[str]:
        """Yield these and everybody below them, each before those who came through them."""
        waiting = list(reversed(people))
        while waiting:
            person = waiting.pop()
            yield person
            waiting += reversed(self.children.get(person, ()))


Polar = tuple[float, float, int]


def _branches(
    tree: _Tree, start: float, share: float, first: float
) -> tuple[dict[str, Polar], list[float]]:
    """Place who led me to others, and them, in rings; return also where each ring begins."""
    roots = [root for root in tree.roots if tree.children.get(root)]
    levels = []
    level = _wedges(roots, tree, start, share)
    while level:
        levels.append(level)
        level = [
            below
            for person, begin, width in level
            for below in _wedges(tree.children.get(person, ()), tree, begin, width)
        ]
    gap = min(max(_DEEP / max(len(levels), 1), _GAP[0]), _GAP[1])
    placed: dict[str, Polar] = {}
    rings, radius = [first], first
    for ring, level in enumerate(levels, 1):
        middles = [(person, begin + width / 2) for person, begin, width in level]
        rows = _rows([angle for _, angle in middles], radius)
        for (person, angle), row in zip(middles, rows, strict=True):
            placed[person] = radius + row * SEAT, angle, ring
        if ring < len(levels):
            radius += max(rows) * SEAT + gap
            rings.append(radius)
    order = dict.fromkeys(tree.down(roots))
    return {person: placed[person] for person in order}, rings


def _wedges(
    people: Iterable[str], tree: _Tree, start: float, room: float
) -> list[tuple[str, float, float]]:
    """Give people angles one after the other: where it begins, and how wide it is."""
    shares = {person: tree.ends[person] ** _SPREAD for person in people}
    each = room / sum(shares.values()) if shares else 0.0
    found = []
    for person, share in shares.items():
        found.append((person, start, each * share))
        start += each * share
    return found


def _rows(angles: Sequence[float], radius: float) -> list[int]:
    """Return for each of some angles, in order, the first row where there is still room."""
    busy: list[tuple[float, int]] = []
    free: list[int] = []
    rows, found = 0, []
    for angle in angles:
        while busy and busy[0][0] <= angle:
            heapq.heappush(free, heapq.heappop(busy)[1])
        if free:
            row = heapq.heappop(free)
        else:
            row, rows = rows, rows + 1
        found.append(row)
        heapq.heappush(busy, (angle + _apart(radius + row * SEAT), row))
    return found


def _apart(radius: float) -> float:
    """Return the angle between two who stand next to each other on a circle."""
    return 2 * math.asin(min(SEAT / (2 * radius), 1.0)) * (1 + 1e-9)


def _sectors(
    crowd: Sequence[str], groups: Mapping[str, str], room: float, first: float
) -> list[tuple[str, list[str], float]]:
    """Return the groups of a crowd with their members and angles; the largest first, others last.

    A group that is too small for a sector is among the others.
    """
    members: dict[str, list[str]] = {}
    for person in crowd:
        members.setdefault(groups[person], []).append(person)
    least = 2 * _apart(first)
    seats = len(crowd) + len(members)
    fits = (least - 1e-9) * seats / room - 1 if crowd else 0.0  # so many take as much as the least
    named = sorted((name for name in members if name), key=lambda one: (-len(members[one]), one))
    kept = [one for one in named[:_SECTORS] if len(members[one]) >= fits]
    others = [person for person in crowd if groups[person] not in kept]
    parts = [(name, members[name]) for name in kept] + ([("", others)] if others else [])
    spare = room - least * len(parts)
    more = len(crowd) - len(parts)
    return [
        (name, people, least + (spare * (len(people) - 1) / more if more else spare / len(parts)))
        for name, people in parts
    ]


def _seats(
    sectors: Iterable[tuple[str, list[str], float]], start: float, first: float
) -> tuple[dict[str, Polar], list[Sector]]:
    """Seat a crowd, sector by sector, each in rows as those of a theatre."""
    placed: dict[str, Polar] = {}
    shown = []
    pad = _apart(first) / 2
    for name, people, width in sectors:
        begin, room = start + pad, width - 2 * pad
        counts = _row_counts(len(people), room, first)
        seats = sorted(
            (begin + room * (seat + 0.5) / count, first + row * SEAT)
            for row, count in enumerate(counts)
            for seat in range(count)
        )
        for person, (angle, radius) in zip(people, seats, strict=True):
            placed[person] = radius, angle, 1
        edge = first + len(counts) * SEAT
        shown.append(
            Sector(name, round(begin, 5), round(begin + room, 5), round(edge, 2), len(people))
        )
        start += width
    return placed, shown


def _row_counts(people: int, room: float, first: float) -> list[int]:
    """Return how many sit in each row, so that all rows are about equally dense."""
    takes: list[int] = []
    while sum(takes) < people:
        radius = first + len(takes) * SEAT
        takes.append(max(int(room / _apart(radius) + 1e-6), 1))
    total = sum(takes)
    counts = [people * most // total for most in takes]
    left = people - sum(counts)
    for row in reversed(range(len(counts))):
        more = min(left, takes[row] - counts[row])
        counts[row], left = counts[row] + more, left - more
    return [count for count in counts if count]
