"""Whatever becomes of meetings, and on the way: in the end it is as if all were read anew.

`NETCRM_FUZZ=1000` tries so many calendars; without it there are fifty. The first few are read into
each storage, all others into memory.
"""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from netcrm import BusyError, Interaction, Meeting, Network, Query, SignInError, Synced
from netcrm_google import calendar
from tests.google import GoogleServer, recurring
from tests.google.mailing import ANA, LUIS, ME, NOW, TOM, Clock, Post, network, times
from tests.networks import PERSISTENT, place

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

SEEDS = int(os.environ.get("NETCRM_FUZZ", "50"))
TURNS = 7
SINCE = NOW.date() - timedelta(days=20)
WORK, EVE = "maya@work.example", "eve@example.org"
KNOWN = {"ana-ruiz", "luis-ortega"}
LATE = {TOM: "Tom Okafor", EVE: "Eve Lund"}
FAULTS = (
    429, 500, 503, 401, "rateLimitExceeded", "quotaExceeded", "html", "cut", "drop", "same page",
    "empty page",
)  # fmt: skip
ANSWERS = ("accepted", "declined", "needsAction")


class StopError(Exception):
    """The program was stopped between two pages."""


class Life:
    """What happens in the calendar of an account, drawn from a seed."""

    def __init__(self, post: Post, dice: random.Random, clock: Clock) -> None:
        self.post = post
        self.dice = dice
        self.clock = clock
        self.box = post.google.calendars
        self.made = 0

    def live(self) -> None:
        """Let one thing happen."""
        event = self._any()
        what = self.dice.choice(
            [self._add] * 4
            + [self._move] * 3
            + [self._answer, self._guests, self._words] * 2
            + [self._cancel, self._restore, self._whole_day, self._repeat]
        )
        (what if event else self._add)(event)

    def copy(self, other: Life) -> None:
        """Invite another account of mine to something, as both calendars then have it."""
        event = other._any()
        if event and "recurringEventId" not in event:
            people = [one for one in event.get("attendees", ()) if not one.get("self")]
            self.box.put(event | {"attendees": [self._me("accepted"), *people]})

    def hinder(self) -> None:
        """Let something go wrong at Google."""
        roll = self.dice.random()
        if roll < 0.2:
            self.box.expire_tokens()
        elif roll < 0.35:
            self.post.google.expire_page_tokens()
        elif roll < 0.45:
            self.post.google.tokens.expire_access_tokens()
        elif roll < 0.8:
            self.post.google.fail(
                self.dice.choice(FAULTS),
                times=self.dice.choice([1, 2, 5, 30]),
                on="events.list",
                after=self.dice.randint(0, 3),
            )

    def sync(self) -> None:
        """Sync, maybe only so far."""
        pages = self.dice.choice([0, 1, 2, 3, 99, 99, 99])
        dies = self.dice.choice([0, 0, 1, 2, 5])

        def stops(done: Synced) -> None:
            if done.pages >= pages:
                raise StopError
            if self.dice.random() < 0.3:
                self.live()
            if dies == done.pages:
                self.post.google.expire_page_tokens()

        with contextlib.suppress(StopError, BusyError, SignInError):
            self.post.meet(since=SINCE, watch=stops)

    # what happens to one meeting, or to a series

    def _any(self) -> dict[str, Any]:
        """Return an event, a series or one of a series; nothing if there is none."""
        entries = self.box.calendar().entries
        if not entries:
            return {}
        event = entries[self.dice.choice(list(entries))].event
        if "recurrence" in event and self.dice.random() < 0.7:
            one = self.dice.choice(self.box.instances(event["id"])[:12])
            return entries[one].event if one in entries else self.box.instance(one)
        return event

    def _add(self, _: dict[str, Any]) -> None:
        guests = self.dice.sample([ANA, LUIS, TOM, EVE, "kim@example.org"], self.dice.randint(0, 3))
        self.made += 1
        made: dict[str, Any] = {"id": f"{self.post.google.email[:2]}{self.made:03}"}
        made |= {"summary": f"Coffee {self.dice.randint(1, 99)}", **self._times()}
        made["attendees"] = [self._me(), *map(self._guest, guests)]
        if self.dice.random() < 0.1:
            made |= {"organizer": {"email": ANA}}
        if self.dice.random() < 0.3:
            self.box.recurring(made, self._rule())
        else:
            self.box.put(made)

    def _move(self, event: dict[str, Any]) -> None:
        self.box.put(event | self._times())

    def _cancel(self, event: dict[str, Any]) -> None:
        self.box.cancel(event["id"])

    def _restore(self, event: dict[str, Any]) -> None:
        self.box.put(event | {"status": "confirmed"})

    def _answer(self, event: dict[str, Any]) -> None:
        """Let me, or somebody else, say whether they come."""
        guests = list(event["attendees"])
        which = self.dice.randrange(len(guests))
        guests[which] = guests[which] | {"responseStatus": self.dice.choice(ANSWERS)}
        self.box.put(event | {"attendees": guests})

    def _guests(self, event: dict[str, Any]) -> None:
        """Invite somebody, or let them not be invited any more."""
        other = self.dice.choice([ANA, LUIS, TOM, EVE])
        guests = [one for one in event["attendees"] if one["email"] != other]
        if len(guests) == len(event["attendees"]):
            guests.append(self._guest(other))
        self.box.put(event | {"attendees": guests})

    def _words(self, event: dict[str, Any]) -> None:
        """Say otherwise what it is, where it is, and who may see it."""
        said = {
            "summary": f"Tea {self.dice.randint(1, 99)}",
            "location": self.dice.choice(["", "Café Luna", "https://zoom.us/j/1", "+49 30 123456"]),
            "visibility": self.dice.choice(["default", "default", "private"]),
        }
        self.box.put(event | said)

    def _whole_day(self, event: dict[str, Any]) -> None:
        if "recurrence" in event:
            return
        day = self.clock.moment.date() + timedelta(days=self.dice.randint(-20, 20))
        ends = {"date": str(day)}, {"date": str(day + timedelta(days=1))}
        self.box.put(event | {"start": ends[0], "end": ends[1]})

    def _repeat(self, event: dict[str, Any]) -> None:
        """Let a meeting be repeated, or a series go on for longer, or not so long."""
        if "recurringEventId" not in event and "date" not in event["start"]:
            self.box.put(event | {"recurrence": [f"RRULE:{self._rule()}"]})

    def _rule(self) -> str:
        rule = self.dice.choice(["FREQ=WEEKLY", "FREQ=DAILY;INTERVAL=5", "FREQ=WEEKLY;INTERVAL=2"])
        return rule + self.dice.choice(["", f";COUNT={self.dice.randint(1, 9)}"])

    def _times(self) -> dict[str, Any]:
        far = self.dice.choice([0] * 9 + [200])
        day = self.clock.moment.date() + timedelta(days=far + self.dice.randint(-30, 80))
        hour = self.dice.randint(0, 23)
        return times(f"{day}T{hour:02}:30", self.dice.choice([0, 30, 45, 60]))

    def _me(self, answer: str = "") -> dict[str, Any]:
        return self._guest(self.post.google.email, answer) | {"self": True}

    def _guest(self, email: str, answer: str = "") -> dict[str, Any]:
        return {"email": email, "responseStatus": answer or self.dice.choice(ANSWERS[::2])}


