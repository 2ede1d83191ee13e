"""What happened in an interview, in which order, and what of it was known at a moment?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.time import LocalMoment
from netcrm.rules.course import (
    Appointment,
    Course,
    Talk,
    Turn,
    as_known,
    events,
    later,
    meeting_as_known,
)

NEW_YORK, LONDON, TOKYO = "America/New_York", "Europe/London", "Asia/Tokyo"
ZONES = (NEW_YORK, LONDON, TOKYO, "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago")
FIRST = datetime(2026, 3, 4, tzinfo=UTC)


def at(said: str, zone: str = NEW_YORK) -> LocalMoment:
    """Return a moment of March 2026: 5 is a day, 5T09:00 a time of it."""
    day, _, clock = said.partition("T")
    on = date(2026, 3, int(day))
    if not clock:
        return LocalMoment.on(on)
    return LocalMoment.at(datetime.fromisoformat(f"{on}T{clock}"), zone)


def course(*talks: Talk, **fields: Any) -> Course:
    """Return an interview with Ana."""
    opened = fields.pop("opened_on", date(2026, 3, 1))
    return Course("i", ("ana",), opened, talks=talks, **fields)


def steps(*talks: Talk, **fields: Any) -> list[str]:
    """Return the steps of an interview, in order."""
    return [event.what for event in events(course(*talks, **fields))]


def timed() -> st.SearchStrategy[LocalMoment]:
    """Moments of four days, in several zones."""
    some = st.integers(0, 4 * 24 * 2).map(lambda half: FIRST + half * timedelta(minutes=30))
    return st.tuples(some, st.sampled_from(ZONES)).map(lambda two: LocalMoment.of(*two))


def moments() -> st.SearchStrategy[LocalMoment]:
    """Such moments, with and without a time."""
    return timed() | timed().map(lambda moment: LocalMoment.on(moment.date))


def courses(times: st.SearchStrategy[LocalMoment] | None = None) -> st.SearchStrategy[Course]:
    """Any interviews, most of which make no sense."""
    when = moments() if times is None else times
    kinds = ("message", "reply", "request", "follow_up", "accept", "decline", "defer", "meeting",
             "thank_you", "note")  # fmt: skip
    talk = st.tuples(st.sampled_from(kinds), when, st.sampled_from(("inbound", "outbound")))
    ends = st.sampled_from(("", "held", "missed", "cancelled", "moved", "called_off"))
    meeting = st.tuples(when, when, ends, when)
    whats = st.sampled_from(("lapse", "drop", "call_off", "no_referrals"))

    def one(
        talks: list[tuple[str, LocalMoment, str]],
        meetings: list[tuple[LocalMoment, LocalMoment, str, LocalMoment]],
        turns: list[tuple[str, LocalMoment]],
        researched: list[LocalMoment],
        evaluated: LocalMoment | None,
    ) -> Course:
        return course(
            *(Talk(f"t{i}", on, kind, way) for i, (kind, on, way) in enumerate(talks)),
            meetings=tuple(
                Appointment(f"m{i}", start, booked, ended=ended, ended_on=on if ended else None)
                for i, (start, booked, ended, on) in enumerate(meetings)
            ),
            turns=tuple(Turn(what, on) for what, on in turns),
            researched=tuple(researched),
            evaluated=evaluated,
        )

    return st.builds(
        one,
        st.lists(talk, max_size=5),
        st.lists(meeting, max_size=2),
        st.lists(st.tuples(whats, when), max_size=2),
        st.lists(when, max_size=2),
        st.none() | when,
    )


@pytest.mark.parametrize(
    ("kind", "direction", "step"),
    [
        ("request", "outbound", "request"),
        ("follow_up", "outbound", "follow_up"),
        ("accept", "inbound", "accept"),
        ("decline", "inbound", "decline"),
        ("defer", "inbound", "defer"),
        ("meeting", "mutual", "hold"),
        ("message", "inbound", "reply"),
        ("reply", "inbound", "reply"),
        ("message", "mutual", "reply"),
        ("message", "outbound", "write"),
        ("thank_you", "outbound", "write"),
        ("scheduling", "outbound", "write"),
    ],
)
def test_what_is_said_is_a_step(kind: str, direction: str, step: str) -> None:
    """Its kind says which; of other kinds it is an answer, or something that I write."""
    (event,) = events(course(Talk("t", at("5"), kind, direction, until=date(2026, 6, 1))))
    assert event == (step, at("5"), "t", date(2026, 6, 1))


def test_what_nobody_said_is_no_step() -> None:
    """A note of mine is no answer, and neither is a click of theirs."""
    assert not steps(Talk("t", at("5"), "note"), Talk("u", at("5"), channel="social_reaction"))


def test_a_meeting_is_booked_and_comes_to_an_end() -> None:
    """One that was held is told by the talk; one that was moved by the one that follows."""
    ends = {
        "cancelled": "cancel", "declined": "cancel", "missed": "miss", "called_off": "call_off",
        "held": "", "moved": "",
    }  # fmt: skip
    for ended, step in ends.items():
        meeting = Appointment("m", at("9T10:00"), at("5"), ended=ended, ended_on=at("8"))
        made = events(course(meetings=(meeting,)))
        assert made[0] == ("book", at("5"), "m", None)
        assert [(one.what, one.at, one.id) for one in made[1:]] == (
            [(step, at("8"), "m")] if step else []
        )


def test_turns_and_research_are_steps_and_nobody_else_is_no_turn() -> None:
    """That they knew nobody to refer me to leads nowhere."""
    turns = (Turn("lapse", at("7")), Turn("drop", at("8")), Turn("call_off", at("9")))
    made = events(course(turns=(*turns, Turn("no_referrals", at("6"))), researched=(at("5"),)))
    assert [(one.what, one.at.date.day, one.id) for one in made] == [
        ("research", 5, "i"), ("lapse", 7, "i"), ("drop", 8, "i"), ("call_off", 9, "i"),
    ]  # fmt: skip


class TestOrder:
    """Steps are in the order in which they were taken."""

    ASK, FOLLOW_UP = Talk("a", at("5T10:00"), "request"), Talk("b", at("5T09:00"), "follow_up")

    def test_days_then_the_clock(self) -> None:
        """However they were entered."""
        assert steps(self.ASK, self.FOLLOW_UP) == ["follow_up", "request"]
        earlier = Talk("c", at("4T23:00"), "accept")
        assert steps(self.ASK, earlier) == ["accept", "request"]

    def test_on_a_day_without_times_as_they_were_entered(self) -> None:
        """One without a time is enough; other days keep their clock."""
        untimed = Talk("ab", at("5"), "accept")
        assert steps(self.FOLLOW_UP, untimed, self.ASK) == ["request", "accept", "follow_up"]
        next_day = [Talk("y", at("6T12:00"), "decline"), Talk("z", at("6T11:00"), "defer")]
        assert steps(untimed, *next_day) == ["accept", "defer", "decline"]

    def test_on_such_a_day_research_comes_first_and_giving_up_last(self) -> None:
        """As nothing tells when that was entered."""
        for what in ("lapse", "drop", "call_off"):
            made = steps(
                Talk("z", at("5"), "request"),
                Talk("a", at("5T08:00"), "accept"),
                turns=(Turn(what, at("5T07:00")),),
                researched=(at("5T20:00"),),
            )
            assert made == ["research", "accept", "request", what]

    def test_with_times_giving_up_and_research_keep_theirs(self) -> None:
        """I let it be in the morning, and ask again in the afternoon."""
        dropped = Turn("drop", at("5T09:00"))
        made = steps(self.ASK, turns=(dropped,), researched=(at("5T11:00"),))
        assert made == ["drop", "request", "research"]

    def test_at_one_moment_giving_up_comes_after_what_it_gives_up(self) -> None:
        """And what was found out before all else."""
        now = at("5T10:00")
        for what in ("lapse", "drop", "call_off"):
            made = steps(Talk("z", now, "request"), turns=(Turn(what, now),), researched=(now,))
            assert made == ["research", "request", what]

    def test_travelling_turns_nothing_around(self) -> None:
        """Asked in Tokyo in the morning, answered in New York the evening before."""
        asked = Talk("a", at("5T09:00", TOKYO), "request")
        answered = Talk("b", at("4T20:00"), "accept")
        assert steps(answered, asked) == ["request", "accept"]
        untimed, home = Talk("b", at("4"), direction="inbound"), Talk("c", at("6T10:00"), "accept")
        assert steps(asked, untimed, home) == ["reply", "request", "accept"]

    @given(courses())
    def test_facts_in_any_order_give_the_same(self, one: Course) -> None:
        """Turns are kept in the order in which they were entered."""
        turned = one._replace(
            talks=one.talks[::-1], meetings=one.meetings[::-1], researched=one.researched[::-1]
        )

        def told(of: Course) -> list[tuple[str, str]]:
            return [(event.what, event.id) for event in events(of)]

        assert told(one) == told(turned)

    @given(courses(timed()))
    def test_of_two_steps_with_times_the_earlier_is_first(self, one: Course) -> None:
        """In whatever zones."""
        instants = [str(event.at.instant) for event in events(one)]
        assert instants == sorted(instants)


class TestAsKnown:
    """What is known at a moment is what took place by then."""

    def test_a_day_is_seen_as_a_whole_and_a_time_exactly(self) -> None:
        """What has no time is known from the beginning of its day."""
        one = course(
            Talk("a", at("5T09:00")), Talk("b", at("5T09:01")), Talk("c", at("5")),
            Talk("d", at("6")),
        )  # fmt: skip

        def known(when: LocalMoment) -> str:
            found = as_known(one, when)
            return "".join(talk.id for talk in found.talks) if found else "-"

        assert known(at("5T09:00")) == "ac"
        assert known(at("5T08:59")) == "c"
        assert known(at("5")) == "abc"
        assert known(at("4T23:59")) == ""
        assert known(at("5T14:00", LONDON)) == "ac"

    def test_nothing_is_known_before_it_begins(self) -> None:
        """It begins when it is opened, or with what is entered for an earlier day."""
        one = course(opened_on=date(2026, 3, 5), researched=(at("1"),))
        assert as_known(one, at("4")) is None
        assert as_known(one, at("5")) is not None
        talked = one._replace(talks=(Talk("a", at("3")),))
        booked = one._replace(meetings=(Appointment("m", at("9"), at("3")),))
        for early in (talked, booked):
            assert as_known(early, at("2")) is None
            assert as_known(early, at("3")) is not None

    @pytest.mark.parametrize(
        ("day", "planned", "researched", "evaluated", "turns"),
        [("3", 0, 0, False, 0), ("4", 1, 1, False, 0), ("5", 2, 1, True, 0), ("6", 2, 2, True, 1)],
    )
    def test_plan_research_evaluation_and_turns(
        self, day: str, planned: int, researched: int, evaluated: bool, turns: int
    ) -> None:
        """Each from its own day."""
        one = course(
            planned=(at("4"), at("5")),
            researched=(at("4"), at("6")),
            evaluated=at("5"),
            turns=(Turn("drop", at("6")),),
        )
        found = as_known(one, at(day))
        assert found is not None
        assert len(found.planned) == planned
        assert len(found.researched) == researched
        assert (found.evaluated is not None) == evaluated
        assert len(found.turns) == turns

    def test_a_meeting_as_it_stood(self) -> None:
        """Planned, then confirmed, then ended."""
        meeting = Appointment(
            "m", at("9T10:00"), at("4"), confirmed=at("5"), ended="missed", ended_on=at("6")
        )
        assert meeting_as_known(meeting, at("3")) is None
        assert meeting_as_known(meeting, at("4")) == meeting._replace(
            confirmed=None, ended="", ended_on=None
        )
        assert meeting_as_known(meeting, at("5")) == meeting._replace(ended="", ended_on=None)
        assert meeting_as_known(meeting, at("6")) == meeting

    @given(courses(), moments())
    def test_looking_again_sees_the_same(self, one: Course, when: LocalMoment) -> None:
        """Nothing of what is known is later than the moment."""
        known = as_known(one, when)
        if known is not None:
            assert as_known(known, when) == known
            assert all(event.at.is_by(when) for event in events(known))


class TestLater:
    """A time later is counted as clocks run, whatever they show."""

    def test_over_the_change_of_the_clocks(self) -> None:
        """A day after the last evening of winter it is an hour later."""
        day = timedelta(hours=24)
        assert later(at("7T17:00"), day) == at("8T18:00")
        assert later(at("28T17:00", LONDON), day) == at("29T18:00", LONDON)
        assert later(at("8T18:00"), -day) == at("7T17:00")
        assert later(at("28T17:00"), day) == at("29T17:00")

    def test_of_a_day_whole_days_only(self) -> None:
        """Where the hour is not known, hours do not matter."""
        assert later(at("5"), timedelta(hours=24)) == at("6")
        assert later(at("5"), timedelta(minutes=45)) == at("5")

    def test_beyond_the_calendar_there_is_nothing(self) -> None:
        """A meeting on the last evening there is has no day after."""
        last = LocalMoment.parse("9999-12-31T23:50+00:00[UTC]")
        assert later(last, timedelta(minutes=30)) == last
        assert later(LocalMoment.on(date.max), timedelta(days=1)).date == date.max

    def test_an_end_is_the_beginning_and_the_minutes(self) -> None:
        """Without minutes it is the beginning."""
        assert Talk("t", at("5T15:00"), minutes=45).end == at("5T15:45")
        assert Talk("t", at("5T15:00")).end == at("5T15:00")
        assert Appointment("m", at("5T15:00"), at("1"), minutes=45).end == at("5T15:45")
        assert Appointment("m", at("5T15:00"), at("1")).end == at("5T15:00")

    @given(moments(), st.integers(-5000, 5000))
    def test_there_and_back(self, moment: LocalMoment, minutes: int) -> None:
        """In the same zone, and exactly so long."""
        time = timedelta(minutes=minutes)
        moved = later(moment, time)
        if moment.instant and moved.instant:
            assert moved.instant - moment.instant == time
            assert str(moved).split("[")[1] == str(moment).split("[")[1]
            assert later(moved, -time) == moment


class TestMeetings:
    """A meeting begins and is over by the clock; of an unknown hour, when its day is gone."""

    @pytest.mark.parametrize(
        ("start", "as_of", "begun", "over"),
        [
            ("5T15:00", "5T14:59", False, False),
            ("5T15:00", "5T15:00", True, False),
            ("5T15:00", "5T15:29", True, False),
            ("5T15:00", "5T15:30", True, True),
            ("5T15:00", "5", False, False),
            ("5T15:00", "6", True, True),
            ("5", "5T23:00", False, False),
            ("5", "6T00:00", True, True),
        ],
    )
    def test_begun_and_over(self, start: str, as_of: str, begun: bool, over: bool) -> None:
        """Half an hour long."""
        meeting = Appointment("m", at(start), at("1"), minutes=30)
        assert meeting.has_begun(at(as_of)) == begun
        assert meeting.is_over(at(as_of)) == over
