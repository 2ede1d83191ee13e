"""Who may ask what? The permissions that were given, and the tokens that show them."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.google.errors import unauthenticated

CLIENT_ID: Final = "1-local.apps.googleusercontent.com"
CLIENT_SECRET: Final = "not-a-secret"
LIFETIME: Final = 3599
"""Seconds that an access token is good for (Google guide: OAuth 2.0 for desktop apps)."""


@dataclass(slots=True)
class Grant:
    """A permission that the person gave to the program."""

    scopes: frozenset[str]
    refresh_token: str = field(default_factory=lambda: "1//" + secrets.token_urlsafe(12))
    revoked: bool = False


class Tokens:
    """The permissions given, and the access tokens for them."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._grants: list[Grant] = []
        self._access: dict[str, tuple[Grant, float]] = {}

    def grant(self, scopes: Collection[str]) -> Grant:
        """Give a permission."""
        given = Grant(frozenset(scopes))
        with self._lock:
            self._grants.append(given)
        return given

    def access(self, grant: Grant) -> str:
        """Return a new access token for a permission."""
        token = "ya29." + secrets.token_urlsafe(12)
        with self._lock:
            self._access[token] = (grant, self._clock() + LIFETIME)
        return token

    def by_refresh_token(self, text: str) -> Grant | None:
        """Return the permission, if it still is one."""
        with self._lock:
            alive = (one for one in self._grants if not one.revoked)
            return next((one for one in alive if one.refresh_token == text), None)

    def scopes(self, token: str) -> frozenset[str]:
        """Return what an access token allows; GoogleError 401 if it is no longer good."""
        with self._lock:
            grant, until = self._access.get(token, (None, 0.0))
        if grant is None or grant.revoked or until <= self._clock():
            raise unauthenticated()
        return grant.scopes

    def expire_access_tokens(self) -> None:
        """End all access tokens now; the program can get new ones."""
        with self._lock:
            self._access.clear()

    def revoke(self, token: str | None = None) -> bool:
        """Take back the permission that a token of either kind shows, or all of them."""
        with self._lock:
            held = self._access.get(token or "", (None, 0.0))[0]
            hit = [
                one
                for one in self._grants
                if token is None or one is held or one.refresh_token == token
            ]
            for one in hit:
                one.revoked = True
        return bool(hit)

    def credentials(self, scopes: Collection[str], token_uri: str) -> dict[str, Any]:
        """Return what google.oauth2.credentials.Credentials.to_json has after a login."""
        grant = self.grant(scopes)
        expiry = datetime.now(UTC) + timedelta(seconds=LIFETIME)
        return {
            "token": self.access(grant),
            "refresh_token": grant.refresh_token,
            "token_uri": token_uri,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "scopes": sorted(scopes),
            "universe_domain": "googleapis.com",
            "account": "",
            "expiry": expiry.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }
