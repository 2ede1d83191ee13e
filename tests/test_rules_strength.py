"""How much am I in touch with somebody? By example, and what holds for all touches."""

from __future__ import annotations

import itertools
import math
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from netcrm.model.interaction import Channel
from netcrm.rules.strength import (
    BANDS,
    HALF_LIFE,
    HEAVIEST,
    WEIGHTS,
    Encounter,
    Tie,
    TieWeight,
    band,
    calls_for_a_call,
    decay,
    fault,
    likelihood,
    peak,
    rhythm,
    strengths,
    tie,
    touches,
)

FIRST, LAST = date(2024, 1, 1), date(2026, 3, 5)
DAY = st.dates(FIRST, LAST)
PEOPLE = ("ana", "ben", "eva", "luis")
CHANNEL = st.sampled_from(get_args(Channel))
ENCOUNTER = st.builds(
    Encounter,
    on=DAY,
    people=st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True).map(tuple),
    channel=CHANNEL,
    direction=st.sampled_from(["outbound", "inbound", "mutual"]),
    thread=st.sampled_from(["", "", "a", "b", "email"]),
)
ENCOUNTERS = st.lists(ENCOUNTER, max_size=12)


def met(on: str, channel: str = "email", direction: str = "outbound", **more: Any) -> Encounter:
    """Return an encounter with Ana in 2026."""
    people = more.pop("people", ("ana",))
    return Encounter(date.fromisoformat(f"2026-{on}"), people, channel, direction, **more)


def seen(*those: Encounter, on: str = "03-05") -> Tie:
    """Return the tie to Ana on a day of 2026."""
    day = date.fromisoformat(f"2026-{on}")
    return tie("ana", touches(those).get("ana", []), day)


PRIYA = (
    met("02-23"),
    met("02-24", direction="inbound"),
    met("03-03", "video", "mutual"),
    met("03-03"),
)
JANET = (
    met("02-17", "phone"),
    met("02-17", "phone", "inbound"),
    met("02-20", "video", "mutual"),
    met("02-20"),
    met("02-23", direction="inbound"),
    met("03-05"),
    met("04-06"),
)


