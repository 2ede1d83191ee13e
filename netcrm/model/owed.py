"""Promises between me and people, and what I need not do after all."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

from datetime import date
from typing import Literal

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import Entity, choice, day, line, moment, reference
from netcrm.model.time import LocalMoment


@attrs.frozen(kw_only=True)
class Commitment(Entity):
    """A promise made in words, by me or by them; `interaction` is what kept it."""

    by: Literal["me", "them"] = choice("me", "them", default="me")
    contact: str = reference()
    text: str = line()
    made_on: LocalMoment = moment()
    due: date | None = day(default=None)
    ended: Literal["", "kept", "dropped"] = choice("", "kept", "dropped", default="")
    ended_on: LocalMoment | None = moment(default=None)
    interaction: str | None = reference(default=None)

    def __attrs_post_init__(self) -> None:
        if not self.text:
            raise InvalidError("a promise says what was promised")
        if bool(self.ended) != (self.ended_on is not None):
            raise InvalidError("a promise has both or neither of ended and ended_on")


@attrs.frozen(kw_only=True)
class Waiver(Entity):
    """Something owed that I decided not to do; `key` names the obligation, `contact` to whom."""

    key: str = line()
    contact: str | None = reference(default=None)
    on: LocalMoment = moment()
    reason: str = line()

    def __attrs_post_init__(self) -> None:
        if not self.key:
            raise InvalidError("a waiver names an obligation")
