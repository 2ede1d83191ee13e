"""Text: what may be stored, and what counts as the same when searching."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.errors import InvalidError
from netcrm.model.text import clean, fold, slug, words

UNICODE = st.text()
STORABLE = st.text(st.characters(exclude_characters="\0", codec="utf-8"))
LETTERS = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=1)
ACCENTS = st.sampled_from("\u0301\u0308\u0327\u030a")
INVISIBLE = st.sampled_from("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0f")


@given(STORABLE)
def test_clean_text_is_composed_and_has_no_blanks_around_it(value: str) -> None:
    """What is stored is in NFC, trimmed, and cleaning it again changes nothing."""
    made = clean(value)
    assert made == made.strip()
    assert unicodedata.is_normalized("NFC", made)
    assert clean(made) == made


@given(STORABLE)
def test_both_ways_to_write_an_accent_are_stored_as_one(value: str) -> None:
    """Composed and decomposed spellings cannot be told apart on a screen, so one is kept."""
    assert clean(unicodedata.normalize("NFD", value)) == clean(value)


@given(STORABLE, STORABLE)
def test_text_with_nul_is_refused(before: str, after: str) -> None:
    """Some databases end a text at NUL."""
    with pytest.raises(InvalidError, match="NUL"):
        clean(f"{before}\0{after}")


@given(STORABLE, st.characters(categories=["Cs"]), STORABLE)
def test_half_a_character_is_refused(before: str, half: str, after: str) -> None:
    """A lone surrogate has no UTF-8, so no file could hold it."""
    with pytest.raises(InvalidError, match="surrogate"):
        clean(f"{before}{half}{after}")


@pytest.mark.parametrize("value", [None, 5, b"Ana", ["Ana"]])
def test_only_text_is_text(value: object) -> None:
    """Numbers, bytes and nothing at all are refused rather than converted."""
    with pytest.raises(InvalidError, match="expected text"):
        clean(value)  # type: ignore[arg-type]


@given(UNICODE)
def test_folding_twice_is_folding_once(value: str) -> None:
    """Folded text folds to itself, so it can be compared with freshly folded text."""
    assert fold(fold(value)) == fold(value)


def test_every_character_folds_and_slugs_once() -> None:
    """The same, character by character: random text would seldom meet the odd ones."""
    every = [chr(code) for code in range(0x20000) if not 0xD800 <= code <= 0xDFFF]
    assert [c for c in every if fold(fold(c)) != fold(c)] == []
    assert [c for c in every if slug(slug(c)) != slug(c)] == []


@given(LETTERS)
def test_case_does_not_matter(value: str) -> None:
    """Whoever types all capitals means the same."""
    assert fold(value.lower()) == fold(value) == fold(value.title())


@given(LETTERS, st.data())
def test_accents_and_invisible_characters_do_not_matter(value: str, data: st.DataObject) -> None:
    """Two names that differ only in accents, or in what nobody can see, fold to the same."""
    mark = data.draw(ACCENTS | INVISIBLE)
    place = data.draw(st.integers(1, len(value)))
    assert fold(value[:place] + mark + value[place:]) == fold(value)


@given(UNICODE)
def test_words_are_folded_and_hold_no_blanks(value: str) -> None:
    """Words joined by blanks give the same words again: a search text can be stored as one."""
    found = words(value)
    assert words(" ".join(found)) == found
    assert all(word == fold(word) and word and not re.search(r"[\s_]", word) for word in found)


@given(UNICODE, UNICODE)
def test_words_of_two_texts_are_the_words_of_each(one: str, other: str) -> None:
    """A blank, a hyphen and an underscore each end a word."""
    for joint in " -_":
        assert words(one + joint + other) == words(one) + words(other)


@given(UNICODE)
def test_a_slug_is_a_slug(value: str) -> None:
    """What is made to be typed is typed as it is: lower case, joined by hyphens, made once."""
    made = slug(value)
    assert slug(made) == made
    assert not re.search(r"[\s'’_]", made)
    assert made.strip("-") == made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zoë O'Neill", "zoe-oneill"),
        ("Zoë O’Neill", "zoe-oneill"),
        ("  MÜLLER,  Jörg (Dr.) ", "muller-jorg-dr"),
        ("foo_bar", "foo-bar"),
        ("Straße 5", "strasse-5"),
        ("Ana ❤️", "ana"),
        ("Łukasz Sørensen-Yıldız", "lukasz-sorensen-yildiz"),
        ("Иван Петров", "иван-петров"),
        ("राम", "राम"),
        ("★ !", ""),
        ("", ""),
    ],
)
def test_slugs_of_names(text: str, expected: str) -> None:
    """Names become words to type; a name of no letters becomes nothing."""
    assert slug(text) == expected


def test_vowel_signs_are_part_of_their_word() -> None:
    """In many scripts a vowel is a mark on a consonant: without it, Ram and Rima were one name."""
    assert words("राम शर्मा") != words("रीमा शर्मा")
    assert len(words("राम शर्मा")) == len(words("ก้อง ใจดี")) == 2
