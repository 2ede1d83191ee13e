"""Where does an introduction stand that I make for two others?"""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.referral import Turn
from netcrm.model.time import LocalMoment
from netcrm.rules.introductions import (
    ASKING,
    BY_ONE,
    NEXT,
    OPEN,
    Move,
    Pairing,
    Stage,
    Standing,
    as_known,
    misfit,
    standing,
)
from tests.test_rules_course import LONDON, TOKYO, at, moments, timed

EVER = LocalMoment.on(date.max)
TURNS = get_args(Turn)
EDGES = (date.min, date.max)


def pairing(*moves: Move, begun: str = "2") -> Pairing:
    """Return an introduction of Ana and Ben."""
    return Pairing("i", ("ana", "ben"), at(begun), moves)


def said(text: str, day: int = 3) -> list[Move]:
    """Return steps, one a day from a day on: "asked ana, agreed ana, introduced"."""
    parts = [part.split() for part in text.split(",") if part.strip()]
    return [Move(what, at(str(day + place)), *who) for place, (what, *who) in enumerate(parts)]


def stands(text: str) -> Standing:
    """Return where it stands after such steps."""
    return standing(pairing(*said(text)), EVER)


def moves(times: st.SearchStrategy[LocalMoment]) -> st.SearchStrategy[list[Move]]:
    """Any steps, most of which make no sense, also of people who have no part in it."""
    people = st.sampled_from(("ana", "ben", "eve", ""))
    return st.lists(st.builds(Move, st.sampled_from((*TURNS, "odd")), times, people), max_size=8)


class TestStages:
    """It goes from a thought to a meeting, and each of the two has a say."""

    @pytest.mark.parametrize(
        ("steps", "stage"),
        [
            ("", "thought_of"), ("asked ana", "asking"), ("asked ana, asked ben", "asking"),
            ("asked ana, agreed ana", "one_agreed"), ("agreed ben", "one_agreed"),
            ("agreed ana, asked ben", "one_agreed"), ("agreed ana, agreed ben", "both_agreed"),
            ("declined ana", "declined"), ("agreed ana, declined ben", "declined"),
            ("declined ana, agreed ben", "declined"),
            ("agreed ana, agreed ben, introduced", "introduced"),
            ("agreed ana, agreed ben, introduced, met", "met"),
            ("agreed ana, agreed ben, dropped", "dropped"), ("dropped", "dropped"),
        ],
    )  # fmt: skip
    def test_it_stands_where_what_came_of_it_puts_it(self, steps: str, stage: Stage) -> None:
        """The usual ways."""
        assert stands(steps).stage == stage
        assert stands(steps).is_open == (stage not in ("met", "declined", "dropped"))

    @pytest.mark.parametrize(
        ("steps", "stage"),
        [
            ("agreed ana, declined ana", "declined"),  # they changed their mind
            ("declined ana, agreed ana", "one_agreed"),
            ("declined ana, asked ana", "asking"),  # asked once more
            ("agreed ana, asked ana", "one_agreed"),  # asking takes no yes back
            ("agreed ana, asked ana, agreed ben", "both_agreed"),
            ("introduced", "introduced"),  # I insisted
            ("declined ana, introduced", "introduced"),
            ("introduced, asked ana", "introduced"),
            ("introduced, agreed ana", "introduced"),
            ("introduced, declined ana", "declined"),  # it was not wanted after all
            ("introduced, dropped", "dropped"),
            ("dropped, asked ana", "asking"),  # taken up again
            ("dropped, introduced", "introduced"),
            ("agreed ana, dropped, agreed ben", "both_agreed"),
            ("met", "met"),  # without me
            ("met, dropped", "met"), ("met, introduced", "met"), ("met, declined ana", "met"),
            ("declined ana, met", "met"), ("dropped, met", "met"),
        ],
    )  # fmt: skip
    def test_the_last_word_counts(self, steps: str, stage: Stage) -> None:
        """Only that they met is for good."""
        assert stands(steps).stage == stage

    def test_since_when_is_the_step_that_led_there(self) -> None:
        """What changes nothing does not count; before the first step it is when I thought of it."""
        assert stands("").since == at("2")
        assert stands("asked ana, asked ben, asked ana").since == at("3")
        assert stands("asked ana, agreed ana, asked ben").since == at("4")
        assert stands("met, introduced").since == at("3")

    def test_when_both_had_agreed_and_when_i_introduced_them_stays_known(self) -> None:
        """Whatever came of it."""
        now = stands("agreed ana, agreed ben, introduced, met")
        assert (now.agreed, now.introduced) == (at("4"), at("5"))
        insisted = stands("asked ana, introduced, declined ana")
        assert (insisted.agreed, insisted.introduced) == (None, at("4"))
        assert stands("met").introduced is None

    def test_who_is_to_be_asked_and_who_has_not_answered(self) -> None:
        """As long as that matters."""
        seen = {
            steps: (stands(steps).unasked, stands(steps).waiting)
            for steps in ("", "asked ben", "asked ana, asked ben", "agreed ana", "declined ana",
                          "asked ana, introduced", "asked ana, dropped", "agreed ana, agreed ben")
        }  # fmt: skip
        assert list(seen.values()) == [
            (("ana", "ben"), ()), (("ana",), ("ben",)), ((), ("ana", "ben")), (("ben",), ()),
            ((), ()), ((), ()), ((), ()), ((), ()),
        ]  # fmt: skip

    def test_what_each_was_asked_and_said_is_in_order(self) -> None:
        """What others said, or was done, is not among it."""
        now = stands("asked ana, asked eve, asked ben, agreed ana, introduced")
        assert {one: [move.what for move in some] for one, some in now.said.items()} == {
            "ana": ["asked", "agreed"], "ben": ["asked"],
        }  # fmt: skip
        assert stands("agreed eve").stage == "thought_of"


