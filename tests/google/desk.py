"""A network, its calendar at the Google of the tests, and the publishing; time is made up."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import attrs

from netcrm_google.auth import scopes
from netcrm_google.caller import Caller
from netcrm_google.publishing import carry_out, plan
from netcrm_google.quota import REQUESTS
from tests.google import GoogleServer
from tests.google.calendars import Calendar
from tests.google.errors import Json
from tests.google.mailing import ME, Post, network
from tests.networks import Clock


@attrs.define(kw_only=True)
class Desk(Post):
    """What belongs together: the server, the network, and how what comes is published."""

    clock: Clock

    def signed_in(self) -> Caller:
        """Return what asks, signed in anew."""
        return self.caller("calendar", scopes("calendar"), REQUESTS)

    def publish(self, account: str = ME, *, steps: int | None = None) -> list[tuple[str, str]]:
        """Publish, maybe only so many steps; return what was done, with the titles."""
        caller = self.signed_in()
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


def desks(google: GoogleServer) -> Iterator[Desk]:
    """Yield a desk with a network of me, Ana and Luis, and close it."""
    clock = Clock()
    desk = Desk(google, network(clock=clock), clock=clock)
    yield desk
    desk.close()
