"""Whether a file is whole, and its index says what its documents say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from netcrm import Kind, Record, StorageError
from netcrm.storage import sql
from netcrm.storage.sql import Statement, quoted
from netcrm_sqlite import layout
from netcrm_sqlite.transaction import SQLiteTransaction

_LONGEST_WORD: Final = 32_768
"""So many bytes of a word are kept in the table of words."""

_Rows = Iterable[tuple[Any, ...]]
_Sum = tuple[int, int]
"""How many rows there are, and the sum of their hashes: the same for the same rows in any order."""


def faults(view: SQLiteTransaction) -> Iterator[str]:
    """Yield what is wrong, a line each."""
    damages = [damage for (damage,) in view.ask(Statement("PRAGMA integrity_check"))]
    if damages != ["ok"]:
        yield from (f"{view.path}: {line}" for damage in damages for line in damage.splitlines())
        return
    for kind in view.kinds.values():
        yield from _faults(view, kind)


def _faults(view: SQLiteTransaction, kind: Kind) -> Iterator[str]:
    expected: dict[str, _Sum] = {}
    names = ", ".join(map(quoted, sql.columns(kind)))
    for number, *row in view.ask(Statement(f"SELECT words, {names} FROM {quoted(kind.name)}")):
        record_id, rev, doc = row[0], row[1], row[-1]
        try:
            record = Record(kind.name, record_id, view.parsed(kind.name, record_id, doc), rev)
        except StorageError as error:
            yield str(error)
            continue
        if sql.values(kind, record)[:-1] != row[:-1]:
            yield f"{kind.name} {record_id}: its index differs from its document"
        for table, rows in _entries(kind, number, record).items():
            expected[table] = _sum(rows, expected.get(table, (0, 0)))
    for table, rows in _kept(view, kind).items():
        if _sum(rows) != expected.get(table, (0, 0)):
            yield f"{table}: differs from the documents"


def _sum(rows: _Rows, start: _Sum = (0, 0)) -> _Sum:
    number, total = start
    for row in rows:
        number += 1
        total += hash(row)
    return number, total


def _entries(kind: Kind, number: int, record: Record) -> dict[str, _Rows]:
    """Return what should stand in the other tables of a kind about one record."""
    found: dict[str, _Rows] = {
        side: sql.entries(kind, field, record.id, record.doc)
        for field, side in sql.sides(kind).items()
    }
    if sql.has_words(kind):
        words = {word.encode()[:_LONGEST_WORD] for word in kind.text(record.doc).split()}
        found[layout.words_of(kind)] = [(word, number) for word in words]
    return found


def _kept(view: SQLiteTransaction, kind: Kind) -> dict[str, _Rows]:
    """Return what stands in the other tables of a kind."""
    found: dict[str, _Rows] = {
        side: view.ask(Statement(f"SELECT * FROM {side}")) for side in sql.sides(kind).values()
    }
    if sql.has_words(kind):
        table, seen = layout.words_of(kind), f"temp.{quoted(f'{kind.name}.words')}"
        view.connection.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {seen} USING fts5vocab(main, {table}, instance)"
        )
        found[table] = view.ask(Statement(f"SELECT CAST(term AS BLOB), doc FROM {seen}"))
    return found
