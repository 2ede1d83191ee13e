"""Is a request worth sending?"""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from netcrm.rules.circumstances import KINDS, Circumstances, Referrer
from netcrm.rules.judging import Finding
from netcrm.rules.lint import lint

FOUND = "I found your name in the Harbour College alumni list, where"
WHO = "I am in my final year of geography."
WANT = "I am exploring city planning, and how you came to the planning office in Leeds makes me"
ASK = "Would you have half an hour to tell me what your days are made of?"
HOW = "By phone, by video or in person, at a time that suits you."
GOOD = f"Dear Ines, {FOUND} {WHO} {WANT} curious. {ASK} {HOW} Many thanks for reading. Tom Baker"
TO_INES = Circumstances(
    recipient=("Ines Duarte",),
    facts=("Leeds City Council", "Planning officer"),
    known_by=("Harbour College alumni", "the web"),
    me=("Tom Baker",),
    about_me=("geography",),
    interests=("what planners decide", "city planning"),
)
BAD = (
    "Hello {name}, I am looking for a placement and hear that your firm is hiring. May I send you"
    " my resume? Are there any vacancies? Whom should I ask? Could we speak for 3 hours or 5 min?"
)


def codes(kind: str, text: str, context: Circumstances | None = None) -> set[str]:
    return {finding.code for finding in lint(kind, text, context)}


def only(kind: str, text: str, context: Circumstances | None = None) -> Finding:
    (finding,) = lint(kind, text, context)
    return finding


def known(**changes: Any) -> Circumstances:
    return attrs.evolve(TO_INES, **changes)


@pytest.mark.parametrize("context", [None, TO_INES])
def test_a_good_request_has_no_findings(context: Circumstances | None) -> None:
    assert lint("request", GOOD, context) == ()


@pytest.mark.parametrize("context", [None, TO_INES])
def test_a_bad_request_has_these(context: Circumstances | None) -> None:
    assert sorted(codes("request", BAD, context)) == [
        "O02", "O03", "O04", "O05", "O06", "O07", "O08", "O09", "O10"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("without", "instead", "code", "severity"),
    [
        ("Many thanks", "Much more could be said here. " * 7 + "Many thanks", "O01", "warning"),
        (ASK, f"{ASK} Have you got any openings?", "O02", "error"),
        (f"{FOUND} {WHO}", WHO, "O03", "warning"),
        (f"{WANT} curious.", "It is the officers of Leeds who count.", "O04", "warning"),
        ("half an hour", "some time", "O05", "warning"),
        (", at a time that suits you", "", "O06", "warning"),
        ("By phone, by video or in", "In", "O07", "info"),
        (ASK, "I would love half an hour to hear what your days are made of.", "O08", "info"),
        ("Ines", "Eva", "O09", "warning"),
        ("final year", "{which} year", "O10", "error"),
        (WHO, "many leave for cities.", "O11", "warning"),
        ("Tom Baker", "More on me is attached. Tom Baker", "O12", "warning"),
        ("Dear Ines,", "To Ines:", "O14", "info"),
        (ASK, f"{ASK} I hope to start with you.", "O15", "info"),
    ],
)
def test_what_is_missing_is_found_and_nothing_else(
    without: str, instead: str, code: str, severity: str
) -> None:
    text = GOOD.replace(without, instead)
    assert text != GOOD
    found = only("request", text, TO_INES)
    assert (found.code, found.severity) == (code, severity)


def test_a_hundred_words_are_not_too_many() -> None:
    filler = " ok" * (100 - len(GOOD.split()))
    assert codes("request", GOOD + filler) == set()
    assert only("request", GOOD + filler + " ok").text == "keep it to 100 words; this has 101"


def test_each_ask_for_a_job_is_shown_where_it_stands() -> None:
    found = [f for f in lint("request", BAD) if f.code == "O02"]
    assert [BAD[f.start : f.end] for f in found] == [
        "looking for a placement", "hiring", "my resume", "any vacancies"
    ]  # fmt: skip
    assert "leave out “my resume”" in found[2].text


