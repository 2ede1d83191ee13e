"""Which ties went to sleep, and what may be new, and good, about waking them?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.contact import Position
from netcrm.model.time import Interval, PartialDate
from netcrm.rules.dormant import DORMANT, LAPSED, Dormant, Former, dormant
from netcrm.rules.strength import Encounter, Touch, touches

TODAY = date(2026, 3, 5)
THEN = date(2024, 6, 1)


def met(*days: date, channel: str = "email", people: int = 1) -> list[Touch]:
    """Return touches with Ana, each one among so many."""
    crowd = ("ana", *(f"p{n}" for n in range(people - 1)))
    return touches([Encounter(day, crowd, channel) for day in days])["ana"]


def ask(after: Interval = LAPSED, as_of: date = TODAY, **known: Any) -> Dormant | None:
    """Return the answer for Ana, who was met on one day if nothing else is said."""
    known.setdefault("touches", met(THEN))
    return dormant(Former("ana", "Ana Ruiz", "ana", **known), as_of, after)


def facts(**known: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the two columns for Ana."""
    found = ask(**known)
    assert found is not None
    return found.novelty, found.engagement


def job(organisation: str, start: str = "", *fields: str, **more: Any) -> Position:
    """Return a position."""
    begun = PartialDate.parse(start) if start else None
    return Position(organisation=organisation, start=begun, fields=frozenset(fields), **more)


class TestWhen:
    """Once active, and then nothing for long."""

    @pytest.mark.parametrize(
        ("last", "lapsed", "asleep"),
        [
            (date(2025, 3, 6), False, False),
            (date(2025, 3, 5), True, False),
            (date(2023, 3, 6), True, False),
            (date(2023, 3, 5), True, True),
        ],
    )
    def test_after_a_year_it_has_lapsed_after_three_it_is_dormant(
        self, last: date, lapsed: bool, asleep: bool
    ) -> None:
        """To the day."""
        found = ask(touches=met(last - timedelta(400), last))
        assert (found is not None, found is not None and found.is_dormant) == (lapsed, asleep)
        assert (ask(DORMANT, touches=met(last)) is not None) == asleep

    def test_whoever_was_never_in_touch_has_no_tie_to_wake(self) -> None:
        assert ask(touches=[]) is None

    def test_a_crowd_alone_never_made_an_active_tie(self) -> None:
        """A touch of one among twenty is less than a touch a year leaves; several are more."""
        assert ask(touches=met(THEN, people=20)) is None
        assert ask(touches=met(THEN, people=15)) is not None
        assert ask(touches=met(THEN, THEN + timedelta(1), people=20)) is not None

    @given(st.lists(st.dates(date(2020, 1, 1), TODAY), min_size=1), st.integers(1, 2_000))
    def test_time_alone_never_wakes_a_tie(self, days: list[date], later: int) -> None:
        """And what is listed as dormant is listed as lapsed."""
        those = met(*days)
        now, then = ask(touches=those), ask(touches=those, as_of=TODAY + timedelta(later))
        assert now is None or (then is not None and then.last == now.last == max(days))
        asleep = ask(DORMANT, touches=those)
        assert (asleep is not None) == (now is not None and now.is_dormant)


class TestNovelty:
    """Little time together, a new employer, a new field."""

    def test_how_often_we_were_in_touch(self) -> None:
        assert facts() == (("1 touch in all",), ())
        assert facts(touches=met(THEN, date(2024, 5, 1)))[0] == ("2 touches in all",)

    def test_a_new_employer_since_the_last_touch(self) -> None:
        """Not the one of then, however it is written, nor one that may have been theirs then."""
        before = job("Mercy General", "2020")
        new = job("City Clinic Ltd", "2025-01", title="Head nurse")
        assert facts(positions=[before, new])[0][1:] == ("new job: Head nurse @ City Clinic Ltd",)
        assert facts(positions=[new])[0][1:] == ("new job: Head nurse @ City Clinic Ltd",)
        same_day = job("City Clinic", "2024-06-01")
        for same in (job("mercy general, Inc.", "2025"), job("City Clinic", "2024"), same_day):
            assert facts(positions=[before, same])[0][1:] == ()

    def test_a_job_that_begins_later_is_not_known_yet(self) -> None:
        positions = [job("Mercy General", "2020"), job("City Clinic", "2026-03-06")]
        assert facts(positions=positions)[0][1:] == ()
        found = facts(positions=positions, as_of=date(2026, 3, 6))[0]
        assert found[1:] == ("new job: City Clinic",)

    def test_a_job_told_since_is_new_if_another_was_known(self) -> None:
        """The first that is told may have been held all along."""
        told = job("City Clinic", seen_on=date(2025, 1, 1))
        assert facts(positions=[told])[0][1:] == ()
        assert facts(positions=[job("Mercy General"), told])[0][1:] == ("new job: City Clinic",)
        old = job("Mercy General", "", seen_on=THEN)
        assert facts(positions=[old, told])[0][1:] == ("new job: City Clinic",)

    def test_a_new_field_at_the_same_place(self) -> None:
        positions = [
            job("Mercy General", "2020", "nursing"),
            job("Mercy General", "2025", "nursing", "teaching", "policy"),
        ]
        assert facts(positions=positions)[0][1:] == ("new field: policy, teaching",)

    def test_a_job_without_a_place(self) -> None:
        assert (
            facts(positions=[Position(title="Writer", start=PartialDate(year=2025))])[0][1:] == ()
        )


class TestEngagement:
    """How they were there for me."""

    def test_what_they_did(self) -> None:
        """Counts, in words."""
        assert facts(pointed=1, held=1, kept=1, thanked=1)[1] == (
            "led you to 1 person", "gave you 1 interview", "kept 1 promise",
            "you thanked them 1 time",
        )  # fmt: skip
        assert facts(pointed=2, held=3, kept=4, thanked=5)[1] == (
            "led you to 2 people", "gave you 3 interviews", "kept 4 promises",
            "you thanked them 5 times",
        )  # fmt: skip

    def test_often_then(self) -> None:
        """Close or more at the best of times; less is not worth a word."""
        weekly = [THEN - timedelta(7 * n) for n in range(60)]
        assert facts(touches=met(THEN, THEN - timedelta(1), channel="in_person"))[1] == (
            "close then: as if every 20 days",
        )
        assert facts(touches=met(*weekly))[1] == ("inner then: as if every 7 days",)
        assert facts(touches=met(THEN, channel="in_person"))[1] == ()
