"""What a storage backend implements. Prove yours with `netcrm.testing.StorageContract`."""

from __future__ import annotations

import abc
import heapq
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cmp_to_key
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, TypeVar

from netcrm.errors import RefusedError
from netcrm.storage.query import Extract, Indexed, Query, Scalar, Where, matcher, rank

T = TypeVar("T")

SCHEMA: Final = 2
"""The number of the layout of documents. A backend keeps it beside them, refuses a greater one with
RefusedError, and brings a smaller one forward with `netcrm.storage.migration.forward`."""

INDEX: Final = 6
"""The number of what the index fields mean. A backend that keeps their values keeps it too, and
computes them anew where it differs."""

Doc = Mapping[str, Any]
"""A JSON object. Backends keep it and give back an equal one; they never look inside.

Nobody changes one after handing it over, on either side; no two transactions give the same one.
"""


class Record(NamedTuple):
    """One stored fact. Its id is any text that can be printed.

    `rev` is the number of the commit that wrote this version of it: from 1, at most 2**53.
    """

    kind: str
    id: str
    doc: Doc
    rev: int


class Field(NamedTuple):
    """An index field: its type, and how its value is found in a document.

    The value is a pure function of the document: a backend may keep it, or compute it when asked.

    Attributes:
        ordered: ranges of it are asked for, or it is sorted by: worth an index.
        by: for a set, the text field, never empty, by which those that hold a member are sorted:
            worth keeping beside each member, for then `latest` reads one entry of each.
    """

    type: Literal["text", "int", "bool", "set"]
    of: Callable[[Doc], Indexed]
    ordered: bool = False
    by: str = ""


class Kind(NamedTuple):
    """A kind of record, its index fields, and the words by which it is found.

    Names of kinds and fields are small letters and `_`; they may be words of SQL, but no field is
    called doc, id, member, rev, tenant or words. `text` gives folded words joined by blanks, as
    `netcrm.model.text.words` makes them.
    """

    name: str
    fields: Mapping[str, Field] = {}
    text: Callable[[Doc], str] = lambda doc: ""

    def extract(self, field: str) -> Extract:
        """Return the way from a record's id and document to the value of a field."""
        if field == "id":
            return lambda id, doc: id
        of = self.fields[field].of if field else self.text
        return lambda id, doc: of(doc)


