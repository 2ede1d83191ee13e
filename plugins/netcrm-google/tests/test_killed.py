"""The program is killed between any two requests; the next one goes on as if nothing had been."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from netcrm_google.auth import scopes
from tests.google import GoogleServer
from tests.google.mailing import ANA, LUIS, ME, METADATA, Post, network, talks

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
            with subprocess.Popen(command) as run:
                if hold is not None:
                    assert hold.reached.wait(60)
                    run.kill()
                    hold.go.set()
                else:
                    assert run.wait(60) == 0
            kept.append(len(talks(post.net)))
        assert kept == [0, 100, 200, 330]
        fresh.sync()
        assert talks(post.net) == talks(fresh.net)
        assert len(talks(post.net)) == 330
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
            with subprocess.Popen(command) as run:
                if hold is not None:
                    assert hold.reached.wait(60)
                    run.kill()
                    hold.go.set()
                else:
                    assert run.wait(60) == 0
        [calendar] = [one for one in google.calendars if one.ours]
        assert len(calendar.entries) == 30
        assert len(google.asked("events.insert")) <= 30 + 3
