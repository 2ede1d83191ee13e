"""What to ask whom next, and what did the others say to the same question?"""

# ruff: noqa: SIM905 - lists as people read them

from __future__ import annotations

import itertools
import json
import re
import time
from collections import Counter
from datetime import date, timedelta
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.errors import InvalidError
from netcrm.model.text import fold, slug, words
from netcrm.rules.questions import (
    COVERED,
    MANY,
    TIARA,
    TOPICS,
    Asked,
    Background,
    BankQuestion,
    answered_by,
    compare_answers,
    dig_deeper,
    guess_topic,
    missing_topics,
    never_asked,
    only_them,
    parse_bank,
    read_lines,
    same_question,
    starter,
    suggest,
)

DAY = date(2026, 3, 6)
ENTRIES = json.loads(
    resources.files("netcrm").joinpath("text/questions.json").read_text(encoding="utf-8")
)
BANK = parse_bank(ENTRIES, "questions.json")
BY_KEY = {question.key: question for question in BANK}
IN_THE_GUIDES = (
    "first-steps", "why-here", "best-and-worst", "room-to-grow", "what-it-takes", "stands-out",
    "how-to-start", "who-else", "decided", "got-job", "studies", "before", "love-most", "hardest",
    "younger-self",
)  # fmt: skip
"""The questions that guides for students give as samples: eight in one and seven in another."""
CLOSED = frozenset(
    "do does did is are was were has have had can could will would should may am".split()
)
ASKS_FOR_A_JOB = frozenset("hire hiring vacancy vacancies opening openings apply cv resume".split())

PEOPLE = ("ana", "ben", "cem")
TEXTS = ("How so?", "HOW SÓ", "What else?", "Why?", "?!", "🙂", "", "how\0so", "למה?", "key a")
ROW = st.builds(
    Asked,
    interview=st.just("i"),
    contact=st.sampled_from(PEOPLE),
    text=st.sampled_from(TEXTS) | st.text(max_size=5),
    topic=st.sampled_from(TOPICS),
    on=st.dates(DAY, DAY + timedelta(days=5)),
    key=st.sampled_from(("", "a", "b", "who-else", "first-steps")),
    answer=st.sampled_from(("", " \n", "Yes.", "\0")),
    follow_ups=st.lists(st.sampled_from(TEXTS), max_size=2).map(tuple),
    dig_deeper=st.booleans(),
)
ROWS = st.lists(ROW, max_size=12)
ENTRY: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"text": st.sampled_from(TEXTS) | st.text()},
    optional={
        "key": st.sampled_from(["a", "b", "", "A b", None, 7]) | st.text(max_size=3),
        "topic": st.sampled_from([*TOPICS, "pay", "", None, []]),
        "tiara": st.sampled_from([*TIARA, "", None, "x", 3]),
        "starter": st.sampled_from([True, False, None, "yes", 1]),
        "order": st.just(3),
    },
)
ODD = st.one_of(st.none(), st.integers(), st.text(), st.lists(st.none()), st.booleans(), ENTRY)


def asked(contact: str, question: str | BankQuestion = "first-steps", /, **given: Any) -> Asked:
    """Return what somebody was asked: a question of the bank by its key, or one of my own."""
    question = BY_KEY.get(question, question) if isinstance(question, str) else question
    if isinstance(question, str):
        question = BankQuestion("", question, "role")
    said = {"key": question.key, "text": question.text, "topic": question.topic, **given}
    return Asked(**{"interview": f"with-{contact}", "contact": contact, "on": DAY, **said})


def keys(questions: Any) -> list[str]:
    """Return the keys of questions, or of what is planned."""
    return [getattr(one, "question", one).key for one in questions]


# The bank of netcrm


def test_the_bank_has_several_questions_on_each_topic() -> None:
    many = Counter(question.topic for question in BANK)
    assert 40 <= len(BANK) <= 50
    assert 2 <= many.pop("referral") <= 3
    assert set(many) == {*TOPICS} - {"referral"}
    assert min(many.values()) >= 4


def test_the_bank_has_questions_for_each_step_of_tiara() -> None:
    assert {question.tiara for question in BANK} == {*TIARA, ""}


