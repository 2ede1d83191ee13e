"""Which career fits best, and how much does that depend on what one finds important?"""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

import attrs

from netcrm.errors import InvalidError

FEWEST: Final = 2
"""Interviews of each field without which there is no verdict (our choice)."""

TENTHS: Final = 10
"""Weights are tried in steps of a tenth (our choice): 1001 ways to weigh five criteria."""

MOST_CRITERIA: Final = 6
"""With more criteria their weights are not tried: six have 3003 ways already (our choice)."""

_CLOSE: Final = 1e-9
"""Weights and means that differ by less are equal: what adding up parts may lose."""


class Rated(NamedTuple):
    """How an interview rated a field from 1 to 5 by criterion, and what was liked and disliked."""

    field: str
    interview: str
    ratings: Mapping[str, int]
    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()


class Mean(NamedTuple):
    """The mean of *n* ratings that add up to *total*."""

    total: int
    n: int

    @property
    def value(self) -> float:
        """The mean, from 1 to 5."""
        return self.total / self.n


class Quote(NamedTuple):
    """Words about a field, and the interview they are from."""

    interview: str
    text: str


@attrs.frozen(kw_only=True)
class Career:
    """How one field did in the interviews.

    *n* interviews rated it; *means* holds the criteria that any of them rated, each over those that
    did. *mean* weighs these; it is None if a criterion was never rated. *low* and *high* are the
    weighted ratings of single interviews; None unless all of them rated all criteria. *firsts*
    counts the weightings in which the field alone comes first.
    """

    field: str
    n: int
    means: Mapping[str, Mean]
    mean: float | None
    low: float | None
    high: float | None
    firsts: int
    liked: tuple[Quote, ...]
    disliked: tuple[Quote, ...]


class Duel(NamedTuple):
    """In how many weightings a field is *ahead* of another, *level* with it and *behind* it."""

    ahead: int
    level: int
    behind: int


@attrs.frozen(kw_only=True)
class Comparison:
    """Fields side by side, the best first by the weighted mean; those without one come last.

    *weightings* is how many ways to weigh the criteria were tried, 0 for too many criteria; in
    *ties* of them several fields come first. Fields without a weighted mean take no part there.
    *dominance* holds pairs: the first field is nowhere worse than the second, and somewhere better.
    """

    weights: Mapping[str, float]
    careers: tuple[Career, ...]
    weightings: int
    ties: int
    dominance: tuple[tuple[str, str], ...]

    def duel(self, one: Career, other: Career) -> Duel | None:
        """Return how two fields fare over all weightings; None if these were not tried."""
        if not self.weightings or one.mean is None or other.mean is None:
            return None
        gaps = _gaps(one, other, self.weights)
        sums = [_weighed(gaps, weighting) for weighting in _weightings(len(gaps))]
        ahead, level = sum(gap > 0 for gap in sums), sum(gap == 0 for gap in sums)
        return Duel(ahead, level, len(sums) - ahead - level)

    @property
    def verdict(self) -> str:
        """What can be said of it in words; with too few interviews, that nothing can."""
        if len(self.careers) < 2:
            return "No verdict: it takes two fields to compare."
        if few := [f"{one.field} ({one.n})" for one in self.careers if one.n < FEWEST]:
            return f"No verdict yet: fewer than {FEWEST} interviews of {', '.join(few)}."
        if partial := [one.field for one in self.careers if one.mean is None]:
            return f"No verdict yet: not every criterion was rated for {', '.join(partial)}."
        return " ".join((self._lead(*self.careers[:2]), self._caution()))

    def _lead(self, first: Career, second: Career) -> str:
        assert first.mean is not None
        assert second.mean is not None
        by = "equal weights" if len(set(self.weights.values())) == 1 else "your weights"
        if first.mean - second.mean <= _CLOSE:
            said = f"{first.field} and {second.field} are level with {by}."
        else:
            said = f"{first.field} comes first with {by}, then {second.field}."
        duel = self.duel(first, second)
        if duel is None:
            return f"{said} Other weights were not tried: there are too many criteria."
        kept = f"{duel.ahead + duel.level} of {self.weightings} weightings"
        level = f"{first.field} stays at least level with {second.field}"
        return f"{said} {level} for {kept}, and ahead for {duel.ahead}."

    def _caution(self) -> str:
        fewest, most = (pick(one.n for one in self.careers) for pick in (min, max))
        count = str(most) if fewest == most else f"{fewest} to {most}"
        return f"This rests on {count} interviews of each field, so it is no more than a hint."


