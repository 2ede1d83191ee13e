"""Model values to JSON and back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.codec import CLASSES, decode, encode, kind_of, to_json
from netcrm.errors import InvalidError
from netcrm.model.base import Entity
from netcrm.model.cadence import Adjustment, AdjustmentKind, Cadence, Selector
from netcrm.model.commit import Before, Commit
from netcrm.model.contact import (
    SOURCES,
    Contact,
    ContactPoint,
    FirstMet,
    Occasion,
    Origin,
    Position,
    State,
    StateKind,
)
from netcrm.model.forgotten import Counted, Forgotten
from netcrm.model.interaction import Channel, Direction, Interaction, Participant
from netcrm.model.interview import Evaluation, Interview, Question
from netcrm.model.organisation import Organisation, OrganisationKind
from netcrm.model.referral import Mode, Referral, ReferralStep, Step
from netcrm.model.remembered import Remembered
from netcrm.model.remote import Remote, Stranger
from netcrm.model.sameness import Distinct, Merged
from netcrm.model.time import Interval, LocalMoment, PartialDate, Roll
from netcrm.storage.contract import Record
from netcrm.testing import interviews, parts, strategies

TEXT = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=12)
NAME = TEXT.filter(str.strip)
LABELS = st.sets(st.sampled_from(["inner", "mentors", "social work", "zürich"]))
ID = st.from_regex(r"[0-9a-z][0-9a-z_-]{0,8}", fullmatch=True)
DAY = st.dates()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(TEXT, parts, max_size=3),
    max_leaves=5,
)
UNKNOWN = st.dictionaries(st.sampled_from(["vip:level", "later", "extra"]), JSON, max_size=2)
INSTANT = st.datetimes(
    datetime.fromisoformat("1900-01-01"),
    datetime.fromisoformat("2100-01-01"),
    timezones=st.timezones() | st.just(UTC),
)
ZONE = st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe"])
MOMENT = st.builds(LocalMoment.on, DAY) | st.builds(LocalMoment.of, INSTANT, ZONE)
DATED = st.builds(PartialDate.of, DAY) | st.sampled_from(
    [PartialDate.parse(text) for text in ("2021", "2021-03", "0001")]
)
PARTIAL = DATED | st.just(PartialDate.parse("--02-29"))
RHYTHM = st.builds(Interval, n=st.integers(1, 100), unit=st.sampled_from(["day", "week", "year"]))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return a strategy for a value that may be missing."""
    return st.none() | strategy


