"""Whatever happens at Google and on the way: in the end it is as if all were read anew.

`NETCRM_FUZZ=1000` tries so many mailboxes; without it there are fifty.
"""

from __future__ import annotations

import contextlib
import os
import random
from typing import Any

import pytest

from netcrm import BusyError, Query, SignInError, Synced
from netcrm_google import gmail
from tests.google import GoogleServer
from tests.google.mailing import ANA, LUIS, ME, TOM, Post, network, talks

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

SEEDS = int(os.environ.get("NETCRM_FUZZ", "50"))
TURNS = 8
FAULTS = (
    429, 500, 503, 401, "rateLimitExceeded", "quotaExceeded", "html", "cut", "drop",
)  # fmt: skip
INNER = (429, 500, 503, "userRateLimitExceeded", "html")
PLACES = (None, "batch", "messages.list", "messages.get", "history.list", "getProfile")


class StopError(Exception):
    """The program was stopped between two pages."""


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(gmail, "_LISTED", 7)
    monkeypatch.setattr(gmail, "_KEPT", 4)


class Life:
    """What happens in a mailbox, drawn from a seed."""

    def __init__(self, post: Post, dice: random.Random) -> None:
        self.post = post
        self.dice = dice
        self.box = post.google.mailbox
        self.last: dict[str, Any] = {}
        self.written = 0

    def live(self) -> None:
        """Let one thing happen."""
        here = self.box.ids()
        what = self.dice.choice(
            ["add"] * 4 + ["delete", "trash", "untrash", "read", "spam", "twice"]
        )
        one = self.dice.choice(here) if here else ""
        if what in ("add", "twice") or not one:
            self._add(again=what == "twice")
        elif what == "delete":
            self.box.delete(one)
        elif what == "trash":
            self.box.trash(one)
        elif what == "untrash":
            self.box.untrash(one)
        elif what == "spam":
            both = (["SPAM"], ["INBOX"]) if self.dice.random() < 0.5 else (["INBOX"], ["SPAM"])
            self.box.label(one, *both)
        else:
            self.box.label(one, [], ["UNREAD"])

    def _add(self, *, again: bool) -> None:
        """Put a letter in, or a copy of the last one, as if it were sent to a list, too."""
        if not again or not self.last:
            self.written += 1
            others = self.dice.sample([ANA, LUIS, TOM, "eve@example.org"], self.dice.randint(1, 3))
            sender = self.dice.choice([ME, others[0]])
            to = others if sender == ME else [ME, *others[1:]]
            self.last = {
                "sender": sender,
                "to": to,
                "day": f"2026-02-{self.dice.randint(1, 28):02}",
            }
            self.last |= {"List_Id": "<news>"} if self.dice.random() < 0.1 else {}
            self.last |= {"Message_ID": f"<{self.written}@x>"} if self.dice.random() < 0.9 else {}
        more = dict(self.last)
        self.post.put(more.pop("sender"), *more.pop("to"), **more)

    def hinder(self) -> None:
        """Let something go wrong at Google."""
        roll = self.dice.random()
        if roll < 0.05:
            self.post.google.fail("empty page", times=2, on="history.list")
        elif roll < 0.07:
            self.post.google.fail("same page", times=9, on="messages.list")
        elif roll < 0.09:
            self.post.google.fail(self.dice.choice(["no content id", "missing part"]), on="batch")
        elif roll < 0.15:
            self.box.expire_history()
        elif roll < 0.2:
            self.post.google.expire_page_tokens()
        elif roll < 0.3:
            self.post.google.tokens.expire_access_tokens()
        elif roll < 0.8:
            inner = self.dice.random() < 0.3
            self.post.google.fail(
                self.dice.choice(INNER if inner else FAULTS),
                times=self.dice.choice([1, 2, 5, 30]),
                on="messages.get" if inner else self.dice.choice(PLACES),
                inner=inner,
                after=self.dice.randint(0, 5),
            )

    def sync(self) -> None:
        """Sync, maybe only so far."""
        pages = self.dice.choice([0, 1, 2, 3, 99, 99, 99])

        def stops(done: Synced) -> None:
            if done.pages >= pages:
                raise StopError
            if self.dice.random() < 0.3:
                self.live()
            if self.dice.random() < 0.1:
                self.post.google.expire_page_tokens()

        with contextlib.suppress(StopError, BusyError, SignInError):
            self.post.sync(watch=stops)


def there(net) -> set[str]:
    with net._reading() as view:
        return {key for key, here in view.rows(Query("remote"), ("key", "is_there")) if here}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_it_is_as_if_all_were_read_for_the_first_time(seed):
    dice = random.Random(seed)
    with GoogleServer(email=ME) as google:
        post, fresh = Post(google, network()), Post(google, network())
        life = Life(post, dice)
        comes_late = dice.randint(0, TURNS)
        for turn in range(TURNS):
            for _ in range(dice.randint(0, 12)):
                life.live()
            if turn == comes_late:
                post.net.add("Tom Okafor", email=TOM)
            if dice.random() < 0.6:
                life.hinder()
            life.sync()
            if dice.random() < 0.5:
                google.recover()
        google.recover()
        if comes_late == TURNS:
            post.net.add("Tom Okafor", email=TOM)
        fresh.net.add("Tom Okafor", email=TOM)
        post.sync()
        fresh.sync()
        assert sorted(talks(post.net)) == sorted(talks(fresh.net))
        assert there(post.net) == there(fresh.net)
        commits = post.net.counts()["commit"]
        post.sync()
        assert post.net.counts()["commit"] == commits
        post.close()
        fresh.close()
