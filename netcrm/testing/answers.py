"""The rules for answers: `find`, `count`, `rows` and `latest` beside a naive reading of them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from netcrm.storage.contract import Record, Storage
from netcrm.storage.query import (
    Query,
    Where,
    eq,
    ge,
    gt,
    has,
    le,
    lt,
    one_of,
    prefix,
    starts,
    text,
)
from netcrm.testing import drawn, oracle
from netcrm.testing.drawn import Case, examples
from netcrm.testing.toys import (
    delete,
    fill,
    find,
    found,
    last_talks,
    latest,
    talk,
    thing,
    things,
    write,
)

_TALKS = (
    talk("a", "2026-01-01", "ana", "ben", topic="x", minutes=9),
    talk("b", "2026-02-01", "ana", said="Ada wrote"),
    talk("c", "2026-02-01 2026-02-01T09:00:00+00:00", "ben", "cleo", topic="x"),
    talk("d", "2026-02-01", "ana", "cleo", minutes=5, hosts=["ana"]),
)


class AnswerRules:
    """What a backend answers; the fixture `storage` gives an empty one."""

    # --- any question

    @examples
    @given(case=drawn.cases())
    def test_find_and_count_mean_what_the_contract_says(self, storage: Storage, case: Case) -> None:
        """`find` and `count` answer any question like a naive reading of the contract."""
        fill(storage, case.records)
        with storage.begin(write=False) as transaction:
            oracle.judge_found(transaction, case.ask, case.records)
            assert transaction.count(case.ask.query.kind) == len(case.records)

    @examples
    @given(case=drawn.cases())
    def test_rows_are_the_values_of_what_is_found(self, storage: Storage, case: Case) -> None:
        """`rows` gives the index values of what `find` finds, in the same order."""
        fill(storage, case.records)
        with storage.begin(write=False) as transaction:
            oracle.judge_rows(transaction, case.ask, case.records)

    def test_rows_keep_the_types_of_values(self, storage: Storage) -> None:
        """In `rows` a truth value is a bool, a number is an int, a set is a tuple."""
        fill(storage, things({"a": {"done": True, "size": 1, "tags": ["x"]}, "b": {"done": False}}))
        with storage.begin(write=False) as transaction:
            rows = list(transaction.rows(Query("thing"), ("done", "size", "tags", "name")))
        assert rows == [(True, 1, ("x",), None), (False, None, (), None)]
        assert [type(row[0]) for row in rows] == [bool, bool]

    def test_names_may_be_words_of_sql(self, storage: Storage) -> None:
        """Kinds and fields called order, group, select, from and table answer like all others."""
        docs: dict[str, Any] = {
            "a": {"group": "x", "select": 1, "from": True, "table": ["t", "u"], "said": "Zoë"},
            "b": {"group": "y", "select": 2, "from": False, "table": ["t"]},
            "c": {"select": 2},
        }
        fill(storage, [Record("order", record_id, doc, 1) for record_id, doc in docs.items()])
        for where, ids in (
            (eq("group", "x") | prefix("group", "y"), ["a", "b"]),
            (ge("select", 2) & ~eq("from", None), ["b"]),
            (eq("from", True), ["a"]),
            (has("table", "t") & ~starts("table", "u"), ["b"]),
            (one_of("group", ["y", None]), ["b", "c"]),
            (text("zoe") & lt("group", "y"), ["a"]),
        ):
            assert found(storage, where, kind="order") == ids
        by = (("select", True), ("group", False))
        assert found(storage, kind="order", order=by) == ["c", "b", "a"]
        assert found(storage, kind="order", order=by, after=(2, None, "c")) == ["b", "a"]
        query = Query("order", order=(("group", True),), limit=2)
        with storage.begin(write=False) as transaction:
            rows = list(transaction.rows(query, ("group", "select", "from", "table")))
            assert rows == [("y", 2, False, ("t",)), ("x", 1, True, rows[1][3])]
            assert transaction.count("order", le("select", 1)) == 1
            last = transaction.latest(query, per="table", by="select", members=["t", "order"])
            assert last == {"t": (2, "b")}

    def test_questions_know_what_came_bit_by_bit(self, storage: Storage) -> None:
        """What is put, changed and deleted in many commits is found as if it had come at once."""
        versions = [
            thing(f"{n}", rev, size=n * rev, tags=[f"t{n}", f"r{rev}"], said=f"word{n} rev{rev}")
            for rev in (1, 2, 3)
            for n in range(6)
        ]
        for record in versions:
            write(storage, record, over=record.rev - 1)
        delete(storage, versions[13])
        for n in range(6):
            for where in (text(f"word{n}"), has("tags", f"t{n}"), eq("size", 3 * n)):
                assert found(storage, where) == ([str(n)] if n != 1 else [])
        for rev in (1, 2, 3):
            for where in (text(f"rev{rev}"), has("tags", f"r{rev}")):
                assert found(storage, where) == (list("02345") if rev == 3 else [])
        assert latest(storage)["r3"] == (15, "5")

    # --- the latest

    @examples
    @given(case=drawn.cases(("thing", "talk", "order")))
    def test_latest_means_what_the_contract_says(self, storage: Storage, case: Case) -> None:
        """`latest` answers like a naive reading of the contract, about all members or some."""
        fill(storage, case.records)
        with storage.begin(write=False) as transaction:
            oracle.judge_latest(transaction, case.ask, case.records)

    def test_latest_is_the_greatest_value_then_the_greatest_id(self, storage: Storage) -> None:
        """Of records with the same value the one with the greatest id is the latest."""
        docs: dict[str, Any] = {record_id: {"size": 7, "tags": ["x"]} for record_id in "bca"}
        fill(storage, things({**docs, "d": {"size": 6, "tags": ["x", "y"]}}))
        assert latest(storage) == {"x": (7, "c"), "y": (6, "d")}

    def test_latest_counts_none_as_the_least(self, storage: Storage) -> None:
        """A record without the value is the latest only where there is no other."""
        fill(storage, things({"a": {"size": -5, "tags": ["x"]}, "b": {"tags": ["x", "y"]}}))
        assert latest(storage) == {"x": (-5, "a"), "y": (None, "b")}

    def test_latest_looks_at_what_fits_only(self, storage: Storage) -> None:
        """The condition comes first, then the latest of what fits."""
        fill(
            storage, things({"a": {"size": 1, "tags": ["x"]}, "b": {"size": 2, "tags": ["x", "y"]}})
        )
        assert latest(storage, lt("size", 2)) == {"x": (1, "a")}

    def test_latest_leaves_order_and_limit_aside(self, storage: Storage) -> None:
        """The query's order, limit and after do not count for `latest`."""
        fill(storage, things({record_id: {"size": 1, "tags": [record_id]} for record_id in "abc"}))
        query = Query("thing", order=(("size", True),), limit=1, after=(1, "a"))
        with storage.begin(write=False) as transaction:
            assert set(transaction.latest(query, per="tags", by="size")) == {"a", "b", "c"}

    # --- talks: a set whose members know when (`Field.by`)

    def test_the_last_talk_of_each(self, storage: Storage) -> None:
        """`latest` by the field that goes with the set: the last time, then the greatest id."""
        fill(storage, _TALKS)
        ana, both = ("2026-02-01", "d"), (_TALKS[2].doc["at"], "c")
        assert last_talks(storage) == {"ana": ana, "ben": both, "cleo": both}
        assert last_talks(storage, members=["ana", "ana", "zoe"]) == {"ana": ana}
        assert last_talks(storage, members=()) == {}

    def test_the_last_talk_in_a_span(self, storage: Storage) -> None:
        """Conditions on the time choose among the talks before the last one is taken."""
        fill(storage, _TALKS)
        day, moment = "2026-02-01", str(_TALKS[2].doc["at"])
        first, ana, both = ("2026-01-01", "a"), (day, "d"), (moment, "c")
        spans: list[tuple[Where, dict[str, Any]]] = [
            (lt("at", day), {"ana": first, "ben": first}),
            (le("at", day), {"ana": ana, "ben": first, "cleo": ana}),
            (gt("at", day), {"ben": both, "cleo": both}),
            (ge("at", "2026-01-02") & lt("at", moment), {"ana": ana, "cleo": ana}),
            (~lt("at", moment) | eq("at", "2026-01-01"), {"ana": first, "ben": both, "cleo": both}),
            (prefix("at", "2026-01"), {"ana": first, "ben": first}),
        ]
        for where, wanted in spans:
            assert last_talks(storage, where) == wanted
            some = {one: wanted[one] for one in ("cleo", "ben") if one in wanted}
            assert last_talks(storage, where, members={"cleo", "ben"}) == some

    def test_the_last_talk_that_fits(self, storage: Storage) -> None:
        """Conditions on anything else do so too, also together with the time."""
        fill(storage, _TALKS)
        first, last = ("2026-01-01", "a"), ("2026-02-01", "d")
        moment = (str(_TALKS[2].doc["at"]), "c")
        conditions: list[tuple[Where, dict[str, Any]]] = [
            (eq("topic", "x"), {"ana": first, "ben": moment, "cleo": moment}),
            (eq("topic", "x") & lt("at", "2026-02"), {"ana": first, "ben": first}),
            (text("ada"), {"ana": ("2026-02-01", "b")}),
            (gt("minutes", 5), {"ana": first, "ben": first}),
            (lt("id", "c") & has("people", "ben"), {"ana": first, "ben": first}),
            (has("hosts", "ana") & le("at", "2026-02-01"), {"ana": last, "cleo": last}),
        ]
        for where, wanted in conditions:
            assert last_talks(storage, where) == wanted
            some = {one: wanted[one] for one in wanted if one == "cleo"}
            assert last_talks(storage, where, members=["cleo"]) == some

    def test_the_last_talk_by_another_field(self, storage: Storage) -> None:
        """`latest` goes by any field, also one that is often missing, or by the id."""
        fill(storage, _TALKS)
        nine, five = (9, "a"), (5, "d")
        late, none = ge("at", "2026-02"), (None, "c")
        assert last_talks(storage, by="minutes") == {"ana": nine, "ben": nine, "cleo": five}
        assert last_talks(storage, late, by="minutes") == {"ana": five, "ben": none, "cleo": five}
        assert last_talks(storage, late, by="topic", members=["ana"]) == {"ana": (None, "d")}
        assert last_talks(storage, by="id", members=["ben"]) == {"ben": ("c", "c")}

    def test_a_talk_may_change(self, storage: Storage) -> None:
        """When a talk moves in time, changes its people or is deleted, `latest` knows."""
        fill(storage, [talk("a", "2026-01-01", "ana", "ben"), talk("b", "2026-02-01", "ana")])
        write(storage, talk("a", "2026-03-01", "ana", "ben", rev=2), over=1)
        late = ("2026-03-01", "a")
        assert last_talks(storage) == {"ana": late, "ben": late}
        assert last_talks(storage, lt("at", "2026-03")) == {"ana": ("2026-02-01", "b")}
        write(storage, talk("a", "2026-03-01", "cleo", rev=3), over=2)
        assert last_talks(storage) == {"ana": ("2026-02-01", "b"), "cleo": late}
        delete(storage, talk("b", ""))
        assert last_talks(storage) == {"cleo": late}

    def test_a_timeline_goes_on_between_ties(self, storage: Storage) -> None:
        """The talks with somebody, page by page, also where several are of one time."""
        day, ids = "2026-02-01", ["f", "b", "c", "d", "e", "a"]
        at = {**dict.fromkeys(ids, day), "f": "2026-03-01", "a": "2026-01-01"}
        for_ben = [talk("g", day, "ben"), talk("h", "2026-04-01", "ben", topic="x")]
        fill(storage, [*(talk(id, at[id], "ana", "ben", topic=id) for id in ids), *for_ben])
        by: list[tuple[str, bool]] = [("at", True)]
        ana = has("people", "ana")
        for place, id in enumerate(ids):
            rest, after = ids[place + 1 :], (at[id], id)
            assert found(storage, ana, kind="talk", order=by, after=after) == rest
            assert found(storage, ana, kind="talk", order=by, after=after, limit=2) == rest[:2]
            for where in (ana & ~eq("topic", id), ~eq("topic", id) & ana):
                assert found(storage, where, kind="talk", order=by, after=after) == rest
        both = has("people", "ben", "ana")
        assert found(storage, both, kind="talk", order=by) == ["h", *ids[:5], "g", "a"]
        either = ana | eq("topic", "x")
        assert found(storage, either, kind="talk", order=by) == ["h", *ids]
        upwards = ["a", "b", "c", "d", "e", "f"]
        assert found(storage, ana, kind="talk", order=[("at", False)]) == upwards
        after = (day, "c")
        assert found(storage, ana, kind="talk", order=[("at", False)], after=after) == upwards[3:]

    @examples
    @given(
        records=drawn.collections("talk"),
        where=drawn.timelines(),
        page=st.integers(1, 3),
    )
    def test_a_timeline_is_read_page_by_page(
        self, storage: Storage, records: list[Record], where: Where, page: int
    ) -> None:
        """The talks with somebody, the last ones first, each once; ties by id, ascending."""
        fill(storage, records)
        query = Query("talk", where, (("at", True),), page)
        while found_now := find(storage, query):
            assert found_now == oracle.answer(query, records)
            query = query._replace(after=oracle.place(found_now[-1], query))
        assert oracle.answer(query, records) == []
