"""New files, which get their name when they are whole: a first commit, or a copy."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from netcrm import RefusedError, StorageError
from netcrm.storage import files
from netcrm_sqlite import connections
from netcrm_sqlite.connections import trouble


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let nobody else make a file meanwhile, and remove what is left of those who died making it.

    It may be there by now, made by somebody who was quicker.
    """
    files.make_folder(path)
    lock = files.beside(path, ".lock")
    with files.locked(lock, wait=connections.WAIT):
        if not files.exists(path):
            sweep(path)
        yield
        with contextlib.suppress(OSError):
            if files.exists(path):  # so whoever waits for the lock has no use for it
                lock.unlink()


@contextlib.contextmanager
def making(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to a new file; it gets its name when all went well, or is removed.

    So SQLite keeps no journal, and writes everything once.

    Raises:
        RefusedError: there is such a file already.
    """
    fresh = files.beside(path, f".{os.getpid()}-{threading.get_ident()}.tmp")
    with files.trouble(path, "written"):
        if files.exists(path):
            raise RefusedError(f"{path}: is there already. Name another file.")
        fresh.unlink(missing_ok=True)
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, files.PRIVATE))
    try:
        with trouble(path):
            connection = sqlite3.connect(fresh, isolation_level=None)
        with contextlib.closing(connection):
            with trouble(path):
                connection.execute("PRAGMA journal_mode = OFF").fetchone()
                connection.execute("PRAGMA synchronous = OFF")
            yield connection
            with trouble(path):
                connection.execute("PRAGMA journal_mode = WAL").fetchone()
        with files.trouble(path, "written"):
            _sync(fresh)
            fresh.replace(path)
    finally:
        sweep(path, fresh.name)
    try:
        files._sync_folder(path.parent)
    except OSError as error:
        raise StorageError(
            f"{path}: was changed, but {error.strerror or error}: after a power cut the change may "
            "be gone. Look after the disk."
        ) from error


def copy(connection: sqlite3.Connection, path: Path) -> None:
    """Write what a transaction that reads sees to a new file, whole or not at all.

    Raises:
        RefusedError: there is such a file already.
    """
    with making(path) as target, trouble(path):
        connection.backup(target)


def sweep(path: Path, name: str = "") -> None:
    """Remove what was left by those who died while they made a file. Nobody may be making it now.

    With *name*, only what belongs to the file of that name is removed.
    """
    with contextlib.suppress(OSError):  # they are in nobody's way
        for left in list(path.parent.iterdir()):
            if left.name.startswith(name or f"{path.name}.") and left.suffix.startswith(".tmp"):
                with contextlib.suppress(OSError):
                    left.unlink()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
