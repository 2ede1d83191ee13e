"""The file and those beside it: who may read them, what is no network, what goes wrong with it."""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress

import pytest

import netcrm
from netcrm import BusyError, RefusedError, StorageError
from netcrm.testing import KINDS
from netcrm_sqlite import SQLiteStorage, connections

POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="a thing of POSIX")
FLIPS = 200


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def refused(opened, expected=StorageError):
    """Reading and writing is refused, by a line that names the file; it stays as it is."""
    one = opened()
    before = one.path.read_bytes()
    for ask in (one.read, lambda: one.put(one.thing("new"))):
        with pytest.raises(expected) as caught:
            ask()
        assert str(one.path) in str(caught.value)
        assert len(str(caught.value).splitlines()) == 1
    one.close()
    assert one.path.read_bytes() == before
    assert names(one.path.parent) == [one.path.name]
    return str(caught.value)


def answers(opened):
    """Return what a file answers, or what it is refused with."""
    one = opened()
    try:
        return one.everything()
    except (StorageError, RefusedError) as error:
        return error
    finally:
        one.close()


# --- a file for its owner


@POSIX_ONLY
def test_every_file_is_for_its_owner_only(opened, tmp_path):
    path = tmp_path / "new" / "folder" / "network.db"
    umask = os.umask(0)
    try:
        one = opened(path)
        one.fill()
        one.storage.copy_to(path.parent / "copy.db")
        with one.storage.begin(write=True) as transaction:
            transaction.connection.execute("PRAGMA user_version = 1")
        one.put(one.thing("new"))
    finally:
        os.umask(umask)
    kept = ["copy.db", "network.db", "network.db-shm", "network.db-wal", "network.db.layout1"]
    assert names(path.parent) == kept
    assert {stat.S_IMODE(entry.stat().st_mode) for entry in path.parent.iterdir()} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_closed_storage_is_one_file(opened, path):
    one, other = opened(), opened()
    one.fill()
    other.read()
    one.close()
    assert len(names(path.parent)) == 3
    other.close()
    assert names(path.parent) == ["network.db"]


def test_a_missing_file_is_an_empty_network(opened, path):
    one = opened()
    assert one.read() == []
    assert one.storage.check() == []
    assert names(path.parent) == []
    with one.storage.begin(write=False) as view:
        opened().put(one.thing("a"))
        assert list(view.scan("thing")) == []
    assert one.read() == [one.thing("a")]


@pytest.mark.parametrize("conflict", [False, True])
def test_a_first_commit_that_fails_leaves_no_file(opened, path, conflict):
    one = opened()

    def fail():
        with one.storage.begin(write=True) as transaction:
            transaction.put((one.thing(f"a{n}"), 0) for n in range(3000))
            assert opened().read() == []
            if conflict:
                transaction.put([(one.thing("a1"), 0)])
            raise LookupError

    with pytest.raises(netcrm.ConflictError if conflict else LookupError):
        fail()
    assert names(path.parent) == ["network.db.lock"]
    assert one.read() == []
    one.put(one.thing("b"))
    one.close()
    assert names(path.parent) == ["network.db"]
    assert one.read() == [one.thing("b")]


@POSIX_ONLY
def test_a_first_commit_that_is_killed_leaves_no_file(opened, path):
    one = opened()
    child = os.fork()
    if not child:
        with one.storage.begin(write=True) as transaction:
            transaction.put((one.thing(f"a{n}"), 0) for n in range(3000))
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert not path.exists()
    assert len(names(path.parent)) == 2
    one.put(one.thing("b"))
    one.close()
    assert names(path.parent) == ["network.db"]


def test_a_missing_file_is_an_error_if_it_should_be_there(path):
    with pytest.raises(StorageError, match=r"network\.db.*netcrm init"):
        SQLiteStorage(path, KINDS, create=False)


