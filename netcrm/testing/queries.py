"""The rules for conditions, order, limit and going on behind a row."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from netcrm.storage.contract import Doc, Record, Storage
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
from netcrm.testing import drawn, oracle
from netcrm.testing.drawn import Case, examples
from netcrm.testing.toys import fill, find, found, latest, things

SIZES: Mapping[str, Doc] = {"a": {"size": 2}, "b": {}, "c": {"size": 1}, "d": {"size": 2}}
"""Three sizes, one of them twice, and one missing."""


def names(*values: str) -> list[Record]:
    """Return things with these names, whose ids are their places: 0, 1, 2."""
    return things({str(place): {"name": name} for place, name in enumerate(values)})


class QueryRules:
    """What fits, and in which order it comes; the fixture `storage` gives an empty one."""

    # --- conditions

    def test_eq_is_equality_and_none_equals_none(self, storage: Storage) -> None:
        """`eq` holds for equal values; a missing one is None, not 0, False or "" (empty)."""
        fill(
            storage,
            things(
                {
                    "a": {"size": 0, "done": False, "name": ""},
                    "b": {},
                    "c": {"size": None, "done": None, "name": None},
                    "d": {"size": 1, "done": True, "name": "x"},
                }
            ),
        )
        for field, empty, full in (("size", 0, 1), ("done", False, True), ("name", "", "x")):
            assert found(storage, eq(field, empty)) == ["a"]
            assert found(storage, eq(field, None)) == ["b", "c"]
            assert found(storage, eq(field, full)) == ["d"]

    def test_eq_takes_letters_as_they_are(self, storage: Storage) -> None:
        """Case, accents, forms of one letter and blanks at the end make a different text."""
        said = ("a", "A", "á", "a\u0301", "a ", "ａ")
        fill(storage, names(*said))
        assert [found(storage, eq("name", name)) for name in said] == [[i] for i in "012345"]

    def test_one_of_holds_for_any_of_its_values(self, storage: Storage) -> None:
        """`one_of` holds for each value listed, None among them, and never if none is listed."""
        fill(storage, things(SIZES))
        assert found(storage, one_of("size", [1, 2])) == ["a", "c", "d"]
        assert found(storage, one_of("size", [1, None])) == ["b", "c"]
        assert found(storage, one_of("size", [])) == []

    def test_comparisons_hold_for_values_that_are_there(self, storage: Storage) -> None:
        """`lt`, `le`, `gt` and `ge` compare numbers, and never hold for None."""
        fill(storage, things({"a": {"size": 2}, "b": {}, "c": {"size": 1}, "d": {"size": 10}}))
        assert found(storage, lt("size", 2)) == ["c"]
        assert found(storage, le("size", 2)) == ["a", "c"]
        assert found(storage, gt("size", 2)) == ["d"]
        assert found(storage, ge("size", 2)) == ["a", "d"]

    def test_text_compares_by_code_point(self, storage: Storage) -> None:
        """Text compares by code point: not by any language, and not by UTF-16."""
        fill(storage, names("", "10", "9", "Z", "_", "a", "z", "é", "ﬀ", "😀"))
        for place in range(10):
            name = find(storage, Query("thing", eq("id", str(place))))[0].doc["name"]
            assert found(storage, lt("name", name)) == list("0123456789")[:place]
            assert found(storage, ge("name", name)) == list("0123456789")[place:]

    def test_prefix_is_literal(self, storage: Storage) -> None:
        """`prefix` takes its text as it is: no wildcards, no folding of case; "" fits any text."""
        fill(storage, things({"z": {}}) + names("ab", "a_b", "a%b", "AB", "", "bab", "[a]b"))
        assert found(storage, prefix("name", "a")) == ["0", "1", "2"]
        assert found(storage, prefix("name", "a_")) == ["1"]
        assert found(storage, prefix("name", "a%")) == ["2"]
        assert found(storage, prefix("name", "[a")) == ["6"]
        assert found(storage, prefix("name", "")) == list("0123456")

    def test_prefix_ends_where_its_last_character_does(self, storage: Storage) -> None:
        """What starts with a text goes on to the last character of all, and no further."""
        edges = ("a\U0010ffff\U0010ffff", "b", "\ud7ff\uffff", "\ue000", "\uffff", "\U00010000")
        said = (*edges, "\U0010ffff", "\U0010ffff\U0010ffff")
        fill(storage, things({str(n): {"name": one, "tags": [one]} for n, one in enumerate(said)}))
        for start in (*said, "a\U0010ffff", "a", "\ud7ff"):
            wanted = [str(n) for n, one in enumerate(said) if one.startswith(start)]
            assert found(storage, prefix("name", start)) == wanted
            assert found(storage, starts("tags", start)) == wanted

    def test_has_needs_one_member(self, storage: Storage) -> None:
        """`has` holds if the set holds any of the words, whole; with no words it never holds."""
        fill(
            storage,
            things(
                {"a": {"tags": ["x", "y"]}, "b": {"tags": ["xy", "X"]}, "c": {"tags": []}, "d": {}}
            ),
        )
        assert found(storage, has("tags", "x")) == ["a"]
        assert found(storage, has("tags", "x", "xy")) == ["a", "b"]
        assert found(storage, has("tags")) == []

    def test_starts_needs_a_member_that_starts_so(self, storage: Storage) -> None:
        """`starts` holds if a member starts with the text, taken as it is."""
        fill(
            storage,
            things(
                {
                    "a": {"tags": ["one", "two"]},
                    "b": {"tags": ["twenty one"]},
                    "c": {"tags": ["t_o", "Two"]},
                    "d": {"tags": []},
                }
            ),
        )
        assert found(storage, starts("tags", "tw")) == ["a", "b"]
        assert found(storage, starts("tags", "one")) == ["a"]
        assert found(storage, starts("tags", "t_")) == ["c"]
        assert found(storage, starts("tags", "")) == ["a", "b", "c"]

    def test_a_set_has_no_order_and_no_repetition(self, storage: Storage) -> None:
        """A member that is listed twice counts once."""
        fill(storage, things({"a": {"size": 1, "tags": ["x", "y", "x"]}}))
        assert found(storage, has("tags", "x", "y")) == ["a"]
        assert latest(storage) == {"x": (1, "a"), "y": (1, "a")}

    def test_each_word_of_a_search_starts_some_word(self, storage: Storage) -> None:
        """`text` needs every word, each at the start of a word, in any order."""
        fill(
            storage,
            things(
                {
                    "a": {"said": "Ada wrote to Grace"},
                    "b": {"said": "Grace wrote"},
                    "c": {"said": "disgrace"},
                    "d": {},
                }
            ),
        )
        assert found(storage, text("grace")) == ["a", "b"]
        assert found(storage, text("gra ada")) == ["a"]
        assert found(storage, text("race")) == []
        assert found(storage, text(" .,- ")) == ["a", "b", "c", "d"]

    def test_a_search_folds_case_and_accents(self, storage: Storage) -> None:
        """`text` folds what is sought as the record's text was folded; signs part words."""
        fill(
            storage,
            things(
                {
                    "a": {"said": "Zoë MÜLLER, x-ray"},
                    "b": {"said": "zoe muller"},
                    "c": {"said": "Straße"},
                    "d": {"said": "100% a_b"},
                }
            ),
        )
        assert found(storage, text("ZOE müll")) == ["a", "b"]
        assert found(storage, text("zoe\u0308")) == ["a", "b"]
        assert found(storage, text("ray")) == ["a"]
        assert found(storage, text("STRASSE")) == ["c"]
        assert found(storage, text("100%")) == ["d"]
        assert found(storage, text("a_b")) == ["d"]
        assert found(storage, text('"zoe* OR')) == []

    def test_and_or_not_combine(self, storage: Storage) -> None:
        """`&`, `|` and `~` mean what they say."""
        fill(storage, things(SIZES))
        assert found(storage, ge("size", 1) & lt("size", 2)) == ["c"]
        assert found(storage, eq("size", 1) | eq("id", "a")) == ["a", "c"]
        assert found(storage, ~(eq("size", 1) | eq("id", "a"))) == ["b", "d"]
        assert found(storage, ~~eq("size", 1)) == ["c"]

    def test_not_holds_wherever_the_condition_does_not(self, storage: Storage) -> None:
        """A condition is true or false, never unknown: its opposite holds for None."""
        fill(storage, things({"a": {"size": 1, "name": "x", "tags": ["x"], "said": "x"}, "b": {}}))
        for where in (
            eq("size", 1),
            one_of("size", [1]),
            lt("size", 2),
            ge("size", 1),
            prefix("name", "x"),
            has("tags", "x"),
            starts("tags", "x"),
            text("x"),
        ):
            assert (found(storage, where), found(storage, ~where)) == (["a"], ["b"])

    def test_id_is_a_field(self, storage: Storage) -> None:
        """The field `id` can be asked for and sorted by."""
        fill(storage, things(SIZES))
        assert found(storage, gt("id", "b") & one_of("id", ["a", "c", "d"])) == ["c", "d"]
        assert found(storage, order=[("id", True)]) == ["d", "c", "b", "a"]

    # --- order, limit, after

    def test_without_an_order_records_come_by_id(self, storage: Storage) -> None:
        """Everything without an order goes by id."""
        fill(storage, things({record_id: {} for record_id in ("b", "a-b", "a", "a_b", "ab", "a0")}))
        assert found(storage) == ["a", "a-b", "a0", "a_b", "ab", "b"]

    def test_none_comes_first(self, storage: Storage) -> None:
        """None sorts before every value, so when descending it comes last."""
        fill(storage, things(SIZES))
        assert found(storage, order=[("size", False)]) == ["b", "c", "a", "d"]
        assert found(storage, order=[("size", True)]) == ["a", "d", "c", "b"]

    def test_ties_go_by_id_ascending(self, storage: Storage) -> None:
        """Records that are equal in the order come by id, ascending in either direction."""
        fill(storage, things({record_id: {"size": 1} for record_id in "cab"}))
        for descending in (False, True):
            assert found(storage, order=[("size", descending)]) == ["a", "b", "c"]

    def test_a_second_field_breaks_ties(self, storage: Storage) -> None:
        """Of several fields the first decides, then the second; each has its own direction."""
        docs: dict[str, Doc] = {
            "a": {"size": 1, "name": "y"},
            "b": {"size": 1, "name": "x"},
            "c": {"size": 2},
        }
        fill(storage, things(docs))
        assert found(storage, order=[("size", True), ("name", False)]) == ["c", "b", "a"]
        assert found(storage, order=[("size", False), ("name", True)]) == ["a", "b", "c"]

    def test_text_sorts_by_code_point(self, storage: Storage) -> None:
        """Text sorts by code point."""
        fill(storage, names("😀", "ﬀ", "é", "z", "a", "_", "Z", "9", "10", ""))
        assert found(storage, order=[("name", False)]) == list("9876543210")

    def test_a_limit_is_exact(self, storage: Storage) -> None:
        """A limit cuts the answer short; 0 leaves nothing; one beyond the end changes nothing."""
        fill(storage, things(SIZES))
        for order in ([], [("size", True)]):
            whole = found(storage, order=order)
            for limit in range(6):
                assert found(storage, order=order, limit=limit) == whole[:limit]

    def test_after_leaves_out_the_row_it_names(self, storage: Storage) -> None:
        """`after` continues behind a row, given its order values and its id."""
        fill(storage, things(SIZES))
        assert found(storage, after=("b",)) == ["c", "d"]
        assert found(storage, order=[("size", True)], after=(2, "a")) == ["d", "c", "b"]
        assert found(storage, order=[("size", True)], after=(1, "c"), limit=1) == ["b"]
        assert found(storage, order=[("size", True)], after=(None, "b")) == []

    def test_after_may_name_a_row_that_is_gone(self, storage: Storage) -> None:
        """`after` continues behind the place of a row, even if it was deleted meanwhile."""
        fill(storage, things(SIZES))
        assert found(storage, order=[("size", False)], after=(2, "b")) == ["d"]
        assert found(storage, order=[("size", False)], after=(None, "a")) == ["b", "c", "a", "d"]

    @examples
    @given(case=drawn.cases(), page=st.integers(1, 3))
    def test_pages_make_up_the_whole(self, storage: Storage, case: Case, page: int) -> None:
        """Page by page, each record comes exactly once, in the order of the undivided answer."""
        fill(storage, case.records)
        query = case.ask.query._replace(limit=None, after=None)
        whole = find(storage, query)
        paged: list[Record] = []
        while found_now := find(storage, query._replace(limit=page)):
            paged += found_now
            query = query._replace(after=oracle.place(found_now[-1], query))
            assert len(paged) <= len(case.records)
        assert paged == whole
