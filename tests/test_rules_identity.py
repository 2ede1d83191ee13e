"""Is this a person we know? By identifiers, never by a guess."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.text import words
from netcrm.rules.identity import Book, Known, full_name, identifier, identifiers, linkedin_slug

SLUG = st.text(
    st.characters(exclude_characters="/?#%\\", exclude_categories=("Cs", "Cc", "Z")), min_size=1
)
KINDS = ["email", "phone", "url", "postal", "im"]


@given(st.sampled_from(KINDS), st.text(st.characters(codec="utf-8")))
def test_identifying_twice_is_identifying_once(kind: str, value: str) -> None:
    """Invariant 34: the normal form of a normal form is itself."""
    made = identifier(kind, value)
    scheme, _, normal = made.partition(":")
    assert scheme == kind or (scheme, kind) == ("linkedin", "url")
    if scheme != "linkedin":
        assert identifier(kind, normal) == made


@given(SLUG)
def test_a_profile_is_its_slug(slug: str) -> None:
    """However a LinkedIn address is written, it is one person; the slug is its normal form."""
    found = linkedin_slug(f"https://www.linkedin.com/in/{slug}")
    variants = [
        f"http://linkedin.com/in/{slug}/",
        f"linkedin.com/in/{quote(slug)}",
        f"HTTPS://UK.LinkedIn.com/in/{slug}?trk=people",
        f"//m.linkedin.com/IN/{slug}/en#top",
        f"https:linkedin.com/in/{slug}?next=https://example.org",
        f"  https://www.linkedin.com/in/{found}  ",
    ]
    assert {linkedin_slug(url) for url in variants} == {found}
    assert {identifier("url", url) for url in variants} == {f"linkedin:{found}"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.linkedin.com/in/JosÉ-Ruiz", "linkedin.com/in/jose%CC%81-ruiz/"),
        ("https://de.linkedin.com/in/m%C3%BCller", "http://www.linkedin.com/in/Mu\u0308ller"),
    ],
)
def test_accents_in_a_profile_are_written_in_many_ways(one: str, other: str) -> None:
    """Percent-encoded or not, composed or not, in capitals or not."""
    assert identifier("url", one) == identifier("url", other)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/in/ana",
        "https://notlinkedin.com/in/ana",
        "https://linkedin.com.example.org/in/ana",
        "https://www.linkedin.com/company/mercy",
        "https://www.linkedin.com/in/",
        "https://[",
        "",
    ],
)
def test_other_addresses_are_no_profiles(url: str) -> None:
    """A company, another site, half an address."""
    assert linkedin_slug(url) == ""
    assert identifier("url", url).startswith("url:")


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("email", "Ana@Example.ORG", " ana@example.org"),
        ("phone", "+1 (617) 555-0100", "+1.617.555.0100"),
        ("phone", "٠١٢٣", "0123"),
        ("url", "https://example.org/ana/", "https://example.org/ana"),
        ("im", "@Ana", "@ana"),
    ],
)
def test_what_means_the_same_is_the_same(kind: str, one: str, other: str) -> None:
    """Case, blanks and punctuation are how it was typed, not what it is."""
    assert identifier(kind, one) == identifier(kind, other)


def test_what_means_something_else_is_not_the_same() -> None:
    """A number abroad is another number, and a number is no address."""
    assert identifier("phone", "+1 617") != identifier("phone", "1617")
    assert identifier("email", "ana@example.org") != identifier("im", "ana@example.org")


def test_a_row_is_identified_by_profile_then_mail_then_phone_then_day() -> None:
    """The strongest first; the name alone identifies nobody."""
    said = {
        "given": "Zoë",
        "family": "Ruiz",
        "connected_on": "2025-09-14",
        "phone": "+1 617",
        "email": "Zoe@example.org",
        "url": "https://www.linkedin.com/in/zoe",
    }
    assert identifiers(said) == (
        "linkedin:zoe",
        "email:zoe@example.org",
        "phone:+1617",
        "met:zoe ruiz|2025-09-14",
    )
    assert identifiers({"given": "Zoë", "family": "Ruiz"}) == ()
    assert identifiers({"connected_on": "2025-09-14"}) == ()


def test_a_name_is_given_whole_or_in_parts() -> None:
    """The whole wins; parts that are missing leave no blank."""
    assert full_name({"name": "Ana R.", "given": "Ana"}) == "Ana R."
    assert full_name({"given": "Ana", "family": "Ruiz"}) == "Ana Ruiz"
    assert full_name({"family": "Ruiz"}) == "Ruiz"
    assert full_name({}) == ""


SAID = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Ana Ruiz", "ana ruíz", "Ben"]),
        "url": st.sampled_from(["linkedin.com/in/a", "linkedin.com/in/b", "linkedin.com/in/c"]),
        "email": st.sampled_from(["a@x.org", "b@x.org"]),
        "phone": st.sampled_from(["1", "2"]),
        "connected_on": st.sampled_from(["2025-01-01", "2025-01-02"]),
    },
)
ROWS = st.lists(SAID, max_size=6)


def known(rows: list[dict[str, str]]) -> list[Known]:
    """Return the people of whom these rows are all that is known."""
    return [
        Known(f"p{n}", f"h{n}", row.get("name", "?"), frozenset(identifiers(row)))
        for n, row in enumerate(rows)
    ]


@given(ROWS, SAID)
def test_a_match_shares_an_identifier(rows: list[dict[str, str]], said: dict[str, str]) -> None:
    """Nobody is matched by name alone, or by nothing."""
    for person in Book(known(rows)).match(said):
        assert person.identifiers & set(identifiers(said))


def may_be(person: Known, key: str, said: dict[str, str]) -> bool:
    """Whether a person who shares *key* with a row may be meant by it.

    Not if the row has another profile; unless that was renamed: same name, same mailbox.
    """
    profiles = {other for other in person.identifiers if other.startswith("linkedin:")}
    profile = linkedin_slug(said.get("url", ""))
    if profile and profiles and f"linkedin:{profile}" not in profiles:
        return key.startswith("email:") and words(person.name) == words(said.get("name", ""))
    return True


@given(ROWS, SAID)
def test_matching_never_picks_between_two(rows: list[dict[str, str]], said: dict[str, str]) -> None:
    """By the strongest identifier that fits anybody, all whom it fits are found."""
    people = known(rows)
    by_strength = [
        {p for p in people if key in p.identifiers and may_be(p, key, said)}
        for key in identifiers(said)
    ]
    assert set(Book(people).match(said)) == next(filter(None, by_strength), set())


@given(ROWS, SAID, st.randoms())
def test_the_order_of_people_does_not_matter(
    rows: list[dict[str, str]], said: dict[str, str], random: Any
) -> None:
    """Nor does entering somebody twice."""
    people = known(rows)
    again = random.sample(people, len(people)) + people
    assert set(Book(again).match(said)) == set(Book(people).match(said))
    assert len(Book(again).match(said)) == len(Book(people).match(said))


@given(ROWS, SAID, st.sets(st.integers(0, 5)))
def test_who_was_met_in_this_import_is_not_met_again(
    rows: list[dict[str, str]], said: dict[str, str], numbers: set[int]
) -> None:
    """People that are taken are left out, as if they were not there."""
    taken = {f"p{number}" for number in numbers}
    others = [person for person in known(rows) if person.id not in taken]
    assert set(Book(known(rows)).match(said, taken)) == set(Book(others).match(said))


ANA = Known("ana", "ana", "Ana Ruiz", frozenset({"linkedin:ana", "email:ana@x.org", "phone:1"}))
ANA_2 = Known("ana2", "ana-2", "Ana Ruiz", frozenset({"email:ana@x.org"}))
BEN = Known("ben", "ben", "Ben", frozenset({"email:info@x.org", "met:ben|2025-01-01"}))


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ({"url": "linkedin.com/in/ana", "email": "other@x.org"}, [ANA]),
        ({"url": "linkedin.com/in/ana", "email": "info@x.org"}, [ANA]),
        ({"email": "info@x.org"}, [BEN]),
        ({"email": "ana@x.org"}, [ANA, ANA_2]),
        ({"name": "Ben", "connected_on": "2025-01-01"}, [BEN]),
        ({"name": "Ben", "connected_on": "2025-01-02"}, []),
        ({"name": "Ana Ruiz"}, []),
        # her profile was renamed: the same name and mailbox
        ({"url": "linkedin.com/in/ana-r", "email": "ana@x.org", "name": "ANA RUÍZ"}, [ANA, ANA_2]),
        # a mailbox that two people share
        ({"url": "linkedin.com/in/eva", "email": "ana@x.org", "name": "Eva"}, [ANA_2]),
        # a telephone is shared more often still
        ({"url": "linkedin.com/in/ana-r", "phone": "1", "name": "Ana Ruiz"}, []),
    ],
)
def test_who_is_meant(said: dict[str, str], people: list[Known]) -> None:
    """The strongest identifier that fits anybody decides."""
    assert list(Book([ANA, ANA_2, BEN]).match(said)) == people
