"""The referrals made by a moment, and whether I knew the person before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from netcrm.model.time import LocalMoment, PartialDate
from netcrm.network.courses import moment
from netcrm.rules.obligations import Pointer
from netcrm.storage.contract import Doc, Record, Transaction
from netcrm.storage.query import Query, Where, eq, has, lt, one_of


def pointers(view: Transaction, as_of: LocalMoment, which: Where | None = None) -> list[Pointer]:
    """Return all referrals made by a moment, or those that fit, by id.

    I knew a person before if they were added on an earlier day, if there was an earlier referral
    (of those that fit), or if I had been in touch with them.
    """
    me = {id_ for (id_,) in view.rows(Query("contact", eq("is_me", True)), ("id",))}
    found = view.find(Query("referral", which))  # a merge may have made me one end of it
    records = [one for one in found if me.isdisjoint((one.doc["referrer"], one.doc["referred"]))]
    days = {one.id: PartialDate.parse(one.doc["made_on"]).first for one in records}
    made = [one for one in records if (_at(one) or LocalMoment.on(days[one.id])).is_by(as_of)]
    first: dict[str, tuple[date, str]] = {}
    for one in made:
        key = days[one.id], one.id
        first[one.doc["referred"]] = min(key, first.get(one.doc["referred"], key))
    known = _known(view, {person: day for person, (day, _) in first.items()})
    return [
        Pointer(
            id=one.id,
            referrer=one.doc["referrer"],
            referred=one.doc["referred"],
            made_on=days[one.id],
            at=_at(one),
            known_before=one.doc["referred"] in known
            or first[one.doc["referred"]] != (days[one.id], one.id),
            mode=one.doc.get("mode", "name_only"),
            steps=tuple(_steps(one.doc, as_of)),
        )
        for one in made
    ]


def _known(view: Transaction, first: dict[str, date]) -> set[str]:
    """Return who was added, or in touch with me, before the day on which I was pointed to them."""
    added = view.rows(Query("contact", one_of("id", sorted(first))), ("id", "added_on"))
    known = {id_ for id_, on in added if date.fromisoformat(on) < first[id_]}
    new: dict[date, list[str]] = {}
    for person, day in first.items():
        if person not in known:
            new.setdefault(day, []).append(person)
    for day, people in new.items():
        earlier = has("contacts", *people) & lt("on", str(day))
        for (there,) in view.rows(Query("interaction", earlier), ("contacts",)):
            known.update(set(there).intersection(people))
    return known


def _at(record: Record) -> LocalMoment | None:
    return moment(record.doc["at"]) if "at" in record.doc else None


def _steps(doc: Doc, as_of: LocalMoment) -> Iterator[tuple[str, LocalMoment]]:
    for step in doc.get("steps", ()):
        day = PartialDate.parse(step["on"]).first
        if day <= as_of.date:
            yield step["step"], LocalMoment.on(day)
