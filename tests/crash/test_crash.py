"""What was acknowledged is there, whatever happens in the middle of a commit.

`NETCRM_CRASH=long pytest tests/crash` tries many more ways.
"""

import contextlib
import errno
import itertools
import os
import random
import shutil
import signal
import time

import pytest

from netcrm import codec
from netcrm.codec import CLASSES
from netcrm.errors import StorageError
from netcrm.storage import files
from netcrm.storage.contract import Record

pytest.importorskip("fcntl", reason="needs POSIX")

from tests.crash import harness
from tests.crash.harness import (
    BACKENDS,
    OPERATIONS,
    Child,
    Faults,
    begin_with,
    commit,
    commit_within,
    contact,
    contents,
)

LONG = os.environ.get("NETCRM_CRASH") == "long"
ERRORS = ("ENOSPC", "EIO", "EACCES", "EROFS", "EMFILE") if LONG else ("ENOSPC",)
KILLS = 300 if LONG else 10
ROOMS = 10 if LONG else 3
WRITERS = ((2, 100), (4, 50)) if LONG else ((2, 50),)


@pytest.fixture(params=BACKENDS)
def backend(request):
    return request.param


@pytest.fixture
def begun(backend, tmp_path):
    """A folder with a storage that some commits were made to."""
    folder = tmp_path / "begun"
    begin_with(BACKENDS[backend](folder))
    return folder


def copies(folder):
    """Give one copy of a folder after another."""
    for n in itertools.count():
        copy = folder.with_name(f"copy{n}")
        yield shutil.copytree(folder, copy)
        shutil.rmtree(copy)


def check(storage, folder, ending, before, after):
    """What was acknowledged is there, nothing half-done is; and the next commit works."""
    found = contents(storage)
    if ending.killed:
        assert found in (before, after)
    elif ending.said.startswith("done"):
        assert found == after
    else:
        assert ending.said.startswith("StorageError: "), ending.said
        assert str(folder) in ending.said
        # Where even taking it back failed, it says that it was changed.
        assert found == (after if "was changed, but" in ending.said else before), ending.said
    fresh = contact(900_000)
    with storage.begin(write=True) as transaction:
        transaction.put([(fresh, 0)])
    assert contents(storage) == {**found, (fresh.kind, fresh.id): fresh}
    assert not list(folder.glob("*.tmp"))
    for backup in folder.glob("*.bak"):
        shutil.copy(backup, folder / backup.stem)
        assert contents(storage) == found


def sweep(backend, begun, operation, mode, error=errno.EIO):
    """Strike at the first system call of a commit, at the second, ... until none is left to strike.

    Returns how many there were.
    """
    before = contents(BACKENDS[backend](begun))
    after = None
    for at, folder in zip(itertools.count(), copies(begun)):
        storage = BACKENDS[backend](folder)
        ending = commit(storage, operation, Faults(at, mode, error))
        if after is None:  # nothing is struck the first time
            assert ending.said.startswith("done"), ending
            after = contents(storage)
            assert after != before
            continue
        check(storage, folder, ending, before, after)
        if ending.said.startswith("done") and int(ending.said.split()[1]) < at:
            return at - 1
    raise AssertionError


# --- R1, R5: at every system call