# --- O03 how I found them


@pytest.mark.parametrize(
    "said",
    [
        "Janet Kim suggested that I write to you.", "We met at the open day.",
        "I read your article on trees.", "I am a fellow geographer.", "We both studied geography.",
        "A mutual friend told me about you.", "I was referred to you by a teacher.",
        "I saw on LinkedIn that you plan towns.", "I came across your profile.",
        "Ana gave me your address.", "Ana told me of you.", "A friend of mine knows of this.",
        "I saw that you plan towns.", "We have a common friend.", "Your name came up.",
        "Ana was my classmate.", "It was when we talked.", "I follow your blog.",
    ],
)  # fmt: skip
def test_ways_to_say_how_i_found_them(said: str) -> None:
    assert codes("request", GOOD.replace(f"{FOUND} {WHO}", f"{said} {WHO}")) == set()


def test_to_name_the_source_or_the_referrer_says_how_i_found_them() -> None:
    text = GOOD.replace(FOUND, "As a member of the Rowing Club")
    assert codes("request", text, TO_INES) == {"O03"}
    assert codes("request", text, known(known_by=("rowing club",))) == set()
    yes = Referrer("Rowena Club", "yes")
    assert codes("request", text, known(referrers=(yes,))) == set()


def test_the_greeting_is_no_sentence_and_the_fourth_is_too_late() -> None:
    def with_filler(sentences: int) -> str:
        middle = "It rains. " * sentences
        return GOOD.replace(f"Dear Ines, {FOUND}", f"Hello Ines! {middle}{FOUND}")

    assert codes("request", with_filler(2)) == set()
    assert codes("request", with_filler(3)) == {"O03"}


def test_a_longer_greeting_is_one_as_well() -> None:
    text = GOOD.replace(
        f"Dear Ines, {FOUND}", f"Good morning, dear Ines Duarte! {'So. ' * 2}{FOUND}"
    )
    assert codes("request", text) == {"O09"}  # it is not seen for whom
    assert codes("request", text, TO_INES) == set()


def test_what_to_name_is_suggested() -> None:
    text = GOOD.replace(f"{FOUND} {WHO}", WHO)
    assert only("request", text, TO_INES).text.endswith("such as “Harbour College alumni”")
    assert only("request", text).text.endswith("how you found them")


# --- O04 what I want


def test_an_interest_on_record_will_do() -> None:
    text = GOOD.replace("I am exploring city planning", "City planning is close to me")
    text = text.replace(" makes me curious", " I like")
    assert codes("request", text) == {"O04"}
    assert codes("request", text, TO_INES) == set()
    assert only("request", text, known(interests=("bridges",))).text.endswith("such as “bridges”")


@pytest.mark.parametrize(
    "said",
    ["I would love to know it.", "My goal is to plan.", "I dream of a career in it.",
     "I hope to become one.", "I am curious.", "I am thinking about it.",
     "I want to find out about it."],
)  # fmt: skip
def test_ways_to_say_what_i_want(said: str) -> None:
    assert "O04" not in codes("request", f"{said} From you!")


@pytest.mark.parametrize(
    "said",
    ["your experience", "your honest opinion", "your own story", "how you began", "what it is like",
     "to learn from you", "tell me", "why you stay"],
)  # fmt: skip
def test_ways_to_want_their_view(said: str) -> None:
    assert "O04" not in codes("request", f"I am curious: {said}.")


def test_an_interest_without_their_view_is_half_of_it() -> None:
    text = GOOD.replace(ASK, "Would you have half an hour to talk?")
    text = text.replace("how you came to the", "the")
    assert "their view" in only("request", text, TO_INES).text


# --- O05 how long


