"""Stored values cannot be invalid, and cannot be changed."""

from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm import model
from netcrm.errors import InvalidError
from netcrm.model import ids
from netcrm.model.base import Entity, Value
from netcrm.model.cadence import Adjustment, Cadence, Selector
from netcrm.model.campaign import Aim, Campaign, CareerField, Objective, Research
from netcrm.model.commit import Before, Commit
from netcrm.model.contact import (
    Contact,
    ContactPoint,
    FirstMet,
    Occasion,
    Origin,
    Position,
    State,
)
from netcrm.model.forgotten import Counted, Forgotten
from netcrm.model.insight import Decision, Insight, InsightStep, Opportunity
from netcrm.model.interaction import Interaction, Meeting, Participant
from netcrm.model.interview import Evaluation, Interview, InterviewStep, Question
from netcrm.model.organisation import Organisation
from netcrm.model.owed import Commitment, Waiver
from netcrm.model.profile import Confidence, Pitch, Practice, Profile
from netcrm.model.referral import (
    Acquaintance,
    Introduction,
    IntroductionStep,
    Referral,
    ReferralStep,
)
from netcrm.model.remembered import Remembered
from netcrm.model.remote import Remote, Stranger
from netcrm.model.sameness import Distinct, Merged
from netcrm.model.time import Interval, LocalMoment, PartialDate

DAY = date(2026, 3, 6)
NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)
NAIVE = NOW.replace(tzinfo=None)
MARCH = PartialDate(year=2026, month=3)
ANA = Participant(contact="ana")
BEN = Participant(contact="ben")

VALID: dict[type[Value], dict[str, Any]] = {
    ContactPoint: {"kind": "email", "value": "ana@example.org"},
    Position: {"title": "Nurse", "organisation": "Mercy General"},
    Occasion: {"on": PartialDate(month=3, day=14)},
    FirstMet: {"on": MARCH, "place": "Boston", "through": "ben"},
    State: {"kind": "archived", "reason": "moved away"},
    Origin: {"source": "linkedin", "key": "linkedin:ana", "said": {"given": "Ana"}},
    Participant: {"contact": "ana"},
    ReferralStep: {"step": "offered", "on": MARCH},
    Before: {
        "id": "000000000004-000000", "kind": "contact", "record": "ana", "was": 3,
        "doc": {"name": "Ana"},
    },
    Contact: {"id": "ana", "name": "Ana Ruiz", "handle": "ana-ruiz", "added_on": DAY},
    Organisation: {"id": "mercy", "name": "Mercy General"},
    Interaction: {
        "id": "i1", "occurred": LocalMoment.on(DAY), "logged_at": NOW, "participants": [ANA],
    },
    Meeting: {
        "id": "m1", "start": LocalMoment.on(DAY), "booked_on": DAY, "participants": [ANA],
    },
    Merged: {"id": "anna", "into": "ana", "handle": "anna", "on": DAY, "left": {"name": "Anna"}},
    Distinct: {"id": "d1", "contacts": ("ana", "ben"), "on": DAY},
    Remembered: {"id": "s1", "source": "table", "name": "alumni", "said": {"Name": "name"}},
    Remote: {"id": "m1", "source": "gmail", "key": "18a", "ref": "rfc822:1@x", "at": DAY},
    Stranger: {"id": "y1", "mark": "0f", "address": "tom@example.org", "name": "Tom"},
    Forgotten: {"id": "f1", "on": DAY, "key": "0a", "marks": ("ff",)},
    Counted: {"source": "friend", "asked": DAY, "minutes": 30},
    Referral: {"id": "r1", "referrer": "ana", "referred": "ben", "made_on": MARCH},
    Acquaintance: {"id": "q1", "contacts": ("ana", "ben"), "noted_on": DAY},
    IntroductionStep: {"what": "asked", "contact": "ana", "on": DAY},
    Introduction: {"id": "q2", "contacts": ("ana", "ben"), "begun_on": DAY},
    Cadence: {
        "id": "c1", "selector": Selector.parse("circle:inner"), "every": Interval.parse("3 months"),
    },
    Adjustment: {"id": "a1", "kind": "snooze", "contact": "ana", "on": DAY, "made_on": DAY},
    Commit: {"id": "k1", "seq": 1, "at": NOW},
    Question: {"text": "What is a day like?", "added_on": DAY},
    Evaluation: {"on": DAY, "ratings": {"interest": 4}},
    InterviewStep: {"what": "lapse", "on": DAY},
    Interview: {"id": "v1", "contacts": ("ana",), "opened_on": DAY},
    Pitch: {"on": DAY, "goals": "to be a nurse"},
    Practice: {"on": DAY, "minutes": 5},
    Confidence: {"on": DAY, "level": 3},
    Profile: {"id": "me", "holidays": (DAY,)},
    Objective: {"id": "o1", "text": "Is it nursing?", "added_on": DAY},
    Aim: {"field": "nursing", "interviews": 3, "relevance": 0.5},
    Campaign: {"id": "p1", "name": "Spring", "start": DAY},
    CareerField: {"id": "f1", "name": "nursing", "codes": {"isco": "2221"}},
    Research: {"id": "e1", "about": "person", "contact": "ana", "on": DAY},
    InsightStep: {"use": "planned", "on": DAY, "due": DAY},
    Insight: {"id": "n1", "text": "Nights are long.", "observed_on": DAY},
    Decision: {"id": "x1", "text": "Nursing it is.", "on": DAY},
    Opportunity: {"id": "y1", "text": "A summer job", "contact": "ana", "heard_on": DAY},
    Commitment: {"id": "z1", "contact": "ana", "text": "to send a book", "made_on": DAY},
    Waiver: {"id": "w1", "key": "thank_you:m1:ana", "contact": "ana", "on": DAY},
}  # fmt: skip
EVERY_CLASS = pytest.mark.parametrize("cls", VALID, ids=lambda cls: cls.__name__)


