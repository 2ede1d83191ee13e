"""What is there to know before a conversation?"""

from __future__ import annotations

import html
import random
import re
from datetime import date, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.campaign import Objective, Research
from netcrm.model.contact import Contact, ContactPoint, Position, State
from netcrm.model.insight import Decision, Insight
from netcrm.model.interaction import Interaction, Meeting, Participant
from netcrm.model.interview import Interview, Question
from netcrm.model.owed import Commitment
from netcrm.model.profile import ME, Pitch, Practice, Profile
from netcrm.model.referral import Referral
from netcrm.model.time import LocalMoment, PartialDate
from netcrm.rules.brief import Known, brief, learned, looked_up, people_at, places
from netcrm.rules.lifecycle import Standing
from netcrm.rules.page import LONGEST, MOST, Brief, Line, Section, clocks, markdown, page, shortened
from netcrm.rules.questions import Asked
from netcrm.testing import strategies as drawn
from netcrm.testing.interviews import by_kind

DAY = date(2026, 3, 4)
NEW_YORK, LONDON = "America/New_York", "Europe/London"


def at(text: str, zone: str = NEW_YORK) -> LocalMoment:
    """Return the moment when clocks in a zone show a time."""
    return LocalMoment.at(datetime.fromisoformat(text), zone)


NOW = at("2026-03-04T09:00")
NOON = at("2026-03-05T12:00")
MERCY = Position(organisation="Mercy General", title="Nurse")
BEN = Contact(
    id="ben", name="Ben Ortiz", handle="ben", added_on=DAY, positions=[MERCY], fields=["psychiatry"]
)
SCHEDULED = Standing(stage="scheduled", since=LocalMoment.on(DAY), fact="booked")
HELD = Standing(stage="held", since=LocalMoment.on(DAY), held=LocalMoment.on(DAY), hold="talk")
ASKS = [Question(text=f"What about {thing}?", added_on=DAY) for thing in "abcdefg"]
WHO_ELSE = Question(text="Who else should I talk to?", topic="referral", added_on=DAY)
INTERVIEW = Interview(id="thread", contacts=["ben"], opened_on=DAY, questions=[WHO_ELSE, *ASKS])
PITCH = Profile(
    id=ME,
    pitches=[Pitch(on=DAY, education="I study psychology.", goals="I want to help.")],
    practices=[Practice(on=DAY)],
)


def known(**told: Any) -> Known:
    """Return what is known of Ben on the evening before."""
    return Known(**{"person": BEN, "as_of": NOW, "zone": NEW_YORK, **told})


def meeting(**told: Any) -> Meeting:
    people = [Participant(contact="ben")]
    return Meeting(
        **{"id": "meeting", "start": NOON, "booked_on": DAY, "participants": people, **told}
    )


def research(id_: str, about: str, **told: Any) -> Research:
    return Research(**{"id": id_, "about": about, "on": DAY, "text": f"text of {id_}", **told})


def insight(id_: str, contact: str | None = "ana", **told: Any) -> Insight:
    return Insight(
        **{"id": id_, "contact": contact, "text": f"text of {id_}", "observed_on": DAY, **told}
    )


def talk(id_: str, role: str = "with", **told: Any) -> Interaction:
    people = [Participant(contact="ben", role=role)]
    return Interaction(
        **{
            "id": id_,
            "occurred": LocalMoment.on(DAY),
            "logged_at": NOON.local,
            "participants": people,
            "text": f"text of {id_}",
            **told,
        }
    )


def lines(title: str, **told: Any) -> list[str]:
    """Return what a section of the page says."""
    found = brief(known(**told)).sections
    return [line.text for section in found if section.title == title for line in section.lines]


def facts(made: Brief) -> set[str]:
    return {id_ for section in made.sections for line in section.lines for id_ in line.facts}


# --- when and where


def test_a_meeting_has_its_time_its_length_and_its_place() -> None:
    planned = meeting(minutes=20, format="video", place="https://meet.example/b")
    assert lines("When and where", meeting=planned) == [
        "Thu 5 Mar 2026, 12:00 to 12:20, 20 minutes",
        "Video: https://meet.example/b",
    ]


