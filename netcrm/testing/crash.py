"""The rules for a program that is killed: what it committed is there, and nothing else."""

from __future__ import annotations

import gc
import os
import signal
import time
import traceback
import warnings
from collections.abc import Callable
from contextlib import closing
from typing import Final, NoReturn

from netcrm.storage.contract import Storage, Transaction
from netcrm.storage.query import eq, has, text
from netcrm.testing import threads
from netcrm.testing.toys import found, read, thing, write

CAN_FORK: Final = hasattr(os, "fork")

_KILLS: Final = 6
_PADDING: Final = 50_000  # so that a commit takes a while
_TOO_LONG: Final = 60


def child(task: Callable[[], object]) -> int:
    """Begin to do a task in a child process, which is killed at its end; return its number.

    It never uses what its parent has opened, and lets go of nothing of it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that threads are not in the child
        number = os.fork()
    if number:
        return number
    try:
        gc.disable()
        signal.alarm(_TOO_LONG)
        task()
        die()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def die() -> NoReturn:
    """End this process at once, as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("killed, and yet alive")


def wait_for(number: int) -> None:
    """Wait until a child is dead."""
    _, status = os.waitpid(number, 0)
    ended = os.waitstatus_to_exitcode(status)
    assert ended == -signal.SIGKILL, "the child failed before it was killed; it says why"


def crash(
    open_storage: Callable[[], Storage], work: Callable[[Transaction], object], *, commits: bool
) -> None:
    """Let a child do some work in a transaction, and be killed before it commits or right after."""

    def task() -> None:
        storage = open_storage()
        with storage.begin(write=True) as transaction:
            work(transaction)
            if not commits:
                die()
        die()

    wait_for(child(task))


class CrashRules:
    """What a crash leaves; `forked` opens the same data again, where a process can be killed."""

    def test_a_crash_before_the_commit_leaves_no_trace(
        self, storage: Storage, forked: Callable[[], Storage]
    ) -> None:
        """Killed within the block: nothing of it is there, and the next writer goes on at once."""
        before = [thing("a", size=1, tags=["x"], said="one"), thing("b")]
        write(storage, *before)
        crash(forked, _change, commits=False)
        started = time.monotonic()
        assert read(storage) == before
        assert found(storage, has("tags", "x") & text("one") & eq("size", 1)) == ["a"]
        assert found(storage, has("tags", "y") | text("two")) == []
        write(storage, thing("c"))
        with closing(forked()) as fresh:
            assert read(fresh) == [*before, thing("c")]
            write(fresh, thing("d"))
        assert time.monotonic() - started < threads.PATIENCE

    def test_a_crash_after_the_commit_loses_nothing(
        self, storage: Storage, forked: Callable[[], Storage]
    ) -> None:
        """Killed right after the block: all of it is there, also for who was there before."""
        write(storage, thing("a", size=1, tags=["x"], said="one"), thing("b"))
        crash(forked, _change, commits=True)
        with closing(forked()) as fresh:
            for handle in (storage, fresh):
                assert read(handle) == [thing("a", 2, tags=["y"], said="two"), thing("d")]
                assert found(handle, has("tags", "y") & text("two") & eq("size", None)) == ["a"]
                assert found(handle, has("tags", "x") | text("one")) == []
            write(fresh, thing("b"))
        assert len(read(storage)) == 3

    def test_a_crash_at_any_moment_leaves_whole_commits(
        self, storage: Storage, forked: Callable[[], Storage]
    ) -> None:
        """Killed while it commits again and again: all that it knew to be committed is there."""
        write(storage, thing("a", size=0), thing("b", size=0))
        for kill in range(_KILLS):
            known = read(storage)[0].rev + _count_until_killed(forked, 0.002 * kill)
            left = read(storage)
            assert left[0].rev == left[1].rev, "half a commit"
            assert known <= left[0].rev <= known + 1


def _change(transaction: Transaction) -> None:
    transaction.put([(thing("a", 2, tags=["y"], said="two"), 1), (thing("d"), 0)])
    transaction.delete([thing("b")])


def _count_until_killed(open_storage: Callable[[], Storage], seconds: float) -> int:
    """Let a child change two records together, often, for so long; return how often it said so."""
    told, tells = os.pipe()

    def count_on() -> None:
        storage = open_storage()
        rev = read(storage)[0].rev
        while True:
            write(storage, *(thing(id, rev + 1, note=id * _PADDING) for id in "ab"), over=rev)
            os.write(tells, b".")
            rev += 1

    number = child(count_on)
    os.close(tells)
    with os.fdopen(told, "rb") as said:
        times = len(said.read(1))
        time.sleep(seconds)
        os.kill(number, signal.SIGKILL)
        wait_for(number)
        return times + len(said.read())
