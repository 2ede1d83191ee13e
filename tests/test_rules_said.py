"""What people mean by the days, times and channels they write."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.errors import InvalidError
from netcrm.model.interaction import Channel
from netcrm.rules import said

SUNDAY = date(2026, 11, 22)

DAYS = [  # what is said, the day to come, the day gone by
    ("today", "2026-11-22", "2026-11-22"),
    ("Yesterday", "2026-11-21", "2026-11-21"),
    ("tomorrow", "2026-11-23", "2026-11-23"),
    ("fri", "2026-11-27", "2026-11-20"),
    ("sunday", "2026-11-29", "2026-11-15"),
    ("next friday", "2026-11-27", "2026-11-27"),
    ("last fri", "2026-11-20", "2026-11-20"),
    ("3 days ago", "2026-11-19", "2026-11-19"),
    ("1 month ago", "2026-10-22", "2026-10-22"),
    ("in 2 weeks", "2026-12-06", "2026-12-06"),
    ("2w", "2026-12-06", "2026-12-06"),
    ("3 months from now", "2027-02-22", "2027-02-22"),
    ("14 Mar", "2027-03-14", "2026-03-14"),
    ("22 November", "2026-11-22", "2026-11-22"),
    ("march 14 2025", "2025-03-14", "2025-03-14"),
    ("29 feb", "2028-02-29", "2024-02-29"),
    ("2026-02-20", "2026-02-20", "2026-02-20"),
]


@pytest.mark.parametrize(("text", "coming", "past"), DAYS)
def test_a_day_is_the_nearest_that_the_words_allow(text, coming, past):
    assert str(said.day(text, today=SUNDAY)) == coming
    assert str(said.day(text, today=SUNDAY, past=True)) == past


@pytest.mark.parametrize(
    "text", ["", "  ", "soon", "30 feb", "2027-02-30", "32 March", "jan", "5 parsecs ago", "ma 3"]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(InvalidError):
        said.day(text, today=SUNDAY)


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_written_out_day_means_itself(day, today):
    for text in (f"{day}", f"{day.day} {day:%b} {day.year}", f"{day:%B} {day.day}, {day.year}"):
        assert said.day(text, today=today) == day


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_is_refused_in_one_way(text):
    with contextlib.suppress(InvalidError):
        assert isinstance(said.day(text, today=SUNDAY), date)


@given(st.integers(1, 100), st.sampled_from(["days", "weeks", "months", "years"]))
def test_ago_goes_back_and_in_goes_forward(n, unit):
    assert (
        said.day(f"{n} {unit} ago", today=SUNDAY)
        < SUNDAY
        < said.day(f"in {n} {unit}", today=SUNDAY)
    )


def test_a_month_back_from_its_last_day_stays_in_the_month_before():
    assert said.day("1 month ago", today=date(2026, 3, 31)) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("fri 15:00", "2026-11-20T15:00:00+00:00[Europe/London]"),
        ("yesterday at 3pm", "2026-11-21T15:00:00+00:00[Europe/London]"),
        ("yesterday at 3:30 pm", "2026-11-21T15:30:00+00:00[Europe/London]"),
        ("2026-06-20 15:00", "2026-06-20T15:00:00+01:00[Europe/London]"),
        ("2026-06-20T15:00", "2026-06-20T15:00:00+01:00[Europe/London]"),
        ("9am", "2026-11-22T09:00:00+00:00[Europe/London]"),
        ("yesterday", "2026-11-21"),
    ],
)
def test_a_moment_is_a_day_with_or_without_a_time(text, moment):
    found = said.moment(text, today=SUNDAY, zone_name="Europe/London")
    assert str(found) == moment


def test_a_moment_in_the_spring_gap_is_later_and_flagged():
    found = said.moment("2026-03-29 01:30", today=SUNDAY, zone_name="Europe/London")
    assert found.shifted
    assert str(found) == "2026-03-29T02:30:00+01:00[Europe/London]"


def test_every_channel_has_words_and_each_word_names_one():
    assert set(said.CHANNEL_WORDS) == set(Channel.__args__)
    words = [word for line in said.CHANNEL_WORDS.values() for word in line.split()]
    assert len(words) == len(set(words))
    assert {said.channel(name) for name in said.CHANNEL_WORDS} == set(said.CHANNEL_WORDS)


def test_coffee_is_in_person_and_any_other_word_is_no_channel():
    assert said.channel("Coffee") == "in_person"
    assert said.channel("about") is None


def test_a_message_is_mine_and_a_talk_is_mutual():
    assert said.usual_direction("email") == "outbound"
    assert said.usual_direction("video") == "mutual"


@pytest.mark.parametrize("text", ["Tue 15:00", "Thu 3pm", "Today 9:00", "tomorrow 9:00"])
def test_a_capital_letter_changes_nothing(text):
    """The T between day and time is one only after a day in digits."""
    found = said.moment(text, today=SUNDAY, zone_name="Europe/London", past=False)
    assert found == said.moment(text.lower(), today=SUNDAY, zone_name="Europe/London", past=False)


@pytest.mark.parametrize("text", ["fri 25:00", "Tuesday 15.00", "today 13pm"])
def test_where_the_time_is_wrong_the_message_is_about_the_time(text):
    with pytest.raises(InvalidError, match="is not a time of day"):
        said.moment(text, today=SUNDAY, zone_name="Europe/London")


def test_small_numbers_may_be_words():
    assert said.day("a week ago", today=SUNDAY) == said.day("1 week ago", today=SUNDAY)
    assert said.day("in two months", today=SUNDAY) == said.day("in 2 months", today=SUNDAY)