@pytest.mark.parametrize(
    "length",
    ["20 minutes", "60 minutes", "an hour", "20 to 30 min", "30 minutes, not 2 hours,"],
)
def test_lengths_that_may_be_asked_for(length: str) -> None:
    assert codes("request", GOOD.replace("half an hour", length)) == set()


@pytest.mark.parametrize("length", ["2 hours", "10 minutes", "20 to 90 minutes", "14 minutes"])
def test_other_lengths_are_shown_where_they_stand(length: str) -> None:
    text = GOOD.replace("half an hour", length)
    found = only("request", text)
    assert found.text == f"ask for 20 to 60 minutes; this asks for {length}"
    assert (found.severity, text[found.start : found.end]) == ("warning", length)


@pytest.mark.parametrize(
    "length", ["15 minutes", "15 to 20 minutes", "15 to 60 minutes", "a quarter of an hour"]
)
def test_a_quarter_of_an_hour_is_only_noted(length: str) -> None:
    found = only("request", GOOD.replace("half an hour", length))
    assert (found.code, found.severity) == ("O05", "info")


def test_the_minutes_to_ask_for_are_named() -> None:
    text = GOOD.replace("half an hour", "some time")
    assert "ask for 25 minutes" in only("request", text, known(minutes=25)).text
    assert "ask for 30 minutes" in only("request", text).text


# --- O06 to O08 when, in which way, and the question


@pytest.mark.parametrize(
    "said",
    ["whenever you like", "at your convenience", "I can work around your schedule",
     "at a time that works best for you", "when you are free", "I am flexible"],
)  # fmt: skip
def test_ways_to_leave_the_time_to_them(said: str) -> None:
    assert codes("request", GOOD.replace("at a time that suits you", said)) == set()


@pytest.mark.parametrize(
    ("ways", "enough"),
    [
        ("Over coffee or on Zoom", True), ("Face to face, or online", True),
        ("By telephone or FaceTime", True), ("I can call you or drop by", True),
        ("In person or by phone", True), ("At your office or by video", True),
        ("By phone or Skype", True), ("On Google Meet, or I call you", True), ("By video", False),
        ("On Teams, or I ring you", True), ("In a virtual meeting, or by phone", True),
        ("By video call", False), ("Over coffee in person", False), ("In any way", False),
    ],
)  # fmt: skip
def test_two_ways_to_talk_are_two_of_three(ways: str, enough: bool) -> None:
    text = GOOD.replace("By phone, by video or in person", ways)
    assert ("O07" in codes("request", text)) is not enough


def test_three_questions_are_not_too_many_and_the_fourth_is_shown() -> None:
    three = GOOD.replace(ASK, f"What is hard? What is easy? {ASK}")
    assert codes("request", three) == set()
    four = GOOD.replace(ASK, f"What is hard? What is easy? What is new? {ASK}")
    found = only("request", four)
    assert (found.code, four[found.start : found.end]) == ("O08", ASK)


def test_questions_are_no_request() -> None:
    text = GOOD.replace(ASK, "What are your days made of? I would love half an hour.")
    assert "as a question" in only("request", text).text


# --- O09 who it is for


@pytest.mark.parametrize(
    ("greeting", "personal"),
    [
        ("Dear Ms. Duarte,", True), ("Hi Ines", True), ("Good morning Ines,", True),
        ("Dear Sir or Madam,", False), ("Dear all,", False), ("Hello there,", False),
        ("Hi,", False), ("Hi I", False),
    ],
)  # fmt: skip
def test_a_greeting_by_name(greeting: str, personal: bool) -> None:
    text = GOOD.replace("Dear Ines,", greeting)
    assert ("O09" in codes("request", text)) is not personal
    assert ("O09" in codes("request", text, TO_INES)) is not personal


def test_a_fact_about_them_is_wanted_where_one_is_known() -> None:
    text = GOOD.replace("planning office in Leeds", "trade").replace("city planning", "maps")
    assert codes("request", text) == set()
    (found,) = lint("request", text, known(interests=()))
    assert (found.code, "such as “Leeds City Council”" in found.text) == ("O09", True)


