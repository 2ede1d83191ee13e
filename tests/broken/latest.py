"""Storages that take another record for the latest."""

from typing import ClassVar

import orjson

from netcrm.storage.memory import MemoryTransaction
from netcrm.storage.query import Query, eq
from tests.broken.shelf import breaks


class Latest(MemoryTransaction):
    """Takes the last of what is found in some order for the latest."""

    def latest(self, query, *, per, by, members=None):
        found = self.rows(self.query(query, by), (by, "id", per))
        last = {member: (value, id_) for value, id_, several in found for member in several}
        return {one: last[one] for one in last if members is None or one in members}

    def query(self, query, by):
        return Query(query.kind, query.where, ((by, False),))


@breaks(
    "test_latest_means_what_the_contract_says",
    "test_the_last_talk_of_each",
    "test_the_last_talk_by_another_field",
)
class LatestByIdOnly(Latest):
    def query(self, query, by):
        return Query(query.kind, query.where)


@breaks(
    "test_latest_is_the_greatest_value_then_the_greatest_id",
    "test_the_last_talk_of_each",
)
class LatestIsTheLeastId(Latest):
    def query(self, query, by):
        return Query(query.kind, query.where, ((by, False), ("id", True)))


@breaks(
    "test_latest_looks_at_what_fits_only",
    "test_the_last_talk_in_a_span",
    "test_the_last_talk_that_fits",
)
class LatestOfAll(Latest):
    def query(self, query, by):
        return Query(query.kind, None, ((by, False),))


@breaks(
    "test_latest_looks_at_what_fits_only",
    "test_the_last_talk_in_a_span",
    "test_the_last_talk_that_fits",
)
class LatestThenCondition(MemoryTransaction):
    def latest(self, query, **options):
        fit = {record.id for record in self.find(Query(query.kind, query.where))}
        of_all = super().latest(Query(query.kind), **options)
        return {member: found for member, found in of_all.items() if found[1] in fit}


@breaks("test_latest_leaves_order_and_limit_aside")
class LatestOfAPage(Latest):
    def query(self, query, by):
        return query


@breaks("test_the_last_talk_that_fits")
class LatestKnowsTheTimeOnly(MemoryTransaction):
    """Takes conditions on other fields for granted."""

    def latest(self, query, **options):
        query = query._replace(where=self.of_time(query.where))
        return super().latest(query, **options)

    def of_time(self, where):
        if where is None or where.op == "and":
            parts = (where and where.parts) or ()
            return next((part for part in parts if part.field == "at"), None)
        return where if where.field == "at" else None


@breaks("test_the_last_talk_in_a_span")
class LatestForgetsTheOtherEnd(MemoryTransaction):
    def latest(self, query, **options):
        where = query.where
        if where is not None and where.op == "and":
            query = query._replace(where=where.parts[0])
        return super().latest(query, **options)


@breaks("test_the_last_talk_of_each", "test_latest_means_what_the_contract_says")
class LatestOfEverybody(MemoryTransaction):
    def latest(self, query, *, per, by, members=None):
        return super().latest(query, per=per, by=by)


@breaks("test_the_last_talk_of_each")
class NobodyIsEverybody(MemoryTransaction):
    def latest(self, query, *, per, by, members=None):
        return super().latest(query, per=per, by=by, members=members or None)


@breaks("test_the_last_talk_by_another_field")
class LatestByTheTimeKept(Latest):
    """Goes by the field that goes with the set, whatever is asked for."""

    def query(self, query, by):
        kept = "at" if query.kind == "talk" else by
        return Query(query.kind, query.where, ((kept, False),))


@breaks("test_the_last_talk_by_another_field")
class LatestOfThoseWithAValue(Latest):
    def query(self, query, by):
        there = ~eq(by, None)
        return Query(query.kind, query.where & there if query.where else there, ((by, False),))


@breaks("test_a_talk_may_change")
class KeepsTheOldTime(MemoryTransaction):
    """Keeps the time beside each member, and forgets to change it with the record."""

    times: ClassVar = {}

    def put(self, records):
        for record, over in records:
            super().put([(record, over)])
            if not over:
                self.times[record.id] = record.doc.get("at")

    def latest(self, query, **options):
        last = super().latest(query, **options)
        return {member: (self.times[id_], id_) for member, (_, id_) in last.items()}


@breaks("test_a_talk_may_change")
class KeepsOldPeople(MemoryTransaction):
    def put(self, records):
        for record, over in records:
            there = self.stored.get((record.kind, record.id), (0, b"{}"))[1]
            people = {*orjson.loads(there).get("people", ()), *record.doc.get("people", ())}
            super().put([(record._replace(doc={**record.doc, "people": [*people]}), over)])
