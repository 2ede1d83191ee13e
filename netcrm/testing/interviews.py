"""Hypothesis strategies for interviews: what they are for, what was asked, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hypothesis import strategies as st

from netcrm.model.base import Entity
from netcrm.model.campaign import (
    Aim,
    Campaign,
    CareerField,
    Focus,
    Matter,
    Objective,
    Research,
)
from netcrm.model.insight import (
    Category,
    Decision,
    Insight,
    InsightStep,
    Offer,
    Opportunity,
    Use,
)
from netcrm.model.interaction import Format
from netcrm.model.interview import (
    Evaluation,
    Interview,
    InterviewStep,
    Question,
    Topic,
    Turn,
)
from netcrm.model.owed import Commitment, Waiver
from netcrm.model.profile import ME, Confidence, Pitch, Practice, Profile, Walk
from netcrm.testing.parts import (
    Fields,
    days,
    ids,
    intervals,
    labels,
    lines,
    made,
    moments,
    said,
    several,
    spans,
    word,
)


def _questions() -> st.SearchStrategy[Question]:
    optional: Fields = {
        "topic": word(Topic),
        "objective": ids(),
        "answered_on": moments(),
        "follow_ups": several(lines()),
        **dict.fromkeys(("key", "why_not_online", "answer"), lines()),
        **dict.fromkeys(("must_ask", "dig_deeper"), st.booleans()),
    }
    return made(Question, {"text": said(), "added_on": moments()}, optional)


def _evaluations() -> st.SearchStrategy[Evaluation]:
    texts = (
        "liked", "challenging", "rewarding", "satisfying", "disliked", "daily_tasks",
        "experience", "training_and_paths",
    )  # fmt: skip
    optional: Fields = {
        **dict.fromkeys(texts, lines()),
        **dict.fromkeys(("skills", "gaps", "fields"), several(labels())),
        **dict.fromkeys(("who_else", "next_steps"), several(lines())),
        "ratings": st.dictionaries(labels(), st.integers(1, 5), max_size=3),
        "confidence": st.integers(1, 5),
        "decision": st.sampled_from(("deepen", "keep_open", "drop")),
    }
    return made(Evaluation, {"on": moments()}, optional)


def interviews(contact_ids: Sequence[str]) -> st.SearchStrategy[Interview]:
    """Interviews with one to three of these contacts, at any stage."""
    people = st.lists(st.sampled_from(contact_ids), min_size=1, max_size=3)
    step = made(InterviewStep, {"what": word(Turn), "on": moments()}, {"note": lines()})
    optional: Fields = {
        "initiator": st.sampled_from(("me", "them")),
        "minutes": st.integers(1, 600),
        "formats": several(word(Format)),
        "objectives": several(ids()),
        **dict.fromkeys(("campaign", "referral"), ids()),
        "questions": several(_questions()),
        "steps": several(step),
        "evaluation": _evaluations(),
        "note": lines(),
    }
    return made(Interview, {"id": ids(), "contacts": people, "opened_on": days()}, optional)


def profiles() -> st.SearchStrategy[Profile]:
    """What I say of myself, under the id of the one profile."""
    told = ("education", "activities", "interests", "goals", "seeking")
    pitch: Fields = {**dict.fromkeys(told, lines()), "because": several(ids())}
    practice = made(Practice, {"on": days()}, {"minutes": st.integers(1, 600)})
    sure = made(Confidence, {"on": days(), "level": st.integers(1, 5)}, {"note": lines()})
    optional: Fields = {
        "stage": word(Walk),
        **dict.fromkeys(("education", "activities", "seeking"), lines()),
        **dict.fromkeys(("interests", "skills", "values"), several(labels())),
        "links": several(lines()),
        "pitches": several(made(Pitch, {"on": days()}, pitch)),
        "practices": several(practice),
        "confidence": several(sure),
        "holidays": several(days()),
    }
    return made(Profile, {"id": st.just(ME)}, optional)


def objectives() -> st.SearchStrategy[Objective]:
    """Questions that I want answered, open or not."""
    optional: Fields = {
        "focus": word(Focus),
        "fields": several(labels()),
        "organisations": several(lines()),
        "decision": word(Matter),
    }
    ended: Fields = {"ended": st.sampled_from(("answered", "dropped")), "ended_on": days()}
    required: Fields = {"id": ids(), "text": said(), "added_on": days()}
    return made(Objective, required, optional, together=ended)


def campaigns() -> st.SearchStrategy[Campaign]:
    """Stretches of interviewing, over or going on."""
    number = st.integers(0, 100_000)
    aim: Fields = {"interviews": number, "relevance": st.floats(0, 1)}
    optional: Fields = {
        "objectives": several(ids()),
        "aims": several(made(Aim, {"field": labels()}, aim)),
        "organisations": several(lines()),
        "every": intervals(),
        **dict.fromkeys(("weekly_requests", "max_open", "weekly_minutes"), number),
    }

    def one(start: date, end: date) -> st.SearchStrategy[Campaign]:
        required: Fields = {"id": ids(), "name": said(), "start": st.just(start)}
        return made(Campaign, required, {**optional, "end": st.just(end)})

    return spans().flatmap(lambda two: one(*two))


def career_fields() -> st.SearchStrategy[CareerField]:
    """Career fields, and fields beside and above them."""

    def one(name: str) -> st.SearchStrategy[CareerField]:
        others = several(labels().filter(lambda other: other != name))
        optional: Fields = {
            "title": lines(),
            **dict.fromkeys(("broader", "related"), others),
            "codes": st.dictionaries(labels(), lines(), max_size=3),
        }
        return made(CareerField, {"id": ids(), "name": st.just(name)}, optional)

    return labels().flatmap(one)


def research(contact_ids: Sequence[str]) -> st.SearchStrategy[Research]:
    """What was found out about these contacts, or about organisations and fields."""
    subjects: Fields = {
        "contact": st.sampled_from(contact_ids),
        "organisation": said(),
        "field": said(),
    }
    needs = {
        "person": "contact", "setting": "contact", "organisation": "organisation",
        "industry": "field",
    }  # fmt: skip

    def one(about: str) -> st.SearchStrategy[Research]:
        required: Fields = {
            "id": ids(),
            "about": st.just(about),
            needs[about]: subjects[needs[about]],
            "on": moments(),
        }
        others = {key: subject for key, subject in subjects.items() if key != needs[about]}
        return made(Research, required, {**others, "text": lines(), "link": lines()})

    return st.sampled_from(sorted(needs)).flatmap(one)


def insights(contact_ids: Sequence[str]) -> st.SearchStrategy[Insight]:
    """What was learned, from one of these contacts or from nobody."""
    due: Fields = {"due": days()}
    step = word(Use).flatmap(
        lambda use: made(
            InsightStep, {"use": st.just(use), "on": moments()}, due if use == "planned" else {}
        )
    )
    optional: Fields = {
        "category": word(Category),
        "stance": st.sampled_from(("positive", "negative", "neutral")),
        "fields": several(labels()),
        **dict.fromkeys(("organisation", "role"), lines()),
        "contact": st.sampled_from(contact_ids),
        **dict.fromkeys(("interview", "objective"), ids()),
        **dict.fromkeys(("first_hand", "confidential"), st.booleans()),
        "steps": several(step),
    }
    return made(Insight, {"id": ids(), "text": said(), "observed_on": days()}, optional)


def decisions() -> st.SearchStrategy[Decision]:
    """What I decided, and why."""
    optional: Fields = {
        "insights": several(ids()),
        "objective": ids(),
        "is_goal": st.booleans(),
    }
    return made(Decision, {"id": ids(), "text": said(), "on": moments()}, optional)


def opportunities(contact_ids: Sequence[str]) -> st.SearchStrategy[Opportunity]:
    """Openings that these contacts told me of."""
    required: Fields = {
        "id": ids(),
        "text": said(),
        "contact": st.sampled_from(contact_ids),
        "heard_on": days(),
    }
    optional: Fields = {
        "kind": word(Offer),
        "organisation": lines(),
        "interview": ids(),
        "advertised": st.booleans(),
    }
    outcome: Fields = {"outcome": said(), "outcome_on": moments()}
    return made(Opportunity, required, optional, together=outcome)


def commitments(contact_ids: Sequence[str]) -> st.SearchStrategy[Commitment]:
    """Promises between me and these contacts."""
    required: Fields = {
        "id": ids(),
        "contact": st.sampled_from(contact_ids),
        "text": said(),
        "made_on": moments(),
    }
    optional: Fields = {
        "by": st.sampled_from(("me", "them")),
        "due": days(),
        "interaction": ids(),
    }
    ended: Fields = {"ended": st.sampled_from(("kept", "dropped")), "ended_on": moments()}
    return made(Commitment, required, optional, together=ended)


def waivers(contact_ids: Sequence[str]) -> st.SearchStrategy[Waiver]:
    """What these contacts were owed, and need not get."""
    required: Fields = {
        "id": ids(),
        "key": said(),
        "contact": st.sampled_from(contact_ids),
        "on": moments(),
    }
    return made(Waiver, required, {"reason": lines()})


def by_kind(contact_ids: Sequence[str]) -> dict[str, st.SearchStrategy[Entity]]:
    """All of these, by kind."""
    return {
        "interview": interviews(contact_ids),
        "profile": profiles(),
        "objective": objectives(),
        "campaign": campaigns(),
        "careerfield": career_fields(),
        "research": research(contact_ids),
        "insight": insights(contact_ids),
        "decision": decisions(),
        "opportunity": opportunities(contact_ids),
        "commitment": commitments(contact_ids),
        "waiver": waivers(contact_ids),
    }