def test_it_is_found_by_its_url(path):
    with netcrm.open(f"sqlite:{path}") as net:
        net.add("Ana Ruiz")
        assert net.location == f"sqlite:{path}"
    with netcrm.open(f"sqlite:{path}", create=False) as net:
        assert [contact.name for contact in net.find("ana").contacts] == ["Ana Ruiz"]


@pytest.mark.parametrize("name", ["a?mode=memory#x", "%41 b", "Zoë 😀", "it's"])
def test_any_name_will_do(opened, tmp_path, name):
    one = opened(tmp_path / name)
    one.fill()
    one.close()
    assert names(tmp_path) == [name]
    assert len(opened(tmp_path / name).read()) == 30


@POSIX_ONLY
def test_a_link_stays_a_link(opened, tmp_path):
    (tmp_path / "cloud").mkdir()
    (tmp_path / "network.db").symlink_to(tmp_path / "cloud" / "real.db")
    one = opened()
    one.fill()
    one.close()
    assert (tmp_path / "network.db").is_symlink()
    assert names(tmp_path / "cloud") == ["real.db"]


# --- what is no network


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"{}", b'{"netcrm":{}}', b"\0" * 5000, b"SQLite format 3\0", b"PK\3\4" * 100,
     random.Random(1).randbytes(9999)],
    ids=range(8),
)  # fmt: skip
def test_what_is_no_database_is_an_error(opened, path, content):
    path.write_bytes(content)
    refused(opened)


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_the_database_of_another_program_is_left_alone(opened, path, journal):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("CREATE TABLE thing (id TEXT)")
    assert "holds no network" in refused(opened)


