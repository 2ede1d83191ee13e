"""Where the browser comes back to after Google's pages: a server on this machine, for a moment."""

from __future__ import annotations

import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qs, urlsplit

from netcrm import SignInError

_HERE: Final = "127.0.0.1"
_SAID: Final = b"That is all: netcrm goes on where you started it. You may close this page.\n"
_IDLE: Final = 10
"""Seconds that a connection may say nothing, as browsers open some ahead (our choice)."""


class Redirect:
    """Waits for the browser to come back; whatever else comes is left alone.

    Args:
        state: what Google gives back, so that nobody else can pretend to be it.
    """

    def __init__(self, state: str) -> None:
        self._answers: queue.Queue[str] = queue.Queue()
        self._server = _Server((_HERE, 0), _handler(state, self._answers))
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    @property
    def uri(self) -> str:
        """The address to come back to."""
        return f"http://{_HERE}:{self._server.server_port}/"

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait(self, seconds: float) -> str:
        """Return the address that the browser came back with.

        Raises:
            SignInError: it did not come in time.
        """
        try:
            return self._answers.get(timeout=seconds)
        except queue.Empty:
            raise SignInError(
                f"nobody signed in within {seconds:g} s. Again: netcrm google login; where there "
                "is no browser: netcrm google login --paste"
            ) from None


class _Server(ThreadingHTTPServer):
    allow_reuse_address = False  # on Windows somebody else could listen there as well
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a browser hangs up when it likes."""


def _handler(state: str, answers: queue.Queue[str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _IDLE

        def do_GET(self) -> None:
            said = parse_qs(urlsplit(self.path).query)
            is_it = said.get("state") == [state] and bool({"code", "error"} & said.keys())
            self.send_response(200 if is_it else 404)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(_SAID) if is_it else 0))
            self.end_headers()
            if is_it:
                self.wfile.write(_SAID)
                answers.put(self.path)

        def log_message(self, *args: Any) -> None:
            """Say nothing: what would be said holds the code."""

    return Handler
