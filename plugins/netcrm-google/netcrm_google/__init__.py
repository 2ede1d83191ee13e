"""Keeps a network up to date with Gmail, headers only, and shows what comes in a calendar.

Nothing here imports Google's client, nor click, before a command is asked for: that alone takes
longer than most commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netcrm import hookimpl

if TYPE_CHECKING:
    import click


@hookimpl
def netcrm_commands() -> list[click.Command]:
    """Offer `netcrm google login`, `status`, `sync`, `publish`, `suggest` and `logout`."""
    from netcrm_google.commands import google_command

    return [google_command]
