"""A transaction: what is read comes in portions, what is written goes in as few steps as it can."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import orjson

from netcrm import ConflictError, Kind, Query, Record, StorageError, Transaction, Where
from netcrm.storage import migration, sql
from netcrm.storage.contract import Doc, batches
from netcrm.storage.query import Scalar, one_of
from netcrm.storage.sql import Statement
from netcrm_postgres.connections import Connection
from netcrm_postgres.dialect import DIALECT
from netcrm_postgres.tables import Table
from netcrm_postgres.trouble import told

_PORTION: Final = 1000
"""Records that are read or written in one step."""


class Change(NamedTuple):
    """What was done to one record: it shows whether a transaction was committed.

    Attributes:
        over: the revision it had before, 0 if there was none.
        row: revision and document as they are stored since; None if it was deleted.
    """

    kind: str
    id: str
    over: int
    row: tuple[int, str] | None


class PostgresTransaction(Transaction):
    """The rows of one tenant, on a connection where a transaction was begun for it.

    Args:
        connection: its own, as long as it lasts.
        tables: where the records of each kind are.
        unindexed: kinds of which some values are in no index: questions read all their documents.
        location: for messages.
    """

    def __init__(
        self,
        connection: Connection,
        tables: Mapping[str, Table],
        kinds: Mapping[str, Kind],
        unindexed: Iterable[str],
        location: str,
    ) -> None:
        self.kinds = kinds
        self.last: Change | None = None
        self._connection = connection
        self.tables = tables
        self._unindexed = set(unindexed)
        self._bare = False
        self._sent: Any = None  # the last insert, whose answer may be on its way
        self._ended = False
        self._location = location
        self._cursors = itertools.count()

    # --- reading

    def get(self, kind: str, ids: Iterable[str]) -> Iterator[Record]:  # noqa: D102
        for batch in batches(dict.fromkeys(ids), _PORTION):
            yield from self._records(Query(kind, one_of("id", batch), limit=len(batch)))

    def scan(self, kind: str) -> Iterator[Record]:  # noqa: D102
        return self._records(Query(kind))

    def pairs(self, kind: str) -> Iterator[tuple[str, Doc]]:  # noqa: D102
        for record_id, doc in self.found(Query(kind), ("id", "doc")):
            yield record_id, orjson.loads(doc)

    def find(self, query: Query) -> Iterator[Record]:  # noqa: D102
        if query.kind in self._unindexed:
            return super().find(query)
        return self._records(query)

    def rows(self, query: Query, fields: Sequence[str]) -> Iterator[tuple[Any, ...]]:  # noqa: D102
        if query.kind in self._unindexed:
            yield from super().rows(query, fields)
            return
        ways = sql.readers(self.tables[query.kind].kind, fields)
        found = self.found(query, fields)
        if not any(ways):
            yield from found
            return
        for row in found:
            yield tuple(
                value if way is None else way(value) for way, value in zip(ways, row, strict=True)
            )

    def count(self, kind: str, where: Where | None = None) -> int:  # noqa: D102
        if where is not None and kind in self._unindexed:
            return super().count(kind, where)
        ((number,),) = self.ask(sql.count(self.tables[kind].kind, where, DIALECT))
        return int(number)

    def latest(  # noqa: D102
        self, query: Query, *, per: str, by: str, members: Collection[str] | None = None
    ) -> Mapping[str, tuple[Scalar, str]]:
        if query.kind in self._unindexed:
            return super().latest(query, per=per, by=by, members=members)
        kind = self.tables[query.kind].kind
        asked = sql.latest(kind, query.where, DIALECT, per=per, by=by, members=members)
        return {member: (value, record_id) for member, value, record_id in self.ask(asked)}

    def _records(self, query: Query) -> Iterator[Record]:
        for record_id, rev, doc in self.found(query, ("id", "rev", "doc")):
            yield Record(query.kind, record_id, orjson.loads(doc), rev)

    def found(self, query: Query, wanted: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield some columns of the records that fit: few in one step, more by a cursor.

        A cursor that is not read to its end stays open until the transaction ends. To close it, who
        lets go of the answer would have to talk to the server at a moment that nobody chooses.
        """
        kind = self.tables[query.kind].kind
        limit = _PORTION if query.limit is None else min(_PORTION, query.limit)
        portion = self.ask(sql.find(query._replace(limit=limit), kind, DIALECT, wanted))
        yield from portion
        if len(portion) < _PORTION or limit == query.limit:
            return
        portion = []  # let go of it
        whole = sql.find(query, kind, DIALECT, wanted)
        name = f"answer_{next(self._cursors)}"
        fetch = Statement(f"FETCH {_PORTION} FROM {name}")
        with self._pipeline():
            self.do(f"DECLARE {name} NO SCROLL CURSOR FOR {whole.sql}", *whole.values)
            self.do(f"MOVE {_PORTION} FROM {name}")
        while portion := self.ask(fetch):
            yield from portion
        self.do(f"CLOSE {name}")

    def ask(self, statement: Statement) -> list[tuple[Any, ...]]:
        """Run a statement of `netcrm.storage.sql`; return the rows that came of it."""
        with told(self._location):
            found: list[tuple[Any, ...]] = self._run(statement).fetchall()
            return found

    def do(self, text: str, *values: Any) -> None:
        """Run a statement that answers nothing; within a pipeline nobody waits for it."""
        with told(self._location):
            self._run(Statement(text, values))

    def end(self) -> None:
        """Let go of the connection: answers that are read on after this fail."""
        self._ended = True

    @contextmanager
    def _pipeline(self) -> Iterator[None]:
        """Send what is done inside without waiting for each answer; a refusal shows at the end."""
        with told(self._location), self._connection.pipeline():
            yield

    def _run(self, statement: Statement) -> Any:
        if self._ended:
            raise StorageError(f"{self._location}: the transaction is over")
        text = statement.sql.replace("?", "%s")
        return self._connection.execute(text, statement.values)

    # --- writing

    def put(self, records: Iterable[tuple[Record, int]]) -> None:  # noqa: D102
        loading: dict[str, bool] = {}
        with self._pipeline():
            for batch in batches(records, _PORTION):
                self._put(batch, loading)
            for kind in filter(loading.get, loading):
                for statement in self.tables[kind].fill:
                    self.do(statement)
        self._sent = None

    def _put(self, batch: Sequence[tuple[Record, int]], loading: dict[str, bool]) -> None:
        """Write a batch, and note which kinds are loading: there was none of them, but now many."""
        by_kind: dict[str, dict[str, tuple[Record, int]]] = {}
        for record, over in batch:
            by_kind.setdefault(record.kind, {})[record.id] = (record, over)
        for kind, changes in by_kind.items():
            replaced = {key: over for key, (_, over) in changes.items() if over}
            if replaced:
                self._remove(kind, replaced)
            if kind not in loading:
                many_new = len(batch) == _PORTION and not replaced
                loading[kind] = many_new and self._is_empty(kind)
            new = [record for record, _ in changes.values()]
            self._add(kind, new, everywhere=not loading[kind])
        record, over = batch[-1]
        _, rev, doc = sql.values(Kind(record.kind), record)
        self.last = Change(record.kind, record.id, over, (rev, doc))

    def delete(self, records: Iterable[Record]) -> None:  # noqa: D102
        for batch in batches(records, _PORTION):
            by_kind: dict[str, dict[str, int]] = {}
            for record in batch:
                by_kind.setdefault(record.kind, {})[record.id] = record.rev
            for kind, revisions in by_kind.items():
                self._remove(kind, revisions)
            self.last = Change(batch[-1].kind, batch[-1].id, batch[-1].rev, None)

    def bring_forward(self, schema: int) -> None:
        """Bring documents of layout *schema* to today's, and compute all index values anew."""
        self._unindexed, self._bare = set(self.tables), True
        for table in self.tables.values():
            for side in table.sides.values():
                self.do(f"DELETE FROM {side.name}")
        migration.forward(self, schema)
        self._unindexed, self._bare = set(), False
        self.do("UPDATE network SET unindexed = '{}'")
        for kind, table in self.tables.items():
            for batch in batches(self.scan(kind), _PORTION):
                ids = [record.id for record in batch]
                self.do(f"DELETE FROM {table.name} WHERE id = ANY(?)", ids)
                self._add(kind, batch)

    def _remove(self, kind: str, revisions: Mapping[str, int]) -> None:
        """Delete records, and what tells of them beside, if they have these revisions."""
        table = self.tables[kind]
        gone = self.ask(Statement(table.delete, [list(revisions)]))
        found = {row[0]: row[1] for row in gone}
        for record_id, rev in revisions.items():
            if found.get(record_id) != rev:
                raise ConflictError(f"{kind} {record_id} was changed since it was read")
        for statement in table.forget(gone):
            self.do(statement.sql, *statement.values)

    def _is_empty(self, kind: str) -> bool:
        return not self.ask(Statement(f"SELECT FROM {self.tables[kind].name} LIMIT 1"))

    def _add(self, kind: str, records: Sequence[Record], *, everywhere: bool = True) -> None:
        """Insert records, and what tells of them beside, in one step.

        COPY would be quicker, but the server refuses it behind row security.
        """
        table = self.tables[kind]
        if self._bare:
            rows = list(map(table.bare_row, records))
        else:
            rows = list(map(table.row, records))
            for place, row in enumerate(rows):
                if not table.fits(row):
                    rows[place] = table.bare_row(records[place])
                    self._leave_index(kind)
        insert = table.insert_everywhere if everywhere else table.insert
        with told(self._location):
            before, self._sent = (
                self._sent,
                self._run(Statement(insert, list(map(list, zip(*rows, strict=True))))),
            )
            if before is not None:
                before.fetchall()  # a server that is slower must not let all of it pile up here

    def _leave_index(self, kind: str) -> None:
        """Note that the index does not know all values of a kind any more."""
        if kind not in self._unindexed:
            self._unindexed.add(kind)
            self.do("UPDATE network SET unindexed = unindexed || ?::text", kind)
