"""How does my network grow?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.errors import InvalidError
from netcrm.rules.growth import GROUPINGS, Growth, Newcomer, growth

PERSON = st.builds(
    Newcomer,
    known_on=st.dates(date(2025, 11, 1), date(2026, 4, 30)),
    fields=st.lists(st.sampled_from(["law", "tea"]), max_size=2, unique=True).map(tuple),
    source=st.sampled_from(["friend", "linkedin"]),
    origin=st.sampled_from(["inner circle", "referral"]),
    referrer=st.sampled_from(["", "ana"]),
)
PEOPLE = st.lists(PERSON, max_size=15)


def on(day, *fields, **known):
    return Newcomer(date.fromisoformat(day), fields, **known)


def test_month_by_month_and_field_by_field():
    people = [
        on("2026-03-31", "law"),
        on("2026-02-01", "law"),
        on("2026-02-28", "law", referrer="a"),
    ]
    assert growth([*people, on("2026-03-01", "tea")]) == [
        Growth("2026-02", "law", new=2, referred=1, known=2),
        Growth("2026-03", "law", new=1, referred=0, known=3),
        Growth("2026-03", "tea", new=1, referred=0, known=1),
    ]


def test_somebody_in_two_fields_counts_for_both_and_one_in_none_apart():
    found = growth([on("2026-02-01", "law", "tea"), on("2026-02-01")])
    assert [(one.group, one.new) for one in found] == [("", 1), ("law", 1), ("tea", 1)]


@pytest.mark.parametrize(
    ("by", "group"),
    [("field", "law"), ("source", "friend"), ("origin", "inner circle"), ("all", "all")],
)
def test_people_are_grouped_as_one_likes(by, group):
    (found,) = growth([on("2026-02-01", "law", source="friend", origin="inner circle")], by)
    assert found.group == group


def test_another_grouping_is_refused():
    with pytest.raises(InvalidError, match="field, source, origin, all"):
        growth([], "moon")


@given(PEOPLE, st.sampled_from(GROUPINGS))
def test_what_is_known_is_the_sum_of_what_was_new(people, by):
    known: dict[str, int] = {}
    for one in growth(people, by):
        known[one.group] = known.get(one.group, 0) + one.new
        assert one.known == known[one.group]
        assert 0 <= one.referred <= one.new


@given(PEOPLE)
def test_all_together_everybody_counts_once(people):
    found = growth(people, "all")
    assert sum(one.new for one in found) == len(people)
    assert sum(one.referred for one in found) == sum(bool(one.referrer) for one in people)
    assert [one.month for one in found] == sorted({str(one.known_on)[:7] for one in people})


@given(PEOPLE, st.sampled_from(GROUPINGS), st.randoms())
def test_the_order_of_people_does_not_matter(people, by, chance):
    assert growth(chance.sample(people, len(people)), by) == growth(people, by)
