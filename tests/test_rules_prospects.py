"""Whom to ask next, and why?"""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.errors import InvalidError
from netcrm.rules.matches import Candidate, Match, Prospect, Wish
from netcrm.rules.paths import Hop, Path
from netcrm.rules.prospects import (
    WIDE,
    Factor,
    Shortlist,
    Suggested,
    by_rate,
    by_way,
    in_silence,
    listed,
    ranked,
    sort_of,
    suggested,
)
from netcrm.rules.rates import Rate

DAY = date(2026, 3, 6)
SORTS = ["in touch", "weak", "dormant", "referred", "new"]
ORIGINS = ["inner circle", "referral", "alumni", "social media", "cold", "other"]
FACTOR = st.builds(Factor, st.sampled_from([0.25, 0.5, 1, 1.5, 2]), st.just("as said"))
WISH = st.builds(
    Wish,
    field=st.sampled_from(["law", "care"]),
    target=st.integers(0, 4),
    got=st.integers(0, 5),
)
MATCH = st.builds(
    Match,
    relevance=st.sampled_from([0.3, 0.7, 1.0]),
    because=st.just("fits"),
    wish=st.none() | WISH,
)
REACH = st.floats(0.01, 1).map(lambda value: Factor(value, "as said"))
TIE = Hop("", "b", "tie", 0.9)
BROUGHT = Path((TIE, Hop("b", "a", "introduced", 0.9)))
DIRECT = Path((Hop("", "a", "tie", 0.8),))


def one(name="Ana", origin="alumni", relevance=1.0, wish=None, **fields):
    """Return somebody who fits."""
    person = Candidate(id=fields.pop("id", name), name=name, handle=name.lower(), origin=origin)
    return Prospect(person, Match(relevance, "fits law", wish, "law"), **fields)


def people(sorts, scores=None):
    """Return suggestions in order, a, b, c, ..., each of a sort."""
    return [
        suggested(one(f"p{place:02}"), Factor(1, "as said"), sort=sort)
        for place, sort in enumerate(sorts)
    ]


def rank(*prospects, **known):
    nothing = {"rates": {}, "ways": {}, "names": {}, "sorts": {}, "signals": {}}
    return ranked(prospects, **{**nothing, **known})


def names(found):
    return [each.person.name for each in found]


@st.composite
def suggestions(draw):
    """Some suggestions in order, as they may come."""
    found = []
    for number in range(draw(st.integers(0, 12))):
        origin = draw(st.sampled_from(ORIGINS))
        name = draw(st.sampled_from(["Ana", "Zoë", "zoe", ""])) + "x"
        person = Candidate(id=f"{number}", name=name, handle="x", origin=origin)
        prospect = Prospect(person, draw(MATCH))
        signals = draw(st.lists(FACTOR, max_size=2))
        sort = draw(st.sampled_from(SORTS))
        found.append(suggested(prospect, draw(REACH), sort=sort, signals=signals))
    return found


class TestAFactor:
    """It is more than 0 and at most 2, and says why."""

    @pytest.mark.parametrize("value", [0.001, 1, 2, 2.0])
    def test_what_may_be(self, value):
        assert Factor(value, "so").value == value

    @pytest.mark.parametrize("value", [0, -1, 2.01, math.nan, math.inf, True, "1", None])
    def test_what_may_not(self, value):
        with pytest.raises(InvalidError, match="more than 0 and at most 2"):
            Factor(value, "so")

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_it_says_why(self, reason):
        with pytest.raises(InvalidError, match="give a reason"):
            Factor(1, reason)


class TestTheScore:
    """It is the product of the factors that are printed."""

    @given(suggestions())
    def test_factors_multiply_to_it(self, found):
        for each in found:
            product = 1.0
            for factor in each.factors:
                product *= factor.value
            assert each.score == product

    def test_what_is_missing_counts(self):
        wish = Wish("law", target=3, got=2)
        found = suggested(one(wish=wish), Factor(0.5, "x"))
        assert found.need == Factor(1 + 1 / 3, "1 of 3 still wanted")
        assert found.score == pytest.approx(2 / 3)

    def test_with_enough_of_them_nothing_is_needed_and_nobody_is_worse(self):
        wish = Wish("law", target=3, got=5)
        found = suggested(one(wish=wish), Factor(0.5, "x"))
        assert found.need == Factor(1, "enough of them already")

    def test_without_a_number_nothing_is_needed(self):
        for wish in (None, Wish("law")):
            assert suggested(one(wish=wish), Factor(1, "x")).need == Factor(1, "no number is set")

    def test_plugins_have_their_say(self):
        signals = [Factor(1.5, "same town"), Factor(0.5, "busy")]
        found = suggested(one(relevance=0.7), Factor(1, "x"), signals=signals)
        assert found.score == pytest.approx(0.7 * 1.5 * 0.5)
        assert found.factors[-2:] == tuple(signals)


