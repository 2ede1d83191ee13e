"""Everything as JSON Lines: a file that any program can read, and that is whole or refused.

docs/moving.md describes the format.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, NoReturn

import orjson

from netcrm import __version__
from netcrm.errors import RefusedError, StorageError
from netcrm.storage import files
from netcrm.storage.checking import fault_of
from netcrm.storage.contract import SCHEMA, Kind, Record, Storage, Transaction
from netcrm.storage.mark import MARK
from netcrm.storage.memory import MemoryStorage
from netcrm.storage.migration import forward
from netcrm.storage.moving import BATCH, Sum, Tally, Watch, count, kinds_of, line
from netcrm.storage.query import Where

FORMAT: Final = 1
"""The number of the format of the file; that of the documents in it is `SCHEMA`."""

_File = BinaryIO | gzip.GzipFile
_GZIP: Final = b"\x1f\x8b"
_LONGEST_HEAD: Final = 100_000
_LONGEST_LINE: Final = 1_000_000_000
_LISTED: Final = 3


def is_lines(path: Path) -> bool:
    """Whether a file of this name holds JSON Lines."""
    return path.name.lower().endswith((".jsonl", ".jsonl.gz"))


def begins_like_lines(path: Path) -> bool:
    """Whether a file begins as one of ours does, packed or not."""
    try:
        with _opened(path) as file:
            return file.read(64).startswith(b'{"netcrm":{"format":')
    except (OSError, EOFError, zlib.error):
        return False


def export(
    view: Transaction, path: Path, *, now: datetime, over: bool = False, watch: Watch | None = None
) -> dict[str, Sum]:
    """Write everything to a file, packed where its name ends in .gz; return the sum of each kind.

    Raises:
        RefusedError: there is such a file, and it is not to be written *over*.
        StorageError: it cannot be written.
    """
    if not over:
        refuse_existing(path)
    with files.making(path, over=over) as file:
        if path.suffix.lower() != ".gz":
            return write(view, file, now=now, watch=watch)
        with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
            return write(view, packed, now=now, watch=watch)


def refuse_existing(path: Path) -> None:
    """Refuse to write over a file."""
    if files.exists(path):
        raise RefusedError(f"{path}: is there already. Name another file, or insist: --replace")


def write(
    view: Transaction, file: _File, *, now: datetime, watch: Watch | None = None
) -> dict[str, Sum]:
    """Write everything; return the sum of each kind that has records."""
    counts = count(view)
    total = sum(counts.values())
    whole = hashlib.sha256()
    tallies = {kind: Tally() for kind in counts}
    done = 0

    def put(text: bytes) -> None:
        file.write(text)
        whole.update(text)

    put(_head(now, counts))
    for kind in kinds_of(view):
        for record in view.scan(kind):
            text = line(record)
            tallies[kind].add(text)
            put(text)
            done += 1
            if watch and done % BATCH == 0:
                watch(done, total)
    file.write(_end(done, whole.hexdigest()))
    return {kind: tally.sum for kind, tally in tallies.items()}


def _head(now: datetime, counts: Mapping[str, int]) -> bytes:
    said = {
        "format": FORMAT,
        "layout": SCHEMA,
        "version": __version__,
        "made": now.isoformat(),
        "records": counts,
    }
    return orjson.dumps({"netcrm": said}) + b"\n"


def _end(records: int, sha256: str) -> bytes:
    return orjson.dumps({"end": {"records": records, "sha256": sha256}}) + b"\n"


class LinesStorage(Storage):
    """A file of JSON Lines, to be read.

    Before a transaction gives anything all of the file is read and checked. What is older is
    brought forward in memory.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        kinds: Mapping[str, Kind],
        *,
        watch: Watch | None = None,
    ) -> None:
        self.path = Path(path)
        self.location = str(path)
        self.kinds = kinds
        self._watch = watch

    @contextmanager
    def begin(self, *, write: bool) -> Iterator[Transaction]:
        """Begin to read.

        Raises:
            StorageError: something in the file is wrong; the message names the line.
            RefusedError: it was written by a newer netcrm.
        """
        if write:
            raise RefusedError(
                f"{self.location}: is only read. To write such a file: netcrm export"
            )
        with contextlib.ExitStack() as held:
            with _opened(self.path) as file:
                found = _Reader(self, file, self._watch).all()
            view: Transaction = _LinesTransaction(self, found)
            if found.layout < SCHEMA:
                view = held.enter_context(_forwarded(view, self, found))
            yield view


class _Found(NamedTuple):
    """What a file was found to hold: the lines of each kind, how many and where they begin."""

    layout: int
    stamp: tuple[int, int, int]
    counts: dict[str, int]
    starts: dict[str, int]


class _LinesTransaction(Transaction):
    """The records of a file that was checked."""

    def __init__(self, storage: LinesStorage, found: _Found) -> None:
        self.kinds = storage.kinds
        self._storage = storage
        self._found = found

    def get(self, kind: str, ids: Iterable[str]) -> Iterator[Record]:
        wanted = set(ids)
        return (record for record in self.scan(kind) if record.id in wanted)

    def put(self, records: Iterable[tuple[Record, int]]) -> None:
        raise RefusedError(f"{self._storage.location}: is only read.")

    def delete(self, records: Iterable[Record]) -> None:
        raise RefusedError(f"{self._storage.location}: is only read.")

    def scan(self, kind: str) -> Iterator[Record]:
        if kind not in self._found.starts:
            return
        with _opened(self._storage.path) as file:
            if _stamp(file) != self._found.stamp:
                raise StorageError(f"{self._storage.location}: was changed while it was read.")
            file.seek(self._found.starts[kind])
            for _ in range(self._found.counts[kind]):
                yield Record(**orjson.loads(file.readline()))

    def count(self, kind: str, where: Where | None = None) -> int:
        return super().count(kind, where) if where else self._found.counts.get(kind, 0)


