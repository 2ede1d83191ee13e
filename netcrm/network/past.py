"""Who was here once: people who are in former versions of records only, and who became whom."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from netcrm.kinds import KINDS, record_before
from netcrm.rules.lookup import Name
from netcrm.storage.contract import Doc, Record, Transaction, batches
from netcrm.storage.query import Query

_AT_ONCE = 1_000
_MERGED = ("id", "contacts")


class _Version(NamedTuple):
    """The last version of a contact that is not here: the commit that ended it, and its image."""

    end: int
    image: str
    name: Name


class _Span(NamedTuple):
    """From when to when one was merged into another: revisions, and the commit that ended it."""

    merged: str
    into: str
    begin: int
    end: int

    def holds(self, image: Record) -> bool:
        """Whether this is a version from then of the one who stayed."""
        doc = image.doc
        return bool(self.into == doc["record"] and self.begin <= doc["was"] < self.end)


class Past:
    """What former versions tell of people, read once."""

    def __init__(self, view: Transaction) -> None:
        self._view = view
        self._here = {str(id_) for (id_,) in view.rows(Query("contact"), ("id",))}
        self._into = {str(id_): into for id_, (into,) in view.rows(Query("merged"), _MERGED)}
        self._last: dict[str, _Version] = {}
        self._spans: list[_Span] = []
        self._lent: dict[str, str] = {}  # by image, while it was somebody else's
        for image_id, image in view.pairs("before"):
            end, record, was = seq_of(image_id), image["record"], image["doc"]
            if image["kind"] == "contact" and record not in self._here:
                called = tuple(was.get("aliases", ()))
                name = Name(record, was["handle"], was["name"], called)
                self._last[record] = _Version(end, image_id, name)
            elif image["kind"] == "merged":
                self._spans.append(_Span(record, was["into"], image["was"], end))

    def person(self, id: str) -> str:
        """Return the id of the person that a contact is, or was in the end."""
        if id in self._here:
            return id
        if id in self._into:
            return self.person(self._into[id])
        last = self._last[id].end if id in self._last else 0
        into = [span.into for span in self._spans if span.merged == id and span.end > last]
        return self.person(into[-1]) if into else id

    def ids(self, person: str) -> set[str]:
        """Return all ids of a person: their own, and those of who was merged into them."""
        known = {*self._into, *self._last}
        return {person, *(id_ for id_ in known if self.person(id_) == person)}

    def gone(self) -> list[Name]:
        """Return who is not here any more, under whatever id."""
        return [last.name for id_, last in self._last.items() if self.person(id_) == id_]

    def last(self, id: str) -> Record:
        """Return a contact that is not here as it was in the end."""
        (image,) = self._view.get("before", [self._last[id].image])
        return record_before(image)

    def united(self, image: Record, people: Collection[str]) -> bool:
        """Whether this is a contact as it was while one of these was merged into it."""
        spans = (one for one in self._spans if one.merged in people and one.into not in people)
        return any(one.holds(image) for one in spans)

    def holds_others(self, image: Record, people: Collection[str]) -> bool:
        """Whether this is one of these as they were while somebody else was merged into them."""
        spans = (one for one in self._spans if one.into in people and one.merged not in people)
        return any(one.holds(image) for one in spans)

    def lent_to(self, image: Record) -> str:
        """Return who had what is in this image, while its people were merged into them, or ""."""
        return self._lent.get(image.id, "")

    def _lend(self, people: Collection[str]) -> None:
        """Note which versions of what is about people were about somebody they were merged into."""
        spans = [one for one in self._spans if one.merged in people and one.into not in people]
        taken: set[tuple[str, str]] = set()
        for id_, doc in self._view.pairs("before") if spans else ():  # the oldest first
            key = doc["kind"], doc["record"]
            if doc["kind"] in ("contact", "merged"):
                continue
            for span in spans:
                theirs = _is_about(doc, {span.into})
                if key in taken and theirs and span.begin <= doc["was"] < span.end:
                    self._lent[id_] = span.into
                elif span.begin == seq_of(id_) and _is_about(doc, people) and not theirs:
                    taken.add(key)

    def images(self, people: Collection[str]) -> Iterator[list[Record]]:
        """Yield the images of what people, and what is about them, were before; some at a time."""
        wanted = frozenset(people)
        self._lend(wanted)
        apart = {s.into for s in self._spans if s.merged in wanted} - wanted
        about = [
            id_
            for id_, doc in self._view.pairs("before")
            if _is_about(doc, wanted, apart) or id_ in self._lent
        ]
        for some in batches(about, _AT_ONCE):
            found = list(self._view.get("before", some))
            yield [
                one
                for one in found
                if _is_about(one.doc, wanted) or one.id in self._lent or self.united(one, wanted)
            ]


def seq_of(image_id: str) -> int:
    """Return the number of the commit that an image belongs to."""
    return int(image_id.partition("-")[0])


def _is_about(image: Doc, people: Collection[str], apart: Collection[str] = ()) -> bool:
    if image["kind"] in ("contact", "merged") and image["record"] in people:
        return True
    if image["kind"] == "contact" and image["record"] in apart:
        return True
    about = KINDS[image["kind"]].fields.get("contacts")
    return about is not None and any(one in people for one in about.of(image["doc"]))  # type: ignore[union-attr]
