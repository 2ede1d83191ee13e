"""A file that is replaced as a whole or not at all, and a lock between programs."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import re
import stat
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from netcrm.errors import BusyError, NetcrmError, RefusedError, StorageError

PRIVATE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
_NETWORKS: Final = (b'{"netcrm":{"checksum"', b"SQLite format 3\0")
_POLL: Final = 0.02
_BINARY: Final = getattr(os, "O_BINARY", 0)  # Windows would change the ends of lines
_AT_ONCE: Final = getattr(os, "O_NONBLOCK", 0)  # opening a pipe would wait for its other end
_CANNOT_LINK: Final = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}

if sys.platform == "win32":
    import msvcrt

    _HELD: Final = {errno.EACCES, errno.EDEADLK}

    def _try_lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    _HELD: Final = {errno.EAGAIN, errno.EWOULDBLOCK}

    def _try_lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def path_at(named: str | os.PathLike[str]) -> Path:
    """Return the file that is named, in full.

    Raises:
        StorageError: no file can be called so.
    """
    try:
        return Path(named).expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as error:  # links in a circle, ~nobody, NUL
        raise StorageError(f"{named!s}: cannot be a file: {error}") from None


def path_of(location: str) -> Path:
    """Return the file that a location would be, if it is one; servers have none."""
    return Path(re.sub(r"^[a-z][a-z0-9+]+:", "", location))


def file_of(location: str) -> Path | None:
    """Return the file in which a network is kept; None if it is not kept in one."""
    path = path_of(location)
    try:
        return path if path.is_file() else None
    except (OSError, ValueError):  # too long for a name, say
        return None


def beside(path: Path, suffix: str) -> Path:
    """Return the file next to *path* whose name is longer by *suffix*."""
    return path.with_name(path.name + suffix)


@contextlib.contextmanager
def trouble(path: Path, doing: str) -> Iterator[None]:
    """Turn what the operating system refuses into one line that names the file."""
    try:
        yield
    except NetcrmError:
        raise
    except OSError as error:
        raise StorageError(
            f"{path}: cannot be {doing}: {error.strerror or error}. Nothing was changed."
        ) from error


@contextlib.contextmanager
def locked(path: Path, *, wait: float) -> Iterator[None]:
    """Hold the lock file *path* alone, waiting up to *wait* seconds for another program.

    The operating system lets go of it when the holder ends, however it ends.
    """
    with trouble(path, "locked"):
        handle = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE)
    try:
        deadline = time.monotonic() + wait
        while not _lock(handle, path):
            if time.monotonic() >= deadline:
                raise BusyError(
                    f"{path}: another program has been writing for {wait:g} s. Try again; "
                    "nothing was lost."
                )
            time.sleep(_POLL)
        yield
    finally:
        with contextlib.suppress(OSError):  # what was written is written
            os.close(handle)


def _lock(handle: int, path: Path) -> bool:
    """Take the lock, or return False if somebody holds it."""
    with trouble(path, "locked"):
        try:
            _try_lock(handle)
        except OSError as error:
            if error.errno not in _HELD:
                raise
            return False
    return True


def exists(path: Path) -> bool:
    """Return whether anything is there; unlike `Path.exists`, False never means "cannot tell"."""
    with trouble(path, "read"):
        try:
            path.stat()
        except FileNotFoundError:
            return False
    return True


def read(path: Path) -> bytes | None:
    """Return what a file holds, or None if there is none; it never waits.

    Raises:
        StorageError: it cannot be read, or is a folder, a pipe or the like.
    """
    with trouble(path, "read"):
        try:
            file = _opened(path)
        except FileNotFoundError:
            return None
        with file:
            return file.read()


def reading(path: Path) -> BinaryIO:
    """Open a file that is read bit by bit.

    Raises:
        StorageError: as for `read`; also where there is none.
    """
    with trouble(path, "read"):
        return _opened(path)


def _opened(path: Path) -> BinaryIO:
    handle = os.open(path, os.O_RDONLY | _BINARY | _AT_ONCE)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise StorageError(f"{path}: is not a file, so it cannot hold a network.")
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def make_folder(path: Path) -> None:
    """Make the folder for *path*, for its owner only, if it is not there."""
    with trouble(path.parent, "made"):
        missing = itertools.takewhile(lambda folder: not folder.exists(), path.parents)
        for folder in reversed(list(missing)):  # parents=True would leave theirs to the umask
            folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def replace(path: Path, content: bytes, *, keep: Path) -> None:
    """Replace *path* by *content*, so that after a crash it holds the old or the new, whole.

    The content goes to a new file, which is synced and then renamed over the old one; then the
    folder is synced. *keep* becomes the old version; where the last step fails it is put back. To
    be called by the holder of the lock: a leftover of a writer that died is removed.
    """
    fresh = beside(path, ".tmp")
    with trouble(path, "written"):
        fresh.unlink(missing_ok=True)
        try:
            _write_synced(fresh, content)
            there = exists(path)
            if there:
                _keep(path, keep)
            fresh.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise
        try:
            _sync_folder(path.parent)
        except OSError as error:
            _take_back(path, keep if there else None, error)
            raise


def create(path: Path, content: bytes) -> None:
    """Make a new file, whole or not at all.

    Raises:
        RefusedError: there is one of that name already.
    """
    with making(path) as file:
        file.write(content)


@contextlib.contextmanager
def making(path: Path, *, over: bool = False) -> Iterator[BinaryIO]:
    """Give a file to be written; it gets its name when it is whole and synced, or never.

    Raises:
        RefusedError: there is one of that name already, and it is not to be written *over*, or it
            holds a network.
    """
    fresh = beside(path, f".{os.getpid()}-{threading.get_ident()}.tmp")  # each its own
    with trouble(path, "written"):
        if not over and exists(path):
            raise RefusedError(f"{path}: is there already. Name another file.")
        if _holds_a_network(path):
            raise RefusedError(f"{path}: holds a network. Name another file.")
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, PRIVATE)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(handle)
            fresh.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def _holds_a_network(path: Path) -> bool:
    """Whether a file begins as those do in which networks are kept, here or by a database."""
    try:
        with path.open("rb") as file:
            return file.read(max(map(len, _NETWORKS))).startswith(_NETWORKS)
    except FileNotFoundError:
        return False


def keep(path: Path, name: Path) -> None:
    """Keep what *path* holds now under another name too, unless there is something already."""
    if not exists(name):
        with trouble(name, "written"):
            _keep(path, name)
            _sync_folder(name.parent)


def _write_synced(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, PRIVATE)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _keep(path: Path, keep: Path) -> None:
    """Make *keep* another name of what *path* holds now; it is the old version after the rename."""
    link = beside(keep, ".tmp")
    link.unlink(missing_ok=True)
    try:
        os.link(path, link)
    except OSError as error:
        if error.errno not in _CANNOT_LINK:
            raise
        _write_synced(link, read(path) or b"")  # as on a memory stick
    link.replace(keep)
    link.unlink(missing_ok=True)  # a rename onto itself leaves both names


def _take_back(path: Path, old: Path | None, error: OSError) -> None:
    """Put the old version back, because it cannot be told whether the new one would last."""
    try:
        if old is None:
            path.unlink()
        else:
            _keep(old, path)
    except OSError:
        raise StorageError(
            f"{path}: was changed, but {error.strerror or error}: after a power cut the change may "
            "be gone. Look after the disk."
        ) from error


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some file systems know no such thing
            raise
    finally:
        os.close(handle)
