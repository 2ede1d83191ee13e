"""Google's own client, made from the description of each API that it brings along."""

from __future__ import annotations

import json
from typing import Any, Final

_VERSIONS: Final = {"gmail": "v1", "calendar": "v3", "people": "v1", "oauth2": "v2"}
_TIMEOUT: Final = 30
"""Seconds without a word from Google until it is asked again (our choice)."""


def client(api: str, credentials: Any, root: str = "", *, timeout: float = _TIMEOUT) -> Any:
    """Return a client for one thread: two that share one get each other's answers.

    Args:
        api: gmail, calendar, people, or oauth2 for who signed in.
        credentials: those of google-auth.
        root: where else than at Google it is served, as for a test. The client's own option for
            this leaves batches, and part of each path, where they were.
        timeout: seconds without a word until it is asked again.
    """
    import google_auth_httplib2
    from googleapiclient.discovery import build_from_document
    from googleapiclient.discovery_cache import get_static_doc

    from netcrm_google.connections import Http

    document = json.loads(get_static_doc(api, _VERSIONS[api]))
    if root:
        document["rootUrl"] = f"{root.rstrip('/')}/"
        document.pop("mtlsRootUrl", None)
    http = google_auth_httplib2.AuthorizedHttp(credentials, http=Http(timeout=timeout))
    return build_from_document(document, http=http)
