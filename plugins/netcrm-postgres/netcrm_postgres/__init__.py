"""Keeps networks in PostgreSQL, those of many tenants in one database.

Nothing here imports psycopg before a network is opened: that alone takes longer than most commands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from netcrm import Kind, Storage, StorageProvider, hookimpl

if TYPE_CHECKING:
    import click

ROLE: Final = "netcrm_app"
"""The name of the role that works on networks, if it is not given another one."""


def open_storage(rest: str, kinds: Mapping[str, Kind], create: bool) -> Storage:
    """Open the network that a URL names; what is behind its scheme is given."""
    from netcrm_postgres.place import Place
    from netcrm_postgres.storage import PostgresStorage

    return PostgresStorage(Place.named(rest), kinds, create=create)


def setup(admin_url: str, *, role: str = ROLE, kinds: Mapping[str, Kind] | None = None) -> None:
    """Prepare a database for networks, or bring it up to date, as the role that will own it all.

    Args:
        admin_url: the URL of the database, with a role that may make a schema in it.
        role: the role that will work on the networks.
        kinds: the kinds of records; netcrm's own without them.

    Raises:
        RefusedError: the role is missing or would see all tenants, or a newer netcrm was here.
        StorageError: the server cannot be reached or says no.
    """
    from netcrm import KINDS
    from netcrm_postgres.layout import set_up

    set_up(admin_url, role, KINDS if kinds is None else kinds)


@hookimpl
def netcrm_storages() -> list[StorageProvider]:
    """Offer `postgresql://USER@HOST/DATABASE?tenant=NAME`, and `postgres:...` for short."""
    return [
        StorageProvider(name, "A PostgreSQL server, for many networks or programs", open_storage)
        for name in ("postgresql", "postgres")
    ]


@hookimpl
def netcrm_commands() -> list[click.Command]:
    """Offer `netcrm postgres setup`."""
    from netcrm_postgres.commands import postgres_command

    return [postgres_command]
