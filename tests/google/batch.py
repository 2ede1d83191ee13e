"""Many requests in one: how they are taken apart, and the answers put together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from tests.google.discovery import APIS
from tests.google.errors import GoogleError

LARGEST: Final[Mapping[str, int]] = {"gmail": 100, "calendar": 50, "people": 1000}
"""Requests in a batch (Gmail guide: batch; Calendar guide: batch; the others have 1,000)."""
_PATHS: Final[Mapping[str, tuple[str, ...]]] = {
    "/batch": ("gmail", "people"),  # batchPath of both in the discovery documents
    **{f"/batch/{api}/{version}": (api,) for api, version in APIS},
}
_BOUNDARY: Final = re.compile(r'multipart/mixed;\s*boundary="?([^";]+)"?', re.IGNORECASE)
_OURS: Final = "batch_local"


class Request(NamedTuple):
    """What arrives: on its own, or as a part of a batch."""

    verb: str
    target: str
    headers: Mapping[str, str]
    """Names are in lower case."""
    body: bytes = b""


class Reply(NamedTuple):
    """What is answered."""

    status: int
    body: bytes
    headers: Mapping[str, str] = {}


class Part(NamedTuple):
    """A request in a batch."""

    content_id: str
    request: Request


def is_batch(path: str) -> bool:
    """Say whether a path is one that batches are sent to."""
    return path in _PATHS


def allowed(path: str) -> tuple[str, ...]:
    """Return which interfaces a batch sent to a path may ask."""
    return _PATHS[path]


def taken_apart(path: str, outer: Request) -> list[Part]:
    """Return the requests in a batch.

    Raises:
        GoogleError: 400, it is none or has too many.
    """
    boundary = _BOUNDARY.match(outer.headers.get("content-type", ""))
    if boundary is None or outer.verb != "POST":
        raise GoogleError(400, "badRequest", "The batch request is no multipart/mixed.")
    body = b"\n" + outer.body.replace(b"\r\n", b"\n")
    raw = body.split(b"\n--" + boundary[1].encode())
    if len(raw) < 3 or not raw[-1].startswith(b"--"):
        raise GoogleError(400, "badRequest", "Failed to parse batch request, error: no parts.")
    parts = [_part(text, outer.headers) for text in raw[1:-1]]
    largest = min(LARGEST[api] for api in _PATHS[path])
    if len(parts) > largest:
        # seen in mhasbini/gmail_analyzer issue 12
        message = "Inner request count exceeds the limit."
        raise GoogleError(400, "badRequest", f"{message} Received: {len(parts)}, Limit: {largest}")
    return parts


def put_together(answers: list[tuple[str, Reply]], fault: str = "") -> Reply:
    """Return the answer to a batch from the Content-IDs of its parts and their answers."""
    if fault == "missing part":
        answers = answers[:-1]
    last = len(answers) - 1
    parts = [
        _shown("" if fault == "no content id" and number == last else content_id, reply)
        for number, (content_id, reply) in enumerate(answers)
    ]
    body = b"".join(parts) + f"--{_OURS}--\r\n".encode()
    return Reply(200, body, {"Content-Type": f"multipart/mixed; boundary={_OURS}"})


def _part(text: bytes, outer: Mapping[str, str]) -> Part:
    head, _, inside = text.lstrip(b"\n").partition(b"\n\n")
    first, _, rest = inside.partition(b"\n")
    lines, _, body = rest.partition(b"\n\n")
    headers = _headers(head)
    words = first.decode("ascii", "replace").split(" ")
    if headers.get("content-type", "") != "application/http" or len(words) != 3:
        raise GoogleError(400, "badRequest", "Failed to parse batch request, error: bad part.")
    # a part has the headers of the whole but for Content-… (Gmail guide: batch)
    common = {name: x for name, x in outer.items() if not name.startswith("content-")}
    request = Request(words[0], words[1], common | _headers(b"\n" + lines), body)
    return Part(headers.get("content-id", ""), request)


def _headers(text: bytes) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.decode("utf-8", "replace").split("\n"))
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def _shown(content_id: str, reply: Reply) -> bytes:
    lines = [f"--{_OURS}", "Content-Type: application/http"]
    if content_id:
        lines.append("Content-ID: <response-" + content_id.removeprefix("<"))
    lines += ["", f"HTTP/1.1 {reply.status} {'OK' if reply.status < 300 else 'Refused'}"]
    headers = {"Content-Type": "application/json; charset=UTF-8"} | dict(reply.headers)
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(reply.body)}", "", ""]
    return "\r\n".join(lines).encode() + reply.body + b"\r\n"
