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

from netcrm import SCHEMA, Kind, RefusedError, Storage, StorageError
from netcrm.storage import files
from netcrm_sqlite import connections, layout
from netcrm_sqlite.connections import trouble
from netcrm_sqlite.copying import copy, sweep
from netcrm_sqlite.transaction import SQLiteTransaction


class SQLiteStorage(Storage):
    """One SQLite file, for its owner only; two more stand beside it while it is in use.

    Readers wait for nobody; a writer waits for the one before. It serves any size well.
    """

    def __init__(
        self, path: str | os.PathLike[str], kinds: Mapping[str, Kind], *, create: bool = True
    ) -> None:
        try:
            self.path = Path(path).expanduser().resolve()
        except (OSError, RuntimeError, ValueError) as error:  # links in a circle, ~nobody, NUL
            raise StorageError(f"{path}: cannot be a file: {error}") from None
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
        """Begin on a connection of its own; one that met an exception is closed and rolls back."""
        connection, lasts = self._connection(write=write)
        try:
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
        except BaseException:
            connection.close()
            raise
        if lasts:
            self._free.append(connection)
        else:
            connection.close()

    def copy_to(self, path: Path) -> None:  # noqa: D102
        with self.begin(write=False) as view:
            copy(view.connection, path)

    def check(self) -> list[str]:  # noqa: D102
        from netcrm_sqlite.checking import faults

        with self.begin(write=False) as view:
            return list(faults(view))

    def close(self) -> None:
        """Close the connections that nobody uses; with the last one the files beside it go."""
        with contextlib.suppress(IndexError):
            while True:
                self._free.pop().close()

    def _connection(self, *, write: bool) -> tuple[sqlite3.Connection, bool]:
        """Return a connection, and whether it may be used again."""
        with contextlib.suppress(IndexError):
            return self._free.pop(), True
        if not files.exists(self.path):
            if not write:
                return self._empty(), False
            self._create()
        # Somebody else may write unnoticed to what is only read here.
        return connections.connect(self.path), connections.writable(self.path)

    def _empty(self) -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        with trouble(self.path):
            layout.create(connection, self.kinds)
        return connection

    def _create(self) -> None:
        """Make the file, whole from its first moment, unless somebody else was quicker."""
        with contextlib.closing(self._empty()) as empty:
            content = empty.serialize()
        content = content[:18] + b"\2\2" + content[20:]  # in SQLite's file format: keeps a log
        files.make_folder(self.path)
        lock = files.beside(self.path, ".lock")
        with files.locked(lock, wait=connections.WAIT):
            if not files.exists(self.path):
                sweep(self.path)
                files.create(self.path, content)
            with contextlib.suppress(OSError):  # who waits for it will find the file
                lock.unlink()

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


_OPEN: Final[weakref.WeakSet[SQLiteStorage]] = weakref.WeakSet()


def _close_all() -> None:
    for storage in list(_OPEN):
        storage.close()


if hasattr(os, "register_at_fork"):  # a child would take its parent's locks for its own
    os.register_at_fork(before=_close_all)
