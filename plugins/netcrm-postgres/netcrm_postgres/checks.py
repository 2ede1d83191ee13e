"""Whether what stands beside the documents is what it should be."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from netcrm import Query, Record
from netcrm.storage.sql import Statement, quoted
from netcrm_postgres.proof import TABLES, fault
from netcrm_postgres.tables import Table
from netcrm_postgres.transaction import PostgresTransaction


def faults(transaction: PostgresTransaction) -> list[str]:
    """Return a line for each table that is open, and for all that differs from the documents."""
    found = [fault(name) for name, _, guarded in transaction.ask(Statement(TABLES)) if not guarded]
    for kind, table in transaction.tables.items():
        found += _differences(transaction, kind, table)
    return found


def _differences(transaction: PostgresTransaction, kind: str, table: Table) -> Iterator[str]:
    columns = list(table.documents.columns)
    for found in transaction.found(Query(kind), columns):
        said = dict(zip(columns, found, strict=True))
        record = Record(kind, said["id"], orjson.loads(said["doc"]), said["rev"])
        row = table.row(record)
        if list(found) != (row if table.fits(row) else table.bare_row(record)):
            yield f"{kind} {record.id}: its index values are not those of its document"
    for field, side in table.sides.items():
        wanted = table.entries(field, table.name)
        there = f"SELECT {', '.join(map(quoted, side.key))} FROM {side.name}"
        for some, others in ((wanted, there), (there, wanted)):
            lacking = f"SELECT count(*) FROM ({some} EXCEPT {others}) AS lacking"
            ((number,),) = transaction.ask(Statement(lacking))
            if number:
                yield f"{kind}: {number} entries of the index of {field} are missing or too many"
