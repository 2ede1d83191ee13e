"""How do I get to somebody? What a way is worth, and what is said of it."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.rules.lookup import Name
from netcrm.rules.paths import CHANCES, Ask, Direct, Hop, Path, Routes, Stay, in_a_word
from netcrm.rules.rates import Rate


def way(*chances: float) -> Path:
    """Return a way over a, b, c with these chances."""
    people = ("", "a", "b", "c")
    return Path(tuple(Hop(*people[n : n + 2], "named", one) for n, one in enumerate(chances)))


def routes(direct: Direct, *paths: Path) -> Routes:
    names = {id_: Name(id_, id_, id_.upper()) for id_ in "abc"}
    return Routes("person", "B", paths, direct, (), {}, names)


@pytest.mark.parametrize(
    ("chance", "word"),
    [(1.0, "likely"), (0.6, "likely"), (0.599, "fair"), (0.3, "fair"), (0.299, "long shot")],
)
def test_a_chance_is_said_in_a_word(chance: float, word: str) -> None:
    assert in_a_word(chance) == word
    assert way(chance).likelihood == word


@given(st.lists(st.floats(1e-6, 1), min_size=1, max_size=3))
def test_the_chance_of_a_way_is_the_product_of_its_hops(chances: list[float]) -> None:
    assert way(*chances).chance == pytest.approx(math.prod(chances), rel=1e-2)
    assert 0 < way(*chances).chance <= min(hop.chance for hop in way(*chances).hops) + 1e-9


@given(st.permutations([0.1, 0.3, 0.7]))
def test_the_order_of_hops_changes_no_chance(chances: list[float]) -> None:
    assert Fraction(way(*chances).chance) == Fraction(way(0.1, 0.3, 0.7).chance)


def test_what_is_known_leads_on_more_likely_than_a_guess() -> None:
    assert sorted(CHANCES, key=CHANCES.__getitem__) == [
        "colleagues",
        "knows",
        "named",
        "introduced",
    ]
    assert [CHANCES[kind] for kind in CHANCES] == [0.9, 0.6, 0.4, 0.15]


def test_one_begins_by_asking_the_first_about_the_second() -> None:
    assert way(0.5).ask == Ask("request", "a")
    assert way(0.5, 0.5).ask == Ask("introduction_request", "a", "b")
    assert way(0.5, 0.5, 0.5).ask == Ask("introduction_request", "a", "b")
    assert way(0.5, 0.5, 0.5).people == ("a", "b", "c")


def test_a_way_with_a_guess_is_one() -> None:
    assert not way(0.5, 0.5).is_guess
    assert Path((*way(0.5).hops, Hop("a", "b", "colleagues", 0.15))).is_guess


def test_a_way_in_one_line_begins_with_me() -> None:
    path = way(0.5, 0.5)
    assert routes(Direct("b", "cold", Rate(0, 0)), path).line(path) == "you > A > B"


@pytest.mark.parametrize(
    ("origin", "answered", "chance"),
    [
        ("alumni", Rate(3, 5), 4 / 7),
        ("alumni", Rate(0, 1), 1 / 3),
        ("alumni", Rate(0, 0), None),
        ("referral", Rate(3, 3), None),
    ],
)
def test_of_going_directly_nothing_is_known_without_cases_or_by_referral(
    origin: str, answered: Rate, chance: float | None
) -> None:
    assert Direct("b", origin, answered).chance == chance


def test_going_directly_is_better_where_no_way_is() -> None:
    even = Direct("b", "alumni", Rate(1, 2))
    assert even.chance == 0.5
    assert routes(even, way(0.5)).is_direct_better
    assert routes(even).is_direct_better
    assert not routes(even, way(0.51), way(0.2)).is_direct_better
    assert not routes(Direct("b", "referral", Rate(1, 2)), way(0.1)).is_direct_better


@given(st.integers(1, 9999), st.integers(0, 9999))
def test_a_stay_has_its_last_sixty_years_at_most(first: int, more: int) -> None:
    years = Stay("a", "x", "X", first, first + more).years
    assert years[-1] == first + more
    assert len(years) == min(more + 1, 60)
