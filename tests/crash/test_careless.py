"""The sweep finds out who writes carelessly, and the count of calls who never syncs."""

import contextlib
import os
import sqlite3
import time
from contextlib import contextmanager

import pytest

from netcrm.errors import StorageError
from netcrm.kinds import KINDS
from netcrm.storage import files
from netcrm.storage.contract import Storage
from netcrm.storage.tinydb import Tables, TinyDBTransaction, decode, encode
from tests.crash.harness import (
    BACKENDS,
    Backend,
    begin_with,
    commit,
    contact,
    operation,
    put,
    sweep,
)
from tests.crash.tracer import Strike

pytestmark = pytest.mark.usefixtures("tracing")


# --- a commit is on the disk before it is acknowledged


def _syncs(backend, folder, times, ending=""):
    """Return how often so many commits sync files whose names end so."""

    def work(storage):
        for n in range(times):
            put(storage, contact(500 + n))

    folder = folder / f"{times} times"
    begin_with(backend, folder)
    made = commit(backend, folder, work, Strike(0, "die")).made
    return sum(call.name in ("fsync", "fdatasync") and call.path.endswith(ending) for call in made)


def test_each_commit_is_synced(backend, tmp_path):
    assert _syncs(backend, tmp_path, 6) - _syncs(backend, tmp_path, 1) >= 5


def test_sqlite_syncs_its_log_at_each_commit(tmp_path):
    pytest.importorskip("netcrm_sqlite")
    assert _syncs(BACKENDS["sqlite"], tmp_path, 6, "-wal") >= 6


def test_a_file_is_synced_before_it_is_renamed_and_the_folder_after(tmp_path):
    backend = BACKENDS["tinydb"]
    begin_with(backend, tmp_path)
    made = commit(backend, tmp_path, operation("add"), Strike(0, "die")).made
    path = str(backend.path(tmp_path))
    steps = [(call.name, call.path) for call in made]
    written, synced, renamed, last = (
        steps.index(step)
        for step in (
            ("write", f"{path}.tmp"),
            ("fsync", f"{path}.tmp"),
            ("rename", f"{path}.tmp"),
            ("fsync", str(backend.path(tmp_path).parent)),
        )
    )
    assert written < synced < renamed < last


# --- careless writers: of the file ...


def _in_place(path, content, *, keep):
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(handle, content)
    os.fsync(handle)
    os.close(handle)


def _without_asking(path, content, *, keep):
    with contextlib.suppress(OSError):
        _with_a_traceback(path, content, keep=keep)


def _without_cleaning_up(path, content, *, keep):
    with files.trouble(path, "written"):
        fresh = files.beside(path, f".{time.monotonic_ns()}.tmp")
        _in_place(fresh, content, keep=keep)
        fresh.replace(path)


def _with_a_traceback(path, content, *, keep):
    fresh = files.beside(path, ".tmp")
    _in_place(fresh, content, keep=keep)
    fresh.replace(path)


def _believing_all_was_written(path, content, *, keep):
    with files.trouble(path, "written"):
        _with_a_traceback(path, content, keep=keep)


@pytest.mark.parametrize(
    ("careless", "mode"),
    [
        (_in_place, "die"),
        (_in_place, "half"),
        (_in_place, "once"),
        (_without_asking, "once"),
        (_without_cleaning_up, "die"),
        (_with_a_traceback, "keep"),
        (_believing_all_was_written, "short"),
    ],
)
def test_the_sweep_finds_out_a_careless_writer(tmp_path, monkeypatch, careless, mode):
    backend, begun = BACKENDS["tinydb"], tmp_path / "begun"
    begin_with(backend, begun)
    monkeypatch.setattr(files, "replace", careless)
    with pytest.raises((AssertionError, StorageError)):
        sweep(backend, begun, operation("add"), mode)


# --- ... and of a database, whose calls no Python code sees


class InADatabase(Storage):
    """All tables in a few rows of SQLite, kept with as much care as it is told."""

    def __init__(self, path, *care):
        self.location, self.kinds, self.path, self.care = str(path), KINDS, path, care

    @contextmanager
    def begin(self, *, write):
        files.make_folder(self.path)
        try:
            with contextlib.closing(sqlite3.connect(self.path, isolation_level=None)) as database:
                for pragma in self.care:
                    database.execute(f"PRAGMA {pragma}")
                yield from self._transaction(database, write)
        except (sqlite3.Error, ValueError) as error:
            raise StorageError(f"{self.path}: {error}. Nothing was changed.") from error

    def _transaction(self, database, write):
        database.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        database.execute("CREATE TABLE IF NOT EXISTS line (n INTEGER PRIMARY KEY, said BLOB)")
        rows = database.execute("SELECT said FROM line ORDER BY n").fetchall()
        tables = decode(b"".join(said for (said,) in rows)) if rows else Tables()
        yield (transaction := TinyDBTransaction(KINDS, tables))
        if write:
            content = encode(tables, transaction.changed)
            parts = [content[start : start + 500] for start in range(0, len(content), 500)]
            database.execute("DELETE FROM line")
            database.executemany("INSERT INTO line (said) VALUES (?)", [(part,) for part in parts])
            database.execute("COMMIT")


class Careless(Backend):
    """A database kept with less care than it needs."""

    care = ("journal_mode=WAL",)

    def open(self, folder):
        return InADatabase(self.path(folder), *self.care)


@pytest.fixture
def database():
    return Careless("", "network.db", "tests.crash.harness")


@pytest.mark.parametrize("mode", ["die", "half"])
def test_the_sweep_finds_nothing_where_sqlite_keeps_a_journal(tmp_path, database, mode):
    begin_with(database, tmp_path / "begun")
    assert sweep(database, tmp_path / "begun", operation("delete"), mode) > 5


@pytest.mark.parametrize("mode", ["die", "half"])
def test_the_sweep_finds_out_a_database_without_a_journal(tmp_path, monkeypatch, database, mode):
    monkeypatch.setattr(Careless, "care", ("journal_mode=MEMORY",))
    begin_with(database, tmp_path / "begun")
    with pytest.raises((AssertionError, StorageError)):
        sweep(database, tmp_path / "begun", operation("delete"), mode)


def test_the_count_of_syncs_finds_out_a_database_that_never_syncs(tmp_path, monkeypatch, database):
    assert _syncs(database, tmp_path / "begun", 2) > 0
    monkeypatch.setattr(Careless, "care", ("journal_mode=WAL", "synchronous=OFF"))
    assert _syncs(database, tmp_path / "again", 2) == 0
