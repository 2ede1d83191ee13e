"""Brings a LinkedIn data export into netcrm."""

from __future__ import annotations

from collections.abc import Iterator

from netcrm import Batch, SourceProvider, hookimpl


class LinkedInExport:
    """A LinkedIn data export: the ZIP, the folder it unpacks to, or one CSV file of it."""

    def __init__(self, path: str) -> None:
        self.path = path

    def batches(self) -> Iterator[Batch]:
        """Yield one batch for each table, the connections first.

        Raises:
            InvalidError: there is nothing to be read; the message says what to do.
        """
        # Reading needs csv and zipfile, which whoever only lists the plugins should not pay for.
        from netcrm_linkedin import reading

        yield from reading.batches(self.path)


class LinkedInContacts:
    """The address book in a LinkedIn data export: the ZIP, the folder, or Contacts.csv alone."""

    def __init__(self, path: str) -> None:
        self.path = path

    def batches(self) -> Iterator[Batch]:
        """Yield one batch for each address book.

        Raises:
            InvalidError: there is none; the message says what to do.
        """
        from netcrm_linkedin import reading

        yield from reading.address_books(self.path)


@hookimpl
def netcrm_sources() -> list[SourceProvider]:
    """Offer `netcrm import linkedin FILE` and `netcrm import linkedin-contacts FILE`."""
    return [
        SourceProvider(
            name="linkedin",
            summary="Your LinkedIn data export, ZIP or CSV: connections, messages, invitations, "
            "recommendations, your own profile",
            open=LinkedInExport,
            source="linkedin",
        ),
        SourceProvider(
            name="linkedin-contacts",
            summary="The address book that LinkedIn copied from your phone",
            open=LinkedInContacts,
            source="linkedin",
        ),
    ]
