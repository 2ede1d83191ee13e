"""Signing in at Google, staying signed in, and taking it back."""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, Protocol
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import attrs

from netcrm import InvalidError, SignInError
from netcrm.storage.files import read
from netcrm_google.redirect import Redirect
from netcrm_google.tokens import Purpose, Token, TokenStore, again
from netcrm_google.trouble import LaterError, message, reasons

Mail = Literal["metadata", "readonly"]
"""What is to be read of mail: headers only, or all of it. Never both: Gmail takes the lesser."""

_ALL: Final = "https://www.googleapis.com/auth/"
METADATA: Final = f"{_ALL}gmail.metadata"
READONLY: Final = f"{_ALL}gmail.readonly"
CALENDAR: Final = f"{_ALL}calendar.events.readonly"
CONTACTS: Final = f"{_ALL}contacts.readonly"
DRAFTS: Final = f"{_ALL}gmail.compose"
OWN_CALENDAR: Final = f"{_ALL}calendar.app.created"
ADDRESS: Final = f"{_ALL}userinfo.email"
WORDS: Final[Mapping[str, str]] = {
    METADATA: "headers of mail",
    READONLY: "mail",
    CALENDAR: "meetings",
    CONTACTS: "contacts",
    DRAFTS: "drafts of mail",
    OWN_CALENDAR: "a calendar of its own",
    ADDRESS: "your address",
}
"""What each permission is for."""

_MINUTES: Final = 5
"""So long the browser is waited for (our choice)."""
_TIMEOUT: Final = 30
_NOWHERE: Final = "http://127.0.0.1:47115/"
"""Where the browser is sent when its address is to be pasted: nothing is there (our choice)."""
_CLIENT: Final = ("client_id", "client_secret", "auth_uri", "token_uri")
_DISABLED: Final = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_PAGE: Final = "https://myaccount.google.com/permissions"
_CAUSES: Final = (
    "your app is in Testing, where it ends after seven days (publish it to production); you "
    "changed your password; it was not used for six months; you signed in too many times since; "
    "you or an administrator took it back"
)
"""Why a permission may end (Google: Using OAuth 2.0 to access Google APIs)."""


class Way(Protocol):
    """A way to have somebody sign in."""

    def __call__(self, address: Callable[[str], str], state: str) -> str:
        """Show the page at the address for where to come back to; return where it came back."""


class SignedIn(NamedTuple):
    """Who signed in, and the permissions that were asked for and not given."""

    token: Token
    missing: tuple[str, ...]


def scopes(purpose: Purpose = "sync", mail: Mail = "metadata") -> tuple[str, ...]:
    """Return the permissions to ask for: the first is needed, and whatever tells whose they are."""
    match purpose:
        case "sync":
            return (METADATA if mail == "metadata" else READONLY, CALENDAR)
        case "contacts":
            return (CONTACTS, ADDRESS)
        case "drafts":
            return (DRAFTS,)
        case "calendar":
            return (OWN_CALENDAR, ADDRESS)


def read_client(path: Path) -> dict[str, str]:
    """Return the client in a file that Google gave for a program.

    Raises:
        InvalidError: it is no such file, or of another type.
        StorageError: it cannot be read.
    """
    content = read(path)
    if content is None:
        raise InvalidError(f"{path}: there is no such file")
    try:
        whole = json.loads(content)
        said = whole.get("installed", {})
        if "web" in whole:
            raise InvalidError(
                f"{path}: is for a web application; make a client of the type Desktop app"
            )
        return {name: _text(said[name]) for name in _CLIENT}
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        if isinstance(error, InvalidError):
            raise
        raise InvalidError(
            f"{path}: is no client of Google's. It is called client_secret_....json where you "
            "made the client: Google Cloud console, Clients, Download JSON"
        ) from None


def by_browser(browse: Callable[[str], object], seconds: float = _MINUTES * 60) -> Way:
    """Return the way by a browser on this machine, which is waited for so many seconds."""

    def way(address: Callable[[str], str], state: str) -> str:
        with Redirect(state) as back:
            browse(address(back.uri))
            return back.wait(seconds)

    return way


