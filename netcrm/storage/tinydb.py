"""The default storage: one file that people can read, kept with TinyDB and never half-written."""

from __future__ import annotations

import contextlib
import gc
import os
import zlib
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import orjson
import tinydb
from tinydb.table import Document, Table

from netcrm.errors import ConflictError, RefusedError, StorageError
from netcrm.storage import files
from netcrm.storage.contract import (
    SCHEMA,
    Doc,
    Kind,
    Record,
    Storage,
    StorageProvider,
    Transaction,
)

WAIT: Final = 10.0
"""Seconds to wait for another writer (our choice)."""

_LARGE: Final = 20_000_000
"""Bytes from which on another backend is advised: about 3,000 people and 50,000 interactions."""

_Table = dict[str, dict[str, Any]]
_HEAD: Final = b'{"netcrm":'
_SORTED: Final = orjson.OPT_SORT_KEYS


class Tables(dict[str, _Table]):
    """The tables of a file, each read from its bytes when it is first asked for."""

    def __init__(
        self, sections: Mapping[str, bytes | memoryview] | None = None, schema: int = SCHEMA
    ) -> None:
        super().__init__()
        self.sections = dict(sections or {})
        self.schema = schema

    def __missing__(self, kind: str) -> _Table:
        collecting = gc.isenabled()
        gc.disable()  # a large table makes many objects, none of them garbage
        try:
            table: _Table = orjson.loads(self.sections[kind])
        finally:
            if collecting:
                gc.enable()
        self[kind] = table
        return table

    def table(self, kind: str) -> _Table:
        """Return a table, empty if there is none."""
        return self[kind] if kind in self or kind in self.sections else {}


