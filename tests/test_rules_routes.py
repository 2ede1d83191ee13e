"""Which are the warmest ways to somebody, of all that there are?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.rules.paths import CHANCES, MOST_HOPS, Hop, Path, Stay
from netcrm.rules.routes import best, nearest

PEOPLE = "abcdef"
GUESS = CHANCES["colleagues"]
SHARES = st.sampled_from((0.1, 0.15, 0.25, 0.3, 0.5, 0.6, 1.0)) | st.floats(0.001, 1)
"""Some are products of others, so that ways are equal."""
TIES = st.builds(lambda who, chance: Hop("", who, "tie", chance), st.sampled_from(PEOPLE), SHARES)
KNOWN = st.builds(
    Hop,
    st.sampled_from(PEOPLE),
    st.sampled_from(PEOPLE),
    st.sampled_from(("introduced", "named", "knows")),
    SHARES,
)
STAYS = st.builds(
    lambda who, place, first, years: Stay(who, place, place.upper(), first, first + years),
    st.sampled_from(PEOPLE),
    st.sampled_from("xyz"),
    st.integers(2010, 2016),
    st.integers(0, 4),
)
SOME = st.sets(st.sampled_from(PEOPLE), max_size=2)


class Web(NamedTuple):
    """What is known of who leads to whom."""

    hops: list[Hop]
    stays: list[Stay]
    closed: set[str]

    def best(self, targets: Collection[str], k: int = 3) -> list[Path]:
        return best(self.hops, targets, k, stays=self.stays, closed=self.closed)

    def nearest(self) -> dict[str, Path]:
        return nearest(self.hops, stays=self.stays, closed=self.closed)


WEBS = st.builds(
    Web,
    st.builds(
        list.__add__,
        st.lists(TIES, min_size=1, max_size=5),
        st.lists(KNOWN, max_size=14),
    ),
    st.lists(STAYS, max_size=6),
    SOME,
)


# --- all ways, the simple way


def between(web: Web, source: str, target: str) -> list[Hop]:
    """Return all hops from one person to another, the guess among them."""
    found = [hop for hop in web.hops if (hop.source, hop.target) == (source, target)]
    one = {(s.place, year) for s in web.stays if s.person == source for year in s.years}
    other = {(s.place, year) for s in web.stays if s.person == target for year in s.years}
    return found + [Hop(source, target, "colleagues", GUESS)] * bool(one & other)


def exactly(hops: Sequence[Hop]) -> Fraction:
    return math.prod((Fraction(hop.whole, 10**9) for hop in hops), start=Fraction(1))


def value(web: Web, people: Sequence[str]) -> Fraction:
    """Return what the best way over just these people is worth; nothing if there is none."""
    steps = [between(web, *pair) for pair in itertools.pairwise(["", *people])]
    worth = Fraction(0)
    for hops in itertools.product(*steps):
        if sum(hop.kind == "colleagues" for hop in hops) <= 1:
            worth = max(worth, exactly(hops))
    return worth


def is_detour(web: Web, people: Sequence[str]) -> bool:
    """Whether leaving out some of those in between is at least as good."""
    *between, last = people
    fewer = (left for n in range(len(between)) for left in itertools.combinations(between, n))
    return any(value(web, (*left, last)) >= value(web, people) for left in fewer)


def all_ways(web: Web, targets: Collection[str]) -> Iterator[tuple[Fraction, int, tuple[str, ...]]]:
    """Yield every way to any of the targets that is no detour, in no order."""
    open_ = sorted(set(PEOPLE) - web.closed - set(targets))
    for target, length in itertools.product(sorted(set(targets)), range(MOST_HOPS)):
        for before in itertools.permutations(open_, length):
            people = (*before, target)
            worth = value(web, people)
            if worth and not is_detour(web, people):
                yield -worth, len(people), people


@given(WEBS, st.sets(st.sampled_from(PEOPLE), min_size=1, max_size=3), st.integers(1, 5))
def test_the_best_ways_are_the_first_of_all_that_there_are(
    web: Web, targets: set[str], k: int
) -> None:
    found = web.best(targets, k)
    expected = sorted(all_ways(web, targets))[:k]
    assert [path.people for path in found] == [people for *_, people in expected]
    assert [exactly(path.hops) for path in found] == [-worth for worth, *_ in expected]


@given(WEBS)
def test_the_nearest_way_to_everybody_is_the_best_to_each(web: Web) -> None:
    found = web.nearest()
    each = {person: path for person in PEOPLE for path in web.best([person], 1)}
    assert {person: path.people for person, path in each.items()} == {
        person: path.people for person, path in found.items()
    }
    for person, path in each.items():
        assert exactly(path.hops) == exactly(found[person].hops)


@given(WEBS, TIES | KNOWN)
def test_one_more_hop_or_a_better_one_never_makes_the_best_way_worse(web: Web, more: Hop) -> None:
    before, after = web.nearest(), web._replace(hops=[*web.hops, more]).nearest()
    for person, path in before.items():
        assert after[person].chance >= path.chance


@given(WEBS, STAYS)
def test_one_more_stay_never_makes_the_best_way_worse(web: Web, more: Stay) -> None:
    before, after = web.nearest(), web._replace(stays=[*web.stays, more]).nearest()
    for person, path in before.items():
        assert after[person].chance >= path.chance


@given(WEBS)
def test_over_what_is_known_networkx_finds_the_same_distances(web: Web) -> None:
    """In a graph that has everybody once for each hop, so that no way is longer than three."""
    graph = networkx.DiGraph()
    graph.add_node(("", 0))
    for hop, level in itertools.product(web.hops, range(MOST_HOPS)):
        if (hop.source == "") == (level == 0) and hop.source not in web.closed:
            ends = (hop.source, level), (hop.target, level + 1)
            known = graph.get_edge_data(*ends, {"loss": math.inf})["loss"]
            graph.add_edge(*ends, loss=min(known, -math.log(hop.whole / 10**9)))
    away = networkx.single_source_dijkstra_path_length(graph, ("", 0), weight="loss")
    found = web._replace(stays=[]).nearest()
    for person in PEOPLE:
        ends = [away[person, n] for n in range(1, MOST_HOPS + 1) if (person, n) in away]
        assert bool(ends) == (person in found)
        if ends:
            assert -math.log(found[person].chance) == pytest.approx(min(ends))


@given(WEBS, st.randoms(use_true_random=False), st.sets(st.sampled_from(PEOPLE), min_size=1))
def test_the_order_in_which_things_are_known_does_not_matter(
    web: Web, chance: object, targets: set[str]
) -> None:
    mixed = Web([*web.hops], [*web.stays], web.closed)
    chance.shuffle(mixed.hops)  # type: ignore[attr-defined]
    chance.shuffle(mixed.stays)  # type: ignore[attr-defined]
    assert [path.people for path in mixed.best(targets)] == [
        path.people for path in web.best(targets)
    ]
    assert mixed.nearest() == web.nearest()


@given(WEBS, st.sets(st.sampled_from(PEOPLE), min_size=1))
def test_every_way_keeps_to_the_rules(web: Web, targets: set[str]) -> None:
    for path in [*web.best(targets, 99), *web.nearest().values()]:
        assert 1 <= len(path.hops) <= MOST_HOPS
        assert path.hops[0].source == ""
        assert all(a.target == b.source for a, b in itertools.pairwise(path.hops))
        assert len(set(path.people)) == len(path.people)
        assert web.closed.isdisjoint(path.people[:-1])
        assert sum(hop.kind == "colleagues" for hop in path.hops) <= 1
    for path in web.best(targets, 99):
        assert path.people[-1] in targets
        assert targets.isdisjoint(path.people[:-1])


# --- by hand


def tie(who: str, chance: float) -> Hop:
    return Hop("", who, "tie", chance)


def test_the_chance_of_a_way_is_the_product_of_its_hops() -> None:
    (path,) = best([tie("priya", 0.829), Hop("priya", "tom", "introduced", 0.9)], ["tom"])
    assert path.people == ("priya", "tom")
    assert path.chance == pytest.approx(0.746, abs=0.0005)


def test_equal_ways_are_in_the_order_of_fewer_hops_and_then_of_ids() -> None:
    hops = [
        *(tie(who, 0.5) for who in "ab"),
        Hop("b", "t", "named", 0.6),
        Hop("a", "t", "named", 0.6),
        Hop("a", "c", "named", 0.6),
        tie("d", 0.3),
        Hop("d", "t", "x", 1.0),  # type: ignore[arg-type]
    ]
    assert [path.people for path in best(hops, ["t"])] == [("a", "t"), ("b", "t"), ("d", "t")]
    assert best([*hops, tie("z", 0.3)], ["t", "z"])[0].people == ("z",)


def test_products_are_exact_whichever_hop_comes_first() -> None:
    """As floats .1 * .7 * .3 and .1 * .3 * .7 differ."""
    hops = [
        tie("a", 0.1), Hop("a", "m", "knows", 0.7), Hop("m", "t", "knows", 0.3),
        tie("b", 0.1), Hop("b", "n", "knows", 0.3), Hop("n", "t", "knows", 0.7),
    ]  # fmt: skip
    first, second = best(hops, ["t"])
    assert first.chance == second.chance
    assert first.people == ("a", "m", "t")


def test_who_can_be_asked_directly_is_not_asked_for_by_way_of_others() -> None:
    hops = [tie("a", 0.5), Hop("a", "t", "introduced", 0.9), tie("t", 0.45)]
    assert [path.people for path in best(hops, ["t"])] == [("t",)]
    warmer = [tie("a", 0.5), Hop("a", "t", "introduced", 0.9), tie("t", 0.44)]
    assert [path.people for path in best(warmer, ["t"])] == [("a", "t"), ("t",)]


def test_nobody_is_on_a_way_who_could_as_well_be_left_out() -> None:
    hops = [
        tie("a", 0.5), Hop("a", "b", "introduced", 0.9), Hop("b", "t", "named", 0.6),
        Hop("a", "t", "named", 0.6),
    ]  # fmt: skip
    assert [path.people for path in best(hops, ["t"])] == [("a", "t")]
    equal = [*hops[:3], Hop("a", "t", "named", 0.54)]
    assert [path.people for path in best(equal, ["t"])] == [("a", "t")]
    stays = [Stay(who, "x", "X", 2020, 2020) for who in "at"]
    guessed = [tie("a", 0.5), Hop("a", "b", "named", 0.6), Hop("b", "t", "knows", 0.25)]
    assert [path.people for path in best(guessed, ["t"], stays=stays)] == [("a", "t")]
    better = [*hops[:2], Hop("b", "t", "introduced", 0.9), hops[3]]
    assert [path.people for path in best(better, ["t"])] == [("a", "b", "t"), ("a", "t")]


def test_the_nearest_of_equal_ways_is_the_first_by_ids() -> None:
    hops = [*(tie(who, 0.5) for who in "cab"), *(Hop(who, "t", "named", 0.6) for who in "cab")]
    assert nearest(hops)["t"].people == ("a", "t")
    assert nearest(hops[::-1])["t"].people == ("a", "t")


def test_a_guess_counts_where_it_is_a_little_better_or_ends_a_long_way() -> None:
    stays = [Stay(who, "x", "X", 2020, 2020) for who in "bt"]
    assert nearest([tie("b", 0.5), tie("t", 0.05)], stays=stays)["t"].people == ("b", "t")
    hops = [tie("a", 0.5), Hop("a", "b", "named", 0.6)]
    assert nearest(hops, stays=stays)["t"].people == ("a", "b", "t")


def test_whoever_is_closed_is_not_guessed_at_either() -> None:
    hops = [tie("a", 0.5), Hop("b", "t", "named", 0.6)]
    stays = [Stay(who, "x", "X", 2020, 2020) for who in "ab"]
    assert [path.people for path in best(hops, ["t"], stays=stays)] == [("a", "b", "t")]
    assert best(hops, ["t"], stays=stays, closed=["b"]) == []
    assert best(hops, ["t"], stays=stays, closed=["a"]) == []


def test_no_way_has_four_hops_though_a_guess_is_in_the_middle() -> None:
    hops = [tie("a", 0.5), Hop("a", "b", "named", 0.6), Hop("c", "t", "named", 0.6)]
    stays = [Stay(who, "x", "X", 2020, 2020) for who in "bc"]
    assert best(hops, ["t"], stays=stays) == []
    assert best(hops, ["c"], stays=stays) != []


def test_what_is_known_is_no_guess_though_a_guess_were_as_good() -> None:
    hops = [tie("a", 0.5), Hop("a", "t", "knows", GUESS)]
    stays = [Stay(who, "x", "X", 2020, 2020) for who in "at"]
    for path in (*best(hops, ["t"], stays=stays), nearest(hops, stays=stays)["t"]):
        assert not path.is_guess


def test_colleagues_of_several_years_are_counted_once() -> None:
    stays = [Stay(who, "x", "X", 2010, 2020) for who in "abct"]
    hops = [tie(who, 0.5) for who in "abc"]
    assert [path.people for path in best(hops, ["t"], 3, stays=stays)] == [
        ("a", "t"), ("b", "t"), ("c", "t"),
    ]  # fmt: skip


def test_a_guess_is_by_where_two_were_together_last() -> None:
    stays = [
        *(Stay(who, "x", "X", 2010, 2012) for who in "at"),
        *(Stay(who, "y", "Y", 2010, 2018) for who in "at"),
        *(Stay(who, "z", "Z", 2010, 2014) for who in "at"),
    ]
    (path,) = best([tie("a", 0.5)], ["t"], stays=stays)
    assert path.hops[1].because == "guess: both were at Y in 2018"


def test_a_tie_of_many_years_ago_is_still_a_tie() -> None:
    (path,) = best([tie("a", 1e-30)], ["a"])
    assert path.people == ("a",)
    assert path.chance > 0


def test_who_is_asked_for_nothing_may_still_be_reached() -> None:
    hops = [tie("a", 0.5), Hop("a", "b", "named", 0.6), Hop("b", "c", "named", 0.6)]
    assert best(hops, ["b"], closed=["b"]) != []
    assert best(hops, ["c"], closed=["b"]) == []
    assert set(nearest(hops, closed=["b"])) == {"a", "b"}


def test_a_guess_names_where_and_when_and_looks_like_one() -> None:
    hops = [tie("a", 0.5)]
    stays = [
        Stay("a", "mercy general", "Mercy General", 2015, 2019),
        Stay("b", "mercy general", "Mercy General", 2018, 2026, goes_on=True),
        Stay("a", "city hospital", "City Hospital", 2020, 2026, goes_on=True),
        Stay("c", "city hospital", "City Hospital", 2026, 2026, goes_on=True),
        Stay("d", "city hospital", "City Hospital", 2001, 2019),
    ]
    found = nearest(hops, stays=stays)
    assert found["b"].hops[-1].because == "guess: both were at Mercy General in 2019"
    assert found["c"].hops[-1].because == "guess: both are at City Hospital"
    assert found["b"].is_guess
    assert not found["a"].is_guess
    assert "d" not in found


def test_a_way_rests_on_one_guess_at_most() -> None:
    stays = [
        *(Stay(who, "x", "X", 2020, 2020) for who in "ab"),
        *(Stay(who, "y", "Y", 2020, 2020) for who in "bc"),
    ]
    assert set(nearest([tie("a", 0.5)], stays=stays)) == {"a", "b"}
    assert best([tie("a", 0.5)], ["c"], stays=stays) == []
    assert best([tie("a", 0.5), Hop("a", "b", "knows", 0.1)], ["c"], stays=stays) != []


def test_many_colleagues_of_one_organisation_are_no_matter() -> None:
    """With pairs of them there would be a hundred million."""
    many = [f"p{n:05}" for n in range(10_000)]
    stays = [Stay(who, "x", "X", 2000 + n % 25, 2001 + n % 25) for n, who in enumerate(many)]
    hops = [tie("p00000", 0.5), *(Hop(a, b, "knows", 0.4) for a, b in itertools.pairwise(many))]
    assert len(nearest(hops, stays=stays)) > 1_000
    assert len(best(hops, many, 5, stays=stays)) == 1
    assert len(best(hops, many[1:], 5, stays=stays)) == 5


def test_a_stay_that_never_ends_has_no_more_than_sixty_years() -> None:
    assert len(Stay("a", "x", "X", 1, 2026).years) == 60
    assert list(Stay("a", "x", "X", 2020, 2021).years) == [2020, 2021]
