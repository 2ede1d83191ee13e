"""What I owe people besides: answers, thanks for introductions, news of what came of their help."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from netcrm.model.time import BusinessCalendar, LocalMoment
from netcrm.rules import owed_interviews as interviews
from netcrm.rules import owed_introductions as introductions
from netcrm.rules.course import Talk
from netcrm.rules.obligations import (
    Facts,
    Maker,
    Obligation,
    first_after,
    is_recent,
    said_on,
    settled,
)
from netcrm.rules.referrals import History, happened

ANSWER_MATTERS: Final = timedelta(days=30)
"""After that long a message needs no answer any more (our choice)."""

_WANTS_ANSWER: Final = frozenset({"message", "request", "decline", "defer"})
_WRITTEN: Final = frozenset(
    {
        "email", "letter", "sms", "chat", "linkedin_message", "linkedin_note", "voicemail",
    }
)  # fmt: skip
_UPDATES: Final = frozenset({"report_back", "progress_update"})


def owe_reply(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """A message to me is answered within a business day; a conversation answers itself."""
    answered: dict[str, list[LocalMoment]] = {}
    for talk in facts.talks:
        if talk.direction != "inbound":
            for contact in talk.people:
                answered.setdefault(contact, []).append(talk.at)
    unanswered: dict[str, Talk] = {}
    for talk in facts.talks:
        if _wants_answer(talk) and is_recent(talk.at, facts.as_of, ANSWER_MATTERS):
            for contact in talk.people:
                if not any(map(talk.at.is_by, reversed(answered.get(contact, ())))):
                    unanswered.setdefault(contact, talk)
    for contact, talk in unanswered.items():
        wrote = "declined" if talk.kind == "decline" else "wrote to you"
        yield Obligation(
            kind="owe_reply",
            contact=contact,
            cause=talk.id,
            due=LocalMoment.on(calendar.add(talk.at.date, 1)),
            shown_from=talk.at.date,
            because=f"they {wrote} on {said_on(talk.at)}",
            interview=talk.interview,
        )


def _wants_answer(talk: Talk) -> bool:
    by_them = talk.direction == "inbound" and talk.channel in _WRITTEN
    return by_them and talk.kind in _WANTS_ANSWER


def ack_introduction(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """Who was introduced to me hears from me within a business day."""
    for talk in facts.talks:
        if talk.kind != "introduction" or talk.direction != "inbound":
            continue
        if not is_recent(talk.at, facts.as_of, ANSWER_MATTERS):
            continue
        introducer, *others = (*talk.people, *talk.copied)
        for contact in others:
            owed = Obligation(
                kind="ack_introduction",
                contact=contact,
                cause=talk.id,
                due=LocalMoment.on(calendar.add(talk.at.date, 1)),
                shown_from=talk.at.date,
                because=f"{facts.name(introducer)} introduced you on {said_on(talk.at)}",
            )
            yield settled(owed, first_after(facts.talks, talk.at, contact))


def report_back(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """Who pointed me to somebody hears within two business days what came of it."""
    history = History(facts)
    for pointer in facts.pointers:
        if pointer.known_before:
            continue
        person = facts.name(pointer.referred)
        for event in happened(pointer, history):
            if event.what not in _TOLD or not is_recent(event.at, facts.as_of):
                continue
            owed = Obligation(
                kind="report_back",
                contact=pointer.referrer,
                cause=event.cause,
                due=LocalMoment.on(calendar.add(event.at.date, 2)),
                shown_from=event.at.date,
                because=_TOLD[event.what].format(person=person, day=said_on(event.at)),
            )
            yield settled(owed, first_after(facts.talks, event.at, pointer.referrer, _UPDATES))


_TOLD: Final = {
    "met": "you met {person} on {day}",
    "declined": "{person} declined on {day}",
    "no_response": "{person} did not answer, by {day}",
    "silent": "{person} has not answered for a week",
}


def commitment(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """What I promised is done by its date."""
    for promise in facts.commitments:
        for contact in promise.people:
            yield Obligation(
                kind="commitment",
                contact=contact,
                cause=promise.id,
                due=LocalMoment.on(promise.due) if promise.due else None,
                shown_from=promise.due or promise.made.date,
                because=f"you promised on {said_on(promise.made)}: {promise.text}",
                done=promise.ended,
                done_by=promise.id if promise.ended else "",
            )


def apply_advice(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """Advice that I planned to follow by a day is followed, or set aside."""
    for advice in facts.advice:
        if advice.due is not None:
            yield Obligation(
                kind="apply_advice",
                contact=advice.people[0] if advice.people else "",
                cause=advice.id,
                due=LocalMoment.on(advice.due),
                shown_from=advice.due,
                because=advice.text,
                done=advice.ended,
                done_by=advice.id if advice.ended else "",
            )


def tell_outcome(facts: Facts, calendar: BusinessCalendar) -> Iterator[Obligation]:
    """Those who helped me decide hear within five business days what I decided."""
    for outcome in facts.outcomes:
        if not is_recent(outcome.made, facts.as_of):
            continue
        for contact in outcome.people:
            owed = Obligation(
                kind="tell_outcome",
                contact=contact,
                cause=outcome.id,
                due=LocalMoment.on(calendar.add(outcome.made.date, 5)),
                shown_from=outcome.made.date,
                because=f"they helped you with: {outcome.text}",
            )
            yield settled(owed, first_after(facts.talks, outcome.made, contact, _UPDATES))


MAKERS: Final[tuple[Maker, ...]] = (
    interviews.thank_you, interviews.debrief, interviews.ask_referrals, interviews.propose_times,
    interviews.rebook, interviews.prepare, interviews.confirm, interviews.arrive,
    interviews.did_it_happen, interviews.silence, interviews.ask_again, owe_reply,
    ack_introduction, report_back, commitment, apply_advice, tell_outcome,
    introductions.ask_to_introduce, introductions.remind_of_introduction, introductions.introduce,
    introductions.follow_up_introduction,
)  # fmt: skip
"""The rules by which something is owed."""
