"""Rewriting the past as if some people had never been in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import attrs

from netcrm import codec, model
from netcrm.kinds import KINDS, record_before
from netcrm.network.history import FORGOTTEN
from netcrm.network.work import Work
from netcrm.rules.removal import may_name, names_any, without
from netcrm.storage.contract import Doc, Record, Transaction, batches, stored
from netcrm.storage.query import Query, has

_AT_ONCE = 1_000
_Key = tuple[str, str]


class Traces(NamedTuple):
    """What was found of people: how to know them, their names, records of each kind, and images."""

    identifiers: set[str]
    names: set[str]
    records: Counter[str]
    versions: int


def erase(work: Work, people: Collection[str]) -> Traces:
    """Take people out of all that is kept, as if they had never been there.

    What is about others too stays, without them, and every change to that can be taken back as
    before.
    """
    eraser = _Eraser(work, people)
    eraser.rewrite_records()
    eraser.rewrite_images()
    eraser.rewrite_commits()
    return Traces(eraser.identifiers, eraser.names, eraser.records, eraser.versions)


def former(view: Transaction, people: Collection[str]) -> Iterator[list[Record]]:
    """Yield the images of what people, and what is about them, were before; some at a time."""
    wanted = frozenset(people)
    about = [id_ for id_, image in view.pairs("before") if _is_about(image, wanted)]
    for some in batches(about, _AT_ONCE):
        yield list(view.get("before", some))


def _is_about(image: Doc, people: frozenset[str]) -> bool:
    if image["kind"] == "contact" and image["record"] in people:
        return True
    about = KINDS[image["kind"]].fields.get("contacts")
    return about is not None and not people.isdisjoint(about.of(image["doc"]))  # type: ignore[arg-type]


class _Eraser:
    def __init__(self, work: Work, people: Collection[str]) -> None:
        self.identifiers: set[str] = set()
        self.names: set[str] = set()
        self.records: Counter[str] = Counter()
        self.versions = 0
        self._work = work
        self._people = frozenset(people)
        self._gone: set[_Key] = set()  # what was about nobody else, at some time
        self._kept: set[_Key] = set()  # what was about others too, at some time
        self._undone: dict[int, set[_Key]] = {}  # what each commit has not changed or deleted

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
        for images in former(self._work.view, self._people):
            self._work.rewrite((image, self._image_without(image)) for image in images)

    def rewrite_commits(self) -> None:
        view = self._work.view
        gone = self._gone - self._kept
        never = gone - {(one.kind, one.id) for one in stored(view, gone)}
        ids = [str(id_) for id_, _ in view.pairs("commit")]
        for some in batches(ids, _AT_ONCE):
            self._work.rewrite(list(self._changed(view.get("commit", some), never)))

    def _without(self, was: Record) -> Record | None:
        """Return what is left of a record without them; note what it tells of them."""
        if was.kind == "contact" and was.id in self._people:
            self.identifiers.update(KINDS["contact"].fields["identifiers"].of(was.doc))  # type: ignore[arg-type]
            self.names.update((was.doc["name"], was.doc["handle"], *was.doc.get("aliases", ())))
        elif was.kind == "merged":
            self.names.update((was.doc["handle"], was.doc.get("name", "")))
        left = without(codec.decode(was, codec.CLASSES[was.kind]), self._people)
        (self._gone if left is None else self._kept).add((was.kind, was.id))
        return None if left is None else codec.encode(left)

    def _image_without(self, image: Record) -> Record | None:
        was = record_before(image)
        left = self._without(was)
        if left is not None:
            return image._replace(doc={**image.doc, "doc": left.doc})
        self.versions += 1
        self._undone.setdefault(int(image.id.partition("-")[0]), set()).add((was.kind, was.id))
        return None

    def _changed(
        self, commits: Iterable[Record], never: Collection[_Key]
    ) -> Iterator[tuple[Record, Record]]:
        """Yield the commits in which they stand, and what those are without them."""
        for record in commits:
            commit = codec.decode(record, model.Commit)
            undone = self._undone.get(commit.seq, set())
            left = attrs.evolve(
                commit,
                created=_less(commit.created, never),
                changed=_less(commit.changed, undone),
                deleted=_less(commit.deleted, undone),
            )
            about_them = left != commit or not self._kept.isdisjoint(commit.keys)
            if not left.keys:
                left = attrs.evolve(left, reason=FORGOTTEN)
            elif names_any(commit.reason, self.names):
                left = attrs.evolve(left, reason="change")
            if names_any(commit.detail, self.names) or (
                about_them and may_name(commit.detail, self.names)
            ):
                left = attrs.evolve(left, detail="")
            if left != commit:
                yield record, codec.encode(left)


def _less(touched: Mapping[str, Sequence[str]], gone: Collection[_Key]) -> dict[str, list[str]]:
    left = {kind: [id_ for id_ in ids if (kind, id_) not in gone] for kind, ids in touched.items()}
    return {kind: ids for kind, ids in left.items() if ids}
