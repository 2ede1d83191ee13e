"""One commit in the making: the only thing that writes to a storage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

import attrs

from netcrm import codec, model
from netcrm.model.base import Entity
from netcrm.storage.contract import Record, Transaction
from netcrm.storage.query import Query

E = TypeVar("E", bound=Entity)


def last_seq(view: Transaction) -> int:
    """Return the number of the newest commit; 0 if there is none."""
    newest = view.find(Query("commit", order=(("seq", True),), limit=1))
    return next((record.rev for record in newest), 0)


class Work:
    """Writes within one storage transaction, and remembers what it takes to take them back.

    Each record is stored under this commit's number as its revision. A record that is written twice
    counts once, as it was before the first time; one that would not change is not written.
    """

    def __init__(self, view: Transaction) -> None:
        self.view = view
        self.seq = last_seq(view) + 1
        self._before: dict[tuple[str, str], Record | None] = {}
        self._deleted: set[tuple[str, str]] = set()

    def put(self, entity: E) -> E:
        """Store one entity over the version it was made from; return it as stored."""
        (stored,) = self.put_all([entity])
        return stored

    def put_all(self, entities: Iterable[E]) -> list[E]:
        """Store several entities at once, none of them twice; return them as stored.

        Raises:
            ConflictError: one of them was changed since it was read.
        """
        stored = list(entities)
        records = [codec.encode(entity) for entity in stored]
        there = self._stored(records)
        changed = []
        for place, record in enumerate(records):
            key = (record.kind, record.id)
            before = there.get(key)
            if before is not None and before.doc == record.doc and before.rev == record.rev:
                continue
            self._remember(key, before)
            changed.append((record._replace(rev=self.seq), record.rev))
            stored[place] = attrs.evolve(stored[place], rev=self.seq)
        self.view.put(changed)
        return stored

    def delete(self, entity: Entity) -> None:
        """Remove an entity."""
        record = codec.encode(entity)
        key = (record.kind, record.id)
        self._remember(key, self._stored([record]).get(key))
        self.view.delete([record])
        self._deleted.add(key)

    def restore(self, pairs: Iterable[tuple[model.Before, Record | None]]) -> None:
        """Put records back as they were, revisions included, over what stands there now."""
        written = []
        for before, now in pairs:
            self._remember((before.kind, before.id), now)
            record = Record(before.kind, before.id, before.doc, before.rev)
            written.append((record, now.rev if now else 0))
        self.view.put(written)

    def remove(self, records: Sequence[Record]) -> None:
        """Remove records that a commit made."""
        for record in records:
            self._remember((record.kind, record.id), record)
            self._deleted.add((record.kind, record.id))
        self.view.delete(records)

    def finish(
        self, at: datetime, reason: str, detail: str = "", undoes: int | None = None
    ) -> model.Commit | None:
        """Write down what was done as a commit; None if nothing was."""
        created: dict[str, list[str]] = {}
        before = []
        for (kind, record_id), old in self._before.items():
            gone = (kind, record_id) in self._deleted
            if old is not None:
                fate = "deleted" if gone else "changed"
                before.append(
                    model.Before(kind=kind, id=record_id, rev=old.rev, doc=old.doc, fate=fate)
                )
            elif not gone:
                created.setdefault(kind, []).append(record_id)
        if not created and not before:
            return None
        commit = model.Commit(
            id=commit_id(self.seq),
            rev=self.seq,
            seq=self.seq,
            at=at,
            reason=reason,
            detail=detail,
            created=created,
            before=tuple(before),
            undoes=undoes,
        )
        self.view.put([(codec.encode(commit), 0)])
        return commit

    def _stored(self, records: list[Record]) -> dict[tuple[str, str], Record]:
        by_kind: dict[str, list[str]] = {}
        for record in records:
            if record.rev:  # a new one has nothing before it
                by_kind.setdefault(record.kind, []).append(record.id)
        return {
            (kind, found.id): found
            for kind, ids in by_kind.items()
            for found in self.view.get(kind, ids)
        }

    def _remember(self, key: tuple[str, str], before: Record | None) -> None:
        self._before.setdefault(key, before)
        self._deleted.discard(key)


def commit_id(seq: int) -> str:
    """Return the id of the commit with a number: ids sort as the numbers do."""
    return f"{seq:012}"
