"""What did a person mean by these words? Days, times and channels as people write them."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta
from typing import Final

from netcrm.errors import InvalidError
from netcrm.model.time import Interval, LocalMoment, parse_day, wall_time

CHANNEL_WORDS: Final = {
    "in_person": "in_person in-person met coffee lunch dinner breakfast drinks visit walk talked",
    "video": "video zoom facetime videocall",
    "phone": "phone call called phoned rang",
    "voicemail": "voicemail",
    "email": "email e-mail mail mailed emailed wrote",
    "letter": "letter postcard",
    "sms": "sms texted",
    "chat": "chat whatsapp telegram slack dm",
    "linkedin_message": "linkedin linkedin_message linkedin-message",
    "linkedin_note": "linkedin_note linkedin-note",
    "social_reaction": "social_reaction social-reaction liked",
    "event": "event conference meetup",
    "other": "other",
}
CHANNEL_OF: Final = {word: name for name, said in CHANNEL_WORDS.items() for word in said.split()}
_ONE_SIDED: Final = frozenset({"voicemail", "email", "letter", "sms", "chat", "linkedin_message"})
_MINE: Final = frozenset(
    {
        "request", "follow_up", "thank_you", "progress_update", "report_back",
        "introduction_request", "congratulate",
    }
)  # fmt: skip
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS: Final = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_IN: Final = re.compile(r"in (.+)|(.+) from now")
_NUMBERS: Final = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_COUNTED: Final = re.compile(rf"\b({'|'.join(_NUMBERS)})\b")
_CLOCK: Final = re.compile(r"\d{1,2}([:.]\d+.*|\s*[ap]m)", re.IGNORECASE)
_AGO: Final = re.compile(r"(.+?) ago")
_DAY_MONTH: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.? ([a-z]{3,9})\.?,?(?: (\d{4}))?")
_MONTH_DAY: Final = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?")


def channel(word: str) -> str | None:
    """Return the channel that a word names: "coffee" is in_person. None for any other word."""
    return CHANNEL_OF.get(word.lower())


def usual_direction(name: str, kind: str = "message") -> str:
    """Return who speaks if nothing is said.

    An answer is theirs; what I ask, thank or tell for is mine, also face to face; of the rest a
    message is mine and a talk is mutual.
    """
    if kind in ("accept", "decline", "defer"):
        return "inbound"
    return "outbound" if name in _ONE_SIDED or kind in _MINE else "mutual"


def day(text: str, *, today: date, past: bool = False) -> date:
    """Return the day that *text* means as seen from *today*.

    Reads 2026-03-14, today, yesterday, tomorrow, a weekday, "3 days ago", "in 2 weeks", "2w",
    "14 Mar", "March 14 2026". A weekday or a day without a year is the nearest one to come, or with
    *past* the nearest one gone by; today counts for neither, except a date that is today's own.

    Raises:
        InvalidError: it means no day, or a day that does not exist.
    """
    said = " ".join(text.lower().split())
    fixed = {"today": 0, "now": 0, "yesterday": -1, "tomorrow": 1}
    if said in fixed:
        return _moved(today, fixed[said], text)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
        return parse_day(said)
    name = said.removeprefix("next ").removeprefix("last ").removeprefix("on ")
    weekday = [i for i, full in enumerate(_WEEKDAYS) if len(name) >= 3 and full.startswith(name)]
    if weekday:
        back = (past or said.startswith("last ")) and not said.startswith("next ")
        gap = (today.weekday() - weekday[0] if back else weekday[0] - today.weekday()) % 7 or 7
        return _moved(today, -gap if back else gap, text)
    said = _COUNTED.sub(lambda found: str(_NUMBERS[found[1]]), said)
    if match := _AGO.fullmatch(said):
        return _back(today, Interval.parse(match[1]))
    if match := _IN.fullmatch(said):
        return Interval.parse(match[1] or match[2]).after(today)
    named = _named_day(said, today, past)
    if named:
        return named
    try:
        return Interval.parse(said).after(today)
    except InvalidError:
        raise InvalidError(
            f"{text!r} is not a day; write 2026-03-14, 14 Mar, friday, 3 days ago or in 2 weeks"
        ) from None


def moment(text: str, *, today: date, zone_name: str, past: bool = True) -> LocalMoment:
    """Return the moment that *text* means: a day as in `day`, with or without a time of day.

    "fri 15:00", "yesterday at 3pm" and "2026-02-20 15:00" are in *zone_name*.
    """
    said = text.strip()
    if re.match(r"\d{4}-\d{2}-\d{2}T", said) and "[" in said:
        return LocalMoment.parse(said)
    head, _, clock = re.sub(r"^(\d{4}-\d\d-\d\d)T", r"\1 ", said).rpartition(" ")
    if clock.lower() in ("am", "pm"):
        head, _, hour = head.rpartition(" ")
        clock = hour + clock
    at: time | None = None
    try:
        at = wall_time(clock)
    except InvalidError:
        if head and _CLOCK.fullmatch(clock):
            raise  # the day may be right, the time is not
        head = said
    on = day(head.removesuffix(" at").removesuffix(",") or "today", today=today, past=past)
    if at is None:
        return LocalMoment.on(on)
    return LocalMoment.at(datetime.combine(on, at), zone_name)


def _moved(from_day: date, days: int, text: str) -> date:
    try:
        return from_day + timedelta(days=days)
    except OverflowError:
        raise InvalidError(f"{text!r} is too far away") from None


def _back(today: date, length: Interval) -> date:
    """Return the day one interval before *today*."""
    if length.unit in ("day", "week"):
        return _moved(today, -length.n * (7 if length.unit == "week" else 1), str(length))
    months = today.year * 12 + today.month - 1 - length.n * (12 if length.unit == "year" else 1)
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(today.day, last))


def _named_day(said: str, today: date, past: bool) -> date | None:
    """Return a day given by day and name of the month, such as "14 mar" or "march 14 2026"."""
    if match := _DAY_MONTH.fullmatch(said):
        number, name, year = match[1], match[2], match[3]
    elif match := _MONTH_DAY.fullmatch(said):
        name, number, year = match[1], match[2], match[3]
    else:
        return None
    months = [i for i, full in enumerate(_MONTHS, start=1) if full.startswith(name)]
    if len(months) != 1:
        return None
    step = -1 if past else 1
    nearest = range(today.year, today.year + 9 * step, step)  # nine years hold a 29 February
    for candidate in [int(year)] if year else nearest:
        try:
            found = date(candidate, months[0], int(number))
        except ValueError:
            continue
        if year or (found <= today if past else found >= today):
            return found
    raise InvalidError(f"there is no such day as {said!r}")
