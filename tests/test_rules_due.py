"""Who is due, and why? By example."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from netcrm.model.cadence import Adjustment, AdjustmentKind, Cadence, Selector
from netcrm.model.time import BusinessCalendar, Interval, parse_day
from netcrm.rules.due import Booking, Due, Person, Touch, due, hold_back, select

JUNETEENTH = BusinessCalendar(holidays=frozenset({date(2026, 6, 19)}))
ADDED = date(2026, 2, 16)
ANA = Person(id="ana", name="Ana", handle="ana", added_on=ADDED)


def rule(every: str | None, selector: str = "all", **fields: Any) -> Cadence:
    """Return a rule, said in short."""
    rhythm = Interval.parse(every) if every else None
    id_ = fields.pop("id", "r1")
    return Cadence(id=id_, selector=Selector.parse(selector), every=rhythm, **fields)


def made(kind: AdjustmentKind, on: str | None, made_on: str, id_: str = "a1") -> Adjustment:
    """Return a decision about Ana, said in short."""
    day = parse_day(on) if on else None
    return Adjustment(id=id_, kind=kind, contact="ana", on=day, made_on=parse_day(made_on))


def ask(as_of: str, every: str | Cadence, last: str = "", **facts: Any) -> Due:
    """Return the answer about Ana on a day."""
    touch = (
        Touch(on=parse_day(last), id="m1", unanswered=facts.pop("unanswered", 0)) if last else None
    )
    cadence = every if isinstance(every, Cadence) else rule(every)
    return due(ANA, as_of=parse_day(as_of), cadences=[cadence], last_touch=touch, **facts)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("2026-03-05", "2026-06-05"),
        ("2026-03-06", "2026-06-08"),  # 6 June is a Saturday
        ("2026-03-09", "2026-06-09"),
        ("2026-03-12", "2026-06-12"),
        ("2026-03-19", "2026-06-22"),  # 19 June is a holiday
        ("2026-03-24", "2026-06-24"),
        ("2026-04-01", "2026-07-01"),
        ("2026-04-06", "2026-07-06"),
    ],
)
def test_three_months_after_the_last_touch_on_a_working_day(last: str, expected: str) -> None:
    """The people of the acceptance story, every three months."""
    answer = ask("2026-04-10", "3 months", last, calendar=JUNETEENTH)
    assert (answer.due, answer.status) == (parse_day(expected), "not_due")


@pytest.mark.parametrize(
    ("as_of", "status", "urgency"),
    [
        ("2026-06-05", "not_due", 0),
        ("2026-06-08", "due", 0),
        ("2026-07-05", "due", 27 / 91.3125),
        ("2026-07-06", "due", 28 / 91.3125),
        ("2026-07-07", "overdue", 29 / 91.3125),
    ],
)
def test_due_then_late_then_too_late(as_of: str, status: str, urgency: float) -> None:
    """Every three months, at most four: due on 8 June, fine until 6 July, overdue on the 7th."""
    interviewees = rule("3 months", grace=Interval.parse("4 months"))
    answer = ask(as_of, interviewees, "2026-03-06")
    assert (answer.status, answer.grace_end) == (status, date(2026, 7, 6))
    assert answer.urgency == pytest.approx(urgency)


def test_urgency_is_lateness_in_rhythms() -> None:
    """Twelve days late on a rhythm of thirty is 0.40, and is said so."""
    answer = ask("2026-04-13", rule("30 days", roll="none"), "2026-03-02")
    assert answer.urgency == 0.4
    said = answer.reasons[-1]
    assert (said.code, said.text, said.value) == (
        "urgency", "12 days late on a rhythm of 30 days", "0.40",
    )  # fmt: skip


def test_without_grace_one_is_overdue_the_day_after() -> None:
    """Weekly is weekly."""
    assert ask("2026-03-09", "1 week", "2026-03-02").status == "due"
    assert ask("2026-03-10", "1 week", "2026-03-02").status == "overdue"


def test_somebody_never_contacted_is_due_from_the_day_they_were_added() -> None:
    """And has one rhythm of time. The rule, or a spread, may begin later."""
    assert ask("2026-02-16", "1 month").due == ADDED
    assert ask("2026-02-16", "1 month").grace_end == date(2026, 3, 16)
    later = rule("1 month", since=date(2026, 2, 18))
    assert ask("2026-02-18", later).due == date(2026, 2, 18)
    spread = [made("start", "2026-02-24", "2026-02-16")]
    assert ask("2026-02-18", "1 month", adjustments=spread).due == date(2026, 2, 24)
    assert ask("2026-02-18", "1 month", "2026-02-17", adjustments=spread).due == date(2026, 3, 17)


def test_a_touch_counts_from_its_own_day_even_before_one_was_added() -> None:
    """Who was written to a year ago and entered today is late, not new."""
    answer = ask("2026-02-16", "1 month", "2025-02-14")
    assert (answer.due, answer.status) == (date(2025, 3, 14), "overdue")


@pytest.mark.parametrize(
    ("roll", "weekdays", "expected"),
    [
        ("following", set(), "2026-06-08"),
        ("preceding", set(), "2026-06-05"),
        ("none", set(), "2026-06-06"),
        ("following", {3}, "2026-06-11"),
        ("preceding", {3}, "2026-06-04"),
        ("following", {6}, "2026-06-07"),
        ("none", {1}, "2026-06-09"),
    ],
)
def test_a_rule_may_say_on_which_days(roll: str, weekdays: set[int], expected: str) -> None:
    """6 June 2026 is a Saturday: the working day after or before it, or a chosen weekday."""
    chosen = rule("3 months", roll=roll, weekdays=weekdays)
    assert ask("2026-04-10", chosen, "2026-03-06").due == parse_day(expected)


def test_weekly_people_do_not_depend_on_the_clocks() -> None:
    """The clocks change on 8 March in New York: a week is seven days all the same."""
    assert ask("2026-03-02", "1 week", "2026-03-04").due == date(2026, 3, 11)


@pytest.mark.parametrize(
    ("unanswered", "expected"),
    [(0, 30), (1, 30), (2, 60), (3, 120), (4, 120), (10**9, 120)],
)
def test_backoff_doubles_the_rhythm_twice_at_most(unanswered: int, expected: int) -> None:
    """One message without an answer is nothing; the second doubles, the third doubles again."""
    patient = rule("30 days", backoff=True, roll="none")
    answer = ask("2026-03-03", patient, "2026-03-02", unanswered=unanswered)
    assert answer.due == date(2026, 3, 2) + timedelta(days=expected)
    late = ask("2026-12-01", patient, "2026-03-02", unanswered=unanswered)
    assert late.due is not None
    assert late.urgency == (late.as_of - late.due).days / expected


def test_one_unanswered_message_is_no_reason_to_wait() -> None:
    """Only what changes the answer is said."""
    patient = rule("30 days", backoff=True)
    for unanswered, said in ((1, False), (2, True)):
        answer = ask("2026-03-03", patient, "2026-03-02", unanswered=unanswered)
        assert ("backoff" in {reason.code for reason in answer.reasons}) is said


def test_an_answer_may_make_due_earlier_with_backoff() -> None:
    """Why invariant 3 speaks of outbound touches: the reply ends the waiting."""
    patient = rule("30 days", backoff=True)
    silent = ask("2026-03-10", patient, "2026-03-02", unanswered=3).due
    replied = ask("2026-03-10", patient, "2026-03-10", unanswered=0).due
    assert silent is not None
    assert replied is not None
    assert replied < silent


def test_a_meeting_in_time_covers() -> None:
    """You meet before it is late: nothing to do. Later than that, or over, it does not count."""

    def meet(on: str) -> Due:
        booking = [Booking(on=parse_day(on), id="b")]
        return ask("2026-06-10", interviewees, "2026-03-06", bookings=booking)

    interviewees = rule("3 months", grace=Interval.parse("4 months"))
    assert meet("2026-06-10").status == meet("2026-07-06").status == "covered"
    assert meet("2026-06-09").status == meet("2026-07-07").status == "due"
    said = {reason.code: reason.text for reason in meet("2026-07-07").reasons}
    assert said["booking"] == "you meet, but later than the grace"


def test_the_first_meeting_that_covers_is_the_reason() -> None:
    """In whatever order they were planned."""
    bookings = [Booking(on=date(2026, 3, day), id=f"b{day}") for day in (20, 10, 15)]
    answer = ask("2026-03-12", "3 months", "2026-03-06", bookings=bookings)
    assert [r.facts for r in answer.reasons if r.code == "booking"] == [("b15",)]


def test_people_of_one_rule_come_due_on_different_days_with_jitter() -> None:
    """Up to a tenth of a hundred days earlier or later, not all at once."""
    spread = rule("100 days", jitter=0.1, roll="none")
    touch = Touch(on=date(2026, 3, 1), id="m")
    shifts = set()
    for number in range(300):
        person = ANA._replace(id=f"p{number}")
        answer = due(person, as_of=touch.on, cadences=[spread], last_touch=touch)
        assert answer.due is not None
        shifts.add((answer.due - touch.on).days - 100)
    assert shifts == set(range(-10, 11))
    assert answer.due == date(2026, 6, 8)  # the last person's: the same on every machine


def test_a_placeholder_that_can_be_reached_is_due_like_anybody() -> None:
    """Somebody in HR with an address can be written to; somebody without cannot."""
    for reachable, status in ((True, "due"), (False, "suppressed")):
        someone = ANA._replace(is_placeholder=True, reachable=reachable)
        assert due(someone, as_of=ADDED, cadences=[rule("1 week")]).status == status


def test_snooze_pause_and_date_are_applied_in_this_order() -> None:
    """A date that was set beats a snooze, and a pause beats both, so that it is never cut short."""
    snooze = made("snooze", "2026-08-03", "2026-03-10", "a1")
    once = made("next_touch", "2026-06-20", "2026-03-10", "a2")
    pause = made("pause", "2026-07-01", "2026-03-10", "a3")
    expected = [("2026-08-03", [snooze]), ("2026-06-20", [snooze, once])]
    expected += [("2026-07-01", [snooze, once, pause]), ("2026-06-08", [])]
    for day, decisions in expected:
        answer = ask("2026-04-10", "3 months", "2026-03-06", adjustments=decisions)
        assert answer.due == parse_day(day)


def test_the_last_decision_of_a_kind_holds() -> None:
    """By the day it was made, then by id; a pause that ends today is over."""
    first, second = (
        made("pause", None, "2026-03-10"),
        made("pause", "2026-04-10", "2026-03-11", "a0"),
    )
    for decisions in ([first, second], [second, first]):
        assert ask("2026-03-10", "1 month", adjustments=decisions).status == "paused"
        assert ask("2026-04-09", "1 month", adjustments=decisions).status == "paused"
        assert ask("2026-04-10", "1 month", adjustments=decisions).due == date(2026, 4, 10)


def test_on_one_day_ids_tell_what_came_first() -> None:
    """The later of two snoozes holds; a touch clears one made before it on the same day."""
    one, other = (
        made("snooze", "2026-08-03", "2026-03-06"),
        made("snooze", "2026-07-01", "2026-03-06", "a2"),
    )
    for decisions in ([one, other], [other, one]):
        answer = ask("2026-03-06", "1 month", adjustments=decisions)
        assert answer.due == date(2026, 7, 1)
    snooze = made("snooze", "2026-08-03", "2026-03-06", "l1")
    later = made("snooze", "2026-08-03", "2026-03-06", "n1")
    assert ask("2026-03-06", "3 months", "2026-03-06", adjustments=[snooze]).due == date(2026, 6, 8)
    assert ask("2026-03-06", "3 months", "2026-03-06", adjustments=[later]).due == date(2026, 8, 3)


@pytest.mark.parametrize("way", ["following", "preceding"])
def test_nothing_is_due_before_the_day_that_was_said(way: str) -> None:
    """1 August 2026 is a Saturday: even a rule that rolls back keeps a snooze and a pause."""
    kind: AdjustmentKind
    for kind in ("snooze", "pause"):
        decisions = [made(kind, "2026-08-01", "2026-03-10")]
        answer = ask("2026-04-10", rule("3 months", roll=way), "2026-03-06", adjustments=decisions)
        assert answer.due == (date(2026, 8, 3) if way == "following" else date(2026, 8, 1))


def test_a_pause_gives_its_reason() -> None:
    """Also one that moves nothing, because the rhythm is longer."""
    short = made("pause", "2026-05-01", "2026-03-10")
    answer = ask("2026-04-10", "3 months", "2026-03-06", adjustments=[short])
    assert (answer.status, answer.due) == ("paused", date(2026, 6, 8))
    assert answer.reasons[-1].text == "paused until 2026-05-01"
    assert answer.reasons[-1].facts == ("a1",)


def test_the_reasons_tell_the_whole_story() -> None:
    """Each step with its value and the facts behind it."""
    decisions = [made("snooze", "2026-06-27", "2026-03-10")]
    answer = ask("2026-07-01", rule("3 months", name="Alumni"), "2026-03-06", adjustments=decisions)
    assert [(reason.code, reason.value, reason.facts) for reason in answer.reasons] == [
        ("rule", "every 3 months", ("r1",)),
        ("last_touch", "2026-03-06", ("m1",)),
        ("raw", "2026-06-06", ()),
        ("rolled", "2026-06-08", ()),
        ("snooze", "2026-06-29", ("a1",)),
        ("urgency", "0.02", ()),
    ]
    assert "Alumni" in answer.reasons[0].text


@pytest.mark.parametrize("every", ["100 years", "1 day"])
@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_days_like_any_other(day: date, every: str) -> None:
    """Year 1 and year 9999 give an answer, with jitter, grace and all."""
    patient = rule(every, backoff=True, jitter=0.25, grace=Interval.parse("100 years"))
    for id_ in "abcdef":
        person = ANA._replace(id=id_, added_on=day)
        for touch in (None, Touch(on=day, id="m", unanswered=9)):
            assert due(person, as_of=day, cadences=[patient], last_touch=touch).due is not None


def test_the_list_has_the_most_urgent_first() -> None:
    """A week late weekly comes before a month late yearly; then the earlier date, then the name."""
    weekly, yearly = (
        rule("1 week", "tag:w", roll="none"),
        rule("1 year", "all", roll="none", id="y"),
    )
    day = date(2026, 4, 1)
    people = [
        ("d", "Dora", "", "2025-03-01"),
        ("c", "Carl", "w", "2026-03-18"),
        ("b", "Bea", "", "2025-04-01"),
        ("a", "Abe", "", "2025-04-01"),
        ("e", "Eve", "", "2025-04-02"),
        ("f", "Fay", "", "2025-04-09"),
    ]
    answers = [
        due(
            Person(id=id_, name=name, handle=id_, added_on=ADDED, tags=frozenset({tag})),
            as_of=day,
            cadences=[weekly, yearly],
            last_touch=Touch(on=parse_day(last), id="m"),
        )
        for id_, name, tag, last in people
    ]
    assert [a.person.name for a in select(answers)] == ["Carl", "Dora", "Abe", "Bea"]
    ahead = select(answers, within=timedelta(days=7))
    assert [a.person.name for a in ahead] == ["Carl", "Dora", "Abe", "Bea", "Eve"]
    assert [a.held_back for a in hold_back(ahead, 2)] == [False, False, True, True, False]
    assert [a.held_back for a in hold_back(ahead[::-1], 2)] == [False, False, False, True, True]
    assert [a.is_actionable for a in hold_back(ahead, 2)] == [True, True, False, False, False]
