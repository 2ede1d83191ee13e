"""A storage in memory: the reference for what the contract means, and handy in tests."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import orjson

from netcrm.errors import BusyError, ConflictError
from netcrm.storage.contract import Kind, Record, Storage, StorageProvider, Transaction

WAIT: Final = 10.0
"""Seconds to wait for another writer (our choice)."""

_Stored = dict[tuple[str, str], tuple[int, bytes]]


class MemoryTransaction(Transaction):
    """A private copy of everything, kept as bytes so that nothing read is shared."""

    def __init__(self, kinds: Mapping[str, Kind], stored: _Stored) -> None:
        self.kinds = kinds
        self.stored = dict(stored)

    def get(self, kind: str, ids: Iterable[str]) -> Iterator[Record]:  # noqa: D102
        for record_id in dict.fromkeys(ids):
            if (kind, record_id) in self.stored:
                yield self._record(kind, record_id)

    def put(self, records: Iterable[tuple[Record, int]]) -> None:  # noqa: D102
        for record, over in records:
            self._check(record, over)
            self.stored[record.kind, record.id] = (record.rev, orjson.dumps(record.doc))

    def delete(self, records: Iterable[Record]) -> None:  # noqa: D102
        for record in records:
            self._check(record, record.rev)
            if self.stored.pop((record.kind, record.id), None) is None:
                raise _conflict(record)

    def scan(self, kind: str) -> Iterator[Record]:  # noqa: D102
        for record_id in sorted(found for of, found in self.stored if of == kind):
            yield self._record(kind, record_id)

    def _record(self, kind: str, record_id: str) -> Record:
        rev, doc = self.stored[kind, record_id]
        return Record(kind, record_id, orjson.loads(doc), rev)

    def _check(self, record: Record, over: int) -> None:
        rev, _ = self.stored.get((record.kind, record.id), (0, b""))
        if rev != over:
            raise _conflict(record)


def _conflict(record: Record) -> ConflictError:
    return ConflictError(f"{record.kind} {record.id} was changed since it was read")


class MemoryStorage(Storage):
    """Keeps records as long as the object lives."""

    def __init__(self, kinds: Mapping[str, Kind], location: str = "memory:") -> None:
        self.location = location
        self.kinds = kinds
        self._stored: _Stored = {}
        self._lock = threading.Lock()

    @contextmanager
    def begin(self, *, write: bool) -> Iterator[MemoryTransaction]:
        """Begin a transaction on a copy; a writer's copy replaces the original when it commits."""
        if not write:
            yield MemoryTransaction(self.kinds, self._stored)
            return
        if not self._lock.acquire(timeout=WAIT):
            raise BusyError(f"{self.location} has been written to for {WAIT:g} s. Try again.")
        try:
            transaction = MemoryTransaction(self.kinds, self._stored)
            yield transaction
            self._stored = transaction.stored
        finally:
            self._lock.release()


PROVIDER = StorageProvider(
    name="memory",
    summary="Forgets everything at the end of the program",
    open=lambda rest, kinds, create: MemoryStorage(kinds),
)
