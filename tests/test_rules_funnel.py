"""What becomes of my requests? By the story of 22 requests, and by rules for any."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.errors import InvalidError
from netcrm.model.contact import SOURCES
from netcrm.model.time import BusinessCalendar
from netcrm.rules.funnel import (
    CUTS,
    UNKNOWN,
    Funnel,
    Tally,
    cut,
    funnel,
    grouped,
    held_per_week,
    matured,
    no_better,
    ranked,
)
from netcrm.rules.rates import Rate

MONDAY = date(2026, 2, 16)
FREE: Any = {MONDAY}
HOLIDAYS = BusinessCalendar(holidays=FREE)
STAGES = ("requested", "replied", "accepted", "scheduled", "held")
ENDS = ("held", "declined", "deferred", "no_response", "cancelled", "dropped", "open")
COUNTS = (*STAGES, *ENDS[1:], "walk_ins", "theirs", "follow_ups", "gained", "minutes")

# month/day of: asked, followed up, answered, held; then source, channel, fields, minutes
STORY = """
2/17 -    2/17 2/20 family_friend            phone            social-work          30 yes
2/16 -    2/16 2/21 neighbour                in_person        counseling           45 yes
2/18 -    2/18 2/24 family                   phone            social-work          30 yes
2/17 -    2/19 2/26 faculty                  email            clinical-psychology  30 yes
2/18 2/27 2/28 3/5  family_friend            email            psychiatry           20 yes
2/24 -    2/25 3/4  alumni_database          email            psychiatry           30 late
2/24 3/5  3/6  3/12 alumni_database          linkedin_message clinical-psychology  20 yes
2/24 -    2/26 3/9  alumni_database          email            social-work          30 yes
2/24 -    2/27 declined    alumni_database   email            counseling           0  -
2/24 3/5  -    no_response alumni_database   email            psychiatry           0  -
3/3  3/12 -    no_response alumni_database   email            clinical-psychology  0  -
3/3  3/12 -    no_response linkedin          linkedin_message counseling           0  -
3/3  -    3/5  cancelled   linkedin          linkedin_message clinical-psychology  0  -
3/10 -    3/12 deferred    linkedin          linkedin_message psychiatry           0  -
3/10 3/19 -    no_response linkedin          linkedin_message social-work          0  -
3/3  3/12 -    no_response chamber_of_commerce      phone     counseling           0  -
3/10 3/19 -    no_response professional_association email     psychiatry           0  -
2/23 -    2/24 3/3  referral                 email            clinical-psychology  30 yes
2/25 -    2/27 declined    referral          email            social-work          0  -
2/23 -    2/25 3/10 referral                 email            counseling           30 yes
3/6  -    3/11 3/24 referral                 email            psychiatry           25 yes
3/11 -    3/13 3/19 referral                 email            counseling           30 yes
"""


def day(said: str) -> date | None:
    """Return a day of 2026, or none."""
    if "/" not in said:
        return None
    month, number = said.split("/")
    return date(2026, int(month), int(number))


def told(line: str) -> Tally:
    """Return one line of the story as it stood at its end."""
    asked, followed, answered, end, source, channel, field, minutes, thanked = line.split()
    held = day(end)
    return Tally(
        asked=day(asked),
        follow_ups=tuple(filter(None, [day(followed)])),
        replied=day(answered),
        accepted=day(answered) if held or end == "cancelled" else None,
        scheduled=day(answered) if held or end == "cancelled" else None,
        held=held,
        outcome="held" if held else end,
        source=source,
        channel=channel,
        fields=(field,),
        referred=source == "referral",
        degree=2 if source == "referral" else 1,
        thanked_in_time={"yes": True, "late": False}.get(thanked),
        minutes=int(minutes),
        campaign="spring",
    )


def changed(row: Tally, **values: Any) -> Tally:
    """Return a row with other values, named as they come."""
    return row._replace(**values)


def as_it_stood(row: Tally, as_of: date) -> Tally:
    """Return a row without what was still to come."""
    sent = tuple(on for on in row.follow_ups if on <= as_of)
    days = {stage: getattr(row, stage) for stage in STAGES[1:]}
    gone = dict.fromkeys(stage for stage, on in days.items() if on and on > as_of)
    return changed(row, **gone, follow_ups=sent, outcome="contacted")


ROWS = [told(line) for line in STORY.strip().splitlines()]

DAYS = st.dates(date(2026, 2, 9), date(2026, 4, 12))
MAYBE = st.none() | DAYS
TALLIES = st.builds(
    Tally,
    asked=MAYBE,
    follow_ups=st.lists(DAYS, max_size=2).map(tuple),
    replied=MAYBE,
    accepted=MAYBE,
    scheduled=MAYBE,
    held=MAYBE,
    outcome=st.sampled_from(
        [*ENDS[:-1], "identified", "contacted", "accepted", "scheduled", "missed", "odd\0"]
    ),
    initiator=st.sampled_from(["me", "me", "me", "them"]),
    source=st.sampled_from([*SOURCES, "carrier pigeon"]),
    channel=st.sampled_from(["email", "phone"]),
    fields=st.lists(st.sampled_from(["law", "design", "music"]), max_size=4).map(tuple),
    referred=st.booleans(),
    degree=st.none() | st.integers(1, 3),
    thanked_in_time=st.none() | st.booleans(),
    minutes=st.integers(0, 60),
    campaign=st.sampled_from(["", "spring"]),
)
MANY = st.lists(TALLIES, max_size=25)


def counts(found: Funnel) -> Counter[str]:
    """Return all that can be added up."""
    return Counter({name: getattr(found, name) for name in COUNTS}) + Counter(
        waits=len(found.waits), thanked=found.thanked.k, thanks_due=found.thanked.n
    )


@pytest.mark.parametrize(
    ("group", "expected", "rate"),
    [
        ("all", (22, 16, 13, 12, 2, 1, 6, 1), "16 of 22, 73 % [52, 87]"),
        ("inner circle", (5, 5, 5, 5, 0, 0, 0, 0), "5 of 5, 100 % [57, 100]"),
        ("referral", (5, 5, 4, 4, 1, 0, 0, 0), "5 of 5, 100 % [57, 100]"),
        ("alumni", (6, 4, 3, 3, 1, 0, 2, 0), "4 of 6, 67 % [30, 90]"),
        ("social media", (4, 2, 1, 0, 0, 1, 2, 1), "2 of 4, 50 % [15, 85]"),
        ("cold", (2, 0, 0, 0, 0, 0, 2, 0), "0 of 2, 0 % [0, 66]"),
    ],
)
def test_what_became_of_22_requests(group: str, expected: tuple[int, ...], rate: str) -> None:
    found = {"all": funnel(ROWS), **cut(ROWS, "origin")}[group]
    columns = (
        "requested", "replied", "accepted", "held", "declined", "deferred", "no_response",
        "cancelled",
    )  # fmt: skip
    assert tuple(getattr(found, name) for name in columns) == expected
    assert str(found.reply_rate) == rate


def test_the_numbers_of_the_whole_story() -> None:
    found = funnel(ROWS)
    assert str(found.held_rate) == "12 of 22, 55 % [35, 73]"
    assert found.accept_rate == Rate(13, 22)
    assert (found.median_wait, found.long_wait) == (2, 10)
    assert (found.follow_ups, found.gained) == (8, 2)
    assert str(found.thanked) == "11 of 12, 92 % [65, 99]"
    assert held_per_week(ROWS, MONDAY, 8) == (2, 2, 3, 3, 1, 1, 0, 0)
    assert (found.scheduled, found.open, found.dropped) == (13, 0, 0)
    assert (found.walk_ins, found.theirs, found.minutes) == (0, 0, 350)


def test_the_story_cut_in_other_ways() -> None:
    fields = {name: (one.requested, one.held) for name, one in cut(ROWS, "field").items()}
    assert fields == {
        "clinical-psychology": (5, 3),
        "counseling": (6, 3),
        "psychiatry": (6, 3),
        "social-work": (5, 3),
    }
    assert {name: one.held for name, one in cut(ROWS, "degree").items()} == {"1": 8, "2": 4}
    assert {name: one.requested for name, one in cut(ROWS, "week").items()} == {
        "2026-02-16": 5, "2026-02-23": 8, "2026-03-02": 5, "2026-03-09": 4,
    }  # fmt: skip
    channels = {name: one.requested for name, one in cut(ROWS, "channel").items()}
    assert channels == {"email": 13, "in_person": 1, "linkedin_message": 5, "phone": 3}
    assert cut(ROWS, "source")["family_friend"] == funnel([ROWS[0], ROWS[4]])
    sent = {name: one.reply_rate for name, one in cut(ROWS, "follow_ups").items()}
    assert sent == {"0": Rate(14, 14), "1": Rate(2, 8)}
    assert cut(ROWS, "campaign") == {"spring": funnel(ROWS)}


def test_rates_while_running_count_only_those_who_had_the_time() -> None:
    """On 6 March: who answered on day 10, after the follow-up, was not in time."""
    today = date(2026, 3, 6)
    known = [as_it_stood(row, today) for row in ROWS if row.asked and row.asked <= today]
    found = {
        name: matured(rows, today, calendar=HOLIDAYS)
        for name, rows in grouped(known, "origin").items()
    }
    assert found == {
        "alumni": Rate(3, 5),
        "referral": Rate(3, 3),
        "inner circle": Rate(4, 5),
        "social media": Rate(0, 0),
        "cold": Rate(0, 0),
    }
    assert [round(rate.shrunk, 3) for rate in found.values()] == [0.571, 0.5, 0.714, 0.8, 0.5]
    assert str(found["cold"]) == "no data"


def test_a_request_has_had_its_time_on_the_seventh_working_day() -> None:
    """Asked on a holiday: its day is Tuesday 17 February, the seventh after it the 26th."""
    row = Tally(asked=MONDAY, replied=date(2026, 2, 26))
    assert matured([row], date(2026, 2, 25), calendar=HOLIDAYS) == Rate(0, 0)
    assert matured([row], date(2026, 2, 26), calendar=HOLIDAYS) == Rate(1, 1)
    late = row._replace(replied=date(2026, 2, 27))
    assert matured([late], date(2026, 2, 27), calendar=HOLIDAYS) == Rate(0, 1)
    assert matured([row], date(2026, 2, 26)) == Rate(0, 1)  # without holidays it was the 25th
    assert matured([late], date(2026, 2, 27), within=8, calendar=HOLIDAYS) == Rate(1, 1)


def test_groups_that_overlap_are_not_ranked() -> None:
    """In the story no group of sources is surely better than any other."""
    groups = cut(ROWS, "origin")
    assert no_better(groups["alumni"], groups["social media"])
    assert no_better(groups["referral"], groups["cold"])
    assert ranked(groups) == "none answers more often than another, as far as one can tell."
    assert ranked({}) == ranked(groups)


def test_groups_apart_are_ranked_the_best_first() -> None:
    def some(replied: int, of: int) -> Funnel:
        return attrs.evolve(funnel([]), requested=of, replied=replied)

    groups = {"cold": some(0, 30), "": some(12, 30), "warm": some(29, 30), "new": some(1, 2)}
    assert ranked(groups) == (
        "warm answers more often than cold or unknown; unknown answers more often than cold."
    )
    assert not no_better(groups["warm"], groups["cold"])


@given(st.dictionaries(st.sampled_from("abcdef"), st.tuples(*[st.integers(0, 30)] * 2)))
def test_the_sentence_ranks_all_that_are_apart_and_no_others(sizes: dict[str, Any]) -> None:
    rates = {name: Rate(min(size), max(size)) for name, size in sizes.items()}
    groups = {
        name: attrs.evolve(funnel([]), requested=rate.n, replied=rate.k)
        for name, rate in rates.items()
    }
    said = set()
    for sentence in ranked(groups).removesuffix(".").split("; "):
        better, _, worse = sentence.partition(" answers more often than ")
        said |= {(better, name) for name in worse.split(" or ")}
    assert said - {("none", "another, as far as one can tell")} == {
        (one, other) for one in rates for other in rates if rates[one].low > rates[other].high
    }


@given(MANY)
def test_no_stage_holds_more_than_the_one_before_in_any_cut(rows: list[Tally]) -> None:
    """Invariant 28."""
    for found in (funnel(rows), *(one for by in CUTS for one in cut(rows, by).values())):
        reached = [getattr(found, stage) for stage in STAGES]
        assert reached == sorted(reached, reverse=True)


@given(MANY)
def test_every_request_ends_in_one_way_or_is_open(rows: list[Tally]) -> None:
    found = funnel(rows)
    assert sum(getattr(found, end) for end in ENDS) == found.requested


@given(MANY)
def test_the_groups_of_a_cut_add_up_to_the_whole(rows: list[Tally]) -> None:
    """Invariant 30; by field, to the whole with an interview for each field of an interview."""
    for by in CUTS:
        whole = rows
        if by == "field":
            whole = [row for row in rows for _ in set(row.fields) or {UNKNOWN}]
        total: Counter[str] = sum((counts(one) for one in cut(rows, by).values()), Counter())
        assert total == counts(funnel(whole))


@given(MANY, st.randoms())
def test_the_order_of_interviews_does_not_matter(rows: list[Tally], random: Any) -> None:
    mixed = random.sample(rows, len(rows))
    assert funnel(mixed) == funnel(rows)
    for by in CUTS:
        assert list(cut(mixed, by).items()) == list(cut(rows, by).items())
    for end in (MONDAY, date(2026, 3, 16)):
        assert matured(mixed, end) == matured(rows, end)


@given(MANY)
def test_every_interview_is_a_request_a_walk_in_theirs_or_not_begun(rows: list[Tally]) -> None:
    for row in rows:
        one = funnel([row])
        begun = any([row.asked, row.replied, row.accepted, row.scheduled, row.held])
        begun = begun or row.outcome not in ("identified", "dropped", "odd\0")
        expected = 1 if begun or row.initiator == "them" else 0
        assert one.requested + one.walk_ins + one.theirs == expected


@given(MANY)
def test_what_they_asked_me_for_changes_no_number_of_mine(rows: list[Tally]) -> None:
    mine = [row for row in rows if row.initiator == "me"]
    assert attrs.evolve(funnel(rows), theirs=0) == funnel(mine)
    assert matured(rows, date(2026, 4, 12)) == matured(mine, date(2026, 4, 12))
    assert held_per_week(rows, MONDAY, 8) == held_per_week(mine, MONDAY, 8)


def test_a_talk_that_was_held_without_a_request_is_a_walk_in() -> None:
    talk = Tally(held=MONDAY, outcome="held", thanked_in_time=True, minutes=20)
    found = funnel([talk])
    assert counts(found) == Counter(walk_ins=1)
    assert held_per_week([talk], MONDAY, 1) == (0,)
    for implied in ("asked", "replied", "accepted", "scheduled"):
        assert funnel([changed(talk, **{implied: MONDAY})]).requested == 1
    assert funnel([talk._replace(follow_ups=(MONDAY,))]).requested == 1


@pytest.mark.parametrize(
    ("outcome", "reached"),
    [
        ("identified", 0),
        ("researched", 0),
        ("dropped", 0),
        ("contacted", 1),
        ("no_response", 1),
        ("declined", 2),
        ("deferred", 2),
        ("accepted", 3),
        ("scheduled", 4),
        ("missed", 4),
        ("cancelled", 4),
    ],
)
def test_an_outcome_implies_the_stages_before_it(outcome: str, reached: int) -> None:
    found = funnel([Tally(outcome=outcome)])
    assert [getattr(found, stage) for stage in STAGES] == [1] * reached + [0] * (5 - reached)


@pytest.mark.parametrize("end", ENDS)
def test_a_request_ends_as_its_outcome_says(end: str) -> None:
    """With no day known but that of asking; what is no end is open."""
    found = funnel([Tally(asked=MONDAY, outcome=end)])
    assert [name for name in ENDS if getattr(found, name)] == [end]


@pytest.mark.parametrize("stage", STAGES[1:])
def test_a_day_implies_the_stages_before_it(stage: str) -> None:
    """Whatever the outcome; who never answered again had accepted all the same."""
    row = changed(Tally(asked=MONDAY, outcome="no_response"), **{stage: MONDAY})
    found = funnel([row])
    place = STAGES.index(stage)
    assert [getattr(found, name) for name in STAGES] == [1] * (place + 1) + [0] * (4 - place)
    assert found.no_response == (stage != "held")
    assert funnel([row._replace(follow_ups=(MONDAY,))]).gained == 1
    assert found.waits == (0,)


def test_the_first_sign_of_an_answer_ends_the_wait() -> None:
    """And two days that contradict each other tell no wait."""
    row = Tally(asked=MONDAY, accepted=date(2026, 2, 19), held=date(2026, 2, 26))
    assert funnel([row]).waits == (3,)
    assert funnel([row._replace(replied=date(2026, 2, 18))]).waits == (2,)
    assert funnel([row._replace(replied=date(2026, 2, 15))]).waits == ()
    assert funnel([row._replace(asked=None)]).waits == ()


def test_the_median_of_an_even_number_is_between_the_two_in_the_middle() -> None:
    waits = attrs.evolve(funnel([]), waits=(1, 2, 5, 9))
    assert (waits.median_wait, waits.long_wait) == (3.5, 9)


@given(st.lists(st.integers(0, 100), max_size=40))
def test_half_answered_by_the_median_and_nine_in_ten_by_the_long_wait(waits: list[int]) -> None:
    found = funnel(Tally(asked=MONDAY, replied=MONDAY + timedelta(days=wait)) for wait in waits)
    if not waits:
        assert (found.median_wait, found.long_wait) == (None, None)
        return
    assert found.median_wait is not None
    assert found.long_wait is not None
    below = sum(wait < found.median_wait for wait in waits)
    above = sum(wait > found.median_wait for wait in waits)
    assert below == above or max(below, above) * 2 <= len(waits)
    assert sum(wait <= found.long_wait for wait in waits) * 10 >= 9 * len(waits)
    assert sum(wait < found.long_wait for wait in waits) * 10 < 9 * len(waits)


def test_an_answer_is_gained_only_by_a_follow_up_sent_by_then() -> None:
    row = Tally(asked=MONDAY, replied=date(2026, 2, 27))
    for sent, gained in (("2/26", 1), ("2/27", 1), ("2/28", 0), ("-", 0)):
        on = day(sent)
        assert funnel([row._replace(follow_ups=(on,) if on else ())]).gained == gained
    twice = row._replace(follow_ups=(date(2026, 3, 9), date(2026, 2, 26)))
    assert (funnel([twice]).gained, funnel([twice]).follow_ups) == (1, 2)


@pytest.mark.parametrize(
    ("source", "referred", "origin"),
    [
        ("colleague", False, "inner circle"),
        ("campus_staff", False, "inner circle"),
        ("neighbour", True, "referral"),
        ("referral", False, "referral"),
        ("alumni_database", False, "alumni"),
        ("facebook", False, "social media"),
        ("yellow_pages", False, "cold"),
        ("event", False, "other"),
        ("carrier pigeon", False, "other"),
    ],
)
def test_sources_are_of_few_origins(source: str, referred: bool, origin: str) -> None:
    [found] = grouped([Tally(source=source, referred=referred)], "origin")
    assert found == origin


def test_every_source_but_five_has_an_origin_of_its_own() -> None:
    other = [one for one in SOURCES if "other" in grouped([Tally(source=one)], "origin")]
    assert other == ["event", "calendar", "email", "import", "other"]


def test_what_is_not_known_is_a_group_as_well() -> None:
    for by in ("field", "degree", "week"):
        assert list(cut([Tally()], by)) == [UNKNOWN]
    assert list(cut([Tally(asked=date.min), Tally(asked=date.max)], "week")) == [
        "0001-01-01", "9999-12-27",
    ]  # fmt: skip


def test_a_cut_by_nothing_known_names_those_there_are() -> None:
    with pytest.raises(InvalidError, match="by 'mood'; choose from source, channel, field"):
        cut(ROWS, "mood")


@given(MANY, DAYS, st.integers(0, 12), st.sampled_from([BusinessCalendar(), HOLIDAYS]))
def test_matured_asks_of_each_request_whether_its_time_is_over(
    rows: list[Tally], as_of: date, within: int, calendar: BusinessCalendar
) -> None:
    """And what is over stays over: more time never makes it fewer."""
    found = matured(rows, as_of, within, calendar)
    old = [
        (calendar.add(row.asked, within), [row.replied, row.accepted, row.scheduled, row.held])
        for row in rows
        if row.asked and row.initiator == "me" and calendar.add(row.asked, within) <= as_of
    ]
    assert found.n == len(old)
    assert found.k == sum(any(on and on <= end for on in days) for end, days in old)
    later = matured(rows, as_of + timedelta(days=1), within, calendar)
    assert (later.k, later.n) >= (found.k, found.n)


@given(MANY, DAYS, st.integers(0, 12))
def test_weeks_are_seven_days_from_the_first(rows: list[Tally], first: date, weeks: int) -> None:
    found = held_per_week(rows, first, weeks)
    assert len(found) == weeks
    for week, number in enumerate(found):
        days = {first + timedelta(days=7 * week + extra) for extra in range(7)}
        assert number == sum(funnel([row]).held for row in rows if row.held in days)


def test_the_ends_of_the_calendar_are_days_like_any_other() -> None:
    rows = [Tally(asked=date.max, held=date.max), Tally(asked=date.min, held=date.max)]
    assert funnel(rows).held == 2
    assert matured(rows, date.max).n == 2
    assert held_per_week(rows, date.min, 1) == (0,)