@POSIX_ONLY
def test_what_another_program_did_not_finish_is_left_alone(opened, path):
    """It stands in a journal beside the file; whoever recovers it, writes to the file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE thing (id TEXT)")
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO thing VALUES (?)", [("x" * 900,)] * 99)
        half = path.read_bytes(), (path.parent / "network.db-journal").read_bytes()
        connection.execute("ROLLBACK")
    path.write_bytes(half[0])
    (path.parent / "network.db-journal").write_bytes(half[1])
    with pytest.raises(StorageError):
        opened().read()
    assert (path.read_bytes(), (path.parent / "network.db-journal").read_bytes()) == half


@POSIX_ONLY
@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_a_folder_and_a_pipe_are_errors(opened, path, make):
    make(path)
    for ask in (opened().read, opened().fill):
        with pytest.raises(StorageError, match=r"network\.db: is not a file"):
            ask()


@POSIX_ONLY
def test_what_cannot_be_looked_at_is_an_error(opened, tmp_path):
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "circle", tmp_path / "file" / "network.db", tmp_path / ("x" * 300)):
        with pytest.raises(StorageError, match=r"circle|file|xxx"):
            opened(path).read()


# --- damage


@pytest.fixture
def content(opened, path):
    one = opened()
    one.fill()
    one.close()
    return path.read_bytes()


def test_a_file_that_is_cut_is_an_error(opened, path, content):
    for end in [*range(0, 120, 7), *range(0, len(content), 4096), *range(0, len(content), 4999)]:
        path.write_bytes(content[:end])
        refused(opened)


def test_a_flipped_bit_of_the_header_is_an_error_or_no_matter(opened, path, content):
    expected = answers(opened)
    assert not isinstance(expected, Exception)
    outcomes = []
    for bit in range(800):
        path.write_bytes(flipped(content, bit))
        found = answers(opened)
        assert isinstance(found, Exception) or found == expected
        outcomes.append(isinstance(found, Exception))
    assert 200 < sum(outcomes) < 700


def test_a_flipped_bit_anywhere_is_never_a_traceback(opened, path, content):
    drawn = random.Random(20260314)
    errors = longest = 0
    for bit in drawn.sample(range(len(content) * 8), FLIPS):
        path.write_bytes(flipped(content, bit))
        errors += isinstance(answers(opened), Exception)
        one = opened()
        try:
            one.put(one.thing("a00003", 9), over=4)
            one.storage.check()
        except (StorageError, RefusedError) as error:
            longest = max(longest, len(str(error)))
        finally:
            one.close()
    assert longest < 500
    assert errors > 3


def flipped(content, bit):
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_a_damaged_document_is_named(opened):
    one = opened()
    one.fill()
    with one.storage.begin(write=True) as transaction:
        transaction.connection.execute("UPDATE thing SET doc = '{' WHERE id = 'a00003'")
    with pytest.raises(StorageError, match=r"network\.db: thing a00003 cannot be understood"):
        one.read()
    assert one.storage.check() == [str(error) for error in [_error(one.read)]] + [
        f"{table}: differs from the documents" for table in ('"thing_tags"', '"thing_words"')
    ]


def _error(ask):
    with pytest.raises(StorageError) as caught:
        ask()
    return caught.value


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("UPDATE thing SET size = 99 WHERE id = 'a00003'", "thing a00003: its index differs"),
        ("DELETE FROM thing_tags WHERE id = 'a00003' AND member = 'y'", "thing_tags"),
        ("UPDATE talk_people SET at = '2027' WHERE member = 'ana'", "talk_people"),
        ("INSERT INTO thing_words (rowid, words) VALUES (3, 'more')", "thing_words"),
    ],
)
def test_an_index_that_differs_from_the_documents_is_found(opened, damage, found):
    one = opened()
    one.fill()
    assert one.storage.check() == []
    with one.storage.begin(write=True) as transaction:
        transaction.connection.execute(damage)
    (fault,) = one.storage.check()
    assert found in fault
    one.put(one.thing("after", said="more"))  # on the connection that was checked by
    assert one.found(netcrm.Where("text", value="more"))[-1] == "after"


def test_a_damaged_page_is_found(opened, path, content):
    last = len(content) - 4096
    path.write_bytes(content[:last] + b"\xff" * 4096)
    with suppress(StorageError):
        assert opened().storage.check()


# --- trouble


def test_a_writer_waits_for_another_program_and_then_says_so(opened, path, monkeypatch):
    monkeypatch.setattr(connections, "WAIT", 0.2)
    one = opened()
    one.put(one.thing("a"))
    hold = (
        "import sys; from netcrm.testing import KINDS; from netcrm_sqlite import SQLiteStorage\n"
        "with SQLiteStorage(sys.argv[1], KINDS).begin(write=True):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", hold, path], **pipes) as holder:
        assert holder.stdout.readline() == b"held\n"
        one.close()
        begun = time.monotonic()
        with pytest.raises(BusyError, match=r"network\.db: another program.*0\.2 s.*Try again"):
            one.put(one.thing("b"))
        assert 0.2 <= time.monotonic() - begun < 5
        assert one.read() == [one.thing("a")]  # who reads does not wait
        holder.stdin.close()
    one.put(one.thing("b"))
    assert len(one.read()) == 2


WRITE_ON = """
import sys
from contextlib import suppress
from netcrm import Record
from netcrm.testing import KINDS
from netcrm_sqlite import SQLiteStorage

path, name, closes = sys.argv[1:]
storage = SQLiteStorage(path, KINDS)
for n in range(100):
    with storage.begin(write=True) as transaction:
        (total,) = list(transaction.get("thing", ["sum"])) or [Record("thing", "sum", {}, 0)]
        more = Record("thing", "sum", {"size": total.rev + 1}, total.rev + 1)
        transaction.put([(more, total.rev), (Record("thing", f"{name}{n:03}", {}, 1), 0)])
    if closes == "closes":
        storage.close()