def test_without_minutes_of_its_own_a_meeting_takes_those_that_were_asked_for() -> None:
    [when, _] = lines("When and where", meeting=meeting(), interview=INTERVIEW, now=SCHEDULED)
    assert when == "Thu 5 Mar 2026, 12:00 to 12:30, 30 minutes"
    assert lines("When and where", meeting=meeting())[0] == "Thu 5 Mar 2026, 12:00"
    assert lines("When and where", meeting=meeting(), interview=INTERVIEW, now=HELD)[0] == when[:21]


def test_in_person_one_is_ten_minutes_early_and_allows_for_the_way() -> None:
    there = meeting(place="City Hall")
    assert lines("When and where", meeting=there)[1] == "In person: City Hall; be there by 11:50"
    far = attrs.evolve(there, travel_minutes=25)
    expected = "In person: City Hall; be there by 11:50, so leave by 11:25"
    assert lines("When and where", meeting=far)[1] == expected


def test_of_a_meeting_only_the_day_may_be_known() -> None:
    found = lines("When and where", meeting=meeting(start=LocalMoment.on(DAY)))
    assert found == ["Wed 4 Mar 2026", "In person"]


def test_what_to_wear_stands_with_the_meeting() -> None:
    theirs = research("dress", "setting", contact="ben", text="No tie")
    others = research("other", "setting", contact="ana")
    assert lines("When and where", research=[theirs, others]) == ["No tie, 4 Mar 2026"]


@pytest.mark.parametrize(
    ("day", "gap"),
    [(5, "17:00 London"), (24, "16:00 London"), (30, "17:00 London")],
)
def test_in_the_weeks_between_two_clock_changes_london_is_nearer(day: int, gap: str) -> None:
    start = at(f"2026-03-{day:02}T12:00")
    assert clocks(start, 25, NEW_YORK, LONDON).endswith(f"12:00 to 12:25 New York = {gap}")


def test_the_clock_where_one_meets_comes_first() -> None:
    start = at("2026-03-24T16:00", LONDON)
    assert clocks(start, 0, NEW_YORK, "") == "Tue 24 Mar 2026, 16:00 London = 12:00 New York"


def test_another_day_elsewhere_is_named() -> None:
    start = at("2026-03-24T20:00")
    expected = "Tue 24 Mar 2026, 20:00 New York = Wed 09:00 Tokyo"
    assert clocks(start, 0, "Asia/Tokyo") == expected


def test_zones_with_the_same_clock_are_not_told_apart() -> None:
    assert clocks(NOON, 30, NEW_YORK, "America/Toronto") == "Thu 5 Mar 2026, 12:00 to 12:30"


def test_a_meeting_while_clocks_change_ends_when_clocks_say() -> None:
    start = at("2026-03-08T01:45")
    assert clocks(start, 30) == "Sun 8 Mar 2026, 01:45 to 03:15"


@given(drawn.moments(), st.integers(0, 600))
def test_clocks_show_one_instant(start: LocalMoment, minutes: int) -> None:
    found = clocks(start, minutes, NEW_YORK, LONDON, "Asia/Kolkata")
    if start.local is None:
        assert re.fullmatch(r"\w{3} \d+ \w{3} \d{4}", found)
        return
    assert f"{start.local:%H:%M}" in found
    shown = re.findall(r"(\d\d):(\d\d)(?= to| \D)", found)
    day = 24 * 60
    for zone in (NEW_YORK, LONDON, "Asia/Kolkata"):
        there = LocalMoment.of(start.local, zone).local
        assert there
        assert f"{there:%H:%M}" in found
    assert all(int(hour) * 60 + int(minute) < day for hour, minute in shown)


# --- who, and how I know them


def test_a_person_is_introduced() -> None:
    ben = attrs.evolve(
        BEN,
        pronunciation="or-TEEZ",
        pronouns="he/him",
        location="Boston",
        points=[
            ContactPoint(kind="url", value="https://x.example/ben"),
            ContactPoint(kind="url", value="https://x.example/old", do_not_use=True),
            ContactPoint(kind="email", value="ben@x.example"),
        ],
    )
    note = research(
        "note", "person", contact="ben", text="Wrote on sleep", link="https://y.example"
    )
    other = research("other", "person", contact="ana")
    assert lines("Who", person=ben, research=[note, other]) == [
        "Ben Ortiz, say or-TEEZ, he/him",
        "Nurse at Mercy General",
        "psychiatry, Boston",
        "https://x.example/ben",
        "Wrote on sleep, https://y.example, 4 Mar 2026",
    ]


