"""The rules for threads and programs that use a storage at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, suppress
from typing import Any

from netcrm.errors import BusyError
from netcrm.storage.contract import Storage, Transaction
from netcrm.testing.toys import read, thing, write

PATIENCE = 5.0
"""Seconds after which somebody who should not wait counts as waiting."""

_WRITERS = 4
_TIMES = 5


def at_once(*tasks: Callable[[], object]) -> None:
    """Do each task in a thread of its own; raise what one of them raises."""
    with ThreadPoolExecutor(len(tasks)) as pool:
        doing = [pool.submit(task) for task in tasks]
    errors = [error for task in doing if (error := task.exception())]
    for error in errors:
        if not isinstance(error, threading.BrokenBarrierError):
            raise error
    assert not errors, "one of them waits for another"


def sizes(transaction: Transaction) -> list[Any]:
    """Return the sizes of all things."""
    return [record.doc["size"] for record in transaction.scan("thing")]


class ThreadRules:
    """How a backend serves several at once; `other` is a second handle on the same data."""

    def test_readers_wait_for_nobody(self, storage: Storage, other: Storage) -> None:
        """While a writer is at work, others begin and read, by this handle and by another."""
        write(storage, thing("a"))
        with ThreadPoolExecutor(2) as pool, storage.begin(write=True) as transaction:
            transaction.put([(thing("a", 2), 1)])
            for handle in (storage, other):
                reader = pool.submit(read, handle)
                assert wait([reader], PATIENCE).done, "a reader waits for a writer"
                assert reader.result() == [thing("a")]
        assert read(other) == [thing("a", 2)]

    def test_a_writer_waits_for_the_one_before(self, storage: Storage, other: Storage) -> None:
        """A second writer begins when the first has ended, and sees what it left."""
        seen: list[list[int]] = []

        def second() -> None:
            with other.begin(write=True) as transaction:
                seen.append(sizes(transaction))

        with ThreadPoolExecutor(1) as pool, storage.begin(write=True) as transaction:
            waiting = pool.submit(_until_done, second)
            time.sleep(0.05)
            transaction.put([(thing("a", size=1), 0)])
            time.sleep(0.05)
            assert not seen, "two writers are at work"
        waiting.result()
        assert seen == [[1]]

    def test_threads_share_a_storage(self, storage: Storage) -> None:
        """Threads each have a transaction of one storage: three that read, one that writes."""
        write(storage, thing("a", size=0), thing("b", size=0))
        step = threading.Barrier(4)

        def read_on() -> None:
            with storage.begin(write=False) as transaction:
                assert sizes(transaction) == [0, 0]
                for _ in range(3):
                    step.wait(PATIENCE)
                    assert sizes(transaction) == [0, 0]

        def write_on() -> None:
            with storage.begin(write=True) as transaction:
                step.wait(PATIENCE)  # all have begun
                transaction.put([(thing(id, 2, size=1), 1) for id in "ab"])
                step.wait(PATIENCE)  # it has written
            step.wait(PATIENCE)  # it has committed

        at_once(read_on, read_on, read_on, write_on)
        assert [record.doc["size"] for record in read(storage)] == [1, 1]

    def test_threads_read_whole_commits(self, storage: Storage) -> None:
        """However often somebody commits, each reader sees all of a commit or nothing of it."""
        write(storage, thing("a", size=0), thing("b", size=0))
        done = threading.Event()

        def read_on() -> None:
            last = 0
            while not done.is_set():
                with storage.begin(write=False) as transaction:
                    one, other = sizes(transaction)
                    assert one == other >= last, "half a commit, or an older one"
                    last = one

        def write_on() -> None:
            try:
                for rev in range(1, 2 * _TIMES):
                    with storage.begin(write=True) as transaction:
                        for id in "ab":
                            transaction.put([(thing(id, rev + 1, size=rev), rev)])
                            time.sleep(0.001)
            finally:
                done.set()

        at_once(read_on, read_on, read_on, write_on)

    def test_threads_that_write_lose_nothing(self, storage: Storage) -> None:
        """Threads read, change and write one record by one handle: each change is kept."""
        write(storage, thing("sum", size=0))
        at_once(*[lambda: _count_up(storage)] * _WRITERS)
        assert read(storage) == [thing("sum", 1 + _WRITERS * _TIMES, size=_WRITERS * _TIMES)]

    def test_writers_lose_nothing(
        self, storage: Storage, other: Storage, storage_factory: Callable[[], Storage]
    ) -> None:
        """So do threads that have each a handle of their own."""
        write(storage, thing("sum", size=0))

        def count_up() -> None:
            if other is storage:  # there can be only one
                _count_up(storage)
                return
            with closing(storage_factory()) as own:
                _count_up(own)

        at_once(*[count_up] * _WRITERS)
        assert read(storage) == [thing("sum", 1 + _WRITERS * _TIMES, size=_WRITERS * _TIMES)]


def _until_done(task: Callable[[], None]) -> None:
    """Try again while another writer is quicker; nothing else may go wrong."""
    deadline = time.monotonic() + 4 * PATIENCE
    while time.monotonic() < deadline:
        with suppress(BusyError):
            task()
            return
    raise AssertionError("other writers were quicker all the time")


def _count_up(storage: Storage) -> None:
    """Add 1 to the size of the record `sum` a few times."""

    def add_one() -> None:
        with storage.begin(write=True) as transaction:
            (before,) = transaction.get("thing", ["sum"])
            time.sleep(0.001)
            after = thing("sum", before.rev + 1, size=before.doc["size"] + 1)
            transaction.put([(after, before.rev)])

    for _ in range(_TIMES):
        _until_done(add_one)