@pytest.mark.parametrize("mode", ["die", "once", "keep"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_commit_is_whole_or_not_at_all(backend, begun, operation, mode):
    assert sweep(backend, begun, operation, mode) > 10  # or the harness strikes at nothing


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("mode", ["once", "keep"])
@pytest.mark.parametrize("operation", OPERATIONS if LONG else ["add"])
def test_every_error_is_told_and_changes_nothing(backend, begun, operation, mode, error):
    assert sweep(backend, begun, operation, mode, getattr(errno, error)) > 10


@pytest.mark.parametrize("mode", ["die", "once", "keep"])
def test_the_first_commit_is_whole_or_not_at_all(backend, tmp_path, mode):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert sweep(backend, empty, "bulk", mode) > 10


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


@pytest.mark.parametrize(
    ("careless", "mode"),
    [
        (_in_place, "die"),
        (_in_place, "once"),
        (_without_asking, "once"),
        (_without_cleaning_up, "die"),
        (_with_a_traceback, "keep"),
    ],
)
def test_the_sweep_finds_out_a_careless_writer(begun, monkeypatch, careless, mode):
    monkeypatch.setattr(files, "replace", careless)
    with pytest.raises((AssertionError, StorageError)):
        sweep("tinydb", begun, "add", mode)


# --- R2: at any moment


def _expected(last):
    """Return what is there after commit number *last*: five people, and who was last."""
    people = [contact(n) for n in range(max(0, last - 4), last + 1)]
    records = [
        *people,
        Record("cadence", "last", {"name": "", "selector": f"tag:{last}"}, last + 1),
    ]
    return {(record.kind, record.id): record for record in records} if last >= 0 else {}


def _last(storage):
    marks = [record.rev for (kind, _), record in contents(storage).items() if kind == "cadence"]
    return marks[0] - 1 if marks else -1


def _commit_on(storage):
    def work(say):
        for n in itertools.count(_last(storage) + 1):
            was, now = _expected(n - 1), _expected(n)
            with storage.begin(write=True) as transaction:
                transaction.put(
                    (record, was[key].rev if key in was else 0)
                    for key, record in now.items()
                    if record != was.get(key)
                )
                transaction.delete([record for key, record in was.items() if key not in now])
            say(str(n))
        return "never"

    return work


def test_kill_9_loses_nothing_that_was_acknowledged(backend, tmp_path):
    storage, moments = BACKENDS[backend](tmp_path / "killed"), random.Random(20260314)
    acknowledged, number = -1, 0
    for _ in range(KILLS):
        child = Child(_commit_on(storage))
        if moments.random() < 0.9:
            acknowledged = int(child.line())  # so that not all die while they begin
        time.sleep(moments.uniform(0, 0.1))
        said = child.kill()
        number += len(said)
        acknowledged = int(said[-1]) if said else acknowledged
        last = _last(storage)
        assert last in (acknowledged, acknowledged + 1)
        assert contents(storage) == _expected(last)
        acknowledged = last
    assert number > KILLS


# --- R4: no room


def test_no_room_is_told_and_changes_nothing(backend, begun):
    storage = BACKENDS[backend](begun)
    before = contents(storage)
    largest = max(path.stat().st_size for path in begun.iterdir())
    for room in range(ROOMS):
        files = {path: path.read_bytes() for path in begun.iterdir()}
        ending = commit_within(storage, "add", largest * room // (ROOMS - 1))
        assert ending.said.startswith("StorageError: "), ending
        assert "File too large" in ending.said
        assert files == {path: path.read_bytes() for path in begun.iterdir()}
        assert contents(storage) == before
    assert commit(storage, "add").said.startswith("done")
    assert len(contents(storage)) == len(before) + 2


@pytest.mark.skipif(not LONG, reason="only in the long run")
def test_a_full_disk_is_told_and_changes_nothing(backend, tmp_path):
    ran = harness.fill_small_disk(backend, tmp_path)
    if ran is None:
        pytest.skip("no disk can be made here")
    assert ran.stdout.startswith("full after"), ran.stderr


# --- R6: several writers


def _count_up(storage, name, times):
    def work(_):
        for n in range(times):
            with storage.begin(write=True) as transaction:
                (before,) = transaction.get("cadence", ["sum"])
                doc = {**before.doc, "priority": before.doc["priority"] + 1}
                transaction.put([(before._replace(doc=doc, rev=before.rev + 1), before.rev)])
                transaction.put([(contact(name * 1000 + n), 0)])
        return "done"

    return work


@pytest.mark.parametrize(("writers", "times"), WRITERS)
def test_several_writers_lose_nothing(backend, tmp_path, writers, times):
    storage = BACKENDS[backend](tmp_path)
    doc = {"name": "", "selector": "all", "priority": 0}
    with storage.begin(write=True) as transaction:
        transaction.put([(Record("cadence", "sum", doc, 1), 0)])
    own = [BACKENDS[backend](tmp_path) for _ in range(writers)]
    children = [Child(_count_up(each, name, times)) for name, each in enumerate(own)]
    assert [child.end().said for child in children] == ["done"] * writers
    found = contents(storage)
    assert found.pop(("cadence", "sum")).doc["priority"] == writers * times
    assert set(found) == {
        ("contact", contact(name * 1000 + n).id) for name in range(writers) for n in range(times)
    }


def test_who_is_killed_while_writing_holds_up_nobody(backend, begun):
    storage = BACKENDS[backend](begun)
    before = contents(storage)

    def hold(say):
        with storage.begin(write=True) as transaction:
            OPERATIONS["edit"](transaction)
            say("holding")
            signal.pause()
        return "never"

    holder = Child(hold)
    assert holder.line() == "holding"
    holder.kill()
    started = time.monotonic()
    assert commit(storage, "add").said.startswith("done")
    assert time.monotonic() - started < 1
    assert contents(storage).items() > before.items()


# --- R8: what a later version wrote

UNKNOWN = {"x-plugin": {"nested": [1, {"two": None}]}, "later": "1.5"}
PARTS = {
    "contact": {
        "name": "Zoë",
        "handle": "zoe",
        "added_on": "2026-01-02",
        "points": [{"kind": "email", "value": "zoe@example.org", **UNKNOWN}],
        "positions": [{"title": "Nurse", **UNKNOWN}],
        "first_met": {"place": "Oslo", **UNKNOWN},
        "occasions": [{"on": "--02-29", **UNKNOWN}],
        "state": {"kind": "archived", **UNKNOWN},
        "origins": [{"source": "linkedin", "said": {"name": "Zoe"}, **UNKNOWN}],
    },
    "interaction": {
        "occurred": "2026-01-02",
        "logged_at": "2026-01-02T10:00:00+00:00",
        "participants": [{"contact": "zoe", **UNKNOWN}],
    },
    "referral": {
        "referrer": "ana",
        "referred": "zoe",
        "made_on": "2026",
        "steps": [{"step": "met", "on": "2026-01", **UNKNOWN}],
    },
    "cadence": {"selector": "tag:mentor", "every": "3 months"},
}


@pytest.mark.parametrize("kind", PARTS)
def test_unknown_fields_survive(backend, tmp_path, kind):
    storage = BACKENDS[backend](tmp_path)
    record = Record(kind, "a", {**PARTS[kind], **UNKNOWN}, 1)
    with storage.begin(write=True) as transaction:
        transaction.put([(record, 0)])
    (there,) = contents(storage).values()
    entity = codec.decode(there, CLASSES[kind])
    assert entity.extra == UNKNOWN
    again = codec.encode(entity)
    assert again == record
    with storage.begin(write=True) as transaction:
        transaction.put([(again._replace(rev=2), 1)])
    assert contents(storage)[kind, "a"] == record._replace(rev=2)
