"""What the tests share: a Google of one's own, and a mailbox that a network is synced with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.google import GoogleServer
from tests.google.housing import House
from tests.google.mailing import ME, Clock, Post, bring_in, network
from tests.google.signing import outside


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[GoogleServer]:
    """A Google that may be signed in to without https."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with GoogleServer(email=ME) as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    """The clock of the network."""
    return Clock()


@pytest.fixture
def post(google: GoogleServer, clock: Clock) -> Iterator[Post]:
    """A mailbox and a calendar, and a network of me, Ana and Luis."""
    made = Post(google, network(clock=clock))
    yield made
    made.close()


@pytest.fixture
def house(tmp_path: Path, google: GoogleServer, monkeypatch: pytest.MonkeyPatch) -> House:
    """A network of me, Ana and Luis in a file, and the commands on it."""
    monkeypatch.setenv("NETCRM_BACKUPS", "0")
    made = House(tmp_path, outside(tmp_path / "google", google))
    with made.open() as net:
        bring_in(net)
    return made
