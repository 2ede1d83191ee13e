"""When does a repeated event take place? Weekly and daily repetition only."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tests.google.errors import Json

ENDLESS: Final = 730
"""Instances of a series without an end: about as many were seen in garrytan/gbrain issue 5015."""
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def start_of(event: Json, zone: str) -> datetime:
    """Return when an event starts; a whole day starts at midnight of the calendar's zone."""
    return moment(event["start"], zone)


def end_of(event: Json, zone: str) -> datetime:
    """Return when an event ends; the day of a whole-day event is the one after its last."""
    return moment(event["end"], zone)


def moment(when: Json, zone: str) -> datetime:
    """Return an EventDateTime as a moment."""
    if "date" in when:
        day = date.fromisoformat(when["date"])
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    read = datetime.fromisoformat(when["dateTime"])
    return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(when.get("timeZone", zone)))


def instance_id(series: str, original: Json, zone: str) -> str:
    """Return the id of an instance: that of its series and when it was to start."""
    if "date" in original:
        return f"{series}_{original['date'].replace('-', '')}"
    return f"{series}_{moment(original, zone).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def instances(series: Json, zone: str) -> Iterator[Json]:
    """Return the instances of a series, as no exception changes them, in order.

    Raises:
        NotImplementedError: it is repeated in a way that is not known here.
    """
    begin, length = series["start"], _length(series, zone)
    for number in _steps(series, zone):
        start = _later(begin, number, zone)
        one = {name: x for name, x in series.items() if name != "recurrence"}
        yield one | {
            "id": instance_id(series["id"], start, zone),
            "recurringEventId": series["id"],
            "originalStartTime": start,
            "start": start,
            "end": _plus(start, length, zone),
        }


def _steps(series: Json, zone: str) -> Iterator[int]:
    # days from the first instance
    local = moment(_later(series["start"], 0, zone), zone)
    rule = _rule(series["recurrence"], _DAYS[local.weekday()])
    step = int(rule.get("INTERVAL", "1")) * (7 if rule["FREQ"] == "WEEKLY" else 1)
    days = range(0, ENDLESS * step, step)
    if "COUNT" in rule:
        return iter(days[: int(rule["COUNT"])])
    if "UNTIL" not in rule:
        return iter(days)
    text = rule["UNTIL"]
    until = datetime.strptime(text[:8], "%Y%m%d").replace(tzinfo=UTC) + timedelta(days=1)
    if "T" in text:
        until = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) + timedelta(seconds=1)
    first = series["start"]
    return itertools.takewhile(lambda n: moment(_later(first, n, zone), zone) < until, days)


def _rule(recurrence: list[str], day: str) -> dict[str, str]:
    head, _, text = recurrence[0].partition(":")
    rule = dict(part.split("=", 1) for part in text.split(";"))
    known = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
    usual = len(recurrence) == 1 and head == "RRULE" and rule.get("FREQ") in ("WEEKLY", "DAILY")
    if not usual or rule.pop("BYDAY", day) != day or set(rule) - known:
        raise NotImplementedError(f"a recurrence: {recurrence}")
    return rule


def _later(when: Json, days: int, zone: str) -> Json:
    # the same hour by the clock on the wall, whatever summer time does
    if "date" in when:
        return {"date": (date.fromisoformat(when["date"]) + timedelta(days=days)).isoformat()}
    wall = ZoneInfo(when.get("timeZone", zone))
    local = moment(when, zone).astimezone(wall) + timedelta(days=days)
    return {"dateTime": local.isoformat(), "timeZone": str(wall)}


def _length(series: Json, zone: str) -> timedelta:
    return (end_of(series, zone) - start_of(series, zone)) if series.get("end") else timedelta()


def _plus(when: Json, length: timedelta, zone: str) -> Json:
    if "date" in when:
        return {
            "date": (date.fromisoformat(when["date"]) + timedelta(days=length.days)).isoformat()
        }
    wall = ZoneInfo(when["timeZone"])
    end = (moment(when, zone).astimezone(UTC) + length).astimezone(wall)
    return {"dateTime": end.isoformat(), "timeZone": str(wall)}
