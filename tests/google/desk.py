"""A network, its calendar at the Google of the tests, and the publishing; time is made up."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Iterator
from typing import Any

import attrs

import netcrm
from netcrm import Network
from netcrm_google.auth import scopes
from netcrm_google.caller import Caller, Means
from netcrm_google.clients import client
from netcrm_google.publishing import carry_out, plan
from netcrm_google.quota import REQUESTS, Pace
from tests.google import GoogleServer
from tests.google.calendars import Calendar
from tests.google.client import credentials_of
from tests.google.errors import Json
from tests.google.mailing import ANA, LUIS, ME, Time
from tests.networks import HOME, Clock


@attrs.define
class Desk:
    """What belongs together: the server, the network, and how what comes is published."""

    google: GoogleServer
    net: Network
    clock: Clock
    time: Time = attrs.Factory(Time)
    callers: list[Caller] = attrs.Factory(list)

    def caller(self) -> Caller:
        """Return what asks, signed in anew."""
        credentials = credentials_of(self.google.token(scopes("calendar")))
        means = Means(self.time, time.time, self.time.sleep, random.Random(7).random)
        service = client("calendar", credentials, self.google.url)
        self.callers.append(Caller(service, Pace(REQUESTS, self.time, self.time.sleep), means))
        return self.callers[-1]

    def publish(self, account: str = ME, *, steps: int | None = None) -> list[tuple[str, str]]:
        """Publish, maybe only so many steps; return what was done, with the titles."""
        caller = self.caller()
        what = plan(self.net, caller, account, self.net.coming())
        done = itertools.islice(carry_out(self.net, caller, what), steps)
        return [(step.change, step.title) for step in done]

    def calendars(self) -> list[Calendar]:
        """Return the calendars that netcrm made, as they are at Google."""
        return [one for one in self.google.calendars if one.ours]

    def events(self, calendar: Calendar | None = None) -> dict[str, Json]:
        """Return the events that somebody sees in a calendar, by their ids."""
        entries = (calendar or self.calendars()[-1]).entries.values()
        live = (one.event for one in entries if one.event["status"] != "cancelled")
        return {one["id"]: one for one in live}

    def titles(self) -> list[str]:
        """Return what they are called."""
        return sorted(one["summary"] for one in self.events().values())

    def touch(self, title: str, **said: Any) -> str:
        """Change an event as somebody does by hand; return its id."""
        [one] = [one for one in self.events().values() if one["summary"] == title]
        return self.google.calendars.put(one | said, self.calendars()[-1].id)

    def close(self) -> None:
        for caller in self.callers:
            caller.service.close()
        self.net.close()


def desks(google: GoogleServer) -> Iterator[Desk]:
    """Yield a desk with a network of me, Ana and Luis, and close it."""
    clock = Clock()
    net = netcrm.open(tz=HOME, clock=clock)
    net.add("Maya Rao", email=ME, is_me=True)
    net.add("Ana Ruiz", email=ANA)
    net.add("Luis Ortega", email=LUIS)
    desk = Desk(google, net, clock)
    yield desk
    desk.close()
