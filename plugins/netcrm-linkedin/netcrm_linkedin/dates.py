"""Dates as LinkedIn and Excel write them. Month names are English, whatever the computer speaks."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from netcrm import InvalidError, PartialDate

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
_NAMED: Final = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})[ -]([0-9]{4}|[0-9]{2})")
_AMERICAN: Final = re.compile(
    r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2}),?\s[0-9]{1,2}:[0-9]{2}\s?[AP]M", re.IGNORECASE
)
_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})\s?([AP])M", re.IGNORECASE)
_INSTANT: Final = re.compile(
    r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))? ?(?:UTC|Z)"
)
_MONTH_YEAR: Final = re.compile(r"(?:([A-Za-z]{3,9})\.? )?([0-9]{4})")
_MONTH_DAY: Final = re.compile(r"([A-Za-z]{3,9})\.? ([0-9]{1,2})(?:, ?([0-9]{4}))?")
_DAY_MONTH: Final = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})(?:[ -]([0-9]{4}))?")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9]{2}:[0-9]{2}.*)?")


@lru_cache(maxsize=4_096)
def read_day(text: str) -> str:
    """Return a date as YYYY-MM-DD, or nothing if it cannot be read for certain.

    Understood are 14 Sep 2025, 14-Sep-25, 2025-09-14 and 9/14/25, 3:05 PM. LinkedIn writes the
    last with the month first; without a time of day, 9/4/25 may come from anywhere: no guess.
    """
    if match := _NAMED.fullmatch(text):
        day, month, year = match[1], _MONTHS.get(match[2].lower(), 0), match[3]
    elif match := _AMERICAN.fullmatch(text):
        day, month, year = match[2], int(match[1]), match[3]
    elif match := _ISO.fullmatch(text):
        day, month, year = match[3], int(match[2]), match[1]
    else:
        return ""
    century = 2_000 if len(year) == 2 else 0  # LinkedIn opened in 2003
    try:
        return date(century + int(year), month, int(day)).isoformat()
    except ValueError:
        return ""


def read_moment(text: str) -> datetime | date | None:
    """Return when a message was sent; None if that cannot be read for certain.

    2021-11-24 20:08:18 UTC is a moment. The 10/10/18, 8:57 AM of exports until 2018 is of no zone
    that they tell, so it is only a day.
    """
    if match := _INSTANT.fullmatch(text):
        try:
            return datetime(*(int(part or 0) for part in match.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
        except ValueError:
            return None
    day = read_day(text)
    return date.fromisoformat(day) if day else None


def written(text: str, at: datetime | date) -> str:
    """Return when something was, in one form for all exports, as precisely as its text says it."""
    if isinstance(at, datetime):
        return f"{at:%Y%m%dT%H%M%S}Z"
    if not (clock := _CLOCK.search(text)):
        return f"{at:%Y%m%d}"
    hour = int(clock[1]) % 12 + (12 if clock[3].lower() == "p" else 0)
    return f"{at:%Y%m%d}T{hour:02}{clock[2]}"


def read_partial(text: str) -> PartialDate | None:
    """Return when a job began or ended: Jun 2018, 2018, or a whole date; None if it is not said."""
    if match := _MONTH_YEAR.fullmatch(text):
        month = _MONTHS.get((match[1] or "").lower())
        return None if match[1] and not month else _partial(int(match[2]), month)
    day = read_day(text)
    return PartialDate.parse(day) if day else None


def read_birthday(text: str) -> str:
    """Return a birthday as netcrm writes it, 1988-06-15 or --06-15; nothing if it is uncertain."""
    if day := read_day(text) if _ISO.fullmatch(text) else "":
        return day
    if match := _MONTH_DAY.fullmatch(text):
        month, day, year = match[1], match[2], match[3]
    elif match := _DAY_MONTH.fullmatch(text):
        day, month, year = match[1], match[2], match[3]
    else:
        return ""
    found = _partial(int(year) if year else None, _MONTHS.get(month.lower(), 0), int(day))
    return str(found or "")


def _partial(year: int | None, month: int | None, day: int | None = None) -> PartialDate | None:
    try:
        return PartialDate(year=year, month=month, day=day)
    except InvalidError:
        return None
