"""Keeps what Google gave to sign in with: in the keyring of the system, or in files of mine."""

from __future__ import annotations

import contextlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Literal, Protocol, get_args
from urllib.parse import quote, unquote

import attrs

from netcrm import SignInError, StorageError
from netcrm.storage.files import make_folder, making, read, trouble

Purpose = Literal["sync", "contacts", "drafts", "calendar"]
"""What a token is for; each has its own, for with one scope too many Gmail refuses others."""

PURPOSES: Final = get_args(Purpose)
_SECRETS: Final = ("client_secret", "refresh_token", "access")
_KEYRING: Final = "netcrm-google"
_CLIENT: Final = "client.json"
_ADDRESS: Final = re.compile(r"[^\s@]+@[^\s@]+")
_OTHERS: Final = 0o077
_RECOMMENDED: Final = 1
"""The priority from which on a keyring is one (keyring: `recommended`); less is none, or a file."""


def again(purpose: Purpose) -> str:
    """Return what to type to sign in for a purpose."""
    return "netcrm google login" + ("" if purpose == "sync" else f" --for {purpose}")


class Keyring(Protocol):
    """A keyring, as the package of this name has it."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep something."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget it."""


def system_keyring() -> Keyring | None:
    """Return the keyring of this system, None if there is none or `keyring` is not installed."""
    try:
        found: Any = import_module("keyring").get_keyring()
        return found if found.priority >= _RECOMMENDED else None
    except Exception:  # noqa: BLE001, RUF100 - each system has its own way to have none
        return None


def _is_address(_: object, __: object, value: Any) -> None:
    if not (isinstance(value, str) and _ADDRESS.fullmatch(value) and value.isprintable()):
        raise ValueError("the account is no address")


def _is_purpose(_: object, __: object, value: object) -> None:
    if value not in PURPOSES:
        raise ValueError("the purpose is none")


def _is_day(_: object, __: object, value: Any) -> None:
    date.fromisoformat(value)


def _is_moment(_: object, __: object, value: Any) -> None:
    if value and datetime.fromisoformat(value).tzinfo is not None:
        raise ValueError("the expiry has a zone")


def _several(value: object) -> tuple[str, ...]:
    if not (isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)):
        raise ValueError("the scopes are no list")
    return tuple(value)


_TEXT: Final = attrs.validators.instance_of(str)
_FILLED: Final = attrs.validators.and_(_TEXT, attrs.validators.min_len(1))


@attrs.frozen(kw_only=True)
class Token:
    """What it takes to ask Google on behalf of an account.

    Attributes:
        account: its address.
        purpose: what for.
        scopes: what Google allowed.
        client_id: the program that asks, as Google knows it.
        client_secret: what shows that it is that one.
        token_uri: where a new access token is to be had.
        refresh_token: what shows that I allowed it, until I take it back.
        access: what shows it for an hour; empty if that is to be had first.
        expiry: when that hour is over, in UTC.
        signed_in: the day.
    """

    account: str = attrs.field(validator=_is_address)
    purpose: Purpose = attrs.field(default="sync", validator=_is_purpose)
    scopes: tuple[str, ...] = attrs.field(converter=_several)
    client_id: str = attrs.field(validator=_FILLED)
    client_secret: str = attrs.field(validator=_FILLED, repr=False)
    token_uri: str = attrs.field(validator=_FILLED)
    refresh_token: str = attrs.field(validator=_FILLED, repr=False)
    access: str = attrs.field(default="", validator=_TEXT, repr=False)
    expiry: str = attrs.field(default="", validator=[_TEXT, _is_moment])
    signed_in: str = attrs.field(validator=[_TEXT, _is_day])


