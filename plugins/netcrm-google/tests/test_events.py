"""What does an event of a calendar say of a meeting?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from unicodedata import normalize
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm import Interaction, Item, LocalMoment, Meeting, Participant, Remote
from netcrm_google.addresses import Address
from netcrm_google.events import LARGEST, Said, read
from tests.google.mailing import ANA, BERLIN, LUIS, ME, times

ROOM = "c_1888@resource.calendar.google.com"
ALIAS = "maya@alias.example"
MINE = frozenset({ME, ALIAS})


def guest(email: str, status: str = "accepted", **more: Any) -> dict[str, Any]:
    return {"email": email, "responseStatus": status, **more}


def me(status: str = "accepted") -> dict[str, Any]:
    return guest(ME, status, self=True)


def event(*guests: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return an event of half an hour with me and with Ana, where nobody else is said."""
    told = {"id": "ev1", "iCalUID": "ev1@google.com", "status": "confirmed", "summary": "Coffee"}
    organizer = {"email": ME, "self": True}
    people = [me(), *(guests or (guest(ANA),))]
    return {**told, **times("2026-03-12T15:00"), "organizer": organizer, "attendees": people} | more


def said(*guests: dict[str, Any], **more: Any) -> Said:
    """Return what it says; it is a meeting."""
    found = read(event(*guests, **more), BERLIN, MINE)
    assert isinstance(found, Said), found
    return found


def why(*guests: dict[str, Any], **more: Any) -> str:
    """Return why it is no meeting."""
    found = read(event(*guests, **more), BERLIN, MINE)
    assert isinstance(found, str), found
    return found


def who(*guests: dict[str, Any], **more: Any) -> list[str]:
    """Return with whom the meeting is."""
    return [one.address for one in said(*guests, **more).people]


class TestNoMeeting:
    def test_what_is_cancelled(self):
        assert read({"id": "ev1", "status": "cancelled"}, BERLIN, MINE) == "cancelled"
        assert why(status="cancelled") == "cancelled"

    @pytest.mark.parametrize("kind", ["birthday", "focusTime", "outOfOffice", "workingLocation"])
    def test_what_is_in_a_calendar_and_no_meeting(self, kind):
        assert why(eventType=kind) == "not a meeting"

    @pytest.mark.parametrize("kind", ["default", "fromGmail", None])
    def test_others_are(self, kind):
        assert who(eventType=kind) == [ANA]

    def test_what_takes_the_whole_day(self):
        assert why(start={"date": "2026-03-12"}, end={"date": "2026-03-13"}) == "all day"

    @pytest.mark.parametrize(
        "start",
        [None, {}, {"dateTime": None}, {"dateTime": "soon"}, {"dateTime": "2026-02-30T10:00:00Z"},
         {"dateTime": "0001-01-01T00:00:00+10:00"}, {"dateTime": 5}],
    )  # fmt: skip
    def test_what_has_no_time_that_can_be_read(self, start):
        assert why(start=start) == "without a time that can be read"

    def test_what_i_declined(self):
        assert why(attendees=[me("declined"), guest(ANA)]) == "declined"

    @pytest.mark.parametrize("status", ["needsAction", "tentative", "accepted"])
    def test_what_i_did_not_decline_is_one(self, status):
        assert who(attendees=[me(status), guest(ANA)]) == [ANA]

    def test_what_i_declined_under_another_address_of_mine(self):
        mine = guest("Maya@Alias.example", "declined")
        assert why(attendees=[mine, guest(ANA)]) == "declined"
        assert who(attendees=[mine, me(), guest(ANA)]) == [ANA]

    def test_what_is_with_more_people_than_one_meets(self):
        guests = [guest(f"p{n}@example.org") for n in range(LARGEST + 1)]
        assert why(*guests) == "with more than 10 people"
        assert len(who(*guests[1:])) == LARGEST

    def test_of_these_only_those_count_who_come_and_are_people(self):
        others = [guest("x@example.org", "declined"), guest(ROOM), guest(ALIAS), guest(ROOM)]
        guests = [guest(f"p{n}@example.org") for n in range(LARGEST)]
        assert len(who(*guests, *others)) == LARGEST

    def test_what_has_so_many_that_not_all_are_told(self):
        assert why(attendeesOmitted=True) == "with more than 10 people"

    @pytest.mark.parametrize(
        "guests",
        [
            [],
            [me()],
            [me(), guest(ALIAS)],
            [me(), guest(ROOM, resource=True)],
            [me(), guest(ROOM)],
            [me(), guest(ANA, "declined")],
            [me(), guest("no address")],
            [me(), {"id": "1", "displayName": "Ana"}],
        ],
        ids=["alone", "me", "aliases", "a room", "a room by its address", "who declined",
             "no address", "nameless"],
    )  # fmt: skip
    def test_what_is_with_nobody_else(self, guests):
        assert why(attendees=guests) == "with nobody else"


