"""Meetings that are read by Google's own client from a Google of the tests."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import attrs
import pytest

from netcrm import BusyError, Query, Remembered, SignInError, Stranger
from netcrm.storage.query import eq
from netcrm_google import calendar
from netcrm_google.calendar import AHEAD, Calendar
from netcrm_google.quota import REQUESTS
from tests.google.mailing import (
    ANA,
    EVENTS,
    LUIS,
    ME,
    NOW,
    SINCE,
    TOM,
    Post,
    plans,
    stored,
    talks,
    times,
)

SOON, OVER, LONG_OVER = "2026-03-12T15:00", "2026-03-04T15:00", "2026-02-04T15:00"
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


def days(post: Post) -> list[str]:
    """Return the days of what is planned."""
    return [str(one.start.date)[5:] for one in post.net.meetings()]


class TestToCome:
    def test_it_is_planned(self, post):
        post.event(SOON, ANA, "kim@example.org", location="Café Luna")
        assert post.meet().planned == 1
        (plan,) = post.net.meetings()
        assert str(plan.start) == "2026-03-12T10:00:00-04:00[America/New_York]"
        assert (plan.subject, plan.place, plan.format) == ("Coffee", "Café Luna", "in_person")
        assert plan.minutes == 30
        assert [one.address for one in _strangers(post)] == ["kim@example.org"]

    def test_another_address_of_mine_is_nobody_else(self, post):
        post.event(SOON, "maya@alias.example")
        caller = post.caller("calendar", EVENTS, REQUESTS)
        mine = ["Maya@Alias.example"]
        done = post.net.sync(Calendar(caller, ME, since=SINCE, today=NOW.date(), me=mine))
        assert (_strangers(post), done.skipped) == ([], {"with nobody else (calendar)": 1})

    def test_what_is_no_meeting_is_counted_but_for_what_was_cancelled(self, post):
        post.event(SOON, ANA, eventType="focusTime")
        post.google.calendars.cancel(post.event(SOON, ANA))
        done = post.meet()
        assert (done.seen, done.skipped) == (0, {"not a meeting (calendar)": 1})

    def test_moved_it_moves(self, post):
        id_ = post.event(SOON, ANA)
        post.meet()
        post.event("2026-03-13T09:00", ANA, id=id_)
        assert post.meet().changed == 1
        assert days(post) == ["03-13"]

    @pytest.mark.parametrize("how", ["cancelled", "declined", "they declined", "all day", "far"])
    def test_what_is_not_to_be_is_called_off(self, post, how):
        id_ = post.event(SOON, ANA)
        post.meet()
        if how == "cancelled":
            post.google.calendars.cancel(id_)
        elif how == "all day":
            day = {"date": "2026-03-12"}, {"date": "2026-03-13"}
            event = {"id": id_, "attendees": _guests("accepted", "accepted")}
            post.google.calendars.put(event | {"start": day[0], "end": day[1]})
        elif how == "far":
            post.event("2027-03-12T15:00", ANA, id=id_)
        else:
            said = [("accepted", "declined"), ("declined", "accepted")][how == "declined"]
            post.event(SOON, id=id_, attendees=_guests(*said))
        assert post.meet().removed == 1
        assert days(post) == []

    def test_a_series_is_known_as_far_as_one_looks_ahead(self, post):
        post.event("2026-02-10T15:00", ANA, rule="FREQ=WEEKLY")
        done = post.meet()
        assert (done.logged, done.planned) == (4, 8)
        assert days(post)[0] == "03-10"
        assert days(post)[-1] == "04-28"
        asked = post.google.asked("events.list")
        assert len(asked) == 1
        assert post.net.meetings()[-1].start.date <= NOW.date() + AHEAD

    def test_what_comes_near_is_known_then(self, post, clock):
        post.event("2026-02-10T15:00", ANA, rule="FREQ=WEEKLY")
        post.meet()
        clock.pass_days(14)
        assert post.meet().planned == 2
        assert days(post)[-1] == "05-12"
        assert [one.params.get("timeMin") for one in post.google.asked("events.list")][1:] == [
            None, "2026-05-04T00:00:00+00:00",
        ]  # fmt: skip

    def test_one_of_a_series_is_moved_and_one_is_cancelled(self, post):
        series = post.event("2026-03-10T15:00", ANA, rule="FREQ=WEEKLY;COUNT=3")
        post.meet()
        first, second, _ = post.google.calendars.instances(series)
        post.google.calendars.put(post.google.calendars.instance(first) | times("2026-03-11T09:00"))
        post.google.calendars.cancel(second)
        done = post.meet()
        assert (done.planned, done.changed, done.removed) == (0, 1, 1)
        assert days(post) == ["03-11", "03-24"]

    def test_one_that_is_repeated_from_now_on_is_there_once(self, post):
        one = post.event("2026-03-10T15:00", ANA)
        post.meet()
        post.event("2026-03-10T15:00", ANA, id=one, rule="FREQ=WEEKLY;COUNT=2")
        done = post.meet()
        assert (done.planned, done.removed) == (2, 1)
        assert days(post) == ["03-10", "03-17"]
        post.event("2026-03-10T15:00", ANA, id=one)
        done = post.meet()
        assert (done.planned, done.removed) == (1, 2)
        assert days(post) == ["03-10"]

    def test_the_end_of_a_series_calls_off_what_would_come(self, post):
        series = post.event("2026-03-10T15:00", ANA, rule="FREQ=WEEKLY")
        post.meet()
        post.event("2026-03-10T15:00", ANA, id=series, rule="FREQ=WEEKLY;COUNT=2")
        post.meet()
        assert days(post) == ["03-10", "03-17"]


class TestOver:
    def test_long_ago_it_was_held(self, post):
        id_ = post.event(LONG_OVER, ANA, LUIS, hangoutLink="https://meet.google.com/a-b-c")
        assert post.meet().logged == 1
        ((ref, day, direction, people),) = talks(post.net)
        assert (ref, day, direction) == (f"ical:{id_}@google.com", "2026-02-04", "mutual")
        assert people == ("ana-ruiz:with", "luis-ortega:with")

    def test_what_is_deleted_since_is_no_longer_logged(self, post):
        id_ = post.event(LONG_OVER, ANA)
        post.meet()
        post.google.calendars.cancel(id_)
        assert post.meet().removed == 1
        assert talks(post.net) == []

    def test_just_over_it_is_asked_about(self, post):
        post.event(OVER, ANA)
        post.meet()
        assert [one.kind for one in post.net.obligations() if one.is_open] == ["did_it_happen"]

    def test_before_the_day_nothing_is_read(self, post):
        post.event("2025-03-01T15:00", ANA)
        post.event("2020-01-07T15:00", ANA, rule="FREQ=WEEKLY;COUNT=3")
        post.meet()
        assert talks(post.net) == []
        post.meet(since=SINCE - timedelta(days=30))
        assert [day for _, day, *_ in talks(post.net)] == ["2025-03-01"]
        post.google.reset_accounts()
        post.meet()
        assert len(talks(post.net)) == 1
        assert [one.params.get("timeMin") for one in post.google.asked("events.list")] == [None]

    def test_on_the_first_day_it_may_be_the_day_before_where_i_live(self, post):
        id_ = post.event("2025-03-05T02:00", ANA)
        post.meet()
        assert [day for _, day, *_ in talks(post.net)] == ["2025-03-04"]
        post.google.calendars.cancel(id_)
        post.google.calendars.expire_tokens()
        post.meet()
        assert talks(post.net) == []

    def test_an_older_one_that_is_changed_stays_unknown(self, post):
        id_ = post.event("2024-03-01T15:00", ANA)
        post.meet()
        post.event("2024-03-01T15:00", ANA, LUIS, id=id_)
        post.meet()
        assert talks(post.net) == []


class TestAgain:
    def test_nothing_new_is_one_call_and_no_commit(self, post):
        post.event(SOON, ANA)
        post.meet()
        commits = len(post.net.history(None))
        post.google.reset_accounts()
        assert post.meet().pages == 0
        assert len(post.google.asked("events.list")) == 1
        assert len(post.net.history(None)) == commits

    def test_what_changed_is_told_once(self, post, monkeypatch):
        monkeypatch.setitem(calendar._ASKED, "maxResults", 2)
        post.meet()
        for day in range(10, 16):
            post.event(f"2026-03-{day}T15:00", ANA)
        done = post.meet()
        assert (done.planned, done.pages) == (6, 4)
        assert post.meet().pages == 0

    def test_what_came_near_is_asked_for_once_a_day(self, post, clock):
        post.meet()
        clock.pass_days(1)
        for _ in range(2):
            post.google.reset_accounts()
            post.meet()
        assert len(post.google.asked("events.list")) == 1

    def test_stopped_before_what_came_near_is_read_it_is_read_the_next_time(self, post, clock):
        post.event("2026-02-10T15:00", ANA, rule="FREQ=WEEKLY")
        post.meet()
        clock.pass_days(14)
        post.event("2026-03-25T15:00", LUIS)
        post.google.fail(500, math.inf, on="events.list", after=1)
        with pytest.raises(BusyError):
            post.meet()
        assert days(post)[-1] == "04-28"
        post.google.recover()
        post.meet()
        assert days(post)[-1] == "05-12"

    def test_a_token_that_is_too_old_costs_one_list_and_loses_nothing(self, post):
        gone, stays = post.event(SOON, ANA), post.event("2026-03-13T15:00", LUIS)
        post.meet()
        post.google.calendars.cancel(gone)
        post.google.calendars.expire_tokens()
        post.google.reset_accounts()
        assert post.meet().removed == 1
        assert [one.status for one in post.google.asked("events.list")] == [410, 200]
        assert plans(post.net)[0][0] == f"ical:{stays}@google.com"
        assert len(plans(post.net)) == 1

    def test_a_token_that_google_does_not_know_is_as_good_as_none(self, post):
        post.event(SOON, ANA)
        post.meet()
        with post.net._reading() as view:
            (kept,) = post.net._all(view, Remembered, Query("remembered", eq("name", "state")))
        post.net.put(attrs.evolve(kept, said={**kept.said, "token": "of somebody else"}))
        post.google.reset_accounts()
        post.event("2026-03-13T15:00", LUIS)
        assert post.meet().planned == 1
        assert [one.status for one in post.google.asked("events.list")] == [400, 200]

    def test_a_token_is_good_for_the_question_that_it_was_given_for(self, post, monkeypatch):
        post.event(SOON, ANA)
        post.meet()
        monkeypatch.setattr(calendar, "_QUESTION", "another")
        post.google.reset_accounts()
        post.meet()
        assert ["syncToken" in one.params for one in post.google.asked("events.list")] == [False]

    def test_what_changes_while_it_is_listed_is_not_missed(self, post, monkeypatch):
        monkeypatch.setitem(calendar._ASKED, "maxResults", 2)
        for day in range(10, 16):
            post.event(f"2026-03-{day}T15:00", ANA)
        hold = post.google.hold("events.list", after=1)
        hooks: list[str] = []

        def meanwhile(seen: Any) -> None:
            if seen.method.endswith("events.list") and seen.params.get("pageToken") and not hooks:
                hooks.append(post.event("2026-03-09T15:00", LUIS))

        hold.go.set()
        post.google.before(meanwhile)
        post.meet()
        post.meet()
        assert len(days(post)) == 7

    def test_stopped_between_two_pages_it_goes_on(self, post, monkeypatch):
        monkeypatch.setitem(calendar._ASKED, "maxResults", 2)
        for day in range(10, 16):
            post.event(f"2026-03-{day}T15:00", ANA)
        post.google.fail(500, math.inf, on="events.list", after=1)
        with pytest.raises(BusyError):
            post.meet()
        assert len(days(post)) == 2
        post.google.recover()
        post.meet()
        assert len(days(post)) == 6


class TestTrouble:
    @pytest.mark.parametrize("what", [429, 500, 503, 408, "html", "cut", "drop", "lost", "drip"])
    def test_it_is_tried_again(self, post, what):
        post.event(SOON, ANA)
        post.google.fail(what, 2, on="events.list", seconds=0.05)
        assert post.meet().planned == 1

    def test_a_page_token_that_dies(self, post, monkeypatch):
        monkeypatch.setitem(calendar._ASKED, "maxResults", 2)
        for day in range(10, 16):
            post.event(f"2026-03-{day}T15:00", ANA)
        asked = iter(range(9))

        def die(seen: Any) -> None:
            if next(asked) == 1:
                post.google.expire_page_tokens()

        post.google.before(die)
        post.meet()
        assert len(days(post)) == 6
        assert 400 in [one.status for one in post.google.asked("events.list")]

    def test_what_goes_away_before_the_list_begins_anew_is_gone(self, post, monkeypatch):
        monkeypatch.setitem(calendar._ASKED, "maxResults", 2)
        first, *_ = [post.event(f"2026-03-{day}T15:00", ANA) for day in range(10, 16)]
        asked = iter(range(9))

        def die(seen: Any) -> None:
            if next(asked) == 1:
                post.event("2024-03-10T15:00", ANA, id=first)
                post.google.expire_page_tokens()

        post.google.before(die)
        post.meet()
        assert len(days(post)) == 5

    def test_the_same_page_again_and_again(self, post, monkeypatch):
        monkeypatch.setitem(calendar._ASKED, "maxResults", 2)
        for day in range(10, 16):
            post.event(f"2026-03-{day}T15:00", ANA)
        post.google.fail("same page", math.inf, on="events.list")
        with pytest.raises(BusyError, match="the same page again and again"):
            post.meet()

    def test_access_taken_back(self, post):
        post.google.fail("insufficientPermissions", on="events.list")
        with pytest.raises(SignInError):
            post.meet()

    def test_an_access_token_that_runs_out_meanwhile(self, post):
        post.event(SOON, ANA)
        service = post.calendar()
        post.google.tokens.expire_access_tokens()
        assert post.net.sync(service).planned == 1


class TestPrivacy:
    def test_nothing_is_asked_that_is_not_needed(self, post):
        canary = "SECRET-CANARY"
        post.event(SOON, ANA, description=canary, attachments=[{"fileUrl": canary}])
        post.event(SOON, LUIS, summary=canary, location=canary, visibility="private")
        post.meet()
        for seen in post.google.asked("events.list"):
            assert "description" not in seen.params["fields"]
            assert "*" not in seen.params["fields"]
        assert not [one for one in stored(post.net) if canary in str(one)]
        assert len(days(post)) == 2

    def test_of_strangers_only_the_mark_is_in_what_is_read(self, post):
        post.event(SOON, TOM)
        post.meet()
        assert not [one for one in stored(post.net, "remote") if "tom@" in str(one)]

    def test_who_was_forgotten_stays_forgotten(self, post):
        post.event(SOON, ANA, summary="Tea with Ana")
        post.meet()
        assert all(one.doc["words"] for one in stored(post.net, "remote"))
        post.net.forget("ana")
        assert not any("words" in one.doc for one in stored(post.net, "remote"))
        post.meet()
        post.google.calendars.expire_tokens()
        post.meet()
        assert not [one for one in stored(post.net) if "ana@" in str(one)]
        assert days(post) == []


def _strangers(post: Post) -> list[Any]:
    with post.net._reading() as view:
        return list(post.net._all(view, Stranger, Query("stranger")))


def _guests(mine: str, theirs: str) -> list[dict[str, Any]]:
    return [
        {"email": ME, "self": True, "responseStatus": mine},
        {"email": ANA, "responseStatus": theirs},
    ]
