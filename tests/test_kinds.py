"""Index fields: what is declared of them holds for any record."""

import itertools
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import netcrm
from netcrm import codec
from netcrm.kinds import INTERACTION, KINDS
from netcrm.model.base import Entity
from netcrm.testing import strategies
from tests.interviewed import MINE, TOLD, mine, told
from tests.networks import NOW

TYPES = {"text": str, "int": int, "bool": bool, "set": tuple}
IDS = ["ana", "ben", "carol"]
DAY = date(2026, 3, 2)
DAY_ONLY = netcrm.LocalMoment.on(DAY)
BY_KIND = strategies.by_kind(IDS)
ANY = st.one_of(*BY_KIND.values())


def test_each_kind_of_record_that_people_make_is_tried():
    """A new kind is drawn here too."""
    others = {
        "organisation", "adjustment", "merged", "distinct", "forgotten", "remembered", "remote",
        "stranger", "commit",
        "before", "copying",
    }  # fmt: skip
    assert set(KINDS) == set(BY_KIND) | others
    assert set(BY_KIND) >= {*TOLD, *MINE}


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


def field(entity, name):
    """Return the value of an index field of an entity."""
    record = codec.encode(entity)
    return KINDS[record.kind].fields[name].of(record.doc)


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


@pytest.mark.parametrize("entity", told(["ana", "ben"], "tea", "t1"), ids=codec.kind_of)
def test_what_was_told_is_found_by_who_told_it(entity):
    people = ("ana", "ben") if isinstance(entity, netcrm.Interview) else ("ana",)
    assert field(entity, "contacts") == people


@pytest.mark.parametrize("entity", mine("tea"), ids=codec.kind_of)
def test_what_is_about_me_is_about_nobody_else(entity):
    assert "contacts" not in KINDS[codec.kind_of(entity)].fields


def test_an_insight_or_research_may_be_from_nobody():
    insight = netcrm.Insight(id="n", text="Nights are long.", observed_on=DAY)
    research = netcrm.Research(id="r", about="industry", field="nursing", on=DAY)
    assert field(insight, "contacts") == field(research, "contacts") == ()


LATE = netcrm.LocalMoment.of(datetime(2026, 3, 6, 3, tzinfo=UTC), "America/New_York")
ABOUT = {"contact": "ana"}


@pytest.mark.parametrize(
    ("entity", "values"),
    [
        (
            netcrm.Interview(id="v", contacts=["ana"], opened_on=DAY),
            {"opened_on": "2026-03-02", "initiator": "me", "campaign": None},
        ),
        (
            netcrm.Interview(
                id="v", contacts=["ana"], opened_on=DAY, initiator="them", campaign="p"
            ),
            {"initiator": "them", "campaign": "p"},
        ),
        (netcrm.Profile(id="me", holidays=[DAY]), {"holidays": ("2026-03-02",)}),
        (netcrm.Profile(id="me"), {"holidays": ()}),
        (netcrm.Objective(id="o", text="Why?", added_on=DAY), {"added_on": "2026-03-02"}),
        (
            netcrm.Campaign(id="p", name="Spring", start=DAY),
            {"name": "Spring", "start": "2026-03-02"},
        ),
        (netcrm.CareerField(id="f", name="Social Work"), {"name": "social-work"}),
        (
            netcrm.Research(id="r", about="organisation", organisation="Mercy, GENERAL", on=LATE),
            {"organisation": "mercy general", "field": None, "on": "2026-03-05"},
        ),
        (
            netcrm.Research(id="r", about="industry", field="nursing", on=DAY),
            {"organisation": "", "field": "nursing", "on": "2026-03-02"},
        ),
        (
            netcrm.Insight(
                id="n", text="x", fields=["B", "a"], category="pay", interview="v", observed_on=DAY
            ),
            {
                "fields": ("a", "b"), "category": "pay", "interview": "v",
                "observed_on": "2026-03-02",
            },
        ),
        (
            netcrm.Insight(id="n", text="x", observed_on=DAY),
            {"fields": (), "category": "daily_work", "interview": None},
        ),
        (netcrm.Decision(id="x", text="x", on=LATE), {"on": "2026-03-05"}),
        (netcrm.Opportunity(id="y", text="x", heard_on=DAY, **ABOUT), {"heard_on": "2026-03-02"}),
        (netcrm.Commitment(id="z", text="x", made_on=LATE, **ABOUT), {"made_on": "2026-03-05"}),
        (netcrm.Waiver(id="w", key="k:i:ana", on=DAY, **ABOUT), {"key": "k:i:ana"}),
        (
            netcrm.Meeting(
                id="m", start=LATE, booked_on=LATE, ended="moved", ended_on=LATE, interview="v",
                participants=[netcrm.Participant(contact="ana")],
            ),
            {
                "on": "2026-03-05", "booked_on": "2026-03-05", "ended_on": "2026-03-05",
                "interview": "v",
            },
        ),
        (
            netcrm.Meeting(
                id="m", start=DAY_ONLY, booked_on=DAY,
                participants=[netcrm.Participant(contact="ana")],
            ),
            {"booked_on": "2026-03-02", "ended_on": None, "interview": None},
        ),
        (
            netcrm.Interaction(
                id="i", occurred=LATE, logged_at=NOW, interview="v",
                participants=[netcrm.Participant(contact="ana")],
            ),
            {"on": "2026-03-05", "interview": "v"},
        ),
    ],
    ids=lambda one: codec.kind_of(one) if isinstance(one, Entity) else "",
)  # fmt: skip
def test_a_record_is_found_by_what_it_says(entity, values):
    """A moment by its day where it was; a name of an organisation however it is spelled."""
    assert {name: field(entity, name) for name in values} == values


WRITTEN = {
    "interview": 8,  # a question, its answer, what follows; four of an evaluation; the note
    "objective": 1, "campaign": 1, "careerfield": 1, "decision": 1, "commitment": 1,
    "research": 2, "opportunity": 2, "insight": 3,
}  # fmt: skip
"""In how many texts of a record a search for a word finds it."""


@pytest.mark.parametrize("entity", [*told(["ana"], "Été", "t1"), *mine("Été")], ids=codec.kind_of)
def test_a_search_finds_what_was_said(entity):
    """But no day, no id, and no word that only the program uses."""
    record = codec.encode(entity)
    text = KINDS[record.kind].text
    found = text(record.doc).split() if text else []
    assert found == ["ete"] * WRITTEN.get(record.kind, 0)


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