def test_who_is_not_to_be_contacted_is_marked() -> None:
    barred = attrs.evolve(BEN, state=State(kind="do_not_contact", reason="asked me not to"))
    assert lines("Who", person=barred)[0] == "Ben Ortiz, do not contact, asked me not to"


def test_a_career_is_in_the_order_of_time_from_now_on_back() -> None:
    def held(title: str, start: int | None = None, end: int | None = None) -> Position:
        years = [PartialDate(year=year) if year else None for year in (start, end)]
        return Position(title=title, start=years[0], end=years[1])

    career = [held("b", 2015, 2019), held("now"), held("a", None, 2014), held("c", 2019)]
    expected = ["now", "c, from 2019", "b, from 2015, until 2019", "a, until 2014"]
    for order in (career, career[::-1]):
        assert lines("Who", person=attrs.evolve(BEN, positions=order))[1:5] == expected
    many = [held(str(year), year) for year in range(2010, 2020)]
    assert "and 6 more" in lines("Who", person=attrs.evolve(BEN, positions=many))


def test_who_pointed_me_there_is_named_and_whether_to_say_so() -> None:
    one = Referral(
        id="r1",
        referrer="ana",
        referred="ben",
        made_on=PartialDate(year=2026),
        context="old friend",
    )
    other = Referral(
        id="r2", referrer="bo", referred="ben", made_on=PartialDate.of(DAY), mode="offered",
        may_use_name="no",
    )  # fmt: skip
    ben = attrs.evolve(BEN, source="family_friend", source_detail="of my aunt")
    told = {"person": ben, "referrals": [one, other], "names": {"ana": "Ana Ruiz", "bo": "Bo"}}
    assert lines("How you know them", **told) == [
        "family friend, of my aunt, since 4 Mar 2026",
        "Bo offered to introduce you on 2026-03-04; do not say so",
        "Ana Ruiz named them on 2026, old friend; ask before you say so",
    ]
    assert {"r1", "ana", "r2", "bo"} <= facts(brief(known(**told)))
    many = [attrs.evolve(one, id=f"r{n}") for n in range(9)]
    assert lines("How you know them", referrals=many)[-1] == "and 5 more"


def test_what_came_before_is_told_in_a_line() -> None:
    on = [LocalMoment.on(date(2026, 2, day)) for day in (18, 27, 28)]
    now = Standing(
        stage="scheduled", since=on[2], fact="booked", asked=on[0], follow_ups=(on[1],),
        accepted=on[2],
    )  # fmt: skip
    expected = (
        "Interview: asked 18 Feb 2026, asked again 27 Feb 2026, accepted 28 Feb 2026, "
        "scheduled 28 Feb 2026"
    )
    assert lines("How you know them", interview=INTERVIEW, now=now)[-1] == expected
    put_off = now._replace(stage="deferred", accepted=None)
    found = lines("How you know them", interview=INTERVIEW, now=put_off)[-1]
    assert found.endswith("asked again 27 Feb 2026, deferred 28 Feb 2026")
    met = now._replace(stage="held", held=on[2])
    found = lines("How you know them", interview=INTERVIEW, now=met)[-1]
    assert found.endswith("accepted 28 Feb 2026, held 28 Feb 2026")
    agreed = now._replace(stage="accepted")
    found = lines("How you know them", interview=INTERVIEW, now=agreed)[-1]
    assert found.endswith("asked again 27 Feb 2026, accepted 28 Feb 2026")
    fresh = lines("How you know them", interview=INTERVIEW, now=Standing())[-1]
    assert fresh == "Interview: not asked yet"


# --- where they work, and their field