class _Reader:
    """One walk through a file, from the first line to the last; whatever is wrong ends it."""

    def __init__(self, storage: LinesStorage, file: _File, watch: Watch | None) -> None:
        self._location = storage.location
        self._kinds = storage.kinds.keys() - {MARK}
        self._file = file
        self._watch = watch
        self._number = 0
        self._faults: list[str] = []

    def all(self) -> _Found:
        layout, total = self._head()
        whole = hashlib.sha256(self._text)
        counts: dict[str, int] = {}
        starts: dict[str, int] = {}
        last = ("", "")
        at = len(self._text)
        while not self._next().startswith(b'{"end":'):
            whole.update(self._text)
            record = self._record(current=layout == SCHEMA)
            key = (record.kind, record.id)
            if key <= last:
                self._fail("comes twice" if key == last else "is out of order")
            last = key
            starts.setdefault(record.kind, at)
            counts[record.kind] = counts.get(record.kind, 0) + 1
            at += len(self._text)
            done = self._number - 1
            if self._watch and done % BATCH == 0:
                self._watch(done, max(done, total))
        if self._text != _end(self._number - 2, whole.hexdigest()):
            self._fail("the sum of the lines before it does not fit")
        if self._read(1):
            self._fail("should be the last, but is not")
        if self._faults:
            raise StorageError(f"{self._location}: {_listed(self._faults)}. Nothing was changed.")
        return _Found(layout, _stamp(self._file), counts, starts)

    def _head(self) -> tuple[int, int]:
        """Return the number of the layout, and how many records are announced."""
        try:
            said = orjson.loads(self._next())["netcrm"]
            form, layout, counts = said["format"], said["layout"], said["records"]
            total = sum(counts.values())
            known = type(form) is type(layout) is int and form >= 1 and layout >= 1
        except (ValueError, LookupError, TypeError, AttributeError):
            known = False
        if not known:
            self._fail("this is not what netcrm export writes")
        if form > FORMAT or layout > SCHEMA:
            raise RefusedError(
                f"{self._location}: written by a newer netcrm (format {form}, layout {layout}; this"
                f" one knows {FORMAT} and {SCHEMA}). Update netcrm; nothing was changed."
            )
        return layout, total

    def _record(self, *, current: bool) -> Record:
        try:
            said = orjson.loads(self._text)
        except ValueError:
            self._fail("is not JSON")
        if not isinstance(said, dict) or said.keys() != set(Record._fields):
            self._fail("is not an object of kind, id, rev and doc")
        record = Record(**said)
        kind, id, doc, rev = record
        if (type(kind), type(id), type(doc), type(rev)) != (str, str, dict, int) or rev < 1:
            self._fail("its kind, id, rev or doc is not what it should be")
        if current and kind not in self._kinds:
            self._fail(f"there is no kind of record called {kind}")
        if not _says_the_same(self._text, record):
            self._fail("holds what netcrm could not keep as it is")
        if current and (fault := fault_of(record)):
            self._faults.append(f"line {self._number}: {fault}")
        return record

    def _next(self) -> bytes:
        """Read another line, and return it."""
        self._number += 1
        longest = _LONGEST_LINE if self._number > 1 else _LONGEST_HEAD
        self._text = self._read(longest)
        if not self._text.endswith(b"\n"):
            if len(self._text) == longest:
                self._fail("this line is too long")
            empty = self._number == 1 and not self._text
            self._fail("the file is empty" if empty else "the file ends here, so it was cut off")
        return self._text

    def _read(self, longest: int) -> bytes:
        try:
            return self._file.readline(longest)
        except (OSError, EOFError, zlib.error):
            self._fail("from here on the file cannot be read or unpacked")

    def _fail(self, what: str) -> NoReturn:
        advice = "Is it the right file?" if self._number == 1 else "Take another copy of the file."
        raise StorageError(f"{self._location}: line {self._number}: {what}. {advice}")


@contextmanager
def _opened(path: Path) -> Iterator[_File]:
    """Open a file for reading, unpacked if it is packed."""
    with files.reading(path) as file:
        packed = file.read(2) == _GZIP
        file.seek(0)
        if packed:
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield unpacked
        else:
            yield file


def _stamp(file: _File) -> tuple[int, int, int]:
    """Return what shows that a file is the same as before."""
    known = os.fstat(file.fileno())
    return known.st_ino, known.st_size, known.st_mtime_ns


@contextmanager
def _forwarded(old: Transaction, storage: LinesStorage, found: _Found) -> Iterator[Transaction]:
    """Give the records of an older layout as they are today."""
    memory = MemoryStorage(storage.kinds, storage.location)
    with memory.begin(write=True) as view:
        for kind in found.counts:
            view.put((record, 0) for record in old.scan(kind))
        forward(view, found.layout)
        faults = [
            fault for kind in kinds_of(view) for fault in map(fault_of, view.scan(kind)) if fault
        ]
    if faults:
        raise StorageError(f"{storage.location}: {_listed(faults)}. Nothing was changed.")
    with memory.begin(write=False) as view:
        yield view


def _says_the_same(text: bytes, record: Record) -> bool:
    """Whether a line of JSON, however it is spelled, says no more than the record made of it."""
    try:
        again = line(record)
        return again == text or json.loads(again) == json.loads(text, object_pairs_hook=_unique)
    except (TypeError, ValueError, RecursionError):
        return False


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key comes twice")
    return dict(pairs)


def _listed(faults: list[str]) -> str:
    more = f"; and {len(faults) - _LISTED} more" if len(faults) > _LISTED else ""
    return "; ".join(faults[:_LISTED]) + more
