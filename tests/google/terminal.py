"""The whole command line, typed in a world of the tests."""

from __future__ import annotations

from pathlib import Path

from netcrm.cli import cli
from netcrm_google.accounts import Outside
from netcrm_google.outside import OUTSIDE


def typed(file: Path, world: Outside, *words: str) -> int:
    """Run `netcrm --network FILE google WORDS`; return the exit code, unless it raises."""
    with cli.make_context("netcrm", ["--network", str(file), "google", *words]) as context:
        context.meta[OUTSIDE] = world
        return cli.invoke(context) or 0
