"""Storages whose transactions leak, or that forget."""

import contextlib
import time
from contextlib import contextmanager

from netcrm.errors import ConflictError
from netcrm.storage.memory import MemoryTransaction
from netcrm.testing import KINDS
from tests.broken.shelf import Shelved, breaks

# --- transactions


@breaks("test_a_failure_leaves_nothing")
class CommitsInSpiteOfAll(Shelved):
    @contextmanager
    def begin(self, *, write):
        transaction = self.view()
        try:
            yield transaction
        finally:
            if write:
                self.commit(transaction)


@breaks("test_a_failure_leaves_nothing")
class CommitsWhenInterrupted(Shelved):
    @contextmanager
    def begin(self, *, write):
        transaction = self.view()
        with contextlib.ExitStack() as left:
            left.callback(self.commit, transaction)
            try:
                yield transaction
            except Exception:
                left.pop_all()
                raise


@breaks("test_a_conflict_leaves_nothing")
class CommitsUpToTheConflict(Shelved):
    @contextmanager
    def begin(self, *, write):
        transaction = self.view()
        try:
            yield transaction
        except ConflictError:
            self.commit(transaction)
            raise
        self.commit(transaction)


class SeesCommitted(MemoryTransaction):
    def __init__(self, kinds, stored):
        super().__init__(kinds, stored)
        self.before = MemoryTransaction(kinds, stored)


def _blind(method):
    def ask(self, *args, **options):
        return getattr(self.before, method)(*args, **options)

    breaks("test_a_writer_sees_what_it_wrote")(
        type(f"BlindTo{method.title()}", (SeesCommitted,), {method: ask})
    )


for _method in ("get", "scan", "pairs", "find", "rows", "count", "latest"):
    _blind(_method)


@breaks("test_a_record_may_be_written_twice")
class WritesOnce(MemoryTransaction):
    def put(self, records):
        written = self.__dict__.setdefault("written", set())
        for record, over in records:
            if record.id in written:
                raise ConflictError(record.id)
            written.add(record.id)
            super().put([(record, over)])


@breaks("test_nobody_sees_what_is_not_committed")
class WritesAtOnce(Shelved):
    def view(self):
        transaction = super().view()
        transaction.stored = self.shelf.stored[self.name]
        return transaction


@breaks("test_a_reader_keeps_its_view")
class ReadsWhatIsNow(Shelved):
    def view(self):
        class Live(MemoryTransaction):
            stored = property(lambda _: self.shelf.stored[self.name], lambda *_: None)

        return Live(KINDS, {})

    @contextmanager
    def begin(self, *, write):
        transaction = super().view() if write else self.view()
        yield transaction
        if write:
            self.commit(transaction)


@breaks("test_writers_lose_nothing")
class TakesNoLock(Shelved):
    @contextmanager
    def begin(self, *, write):
        transaction = self.view()
        yield transaction
        time.sleep(0.002)
        if write:
            self.commit(transaction)


# --- on disk


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


@breaks("test_it_holds_what_a_dict_would_hold")
class DeletesOnlyBeforeItPuts(MemoryTransaction):
    puts = False

    def put(self, records):
        self.puts = True
        super().put(records)

    def delete(self, records):
        if not self.puts:
            super().delete(records)
