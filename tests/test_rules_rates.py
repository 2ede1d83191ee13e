"""So many of so many: how sure is a rate that rests on few?"""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.rules.rates import Needed, Rate, Reproduction, needed

RATES = st.integers(0, 10**6).flatmap(
    lambda n: st.builds(Rate, st.integers(0, n), st.just(n)),
)
SOME = RATES.filter(lambda rate: rate.n > 0)


@pytest.mark.parametrize(
    ("k", "n", "said"),
    [
        (16, 22, "16 of 22, 73 % [52, 87]"),
        (12, 22, "12 of 22, 55 % [35, 73]"),
        (11, 12, "11 of 12, 92 % [65, 99]"),
        (5, 5, "5 of 5, 100 % [57, 100]"),
        (4, 6, "4 of 6, 67 % [30, 90]"),
        (2, 4, "2 of 4, 50 % [15, 85]"),
        (0, 2, "0 of 2, 0 % [0, 66]"),
        (0, 0, "no data"),
    ],
)
def test_a_rate_says_its_counts_first(k: int, n: int, said: str) -> None:
    assert str(Rate(k, n)) == said


@given(SOME)
def test_the_interval_holds_the_share_and_stays_between_0_and_1(rate: Rate) -> None:
    assert rate.value is not None
    assert 0 <= rate.low <= rate.value <= rate.high <= 1
    assert rate.low < rate.high


@given(SOME)
def test_the_bounds_are_the_shares_from_which_the_data_are_196_errors_away(rate: Rate) -> None:
    """What a score interval is: (value - p)² = z² p (1 - p) / n for both bounds p."""
    for bound in (rate.low, rate.high):
        away = (rate.k / rate.n - bound) ** 2
        assert away == pytest.approx(1.96**2 * bound * (1 - bound) / rate.n, rel=1e-6, abs=1e-15)


@given(SOME, st.integers(2, 1000))
def test_the_same_share_of_more_is_surer(rate: Rate, times: int) -> None:
    more = Rate(rate.k * times, rate.n * times)
    assert more.high - more.low < rate.high - rate.low


@given(SOME)
def test_the_bounds_of_what_failed_mirror_those_of_what_did_not(rate: Rate) -> None:
    failed = Rate(rate.n - rate.k, rate.n)
    assert (failed.low, failed.high) == pytest.approx((1 - rate.high, 1 - rate.low))


def test_nothing_is_known_of_nothing() -> None:
    nothing = Rate(0, 0)
    assert (nothing.value, nothing.low, nothing.high, nothing.shrunk) == (None, 0.0, 1.0, 0.5)
    assert nothing.overlaps(nothing)


def test_none_and_all_reach_the_ends() -> None:
    assert Rate(0, 9).low == 0.0
    assert Rate(9, 9).high == 1.0


@given(RATES)
def test_to_rank_by_a_rate_is_drawn_towards_a_half(rate: Rate) -> None:
    assert 0 < rate.shrunk < 1
    if rate.value is not None:
        assert abs(rate.shrunk - 0.5) <= abs(rate.value - 0.5)


def test_one_of_one_ranks_below_nine_of_ten() -> None:
    rates = [Rate(3, 5), Rate(3, 3), Rate(4, 5), Rate(0, 0)]
    assert [round(rate.shrunk, 3) for rate in rates] == [0.571, 0.8, 0.714, 0.5]
    assert Rate(1, 1).shrunk < Rate(9, 10).shrunk


@given(RATES, RATES)
def test_rates_overlap_if_some_share_is_in_both_intervals(one: Rate, other: Rate) -> None:
    shared = max(one.low, other.low) <= min(one.high, other.high)
    assert one.overlaps(other) is other.overlaps(one) is shared


def test_many_replies_are_more_than_few() -> None:
    assert not Rate(18, 20).overlaps(Rate(4, 20))
    assert Rate(4, 6).overlaps(Rate(2, 4))


@given(st.integers(1, 1000), RATES)
def test_needed_requests_bring_the_interviews_at_both_bounds(more: int, rate: Rate) -> None:
    """One request less would not do."""
    found = needed(more, rate)
    assert found.low == math.ceil(more / rate.high) >= more
    if rate.k == 0:
        assert found.high is None
    else:
        assert found.high is not None
        assert found.high >= found.low
        low = Fraction(rate.low)
        assert found.high * low >= more * (1 - Fraction(1, 10**12))
        assert (found.high - 1) * low < more


def test_how_many_requests_five_more_interviews_take() -> None:
    """12 of 22 were held: between 34.7 % and 73.1 %."""
    assert needed(5, Rate(12, 22)) == Needed(7, 15)
    assert str(needed(5, Rate(12, 22))) == "7 to 15"
    assert str(needed(2, Rate(0, 0))) == "2 or more, how many is unknown"
    assert str(needed(1, Rate(10**6, 10**6))) == "1 to 2"
    assert str(Needed(3, 3)) == "3"


@pytest.mark.parametrize("more", [0, -3])
def test_no_more_interviews_take_no_requests(more: int) -> None:
    assert needed(more, Rate(0, 5)) == Needed(0, 0)


@given(st.data())
def test_reproduction_is_a_product_of_shares_and_tells_the_roots(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 50))
    asked = data.draw(st.integers(1, new))
    led = data.draw(st.integers(0, asked))
    held = led + data.draw(st.integers(1, 50))
    found = Reproduction(held=held, new=new, asked=asked, led=led)
    value = Fraction(new, held) * Fraction(asked, new) * Fraction(led, asked)
    assert found.value == float(value)
    assert held == found.roots / (1 - value)


def test_how_twelve_interviews_reproduced() -> None:
    found = Reproduction(held=12, new=7, asked=5, led=4, pending=3)
    assert (found.value, found.roots) == (4 / 12, 8)
    assert str(found) == (
        "0.33 further interviews for each one: 12 held, 7 new people, 5 of them asked, "
        "4 of those held; 3 pending"
    )


def test_before_the_first_interview_nothing_can_reproduce() -> None:
    nothing = Reproduction(held=0, new=0, asked=0, led=0)
    assert (nothing.value, str(nothing)) == (None, "no data")
