"""Where does an interview stand, and when does silence end it?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.time import BusinessCalendar, LocalMoment, days_later
from netcrm.rules.course import Appointment, Course, Talk, Turn, as_known, events
from netcrm.rules.lifecycle import (
    BEFORE,
    NEXT,
    OPEN,
    FollowUps,
    Routine,
    Stage,
    Standing,
    refusal,
    standing,
)
from tests.test_rules_course import at, course, courses, moments

HOLIDAYS = BusinessCalendar(holidays=frozenset({date(2026, 2, 16), date(2026, 5, 25)}))
LATE = LocalMoment.on(date(2026, 3, 31))
_ENDS = {"cancel": "cancelled", "miss": "missed", "call_off": "called_off"}
KIND = {"follow_up": "follow_up", "hold": "meeting"}

# how to come to stand somewhere, a word for each day
PATHS = {
    "identified": "",
    "researched": "research",
    "contacted": "request",
    "accepted": "request accept",
    "scheduled": "request accept book",
    "missed": "request book miss",
    "held": "request book hold",
    "deferred": "request defer",
    "no_response": "request lapse",
    "declined": "request decline",
    "cancelled": "request book call_off",
    "dropped": "drop",
}
# what may happen there, and where it leads
EDGES = """
identified  research>researched request>contacted accept>accepted book>scheduled hold>held
identified  drop>dropped
researched  research>researched request>contacted accept>accepted book>scheduled hold>held
researched  drop>dropped
contacted   follow_up>contacted accept>accepted book>scheduled hold>held decline>declined
contacted   defer>deferred lapse>no_response drop>dropped
accepted    book>scheduled hold>held decline>declined defer>deferred lapse>no_response drop>dropped
scheduled   book>scheduled hold>held cancel>accepted call_off>cancelled miss>missed
missed      book>scheduled hold>held call_off>cancelled
deferred    request>contacted accept>accepted book>scheduled hold>held decline>declined
deferred    defer>deferred drop>dropped
no_response follow_up>contacted accept>accepted book>scheduled hold>held decline>declined
no_response defer>deferred
declined    accept>accepted
cancelled   accept>accepted
dropped     research>researched request>contacted accept>accepted
"""
ALLOWED = {
    (line.split()[0], *edge.split(">")) for line in EDGES.split("\n") for edge in line.split()[1:]
}
WHATS = (
    "research", "request", "follow_up", "accept", "decline", "defer", "book", "call_off", "hold",
    "lapse", "drop",
)  # fmt: skip


def told(said: str, first: int = 2) -> Course:
    """Return an interview in which these things happened, one each day of March."""
    talks, turns, researched = [], [], []
    meetings: list[Appointment] = []
    for day, what in enumerate(said.split(), start=first):
        on = at(str(day))
        if what == "research":
            researched.append(on)
        elif what == "book":
            meetings.append(Appointment(f"m{day}", at("20"), on))
        elif what in _ENDS and meetings and not meetings[-1].ended:
            meetings[-1] = meetings[-1]._replace(ended=_ENDS[what], ended_on=on)
        elif what in ("lapse", "drop", "call_off"):
            turns.append(Turn(what, on))
        else:
            ways = {"reply": "inbound", "write": "outbound"}
            talks.append(Talk(f"t{day}", on, KIND.get(what, what), ways.get(what, "mutual")))
    return course(
        *talks, turns=tuple(turns), meetings=tuple(meetings), researched=tuple(researched)
    )


def stage(said: str, as_of: LocalMoment | None = None, **how: Any) -> Stage:
    """Return where an interview stands after this."""
    last = at(str(1 + len(said.split()))) if said else at("2")
    return standing(told(said), as_of or last, **how).stage


class TestTable:
    """What may happen where."""

    @pytest.mark.parametrize(("where", "said"), PATHS.items())
    def test_every_stage_can_be_reached(self, where: Stage, said: str) -> None:
        """Shortly."""
        assert stage(said) == where

    def test_the_stages_are_the_listed_ones(self) -> None:
        """And each is either before, open, or over."""
        assert set(NEXT) == set(get_args(Stage)) == set(PATHS)
        assert {"contacted", "accepted", "scheduled", "missed", "deferred"} == OPEN
        assert {"identified", "researched"} == BEFORE
        for where in get_args(Stage):
            assert Standing(stage=where).is_open == (where in OPEN)

    @pytest.mark.parametrize("where", PATHS)
    @pytest.mark.parametrize("what", WHATS)
    def test_what_may_happen_leads_on_and_all_else_is_refused(
        self, where: Stage, what: str
    ) -> None:
        """What is refused is left out, and named."""
        path = f"{PATHS[where]} {what}"
        now = standing(told(path), at(str(1 + len(path.split()))))
        found = {to for here, happens, to in ALLOWED if (here, happens) == (where, what)}
        if what == "research" and not found:
            found = {where}  # it may be done at any time
        if found:
            assert {now.stage} == found
            assert not now.refused
        else:
            assert now.stage == where
            ((event, stood),) = now.refused
            assert (event.what, stood) == (what, where)

    def test_only_a_meeting_that_is_booked_is_cancelled_or_missed(self) -> None:
        """Not one that was held."""
        assert stage("request book cancel") == "accepted"
        assert stage("request book miss") == "missed"
        for ended in ("cancelled", "missed", "called_off"):
            meeting = Appointment("m", at("4"), at("3"), ended=ended, ended_on=at("6"))
            held = Talk("t", at("4"), "meeting")
            now = standing(course(held, meetings=(meeting,)), at("7"))
            assert (now.stage, [stood for _, stood in now.refused]) == ("held", ["held"])

    def test_the_table_is_the_whole_table(self) -> None:
        """No more than that may happen."""
        table = {(here, what, to) for here, nexts in NEXT.items() for what, to in nexts.items()}
        assert table == ALLOWED

    def test_what_does_not_fit_is_told_with_what_does(self) -> None:
        """In words, of the first that does not."""
        now = standing(told("request accept follow_up drop lapse"), at("9"))
        assert refusal(now) == (
            "follow up on 2026-03-04 does not fit: it stands at “accepted” then; "
            "what may come next: plan a meeting, meet, decline, defer, lapse, drop"
        )
        over = standing(told("request hold accept"), at("9"))
        assert refusal(over).endswith("it stands at “held” then; nothing can come after it")
        silent = standing(told("request lapse drop"), at("9"))
        assert "it stands at “no response” then; what may come next: follow up," in refusal(silent)
        assert refusal(standing(told("request"), at("9"))) == ""

    def test_a_meeting_that_another_replaced_cannot_be_cancelled_or_missed(self) -> None:
        """The one that is booked stays booked."""
        old = Appointment("m1", at("9"), at("3"), ended="cancelled", ended_on=at("5"))
        booked = Appointment("m2", at("10"), at("4"))
        for ended in ("cancelled", "missed"):
            now = standing(course(meetings=(old._replace(ended=ended), booked)), at("6"))
            assert (now.stage, now.meeting) == ("scheduled", "m2")
            assert [event.id for event, _ in now.refused] == ["m1"]


class TestNoted:
    """What is kept of the way there."""

    def test_first_of_each_and_how_it_came_to_stand_there(self) -> None:
        """The first answer, acceptance and booking count; the last step tells since when."""
        meeting = Appointment("m1", at("12"), at("6"), ended="cancelled", ended_on=at("7"))
        again = Appointment("m2", at("13"), at("9"))
        talks = (
            Talk("a", at("3"), "request"), Talk("b", at("4"), direction="inbound"),
            Talk("c", at("5"), "accept", "inbound"),
        )  # fmt: skip
        one = course(*talks, Talk("d", at("13"), "meeting"), meetings=(meeting, again))
        now = standing(one, at("14"))
        assert now == Standing(
            stage="held", since=at("13"), fact="d", asked=at("3"), replied=at("4"),
            accepted=at("5"), scheduled=at("6"), held=at("13"), hold="d",
        )  # fmt: skip
        booked = standing(one, at("10"))
        assert (booked.stage, booked.since, booked.fact) == ("scheduled", at("9"), "m2")
        assert booked.meeting == "m2"
        waiting = standing(one, at("8"))
        assert (waiting.stage, waiting.fact, waiting.meeting) == ("accepted", "m1", "")

    def test_booking_at_once_is_an_answer_and_a_yes(self) -> None:
        """Nobody books who did not agree."""
        now = standing(told("request book"), at("3"))
        assert now.replied == now.accepted == now.scheduled == at("3")
        assert standing(told("request accept"), at("3")).replied == at("3")
        assert standing(told("request decline"), at("3")).replied == at("3")

    def test_who_puts_me_off_says_until_when(self) -> None:
        """It is forgotten once they are asked again."""
        talk = Talk("b", at("4"), "defer", "inbound", until=date(2026, 6, 1))
        one = course(Talk("a", at("3"), "request"), talk, Talk("c", at("6"), "request"))
        assert standing(one, at("5")).until == date(2026, 6, 1)
        again = standing(one, at("6"))
        assert (again.stage, again.until, again.asked) == ("contacted", None, at("3"))

    def test_research_while_something_is_going_on_changes_nothing(self) -> None:
        """Neither do messages that decide nothing."""
        for said in ("request accept", "request book", "request hold", "request defer"):
            plain = standing(told(said), at("9"))
            for quiet in ("research", "reply", "write"):
                assert standing(told(f"{said} {quiet}"), at("9")) == plain

    def test_asked_again_one_may_follow_up_again(self) -> None:
        """At most once for each request."""
        said = "request follow_up defer request follow_up"
        now = standing(told(said), at("9"))
        assert (now.stage, now.follow_ups) == ("contacted", (at("6"),))
        assert not now.refused


class TestSilence:
    """While nobody answers: ask somebody else, write once more, then let it be."""

    @pytest.mark.parametrize(
        ("asked", "try_another", "follow_up"),
        [
            ("02-16", "02-20", "02-26"),  # a holiday
            ("02-17", "02-20", "02-26"),
            ("02-18", "02-23", "02-27"),
            ("02-24", "02-27", "03-05"),
            ("03-03", "03-06", "03-12"),
            ("03-10", "03-13", "03-19"),
            ("02-21", "02-26", "03-04"),  # a Saturday
        ],
    )
    def test_three_working_days_and_seven(
        self, asked: str, try_another: str, follow_up: str
    ) -> None:
        """The days of the acceptance story."""
        on = LocalMoment.on(date.fromisoformat(f"2026-{asked}"))
        one = course(Talk("a", on, "request"), opened_on=on.date)
        waiting = standing(one, on, calendar=HOLIDAYS).waiting
        assert waiting is not None
        assert (waiting.since, waiting.try_another, waiting.follow_up) == (
            on, date.fromisoformat(f"2026-{try_another}"), date.fromisoformat(f"2026-{follow_up}"),
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("asked", "followed", "closes"),
        [
            ("02-24", "03-05", "03-16"), ("03-03", "03-12", "03-23"), ("03-10", "03-19", "03-30"),
            ("05-12", "05-21", "06-02"),
        ],
    )  # fmt: skip
    def test_seven_working_days_after_the_last_message_it_is_over(
        self, asked: str, followed: str, closes: str
    ) -> None:
        """Until then it waits, and there is nothing else to do."""
        days = [date.fromisoformat(f"2026-{day}") for day in (asked, followed, closes)]
        first, second = (LocalMoment.on(day) for day in days[:2])
        one = course(Talk("a", first, "request"), Talk("b", second, "follow_up"))
        one = one._replace(opened_on=days[0])
        before = standing(one, LocalMoment.on(days_later(days[2], -1)), calendar=HOLIDAYS)
        assert before.stage == "contacted"
        assert before.waiting == (second, None, None, days[2])
        after = standing(one, LocalMoment.on(days[2]), calendar=HOLIDAYS)
        assert (after.stage, after.since) == ("no_response", LocalMoment.on(days[2]))
        assert (after.waiting, after.fact) == (None, "b")

    def test_who_does_not_write_once_more_waits_as_if_it_were_still_to_come(self) -> None:
        """Seven working days to follow up, and seven more."""
        assert stage("request", LocalMoment.on(date(2026, 3, 19))) == "contacted"
        assert stage("request", LocalMoment.on(date(2026, 3, 20))) == "no_response"

    def test_a_late_answer_opens_it_again(self) -> None:
        """Whatever it is; I may write once more as well, but only once."""
        asked = Talk("a", at("2"), "request")
        for kind, where in {
            "accept": "accepted", "decline": "declined", "defer": "deferred", "meeting": "held",
            "follow_up": "contacted",
        }.items():  # fmt: skip
            assert standing(course(asked, Talk("b", at("25"), kind)), at("26")).stage == where
        sent = Talk("b", at("11"), "follow_up")
        again = standing(course(asked, sent, Talk("c", at("25"), "follow_up")), at("26"))
        assert (again.stage, again.refused[0][1]) == ("no_response", "no_response")

    def test_a_message_of_theirs_ends_the_waiting_and_one_of_mine_begins_it_again(self) -> None:
        """It is open for as long as I owe the next word."""
        asked, answer = Talk("a", at("2"), "request"), Talk("b", at("3"), direction="inbound")
        answered = standing(course(asked, answer), LATE)
        assert (answered.stage, answered.replied, answered.waiting) == ("contacted", at("3"), None)
        wrote = Talk("c", at("4"), direction="outbound")
        waiting = standing(course(asked, answer, wrote), at("5")).waiting
        assert waiting is not None
        assert (waiting.since, waiting.try_another) == (at("4"), date(2026, 3, 9))
        assert standing(course(asked, answer, wrote), LATE).stage == "no_response"
        twice = Talk("d", at("5"), direction="inbound")
        assert standing(course(asked, answer, wrote, twice), LATE).replied == at("3")

    def test_a_note_of_mine_is_no_answer(self) -> None:
        """The waiting goes on."""
        asked = Talk("a", at("2"), "request")
        assert standing(course(asked, Talk("b", at("3"), "note")), LATE).stage == "no_response"

    def test_another_routine(self) -> None:
        """Two messages more, two days apart, and out after one."""
        policy = FollowUps(try_another=1, follow_up=2, most=2, close=1)
        asked, sent = Talk("a", at("2"), "request"), Talk("b", at("4"), "follow_up")
        now = standing(course(asked, sent), at("4"), policy=policy)
        assert now.waiting == (at("4"), None, date(2026, 3, 6), date(2026, 3, 9))
        last = Talk("c", at("6"), "follow_up")
        done = standing(course(asked, sent, last), at("6"), policy=policy)
        assert done.waiting == (at("6"), None, None, date(2026, 3, 9))
        assert done.follow_ups == (at("4"), at("6"))
        never = standing(course(asked), at("2"), policy=FollowUps(most=0))
        assert never.waiting == (at("2"), None, None, date(2026, 3, 11))

    def test_a_routine_of_an_interview_goes_before_the_usual_one(self) -> None:
        """With the working days that it knows."""
        asked = course(Talk("a", LocalMoment.on(date(2026, 2, 16)), "request"))
        asked = asked._replace(opened_on=date(2026, 2, 16))
        day = LocalMoment.on(date(2026, 2, 17))
        usual = Routine(HOLIDAYS).standing(asked, day).waiting
        assert usual == standing(asked, day, calendar=HOLIDAYS).waiting
        own = Routine(follow_ups=lambda course: FollowUps(try_another=1)).standing(asked, day)
        assert own.waiting is not None
        assert own.waiting.try_another == date(2026, 2, 17)

    @given(courses(), st.integers(0, 40), st.integers(0, 40))
    def test_only_silence_moves_what_nothing_happens_to(
        self, one: Course, days: int, more: int
    ) -> None:
        """After the last fact the one change there is is from contacted to no response."""
        then = LocalMoment.on(days_later(date(2026, 3, 12), days))
        later = LocalMoment.on(days_later(then.date, more))
        before, after = standing(one, then).stage, standing(one, later).stage
        assert before == after or (before, after) == ("contacted", "no_response")


class TestAnyCourse:
    """Whatever is said to have happened, in whatever order."""

    @given(courses(), moments() | st.just(LATE))
    def test_the_stage_is_one_of_the_listed(self, one: Course, when: LocalMoment) -> None:
        """What it came by is kept where it applies, and nowhere else."""
        now = standing(one, when)
        assert now.stage in get_args(Stage)
        assert (now.stage == "held") == (now.held is not None) == bool(now.hold)
        assert (now.stage == "scheduled") == bool(now.meeting)
        assert now.until is None or now.stage == "deferred"
        assert now.waiting is None or now.stage == "contacted"
        assert len(now.follow_ups) <= FollowUps().most
        assert (now.since is None) == (now.stage == "identified")

    @given(courses(), st.integers(0, 3))
    def test_follow_ups_are_no_more_than_allowed(self, one: Course, most: int) -> None:
        """For each request."""
        assert len(standing(one, LATE, policy=FollowUps(most=most)).follow_ups) <= most

    @given(courses())
    def test_every_step_counts_is_quiet_or_is_refused(self, one: Course) -> None:
        """What is refused is named with where it stood; without it the rest leads to the same."""
        now = standing(one, LATE)
        made = events(one)
        assert all(event in made for event, _ in now.refused)
        for event, stood in now.refused:
            assert event.what not in ("research", "reply", "write")
            fits = event.what in NEXT[stood]
            assert not fits or event.what in ("follow_up", "cancel", "miss")
        if not now.refused:
            assert refusal(now) == ""
        ids = {event.id for event, _ in now.refused if event.id.startswith("t")}
        talks = tuple(talk for talk in one.talks if talk.id not in ids)
        without = standing(one._replace(talks=talks), LATE)
        vague = any(event.at.local is None for event in made)
        assert vague or without.stage == now.stage

    @given(courses(), moments())
    def test_what_comes_later_changes_nothing(self, one: Course, when: LocalMoment) -> None:
        """Looking back gives what was seen then."""
        known = as_known(one, when)
        if known is None:
            assert standing(one, when) == Standing()
        else:
            assert standing(known, when) == standing(one, when)

    @given(courses(), st.sampled_from(("accept", "meeting", "request", "decline")), moments())
    def test_a_fact_of_tomorrow_is_not_known_today(
        self, one: Course, kind: str, when: LocalMoment
    ) -> None:
        """Not even a little."""
        tomorrow = LocalMoment.on(days_later(when.date, 1))
        more = one._replace(talks=(*one.talks, Talk("later", tomorrow, kind)))
        assert standing(more, when) == standing(one, when)

    def test_of_a_day_what_has_happened_by_the_minute(self) -> None:
        """And all of it where the day is seen as a whole."""
        one = course(
            Talk("a", at("5T09:00"), "request"), Talk("b", at("5T12:00"), "accept", "inbound")
        )
        seen = {
            clock: standing(one, at(clock)).stage
            for clock in ("5T08:59", "5T09:00", "5T11:59", "5T12:00", "5", "4")
        }
        assert list(seen.values()) == [
            "identified", "contacted", "contacted", "accepted", "accepted", "identified",
        ]  # fmt: skip

    @given(moments(), st.integers(1, 2000))
    def test_working_days_count_from_the_day_where_i_wrote(
        self, when: LocalMoment, minutes: int
    ) -> None:
        """Looking at it a little later changes nothing."""
        one = course(Talk("a", when, "request"), opened_on=when.date)
        first = standing(one, when).waiting
        assert first is not None
        assert first.try_another == BusinessCalendar().add(when.date, 3)
        if when.instant:
            soon = LocalMoment.of(when.instant + timedelta(minutes=minutes), "UTC")
            assert standing(one, soon).waiting == first