class TestPeople:
    def test_they_are_named(self):
        people = said(guest("Ana@Example.org", displayName="Ana  Ruiz"), guest(LUIS)).people
        assert people == (Address("Ana Ruiz", ANA), Address("", LUIS))

    def test_who_declined_does_not_come(self):
        assert who(guest(ANA, "declined"), guest(LUIS, "needsAction")) == [LUIS]

    def test_a_room_is_nobody(self):
        rooms = [guest("room@example.org", resource=True), guest(ROOM)]
        assert who(guest(ANA), *rooms, guest("c1@group.calendar.google.com")) == [ANA]

    def test_none_of_my_addresses_is_anybody(self):
        assert who(guest(ANA), guest("MAYA@alias.example")) == [ANA]

    def test_whoever_stands_there_twice_is_one(self):
        assert who(guest(ANA), guest(LUIS), guest("ANA@example.org")) == [ANA, LUIS]

    @pytest.mark.parametrize("guests", [None, [], [me()], [guest(ALIAS)], [me(), guest(ROOM)]])
    def test_where_there_are_no_guests_it_is_with_whoever_invited_me(self, guests):
        organizer = {"email": ANA, "displayName": "Ana"}
        assert said(attendees=guests, organizer=organizer).people == (Address("Ana", ANA),)

    def test_who_invited_me_and_does_not_come_is_left_out(self):
        organizer = {"email": ANA}
        assert who(guest(LUIS), organizer=organizer) == [LUIS]
        assert who(guest(ANA, "declined"), guest(LUIS), organizer=organizer) == [LUIS]
        assert why(guest(ANA, "declined"), organizer=organizer) == "with nobody else"

    @pytest.mark.parametrize(
        "organizer",
        [None, {}, {"email": ME, "self": True}, {"email": ALIAS}, {"displayName": "Ana"},
         {"email": "c1@group.calendar.google.com"}],
    )  # fmt: skip
    def test_nobody_invited_me(self, organizer):
        assert why(attendees=[me()], organizer=organizer) == "with nobody else"

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("Ana\x1b[31m\nRuiz\u202e", "Ana [31m Ruiz"),
            ("boss@example.org", ""),
            ("boss\uff20example.org", ""),
            ("=?utf-8?q?An=C3=A9?=", "Ané"),
            ("\ud800", ""),
            ("a" * 500, "a" * 200),
        ],
    )
    def test_names_are_not_trusted(self, name, kept):
        assert said(guest(ANA, displayName=name)).people == (Address(kept, ANA),)

    @pytest.mark.parametrize(
        "address", ["", "ana", "a b@x.org", "a@x.org\nBcc: b@x.org", "\x1b@x.org", "<a@x.org>"]
    )
    def test_what_is_no_address_is_nobodys(self, address):
        assert who(guest(address), guest(LUIS)) == [LUIS]


class TestRef:
    def test_it_is_what_all_calendars_call_it(self):
        assert said().ref == "ical:ev1@google.com"
        assert said(id="other").ref == said().ref

    def test_those_of_a_series_are_told_apart_by_when_they_were_to_be(self):
        one = said(originalStartTime={"dateTime": "2026-03-12T15:00:00+01:00"})
        assert one.ref == "ical:ev1@google.com 2026-03-12T14:00:00+00:00"
        moved = said(originalStartTime={"dateTime": "2026-03-12T15:00:00+01:00"},
                     **times("2026-03-13T09:00"))  # fmt: skip
        assert moved.ref == one.ref
        assert moved.start != one.start

    @pytest.mark.parametrize(
        "original",
        [
            {"dateTime": "2026-03-12T10:00:00-04:00", "timeZone": "America/New_York"},
            {"dateTime": "2026-03-12T14:00:00Z"},
            {"dateTime": "2026-03-12T14:00:00.000+00:00"},
            {"dateTime": "2026-03-12T15:00:00"},
            {"dateTime": "2026-03-12T10:00:00", "timeZone": "America/New_York"},
        ],
    )
    def test_one_is_the_same_in_calendars_of_other_zones(self, original):
        expected = "ical:ev1@google.com 2026-03-12T14:00:00+00:00"
        assert said(originalStartTime=original).ref == expected

    def test_one_of_a_series_of_whole_days_that_got_an_hour(self):
        one = said(originalStartTime={"date": "2026-03-11"})
        assert one.ref == "ical:ev1@google.com 2026-03-11"

    @pytest.mark.parametrize("uid", [None, "", "\n", "x" * 999])
    def test_without_a_usable_name_it_is_what_this_calendar_calls_it(self, uid):
        assert said(iCalUID=uid).ref == "ical:ev1"

    def test_control_characters_are_no_part_of_it(self):
        one = said(iCalUID="a\x1b\nb", originalStartTime={"date": "\x1b1"})
        assert one.ref == "ical:a b 1"

    def test_of_whose_time_nothing_can_be_read_each_is_another(self):
        refs = {said(id=one, originalStartTime={"dateTime": "soon"}).ref for one in ("a", "b")}
        assert refs == {"ical:ev1@google.com a", "ical:ev1@google.com b"}

    def test_of_which_series_it_is(self):
        assert (said().series, said(recurringEventId="ev0").series) == ("", "ev0")