def test_an_organisation_is_where_they_are_or_were_last() -> None:
    past = Position(organisation="City Hospital", end=PartialDate(year=2019))
    older = Position(organisation="Harbor", end=PartialDate(year=2010))
    ben = attrs.evolve(BEN, positions=[older, past, MERCY])
    assert places(ben, DAY) == {("mercy", "general"): "Mercy General"}
    left = attrs.evolve(BEN, positions=[older, past])
    assert places(left, DAY) == {("city", "hospital"): "City Hospital"}
    this_year = attrs.evolve(MERCY, start=PartialDate(year=2026))
    begun = attrs.evolve(BEN, positions=[this_year, past])
    assert places(begun, DAY) == {("mercy", "general"): "Mercy General"}
    nameless = attrs.evolve(BEN, positions=[Position(organisation="🙂"), Position(title="Nurse")])
    assert places(nameless, DAY) == {}


def test_whom_else_i_know_there_comes_before_whom_i_knew() -> None:
    def colleague(name: str, **job: Any) -> Contact:
        position = Position(**{"organisation": "mercy  GENERAL", "title": "Aide", **job})
        slug = name.lower()
        return Contact(id=slug, name=name, handle=slug, added_on=DAY, positions=[position])

    people = [
        colleague("Zed"), colleague("Amy", end=PartialDate(year=2021)), colleague("Cat"),
        colleague("Dan", organisation="Elsewhere"),
    ]  # fmt: skip
    expected = [
        "Cat, Aide at mercy GENERAL",
        "Zed, Aide at mercy GENERAL",
        "Amy, Aide at mercy GENERAL, until 2021",
    ]
    assert lines("Their organisation", people=people) == expected
    assert lines("Their organisation", people=people[::-1]) == expected


def test_who_is_to_begin_there_is_not_there_yet() -> None:
    job = attrs.evolve(MERCY, start=PartialDate(year=2030))
    [line] = people_at([attrs.evolve(BEN, positions=[job])], {("mercy", "general")}, DAY)
    assert line.text == "Ben Ortiz, Nurse at Mercy General, from 2030"


def test_what_was_looked_up_stands_with_its_subject() -> None:
    notes = [
        research("mercy", "organisation", organisation="MERCY general"),
        research("other", "organisation", organisation="Harbor"),
        research("psych", "industry", field="psychiatry"),
        research("law", "industry", field="law"),
    ]
    assert lines("Their organisation", research=notes) == ["text of mercy, 4 Mar 2026"]
    assert lines("Their field", research=notes) == ["text of psych, 4 Mar 2026"]


def test_what_others_told_stands_once() -> None:
    both = insight("both", organisation="Mercy general", fields=["psychiatry"])
    field = insight("field", fields=["psychiatry"], contact=None)
    told = {"insights": [both, field, insight("else")], "names": {"ana": "Ana Ruiz"}}
    assert lines("Their organisation", **told) == ["“text of both” Ana Ruiz, 4 Mar 2026"]
    assert lines("Their field", **told) == ["“text of field” 4 Mar 2026"]


def test_what_they_told_themselves_is_of_last_time_only() -> None:
    theirs = insight("theirs", "ben", organisation="Mercy General", fields=["psychiatry"])
    elsewhere = attrs.evolve(theirs, id="more", organisation="")
    told = {"insights": [theirs, elsewhere]}
    assert not lines("Their organisation", **told)
    assert not lines("Their field", **told)
    assert len(lines("Last time", **told)) == 2


def test_a_secret_is_told_to_nobody_but_whom_it_is_from() -> None:
    theirs = insight("theirs", "ben", organisation="Mercy General", confidential=True)
    others = insight(
        "others", organisation="Mercy General", fields=["psychiatry"], confidential=True
    )
    mine = insight("mine", None, fields=["psychiatry"], confidential=True)
    made = brief(known(insights=[theirs, others, mine]))
    assert facts(made) == {"ben", "theirs"}


def test_a_secret_conversation_is_one_for_those_who_took_part() -> None:
    here, copied = talk("here", confidential=True), talk("copied", "cc", confidential=True)
    absent = talk("absent", confidential=True, participants=[Participant(contact="ana")])
    made = brief(known(timeline=[here, copied, absent, talk("open", "cc")]))
    assert facts(made) == {"ben", "here", "open"}


# --- last time


