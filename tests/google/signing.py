"""Somebody at a browser, and a keyring, as far as signing in needs them."""

from __future__ import annotations

import random
import threading
import time
import urllib.request
from collections.abc import Collection
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import Request

import attrs

from netcrm_google.accounts import Outside
from netcrm_google.caller import Means
from netcrm_google.tokens import Keyring, Token
from tests.google import GoogleServer
from tests.google.mailing import Time


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        said = dict(attributes)
        if tag == "form":
            self.found.append((said["action"], {}))
        elif tag == "input":
            self.found[-1][1][said["name"]] = said["value"]


def chosen(address: str, account: str) -> Request:
    """Return what a browser sends when somebody chooses their account on a page of several."""
    forms = _Forms()
    with urllib.request.urlopen(address, timeout=10) as page:
        forms.feed(page.read().decode())
    [(action, said)] = [one for one in forms.found if one[1]["email"] == account]
    return Request(urljoin(address, action), urlencode(said).encode())


def surf(address: str | Request) -> threading.Thread:
    """Go to a page as a browser does, and on to wherever it leads; return at once."""

    def go() -> None:
        with urllib.request.urlopen(address, timeout=10) as page:
            assert page.read()

    thread = threading.Thread(target=go)
    thread.start()
    return thread


def ends_at(address: str | Request) -> str:
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
