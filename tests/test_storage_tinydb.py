"""The TinyDB storage: the contract, and what its file goes through."""

import errno
import json
import os
import random
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from netcrm.errors import BusyError, RefusedError, StorageError
from netcrm.storage import files, tinydb
from netcrm.storage.contract import Record
from netcrm.storage.tinydb import PROVIDER, TinyDBStorage, decode
from netcrm.testing import KINDS, StorageContract
from netcrm.testing.toys import read, thing, write

POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="a thing of POSIX")
FLIPS = 300


class TestTinyDBStorage(StorageContract):
    @pytest.fixture
    def storage_factory(self, tmp_path):
        return lambda name="one": TinyDBStorage(tmp_path / f"{name}.json", KINDS)

    @pytest.fixture
    def open_newer(self, path):
        write(TinyDBStorage(path, KINDS), thing("a"))
        path.write_bytes(path.read_bytes().replace(b'"schema":2', b'"schema":3'))
        return lambda: TinyDBStorage(path, KINDS)

    @pytest.fixture
    def open_older(self, path):
        write(TinyDBStorage(path, KINDS), thing("a"))
        path.write_bytes(path.read_bytes().replace(b'"schema":2', b'"schema":1'))
        return lambda: TinyDBStorage(path, KINDS)

    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / "other.json"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "network.json"


@pytest.fixture
def storage(path):
    return TinyDBStorage(path, KINDS)


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def refuses(path, *, expected=(StorageError, RefusedError)):
    """Reading and writing is refused, by an error that names the file; the file stays as it is."""
    before = path.read_bytes()
    for writes in (False, True):
        with (
            pytest.raises(expected) as caught,
            TinyDBStorage(path, KINDS).begin(write=writes) as transaction,
        ):
            list(transaction.scan("thing"))
        assert str(path) in str(caught.value)
        assert path.read_bytes() == before
    return str(caught.value)


# --- the file


def test_a_record_is_a_line_and_the_file_is_json(storage, path):
    write(storage, thing("b", 2, name="Zoë"), thing("a", size=1), Record("note", "n", {}, 3))
    assert path.read_text(encoding="utf-8").splitlines()[1:] == [
        '"note":{',
        '"n":{"doc":{},"rev":3}',
        "},",
        '"thing":{',
        '"a":{"doc":{"size":1},"rev":1},',
        '"b":{"doc":{"name":"Zoë"},"rev":2}',
        "}}",
    ]
    assert json.loads(path.read_bytes())["thing"]["a"] == {"doc": {"size": 1}, "rev": 1}


def test_the_same_records_give_the_same_bytes(tmp_path):
    one, two = (TinyDBStorage(tmp_path / name, KINDS) for name in ("one", "two"))
    write(one, thing("a", size=1, name="x"), thing("b"))
    write(two, thing("b"))
    write(two, thing("c"), Record("note", "n", {}, 1))
    with two.begin(write=True) as transaction:
        transaction.delete([thing("c"), Record("note", "n", {}, 1)])
        transaction.put([(thing("a", name="x", size=1), 0)])
    assert one.path.read_bytes() == two.path.read_bytes()


def test_a_transaction_that_changes_nothing_writes_nothing(storage, path):
    write(storage, thing("a"))
    before = path.stat()
    with storage.begin(write=True) as transaction:
        transaction.put([])
        transaction.delete([])
    assert path.stat() == before


