"""The world around, as it really is."""

from __future__ import annotations

import random
import sys
import time
import webbrowser
from pathlib import Path
from typing import TextIO

import click

from netcrm_google.accounts import Outside
from netcrm_google.caller import Means
from netcrm_google.tokens import system_keyring


def real() -> Outside:
    """Return the folder, the keyring, the browser, the terminal and the time of this machine."""
    return Outside(
        folder=Path(click.get_app_dir("netcrm")) / "google",
        keyring=system_keyring(),
        browse=browse,
        ask=ask,
        is_asked=lambda: _is_terminal(sys.stdin),
        is_watched=lambda: _is_terminal(sys.stderr),
        means=Means(time.monotonic, time.time, time.sleep, random.random),
    )


def browse(address: str) -> None:
    """Open a page in a browser, and say so, as there may be none."""
    click.echo(f"Sign in on the page that opens now, or open it yourself:\n{address}", err=True)
    webbrowser.open(address)


def ask(address: str) -> str:
    """Have a page opened elsewhere, and return the address that it ended at."""
    click.echo(
        f"Open this page in a browser, anywhere, and sign in:\n{address}\n"
        "It ends at a page that cannot be shown. Paste the address of that page here:",
        err=True,
    )
    return sys.stdin.readline()


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()  # it may be closed, as for some daemons
