"""Who may be asked, and what is known of them: read from the index, few documents at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from netcrm.model.contact import SUPPRESSED
from netcrm.model.time import LocalMoment
from netcrm.network.facts import works_at
from netcrm.network.pointers import pointers
from netcrm.rules.funnel import origin_of
from netcrm.rules.growth import Newcomer
from netcrm.rules.lifecycle import COOL_OFF, Routine
from netcrm.rules.lineage import credited
from netcrm.rules.matches import Candidate
from netcrm.rules.obligations import Facts
from netcrm.rules.obstacles import Colleague, Situation, waits_until
from netcrm.rules.organisations import NO_PLACE
from netcrm.storage.contract import Doc, Transaction
from netcrm.storage.query import Query, Where, eq, le

_CANDIDATE: Final = (
    "id", "name", "handle", "source", "state", "fields", "organisations", "reachable",
)  # fmt: skip


def candidates(view: Transaction, facts: Facts, where: Where | None = None) -> list[Candidate]:
    """Return everybody but me who was there by then, or those of them that fit."""
    there = eq("is_me", False) & le("added_on", str(facts.as_of.date))
    owed = credited(facts.pointers)
    query = Query("contact", there if where is None else there & where)
    return [
        Candidate(
            id=id_,
            name=name,
            handle=handle,
            source=source,
            origin=origin_of(source, referred=id_ in owed),
            state=state,
            fields=tuple(sorted(fields)),
            places=tuple(sorted(places)),
            reachable=reachable,
        )
        for id_, name, handle, source, state, fields, places, reachable in view.rows(
            query, _CANDIDATE
        )
    ]


def situation(
    view: Transaction, facts: Facts, people: Iterable[Candidate], routine: Routine, full: str = ""
) -> Situation:
    """Return what else is known of some people at a moment.

    Args:
        view: where to read.
        facts: the interviews and referrals.
        people: whom to ask about.
        routine: the working days, and how long to wait for an answer.
        full: why no more requests are to be sent at all.
    """
    pointed: dict[str, list[LocalMoment]] = {}
    for one in facts.pointers:
        pointed.setdefault(one.referred, []).append(one.made)
    return Situation(
        as_of=facts.as_of,
        cool_off=COOL_OFF,
        threads=facts.threads(),
        pointed=pointed,
        paused=paused(view, facts.as_of.date),
        colleagues=_colleagues(view, facts, people, routine),
        full=full,
    )


def newcomers(view: Transaction, as_of: LocalMoment) -> Iterator[Newcomer]:
    """Yield everybody but me known by a moment, and from when on."""
    made = pointers(view, as_of)
    owed, today = credited(made), str(as_of.date)
    first: dict[str, str] = {}
    for one in made:
        day = str(one.made_on)
        first[one.referred] = min(day, first.get(one.referred, day))
    for on, people in view.rows(Query("interaction"), ("on", "contacts")):
        for person in people:
            if person not in first or on < first[person]:
                first[person] = on
    everybody = Query("contact", eq("is_me", False))
    for id_, added, source, fields in view.rows(everybody, ("id", "added_on", "source", "fields")):
        known_on = min(added, first.get(id_, added))
        if known_on <= today:
            yield Newcomer(
                known_on=date.fromisoformat(known_on),
                fields=tuple(sorted(fields)),
                source=source,
                origin=origin_of(source, referred=id_ in owed),
                referrer=owed.get(id_, ""),
            )


def paused(view: Transaction, day: date) -> dict[str, date | None]:
    """Return who is left in peace on a day, and until when; the last pause made by then counts."""
    made = eq("kind", "pause") & le("made_on", str(day))
    query = Query("adjustment", made, order=(("made_on", False), ("id", False)))
    last = {
        str(contact): date.fromisoformat(on) if on else None
        for contact, on in view.rows(query, ("contact", "on"))
    }
    return {id_: until for id_, until in last.items() if until is None or day < until}


def _colleagues(
    view: Transaction, facts: Facts, people: Iterable[Candidate], routine: Routine
) -> dict[str, list[Colleague]]:
    """Return for those who work where somebody was asked lately who that was."""
    asked = dict(_asked_lately(facts, routine))
    there: dict[str, list[Colleague]] = {}
    for record in view.get("contact", asked) if asked else ():
        for place in works_at(record.doc) - NO_PLACE:
            colleague = Colleague(record.id, _named(record.doc), asked[record.id])
            there.setdefault(place, []).append(colleague)
    some = [one.id for one in people if not there.keys().isdisjoint(one.places)]
    return {
        record.id: [one for place in sorted(works_at(record.doc)) for one in there.get(place, ())]
        for record in (view.get("contact", some) if there else ())
    }


def _named(doc: Doc) -> str:
    """Return a name; nothing for who is not to be contacted, or has died."""
    return "" if doc.get("state", {}).get("kind") in SUPPRESSED else str(doc["name"])


def _asked_lately(facts: Facts, routine: Routine) -> Iterator[tuple[str, date]]:
    """Yield whom I asked so lately that nobody else at the same place is to be asked yet."""
    for course, now in facts.asked():
        if now.asked is not None:
            policy = routine.follow_ups(course)
            until = waits_until(now.asked.date, policy, routine.calendar)
            if facts.as_of.date < until:
                yield from ((person, until) for person in course.contacts)


def stages(facts: Facts) -> dict[str, str]:
    """Return where the last interview with each person stands."""
    return {person: those[-1][1].stage for person, those in facts.threads().items()}
