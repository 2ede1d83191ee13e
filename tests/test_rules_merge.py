"""Two records of one person become one: nothing is lost, nothing blank wins."""

from __future__ import annotations

from datetime import date

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from netcrm import (
    Adjustment,
    Cadence,
    Contact,
    ContactPoint,
    Distinct,
    FirstMet,
    Interaction,
    Interview,
    InvalidError,
    Merged,
    Occasion,
    Organisation,
    PartialDate,
    Participant,
    Position,
    Referral,
    Selector,
    State,
    Waiver,
)
from netcrm.codec import encode, kind_of
from netcrm.kinds import KINDS
from netcrm.model.contact import SOURCES
from netcrm.model.time import Interval, LocalMoment
from netcrm.rules.merge import PLAIN, Conflict, about, between, left, unite, with_note
from netcrm.testing import strategies
from tests.interviewed import TOLD, told
from tests.test_model_values import NOW

DAY = date(2026, 3, 6)
ANA = Contact(id="ana", name="Ana Ruiz", handle="ana", added_on=DAY)
ANNA = Contact(id="anna", name="Anna Ruiz", handle="anna", added_on=date(2025, 1, 1))

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
names = texts.filter(str.strip)
labels = st.sets(st.sampled_from(["a", "b", "c"]))
points = st.lists(
    st.builds(
        ContactPoint,
        kind=st.just("email"),
        value=st.sampled_from(["a@x.org", "A@x.org", "b@x.org"]),
        label=st.sampled_from(["", "work", "home"]),
        preferred=st.booleans(),
        valid=st.sampled_from(["unknown", "ok", "bounced"]),
        do_not_use=st.booleans(),
    ),
    max_size=3,
)
days = st.dates(date(2020, 1, 1), date(2026, 1, 1))
positions = st.lists(
    st.builds(
        Position,
        title=st.sampled_from(["Nurse", "nurse", "Doctor"]),
        organisation=st.sampled_from(["", "Mercy", "Mercy Inc."]),
        start=st.none() | days.map(PartialDate.of),
    ),
    max_size=3,
)


def contacts(id_: str) -> st.SearchStrategy[Contact]:
    return st.builds(
        Contact,
        id=st.just(id_),
        name=names,
        handle=st.just(id_),
        added_on=days,
        given=texts,
        location=texts,
        aliases=st.lists(texts, max_size=2),
        source=st.sampled_from(SOURCES),
        kin=st.booleans(),
        tags=labels,
        circles=labels,
        points=points,
        positions=positions,
        note=texts,
        connected_on=st.none() | days,
        state=st.builds(
            State, kind=st.sampled_from(["active", "archived", "do_not_contact", "deceased"])
        ),
    )


BY_KIND = strategies.by_kind(["ana", "anna", "ben"])
ABOUT = {kind: BY_KIND[kind] for kind in ("interaction", "meeting", "referral", *TOLD)}
WHO = ("contact", "contacts", "participants", "referrer", "referred")
"""Keys of those who are meant."""


def of(entity):
    """Return whom a record is about."""
    record = encode(entity)
    return tuple(KINDS[record.kind].fields["contacts"].of(record.doc))


def doc(entity):
    return encode(entity).doc


pairs = st.tuples(contacts("keep"), contacts("lose"))
takes = st.sets(st.sampled_from(PLAIN))


