"""A network, a mailbox at the Google of the tests, and the sync between them; time is made up."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import attrs

import netcrm
from netcrm import Interaction, Network, Query, Synced
from netcrm.kinds import KINDS
from netcrm.storage.memory import MemoryStorage
from netcrm_google.caller import Caller, Means
from netcrm_google.clients import client
from netcrm_google.gmail import Gmail
from netcrm_google.quota import NEW, Pace, Quota
from tests.google import GoogleServer
from tests.google.client import credentials_of

ME, ANA, LUIS, TOM = "me@example.org", "ana@example.org", "luis@example.org", "tom@example.org"
METADATA = ["https://www.googleapis.com/auth/gmail.metadata"]
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
class Post:
    """What belongs together: the server, the network, and how they are synced."""

    google: GoogleServer
    net: Network
    time: Time = attrs.Factory(Time)
    quota: Quota = NEW
    callers: list[Caller] = attrs.Factory(list)

    def sync(self, *, since: date = SINCE, watch: Callable[[Synced], None] | None = None) -> Synced:
        return self.net.sync(self.gmail(since=since), watch=watch)

    def gmail(self, *, since: date = SINCE) -> Gmail:
        credentials = credentials_of(self.google.token(METADATA))
        means = Means(self.time, time.time, self.time.sleep, random.Random(7).random)
        service = client("gmail", credentials, self.google.url)
        self.callers.append(Caller(service, Pace(self.quota, self.time, self.time.sleep), means))
        return Gmail(self.callers[-1], ME, since=since)

    def put(self, sender: str, *to: str, day: str = "2026-03-02", **more: Any) -> str:
        """Put a letter into the mailbox; what I wrote is what I sent."""
        headers = [("From", sender), ("To", ", ".join(to or (ME,)))]
        headers += [(name.replace("_", "-"), value) for name, value in more.items()]
        if "Message_ID" not in more:
            headers.append(("Message-ID", f"<{len(self.google.mailbox)}-{sender}>"))
        at = int(datetime.fromisoformat(f"{day}T15:00+00:00").timestamp() * 1000)
        labels = ["SENT"] if sender == ME else ["INBOX", "UNREAD"]
        return self.google.mailbox.add(headers, labels, at)

    def close(self) -> None:
        for caller in self.callers:
            caller.service.close()
        self.net.close()


def network(location: Any = None) -> Network:
    """Return a network of me, Ana and Luis."""
    place = MemoryStorage(KINDS) if location is None else location
    net = netcrm.open(place, tz="America/New_York", clock=lambda: NOW)
    net.add("Maya Rao", email=ME, is_me=True)
    net.add("Ana Ruiz", email=ANA)
    net.add("Luis Ortega", email=LUIS)
    return net


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
