"""Names: what somebody is called, however much else was typed beside it."""

# ruff: noqa: SIM905 - lists as people read them

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.text import fold, words
from netcrm.rules.names import bare_name, parse_name
from netcrm.rules.vocabulary import CREDENTIALS, GENERATIONS, NICKNAMES, PRONOUNS, TITLES

PIECES = st.sampled_from(
    "Dr. Prof Mr PhD MBA M.D. SHRM-CP (she/her) she/her Jr III née Zoë Müller Ana Ruiz O'Neil "
    "毛泽东 👋 , ; - – / | · ' \" “ ” ( ) [ ] 7 . & \u200b \u00a0".split(" ")
)
TEXT = st.text() | st.lists(PIECES).map(" ".join) | st.lists(PIECES).map("".join)
GIVEN = st.sampled_from("Ana Zoë José Łukasz Nguyễn Ma Ed Олег".split())
FAMILY = st.sampled_from("Ruiz Müller Okafor O'Neil Li Do Smith-Jones Šimić Петров".split())
NAME = st.builds("{} {}".format, GIVEN, FAMILY)


@given(TEXT)
def test_a_bare_name_has_nothing_left_to_take_off(name: str) -> None:
    assert bare_name(bare_name(name)) == bare_name(name)


@given(TEXT)
def test_a_name_that_says_something_says_something_when_bare(name: str) -> None:
    assert bool(words(bare_name(name))) == bool(words(name))
    assert bool(parse_name(name).words) == bool(words(name))
    assert bool(bare_name(name)) == bool(name.strip())


@given(TEXT)
def test_every_word_of_a_bare_name_was_typed(name: str) -> None:
    assert set(words(bare_name(name))) <= set(words(name))
    assert set(parse_name(name).also) <= set(words(name))


@given(NAME)
def test_a_plain_name_stays_as_it_is(name: str) -> None:
    assert bare_name(name) == name
    assert parse_name(name) == (words(name), (), "")


@pytest.mark.parametrize(
    "pattern",
    [
        "Dr. {}",
        "Prof. Dr. {}",
        "Mx {}",
        "{}, PhD",
        "{}, Ph.D., MPH",
        "{} M.D.",
        "{} PhD MBA",
        "{}, SHRM-CP, CFA®",
        "{}, MBA-PMP",
        "{} (she/her)",
        "{} (they / them)",
        "{} he/him",
        "{} | she/her/hers",
        "{} 👋",
        "🌍 Dr. {} 👋",
        "{} ☀️, RN",
        "{} PhD 👋 (she/her)",
        "Dr {} Ph\u200bD",
        "  {}\u00a0 ",
    ],
)
@given(name=NAME)
def test_what_stands_beside_a_name_is_no_part_of_it(pattern: str, name: str) -> None:
    assert bare_name(pattern.format(name)) == name
    assert parse_name(pattern.format(name)) == parse_name(name)


@given(NAME, st.data(), st.sampled_from("\u200b\u200d\u2060\ufeff\u00ad"))
def test_what_nobody_can_see_is_no_part_of_a_name(name: str, data: st.DataObject, c: str) -> None:
    place = data.draw(st.integers(0, len(name)))
    assert parse_name(name[:place] + c + name[place:]).words == parse_name(name).words


@given(NAME)
def test_however_an_accent_is_written_the_name_is_one(name: str) -> None:
    assert parse_name(unicodedata.normalize("NFD", name)) == parse_name(name)
    assert parse_name(fold(name)) == parse_name(name)


@given(GIVEN, FAMILY)
def test_a_family_name_before_a_comma_goes_last(given: str, family: str) -> None:
    assert bare_name(f"{family}, {given}") == f"{given} {family}"
    assert parse_name(f"{family}, Dr. {given}, PhD").words == words(f"{given} {family}")


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Ed Ma", "Ed Ma"),
        ("Ma, Ed", "Ed Ma"),
        ("Ruiz, MA", "Ruiz"),
        ("ED MA", "ED MA"),
        ("Jo Ann Do", "Jo Ann Do"),
        ("Ruiz Gómez, Ana María", "Ana María Ruiz Gómez"),
        ("van der Berg, Ana", "Ana van der Berg"),
        ("Ana Ruiz - Coach", "Ana Ruiz"),
        ("Ana Ruiz | Coach", "Ana Ruiz"),
        ("Dr", "Dr"),
        ("Mr 👋", "Mr"),
        ("PhD", "PhD"),
        ("she/her", "she/her"),
        ("👋", "👋"),
        ("(Ana)", "(Ana)"),
    ],
)
def test_names_that_look_like_something_else(name: str, bare: str) -> None:
    """Letters that are degrees are also family names, and who is called nothing else is "Dr"."""
    assert bare_name(name) == bare


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ('Robert "Bob" Smith', ("bob",)),
        ("Robert “Bob” Smith", ("bob",)),
        ("Ana 'Annie' O'Neil", ("annie",)),
        ("Jane Smith (née Doe)", ("doe",)),
        ("Jane Smith (formerly Doe)", ("doe",)),
        ("Xiaoming Li (Kevin) (he/him)", ("kevin",)),
        ("Ana Ruiz (PhD)", ()),
        ("Ana Ruiz (ask me about data science)", ()),
    ],
)
def test_names_in_brackets_or_quotation_marks_are_other_names(
    name: str, also: tuple[str, ...]
) -> None:
    assert parse_name(name).also == also


@pytest.mark.parametrize(
    ("name", "generation"),
    [
        ("Sammy Davis, Jr.", "jr"),
        ("Sammy Davis Junior", "jr"),
        ("Davis, Sammy, Sr", "sr"),
        ("Sammy Davis III, PhD", "iii"),
        ("Sammy Davis", ""),
        ("Junior Davis", ""),
    ],
)
def test_a_generation_is_told_apart_from_the_name(name: str, generation: str) -> None:
    assert parse_name(name).generation == generation
    assert parse_name(name).words == (
        ("junior" if name.startswith("Junior") else "sammy"),
        "davis",
    )


def test_the_lists_of_words_are_as_words_are_compared() -> None:
    listed = [*CREDENTIALS, *GENERATIONS, *TITLES, *PRONOUNS, *(n for g in NICKNAMES for n in g)]
    assert [word for word in listed if words(word) != (word,)] == []
    assert [group for group in NICKNAMES if len(set(group)) != len(group) or len(group) < 2] == []
