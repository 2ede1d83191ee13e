"""What does an error of Google's mean, and what is to be done about it?"""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from netcrm import BusyError

if TYPE_CHECKING:
    from googleapiclient.errors import HttpError

Meaning = Literal["slower", "tomorrow", "again", "sign_in", "scope", "missing", "stale", "wrong"]
"""What to do: wait and try again, the same on another day, at once again; sign in, sign in with
other permissions; take it as gone; take what was remembered as worthless; nothing, it is a fault.
"""

_RATE: Final = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RESOURCE_EXHAUSTED"})
_DAY: Final = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
_STALE: Final = frozenset({"EXPIRED_SYNC_TOKEN", "fullSyncRequired", "updatedMinTooLongAgo"})


class StaleError(Exception):
    """What was remembered of the last time is worth nothing any more."""


class LaterError(BusyError):
    """Google does not answer now, or not as much as asked for; what was done is kept."""


def meaning(error: HttpError, method: str = "") -> Meaning:
    """Return what an answer that is an error means; 403 may be one of four things."""
    status, why = int(error.resp.status), reasons(error)
    if why & _STALE or status == 410 or (status == 404 and method.endswith("history.list")):
        return "stale"
    if status == 403 and why & _DAY:
        return "tomorrow"
    if status == 429 or (status == 403 and why & _RATE):
        return "slower"
    if status == 403:
        return "scope"
    if status == 401:
        return "sign_in"
    if status == 404:
        return "missing"
    return "again" if status >= 500 or status == 408 else "wrong"


def reasons(error: HttpError) -> frozenset[str]:
    """Return Google's words for an error, old and new; none if what was answered is not Google's.

    People and other new interfaces say in the details what others say in a list of errors.
    """
    said = _body(error)
    parts = (*(said.get("errors") or ()), *(said.get("details") or ()))
    words = [one.get("reason") for one in parts if isinstance(one, dict)]
    return frozenset(str(word) for word in (*words, said.get("status")) if word)


def message(error: HttpError) -> str:
    """Return what Google says of an error, in one line."""
    said = str(_body(error).get("message") or error.resp.reason or "")
    return " ".join(f"{error.resp.status} {said}".split())[:300]


def retry_after(error: HttpError, now: float) -> float:
    """Return how many seconds Google wants to be left alone, 0 if it says nothing.

    Args:
        error: the answer.
        now: seconds since 1970.
    """
    said = error.resp.get("retry-after", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - now)
    except ValueError:
        return 0.0


def _body(error: HttpError) -> dict[str, Any]:
    try:
        said = json.loads(error.content)["error"]
    except (ValueError, LookupError, TypeError):
        return {}
    return said if isinstance(said, dict) else {"message": said}
