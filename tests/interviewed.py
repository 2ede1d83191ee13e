"""What interviews leave in a network: one record of each kind, with the same words in all of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from netcrm.model.base import Entity
from netcrm.model.campaign import Aim, Campaign, CareerField, Objective, Research
from netcrm.model.insight import Decision, Insight, InsightStep, Opportunity
from netcrm.model.interview import Evaluation, Interview, InterviewStep, Question
from netcrm.model.owed import Commitment, Waiver
from netcrm.model.profile import ME, Confidence, Pitch, Practice, Profile

DAY = date(2026, 3, 2)


def told(people: Sequence[str], said: str, name: str) -> list[Entity]:
    """Return what is about people: an interview with all of them, the rest about the first.

    Args:
        people: their ids.
        said: what stands in every text.
        name: the id of each of these records; each is of another kind.
    """
    question = Question(
        text=said, added_on=DAY, why_not_online=said, answer=said, answered_on=DAY,
        follow_ups=[said], objective="objective-1",
    )  # fmt: skip
    evaluation = Evaluation(
        on=DAY, liked=said, daily_tasks=said, gaps=[said], who_else=[said], next_steps=[said],
        ratings={"interest": 4}, confidence=3, decision="deepen",
    )  # fmt: skip
    about = {"id": name, "contact": people[0]}
    return [
        Interview(
            id=name, contacts=people, opened_on=DAY, questions=[question], evaluation=evaluation,
            steps=[InterviewStep(what="no_referrals", on=DAY, note=said)], note=said,
            formats=["video"], campaign="campaign-1",
        ),
        Research(about="person", on=DAY, text=said, link=said, organisation=said, **about),
        Insight(
            text=said, observed_on=DAY, fields=[said], organisation=said, role=said, interview=name,
            steps=[InsightStep(use="planned", on=DAY, due=DAY)], **about,
        ),
        Opportunity(
            text=said, organisation=said, heard_on=DAY, interview=name, outcome=said,
            outcome_on=DAY, **about,
        ),
        Commitment(text=said, made_on=DAY, due=DAY, **about),
        Waiver(key=f"thank_you:{name}:{people[0]}", reason=said, on=DAY, **about),
    ]  # fmt: skip


def mine(said: str) -> list[Entity]:
    """Return what is about nobody but me, with these words in every text."""
    return [
        Profile(
            id=ME,
            stage="college",
            education=said,
            activities=said,
            seeking=said,
            skills=[said],
            links=[said],
            holidays=[DAY],
            practices=[Practice(on=DAY, minutes=5)],
            pitches=[Pitch(on=DAY, goals=said, because=["n1"])],
            confidence=[Confidence(on=DAY, level=3, note=said)],
        ),
        Objective(id="objective-1", text=said, added_on=DAY, organisations=[said]),
        Campaign(id="campaign-1", name=said, start=DAY, aims=[Aim(field=said, interviews=3)]),
        CareerField(id="field-1", name=said, title=said, codes={"isco": said}),
        Decision(id="decision-1", text=said, on=DAY, insights=["n1"]),
    ]


TOLD = ("interview", "research", "insight", "opportunity", "commitment", "waiver")
"""Kinds of what is about people."""
MINE = ("profile", "objective", "campaign", "careerfield", "decision")
"""Kinds of what is about me."""
