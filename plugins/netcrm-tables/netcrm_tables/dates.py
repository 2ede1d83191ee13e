"""Dates as tables write them. Which number is the month is known, or the date is not read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Literal

from netcrm import InvalidError, PartialDate

Order = Literal["day first", "month first", ""]

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janner janvier janv enero ene gennaio gen janeiro",
            "feb february februar fevrier fev febrero febbraio fevereiro",
            "mar march marz mrz mars marzo marco",
            "apr april avril avr abril abr aprile",
            "may mai mayo maggio mag maio",
            "jun june juni juin junio giugno giu junho",
            "jul july juli juillet juil julio luglio lug julho",
            "aug august aout agosto ago",
            "sep sept september septembre septiembre settembre set setembro",
            "oct october oktober okt octobre octubre ottobre ott outubro out",
            "nov november novembre noviembre novembro",
            "dec december dezember dez decembre diciembre dic dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_YEAR_FIRST: Final = re.compile(
    r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ,]+[0-9]{1,2}:.*)?", re.DOTALL
)
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NUMBERS: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(,? .*)?")
_AMERICAN_CLOCK: Final = re.compile(r",? [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})? ?[AaPp][Mm]")
_CLOCK: Final = re.compile(r"(?:,? [0-9]{1,2}:[0-9]{2}.*)?")
_MONTH_AND_YEAR: Final = re.compile(r"([0-9]{1,2})[/.]([0-9]{4})")
_DAY_AND_NAME: Final = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|er|\.)?[ -](?:of |de )?([^\W\d_]{3,})\.?"
    r"(?:,?[ -](?:de )?([0-9]{4}|[0-9]{2}))?"
)
_NAME_AND_DAY: Final = re.compile(
    r"([^\W\d_]{3,})\.? ([0-9]{1,2})(?:st|nd|rd|th)?(?:,? ([0-9]{4}))?"
)
_NAME_AND_YEAR: Final = re.compile(r"([^\W\d_]{3,})\.?,? ([0-9]{4})")
_LONGEST: Final = 60
_NOTHING: Final = re.compile(r"[0 ./-]*")


def is_nothing(text: str) -> bool:
    """Whether a date says that there is none: 0/0/00 or 0000-00-00."""
    return bool(_NOTHING.fullmatch(text))


def order_of(texts: Iterable[str], usual: Order = "") -> Order:
    """Return which number comes first in the dates of a column, if they show it together.

    A number above 12 is a day. Where neither place holds one, it is as *usual*; where both do,
    nobody can tell.
    """
    found = [match for text in texts if (match := _NUMBERS.fullmatch(text)) and match[2] != "."]
    is_day = (any(int(m[1]) > 12 for m in found), any(int(m[3]) > 12 for m in found))
    if is_day == (False, False):
        return usual
    if is_day == (True, True):
        return ""
    return "day first" if is_day[0] else "month first"


def read(text: str, order: Order = "", century: int = 0) -> PartialDate | None:
    """Return the date that a cell says, or None if it cannot be read for certain.

    A year of two digits is read only if its *century* is known.
    """
    return _read(text, order, century) if len(text) <= _LONGEST else None


@lru_cache(maxsize=4_096)
def _read(text: str, order: Order, century: int) -> PartialDate | None:
    try:
        return _named(text, century) or _numbered(text, order, century) or PartialDate.parse(text)
    except InvalidError:
        return None


def together(year: str, month: str, day: str) -> PartialDate | None:
    """Return a date whose parts stand in cells of their own; None if they make none."""
    texts = (year, month, day)
    if not all(text.isascii() and text.isdigit() for text in texts if text):
        number = _MONTHS.get(_plain(month), 0)
        return together(year, str(number), day) if number else None
    if any(len(text) > 4 for text in texts):
        return None
    numbers = [int(text or 0) or None for text in texts]
    try:
        return PartialDate(year=numbers[0], month=numbers[1], day=numbers[2])
    except InvalidError:
        return None


def _numbered(text: str, order: Order, century: int) -> PartialDate | None:
    if match := _YEAR_FIRST.fullmatch(text):
        return _date(match[1], match[3], match[4])
    if match := _COMPACT.fullmatch(text):
        return _date(match[1], match[2], match[3])
    if match := _MONTH_AND_YEAR.fullmatch(text):
        return PartialDate(year=int(match[2]), month=int(match[1]))
    match = _NUMBERS.fullmatch(text)
    if not match or not _CLOCK.fullmatch(match[5] or ""):
        return None
    if match[2] == ".":
        order = "day first"
    elif match[5] and _AMERICAN_CLOCK.fullmatch(match[5]):
        order = order or "month first"
    if not order:
        return None
    day, month = (match[1], match[3]) if order == "day first" else (match[3], match[1])
    return _date(_year(match[4], century), month, day)


def _named(text: str, century: int) -> PartialDate | None:
    """Read a date whose month is a word, in the languages of the table above."""
    if match := _DAY_AND_NAME.fullmatch(text):
        day, name, year = match[1], match[2], match[3]
    elif match := _NAME_AND_DAY.fullmatch(text):
        name, day, year = match[1], match[2], match[3]
    elif match := _NAME_AND_YEAR.fullmatch(text):
        name, day, year = match[1], "", match[2]
    else:
        return None
    month = _MONTHS.get(_plain(name), 0)
    if not month:
        return None
    return PartialDate(
        year=int(_year(year, century)) if year else None,
        month=month,
        day=int(day) if day else None,
    )


def _date(year: str, month: str, day: str) -> PartialDate:
    return PartialDate(year=int(year), month=int(month), day=int(day))


def _year(year: str, century: int) -> str:
    if len(year) == 4:
        return year
    if not century:
        raise InvalidError(f"the year {year} may be of any century")
    return str(century + int(year))


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in bare if not unicodedata.combining(c))
