"""What comes, in a calendar of its own at Google: as in the calendar file, and kept so."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest

from netcrm import Coming, ConflictError, InvalidError, LocalMoment, Remembered
from netcrm_google import publishing
from netcrm_google.publishing import calendars, carry_out, event, plan, remove
from netcrm_google.trouble import LaterError
from tests.google import GoogleServer, errors
from tests.google.desk import Desk, desks
from tests.google.mailing import ME, YOU
from tests.networks import HOME

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
TALK, BOOK = "Meeting with Ana Ruiz", "Do what you promised Luis Ortega"
SECRET = "send the book about divorce"


@pytest.fixture
def desk(google: GoogleServer) -> Iterator[Desk]:
    """A meeting with Ana, and a promise to Luis."""
    for made in desks(google):
        made.net.plan("ana", "2026-03-10 16:00", format="video")
        made.net.promise("luis", SECRET, due="2026-03-12")
        yield made


def by_title(desk: Desk, title: str) -> dict:
    [found] = [one for one in desk.events().values() if one["summary"] == title]
    return found


# --- what stands there


def test_the_first_time_a_calendar_is_made_and_filled(desk, google):
    done = desk.publish()
    [calendar] = desk.calendars()
    assert (calendar.summary, calendar.zone) == ("netcrm", HOME)
    assert done == [("added", TALK), ("added", BOOK)]
    assert desk.titles() == [BOOK, TALK]
    assert google.calls == 1 + 2
    assert google.calendars.calendar().entries == {}


def test_it_says_what_the_calendar_file_says(desk):
    desk.net.plan("luis", "2026-03-29 02:30", minutes=45, place="22 Baker St", travel_minutes=20)
    desk.net.add("Eva Stern", circles=["inner"])
    desk.net.rule("circle:inner", "2 weeks")
    desk.publish()
    uids = {event(one)["id"]: one.uid for one in desk.net.coming()}
    shown = {uids[id_]: one for id_, one in desk.events().items()}
    entries = icalendar.Calendar.from_ical(desk.net.ics()).walk("VEVENT")
    file = {str(one["uid"]): one for one in entries}
    assert shown.keys() == file.keys()
    assert len(shown) == 4
    for uid, one in shown.items():
        said = file[uid]
        assert one["summary"] == str(said["summary"])
        assert one["location"] == str(said.get("location", ""))
        assert one["transparency"] == str(said.get("transp", "OPAQUE")).lower()
        signs = [-alarm["trigger"].dt // timedelta(minutes=1) for alarm in said.walk("VALARM")]
        assert [sign["minutes"] for sign in one["reminders"]["overrides"]] == signs
        if "date" in one["start"]:
            assert one["start"] == {"date": str(said["dtstart"].dt)}
            assert one["end"] == {"date": str(said["dtstart"].dt + timedelta(days=1))}
        else:
            for edge in ("start", "end"):
                there = datetime.fromisoformat(one[edge]["dateTime"])
                assert there == said[f"dt{edge}"].dt
                assert one[edge]["timeZone"] == HOME


def test_the_second_half_past_one_is_not_the_first():
    second = LocalMoment.of(datetime(2026, 11, 1, 6, 30, tzinfo=UTC), HOME)
    told = event(Coming("u", "Talk", second, minutes=30))
    assert told["start"] == {"dateTime": "2026-11-01T01:30:00-05:00", "timeZone": HOME}
    assert told["end"] == {"dateTime": "2026-11-01T02:00:00-05:00", "timeZone": HOME}


def test_a_day_blocks_no_time_and_gives_no_sign():
    told = event(Coming("u", "Thank Ana", LocalMoment.on(date(2026, 2, 28)), alarms=(10,)))
    assert (told["start"], told["end"]) == ({"date": "2026-02-28"}, {"date": "2026-03-01"})
    assert told["transparency"] == "transparent"
    assert told["reminders"] == {"useDefault": False, "overrides": []}


def test_a_meeting_blocks_its_time_and_gives_a_sign_at_most_four_weeks_before():
    start = LocalMoment.of(datetime(2026, 3, 10, 20, tzinfo=UTC), HOME)
    told = event(Coming("u", "Talk", start, minutes=30, alarms=(99_999,)))
    assert told["transparency"] == "opaque"
    sign = {"method": "popup", "minutes": 40_320}
    assert told["reminders"] == {"useDefault": False, "overrides": [sign]}


def test_nobody_is_invited_and_nothing_private_is_told(desk, google):
    advice = desk.net.learn("leave that clinic", who="ana", category="advice", confidential=True)
    desk.net.use(advice, "planned", due="2026-03-12")
    desk.publish()
    desk.net.plan("ana", "2026-03-11 16:00", format="video", place="room 5")
    desk.publish()
    for one in desk.events().values():
        assert "attendees" not in one
        assert one["visibility"] == "private"
        assert one["reminders"]["useDefault"] is False
    told = json.dumps(desk.events())
    assert "divorce" not in told
    assert "clinic" not in told
    assert "@example.org" not in told.replace(f'"email": "{ME}"', "")
    writes = [
        one for name in ("insert", "update", "delete") for one in google.asked(f"events.{name}")
    ]
    assert {one.params["sendUpdates"] for one in writes} == {"none"}


@pytest.mark.parametrize("uid", ["", "a" * 500, "ä\n💡", "thank_you:c1:ana"])
def test_an_id_is_one_that_google_takes_and_always_the_same(uid):
    start = LocalMoment.on(date(2026, 3, 10))
    first, second = (event(Coming(uid, title, start))["id"] for title in ("a", "b"))
    assert first == second != event(Coming(f"{uid}x", "a", start))["id"]
    assert publishing._OURS.fullmatch(first)
    assert set(first) <= set("0123456789abcdefghijklmnopqrstuv")


# --- keeping it so


def test_when_nothing_is_new_one_request_says_so(desk, google):
    desk.publish()
    google.reset_accounts()
    assert desk.publish() == []
    assert [seen.method for seen in google.log] == ["calendar.events.list"]


def test_what_is_told_otherwise_changes_and_nothing_else_is_touched(desk, google):
    desk.publish()
    before = by_title(desk, TALK)
    desk.net.edit("luis", name="Luis O.")
    google.reset_accounts()
    assert desk.publish() == [("changed", "Do what you promised Luis O.")]
    assert google.calls == 2
    assert by_title(desk, TALK) == before


def test_a_meeting_of_an_interview_that_is_moved_stays_the_same_event(desk):
    desk.net.ask("luis", at="2026-03-02 10:00")
    desk.net.log("luis", "email", kind="accept", at="2026-03-03 10:00")
    desk.net.plan("luis", "2026-03-20 16:00", format="video")
    desk.publish()
    before = by_title(desk, "Interview with Luis Ortega")
    desk.net.plan("luis", "2026-03-23 17:00", format="video")
    assert ("changed", "Interview with Luis Ortega") in desk.publish()
    after = by_title(desk, "Interview with Luis Ortega")
    assert after["id"] == before["id"]
    assert after["start"]["dateTime"] == "2026-03-23T17:00:00-04:00"


def test_what_is_done_goes_and_what_is_undone_comes_again(desk, google):
    desk.publish()
    first = by_title(desk, BOOK)
    desk.net.keep(SECRET)
    google.reset_accounts()
    assert desk.publish() == [("removed", BOOK)]
    assert google.calls == 2
    assert desk.titles() == [TALK]
    desk.net.undo()
    google.reset_accounts()
    assert desk.publish() == [("added", BOOK)]
    assert by_title(desk, BOOK)["id"] == first["id"]
    assert google.calls == 3
    assert desk.publish() == []


def test_what_is_late_is_there_every_day(desk):
    desk.publish()
    desk.clock.set("2026-03-15T08:00")
    assert ("changed", BOOK) in desk.publish()
    assert by_title(desk, BOOK)["start"] == {"date": "2026-03-15"}
    assert TALK not in desk.titles()


def test_what_comes_later_than_asked_for_is_not_there(desk):
    caller = desk.signed_in()
    coming = desk.net.coming(within="5 days")
    list(carry_out(desk.net, caller, plan(desk.net, caller, ME, coming)))
    assert BOOK not in desk.titles()
    assert desk.publish() == [("added", BOOK)]


def test_a_long_calendar_is_read_to_its_end(desk, google, monkeypatch):
    monkeypatch.setattr(publishing, "_LISTED", 1)
    desk.publish()
    google.reset_accounts()
    assert desk.publish() == []
    assert len(google.asked("events.list")) == 2


# --- what others do there


def test_what_somebody_put_there_by_hand_stays(desk, google):
    desk.publish()
    calendar = desk.calendars()[0].id
    there = {"date": "2026-03-09"}
    mine = google.calendars.put({"summary": "Mine", "start": there, "end": there}, calendar)
    # a copy that somebody makes has all that the event had, but not its id
    copied = google.calendars.put(
        {name: value for name, value in by_title(desk, TALK).items() if name != "id"}, calendar
    )
    assert desk.publish() == []
    desk.clock.set("2026-06-01T08:00")
    desk.publish()
    assert {mine, copied} <= desk.events().keys()


def test_what_somebody_changed_stays_until_there_is_something_new_to_say(desk):
    desk.publish()
    desk.touch(TALK, summary="Ana!", colorId="5")
    assert desk.publish() == []
    assert "Ana!" in desk.titles()
    desk.net.edit("ana", name="Ana R.")
    assert ("changed", "Meeting with Ana R.") in desk.publish()
    assert "Ana!" not in desk.titles()


def test_what_somebody_made_weekly_is_once_again_with_the_next_news(desk):
    desk.publish()
    calendar = desk.calendars()[0].id
    id_ = desk.touch(TALK, recurrence=["RRULE:FREQ=WEEKLY;COUNT=3"])
    google = desk.google.calendars
    one = google.instance(google.instances(id_, calendar)[1], calendar)
    google.put(one | {"summary": "Moved"}, calendar)
    assert desk.publish() == []
    desk.net.edit("ana", name="Ana R.")
    desk.publish()
    assert "recurrence" not in desk.events()[id_]


def test_what_somebody_deleted_comes_again(desk, google):
    desk.publish()
    google.calendars.cancel(by_title(desk, BOOK)["id"], desk.calendars()[0].id)
    assert desk.publish() == [("added", BOOK)]
    assert desk.publish() == []


def test_an_event_without_its_mark_is_written_anew(desk):
    desk.publish()
    desk.touch(TALK, extendedProperties={})
    assert desk.publish() == [("changed", TALK)]


@pytest.mark.parametrize("status", [404, 410])
def test_a_calendar_that_somebody_deleted_is_made_anew(desk, google, status, monkeypatch):
    desk.publish()
    google.calendars.remove(desk.calendars()[0].id)
    if status == 410:
        gone = errors.GoogleError(410, "deleted", "Gone")
        monkeypatch.setitem(errors.REFUSALS, 410, lambda _: gone)
        google.fail(410, on="events.list")
    assert desk.publish() == [("added", TALK), ("added", BOOK)]
    assert desk.titles() == [BOOK, TALK]
    assert desk.publish() == []


def test_a_calendar_that_is_deleted_meanwhile_is_made_anew_by_the_next_time(desk, google):
    desk.publish()
    desk.net.edit("ana", name="Ana R.")
    google.before(
        lambda seen: (
            seen.method.endswith("update")
            and desk.calendars()
            and google.calendars.remove(desk.calendars()[0].id)
        )
    )
    with pytest.raises(LaterError, match="try again later"):
        desk.publish()
    assert [change for change, _ in desk.publish()] == ["added", "added"]


def test_an_event_that_cannot_come_back_is_tried_again_later(desk, google, monkeypatch):
    desk.publish()
    desk.net.edit("ana", name="Ana R.")
    gone = errors.GoogleError(410, "deleted", "Gone")
    monkeypatch.setitem(errors.REFUSALS, 410, lambda _: gone)
    google.fail(410, on="events.update")
    with pytest.raises(LaterError, match="try again later"):
        desk.publish()
    assert desk.publish() == [("changed", "Meeting with Ana R.")]


def test_an_event_that_goes_by_itself_meanwhile_is_gone(desk, google):
    desk.publish()
    id_ = by_title(desk, BOOK)["id"]
    desk.net.keep(SECRET)
    google.before(
        lambda seen: (
            seen.method.endswith("delete") and google.calendars.cancel(id_, desk.calendars()[0].id)
        )
    )
    assert desk.publish() == [("removed", BOOK)]


# --- which calendar it is


def test_the_network_remembers_the_calendar_wherever_it_is_copied_to(desk, google):
    desk.publish()
    [kept] = [one for one in desk.net.history() if one.commit.reason == f"google publish {ME}"]
    [id_] = kept.commit.created["remembered"]
    assert desk.net.get(Remembered, id_).said == {"id": desk.calendars()[0].id}


def test_undo_does_not_make_a_second_calendar(desk, google):
    desk.publish()
    google.calendars.remove(desk.calendars()[0].id)
    desk.publish()
    for _ in range(2):
        desk.net.undo()
        assert desk.publish() == []
        assert len(desk.calendars()) == 1
    remove(desk.net, desk.signed_in(), ME)
    assert desk.calendars() == list(calendars(desk.net, ME)) == []


def test_two_accounts_have_a_calendar_each(desk):
    first = desk.publish()
    assert desk.publish(YOU) == first
    assert len(desk.calendars()) == 2
    assert desk.publish() == desk.publish(YOU) == []
    desk.net.keep(SECRET)
    assert desk.publish() == [("removed", BOOK)]
    assert len(desk.events(desk.calendars()[1])) == len(desk.events(desk.calendars()[0])) + 1


def test_two_networks_of_one_account_do_not_touch_each_other(desk, google):
    desk.publish()
    for other in desks(google):
        other.net.plan("luis", "2026-03-10 10:00")
        other.publish()
        assert desk.publish() == other.publish() == []
        assert TALK not in other.titles()
    assert len(desk.calendars()) == 2


def test_of_two_programs_that_make_it_at_once_one_takes_its_own_away(desk, google):
    caller = desk.signed_in()
    what = plan(desk.net, caller, ME, desk.net.coming())
    desk.publish()
    with pytest.raises(ConflictError):
        list(carry_out(desk.net, caller, what))
    assert len(desk.calendars()) == 1
    assert desk.publish() == []


def test_it_is_taken_away_with_all_that_is_in_it(desk, google):
    desk.publish()
    google.reset_accounts()
    remove(desk.net, desk.signed_in(), ME)
    assert google.calls == 1
    assert desk.calendars() == []
    assert len(desk.publish()) == 2
    google.calendars.remove(desk.calendars()[0].id)
    remove(desk.net, desk.signed_in(), ME)
    assert list(calendars(desk.net, ME)) == []


# --- when something goes wrong


@pytest.mark.parametrize(
    "what", ["lost", "drop", 429, 500, 503, "html", "cut", "rateLimitExceeded"]
)
@pytest.mark.parametrize("on", ["insert", "update", "delete", "list"])
def test_an_answer_that_fails_once_leaves_nothing_twice(desk, google, what, on):
    desk.publish()
    desk.net.keep(SECRET)
    desk.net.edit("ana", name="Ana R.")
    desk.net.plan("luis", "2026-03-10 10:00")
    google.fail(what, times=1, on=f"events.{on}")
    desk.publish()
    assert desk.publish() == []
    assert desk.titles() == ["Meeting with Ana R.", "Meeting with Luis Ortega"]


def test_if_the_answer_to_making_a_calendar_is_lost_an_empty_one_is_left(desk, google):
    google.fail("lost", on="calendars.insert")
    desk.publish()
    lost, used = desk.calendars()
    assert not lost.entries
    assert len(desk.events(used)) == len(desk.net.coming())
    assert desk.publish() == []


def test_google_is_not_asked_faster_than_it_allows(desk, google):
    for day in range(1, 29):
        for hour in range(6, 9):
            desk.net.plan("luis", f"2026-04-{day:02} {hour}:00")
    count = len(desk.publish())
    assert count > 80
    assert desk.time.seconds > (count - 25) / 5 - 1
    google.fail(429, on="events.list", retry_after=33)
    desk.time.seconds = 0.0
    assert desk.publish() == []
    assert desk.time.seconds >= 33


def test_a_google_that_does_not_answer_is_asked_again_later(desk, google):
    google.fail(503, times=math.inf, on="events.insert", after=1)
    with pytest.raises(LaterError, match="Nothing is lost"):
        desk.publish()
    assert len(desk.events()) == 1
    google.recover()
    assert desk.publish() == [("added", BOOK)]


def test_stopped_anywhere_the_next_time_goes_on(desk):
    assert desk.publish(steps=1) == [("added", TALK)]
    assert desk.publish(steps=1) == [("added", BOOK)]
    assert desk.publish() == []


def test_what_google_refuses_is_named(desk, google, monkeypatch):
    refusal = errors.GoogleError(400, "invalid", "Bad summary.")
    monkeypatch.setitem(errors.REFUSALS, 400, lambda _: refusal)
    google.fail(400, on="events.insert", after=1)
    with pytest.raises(InvalidError, match=f"Google refuses “{BOOK}”: 400 Bad summary"):
        desk.publish()
    google.fail(400, on="events.list")
    with pytest.raises(InvalidError, match="Google refuses “netcrm”: 400 Bad summary"):
        desk.publish()