class TestExamples:
    """What the numbers are, worked out by hand."""

    def test_four_touches_with_priya(self) -> None:
        """A mail, an answer, a video call and thanks: as if in touch every 24 days."""
        found = seen(*PRIYA, on="03-04")
        assert (round(found.strength, 2), round(found.rhythm or 0)) == (4.85, 24)
        assert round(likelihood(found.strength), 3) == 0.829
        assert (found.band, found.touches) == ("close", 4)
        assert (found.sent, found.received, found.mutual) == (2, 1, 1)
        assert (found.first, found.last) == (date(2026, 2, 23), date(2026, 3, 3))

    def test_six_touches_with_janet(self) -> None:
        """Two calls on one day are one touch: as if in touch every 21 days."""
        found = seen(*JANET, on="04-10")
        assert (round(found.strength, 2), round(found.rhythm or 0)) == (5.83, 21)
        assert (found.touches, found.sent, found.received, found.mutual) == (6, 3, 1, 2)

    @pytest.mark.parametrize(
        ("channel", "weight"),
        [
            ("in_person", 3), ("video", 2), ("phone", 2), ("letter", 1.5), ("email", 1), ("sms", 1),
            ("chat", 1), ("linkedin_message", 1), ("voicemail", 1), ("event", 1), ("other", 1),
        ],
    )  # fmt: skip
    def test_what_each_channel_counts(self, channel: str, weight: float) -> None:
        """On its own day a touch counts its weight."""
        assert seen(met("03-05", channel)).strength == weight

    def test_a_reaction_is_no_touch(self) -> None:
        """Not even if somebody says that it is one: it weighs nothing."""
        assert seen(met("03-05", "social_reaction")) == Tie("ana")

    def test_never_in_touch(self) -> None:
        """There is no rhythm, and no band but none."""
        found = seen(met("03-05", people=("ben",)), met("03-05", people=()))
        assert (found.band, found.rhythm, found.touches, found.last) == ("none", None, 0, None)

    def test_long_ago_is_faded_and_not_none(self) -> None:
        """Even after centuries, when nothing is left to count."""
        [touch] = touches([Encounter(date(1500, 1, 1), ("ana",))])["ana"]
        found = tie("ana", [touch], LAST)
        assert (found.strength, found.band, found.rhythm, found.touches) == (0, "faded", None, 1)

    @pytest.mark.parametrize(("days", "called"), [(7, "inner"), (30, "close"), (365, "active")])
    def test_the_bands_are_touches_every_week_month_and_year(self, days: int, called: str) -> None:
        """Who is in touch a little more often than that stays in the band above."""
        least = dict(BANDS)[called]  # type: ignore[index]
        assert math.isclose(least, 1 / (2 ** (days / HALF_LIFE) - 1), rel_tol=0.01)
        assert (band(least), band(least - 0.001) != called) == (called, True)

    def test_the_usual_gap_is_the_median_of_four_at_least(self) -> None:
        """Two touches on one day leave no gap; of four gaps the middle two count."""
        days = ["01-01", "01-02", "01-04", "01-08", "01-08"]
        assert seen(*map(met, days), met("01-08", "sms")).usual_gap is None
        assert seen(*map(met, [*days, "02-08"]), met("01-08", "sms")).usual_gap == 3

    def test_who_writes_and_who_answers(self) -> None:
        """Answers beside letters; while there are few, it is near one half."""
        assert seen().reciprocity == 0.5
        assert seen(met("03-01")).reciprocity == pytest.approx(1 / 3)
        answered = [met(f"03-0{n}", direction="inbound") for n in (1, 2, 3)]
        assert seen(met("03-01"), *answered, met("03-04", "video", "mutual")).reciprocity == 4 / 6

    def test_after_a_long_gap_a_call_is_better(self) -> None:
        """Long is more than 90 days, and than twice the usual gap."""
        silent = seen(met("01-01"), on="04-01")
        assert not calls_for_a_call(silent, date(2026, 4, 1))
        assert calls_for_a_call(silent, date(2026, 4, 2))
        seldom = silent._replace(usual_gap=60.0)
        assert not calls_for_a_call(seldom, date(2026, 5, 1))
        assert calls_for_a_call(seldom, date(2026, 5, 2))
        assert not calls_for_a_call(Tie("ana"), date(2026, 4, 2))


class TestFlood:
    """Nobody counts for more by being flooded."""

    def test_messages_of_one_day_and_direction_are_one_touch(self) -> None:
        """So are a hundred of them; the answer is another touch."""
        out, back = met("03-05"), met("03-05", direction="inbound")
        assert seen(*[out] * 100).strength == 1
        assert seen(*[out, back] * 100).strength == 2

    def test_of_one_thread_the_heaviest_counts(self) -> None:
        """Other threads, and other channels outside of threads, count for themselves."""
        mail, letter = met("03-05", thread="a"), met("03-05", "letter", thread="a")
        assert seen(mail, letter).strength == seen(letter, mail).strength == 1.5
        alone, together = met("03-05"), met("03-05", people=("ben", "ana"))
        assert seen(alone, together).strength == seen(together, alone).strength == 1
        assert seen(met("03-05", thread="a"), met("03-05", thread="b")).strength == 2
        assert seen(met("03-05"), met("03-05", "letter")).strength == 2.5
        assert seen(met("03-05"), met("03-05", "sms", thread="email")).strength == 2

    def test_talks_count_once_a_day_whoever_called(self) -> None:
        """A call back is the same talk; lunch is another."""
        ways = [met("03-05", "phone", way) for way in ("outbound", "inbound", "mutual")]
        found = seen(*ways, met("03-05", "in_person", "outbound"))
        assert (found.strength, found.touches, found.mutual) == (5, 2, 2)

    def test_each_day_counts(self) -> None:
        """What is one touch on one day are two on two."""
        assert seen(met("03-05"), met("03-04")).touches == 2


