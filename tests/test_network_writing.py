"""Letters to people, from what a network knows of them."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

import netcrm
from netcrm import model
from netcrm.errors import InvalidError, NotFoundError, RefusedError
from netcrm.model.time import PartialDate
from netcrm.network import Network
from netcrm.network.writing import Letter, Writing
from netcrm.rules.circumstances import KINDS
from netcrm.rules.judging import Fault
from netcrm.rules.letters import LetterRule
from netcrm.rules.plans import PLAN, PlanRule
from tests import networks
from tests.networks import commits, opener

clock = networks.clock


class Whole(Network, Writing):
    """A network in which letters are written."""


@pytest.fixture
def net(tmp_path, clock):
    return opened(tmp_path, clock)


def opened(folder, clock, **options: Any) -> Whole:
    there = opener("memory", folder, clock)(**options)
    return Whole(there._storage, there._setting, there.plugins)


@pytest.fixture
def story(net, clock):
    """Ines was found in a list, asked on 24 February, and met on 4 March; today is 5 March."""
    net.add("Tom Baker", is_me=True, email="tom@example.org")
    net.describe(stage="college", education="final year of geography", interests=["art"])
    net.objective("what a planner decides alone", fields=["city planning"])
    net.relate("city-planning", title="city planning")
    net.add(
        "Ines Duarte", email="ines@example.org", phone="+44 113 496 0000",
        url="https://www.linkedin.com/in/ines", organisation="Leeds City Council",
        title="Planning Officer", fields=["city-planning"], source="alumni_database",
        source_detail="Harbour College alumni list",
    )  # fmt: skip
    net.add("Sam Lee")
    return net


def asked(net) -> None:
    net.ask("ines", at="2026-02-24 10:00", minutes=20, formats=["video", "phone"])


def met(net) -> None:
    asked(net)
    net.log("ines", "email", kind="accept", at="2026-02-25 10:00")
    net.log("ines", "video", kind="meeting", at="2026-03-04 18:00", minutes=30)


def noted(net, **fields: Any) -> None:
    interview = net.interview("ines").interview
    made = model.Evaluation(on=net.moment(None), **fields)
    net.put(attrs.evolve(interview, evaluation=made))


def learned(net, text: str, on: str = "2026-03-04", **fields: Any) -> model.Insight:
    said = {"contact": net.contact("ines").id, "observed_on": net.day(on), **fields}
    return net.put(model.Insight(id=text.replace(" ", "-"), text=text, **said))[0]


def applied(net, insight: model.Insight, on: str) -> None:
    step = model.InsightStep(use="applied", on=net.moment(on))
    net.put(attrs.evolve(insight, steps=(step,)))


def codes(letter: Letter) -> set[str]:
    return {finding.code for finding in letter.findings}


class TestRequests:
    def test_a_request_with_everything_known_has_nothing_to_mend(self, story):
        letter = story.draft("request", "ines")
        assert letter.findings == ()
        assert letter.draft.missing == ()
        assert letter.addresses == ("ines@example.org",)
        for said in (
            "Dear Ines", "Harbour College alumni list", "a student (final year of geography)",
            "exploring city planning", "what a planner decides alone",
            "work as Planning Officer at Leeds City Council", "30 minutes",
            "in person, by video or by phone", "Tom Baker",
        ):  # fmt: skip
            assert said in letter.draft.text

    @pytest.mark.parametrize("channel", ["email", "linkedin", "linkedin_note", "phone", "coffee"])
    def test_nor_by_any_other_way(self, story, channel):
        assert story.draft("request", "ines", channel=channel).findings == ()

    def test_it_names_the_records_that_it_rests_on(self, story):
        ids = {story.contact("ines").id, story.me.id, "me", story.objectives()[0].id}
        assert set(story.draft("request", "ines").draft.facts) == ids

    def test_what_i_ask_for_goes_before_what_was_asked_for(self, story):
        assert "30 minutes" in story.draft("request", "ines").draft.text
        asked(story)
        letter = story.draft("follow_up", "ines")
        assert "on 24 February whether you could spare 20 minutes" in letter.draft.text
        assert letter.findings == ()
        letter = story.draft("request", "ines")
        assert "20 minutes" in letter.draft.text
        assert "I can talk by video or by phone, at any time" in letter.draft.text
        letter = story.draft("request", "ines", minutes=45, formats=["coffee"], about="your maps")
        assert "45 minutes" in letter.draft.text
        assert "I can talk in person, at" in letter.draft.text
        assert "your maps" in letter.draft.text
        assert letter.circumstances.minutes == 45

    def test_an_interview_has_objectives_of_its_own(self, story):
        other = story.objective("how maps are made")
        story.ask("ines", objectives=[other.id])
        assert story.circumstances("request", "ines").interests[:1] == ("how maps are made",)
        assert "how maps are made" in story.draft("request", "ines").draft.text

    def test_they_come_in_its_order(self, story):
        texts = ["what is hard", "what is new"]
        ids = [story.objective(text).id for text in texts]
        story.ask("ines", objectives=[ids[1], ids[0]])
        assert story.circumstances("request", "ines").interests[:2] == (
            "what is new",
            "what is hard",
        )

    def test_once_we_have_talked_a_request_is_a_new_one(self, story):
        story.objective("how maps are made")
        story.ask("ines", at="2026-02-24 10:00", minutes=20, objectives=["how maps"])
        story.log("ines", "video", kind="meeting", at="2026-03-04 18:00")
        assert "30 minutes" in story.draft("request", "ines").draft.text
        story.ask("ines", minutes=45, objectives=["what a planner"])
        assert story.circumstances("request", "ines").minutes == 45
        assert story.circumstances("request", "ines").interests[0] == "what a planner decides alone"
        assert story.circumstances("thank_you", "ines").interests[0] == "how maps are made"

    def test_what_was_settled_is_asked_no_more(self, story):
        story.settle("what a planner")
        assert "decides alone" not in story.draft("request", "ines").draft.text

    def test_nothing_is_made_up(self, net):
        net.add("Ines Duarte")
        for kind in sorted(KINDS):
            letter = net.draft(kind, "ines")
            assert letter.draft.missing
            assert "O10" in codes(letter)
            assert letter.addresses == ()
            assert letter.draft.facts in (
                (),
                (net.contact("ines").id,),
                (net.contact("ines").id, "me"),
            )

    def test_writing_changes_nothing(self, story):
        before = commits(story)
        for kind in sorted(KINDS):
            assert story.draft(kind, "ines") == story.draft(kind, "ines")
        assert commits(story) == before


class TestReferrers:
    def test_who_agreed_is_named(self, story):
        story.add("Ruth Okoye")
        story.refer("ruth", "ines", may_use_name="yes")
        letter = story.draft("request", "ines")
        assert "Ruth Okoye suggested that I write to you" in letter.draft.text
        assert letter.findings == ()

    def test_who_has_not_agreed_yet_is_to_be_asked(self, story):
        story.add("Ruth Okoye")
        story.refer("ruth", "ines")
        letter = story.draft("request", "ines")
        assert letter.draft.missing == ("whether Ruth Okoye agrees to be named: ask them first",)
        assert "Ruth" not in letter.draft.text
        assert codes(letter) == {"O10"}

    def test_who_does_not_want_it_is_left_out_and_that_is_checked(self, story):
        story.add("Ruth Okoye")
        story.refer("ruth", "ines", may_use_name="no")
        assert story.draft("request", "ines").findings == ()
        text = "Dear Ines, Ruth Okoye gave me your name."
        assert "O16" in {one.code for one in story.lint("request", text, who="ines")}
        assert "O16" not in {one.code for one in story.lint("request", text)}

    def test_who_took_it_back_or_comes_later_did_not_refer_me(self, story):
        story.add("Ruth Okoye")
        gone = model.ReferralStep(step="withdrawn", on=PartialDate.parse("2026-03-01"))
        story.refer("ruth", "ines", on="2026-02-20", may_use_name="yes", steps=[gone])
        assert "Ruth" not in story.draft("request", "ines").draft.text
        story.refer("ruth", "ines", on="2026-03-05", may_use_name="yes")
        assert "Ruth" in story.draft("request", "ines").draft.text
        assert "Ruth" not in story.draft("request", "ines", as_of="2026-03-04").draft.text


class TestThanks:
    def test_a_thank_you_says_what_i_took_away_and_will_do(self, story):
        met(story)
        noted(story, liked="walking the streets first", next_steps=["walk through Holbeck"])
        story.refer("ines", "sam", on="2026-03-04")
        letter = story.draft("thank_you", "ines")
        assert letter.findings == ()
        for said in ("on 4 March", "walking the streets first", "walk through Holbeck", "Sam Lee"):
            assert said in letter.draft.text

    def test_it_is_late_after_a_day(self, story, clock):
        met(story)
        assert "T01" not in codes(story.draft("thank_you", "ines"))
        clock.set("2026-03-05T18:31")
        assert "T01" in codes(story.draft("thank_you", "ines"))
        assert "T01" not in codes(story.draft("thank_you", "ines", as_of="2026-03-05 18:29"))
        found = story.circumstances("thank_you", "ines")
        assert found.deadline.isoformat() == "2026-03-05T23:30:00+00:00"
        assert found.sent.isoformat() == "2026-03-05T23:31:00+00:00"
        assert story.circumstances("reconnect", "ines").deadline is None
        story.log("ines", "email", kind="thank_you")
        assert story.circumstances("thank_you", "ines").deadline is None

    def test_what_is_confidential_reaches_no_letter(self, story):
        met(story)
        secret = learned(story, "we lost the tender", confidential=True)
        applied(story, secret, "2026-03-04")
        for kind in sorted(KINDS):
            letter = story.draft(kind, "ines")
            assert "tender" not in str(letter)
            assert secret.id not in letter.draft.facts

    def test_i_may_say_myself_what_i_took_away(self, story):
        met(story)
        noted(story, liked="walking")
        assert "most: the maps." in story.draft("thank_you", "ines", about="the maps").draft.text

    def test_whom_they_named_before_our_talk_is_not_of_it(self, story):
        story.refer("ines", "sam", on="2026-03-03")
        met(story)
        assert story.circumstances("thank_you", "ines").referred_to == ()


class TestUpdates:
    @pytest.fixture
    def later(self, story, clock):
        met(story)
        clock.set("2026-06-01T10:00")
        return story

    def test_an_update_tells_what_came_of_their_advice(self, later):
        applied(later, learned(later, "draw before you write"), "2026-05-01")
        letter = later.draft("progress_update", "ines")
        assert "advice since we last talked: draw before you write." in letter.draft.text
        assert letter.findings == ()

    def test_advice_followed_before_our_last_touch_is_known(self, later):
        applied(later, learned(later, "draw before you write"), "2026-05-01")
        later.log("ines", "voicemail", at="2026-05-03")  # which is no touch
        assert later.circumstances("progress_update", "ines").applied
        later.log("ines", "email", at="2026-05-02")
        assert not later.circumstances("progress_update", "ines").applied
        assert later.circumstances("progress_update", "ines", as_of="2026-05-01").applied

    def test_what_was_not_yet_known_then_is_not_told(self, later):
        applied(later, learned(later, "draw before you write", "2026-04-01"), "2026-05-01")
        assert not later.circumstances("progress_update", "ines", as_of="2026-04-30").applied
        assert later.circumstances("thank_you", "ines", as_of="2026-03-31").takeaways == ()

    def test_a_decision_is_told_to_those_behind_it(self, later):
        insight = learned(later, "draw before you write")
        on = later.moment("2026-05-01 10:00")
        later.put(model.Decision(id="d", text="I study planning", on=on, insights=(insight.id,)))
        assert "it: I study planning." in later.draft("progress_update", "ines").draft.text
        before = later.draft("progress_update", "ines", as_of="2026-05-01 09:59")
        assert "I study planning" not in before.draft.text

    def test_my_news_are_mine_to_say(self, later):
        letter = later.draft("reconnect", "ines", about="I mapped cycle routes")
        assert "Here is what is new with me since then: I mapped cycle routes." in letter.draft.text
        assert "in March 2026" in letter.draft.text
        assert letter.findings == ()

    def test_the_first_update_asks_for_nothing(self, later):
        text = "Dear Ines, since we met I have drawn a lot. Thank you! Could you read my essay?"
        assert "U03" in {one.code for one in later.lint("progress_update", text, who="ines")}
        later.log("ines", "email", kind="progress_update", at="2026-05-01")
        assert "U03" not in {one.code for one in later.lint("progress_update", text, who="ines")}
        before = later.lint("progress_update", text, who="ines", as_of="2026-04-30")
        assert "U03" in {one.code for one in before}
        assert not later.circumstances("thank_you", "ines").first_update

    def test_a_no_is_answered_kindly(self, story):
        asked(story)
        story.log("ines", "email", kind="decline", at="2026-02-26")
        letter = story.draft("decline_graciously", "ines")
        assert letter.findings == ()
        assert letter.draft.missing == ()


class TestOthers:
    def test_an_introduction_is_to_somebody_i_have_or_to_whoever_it_may_be(self, story):
        letter = story.draft("introduction_request", "ines", about="sam")
        assert letter.draft.subject == "Would you introduce me to Sam Lee?"
        assert letter.findings == ()
        assert story.contact("sam").id in letter.draft.facts
        letter = story.draft("introduction_request", "ines", about="somebody at the museum")
        assert "learn from somebody at the museum." in letter.draft.text
        assert story.draft("introduction_request", "ines").draft.missing == (
            "the name of the other person",
        )

    def test_a_report_is_of_whom_they_pointed_me_to(self, story, clock):
        story.add("Ada Roy")
        story.refer("ines", "sam", on="2026-02-27")
        story.refer("ines", "ada", on="2026-02-28")
        assert "Ada Roy" in story.draft("report_back", "ines").draft.subject
        story.log("sam", "video", kind="meeting", at="2026-03-04 10:00")
        letter = story.draft("report_back", "ines")
        assert "pointing me to Sam Lee. We talked on 4 March" in letter.draft.text
        assert letter.findings == ()
        story.log("ines", "email", kind="report_back")
        assert "Ada Roy" in story.draft("report_back", "ines").draft.subject
        assert "Sam Lee" in story.draft("report_back", "ines", about="sam lee").draft.text

    @pytest.mark.parametrize(
        ("kind", "said"),
        [("decline", "I heard on 3 March"), ("", "I asked on 2 March"), ("lapse", "I asked on 2")],
    )
    def test_it_tells_what_came_of_it(self, story, kind, said):
        story.refer("ines", "sam", on="2026-02-27")
        story.ask("sam", at="2026-03-02 10:00")
        if kind == "decline":
            story.log("sam", "email", kind="decline", at="2026-03-03 10:00")
        if kind == "lapse":
            story.step("sam", "lapse")
        assert said in story.draft("report_back", "ines").draft.text

    def test_it_is_of_the_one_they_have_not_heard_of_yet(self, story):
        for name in ("Ada Roy", "Eve Ash"):
            story.add(name)
        step = model.ReferralStep(step="met", on=PartialDate.parse("2026-03-03"))
        story.refer("ines", "ada", on="2026-02-26", steps=[step])
        story.refer("ines", "sam", on="2026-02-27")
        story.refer("ines", "eve", on="2026-02-28")
        assert "Ada Roy" in story.draft("report_back", "ines").draft.subject
        story.log("ines", "email", kind="report_back", at="2026-03-03 10:00")
        assert "Eve Ash" in story.draft("report_back", "ines").draft.subject
        story.ask("sam", at="2026-03-02 10:00")
        story.log("sam", "email", kind="decline", at="2026-03-04 10:00")
        assert "Sam Lee" in story.draft("report_back", "ines").draft.subject
        nobody = ("the name of the other person",)
        assert story.draft("introduction_request", "ines").draft.missing == nobody

    def test_nobody_was_named_yet(self, story):
        missing = ("the name of the other person", "what came of it")
        assert story.draft("report_back", "ines").draft.missing == missing


class TestWhoIsNotWrittenTo:
    @pytest.mark.parametrize("state", ["do_not_contact", "deceased", "archived"])
    def test_is_refused_unless_i_insist(self, story, state):
        story.edit("ines", state=model.State(kind=state, reason="said so"))
        said = f"Ines Duarte is marked {state.replace('_', ' ')} .said so.* insist: --force"
        with pytest.raises(RefusedError, match=said):
            story.draft("request", "ines")
        assert story.draft("request", "ines", force=True).draft.text

    def test_nor_is_written_about(self, story):
        story.edit("sam", state=model.State(kind="do_not_contact"))
        with pytest.raises(RefusedError, match=r"Sam Lee is marked do not contact, so"):
            story.draft("introduction_request", "ines", about="sam")
        story.draft("introduction_request", "ines", about="sam", force=True)

    def test_nor_is_named_to_others(self, story):
        met(story)
        story.refer("ines", "sam", on="2026-03-04")
        assert "Sam Lee" in story.draft("thank_you", "ines").draft.text
        story.edit("sam", state=model.State(kind="do_not_contact"))
        assert "Sam Lee" not in story.draft("thank_you", "ines").draft.text

    def test_is_me(self, story):
        with pytest.raises(InvalidError, match="that is you"):
            story.draft("request", "tom")

    def test_is_nobody(self, story):
        with pytest.raises(NotFoundError):
            story.draft("request", "Nobody Here")


class TestWays:
    @pytest.mark.parametrize(
        ("word", "channel", "addresses"),
        [
            ("", "email", ("ines@example.org",)),
            ("linkedin", "linkedin_message", ("https://www.linkedin.com/in/ines",)),
            ("linkedin_note", "linkedin_note", ("https://www.linkedin.com/in/ines",)),
            ("call", "phone", ("+44 113 496 0000",)),
            ("coffee", "in_person", ()),
            ("letter", "letter", ()),
        ],
    )
    def test_a_word_for_it_will_do(self, story, word, channel, addresses):
        letter = story.draft("request", "ines", channel=word)
        assert (letter.draft.channel, letter.addresses) == (channel, addresses)
        assert letter.circumstances.channel == channel

    def test_they_may_prefer_one(self, story):
        story.edit("ines", preferred_channel="call")
        assert story.draft("request", "ines").draft.channel == "phone"
        story.edit("ines", preferred_channel="pigeon")
        assert story.draft("request", "ines").draft.channel == "email"

    def test_the_preferred_address_is_first_and_dead_ones_are_out(self, story):
        point = model.ContactPoint
        points = [
            point(kind="email", value="a@x.org"),
            point(kind="email", value="b@x.org", preferred=True),
            point(kind="email", value="c@x.org", valid="bounced"),
            point(kind="email", value="d@x.org", do_not_use=True),
            point(kind="url", value="https://ines.example.org"),
        ]
        story.edit("ines", points=points)
        assert story.draft("request", "ines").addresses == ("b@x.org", "a@x.org")
        assert story.draft("request", "ines", channel="linkedin").addresses == ()

    @pytest.mark.parametrize(
        ("how", "message"),
        [
            ({"channel": "pigeon"}, "'pigeon' is not a channel; choose from in_person"),
            ({"formats": ["letter"]}, "'letter' is no way to talk; choose from in_person"),
            ({"minutes": 0}, "0 minutes is not the length"),
            ({"minutes": 601}, "601 minutes is not the length"),
            ({"templates": {"request": "{x}"}}, "your templates: request: there is no blank {x}"),
        ],
    )
    def test_what_cannot_be_is_refused(self, story, how, message):
        with pytest.raises(InvalidError, match=message):
            story.draft("request", "ines", **how)
        with pytest.raises(InvalidError, match="'poem' is no kind of draft"):
            story.draft("poem", "ines")

    def test_texts_of_my_own_go_first(self, story):
        mine = {"request": "Subject: Maps\n\nDear {first}, maps? {me}"}
        letter = story.draft("request", "ines", templates=mine)
        assert (letter.draft.subject, letter.draft.text) == ("Maps", "Dear Ines, maps? Tom Baker")
        assert "O05" in codes(letter)

    @pytest.mark.parametrize(
        "name", ["{0}", "{me}", 'Zoë "Z" O\'Neill', "Ines\nBcc: eve", "شيرين عبادي", "x" * 300]
    )
    def test_a_name_is_only_a_name(self, story, name):
        there = story.edit("ines", name=name, organisation="ö" * 300)
        for kind in sorted(KINDS):
            letter = story.draft(kind, there)
            assert name.split()[0] in letter.draft.text
            assert "\n" not in letter.draft.subject


class TestChecks:
    def test_i_may_leave_rules_out(self, story):
        text = "Dear Ines, do you have any openings?"
        found = {one.code for one in story.lint("request", text, who="ines")}
        assert {"O02", "O05"} <= found
        assert found - {"O02"} == {
            one.code for one in story.lint("request", text, who="ines", off=["O02"])
        }

    def test_the_way_counts(self, story):
        text = "Dear Ines, " + "x" * 200
        assert "O13" in {
            o.code for o in story.lint("request", text, who="ines", channel="linkedin_note")
        }
        assert "O13" not in {o.code for o in story.lint("request", text, who="ines")}

    def test_plugins_add_rules(self, tmp_path, clock):
        class Quiet:
            @netcrm.hookimpl
            def netcrm_lint_rules(self):
                def check(prose, known):
                    yield Fault("no exclamation mark") if "!" in prose.text else Fault("as it is")

                def plan(questions, known):
                    yield Fault("ask about the weather")

                return [
                    LetterRule("X01", frozenset({"thank_you"}), "info", check, "is quiet"),
                    PlanRule("X02", frozenset({PLAN}), "info", plan, "is about the weather"),
                ]

        there = opened(tmp_path, clock, plugins=[Quiet()])
        there.add("Ines Duarte")
        assert "X01" in {one.code for one in there.lint("thank_you", "Dear Ines!")}
        assert "X01" in codes(there.draft("thank_you", "ines"))
        there.ask("ines")
        assert "X02" in {one.code for one in there.lint_questions("ines")}


class TestQuestions:
    def plan(self, net, *texts: str, **fields: Any) -> None:
        on = net.moment(None)
        asks = [model.Question(text=text, added_on=on, **fields) for text in texts]
        net.put(attrs.evolve(net.interview("ines").interview, questions=asks))

    def found(self, net, **how: Any) -> dict[str, str]:
        return {one.code: one.text for one in net.lint_questions("ines", **how)}

    def test_a_plan_is_checked_by_what_was_agreed(self, story):
        asked(story)
        self.plan(story, *(f"What is {number}?" for number in range(8)))
        assert "you have 20" in self.found(story)["Q07"]
        story.log("ines", "email", kind="accept", at="2026-02-25 10:00")
        story.plan("ines", "2026-03-09 10:00", minutes=45)
        assert "Q07" not in self.found(story)
        assert "Q05" in self.found(story)
        assert "Q05" not in self.found(story, off=["Q05"])

    def test_what_each_question_is_for_counts(self, story):
        asked(story)
        self.plan(story, "What is new?")
        assert {"Q03", "Q04"} <= set(self.found(story))
        self.plan(story, "What is new?", objective=story.objectives()[0].id, why_not_online="new")
        assert not {"Q03", "Q04"} & set(self.found(story))

    def test_what_they_answered_before_is_not_asked_again(self, story, clock):
        met(story)
        self.plan(story, "What is new?", "And how?")
        answered, open_ = story.interview("ines").interview.questions
        done = attrs.evolve(answered, answer="much", answered_on=story.moment(None))
        story.put(attrs.evolve(story.interview("ines").interview, questions=(done, open_)))
        assert "Q08" not in self.found(story)
        clock.set("2026-06-01T10:00")
        story.ask("ines")
        self.plan(story, "And how?")
        assert "Q08" not in self.found(story)
        self.plan(story, "What is new?")
        assert "Q08" in self.found(story)

    def test_without_an_interview_there_is_no_plan(self, story):
        with pytest.raises(NotFoundError, match="There is no interview with Ines"):
            story.lint_questions("ines")
