"""How does a campaign go, beside what was planned for it?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.campaign import Aim, Campaign
from netcrm.model.time import Interval
from netcrm.rules.funnel import Tally
from netcrm.rules.pace import Aimed, pace, requested, waiting_for
from netcrm.rules.rates import Needed

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 8)
DAYS = st.none() | st.dates(date(2026, 2, 20), date(2026, 3, 20))
ROWS = st.lists(
    st.builds(
        Tally,
        asked=DAYS,
        held=DAYS,
        outcome=st.sampled_from(["contacted", "held", "declined"]),
        initiator=st.sampled_from(["me", "them"]),
        fields=st.lists(st.sampled_from(["nursing", "law"]), unique=True).map(tuple),
        minutes=st.integers(0, 90),
        campaign=st.sampled_from(["", "spring"]),
    ),
    max_size=12,
)


def spring(**said: object) -> Campaign:
    return Campaign(id="spring", name="Spring", start=date(2026, 2, 1), **said)  # type: ignore[arg-type]


def held(on: date, *fields: str, minutes: int = 30, campaign: str = "spring") -> Tally:
    return Tally(
        asked=on - timedelta(days=7), held=on, outcome="held", fields=fields, minutes=minutes,
        campaign=campaign,
    )  # fmt: skip


def test_every_figure_stands_beside_what_was_planned() -> None:
    plan = spring(
        aims=[Aim(field="nursing", interviews=3), Aim(field="law", interviews=1), Aim(field="art")],
        weekly_requests=5, weekly_minutes=90, max_open=4,
    )  # fmt: skip
    rows = [
        held(date(2026, 2, 27), "nursing"),
        held(FIRST, "nursing", "law", minutes=20),
        held(LAST, "law", minutes=25),
        held(LAST, "nursing", campaign="other"),
        held(date(2026, 3, 9), "nursing"),
        Tally(asked=LAST, campaign="spring"),
        Tally(asked=FIRST, campaign="spring", initiator="them"),
        Tally(asked=FIRST, campaign="other"),
    ]
    found = pace(plan, rows, FIRST, LAST)
    assert found.campaign == "Spring"
    assert found.fields == (Aimed("nursing", 2, 3), Aimed("law", 2, 1))
    assert (found.requests, found.weekly_requests) == (2, 5)
    assert (found.minutes, found.weekly_minutes) == (45, 90)
    assert (found.open, found.max_open) == (1, 4)
    assert (found.missing, found.needed) == (1, Needed(2, 3))  # 5 of 7 held: 36 % to 92 %
    assert found.next_by is None


@pytest.mark.parametrize(
    ("rows", "day"),
    [
        ([], date(2026, 3, 1)),
        ([held(date(2026, 2, 14))], date(2026, 3, 14)),
        ([held(date(2026, 2, 14)), held(date(2026, 2, 10))], date(2026, 3, 14)),
        ([held(date(2026, 3, 9))], date(2026, 3, 1)),
        ([held(date(2026, 2, 14), campaign="")], date(2026, 3, 1)),
    ],
)
def test_with_a_rhythm_the_next_interview_has_a_day(rows: list[Tally], day: date) -> None:
    assert pace(spring(every=Interval.parse("1 month")), rows, FIRST, LAST).next_by == day


def test_what_it_takes_is_known_from_all_interviews() -> None:
    elsewhere = [held(date(2026, 2, 14), campaign="other")] * 10
    found = pace(spring(aims=[Aim(field="nursing", interviews=3)]), elsewhere, FIRST, LAST)
    assert (found.missing, found.needed) == (3, Needed(3, 5))  # ten of ten held: 72 % or more


@given(ROWS, st.randoms())
def test_the_order_of_interviews_does_not_matter(rows: list[Tally], random) -> None:
    plan = spring(aims=[Aim(field="nursing", interviews=3)])
    before = pace(plan, rows, FIRST, LAST)
    random.shuffle(rows)
    assert pace(plan, rows, FIRST, LAST) == before


@given(ROWS)
def test_weeks_add_up(rows: list[Tally]) -> None:
    mine = [row for row in rows if row.asked and row.initiator == "me"]
    weeks = [date(2026, 2, 16) + timedelta(weeks=n) for n in range(5)]
    assert sum(requested(rows, one, one + timedelta(days=6)) for one in weeks) == len(mine)
    paces = [pace(spring(), rows, one, one + timedelta(days=6)) for one in weeks]
    own = [row for row in rows if row.campaign == "spring"]
    assert sum(one.minutes for one in paces) == sum(row.minutes for row in own if row.held)
    assert sum(one.requests for one in paces) == len([row for row in own if row in mine])


@given(ROWS)
def test_who_asked_me_waits_for_no_answer_of_theirs(rows: list[Tally]) -> None:
    assert waiting_for(rows) == len(
        [row for row in rows if (row.outcome, row.initiator) == ("contacted", "me")]
    )
