"""What I want to find out, in which fields, and how many conversations that takes."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
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
    reference,
    references,
    several,
    texts,
)
from netcrm.model.time import Interval, LocalMoment

Focus = Literal["role", "industry", "organisation", "culture", "career_path", "person"]
Matter = Literal[
    "", "job_application", "university_admission", "programme_enrolment", "business_venture",
    "course_selection", "college_selection", "internship", "summer_job", "other",
]  # fmt: skip


@attrs.frozen(kw_only=True)
class Objective(Entity):
    """A question that I want answered, and the decision it is for."""

    text: str = line()
    focus: Focus = choice(*get_args(Focus), default="role")
    fields: frozenset[str] = label_set()
    organisations: tuple[str, ...] = lines()
    decision: Matter = choice(*get_args(Matter), default="")
    added_on: date = day()
    ended: Literal["", "answered", "dropped"] = choice("", "answered", "dropped", default="")
    ended_on: date | None = day(default=None)

    def __attrs_post_init__(self) -> None:
        if not self.text:
            raise InvalidError("an objective says what I want to know")
        if bool(self.ended) != (self.ended_on is not None):
            raise InvalidError("an objective has both or neither of ended and ended_on")


def _labelled() -> Any:
    return attrs.field(converter=label)


def _share(instance: object, attribute: attrs.Attribute[float], value: float) -> None:
    if not 0 <= value <= 1:
        raise InvalidError(f"relevance is between 0 and 1, not {value}")


def _count(instance: object, attribute: attrs.Attribute[int | None], value: int | None) -> None:
    if value is not None and (type(value) is not int or not 0 <= value <= 100_000):
        raise InvalidError(f"{attribute.name.replace('_', ' ')}: {value!r} is not a number of them")


def _number(default: int | None = None) -> Any:
    return attrs.field(default=default, validator=_count)


@attrs.frozen(kw_only=True)
class Aim(Value):
    """How many interviews in a field, and how much the field matters, from 0 to 1."""

    field: str = _labelled()
    interviews: int = _number(0)
    relevance: float = attrs.field(default=1.0, validator=_share)


@attrs.frozen(kw_only=True)
class Campaign(Entity):
    """A stretch of interviewing: what for, in which fields, and how much of it.

    Without `end` it goes on. `every` is the rhythm of interviews to hold, `weekly_requests` how
    many to ask each week, `max_open` how many may wait for an answer at once, and
    `weekly_minutes` the time that there is.
    """

    name: str = line()
    start: date = day()
    end: date | None = day(default=None)
    objectives: tuple[str, ...] = references()
    aims: tuple[Aim, ...] = several(Aim)
    organisations: tuple[str, ...] = lines()
    every: Interval | None = None
    weekly_requests: int | None = _number()
    max_open: int | None = _number()
    weekly_minutes: int | None = _number()

    def __attrs_post_init__(self) -> None:
        if not self.name:
            raise InvalidError("a campaign needs a name")
        if self.end and self.end < self.start:
            raise InvalidError(f"a campaign cannot end ({self.end}) before it starts")

    def holds_on(self, day: date) -> bool:
        """Whether it is under way on *day*."""
        return self.start <= day and (self.end is None or day <= self.end)


@attrs.frozen(kw_only=True)
class CareerField(Entity):
    """A career field, and the fields that are broader than it or related to it.

    `codes` are its numbers in outside catalogues, such as isco or onet_soc.
    """

    name: str = _labelled()
    title: str = line()
    broader: frozenset[str] = label_set()
    related: frozenset[str] = label_set()
    codes: Mapping[str, str] = texts()

    def __attrs_post_init__(self) -> None:
        if self.name in self.broader | self.related:
            raise InvalidError(f"{self.name} cannot be broader than itself, or related to itself")


@attrs.frozen(kw_only=True)
class Research(Entity):
    """What I found out before talking to somebody, apart from what they say.

    About a person, an organisation, a field, or the setting of a meeting, such as how to dress.
    """

    about: Literal["person", "organisation", "industry", "setting"] = choice(
        "person", "organisation", "industry", "setting"
    )
    contact: str | None = reference(default=None)
    organisation: str = line()
    field: str = line()
    text: str = line()
    link: str = line()
    on: LocalMoment = moment()

    def __attrs_post_init__(self) -> None:
        subject = {"organisation": self.organisation, "industry": self.field}
        if not subject.get(self.about, self.contact):
            raise InvalidError(f"research on the {self.about} says which")
