"""What was asked, and what did it cost? The log of the server, and its limit by the minute."""

from __future__ import annotations

import collections
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from tests.google.errors import Json, too_fast
from tests.google.faults import is_meant
from tests.google.gmail import UNITS


class Seen(NamedTuple):
    """A request, alone or as a part of a batch."""

    method: str
    """As in the discovery document, or "batch", "oauth.token"; empty for an unknown path."""
    params: Json
    inner: bool = False
    status: int = 0
    """0 when nothing was answered."""


class Accounts:
    """What was asked, in the order in which it was answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rate = 0.0
        self._clock: Callable[[], float] = time.monotonic
        self._spent: collections.deque[tuple[float, int]] = collections.deque()
        self.log: list[Seen] = []
        self.units = 0
        self.calls = 0

    def limit(self, units_per_minute: float, clock: Callable[[], float]) -> None:
        """Refuse with 429 what is more than so many units in any minute; 0 is no limit."""
        with self._lock:
            self._rate, self._clock = units_per_minute, clock
            self._spent.clear()

    def spend(self, method: str) -> None:
        """Count the units of a request that is about to be answered.

        Raises:
            GoogleError: 429, it would be too many in this minute.
        """
        cost = UNITS.get(method, 0)
        with self._lock:
            if self._rate:
                now = self._clock()
                while self._spent and self._spent[0][0] <= now - 60:
                    self._spent.popleft()
                if sum(one for _, one in self._spent) + cost > self._rate:
                    raise too_fast()
                self._spent.append((now, cost))
            self.units += cost

    def called(self) -> None:
        """Count an HTTP request."""
        with self._lock:
            self.calls += 1

    def note(self, seen: Seen) -> None:
        """Keep a request in the log."""
        with self._lock:
            self.log.append(seen)

    def asked(self, on: str | None = None) -> list[Seen]:
        """Return what was asked of a method, which may be called in short: messages.get."""
        with self._lock:
            return [seen for seen in self.log if is_meant(on, seen.method)]

    def reset(self) -> None:
        """Count from nothing again."""
        with self._lock:
            self.log, self.units, self.calls = [], 0, 0
