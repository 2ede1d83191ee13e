"""Who is likely one person? What speaks for it, what against, and what for neither."""

# ruff: noqa: SIM905 - lists as people read them

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.rules.likeness import LIKELY, Lineup, alike, likenesses
from netcrm.rules.signs import Likeness
from netcrm.rules.traits import Facts, Traits, sound

GIVEN = "Olga Priya Kenji Fatima Lars Chloe Diego Amara Noah Ingrid Tomasz Yuki Sanjay".split()
CHANCE = random.Random(2)
FAMILIES = [
    "".join(CHANCE.choice(letters) for letters in ("bcdfghjklmnprstvwz", "aeiou") * 4).title()
    for _ in range(500)
]
HOME = ("postal", "12 Elm Street, Springfield 01234")
PHONE = ("phone", "+1 617 555 0100")
MERCY = (("Nurse", "Mercy Hospital"),)


def mail(address: str) -> tuple[str, str]:
    return "email", address


def profile(slug: str) -> tuple[str, str]:
    return "url", f"https://www.linkedin.com/in/{slug}"


def person(name: str, *points: tuple[str, str], **more: object) -> Facts:
    """Return what is known of somebody; the id is their own."""
    return Facts(f"id of {name} {points} {more}", name, points=points, **more)  # type: ignore[arg-type]


def crowd(size: int) -> list[Facts]:
    """Return people who have a name of their own, an e-mail address and one of nine employers."""
    names = itertools.product(FAMILIES, GIVEN)
    return [
        Facts(
            f"crowd {number}",
            f"{given} {family}",
            points=(mail(f"u{number}@mail{number % 7}.org"),),
            jobs=(("Analyst", f"Firm {number % 9}"),),
        )
        for number, (family, given) in enumerate(itertools.islice(names, size))
    ]


def between(a: Facts, b: Facts, size: int = 2) -> float:
    """Return how likely these are one person, in a network of so many."""
    found = Lineup([a, b, *crowd(size - 2)]).pairs(least=0)
    return next((pair.score for pair in found if {pair.a, pair.b} == {a.id, b.id}), 0.0)


NAMES = st.builds(
    "{} {}".format,
    st.sampled_from(["Ana", "Anna", "Robert", "Bob", "Ruiz", "José", "Jose", "J.", "Dr. Ana"]),
    st.sampled_from(["Ruiz", "Ruis", "Costa", "Ana", "Ruiz Jr", "Ruiz Sr", "Muñoz", "(née Ruiz)"]),
) | st.sampled_from(["Ana", "Ruiz", "?", "", "  ", "毛泽东", "Ana Costa (née Ruiz)"])
POINTS = st.lists(
    st.sampled_from(
        [
            mail("ana@x.org"),
            mail("ana@y.org"),
            mail("info@x.org"),
            mail("Ruiz@x.org"),
            mail(""),
            PHONE,
            ("phone", "6175550199"),
            ("phone", ""),
            profile("ana"),
            profile("ana-2"),
            ("url", ""),
            HOME,
            ("postal", "12 Elm St Springfield"),
            ("postal", "9 Oak Road, Boston"),
            ("postal", " "),
        ]
    ),
    max_size=4,
).map(tuple)
JOBS = st.lists(
    st.tuples(
        st.sampled_from(["Nurse", "", " "]), st.sampled_from(["Mercy", "Mercy Inc", "Ox", ""])
    ),
    max_size=2,
).map(tuple)
FACTS = st.builds(
    Facts,
    st.integers(0, 10**6).map(str),
    NAMES,
    st.lists(NAMES, max_size=1).map(tuple),
    POINTS,
    JOBS,
    st.sampled_from(["", "1980-03-04", "1980-04-03", "--03-04", "1971-11-28"]),
    st.sampled_from(["", "Boston", "Boston, MA", "Oslo"]),
    st.sampled_from(["", "2025-01-01", "2025-01-02"]),
)
PEOPLE = st.lists(FACTS, max_size=6, unique_by=lambda facts: facts.id)
PAIR = st.lists(FACTS, min_size=2, max_size=2, unique_by=lambda facts: facts.id)


