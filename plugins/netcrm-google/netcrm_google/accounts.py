"""One account: who it is, and how to ask Google for it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from netcrm import AmbiguousError, BusyError, SignInError
from netcrm.storage.files import locked, make_folder, read
from netcrm_google.auth import ADDRESS, ended, forbidden, saving
from netcrm_google.caller import Caller, Means
from netcrm_google.clients import client
from netcrm_google.quota import NEW, REQUESTS, Pace, Quota
from netcrm_google.tokens import Keyring, Purpose, TokenStore, again
from netcrm_google.trouble import message


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


def only(store: TokenStore, purpose: Purpose, *, named: str) -> str:
    """Return the one account that is signed in for something.

    Args:
        store: the tokens.
        purpose: what for.
        named: what is typed before an account to name it, such as `gmail:`.

    Raises:
        SignInError: nobody is; the message says what to type.
        AmbiguousError: several are; the message says how to name one.
    """
    signed = store.accounts(purpose)
    if not signed:
        raise SignInError(f"nobody is signed in for {purpose}. To sign in: {again(purpose)}")
    if len(signed) > 1:
        accounts = [(f"{named}{one}", one) for one in signed]
        raise AmbiguousError(named.rstrip(": "), accounts, what="several accounts")
    return signed[0]


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