def by_paste(ask: Callable[[str], str]) -> Way:
    """Return the way by a browser elsewhere: its last address is asked for."""

    def way(address: Callable[[str], str], state: str) -> str:
        return ask(address(_NOWHERE)).strip()

    return way


def login(
    store: TokenStore,
    client: Mapping[str, str],
    way: Way,
    *,
    whose: Callable[[Any], str],
    today: date,
    purpose: Purpose = "sync",
    mail: Mail = "metadata",
) -> SignedIn:
    """Have somebody sign in, and keep what Google gives for it, and the client.

    Args:
        store: where it is kept.
        client: the program that asks, as `read_client` gives it.
        way: how the person gets to Google's pages and back.
        whose: returns the address of the account that credentials are for.
        today: the day.
        purpose: what for.
        mail: what is to be read of mail, if it is for a sync.

    Raises:
        SignInError: they did not, or did not allow what is needed, or Google refused.
        LaterError: Google cannot be reached.
        InvalidError: what was pasted is not the address.
    """
    asked = scopes(purpose, mail)
    credentials = _allowed(client, way, asked)
    granted = _granted(credentials)
    missing = tuple(one for one in asked if one not in granted)
    if asked[0] in missing:
        raise SignInError(
            f"{WORDS[asked[0]]}: was not allowed, so nothing can be done. Sign in again, and "
            f"tick that box: {again(purpose)}"
        )
    if not credentials.refresh_token:
        raise SignInError(
            f"Google gave a permission for an hour only. Remove the app at {_PAGE}, then: "
            f"{again(purpose)}"
        )
    token = _token(credentials, whose(credentials), purpose, granted, today)
    store.save(token)
    store.keep_client(client)
    return SignedIn(token, missing)


def _allowed(client: Mapping[str, str], way: Way, asked: Sequence[str]) -> Any:
    """Return the credentials for what somebody allows."""
    from google_auth_oauthlib.flow import Flow

    state = secrets.token_urlsafe(24)
    flow = Flow.from_client_config({"installed": dict(client)}, list(asked))

    def address(back: str) -> str:
        flow.redirect_uri = back
        url: str = flow.authorization_url(access_type="offline", prompt="consent", state=state)[0]
        return url

    try:
        _exchange(flow, _code(way(address, state), state))
        return flow.credentials
    finally:
        flow.oauth2session.close()


def _code(answer: str, state: str) -> str:
    """Return the code in the address that the browser came back with."""
    try:
        said = parse_qs(urlsplit(answer).query)
    except ValueError:
        said = {}
    if "error" in said:
        raise SignInError(
            f"nothing was allowed ({said['error'][0][:60]!r}). To sign in: netcrm google login"
        )
    if not said.get("code"):
        raise InvalidError(
            f"that is not the address: it begins with {_NOWHERE} and has code= in it. "
            "Again: netcrm google login --paste"
        )
    if said.get("state") != [state]:
        raise InvalidError("that address is of another sign-in. Again: netcrm google login --paste")
    return said["code"][0]


def _exchange(flow: Any, code: str) -> None:
    """Get the tokens for a code."""
    from oauthlib.oauth2 import OAuth2Error  # type: ignore[import-untyped, unused-ignore]

    try:
        flow.fetch_token(code=code, timeout=_TIMEOUT)
    except Warning as changed:  # not all of the boxes were ticked, or more than them
        flow.oauth2session.token = changed.token  # type: ignore[attr-defined]
    except OAuth2Error as error:
        why = " ".join(filter(None, (error.error, error.description)))
        raise SignInError(
            f"Google refuses ({why}). To sign in again: netcrm google login"
        ) from error
    except OSError as error:
        raise _unreachable(error) from error


def _granted(credentials: Any) -> tuple[str, ...]:
    """Return what was allowed; Google need not say it where that is all."""
    said = credentials.granted_scopes or credentials.scopes
    return tuple(said.split() if isinstance(said, str) else said)


def _token(
    credentials: Any, account: str, purpose: Purpose, granted: tuple[str, ...], today: date
) -> Token:
    return Token(
        account=account.lower(),
        purpose=purpose,
        scopes=granted,
        client_id=credentials.client_id,
        client_secret=credentials.client_secret,
        token_uri=credentials.token_uri,
        refresh_token=credentials.refresh_token,
        access=credentials.token,
        expiry=credentials.expiry.isoformat(),
        signed_in=str(today),
    )


