"""Calls Google: not faster than its quota, again where that helps, and without losing anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from netcrm import SignInError
from netcrm_google.quota import Pace
from netcrm_google.trouble import (
    LaterError,
    StaleError,
    UnsureError,
    meaning,
    message,
    retry_after,
)

if TYPE_CHECKING:
    from googleapiclient.http import HttpRequest

AT_ONCE: Final = 25
"""So many messages are asked for at once; more makes Gmail refuse parts of it (our choice)."""
_FEWEST: Final = 5
_TRIES: Final = 6
_LONGEST: Final = 64.0
"""Seconds between two tries, at most (our choice)."""
_RESTARTS: Final = 3
"""So often a list is begun anew (our choice)."""

Answer = dict[str, Any]


class Means(NamedTuple):
    """What a call has of the world around it, so that tests and other programs can replace it.

    Attributes:
        clock: seconds that only ever grow.
        now: seconds since 1970.
        sleep: waits so many seconds.
        random: a number from 0 to 1.
    """

    clock: Callable[[], float]
    now: Callable[[], float]
    sleep: Callable[[float], None]
    random: Callable[[], float]


class Caller:
    """One user of one API of Google's. It is not for several threads at once.

    Attributes:
        requests: how many requests were made.
    """

    def __init__(self, service: Any, pace: Pace, means: Means) -> None:
        self.service = service
        self.pace = pace
        self.requests = 0
        self._means = means
        self._size = AT_ONCE
        self._in_batches = True

    def call(self, request: HttpRequest, *, once: bool = False) -> Answer:
        """Return the answer to one request.

        Args:
            request: it.
            once: it must not be done twice, so it is tried again only where it surely was not done.

        Raises:
            UnsureError: it was to be done once, and nobody knows whether it was.
            StaleError: what the request goes on from is too long ago.
            SignInError: I have to sign in again, or with other permissions.
            LaterError: Google did not answer after several tries, or the day's quota is spent.
            HttpError: anything else, such as that there is nothing.
        """
        for tried in range(_TRIES):
            self.pace.pay(request.methodId)
            self.requests += 1
            try:
                return _sound(request.execute(num_retries=0))
            except _expected() as error:
                trouble = self._worth_another_try(error, request.methodId)
            if once and not _is_undone(trouble):
                raise UnsureError(_why(trouble)) from trouble
            if tried + 1 < _TRIES:
                self._wait(tried, trouble)
        raise LaterError(_gave_up(trouble)) from trouble

    def find(self, request: HttpRequest) -> Answer | None:
        """Return the answer to one request, None if there is nothing; it raises as `call` does."""
        from googleapiclient.errors import HttpError

        try:
            return self.call(request)
        except HttpError as error:
            if meaning(error) == "missing":
                return None
            raise

    def each(
        self, make: Callable[[str], HttpRequest], ids: Iterable[str]
    ) -> Iterator[tuple[str, Answer | None]]:
        """Yield what there is under each id, None if there is nothing, in any order.

        They are asked for some at a time. What Google refuses of such a batch is asked for again.

        Args:
            make: what returns the request for one id.
            ids: the ids.

        Raises:
            SignInError: I have to sign in again, or with other permissions.
            LaterError: Google did not answer after several tries, or the day's quota is spent.
            HttpError: any other error.
        """
        left, tried = list(ids), 0
        while left:
            if not self._in_batches:
                yield from ((id_, self.find(make(id_))) for id_ in left)
                return
            some = left[: self._size]
            found, trouble = self._batch({id_: make(id_) for id_ in some})
            yield from found.items()
            left = [id_ for id_ in some if id_ not in found] + left[len(some) :]
            if trouble is None:
                tried = 0
                self._size = min(AT_ONCE, self._size + _FEWEST)
                continue
            tried = 0 if found else tried + 1
            if tried == _TRIES:
                raise LaterError(_gave_up(trouble)) from trouble
            self._size = max(_FEWEST, self._size // 2)
            self._wait(tried, trouble)

    def _batch(
        self, requests: dict[str, HttpRequest]
    ) -> tuple[dict[str, Answer | None], Exception | None]:
        """Return what came of several requests made as one, and what is wrong with the others."""
        from googleapiclient.errors import BatchError

        said: list[tuple[str, Answer, Exception | None]] = []
        batch = self.service.new_batch_http_request(callback=lambda *answer: said.append(answer))
        for id_, request in requests.items():
            batch.add(request, request_id=id_)
        self.pace.pay(*(request.methodId for request in requests.values()))
        self.requests += 1
        try:
            batch.execute()
        except (BatchError, LookupError, TypeError, ValueError):
            self._in_batches = False  # something between Google and me garbles them
            return {}, None
        except _expected() as error:
            return {}, self._worth_another_try(error)
        found: dict[str, Answer | None] = {}
        trouble = None
        for id_, answer, wrong in said:
            try:
                found[id_] = self._part(answer, wrong)
            except _expected() as error:
                trouble = self._worth_another_try(error)
        return found, trouble

    def _part(self, answer: Answer, error: Exception | None) -> Answer | None:
        """Return one answer of a batch, None if there is nothing; raise what is wrong with it."""
        if error is None:
            return _sound(answer)
        if meaning(error) == "missing":
            return None
        raise error

    def _worth_another_try(self, error: Exception, method: str = "") -> Exception:
        """Return an error if another try may help; raise what it means if not."""
        from google.auth.exceptions import RefreshError
        from googleapiclient.errors import HttpError

        trouble: Exception = error
        if isinstance(error, RefreshError) and not error.retryable:
            raise SignInError(str(error.args[0] if error.args else error)) from error
        if not isinstance(error, HttpError):
            return trouble
        match meaning(error, method):
            case "slower":
                self.pace.drain()
            case "again":
                pass
            case "stale":
                raise StaleError(message(error)) from error
            case "sign_in" | "scope":
                raise SignInError(message(error)) from error
            case "tomorrow":
                raise LaterError(
                    f"Google allows no more requests today ({message(error)}). Nothing is lost; "
                    "go on tomorrow."
                ) from error
            case _:
                raise error
        return trouble

    def _wait(self, tried: int, trouble: Exception) -> None:
        from googleapiclient.errors import HttpError

        most = min(_LONGEST, 2.0**tried)
        asked = retry_after(trouble, self._means.now()) if isinstance(trouble, HttpError) else 0.0
        self.pace.rest(max(most * (0.5 + self._means.random() / 2), asked))


def through(caller: Caller, ask: Callable[[dict[str, str]], HttpRequest]) -> Iterator[Answer]:
    """Yield all pages of a list; it begins anew if Google has lost the thread.

    Args:
        caller: who asks.
        ask: what returns the request for a page, given the parameters that say which.

    Raises:
        LaterError: Google never comes to an end.
        Exception: as `Caller.call` does.
    """
    from googleapiclient.errors import HttpError

    tokens: set[str] = set()
    more: dict[str, str] = {}
    restarts = 0
    while True:
        try:
            answer = caller.call(ask(more))
        except HttpError as error:
            if not more or meaning(error) != "wrong":
                raise
            if restarts == _RESTARTS:
                raise LaterError(
                    "Google loses its place again and again; try again later."
                ) from error
            tokens, more, restarts = set(), {}, restarts + 1
            continue
        yield answer
        token = answer.get("nextPageToken", "")
        if not token:
            return
        if token in tokens:
            raise LaterError("Google gives the same page again and again; try again later.")
        tokens.add(token)
        more = {"pageToken": token}


class _UnsoundError(Exception):
    """What came is no answer of Google's, such as the page of a hotel's network."""


def _sound(answer: object) -> Answer:
    if answer in ("", b""):  # where there is nothing to say, as of what is deleted
        return {}
    if not isinstance(answer, dict):
        raise _UnsoundError(f"not an answer of Google's: {str(answer)[:60]!r}")
    return answer


def _expected() -> tuple[type[Exception], ...]:
    """Return the errors that are no fault of this program."""
    import json
    from http.client import HTTPException

    import httplib2
    from google.auth.exceptions import RefreshError, TransportError
    from googleapiclient.errors import HttpError

    return (
        HttpError, RefreshError, TransportError, httplib2.HttpLib2Error, HTTPException, OSError,
        _UnsoundError, json.JSONDecodeError,
    )  # fmt: skip


def _is_undone(trouble: Exception) -> bool:
    """Whether Google surely did not do what it was asked: it refused, or was never reached."""
    from google.auth.exceptions import GoogleAuthError
    from googleapiclient.errors import HttpError
    from httplib2 import ServerNotFoundError

    if isinstance(trouble, HttpError):
        return meaning(trouble) == "slower"
    return isinstance(trouble, GoogleAuthError | ServerNotFoundError | ConnectionRefusedError)


def _why(trouble: Exception) -> str:
    from googleapiclient.errors import HttpError

    return message(trouble) if isinstance(trouble, HttpError) else str(trouble) or repr(trouble)


def _gave_up(trouble: Exception) -> str:
    return f"Google does not answer ({_why(trouble)}). Nothing is lost; try again later."
