"""What a storage should answer, written a second time in the plainest way, over a list of records.

It judges the code that backends share, so it shares none of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from netcrm.model.text import words
from netcrm.storage.contract import Record
from netcrm.storage.query import Query, Where
from netcrm.testing.toys import KINDS


def value(record: Record, name: str) -> Any:
    """Return the value of an index field of a record."""
    return record.id if name == "id" else KINDS[record.kind].fields[name].of(record.doc)


def holds(where: Where, record: Record) -> bool:
    """Return whether a condition holds for a record."""
    found: Any = value(record, where.field) if where.field else None
    wanted: Any = where.value
    match where.op:
        case "eq":
            return bool(found == wanted)
        case "in":
            return any(found == one for one in wanted)
        case "lt":
            return found is not None and found < wanted
        case "le":
            return found is not None and found <= wanted
        case "gt":
            return found is not None and found > wanted
        case "ge":
            return found is not None and found >= wanted
        case "prefix":
            return found is not None and found[: len(wanted)] == wanted
        case "has":
            return any(member in found for member in wanted)
        case "starts":
            return any(member[: len(wanted)] == wanted for member in found)
        case "text":
            there = KINDS[record.kind].text(record.doc).split()
            return all(any(word.startswith(start) for word in there) for start in words(wanted))
        case "and":
            return all(holds(part, record) for part in where.parts)
        case "or":
            return any(holds(part, record) for part in where.parts)
        case "not":
            return not holds(where.parts[0], record)
        case _:
            assert_never(where.op)


@dataclass(frozen=True)
class _Row:
    values: tuple[Any, ...]
    id: str
    record: Record | None = field(default=None, compare=False)


def _sort(rows: list[_Row], order: Sequence[tuple[str, bool]]) -> None:
    """Sort by the last criterion first: each sort leaves ties as they are."""
    rows.sort(key=lambda row: row.id)
    for place, (_, descending) in reversed(list(enumerate(order))):
        rows.sort(
            key=lambda row: (row.values[place] is not None, row.values[place]), reverse=descending
        )


def answer(query: Query, records: Iterable[Record]) -> list[Record]:
    """Return the records that a query should find, in order."""
    rows = [
        _Row(tuple(value(record, name) for name, _ in query.order), record.id, record)
        for record in records
        if record.kind == query.kind and (query.where is None or holds(query.where, record))
    ]
    if query.after is not None:  # put a mark where that row would stand, and read on from there
        mark = _Row(tuple(query.after[:-1]), str(query.after[-1]))
        rows = [row for row in rows if row != mark] + [mark]
    _sort(rows, query.order)
    if query.after is not None:
        rows = rows[rows.index(mark) + 1 :]
    return [row.record for row in rows if row.record is not None][: query.limit]


def newest(query: Query, records: Iterable[Record], per: str, by: str) -> dict[str, Any]:
    """Return what `latest` should answer."""
    fit = answer(Query(query.kind, query.where, order=((by, False),)), records)
    return {member: (value(one, by), one.id) for one in fit for member in value(one, per)}