# --- afterwards


@contextlib.contextmanager
def saving(store: TokenStore, token: Token) -> Iterator[Any]:
    """Give credentials of google-auth that are good now; what is new in them is kept at the end.

    Raises:
        SignInError: Google no longer takes them.
        LaterError: Google cannot be reached.
        StorageError: what is new cannot be kept.
    """
    credentials = _credentials(token)
    if not credentials.valid:
        _refresh(credentials, token)
    try:
        yield credentials
    finally:
        _keep(store, token, credentials)


def _credentials(token: Token) -> Any:
    from google.oauth2.credentials import Credentials

    make: Any = Credentials
    return make(
        token.access or None,
        refresh_token=token.refresh_token,
        token_uri=token.token_uri,
        client_id=token.client_id,
        client_secret=token.client_secret,
        scopes=list(token.scopes),
        expiry=datetime.fromisoformat(token.expiry) if token.expiry else None,
    )


def _refresh(credentials: Any, token: Token) -> None:
    import google_auth_httplib2
    import httplib2
    from google.auth.exceptions import GoogleAuthError, RefreshError

    http = httplib2.Http(timeout=_TIMEOUT)
    try:
        credentials.refresh(google_auth_httplib2.Request(http))
    except RefreshError as error:
        if error.retryable:
            raise _unreachable(error) from error
        raise ended(token, error) from error
    except (GoogleAuthError, httplib2.HttpLib2Error, OSError) as error:
        raise _unreachable(error) from error
    finally:
        http.close()


def _keep(store: TokenStore, token: Token, credentials: Any) -> None:
    """Keep what is new, unless somebody signed in again or out meanwhile."""
    if credentials.token == token.access or token.account not in store.accounts(token.purpose):
        return
    if store.load(token.account, token.purpose).refresh_token == token.refresh_token:
        store.save(
            attrs.evolve(
                token,
                access=credentials.token,
                expiry=credentials.expiry.isoformat(),
                refresh_token=credentials.refresh_token,
            )
        )


def ended(token: Token, error: Exception) -> SignInError:
    """Return what to say when Google no longer takes what somebody signed in with."""
    command = again(token.purpose)
    if READONLY in token.scopes:
        command += " --scope readonly"
    why = str(error.args[0] if error.args else error)
    if "invalid_grant" in why:
        return SignInError(
            f"{token.account}: Google no longer takes what you signed in with (invalid_grant). "
            f"Either {_CAUSES}. Nothing is lost; sign in again: {command}"
        )
    return SignInError(
        f"{token.account}: Google refuses ({why}). If the client is gone, make another one: "
        f"{command} --client FILE"
    )


def forbidden(account: str, error: SignInError, purpose: Purpose = "sync") -> SignInError:
    """Return what to say when Google does not allow what it was asked."""
    from googleapiclient.errors import HttpError

    cause = error.__cause__
    if isinstance(cause, HttpError) and reasons(cause) & _DISABLED:
        return SignInError(
            f"{account}: the project of your client may not use this yet: {message(cause)}"
        )
    said = str(error).rstrip(".")
    return SignInError(f"{account}: {said}. To sign in again: {again(purpose)}")


def revoke(token: Token) -> bool:
    """Tell Google that a permission, and all others of this account, is taken back.

    Returns:
        Whether it is now; False if Google cannot be reached.
    """
    import httplib2

    http = httplib2.Http(timeout=_TIMEOUT)
    try:
        answer, _ = http.request(
            urljoin(token.token_uri, "revoke"),
            "POST",
            body=urlencode({"token": token.refresh_token}),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
    except (httplib2.HttpLib2Error, OSError):
        return False
    finally:
        http.close()
    return int(answer.status) in (200, 400)  # 400: it was before


def _unreachable(error: Exception) -> LaterError:
    return LaterError(f"Google cannot be reached ({error}). Nothing was changed; try again later.")


def _text(value: object) -> str:
    if not (isinstance(value, str) and value):
        raise ValueError("no text")
    return value
