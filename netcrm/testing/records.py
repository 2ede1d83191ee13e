"""The rules for records: what is put is what is read, and no version is overwritten unseen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, cast

import pytest
from hypothesis import given

from netcrm.errors import ConflictError
from netcrm.storage.contract import Doc, Record, Storage
from netcrm.storage.query import Query, eq, has, text
from netcrm.testing import drawn
from netcrm.testing.drawn import examples
from netcrm.testing.toys import KINDS, delete, fill, found, latest, read, thing, things, write

_MANY: Final = 1500  # more than some databases take as parameters
_TEXTS: Final = (
    "a\rb\r\nc\n", "nul\0nul", "\x00", "\x01\x1b\x7f\x85", "\u2028\u2029\ufeff", "e\u0301 é ﬁ",
    "😀\U0010ffff", " blanks ", "", "NULL", "'\"`\\%_[]{}", "1", "true", "\\u0000", "\\\\u0000\\\0",
    "\\x00\\n\\ud83d", "\b\f\t/", "$1 ?1 :a %s %(a)s {a}", "\u202eabc\u2066", "\ue000\uffff\ufffe",
)  # fmt: skip
_NUMBERS: Final = (
    0, 1, -1, 2**53 + 1, 2**63 - 1, -(2**63), 0.0, -0.0, 1.0, 0.1, 1 / 3, 1e-320, 5e-324, 1e22,
    1e23, 1e308, 1.7976931348623157e308, -(2.0**63), 2.0**64, True, False, None,
)  # fmt: skip


def _exactly(doc: Doc) -> str:
    """Return a text that tells 1 from 1.0 and True, and 0.0 from -0.0."""
    return json.dumps(doc, sort_keys=True)


class RecordRules:
    """What a backend keeps; the fixture `storage` gives an empty one."""

    # --- what is put is what is read

    def test_it_names_itself_and_its_kinds(self, storage: Storage) -> None:
        """A storage says where it is and which kinds it was opened with; so do transactions."""
        assert isinstance(storage.location, str)
        assert storage.location
        assert storage.kinds == KINDS
        for writes in (False, True):
            with storage.begin(write=writes) as transaction:
                assert transaction.kinds == KINDS

    @examples
    @given(doc=drawn.json_objects())
    def test_any_json_object_comes_back(self, storage: Storage, doc: Mapping[str, Any]) -> None:
        """Whatever JSON is kept, an equal one is given back, by `get`, `scan` and `find`."""
        fill(storage, [Record("blob", "a", doc, 1)])
        with storage.begin(write=False) as transaction:
            given_back = [
                *transaction.get("blob", ["a"]),
                *transaction.scan("blob"),
                *transaction.find(Query("blob")),
            ]
        assert [_exactly(record.doc) for record in given_back] == [_exactly(doc)] * 3

    @pytest.mark.parametrize("said", _TEXTS, ids=ascii)
    def test_no_character_is_lost(self, storage: Storage, said: str) -> None:
        """Text comes back as it was, as a value and as a key: ends of lines, NULs, odd signs."""
        write(storage, Record("blob", "a", {"said": said, said: [said]}, 1))
        assert read(storage, "blob")[0].doc == {"said": said, said: [said]}

    def test_no_number_is_changed(self, storage: Storage) -> None:
        """Numbers keep their value and their type: 64 bits, whole or not, true or 1."""
        write(storage, Record("blob", "a", {"numbers": list(_NUMBERS)}, 1))
        assert _exactly(read(storage, "blob")[0].doc) == _exactly({"numbers": list(_NUMBERS)})

    def test_the_revision_given_is_the_one_read_back(self, storage: Storage) -> None:
        """A storage counts nothing: it keeps the revision it is given, also an older one."""
        write(storage, thing("a", rev=7))
        write(storage, thing("a", rev=9), over=7)
        assert read(storage) == [thing("a", rev=9)]
        write(storage, thing("a", rev=2), over=9)
        assert read(storage) == [thing("a", rev=2)]
        write(storage, thing("a", rev=2, size=1), over=2)
        assert read(storage) == [thing("a", rev=2, size=1)]

    def test_a_record_is_replaced_as_a_whole(self, storage: Storage) -> None:
        """What the new version does not say is gone, from the document and from the index."""
        write(storage, thing("a", size=1, tags=["x"], said="word"))
        write(storage, thing("a", 2, name="n"), over=1)
        assert read(storage) == [thing("a", 2, name="n")]
        assert found(storage, eq("size", 1) | has("tags", "x") | text("word")) == []
        assert found(storage, eq("name", "n")) == ["a"]
        assert latest(storage) == {}

    def test_a_deleted_record_is_gone(self, storage: Storage) -> None:
        """What is deleted is found no more, by id, by value or by word, and may come again."""
        record = thing("a", size=1, tags=["x"], said="word")
        write(storage, record)
        delete(storage, record)
        assert read(storage) == []
        assert found(storage, eq("size", 1) | has("tags", "x") | text("word")) == []
        assert latest(storage) == {}
        with storage.begin(write=False) as transaction:
            assert list(transaction.get("thing", ["a"])) == []
            assert transaction.count("thing") == 0
        write(storage, record)
        assert read(storage) == [record]

    def test_missing_ids_are_left_out(self, storage: Storage) -> None:
        """`get` gives what there is, and says nothing of the rest."""
        write(storage, *things({"a": {}, "b": {}}))
        with storage.begin(write=False) as transaction:
            assert [record.id for record in transaction.get("thing", ["x", "b", "y"])] == ["b"]
            assert list(transaction.get("thing", [])) == []
            assert list(transaction.get("note", ["a"])) == []

    def test_get_gives_each_record_once(self, storage: Storage) -> None:
        """However often an id is given to `get`, its record comes once."""
        write(storage, *things({"a": {}, "b": {}}))
        ids = ["a", "x", *["b", "a", "x"] * 3, *map(str, range(_MANY)), "a"]
        with storage.begin(write=True) as transaction:
            assert sorted(record.id for record in transaction.get("thing", ids)) == ["a", "b"]
            transaction.put([(thing("c"), 0)])
            assert [record.id for record in transaction.get("thing", iter("cc"))] == ["c"]

    def test_many_records_at_once(self, storage: Storage) -> None:
        """`put`, `get` and `delete` take any number of records, from any iterable."""
        records = [thing(f"{n:04}", size=n) for n in range(_MANY)]
        with storage.begin(write=True) as transaction:
            transaction.put((record, 0) for record in records)
        with storage.begin(write=False) as transaction:
            there = list(transaction.get("thing", (record.id for record in records)))
        assert sorted(there, key=lambda record: record.id) == records
        with storage.begin(write=True) as transaction:
            transaction.delete(record for record in records)
        assert read(storage) == []

    def test_kinds_do_not_mix(self, storage: Storage) -> None:
        """One put takes several kinds; an id may occur in each, and each question sees its own."""
        same = [Record(kind, "a", {"kind": kind}, rev) for rev, kind in enumerate(KINDS, start=1)]
        write(storage, *same)
        for record in same:
            assert read(storage, record.kind) == [record]
            with storage.begin(write=False) as transaction:
                assert list(transaction.get(record.kind, ["a"])) == [record]
                assert list(transaction.find(Query(record.kind))) == [record]
                assert transaction.count(record.kind) == 1
        delete(storage, same[0])
        assert [len(read(storage, kind)) for kind in KINDS] == [0, 1, 1, 1, 1]

    def test_scan_is_in_order_of_id(self, storage: Storage) -> None:
        """Ids sort by code point, however the records came in."""
        in_order = ["0", "10", "9", "a", "a-b", "a0", "a_b", "ab", "b"]
        for record_id in reversed(in_order):
            write(storage, thing(record_id))
        assert [record.id for record in read(storage)] == in_order

    def test_pairs_are_what_scan_gives(self, storage: Storage) -> None:
        """`pairs` gives ids and documents of one kind, in order of id, also for a writer."""
        write(storage, *things({"b": {"size": 1}, "a-b": {}, "a0": {"tags": ["x"]}}))
        write(storage, Record("note", "n", {}, 1))
        with storage.begin(write=True) as transaction:
            transaction.put([(thing("a0", 2), 1)])
            pairs = list(transaction.pairs("thing"))
        assert pairs == [("a-b", {}), ("a0", {}), ("b", {"size": 1})]

    def test_what_is_read_is_not_shared(self, storage: Storage) -> None:
        """Whoever changes a document that was read changes nothing that a later reader sees."""
        write(storage, thing("a", size=1, deep=[{"x": 1}]))
        with suppress(TypeError, AttributeError):  # a document that cannot be changed is as good
            doc = cast("dict[str, Any]", read(storage)[0].doc)
            doc["deep"][0]["x"] = 2
            doc["size"] = 2
        assert read(storage) == [thing("a", size=1, deep=[{"x": 1}])]
        assert found(storage, eq("size", 1)) == ["a"]

    # --- revisions

    def test_a_new_record_over_one_that_is_there_is_a_conflict(self, storage: Storage) -> None:
        """Who thinks a record is new, though it is there, is refused."""
        write(storage, thing("a"))
        with pytest.raises(ConflictError):
            write(storage, thing("a", 2, size=2), over=0)
        assert read(storage) == [thing("a")]

    @pytest.mark.parametrize("over", [2, 4])
    def test_a_stale_revision_is_a_conflict(self, storage: Storage, over: int) -> None:
        """Who read another version than the stored one, older or newer, is refused."""
        write(storage, thing("a", 3))
        with pytest.raises(ConflictError):
            write(storage, thing("a", 5, size=2), over=over)
        assert read(storage) == [thing("a", 3)]

    def test_a_change_to_what_is_gone_is_a_conflict(self, storage: Storage) -> None:
        """Who changes a record that was deleted meanwhile is refused."""
        with pytest.raises(ConflictError):
            write(storage, thing("a", 2), over=1)
        assert read(storage) == []

    def test_deleting_another_version_is_a_conflict(self, storage: Storage) -> None:
        """Who deletes a record after reading another version is refused."""
        write(storage, thing("a", 2))
        with pytest.raises(ConflictError):
            delete(storage, thing("a", 1))
        assert read(storage) == [thing("a", 2)]

    @pytest.mark.parametrize("rev", [0, 1])
    def test_deleting_what_is_gone_is_a_conflict(self, storage: Storage, rev: int) -> None:
        """Who deletes what is not there, or was never stored, is refused."""
        with pytest.raises(ConflictError):
            delete(storage, thing("a", rev))