class Transaction(abc.ABC):
    """A consistent view of a storage, and if it was begun for writing, the only one that writes.

    A backend implements the first four methods. The others answer by reading everything; override
    them to push the work down, with exactly the same answers.

    It is used by one thread. What a method yields is read, or let go, before the next `put` or
    `delete`; several may be read side by side, some never to their end, none after the block.
    """

    kinds: Mapping[str, Kind]

    @abc.abstractmethod
    def get(self, kind: str, ids: Iterable[str]) -> Iterator[Record]:
        """Yield the records with these ids, each once, in any order; missing ones are left out."""

    @abc.abstractmethod
    def put(self, records: Iterable[tuple[Record, int]]) -> None:
        """Store each record over the version that has the given revision; 0 means it is new.

        No record comes twice in one call. Its own `rev` may be any, also an older one.

        Raises:
            ConflictError: the stored version is another one. The transaction must then be left by
                an exception, as when *records* itself fails.
        """

    @abc.abstractmethod
    def delete(self, records: Iterable[Record]) -> None:
        """Remove records that are stored with the same revision. None comes twice in one call.

        Raises:
            ConflictError: as for `put`; also where there is no such record.
        """

    @abc.abstractmethod
    def scan(self, kind: str) -> Iterator[Record]:
        """Yield all records of a kind in order of id."""

    def pairs(self, kind: str) -> Iterator[tuple[str, Doc]]:
        """Yield id and document of all records of a kind in order of id: a lighter `scan`."""
        for record in self.scan(kind):
            yield record.id, record.doc

    def find(self, query: Query) -> Iterator[Record]:
        """Yield the records that fit, in order."""
        kind = self.kinds[query.kind]
        fits = matcher(query.where, kind.extract)
        found = (record for record in self.scan(query.kind) if fits(record.id, record.doc))
        yield from _page(found, query, kind, lambda record: (record.id, record.doc))

    def rows(self, query: Query, fields: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield index values instead of records; the field `id` gives the id."""
        kind = self.kinds[query.kind]
        fits = matcher(query.where, kind.extract)
        columns = [kind.extract(field) for field in fields]
        found = (pair for pair in self.pairs(query.kind) if fits(*pair))
        for id, doc in _page(found, query, kind, lambda pair: pair):
            yield tuple(of(id, doc) for of in columns)

    def count(self, kind: str, where: Where | None = None) -> int:
        """Return how many records fit."""
        fits = matcher(where, self.kinds[kind].extract)
        return sum(fits(id, doc) for id, doc in self.pairs(kind))

    def latest(
        self, query: Query, *, per: str, by: str, members: Collection[str] | None = None
    ) -> Mapping[str, tuple[Scalar, str]]:
        """Return for each member of the set field *per* its newest record, among those that fit.

        Newest is the greatest value of *by* (None is the least), then the greatest id. The answer
        maps each member to (that value, the record's id). The query's order, limit and after do not
        count. With *members* only those of them are in the answer, which may be far quicker.
        """
        kind = self.kinds[query.kind]
        fits = matcher(query.where, kind.extract)
        value_of, members_of = kind.extract(by), kind.extract(per)
        newest: dict[str, tuple[bool, Any, str]] = {}
        nothing = (False, None, "")
        for id, doc in self.pairs(query.kind):
            if fits(id, doc):
                value = value_of(id, doc)
                candidate = (value is not None, value, id)
                for member in members_of(id, doc):
                    if candidate > newest.get(member, nothing):
                        newest[member] = candidate
        wanted = newest.keys() if members is None else newest.keys() & set(members)
        return {member: newest[member][1:] for member in wanted}


class Storage(abc.ABC):
    """Where the records of a network are kept.

    Attributes:
        location: what the user named, for messages.
        kinds: the kinds of records, by name.
    """

    location: str
    kinds: Mapping[str, Kind]

    @abc.abstractmethod
    def begin(self, *, write: bool) -> AbstractContextManager[Transaction]:
        """Begin a transaction; leaving the block commits it, an exception rolls it back.

        What was committed survives a crash; what was not leaves no trace. At most one writer works
        at a time; it waits for the one before, not for readers, and a reader waits for nobody.
        Several threads may each have a transaction of one storage.

        Raises:
            StorageError: the storage cannot be read or written. Nothing was changed.
            RefusedError: it was written by a newer netcrm.
            BusyError: another writer did not finish in time, or was quicker. Nothing was changed;
                all of it may be tried again.
        """

    def check(self) -> list[str]:
        """Return what is wrong with what the backend keeps beside the documents, a line each."""
        return []

    def copy_to(self, path: Path) -> None:
        """Write a copy that can be opened by itself to a new file, whole or not at all.

        Raises:
            RefusedError: there is such a file already, or this backend keeps no files.
            StorageError: the file cannot be written.
        """
        raise RefusedError(f"{self.location}: is not kept in a file that could be copied")

    def scrub(self) -> str:
        """See to it that nothing that was deleted can be read in the files any more.

        Returns:
            What may still hold it, and what to do about that; mostly nothing.

        Raises:
            BusyError: others read the files. To be called again when they are done.
        """
        return ""

    def advice(self) -> str:
        """Return what a user should do about how the network is kept; mostly nothing."""
        return ""

    def close(self) -> None:  # noqa: B027 - most backends hold nothing
        """Let go of files and connections. The storage is not used afterwards."""


class StorageProvider(NamedTuple):
    """A backend that a plugin offers under a name, the scheme of its URLs (`name:...`).

    `open` is given the URL's rest, the kinds, and whether to make a new storage if there is none.
    """

    name: str
    summary: str
    open: Callable[[str, Mapping[str, Kind], bool], Storage]


def stored(view: Transaction, keys: Iterable[tuple[str, str]]) -> Iterator[Record]:
    """Yield those of some records that are there; each is meant by its kind and its id."""
    by_kind: dict[str, list[str]] = {}
    for kind, record_id in keys:
        by_kind.setdefault(kind, []).append(record_id)
    for kind, ids in by_kind.items():
        yield from view.get(kind, ids)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of so many items."""
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _page(
    found: Iterable[T], query: Query, kind: Kind, pair: Callable[[T], tuple[str, Doc]]
) -> Iterable[T]:
    """Sort what was found by a query's order, begin behind `after`, stop at the limit."""
    ways = [kind.extract(field) for field, _ in query.order] + [kind.extract("id")]
    directions = [descending for _, descending in query.order] + [False]

    def keys(item: T) -> tuple[Scalar, ...]:
        id, doc = pair(item)
        return tuple(way(id, doc) for way in ways)

    def compare(a: Sequence[Any], b: Sequence[Any]) -> int:
        for one, other, descending in zip(a, b, directions, strict=True):
            if one != other:
                return -1 if (rank(one) < rank(other)) != descending else 1
        return 0

    if query.after is not None:
        behind = query.after
        found = (item for item in found if compare(keys(item), behind) > 0)
    if not query.order:
        return found if query.limit is None else itertools.islice(found, query.limit)
    sort_key = cmp_to_key(compare)
    if query.limit is not None:
        return heapq.nsmallest(query.limit, found, key=lambda item: sort_key(keys(item)))
    return sorted(found, key=lambda item: sort_key(keys(item)))
