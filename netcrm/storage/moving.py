"""Making one storage equal to another, whatever keeps them, and the sums that prove it."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable, Generator, Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from netcrm.errors import BusyError, ConflictError, RefusedError, StorageError
from netcrm.storage.contract import Record, Storage, Transaction
from netcrm.storage.files import file_of
from netcrm.storage.mark import MARK, mark, mark_of, refuse_part, unmark
from netcrm.storage.query import Query

BATCH: Final = 10_000
"""How many records are written in one transaction (our choice)."""

Watch = Callable[[int, int], None]
"""Told now and then how much is done, of how much."""

_SORTED: Final = orjson.OPT_SORT_KEYS
# What a terminal would obey, or some programs take for the end of a line, as it is in UTF-8.
_ODD: Final = re.compile(
    rb"\x7f|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]"
)


class Sum(NamedTuple):
    """How many records of a kind there are, and the SHA-256 of their lines in order of id."""

    records: int
    sha256: str


class Copied(NamedTuple):
    """What a copy came to.

    Attributes:
        sums: what there is now, by kind; both sides are equal.
        written: how many records were not there already.
        removed: how many were there and should not be.
        kept: where a backup is of what was replaced, if anything was.
    """

    sums: Mapping[str, Sum]
    written: int
    removed: int
    kept: Path | None = None

    @property
    def records(self) -> dict[str, int]:
        """How many records there are of each kind."""
        return {kind: found.records for kind, found in self.sums.items()}


class Tally:
    """Counts lines, and sums them up."""

    def __init__(self) -> None:
        self.count = 0
        self._sha256 = hashlib.sha256()

    def add(self, line: bytes) -> None:
        """Take a line in."""
        self.count += 1
        self._sha256.update(line)

    @property
    def sum(self) -> Sum:
        """What it comes to so far."""
        return Sum(self.count, self._sha256.hexdigest())


def line(record: Record) -> bytes:
    """Return a record as a line of JSON. Equal records give equal lines.

    Keys are sorted, and what a terminal would obey is escaped.
    """
    kind, id, doc, rev = record
    text = b'{"kind":%s,"id":%s,"rev":%d,"doc":%s}\n' % (
        orjson.dumps(kind),
        orjson.dumps(id),
        rev,
        orjson.dumps(doc, option=_SORTED),
    )
    return text if text.isascii() and b"\x7f" not in text else _ODD.sub(_escape, text)


def _escape(found: re.Match[bytes]) -> bytes:
    return b"\\u%04x" % ord(found[0].decode())


def kinds_of(view: Transaction) -> list[str]:
    """Return the kinds that make up a network, in the order in which they are moved."""
    return sorted(kind for kind in view.kinds if kind != MARK)


def count(view: Transaction) -> dict[str, int]:
    """Return how many records there are of each kind that has any."""
    counts = {kind: view.count(kind) for kind in kinds_of(view)}
    return {kind: number for kind, number in counts.items() if number}


def digest(view: Transaction, watch: Watch | None = None) -> dict[str, Sum]:
    """Return the sum of each kind that has records. Those with equal sums are equal."""
    total = sum(count(view).values()) if watch else 0
    tallies: dict[str, Tally] = {}
    done = 0
    for kind in kinds_of(view):
        for record in view.scan(kind):
            tallies.setdefault(kind, Tally()).add(line(record))
            done += 1
            if watch and done % BATCH == 0:
                watch(done, total)
    return {kind: tally.sum for kind, tally in tallies.items()}


def newest(storage: Storage) -> int | None:
    """Return the number of the newest commit; None if nothing is there, or only part of a copy."""
    with storage.begin(write=False) as view:
        return None if mark_of(view) else _newest(view)


def _newest(view: Transaction) -> int | None:
    last = Query("commit", order=(("seq", True),), limit=1)
    for (seq,) in view.rows(last, ("seq",)):
        return int(seq or 0)
    holds = any(True for kind in kinds_of(view) for _ in view.find(Query(kind, limit=1)))
    return 0 if holds else None


def copy(
    source: Storage,
    target: Storage,
    *,
    now: datetime,
    over: int | None = None,
    kept: Path | None = None,
    dry_run: bool = False,
    watch: Watch | None = None,
) -> Copied:
    """Make a target equal to a source, as it is at one moment: the same ids, revisions, documents.

    While that is under way the target is marked. Who begins again goes on: what is there and equal
    is not written again, what is there and should not be is removed. At the end both sides are
    read and compared, and only then the mark goes.

    Args:
        source: what is only read.
        target: what becomes equal to it.
        now: this moment, for the mark.
        over: what may be replaced: a network whose newest commit has this number; see `newest`.
        kept: where a backup of that is, for the mark.
        dry_run: only count what would be done.
        watch: told how many records are done; each counts twice, copied and compared.

    Raises:
        RefusedError: the target holds a network, or the source is only part of one.
        BusyError: somebody writes to the target too.
        StorageError: one of them cannot be read or written, or the copy is not equal.
    """
    refuse_same(source, target)
    with source.begin(write=False) as view:
        refuse_part(view, source.location)
        leveller = _Leveller(view, target, dry_run, watch)
        with target.begin(write=not dry_run) as there:
            kept = _refuse_to_replace(there, target.location, over) or kept
            if not dry_run:
                mark(there, _said(source.location, now, kept))
        if dry_run:
            sums = leveller.all()
        else:
            with _unfinished(target):
                sums = leveller.all()
                _prove(sums, target, watch)
    return Copied(sums, leveller.written, leveller.removed, kept)


def refuse_same(one: Storage, other: Storage) -> None:
    """Refuse two storages that are one file, however each is spelled."""
    first, second = file_of(one.location), file_of(other.location)
    if one is other or (first and second and first.samefile(second)):
        raise RefusedError(f"{other.location}: cannot be copied onto itself. Name another place.")


def _said(location: str, now: datetime, kept: Path | None) -> dict[str, Any]:
    said = {"from": location, "begun": now.isoformat(), "kept": str(kept or "")}
    # A path may be no text.
    return {key: text.encode(errors="backslashreplace").decode() for key, text in said.items()}


def _refuse_to_replace(there: Transaction, location: str, over: int | None) -> Path | None:
    """Return where a backup is, if a copy before this one has begun to replace something."""
    begun = mark_of(there)
    if begun is not None:
        kept = begun.doc.get("kept")
        return Path(kept) if kept else None
    found = _newest(there)
    if found is None or found == over:
        return None
    if over is None:
        raise RefusedError(
            f"{location}: holds a network already. Name an empty place; or, to replace what is "
            "there: netcrm copy --replace, netcrm restore"
        )
    raise BusyError(f"{location}: was changed meanwhile. Nothing is replaced; try again.")


@contextlib.contextmanager
def _unfinished(target: Storage) -> Iterator[None]:
    """Say of whatever goes wrong that the target is not whole, and how to go on."""
    advice = f"{target.location} is not whole now; run the same again to go on."
    try:
        yield
    except ConflictError as error:
        raise BusyError(f"{target.location}: somebody else writes to it too. {advice}") from error
    except (BusyError, StorageError) as error:
        said = str(error).removesuffix(" Nothing was changed.")
        raise type(error)(f"{said} {advice}") from error


class _Leveller:
    """Makes a target level with a view, kind after kind, many records in each transaction."""

    def __init__(
        self, view: Transaction, target: Storage, dry_run: bool, watch: Watch | None
    ) -> None:
        self._view = view
        self._target = target
        self._dry_run = dry_run
        self._watch = watch
        self._total = sum(count(view).values()) if watch else 0
        self._done = 0
        self.written = 0
        self.removed = 0

    def all(self) -> dict[str, Sum]:
        """Level every kind; return the sums of the view."""
        sums = {}
        for kind in kinds_of(self._view):
            tally = Tally()
            with contextlib.closing(self._read(kind, tally)) as ours:
                self._kind(kind, ours)
            if tally.count:
                sums[kind] = tally.sum
        return sums

    def _read(self, kind: str, tally: Tally) -> Generator[Record, None, None]:
        for record in self._view.scan(kind):
            tally.add(line(record))
            yield record

    def _kind(self, kind: str, ours: Iterator[Record]) -> None:
        """Level one kind. Both sides are read in order of id, and at most a batch of each is held.

        In each step that part of both is settled which cannot be touched by what follows.
        """
        now: list[Record] = []
        behind: tuple[str] | None = None
        while True:
            now += islice(ours, BATCH - len(now))
            with self._target.begin(write=not self._dry_run) as there:
                was = list(there.find(Query(kind, limit=BATCH, after=behind)))
                end = min((some[-1].id for some in (now, was) if len(some) == BATCH), default=None)
                settled = [record for record in now if end is None or record.id <= end]
                old = {record.id: record for record in was if end is None or record.id <= end}
                self._settle(there, settled, old)
            if end is None:
                return
            now = now[len(settled) :]
            behind = (end,)

    def _settle(self, there: Transaction, now: list[Record], was: dict[str, Record]) -> None:
        """Put what differs, delete what should not be there."""
        puts = []
        for record in now:
            old = was.pop(record.id, None)
            if old is None or line(old) != line(record):  # to Python 1, 1.0 and True are equal
                puts.append((record, old.rev if old else 0))
        if not self._dry_run:
            there.put(puts)
            there.delete(was.values())
        self.written += len(puts)
        self.removed += len(was)
        self._done += len(now)
        if self._watch:
            self._watch(self._done, 2 * self._total)


def _prove(sums: Mapping[str, Sum], target: Storage, watch: Watch | None) -> None:
    """Compare what was read with what is stored now; where it is equal the target is whole."""

    def further(done: int, total: int) -> None:
        if watch:
            watch(total + done, 2 * total)

    with target.begin(write=True) as there:
        stored = digest(there, further if watch else None)
        unequal = [kind for kind in kinds_of(there) if stored.get(kind) != sums.get(kind)]
        if unequal:
            raise StorageError(
                f"{target.location}: the copy is not equal, in {', '.join(unequal)}: somebody else "
                "writes to it, or it does not keep what it is given."
            )
        unmark(there)
