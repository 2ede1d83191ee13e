"""Rhythms in calendar units, and the days that people work on."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.errors import InvalidError
from netcrm.model.time import BusinessCalendar, Interval, Roll, Unit, parse_day

DAYS = st.dates()
NEAR_DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
LONGEST: dict[Unit, int] = {"day": 36_525, "week": 5_217, "month": 1_200, "year": 100}
INTERVALS = st.sampled_from(list(LONGEST)).flatmap(
    lambda unit: st.builds(Interval, n=st.integers(1, LONGEST[unit]), unit=st.just(unit))
)
ROLLS: st.SearchStrategy[Roll] = st.sampled_from(["following", "preceding", "none"])
WEEKENDS = st.frozensets(st.integers(0, 6), max_size=6)
CALENDARS = st.builds(
    BusinessCalendar, weekend=WEEKENDS, holidays=st.frozensets(NEAR_DAYS, max_size=30)
)


class TestInterval:
    """A rhythm in calendar units."""

    @given(INTERVALS)
    def test_it_reads_what_it_writes(self, interval: Interval) -> None:
        """With or without "every", in capitals, in short."""
        text = str(interval)
        unit = text.split()[1][0]
        for said in (text, f"every {text}", f" Every  {text.upper()} ", f"{interval.n}{unit}"):
            assert Interval.parse(said) == interval

    @given(INTERVALS, DAYS)
    def test_it_ends_strictly_later(self, interval: Interval, day: date) -> None:
        """After any day but the last of the calendar comes another."""
        assert interval.after(day) > day or interval.after(day) == date.max

    @given(INTERVALS, DAYS, DAYS)
    def test_it_is_monotone(self, interval: Interval, one: date, other: date) -> None:
        """What begins later does not end earlier."""
        first, last = sorted((one, other))
        assert interval.after(first) <= interval.after(last)

    @given(INTERVALS, NEAR_DAYS)
    def test_days_are_about_what_it_takes(self, interval: Interval, day: date) -> None:
        """The nominal length is right but for the unequal months and years."""
        assert abs((interval.after(day) - day).days - interval.days) < 4

    @given(INTERVALS, st.integers(1, 10_000), NEAR_DAYS)
    def test_a_multiple_is_longer_up_to_a_hundred_years(
        self, interval: Interval, factor: int, day: date
    ) -> None:
        """Stretching keeps the unit."""
        longer = interval.times(factor)
        assert longer.unit == interval.unit
        assert longer.n == min(interval.n * factor, LONGEST[interval.unit])
        assert longer.after(day) >= interval.after(day)

    @pytest.mark.parametrize(
        ("day", "interval", "expected"),
        [
            ("2026-01-31", "1 month", "2026-02-28"),
            ("2024-01-31", "1 month", "2024-02-29"),
            ("2026-03-31", "1 month", "2026-04-30"),
            ("2026-11-30", "3 months", "2027-02-28"),
            ("2024-02-29", "1 year", "2025-02-28"),
            ("2024-02-29", "4 years", "2028-02-29"),
            ("2026-12-15", "1 month", "2027-01-15"),
            ("2026-03-06", "3 months", "2026-06-06"),
            ("2026-12-31", "2 weeks", "2027-01-14"),
            ("9999-12-01", "1 month", "9999-12-31"),
            ("9999-12-31", "1 day", "9999-12-31"),
            ("9950-01-01", "100 years", "9999-12-31"),
            ("0001-01-01", "1 day", "0001-01-02"),
        ],
    )
    def test_months_end_where_they_end(self, day: str, interval: str, expected: str) -> None:
        """31 January and a month is the end of February; after year 9999 comes nothing."""
        assert Interval.parse(interval).after(parse_day(day)) == parse_day(expected)

    @pytest.mark.parametrize(
        ("said", "meant"),
        [
            ("daily", "1 day"), ("weekly", "1 week"), ("fortnightly", "2 weeks"),
            ("90d", "90 days"), ("monthly", "1 month"), ("quarterly", "3 months"),
            ("yearly", "1 year"), ("every month", "1 month"), ("week", "1 week"),
            ("2 wks", "2 weeks"), ("6mo", "6 months"), ("5 yrs", "5 years"),
        ],
    )  # fmt: skip
    def test_words_for_rhythms(self, said: str, meant: str) -> None:
        """People say quarterly."""
        assert str(Interval.parse(said)) == meant

    @pytest.mark.parametrize(
        "said",
        [
            "", "0 days", "-1 day", "1.5 weeks", "sometimes", "36526 days", "5218 weeks", "٣ days",
            "1201 months", "101 years", "9" * 5_000 + " days", "3 4 weeks", "2 fortnights", 90,
            None,
        ],
    )  # fmt: skip
    def test_it_refuses_what_is_no_rhythm(self, said: str) -> None:
        """At least a day, at most a hundred years."""
        with pytest.raises(InvalidError):
            Interval.parse(said)

    def test_it_is_made_of_a_whole_number_and_a_unit(self) -> None:
        """Neither True nor 1.5 counts."""
        for n, unit in [(True, "day"), (1.5, "day"), (0, "day"), (1, "hour"), (1, "days")]:
            with pytest.raises(InvalidError):
                Interval(n=n, unit=unit)  # type: ignore[arg-type]


def works(calendar: BusinessCalendar, day: date) -> bool:
    """Whether people work on *day*, said once more."""
    return day.weekday() not in calendar.weekend and day not in calendar.holidays


def naive_add(calendar: BusinessCalendar, day: date, n: int) -> date:
    """Return the n-th working day after the first on or after *day*, by listing them."""
    later = (day + timedelta(days=i) for i in itertools.count())
    return next(itertools.islice((d for d in later if works(calendar, d)), n, None))


class TestBusinessCalendar:
    """Which days are working days."""

    @given(CALENDARS, NEAR_DAYS)
    def test_people_work_except_at_weekends_and_on_holidays(
        self, calendar: BusinessCalendar, day: date
    ) -> None:
        """Nothing else is free."""
        assert calendar.is_business_day(day) is works(calendar, day)

    @given(CALENDARS, NEAR_DAYS, st.integers(0, 60))
    def test_adding_counts_working_days(
        self, calendar: BusinessCalendar, day: date, n: int
    ) -> None:
        """It equals the n-th of all the working days from the first on, listed one by one."""
        assert calendar.add(day, n) == naive_add(calendar, day, n)

    @given(CALENDARS, NEAR_DAYS, st.integers(0, 40), st.integers(0, 40))
    def test_adding_is_additive(
        self, calendar: BusinessCalendar, day: date, n: int, m: int
    ) -> None:
        """Three days and then four are seven."""
        assert calendar.add(calendar.add(day, n), m) == calendar.add(day, n + m)

    @given(CALENDARS, NEAR_DAYS, st.sampled_from(["following", "preceding"]))
    def test_rolling_lands_on_the_nearest_working_day(
        self, calendar: BusinessCalendar, day: date, way: Roll
    ) -> None:
        """On or after the day, or on or before it; nobody works in between."""
        rolled = calendar.roll(day, way)
        assert works(calendar, rolled)
        first, last = sorted((day, rolled))
        assert rolled == (last if way == "following" else first)
        between = (first + timedelta(days=i) for i in range((last - first).days + 1))
        assert [d for d in between if works(calendar, d)] == [rolled]

    @given(CALENDARS, DAYS, ROLLS, WEEKENDS)
    def test_rolling_twice_is_rolling_once(
        self, calendar: BusinessCalendar, day: date, way: Roll, weekdays: frozenset[int]
    ) -> None:
        """A day that suits stays."""
        rolled = calendar.roll(day, way, weekdays)
        assert calendar.roll(rolled, way, weekdays) == rolled

    @given(CALENDARS, NEAR_DAYS, st.integers(0, 20), ROLLS, WEEKENDS)
    def test_rolling_keeps_the_order(
        self,
        calendar: BusinessCalendar,
        day: date,
        later: int,
        way: Roll,
        weekdays: frozenset[int],
    ) -> None:
        """What is later is not rolled before what is earlier."""
        after = day + timedelta(days=later)
        assert calendar.roll(day, way, weekdays) <= calendar.roll(after, way, weekdays)

    @given(CALENDARS, NEAR_DAYS, ROLLS, st.frozensets(st.integers(0, 6), min_size=1))
    def test_chosen_weekdays_count_weekend_or_not(
        self, calendar: BusinessCalendar, day: date, way: Roll, weekdays: frozenset[int]
    ) -> None:
        """Whoever calls on Sundays calls on Sundays, but not on a holiday."""
        rolled = calendar.roll(day, way, weekdays)
        assert rolled.weekday() in weekdays
        assert rolled not in calendar.holidays

    @given(CALENDARS, DAYS)
    def test_no_rolling_leaves_the_day(self, calendar: BusinessCalendar, day: date) -> None:
        """Unless weekdays are chosen, "none" means none."""
        assert calendar.roll(day, "none") == day

    def test_at_the_ends_of_the_calendar_a_day_stays(self) -> None:
        """There is no later day to roll to, nor an earlier one, and no error either."""
        shut = BusinessCalendar(holidays=frozenset({date.max, date.min}))
        assert shut.roll(date.max) == date.max
        assert shut.roll(date.min, "preceding") == date.min
        assert shut.add(date.max, 3) == date.max

    @pytest.mark.parametrize("weekend", [range(7), {7}, {-1}])
    def test_a_week_without_work_is_refused(self, weekend: set[int]) -> None:
        """Rolling would never end."""
        with pytest.raises(InvalidError, match="weekend"):
            BusinessCalendar(weekend=weekend)  # type: ignore[arg-type]
