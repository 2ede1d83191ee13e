"""Me: what I bring, what I look for, how I introduce myself, and how sure I feel."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal, get_args

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import (
    Entity,
    Value,
    check_day,
    choice,
    day,
    label_set,
    lines,
    prose,
    rating,
    references,
    several,
)

Walk = Literal["", "high_school", "college", "graduate", "career_changer", "employed", "other"]

ME = "me"
"""The id of the one profile of a network."""


@attrs.frozen(kw_only=True)
class Pitch(Value):
    """How I introduce myself, from a day on; `because` are insights that led to this version."""

    on: date = day()
    education: str = prose()
    activities: str = prose()
    interests: str = prose()
    goals: str = prose()
    seeking: str = prose()
    because: tuple[str, ...] = references()

    @property
    def text(self) -> str:
        """All of it, as it is said."""
        parts = (self.education, self.activities, self.interests, self.goals, self.seeking)
        return " ".join(filter(None, parts))


@attrs.frozen(kw_only=True)
class Practice(Value):
    """I practised my pitch on a day, for some minutes."""

    on: date = day()
    minutes: int = 1

    def __attrs_post_init__(self) -> None:
        if type(self.minutes) is not int or not 0 < self.minutes <= 600:
            raise InvalidError(f"{self.minutes!r} minutes is not a time people practise for")


@attrs.frozen(kw_only=True)
class Confidence(Value):
    """How sure I felt on a day, from 1 to 5."""

    on: date = day()
    level: int = rating()
    note: str = prose()


def _days(days: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(set(days), key=str))  # as what is no day is refused only then


@attrs.frozen(kw_only=True)
class Profile(Entity):
    """What drafts and briefs may say of me. A network has one, under the id `ME`.

    `holidays` are days on which I do not count on anybody to work; deadlines skip them.
    """

    stage: Walk = choice(*get_args(Walk), default="")
    education: str = prose()
    activities: str = prose()
    seeking: str = prose()
    interests: frozenset[str] = label_set()
    skills: frozenset[str] = label_set()
    values: frozenset[str] = label_set()
    links: tuple[str, ...] = lines()
    pitches: tuple[Pitch, ...] = several(Pitch)
    practices: tuple[Practice, ...] = several(Practice)
    confidence: tuple[Confidence, ...] = several(Confidence)
    holidays: tuple[date, ...] = attrs.field(
        default=(), converter=_days, validator=attrs.validators.deep_iterable(check_day)
    )

    def pitch(self, day: date) -> Pitch | None:
        """Return the pitch of a day: the last version made by then."""
        made = [pitch for pitch in reversed(self.pitches) if pitch.on <= day]
        return max(made, key=lambda pitch: pitch.on, default=None)
