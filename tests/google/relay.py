"""What stands before a server that does not know all of Gmail, and says the rest for it."""

from __future__ import annotations

import http.client
import json
import threading
from typing import Self
from urllib.parse import urlsplit

from tests.google.batch import Reply, Request, is_batch, put_together, taken_apart
from tests.google.wire import Http

_PROFILE = "/gmail/v1/users/me/profile"
_WHO = "/oauth2/v2/userinfo"
_CHANGES = "/gmail/v1/users/me/history?startHistoryId=0&maxResults=1"
_PASSED_ON = ("authorization", "content-type")


class Relay:
    """Passes on what it is asked. Where the answer is 404, it does two things by itself:

    the parts of a batch it passes on one by one; a profile it makes of who the server says that
    somebody is, and of the last change that it tells of.

    Attributes:
        asked: what it was asked, as `GET /path`; a batch is one.
    """

    def __init__(self, server: str) -> None:
        self._server = urlsplit(server).netloc
        self._http = Http(self._answer)
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._http.shutdown()
        self._http.hang_up()
        self._http.server_close()
        self._thread.join()

    def _answer(self, request: Request) -> Reply:
        path = urlsplit(request.target).path
        self.asked.append(f"{request.verb} {path}")
        reply = self._pass_on(request)
        if reply.status == 404 and is_batch(path):
            parts = taken_apart(path, request)
            return put_together([(one.content_id, self._pass_on(one.request)) for one in parts])
        if reply.status == 404 and path == _PROFILE:
            return self._profile(request)
        return reply

    def _profile(self, request: Request) -> Reply:
        who = self._pass_on(request._replace(target=_WHO))
        changes = self._pass_on(request._replace(target=_CHANGES))
        if who.status != 200:
            return who
        email, last = json.loads(who.body)["email"], json.loads(changes.body)["historyId"]
        return Reply(200, json.dumps({"emailAddress": email, "historyId": last}).encode())

    def _pass_on(self, request: Request) -> Reply:
        connection = http.client.HTTPConnection(self._server, timeout=30)
        headers = {name: x for name, x in request.headers.items() if name in _PASSED_ON}
        try:
            connection.request(request.verb, request.target, request.body, headers)
            answer = connection.getresponse()
            kind = answer.headers.get("Content-Type", "application/json")
            return Reply(answer.status, answer.read(), {"Content-Type": kind})
        finally:
            connection.close()
