"""Questions as SQL: what backends on a database share. Where databases differ, a `Dialect` says so.

Each kind has a table of its name with the columns `id`, `rev`, one for each index field, `doc`, and
what the dialect needs to search words. A set is there as JSON, to be read; and to be asked, it has
a table of its own, KIND_FIELD, with a row for each member: `member`, the field that `Field.by`
names, if any, and `id`. A database with tenants hides the rows of others by itself.
"""

from __future__ import annotations

import abc
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final, NamedTuple

from netcrm.model.text import words
from netcrm.storage.contract import Doc, Kind, Record
from netcrm.storage.query import Query, Scalar, Where

_COMPARISONS: Final = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_NEVER: Final = "1 = 0"
_AT_ONCE: Final = 8
_NEVER_KEPT: Final = re.compile("[\0\ud800-\udfff]")


class Statement(NamedTuple):
    """SQL, with a `?` for each value; it holds no other question mark and no per cent sign."""

    sql: str
    values: Sequence[Any] = ()


class Dialect(abc.ABC):
    """What databases say in different ways."""

    null_order: tuple[str, str] = ("", "")
    """What to add to an ascending and to a descending order, so that NULL is the least value."""

    @abc.abstractmethod
    def among(self, column: str, values: Sequence[Scalar]) -> Statement:
        """Return the condition that a column has one of many values, none of which is None."""

    @abc.abstractmethod
    def text(self, kind: str, sought: Sequence[str]) -> Statement:
        """Return the condition that each of some words starts a word of the record `r`."""

    @abc.abstractmethod
    def listed(self, members: Sequence[str]) -> Statement:
        """Return a question that answers with some texts, in a column called member."""

    @abc.abstractmethod
    def newest(self, members: Statement, side: str, by: str, condition: Statement) -> Statement:
        """Return the question for member, value and id of the newest entry of each member.

        Args:
            members: a question for the members, in a column called member.
            side: the table of the set, to be called `s`.
            by: the column that tells what is newest.
            condition: what must hold for the entry `s`.
        """

    def by_index(self, kind: str, field: str) -> str:
        """Return what to say behind a table so that its first rows are found by an index."""
        return ""


def has_words(kind: Kind) -> bool:
    """Whether records of a kind are found by words."""
    return kind.text is not Kind._field_defaults["text"]


def quoted(name: str) -> str:
    """Return the name of a kind or field as SQL writes it: it may be a word of SQL."""
    return f'"{name}"'


def columns(kind: Kind) -> list[str]:
    """Return the columns of a kind's table, in the order of `values`."""
    return ["id", "rev", *kind.fields, "doc"]  # long ones last: what is behind them is read slowly


def sides(kind: Kind) -> dict[str, str]:
    """Return the tables of a kind's sets, by field."""
    return {
        name: quoted(f"{kind.name}_{name}")
        for name, field in kind.fields.items()
        if field.type == "set"
    }


def values(kind: Kind, record: Record) -> list[Any]:
    """Return the values of a record's columns."""
    import orjson  # answers made of index values alone do without it

    doc = record.doc
    found = [
        orjson.dumps(field.of(doc)).decode() if field.type == "set" else field.of(doc)
        for field in kind.fields.values()
    ]
    return [record.id, record.rev, *found, orjson.dumps(doc).decode()]


