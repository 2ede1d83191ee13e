"""Who came from whom? Whatever referrals there are, the credited ones make a forest."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.rules.lineage import credited, degree, lineage
from netcrm.rules.obligations import Pointer

FIRST = date(2026, 3, 2)
NAMES = ("ana", "ben", "eve", "ida", "leo")


def pointed(by: str, whom: str, day: int = 0, id_: str = "", known: bool = False) -> Pointer:
    """Return a referral, so many days after the second of March."""
    return Pointer(id_ or f"{by}-{whom}", by, whom, FIRST + timedelta(day), known_before=known)


@st.composite
def referrals(draw: st.DrawFn) -> list[Pointer]:
    """Referrals among five people within five days: repeats and cycles among them."""
    two = st.permutations(NAMES).map(lambda people: people[:2])
    drawn = draw(st.lists(st.tuples(two, st.integers(0, 4), st.booleans()), max_size=12))
    return [
        pointed(by, whom, day, f"{number:02}", known)
        for number, ((by, whom), day, known) in enumerate(drawn)
    ]


@given(referrals())
def test_whatever_the_referrals_they_make_a_forest(made: list[Pointer]) -> None:
    """Nobody is credited to two, and following who brought me to whom comes to an end."""
    forest = credited(made)
    edges = {(one.referred, one.referrer) for one in made}
    assert set(forest.items()) <= edges
    for person in NAMES:
        ancestors = list(lineage(person, forest))
        assert len(ancestors) == len(set(ancestors)) == degree(person, forest)
        if person in forest:
            assert degree(person, forest) == degree(forest[person], forest) + 1
    roots = [person for person in NAMES if person not in forest]
    assert {degree(person, forest) for person in roots} <= {1}
    assert len(roots) + len(forest) == len(NAMES)


@given(referrals(), st.randoms(use_true_random=False))
def test_the_order_in_which_they_are_told_does_not_matter(made: list[Pointer], random) -> None:
    shuffled = random.sample(made, len(made))
    assert credited(shuffled) == credited(made)


@given(referrals())
def test_later_referrals_change_the_degree_of_nobody_who_is_known(made: list[Pointer]) -> None:
    before = credited(made)
    later = [pointed(by, whom, 9) for by in NAMES for whom in before if by != whom]
    assert credited([*made, *later]).items() >= before.items()
    known = [one._replace(known_before=True) for one in later]
    assert credited([*made, *known]) == before


def test_the_first_who_pointed_me_to_somebody_is_credited() -> None:
    assert credited([pointed("ben", "eve", 3), pointed("ana", "eve", 1)]) == {"eve": "ana"}
    assert credited([pointed("ben", "eve", 1, "b"), pointed("ana", "eve", 1, "c")]) == {
        "eve": "ben",
    }  # fmt: skip


def test_whom_i_knew_already_i_owe_to_nobody() -> None:
    assert credited([pointed("ana", "eve", known=True)]) == {}


@pytest.mark.parametrize("day", [1, 2])
def test_who_led_me_to_others_was_known_by_then(day: int) -> None:
    """Ben, who pointed me to Eve on the third, is not owed to who pointed me to him later."""
    made = [pointed("ben", "eve", 1), pointed("ana", "ben", day)]
    assert credited(made) == {"eve": "ben"} | ({"ben": "ana"} if day == 1 else {})


def test_two_who_point_to_each_other_are_not_owed_to_each_other() -> None:
    assert credited([pointed("ana", "ben", 0, "1"), pointed("ben", "ana", 0, "2")]) == {
        "ben": "ana",
    }  # fmt: skip
    ring = [pointed("ana", "ben"), pointed("ben", "eve"), pointed("eve", "ana")]
    assert credited(ring) == {"ben": "ana", "eve": "ben"}