def word(choices: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for one of the words of a Literal."""
    return st.sampled_from(get_args(choices))


def several(part: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return a strategy for a few values."""
    return st.lists(part, max_size=2)


POINT = st.builds(
    ContactPoint, kind=st.sampled_from(["postal", "im"]), value=NAME, label=TEXT,
    preferred=st.booleans(), do_not_use=st.booleans(), extra=UNKNOWN,
) | st.just(ContactPoint(kind="email", value="ana@example.org", valid="bounced"))  # fmt: skip
POSITION = st.builds(
    Position, organisation=TEXT, organisation_id=maybe(ID), title=NAME, fields=LABELS,
    start=maybe(PARTIAL), seen_on=maybe(DAY), source=TEXT, extra=UNKNOWN,
)  # fmt: skip
STATE = st.builds(
    State, kind=word(StateKind), reason=TEXT, by=TEXT, on=maybe(DAY), extra=UNKNOWN
)  # fmt: skip
MET = st.builds(FirstMet, on=maybe(PARTIAL), place=TEXT, through=maybe(ID), extra=UNKNOWN)
ORIGIN = st.builds(
    Origin, source=TEXT, key=TEXT, said=st.dictionaries(TEXT, TEXT, max_size=3), extra=UNKNOWN
)
COUNTED = st.builds(
    Counted, source=TEXT, fields=LABELS, asked=maybe(DAY), follow_ups=several(DAY),
    degree=maybe(st.integers(0, 9)), thanked_in_time=maybe(st.booleans()), extra=UNKNOWN,
)  # fmt: skip
PERSONS = ["ana", "ben", "carol"]
COMMON = {"id": ID, "extra": UNKNOWN}
IDS_BY_KIND = st.dictionaries(ID, st.lists(ID, max_size=3), max_size=2)
ENTITIES: dict[str, st.SearchStrategy[Entity]] = {
    "contact": st.builds(
        Contact, name=NAME, handle=st.sampled_from(["ana", "zoe-2", "иван"]), added_on=DAY,
        aliases=several(TEXT), is_me=st.booleans(), kin=st.booleans(), relations=LABELS,
        points=several(POINT), positions=several(POSITION), source=st.sampled_from(SOURCES),
        first_met=maybe(MET), connected_on=maybe(DAY), circles=LABELS, tags=LABELS, note=TEXT,
        occasions=several(st.builds(Occasion, on=PARTIAL, label=TEXT, extra=UNKNOWN)),
        state=STATE, origins=several(ORIGIN), time_zone=st.just("") | ZONE, **COMMON,
    ),
    "organisation": st.builds(
        Organisation, name=NAME, aliases=several(TEXT), kind=word(OrganisationKind),
        industries=LABELS, note=TEXT, **COMMON,
    ),
    "interaction": strategies.interactions(PERSONS),
    "meeting": strategies.meetings(PERSONS),
    "referral": st.builds(
        Referral, referrer=st.just("ana"), referred=st.just("ben"), made_on=DATED,
        mode=word(Mode), interaction=maybe(ID), context=TEXT, **COMMON,
        steps=several(st.builds(ReferralStep, step=word(Step), on=DATED, extra=UNKNOWN)),
    ),
    "acquaintance": strategies.acquaintances(PERSONS),
    "introduction": strategies.introductions(PERSONS),
    "cadence": st.builds(
        Cadence, name=TEXT, every=maybe(RHYTHM), grace=maybe(RHYTHM), priority=st.integers(-9, 9),
        selector=st.sampled_from([Selector.parse(s) for s in ("all", "tag:social work")]),
        roll=word(Roll), weekdays=st.sets(st.integers(0, 6)), jitter=st.floats(0, 0.25),
        backoff=st.booleans(), enabled=st.booleans(), since=maybe(DAY), **COMMON,
    ),
    "adjustment": st.builds(
        Adjustment, kind=word(AdjustmentKind), contact=ID, on=DAY, made_on=DAY, reason=TEXT,
        **COMMON,
    ),
    "commit": st.builds(
        Commit, seq=st.integers(1, 99), at=INSTANT, reason=TEXT, undoes=maybe(st.integers(1, 9)),
        created=IDS_BY_KIND, changed=IDS_BY_KIND, deleted=IDS_BY_KIND, **COMMON,
    ),
    "merged": st.builds(
        Merged, into=st.just("anna"), handle=TEXT, name=TEXT, on=DAY,
        left=st.dictionaries(TEXT, TEXT, max_size=2), **{**COMMON, "id": st.just("ana")},
    ),
    "distinct": st.builds(
        Distinct, contacts=st.just(("ana", "ben")), on=DAY, reason=TEXT, **COMMON
    ),
    "forgotten": st.builds(
        Forgotten, on=DAY, key=st.just("0a" * 32), marks=st.sets(st.just("ff01")),
        counted=several(COUNTED), **COMMON
    ),
    "remembered": st.builds(
        Remembered, source=TEXT, name=TEXT, said=st.dictionaries(TEXT, TEXT, max_size=2), **COMMON
    ),
    "remote": st.builds(
        Remote, source=TEXT, key=TEXT, ref=TEXT, at=MOMENT, channel=word(Channel),
        direction=word(Direction), thread=TEXT, people=several(NAME), copied=several(NAME),
        waiting=several(NAME), is_there=st.booleans(), **COMMON,
    ),
    "stranger": st.builds(
        Stranger, mark=TEXT, address=TEXT, name=TEXT, is_ignored=st.booleans(), **COMMON
    ),
    "before": st.builds(
        Before, kind=NAME, record=ID, was=st.integers(1, 99), doc=st.dictionaries(ID, JSON),
        **COMMON,
    ),
    **interviews.by_kind(PERSONS),
}  # fmt: skip
ANY_ENTITY = st.one_of(*ENTITIES.values())


def with_doc(record: Record, /, **changes: Any) -> Record:
    """Return a record as it comes back from a file in which somebody changed some keys."""
    doc = {**json.loads(json.dumps(record.doc)), **changes}
    return Record(kind=record.kind, id=record.id, doc=doc, rev=record.rev)


@pytest.mark.parametrize("kind", CLASSES)
@given(data=st.data(), rev=st.integers(0, 9))
def test_every_class_comes_back_as_it_went(kind: str, data: st.DataObject, rev: int) -> None:
    """Encode, write as JSON, read, decode: an equal entity, its revision, and its document."""
    entity = attrs.evolve(data.draw(ENTITIES[kind]), rev=rev)
    record = encode(entity)
    assert (record.kind, record.id, record.rev) == (kind_of(entity), entity.id, rev)
    again = decode(with_doc(record), CLASSES[kind])
    assert again == entity
    assert again.rev == rev
    assert encode(again).doc == record.doc == with_doc(record).doc


@given(ANY_ENTITY)
def test_id_and_revision_stay_outside_the_document(entity: Entity) -> None:
    """The record holds them, so they cannot contradict it; JSON for people has the id."""
    assert not {"id", "rev"} & encode(entity).doc.keys()
    assert to_json(entity) == {"id": entity.id, **encode(entity).doc}


@given(ANY_ENTITY, UNKNOWN)
def test_unknown_keys_survive(entity: Entity, unknown: dict[str, Any]) -> None:
    """What a newer version or a plugin wrote is kept by one that does not know it."""
    newer = with_doc(encode(attrs.evolve(entity, extra={})), **unknown)
    again = decode(newer, type(entity))
    assert dict(again.extra) == unknown
    assert encode(again).doc == newer.doc


def test_unknown_keys_survive_in_the_parts_of_a_record() -> None:
    """Also inside a contact point, a position, a state: wherever an object is."""
    doc = {
        "name": "Ana",
        "handle": "ana",
        "added_on": "2026-03-06",
        "points": [{"kind": "email", "value": "ana@example.org", "seen": {"first": 2020}}],
        "positions": [{"title": "Nurse", "grade": [5]}],
        "state": {"vip": True},
        "occasions": [{"on": "--03-14", "gift": "tea"}],
        "later": None,
    }
    ana = decode(Record("contact", "ana", doc, 1), Contact)
    assert dict(ana.points[0].extra) == {"seen": {"first": 2020}}
    assert encode(ana).doc == doc


def test_what_is_at_its_default_is_left_out() -> None:
    """A small fact is a small document."""
    ana = Contact(id="ana", name="Ana", handle="ana", added_on=date(2026, 3, 6), source="other")
    assert encode(ana).doc == {"name": "Ana", "handle": "ana", "added_on": "2026-03-06"}
    never = Cadence(id="c", selector=Selector.parse("kin"), every=None)
    assert encode(never).doc == {"selector": "kin", "every": None}


def test_values_are_written_as_people_would() -> None:
    """Rhythms, selectors, dates and moments are text; sets are sorted lists."""
    rule = Cadence(
        id="c",
        selector=Selector.parse("circle:inner"),
        every=Interval.parse("quarterly"),
        weekdays=frozenset({4, 0, 2}),
        since=date(2026, 3, 6),
    )
    assert encode(rule).doc == {
        "selector": "circle:inner",
        "every": "3 months",
        "weekdays": [0, 2, 4],
        "since": "2026-03-06",
    }
    talk = Interaction(
        id="i",
        occurred=LocalMoment.at(datetime(2026, 2, 20, 15), "America/New_York"),  # noqa: DTZ001
        logged_at=datetime.fromisoformat("2026-02-20T16:00-05:00"),
        participants=(Participant(contact="ana"),),
        channel="phone",
    )
    assert encode(talk).doc == {
        "occurred": "2026-02-20T15:00:00-05:00[America/New_York]",
        "logged_at": "2026-02-20T21:00:00+00:00",
        "participants": [{"contact": "ana"}],
        "channel": "phone",
    }


def test_an_interview_is_written_as_people_would() -> None:
    """With what was asked and answered, and ratings in order of their names."""
    day = date(2026, 3, 6)
    asked = Question(text="What is a day like?", added_on=day, follow_ups=["And a night?"])
    learned = Evaluation(on=day, ratings={"values": 3, "Interest": 4}, skills=["triage", "calm"])
    talk = Interview(
        id="i",
        contacts=["ana"],
        opened_on=day,
        formats=["video", "phone", "video"],
        questions=[asked],
        evaluation=learned,
    )
    doc = encode(talk).doc
    assert doc == {
        "contacts": ["ana"],
        "opened_on": "2026-03-06",
        "formats": ["video", "phone"],
        "questions": [
            {
                "text": "What is a day like?",
                "added_on": "2026-03-06",
                "follow_ups": ["And a night?"],
            }
        ],
        "evaluation": {
            "on": "2026-03-06",
            "skills": ["calm", "triage"],
            "ratings": {"interest": 4, "values": 3},
        },
    }
    assert list(doc["evaluation"]["ratings"]) == ["interest", "values"]


@given(st.dictionaries(parts.labels(), st.integers(1, 5)), st.randoms())
def test_ratings_are_written_in_one_order(ratings: dict[str, int], random: Any) -> None:
    """However they are spelled, and in whatever order they were given."""
    said = [(random.choice((name, name.upper())), ratings[name]) for name in ratings]
    random.shuffle(said)
    one, other = (
        Interview(
            id="i",
            contacts=["ana"],
            opened_on=date(2026, 3, 6),
            evaluation=Evaluation(on=date(2026, 3, 6), ratings=given_ratings),
        )
        for given_ratings in (ratings, dict(said))
    )
    assert one == other
    assert json.dumps(encode(one).doc) == json.dumps(encode(other).doc)


@given(ENTITIES["contact"], st.randoms())
def test_equal_entities_give_equal_bytes(contact: Contact, random: Any) -> None:
    """In whatever order sets were filled and keys were said, the document is the same text."""

    def shuffled(values: Any) -> list[Any]:
        return random.sample(sorted(values), len(values))

    same = attrs.evolve(
        contact,
        tags=shuffled(contact.tags),
        relations=shuffled(contact.relations),
        origins=[
            attrs.evolve(origin, said=dict(shuffled(origin.said.items())))
            for origin in contact.origins
        ],
    )
    assert same == contact
    assert json.dumps(encode(same).doc) == json.dumps(encode(contact).doc)


PRINT_ONE = """
import json
from datetime import date
from netcrm.codec import encode
from netcrm.model.contact import Contact, Position
labels = [f"label {n}" for n in range(50)]
job = Position(title="Nurse", fields=labels)
ana = Contact(id="ana", name="Ana", handle="ana", added_on=date(2026, 3, 6), tags=labels,
              fields=labels, circles=labels, positions=[job], extra={"z": 1, "a": 2})
print(json.dumps(encode(ana).doc))
"""


def test_the_bytes_do_not_depend_on_the_process() -> None:
    """Python orders sets anew in each process; a saved file must not change for that."""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PRINT_ONE],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(outputs) == 1