class TestOrder:
    """Steps count by when they were taken, not by when they were noted."""

    def test_of_one_day_by_the_clock(self) -> None:
        """Where a time is not known, as they were entered."""
        yes, no = Move("agreed", at("5T09:00"), "ana"), Move("declined", at("5T10:00"), "ana")
        for some in ((yes, no), (no, yes)):
            assert standing(pairing(*some), EVER).stage == "declined"
        vague = Move("agreed", at("5"), "ana")
        assert standing(pairing(no, vague), EVER).stage == "one_agreed"
        assert standing(pairing(vague, no), EVER).stage == "declined"

    def test_days_are_those_of_one_zone(self) -> None:
        """In Tokyo it is tomorrow already."""
        no, yes = (
            Move("declined", at("5T08:00", TOKYO), "ana"),
            Move("agreed", at("4T20:00"), "ana"),
        )
        for some in ((yes, no), (no, yes)):
            assert standing(pairing(*some), EVER).stage == "one_agreed"
        later = Move("declined", at("5T02:00", LONDON), "ana")
        assert standing(pairing(later, yes, no), EVER).stage == "declined"

    @given(moves(timed()).filter(lambda some: len({m.at.instant for m in some}) == len(some)),
           st.randoms(use_true_random=False))  # fmt: skip
    def test_in_whatever_order_they_were_noted(self, some: list[Move], mixed: object) -> None:
        """As long as the clock tells them apart."""
        expected = standing(pairing(*some), EVER)
        mixed.shuffle(some)  # type: ignore[attr-defined]
        assert standing(pairing(*some), EVER) == expected


class TestKnown:
    """What came later changes no answer for a moment before."""

    def test_before_anything_was_known_of_it_there_is_none(self) -> None:
        """A step that is older than the thought makes it known."""
        one = pairing(Move("asked", at("3"), "ana"), begun="5")
        assert as_known(one, at("2")) is None
        assert as_known(one, at("3")) == one
        assert as_known(pairing(begun="5"), at("4")) is None
        assert as_known(pairing(begun="5"), at("5")) == pairing(begun="5")

    @given(moves(moments()), moments())
    def test_later_steps_are_not_known(self, some: list[Move], when: LocalMoment) -> None:
        """It stands where it would without them."""
        known = [move for move in some if move.at.is_by(when)]
        assert standing(pairing(*some), when) == standing(pairing(*known), when)
        assert standing(pairing(*known), when) == standing(pairing(*known), EVER)


class TestFitting:
    """A step has to fit where it was taken, also when it is noted late."""

    @pytest.mark.parametrize(
        ("steps", "then", "why"),
        [
            ("agreed ana", "asked ana", "they agreed already"),
            ("asked ana, agreed ana", "agreed ana", "they agreed already"),
            ("declined ana", "declined ana", "they declined already"),
            ("agreed ana, declined ben", "asked ana", "they agreed already"),
            ("met", "dropped", "it stands at “met” then; what may come next: nothing"),
            ("introduced", "agreed ana",
             "it stands at “introduced” then; what may come next: met, declined, dropped"),
            ("agreed ana, agreed ben", "asked ben", "they agreed already"),
        ],
    )  # fmt: skip
    def test_what_makes_no_sense_does_not(self, steps: str, then: str, why: str) -> None:
        """The reason is said."""
        (step,) = said(then, day=20)
        assert misfit(pairing(*said(steps)), [step]) == (step, why)

    @pytest.mark.parametrize(
        ("steps", "then"),
        [
            ("", "asked ana"), ("asked ana", "asked ana"), ("agreed ana", "agreed ben"),
            ("agreed ana", "asked ben"), ("declined ana", "agreed ana"),
            ("declined ana", "asked ana"), ("agreed ana", "declined ana"),
            ("agreed ana, dropped", "asked ana"), ("agreed ana, dropped", "agreed ana"),
            ("introduced", "declined ana"), ("declined ana", "met"), ("dropped", "introduced"),
        ],
    )  # fmt: skip
    def test_people_may_change_their_minds_and_so_may_i(self, steps: str, then: str) -> None:
        """And who was asked may be asked once more."""
        assert misfit(pairing(*said(steps)), said(then, day=20)) is None

    def test_what_was_noted_before_it_has_to_fit_after_it_still(self) -> None:
        """The step that does not is told."""
        asked, met = Move("asked", at("5"), "ana"), Move("met", at("9"))
        one = pairing(asked, met)
        assert misfit(one, [Move("asked", at("4"), "ana")]) is None
        assert misfit(one, [Move("agreed", at("6"), "ana"), Move("agreed", at("6"), "ben")]) is None
        assert misfit(one, [Move("agreed", at("4"), "ana")]) == (asked, "they agreed already")
        found = misfit(one, [Move("introduced", at("4"))])
        assert found is not None
        assert found.move == asked

    @given(moves(moments()))
    def test_what_does_not_fit_already_stands_in_nobodys_way(self, some: list[Move]) -> None:
        """Nor does what is not new."""
        assert misfit(pairing(*some), []) is None

    @given(moves(moments()), moves(moments()))
    def test_step_by_step_is_as_good_as_at_once(self, some: list[Move], more: list[Move]) -> None:
        """What fits without a step that does not, fits with others that do."""
        known = pairing(*some)
        for step in more:
            if misfit(known, [step]) is None:
                known = known._replace(moves=(*known.moves, step))
        assert misfit(pairing(*some), known.moves[len(some) :]) is None


