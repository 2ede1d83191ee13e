"""The rules for what is large: a backend may be slow with it, but it does not give up."""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Iterator
from functools import reduce
from typing import Final

from netcrm.storage.contract import Doc, Record, Storage
from netcrm.storage.query import Query, Where, eq, ge, gt, has, lt, one_of, prefix, starts, text
from netcrm.testing import oracle
from netcrm.testing.toys import (
    delete,
    fill,
    find,
    found,
    last_talks,
    latest,
    read,
    talk,
    thing,
    things,
    write,
)

_VALUES: Final = 40_000  # more than databases take as parameters
_RECORDS: Final = 20_000
_PARTS: Final = 3_000
_DEPTH: Final = 200
_MANY: Final = [f"m{n}" for n in range(_VALUES)]


def _long(length: int) -> str:
    """Return one long word that nothing compresses well."""
    parts = (hashlib.sha256(b"%d" % n).hexdigest() for n in range(length // 64 + 1))
    return "".join(parts)[:length]


class LargeRules:
    """How much a backend takes; the fixture `storage` gives an empty one."""

    # --- questions

    def test_one_of_takes_any_number_of_values(self, storage: Storage) -> None:
        """A list of values may be longer than what a database takes as parameters."""
        docs: dict[str, Doc] = {"a": {"size": 2, "name": "m7"}, "b": {}, "c": {"size": 1}}
        fill(storage, things({**docs, "d": {"size": 2}}))
        assert found(storage, one_of("size", [1, *range(10, _VALUES), 2])) == ["a", "c", "d"]
        assert found(storage, ~one_of("name", ["x", *_MANY, None])) == []
        assert found(storage, one_of("id", [*_MANY, "d"]) & one_of("name", [None, *_MANY])) == ["d"]

    def test_has_takes_any_number_of_members(self, storage: Storage) -> None:
        """`has` takes any number of words, the first and the last of them count."""
        fill(storage, things({"a": {"tags": ["m0"]}, "b": {"tags": ["m39999"]}, "c": {}}))
        assert found(storage, has("tags", *_MANY)) == ["a", "b"]
        assert found(storage, ~has("tags", *_MANY[1:])) == ["a", "c"]

    def test_get_takes_any_number_of_ids(self, storage: Storage) -> None:
        """`get` takes any number of ids, most of them missing or not."""
        write(storage, thing("m0"), thing("m39999"))
        with storage.begin(write=False) as transaction:
            assert {record.id for record in transaction.get("thing", _MANY)} == {"m0", "m39999"}

    def test_latest_takes_any_number_of_members(self, storage: Storage) -> None:
        """`latest` takes any number of members, most of them in no set."""
        fill(storage, [talk("a", "2026", "m0", "x"), talk("b", "2025", "m0", "m39999")])
        wanted = {"m0": ("2026", "a"), "m39999": ("2025", "b")}
        assert last_talks(storage, members=_MANY) == wanted
        assert last_talks(storage, lt("at", "2026"), members=_MANY)["m0"] == ("2025", "b")

    def test_a_condition_may_have_many_parts(self, storage: Storage) -> None:
        """Thousands of conditions are joined by `|`, or by `&`."""
        fill(storage, things({"a": {"size": 1}, "b": {"tags": ["x2999"]}, "c": {"size": -1}}))
        several = [has("tags", f"x{n}") if n % 10 == 9 else eq("size", n) for n in range(_PARTS)]
        assert found(storage, reduce(operator.or_, several)) == ["a", "b"]
        assert found(storage, reduce(operator.and_, (~one for one in several))) == ["c"]

    def test_a_condition_may_nest_deep(self, storage: Storage) -> None:
        """Conditions within conditions, `&`, `|` and `~` by turns, go as deep as they like."""
        records = things({"a": {"size": 1}, "b": {"size": 200, "tags": ["x"]}, "c": {}})
        fill(storage, records)
        where: Where = eq("size", 1)
        for depth in range(_DEPTH):
            others = (where | has("tags", f"y{depth}"), ~where, where & ~eq("size", depth + 2))
            where = others[depth % 3]
        query = Query("thing", where)
        assert find(storage, query) == oracle.answer(query, records)
        assert found(storage, ~where) == [one.id for one in records if not oracle.holds(where, one)]

    # --- records

    def test_a_document_may_be_large(self, storage: Storage) -> None:
        """A document of megabytes comes back whole."""
        said = "Zoë 😀 \\ \" '\n" * 400_000
        write(storage, Record("blob", "a", {"said": said}, 1))
        (record,) = read(storage, "blob")
        assert record.doc["said"] == said

    def test_a_value_may_be_long(self, storage: Storage) -> None:
        """Values and members of sets may be longer than what fits in an index of a database."""
        long = _long(10_000)
        docs = {"a": {"name": long, "tags": [long]}, "b": {"name": f"{long}x", "tags": ["x"]}}
        fill(storage, things(docs))
        assert found(storage, eq("name", long)) == found(storage, has("tags", long)) == ["a"]
        assert found(storage, prefix("name", long)) == ["a", "b"]
        assert found(storage, gt("name", long)) == ["b"]
        assert found(storage, starts("tags", long[:9_000])) == ["a"]
        assert found(storage, order=[("name", True)]) == ["b", "a"]
        assert set(latest(storage)) == {long, "x"}
        write(storage, thing("a", 2), over=1)
        assert found(storage, prefix("name", long[:100])) == ["b"]

    def test_a_set_may_have_many_members(self, storage: Storage) -> None:
        """Ten thousand members of one set are found, counted and taken away again."""
        people = _MANY[:10_000]
        fill(storage, [talk("a", "2026", *people), talk("b", "2025", "m5")])
        assert found(storage, has("people", "m9999"), kind="talk") == ["a"]
        assert found(storage, starts("people", "m999"), kind="talk") == ["a"]
        assert last_talks(storage) == dict.fromkeys(people, ("2026", "a"))
        with storage.begin(write=False) as transaction:
            ((members,),) = transaction.rows(Query("talk", eq("id", "a")), ("people",))
        assert set(members) == set(people)
        write(storage, talk("a", "2026", "x", rev=2), over=1)
        assert last_talks(storage) == {"m5": ("2025", "b"), "x": ("2026", "a")}

    def test_a_text_may_be_long(self, storage: Storage) -> None:
        """`text` finds each of many words, and a very long one by its beginning."""
        long = _long(3_000)
        said = " ".join([*_MANY[:10_000], long, *_MANY[10_000:20_000]])
        fill(storage, things({"a": {"said": said}, "b": {"said": long[1:]}}))
        assert found(storage, text(long[:100])) == found(storage, text(long)) == ["a"]
        assert found(storage, text("M19999 m0")) == ["a"]
        assert found(storage, text(f"{long}0")) == []
        write(storage, thing("a", 2, said="short"), over=1)
        assert found(storage, text(long[:100])) == found(storage, text("m19999")) == []

    def test_one_put_may_have_very_many_records(self, storage: Storage) -> None:
        """A generator of twenty thousand records of two kinds is one put, and so are changes."""
        half = _RECORDS // 2

        def both(rev: int) -> Iterator[tuple[Record, int]]:
            for n in range(half):
                id, over = f"{n:04}", rev - 1
                yield talk(id, f"{rev}-{id}", f"p{n % 7}", rev=rev, said=f"rev{rev}"), over
                yield thing(id, rev, size=n * rev, tags=[f"t{n % 7}"]), over

        for rev in (1, 2):
            with storage.begin(write=True) as transaction:
                transaction.put(both(rev))
                assert transaction.count("talk", text(f"rev{rev}")) == half
                assert transaction.count("talk", text(f"rev{3 - rev}")) == 0
            assert [record.doc["size"] for record in read(storage)] == [
                n * rev for n in range(half)
            ]
            assert found(storage, ge("size", 9_998 * rev)) == ["9998", "9999"]
            assert last_talks(storage)["p3"] == (f"{rev}-9999", "9999")
            assert latest(storage, lt("size", 7))["t0"] == (0, "0000")
        delete(storage, *read(storage), *read(storage, "talk"))
        assert read(storage) == read(storage, "talk") == []
