"""Copying a network to another place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from netcrm.errors import StorageError
from netcrm.kinds import KINDS
from netcrm.network.keeping import backups_of, faulty, fill, sums_of
from netcrm.network.places import (
    Location,
    existing_at,
    held,
    lines_at,
    scheme_of,
    shown,
    storage_at,
)
from netcrm.plugins import Plugins
from netcrm.storage import lines, moving
from netcrm.storage.contract import Storage
from netcrm.storage.mark import refuse_part
from netcrm.storage.memory import MemoryStorage
from netcrm.storage.moving import Copied, Watch


def copy(
    source: Location | Storage,
    target: Location | Storage,
    *,
    replace: bool = False,
    plugins: Plugins | Iterable[object] = (),
    folder: Path | None = None,
    dry_run: bool = False,
    watch: Watch | None = None,
) -> Copied:
    """Copy a network to another place, history and all; then both are read, and compared.

    If it is broken off the target is refused until the same copy is run again, which goes on where
    it stopped.

    Args:
        source: where the network is: a file, a URL, a file of JSON Lines, a backup, a storage.
        target: where it is to be; a name that ends in .jsonl or .jsonl.gz means JSON Lines.
        replace: replace a network that is there; it is backed up before.
        plugins: plugins to use; none are loaded by themselves.
        folder: where the folder of backups is, if what is replaced is not kept in a file.
        dry_run: only count what would be done.
        watch: told now and then how many records are done, of how many.

    Raises:
        RefusedError: there is a network at the target, or it is the source itself.
    """
    loaded = plugins if isinstance(plugins, Plugins) else Plugins(plugins)
    now = datetime.now(UTC)
    origin = source if isinstance(source, Storage) else existing_at(source, loaded, watch=watch)
    with held(origin, source):
        path = lines_at(target)
        if path is not None:
            return _copy_out(origin, path, now=now, over=replace, dry_run=dry_run, watch=watch)
        with held(_place(target, loaded, dry_run=dry_run), target) as place:
            if not replace:
                return moving.copy(origin, place, now=now, dry_run=dry_run, watch=watch)
            scheme = "" if isinstance(target, Storage) else scheme_of(target)
            return fill(
                place,
                origin,
                backups=backups_of(place, folder),
                opens=lambda path: existing_at(path, loaded, otherwise=scheme),
                now=now,
                dry_run=dry_run,
                watch=watch,
            )


def _place(target: Location | Storage, plugins: Plugins, *, dry_run: bool) -> Storage:
    """Open what is to be filled; a dry run makes nothing."""
    if isinstance(target, Storage):
        return target
    try:
        return storage_at(target, plugins, create=not dry_run)
    except StorageError:
        if not dry_run:
            raise
        return MemoryStorage(KINDS, shown(target))


def _copy_out(
    source: Storage, path: Path, *, now: datetime, over: bool, dry_run: bool, watch: Watch | None
) -> Copied:
    """Write a file of JSON Lines, and read it again."""
    moving.refuse_same(source, lines.LinesStorage(path, source.kinds))
    with source.begin(write=False) as view:
        refuse_part(view, source.location)
        if dry_run:
            if not over:
                lines.refuse_existing(path)
            sums = moving.digest(view, watch)
        else:
            sums = lines.export(view, path, now=now, over=over, watch=watch)
    if not dry_run and sums_of(lines.LinesStorage(path, source.kinds, watch=watch)) != sums:
        raise faulty(path, source)
    return Copied(sums, sum(found.records for found in sums.values()), 0)
