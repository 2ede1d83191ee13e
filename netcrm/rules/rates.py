"""So many of so many: how sure is a rate that rests on few, and what does it promise?"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

Z: Final = 1.96
"""Half the width of a 95 % interval, in standard errors (the normal distribution)."""


class Rate(NamedTuple):
    """*k* of *n*. The interval is the score interval for 95 % (Wilson 1927)."""

    k: int
    n: int

    @property
    def value(self) -> float | None:
        """The share itself, from 0 to 1; None of nothing."""
        return self.k / self.n if self.n else None

    @property
    def low(self) -> float:
        """The least that the true rate may well be; 0 if there is no data."""
        return self._bound(-1) if self.k else 0.0

    @property
    def high(self) -> float:
        """The most that the true rate may well be; 1 if there is no data."""
        return self._bound(1) if self.k < self.n else 1.0

    def _bound(self, side: int) -> float:
        share, extra = self.k / self.n, Z**2 / self.n
        margin = math.sqrt((share * (1 - share) + extra / 4) * extra)
        return (share + extra / 2 + side * margin) / (1 + extra)

    @property
    def shrunk(self) -> float:
        """(k + 1) / (n + 2), to rank by: one of one is less than nine of ten (Laplace 1774)."""
        return (self.k + 1) / (self.n + 2)

    def overlaps(self, other: Rate) -> bool:
        """Whether the true rates may well be the same, so that neither is to be called better."""
        return self.low <= other.high and other.low <= self.high

    def __str__(self) -> str:
        """Return the counts first, as in "12 of 22, 55 % [35, 73]"."""
        if self.value is None:
            return "no data"
        low, share, high = (f"{100 * part:.0f}" for part in (self.low, self.value, self.high))
        return f"{self.k} of {self.n}, {share} % [{low}, {high}]"


class Needed(NamedTuple):
    """How many requests it may take: from *low* to *high*, or nobody knows (None)."""

    low: int
    high: int | None

    def __str__(self) -> str:
        if self.high is None:
            return f"{self.low} or more, how many is unknown"
        return f"{self.low} to {self.high}" if self.low < self.high else str(self.low)


def needed(more: int, rate: Rate) -> Needed:
    """Return how many requests *more* interviews may take.

    Args:
        more: interviews still wanted; fewer than one take no request.
        rate: interviews held, of requests.
    """
    if more <= 0:
        return Needed(0, 0)
    high = math.ceil(more / rate.low) if rate.low else None
    return Needed(math.ceil(more / rate.high), high)


class Reproduction(NamedTuple):
    """Does one interview lead to the next? Every person counts for one referrer only.

    *held* interviews brought *new* people; *asked* of these were asked, and *led* of those held.
    *pending* referrals may still come to something. The value is that of a branching process
    (Galton and Watson 1875); to use it here is our choice.
    """

    held: int
    new: int
    asked: int
    led: int
    pending: int = 0

    @property
    def value(self) -> float | None:
        """Further interviews for each one held: new / held x asked / new x led / asked."""
        return self.led / self.held if self.held else None

    @property
    def roots(self) -> int:
        """Interviews that are owed to no other; held = roots / (1 - value)."""
        return self.held - self.led

    def __str__(self) -> str:
        if self.value is None:
            return "no data"
        return (
            f"{self.value:.2f} further interviews for each one: {self.held} held, {self.new} new "
            f"people, {self.asked} of them asked, {self.led} of those held; {self.pending} pending"
        )
