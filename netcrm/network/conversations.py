"""What happened between me and people, what is planned, and who pointed me to whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal

import attrs

from netcrm import model
from netcrm.errors import InvalidError, NotFoundError
from netcrm.kinds import NEWEST
from netcrm.model.ids import new_id
from netcrm.model.text import words
from netcrm.model.time import LocalMoment, PartialDate
from netcrm.network.people import People, Who
from netcrm.rules import said
from netcrm.rules.remotes import is_same, said_of
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, eq, has, one_of

Ending = Literal["held", "missed", "cancelled", "declined", "moved", "called_off"]

When = str | date | datetime | LocalMoment | None
"""A moment: words as people write them, a day, an aware or home-zone datetime, None for now."""


class Conversations(People):
    """Interactions, meetings and referrals of a network."""

    def log(
        self,
        who: Who | Iterable[Who],
        channel: str = "other",
        text: str = "",
        *,
        at: When = None,
        direction: str = "",
        cc: Iterable[Who] = (),
        **fields: Any,
    ) -> model.Interaction:
        """Log that something happened with one person or several.

        Args:
            who: with whom.
            channel: video, phone, email, ... or a word for one, such as coffee.
            text: what was said.
            at: when it happened; backdating is fine, the future is not.
            direction: outbound, inbound or mutual; without it, messages are mine and talks mutual.
            cc: who got a copy only, such as those whom somebody introduced to me.
            fields: further fields of Interaction, such as kind or minutes.

        What a service told of already, for `sync`, is not logged twice: what passed with these
        people that day, on that channel, is it.

        Example:
            >>> net.log("ana", "coffee", "asked about nursing", at="yesterday 15:00").channel
            'in_person'

        Raises:
            InvalidError: the moment is in the future, or a value cannot be stored.
        """
        name = said.channel(channel)
        if name is None:
            choice = ", ".join(said.CHANNEL_WORDS)
            raise InvalidError(f"{channel!r} is not a channel; choose from {choice}")
        occurred, until = self._past(at), fields.pop("until", None)
        with self._writing("log") as work:
            interaction = model.Interaction(
                id=new_id(),
                occurred=occurred,
                logged_at=self.now(),
                participants=self._participants(work.view, who, cc),
                channel=name,  # type: ignore[arg-type]
                direction=direction or said.usual_direction(name, fields.get("kind", "")),  # type: ignore[arg-type]
                text=text,
                until=None if until is None else self.day(until),
                **fields,
            )
            return work.put(self._once(work.view, interaction))

    def _once(self, view: Transaction, logged: model.Interaction) -> model.Interaction:
        """Return what to store: what a service told of already is that one."""
        if logged.ref:
            if view.count("interaction", eq("ref", logged.ref)):
                raise InvalidError(f"{logged.ref} is logged already")
            return logged
        people = [one.contact for one in logged.participants]
        that_day = eq("on", str(logged.occurred.date)) & has("contacts", *people)
        there = self._all(view, model.Interaction, Query("interaction", that_day))
        told = next((one for one in there if is_same(one, logged)), None)
        return said_of(told, logged) if told else logged

    def _past(self, at: When) -> LocalMoment:
        """Return the moment that is meant, which may not be in the future."""
        occurred, now = self.moment(at), self.now()
        if occurred.instant > now if occurred.instant else occurred.date > now.date():
            when = f"{occurred.local:%Y-%m-%d %H:%M}" if occurred.local else occurred
            raise InvalidError(f"{when} is in the future; log what has happened")
        return occurred

    def plan(self, who: Who | Iterable[Who], at: When, **fields: Any) -> model.Meeting:
        """Write down a meeting that is agreed; until its day it covers the people's rhythm.

        If a calendar told of one with them that day, it is that, at its time.
        """
        with self._writing("plan") as work:
            made = model.Meeting(
                id=new_id(),
                start=self.moment(at, past=False),
                booked_on=self.moment(fields.pop("booked_on", None)),
                participants=self._participants(work.view, who),
                **fields,
            )
            told = None if made.ref else self._told_of(work.view, made)
            if told is not None:
                booked = {"booked_on": made.booked_on, **fields}
                made = attrs.evolve(told, **booked)
            return work.put(made)

    def _told_of(self, view: Transaction, plan: model.Meeting) -> model.Meeting | None:
        """Return a meeting with the same people that day of which a calendar told already."""
        people = {one.contact for one in plan.participants}
        that_day = eq("on", str(plan.start.date)) & eq("ended_on", None) & has("contacts", *people)
        for one in self._all(view, model.Meeting, Query("meeting", that_day)):
            same = {person.contact for person in one.participants} == people
            if one.ref and same:
                return one
        return None

    def end(self, meeting: model.Meeting, how: Ending, *, on: When = None) -> model.Meeting:
        """Say how a planned meeting ended; one that was held is logged as an interaction."""
        with self._writing("end meeting") as work:
            as_planned = how == "held" and meeting.booked_on.is_by(meeting.start)
            ended_on = self.moment(meeting.start if as_planned and on is None else on)
            ended = work.put(attrs.evolve(meeting, ended=how, ended_on=ended_on))
            if how == "held":
                people = [
                    self._get(work.view, model.Contact, p.contact) for p in meeting.participants
                ]
                of_it = eq("ref", meeting.ref or None)
                self.log(
                    people,
                    meeting.format,
                    at=meeting.start,
                    kind="meeting",
                    minutes=meeting.minutes,
                    subject=meeting.subject,
                    interview=meeting.interview,
                    ref="" if work.view.count("interaction", of_it) else meeting.ref,
                )
            return ended

    def meetings(self, who: Who | None = None) -> list[model.Meeting]:
        """Return the meetings that are planned and did not come to an end, the earliest first.

        Args:
            who: only those with this person.
        """
        with self._reading() as view:
            where = eq("ended_on", None)
            if who is not None:
                where &= has("contacts", self._contact(view, who).id)
            query = Query("meeting", where, order=(("on", False), ("id", False)))
            return list(self._all(view, model.Meeting, query))

    def refer(
        self,
        referrer: Who,
        referred: Who,
        *,
        on: str | date | None = None,
        **fields: Any,
    ) -> model.Referral:
        """Note that *referrer* pointed me to *referred*, who is added if nobody is called so yet.

        Args:
            referrer: who pointed me to somebody.
            referred: to whom; a name that is close to a known one is refused, not guessed. Somebody
                without a name, as "someone in HR at City Hospital", is a placeholder; see
                `resolve`.
            on: the day, or part of a date such as "2025-06"; today without it.
            fields: further fields of Referral, such as mode, context or may_use_name, and the
                interaction in which it was said; without it, the last one with them of that day.
        """
        with self._writing("refer") as work:
            source = self._contact(work.view, referrer)
            target = self._pointed_to(work.view, source, referred)
            if source.is_me or target.is_me:
                raise InvalidError("a referral is from one person to another; neither is you")
            made_on = self._partial(on)
            if made_on.first > self.today:
                raise InvalidError(f"{made_on} is in the future; note what has happened")
            said_in = {"interaction": self._talk_on(work.view, source, made_on)}
            return work.put(
                model.Referral(
                    id=new_id(),
                    referrer=source.id,
                    referred=target.id,
                    made_on=made_on,
                    at=self.moment(None) if on is None else None,
                    **{**said_in, **fields},
                )
            )

    def _talk_on(self, view: Transaction, person: model.Contact, day: PartialDate) -> str | None:
        """Return the id of the last talk with a person on a day, in which things came up."""
        that_day = has("contacts", person.id) & eq("on", str(day))
        talks = view.rows(Query("interaction", that_day, order=NEWEST, limit=1), ("id",))
        return next((id_ for (id_,) in talks), None)

    def _pointed_to(self, view: Transaction, by: model.Contact, whom: Who) -> model.Contact:
        """Return whom somebody pointed me to, who is added if nobody is called so yet."""
        from netcrm.rules.referrals import is_new, is_unnamed

        if isinstance(whom, str) and is_unnamed(whom):
            return self._unnamed(view, by, whom)
        try:
            return self._contact(view, whom)
        except NotFoundError as error:
            if isinstance(whom, model.Contact):
                raise
            if not is_new(whom, error.suggestions):
                raise NotFoundError(
                    f"Nobody here is called “{whom}”. If they are new, add them first.",
                    error.suggestions,
                ) from None
            return self._new(whom)

    def _unnamed(self, view: Transaction, by: model.Contact, name: str) -> model.Contact:
        """Return whom somebody meant by a description: another one says it of another person."""
        theirs = Query("referral", eq("referrer", by.id))
        pointed = (referred for (referred,) in view.rows(theirs, ("referred",)))
        known = Query("contact", one_of("id", sorted(pointed)) & eq("is_placeholder", True))
        called = (one for one in self._all(view, model.Contact, known))
        meant = (one for one in called if words(one.name) == words(name))
        return next(meant, None) or self._new(name)

    def _new(self, name: str) -> model.Contact:
        """Add somebody I was pointed to, whose name I may not know yet."""
        from netcrm.rules.referrals import is_unnamed, place_in

        if not is_unnamed(name):
            return self.add(name, source="referral")
        place = place_in(name)
        job = {"organisation": place} if place else {}
        return self.add(name, source="referral", is_placeholder=True, **job)

    def referrals(self, who: Who) -> list[model.Referral]:
        """Return the referrals by a person and to them, the oldest first."""
        with self._reading() as view:
            contact = self._contact(view, who)
            query = Query("referral", has("contacts", contact.id), order=(("made_on", False),))
            return list(self._all(view, model.Referral, query))

    def moment(self, at: When, *, past: bool = True) -> LocalMoment:
        """Return the moment that a caller means, in the home zone unless it says otherwise."""
        if at is None:
            return LocalMoment.of(self.now().replace(microsecond=0), self.zone)
        if isinstance(at, LocalMoment):
            return at
        if isinstance(at, datetime):
            if at.utcoffset() is None:
                return LocalMoment.at(at, self.zone)
            return LocalMoment.of(at, self.zone)
        if isinstance(at, date):
            return LocalMoment.on(at)
        return said.moment(at, today=self.today, zone_name=self.zone, past=past)

    def _participants(
        self, view: Transaction, who: Who | Iterable[Who], cc: Iterable[Who] = ()
    ) -> tuple[model.Participant, ...]:
        people = [self._contact(view, one) for one in _each(who)]
        copied = [self._contact(view, one) for one in _each(cc)]
        if any(person.is_me for person in (*people, *copied)):
            raise InvalidError("you are always there yourself; name somebody else")
        return (
            *(model.Participant(contact=person.id) for person in people),
            *(model.Participant(contact=person.id, role="cc") for person in copied),
        )

    def _partial(self, on: str | date | None) -> PartialDate:
        if isinstance(on, str):
            try:
                return PartialDate.parse(on)
            except InvalidError:
                return PartialDate.of(self.day(on, past=True))
        return PartialDate.of(self.day(on))


def _each(who: Who | Iterable[Who]) -> Iterable[Who]:
    return [who] if isinstance(who, str | model.Contact) else who
