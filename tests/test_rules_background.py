"""What may a letter to somebody rest on?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

from netcrm.model.campaign import Objective
from netcrm.model.contact import Contact, FirstMet, Position, State
from netcrm.model.insight import Decision, Insight, InsightStep
from netcrm.model.interview import Evaluation, Interview
from netcrm.model.profile import ME, Pitch, Profile
from netcrm.model.referral import Referral
from netcrm.model.time import LocalMoment, PartialDate
from netcrm.rules.background import Background, Thread, circumstances, may_stand
from netcrm.rules.circumstances import Referrer
from netcrm.rules.lifecycle import Standing

TODAY = date(2026, 3, 6)
TALKED = date(2026, 3, 4)


def person(name: str = "Ines Duarte", **fields: Any) -> Contact:
    handle = name.split()[0].lower()
    return Contact(id=handle, name=name, handle=handle, added_on=TODAY, **fields)


def referral(id: str, **fields: Any) -> Referral:
    said = {"referrer": "ruth", "referred": "ines", "made_on": PartialDate.of(TALKED), **fields}
    return Referral(id=id, **said)


def insight(id: str, **fields: Any) -> Insight:
    said = {"text": f"{id} said", "contact": "ines", "observed_on": TALKED, **fields}
    return Insight(id=id, **said)


def used(use: str, on: date = TODAY) -> tuple[InsightStep, ...]:
    return (InsightStep(use=use, on=LocalMoment.on(on)),)  # type: ignore[arg-type]


def talk(**noted: Any) -> Thread:
    made = Evaluation(on=LocalMoment.on(TALKED), **noted)
    interview = Interview(id="talk", contacts=("ines",), opened_on=TALKED, evaluation=made)
    return Thread(interview, Standing(stage="held", held=LocalMoment.on(TALKED)))


def known(**changes: Any) -> Background:
    return Background(**({"person": person(), "as_of": LocalMoment.on(TODAY)} | changes))


class TestWhatTheyToldMe:
    def test_is_what_i_learned_then_what_i_liked(self):
        there = known(held=talk(liked="team work", disliked="nights"), insights=(insight("a"),))
        assert list(there.takeaways()) == [("a said", "a"), ("team work", "talk")]

    def test_is_nothing_that_they_would_not_gladly_hear_again(self):
        there = known(
            held=talk(disliked="nights", challenging="pay", gaps=["statistics"]),
            insights=(insight("a", stance="negative"),),
        )
        assert list(there.takeaways()) == []

    def test_is_what_was_said_in_the_last_talk(self):
        other, here = insight("a", interview="other"), insight("b", interview="talk")
        there = known(held=talk(), insights=(other, here))
        assert list(there.takeaways()) == [("b said", "b")]
        assert list(attrs.evolve(there, held=None).takeaways()) == []

    def test_a_letter_is_checked_by_all_that_was_noted_of_it(self):
        there = known(
            held=talk(liked="team", skills=["listening"], disliked="nights", gaps=["maths"]),
            insights=(insight("a", stance="negative"),),
        )
        assert circumstances(there).takeaways == ("team", "listening", "nights", "a said")

    def test_what_is_confidential_is_nowhere(self):
        secret = insight("a", confidential=True, steps=used("applied"))
        decision = Decision(id="d", text="to go", on=LocalMoment.on(TODAY), insights=("a",))
        there = known(held=talk(), insights=(secret,), decisions=(decision,))
        assert (list(there.takeaways()), list(there.applied()), list(there.decided())) == (
            [],
            [],
            [],
        )
        assert "a said" not in str(circumstances(there))


class TestWhatCameOfIt:
    def test_advice_counts_once_it_is_applied(self):
        told = [insight(use, steps=used(use)) for use in ("planned", "applied", "set_aside")]
        assert [one.id for one in known(insights=(*told, insight("x"))).applied()] == ["applied"]

    @pytest.mark.parametrize(("last", "is_new"), [(None, True), (5, True), (6, True), (7, False)])
    def test_it_is_told_if_it_is_newer_than_our_last_touch(self, last: int | None, is_new: bool):
        there = known(
            insights=(insight("a", steps=used("applied")),),
            decisions=(Decision(id="d", text="to go", on=LocalMoment.on(TODAY), insights=("a",)),),
            last_touch=date(2026, 3, last) if last else None,
        )
        assert bool(list(there.applied())) is is_new
        assert bool(list(there.decided())) is is_new

    def test_a_decision_is_told_to_those_who_are_behind_it(self):
        on = LocalMoment.on(TODAY)
        mine, theirs = (
            Decision(id="d", text="a", on=on),
            Decision(id="e", text="b", on=on, insights=("a", "z")),
        )
        there = known(insights=(insight("a"),), decisions=(mine, theirs))
        assert [one.id for one in there.decided()] == ["e"]


class TestWhatWeShare:
    @pytest.mark.parametrize("place", ["Lakeside University", "LAKESIDE university", "Lakeside"])
    def test_is_where_both_of_us_were(self, place: str):
        theirs = person(positions=[Position(organisation="Mercy"), Position(organisation=place)])
        me = person("Tom Baker", positions=[Position(organisation=place.lower())])
        assert known(person=theirs, me=me).shared == place

    def test_may_be_where_i_study(self):
        theirs = person(positions=[Position(organisation="Lakeside University")])
        there = known(person=theirs, profile=Profile(id=ME, education="BA at Lakeside University."))
        assert there.shared == "Lakeside University"

    @pytest.mark.parametrize(
        ("place", "education"),
        [
            ("Arts", "arts and crafts"),
            ("Lake Side", "at Lake Sidewater"),
            ("", "BA"),
            ("Mercy", ""),
        ],
    )
    def test_is_no_word_that_happens_to_be_in_it(self, place: str, education: str):
        theirs = person(positions=[Position(organisation=place, title="Nurse")])
        me = person("Tom Baker", positions=[Position(title="Student")])
        assert known(person=theirs, me=me, profile=Profile(id=ME, education=education)).shared == ""

    def test_my_education_is_as_i_introduce_myself_now(self):
        pitches = [Pitch(on=date(2026, 1, 1), education="new"), Pitch(on=date(2027, 1, 1))]
        profile = Profile(id=ME, education="old", pitches=pitches)
        assert known(profile=profile).education == "new"
        before = known(profile=profile, as_of=LocalMoment.on(date(2025, 1, 1)))
        assert before.education == "old"


@pytest.mark.parametrize("state", ["archived", "do_not_contact", "deceased"])
def test_who_is_not_to_be_contacted_is_not_named_to_others(state: str):
    assert may_stand(person())
    assert not may_stand(person(state=State(kind=state)))  # type: ignore[arg-type]
    assert not may_stand(person(is_placeholder=True))


def test_everything_that_a_letter_is_checked_by():
    ines = person(
        "Ines Duarte",
        given="Ines",
        aliases=["Inesita"],
        positions=[
            Position(organisation="Mercy", title="Nurse"),
            Position(organisation="City", title="Doctor", fields=["surgery"]),
        ],
        location="Leeds",
        fields=["social-work"],
        source="alumni_database",
        source_detail="Harbour list",
        connected_on=TODAY,
        first_met=FirstMet(place="the fair"),
    )
    unnamed = person("Someone", is_placeholder=True)
    there = known(
        person=ines,
        me=person("Tom Baker"),
        profile=Profile(
            id=ME, stage="college", education="geography", activities="rowing", interests=["art"]
        ),
        objectives=(Objective(id="o", text="a day", added_on=TODAY, fields=["social-work"]),),
        titles={"art": "Art & Design"},
        referrers=((referral("r", may_use_name="no"), person("Ruth Okoye")),),
        referred=((referral("s"), person("Sam Lee")), (referral("t"), unnamed)),
        insights=(insight("a", steps=used("applied")),),
        minutes=20,
    )
    due, now = datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC)
    found = circumstances(there, channel="phone", deadline=due, sent=now, first_update=True)
    assert attrs.asdict(found, recurse=False) == {
        "channel": "phone",
        "note_limit": 200,
        "recipient": ("Ines", "Ines Duarte", "Inesita"),
        "facts": ("City", "Doctor", "Mercy", "Nurse", "social work", "surgery", "Leeds"),
        "known_by": ("the fair", "Harbour list", "alumni database", "LinkedIn"),
        "referrers": (Referrer("Ruth Okoye", "no"),),
        "me": ("Tom Baker",),
        "about_me": ("geography", "rowing", "a student"),
        "interests": ("a day", "social work", "Art & Design"),
        "minutes": 20,
        "takeaways": ("a said",),
        "applied": ("a said",),
        "referred_to": ("Sam Lee",),
        "deadline": due,
        "sent": now,
        "first_update": True,
    }


@pytest.mark.parametrize(
    "source", ["other", "import", "referral", "email", "calendar", "cold_call"]
)
def test_some_sources_say_nothing_of_how_i_know_them(source: str):
    assert circumstances(known(person=person(source=source))).known_by == ()


@pytest.mark.parametrize("place", ["Self-employed", "Freelance", "independent"])
def test_an_own_business_is_no_employer(place: str):
    there = known(person=person(positions=[Position(organisation=place, title="Art Therapist")]))
    assert there.employer == ""
    assert circumstances(there).facts == ("Art Therapist",)


def test_a_note_of_mine_on_where_they_are_from_is_no_fact_to_write():
    friend = person(source="friend", source_detail="Sara's ex")
    assert circumstances(known(person=friend)).known_by == ("friend",)