def entries(kind: Kind, field: str, record_id: str, doc: Doc) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a record in the table of one of its sets."""
    by = kind.fields[field].by
    at = (kind.fields[by].of(doc),) if by else ()
    for member in dict.fromkeys(kind.fields[field].of(doc)):  # type: ignore[arg-type]
        yield (member, *at, record_id)


def readers(kind: Kind, fields: Sequence[str]) -> list[Callable[[Any], Any] | None]:
    """Return for each field how its column is turned into its value; None where it is as it is."""
    ways: dict[str, Callable[[Any], Any]] = {"set": _set, "bool": _bool}
    return [ways.get(kind.fields[name].type) if name != "id" else None for name in fields]


def _set(column: str) -> tuple[str, ...]:
    if column == "[]":
        return ()
    if "\\" not in column:  # so no member has a quotation mark
        return tuple(column[2:-2].split('","'))
    import json

    return tuple(json.loads(column))


def _bool(column: Any) -> bool | None:
    return None if column is None else bool(column)


def find(query: Query, kind: Kind, dialect: Dialect, wanted: Sequence[str]) -> Statement:
    """Return the question for some columns of the records that fit, in order."""
    asked = _Asked(kind, dialect)
    where = query.where
    source = f"FROM {quoted(kind.name)} AS r"
    conditions = []
    led = _led_by(query, kind)
    if led is not None:  # a page of a timeline: begin at the entries of the one member
        lead, where = led
        by = kind.fields[lead.field].by
        side = sides(kind)[lead.field]
        source = f"FROM {side} AS s CROSS JOIN {quoted(kind.name)} AS r"
        conditions = [f"{asked.among('s.member', lead.value)} AND r.id = s.id"]
        asked.moved = {by: f"s.{quoted(by)}", "id": "s.id"}
    elif where is None and query.limit is not None and query.order:
        first = query.order[0][0]
        if first != "id" and kind.fields[first].ordered:
            source += dialect.by_index(kind.name, first)
    if where is not None:
        conditions.append(asked.condition(where))
    if query.after is not None:
        conditions.append(asked.behind(query))
    select = ", ".join(f"r.{quoted(name)}" for name in wanted)
    chosen = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    order = ", ".join(asked.order(query))
    limit = "" if query.limit is None else f" LIMIT {asked.value(query.limit)}"
    return Statement(f"SELECT {select} {source}{chosen} ORDER BY {order}{limit}", asked.values)


def count(kind: Kind, where: Where | None, dialect: Dialect) -> Statement:
    """Return the question for how many records fit."""
    asked = _Asked(kind, dialect)
    chosen = "" if where is None else f" WHERE {asked.condition(where)}"
    return Statement(f"SELECT count(*) FROM {quoted(kind.name)} AS r{chosen}", asked.values)


def latest(
    kind: Kind,
    where: Where | None,
    dialect: Dialect,
    *,
    per: str,
    by: str,
    members: Collection[str] | None,
) -> Statement:
    """Return the question for member, value and id of the newest record of each member."""
    side = sides(kind)[per]
    if kind.fields[per].by != by or (where is not None and not _is_about(where, by)):
        return _latest_of_all(kind, where, dialect, per=per, by=by, members=members)
    asked = _Asked(kind, dialect)
    asked.moved = {by: f"s.{quoted(by)}", "id": "s.id"}
    condition = Statement("1 = 1" if where is None else asked.condition(where), asked.values)
    # Not listed, each is found by one step in the index, instead of a walk through all entries.
    each = Statement(
        f"WITH RECURSIVE m(member) AS (SELECT min(member) FROM {side} UNION ALL SELECT "
        f"(SELECT min(member) FROM {side} WHERE member > m.member) FROM m "
        "WHERE m.member IS NOT NULL) SELECT member FROM m WHERE member IS NOT NULL"
    )
    if members is not None:
        each = dialect.listed([one for one in dict.fromkeys(members) if _can_be_kept(one)])
    return dialect.newest(each, side, quoted(by), condition)


def _latest_of_all(
    kind: Kind,
    where: Where | None,
    dialect: Dialect,
    *,
    per: str,
    by: str,
    members: Collection[str] | None,
) -> Statement:
    """Return the question where the entries alone cannot tell: it ranks all records that fit."""
    asked = _Asked(kind, dialect)
    conditions = ["r.id = s.id"]
    if members is not None:
        conditions.append(asked.among("s.member", list(dict.fromkeys(members))))
    if where is not None:
        conditions.append(asked.condition(where))
    value = asked.column(by)
    ranked = (
        f"SELECT s.member, {value} AS value, r.id, row_number() OVER (PARTITION BY s.member "
        f"ORDER BY {value} DESC{dialect.null_order[1]}, r.id DESC) AS place "
        f"FROM {sides(kind)[per]} AS s CROSS JOIN {quoted(kind.name)} AS r "
        f"WHERE {' AND '.join(conditions)}"
    )
    sql = f"SELECT member, value, id FROM ({ranked}) AS ranked WHERE place = 1"
    return Statement(sql, asked.values)


def _led_by(query: Query, kind: Kind) -> tuple[Where, Where | None] | None:
    """Return the condition whose set is sorted as the query wants it, and all other conditions."""
    if query.where is None or not query.order:
        return None
    parts = query.where.parts if query.where.op == "and" else (query.where,)
    for place, part in enumerate(parts):
        if part.op != "has" or len(part.value) != 1:
            continue
        if kind.fields[part.field].by == query.order[0][0]:
            rest = parts[:place] + parts[place + 1 :]
            return part, Where("and", parts=rest) if rest else None
    return None


def _is_about(where: Where, field: str) -> bool:
    """Whether a condition asks for nothing but one field and the id."""
    if where.parts:
        return all(_is_about(part, field) for part in where.parts)
    return where.field in (field, "id") and where.op not in ("has", "starts", "text")


class _Asked:
    """One question in the making: it turns conditions and orders into SQL and collects values."""

    def __init__(self, kind: Kind, dialect: Dialect) -> None:
        self.kind = kind
        self.dialect = dialect
        self.values: list[Any] = []
        self.moved: dict[str, str] = {}  # fields that are better read from the table of a set
        self.filled = {"id", *(field.by for field in kind.fields.values())}  # never empty

    def value(self, value: Any) -> str:
        self.values.append(value)
        return "?"

    def column(self, field: str) -> str:
        return self.moved.get(field) or f"r.{quoted(field)}"

    def condition(self, where: Where, *, holds: bool = True) -> str:
        """Return SQL that is true where the condition holds, or where it does not.

        Negation is pushed down to the single tests, because SQL's `NOT unknown` is unknown.
        """
        if where.op == "not":
            return self.condition(where.parts[0], holds=not holds)
        if where.parts:
            every = (where.op == "and") == holds
            parts = list(where.parts)
            tests = [self._all_of(parts)] if every and holds else []
            tests += [self.condition(part, holds=holds) for part in parts]
            if not every:  # one that no index answers would have all records read
                tests = [test for test in tests if test != f"({_NEVER})"] or [_NEVER]
            return _joined(list(filter(None, tests)), "AND" if every else "OR")
        test = self._test(where)
        return f"({test})" if holds else f"({test}) IS NOT TRUE"

    def _all_of(self, parts: list[Where]) -> str:
        """Take some `starts` out of conditions that must all hold, and return them as one.

        So each range is read once. A database may think that it does well to read one for each
        entry of another.
        """
        ranges = [part for part in parts if part.op == "starts"][:_AT_ONCE]
        if len(ranges) < 2:
            return ""
        for part in ranges:
            parts.remove(part)
        return f"{self.column('id')} IN ({' INTERSECT '.join(map(self._entries, ranges))})"

    def _test(self, where: Where) -> str:
        value = where.value
        if where.op == "text":
            return self._text(list(dict.fromkeys(words(value))))
        if where.op in ("has", "starts"):
            return f"{self.column('id')} IN ({self._entries(where)})"
        column = self.column(where.field)
        if where.op == "eq":
            return self._same(where.field, value)
        if where.op == "in":
            test = self.among(column, [one for one in dict.fromkeys(value) if one is not None])
            return f"{test} OR {column} IS NULL" if None in value else test
        if where.op == "prefix":
            return self._starts(column, value)
        if isinstance(value, int) and not _can_be_kept(value):
            less = where.op in ("lt", "le")
            return f"{column} IS NOT NULL" if less == (value > 0) else _NEVER
        return f"{column} {_COMPARISONS[where.op]} {self.value(value)}"

    def among(self, column: str, wanted: Sequence[Scalar]) -> str:
        possible = [value for value in wanted if _can_be_kept(value)]
        return self._add(self.dialect.among(column, possible)) if possible else _NEVER

    def _text(self, sought: Sequence[str]) -> str:
        if not sought:
            return "1 = 1"
        if not has_words(self.kind):
            return _NEVER
        return self._add(self.dialect.text(self.kind.name, sought))

    def _entries(self, where: Where) -> str:
        """Return the question for the ids of those whose set holds what is wanted."""
        if where.op == "starts":
            test = self._starts("member", where.value)
        else:
            test = self.among("member", list(dict.fromkeys(where.value)))
        return f"SELECT id FROM {sides(self.kind)[where.field]} WHERE {test}"

    def _add(self, statement: Statement) -> str:
        self.values += statement.values
        return statement.sql

    def _starts(self, column: str, start: str) -> str:
        """Return the test that text starts so, as a range, which an index answers."""
        if not _can_be_kept(start):
            return _NEVER
        test = f"{column} >= {self.value(start)}"
        end = _end_of(start)
        return f"{test} AND {column} < {self.value(end)}" if end else test

    def order(self, query: Query) -> Iterator[str]:
        for field, descending in query.order:
            nulls = "" if field in self.moved else self.dialect.null_order[descending]
            yield f"{self.column(field)} {'DESC' if descending else 'ASC'}{nulls}"
        yield self.column("id")

    def behind(self, query: Query) -> str:
        """Return the condition that a row comes behind the one that `after` names."""
        assert query.after is not None
        keys = [*query.order, ("id", False)]
        bound = self._bound(*keys[0], query.after[0])
        ways = []
        for place, (field, descending) in enumerate(keys):
            same = [self._same(keys[n][0], query.after[n]) for n in range(place)]
            beyond = self._beyond(field, query.after[place], descending=descending)
            ways.append(f"({' AND '.join([*same, f'({beyond})'])})")
        return f"{bound}({' OR '.join(ways)})"

    def _bound(self, field: str, descending: bool, value: Scalar) -> str:
        """Say again what follows from the rest for one field, so that an index begins there."""
        if value is None or (descending and field not in self.filled):
            return ""
        return f"{self.column(field)} {'<=' if descending else '>='} {self.value(value)} AND "

    def _same(self, field: str, value: Scalar) -> str:
        column = self.column(field)
        if value is None:
            return f"{column} IS NULL"
        return f"{column} = {self.value(value)}" if _can_be_kept(value) else _NEVER

    def _beyond(self, field: str, value: Scalar, *, descending: bool) -> str:
        column = self.column(field)
        if value is None:  # the least value
            return _NEVER if descending else f"{column} IS NOT NULL"
        if not descending:
            return f"{column} > {self.value(value)}"
        return f"{column} < {self.value(value)} OR {column} IS NULL"


def _can_be_kept(value: Scalar) -> bool:
    """Whether a record may hold a value: no NUL or half a character, and numbers of 64 bits."""
    if isinstance(value, str):
        return not _NEVER_KEPT.search(value)
    return value is None or -(2**63) <= value < 2**63


def _joined(parts: Sequence[str], word: str) -> str:
    """Join conditions as a shallow tree: databases limit how deep an expression may be."""
    if len(parts) <= 8:
        return f"({f' {word} '.join(parts)})"
    middle = len(parts) // 2
    return f"({_joined(parts[:middle], word)} {word} {_joined(parts[middle:], word)})"


def _end_of(start: str) -> str:
    """Return the least text greater than all that starts so; empty if there is none."""
    kept = start.rstrip("\U0010ffff")
    if not kept:
        return ""
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(0xE000 if following == 0xD800 else following)
