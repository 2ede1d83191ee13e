"""How many units may be spent a minute, and what each call costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

_BURST: Final = 1 / 12
"""So much of a minute's units may be spent at once (our choice): five seconds' worth."""


class Quota(NamedTuple):
    """What a Google Cloud project may spend on one mailbox.

    Attributes:
        per_minute: units a minute.
        costs: units by method; any other costs as much as the dearest of them.
    """

    per_minute: int
    costs: Mapping[str, int]

    def cost(self, method: str) -> int:
        """Return the units that one call costs."""
        return self.costs.get(method, max(self.costs.values(), default=1))


_LIGHT: Final = {
    "gmail.users.getProfile": 1,
    "gmail.users.messages.list": 5,
    "gmail.users.history.list": 2,
}
NEW: Final = Quota(6_000, MappingProxyType({**_LIGHT, "gmail.users.messages.get": 20}))
"""Of projects made since May 2026 (Google: Gmail API usage limits)."""
LEGACY: Final = Quota(15_000, MappingProxyType({**_LIGHT, "gmail.users.messages.get": 5}))
"""Of projects that called the API before."""
REQUESTS: Final = Quota(300, MappingProxyType({}))
"""Of Calendar, Contacts and Drafts, by requests: half of what Calendar allows (our choice)."""


class Pace:
    """Waits before a call as long as it takes not to spend more than the quota.

    Attributes:
        spent: the units spent so far.
        waited: the seconds waited so far.
    """

    def __init__(
        self, quota: Quota, clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self.quota = quota
        self.spent = 0
        self.waited = 0.0
        self._per_second = quota.per_minute / 60
        self._most = quota.per_minute * _BURST
        self._left = self._most
        self._clock = clock
        self._sleep = sleep
        self._then = clock()

    def pay(self, *methods: str) -> None:
        """Pay for some calls that are made at once; wait first if there is not enough left."""
        units = sum(map(self.quota.cost, methods))
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._then) * self._per_second) - units
        self._then = now
        self.spent += units
        if self._left < 0:
            self.rest(-self._left / self._per_second)

    def drain(self) -> None:
        """Take note that Google says there is nothing left."""
        self._left = min(self._left, 0.0)

    def rest(self, seconds: float) -> None:
        """Wait."""
        self.waited += seconds
        self._sleep(seconds)
