"""How a network grew: everybody after whom I owe knowing them to."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from netcrm.rules.referrals import Traced
from netcrm.rules.tree import Member, Tree, tree
from tests.test_rules_lineage import FIRST, NAMES, pointed, referrals

PEOPLE = {name: (name.title(), FIRST) for name in NAMES}


def grown(*made: Traced, held: set[str] = frozenset(), people=PEOPLE) -> Tree:  # type: ignore[assignment]
    """Return the tree of five people who were all added on the second of March."""
    return tree(people, made, held)


def of(by: str, whom: str, status: str = "met", day: int = 0) -> Traced:
    """Return a referral and what came of it."""
    pointer = pointed(by, whom, day)
    return Traced(pointer, status, pointer.made)  # type: ignore[arg-type]


def test_everybody_stands_after_whom_i_owe_them_to() -> None:
    found = grown(of("eve", "ana", day=1), of("ana", "leo", day=2), of("ida", "leo", day=3))
    assert [(one.id, one.degree, one.by) for one in found.members] == [
        ("ben", 1, ""), ("eve", 1, ""), ("ana", 2, "eve"), ("leo", 3, "ana"), ("ida", 1, ""),
    ]  # fmt: skip
    eve, leo = found.members[1], found.members[3]
    assert (eve.led_to, eve.named, eve.referral) == (("ana",), 1, None)
    assert leo.referral is not None
    assert leo.referral.pointer.id == "ana-leo"
    assert found.counted(lambda one: one.degree) == {1: 3, 2: 1, 3: 1}


def test_of_one_day_names_decide() -> None:
    people = {"1": ("Zoe", FIRST), "2": ("Ana", FIRST), "3": ("Ana", FIRST)}
    assert [one.id for one in tree(people, [], ()).members] == ["2", "3", "1"]
    ways = [of("1", "2"), of("1", "3")]
    found = tree(people, ways, ())
    assert [one.id for one in found.members] == ["1", "2", "3"]
    pending = tree(people, [of("2", "3", "offered"), of("2", "1", "offered")], ()).pending
    assert pending == ("3", "1")


def test_what_is_counted_is_in_order() -> None:
    found = grown(of("leo", "ana"))
    assert [*found.counted(lambda one: -one.degree)] == [-2, -1]


def test_since_when_i_know_somebody() -> None:
    """From the day they were added, or the day on which I was pointed to them."""
    people = PEOPLE | {"leo": ("Leo", date(2026, 4, 1))}
    found = {one.id: one for one in grown(of("ana", "leo", day=3), people=people).members}
    assert (found["leo"].on, found["ana"].on) == (date(2026, 3, 5), FIRST)


@given(referrals(), st.sets(st.sampled_from(NAMES)), st.randoms(use_true_random=False))
def test_everybody_is_there_once_whatever_the_referrals(made, held, random) -> None:
    traced = sorted((Traced(one, "met", one.made) for one in made),
                    key=lambda one: (one.pointer.made_on, one.pointer.id))  # fmt: skip
    found = tree(PEOPLE, traced, held)
    assert sorted(one.id for one in found.members) == sorted(NAMES)
    place = {one.id: n for n, one in enumerate(found.members)}
    for one in found.members:
        assert one.degree == (found.members[place[one.by]].degree + 1 if one.by else 1)
        assert all(place[child] > place[one.id] for child in one.led_to)
        assert not one.by or place[one.by] < place[one.id]
    rate = found.reproduction
    assert rate.held == len(held)
    assert rate.led <= rate.asked <= rate.new
    if rate.led < rate.held:  # roots / (1 - R) = held
        assert abs(rate.roots / (1 - rate.value) - rate.held) < 1e-9
    assert tree(dict(random.sample(list(PEOPLE.items()), 5)), traced, held) == found


def test_one_interview_leads_to_the_next() -> None:
    """Only those count whom an interviewee brought, and of those whom I did ask."""
    found = grown(
        of("ana", "ben"), of("ana", "eve", "declined"), of("ana", "ida", "suggested"),
        of("ida", "leo", "met"), held={"ana", "ben", "leo"},
    )  # fmt: skip
    assert found.reproduction == (3, 3, 2, 1, 1)
    assert found.pending == ("ida",)
    assert grown().reproduction.value is None


def test_pending_is_whom_i_did_nothing_about_and_never_met() -> None:
    found = grown(
        of("ana", "leo", "offered"), of("ana", "eve", "introduced"), of("ben", "ida", "suggested"),
        of("leo", "ida", "requested", 1), of("ana", "ben", "contacted"), held={"ida"},
    )  # fmt: skip
    assert found.pending == ("eve", "leo")
    twice = [of("ana", "leo", "offered"), of("ben", "leo", "met", 1), of("ana", "eve", "offered")]
    assert tree(PEOPLE, twice, (), {"eve"}).pending == ()


def test_where_a_branch_ends() -> None:
    def member(status: str = "", held: bool = False, named: int = 0, led_to: tuple = ()) -> Member:
        referral = of("ana", "ben", status) if status else None
        return Member(
            "ben", "Ben", "ana" if status else "", FIRST, 1, referral, led_to, named, held
        )

    assert member(held=True).is_dead_end
    assert member("met", held=True).is_dead_end
    assert not member("met", held=True, named=1).is_dead_end
    assert not member("met").is_dead_end
    assert not member().is_dead_end
    assert not member("suggested").is_dead_end
    assert member("declined").is_dead_end
    assert member("no_response", named=1).is_dead_end
    assert not member("declined", named=1, led_to=("eve",)).is_dead_end
