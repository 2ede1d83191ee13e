"""Everything that the review of a week rests on, as known at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final, NamedTuple

from netcrm import model
from netcrm.errors import InvalidError
from netcrm.model.time import LocalMoment, days_later, zone
from netcrm.network.facts import gather
from netcrm.network.tallies import forgotten, tallies
from netcrm.rules.agenda import agenda
from netcrm.rules.course import Appointment, later
from netcrm.rules.funnel import Tally, cut, ranked
from netcrm.rules.lifecycle import Routine
from netcrm.rules.obligations import Facts, Obligation, obligations
from netcrm.rules.owed_interviews import ARRIVE_BEFORE
from netcrm.rules.owed_people import MAKERS
from netcrm.rules.pace import Pace, pace, requested, waiting_for
from netcrm.rules.rates import Rate
from netcrm.rules.review import (
    Answered,
    Coming,
    Waiting,
    WeeklyReview,
    clocks_change,
    crowds,
    monday,
    owes,
    reported,
    unanswered,
    week_called,
)
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, ge, le, one_of

if TYPE_CHECKING:
    from netcrm.network.counting import Counting

AHEAD: Final = "3 months"
"""How far to look for days on which many are due: the usual rhythm after an interview."""


class Week(NamedTuple):
    """A week, and the moment to look from: its end, or now where that is earlier."""

    first: date
    last: date
    as_of: LocalMoment

    def has(self, day: date | None) -> bool:
        """Whether a day is one of this week."""
        return day is not None and self.first <= day <= self.last


def open_matters(
    net: Counting, view: Transaction, as_of: LocalMoment, routine: Routine
) -> tuple[Facts, list[Obligation]]:
    """Return what was known at a moment, with the names of all it concerns, and what is owed."""
    facts = gather(view, as_of, routine)
    owed = obligations(facts, MAKERS, routine.calendar)
    ids = {id_ for course in facts.courses for id_ in course.contacts}
    ids |= {id_ for meeting in facts.planned() for id_ in meeting.people}
    ids |= {one.contact for one in owed}
    names = {id_: one.name for id_, one in net.names(ids).items()}
    return facts._replace(names={**facts.names, **names}), owed


def review(
    net: Counting, view: Transaction, week: str | date | None, when: LocalMoment
) -> WeeklyReview:
    """Return the review of a week, as known at its end or at a moment before that.

    Raises:
        InvalidError: it is no week, or has not begun.
    """
    span = _week(net, week, when)
    first, last, as_of = span
    routine = net.routine()
    facts, owed = open_matters(net, view, as_of, routine)
    items = agenda(owed, (), (), as_of=as_of, until=as_of.date, calendar=routine.calendar)
    known = [*tallies(view, facts).values(), *forgotten(view, as_of.date)]
    held = [row for row in known if span.has(row.held)]
    new = _new_people(view, facts, span)
    insights = [one for one in net.insights(as_of=as_of) if span.has(one.observed_on)]
    answers = net.due(as_of=as_of.date, within=AHEAD)
    return WeeklyReview(
        first=first,
        last=last,
        as_of=as_of,
        held=tuple(_held(facts, held, span)),
        requests=requested(known, first, last),
        replies=sum(span.has(row.replied) and row.initiator == "me" for row in known),
        thanked=_thanked(held),
        reported=reported(owed, first, last, as_of),
        new_people=tuple(sorted(name for name, _ in new)),
        new_fields=dict(sorted(Counter(field for _, fields in new for field in fields).items())),
        open_requests=waiting_for(known),
        minutes=sum(row.minutes for row in held),
        insights=len(insights),
        to_apply=sum(_is_to_apply(one, as_of) for one in insights),
        objectives=tuple(_objectives(net, as_of)),
        owed=tuple(owes(items, facts.names)),
        waiting=tuple(_waiting(net, facts, owed)),
        meetings=tuple(_coming(facts, net.zone, days_later(last, 7))),
        clocks_change=clocks_change(zone(net.zone), last, days_later(last, 7)),
        pace=tuple(_paces(net, known, span)),
        saturation=net.saturation(as_of=as_of),
        sources=ranked(cut(known, "origin")),
        crowds=crowds(answers),
        stale=sum(one.status == "overdue" for one in answers),
    )


def _week(net: Counting, said: str | date | None, when: LocalMoment) -> Week:
    """Return the week that is meant: by its name, by a day of it, or the present one."""
    named = week_called(said) if isinstance(said, str) else None
    first = named or monday(when.date if said is None else net.day(said, past=True))
    if first > when.date:
        raise InvalidError(f"the week of {first} has not begun")
    last = days_later(first, 6)
    if last >= when.date:
        return Week(first, last, when)
    end = LocalMoment.at(datetime.combine(last, time(23, 59, 59)), net.zone)
    return Week(first, last, end if end.is_by(when) else when)


def _held(facts: Facts, rows: Iterable[Tally], span: Week) -> Iterator[str]:
    """Yield with whom interviews were held; "somebody" for those who were forgotten since."""
    moments = [(now.held, id_) for id_, now in facts.standings.items() if now.held]
    here = sorted((str(at), id_) for at, id_ in moments if span.has(at.date))
    people = {course.id: course.contacts for course in facts.courses}
    for _, id_ in here:
        yield " and ".join(map(facts.name, people[id_]))
    yield from ["somebody"] * (len(list(rows)) - len(here))


def _thanked(rows: Iterable[Tally]) -> Rate:
    """Return how many were thanked within a day, of those for whom that day is over."""
    known = [row.thanked_in_time for row in rows if row.thanked_in_time is not None]
    return Rate(sum(known), len(known))


def _paces(net: Counting, rows: Iterable[Tally], span: Week) -> Iterator[Pace]:
    """Yield how each campaign goes that is under way."""
    for campaign in net.campaigns(as_of=span.as_of.date):
        if campaign.holds_on(span.as_of.date):
            yield pace(campaign, rows, span.first, span.last)


def _new_people(view: Transaction, facts: Facts, span: Week) -> list[tuple[str, Iterable[str]]]:
    """Return who was added in a week, or first pointed to: names and career fields."""
    until = min(span.last, span.as_of.date)
    pointed = [one for one in facts.pointers if not one.known_before]
    before = {one.referred for one in pointed if one.made_on < span.first}
    in_week = {one.referred for one in pointed if span.has(one.made_on)}
    shown = ("id", "name", "fields", "is_me")
    added = view.rows(
        Query("contact", ge("added_on", str(span.first)) & le("added_on", str(until))), shown
    )
    rows = {row[0]: row for row in added if row[0] not in before}
    rows |= {row[0]: row for row in view.rows(Query("contact", one_of("id", in_week)), shown)}
    return [(name, fields) for _, name, fields, is_me in rows.values() if not is_me]


def _is_to_apply(insight: model.Insight, as_of: LocalMoment) -> bool:
    """Whether something is still to be done with an insight: advice, or what I planned to apply."""
    step = insight.step(as_of)
    return step.use == "planned" if step else insight.category == "advice"


def _objectives(net: Counting, as_of: LocalMoment) -> Iterator[Answered]:
    """Yield what I want to find out, and how many insights and answers there are to it."""
    told = Counter(one.objective for one in net.insights(as_of=as_of))
    for thread in net.interviews(as_of=as_of):
        for question in thread.interview.questions:
            if question.answered_on and question.answered_on.is_by(as_of):
                told[question.objective] += 1
    for one in net.objectives(as_of=as_of.date):
        yield Answered(one.text, told[one.id])


def _waiting(net: Counting, facts: Facts, owed: Iterable[Obligation]) -> Iterator[Waiting]:
    """Yield the requests that wait for an answer, and what was promised to me."""
    yield from unanswered(facts, owed)
    theirs = [one for one in net.promises(as_of=facts.as_of) if one.by == "them"]
    names = net.names(one.contact for one in theirs)
    for one in theirs:
        who = names[one.contact].name
        yield Waiting(who, one.made_on.date, promise=one.text, closes=one.due)


def _coming(facts: Facts, home: str, until: date) -> Iterator[Coming]:
    """Yield the meetings up to a day, as clocks at home show it; the next one first."""
    shown = [
        (at_home, one)
        for one in facts.planned()
        if not one.ended
        and not one.has_begun(facts.as_of)
        and (at_home := one.start.in_zone(home)).date <= until
    ]
    for at_home, one in sorted(shown, key=lambda pair: (str(pair[0]), pair[1].id)):
        who = " and ".join(map(facts.name, one.people))
        yield Coming(who, one.start, at_home, one.format, one.place, _arrive(one))


def _arrive(meeting: Appointment) -> LocalMoment | None:
    if meeting.format != "in_person" or meeting.start.local is None:
        return None
    return later(meeting.start, -ARRIVE_BEFORE)