def test_what_was_said_last_comes_first() -> None:
    talks = [
        talk(str(day), occurred=LocalMoment.on(date(2026, 2, day)), channel="video")
        for day in range(1, 8)
    ]
    found = lines("Last time", timeline=talks)
    assert found[0] == "7 Feb 2026, message (video): text of 7"
    assert len(found) == MOST
    silent = talk("8", text="", kind="scheduling", direction="outbound", channel="email")
    assert "scheduling" not in "".join(lines("Last time", timeline=[*talks, silent]))
    assert lines("Last time", timeline=[silent]) == ["4 Mar 2026, scheduling from you (email)"]
    told = talk("9", subject="Sleep", direction="inbound", kind="thank_you", channel="email")
    expected = "4 Mar 2026, thank you from them (email): Sleep: text of 9"
    assert lines("Last time", timeline=[told]) == [expected]


def test_a_meeting_counts_also_if_nothing_was_noted() -> None:
    silent = talk("a", text="", kind="meeting", channel="video")
    assert lines("Last time", timeline=[silent, talk("b")])[1] == "4 Mar 2026, meeting (video)"


def test_what_to_come_back_to() -> None:
    rows = [
        Asked("old", "ben", "What now?", "role", DAY, answer="a", dig_deeper=True),
        Asked("older", "ben", "Why?", "role", DAY, answer="b"),
    ]
    promises = [
        Commitment(id="p1", by="them", contact="ben", text="send a list", made_on=DAY),
        Commitment(id="p2", contact="ben", text="send the essay", made_on=DAY, due=DAY),
    ]
    ben = attrs.evolve(BEN, rapport=["climbs", "has twins"])
    told = {
        "person": ben, "asked": rows, "promises": promises, "insights": [insight("i", "ben")],
        "names": {"ben": "Ben"},
    }  # fmt: skip
    assert lines("Last time", **told) == [
        "“text of i” Ben, 4 Mar 2026",
        "Dig deeper: What now?",
        "You promised: send the essay, by 4 Mar 2026",
        "They promised: send a list",
        "To chat about: climbs, has twins",
    ]
    found = facts(brief(known(**told)))
    assert "old" in found
    assert "older" not in found


# --- me, my questions, and afterwards


def test_i_say_who_i_am_in_so_many_seconds() -> None:
    aim = Objective(id="aim", text="What is it like?", added_on=DAY)
    goals = [
        Decision(id="g1", text="Be a nurse", on=DAY, is_goal=True),
        Decision(id="g2", text="Help", on=date(2026, 3, 5), is_goal=True),
    ]
    assert lines("You", profile=PITCH, objectives=[aim], goals=goals) == [
        "3 s: I study psychology. I want to help.",
        "To find out: What is it like?",
        "Your goal: Help",
    ]
    endless = attrs.evolve(PITCH, pitches=[Pitch(on=DAY, goals="I want\nto help. " * 500)])
    [line] = lines("You", profile=endless)
    assert line.startswith("923 s: I want to help. I want")
    assert len(line) <= 5 * LONGEST + 1
    later = attrs.evolve(PITCH, pitches=[Pitch(on=date(2026, 3, 5), goals="x")])
    assert lines("You", profile=later) == []


def test_what_must_be_asked_comes_first_and_who_else_last() -> None:
    must = Question(text="Why?", must_ask=True, added_on=DAY)
    plan = attrs.evolve(INTERVIEW, questions=[WHO_ELSE, ASKS[0], must, ASKS[1]])
    assert lines("Questions", interview=plan, now=SCHEDULED) == [
        "Why? (must ask)",
        "What about a?",
        "What about b?",
        "Who else should I talk to?",
        "4 questions take 14 of 30 minutes: fits",
    ]
    said = attrs.evolve(WHO_ELSE, topic="role", must_ask=True)
    plan = attrs.evolve(INTERVIEW, questions=[said, must])
    assert lines("Questions", interview=plan, now=SCHEDULED)[1].startswith("Who else")
    plan = attrs.evolve(INTERVIEW, questions=[said, ASKS[0]])
    assert lines("Questions", interview=plan, now=SCHEDULED)[1].startswith("Who else")


def test_a_plan_is_there_before_anybody_is_asked() -> None:
    assert lines("Questions", interview=INTERVIEW)[-1].endswith("fits")


