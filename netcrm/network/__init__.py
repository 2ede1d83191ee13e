"""The object that an embedder holds. Each of its parts is one file here; it is the only writer."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self
from zoneinfo import ZoneInfo

import attrs

from netcrm.errors import InvalidError, StorageError
from netcrm.kinds import KINDS
from netcrm.model.time import BusinessCalendar, zone
from netcrm.network.core import Setting
from netcrm.network.rhythm import Rhythm
from netcrm.plugins import Plugins, guarded
from netcrm.storage.contract import Storage

if TYPE_CHECKING:
    from netcrm.network.intake import ImportReport

_URL: Final = re.compile(r"([a-z][a-z0-9+]+):(.*)", re.DOTALL)


class Network(Rhythm):
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
        argument: str,
        *,
        dry_run: bool = False,
        watch: Callable[[int, int], None] | None = None,
    ) -> ImportReport:
        """Import from a source that a plugin offers, such as linkedin, as one commit.

        Args:
            source: its name.
            argument: what to read, such as the path of a file.
            dry_run: only say what would come of it.
            watch: told now and then how many rows are done, of how many read so far.

        Raises:
            NotFoundError: no plugin offers such a source.
            InvalidError: nothing can be read there at all.
        """
        from netcrm.network.intake import read, take_in

        provider = self.plugins.source(source)
        batches = list(read(provider, argument))  # before the lock: reading may take its time
        if not any(batch.sightings or batch.problems for batch in batches):
            raise InvalidError(f"{argument}: there is nothing in it to import")
        with self.transaction(f"import {source}", detail=argument, dry_run=dry_run) as receipt:
            assert self._work is not None
            report = take_in(self._work, provider, batches, self.today, watch)
        return attrs.evolve(report, commit=receipt.commit)

    def close(self) -> None:
        """Let go of the storage."""
        self._storage.close()


def open(
    location: str | os.PathLike[str] | Storage = "memory:",
    *,
    tz: str = "",
    plugins: Plugins | Iterable[object] = (),
    calendar: BusinessCalendar | None = None,
    clock: Callable[[], datetime] | None = None,
    create: bool = True,
) -> Network:
    """Open a network.

    Args:
        location: a file, a URL such as `tinydb:people.json` or `memory:`, or a storage.
        tz: the home zone, such as Europe/London; the machine's own without it.
        plugins: plugins to use; none are loaded by themselves.
        calendar: working days; without it all but Saturday and Sunday.
        clock: gives the present moment with a zone; for tests.
        create: make the network if there is none yet.

    Raises:
        StorageError: it cannot be opened; the message says why.
        NotFoundError: no plugin offers the storage that the URL names.
    """
    loaded = plugins if isinstance(plugins, Plugins) else Plugins(plugins)
    if isinstance(location, Storage):
        storage = location
    else:
        named = os.fspath(location)
        match = _URL.fullmatch(named)
        name, rest = (match[1], match[2]) if match else ("tinydb", named)
        if not rest and name == "tinydb":
            raise InvalidError("name a file for the network")
        provider = loaded.storage(name)
        shown = re.sub(r"//[^/@]*@", "//...@", named)  # a password is nobody's business
        with guarded(f"{shown}: storage {name}", StorageError):
            storage = provider.open(rest, KINDS, create)
            if not isinstance(storage, Storage):
                raise TypeError(f"it gave {storage!r}, not a Storage")
    setting = Setting(
        zone=zone(tz) if tz else _home_zone(),
        clock=clock or (lambda: datetime.now(UTC)),
        calendar=calendar or BusinessCalendar(),
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
