"""Storages that answer another question than they were asked."""

from netcrm.model.text import words
from netcrm.storage.contract import Field, Kind
from netcrm.storage.memory import MemoryTransaction
from netcrm.storage.query import Where, eq, has, text
from netcrm.testing import KINDS
from tests.broken.shelf import Shelved, breaks


def indexing(rule, called, kind="thing", **ways):
    """Note a storage that makes another index value of a document than its kind says."""
    honest = KINDS[kind]
    fields = {key: Field(honest.fields[key].type, of) for key, of in ways.items() if key != "text"}
    changed = Kind(kind, {**honest.fields, **fields}, ways.get("text", honest.text))
    breaks(rule)(type(called, (Shelved,), {"kinds": {**KINDS, kind: changed}}))


class Asked(MemoryTransaction):
    """Answers another question: `question` changes the query, `condition` each part of it."""

    def question(self, query):
        return query

    def condition(self, where):
        return where

    def _where(self, where):
        if where is None:
            return None
        return self.condition(where._replace(parts=tuple(map(self._where, where.parts))))

    def _query(self, query):
        return self.question(query._replace(where=self._where(query.where)))

    def find(self, query):
        return super().find(self._query(query))

    def rows(self, query, fields):
        return super().rows(self._query(query), fields)

    def count(self, kind, where=None):
        return super().count(kind, self._where(where))

    def latest(self, query, **options):
        return super().latest(self._query(query), **options)


def asks(rule, name, condition):
    """Note a storage that takes one condition for another."""
    breaks(rule)(type(name, (Asked,), {"condition": lambda self, where: condition(where)}))


def orders(rule, name, question):
    """Note a storage that takes one query for another."""
    breaks(rule)(type(name, (Asked,), {"question": lambda self, query: question(query)}))


def if_op(op, change):
    return lambda where: change(where) if where.op == op else where


# --- index values

indexing(
    "test_eq_is_equality_and_none_equals_none",
    "ZeroIsNone",
    size=lambda doc: doc.get("size") or None,
)
indexing(
    "test_eq_is_equality_and_none_equals_none",
    "FalseIsTheDefault",
    done=lambda doc: bool(doc.get("done")),
)
indexing(
    "test_eq_takes_letters_as_they_are", "FoldsCase", name=lambda doc: doc.get("name", "").lower()
)
indexing(
    "test_eq_takes_letters_as_they_are",
    "TrimsBlanks",
    name=lambda doc: doc.get("name", "").rstrip(),
)
indexing(
    "test_starts_needs_a_member_that_starts_so",
    "SplitsMembers",
    tags=lambda doc: tuple(word for tag in doc.get("tags", ()) for word in tag.split()),
)
indexing(
    "test_each_word_of_a_search_starts_some_word",
    "SearchesInsideWords",
    text=lambda doc: " ".join(
        word[start:] for word in words(doc.get("said", "")) for start in range(len(word))
    ),
)
indexing(
    "test_a_search_folds_case_and_accents", "SearchesRawText", text=lambda doc: doc.get("said", "")
)
for _rule in ("test_text_compares_by_code_point", "test_text_sorts_by_code_point"):
    indexing(_rule, "ComparesWithoutCase", name=lambda doc: doc.get("name", "").lower())
indexing(
    "test_text_sorts_by_code_point",
    "SortsByUtf16",
    name=lambda doc: doc.get("name", "").encode("utf-16-be").hex(),
)
indexing("test_none_comes_first", "NoneIsGreat", size=lambda doc: doc.get("size", 2**62))
indexing("test_latest_counts_none_as_the_least", "NoneIsZero", size=lambda doc: doc.get("size", 0))

# --- conditions

