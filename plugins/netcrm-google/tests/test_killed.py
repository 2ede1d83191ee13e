"""The program is killed between any two requests; the next one goes on as if nothing had been."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from netcrm_google.auth import scopes
from tests.google import GoogleServer
from tests.google.mailing import ANA, EVENTS, LUIS, ME, METADATA, TOM, Post, network, plans, talks
from tests.google.server import Hold

_PROGRAM = """
import json, random, sys, time
from datetime import date
import netcrm
from google.oauth2.credentials import Credentials
from netcrm_google.caller import Caller, Means
from netcrm_google.clients import client
from netcrm_google.gmail import Gmail
from netcrm_google.quota import NEW, Pace

place, root, token = sys.argv[1:]
clock = lambda: 0.0
rest = lambda seconds: None
caller = Caller(client("gmail", Credentials(token), root), Pace(NEW, clock, rest),
                Means(clock, time.time, rest, random.random))
with netcrm.open(place, tz="America/New_York") as net:
    net.sync(Gmail(caller, "me@example.org", since=date(2025, 3, 5)))
"""


def is_killed(command: list[str], hold: Hold | None = None) -> bool:
    """Run a program until a request is held, and kill it then; or until it ends or kills itself."""
    with subprocess.Popen(command) as program:
        if hold is not None:
            assert hold.reached.wait(60)
            program.kill()
            hold.go.set()
        code = program.wait(60)
    assert code in (0, -signal.SIGKILL)
    return code != 0


@pytest.mark.parametrize("scheme", ["tinydb", "sqlite"])
def test_killed_before_any_request_it_goes_on(scheme: str, tmp_path: Path) -> None:
    place = f"{scheme}:{tmp_path / 'network'}"
    with GoogleServer(email=ME) as google:
        post, fresh = Post(google, network(place)), Post(google, network())
        for one in range(330):
            post.put(ANA if one % 3 else LUIS, Message_ID=f"<{one}@x>")
        token = google.token(METADATA)["token"]
        command = [sys.executable, "-c", _PROGRAM, place, google.url, token]
        kept = []
        for nth in (1, 5, 4, 0):  # in the midst of a page, and where a page is whole
            hold = google.hold("batch", after=nth) if nth else None
            assert is_killed(command, hold) == bool(nth)
            kept.append(len(talks(post.net)))
        assert kept == [0, 100, 200, 330]
        fresh.sync()
        assert talks(post.net) == talks(fresh.net)
        assert len(talks(post.net)) == 330
        post.close()
        fresh.close()


_MEETING = """
import os, random, signal, sys, time
from datetime import date
import netcrm
from google.oauth2.credentials import Credentials
from netcrm_google import calendar
from netcrm_google.caller import Caller, Means
from netcrm_google.clients import client
from netcrm_google.quota import REQUESTS, Pace

place, root, token, left = *sys.argv[1:4], int(sys.argv[4])  # so many writes are left to do
calendar._ASKED["maxResults"] = 20
clock = lambda: 0.0
rest = lambda seconds: None
caller = Caller(client("calendar", Credentials(token), root), Pace(REQUESTS, clock, rest),
                Means(clock, time.time, rest, random.random))

def strike(frame, what, _):
    global left
    if what == "call" and frame.f_code.co_qualname in ("Work.put", "Work.put_all", "Work.delete"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

now = netcrm.LocalMoment.parse("2026-03-05T09:00-05:00[America/New_York]").local
with netcrm.open(place, tz="America/New_York", clock=lambda: now) as net:
    meetings = calendar.Calendar(caller, "me@example.org", since=date(2025, 3, 5), today=net.today)
    sys.setprofile(strike)
    net.sync(meetings)
"""


@pytest.mark.parametrize("scheme", ["tinydb", "sqlite"])
def test_killed_while_it_stores_meetings_it_goes_on(scheme: str, tmp_path: Path) -> None:
    place = f"{scheme}:{tmp_path / 'network'}"
    with GoogleServer(email=ME) as google:
        post, fresh = Post(google, network(place)), Post(google, network())
        for one in range(56):
            post.event(f"2026-0{2 + one // 28}-{one % 28 + 1:02}T15:00", (ANA, LUIS)[one % 2], TOM)
        series = post.event("2026-03-02T10:00", ANA, LUIS, rule="FREQ=WEEKLY;COUNT=9")
        token = google.token(EVENTS)["token"]
        command = [sys.executable, "-c", _MEETING, place, google.url, token]
        kept = []
        for left in ("0", "60", "15", "0"):  # where a page is whole, and in the midst of one
            hold = None if kept else google.hold("events.list", after=1)
            assert is_killed([*command, left], hold) == (len(kept) < 3)
            kept.append(len(talks(post.net)) + len(plans(post.net)))
        assert kept == [20, 40, 40, 65]
        google.calendars.cancel(series)
        assert is_killed([*command, "4"])
        assert not is_killed([*command, "0"])
        fresh.meet()
        assert talks(post.net) == talks(fresh.net)
        assert plans(post.net) == plans(fresh.net)
        assert len(talks(post.net)) + len(plans(post.net)) == 56
        post.close()
        fresh.close()


_PUBLISHING = """
import random, sys, time
import netcrm
from google.oauth2.credentials import Credentials
from netcrm_google.caller import Caller, Means
from netcrm_google.clients import client
from netcrm_google.publishing import carry_out, plan
from netcrm_google.quota import REQUESTS, Pace

place, root, token = sys.argv[1:]
clock = lambda: 0.0
rest = lambda seconds: None
caller = Caller(client("calendar", Credentials(token), root), Pace(REQUESTS, clock, rest),
                Means(clock, time.time, rest, random.random))
with netcrm.open(place, tz="America/New_York") as net:
    for _ in carry_out(net, caller, plan(net, caller, "me@example.org", net.coming())):
        pass
"""


def test_killed_while_it_publishes_it_goes_on(tmp_path: Path) -> None:
    place = f"tinydb:{tmp_path / 'network'}"
    with GoogleServer(email=ME) as google, network(place) as net:
        for day in range(1, 31):
            net.promise("ana", f"promise {day}", due=net.day(f"in {day} days"))
        token = google.token(scopes("calendar"))["token"]
        command = [sys.executable, "-c", _PUBLISHING, place, google.url, token]
        for nth in (0, 7, 9, None):
            hold = None if nth is None else google.hold("events.insert", after=nth)
            assert is_killed(command, hold) == (nth is not None)
        [calendar] = [one for one in google.calendars if one.ours]
        assert len(calendar.entries) == 30
        assert len(google.asked("events.insert")) <= 30 + 3
