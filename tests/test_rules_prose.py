"""What does a text say, however it is written?"""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.rules.durations import durations
from netcrm.rules.prose import Prose, phrases, shown

FORMS = phrases("my resume", r"i'm here", "caf(?:e|eteria)")
ODD = st.text(st.characters() | st.sampled_from("  \n\r\t.?!“é\u0301\u200dß’–\0{[İﬁ"), max_size=60)


@pytest.mark.parametrize(
    "written",
    [
        "my resume", "MY RESUME", "my résumé", "my\nresume", "my \r\n  resume", "my\u00a0resume",
        "my-resume", "my – resume".replace(" ", ""), "my re\u00adsume", "my re\u0301sume\u0301",
        "ｍｙ ｒｅｓｕｍｅ", "I’m here", "i`m here", "CAFÉ",
    ],
)  # fmt: skip
def test_capitals_accents_and_line_ends_make_no_difference(written: str) -> None:
    """And what was found is shown as it was written."""
    prose = Prose.read(f"🙂 ß see {written}, please")
    (found,) = prose.find(FORMS)
    assert found.text == written
    assert prose.text[found.start : found.end] == written


@pytest.mark.parametrize("written", ["army resume", "my resumed", "my. resume", "cafes"])
def test_only_whole_words_in_one_sentence_are_found(written: str) -> None:
    assert not Prose.read(written).says(FORMS)


def test_a_passage_ends_with_the_mark_on_its_last_letter() -> None:
    prose = Prose.read("cafe\u0301 x")
    assert [found.text for found in prose.find(FORMS)] == ["cafe\u0301"]


def test_half_of_a_letter_that_reads_as_two_is_the_whole_letter() -> None:
    assert {found.text for found in Prose.read("aßa").find(re.compile("s"))} == {"ß"}


@given(ODD)
def test_every_place_is_one_in_the_text(text: str) -> None:
    prose = Prose.read(text)
    for start, end in [*prose.sentences(), (0, len(prose.plain))]:
        assert 0 <= start <= end <= len(prose.plain)
        passage = prose.passage(start, end)
        assert 0 <= passage.start <= passage.end <= len(text)
        assert passage.text == text[passage.start : passage.end]


@given(ODD)
def test_nothing_is_lost_between_sentences(text: str) -> None:
    plain = Prose.read(text).plain
    parts = [plain[start:end] for start, end in Prose.read(text).sentences()]
    assert "".join("".join(parts).split()) == "".join(plain.split())
    assert all(part == part.strip() != "" for part in parts)


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_is_read_letter_by_letter(text: str) -> None:
    plain = Prose.read(text).plain
    assert plain.split() == text.lower().replace("`", "'").split()
    assert "  " not in plain


@given(ODD)
def test_two_ways_to_store_a_letter_read_the_same(text: str) -> None:
    composed, taken_apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert Prose.read(composed).plain == Prose.read(taken_apart).plain


