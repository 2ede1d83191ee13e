"""What is counted of each interview, and what is left to count of those with people forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs

from netcrm import model
from netcrm.model.time import LocalMoment, days_later
from netcrm.rules.course import Course, later
from netcrm.rules.funnel import Tally
from netcrm.rules.lifecycle import Standing
from netcrm.rules.lineage import credited, degree
from netcrm.rules.obligations import Facts
from netcrm.rules.owed_interviews import THANK_WITHIN
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, one_of


def tallies(view: Transaction, facts: Facts) -> dict[str, Tally]:
    """Return what is counted of each interview, by its id."""
    people = {id_ for course in facts.courses for id_ in course.contacts}
    rows = view.rows(Query("contact", one_of("id", sorted(people))), ("id", "source", "fields"))
    known = {id_: (source, tuple(sorted(fields))) for id_, source, fields in rows}
    forest = credited(facts.pointers)
    found = {}
    for course in facts.courses:
        first = course.contacts[0]
        source, fields = known.get(first, ("other", ()))
        counted = _tally(course, facts.standings[course.id], facts)
        found[course.id] = counted._replace(
            source=source,
            fields=course.fields or fields,
            referred=first in forest,
            degree=degree(first, forest),
        )
    return found


def forgotten(view: Transaction, day: date) -> Iterator[Tally]:
    """Yield what is still counted of interviews with people who were forgotten."""
    from netcrm import codec

    for record in view.find(Query("forgotten")):
        for one in codec.decode(record, model.Forgotten).counted:
            begun = one.asked or one.held
            if begun is None or begun <= day:
                said = attrs.asdict(one, filter=lambda field, _: field.name != "extra")
                yield _as_known(Tally(**said), day)


def _as_known(one: Tally, day: date) -> Tally:
    """Return what was counted of an interview on a day; how it ended was not known before that."""
    if one.held and one.thanked_in_time is False and day <= days_later(one.held, 1):
        one = one._replace(thanked_in_time=None)  # there was still time for it
    if one.ended is None or one.ended <= day:
        return one

    def known(then: date | None) -> date | None:
        return then if then and then <= day else None

    replied, accepted, scheduled = map(known, (one.replied, one.accepted, one.scheduled))
    return one._replace(
        follow_ups=tuple(then for then in one.follow_ups if then <= day),
        replied=replied,
        accepted=accepted,
        scheduled=scheduled,
        held=None,
        outcome="scheduled" if scheduled else "accepted" if accepted else "contacted",
        thanked_in_time=None,
        minutes=0,
    )


def _tally(course: Course, now: Standing, facts: Facts) -> Tally:
    request = next((talk for talk in course.talks if talk.kind == "request"), None)
    hold = course.talk(now.hold)
    return Tally(
        initiator=course.initiator,  # type: ignore[arg-type]
        channel=request.channel if request else "other",
        asked=_day(now.asked),
        follow_ups=tuple(talk.at.date for talk in course.talks if talk.kind == "follow_up"),
        replied=_day(now.replied),
        accepted=_day(now.accepted),
        scheduled=_day(now.scheduled),
        held=_day(now.held),
        outcome=now.stage,
        ended=_day(now.since),
        thanked_in_time=_thanked(course, now, facts),
        minutes=hold.minutes or 0 if hold else 0,
        campaign=course.campaign,
    )


def _thanked(course: Course, now: Standing, facts: Facts) -> bool | None:
    """Whether all whom I met were thanked within a day; None while there is still time for it."""
    hold = course.talk(now.hold)
    if hold is None or course.initiator != "me":
        return None
    due = later(hold.end, THANK_WITHIN)
    thanks = [
        talk for talk in course.talks if talk.kind == "thank_you" and talk.direction != "inbound"
    ]
    in_time = {
        person
        for talk in thanks
        for person in talk.people
        if hold.at.is_by(talk.at) and talk.at.is_by(due)
    }
    if in_time.issuperset(course.contacts):
        return True
    return None if facts.as_of.is_by(due) else False


def _day(at: LocalMoment | None) -> date | None:
    return at.date if at else None