class TestWhyNot:
    """Two are introduced who both agreed, and once."""

    @pytest.mark.parametrize(
        ("steps", "why"),
        [
            ("agreed ana, agreed ben", ""), ("", "have not both agreed yet"),
            ("asked ana, agreed ana", "have not both agreed yet"),
            ("agreed ana, declined ben", "have not both agreed yet"),
            ("dropped", "have not both agreed yet"),
            ("agreed ana, agreed ben, dropped", "both agreed, but you let it be on 2026-03-05"),
            ("agreed ana, agreed ben, introduced",
             "were introduced by you already, on 2026-03-05"),
            ("introduced, met", "have met already, on 2026-03-04"),
        ],
    )  # fmt: skip
    def test_it_is_said_in_words(self, steps: str, why: str) -> None:
        """What is so, and since when."""
        assert stands(steps).why_not == why

    def test_who_agreed_already_need_not_be_asked(self) -> None:
        """Unless they took it back, or I let it be."""
        seen = [
            stands(steps).agreed_already("ana")
            for steps in ("agreed ana", "agreed ana, declined ben", "agreed ana, declined ana",
                          "agreed ana, dropped", "agreed ben", "asked ana")
        ]  # fmt: skip
        assert seen == [True, True, False, False, False, False]
        assert not stands("agreed ana").agreed_already("eve")


class TestOddData:
    """Whatever is stored, it stands somewhere."""

    @given(moves(moments() | st.sampled_from(EDGES).map(LocalMoment.on)), moments())
    def test_it_never_crashes(self, some: list[Move], when: LocalMoment) -> None:
        """And who is to be asked is one of the two who has not been, and the like."""
        now = standing(pairing(*some), when)
        assert now.stage in get_args(Stage)
        assert set(now.unasked) == {
            one for one in ("ana", "ben") if not now.said[one] and now.stage in ASKING
        }
        assert set(now.waiting) <= {one for one, told in now.said.items() if told}
        assert (now.stage == "both_agreed") <= (now.agreed is not None)
        assert (now.stage == "introduced") <= (now.introduced is not None)
        assert now.since.is_by(when) or now.since == at("2")

    @given(moves(moments()))
    def test_that_they_met_is_for_good(self, some: list[Move]) -> None:
        """Whatever is said then."""
        met = Move("met", at("1"))
        assert standing(pairing(met, *some), EVER).stage == "met"

    def test_of_nobody_or_of_one(self) -> None:
        """There is nobody to ask."""
        assert standing(Pairing("i", (), at("2")), EVER).unasked == ()
        assert Pairing("i", ("ana",), at("2")).other("ana") == "ana"
        assert pairing().other("ana") == "ben"
        assert pairing().other("ben") == "ana"


class TestNext:
    """What may come next."""

    def test_every_stage_says_so_in_known_words(self) -> None:
        """Nothing does once they met."""
        assert NEXT.keys() == set(get_args(Stage))
        assert all(set(some) <= set(TURNS) for some in NEXT.values())
        assert {stage for stage, some in NEXT.items() if not some} == {"met"}
        assert {"asked", "agreed", "declined"} == BY_ONE
        assert {"both_agreed", "introduced"} == OPEN - ASKING
        assert NEXT.keys() > OPEN

    @pytest.mark.parametrize("stage", NEXT)
    def test_they_may_have_met_whatever_i_did(self, stage: Stage) -> None:
        """Unless that is known; what is open can be dropped."""
        assert ("met" in NEXT[stage]) == (stage != "met")
        assert ("dropped" in NEXT[stage]) == (stage in OPEN)
        assert ("introduced" in NEXT[stage]) == (stage not in ("introduced", "met"))
