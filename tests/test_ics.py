"""What comes, as a file that a calendar can show."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

import netcrm
from netcrm.ics import calendar_file
from netcrm.model.time import LocalMoment
from netcrm.rules.coming import Coming, coming
from netcrm.rules.course import Appointment, Course
from netcrm.rules.due import Due, Person
from netcrm.rules.lifecycle import Standing
from netcrm.rules.obligations import Facts, Obligation
from tests.networks import HOME, Clock

LONDON = "Europe/London"
MADE = datetime(2026, 3, 5, 14, 0, tzinfo=UTC)
ODD = [
    "Ortiz, Ben; MD", "a\nBEGIN:VEVENT\nb", "a\r\nEND:VCALENDAR\r\nx", "back\\slash\\, \\;",
    "🙂" * 60, "שלום עולם", "x" * 3000, "", '"quoted": yes', "a\u2028b\x85c\x0bd",
    "nul\0 bell\x07 \ud800 half",
]  # fmt: skip


def at(text: str, zone: str = HOME) -> LocalMoment:
    return LocalMoment.at(datetime.fromisoformat(text), zone)


def entry(uid: str = "u", start: LocalMoment | None = None, **said: object) -> Coming:
    return Coming(uid, start=start or at("2026-03-10T13:00"), **{"summary": "Talk", **said})  # type: ignore[arg-type]


def file(*entries: Coming) -> bytes:
    return calendar_file(entries, name="netcrm", made_at=MADE)


def read(data: bytes) -> list[Event]:
    calendar = Calendar.from_ical(data)
    assert not calendar.errors
    events = list(calendar.walk("VEVENT"))
    assert not any(event.errors for event in events)
    assert calendar.get_missing_tzids() == set()
    return events


def uids(data: bytes) -> list[str]:
    return [str(event["uid"]) for event in read(data)]


def by_uid(data: bytes) -> dict[str, Event]:
    return {str(event["uid"]): event for event in read(data)}


# --- the file


def test_a_meeting_is_at_its_hour_in_its_zone_with_a_sign_before() -> None:
    (event,) = read(file(entry("i1", minutes=30, location="22 Baker St", alarms=(25,), sequence=2)))
    assert str(event["uid"]) == "i1"
    assert event["dtstart"].params["TZID"] == HOME
    assert event.start == at("2026-03-10T13:00").local
    assert event.end - event.start == timedelta(minutes=30)
    assert event["dtstamp"].dt == MADE
    assert int(event["sequence"]) == 2
    assert str(event["location"]) == "22 Baker St"
    assert "transp" not in event
    (alarm,) = event.walk("VALARM")
    assert alarm["trigger"].dt == timedelta(minutes=-25)
    assert (str(alarm["action"]), str(alarm["description"])) == ("DISPLAY", "Talk")


def test_a_day_lasts_all_day_and_blocks_no_time() -> None:
    data = file(entry(start=LocalMoment.on(date(2026, 3, 10)), minutes=30, alarms=(10,)))
    (event,) = read(data)
    assert event["dtstart"].dt == date(2026, 3, 10)
    assert str(event["transp"]) == "TRANSPARENT"
    assert b"DTSTART;VALUE=DATE:20260310\r\n" in data
    assert not event.walk("VALARM")
    assert "dtend" not in event
    assert b"VTIMEZONE" not in data


def test_the_calendar_says_whose_it_is() -> None:
    calendar = Calendar.from_ical(calendar_file([], name="a, b", made_at=MADE))
    said = {name: str(calendar[name]) for name in ("version", "method", "prodid")}
    assert b"X-WR-CALNAME:a\\, b\r\n" in calendar.to_ical()
    assert said == {"version": "2.0", "method": "PUBLISH", "prodid": "-//netcrm//netcrm//EN"}


def test_a_meeting_ends_after_its_minutes_and_a_day_the_day_after() -> None:
    assert entry(start=at("2026-03-07T23:30"), minutes=60).end == at("2026-03-08T00:30")
    assert entry(start=LocalMoment.on(date(2026, 2, 28))).end == LocalMoment.on(date(2026, 3, 1))


ZONES = st.sampled_from([HOME, LONDON, "Asia/Kathmandu", "UTC", "Africa/Casablanca"])
STARTS = st.builds(
    LocalMoment.of, st.integers(0, 365 * 24 * 4).map(
        lambda quarters: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarters)
    ), ZONES,
) | st.builds(LocalMoment.on, st.dates(date(2026, 1, 1), date(2027, 1, 1)))  # fmt: skip


@given(st.lists(st.builds(entry, st.uuids().map(str), STARTS, minutes=st.integers(1, 600))))
def test_every_instant_is_read_back(entries: list[Coming]) -> None:
    random.Random(1).shuffle(entries)
    events = by_uid(file(*entries))
    assert len(events) == len(entries)
    for one in entries:
        event = events[one.uid]
        if one.start.local is None:
            assert event["dtstart"].dt == one.start.date
        else:
            begin, end = (event[name].dt.astimezone(UTC) for name in ("dtstart", "dtend"))
            assert begin == one.start.instant
            assert end - begin == timedelta(minutes=one.minutes)


def test_the_second_half_past_one_is_not_the_first() -> None:
    second = LocalMoment.of(datetime(2026, 11, 1, 6, 30, tzinfo=UTC), HOME)
    assert second.local is not None
    assert second.local.fold == 1
    (event,) = read(file(entry(start=second, minutes=60)))
    assert event["dtstart"].dt.astimezone(UTC) == second.instant


@pytest.mark.parametrize(
    ("start", "hour"),
    [("2026-03-07T13:00", 18), ("2026-03-09T13:00", 17), ("2026-03-29T13:00", 17)],
)
def test_clocks_that_change_in_march_change_the_instant_only(start: str, hour: int) -> None:
    (event,) = read(file(entry(start=at(start), minutes=30)))
    assert event["dtstart"].dt.replace(tzinfo=None) == datetime.fromisoformat(start)
    assert event["dtstart"].dt.astimezone(UTC).hour == hour


def test_each_zone_is_told_with_its_change() -> None:
    data = file(
        entry("a", at("2026-03-07T13:00", LONDON)), entry("b", at("2026-03-30T13:00", LONDON)),
        entry("c", at("2026-03-10T13:00")),
    )  # fmt: skip
    zones = Calendar.from_ical(data).walk("VTIMEZONE")
    assert [str(zone["tzid"]) for zone in zones] == [HOME, LONDON]
    for zone, offset in zip(zones, (-4, 1), strict=True):
        (summer,) = zone.walk("DAYLIGHT")
        assert summer["tzoffsetto"].td == timedelta(hours=offset)
    assert data.index(b"VTIMEZONE") < data.index(b"VEVENT")


@pytest.mark.parametrize(
    ("start", "offset"),
    [("2026-03-08T23:30", -4), ("2026-03-07T12:00", -5), ("2026-11-01T00:15", -4)],
)
def test_a_zone_is_told_from_before_the_first_entry_to_after_the_last(
    start: str, offset: int
) -> None:
    data = file(entry(start=at(start), minutes=60))
    (zone,) = Calendar.from_ical(data).walk("VTIMEZONE")
    begun = [
        part
        for part in zone.subcomponents
        if part["dtstart"].dt <= datetime.fromisoformat(start) - timedelta(hours=1)
    ]
    last = max(begun, key=lambda part: part["dtstart"].dt)
    assert last["tzoffsetto"].td == timedelta(hours=offset)


@given(st.permutations([entry(str(n), at(f"2026-03-1{n}T10:00", LONDON)) for n in range(4)]))
def test_the_order_of_entries_does_not_matter(entries: list[Coming]) -> None:
    assert file(*entries) == file(*sorted(entries))


def test_the_bytes_are_the_same_in_every_process() -> None:
    code = (
        "import sys; from tests.test_ics import *; zones = ['Europe/London', 'Asia/Tokyo', HOME,"
        " 'Europe/Paris', 'Asia/Dubai', 'Africa/Cairo']; sys.stdout.buffer.write(file("
        "*(entry(z, at('2026-03-10T13:00', z), minutes=30) for z in zones)))"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            cwd=Path(__file__).parents[1],
            capture_output=True,
            check=True,
        ).stdout
        for seed in range(3)
    }
    assert len(made) == 1
    assert made.pop().count(b"BEGIN:VTIMEZONE") == 6


# --- texts from outside


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_stay_texts(text: str) -> None:
    data = file(entry(summary=text, description=text, location=text, alarms=(5,)))
    assert data.count(b"\nBEGIN:VEVENT") == data.count(b"\nEND:VCALENDAR") == 1
    (event,) = read(data)
    assert str(event["dtstamp"].dt) == str(MADE)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", data)
    assert b"\n" not in data.replace(b"\r\n", b"")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])))
def test_a_name_is_read_back_as_it_was(text: str) -> None:
    if "\\" in text:  # the library reads \N as the end of a line
        text = text.replace("\\", "/")
    (event,) = read(file(entry(summary=f"with {text}.")))
    assert str(event["summary"]) == f"with {text}."


def test_commas_semicolons_and_lines_are_read_back() -> None:
    said = "Ortiz, Ben; MD\nBEGIN:VEVENT\n🙂 back\\slash"
    (event,) = read(file(entry(summary=said, location=said)))
    assert str(event["summary"]) == str(event["location"]) == said


@given(st.text())
def test_no_text_breaks_the_file(text: str) -> None:
    data = calendar_file([entry(summary=text, description=text)], name=text, made_at=MADE)
    assert uids(data) == ["u"]


# --- what comes


NOW = at("2026-03-05T09:00")
MEETING = Appointment(
    "m2", at("2026-03-10T16:00", LONDON), at("2026-03-02T10:00"), ("ana", "ben"), 45, "in_person",
    "22 Baker St", 15, interview="i1",
)  # fmt: skip


def booked(*meetings: Appointment, stage: str = "scheduled") -> Facts:
    """Return what is known of an interview with meetings, of which the last is the one booked."""
    course = Course("i1", ("ana", "ben"), date(2026, 3, 1), meetings=meetings)
    now = Standing(stage, meeting=meetings[-1].id if stage == "scheduled" else "")  # type: ignore[arg-type]
    names = {"ana": "Ana Ruiz", "ben": "Ben Ortiz"}
    return Facts(NOW, names=names, courses=(course,), standings={"i1": now})


def entries(facts: Facts, *owed: Obligation, due: tuple[Due, ...] = (), **said: object):
    filled = {"home": HOME, "until": date(2026, 6, 5), **said}
    return list(coming(facts, owed, due, **filled))  # type: ignore[arg-type]


def test_an_interview_in_person_alarms_in_time_for_the_way() -> None:
    before = MEETING._replace(id="m1", ended="moved", ended_on=NOW)
    assert entries(booked(before, MEETING)) == [
        Coming(
            uid="i1", summary="Interview with Ana Ruiz and Ben Ortiz", start=MEETING.start,
            minutes=45, description="in person", location="22 Baker St", alarms=(25,), sequence=1,
        )
    ]  # fmt: skip
    (one,) = entries(booked(MEETING._replace(travel_minutes=None)))
    assert (one.alarms, one.sequence) == ((10,), 0)


def test_a_call_alarms_ten_minutes_before_and_takes_half_an_hour() -> None:
    call = MEETING._replace(format="video", place="", minutes=None)
    (one,) = entries(booked(call))
    assert (one.alarms, one.minutes, one.description) == ((10,), 30, "video")


def test_what_is_over_cancelled_or_far_off_is_not_there() -> None:
    assert not entries(booked(MEETING, stage="accepted"))
    gone = at("2026-03-05T08:14")
    assert not entries(booked(MEETING._replace(start=gone)))
    assert entries(booked(MEETING._replace(start=at("2026-03-05T08:16"))))
    assert not entries(booked(MEETING), until=date(2026, 3, 9))
    assert entries(booked(MEETING), until=date(2026, 3, 10))


def test_a_meeting_that_is_no_interview_has_its_own_id() -> None:
    coffee = MEETING._replace(id="m9", interview="", people=("ben",))
    ended = coffee._replace(id="m8", ended="cancelled", ended_on=NOW)
    facts = Facts(NOW, names={"ben": "Ben Ortiz"}, meetings=(coffee, ended))
    (one,) = entries(facts)
    assert (one.uid, one.summary, one.sequence) == ("m9", "Meeting with Ben Ortiz", 0)


def owed(kind: str, due: LocalMoment | None, **said: object) -> Obligation:
    filled = {"contact": "ana", "cause": "c1", "shown_from": NOW.date, "because": "so it is"}
    return Obligation(kind=kind, due=due, **filled | said)  # type: ignore[arg-type]


def test_what_is_owed_stands_on_its_day_at_home() -> None:
    facts = booked(MEETING, stage="held")
    found = entries(
        facts,
        owed("thank_you", at("2026-03-07T02:30", LONDON)),
        owed("report_back", LocalMoment.on(date(2026, 3, 20))),
    )
    assert found == [
        Coming("thank_you:c1:ana", "Thank Ana Ruiz by 21:30", LocalMoment.on(date(2026, 3, 6)),
              description="so it is"),
        Coming("report_back:c1:ana", "Report back to Ana Ruiz", LocalMoment.on(date(2026, 3, 20)),
              description="so it is"),
    ]  # fmt: skip


def test_what_is_late_stands_on_today() -> None:
    (one,) = entries(Facts(NOW), owed("debrief", LocalMoment.on(date(2026, 3, 2))))
    assert one.start == LocalMoment.on(NOW.date)


def test_what_is_done_waived_or_without_a_date_is_not_there() -> None:
    due = LocalMoment.on(date(2026, 3, 9))
    assert not entries(
        Facts(NOW),
        owed("debrief", due, done=NOW),
        owed("debrief", due, waived=NOW),
        owed("prepare", None),
        owed("arrive", due),
        owed("debrief", LocalMoment.on(date(2026, 6, 6))),
    )


def test_what_was_told_in_confidence_has_no_words() -> None:
    advice = owed("apply_advice", LocalMoment.on(date(2026, 3, 9)), because="leave that job")
    (told,) = entries(Facts(NOW), advice)
    (hidden,) = entries(Facts(NOW), advice, hidden={"c1"})
    (other,) = entries(Facts(NOW), advice, hidden={"c2"})
    assert told == other
    assert (told.description, hidden.description) == ("leave that job", "")
    assert told._replace(description="") == hidden


def test_who_is_due_stands_on_the_day_or_on_today() -> None:
    def answer(day: date | None) -> Due:
        person = Person("p1", "Ana Ruiz", "ana", date(2026, 1, 1))
        return Due(person, "not_due", NOW.date, day)

    found = entries(
        Facts(NOW),
        due=(answer(date(2026, 3, 20)), answer(date(2026, 2, 1)), answer(None)),
    )
    assert found == [
        Coming("p1-due", "Get back to Ana Ruiz", LocalMoment.on(date(2026, 3, 20)),
              description="Due on 2026-03-20"),
        Coming("p1-due", "Get back to Ana Ruiz", LocalMoment.on(NOW.date),
              description="Due on 2026-02-01"),
    ]  # fmt: skip
    assert not entries(Facts(NOW), due=(answer(date(2026, 6, 6)),))


# --- a network


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def net(clock: Clock) -> netcrm.Network:
    net = netcrm.open(tz=HOME, clock=clock)
    net.add("Ben Ortiz, MD; 🙂")
    net.ask("ben", at="2026-03-02 10:00")
    net.log("ben", "email", kind="accept", at="2026-03-03 10:00")
    return net


def test_a_meeting_that_is_moved_keeps_its_place_in_the_calendar(net: netcrm.Network) -> None:
    when = at("2026-03-20T16:00", LONDON)
    net.plan("ben", when, format="video", booked_on="2026-03-04 10:00")
    interview = net.interview("ben").course.id
    before = by_uid(net.ics())[interview]
    assert before["dtstart"].dt.astimezone(UTC).hour == 16
    assert str(before["summary"]) == "Interview with Ben Ortiz, MD; 🙂"
    net.plan("ben", at("2026-03-30T16:00", LONDON), format="video")
    after = by_uid(net.ics())[interview]
    assert f"{after['dtstart'].dt:%d %H:%M}" == "30 16:00"
    assert after["dtstart"].dt.astimezone(UTC).hour == 15
    assert int(after["sequence"]) > int(before["sequence"])
    assert int(after["dtend"].dt.minute) == 30


def test_a_cancelled_meeting_is_not_there_any_more(net: netcrm.Network) -> None:
    meeting = net.plan("ben", "2026-03-10 16:00", format="video")
    interview = net.interview("ben").course.id
    assert interview in uids(net.ics())
    net.end(meeting, "cancelled")
    found = uids(net.ics())
    assert interview not in found
    assert [uid for uid in found if uid.startswith("propose_times:")]


def test_made_twice_it_is_the_same(net: netcrm.Network, clock: Clock) -> None:
    net.plan("ben", "2026-03-10 16:00")
    first = net.ics()
    assert net.ics() == first
    clock.set("2026-03-05T10:00")
    later = net.ics()
    assert later != first
    assert uids(later) == uids(first)


def test_what_comes_is_told_in_its_order_and_is_what_the_file_shows(net: netcrm.Network) -> None:
    net.plan("ben", "2026-03-10 16:00", format="video")
    net.promise("ben", "send the book", due="2026-03-08")
    found = net.coming()
    assert [one.start.date.day for one in found] == [8, 9, 9, 10]
    assert {one.uid: one.summary for one in found} == {
        uid: str(event["summary"]) for uid, event in by_uid(net.ics()).items()
    }


def test_one_looks_three_months_ahead_or_as_far_as_one_says(net: netcrm.Network) -> None:
    net.plan("ben", "2026-06-06 16:00")
    interview = net.interview("ben").course.id
    assert interview not in uids(net.ics())
    assert interview in uids(net.ics(within="4 months"))
    net.plan("ben", "2026-06-05 16:00")
    assert interview in uids(net.ics())


def test_promises_and_people_who_are_due_are_there_by_name(net: netcrm.Network) -> None:
    net.add("Eva Stern", circles=["inner"])
    net.rule("circle:inner", "2 weeks")
    net.log("eva", "coffee", at="2026-03-04")
    net.add("Rob Lang")
    promise = net.promise("rob", "send the book", due="2026-03-12")
    found = by_uid(net.ics())
    rob = found[f"commitment:{promise.id}:{promise.contact}"]
    assert str(rob["summary"]) == "Do what you promised Rob Lang"
    assert "send the book" in str(rob["description"])
    eva = found[f"{net.contact('eva').id}-due"]
    assert (str(eva["summary"]), eva["dtstart"].dt) == ("Get back to Eva Stern", date(2026, 3, 18))
    assert f"{net.contact('eva').id}-due" not in uids(net.ics(within="1 week"))


@pytest.mark.parametrize(("secret", "asked", "there"), [
    (False, False, True), (True, False, False), (True, True, True),
])  # fmt: skip
def test_confidential_advice_is_told_on_request(
    net: netcrm.Network, secret: bool, asked: bool, there: bool
) -> None:
    advice = net.learn("leave that clinic", who="ben", category="advice", confidential=secret)
    net.use(advice, "planned", due="2026-03-12")
    data = net.ics(confidential=asked)
    assert (b"leave that clinic" in data) is there
    assert "Apply what Ben Ortiz" in data.decode()


def test_an_earlier_moment_shows_what_was_known_then(net: netcrm.Network) -> None:
    net.plan("ben", "2026-03-10 16:00", booked_on="2026-03-04 10:00")
    interview = net.interview("ben").course.id
    assert interview not in uids(net.ics(as_of="2026-03-03"))
    assert interview in uids(net.ics(as_of="2026-03-04"))
