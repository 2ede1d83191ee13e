"""The review of a week, as known at its end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

import netcrm
from netcrm.model.time import LocalMoment
from netcrm.rules.rates import Needed, Rate
from netcrm.rules.review import Answered, Crowd, Owed, Waiting, WeeklyReview, markdown
from tests.networks import HOME, Clock, net, opens

__all__ = ["net", "opens"]

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 8)


@pytest.fixture
def clock() -> Clock:
    """The clock of the network: the Thursday of week 10."""
    return Clock()


@pytest.fixture
def mine(clock: Clock) -> netcrm.Network:
    """An empty network in memory."""
    return netcrm.open(tz=HOME, clock=clock)


def asked(net: netcrm.Network, name: str, on: str, **said: Any) -> None:
    """Ask somebody new."""
    net.put(added(net, name, **said))
    net.ask(name, at=f"2026-{on} 10:00")


def added(net: netcrm.Network, name: str, **said: Any) -> netcrm.Contact:
    """Return somebody whom I have known for long."""
    made = net.add(name, **said)
    return netcrm.Contact(
        id=made.id, rev=made.rev, name=made.name, handle=made.handle, fields=made.fields,
        positions=made.positions, circles=made.circles, source=made.source,
        added_on=date(2025, 1, 1),
    )  # fmt: skip


def met(net: netcrm.Network, name: str, asked_on: str, on: str, minutes: int = 30) -> None:
    """Ask somebody new and meet them; days and times as 03-02 and 03-04T15:00."""
    asked(net, name, asked_on)
    net.log(name, "email", kind="accept", at=f"2026-{asked_on} 15:00")
    net.log(name, "video", kind="meeting", at=f"2026-{on}", minutes=minutes)


def thank(net: netcrm.Network, name: str, at: str) -> None:
    net.log(name, "email", kind="thank_you", at=f"2026-{at}")


def test_a_week_in_every_storage(net: netcrm.Network) -> None:
    net.add("Maya Rao", is_me=True)
    met(net, "Priya Nair", "02-23", "03-03T17:00", 40)
    thank(net, "Priya Nair", "03-03T20:00")
    asked(net, "Paul Greene", "03-03", source="alumni_database")
    review = net.review()
    assert (review.week, review.first, review.last) == ("2026-W10", FIRST, LAST)
    assert (review.held, review.minutes, review.thanked) == (("Priya Nair",), 40, Rate(1, 1))
    assert (review.requests, review.replies, review.open_requests) == (1, 0, 1)
    assert [one.who for one in review.waiting] == ["Paul Greene"]
    assert "Held 1 (Priya Nair), 40 minutes" in markdown(review)


# --- which week


@pytest.mark.parametrize(
    ("said", "week"),
    [
        (None, "2026-W10"), ("2026-W10", "2026-W10"), ("2026-W09", "2026-W09"),
        ("2026-03-01", "2026-W09"), ("sunday", "2026-W09"), ("today", "2026-W10"),
        (date(2026, 2, 15), "2026-W07"), ("1 week ago", "2026-W09"), ("2026-03-08", "2026-W10"),
        ("0001-W01", "0001-W01"),
    ],
)  # fmt: skip
def test_a_week_is_named_or_one_of_its_days(
    mine: netcrm.Network, said: str | date | None, week: str
) -> None:
    assert mine.review(said).week == week


@pytest.mark.parametrize("said", ["2026-W11", "2026-03-09", "9999-12-31", "2026-W54", "nonsense"])
def test_a_week_to_come_cannot_be_looked_back_on(mine: netcrm.Network, said: str) -> None:
    with pytest.raises(netcrm.InvalidError):
        mine.review(said)


def test_this_week_is_known_up_to_now_and_others_to_their_end(
    mine: netcrm.Network, clock: Clock
) -> None:
    assert str(mine.review().as_of).startswith("2026-03-05T09:00:00")
    assert str(mine.review("2026-W09").as_of).startswith("2026-03-01T23:59:59")
    clock.set("2026-03-08T23:59:58")
    assert str(mine.review("2026-W10").as_of).startswith("2026-03-08T23:59:58")
    clock.set("2026-03-09T00:00")
    assert str(mine.review("2026-W10").as_of).startswith("2026-03-08T23:59:59")
    assert mine.review().week == "2026-W11"
    assert mine.review(as_of="2026-03-08").as_of == LocalMoment.on(LAST)
    assert mine.review(as_of="2026-03-03").as_of == LocalMoment.on(date(2026, 3, 3))
    assert mine.review("2026-W09", as_of="2026-03-08").as_of.date == date(2026, 3, 1)


def test_a_past_week_is_told_as_it_was_known_then(mine: netcrm.Network, clock: Clock) -> None:
    clock.set("2026-03-08T22:00")
    asked(mine, "Amy Fox", "03-03")
    met(mine, "Ben Ortiz", "03-02", "03-04T15:00")
    mine.plan("amy", "2026-03-11 10:00", booked_on="2026-03-08 12:00")
    mine.promise("ben", "a book", by="them", on="2026-03-04 16:00", due="2026-03-20")
    mine.objective("What is a day like?")
    advice = mine.learn("read papers", who="ben", category="advice")
    before = mine.review("2026-W10", as_of="2026-03-08 23:59")

    clock.set("2026-03-20T09:00")
    mine.log("amy", "email", kind="reply", at="2026-03-09 10:00")
    mine.log("amy", "video", kind="meeting", at="2026-03-11 10:00", minutes=20)
    thank(mine, "ben", "03-05T14:00")  # noted late, but sent then
    mine.use(advice, "applied")
    mine.keep(mine.promises()[0])
    mine.refer("ben", "Tom Okafor")
    mine.settle("What is a day")
    mine.learn("something else", who="amy")
    after = mine.review("2026-W10")
    assert after.thanked == Rate(1, 1)
    known = {"thanked": after.thanked, "owed": after.owed, "as_of": after.as_of}
    assert before._replace(**known) == after
    assert "thank_you" in {one.action for one in before.owed}
    assert "thank_you" not in {one.action for one in after.owed}


def test_a_moment_abroad_may_be_of_next_week_already(mine: netcrm.Network) -> None:
    tokyo = LocalMoment.parse("2026-03-09T00:30+09:00[Asia/Tokyo]")  # Sunday morning at home
    assert mine.review("2026-W10", as_of=tokyo).as_of == tokyo
    later = LocalMoment.parse("2026-03-09T15:00+09:00[Asia/Tokyo]")
    assert str(mine.review("2026-W10", as_of=later).as_of).startswith("2026-03-08T23:59:59")


@pytest.mark.parametrize("end", [date.min, date(1, 1, 3), date(9999, 12, 20), date.max])
def test_the_ends_of_the_calendar_have_weeks_too(mine: netcrm.Network, end: date) -> None:
    asked(mine, "Amy Fox", "03-03")
    review = mine.review(end, as_of=end)
    assert review.first <= end <= review.last
    assert "Asked 0" in markdown(review)


# --- what happened


def test_what_counts_is_the_week_in_which_it_happened(mine: netcrm.Network, clock: Clock) -> None:
    clock.set("2026-03-15T20:00")
    met(mine, "Early", "02-20", "03-01T23:00", 11)
    met(mine, "First", "02-20", "03-02T00:00", 20)
    met(mine, "Second", "02-20", "03-05T10:00", 7)
    met(mine, "Last", "03-08", "03-08T23:00", 30)
    met(mine, "Late", "03-09", "03-09T16:00", 13)
    thank(mine, "First", "03-02T09:00")
    thank(mine, "Late", "03-09T18:00")
    review = mine.review("2026-W10")
    assert review.held == ("First", "Second", "Last")
    assert (review.minutes, review.requests, review.replies) == (57, 1, 1)
    assert review.thanked == Rate(1, 2)  # there is time left for the last one
    assert mine.review("2026-W11").thanked == Rate(1, 1)
    assert mine.review("2026-W09").thanked == Rate(0, 0)


def test_who_asked_me_is_met_but_not_asked(mine: netcrm.Network) -> None:
    mine.add("Eva Stern")
    mine.log("eva", "email", kind="request", direction="inbound", at="2026-03-02 10:00")
    mine.log("eva", "email", kind="accept", at="2026-03-02 11:00")
    mine.log("eva", "video", kind="meeting", at="2026-03-03 11:00", minutes=15)
    review = mine.review()
    assert (review.held, review.minutes) == (("Eva Stern",), 15)
    assert (review.requests, review.replies, review.open_requests) == (0, 0, 0)


def test_who_was_forgotten_is_counted_without_a_name(mine: netcrm.Network) -> None:
    met(mine, "Derek Chan", "03-02", "03-04T15:00", 25)
    met(mine, "Ben Ortiz", "03-02", "03-03T15:00", 20)
    mine.forget("derek")
    review = mine.review()
    assert review.held == ("Ben Ortiz", "somebody")
    assert (review.requests, review.replies, review.minutes) == (2, 2, 45)
    assert "Derek" not in markdown(review)


def test_reports_to_those_who_pointed_me_to_people(mine: netcrm.Network, clock: Clock) -> None:
    clock.set("2026-03-02T08:00")
    mine.put(added(mine, "Janet Kim"))
    mine.refer("janet", "Priya Nair", on="2026-03-02")
    clock.set("2026-03-08T20:00")
    mine.ask("priya", at="2026-03-02 10:00")
    mine.log("priya", "video", kind="meeting", at="2026-03-03 10:00")
    assert mine.review().reported == Rate(0, 1)
    mine.log("janet", "email", kind="report_back", at="2026-03-05 10:00")
    assert mine.review().reported == Rate(1, 1)


def test_new_people_are_those_added_or_pointed_to(mine: netcrm.Network, clock: Clock) -> None:
    clock.set("2026-02-28T12:00")
    mine.add("Old Friend", fields=["law"])
    clock.set("2026-03-03T12:00")
    mine.add("Maya Rao", is_me=True, fields=["law"])
    mine.add("Zoe", fields=["nursing", "law"])
    mine.refer("old friend", "Tom Okafor")
    mine.refer("zoe", "Old Friend")
    mine.edit("tom", fields=["nursing"])
    clock.set("2026-03-10T12:00")
    mine.add("Next Week")
    mine.refer("zoe", "Ana Ruiz", on="2026-03-06")  # noted only now
    review = mine.review("2026-W10")
    assert review.new_people == ("Ana Ruiz", "Tom Okafor", "Zoe")
    assert review.new_fields == {"law": 1, "nursing": 2}
    assert mine.review("2026-W11").new_people == ("Next Week",)
    assert mine.review("2026-W09").new_people == ("Old Friend",)
    assert mine.review("2026-W10", as_of="2026-03-02").new_people == ()


def test_what_was_learned_and_what_of_it_is_to_be_applied(mine: netcrm.Network) -> None:
    mine.add("Ana Ruiz")
    mine.learn("pay is low", on="2026-03-02")
    mine.learn("too old", on="2026-03-01", category="advice")
    mine.learn("read papers", category="advice")
    mine.use(mine.learn("call them", category="advice"), "set_aside")
    mine.use(mine.learn("nights are hard"), "planned", due="2026-03-20")
    mine.use(mine.learn("write a blog", category="advice"), "applied")
    review = mine.review()
    assert (review.insights, review.to_apply) == (5, 2)
    assert mine.review(as_of="2026-03-04").insights == 1


def test_objectives_count_insights_and_answers_so_far(mine: netcrm.Network) -> None:
    day, pay = mine.objective("What is a day like?"), mine.objective("What is the pay?")
    mine.settle(mine.objective("Where?"), on="2026-03-05")
    mine.add("Ana Ruiz")
    mine.prepare("ana", ["What do you do at night?", "What else?"])
    mine.question("ana", 1, objective="What is a day")
    mine.question("ana", 2, objective="What is a day")
    mine.answer("ana", 1, "I sleep")
    mine.learn("nights are long", objective="What is a day", on="2026-02-01")
    assert mine.review().objectives == (Answered(day.text, 2), Answered(pay.text, 0))
    assert mine.review(as_of="2026-03-04").objectives == ()
    assert [one.answers for one in mine.review("2026-W10").objectives] == [2, 0]


# --- what is open


def test_what_is_owed_is_what_the_agenda_says(mine: netcrm.Network) -> None:
    met(mine, "Ben Ortiz", "03-02", "03-04T15:00")
    asked(mine, "Amy Fox", "02-20")  # to be written to once more: told where I wait
    mine.add("Rob Lang")
    promise = mine.promise("rob", "send the book", due="2026-03-03", on="2026-03-02")
    review = mine.review()
    assert {one.action for one in review.owed} == {
        "commitment", "thank_you", "debrief", "ask_referrals",
    }  # fmt: skip
    assert review.owed[0] == Owed(
        "commitment", "Rob Lang", LocalMoment.on(date(2026, 3, 3)), True,
        f"commitment:{promise.id}:{promise.contact}",
    )  # fmt: skip
    keys = [one.key for one in mine.agenda() if one.key and one.action != "follow_up"]
    assert [one.key for one in review.owed] == keys
    (amy,) = review.waiting
    assert (amy.who, amy.then, amy.on) == ("Amy Fox", "write once more", date(2026, 3, 3))


def test_what_comes_up_later_this_week_is_not_owed_yet(mine: netcrm.Network) -> None:
    asked(mine, "Ben Ortiz", "03-02")
    mine.add("Kim")
    mine.plan(["ben", "kim"], "2026-03-08 10:00", booked_on="2026-03-03 10:00")
    review = mine.review()
    assert "confirm" not in {one.action for one in review.owed}
    assert "confirm" in {one.action for one in mine.review(as_of="2026-03-07").owed}
    assert [one.who for one in review.meetings] == ["Ben Ortiz and Kim"]


def test_what_was_promised_to_me_is_waited_for(mine: netcrm.Network) -> None:
    mine.add("Ana Ruiz")
    mine.promise("ana", "the slides", by="them", due="2026-03-20", on="2026-03-03")
    mine.promise("ana", "my notes", on="2026-03-03")
    kept = mine.promise("ana", "a call", by="them", on="2026-03-01")
    mine.keep(kept, on="2026-03-04")
    slides = Waiting("Ana Ruiz", date(2026, 3, 3), "the slides", closes=date(2026, 3, 20))
    call = Waiting("Ana Ruiz", date(2026, 3, 1), "a call")
    assert mine.review().waiting == (slides,)
    assert mine.review(as_of="2026-03-03").waiting == (call, slides)
    assert mine.review("2026-W09").waiting == (call,)


# --- what comes


def test_meetings_come_up_to_the_end_of_next_week(mine: netcrm.Network) -> None:
    for name in ("Ana", "Ben", "Eva", "Kim", "Luis", "Tom"):
        mine.add(name)
    mine.plan("ana", "2026-03-05 08:59")
    mine.plan(["ben", "kim"], "2026-03-06 10:00", place="Café")
    london = LocalMoment.at(datetime(2026, 3, 16, 3, 0), "Europe/London")  # noqa: DTZ001
    mine.plan("eva", london, format="video")
    mine.plan("luis", date(2026, 3, 15))
    mine.plan("tom", "2026-03-16 00:00")
    mine.end(mine.plan("kim", "2026-03-10 10:00"), "cancelled")
    ben, luis, eva = mine.review().meetings
    assert (ben.who, ben.place, ben.format) == ("Ben and Kim", "Café", "in_person")
    assert f"{ben.arrive.local:%H:%M}" == "09:50"
    assert (luis.who, luis.start, luis.arrive) == ("Luis", luis.home, None)
    assert (eva.start, f"{eva.home.local:%d %H:%M}", eva.arrive) == (london, "15 23:00", None)
    assert mine.review().clocks_change == date(2026, 3, 8)
    assert mine.review("2026-W09").clocks_change == date(2026, 3, 8)
    assert mine.review("2026-W08").clocks_change is None
    (line,) = [one for one in markdown(mine.review()).splitlines() if "video" in one]
    assert "03:00 London" in line
    assert "23:00 New York" in line


def test_clocks_that_changed_within_the_week_are_past(clock: Clock) -> None:
    clock.set("2026-04-27T09:00")
    cairo = netcrm.open(tz="Africa/Cairo", clock=clock)  # they change on a Friday there
    assert cairo.review("2026-W16").clocks_change == date(2026, 4, 24)
    assert cairo.review("2026-W17").clocks_change is None


def test_a_campaign_goes_at_a_pace_while_it_is_under_way(
    mine: netcrm.Network, clock: Clock
) -> None:
    clock.set("2026-03-02T08:00")
    mine.campaign("Over", start="2026-01-01", end="2026-03-01", weekly_requests=9)
    mine.campaign("Spring", aims={"nursing": 2}, weekly_requests=4, end="2026-03-07")
    clock.set("2026-03-06T20:00")
    met(mine, "Ben Ortiz", "03-02", "03-04T15:00", 25)
    mine.edit("ben", fields=["nursing"])
    asked(mine, "Amy Fox", "03-03")
    (one,) = mine.review().pace
    assert (one.campaign, one.requests, one.minutes, one.open) == ("Spring", 2, 25, 1)
    assert [(aim.held, aim.target) for aim in one.fields] == [(1, 2)]
    assert one.needed == Needed(2, 11)
    clock.set("2026-03-09T08:00")
    assert mine.review("2026-W10").pace == ()


def test_many_due_on_one_day_are_told_and_so_is_how_many_are_overdue(
    mine: netcrm.Network, clock: Clock
) -> None:
    clock.set("2026-03-02T08:00")
    for name in ("Ana", "Ben", "Eva", "Kim"):
        mine.add(name, circles=["inner"])
        mine.log(name, "coffee", at="2026-03-02")
    mine.rule("circle:inner", "1 month")
    people = ("Ana", "Ben", "Eva", "Kim")
    assert mine.review().crowds == (Crowd(date(2026, 4, 2), people, 0),)
    assert mine.review().stale == 0
    clock.set("2026-04-20T08:00")
    mine.log("kim", "coffee", at="2026-04-20")
    assert mine.review().stale == 3


def test_sources_are_never_ranked_where_one_cannot_tell(mine: netcrm.Network) -> None:
    met(mine, "Ben Ortiz", "03-02", "03-04T15:00")
    asked(mine, "Amy Fox", "03-03", source="alumni_database")
    review = mine.review()
    assert review.sources == "none answers more often than another, as far as one can tell."
    assert review.saturation.interviews == 1
    assert "job" not in markdown(review)


def test_sources_are_ranked_where_one_can_tell(mine: netcrm.Network) -> None:
    for number in range(8):
        asked(mine, f"Alumna {number}", "03-02", source="alumni_database")
        mine.log(f"Alumna {number}", "email", kind="decline", at="2026-03-03 10:00")
        asked(mine, f"Stranger {number}", "03-02", source="cold_call")
    assert mine.review().sources == "alumni answers more often than cold."


def test_names_heard_later_are_not_new_before(mine: netcrm.Network, clock: Clock) -> None:
    met(mine, "Ben Ortiz", "03-02", "03-04T15:00")
    clock.set("2026-03-12T09:00")
    mine.refer("ben", "Tom Okafor")
    assert mine.review("2026-W10").saturation.names == 0
    assert mine.review("2026-W11").saturation.names == 1


def test_a_review_reads_one_moment_and_writes_nothing(mine: netcrm.Network) -> None:
    met(mine, "Ben Ortiz", "03-02", "03-04T15:00")
    before = len(mine.history(limit=None))
    found = mine.review()
    assert isinstance(found, WeeklyReview)
    assert found == mine.review()
    assert len(mine.history(limit=None)) == before
