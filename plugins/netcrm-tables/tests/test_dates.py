"""Dates in tables: read for certain or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm_tables import dates


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1988-06-15", "1988-06-15"),
        ("1988-6-5", "1988-06-05"),
        ("1988/06/15", "1988-06-15"),
        ("1988-06-15T00:00:00Z", "1988-06-15"),
        ("19880615", "1988-06-15"),
        ("1988-06", "1988-06"),
        ("06/1988", "1988-06"),
        ("1988", "1988"),
        ("--12-01", "--12-01"),
        ("04.03.1990", "1990-03-04"),
        ("14 Sep 1990", "1990-09-14"),
        ("14th of September 1990", "1990-09-14"),
        ("Sept 14, 1990", "1990-09-14"),
        ("14. März 1990", "1990-03-14"),
        ("1er août 1990", "1990-08-01"),
        ("14 de mayo de 1990", "1990-05-14"),
        ("September 1990", "1990-09"),
        ("29 February", "--02-29"),
    ],
)
def test_what_is_certain_is_read(text: str, date: str) -> None:
    assert str(dates.read(text)) == date


@pytest.mark.parametrize(
    "text",
    ["03/04/1990", "3-4-1990", "25/12/1990", "31.02.1990", "14 Sep 90", "32764", "soon", "14 Foo",
     "13/13/1990", "1990-13-01", "5", "٣/٤/١٩٩٠", ""],
)  # fmt: skip
def test_what_is_not_is_not(text: str) -> None:
    assert dates.read(text) is None


def test_the_order_of_a_column_is_what_its_values_show() -> None:
    assert dates.order_of(["03/04/1990", "25/12/1990"]) == "day first"
    assert dates.order_of(["03/04/1990", "12/25/1990"]) == "month first"
    assert dates.order_of(["03/04/1990", "soon"]) == ""
    assert dates.order_of(["03/04/1990"], usual="month first") == "month first"
    assert dates.order_of(["25/12/1990", "12/25/1990"], usual="month first") == ""
    assert dates.order_of(["25.12.1990"]) == ""
    assert str(dates.read("03/04/1990", "day first")) == "1990-04-03"
    assert str(dates.read("03/04/1990", "month first")) == "1990-03-04"
    assert dates.read("25/12/1990", "month first") is None


def test_years_of_two_digits_need_a_century() -> None:
    assert str(dates.read("5-Feb-22", century=2_000)) == "2022-02-05"
    assert str(dates.read("1/4/18, 6:27 PM", century=2_000)) == "2018-01-04"
    assert dates.read("1/4/18, 18:27", century=2_000) is None


def test_no_date_in_many_ways() -> None:
    assert all(map(dates.is_nothing, ["0/0/00", "00.00.0000", "0000-00-00", "-", "0"]))
    assert not dates.is_nothing("1/0/00")


def test_parts_in_cells_of_their_own() -> None:
    assert str(dates.together("1988", "6", "5")) == "1988-06-05"
    assert str(dates.together("", "June", "05")) == "--06-05"
    assert str(dates.together("1988", "", "")) == "1988"
    assert str(dates.together("0", "2", "29")) == "--02-29"
    for parts in [("", "2", "30"), ("", "6", ""), ("1988", "x", "y"), ("9" * 9_999, "1", "1")]:
        assert dates.together(*parts) is None


@given(st.text(max_size=20), st.sampled_from(["", "day first", "month first"]))
def test_any_text_is_a_date_or_none(text: str, order: dates.Order) -> None:
    date = dates.read(text, order, 2_000)
    assert date is None or dates.read(str(date)) == date


@given(st.dates(), st.sampled_from(["%d.%m.%Y", "%Y/%m/%d", "%d %b %Y", "%B %d, %Y"]))
def test_a_date_survives_being_written(day, form: str) -> None:  # type: ignore[no-untyped-def]
    if day.year >= 1_000:
        assert str(dates.read(day.strftime(form))) == day.isoformat()
