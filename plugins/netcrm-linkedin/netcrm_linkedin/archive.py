"""Where the tables are: in a ZIP, a folder or a file. Nothing is unpacked to disk."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Final, NamedTuple

from netcrm import InvalidError
from netcrm.table import readable, shown
from netcrm_linkedin import tables

MOST_BYTES: Final = 50_000_000
MOST_MESSAGE_BYTES: Final = 200_000_000
MOST_ENTRIES: Final = 2_000
HIGHEST_RATIO: Final = 200
_JUDGED_FROM: Final = 1_000_000
_MOST_DIRECTORY_BYTES: Final = 1_000_000
_CHUNK: Final = 65_536
_LISTED: Final = 8
_SHOWN: Final = 80

_ZIP_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED: Final = 0x1
_PLAIN_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_AGAIN: Final = "download the export from LinkedIn again"
_BY_HAND: Final = "unzip it yourself and import the folder"


class Member(NamedTuple):
    """A table: which it is, its file's name, what to call it in a message, and how to read it."""

    kind: str
    file: str
    called: str
    path: str
    read: Callable[[], bytes]


class Export(NamedTuple):
    """What was found at a path: the tables that are understood, among the names of all files."""

    name: str
    members: tuple[Member, ...]
    names: tuple[str, ...] = ()
    is_single: bool = False

    def all(self, kind: str) -> tuple[Member, ...]:
        """Return the tables of one kind."""
        return tuple(member for member in self.members if member.kind == kind)

    def only(self, kind: str) -> Member | None:
        """Return the table of one kind, or None.

        Raises:
            InvalidError: there are several, and no choice is made between them.
        """
        found = self.all(kind)
        if len(found) > 1:
            raise InvalidError(
                f"{self.name} holds several tables of {kind.replace('_', ' ')} "
                f"({_listed(member.path for member in found)}); import one of them"
            )
        return found[0] if found else None

    def expect(self, kinds: Iterable[str], what: str) -> None:
        """Refuse an export that has no table of these *kinds*."""
        if not any(self.all(kind) for kind in kinds):
            raise InvalidError(
                f"{self.name} holds no {what}, only {_listed(self.names)}; give LinkedIn's ZIP or "
                "the folder it unpacks to, of an export that includes it"
            )


@contextmanager
def opened(path: str) -> Iterator[Export]:
    """Open the export at *path*. Its tables are read when they are asked for.

    Raises:
        InvalidError: there is none, or it cannot be read safely; later also by reading a table.
    """
    name = shown(path)
    with ExitStack() as stack:
        with readable(name):
            export = _export(name, Path(path), stack)
        yield export


def _listed(names: Iterable[str]) -> str:
    """Return some names for a message: a few of them, tables and archives first."""
    every = sorted(names, key=lambda name: (not name.lower().endswith((".csv", ".zip")), name))
    more = f" and {len(every) - _LISTED} more" if len(every) > _LISTED else ""
    return (", ".join(shown(name[-_SHOWN:]) for name in every[:_LISTED]) or "nothing") + more


def _limit(kind: str) -> int:
    return MOST_MESSAGE_BYTES if kind == "messages" else MOST_BYTES


def _export(name: str, place: Path, stack: ExitStack) -> Export:
    if stat.S_ISDIR(place.stat().st_mode):
        return _in_folder(name, place)
    _check_file(name, place)
    file = stack.enter_context(place.open("rb"))
    start = file.read(len(_ZIP_STARTS[0]))
    if start in _ZIP_STARTS:
        file.seek(0)
        with _unzipped(name):
            archive = stack.enter_context(zipfile.ZipFile(_Bounded(name, file)))
            return _in_zip(name, archive)
    if name.lower().endswith(".zip"):
        raise InvalidError(f"{name} is not a ZIP file inside; {_AGAIN}")
    base = shown(place.name)
    data = _file_bytes(name, place, tables.by_name(base))
    kind = tables.by_header(base, data)
    return Export(name, (Member(kind, base, name, base, lambda: data),), (base,), is_single=True)


def _check_file(name: str, place: Path) -> None:
    if not stat.S_ISREG(place.stat().st_mode):
        raise InvalidError(f"{name} is not a file; import LinkedIn's ZIP or a CSV file of it")


