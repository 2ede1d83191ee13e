"""What an interview obliges me to do, from the request to the debrief."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from netcrm.model.time import BusinessCalendar, LocalMoment, days_later
from netcrm.rules.course import Appointment, Course, Talk, later
from netcrm.rules.lifecycle import Standing
from netcrm.rules.obligations import (
    Facts,
    Obligation,
    first_after,
    is_recent,
    said_on,
    settled,
)

THANK_WITHIN: Final = timedelta(hours=24)
"""After the end of a meeting, as Yale's office for postdocs advises."""
ARRIVE_BEFORE: Final = timedelta(minutes=10)
"""How early to be there in person, as career centres advise."""
FEWEST_QUESTIONS: Final = 8
"""With fewer an interview is not prepared."""
PREPARE_AHEAD: Final = 2
"""Business days before a meeting on which preparing comes onto the agenda (our choice)."""
ASK_AGAIN: Final = timedelta(days=90)
"""After somebody who put me off named no day (our choice)."""

_THANKS: Final = frozenset({"thank_you"})
_SCHEDULING: Final = frozenset({"scheduling"})


def thank_you(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """Everybody whom I met is thanked within 24 hours of the end, weekend or not."""
    for course, now in facts.asked():
        if hold := _hold(course, now, facts):
            for contact in course.contacts:
                yield _thanks(hold, contact, facts, course.id)
    for meeting in facts.meetings:
        if meeting.ended == "held" and is_recent(meeting.start, facts.as_of):
            held = Talk(meeting.id, meeting.start, "meeting", minutes=meeting.minutes)
            for contact in meeting.people:
                yield _thanks(held, contact, facts)


def _thanks(hold: Talk, contact: str, facts: Facts, interview: str = "") -> Obligation:
    owed = Obligation(
        kind="thank_you",
        contact=contact,
        cause=hold.id,
        due=later(hold.end, THANK_WITHIN),
        shown_from=hold.at.date,
        because=f"you met on {said_on(hold.at)}",
        interview=interview,
    )
    return settled(owed, first_after(facts.talks, hold.at, contact, _THANKS))


def debrief(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """What was learned is written down by the next business day."""
    for course, now in facts.asked():
        if hold := _hold(course, now, facts):
            yield Obligation(
                kind="debrief",
                contact=course.contacts[0],
                cause=course.id,
                due=LocalMoment.on(calendar.roll(days_later(hold.at.date, 1))),
                shown_from=hold.at.date,
                because=f"you met on {said_on(hold.at)}; write down what you learned",
                interview=course.id,
                done=course.evaluated,
                done_by=course.id if course.evaluated else "",
            )


def ask_referrals(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """Whom else to talk to is asked with the thank-you at the latest, and noted, also if nobody."""
    for course, now in facts.asked():
        if hold := _hold(course, now, facts):
            named = [p for p in facts.pointers if p.referrer in course.contacts]
            told = [pointer.made for pointer in named if hold.at.is_by(pointer.made)]
            told += [turn.at for turn in course.turns if turn.what == "no_referrals"]
            yield Obligation(
                kind="ask_referrals",
                contact=course.contacts[0],
                cause=course.id,
                due=later(hold.end, THANK_WITHIN),
                shown_from=hold.at.date,
                because="you met; who else should you talk to?",
                interview=course.id,
                done=min(told, key=str) if told else None,
                done_by=course.id if told else "",
            )


def _hold(course: Course, now: Standing, facts: Facts) -> Talk | None:
    """Return the conversation that was the interview, if it took place not too long ago."""
    if now.held is None or not is_recent(now.held, facts.as_of):
        return None
    return course.talk(now.hold)


def propose_times(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """Who agreed, or cancelled, is offered times within a business day."""
    for course, now in facts.asked():
        if now.stage == "accepted" and now.since and is_recent(now.since, facts.as_of):
            contact = course.contacts[0]
            owed = Obligation(
                kind="propose_times",
                contact=contact,
                cause=now.fact,
                due=LocalMoment.on(calendar.add(now.since.date, 1)),
                shown_from=now.since.date,
                because=f"{_agreed(course, now)} on {said_on(now.since)}",
                interview=course.id,
            )
            yield settled(owed, first_after(facts.talks, now.since, contact, _SCHEDULING))


def _agreed(course: Course, now: Standing) -> str:
    """Say how it came that times are to be proposed."""
    return "the meeting was cancelled" if course.meeting(now.fact) else "they agreed"


def rebook(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """A meeting that was missed is made up for on the same day."""
    for course, now in facts.asked():
        meeting = course.meeting(now.fact) if now.stage == "missed" else None
        if meeting and is_recent(meeting.start, facts.as_of):
            contact = course.contacts[0]
            owed = Obligation(
                kind="rebook",
                contact=contact,
                cause=meeting.id,
                due=LocalMoment.on(meeting.start.date),
                shown_from=meeting.start.date,
                because=f"the meeting of {said_on(meeting.start)} did not take place",
                interview=course.id,
            )
            yield settled(owed, first_after(facts.talks, meeting.start, contact))


def prepare(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """Eight questions at least, and some research, the day before. Until then no date is set."""
    for course, now in facts.asked():
        if now.stage not in ("accepted", "scheduled") or now.since is None:
            continue
        meeting = _booked(course, now)
        if meeting and meeting.is_over(facts.as_of):
            continue
        ready = _ready(course)
        yield Obligation(
            kind="prepare",
            contact=course.contacts[0],
            cause=course.id,
            due=_day_before(meeting) if meeting else None,
            shown_from=_back(meeting.start.date, PREPARE_AHEAD, calendar) if meeting else date.max,
            because=_missing(course),
            interview=course.id,
            done=ready,
            done_by=course.id if ready else "",
        )


def _ready(course: Course) -> LocalMoment | None:
    """Return when an interview was prepared."""
    if len(course.planned) < FEWEST_QUESTIONS or not course.researched:
        return None
    enough = sorted(course.planned, key=str)[FEWEST_QUESTIONS - 1]
    looked_up = min(course.researched, key=str)
    return looked_up if enough.is_by(looked_up) else enough


def _missing(course: Course) -> str:
    asked = len(course.planned)
    lacks = [] if asked >= FEWEST_QUESTIONS else [f"{asked} of {FEWEST_QUESTIONS} questions"]
    lacks += [] if course.researched else ["no research yet"]
    return ", ".join(lacks)


def confirm(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """A meeting is confirmed the day before, unless it was booked as late as that."""
    for course, now in facts.asked():
        meeting = _booked(course, now)
        if meeting is None or meeting.is_over(facts.as_of):
            continue
        due, contact = _day_before(meeting), course.contacts[0]
        if meeting.booked.date >= due.date:
            continue
        owed = Obligation(
            kind="confirm",
            contact=contact,
            cause=meeting.id,
            due=due,
            shown_from=due.date,
            because=f"you meet on {said_on(meeting.start)}{_clock(meeting)}",
            interview=course.id,
            done=meeting.confirmed,
            done_by=meeting.id if meeting.confirmed else "",
        )
        after = later(meeting.booked, timedelta(days=1))
        yield (
            owed
            if owed.done
            else settled(owed, first_after(facts.talks, after, contact, _SCHEDULING))
        )


def arrive(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """Who meets in person is there ten minutes early, the way there allowed for."""
    for course, now in facts.asked():
        meeting = _booked(course, now)
        if meeting and meeting.format == "in_person" and not meeting.is_over(facts.as_of):
            way = timedelta(minutes=meeting.travel_minutes or 0)
            when = meeting.start
            if when.local is not None:
                when = later(when, -(ARRIVE_BEFORE + way))
            yield Obligation(
                kind="arrive",
                contact=course.contacts[0],
                cause=meeting.id,
                due=when,
                shown_from=meeting.start.date,
                because=f"you meet{_clock(meeting)}{f' at {meeting.place}' * bool(meeting.place)}",
                interview=course.id,
            )


def did_it_happen(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """A meeting that is over and of which nothing was noted: was it held?"""
    planned = [(meeting, "") for meeting in facts.meetings]
    for course in facts.courses:
        planned += [(meeting, course.id) for meeting in course.meetings]
    for meeting, interview in planned:
        if meeting.ended or not meeting.is_over(facts.as_of):
            continue
        if not is_recent(meeting.start, facts.as_of) or not meeting.people:
            continue
        yield Obligation(
            kind="did_it_happen",
            contact=meeting.people[0],
            cause=meeting.id,
            due=meeting.end,
            shown_from=meeting.start.date,
            because=f"you were to meet on {said_on(meeting.start)}{_clock(meeting)}"
            f"{f': {meeting.subject}' * bool(meeting.subject)}",
            interview=interview,
        )


def silence(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """Who does not answer is written to once more; meanwhile somebody else is asked."""
    day = facts.as_of.date
    for course, now in facts.asked():
        waiting, contact = now.waiting, course.contacts[0]
        if waiting is None or now.stage != "contacted":
            continue
        asked = f"asked on {said_on(waiting.since)}, no answer"
        if waiting.follow_up and waiting.follow_up <= day:
            last = "write once more, for the last time" if not now.follow_ups else "write once more"
            yield Obligation(
                kind="follow_up",
                contact=contact,
                cause=now.fact,
                due=LocalMoment.on(waiting.follow_up),
                shown_from=waiting.follow_up,
                because=f"{asked}; {last}",
                interview=course.id,
            )
        elif waiting.try_another and waiting.try_another <= day:
            asked_instead = _asked_instead(course, waiting.since, facts)
            instead, whom = min(asked_instead, key=str, default=(None, ""))
            yield Obligation(
                kind="try_another",
                contact=contact,
                cause=now.fact,
                due=LocalMoment.on(waiting.try_another),
                shown_from=waiting.try_another,
                because=f"{asked}; {_elsewhere(contact, facts)}",
                interview=course.id,
                done=instead,
                done_by=whom,
            )


def _asked_instead(
    course: Course, since: LocalMoment, facts: Facts
) -> Iterator[tuple[LocalMoment, str]]:
    """Yield when somebody of the same place or field was asked since, and in which interview."""
    alike = facts.shared.get(course.contacts[0], frozenset())
    for other, now in facts.asked():
        instead = other.id != course.id and alike.intersection(other.contacts)
        if instead and now.asked and now.asked != since and since.is_by(now.asked):
            yield now.asked, other.id


def _elsewhere(contact: str, facts: Facts) -> str:
    others = facts.elsewhere.get(contact, ())
    if not others:
        return "nobody else known there"
    return f"you also know {' and '.join(map(facts.name, others))} there"


def ask_again(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """Who put me off is asked again on the day they named."""
    for course, now in facts.asked():
        if now.stage == "deferred" and now.since:
            day = now.until or days_later(now.since.date, ASK_AGAIN.days)
            yield Obligation(
                kind="ask_again",
                contact=course.contacts[0],
                cause=now.fact,
                due=LocalMoment.on(day),
                shown_from=day,
                because=f"they put you off on {said_on(now.since)}",
                interview=course.id,
            )


def _booked(course: Course, now: Standing) -> Appointment | None:
    meeting = course.meeting(now.meeting) if now.stage == "scheduled" else None
    return meeting if meeting and not meeting.ended else None


def _day_before(meeting: Appointment) -> LocalMoment:
    return LocalMoment.on(days_later(meeting.start.date, -1))


def _back(day: date, n: int, calendar: BusinessCalendar) -> date:
    """Return the n-th working day before *day*."""
    for _ in range(n):
        day = calendar.roll(days_later(day, -1), "preceding")
    return day


def _clock(meeting: Appointment) -> str:
    return f" at {meeting.start.local:%H:%M}" if meeting.start.local else ""
