"""Introductions as they are stored, made into what the rules look at, and who knows whom."""

from __future__ import annotations

from netcrm.model.time import LocalMoment
from netcrm.network.courses import moment
from netcrm.rules.introductions import Move, Pairing, as_known
from netcrm.storage.contract import Record, Transaction
from netcrm.storage.query import Query, Where, eq, one_of


def acquaintances(
    view: Transaction, as_of: LocalMoment, which: Where | None = None
) -> list[Record]:
    """Return who knows whom as told by a moment, one for each two people, the oldest first.

    Each time I am told is a record of its own, so that what was told later is no answer for before.
    Here it is the last of them, which says what the earlier ones do where it says nothing itself.
    """
    found = [(moment(one.doc["noted_on"]), one) for one in view.find(Query("acquaintance", which))]
    known: dict[frozenset[str], Record] = {}
    for noted, record in sorted(found, key=lambda one: (one[0].date, one[1].id)):
        if noted.is_by(as_of):
            pair = frozenset(record.doc["contacts"])
            earlier = known.pop(pair, record)
            known[pair] = record._replace(doc={**earlier.doc, **record.doc})
    return list(known.values())


def pairings(view: Transaction, as_of: LocalMoment, which: Where | None = None) -> list[Pairing]:
    """Return the introductions known at a moment, or those that fit, by id; none is with me."""
    found = [pairing(record) for record in view.find(Query("introduction", which))]
    everybody = sorted({id_ for one in found for id_ in one.people})
    mine = Query("contact", one_of("id", everybody) & eq("is_me", True))
    me = {id_ for (id_,) in view.rows(mine, ("id",))} if found else set()
    return [one for one in found if as_known(one, as_of) and me.isdisjoint(one.people)]


def pairing(record: Record) -> Pairing:
    """Return an introduction as far as the rules look at it."""
    doc = record.doc
    return Pairing(
        id=record.id,
        people=tuple(doc["contacts"]),
        begun=moment(doc["begun_on"]),
        moves=tuple(
            Move(one["what"], moment(one["on"]), one.get("contact", ""))
            for one in doc.get("steps", ())
        ),
    )
