"""The object that an embedder holds. Each of its parts is one file here; it is the only writer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self
from zoneinfo import ZoneInfo

import attrs

from netcrm.errors import InvalidError
from netcrm.model.time import BusinessCalendar, zone
from netcrm.network.core import Setting
from netcrm.network.places import Location, existing_at, held, scheme_of, storage_at
from netcrm.network.syncing import Syncing
from netcrm.plugins import Plugins
from netcrm.storage.contract import Storage
from netcrm.storage.files import file_of, path_at, path_of

if TYPE_CHECKING:
    from netcrm.network.intake import ImportReport
    from netcrm.storage.backups import Backup
    from netcrm.storage.checking import Verified
    from netcrm.storage.moving import Copied, Watch


class Network(Syncing):
    """A person's professional network: who they know, who introduced whom, what was said when.

    Made by `netcrm.open`. Names, handles, ids and contacts are accepted wherever a person is meant;
    a name that fits several people raises AmbiguousError. It is not for use by several threads at
    once; open one for each.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def import_from(
        self,
        source: str,
        argument: Location,
        *,
        options: Mapping[str, str] | None = None,
        dry_run: bool = False,
        watch: Watch | None = None,
    ) -> ImportReport:
        """Import from a source that a plugin offers, such as linkedin, as one commit.

        Args:
            source: its name.
            argument: what to read, such as the path of a file.
            options: what the source is to know besides; which there are, the source says.
            dry_run: only say what would come of it.
            watch: told now and then how many rows are done, of how many read so far.

        Raises:
            NotFoundError: no plugin offers such a source.
            InvalidError: nothing can be read there at all.
        """
        from netcrm.network.intake import read, remembered, take_in

        provider = self.plugins.source(source)
        argument = os.fspath(argument)
        with self._reading() as view:
            known = {one.name: one.said for one in remembered(view, source)}
        # Before the lock: reading may take its time.
        batches = list(read(provider, argument, options or {}, known))
        if not any(one.sightings or one.exchanges or one.problems or one.notes for one in batches):
            raise InvalidError(f"{argument}: there is nothing in it to import")
        with self.transaction(f"import {source}", detail=argument, dry_run=dry_run) as receipt:
            assert self._work is not None
            report = take_in(self._work, provider, batches, self.now(), watch)
        return attrs.evolve(report, commit=receipt.commit)

    def export(
        self,
        file: Location | BinaryIO,
        *,
        replace: bool = False,
        watch: Watch | None = None,
    ) -> dict[str, int]:
        """Write everything to a file of JSON Lines; return how many records there are of each kind.

        Args:
            file: a path, packed if the name ends in .gz; or what is open for writing bytes.
            replace: write over a file that is there.
            watch: told now and then how many records are done, of how many.

        Raises:
            RefusedError: there is such a file.
        """
        from netcrm.storage.lines import export, write

        with self._reading() as view:
            if isinstance(file, str | os.PathLike):
                sums = export(view, path_at(file), now=self.now(), over=replace, watch=watch)
            else:
                sums = write(view, file, now=self.now(), watch=watch)
        return {kind: found.records for kind, found in sums.items()}

    def backup(
        self,
        path: Location | None = None,
        *,
        folder: Path | None = None,
        watch: Watch | None = None,
    ) -> Path:
        """Make a backup, read it again to see that it is equal, and return its path.

        A network in a file becomes a file of the same sort; one on a server becomes JSON Lines, as
        does every other one where the name of the file says so.

        Args:
            path: the file; without it, a new one in the folder of this network's backups.
            folder: where that folder is, if the network is not kept in a file.
            watch: told now and then how many records are done, of how many.

        Raises:
            RefusedError: there is such a file.
        """
        from netcrm.network.keeping import back_up, backups_of

        self._refuse_to_be_part("a backup")
        now = self.now()
        if path is not None:
            made = path_at(path)
            back_up(self._storage, made, opens=self._open_copy, now=now, watch=watch)
            return made
        backups = backups_of(self._storage, folder)
        if backups is None:
            raise InvalidError(f"{self.location}: is not kept in a file; name one for the backup")
        with backups.new(now) as made:
            back_up(self._storage, made, opens=self._open_copy, now=now, watch=watch)
        return made

    def backups(self, folder: Path | None = None) -> list[Backup]:
        """Return the backups in the folder of this network's backups, the newest first.

        Args:
            folder: where that folder is, if the network is not kept in a file.
        """
        from netcrm.network.keeping import backups_of

        found = backups_of(self._storage, folder)
        return found.all() if found else []

    def restore(
        self,
        source: Location | Storage,
        *,
        folder: Path | None = None,
        dry_run: bool = False,
        watch: Watch | None = None,
    ) -> Copied:
        """Make this network what a backup says, history and all; what is here now is kept.

        Whatever goes wrong in the middle, the network is refused until it is restored again. What
        keeps out people forgotten since stays; see `returned` for those who are back by this.

        Args:
            source: a backup, a file of JSON Lines or any other network.
            folder: where the folder of backups is, if the network is not kept in a file.
            dry_run: only count what would be done.
            watch: told now and then how many records are done, of how many.
        """
        from netcrm.network.keeping import backups_of, fill

        self._refuse_to_be_part("restoring")
        forgotten = self._marks()
        self._whole = False  # to be seen next time
        with held(self._existing(source, watch), source) as origin:
            copied = fill(
                self._storage,
                origin,
                backups=backups_of(self._storage, folder),
                opens=self._open_copy,
                now=self.now(),
                reopen=self._reopen if self._setting.scheme else None,
                dry_run=dry_run,
                watch=watch,
            )
        if not dry_run:
            self._keep_marks(forgotten)
        return copied

    def verify(self, watch: Watch | None = None) -> Verified:
        """Read everything, and return sums of it and what is wrong.

        Every record must fit the model, everybody whom a record is about must be there, and so must
        all that undo needs.
        """
        from netcrm.storage.checking import verify

        with self._reading() as view:
            return verify(self._storage, view, watch)

    def close(self) -> None:
        """Let go of the storage. Where `open` was asked to keep backups, one is made if it is due.

        Raises:
            StorageError: the backup cannot be made. What was stored is stored.
        """
        try:
            if self.changed:
                self.backup_if_due(self._setting.backups)
        finally:
            self._storage.close()

    def backup_if_due(self, keep: int, *, watch: Watch | None = None) -> Path | None:
        """Make a backup if there is none of the last 20 hours, and keep so many made like this.

        Returns:
            The backup; None if there was nothing to do, as for a network that is kept in no file.
        """
        if keep < 1:
            return None
        from netcrm.network.keeping import back_up_if_due, backups_of

        backups = backups_of(self._storage, None)
        if backups is None:
            return None
        opens = self._open_copy
        return back_up_if_due(
            self._storage, backups, keep=keep, opens=opens, now=self.now(), watch=watch
        )

    def _existing(self, source: Location | Storage, watch: Watch | None = None) -> Storage:
        if isinstance(source, Storage):
            return source
        ours = self._setting.scheme if file_of(self.location) else ""
        return existing_at(source, self.plugins, otherwise=ours, watch=watch)

    def _open_copy(self, path: Path) -> Storage:
        return self._existing(path)

    def _reopen(self) -> Storage:
        location = f"{self._setting.scheme}:{path_of(self.location)}"
        self._storage = storage_at(location, self.plugins, create=True)
        return self._storage


