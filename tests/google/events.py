"""How does Calendar answer? Lists of events, whole or what is new since the last time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from tests.google.calendars import Calendar, Calendars, Entry
from tests.google.calls import Call, sealed, unsealed
from tests.google.errors import GoogleError, Json, invalid
from tests.google.recurring import end_of, instances, start_of

APP_CREATED: Final = "https://www.googleapis.com/auth/calendar.app.created"
_LARGEST: Final = 2500
"""Events of a page: "can never be larger" (discovery document, events.list)."""
_NOT_WITH_TOKEN: Final = frozenset(
    {"iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin"}
    | {"timeMax", "updatedMin"}
)
"""As the discovery document lists them, events.list, syncToken."""
_UNSERVED: Final = ("q", "sharedExtendedProperty", "updatedMin", "timeZone")
_FREE: Final = ("pageToken", "syncToken", "fields", "alt", "prettyPrint")
Shown = tuple[list[Any], Json]


def calendar_of(calendars: Calendars, call: Call) -> Calendar:
    """Return the calendar a request is about; one that the program made, if its scope says so."""
    found = calendars.calendar(call.params["calendarId"])
    if call.scopes & call.method.scopes == {APP_CREATED} and not found.ours:
        raise GoogleError(404, "notFound", "Not Found")
    return found


def listed(calendars: Calendars, call: Call) -> Json:
    """Answer events.list."""
    for name in _UNSERVED:
        if name in call.params:
            raise NotImplementedError(f"{name} of events.list")
    with calendars.lock:
        calendar = calendar_of(calendars, call)
        since = since_token(calendars, call, calendar.id)
        # the token of the last page is as old as the first page: what changes meanwhile comes again
        begin = call.position[0] if call.position else calendars.changes()
        after = call.position[1] if call.position else []
        found = sorted(_shown(calendar, call, since), key=lambda one: one[0])
        page, following = call.page(
            (([begin, place], event) for place, event in found if place > after),
            size=min(call.params.get("maxResults", 250), _LARGEST),
        )
    answer: Json = {
        "kind": "calendar#events",
        "etag": f'"p{begin}"',
        "summary": calendar.summary,
        "timeZone": calendar.zone,
        "accessRole": calendar.role,
        "defaultReminders": [],
        "items": page,
    }
    if following:
        return answer | {"nextPageToken": following}
    if _NOT_WITH_TOKEN.isdisjoint(set(call.params) - {"timeMin", "timeMax"}):
        answer["nextSyncToken"] = sync_token(calendars, call, calendar.id, begin)
    return answer


def sync_token(calendars: Calendars, call: Call, about: str, change: int) -> str:
    """Return a token for what changes after a change."""
    return sealed([calendars.epoch, about, call.digest(*_FREE, *_NOT_WITH_TOKEN), change])


def since_token(calendars: Calendars, call: Call, about: str) -> int | None:
    """Return the change that a request's sync token stands for; nothing if it has none.

    Raises:
        GoogleError: 410, it is too old; 400, it is none, is of another question, or stands beside
            what it cannot stand beside.
    """
    token = call.params.get("syncToken")
    if token is None:
        return None
    if bad := sorted(_NOT_WITH_TOKEN & set(call.params)):
        message = "Sync token cannot be used with other query restrictions."
        raise GoogleError(400, "badRequest", message, location=bad[0])
    if call.params.get("showDeleted") is False:
        # "not allowed to set showDeleted to False" (discovery document)
        raise invalid("Sync token cannot be used with showDeleted=false.", "showDeleted")
    found = unsealed(token)
    if not found or len(found) != 4:
        raise GoogleError(400, "invalid", "Invalid sync token value.", location="syncToken")
    epoch, whose, digest, change = found
    if epoch != calendars.epoch:
        # seen in KeepSoftwareSimple/compass-calendar issue 1239
        message = "Sync token is no longer valid, a full sync is required."
        raise GoogleError(410, "fullSyncRequired", message, domain="calendar", location="syncToken")
    if whose != about or digest != call.digest(*_FREE, *_NOT_WITH_TOKEN):
        # "should be the same … to avoid undefined behavior": refused here, so that it is seen
        raise invalid("The sync token is of a request with other parameters.", "syncToken")
    return int(change)


def shown(event: Json) -> Json:
    """Return an event as it is told of: of a cancelled one only what is sure to be there."""
    if event["status"] != "cancelled":
        return event
    # discovery document, Event.status
    kept = ("kind", "etag", "id", "status", "recurringEventId", "originalStartTime")
    return {name: event[name] for name in kept if name in event}


def _shown(calendar: Calendar, call: Call, since: int | None) -> Iterator[Shown]:
    if call.params.get("orderBy") == "startTime" and not call.params.get("singleEvents"):
        message = "The requested ordering is not available for the particular query."
        raise GoogleError(400, "badRequest", message, location="orderBy")
    low, high = (_bound(call, name) for name in ("timeMin", "timeMax"))
    if low and high and low >= high:
        message = "The specified time range is empty."
        raise GoogleError(400, "timeRangeEmpty", message, domain="calendar", location="timeMax")
    for entry in calendar.entries.values():
        if since is not None and entry.change <= since:
            continue
        for number, event in _single(calendar, call, entry):
            if not _is_wanted(call, event, incremental=since is not None):
                continue
            if low and end_of(event, calendar.zone) <= low:
                continue
            if high and start_of(event, calendar.zone) >= high:
                continue
            yield _place(calendar, call, entry, number, event), _few(call, shown(event))


def _single(calendar: Calendar, call: Call, entry: Entry) -> Iterator[tuple[int, Json]]:
    # each with its place, which is the same after an exception was made of another one
    if "recurrence" not in entry.event or not call.params.get("singleEvents"):
        yield 0, entry.event
        return
    for number, one in enumerate(instances(entry.event, calendar.zone)):
        if one["id"] not in calendar.entries:
            yield number, one


def _is_wanted(call: Call, event: Json, *, incremental: bool) -> bool:
    if event["status"] == "cancelled" and not incremental and not call.params.get("showDeleted"):
        exception = "recurringEventId" in event
        if not exception or call.params.get("singleEvents"):
            return False
    if event["eventType"] not in call.params.get("eventTypes", [event["eventType"]]):
        return False
    if event["iCalUID"] != call.params.get("iCalUID", event["iCalUID"]):
        return False
    private = event.get("extendedProperties", {}).get("private", {})
    pairs = (text.partition("=") for text in call.params.get("privateExtendedProperty", ()))
    return all(private.get(name) == value for name, _, value in pairs)


def _bound(call: Call, name: str) -> datetime | None:
    text = call.params.get(name)
    return datetime.fromisoformat(text).replace(microsecond=0) if text else None


def _place(calendar: Calendar, call: Call, entry: Entry, number: int, event: Json) -> list[Any]:
    order = call.params.get("orderBy")
    if order == "startTime":
        return [start_of(event, calendar.zone).timestamp(), event["id"]]
    return [entry.change if order == "updated" else entry.number, number]


def _few(call: Call, event: Json) -> Json:
    # discovery document, events.list, maxAttendees
    guests = event.get("attendees", [])
    if len(guests) <= call.params.get("maxAttendees", len(guests)):
        return event
    return event | {
        "attendees": [one for one in guests if one.get("self")],
        "attendeesOmitted": True,
    }
