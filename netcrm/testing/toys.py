"""What the storage contract is tried with: toy kinds, and short ways to write, read and ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, Literal

from netcrm.model.text import bare
from netcrm.storage.contract import Doc, Field, Kind, Record, Storage
from netcrm.storage.query import Query, Scalar, Where


def _plain(type_: Literal["text", "int", "bool"], key: str, *, ordered: bool = False) -> Field:
    return Field(type_, lambda doc: doc.get(key), ordered)


def _set(key: str, by: str = "") -> Field:
    return Field("set", lambda doc: tuple(doc.get(key, ())), by=by)


def _said(doc: Doc) -> str:
    return bare(doc.get("said", ""))


_THING: Final = Kind(
    "thing",
    {
        "name": _plain("text", "name"),
        "on": _plain("text", "on", ordered=True),
        "size": _plain("int", "size", ordered=True),
        "done": _plain("bool", "done"),
        "tags": _set("tags"),
    },
    _said,
)
_TALK: Final = Kind(
    "talk",
    {
        "at": _plain("text", "at", ordered=True),  # each has one
        "topic": _plain("text", "topic"),
        "minutes": _plain("int", "minutes"),
        "people": _set("people", by="at"),
        "hosts": _set("hosts", by="at"),
    },
    _said,
)
_ORDER: Final = Kind(
    "order",
    {
        "group": _plain("text", "group", ordered=True),
        "select": _plain("int", "select", ordered=True),
        "from": _plain("bool", "from"),
        "table": _set("table"),
    },
    _said,
)
_NOTE: Final = Kind("note", {"kind": _plain("text", "kind")})
_BLOB: Final = Kind("blob")

KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind for kind in (_THING, _TALK, _ORDER, _NOTE, _BLOB)
}
"""The kinds that the storage under test is opened with. A blob may be any JSON object."""


def thing(record_id: str, rev: int = 1, **doc: Any) -> Record:
    """Return a thing: name, on, size, done, tags, said; any of them may be missing."""
    return Record("thing", record_id, doc, rev)


def things(docs: Mapping[str, Doc]) -> list[Record]:
    """Return a thing for each id."""
    return [thing(record_id, **doc) for record_id, doc in docs.items()]


def talk(record_id: str, at: str, *people: str, rev: int = 1, **doc: Any) -> Record:
    """Return a talk with these people at a time; it may have topic, minutes, hosts, said."""
    return Record("talk", record_id, {"at": at, "people": list(people), **doc}, rev)


def fill(storage: Storage, records: Iterable[Record]) -> None:
    """Let a storage hold these records and nothing else, in one commit."""
    with storage.begin(write=True) as transaction:
        for kind in KINDS:
            transaction.delete(list(transaction.scan(kind)))
        transaction.put([(record, 0) for record in records])


def read(storage: Storage, kind: str = "thing") -> list[Record]:
    """Return all records of a kind, as a new transaction sees them."""
    with storage.begin(write=False) as transaction:
        return list(transaction.scan(kind))


def write(storage: Storage, *records: Record, over: int = 0) -> None:
    """Put records over a revision, in one commit."""
    with storage.begin(write=True) as transaction:
        transaction.put([(record, over) for record in records])


def delete(storage: Storage, *records: Record) -> None:
    """Delete records in one commit."""
    with storage.begin(write=True) as transaction:
        transaction.delete(records)


def find(storage: Storage, query: Query) -> list[Record]:
    """Return what a query finds."""
    with storage.begin(write=False) as transaction:
        return list(transaction.find(query))


def found(
    storage: Storage,
    where: Where | None = None,
    *,
    kind: str = "thing",
    order: Sequence[tuple[str, bool]] = (),
    limit: int | None = None,
    after: tuple[Scalar, ...] | None = None,
) -> list[str]:
    """Return the ids of what a query finds."""
    query = Query(kind, where, tuple(order), limit, after)
    return [record.id for record in find(storage, query)]


def latest(
    storage: Storage, where: Where | None = None, *, by: str = "size"
) -> Mapping[str, tuple[Scalar, str]]:
    """Return the latest thing of each tag."""
    with storage.begin(write=False) as transaction:
        return dict(transaction.latest(Query("thing", where), per="tags", by=by))


def last_talks(
    storage: Storage,
    where: Where | None = None,
    *,
    by: str = "at",
    members: Collection[str] | None = None,
) -> Mapping[str, tuple[Scalar, str]]:
    """Return the latest talk of each person, or of these only."""
    with storage.begin(write=False) as transaction:
        return dict(transaction.latest(Query("talk", where), per="people", by=by, members=members))
