"""What is damaged, or is no network at all, is told apart, and left as it is."""

import os
import random
import sqlite3
import time
from contextlib import closing

import pytest

from netcrm import codec
from netcrm.codec import CLASSES
from netcrm.errors import NetcrmError, RefusedError, StorageError
from netcrm.storage.contract import SCHEMA, Record
from tests.crash import LONG
from tests.crash.harness import contact, contents, files, put, relabel

FLIPS = 1000 if LONG else 50
CUTS = 50
LOCK = "network/network.json.lock"


@pytest.fixture
def network(backend, begun):
    """The file of a network, its bytes, and what is in it."""
    path = backend.path(begun)
    with backend.opened(begun) as storage:
        there = contents(storage)
    for other in path.parent.iterdir():
        if other != path:
            other.unlink()
    return path, path.read_bytes(), there


def answer(backend, folder):
    """Return what is found in a file, or the error."""
    try:
        with backend.opened(folder) as storage:
            return contents(storage)
    except (StorageError, RefusedError) as error:
        return error


def check_refused(backend, folder, error):
    """A file is refused by its name, by who reads and by who writes, and left alone."""
    before = files(folder)
    for attempt in (contents, lambda storage: put(storage, contact(900))):
        with pytest.raises(error, match=backend.file), backend.opened(folder) as storage:
            attempt(storage)
    assert {**files(folder), LOCK: b""} == {**before, LOCK: b""}


# --- damage


def test_a_file_that_was_cut_is_refused(backend, begun, network):
    path, whole, _ = network
    for size in range(64, len(whole), 64 if LONG else len(whole) // CUTS):
        path.write_bytes(whole[:size])
        assert isinstance(answer(backend, begun), NetcrmError), size
        assert path.read_bytes() == whole[:size]


def test_a_bit_that_flipped_is_told_or_harms_one_record_at_most(backend, begun, network):
    path, whole, there = network
    places = random.Random(7)
    for _ in range(FLIPS):
        place = places.randrange(8 * len(whole))
        flipped = bytearray(whole)
        flipped[place // 8] ^= 1 << place % 8
        path.write_bytes(flipped)
        found = answer(backend, begun)
        if isinstance(found, NetcrmError):
            assert backend.file in str(found)
            assert path.read_bytes() == flipped
        else:  # SQLite keeps no checksums
            harmed = [key for key in {**there, **found} if there.get(key) != found.get(key)]
            assert not backend.whole
            assert len(harmed) <= 2, place  # two if it is the id that changed


# --- what is no network


def test_an_empty_file_is_refused(backend, tmp_path):
    path = backend.path(tmp_path)
    path.parent.mkdir()
    path.touch()
    check_refused(backend, tmp_path, StorageError)


def test_another_file_is_refused(backend, tmp_path):
    path = backend.path(tmp_path)
    path.parent.mkdir()
    for content in (
        b"\0" * 5000,
        b"{}",
        "Ana Ruiz\n".encode("utf-16"),
        random.Random(1).randbytes(9000),
    ):
        path.write_bytes(content)
        check_refused(backend, tmp_path, StorageError)


def test_a_database_of_another_program_is_refused(tmp_path, backend):
    path = backend.path(tmp_path)
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE contact (id TEXT)")
    check_refused(backend, tmp_path, StorageError)


def test_a_folder_is_refused(backend, tmp_path):
    backend.path(tmp_path).mkdir(parents=True)
    check_refused(backend, tmp_path, StorageError)


def test_a_pipe_is_refused_at_once(backend, tmp_path):
    path = backend.path(tmp_path)
    path.parent.mkdir()
    os.mkfifo(path)
    started = time.monotonic()
    check_refused(backend, tmp_path, StorageError)
    assert time.monotonic() - started < 1


# --- what a later version wrote


@pytest.mark.parametrize("newer", [1, 100])
def test_a_newer_layout_is_refused(backend, begun, newer):
    relabel(backend.path(begun), SCHEMA + newer)
    check_refused(backend, begun, RefusedError)


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
    record = Record(kind, "a", {**PARTS[kind], **UNKNOWN}, 1)
    with backend.opened(tmp_path) as storage:
        put(storage, record)
        (there,) = contents(storage).values()
        entity = codec.decode(there, CLASSES[kind])
        assert entity.extra == UNKNOWN
        again = codec.encode(entity)
        assert again == record
        with storage.begin(write=True) as transaction:
            transaction.put([(again._replace(rev=2), 1)])
        assert contents(storage)[kind, "a"] == record._replace(rev=2)