# --- O10 to O14


@pytest.mark.parametrize(
    "left",
    ["{name}", "{{ first_name }}", "{}", "[Name]", "[your school]", "TODO", "to be TBD", "___",
     "<first name>", "<Your Name>", "FIXME", "TO-DO"],
)  # fmt: skip
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nothing_may_be_left_to_fill_in(kind: str, left: str) -> None:
    text = f"Dear Ines, {left}!"
    (found,) = (f for f in lint(kind, text) if f.code == "O10")
    assert text[found.start : found.end] in left


@pytest.mark.parametrize("text", ["Médicos del Todo", "[1]", "a_b", "< 3", "todo el día", "{\n}"])
def test_other_signs_are_no_gaps(text: str) -> None:
    assert "O10" not in codes("request", text)


@pytest.mark.parametrize(
    "said",
    ["My name is Tom.", "As a student I write.", "I study maps.", "I'm at school."],
)
def test_ways_to_say_who_i_am(said: str) -> None:
    assert "O11" not in codes("request", f"Hello. {said}")


@pytest.mark.parametrize("said", ["I am writing to you.", "I'm sorry.", "I like maps."])
def test_ways_to_say_nothing_of_me(said: str) -> None:
    assert "O11" in codes("request", f"Hello. {said}")
    assert "O11" not in codes(
        "request", f"Hello. {said}", Circumstances(about_me=("maps sorry", "writing"))
    )


@pytest.mark.parametrize(
    ("said", "attached"),
    [
        ("Please find my essay below", True), ("See the attachment", True),
        ("I enclose my grades", True), ("I attach a photo", True),
        ("I am attached to this town", False), ("I read on attachment theory", False),
    ],
)  # fmt: skip
def test_an_attachment_is_one_only_if_something_is_sent(said: str, attached: bool) -> None:
    assert ("O12" in codes("request", said)) is attached


def test_a_note_on_linkedin_has_a_limit_that_may_be_set() -> None:
    text = "x" * 201
    note = Circumstances(channel="linkedin_note")
    (found,) = (f for f in lint("request", text, note) if f.code == "O13")
    assert found[1:] == (
        "error",
        "a LinkedIn note has at most 200 characters; this has 201",
        200,
        201,
    )
    assert "O13" not in codes("request", text[:200], note)
    assert "O13" not in codes("request", text, attrs.evolve(note, note_limit=300))
    assert "O13" not in codes("request", text)


def test_a_note_on_linkedin_need_not_say_it_all() -> None:
    text = "Dear Ines, we both went to Harbour College. I am a student who would like to learn"
    text += " about planning from you, and would love to connect."
    assert codes("request", text) == {"O05", "O06", "O07", "O08", "O14"}
    assert codes("request", text, Circumstances(channel="linkedin_note")) == set()


@pytest.mark.parametrize("channel", ["phone", "in_person", "video"])
def test_a_script_may_be_long_and_ask_more(channel: str) -> None:
    more = "Hello. Is that you? Have you got a moment? Shall I go on? " + "Well. " * 70
    text = GOOD.replace(f"Dear Ines, {FOUND}", f"{more} Ines, {FOUND}")
    assert codes("request", text, TO_INES) == {"O01", "O03", "O08"}
    assert codes("request", text, known(channel=channel)) == set()


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Hello Ines. Thank you.", 0), ("Hello Ines. Could we talk?", 0),
        ("Hi Ines, please do.", 0),
        ("Hi Ines, I am grateful.", 0), ("Hi Ines, kindly reply.", 0), ("Hi, appreciated!", 0),
        ("Hi, with gratitude", 0), ("Ines, thanks.", 0),
        ("Hello Ines.", 1), ("Thank you.", 1), ("Inessential. Thanks", 1), ("", 2),
    ],
)  # fmt: skip
def test_polite_is_to_greet_and_to_thank_or_ask_kindly(text: str, missing: int) -> None:
    assert [f.code for f in lint("request", text, TO_INES)].count("O14") == missing


