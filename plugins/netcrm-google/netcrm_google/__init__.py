"""Keeps a network up to date with Gmail, Calendar and Contacts; nothing is sent.

Nothing here imports Google's client, nor click, before a command is asked for: that alone takes
longer than most commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from netcrm import Source, SourceProvider, hookimpl

if TYPE_CHECKING:
    import click

    from netcrm import DraftFolder

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
    """Offer `netcrm google login`, `status`, `sync`, `publish`, `suggest` and `logout`."""
    from netcrm_google.commands import google_command

    return [google_command]


@hookimpl
def netcrm_draft_folders() -> list[DraftFolder]:
    """Offer the drafts of Gmail: `netcrm draft ... --to gmail`."""
    from netcrm import DraftFolder

    return [DraftFolder(name="gmail", summary="The drafts of Gmail", put=_put)]


def _put(draft: bytes, account: str) -> str:
    from netcrm_google.drafts import put
    from netcrm_google.outside import around

    return put(around(), draft, account)
