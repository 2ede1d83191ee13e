"""Days, moments and rhythms: the time values that every fact and rule is made of."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

import attrs

from netcrm.errors import InvalidError

Unit = Literal["day", "week", "month", "year"]
Roll = Literal["following", "preceding", "none"]

_NOMINAL_DAYS: dict[str, float] = {"day": 1, "week": 7, "month": 365.25 / 12, "year": 365.25}
_LONGEST: dict[str, int] = {"day": 36_525, "week": 5_217, "month": 1_200, "year": 100}
_NAMED = {
    "daily": (1, "day"),
    "weekly": (1, "week"),
    "fortnightly": (2, "week"),
    "biweekly": (2, "week"),
    "monthly": (1, "month"),
    "quarterly": (3, "month"),
    "yearly": (1, "year"),
    "annually": (1, "year"),
}
_UNITS: dict[str, Unit] = {"d": "day", "w": "week", "m": "month", "y": "year"}
_INTERVAL = re.compile(r"(\d{1,6})? ?(d|w|m|y|days?|weeks?|months?|years?|mo|yrs?|wks?)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PARTIAL = re.compile(r"(?:(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?|--(\d{2})-(\d{2}))", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})"
    r"(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:\d{2}(?::\d{2})?)\[([\w+\-/.]+)\])?",
    re.ASCII,
)
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*(am|pm)?", re.ASCII)

_Day = date  # where a class has an attribute called `date`


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return how the whole of *text* fits; None also for what is not text, such as JSON's 5."""
    try:
        return pattern.fullmatch(text)
    except TypeError:
        return None


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """Return the IANA time zone called *name*.

    Raises:
        InvalidError: when this machine knows no such zone.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidError(f"unknown time zone {name!r}; write it like Europe/London") from None


def parse_day(text: str) -> date:
    """Return the day written as YYYY-MM-DD."""
    try:
        if _match(_DAY, text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InvalidError(f"{text!r} is not a day; write it like 2026-03-14")


def days_later(day: date, days: int) -> date:
    """Return the day so many *days* later, or earlier; at most the ends of the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


@attrs.frozen(kw_only=True)
class PartialDate:
    """A date known only in part: 2021, 2021-03, 2021-03-14, or --03-14 without the year.

    It compares as the interval of days it may mean; where two intervals overlap, their order is
    unknown and `before` answers None.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def __attrs_post_init__(self) -> None:
        shape = (self.year is not None, self.month is not None, self.day is not None)
        allowed = {(True, False, False), (True, True, False), (True, True, True)}
        if shape not in allowed | {(False, True, True)}:
            raise InvalidError("a date is a year, a year and month, a full day, or --MM-DD")
        try:  # 2000 is a leap year: --02-29 is a birthday that exists
            date(2000 if self.year is None else self.year, self.month or 1, self.day or 1)
        except ValueError as error:
            raise InvalidError(f"no such date: {error}") from None

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read the text form (ISO 8601, or --MM-DD for a day without a year)."""
        match = _match(_PARTIAL, text)
        if match is None:
            raise InvalidError(f"{text!r} is no date; write 2021, 2021-03, 2021-03-14 or --03-14")
        year, month, day, yearless_month, yearless_day = match.groups()
        month, day = yearless_month or month, yearless_day or day
        return cls(
            year=int(year) if year else None,
            month=int(month) if month else None,
            day=int(day) if day else None,
        )

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """Return *day* as a full date."""
        return cls(year=day.year, month=day.month, day=day.day)

    def __str__(self) -> str:
        if self.year is None:
            return f"--{self.month:02}-{self.day:02}"
        parts = [f"{self.year:04}"]
        parts += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    @property
    def earliest(self) -> date | None:
        """The first day it may mean; None without a year."""
        return None if self.year is None else self.first

    @property
    def first(self) -> date:
        """The first day it may mean.

        Raises:
            InvalidError: no year is known.
        """
        if self.year is None:
            raise InvalidError(f"{self} says no year; write the date as 2021-03-14 or 2021-03")
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date | None:
        """The last day it may mean; None without a year."""
        if self.year is None:
            return None
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def before(self, other: PartialDate) -> bool | None:
        """Whether this is certainly before *other* (True), certainly not (False), or unknown."""
        if self.latest and other.earliest and self.latest < other.earliest:
            return True
        if self.earliest and other.latest and self.earliest >= other.latest:
            return False
        return None