def make(cls: type[Value], **changes: Any) -> Any:
    """Return a valid value of a class, but for *changes*."""
    return cls(**{**VALID[cls], **changes})


def test_every_class_is_tried() -> None:
    """A class that is new in the model is not forgotten here."""
    named = (getattr(model, name) for name in model.__all__)
    assert {cls for cls in named if issubclass(cls, Value)} == set(VALID)


@EVERY_CLASS
def test_values_are_frozen(cls: type[Value]) -> None:
    """A fact is replaced, never changed in place."""
    value = make(cls)
    for field in attrs.fields(cls):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(value, field.name, getattr(value, field.name))


@EVERY_CLASS
def test_values_are_made_by_keyword_only(cls: type[Value]) -> None:
    """Fields may be added and moved without breaking a caller."""
    with pytest.raises(TypeError, match="positional"):
        cls(*VALID[cls].values())


@EVERY_CLASS
def test_values_are_compared_by_what_they_say(cls: type[Value]) -> None:
    """Equal values are hashed alike; what was made of another order of keys is equal."""
    assert make(cls) == cls(**dict(reversed(VALID[cls].items())))
    assert len({make(cls), make(cls)}) == 1


@EVERY_CLASS
def test_unknown_keys_are_kept_and_immutable(cls: type[Value]) -> None:
    """`extra` is a copy of what was given, and nobody can write to it."""
    given_keys = {"vip:level": 3}
    value = make(cls, extra=given_keys)
    given_keys["vip:level"] = 4
    assert dict(value.extra) == {"vip:level": 3}
    assert value != make(cls)
    for mapping in (value.extra, make(cls).extra):
        with pytest.raises(TypeError):
            mapping["x"] = 1


@EVERY_CLASS
def test_unknown_keys_are_none_of_the_known(cls: type[Value]) -> None:
    """Otherwise a value would come back from storage as another one."""
    for field in attrs.fields(cls):
        if field.name != "extra":
            with pytest.raises(InvalidError, match=f"extra: {field.name} is a field"):
                make(cls, extra={field.name: 1})


@pytest.mark.parametrize("cls", [cls for cls in VALID if issubclass(cls, Entity)])
def test_the_revision_is_no_part_of_what_is_said(cls: type[Entity]) -> None:
    """The same fact, stored by another commit, is the same fact."""
    assert make(cls, rev=5) == make(cls, rev=6)


