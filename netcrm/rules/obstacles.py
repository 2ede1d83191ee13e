"""Why not to ask somebody for an interview now?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from netcrm.model.campaign import Campaign
from netcrm.model.text import fold
from netcrm.model.time import BusinessCalendar, Interval, LocalMoment
from netcrm.rules.course import Course
from netcrm.rules.funnel import Tally
from netcrm.rules.hops import said_when
from netcrm.rules.lifecycle import OPEN, FollowUps, Standing
from netcrm.rules.matches import Candidate
from netcrm.rules.pace import waiting_for
from netcrm.rules.page import day_of
from netcrm.rules.prospects import Excluded

_STATES: Final = {
    "do_not_contact": "is not to be contacted",
    "deceased": "has died",
    "archived": "is archived",
}
_ENDED: Final = {
    "declined": "declined",
    "no_response": "did not answer",
    "dropped": "you let it be",
}
_GOING_ON: Final = {
    "contacted": "you wait for their answer",
    "accepted": "they agreed to meet",
    "scheduled": "you have a date",
    "missed": "the meeting was missed, and is to be made up for",
    "deferred": "they put you off",
}


class Colleague(NamedTuple):
    """Somebody who was asked lately where somebody works, and until when to wait for them.

    `name` is empty for who is not to be contacted any more, or has died: they are not named.
    """

    id: str
    name: str
    until: date


class Situation(NamedTuple):
    """What else is known at a moment; all by the ids of people.

    Attributes:
        cool_off: how long to leave in peace who declined or did not answer.
        threads: the interviews with them, asked for by me or by them.
        pointed: when somebody pointed me to them.
        paused: until when they are left in peace; None for good.
        colleagues: who was asked lately where they work.
        full: why no more requests are to be sent at all; nothing if they are.
    """

    as_of: LocalMoment
    cool_off: Interval
    threads: Mapping[str, Sequence[tuple[Course, Standing]]] = {}
    pointed: Mapping[str, Sequence[LocalMoment]] = {}
    paused: Mapping[str, date | None] = {}
    colleagues: Mapping[str, Sequence[Colleague]] = {}
    full: str = ""


def excluded(
    people: Iterable[Candidate], wanted: Collection[str], known: Situation
) -> dict[str, Excluded]:
    """Return who is not to be asked now and why, by their ids.

    Args:
        people: all who are considered.
        wanted: the ids of those who fit what I look for.
        known: what is known besides.
    """
    found = (obstacle(one, one.id in wanted, known) for one in people)
    return {one.person.id: one for one in found if one}


def obstacle(person: Candidate, is_wanted: bool, known: Situation) -> Excluded | None:
    """Return why somebody is not to be asked now: the first reason of all; None if there is none.

    Args:
        person: who.
        is_wanted: whether they fit what I look for.
        known: what is known besides.
    """
    found = next(_obstacles(person, is_wanted, known), None)
    return Excluded(person, *found) if found else None


def _obstacles(person: Candidate, is_wanted: bool, known: Situation) -> Iterator[tuple[str, str]]:
    if person.state != "active":
        yield "state", _STATES.get(person.state, person.state.replace("_", " "))
    if person.id in known.paused:
        until = known.paused[person.id]
        yield "paused", f"paused until {day_of(until)}" if until else "paused"
    yield from _by_interviews(person.id, known)
    if not is_wanted:
        yield "relevance", "fits nothing that you look for"
    for one in sorted(known.colleagues.get(person.id, ()), key=lambda one: (one.until, one.name)):
        if one.id != person.id and known.as_of.date < one.until:
            wait = f"wait until {day_of(one.until)}"
            yield "colleague", f"{one.name or 'somebody'} at the same place was asked; {wait}"
    if known.full:
        yield "max_open", known.full


def _by_interviews(person: str, known: Situation) -> Iterator[tuple[str, str]]:
    threads = known.threads.get(person, ())
    mine = [now for course, now in threads if course.initiator == "me"]
    for now in mine:
        if now.stage == "held" and now.held:
            yield "held", f"you talked on {day_of(now.held.date)}"
    for course, now in threads:
        if now.stage in OPEN:
            asked = f"asked on {day_of(now.asked.date)}: " if now.asked else ""
            yield "open", f"{asked}{_going_on(course, now)}"
    for now in mine:
        yield from _cooling_off(now, known.pointed.get(person, ()), known)


def _going_on(course: Course, now: Standing) -> str:
    """Return in words how far an interview has come that is going on."""
    if now.stage == "contacted" and course.initiator == "them":
        return "they wait for your answer"
    if now.stage == "contacted" and now.replied and not now.waiting:
        return "they wrote back, and nothing is agreed yet"
    return f"{_GOING_ON[now.stage]}{f' until {day_of(now.until)}' if now.until else ''}"


def so_far(threads: Sequence[tuple[Course, Standing]], today: date) -> Iterator[str]:
    """Yield in words what to know of the interviews with somebody before asking for another.

    Args:
        threads: the interviews, the earliest opened first.
        today: the day asked about.
    """
    mine = [now for course, now in threads if course.initiator == "me"]
    if held := [now.held.date for now in mine if now.stage == "held" and now.held]:
        yield f"you had an interview with them {said_when(max(held), today)}"
    for course, now in threads:
        if now.stage in OPEN:
            who = "you" if course.initiator == "me" else "they"
            asked = f"{who} asked {said_when(now.asked.date, today)}, " if now.asked else ""
            yield f"{asked}{_going_on(course, now)}"
    last = mine[-1] if mine else Standing()
    if last.stage == "declined" and last.since:
        yield f"they declined {said_when(last.since.date, today)}"
    if last.stage == "no_response" and last.asked:
        yield f"they did not answer when you asked {said_when(last.asked.date, today)}"


def _cooling_off(
    now: Standing, pointed: Iterable[LocalMoment], known: Situation
) -> Iterator[tuple[str, str]]:
    """Yield that it is too soon to ask again, unless somebody pointed me to them since I wrote."""
    if now.stage not in _ENDED or now.since is None:
        return
    until = known.cool_off.after(now.since.date)
    written = [at for at in (now.asked, *now.follow_ups) if at] or [now.since]
    lifted = any(all(not at.is_by(one) for one in written) for at in pointed)
    if known.as_of.date < until and not lifted:
        what = _ENDED[now.stage]
        yield "cool_off", f"{what} on {day_of(now.since.date)}; wait until {day_of(until)}"


def no_more(campaign: Campaign | None, rows: Iterable[Tally]) -> str:
    """Return why no more requests are to be sent for a campaign now; nothing if they are."""
    if campaign is None:
        return ""
    waiting = waiting_for(one for one in rows if one.campaign == campaign.id)
    if campaign.max_open is None or waiting < campaign.max_open:
        return ""
    return f"{waiting} requests wait for an answer, of at most {campaign.max_open}"


def out_of_reach(
    people: Iterable[Candidate], ways: Collection[str], pointed: Collection[str]
) -> dict[str, Excluded]:
    """Return whom there is no way to ask at all, by their ids.

    An address or a number is a way, and so is somebody who may bring me to them or has told me of
    them. People around me, such as relatives, can be asked without.

    Args:
        people: who.
        ways: the ids of those to whom there is a way.
        pointed: the ids of those to whom somebody pointed me.
    """
    why = "no address is known, and nobody who may bring you to them"
    return {
        one.id: Excluded(one, "unreachable", why)
        for one in people
        if not (one.reachable or one.origin == "inner circle")
        and one.id not in ways
        and one.id not in pointed
    }


def by_name(people: Iterable[Excluded]) -> tuple[Excluded, ...]:
    """Return them by name."""
    return tuple(sorted(people, key=lambda one: (fold(one.person.name), one.person.id)))


def waits_until(asked: date, policy: FollowUps | None, calendar: BusinessCalendar) -> date:
    """Return from when on to ask somebody else at the same place, if there is no answer."""
    return calendar.add(asked, (policy or FollowUps()).try_another)
