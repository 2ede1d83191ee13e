"""What do I owe whom? Worked out from facts; a fact satisfies it, or I decide not to do it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from netcrm.model.time import BusinessCalendar, LocalMoment, days_later
from netcrm.rules.course import Appointment, Course, Talk
from netcrm.rules.introductions import Pairing
from netcrm.rules.lifecycle import Standing

LOOKS_BACK: Final = timedelta(days=365)
"""What is older raises no obligation any more (our choice)."""


class Pointer(NamedTuple):
    """A referral, as far as it matters here.

    Attributes:
        at: the moment, where more than the day is known.
        known_before: I knew the person already when I was pointed to them.
        mode: what they offered.
        steps: what was noted that came of it, and when.
    """

    id: str
    referrer: str
    referred: str
    made_on: date
    at: LocalMoment | None = None
    known_before: bool = False
    mode: str = "name_only"
    steps: tuple[tuple[str, LocalMoment], ...] = ()

    @property
    def people(self) -> tuple[str, str]:
        """The ids of those whom it is about."""
        return self.referrer, self.referred

    @property
    def made(self) -> LocalMoment:
        """When it was made, as exactly as that is known."""
        return self.at or LocalMoment.on(self.made_on)


class Promise(NamedTuple):
    """Something that I said I would do, or that an insight or a decision makes me do.

    `people` are those it is owed to; nobody where it is for myself.
    """

    id: str
    text: str
    made: LocalMoment
    people: tuple[str, ...] = ()
    due: date | None = None
    ended: LocalMoment | None = None


class Facts(NamedTuple):
    """What was known at a moment, as far as something may be owed for it.

    Attributes:
        standings: where each interview stands, by its id.
        talks: interactions with people to whom something may be owed, oldest first.
        meetings: planned meetings that belong to no interview.
        elsewhere: whom else I know where somebody works, by the id of that somebody.
        shared: whose request counts as trying somebody else for whom: same place or field.
        commitments: what I promised; `advice` what I planned to apply; `outcomes` what I decided or
            what came of an opportunity, which those behind it would like to hear.
        introductions: those that I make for others.
        waivers: when I decided not to do something, by the key of the obligation.
        suppressed: who is not to be contacted, or is dead: nothing is owed to them any more.
    """

    as_of: LocalMoment
    names: Mapping[str, str] = {}
    courses: tuple[Course, ...] = ()
    standings: Mapping[str, Standing] = {}
    talks: tuple[Talk, ...] = ()
    meetings: tuple[Appointment, ...] = ()
    pointers: tuple[Pointer, ...] = ()
    elsewhere: Mapping[str, tuple[str, ...]] = {}
    shared: Mapping[str, frozenset[str]] = {}
    commitments: tuple[Promise, ...] = ()
    advice: tuple[Promise, ...] = ()
    outcomes: tuple[Promise, ...] = ()
    introductions: tuple[Pairing, ...] = ()
    waivers: Mapping[str, LocalMoment] = {}
    suppressed: frozenset[str] = frozenset()

    def name(self, contact: str) -> str:
        """Return what somebody is called."""
        return self.names.get(contact, contact)

    def planned(self) -> Iterator[Appointment]:
        """Yield all meetings: those of interviews, and the others."""
        for course in self.courses:
            yield from course.meetings
        yield from self.meetings

    def asked(self) -> Iterator[tuple[Course, Standing]]:
        """Yield the interviews that I asked for, and where each stands."""
        for course in self.courses:
            if course.initiator == "me":
                yield course, self.standings[course.id]

    def threads(self) -> dict[str, list[tuple[Course, Standing]]]:
        """Return the interviews with each person, the earliest opened first."""
        found: dict[str, list[tuple[Course, Standing]]] = {}
        for course in sorted(self.courses, key=lambda one: (one.opened_on, one.id)):
            for person in course.contacts:
                found.setdefault(person, []).append((course, self.standings[course.id]))
        return found


class Obligation(NamedTuple):
    """Something that I owe a person.

    Attributes:
        kind: thank_you, owe_reply, report_back, ...
        contact: to whom, by id; empty where it is for myself.
        cause: the id of the fact that it arises from.
        due: until when; a day where hours do not matter, None where no date is set yet.
        shown_from: the day from which it is on the agenda; it is there to be seen before.
        because: why, in words.
        interview: the id of the interview that it belongs to.
        done: when it was satisfied, and `done_by` the id of the fact that did it.
        waived: when I decided not to do it.
    """

    kind: str
    contact: str
    cause: str
    due: LocalMoment | None
    shown_from: date
    because: str
    interview: str = ""
    done: LocalMoment | None = None
    done_by: str = ""
    waived: LocalMoment | None = None

    @property
    def key(self) -> str:
        """Its name, which stays the same however often it is worked out."""
        return ":".join(filter(None, (self.kind, self.cause, self.contact)))

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done is None and self.waived is None

    def is_late(self, as_of: LocalMoment) -> bool:
        """Whether it should have been done before."""
        return self.is_open and self.due is not None and not as_of.is_by(self.due)

    @property
    def in_time(self) -> bool | None:
        """Whether it was done in time; None where it was not done."""
        if self.done is None:
            return None
        return self.due is None or self.done.is_by(self.due)


FOR_MYSELF: Final = frozenset({"debrief", "apply_advice"})
"""What is owed to nobody but me, whomever it is about."""

Maker = Callable[[Facts, BusinessCalendar], Iterable[Obligation]]


def obligations(
    facts: Facts, makers: Iterable[Maker], calendar: BusinessCalendar | None = None
) -> list[Obligation]:
    """Return everything owed, and what was satisfied or waived, the earliest due first.

    A pure function of the facts: worked out again, it gives the same keys.

    Args:
        facts: what was known.
        makers: the rules, each of which yields what arises by it.
        calendar: working days; without it Saturday and Sunday are free.
    """
    days = calendar or BusinessCalendar()
    found: dict[str, Obligation] = {}
    for make in makers:
        for one in make(facts, days):
            if one.contact in facts.suppressed and one.kind not in FOR_MYSELF:
                continue
            waived = facts.waivers.get(one.key)
            found.setdefault(one.key, one._replace(waived=waived) if waived else one)
    return sorted(found.values(), key=_order)


def _order(one: Obligation) -> tuple[date, str, str]:
    return one.due.date if one.due else date.max, str(one.due or ""), one.key


def is_recent(moment: LocalMoment, as_of: LocalMoment, time: timedelta = LOOKS_BACK) -> bool:
    """Whether something is not too old to matter."""
    return moment.date >= days_later(as_of.date, -time.days)


def first_after(
    talks: Iterable[Talk], moment: LocalMoment, contact: str, kinds: frozenset[str] | None = None
) -> Talk | None:
    """Return the first message of mine to somebody, or talk with them, at or after a moment.

    With *kinds* only one of these counts. A copy to them does not.
    """
    fit = (
        talk
        for talk in talks
        if talk.direction != "inbound"
        and contact in talk.people
        and (kinds is None or talk.kind in kinds)
        and moment.is_by(talk.at)
    )
    return next(fit, None)


def settled(one: Obligation, by: Talk | None) -> Obligation:
    """Return an obligation as satisfied by a message; as it is if there is none."""
    return one._replace(done=by.at, done_by=by.id) if by else one


def said_on(moment: LocalMoment) -> str:
    """Return a day as it stands in a sentence: 27 Feb."""
    return f"{moment.date.day} {moment.date:%b}"
