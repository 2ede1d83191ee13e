"""A network in a SQLite file."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from netcrm import SCHEMA, BusyError, Kind, RefusedError, Storage, StorageError
from netcrm.storage import files
from netcrm.storage.sql import has_words
from netcrm_sqlite import connections, layout
from netcrm_sqlite.connections import trouble
from netcrm_sqlite.making import alone, copy, making
from netcrm_sqlite.transaction import SQLiteTransaction


class SQLiteStorage(Storage):
    """One SQLite file, for its owner only; two more stand beside it while it is in use.

    Readers wait for nobody; a writer waits for the one before. It serves any size well.
    """

    def __init__(
        self, path: str | os.PathLike[str], kinds: Mapping[str, Kind], *, create: bool = True
    ) -> None:
        self.path = files.path_at(path)
        self.location = f"sqlite:{self.path}"
        self.kinds = kinds
        self._meaning = layout.meaning(kinds)
        self._free: list[sqlite3.Connection] = []
        _OPEN.add(self)
        if not create and not files.exists(self.path):
            raise StorageError(
                f"{self.path}: there is no network here yet. Make one with: netcrm init"
            )

    @contextmanager
    def begin(self, *, write: bool) -> Iterator[SQLiteTransaction]:
        """Begin on a connection of its own."""
        with self._connected(write=write) as connection:
            with trouble(self.path):
                self._begin(connection, write=write)
            transaction = SQLiteTransaction(connection, self.kinds, self.path)
            try:
                yield transaction
            finally:
                transaction.let_go()
            if not transaction.is_whole:
                raise StorageError(f"{self.path}: a change broke off. Nothing was changed.")
            with trouble(self.path):
                connection.execute("COMMIT")

    def copy_to(self, path: Path) -> None:  # noqa: D102
        with self.begin(write=False) as view:
            copy(view.connection, path)

    def scrub(self) -> str:
        """Write the file anew: pages are written over as records go, but words stand in pieces."""
        with self._connected(write=True) as connection, trouble(self.path):
            for kind in filter(has_words, self.kinds.values()):
                table = layout.words_of(kind)
                connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
            connection.execute("VACUUM")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise BusyError(f"{self.path}-wal: other programs read it")
        return ""

    def check(self) -> list[str]:  # noqa: D102
        from netcrm_sqlite.checking import faults

        with self.begin(write=False) as view:
            return list(faults(view))

    def close(self) -> None:
        """Close the connections that nobody uses; with the last one the files beside it go."""
        with contextlib.suppress(IndexError):
            while True:
                self._free.pop().close()

    @contextmanager
    def _connected(self, *, write: bool) -> Iterator[sqlite3.Connection]:
        """Give a connection. If anything goes wrong it is closed, which rolls back."""
        with contextlib.ExitStack() as held:
            if write and self._is_missing():
                held.enter_context(alone(self.path))
            if self._is_missing():
                yield held.enter_context(self._empty(write=write))
                return
            connection = self._free_one() or connections.connect(self.path)
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            if connections.writable(self.path):
                self._free.append(connection)
            else:  # somebody else may write to it unnoticed
                connection.close()

    def _is_missing(self) -> bool:
        return not self._free and not files.exists(self.path)

    @contextmanager
    def _empty(self, *, write: bool) -> Iterator[sqlite3.Connection]:
        """Give a connection to a file in the making, or to memory for somebody who only reads."""
        with making(self.path) if write else _in_memory() as connection:
            with trouble(self.path):
                layout.create(connection, self.kinds)
            yield connection

    def _free_one(self) -> sqlite3.Connection | None:
        with contextlib.suppress(IndexError):  # another thread may take the last one
            return self._free.pop()
        return None

    def _begin(self, connection: sqlite3.Connection, *, write: bool) -> None:
        begin = "BEGIN IMMEDIATE" if write else "BEGIN"
        connection.execute(begin)
        while not self._is_of_today(connection):
            from netcrm_sqlite.forward import bring_forward

            connection.execute("ROLLBACK")
            bring_forward(connection, self.kinds, self.path)
            connection.execute(begin)

    def _is_of_today(self, connection: sqlite3.Connection) -> bool:
        """Whether documents and index are those of today; it also fixes what is seen."""
        schema = layout.schema_of(connection)
        if schema > SCHEMA:
            raise RefusedError(
                f"{self.path}: written by a newer netcrm (layout {schema}, this one knows "
                f"{SCHEMA}). Update netcrm; nothing was changed."
            )
        return schema == SCHEMA and layout.meaning_of(connection) == self._meaning


def _in_memory() -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(":memory:", isolation_level=None))


_OPEN: Final[weakref.WeakSet[SQLiteStorage]] = weakref.WeakSet()


def _close_all() -> None:
    for storage in list(_OPEN):
        storage.close()


if hasattr(os, "register_at_fork"):  # a child would take its parent's locks for its own
    os.register_at_fork(before=_close_all)