def compare(rows: Iterable[Rated], weights: Mapping[str, float] | None = None) -> Comparison:
    """Compare the fields that interviews rated; the order of *rows* does not matter.

    An interview that lacks a criterion counts for the others. The people one talks to are no random
    sample of a career, however many they are.

    Args:
        rows: one for each interview and field.
        weights: how much each criterion counts; others take no part. Without it all that were rated
            count alike.

    Raises:
        InvalidError: the weights do not add up to 1, or one is negative or of no known criterion.
    """
    rows = sorted(rows, key=lambda row: (row.field, row.interview))
    known = sorted({criterion for row in rows for criterion in row.ratings})
    weights = _equal(known) if weights is None else _checked(weights, known)
    found = [
        _career(field, list(group), weights)
        for field, group in itertools.groupby(rows, key=lambda row: row.field)
    ]
    rated = [one for one in found if one.mean is not None]
    leaders = _leaders(rated, weights)
    alone = {one.field: leaders[one.field,] for one in found}
    return Comparison(
        weights=weights,
        careers=tuple(
            sorted((attrs.evolve(one, firsts=alone[one.field]) for one in found), key=_order)
        ),
        weightings=leaders.total(),
        ties=leaders.total() - sum(alone.values()),
        dominance=tuple(
            (one.field, other.field)
            for one, other in itertools.permutations(rated, 2)
            if _dominates(one, other, weights)
        ),
    )


def _equal(criteria: Collection[str]) -> dict[str, float]:
    return {criterion: 1 / len(criteria) for criterion in criteria}


def _checked(weights: Mapping[str, float], known: Collection[str]) -> dict[str, float]:
    """Return weights as they are, if they are such."""
    if known and (strange := sorted(weights.keys() - set(known))):
        named, rated = ", ".join(strange), ", ".join(known)
        raise InvalidError(f"no interview was rated by {named}; there are {rated}")
    total = sum(weights.values())
    if not abs(total - 1) <= _CLOSE:  # also if it is not a number
        raise InvalidError(f"the weights add up to {total:.10g}, not to 1")
    if min(weights.values()) < 0:
        raise InvalidError("a weight cannot be negative")
    return dict(weights)


def _career(field: str, rows: Collection[Rated], weights: Mapping[str, float]) -> Career:
    criteria = weights.keys()
    given = {c: [row.ratings[c] for row in rows if c in row.ratings] for c in criteria}
    means = {c: Mean(sum(ratings), len(ratings)) for c, ratings in given.items() if ratings}
    whole = [
        _mean(row.ratings, weights)
        for row in rows
        if row.ratings and criteria <= row.ratings.keys()
    ]
    if len(whole) < len(rows):
        whole = []  # a range over some of them need not hold the mean of all
    values = {c: mean.value for c, mean in means.items()}
    return Career(
        field=field,
        n=len({row.interview for row in rows if criteria & row.ratings.keys()}),
        means=means,
        mean=_mean(values, weights) if values and values.keys() == criteria else None,
        low=min(whole, default=None),
        high=max(whole, default=None),
        firsts=0,
        liked=tuple(Quote(row.interview, text) for row in rows for text in row.liked),
        disliked=tuple(Quote(row.interview, text) for row in rows for text in row.disliked),
    )


def _mean(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return math.fsum(values[criterion] * weight for criterion, weight in weights.items())


def _order(one: Career) -> tuple[float, str]:
    """Return the better before the worse; what differs by rounding only goes by name."""
    return (math.inf if one.mean is None else -round(one.mean, 9), one.field)


@functools.cache
def _weightings(criteria: int) -> tuple[tuple[int, ...], ...]:
    """Return every way to share ten tenths among so many criteria: stars and bars."""
    if criteria > MOST_CRITERIA:
        return ()
    end = TENTHS + criteria - 1
    return tuple(
        tuple(bar - before - 1 for before, bar in itertools.pairwise((-1, *bars, end)))
        for bars in itertools.combinations(range(end), criteria - 1)
    )


def _points(fields: Collection[Career], criteria: Collection[str]) -> list[list[int]]:
    """Return the means of *fields* as whole numbers on one scale, so that ties are exact."""
    scale = math.lcm(*(mean.n for one in fields for mean in one.means.values()))
    means = [[one.means[criterion] for criterion in criteria] for one in fields]
    return [[mean.total * scale // mean.n for mean in of_one] for of_one in means]


def _weighed(points: Iterable[int], weighting: Iterable[int]) -> int:
    return sum(map(operator.mul, points, weighting))


def _leaders(fields: Collection[Career], weights: Mapping[str, float]) -> Counter[tuple[str, ...]]:
    """Return which fields come first together, and in how many weightings."""
    points = _points(fields, weights)
    leaders: Counter[tuple[str, ...]] = Counter()
    for weighting in _weightings(len(weights)) if points else ():
        scores = [_weighed(of_one, weighting) for of_one in points]
        best = max(scores)
        leaders[
            tuple(f.field for f, score in zip(fields, scores, strict=True) if score == best)
        ] += 1
    return leaders


def _gaps(one: Career, other: Career, criteria: Collection[str]) -> list[int]:
    """Return by how much one field is better than another in each criterion, on one scale."""
    return [p - q for p, q in zip(*_points((one, other), criteria), strict=True)]


def _dominates(one: Career, other: Career, criteria: Collection[str]) -> bool:
    gaps = _gaps(one, other, criteria)
    return min(gaps) >= 0 < max(gaps)
