"""Whom is meant by where a way is to lead: a person, who is at an organisation, or in a field?"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, NamedTuple

from netcrm.errors import NotFoundError
from netcrm.model.base import label
from netcrm.model.contact import SUPPRESSED
from netcrm.model.text import bare
from netcrm.network.ways import stays_of
from netcrm.rules.lookup import SUGGESTIONS
from netcrm.rules.organisations import organisation_key
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, eq, has, le, one_of, starts

PLACE: Final = "org:"
FIELD: Final = "field:"
_LOOKED_AT: Final = 50


class Destination(NamedTuple):
    """Where a way is to lead.

    Attributes:
        kind: person, organisation or field.
        called: the name of it.
        people: whom to reach, by their ids.
        former: whom to reach else: who was there once.
    """

    kind: Literal["person", "organisation", "field"]
    called: str
    people: frozenset[str]
    former: frozenset[str] = frozenset()


def field(view: Transaction, name: str, day: date) -> Destination:
    """Return who is in a career field, of those whom I knew by a day.

    Raises:
        NotFoundError: nobody is.
    """
    wanted = label(name)
    where = has("fields", wanted) & le("added_on", str(day)) & eq("is_me", False)
    rows = view.rows(Query("contact", where & ~one_of("state", SUPPRESSED)), ("id",))
    people = frozenset(id_ for (id_,) in rows)
    if not people:
        raise NotFoundError(f"Nobody here is in the field “{name}”.")
    return Destination("field", wanted, people)


def organisation(view: Transaction, name: str, day: date) -> Destination:
    """Return who works or worked at an organisation, as far as I knew by a day.

    Raises:
        NotFoundError: nobody does or did; names that begin alike are suggested.
    """
    places = places_called(view, name)
    current, former = set[str](), set[str]()
    called = ""
    where = has("organisations", *sorted(places)) & le("added_on", str(day)) & eq("is_me", False)
    for record in view.find(Query("contact", where)) if places else ():
        if record.doc.get("state", {}).get("kind") in SUPPRESSED:
            continue
        for stay in stays_of(record.id, record.doc, day):
            if stay.place in places:
                called = min(called or stay.called, stay.called)
                (current if stay.goes_on else former).add(record.id)
    if not (current or former):
        raise NotFoundError(
            f"Nobody here works or worked at an organisation called “{name}”.",
            like(view, name),
        )
    return Destination("organisation", called, frozenset(current), frozenset(former - current))


def places_called(view: Transaction, name: str) -> set[str]:
    """Return the organisations that a name means, as the index has them, with any legal form."""
    key, said = organisation_key(name), bare(name)
    if not key:
        return set()
    where = starts("organisations", key) | has("organisations", said, f"the {key}")
    rows = view.rows(Query("contact", where), ("organisations",))
    return {place for (places,) in rows for place in places if organisation_key(place) == key}


def like(view: Transaction, name: str) -> list[str]:
    """Return some organisations that begin as a name does, in order."""
    said = bare(name)
    if not said:
        return []
    some = Query("contact", starts("organisations", said), limit=_LOOKED_AT)
    jobs = (job for one in view.find(some) for job in one.doc["positions"])
    called = {job.get("organisation", "") for job in jobs}
    folded = {one: bare(one) for one in called}
    longer = (one for one in called if folded[one].startswith(said) and folded[one] != said)
    return sorted(longer)[:SUGGESTIONS]
