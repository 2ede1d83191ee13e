"""What do I owe those whom I introduce to each other?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given

from netcrm.model.time import BusinessCalendar, LocalMoment
from netcrm.rules.introductions import Move, as_known
from netcrm.rules.obligations import Obligation, obligations
from netcrm.rules.owed_people import MAKERS
from tests.test_rules_course import at, moments
from tests.test_rules_introductions import moves, pairing, said
from tests.test_rules_obligations import facts


def owed(when: str, steps: str = "", begun: str = "2", **more: Any) -> dict[str, Obligation]:
    """Return what is owed for introducing Ana and Ben at a moment of March, by kind and person."""
    holidays = frozenset(more.pop("holidays", ()))
    one = as_known(pairing(*said(steps), begun=begun), at(when))
    known = facts(at(when), introductions=(one,) if one else (), **more)
    found = obligations(known, MAKERS, BusinessCalendar(holidays=holidays))
    assert all(one.cause == "i" and one.key == f"{one.kind}:i:{one.contact}" for one in found)
    return {f"{one.kind} {one.contact}": one for one in found}


def todo(when: str, steps: str = "", **more: Any) -> set[str]:
    """Return what is still to be done."""
    return {name for name, one in owed(when, steps, **more).items() if one.is_open}


ASK = {"ask_to_introduce ana", "ask_to_introduce ben"}
REMIND = {"remind_of_introduction ana", "remind_of_introduction ben"}


class TestAsking:
    """Each of the two is asked first."""

    def test_within_two_working_days(self) -> None:
        """From the day on which I thought of it; 6 March is a Friday."""
        assert todo("2") == ASK
        one = owed("6", begun="6")["ask_to_introduce ana"]
        assert (one.due, one.shown_from) == (at("10"), date(2026, 3, 6))
        assert one.because == "would they like to meet Ben Ortiz?"
        assert owed("2")["ask_to_introduce ben"].because == "would they like to meet Ana Ruiz?"
        away = owed("6", begun="6", holidays=[date(2026, 3, 10)])["ask_to_introduce ana"]
        assert away.due == at("11")
        assert todo("1") == set()

    def test_it_is_done_when_they_are_asked_or_answer(self) -> None:
        """It stays done, whatever they say."""
        assert todo("3", "asked ana") == {"ask_to_introduce ben", "remind_of_introduction ana"}
        one = owed("9", "asked ana, asked ana, declined ben")["ask_to_introduce ana"]
        assert (one.done, one.done_by) == (at("3"), "i")
        assert owed("9", "agreed ana")["ask_to_introduce ana"].done == at("3")

    @pytest.mark.parametrize("end", ["declined ben", "dropped", "met", "introduced"])
    def test_nobody_is_asked_any_more_once_it_is_settled(self, end: str) -> None:
        """A no of one is enough; the other need not hear of it."""
        assert "ask_to_introduce ana" not in owed("9", end)
        assert not todo("9", f"asked ana, {end}") & (ASK | REMIND)


class TestReminding:
    """Who does not answer is asked once more."""

    def test_a_week_after_i_asked(self) -> None:
        """On a working day; it can be seen before."""
        one = owed("3", "asked ana")["remind_of_introduction ana"]
        assert (one.due, one.shown_from, one.is_open) == (at("10"), date(2026, 3, 10), True)
        assert one.because == "you asked on 3 Mar about meeting Ben Ortiz"
        weekend = owed("7", "asked eve, asked eve, asked eve, asked eve, asked ana")
        assert weekend["remind_of_introduction ana"].due == at("16")
        free = owed("3", "asked ana", holidays=[date(2026, 3, 10)])["remind_of_introduction ana"]
        assert (free.due, free.shown_from) == (at("11"), date(2026, 3, 11))

    @pytest.mark.parametrize("then", ["asked ana", "agreed ana", "declined ana"])
    def test_an_answer_settles_it_and_so_does_asking_again(self, then: str) -> None:
        """Nobody is reminded twice."""
        one = owed("31", f"asked ana, {then}")["remind_of_introduction ana"]
        assert (one.done, one.done_by) == (at("4"), "i")
        assert REMIND.isdisjoint(owed("31", "agreed ana"))

    def test_there_is_no_need_once_it_is_settled(self) -> None:
        """By the other, or by me."""
        for end in ("declined ben", "dropped", "introduced", "met"):
            assert "remind_of_introduction ana" not in owed("31", f"asked ana, {end}")


class TestIntroducing:
    """Who both agreed are introduced."""

    def test_by_the_next_working_day(self) -> None:
        """From when the second agreed; one of the two stands for both."""
        assert not todo("9", "agreed ana") & {"introduce ana", "introduce ben"}
        found = owed("9", "asked eve, asked eve, agreed ben, agreed ana")
        assert {name for name in found if name.startswith("introduce")} == {"introduce ana"}
        one = found["introduce ana"]
        assert (one.due, one.shown_from) == (at("9"), date(2026, 3, 6))
        assert (one.because, one.is_open) == ("to Ben Ortiz; both agreed", True)

    def test_it_is_done_when_i_did(self) -> None:
        """It stays done."""
        for more in ("", ", met", ", declined ana", ", dropped"):
            one = owed("9", f"agreed ana, agreed ben, introduced{more}")["introduce ana"]
            assert (one.done, one.done_by, one.in_time) == (at("5"), "i", True)

    def test_it_is_not_owed_where_not_both_agreed(self) -> None:
        """Nor where one changed their mind, nor when I let it be or they met without me."""
        assert "introduce ana" not in owed("9", "asked ana, introduced")
        for end in ("declined ana", "dropped", "met"):
            assert "introduce ana" not in owed("9", f"agreed ana, agreed ben, {end}")


class TestFollowingUp:
    """I ask what came of it."""

    def test_a_week_after_i_introduced_them(self) -> None:
        """On a working day, also if I insisted."""
        one = owed("3", "introduced")["follow_up_introduction ana"]
        assert (one.due, one.shown_from, one.is_open) == (at("10"), date(2026, 3, 10), True)
        assert one.because == "you introduced them to Ben Ortiz on 3 Mar"
        assert todo("20", "agreed ana, agreed ben, introduced") == {"follow_up_introduction ana"}
        assert owed("9", "asked eve, asked eve, asked eve, asked eve, introduced")[
            "follow_up_introduction ana"
        ].due == at("16")
        assert "follow_up_introduction ana" not in owed("20", "met")

    @pytest.mark.parametrize("end", ["met", "dropped", "declined ben"])
    def test_until_i_hear_of_it(self, end: str) -> None:
        """Then nothing is left to do."""
        one = owed("20", f"introduced, {end}")["follow_up_introduction ana"]
        assert (one.done, one.done_by) == (at("4"), "i")
        assert todo("20", f"introduced, {end}") == set()


class TestAll:
    """As with everything that is owed."""

    def test_to_who_is_not_to_be_contacted_nothing_is_owed_nor_about_them(self) -> None:
        """To either of them."""
        for person in ("ana", "ben"):
            for steps in ("", "asked ana, asked ben", "agreed ana, agreed ben", "introduced"):
                assert owed("4", steps, suppressed=frozenset({person})) == {}
        assert todo("2", suppressed=frozenset({"eve"})) == ASK

    def test_a_waiver_sticks(self) -> None:
        """For each of them by itself."""
        waived = {"ask_to_introduce:i:ana": at("2")}
        assert todo("9", waivers=waived) == {"ask_to_introduce ben"}

    @pytest.mark.parametrize(
        ("steps", "first", "kind"),
        [
            ((), 2, "ask_to_introduce"),
            (("asked ana",), 3, "remind_of_introduction"),
            (("agreed ana", "agreed ben"), 4, "introduce"),
            (("introduced",), 3, "follow_up_introduction"),
        ],
    )
    def test_for_a_year(self, steps: tuple[str, ...], first: int, kind: str) -> None:
        """What is older raises nothing any more."""
        one = pairing(*said(", ".join(steps)))
        for day, is_there in ((date(2027, 3, first), True), (date(2027, 3, first + 1), False)):
            known = facts(LocalMoment.on(day), introductions=(one,))
            assert (kind in {found.kind for found in obligations(known, MAKERS)}) == is_there

    @given(moves(moments()), moments())
    def test_whatever_is_stored(self, some: list[Move], when: LocalMoment) -> None:
        """Keys are told apart, only the two are owed something, and what was done was done then."""
        known = facts(when, introductions=(pairing(*some),))
        found = obligations(known, MAKERS)
        assert len({one.key for one in found}) == len(found)
        assert {one.contact for one in found} <= {"ana", "ben"}
        assert all(one.done is None or one.done.is_by(when) for one in found)
