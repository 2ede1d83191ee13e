"""Connections to a file that holds a network, and what SQLite complains of, in our words."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from netcrm import BusyError, StorageError
from netcrm.storage import files

APPLICATION: Final = 0x6E657463
"""The number that tells our files from those of other programs: "netc"."""
PAGE: Final = 4096
"""Bytes that SQLite writes at once: what most file systems do at once."""
WAIT: Final = 10.0
"""Seconds to wait for another writer (our choice)."""

_PRAGMAS: Final = (
    "synchronous = FULL",  # what is committed is on the disk
    "secure_delete = ON",  # what is deleted is written over
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "mmap_size = 0",  # with it, a disk that fails would end the program
)
_LONG: Final = 200
_BUSY: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DISK: Final = {
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}  # fmt: skip
# What SQLite takes back then may have reached the disk.
_UNSYNCED: Final = {sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC}


@contextlib.contextmanager
def trouble(path: Path) -> Iterator[None]:
    """Turn what SQLite complains of into one line that names the file."""
    try:
        yield
    except sqlite3.ProgrammingError:  # as of who reads on after the end of a transaction
        raise
    except (sqlite3.Error, UnicodeDecodeError) as error:  # what a damaged file says may be no text
        code = getattr(error, "sqlite_errorcode", 0)
        if code & 0xFF in _BUSY:
            raise BusyError(
                f"{path}: another program has been writing for {WAIT:g} s. Try again; "
                "nothing was lost."
            ) from error
        what = "read or written" if code & 0xFF in _DISK else "understood"
        why = " ".join(str(error).split())[:_LONG]
        outcome = "Nothing was changed."
        if code in _UNSYNCED:
            outcome = "It may have been changed: look before you try again."
        raise StorageError(f"{path}: cannot be {what}: {why}. {outcome}") from error


def connect(path: Path) -> sqlite3.Connection:
    """Open a file that netcrm has made; where it may not be written to, it can only be read.

    Raises:
        StorageError: it is something else, and was left as it is; or it cannot be read.
    """
    with files.trouble(path, "read"):
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise StorageError(f"{path}: is not a file, so it cannot hold a network.")
    with trouble(path):
        if _application(path) != APPLICATION:
            raise StorageError(f"{path}: holds no network. It was left as it is.")
        if about.st_size % PAGE and not _is_logged(path):  # SQLite takes what is missing for zeros
            raise StorageError(f"{path}: cannot be understood: it is cut off. Nothing was changed.")
        writes = writable(path)
        connection = _open(path, "rw" if writes else _looking(path))
        try:
            if writes:
                connection.execute("PRAGMA journal_mode = WAL").fetchone()
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}").fetchone()
        except BaseException:
            connection.close()
            raise
    return connection


def writable(path: Path) -> bool:
    """Whether a file, and those beside it, may be written to."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _application(path: Path) -> int:
    """Return whose file it is, without writing to it: another's may need to be recovered first.

    SQLite is asked, because a program that closes a file itself loses SQLite's locks on it.
    """
    with contextlib.suppress(sqlite3.Error):  # somebody may have begun to write to it just now
        return _look(path)
    return _look(path)


def _look(path: Path) -> int:
    with contextlib.closing(_open(path, _looking(path))) as connection:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        return int(application)


def _looking(path: Path) -> str:
    """Return the mode that changes nothing at all: without a log, nobody else is writing."""
    return "ro" if _is_logged(path) else "ro&immutable=1"


def _is_logged(path: Path) -> bool:
    """Whether somebody has it open, or did not close it: all that is new stands in a log."""
    return files.exists(files.beside(path, "-wal"))


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.as_uri()}?mode={mode}",
        uri=True,
        timeout=WAIT,
        isolation_level=None,
        check_same_thread=False,
    )