class TestProperties:
    """What holds for all touches."""

    @given(ENCOUNTERS, ENCOUNTER)
    def test_an_extra_touch_never_lowers_a_tie(
        self, those: list[Encounter], extra: Encounter
    ) -> None:
        """Invariant 18, first half; those who were not there keep what they had."""
        before, after = strengths(those, LAST), strengths([*those, extra], LAST)
        for person in PEOPLE:
            assert after.get(person, 0) >= before.get(person, 0)
            if person not in extra.people:
                assert after.get(person) == before.get(person)

    @given(ENCOUNTER)
    def test_a_meeting_of_many_gives_no_more_than_meetings_with_each(self, one: Encounter) -> None:
        """Invariant 18, second half: it is divided among them."""
        together = strengths([one], LAST)
        apart = strengths([one._replace(people=(person,)) for person in one.people], LAST)
        assert sum(together.values()) <= sum(apart.values()) * (1 + 1e-12)
        assert math.isclose(sum(together.values()) * len(one.people), sum(apart.values()))

    @given(ENCOUNTERS, st.integers(0, 5_000))
    def test_between_touches_it_decays_by_the_half_life(
        self, those: list[Encounter], days: int
    ) -> None:
        """Invariant 16: s >= 0, and only time takes from it."""
        now, then = strengths(those, LAST), strengths(those, LAST + timedelta(days))
        assert now.keys() == then.keys()
        for person, strength in now.items():
            assert strength > 0
            assert math.isclose(then[person], strength * 2 ** (-days / HALF_LIFE), rel_tol=1e-12)

    @given(ENCOUNTERS)
    def test_one_by_one_gives_what_all_at_once_gives(self, those: list[Encounter]) -> None:
        """Invariant 16: s(t2) = s(t1) x 2^(-(t2 - t1)/h) + w, day by day."""
        for person, theirs in touches(those).items():
            strength, before = 0.0, FIRST
            for touch in sorted(theirs, key=lambda one: one.on):
                strength = strength * decay((touch.on - before).days) + touch.weight
                before = touch.on
            strength *= decay((LAST - before).days)
            assert math.isclose(strength, strengths(those, LAST)[person], rel_tol=1e-12)

    @given(ENCOUNTERS, st.randoms(use_true_random=False))
    def test_the_order_of_facts_does_not_matter(self, those: list[Encounter], chance: Any) -> None:
        """To the last bit: what is printed must not depend on where it is kept."""
        mixed = chance.sample(those, len(those))
        assert strengths(mixed, LAST) == strengths(those, LAST)
        for person, theirs in touches(those).items():
            assert tie(person, touches(mixed)[person], LAST) == tie(person, theirs, LAST)

    @given(st.integers(1, 2_000), st.sampled_from([1.0, 1.5, 2.0, 3.0]))
    def test_the_rhythm_inverts_a_steady_rhythm(self, days: int, weight: float) -> None:
        """Invariant 17: touches every so many days leave, at the least, that rhythm."""
        steady = 1 / (2 ** (days / HALF_LIFE) - 1)
        assert math.isclose(rhythm(steady) or 0, days, rel_tol=1e-9)
        assert (rhythm(weight * steady) or 0) <= days * (1 + 1e-9)

    @given(st.floats(0, 1e4), st.floats(0, 1e4))
    def test_stronger_is_more_often_and_more_likely(self, one: float, other: float) -> None:
        """Rhythm, likelihood and band all go one way with the strength."""
        assume(one < other)
        names = ["none", "faded", "active", "close", "inner"]
        assert likelihood(one) <= likelihood(other) < 1
        assert names.index(band(one)) <= names.index(band(other))
        assert (rhythm(one) or math.inf) >= (rhythm(other) or 0)

    @given(st.floats(allow_nan=False, min_value=0, max_value=1e6))
    def test_every_strength_has_a_rhythm(self, strength: float) -> None:
        """Also the tiniest; it is a number that can be printed."""
        found = rhythm(strength)
        assert (found is None) == (strength == 0)
        assert found is None or (found > 0 and math.isfinite(found))

    @given(ENCOUNTERS)
    def test_a_tie_says_what_it_rests_on(self, those: list[Encounter]) -> None:
        """Counts add up, and the strength is that of everybody's list."""
        everybody = strengths(those, LAST)
        for person, theirs in touches(those).items():
            found = tie(person, theirs, LAST)
            assert found.strength == everybody[person]
            assert found.sent + found.received + found.mutual == found.touches == len(theirs) > 0
            assert found.first
            assert found.last
            assert found.first <= found.last
            assert 0 < found.reciprocity < 1
            assert found.band == band(found.strength) != "none"

    @given(ENCOUNTERS)
    def test_the_sum_is_what_it_should_be(self, those: list[Encounter]) -> None:
        """Worked out another way, in fractions: the heaviest of each slot, halved by 90 days."""
        for person, strength in strengths(those, LAST).items():
            theirs = [one for one in those if person in one.people]
            heaviest: dict[Any, Fraction] = {}
            for one in theirs:
                live = one.channel in ("in_person", "phone", "video")
                what = ("thread", one.thread) if one.thread else ("channel", one.channel)
                way = "mutual" if live else one.direction
                weight = Fraction(WEIGHTS.get(one.channel, 1)) / len(one.people)
                key = (one.on, what, way)
                heaviest[key] = max(weight, heaviest.get(key, Fraction(0)))
            expected = sum(
                float(weight) * 0.5 ** ((LAST - on).days / HALF_LIFE)
                for (on, _, _), weight in heaviest.items()
            )
            assert math.isclose(strength, expected, rel_tol=1e-9)

    @given(ENCOUNTERS)
    def test_the_peak_is_right_after_some_touch(self, those: list[Encounter]) -> None:
        """It is the greatest of the strengths on all days."""
        for theirs in touches(those).values():
            days = sorted({one.on for one in theirs})
            on_days = [
                tie("", [one for one in theirs if one.on <= day], day).strength for day in days
            ]
            assert math.isclose(peak(theirs), max(on_days), rel_tol=1e-9)
        assert peak([]) == 0


