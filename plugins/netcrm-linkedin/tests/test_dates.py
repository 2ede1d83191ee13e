from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm import PartialDate
from netcrm_linkedin.dates import read_birthday, read_day, read_moment, read_partial, written

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("14 Sep 2025", "2025-09-14"),
        ("04 sept 2025", "2025-09-04"),
        ("4 September 2025", "2025-09-04"),
        ("15-Feb-22", "2022-02-15"),
        ("5-Feb-2022", "2022-02-05"),
        ("1/4/18, 6:27 PM", "2018-01-04"),
        ("12/31/2018, 12:00 am", "2018-12-31"),
        ("1/4/18, 6:27\u202fPM", "2018-01-04"),
        ("2024-02-29", "2024-02-29"),
        ("2024-02-29 10:11:12 UTC", "2024-02-29"),
        ("2024-02-29T10:11:12Z", "2024-02-29"),
    ],
)
def test_dates_that_were_seen_are_read(text: str, day: str) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "31 Feb 2025",
        "2023-02-29",
        "14 Set 2025",
        "14 Sep",
        "14 Sep 225",
        "9/4/25",
        "15/2/22, 3:00 PM",
        "0/0/00, 0:00 AM",
        "00 Jan 1900",
        "0000-01-01",
        "１４ Sep 2025",
        "14 Sep 2025 or so",
        "45184",
    ],
)
def test_a_date_that_is_none_or_could_be_two_is_not_guessed(text: str) -> None:
    assert read_day(text) == ""


@given(st.dates(date(2003, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back_in_every_form(day: date) -> None:
    month = MONTHS[day.month - 1]
    for text in (
        f"{day.day:02} {month} {day.year}",
        f"{day.day}-{month}-{day.year % 100:02}",
        f"{day.month}/{day.day}/{day.year % 100:02}, 9:05 AM",
        day.isoformat(),
    ):
        assert read_day(text) == day.isoformat()


@given(st.text())
def test_any_text_is_a_day_or_nothing(text: str) -> None:
    found = read_day(text)
    assert found == "" or date.fromisoformat(found)


@pytest.mark.parametrize(
    ("text", "at", "in_short"),
    [
        (
            "2021-11-24 20:08:18 UTC",
            datetime(2021, 11, 24, 20, 8, 18, tzinfo=UTC),
            "20211124T200818Z",
        ),
        ("2021/11/24 20:08 UTC", datetime(2021, 11, 24, 20, 8, tzinfo=UTC), "20211124T200800Z"),
        ("10/10/18, 8:57 AM", date(2018, 10, 10), "20181010T0857"),
        ("10/10/18, 12:05 AM", date(2018, 10, 10), "20181010T0005"),
        ("10/10/18, 12:05 PM", date(2018, 10, 10), "20181010T1205"),
        ("2021-11-24", date(2021, 11, 24), "20211124"),
    ],
)
def test_a_moment_is_one_only_with_its_zone(text: str, at: datetime | date, in_short: str) -> None:
    found = read_moment(text)
    assert found == at
    assert type(found) is type(at)
    assert written(text, at) == in_short


@pytest.mark.parametrize("text", ["", "soon", "2021-13-24 20:08:18 UTC", "2021-11-24 25:08:18 UTC"])
def test_what_is_no_moment(text: str) -> None:
    assert read_moment(text) is None


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Jun 2018", "2018-06"),
        ("June 2018", "2018-06"),
        ("Sept. 2018", "2018-09"),
        ("2004", "2004"),
        ("14 Sep 2025", "2025-09-14"),
        ("", ""),
        ("Jux 2018", ""),
        ("0000", ""),
        ("Present", ""),
    ],
)
def test_when_a_job_began(text: str, when: str) -> None:
    assert read_partial(text) == (PartialDate.parse(when) if when else None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Jun 15, 1988", "1988-06-15"),
        ("Jun 15", "--06-15"),
        ("15 June", "--06-15"),
        ("29 Feb", "--02-29"),
        ("15 Jun 1988", "1988-06-15"),
        ("1988-06-15", "1988-06-15"),
        ("1988-06-31", ""),
        ("31 Feb", ""),
        ("6/5/88", ""),
        ("6/5/88, 12:00 AM", ""),
        ("Jun", ""),
        ("", ""),
    ],
)
def test_a_birthday_is_certain_or_none(text: str, day: str) -> None:
    assert read_birthday(text) == day


@given(st.text())
def test_any_text_is_some_date_or_none(text: str) -> None:
    read_moment(text)
    read_partial(text)
    assert read_birthday(text) == "" or PartialDate.parse(read_birthday(text))
