"""Something that happened between me and other people, and meetings that are planned."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, get_args

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import (
    Entity,
    Value,
    choice,
    day,
    instant,
    line,
    moment,
    prose,
    reference,
    several,
)
from netcrm.model.time import LocalMoment

Channel = Literal[
    "in_person", "video", "phone", "voicemail", "email", "letter", "sms", "chat",
    "linkedin_message", "linkedin_note", "social_reaction", "event", "other",
]  # fmt: skip
Kind = Literal[
    "message", "reply", "request", "follow_up", "accept", "decline", "defer", "scheduling",
    "meeting", "thank_you", "progress_update", "share", "congratulate", "introduction_request",
    "introduction", "report_back", "note",
]  # fmt: skip
Direction = Literal["outbound", "inbound", "mutual"]
Format = Literal["in_person", "video", "phone"]
Role = Literal["with", "to", "from", "cc"]
Ended = Literal["", "held", "missed", "cancelled", "declined", "moved", "called_off"]


@attrs.frozen(kw_only=True)
class Participant(Value):
    """One person who took part; I am always there and never listed."""

    contact: str = reference()
    role: Role = choice(*get_args(Role), default="with")


def length(instance: object, attribute: attrs.Attribute[int | None], value: int | None) -> None:
    """Refuse what is no number of minutes that people spend."""
    if value is not None and (type(value) is not int or not 0 < value <= 100_000):
        raise InvalidError(f"{value!r} minutes is not a length of time people spend")


def _distinct(people: tuple[Participant, ...]) -> None:
    if not people:
        raise InvalidError("needs at least one person")
    if len({person.contact for person in people}) < len(people):
        raise InvalidError("names one person twice")


@attrs.frozen(kw_only=True)
class Interaction(Entity):
    """What happened, when, by which channel, and who spoke.

    `occurred` decides every answer; `logged_at` is for the record only. `touch` says whether it
    counts for staying in touch; None leaves that to the rule. `ref` names the outside record it
    came from, as source:key, and is unique. `interview` is the one that it is part of; `until` is
    when to ask again somebody who put me off.
    """

    occurred: LocalMoment
    logged_at: datetime = instant()
    participants: tuple[Participant, ...] = several(Participant)
    channel: Channel = choice(*get_args(Channel), default="other")
    direction: Direction = choice(*get_args(Direction), default="mutual")
    kind: Kind = choice(*get_args(Kind), default="message")
    minutes: int | None = attrs.field(default=None, validator=length)
    subject: str = line()
    text: str = prose()
    thread: str = line()
    ref: str = line()
    touch: bool | None = None
    delivered: Literal["yes", "no", "unknown"] = choice("yes", "no", "unknown", default="unknown")
    confidential: bool = False
    interview: str | None = reference(default=None)
    until: date | None = day(default=None)

    def __attrs_post_init__(self) -> None:
        _distinct(self.participants)
        if self.until is not None and self.kind != "defer":
            raise InvalidError(
                f"a {self.kind} puts nothing off; only a defer has a day to wait for"
            )


@attrs.frozen(kw_only=True)
class Meeting(Entity):
    """A planned meeting. It counts from `booked_on`; `ended` says how it came to its end.

    One that was moved is followed by another; one that was called off by none. `travel_minutes` is
    the way there. `ref` names the outside record it came from; it is unique among those that did
    not end.
    """

    start: LocalMoment
    booked_on: LocalMoment = moment()
    participants: tuple[Participant, ...] = several(Participant)
    minutes: int | None = attrs.field(default=None, validator=length)
    format: Format = choice(*get_args(Format), default="in_person")
    subject: str = line()
    place: str = line()
    travel_minutes: int | None = attrs.field(default=None, validator=length)
    confirmed_on: LocalMoment | None = moment(default=None)
    ended: Ended = choice(*get_args(Ended), default="")
    ended_on: LocalMoment | None = moment(default=None)
    ref: str = line()
    interview: str | None = reference(default=None)

    def __attrs_post_init__(self) -> None:
        _distinct(self.participants)
        if bool(self.ended) != (self.ended_on is not None):
            raise InvalidError("a meeting has both or neither of ended and ended_on")
        if self.ended_on and self.ended_on.date < self.booked_on.date:
            raise InvalidError("a meeting cannot end before it was booked")
