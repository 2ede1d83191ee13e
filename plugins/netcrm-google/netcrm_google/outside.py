"""The world around: where things are kept, who sits at the terminal, what time it is."""

from __future__ import annotations

import random
import sys
import time
import webbrowser
from pathlib import Path
from typing import Final, TextIO

import click

from netcrm_google.accounts import Outside
from netcrm_google.caller import Means
from netcrm_google.tokens import system_keyring

OUTSIDE: Final = "netcrm_google.outside"
"""Under this name the context of click may have another `Outside`."""


def around() -> Outside:
    """Return the world around: that of the command under way, else the real one."""
    context = click.get_current_context(silent=True)
    found: Outside | None = context.meta.get(OUTSIDE) if context else None
    return _real() if found is None else found


def _real() -> Outside:
    return Outside(
        folder=Path(click.get_app_dir("netcrm")) / "google",
        keyring=system_keyring(),
        browse=_browse,
        ask=ask,
        is_asked=lambda: _is_terminal(sys.stdin),
        is_watched=lambda: _is_terminal(sys.stderr),
        means=Means(time.monotonic, time.time, time.sleep, random.random),
    )


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()  # it may be closed, as for some daemons


def _browse(address: str) -> None:
    click.echo(f"Sign in on the page that opens now, or open it yourself:\n{address}", err=True)
    webbrowser.open(address)


def ask(address: str) -> str:
    """Show the address of a page to sign in on, and return the one that is pasted."""
    click.echo(
        f"Open this page in a browser, anywhere, and sign in:\n{address}\n"
        "It ends at a page that cannot be shown. Paste the address of that page here:",
        err=True,
    )
    return sys.stdin.readline()
