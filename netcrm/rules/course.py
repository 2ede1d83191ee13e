"""The course of an interview: the facts that tell where it stands, as known at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, timedelta, tzinfo
from typing import Literal, NamedTuple

from netcrm.errors import InvalidError
from netcrm.model.time import LocalMoment, days_later

What = Literal[
    "research", "request", "follow_up", "reply", "write", "accept", "decline", "defer", "book",
    "cancel", "call_off", "miss", "hold", "lapse", "drop",
]  # fmt: skip

_OF_KIND: dict[str, What] = {
    "request": "request", "follow_up": "follow_up", "accept": "accept", "decline": "decline",
    "defer": "defer", "meeting": "hold",
}  # fmt: skip
_OF_ENDING: dict[str, What] = {
    "cancelled": "cancel", "declined": "cancel", "missed": "miss", "called_off": "call_off",
}  # fmt: skip


class Talk(NamedTuple):
    """An interaction, as far as it matters here.

    Attributes:
        people: those it was with or from; `copied` are those who only got a copy.
        until: when to ask again, of one that puts me off.
    """

    id: str
    at: LocalMoment
    kind: str = "message"
    direction: str = "mutual"
    channel: str = "other"
    people: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    minutes: int | None = None
    interview: str = ""
    until: date | None = None

    @property
    def end(self) -> LocalMoment:
        """When it was over, as far as that is known."""
        return later(self.at, timedelta(minutes=self.minutes or 0))


class Appointment(NamedTuple):
    """A planned meeting, as far as it matters here; `ended` says how it came to its end.

    What has a `ref` stands in a calendar already, which tells of it.
    """

    id: str
    start: LocalMoment
    booked: LocalMoment
    people: tuple[str, ...] = ()
    minutes: int | None = None
    format: str = "in_person"
    place: str = ""
    travel_minutes: int | None = None
    confirmed: LocalMoment | None = None
    ended: str = ""
    ended_on: LocalMoment | None = None
    interview: str = ""
    subject: str = ""
    ref: str = ""

    @property
    def end(self) -> LocalMoment:
        """When it will be over, as far as that is known."""
        return later(self.start, timedelta(minutes=self.minutes or 0))

    def has_begun(self, as_of: LocalMoment) -> bool:
        """Whether its time has come; where hours are not known, whether its day is gone."""
        return is_past(self.start, as_of)

    def is_over(self, as_of: LocalMoment) -> bool:
        """Whether its time is over; where hours are not known, whether its day is gone."""
        return is_past(self.end, as_of)


def is_past(moment: LocalMoment, as_of: LocalMoment) -> bool:
    """Whether a moment has come; where hours are not known, whether its day is gone."""
    if moment.instant is None or as_of.instant is None:
        return moment.date < as_of.date
    return moment.instant <= as_of.instant


class Turn(NamedTuple):
    """A step of an interview that no interaction tells of: lapse, drop, call_off, no_referrals."""

    what: str
    at: LocalMoment


class Course(NamedTuple):
    """An interview and all that happened in it.

    Attributes:
        contacts: the ids of those it is with.
        fields: the career fields that it was about, as I found afterwards.
        planned: when each question of the plan was added.
        researched: when I found out something about them, their organisation or field.
        evaluated: when I wrote down what I make of it.
    """

    id: str
    contacts: tuple[str, ...]
    opened_on: date
    initiator: str = "me"
    referral: str = ""
    campaign: str = ""
    objectives: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    planned: tuple[LocalMoment, ...] = ()
    researched: tuple[LocalMoment, ...] = ()
    evaluated: LocalMoment | None = None
    turns: tuple[Turn, ...] = ()
    talks: tuple[Talk, ...] = ()
    meetings: tuple[Appointment, ...] = ()

    def talk(self, id_: str) -> Talk | None:
        """Return the interaction with an id, if it is part of this."""
        return next((one for one in self.talks if one.id == id_), None)

    def meeting(self, id_: str) -> Appointment | None:
        """Return the meeting with an id, if it is part of this."""
        return next((one for one in self.meetings if one.id == id_), None)

    def without(self, fact: str) -> Course:
        """Return it as it was before a fact was added; its own id stands for its last turn."""
        return self._replace(
            talks=tuple(talk for talk in self.talks if talk.id != fact),
            meetings=tuple(meeting for meeting in self.meetings if meeting.id != fact),
            turns=self.turns[:-1] if fact == self.id else self.turns,
        )


class Event(NamedTuple):
    """One step in the course of an interview, and the id of the fact that tells of it."""

    what: What
    at: LocalMoment
    id: str
    until: date | None = None


def later(moment: LocalMoment, time: timedelta) -> LocalMoment:
    """Return the moment so much later as clocks run, in the same zone.

    Where only the day is known, the day so many whole days later. Beyond the end of the calendar
    it stays where it is.
    """
    if moment.local is None:
        return LocalMoment.on(days_later(moment.date, time.days))
    try:
        return LocalMoment.of(moment.local.astimezone(UTC) + time, str(moment.local.tzinfo))
    except (OverflowError, InvalidError):
        return moment


def as_known(course: Course, as_of: LocalMoment) -> Course | None:
    """Return what was known of an interview at a moment; None if there was no such interview."""
    talks = tuple(talk for talk in course.talks if talk.at.is_by(as_of))
    meetings = tuple(meeting_as_known(one, as_of) for one in course.meetings)
    known = course._replace(
        planned=tuple(at for at in course.planned if at.is_by(as_of)),
        researched=tuple(at for at in course.researched if at.is_by(as_of)),
        evaluated=course.evaluated if course.evaluated and course.evaluated.is_by(as_of) else None,
        turns=tuple(turn for turn in course.turns if turn.at.is_by(as_of)),
        talks=talks,
        meetings=tuple(one for one in meetings if one is not None),
    )
    begun = course.opened_on <= as_of.date or known.talks or known.meetings
    return known if begun else None


def meeting_as_known(meeting: Appointment, as_of: LocalMoment) -> Appointment | None:
    """Return what was known of a meeting at a moment; None if it was not planned yet."""
    if not meeting.booked.is_by(as_of):
        return None
    ended = meeting.ended_on is not None and meeting.ended_on.is_by(as_of)
    confirmed = meeting.confirmed is not None and meeting.confirmed.is_by(as_of)
    return meeting._replace(
        ended=meeting.ended if ended else "",
        ended_on=meeting.ended_on if ended else None,
        confirmed=meeting.confirmed if confirmed else None,
    )


def events(course: Course) -> list[Event]:
    """Return the steps of an interview in the order in which they were taken.

    Of one day, they are in the order of the clock; where the time of one is not known, in the order
    in which they were entered, first what was found out, last what nobody else took part in. Days
    are those of one zone, that of the first step, so that travelling turns nothing around.
    """
    made = list(_events(course))
    zone = _zone(made)
    vague = {event.at.date for event in made if event.at.local is None}

    def order(event: Event) -> tuple[date, str, int, str]:
        place = {"research": 0, "lapse": 2, "drop": 2, "call_off": 2}.get(event.what, 1)
        local = event.at.local
        day = local.astimezone(zone).date() if local else event.at.date
        clock = local.astimezone(UTC).isoformat() if local and day not in vague else ""
        return day, clock, place, event.id

    return sorted(made, key=order)


def _zone(made: Iterable[Event]) -> tzinfo | None:
    """Return the zone of the first step of which the time is known."""
    timed = (event.at.local for event in made if event.at.local)
    first = min(timed, key=lambda local: (local.astimezone(UTC), str(local.tzinfo)), default=None)
    return first.tzinfo if first else None


def _events(course: Course) -> Iterator[Event]:
    for at in course.researched:
        yield Event("research", at, course.id)
    for talk in course.talks:
        if what := _said(talk):
            yield Event(what, talk.at, talk.id, talk.until)
    for meeting in course.meetings:
        # One that is written down afterwards was booked when it began, at the latest.
        booked = meeting.booked if meeting.booked.is_by(meeting.start) else meeting.start
        yield Event("book", booked, meeting.id)
        if meeting.ended in _OF_ENDING and meeting.ended_on is not None:
            yield Event(_OF_ENDING[meeting.ended], meeting.ended_on, meeting.id)
    for turn in course.turns:
        if turn.what in ("lapse", "drop", "call_off"):
            yield Event(turn.what, turn.at, course.id)  # type: ignore[arg-type]


def _said(talk: Talk) -> What | None:
    if talk.kind == "note" or talk.channel == "social_reaction":
        return None  # nobody said anything
    if talk.kind in _OF_KIND:
        return _OF_KIND[talk.kind]
    return "write" if talk.direction == "outbound" else "reply"
