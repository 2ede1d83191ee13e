"""What an interview leaves: what cannot be stored is refused, and what was so on a day is known."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.errors import InvalidError
from netcrm.model.base import Value
from netcrm.model.campaign import Aim, Campaign, CareerField, Objective, Research
from netcrm.model.insight import Decision, Insight, InsightStep, Opportunity
from netcrm.model.interaction import Interaction, Meeting
from netcrm.model.interview import Evaluation, Interview, InterviewStep, Question
from netcrm.model.owed import Commitment, Waiver
from netcrm.model.profile import Confidence, Pitch, Practice, Profile
from netcrm.model.time import Interval, LocalMoment
from tests.test_model_values import DAY, NOW, make

EVE = date(2026, 3, 5)

REFUSED: list[tuple[type[Value], dict[str, Any], str]] = [
    # interview
    (Interview, {"contacts": ()}, "an interview is with somebody"),
    (Interview, {"contacts": "ana"}, "contacts: expected several texts, got 'ana'"),
    (Interview, {"contacts": ["Ana Ruiz"]}, "contacts: 'Ana Ruiz' cannot be an id"),
    (Interview, {"opened_on": NOW}, "opened_on: expected a day"),
    (Interview, {"initiator": "she"}, "'she' is not a initiator; choose from me, them"),
    (Interview, {"minutes": 0}, "0 minutes is not the length of an interview"),
    (Interview, {"minutes": 601}, "601 minutes is not the length"),
    (Interview, {"minutes": 30.0}, "30.0 minutes is not the length"),
    (Interview, {"minutes": True}, "True minutes is not the length"),
    (Interview, {"formats": ["fax"]}, "'fax' is not a format; choose from in_person, video, phone"),
    (Interview, {"objectives": ["no id"]}, "objectives: 'no id' cannot be an id"),
    (Interview, {"campaign": "no id"}, "campaign: 'no id' cannot be an id"),
    (Interview, {"referral": 5}, "referral: 5 cannot be an id"),
    (Interview, {"note": "a\0"}, "note: contains a NUL"),
    (Question, {"text": " "}, "an empty question"),
    (Question, {"topic": "pay"}, "'pay' is not a topic; choose from advice, career_path"),
    (Question, {"objective": "no id"}, "objective: 'no id'"),
    (Question, {"added_on": NOW}, "added_on: expected a day"),
    (Question, {"added_on": None}, "added_on: expected a day, got None"),
    (Question, {"answered_on": "2026-03-06"}, "answered_on: expected a day"),
    (Question, {"follow_ups": "And then?"}, "follow_ups: expected several texts"),
    (InterviewStep, {"what": "hold"}, "'hold' is not a what; choose from call_off, drop, lapse"),
    (InterviewStep, {"on": None}, "on: expected a day, got None"),
    (Evaluation, {"on": NOW}, "on: expected a day"),
    (Evaluation, {"ratings": {"pay": 0}}, "pay: 0 is not a rating from 1 to 5"),
    (Evaluation, {"ratings": {"pay": 6}}, "pay: 6 is not a rating from 1 to 5"),
    (Evaluation, {"ratings": {"pay": 4.5}}, "pay: 4.5 is not a rating from 1 to 5"),
    (Evaluation, {"ratings": {"pay": True}}, "pay: True is not a rating from 1 to 5"),
    (Evaluation, {"ratings": {"!": 3}}, "'!' has no letter or digit"),
    (Evaluation, {"confidence": 0}, "confidence: 0 is not a rating from 1 to 5"),
    (Evaluation, {"decision": "sleep"}, "'sleep' is not a decision; choose from deepen, drop"),
    (Evaluation, {"skills": "triage"}, "skills: expected several texts"),
    (Evaluation, {"who_else": "Ben"}, "who_else: expected several texts"),
    # profile
    (Profile, {"stage": "retired"}, "'retired' is not a stage; choose from career_changer"),
    (Profile, {"interests": ["..."]}, "no letter or digit"),
    (Profile, {"holidays": [NOW]}, "holidays: expected a day"),
    (Profile, {"holidays": [DAY, NOW]}, "holidays: expected a day"),
    (Profile, {"holidays": ["2026-03-06"]}, "holidays: expected a day"),
    (Pitch, {"because": "n1"}, "because: expected several texts"),
    (Pitch, {"on": NOW}, "on: expected a day"),
    (Practice, {"minutes": 0}, "0 minutes is not a time people practise for"),
    (Practice, {"minutes": 601}, "601 minutes is not a time"),
    (Practice, {"minutes": 1.5}, "1.5 minutes is not a time"),
    (Confidence, {"level": 0}, "level: 0 is not a rating from 1 to 5"),
    (Confidence, {"level": 6}, "level: 6 is not a rating from 1 to 5"),
    (Confidence, {"level": None}, "level: None is not a rating from 1 to 5"),
    # objective, campaign, career field, research
    (Objective, {"text": "\n"}, "an objective says what I want to know"),
    (Objective, {"focus": "pay"}, "'pay' is not a focus"),
    (Objective, {"decision": "marriage"}, "'marriage' is not a decision; choose from business_v"),
    (Objective, {"ended": "answered"}, "both or neither of ended and ended_on"),
    (Objective, {"ended_on": DAY}, "both or neither of ended and ended_on"),
    (Objective, {"ended": "kept", "ended_on": DAY}, "'kept' is not a ended"),
    (Campaign, {"name": ""}, "a campaign needs a name"),
    (Campaign, {"end": EVE}, r"a campaign cannot end \(2026-03-05\) before it starts"),
    (Campaign, {"weekly_requests": -1}, "weekly requests: -1 is not a number of them"),
    (Campaign, {"max_open": 100_001}, "max open: 100001 is not a number of them"),
    (Campaign, {"weekly_minutes": 1.5}, "weekly minutes: 1.5 is not a number of them"),
    (Campaign, {"weekly_minutes": True}, "weekly minutes: True is not a number of them"),
    (Campaign, {"objectives": "o1"}, "objectives: expected several texts"),
    (Aim, {"field": "?"}, "no letter or digit"),
    (Aim, {"interviews": -1}, "interviews: -1 is not a number of them"),
    (Aim, {"relevance": -0.1}, "relevance is between 0 and 1, not -0.1"),
    (Aim, {"relevance": 1.1}, "relevance is between 0 and 1, not 1.1"),
    (Aim, {"relevance": float("nan")}, "relevance is between 0 and 1, not nan"),
    (CareerField, {"name": ""}, "no letter or digit"),
    (CareerField, {"broader": ["Nursing"]}, "nursing cannot be broader than itself"),
    (CareerField, {"related": ["nursing"]}, "nursing cannot be .* related to itself"),
    (CareerField, {"codes": {"isco": 2221}}, "expected text, got 2221"),
    (Research, {"about": "weather"}, "'weather' is not a about"),
    (Research, {"about": "person", "contact": None}, "research on the person says which"),
    (Research, {"about": "setting", "contact": None}, "research on the setting says which"),
    (Research, {"about": "organisation"}, "research on the organisation says which"),
    (Research, {"about": "industry"}, "research on the industry says which"),
    (Research, {"on": NOW}, "on: expected a day"),
    # insight, decision, opportunity
    (Insight, {"text": ""}, "an insight says something"),
    (Insight, {"category": "gossip"}, "'gossip' is not a category"),
    (Insight, {"stance": "mixed"}, "'mixed' is not a stance; choose from negative, neutral"),
    (Insight, {"contact": "Ana"}, "contact: 'Ana' cannot be an id"),
    (Insight, {"interview": ""}, "interview: '' cannot be an id"),
    (Insight, {"observed_on": NOW}, "observed_on: expected a day"),
    (InsightStep, {"use": "noted"}, "'noted' is not a use; choose from applied, planned"),
    (InsightStep, {"use": "applied"}, "an insight that is applied is due no more"),
    (InsightStep, {"use": "set_aside"}, "an insight that is set_aside is due no more"),
    (InsightStep, {"due": NOW}, "due: expected a day"),
    (Decision, {"text": " "}, "a decision says something"),
    (Decision, {"insights": "n1"}, "insights: expected several texts"),
    (Decision, {"objective": "no id"}, "objective: 'no id'"),
    (Opportunity, {"text": ""}, "an opportunity says what it is"),
    (Opportunity, {"kind": "marriage"}, "'marriage' is not a kind"),
    (Opportunity, {"contact": None}, "contact: None cannot be an id"),
    (Opportunity, {"outcome": "applied"}, "both or neither of outcome and outcome_on"),
    (Opportunity, {"outcome_on": DAY}, "both or neither of outcome and outcome_on"),
    # what is owed
    (Commitment, {"text": ""}, "a promise says what was promised"),
    (Commitment, {"by": "us"}, "'us' is not a by; choose from me, them"),
    (Commitment, {"contact": ""}, "contact: '' cannot be an id"),
    (Commitment, {"due": NOW}, "due: expected a day"),
    (Commitment, {"ended": "kept"}, "both or neither of ended and ended_on"),
    (Commitment, {"ended_on": DAY}, "both or neither of ended and ended_on"),
    (Commitment, {"interaction": "no id"}, "interaction: 'no id'"),
    (Waiver, {"key": " "}, "a waiver names an obligation"),
    (Waiver, {"on": None}, "on: expected a day, got None"),
    # what talks and meetings have to do with it
    (Interaction, {"interview": "no id"}, "interview: 'no id'"),
    (Interaction, {"until": DAY}, "a message puts nothing off"),
    (Interaction, {"kind": "decline", "direction": "inbound", "until": DAY}, "a decline puts noth"),
    (Interaction, {"kind": "defer", "direction": "inbound", "until": NOW}, "until: expected a day"),
    (Meeting, {"interview": "no id"}, "interview: 'no id'"),
    (Meeting, {"travel_minutes": 0}, "0 minutes is not a length of time"),
    (Meeting, {"confirmed_on": NOW}, "confirmed_on: expected a day"),
    (Meeting, {"ended": "forgotten", "ended_on": DAY}, "'forgotten' is not a ended; choose from c"),
]


@pytest.mark.parametrize(("cls", "changes", "reason"), REFUSED, ids=str)
def test_what_makes_no_sense_is_refused_in_one_line(
    cls: type[Value], changes: dict[str, Any], reason: str
) -> None:
    """Nothing invalid can be made, so nothing invalid can be stored."""
    with pytest.raises(InvalidError, match=reason) as refusal:
        make(cls, **changes)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("cls", "changes"),
    [
        (Interview, {"minutes": 1}),
        (Interview, {"minutes": 600}),
        (Practice, {"minutes": 1}),
        (Practice, {"minutes": 600}),
        (Confidence, {"level": 1}),
        (Evaluation, {"ratings": {"pay": 1, "values": 5}, "confidence": 5}),
        (Aim, {"interviews": 0, "relevance": 0}),
        (Aim, {"interviews": 100_000, "relevance": 1}),
        (Campaign, {"end": DAY, "weekly_requests": 0, "max_open": 0, "weekly_minutes": 0}),
        (Campaign, {"every": Interval(n=1, unit="week")}),
        (CareerField, {"broader": ["health"], "related": ["health"]}),
        (Research, {"about": "industry", "contact": None, "field": "nursing"}),
        (Research, {"about": "organisation", "contact": None, "organisation": "Mercy"}),
        (Research, {"about": "setting"}),
        (Insight, {"contact": None, "interview": None}),
        (InsightStep, {"use": "applied", "due": None}),
        (InsightStep, {"use": "planned", "due": None}),
        (Objective, {"ended": "dropped", "ended_on": DAY}),
        (Opportunity, {"outcome": "applied", "outcome_on": DAY, "advertised": False}),
        (Commitment, {"by": "them", "ended": "kept", "ended_on": DAY, "interaction": "i1"}),
        (Interaction, {"kind": "defer", "direction": "inbound", "until": DAY}),
        (Interaction, {"kind": "defer", "direction": "inbound"}),
        (Meeting, {"ended": "moved", "ended_on": DAY, "travel_minutes": 1, "confirmed_on": EVE}),
        (Meeting, {"ended": "called_off", "ended_on": DAY, "interview": "v1"}),
    ],
    ids=str,
)
def test_what_is_just_within_the_limits_is_fine(cls: type[Value], changes: dict[str, Any]) -> None:
    """A campaign may last a day, an aim may be none, and an insight may be from nobody."""
    assert make(cls, **changes)


def test_what_is_said_twice_is_kept_once() -> None:
    """People, formats and reasons are kept in the order in which they were first named."""
    talk = make(
        Interview,
        contacts=["ben", "ana", "ben"],
        formats=["video", "phone", "video"],
        objectives=["o2", "o1", "o2"],
    )
    assert talk.contacts == ("ben", "ana")
    assert talk.formats == ("video", "phone")
    assert talk.objectives == ("o2", "o1")
    assert make(Decision, insights=["n2", "n1", "n2"]).insights == ("n2", "n1")
    assert make(Profile, holidays=[DAY, EVE, DAY]).holidays == (EVE, DAY)


def test_labels_are_of_one_spelling() -> None:
    """Also as the name of a field, and as the criterion of a rating."""
    assert make(Aim, field="Social Work").field == "social-work"
    assert make(CareerField, name="Social Work", broader=["Health Care"]).broader == {"health-care"}
    assert make(Evaluation, ratings={"Work Life": 3}).ratings == {"work-life": 3}


def test_ratings_cannot_be_changed_afterwards() -> None:
    """Neither by way of what was given, nor by way of what is kept."""
    given_ratings = {"pay": 3}
    learned = make(Evaluation, ratings=given_ratings)
    given_ratings["pay"] = 4
    assert learned.ratings == {"pay": 3}
    with pytest.raises(TypeError):
        learned.ratings["pay"] = 5


def test_what_is_asked_for_by_default() -> None:
    """Half an hour, asked for by me; what a person tells is known first hand, and may be told."""
    talk, learned = make(Interview), make(Insight)
    assert (talk.minutes, talk.initiator, talk.formats, talk.evaluation) == (30, "me", (), None)
    assert (learned.first_hand, learned.confidential) == (True, False)


@pytest.mark.parametrize(
    ("cls", "field"),
    [
        (Meeting, "booked_on"), (Meeting, "confirmed_on"), (Question, "added_on"),
        (Question, "answered_on"), (Evaluation, "on"), (InterviewStep, "on"), (InsightStep, "on"),
        (Decision, "on"), (Research, "on"), (Commitment, "made_on"), (Waiver, "on"),
    ],
)  # fmt: skip
def test_a_day_stands_for_a_moment_of_that_day(cls: type[Value], field: str) -> None:
    """Of what was written down on a day, often no more is known; a moment is kept as it is."""
    assert getattr(make(cls, **{field: DAY}), field) == LocalMoment.on(DAY)
    moment = LocalMoment.of(NOW, "America/New_York")
    assert getattr(make(cls, **{field: moment}), field) is moment


def test_a_pitch_is_all_that_it_says() -> None:
    """Its parts in the order in which they are said, without the ones that are empty."""
    pitch = make(
        Pitch, goals="I will heal.", interests="I like people.", activities="I row.",
        seeking="May I ask?", education="I study.",
    )  # fmt: skip
    assert pitch.text == "I study. I row. I like people. I will heal. May I ask?"
    assert make(Pitch, education="I study.").text == "I study. to be a nurse"
    assert make(Pitch, goals="").text == ""


days = st.dates(date(2026, 1, 1), date(2026, 1, 9))


@given(st.lists(days, max_size=5), days)
def test_the_pitch_of_a_day_is_the_last_made_by_then(made: list[date], day: date) -> None:
    """Of two of one day it is the one listed last; before the first there is none."""
    pitches = [Pitch(on=on, goals=str(number)) for number, on in enumerate(made)]
    by_then = [number for number, on in enumerate(made) if on <= day]
    newest = max(by_then, key=lambda number: (made[number], number), default=None)
    assert make(Profile, pitches=pitches).pitch(day) == (
        None if newest is None else pitches[newest]
    )


@given(days, st.none() | days, days)
def test_a_campaign_holds_from_its_first_day_to_its_last(
    start: date, end: date | None, day: date
) -> None:
    """Both belong to it; without an end it goes on."""
    end = end and max(start, end)
    held = make(Campaign, start=start, end=end).holds_on(day)
    assert held is (start <= day <= (end or date.max))


class TestSteps:
    """What had become of an insight at a moment."""

    PLANNED = InsightStep(use="planned", on=EVE, due=DAY)
    APPLIED = InsightStep(use="applied", on=DAY)
    LEARNED = make(Insight, steps=[PLANNED, APPLIED])

    @pytest.mark.parametrize(
        ("day", "step"),
        [
            (date(2026, 3, 4), None),
            (EVE, PLANNED),
            (DAY, APPLIED),
            (date(2026, 3, 7), APPLIED),
        ],
    )
    def test_the_last_step_taken_by_then_counts(self, day: date, step: InsightStep | None) -> None:
        assert self.LEARNED.step(LocalMoment.on(day)) == step

    def test_what_was_only_noted_has_no_step(self) -> None:
        assert make(Insight).step(LocalMoment.on(DAY)) is None

    def test_within_a_day_the_moment_counts(self) -> None:
        noon = LocalMoment.of(NOW, "UTC")
        learned = make(Insight, steps=[InsightStep(use="applied", on=noon)])
        eleven = datetime(2026, 3, 6, 11, tzinfo=UTC)
        assert learned.step(LocalMoment.of(eleven, "Asia/Kathmandu")) is None
        assert learned.step(LocalMoment.of(NOW.astimezone(ZoneInfo("Asia/Tokyo")), "Asia/Tokyo"))
        assert learned.step(LocalMoment.on(DAY))
