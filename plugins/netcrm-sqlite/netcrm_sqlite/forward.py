"""A file that another netcrm has written, brought to what this one writes."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from netcrm import SCHEMA, Kind, Record, StorageError
from netcrm.storage import files
from netcrm.storage.migration import forward
from netcrm_sqlite import layout
from netcrm_sqlite.connections import connect
from netcrm_sqlite.making import copy, sweep
from netcrm_sqlite.transaction import BATCH, SQLiteTransaction


def bring_forward(connection: sqlite3.Connection, kinds: Mapping[str, Kind], path: Path) -> None:
    """Bring documents and index to those of today, in one transaction.

    Before documents are changed, a copy of the file is kept. A newer one stays as it is.
    """
    connection.execute("BEGIN IMMEDIATE")  # perhaps somebody else was quicker
    schema = layout.schema_of(connection)
    if schema < 1:
        raise StorageError(f"{path}: cannot be understood: layout {schema} is unknown.")
    if schema < SCHEMA:
        kept = files.beside(path, f".layout{schema}")
        if not files.exists(kept):
            sweep(kept)
            with contextlib.closing(connect(path)) as other:  # SQLite copies nothing for a writer
                copy(other, kept)
    if schema < SCHEMA or (
        schema == SCHEMA and layout.meaning_of(connection) != layout.meaning(kinds)
    ):
        _make_anew(SQLiteTransaction(connection, kinds, path), schema)
    connection.execute("COMMIT")


def _make_anew(transaction: SQLiteTransaction, schema: int) -> None:
    connection, kinds = transaction.connection, transaction.kinds
    layout.drop_answers(connection)
    bare = {name: Kind(name) for name in kinds}  # documents are brought forward without an index
    for kind in bare.values():
        if not layout.is_there(connection, kind):
            layout.make(connection, kind)
    forward(SQLiteTransaction(connection, bare, transaction.path), schema)
    for kind in kinds.values():
        old = layout.move_away(connection, kind)
        layout.make(connection, kind)
        transaction.put((record, 0) for record in _records(transaction, kind, old))
        connection.execute(f"DROP TABLE {old}")
    layout.settle(connection, kinds)


def _records(transaction: SQLiteTransaction, kind: Kind, table: str) -> Iterator[Record]:
    """Yield what a table holds, in portions: while one is read, SQLite makes no index."""
    asked = f"SELECT words, id, rev, doc FROM {table} WHERE words > ? ORDER BY words LIMIT {BATCH}"
    last = 0
    while rows := transaction.connection.execute(asked, [last]).fetchall():
        for _, record_id, rev, doc in rows:
            yield Record(kind.name, record_id, transaction.parsed(kind.name, record_id, doc), rev)
        last = rows[-1][0]
