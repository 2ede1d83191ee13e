"""What came of a referral? A fold over what was noted of it and what happened since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Final, Literal, NamedTuple

from netcrm.model.text import words
from netcrm.model.time import LocalMoment
from netcrm.rules.course import Course, Talk, later
from netcrm.rules.lifecycle import Standing
from netcrm.rules.lookup import may_be_new
from netcrm.rules.obligations import FOR_MYSELF, Facts, Obligation, Pointer
from netcrm.rules.rates import Rate
from netcrm.rules.touch import LIVE

Status = Literal[
    "suggested", "offered", "requested", "introduced", "contacted", "met",
    "declined_by_referrer", "declined", "no_response", "withdrawn",
]  # fmt: skip

SILENT_AFTER: Final = timedelta(days=7)
"""After so long without an answer the referrer may be told that there is none (our choice)."""

_FORWARD: Final = ("suggested", "offered", "requested", "introduced", "contacted", "met")
_WAITING: Final = frozenset({"suggested", "offered", "requested", "introduced"})
_ENDS: Final = frozenset({"declined_by_referrer", "declined", "no_response", "withdrawn"})
_USED: Final = frozenset({"contacted", "met", "declined", "no_response"})
_BEGINS: Final[Mapping[str, Status]] = {
    "name_only": "suggested", "offered": "offered", "double_opt_in": "offered",
    "direct": "introduced",
}  # fmt: skip
_UNNAMED: Final = (("someone",), ("somebody",), ("anyone",), ("anybody",))


class Event(NamedTuple):
    """One thing that came of a referral; `cause` is the id of the fact that says so."""

    what: str
    at: LocalMoment
    cause: str


class Traced(NamedTuple):
    """A referral, what has come of it, and since when."""

    pointer: Pointer
    status: Status
    since: LocalMoment

    @property
    def is_waiting(self) -> bool:
        """Whether I did nothing with it yet, and still may."""
        return self.status in _WAITING

    @property
    def is_over(self) -> bool:
        """Whether it came to nothing."""
        return self.status in _ENDS

    @property
    def was_used(self) -> bool:
        """Whether I asked the person because of it, or met them."""
        return self.status in _USED


class Ledger(NamedTuple):
    """What somebody did to help me to people, and what I owe them for it.

    Attributes:
        contact: their id.
        referrals: to whom they pointed me, and what came of each, the oldest first.
        owed: what I owe them now, the earliest due first.
        reported: how often I told them what had come of it in time, of all that was to be told.
    """

    contact: str
    referrals: tuple[Traced, ...]
    owed: tuple[Obligation, ...]
    reported: Rate


def ledgers(referrals: Iterable[Traced], owed: Iterable[Obligation]) -> list[Ledger]:
    """Return the ledger of each who pointed me to somebody, whoever did so first to begin with.

    Args:
        referrals: all of them, the oldest first.
        owed: everything owed, also what was done.
    """
    given: dict[str, list[Traced]] = {}
    for one in referrals:
        given.setdefault(one.pointer.referrer, []).append(one)
    mine: dict[str, list[Obligation]] = {contact: [] for contact in given}
    for debt in owed:
        if debt.contact in mine and debt.kind not in FOR_MYSELF:
            mine[debt.contact].append(debt)
    return [
        Ledger(
            contact,
            tuple(found),
            tuple(debt for debt in mine[contact] if debt.is_open),
            _reported(mine[contact]),
        )
        for contact, found in given.items()
    ]


def _reported(owed: Iterable[Obligation]) -> Rate:
    told = [one.in_time for one in owed if one.kind == "report_back" and one.in_time is not None]
    return Rate(sum(told), len(told))


class History:
    """What happened with each person, by their id: interviews that I asked for, and other talks."""

    def __init__(self, facts: Facts) -> None:
        self.courses: dict[str, list[tuple[Course, Standing]]] = {}
        self.talks: dict[str, list[Talk]] = {}
        self.as_of = facts.as_of
        for course, now in facts.asked():
            for contact in course.contacts:
                self.courses.setdefault(contact, []).append((course, now))
        of_interviews = {talk.id for course in facts.courses for talk in course.talks}
        for talk in facts.talks:
            if talk.id not in of_interviews:
                for contact in (*talk.people, *talk.copied):
                    self.talks.setdefault(contact, []).append(talk)


def traced(pointer: Pointer, history: History) -> Traced:
    """Return what has come of a referral.

    It only moves forward, from suggested to met; where it came to nothing, it may begin again.
    """
    status, since = _BEGINS.get(pointer.mode, "suggested"), pointer.made
    for event in sorted(happened(pointer, history), key=_order):
        if event.what in _FORWARD:
            moves = status not in _FORWARD or _rank(event.what) > _rank(status)
        else:
            moves = status != "met" and event.what in _ENDS
        if moves:
            status, since = event.what, event.at  # type: ignore[assignment]
    return Traced(pointer, status, since)


def _rank(status: str) -> int:
    return _FORWARD.index(status)


def _order(event: Event) -> tuple[str, int, str]:
    """Return what sorts events: those of one day in the order in which things usually go."""
    rank = _rank(event.what) if event.what in _FORWARD else len(_FORWARD)
    return str(event.at.date), rank, str(event.at)


def happened(pointer: Pointer, history: History) -> Iterator[Event]:
    """Yield what came of a referral: as noted, in interviews with the person, in other talks.

    Of an interview that nobody answers it is `silent` that comes after a week, which is no status.
    """
    asked = list(_in_interviews(pointer, history))
    yield from asked
    seen = set(_OF_INTERVIEWS) if asked else set()
    for talk in history.talks.get(pointer.referred, ()):
        what = _said_by(talk, pointer)
        if what and what not in seen and pointer.made.is_by(talk.at):
            seen.add(what)
            yield Event(what, talk.at, talk.id)
    for step, at in pointer.steps:
        if not (asked and step in _OF_INTERVIEWS):
            yield Event(step, at, f"{pointer.id}-{step}")


_OF_INTERVIEWS: Final = ("contacted", "met", "declined", "no_response")
"""Of these the interview tells more exactly."""


def _said_by(talk: Talk, pointer: Pointer) -> str:
    """Return what a talk outside of interviews says came of a referral; empty for nothing."""
    if talk.kind == "introduction" and talk.direction == "inbound":
        return "introduced" if talk.people[:1] == (pointer.referrer,) else ""
    if pointer.referred not in talk.people:
        return ""
    return "met" if talk.channel in LIVE and talk.direction == "mutual" else "contacted"


def _in_interviews(pointer: Pointer, history: History) -> Iterator[Event]:
    for course, now in history.courses.get(pointer.referred, ()):
        if not _is_by(pointer, course, now):
            continue
        if now.asked:
            yield Event("contacted", now.asked, course.id)
        if now.held:
            yield Event("met", now.held, now.hold)
        elif now.stage in ("declined", "no_response") and now.since:
            yield Event(now.stage, now.since, f"{course.id}-{now.stage}")
        elif now.stage == "contacted" and now.waiting:
            silent = later(now.waiting.since, SILENT_AFTER)
            if silent.is_by(history.as_of) and now.asked == now.waiting.since:
                yield Event("silent", silent, f"{course.id}-silent")


def _is_by(pointer: Pointer, course: Course, now: Standing) -> bool:
    """Whether an interview came about by a referral."""
    begun = now.asked or now.held
    return course.referral == pointer.id or (begun is not None and begun.date >= pointer.made_on)


def is_unnamed(name: str) -> bool:
    """Whether this stands for somebody whose name I do not know yet, as "someone in HR"."""
    return words(name)[:1] in _UNNAMED


def is_new(name: str, suggestions: Iterable[str]) -> bool:
    """Whether a name that is nobody's here may be that of somebody new.

    Args:
        name: as it was typed.
        suggestions: who is called much like that.
    """
    return is_unnamed(name) or may_be_new(
        name, (other for other in suggestions if not is_unnamed(other))
    )


def place_in(name: str) -> str:
    """Return where somebody works whose name I do not know, as "someone in HR at City Hospital".

    What begins with a small letter is no name of a place: "someone who is good at maths".
    """
    place = name.rpartition(" at ")[2].strip() if " at " in name else ""
    return "" if place[:1].islower() else place
