"""Rewriting what is kept as if some people had never been there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

import attrs

from netcrm import codec, model
from netcrm.kinds import KINDS, record_before
from netcrm.model.commit import Fate
from netcrm.network.history import FORGOTTEN
from netcrm.network.past import Past, seq_of
from netcrm.network.remotes import marks_of, without_marks
from netcrm.network.work import Work
from netcrm.rules.removal import may_name, names_any, shares_word, without
from netcrm.storage.contract import Record, batches, stored
from netcrm.storage.query import Query, has, one_of

_AT_ONCE = 1_000
_Key = tuple[str, str]


class Traces(NamedTuple):
    """What was found of people: how to know them, their names, records of each kind, and images."""

    identifiers: set[str]
    names: set[str]
    records: Counter[str]
    versions: int


def erase(work: Work, past: Past, people: Collection[str]) -> Traces:
    """Take people out of all that is kept, as if they had never been there.

    What is about others too stays, without them, and every change to that can be taken back as
    before. What somebody was while one of these was taken for them is no version of theirs.
    """
    eraser = _Eraser(work, past, people)
    eraser.rewrite_records()
    eraser.rewrite_images()
    eraser.rewrite_remotes()
    eraser.rewrite_commits()
    return Traces(eraser.identifiers, eraser.names, eraser.records, eraser.versions)


class _Eraser:
    def __init__(self, work: Work, past: Past, people: Collection[str]) -> None:
        self.identifiers: set[str] = set()
        self.names: set[str] = set(people)
        self.records: Counter[str] = Counter()
        self.versions = 0
        self._work = work
        self._past = past
        self._people = frozenset(people)
        self._touched: set[_Key] = set()  # what is, or was, about them
        self._gone: set[_Key] = set()  # of these, what was about nobody else at some time
        self._before: dict[tuple[_Key, int], bool] = {}  # what is left of it before a commit
        self._united: set[tuple[_Key, int]] = set()

    def rewrite_records(self) -> None:
        view = self._work.view
        them = list(view.get("contact", self._people))
        self._work.rewrite((record, self._without(record)) for record in them)
        for kind in KINDS.values():
            if "contacts" in kind.fields:
                about = list(view.find(Query(kind.name, has("contacts", *self._people))))
                self.records[kind.name] += len(about)
                self._work.rewrite((record, self._without(record)) for record in about)

    def rewrite_images(self) -> None:
        for images in self._past.images(self._people):
            self._work.rewrite([(image, self._image_without(image)) for image in images])

    def rewrite_remotes(self) -> None:
        """Take their addresses out of what services have, and strangers with them."""
        view = self._work.view
        marks = marks_of(view, self.identifiers)
        if not marks:
            return
        found = list(view.find(Query("remote", has("marks", *sorted(marks)))))
        self._work.rewrite(
            [(one, one._replace(doc=without_marks(one.doc, marks))) for one in found]
        )
        strangers = list(view.find(Query("stranger", one_of("mark", sorted(marks)))))
        self._work.rewrite([(one, None) for one in strangers])
        self._gone.update((one.kind, one.id) for one in strangers)
        kinds = ("remote", "stranger")
        ids = [str(id_) for id_, doc in view.pairs("before") if doc["kind"] in kinds]
        for some in batches(ids, _AT_ONCE):
            images = [(one, self._unmarked(one, marks)) for one in view.get("before", some)]
            self._work.rewrite([(was, now) for was, now in images if now != was])

    def _unmarked(self, image: Record, marks: Collection[str]) -> Record | None:
        was = record_before(image)
        if was.kind == "remote":
            return image._replace(doc={**image.doc, "doc": without_marks(was.doc, marks)})
        if was.doc["mark"] not in marks:
            return image
        key = (was.kind, was.id)
        self._gone.add(key)
        self._before[key, seq_of(image.id)] = False
        return None

    def rewrite_commits(self) -> None:
        fates = self._fates()
        view = self._work.view
        ids = [str(id_) for id_, _ in view.pairs("commit")]
        for some in batches(ids, _AT_ONCE):
            self._work.rewrite(list(self._changed(view.get("commit", some), fates)))

    def _without(self, was: Record, *, notes: bool = True, lent_to: str = "") -> Record | None:
        """Return what is left of a record without them; note what it tells of them."""
        if was.kind == "contact" and was.id in self._people and notes:
            self.identifiers.update(KINDS["contact"].fields["identifiers"].of(was.doc))  # type: ignore[arg-type]
            self.names.update((was.doc["name"], was.doc["handle"], *was.doc.get("aliases", ())))
        elif was.kind == "merged" and was.id in self._people:
            self.names.update((was.doc["handle"], was.doc.get("name", "")))
        left = without(codec.decode(was, codec.CLASSES[was.kind]), self._people | {lent_to})
        self._touched.add((was.kind, was.id))
        if left is None:
            self._gone.add((was.kind, was.id))
            return None
        return codec.encode(left)

    def _image_without(self, image: Record) -> Record | None:
        was, seq = record_before(image), seq_of(image.id)
        key = (was.kind, was.id)
        if self._past.united(image, self._people):
            self._touched.add(key)
            self._united.add((key, seq))
            left = None
        else:
            alone = not self._past.holds_others(image, self._people)
            left = self._without(was, notes=alone, lent_to=self._past.lent_to(image))
            self._before[key, seq] = left is not None
        if left is not None:
            return image._replace(doc={**image.doc, "doc": left.doc})
        self.versions += 1
        return None

    def _fates(self) -> dict[tuple[_Key, int], Fate | None]:
        """Return what commits did to records, now that some versions of these never were."""
        events: dict[_Key, list[tuple[int, Fate]]] = {}
        for record in self._work.view.scan("commit"):
            for fate in ("created", "changed", "deleted"):
                for kind, ids in record.doc.get(fate, {}).items():
                    for id_ in ids:
                        if (kind, id_) in self._gone:
                            events.setdefault((kind, id_), []).append((record.doc["seq"], fate))
        here = {(one.kind, one.id) for one in stored(self._work.view, self._gone)}
        fates: dict[tuple[_Key, int], Fate | None] = {}
        for key, done in events.items():
            for place, (seq, fate) in enumerate(done):
                before = fate != "created" and self._before.get((key, seq), True)
                if place + 1 == len(done):
                    after = key in here
                else:
                    then, next_fate = done[place + 1]
                    after = next_fate != "created" and self._before.get((key, then), True)
                fates[key, seq] = _FATES[before, after]
        return fates

    def _changed(
        self, commits: Iterable[Record], fates: Mapping[tuple[_Key, int], Fate | None]
    ) -> Iterator[tuple[Record, Record]]:
        """Yield the commits in which they stand, and what those are without them."""
        for record in commits:
            commit = codec.decode(record, model.Commit)
            touched: dict[str, dict[str, list[str]]] = {"created": {}, "changed": {}, "deleted": {}}
            for was in touched:
                for kind, ids in getattr(commit, was).items():
                    for id_ in ids:
                        key = ((kind, id_), commit.seq)
                        fate = None if key in self._united else fates.get(key, was)
                        if fate:
                            touched[fate].setdefault(kind, []).append(id_)
            left = attrs.evolve(commit, **cast(dict[str, Any], touched))
            if not left.keys:
                left = attrs.evolve(left, reason=FORGOTTEN, detail="", undoes=None)
            else:
                left = self._unnamed(left, about=not self._touched.isdisjoint(commit.keys))
            if left != commit:
                yield record, codec.encode(left)

    def _unnamed(self, commit: model.Commit, *, about: bool) -> model.Commit:
        """Return a commit that does not say their names, given whether it was about them."""
        named = [name for name in self.names if about or " " in name or "-" in name]
        if names_any(commit.reason, named) or (about and shares_word(commit.reason, self.names)):
            commit = attrs.evolve(commit, reason="change")
        if names_any(commit.detail, named) or (about and may_name(commit.detail, self.names)):
            commit = attrs.evolve(commit, detail="")
        return commit


_FATES: Mapping[tuple[bool, bool], Fate | None] = {
    (False, True): "created",
    (True, True): "changed",
    (True, False): "deleted",
    (False, False): None,
}
