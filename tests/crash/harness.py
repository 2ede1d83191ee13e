"""Processes that die, fail or run out of room in the middle of a commit.

A backend is known here by its name; everything else is written against the storage contract.
"""

import errno
import fcntl
import os
import resource
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from netcrm.errors import StorageError
from netcrm.kinds import KINDS
from netcrm.storage.contract import Record, Storage, Transaction
from netcrm.storage.tinydb import TinyDBStorage

BACKENDS: dict[str, Callable[[Path], Storage]] = {
    "tinydb": lambda folder: TinyDBStorage(folder / "network.json", KINDS)
}
CALLS = {
    fcntl: ("flock",),
    os: (
        "open", "write", "fsync", "close", "replace", "rename", "link", "unlink", "mkdir", "stat",
        "fstat",
    ),
}  # fmt: skip
"""What a commit asks of the operating system, through these modules."""
PEOPLE = 20
BULK = 200

Contents = dict[tuple[str, str], Record]


# --- what is kept


def contact(n: int, rev: int = 1, note: str = "") -> Record:
    doc = {"name": f"Zoë {n}", "handle": f"zoe-{n}", "added_on": "2026-01-02", "note": note}
    return Record("contact", f"c{n:06}", doc, rev)


def interaction(n: int) -> Record:
    doc = {
        "occurred": "2026-01-02",
        "logged_at": "2026-01-02T10:00:00+00:00",
        "participants": [{"contact": f"c{n:06}"}],
    }
    return Record("interaction", f"i{n:06}", doc, 1)


def contents(storage: Storage) -> Contents:
    """Return everything that a storage holds."""
    with storage.begin(write=False) as view:
        return {(kind, record.id): record for kind in KINDS for record in view.scan(kind)}


def begin_with(storage: Storage) -> None:
    """Let an empty storage hold some people and what was said."""
    with storage.begin(write=True) as transaction:
        transaction.put((contact(n), 0) for n in range(PEOPLE))
    with storage.begin(write=True) as transaction:
        transaction.put((interaction(n), 0) for n in range(PEOPLE))


def _add(transaction: Transaction) -> None:
    transaction.put([(contact(PEOPLE), 0), (interaction(PEOPLE), 0)])


def _edit(transaction: Transaction) -> None:
    transaction.put([(contact(3, rev=2, note="changed"), 1)])


def _delete(transaction: Transaction) -> None:
    transaction.delete([contact(3), interaction(3)])


def _bulk(transaction: Transaction) -> None:
    transaction.put((contact(n, note="x" * 50), 0) for n in range(1000, 1000 + BULK))


OPERATIONS = {"add": _add, "edit": _edit, "delete": _delete, "bulk": _bulk}


# --- processes


class Ending(NamedTuple):
    """How a process ended: what it said last, or that it was killed before it said anything."""

    said: str
    killed: bool


class Child:
    """A process that does some work and says what came of it, through a pipe."""

    def __init__(self, work: Callable[[Callable[[str], None]], str]) -> None:
        reader, writer = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # threads of a test runner
            self.pid = os.fork()
        if not self.pid:
            os.close(reader)
            _work_and_exit(work, writer)
        os.close(writer)
        self.lines = os.fdopen(reader, encoding="utf-8")

    def line(self) -> str:
        """Return what it says next."""
        return self.lines.readline().rstrip("\n")

    def kill(self) -> list[str]:
        """Kill it, at whatever it is doing; return what it said until then."""
        os.kill(self.pid, signal.SIGKILL)
        return self._end()[0]

    def end(self) -> Ending:
        """Wait until it ends by itself."""
        said, status = self._end()
        return Ending(said[-1] if said else "", os.WIFSIGNALED(status))

    def _end(self) -> tuple[list[str], int]:
        with self.lines:
            said = self.lines.read().splitlines()
        return said, os.waitpid(self.pid, 0)[1]


def _work_and_exit(work: Callable[[Callable[[str], None]], str], writer: int) -> None:
    write = os.write  # before anybody breaks it

    def say(what: str) -> None:
        write(writer, what.replace("\n", " ").encode() + b"\n")

    try:
        say(work(say))
    except BaseException as error:
        say(f"{type(error).__name__}: {error}")
    finally:
        os._exit(0)


class Faults(NamedTuple):
    """At the n-th system call of a commit die, fail once, or keep failing; at 0 do nothing."""

    at: int
    mode: str
    error: int = errno.EIO

    @contextmanager
    def struck(self) -> Iterator[list[str]]:
        """Break the calls; the list holds the names of those that were made."""
        made: list[str] = []
        for module, names in CALLS.items():
            for name in names:
                setattr(module, name, self._broken(name, getattr(module, name), made))
        yield made

    def _broken(self, name, real, made):
        def call(*args, **options):
            made.append(name)
            if len(made) == self.at or (len(made) > self.at > 0 and self.mode == "keep"):
                if name == "write":  # half of it arrives
                    real(args[0], bytes(args[1])[: len(args[1]) // 2])
                if self.mode == "die":
                    os.kill(os.getpid(), signal.SIGKILL)
                if name == "close":  # which lets go even if it fails
                    real(*args)
                raise OSError(self.error, os.strerror(self.error))
            return real(*args, **options)

        return call


def commit(storage: Storage, operation: str, faults: Faults | None = None) -> Ending:
    """Do an operation in a process of its own; if it comes to the end it says how many calls."""

    def work(_: Callable[[str], None]) -> str:
        with (faults or Faults(0, "once")).struck() as made:
            with storage.begin(write=True) as transaction:
                OPERATIONS[operation](transaction)
            return f"done {len(made)}"

    return Child(work).end()


def commit_within(storage: Storage, operation: str, size: int) -> Ending:
    """Do an operation in a process that may write no file larger than *size*."""

    def work(_: Callable[[str], None]) -> str:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        with storage.begin(write=True) as transaction:
            OPERATIONS[operation](transaction)
        return "done"

    return Child(work).end()


# --- a full disk


def fill(backend: str, folder: Path) -> str:
    """Commit until a small disk is full, make room, go on; return what came of it."""
    storage = BACKENDS[backend](folder)
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(300_000))
    kept: Contents = {}
    for n in range(1000):
        files = {path: path.read_bytes() for path in folder.iterdir()}
        record = contact(n, note="x" * 20_000)
        refusal = _refusal(storage, record)
        if refusal:
            break
        kept[record.kind, record.id] = record
    assert "No space left" in refusal
    assert len(kept) > 3
    assert files == {path: path.read_bytes() for path in folder.iterdir()}
    assert contents(storage) == kept
    ballast.unlink()
    assert not _refusal(storage, record)
    assert contents(storage) == {**kept, (record.kind, record.id): record}
    return f"full after {len(kept)}"


def _refusal(storage: Storage, record: Record) -> str:
    try:
        with storage.begin(write=True) as transaction:
            transaction.put([(record, 0)])
    except StorageError as error:
        return str(error)
    return ""


def fill_small_disk(backend: str, folder: Path) -> subprocess.CompletedProcess[str] | None:
    """Run `fill` on a disk of 1 MB; None where this machine does not let us make one."""
    if shutil.which("unshare") is None:
        return None
    script = 'mount -t tmpfs -o size=1m tmpfs "$1" || exit 77; exec "$2" "$3" "$1" "$4"'
    arguments = [str(folder), sys.executable, __file__, backend]
    ran = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", script, "sh", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    denied = ran.returncode == 77 or "unshare" in ran.stderr
    return None if denied else ran


if __name__ == "__main__":
    print(fill(sys.argv[2], Path(sys.argv[1])))
