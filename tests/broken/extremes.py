"""Storages that know an end to everything, or that take odd text and numbers for something else."""

import orjson

from netcrm.storage.memory import MemoryTransaction
from netcrm.storage.query import text
from tests.broken.answers import Asked, asks, if_op, indexing
from tests.broken.records import Kept, KeptAs
from tests.broken.shelf import breaks

# --- how much

asks(
    "test_one_of_takes_any_number_of_values",
    "OneOfAFew",
    if_op("in", lambda where: where._replace(value=where.value[-999:])),
)
asks(
    "test_has_takes_any_number_of_members",
    "HasOneOfAFew",
    if_op("has", lambda where: where._replace(value=where.value[-999:])),
)


@breaks("test_latest_takes_any_number_of_members")
class LatestOfAFew(MemoryTransaction):
    def latest(self, query, *, members=None, **options):
        return super().latest(query, members=members and list(members)[:999], **options)


@breaks("test_a_condition_may_have_many_parts")
class TakesFewParts(Asked):
    def condition(self, where):
        assert len(where.parts) < 1000, "too many terms"
        return where


@breaks("test_a_condition_may_have_many_parts", "test_a_condition_may_nest_deep")
class TakesFlatConditions(Asked):
    """Joins parts by twos, so that many of them nest deeply."""

    def condition(self, where):
        assert self.depth(where) < 100, "parser stack overflow"
        return where

    def depth(self, where):
        return len(where.parts) + max(map(self.depth, where.parts), default=0)


@breaks("test_a_document_may_be_large")
class CutsDocuments(KeptAs):
    def text(self, said):
        return said if len(said) < 2**20 else "{}"


indexing(
    "test_a_value_may_be_long",
    "CutsValues",
    name=lambda doc: doc.get("name", "")[:2700] or None,
)
indexing(
    "test_a_value_may_be_long",
    "CutsMembers",
    tags=lambda doc: tuple(tag[:2700] for tag in doc.get("tags", ())),
)
indexing(
    "test_a_set_may_have_many_members",
    "CutsSets",
    "talk",
    people=lambda doc: tuple(doc["people"][:1000]),
)
indexing(
    "test_a_text_may_be_long",
    "SkipsLongWords",
    text=lambda doc: " ".join(word for word in doc.get("said", "").split() if len(word) < 2047),
)
indexing(
    "test_a_text_may_be_long",
    "CutsWords",
    text=lambda doc: " ".join(word[:50] for word in doc.get("said", "").split()),
)
indexing(
    "test_a_text_may_be_long",
    "ReadsTheBeginning",
    text=lambda doc: " ".join(doc.get("said", "").split()[:16_383]),
)


@breaks("test_one_put_may_have_very_many_records")
class PutsAFew(MemoryTransaction):
    def put(self, records):
        super().put(list(records)[:9999])


# --- odd text

asks(
    "test_odd_text_is_found_as_it_is",
    "DoublesQuotes",
    if_op("eq", lambda where: where._replace(value=where.value.replace("'", "''"))),
)
asks(
    "test_odd_text_is_found_as_it_is",
    "TakesPlaceholders",
    if_op("has", lambda where: where._replace(value=[one.replace("%", "%%") for one in where[2]])),
)
indexing(
    "test_odd_text_is_found_as_it_is",
    "DropsControls",
    name=lambda doc: doc.get("name") and "".join(filter(str.isprintable, doc["name"])),
)
indexing(
    "test_odd_text_is_found_as_it_is",
    "FoldsLines",
    tags=lambda doc: tuple(" ".join(tag.split("\n")) for tag in doc.get("tags", ())),
)
asks(
    "test_a_search_takes_any_text",
    "SearchesWithOperators",
    if_op("text", lambda where: text(where.value.partition("--")[0])),
)


@breaks("test_a_search_takes_any_text")
class SearchIsASyntaxError(Asked):
    def condition(self, where):
        assert where.op != "text" or '"' not in where.value, "unterminated string"
        return where


@breaks("test_what_cannot_be_kept_is_not_found")
class AsksForNothingWithANul(Asked):
    def condition(self, where):
        assert "\0" not in (where.value or ()), "a text cannot contain NUL"
        return where


@breaks("test_what_cannot_be_kept_is_not_found")
class AsksInUtf8(MemoryTransaction):
    def get(self, kind, ids):
        ids = list(ids)
        assert all(id_.encode(errors="replace").decode() == id_ for id_ in ids), "not in UTF-8"
        return super().get(kind, ids)


@breaks("test_ids_may_be_odd")
class FoldsIds(MemoryTransaction):
    def put(self, records):
        super().put((record._replace(id=record.id.casefold()), over) for record, over in records)


@breaks("test_ids_may_be_odd")
class GoesOnByLength(MemoryTransaction):
    """Continues behind an id by another order than it began in."""

    def find(self, query):
        found = super().find(query._replace(after=None, limit=None))
        if query.after is None:
            return found
        behind = (len(query.after[-1]), query.after[-1])
        return iter([r for r in found if (len(r.id), r.id) > behind][: query.limit])


class EndsAtNul(Kept):
    """Indexes what stands before a NUL in a document, as C would."""

    def find(self, query):
        others = MemoryTransaction(self.kinds, {})
        for record in self.scan(query.kind):
            said = orjson.dumps(record.doc).decode().partition("\\u0000")
            others.put([(record._replace(doc={} if said[1] else record.doc), 0)])
        return others.find(query)


breaks("test_a_nul_may_stand_beside_index_values")(EndsAtNul)


@breaks("test_a_nul_may_stand_beside_index_values")
class EscapesNulBadly(KeptAs):
    """Takes a backslash, u and four zeros for a NUL."""

    def text(self, said):
        return said.replace("\\\\u0000", "\\u0000")


# --- numbers and moments

indexing(
    "test_numbers_compare_to_the_last_bit",
    "ComparesFloats",
    size=lambda doc: doc.get("size") and float(doc["size"]),
)
indexing(
    "test_numbers_compare_to_the_last_bit",
    "KeepsThirtyTwoBits",
    size=lambda doc: max(-(2**31), min(2**31 - 1, doc["size"])),
)
indexing(
    "test_moments_compare_as_text",
    "ReadsMoments",
    "talk",
    at=lambda doc: doc["at"].replace("10:00:00+01:00", "09:00:00+00:00"),
)
indexing("test_moments_compare_as_text", "KeepsDays", "talk", at=lambda doc: doc["at"][:10])


@breaks("test_revisions_may_be_great")
class CountsToTwoBillion(Kept):
    def record(self, record):
        return record._replace(rev=min(record.rev, 2**31 - 1))


@breaks("test_revisions_may_be_great")
class RevisionsHaveFifteenDigits(Kept):
    def record(self, record):
        return record._replace(rev=int(float(f"{record.rev:.15g}")))