class TestTime:
    def test_it_is_a_moment(self):
        assert said().start == datetime(2026, 3, 12, 14, tzinfo=UTC)
        assert said().start.tzinfo is UTC

    def test_without_an_offset_it_is_by_the_clocks_of_its_zone(self):
        start = {"dateTime": "2026-03-12T15:00:00"}
        assert said(start=start).start.hour == 14
        assert said(start=start | {"timeZone": "America/New_York"}).start.hour == 19
        assert said(start=start | {"timeZone": None}).start.hour == 14

    @pytest.mark.parametrize(
        "zone", ["Mars/Base", "../passwd", "Europe", "/etc", "a\0b", "x" * 9999]
    )
    def test_a_zone_that_is_unknown(self, zone):
        start = {"dateTime": "2026-03-12T15:00:00", "timeZone": zone}
        assert why(start=start) == "without a time that can be read"
        assert said(start=start | {"dateTime": "2026-03-12T15:00:00Z"}).start.hour == 15

    def test_a_calendar_whose_zone_is_unknown(self):
        start = {"dateTime": "2026-03-12T15:00:00"}
        assert read(event(start=start), "Mars/Base", MINE) == "without a time that can be read"

    @pytest.mark.parametrize(
        ("end", "minutes"),
        [
            ("2026-03-12T15:45:00+01:00", 45),
            ("2026-03-12T11:00:00-04:00", 60),
            ("2026-03-12T15:00:01+01:00", 1),
            ("2026-03-12T15:00:00.5+01:00", 1),
            ("2026-03-12T15:01:00+01:00", 1),
            ("2026-03-12T15:01:00.001+01:00", 2),
            ("2026-03-13T15:00:00+01:00", 24 * 60),
            ("2126-03-13T15:00:00+01:00", 100_000),
            ("2026-03-12T15:00:00+01:00", None),
            ("2026-03-12T14:59:00+01:00", None),
            ("later", None),
            (None, None),
        ],
    )
    def test_how_long_it_lasts_in_whole_minutes(self, end, minutes):
        assert said(end={"dateTime": end}).minutes == minutes

    def test_without_an_end_nobody_knows(self):
        assert said(end=None).minutes is None
        assert said(end={"date": "2026-03-13"}).minutes is None

    def test_the_hour_that_clocks_leave_out_takes_no_time(self):
        night = [{"dateTime": f"2026-03-29T0{hour}:30:00", "timeZone": BERLIN} for hour in (1, 3)]
        assert said(start=night[0], end=night[1]).minutes == 60
        autumn = [{"dateTime": f"2026-10-25T0{hour}:30:00", "timeZone": BERLIN} for hour in (1, 3)]
        assert said(start=autumn[0], end=autumn[1]).minutes == 180

    def test_in_summer_clocks_are_an_hour_ahead(self):
        start = {"dateTime": "2026-07-12T15:00:00"}
        assert said(start=start).start == datetime(2026, 7, 12, 13, tzinfo=UTC)

    def test_within_some_days_is_by_the_days_of_utc(self):
        late = said(**times("2026-03-12T00:30"))  # in Berlin
        assert late.is_within(date(2026, 3, 11), date(2026, 3, 12))
        assert not late.is_within(date(2026, 3, 12), date(2026, 3, 13))
        assert not late.is_within(date(2026, 3, 10), date(2026, 3, 11))


class TestFormat:
    @pytest.mark.parametrize(
        ("place", "how"),
        [
            ("", "in_person"),
            ("Café Luna", "in_person"),
            ("Let's meet at the station", "in_person"),
            ("Room 12.345, 4th floor", "in_person"),
            ("Callao 12, Madrid", "in_person"),
            ("2026 100 200 Main Street", "in_person"),
            ("https://us02web.zoom.us/j/123", "video"),
            ("zoom", "video"),
            ("Microsoft Teams Meeting", "video"),
            ("Google Meet", "video"),
            ("meet.google.com/abc-defg-hij", "video"),
            ("Skype", "video"),
            ("company.webex.com", "video"),
            ("+49 30 123456", "phone"),
            ("(030) 123-456", "phone"),
            ("tel:+4930123456", "phone"),
            ("Call Ana", "phone"),
            ("phone", "phone"),
        ],
    )
    def test_a_place_that_is_none_tells_how_we_meet(self, place, how):
        assert said(location=place).format == how

    @pytest.mark.parametrize(
        "link",
        [{"hangoutLink": "https://meet.google.com/a"}, {"conferenceData": {"conferenceId": "a"}}],
    )
    def test_a_link_does_where_there_is_no_place(self, link):
        assert said(**link).format == "video"
        assert said(location="Café Luna", **link).format == "in_person"
        assert said(location="Call Ana", **link).format == "phone"
        assert said(conferenceData={}).format == "in_person"


