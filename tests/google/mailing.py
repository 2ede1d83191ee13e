"""A network, a mailbox at the Google of the tests, and the sync between them; time is made up."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs

import netcrm
from netcrm import Interaction, Network, Query, Synced
from netcrm.kinds import KINDS
from netcrm.storage.memory import MemoryStorage
from netcrm_google.calendar import Calendar
from netcrm_google.caller import Caller, Means
from netcrm_google.clients import client
from netcrm_google.gmail import Gmail
from netcrm_google.quota import NEW, REQUESTS, Pace, Quota
from tests.google import GoogleServer
from tests.google.client import credentials_of

ME, YOU, ANA, LUIS, TOM = (f"{name}@example.org" for name in ("me", "you", "ana", "luis", "tom"))
BERLIN = "Europe/Berlin"
METADATA = ["https://www.googleapis.com/auth/gmail.metadata"]
READONLY = ["https://www.googleapis.com/auth/gmail.readonly"]
EVENTS = ["https://www.googleapis.com/auth/calendar.events.readonly"]
NOW = datetime(2026, 3, 5, 14, tzinfo=UTC)
SINCE = date(2025, 3, 5)


@attrs.define
class Time:
    """Seconds that pass only when somebody sleeps."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.seconds += seconds


@attrs.define
class Clock:
    """What time it is; it stands still until days are let pass."""

    moment: datetime = NOW

    def __call__(self) -> datetime:
        return self.moment

    def pass_days(self, days: int) -> None:
        self.moment += timedelta(days=days)


@attrs.define
class Post:
    """What belongs together: the server, the network, and how they are synced."""

    google: GoogleServer
    net: Network
    time: Time = attrs.Factory(Time)
    quota: Quota = NEW
    callers: list[Caller] = attrs.Factory(list)

    def sync(self, *, since: date = SINCE, watch: Callable[[Synced], None] | None = None) -> Synced:
        return self.net.sync(self.gmail(since=since), watch=watch)

    def gmail(self, *, since: date = SINCE, people: Collection[str] | None = None) -> Gmail:
        scopes = METADATA if people is None else READONLY
        return Gmail(self.caller("gmail", scopes, self.quota), ME, since=since, people=people)

    def meet(self, *, since: date = SINCE, watch: Callable[[Synced], None] | None = None) -> Synced:
        """Sync the calendar."""
        return self.net.sync(self.calendar(since=since), watch=watch)

    def calendar(self, *, since: date = SINCE) -> Calendar:
        caller = self.caller("calendar", EVENTS, REQUESTS)
        mine, today = self.google.email, self.net.today
        return Calendar(caller, mine, since=since, today=today, me=(ME,))

    def caller(self, api: str, scopes: Collection[str], quota: Quota) -> Caller:
        means = Means(self.time, time.time, self.time.sleep, random.Random(7).random)
        service = client(api, credentials_of(self.google.token(scopes)), self.google.url)
        self.callers.append(Caller(service, Pace(quota, self.time, self.time.sleep), means))
        return self.callers[-1]

    def put(self, sender: str, *to: str, day: str = "2026-03-02", **more: Any) -> str:
        """Put a letter into the mailbox; what I wrote is what I sent."""
        headers = [("From", sender), ("To", ", ".join(to or (ME,)))]
        headers += [(name.replace("_", "-"), value) for name, value in more.items()]
        if "Message_ID" not in more:
            headers.append(("Message-ID", f"<{len(self.google.mailbox)}-{sender}>"))
        at = int(datetime.fromisoformat(f"{day}T15:00+00:00").timestamp() * 1000)
        labels = ["SENT"] if sender == ME else ["INBOX", "UNREAD"]
        return self.google.mailbox.add(headers, labels, at)

    def event(self, start: str, *guests: str, minutes: int = 30, **more: Any) -> str:
        """Put a meeting into the calendar, or change the one with an id, at a time in Berlin."""
        people = [{"email": one, "responseStatus": "accepted"} for one in guests]
        mine = {"email": self.google.email, "self": True, "responseStatus": "accepted"}
        told = {"summary": "Coffee", "attendees": [mine, *people], **times(start, minutes)}
        rule = more.pop("rule", "")
        put = self.google.calendars.put
        if rule:
            return self.google.calendars.recurring(told | more, rule)
        return put(told | more)

    def close(self) -> None:
        for caller in self.callers:
            caller.service.close()
        self.net.close()


def times(start: str, minutes: int = 30) -> dict[str, Any]:
    """Return when a meeting begins and ends, as Calendar has it, by the clocks in Berlin."""
    begin = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(BERLIN))
    return {
        name: {"dateTime": one.isoformat(), "timeZone": BERLIN}
        for name, one in (("start", begin), ("end", begin + timedelta(minutes=minutes)))
    }


def network(location: Any = None, clock: Callable[[], datetime] = Clock()) -> Network:  # noqa: B008
    """Return a network of me, Ana and Luis."""
    place = MemoryStorage(KINDS) if location is None else location
    net = netcrm.open(place, tz="America/New_York", clock=clock)
    bring_in(net)
    return net


def bring_in(net: Network) -> None:
    """Add me, Ana and Luis."""
    net.add("Maya Rao", email=ME, is_me=True)
    net.add("Ana Ruiz", email=ANA)
    net.add("Luis Ortega", email=LUIS)


def talks(net: Network) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Return what is logged: the ref, the day, who wrote, and with whom."""
    with net._reading() as view:
        found = list(net._all(view, Interaction, Query("interaction")))
        names = net.names({one.contact for talk in found for one in talk.participants})
    return sorted(
        (
            talk.ref,
            str(talk.occurred.date),
            talk.direction,
            tuple(sorted(f"{names[one.contact].handle}:{one.role}" for one in talk.participants)),
        )
        for talk in found
    )


def plans(net: Network) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return what is planned: the ref, when, and with whom."""
    found = net.meetings()
    names = net.names({one.contact for plan in found for one in plan.participants})
    return sorted(
        (
            plan.ref,
            str(plan.start.instant or plan.start.date),
            tuple(sorted(names[one.contact].handle for one in plan.participants)),
        )
        for plan in found
    )


def stored(net: Network, *kinds: str) -> list[Any]:
    """Return every record of some kinds, or of all."""
    with net._reading() as view:
        return [one for kind in kinds or KINDS for one in view.find(Query(kind))]