def test_what_they_answered_before_is_marked() -> None:
    rows = [
        Asked("first", "ben", "what about A", "role", date(2026, 1, 1), answer="that"),
        Asked("second", "ben", "What about a?", "role", date(2026, 2, 1), answer="this"),
        Asked("third", "ben", "What about b?", "role", DAY),
        Asked("fourth", "ana", "What about c?", "role", DAY, answer="no"),
    ]
    plan = attrs.evolve(INTERVIEW, questions=[attrs.evolve(ASKS[0], must_ask=True), *ASKS[1:3]])
    told = {"interview": plan, "now": SCHEDULED, "asked": rows}
    assert lines("Questions", **told)[:3] == [
        "What about a? (must ask, they answered this on 1 Feb 2026)",
        "What about b?",
        "What about c?",
    ]
    assert {"first", "second"} <= facts(brief(known(**told)))
    assert not {"third", "fourth"} & facts(brief(known(**told)))


@pytest.mark.parametrize(
    ("minutes", "verdict"),
    [(22, "fits"), (21, "1 too many"), (20, "1 too many"), (19, "2 too many"), (1, "11 too many")],
)
def test_two_minutes_a_question_and_six_besides(minutes: int, verdict: str) -> None:
    told = {"interview": INTERVIEW, "now": SCHEDULED, "meeting": meeting(minutes=minutes)}
    expected = f"8 questions take 22 of {minutes} minutes: {verdict}"
    assert lines("Questions", **told)[-1] == expected


def test_what_was_held_needs_no_plan() -> None:
    made = brief(known(interview=INTERVIEW, now=HELD))
    assert not {"Questions", "Afterwards"} & {section.title for section in made.sections}
    assert not [one for one in made.missing if "question" in one or "objective" in one]


def test_afterwards_i_thank_and_ask_who_else() -> None:
    for told in ({"meeting": meeting()}, {"interview": INTERVIEW, "now": SCHEDULED}):
        [line] = lines("Afterwards", **told)
        assert "thank them within 24 hours" in line
    assert not lines("Afterwards")


# --- what is missing


def test_all_is_missing_at_first_and_nothing_at_last() -> None:
    bare = attrs.evolve(INTERVIEW, questions=ASKS)
    steps: list[tuple[str, dict[str, Any]]] = [
        ("research on Ben Ortiz", {}),
        ("research on Mercy General", {}),
        ("research on psychiatry", {}),
        ("a pitch", {}),
        ("7 of 8 questions", {}),
        ("a question about whom else to talk to", {}),
        ("an objective", {}),
        ("a note on the setting and how to dress", {}),
        ("a place", {}),
        ("confirmation of the meeting", {}),
    ]
    told: dict[str, Any] = {"interview": bare, "now": SCHEDULED, "meeting": meeting()}
    wanted = [what for what, _ in steps]
    assert list(brief(known(**told)).missing) == wanted
    notes: list[Research] = []
    for note in (
        research("a", "person", contact="ben"),
        research("b", "organisation", organisation="Mercy General"),
        research("c", "industry", field="psychiatry"),
    ):
        notes.append(note)
        wanted = wanted[1:]
        assert list(brief(known(research=notes, **told)).missing) == wanted
    told |= {"research": notes, "profile": attrs.evolve(PITCH, practices=[])}
    assert brief(known(**told)).missing[0] == "practice of your pitch"
    told |= {"profile": PITCH, "interview": attrs.evolve(bare, questions=[*ASKS, WHO_ELSE])}
    assert list(brief(known(**told)).missing) == wanted[3:]
    told["objectives"] = [Objective(id="o", text="What?", added_on=DAY)]
    told["research"] = [*notes, research("d", "setting", contact="ben")]
    assert list(brief(known(**told)).missing) == wanted[5:]
    told["meeting"] = meeting(place="City Hall")
    assert list(brief(known(**told)).missing) == ["confirmation of the meeting"]
    told["meeting"] = meeting(place="City Hall", confirmed_on=DAY)
    assert not brief(known(**told)).missing


def test_research_on_others_does_not_count() -> None:
    notes = [
        research("a", "person", contact="ana"),
        research("b", "organisation", organisation="Harbor", contact="ben", field="psychiatry"),
        research("c", "industry", field="law", organisation="Mercy General"),
        research("d", "setting", contact="ana"),
    ]
    missing = brief(known(research=notes, meeting=meeting())).missing
    assert {
        "research on Ben Ortiz", "research on Mercy General", "research on psychiatry",
        "a note on the setting and how to dress",
    } <= set(missing)  # fmt: skip


