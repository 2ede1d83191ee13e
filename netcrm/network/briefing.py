"""One page before a conversation, and one on an organisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import attrs

from netcrm import model
from netcrm.errors import InvalidError, NotFoundError
from netcrm.model.text import bare, words
from netcrm.model.time import LocalMoment, days_later
from netcrm.network.conversations import When
from netcrm.network.counting import Counting
from netcrm.network.courses import appointment, courses, with_people
from netcrm.network.people import Who
from netcrm.rules.course import meeting_as_known
from netcrm.rules.lifecycle import Standing
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, Where, eq, ge, has, le, one_of, text

if TYPE_CHECKING:
    from netcrm.rules.page import Brief, Line
    from netcrm.rules.questions import Asked

_LAST = 20
"""So many of the last things that happened are looked at (our choice)."""


class Briefing(Counting):
    """What a network knows, on a page."""

    def brief(self, who: Who, *, as_of: When = None) -> Brief:
        """Return what there is to know before talking to a person, and what is not prepared yet.

        What was not known by then is left out. People themselves, such as their positions, are as
        they are now.

        Args:
            who: the person, whether there is an interview with them or not.
            as_of: the moment; now without it.

        Raises:
            InvalidError: it is me.
        """
        from netcrm.rules.brief import Known, brief, places

        when = self.moment_of(as_of)
        with self._reading() as view:
            person = self._contact(view, who)
            if person.is_me:
                raise InvalidError("a brief is about somebody else, not about you")
            threads = self.interviews(who=person, as_of=when)
            last = _by_then(threads[0].interview, when) if threads else None
            there = [" ".join(place) for place in places(person, when.date)]
            referrals = self._pointing_to(view, person, when.date)
            insights = self._insights(view, when.date, there, person)
            named = {one.referrer for one in referrals}
            named |= {one.contact for one in insights if one.contact}
            known = Known(
                person=person,
                as_of=when,
                zone=self.zone,
                names={id_: name.name for id_, name in self.names(named).items()},
                interview=last,
                now=threads[0].now if threads else Standing(),
                meeting=self._next_meeting(view, person, when),
                referrals=referrals,
                people=[one for one in self._people_at(view, there, when.date) if one != person],
                research=self._research(view, when, there, person),
                insights=insights,
                timeline=self._last(person, when),
                promises=self.promises(who=person, as_of=when),
                asked=[row for one in threads for row in _asked(one.interview, person, when)],
                objectives=self._served(last, when.date),
                goals=[one for one in self.decisions(as_of=when) if one.is_goal],
                profile=self.profile,
            )
        return brief(known)

    def organisation(self, name: str, *, as_of: When = None) -> Brief:
        """Return what there is to know of an organisation: who is there, and what they told me.

        Args:
            name: its name; case, accents and signs do not matter.
            as_of: the moment; now without it.

        Raises:
            NotFoundError: nothing is known of it.
        """
        from netcrm.rules.brief import learned, looked_up, people_at
        from netcrm.rules.page import page

        when, key = self.moment_of(as_of), words(name)
        if not key:
            raise InvalidError(f"{name!r} has no letter or digit to look for")
        there = [" ".join(key)]
        with self._reading() as view:
            people = self._people_at(view, there, when.date)
            research = self._research(view, when, there)
            told = [one for one in self._insights(view, when.date, there) if not one.confidential]
            offers = list(self._offers(view, when.date, there))
            named = {one.contact for one in told if one.contact}
            named |= {one.contact for one in offers}
            names = {id_: one.name for id_, one in self.names(named).items()}
            sections = {
                "People": people_at(people, {key}, when.date),
                "What you looked up": looked_up(research),
                "What you learned": learned(told, names),
                "Opportunities": _offered(offers, names),
                "Interviews": self._held(view, people, when),
            }
            jobs = (job.organisation for one in people for job in one.positions)
            called = next((said for said in jobs if words(said) == key), name)
            lacks = [] if research else [f"research on {called}"]
            found = page(called, sections, lacks)
        if not found.sections:
            raise NotFoundError(f"Nothing is known of an organisation called “{name}”.")
        return found

    # --- what was known by then

    def _next_meeting(
        self, view: Transaction, person: model.Contact, when: LocalMoment
    ) -> model.Meeting | None:
        """Return the next meeting with a person that did not end yet."""
        later = ge("on", str(days_later(when.date, -1)))  # in another zone it may be that day yet
        planned = view.find(Query("meeting", has("contacts", person.id) & later))
        known = (meeting_as_known(appointment(record), when) for record in planned)
        open_ = [one for one in known if one and not one.ended and not one.is_over(when)]
        if not open_:
            return None
        first = min(open_, key=lambda one: (one.start.date, str(one.start), one.id))
        meeting = self._get(view, model.Meeting, first.id)
        return attrs.evolve(meeting, confirmed_on=first.confirmed, ended="", ended_on=None)

    def _pointing_to(
        self, view: Transaction, person: model.Contact, day: date
    ) -> list[model.Referral]:
        found = self._all(view, model.Referral, Query("referral", eq("referred", person.id)))
        return [one for one in found if one.day <= day]

    def _people_at(self, view: Transaction, there: list[str], day: date) -> list[model.Contact]:
        """Return who is or was at one of these places, without me and those who died."""
        where = has("organisations", *there) & le("added_on", str(day)) & eq("is_me", False)
        found = self._all(view, model.Contact, Query("contact", where)) if there else iter(())
        return [one for one in found if one.state.kind != "deceased"]

    def _research(
        self,
        view: Transaction,
        when: LocalMoment,
        there: list[str],
        person: model.Contact | None = None,
    ) -> list[model.Research]:
        about: Where = one_of("organisation", there)
        if person:
            about |= has("contacts", person.id) | one_of("field", sorted(person.fields))
        found = self._all(view, model.Research, Query("research", about))
        return [one for one in found if one.on.is_by(when)]

    def _insights(
        self,
        view: Transaction,
        day: date,
        there: list[str],
        person: model.Contact | None = None,
    ) -> list[model.Insight]:
        """Return what was told of these places, by this person, or of their fields."""
        for_them = {person.id} if person else set()
        fields = person.fields if person else frozenset()
        about = has("contacts", *for_them) | has("fields", *sorted(fields))
        for place in there:
            about |= text(place)
        query = Query("insight", about & le("observed_on", str(day)))
        return [
            one
            for one in self._all(view, model.Insight, query)
            if one.contact in for_them or one.fields & fields or bare(one.organisation) in there
        ]

    def _last(self, person: model.Contact, when: LocalMoment) -> list[model.Interaction]:
        found = self.timeline(person, limit=_LAST, as_of=when.date)
        return [one for one in found if one.occurred.is_by(when)]

    def _served(self, interview: model.Interview | None, day: date) -> list[model.Objective]:
        """Return the objectives that an interview is for."""
        if interview is None:
            return []
        ids = {*interview.objectives, *(one.objective for one in interview.questions)}
        return [one for one in self.objectives(as_of=day) if one.id in ids]

    def _offers(
        self, view: Transaction, day: date, there: list[str]
    ) -> Iterator[model.Opportunity]:
        for place in there:
            heard = Query("opportunity", text(place) & le("heard_on", str(day)))
            for one in self._all(view, model.Opportunity, heard):
                if bare(one.organisation) == place:
                    yield one

    def _held(
        self, view: Transaction, people: Iterable[model.Contact], when: LocalMoment
    ) -> Iterator[Line]:
        """Yield the interviews held with these people, the latest first."""
        from netcrm.rules.page import Line, capped

        ids = [one.id for one in people]
        known = self._threads(view, courses(view, with_people(ids)) if ids else [], when)
        held = [(one.now.held, one) for one in known if one.now.held]
        held.sort(key=lambda pair: (str(pair[0]), pair[1].course.id), reverse=True)
        lines = [Line(f"{one.names}, {at.date}", (one.course.id, one.now.hold)) for at, one in held]
        return capped(lines)


def _by_then(interview: model.Interview, when: LocalMoment) -> model.Interview:
    """Return an interview with the questions that were planned by then."""
    planned = (one for one in interview.questions if one.added_on.is_by(when))
    return attrs.evolve(interview, questions=tuple(planned))


def _asked(interview: model.Interview, person: model.Contact, when: LocalMoment) -> Iterator[Asked]:
    """Yield the questions of an interview, with the answers that were there by then."""
    from netcrm.rules.questions import Asked

    for one in _by_then(interview, when).questions:
        told = one.answered_on is None or one.answered_on.is_by(when)
        yield Asked(
            interview=interview.id,
            contact=person.id,
            text=one.text,
            topic=one.topic,
            on=((told and one.answered_on) or one.added_on).date,
            key=one.key,
            answer=one.answer if told else "",
            follow_ups=one.follow_ups if told else (),
            dig_deeper=one.dig_deeper and told,
        )


def _offered(offers: Iterable[model.Opportunity], names: dict[str, str]) -> Iterator[Line]:
    """Yield what people offered or told of, the latest first."""
    from netcrm.rules.page import Line, capped, shortened

    found = sorted(offers, key=lambda one: (one.heard_on, one.id), reverse=True)
    lines = []
    for one in found:
        by = f"{names.get(one.contact, '')}, {one.heard_on}"
        what = f"{one.kind.replace('_', ' ')}: {shortened(one.text)} ({by})"
        lines.append(Line(what, (one.id, one.contact)))
    return capped(lines)