@POSIX_ONLY
def test_every_file_is_for_its_owner_only(tmp_path, monkeypatch):
    seen = {}
    swap = os.replace

    def look_and_swap(source, target, **options):
        seen[Path(source).name] = stat.S_IMODE(Path(source).stat().st_mode)
        swap(source, target, **options)

    monkeypatch.setattr(os, "replace", look_and_swap)
    umask = os.umask(0)
    try:
        storage = TinyDBStorage(tmp_path / "new" / "folder" / "network.json", KINDS)
        for n in range(3):
            write(storage, thing(f"a{n}"))
    finally:
        os.umask(umask)
    folder = storage.path.parent
    assert names(folder) == ["network.json", "network.json.bak", "network.json.lock"]
    assert {stat.S_IMODE(entry.stat().st_mode) for entry in folder.iterdir()} == {0o600}
    assert seen == {"network.json.tmp": 0o600, "network.json.bak.tmp": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("links", [True, False])
def test_the_backup_is_the_version_before(storage, path, monkeypatch, links):
    if not links:  # as on a memory stick

        def refuse(*_):
            raise PermissionError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr(os, "link", refuse)
    write(storage, thing("a"))
    assert not storage.backup.exists()
    for n in range(2, 5):
        before = path.read_bytes()
        write(storage, thing("a", n), over=n - 1)
        assert storage.backup.read_bytes() == before
    assert names(path.parent) == ["network.json", "network.json.bak", "network.json.lock"]


def test_leftovers_of_a_dead_writer_are_removed(storage, path):
    write(storage, thing("a"))
    for suffix in (".tmp", ".bak.tmp"):
        files.beside(path, suffix).write_bytes(b"half a fi")
    write(storage, thing("b"))
    assert names(path.parent) == ["network.json", "network.json.bak", "network.json.lock"]
    assert len(read(storage)) == 2


@POSIX_ONLY
def test_a_symlink_stays_a_symlink(tmp_path):
    (tmp_path / "cloud").mkdir()
    link = tmp_path / "network.json"
    link.symlink_to(tmp_path / "cloud" / "real.json")
    for n in range(2):
        write(TinyDBStorage(link, KINDS), thing(f"a{n}"))
    assert link.is_symlink()
    assert names(tmp_path) == ["cloud", "network.json"]
    assert names(tmp_path / "cloud") == ["real.json", "real.json.bak", "real.json.lock"]
    assert len(read(TinyDBStorage(tmp_path / "cloud" / "real.json", KINDS))) == 2


def test_a_missing_file_is_an_empty_storage_or_an_error_that_says_what_to_do(path):
    assert read(TinyDBStorage(path, KINDS)) == []
    assert not path.exists()
    with pytest.raises(StorageError, match=r"network\.json.*netcrm init"):
        TinyDBStorage(path, KINDS, create=False)
    write(TinyDBStorage(path, KINDS), thing("a"))
    assert read(PROVIDER.open(str(path), KINDS, False)) == [thing("a")]


def test_a_commit_is_synced_before_and_after_the_rename(storage, path, monkeypatch):
    write(storage, thing("a"))
    done = []
    for name in ("write", "fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, n=name, f=real: done.append(n) or f(*a))
    write(storage, thing("b"))
    assert done == ["write", "fsync", "replace", "replace", "fsync"]


# --- the lock


def test_a_writer_waits_for_another_program_and_then_says_so(storage, path, monkeypatch):
    monkeypatch.setattr(tinydb, "WAIT", 0.2)
    hold = (
        "import sys; from netcrm.storage.tinydb import TinyDBStorage\n"
        "with TinyDBStorage(sys.argv[1], {}).begin(write=True):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", hold, path], **pipes) as holder:
        assert holder.stdout.readline() == b"held\n"
        begun = time.monotonic()
        with pytest.raises(BusyError, match="another program"):
            write(storage, thing("a"))
        assert 0.2 <= time.monotonic() - begun < 5
        assert read(storage) == []  # who reads does not wait
        holder.stdin.close()
    write(storage, thing("a"))
    assert read(storage) == [thing("a")]


def test_a_lock_that_cannot_be_had_is_an_error_at_once(storage, monkeypatch):
    def refuse(_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(files, "_try_lock", refuse)
    begun = time.monotonic()
    with pytest.raises(StorageError, match="cannot be locked: No locks available"):
        write(storage, thing("a"))
    assert time.monotonic() - begun < 5


# --- files that cannot be read


@pytest.fixture
def kept(storage, path):
    """A file of some 2 kB, with a backup, and its content."""
    for n in range(30):
        write(storage, thing(f"a{n}", n + 1, name="Zoë", said=f"word {n}", tags=["x", "y"]))
    return path.read_bytes()


def test_a_newer_layout_is_refused(kept, path):
    for schema in (3, 102):
        path.write_bytes(kept.replace(b'"schema":2', b'"schema":%d' % schema))
        message = refuses(path, expected=RefusedError)
        assert f"layout {schema}" in message
        assert "Update netcrm" in message


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n", b"{}", b"[]", b"null", b'{"netcrm":', b'{"netcrm":{}}', b'{"netcrm":[{}]}',
        b'{"netcrm":{"schema":1,"checksum":"00000000"}}', b'{"netcrm":{"schema":"1"}}',
        b'{"netcrm":{"schema":0}}', b'{"_default": {}}', b"\x00" * 2000, b"\x89PNG\r\n\x1a\n" * 9,
        b"PK\x03\x04", b"SQLite format 3\x00", "Zoë".encode("utf-16"),
        random.Random(1).randbytes(999),
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_network_is_an_error(path, content):
    path.write_bytes(content)
    refuses(path, expected=StorageError)


def test_the_message_names_the_backup(storage, kept, path):
    path.write_bytes(kept[:-5])
    message = refuses(path, expected=StorageError)
    assert str(storage.backup) in message
    storage.backup.unlink()
    assert "version before" not in refuses(path)


def test_a_file_that_is_cut_anywhere_is_an_error(kept, path):
    assert 1500 < len(kept) < 4000
    for end in range(len(kept)):
        path.write_bytes(kept[:end])
        refuses(path, expected=StorageError)
    path.write_bytes(kept)
    assert len(read(TinyDBStorage(path, KINDS))) == 30


def test_every_flipped_bit_of_a_small_file_is_noticed(storage, path):
    write(storage, thing("a", name="Zoë", size=1), Record("note", "n", {}, 1))
    content = path.read_bytes()
    for place in range(len(content) * 8):
        with pytest.raises((ValueError, RefusedError)):
            decode(_flipped(content, place))


def test_flipped_bits_of_a_file_are_an_error(kept, path):
    drawn = random.Random(20260314)
    for place in drawn.sample(range(len(kept) * 8), FLIPS):
        path.write_bytes(_flipped(kept, place))
        refuses(path)


def _flipped(content, place):
    changed = bytearray(content)
    changed[place // 8] ^= 1 << place % 8
    return bytes(changed)


def test_a_folder_is_an_error(path):
    path.mkdir()
    for writes in (False, True):
        with (
            pytest.raises(StorageError, match="is not a file"),
            TinyDBStorage(path, KINDS).begin(write=writes),
        ):
            pass
    assert list(path.iterdir()) == []


@POSIX_ONLY
def test_a_pipe_is_an_error_and_nobody_waits_for_it(path):
    os.mkfifo(path)
    for writes in (False, True):
        with (
            pytest.raises(StorageError, match="is not a file"),
            TinyDBStorage(path, KINDS).begin(write=writes),
        ):
            pass


@POSIX_ONLY
def test_what_cannot_be_looked_at_is_never_an_empty_network(tmp_path):
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "circle", tmp_path / "file" / "network.json", tmp_path / ("x" * 300)):
        for create in (False, True):
            with pytest.raises(StorageError, match=r"circle|file|xxx"):
                read(TinyDBStorage(path, KINDS, create=create))


def test_a_file_that_may_not_be_read_is_an_error(kept, path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(StorageError, match=r"network\.json.*Permission denied.*\.bak"):
        read(TinyDBStorage(path, KINDS))


def test_a_file_that_is_gone_is_not_an_empty_network(path: Path):
    """Where only the backup is left, it is named; nothing is made in its place."""
    storage = TinyDBStorage(path, KINDS)
    for n in (1, 2):
        write(storage, thing("a", n), over=n - 1)
    path.unlink()
    for create in (True, False):
        with (
            pytest.raises(StorageError, match=r"is gone, but .*\.bak"),
            TinyDBStorage(path, KINDS, create=create).begin(write=True),
        ):
            pass
    assert not path.exists()


def test_every_folder_that_is_made_is_its_owners_alone(tmp_path: Path):
    """Also the ones above, whatever the umask."""
    before = os.umask(0)
    try:
        with TinyDBStorage(tmp_path / "a" / "b" / "n.json", KINDS).begin(write=True):
            pass
    finally:
        os.umask(before)
    made = [tmp_path / "a", tmp_path / "a" / "b"]
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in made] == [0o700, 0o700]