@pytest.mark.parametrize(("day", "is_missing"), [(4, True), (5, True), (6, False)])
def test_a_meeting_is_confirmed_the_day_before(day: int, is_missing: bool) -> None:
    start = LocalMoment.on(date(2026, 3, day))
    missing = brief(known(meeting=meeting(start=start))).missing
    assert ("confirmation of the meeting" in missing) is is_missing


def test_on_the_phone_nobody_sees_how_i_dress() -> None:
    missing = {by: brief(known(meeting=meeting(format=by))).missing for by in ("phone", "video")}
    assert "a note on the setting and how to dress" not in missing["phone"]
    assert "a note on the setting and how to dress" in missing["video"]
    assert "a place" not in (*missing["phone"], *missing["video"])


def test_a_pitch_that_was_practised_later_was_not_practised() -> None:
    profile = attrs.evolve(PITCH, practices=[Practice(on=date(2026, 3, 5))])
    assert "practice of your pitch" in brief(known(profile=profile)).missing


# --- the page


def test_what_is_too_much_is_counted() -> None:
    notes = [research(f"n{n}", "person", contact="ben") for n in range(9)]
    found = list(looked_up(notes))
    assert [line.text for line in found][-1] == "and 5 more"
    assert found[-1].facts == ("n4", "n3", "n2", "n1", "n0")
    assert len(list(learned([insight(f"i{n}") for n in range(4)], {}))) == 4


def test_the_title_says_who_it_is() -> None:
    assert brief(known()).title == "Ben Ortiz, Nurse at Mercy General"
    assert brief(known(person=attrs.evolve(BEN, positions=[]))).title == "Ben Ortiz"


def test_empty_sections_are_left_out() -> None:
    bare = attrs.evolve(BEN, positions=[], fields=[])
    titles = [section.title for section in brief(known(person=bare)).sections]
    assert titles == ["Who", "How you know them"]


def test_a_cut_text_ends_with_a_word() -> None:
    assert shortened("one two three", 8) == "one two…"
    assert shortened("one two three", 7) == "one two…"
    assert shortened("one two", 7) == "one two"
    assert shortened("alphabet b gamma", 10) == "alphabet b…"
    assert shortened("a " + "b" * 50, 10) == "a bbbbbbbb…"
    assert shortened(" a\n\tb\u2028c ") == "a b c"


@given(st.text(max_size=400), st.integers(1, 300))
def test_a_text_is_cut_to_its_length_on_one_line(text: str, most: int) -> None:
    found = shortened(text, most)
    assert len(found) <= most + 1
    assert len(found.splitlines()) <= 1
    assert found.removesuffix("…") in " ".join(text.split())
    assert shortened(found, most + 1) == found


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<script>a & b</script>", "&lt;script&gt;a &amp; b&lt;/script&gt;"),
        ("[x](javascript:y)", r"\[x\](javascript:y)"),
        ("# no title", r"\# no title"),
        ("- no list", r"\- no list"),
        ("a - b", "a - b"),
        ("1. no list", r"1\. no list"),
        ("12) no list", r"12\) no list"),
        ("*bold* `code` ~~gone~~", r"\*bold\* \`code\` \~\~gone\~\~"),
        ("_it_ snake_case", r"\_it\_ snake_case"),
        ("https://x.example/a_b#c", "https://x.example/a_b#c"),
        ("{: .x} $y$ a|b !", r"\{: .x\} \$y\$ a\|b !"),
        ("back\\slash", r"back\\slash"),
    ],
)
def test_markdown_obeys_no_text(text: str, escaped: str) -> None:
    made = Brief(text, (Section("Who", (Line(text, ("a",)),)),), (text,))
    assert markdown(made) == (
        f"# {escaped}\n\n## Who\n\n- {escaped}\n\n## Still to do\n\n- {escaped}\n"
    )


def test_where_nothing_is_missing_nothing_is_said_of_it() -> None:
    assert "Still to do" not in markdown(Brief("x", ()))


