"""How what the commands found is said: in lines, in JSON, and to standard error."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import click

from netcrm_google.auth import WORDS
from netcrm_google.tokens import TokenStore

JSON_VERSION: Final = 1
"""The number of the shape of what `--json` prints, as of netcrm's own commands."""
_MINUTE: Final = 60
_MUCH: Final = 90


def permissions(scopes: Iterable[str]) -> str:
    """Return what may be read, in words."""
    return ", ".join(WORDS.get(one, one) for one in scopes)


def say_result(result: Mapping[str, Any], dry_run: bool) -> None:
    """Print what came of one account, or would."""
    if result["error"] and not result.get("pages"):
        return
    name = result["account"]
    if dry_run:
        click.echo(
            f"{name}: {_count(result['unread'], 'message')} would be read, which takes about "
            f"{duration(result['seconds'])} ({result['units']} units). {result['known']} more "
            f"since {result['since']} are known; there are {result['listed']} in all."
        )
        return
    click.echo(
        f"{name}: {result['seen']} read, {result['logged']} logged, {result['planned']} planned, "
        f"{result['changed']} changed, {result['removed']} removed ({result['units']} units)"
    )
    for reason, number in sorted(result["skipped"].items()):
        click.echo(f"  {number} skipped: {reason}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def duration(seconds: float) -> str:
    """Return how long something takes, in words."""
    if seconds < _MUCH:
        return _count(round(seconds), "second")
    if seconds < _MUCH * _MINUTE:
        return _count(round(seconds / _MINUTE), "minute")
    return f"{seconds / _MINUTE**2:.1f} hours"


def print_json(**content: Any) -> None:
    """Print one JSON object; what a terminal would obey is escaped."""
    click.echo(json.dumps({"netcrm": JSON_VERSION, **content}, indent=2))


def warn(text: str) -> None:
    """Print a line to standard error, with what a terminal would obey made visible."""
    click.echo(visible(text), err=True)


def visible(text: str) -> str:
    """Return a line with what a terminal would obey made visible."""
    return "".join(one if one.isprintable() else f"\\x{ord(one):02x}" for one in text)


def warn_of_exposed(store: TokenStore) -> None:
    """Say which files others on this machine may read."""
    for path in store.exposed():
        mode = "700" if path.is_dir() else "600"
        warn(f"netcrm: others on this machine may read {path}. To change that: chmod {mode} {path}")
