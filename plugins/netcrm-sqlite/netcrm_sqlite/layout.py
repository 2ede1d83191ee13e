"""The tables of a network in SQLite, and their indexes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Final

from netcrm import INDEX, SCHEMA, Kind
from netcrm.storage.sql import columns, has_words, quoted, sides
from netcrm_sqlite.connections import APPLICATION, PAGE
from netcrm_sqlite.dialect import index_of

_SHAPE: Final = 1
"""The number of what is made of the kinds here."""
_TYPES: Final = {"text": "TEXT", "int": "INTEGER", "bool": "INTEGER", "set": "TEXT"}
_MEANING: Final = quoted("netcrm.index")


# --- what a file says of itself


def schema_of(connection: sqlite3.Connection) -> int:
    """Return the number of the layout of the documents."""
    (schema,) = connection.execute("PRAGMA user_version").fetchone()
    return int(schema)


def meaning_of(connection: sqlite3.Connection) -> str:
    """Return what the index was made by."""
    found = connection.execute(f"SELECT meaning FROM {_MEANING}").fetchone()
    return str(found[0]) if found else ""


def meaning(kinds: Mapping[str, Kind]) -> str:
    """Return a text that changes when index values, or the places where they are kept, change."""
    fields = {
        kind.name: [(name, one.type, one.ordered, one.by) for name, one in kind.fields.items()]
        for kind in kinds.values()
    }
    worded = [kind.name for kind in kinds.values() if has_words(kind)]
    return repr((_SHAPE, INDEX, fields, worded))


def settle(connection: sqlite3.Connection, kinds: Mapping[str, Kind]) -> None:
    """Say that documents and index are those of today."""
    connection.execute(f"PRAGMA user_version = {SCHEMA}")
    connection.execute(f"DELETE FROM {_MEANING}")
    connection.execute(f"INSERT INTO {_MEANING} VALUES (?)", [meaning(kinds)])


# --- tables


def create(connection: sqlite3.Connection, kinds: Mapping[str, Kind]) -> None:
    """Make an empty network."""
    connection.execute(f"PRAGMA page_size = {PAGE}")
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"CREATE TABLE {_MEANING} (meaning TEXT NOT NULL)")
    for kind in kinds.values():
        make(connection, kind)
    settle(connection, kinds)


def make(connection: sqlite3.Connection, kind: Kind) -> None:
    """Make the tables of a kind and their indexes.

    The column `words` numbers the versions of records in the order in which they were written; the
    words of each stand under its number. They are kept as what they are, and in which record, not
    where in it.
    """
    types = {name: _TYPES[field.type] for name, field in kind.fields.items()}
    types |= {"rev": "INTEGER NOT NULL", "id": "TEXT NOT NULL", "doc": "TEXT NOT NULL"}
    named = ", ".join(f"{quoted(name)} {types[name]}" for name in columns(kind))
    connection.execute(f"CREATE TABLE {quoted(kind.name)} (words INTEGER PRIMARY KEY, {named})")
    index(connection, kind)
    for field, side in sides(kind).items():
        key = ", ".join(side_columns(kind, field))
        connection.execute(f"CREATE TABLE {side} ({key}, PRIMARY KEY ({key})) WITHOUT ROWID")
    if has_words(kind):
        table = words_of(kind)
        connection.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5"
            "(words, content = '', detail = none, columnsize = 0, tokenize = 'ascii')"
        )
        # Bytes to gather before they are written: fewer pieces to merge later.
        connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('hashsize', 8000000)")


def words_of(kind: Kind) -> str:
    """Return the table of a kind's words."""
    return quoted(f"{kind.name}_words")


def side_columns(kind: Kind, field: str) -> list[str]:
    """Return the columns of the table of a set."""
    by = kind.fields[field].by
    return ["member", *([quoted(by)] if by else []), "id"]


# --- indexes


def index(connection: sqlite3.Connection, kind: Kind) -> None:
    """Make the indexes of a kind's table."""
    for field, name in _indexes(kind).items():
        unique = "UNIQUE " if field == "id" else ""
        connection.execute(f"CREATE {unique}INDEX {name} ON {quoted(kind.name)} ({quoted(field)})")


def unindex(connection: sqlite3.Connection, kind: Kind) -> None:
    """Take the indexes of a kind's table away."""
    for name in _indexes(kind).values():
        connection.execute(f"DROP INDEX {name}")


def _indexes(kind: Kind) -> dict[str, str]:
    fields = ["id", *(name for name, field in kind.fields.items() if field.ordered)]
    return {field: index_of(kind.name, field) for field in fields}


# --- to make all anew


def is_there(connection: sqlite3.Connection, kind: Kind) -> bool:
    """Whether a kind has a table."""
    asked = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
    return connection.execute(asked, [kind.name]).fetchone() is not None


def drop_answers(connection: sqlite3.Connection) -> None:
    """Take away the tables of sets and of words, by whatever kinds they were made."""
    made = "type = 'virtual' OR (type = 'table' AND wr)"
    asked = f"SELECT name FROM pragma_table_list WHERE schema = 'main' AND ({made})"
    for (name,) in connection.execute(asked).fetchall():
        connection.execute(f"DROP TABLE {quoted(name)}")


def move_away(connection: sqlite3.Connection, kind: Kind) -> str:
    """Give the table of a kind another name, and leave its indexes behind; return the name."""
    asked = "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?"
    for (name,) in connection.execute(asked, [kind.name]).fetchall():
        connection.execute(f"DROP INDEX {quoted(name)}")
    old = quoted(f"{kind.name}.old")
    connection.execute(f"ALTER TABLE {quoted(kind.name)} RENAME TO {old}")
    return old
