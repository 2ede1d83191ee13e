"""Storages whose transactions leak, wait or lose a race, or that forget."""

import contextlib
import time
from contextlib import contextmanager

import orjson

from netcrm.errors import ConflictError
from netcrm.storage.memory import MemoryTransaction
from netcrm.storage.query import has
from tests.broken.shelf import Shelved, breaks

# --- all or nothing


@breaks("test_a_failure_leaves_nothing", "test_an_iterable_that_fails_leaves_nothing")
class CommitsInSpiteOfAll(Shelved):
    @contextmanager
    def begin(self, *, write):
        transaction = self.view()
        try:
            yield transaction
        finally:
            if write:
                self.commit(transaction)


class CommitsAfter(Shelved):
    """Commits after some exceptions."""

    failures = ()

    @contextmanager
    def begin(self, *, write):
        transaction = self.view()
        try:
            yield transaction
        except self.failures:
            self.commit(transaction)
            raise
        if write:
            self.commit(transaction)


for _failure in (KeyboardInterrupt, GeneratorExit):
    breaks("test_a_failure_leaves_nothing", "test_an_iterable_that_fails_leaves_nothing")(
        type(f"CommitsAfter{_failure.__name__}", (CommitsAfter,), {"failures": _failure})
    )


@breaks("test_failures_use_nothing_up")
class HasThirtyConnections(Shelved):
    """Gives a connection back only where all went well."""

    free = 30

    @contextmanager
    def begin(self, *, write):
        self.free -= 1
        assert self.free >= 0, "no connection is free"
        with super().begin(write=write) as transaction:
            yield transaction
        self.free += 1


@breaks("test_a_conflict_leaves_nothing")
class CommitsUpToTheConflict(CommitsAfter):
    failures = ConflictError


@breaks("test_an_iterable_that_fails_leaves_nothing")
class EndsAnIterableQuietly(MemoryTransaction):
    def put(self, records):
        records = iter(records)
        with contextlib.suppress(KeyboardInterrupt):
            super().put(records)


# --- what is seen


@breaks("test_a_conflict_among_many_leaves_nothing")
class LoadsWithoutLooking(MemoryTransaction):
    """Takes thousands of records at once for new ones, without looking."""

    def put(self, records):
        pairs = list(records)
        if len(pairs) < 1000:
            super().put(pairs)
            return
        for record, _ in pairs:
            self.stored[record.kind, record.id] = (record.rev, orjson.dumps(record.doc))


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


@breaks(
    "test_nobody_sees_what_is_not_committed",
    "test_threads_read_whole_commits",
    "test_a_crash_before_the_commit_leaves_no_trace",
    "test_a_crash_at_any_moment_leaves_whole_commits",
    "test_it_holds_what_a_dict_would_hold",
)
class WritesAtOnce(Shelved):
    """Each put is there for everybody; an exception takes it back, but a crash does not."""

    class Loud(MemoryTransaction):
        def put(self, records):
            for n, pair in enumerate(records):
                time.sleep(0.01 * n)
                super().put([pair])
                self.changed(self)

        def delete(self, records):
            super().delete(records)
            self.changed(self)

    transaction = Loud

    @contextmanager
    def begin(self, *, write):
        before = self.view()
        try:
            with super().begin(write=write) as transaction:
                transaction.changed = self.commit
                yield transaction
        except BaseException:
            self.commit(before)
            raise


@breaks("test_a_reader_keeps_its_view", "test_threads_share_a_storage")
class ReadsWhatIsNow(Shelved):
    @contextmanager
    def begin(self, *, write):
        class Live(MemoryTransaction):
            stored = property(lambda _: self.shelf.stored[self.name], lambda *_: None)

        if not write:
            yield Live(self.kinds, {})
            return
        with super().begin(write=True) as transaction:
            yield transaction


# --- answers


@breaks("test_answers_are_read_side_by_side")
class OneCursor(MemoryTransaction):
    """What is asked ends the answer before."""

    turn = 0

    def scan(self, kind):
        self.turn += 1
        turn = self.turn
        for record in super().scan(kind):
            if turn != self.turn:
                return
            yield record


@breaks("test_answers_are_read_side_by_side")
class CountingEndsAnAnswer(OneCursor):
    def scan(self, kind):
        turn = self.turn
        for record in MemoryTransaction.scan(self, kind):
            if turn != self.turn:
                return
            yield record

    def count(self, kind, where=None):
        answer = super().count(kind, where)
        self.turn += where is not None and where.op == has("").op
        return answer


@breaks("test_an_answer_let_go_disturbs_nobody")
class ReadsToTheEnd(MemoryTransaction):
    """Nothing can be written as long as an answer was not read to its end."""

    reading = 0

    def scan(self, kind):
        self.reading += 1
        yield from super().scan(kind)
        self.reading -= 1

    def put(self, records):
        assert not self.reading
        super().put(records)


@breaks("test_an_answer_let_go_disturbs_nobody")
class CommitsAnswersThatEnded(Shelved):
    """A commit waits in vain for an answer that is held half read."""

    class Counting(MemoryTransaction):
        reading = 0

        def scan(self, kind):
            self.reading += 1
            try:
                yield from super().scan(kind)
            finally:
                self.reading -= 1

    transaction = Counting

    def commit(self, transaction):
        assert not transaction.reading
        super().commit(transaction)


@breaks("test_an_answer_let_go_disturbs_nobody")
class AnswersLiveInTheStorage(Shelved):
    """The end of an old answer is the end of the new one."""

    def view(self):
        transaction = super().view()
        scan, storage = transaction.scan, self
        storage.ended = False

        def scan_until_ended(kind):
            storage.ended = False
            try:
                for record in scan(kind):
                    if storage.ended:
                        return
                    yield record
            finally:
                storage.ended = True

        transaction.scan = scan_until_ended
        return transaction
