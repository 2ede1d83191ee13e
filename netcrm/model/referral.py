"""Who pointed me to whom: the edges of the who-introduced-whom graph."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

from typing import Literal, get_args

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import Entity, Value, choice, line, moment, reference, several
from netcrm.model.time import LocalMoment, PartialDate

Step = Literal[
    "requested", "offered", "introduced", "contacted", "met",
    "declined_by_referrer", "declined", "no_response", "withdrawn",
]  # fmt: skip
Mode = Literal["name_only", "offered", "double_opt_in", "direct"]


@attrs.frozen(kw_only=True)
class ReferralStep(Value):
    """One thing that came of a referral, and when."""

    step: Step = choice(*get_args(Step))
    on: PartialDate


@attrs.frozen(kw_only=True)
class Referral(Entity):
    """*referrer* pointed me to *referred*. The same two may occur again; cycles are legal.

    `at` is the moment of it, where more than `made_on` is known. `may_use_name` says whether I may
    mention the referrer. `steps` are what came of it, the oldest first.
    """

    referrer: str = reference()
    referred: str = reference()
    made_on: PartialDate
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
