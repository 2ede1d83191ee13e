"""HTTP over a socket, and what a test orders to go wrong there."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.google.answering import Broken
from tests.google.batch import Reply, Request


class Http(ThreadingHTTPServer):
    """Listens on this machine only, at a port that is free."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, answer: Callable[[Request], Reply | Broken]) -> None:
        """Prepare it to send what is answered."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()

    def opened(self, connection: socket.socket) -> None:
        """Note a connection."""
        with self._guard:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection."""
        with self._guard:
            self._open.discard(connection)

    def hang_up(self) -> None:
        """Close all connections, so that nobody waits for what never comes."""
        with self._guard:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""
        # the other side went away, or a hook of a test raised
        return


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Http

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.closed(self.connection)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        return

    def _take(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, self.rfile.read(length))
        answer = self.server.answer(request)
        if isinstance(answer, Reply):
            self._send(answer)
        else:
            self._break(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _take  # noqa: N815 - names of http.server

    def _send(self, reply: Reply) -> None:
        self.wfile.write(self._head(reply) + reply.body)

    def _break(self, broken: Broken) -> None:
        reply, what = broken.reply, broken.fault.what
        self.close_connection = True
        if reply is None or what in ("drop", "lost"):
            return
        if what == "cut":
            self.wfile.write(self._head(reply) + reply.body[: len(reply.body) // 2])
        elif what == "drip":
            self._drip(reply, broken.fault.seconds)
        else:
            self._send(reply)

    def _drip(self, reply: Reply, seconds: float) -> None:
        pieces = 10
        whole = self._head(reply) + reply.body
        size = -(-len(whole) // pieces)
        for begin in range(0, len(whole), size):
            self.wfile.write(whole[begin : begin + size])
            time.sleep(seconds / pieces)

    def _head(self, reply: Reply) -> bytes:
        headers = {"Content-Type": "application/json; charset=UTF-8"} | dict(reply.headers)
        if reply.status != 204:
            headers["Content-Length"] = str(len(reply.body))
        if self.close_connection:
            headers["Connection"] = "close"
        reason = self.responses.get(reply.status, ("Refused", ""))[0]
        lines = [f"HTTP/1.1 {reply.status} {reason}", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
