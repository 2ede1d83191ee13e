"""What comes, as a file that a calendar can show (iCalendar, RFC 5545)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event, Timezone, vText

from netcrm.model.time import LocalMoment, days_later
from netcrm.rules.coming import Coming

MADE_BY: Final = "-//netcrm//netcrm//EN"


def calendar_file(entries: Iterable[Coming], *, name: str, made_at: datetime) -> bytes:
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


def _event(entry: Coming, made_at: datetime) -> Event:
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
        event.add("dtend", _wall(entry.end))
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
