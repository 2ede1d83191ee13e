"""The storage: begins transactions where they belong, and finds out what became of them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final, NamedTuple

import psycopg

from netcrm import SCHEMA, Kind, NetcrmError, RefusedError, Storage, StorageError
from netcrm_postgres import checks
from netcrm_postgres.connections import Connection, Connections
from netcrm_postgres.place import Place
from netcrm_postgres.proof import TENANT, prove
from netcrm_postgres.tables import Table, is_newer, layout
from netcrm_postgres.transaction import Change, PostgresTransaction
from netcrm_postgres.trouble import WAIT, is_lost, told

# A writer has the lock of its network before it reads, and each statement sees what is committed by
# then: all that writers before it have left. Nobody else writes to the network until it has ended.
_WRITE: Final = "BEGIN ISOLATION LEVEL READ COMMITTED"
_READ: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_SETTINGS: Final = (
    f"SELECT set_config('{TENANT}', %s, true), "
    "set_config('search_path', 'netcrm, pg_temp', true), "
    f"set_config('lock_timeout', '{WAIT:.0f}s', true)"
)
_ROW: Final = "SELECT schema, layout, unindexed FROM network"
_MAKE: Final = "INSERT INTO network (schema, layout) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_FORWARD: Final = "UPDATE network SET schema = %s, layout = %s"

_PATIENCE: Final = 8.0
_REPLICA_AGAIN: Final = 30.0
"""Seconds after which a replica is tried again that could not be asked."""


class Network(NamedTuple):
    """What the server keeps of a network beside its records."""

    schema: int
    layout: str
    unindexed: list[str]


class Begun(NamedTuple):
    """A transaction on the server. There may be no network yet."""

    source: Connections
    connection: Connection
    network: Network | None


class PostgresStorage(Storage):
    """The network of one tenant, in a database that is set up for many.

    Row security hides the rows of all others; where it does not hold, nothing is done. A
    transaction that writes locks its network, and nobody else's.
    """

    def __init__(self, place: Place, kinds: Mapping[str, Kind], *, create: bool = True) -> None:
        def may_use(connection: Connection) -> None:
            prove(connection, kinds, place.location)

        self.location = place.location
        self.kinds = kinds
        self._tenant = place.tenant
        self._create = create
        self._layout = layout(kinds)
        self._tables = {name: Table(kind) for name, kind in kinds.items()}
        self._primary = Connections(place.primary, may_use, _PATIENCE)
        self._replica = Connections(place.replica, may_use, 0) if place.replica else None
        self._replica_from = 0.0
        self._wrote = False

    def close(self) -> None:
        """Close the connections that are kept."""
        self._primary.close()
        if self._replica is not None:
            self._replica.close()

    def check(self) -> list[str]:
        """Return where tables differ from the documents, and where rows are not kept apart."""
        with self.begin(write=False) as transaction:
            return checks.faults(transaction)

    @contextmanager
    def begin(self, *, write: bool) -> Iterator[PostgresTransaction]:
        """Begin a transaction on the primary, or on a replica if it only reads."""
        begun = self._begin(write=write)
        if begun.network is not None and self._is_older(begun.network):
            begun.source.end(begun.connection)
            self._bring_forward()
            begun = self._begin(write=write)
        try:
            transaction = self._transaction(begun)
            try:
                yield transaction
            finally:
                transaction.end()
            if write:
                self._commit(begun.connection, transaction.last)
        finally:
            begun.source.end(begun.connection)

    def _transaction(self, begun: Begun) -> PostgresTransaction:
        unindexed = begun.network.unindexed if begun.network else ()
        return PostgresTransaction(
            begun.connection, self._tables, self.kinds, unindexed, self.location
        )

    # --- beginning

    def _begin(self, *, write: bool) -> Begun:
        begun = None if write else self._on_replica()
        if begun is not None:
            return begun
        start = self._start_writing if write else self._start_reading
        with told(self.location):
            begun = Begun(self._primary, *self._primary.begin(start))
        try:
            self._refuse_strange(begun.network)
        except NetcrmError:
            self._primary.end(begun.connection)
            raise
        return begun

    def _on_replica(self) -> Begun | None:
        """Begin on the replica, unless it may lack what was written here, or cannot be asked."""
        if self._replica is None or self._wrote or time.monotonic() < self._replica_from:
            return None
        with suppress(psycopg.Error, NetcrmError):
            begun = Begun(self._replica, *self._replica.begin(self._start_reading))
            if begun.network is not None and not self._is_older(begun.network):
                return begun
            self._replica.end(begun.connection)
        self._replica_from = time.monotonic() + _REPLICA_AGAIN
        return None

    def _start_reading(self, connection: Connection) -> Network | None:
        with connection.pipeline():
            connection.execute(_READ)
            connection.execute(_SETTINGS, [self._tenant])
            found = connection.execute(_ROW).fetchone()
        return Network(*found) if found else None

    def _start_writing(self, connection: Connection) -> Network | None:
        with connection.pipeline():
            connection.execute(_WRITE)
            connection.execute(_SETTINGS, [self._tenant])
            found = connection.execute(f"{_ROW} FOR UPDATE").fetchone()
        if found is None and self._create:
            connection.execute(_MAKE, [SCHEMA, self._layout])
            found = connection.execute(f"{_ROW} FOR UPDATE").fetchone()
        return Network(*found) if found else None

    def _refuse_strange(self, network: Network | None) -> None:
        if network is None:
            if not self._create:
                raise StorageError(
                    f"{self.location}: there is no network here yet. Make one with: netcrm init"
                )
        elif network.schema > SCHEMA or is_newer(network.layout):
            raise RefusedError(
                f"{self.location}: written by a newer netcrm (layout {network.schema}, this one "
                f"knows {SCHEMA}). Update netcrm; nothing was changed."
            )

    def scrub(self) -> str:  # noqa: D102
        return (
            "The server's files hold what was deleted until VACUUM FULL, its write-ahead log and "
            "its own backups for as long as they are kept: ask whoever runs it."
        )

    def _is_older(self, network: Network) -> bool:
        return network[:2] != (SCHEMA, self._layout)

    def _bring_forward(self) -> None:
        """Bring what an older netcrm has written to today's layout, in a transaction of its own."""
        begun = self._begin(write=True)
        try:
            if begun.network is not None and self._is_older(begun.network):  # nobody was quicker
                transaction = self._transaction(begun)
                transaction.bring_forward(begun.network.schema)
                with told(self.location):
                    begun.connection.execute(_FORWARD, [SCHEMA, self._layout])
                self._commit(begun.connection, transaction.last)
        finally:
            self._primary.end(begun.connection)

    # --- ending

    def _commit(self, connection: Connection, last: Change | None) -> None:
        try:
            with told(self.location):
                ended = connection.execute("COMMIT").statusmessage
        except StorageError as error:
            lost = isinstance(error.__cause__, psycopg.Error) and is_lost(error.__cause__)
            if not lost or last is None or not self._was_made(last):
                raise
        else:
            if ended != "COMMIT":
                raise StorageError(f"{self.location}: an error was passed over. Nothing changed.")
        self._wrote |= last is not None

    def _was_made(self, change: Change) -> bool:
        """Find out whether a commit was carried out whose answer was lost.

        The lock is free when the transaction has ended, on a server that nobody reaches any more.
        """
        query = f"SELECT rev, doc FROM {self._tables[change.kind].name} WHERE id = %s"
        try:
            connection, _ = self._primary.begin(self._start_writing)
            try:
                found = connection.execute(query, [change.id]).fetchone()
            finally:
                self._primary.end(connection)
        except (psycopg.Error, NetcrmError) as error:
            raise self._unknown() from error
        if found == change.row:
            return True
        if (found[0] if found else 0) == change.over:
            return False
        raise self._unknown()

    def _unknown(self) -> StorageError:
        return StorageError(
            f"{self.location}: the connection was lost in the middle of the commit, and it cannot "
            "be found out what became of it. Look before you do it again."
        )
