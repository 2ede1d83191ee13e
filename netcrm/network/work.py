"""One commit in the making: the only thing that writes to a storage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple, TypeVar

import attrs

from netcrm import codec, model
from netcrm.errors import ConflictError, InvalidError
from netcrm.kinds import record_before
from netcrm.model.base import Entity
from netcrm.model.commit import Fate
from netcrm.model.ids import commit_id
from netcrm.storage.contract import Record, Transaction, stored
from netcrm.storage.query import Query

E = TypeVar("E", bound=Entity)
_Key = tuple[str, str]


class _Written(NamedTuple):
    """One write: the revision that stood there before, 0 for none, and where its image is kept."""

    key: _Key
    was: int
    image: str


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
        self._journal: list[_Written] = []
        self._now: dict[_Key, int] = {}  # the revision that stands there since; 0 for none
        self._images = 0

    @property
    def mark(self) -> int:
        """How much was written so far; what comes after can be dropped again."""
        return len(self._journal)

    def put(self, entity: E) -> E:
        """Store one entity over the version it was made from; return it as stored."""
        return self.put_all([entity])[0]

    def put_all(self, entities: Iterable[E]) -> list[E]:
        """Store several entities at once; return them as stored.

        Raises:
            ConflictError: one of them was changed since it was read.
            InvalidError: one of them is given twice.
        """
        as_stored = list(entities)
        records = [codec.encode(entity) for entity in as_stored]
        there = {_key(record): record for record in stored(self.view, map(_key, records))}
        if len({_key(record) for record in records}) < len(records):
            raise InvalidError("one record is to be stored twice")
        changes = []
        for place, record in enumerate(records):
            was = there.get(_key(record))
            _check_revision(record, was)
            if was is None or was.doc != record.doc:
                changes.append((was, record._replace(rev=self.seq)))
                as_stored[place] = attrs.evolve(as_stored[place], rev=self.seq)
        self.replace(changes)
        return as_stored

    def delete(self, entity: Entity) -> None:
        """Remove an entity.

        Raises:
            ConflictError: it was changed since it was read.
        """
        record = codec.encode(entity)
        was = next(stored(self.view, [_key(record)]), None)
        _check_revision(record, was)
        self.replace([(was, None)])

    def change(self, changes: Iterable[tuple[Entity, Entity | None]]) -> None:
        """Store the second entity of each pair over the first; None removes it."""
        pairs = list(changes)
        for was, now in pairs:
            if now is None:
                self.delete(was)
        self.put_all(now for _, now in pairs if now is not None)

    def replace(self, changes: Iterable[tuple[Record | None, Record | None]]) -> None:
        """Put the second record of each pair where the first stands; None stands for nothing."""
        if self.undoes is not None:
            raise InvalidError("undo is a transaction of its own; nothing else can be part of it")
        puts, gone, images = [], [], []
        for was, now in changes:
            record = now or was
            if record is None:
                continue
            if now is not None:
                puts.append((now, was.rev if was else 0))
            else:
                gone.append(record)
            if was is not None:
                images.append(self._image(was))
            image = images[-1].id if was else ""
            key = _key(record)
            self._journal.append(_Written(key, was.rev if was else 0, image))
            self._now[key] = now.rev if now else 0
        self.view.put([*puts, *((image, 0) for image in images)])
        self.view.delete(gone)

    def rewrite(self, changes: Iterable[tuple[Record, Record | None]]) -> None:
        """Put the second record of each pair over the first, as if it had always been so.

        None removes it. Nothing is remembered of this, so it cannot be dropped or taken back.
        """
        puts, gone = [], []
        for was, now in changes:
            if now is not None:
                puts.append((now, was.rev))
            else:
                gone.append(was)
        self.view.put(puts)
        self.view.delete(gone)

    def drop(self, mark: int) -> None:
        """Take back what was written since *mark*, as if it had never been tried."""
        tried, self._journal[mark:] = self._journal[mark:], []
        if not mark:  # an undo comes first or not at all
            self.undoes = None
        images = list(stored(self.view, [("before", one.image) for one in tried if one.image]))
        were = {image.id: record_before(image) for image in images}
        gone, puts = [], []
        for one in _first(tried):
            now = self._now[one.key]
            if one.was:
                puts.append((were[one.image], now))
            elif now:
                gone.append(one.key)
            self._now[one.key] = one.was
        self.view.put(puts)
        self.view.delete(list(stored(self.view, gone)))
        self.view.delete(images)

    def finish(self, at: datetime, reason: str, detail: str = "") -> model.Commit | None:
        """Write down what was done as a commit; None if nothing was."""
        touched: dict[Fate, dict[str, list[str]]] = {"created": {}, "changed": {}, "deleted": {}}
        needless = {one.image for one in self._journal if one.image}
        for one in _first(self._journal):
            now = self._now[one.key]
            if one.was == now:
                continue
            needless.discard(one.image)
            fate: Fate = "created" if not one.was else "changed" if now else "deleted"
            kind, record_id = one.key
            touched[fate].setdefault(kind, []).append(record_id)
        self.view.delete(list(stored(self.view, [("before", image) for image in needless])))
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
        self.view.put([(codec.encode(commit), 0)])
        return commit

    def _image(self, was: Record) -> Record:
        number, self._images = self._images, self._images + 1
        image = model.Before(
            id=f"{commit_id(self.seq)}-{number:06}",
            rev=self.seq,
            kind=was.kind,
            record=was.id,
            was=was.rev,
            doc=was.doc,
        )
        return codec.encode(image)


def _first(journal: Iterable[_Written]) -> Iterator[_Written]:
    """Yield the first of several writes of each record: the one that counts."""
    seen: set[_Key] = set()
    for one in journal:
        if one.key not in seen:
            seen.add(one.key)
            yield one


def _key(record: Record) -> _Key:
    return record.kind, record.id


def _check_revision(record: Record, was: Record | None) -> None:
    if record.rev != (was.rev if was else 0):
        raise ConflictError(f"{record.kind} {record.id} was changed since it was read")
