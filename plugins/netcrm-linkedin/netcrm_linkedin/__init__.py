"""Brings a LinkedIn data export into netcrm."""

from __future__ import annotations

from collections.abc import Iterator

from netcrm import Batch, SourceProvider, hookimpl


class LinkedInExport:
    """A LinkedIn data export: the ZIP, the folder it unpacks to, or Connections.csv alone."""

    def __init__(self, path: str) -> None:
        self.path = path

    def batches(self) -> Iterator[Batch]:
        """Yield the connections, in one batch.

        Raises:
            InvalidError: there are no connections to be read; the message says what to do.
        """
        # Reading needs csv and zipfile, which whoever only lists the plugins should not pay for.
        from netcrm_linkedin import archive, connections

        yield connections.read(*archive.find(self.path))


@hookimpl
def netcrm_sources() -> list[SourceProvider]:
    """Offer `netcrm import linkedin FILE`."""
    return [
        SourceProvider(
            name="linkedin",
            summary="Your LinkedIn connections, from the data export: the ZIP or Connections.csv",
            open=LinkedInExport,
            source="linkedin",
        )
    ]
