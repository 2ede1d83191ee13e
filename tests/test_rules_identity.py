"""Is this a person we know? By identifiers, never by a guess."""

from __future__ import annotations

import unicodedata
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.text import words
from netcrm.rules.identity import (
    Book,
    Known,
    full_name,
    identifier,
    identifiers,
    is_profile,
    linkedin_slug,
)
from netcrm.rules.profiles import SITES, folded

SLUG = st.text(
    st.characters(exclude_characters="/?#%\\", exclude_categories=("Cs", "Cc", "Z")), min_size=1
)
KINDS = ["email", "phone", "url", "postal", "im"]


TEXT = st.text(st.characters(codec="utf-8"))
PIECES = st.lists(
    st.sampled_from(
        ["http:", "https:", "//", "/", "www.", "WWW.", "m.", "de.", "x.com", "github.com", "Ana",
         "example.org", "ß", "İ", "e\u0301", "\u0345", "@", "#", "?", "&", "id=1", "utm_a=1", "in/",
         "linkedin.com", "%41", "%2541", " ", ".", ":", "<", ">", "mailto:", "tel:", "+", "00", "0",
         "44", "(0)", "20 7946", "0018", "ext. 12", ";ext=5", "\u200b", "\u0338", "٠", "+", "1"]
    ),
    max_size=9,
).map("".join)  # fmt: skip


@given(st.sampled_from(KINDS), TEXT | PIECES)
def test_identifying_twice_is_identifying_once(kind: str, value: str) -> None:
    """Invariant 34: the normal form of a normal form is itself."""
    made = identifier(kind, value)
    scheme, _, normal = made.partition(":")
    assert scheme == kind or (scheme in SITES and kind == "url")
    assert is_profile(made) is (scheme in SITES)
    if scheme == kind:
        assert identifier(kind, normal) == made


@given(TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    """And accents count, however they are written; case does not."""
    made = folded(text)
    assert folded(made) == made
    assert folded(unicodedata.normalize("NFD", text)) == made


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
    ("url", "key"),
    [
        ("https://www.linkedin.com/pub/Ana-Ruiz/62/b76/5b", "linkedin:ana-ruiz-05bb7662"),
        ("linkedin.com/pub/ana-ruiz/0/b76/5b/en?x=1", "linkedin:ana-ruiz-05bb76"),
        ("https://m.linkedin.com/in/ana", "linkedin:ana"),
        ("https://github.com/Ana/", "github:ana"),
        ("github.com/ana?tab=repositories", "github:ana"),
        ("https://twitter.com/Ana_R", "x:ana_r"),
        ("mobile.twitter.com/@ana_r", "x:ana_r"),
        ("https://x.com/ana_r#top", "x:ana_r"),
        ("https://www.xing.com/profile/Ana_Ruiz/cv", "xing:ana_ruiz"),
        ("instagram.com/ana.ruiz/?hl=en", "instagram:ana.ruiz"),
        ("https://de-de.facebook.com/Ana.Ruiz", "facebook:ana.ruiz"),
        ("m.facebook.com/profile.php?v=info&id=100012", "facebook:100012"),
        ("https://hachyderm.io/@Ana", "mastodon:ana@hachyderm.io"),
        ("https://mastodon.social/@ana@Hachyderm.io", "mastodon:ana@hachyderm.io"),
        ("https://bsky.app/profile/Ana.bsky.social", "bluesky:ana.bsky.social"),
        ("youtube.com/@Ana/videos", "youtube:ana"),
        ("m.youtube.com/%40ana", "youtube:ana"),
        ("https://medium.com/@ana/a-story-1234", "medium:ana"),
        ("https://orcid.org/0000-0002-1825-009X", "orcid:0000-0002-1825-009x"),
        ("https://scholar.google.co.uk/citations?hl=en&user=aB3-_x", "scholar:ab3-_x"),
    ],
)
def test_a_profile_is_its_site_and_handle(url: str, key: str) -> None:
    """Whatever the scheme, the language or the device; in capitals or not."""
    assert identifier("url", url) == key
    assert identifier("url", url.swapcase()) == key
    assert identifier("url", f"http://{url.removeprefix('https://')}") == key
    assert is_profile(key)


