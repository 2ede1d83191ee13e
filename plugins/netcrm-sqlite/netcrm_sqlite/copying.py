"""Files that get their name when they are whole: copies of an open network."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from pathlib import Path

from netcrm import RefusedError
from netcrm.storage import files
from netcrm_sqlite.connections import trouble


def copy(connection: sqlite3.Connection, path: Path) -> None:
    """Write what a transaction sees to a new file, whole or not at all.

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
            with trouble(path), contextlib.closing(sqlite3.connect(fresh)) as target:
                target.execute("PRAGMA journal_mode = OFF")  # half of it is of no use
                target.execute("PRAGMA synchronous = FULL")
                connection.backup(target)
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        files._sync_folder(path.parent)


def sweep(path: Path) -> None:
    """Remove what is left of those who died while they made a file. Nobody may be making it now."""
    with files.trouble(path, "written"):
        for left in path.parent.iterdir():
            if left.name.startswith(f"{path.name}.") and left.suffix == ".tmp":
                left.unlink(missing_ok=True)
