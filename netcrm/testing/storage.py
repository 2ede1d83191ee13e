"""The proof of a storage backend: subclass `StorageContract`, override one fixture."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import ClassVar, Final, Protocol

import pytest

from netcrm.errors import BusyError, ConflictError, RefusedError
from netcrm.storage.contract import Record, Storage
from netcrm.storage.query import Query, eq, text
from netcrm.testing import machine, toys
from netcrm.testing.queries import QueryRules
from netcrm.testing.records import RecordRules
from netcrm.testing.toys import delete, found, read, thing, things, write

KINDS: Final = toys.KINDS
"""The kinds to open the storage under test with."""

_TIMES: Final = 5


class OpenStorage(Protocol):
    """Opens a storage of this name, with `KINDS`."""

    def __call__(self, name: str = "one") -> Storage:
        """Return what was kept under this name within this test, or an empty storage."""


class _MadeUpError(Exception):
    """Makes a storage roll back."""


class StorageContract(RecordRules, QueryRules):
    """The rules that every storage keeps, one test each.

    Subclass it in a test module, override `storage_factory`, and run pytest:

        class TestMyStorage(StorageContract):
            @pytest.fixture
            def storage_factory(self, tmp_path):
                return lambda name="one": MyStorage(tmp_path / name, KINDS)

    Set `persistent` to False for a storage that keeps nothing after it is closed: then there is
    only ever one handle on the same data, and what needs a second one is skipped.
    """

    persistent: ClassVar[bool] = True

    @pytest.fixture
    def storage_factory(self) -> OpenStorage:
        """Override it: return a function that opens a storage by its name.

        Within one test, a name used again gives another handle on the same data, and another name
        a new, empty storage.
        """
        raise NotImplementedError("override the fixture storage_factory")

    @pytest.fixture
    def open_newer(self) -> Callable[[], Storage]:
        """Override it if you can: return a function that opens what a newer netcrm has written."""
        pytest.skip("does not show what it makes of a newer layout")

    @pytest.fixture
    def storage(self, storage_factory: OpenStorage) -> Iterator[Storage]:
        """Give an empty storage."""
        with closing(storage_factory()) as storage:
            yield storage

    @pytest.fixture
    def other(self, storage: Storage, storage_factory: OpenStorage) -> Iterator[Storage]:
        """Give a second handle on the same data, or the same one if there can be only one."""
        if not self.persistent:
            yield storage
            return
        with closing(storage_factory()) as other:
            yield other

    @pytest.fixture
    def reopen(self, storage_factory: OpenStorage) -> OpenStorage:
        """Give a function that opens the same data again."""
        if not self.persistent:
            pytest.skip("keeps nothing after it is closed")
        return storage_factory

    # --- transactions

    @pytest.mark.parametrize("failure", [_MadeUpError, KeyboardInterrupt])
    def test_a_failure_leaves_nothing(self, storage: Storage, failure: type[BaseException]) -> None:
        """An exception in the block undoes all of it, and the next transaction works."""
        before = things({"a": {"size": 1}, "b": {"size": 2}})
        write(storage, *before)

        def fail() -> None:
            with storage.begin(write=True) as transaction:
                transaction.put([(thing("a", 2), 1), (thing("c"), 0)])
                transaction.delete([before[1]])
                raise failure

        with pytest.raises(failure):
            fail()
        assert read(storage) == before
        assert found(storage, eq("size", 2)) == ["b"]
        write(storage, thing("c"))
        assert len(read(storage)) == 3

    def test_a_conflict_leaves_nothing(self, storage: Storage) -> None:
        """One conflict undoes what was put before it, in the same call or an earlier one."""
        write(storage, thing("m", 3))

        def collide() -> None:
            with storage.begin(write=True) as transaction:
                transaction.put([(thing("a"), 0)])
                transaction.put([(thing("b"), 0), (thing("m", 4), 1), (thing("z"), 0)])

        with pytest.raises(ConflictError):
            collide()
        assert read(storage) == [thing("m", 3)]

    def test_a_writer_sees_what_it_wrote(self, storage: Storage) -> None:
        """Within its transaction a writer's own changes answer every question."""
        write(storage, *things({"a": {"size": 1, "tags": ["x"]}, "b": {"size": 1}}))
        changed = thing("a", 2, size=5, tags=["y"], said="word")
        with storage.begin(write=True) as transaction:
            transaction.put([(changed, 1), (thing("c", 2, tags=["y"]), 0)])
            transaction.delete([thing("b", 1)])
            assert list(transaction.get("thing", ["a", "b"])) == [changed]
            assert [record.id for record in transaction.scan("thing")] == ["a", "c"]
            assert [pair[0] for pair in transaction.pairs("thing")] == ["a", "c"]
            assert list(transaction.find(Query("thing", eq("size", 5) & text("word")))) == [changed]
            assert list(transaction.rows(Query("thing"), ("id", "size"))) == [("a", 5), ("c", None)]
            assert transaction.count("thing", eq("size", 1)) == 0
            assert transaction.count("thing") == 2
            assert transaction.latest(Query("thing"), per="tags", by="size") == {"y": (5, "a")}

    def test_a_record_may_be_written_twice(self, storage: Storage) -> None:
        """In one transaction a record can be made, changed, deleted and made again."""
        with storage.begin(write=True) as transaction:
            transaction.put([(thing("a", 3, size=1), 0)])
            transaction.put([(thing("a", 3, size=2), 3)])
            transaction.delete([thing("a", 3)])
            transaction.put([(thing("a", 3, size=3), 0)])
        assert read(storage) == [thing("a", 3, size=3)]
        assert found(storage, eq("size", 3)) == ["a"]

    def test_nobody_sees_what_is_not_committed(self, storage: Storage, other: Storage) -> None:
        """A reader that begins while somebody writes sees the state before."""
        write(storage, thing("a"))
        with storage.begin(write=True) as transaction:
            transaction.put([(thing("b"), 0), (thing("a", 2), 1)])
            assert read(other) == [thing("a")]
        assert read(other) == [thing("a", 2), thing("b")]

    def test_a_reader_keeps_its_view(self, storage: Storage, other: Storage) -> None:
        """What is committed meanwhile does not show in a transaction that reads already."""
        write(storage, thing("a", size=1))
        with other.begin(write=False) as reader:
            before = list(reader.scan("thing"))
            with suppress(BusyError):  # a storage may let a writer wait for readers
                write(storage, thing("b", size=1))
            assert list(reader.scan("thing")) == before
            assert list(reader.get("thing", ["b"])) == []
            assert reader.count("thing", eq("size", 1)) == 1
        assert [record.id for record in read(other)][:1] == ["a"]

    def test_writers_lose_nothing(self, storage: Storage, storage_factory: OpenStorage) -> None:
        """When several threads read, change and write one record, each change is kept."""
        write(storage, thing("sum", size=0))

        def count_up() -> None:
            if not self.persistent:
                _count_up(storage)
                return
            with closing(storage_factory()) as own:
                _count_up(own)

        threads = [threading.Thread(target=count_up) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert read(storage)[0].doc["size"] == 4 * _TIMES

    # --- on disk

    def test_what_was_committed_is_there_after_reopening(self, reopen: OpenStorage) -> None:
        """Closing and opening again changes nothing: records, revisions, index."""
        with closing(reopen()) as storage:
            write(storage, *things({"a": {"size": 1}, "b": {"size": 2}}))
            write(storage, Record("note", "n", {"kind": "k"}, 2))
            write(storage, thing("a", 4, size=1, said="Zoë"), over=1)
            delete(storage, thing("b"))
        with closing(reopen()) as storage:
            assert read(storage) == [thing("a", 4, size=1, said="Zoë")]
            assert read(storage, "note") == [Record("note", "n", {"kind": "k"}, 2)]
            assert found(storage, eq("size", 1) & text("zoe")) == ["a"]
            with pytest.raises(ConflictError):
                write(storage, thing("a", 5), over=1)

    def test_a_storage_is_its_own(self, reopen: OpenStorage) -> None:
        """Two storages of different names have nothing to do with each other."""
        with closing(reopen("one")) as one, closing(reopen("two")) as two:
            write(one, thing("a"))
            assert read(two) == []
            write(two, thing("a", 2))
            assert read(one) == [thing("a")]

    def test_two_handles_take_turns(self, storage: Storage, reopen: OpenStorage) -> None:
        """Each of two handles sees what the other committed, and builds on it; nothing is lost."""
        with closing(reopen()) as second:
            for n in range(1, 6):
                write(storage, thing(f"a{n}"))
                write(second, thing("last", n, size=n), over=n - 1)
                assert read(storage) == read(second)
            assert len(read(storage)) == 6

    def test_a_handle_knows_of_conflicts_with_another(
        self, storage: Storage, reopen: OpenStorage
    ) -> None:
        """A revision that another handle has replaced is stale for this one too."""
        write(storage, thing("a", 1))
        with closing(reopen()) as second:
            write(second, thing("a", 2), over=1)
            with pytest.raises(ConflictError):
                write(storage, thing("a", 3), over=1)
            assert read(second) == [thing("a", 2)]

    def test_a_newer_layout_is_refused(self, open_newer: Callable[[], Storage]) -> None:
        """What a newer netcrm has written is neither read nor written."""
        for writes in (False, True):
            with pytest.raises(RefusedError):  # noqa: SIM117
                with closing(open_newer()) as storage, storage.begin(write=writes):
                    pass

    # --- all at once

    def test_it_holds_what_a_dict_would_hold(self, storage_factory: OpenStorage) -> None:
        """Whatever is done, in any order and with any failures: it holds what a dict would."""
        machine.run(storage_factory, persistent=self.persistent)


def _count_up(storage: Storage) -> None:
    """Add 1 to the size of the record `sum` a few times, trying again after a conflict."""
    done = 0
    while done < _TIMES:
        with suppress(ConflictError):
            with storage.begin(write=True) as transaction:
                (before,) = transaction.get("thing", ["sum"])
                doc = {"size": before.doc["size"] + 1}
                transaction.put([(Record("thing", "sum", doc, before.rev + 1), before.rev)])
            done += 1
