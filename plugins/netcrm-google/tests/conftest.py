"""What the tests share: a Google of one's own, and a mailbox that a network is synced with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.google import GoogleServer
from tests.google.mailing import ME, Clock, Post, network


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