class _Held(tinydb.Storage):
    """What TinyDB reads and writes within one transaction: the tables, held in memory."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def read(self) -> Tables:
        return self.tables

    def write(self, data: dict[str, _Table]) -> None:
        """Take what TinyDB wrote: it changes the tables in place."""


class _OwnIds(Table):
    document_id_class = str  # type: ignore[assignment] # our own ids, never TinyDB's counters


class TinyDBTransaction(Transaction):
    """The tables of one file as they were when the transaction began, and changes to them."""

    def __init__(self, kinds: Mapping[str, Kind], tables: Tables) -> None:
        self.kinds = kinds
        self.tables = tables
        self.changed: set[str] = set()
        database = tinydb.TinyDB(storage=lambda: _Held(tables))
        database.table_class = _OwnIds
        self._table = database.table

    def get(self, kind: str, ids: Iterable[str]) -> Iterator[Record]:  # noqa: D102
        table = self._table(kind)
        for record_id in dict.fromkeys(ids):
            found = table.get(doc_id=record_id)  # type: ignore[call-overload]
            if isinstance(found, Document):
                yield Record(kind, record_id, found["doc"], found["rev"])

    def put(self, records: Iterable[tuple[Record, int]]) -> None:  # noqa: D102
        by_kind: dict[str, dict[str, tuple[Record, int]]] = {}
        for record, over in records:
            by_kind.setdefault(record.kind, {})[record.id] = (record, over)
        for kind, written in by_kind.items():
            self._check(kind, {record_id: over for record_id, (_, over) in written.items()})
            self._remove(kind, [record_id for record_id, (_, over) in written.items() if over])
            self._table(kind).insert_multiple(
                Document({"doc": record.doc, "rev": record.rev}, record.id)  # type: ignore[arg-type]
                for record, _ in written.values()
            )
            self.changed.add(kind)

    def delete(self, records: Iterable[Record]) -> None:  # noqa: D102
        by_kind: dict[str, dict[str, int]] = {}
        for record in records:
            by_kind.setdefault(record.kind, {})[record.id] = record.rev
        for kind, revisions in by_kind.items():
            self._check(kind, revisions, there=True)
            self._remove(kind, list(revisions))

    def scan(self, kind: str) -> Iterator[Record]:  # noqa: D102
        for record_id, found in sorted(self.tables.table(kind).items()):
            yield Record(kind, record_id, found["doc"], found["rev"])

    def pairs(self, kind: str) -> Iterator[tuple[str, Doc]]:  # noqa: D102
        for record_id, found in sorted(self.tables.table(kind).items()):
            yield record_id, found["doc"]

    def _remove(self, kind: str, ids: list[str]) -> None:
        if ids:
            self._table(kind).remove(doc_ids=ids)  # type: ignore[arg-type]
            self.changed.add(kind)

    def _check(self, kind: str, expected: Mapping[str, int], *, there: bool = False) -> None:
        table = self.tables.table(kind)
        for record_id, rev in expected.items():
            found = table.get(record_id, {"rev": 0})["rev"]
            if found != rev or (there and not found):
                raise ConflictError(f"{kind} {record_id} was changed since it was read")


class TinyDBStorage(Storage):
    """One JSON file, a record a line, for its owner only.

    A commit writes a new file beside it and renames it over the old one, under a lock between
    programs; the version before stays in a file that ends in `.bak`. Each read checks a checksum.
    It serves well up to about 3,000 people and 50,000 interactions, because each commit writes the
    whole file.
    """

    def __init__(
        self, path: str | os.PathLike[str], kinds: Mapping[str, Kind], *, create: bool = True
    ) -> None:
        self.path = files.path_at(path)
        self.location = str(self.path)
        self.kinds = kinds
        self.backup = files.beside(self.path, ".bak")
        self._lock = files.beside(self.path, ".lock")
        if not create and not files.exists(self.path) and not files.exists(self.backup):
            raise StorageError(
                f"{self.path}: there is no network here yet. Make one with: netcrm init"
            )

    @contextmanager
    def begin(self, *, write: bool) -> Iterator[TinyDBTransaction]:
        """Begin on the file as it is now; a writer holds the lock from before reading it."""
        with contextlib.ExitStack() as held:
            if write:
                files.make_folder(self.path)
                held.enter_context(files.locked(self._lock, wait=WAIT))
            tables = self._read()
            transaction = TinyDBTransaction(self.kinds, tables)
            if tables.schema < SCHEMA:
                self._forward(transaction, tables.schema, keep=write)
            yield transaction
            if write and transaction.changed:
                files.replace(
                    self.path, encode(transaction.tables, transaction.changed), keep=self.backup
                )

    def copy_to(self, path: Path) -> None:  # noqa: D102
        with self.begin(write=False) as view:
            files.create(path, encode(view.tables, view.changed))

    def scrub(self) -> str:
        """Let the version before be that of now."""
        with files.locked(self._lock, wait=WAIT):
            content = files.read(self.path)
            if content is not None:
                files.replace(self.path, content, keep=self.backup)
        return ""

    def advice(self) -> str:  # noqa: D102
        size = self.path.stat().st_size if files.exists(self.path) else 0
        if size < _LARGE:
            return ""
        beside = self.path.with_suffix(".db")
        return (
            f"{self.path} has grown to {size / 1e6:.0f} MB, and each change writes all of it anew. "
            f"SQLite does not: netcrm copy {self.path} sqlite:{beside}"
        )

    def _forward(self, transaction: TinyDBTransaction, schema: int, *, keep: bool) -> None:
        """Bring an older layout forward; who reads does so in memory, the next commit stores it."""
        from netcrm.storage.migration import forward

        if keep:
            files.keep(self.path, files.beside(self.path, f".layout{schema}"))
        forward(transaction, schema)

    def _read(self) -> Tables:
        try:
            content = files.read(self.path)
        except StorageError as error:
            raise StorageError(f"{error}{self._advice()}") from error
        if content is None and files.exists(self.backup):
            raise StorageError(
                f"{self.path}: is gone, but {self.backup} holds the version before it. "
                "Copy it back, or remove it too to begin anew."
            )
        try:
            return Tables() if content is None else decode(content)
        except RefusedError as error:
            raise RefusedError(f"{self.path}: {error}") from None
        except ValueError as error:
            raise StorageError(
                f"{self.path}: cannot be understood: {error}. Nothing was changed.{self._advice()}"
            ) from None

    def _advice(self) -> str:
        with contextlib.suppress(OSError):
            if files.exists(self.backup):
                return (
                    f" The version before the last change is in {self.backup}. To go back to it: "
                    f"netcrm restore {self.backup}"
                )
        return ""


def encode(tables: Tables, changed: Container[str] | None = None) -> bytes:
    """Return the bytes of a file: a head, then a section for each table with a record a line.

    The head holds the schema, a checksum of all that follows, and the sections' sizes. The same
    tables give the same bytes. Of those read from a file only the *changed* are written anew.
    """
    sections: dict[str, bytes | memoryview] = {}
    for kind in sorted({*tables, *tables.sections}):
        if changed is None or kind in changed or kind not in tables.sections:
            if tables.table(kind):
                sections[kind] = _section(tables[kind])
        else:
            sections[kind] = tables.sections[kind]
    body = b"".join(b',\n"%s":%s' % (kind.encode(), section) for kind, section in sections.items())
    body += b"}\n"
    head = {
        "checksum": f"{zlib.crc32(body):08x}",
        "schema": SCHEMA,
        "sizes": {kind: len(section) for kind, section in sections.items()},
    }
    return _HEAD + orjson.dumps(head) + body


def _section(table: _Table) -> bytes:
    lines = (
        b"\n%s:%s" % (orjson.dumps(record_id), orjson.dumps(record, option=_SORTED))
        for record_id, record in sorted(table.items())
    )
    return b"{%s\n}" % b",".join(lines)


def decode(content: bytes) -> Tables:
    """Return the tables in the bytes of a file.

    Raises:
        RefusedError: the file was written by a newer netcrm.
        ValueError: it is damaged, was changed by hand, or is something else.
    """
    if not content.strip():
        raise ValueError("the file is empty")
    line_end = content.find(b"}}", len(_HEAD)) + 2
    if not content.startswith(_HEAD) or line_end < len(_HEAD):
        raise ValueError("it does not begin like a network")
    head = orjson.loads(content[len(_HEAD) : line_end])
    schema = head.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        raise RefusedError(
            f"written by a newer netcrm (layout {schema}, this one knows {SCHEMA}). "
            "Update netcrm; nothing was changed."
        )
    if not isinstance(schema, int) or schema < 1:
        raise ValueError(f"layout {schema!r} is unknown")
    body = memoryview(content)[line_end:]
    if head.get("checksum") != f"{zlib.crc32(body):08x}":
        raise ValueError("its checksum does not fit: it is damaged, or was changed by hand")
    return Tables(_cut(memoryview(content), line_end, head.get("sizes")), schema)


def _cut(content: memoryview, start: int, sizes: Any) -> dict[str, memoryview]:
    """Return the sections, whose bytes are known to be whole, by their sizes."""
    sections = {}
    try:
        for kind, size in sizes.items():
            name = b',\n"%s":' % kind.encode()
            begin = start + len(name)
            start = begin + size
            sections[kind] = content[begin:start]
            if content[begin - len(name) : begin] != name:
                break
        else:
            if bytes(content[start:]) == b"}\n":
                return sections
    except (AttributeError, TypeError):
        pass
    raise ValueError("the sizes in its head are wrong")


PROVIDER = StorageProvider(
    name="tinydb",
    summary="One readable file (the default)",
    open=lambda rest, kinds, create: TinyDBStorage(rest, kinds, create=create),
)