class TestReach:
    """How likely somebody is to answer: by their like, or by a way to them."""

    def test_without_data_it_is_one_half(self):
        assert by_rate("alumni", Rate(0, 0)) == Factor(0.5, "no answers of alumni to go by yet")

    @pytest.mark.parametrize(
        ("rate", "often"),
        [(Rate(3, 5), "often"), (Rate(1, 2), "often"), (Rate(2, 5), "sometimes"),
         (Rate(1, 5), "sometimes"), (Rate(1, 6), "seldom"), (Rate(0, 1), "seldom")],
    )  # fmt: skip
    def test_words_go_by_what_happened(self, rate, often):
        found = by_rate("cold", rate)
        assert found.reason == f"people from lists {often} answer ({rate.k} of {rate.n})"
        assert found.value == rate.shrunk

    def test_an_origin_of_which_nothing_is_known_is_as_good_as_any(self):
        assert by_rate("other", Rate(0, 0)).value == 0.5

    def test_the_better_of_way_and_rate_counts(self):
        rates = {"alumni": Rate(3, 5)}
        (found,) = rank(one(id="a"), rates=rates, ways={"a": BROUGHT}, names={"b": "Bo"})
        assert found.reach == Factor(BROUGHT.chance, "Bo may bring you to them (likely)")
        assert found.is_brought
        (found,) = rank(one(id="a"), rates={"alumni": Rate(9, 9)}, ways={"a": BROUGHT})
        assert found.reach == Factor(10 / 11, "alumni often answer (9 of 9)")
        assert not found.is_brought

    def test_of_equal_ones_the_way_is_told(self):
        way = Path((Hop("", "a", "tie", 0.5),))
        (found,) = rank(one(id="a"), ways={"a": way}, sorts={"a": "in touch"})
        assert found.reach == Factor(0.5, "you are in touch (fair chance of an answer)")

    def test_who_is_in_touch_is_not_brought(self):
        (found,) = rank(one(id="a"), ways={"a": DIRECT}, sorts={"a": "in touch"})
        assert found.reach == by_way(DIRECT, "")
        assert not found.is_brought

    @pytest.mark.parametrize(
        ("sort", "chance", "said"),
        [("in touch", 0.8, "you are in touch (likely to answer)"),
         ("weak", 0.6, "you are in touch now and then (likely to answer)"),
         ("dormant", 0.2, "you were in touch more than a year ago (long shot)")],
    )  # fmt: skip
    def test_how_much_in_touch_is_said_as_it_is(self, sort, chance, said):
        assert by_way(Path((Hop("", "a", "tie", chance),)), "", sort).reason == said

    def test_who_never_answered_is_said_to_have_not(self):
        found = rank(one(id="a"), one(id="b"), one(id="c"), one(id="d"),
                     ways={"a": DIRECT, "c": BROUGHT, "d": DIRECT}, names={"b": "Bo"})  # fmt: skip
        said = {each.person.id: each.reach for each in in_silence(found, {"a", "b", "c"})}
        assert said["a"] == Factor(0.8, "you wrote, and they have not answered yet")
        others = {each.person.id: each.reach for each in found if each.person.id != "a"}
        assert {id_: reach for id_, reach in said.items() if id_ != "a"} == others

    def test_where_the_rate_counts_silence_changes_nothing(self):
        found = rank(one(id="a"), rates={"alumni": Rate(9, 9)}, ways={"a": DIRECT})
        assert in_silence(found, {"a"}) == tuple(found)

    def test_another_ones_way_is_not_theirs(self):
        (found,) = rank(one(id="c"), ways={"a": DIRECT})
        assert (found.reach.value, found.way) == (0.5, None)


class TestTheOrder:
    """By score; of equal ones those I know best, then by name, then by id."""

    def test_the_best_score_first(self):
        need = Wish("law", target=2)
        found = rank(one("Ana", relevance=0.7), one("Bo", relevance=1.0), one("Cy", wish=need))
        assert names(found) == ["Cy", "Bo", "Ana"]

    def test_of_equal_ones_those_around_me(self):
        found = rank(*(one(f"p {origin}", origin=origin) for origin in sorted(ORIGINS)))
        assert [each.person.origin for each in found] == ORIGINS

    def test_then_by_name_whatever_case_and_accents(self):
        found = rank(one("zed"), one("Émile"), one("Ana"), one("eva"))
        assert names(found) == ["Ana", "Émile", "eva", "zed"]

    def test_then_by_id(self):
        found = rank(one("Ana", id="2"), one("Ana", id="1"))
        assert [each.person.id for each in found] == ["1", "2"]

    def test_scores_that_differ_by_how_they_were_multiplied_are_equal(self):
        signals = {
            "Zoë": [Factor(0.3, "x"), Factor(0.7, "x"), Factor(0.1, "x")],
            "Ana": [Factor(0.1, "x"), Factor(0.7, "x"), Factor(0.3, "x")],
        }
        found = rank(one("Zoë"), one("Ana"), signals=signals)
        assert found[0].score < found[1].score
        assert names(found) == ["Ana", "Zoë"]

    @given(suggestions(), st.randoms())
    def test_it_is_total(self, found, chance):
        def again(those):
            return rank(
                *(each.prospect for each in those),
                signals={each.person.id: [each.reach, *each.signals] for each in those},
            )

        assert again(chance.sample(found, len(found))) == again(found)