class Told(NamedTuple):
    """A meeting, planned or held."""

    kind: str
    ref: str
    at: str
    how: str
    people: tuple[str, ...]
    minutes: int | None
    series: str
    words: tuple[str, ...]


def everything(net: Network) -> list[Told]:
    """Return all that is planned and that is logged, as far as a calendar tells of it."""
    found = []
    with net._reading() as view:
        talks = list(net._all(view, Interaction, Query("interaction")))
        plans = [one for one in net._all(view, Meeting, Query("meeting")) if not one.ended]
        names = net.names({p.contact for one in (*talks, *plans) for p in one.participants})
    for one in (*talks, *plans):
        people = tuple(sorted(names[person.contact].handle for person in one.participants))
        if isinstance(one, Meeting):
            what = "plan", one.ref, str(one.start), one.format, people, one.minutes
            found.append(Told(*what, "", (one.subject, one.place)))
        else:
            what = "talk", one.ref, str(one.occurred), one.channel, people, one.minutes
            found.append(Told(*what, one.thread, (one.subject,)))
    return sorted(found)


def assert_alike(some: Sequence[Told], others: Sequence[Told], *, in_words: bool) -> None:
    """Find that two networks tell the same.

    What a meeting is called and where it is are not kept of those with nobody here: who is added
    later is found in them without. Of two calendars whichever was told of last has it its way.
    """
    first, second = (
        [one if in_words and KNOWN & set(one.people) else one._replace(words=()) for one in both]
        for both in (some, others)
    )
    assert first == second


def met(net: Network) -> list[tuple[str, int, str]]:
    """Return who is not in the network, how often we met, and when last."""
    return sorted((one.stranger.address, one.met, str(one.last)) for one in net.strangers())


def there(net: Network) -> set[str]:
    with net._reading() as view:
        return {key for key, here in view.rows(Query("remote"), ("key", "is_there")) if here}


def sync_all(posts: Sequence[Post]) -> None:
    for post in posts:
        post.meet(since=SINCE)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_it_is_as_if_all_were_read_for_the_first_time(seed, monkeypatch, tmp_path):
    where = place(PERSISTENT[seed], tmp_path) if seed < len(PERSISTENT) else None
    dice, clock = random.Random(seed), Clock()
    monkeypatch.setattr(recurring, "ENDLESS", 40)
    monkeypatch.setitem(calendar._ASKED, "maxResults", dice.choice([3, 10, 2500]))
    accounts = [ME, WORK] if dice.random() < 0.4 else [ME]
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(GoogleServer(email=one)) for one in accounts]
        net, fresh = network(where, clock), network(clock=clock)
        posts, anew = ([Post(one, both) for one in servers] for both in (net, fresh))
        for post in (*posts, *anew):
            stack.callback(post.close)
        lives = [Life(post, dice, clock) for post in posts]
        comes = {one: dice.randrange(TURNS) for one in LATE}
        for turn in range(TURNS):
            for life in lives:
                for _ in range(dice.randint(0, 8)):
                    life.live()
                if life is not lives[0]:
                    life.copy(lives[0])
            for address, name in LATE.items():
                if comes[address] == turn:
                    net.add(name, email=address)
            for life in lives:
                if dice.random() < 0.6:
                    life.hinder()
                life.sync()
                if dice.random() < 0.5:
                    life.post.google.recover()
            if dice.random() < 0.5:
                clock.pass_days(dice.choice([1, 3, 10, 20]))
        for address, name in LATE.items():
            fresh.add(name, email=address)
        for server in servers:
            server.recover()
        sync_all(posts)
        sync_all(anew)
        assert_alike(everything(net), everything(fresh), in_words=len(accounts) == 1)
        assert there(net) == there(fresh)
        assert met(net) == met(fresh)
        commits = net.counts()["commit"]
        sync_all(posts)
        assert net.counts()["commit"] == commits
