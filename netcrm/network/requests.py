"""What my own requests tell: who answers, what came of referrals, and whom to let be for now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Final

from netcrm.model.time import LocalMoment, PartialDate, days_later
from netcrm.network.courses import begun, moment, not_after, with_people
from netcrm.network.pointers import pointers
from netcrm.network.tallies import tallies
from netcrm.network.touches import encounters, unanswered
from netcrm.network.traces import traces
from netcrm.rules.course import Course
from netcrm.rules.funnel import Tally, grouped, matured
from netcrm.rules.hops import ASK_AGAIN, Chances, learned
from netcrm.rules.lifecycle import Routine, Standing
from netcrm.rules.lineage import credited
from netcrm.rules.obligations import Facts
from netcrm.rules.rates import Rate
from netcrm.rules.strength import tie, touches
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, Where, eq, ge, has, le, one_of

_LAST: Final = 50
"""So many of the last referrals tell what comes of them (our choice)."""


def requests(view: Transaction, when: LocalMoment, routine: Routine) -> Facts:
    """Return the interviews known at a moment, and the referrals to whom they were with."""
    facts = begun(view, when, routine)
    people = {id_ for course in facts.courses for id_ in course.contacts}
    return facts._replace(pointers=tuple(pointers(view, when, with_people(people))))


class Requests:
    """The interviews known at a moment, and what they tell."""

    def __init__(self, view: Transaction, facts: Facts, routine: Routine) -> None:
        self._view = view
        self._when = facts.as_of
        self._routine = routine
        self._facts = facts
        self._rows = tallies(view, facts)

    def by_origin(self) -> dict[str, Rate]:
        """Return how many answered in time, of those old enough to tell, by the kind of source."""
        groups = grouped(self._rows.values(), "origin")
        return {name: self._answered(rows) for name, rows in groups.items()}

    def chances(self, weights: Mapping[str, float]) -> Chances:
        """Return how likely hops lead on, as far as my own cases tell.

        Args:
            weights: how much a touch counts by its channel.
        """
        query = Query(
            "referral",
            le("made_on", str(self._when.date)),
            order=(("made_on", True),),
            limit=_LAST,
        )
        last = [id_ for (id_,) in self._view.rows(query, ("id",))]
        made = tuple(pointers(self._view, self._when, one_of("id", last)))
        came_of = traces(self._view, self._facts._replace(pointers=made))
        return learned(came_of, self._by_band(weights))

    def declined(self) -> dict[str, date]:
        """Return who declined when I last asked, and when."""
        last: dict[str, tuple[date, str]] = {}
        for course, _ in self._facts.asked():
            for person in course.contacts:
                last[person] = max(last.get(person, (date.min, "")), (course.opened_on, course.id))
        standings = {person: self._facts.standings[id_] for person, (_, id_) in last.items()}
        return {
            person: now.since.date
            for person, now in standings.items()
            if now.stage == "declined" and now.since is not None
        }

    def threads(self) -> dict[str, list[tuple[Course, Standing]]]:
        """Return the interviews with each person, and where they stand."""
        return self._facts.threads()

    def unanswered(self, people: Collection[str]) -> dict[str, date]:
        """Return to whom of some people I wrote while nothing ever came back, and when last.

        It is an answer, too, to point me to somebody, to tell me who knows whom, and to have a date
        with me, though no message of theirs is logged.
        """
        found = unanswered(self._view, self._when, people)
        if not found:
            return {}
        heard = {one.referrer for one in pointers(self._view, self._when, with_people(found))}
        for record in self._view.find(Query("acquaintance", with_people(found))):
            if moment(record.doc["noted_on"]).is_by(self._when):
                heard.add(record.doc.get("told_by", ""))
        for course in self._facts.courses:
            if self._facts.standings[course.id].replied:
                heard.update(course.contacts)
        return {id_: on for id_, on in found.items() if id_ not in heard}

    def _by_band(self, weights: Mapping[str, float]) -> dict[str, Rate]:
        """Return how many answered, by how close the tie was before I asked."""
        asked = {
            course.contacts[0]: None
            for course in self._facts.courses
            if self._rows[course.id].asked is not None
        }
        known = touches(encounters(self._view, self._when, list(asked)), weights) if asked else {}
        groups: dict[str, list[Tally]] = {}
        for course in self._facts.courses:
            person, row = course.contacts[0], self._rows[course.id]
            if row.asked is not None:
                before = [one for one in known.get(person, ()) if one.on < row.asked]
                groups.setdefault(tie(person, before, row.asked).band, []).append(row)
        return {name: self._answered(rows) for name, rows in groups.items()}

    def _answered(self, rows: list[Tally]) -> Rate:
        return matured(rows, self._when.date, calendar=self._routine.calendar)


def referred(view: Transaction, when: LocalMoment, people: Collection[str]) -> Collection[str]:
    """Return which of some people I came to know because somebody pointed me to them."""
    return credited(pointers(view, when, with_people(people))).keys()


def asked_lately(
    view: Transaction, when: LocalMoment, people: Collection[str] | None = None
) -> dict[str, date]:
    """Return whom I asked for an introduction lately, of some people or of all, and when last."""
    found: dict[str, date] = {}
    for person, day in (*_letters(view, when, people), *_noted(view, when, people)):
        if days_later(day, ASK_AGAIN.days) > when.date:
            found[person] = max(day, found.get(person, day))
    return found


def _letters(
    view: Transaction, when: LocalMoment, people: Collection[str] | None
) -> Iterator[tuple[str, date]]:
    since = str(days_later(when.date, -ASK_AGAIN.days))
    lately = ge("on", since) & not_after(when)
    sent = lately & eq("kind", "introduction_request") & eq("direction", "outbound")
    for record in view.find(Query("interaction", _theirs(people, sent))):
        at = moment(record.doc["occurred"])
        if at.is_by(when):
            for one in record.doc["participants"]:
                if one.get("role") != "cc":
                    yield one["contact"], at.date


def _noted(
    view: Transaction, when: LocalMoment, people: Collection[str] | None
) -> Iterator[tuple[str, date]]:
    for record in view.find(Query("referral", _theirs(people))):
        for step in record.doc.get("steps", ()):
            on = PartialDate.parse(step["on"]).first
            if step["step"] == "requested" and on <= when.date:
                yield record.doc["referrer"], on


def _theirs(people: Collection[str] | None, where: Where | None = None) -> Where | None:
    """Return the condition that a record is about some of these people, too."""
    if people is None:
        return where
    theirs = has("contacts", *sorted(people))
    return theirs if where is None else theirs & where