@given(st.sampled_from(["github.com/", "x.com/", "bsky.app/profile/", "a.org/@"]), SLUG)
def test_a_handle_may_be_percent_encoded(site: str, handle: str) -> None:
    """It is the same handle, or none."""
    encoded = identifier("url", f"https://{site}{quote(handle)}/")
    assert not is_profile(encoded) or encoded == identifier("url", f"{site}{handle}")


NO_PROFILES = """
github.com github.com/about github.com/ana/repo docs.github.com/en x.com/home x.com/i/lists
twitter.com/ana/status/1 instagram.com/p/abc instagram.com/explore facebook.com/groups/1
facebook.com/photo.php?fbid=1 facebook.com/profile.php facebook.com/events
www.linkedin.com/company/mercy linkedin.com/pub/ana-ruiz linkedin.com/pub/dir/ana/ruiz
linkedin.com/in orcid.org/help scholar.google.com/scholar?q=ana youtube.com/watch?v=1
medium.com/topic xing.com/companies/mercy bsky.app/search notgithub.com/ana example.org/in/ana
github.com.example.org/ana localhost/@ana example.org/@ana/1 example.org/@
"""


@pytest.mark.parametrize(
    "url",
    NO_PROFILES.split(),
)
def test_a_page_of_such_a_site_is_no_profile(url: str) -> None:
    """Companies, posts, the pages of the site itself, other sites."""
    key = identifier("url", f"https://{url}")
    assert key == f"url:{url.removeprefix('www.')}"
    assert not is_profile(key)
    assert linkedin_slug(url) == ""


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("email", "Ana@Example.ORG", " ana@example.org"),
        ("email", "<Ana@example.org>", "mailto:ana@example.org"),
        ("email", "<MAILTO:ana@example.org>", "ana @example.org"),
        ("email", "zoe\u0308@example.org", "ZO\u00cb@example.org"),
        ("phone", "+1 (617) 555-0100", "+1.617.555.0100"),
        ("phone", "٠١٢٣", "0123"),
        ("phone", "+44 (0)20 7946 0018", "0044 20 7946 0018"),
        ("phone", "(+44) 20 7946 0018", "tel:+44-20-7946-0018"),
        ("phone", "\u202a+44 20 7946 0018\u202c", "\uff0b442079460018"),
        ("phone", "+1 617 555 0100 ext. 12", "+1-617-555-0100;ext=12"),
        ("url", "https://example.org/ana/", "https://example.org/ana"),
        ("url", "https://Example.org/ana/", "http://www.example.org/ana"),
        ("url", "example.org/?utm_source=x&p=1&fbclid=2", "https://example.org?p=1#top"),
        ("im", "@Ana", "@ana"),
    ],
)
def test_what_means_the_same_is_the_same(kind: str, one: str, other: str) -> None:
    """Case, blanks and punctuation are how it was typed, not what it is."""
    assert identifier(kind, one) == identifier(kind, other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("phone", "+1 617", "1617"),
        ("phone", "+1 617 555 0100 ext. 12", "+1 617 555 0100 ext. 13"),
        ("phone", "+1 617 555 0100 ext. 12", "+1 617 555 0100"),
        ("phone", "020 7946 0018", "+44 20 7946 0018"),
        ("email", "a.na@example.org", "ana@example.org"),
        ("email", "ana+crm@example.org", "ana@example.org"),
        ("url", "example.org/Ana", "example.org/ana"),
        ("url", "example.org/?p=1", "example.org/?p=2"),
        ("url", "example.org/#/ana", "example.org/#/ben"),
    ],
)
def test_what_means_something_else_is_not_the_same(kind: str, one: str, other: str) -> None:
    """A number abroad, a colleague behind one switchboard, another mailbox, another page."""
    assert identifier(kind, one) != identifier(kind, other)


