"""Whatever happens here, at Google and on the way: in the end it is as if published anew.

`NETCRM_FUZZ=1000` tries so many lives; without it there are fifty.
"""

from __future__ import annotations

import contextlib
import os
import random
from datetime import timedelta
from typing import Any

import pytest

from netcrm import BusyError, NetcrmError, SignInError
from netcrm_google import publishing
from tests.google import GoogleServer
from tests.google.desk import Desk, desks
from tests.google.mailing import ME

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

SEEDS = int(os.environ.get("NETCRM_FUZZ", "50"))
TURNS = 8
FAULTS = (429, 500, 503, 401, "rateLimitExceeded", "quotaExceeded", "html", "cut", "drop", "lost")
PLACES = ("events.list", "events.insert", "events.update", "events.delete")
HERE = ("plan", "plan", "promise", "keep", "end", "rule", "name", "log", "undo", "later")
THERE = ("add", "copy", "colour", "delete", "empty", "nothing")
WRITTEN = (
    "id", "summary", "description", "location", "start", "end", "status", "visibility",
    "transparency", "reminders", "extendedProperties",
)  # fmt: skip


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(publishing, "_LISTED", 3)


class Life:
    """What happens to a network and its calendar, drawn from a seed."""

    def __init__(self, desk: Desk, dice: random.Random) -> None:
        self.desk = desk
        self.dice = dice
        self.by_hand: set[tuple[str, str]] = set()
        self.count = 0

    def live(self) -> None:
        """Let one thing happen here; what makes no sense is refused, and is nothing."""
        net, roll = self.desk.net, self.dice.random
        who = self.dice.choice(["ana", "luis"])
        day = self.desk.clock().date() + timedelta(days=self.dice.randint(0, 40))
        self.count += 1
        with contextlib.suppress(NetcrmError, IndexError):
            match self.dice.choice(HERE):
                case "plan":
                    hour = f"{day} {self.dice.randint(8, 19):02}:00"
                    net.plan(who, hour, format=self.dice.choice(["video", "in_person"]))
                case "promise":
                    net.promise(who, f"promise {self.count}", due=day)
                case "keep":
                    net.keep(self.dice.choice(net.promises()))
                case "end":
                    net.end(self.dice.choice(net.meetings()), "cancelled")
                case "rule":
                    net.rule("everybody", f"{self.dice.randint(1, 30)} days")
                case "name":
                    net.edit(who, name=f"{who.title()} {self.count}")
                case "log":
                    net.log(who, "email", "hello")
                case "undo":
                    net.undo()
                case "later":
                    self.desk.clock.moment += timedelta(hours=roll() * 60)

    def meddle(self) -> None:
        """Let somebody do something with the calendar at Google."""
        google = self.desk.google.calendars
        for calendar in self.desk.calendars():
            events = list(self.desk.events(calendar).values())
            ours = [one for one in events if publishing._OURS.fullmatch(one["id"])]
            match self.dice.choice(THERE):
                case "add":
                    there = {"date": "2026-03-09"}
                    made = google.put(
                        {"summary": "Mine", "start": there, "end": there}, calendar.id
                    )
                    self.by_hand.add((calendar.id, made))
                case "copy" if ours:
                    one = {**self.dice.choice(ours)}
                    del one["id"]
                    self.by_hand.add((calendar.id, google.put(one, calendar.id)))
                case "colour" if ours:
                    google.put(self.dice.choice(ours) | {"colorId": "5"}, calendar.id)
                case "delete" if ours:
                    google.cancel(self.dice.choice(ours)["id"], calendar.id)
                case "empty" if self.dice.random() < 0.3:
                    google.remove(calendar.id)

    def publish(self) -> None:
        """Publish, maybe only so far, and with something going wrong."""
        if self.dice.random() < 0.6:
            self.desk.google.fail(
                self.dice.choice(FAULTS),
                times=self.dice.choice([1, 2, 30]),
                on=self.dice.choice(PLACES),
                after=self.dice.randint(0, 3),
            )
        steps = self.dice.choice([0, 1, 2, None, None])
        with contextlib.suppress(BusyError, SignInError):
            self.desk.publish(steps=steps)
        if self.dice.random() < 0.7:
            self.desk.google.recover()


def shown(desk: Desk, ids: set[str]) -> list[dict[str, Any]]:
    """Return what is told of some events, in the order of their ids."""
    events = desk.events()
    return [{name: events[id_].get(name) for name in WRITTEN} for id_ in sorted(ids)]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_it_is_as_if_all_were_published_for_the_first_time(seed):
    dice = random.Random(seed)
    with GoogleServer(email=ME) as google, GoogleServer(email=ME) as other:
        for desk in desks(google):
            life = Life(desk, dice)
            for _ in range(TURNS):
                for _ in range(dice.randint(0, 4)):
                    life.live()
                life.publish()
                if dice.random() < 0.5:
                    life.meddle()
            google.recover()
            desk.publish()
            google.reset_accounts()
            assert desk.publish() == []
            fresh = Desk(other, desk.net, clock=desk.clock)
            fresh.publish("fresh@example.org")
            [calendar] = desk.calendars()
            by_hand = {id_ for place, id_ in life.by_hand if place == calendar.id}
            ours = desk.events().keys() - by_hand
            assert by_hand <= desk.events().keys()
            assert ours == fresh.events().keys()
            assert shown(desk, set(ours)) == shown(fresh, set(ours))
            for caller in fresh.callers:
                caller.service.close()