class TokenStore:
    """The tokens of all accounts, one for each purpose, and the client they were made with.

    Each has a file in a folder that is its owner's alone. What is secret is not in it but in the
    keyring, if there is one.

    Args:
        folder: where the files are; made when it is needed.
        keyring: where the secrets are; None for in the files.
    """

    def __init__(self, folder: Path, keyring: Keyring | None = None) -> None:
        self.folder = folder
        self._keyring = keyring

    def accounts(self, purpose: Purpose = "sync") -> list[str]:
        """Return who is signed in for a purpose."""
        end = f".{purpose}.json"
        return sorted(unquote(one.name.removesuffix(end)) for one in self.folder.glob(f"*{end}"))

    def everybody(self) -> list[str]:
        """Return who is signed in, for whatever."""
        return sorted({one for purpose in PURPOSES for one in self.accounts(purpose)})

    def purposes(self, account: str) -> list[Purpose]:
        """Return what an account is signed in for."""
        return [one for one in PURPOSES if account.lower() in self.accounts(one)]

    def load(self, account: str, purpose: Purpose = "sync") -> Token:
        """Return the token of an account.

        Raises:
            SignInError: there is none, or the keyring that it is in cannot be opened.
            StorageError: it cannot be read, or is damaged.
        """
        path = self._path(account, purpose)
        content = read(path)
        if content is None:
            raise SignInError(f"{account} is not signed in for this. To sign in: {again(purpose)}")
        with _damaged(path, again(purpose)):
            said = json.loads(content)
            if not isinstance(said, dict):
                raise ValueError("it is no object")
            if not said.keys() & set(_SECRETS):
                said |= self._secrets(account, purpose)
            token = Token(**said)
            if (token.account, token.purpose) != (account.lower(), purpose):
                raise ValueError("it is of another account")
        return token

    def save(self, token: Token) -> None:
        """Keep a token in place of that of before.

        Raises:
            StorageError: it cannot be written, or the keyring refuses it.
        """
        said = attrs.asdict(token)
        if self._keyring is not None:
            secret = {name: said.pop(name) for name in _SECRETS}
            with _refused():
                self._keyring.set_password(
                    _KEYRING, _entry(token.account, token.purpose), json.dumps(secret)
                )
        self._write(self._path(token.account, token.purpose), said)

    def remove(self, account: str) -> None:
        """Forget all tokens of an account, and whatever else is kept of it here.

        Raises:
            StorageError: one of them cannot be removed.
        """
        for end in (*(f"{purpose}.json" for purpose in PURPOSES), "pid", "lock"):
            path = self.place(account, end)
            with trouble(path, "removed"):
                path.unlink(missing_ok=True)
        for purpose in PURPOSES:
            if self._keyring is not None:
                with contextlib.suppress(Exception):  # there may be none
                    self._keyring.delete_password(_KEYRING, _entry(account, purpose))

    def client(self) -> dict[str, str] | None:
        """Return the client that was used last, None if there is none.

        Raises:
            StorageError: it cannot be read, or is damaged.
        """
        path = self.folder / _CLIENT
        content = read(path)
        if content is None:
            return None
        with _damaged(path, "netcrm google login --client FILE"):
            said = json.loads(content)
            if not (isinstance(said, dict) and all(isinstance(one, str) for one in said.values())):
                raise ValueError("it is no object of texts")
        return said

    def keep_client(self, client: Mapping[str, str]) -> None:
        """Keep a client for the next account."""
        self._write(self.folder / _CLIENT, dict(client))

    def exposed(self) -> list[Path]:
        """Return what of all this others on this machine may read; Windows has other means."""
        if sys.platform == "win32" or not self.folder.is_dir():
            return []
        every: Iterable[Path] = [self.folder, *sorted(self.folder.glob("*.json"))]
        return [one for one in every if one.stat().st_mode & _OTHERS]

    def place(self, account: str, end: str) -> Path:
        """Return where something of an account is kept."""
        return self.folder / f"{quote(account.lower(), safe='@+')}.{end}"

    def _path(self, account: str, purpose: Purpose) -> Path:
        return self.place(account, f"{purpose}.json")

    def _secrets(self, account: str, purpose: Purpose) -> dict[str, Any]:
        kept = None
        if self._keyring is not None:
            with _refused():
                kept = self._keyring.get_password(_KEYRING, _entry(account, purpose))
        if kept is None:
            raise SignInError(
                f"What {account} signed in with is in the keyring of your desktop, which does not "
                "open here. To keep it in a file: PYTHON_KEYRING_BACKEND=keyring.backends.null."
                f"Keyring {again(purpose)}"
            )
        secret: dict[str, Any] = json.loads(kept)
        return secret

    def _write(self, path: Path, said: Mapping[str, Any]) -> None:
        make_folder(path)
        with making(path, over=True) as file:
            file.write(json.dumps(said, indent=2).encode())


def _entry(account: str, purpose: Purpose) -> str:
    return f"{account.lower()} {purpose}"


@contextlib.contextmanager
def _damaged(path: Path, command: str) -> Iterator[None]:
    """Say in one line which file is damaged; what is in it is not said, for it may be secret."""
    try:
        yield
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise StorageError(
            f"{path}: is damaged ({type(error).__name__}). To sign in again: {command}"
        ) from None


@contextlib.contextmanager
def _refused() -> Iterator[None]:
    """Say in one line that the keyring refuses; each has errors of its own."""
    try:
        yield
    except Exception as error:
        raise StorageError(f"the keyring of this system refuses: {error}") from error
