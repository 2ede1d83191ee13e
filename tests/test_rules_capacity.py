"""Do the rules promise more than is done?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.cadence import Adjustment, Cadence, Selector
from netcrm.model.time import BusinessCalendar, Interval
from netcrm.rules.capacity import WEEKS_LOOKED_AT, capacity
from netcrm.rules.due import Due, Person, Touch, due, hold_back, select

TODAY = date(2026, 4, 10)
EVERY_DAY = BusinessCalendar(weekend=frozenset())


def rule(days: int) -> Cadence:
    """Return a rule for the people tagged with a number of days."""
    every = Interval(n=days, unit="day")
    return Cadence(id=f"r{days}", selector=Selector.parse(f"tag:{days}"), every=every)


def person(number: int, days: int, state: str = "active") -> Person:
    """Return one of many people."""
    name = f"p{number:03}"
    tags = frozenset({str(days)})
    return Person(id=name, name=name, handle=name, added_on=TODAY, tags=tags, state=state)


def answers(*days: int, state: str = "active", paused: bool = False) -> list[Due]:
    """Return the answers for people with these rhythms."""
    pause = Adjustment(id="a", kind="pause", contact="x", on=None, made_on=TODAY)
    return [
        due(
            person(number, every, state),
            as_of=TODAY,
            cadences=[rule(every)],
            adjustments=[pause] if paused else [],
        )
        for number, every in enumerate(days)
    ]


@given(st.lists(st.integers(1, 400), max_size=10))
def test_the_rules_promise_seven_touches_a_week_for_each_day(every: list[int]) -> None:
    """The load is the sum of 7 / rhythm over all whom a rule is for."""
    found = capacity(answers(*every), [], as_of=TODAY)
    assert found.promised == pytest.approx(sum(7 / days for days in every))
    assert found.people == len(every)


def test_who_is_left_in_peace_is_no_load() -> None:
    """Suppressed and paused people, and those without a rule or with never."""
    never = Cadence(id="n", selector=Selector.parse("all"), every=None)
    left = [due(person(0, 7), as_of=TODAY), due(person(0, 7), as_of=TODAY, cadences=[never])]
    left += answers(7, state="archived") + answers(7, paused=True)
    found = capacity(left, [], as_of=TODAY)
    assert (found.promised, found.people) == (0, 0)


@given(st.lists(st.integers(-100, 100), max_size=30))
def test_what_was_done_is_counted_over_eight_weeks(ages: list[int]) -> None:
    """Touches of the 56 days that end today; older ones and later ones do not count."""
    touches = [TODAY - timedelta(days=age) for age in ages]
    counted = sum(0 <= age <= 55 for age in ages)
    assert capacity([], touches, as_of=TODAY).done == counted / WEEKS_LOOKED_AT
    assert capacity([], [date.max, date.min], as_of=date.min).done == 1 / WEEKS_LOOKED_AT


def test_stretch_is_promised_over_done() -> None:
    """You promised 2.0 touches a week and do 0.5: everyone runs four times late."""
    touches = [TODAY - timedelta(weeks=week) for week in (0, 2, 4, 6)]
    found = capacity(answers(7, 7), touches, as_of=TODAY)
    assert (found.promised, found.done, found.stretch) == (2.0, 0.5, 4.0)


def test_stretch_is_unknown_when_nothing_was_done() -> None:
    """Infinitely late is no help."""
    assert capacity(answers(7), [], as_of=TODAY).stretch is None


PEOPLE = {4: 3, 10: 6, 30: 18, 60: 33}
"""How many people have a rhythm of so many days: 2.5 touches a day are promised."""
LOAD = sum(many / days for days, many in PEOPLE.items())


def simulate(cap: int, days: int) -> tuple[dict[int, float], list[date]]:
    """Touch the *cap* most urgent people each day; return how far each rhythm is stretched.

    The first third of the days only serves to get going.
    """
    rules = {every: rule(every) for every in PEOPLE}
    rhythms = [every for every, many in PEOPLE.items() for _ in range(many)]
    people = [person(number, every) for number, every in enumerate(rhythms)]
    last = {
        one.id: TODAY - timedelta(days=i % every)
        for i, (one, every) in enumerate(zip(people, rhythms, strict=True))
    }
    gaps: dict[int, list[int]] = {every: [] for every in PEOPLE}
    touches = []
    for offset in range(days):
        today = TODAY + timedelta(days=offset)
        asked = (
            due(
                one,
                as_of=today,
                cadences=[rules[every]],
                last_touch=Touch(on=last[one.id], id="m"),
                calendar=EVERY_DAY,
            )
            for one, every in zip(people, rhythms, strict=True)
        )
        for answer in hold_back(select(asked), cap):
            if answer.is_actionable:
                touched = answer.person.id
                if offset > days / 3:
                    gaps[rhythms[int(touched[1:])]].append((today - last[touched]).days)
                last[touched] = today
                touches.append(today)
    return {every: sum(found) / len(found) / every for every, found in gaps.items()}, touches


@pytest.mark.parametrize("cap", [1, 2])
def test_under_a_cap_every_rhythm_stretches_alike(cap: int) -> None:
    """Invariant 14: by load / cap, whether weekly or yearly; and `capacity` says so."""
    stretch, touches = simulate(cap, 750)
    for factor in stretch.values():
        assert factor == pytest.approx(LOAD / cap, rel=0.12)
    said = capacity(
        answers(*(every for every, many in PEOPLE.items() for _ in range(many))),
        touches,
        as_of=touches[-1],
    )
    assert said.stretch == pytest.approx(LOAD / cap, rel=0.05)


def test_below_capacity_no_rhythm_stretches() -> None:
    """Invariant 14: who can do what the rules ask for is never late for long."""
    stretch, _ = simulate(5, 250)
    for factor in stretch.values():
        assert factor == pytest.approx(1, abs=0.03)
