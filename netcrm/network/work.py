"""One commit in the making: the only thing that writes to a storage."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

import attrs

from netcrm import codec, model
from netcrm.errors import ConflictError, InvalidError
from netcrm.model.base import Entity
from netcrm.model.commit import Fate
from netcrm.model.ids import commit_id
from netcrm.storage.contract import Record, Transaction
from netcrm.storage.query import Query

E = TypeVar("E", bound=Entity)
_Key = tuple[str, str]


def last_seq(view: Transaction) -> int:
    """Return the number of the newest commit; 0 if there is none."""
    newest = view.rows(Query("commit", order=(("seq", True),), limit=1), ("seq",))
    return next((int(seq) for (seq,) in newest), 0)


class Work:
    """Writes within one storage transaction, and remembers what it takes to take them back.

    Each record is stored under this commit's number as its revision. A record that is written twice
    counts once, as it was before the first time; one that would not change is not written.
    """

    def __init__(self, view: Transaction) -> None:
        self.view = view
        self.seq = last_seq(view) + 1
        self.undoes: int | None = None
        self._journal: list[tuple[_Key, Record | None]] = []  # what stood there before each write
        self._now: dict[_Key, Record | None] = {}

    @property
    def mark(self) -> int:
        """How much was written so far; what comes after can be dropped again."""
        return len(self._journal)

    def put(self, entity: E) -> E:
        """Store one entity over the version it was made from; return it as stored."""
        (stored,) = self.put_all([entity])
        return stored

    def put_all(self, entities: Iterable[E]) -> list[E]:
        """Store several entities at once; return them as stored.

        Raises:
            ConflictError: one of them was changed since it was read.
            InvalidError: one of them is given twice.
        """
        stored = list(entities)
        records = [codec.encode(entity) for entity in stored]
        there = self._stored(records)
        if len({_key(record) for record in records}) < len(records):
            raise InvalidError("one record is to be stored twice")
        changes = []
        for place, record in enumerate(records):
            was = there.get(_key(record))
            _check_revision(record, was)
            if was is None or was.doc != record.doc:
                changes.append((was, record._replace(rev=self.seq)))
                stored[place] = attrs.evolve(stored[place], rev=self.seq)
        self.replace(changes)
        return stored

    def delete(self, entity: Entity) -> None:
        """Remove an entity.

        Raises:
            ConflictError: it was changed since it was read.
        """
        record = codec.encode(entity)
        was = self._stored([record]).get(_key(record))
        _check_revision(record, was)
        self.replace([(was, None)])

    def replace(self, changes: Iterable[tuple[Record | None, Record | None]]) -> None:
        """Put the second record of each pair where the first stands; None stands for nothing."""
        if self.undoes is not None:
            raise InvalidError("undo is a transaction of its own; nothing else can be part of it")
        puts, gone = [], []
        for was, now in changes:
            if now is not None:
                puts.append((now, was.rev if was else 0))
                self._note(_key(now), was, now)
            elif was is not None:
                gone.append(was)
                self._note(_key(was), was, None)
        self.view.put(puts)
        self.view.delete(gone)

    def drop(self, mark: int) -> None:
        """Take back what was written since *mark*, as if it had never been tried."""
        tried, self._journal[mark:] = self._journal[mark:], []
        if not mark:  # an undo comes first or not at all
            self.undoes = None
        earlier = dict(reversed(tried))  # of several writes of a record the first one counts
        kept = {key for key, _ in self._journal}
        puts, gone = [], []
        for key, was in earlier.items():
            now = self._now.pop(key)
            if was is not None:
                puts.append((was, now.rev if now else 0))
            elif now is not None:
                gone.append(now)
            if key in kept:
                self._now[key] = was
        self.view.put(puts)
        self.view.delete(gone)

    def finish(self, at: datetime, reason: str, detail: str = "") -> model.Commit | None:
        """Write down what was done as a commit; None if nothing was."""
        touched: dict[Fate, dict[str, list[str]]] = {"created": {}, "changed": {}, "deleted": {}}
        before = []
        earlier = dict(
            reversed(self._journal)
        )  # of several writes of a record the first one counts
        for (kind, record_id), was in reversed(earlier.items()):
            now = self._now[kind, record_id]
            if was == now:
                continue
            fate: Fate = "created" if was is None else "changed" if now else "deleted"
            touched[fate].setdefault(kind, []).append(record_id)
            if was is not None:
                before.append(was)
        if not any(touched.values()):
            return None
        commit = model.Commit(
            id=commit_id(self.seq),
            rev=self.seq,
            seq=self.seq,
            at=at,
            reason=reason,
            detail=detail,
            undoes=self.undoes,
            **touched,
        )
        self.view.put((_image(self.seq, n, was), 0) for n, was in enumerate(before))
        self.view.put([(codec.encode(commit), 0)])
        return commit

    def _stored(self, records: Iterable[Record]) -> dict[_Key, Record]:
        by_kind: dict[str, list[str]] = {}
        for record in records:
            by_kind.setdefault(record.kind, []).append(record.id)
        return {
            _key(found): found
            for kind, ids in by_kind.items()
            for found in self.view.get(kind, ids)
        }

    def _note(self, key: _Key, was: Record | None, now: Record | None) -> None:
        self._journal.append((key, was))
        self._now[key] = now


def _key(record: Record) -> _Key:
    return record.kind, record.id


def _check_revision(record: Record, was: Record | None) -> None:
    if record.rev != (was.rev if was else 0):
        raise ConflictError(f"{record.kind} {record.id} was changed since it was read")


def _image(seq: int, number: int, was: Record) -> Record:
    image = model.Before(
        id=f"{commit_id(seq)}-{number:06}",
        rev=seq,
        kind=was.kind,
        record=was.id,
        was=was.rev,
        doc=was.doc,
    )
    return codec.encode(image)
