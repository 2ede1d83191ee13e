"""What leads from one person to the next, how likely, and why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.time import LocalMoment, PartialDate
from netcrm.rules.course import Talk
from netcrm.rules.hops import (
    Chances,
    acquainted,
    in_touch,
    learned,
    pointed,
    said_when,
    stay,
    tied,
)
from netcrm.rules.obligations import Pointer
from netcrm.rules.paths import CHANCES, Hop, Stay
from netcrm.rules.rates import Rate
from netcrm.rules.referrals import Status, Traced
from netcrm.rules.strength import band, likelihood

TODAY = date(2026, 3, 4)
DAY = PartialDate.parse("2026-03-03")


# --- what my own cases tell


def came(status: Status, mode: str = "offered") -> Traced:
    pointer = Pointer("r", "a", "b", TODAY, mode=mode)
    return Traced(pointer, status, LocalMoment.on(TODAY))


def test_by_default_the_chances_are_those_that_are_written_down() -> None:
    assert learned([], {}) == Chances(CHANCES, {})
    assert learned([came("met")] * 4, {"close": Rate(4, 4)}) == Chances(CHANCES, {})


def test_from_five_on_my_own_referrals_count() -> None:
    cases = [came("met"), came("contacted"), came("no_response"), came("declined")]
    found = learned([*cases, came("declined_by_referrer")], {})
    assert found.steps == {**CHANCES, "introduced": 3 / 7}


@pytest.mark.parametrize("mode", ["offered", "double_opt_in", "direct"])
def test_offers_and_names_are_counted_apart(mode: str) -> None:
    found = learned([came("met", mode)] * 5 + [came("no_response", "name_only")] * 6, {})
    assert found.steps == {**CHANCES, "introduced": 6 / 7, "named": 1 / 8}


@pytest.mark.parametrize("status", ["suggested", "offered", "requested", "introduced", "withdrawn"])
def test_of_what_is_open_or_was_my_own_no_nothing_is_learned(status: Status) -> None:
    assert learned([came("met")] * 4 + [came(status)] * 9, {}).steps == CHANCES


@given(st.floats(1e-6, 1e3))
def test_a_tie_is_worth_its_strength_or_what_people_as_close_answered(strength: float) -> None:
    assert Chances().tie(strength) == likelihood(strength)
    own = learned([], {band(strength): Rate(2, 5), "none": Rate(9, 9)})
    assert own.tie(strength) == 3 / 7
    assert tied("a", strength, own) == Hop("", "a", "tie", 3 / 7)


# --- hops


def hop(mode: str = "name_only", *steps: tuple[str, str], made: str = "2026-03-03") -> Hop | None:
    return pointed(
        ("a", "b"),
        mode,
        PartialDate.parse(made),
        [(step, PartialDate.parse(on)) for step, on in steps],
        today=TODAY,
        chances=Chances(),
        fact="r",
    )


@pytest.mark.parametrize(
    ("mode", "steps", "kind", "because"),
    [
        ("name_only", [], "named", "named them to you yesterday"),
        ("offered", [], "introduced", "offered to introduce you yesterday"),
        ("double_opt_in", [], "introduced", "offered to introduce you yesterday"),
        ("direct", [], "introduced", "introduced you yesterday"),
        ("name_only", [("offered", "2026-03-04")], "introduced", "offered to introduce you today"),
        ("offered", [("introduced", "2026-03-04")], "introduced", "introduced you today"),
        ("name_only", [("introduced", "2026-03-04")], "introduced", "introduced you today"),
        ("name_only", [("met", "2026-03-04")], "named", "named them to you yesterday"),
        (
            "offered",
            [("declined", "2026-03-04")],
            "introduced",
            "offered to introduce you yesterday",
        ),
    ],
)
def test_who_pointed_me_to_somebody_named_them_or_introduced_me(
    mode: str, steps: list[tuple[str, str]], kind: str, because: str
) -> None:
    found = hop(mode, *steps)
    assert found is not None
    assert (found.kind, found.chance, found.because) == (kind, CHANCES[kind], because)
    assert found.facts == ("r",)


@pytest.mark.parametrize("end", ["declined_by_referrer", "withdrawn"])
def test_what_came_to_nothing_is_no_hop_until_it_begins_again(end: str) -> None:
    assert hop("offered", (end, "2026-03-03")) is None
    assert hop("offered", (end, "2026-03-03"), ("introduced", "2026-03-04")) is not None


def test_a_referral_of_which_only_the_month_is_known_is_of_its_first_day() -> None:
    found = hop(made="2026-02")
    assert found is not None
    assert (found.on, found.because) == (date(2026, 2, 1), "named them to you in February 2026")


def test_who_knows_whom_says_who_told_me() -> None:
    def told(how: str, teller: str) -> str:
        return acquainted(("a", "b"), how, teller, TODAY, today=TODAY, fact="k").because

    assert told("", "") == "they know each other, you noted it today"
    assert told("same choir", "") == "they know each other (same choir), you noted it today"
    assert told("", "Ana Ruiz") == "they know each other, Ana Ruiz told you today"


# --- who was where


@pytest.mark.parametrize(
    ("start", "end", "seen_on", "years"),
    [
        ("2019", "", "", (2019, 2026, True)),
        ("2019-05", "2021-02-03", "", (2019, 2021, False)),
        ("2019", "2026", "", (2019, 2026, False)),
        ("2019", "2026-12", "", (2019, 2026, True)),
        ("2019", "2030", "", (2019, 2026, True)),
        ("", "", "", (2026, 2026, True)),
        ("", "", "2024-01-05", (2024, 2026, True)),
        ("", "2020", "2024-01-05", (2020, 2020, False)),
        ("--05-01", "", "", (2026, 2026, True)),
        ("2019", "", "2026-03-05", (2019, 2026, True)),
        ("2019", "2026-03-04", "", (2019, 2026, False)),
        ("2026-03-04", "", "", (2026, 2026, True)),
    ],
)
def test_a_stay_lasts_as_long_as_is_known(
    start: str, end: str, seen_on: str, years: tuple[int, int, bool]
) -> None:
    found = stay("a", "Mercy General", start, end, seen_on, today=TODAY)
    assert found == Stay("a", "mercy general", "Mercy General", *years)


@pytest.mark.parametrize(
    ("called", "start", "end", "seen_on"),
    [
        ("Mercy", "2026-03-05", "", ""),
        ("Mercy", "", "", "2026-03-05"),
        ("Mercy", "2021", "2020", ""),
        ("Mercy", "", "--05-01", ""),
        ("", "", "", ""),
        ("🙂", "", "", ""),
        ("Self-Employed", "", "", ""),
        ("Freelance", "", "", ""),
    ],
)
def test_what_is_no_stay(called: str, start: str, end: str, seen_on: str) -> None:
    assert stay("a", called, start, end, seen_on, today=TODAY) is None


# --- in words


def talk(on: str, channel: str = "email", direction: str = "outbound", id_: str = "t") -> Talk:
    return Talk(id_, LocalMoment.parse(on), channel=channel, direction=direction)


@pytest.mark.parametrize(
    ("talks", "because"),
    [
        ([talk("2026-03-03")], "you wrote yesterday; as if every 3 months"),
        ([talk("2026-03-03", direction="inbound")], "they wrote yesterday; as if every 3 months"),
        ([talk("2026-03-03", direction="mutual")], "in touch yesterday; as if every 3 months"),
        (
            [talk("2026-03-03", "video", "mutual"), talk("2026-03-03", id_="u")],
            "talked yesterday; as if every 3 months",
        ),
        (
            [talk("2026-03-03", "video", "mutual"), talk("2026-03-04", id_="u")],
            "you wrote today; as if every 3 months",
        ),
        ([], "as if every 3 months"),
    ],
)
def test_a_tie_says_what_happened_last_and_how_often_it_is(talks: list[Talk], because: str) -> None:
    plain = Hop("", "a", "tie", 0.5)
    found = in_touch(plain, 1.0, talks, TODAY)
    assert found.because == because
    assert (found.on is not None) == bool(talks)
    assert in_touch(plain, 1.0, talks[::-1], TODAY) == found


def test_a_tie_to_who_never_answered_says_so() -> None:
    found = in_touch(Hop("", "a", "tie", 0.5), 1.0, [talk("2026-03-03")], TODAY, is_answered=False)
    assert found.because == "you wrote yesterday, no answer yet; as if every 3 months"


@pytest.mark.parametrize(
    ("strength", "every"),
    [
        (1000, "every day"), (4.85, "every 24 days"), (1.01, "every 89 days"),
        (0.9, "every 3 months"), (0.064, "every 12 months"), (1e-3, "every 2 years"),
        (1e-300, "every 246 years"),
    ],
)  # fmt: skip
def test_how_often_is_said_in_days_months_and_years(strength: float, every: str) -> None:
    assert in_touch(Hop("", "a", "tie", 0.5), strength, [], TODAY).because == f"as if {every}"


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2026-03-04", "today"), ("2026-03-03", "yesterday"), ("2026-03-02", "on 2 March"),
        ("2025-12-31", "on 31 December 2025"), ("2025-03", "in March 2025"), ("2019", "in 2019"),
    ],
)  # fmt: skip
def test_days_are_said_as_far_as_they_are_known(when: str, said: str) -> None:
    assert said_when(PartialDate.parse(when), TODAY) == said


@given(st.dates(), st.dates())
def test_any_day_can_be_said(when: date, today: date) -> None:
    said = said_when(when, today)
    assert said == said_when(PartialDate.of(when), today)
    assert (said == "today") == (when == today)
    assert (said == "yesterday") == (when + timedelta(1) == today if when < date.max else False)
