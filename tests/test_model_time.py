"""Days, as far as they are known, and moments."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from netcrm.errors import InvalidError
from netcrm.model.time import (
    LocalMoment,
    PartialDate,
    days_later,
    parse_day,
    wall_time,
    zone,
)

PLACES = (
    "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "Australia/Lord_Howe",
    "Europe/London", "America/New_York",
)  # fmt: skip
ZONES = st.sampled_from(PLACES)
DAYS = st.dates()
WALLS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 - wall times


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    """Return a date of which a year, a year and month, or all is known."""
    day = draw(st.dates(date(2023, 11, 1), date(2025, 2, 28)) | DAYS)
    known = draw(st.integers(1, 3))
    return PartialDate(
        year=day.year, month=day.month if known > 1 else None, day=day.day if known > 2 else None
    )


BIRTHDAYS = st.builds(lambda day: PartialDate(month=day.month, day=day.day), DAYS)


def days_of(partial: PartialDate) -> list[date]:
    """Return all the days that a date may mean, found the slow way."""
    assert partial.year is not None
    start = date(partial.year, 1, 1)
    year = (start + timedelta(days=i) for i in range(366) if start <= date.max - timedelta(days=i))
    return [
        day
        for day in year
        if day.year == partial.year
        and partial.month in (None, day.month)
        and partial.day in (None, day.day)
    ]


class TestPartialDate:
    """2021, 2021-03, 2021-03-14, or --03-14 without the year."""

    @given(partial_dates() | BIRTHDAYS)
    def test_it_reads_what_it_writes(self, partial: PartialDate) -> None:
        """The text form loses nothing."""
        assert PartialDate.parse(str(partial)) == partial

    @given(partial_dates())
    def test_it_spans_the_days_it_may_mean(self, partial: PartialDate) -> None:
        """The earliest and the latest day are the first and the last of all it may mean."""
        days = days_of(partial)
        assert (partial.earliest, partial.latest) == (days[0], days[-1])

    @given(partial_dates(), partial_dates())
    def test_it_is_before_another_only_if_that_is_certain(
        self, one: PartialDate, other: PartialDate
    ) -> None:
        """True if each day it may mean is before each of the other; False if none is."""
        outcomes = {a < b for a, b in itertools.product(_ends(one), _ends(other))}
        assert one.before(other) is (outcomes.pop() if len(outcomes) == 1 else None)

    @given(partial_dates() | BIRTHDAYS, BIRTHDAYS)
    def test_without_a_year_the_order_is_unknown(
        self, one: PartialDate, birthday: PartialDate
    ) -> None:
        """A birthday is before nothing and after nothing."""
        assert one.before(birthday) is None
        assert birthday.before(one) is None

    def test_a_birthday_may_be_the_29th_of_february(self) -> None:
        """It exists every four years, which is enough."""
        assert str(PartialDate.parse("--02-29")) == "--02-29"

    @pytest.mark.parametrize(
        "text",
        [
            "", "14 Sep", "2021-3", "21-03-14", "2021-13", "2021-02-29", "--02-30", "--13-01",
            "0000", "2021-03-14T00:00", "2021-03-14\n", "٢٠٢١", 2021, None,
        ],
    )  # fmt: skip
    def test_it_refuses_what_is_no_date(self, text: str) -> None:
        """Days that do not exist, other orders, other types."""
        with pytest.raises(InvalidError):
            PartialDate.parse(text)

    @pytest.mark.parametrize(
        "parts", [{}, {"month": 3}, {"day": 3}, {"year": 2021, "day": 3}], ids=str
    )
    def test_it_refuses_a_hole_in_the_middle(self, parts: dict[str, int]) -> None:
        """A year and a day without the month mean nothing."""
        with pytest.raises(InvalidError, match="a date is"):
            PartialDate(**parts)


def _ends(partial: PartialDate) -> list[date]:
    """Return enough of the days a date may mean to decide any comparison."""
    days = days_of(partial)
    return [*days[:2], *days[-2:]]


class TestDays:
    """Civil days as text."""

    @given(DAYS)
    def test_a_day_is_read_as_it_is_written(self, day: date) -> None:
        """YYYY-MM-DD and back."""
        assert parse_day(day.isoformat()) == day

    @pytest.mark.parametrize(
        "text", ["20260314", "2026-W11-6", "2026-3-14", "2026-02-30", "2026-03", "", None, 5]
    )
    def test_only_one_way_to_write_a_day_is_read(self, text: str) -> None:
        """Other ISO forms would be stored in two spellings."""
        with pytest.raises(InvalidError, match="write it like"):
            parse_day(text)

    @given(DAYS, st.integers(-4_000_000, 4_000_000))
    def test_days_end_where_the_calendar_does(self, day: date, days: int) -> None:
        """Nothing overflows: the last day of year 9999 is as late as it gets."""
        number = min(max(day.toordinal() + days, 1), date.max.toordinal())
        assert days_later(day, days) == date.fromordinal(number)


class TestLocalMoment:
    """A civil day, and if known the wall time in a zone and the instant."""

    @given(st.datetimes(timezones=st.just(UTC)), ZONES)
    def test_an_instant_is_kept_exactly(self, instant: datetime, name: str) -> None:
        """As text and back it is the same instant and the same wall time, in every zone."""
        assume(date.min < instant.date() < date.max)
        moment = LocalMoment.of(instant, name)
        assert moment.instant == instant
        again = LocalMoment.parse(str(moment))
        assert again == moment
        assert again.instant == instant
        assert str(again) == str(moment)

    @given(WALLS, ZONES)
    def test_a_wall_time_is_exact_unless_the_clocks_jump_over_it(
        self, wall: datetime, name: str
    ) -> None:
        """What exists comes back; what does not becomes later by the jump and is flagged."""
        self._check(wall, name)

    @given(st.data(), ZONES)
    def test_wall_times_around_clock_changes(self, data: st.DataObject, name: str) -> None:
        """The same, where it is hard: within two hours of a change."""
        change = data.draw(st.sampled_from(_changes(name) or [datetime(2011, 12, 30)]))  # noqa: DTZ001
        minutes = data.draw(st.integers(-120, 120))
        self._check(change + timedelta(minutes=minutes), name)

    @staticmethod
    def _check(wall: datetime, name: str) -> None:
        moment = LocalMoment.at(wall, name)
        assert moment.local is not None
        shown = moment.local.replace(tzinfo=None)
        instants = _instants(wall, name)
        if len(instants) == 1:
            assert (shown, moment.instant, moment.shifted) == (wall, instants[0], False)
        elif instants:
            assert (shown, moment.instant, moment.shifted) == (wall, min(instants), True)
        else:
            assert shown > wall
            assert moment.shifted
            jump = _offset(moment.instant, name) - _offset(moment.instant - (shown - wall), name)
            assert shown - wall == jump
        assert moment.date == shown.date()
        assert LocalMoment.parse(str(moment)) == moment

    @pytest.mark.parametrize(
        ("wall", "name", "text", "shifted"),
        [
            ("2026-03-08T02:30", "America/New_York", "03:30:00-04:00", True),
            ("2026-11-01T01:30", "America/New_York", "01:30:00-04:00", True),
            ("2026-11-01T02:00", "America/New_York", "02:00:00-05:00", False),
            ("2026-03-29T01:00", "Europe/London", "02:00:00+01:00", True),
            ("2026-10-04T02:15", "Australia/Lord_Howe", "02:45:00+11:00", True),
            ("2026-04-05T01:45", "Australia/Lord_Howe", "01:45:00+11:00", True),
            ("2026-06-01T12:00", "Asia/Kathmandu", "12:00:00+05:45", False),
        ],
    )
    def test_clock_changes(self, wall: str, name: str, text: str, shifted: bool) -> None:
        """In spring a lost hour moves on; in autumn the first of two is meant. Both are flagged."""
        moment = LocalMoment.at(datetime.fromisoformat(wall), name)
        assert str(moment) == f"{wall[:10]}T{text}[{name}]"
        assert moment.shifted is shifted

    def test_a_day_that_never_was(self) -> None:
        """Samoa went to bed on Thursday and woke up on Saturday: the moment is on Saturday."""
        moment = LocalMoment.at(datetime(2011, 12, 30, 12), "Pacific/Apia")  # noqa: DTZ001
        assert (moment.date, moment.shifted) == (date(2011, 12, 31), True)

    def test_the_second_of_two_equal_times_is_another_moment(self) -> None:
        """What is an hour apart is not equal, though the clocks showed the same."""
        first = LocalMoment.parse("2026-11-01T01:30-04:00[America/New_York]")
        second = LocalMoment.parse("2026-11-01T01:30-05:00[America/New_York]")
        assert first != second
        assert second.instant == first.instant + timedelta(hours=1)  # type: ignore[operator]

    def test_one_instant_in_two_zones_is_two_moments(self) -> None:
        """Equal moments are written the same: London in winter is not UTC."""
        london = LocalMoment.of(datetime(2026, 1, 1, 15, tzinfo=UTC), "Europe/London")
        greenwich = LocalMoment.of(datetime(2026, 1, 1, 15, tzinfo=UTC), "UTC")
        assert london.instant == greenwich.instant
        assert london != greenwich

    @given(st.datetimes(timezones=st.just(UTC)), ZONES)
    def test_equal_moments_are_hashed_alike(self, instant: datetime, name: str) -> None:
        """They can be members of a set."""
        assume(date.min < instant.date() < date.max)
        assert len({LocalMoment.of(instant, name), LocalMoment.of(instant, name)}) == 1

    @given(DAYS)
    def test_a_day_alone_is_a_moment(self, day: date) -> None:
        """Nobody remembers the hour of each talk."""
        moment = LocalMoment.on(day)
        assert str(moment) == day.isoformat()
        assert LocalMoment.parse(str(moment)) == moment
        assert moment.instant is None

    def test_the_instant_wins_over_a_changed_rule(self) -> None:
        """If a zone's rules changed since it was written, the clocks showed something else."""
        moment = LocalMoment.parse("2026-07-01T12:00+00:00[Europe/London]")
        assert str(moment) == "2026-07-01T13:00:00+01:00[Europe/London]"

    @pytest.mark.parametrize("name", PLACES)
    @pytest.mark.parametrize("wall", ["0001-01-01T00:00", "9999-12-31T23:59"])
    def test_the_ends_of_the_calendar_are_refused(self, wall: str, name: str) -> None:
        """Year 1 and year 9999 give a moment or an InvalidError, never an overflow."""
        try:
            moment = LocalMoment.at(datetime.fromisoformat(wall), name)
        except InvalidError:
            return
        assert LocalMoment.parse(str(moment)).instant == moment.instant

    @pytest.mark.parametrize(
        "text",
        [
            "", "yesterday", "2026-02-30", "2026-02-20T15:00", "2026-02-20T15:00-05:00", 5, None,
            "2026-02-20T15:00-05:00[Mars/Olympus]", "2026-02-20T25:00-05:00[Europe/London]",
            "2026-02-20T15:00-05:00[../../etc/passwd]", "0001-01-01T00:00+14:00[UTC]",
        ],
    )  # fmt: skip
    def test_it_refuses_what_is_no_moment(self, text: str) -> None:
        """A time of day without a zone says nothing; neither does a zone that nobody knows."""
        with pytest.raises(InvalidError):
            LocalMoment.parse(text)

    def test_it_refuses_parts_that_do_not_fit(self) -> None:
        """The day is the day of the time; the time has a zone, and was shown by clocks there."""
        london = zone("Europe/London")
        for day, local in [
            (datetime(2026, 2, 20), None),  # noqa: DTZ001
            (date(2026, 2, 20), datetime(2026, 2, 20, 15)),  # noqa: DTZ001
            (date(2026, 2, 20), datetime(2026, 2, 20, 15, tzinfo=UTC)),
            (date(2026, 2, 21), datetime(2026, 2, 20, 15, tzinfo=london)),
            (date(2026, 3, 29), datetime(2026, 3, 29, 1, 30, tzinfo=london)),
        ]:
            with pytest.raises(InvalidError):
                LocalMoment(date=day, local=local)

    def test_an_instant_needs_a_zone_and_a_wall_time_has_none(self) -> None:
        """A naive datetime would be read in the zone of the machine."""
        with pytest.raises(InvalidError, match="needs a time zone"):
            LocalMoment.of(datetime(2026, 1, 1), "UTC")  # noqa: DTZ001
        with pytest.raises(InvalidError, match="of its own"):
            LocalMoment.at(datetime(2026, 1, 1, tzinfo=UTC), "Europe/London")