SENTENCES = [
    ("One. Two! Three? four", ["one.", "two!", "three?", "four"]),
    ("Dear Dr. Wu, hello. Bye.", ["dear dr. wu, hello.", "bye."]),
    ("Ask J. Smith, e.g. today. Yes", ["ask j. smith, e.g. today.", "yes"]),
    ("Dr. Wu sings.", ["dr. wu sings."]),
    ("No. Yes.", ["no.", "yes."]),
    ("Plan b? Yes", ["plan b?", "yes"]),
    ("So did I. And you", ["so did i.", "and you"]),
    ("Really?! Yes.", ["really?!", "yes."]),
    ("“Why?” I said (no.) So", ["“why?” i said (no.)", "so"]),
    ("one line\nand the next", ["one line and the next"]),
    ("Dear Ana,\n\nI write.", ["dear ana,\ni write."]),
    ("No full stop\n\nA new part", ["no full stop", "a new part"]),
    ("1.5 and x.org", ["1.5 and x.org"]),
    ("", []),
    (" \n ", []),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentences(text: str, expected: list[str]) -> None:
    prose = Prose.read(text)
    assert [prose.plain[start:end] for start, end in prose.sentences()] == expected


@pytest.mark.parametrize(
    ("text", "subject", "mentioned"),
    [
        ("the match is about fit", "Residency match is about fit", True),
        ("a match", "Residency match is about fit", False),  # one word of three
        ("the hospital was busy", "City Hospital", True),  # one of two
        ("night shifts", "Night shifts are hard on young families and marriages", True),
        ("PSYCHIATRISTS", "psychiatry", True),
        ("a therapist", "therapy", True),
        ("a planner", "planning", False),
        ("a day of work", "the work", False),
        ("I like the work", "the work", True),  # nothing but empty words: all of them in a row
        ("work on it", "IT", True),
        ("anything", "", False),
        ("", "", False),
        ("anything", "🙂", False),
        ("müller", "MULLER", True),
        ("an angel", "angle", False),
    ],
)
def test_a_subject_is_mentioned_by_its_telling_words(
    text: str, subject: str, mentioned: bool
) -> None:
    assert Prose.read(text).mentions(subject) is mentioned


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Dear Zoe", True), ("Ms. Müller,", True), ("ZOË MÜLLER", True), ("Dear Dr.", False),
        ("zoes", False), ("", False),
    ],
)  # fmt: skip
def test_somebody_is_named_by_any_word_of_the_name_but_no_title(text: str, named: bool) -> None:
    assert Prose.read(text).names("Dr. Zoë Müller, PhD") is named


def test_what_is_long_is_shown_short() -> None:
    assert shown("two\n words") == "“two words”"
    assert shown("a" * 60) == f"“{'a' * 60}”"
    assert shown("a" * 61) == f"“{'a' * 59}…”"
    assert shown("b" * 1000) == f"“{'b' * 59}…”"


DURATIONS = [
    ("30 minutes", (30, 30)), ("20 to 30 min", (20, 30)), ("20–30 minutes", (20, 30)),
    ("between 20 and 30 mins", (20, 30)), ("half an hour", (30, 30)),
    ("a half-hour talk", (30, 30)), ("twenty to thirty minutes", (20, 30)),
    ("a 45-minute call", (45, 45)), ("an hour", (60, 60)), ("2 hours", (120, 120)),
    ("1.5 hours", (90, 90)), ("1,5 hours", None), ("one and a half hours", (90, 90)),
    ("an hour and a half", (90, 90)), ("Twenty minutes", (20, 20)), ("forty-five min.", (45, 45)),
    ("a quarter of an hour", (15, 15)), ("three quarters of an hour", (45, 45)), ("1h", (60, 60)),
    ("one to two hours", (60, 120)), ("30 to 20 minutes", (20, 30)), ("a few minutes", None),
    ("½ hour", (30, 30)),
    ("¾ hour", None),
    ("a minute", None), ("3 weeks", None), ("minutes", None), ("99999 minutes", None),
    ("9" * 9999 + " minutes", None), ("20 minutesque", None), ("٣٠ minutes", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), DURATIONS)
def test_lengths_of_time_are_read_in_minutes(
    text: str, expected: tuple[float, float] | None
) -> None:
    found = [(low, high) for low, high, _ in durations(Prose.read(f"Is {text} fine?"))]
    assert found == ([expected] if expected else [])


def test_each_length_of_time_is_found_where_it_stands() -> None:
    text = "Shall we speak for 3 hours or 5\nmin?"
    assert [place.text for *_, place in durations(Prose.read(text))] == ["3 hours", "5\nmin"]


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_a_range_goes_from_its_least_to_its_most(one: int, other: int) -> None:
    ((low, high, place),) = durations(Prose.read(f"{one} to {other} minutes"))
    assert (low, high) == (min(one, other), max(one, other))
    assert place.start == 0


NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "fifteen": 15, "twenty": 20,
    "twenty-five": 25, "thirty": 30, "forty": 40, "forty-five": 45, "fifty": 50, "sixty": 60,
    "ninety": 90,
}  # fmt: skip


@pytest.mark.parametrize(("word", "number"), NUMBERS.items())
def test_numbers_may_be_words(word: str, number: int) -> None:
    ((low, high, _),) = durations(Prose.read(f"{word} minutes"))
    assert low == high == number
