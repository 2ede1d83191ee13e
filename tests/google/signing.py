"""Somebody at a browser, and a keyring, as far as signing in needs them."""

from __future__ import annotations

import random
import threading
import time
import urllib.request
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import attrs

from netcrm_google.accounts import Outside
from netcrm_google.caller import Means
from netcrm_google.tokens import Keyring, Token
from tests.google import GoogleServer
from tests.google.mailing import Time


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def surf(address: str) -> threading.Thread:
    """Go to a page as a browser does, and on to wherever it leads; return at once."""

    def go() -> None:
        with urllib.request.urlopen(address, timeout=10) as page:
            assert page.read()

    thread = threading.Thread(target=go)
    thread.start()
    return thread


def ends_at(address: str) -> str:
    """Return the address that a page leads to, which is not gone to."""
    try:
        urllib.request.build_opener(_Stay).open(address, timeout=10)
    except HTTPError as answer:
        with answer:
            return str(answer.headers["Location"])
    raise AssertionError(address)


@attrs.define
class Ring:
    """A keyring."""

    kept: dict[tuple[str, str], str] = attrs.Factory(dict)

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


def outside(
    folder: Path, google: GoogleServer, *, keyring: Keyring | None = None, is_asked: bool = True
) -> Outside:
    """Return the world around, with the Google of the tests in it, and time that is made up."""
    passed = Time()
    return Outside(
        folder=folder,
        keyring=keyring,
        browse=surf,
        ask=ends_at,
        is_asked=lambda: is_asked,
        is_watched=lambda: False,
        means=Means(passed, time.time, passed.sleep, random.Random(7).random),
        root=google.url,
    )


def signed_in(
    world: Outside, google: GoogleServer, scopes: Collection[str], account: str, **more: Any
) -> Token:
    """Sign in to an account, in short; *more* is what is otherwise in its token."""
    said = google.token(scopes)
    names = ("client_id", "client_secret", "token_uri", "refresh_token")
    token = Token(
        account=account,
        scopes=tuple(said["scopes"]),
        access=said["token"],
        expiry=said["expiry"].removesuffix("Z"),
        signed_in="2026-03-01",
        **{name: said[name] for name in names},
    )
    token = attrs.evolve(token, **more)
    world.store.save(token)
    return token
