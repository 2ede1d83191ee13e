"""What does an event of a calendar say: when did I meet whom?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from netcrm_google.addresses import Address, decoded, person

Format = Literal["in_person", "video", "phone"]

LARGEST: Final = 10
"""With more people than this nobody is really met (our choice), as for netcrm itself."""
_MEETINGS: Final = frozenset({"default", "fromGmail"})
"""The types of events that are meetings; others are birthdays, hours of focus and the like."""
_HIDDEN: Final = frozenset({"private", "confidential"})
_NOBODY: Final = ("@group.calendar.google.com", "@resource.calendar.google.com")
"""How the addresses of calendars and of rooms end."""
_ONLINE: Final = re.compile(
    r"://|\b(?:zoom|meet|webex|skype|(?:microsoft )?teams)\b(?: meeting)?", re.IGNORECASE
)
_PHONE: Final = re.compile(r"(?:tel:|call\b|phone\b)|\+?[\d ().-]{7,20}", re.IGNORECASE)
_LONGEST: Final = 300
"""Characters of a title or a place; of a longer one the beginning counts (our choice)."""
_MOST_MINUTES: Final = 100_000


class Said(NamedTuple):
    """What an event says of a meeting.

    Attributes:
        ref: what it is called in everybody's calendar.
        start: with a time zone.
        minutes: how long it lasts; None if it has no length.
        people: those who are to be there, without me and without who declined.
        format: how we meet.
        title: what it is called; empty if it is private.
        place: where; empty if it is private.
        series: of which series it is one; empty if it does not repeat.
    """

    ref: str
    start: datetime
    minutes: int | None
    people: tuple[Address, ...]
    format: Format
    title: str
    place: str
    series: str

    def is_within(self, since: date, until: date) -> bool:
        """Whether it starts within some days, by the days of UTC; the last one is not in it."""
        return since <= self.start.astimezone(UTC).date() < until


def read(event: Mapping[str, Any], zone: str, me: Collection[str]) -> Said | str:
    """Return what an event says of a meeting, or in plain English why it is none.

    Args:
        event: as Google's Calendar has it.
        zone: the time zone of the calendar.
        me: my addresses, in lower case.
    """
    if event.get("status") == "cancelled":
        return "cancelled"
    if event.get("eventType", "default") not in _MEETINGS:
        return "not a meeting"
    if "date" in event.get("start", {}):
        return "all day"
    start, end = (_moment(event.get(name), zone) for name in ("start", "end"))
    if start is None:
        return "without a time that can be read"
    guests = event.get("attendees", ())
    if any(one.get("self") and one.get("responseStatus") == "declined" for one in guests):
        return "declined"
    people = _people(event, me)
    if len(people) > LARGEST or event.get("attendeesOmitted"):
        return f"with more than {LARGEST} people"
    if not people:
        return "with nobody else"
    hidden = event.get("visibility") in _HIDDEN
    place = decoded(event.get("location") or "")[:_LONGEST]
    is_online = bool(event.get("hangoutLink") or event.get("conferenceData"))
    return Said(
        ref=_ref(event, zone),
        start=start,
        minutes=_minutes(start, end),
        people=tuple(people),
        format=_format(place, is_online=is_online),
        title="" if hidden else decoded(event.get("summary") or "")[:_LONGEST],
        place="" if hidden else place,
        series=str(event.get("recurringEventId", "")),
    )


def _people(event: Mapping[str, Any], me: Collection[str]) -> list[Address]:
    """Return who is to be there besides me: guests, or where there are none whoever invited me."""
    others = [
        one for one in event.get("attendees", ()) if not (one.get("self") or one.get("resource"))
    ]
    organizer = event.get("organizer", {})
    if not others and not organizer.get("self"):
        others = [organizer]
    coming = (one for one in others if one.get("responseStatus") != "declined")
    found = (person(one.get("displayName") or "", one.get("email") or "") for one in coming)
    return list(_each(one for one in found if one and one.address not in me))


def _each(people: Iterable[Address]) -> Iterable[Address]:
    """Return everybody once, without what is nobody."""
    return {one.address: one for one in people if not one.address.endswith(_NOBODY)}.values()


def _ref(event: Mapping[str, Any], zone: str) -> str:
    """Return what a meeting is called everywhere: all of a series share a UID."""
    uid = f"ical:{decoded(event.get('iCalUID') or event['id'])}"
    original = event.get("originalStartTime")
    if not original:
        return uid
    moment = _moment(original, zone)
    return f"{uid} {moment.astimezone(UTC).isoformat() if moment else original.get('date', '')}"


def _moment(when: Mapping[str, Any] | None, zone: str) -> datetime | None:
    """Return a moment of Google's Calendar; None for a day, or what cannot be read."""
    try:
        read = datetime.fromisoformat(when["dateTime"])  # type: ignore[index]
        if read.tzinfo is None:
            read = read.replace(tzinfo=ZoneInfo(when.get("timeZone") or zone))  # type: ignore[union-attr]
        read.astimezone(UTC)
    except (LookupError, ValueError, TypeError, OverflowError):
        return None
    return read


def _minutes(start: datetime, end: datetime | None) -> int | None:
    if end is None or end <= start:
        return None
    return min(_MOST_MINUTES, -(-int((end - start).total_seconds()) // 60))


def _format(place: str, *, is_online: bool) -> Format:
    """Return how people meet: a place that is none tells, or that there is a link to a call."""
    if _PHONE.fullmatch(place) or (place and _PHONE.match(place) and place[0].isalpha()):
        return "phone"
    if _ONLINE.search(place) or (is_online and not place):
        return "video"
    return "in_person"
