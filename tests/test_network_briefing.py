"""One page before a conversation, and one on an organisation, on every storage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import attrs
import pytest

import netcrm
from netcrm import Insight, InvalidError, NotFoundError, Question, new_id
from netcrm.network.briefing import Briefing
from netcrm.rules.page import Brief, markdown
from tests import networks
from tests.networks import Clock, Opens, everything

clock, opens = networks.clock, networks.opens


class Paged(netcrm.Network, Briefing):
    """A network with pages, also before it has them by itself."""


@pytest.fixture
def net(opens: Opens, clock: Clock) -> Iterator[Paged]:
    """Me and some people of two places, on the morning of 2 March; each storage in turn."""
    clock.set("2026-03-02T09:00")
    with opens() as network:
        network.__class__ = Paged
        assert isinstance(network, Paged)
        with network.transaction("people"):
            network.add("Maya Rao", is_me=True, organisation="Mercy General")
            for name in ("Ben Ortiz", "Anita Rao"):
                network.add(name, organisation="Mercy General", fields=["psychiatry"])
            network.add("Hannah Wu", organisation="City Hospital", fields=["psychiatry"])
            past = netcrm.Position(organisation="MERCY GENERAL", end=netcrm.PartialDate(year=2020))
            network.add("Carol Stein", positions=[past])
            gone = netcrm.State(kind="deceased")
            network.add("Dan White", organisation="Mercy General", state=gone)
        yield network


def told(page: Brief, title: str) -> list[str]:
    """Return what a section says."""
    return [line.text for one in page.sections if one.title == title for line in one.lines]


def learn(net: Paged, text: str, who: str = "", **said: object) -> Insight:
    contact = net.contact(who).id if who else None
    fields = {"id": new_id(), "text": text, "contact": contact, "observed_on": net.today, **said}
    return net.put(Insight(**fields))[0]  # type: ignore[arg-type]


def agreed(net: Paged, clock: Clock) -> None:
    """Ask Ben for an interview, who agrees to meet on the fifth."""
    net.ask("ben", "email", minutes=20)
    clock.set("2026-03-03T09:00")
    net.log("ben", "email", kind="accept")
    net.plan("ben", datetime(2026, 3, 5, 12), format="video", place="https://meet.example")  # noqa: DTZ001


def test_a_stranger_has_a_page_too(net: Paged) -> None:
    page = net.brief("hannah")
    assert page.title == "Hannah Wu, City Hospital"
    assert [one.title for one in page.sections] == ["Who", "How you know them"]
    assert page.missing == (
        "research on Hannah Wu", "research on City Hospital", "research on psychiatry", "a pitch",
    )  # fmt: skip


def test_a_page_before_an_interview(net: Paged, clock: Clock) -> None:
    agreed(net, clock)
    page = net.brief("ben")
    assert told(page, "When and where") == [
        "Thu 5 Mar 2026, 12:00 to 12:20, 20 minutes",
        "Video: https://meet.example",
    ]
    assert told(page, "How you know them")[-1] == (
        "Interview: asked 2 Mar 2026, accepted 3 Mar 2026, scheduled 3 Mar 2026"
    )
    assert told(page, "Their organisation") == [
        "Anita Rao, Mercy General",
        "Carol Stein, MERCY GENERAL, until 2020",
    ]
    assert "0 of 8 questions" in page.missing
    assert "confirmation of the meeting" not in page.missing
    clock.set("2026-03-04T09:00")
    assert "confirmation of the meeting" in net.brief("ben").missing


def test_what_was_told_before_comes_back(net: Paged, clock: Clock) -> None:
    net.research("ben", "Wrote on sleep")
    net.research(organisation="mercy general", text="200 beds")
    net.research(field="psychiatry", text="Growing")
    net.research("ben", "No tie", setting=True)
    net.research(organisation="City Hospital", text="Elsewhere")
    learn(net, "Much paper", "anita", organisation="Mercy general")
    learn(net, "Long nights", "hannah", fields=["psychiatry"])
    learn(net, "Likes the team", "ben")
    learn(net, "Something else")
    net.refer("anita", "ben", mode="offered", may_use_name="yes")
    net.promise("ben", "send the essay", due="2026-03-04")
    net.promise("ben", "send a list", by="them")
    net.log("ben", "coffee", "Talked about sleep")
    page = net.brief("ben")
    assert told(page, "Who")[-1] == "Wrote on sleep, 2 Mar 2026"
    assert "Anita Rao offered to introduce you on 2026-03-02; you may say so" in told(
        page, "How you know them"
    )
    there = told(page, "Their organisation")
    assert there[0] == "200 beds, 2 Mar 2026"
    assert there[-1] == "“Much paper” Anita Rao, 2 Mar 2026"
    assert told(page, "Their field") == [
        "Growing, 2 Mar 2026",
        "“Long nights” Hannah Wu, 2 Mar 2026",
    ]
    assert told(page, "Last time") == [
        "2 Mar 2026, message (in person): Talked about sleep",
        "“Likes the team” Ben Ortiz, 2 Mar 2026",
        "You promised: send the essay, by 4 Mar 2026",
        "They promised: send a list",
    ]
    assert told(page, "When and where") == ["No tie, 2 Mar 2026"]


def test_a_promise_that_was_kept_is_none_any_more(net: Paged, clock: Clock) -> None:
    promise = net.promise("ben", "send the essay")
    clock.set("2026-03-04T09:00")
    net.keep(promise)
    assert not told(net.brief("ben"), "Last time")
    assert told(net.brief("ben", as_of="2026-03-03"), "Last time")


def test_the_plan_and_the_answers_of_the_time_before(net: Paged, clock: Clock) -> None:
    aim = net.objective("What is it like?")
    other = net.objective("What does it take?")
    net.objective("What does it pay?")
    net.pitch(goals="I want to help.")
    net.put(netcrm.Decision(id=new_id(), text="Be a nurse", on=net.today, is_goal=True))
    net.put(netcrm.Decision(id=new_id(), text="Not law", on=net.today))
    agreed(net, clock)
    now = net.moment(None)
    last = netcrm.Question(text="Who else?", topic="referral", added_on=now)
    first = netcrm.Question(text="Why?", added_on=now, objective=other.id)
    thread = net.interview("ben").interview
    net.put(attrs.evolve(thread, questions=(last, first), objectives=(aim.id,)))
    page = net.brief("ben")
    assert told(page, "Questions") == [
        "Why?",
        "Who else?",
        "2 questions take 10 of 20 minutes: fits",
    ]
    assert told(page, "You") == [
        "2 s: I want to help.",
        "To find out: What is it like?",
        "To find out: What does it take?",
        "Your goal: Be a nurse",
    ]
    clock.set("2026-03-05T13:00")
    net.log("ben", "video", at="2026-03-05 12:00", minutes=20)
    answered = attrs.evolve(first, answer="The people", answered_on=net.moment(None))
    deeper = attrs.evolve(answered, dig_deeper=True)
    thread = net.interview("ben").interview
    net.put(attrs.evolve(thread, questions=(last, deeper)))
    before = net.brief("ben", as_of="2026-03-04")
    assert told(before, "Questions") == told(page, "Questions")
    assert not [line for line in told(before, "Last time") if "Dig deeper" in line]
    clock.set("2026-05-05T13:00")
    assert told(net.brief("ben"), "Last time")[-1] == "Dig deeper: Why?"
    net.ask("ben", "email")
    fresh = net.interview("ben").interview
    again = Question(text="why", added_on=net.moment(None))
    net.put(attrs.evolve(fresh, questions=(again,)))
    assert told(net.brief("ben"), "Questions")[0] == "why (they answered this on 5 Mar 2026)"


def test_looking_back_gives_what_was_shown_then(net: Paged, clock: Clock) -> None:
    net.add("Tom Okafor", organisation="Mercy General", time_zone="Europe/London")
    agreed(net, clock)
    clock.set("2026-03-04T09:00")
    shown, of_place = net.brief("ben"), net.organisation("Mercy General")
    clock.set("2026-03-04T10:00")
    net.add("Gwen Hale", organisation="Mercy General")
    thread = net.interview("ben")
    meeting = net.get(netcrm.Meeting, thread.now.meeting)
    net.put(attrs.evolve(meeting, confirmed_on=net.moment(None)))
    late = Question(text="Late?", added_on=net.moment(None))
    net.put(attrs.evolve(thread.interview, questions=(late,)))
    net.research("ben", "Late")
    net.promise("ben", "late")
    net.log("ben", "email", "Late")
    net.put(netcrm.Decision(id=new_id(), text="Late", on=net.moment(None), is_goal=True))
    clock.set("2026-03-05T13:00")
    net.log("ben", "video", "Late", at="2026-03-05 12:00", minutes=20)
    net.refer("anita", "ben")
    net.objective("Late?")
    learn(net, "Late", "ben", organisation="Mercy General")
    offer = {"organisation": "Mercy General", "contact": net.contact("ben").id}
    net.put(netcrm.Opportunity(id=new_id(), text="Late", heard_on=net.today, **offer))
    then = datetime(2026, 3, 4, 9, tzinfo=ZoneInfo(networks.HOME))
    net.edit("gwen", added_on=net.today)  # of people only the day is known
    assert net.brief("ben", as_of=then) == shown
    assert net.organisation("Mercy General", as_of=then) == of_place
    assert net.brief("ben") != shown


def test_the_next_meeting_is_the_first_that_is_not_over(net: Paged, clock: Clock) -> None:
    clock.set("2026-03-03T09:00")
    later = net.plan("ben", "2026-03-20 10:00", minutes=30)
    soon = net.plan("ben", "2026-03-04 10:00", minutes=30)
    net.plan("anita", "2026-03-03 10:00")

    def day(at: str) -> str:
        clock.set(at)
        return "".join(told(net.brief("ben"), "When and where")[:1])

    assert day("2026-03-03T09:00").startswith("Wed 4 Mar")
    assert day("2026-03-04T10:29").startswith("Wed 4 Mar")
    assert day("2026-03-04T10:30").startswith("Fri 20 Mar")
    net.end(soon, "missed")
    clock.set("2026-03-19T09:00")
    net.end(later, "called_off")
    assert day("2026-03-19T10:00") == ""
    at_nine = net.brief("ben", as_of="2026-03-18")
    assert told(at_nine, "When and where")[0].startswith("Fri 20 Mar")


def test_in_the_week_of_two_clocks_both_are_shown(net: Paged) -> None:
    net.add("Tom Okafor", time_zone="Europe/London")
    for day, theirs in ((5, 17), (24, 16), (31, 17)):
        at = datetime(2026, 3, day, 12, tzinfo=ZoneInfo(networks.HOME))
        meeting = net.plan("tom", at, minutes=25, format="video")
        when = told(net.brief("tom"), "When and where")[0]
        assert when.endswith(f"12:00 to 12:25 New York = {theirs}:00 London, 25 minutes")
        net.end(meeting, "called_off")


def test_a_meeting_that_is_set_in_their_zone_is_told_at_home_too(net: Paged) -> None:
    at = netcrm.LocalMoment.parse("2026-03-24T16:00+00:00[Europe/London]")
    net.plan("ben", at, minutes=25)
    when = told(net.brief("ben"), "When and where")[0]
    assert when == "Tue 24 Mar 2026, 16:00 to 16:25 London = 12:00 New York, 25 minutes"


def test_secrets_of_others_are_on_no_page(net: Paged) -> None:
    about = {"organisation": "Mercy General", "fields": ["psychiatry"], "confidential": True}
    learn(net, "A secret of Anita", "anita", **about)
    learn(net, "A secret of Ben", "ben", **about)
    net.log("anita", "email", "A secret mail", cc=["ben"], confidential=True)
    assert "A secret of Ben" in markdown(net.brief("ben"))
    assert "A secret of Anita" not in markdown(net.brief("ben"))
    assert "A secret mail" not in markdown(net.brief("ben"))
    assert "A secret mail" in markdown(net.brief("anita"))
    assert "secret" not in markdown(net.organisation("Mercy General"))
    assert "secret" not in markdown(net.brief("hannah"))


def test_every_line_names_records_that_there_are(net: Paged, clock: Clock) -> None:
    agreed(net, clock)
    net.pitch(goals="I want to help.")
    net.refer("anita", "ben")
    learn(net, "Much paper", "anita", organisation="Mercy General")
    net.put(netcrm.Opportunity(id=new_id(), text="A course", organisation="Mercy General",
            contact=net.contact("anita").id, heard_on=net.today))  # fmt: skip
    clock.set("2026-03-06T09:00")
    net.log("ben", "video", at="2026-03-05 12:00", minutes=20)
    ids = {id_ for _, id_ in everything(net)}
    for page in (net.brief("ben"), net.brief("hannah"), net.organisation("Mercy General")):
        for section in page.sections:
            for line in section.lines:
                assert line.facts
                assert set(line.facts) <= ids


def test_there_is_no_page_on_me(net: Paged) -> None:
    with pytest.raises(InvalidError, match="somebody else"):
        net.brief("maya")


def test_an_organisation_has_all_that_is_known_of_it(net: Paged, clock: Clock) -> None:
    net.research(organisation="Mercy General", text="200 beds")
    net.research("ben", "Not about the place")
    learn(net, "Much paper", "anita", organisation="mercy general")
    learn(net, "Mercy is general", "hannah", organisation="City Hospital")
    offer = {"contact": net.contact("anita").id, "heard_on": net.today}
    net.put(
        netcrm.Opportunity(
            id=new_id(), text="A summer course", kind="summer_job", organisation="Mercy General",
            **offer,
        ),
        netcrm.Opportunity(id=new_id(), text="As at Mercy General", organisation="X", **offer),
    )  # fmt: skip
    agreed(net, clock)
    net.ask("hannah", "email")
    clock.set("2026-03-06T09:00")
    net.log("ben", "video", at="2026-03-05 12:00", minutes=20)
    page = net.organisation("  mercy GENERAL ")
    assert page.title == "Mercy General"
    assert {one.title: told(page, one.title) for one in page.sections} == {
        "People": [
            "Anita Rao, Mercy General",
            "Ben Ortiz, Mercy General",
            "Carol Stein, MERCY GENERAL, until 2020",
        ],
        "What you looked up": ["200 beds, 2 Mar 2026"],
        "What you learned": ["“Much paper” Anita Rao, 2 Mar 2026"],
        "Opportunities": ["summer job: A summer course (Anita Rao, 2026-03-02)"],
        "Interviews": ["Ben Ortiz, 2026-03-05"],
    }
    assert page.missing == ()
    assert net.organisation("Mercy General", as_of=date(2026, 3, 4)).missing == ()
    assert net.organisation("City Hospital").missing == ("research on City Hospital",)


def test_of_an_unknown_organisation_there_is_no_page(net: Paged) -> None:
    with pytest.raises(NotFoundError, match="called “Harbor”"):
        net.organisation("Harbor")
    with pytest.raises(InvalidError, match="no letter"):
        net.organisation("🙂")


@pytest.mark.parametrize("name", ["O'Neill & Søn 🙂", "مستشفى", "x" * 5000, "%_a", "a OR 1"])
def test_odd_names_have_pages(net: Paged, name: str) -> None:
    net.add("Zoë", organisation=name, location=name, note=name)
    learn(net, name, "zoe", organisation=name)
    assert markdown(net.brief("zoe"))
    assert told(net.organisation(name), "What you learned")
