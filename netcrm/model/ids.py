"""Ids of our own: 128 bits, in order of time, made without asking anybody."""

from __future__ import annotations

import os
import threading
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
_RANDOM_BITS = 80
_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """Return a new id: 26 characters, the first ten of them the time in milliseconds (a ULID).

    Within one process each id sorts after the one before it, even when the clock is set back.
    """
    global _last
    fresh = time.time_ns() // 1_000_000 << _RANDOM_BITS | int.from_bytes(os.urandom(10))
    with _lock:
        _last = made = fresh if fresh >> _RANDOM_BITS > _last >> _RANDOM_BITS else _last + 1
    return "".join(_ALPHABET[made >> shift & 31] for shift in range(125, -1, -5))


def commit_id(seq: int) -> str:
    """Return the id of the commit with a number: ids sort as the numbers do."""
    return f"{seq:012}"
