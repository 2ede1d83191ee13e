"""What do I owe those whom I introduce to each other? To ask first, to do it, to follow it up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from netcrm.model.time import BusinessCalendar, LocalMoment, days_later
from netcrm.rules.introductions import ASKING, Pairing, Standing, standing
from netcrm.rules.obligations import Facts, Obligation, is_recent, said_on

ASK_WITHIN: Final = 2
"""Business days in which to ask both, once I thought of it (our choice)."""
INTRODUCE_WITHIN: Final = 1
"""Business days in which to introduce two who both agreed (our choice)."""
FOLLOW_UP_AFTER: Final = timedelta(days=7)
"""When to ask whether they met, and when to ask once more who has not answered (our choice)."""


def ask_to_introduce(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """Each of the two is asked before they are introduced (Fred Wilson 2009: double opt-in)."""
    for one, now in _going_on(facts):
        for person in one.people if is_recent(one.begun, facts.as_of) else ():
            said = now.said[person]
            if said or now.stage in ASKING:
                yield Obligation(
                    kind="ask_to_introduce",
                    contact=person,
                    cause=one.id,
                    due=LocalMoment.on(calendar.add(one.begun.date, ASK_WITHIN)),
                    shown_from=one.begun.date,
                    because=f"would they like to meet {facts.name(one.other(person))}?",
                    done=said[0].at if said else None,
                    done_by=one.id if said else "",
                )


def remind_of_introduction(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """Who has not answered for a week is asked once more, or it is dropped."""
    for one, now in _going_on(facts):
        for person in one.people:
            first, *then = now.said[person] or (None,)
            if first is None or first.what != "asked" or not (then or now.stage in ASKING):
                continue
            if is_recent(first.at, facts.as_of):
                other, done = facts.name(one.other(person)), then[0].at if then else None
                yield Obligation(
                    kind="remind_of_introduction",
                    contact=person,
                    cause=one.id,
                    due=(week := _a_week_after(first.at, calendar)),
                    shown_from=week.date,
                    because=f"you asked on {said_on(first.at)} about meeting {other}",
                    done=done,
                    done_by=one.id if done else "",
                )


def introduce(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """Two who both agreed are introduced by the next business day; the first of them stands for."""
    for one, now in _going_on(facts):
        ready = now.stage == "both_agreed" or now.introduced
        if now.agreed and ready and is_recent(now.agreed, facts.as_of):
            person = one.people[0]
            yield Obligation(
                kind="introduce",
                contact=person,
                cause=one.id,
                due=LocalMoment.on(calendar.add(now.agreed.date, INTRODUCE_WITHIN)),
                shown_from=now.agreed.date,
                because=f"to {facts.name(one.other(person))}; both agreed",
                done=now.introduced,
                done_by=one.id if now.introduced else "",
            )


def follow_up_introduction(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """A week after I introduced two I ask whether they met, unless I heard of it."""
    for one, now in _going_on(facts):
        if now.introduced and is_recent(now.introduced, facts.as_of):
            other = facts.name(one.other(one.people[0]))
            done = None if now.stage == "introduced" else now.since
            yield Obligation(
                kind="follow_up_introduction",
                contact=one.people[0],
                cause=one.id,
                due=(week := _a_week_after(now.introduced, calendar)),
                shown_from=week.date,
                because=f"you introduced them to {other} on {said_on(now.introduced)}",
                done=done,
                done_by=one.id if done else "",
            )


def _a_week_after(moment: LocalMoment, calendar: BusinessCalendar) -> LocalMoment:
    """Return the working day on which to ask once a week has passed."""
    return LocalMoment.on(calendar.roll(days_later(moment.date, FOLLOW_UP_AFTER.days)))


def _going_on(facts: Facts) -> Iterator[tuple[Pairing, Standing]]:
    """Yield the introductions of people who may both be written to, and where each stands."""
    for one in facts.introductions:
        if facts.suppressed.isdisjoint(one.people):
            yield one, standing(one, facts.as_of)