class TestTheMix:
    """At least one in five is a tie that is not close, where there is one."""

    def test_one_who_is_seldom_seen_comes_in(self):
        found = listed(people(["new"] * 6 + ["weak"]), 5)
        assert names(found) == ["p00", "p01", "p02", "p03", "p06"]

    @pytest.mark.parametrize("sort", ["weak", "dormant", "referred"])
    def test_whichever_way_they_are_not_close(self, sort):
        assert names(listed(people(["in touch", "new", sort]), 1)) == ["p02"]

    def test_one_of_each_five_that_are_begun(self):
        sorts = ["new"] * 10 + ["weak"] * 4
        for n, wide in ((1, 1), (5, 1), (6, 2), (10, 2), (11, 3)):
            found = listed(people(sorts), n)
            assert (len(found), sum(each.sort in WIDE for each in found)) == (n, wide)

    def test_they_stay_in_order(self):
        found = listed(people(["weak", "new", "new", "dormant", "new"]), 4)
        assert names(found) == ["p00", "p01", "p02", "p03"]

    def test_however_far_behind_they_were(self):
        found = listed(people(["new"] * 17 + ["weak"]), 4)
        assert names(found) == ["p00", "p01", "p02", "p17"]

    def test_where_there_is_none_it_is_as_it_is(self):
        assert names(listed(people(["new", "in touch", "new"]), 2)) == ["p00", "p01"]

    def test_it_can_be_left_out(self):
        assert names(listed(people(["new", "new", "weak"]), 2, mix=False)) == ["p00", "p01"]

    def test_few_are_all(self):
        assert names(listed(people(["new", "weak"]), 9)) == ["p00", "p01"]
        assert listed(people(["weak"]), 0) == ()

    def test_a_list_says_what_is_in_it(self):
        found = Shortlist(people=tuple(people(["new", "weak", "new"])))
        assert list(found.mix.items()) == [("weak", 1), ("new", 2)]

    @given(suggestions(), st.integers(0, 14), st.booleans(), st.data())
    def test_who_is_not_listed_has_no_part_in_it(self, found, n, mix, data):
        chosen = listed(found, n, mix=mix)
        others = [each for each in found if each not in chosen]
        if others:
            gone = data.draw(st.sampled_from(others))
            left = [each for each in found if each is not gone]
            assert listed(left, n, mix=mix) == chosen

    @given(suggestions(), st.integers(0, 14))
    def test_with_it_or_without_as_many_are_listed(self, found, n):
        with_it, without = listed(found, n), listed(found, n, mix=False)
        assert len(with_it) == len(without) == min(n, len(found))
        assert without == tuple(found[:n])
        wide = [each for each in found if each.sort in WIDE]
        share = sum(each.sort in WIDE for each in with_it)
        assert share >= min(len(wide), math.ceil(len(with_it) / 5))

    @given(suggestions(), st.integers(0, 14))
    def test_nobody_comes_in_who_is_not_needed_for_it(self, found, n):
        """Of the best that are left out for it, each is better than all who came in."""
        chosen, best = listed(found, n), found[:n]
        came = [found.index(each) for each in chosen if each not in best]
        left = [found.index(each) for each in best if each not in chosen]
        assert len(came) == len(left)
        assert all(found[place].sort in WIDE for place in came)
        assert not came or sum(each.sort in WIDE for each in chosen) == math.ceil(len(chosen) / 5)


class TestWhatSomebodyIsToMe:
    """It goes by when I was last in touch, how often, and whether somebody pointed me to them."""

    @pytest.mark.parametrize(
        ("last", "strength", "is_referred", "sort"),
        [
            (None, 0.0, False, "new"),
            (None, 0.0, True, "referred"),
            (date(2026, 3, 1), 3.85, True, "in touch"),
            (date(2026, 3, 1), 3.84, True, "weak"),
            (date(2026, 3, 1), 0.01, False, "weak"),
            (date(2025, 3, 7), 9.0, False, "in touch"),
            (date(2025, 3, 6), 9.0, True, "dormant"),
            (date(1999, 1, 1), 0.0, False, "dormant"),
        ],
    )
    def test_each_is_one_thing(self, last, strength, is_referred, sort):
        assert sort_of(last, strength, DAY, is_referred=is_referred) == sort

    def test_a_weak_tie_is_no_worse_and_no_better(self):
        found = [suggested(one(), Factor(1, "x"), sort=sort) for sort in SORTS]
        assert len({each.score for each in found}) == 1


def test_a_suggestion_is_a_plain_value():
    found = suggested(one(), Factor(1, "x"))
    assert found == Suggested(found.prospect, found.relevance, found.reach, found.need)
