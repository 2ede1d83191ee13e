"""What comes, as it stands in a calendar: meetings, what I owe, and who is due."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from netcrm.model.interview import ASKED_MINUTES
from netcrm.model.time import LocalMoment, days_later
from netcrm.rules.course import Appointment, later
from netcrm.rules.due import Due
from netcrm.rules.obligations import Facts, Obligation
from netcrm.rules.owed_interviews import ARRIVE_BEFORE
from netcrm.rules.review import deed

ALARM: Final = 10
"""Minutes before a call at which the calendar gives a sign (our choice)."""


class Coming(NamedTuple):
    """One entry of a calendar; a day as *start* makes it last all day and block no time.

    *uid* stays the same however often the file is made, and *sequence* counts how often the time
    was changed, so that a calendar moves the entry that it has. *alarms* are minutes before.
    """

    uid: str
    summary: str
    start: LocalMoment
    minutes: int = 0
    description: str = ""
    location: str = ""
    alarms: tuple[int, ...] = ()
    sequence: int = 0

    @property
    def end(self) -> LocalMoment:
        """When it is over; for what lasts all day, the day after."""
        if self.start.local is None:
            return LocalMoment.on(days_later(self.start.date, 1))
        return later(self.start, timedelta(minutes=self.minutes))


def coming(
    facts: Facts,
    owed: Iterable[Obligation],
    answers: Iterable[Due],
    *,
    home: str,
    until: date,
    hidden: Collection[str] = (),
) -> Iterator[Coming]:
    """Return what comes up to and with a day: meetings, what is owed, and who is due.

    What is late stands on the day from which one looks. What is owed without a date is left out, as
    is being early for a meeting, of which its alarm reminds; and a meeting of which a calendar
    tells, as it stands there.

    Args:
        facts: what is known; it says from which moment one looks.
        owed: obligations; those that are satisfied or waived are left out.
        answers: who is due.
        home: the home zone, by which a deadline is on a day.
        until: the last day.
        hidden: ids of facts of which no words may be told.
    """
    found = _coming(facts, owed, answers, home, hidden)
    return (entry for entry in found if entry.start.date <= until)


def _coming(
    facts: Facts,
    owed: Iterable[Obligation],
    answers: Iterable[Due],
    home: str,
    hidden: Collection[str],
) -> Iterator[Coming]:
    for meeting, uid, moved in _booked(facts):
        if not (meeting.ended or meeting.ref or meeting.is_over(facts.as_of)):
            yield _meeting(meeting, uid, moved, facts)
    for one in owed:
        if one.is_open and one.due and one.kind != "arrive":
            yield _owed(one, one.due, facts, home, one.cause in hidden)
    for answer in answers:
        if answer.due is not None:
            yield Coming(
                uid=f"{answer.person.id}-due",
                summary=f"Get back to {answer.person.name}",
                start=LocalMoment.on(max(answer.due, facts.as_of.date)),
                description=f"Due on {answer.due}",
            )


def _booked(facts: Facts) -> Iterator[tuple[Appointment, str, int]]:
    """Yield each meeting with its uid, and how many there were in its place before.

    That of an interview has the id of the interview, so that it keeps it when it is moved.
    """
    for course in facts.courses:
        for meeting in course.meetings:
            if meeting.id == facts.standings[course.id].meeting:
                yield meeting, course.id, len(course.meetings) - 1
    for meeting in facts.meetings:
        yield meeting, meeting.id, 0


def _meeting(meeting: Appointment, uid: str, moved: int, facts: Facts) -> Coming:
    what = "Interview" if meeting.interview else "Meeting"
    early = ALARM
    if meeting.format == "in_person":
        early = ARRIVE_BEFORE // timedelta(minutes=1) + (meeting.travel_minutes or 0)
    return Coming(
        uid=uid,
        summary=f"{what} with {' and '.join(map(facts.name, meeting.people))}",
        start=meeting.start,
        minutes=meeting.minutes or ASKED_MINUTES,
        description=meeting.format.replace("_", " "),
        location=meeting.place,
        alarms=(early,),
        sequence=moved,
    )


def _owed(one: Obligation, due: LocalMoment, facts: Facts, home: str, hidden: bool) -> Coming:
    here = due.in_zone(home)
    clock = f" by {here.local:%H:%M}" if here.local else ""
    what = deed(one.kind, facts.name(one.contact))
    return Coming(
        uid=one.key,
        summary=f"{what[0].upper()}{what[1:]}{clock}",
        start=LocalMoment.on(max(here.date, facts.as_of.date)),
        description="" if hidden else one.because,
    )