REFUSED: list[tuple[type[Value], dict[str, Any], str]] = [
    # ids
    (Contact, {"id": ""}, "id"),
    (Contact, {"id": "Ana Ruiz"}, "cannot be an id"),
    (Contact, {"id": 7}, "cannot be an id"),
    (Contact, {"id": "x" * 129}, "cannot be an id"),
    (Participant, {"contact": "Ana"}, "contact: 'Ana'"),
    (Referral, {"interaction": "no id"}, "interaction: 'no id'"),
    # text
    (Contact, {"name": "Ana\0"}, "name: contains a NUL"),
    (Contact, {"note": "\ud83d"}, "note: .*half a character"),
    (Contact, {"name": 5}, "name: expected text"),
    (Contact, {"aliases": "Ana"}, "aliases: expected several"),
    (Contact, {"aliases": ["Ana", None]}, "aliases: expected text"),
    (Contact, {"tags": "mentor"}, "tags: expected several"),
    (Contact, {"circles": ["!"]}, "no letter or digit"),
    # days and moments
    (Contact, {"added_on": NAIVE}, "added_on: expected a day"),
    (Contact, {"added_on": "2026-03-06"}, "added_on: expected a day"),
    (Contact, {"connected_on": NOW}, "connected_on: expected a day"),
    (Position, {"seen_on": NOW}, "seen_on: expected a day"),
    (State, {"on": NOW}, "on: expected a day"),
    (Cadence, {"since": NOW}, "since: expected a day"),
    (Adjustment, {"on": NOW}, "on: expected a day"),
    (Meeting, {"booked_on": NOW}, "booked_on: expected a day"),
    (Interaction, {"logged_at": NAIVE}, "logged_at needs a time zone"),
    (Commit, {"at": NAIVE}, "at needs a time zone"),
    (Commit, {"at": datetime.max.replace(tzinfo=timezone(-timedelta(hours=5)))}, "beyond"),
    # contact
    (Contact, {"name": " "}, "needs a name"),
    (Contact, {"handle": ""}, "cannot be a handle"),
    (Contact, {"handle": "Ana Ruiz"}, "cannot be a handle"),
    (Contact, {"handle": "ana--ruiz"}, "cannot be a handle"),
    (Contact, {"time_zone": "Mars/Olympus"}, "unknown time zone"),
    (Contact, {"source": "hearsay"}, "'hearsay' is not a source; choose from alumni_database"),
    (ContactPoint, {"kind": "fax"}, "'fax' is not a kind"),
    (ContactPoint, {"value": "  "}, "an empty email"),
    (ContactPoint, {"value": "ana"}, "not an e-mail address"),
    (ContactPoint, {"value": "ana@example.org, ben@example.org"}, "not an e-mail address"),
    (ContactPoint, {"kind": "phone", "value": "call me"}, "not a phone number"),
    (ContactPoint, {"kind": "url", "value": "https://x.org/a b"}, "not a web address"),
    (ContactPoint, {"valid": "maybe"}, "not a valid"),
    (Position, {"title": "", "organisation": ""}, "organisation or a title"),
    (Position, {"start": MARCH, "end": PartialDate(year=2025)}, "from 2026-03 cannot end in 2025"),
    (State, {"kind": "paused"}, "'paused' is not a kind"),
    (Origin, {"said": {"given": 5}}, "expected text"),
    # organisation, interaction, meeting, referral
    (Organisation, {"name": ""}, "needs a name"),
    (Organisation, {"parent": "mercy"}, "its own parent"),
    (Organisation, {"kind": "club"}, "'club' is not a kind"),
    (Participant, {"role": "host"}, "'host' is not a role"),
    (Interaction, {"participants": []}, "at least one person"),
    (Interaction, {"participants": [ANA, BEN, ANA]}, "one person twice"),
    (Interaction, {"minutes": 0}, "0 minutes"),
    (Interaction, {"minutes": 1.5}, "1.5 minutes"),
    (Interaction, {"minutes": 100_001}, "100001 minutes"),
    (Interaction, {"channel": "pigeon"}, "'pigeon' is not a channel"),
    (Meeting, {"participants": []}, "at least one person"),
    (Meeting, {"participants": [ANA, ANA]}, "one person twice"),
    (Meeting, {"minutes": -30}, "-30 minutes"),
    (Meeting, {"ended": "held"}, "both or neither"),
    (Meeting, {"ended_on": DAY}, "both or neither"),
    (Meeting, {"ended": "held", "ended_on": date(2026, 3, 5)}, "before it was booked"),
    (Referral, {"referred": "ana"}, "nobody refers me to themselves"),
    (Referral, {"mode": "shouted"}, "'shouted' is not a mode"),
    (Referral, {"at": NOW}, "at: expected a day"),
    (Referral, {"made_on": PartialDate(month=3, day=14)}, "made_on: --03-14 is no date with a y"),
    (Referral, {"made_on": date(2026, 3, 14)}, "made_on: 2026-03-14 is no date with a year"),
    (ReferralStep, {"on": PartialDate(month=3, day=14)}, "on: --03-14 is no date with a year"),
    (Acquaintance, {"contacts": ("ana",)}, "takes two different people"),
    (Acquaintance, {"contacts": ("ana", "ana")}, "takes two different people"),
    (Acquaintance, {"contacts": ("ana", "ben", "eve")}, "takes two different people"),
    (Acquaintance, {"contacts": "ana"}, "contacts: expected several"),
    (Acquaintance, {"told_by": "Eve"}, "told_by: 'Eve' cannot be an id"),
    (Acquaintance, {"noted_on": None}, "noted_on: expected a day"),
    (Introduction, {"contacts": ("ana", "ana")}, "takes two different people"),
    (Introduction, {"begun_on": None}, "begun_on: expected a day"),
    (
        Introduction,
        {"steps": [IntroductionStep(what="asked", contact="eve", on=DAY)]},
        "only the two who are introduced are asked",
    ),
    (IntroductionStep, {"what": "hugged"}, "'hugged' is not a what"),
    (IntroductionStep, {"contact": None}, "who asked"),
    (IntroductionStep, {"what": "met"}, "who met"),
    (IntroductionStep, {"what": "introduced"}, "asked, agreed and declined say who"),
    # what is still counted of people forgotten
    (Counted, {"degree": -1}, "degree: -1 is not a number of them"),
    (Counted, {"minutes": 1.5}, "minutes: 1.5 is not a number of them"),
    (Counted, {"initiator": "she"}, "'she' is not a initiator"),
    (Counted, {"held": NOW}, "held: expected a day"),
    # cadence
    (Cadence, {"weekdays": {7}}, "weekdays are numbers"),
    (Cadence, {"jitter": 0.26}, "jitter"),
    (Cadence, {"jitter": -0.01}, "jitter"),
    (Cadence, {"jitter": float("nan")}, "jitter"),
    (Cadence, {"roll": "back"}, "'back' is not a roll"),
    (Cadence, {"since": DAY, "until": date(2026, 3, 5)}, "cannot end .* before it starts"),
    (Adjustment, {"on": None}, "a snooze needs a day"),
    (Adjustment, {"on": None, "kind": "next_touch"}, "a next_touch needs a day"),
    (Adjustment, {"on": None, "kind": "start"}, "a start needs a day"),
    (Adjustment, {"kind": "forget"}, "'forget' is not a kind"),
    # commit
    (Commit, {"seq": 0}, "counted from 1"),
    (Before, {"record": "no id"}, "'no id' cannot be an id"),
]


