"""Connections to Google that send nothing twice: whether to try again is for `Caller` to say."""

from __future__ import annotations

from http.client import BadStatusLine, HTTPException
from typing import Any
from urllib.parse import urlsplit

import httplib2


class _Once:
    """Says as an error what httplib2 would take as a reason to send the same once more."""

    def getresponse(self) -> Any:
        try:
            return super().getresponse()  # type: ignore[misc]
        except BadStatusLine as error:
            raise HTTPException(str(error)) from error


class _Plain(_Once, httplib2.HTTPConnectionWithTimeout):  # type: ignore[misc]
    pass


class _Secure(_Once, httplib2.HTTPSConnectionWithTimeout):  # type: ignore[misc]
    pass


_KINDS = {"http": _Plain, "https": _Secure}


class Http(httplib2.Http):  # type: ignore[misc]
    """The client of httplib2, with such connections."""

    def request(self, uri: str, *args: Any, **more: Any) -> Any:
        """Return the answer to a request; the arguments are those of httplib2."""
        more["connection_type"] = _KINDS[urlsplit(uri).scheme]
        return super().request(uri, *args, **more)
