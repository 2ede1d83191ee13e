"""Storages that forget, keep what was not committed, or stay locked."""

import contextlib
import time
from typing import ClassVar

from netcrm.errors import BusyError
from netcrm.storage.memory import MemoryTransaction
from tests.broken.shelf import Shelved, breaks


@breaks(
    "test_a_crash_after_the_commit_loses_nothing",
    "test_it_holds_what_a_dict_would_hold",
)
class WritesLater(Shelved):
    """Writes a commit at the next occasion: to begin, or to close."""

    pending: ClassVar = {}

    def view(self):
        self.close()
        return super().view()

    def commit(self, transaction):
        self.pending[self.shelf, self.name] = transaction

    def close(self):
        if transaction := self.pending.pop((self.shelf, self.name), None):
            super().commit(transaction)


@breaks("test_a_crash_before_the_commit_leaves_no_trace")
class LeavesALock(Shelved):
    """A file is its lock, which a writer that was killed leaves behind."""

    def file(self):
        return self.shelf.stored.folder / "lock"

    def lock(self):
        deadline = time.monotonic() + 0.1
        while time.monotonic() < deadline:
            with contextlib.suppress(FileExistsError):
                self.file().touch(exist_ok=False)
                return
            time.sleep(0.01)
        raise BusyError(self.location)

    def unlock(self):
        self.file().unlink()


@breaks("test_what_was_committed_is_there_after_reopening")
class ForgetsOnReopening(Shelved):
    def __init__(self, shelf, name):
        super().__init__(shelf, name)
        shelf.stored[name] = {}


@breaks("test_what_was_committed_is_there_after_reopening")
class ForgetsRevisionsOnReopening(Shelved):
    def __init__(self, shelf, name):
        super().__init__(shelf, name)
        shelf.stored[name] = {key: (1, doc) for key, (_, doc) in shelf.stored[name].items()}


@breaks("test_a_storage_is_its_own")
class SharesOnePlace(Shelved):
    def __init__(self, shelf, name):
        super().__init__(shelf, "one")


@breaks("test_two_handles_take_turns")
class ReadsOnceWhenOpened(Shelved):
    def __init__(self, shelf, name):
        super().__init__(shelf, name)
        self.own = shelf.stored[name]

    def view(self):
        return self.transaction(self.kinds, self.own)

    def commit(self, transaction):
        super().commit(transaction)
        self.own = transaction.stored


@breaks("test_a_handle_knows_of_conflicts_with_another")
class ChecksWhatItReadFirst(ReadsOnceWhenOpened):
    def commit(self, transaction):
        changed = {k: v for k, v in transaction.stored.items() if self.own.get(k) != v}
        self.shelf.stored[self.name] = self.own = {**self.shelf.stored[self.name], **changed}


breaks("test_a_newer_layout_is_refused")(Shelved)


@breaks("test_an_older_layout_is_brought_forward")
class KeepsOnlyWhatIsNew(Shelved):
    """Begins anew when it first writes over an older layout."""

    def commit(self, transaction):
        new = {key: kept for key, kept in transaction.stored.items() if key[1].startswith("~")}
        self.shelf.stored[self.name] = new


@breaks("test_it_holds_what_a_dict_would_hold")
class DeletesOnlyBeforeItPuts(MemoryTransaction):
    puts = False

    def put(self, records):
        self.puts = True
        super().put(records)

    def delete(self, records):
        if not self.puts:
            super().delete(records)