def _offset(instant: datetime | None, name: str) -> timedelta:
    assert instant is not None
    offset = instant.astimezone(zone(name)).utcoffset()
    assert offset is not None
    return offset


def _instants(wall: datetime, name: str) -> list[datetime]:
    """Return the instants at which clocks in a zone show *wall*, by trying each possible offset."""
    as_utc = wall.replace(tzinfo=UTC)
    around = (as_utc + timedelta(hours=hours) for hours in range(-30, 31))
    offsets = {_offset(moment, name) for moment in around}
    found = {as_utc - offset for offset in offsets}
    return sorted(at for at in found if at.astimezone(zone(name)).replace(tzinfo=None) == wall)


@lru_cache
def _changes(name: str) -> list[datetime]:
    """Return the wall times just before the clocks of a zone change in 2025 and 2026."""
    hours = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=i) for i in range(2 * 365 * 24)]
    return [
        earlier.astimezone(zone(name)).replace(tzinfo=None)
        for earlier, later in itertools.pairwise(hours)
        if _offset(earlier, name) != _offset(later, name)
    ]


class TestWallTime:
    """The time of day, as people write it."""

    @given(st.times(), st.sampled_from(["{0:%H:%M}", "{0:%I:%M %p}", "{0:%I:%M%p}"]))
    def test_it_reads_both_clocks(self, at: time, form: str) -> None:
        """15:00, 3:00 pm and 3:00PM are the same."""
        assert wall_time(form.format(at)) == at.replace(second=0, microsecond=0)

    @pytest.mark.parametrize(
        ("text", "hour"), [("3pm", 15), ("12am", 0), ("12 PM", 12), (" 9 am ", 9)]
    )
    def test_full_hours_need_no_minutes(self, text: str, hour: int) -> None:
        """Noon is 12 pm and midnight 12 am."""
        assert wall_time(text) == time(hour)

    @pytest.mark.parametrize(
        "text", ["", "15", "24:00", "12:60", "0am", "13pm", "3:5", "noon", "٣pm"]
    )
    def test_it_refuses_what_is_no_time(self, text: str) -> None:
        """A bare number could be anything."""
        with pytest.raises(InvalidError, match="write 15:00"):
            wall_time(text)
