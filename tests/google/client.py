"""Google's own client, pointed at the server of the tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from google.oauth2.credentials import Credentials
from netcrm_google.clients import client
from tests.google.server import GoogleServer


def credentials_of(info: Mapping[str, Any]) -> Any:
    """Return Google's credentials of what `GoogleServer.token` gave.

    Credentials.from_authorized_user_info would put Google's own token_uri in place of ours.
    """
    make: Any = Credentials
    expiry = datetime.fromisoformat(info["expiry"]).replace(tzinfo=None)
    return make(**{**info, "expiry": expiry})


def service(
    google: GoogleServer,
    api: str,
    scopes: Collection[str],
    *,
    credentials: Any = None,
    timeout: float = 30,
) -> Any:
    """Return the real client of an interface, logged in with these scopes."""
    if credentials is None:
        credentials = credentials_of(google.token(scopes))
    return client(api, credentials, google.url, timeout=timeout)
