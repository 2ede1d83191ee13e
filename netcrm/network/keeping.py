"""Backups: making them, seeing that they are whole, and making a network what one says."""

from __future__ import annotations

import contextlib
import glob
import re
import shutil
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from netcrm.errors import BusyError, InvalidError, StorageError
from netcrm.model.text import slug
from netcrm.storage import files, lines, moving
from netcrm.storage.backups import Backups
from netcrm.storage.contract import Storage
from netcrm.storage.files import file_of, path_of
from netcrm.storage.mark import refuse_part
from netcrm.storage.memory import MemoryStorage
from netcrm.storage.moving import Copied, Sum, Watch

Opens = Callable[[Path], Storage]
"""Opens a copy of a network that `Storage.copy_to` has made."""

_PACKED: Final = ".jsonl.gz"
_TRIES: Final = 3
_COMPANIONS: Final = ("", ".bak", "-wal", "-shm", "-journal")
"""What stands beside the file of a network, and belongs to it."""


def backups_of(storage: Storage, folder: Path | None) -> Backups | None:
    """Return the backups of a network: beside its file, or below *folder* if it has none.

    None where there is no place for them.
    """
    path = path_of(storage.location)
    if _files_of(storage):
        known = _copies_itself(storage) and re.fullmatch(r"\.\w+", path.suffix, re.ASCII)
        return Backups.beside(path, path.suffix if known else _PACKED)
    name = f"{slug(storage.location)[:100]}.backups"
    return Backups(folder / name, _PACKED) if folder else None


def copies_of(storage: Storage, folder: Path | None) -> tuple[Path, ...]:
    """Return every copy of a network that netcrm itself has made and left: backups and the like."""
    backups = backups_of(storage, folder)
    found = backups.everything() if backups else []
    if _files_of(storage):
        path = path_of(storage.location)
        found += sorted(path.parent.glob(f"{glob.escape(path.name)}.layout*"))
    return tuple(found)


def remove(copies: Iterable[Path]) -> None:
    """Remove copies of a network; a damaged one is a folder."""
    for path in copies:
        with files.trouble(path, "removed"):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def back_up(
    storage: Storage,
    path: Path,
    *,
    opens: Opens,
    now: datetime,
    thorough: bool = True,
    watch: Watch | None = None,
) -> None:
    """Write everything to a new file, of the same storage if that keeps files, else JSON Lines.

    Args:
        storage: what is backed up.
        path: the file; if its name ends in .jsonl or .jsonl.gz it becomes JSON Lines.
        opens: opens the file, to see that it is whole.
        now: this moment.
        thorough: whether every record is compared; else it is only opened.
        watch: told how far it has come.

    Raises:
        RefusedError: there is such a file already.
        StorageError: it cannot be written, or is not equal.
    """
    if lines.is_lines(path) or not _copies_itself(storage):
        with storage.begin(write=False) as view:
            refuse_part(view, storage.location)
            sums = lines.export(view, path, now=now, watch=watch)
        if _is_equal(path, lambda path: lines.LinesStorage(path, storage.kinds), sums):
            return
    else:
        for _ in range(_TRIES):  # somebody may write between reading and copying
            before = sums_of(storage, watch) if thorough else None
            storage.copy_to(path)
            if _is_equal(path, opens, before):
                return
    raise faulty(path, storage)


def back_up_if_due(
    storage: Storage,
    backups: Backups,
    *,
    keep: int,
    opens: Opens,
    now: datetime,
    watch: Watch | None = None,
) -> Path | None:
    """Make an automatic backup, if there is none of the last 20 hours, and keep so many of them."""
    if not backups.due(now):
        return None
    try:
        with backups.new(now, automatic=True, wait=0) as path:
            if not backups.due(now):
                return None
            back_up(storage, path, opens=opens, now=now, thorough=False, watch=watch)
            backups.thin(keep, path)
            return path
    except BusyError:
        return None  # somebody else makes one


