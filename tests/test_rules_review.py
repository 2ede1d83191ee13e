"""What came of a week, what is open, and what comes next?"""

from __future__ import annotations

import inspect
import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.errors import InvalidError
from netcrm.model.time import LocalMoment
from netcrm.rules import owed_interviews, owed_introductions, owed_people
from netcrm.rules.agenda import AgendaItem
from netcrm.rules.course import Course
from netcrm.rules.due import Due, Person, Touch
from netcrm.rules.lifecycle import Standing
from netcrm.rules.lifecycle import Waiting as Waits
from netcrm.rules.obligations import Facts, Obligation
from netcrm.rules.pace import Aimed, Pace
from netcrm.rules.rates import Needed, Rate
from netcrm.rules.review import (
    CROWD,
    DEEDS,
    LISTED,
    Answered,
    Coming,
    Crowd,
    Owed,
    Waiting,
    WeeklyReview,
    clocks_change,
    crowds,
    deed,
    markdown,
    monday,
    owes,
    reported,
    unanswered,
    week_called,
)
from netcrm.rules.saturation import Saturation

HOME, LONDON = "America/New_York", "Europe/London"
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 8)
ODD = st.text(max_size=40) | st.sampled_from(["🙂" * 50, "שלום", "a\u2028b", "x" * 5000, "*_`#<&|"])


def day(number: int) -> date:
    return date(2026, 3, number)


def on(number: int) -> LocalMoment:
    return LocalMoment.on(day(number))


def at(text: str, zone: str = HOME) -> LocalMoment:
    return LocalMoment.at(datetime.fromisoformat(text), zone)


def a_review(**said: Any) -> WeeklyReview:
    """Return a review of a week in which nothing happened but what is said."""
    empty: dict[str, Any] = {
        "first": FIRST, "last": LAST, "as_of": at("2026-03-08T23:59:59"), "held": (),
        "requests": 0, "replies": 0, "thanked": Rate(0, 0), "reported": Rate(0, 0),
        "new_people": (), "new_fields": {}, "open_requests": 0, "minutes": 0, "insights": 0,
        "to_apply": 0, "objectives": (), "owed": (), "waiting": (), "meetings": (),
        "clocks_change": None, "pace": (), "saturation": Saturation(0, 0, 0, 0, 0),
        "sources": "none answers more often.", "crowds": (), "stale": 0,
    }  # fmt: skip
    return WeeklyReview(**empty | said)


def lines(review: WeeklyReview) -> list[str]:
    return [line[2:] for line in markdown(review).splitlines() if line.startswith("- ")]


def owed(kind: str = "report_back", due: LocalMoment | None = None, **said: Any) -> Obligation:
    filled = {"contact": "ana", "cause": "c", "shown_from": FIRST, "because": "so", **said}
    return Obligation(kind=kind, due=due or on(4), **filled)


# --- the week that is meant


@given(st.dates())
def test_a_week_is_found_again_by_its_name(any_day: date) -> None:
    first = monday(any_day)
    assert first.weekday() == 0
    assert 0 <= (any_day - first).days < 7
    name = a_review(first=first).week
    assert week_called(name) == week_called(f" {name.lower().replace('-', '')} ") == first


@pytest.mark.parametrize("text", ["2026-W54", "2026-W00", "2025-W53", "0000-W01"])
def test_there_is_no_such_week(text: str) -> None:
    with pytest.raises(InvalidError, match="2026-W10"):
        week_called(text)


@given(st.text() | st.sampled_from(["monday", "2026-03-05", "2026-W1x", "٢٠٢٦-W10", "W10"]))
def test_other_texts_are_no_week(text: str) -> None:
    if re.fullmatch(r"\s*[0-9]{4}-?[wW][0-9]{1,2}\s*", text) is None:
        assert week_called(text) is None


def test_a_year_may_have_53_weeks() -> None:
    assert week_called("2026-W53") == date(2026, 12, 28)
    assert a_review(first=date(2025, 12, 29)).week == "2026-W01"


# --- reports back


def test_reports_due_in_the_week_count_when_made_or_late() -> None:
    as_of = at("2026-03-08T23:59:59")
    rows = [
        owed(due=on(2), done=on(2)),  # in time
        owed(due=on(8), done=on(5)),  # in time
        owed(due=on(3), done=on(5)),  # late
        owed(due=on(6)),  # not made, and late
        owed(due=on(8)),  # today is left
        owed(due=on(1), done=on(1)),  # the week before
        owed(due=on(9), done=on(5)),  # the week after
        owed("thank_you", due=on(4), done=on(4)),
        owed(due=on(5), waived=on(3)),  # not to be made after all
    ]
    assert reported(rows, FIRST, LAST, as_of) == Rate(2, 4)


