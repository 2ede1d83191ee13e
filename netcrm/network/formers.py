"""What is known of people I have not been in touch with for long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from netcrm.model.time import Interval, LocalMoment
from netcrm.network.candidates import paused
from netcrm.network.courses import begun, talk, with_people
from netcrm.network.pointers import pointers
from netcrm.network.touches import encounters, last_touches
from netcrm.rules.dormant import Former
from netcrm.rules.strength import touches
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, eq, has, le

if TYPE_CHECKING:
    from netcrm.rules.lifecycle import Routine

_ASKED: Final = ("id", "is_placeholder", "reachable")


def formers(
    view: Transaction,
    as_of: LocalMoment,
    after: Interval,
    *,
    weights: Mapping[str, float],
    routine: Routine,
) -> Iterator[Former]:
    """Yield by name whom there was no touch with for so long, and what is known of them.

    Those who are not to be contacted, paused, archived or dead are left out, and so is kin: such
    ties do not fade as friendships do (Roberts and Dunbar 2015).
    """
    from netcrm import codec
    from netcrm.model.contact import Contact

    people = _people(view, as_of, after)
    found = touches(encounters(view, as_of, people), weights)
    pointed = _pointed(view, as_of, people)
    held = _held(view, as_of, people, routine)
    thanked = _thanked(view, as_of, people)
    kept = _kept(view, as_of, people)
    for record in sorted(view.get("contact", people), key=lambda one: (one.doc["name"], one.id)):
        id_ = record.id
        yield Former(
            id=id_,
            name=record.doc["name"],
            handle=record.doc["handle"],
            touches=found.get(id_, ()),
            positions=codec.decode(record, Contact).positions,
            pointed=len(pointed.get(id_, ())),
            held=held[id_],
            thanked=thanked[id_],
            kept=kept[id_],
        )


def _people(view: Transaction, as_of: LocalMoment, after: Interval) -> list[str]:
    """Return whom to ask about."""
    last = last_touches(view, as_of)
    in_peace = paused(view, as_of.date)
    usual = eq("state", "active") & eq("kin", False)
    return [
        id_
        for id_, is_placeholder, reachable in view.rows(Query("contact", usual), _ASKED)
        if id_ in last
        and after.after(last[id_]) <= as_of.date
        and id_ not in in_peace
        and (reachable or not is_placeholder)
    ]


def _pointed(view: Transaction, as_of: LocalMoment, people: Collection[str]) -> dict[str, set[str]]:
    """Return to whom each of some people pointed or introduced me."""
    found: dict[str, set[str]] = {id_: set() for id_ in people}
    for one in pointers(view, as_of):
        if one.referrer in found:
            found[one.referrer].add(one.referred)
    where = has("contacts", *people) & eq("kind", "introduction") & eq("direction", "inbound")
    for record in view.find(Query("interaction", where & le("on", str(as_of.date)))):
        said = talk(record)
        introducer, *others = (*said.people, *said.copied)
        if introducer in found:
            found[introducer].update(others)
    return found


def _held(
    view: Transaction, as_of: LocalMoment, people: Collection[str], routine: Routine
) -> Counter[str]:
    """Count the interviews held with each person."""
    found: Counter[str] = Counter()
    facts = begun(view, as_of, routine, with_people(people))
    for course in facts.courses:
        if facts.standings[course.id].held:
            found.update(course.contacts)
    return found


def _thanked(view: Transaction, as_of: LocalMoment, people: Collection[str]) -> Counter[str]:
    """Count how often I thanked each person."""
    where = has("touched", *people) & eq("kind", "thank_you") & ~eq("direction", "inbound")
    rows = view.rows(Query("interaction", where & le("on", str(as_of.date))), ("touched",))
    return Counter(id_ for (those,) in rows for id_ in those)


def _kept(view: Transaction, as_of: LocalMoment, people: Collection[str]) -> Counter[str]:
    """Count the promises to me that each person kept."""
    docs = (one.doc for one in view.find(Query("commitment", has("contacts", *people))))
    return Counter(
        doc["contact"]
        for doc in docs
        if doc.get("by") == "them"
        and doc.get("ended") == "kept"
        and LocalMoment.parse(doc["ended_on"]).is_by(as_of)
    )
