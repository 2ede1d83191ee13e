"""What does an event of a calendar say: when did I meet whom?"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
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
    r"://|\b(?:zoom|google meet|meet\.google\.com|webex|skype|teams)\b", re.IGNORECASE
)
_PHONE: Final = re.compile(r"(?:tel:|call\b|phone\b)|\+?[\d ().-]{7,20}", re.IGNORECASE)
_LONGEST: Final = 300
"""Characters of a title or a place; of a longer one the beginning counts (our choice)."""
_LONGEST_UID: Final = 998
"""Characters of what a meeting is called, as of a Message-ID (our choice)."""
_MOST_MINUTES: Final = 100_000


class Said(NamedTuple):
    """What an event says of a meeting.

    Attributes:
        ref: what it is called in everybody's calendar.
        start: in UTC.
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
        return since <= self.start.date() < until


def read(event: Mapping[str, Any], zone: str, me: Collection[str]) -> Said | str:
    """Return what an event says of a meeting, or in plain English why it is none.

    Args:
        event: as Google's Calendar has it.
        zone: the time zone of the calendar.
        me: my addresses, in lower case.
    """
    if event.get("status") == "cancelled":
        return "cancelled"
    if (event.get("eventType") or "default") not in _MEETINGS:
        return "not a meeting"
    if (event.get("start") or {}).get("date"):
        return "all day"
    start, end = (_moment(event.get(name), zone) for name in ("start", "end"))
    if start is None:
        return "without a time that can be read"
    guests = event.get("attendees") or ()
    mine = [one for one in guests if _is_me(one, me)]
    if mine and all(map(_declines, mine)):
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
        series=decoded(event.get("recurringEventId") or ""),
    )


def _people(event: Mapping[str, Any], me: Collection[str]) -> list[Address]:
    """Return who is to be there besides me: guests, or where there are none whoever invited me."""
    guests = [one for one in event.get("attendees") or () if _who(one) and not _is_me(one, me)]
    coming = (one for one in guests or [event.get("organizer") or {}] if not _declines(one))
    found = (_who(one) for one in coming if not _is_me(one, me))
    return list({one.address: one for one in found if one}.values())


def _who(one: Mapping[str, Any]) -> Address | None:
    """Return who somebody is; None for what is nobody, such as a room."""
    found = person(one.get("displayName") or "", one.get("email") or "")
    is_nobody = one.get("resource") or (found and found.address.endswith(_NOBODY))
    return None if is_nobody else found


def _is_me(one: Mapping[str, Any], me: Collection[str]) -> bool:
    return bool(one.get("self") or ((who := _who(one)) and who.address in me))


def _declines(one: Mapping[str, Any]) -> bool:
    return one.get("responseStatus") == "declined"


def _ref(event: Mapping[str, Any], zone: str) -> str:
    """Return what a meeting is called everywhere: all of a series share a UID."""
    uid = decoded(event.get("iCalUID") or "")
    if not 0 < len(uid) <= _LONGEST_UID:
        uid = event["id"]
    original = event.get("originalStartTime")
    if not original:
        return f"ical:{uid}"
    moment = _moment(original, zone)
    day = decoded(original.get("date") or "") or event["id"]
    return f"ical:{uid} {moment.isoformat() if moment else day}"


def _moment(when: Mapping[str, Any] | None, zone: str) -> datetime | None:
    """Return a moment of Google's Calendar in UTC; None for a day, or what cannot be read."""
    try:
        read = datetime.fromisoformat(when["dateTime"])  # type: ignore[index]
        if read.tzinfo is None:
            read = read.replace(tzinfo=ZoneInfo(when.get("timeZone") or zone))  # type: ignore[union-attr]
        return read.astimezone(UTC)
    except (LookupError, ValueError, TypeError, OverflowError, OSError):
        return None


def _minutes(start: datetime, end: datetime | None) -> int | None:
    if end is None or end <= start:
        return None
    return min(_MOST_MINUTES, -((start - end) // timedelta(minutes=1)))


def _format(place: str, *, is_online: bool) -> Format:
    """Return how people meet: a place that is none tells, or that there is a link to a call."""
    if _PHONE.fullmatch(place) or (place and _PHONE.match(place) and place[0].isalpha()):
        return "phone"
    if _ONLINE.search(place) or (is_online and not place):
        return "video"
    return "in_person"