def test_a_number_is_no_address() -> None:
    assert identifier("email", "ana@example.org") != identifier("im", "ana@example.org")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("+44 (0)20 7946 0018", "+442079460018"),
        ("+442079460018", "+442079460018"),
        ("+44 20 7946 0018 (office)", "+442079460018"),
        ("+1 617 555 0100 x12", "+16175550100;ext=12"),
        ("+39 06 1234567", "+39061234567"),  # a nought that counts
        ("020 7946 0018", "02079460018"),
        ("617 555 0100 x12", "617555010012"),
        ("+1 617", "+1617"),  # too short
        ("+999 123", "+999123"),  # no such country
        ("0041", "0041"),
        ("+" + "1" * 300, "+" + "1" * 300),
        ("+", "+"),
        ("", ""),
    ],
)
def test_a_number_for_callers_abroad_is_e164(typed: str, key: str) -> None:
    """Any other, and one that cannot be, stays what was typed, digits only."""
    assert identifier("phone", typed) == f"phone:{key}"


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
        "url": st.sampled_from(["linkedin.com/in/a", "linkedin.com/in/b", "github.com/a", "a.org"]),
        "email": st.sampled_from(["a@x.org", "b@x.org"]),
        "phone": st.sampled_from(["1", "2"]),
        "connected_on": st.sampled_from(["2025-01-01", "2025-01-02"]),
    },
)
ROWS = st.lists(SAID, max_size=6)


def known(rows: list[dict[str, str]]) -> list[Known]:
    """Return the people of whom these rows are all that is known."""
    return [
        Known(f"p{n}", f"h{n}", row.get("name", "?"), identifiers(row))
        for n, row in enumerate(rows)
    ]


@given(ROWS, SAID)
def test_a_match_shares_an_identifier(rows: list[dict[str, str]], said: dict[str, str]) -> None:
    """Nobody is matched by name alone, or by nothing."""
    for person in Book(known(rows)).match(said):
        assert set(person.identifiers) & set(identifiers(said))


def may_be(person: Known, key: str, said: dict[str, str]) -> bool:
    """Whether a person who shares *key* with a row may be meant by it.

    Not if the row has another profile; unless that was renamed: same name, same mailbox. Nor by a
    telephone or a web site, unless one name is part of the other.
    """
    named, ours = set(words(said.get("name", ""))), set(words(person.name))
    shared = key.startswith(("phone:", "url:", "email:info@"))
    if shared and named and not (named <= ours or ours <= named):
        return False
    profile = next(filter(is_profile, identifiers(said)), "")
    site = profile.partition(":")[0]
    theirs = {key for key in person.identifiers if key.startswith(f"{site}:")}
    if profile and theirs and profile not in theirs:
        return key.startswith("email:") and words(person.name) == words(said.get("name", ""))
    return True


@pytest.mark.parametrize("key", ["phone:1", "url:x.org", "email:info@x.org"])
@pytest.mark.parametrize(
    ("name", "fits"), [("Ana Ruiz", True), ("Ruiz", True), ("", True), ("Ben Ruiz", False)]
)
def test_what_others_have_too_counts_with_the_name(key: str, name: str, fits: bool) -> None:
    """A telephone, a web site or info@ is often that of a whole family or office."""
    kind, _, value = key.partition(":")
    book = Book([Known("ana", "ana", "Ana Ruiz", (key,))])
    said = {"name": name, kind: f"https://{value}" if kind == "url" else value}
    assert bool(book.match(said)) == fits


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


ANA = Known(
    "ana",
    "ana",
    "Ana Ruiz",
    (
        "linkedin:ana",
        "email:ana@x.org",
        "phone:1",
    ),
)
ANA_2 = Known("ana2", "ana-2", "Ana Ruiz", ("email:ana@x.org",))
BEN = Known(
    "ben",
    "ben",
    "Ben",
    (
        "email:info@x.org",
        "met:ben|2025-01-01",
    ),
)


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
        # what somebody has on another site says nothing against it
        ({"url": "github.com/ana", "email": "ana@x.org", "name": "Eva"}, [ANA, ANA_2]),
        # a telephone is shared more often still
        ({"url": "linkedin.com/in/ana-r", "phone": "1", "name": "Ana Ruiz"}, []),
    ],
)
def test_who_is_meant(said: dict[str, str], people: list[Known]) -> None:
    """The strongest identifier that fits anybody decides."""
    assert list(Book([ANA, ANA_2, BEN]).match(said)) == people