def scores(found: Iterable[Likeness]) -> dict[frozenset[str], float]:
    return {frozenset((one.a, one.b)): one.score for one in found}


# --- what always holds


@given(PEOPLE, st.randoms())
def test_the_order_of_people_does_not_matter(people: list[Facts], chance: object) -> None:
    """Each pair is found once, with one score, whichever of the two comes first."""
    found = likenesses(people, least=0)
    chance.shuffle(people)  # type: ignore[attr-defined]
    assert scores(likenesses(people, least=0)) == pytest.approx(scores(found))
    assert len(scores(found)) == len(found)


@given(PEOPLE)
def test_a_score_is_a_chance_and_the_likeliest_come_first(people: list[Facts]) -> None:
    found = likenesses(people, least=0)
    assert all(0 <= one.score <= 1 for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert likenesses(people) == [one for one in found if one.score >= LIKELY]


@given(PEOPLE)
def test_nobody_is_like_themselves(people: list[Facts]) -> None:
    assert all(one.a != one.b for one in likenesses(people, least=0))
    lineup = Lineup(people)
    assert all(
        one.a != facts.id == one.b for facts in people for one in lineup.match(facts, least=0)
    )


@given(PEOPLE)
def test_signs_tell_the_whole_score(people: list[Facts]) -> None:
    """How likely any two are one is the same for all pairs, and each bit of a sign doubles it."""
    found = [one for one in likenesses(people, least=1e-9) if one.score < 1 - 1e-9]
    before = [
        math.log2(one.score / (1 - one.score)) - sum(sign.bits for sign in one.signs)
        for one in found
    ]
    rounded = 0.05 * max((len(one.signs) for one in found), default=0)
    assert max(before, default=0) - min(before, default=0) <= 2 * rounded + 1e-6
    assert all(sign.text and "{" not in sign.text for one in found for sign in one.signs)


@given(PAIR, st.data())
def test_what_is_not_known_of_one_says_nothing(pair: list[Facts], data: st.DataObject) -> None:
    """A field is compared where both have it; an empty one is as good as none."""
    fields = "aliases points jobs born location connected_on".split()
    field = data.draw(st.sampled_from(fields))
    one, other = pair
    empty: object = "" if isinstance(getattr(one, field), str) else ()
    known, unknown = one._replace(**{field: empty}), other._replace(**{field: empty})
    if field != "aliases":
        assert between(known, other) == pytest.approx(between(known, unknown))
    blank = {"aliases": ("",), "points": (mail(" "),), "jobs": ((" ", ""),)}.get(field, empty)
    assert between(known, other._replace(**{field: blank})) == between(known, unknown)


@pytest.mark.parametrize(
    "more",
    [
        {"points": (mail("new@z.org"),)},
        {"points": (mail("office@z.org"),)},
        {"points": (("phone", "+49 30 1234567"),)},
        {"points": (profile("new"),)},
        {"jobs": (("Baker", "Bread & Co."),)},
        {"jobs": (("", "Bread & Co."),)},
    ],
)
@given(pair=PAIR)
def test_what_two_have_in_common_never_speaks_against_them(
    more: dict[str, tuple[tuple[str, str], ...]], pair: list[Facts]
) -> None:
    (field, value), *_ = more.items()
    both = [facts._replace(**{field: getattr(facts, field) + value}) for facts in pair]
    assert between(both[0], both[1]) >= between(*pair) - 1e-9


@given(PAIR, st.sampled_from([("born", "1990-06-07"), ("location", "Lima")]))
def test_nor_does_a_birthday_or_a_place(pair: list[Facts], more: tuple[str, str]) -> None:
    """Where neither was known before."""
    field, value = more
    without = [facts._replace(**{field: ""}) for facts in pair]
    both = [facts._replace(**{field: value}) for facts in pair]
    assert between(both[0], both[1]) >= between(*without) - 1e-9


@given(PEOPLE, FACTS)
def test_one_new_person_is_matched_as_if_they_were_in_the_lineup(
    people: list[Facts], new: Facts
) -> None:
    """Those who would be found together are found, and nobody else."""
    others = [facts for facts in people if facts.id != new.id]
    matched = {one.a for one in Lineup(others).match(new, least=0)}
    together = likenesses([*others, new], least=0)
    assert matched == {one.a if one.b == new.id else one.b for one in together if new.id in one[:2]}


@given(st.text(), st.text())
def test_words_are_alike_in_both_directions(a: str, b: str) -> None:
    assert alike(a, b) == alike(b, a)
    assert 0 <= alike(a, b) <= alike(a, a) == 1
    assert bool(sound(a)) == bool(a)


@given(FACTS)
def test_one_person_has_a_hint_in_common_with_their_copy(facts: Facts) -> None:
    assert set(Traits(facts).hints()) == set(Traits(facts).hints()) != set()


# --- who is not likely one person


APART = {
    "only a family name": (person("Ana Ruiz"), person("Ben Ruiz")),
    "only a given name": (person("Ana Ruiz"), person("Ana Costa")),
    "colleagues of one given name": (
        person("Ana Ruiz", jobs=MERCY, location="Boston"),
        person("Ana Costa", jobs=MERCY, location="Boston"),
    ),
    "colleagues of one family name": (
        person("Ana Ruiz", jobs=MERCY, location="Boston"),
        person("Ben Ruiz", jobs=MERCY, location="Boston"),
    ),
    "colleagues met on one day": (
        person("Ana Ruiz", jobs=MERCY, connected_on="2025-01-01"),
        person("Ana Costa", jobs=MERCY, connected_on="2025-01-01"),
    ),
    "a shared mailbox": (
        person("Ana Ruiz", mail("info@x.org"), jobs=MERCY),
        person("Ben Costa", mail("info@x.org"), jobs=MERCY),
    ),
    "a shared mailbox and a given name": (
        person("Ana Ruiz", mail("info@x.org"), jobs=MERCY),
        person("Ana Costa", mail("info@x.org"), jobs=MERCY),
    ),
    "a shared mailbox and a family name": (
        person("Ana Ruiz", mail("info@x.org")),
        person("Ben Ruiz", mail("info@x.org")),
    ),
    "an office telephone": (person("Ana Ruiz", PHONE), person("Ben Costa", PHONE)),
    "relatives at one address": (person("Ana Ruiz", HOME), person("Ben Ruiz", HOME)),
    "relatives at one telephone": (person("Ana Ruiz", PHONE), person("Ben Ruiz", PHONE)),
    "relatives who share all they have": (
        person("Ana Ruiz", HOME, PHONE, mail("ruiz@x.org")),
        person("Ben Ruiz", HOME, PHONE, mail("ruiz@x.org")),
    ),
    "relatives with birthdays": (
        person("Ana Ruiz", HOME, PHONE, born="1980-03-04"),
        person("Ben Ruiz", HOME, PHONE, born="1978-11-28"),
    ),
    "couples of two family names": (
        person("Ana Ruiz", HOME, PHONE, mail("ana.and.ben@x.org")),
        person("Ben Costa", HOME, PHONE, mail("ana.and.ben@x.org")),
    ),
    "twins": (person("Ana Ruiz", born="1980-03-04"), person("Ben Ruiz", born="1980-03-04")),
    "twins at home": (
        person("Ana Ruiz", HOME, PHONE, born="1980-03-04"),
        person("Ben Ruiz", HOME, PHONE, born="1980-03-04"),
    ),
    "father and son": (person("John Ruiz, Sr."), person("John Ruiz Jr")),
    "father and son at home": (
        person("John Ruiz, Sr.", HOME, PHONE, born="1950-11-28"),
        person("John Ruiz Jr", HOME, PHONE, born="1980-03-04"),
    ),
    "other profiles": (
        person("Ana Ruiz", profile("ana-ruiz-1")),
        person("Ana Ruiz", profile("ana-ruiz-2")),
    ),
    "one word": (person("Ana"), person("Ana", jobs=MERCY)),
}


@pytest.mark.parametrize("size", [2, 20, 300])
@pytest.mark.parametrize("case", APART)
def test_some_things_do_not_make_two_people_one(case: str, size: int) -> None:
    assert between(*APART[case], size) < LIKELY


# --- who is


ONE = {
    "a nickname": (person("Robert Ruiz", jobs=MERCY), person("Bob Ruiz", jobs=MERCY)),
    "a nickname and nothing else": (person("Katherine Ruiz"), person("Kate Ruiz")),
    "two nicknames": (person("Bob Ruiz", PHONE), person("Rob Ruiz", ("phone", "6175550100"))),
    "names that change places": (person("Ana Ruiz"), person("Ruiz Ana")),
    "a comma": (person("Ana Ruiz"), person("Ruiz, Ana")),
    "no accents": (person("José Muñoz"), person("Jose Munoz")),
    "a degree": (person("José Muñoz"), person("Dr. Jose Munoz, PhD")),
    "a typing error": (person("Ana Okafor", PHONE), person("Ana Okaofr", PHONE)),
    "an initial": (person("A. Okafor", PHONE), person("Ana Okafor", PHONE)),
    "one name, married, one mailbox": (
        person("Ana Ruiz", mail("ana@x.org")),
        person("Ana Costa", mail("ana@x.org")),
    ),
    "one name, married, one profile": (
        person("Ana Ruiz", profile("ana")),
        person("Ana Costa", profile("ana")),
    ),
    "a name at birth": (person("Ana Ruiz"), person("Ana Costa (née Ruiz)")),
    "another name": (person("Ana Ruiz", aliases=("Ana Costa",)), person("Ana Costa")),
    "a name for foreigners": (person("Xiaoming Li (Kevin)"), person("Kevin Li")),
    "another employer, one mailbox": (
        person("Ana Ruiz", mail("ana@x.org"), jobs=MERCY),
        person("Ana Ruiz", mail("ana@x.org"), jobs=(("Nurse", "General"),)),
    ),
    "another employer, one profile": (
        person("Ana Ruiz", profile("ana"), mail("ana@mercy.org"), jobs=MERCY),
        person("Ana Ruiz", profile("ana"), mail("ruiz@general.org"), jobs=(("Nurse", "General"),)),
    ),
    "one mailbox at two employers": (
        person("A. Ruiz", mail("ana.ruiz@mercy.org")),
        person("Ana Ruiz", mail("ana.ruiz@general.org")),
    ),
    "two profiles, one mailbox": (
        person("Ana Ruiz", profile("ana"), mail("ana@x.org")),
        person("Ana Ruiz", profile("ana-ruiz-123"), mail("ana@x.org")),
    ),
    "an alike birthday": (
        person("Ana Ruiz", HOME, born="1980-03-04"),
        person("Anna Ruiz", ("postal", "12 Elm St, Springfield 01234"), born="1980-04-03"),
    ),
}


@pytest.mark.parametrize("size", [2, 20, 300])
@pytest.mark.parametrize("case", ONE)
def test_one_person_is_found_however_they_are_written(case: str, size: int) -> None:
    assert between(*ONE[case], size) >= LIKELY


def test_a_rare_name_says_more_than_a_common_one() -> None:
    def family(name: str) -> float:
        common = [Facts(f"common {n}", f"{given} Ruiz") for n, given in enumerate(GIVEN * 5)]
        two = person(name), person(name, jobs=MERCY)
        (pair,) = (
            one for one in likenesses([*common, *two]) if {one.a, one.b} == {one.id for one in two}
        )
        return next(sign.bits for sign in pair.signs if sign.code == "family")

    assert family("Ana Ruiz") < family("Ana Okafor")


def test_nobody_is_the_same_person_because_of_a_name() -> None:
    """A rare one is worth a look, no more."""
    two = person("Zenobia Quarrington-Ashe"), person("Zenobia Quarrington-Ashe", jobs=MERCY)
    (pair,) = likenesses(two)
    assert 0.5 < pair.score < 0.7
    assert pair.signs[-1].code == "namesakes"


def test_what_many_have_says_little() -> None:
    """A switchboard, or an address that an import filled in."""
    few = [person("Ana Ruiz", PHONE), person("Ana Costa", PHONE)]
    many = [facts._replace(points=(PHONE,)) for facts in crowd(40)]
    pair = {facts.id for facts in few}
    found = scores(likenesses([*few, *many], least=0))
    assert between(*few) > LIKELY > found.get(frozenset(pair), 0)


def test_a_town_says_little_where_many_live() -> None:
    """Two of one given name who live in the streets where everybody lives."""
    town = [one._replace(born="") for n in range(60) for one in household(n, "Ana")]
    assert likenesses(town) == []
    assert between(person("Ana Ruiz", HOME), person("Ana Costa", HOME)) >= LIKELY


def test_a_mailbox_made_of_the_name_says_less_than_another() -> None:
    made = [person("Ana Ruiz", mail(f"ana.ruiz@{at}.org")) for at in "xy"]
    chosen = [person("Ana Ruiz", mail(f"sunflower@{at}.org")) for at in "xy"]
    assert between(*(one._replace(points=()) for one in made)) < between(*made) < between(*chosen)


# --- relatives


def household(number: int, *given: str) -> list[Facts]:
    """Return people of one name and address, born on the day of who has their given name."""
    chance = random.Random(number)
    born = {name: date(1940, 1, 1) + timedelta(chance.randrange(25_000)) for name in given}
    home = ("postal", f"{number + 1} {FAMILIES[-number]} Street, Springfield")
    return [
        Facts(f"{number} {place}", f"{name} {FAMILIES[number]}", (), (home,), born=str(born[name]))
        for place, name in enumerate(given)
    ]


def test_in_a_book_of_families_who_shares_a_home_is_no_duplicate() -> None:
    families = [one for n in range(40) for one in household(n, "Ana", "Ben", "Chloe")]
    found = likenesses(families)
    assert [one for one in found if one.a.split()[0] == one.b.split()[0]] == []


def test_in_a_list_of_members_who_shares_a_home_may_be_one() -> None:
    """Where nearly all of one home have one given name, another one is an error in writing."""
    members = [one for n in range(50) for one in household(n, "Ana", "Ana")]
    odd = [one._replace(born="1999-05-17") for one in household(55, "Olga", "Priya")]
    families = [one for n in range(50) for one in household(n, "Ana", "Ben")]
    pair = frozenset(one.id for one in odd)
    assert scores(likenesses([*members, *odd], least=0))[pair] >= LIKELY
    assert scores(likenesses([*families, *odd], least=0))[pair] < LIKELY


# --- many people


def test_one_new_person_is_found_among_many() -> None:
    everybody = crowd(300)
    known = everybody[77]
    new = known._replace(id="new", name=", ".join(reversed(known.name.split())), jobs=())
    assert [one.a for one in Lineup(everybody).match(new)] == [known.id]
    assert Lineup(everybody).match(Facts("new", "Somebody Else")) == []


def test_few_are_compared_of_all_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 4.5 million pairs of 3,000 people, among them 500 who are there twice."""
    known = crowd(2500)
    twice = [facts._replace(id=f"again {n}", jobs=()) for n, facts in enumerate(known[::5])]
    asked = 0
    told = Lineup._told

    def counted(self: Lineup, a: Traits, b: Traits) -> list[tuple[str, float, str, str]]:
        nonlocal asked
        asked += 1
        return told(self, a, b)

    monkeypatch.setattr(Lineup, "_told", counted)
    found = likenesses([*known, *twice])
    assert {frozenset((one.a, one.b)) for one in found} >= {
        frozenset((facts.id, f"again {n}")) for n, facts in enumerate(known[::5])
    }
    assert asked < 60_000