@pytest.mark.parametrize(
    ("said", "narrow"),
    [
        ("I saw the vacancy on your page", True), ("I hope to work for your company", True),
        ("I dream of a career at your bank", True), ("I would like to join your firm", True),
        ("I want this only for your view", False), ("I admire your work at the bank", False),
        ("I see a career in banking", False),
    ],
)  # fmt: skip
def test_interest_should_be_wider_than_one_vacancy_or_employer(said: str, narrow: bool) -> None:
    assert ("O15" in codes("request", said)) is narrow


# --- O16 the name of a referrer

NAMED = [
    ("Janet Kim told me of you.", True),
    ("JANET KIM told me of you.", True),
    ("janet told me of you.", True),
    ("Prof. Kim told me of you.", True),
    ("Kim told me of you.", False),  # a family name alone may be anything
    ("Somebody told me of you.", False),
]


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(("text", "named"), NAMED)
def test_a_referrer_is_named_only_with_permission(kind: str, text: str, named: bool) -> None:
    def found(permission: Any) -> list[Finding]:
        context = known(referrers=(Referrer("Dr. Janet Kim", permission),))
        return [f for f in lint(kind, text, context) if f.code == "O16"]

    assert bool(found("no")) is bool(found("unknown")) is named
    assert found("yes") == []
    if named:
        assert "ask them first" in found("unknown")[0].text
        assert "ask them first" not in found("no")[0].text
        assert "does not want" in found("no")[0].text
        assert text[found("no")[0].start : found("no")[0].end] == text[: text.index(" told")]


def test_a_referrer_is_asked_first_unless_they_said_yes() -> None:
    assert Referrer("Janet Kim").may_use_name == "unknown"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("I will ask. Will you?", False), ("It was Will who wrote.", True),
        ("will smith wrote", True), ("Yes, Will wrote.", True), ("Ask Mr Smith", True),
    ],
)  # fmt: skip
def test_a_name_that_is_a_word_is_told_by_its_capital(text: str, named: bool) -> None:
    assert (
        "O16" in codes("report_back", text, known(referrers=(Referrer("Will Smith"),)))
    ) is named


def test_a_given_name_that_we_share_is_ours() -> None:
    for name in ("Ines Kim", "Tom Kim"):
        context = known(referrers=(Referrer(name),))
        assert codes("request", GOOD, context) == set()
        assert codes(
            "request", GOOD.replace("Many thanks", f"{name} wrote. Many thanks"), context
        ) == {"O16"}


def test_what_went_to_the_referrer_may_name_them() -> None:
    assert "O16" not in codes(
        "report_back", "Dear Ines", known(referrers=(Referrer("Ines Duarte"),))
    )


# --- which rules are for which drafts


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("request", "O01 O02 O03 O04 O05 O06 O07 O08 O09 O10 O11 O12 O14 O15"),
        ("follow_up", "O01 O02 O04 O05 O06 O08 O09 O10 O12 O14 O15"),
        ("introduction_request", "O02 O08 O10 O12 O14 O15"),
        ("thank_you", "O02 O10 T02 T03 T06"),
        ("progress_update", "O02 O10 U01 U02"),
        ("reconnect", "O02 O10 U01 U02"),
        ("decline_graciously", "O02 O10"),
        ("report_back", "O02 O10"),
        ("introduction_offer", "O02 O08 O10 O12 O14 O15"),
        ("introduction", "O02 O10"),
    ],
)
def test_each_kind_of_draft_has_its_rules(kind: str, expected: str) -> None:
    worst = "[Name]: the vacancy, and my CV is attached. " + "So. " * 99
    assert sorted(codes(kind, worst)) == expected.split()


def test_all_kinds_are_known() -> None:
    assert len(KINDS) == 10
