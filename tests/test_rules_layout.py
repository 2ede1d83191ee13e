"""Where does everybody stand in the picture?"""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.rules.layout import SEAT, Layout, layout

FIELDS = ["", "nursing", "psychiatry", "social-work", *(f"field-{n}" for n in range(20))]


@st.composite
def networks(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, str]]:
    """Draw people with their groups, and a forest: each came through an earlier one, or nobody."""
    size = draw(st.integers(0, 60))
    names = [f"p{number}" for number in draw(st.permutations(range(size)))]
    groups = {name: draw(st.sampled_from(FIELDS)) for name in names}
    through = {
        name: names[draw(st.integers(0, number - 1))]
        for number, name in enumerate(names)
        if number and draw(st.booleans())
    }
    return groups, through


def many(people: int, roots: float, *, seed: int = 1) -> tuple[dict[str, str], dict[str, str]]:
    """Return a large network; most people came through nobody and led to nobody."""
    draw = random.Random(seed)
    names = [f"p{number:05}" for number in range(people)]
    own = int(people * roots)
    ends = names[: max(own // 20, 1)]
    forest = {}
    for name in names[own:]:
        forest[name] = draw.choice(ends)
        ends += [name] if draw.random() < 0.3 else []
    return {name: draw.choice(FIELDS) for name in names}, forest


def far(placed: Layout, one: str, other: str = "") -> float:
    """Return how far two people are from each other, or one from me."""
    here = placed.spots[one]
    there = placed.spots[other] if other else None
    return math.hypot(here.x - (there.x if there else 0), here.y - (there.y if there else 0))


def nearest(placed: Layout) -> float:
    """Return how far the two are who are nearest to each other, me among them."""
    spots = sorted([(0.0, 0.0), *((spot.x, spot.y) for spot in placed.spots.values())])
    least = math.inf
    for number, (x, y) in enumerate(spots):
        for right, down in spots[number + 1 :]:
            if right - x >= least:
                break
            least = min(least, math.hypot(right - x, down - y))
    return least


@given(networks())
def test_everybody_has_a_place(drawn: tuple[dict[str, str], dict[str, str]]) -> None:
    """And nobody else; all of them are inside the circle that is said."""
    groups, forest = drawn
    placed = layout(groups, forest)
    assert placed.spots.keys() == groups.keys()
    assert placed.parents == forest
    assert all(far(placed, one) < placed.radius for one in groups)


@given(networks())
def test_nobody_stands_in_the_way_of_another(
    drawn: tuple[dict[str, str], dict[str, str]],
) -> None:
    """There is room for a line of small print between any two, and around me."""
    assert nearest(layout(*drawn)) >= SEAT - 0.02  # places are rounded


@pytest.mark.parametrize("roots", [0.02, 0.3, 0.85, 1.0])
@pytest.mark.parametrize("people", [150, 5000])
def test_nor_among_very_many(people: int, roots: float) -> None:
    """However many know me by themselves."""
    assert nearest(layout(*many(people, roots))) >= SEAT - 0.02


@given(networks())
def test_whoever_came_through_somebody_stands_farther_out(
    drawn: tuple[dict[str, str], dict[str, str]],
) -> None:
    """A ring is a step from me: those of the next ring are all farther from me than those of it."""
    groups, forest = drawn
    placed = layout(groups, forest)
    for child, parent in forest.items():
        assert placed.spots[child].ring == placed.spots[parent].ring + 1
    assert all(placed.spots[one].ring == 1 for one in groups if one not in forest)
    inside = set(forest) | set(forest.values())  # the crowd has rows of its own
    outermost: Counter[int] = Counter()
    innermost: dict[int, float] = {}
    for one in inside:
        ring, away = placed.spots[one].ring, far(placed, one)
        outermost[ring] = max(outermost[ring], away)
        innermost[ring] = min(innermost.get(ring, math.inf), away)
    assert all(outermost[ring] < innermost.get(ring + 1, math.inf) for ring in outermost)
    assert list(placed.rings) == sorted(set(placed.rings))
    assert all(away >= placed.rings[ring - 1] - 0.02 for ring, away in innermost.items())


@given(networks())
def test_a_branch_stands_together(drawn: tuple[dict[str, str], dict[str, str]]) -> None:
    """Going round, one comes to all of a branch before the next begins, at each step from me."""
    groups, forest = drawn
    placed = layout(groups, forest)

    def branch(one: str) -> str:
        while one in forest:
            one = forest[one]
        return one

    members = sorted({*forest, *forest.values()})
    for siblings in (branch, lambda one: forest.get(one, "")):
        for ring in {placed.spots[one].ring for one in members}:
            round_it = sorted(
                (one for one in members if placed.spots[one].ring == ring),
                key=lambda one: placed.spots[one].angle,
            )
            met = [name for name, _ in itertools.groupby(map(siblings, round_it))]
            assert len(met) == len(set(met))


def test_the_largest_branch_comes_first() -> None:
    """Clockwise from the top; then those who led me to nobody, by their groups."""
    groups = dict.fromkeys(["a", "b", "c", "d", "e", "f", "g", "x", "y"], "")
    forest = {"d": "c", "e": "c", "f": "b", "g": "e"}
    groups |= {"x": "law", "y": "law"}
    placed = layout(groups, forest)
    assert list(placed.spots) == ["c", "e", "g", "d", "b", "f", "x", "y", "a"]
    assert placed.below == {"c": 3, "e": 1, "b": 1, **dict.fromkeys("adfgxy", 0)}
    angles = [placed.spots[one].angle for one in ("c", "b", "x", "a")]
    assert angles == sorted(angles)
    assert angles[0] >= -math.pi / 2
    assert [(one.name, one.size) for one in placed.sectors] == [("law", 2), ("", 1)]


def test_a_branch_has_the_room_that_its_size_needs() -> None:
    """One with nine ends has far more than one with a single end."""
    nine = [f"n{number}" for number in range(9)]
    groups = dict.fromkeys(["a", "b", "one", *nine], "")
    placed = layout(groups, {"one": "b", **dict.fromkeys(nine, "a")})
    angles = [placed.spots[name].angle for name in (nine[0], nine[-1], "one")]
    assert (angles[1] - angles[0]) / (angles[2] - angles[0]) > 0.75


@given(networks())
def test_the_same_people_stand_the_same_way(
    drawn: tuple[dict[str, str], dict[str, str]],
) -> None:
    """In whatever order they are told."""
    groups, forest = drawn
    other = layout(
        dict(reversed(groups.items())),
        dict(sorted(forest.items(), key=lambda pair: pair[1], reverse=True)),
    )
    placed = layout(groups, forest)
    assert (list(placed.spots.items()), placed.sectors) == (
        list(other.spots.items()),
        other.sectors,
    )


@given(networks())
def test_the_crowd_sits_in_sectors_by_group(
    drawn: tuple[dict[str, str], dict[str, str]],
) -> None:
    """Each of the crowd sits within the sector of their group, or that of the others."""
    groups, forest = drawn
    placed = layout(groups, forest)
    crowd = [one for one in groups if one not in forest and one not in forest.values()]
    named = {one.name: one for one in placed.sectors}
    assert sum(one.size for one in placed.sectors) == len(crowd)
    assert len(named) == len(placed.sectors) <= 13
    seated: Counter[str] = Counter()
    for person in crowd:
        sector = named[groups[person] if groups[person] in named else ""]
        seated[sector.name] += 1
        assert sector.start <= placed.spots[person].angle <= sector.end
        assert far(placed, person) < sector.radius
    assert seated == {one.name: one.size for one in placed.sectors}


def test_a_few_who_lead_to_nobody_sit_in_one_row() -> None:
    """So that the name of each can stand beside them."""
    groups = {f"p{number:02}": FIELDS[number % 5] for number in range(33)}
    forest = {"p27": "p00", "p28": "p00", "p29": "p27", "p30": "p01", "p31": "p30", "p32": "p02"}
    placed = layout(groups, forest)
    crowd = [one for one in groups if one not in forest and one not in forest.values()]
    assert len({round(far(placed, one)) for one in crowd}) == 1


def test_branches_have_much_of_the_circle_where_they_are_few() -> None:
    """Among thousands who led me to nobody, twenty who did are seen at a glance."""
    groups, _ = many(4000, 1)
    forest = {f"p{number:05}": f"p{number - 20:05}" for number in range(3980, 4000)}
    placed = layout(groups, forest)
    members = [placed.spots[one].angle for one in forest]
    assert max(members) - min(members) > math.tau * 0.1


def test_a_long_chain_is_no_trouble() -> None:
    """Each led me to the next, thousands of times."""
    names = [f"p{number:05}" for number in range(3000)]
    placed = layout(dict.fromkeys(names, ""), dict(itertools.pairwise(reversed(names))))
    assert placed.spots["p02999"].ring == 3000
    assert placed.below["p00000"] == 2999
    assert len(placed.rings) == 3000


def test_nobody_at_all() -> None:
    """Then there is only me."""
    placed = layout({}, {})
    assert (placed.spots, placed.sectors) == ({}, ())
    assert placed.radius > 0


def test_who_is_not_in_the_picture_is_not_drawn() -> None:
    """Whoever came through somebody left out stands in the first ring."""
    placed = layout({"b": ""}, {"b": "a", "c": "b"})
    assert placed.spots.keys() == {"b"}
    assert placed.spots["b"].ring == 1
    assert placed.parents == {}


@pytest.mark.parametrize("ends", [1, 4, 8, 12, 16, 24, 40, 80, 400])
@pytest.mark.parametrize("each", [1, 3, 40])
def test_however_little_room_is_left_for_the_crowd(ends: int, each: int) -> None:
    """Beside many branches thirteen groups have little room, and stand apart all the same."""
    groups = {f"c{one}-{field}": f"f{field:02}" for field in range(12) for one in range(each)}
    groups |= {"other": "f99", "root": "", **{f"e{number:03}": "" for number in range(ends)}}
    placed = layout(groups, {f"e{number:03}": "root" for number in range(ends)})
    assert nearest(placed) >= SEAT - 0.02
    assert sum(one.size for one in placed.sectors) == 12 * each + 1
