"""Organisations: one key for one of them, with or without its legal form."""

# ruff: noqa: SIM905, RUF005 - lists as people read them

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from netcrm.model.text import words
from netcrm.rules.organisations import organisation_key
from netcrm.rules.vocabulary import EAST_ASIAN_FORMS, LEGAL_FORMS

PIECES = st.sampled_from(
    "The Acme & + and Co. Ltd, Inc S.A. S A GmbH e.V. Zoë 7 - \u200b 腾讯".split()
    + [*EAST_ASIAN_FORMS]
)
TEXT = st.text() | st.lists(PIECES).map(" ".join) | st.lists(PIECES).map("".join)
WORDS = st.sampled_from("Acme Widgets Zoë Müller Barnes Mercy North Bank Plan Österreich".split())
NAME = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@given(TEXT)
def test_the_key_of_a_key_is_itself(name: str) -> None:
    assert organisation_key(organisation_key(name)) == organisation_key(name)


@given(TEXT)
def test_a_name_that_says_something_has_a_key(name: str) -> None:
    assume(not set("&+") & set(unicodedata.normalize("NFKD", name)))
    assert bool(organisation_key(name)) == bool(words(name))


@pytest.mark.parametrize("form", [" ".join(form) for form in LEGAL_FORMS])
def test_a_legal_form_behind_a_name_does_not_matter(form: str) -> None:
    for name in ("Acme Widgets", "Zoë", "North Bank"):
        for written in (form, form.upper(), form.title(), form.replace(" ", ".") + "."):
            assert organisation_key(f"{name} {written}") == organisation_key(name)
            assert organisation_key(f"{name}, {written}") == organisation_key(name)
    assert organisation_key(form) != ""


@given(NAME, st.lists(st.sampled_from([form[0] for form in LEGAL_FORMS if len(form) == 1])))
def test_nor_do_several_of_them(name: str, forms: list[str]) -> None:
    assert organisation_key(" ".join([name, *forms])) == organisation_key(name)


@pytest.mark.parametrize("form", EAST_ASIAN_FORMS)
@pytest.mark.parametrize("name", ["腾讯控股", "ソニー", "삼성전자", "Acme"])
def test_a_legal_form_may_stand_before_a_name_and_without_a_blank(form: str, name: str) -> None:
    for written in (f"{name}{form}", f"{form}{name}", f"{form} {name}", f"「{name}{form}」"):
        assert organisation_key(written) == organisation_key(name)
    assert organisation_key(form + form) == organisation_key(form) != ""


@given(NAME)
def test_case_accents_punctuation_and_the_do_not_matter(name: str) -> None:
    key = organisation_key(name)
    taken_apart = unicodedata.normalize("NFD", name)
    for written in (name.upper(), f"The {name}", f" “{name}”. ", taken_apart):
        assert organisation_key(written) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("The Acme Widgets Co., Ltd.", "acme widgets"),
        ("Barnes & Noble, Inc.", "barnes and noble"),
        ("Smith & Co.", "smith"),
        ("AT&T", "at and t"),
        ("Plan A", "plan a"),
        ("Plan", "plan"),
        ("Vitamin C", "vitamin c"),
        ("Team S", "team s"),
        ("Compass", "compass"),
        ("Incorporated Minds", "incorporated minds"),
        ("The Company", "company"),
        ("The", "the"),
        ("S.A.", "s a"),
    ],
)
def test_names_as_they_are_found(name: str, key: str) -> None:
    assert organisation_key(name) == key