def fill(
    target: Storage,
    source: Storage,
    *,
    backups: Backups | None,
    opens: Opens,
    now: datetime,
    reopen: Callable[[], Storage] | None = None,
    dry_run: bool = False,
    watch: Watch | None = None,
) -> Copied:
    """Make a target equal to a source; what was there is first kept as a backup.

    Args:
        target: what is replaced.
        source: what becomes of it; it is read to its end before anything is done.
        backups: where backups of the target are.
        opens: opens a copy of the target.
        now: this moment.
        reopen: opens the target anew; with it, files that are damaged are set aside.
        dry_run: only count what would be done.
        watch: told how far it has come.

    Raises:
        InvalidError: there is no place for a backup of what is there.
    """
    moving.refuse_same(source, target)
    sums_of(source, watch)
    there = _files_of(target)
    damaged = reopen is not None and bool(there) and not _is_sound(target)
    if dry_run:
        target = MemoryStorage(target.kinds) if damaged else target
        over = moving.newest(target)
        return moving.copy(source, target, now=now, over=over, dry_run=True)
    with contextlib.ExitStack() as held:
        if backups and file_of(source.location) in there:
            with backups.new(now) as path:  # writing to the target changes what stands beside it
                source.copy_to(path)
            source = held.enter_context(closing(opens(path)))
        if damaged and backups and reopen:
            target.close()
            kept: Path | None = _set_aside(there, backups, now)
            return moving.copy(source, reopen(), now=now, kept=kept, watch=watch)
        over = moving.newest(target)
        kept = _keep(target, backups, opens, now) if over is not None else None
        return moving.copy(source, target, now=now, over=over, kept=kept, watch=watch)


def _is_sound(storage: Storage) -> bool:
    """Whether everything can be read, and all that is kept besides is right."""
    try:
        with storage.begin(write=False) as view:
            moving.digest(view)
        return not storage.check()
    except StorageError:
        return False


def _keep(target: Storage, backups: Backups | None, opens: Opens, now: datetime) -> Path:
    if backups is None:
        raise InvalidError(f"{target.location}: name a folder for a backup of it")
    with backups.new(now) as kept:
        back_up(target, kept, opens=opens, now=now)
    return kept


def sums_of(storage: Storage, watch: Watch | None = None) -> dict[str, Sum]:
    """Read everything in a whole network, and return the sum of each kind."""
    with storage.begin(write=False) as view:
        refuse_part(view, storage.location)
        return moving.digest(view, watch)


def faulty(path: Path, storage: Storage) -> StorageError:
    """Return what to raise where a copy in a file is not equal to what it was made of."""
    return StorageError(
        f"{path}: what is read there is not what was written: the disk is faulty, or others write "
        f"to {storage.location} all the time. Try again."
    )


def _is_equal(path: Path, opens: Opens, sums: dict[str, Sum] | None) -> bool:
    """Read a backup again, all of it if there are sums; one that is not as it should be goes."""
    equal = False
    try:
        with closing(opens(path)) as copied:
            moving.newest(copied)
            equal = sums is None or sums_of(copied) == sums
    finally:
        if not equal:
            path.unlink(missing_ok=True)
    return equal


def _copies_itself(storage: Storage) -> bool:
    return type(storage).copy_to is not Storage.copy_to


def _files_of(storage: Storage) -> list[Path]:
    """Return the files of a network that is kept in files."""
    path = path_of(storage.location)
    try:
        return [one for one in (files.beside(path, end) for end in _COMPANIONS) if one.is_file()]
    except (OSError, ValueError):  # it has no name, or one that is too long
        return []


def _set_aside(there: list[Path], backups: Backups, now: datetime) -> Path:
    """Move the files of a network that cannot be read to a folder among its backups."""
    with backups.new(now) as free:
        aside = free.with_name(f"{free.name}-damaged")
        with files.trouble(aside, "made"):
            aside.mkdir(mode=files.PRIVATE_FOLDER)
            for path in there:
                path.rename(aside / path.name)
    return aside
