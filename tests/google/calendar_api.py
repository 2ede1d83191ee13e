"""How does Calendar answer? The calendars, and single events."""

from __future__ import annotations

import re
from functools import partial
from typing import Any, Final

from tests.google.calendars import Calendar, Calendars
from tests.google.calls import Answer, Call
from tests.google.errors import GoogleError, Json
from tests.google.events import calendar_of, listed, shown, since_token, sync_token

_EVENT_ID: Final = re.compile(r"[a-v0-9]{5,1024}", re.ASCII)
"""Letters and digits of base32hex (discovery document, Event.id)."""
_WRITERS: Final = ("writer", "owner")


def answers(calendars: Calendars) -> dict[str, Answer]:
    """Return what answers each method."""
    return {
        "calendar.calendarList.list": partial(_calendar_list, calendars),
        "calendar.calendars.get": partial(_get_calendar, calendars),
        "calendar.calendars.insert": partial(_make_calendar, calendars),
        "calendar.calendars.delete": partial(_remove_calendar, calendars),
        "calendar.events.list": partial(listed, calendars),
        "calendar.events.get": partial(_get, calendars),
        "calendar.events.insert": partial(_insert, calendars),
        "calendar.events.import": partial(_import, calendars),
        "calendar.events.update": partial(_update, calendars),
        "calendar.events.patch": partial(_patch, calendars),
        "calendar.events.delete": partial(_delete, calendars),
    }


def _calendar_list(calendars: Calendars, call: Call) -> Json:
    with calendars.lock:
        since = since_token(calendars, call, "")
        begin = calendars.changes()
        rows = [_row(one) for one in calendars if since is None or one.change > since]
        if since is not None:
            gone = [id for id, change in calendars.removed.items() if change > since]
            rows += [_kind("calendarListEntry") | {"id": id, "deleted": True} for id in gone]
        first = call.position or 0
        page, following = call.page(
            enumerate(rows[first:], first + 1), size=min(call.params.get("maxResults", 100), 250)
        )
    answer = _kind("calendarList") | {"items": page}
    if following:
        return answer | {"nextPageToken": following}
    return answer | {"nextSyncToken": sync_token(calendars, call, "", begin)}


def _row(calendar: Calendar) -> Json:
    row = _calendar(calendar) | _kind("calendarListEntry")
    row |= {"accessRole": calendar.role, "selected": True, "defaultReminders": []}
    return row | ({"primary": True} if calendar.primary else {})


def _calendar(calendar: Calendar) -> Json:
    told = {"id": calendar.id, "summary": calendar.summary, "timeZone": calendar.zone}
    return _kind("calendar") | {"etag": f'"{calendar.change}"'} | told


def _kind(name: str) -> Json:
    return {"kind": f"calendar#{name}"}


def _get_calendar(calendars: Calendars, call: Call) -> Json:
    return _calendar(calendar_of(calendars, call))


def _make_calendar(calendars: Calendars, call: Call) -> Json:
    if not call.body.get("summary"):
        raise GoogleError(400, "required", "Missing title.")
    made = calendars.make(call.body["summary"], call.body.get("timeZone", ""))
    made.ours = True
    return _calendar(made)


def _remove_calendar(calendars: Calendars, call: Call) -> None:
    found = calendar_of(calendars, call)
    if found.primary:
        raise GoogleError(403, "forbidden", "Cannot delete the primary calendar.")
    calendars.remove(found.id)


def _written(calendars: Calendars, call: Call) -> Calendar:
    calendar = calendar_of(calendars, call)
    if calendar.role not in _WRITERS:
        message = "You need to have writer access to this calendar."
        raise GoogleError(403, "requiredAccessLevel", message, domain="calendar")
    return calendar


def _event(calendars: Calendars, calendar: Calendar, id: str) -> Json:
    if id in calendar.entries:
        return calendar.entries[id].event
    return calendars.instance(id, calendar.id)


def _get(calendars: Calendars, call: Call) -> Json:
    # "the get method always returns" cancelled ones (discovery document, Event.status)
    return shown(_event(calendars, calendar_of(calendars, call), call.params["eventId"]))


def _insert(calendars: Calendars, call: Call) -> Json:
    calendar = _written(calendars, call)
    id = call.body.get("id")
    if id is not None and not _EVENT_ID.fullmatch(id):
        raise GoogleError(400, "invalid", "Invalid resource id value.")
    if id in calendar.entries:
        raise GoogleError(409, "duplicate", "The requested identifier already exists.")
    return _put(calendars, calendar, call.body)


def _import(calendars: Calendars, call: Call) -> Json:
    calendar = _written(calendars, call)
    uid = call.body.get("iCalUID")
    if not uid:
        raise GoogleError(400, "required", "Missing iCalUID.")
    same = (one.event for one in calendar.entries.values() if one.event["iCalUID"] == uid)
    old = next(same, {})
    return _put(calendars, calendar, {**call.body, **({"id": old["id"]} if old else {})})


def _update(calendars: Calendars, call: Call) -> Json:
    calendar = _written(calendars, call)
    old = _event(calendars, calendar, call.params["eventId"])
    # whether one that was deleted is there again unless the update says so was not found out
    kept = ("id", "iCalUID", "created", "recurringEventId", "originalStartTime")
    call.body.setdefault("status", old["status"])
    return _put(calendars, calendar, call.body | {k: old[k] for k in kept if k in old})


def _patch(calendars: Calendars, call: Call) -> Json:
    calendar = _written(calendars, call)
    old = _event(calendars, calendar, call.params["eventId"])
    return _put(calendars, calendar, _merged(old, call.body))


def _merged(old: Any, new: Any) -> Any:
    # what is null goes, lists are replaced (API guide: patch)
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    merged = old | {name: _merged(old.get(name), x) for name, x in new.items()}
    return {name: x for name, x in merged.items() if x is not None}


def _put(calendars: Calendars, calendar: Calendar, event: Json) -> Json:
    for edge in ("start", "end"):
        if not event.get(edge):
            raise GoogleError(400, "required", f"Missing {edge} time.")
    return calendar.entries[calendars.put(event, calendar.id)].event


def _delete(calendars: Calendars, call: Call) -> None:
    calendar = _written(calendars, call)
    event = _event(calendars, calendar, call.params["eventId"])
    if event["status"] == "cancelled":
        raise GoogleError(410, "deleted", "Resource has been deleted")
    calendars.cancel(event["id"], calendar.id)