def test_the_bank_says_all_that_is_not_left_to_guess() -> None:
    for entry in ENTRIES:
        assert {"key", "text", "topic"} <= entry.keys()


@pytest.mark.parametrize("key", IN_THE_GUIDES)
def test_the_sample_questions_of_the_guides_are_in_the_bank(key: str) -> None:
    assert key in BY_KEY


def test_the_plan_for_a_first_interview_is_ten_questions_in_a_good_order() -> None:
    plan = starter(BANK)
    assert len(plan) == MANY == 10
    assert plan == BANK[:10]
    assert plan[0].key == "first-steps"
    assert [one.topic for one in plan].index("referral") == 9
    assert not missing_topics(plan)
    assert not missing_topics(plan[:5])  # where time runs out, these were asked
    assert not set(keys(plan[:6])) - {*IN_THE_GUIDES, "ordinary-week", "what-is-changing"}


@pytest.mark.parametrize("question", BANK, ids=lambda question: question.key)
def test_a_question_of_the_bank_is_open_and_short_and_asks_for_no_job(
    question: BankQuestion,
) -> None:
    """No part of it can be answered with yes or no; it is said in one breath."""
    parts = re.split(r"[.,:;!?] (?:and |or |but )?", question.text)
    assert not [part for part in parts if words(part)[0] in CLOSED]
    assert {"how", "what", "which", "who", "where"} & set(words(question.text))
    assert question.text.endswith("?")
    assert question.text.count("?") == 1
    assert question.text[0].isupper()
    assert len(words(question.text)) <= 20
    assert not ASKS_FOR_A_JOB & set(words(question.text))
    assert question.text.isascii()
    assert len(question.key) <= 24


# Banks of others


def test_an_entry_needs_no_more_than_its_text() -> None:
    [question] = parse_bank([{"text": "  Who else\n should I meet? "}], "mine")
    assert question == ("who-else-should-i-meet", "Who else should I meet?", "referral", "", False)


def test_an_entry_may_say_everything() -> None:
    entry = {
        "key": "pay-day", "text": "How does pay grow?", "topic": "industry", "tiara": "trends",
        "starter": True,
    }  # fmt: skip
    [question] = parse_bank([entry], "mine")
    assert question == ("pay-day", "How does pay grow?", "industry", "trends", True)


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"text": "Why?", "topic": "pay"}, r"question 2 ('Why?'): unknown topic 'pay'; it is one"),
        ({"text": "Why?", "topic": None}, "unknown topic None"),
        ({"text": "Why?", "topic": ["role"]}, "unknown topic ['role']"),
        ({"text": "Why?", "tiara": "tips"}, "unknown tiara 'tips'; it is one of trends"),
        ({"text": ""}, "question 2: the text is empty"),
        ({"text": " ?! "}, "the text is empty"),
        ({"key": "why", "topic": "role"}, "question 2 ('why'): the text is empty"),
        ({"text": "Why\0?"}, "contains a NUL character"),
        ({"text": "Why \ud800?"}, "half a character"),
        ({"text": 7}, "expected text, got 7"),
        ({"text": "Why?", "key": "Why Not"}, "question 2 ('Why Not'): the key is small letters"),
        ({"text": "Why?", "key": ""}, "the key is small letters"),
        ({"text": "Why?", "key": 7}, "the key is small letters"),
        ({"text": "Why?", "starter": "yes"}, "starter is true or false, not 'yes'"),
        ({"text": "Why?", "startre": True}, "it has 'startre'; it can have key, text, topic"),
        ("Why?", "question 2: expected a text and a topic, got 'Why?'"),
        (None, "question 2: expected a text and a topic, got None"),
        ({"text": "Why?", "key": "first"}, "it has the key or the words of question 1"),
        ({"text": "HÓW so", "key": "why"}, "it has the key or the words of question 1"),
    ],
)
def test_a_wrong_entry_is_refused_and_named(entry: Any, fault: str) -> None:
    good = {"key": "first", "text": "How so?", "topic": "role"}
    with pytest.raises(InvalidError, match=re.escape(fault)) as refused:
        parse_bank([good, entry], "my.json")
    assert str(refused.value).startswith("my.json: question 2")


