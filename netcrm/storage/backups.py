"""The folder of a network's backups: how they are called, when one is due, which ones may go."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from netcrm.storage import files

EVERY: Final = timedelta(hours=20)
"""How old the newest backup is when another one is due (our choice).

Less than a day, so that who works at the same hour each day has one of each day.
"""

_STAMP: Final = "%Y-%m-%dT%H%M%SZ"  # in UTC: it knows no hour twice
_NAME: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d{6}Z)(?:-(\d{1,9}))?(-auto)?(?:\.[\w-]+)*", re.ASCII)


class Backup(NamedTuple):
    """A file in the folder.

    Attributes:
        number: counts those of one second, from 1.
        automatic: it was made without being asked for, and goes when it is old.
    """

    made: datetime
    number: int
    path: Path
    automatic: bool
    size: int


class Backups:
    """The backups of one network. Whatever else is in their folder is left alone.

    Args:
        folder: where they are; it is made when it is needed.
        ending: how the names of new ones end.
    """

    def __init__(self, folder: Path, ending: str) -> None:
        self.folder = folder
        self._ending = ending

    @classmethod
    def beside(cls, path: Path, ending: str = "") -> Backups:
        """Return those of a network that is kept in a file."""
        return cls(files.beside(path, ".backups"), ending)

    def all(self) -> list[Backup]:
        """Return what there is, the newest first."""
        return [found for found in self._found() if not _is_left(found)]

    def everything(self) -> list[Path]:
        """Return also what is no backup but was kept with them: damaged networks."""
        with files.trouble(self.folder, "read"), contextlib.suppress(FileNotFoundError):
            return sorted(path for path in self.folder.iterdir() if _NAME.match(path.name))
        return []

    def due(self, now: datetime) -> bool:
        """Whether there is none of the last 20 hours."""
        return not any(timedelta(0) <= now - found.made < EVERY for found in self.all())

    @contextlib.contextmanager
    def new(self, now: datetime, *, automatic: bool = False, wait: float = 10) -> Iterator[Path]:
        """Give the name for another one; nobody else makes one meanwhile.

        Raises:
            BusyError: somebody else does, for longer than *wait* seconds.
            StorageError: the folder cannot be written.
        """
        files.make_folder(self.folder / "any")
        stamp = now.astimezone(UTC).strftime(_STAMP)
        ending = f"{'-auto' if automatic else ''}{self._ending}"
        with files.locked(self.folder / ".lock", wait=wait):
            taken = {found.number for found in self._found() if found.path.name.startswith(stamp)}
            number = next(number for number in itertools.count(1) if number not in taken)
            yield self.folder / f"{stamp}{f'-{number}' if number > 1 else ''}{ending}"

    def thin(self, keep: int, made: Path) -> None:
        """Remove all but so many automatic ones, and what a crash left of any.

        To be called inside `new`. What was just *made* stays, whatever the clock said before.
        """
        found = self._found()
        old = [one for one in found if one.automatic and not _is_left(one) and one.path != made]
        with files.trouble(self.folder, "thinned out"):
            for one in (*old[keep - 1 :], *filter(_is_left, found)):
                one.path.unlink(missing_ok=True)

    def _found(self) -> list[Backup]:
        """Return every file with a name of ours, the newest first."""
        found = []
        missing = contextlib.suppress(FileNotFoundError)
        with files.trouble(self.folder, "read"), missing, os.scandir(self.folder) as entries:
            for entry in entries:
                match = _NAME.fullmatch(entry.name)
                if match and entry.is_file(follow_symlinks=False):
                    number, automatic = int(match[2] or 1), bool(match[3])
                    size = entry.stat(follow_symlinks=False).st_size
                    with contextlib.suppress(ValueError):  # no such day
                        made = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
                        found.append(Backup(made, number, Path(entry.path), automatic, size))
        return sorted(found, reverse=True)


def _is_left(found: Backup) -> bool:
    """Whether a crash left it before it was whole."""
    return found.path.suffix == ".tmp"