# --- what I owe


def test_what_i_owe_is_what_has_a_name_and_no_waiting() -> None:
    items = [
        AgendaItem(on(3), "thank_you", "ana", "so", late=True, key="k1"),
        AgendaItem(on(3), "follow_up", "ana", "so", key="k2"),
        AgendaItem(on(3), "try_another", "ana", "so", key="k3"),
        AgendaItem(on(3), "interview", "ana", "so"),
        AgendaItem(on(3), "keep_in_touch", "ana", "so"),
        AgendaItem(None, "apply_advice", "", "so", key="k4"),
        AgendaItem(on(4), "commitment", "gone", "so", key="k5"),
    ]
    assert list(owes(items, {"ana": "Ana Ruiz"})) == [
        Owed("thank_you", "Ana Ruiz", on(3), True, "k1"),
        Owed("apply_advice", "", None, False, "k4"),
        Owed("commitment", "gone", on(4), False, "k5"),
    ]


def test_there_are_words_for_every_obligation() -> None:
    source = "".join(map(inspect.getsource, (owed_interviews, owed_people, owed_introductions)))
    assert set(re.findall(r'kind="(\w+)"', source)) == set(DEEDS)


@given(st.sampled_from(sorted(DEEDS)), ODD.filter(bool))
def test_a_deed_names_the_person_whatever_they_are_called(action: str, who: str) -> None:
    assert who in deed(action, who)
    assert deed(action, "") == "apply what you planned to"


# --- what I wait for


def waiting_facts(*waits: Waits, as_of: int = 8, **said: Any) -> Facts:
    courses = tuple(Course(f"i{n}", (f"p{n}",), FIRST) for n in range(len(waits)))
    standings = {f"i{n}": Standing("contacted", waiting=one) for n, one in enumerate(waits)}
    names = {f"p{n}": f"Person {n}" for n in range(9)}
    return Facts(on(as_of), names=names, courses=courses, standings=standings, **said)


YOUNG = Waits(on(6), day(11), day(17), day(26))
LAST_SENT = Waits(on(5), None, None, day(16))


def test_one_waits_first_for_those_asked_first() -> None:
    found = list(unanswered(waiting_facts(YOUNG, LAST_SENT), ()))
    assert found == [
        Waiting("Person 1", day(5), closes=day(16)),
        Waiting("Person 0", day(6), then="try somebody else", on=day(11), closes=day(26)),
    ]


def test_from_the_day_of_trying_another_the_next_step_is_to_write_once_more() -> None:
    (one,) = unanswered(waiting_facts(YOUNG, as_of=11), ())
    assert (one.then, one.on) == ("write once more", day(17))
    (one,) = unanswered(waiting_facts(YOUNG, as_of=10), ())
    assert (one.then, one.on) == ("try somebody else", day(11))


@pytest.mark.parametrize(
    ("kind", "elsewhere", "then"),
    [
        ("try_another", (), "try somebody else"),
        ("try_another", ("p7", "p8"), "try Person 7 or Person 8"),
        ("follow_up", ("p7",), "write once more"),
    ],
)
def test_what_is_to_be_done_comes_before_what_may_be(
    kind: str, elsewhere: tuple[str, ...], then: str
) -> None:
    facts = waiting_facts(YOUNG, as_of=12, elsewhere={"p0": elsewhere})
    to_do = owed(kind, on(12), interview="i0")
    besides = owed("prepare", on(13), interview="i0")
    found = list(unanswered(facts, [to_do, besides]))
    assert [(one.then, one.on) for one in found] == [(then, day(12))]
    for settled in (to_do._replace(done=on(12)), to_do._replace(waived=on(12))):
        (one,) = unanswered(facts, [settled])
        assert (one.then, one.on) == ("write once more", day(17))


def test_one_waits_for_nothing_that_they_asked_me() -> None:
    facts = waiting_facts(YOUNG)
    theirs = tuple(one._replace(initiator="them") for one in facts.courses)
    assert not list(unanswered(facts._replace(courses=theirs), ()))


# --- who is due on one day


def answer(name: str, due: date | None, touch: Touch | None = None) -> Due:
    person = Person(name, name, name, FIRST)
    return Due(person, "not_due", LAST, due, last_touch=touch)