@given(ODD)
def test_whatever_an_entry_is_it_is_a_question_or_refused_in_one_way(entry: Any) -> None:
    try:
        bank, fault = parse_bank([entry], "mine"), ""
    except InvalidError as error:
        bank, fault = (), str(error)
    assert bool(bank) != fault.startswith("mine: question 1")
    for question in bank:
        assert question.topic in TOPICS
        assert question.tiara in (*TIARA, "")
        assert question.key == slug(question.key) != ""
        assert words(question.text)


GOOD = st.fixed_dictionaries(
    {"text": st.sampled_from(["How so?", "HOW SÓ", "What else?", "Why?", "למה?", "a"])},
    optional={"key": st.sampled_from(["a", "b", "why", "how-so"])},
)


@given(st.lists(GOOD, max_size=4))
def test_a_bank_with_a_question_twice_is_refused(entries: list[dict[str, str]]) -> None:
    alone = [parse_bank([entry], "mine")[0] for entry in entries]
    twins = [b for a, b in itertools.combinations(alone, 2) if same_question(a, b)]
    if twins:
        with pytest.raises(InvalidError, match="the key or the words of question"):
            parse_bank(entries, "mine")
    else:
        assert parse_bank(entries, "mine") == tuple(alone)


@pytest.mark.parametrize(
    ("line", "topic", "text"),
    [
        ("culture: How do you settle quarrels?", "culture", "How do you settle quarrels?"),
        (" Career Path : Why law?", "career_path", "Why law?"),
        ("career_path:Why law?", "career_path", "Why law?"),
        ("Why law?", "role", "Why law?"),
        ("One more thing: why law?", "role", "One more thing: why law?"),
        ("role: one thing: why law?", "role", "one thing: why law?"),
        ("role", "role", "role"),
    ],
)
def test_a_bank_may_be_a_plain_text(line: str, topic: str, text: str) -> None:
    [question] = parse_bank(read_lines(f"\n{line}\r\n  \n"), "mine.txt")
    assert (question.topic, question.text) == (topic, text)


def test_a_line_with_a_topic_and_no_question_is_refused() -> None:
    with pytest.raises(InvalidError, match=r"mine.txt: question 2: the text is empty"):
        parse_bank(read_lines("Why law?\nrole:\n"), "mine.txt")


@given(st.lists(st.sampled_from(BANK), unique=True))
def test_a_bank_written_line_by_line_is_the_same_bank(bank: list[BankQuestion]) -> None:
    text = "\n".join(f"{question.topic}: {question.text}" for question in bank)
    found = parse_bank(read_lines(text), "mine.txt")
    assert [(one.topic, one.text) for one in found] == [(one.topic, one.text) for one in bank]


@given(st.text())
def test_every_text_is_lines_of_a_bank(text: str) -> None:
    for entry in read_lines(text):
        assert str(entry["text"]) in text


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Who else at the clinic has time for students?", "referral"),
        ("Whom else would you ask for advice on this industry?", "referral"),
        ("What ADVICE do you have on the field?", "advice"),
        ("How would your colleagues describe the company?", "culture"),
        ("Which Degree helps in this industry?", "preparation"),
        ("How did you get started in this field?", "career_path"),
        ("What does your company do for its staff?", "organisation"),
        ("What are the trends of the sector?", "industry"),
        ("What do you do in your free time?", "personal"),
        ("What makes a good night shift?", "role"),
        ("Why are heroes fielded?", "role"),  # words, not letters
        ("", "role"),
        ("🙂\0", "role"),
    ],
)
def test_the_topic_of_a_question_is_guessed_by_its_words(text: str, topic: str) -> None:
    assert guess_topic(text) == topic


def test_most_topics_of_the_bank_would_have_been_guessed() -> None:
    right = [question for question in BANK if guess_topic(question.text) == question.topic]
    assert len(right) >= 0.8 * len(BANK)


@given(st.text())
def test_every_text_has_a_topic_however_it_is_written(text: str) -> None:
    assert guess_topic(text) in TOPICS
    assert guess_topic(text) == guess_topic(fold(text))


# One question


