"""What do I owe whom, until when, and what settles it?"""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.time import BusinessCalendar, LocalMoment, days_later
from netcrm.rules.course import Appointment, Course, Talk, as_known, meeting_as_known
from netcrm.rules.lifecycle import standing
from netcrm.rules.obligations import (
    Facts,
    Obligation,
    Pointer,
    Promise,
    first_after,
    obligations,
)
from netcrm.rules.owed_people import MAKERS
from tests.test_rules_course import at, course, courses, moments

KINDS = {
    "thank_you", "debrief", "ask_referrals", "propose_times", "rebook", "prepare", "confirm",
    "arrive", "did_it_happen", "follow_up", "try_another", "ask_again", "owe_reply",
    "ack_introduction", "report_back", "commitment", "apply_advice", "tell_outcome",
    "ask_to_introduce", "remind_of_introduction", "introduce", "follow_up_introduction",
}  # fmt: skip

PROMISE = Promise("c", "send the book", at("3"), ("ana",), date(2026, 3, 10))

Owed = dict[str, Obligation]


def wrote(id_: str, when: str, kind: str = "message", *people: str, **fields: Any) -> Talk:
    """Return a mail of mine, to Ana unless somebody is named."""
    fields = {"direction": "outbound", "channel": "email", **fields}
    return Talk(id_, at(when), kind, people=people or ("ana",), **fields)


def heard(id_: str, when: str, kind: str = "message", *people: str, **fields: Any) -> Talk:
    """Return a mail of theirs."""
    return wrote(id_, when, kind, *people, direction="inbound", **fields)


def met(when: str = "4T15:00", **fields: Any) -> Talk:
    """Return a conversation of half an hour that was the interview."""
    fields = {"minutes": 30, "people": ("ana",), "channel": "video", **fields}
    return Talk("met", at(when), "meeting", **fields)


def facts(as_of: LocalMoment, *these: Course, talks: tuple[Talk, ...] = (), **more: Any) -> Facts:
    """Return what is known of these interviews and messages at a moment."""
    known = [found for one in these if (found := as_known(one, as_of))]
    said = [talk for one in these for talk in one.talks] + list(talks)
    said = [talk for talk in said if talk.at.is_by(as_of)]
    return Facts(
        as_of=as_of,
        names={"ana": "Ana Ruiz", "ben": "Ben Ortiz", "eve": "Eve Low"},
        courses=tuple(known),
        standings={one.id: standing(one, as_of) for one in known},
        talks=tuple(sorted(said, key=lambda talk: str(talk.at.instant or talk.at))),
        **more,
    )


def owed(when: str, *these: Course, **more: Any) -> Owed:
    """Return what is owed at a moment of March, by kind and creditor."""
    holidays = frozenset(more.pop("holidays", ()))
    found = obligations(
        facts(at(when), *these, **more), MAKERS, BusinessCalendar(holidays=holidays)
    )
    assert {one.kind for one in found} <= KINDS
    assert len({one.key for one in found}) == len(found)
    named: Owed = {}
    for one in found:
        named[one.kind] = one
        named[f"{one.kind} {one.contact}"] = one
    return named


