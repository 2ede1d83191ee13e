"""What a storage should answer, written a second time in the plainest way, over a list of records.

It judges the code that backends share, so it shares none of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from netcrm.model.text import words
from netcrm.storage.contract import Record, Transaction
from netcrm.storage.query import Query, Where
from netcrm.testing.drawn import Ask
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


def place(record: Record, query: Query) -> tuple[Any, ...]:
    """Return what names the place of a record in a query's order, for `after`."""
    return (*(value(record, name) for name, _ in query.order), record.id)


def newest(query: Query, records: Iterable[Record], per: str, by: str) -> dict[str, Any]:
    """Return what `latest` should answer about all members."""
    fit = answer(Query(query.kind, query.where, order=((by, False),)), records)
    return {member: (value(one, by), one.id) for one in fit for member in value(one, per)}


def judge_found(transaction: Transaction, ask: Ask, records: Collection[Record]) -> None:
    """Compare what `find` and `count` answer with what they should."""
    query = ask.query
    assert list(transaction.find(query)) == answer(query, records)
    fit = answer(Query(query.kind, query.where), records)
    assert transaction.count(query.kind, query.where) == len(fit)


def judge_rows(transaction: Transaction, ask: Ask, records: Collection[Record]) -> None:
    """Compare what `rows` answers with what it should."""
    wanted = [[value(one, name) for name in ask.fields] for one in answer(ask.query, records)]
    assert _comparable(transaction.rows(ask.query, ask.fields)) == _comparable(wanted)


def judge_latest(transaction: Transaction, ask: Ask, records: Collection[Record]) -> None:
    """Compare what `latest` answers, if the kind has a set, with what it should."""
    query, _, per, by, members = ask
    if per is not None:
        wanted = newest(query, records, per, by)
        assert dict(transaction.latest(query, per=per, by=by)) == wanted
        named = {one: wanted[one] for one in wanted if one in members}
        assert dict(transaction.latest(query, per=per, by=by, members=members)) == named


def _comparable(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Return rows in which sets have no order and no repetition."""
    return [[frozenset(one) if isinstance(one, tuple) else one for one in row] for row in rows]
