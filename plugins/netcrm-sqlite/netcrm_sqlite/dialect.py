"""How SQLite says what databases say in different ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from netcrm import Where
from netcrm.storage.query import Scalar
from netcrm.storage.sql import Dialect, Statement, quoted

_FEW: Final = 20
_DEEP: Final = 24


class SQLiteDialect(Dialect):
    """The questions of `netcrm.storage.sql` for SQLite. Long lists are given as JSON."""

    def among(self, column: str, values: Sequence[Scalar]) -> Statement:
        """Return `column IN (list)`."""
        if len(values) <= _FEW:
            return Statement(f"{column} IN ({', '.join('?' * len(values))})", values)
        return Statement(f"{column} IN (SELECT value FROM json_each(?))", [_json(values)])

    def text(self, kind: str, sought: Sequence[str]) -> Statement:
        """Return a look into the table of words; in quotation marks nothing is a command."""
        table = quoted(f"{kind}_words")
        found = f"SELECT rowid FROM {table} WHERE {table} MATCH ?"
        return Statement(f"r.words IN ({found})", [" ".join(f'"{word}"*' for word in sought)])

    def listed(self, members: Sequence[str]) -> Statement:
        """Return the members of a JSON list."""
        return Statement("SELECT value AS member FROM json_each(?)", [_json(members)])

    def newest(self, members: Statement, side: str, by: str, condition: Statement) -> Statement:
        """Return one step into the index for each member."""
        step = (
            f"SELECT s.{by}, s.id FROM {side} AS s WHERE s.member = m.member "
            f"AND {condition.sql} ORDER BY s.{by} DESC, s.id DESC LIMIT 1"
        )
        return Statement(
            f"SELECT n.member, n.{by}, n.id FROM ({members.sql}) AS m CROSS JOIN {side} AS n "
            f"WHERE n.member = m.member AND (n.{by}, n.id) = ({step})",
            [*members.values, *condition.values],
        )

    def by_index(self, kind: str, field: str) -> str:
        """Return a command; by itself some versions of SQLite sort the whole table."""
        return f" INDEXED BY {index_of(kind, field)}"


def index_of(kind: str, field: str) -> str:
    """Return the name of the index of a field."""
    return quoted(f"{kind}.{field}")


def is_deep(where: Where | None) -> bool:
    """Whether a condition nests deeper than SQLite reads, which keeps track of 30 brackets."""
    return where is not None and _depth(where) > _DEEP


def _depth(where: Where) -> int:
    return max(map(_depth, where.parts), default=0) + len(where.parts).bit_length()


def _json(values: Sequence[Scalar]) -> str:
    import json  # most questions do without it

    return json.dumps(values)


DIALECT: Final = SQLiteDialect()
