"""Google's own client, pointed at the server of the tests."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import google_auth_httplib2  # type: ignore[import-untyped]
import httplib2
from googleapiclient.discovery import build_from_document  # type: ignore[attr-defined]

from google.oauth2.credentials import Credentials
from tests.google.discovery import document
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
    doc = copy.copy(document(api))
    doc["rootUrl"] = google.url + "/"
    doc.pop("mtlsRootUrl", None)
    if credentials is None:
        credentials = credentials_of(google.token(scopes))
    http = google_auth_httplib2.AuthorizedHttp(credentials, http=httplib2.Http(timeout=timeout))
    return build_from_document(doc, http=http)
