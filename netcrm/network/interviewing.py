"""Asking for interviews, and keeping the thread of each: what happened, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs

from netcrm import model
from netcrm.errors import InvalidError, RefusedError
from netcrm.model.contact import SUPPRESSED
from netcrm.model.ids import new_id
from netcrm.model.interview import Turn
from netcrm.model.time import LocalMoment
from netcrm.network.conversations import Ending, When, _each
from netcrm.network.courses import courses, with_people
from netcrm.network.people import Who
from netcrm.network.threads import Progress, Threads, only
from netcrm.rules import said
from netcrm.rules.lifecycle import BEFORE, COOL_OFF, OPEN, refusal
from netcrm.rules.touch import LIVE
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, eq, one_of

if TYPE_CHECKING:
    from netcrm.network.sameness import Merger
    from netcrm.network.work import Work

_ANSWERS: Final = frozenset({"follow_up", "accept", "decline", "defer"})
_THEIRS: Final = frozenset({"accept", "decline", "defer"})
_OVER: Final = frozenset({"no_response", "declined"})


class Interviewing(Threads):
    """The interviews of a network."""

    def ask(
        self,
        who: Who | Iterable[Who],
        channel: str = "email",
        text: str = "",
        *,
        at: When = None,
        minutes: int | None = None,
        formats: Iterable[str] = (),
        objectives: Iterable[str] = (),
        insist: bool = False,
    ) -> Progress:
        """Log that I asked for an informational interview. The thread of it begins here.

        It belongs to the campaign under way, and to the referral by which I came to ask.

        Args:
            who: whom, one person or several for one interview.
            channel: how: email, linkedin, phone, coffee, ...
            text: what was said.
            at: when; now without it.
            minutes: how long I asked for; 30 without it.
            formats: what I offered: in_person, video, phone.
            objectives: what I want to know; ids or beginnings of texts of objectives.
            insist: ask again although they declined or did not answer less than six months ago.

        Raises:
            InvalidError: they are asked already; the message names what may come next.
            RefusedError: it is too soon to ask again.
        """
        with self._writing("ask") as work:
            who, at = list(_each(who)), self.moment(at)
            self.log(who, channel, text, at=at, kind="request", insist=insist)
            found = self.interview(who[0], as_of=at)
            chosen = [self._objective(work.view, one).id for one in objectives]
            told: dict[str, Any] = {"objectives": (*found.interview.objectives, *chosen)}
            if minutes is not None:
                told["minutes"] = minutes
            if formats := tuple(formats):
                told["formats"] = formats
            stored = work.put(attrs.evolve(found.interview, **told))
            return found._replace(interview=stored)

    def log(
        self,
        who: Who | Iterable[Who],
        channel: str = "other",
        text: str = "",
        *,
        at: When = None,
        direction: str = "",
        cc: Iterable[Who] = (),
        insist: bool = False,
        **fields: Any,
    ) -> model.Interaction:
        """Log that something happened with one person or several.

        What is said in an interview moves it on: a request begins one, an accept, a talk on the day
        that was agreed, a thank-you are its next steps. Other talks are none, but of kind meeting.

        Args:
            who: with whom.
            channel: video, phone, email, ... or a word for one, such as coffee.
            text: what was said.
            at: when it happened; backdating is fine, the future is not.
            direction: outbound, inbound or mutual; without it, messages and requests are mine,
                answers theirs, and talks mutual.
            cc: who got a copy only, such as those whom somebody introduced to me.
            insist: ask again although it is too soon.
            fields: further fields of Interaction, such as kind, minutes, subject or until. An
                *interview* that is None says that it belongs to none.

        Example:
            >>> net.log("ana", "coffee", "asked about nursing", at="yesterday 15:00").channel
            'in_person'

        Raises:
            InvalidError: the moment is in the future, a value cannot be stored, or this cannot have
                happened in the interview; the message names what could.
            RefusedError: it is too soon to ask again.
        """
        with self._writing("log") as work:
            who = list(_each(who))
            if "interview" not in fields:
                people = [self._contact(work.view, one) for one in _each(who)]
                when = self.moment(at)
                thread = self._thread(work, people, when, channel, direction, insist, fields)
                fields["interview"] = thread.interview.id if thread else None
            direction = fields.pop("direction", direction)
            logged = super().log(who, channel, text, at=at, direction=direction, cc=cc, **fields)
            if logged.interview:
                self._take(work, logged)
            return logged

    def plan(self, who: Who | Iterable[Who], at: When, **fields: Any) -> model.Meeting:
        """Write down a meeting that is agreed; until its day it covers the people's rhythm.

        If an interview with them waits for it, it is that; one booked before was moved.
        """
        with self._writing("plan") as work:
            who = list(_each(who))
            if "interview" in fields:
                made = super().plan(who, at, **fields)
                if made.interview:
                    self._check_course(work.view, made.interview, made.id)
                return made
            people = [self._contact(work.view, one) for one in _each(who)]
            booked = self.moment(fields.get("booked_on"))
            thread = self._latest(work.view, people, booked)
            self._refuse_apart(work.view, people, booked)
            if thread is None or thread.now.stage in ("held", "declined", "cancelled", "dropped"):
                return super().plan(who, at, **fields)
            if thread.now.stage == "scheduled":
                moved = self._get(work.view, model.Meeting, thread.now.meeting)
                work.put(attrs.evolve(moved, ended="moved", ended_on=booked))
            fields.setdefault("minutes", thread.interview.minutes)
            made = super().plan(who, at, interview=thread.interview.id, **fields)
            self._check_course(work.view, thread.interview.id, made.id)
            return made

    def end(self, meeting: model.Meeting, how: Ending, *, on: When = None) -> model.Meeting:
        """Say how a planned meeting ended; one that was held is logged as an interaction.

        An interview goes on from there: cancelled, it waits for another date; called off, it is
        over.

        Raises:
            InvalidError: it cannot have ended so; the message says why.
        """
        with self._writing("end meeting") as work:
            ended = super().end(meeting, how, on=on)
            if ended.interview:
                self._check_course(work.view, ended.interview, ended.id)
            return ended

    def _merge(
        self,
        work: Work,
        keep: model.Contact,
        lose: model.Contact,
        take: Iterable[str],
        *,
        insist: bool,
    ) -> Merger:
        merged = super()._merge(work, keep, lose, take, insist=insist)
        self._leave_one_open(merged.contact)
        return merged

    def _leave_one_open(self, contact: model.Contact) -> None:
        """Let all open interviews with a person be but the newest."""
        for thread in self.interviews(who=contact, stage="open")[1:]:
            if thread.now.meeting:
                meeting = self.get(model.Meeting, thread.now.meeting)
                self.end(meeting, "called_off")
            else:
                turn = "call_off" if thread.now.stage == "missed" else "drop"
                note = "another interview with them goes on"
                step = model.InterviewStep(what=turn, on=self.moment(None), note=note)  # type: ignore[arg-type]
                steps = (*thread.interview.steps, step)
                self.put(attrs.evolve(thread.interview, steps=steps))

    def step(self, who: Who, what: Turn, *, at: When = None, note: str = "") -> Progress:
        """Note a turn of the latest interview with a person that no conversation tells of.

        Args:
            who: the person.
            what: lapse (I count on no answer any more), drop (I let it be), call_off (a meeting
                missed will not be made up for), no_referrals (they knew nobody else to ask).
            at: when; now without it.
            note: why.
        """
        with self._writing(what.replace("_", " ")) as work:
            thread = self.interview(who)
            turn = model.InterviewStep(what=what, on=self.moment(at), note=note)
            if not turn.on.is_by(self.moment(None)):
                raise InvalidError(f"{turn.on} is in the future; note what has happened")
            if what == "call_off" and thread.now.meeting:
                self.end(
                    self._get(work.view, model.Meeting, thread.now.meeting),
                    "called_off",
                    on=turn.on,
                )
                return self.interview(who)
            steps = (*thread.interview.steps, turn)
            if what == "no_referrals" and thread.now.held is None:
                raise InvalidError(f"{thread.names}: you have not met yet")
            stored = work.put(attrs.evolve(thread.interview, steps=steps))
            self._check_course(work.view, stored.id, stored.id)
            return self.interview(who)

    # --- the thread

    def _thread(
        self,
        work: Work,
        people: list[model.Contact],
        when: LocalMoment,
        channel: str,
        direction: str,
        insist: bool,
        fields: dict[str, Any],
    ) -> Progress | None:
        """Return the interview that something logged belongs to; set its kind where that is plain.

        A request begins one, if there is none to go on with.
        """
        thread = self._latest(work.view, people, when)
        self._refuse_apart(work.view, people, when)
        stage = thread.now.stage if thread else None
        kind = fields.get("kind")
        if kind == "request":
            return self._asked(work, people, thread, when, direction, insist)
        if kind in _ANSWERS and (thread is None or stage == "held"):
            names = " and ".join(person.name for person in people)
            raise InvalidError(
                f"{names} was not asked for an interview, so there is nothing to {kind}. "
                "Log the request first: netcrm ask"
            )
        if kind in _THEIRS and thread is not None:
            mine = thread.interview.initiator == "them"  # they asked, so the answer is mine
            fields["direction"] = direction or ("outbound" if mine else "inbound")
            if fields["direction"] == "outbound" and not mine:
                raise InvalidError(f"{thread.names} was asked, so the {kind} is theirs: inbound")
        if kind == "meeting" and (thread is None or stage == "held"):
            return self._begin(work, people, when)  # nobody asked, but it was an interview
        if thread is None:
            return None
        if kind is None and self._is_held(work.view, thread, when, channel):
            fields["kind"] = "meeting"
        if kind == "thank_you":
            return thread if stage == "held" else None
        return thread if stage in OPEN or kind in _ANSWERS or kind == "meeting" else None

    def _refuse_apart(
        self, view: Transaction, people: Iterable[model.Contact], when: LocalMoment
    ) -> None:
        """Refuse what is about several who have an open interview each: which would it be?"""
        found = {one.id: self._latest(view, [one], when) for one in people}
        going_on = {one.course.id: one for one in found.values() if one and one.now.is_open}
        if len(going_on) > 1:
            names = " and ".join(one.names for one in going_on.values())
            raise InvalidError(f"{names} were asked apart; log or plan it for each of them")

    def _asked(
        self,
        work: Work,
        people: list[model.Contact],
        thread: Progress | None,
        when: LocalMoment,
        direction: str,
        insist: bool,
    ) -> Progress:
        """Return the interview that a request is part of: a new one, unless one is to go on."""
        if not insist and direction != "inbound":  # who asks me wants to be in touch
            for person in people:
                self._advise_against(work.view, person, when)
        if thread is not None and thread.now.stage in BEFORE | OPEN | {"dropped"}:
            return thread
        initiator = "them" if direction == "inbound" else "me"
        return self._begin(work, people, when, initiator=initiator)

    def _advise_against(self, view: Transaction, person: model.Contact, when: LocalMoment) -> None:
        """Refuse to ask who is not to be asked, or not yet."""
        insist = "To ask all the same, insist: --insist"
        if person.state.kind in SUPPRESSED:
            state = person.state.kind.replace("_", " ")
            raise RefusedError(f"{person.name} is marked as {state}. {insist}")
        thread = self._latest(view, [person], when)
        if thread is None:
            return
        until = thread.now.until
        if thread.now.stage == "deferred" and until is not None and when.date < until:
            raise RefusedError(f"{thread.names} asked you to wait until {until}. {insist}")
        if thread.now.stage in _OVER:
            self._refuse_too_soon(view, thread, when)

    def _refuse_too_soon(self, view: Transaction, thread: Progress, when: LocalMoment) -> None:
        since = thread.now.since
        assert since is not None
        again = COOL_OFF.after(since.date)
        ids = [person.id for person in thread.people]
        referred = self._all(view, model.Referral, Query("referral", one_of("referred", ids)))
        asked = thread.now.asked.date if thread.now.asked else since.date
        lifted = any(one.day > asked for one in referred)
        if when.date < again and not lifted:
            what = "declined" if thread.now.stage == "declined" else "did not answer"
            raise RefusedError(
                f"{thread.names} {what} on {since.date}; leave them in peace until {again}, or "
                "until somebody points you to them. To ask all the same, insist: --insist"
            )

    def _begin(
        self, work: Work, people: list[model.Contact], when: LocalMoment, initiator: Any = "me"
    ) -> Progress:
        """Open an interview, part of the campaign under way and of the referral that led to it.

        Where one with any of them is open now, it is that: of each person there is one at a time.
        """
        ids = tuple(person.id for person in people)
        there = courses(work.view, with_people(ids))
        for going_on in self._threads(work.view, there, self.moment(None)):
            if going_on.now.stage in BEFORE | OPEN:
                return going_on
        if any(person.is_me for person in people):
            raise InvalidError("you are always there yourself; name somebody else")
        campaigns = self._all(work.view, model.Campaign, Query("campaign"))
        under_way = [one.id for one in campaigns if one.holds_on(when.date)]
        referred = self._all(work.view, model.Referral, Query("referral", one_of("referred", ids)))
        known = [one for one in referred if one.day <= when.date]
        last = max(known, key=lambda one: (one.day, one.id), default=None)
        stored = work.put(
            model.Interview(
                id=new_id(),
                contacts=ids,
                opened_on=when.date,
                initiator=initiator,
                campaign=under_way[0] if len(under_way) == 1 else None,
                referral=last.id if last else None,
            )
        )
        (found,) = self._threads(work.view, [only(work.view, stored.id)], when)
        return found

    def _is_held(
        self, view: Transaction, thread: Progress, when: LocalMoment, channel: str
    ) -> bool:
        """Whether a talk is the interview that was agreed for that day."""
        if thread.now.stage != "scheduled" or said.channel(channel) not in LIVE:
            return False
        start = self._get(view, model.Meeting, thread.now.meeting).start
        return self.day(start.local or start.date) == self.day(when.local or when.date)

    def _take(self, work: Work, logged: model.Interaction) -> None:
        """Let an interview go on by what was logged; refuse what cannot have happened in it."""
        assert logged.interview is not None
        if logged.kind == "meeting":
            booked = Query("meeting", eq("interview", logged.interview) & eq("ended_on", None))
            for meeting in list(self._all(work.view, model.Meeting, booked)):
                if meeting.booked_on.is_by(logged.occurred):
                    work.put(attrs.evolve(meeting, ended="held", ended_on=logged.occurred))
        self._check_course(work.view, logged.interview, logged.id)

    def _check_course(self, view: Transaction, interview: str, fact: str) -> None:
        """Refuse what was just added, if it does not fit, or makes something else not fit."""
        course, ever, routine = only(view, interview), LocalMoment.on(date.max), self.routine()
        now = routine.standing(course, ever)
        before = routine.standing(course.without(fact), ever)
        if len(now.refused) > len(before.refused):
            names = self.names(course.contacts)
            people = " and ".join(names[id_].name for id_ in course.contacts if id_ in names)
            new = tuple(one for one in now.refused if one not in before.refused)
            raise InvalidError(f"{people}: {refusal(now._replace(refused=new))}")
        there = courses(view, with_people(course.contacts))
        if sum(routine.standing(one, self.moment(None)).is_open for one in there) > 1:
            raise InvalidError("they would have two open interviews; see: netcrm interviews")