def _text(local: datetime | None) -> str:
    return f"{local.isoformat()}[{local.tzinfo}]" if local else ""


def _in_zone(instant: datetime, tz: ZoneInfo) -> datetime:
    """Return an aware datetime as clocks in a zone show it. By way of UTC, also from that zone."""
    try:
        return instant.astimezone(UTC).astimezone(tz)
    except OverflowError:
        raise InvalidError(f"{instant} is beyond the calendar") from None


@attrs.frozen(kw_only=True)
class LocalMoment:
    """When something happened, or will: a civil day, and if known the wall time in a zone.

    The text form is RFC 9557: `2026-02-20` or `2026-02-20T15:00-05:00[America/New_York]`. It keeps
    both truths: the day and wall time as people said it, and the instant. Moments are equal if
    their texts are. `shifted` is True when the wall time asked for does not exist or exists twice
    there (clock changes) and one was chosen.
    """

    date: _Day
    local: datetime | None = attrs.field(default=None, eq=_text)
    shifted: bool = attrs.field(default=False, eq=False)

    def __attrs_post_init__(self) -> None:
        local = self.local
        if type(self.date) is not date:
            raise InvalidError(f"expected a day, got {self.date!r}")
        if local is None:
            return
        if not isinstance(local.tzinfo, ZoneInfo) or local.tzinfo.key is None:
            raise InvalidError("a time of day needs an IANA zone, such as Europe/London")
        if local.date() != self.date:
            raise InvalidError(f"the day {self.date} and the time {local} do not agree")
        if _in_zone(local, local.tzinfo) != local:
            raise InvalidError(f"clocks never show {_text(local)}: they are put forward then")

    @classmethod
    def on(cls, day: _Day) -> LocalMoment:
        """Return a moment of which only the day is known."""
        return cls(date=day)

    @classmethod
    def at(cls, wall: datetime, zone_name: str) -> LocalMoment:
        """Return the moment when the clocks in a zone show *wall* (a naive datetime).

        A time that the clocks jump over moves later by the width of the jump; of a time that comes
        twice the first is meant (PEP 495, fold=0). Both are flagged as `shifted`.
        """
        if wall.tzinfo is not None:
            raise InvalidError(f"{wall} has a time zone of its own")
        first = wall.replace(tzinfo=zone(zone_name), fold=0)
        unclear = first.utcoffset() != first.replace(fold=1).utcoffset()
        return attrs.evolve(cls.of(first, zone_name), shifted=unclear)

    @classmethod
    def of(cls, instant: datetime, zone_name: str) -> LocalMoment:
        """Return an aware *instant* as the clocks in a zone showed it."""
        if instant.utcoffset() is None:
            raise InvalidError(f"{instant} needs a time zone")
        local = _in_zone(instant, zone(zone_name))
        return cls(date=local.date(), local=local)

    @classmethod
    def parse(cls, text: str) -> LocalMoment:
        """Read the text form; the instant wins if the zone's rules have changed since."""
        match = _match(_MOMENT, text)
        if match is None:
            raise InvalidError(
                f"{text!r} is not a moment; write 2026-02-20 "
                "or 2026-02-20T15:00-05:00[America/New_York]"
            )
        day, clock, offset, zone_name = match.groups()
        if clock is None:
            return cls.on(parse_day(day))
        try:
            instant = datetime.fromisoformat(f"{day}T{clock}{offset}")
        except ValueError as error:
            raise InvalidError(f"{text!r} is not a moment: {error}") from None
        return cls.of(instant, zone_name)

    def __str__(self) -> str:
        return self.date.isoformat() if self.local is None else _text(self.local)

    def is_by(self, other: LocalMoment) -> bool:
        """Whether this was no later than *other*.

        By the instants, or, where of either only the day is known, by the days.
        """
        mine, theirs = self.instant, other.instant
        return mine <= theirs if mine and theirs else self.date <= other.date

    def in_zone(self, name: str) -> LocalMoment:
        """Return it as the clocks in a zone show it; as it is where only the day is known."""
        return LocalMoment.of(self.local, name) if self.local else self

    @property
    def instant(self) -> datetime | None:
        """The moment in UTC; None when only the day is known."""
        return None if self.local is None else self.local.astimezone(UTC)


