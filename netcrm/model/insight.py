"""What was learned from people, what came of it, and what they told me of."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import (
    Entity,
    Value,
    choice,
    day,
    label_set,
    line,
    moment,
    prose,
    reference,
    references,
    several,
)
from netcrm.model.time import LocalMoment

Category = Literal[
    "daily_work", "skills", "progression", "trend", "growth", "challenge", "opportunity", "culture",
    "pay", "path", "discovery", "advice", "resource", "feedback",
]  # fmt: skip
Use = Literal["planned", "applied", "set_aside"]
Offer = Literal["job", "internship", "summer_job", "programme", "event", "project", "mentoring"]


@attrs.frozen(kw_only=True)
class InsightStep(Value):
    """What became of an insight on a day: planned to be applied by `due`, applied or set aside."""

    use: Use = choice(*get_args(Use))
    on: LocalMoment = moment()
    due: date | None = day(default=None)

    def __attrs_post_init__(self) -> None:
        if self.due is not None and self.use != "planned":
            raise InvalidError(f"an insight that is {self.use} is due no more")


@attrs.frozen(kw_only=True)
class Insight(Entity):
    """One thing learned: from whom, on which day, about what. Advice is an insight to apply.

    `first_hand` says that the person knows it themselves. What is confidential stands in no draft
    and no export.
    """

    text: str = prose()
    category: Category = choice(*get_args(Category), default="daily_work")
    stance: Literal["positive", "negative", "neutral"] = choice(
        "positive", "negative", "neutral", default="neutral"
    )
    fields: frozenset[str] = label_set()
    organisation: str = line()
    role: str = line()
    contact: str | None = reference(default=None)
    interview: str | None = reference(default=None)
    objective: str | None = reference(default=None)
    observed_on: date = day()
    first_hand: bool = True
    confidential: bool = False
    steps: tuple[InsightStep, ...] = several(InsightStep)

    def __attrs_post_init__(self) -> None:
        if not self.text:
            raise InvalidError("an insight says something")

    def step(self, as_of: LocalMoment) -> InsightStep | None:
        """Return what had become of it by *as_of*; None if it was only noted."""
        return next((step for step in reversed(self.steps) if step.on.is_by(as_of)), None)


@attrs.frozen(kw_only=True)
class Decision(Entity):
    """What I decided on a day, and the insights behind it. With `is_goal` it is my career goal."""

    text: str = prose()
    on: LocalMoment = moment()
    insights: tuple[str, ...] = references()
    objective: str | None = reference(default=None)
    is_goal: bool = False

    def __attrs_post_init__(self) -> None:
        if not self.text:
            raise InvalidError("a decision says something")


@attrs.frozen(kw_only=True)
class Opportunity(Entity):
    """An opening, programme or event that somebody told me of, though I did not ask for one.

    `advertised` is None where that is not known. `outcome` says what came of it, on a day.
    """

    text: str = prose()
    kind: Offer = choice(*get_args(Offer), default="job")
    organisation: str = line()
    contact: str = reference()
    interview: str | None = reference(default=None)
    heard_on: date = day()
    advertised: bool | None = None
    outcome: str = line()
    outcome_on: LocalMoment | None = moment(default=None)

    def __attrs_post_init__(self) -> None:
        if not self.text:
            raise InvalidError("an opportunity says what it is")
        if bool(self.outcome) != (self.outcome_on is not None):
            raise InvalidError("an opportunity has both or neither of outcome and outcome_on")