def open(
    location: Location | Storage = "memory:",
    *,
    tz: str = "",
    plugins: Plugins | Iterable[object] = (),
    calendar: BusinessCalendar | None = None,
    clock: Callable[[], datetime] | None = None,
    create: bool = True,
    backups: int = 0,
    questions: Path | None = None,
) -> Network:
    """Open a network.

    Args:
        location: a file, a URL such as `tinydb:people.json` or `memory:`, or a storage. A file that
            ends in .db or .sqlite is a SQLite one.
        tz: the home zone, such as Europe/London; the machine's own without it.
        plugins: plugins to use; none are loaded by themselves.
        calendar: working days; without it all but Saturday and Sunday.
        clock: gives the present moment with a zone; for tests.
        create: make the network if there is none yet.
        questions: a file of questions of your own for interviews, one on each line.
        backups: on closing, back up a file that was changed, once a day, and keep so many.

    Raises:
        StorageError: it cannot be opened; the message says why.
        NotFoundError: no plugin offers the storage that the URL names.
    """
    loaded = plugins if isinstance(plugins, Plugins) else Plugins(plugins)
    if isinstance(location, Storage):
        storage, scheme = location, ""
    else:
        storage, scheme = storage_at(location, loaded, create=create), scheme_of(location)
    setting = Setting(
        zone=zone(tz) if tz else _home_zone(),
        clock=clock or (lambda: datetime.now(UTC)),
        calendar=calendar or BusinessCalendar(),
        scheme=scheme,
        backups=backups,
        questions=questions,
    )
    return Network(storage, setting, loaded)


def _home_zone() -> ZoneInfo:
    """Return the machine's zone by its IANA name; UTC where it does not tell."""
    name = os.environ.get("TZ", "").removeprefix(":")
    if not name:
        link = Path("/etc/localtime")
        _, _, name = str(link.resolve()).partition("zoneinfo/") if link.exists() else ("", "", "")
    try:
        return zone(name or "UTC")
    except InvalidError:
        return zone("UTC")