class TestUnion:
    """The one contact that two are."""

    @given(pairs, takes)
    def test_everything_that_either_had_is_there_or_set_aside(self, pair, take):
        keep, lose = pair
        one, conflicts = unite(keep, lose, take=take)
        for side in pair:
            assert side.tags <= one.tags
            assert set(side.circles) <= set(one.circles)
            assert {point.value.lower() for point in side.points} <= {
                point.value.lower() for point in one.points
            }
            assert {job.title.lower() for job in side.positions} <= {
                job.title.lower() for job in one.positions
            }
            assert side.note in one.note
            assert side.kin <= one.kin
        aside = left(conflicts)
        for field in PLAIN:
            for side in pair:
                value = getattr(side, field)
                unsaid = field == "source" and value in ("other", "import")
                assert not value or unsaid or value in (getattr(one, field), aside.get(field))

    @given(pairs, takes)
    def test_nothing_blank_wins(self, pair, take):
        keep, lose = pair
        one, conflicts = unite(keep, lose, take=take)
        for field in PLAIN:
            if getattr(keep, field) or getattr(lose, field):
                assert getattr(one, field)
        assert all(conflict.kept and conflict.left for conflict in conflicts)

    @given(contacts("keep"))
    def test_who_is_the_same_in_everything_stays_as_they_are(self, keep):
        once, _ = unite(keep, keep)
        assert unite(once, once) == (once, ())
        assert unite(once, attrs.evolve(once, id="lose", handle="lose")) == (once, ())

    @given(pairs)
    def test_the_first_stays_who_they_are(self, pair):
        keep, lose = pair
        one, _ = unite(keep, lose)
        assert (one.id, one.handle, one.name, one.rev) == (
            keep.id, keep.handle, keep.name, keep.rev,
        )  # fmt: skip

    @given(pairs)
    def test_both_ways_round_it_is_the_same_but_for_what_differs(self, pair):
        keep, lose = pair
        one, conflicts = unite(keep, lose)
        other, others = unite(lose, keep)
        assert {c.field for c in conflicts} == {c.field for c in others}
        for field in ("tags", "kin", "connected_on", "added_on", "is_placeholder"):
            assert getattr(one, field) == getattr(other, field)
        assert one.state.kind == other.state.kind

    def test_what_is_taken_is_that_of_the_other(self):
        keep = attrs.evolve(ANA, location="Boston")
        lose = attrs.evolve(ANNA, location="Paris")
        one, conflicts = unite(keep, lose, take=["location"])
        assert one.location == "Paris"
        assert Conflict("location", "Paris", "Boston") in conflicts
        assert one.name == "Ana Ruiz"
        assert one.aliases == ("Anna Ruiz",)

    def test_a_name_that_is_taken_leaves_the_other_as_an_alias(self):
        one, _ = unite(ANA, ANNA, take=["name"])
        assert (one.name, one.aliases) == ("Anna Ruiz", ("Ana Ruiz",))

    @pytest.mark.parametrize("field", ["points", "id", "state", "nonsense", ""])
    def test_only_what_one_has_one_of_can_be_chosen(self, field):
        with pytest.raises(InvalidError, match="cannot be chosen; choose from name, given"):
            unite(ANA, ANNA, take=[field])

    def test_where_one_was_first_known_from_goes_before_no_answer(self):
        one, conflicts = unite(ANA, attrs.evolve(ANNA, source="alumni_database"))
        assert one.source == "alumni_database"
        assert [conflict.field for conflict in conflicts] == ["name"]

    def test_of_states_the_stricter_one_counts(self):
        gone = attrs.evolve(ANNA, state=State(kind="do_not_contact", reason="asked"))
        assert unite(ANA, gone).contact.state.reason == "asked"
        assert unite(gone, ANA).contact.state.reason == "asked"

    def test_of_days_the_earliest_counts(self):
        keep = attrs.evolve(ANA, connected_on=date(2024, 1, 1))
        lose = attrs.evolve(ANNA, connected_on=date(2023, 1, 1))
        one = unite(keep, lose).contact
        assert (one.connected_on, one.added_on) == (date(2023, 1, 1), date(2025, 1, 1))

    def test_who_was_met_earlier_says_how_they_were_met(self):
        here = FirstMet(on=PartialDate(year=2024), place="Boston", through="anna")
        there = FirstMet(on=PartialDate(year=2020), place="Paris", through="ben")
        keep, lose = attrs.evolve(ANA, first_met=here), attrs.evolve(ANNA, first_met=there)
        assert unite(keep, lose).contact.first_met == there
        assert unite(keep, ANNA).contact.first_met == attrs.evolve(here, through=None)

    def test_a_placeholder_becomes_the_person(self):
        desk = attrs.evolve(ANNA, is_placeholder=True)
        assert not unite(desk, ANA).contact.is_placeholder
        assert unite(desk, attrs.evolve(desk, id="x")).contact.is_placeholder

    def test_an_address_is_there_once_and_as_careful_as_either_says(self):
        mine = ContactPoint(kind="email", value="ana@x.org", preferred=True)
        theirs = ContactPoint(
            kind="email", value="Ana@X.org", label="work", valid="bounced", do_not_use=True
        )
        other = ContactPoint(kind="phone", value="+1 555 0100", preferred=True)
        one = unite(
            attrs.evolve(ANA, points=[mine]), attrs.evolve(ANNA, points=[theirs, other])
        ).contact
        assert one.points == (
            attrs.evolve(mine, label="work", valid="bounced", do_not_use=True),
            attrs.evolve(other, preferred=False),
        )

    def test_a_position_that_both_have_is_one_with_what_either_knows(self):
        began = PartialDate(year=2020)
        mine = Position(title="Nurse", organisation="Mercy, Inc.")
        theirs = Position(title="nurse", organisation="Mercy", start=began, fields=["health"])
        former = Position(title="Nurse", organisation="Mercy", end=PartialDate(year=2019))
        one = unite(
            attrs.evolve(ANA, positions=[mine]), attrs.evolve(ANNA, positions=[theirs, former])
        ).contact
        assert one.positions == (attrs.evolve(mine, start=began, fields=["health"]), former)

    def test_birthdays_that_differ_both_stay(self):
        days = [Occasion(on=PartialDate(month=3, day=n)) for n in (1, 2)]
        keep = attrs.evolve(ANA, occasions=days[:1])
        assert unite(keep, attrs.evolve(ANNA, occasions=days)).contact.occasions == tuple(days)

    @pytest.mark.parametrize(
        ("ours", "theirs", "both"),
        [("", "", ""), ("a", "", "a"), ("", "b", "b"), ("a", "b", "a\n\nb"), ("ab", "b", "ab")],
    )
    def test_notes_stand_below_each_other(self, ours, theirs, both):
        assert with_note(ours, theirs) == both