@pytest.mark.parametrize(("cls", "changes", "reason"), REFUSED, ids=str)
def test_invalid_values_are_refused_with_a_reason(
    cls: type[Value], changes: dict[str, Any], reason: str
) -> None:
    """Nothing invalid can be made, so nothing invalid can be stored."""
    with pytest.raises(InvalidError, match=reason):
        make(cls, **changes)


@pytest.mark.parametrize(
    ("cls", "changes"),
    [
        (Adjustment, {"kind": "pause", "on": None}),
        (Cadence, {"every": None}),
        (Cadence, {"jitter": 0.25, "since": DAY, "until": DAY}),
        (Interaction, {"kind": "decline", "direction": "inbound", "minutes": 100_000}),
        (Meeting, {"ended": "cancelled", "ended_on": DAY}),
        (Position, {"start": MARCH, "end": PartialDate(year=2026)}),
        (Position, {"title": "", "organisation": "", "organisation_id": "mercy"}),
        (Contact, {"id": "x" * 128, "handle": "иван-2"}),
    ],
    ids=str,
)
def test_what_is_just_within_the_limits_is_fine(cls: type[Value], changes: dict[str, Any]) -> None:
    """A pause may be for good, a rule may say never, a day may be both first and last."""
    assert make(cls, **changes)


def test_parts_are_of_their_class() -> None:
    """A dict is no contact point."""
    with pytest.raises(TypeError):
        make(Contact, points=[VALID[ContactPoint]])


def test_text_is_tidied() -> None:
    """Lines lose superfluous blanks, labels become one spelling, lists lose what is empty."""
    ana = make(
        Contact,
        name="  Ana\n Ruiz ",
        aliases=["Annie", "  "],
        tags=["Social Work", "social work"],
        circles=["Inner", "mentors", "inner"],
        note=" two\nlines ",
    )
    assert (ana.name, ana.aliases, ana.note) == ("Ana Ruiz", ("Annie",), "two\nlines")
    assert ana.tags == {"social-work"}
    assert ana.circles == ("inner", "mentors")


