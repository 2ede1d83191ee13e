"""Everything by which something may be owed, as known at a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from netcrm.model.contact import SUPPRESSED
from netcrm.model.text import bare
from netcrm.model.time import LocalMoment, days_later
from netcrm.network.courses import (
    appointment,
    begun,
    in_order,
    moment,
    not_after,
    talk,
    with_people,
)
from netcrm.network.introductions import pairings
from netcrm.network.pointers import pointers
from netcrm.rules.course import Appointment, Course, Talk, meeting_as_known
from netcrm.rules.lifecycle import Routine, Standing
from netcrm.rules.obligations import LOOKS_BACK, Facts, Promise
from netcrm.rules.owed_people import ANSWER_MATTERS
from netcrm.storage.contract import Doc, Transaction
from netcrm.storage.query import Query, eq, ge, has, le, lt, one_of

_NOT_TO_ASK: Final = Query("contact", one_of("state", SUPPRESSED))


def known(view: Transaction, as_of: LocalMoment, routine: Routine) -> Facts:
    """Return the interviews and referrals known at a moment, and nothing else."""
    return begun(view, as_of, routine)._replace(pointers=tuple(pointers(view, as_of)))


def gather(view: Transaction, as_of: LocalMoment, routine: Routine) -> Facts:
    """Read what was known at a moment, no more of it than may matter."""
    facts = known(view, as_of, routine)
    asked = {id_ for course in facts.courses for id_ in course.contacts}
    outcomes = [*_decisions(view, as_of), *_opportunities(view, as_of)]
    meetings = list(_meetings(view, as_of))
    lately = _lately(view, {one.referred for one in facts.pointers} - asked, as_of)
    active = asked | lately
    came_of = [one for one in facts.pointers if one.steps or one.referred in active]
    concerned = active | {one.referrer for one in came_of}
    concerned |= {id_ for one in outcomes for id_ in one.people}
    concerned |= {id_ for one in meetings for id_ in one.people}
    talks = _talks(view, concerned, as_of)
    elsewhere, shared = _places(view, facts.courses, facts.standings, as_of.date)
    named = {one.referred for one in came_of}
    named |= {id_ for others in elsewhere.values() for id_ in others}
    named |= {id_ for one in talks if one.kind == "introduction" for id_ in one.people}
    introductions = pairings(view, as_of)
    named |= {id_ for one in introductions for id_ in one.people}
    return facts._replace(
        names=_names(view, named),
        talks=tuple(talks),
        meetings=tuple(meetings),
        elsewhere=elsewhere,
        shared=shared,
        commitments=tuple(_commitments(view, as_of)),
        advice=tuple(_advice(view, as_of)),
        outcomes=tuple(outcomes),
        introductions=tuple(introductions),
        waivers=_waivers(view, as_of),
        suppressed=frozenset(str(id_) for (id_,) in view.rows(_NOT_TO_ASK, ("id",))),
    )


def _talks(view: Transaction, concerned: Iterable[str], as_of: LocalMoment) -> list[Talk]:
    """Return all recent interactions, and those of a year with people to whom much may be owed."""
    recent = str(days_later(as_of.date, -ANSWER_MATTERS.days))
    first = str(days_later(as_of.date, -LOOKS_BACK.days))
    fresh = ge("on", recent) & not_after(as_of)
    older = with_people(concerned) & ge("on", first) & lt("on", recent)
    found = [
        talk(one) for where in (fresh, older) for one in view.find(Query("interaction", where))
    ]
    return in_order(one for one in found if one.at.is_by(as_of))


def _lately(view: Transaction, people: Collection[str], as_of: LocalMoment) -> set[str]:
    """Return with whom of these I was in touch within a year."""
    first = str(days_later(as_of.date, -LOOKS_BACK.days))
    year = Query("interaction", ge("on", first) & le("on", str(as_of.date)))
    return set(view.latest(year, per="touched", by="on", members=people)) if people else set()


def _meetings(view: Transaction, as_of: LocalMoment) -> Iterator[Appointment]:
    """Yield planned meetings that belong to no interview."""
    first = str(days_later(as_of.date, -LOOKS_BACK.days))
    known = ge("on", first) & le("booked_on", str(as_of.date)) & eq("interview", None)
    for record in view.find(Query("meeting", known)):
        found = meeting_as_known(appointment(record), as_of)
        if found is not None:
            yield found


def _commitments(view: Transaction, as_of: LocalMoment) -> Iterator[Promise]:
    for record in view.find(Query("commitment")):
        doc = record.doc
        made = moment(doc["made_on"])
        if doc.get("by", "me") == "me" and made.is_by(as_of):
            ended = moment(doc["ended_on"]) if "ended_on" in doc else None
            yield Promise(
                id=record.id,
                text=doc["text"],
                made=made,
                people=(doc["contact"],),
                due=date.fromisoformat(doc["due"]) if "due" in doc else None,
                ended=ended if ended and ended.is_by(as_of) else None,
            )


def _advice(view: Transaction, as_of: LocalMoment) -> Iterator[Promise]:
    """Yield what I planned to apply by a day."""
    for record in view.find(Query("insight")):
        steps = [one for one in record.doc.get("steps", ()) if moment(one["on"]).is_by(as_of)]
        planned = [one for one in steps if one["use"] == "planned"]
        if not planned:
            continue
        last, then = planned[-1], steps[steps.index(planned[-1]) + 1 :]
        yield Promise(
            id=record.id,
            text=record.doc["text"],
            made=moment(last["on"]),
            people=tuple(filter(None, [record.doc.get("contact")])),
            due=date.fromisoformat(last["due"]) if "due" in last else None,
            ended=moment(then[0]["on"]) if then else None,
        )


def _decisions(view: Transaction, as_of: LocalMoment) -> Iterator[Promise]:
    """Yield what I decided, and who told me what it rests on."""
    for record in view.find(Query("decision", le("on", str(as_of.date)))):
        made = moment(record.doc["on"])
        if made.is_by(as_of):
            behind = view.get("insight", record.doc.get("insights", ()))
            sources = {one.doc["contact"]: None for one in behind if "contact" in one.doc}
            yield Promise(record.id, record.doc["text"], made, people=tuple(sorted(sources)))


def _opportunities(view: Transaction, as_of: LocalMoment) -> Iterator[Promise]:
    """Yield opportunities of which something came, and who told me of them."""
    for record in view.find(Query("opportunity")):
        doc = record.doc
        if "outcome_on" in doc and moment(doc["outcome_on"]).is_by(as_of):
            told = f"{doc['text']}: {doc['outcome']}"
            yield Promise(record.id, told, moment(doc["outcome_on"]), people=(doc["contact"],))


def _waivers(view: Transaction, as_of: LocalMoment) -> dict[str, LocalMoment]:
    made = ((one.doc["key"], moment(one.doc["on"])) for one in view.find(Query("waiver")))
    return {key: on for key, on in made if on.is_by(as_of)}


def _names(view: Transaction, ids: Iterable[str]) -> dict[str, str]:
    rows = view.rows(Query("contact", one_of("id", sorted(ids))), ("id", "name"))
    return {str(id_): str(name) for id_, name in rows}


def _places(
    view: Transaction, known: Collection[Course], standings: Mapping[str, Standing], day: date
) -> tuple[dict[str, tuple[str, ...]], dict[str, frozenset[str]]]:
    """Return for those who do not answer whom else I know there, and who is of the same sort."""
    waiting = [
        course.contacts[0]
        for course in known
        if standings[course.id].waiting and standings[course.id].stage == "contacted"
    ]
    if not waiting:
        return {}, {}
    asked = {id_ for course in known for id_ in course.contacts}
    sort = {}
    everybody = Query("contact", one_of("id", sorted(asked)))
    for id_, organisations, fields in view.rows(everybody, ("id", "organisations", "fields")):
        sort[id_] = {*(f"at {one}" for one in organisations), *fields}
    shared = {
        one: frozenset(id_ for id_ in asked if id_ != one and sort[id_] & sort[one])
        for one in waiting
        if one in sort
    }
    elsewhere = {one: tuple(_colleagues(view, one, asked, day)) for one in waiting if one in sort}
    return elsewhere, shared


def _colleagues(view: Transaction, person: str, asked: Collection[str], day: date) -> Iterator[str]:
    """Yield who else works where a person works, and was not asked."""
    (record,) = view.get("contact", [person])
    places = works_at(record.doc)
    there = Query("contact", has("organisations", *sorted(places)), order=(("name", False),))
    for other in view.find(there) if places else ():
        active = other.doc.get("state", {}).get("kind", "active") == "active"
        unasked = other.id not in (*asked, person) and not other.doc.get("is_me")
        known = other.doc["added_on"] <= str(day)
        if active and unasked and known and places & works_at(other.doc):
            yield other.id


def works_at(doc: Doc) -> set[str]:
    """Return where a person works now, by the document of the contact."""
    held = (job for job in doc.get("positions", ()) if "end" not in job)
    return {bare(job["organisation"]) for job in held if job.get("organisation")}
