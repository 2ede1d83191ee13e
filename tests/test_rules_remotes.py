"""What happened, by what services have of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import attrs
from hypothesis import given
from hypothesis import strategies as st

from netcrm import Interaction, LocalMoment, Participant, Remote
from netcrm.rules.remotes import happened, is_told, told_again

KNOWN = {"a": "ana", "a2": "ana", "b": "ben"}
MARKS = st.lists(st.sampled_from(["a", "a2", "b", "x", "y"]), max_size=4, unique=True)


def copy(id: str = "1", day: int = 2, **said: object) -> Remote:
    told = {"people": ("a",), "direction": "inbound", "channel": "email", **said}
    at = LocalMoment.on(date(2026, 3, day))
    return Remote(id=id, source="mail", key=id, ref="r", at=at, **told)  # type: ignore[arg-type]


REMOTES = st.lists(
    st.builds(
        copy, st.sampled_from(["1", "2", "3"]), st.integers(1, 28), people=MARKS, copied=MARKS,
        is_there=st.booleans(), direction=st.sampled_from(["inbound", "outbound"]),
    ),
    max_size=3,
)  # fmt: skip


def test_nothing_happened_with_nobody() -> None:
    assert happened([], KNOWN) is None
    assert happened([copy(people=("x",))], KNOWN) is None
    assert happened([copy(people=("x",), copied=("a",))], KNOWN) is None
    assert happened([copy(is_there=False)], KNOWN) is None


def test_who_has_two_addresses_took_part_once() -> None:
    found = happened([copy(people=("a", "a2"), copied=("a2", "b"))], KNOWN)
    assert found is not None
    assert found.participants == (
        Participant(contact="ana"), Participant(contact="ben", role="cc"),
    )  # fmt: skip


def test_of_two_copies_the_first_says_when_and_the_one_i_sent_which_way() -> None:
    found = happened([copy("2", 3, direction="outbound"), copy("1", 2)], KNOWN)
    assert found is not None
    assert (str(found.occurred), found.direction) == ("2026-03-02", "outbound")


@given(REMOTES)
def test_it_is_the_same_in_any_order_and_can_be_stored(remotes: list[Remote]) -> None:
    found, other = happened(remotes, KNOWN), happened(remotes[::-1], KNOWN)
    assert (found is None) == (other is None)
    if found and other:
        assert set(found.participants) == set(other.participants)
        Interaction(id="i", logged_at=datetime(2026, 3, 5, tzinfo=UTC), **found.logged())


def test_what_i_said_of_it_makes_it_mine() -> None:
    found = happened([copy()], KNOWN)
    assert found is not None
    told = Interaction(id="i", logged_at=datetime(2026, 3, 5, tzinfo=UTC), **found.logged())
    assert is_told(told)
    for said in (
        {"text": "x"}, {"touch": False}, {"confidential": True}, {"kind": "thank_you"},
        {"minutes": 5}, {"interview": "i1"}, {"delivered": "no"}, {"extra": {"vip:level": 1}},
    ):  # fmt: skip
        assert not is_told(attrs.evolve(told, **said)), said
    later = found._replace(occurred=LocalMoment.on(date(2026, 3, 9)))
    assert str(told_again(told, later).occurred) == "2026-03-09"
    mine = attrs.evolve(told, text="x", participants=(Participant(contact="ben"),))
    again = told_again(mine, later)
    assert (str(again.occurred), again.text) == ("2026-03-02", "x")
    assert [one.contact for one in again.participants] == ["ben", "ana"]
