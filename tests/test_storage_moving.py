"""Copies: always equal, resumed when broken off, refused where they may harm."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import netcrm
from netcrm import codec
from netcrm.kinds import KINDS
from netcrm.model.ids import commit_id
from netcrm.network.places import storage_at
from netcrm.plugins import Plugins
from netcrm.storage import moving
from netcrm.storage.contract import Record, Storage, Transaction
from netcrm.storage.mark import MARK, mark, mark_of
from netcrm.storage.memory import MemoryStorage
from netcrm.storage.tinydb import TinyDBStorage
from netcrm.testing import strategies
from tests import networks

NOW = datetime(2026, 3, 5, 14, tzinfo=UTC)
IDS = ["ana", "ben", "carol"]
AHEAD = 1 + sorted(KINDS).index("contact")
"""How many transactions come before the first one with contacts."""
ENTITIES = st.one_of(*strategies.by_kind(IDS).values())
REVS = st.integers(1, 2**63 - 1)


@st.composite
def records(draw, max_size=8):
    """Draw records of several kinds, with what they were before a commit among them."""
    found = {}
    for entity in draw(st.lists(ENTITIES, max_size=max_size)):
        record = codec.encode(entity)._replace(rev=draw(REVS))
        found[record.kind, record.id] = record
        if draw(st.booleans()):
            before = netcrm.model.commit.Before(
                id=f"{commit_id(1)}-{len(found):06}",
                kind=record.kind, record=record.id, was=1, doc=record.doc,
            )  # fmt: skip
            found["before", before.id] = codec.encode(before)._replace(rev=draw(REVS))
    return list(found.values())


def new(kind: str, folder: Path) -> Storage:
    """Return an empty storage of a kind, alone in a folder."""
    if kind == "memory":
        return MemoryStorage(KINDS)
    folder.mkdir(exist_ok=True)
    return storage_at(networks.place(kind, folder), Plugins(), create=True)


def fill(storage, some):
    with storage.begin(write=True) as there:
        there.put((record, 0) for record in some)
    return storage


def held(some) -> MemoryStorage:
    return fill(MemoryStorage(KINDS), some)


def lines(storage) -> list[bytes]:
    """Return everything that a storage holds, exactly."""
    with storage.begin(write=False) as view:
        return [moving.line(record) for kind in sorted(KINDS) for record in view.scan(kind)]


def contact(n: int, rev: int = 1, **more) -> Record:
    doc = {"name": f"Zoë {n}", "handle": f"zoe-{n}", "added_on": "2026-01-02", **more}
    return Record("contact", f"c{n:06}", doc, rev)


def commit(seq: int) -> Record:
    doc = {"seq": seq, "at": "2026-01-02T10:00:00+00:00", "reason": "test"}
    return Record("commit", commit_id(seq), doc, seq)


def copy(source, target, **options):
    return moving.copy(source, target, now=NOW, **options)


class Around(Storage):
    """A storage around another one, to let things go wrong in."""

    def __init__(self, inner):
        self.inner, self.kinds, self.location = inner, inner.kinds, inner.location

    def begin(self, *, write):
        return self.inner.begin(write=write)


class Breaking(Around):
    """Fails in its nth writing transaction: before it, or in the end.

    The first sets the mark; each kind that comes before contacts has a transaction of its own.
    """

    def __init__(self, inner, at, late):
        super().__init__(inner)
        self.left, self.late = at, late

    @contextlib.contextmanager
    def begin(self, *, write):
        self.left -= write
        if write and not self.left and not self.late:
            raise netcrm.StorageError("the disk is full.")
        with self.inner.begin(write=write) as there:
            yield there
            if write and not self.left:
                raise netcrm.StorageError("the disk is full.")


@pytest.fixture
def small(monkeypatch):
    """Let few records make a batch."""
    monkeypatch.setattr(moving, "BATCH", 3)


# --- equal


@given(some=records(), there=records(), size=st.integers(1, 5))
def test_whatever_is_copied_is_equal(some, there, size):
    source, target = held(some), held(there)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moving, "BATCH", size)
        copied = copy(source, target, over=moving.newest(target))
    assert lines(target) == lines(source)
    assert sum(copied.records.values()) == len(some)
    mine, theirs = (set(map(moving.line, each)) for each in (some, there))
    assert copied.written == len(mine - theirs)
    assert copied.removed == len({r[:2] for r in there} - {r[:2] for r in some})


@pytest.mark.parametrize(
    ("one", "other"), list(itertools.product(networks.STORAGES, networks.STORAGES))
)
@pytest.mark.usefixtures("small")
def test_between_any_two(one, other, tmp_path):
    some = [*map(contact, range(20)), *map(commit, range(1, 8))]
    source = fill(new(one, tmp_path / "one"), some)
    target = new(other, tmp_path / "other")
    steps = []
    copied = copy(source, target, watch=lambda *step: steps.append(step))
    assert copied.records == {"commit": 7, "contact": 20}
    assert (copied.written, copied.removed, copied.kept) == (27, 0, None)
    assert lines(target) == lines(source) == sorted(map(moving.line, some))
    assert steps == sorted(steps)
    assert {total for _, total in steps} == {54}
    with source.begin(write=False) as view, target.begin(write=False) as there:
        assert moving.digest(view) == moving.digest(there) == copied.sums
        assert mark_of(there) is None
    again = copy(source, target, over=7)
    assert (again.written, again.removed) == (0, 0)
    assert target.check() == []
    assert netcrm.open(target).counts() == {"commit": 7, "contact": 20}
    for each in (source, target):
        each.close()


def test_values_that_python_takes_for_equal_are_not():
    for one, other in itertools.permutations([1, 1.0, True, 0.0, -0.0, 0, False], 2):
        source = held([contact(1, extra={"x": one})])
        target = held([contact(1, extra={"x": other})])
        copy(source, target, over=0)
        assert lines(target) == lines(source)


def test_lines_of_equal_documents_are_equal():
    one = Record("contact", "a", {"b": 1, "a": {"d": 1, "c": 2}}, 1)
    other = Record("contact", "a", {"a": {"c": 2, "d": 1}, "b": 1}, 1)
    assert moving.line(one) == moving.line(other)
    assert (
        moving.line(one) == b'{"kind":"contact","id":"a","rev":1,"doc":{"a":{"c":2,"d":1},"b":1}}\n'
    )


def test_the_sum_of_nothing():
    with MemoryStorage(KINDS).begin(write=False) as view:
        assert moving.digest(view) == {}


def test_records_are_read_as_they_are_written(monkeypatch):
    """However many there are, few are held at a time."""
    monkeypatch.setattr(moving, "BATCH", 10)
    inner, taken, held_at_once = held(map(contact, range(200))), [], []

    class View(Transaction):
        def __init__(self, view):
            self.view, self.kinds = view, view.kinds

        def get(self, kind, ids):
            return self.view.get(kind, ids)

        def put(self, records):
            raise AssertionError

        delete = put

        def scan(self, kind):
            for record in self.view.scan(kind):
                taken.append(record.id)
                yield record

    class Watched(Around):
        @contextlib.contextmanager
        def begin(self, *, write):
            with self.inner.begin(write=write) as view:
                yield View(view)

    class Counting(Around):
        written = 0

        @contextlib.contextmanager
        def begin(self, *, write):
            with self.inner.begin(write=write) as there:
                yield there
            held_at_once.append(len(taken) - there.count("contact"))

    copy(Watched(inner), Counting(MemoryStorage(KINDS)))
    assert len(taken) == 200
    assert max(held_at_once) <= 10


def test_a_copy_shows_one_moment(small):
    """Who writes to the source meanwhile does not disturb it, and is not in it."""
    source, target = held(map(contact, range(10))), MemoryStorage(KINDS)
    before = lines(source)
    number = itertools.count(100)
    copy(source, target, watch=lambda *_: fill(source, [contact(next(number))]) and None)
    assert lines(target) == before
    assert len(lines(source)) > len(before)


# --- refused


@pytest.mark.parametrize("kind", networks.STORAGES)
def test_a_place_that_holds_something_is_refused(kind, tmp_path):
    target = fill(new(kind, tmp_path / "x"), [contact(1), commit(3)])
    before = lines(target)
    for options in ({}, {"dry_run": True}):
        with pytest.raises(netcrm.RefusedError, match=r"holds a network already.*--replace"):
            copy(held([contact(2)]), target, **options)
    for over in (0, 2, 4):  # it is not what was backed up
        with pytest.raises(netcrm.BusyError, match="was changed meanwhile"):
            copy(held([contact(2)]), target, over=over)
    assert lines(target) == before
    assert moving.newest(target) == 3
    target.close()


def test_any_one_record_is_something():
    for kind in KINDS:
        target = held([Record(kind, "a", {"name": "x", "handle": "x", "seq": 1}, 1)])
        assert (moving.newest(target) is None) is (kind == MARK)


@pytest.mark.parametrize("kind", networks.PERSISTENT)
def test_a_copy_onto_itself_is_refused(kind, tmp_path):
    folder = tmp_path / "x"
    storage = fill(new(kind, folder), [contact(1)])
    path = moving.file_of(storage.location)
    if path is None:
        storage.close()
        pytest.skip("is not kept in a file")
    (tmp_path / "link").symlink_to(path)
    (tmp_path / "hard").hardlink_to(path)
    folder.joinpath("sub").mkdir()
    before = lines(storage)
    for other in (path, tmp_path / "link", tmp_path / "hard", folder / "sub/.." / path.name):
        again = storage_at(f"{kind}:{other}", Plugins(), create=True)
        with pytest.raises(netcrm.RefusedError, match="onto itself"):
            copy(storage, again, over=0)
        again.close()
    with pytest.raises(netcrm.RefusedError, match="onto itself"):
        copy(storage, storage, over=0)
    assert lines(storage) == before
    storage.close()


@pytest.mark.parametrize("kind", networks.STORAGES)
def test_part_of_a_copy_is_no_network(kind, tmp_path):
    """Nobody takes it for one: not to read, not to write, not to copy from."""
    storage = fill(new(kind, tmp_path / "x"), [contact(1)])
    with storage.begin(write=True) as there:
        mark(there, {"from": "old.json", "kept": "kept.json"})
    said = r"not whole: copying old\.json to it .*netcrm restore old\.json .*is in kept\.json"
    for act in (
        lambda: netcrm.open(storage).contacts(),
        lambda: netcrm.open(storage).add("Ana"),
        lambda: netcrm.open(storage).history(),
        lambda: netcrm.open(storage).counts(),
        lambda: netcrm.open(storage).verify(),
        lambda: netcrm.open(storage).export(tmp_path / "out.jsonl"),
        lambda: netcrm.open(storage).backup(tmp_path / "out"),
        lambda: copy(storage, MemoryStorage(KINDS)),
    ):
        with pytest.raises(netcrm.RefusedError, match=said):
            act()
    assert not list(tmp_path.glob("out*"))
    storage.close()


def test_a_dry_run_only_counts(small):
    some, there = [*map(contact, range(9))], [contact(3), contact(5, rev=2), contact(77)]
    source, target = held(some), held(there)
    before = lines(target)
    tried = copy(source, target, over=0, dry_run=True)
    assert (tried.written, tried.removed, tried.records) == (8, 1, {"contact": 9})
    assert lines(target) == before
    assert copy(source, target, over=0) == tried


# --- broken off


@given(some=records(), there=records(max_size=4), late=st.booleans())
def test_broken_off_at_any_batch_and_resumed_it_is_equal(some, there, late):
    source = held(some)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moving, "BATCH", 2)
        for at in itertools.count(1):
            inner = held(there)
            target = Breaking(inner, at, late)
            over = moving.newest(inner)
            try:
                copy(source, target, over=over)
            except netcrm.StorageError:
                if lines(inner) != lines(held(there)):
                    with pytest.raises(netcrm.RefusedError):
                        netcrm.open(inner).history()
                copy(source, inner, over=over)
            assert lines(inner) == lines(source)
            if target.left > 0:
                break


@pytest.mark.parametrize("kind", networks.STORAGES)
def test_what_is_there_is_not_written_again(kind, tmp_path, small):
    source = held(map(contact, range(12)))
    target = new(kind, tmp_path / "x")
    with pytest.raises(netcrm.StorageError, match=r"disk is full\. .*not whole now; run the same"):
        copy(source, Breaking(target, AHEAD + 3, late=False))
    copied = copy(source, target)
    assert copied.written == 6
    assert lines(target) == lines(source)
    target.close()


def test_another_source_may_finish_it(small):
    """What is there is only part of a copy: nothing is lost."""
    target = MemoryStorage(KINDS)
    with pytest.raises(netcrm.StorageError):
        copy(held(map(contact, range(12))), Breaking(target, AHEAD + 3, late=False))
    source = held([contact(2, note="other"), contact(50)])
    copied = copy(source, target)
    assert (copied.written, copied.removed) == (2, 5)
    assert lines(target) == lines(source)


def test_where_the_backup_is_is_remembered(small):
    target = held([contact(99)])
    kept = Path("kept.json")
    broken = Breaking(target, AHEAD + 2, late=True)
    with pytest.raises(netcrm.StorageError):
        copy(held(map(contact, range(9))), broken, over=0, kept=kept)
    assert copy(held(map(contact, range(9))), target).kept == kept


def test_a_copy_that_is_not_equal_is_an_error():
    """A storage that does not keep what it is given; it stays marked."""

    class Careless(Around):
        @contextlib.contextmanager
        def begin(self, *, write):
            with self.inner.begin(write=write) as there:
                yield there
                if write:
                    there.stored.pop(("contact", "c000003"), None)

    target = MemoryStorage(KINDS)
    with pytest.raises(netcrm.StorageError, match="the copy is not equal, in contact"):
        copy(held([commit(1), *map(contact, range(5))]), Careless(target))
    with pytest.raises(netcrm.RefusedError):
        netcrm.open(target).counts()


def test_somebody_else_writes_to_it_too(small):
    """Two copies to one place at the same time: one of them is told."""
    source, target = held(map(contact, range(9))), MemoryStorage(KINDS)

    class Racing(Around):
        @contextlib.contextmanager
        def begin(self, *, write):
            with self.inner.begin(write=write) as there:
                there.find = lambda query: iter(())  # as it was before the other wrote
                yield there

    fill(target, [contact(4)])
    with target.begin(write=True) as there:
        mark(there, {"from": "x"})
    with pytest.raises(netcrm.BusyError, match=r"somebody else writes to it too.*not whole now"):
        copy(source, Racing(target))
    copy(source, target)
    assert lines(target) == lines(source)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX")
@pytest.mark.parametrize("kind", networks.PERSISTENT)
def test_kill_9_in_the_middle(kind, tmp_path, monkeypatch):
    """Killed after some step, or at any moment: part of a copy is refused; again makes it whole."""
    monkeypatch.setattr(moving, "BATCH", 5)
    some = [*map(contact, range(60)), *map(commit, range(1, 20))]
    source = fill(TinyDBStorage(tmp_path / "source.json", KINDS), some)
    moments = random.Random(20260305)
    for at in (1, 7, 15, 0, 0, 0):
        folder = tmp_path / f"{at} {moments.random()}"
        folder.mkdir()
        location = networks.place(kind, folder)
        _kill_9(source, location, at, moments.uniform(0.005, 0.06))
        target = storage_at(location, Plugins(), create=True)
        try:
            counts = netcrm.open(target).counts()
        except netcrm.RefusedError:
            counts = None
        assert counts is None if at else counts in (None, {}, {"commit": 19, "contact": 60})
        if not counts:
            copy(source, target)
        assert lines(target) == lines(source)
        target.close()


def _kill_9(source, location, at, seconds):
    """Copy in another process, and kill it after so many steps, or after some time."""
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        steps = itertools.count(1)

        def wait(*_):
            if next(steps) == at:
                os.write(writer, b".")
                signal.pause()

        with contextlib.suppress(BaseException):
            copy(source, storage_at(location, Plugins(), create=True), watch=wait)
        os._exit(0)
    os.read(reader, 1) if at else time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(reader)
    os.close(writer)
