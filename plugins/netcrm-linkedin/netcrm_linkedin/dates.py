"""Dates as LinkedIn and Excel write them. Month names are English, whatever the computer speaks."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

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