asks(
    "test_eq_is_equality_and_none_equals_none",
    "NullEqualsNothing",
    if_op("eq", lambda where: has("tags") if where.value is None else where),
)
asks(
    "test_one_of_holds_for_any_of_its_values",
    "OneOfWithoutNone",
    if_op("in", lambda where: where._replace(value=tuple(filter(None, where.value)))),
)
asks(
    "test_comparisons_hold_for_values_that_are_there",
    "NoneIsLess",
    if_op("lt", lambda where: where | eq(where.field, None)),
)
asks(
    "test_comparisons_hold_for_values_that_are_there",
    "AtMostIsLess",
    if_op("le", lambda where: where._replace(op="lt")),
)
asks(
    "test_prefix_is_literal",
    "KnowsWildcards",
    if_op("prefix", lambda where: where._replace(value=where.value.rstrip("_%"))),
)
asks(
    "test_prefix_ends_where_its_last_character_does",
    "EndsWithALetter",
    if_op(
        "prefix",
        lambda where: (
            Where("ge", where.field, where.value) & Where("le", where.field, f"{where.value}\uffff")
        ),
    ),
)
asks(
    "test_has_needs_one_member",
    "HasAll",
    if_op("has", lambda where: ~has("tags") if not where.value else _all(where)),
)
asks(
    "test_each_word_of_a_search_starts_some_word",
    "FindsAnyWord",
    if_op("text", lambda where: _any(where)),
)
asks(
    "test_a_search_folds_case_and_accents",
    "KnowsSearchOperators",
    if_op("text", lambda where: text(where.value.removesuffix(" OR"))),
)
asks("test_and_or_not_combine", "AndIsOr", if_op("and", lambda where: where._replace(op="or")))
asks("test_and_or_not_combine", "NotIsIgnored", if_op("not", lambda where: where.parts[0]))
asks(
    "test_not_holds_wherever_the_condition_does_not",
    "NotOfNullIsUnknown",
    if_op("not", lambda where: where & ~eq(where.parts[0].field or "id", None)),
)


def _all(where):
    whole = has("tags", where.value[0])
    for member in where.value[1:]:
        whole &= has("tags", member)
    return whole


def _any(where):
    whole = text(where.value)
    for word in words(where.value):
        whole |= text(word)
    return whole


# --- order, limit, after


orders(
    "test_id_is_a_field",
    "CannotSortById",
    lambda query: query._replace(order=tuple(by for by in query.order if by[0] != "id")),
)
orders(
    "test_ties_go_by_id_ascending",
    "TiesFollowTheDirection",
    lambda query: query._replace(order=(*query.order, ("id", query.order[-1][1]))),
)
orders(
    "test_a_second_field_breaks_ties",
    "SortsByOneField",
    lambda query: query._replace(order=query.order[:1]),
)
orders(
    "test_a_second_field_breaks_ties",
    "OneDirectionForAll",
    lambda query: query._replace(order=tuple((f, query.order[0][1]) for f, _ in query.order)),
)
orders(
    "test_a_limit_is_exact",
    "OneMoreThanTheLimit",
    lambda query: query._replace(limit=query.limit and query.limit + 1),
)
orders(
    "test_a_limit_is_exact",
    "ZeroIsNoLimit",
    lambda query: query._replace(limit=query.limit or None),
)


class Continues(MemoryTransaction):
    """Answers without `after` first; `behind` then tells which of those come behind it."""

    def find(self, query):
        if query.after is None:
            yield from super().find(query)
            return
        whole = list(super().find(query._replace(after=None, limit=None)))
        yield from self.behind(whole, query)[: query.limit]


@breaks("test_after_leaves_out_the_row_it_names")
@breaks("test_pages_make_up_the_whole")
class AfterIncludesItsRow(Continues):
    def behind(self, whole, query):
        ids = [record.id for record in whole]
        return whole[ids.index(query.after[-1]) :]


@breaks("test_after_may_name_a_row_that_is_gone")
class AfterLooksForItsRow(Continues):
    def behind(self, whole, query):
        ids = [record.id for record in whole]
        return whole[ids.index(query.after[-1]) + 1 :] if query.after[-1] in ids else []


