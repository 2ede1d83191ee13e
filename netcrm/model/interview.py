"""The informational interview: who is asked for what, the questions, and what was learned."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, get_args

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import (
    Entity,
    Value,
    choice,
    day,
    label,
    label_set,
    line,
    lines,
    moment,
    one_to_five,
    prose,
    rating,
    reference,
    references,
    several,
)
from netcrm.model.interaction import Format
from netcrm.model.time import LocalMoment

Topic = Literal[
    "role", "industry", "career_path", "organisation", "culture", "preparation", "advice",
    "referral", "personal",
]  # fmt: skip
Turn = Literal["lapse", "drop", "call_off", "no_referrals"]

ASKED_MINUTES = 30
"""What to ask for, as career offices advise; 20 to 60 minutes are usual."""


@attrs.frozen(kw_only=True)
class Question(Value):
    """One question of an interview: why it is asked, and what the answer was.

    `key` names the question of the bank that it is. `dig_deeper` carries the subject over to the
    next time.
    """

    text: str = line()
    topic: Topic = choice(*get_args(Topic), default="role")
    key: str = line()
    why_not_online: str = line()
    objective: str | None = reference(default=None)
    must_ask: bool = False
    added_on: LocalMoment = moment()
    answer: str = prose()
    answered_on: LocalMoment | None = moment(default=None)
    follow_ups: tuple[str, ...] = lines()
    dig_deeper: bool = False

    def __attrs_post_init__(self) -> None:
        if not self.text:
            raise InvalidError("an empty question")


def _ratings(said: Mapping[str, int]) -> Mapping[str, int]:
    return MappingProxyType(dict(sorted((label(name), said[name]) for name in said)))


def _each_one_to_five(
    instance: object, attribute: attrs.Attribute[Any], value: Mapping[str, int]
) -> None:
    for name in value:
        one_to_five(name, value[name])


@attrs.frozen(kw_only=True)
class Evaluation(Value):
    """What I make of an interview afterwards: six questions, ratings, and what to do next.

    `ratings` go from 1 to 5 by criterion, such as interest or values; `confidence` is how sure I am
    of them. `who_else` are people or places to turn to next, in words.
    """

    on: LocalMoment = moment()
    liked: str = prose()
    challenging: str = prose()
    rewarding: str = prose()
    satisfying: str = prose()
    disliked: str = prose()
    daily_tasks: str = prose()
    skills: frozenset[str] = label_set()
    experience: str = prose()
    training_and_paths: str = prose()
    gaps: frozenset[str] = label_set()
    who_else: tuple[str, ...] = lines()
    next_steps: tuple[str, ...] = lines()
    ratings: Mapping[str, int] = attrs.field(
        factory=dict, converter=_ratings, validator=_each_one_to_five, hash=False
    )
    fields: frozenset[str] = label_set()
    confidence: int | None = rating(default=None)
    decision: Literal["", "deepen", "keep_open", "drop"] = choice(
        "", "deepen", "keep_open", "drop", default=""
    )


@attrs.frozen(kw_only=True)
class InterviewStep(Value):
    """A turn that no conversation or meeting tells of, and when it was taken.

    * lapse: I count on no answer any more.
    * drop: I let it be.
    * call_off: a meeting that was missed will not be made up for.
    * no_referrals: asked whom else to talk to, they knew nobody.
    """

    what: Turn = choice(*get_args(Turn))
    on: LocalMoment = moment()
    note: str = line()


def _length(instance: object, attribute: attrs.Attribute[int], value: int) -> None:
    if type(value) is not int or not 0 < value <= 600:
        raise InvalidError(f"{value!r} minutes is not the length of an interview")


def _once(formats: Iterable[Format]) -> tuple[Format, ...]:
    return tuple(dict.fromkeys(formats))


def _is_format(instance: object, attribute: attrs.Attribute[Any], value: str) -> None:
    if value not in get_args(Format):
        raise InvalidError(f"{value!r} is not a format; choose from {', '.join(get_args(Format))}")


@attrs.frozen(kw_only=True)
class Interview(Entity):
    """One thread from asking to thanking, with one person or several.

    Where it stands is not stored: it follows from the conversations and meetings that name this
    interview, and from `steps`. `minutes` is what was asked for, `referral` how I came to ask.
    `initiator` is "them" where somebody asked me.
    """

    contacts: tuple[str, ...] = references()
    opened_on: date = day()
    initiator: Literal["me", "them"] = choice("me", "them", default="me")
    minutes: int = attrs.field(default=ASKED_MINUTES, validator=_length)
    formats: tuple[Format, ...] = attrs.field(
        default=(), converter=_once, validator=attrs.validators.deep_iterable(_is_format)
    )
    objectives: tuple[str, ...] = references()
    campaign: str | None = reference(default=None)
    referral: str | None = reference(default=None)
    questions: tuple[Question, ...] = several(Question)
    steps: tuple[InterviewStep, ...] = several(InterviewStep)
    evaluation: Evaluation | None = None
    note: str = prose()

    def __attrs_post_init__(self) -> None:
        if not self.contacts:
            raise InvalidError("an interview is with somebody")
