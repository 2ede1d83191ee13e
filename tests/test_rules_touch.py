"""Does this interaction count for staying in touch?"""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.interaction import Channel, Kind
from netcrm.rules.touch import LARGEST_GATHERING, is_touch

CHANNELS = get_args(Channel)
INTERACTIONS = st.fixed_dictionaries(
    {
        "channel": st.sampled_from(CHANNELS),
        "kind": st.sampled_from(get_args(Kind)),
        "delivered": st.sampled_from(["yes", "no", "unknown"]),
        "people": st.integers(1, 30),
    }
)


@given(INTERACTIONS, st.booleans())
def test_what_the_user_says_wins(interaction: dict[str, Any], said: bool) -> None:
    """Nobody knows better than who was there."""
    assert is_touch(**interaction, touch=said) is said


@pytest.mark.parametrize("channel", CHANNELS)
def test_talks_and_messages_count(channel: str) -> None:
    """Whatever reaches the person does, unless it is a mailbox, a like, or a crowd."""
    distant = {"voicemail", "social_reaction", "event"}
    assert is_touch(channel=channel) is (channel not in distant)


@given(INTERACTIONS)
def test_notes_bounces_and_crowds_never_count(interaction: dict[str, Any]) -> None:
    """A note is to myself, a bounce reached nobody, in a crowd nobody was talked to."""
    assert not is_touch(**{**interaction, "kind": "note"})
    assert not is_touch(**{**interaction, "delivered": "no"})
    assert not is_touch(**{**interaction, "people": LARGEST_GATHERING + 1})


@given(INTERACTIONS)
def test_the_fewer_people_the_sooner_it_counts(interaction: dict[str, Any]) -> None:
    """What counts with some people counts with fewer, and ten are no crowd yet."""
    smaller = {**interaction, "people": max(1, interaction["people"] - 1)}
    assert is_touch(**smaller) >= is_touch(**interaction)
    assert is_touch(channel="in_person", people=10)


@given(INTERACTIONS)
def test_the_kind_of_message_does_not_matter(interaction: dict[str, Any]) -> None:
    """A thank-you, a request and a decline are touches alike; only a note is none."""
    kinds = set(get_args(Kind)) - {"note"}
    assert len({is_touch(**{**interaction, "kind": kind}) for kind in kinds}) == 1
