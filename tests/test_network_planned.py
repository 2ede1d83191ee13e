"""Meetings that a calendar tells of: planned, held, moved and called off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from netcrm import Item, Meeting, Network, Page
from netcrm.storage.query import Query
from tests import networks
from tests.networks import HOME, Opens, everything
from tests.services import ANA, LUIS, ME, TOM, item, take, talks

clock, opens = networks.clock, networks.opens
NEXT_WEEK, YESTERDAY, LAST_MONTH = "2026-03-12T15:00", "2026-03-04T15:00", "2026-02-04T15:00"


@pytest.fixture
def net(opens: Opens) -> Iterator[Network]:
    """A network of me, Ana and Luis, on 5 March 2026 at nine; each storage in turn."""
    with opens() as network:
        network.add("Maya Rao", email=ME, is_me=True)
        network.add("Ana Ruiz", email=ANA, circles=["inner"])
        network.add("Luis Ortega", email=LUIS)
        yield network


def event(at: str, *people: str, key: str = "e", **said: Any) -> Item:
    """Return a meeting of half an hour, with Ana where nobody else is said."""
    told = {"channel": "video", "direction": "mutual", "minutes": 30, **said}
    one = item(key, *(people or (ANA,)), ref=f"ical:{key}", **told)
    return attrs.evolve(one, at=datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(HOME)))


def tell(net: Network, *items: Item, **said: Any) -> Any:
    return take(net, Page(items=items, **said), name="calendar maya")


def plans(net: Network) -> list[tuple[str, str, list[str]]]:
    """Return what is planned: when, how, and with whom."""
    return [
        (
            f"{one.start.local:%m-%d %H:%M}" if one.start.local else str(one.start.date),
            one.format,
            [net.contact(person.contact).handle for person in one.participants],
        )
        for one in net.meetings()
    ]


def owed(net: Network) -> list[str]:
    return sorted(one.kind for one in net.obligations() if one.is_open)


def held(net: Network) -> list[tuple[str, str]]:
    return [(one.kind, f"{one.occurred.date:%m-%d}") for one in talks(net)]


class TestToCome:
    def test_it_is_planned(self, net):
        done = tell(net, event(NEXT_WEEK, ANA, TOM, place="Café Luna", channel="in_person"))
        assert (done.planned, done.logged) == (1, 0)
        (plan,) = net.meetings()
        assert (plan.ref, plan.subject, plan.place) == ("ical:e", "About e", "Café Luna")
        assert (plan.minutes, plan.format) == (30, "in_person")
        assert plans(net) == [("03-12 15:00", "in_person", ["ana-ruiz"])]
        assert talks(net) == []

    def test_it_covers_their_rhythm(self, net):
        net.rule("circle:inner", every="1 month", grace="6 weeks")
        net.log("ana", "email", at="2026-02-01")
        assert [one.status for one in net.due()] == ["due"]
        tell(net, event(NEXT_WEEK))
        assert [one.status for one in net.due()] == []
        assert net.explain("ana").status == "covered"

    def test_with_nobody_who_is_here_it_is_not(self, net):
        assert tell(net, event(NEXT_WEEK, TOM, ME)).planned == 0
        assert net.meetings() == []

    def test_told_again_it_stays_as_it_is(self, net):
        tell(net, event(NEXT_WEEK))
        before = everything(net)
        assert tell(net, event(NEXT_WEEK))[:5] == (1, 0, 0, 0, 0)
        assert everything(net) == before

    def test_it_moves_with_its_calendar_and_has_to_be_confirmed_again(self, net):
        tell(net, event(NEXT_WEEK))
        (plan,) = net.meetings()
        net.put(attrs.evolve(plan, confirmed_on=net.moment(None)))
        assert tell(net, event("2026-03-13T10:00", channel="in_person")).changed == 1
        assert plans(net) == [("03-13 10:00", "in_person", ["ana-ruiz"])]
        assert net.meetings()[0].confirmed_on is None

    def test_it_is_called_and_takes_place_as_its_calendar_says_now(self, net):
        tell(net, event(NEXT_WEEK, place="Café Luna"))
        (plan,) = net.meetings()
        net.put(attrs.evolve(plan, confirmed_on=net.moment(None)))
        assert tell(net, event(NEXT_WEEK, place="Café Sol")).changed == 1
        assert tell(net, event(NEXT_WEEK, place="Café Sol", subject="Tea")).changed == 1
        (again,) = net.meetings()
        assert (again.subject, again.place) == ("Tea", "Café Sol")
        assert again.confirmed_on == net.moment(None)

    def test_with_strangers_too_it_stays_as_it_is(self, net):
        tell(net, event(NEXT_WEEK))
        assert tell(net, event(NEXT_WEEK, ANA, TOM))[:5] == (1, 0, 0, 0, 0)

    def test_what_i_changed_of_it_stays_until_its_calendar_changes(self, net):
        tell(net, event(NEXT_WEEK, place="Café Luna"))
        net.put(attrs.evolve(net.meetings()[0], place="in the park"))
        assert tell(net, event(NEXT_WEEK, place="Café Luna")).changed == 0
        assert net.meetings()[0].place == "in the park"

    def test_without_a_length_any_more_nobody_knows_how_long_it_lasts(self, net):
        tell(net, event(NEXT_WEEK))
        tell(net, event(NEXT_WEEK, minutes=None))
        assert net.meetings()[0].minutes is None

    def test_it_is_called_off_with_its_calendar(self, net):
        tell(net, event(NEXT_WEEK))
        assert tell(net, gone=("e",)).removed == 1
        assert net.meetings() == []

    def test_once_it_is_to_be_again_it_is_planned_again(self, net):
        tell(net, event(NEXT_WEEK))
        tell(net, gone=("e",))
        assert tell(net, event(NEXT_WEEK)).planned == 1
        assert plans(net) == [("03-12 15:00", "video", ["ana-ruiz"])]

    def test_who_declines_does_not_come(self, net):
        tell(net, event(NEXT_WEEK, ANA, LUIS))
        tell(net, event(NEXT_WEEK, ANA))
        assert plans(net) == [("03-12 15:00", "video", ["ana-ruiz"])]
        tell(net, event(NEXT_WEEK, TOM))
        assert plans(net) == []

    def test_who_is_added_later_is_found_in_it(self, net):
        tell(net, event(NEXT_WEEK, TOM))
        net.add("Tom Okafor", email=TOM)
        assert tell(net).planned == 1
        assert plans(net) == [("03-12 15:00", "video", ["tom-okafor"])]

    def test_in_two_calendars_it_is_one(self, net):
        tell(net, event(NEXT_WEEK))
        take(net, Page(items=(event(NEXT_WEEK, ANA, LUIS),)), name="calendar work")
        assert plans(net) == [("03-12 15:00", "video", ["ana-ruiz", "luis-ortega"])]
        tell(net, gone=("e",))
        assert [one.subject for one in net.meetings()] == ["About e"]
        take(net, Page(gone=("e",)), name="calendar work")
        assert plans(net) == []

    def test_what_was_planned_by_hand_for_that_day_is_that(self, net):
        by_hand = net.plan("ana", "2026-03-12 15:30", place="Café Luna", travel_minutes=20)
        assert tell(net, event(NEXT_WEEK, place="elsewhere")).planned == 0
        (plan,) = net.meetings()
        assert (plan.id, plan.ref, plan.place) == (by_hand.id, "ical:e", "Café Luna")
        assert (plan.travel_minutes, f"{plan.start.local:%H:%M}") == (20, "15:00")

    def test_whoever_i_planned_it_with_comes_too(self, net):
        net.plan(["ana", "luis"], "2026-03-12 15:30")
        tell(net, event(NEXT_WEEK))
        assert plans(net) == [("03-12 15:00", "video", ["ana-ruiz", "luis-ortega"])]

    def test_two_of_one_day_are_two(self, net):
        tell(net, event(NEXT_WEEK), event("2026-03-12T17:00", key="f"))
        assert len(plans(net)) == 2

    def test_what_was_planned_by_hand_and_is_called_off_is_not_that(self, net):
        net.end(net.plan("ana", "2026-03-12 15:30"), "called_off")
        assert tell(net, event(NEXT_WEEK)).planned == 1

    def test_how_long_it_lasts_the_calendar_knows_if_it_says_so(self, net):
        net.plan("ana", "2026-03-12 15:30", minutes=45)
        tell(net, event(NEXT_WEEK, minutes=None))
        assert net.meetings()[0].minutes == 45
        tell(net, event(NEXT_WEEK, minutes=60))
        assert net.meetings()[0].minutes == 60

    def test_who_is_in_no_calendar_of_it_any_more_does_not_come(self, net):
        tell(net, event(NEXT_WEEK, ANA, LUIS))
        take(net, Page(items=(event(NEXT_WEEK, ANA),)), name="calendar work")
        tell(net, gone=("e",))
        assert plans(net) == [("03-12 15:00", "video", ["ana-ruiz"])]

    def test_planned_by_hand_after_that_it_is_that(self, net):
        tell(net, event(NEXT_WEEK, place="Café Luna"))
        made = net.plan("ana", "2026-03-12 15:30", minutes=45, travel_minutes=20)
        (plan,) = net.meetings()
        assert (plan, plan.ref, plan.place) == (made, "ical:e", "Café Luna")
        assert (plan.minutes, plan.travel_minutes, plan.format) == (45, 20, "video")
        assert f"{plan.start.local:%H:%M}" == "15:00"

    def test_planned_by_hand_with_somebody_else_too_it_is_another(self, net):
        tell(net, event(NEXT_WEEK))
        net.plan(["ana", "luis"], "2026-03-12 15:00")
        assert len(net.meetings()) == 2

    def test_it_may_turn_out_to_be_that_of_an_interview(self, net, clock):
        tell(net, event(NEXT_WEEK))
        net.ask("ana", "email")
        clock.set("2026-03-06T09:00")
        net.plan("ana", "2026-03-12 15:00")
        assert (net.interview("ana").now.stage, len(net.meetings())) == ("scheduled", 1)
        net.plan("ana", "2026-03-12 17:00")
        (plan,) = net.meetings()
        assert f"{plan.start.local:%H:%M}" == "17:00"

    def test_with_somebody_else_that_day_it_is_another(self, net):
        net.plan("luis", "2026-03-12 15:00")
        tell(net, event(NEXT_WEEK))
        assert len(plans(net)) == 2

    def test_the_agenda_says_what_it_is_and_no_calendar_gets_it_back(self, net):
        tell(net, event(NEXT_WEEK, place="Café Luna"))
        net.plan("luis", "2026-03-12 17:00")
        said = [one.because for one in net.agenda(within="2 weeks") if one.action == "meeting"]
        assert said == ["About e, video, 30 min, Café Luna", "in person"]
        assert [one.summary for one in net.coming()] == ["Meeting with Luis Ortega"]


class TestOver:
    def test_it_is_asked_about(self, net, clock):
        tell(net, event(NEXT_WEEK))
        clock.set("2026-03-12T15:29")
        assert "did_it_happen" not in owed(net)
        clock.set("2026-03-12T15:30")
        assert owed(net) == ["did_it_happen"]
        (asked,) = net.obligations()
        assert asked.because == "you were to meet on 12 Mar at 15:00: About e"
        tell(net)
        assert (owed(net), held(net)) == (["did_it_happen"], [])

    def test_cancelled_and_to_be_again_it_is_asked_about(self, net, clock):
        tell(net, event(NEXT_WEEK))
        tell(net, gone=("e",))
        clock.set("2026-03-12T16:00")
        tell(net, event(NEXT_WEEK))
        assert owed(net) == ["did_it_happen"]

    def test_first_seen_when_it_is_just_over_it_is_asked_about(self, net):
        assert tell(net, event(YESTERDAY)).planned == 1
        assert owed(net) == ["did_it_happen"]

    def test_what_nobody_answers_counts_as_held_after_two_weeks(self, net, clock):
        tell(net, event(NEXT_WEEK))
        clock.set("2026-03-26T15:29")
        tell(net)
        assert held(net) == []
        clock.set("2026-03-26T15:30")
        assert tell(net).logged == 1
        assert held(net) == [("meeting", "03-12")]
        assert (owed(net), net.meetings()) == ([], [])

    def test_what_counts_as_held_is_called_as_it_was_when_it_was_planned(self, net, clock):
        tell(net, event(NEXT_WEEK), event(NEXT_WEEK, LUIS, key="f", thread="weekly"))
        clock.set("2026-04-12")
        tell(net)
        assert [one.subject for one in talks(net)] == ["About e", "About f"]

    def test_moved_to_before_it_was_booked_it_can_still_have_been_held(self, net):
        tell(net, event(NEXT_WEEK))
        tell(net, event(YESTERDAY))
        (plan,) = net.meetings()
        assert plan.booked_on == plan.start
        net.end(plan, "held")
        assert held(net) == [("meeting", "03-04")]

    def test_moved_to_a_day_on_which_i_logged_it_it_is_that(self, net):
        tell(net, event(NEXT_WEEK))
        net.log("ana", "coffee", at="2026-03-04")
        tell(net, event(YESTERDAY))
        assert (len(talks(net)), net.meetings()) == (1, [])
        with net._reading() as view:
            (plan,) = net._all(view, Meeting, Query("meeting"))
        assert (plan.ended, plan.ended_on) == ("held", plan.start)
        assert f"{plan.start.local:%m-%d %H:%M}" == "03-04 15:00"

    def test_what_is_long_over_when_it_is_first_seen_was_held(self, net):
        assert tell(net, event(LAST_MONTH, ANA, LUIS)).logged == 1
        (talk,) = talks(net)
        assert (talk.kind, talk.channel, talk.minutes) == ("meeting", "video", 30)
        assert (talk.subject, talk.direction) == ("About e", "mutual")
        assert owed(net) == []

    def test_what_repeats_is_never_asked_about(self, net, clock):
        tell(net, event(YESTERDAY, thread="weekly"), event(NEXT_WEEK, key="f", thread="weekly"))
        assert (held(net), owed(net)) == ([("meeting", "03-04")], [])
        clock.set("2026-03-12T15:29")
        tell(net)
        assert held(net) == [("meeting", "03-04")]
        clock.set("2026-03-12T15:30")
        tell(net)
        assert held(net) == [("meeting", "03-04"), ("meeting", "03-12")]

    def test_it_counts_as_contact_once_it_was_held(self, net, clock):
        net.rule("circle:inner", every="1 week")
        tell(net, event(YESTERDAY, thread="weekly"))
        assert net.explain("ana").last_touch.on.isoformat() == "2026-03-04"

    @pytest.mark.parametrize("how", ["missed", "called_off", "declined"])
    def test_what_i_said_of_it_stands(self, net, clock, how):
        tell(net, event(NEXT_WEEK))
        clock.set("2026-03-12T16:00")
        net.end(net.meetings()[0], how)
        clock.set("2026-04-12")
        tell(net, event("2026-03-12T14:00"))
        assert (held(net), owed(net), net.meetings()) == ([], [], [])

    def test_that_it_was_held_i_say_once(self, net, clock):
        tell(net, event(NEXT_WEEK, ANA, LUIS))
        clock.set("2026-03-12T16:00")
        net.end(net.meetings()[0], "held")
        (talk,) = talks(net)
        assert (talk.ref, talk.subject) == ("ical:e", "About e")
        tell(net, event(NEXT_WEEK, ANA))
        clock.set("2026-04-12")
        tell(net, gone=("e",))
        assert held(net) == [("meeting", "03-12")]

    def test_what_i_logged_by_hand_that_day_is_it(self, net, clock):
        tell(net, event(NEXT_WEEK))
        clock.set("2026-03-12T16:00")
        net.log("ana", "coffee")
        tell(net)
        assert (len(talks(net)), owed(net), net.meetings()) == (1, ["thank_you"], [])

    def test_before_it_is_over_another_talk_of_that_day_is_not_it(self, net, clock):
        tell(net, event(NEXT_WEEK))
        clock.set("2026-03-12T12:00")
        net.log("ana", "phone", at="2026-03-12 11:00")
        tell(net, event(NEXT_WEEK, place="Café Luna"))
        assert len(net.meetings()) == 1

    def test_what_i_planned_for_a_day_that_is_over_stays(self, net, clock):
        tell(net, event(NEXT_WEEK))
        net.plan("luis", "2026-03-10 15:00")
        clock.set("2026-04-12")
        assert tell(net).logged == 1
        assert [one.start.date.day for one in net.meetings()] == [10]

    def test_an_old_one_that_i_logged_by_hand_is_not_logged_again(self, net):
        net.log("ana", "video", at=LAST_MONTH)
        tell(net, event(LAST_MONTH, ANA, LUIS))
        assert len(talks(net)) == 1
        net.log("ana", "email", at="2026-02-03")
        tell(net, event("2026-02-03T12:00", key="f"))
        assert held(net)[-1] == ("meeting", "02-03")

    def test_what_was_held_goes_with_its_calendar(self, net):
        tell(net, event(LAST_MONTH))
        assert tell(net, gone=("e",)).removed == 1
        assert held(net) == []

    def test_what_was_held_is_called_as_its_calendar_says_now(self, net):
        tell(net, event(LAST_MONTH))
        assert tell(net, event(LAST_MONTH, subject="")).changed == 1
        assert talks(net)[0].subject == ""

    def test_unless_i_said_something_of_it(self, net):
        tell(net, event(LAST_MONTH))
        (talk,) = talks(net)
        net.put(attrs.evolve(talk, text="She likes tea."))
        tell(net, event(LAST_MONTH, ANA, LUIS, subject="Tea"))
        (talk,) = talks(net)
        assert (talk.subject, talk.text, len(talk.participants)) == (
            "About e", "She likes tea.", 2,
        )  # fmt: skip
        assert tell(net, gone=("e",)).removed == 0
        assert held(net) == [("meeting", "02-04")]

    def test_who_turns_out_not_to_have_come_is_left_out(self, net):
        tell(net, event(LAST_MONTH, ANA, LUIS))
        tell(net, event(LAST_MONTH, LUIS))
        assert [one.contact for one in talks(net)[0].participants] == [net.contact("luis").id]

    def test_who_is_added_later_is_found_in_what_was_held(self, net):
        tell(net, event(LAST_MONTH, ANA, TOM))
        net.add("Tom Okafor", email=TOM)
        assert tell(net).changed == 1
        (talk,) = talks(net)
        assert (talk.subject, len(talk.participants)) == ("About e", 2)

    def test_only_its_calendar_of_later_is_left(self, net):
        tell(net, event(LAST_MONTH))
        take(net, Page(items=(event(NEXT_WEEK),)), name="calendar work")
        tell(net, gone=("e",))
        (plan,) = net.meetings()
        assert (plan.subject, talks(net)) == ("About e", [])

    def test_put_off_it_is_planned_instead(self, net):
        tell(net, event(LAST_MONTH))
        tell(net, event(NEXT_WEEK))
        assert (held(net), plans(net)) == ([], [("03-12 15:00", "video", ["ana-ruiz"])])

    def test_one_that_was_held_and_is_used_for_the_next_stays_held(self, net, clock):
        tell(net, event(YESTERDAY))
        net.end(net.meetings()[0], "held")
        tell(net, event(NEXT_WEEK))
        assert (held(net), len(plans(net))) == ([("meeting", "03-04")], 1)
        clock.set("2026-03-12T16:00")
        net.end(net.meetings()[0], "held")
        assert held(net) == [("meeting", "03-12"), ("meeting", "03-04")]


class TestAnInterview:
    @pytest.fixture
    def asked(self, net: Network) -> Network:
        net.ask("ana", "email", at="2026-03-02")
        return net

    def test_the_meeting_that_it_waits_for_is_part_of_it(self, asked, clock):
        tell(asked, event(NEXT_WEEK))
        thread = asked.interview("ana")
        assert (thread.now.stage, thread.now.meeting) == ("scheduled", asked.meetings()[0].id)
        clock.set("2026-03-12T16:00")
        assert "did_it_happen" in owed(asked)
        clock.set("2026-04-30")
        tell(asked)
        assert ("did_it_happen" in owed(asked), held(asked)) == (True, [("request", "03-02")])
        asked.end(asked.meetings()[0], "held")
        assert asked.interview("ana").now.stage == "held"

    def test_cancelled_it_waits_for_another(self, asked):
        tell(asked, event(NEXT_WEEK))
        tell(asked, gone=("e",))
        assert asked.interview("ana").now.stage == "accepted"
        tell(asked, event("2026-03-13T15:00", key="f"))
        assert asked.interview("ana").now.stage == "scheduled"

    def test_who_keeps_their_calendar_may_be_there(self, asked):
        tell(asked, event(NEXT_WEEK, ANA, "assistant@example.org"))
        assert asked.interview("ana").now.stage == "scheduled"

    @pytest.mark.parametrize(
        "other",
        [
            event(NEXT_WEEK, ANA, LUIS),
            event(NEXT_WEEK, ANA, TOM, "kim@example.org"),
            event(NEXT_WEEK, thread="weekly"),
            event("2026-02-27T15:00"),
        ],
        ids=["with others", "with more", "that repeats", "of before it"],
    )
    def test_no_other_meeting_is(self, asked, other):
        tell(asked, other)
        assert asked.interview("ana").now.stage == "contacted"

    def test_what_was_planned_before_it_and_counts_as_held_is_not(self, net, clock):
        tell(net, event(NEXT_WEEK))
        clock.set("2026-03-06T09:00")
        net.ask("ana", "email")
        clock.set("2026-03-27T09:00")
        tell(net)
        assert [one.interview is None for one in talks(net)] == [False, True]

    def test_with_one_planned_another_is_none(self, asked):
        asked.plan("ana", "2026-03-10 10:00")
        tell(asked, event(NEXT_WEEK))
        assert [one.interview is None for one in asked.meetings()] == [False, True]

    def test_it_does_not_fit_where_they_declined_since(self, asked, clock):
        clock.set("2026-03-06T09:00")
        asked.log("ana", "email", kind="decline", at="2026-03-05 20:00")
        clock.set("2026-03-05T09:00")
        tell(asked, event(NEXT_WEEK))
        assert asked.meetings()[0].interview is None


def test_nothing_planned_elsewhere_is_touched(net, clock):
    """A meeting that another source gave a ref is not a calendar's to end."""
    net.plan("ana", "2026-03-12 15:00", ref="other:1")
    clock.set("2026-04-12")
    tell(net)
    assert [one.ref for one in net.meetings()] == ["other:1"]


def test_all_of_it_can_be_taken_back(net):
    before = everything(net)
    tell(net, event(NEXT_WEEK), event(LAST_MONTH, key="f"))
    for commit, _ in list(net.history(None))[:2]:
        net.undo(commit.seq)
    kinds = {kind for kind, _ in everything(net)} - {kind for kind, _ in before}
    assert kinds <= {"remembered"}
    with net._reading() as view:
        assert list(net._all(view, Meeting, Query("meeting"))) == []
