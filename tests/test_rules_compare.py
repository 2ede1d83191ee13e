"""Which career fits best? By the story of twelve interviews, and by rules for any."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.errors import InvalidError
from netcrm.rules.compare import Career, Comparison, Duel, Mean, Quote, Rated, compare

CRITERIA = ("interest", "day_to_day", "values", "training", "outlook")
WEIGHTS = dict(zip(CRITERIA, (0.30, 0.25, 0.20, 0.15, 0.10), strict=True))
STORY = {
    "social-work": {"Janet": "44543", "Anita": "34543", "Sofia": "43543"},
    "clinical-psychology": {"Elena": "53424", "Priya": "54424", "Marcus": "44434"},
    "psychiatry": {"Ben": "43435", "Hannah": "42315", "Tom": "53415"},
    "counseling": {"Carol": "45543", "Maria": "44543", "Nina": "54433"},
}


def rated(field: str, interview: str, ratings: str, criteria: tuple[str, ...] = CRITERIA) -> Rated:
    """Return ratings said as digits, one for each criterion; a blank is none."""
    given = zip(criteria, ratings, strict=False)
    return Rated(field, interview, {name: int(digit) for name, digit in given if digit != " "})


ROWS = [rated(field, name, said) for field, all_ in STORY.items() for name, said in all_.items()]

LETTERS = st.sampled_from("abc")
RATINGS = st.dictionaries(LETTERS, st.integers(1, 5))
WHOLE = st.fixed_dictionaries({letter: st.integers(1, 5) for letter in "abc"})


def rows_of(ratings: st.SearchStrategy[dict[str, int]]) -> st.SearchStrategy[list[Rated]]:
    """Return interviews on up to four fields; no interview speaks of one twice."""
    row = st.builds(
        Rated,
        field=st.sampled_from(["law", "design", "music", "\0🙂"]),
        interview=st.sampled_from("uvwxyz"),
        ratings=ratings,
        liked=st.lists(st.text(max_size=3), max_size=2).map(tuple),
    )
    return st.lists(row, max_size=12, unique_by=lambda row: (row.field, row.interview))


def by_field(found: Comparison) -> dict[str, Career]:
    """Return how each field did."""
    return {one.field: one for one in found.careers}


def tenths(criteria: int) -> list[tuple[int, ...]]:
    """Return all weightings, found the slow way."""
    return [w for w in itertools.product(range(11), repeat=criteria) if sum(w) == 10]


def score(one: Career, weighting: tuple[int, ...], criteria: Mapping[str, Any]) -> Fraction:
    """Return a weighted mean, exactly."""
    means = [Fraction(one.means[c].total, one.means[c].n) for c in criteria]
    return sum((mean * w for mean, w in zip(means, weighting, strict=True)), Fraction(0))


def test_four_fields_compared() -> None:
    found = compare(ROWS, WEIGHTS)
    assert [(one.field, one.n, f"{one.mean:.3f}") for one in found.careers] == [
        ("counseling", 3, "4.167"),
        ("social-work", 3, "3.917"),
        ("clinical-psychology", 3, "3.867"),
        ("psychiatry", 3, "3.450"),
    ]
    assert [f"{one.low:.2f}-{one.high:.2f}" for one in found.careers] == [
        "4.05-4.35", "3.80-4.10", "3.75-4.00", "2.95-3.70",
    ]  # fmt: skip
    assert [one.firsts for one in found.careers] == [443, 244, 78, 170]
    assert (found.weightings, found.ties) == (1001, 66)
    shares = [f"{100 * one.firsts / found.weightings:.1f}" for one in found.careers]
    assert shares == ["44.3", "24.4", "7.8", "17.0"]
    assert f"{100 * found.ties / found.weightings:.1f}" == "6.6"
    assert found.dominance == ()
    assert found.careers[3].means["outlook"] == Mean(15, 3)


def test_level_is_not_ahead() -> None:
    """Counselling is not behind social work in 716 of 1001 weightings: level in 50 of them."""
    found = compare(ROWS, WEIGHTS)
    counselling, social_work = found.careers[:2]
    assert found.duel(counselling, social_work) == Duel(666, 50, 285)
    assert found.duel(social_work, counselling) == Duel(285, 50, 666)
    assert found.verdict == (
        "counseling comes first with your weights, then social-work. "
        "counseling stays at least level with social-work for 716 of 1001 weightings, and ahead "
        "for 666. This rests on 3 interviews of each field, so it is no more than a hint."
    )


def test_without_weights_all_criteria_count_alike() -> None:
    found = compare(ROWS)
    assert set(found.weights.values()) == {0.2}
    assert found.verdict.startswith("counseling comes first with equal weights, then social-work.")
    assert by_field(found)["counseling"].mean == pytest.approx(4.0)


@pytest.mark.parametrize("criterion", CRITERIA)
def test_a_single_criterion_gives_its_own_mean(criterion: str) -> None:
    alone = {name: float(name == criterion) for name in CRITERIA}
    for one in compare(ROWS, alone).careers:
        assert one.mean == one.means[criterion].value
        single = [row.ratings[criterion] for row in ROWS if row.field == one.field]
        assert (one.low, one.high) == (min(single), max(single))


@given(rows_of(WHOLE), st.permutations([0.5, 0.3, 0.2]))
def test_a_weighted_mean_is_between_the_extremes_of_interviews(
    rows: list[Rated], weights: list[float]
) -> None:
    for one in compare(rows, dict(zip("abc", weights, strict=True))).careers:
        assert one.mean is not None
        assert one.low is not None
        assert one.high is not None
        assert 1 - 1e-9 <= one.low <= one.mean + 1e-9
        assert one.mean - 1e-9 <= one.high <= 5 + 1e-9
        mine = [row for row in rows if row.field == one.field]
        each = [
            sum(row.ratings[c] * w for c, w in zip("abc", weights, strict=True)) for row in mine
        ]
        assert one.mean == pytest.approx(sum(each) / len(each))
        assert (one.low, one.high) == pytest.approx((min(each), max(each)))


@given(rows_of(RATINGS))
def test_every_weighting_has_one_first_or_a_tie(rows: list[Rated]) -> None:
    """Counted again the slow way."""
    found = compare(rows)
    able = [one for one in found.careers if one.mean is not None]
    firsts = dict.fromkeys([one.field for one in found.careers], 0)
    ties = 0
    weightings = tenths(len(found.weights)) if able else []
    for weighting in weightings:
        scores = {one.field: score(one, weighting, found.weights) for one in able}
        best = [field for field, value in scores.items() if value == max(scores.values())]
        firsts[best[0]] += len(best) == 1
        ties += len(best) > 1
    assert (found.weightings, found.ties) == (len(weightings), ties)
    assert {one.field: one.firsts for one in found.careers} == firsts


@given(rows_of(RATINGS))
def test_a_duel_is_fought_in_every_weighting(rows: list[Rated]) -> None:
    found = compare(rows)
    for one, other in itertools.permutations(found.careers, 2):
        duel = found.duel(one, other)
        if one.mean is None or other.mean is None:
            assert duel is None
            continue
        gaps = [
            score(one, w, found.weights) - score(other, w, found.weights)
            for w in tenths(len(found.weights))
        ]
        assert duel == Duel(
            len([gap for gap in gaps if gap > 0]),
            len([gap for gap in gaps if gap == 0]),
            len([gap for gap in gaps if gap < 0]),
        )


@given(rows_of(RATINGS))
def test_who_dominates_is_never_behind(rows: list[Rated]) -> None:
    """Nowhere worse and somewhere better: so neither is it always level."""
    found = compare(rows)
    able = [one for one in found.careers if one.mean is not None]
    expected = set()
    for one, other in itertools.permutations(able, 2):
        duel = found.duel(one, other)
        assert duel is not None
        if duel.behind == 0 < duel.ahead:
            expected.add((one.field, other.field))
    assert set(found.dominance) == expected


def test_a_field_that_is_nowhere_worse_dominates() -> None:
    rows = [rated("law", "u", "33"), rated("art", "v", "34"), rated("sea", "w", "34")]
    assert compare(rows).dominance == (("art", "law"), ("sea", "law"))


@given(rows_of(RATINGS), st.randoms())
def test_the_order_of_interviews_does_not_matter(rows: list[Rated], random: Any) -> None:
    assert compare(random.sample(rows, len(rows))) == compare(rows)


@given(rows_of(RATINGS), st.permutations(["a", "b", "c", "d"]))
def test_what_fields_and_interviews_are_called_does_not_matter(
    rows: list[Rated], names: list[str]
) -> None:
    called = dict(zip(["law", "design", "music", "\0🙂"], names, strict=True))
    ids = dict(zip("uvwxyz", "fbdace", strict=True))
    renamed = [
        row._replace(field=called[row.field], interview=ids[row.interview], liked=())
        for row in rows
    ]
    before = by_field(compare([row._replace(liked=()) for row in rows]))
    after = by_field(compare(renamed))
    for field, one in before.items():
        other = after[called[field]]
        assert (one.n, one.means, one.mean, one.firsts) == (
            other.n, other.means, other.mean, other.firsts,
        )  # fmt: skip
        assert (one.low, one.high) == (other.low, other.high)
    assert len(after) == len(before)


@given(rows_of(RATINGS))
def test_the_best_comes_first_and_those_without_a_mean_last(rows: list[Rated]) -> None:
    means = [one.mean and round(one.mean, 9) for one in compare(rows).careers]
    known = [mean for mean in means if mean is not None]
    assert means == sorted(known, reverse=True) + [None] * (len(means) - len(known))


def test_an_interview_that_lacks_a_criterion_counts_for_the_others() -> None:
    """It has no weighted rating of its own, so a range over the others need not hold the mean."""
    rows = [rated("law", "u", "51"), rated("law", "v", "1 "), rated("art", "w", "22")]
    law = by_field(compare(rows))["law"]
    assert law.means == {"interest": Mean(6, 2), "day_to_day": Mean(1, 1)}
    assert (law.n, law.mean, law.low, law.high) == (2, 2.0, None, None)


def test_a_field_never_rated_by_a_criterion_cannot_be_compared() -> None:
    """It has no mean and takes no part in the grid; without that criterion it does."""
    rows = [
        rated(field, name, said) for name in "uv" for field, said in (("law", "5 "), ("art", "12"))
    ]
    found = compare(rows)
    law, art = (by_field(found)[field] for field in ("law", "art"))
    assert (law.mean, law.low, law.high, law.firsts) == (None, None, None, 0)
    assert (art.firsts, found.weightings) == (11, 11)
    assert found.careers == (art, law)
    assert found.verdict == "No verdict yet: not every criterion was rated for law."
    narrow = compare(rows, {"interest": 1.0})
    assert narrow.verdict == (
        "law comes first with equal weights, then art. law stays at least level with art for 1 of "
        "1 weightings, and ahead for 1. This rests on 2 interviews of each field, so it is no more "
        "than a hint."
    )


def test_fields_of_one_interview_get_no_verdict() -> None:
    few = [row for row in ROWS if row.interview not in ("Ben", "Tom")]
    assert compare(few, WEIGHTS).verdict == (
        "No verdict yet: fewer than 2 interviews of psychiatry (1)."
    )
    assert compare([*ROWS, rated("law", "Ann", "")]).verdict.endswith("of law (0).")


@pytest.mark.parametrize("rows", [[], ROWS[:3]])
def test_it_takes_two_fields(rows: list[Rated]) -> None:
    assert compare(rows, WEIGHTS).verdict == "No verdict: it takes two fields to compare."


def test_fields_that_are_level_are_not_ranked() -> None:
    """4 x 0.4 + 1 x 0.6 is 1 x 0.4 + 3 x 0.6, though not to a computer."""
    weights = {"interest": 0.4, "day_to_day": 0.6}

    def verdict(one: str, other: str) -> str:
        rows = [rated("art", name, one) for name in "uv"]
        rows += [rated("law", name, other) for name in "xyz"]
        return compare(rows, weights).verdict

    for one, other in (("13", "41"), ("41", "13")):
        said = verdict(one, other)
        assert said.startswith("art and law are level with your weights. art stays")
        assert said.endswith("on 2 to 3 interviews of each field, so it is no more than a hint.")
    assert "level with law for 5 of 11 weightings, and ahead for 4." in verdict("13", "41")


@pytest.mark.parametrize(
    ("criteria", "weightings"), [(1, 1), (2, 11), (5, 1001), (6, 3003), (7, 0)]
)
def test_more_than_six_criteria_are_not_weighed_in_all_ways(criteria: int, weightings: int) -> None:
    names = tuple("abcdefg"[:criteria])
    rows = [rated(f, i, said, names) for f, said in (("x", "4" * 7), ("y", "3" * 7)) for i in "uv"]
    found = compare(rows)
    assert (found.weightings, found.careers[0].firsts) == (weightings, weightings)
    assert found.dominance == (("x", "y"),)
    assert (found.duel(*found.careers) is None) is (weightings == 0)
    assert ("Other weights were not tried" in found.verdict) is (weightings == 0)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"interest": 0.5, "values": 0.45}, "the weights add up to 0.95, not to 1"),
        ({"interest": 1 + 2e-9}, "the weights add up to 1.000000002, not to 1"),
        ({"interest": 1.5, "values": -0.5}, "a weight cannot be negative"),
        ({"interest": float("nan")}, "the weights add up to nan, not to 1"),
        ({"interest": float("inf"), "values": float("-inf")}, "add up to nan, not to 1"),
        ({}, "the weights add up to 0, not to 1"),
        (
            {"interest": 0.5, "fame": 0.5},
            "no interview was rated by fame; there are day_to_day, interest, outlook, training",
        ),
    ],
)
def test_weights_that_make_no_sense_are_refused(weights: dict[str, float], said: str) -> None:
    with pytest.raises(InvalidError, match=said):
        compare(ROWS, weights)


def test_weights_may_be_off_by_what_adding_loses() -> None:
    assert compare(ROWS, dict.fromkeys(CRITERIA[:3], 1 / 3 + 1e-10)).weightings == 66


def test_words_about_a_field_are_kept_with_their_interview() -> None:
    rows = [
        Rated("law", "v", {"a": 3}, liked=("calm", "clear")),
        Rated("law", "u", {}, liked=("kind",), disliked=("long days",)),
    ]
    [law] = compare(rows).careers
    assert law.liked == (Quote("u", "kind"), Quote("v", "calm"), Quote("v", "clear"))
    assert law.disliked == (Quote("u", "long days"),)
    assert law.n == 1


def test_words_alone_are_no_rating() -> None:
    [law] = compare([Rated("law", "u", {}, liked=("kind",))]).careers
    assert (law.n, law.mean, law.low, law.high, law.means) == (0, None, None, None, {})
