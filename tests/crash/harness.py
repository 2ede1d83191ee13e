"""Commits of child processes that die, fail or run out of room, and what must be true afterwards.

A backend is known here by its name; everything else is written against the storage contract.
"""

import errno
import importlib
import os
import random
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from netcrm.kinds import KINDS
from netcrm.plugins import Plugins
from netcrm.storage.contract import SCHEMA, Record, Storage, Transaction
from tests.crash import tracer
from tests.crash.tracer import Made, Strike

PEOPLE = 20
BULK = 200
SOON = 0.1
DEADLINE = 300
"""Seconds after which a child that hangs is ended, and its test fails."""
HINTS = ("Nothing was changed", "changed, but", "ry again", "Copy it back")


class Backend(NamedTuple):
    """A backend that keeps files.

    Attributes:
        name: the scheme of its URLs.
        file: how a file of it is called.
        module: where it says how long it waits for another writer.
        whole: each commit replaces the whole file, and each reading of it checks its checksum.
    """

    name: str
    file: str
    module: str
    whole: bool = False

    def path(self, folder: Path) -> Path:
        return folder / "network" / self.file  # a folder of its own, which it makes

    def open(self, folder: Path) -> Storage:
        return Plugins().storage(self.name).open(str(self.path(folder)), KINDS, True)

    def wait(self, seconds: float) -> None:
        """Let it wait so long for another writer, from now on, in this process."""
        importlib.import_module(self.module).WAIT = seconds

    @contextmanager
    def opened(self, folder: Path) -> Iterator[Storage]:
        """Open a storage for a while: none may be open here while a child is forked."""
        with closing(self.open(folder)) as storage:
            yield storage


BACKENDS = {
    backend.name: backend
    for backend in (
        Backend("tinydb", "network.json", "netcrm.storage.tinydb", whole=True),
        Backend("sqlite", "network.db", "netcrm_sqlite.connections"),
    )
}


# --- what is kept

Contents = dict[tuple[str, str], Record]
Work = Callable[[Storage], None]


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


def put(storage: Storage, *records: Record) -> None:
    """Store records that are new."""
    with storage.begin(write=True) as transaction:
        transaction.put((record, 0) for record in records)


def begin_with(backend: Backend, folder: Path) -> None:
    """Let an empty storage hold some people and what was said."""
    with backend.opened(folder) as storage:
        put(storage, *map(contact, range(PEOPLE)))
        put(storage, *map(interaction, range(PEOPLE)))


def _add(transaction: Transaction) -> None:
    transaction.put([(contact(PEOPLE), 0), (interaction(PEOPLE), 0)])


def _edit(transaction: Transaction) -> None:
    transaction.put([(contact(3, rev=2, note="changed"), 1)])


def _delete(transaction: Transaction) -> None:
    transaction.delete([contact(3), interaction(3)])


def _bulk(transaction: Transaction) -> None:
    transaction.put((contact(n, note="x" * 50), 0) for n in range(1000, 1000 + BULK))


OPERATIONS = {"add": _add, "edit": _edit, "delete": _delete, "bulk": _bulk}


def operation(name: str) -> Work:
    """Return the work that does an operation in a commit."""

    def work(storage: Storage) -> None:
        with storage.begin(write=True) as transaction:
            OPERATIONS[name](transaction)

    return work


def image(path: Path) -> bytes:
    """Return the bytes of a file, but for SQLite's counts of how often it was changed."""
    content = bytearray(path.read_bytes())
    if content.startswith(b"SQLite"):
        content[24:28] = content[40:44] = content[92:96] = bytes(4)
    return bytes(content)


def relabel(path: Path, layout: int) -> None:
    """Let a file say that its documents have another layout."""
    if path.suffix == ".db":
        with closing(sqlite3.connect(path)) as database:
            database.execute(f"PRAGMA user_version = {layout}")
    else:
        path.write_text(path.read_text().replace(f'"schema":{SCHEMA},', f'"schema":{layout},', 1))


# --- processes


class Ending(NamedTuple):
    """How a process ended: what it said, whether it was killed, what it asked of the system."""

    said: list[str]
    killed: bool
    made: list[Made]

    @property
    def done(self) -> bool:
        """Whether it came to know that its commit is kept."""
        return "done" in self.said


Say = Callable[[str], None]


class Child:
    """A process that does some work and says what comes of it, through a pipe."""

    def __init__(self, work: Callable[[Say], Any], *, traced: bool = False) -> None:
        reader, writer = os.pipe()
        self.pid = tracer.fork()
        if not self.pid:
            os.close(reader)
            _work_and_exit(work, writer, traced=traced)
        os.close(writer)
        self.lines = os.fdopen(reader, encoding="utf-8")

    def line(self) -> str:
        """Return what it says next."""
        return self.lines.readline().rstrip("\n")

    def kill(self) -> list[str]:
        """Kill it, at whatever it is doing; return what it said until then."""
        os.kill(self.pid, signal.SIGKILL)
        return self.end().said

    def end(self) -> Ending:
        """Wait until it ends by itself."""
        with self.lines:
            said = self.lines.read().splitlines()
        return Ending(said, _was_killed(os.waitpid(self.pid, 0)[1]), [])

    def struck(self, folder: Path, strike: Strike) -> Ending:
        """Strike at it, if it is traced."""
        with self.lines:
            made, status = tracer.follow(self.pid, str(folder.resolve()), strike)
            return Ending(self.lines.read().splitlines(), _was_killed(status), made)


