"""The calendars of one person, which a test changes and which remember their changes."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, NamedTuple

from tests.google.errors import GoogleError, Json
from tests.google.recurring import instance_id, instances

PRIMARY: Final = "primary"


class Entry(NamedTuple):
    """An event of a calendar, as it was last changed."""

    number: int
    """Which one it is of the calendar's, in the order in which they were made."""
    change: int
    """The number of its last change."""
    event: Json


@dataclass(slots=True)
class Calendar:
    """One calendar."""

    id: str
    summary: str
    zone: str
    role: str = "owner"
    primary: bool = False
    ours: bool = False
    """Whether the program made it."""
    change: int = 0
    made: int = 0
    entries: dict[str, Entry] = field(default_factory=dict)


class Calendars:
    """All calendars that a person sees; everything can be done from any thread.

    Where no calendar is named, the person's own is meant.
    """

    def __init__(self, email: str, zone: str = "Europe/Berlin") -> None:
        self.email = email
        self.lock = threading.RLock()
        self.epoch = 0
        self._change = 0
        self._names = itertools.count(1)
        self.removed: dict[str, int] = {}
        """The deleted calendars, with the number of the change that deleted them."""
        self._all = {email: Calendar(email, email, zone, primary=True)}

    def __iter__(self) -> Iterator[Calendar]:
        """Return the calendars, the person's own first."""
        return iter(list(self._all.values()))

    def calendar(self, id: str = PRIMARY) -> Calendar:
        """Return a calendar; GoogleError 404 if there is none."""
        try:
            return self._all[self.email if id == PRIMARY else id]
        except KeyError:
            raise GoogleError(404, "notFound", "Not Found") from None

    def make(self, summary: str, zone: str = "", role: str = "owner", id: str = "") -> Calendar:
        """Make another calendar."""
        with self.lock:
            id = id or f"c{next(self._names)}@group.calendar.google.com"
            self._change += 1
            zone = zone or self.calendar().zone
            self._all[id] = Calendar(id, summary, zone, role, change=self._change)
            return self._all[id]

    def remove(self, id: str) -> None:
        """Delete a calendar with all its events."""
        with self.lock:
            del self._all[self.calendar(id).id]
            self._change += 1
            self.removed[id] = self._change

    def put(self, event: Json, calendar: str = PRIMARY) -> str:
        """Put an event in, or in place of the one with its id.

        Args:
            event: as in the Calendar reference; what it lacks is made up. One with a
                recurringEventId and an originalStartTime is an exception of a series.
            calendar: the id of one.

        Returns:
            Its id.
        """
        with self.lock:
            into = self.calendar(calendar)
            id = event.get("id") or self._id_for(event, into)
            old = into.entries.get(id)
            if old is None:
                into.made += 1
            elif "recurrence" in old.event:
                self._drop(old.event, event, into)
            self._change += 1
            number = old.number if old else into.made
            now = datetime.fromtimestamp(1_780_000_000 + self._change, UTC)
            common = {
                "kind": "calendar#event",
                "id": id,
                "status": "confirmed",
                "created": now.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
                "iCalUID": f"{event.get('recurringEventId', id)}@google.com",
                "eventType": "default",
                "creator": {"email": self.email, "self": True},
                "organizer": {"email": self.email, "self": True},
            }
            changed = {
                "etag": f'"{self._change}"',
                "updated": now.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            }
            into.entries[id] = Entry(number, self._change, common | event | changed)
            return id

    def cancel(self, id: str, calendar: str = PRIMARY) -> None:
        """Delete an event, a whole series, or one instance of a series by its own id."""
        with self.lock:
            into = self.calendar(calendar)
            if id in into.entries:
                for one in list(into.entries.values()):
                    if id in (one.event["id"], one.event.get("recurringEventId")):
                        self.put(one.event | {"status": "cancelled"}, calendar)
                return
            self.put(self.instance(id, calendar) | {"status": "cancelled"}, calendar)

    def recurring(self, event: Json, rule: str = "FREQ=WEEKLY", calendar: str = PRIMARY) -> str:
        """Put a series in: an event with a rule such as FREQ=WEEKLY;COUNT=10; return its id."""
        return self.put({**event, "recurrence": [f"RRULE:{rule}"]}, calendar)

    def instance(self, id: str, calendar: str = PRIMARY) -> Json:
        """Return an instance of a series by its id; GoogleError 404 if there is none."""
        of = self.calendar(calendar)
        series = of.entries.get(id.rpartition("_")[0])
        if series and "recurrence" in series.event:
            for one in instances(series.event, of.zone):
                if one["id"] == id:
                    return one
        raise GoogleError(404, "notFound", "Not Found")

    def instances(self, id: str, calendar: str = PRIMARY) -> list[str]:
        """Return the ids of the instances of a series, the first one first."""
        of = self.calendar(calendar)
        return [one["id"] for one in instances(of.entries[id].event, of.zone)]

    def expire_tokens(self) -> None:
        """Make every sync token of before a 410, and forget cancelled events.

        They "will eventually disappear" (discovery document, Event.status).
        """
        with self.lock:
            self.epoch += 1
            for calendar in self:
                for id, entry in list(calendar.entries.items()):
                    alone = "recurringEventId" not in entry.event
                    if entry.event["status"] == "cancelled" and alone:
                        del calendar.entries[id]

    def changes(self) -> int:
        """Return the number of the last change."""
        return self._change

    def _drop(self, old: Json, new: Json, into: Calendar) -> None:
        # the instances that a series has no longer are told of as cancelled, its exceptions too;
        # whether Google does so was not found out
        left: set[str] = set()
        if "recurrence" in new:
            left = {one["id"] for one in instances({"id": old["id"], **new}, into.zone)}
        for one in instances(old, into.zone):
            if one["id"] not in left:
                self.put(one | {"status": "cancelled"}, into.id)

    def _id_for(self, event: Json, into: Calendar) -> str:
        if "recurringEventId" in event and "originalStartTime" in event:
            return instance_id(event["recurringEventId"], event["originalStartTime"], into.zone)
        return f"ev{next(self._names):08d}"
