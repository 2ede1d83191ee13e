"""Index fields: what is declared of them holds for any record."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

import netcrm
from netcrm import codec
from netcrm.kinds import INTERACTION, KINDS
from netcrm.testing import strategies

TYPES = {"text": str, "int": int, "bool": bool, "set": tuple}
IDS = ["ana", "ben", "carol"]
ANY = st.one_of(
    strategies.contacts(),
    strategies.interactions(IDS),
    strategies.referrals(IDS),
    strategies.cadences(),
)


@given(ANY)
def test_a_value_is_of_the_type_that_its_field_declares(entity):
    record = codec.encode(entity)
    for name, field in KINDS[record.kind].fields.items():
        value = field.of(record.doc)
        if field.type == "set":
            assert isinstance(value, tuple)
            assert all(isinstance(member, str) for member in value)
        else:
            assert value is None or type(value) is TYPES[field.type], name


@given(ANY)
def test_text_is_folded_words_joined_by_blanks(entity):
    record = codec.encode(entity)
    text = KINDS[record.kind].text(record.doc)
    assert text == " ".join(netcrm.model.text.words(text))


def test_a_commit_and_a_meeting_are_indexed_as_declared():
    with netcrm.open("memory:", tz="UTC") as net:
        net.add("Ana Ruiz")
        net.plan("ana", "in 2 weeks")
        net.rule("all", "1 week")
        net.drop_rule("all")
        net.undo()
        with net._reading() as view:
            for kind in ("commit", "meeting", "cadence"):
                for record in view.scan(kind):
                    for field in KINDS[kind].fields.values():
                        value = field.of(record.doc)
                        assert value is None or isinstance(value, TYPES[field.type])


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_moments_sort_by_day_and_then_by_the_moment_itself(order):
    """Text with offsets would put 07:30 in New York before 11:00 in London of the same day."""
    moments = [
        "2026-03-05",
        "2026-03-05T11:00:00+00:00[Europe/London]",
        "2026-03-05T07:30:00-05:00[America/New_York]",
    ]
    key = INTERACTION.fields["occurred"].of
    shuffled = [moments[place] for place in order]
    assert sorted(shuffled, key=lambda text: key({"occurred": text})) == moments
