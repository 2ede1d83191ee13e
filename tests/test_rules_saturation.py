"""Do the interviews still bring anything new?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.rules.saturation import LOOKED_AT, Heard, Saturation, first_heard, saturation

TEXTS = st.frozensets(st.sampled_from(["a", "b", "c", "ä", "A", "", "\0", "🙂", "ש"]), max_size=3)
HEARD = st.builds(Heard, TEXTS, TEXTS, TEXTS)
PLAIN = st.frozensets(st.sampled_from("abcd"), max_size=3)


def heard(names: str = "", facts: str = "", organisations: str = "") -> Heard:
    """Return what came up, a letter for each."""
    return Heard(frozenset(names), frozenset(facts), frozenset(organisations))


def test_what_was_told_before_is_not_new() -> None:
    told = [heard("ab", "x", "p"), heard("bc", "x"), heard(), heard("abc", "xy", "p")]
    assert first_heard(told) == [heard("ab", "x", "p"), heard("c"), heard(), heard("", "y")]


def test_a_name_that_is_also_a_fact_is_new_as_both() -> None:
    assert first_heard([heard("a"), heard("", "a"), heard("a", "a", "a")])[2] == heard("", "", "a")


def test_case_and_accents_make_nothing_new() -> None:
    zoe, same = Heard(frozenset({"Zoë Müller"})), Heard(frozenset({"ZOE MULLER"}))
    assert first_heard([zoe, same]) == [zoe, Heard()]


@given(st.lists(st.builds(Heard, PLAIN, PLAIN, PLAIN), max_size=8))
def test_all_that_was_told_is_new_once(told: list[Heard]) -> None:
    news = first_heard(told)
    assert len(news) == len(told)
    for kind in range(3):
        new = [text for one in news for text in one[kind]]
        assert len(new) == len(set(new))
        assert set(new) == {text for one in told for text in one[kind]}
        for place, one in enumerate(told):
            before = {text for earlier in told[:place] for text in earlier[kind]}
            assert news[place][kind] == one[kind] - before


@given(st.lists(HEARD, max_size=8), st.integers(-1, 10))
def test_only_the_last_are_counted_and_all_before_are_known(told: list[Heard], last: int) -> None:
    found = saturation(told, last)
    news = [one for place, one in enumerate(first_heard(told)) if place >= len(told) - last]
    assert found == Saturation(
        interviews=max(0, min(last, len(told))),
        names=len([one for one in news if one.names]),
        facts=len([one for one in news if one.facts]),
        organisations=len([one for one in news if one.organisations]),
        anything=len([one for one in news if one != Heard()]),
    )


def test_five_are_looked_at() -> None:
    told = [heard("abc"), heard("d", "x"), heard("", "", "p"), heard("a"), heard("", "y"), heard()]
    assert LOOKED_AT == 5
    assert saturation(told) == Saturation(5, 1, 2, 1, 3)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([], "no interview was held yet"),
        (
            [heard("a", "x"), heard("b")],
            "something new in 2 of the last 2: names in 2, facts in 1, organisations in 0",
        ),
        (
            [*[heard("a")] * 5, heard("a", "x")],
            "something new in 1 of the last 5: names in 0, facts in 1, organisations in 0",
        ),
        (
            [heard("a"), *[heard("a")] * 5],
            "nothing new in the last 5: ask others, or ask other questions",
        ),
    ],
)
def test_it_says_so(told: list[Heard], said: str) -> None:
    assert str(saturation(told)) == said