class TestPrivate:
    @pytest.mark.parametrize("visibility", ["private", "confidential"])
    def test_of_it_only_who_when_and_how_is_told(self, visibility):
        one = said(visibility=visibility, location="https://zoom.us/j/1")
        assert (one.title, one.place, one.format) == ("", "", "video")
        assert (one.people, one.minutes) == ((Address("", ANA),), 30)

    @pytest.mark.parametrize("visibility", [None, "default", "public"])
    def test_others_say_what_and_where(self, visibility):
        one = said(visibility=visibility, location="Café Luna")
        assert (one.title, one.place) == ("Coffee", "Café Luna")

    def test_text_is_one_line_that_a_terminal_can_show(self):
        one = said(summary="Cof\x1b[2J\nfee", location="Ca\x9bfé\u202e Luna\ud800")
        assert (one.title, one.place) == ("Cof [2J fee", "Ca fé Luna")
        one = said(summary="a" * 999, location="b" * 999)
        assert (one.title, one.place) == ("a" * 300, "b" * 300)

    def test_without_a_title_or_a_place_there_is_none(self):
        one = said(summary=None)
        assert (one.title, one.place) == ("", "")


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects that may lack any field, or have null there."""
    return st.fixed_dictionaries({}, optional={name: _maybe(one) for name, one in fields.items()})


# JSON can tell of half a character, which st.text never draws.
_texts = st.text(max_size=30) | st.sampled_from(["\ud800", "\0", "\x1b[2J", "=?utf-8?q?=00?=", " "])
_moments = st.builds(
    "{}{}".format,
    st.datetimes().map(datetime.isoformat),
    st.sampled_from(["", "Z", "+01:00", "-12:00", "+14:00", "+23:59:59"]),
)
_zones = _texts | st.sampled_from(sorted(available_timezones()))
_times = _some(dateTime=_moments | _texts, date=st.dates().map(str) | _texts, timeZone=_zones)
_addresses = _texts | st.sampled_from([ANA, LUIS, ME, ALIAS, ROOM]) | st.emails()
_people = _some(
    email=_addresses,
    displayName=_texts,
    self=st.booleans(),
    resource=st.booleans(),
    responseStatus=_texts | st.sampled_from(["accepted", "declined"]),
)
_events = st.builds(
    dict.__or__,
    st.just({"id": "ev1"}),
    _some(
        status=_texts | st.just("cancelled"),
        iCalUID=_texts,
        recurringEventId=_texts,
        originalStartTime=_times,
        eventType=_texts | st.just("default"),
        visibility=_texts | st.just("private"),
        summary=_texts,
        location=_texts | st.just("https://zoom.us/j/1"),
        hangoutLink=_texts,
        conferenceData=_some(conferenceId=_texts),
        start=_times,
        end=_times,
        organizer=_people,
        attendees=st.lists(_people, max_size=4),
        attendeesOmitted=st.booleans(),
    ),
)


@given(_events | _events.map(lambda told: event() | told), _zones)
def test_whatever_comes_it_can_be_kept_or_there_is_a_reason(told, zone):
    found = read(told, zone, MINE)
    if isinstance(found, str):
        assert found
        return
    people = [{"email": one.address, "name": one.name} for one in found.people]
    common = {"direction": "mutual", "minutes": found.minutes}
    item = Item(key="ev1", ref=found.ref, at=found.start, people=people, channel=found.format,
                subject=found.title, thread=found.series, place=found.place, **common)  # fmt: skip
    if not found.is_within(date(2025, 3, 5), date(2026, 5, 4)):
        return
    at = LocalMoment.of(item.at, "America/New_York")
    whom = (Participant(contact="ana"),)
    told_of = {"channel": item.channel, "ref": item.ref, "thread": item.thread, **common}
    Remote(id="r", source="calendar me", key=item.key, at=at, people=(ANA,), **told_of)
    Interaction(id="i", occurred=at, logged_at=item.at, participants=whom, subject=item.subject,
                **told_of)  # fmt: skip
    plan = Meeting(id="m", start=at, booked_on=at, participants=whom, minutes=item.minutes,
                   format=item.channel, subject=item.subject, place=item.place,
                   ref=item.ref)  # fmt: skip
    assert plan.ref == normalize("NFC", item.ref)
    assert all(text.isprintable() for text in (plan.subject, plan.place) if text.isascii())