def test_three_on_one_day_are_many_and_the_fullest_day_is_first() -> None:
    touched = Touch(FIRST, "t")
    rows = [answer(name, day(20)) for name in "ba"]
    assert (CROWD, crowds(rows)) == (3, ())
    rows.append(answer("c", day(20), touched))
    rows += [answer(name, day(21), touched) for name in "defg"]
    rows += [answer(name, day(9)) for name in "hij"]
    rows += [answer(name, None) for name in "xyz"]
    assert crowds(rows) == (
        Crowd(day(21), ("d", "e", "f", "g"), 0),
        Crowd(day(9), ("h", "i", "j"), 3),
        Crowd(day(20), ("a", "b", "c"), 2),
    )


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 1, 4)), max_size=12))
def test_nobody_is_in_two_crowds(days: list[date]) -> None:
    found = crowds(answer(str(number), one) for number, one in enumerate(days))
    assert {one.day for one in found} == {one for one in days if days.count(one) >= CROWD}
    for one in found:
        assert list(one.people) == sorted(
            str(number) for number, at in enumerate(days) if at == one.day
        )


# --- the clocks


@pytest.mark.parametrize(
    ("zone", "first", "last", "change"),
    [
        (HOME, day(8), day(15), day(8)),
        (HOME, day(1), day(8), day(8)),
        (HOME, day(9), day(16), None),
        (LONDON, day(8), day(15), None),
        (LONDON, day(29), day(29), day(29)),
        (HOME, date(2026, 10, 25), date(2026, 11, 1), date(2026, 11, 1)),
        ("Asia/Tokyo", date(2026, 1, 1), date(2026, 12, 31), None),
        (HOME, date(9999, 12, 26), date.max, None),
    ],
)
def test_clocks_change_on_a_day(zone: str, first: date, last: date, change: date | None) -> None:
    assert clocks_change(ZoneInfo(zone), first, last) == change


# --- the page


def test_a_full_week_is_one_page() -> None:
    ben = Coming("Ben Ortiz", at("2026-03-10T13:00"), at("2026-03-10T13:00"), "video")
    tom = Coming(
        "Tom Okafor", at("2026-03-11T16:00", LONDON), at("2026-03-11T12:00"), "in_person",
        "22 Baker Street", at("2026-03-11T15:50", LONDON),
    )  # fmt: skip
    vague = Coming("Eva", on(12), on(12), "in_person")
    spring = Pace("Spring", (Aimed("nursing", 1, 3),), 4, 5, 80, 90, 6, 8, 2, Needed(3, 9), day(20))
    review = a_review(
        held=("Priya Nair", "Hannah Wu"), minutes=80, requests=4, replies=3, open_requests=6,
        thanked=Rate(1, 2), new_people=("Tom Okafor",), new_fields={"nursing": 1}, insights=7,
        to_apply=2, objectives=(Answered("What is a day like?", 7),),
        owed=(
            Owed("thank_you", "Hannah Wu", at("2026-03-09T18:30"), False, "k"),
            Owed("report_back", "Janet Kim", on(5), True, "k"),
            Owed("apply_advice", "", None, False, "k"),
        ),
        waiting=(
            Waiting("Amy Fox", day(5), closes=day(16)),
            Waiting("Paul", day(3), then="try Dana", on=day(8), closes=day(23)),
            Waiting("Omar", day(6), then="write once more", on=day(17), closes=day(26)),
            Waiting("Ana", day(4), "send a book", closes=day(20)),
            Waiting("Luis", day(4), "call"),
        ),
        meetings=(ben, tom, vague), clocks_change=day(8), pace=(spring,),
        crowds=(Crowd(day(20), tuple("abcdef"), 2), Crowd(day(21), tuple("xyz"), 0)), stale=4,
    )  # fmt: skip
    page = markdown(review)
    assert page.startswith("# Week 2026-W10, Mon 2 Mar to Sun 8 Mar\n")
    assert lines(review) == [
        "Held 2 (Priya Nair, Hannah Wu), 80 minutes",
        "Asked 4, answers 3, open requests 6",
        "In time: thanks 1 of 2, reports back none due",
        "New people 1 (Tom Okafor); by field: nursing 1",
        "Learned: insights 7, to apply 2",
        "Answers to what you want to know: “What is a day like?” 7",
        "You owe 3: thank Hannah Wu by Mon 9 Mar 18:30, report back to Janet Kim by Thu 5 Mar "
        "(late), apply what you planned to",
        "Waiting for Amy Fox since Thu 5 Mar: last message sent, closes Mon 16 Mar",
        "Waiting for Paul since Tue 3 Mar: try Dana now, closes Mon 23 Mar",
        "Waiting for Omar since Fri 6 Mar: write once more on Tue 17 Mar, closes Thu 26 Mar",
        "Waiting for Ana (send a book) since Wed 4 Mar: promised for Fri 20 Mar",
        "Waiting for Luis (call) since Wed 4 Mar",
        "Clocks change on Sunday, 8 Mar",
        *lines(review)[13:16],
        "Spring: nursing 1 of 3, requests this week 4 of 5, minutes this week 80 of 90, open "
        "requests 6 of 8, 2 more to hold may take 3 to 9 requests, next interview by Fri 20 Mar",
        "Interviews: no interview was held yet",
        "Sources: none answers more often.",
        "Due on Fri 20 Mar: 6 (a, b, c, d, e, 1 more); to spread them: netcrm spread",
        "Contacts going stale: 4; see netcrm due",
    ]
    one, two, three = lines(review)[13:16]
    assert one.startswith("Tue 10 Mar")
    assert one.endswith("13:00: Ben Ortiz, video")
    assert "16:00 London" in two
    assert "12:00 New York" in two
    assert two.endswith(": Tom Okafor, in person, 22 Baker Street, be there by 15:50")
    assert three.startswith("Thu 12 Mar")
    assert three.endswith(": Eva, in person")


