from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm_linkedin.dates import read_day

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