storage.close()
"""


@pytest.mark.parametrize("closes", ["closes", "stays"])
def test_two_programs_lose_nothing(opened, path, closes):
    programs = [
        subprocess.Popen([sys.executable, "-c", WRITE_ON, path, name, closes]) for name in "ab"
    ]
    assert [program.wait() for program in programs] == [0, 0]
    assert names(path.parent) == ["network.db"]
    one = opened()
    assert one.read()[-1] == one.thing("sum", 200, size=200)
    assert len(one.read()) == 201
    assert one.storage.check() == []


@POSIX_ONLY
def test_a_program_that_is_forked_may_use_what_its_parent_has_opened(opened, path):
    one = opened()
    one.put(one.thing("a"))
    one.read()
    child = os.fork()
    if not child:
        try:
            one.put(one.thing("b"))
            one.close()
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    one.put(one.thing("c"))
    assert [record.id for record in one.read()] == ["a", "b", "c"]
    assert one.storage.check() == []


@POSIX_ONLY
@pytest.mark.parametrize("room", [0, 5_000, 100_000])
def test_a_full_disk_changes_nothing(opened, path, room):
    one = opened()
    one.fill()
    before = one.everything()
    one.close()

    def put_much():
        one.put(*(one.thing(f"b{n}", note="x" * 5000) for n in range(400)))

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + room, limits[1]))
    try:
        with pytest.raises(StorageError, match=r"network\.db: cannot be read or written"):
            put_much()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert one.everything() == before
    put_much()
    assert len(one.read()) == 430
    assert one.storage.check() == []


@pytest.mark.parametrize("logged", [False, True])
def test_what_may_not_be_written_to_can_be_read(opened, path, content, monkeypatch, logged):
    writer = opened()
    if logged:  # somebody else is writing to it
        writer.put(writer.thing("b"))
    monkeypatch.setattr(connections, "writable", lambda path: False)
    one = opened()
    assert len(one.read()) == 30 + logged
    with pytest.raises(StorageError, match="readonly"):
        one.put(one.thing("c"))
    monkeypatch.undo()
    assert len(writer.read()) == 30 + logged
    writer.put(writer.thing("d"))
    monkeypatch.setattr(connections, "writable", lambda path: False)
    assert len(one.read()) == 31 + logged


def test_a_change_that_broke_off_cannot_be_committed(opened):
    one = opened()
    one.put(one.thing("a"))

    def catch_it():
        with one.storage.begin(write=True) as transaction:
            transaction.put([(one.thing("b"), 0)])
            with pytest.raises(netcrm.ConflictError):
                transaction.put([(one.thing("c"), 0), (one.thing("a"), 0)])

    with pytest.raises(StorageError, match="broke off"):
        catch_it()
    assert [record.id for record in one.read()] == ["a"]


def test_threads_that_begin_at_once_make_one_file(opened, path):
    ready = threading.Barrier(8)
    stores = [opened() for _ in range(8)]

    def put(n):
        ready.wait()
        stores[n].put(stores[n].thing(f"a{n}"))

    threads = [threading.Thread(target=put, args=[n]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened().read()) == 8
    for store in stores:
        store.close()


# --- copies


def test_a_copy_holds_what_its_transaction_saw(opened, path, tmp_path):
    one = opened()
    one.fill(500)
    before = one.everything()
    with one.storage.begin(write=True) as transaction:
        transaction.put([(one.thing("uncommitted"), 0)])
        one.storage.copy_to(tmp_path / "copy.db")
    copy = opened(tmp_path / "copy.db")
    assert copy.everything() == before
    assert copy.storage.check() == []
    copy.put(copy.thing("b"))
    copy.close()
    assert names(tmp_path) == ["copy.db", "network.db", "network.db-shm", "network.db-wal"]
    with pytest.raises(RefusedError, match="there already"):
        one.storage.copy_to(tmp_path / "copy.db")


@POSIX_ONLY
def test_a_copy_that_does_not_fit_leaves_nothing(opened, tmp_path):
    one = opened()
    one.fill(500)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(StorageError, match=r"copy\.db: cannot be"):
            one.storage.copy_to(tmp_path / "copy.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert len(one.read()) == 500
    one.close()
    assert names(tmp_path) == ["network.db"]