def _was_killed(status: int) -> bool:
    """Whether a process was killed; one that dies otherwise, as of a crash of its own, was not."""
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _work_and_exit(work: Callable[[Say], Any], writer: int, *, traced: bool) -> None:
    def say(what: str) -> None:
        os.write(writer, what.replace("\n", " ").encode() + b"\n")

    try:
        signal.alarm(DEADLINE)
        if traced:
            tracer.submit()
        work(say)
        say("closed")
    except BaseException as error:
        say(f"{type(error).__name__}: {error}")
    finally:
        os._exit(0)


def commit(backend: Backend, folder: Path, work: Work, strike: Strike | None = None) -> Ending:
    """Do some work, by itself or struck, in a process that says done, then lets go."""

    def attempt(say: Say) -> None:
        backend.wait(SOON)
        with backend.opened(folder) as storage:
            work(storage)
            say("done")

    child = Child(attempt, traced=strike is not None)
    return child.end() if strike is None else child.struck(folder, strike)


# --- what must be true


def check(
    backend: Backend, folder: Path, ending: Ending, before: Contents, after: Contents
) -> None:
    """What was acknowledged is there, nothing half-done is; and the next commit works."""
    with backend.opened(folder) as storage:
        found = contents(storage)
        _check_what_was_said(folder, ending, found, before, after)
        fresh = contact(900_000)
        put(storage, fresh)
        assert contents(storage) == {**found, (fresh.kind, fresh.id): fresh}
        assert storage.check() == []
    check_files(folder)
    for backup in folder.rglob("*.bak"):
        shutil.copy(backup, backup.with_suffix(""))
        with backend.opened(folder) as storage:
            assert contents(storage) == found


def _check_what_was_said(
    folder: Path, ending: Ending, found: Contents, before: Contents, after: Contents
) -> None:
    if ending.done:
        assert found == after
    elif ending.killed:
        assert found in (before, after)
    said = ending.said[-1] if ending.said else ""
    if ending.killed or said == "closed":
        return
    assert said.startswith(("StorageError: ", "BusyError: ")), said
    assert str(folder) in said
    assert any(hint in said for hint in HINTS), said
    if "may have been changed" in said:  # nobody can tell, or take it back
        assert found in (before, after)
    else:
        assert found == (after if ending.done or "was changed, but" in said else before), said


def check_files(folder: Path) -> None:
    """Nothing is left over, and what SQLite wrote is whole."""
    assert [path for path in folder.rglob("*") if path.suffix in (".tmp", ".journal")] == []
    for path in folder.rglob("*.db"):
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def files(folder: Path) -> dict[str, bytes]:
    """Return the names and bytes of all files in a folder."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def sweep(
    backend: Backend,
    begun: Path,
    work: Work,
    mode: str,
    error: int = errno.EIO,
    *,
    most: int | None = None,
    then: Callable[[Path], None] = lambda folder: None,
) -> int:
    """Strike at each system call of a commit in turn, each time on a copy of what was begun.

    Args:
        backend: what keeps it.
        begun: the folder; what is done to it here is done to copies.
        work: what makes the commit.
        mode: how to strike, one of `tracer.MODES`.
        error: what a call fails with.
        most: of more than twice as many calls, strike at so many, always the same.
        then: what else must be true of a folder afterwards.

    Returns:
        How many calls there are.
    """
    with copied(begun) as copy:
        before = _contents_of(backend, copy)
    with copied(begun) as copy:
        usual = commit(backend, copy, work, Strike(0, mode))
        assert usual.said == ["done", "closed"], usual.said
        after = _contents_of(backend, copy)
        with backend.opened(copy) as storage:
            put(storage, contact(900_000))
        names = {*files(copy), f"network/{backend.file}.lock"}
    number = len(usual.made)
    points = range(1, number + 1)
    if most is not None and number > 2 * most:
        points = sorted(random.Random(f"{mode} {error} {number}").sample(points, most))
    for at in points:
        with copied(begun) as copy:
            ending = commit(backend, copy, work, Strike(at, mode, error))
            try:
                assert len(ending.made) >= at, "it was not struck"
                check(backend, copy, ending, before, after)
                assert files(copy).keys() <= names | _could_not_go(ending, copy, at)
                then(copy)
            except Exception as failure:
                failure.add_note(f"{mode} at {at}, {usual.made[at - 1]}: {ending.said}")
                raise
    return number


def _could_not_go(ending: Ending, folder: Path, at: int) -> set[str]:
    """Return the files that were to be removed, but the system refused to."""
    if ending.killed:
        return set()
    refused = {call.path for call in ending.made[at - 1 :] if call.name == "unlink"}
    return {os.path.relpath(path, folder) for path in refused}


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """Give a copy of a folder."""
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    yield copy
    shutil.rmtree(copy)


def _contents_of(backend: Backend, folder: Path) -> Contents:
    with backend.opened(folder) as storage:
        return contents(storage)