@breaks("test_after_leaves_out_the_row_it_names")
class AfterSkipsTies(Continues):
    def behind(self, whole, query):
        def values(record):
            extract = self.kinds[query.kind].extract
            return tuple(extract(field)(record.id, record.doc) for field, _ in query.order)

        ids = [record.id for record in whole]
        rest = whole[ids.index(query.after[-1]) + 1 :]
        return [record for record in rest if not query.order or values(record) != query.after[:-1]]


# --- find, count, rows, latest


@breaks("test_find_and_count_mean_what_the_contract_says")
class CountsEverything(MemoryTransaction):
    def count(self, kind, where=None):
        return super().count(kind)


@breaks("test_find_and_count_mean_what_the_contract_says")
class FindsFirstThree(MemoryTransaction):
    def find(self, query):
        return iter(list(super().find(query))[:3])


@breaks("test_rows_are_the_values_of_what_is_found")
class RowsInOrderOfId(MemoryTransaction):
    def rows(self, query, fields):
        return super().rows(query._replace(order=(), after=None), fields)


@breaks("test_rows_keep_the_types_of_values")
class TruthIsANumber(MemoryTransaction):
    def rows(self, query, fields):
        for row in super().rows(query, fields):
            yield tuple(int(value) if isinstance(value, bool) else value for value in row)


@breaks("test_rows_keep_the_types_of_values")
class SetsAreLists(MemoryTransaction):
    def rows(self, query, fields):
        for row in super().rows(query, fields):
            yield tuple(list(value) if isinstance(value, tuple) else value for value in row)


orders(
    "test_a_timeline_is_read_page_by_page",
    "TimelineWithTheGreatestIdFirst",
    lambda query: query._replace(
        order=(*query.order, ("id", True)), after=query.after and (*query.after, query.after[-1])
    ),
)


@breaks("test_a_set_has_no_order_and_no_repetition")
class JoinsMembers(MemoryTransaction):
    """Finds a thing once for each of the members that are sought."""

    def find(self, query):
        for record in super().find(query):
            yield from [record] * len({*query.where.value} & {*record.doc["tags"]})


@breaks("test_a_set_has_no_order_and_no_repetition")
class RefusesRepetition(MemoryTransaction):
    def put(self, records):
        for record, over in records:
            tags = record.doc.get("tags", ())
            assert len(set(tags)) == len(tags)
            super().put([(record, over)])


@breaks("test_questions_know_what_came_bit_by_bit")
class NumbersAnew(MemoryTransaction):
    """Numbers the words of each commit from the second on, and finds them by that number."""

    def put(self, records):
        pairs = list(records)
        there = len(list(super().scan("thing")))
        super().put(pairs)
        if there > 1:
            other = min(record_id for kind, record_id in self.stored if kind == "thing")
            record = self._record("thing", other)
            said = f"{record.doc['said']} {pairs[0][0].doc['said']}"
            super().put([(record._replace(doc={**record.doc, "said": said}), record.rev)])


@breaks("test_a_timeline_goes_on_between_ties")
class GoesOnAtAnotherTime(Asked):
    def question(self, query):
        if query.after is None or query.order != (("at", True),):
            return query
        return query._replace(where=query.where & Where("lt", "at", query.after[0]))


@breaks("test_a_timeline_goes_on_between_ties", "test_a_timeline_is_read_page_by_page")
class ReadsTheTimelineOfOne(Asked):
    """Goes by the people, whatever they are joined with."""

    def question(self, query):
        parts = query.where.parts
        people = [part for part in parts if part.op == "has" and part.field == "people"]
        return query._replace(where=people[0] if people else query.where)


# --- names


@breaks("test_names_may_be_words_of_sql")
class QuotesNoName(MemoryTransaction):
    """As in: SELECT ... FROM order."""

    def find(self, query):
        assert query.kind != "order", "a syntax error near ORDER"
        return super().find(query)


@breaks("test_names_may_be_words_of_sql")
class QuotesNoField(MemoryTransaction):
    """As in: SELECT ... ORDER BY 'group', which sorts by nothing."""

    def find(self, query):
        order = tuple(by for by in query.order if by[0] not in ("group", "select"))
        return super().find(query._replace(order=order))
