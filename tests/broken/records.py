"""Storages that keep something else than they were given, or overwrite what they should not."""

import unicodedata

import orjson

from netcrm.storage.contract import Record
from netcrm.storage.memory import MemoryTransaction
from netcrm.testing import KINDS
from tests.broken.shelf import Shelved, breaks


class Kept(MemoryTransaction):
    """Keeps another record than it was given."""

    def record(self, record):
        return record

    def put(self, records):
        super().put((self.record(record), over) for record, over in records)


class KeptAs(Kept):
    """Keeps another text of the document."""

    def text(self, said):
        return said

    def record(self, record):
        said = orjson.dumps(record.doc).decode()
        return record._replace(doc=orjson.loads(self.text(said)))


def stored(transaction, record):
    return transaction.stored.get((record.kind, record.id))


# --- records


@breaks("test_it_names_itself_and_its_kinds")
class Nameless(Shelved):
    def __init__(self, shelf, name):
        super().__init__(shelf, name)
        self.location = ""


@breaks("test_any_json_object_comes_back")
class DropsEmptyKeys(Kept):
    def record(self, record):
        return record._replace(doc={key: said for key, said in record.doc.items() if key})


@breaks("test_no_character_is_lost")
class DropsCarriageReturns(KeptAs):
    def text(self, said):
        return said.replace("\\r", "")


@breaks("test_no_character_is_lost")
class DropsNuls(KeptAs):
    def text(self, said):
        return said.replace("\\u0000", "")


@breaks("test_no_character_is_lost")
class Composes(KeptAs):
    def text(self, said):
        return unicodedata.normalize("NFC", said)


@breaks("test_no_character_is_lost")
class Strips(KeptAs):
    def text(self, said):
        return said.replace(' "', '"')


@breaks("test_no_number_is_changed")
class CountsInFloats(KeptAs):
    def text(self, said):
        return said.replace(str(2**53 + 1), str(2**53))


@breaks("test_no_number_is_changed")
class WholeFloatsAreInts(KeptAs):
    def text(self, said):
        return said.replace(",1.0,", ",1,")


@breaks("test_the_revision_given_is_the_one_read_back")
class CountsRevisionsItself(MemoryTransaction):
    def put(self, records):
        super().put((record._replace(rev=over + 1), over) for record, over in records)


@breaks("test_the_revision_given_is_the_one_read_back")
class RevisionsOnlyGrow(MemoryTransaction):
    def put(self, records):
        super().put((r._replace(rev=max(r.rev, over)), over) for r, over in records)


@breaks("test_a_record_is_replaced_as_a_whole")
class Merges(Kept):
    def record(self, record):
        _, before = stored(self, record) or (0, b"{}")
        return record._replace(doc={**orjson.loads(before), **record.doc})


class KeepsOldIndex(MemoryTransaction):
    """Finds a thing also by what it was."""

    def put(self, records):
        for record, over in records:
            super().put([(record, over)])
            index = self.stored.setdefault(("index", record.id), (1, b"[]"))[1]
            docs = [*orjson.loads(index), record.doc]
            self.stored["index", record.id] = (1, orjson.dumps(docs))

    def find(self, query):
        now = {record.id: record for record in self.scan(query.kind)}
        for record_id, record in now.items():
            was = orjson.loads(self.stored["index", record_id][1])
            others = MemoryTransaction(self.kinds, {})
            others.put((Record("thing", str(n), doc, 1), 0) for n, doc in enumerate(was))
            if others.count("thing", query.where):
                yield record


breaks("test_a_record_is_replaced_as_a_whole")(KeepsOldIndex)


@breaks("test_a_deleted_record_is_gone")
class DeletesNothing(MemoryTransaction):
    def delete(self, records):
        for record in records:
            self._check(record, record.rev)


@breaks("test_missing_ids_are_left_out")
class MissesNobody(MemoryTransaction):
    def get(self, kind, ids):
        return (self._record(kind, record_id) for record_id in ids)


@breaks("test_get_gives_each_record_once")
class GetsAsOftenAsAsked(MemoryTransaction):
    def get(self, kind, ids):
        return (self._record(kind, id_) for id_ in ids if (kind, id_) in self.stored)


@breaks("test_many_records_at_once", "test_get_takes_any_number_of_ids")
class TakesFewParameters(MemoryTransaction):
    def get(self, kind, ids):
        return super().get(kind, list(ids)[:999])


@breaks("test_many_records_at_once", "test_one_put_may_have_very_many_records")
class TakesListsOnly(MemoryTransaction):
    def put(self, records):
        assert isinstance(records, list)
        super().put(records)


@breaks("test_kinds_do_not_mix")
class ScansEveryKind(MemoryTransaction):
    def scan(self, kind):
        yield from sorted((self._record(*key) for key in self.stored), key=lambda record: record.id)


@breaks("test_kinds_do_not_mix")
class OneIdForAll(MemoryTransaction):
    def put(self, records):
        for record, over in records:
            for kind in KINDS:
                self.stored.pop((kind, record.id), None)
            super().put([(record, 0 if over else over)])


@breaks("test_scan_is_in_order_of_id")
class ScansAsItCame(MemoryTransaction):
    def scan(self, kind):
        return (self._record(*key) for key in self.stored if key[0] == kind)


@breaks("test_scan_is_in_order_of_id")
@breaks("test_without_an_order_records_come_by_id")
class SortsLikeADictionary(MemoryTransaction):
    def scan(self, kind):
        yield from sorted(
            super().scan(kind), key=lambda record: record.id.translate({45: None, 95: None})
        )


@breaks("test_pairs_are_what_scan_gives")
class PairsAsTheyCame(MemoryTransaction):
    def pairs(self, kind):
        return ((key[1], orjson.loads(self.stored[key][1])) for key in self.stored)


_CACHE = {}


@breaks("test_what_is_read_is_not_shared")
class SharesDocuments(MemoryTransaction):
    def _record(self, kind, record_id):
        return _CACHE.setdefault(self.stored[kind, record_id], super()._record(kind, record_id))


# --- revisions


@breaks("test_a_new_record_over_one_that_is_there_is_a_conflict")
class NewReplacesOld(MemoryTransaction):
    def _check(self, record, over):
        if over:
            super()._check(record, over)


@breaks("test_a_stale_revision_is_a_conflict")
class LastWriterWins(MemoryTransaction):
    def _check(self, record, over):
        if not over or not stored(self, record):
            super()._check(record, over)


@breaks("test_a_stale_revision_is_a_conflict")
class RefusesOlderOnly(MemoryTransaction):
    def _check(self, record, over):
        there = stored(self, record)
        if there is None or over < there[0]:
            super()._check(record, over)


@breaks("test_a_change_to_what_is_gone_is_a_conflict")
class ChangesWhatIsGone(MemoryTransaction):
    def _check(self, record, over):
        if stored(self, record):
            super()._check(record, over)


@breaks("test_deleting_another_version_is_a_conflict")
class DeletesAnyVersion(MemoryTransaction):
    def delete(self, records):
        for record in records:
            self.stored.pop((record.kind, record.id))


@breaks("test_deleting_what_is_gone_is_a_conflict")
class DeletesTheMissing(MemoryTransaction):
    def delete(self, records):
        super().delete(record for record in records if stored(self, record))
