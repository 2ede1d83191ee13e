"""Reading and writing records in SQLite."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from netcrm import ConflictError, Kind, Query, Record, StorageError, Transaction, Where
from netcrm.storage import sql
from netcrm.storage.contract import Doc, batches
from netcrm.storage.query import Scalar, one_of
from netcrm.storage.sql import quoted
from netcrm_sqlite import layout
from netcrm_sqlite.connections import trouble
from netcrm_sqlite.dialect import DIALECT, is_deep

BATCH: Final = 1000
"""How many records are written together. So many into an empty table are indexed afterwards."""


class SQLiteTransaction(Transaction):
    """A transaction of one connection."""

    def __init__(
        self, connection: sqlite3.Connection, kinds: Mapping[str, Kind], path: Path
    ) -> None:
        self.kinds = kinds
        self.connection = connection
        self.path = path
        self.is_whole = True
        self._cursors: weakref.WeakSet[sqlite3.Cursor] = weakref.WeakSet()

    def let_go(self) -> None:
        """Let go of answers that were not read to their end: they would hold the view."""
        for cursor in self._cursors:
            cursor.close()
        self._cursors.clear()

    # --- reading

    def get(self, kind: str, ids: Iterable[str]) -> Iterator[Record]:  # noqa: D102
        return self.find(Query(kind, one_of("id", ids)))

    def scan(self, kind: str) -> Iterator[Record]:  # noqa: D102
        return self.find(Query(kind))

    def pairs(self, kind: str) -> Iterator[tuple[str, Doc]]:  # noqa: D102
        for record_id, doc in self.ask(self._found(Query(kind), ("id", "doc"))):
            yield record_id, self.parsed(kind, record_id, doc)

    def find(self, query: Query) -> Iterator[Record]:  # noqa: D102
        return super().find(query) if is_deep(query.where) else self._find(query)

    def _find(self, query: Query) -> Iterator[Record]:
        kind = query.kind
        for record_id, rev, doc in self.ask(self._found(query, ("id", "rev", "doc"))):
            yield Record(kind, record_id, self.parsed(kind, record_id, doc), rev)

    def rows(self, query: Query, fields: Sequence[str]) -> Iterator[tuple[Any, ...]]:  # noqa: D102
        return super().rows(query, fields) if is_deep(query.where) else self._rows(query, fields)

    def _rows(self, query: Query, fields: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        ways = sql.readers(self.kinds[query.kind], fields)
        converted = [(place, way) for place, way in enumerate(ways) if way]
        for row in self.ask(self._found(query, fields)):
            if converted:
                values = list(row)
                for place, way in converted:
                    values[place] = way(values[place])
                row = tuple(values)
            yield row

    def count(self, kind: str, where: Where | None = None) -> int:  # noqa: D102
        if is_deep(where):
            return super().count(kind, where)
        ((number,),) = self.ask(sql.count(self.kinds[kind], where, DIALECT))
        return int(number)

    def latest(  # noqa: D102
        self, query: Query, *, per: str, by: str, members: Collection[str] | None = None
    ) -> Mapping[str, tuple[Scalar, str]]:
        if is_deep(query.where):
            return super().latest(query, per=per, by=by, members=members)
        kind = self.kinds[query.kind]
        asked = sql.latest(kind, query.where, DIALECT, per=per, by=by, members=members)
        (way,) = sql.readers(kind, [by])
        return {
            member: (way(value) if way else value, record_id)
            for member, value, record_id in self.ask(asked)
        }

    def _found(self, query: Query, wanted: Sequence[str]) -> sql.Statement:
        return sql.find(query, self.kinds[query.kind], DIALECT, wanted)

    def ask(self, statement: sql.Statement) -> Iterator[tuple[Any, ...]]:
        """Yield the rows that answer a question."""
        with trouble(self.path):
            cursor = self.connection.execute(*statement)
            self._cursors.add(cursor)
            yield from cursor

    def parsed(self, kind: str, record_id: str, doc: str) -> Doc:
        """Return the document that is kept as a text."""
        import orjson  # answers made of index values alone do without it

        try:
            parsed: Doc = orjson.loads(doc)
        except ValueError as error:
            raise StorageError(
                f"{self.path}: {kind} {record_id} cannot be understood: {error}. "
                "Nothing was changed."
            ) from error
        return parsed

    # --- writing

    def put(self, records: Iterable[tuple[Record, int]]) -> None:  # noqa: D102
        self._begin_change()
        loading: set[str] = set()
        for batch in batches(records, BATCH):
            for name, changes in _by_kind(batch).items():
                kind = self.kinds[name]
                with trouble(self.path):
                    if len(batch) == BATCH and name not in loading and self._is_empty(kind):
                        layout.unindex(self.connection, kind)
                        loading.add(name)
                    self._put(kind, changes, loading=name in loading)
        with trouble(self.path):
            for name in loading:
                layout.index(self.connection, self.kinds[name])
                self._insert_members(self.kinds[name], 1)
        self.is_whole = True

    def delete(self, records: Iterable[Record]) -> None:  # noqa: D102
        self._begin_change()
        for batch in batches(((record, record.rev) for record in records), BATCH):
            for name, changes in _by_kind(batch).items():
                with trouble(self.path):
                    stored = self._stored(self.kinds[name], changes)
                    if len(stored) < len(changes):
                        gone = {record.id for record, _ in changes} - {row[1] for row in stored}
                        raise _conflict(name, min(gone))
                    self._remove(self.kinds[name], stored)
        self.is_whole = True

    def _begin_change(self) -> None:
        self.let_go()
        self.is_whole = False  # until all of it is done

    def _put(self, kind: Kind, changes: Sequence[tuple[Record, int]], *, loading: bool) -> None:
        if loading:
            for record, over in changes:
                if over:
                    raise _conflict(kind.name, record.id)
        else:
            self._remove(kind, self._stored(kind, changes))
        self._insert(kind, [record for record, _ in changes], loading=loading)

    def _is_empty(self, kind: Kind) -> bool:
        return self._next(kind) == 1

    def _next(self, kind: Kind) -> int:
        asked = f"SELECT coalesce(max(words), 0) + 1 FROM {quoted(kind.name)}"
        (number,) = self.connection.execute(asked).fetchone()
        return int(number)

    def _stored(
        self, kind: Kind, changes: Sequence[tuple[Record, int]]
    ) -> list[tuple[int, str, str | None]]:
        """Return number, id and document of the stored versions, which must be those expected."""
        expected = {record.id: over for record, over in changes}
        doc = "doc" if sql.has_words(kind) else "NULL"
        found = self.connection.execute(
            f"SELECT rev, words, id, {doc} FROM {quoted(kind.name)} "
            "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY words",
            [_json(list(expected))],
        ).fetchall()
        revisions = dict.fromkeys(expected, 0)
        revisions |= {row[2]: row[0] for row in found}
        for record_id, over in expected.items():
            if revisions[record_id] != over:
                raise _conflict(kind.name, record_id)
        return [row[1:] for row in found]

    def _insert(self, kind: Kind, records: Sequence[Record], *, loading: bool) -> None:
        first = self._next(kind)
        names = sql.columns(kind)
        self.connection.executemany(
            f"INSERT INTO {quoted(kind.name)} ({', '.join(map(quoted, names))}) "
            f"VALUES ({', '.join('?' * len(names))})",
            (sql.values(kind, record) for record in records),
        )
        if not loading:
            self._insert_members(kind, first)
        if sql.has_words(kind):
            texts = ((number, kind.text(one.doc)) for number, one in enumerate(records, first))
            self.connection.executemany(
                f"INSERT INTO {layout.words_of(kind)} (rowid, words) VALUES (?, ?)",
                (row for row in texts if row[1]),
            )

    def _insert_members(self, kind: Kind, first: int) -> None:
        """Fill the tables of sets from the records with this number and all after it."""
        for field, side in sql.sides(kind).items():
            order = ", ".join(str(n + 1) for n in range(len(layout.side_columns(kind, field))))
            # A member may be listed twice. In order, each page of the table is written once.
            self.connection.execute(
                f"INSERT OR IGNORE INTO {side} {_members(kind, field)} "
                f"WHERE r.words >= ? ORDER BY {order}",
                [first],
            )

    def _remove(self, kind: Kind, stored: Sequence[tuple[int, str, str | None]]) -> None:
        if not stored:
            return
        numbers = _json([number for number, _, _ in stored])
        these = "words IN (SELECT value FROM json_each(?))"
        for field, side in sql.sides(kind).items():
            key = ", ".join(layout.side_columns(kind, field))
            self.connection.execute(
                f"DELETE FROM {side} WHERE ({key}) IN ({_members(kind, field)} WHERE r.{these})",
                [numbers],
            )
        if sql.has_words(kind):
            table = layout.words_of(kind)
            texts = (
                (n, kind.text(self.parsed(kind.name, record_id, doc or "")))
                for n, record_id, doc in stored
            )
            self.connection.executemany(
                f"INSERT INTO {table} ({table}, rowid, words) VALUES ('delete', ?, ?)",
                ((number, said) for number, said in texts if said),
            )
        self.connection.execute(f"DELETE FROM {quoted(kind.name)} WHERE {these}", [numbers])


def _members(kind: Kind, field: str) -> str:
    """Return the question for the entries of a set, as its own columns list them."""
    by = kind.fields[field].by
    at = f"r.{quoted(by)}, " if by else ""
    table, listed = quoted(kind.name), f"json_each(r.{quoted(field)})"
    return f"SELECT j.value, {at}r.id FROM {table} AS r CROSS JOIN {listed} AS j"


def _by_kind(changes: Iterable[tuple[Record, int]]) -> dict[str, list[tuple[Record, int]]]:
    by_kind: dict[str, list[tuple[Record, int]]] = {}
    for change in changes:
        by_kind.setdefault(change[0].kind, []).append(change)
    return by_kind


def _conflict(kind: str, record_id: str) -> ConflictError:
    return ConflictError(f"{kind} {record_id} was changed since it was read")


def _json(values: Sequence[Scalar]) -> str:
    import orjson

    return orjson.dumps(values).decode()
