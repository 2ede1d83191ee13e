"""Storages that fail when several use them at once."""

import threading
import time
from contextlib import contextmanager

from netcrm.errors import ConflictError
from tests.broken.shelf import Shelved, breaks


class TakesNoLock(Shelved):
    def lock(self):
        pass

    def unlock(self):
        pass


breaks("test_a_writer_waits_for_the_one_before")(TakesNoLock)


@breaks("test_writers_lose_nothing", "test_threads_that_write_lose_nothing")
class LastCommitWins(TakesNoLock):
    def commit(self, transaction):
        time.sleep(0.002)
        super().commit(transaction)


@breaks("test_writers_lose_nothing", "test_threads_that_write_lose_nothing")
class FirstCommitWins(TakesNoLock):
    """Tells who loses a race that there was a conflict, only when they commit."""

    def view(self):
        transaction = super().view()
        transaction.before = dict(transaction.stored)
        return transaction

    def commit(self, transaction):
        with self.shelf.lock:
            if self.shelf.stored[self.name] != transaction.before:
                raise ConflictError("somebody was quicker")
            super().commit(transaction)


@breaks("test_writers_lose_nothing")
class LocksItsOwnHandle(Shelved):
    def __init__(self, shelf, name):
        super().__init__(shelf, name)
        self.own = threading.Lock()

    def lock(self):
        self.own.acquire()

    def unlock(self):
        self.own.release()


@breaks("test_readers_wait_for_nobody", "test_threads_share_a_storage")
class ReadersTakeTheLock(Shelved):
    @contextmanager
    def begin(self, *, write):
        with super().begin(write=True) as transaction:
            yield transaction


@breaks("test_threads_share_a_storage", "test_threads_read_whole_commits")
class BelongsToAThread(Shelved):
    def __init__(self, shelf, name):
        super().__init__(shelf, name)
        self.thread = threading.get_ident()

    def view(self):
        assert self.thread == threading.get_ident()
        return super().view()


@breaks("test_threads_share_a_storage")
class HasOneTransaction(Shelved):
    """All threads work in the transaction that was begun last."""

    def view(self):
        self.now = super().view()
        return Forwards(self)


class Forwards:
    def __init__(self, storage):
        self.storage = storage

    def __getattr__(self, name):
        return getattr(self.storage.now, name)