class TestWeightsOfPlugins:
    """A plugin may weigh channels otherwise, with a reason."""

    def test_another_weight(self) -> None:
        """It goes for touches of that channel; nothing is nothing."""
        those = [met("03-05"), met("03-05", "letter")]
        assert strengths(those, LAST, {"letter": 4.0}) == {"ana": 5.0}
        assert strengths(those, LAST, {"letter": 0.0, "email": 0}) == {}

    @pytest.mark.parametrize("channel", get_args(Channel))
    def test_every_channel_can_be_weighed(self, channel: str) -> None:
        """From 0 to 10, whole or not."""
        for weight in (0, 0.5, HEAVIEST):
            assert not fault(TieWeight(channel, weight, "so it is"))

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            (TieWeight("pigeon", 1, "x"), "'pigeon' is no channel"),
            (TieWeight([], 1, "x"), "is no channel"),  # type: ignore[arg-type]
            (TieWeight("letter", -0.1, "x"), "from 0 to 10, not -0.1"),
            (TieWeight("letter", 10.1, "x"), "from 0 to 10"),
            (TieWeight("letter", math.nan, "x"), "from 0 to 10, not nan"),
            (TieWeight("letter", math.inf, "x"), "from 0 to 10"),
            (TieWeight("letter", True, "x"), "from 0 to 10"),
            (TieWeight("letter", "3", "x"), "from 0 to 10"),  # type: ignore[arg-type]
            (TieWeight("letter", 3, ""), "letter needs a reason"),
            (TieWeight("letter", 3, " \n"), "letter needs a reason"),
            (TieWeight("letter", 3, None), "letter needs a reason"),  # type: ignore[arg-type]
        ],
    )
    def test_what_no_plugin_may_say(self, said: TieWeight, why: str) -> None:
        """A wrong weight is refused, and it is said why."""
        assert why in fault(said)


def test_the_bands_come_in_order() -> None:
    """From the strongest on."""
    assert all(a[1] > b[1] for a, b in itertools.pairwise(BANDS))
