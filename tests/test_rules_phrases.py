"""How do facts sound in a letter?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.campaign import Objective
from netcrm.model.contact import SOURCES, FirstMet, Position, State
from netcrm.model.profile import ME, Profile
from netcrm.model.time import LocalMoment, PartialDate
from netcrm.rules.background import Background, Thread, circumstances
from netcrm.rules.circumstances import KINDS
from netcrm.rules.drafts import Fact, blanks
from netcrm.rules.lifecycle import Standing
from netcrm.rules.lint import lint
from netcrm.rules.phrases import facts
from netcrm.testing.strategies import contacts
from tests.test_rules_background import TODAY, insight, known, person, referral, talk, used


def said(name: str, kind: str = "request", **changes: Any) -> str:
    return facts(kind, known(**changes))[name].text


def asked(**now: Any) -> Thread:
    return talk()._replace(now=Standing(**now))


@given(st.sampled_from(sorted(KINDS)), contacts(), contacts())
def test_whoever_it_is_only_blanks_are_filled(kind, somebody, me):
    there = Background(person=somebody, as_of=LocalMoment.on(TODAY), me=me)
    assert set(facts(kind, there)) <= set(blanks())


class TestThePerson:
    @pytest.mark.parametrize(
        ("name", "given", "first"),
        [
            ("Ines Duarte", "", "Ines"),
            ("Dr. Ines Duarte, PhD", "", "Ines"),
            ("Duarte, Ines", "", "Ines"),
            ("Maria Ines Duarte", "Maria Ines", "Maria Ines"),
            ("Cher", "", "Cher"),
            ("שרה כהן", "", "שרה"),
            ("{0}", "", "{0}"),
            ("👩", "", "👩"),
            ('Zoë "Z" O\'Neill', "", "Zoë"),
        ],
    )
    def test_is_greeted_by_the_given_name(self, name: str, given: str, first: str):
        there = person("x", given=given)
        there = type(there)(id="x", name=name, handle="x", added_on=TODAY, given=given)
        assert said("first", person=there) == first
        assert said("name", person=there) == name

    def test_who_has_no_name_yet_is_greeted_by_none(self):
        there = person("Someone in HR", is_placeholder=True)
        assert said("first", person=there) == said("name", person=there) == ""

    def test_does_what_they_do_now(self):
        past = Position(organisation="Mercy", title="Nurse", end=PartialDate.parse("2020"))
        there = person(positions=[Position(organisation="City", title="Doctor"), past])
        assert (said("organisation", person=there), said("title", person=there)) == (
            "City",
            "Doctor",
        )
        assert said("organisation", person=person(positions=[past])) == ""

    @pytest.mark.parametrize("place", ["Self-employed", "freelance", "Independent"])
    def test_works_at_no_place_that_is_none(self, place: str):
        there = person(positions=[Position(organisation=place, title="Art Therapist")])
        assert said("organisation", person=there) == ""
        assert said("title", person=there) == "Art Therapist"

    def test_was_in_touch_in_a_month(self):
        assert said("since", last_touch=date(2024, 5, 3)) == "in May 2024"
        assert said("since") == ""


class TestHowIKnowThem:
    @pytest.mark.parametrize("source", SOURCES)
    def test_a_letter_that_says_so_says_it_well_enough(self, source: str):
        there = known(person=person(source=source, source_detail="Sara's friend"))
        if found := facts("request", there)["found"].text:
            codes = [one.code for one in lint("request", f"{found}.", circumstances(there))]
            assert "O03" not in codes
            assert found[0].isupper()
            assert not found.endswith(".")

    @pytest.mark.parametrize(
        ("source", "detail", "found"),
        [
            ("alumni_database", "", "I found you in the alumni database"),
            ("alumni_database", "the Lakeside Database", "I found you in the Lakeside Database"),
            (
                "alumni_database",
                "Lakeside, 2019",
                "I found you in the alumni database (Lakeside, 2019)",
            ),
            ("event", "Career Day", "I came across you at the event (Career Day)"),
            ("friend", "Sara's ex", "As a friend, you came to mind first"),
            ("other", "Sara's ex", ""),
        ],
    )
    def test_a_list_is_called_by_its_name_and_notes_stay_mine(self, source, detail, found):
        assert said("found", person=person(source=source, source_detail=detail)) == found

    def test_the_nearest_comes_first(self):
        met = FirstMet(place="the fair")
        assert (
            said("found", person=person(first_met=met, connected_on=TODAY))
            == "We have met before (the fair)"
        )
        assert (
            said("found", person=person(connected_on=TODAY, source="friend"))
            == "We are connected on LinkedIn"
        )
        there = person(connected_on=TODAY, source="yellow_pages", first_met=FirstMet())
        assert said("found", person=there) == "I found you in the yellow pages"

    def test_who_sent_me_is_named_if_i_may(self):
        by = person("Ruth Okoye")
        assert facts("request", known(referrers=((referral("r", may_use_name="yes"), by),)))[
            "referrer"
        ] == Fact("Ruth Okoye", ("r", "ruth"))

    def test_who_has_not_said_so_is_asked_first(self):
        there = known(referrers=((referral("r"), person("Ruth Okoye")),))
        found = facts("request", there)["referrer"]
        assert (found.text, found.records) == ("", ())
        assert found.ask == "whether Ruth Okoye agrees to be named: ask them first"

    @pytest.mark.parametrize(
        ("may", "fields"),
        [
            ("no", {}),
            ("yes", {"state": State(kind="do_not_contact")}),
            ("yes", {"is_placeholder": True}),
        ],
    )
    def test_some_are_neither_named_nor_asked(self, may: str, fields: dict[str, Any]):
        there = known(
            referrers=((referral("r", may_use_name=may), person("Ruth Okoye", **fields)),)
        )
        assert facts("request", there)["referrer"] == Fact()

    def test_of_several_it_is_the_last_one_who_said_yes(self):
        days = [("a", "2026-01", "yes"), ("b", "2026-02", "yes"), ("c", "2026-03", "unknown")]
        some = tuple(
            (
                referral(id, made_on=PartialDate.parse(day), may_use_name=may),
                person(f"{id.upper()} X"),
            )
            for id, day, may in days
        )
        assert said("referrer", referrers=some) == said("referrer", referrers=some[::-1]) == "B X"


class TestMe:
    @pytest.mark.parametrize(
        ("education", "stage", "sentence"),
        [
            ("", "", ""),
            ("", "college", "I am a student"),
            ("", "career_changer", "I am changing careers"),
            ("second year of law.", "college", "I am a student (second year of law)"),
            ("BA Law, Lakeside", "", "My background: BA Law, Lakeside"),
            ("I study law.", "college", "I study law."),
            ("I’m new here", "graduate", "I’m new here"),
            ("My field is law", "", "My field is law"),
            ("A third-year student of law", "college", "I am a third-year student of law"),
            ("Irish law", "graduate", "I am a recent graduate (Irish law)"),
            ("", "employed", ""),
        ],
    )
    def test_who_i_am_is_a_sentence(self, education: str, stage: str, sentence: str):
        profile = Profile(id=ME, education=education, stage=stage)  # type: ignore[arg-type]
        assert said("about_me", profile=profile) == sentence

    def test_my_name_is_as_i_write_it(self):
        assert said("me", me=person("Tom {Baker}")) == "Tom {Baker}"
        assert said("me") == ""

    def test_what_i_explore_is_their_field_or_else_the_first_of_mine(self):
        there = {
            "objectives": (
                Objective(id="o", text="a day", added_on=TODAY, fields=["law", "art"]),
                Objective(id="p", text="a year", added_on=TODAY, fields=["social-work"]),
            ),
            "profile": Profile(id=ME, interests=["law", "teaching"]),
            "titles": {"art": "Art & Design"},
        }
        assert said("interest", **there) == "Art & Design and law"
        assert said("objective", **there) == "a day"
        worker = person(positions=[Position(title="x", fields=["social-work"])])
        found = facts("request", known(person=worker, **there))
        assert found["interest"] == Fact("social work", ("p",))
        assert found["objective"] == Fact("a year", ("p",))
        teacher = facts("request", known(person=person(fields=["teaching"]), **there))
        assert teacher["interest"] == Fact("teaching", (ME,))
        assert teacher["objective"].text == "a day"

    def test_how_i_want_to_talk(self):
        assert said("formats") == "in person, by video or by phone"
        assert said("formats", formats=("phone", "in_person")) == "by phone or in person"
        assert said("formats", formats=("video",)) == "by video"
        assert said("minutes", minutes=20) == "20 minutes"


class TestOurTalk:
    def test_a_day_is_said_as_in_a_letter(self):
        assert said("met", held=talk()) == "on 4 March"
        later = LocalMoment.on(date(2027, 1, 1))
        assert said("met", held=talk(), as_of=later) == "on 4 March 2026"
        assert said("met", asking=asked(asked=LocalMoment.on(TODAY))) == ""

    def test_when_i_asked_and_when_they_said_no(self):
        there = asked(
            stage="declined", asked=LocalMoment.on(date(2026, 3, 1)), since=LocalMoment.on(TODAY)
        )
        assert said("asked", asking=there) == "on 1 March"
        assert said("declined", asking=there) == "on 6 March"
        assert said("declined", asking=asked(stage="contacted", since=LocalMoment.on(TODAY))) == ""

    def test_a_report_is_of_the_talk_with_the_other(self):
        mine, theirs = talk(), asked(stage="declined", since=LocalMoment.on(TODAY))
        found = facts("report_back", known(held=mine, course=theirs, other=person("Sam Lee")))
        assert (found["met"].text, found["declined"].text) == ("", "on 6 March")
        assert found["target"] == Fact("Sam Lee", ("sam",))
        assert facts("report_back", known(course=mine))["met"].text == "on 4 March"
        assert said("met", kind="thank_you", course=mine) == ""

    def test_the_other_person_of_an_introduction(self):
        sam = person("Sam Lee", given="Samuel", positions=[Position(organisation="Harewood")])
        found = facts("introduction", known(other=sam, why="both love old maps"))
        assert found["target"] == Fact("Sam Lee", ("sam",))
        assert found["target_first"] == Fact("Samuel", ("sam",))
        assert found["target_job"] == Fact("Harewood", ("sam",))
        assert found["why"] == Fact("both love old maps", ("sam",))
        for title, place, work in (
            ("Surveyor", "Harewood", "Surveyor at Harewood"), ("Surveyor", "", "Surveyor"),
        ):  # fmt: skip
            job = Position(title=title, organisation=place)
            found = facts("introduction", known(other=person("Sam Lee", positions=[job])))
            assert (found["target_job"].text, found["target_first"].text) == (work, "Sam")
        nobody = person("Sam Lee", is_placeholder=True)
        assert facts("introduction", known(other=nobody))["target_first"].text == ""
        assert facts("introduction", known(other=nobody))["target_job"].text == ""

    def test_what_came_of_it(self):
        there = known(
            held=talk(next_steps=["read Yalom", "write"], liked="team work"),
            referred=(
                (referral("r"), person("Sam Lee")),
                (referral("s"), person("Ada Roy")),
                (referral("t"), person("Eve X", state=State(kind="deceased"))),
            ),
            insights=(insight("a", steps=used("applied")),),
        )
        found = facts("thank_you", there)
        assert found["next_step"] == Fact("read Yalom", ("talk",))
        assert found["referred_to"] == Fact("Sam Lee and Ada Roy", ("r", "sam", "s", "ada"))
        assert found["takeaway"] == found["applied"] == Fact("a said", ("a",))

    @pytest.mark.parametrize(
        ("kind", "blank"),
        [
            ("request", "objective"), ("thank_you", "takeaway"), ("progress_update", "news"),
            ("reconnect", "news"), ("introduction_request", "target"), ("report_back", "target"),
            ("introduction_offer", "target"), ("introduction", "target"),
        ],
    )  # fmt: skip
    def test_what_i_say_of_my_own_accord_goes_first(self, kind: str, blank: str):
        there = {"held": talk(liked="team work"), "about": "my words"}
        assert facts(kind, known(**there))[blank] == Fact("my words")

    def test_it_is_not_put_where_it_does_not_belong(self):
        assert "my words" not in str(facts("decline_graciously", known(about="my words")))
