"""When to begin with many people at once?"""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.cadence import Cadence, Selector
from netcrm.model.time import Interval
from netcrm.rules.due import Due, Person, Touch, due
from netcrm.rules.spread import spread

START = date(2026, 2, 16)
RHYTHM = st.sampled_from(["1 week", "2 weeks", "30 days", "1 month", "3 months", "1 year"])


def people(every: str, many: int, rule: str = "r1", priority: int = 0) -> list[Due]:
    """Return the answers for people of one rule who were never contacted."""
    cadence = Cadence(
        id=rule, selector=Selector.parse("all"), every=Interval.parse(every), priority=priority
    )
    return [
        due(
            Person(id=f"{rule}-{number:03}", name="N", handle="n", added_on=START),
            as_of=START,
            cadences=[cadence],
        )
        for number in range(many)
    ]


def days(planned: list[tuple[Due, date]]) -> list[int]:
    """Return the days on which people begin, counted from the start."""
    return [(day - START).days for _, day in planned]


@given(RHYTHM, st.integers(1, 120))
def test_the_load_of_each_week_is_even(every: str, many: int) -> None:
    """Invariant 13: within one interval, sorted, no seven days with more than their share."""
    length = Interval.parse(every).days
    begun = days(spread(people(every, many), start=START))
    assert begun == sorted(begun)
    assert len(begun) == many
    assert begun[0] >= 0
    assert begun[-1] < length
    for first in range(math.ceil(length)):
        week = sum(first <= day < first + 7 for day in begun)
        assert week <= math.ceil(7 * many / length) + 1


@given(RHYTHM, st.integers(1, 50))
def test_the_days_follow_the_formula(every: str, many: int) -> None:
    """The i-th of n begins floor((i + 0.5) T / n) days after the start, in order of id."""
    planned = spread(people(every, many), start=START)
    length = Interval.parse(every).days
    assert days(planned) == [math.floor((i + 0.5) * length / many) for i in range(many)]
    assert [answer.person.id for answer, _ in planned] == [f"r1-{i:03}" for i in range(many)]


@given(st.integers(0, 20), st.integers(0, 20), st.randoms())
def test_each_rule_is_spread_for_itself(some: int, others: int, random: Any) -> None:
    """Over its own rhythm, whatever the order of asking; on one day the lower priority first."""
    short, long = people("1 week", some, "r1", 5), people("10 days", others, "r2", 0)
    mixed = random.sample(short + long, some + others)
    planned = spread(mixed, start=START)
    assert sorted(planned, key=lambda p: p[0].person.id) == sorted(
        spread(short, start=START) + spread(long, start=START), key=lambda p: p[0].person.id
    )
    order = [(day, a.cadence.priority, a.person.id) for a, day in planned if a.cadence]
    assert order == sorted(order)


def test_only_those_never_contacted_begin() -> None:
    """A touch has begun the rhythm already; without a rule there is none."""
    [never] = people("1 week", 1)
    touched = never._replace(last_touch=Touch(on=START, id="m"))
    unruled = due(never.person, as_of=START)
    silent = Cadence(id="s", selector=Selector.parse("all"), every=None)
    hushed = due(never.person, as_of=START, cadences=[silent])
    assert spread([touched, unruled, hushed], start=START) == []


def test_a_person_begins_when_spread_says() -> None:
    """Four on a weekly rule: one now, then about every second day."""
    planned = spread(people("1 week", 4), start=START)
    assert [day for _, day in planned] == [START + timedelta(days=n) for n in (0, 2, 4, 6)]


def test_the_calendar_ends() -> None:
    """Year 9999 is late to begin with anybody, but no error."""
    assert spread(people("1 year", 2), start=date.max)[1][1] == date.max
