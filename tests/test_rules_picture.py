"""What is in a picture of a network."""

from __future__ import annotations

from typing import get_args

import pytest

from netcrm.rules.lifecycle import OPEN, Stage
from netcrm.rules.picture import COLOURS, MARKS, STAGES, Link, coloured, day, status
from tests.pictured import DAY, many, picture, portrait, referral


def test_every_stage_has_words() -> None:
    """And what is under way comes before what is over."""
    assert STAGES.keys() == set(get_args(Stage))
    order = list(STAGES)
    assert max(order.index(one) for one in OPEN) < order.index("held")


@pytest.mark.parametrize(
    ("stages", "state", "said"),
    [
        ((), "active", "not asked"),
        (("identified",), "active", "not asked"),
        (("held",), "active", "interviewed"),
        (("held", "scheduled"), "active", "meeting planned"),
        (("no_response", "declined"), "active", "no answer"),
        (("held",), "archived", "interviewed"),
        (("held",), "do_not_contact", "do not contact"),
        ((), "deceased", "deceased"),
    ],
)
def test_how_it_stands_with_somebody(stages: tuple[str, ...], state: str, said: str) -> None:
    """That they are not to be contacted is said before all else."""
    assert status(stages, state) == said


@pytest.mark.parametrize(
    ("said", "interviews", "mark"),
    [
        ("interviewed", 1, "held"),
        ("meeting planned", 1, "held"),
        ("meeting planned", 0, "open"),
        ("asked", 0, "open"),
        ("put off", 0, "none"),
        ("no answer", 0, "none"),
        ("not asked", 0, "none"),
        ("do not contact", 2, "gone"),
        ("deceased", 0, "gone"),
    ],
)
def test_how_somebody_is_marked(said: str, interviews: int, mark: str) -> None:
    """By whether we talked, and whether something is under way."""
    assert portrait("Ana", status=said, interviews=interviews).mark == mark
    assert mark in MARKS


def test_people_stand_with_those_of_their_largest_field() -> None:
    """Who has no field stands with those of their largest circle; else with nobody."""
    of = picture(
        portrait("a", fields=("art", "law")),
        portrait("b", fields=("law",), circles=("inner",)),
        portrait("c", circles=("inner", "outer")),
        portrait("d", circles=("outer",)),
        portrait("e", circles=("outer",)),
        portrait("f"),
    )
    assert of.groups == {
        "a": "law", "b": "law", "c": "outer", "d": "outer", "e": "outer", "f": "",
    }  # fmt: skip
    assert coloured(of.groups) == ("outer", "law")


def test_the_largest_groups_have_colours() -> None:
    """As many as can be told from each other; of equals the first by name."""
    groups = {f"p{number}": f"f{number // 2:02}" for number in range(40)} | {"q": ""}
    assert coloured(groups) == tuple(f"f{number:02}" for number in range(COLOURS))


def test_the_part_with_one_field() -> None:
    """Through whom they came is in it too, whatever their field is; and the links between them."""
    people = [
        portrait("ana"),
        portrait("bo", fields=("law",), degree=2, through="ana"),
        portrait("cy", fields=("law",)),
        portrait("dee", degree=2, through="cy"),
    ]
    links = (
        referral("ana", "bo"),
        referral("cy", "dee"),
        Link("acquaintance", "k", "bo", "cy"),
        Link("acquaintance", "l", "ana", "dee"),
    )
    part = picture(*people, links=links).only("law")
    assert [one.handle for one in part.people] == ["ana", "bo", "cy"]
    assert part.links == (links[0], links[2])
    assert part.layout().spots["bo"].ring == 2
    assert picture(*people).only("art").people == ()


def test_what_is_in_it_in_words() -> None:
    """One person is a person."""
    ana, bo = portrait("ana"), portrait("bo", degree=2, through="ana")
    assert picture().summary == "0 people, 0 referrals"
    assert picture(ana).summary == "1 person, 0 referrals"
    assert picture(ana, bo, links=(referral("ana", "bo"),)).summary == "2 people, 1 referral"
    known = (Link("acquaintance", "k", "ana", "bo"), Link("introduction", "i", "ana", "bo"))
    assert picture(ana, bo, links=known * 2).summary == (
        "2 people, 0 referrals, 2 acquaintances, 2 introductions"
    )
    assert many(1200).summary.startswith("1,200 people, 200 referrals")


def test_work_and_days_in_words() -> None:
    """What is not known is left out."""
    assert portrait("a", title="Nurse", organisation="Mercy").work == "Nurse, Mercy"
    assert portrait("a", organisation="Mercy").work == "Mercy"
    assert portrait("a").work == ""
    assert (day(DAY), day(None)) == ("12 Apr 2026", "")


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("people", [0, 1, 2, 7, 30, 60])
def test_everybody_stands_as_many_steps_away_as_they_are(people: int, seed: int) -> None:
    """The picture of a forest has the rings of its degrees."""
    of = many(people, seed=seed)
    placed = of.layout()
    assert {one.handle: one.degree for one in of.people} == {
        handle: spot.ring for handle, spot in placed.spots.items()
    }
