"""Where the connections are: in a ZIP, a folder or a file. Nothing is unpacked to disk."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Final

from netcrm import InvalidError

MOST_BYTES: Final = 50_000_000
MOST_ENTRIES: Final = 2_000
HIGHEST_RATIO: Final = 200
_JUDGED_FROM: Final = 1_000_000
_MOST_DIRECTORY_BYTES: Final = 1_000_000
_CHUNK: Final = 65_536
_LISTED: Final = 8
_SHOWN: Final = 80

_CONNECTIONS: Final = re.compile(r"connections(_[0-9]+)?\.csv", re.IGNORECASE)
_ZIP_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED: Final = 0x1
_PLAIN_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_AGAIN: Final = "download the export from LinkedIn again"
_ASK: Final = "ask LinkedIn for an export that includes your connections"
_BY_HAND: Final = "unzip it yourself and import its Connections.csv"


def find(path: str) -> tuple[str, bytes]:
    """Return the connections at *path*: what to call them in a message, and their bytes.

    Raises:
        InvalidError: there are none, or they cannot be read safely.
    """
    name = shown(path)
    try:
        place = Path(path)
        mode = place.stat().st_mode
        if stat.S_ISDIR(mode):
            place = _in_folder(name, place)
            name = shown(str(place))
            mode = place.stat().st_mode
        if not stat.S_ISREG(mode):
            raise InvalidError(f"{name} is not a file; import LinkedIn's ZIP or Connections.csv")
        with place.open("rb") as file:
            return _in_file(name, file)
    except InvalidError:
        raise
    except FileNotFoundError:
        raise InvalidError(f"{name} does not exist; check its spelling and its folder") from None
    except PermissionError:
        raise InvalidError(f"{name}: you may not read it; change its permissions") from None
    except (OSError, ValueError) as error:
        why = (isinstance(error, OSError) and error.strerror) or error
        raise InvalidError(f"{name} cannot be read ({why}); copy it elsewhere first") from None


def shown(name: str) -> str:
    """Return a file's name as it may stand in a message of one line."""
    return name if name.isprintable() and name else ascii(name)


def _listed(names: Iterable[str]) -> str:
    """Return some names for a message: a few of them, tables and archives first."""
    every = sorted(names, key=lambda name: (not name.lower().endswith((".csv", ".zip")), name))
    more = f" and {len(every) - _LISTED} more" if len(every) > _LISTED else ""
    return (", ".join(shown(name[-_SHOWN:]) for name in every[:_LISTED]) or "nothing") + more


def _only(name: str, found: list[str], names: Iterable[str], advice: str) -> str:
    """Return the only name that was found among *names*; no choice is made between two."""
    if len(found) > 1:
        raise InvalidError(
            f"{name} holds several lists of connections ({_listed(found)}); import one of them"
        )
    if not found:
        raise InvalidError(f"{name} holds no Connections.csv, only {_listed(names)}; {advice}")
    return found[0]


def _in_folder(name: str, folder: Path) -> Path:
    names = [entry.name for entry in folder.iterdir()]
    found = [each for each in names if _CONNECTIONS.fullmatch(each)]
    return folder / _only(name, found, names, "give LinkedIn's ZIP or the folder it unpacks to")


def _in_file(name: str, file: IO[bytes]) -> tuple[str, bytes]:
    start = file.read(len(_ZIP_STARTS[0]))
    file.seek(0)
    if start in _ZIP_STARTS:
        return _in_zip(name, file)
    if name.lower().endswith(".zip"):
        raise InvalidError(f"{name} is not a ZIP file inside; {_AGAIN}")
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InvalidError(f"{name} is larger than 50 MB, too large for a list of connections")
    return name, data


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


def _in_zip(name: str, file: IO[bytes]) -> tuple[str, bytes]:
    try:
        with zipfile.ZipFile(_Bounded(name, file)) as archive:
            member = _member(name, archive)
            called = _called(name, member)
            return called, _bytes(called, archive, member)
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


def _member(name: str, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return the entry that holds the connections. Only the last part of an entry's name counts."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise InvalidError(f"{name} holds more than {MOST_ENTRIES:,} files; {_BY_HAND}")
    names = [entry.filename for entry in entries if not entry.is_dir()]
    if "xl/workbook.xml" in names:
        raise InvalidError(f"{name} is an Excel workbook; save it as “CSV UTF-8” and import that")
    found = [entry for entry in entries if _CONNECTIONS.fullmatch(_base_name(entry.filename))]
    _only(name, [entry.filename for entry in found], names, _ASK)
    entry = found[0]
    called = _called(name, entry)
    if entry.flag_bits & _ENCRYPTED:
        raise InvalidError(f"{called} is locked with a password; {_BY_HAND}")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise InvalidError(f"{called} is only a link to another file; {_BY_HAND}")
    if entry.compress_type not in _PLAIN_METHODS:
        raise InvalidError(f"{called} is compressed in an unusual way; {_BY_HAND}")
    return entry


def _called(name: str, entry: zipfile.ZipInfo) -> str:
    return f"{shown(entry.filename[-_SHOWN:])} in {name}"


def _base_name(name: str) -> str:
    return re.split(r"[/\\]", name)[-1]


def _bytes(called: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Return an entry's bytes, counted as they come: the sizes in an archive may be a lie."""
    unpacked = io.BytesIO()
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            total = unpacked.tell() + unpacked.write(chunk)
            if total > MOST_BYTES:
                raise InvalidError(f"{called} unpacks to more than 50 MB, too much for connections")
            if total > _JUDGED_FROM and total > HIGHEST_RATIO * member.compress_size:
                raise InvalidError(
                    f"{called} unpacks to over {HIGHEST_RATIO} times its size, as only a trap "
                    f"does; {_AGAIN}"
                )
    return unpacked.getvalue()