def test_moments_of_record_are_kept_in_utc() -> None:
    """An interaction logged in Boston and one logged in London sort by when it was."""
    boston = timezone(-timedelta(hours=5))
    assert make(Interaction, logged_at=NOW.astimezone(boston)).logged_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "end", "day", "held"),
    [
        (None, None, "2021-03-01", True),
        ("2021", None, "2022-01-01", True),
        ("2021", None, "2021-12-31", True),
        ("2021", None, "2021-06-01", None),
        ("2021-03", None, "2021-03-01", None),
        ("2021-03", None, "2021-03-31", True),
        ("2021-03", None, "2021-02-28", False),
        ("2021-03-01", None, "2021-03-01", True),
        (None, "2021-03-01", "2021-03-01", True),
        (None, "2021-03-01", "2021-03-02", False),
        (None, "2021-03", "2021-03-01", True),
        (None, "2021-03", "2021-03-02", None),
        (None, "2021-03", "2021-04-01", False),
        ("2020", "2021", "2022-01-01", False),
        ("2020", "2021", "2019-12-31", False),
        ("--03-01", None, "2021-03-01", None),
        ("--03-01", "2020", "2021-03-01", False),
    ],
)
def test_a_position_is_current_only_if_that_is_certain(
    start: str | None, end: str | None, day: str, held: bool | None
) -> None:
    """From its first day to its last; where the dates known do not tell, nobody knows."""
    job = make(
        Position,
        start=PartialDate.parse(start) if start else None,
        end=PartialDate.parse(end) if end else None,
    )
    assert job.is_current(date.fromisoformat(day)) is held


def test_the_position_held_is_the_last_that_may_be() -> None:
    """Of several current positions the last listed counts; an ended one does not."""
    old = make(Position, title="Student", end=PartialDate(year=2020))
    job, other = make(Position, title="Nurse"), make(Position, title="Teacher")
    assert make(Contact, positions=[job, other, old]).position(DAY) == other
    assert make(Contact, positions=[old]).position(DAY) is None
    perhaps = make(Position, title="Dean", start=PartialDate(year=2026))
    assert make(Contact, positions=[job, perhaps]).position(DAY) == perhaps


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tag:Social Work", "tag:social-work"),
        (" circle: Inner ", "circle:inner"),
        ("source:alumni_database", "source:alumni_database"),
        ("contact:ana", "contact:ana"),
        ("interview: no_response", "interview:no_response"),
        ("kin", "kin"),
        ("all", "all"),
    ],
)
def test_selectors_read_what_they_write(text: str, meant: str) -> None:
    """Labels in a selector are written as labels are, however it is made."""
    selector = Selector.parse(text)
    assert str(selector) == meant
    assert Selector.parse(meant) == selector
    kind, _, value = text.strip().partition(":")
    assert Selector(kind=kind, value=value) == selector  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", "inner", "circle", "circle:", "interview:", "all:x", "band:x", "tag:!", 5]
)
def test_selectors_say_whom(text: str) -> None:
    """A kind that is none, nobody at all, and somebody where all are meant are refused."""
    with pytest.raises(InvalidError):
        Selector.parse(text)


@given(st.dates(), st.none() | st.dates(), st.none() | st.dates(), st.booleans())
def test_a_rule_holds_from_its_first_day_to_its_last(
    day: date, since: date | None, until: date | None, enabled: bool
) -> None:
    """Both days belong to it; one that is switched off holds on none."""
    if since and until:
        since, until = sorted((since, until))
    rule = make(Cadence, since=since, until=until, enabled=enabled)
    in_window = (since or date.min) <= day <= (until or date.max)
    assert rule.holds_on(day) is (enabled and in_window)


def test_a_commit_counts_what_it_did() -> None:
    """Ids of what it created, changed and deleted, by kind."""
    contacts = ["x", "y"]
    commit = make(
        Commit,
        created={"contact": contacts, "meeting": ["z"]},
        changed={"contact": ["ana", "ben"]},
        deleted={"referral": ["r"]},
    )
    contacts.append("later")
    assert [commit.count(fate) for fate in ("created", "changed", "deleted")] == [3, 2, 1]


def test_ids_sort_in_the_order_of_making() -> None:
    """26 characters that are valid ids, each greater than the one before."""
    made = [ids.new_id() for _ in range(5_000)]
    assert made == sorted(set(made))
    assert all(len(id_) == 26 and make(Contact, id=id_) for id_ in made[:10])


@given(st.lists(st.integers(0, 10**12), min_size=2, max_size=20))
def test_ids_sort_in_the_order_of_making_whatever_the_clock_says(clock: list[int]) -> None:
    """A clock that is set back does not bring ids out of order."""
    ticks = iter(clock)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ids, "_last", 0)
        patch.setattr(time, "time_ns", lambda: next(ticks) * 1_000_000)
        made = [ids.new_id() for _ in clock]
    assert made == sorted(set(made))


def test_ids_made_in_several_threads_are_all_different() -> None:
    """Nobody gets an id that somebody else got."""
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda: made.extend(ids.new_id() for _ in range(2_000)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8_000
