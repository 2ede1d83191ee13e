"""What people type for a place: a file, or the URL of a storage."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netcrm.errors import InvalidError, StorageError
from netcrm.kinds import KINDS
from netcrm.loading import guarded
from netcrm.plugins import Plugins
from netcrm.storage.contract import Storage
from netcrm.storage.files import file_of, path_at

if TYPE_CHECKING:
    from netcrm.storage.moving import Watch

Location = str | os.PathLike[str]

_URL: Final = re.compile(r"([a-z][a-z0-9+]+):(.*)", re.DOTALL)
_BEGINNINGS: Final = {b"SQLite format 3\0": "sqlite", b'{"netcrm":': "tinydb"}
"""How the files of storages begin, after those of JSON Lines."""
_ENDINGS: Final = {".db": "sqlite", ".sqlite": "sqlite"}
"""What the ending of a file means; any other is that of the default storage."""


def scheme_of(location: Location) -> str:
    """Return the name of the storage that a location means; empty for JSON Lines."""
    return _parts(os.fspath(location))[0]


def _parts(named: str) -> tuple[str, str]:
    """Return the storage that is named, and the rest, which is for it to understand."""
    match = _URL.fullmatch(named)
    return (match[1], match[2]) if match else (_ENDINGS.get(Path(named).suffix, "tinydb"), named)


def shown(location: Location) -> str:
    """Return a location without the password in it, which is nobody's business."""
    return re.sub(r"//.*@", "//...@", os.fspath(location), flags=re.DOTALL)


def resolved(location: Location) -> str:
    """Return a location as it is understood in any folder, without a password."""
    named = os.fspath(location)
    match = _URL.fullmatch(named)
    if match is None:
        return str(path_at(named))
    path = file_of(named)
    return f"{match[1]}:{path.resolve()}" if path else shown(named)


def storage_at(location: Location, plugins: Plugins, *, create: bool) -> Storage:
    """Open the storage at a location: a URL, or a file, whose ending tells its storage."""
    named = os.fspath(location)
    name, rest = _parts(named)
    if not rest and name == "tinydb":
        raise InvalidError("name a file for the network")
    provider = plugins.storage(name)
    with guarded(f"{shown(named)}: storage {name}", StorageError):
        storage = provider.open(rest, KINDS, create)
        if not isinstance(storage, Storage):
            raise TypeError(f"it gave {storage!r}, not a Storage")
    return storage


def existing_at(
    location: Location, plugins: Plugins, *, otherwise: str = "", watch: Watch | None = None
) -> Storage:
    """Open what is at a location to read it; a file is known by what is in it.

    Args:
        location: a file or a URL.
        plugins: where storages are found.
        otherwise: the storage of a file that begins like none that is known.
        watch: told how far JSON Lines are checked.
    """
    from netcrm.storage import files, lines

    named = os.fspath(location)
    if _URL.fullmatch(named):
        return storage_at(named, plugins, create=False)
    path = path_at(named)
    with files.reading(path) as file:
        head = file.read(64)
    if lines.is_lines(path) or lines.begins_like_lines(path):
        return lines.LinesStorage(path, KINDS, watch=watch)
    known = (scheme for begin, scheme in _BEGINNINGS.items() if head.startswith(begin))
    scheme = next(known, otherwise or "tinydb")
    return storage_at(f"{scheme}:{path}", plugins, create=False)


def lines_at(location: Location | Storage) -> Path | None:
    """Return the file of JSON Lines that a location names, by how its name ends; mostly None."""
    if isinstance(location, Storage) or _URL.fullmatch(os.fspath(location)):
        return None
    from netcrm.storage.lines import is_lines

    path = path_at(location)
    return path if is_lines(path) else None


@contextmanager
def held(storage: Storage, given: object) -> Iterator[Storage]:
    """Close a storage in the end, unless it is what was given: then it is its owner's."""
    try:
        yield storage
    finally:
        if storage is not given:
            storage.close()