def test_an_empty_week_says_so() -> None:
    assert lines(a_review()) == [
        "Held 0, 0 minutes",
        "Asked 0, answers 0, open requests 0",
        "In time: thanks none due, reports back none due",
        "New people 0",
        "Learned: insights 0, to apply 0",
        "You owe 0",
        "Interviews: no interview was held yet",
        "Sources: none answers more often.",
    ]


def test_a_week_that_goes_on_says_how_far_it_is() -> None:
    page = markdown(a_review(as_of=at("2026-03-05T09:00")))
    assert page.startswith("# Week 2026-W10, Mon 2 Mar to Sun 8 Mar, up to Thu 5 Mar\n")


def test_who_was_in_touch_is_not_spread_but_their_rule_can_be() -> None:
    (*_, said) = lines(a_review(crowds=(Crowd(day(20), ("a", "b", "c"), 0),)))
    assert said == "Due on Fri 20 Mar: 3 (a, b, c); to spread them: netcrm rule with --jitter"


def test_a_campaign_without_a_plan_is_under_way() -> None:
    bare = Pace("Spring", (), 3, None, 60, None, 1, None, 0, Needed(0, 0), None)
    assert "Spring: under way" in lines(a_review(pace=(bare,)))


def test_it_stays_one_page_however_much_there_is() -> None:
    names = tuple(f"Person {n}" for n in range(500))
    meeting = Coming("Ben", at("2026-03-10T13:00"), at("2026-03-10T13:00"), "video")
    bare = Pace("Spring", (), 3, None, 60, None, 1, None, 0, Needed(0, 0), None)
    review = a_review(
        held=names, new_people=names, objectives=tuple(Answered(name, 1) for name in names),
        owed=tuple(Owed("thank_you", name, None, False, "k") for name in names),
        waiting=tuple(Waiting(name, FIRST) for name in names), meetings=(meeting,) * 500,
        pace=(bare,) * 500, new_fields=dict.fromkeys(names, 1),
    )  # fmt: skip
    told = lines(review)
    assert len(told) == 9 + 3 * (LISTED + 1)
    assert told.count("and 495 more") == 3
    assert told[0].startswith("Held 500 (Person 0, Person 1, Person 2, Person 3, Person 4, 495 m")
    assert max(map(len, told)) < 300


@given(ODD)
def test_texts_from_outside_are_only_text(text: str) -> None:
    moment = at("2026-03-10T13:00")
    review = a_review(
        held=(text,), new_people=(text,), objectives=(Answered(text, 1),),
        owed=(Owed("thank_you", text, on(3), False, "k"),), waiting=(Waiting(text, FIRST, text),),
        meetings=(Coming(text, moment, moment, "video", text),),
        pace=(Pace(text, (Aimed(text, 0, 1),), 0, 1, 0, 1, 0, 1, 1, Needed(1, None), None),),
        crowds=(Crowd(day(20), (text,) * 3, 3),), sources=" ".join(text.split()),
    )  # fmt: skip
    page = markdown(review)
    assert len(page.split("\n")) == len(markdown(a_review()).split("\n")) + 5
    assert "<" not in page
    assert not re.search(r"(?<!\\)[`*\[|]", page)