ANA = {"name": "Ana", "handle": "ana", "added_on": "2026-03-06"}
TALK = {
    "occurred": "2026-03-06",
    "logged_at": "2026-03-06T12:00:00+00:00",
    "participants": [{"contact": "ben"}],
}
ASKED = {"contacts": ["ana"], "opened_on": "2026-03-06"}


@pytest.mark.parametrize(
    ("kind", "doc", "message"),
    [
        ("contact", {"name": "Ana", "handle": "ana"}, ".added_on: is missing"),
        ("contact", {"handle": "ana", "added_on": "2026-03-06"}, ": a contact needs a name"),
        ("contact", {**ANA, "name": 5}, ".name: expected str, got 5"),
        ("contact", {**ANA, "name": "A\0"}, ": name: contains a NUL character"),
        ("contact", {**ANA, "added_on": "6 Mar"}, ".added_on: '6 Mar' is not a day; write"),
        ("contact", {**ANA, "kin": "yes"}, ".kin: expected bool, got 'yes'"),
        ("contact", {**ANA, "source": "hearsay"}, ": 'hearsay' is not a source; choose from"),
        ("contact", {**ANA, "tags": "mentor"}, ".tags: expected a list, got 'mentor'"),
        ("contact", {**ANA, "tags": ["ok", 5]}, ".tags[1]: expected str, got 5"),
        ("contact", {**ANA, "points": [{"value": "x"}]}, ".points[0].kind: is missing"),
        ("contact", {**ANA, "points": [{"kind": "email"}]}, ".points[0]: an empty email"),
        ("contact", {**ANA, "points": ["x"]}, ".points[0]: expected an object, got 'x'"),
        (
            "contact",
            {**ANA, "points": [{"kind": "im", "value": "x"}, {"kind": "email", "value": "x"}]},
            ".points[1]: 'x' is not an e-mail address",
        ),
        (
            "contact",
            {**ANA, "positions": [{"title": "x", "start": "03/21"}]},
            ".start: '03/21' is no",
        ),
        ("contact", {**ANA, "state": []}, ".state: expected an object, got []"),
        ("contact", {**ANA, "origins": [{"said": []}]}, ".origins[0].said: expected dict, got []"),
        ("contact", {**ANA, "origins": [{"said": {"a": 5}}]}, ".origins[0]: expected text, got 5"),
        ("contact", {**ANA, "time_zone": "Mars"}, ": unknown time zone 'Mars'"),
        ("interaction", {**TALK, "occurred": "noon"}, ".occurred: 'noon' is not a moment"),
        ("interaction", {**TALK, "occurred": 5}, ".occurred: 5 is not a moment"),
        ("interaction", {**TALK, "logged_at": "noon"}, ".logged_at: 'noon' is not a moment"),
        ("interaction", {**TALK, "logged_at": "2026-03-06"}, ": logged_at needs a time zone"),
        ("interaction", {**TALK, "minutes": True}, ".minutes: expected int, got True"),
        ("interaction", {**TALK, "participants": []}, ": needs at least one person"),
        ("cadence", {"selector": "all", "every": "often"}, ".every: 'often' is not a rhythm"),
        ("cadence", {"selector": 5, "every": None}, ".selector: expected text, got 5"),
        ("cadence", {"selector": "all", "every": None, "jitter": "0"}, ".jitter: expected float"),
        (
            "adjustment",
            {"kind": "nap", "contact": "ana", "on": None, "made_on": "2026-03-06"},
            "'nap'",
        ),
        ("commit", {"seq": "1", "at": "2026-03-06T12:00:00+00:00"}, ".seq: expected int, got '1'"),
        ("interview", {"opened_on": "2026-03-06"}, ": an interview is with somebody"),
        ("interview", {**ASKED, "contacts": "ana"}, ".contacts: expected a list, got 'ana'"),
        ("interview", {**ASKED, "formats": ["fax"]}, ": 'fax' is not a format; choose from"),
        (
            "interview",
            {**ASKED, "questions": [{"text": "Why?", "added_on": "2026-03-06", "answer": 5}]},
            ".questions[0].answer: expected str, got 5",
        ),
        (
            "interview",
            {**ASKED, "evaluation": {"on": "2026-03-06", "ratings": {"pay": True}}},
            ".evaluation: pay: True is not a rating from 1 to 5",
        ),
        ("interview", {**ASKED, "steps": [{"what": "drop"}]}, ".steps[0].on: is missing"),
        ("profile", {"holidays": ["6 Mar"]}, ".holidays[0]: '6 Mar' is not a day"),
        (
            "campaign",
            {"name": "x", "start": "2026-03-06", "aims": [{"field": "x", "relevance": "1"}]},
            ".aims[0].relevance: expected float, got '1'",
        ),
        ("campaign", {"name": "x", "start": "2026-03-06", "every": 2}, ".every: 2 is not a rhythm"),
        ("careerfield", {"name": "x", "codes": {"isco": 1}}, ": expected text, got 1"),
    ],
)
def test_a_refusal_names_the_record_the_field_and_the_reason(
    kind: str, doc: dict[str, Any], message: str
) -> None:
    """Whoever edited the file by hand finds the place."""
    with pytest.raises(InvalidError) as refusal:
        decode(Record(kind, "x1", doc, 1), CLASSES[kind])
    assert str(refusal.value).startswith(f"{kind} x1")
    assert message in str(refusal.value)


@given(ANY_ENTITY, st.data())
def test_no_document_does_more_than_be_refused(entity: Entity, data: st.DataObject) -> None:
    """Whatever stands in a field, reading it gives a valid entity or an InvalidError."""
    key = data.draw(st.sampled_from(sorted(attrs.fields_dict(type(entity)))))
    broken = with_doc(encode(entity), **{key: data.draw(JSON)})
    try:
        again = decode(broken, type(entity))
    except InvalidError:
        return
    assert decode(encode(again), type(entity)) == again


def test_moments_at_the_ends_of_the_calendar_are_refused() -> None:
    """They have no equal in UTC."""
    late = (datetime.max - timedelta(hours=1)).isoformat() + "-14:00"  # noqa: DTZ901
    with pytest.raises(InvalidError, match="beyond the calendar"):
        decode(Record("commit", "k", {"seq": 1, "at": late}, 1), Commit)