@given(drawn.lines())
def test_markdown_loses_nothing(text: str) -> None:
    said = shortened(text)
    written = markdown(Brief("x", (Section("y", (Line(said, ("a",)),)),))).split("- ", 1)[1][:-1]
    assert html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", written)) == html.unescape(
        said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    )


def test_long_texts_take_no_time() -> None:
    for text in ("_" * 500_000, "1." * 250_000, "a " * 250_000, "# " * 250_000):
        assert len(shortened(text)) <= LONGEST + 1
        markdown(page(text, {"x": [Line(text, ("a",))]}))


IDS = ("ben", "ana", "bo")
OTHERS = by_kind(IDS)


def _known() -> st.SearchStrategy[Known]:
    people = st.lists(drawn.contacts(), max_size=6)
    rows = st.builds(
        Asked, st.sampled_from(["t1", "t2"]), st.sampled_from(IDS), drawn.said(), st.just("role"),
        drawn.days(), answer=drawn.lines(), dig_deeper=st.booleans(),
    )  # fmt: skip
    stages = st.sampled_from([Standing(), SCHEDULED._replace(fact=""), HELD])
    return st.builds(
        Known,
        person=drawn.contacts().map(lambda one: attrs.evolve(one, id="ben")),
        as_of=drawn.moments(),
        zone=st.sampled_from([NEW_YORK, LONDON]),
        names=st.dictionaries(st.sampled_from(IDS), drawn.said()),
        interview=st.none() | OTHERS["interview"],
        now=stages,
        meeting=st.none() | drawn.meetings(IDS),
        referrals=st.lists(drawn.referrals(IDS), max_size=6),
        people=people,
        research=st.lists(OTHERS["research"], max_size=6),
        insights=st.lists(OTHERS["insight"], max_size=6),
        timeline=st.lists(drawn.interactions(IDS), max_size=6),
        promises=st.lists(OTHERS["commitment"], max_size=6),
        asked=st.lists(rows, max_size=6),
        objectives=st.lists(OTHERS["objective"], max_size=6),
        goals=st.lists(OTHERS["decision"], max_size=6),
        profile=OTHERS["profile"],
    )


MANY = ("referrals", "people", "research", "insights", "timeline", "promises", "asked",
        "objectives", "goals")  # fmt: skip


def _ids(told: Known) -> set[str]:
    found = {*IDS, "t1", "t2", ME, *([told.interview.id] if told.interview else [])}
    found |= {told.meeting.id} if told.meeting else set()
    return found | {
        one.id for name in MANY for one in getattr(told, name) if not isinstance(one, Asked)
    }


@given(_known())
def test_every_line_rests_on_a_record_that_there_is(told: Known) -> None:
    for section in brief(told).sections:
        for line in section.lines:
            assert line.facts
            assert set(line.facts) <= _ids(told)
            assert len(line.text.splitlines()) == 1
            assert len(line.text) <= 5 * LONGEST + 1


@given(_known(), st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter(told: Known, shuffle: random.Random) -> None:
    mixed = {
        name: shuffle.sample(list(getattr(told, name)), len(getattr(told, name))) for name in MANY
    }
    assert brief(attrs.evolve(told, **mixed)) == brief(told)


@given(_known())
def test_secrets_of_others_never_show(told: Known) -> None:
    secret = {one.id for one in told.insights if one.confidential and one.contact != "ben"}
    assert not secret & facts(brief(told))


@given(_known(), OTHERS["research"], OTHERS["objective"])
def test_what_is_added_makes_no_more_missing(told: Known, note: Research, aim: Objective) -> None:
    more = attrs.evolve(
        told, research=[*told.research, note], objectives=[*told.objectives, aim], profile=PITCH
    )
    lacks = {"a pitch", "practice of your pitch"}
    assert set(brief(more).missing) - lacks <= set(brief(told).missing)


@given(_known())
def test_a_page_is_a_page(told: Known) -> None:
    lines_ = [line for section in brief(told).sections for line in section.lines]
    questions = len(told.interview.questions) + 1 if told.interview else 0
    assert len(lines_) <= 17 * (MOST + 1) + questions
    assert markdown(brief(told)).count("\n- ") == len(lines_) + len(brief(told).missing)