@attrs.frozen(kw_only=True)
class Interval:
    """A rhythm in calendar units: every 2 weeks, every 3 months. At most a hundred years."""

    n: int
    unit: Unit

    def __attrs_post_init__(self) -> None:
        if self.unit not in _LONGEST:
            raise InvalidError(f"{self.unit!r} is not a unit: day, week, month or year")
        if type(self.n) is not int or not 1 <= self.n <= _LONGEST[self.unit]:
            raise InvalidError(f"a rhythm is 1 day to 100 years long, not {self.n} {self.unit}s")

    @classmethod
    def parse(cls, text: str) -> Interval:
        """Read "2 weeks", "90d", "3 months", "monthly" or "quarterly"."""
        said = " ".join(str(text).lower().split()).removeprefix("every ")
        if said in _NAMED:
            n, unit = _NAMED[said]
            return cls(n=n, unit=unit)  # type: ignore[arg-type]
        match = _INTERVAL.fullmatch(said)
        if match is None:
            raise InvalidError(f"{text!r} is not a rhythm; write 90d, 2 weeks, 3 months or yearly")
        return cls(n=int(match[1] or 1), unit=_UNITS[match[2][0]])

    @classmethod
    def of(cls, said: str | Interval) -> Interval:
        """Return the rhythm that is meant, in words or as it is."""
        return said if isinstance(said, Interval) else cls.parse(said)

    def __str__(self) -> str:
        return f"{self.n} {self.unit}{'s' if self.n > 1 else ''}"

    @property
    def days(self) -> float:
        """Its nominal length in days; a month is a twelfth of 365.25 days."""
        return self.n * _NOMINAL_DAYS[self.unit]

    def times(self, factor: int) -> Interval:
        """Return the rhythm stretched by a whole *factor*, at most a hundred years."""
        return Interval(n=min(self.n * factor, _LONGEST[self.unit]), unit=self.unit)

    def after(self, day: date) -> date:
        """Return the day one interval after *day*; 31 January + 1 month is the end of February."""
        if self.unit in ("day", "week"):
            return days_later(day, self.n * (7 if self.unit == "week" else 1))
        months = day.month - 1 + self.n * (12 if self.unit == "year" else 1)
        year, month = day.year + months // 12, months % 12 + 1
        if year > MAXYEAR:
            return date.max
        return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _set(days: Iterable[Any]) -> frozenset[Any]:
    return frozenset(days)


@attrs.frozen(kw_only=True)
class BusinessCalendar:
    """Which days are working days: all but the weekend (Monday is 0) and the holidays."""

    weekend: frozenset[int] = attrs.field(default=frozenset({5, 6}), converter=_set)
    holidays: frozenset[date] = attrs.field(default=frozenset(), converter=_set)

    def __attrs_post_init__(self) -> None:
        if not self.weekend <= set(range(7)) or len(self.weekend) > 6:
            raise InvalidError("a weekend is a set of days 0-6 and leaves at least one working day")

    def is_business_day(self, day: date) -> bool:
        """Whether people work on *day*."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def roll(
        self, day: date, way: Roll = "following", weekdays: frozenset[int] = frozenset()
    ) -> date:
        """Return *day*, or the nearest day after (or before) it that people work on.

        With *weekdays* (Monday is 0) only those days of the week count, weekend or not. At the ends
        of the calendar, where no such day is left, *day* itself.
        """
        if way == "none" and not weekdays:
            return day
        step = timedelta(days=-1 if way == "preceding" else 1)
        weekend = frozenset(range(7)) - weekdays if weekdays else self.weekend
        rolled = day
        try:
            while rolled.weekday() in weekend or rolled in self.holidays:
                rolled += step
        except OverflowError:
            return day
        return rolled

    def add(self, day: date, n: int) -> date:
        """Return the *n*-th working day after *day*, which first rolls forward to a working day.

        The same as numpy's `busday_offset(day, n, roll="forward")` for n >= 0.
        """
        day = self.roll(day)
        for _ in range(n):
            day = self.roll(days_later(day, 1))
        return day


def wall_time(text: str) -> time:
    """Read a time of day: 15:00, 3pm, 3:30 pm."""
    match = _match(_CLOCK, text.strip().lower())
    if match and (match[2] or match[3]):
        hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0) if 1 <= hour <= 12 else 24
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise InvalidError(f"{text!r} is not a time of day; write 15:00 or 3pm")
