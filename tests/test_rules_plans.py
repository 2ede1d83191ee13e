"""Are these the questions to ask?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.rules.lint import lint_plan
from netcrm.rules.plans import COVERED, REFERRAL, PlanContext, Planned, is_closed

TOPICS = ["career_path", "role", "role", "industry", "culture", "advice", "personal", REFERRAL]
TEXTS = [
    "What led you into forestry?",
    "What fills a week of yours?",
    "Which part of it is harder than it looks?",
    "How has the weather changed the trade?",
    "What do people here talk about at lunch?",
    "What would you do first in my place?",
    "Tell me about a day you remember.",
    "Who else could tell me more?",
]
GOOD = [
    Planned(text, topic, why_not_online="own view", objective="daily work")
    for text, topic in zip(TEXTS, TOPICS, strict=True)
]


def codes(questions: list[Planned], context: PlanContext | None = None) -> list[str]:
    return [finding.code for finding in lint_plan(questions, context)]


def asking(text: str) -> list[Planned]:
    """Return the good plan with another third question."""
    return [*GOOD[:2], GOOD[2]._replace(text=text), *GOOD[3:]]


def test_a_good_plan_has_no_findings() -> None:
    assert lint_plan(GOOD) == ()
    assert lint_plan(GOOD, PlanContext(minutes=30, answered=("What is new?",))) == ()


@pytest.mark.parametrize("count", range(1, 25))
def test_a_plan_has_8_to_20_questions(count: int) -> None:
    plan = (GOOD[:-1] * 4)[: count - 1] + GOOD[-1:]
    assert ("Q01" in codes(plan)) is not (8 <= count <= 20)


def test_no_plan_is_no_plan() -> None:
    found = lint_plan([], PlanContext(minutes=5))
    assert [finding.code for finding in found] == ["Q01", "Q05", "Q06"]
    assert found[0].text == "plan 8 to 20 questions; this has 0"


# --- Q02


@pytest.mark.parametrize(
    "text",
    [
        "Do you like it?", "does it pay?", "Did you study?", "Is it hard?", "Are you well?",
        "Was it luck?", "Were you sure?", "Has it changed?", "Have you any regrets?", "Had you?",
        "Can one learn it?", "Could I do it?", "Will it last?", "Would you do it again?",
        "Should I study?", "Don’t you miss it?", "ISN'T it hard?", "And is it hard?",
        "How did you begin? Was it by chance?", "In your view, is it hard?",
        "If you could choose, would you do it again?", "It is hard, isn't it?",
        "You like it, right?", "Could you tell me whether it pays?", "— Do you like it?",
        "Do you like it", "Can you explain if it pays?",
    ],
)  # fmt: skip
def test_a_closed_question_can_be_answered_by_yes_or_no(text: str) -> None:
    assert is_closed(text)


@pytest.mark.parametrize(
    "text",
    [
        "What do you do?", "How is it?", "Why did you go?", "Which is best?", "Tell me more.",
        "Could you tell me how you began?", "Can you walk me through a week?",
        "Would you please describe it?", "If you could choose, what would you do?",
        "What, in short, is it that you do?", "Done with school, what did you do?",
        "Island life: how is it?", "I would like to hear of it, have no fear.",
        "Say what you think, do you hear.", "", "?", "🙂",
    ],
)  # fmt: skip
def test_an_open_question_cannot(text: str) -> None:
    assert not is_closed(text)


def test_a_closed_question_is_shown_where_it_stands() -> None:
    plan = asking("Is it hard?")
    (found,) = lint_plan(plan)
    assert (found.code, found.severity) == ("Q02", "info")
    text = "\n".join(question.text for question in plan)
    assert text[found.start : found.end] == "Is it hard?"
    assert "how, what or why" in found.text


@pytest.mark.parametrize("topic", [REFERRAL, ""])
def test_a_closed_question_for_others_is_turned_into_who_else(topic: str) -> None:
    last = GOOD[-1]._replace(text="Do you know anybody else to ask?", topic=topic)
    (found,) = lint_plan([*GOOD[:-1], last])
    assert (found.code, "“Who else …?”" in found.text) == ("Q02", True)


# --- Q03 to Q06


@pytest.mark.parametrize(("field", "code"), [("why_not_online", "Q03"), ("objective", "Q04")])
@pytest.mark.parametrize("blank", ["", " \n"])
def test_a_question_says_what_it_is_for(field: str, code: str, blank: str) -> None:
    plan = [*GOOD[:3], GOOD[3]._replace(**{field: blank}), *GOOD[4:]]
    (found,) = lint_plan(plan)
    text = "\n".join(TEXTS)
    assert (found.code, text[found.start : found.end]) == (code, TEXTS[3])


@pytest.mark.parametrize("topic", COVERED)
def test_three_topics_are_in_every_plan(topic: str) -> None:
    plan = [q._replace(topic="personal") if q.topic == topic else q for q in GOOD]
    (found,) = lint_plan(plan)
    assert (found.code, found.severity) == ("Q05", "warning")
    assert found.text == f"ask about {COVERED[topic]} as well"


def test_all_topics_that_are_missing_are_named() -> None:
    plan = [*(q._replace(topic="") for q in GOOD[:-1]), GOOD[-1]]
    (found,) = lint_plan(plan)
    assert found.text == "ask about the role and the industry and their career path as well"


def test_whom_else_to_talk_to_is_asked_last() -> None:
    assert codes([*GOOD[:-1], GOOD[0]]) == ["Q06"]
    plan = [*GOOD[:3], GOOD[-1], *GOOD[3:-1]]
    (found,) = lint_plan(plan)
    text = "\n".join(question.text for question in plan)
    assert (found.code, text[found.start : found.end]) == ("Q06", TEXTS[-1])


def test_of_two_such_questions_the_second_is_moved() -> None:
    plan = [GOOD[-1], *GOOD[:-1], GOOD[-1]._replace(text="Whom else?"), GOOD[0]]
    (found,) = lint_plan(plan)
    text = "\n".join(question.text for question in plan)
    assert (found.code, text[found.start : found.end]) == ("Q06", "Whom else?")


def test_it_is_known_by_its_topic_whatever_its_words() -> None:
    assert codes([*GOOD[:-1], GOOD[-1]._replace(text="Where do you all meet?")]) == []


def test_it_may_be_asked_before_as_well() -> None:
    assert codes([GOOD[-1], *GOOD]) == []


@pytest.mark.parametrize(
    "text",
    ["Whom else should I ask?", "Whom would you ask next?", "Which people else?"],
)
def test_it_is_known_by_its_words_without_a_topic(text: str) -> None:
    assert codes([*GOOD[:-1], GOOD[-1]._replace(text=text, topic="")]) == []


# --- Q07 to Q09


@pytest.mark.parametrize(("minutes", "fits"), [(22, True), (21, False), (60, True), (1, False)])
def test_two_minutes_each_and_six_around_fit_the_time(minutes: int, fits: bool) -> None:
    assert codes(GOOD, PlanContext(minutes=minutes)) == ([] if fits else ["Q07"])


def test_how_many_questions_fit_is_said() -> None:
    (found,) = lint_plan(GOOD, PlanContext(minutes=15))
    assert found.text == "this takes about 22 minutes and you have 15: keep the 4 that matter most"
    (found,) = lint_plan(GOOD, PlanContext(minutes=1))
    assert found.text.endswith("keep the 1 that matter most")


def test_what_they_answered_before_is_not_asked_again() -> None:
    plan = asking("Why oaks?")
    (found,) = lint_plan(plan, PlanContext(answered=("", "why OAKS")))
    assert (found.code, found.end - found.start) == ("Q08", len("Why oaks?"))
    assert codes(asking("🙂"), PlanContext(answered=("🎉", ""))) == []


def test_no_question_asks_for_a_job() -> None:
    plan = asking("What of it, and have you got any openings?")
    found = [f for f in lint_plan(plan) if f.code == "Q09"]
    text = "\n".join(question.text for question in plan)
    assert [(f.severity, text[f.start : f.end]) for f in found] == [("error", "any openings")]


# --- any plan

PLANS = st.lists(
    st.builds(
        Planned,
        st.text(max_size=30) | st.sampled_from([*TEXTS, "Is it?", "Are you hiring?", "a\nb?"]),
        st.sampled_from(["", *TOPICS]),
        st.sampled_from(["", "x"]),
        st.sampled_from(["", "x"]),
    ),
    max_size=25,
)
CONTEXTS = st.builds(
    PlanContext,
    minutes=st.none() | st.integers(1, 100),
    answered=st.lists(st.text(max_size=5) | st.sampled_from(TEXTS), max_size=3).map(tuple),
)


@given(PLANS, CONTEXTS)
def test_any_plan_can_be_judged_and_findings_lie_within_it(
    questions: list[Planned], context: PlanContext
) -> None:
    found = lint_plan(questions, context)
    length = len("\n".join(question.text for question in questions))
    assert all(0 <= finding.start <= finding.end <= length for finding in found)
    assert list(found) == sorted(found, key=lambda finding: (finding.start, finding.code))
    assert lint_plan(iter(questions), context) == found


@given(PLANS, CONTEXTS, st.sets(st.sampled_from([f"Q0{n}" for n in range(1, 10)])))
def test_what_is_off_is_left_out_and_nothing_else(
    questions: list[Planned], context: PlanContext, off: set[str]
) -> None:
    rest = tuple(f for f in lint_plan(questions, context) if f.code not in off)
    assert lint_plan(questions, context, off=off) == rest
