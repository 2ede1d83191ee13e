"""What comes, as a file that a calendar can show (iCalendar, RFC 5545)."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from icalendar import Alarm, Calendar, Event, Timezone, vText

from netcrm.model.interview import ASKED_MINUTES
from netcrm.model.time import LocalMoment, days_later
from netcrm.rules.course import Appointment, later
from netcrm.rules.due import Due
from netcrm.rules.obligations import Facts, Obligation
from netcrm.rules.owed_interviews import ARRIVE_BEFORE
from netcrm.rules.review import deed

ALARM: Final = 10
"""Minutes before a call at which the calendar gives a sign (our choice)."""
MADE_BY: Final = "-//netcrm//netcrm//EN"


class Entry(NamedTuple):
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


def calendar_file(entries: Iterable[Entry], *, name: str, made_at: datetime) -> bytes:
    """Return a calendar file. The same input gives the same bytes, in whatever order.

    Times are those of the clocks at the place, with the zone. Everything is an event: what is to be
    done by a day would be a task (VTODO), but most calendars do not show these.

    Args:
        entries: what stands in it.
        name: what calendars call it.
        made_at: when it is made; calendars keep the newest of two entries with one uid.
    """
    calendar = Calendar()
    calendar.add("prodid", MADE_BY)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(_text(name)))  # of its own it escapes nothing there
    made = sorted(entries, key=lambda one: (str(one.start), one.uid))
    for entry in made:
        calendar.add_component(_event(entry, made_at))
    if made:
        first, last = days_later(made[0].start.date, -2), days_later(made[-1].start.date, 2)
        # One by one, as the library adds them all in an order that changes from run to run.
        for place, zone in enumerate(sorted(calendar.get_missing_tzids())):
            calendar.subcomponents.insert(place, _zone(zone, first, last))
    return bytes(calendar.to_ical())


def _zone(name: str, first: date, last: date) -> Timezone:
    return Timezone.from_tzid(name, first_date=first, last_date=last)


def coming(
    facts: Facts,
    owed: Iterable[Obligation],
    answers: Iterable[Due],
    *,
    home: str,
    until: date,
    hidden: Collection[str] = (),
) -> Iterator[Entry]:
    """Return what comes up to and with a day: meetings, what is owed, and who is due.

    What is late stands on the day from which one looks. What is owed without a date is left out, as
    is being early for a meeting, of which its alarm reminds.

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
) -> Iterator[Entry]:
    for meeting, uid, moved in _booked(facts):
        if not meeting.ended and not meeting.is_over(facts.as_of):
            yield _meeting(meeting, uid, moved, facts)
    for one in owed:
        if one.is_open and one.due and one.kind != "arrive":
            yield _owed(one, one.due, facts, home, one.cause in hidden)
    for answer in answers:
        if answer.due is not None:
            yield Entry(
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


def _meeting(meeting: Appointment, uid: str, moved: int, facts: Facts) -> Entry:
    what = "Interview" if meeting.interview else "Meeting"
    early = ALARM
    if meeting.format == "in_person":
        early = ARRIVE_BEFORE // timedelta(minutes=1) + (meeting.travel_minutes or 0)
    return Entry(
        uid=uid,
        summary=f"{what} with {' and '.join(map(facts.name, meeting.people))}",
        start=meeting.start,
        minutes=meeting.minutes or ASKED_MINUTES,
        description=meeting.format.replace("_", " "),
        location=meeting.place,
        alarms=(early,),
        sequence=moved,
    )


def _owed(one: Obligation, due: LocalMoment, facts: Facts, home: str, hidden: bool) -> Entry:
    here = due.in_zone(home)
    clock = f" by {here.local:%H:%M}" if here.local else ""
    what = deed(one.kind, facts.name(one.contact))
    return Entry(
        uid=one.key,
        summary=f"{what[0].upper()}{what[1:]}{clock}",
        start=LocalMoment.on(max(here.date, facts.as_of.date)),
        description="" if hidden else one.because,
    )


def _event(entry: Entry, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", made_at)
    event.add("summary", _text(entry.summary))
    event.add("sequence", entry.sequence)
    if entry.start.local is None:
        event.add("dtstart", entry.start.date)
        event.add("transp", "TRANSPARENT")
    else:
        event.add("dtstart", _wall(entry.start))
        event.add("dtend", _wall(later(entry.start, timedelta(minutes=entry.minutes))))
        for minutes in entry.alarms:
            event.add_component(_alarm(minutes, entry.summary))
    for name, text in (("description", entry.description), ("location", entry.location)):
        if text:
            event.add(name, _text(text))
    return event


def _alarm(minutes: int, summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _text(summary))
    alarm.add("trigger", timedelta(minutes=-minutes))
    return alarm


def _wall(moment: LocalMoment) -> datetime:
    """Return the wall time with its zone; in UTC what a wall time cannot say: the second 1:30."""
    assert moment.local is not None
    return moment.local.astimezone(UTC) if moment.local.fold else moment.local


def _text(text: str) -> str:
    """Return a text without what may not stand in such a file, such as control characters."""
    lines = (
        "".join(char for char in line if unicodedata.category(char) not in ("Cc", "Cs"))
        for line in text.splitlines()
    )
    return "\n".join(lines)
