"""How records lie in tables: the columns of a kind, and a table for each of its sets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from netcrm import INDEX, Field, Kind, Record
from netcrm.storage import sql
from netcrm.storage.sql import quoted

_SHAPE: Final = 1
"""The number of how a kind becomes tables: it changes with this module."""
_LONGEST: Final = 800
"""Bytes of a value in an index: two of them, an id and a tenant are within the 2,700 it takes."""
_TEXT: Final = 'text COLLATE "C"'
_NEEDED: Final = f"{_TEXT} NOT NULL"
_TYPES: Final = {"text": _TEXT, "int": "bigint", "bool": "boolean", "set": "text"}


class Plan(NamedTuple):
    """A table as it is to be made: its columns after the tenant, with their types, and its key."""

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]


class Table:
    """Where the records of a kind are.

    Attributes:
        kind: the kind, with its words, if it has any, as one more field: a blank before each.
        name: the table of its documents, as SQL writes it.
        documents: that table; `row` gives the values of its columns.
        sides: for each set the table of its members.
        ordered: the fields with an index of their own.
        insert: puts documents in, given a list for each column.
        insert_everywhere: puts them in, and their members into the tables of sets.
        fill: puts the members of all documents into the tables of sets.
        delete: takes documents away, given ids; it answers with what `forget` needs to know.
    """

    def __init__(self, kind: Kind) -> None:
        fields = dict(kind.fields)
        if sql.has_words(kind):
            fields["words"] = Field("text", lambda doc: f" {kind.text(doc)}")
        self.kind = kind._replace(fields=fields)
        types = {name: _TYPES[field.type] for name, field in fields.items()}
        types |= {"id": _NEEDED, "rev": "bigint NOT NULL", "doc": _NEEDED}
        columns = {name: types[name] for name in sql.columns(self.kind)}
        self.name = quoted(kind.name)
        self.documents = Plan(self.name, columns, ("id",))
        self.sides = {}
        for name, side in sql.sides(kind).items():
            key = ("member", *filter(None, [fields[name].by]), "id")
            self.sides[name] = Plan(side, dict.fromkeys(key, _NEEDED), key)
        self.ordered = [name for name, field in fields.items() if field.ordered]
        self._told = ["id", "rev", *self.sides]  # what is asked of rows that come or go
        self._told += {side.key[1] for side in self.sides.values()} - {"id"}
        told = ", ".join(map(quoted, self._told))
        self.insert = self._insert(told, ())
        self.insert_everywhere = self._insert(told, self.sides)
        self.fill = [self._members(field, self.name) for field in self.sides]
        self.delete = f"DELETE FROM {self.name} WHERE id = ANY(?) RETURNING {told}"
        bys = [fields[name].by for name in self.sides]
        in_an_index = {*self.ordered, *bys, *self.sides}
        self._limited = [
            (place, name in self.sides)
            for place, name in enumerate(columns)
            if name in in_an_index and fields[name].type in ("text", "set")
        ]

    def row(self, record: Record) -> list[Any]:
        """Return the values of a record's columns."""
        return sql.values(self.kind, record)

    def bare_row(self, record: Record) -> list[Any]:
        """Return the values of its columns where it is kept without index values."""
        bare = Kind(record.kind)
        known = dict(zip(sql.columns(bare), sql.values(bare, record), strict=True))
        return [known.get(name) for name in self.documents.columns]

    def fits(self, row: list[Any]) -> bool:
        """Whether an index takes each value that belongs into one."""
        for place, is_set in self._limited:
            value = row[place]
            if value is None or len(value) <= _LONGEST // 4:  # characters of four bytes at most
                continue
            if any(len(v.encode()) > _LONGEST for v in (json.loads(value) if is_set else [value])):
                return False
        return True

    def entries(self, field: str, source: str) -> str:
        """Return the question for what rows of documents say should be in the table of a set."""
        key = self.sides[field].key
        wanted = ", ".join(["e.member", *(f"r.{quoted(name)}" for name in key[1:])])
        members = f"json_array_elements_text(r.{quoted(field)}::json) AS e(member)"
        return f"SELECT DISTINCT {wanted} FROM {source} AS r CROSS JOIN {members}"

    def forget(self, gone: Sequence[Sequence[Any]]) -> Iterator[sql.Statement]:
        """Yield what takes the members away of rows that `delete` has answered with."""
        for field, side in self.sides.items():
            places = [self._told.index(name) for name in (field, *side.key[1:])]
            entries = [
                (member, *(row[place] for place in places[1:]))
                for row in gone
                for member in dict.fromkeys(json.loads(row[places[0]] or "[]"))
            ]
            if entries:
                lists = ", ".join(["%b::text[]"] * len(side.key))
                names = list(map(quoted, side.key))
                same = " AND ".join(f"s.{name} = e.{name}" for name in names)
                # Listed, their number is known, so the server goes to each of them by the index.
                listed = f"unnest({lists}) AS e({', '.join(names)})"
                delete = f"DELETE FROM {side.name} AS s USING {listed} WHERE {same}"
                yield sql.Statement(delete, list(map(list, zip(*entries, strict=True))))

    def _insert(self, told: str, fields: Iterable[str]) -> str:
        """Return what puts documents in, and the members of these sets."""
        names = ", ".join(map(quoted, self.documents.columns))
        lists = ", ".join(f"%b::{of.split()[0]}[]" for of in self.documents.columns.values())
        rows = f"INSERT INTO {self.name} ({names}) SELECT * FROM unnest({lists})"
        parts = [f"new AS ({rows} RETURNING {told})"]
        parts += [
            f"{self.sides[field].name} AS ({self._members(field, 'new')})" for field in fields
        ]
        return f"WITH {', '.join(parts)} SELECT"

    def _members(self, field: str, source: str) -> str:
        """Return what puts the members of documents into the table of a set, in its order.

        So each page of a large table is written once, not at every turn.
        """
        side = self.sides[field]
        order = ", ".join(str(number + 1) for number in range(len(side.key)))
        into = f"INSERT INTO {side.name} ({', '.join(map(quoted, side.key))})"
        return f"{into} {self.entries(field, source)} ORDER BY {order}"


def layout(kinds: Mapping[str, Kind]) -> str:
    """Return what tells one layout of the tables from another: `INDEX`, then a digest."""
    said = [
        [kind.name, sql.has_words(kind)]
        + [[name, field.type, field.ordered, field.by] for name, field in kind.fields.items()]
        for kind in kinds.values()
    ]
    digest = hashlib.sha256(json.dumps([_SHAPE, said]).encode()).hexdigest()
    return f"{INDEX}.{digest[:16]}"


def is_newer(there: str) -> bool:
    """Whether a layout was made by a newer netcrm."""
    number = there.partition(".")[0]
    return number.isdecimal() and int(number) > INDEX
