"""Who pointed me to whom, who knows whom, and whom I introduce: how people are connected."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

from datetime import date
from typing import Final, Literal, get_args

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import (
    Entity,
    Value,
    choice,
    dated,
    line,
    moment,
    reference,
    references,
    several,
)
from netcrm.model.time import LocalMoment, PartialDate

Step = Literal[
    "requested", "offered", "introduced", "contacted", "met",
    "declined_by_referrer", "declined", "no_response", "withdrawn",
]  # fmt: skip
Mode = Literal["name_only", "offered", "double_opt_in", "direct"]
Turn = Literal["asked", "agreed", "declined", "introduced", "met", "dropped"]

_BY_ONE: Final = ("asked", "agreed", "declined")


@attrs.frozen(kw_only=True)
class ReferralStep(Value):
    """One thing that came of a referral, and when."""

    step: Step = choice(*get_args(Step))
    on: PartialDate = dated()


@attrs.frozen(kw_only=True)
class Referral(Entity):
    """*referrer* pointed me to *referred*. The same two may occur again; cycles are legal.

    `at` is the moment of it, where more than `made_on` is known. `may_use_name` says whether I may
    mention the referrer. `steps` are what came of it, the oldest first.
    """

    referrer: str = reference()
    referred: str = reference()
    made_on: PartialDate = dated()
    at: LocalMoment | None = moment(default=None)
    mode: Mode = choice(*get_args(Mode), default="name_only")
    may_use_name: Literal["yes", "no", "unknown"] = choice(
        "yes", "no", "unknown", default="unknown"
    )
    context: str = line()
    interaction: str | None = reference(default=None)
    steps: tuple[ReferralStep, ...] = several(ReferralStep)

    def __attrs_post_init__(self) -> None:
        if self.referrer == self.referred:
            raise InvalidError("nobody refers me to themselves")

    @property
    def day(self) -> date:
        """The day on which it was made: the first that it may have been."""
        return self.made_on.first


def _two_people(contacts: tuple[str, ...]) -> None:
    if len(contacts) != 2:
        raise InvalidError("takes two different people")


@attrs.frozen(kw_only=True)
class Acquaintance(Entity):
    """Two people know each other, as I was told on a day, by `told_by` where that is known.

    `how` is how they know each other, such as "studied together". Of the same two there is one each
    time that something new was told, so that of a day in the past only what was told by then is
    known; together they say what is known now.
    """

    contacts: tuple[str, ...] = references()
    how: str = line()
    told_by: str | None = reference(default=None)
    noted_on: LocalMoment = moment()

    def __attrs_post_init__(self) -> None:
        _two_people(self.contacts)


@attrs.frozen(kw_only=True)
class IntroductionStep(Value):
    """One thing that came of an introduction; `contact` is who was asked, agreed or declined."""

    what: Turn = choice(*get_args(Turn))
    on: LocalMoment = moment()
    contact: str | None = reference(default=None)

    def __attrs_post_init__(self) -> None:
        if (self.what in _BY_ONE) != (self.contact is not None):
            raise InvalidError(
                f"who {self.what}? asked, agreed and declined say who, others do not"
            )


@attrs.frozen(kw_only=True)
class Introduction(Entity):
    """I bring two people together, each of whom is asked first.

    `context` is why they should meet. `steps` are what came of it, as they were noted.
    """

    contacts: tuple[str, ...] = references()
    begun_on: LocalMoment = moment()
    context: str = line()
    steps: tuple[IntroductionStep, ...] = several(IntroductionStep)

    def __attrs_post_init__(self) -> None:
        _two_people(self.contacts)
        if any(step.contact not in (None, *self.contacts) for step in self.steps):
            raise InvalidError("only the two who are introduced are asked, agree or decline")
