"""What PostgreSQL says in a way of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from netcrm.storage.query import Scalar
from netcrm.storage.sql import Dialect, Statement


class PostgresDialect(Dialect):
    """The questions of `netcrm.storage.sql` for PostgreSQL.

    Behind row security only operators that tell nothing of the rows they are not shown may go into
    an index: comparisons are among them, those of full text search are not.
    """

    null_order = (" NULLS FIRST", " NULLS LAST")

    def among(self, column: str, values: Sequence[Scalar]) -> Statement:
        """Return `column = ANY(list)`, or simply equality."""
        if len(values) == 1:  # then an index gives its entries in order
            return Statement(f"{column} = ?", values)
        return Statement(f"{column} = ANY(?)", [list(values)])

    def text(self, kind: str, sought: Sequence[str]) -> Statement:
        """Return a look into the words of each record: a blank stands before every one of them."""
        tests = " AND ".join(["strpos(r.words, ?) > 0"] * len(sought))
        return Statement(tests, [f" {start}" for start in sought])

    def listed(self, members: Sequence[str]) -> Statement:
        """Return the members of an array."""
        return Statement("SELECT unnest(?::text[]) AS member", [list(members)])

    def newest(self, members: Statement, side: str, by: str, condition: Statement) -> Statement:
        """Return one step into the index for each member."""
        step = (
            f"SELECT s.{by} AS value, s.id FROM {side} AS s WHERE s.member = m.member "
            f"AND {condition.sql} ORDER BY s.{by} DESC, s.id DESC LIMIT 1"
        )
        return Statement(
            f"SELECT m.member, n.value, n.id FROM ({members.sql}) AS m "
            f"CROSS JOIN LATERAL ({step}) AS n",
            [*members.values, *condition.values],
        )


DIALECT: Final = PostgresDialect()