class TestAbout:
    """What was about one is about the other."""

    def test_a_talk_with_both_was_with_one(self):
        people = [Participant(contact=c, role=r) for c, r in (("ben", "to"), ("ana", "cc"))]
        talk = Interaction(
            id="i", occurred=LocalMoment.on(DAY), logged_at=NOW,
            participants=[*people, Participant(contact="anna", role="from")],
        )  # fmt: skip
        assert [(p.contact, p.role) for p in about(talk, "anna", "ana").participants] == [
            ("ben", "to"), ("ana", "from"),
        ]  # fmt: skip
        assert [(p.contact, p.role) for p in about(talk, "ana", "ben").participants] == [
            ("ben", "to"), ("anna", "from"),
        ]  # fmt: skip

    def test_who_referred_me_to_themselves_referred_me_to_nobody(self):
        known = Referral(
            id="r", referrer="ana", referred="anna", made_on=PartialDate.of(DAY), context="lunch"
        )
        assert about(known, "anna", "ana") is None
        assert about(known, "anna", "ben").referred == "ben"
        assert about(known, "ana", "ben").referrer == "ben"
        said = between(known, {"ana": "Ana", "anna": "Anna"})
        assert said == "Ana referred me to Anna (2026-03-06): lunch."

    def test_rules_exceptions_and_pointers_follow(self):
        rule = Cadence(
            id="c", selector=Selector.parse("contact:anna"), every=Interval.parse("1 week")
        )
        assert str(about(rule, "anna", "ana").selector) == "contact:ana"
        snooze = Adjustment(id="a", kind="snooze", contact="anna", on=DAY, made_on=DAY)
        assert about(snooze, "anna", "ana").contact == "ana"
        gone = Merged(id="old", into="anna", handle="old", on=DAY)
        assert about(gone, "anna", "ana").into == "ana"

    def test_who_was_told_apart_from_one_is_told_apart_from_the_other(self):
        apart = Distinct(id="d", contacts=("anna", "ben"), on=DAY)
        assert about(apart, "anna", "ana").contacts == ("ana", "ben")
        assert about(apart, "anna", "ben") is None

    def test_who_was_met_through_one_was_met_through_the_other(self):
        ben = Contact(
            id="ben", name="Ben", handle="ben", added_on=DAY, first_met=FirstMet(through="anna")
        )
        assert about(ben, "anna", "ana").first_met.through == "ana"
        assert about(ben, "anna", "ben").first_met.through is None

    @pytest.mark.parametrize("kind", ABOUT)
    @given(data=st.data())
    def test_nothing_is_about_who_goes_any_more(self, kind, data):
        entity = data.draw(ABOUT[kind])
        people = of(entity)
        assume(people)
        lose = data.draw(st.sampled_from(people))
        keep = data.draw(st.sampled_from(sorted({"ana", "anna", "ben"} - {lose})))
        now = about(entity, lose, keep)
        if kind == "referral" and keep in people:
            assert now is None
            return
        expected = dict.fromkeys(keep if person == lose else person for person in people)
        assert of(now) == tuple(expected)
        assert {key: value for key, value in doc(now).items() if key not in WHO} == {
            key: value for key, value in doc(entity).items() if key not in WHO
        }

    def test_an_interview_with_both_was_with_one(self):
        asked = Interview(id="v", contacts=["ben", "anna", "ana"], opened_on=DAY)
        assert about(asked, "anna", "ana").contacts == ("ben", "ana")
        assert about(asked, "ana", "anna").contacts == ("ben", "anna")
        assert about(asked, "ben", "cleo").contacts == ("cleo", "anna", "ana")

    @pytest.mark.parametrize("told", told(["anna", "ben"], "tea", "t1"), ids=kind_of)
    def test_what_one_told_me_the_other_told_me(self, told):
        now = about(told, "anna", "ana")
        assert "ana" in of(now)
        assert about(now, "ana", "anna") == told

    def test_who_need_not_be_thanked_need_not_be_thanked_as_somebody_else(self):
        waiver = Waiver(id="w", key="thank_you:anna2:anna", contact="anna", on=DAY)
        assert about(waiver, "anna", "ana").key == "thank_you:anna2:ana"

    def test_nothing_else_is_about_anybody(self):
        with pytest.raises(TypeError, match="Organisation is about nobody"):
            about(Organisation(id="o", name="Mercy"), "ana", "anna")


def test_it_takes_two_to_be_told_apart():
    with pytest.raises(InvalidError, match="it takes two"):
        Distinct(id="d", contacts=("ana", "ana"), on=DAY)


def test_nobody_is_merged_into_themselves():
    with pytest.raises(InvalidError, match="into themselves"):
        Merged(id="ana", into="ana", handle="ana", on=DAY)
