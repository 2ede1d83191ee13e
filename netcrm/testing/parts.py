"""What the strategies for values of the model are made of: texts, ids, days, moments, rhythms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar, get_args

from hypothesis import strategies as st

from netcrm.model.time import Interval, LocalMoment, PartialDate

T = TypeVar("T")
Fields = Mapping[str, st.SearchStrategy[Any]]
"""Strategies for the fields of a class, by name."""

ZONES: Final = (
    "UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati",
    "Pacific/Pago_Pago", "Australia/Lord_Howe",
)  # fmt: skip
"""Time zones with odd offsets and odd changes among them."""
YES_NO: Final = ("yes", "no", "unknown")
_LONGEST: Final = {"day": 36_525, "week": 5_217, "month": 1_200, "year": 100}


def word(literal: Any) -> st.SearchStrategy[Any]:
    """One of the words of a Literal."""
    return st.sampled_from(get_args(literal))


def made(
    cls: Callable[..., T], required: Fields, optional: Fields, together: Fields | None = None
) -> st.SearchStrategy[T]:
    """Values of a class, with and without each optional field, and with unknown keys.

    Args:
        cls: what makes the value.
        required: fields that are always given.
        optional: fields that are given at times.
        together: fields that are given all or none.
    """
    fields = st.fixed_dictionaries(dict(required), optional={**optional, "extra": extra()})
    if not together:
        return fields.map(lambda said: cls(**said))
    linked: st.SearchStrategy[dict[str, Any]] = st.just({}) | st.fixed_dictionaries(dict(together))
    return st.tuples(fields, linked).map(lambda said: cls(**said[0], **said[1]))


def _characters() -> st.SearchStrategy[str]:
    return st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def lines() -> st.SearchStrategy[str]:
    """Any text that can be stored."""
    return st.text(_characters(), max_size=12)


def said() -> st.SearchStrategy[str]:
    """A line that says something."""
    return st.text(_characters(), min_size=1, max_size=12).filter(str.strip)


def several(each: st.SearchStrategy[T]) -> st.SearchStrategy[list[T]]:
    """A few of them."""
    return st.lists(each, max_size=3)


def labels() -> st.SearchStrategy[str]:
    """Tags, circles and fields as they are stored."""
    return st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6})?", fullmatch=True)


def ids() -> st.SearchStrategy[str]:
    """Ids of records."""
    return st.uuids().map(lambda made: made.hex)


def _json() -> st.SearchStrategy[Any]:
    numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    plain = st.none() | st.booleans() | numbers | lines()
    return st.recursive(
        plain,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(lines(), inner, max_size=2),
        max_leaves=4,
    )


def extra() -> st.SearchStrategy[dict[str, Any]]:
    """Keys of plugins and of later versions."""
    return st.dictionaries(lines().map("x-{}".format), _json(), max_size=2)


def days() -> st.SearchStrategy[date]:
    """Days of two centuries."""
    return st.dates(date(1900, 1, 1), date(2100, 12, 31))


def spans() -> st.SearchStrategy[tuple[date, date]]:
    """Two days, of which the second is no earlier."""
    return st.tuples(days(), days()).map(lambda two: (min(two), max(two)))


def instants() -> st.SearchStrategy[datetime]:
    """Moments in UTC."""
    begin, years = datetime(1970, 1, 2, tzinfo=UTC), timedelta(days=130 * 365)
    return st.timedeltas(timedelta(), years).map(lambda later: begin + later)


def dated() -> st.SearchStrategy[PartialDate]:
    """Years, months and days."""
    return st.one_of(
        days().map(PartialDate.of),
        days().map(lambda day: PartialDate(year=day.year)),
        days().map(lambda day: PartialDate(year=day.year, month=day.month)),
    )


def partial_dates() -> st.SearchStrategy[PartialDate]:
    """Years, months, days, and days without a year."""
    leap = st.dates(date(2000, 1, 1), date(2000, 12, 31))
    return dated() | leap.map(lambda day: PartialDate(month=day.month, day=day.day))


def moments() -> st.SearchStrategy[LocalMoment]:
    """Days, and times of day in zones, some of them while clocks change."""
    return st.one_of(
        days().map(LocalMoment.on),
        st.builds(LocalMoment.of, instants(), st.sampled_from(ZONES)),
        st.builds(
            LocalMoment.at,
            instants().map(lambda instant: instant.replace(tzinfo=None)),
            st.sampled_from(ZONES),
        ),
    )


def intervals() -> st.SearchStrategy[Interval]:
    """Rhythms, from a day to a hundred years."""
    return st.sampled_from(sorted(_LONGEST)).flatmap(
        lambda unit: st.builds(Interval, n=st.integers(1, _LONGEST[unit]), unit=st.just(unit))
    )
