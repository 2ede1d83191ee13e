"""Whom does a typed name mean? One person, or nobody is chosen."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.errors import AmbiguousError, NotFoundError
from netcrm.model.text import slug, words
from netcrm.rules.lookup import Name, choose, close, may_be_new

GIVEN = ["Ana", "Anna", "Anna Maria", "Zoë", "Jo", "Joan"]
FAMILY = ["Ruiz", "Ruis", "O'Neill", "Müller", "Anand", ""]
FULL = st.builds(lambda g, f: f"{g} {f}".strip(), st.sampled_from(GIVEN), st.sampled_from(FAMILY))
QUERIES = FULL | st.text(max_size=6) | st.sampled_from(["an ru", "a", "ana", "jo", "ana-ruiz"])


@st.composite
def networks(draw: st.DrawFn) -> list[Name]:
    """Return some people, with unique handles, and names that may be alike."""
    names = draw(st.lists(FULL, max_size=8))
    aliases = draw(st.lists(st.sets(FULL, max_size=1), min_size=len(names), max_size=len(names)))
    people = []
    for number, (name, also) in enumerate(zip(names, aliases, strict=True)):
        number_of_handle = sum(slug(earlier) == slug(name) for earlier in names[:number]) + 1
        handle = slug(name) + (f"-{number_of_handle}" if number_of_handle > 1 else "")
        people.append(Name(f"id{number}", handle, name, tuple(also)))
    return people


def outcome(query: str, people: list[Name]) -> object:
    """Return who is chosen, or who is listed, or what is suggested."""
    try:
        return choose(query, people).id
    except AmbiguousError as error:
        return error.candidates
    except NotFoundError as error:
        return error.suggestions


def starts_words(query: str, name: str) -> bool:
    """Whether the words of *query* start different words of *name*, tried in every order."""
    typed = words(query)
    return any(
        all(part.startswith(word) for word, part in zip(typed, chosen, strict=True))
        for chosen in itertools.permutations(words(name), len(typed))
    )


def meant(query: str, people: list[Name]) -> list[Name]:
    """Return all whom *query* may mean by the strictest reading that fits anybody."""
    typed = words(query)
    readings = [
        lambda p, n: p.id == query,
        lambda p, n: p.handle == query,
        lambda p, n: words(n) == typed,
        lambda p, n: set(typed) <= set(words(n)),
        lambda p, n: starts_words(query, n),
    ]
    for fits in readings if typed else []:
        found = [p for p in people if any(fits(p, name) for name in (p.name, *p.aliases))]
        if found:
            return found
    return []


@given(QUERIES, networks())
def test_one_candidate_is_chosen_several_are_listed(query: str, people: list[Name]) -> None:
    """By the strictest reading that fits anybody: one is the answer, several are an error."""
    candidates = meant(query, people)
    if len(candidates) == 1:
        assert choose(query, people) == candidates[0]
    elif candidates:
        with pytest.raises(AmbiguousError) as error:
            choose(query, people)
        assert set(error.value.candidates) == {(p.handle, p.name) for p in candidates}
        assert error.value.exit_code == 3
    else:
        with pytest.raises(NotFoundError):
            choose(query, people)


@given(networks())
def test_an_exact_unique_name_wins(people: list[Name]) -> None:
    """Who alone has a full name is found by it, however many names begin with it."""
    for person in people:
        same = [p for p in people if words(person.name) in p.called]
        handles = [p.handle for p in people]
        if len(same) == 1 and person.name not in handles:
            assert choose(person.name, people) == person
            assert choose(person.name.upper(), people) == person


@given(networks())
def test_handles_and_ids_always_find_their_person(people: list[Name]) -> None:
    """They are unique, so they settle what a name leaves open."""
    for person in people:
        assert choose(person.handle, people) == person
        assert choose(person.id, people) == person


@given(QUERIES, networks(), st.randoms())
def test_the_order_of_names_does_not_matter(query: str, people: list[Name], random: object) -> None:
    """No answer depends on who was added first."""
    shuffled = list(people)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert outcome(query, shuffled) == outcome(query, people)


@given(networks(), FULL, st.data())
def test_a_typo_suggests_and_never_chooses(
    others: list[Name], name: str, data: st.DataObject
) -> None:
    """A name with a wrong letter finds nobody, even if it can only mean one."""
    at = data.draw(st.integers(0, len(name) - 1))
    typo = name[:at] + "q" + name[at + 1 :]
    people = [*others, Name("me", "me-myself", name)]
    with pytest.raises(NotFoundError) as error:
        choose(typo, people)
    assert len(error.value.suggestions) <= 3
    if len(name) >= 8:
        assert close(typo, [people[-1]]) == [name]


@given(st.text(max_size=5).filter(lambda query: not words(query)), networks())
def test_nothing_means_nobody(query: str, people: list[Name]) -> None:
    """Blanks and punctuation start no word, so they fit nobody rather than everybody."""
    with pytest.raises(NotFoundError):
        choose(query, people)


PEOPLE = [
    Name("id1", "ana-ruiz", "Ana Ruiz"),
    Name("id2", "ana-ruiz-2", "Ana Ruiz"),
    Name("id3", "anna-maria-muller", "Anna Maria Müller", ("Annie",)),
    Name("id4", "zoe-oneill", "Zoë O'Neill"),
    Name("id5", "joan-jobs", "Joan Jobs"),
]


@pytest.mark.parametrize(
    ("query", "handle"),
    [
        ("zoe", "zoe-oneill"),
        ("ZOË", "zoe-oneill"),
        ("neill zoe", "zoe-oneill"),
        ("mul ann", "anna-maria-muller"),
        ("annie", "anna-maria-muller"),
        ("jo joa", "joan-jobs"),
        ("joa jo", "joan-jobs"),
        ("ana-ruiz-2", "ana-ruiz-2"),
        ("id2", "ana-ruiz-2"),
    ],
)
def test_people_are_found_by_what_one_types(query: str, handle: str) -> None:
    """Accents, case and order do not matter, nor does the end of a word."""
    assert choose(query, PEOPLE).handle == handle


def test_each_typed_word_stands_for_a_word() -> None:
    """ "an an" means two names that begin so, not one."""
    with pytest.raises(NotFoundError):
        choose("zo zo", PEOPLE)


def test_an_ambiguous_name_lists_everybody_with_the_word_to_use() -> None:
    """So the next attempt succeeds."""
    with pytest.raises(AmbiguousError, match=r"Ana Ruiz \(ana-ruiz\), Ana Ruiz \(ana-ruiz-2\)"):
        choose("ana ruiz", PEOPLE)


def test_an_unknown_name_says_whom_one_may_have_meant() -> None:
    """Close spellings are listed, the closest first, whoever was added first."""
    anas = [Name("id1", "ana-ruiz", "Ana Ruiz"), Name("id2", "eva-ruiz", "Eva Ruiz")]
    assert close("ruix", anas) == close("ruix", anas[::-1]) == ["Ana Ruiz"]
    with pytest.raises(NotFoundError, match=r"“Anna Mueller”\. Did you mean Anna Maria Müller"):
        choose("Anna Mueller", PEOPLE)


def test_a_full_name_is_not_like_a_single_word_of_another() -> None:
    somebody = Name("1", "someone-in-hr", "someone in HR at Mercy General")
    assert close("Gwen Hall", [somebody]) == []
    assert close("generall", [somebody]) == [somebody.name]


def test_whether_a_name_is_new_or_misspelled() -> None:
    """A full name must be very much like another to be taken for it, a single word less so."""
    assert may_be_new("Aisha Bello", ["Marcus Bell"])
    assert may_be_new("Luis Ortiz", ["Luis Ortega"])
    assert may_be_new("Priya", [])
    assert may_be_new("Dora", ["Luis Ortega"])
    assert not may_be_new("Luiz", ["Luis Ortega"])
    assert not may_be_new("Louis Ortega", ["Luis Ortega"])
    assert not may_be_new("aisha belo", ["Marcus Bell", "Aisha Bello"])
    assert not may_be_new("Priya", ["Priya Nair"])
