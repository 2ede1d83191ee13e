"""What goes wrong, when a test orders it: refusals, broken answers, pages that never end."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final

from tests.google.errors import REFUSALS, GoogleError

TWISTS: Final = frozenset({"empty page", "same page"})
"""An answer that is well formed and yet unpleasant: a page with a next one but nothing on it (seen
in lieer issue 24), and a page whose next one is itself."""
WIRE: Final = frozenset({"html", "cut", "drip", "drop", "lost"})
"""What happens to a whole HTTP answer: a page of HTML with 200; the connection closed before all
was sent; one piece after the other; closed before anything was done; closed after it was done."""
PARTS: Final = frozenset({"no content id", "missing part"})
"""What happens to the parts of a batch: its last part lacks its Content-ID, or is not there."""


@dataclass(slots=True)
class Fault:
    """One order of a test."""

    what: int | str
    times: float = 1
    on: str | None = None
    inner: bool = False
    after: int = 0
    retry_after: int | str | None = None
    seconds: float = 0.0
    done: int = field(default=0, init=False)

    def refusal(self) -> GoogleError | None:
        """Return the error to answer with, if it is one."""
        make = REFUSALS.get(self.what)
        if make is None:
            return None
        wait = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return make(wait)


class Faults:
    """The orders of a test, in their turn."""

    def __init__(self) -> None:
        self._orders: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> Fault:
        """Take an order; ValueError for one that cannot be carried out."""
        allowed = set(REFUSALS) | TWISTS | ({"html"} if fault.inner else WIRE | PARTS)
        if fault.what not in allowed:
            place = "in a part of a batch" if fault.inner else "here"
            raise ValueError(f"cannot do {fault.what!r} {place}; can do {allowed}")
        if fault.what in PARTS:
            fault.on = "batch"
        if fault.what in TWISTS and fault.on is None:
            raise ValueError(f"{fault.what!r} needs to be told which list")
        with self._lock:
            self._orders.append(fault)
        return fault

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        with self._lock:
            self._orders.clear()

    def next(self, method: str, *, inner: bool) -> Fault | None:
        """Return what goes wrong with this request; the order counts as carried out."""
        with self._lock:
            for fault in self._orders:
                if fault.inner != inner or not is_meant(fault.on, method) or fault.times < 1:
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.times -= 1
                fault.done += 1
                return fault
        return None


def is_meant(on: str | None, method: str) -> bool:
    """Say whether a name like messages.get, or none for all, means a method."""
    return on is None or method == on or method.endswith("." + on)