class TestAll:
    """What is owed is a function of the facts."""

    def everything(self, seed: int = 0) -> Facts:
        """Return facts by which nearly everything is owed, in some order."""
        mixed = random.Random(seed)
        held = course(met())
        waiting = Course(
            "j", ("ben",), date(2026, 3, 1), talks=(wrote("q", "2", "request", "ben"),)
        )
        eve = Course(
            "k", ("eve",), date(2026, 3, 1), talks=(heard("r", "3", "accept", "eve"),),
            meetings=(Appointment("m", at("20T10:00"), at("4"), ("eve",), 30),),
        )  # fmt: skip
        courses = [held, waiting, eve]
        pointers = [Pointer("p", "ben", "ana", date(2026, 3, 2)),
                    Pointer("s", "eve", "ana", date(2026, 3, 1))]  # fmt: skip
        promises = [Promise("c", "a book", at("3"), ("ana",)), Promise("d", "x", at("3"), ("ben",))]
        makings = [courses, pointers, promises]
        for some in makings:
            mixed.shuffle(some)  # type: ignore[arg-type]
        return facts(
            at("10T09:00"), *courses, talks=(heard("h", "9", "message", "ben"),),
            pointers=tuple(pointers), commitments=tuple(promises),
        )  # fmt: skip

    @given(st.integers(0, 1000))
    def test_in_whatever_order_they_come(self, seed: int) -> None:
        """And whichever rule is asked first."""
        makers = list(MAKERS)
        random.Random(seed).shuffle(makers)
        expected = obligations(self.everything(), MAKERS)
        assert len(expected) > 10
        assert obligations(self.everything(seed), makers) == expected

    def test_the_earliest_due_comes_first_and_what_has_no_date_last(self) -> None:
        """What can be seen is in order."""
        found = obligations(self.everything(), MAKERS)
        days = [one.due.date if one.due else date.max for one in found]
        assert days == sorted(days)
        assert found[-1].due is None
        same = [one for one in found if one.due == at("5T15:30")]
        assert [one.kind for one in same] == ["ask_referrals", "thank_you"]
        noon = Appointment("z", at("4T12:00"), at("2"), ("ana",), ended="held")
        three = noon._replace(id="a", start=at("4T15:00"))
        thanks = obligations(facts(at("5"), meetings=(three, noon)), MAKERS)
        assert [one.cause for one in thanks] == ["z", "a"]

    def test_a_waiver_sticks_and_settles_nothing_else(self) -> None:
        """However often it is worked out, and whatever comes after."""
        key = "thank_you:met:ana"
        found = owed("9", course(met()), waivers={key: at("5")})
        assert (found["thank_you"].waived, found["thank_you"].is_open) == (at("5"), False)
        assert not found["thank_you"].is_late(at("9"))
        assert found["thank_you"].in_time is None
        assert found["debrief"].waived is None
        again = owed("20", course(met()), waivers={key: at("5")}, talks=(wrote("a", "12"),))
        assert not again["thank_you"].is_open

    def test_one_message_settles_several(self) -> None:
        """Thanks for two meetings, or news of two people."""
        meeting = Appointment("m", at("3"), at("2"), ("ana",), ended="held", ended_on=at("3"))
        talks = (wrote("a", "5", "thank_you"),)
        known = facts(at("6"), course(met()), meetings=(meeting,), talks=talks)
        done = [one.done_by for one in obligations(known, MAKERS) if one.kind == "thank_you"]
        assert done == ["a", "a"]

    def test_nothing_is_owed_twice(self) -> None:
        """Two rules that yield the same, or one fact told twice, make one obligation."""
        known = facts(at("3"), commitments=(PROMISE, PROMISE))
        assert [one.key for one in obligations(known, [*MAKERS, *MAKERS])] == ["commitment:c:ana"]

    @given(courses(), moments(), moments())
    def test_what_is_satisfied_stays_so(
        self, one: Course, when: LocalMoment, later: LocalMoment
    ) -> None:
        """Unless what satisfied it is taken away."""
        if not when.is_by(later):
            when, later = later, when
        people = tuple(talk._replace(people=("ana",)) for talk in one.talks)
        known = one._replace(talks=people)
        before = obligations(facts(when, known), MAKERS)
        after = {found.key: found for found in obligations(facts(later, known), MAKERS)}
        for found in before:
            if found.kind == "thank_you" and found.done and found.key in after:
                assert not after[found.key].is_open

    @given(courses(), moments())
    def test_every_held_interview_is_thanked_for(self, one: Course, when: LocalMoment) -> None:
        """By exactly the first thank-you at or after it, and nothing is owed twice."""
        talks = tuple(talk._replace(people=("ana",)) for talk in one.talks)
        known = facts(when, one._replace(talks=talks))
        found = obligations(known, MAKERS)
        assert len({owed.key for owed in found}) == len(found)
        thanks = [owed for owed in found if owed.kind == "thank_you"]
        held = [now for now in known.standings.values() if now.held]
        assert len(thanks) == len(held)
        for owed, now in zip(thanks, held, strict=True):
            assert now.held is not None
            said = [
                talk
                for talk in known.talks
                if talk.kind == "thank_you"
                and talk.direction == "outbound"
                and now.held.is_by(talk.at)
            ]
            assert owed.done_by == (said[0].id if said else "")
        assert not [one for one in found if one.kind == "debrief" and one.done and not held]

    @given(courses(), moments())
    def test_what_has_nothing_to_do_with_it_changes_nothing(
        self, one: Course, when: LocalMoment
    ) -> None:
        """A talk with somebody else, and an interview with somebody else."""
        known = facts(when, one)
        before = {owed.key: owed for owed in obligations(known, MAKERS)}
        other = Course("z", ("eve",), date(2026, 1, 1), talks=(met("2", people=("eve",)),))
        more = facts(when, one, other, talks=(wrote("w", "3", "thank_you", "eve"),))
        after = {owed.key: owed for owed in obligations(more, MAKERS)}
        assert {key: after[key] for key in before} == before

    @given(courses(), moments())
    def test_a_fact_of_tomorrow_owes_nothing_today(self, one: Course, when: LocalMoment) -> None:
        """As known at a moment."""
        tomorrow = days_later(when.date, 1)
        future = Talk("z", LocalMoment.on(tomorrow), "meeting", people=("ana",))
        more = one._replace(talks=(*one.talks, future))
        assert obligations(facts(when, more), MAKERS) == obligations(facts(when, one), MAKERS)

    def test_the_first_after_is_the_first_of_those_that_count(self) -> None:
        """A talk counts as well as a message."""
        talks = (wrote("a", "3"), heard("b", "4"), Talk("c", at("4"), people=("ana",)),
                 wrote("d", "5", "thank_you"))  # fmt: skip
        found = first_after(talks, at("4"), "ana")
        assert found is not None
        assert found.id == "c"
        thanks = first_after(talks, at("4"), "ana", frozenset({"thank_you"}))
        assert thanks is not None
        assert thanks.id == "d"
        assert first_after(talks, at("6"), "ana") is None
        assert first_after(talks, at("3"), "ben") is None

    def test_on_the_last_day_of_the_calendar_nothing_breaks(self) -> None:
        """There is no day after."""
        last = LocalMoment.parse("9999-12-31T23:50+00:00[UTC]")
        for end in (last, LocalMoment.on(date.max)):
            meeting = Appointment("m", end, at("2"), ("ana",), 30)
            held = meeting._replace(ended="held", ended_on=end)
            talks = (heard("b", "3", "defer")._replace(at=end), met()._replace(at=end))
            booked = course(heard("a", "3", "accept"), meetings=(meeting,))
            for known in (
                facts(end, booked, meetings=(meeting, held)),
                facts(end, course(talks[1])),
                facts(end, course(wrote("a", "3", "request"), talks[0])),
            ):
                assert obligations(known, MAKERS)

    def test_a_meeting_is_not_thanked_for_before_it_is_known_to_be_held(self) -> None:
        """Until then the question is whether it took place."""
        meeting = Appointment("m", at("4"), at("2"), ("ana",), ended="held", ended_on=at("6"))
        for day, kind in (("5", "did_it_happen"), ("6", "thank_you")):
            known = meeting_as_known(meeting, at(day))
            assert known is not None
            assert owed(day, meetings=(known,)).keys() == {kind, f"{kind} ana"}

    def test_names_are_those_that_are_known(self) -> None:
        """Or else the id."""
        known = facts(at("5"))
        assert (known.name("ana"), known.name("zoe")) == ("Ana Ruiz", "zoe")
