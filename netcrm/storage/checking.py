"""Reading everything, to see whether it is whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from netcrm import codec
from netcrm.errors import InvalidError
from netcrm.model.ids import commit_id
from netcrm.storage.contract import Kind, Record, Storage, Transaction
from netcrm.storage.moving import BATCH, Sum, Tally, Watch, count, kinds_of, line
from netcrm.storage.query import Query


class Verified(NamedTuple):
    """What reading everything showed: the sum of each kind that has records, and what is wrong."""

    sums: Mapping[str, Sum]
    faults: tuple[str, ...]

    @property
    def records(self) -> dict[str, int]:
        """How many records there are of each kind."""
        return {kind: found.records for kind, found in self.sums.items()}


def fault_of(record: Record) -> str:
    """Return why a document does not fit the model; mostly nothing."""
    try:
        codec.decode(record, codec.CLASSES[record.kind])
    except InvalidError as error:
        return str(error)
    return ""


def verify(storage: Storage, view: Transaction, watch: Watch | None = None) -> Verified:
    """Read everything in a view of a storage, and let the storage check what it keeps besides."""
    check = _Check(view, watch)
    check.all()
    return Verified(check.sums, (*check.faults, *storage.check()))


class _Check:
    """One walk through all records; commits come first, then people, for the rest refers to them.

    Memory is needed for the ids of people and for the numbers of commits that changed something.
    """

    def __init__(self, view: Transaction, watch: Watch | None) -> None:
        self.sums: dict[str, Sum] = {}
        self.faults: list[str] = []
        self._view = view
        self._watch = watch
        self._total = sum(count(view).values()) if watch else 0
        self._done = 0
        self._last = 0
        self._missing: list[range] = []
        self._images: dict[int, int] = {}  # how many each commit should have, less those seen
        self._people = {str(id_) for (id_,) in view.rows(Query("contact"), ("id",))}

    def all(self) -> None:
        kinds = kinds_of(self._view)
        for kind in sorted(kinds, key=lambda kind: (kind != "commit", kind != "contact", kind)):
            tally = Tally()
            for record in self._records(kind, tally):
                fault = fault_of(record)
                if fault:
                    self.faults.append(fault)
                else:
                    self.faults += self._of(record, self._view.kinds[kind])
            if tally.count:
                self.sums[kind] = tally.sum
        for seq, left in self._images.items():
            if left:
                self.faults.append(
                    f"commit #{seq} cannot be undone: it changed {'more' if left > 0 else 'fewer'} "
                    "records than are kept as they were before it"
                )
        self.sums = dict(sorted(self.sums.items()))

    def _records(self, kind: str, tally: Tally) -> Iterator[Record]:
        for record in self._view.scan(kind):
            tally.add(line(record))
            yield record
            self._done += 1
            if self._watch and self._done % BATCH == 0:
                self._watch(self._done, self._total)

    def _of(self, record: Record, kind: Kind) -> Iterator[str]:
        """Yield what is wrong with one record beside others; its document itself is right."""
        if kind.name == "commit":
            yield from self._of_commit(record)
        elif not self._is_there(record.rev):
            yield f"{kind.name} {record.id} was written by commit #{record.rev}, which is not there"
        if kind.name == "before":
            yield from self._of_image(record)
        if "contacts" in kind.fields:
            about = dict.fromkeys(kind.fields["contacts"].of(record.doc))  # type: ignore[arg-type]
            for person in about:
                if person not in self._people:
                    yield f"{kind.name} {record.id} is about contact {person}, who is not there"

    def _of_commit(self, record: Record) -> Iterator[str]:
        doc = record.doc
        seq = doc["seq"]
        if (record.id, record.rev) != (commit_id(seq), seq):
            yield f"commit {record.id} says that it is #{seq}"
        if seq > self._last + 1:
            gap = range(self._last + 1, seq)
            self._missing.append(gap)
            yield (
                f"commit #{gap[0]} is missing"
                if len(gap) == 1
                else (f"commits #{gap[0]} to #{gap[-1]} are missing")
            )
        self._last = max(self._last, seq)
        touched = (*doc.get("changed", {}).values(), *doc.get("deleted", {}).values())
        images = sum(map(len, touched))
        if images:
            self._images[seq] = images

    def _of_image(self, record: Record) -> Iterator[str]:
        number = record.id.partition("-")[0]
        seq = int(number) if number.isdecimal() else 0
        if seq in self._images:
            self._images[seq] -= 1
        else:
            yield f"before {record.id} belongs to no commit"

    def _is_there(self, seq: int) -> bool:
        return seq <= self._last and not any(seq in gap for gap in self._missing)
