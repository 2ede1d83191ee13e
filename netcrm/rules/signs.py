"""What may speak for two people being one, or against it, and what it comes to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

SAID: Final[Mapping[str, str]] = {
    "family": "the family name {0}",
    "family alike": "the family names {0} and {1} are alike",
    "family other": "{0} is another family name than {1}",
    "given": "the given name {0}",
    "given short": "{0} and {1} are short for one name",
    "given initial": "{0} may stand for {1}",
    "given alike": "the given names {0} and {1} are alike",
    "given other": "{0} is another given name than {1}",
    "name alike": "the names {0} and {1} are alike",
    "turned": "given and family name change places",
    "alias": "both are called {0}",
    "generation": "{0} is not {1}",
    "email": "the e-mail address {0}",
    "email shared": "the e-mail address {0}, which several people may read",
    "mailbox": "{0}@ at two places",
    "phone": "a phone number that ends in {0}",
    "phone other": "other phone numbers",
    "profile": "the profile {0}",
    "profile other": "other profiles",
    "organisation": "both are at {0}",
    "organisation other": "other organisations",
    "title": "both are {0}",
    "location": "the same place",
    "location other": "other places",
    "born": "born {0}",
    "born alike": "born {0} and {1}, which are alike",
    "born other": "born {0} and {1}",
    "connected": "connected on the same day, {0}",
    "address": "the same address",
    "address alike": "addresses that are alike",
    "address other": "other addresses",
    "namesakes": "there are namesakes",
    "relatives": "relatives share that too",
    "colleagues": "colleagues share that too",
}
"""What each sign says, of what either of the two has."""


class Sign(NamedTuple):
    """One thing that speaks for two people being one, or against it.

    `bits` is how much: each doubles the odds, or halves them where it is negative.
    """

    code: str
    text: str
    bits: float


class Likeness(NamedTuple):
    """Two people who may be one: `score` is how likely, from 0 to 1, and `signs` tell why."""

    a: str
    b: str
    score: float
    signs: tuple[Sign, ...]


def likeliest_first(found: Iterable[Likeness]) -> list[Likeness]:
    """Return likenesses in order of their score."""
    return sorted(found, key=lambda likeness: (-likeness.score, likeness.a, likeness.b))


def with_signs(likeness: Likeness, signs: Iterable[Sign]) -> Likeness:
    """Return a likeness for which there are more signs."""
    more = tuple(signs)
    chance = min(max(likeness.score, 1e-18), 1 - 1e-15)
    bits = math.log2(chance / (1 - chance)) + sum(sign.bits for sign in more)
    likely = score(bits) if more else likeness.score
    return likeness._replace(score=likely, signs=(*likeness.signs, *more))


def score(bits: float) -> float:
    """Return how likely it is what so many bits speak for, from 0 to 1."""
    odds: float = 2.0 ** max(-60.0, min(60.0, bits))
    return odds / (1 + odds)
