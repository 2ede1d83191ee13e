"""One account: who it is, what its sync comes to, and what it would."""

from __future__ import annotations

import contextlib
import os
from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from netcrm import BusyError, Network, NotFoundError, Remembered, Remote, SignInError, Synced
from netcrm.storage.files import locked, make_folder, read
from netcrm_google.auth import ADDRESS, ended, forbidden, saving
from netcrm_google.caller import Caller, Means
from netcrm_google.clients import client
from netcrm_google.gmail import Gmail, came, listed
from netcrm_google.quota import NEW, REQUESTS, Pace, Quota
from netcrm_google.tokens import Keyring, Purpose, TokenStore
from netcrm_google.trouble import message

_GET: Final = "gmail.users.messages.get"


class Outside(NamedTuple):
    """What the commands have of the world around them, so that tests and programs can replace it.

    Attributes:
        folder: where tokens and locks are.
        keyring: where secrets are, None for in the folder.
        browse: opens a page in a browser.
        ask: shows the address of a page, and returns the address that it ended at.
        is_asked: whether somebody is there to answer.
        is_watched: whether somebody looks on.
        means: the time.
        root: where else than at Google its interfaces are served.
    """

    folder: Path
    keyring: Keyring | None
    browse: Callable[[str], object]
    ask: Callable[[str], str]
    is_asked: Callable[[], bool]
    is_watched: Callable[[], bool]
    means: Means
    root: str = ""

    @property
    def store(self) -> TokenStore:
        """The tokens."""
        return TokenStore(self.folder, self.keyring)


class Estimate(NamedTuple):
    """What a sync would come to.

    Attributes:
        listed: how many messages there are in the mailbox.
        recent: how many of them came since the day.
        known: how many of those are known.
        unread: how many of those would be read.
        units: what that would take of the quota.
        seconds: how long that would take.
    """

    listed: int
    recent: int
    known: int
    unread: int
    units: int
    seconds: float


class Heard(NamedTuple):
    """What a network says of the syncs of an account: from which day on, and when the last was.

    Attributes:
        since: from which day on it was read; empty if that was not finished.
        last: when it last brought anything.
        keys: what is known, as Gmail calls it; empty if it was not asked for.
    """

    since: str
    last: datetime | None
    keys: frozenset[str]


@contextlib.contextmanager
def calling(
    outside: Outside, credentials: Any, quota: Quota, api: str = "gmail"
) -> Iterator[Caller]:
    """Give what asks one of Google's interfaces; see `client`."""
    service = client(api, credentials, outside.root)
    try:
        pace = Pace(quota, outside.means.clock, outside.means.sleep)
        yield Caller(service, pace, outside.means)
    finally:
        service.close()


def whose(outside: Outside, credentials: Any) -> str:
    """Return the address of the account that credentials are for.

    Raises:
        SignInError: Google does not say; it may be an account without Gmail.
        LaterError: Google does not answer now.
    """
    from googleapiclient.errors import HttpError

    in_gmail = ADDRESS not in credentials.scopes
    api, quota = ("gmail", NEW) if in_gmail else ("oauth2", REQUESTS)
    with calling(outside, credentials, quota, api) as caller:
        ask = (
            caller.service.users().getProfile(userId="me")
            if in_gmail
            else (caller.service.userinfo().get())
        )
        try:
            said = caller.call(ask)
        except SignInError as error:
            raise forbidden("the new account", error) from error.__cause__
        except HttpError as error:
            raise SignInError(
                f"the new account: Google refuses ({message(error)}). If it has no Gmail, sign in "
                "to one that has: netcrm google login"
            ) from error
        return str(said["emailAddress" if in_gmail else "email"])


@contextlib.contextmanager
def alone(outside: Outside, account: str) -> Iterator[None]:
    """Let no other program sync an account meanwhile.

    Raises:
        BusyError: another one does.
    """
    lock, mine = (outside.store.place(account, end) for end in ("lock", "pid"))
    make_folder(lock)
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(locked(lock, wait=0))
        except BusyError:
            other = (read(mine) or b"?").decode("ascii", "replace")
            raise BusyError(
                f"{account}: another sync of it is under way (process {other}). Try again when "
                "that is done; nothing was lost."
            ) from None
        mine.write_text(str(os.getpid()), "ascii")
        yield


@contextlib.contextmanager
def reaching(
    outside: Outside,
    account: str,
    quota: Quota = REQUESTS,
    *,
    api: str = "gmail",
    purpose: Purpose = "sync",
) -> Iterator[Caller]:
    """Give what asks one of Google's interfaces for an account that signed in.

    Args:
        outside: the world around.
        account: its address.
        quota: how fast.
        api: which interface; see `client`.
        purpose: what the account signed in for.

    Raises:
        SignInError: it has to sign in again; the message says why, and what to type.
        LaterError: Google does not answer now.
    """
    from google.auth.exceptions import RefreshError

    token = outside.store.load(account, purpose)
    with (
        saving(outside.store, token) as credentials,
        calling(outside, credentials, quota, api) as caller,
    ):
        try:
            yield caller
        except SignInError as error:
            cause = error.__cause__
            if isinstance(cause, RefreshError):
                raise ended(token, cause) from cause
            raise forbidden(account, error, purpose) from cause


def sync(
    net: Network,
    caller: Caller,
    account: str,
    *,
    since: date,
    watch: Callable[[Synced], None] | None = None,
) -> Synced:
    """Read what is new in the mail of an account."""
    return net.sync(Gmail(caller, account, since=since, me=_mine(net)), watch=watch)


def estimate(caller: Caller, known: frozenset[str], since: date) -> Estimate:
    """Return what a sync would come to, by counting; no header is read.

    What came since the day is found by looking at when a few messages came: they are listed with
    the newest first.
    """
    ids = [id_ for some in listed(caller) for id_ in some]
    recent = bisect_left(ids, True, key=lambda id_: _is_older(caller, id_, since))
    there = len(known.intersection(ids[:recent]))
    units = (recent - there) * caller.pace.quota.cost(_GET)
    seconds = units * 60 / caller.pace.quota.per_minute
    return Estimate(len(ids), recent, there, recent - there, units, seconds)


def heard(net: Network, account: str, *, keys: bool = False) -> Heard:
    """Return what a network says of the syncs of an account.

    Args:
        net: the network.
        account: its address.
        keys: whether what is known is asked for, too.
    """
    name = f"gmail {account}"
    last, since, known = None, "", set[str]()
    with net.reading():
        for commit, _ in net.history(None):
            if commit.reason != f"sync {name}":
                continue
            last = last or commit.at
            for kept in _those(net, Remembered, commit.created.get("remembered", ())):
                since = kept.said.get("since", since)
            if keys:
                made = commit.created.get("remote", ())
                known.update(one.key for one in _those(net, Remote, made))
    return Heard(since, last, frozenset(known))


def _those(net: Network, cls: Any, ids: Any) -> Iterator[Any]:
    for id_ in ids:
        with contextlib.suppress(NotFoundError):  # undone since
            yield net.get(cls, id_)


def _mine(net: Network) -> list[str]:
    """Return my other addresses."""
    me = net.me
    return [] if me is None else [one.value for one in me.points if one.kind == "email"]


def _is_older(caller: Caller, id_: str, since: date) -> bool:
    """Whether a message came before a day; one that is gone meanwhile did not."""
    get = caller.service.users().messages().get
    said = caller.find(get(userId="me", id=id_, format="minimal", fields="internalDate"))
    return said is not None and came(said).date() < since
