"""The proof of a storage backend: subclass `StorageContract`, override one fixture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import ClassVar, Final, Protocol

import pytest

from netcrm.errors import ConflictError, RefusedError
from netcrm.storage.contract import Record, Storage
from netcrm.storage.query import eq, text
from netcrm.testing import crash, machine, toys
from netcrm.testing.answers import AnswerRules
from netcrm.testing.crash import CrashRules
from netcrm.testing.large import LargeRules
from netcrm.testing.odd import OddRules
from netcrm.testing.queries import QueryRules
from netcrm.testing.records import RecordRules
from netcrm.testing.threads import ThreadRules
from netcrm.testing.toys import delete, found, read, thing, things, write
from netcrm.testing.transactions import TransactionRules

KINDS: Final = toys.KINDS
"""The kinds to open the storage under test with."""


class OpenStorage(Protocol):
    """Opens a storage of this name, with `KINDS`."""

    def __call__(self, name: str = "one") -> Storage:
        """Return what was kept under this name within this test, or an empty storage."""


class StorageContract(
    RecordRules, OddRules, LargeRules, QueryRules, AnswerRules, TransactionRules, ThreadRules,
    CrashRules,
):  # fmt: skip
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
        a new, empty storage. It is also called in other threads, and in a process that was forked.
        """
        raise NotImplementedError("override the fixture storage_factory")

    @pytest.fixture
    def open_newer(self) -> Callable[[], Storage]:
        """Override it if you can: return a function that opens what a newer netcrm has written."""
        pytest.skip("does not show what it makes of a newer layout")

    @pytest.fixture
    def open_older(self) -> Callable[[], Storage]:
        """Override it if you can: return a function that opens what an older netcrm has written.

        It holds at least one thing. Called again, it opens the same data, without writing it anew.
        """
        pytest.skip("does not show what it makes of an older layout")

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

    @pytest.fixture
    def forked(self, reopen: OpenStorage) -> OpenStorage:
        """Give a function that opens the same data again, here and in a process to be killed."""
        if not crash.CAN_FORK:
            pytest.skip("no process can be forked here")
        return reopen

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

    # --- layouts

    def test_a_newer_layout_is_refused(self, open_newer: Callable[[], Storage]) -> None:
        """What a newer netcrm has written is neither read nor written."""
        for writes in (False, True):
            with pytest.raises(RefusedError):  # noqa: SIM117
                with closing(open_newer()) as storage, storage.begin(write=writes):
                    pass

    def test_an_older_layout_is_brought_forward(self, open_older: Callable[[], Storage]) -> None:
        """What an older netcrm has written is read and written, and stays."""
        with closing(open_older()) as storage:
            before = read(storage)
            assert before, "an older layout that holds nothing shows nothing"
            write(storage, thing("~new"))
        with closing(open_older()) as storage:
            assert read(storage) == [*before, thing("~new")]
            assert found(storage) == [record.id for record in read(storage)]

    # --- all at once

    def test_it_holds_what_a_dict_would_hold(self, storage_factory: OpenStorage) -> None:
        """Whatever is done, in any order and with any failures: it holds what a dict would."""
        machine.run(storage_factory, persistent=self.persistent)
