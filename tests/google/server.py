"""A Google of one's own: Gmail, Calendar, People and the login, on this machine only.

The tests of the plugin run Google's own client against it. What can be asked and what answers look
like comes from the documents Google publishes; how it behaves is said where it is done, with where
it is known from. Nothing of it was compared with the real servers.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from tests.google import calendar_api, connections, drafts, gmail
from tests.google.accounts import Accounts, Seen
from tests.google.answering import Answering
from tests.google.calendars import Calendars
from tests.google.connections import Connections
from tests.google.drafts import Drafts
from tests.google.faults import Fault, Faults, is_meant
from tests.google.mailbox import Mailbox
from tests.google.oauth import Login
from tests.google.tokens import CLIENT_ID, CLIENT_SECRET, Tokens
from tests.google.wire import Http


@dataclass(slots=True)
class Hold:
    """A request that waits until a test lets it go on."""

    on: str | None
    after: int = 0
    reached: threading.Event = field(default_factory=threading.Event)
    """Set when the request has come."""
    go: threading.Event = field(default_factory=threading.Event)
    """To be set by the test."""


class GoogleServer:
    """Google for one person.

    >>> with GoogleServer(email="me@example.org") as google:
    ...     id = google.mailbox.add([("From", "ada@example.com")])
    """

    def __init__(
        self,
        email: str = "me@example.org",
        *,
        messages: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Prepare it; it listens from `with` on.

        Args:
            email: whose account it is.
            messages: how many there are in the mailbox, made up when they are asked for.
            clock: seconds since 1970, which tokens expire by.
        """
        self.email = email
        self.mailbox = Mailbox(email, messages)
        self.drafts = Drafts(self.mailbox)
        self.calendars = Calendars(email)
        self.people = Connections(clock)
        self.tokens = Tokens(clock)
        self.login = Login(self.tokens)
        self._faults = Faults()
        self._accounts = Accounts()
        self._holds: list[Hold] = []
        self._hooks: list[Callable[[Seen], None]] = []
        self._closing = threading.Event()
        answers = gmail.answers(self.mailbox) | drafts.answers(self.drafts)
        answers |= calendar_api.answers(self.calendars) | connections.answers(self.people)
        answers["oauth2.userinfo.get"] = lambda _: {"id": "1", "email": self.mailbox.email}
        self._answering = Answering(
            answers, self.tokens, self.login, self._faults, self._accounts, self._wait
        )
        self._http = Http(self._answering.answer)

    @property
    def url(self) -> str:
        """Where it listens; the rootUrl of a discovery document is this and a slash."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop; AssertionError when an answer was not as Google's documents say."""
        self._closing.set()
        for hold in self._holds:
            hold.go.set()
        self._http.shutdown()
        self._http.hang_up()
        self._http.server_close()
        self._thread.join(5)
        if kind is None:
            assert not self.violations, self.violations

    # what a test asks

    @property
    def violations(self) -> list[str]:
        """What was wrong with the server's own answers: must stay empty."""
        return self._answering.violations

    @property
    def units(self) -> int:
        """How many quota units were spent; what never got as far as its endpoint spent none."""
        return self._accounts.units

    @property
    def calls(self) -> int:
        """How many HTTP requests there were; a batch is one."""
        return self._accounts.calls

    @property
    def log(self) -> list[Seen]:
        """What was asked, the parts of batches too."""
        return self._accounts.log

    def asked(self, on: str | None = None) -> list[Seen]:
        """Return what was asked of a method, which may be called in short: messages.get."""
        return self._accounts.asked(on)

    def reset_accounts(self) -> None:
        """Count from nothing again."""
        self._accounts.reset()

    # what a test orders

    def token(self, scopes: Collection[str]) -> dict[str, Any]:
        """Return credentials as after a login, as Credentials.to_json has them.

        Mind that Credentials.from_authorized_user_info does not take the token_uri in it.
        """
        return self.tokens.credentials(scopes, self.url + "/token")

    def client_config(self) -> dict[str, Any]:
        """Return the file that a person downloads for a program of their own (a desktop client)."""
        return {
            "installed": {
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
                "project_id": "local",
                "auth_uri": self.url + "/o/oauth2/v2/auth",
                "token_uri": self.url + "/token",
                "redirect_uris": ["http://localhost"],
            }
        }

    def fail(
        self,
        what: int | str,
        times: float = 1,
        on: str | None = None,
        *,
        inner: bool = False,
        after: int = 0,
        retry_after: int | str | None = None,
        seconds: float = 0.0,
    ) -> Fault:
        """Let something go wrong.

        Args:
            what: a status (429, 401, 404, 408, 500, 502, 503, 504); the reason of a 403
                (rateLimitExceeded, userRateLimitExceeded, quotaExceeded, dailyLimitExceeded,
                insufficientPermissions); "html", "cut", "drip", "drop", "lost", "no content id",
                "missing part", "empty page", "same page" (see `faults`).
            times: how often; math.inf for ever.
            on: a method like messages.get, "batch" for whole batches; else any.
            inner: it happens to parts of batches, and to nothing else.
            after: how many requests go well before.
            retry_after: what the header Retry-After says; without it there is none.
            seconds: how long "drip" takes.

        Returns:
            The order; its `done` says how often it has happened.
        """
        return self._faults.add(Fault(what, times, on, inner, after, retry_after, seconds))

    def recover(self) -> None:
        """Let nothing go wrong any more."""
        self._faults.clear()

    def limit(self, units_per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Answer 429 to what is more than so many units in any minute; 0 is no limit."""
        self._accounts.limit(units_per_minute, clock)

    def expire_page_tokens(self) -> None:
        """Make every page token of before a 400."""
        self._answering.pages.expire()

    def hold(self, on: str | None = None, *, after: int = 0) -> Hold:
        """Let a request wait, before anything is done, until `go` is set.

        Args:
            on: a method like messages.get, "batch" for whole batches; else any.
            after: how many such requests go on before without waiting.
        """
        hold = Hold(on, after)
        self._holds.append(hold)
        return hold

    def before(self, hook: Callable[[Seen], None]) -> None:
        """Call something before each request is looked at, the parts of batches too.

        What it raises closes the connection without an answer.
        """
        self._hooks.append(hook)

    def _wait(self, seen: Seen) -> None:
        for hook in self._hooks:
            hook(seen)
        for hold in self._holds:
            if hold.reached.is_set() or not is_meant(hold.on, seen.method):
                continue
            hold.after -= 1
            if hold.after < 0:
                hold.reached.set()
                hold.go.wait(120)
                if self._closing.is_set():
                    raise ConnectionAbortedError
                return
