"""What now? What is owed, which meetings there are, and whom to get back to, in one list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, NamedTuple

from netcrm.model.time import BusinessCalendar, LocalMoment, days_later
from netcrm.rules.course import Appointment
from netcrm.rules.due import Due
from netcrm.rules.obligations import Obligation

ONE_MESSAGE: Final = frozenset(
    {"report_back", "tell_outcome", "thank_you", "owe_reply", "ack_introduction"}
)
"""Several of these to one person can be done in one message."""


class AgendaItem(NamedTuple):
    """One thing to do.

    Attributes:
        when: until when, or from when on for a meeting; a day where hours do not matter.
        action: the kind of the obligation, or interview, meeting or keep_in_touch.
        contact: with whom, by id; empty where it is for myself.
        late: whether it should have been done before, and `days_late` by how many business days.
        key: the name of the obligation, with which it can be waived; empty for what is none.
        together: the keys of others that the same message to the same person would do.
        fact: the id of the meeting, or of what the obligation arises from.
    """

    when: LocalMoment | None
    action: str
    contact: str
    because: str
    late: bool = False
    days_late: int = 0
    key: str = ""
    together: tuple[str, ...] = ()
    interview: str = ""
    fact: str = ""


def agenda(
    owed: Iterable[Obligation],
    meetings: Iterable[Appointment],
    answers: Iterable[Due],
    *,
    as_of: LocalMoment,
    until: date,
    home: str = "",
    calendar: BusinessCalendar | None = None,
) -> list[AgendaItem]:
    """Return what to do up to and with a day, what is late first, then by time.

    Who is due for staying in touch is left out where something else is to be done for them.

    Args:
        owed: obligations; those that are satisfied or waived are left out.
        meetings: those that are planned and did not come to an end.
        answers: who is due.
        as_of: the moment.
        until: the last day to look at.
        home: the zone in which times are told; each in its own without it.
        calendar: working days, by which lateness is counted.
    """
    days = calendar or BusinessCalendar()
    owed = [one._replace(due=_at(one.due, home)) for one in owed]
    shown = [one for one in owed if one.is_open and _is_shown(one, until)]
    messages: dict[str, list[str]] = {}
    for one in shown:
        if one.kind in ONE_MESSAGE:
            messages.setdefault(one.contact, []).append(one.key)
    items = [_owed(one, messages.get(one.contact, ()), as_of, days) for one in shown]
    items += _meetings(meetings, as_of, until, home)
    busy = {item.contact for item in items}
    items += [_touch(answer, as_of, days) for answer in answers if answer.person.id not in busy]
    return sorted(items, key=_order)


def _is_shown(one: Obligation, until: date) -> bool:
    return one.shown_from <= until or (one.due is not None and one.due.date <= until)


def _owed(
    one: Obligation, messages: Iterable[str], as_of: LocalMoment, calendar: BusinessCalendar
) -> AgendaItem:
    together = [key for key in messages if key != one.key] if one.kind in ONE_MESSAGE else ()
    late = one.is_late(as_of)
    return AgendaItem(
        when=one.due,
        action=one.kind,
        contact=one.contact,
        because=one.because,
        late=late,
        days_late=working_days(one.due.date, as_of.date, calendar) if late and one.due else 0,
        key=one.key,
        together=tuple(together),
        interview=one.interview,
        fact=one.cause,
    )


def _at(moment: LocalMoment | None, home: str) -> LocalMoment | None:
    """Return a moment as the clocks at home show it."""
    return moment.in_zone(home) if moment and home else moment


def _meetings(
    meetings: Iterable[Appointment], as_of: LocalMoment, until: date, home: str
) -> Iterator[AgendaItem]:
    for meeting in meetings:
        start = _at(meeting.start, home) or meeting.start
        if meeting.ended or start.date > until or meeting.has_begun(as_of):
            continue
        subject = f"{meeting.subject}, " if meeting.subject else ""
        where = f", {meeting.place}" if meeting.place else ""
        minutes = f", {meeting.minutes} min" if meeting.minutes else ""
        theirs = meeting.start.local
        if theirs and start.local and theirs.utcoffset() != start.local.utcoffset():
            where += f", {theirs:%H:%M} {theirs.tzinfo}"
        yield AgendaItem(
            when=start,
            action="interview" if meeting.interview else "meeting",
            contact=meeting.people[0] if meeting.people else "",
            because=f"{subject}{meeting.format.replace('_', ' ')}{minutes}{where}",
            interview=meeting.interview,
            fact=meeting.id,
        )


def _touch(answer: Due, as_of: LocalMoment, calendar: BusinessCalendar) -> AgendaItem:
    assert answer.due is not None
    late = answer.status == "overdue"
    rhythm = next((reason.value for reason in answer.reasons if reason.code == "rule"), "")
    return AgendaItem(
        when=LocalMoment.on(answer.due),
        action="keep_in_touch",
        contact=answer.person.id,
        because=rhythm,
        late=late,
        days_late=working_days(answer.due, as_of.date, calendar) if late else 0,
        fact=answer.last_touch.id if answer.last_touch else "",
    )


def working_days(after: date, until: date, calendar: BusinessCalendar) -> int:
    """Count the working days after one day, up to and with another."""
    count, day = 0, after
    while day < until:
        day = days_later(day, 1)
        count += calendar.is_business_day(day)
    return count


def _order(item: AgendaItem) -> tuple[bool, date, str, str, str, str]:
    when = item.when
    clock = f"{when.local:%H:%M}" if when and when.local else ""
    day = when.date if when else date.max
    return not item.late, day, clock, item.action, item.contact, item.key