def _in_folder(name: str, folder: Path) -> Export:
    """Find the tables in a folder itself; if there is none, in the folders right below it."""
    entries = sorted(folder.iterdir())
    found = _of_folder(entries)
    if not found:
        below = [entry for entry in entries[:MOST_ENTRIES] if entry.is_dir()]
        found = tuple(one for each in below for one in _of_folder(sorted(each.iterdir())))
    return Export(name, found, tuple(entry.name for entry in entries))


def _of_folder(entries: Iterable[Path]) -> tuple[Member, ...]:
    return tuple(
        Member(
            kind,
            entry.name,
            shown(str(entry)),
            f"{entry.parent.name}/{entry.name}",
            partial(_file_bytes, shown(str(entry)), entry, kind),
        )
        for entry in entries
        if (kind := tables.by_name(entry.name))
    )


def _file_bytes(name: str, place: Path, kind: str) -> bytes:
    limit = _limit(kind)
    with readable(name):
        _check_file(name, place)
        with place.open("rb") as file:
            data = file.read(limit + 1)
    if len(data) > limit:
        raise InvalidError(f"{name} is larger than {limit // 1_000_000} MB, too large for a table")
    return data


class _Bounded:
    """A file that gives no more at one time than an honest ZIP needs.

    `zipfile` reads the directory of an archive in one piece and makes an object of each entry
    before anybody can count them.
    """

    def __init__(self, name: str, file: IO[bytes]) -> None:
        self._name = name
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > _MOST_DIRECTORY_BYTES:
            raise InvalidError(
                f"{self._name} holds more than {MOST_ENTRIES:,} files or is damaged; {_BY_HAND}"
            )
        return self._file.read(_MOST_DIRECTORY_BYTES if size < 0 else size)


@contextmanager
def _unzipped(name: str) -> Iterator[None]:
    """Say what it means that a ZIP cannot be read."""
    try:
        yield
    except InvalidError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        OSError,
        RuntimeError,  # NotImplementedError too: a ZIP of a kind that Python does not read
        ValueError,
    ) as error:
        why = shown(str(error)[:_SHOWN] or "cut short")
        raise InvalidError(f"{name} is a damaged ZIP ({why}); {_AGAIN}") from None


def _in_zip(name: str, archive: zipfile.ZipFile) -> Export:
    """Find the tables of a ZIP. Only the last part of an entry's name counts."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise InvalidError(f"{name} holds more than {MOST_ENTRIES:,} files; {_BY_HAND}")
    names = tuple(entry.filename for entry in entries if not entry.is_dir())
    if "xl/workbook.xml" in names:
        raise InvalidError(f"{name} is an Excel workbook; save it as “CSV UTF-8” and import that")
    found = []
    for entry in entries:
        base = _base_name(entry.filename)
        if kind := tables.by_name(base):
            called = f"{shown(entry.filename[-_SHOWN:])} in {name}"
            read = partial(_entry_bytes, name, called, archive, entry, _limit(kind))
            found.append(Member(kind, base, called, entry.filename, read))
    return Export(name, tuple(found), names)


def _base_name(name: str) -> str:
    return re.split(r"[/\\]", name)[-1]


def _check_entry(called: str, entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise InvalidError(f"{called} is locked with a password; {_BY_HAND}")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise InvalidError(f"{called} is only a link to another file; {_BY_HAND}")
    if entry.compress_type not in _PLAIN_METHODS:
        raise InvalidError(f"{called} is compressed in an unusual way; {_BY_HAND}")


def _entry_bytes(
    name: str, called: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int
) -> bytes:
    """Return an entry's bytes, counted as they come: the sizes in an archive may be a lie."""
    _check_entry(called, entry)
    unpacked = io.BytesIO()
    with _unzipped(name), archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            total = unpacked.tell() + unpacked.write(chunk)
            if total > limit:
                raise InvalidError(
                    f"{called} unpacks to more than {limit // 1_000_000} MB, too much for a table"
                )
            if total > _JUDGED_FROM and total > HIGHEST_RATIO * entry.compress_size:
                raise InvalidError(
                    f"{called} unpacks to over {HIGHEST_RATIO} times its size, as only a trap "
                    f"does; {_AGAIN}"
                )
    return unpacked.getvalue()