def test_a_question_is_one_by_its_key_or_its_words() -> None:
    mine = asked("ana", "How did you find your way into this line of work")
    assert same_question(mine, BY_KEY["first-steps"])
    assert same_question(asked("ana", text="How come?"), asked("ben", text="Since when?"))
    assert not same_question(asked("ana", "How so?"), asked("ana", "Why?"))
    assert not same_question(asked("ana", "who-else"), asked("ana", "first-steps"))


def test_questions_of_nothing_but_signs_are_compared_by_them() -> None:
    assert same_question(asked("ana", "🙂"), asked("ben", " 🙂 "))
    assert not same_question(asked("ana", "🙂"), asked("ben", "🙃"))
    assert not same_question(asked("ana", ""), asked("ben", ""))


def test_a_key_is_no_word_of_another_question() -> None:
    assert not same_question(asked("ana", "Why?", key="advice"), asked("ben", "advice"))


@given(ROW, ROW)
def test_same_goes_both_ways(one: Asked, other: Asked) -> None:
    assert same_question(one, other) == same_question(other, one)
    assert same_question(one, one) == bool(one.key or one.text.strip())


# Topics


@given(st.lists(st.sampled_from(BANK)))
def test_a_plan_is_told_which_of_three_topics_it_misses(plan: list[BankQuestion]) -> None:
    missing = missing_topics(plan)
    there = {question.topic for question in plan}
    assert [*missing] == [topic for topic in COVERED if topic in missing]
    assert there.isdisjoint(missing)
    assert there.union(missing) >= {"role", "industry", "career_path"}


# Answers side by side


def test_the_answers_of_several_people_stand_side_by_side() -> None:
    later = DAY + timedelta(days=1)
    ana, ben = asked("ana", on=later, answer="By chance."), asked("ben", answer="By my aunt.")
    alone, twice = asked("ana", "hardest", answer="Nights."), asked("cem", "who-else")
    rows = [ana, alone, twice, ben, twice._replace(on=later)]
    assert compare_answers(rows) == ((ben, ana),)


def test_a_question_without_an_answer_stands_there_too() -> None:
    ana, ben = asked("ana", answer="By chance."), asked("ben")
    assert compare_answers([ana, ben]) == ((ana, ben),)


def test_two_wordings_are_one_question_where_a_third_shows_it() -> None:
    rows = [
        asked("ana", "How so?"),
        asked("ben", "What else?"),
        asked("cem", BankQuestion("a", "How so?", "role")),
        asked("ana", BankQuestion("a", "What else?", "role")),
    ]
    assert len(compare_answers(rows[:2])) == 0
    [group] = compare_answers(rows)
    assert {row.contact for row in group} == {"ana", "ben", "cem"}


def closure(rows: list[Asked]) -> list[set[int]]:
    """Return the places of the rows of each question, by comparing each with each."""
    groups: list[set[int]] = []
    for place, row in enumerate(rows):
        if not same_question(row, row):
            continue
        near = [g for g in groups if any(same_question(row, rows[other]) for other in g)]
        groups = [g for g in groups if g not in near] + [{place}.union(*near)]
    return groups


@given(ROWS)
def test_each_question_of_several_people_is_compared_once(rows: list[Asked]) -> None:
    rows = [row._replace(interview=str(place)) for place, row in enumerate(rows)]
    found = compare_answers(rows)
    expected = [g for g in closure(rows) if len({rows[place].contact for place in g}) > 1]
    assert sorted(sorted(int(row.interview) for row in group) for group in found) == sorted(
        map(sorted, expected)
    )
    firsts = [min(int(row.interview) for row in group) for group in found]
    assert firsts == sorted(firsts)
    for group in found:
        assert [(row.on, int(row.interview)) for row in group] == sorted(
            (row.on, int(row.interview)) for row in group
        )


def test_many_answers_are_compared_in_no_time() -> None:
    """A chain of wordings, each known only by the next: the worst there is."""
    rows = []
    for number in range(10_000):
        rows.append(asked("ana", BankQuestion(f"k{number}", f"w {number}", "role")))
        rows.append(asked("ben", BankQuestion(f"k{number}", f"w {number + 1}", "role")))
    begun = time.perf_counter()
    assert len(compare_answers(reversed(rows))) == 1
    assert len(compare_answers(rows)) == 1
    assert time.perf_counter() - begun < 5


