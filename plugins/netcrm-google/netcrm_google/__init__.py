"""Keeps a network up to date with Gmail and Google Contacts; nothing is sent or written there.

Nothing here imports Google's client, nor click, before a command is asked for: that alone takes
longer than most commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from netcrm import Source, SourceProvider, hookimpl

if TYPE_CHECKING:
    import click

CONTACTS: Final = "google-contacts"
"""What the source of contacts is called."""


def _contacts(account: str, **more: Any) -> Source:
    from netcrm_google.contacts import opened

    return opened(account, **more)


@hookimpl
def netcrm_sources() -> list[SourceProvider]:
    """Offer `netcrm import google-contacts ACCOUNT`."""
    return [
        SourceProvider(
            name=CONTACTS,
            summary="Your Google Contacts, or what is new there; sign in first: netcrm google "
            "login --for contacts",
            open=_contacts,
            needs="",
            options="all=yes, to read all contacts again",
        )
    ]


@hookimpl
def netcrm_commands() -> list[click.Command]:
    """Offer `netcrm google login`, `status`, `sync`, `suggest` and `logout`."""
    from netcrm_google.commands import google_command

    return [google_command]
