"""The rules for odd text and numbers at the end of their range."""

from __future__ import annotations

from typing import Any, Final

import pytest

from netcrm.storage.contract import Storage
from netcrm.storage.query import (
    Query,
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
from netcrm.testing import oracle
from netcrm.testing.toys import delete, fill, found, latest, read, talk, thing, things, write

_TEXTS: Final = (
    "'", '"', "`", "\\", "\\'", ";", "--", "/*", "%", "_", "?", ":1", "$1", "@a", "%s", "%(a)s",
    "{}", "*", "[a-z]", "(", "' OR ''='", "NULL", "null", "1", "1.0", "true", "[]", '{"a":1}',
    "a\nb", "a\tb", "\r\n", "\x01\x08\x1b\x7f\x85", " ", "  a ", "\u00a0", "\u2028", "\ufeff",
    "\u200b", "\u202eabc\u202c", "\u05d0\u200f1", "e\u0301\u0323", "\u0301",
    "\U0001f469\u200d\U0001f9b0", "\U0001f1f5\U0001f1f9", "😀", "ß", "İ", "ﬁ", "\ufffe\uffff",
    "\U0010ffff",
)  # fmt: skip
_IDS: Final = tuple(said for said in _TEXTS if said.isprintable())
_NUMBERS: Final = (
    -(2**63), 1 - 2**63, -(2**53) - 1, -(2**53), -(2**31) - 1, -1, 0, 1, 2**31, 2**53, 2**53 + 1,
    2**63 - 2, 2**63 - 1,
)  # fmt: skip
_MOMENTS: Final = (
    "0001-01-01", "1969-12-31T23:59:59+00:00", "2026-03-01", "2026-03-01 2026-03-01T09:30:00+00:00",
    "2026-03-01T09:30:00+00:00", "2026-03-01T10:00:00+01:00", "2026-03-01T10:00:00.5+01:00",
    "2026-10-25T02:30:00+02:00[Europe/Berlin]", "9999-12-31",
)  # fmt: skip


class OddRules:
    """What a backend takes as it is; the fixture `storage` gives an empty one."""

    @pytest.mark.parametrize("said", _TEXTS, ids=ascii)
    def test_odd_text_is_found_as_it_is(self, storage: Storage, said: str) -> None:
        """As a value or a member, nothing in a text is a quote, a wildcard or a command."""
        longer = f"{said}x"
        docs: dict[str, Any] = {"c": {}}
        docs |= {"a": {"name": said, "tags": [said]}, "b": {"name": longer, "tags": [longer]}}
        fill(storage, things(docs))
        assert found(storage, eq("name", said)) == ["a"]
        assert found(storage, one_of("name", ["", said])) == ["a"]
        assert found(storage, ge("name", said) & le("name", said)) == ["a"]
        assert found(storage, prefix("name", said)) == ["a", "b"]
        assert found(storage, has("tags", said)) == ["a"]
        assert found(storage, starts("tags", said)) == ["a", "b"]
        assert found(storage, order=[("name", False)], after=(said, "a")) == ["b"]
        assert set(latest(storage)) == {said, longer}
        with storage.begin(write=False) as transaction:
            row = next(iter(transaction.rows(Query("thing", lt("id", "b")), ("name", "tags"))))
            assert row == (said, (said,))
            last = transaction.latest(Query("thing"), per="tags", by="name", members=[said])
            assert last == {said: (said, "a")}

    @pytest.mark.parametrize("said", [*_TEXTS, "\0"], ids=ascii)
    def test_a_search_takes_any_text(self, storage: Storage, said: str) -> None:
        """Whatever is sought, it is words: nothing in it is an operator, an error or a command."""
        records = things({"a": {"said": f"grace {said} hopper"}, "b": {"said": said}, "c": {}})
        fill(storage, records)
        for sought in (said, f"{said}grace", f'hop{said}" grace', f"{said} nobody"):
            wanted = [record.id for record in records if oracle.holds(text(sought), record)]
            assert found(storage, text(sought)) == wanted

    @pytest.mark.parametrize("said", ["\0", "a\0", "\udcff", "a\ud83d"], ids=ascii)
    def test_what_cannot_be_kept_is_not_found(self, storage: Storage, said: str) -> None:
        """Nobody has a text with a NUL or half a character: to ask for it is no error."""
        fill(storage, things({"a": {"name": "a", "tags": ["a"], "said": "a"}, "b": {}}))
        for field in ("name", "id"):
            for where in (eq(field, said), one_of(field, [said]), prefix(field, said)):
                assert found(storage, where) == []
                assert found(storage, ~where) == ["a", "b"]
        assert found(storage, one_of("name", [said, "a"])) == ["a"]
        assert found(storage, has("tags", said) | starts("tags", said)) == []
        assert found(storage, has("tags", said, "a")) == ["a"]
        assert found(storage, text(f"{said} a")) == ["a"]
        with storage.begin(write=False) as transaction:
            assert [record.id for record in transaction.get("thing", [said, "a"])] == ["a"]
            last = transaction.latest(Query("thing"), per="tags", by="name", members=[said, "a"])
            assert last == {"a": ("a", "a")}

    def test_ids_may_be_odd(self, storage: Storage) -> None:
        """An id is any text that can be printed, compared by code point."""
        in_order = sorted(_IDS)
        fill(storage, [talk(id, "2026", id) for id in reversed(in_order)])
        assert [record.id for record in read(storage, "talk")] == in_order
        for place, id in enumerate(in_order):
            with storage.begin(write=False) as transaction:
                assert [record.id for record in transaction.get("talk", [id])] == [id]
            assert found(storage, eq("id", id) | one_of("id", [id]), kind="talk") == [id]
            assert found(storage, gt("id", id), kind="talk") == in_order[place + 1 :]
            assert found(storage, kind="talk", after=(id,), limit=1) == in_order[place + 1 :][:1]
        with storage.begin(write=False) as transaction:
            last = dict(transaction.latest(Query("talk"), per="people", by="at", members=in_order))
        assert last == {id: ("2026", id) for id in in_order}
        delete(storage, *(talk(id, "") for id in in_order[1:]))
        write(storage, talk(in_order[0], "2027", rev=2), over=1)
        assert [record.id for record in read(storage, "talk")] == in_order[:1]

    def test_a_nul_may_stand_beside_index_values(self, storage: Storage) -> None:
        """A document whose index values have no NUL may have one elsewhere."""
        doc: dict[str, Any] = {"name": "n", "tags": ["x"], "said": "a\0word"}
        record = thing("a", **doc | {"k\0": ["\0", "\\u0000"]})
        write(storage, record)
        assert read(storage) == [record]
        assert found(storage, eq("name", "n") & has("tags", "x") & text("word")) == ["a"]

    def test_numbers_compare_to_the_last_bit(self, storage: Storage) -> None:
        """Numbers of 64 bits, at both ends and beyond what a float can tell, are told apart."""
        ids = [f"{place:02}" for place in range(len(_NUMBERS))]
        fill(storage, things({id: {"size": n} for id, n in zip(ids, _NUMBERS, strict=True)}))
        assert found(storage, order=[("size", False)]) == ids
        for place, number in enumerate(_NUMBERS):
            assert found(storage, eq("size", number)) == [ids[place]]
            assert found(storage, lt("size", number)) == ids[:place]
            assert found(storage, ge("size", number)) == ids[place:]
            after = (number, ids[place])
            assert found(storage, order=[("size", False)], after=after) == ids[place + 1 :]
        with storage.begin(write=False) as transaction:
            query = Query("thing", order=(("size", False),))
            assert [size for (size,) in transaction.rows(query, ("size",))] == list(_NUMBERS)

    def test_moments_compare_as_text(self, storage: Storage) -> None:
        """Moments are text, and sort so: nothing reads them as times."""
        ids = [str(place) for place in range(len(_MOMENTS))]
        fill(storage, [talk(id, at, "ana") for id, at in zip(ids, _MOMENTS, strict=True)])
        assert found(storage, kind="talk", order=[("at", False)]) == ids
        for place, moment in enumerate(_MOMENTS):
            assert found(storage, eq("at", moment), kind="talk") == [ids[place]]
            assert found(storage, lt("at", moment), kind="talk") == ids[:place]
            with storage.begin(write=False) as transaction:
                before = Query("talk", le("at", moment))
                last = transaction.latest(before, per="people", by="at")
                assert last == {"ana": (moment, ids[place])}

    def test_revisions_may_be_great(self, storage: Storage) -> None:
        """Revisions go up to 2**53, and each is told from the one before."""
        over = 0
        for rev in (2**31, 2**32 + 1, 2**53 - 1, 2**53):
            write(storage, thing("a", rev), over=over)
            assert read(storage) == [thing("a", rev)]
            over = rev
        delete(storage, thing("a", 2**53))
        assert read(storage) == []
