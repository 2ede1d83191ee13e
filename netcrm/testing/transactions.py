"""The rules for transactions: all of one or nothing, a view that stays, answers side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

import pytest

from netcrm.errors import ConflictError
from netcrm.storage.contract import Record, Storage, Transaction
from netcrm.storage.query import Query, eq, has, text
from netcrm.testing.toys import fill, found, read, talk, thing, things, write

T = TypeVar("T")


class MadeUpError(Exception):
    """Makes a storage roll back."""


_FAILURES: Final = (MadeUpError, KeyboardInterrupt, GeneratorExit)

_TIMES: Final = 40  # more than a pool has connections

_IDS: Final = [f"{n:03}" for n in range(200)]
_ANSWERS: Final[tuple[Callable[[Transaction], Iterator[Any]], ...]] = (
    lambda transaction: transaction.scan("thing"),
    lambda transaction: transaction.scan("thing"),
    lambda transaction: transaction.pairs("talk"),
    lambda transaction: transaction.get("thing", _IDS),
    lambda transaction: transaction.find(Query("thing", order=(("size", True),))),
    lambda transaction: transaction.find(Query("talk", has("people", "ana"))),
    lambda transaction: transaction.rows(Query("thing"), ("id", "tags")),
)
"""Ways to ask about what `_fill` leaves: each answers with as many items as there are ids."""


def _fill(storage: Storage) -> None:
    docs = {id: {"size": n % 7, "tags": ["x", id]} for n, id in enumerate(_IDS)}
    fill(storage, [*things(docs), *(talk(id, "2026", "ana") for id in _IDS)])


def _failing(items: list[T], failure: type[BaseException]) -> Iterator[T]:
    """Yield the items, then fail."""
    yield from items
    raise failure


class TransactionRules:
    """How a backend keeps transactions apart; `other` is a second handle on the same data."""

    # --- all or nothing

    @pytest.mark.parametrize("steps", range(4))
    @pytest.mark.parametrize("failure", _FAILURES)
    def test_a_failure_leaves_nothing(
        self, storage: Storage, failure: type[BaseException], steps: int
    ) -> None:
        """An exception after any step undoes all of them, and the next transaction works."""
        before = things({"a": {"size": 1, "tags": ["x"], "said": "one"}, "b": {"size": 2}})
        write(storage, *before)

        def fail() -> None:
            with storage.begin(write=True) as transaction:
                if steps > 0:
                    transaction.put([(thing("a", 2, tags=["y"], said="two"), 1), (thing("c"), 0)])
                if steps > 1:
                    transaction.delete([before[1]])
                if steps > 2:
                    assert [record.id for record in transaction.scan("thing")] == ["a", "c"]
                raise failure

        with pytest.raises(failure):
            fail()
        assert read(storage) == before
        assert found(storage, eq("size", 2)) == ["b"]
        assert found(storage, has("tags", "x") & text("one")) == ["a"]
        assert found(storage, has("tags", "y") | text("two")) == []
        write(storage, thing("c"))
        assert len(read(storage)) == 3

    @pytest.mark.parametrize("many", [1, 1500])
    @pytest.mark.parametrize("failure", _FAILURES)
    def test_an_iterable_that_fails_leaves_nothing(
        self, storage: Storage, failure: type[BaseException], many: int
    ) -> None:
        """What is given to `put` or `delete` may fail half way: then all of the block fails."""
        before = things({f"a{n}": {} for n in range(many)})
        write(storage, *before)

        def fail(*, deleting: bool) -> None:
            with storage.begin(write=True) as transaction:
                transaction.put([(thing("first"), 0)])
                if deleting:
                    transaction.delete(_failing(before, failure))
                else:
                    transaction.put(_failing([(thing(f"b{n}"), 0) for n in range(many)], failure))

        for deleting in (False, True):
            with pytest.raises(failure):
                fail(deleting=deleting)
            assert {record.id for record in read(storage)} == {record.id for record in before}
        write(storage, thing("first"))

    @pytest.mark.parametrize("writes", [False, True])
    def test_failures_use_nothing_up(self, storage: Storage, *, writes: bool) -> None:
        """However many blocks fail, the next one has all it needs: they gave back what they had."""
        write(storage, *things({"a": {}, "b": {}}))

        def fail() -> None:
            with storage.begin(write=writes) as transaction:
                next(iter(transaction.scan("thing")))
                raise MadeUpError

        for _ in range(_TIMES):
            with pytest.raises(MadeUpError):
                fail()
        write(storage, thing("c"))

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

    @pytest.mark.parametrize("there", [[], [thing("a", 3)]], ids=["empty", "one"])
    def test_a_conflict_among_many_leaves_nothing(
        self, storage: Storage, there: list[Record]
    ) -> None:
        """Among thousands of records, one that is stale is found, wherever it stands."""
        write(storage, *there)
        new = [(thing(f"b{n}"), 0) for n in range(3000)]
        for stale in ((thing("a", 4), 1), (thing("c", 4), 1), *((one, 0) for one in there)):
            for place in (0, 1500, 3000):
                with pytest.raises(ConflictError), storage.begin(write=True) as transaction:
                    transaction.put([*new[:place], stale, *new[place:]])
                assert read(storage) == there

    # --- what is seen

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
            write(storage, thing("b", size=1))
            write(storage, thing("a", 2), over=1)
            assert list(reader.scan("thing")) == before
            assert list(reader.get("thing", ["a", "b"])) == before
            assert reader.count("thing", eq("size", 1)) == 1
        assert [record.rev for record in read(other)] == [2, 1]

    # --- answers

    @pytest.mark.parametrize("writes", [False, True])
    def test_answers_are_read_side_by_side(self, storage: Storage, *, writes: bool) -> None:
        """Answers that are read by turns are the same as one after the other."""
        _fill(storage)
        with storage.begin(write=writes) as transaction:
            alone = [list(ask(transaction)) for ask in _ANSWERS]
            by_turns = zip(*(ask(transaction) for ask in _ANSWERS), strict=False)
            assert list(map(list, zip(*by_turns, strict=False))) == alone
            ids = []
            for record in transaction.scan("thing"):
                assert list(transaction.get("thing", [record.id])) == [record]
                assert transaction.count("thing", has("tags", record.id)) == 1
                ids.append(record.id)
            assert ids == _IDS

    @pytest.mark.parametrize("ask", _ANSWERS, ids=range(len(_ANSWERS)))
    def test_an_answer_let_go_disturbs_nobody(
        self, storage: Storage, ask: Callable[[Transaction], Iterator[Any]]
    ) -> None:
        """Who reads the beginning of an answer only may write, commit, and begin again."""
        _fill(storage)
        held = []
        with storage.begin(write=True) as transaction:
            next(iter(ask(transaction)))
            transaction.put([(thing("000", 2), 1)])
            next(iter(ask(transaction)))
            transaction.delete([thing("001")])
            held.append(iter(ask(transaction)))  # never read on, not even at the end
            next(held[0])
        assert [record.rev for record in read(storage)][:2] == [2, 1]
        with storage.begin(write=False) as transaction:
            answer = transaction.scan("talk")
            next(answer)
            held.clear()  # what is left of the transaction before
            assert len(list(answer)) == len(_IDS) - 1
        write(storage, thing("001", 2))