# Who was asked what


@given(ROWS)
def test_what_nobody_was_asked_is_left_of_the_bank(rows: list[Asked]) -> None:
    found = never_asked(BANK, rows)
    for question in BANK:
        assert (question in found) != any(same_question(question, row) for row in rows)
    assert list(found) == [question for question in BANK if question in found]


def test_who_was_asked_and_said_nothing_was_asked() -> None:
    assert "first-steps" not in keys(never_asked(BANK, [asked("ana")]))
    assert "first-steps" in keys(never_asked(BANK, [asked("ana", "hardest")]))


def test_what_somebody_answered_is_theirs_and_not_empty() -> None:
    ana, ben = asked("ana", answer="By chance."), asked("ben", answer="By my aunt.")
    silent = asked("ana", "hardest", answer=" \n")
    assert answered_by([ana, ben, silent], "ana") == (ana,)
    assert answered_by([ana, ben, silent], "cem") == ()


# What only they can tell

MERCY, CITY = frozenset({"mercy"}), frozenset({"city"})
NURSING, LAW = frozenset({"nursing"}), frozenset({"law"})
SHORT = tuple(BY_KEY[key] for key in ("ordinary-week", "why-here", "younger-self", "proud"))


def only_ana(ben: Background, *rows: Asked) -> list[str]:
    """Return what only Ana, a nurse at Mercy, can tell beside somebody else."""
    backgrounds = {"ana": Background(MERCY, NURSING), "ben": ben}
    return keys(only_them(SHORT, rows, "ana", backgrounds))


def test_they_can_tell_of_their_place_and_their_field() -> None:
    """Advice and personal questions go to anybody."""
    assert only_ana(Background()) == ["why-here", "ordinary-week"]


@pytest.mark.parametrize(
    ("ben", "left"),
    [
        (Background(MERCY, NURSING), []),
        (Background(MERCY, LAW), ["ordinary-week"]),
        (Background(CITY, NURSING), ["why-here"]),
        (Background(CITY, LAW), ["why-here", "ordinary-week"]),
        (Background(MERCY | CITY, NURSING | LAW), []),
        (Background(), ["why-here", "ordinary-week"]),
    ],
)
def test_what_others_of_their_kind_told_is_not_only_theirs(
    ben: Background, left: list[str]
) -> None:
    """Colleagues tell of the place, people of the field tell of the field."""
    rows = [asked("ben", question, answer="A lot.") for question in SHORT]
    assert only_ana(ben, *rows) == left


def test_what_they_told_themselves_is_no_more_open() -> None:
    assert only_ana(Background(), asked("ana", "why-here", answer="x")) == ["ordinary-week"]


def test_what_was_asked_and_not_answered_is_open() -> None:
    ben = Background(MERCY, NURSING)
    assert only_ana(ben, asked("ben", "why-here")) == ["why-here", "ordinary-week"]


def test_what_strangers_told_says_nothing_of_their_place() -> None:
    assert "why-here" in only_ana(Background(), asked("dan", "why-here", answer="x"))


def test_of_somebody_without_a_background_it_is_not_known_what_they_can_tell() -> None:
    assert only_them(BANK, [], "ana", {}) == ()
    at_mercy = only_them(BANK, [], "ana", {"ana": Background(organisations=MERCY)})
    assert {question.topic for question in at_mercy} == {"organisation", "culture"}
    nurse = only_them(BANK, [], "ana", {"ana": Background(fields=NURSING)})
    topics = {question.topic for question in nurse}
    assert topics == {"role", "industry", "career_path", "preparation"}


# Digging deeper


def test_follow_ups_are_carried_over_to_the_next_time() -> None:
    row = asked("ana", answer="By chance.", follow_ups=("Whose?", " "), dig_deeper=True)
    other = asked("ben", dig_deeper=True)
    [(question, reason)] = dig_deeper([row, other], "ana")
    assert question == ("", "Whose?", "career_path", "", False)
    assert reason == "you wanted to dig deeper into this after 2026-03-06"


