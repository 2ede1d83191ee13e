"""Keeps a network in a SQLite file, of any size."""

from __future__ import annotations

from netcrm import StorageProvider, hookimpl
from netcrm_sqlite.storage import SQLiteStorage

__all__ = ["SQLiteStorage", "netcrm_storages"]


@hookimpl
def netcrm_storages() -> list[StorageProvider]:
    """Offer `netcrm --network sqlite:FILE`."""
    return [
        StorageProvider(
            name="sqlite",
            summary="One SQLite file, for networks of any size",
            open=lambda rest, kinds, create: SQLiteStorage(rest, kinds, create=create),
        )
    ]