def test_without_follow_ups_the_question_itself_is_carried_over() -> None:
    [(question, _)] = dig_deeper([asked("ana", dig_deeper=True)], "ana")
    assert question[:3] == BY_KEY["first-steps"][:3]


def test_nothing_is_carried_over_unless_it_was_wanted() -> None:
    assert not dig_deeper([asked("ana", answer="By chance.", follow_ups=("Whose?",))], "ana")


def test_a_follow_up_that_was_answered_is_not_carried_over() -> None:
    row = asked("ana", follow_ups=("Whose?", "When?"), dig_deeper=True)
    rows = [row, asked("ana", "whose", answer="My aunt's.")]
    assert [one.question.text for one in dig_deeper(rows, "ana")] == ["When?"]
    rows.append(asked("ana", "WHEN", answer="In May."))
    assert not dig_deeper(rows, "ana")
    assert dig_deeper([row, asked("ben", "when", answer="x"), asked("ana", "when")], "ana")[1:]


def test_the_last_answer_to_a_question_says_whether_to_dig() -> None:
    first = asked("ana", answer="By chance.", dig_deeper=True)
    again = asked("ana", answer="By my aunt.", on=DAY + timedelta(days=9))
    assert not dig_deeper([again, first], "ana")
    assert not dig_deeper([first, again._replace(on=DAY)], "ana")  # the later one of a day
    assert dig_deeper([again._replace(answer=""), first], "ana")  # asked, but nothing was said
    wanted = again._replace(dig_deeper=True, follow_ups=("Which?",))
    assert [one.question.text for one in dig_deeper([wanted, first], "ana")] == ["Which?"]


def test_the_latest_is_carried_over_first() -> None:
    days = [DAY, DAY + timedelta(days=2), DAY + timedelta(days=1)]
    rows = [
        asked("ana", text, on=on, dig_deeper=True)
        for text, on in zip(("a", "b", "c"), days, strict=True)
    ]
    assert [one.question.text for one in dig_deeper(rows, "ana")] == ["b", "c", "a"]


# A plan for somebody


def test_the_first_plan_for_somebody_is_the_starter_plan() -> None:
    plan = suggest(BANK, [asked("ben", "hardest", answer="Nights.")], "ana")
    assert tuple(one.question for one in plan) == starter(BANK)
    assert {one.reason for one in plan} == {"part of the plan for a first interview"}


def test_what_they_answered_makes_room_for_what_they_were_not_asked() -> None:
    """Topics take turns; what nobody was asked comes before what others were."""
    rows = [asked("ana", one, answer="x") for one in starter(BANK)[:9]]
    rows += [asked("ben", "best-and-worst"), asked("ana", "misunderstood")]
    plan = suggest(BANK, rows, "ana")
    assert keys(plan) == [
        "newcomer-tasks", "in-five-years", "decided", "compared", "the-people", "stands-out",
        "how-to-start", "proud", "good-day", "who-else",
    ]  # fmt: skip
    assert {one.reason for one in plan[:-1]} == {"nobody was asked this yet"}


def test_what_was_asked_before_comes_after_what_nobody_was_asked() -> None:
    bank = tuple(BY_KEY[key] for key in ("misunderstood", "good-day"))
    plan = suggest(bank, [asked("ben", "misunderstood", answer="Much.")], "ana")
    assert plan == (
        (BY_KEY["good-day"], "nobody was asked this yet"),
        (BY_KEY["misunderstood"], "asked before, and not answered by them"),
    )


def test_what_to_dig_into_opens_a_plan() -> None:
    row = asked("ana", "hardest", answer="Nights.", follow_ups=("Why?",), dig_deeper=True)
    plan = suggest(BANK, [row], "ana")
    assert plan[0].question.text == "Why?"
    assert "hardest" not in keys(plan)
    assert keys(plan[1:9]) == [key for key in keys(starter(BANK)) if key != "hardest"][:8]
    assert plan[-1].question.key == "who-else"


def test_the_last_question_asks_for_a_referral_they_were_not_asked_for() -> None:
    rows = [asked("ana", "who-else", answer="Priya.")]
    assert suggest(BANK, rows, "ana")[-1].question.key == "other-view"


def test_who_was_asked_for_all_referrals_is_asked_again() -> None:
    rows = [asked("ana", one, answer="Priya.") for one in BANK if one.topic == "referral"]
    last = suggest(BANK, rows, "ana")[-1]
    assert last == (BY_KEY["who-else"], "whom they would name may have changed")


def test_referrals_to_dig_into_come_last_as_well() -> None:
    row = asked("ana", "who-else", answer="P.", follow_ups=("Who is P?", "Q?"), dig_deeper=True)
    plan = suggest(BANK, [row], "ana", 4)
    assert [one.question.text for one in plan[2:]] == ["Who is P?", "Q?"]
    assert suggest(BANK, [row], "ana", 1) == plan[2:3]
    assert suggest(BANK, [row], "ana", -1) == ()


def test_a_referral_that_is_in_the_plan_under_another_topic_is_not_there_twice() -> None:
    row = asked("ana", "who-else", topic="role", dig_deeper=True)
    assert keys(suggest([BY_KEY["who-else"]], [row], "ana")) == ["who-else"]


def test_a_question_is_left_out_only_for_one_that_is_in_the_plan() -> None:
    """Not for one that was left out itself."""
    bank = [BankQuestion(key, text, "role") for key, text in (("a", "How?"), ("a", "Why?"))]
    assert suggest([*bank, BankQuestion("b", "Why?", "role")], [], "ana")[1].question.key == "b"


def test_a_bank_without_referrals_has_plans_without() -> None:
    assert keys(suggest(BANK[:3], [], "ana")) == keys(BANK[:3])
    assert suggest([], [], "ana") == ()


def test_a_plan_of_one_question_asks_for_a_referral() -> None:
    assert keys(suggest(BANK, [], "ana", 1)) == ["who-else"]
    assert suggest(BANK, [], "ana", 0) == suggest(BANK, [], "ana", -1) == ()


SOME_ROWS = st.lists(ROW | st.sampled_from(BANK).map(lambda one: asked("ana", one, answer="x")))


@given(SOME_ROWS, st.integers(-1, 60), st.lists(st.sampled_from(BANK)))
def test_a_plan_holds_each_question_once_and_referrals_last(
    rows: list[Asked], n: int, bank: list[BankQuestion]
) -> None:
    plan = [one.question for one in suggest(bank, rows, "ana", n)]
    assert len(plan) <= max(n, 0)
    for place, question in enumerate(plan):
        assert not [one for one in plan[:place] if same_question(one, question)]
    topics = [question.topic for question in plan]
    assert topics == sorted(topics, key=lambda topic: topic == "referral")


@given(SOME_ROWS)
def test_a_plan_asks_what_was_answered_only_to_dig_or_for_a_referral(rows: list[Asked]) -> None:
    answers = answered_by(rows, "ana")
    wanted = {one.question for one in dig_deeper(rows, "ana")}
    for question, reason in suggest(BANK, rows, "ana", 60):
        if any(same_question(question, row) for row in answers):
            assert question in wanted or reason == "whom they would name may have changed"


@given(st.sets(st.sampled_from(BANK)))
def test_a_plan_is_full_and_covers_the_topics_while_there_are_questions(
    told: set[BankQuestion],
) -> None:
    """Where all on a topic is answered there is nothing to cover."""
    plan = suggest(BANK, [asked("ana", one, answer="x") for one in told], "ana")
    left = [one for one in BANK if one not in told]
    assert len(plan) == min(MANY, sum(one.topic != "referral" for one in left) + 1)
    assert plan[-1].question.topic == "referral"
    assert missing_topics(one.question for one in plan) == missing_topics(left)


def test_a_huge_answer_and_a_huge_bank_are_planned_with_in_no_time() -> None:
    bank = parse_bank(read_lines("\n".join(f"Why {n}?" for n in range(3_000))), "mine")
    rows = [asked("ana", f"why {n}", answer="x" * 100_000) for n in range(0, 3_000, 2)]
    begun = time.perf_counter()
    assert len(suggest(bank, rows, "ana")) == MANY
    assert guess_topic("who " * 250_000) == "role"
    assert time.perf_counter() - begun < 5
