"""The server that stands in for Google: it is strict, and behaves as Google says that it does."""

from __future__ import annotations

import base64
import itertools
import json
import math
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from http.client import HTTPException
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httplib2
import pytest
from google.auth.exceptions import RefreshError
from google_auth_oauthlib.flow import Flow  # type: ignore[import-untyped]
from googleapiclient.errors import BatchError, HttpError

from tests.google import GoogleServer, service
from tests.google.contract import violations
from tests.google.discovery import methods
from tests.google.generated import Generated

G = "https://www.googleapis.com/auth/"
METADATA, READONLY, COMPOSE = G + "gmail.metadata", G + "gmail.readonly", G + "gmail.compose"
EVENTS, ALL_CALENDARS, OURS = G + "calendar.events", G + "calendar", G + "calendar.app.created"
CONTACTS = G + "contacts.readonly"
WEEK = 7 * 86_400
Client = Callable[..., Any]


@pytest.fixture
def google() -> Iterator[GoogleServer]:
    with GoogleServer(email="me@example.org") as server:
        yield server


@pytest.fixture
def client(google: GoogleServer) -> Iterator[Client]:
    """Google's own client for an interface, with scopes."""
    made: list[Any] = []

    def make(api: str, *scopes: str, **options: Any) -> Any:
        made.append(service(google, api, scopes, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def mail(client: Client) -> Any:
    """Gmail as the plugin asks it: headers only."""
    return client("gmail", METADATA).users()


@pytest.fixture
def events(client: Client) -> Any:
    return client("calendar", ALL_CALENDARS).events()


def refusal(request: Any) -> tuple[int, str]:
    """What Google's client makes of a refusal: the status and the reason."""
    with pytest.raises(HttpError) as caught:
        request.execute()
    body = json.loads(caught.value.content)
    return caught.value.resp.status, body["error"]["errors"][0]["reason"]


def raw(google: GoogleServer, path: str, token: str = "", verb: str = "GET", **more: Any) -> Any:
    """Ask without Google's client, which would not let some mistakes pass."""
    http = httplib2.Http(timeout=10)
    http.follow_redirects = False
    headers = {"Authorization": f"Bearer {token}"} | more.pop("headers", {})
    try:
        return http.request(google.url + path, verb, headers=headers, **more)
    finally:
        http.close()


def batch_of(mail_client: Any, ids: list[str], **params: Any) -> dict[str, Any]:
    """What a batch of messages.get brings: for each id the message, or the status."""
    found: dict[str, Any] = {}

    def keep(id: str, answer: Any, error: HttpError | None) -> None:
        found[id] = answer if error is None else error.resp.status

    batch = mail_client.new_batch_http_request(callback=keep)
    params = {"format": "metadata"} | params
    for id in ids:
        batch.add(mail_client.users().messages().get(userId="me", id=id, **params), request_id=id)
    batch.execute()
    return found


def meeting(day: int, **more: Any) -> dict[str, Any]:
    """An hour at ten in Berlin, some day of March 2026."""
    begin, end = (f"2026-03-{day:02d}T{hour}:00:00+01:00" for hour in (10, 11))
    zone = "Europe/Berlin"
    return {
        "summary": f"Day {day}",
        "start": {"dateTime": begin, "timeZone": zone},
        "end": {"dateTime": end, "timeZone": zone},
    } | more


# strict


@pytest.mark.parametrize(
    "query",
    [
        "?surprise=1",
        "?maxResults=many",
        "?maxResults=501",
        "?maxResults=-1",
        "?includeSpamTrash=yes",
        "?maxResults=1&maxResults=2",
        "?pageToken=invented",
        "?fields=messages(id,surprise)",
        "?fields=messages(id",
        "?fields=",
    ],
)
def test_a_parameter_that_google_does_not_have_or_does_not_take_is_a_400(
    google: GoogleServer, query: str
) -> None:
    token = google.token([METADATA])["token"]
    answer, body = raw(google, "/gmail/v1/users/me/messages" + query, token)
    assert answer.status == json.loads(body)["error"]["code"] == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/gmail/v1/users/me/surprises", 404),
        ("/gmail/v1/users/me/history", 400),
        ("/gmail/v1/users/me/messages/0?format=everything", 400),
        ("/calendar/v3/calendars/primary/events?timeMin=2026-03-01", 400),
        ("/calendar/v3/calendars/primary/events?timeMin=2026-02-30T00:00:00Z", 400),
        ("/calendar/v3/calendars/primary/events?maxResults=0", 400),
        ("/v1/people/me/connections", 400),
        ("/v1/people/me/connections?personFields=shoeSizes", 400),
        ("/v1/people/you/connections?personFields=names", 400),
    ],
)
def test_paths_and_values_are_checked_by_googles_own_documents(
    google: GoogleServer, path: str, status: int
) -> None:
    token = google.token([METADATA, ALL_CALENDARS, CONTACTS])["token"]
    assert raw(google, path, token)[0].status == status


def test_without_a_token_or_with_anothers_mailbox_there_is_nothing(
    google: GoogleServer, mail: Any
) -> None:
    assert raw(google, "/gmail/v1/users/me/profile", "invented")[0].status == 401
    assert refusal(mail.getProfile(userId="you@example.org")) == (403, "forbidden")


def test_the_scopes_decide_what_may_be_asked(client: Client) -> None:
    metadata, readonly = client("gmail", METADATA).users(), client("gmail", READONLY).users()
    assert refusal(metadata.settings().sendAs().list(userId="me"))[1] == "insufficientPermissions"
    assert refusal(metadata.drafts().list(userId="me"))[1] == "insufficientPermissions"
    assert readonly.settings().sendAs().list(userId="me").execute()["sendAs"][0]["isPrimary"]
    calendars = client("calendar", EVENTS + ".readonly").calendarList()
    assert refusal(calendars.list())[1] == "insufficientPermissions"


def test_with_the_metadata_scope_there_is_neither_search_nor_text(
    google: GoogleServer, client: Client
) -> None:
    id = google.mailbox.add([("From", "ada@example.com")])
    # the narrower scope wins: google-api-python-client issue 582
    for scopes in ((METADATA,), (METADATA, READONLY)):
        messages = client("gmail", *scopes).users().messages()
        assert refusal(messages.list(userId="me", q="from:ada")) == (403, "forbidden")
        for form in ("full", "raw"):
            assert refusal(messages.get(userId="me", id=id, format=form)) == (403, "forbidden")
        assert "payload" in messages.get(userId="me", id=id, format="metadata").execute()


def test_an_answer_that_breaks_googles_schema_fails_the_test(
    google: GoogleServer, mail: Any
) -> None:
    google.mailbox.email = 7  # type: ignore[assignment]
    assert refusal(mail.getProfile(userId="me"))[0] == 500
    assert "emailAddress is no text" in google.violations[0]
    google.mailbox.email = "me@example.org"
    google.violations.clear()
    with pytest.raises(AssertionError, match="wrong"), GoogleServer() as other:
        other.violations.append("wrong")


def test_what_is_not_served_is_said_and_not_guessed(google: GoogleServer, client: Client) -> None:
    gmail = client("gmail", READONLY).users()
    assert refusal(gmail.threads().list(userId="me"))[0] == 500
    google.mailbox.add([("From", "ada@example.com")])
    assert refusal(gmail.messages().list(userId="me", q="list:news"))[0] == 500
    assert len(google.violations) == 2
    google.violations.clear()


def test_the_contract_sees_every_kind_of_violation() -> None:
    by_id = {method.id: method for method in methods()}
    profile, listing = by_id["gmail.users.getProfile"], by_id["calendar.events.list"]
    good = {"emailAddress": "a", "historyId": str(2**64 - 1), "messagesTotal": 1}
    assert violations(profile, good) == []
    for bad in (
        {"historyId": str(2**64)},
        {"historyId": 7},
        {"messagesTotal": "1"},
        {"messagesTotal": True},
        {"messagesTotal": 2**31},
        {"surprise": 1},
    ):
        assert len(violations(profile, good | bad)) == 1, bad
    assert violations(profile, None)
    odd: list[Any] = [
        {"updated": "2026-03-01"},
        {"start": {"date": "2026-3-1"}},
        {"attendees": {}},
        {"guestsCanModify": 1},
        {"extendedProperties": {"private": {"a": 1}}},
        "no object",
    ]
    for event in odd:
        assert len(violations(listing, {"items": [event]})) == 1, event


def test_a_mask_leaves_only_what_was_asked_for(google: GoogleServer, mail: Any) -> None:
    id = google.mailbox.add([("From", "a@x.org"), ("Subject", "b")])
    get, form = mail.messages().get, "metadata"
    whole = get(userId="me", id=id, format=form).execute()
    assert "snippet" in whole  # as with Google: a mask keeps it away
    masked = get(userId="me", id=id, format=form, fields="id,payload(headers/name)").execute()
    assert masked == {"id": id, "payload": {"headers": [{"name": "From"}, {"name": "Subject"}]}}
    both = get(userId="me", id=id, format=form, fields="payload/headers,payload/mimeType")
    assert set(both.execute()["payload"]) == {"headers", "mimeType"}
    starred = get(userId="me", id=id, format=form, fields="payload(*)").execute()
    assert starred == {"payload": whole["payload"]}


# mail


def test_messages_are_listed_newest_first_page_by_page(google: GoogleServer, mail: Any) -> None:
    box = google.mailbox
    ids = [box.add([("Subject", str(n))], at=1_000_000 * n) for n in (3, 1, 2, 5, 4)]
    by_time = [ids[3], ids[4], ids[0], ids[2], ids[1]]
    box.trash(ids[4])
    seen, request = [], mail.messages().list(userId="me", maxResults=2)
    while request is not None:
        answer = request.execute()
        seen.append([one["id"] for one in answer.get("messages", [])])
        request = mail.messages().list_next(request, answer)
    assert seen == [[ids[3], ids[0]], [ids[2], ids[1]]]
    everything = mail.messages().list(userId="me", includeSpamTrash=True).execute()
    assert [one["id"] for one in everything["messages"]] == by_time == box.ids()
    box.label(ids[2], ["SENT"])
    sent = mail.messages().list(userId="me", labelIds=["SENT", "INBOX"]).execute()
    assert [one["id"] for one in sent["messages"]] == [ids[2]]


def test_mail_that_comes_meanwhile_does_not_shift_the_pages(
    google: GoogleServer, mail: Any
) -> None:
    ids = [google.mailbox.add([]) for _ in range(4)][::-1]
    first = mail.messages().list(userId="me", maxResults=2).execute()
    google.mailbox.add([])
    google.mailbox.delete(ids[0])
    token = first["nextPageToken"]
    second = mail.messages().list(userId="me", maxResults=2, pageToken=token).execute()
    assert [one["id"] for one in second["messages"]] == ids[2:]
    other = mail.messages().list(userId="me", labelIds=["SENT"], pageToken=token)
    assert refusal(other)[0] == 400
    google.expire_page_tokens()
    again = mail.messages().list(userId="me", maxResults=2, pageToken=token)
    assert refusal(again) == (400, "invalidArgument")


def test_headers_are_picked_in_any_case_and_none_is_lost(google: GoogleServer, mail: Any) -> None:
    headers = [("List-ID", "<a>"), ("Received", "1"), ("received", "2"), ("To", "Ñandú <n@x.org>")]
    id = google.mailbox.add(headers, at=1_790_000_000_123, thread="18c0ffee")
    get = mail.messages().get
    whole = get(userId="me", id=id, format="metadata").execute()
    assert [(one["name"], one["value"]) for one in whole["payload"]["headers"]] == headers
    assert (whole["internalDate"], whole["threadId"]) == ("1790000000123", "18c0ffee")
    few = get(userId="me", id=id, format="metadata", metadataHeaders=["RECEIVED", "list-id"])
    assert [one["value"] for one in few.execute()["payload"]["headers"]] == ["<a>", "1", "2"]
    assert "payload" not in get(userId="me", id=id, format="minimal").execute()
    google.mailbox.delete(id)
    assert refusal(get(userId="me", id=id, format="metadata")) == (404, "notFound")
    assert refusal(get(userId="me", id="xyz", format="metadata")) == (400, "invalidArgument")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("from:ada", {"a"}),
        ("-from:ada", {"b", "c"}),
        ("(from:ada OR to:ada) after:2026/01/02", {"b"}),
        ("{from:ada to:ada}", {"a", "b"}),
        ("to:bob before:1767312000", {"a"}),
        ("in:sent", {"b"}),
        ("rfc822msgid:c@x", {"c"}),
        ("from:ada from:bob", set()),
    ],
)
def test_a_search_finds_as_gmail_does(
    google: GoogleServer, client: Client, query: str, found: set[str]
) -> None:
    second = 1_767_225_600_000  # 1 January 2026
    ada, bob = "Ada <ada@example.com>", "bob@example.com"
    box, ids = google.mailbox, {}
    ids[box.add([("From", ada), ("To", bob)], at=second)] = "a"
    ids[box.add([("From", bob), ("To", ada)], ["SENT"], at=second + 86_400_000)] = "b"
    ids[box.add([("From", bob), ("Message-ID", "<c@x>")], at=second + 86_400_001)] = "c"
    answer = client("gmail", READONLY).users().messages().list(userId="me", q=query).execute()
    assert {ids[one["id"]] for one in answer.get("messages", [])} == found


def test_the_history_tells_what_happened_since(google: GoogleServer, mail: Any) -> None:
    box = google.mailbox
    old = box.add([])
    start = mail.getProfile(userId="me").execute()["historyId"]
    new = box.add([])
    box.trash(new)
    box.untrash(new)
    box.label(old, ["A"], ["INBOX"])
    box.delete(new)
    answer = mail.history().list(userId="me", startHistoryId=start).execute()
    told = [(set(one) - {"id", "messages"}, one["messages"][0]["id"]) for one in answer["history"]]
    assert told == [
        ({"messagesAdded"}, new),
        ({"labelsAdded"}, new),
        ({"labelsRemoved"}, new),
        ({"labelsAdded", "labelsRemoved"}, old),
        ({"messagesDeleted"}, new),
    ]
    numbers = [int(one["id"]) for one in answer["history"]]
    assert numbers == sorted(set(numbers))
    assert numbers[0] > int(start)
    assert numbers[-1] == int(answer["historyId"])
    assert any(b - a > 1 for a, b in itertools.pairwise(numbers))
    again = mail.history().list(userId="me", startHistoryId=answer["historyId"]).execute()
    assert again == {"historyId": answer["historyId"]}


def test_the_history_is_filtered_and_paged(google: GoogleServer, mail: Any) -> None:
    box, start = google.mailbox, google.mailbox.history_id
    ids = [box.add([], ["INBOX"]) for _ in range(3)]
    box.label(ids[0], ["A"])
    added = {"userId": "me", "startHistoryId": start, "historyTypes": ["messageAdded"]}
    first = mail.history().list(**added, maxResults=2).execute()
    assert len(first["history"]) == 2
    rest = mail.history().list(**added, pageToken=first["nextPageToken"]).execute()
    assert [one["messages"][0]["id"] for one in rest["history"]] == ids[2:]
    assert "nextPageToken" not in rest
    labelled = mail.history().list(userId="me", startHistoryId=start, labelId="A").execute()
    assert {one["messages"][0]["id"] for one in labelled["history"]} == {ids[0]}


def test_a_start_that_is_too_old_or_was_never_is_a_404(google: GoogleServer, mail: Any) -> None:
    now = google.mailbox.history_id
    for absurd in (1, now + 1, 2**64 - 1):
        request = mail.history().list(userId="me", startHistoryId=absurd)
        assert refusal(request) == (404, "notFound")
    google.mailbox.expire_history()
    assert refusal(mail.history().list(userId="me", startHistoryId=now)) == (404, "notFound")
    anew = mail.getProfile(userId="me").execute()["historyId"]
    assert "history" not in mail.history().list(userId="me", startHistoryId=anew).execute()


def test_a_huge_mailbox_costs_nothing_and_is_the_same_every_time() -> None:
    begun = time.perf_counter()
    with GoogleServer(messages=100_000) as google:
        gmail = service(google, "gmail", [METADATA])
        list_ = gmail.users().messages().list
        assert gmail.users().getProfile(userId="me").execute()["messagesTotal"] == 100_000
        first = list_(userId="me", maxResults=500).execute()
        second = list_(userId="me", maxResults=500, pageToken=first["nextPageToken"]).execute()
        ids = [one["id"] for one in first["messages"] + second["messages"]]
        assert ids == sorted(set(ids), reverse=True)
        newest = ids[0]
        google.mailbox.label(ids[1], ["SPAM"])
        google.mailbox.delete(newest)
        added = google.mailbox.add([("From", "a@x.org")])
        again = list_(userId="me", maxResults=5).execute()["messages"]
        assert [one["id"] for one in again] == [added, *ids[2:6]]
        assert batch_of(gmail, [newest, ids[2]])[newest] == 404
        gmail.close()
    assert time.perf_counter() - begun < 5
    made = Generated(1000, "me@example.org")
    assert 0 < made.at(0) < made.at(1) < made.at(999)
    kinds = {made.labels(number)[0] for number in range(100)}
    assert kinds == {"CATEGORY_PROMOTIONS", "CATEGORY_PERSONAL", "SENT"}
    assert made.mail(7) == Generated(1000, "me@example.org").mail(7) != made.mail(8)


def test_drafts_are_written_replaced_and_deleted(google: GoogleServer, client: Client) -> None:
    drafts = client("gmail", COMPOSE).users().drafts()

    def body(text: bytes) -> Any:
        return {"message": {"raw": base64.urlsafe_b64encode(text).decode()}}

    made = drafts.create(userId="me", body=body(b"Subject: a\r\n\r\nb")).execute()
    id = made["id"]
    assert made["message"]["labelIds"] == ["DRAFT"]
    changed = drafts.update(userId="me", id=id, body=body(b"Subject: c\r\n\r\nd")).execute()
    assert changed["id"] == id
    assert changed["message"]["id"] != made["message"]["id"]
    assert google.drafts.raw == {id: b"Subject: c\r\n\r\nd"}
    assert [one["id"] for one in drafts.list(userId="me").execute()["drafts"]] == [id]
    got = drafts.get(userId="me", id=id, format="raw").execute()["message"]["raw"]
    assert base64.urlsafe_b64decode(got) == b"Subject: c\r\n\r\nd"
    assert drafts.delete(userId="me", id=id).execute() == ""
    assert refusal(drafts.get(userId="me", id=id)) == (404, "notFound")
    assert google.mailbox.ids() == []
    assert refusal(drafts.create(userId="me", body={"message": {}}))[0] == 400
    surprise = body(b"") | {"surprise": 1}
    assert refusal(drafts.create(userId="me", body=surprise)) == (400, "invalidArgument")
    assert google.units == 10 * 7


# batches


def test_a_batch_answers_each_part_on_its_own(google: GoogleServer, client: Client) -> None:
    gmail = client("gmail", METADATA)
    ids = [google.mailbox.add([("Subject", str(n))]) for n in range(3)]
    google.mailbox.delete(ids[1])
    found = batch_of(gmail, ids, fields="id")
    assert found == {ids[0]: {"id": ids[0]}, ids[1]: 404, ids[2]: {"id": ids[2]}}
    assert (google.calls, google.units) == (1, 60)
    assert [seen.inner for seen in google.log] == [True, True, True, False]
    assert google.asked("messages.get")[1].status == 404
    assert google.asked("batch")[0].status == 200


def test_a_batch_is_limited_and_for_its_own_interface(google: GoogleServer, client: Client) -> None:
    gmail = client("gmail", METADATA)
    ids = [google.mailbox.add([]) for _ in range(101)]
    with pytest.raises(HttpError, match="Received: 101, Limit: 100"):
        batch_of(gmail, ids)
    assert set(batch_of(gmail, ids[:100], fields="snippet/x").values()) == {400}
    inner = "GET /calendar/v3/users/me/calendarList HTTP/1.1\n\n"
    body = f"--b\nContent-Type: application/http\nContent-ID: <1>\n\n{inner}\n--b--\n"
    for path in ("/batch/gmail/v1", "/batch/calendar/v3"):
        headers = {"Content-Type": "multipart/mixed; boundary=b"}
        token = google.token([ALL_CALENDARS])["token"]
        answer = raw(google, path, token, "POST", body=body, headers=headers)[1]
        assert (b" 404 " in answer) == ("gmail" in path)
        assert (b"Content-ID: <response-1>" in answer) is True
    assert raw(google, "/batch/gmail/v1", verb="POST", body="x")[0].status == 400


# calendar


def test_events_come_page_by_page_and_the_last_page_has_the_token(
    google: GoogleServer, events: Any
) -> None:
    for day in (3, 1, 2):
        google.calendars.put(meeting(day, id=f"day0{day}"))
    google.calendars.cancel("day02")
    first = events.list(calendarId="primary", maxResults=1).execute()
    assert [one["id"] for one in first["items"]] == ["day03"]
    assert "nextSyncToken" not in first
    second = events.list(
        calendarId="primary", maxResults=1, pageToken=first["nextPageToken"]
    ).execute()
    assert [one["id"] for one in second["items"]] == ["day01"]
    assert "nextPageToken" not in second
    assert second["nextSyncToken"]
    shown = events.list(calendarId="primary", showDeleted=True).execute()["items"]
    assert [one["id"] for one in shown] == ["day03", "day01", "day02"]
    assert set(shown[2]) == {"kind", "etag", "id", "status"}
    window = {"timeMin": "2026-03-01T11:00:00+01:00", "timeMax": "2026-03-03T10:00:01+01:00"}
    within = events.list(calendarId="primary", **window).execute()["items"]
    assert [one["id"] for one in within] == ["day03"]
    # what has begun but not ended is within, what begins with the end is not
    window = {"timeMin": "2026-03-01T10:30:00+01:00", "timeMax": "2026-03-03T09:00:00Z"}
    within = events.list(calendarId="primary", **window).execute()["items"]
    assert [one["id"] for one in within] == ["day01"]
    by_start = events.list(calendarId="primary", orderBy="startTime", singleEvents=True).execute()
    assert [one["id"] for one in by_start["items"]] == ["day01", "day03"]
    assert refusal(events.list(calendarId="primary", orderBy="startTime"))[0] == 400


def test_a_sync_token_brings_what_changed_since_the_first_page(
    google: GoogleServer, events: Any
) -> None:
    for day in (1, 2, 3):
        google.calendars.put(meeting(day, id=f"day0{day}"))
    asked = {"calendarId": "primary", "maxResults": 2, "singleEvents": True}
    first = events.list(**asked).execute()
    google.calendars.put(meeting(9, id="day01"))
    last = events.list(**asked, pageToken=first["nextPageToken"]).execute()
    google.calendars.cancel("day02")
    google.calendars.put(meeting(4, id="day04"))
    token = last["nextSyncToken"]
    since = events.list(**asked, syncToken=token).execute()
    found = {one["id"]: one["status"] for one in since["items"]}
    assert found == {"day01": "confirmed", "day02": "cancelled"}
    rest = events.list(**asked, syncToken=token, pageToken=since["nextPageToken"]).execute()
    assert [one["id"] for one in rest["items"]] == ["day04"]
    again = events.list(**asked, syncToken=rest["nextSyncToken"]).execute()
    assert again["items"] == []


def test_a_sync_token_is_good_for_the_same_question_only_and_not_for_ever(
    google: GoogleServer, events: Any
) -> None:
    asked = {"calendarId": "primary", "singleEvents": True}
    token = events.list(**asked).execute()["nextSyncToken"]
    for odd in (
        {"timeMin": "2026-03-01T00:00:00Z"},
        {"orderBy": "updated"},
        {"iCalUID": "x"},
        {"singleEvents": False},
        {"showDeleted": False},
        {"syncToken": "invented"},
    ):
        request = events.list(**(asked | {"syncToken": token} | odd))
        assert refusal(request)[0] == 400, odd
    ordered = events.list(**asked, orderBy="updated").execute()
    assert "nextSyncToken" not in ordered
    google.calendars.put(meeting(1, id="day01"))
    google.calendars.cancel("day01")
    google.calendars.expire_tokens()
    assert refusal(events.list(**asked, syncToken=token)) == (410, "fullSyncRequired")
    assert events.list(**asked, showDeleted=True).execute()["items"] == []


def test_a_series_is_one_event_or_its_instances(google: GoogleServer, events: Any) -> None:
    series = google.calendars.recurring(meeting(20), "FREQ=WEEKLY;COUNT=3")
    whole = events.list(calendarId="primary").execute()["items"]
    assert whole[0]["recurrence"] == ["RRULE:FREQ=WEEKLY;COUNT=3"]
    asked = {"calendarId": "primary", "singleEvents": True}
    answer = events.list(**asked).execute()
    # summer time begins on 29 March: the hour in Berlin stays, that in UTC does not
    assert [one["id"] for one in answer["items"]] == [
        series + "_20260320T090000Z",
        series + "_20260327T090000Z",
        series + "_20260403T080000Z",
    ]
    assert answer["items"][2]["start"]["dateTime"] == "2026-04-03T10:00:00+02:00"
    assert {one["recurringEventId"] for one in answer["items"]} == {series}
    assert len({one["iCalUID"] for one in answer["items"]}) == 1
    google.calendars.cancel(google.calendars.instances(series)[1])
    since = events.list(**asked, syncToken=answer["nextSyncToken"]).execute()
    (gone,) = since["items"]
    assert (gone["status"], gone["recurringEventId"]) == ("cancelled", series)
    assert gone["originalStartTime"]["dateTime"].startswith("2026-03-27T10:00")
    assert len(events.list(**asked).execute()["items"]) == 2
    google.calendars.cancel(series)
    after = events.list(**asked, syncToken=since["nextSyncToken"]).execute()["items"]
    assert [one["status"] for one in after] == ["cancelled"] * 3


def test_a_touched_endless_series_brings_all_its_instances_far_into_the_future(
    google: GoogleServer, events: Any
) -> None:
    series = google.calendars.recurring(meeting(2, id="weekly"))
    asked = {"calendarId": "primary", "singleEvents": True, "maxResults": 2500}
    answer = events.list(**asked).execute()
    assert len(answer["items"]) == 730
    assert answer["items"][-1]["start"]["dateTime"] > "2039"
    original = answer["items"][1]["originalStartTime"]
    moved = meeting(12, recurringEventId=series, originalStartTime=original)
    assert google.calendars.put(moved) == answer["items"][1]["id"]
    google.calendars.recurring(meeting(2, id=series, summary="New name"))
    since = events.list(**asked, syncToken=answer["nextSyncToken"]).execute()["items"]
    assert len({one["id"] for one in since}) == 730
    google.calendars.recurring(meeting(2, id=series), "FREQ=WEEKLY;UNTIL=20260310T000000Z")
    gone = events.list(**asked, syncToken=answer["nextSyncToken"]).execute()["items"]
    assert [one["status"] for one in gone].count("cancelled") == 728
    left = events.list(**asked).execute()["items"]
    assert [one["start"]["dateTime"][:10] for one in left] == ["2026-03-02", "2026-03-12"]


def test_whole_days_have_no_zone_and_end_on_the_day_after(
    google: GoogleServer, events: Any
) -> None:
    days = {"start": {"date": "2026-03-01"}, "end": {"date": "2026-03-02"}}
    series = google.calendars.recurring(days, "FREQ=WEEKLY;COUNT=2")
    asked = {"calendarId": "primary", "singleEvents": True}
    items = events.list(**asked).execute()["items"]
    assert [one["id"] for one in items] == [series + "_20260301", series + "_20260308"]
    assert items[1]["end"] == {"date": "2026-03-09"}
    later = events.list(**asked, timeMin="2026-03-02T00:00:00+01:00").execute()["items"]
    assert [one["id"] for one in later] == [series + "_20260308"]


def test_a_calendar_of_our_own_can_be_made_and_filled(google: GoogleServer, client: Client) -> None:
    ours = client("calendar", OURS)
    made = ours.calendars().insert(body={"summary": "netcrm"}).execute()
    events, where = ours.events(), {"calendarId": made["id"]}
    mark = {"extendedProperties": {"private": {"netcrm": "1"}}}
    one = events.insert(**where, body=meeting(1, id="abc123", **mark)).execute()
    events.insert(**where, body=meeting(2)).execute()
    assert refusal(events.insert(**where, body=meeting(1, id="abc123"))) == (409, "duplicate")
    assert refusal(events.insert(**where, body=meeting(1, id="with z"))) == (400, "invalid")
    assert refusal(events.insert(**where, body={"summary": "when?"})) == (400, "required")
    found = events.list(**where, privateExtendedProperty="netcrm=1").execute()["items"]
    assert [event["id"] for event in found] == ["abc123"]
    patched = events.patch(**where, eventId="abc123", body={"summary": None, "location": "here"})
    answer = patched.execute()
    assert "summary" not in answer
    assert (answer["location"], answer["start"]) == ("here", one["start"])
    updated = events.update(**where, eventId="abc123", body=meeting(3)).execute()
    assert "extendedProperties" not in updated
    assert updated["iCalUID"] == one["iCalUID"]
    for _ in range(2):
        events.import_(**where, body=meeting(5, iCalUID="out@there")).execute()
    assert len(events.list(**where).execute()["items"]) == 3
    events.delete(**where, eventId="abc123").execute()
    assert refusal(events.delete(**where, eventId="abc123")) == (410, "deleted")
    assert events.get(**where, eventId="abc123").execute()["status"] == "cancelled"
    assert refusal(events.insert(**where, body=meeting(1, id="abc123"))) == (409, "duplicate")
    assert events.update(**where, eventId="abc123", body=meeting(1)).execute()["id"] == "abc123"
    assert len(events.list(**where).execute()["items"]) == 2
    events.update(**where, eventId="abc123", body=meeting(1, status="confirmed")).execute()
    assert len(events.list(**where).execute()["items"]) == 3
    # the scope is for what the program made
    assert refusal(events.list(calendarId="primary")) == (404, "notFound")


def test_the_calendars_are_listed_and_changes_of_them_told(
    google: GoogleServer, client: Client
) -> None:
    everything = client("calendar", ALL_CALENDARS)
    shared = google.calendars.make("Team", "Asia/Tokyo", role="reader")
    first = everything.calendarList().list(maxResults=1).execute()
    assert first["items"][0]["primary"] is True
    token = first["nextPageToken"]
    rest = everything.calendarList().list(maxResults=1, pageToken=token).execute()
    assert [one["timeZone"] for one in rest["items"]] == ["Asia/Tokyo"]
    insert = everything.events().insert(calendarId=shared.id, body=meeting(1))
    assert refusal(insert) == (403, "requiredAccessLevel")
    google.calendars.remove(shared.id)
    since = everything.calendarList().list(maxResults=1, syncToken=rest["nextSyncToken"]).execute()
    assert since["items"] == [
        {"kind": "calendar#calendarListEntry", "id": shared.id, "deleted": True}
    ]
    assert refusal(everything.calendars().get(calendarId=shared.id)) == (404, "notFound")
    assert everything.calendars().get(calendarId="primary").execute()["timeZone"]


# contacts


def test_contacts_come_with_the_fields_asked_for_and_then_only_changes() -> None:
    now = [1_780_000_000.0]
    with GoogleServer(clock=lambda: now[0]) as google:
        people = service(google, "people", [CONTACTS])
        list_ = people.people().connections().list
        ada = google.people.put({"names": [{"displayName": "Ada"}], "urls": [{"value": "x"}]})
        bob = google.people.put({"names": [{"displayName": "Bob"}]})
        asked = {"resourceName": "people/me", "personFields": "names,metadata", "pageSize": 1}
        first = list_(**asked, requestSyncToken=True).execute()
        assert set(first["connections"][0]) == {"resourceName", "etag", "names", "metadata"}
        assert (first["totalItems"], "nextSyncToken" in first) == (2, False)
        page = {"requestSyncToken": True, "pageToken": first["nextPageToken"]}
        last = list_(**asked, **page).execute()
        assert last["connections"][0]["resourceName"] == bob
        token = last["nextSyncToken"]
        google.people.delete(ada)
        since = list_(**asked, requestSyncToken=True, syncToken=token).execute()
        (gone,) = since["connections"]
        assert gone["metadata"]["deleted"] is True
        assert (gone["resourceName"], "names" in gone) == (ada, False)
        other = asked | {"personFields": "names"}
        assert refusal(list_(**other, requestSyncToken=True, syncToken=token))[0] == 400
        # seven days after the full sync, whatever came since
        now[0] += WEEK - 1
        later = list_(**asked, requestSyncToken=True, syncToken=since["nextSyncToken"]).execute()
        now[0] += 1
        anew = service(google, "people", [CONTACTS]).people().connections()
        expired = anew.list(**asked, requestSyncToken=True, syncToken=later["nextSyncToken"])
        with pytest.raises(HttpError) as caught:
            expired.execute()
        assert caught.value.resp.status == 400
        details = json.loads(caught.value.content)["error"]["details"]
        assert details[0]["reason"] == "EXPIRED_SYNC_TOKEN"
        full = anew.list(**asked, requestSyncToken=True).execute()
        assert [one["resourceName"] for one in full["connections"]] == [bob]
        google.people.expire_tokens()
        dead = anew.list(**asked, requestSyncToken=True, syncToken=full["nextSyncToken"])
        assert refusal(dead)[0] == 400
        anew.close()
        people.close()


def test_labels_of_contacts_are_groups_of_mine_beside_those_of_google(google: GoogleServer) -> None:
    (mine,) = google.people.label("Mentors").values()
    people = service(google, "people", [CONTACTS])
    list_ = people.contactGroups().list
    first = list_(pageSize=2).execute()
    assert [one["groupType"] for one in first["contactGroups"]] == ["SYSTEM_CONTACT_GROUP"] * 2
    (last,) = list_(pageSize=2, pageToken=first["nextPageToken"]).execute()["contactGroups"]
    assert (last["name"], last["groupType"]) == ("Mentors", "USER_CONTACT_GROUP")
    assert last["resourceName"] == mine["contactGroupResourceName"]
    people.close()


# the login


@pytest.fixture
def flow(google: GoogleServer, monkeypatch: pytest.MonkeyPatch) -> Flow:
    """A login as the plugin does it."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    made = Flow.from_client_config(google.client_config(), [METADATA])
    made.redirect_uri = "http://127.0.0.1:1/"
    return made


def consent(google: GoogleServer, flow: Flow, **more: str) -> dict[str, str]:
    """Where the person is sent after they consented."""
    url, _ = flow.authorization_url(**({"access_type": "offline"} | more))
    answer, _ = raw(google, url.removeprefix(google.url))
    assert answer.status == 302
    return {name: x[0] for name, x in parse_qs(urlsplit(answer["location"]).query).items()}


def test_a_login_gives_tokens_that_can_be_renewed_and_taken_back(
    google: GoogleServer, client: Client, flow: Flow
) -> None:
    back = consent(google, flow, state="abc")
    assert back["state"] == "abc"
    flow.fetch_token(code=back["code"])
    credentials = flow.credentials
    gmail = client("gmail", credentials=credentials).users()
    assert gmail.getProfile(userId="me").execute()["emailAddress"] == "me@example.org"
    before = credentials.token
    google.tokens.expire_access_tokens()
    gmail.getProfile(userId="me").execute()
    assert credentials.token != before
    assert [seen.status for seen in google.asked("oauth.token")] == [200, 200]
    form = f"token={credentials.refresh_token}"
    assert raw(google, "/revoke", verb="POST", body=form)[0].status == 200
    with pytest.raises(RefreshError, match="invalid_grant"):
        gmail.getProfile(userId="me").execute()
    assert raw(google, "/revoke", verb="POST", body="token=invented")[0].status == 400


def test_an_access_token_ends_after_an_hour() -> None:
    now = [1_780_000_000.0]
    with GoogleServer(clock=lambda: now[0]) as google:
        token = google.token([METADATA])["token"]
        for later, status in ((3598, 200), (1, 401)):
            now[0] += later
            assert raw(google, "/gmail/v1/users/me/profile", token)[0].status == status


def test_a_code_is_good_once_and_only_with_its_verifier(google: GoogleServer, flow: Flow) -> None:
    code = consent(google, flow)["code"]
    flow.code_verifier = "x" * 43
    with pytest.raises(Exception, match="Invalid code verifier"):
        flow.fetch_token(code=code)
    with pytest.raises(Exception, match="Malformed auth code"):
        flow.fetch_token(code=code)
    wrong = {"grant_type": "refresh_token", "refresh_token": "x", "client_id": "y"}
    body = "&".join(f"{name}={x}" for name, x in wrong.items())
    answer, text = raw(google, "/token", verb="POST", body=body)
    assert (answer.status, json.loads(text)["error"]) == (401, "invalid_client")


def test_a_second_login_has_a_refresh_token_only_when_consent_is_asked_anew(
    google: GoogleServer, flow: Flow
) -> None:
    found = []
    for more in ({}, {}, {"prompt": "consent"}, {"prompt": "consent", "access_type": "online"}):
        flow.fetch_token(code=consent(google, flow, **more)["code"])
        found.append(flow.credentials.refresh_token is not None)
    assert found == [True, False, True, False]


def test_a_person_may_say_no_or_tick_only_some(google: GoogleServer, flow: Flow) -> None:
    google.login.denied = True
    assert consent(google, flow)["error"] == "access_denied"
    google.login.denied, google.login.only = False, []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(Warning, match="Scope has changed"):
            flow.fetch_token(code=consent(google, flow)["code"])
    for odd in ("https://elsewhere.example/", "http://elsewhere.example/"):
        flow.redirect_uri = odd
        url, _ = flow.authorization_url()
        assert raw(google, url.removeprefix(google.url))[0].status == 400


# what goes wrong


@pytest.mark.parametrize(
    ("what", "status", "reason"),
    [
        (429, 429, "rateLimitExceeded"),
        ("rateLimitExceeded", 403, "rateLimitExceeded"),
        ("userRateLimitExceeded", 403, "userRateLimitExceeded"),
        ("quotaExceeded", 403, "quotaExceeded"),
        ("dailyLimitExceeded", 403, "dailyLimitExceeded"),
        ("insufficientPermissions", 403, "insufficientPermissions"),
        *((code, code, "backendError") for code in (408, 500, 502, 503, 504)),
    ],
)
def test_a_refusal_comes_when_ordered_and_as_often(
    google: GoogleServer, mail: Any, what: int | str, status: int, reason: str
) -> None:
    order = google.fail(what, times=2, on="getProfile", after=1)
    profile = mail.getProfile(userId="me")
    profile.execute()
    mail.labels().list(userId="me").execute()
    assert [refusal(profile) for _ in range(2)] == [(status, reason)] * 2
    profile.execute()
    assert order.done == 2
    assert [seen.status for seen in google.asked("getProfile")] == [200, status, status, 200]
    assert google.units == 3  # what is refused costs nothing


def test_a_refusal_may_say_when_to_come_again(google: GoogleServer, mail: Any) -> None:
    google.fail(429, retry_after=30)
    google.fail(429)
    waits = []
    for _ in range(2):
        with pytest.raises(HttpError) as caught:
            mail.getProfile(userId="me").execute()
        waits.append(caught.value.resp.get("retry-after"))
    assert waits == ["30", None]


def test_parts_of_a_batch_are_refused_within_a_200(google: GoogleServer, client: Client) -> None:
    ids = [google.mailbox.add([]) for _ in range(5)]
    gmail = client("gmail", METADATA)
    google.fail(429, times=2, on="messages.get", inner=True, after=1)
    google.fail(500, on="messages.get")  # not in a batch
    found = batch_of(gmail, ids, fields="id")
    assert [found[id] for id in ids] == [{"id": ids[0]}, 429, 429, {"id": ids[3]}, {"id": ids[4]}]
    assert google.asked("batch")[-1].status == 200
    assert refusal(gmail.users().messages().get(userId="me", id=ids[0]))[0] == 500
    google.fail(503, on="batch")
    with pytest.raises(HttpError, match="503"):
        batch_of(gmail, ids)


# Google's client renews it with a connection that it never closes
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_401_within_a_batch_makes_the_client_renew_its_token(
    google: GoogleServer, client: Client
) -> None:
    ids = [google.mailbox.add([]) for _ in range(3)]
    gmail = client("gmail", METADATA)
    google.fail(401, inner=True, after=2)
    assert set(batch_of(gmail, ids, fields="id")) == set(ids)
    assert len(google.asked("oauth.token")) == 1
    assert len(google.asked("batch")) == 2


@pytest.mark.parametrize(
    ("what", "error"), [("no content id", TypeError), ("missing part", KeyError)]
)
def test_a_batch_may_be_malformed(
    google: GoogleServer, client: Client, what: str, error: type[Exception]
) -> None:
    ids = [google.mailbox.add([]) for _ in range(2)]
    gmail = client("gmail", METADATA)
    google.fail(what)
    with pytest.raises(error):
        batch_of(gmail, ids)
    assert set(batch_of(gmail, ids)) == set(ids)


def test_an_answer_may_be_a_page_for_people(google: GoogleServer, client: Client) -> None:
    gmail = client("gmail", METADATA)
    google.fail("html", on="getProfile")
    # Google's client takes what is no JSON as it is
    assert "<html>" in gmail.users().getProfile(userId="me").execute()
    id = google.mailbox.add([])
    google.fail("html", inner=True)
    assert "<html>" in batch_of(gmail, [id])[id]
    google.fail("html", on="batch")
    with pytest.raises(BatchError):
        batch_of(gmail, [id])


def test_an_answer_may_be_cut_slow_or_never_come(google: GoogleServer, client: Client) -> None:
    gmail = client("gmail", METADATA, timeout=0.5).users()
    google.fail("cut")
    with pytest.raises(Exception, match="IncompleteRead"):
        gmail.getProfile(userId="me").execute()
    google.fail("drip", seconds=0.5)
    assert gmail.getProfile(userId="me").execute()
    google.fail("drop")
    with pytest.raises(HTTPException, match="without response"):
        gmail.getProfile(userId="me").execute()
    assert [seen.status for seen in google.log] == [200, 200, 0]


def test_what_is_lost_on_its_way_was_done_all_the_same(
    google: GoogleServer, client: Client
) -> None:
    drafts = client("gmail", COMPOSE).users().drafts()
    body = {"message": {"raw": base64.urlsafe_b64encode(b"Subject: a\r\n\r\n").decode()}}
    google.fail("lost", on="drafts.create")
    # by itself httplib2 would send it again, though it is a POST
    with pytest.raises(HTTPException, match="without response"):
        drafts.create(userId="me", body=body).execute()
    assert len(google.drafts.ids()) == 1


def test_pages_may_be_empty_or_never_end(google: GoogleServer, mail: Any) -> None:
    start = google.mailbox.history_id
    ids = [google.mailbox.add([]) for _ in range(3)]
    google.fail("empty page", times=2, on="history.list", after=1)
    asked, pages = {"userId": "me", "startHistoryId": start, "maxResults": 2}, []
    request = mail.history().list(**asked)
    while request is not None:
        answer = request.execute()
        pages.append([one["messages"][0]["id"] for one in answer.get("history", [])])
        request = mail.history().list_next(request, answer)
    assert pages == [ids[:2], [], [], ids[2:]]
    google.fail("same page", times=math.inf, on="messages.list")
    token = mail.messages().list(userId="me", maxResults=1).execute()["nextPageToken"]
    for _ in range(3):
        answer = mail.messages().list(userId="me", maxResults=1, pageToken=token).execute()
        assert answer["nextPageToken"] == token
        assert answer["messages"][0]["id"] == ids[1]
    google.recover()
    answer = mail.messages().list(userId="me", maxResults=1, pageToken=token).execute()
    assert answer["nextPageToken"] != token


def test_an_order_that_cannot_be_carried_out_is_refused(google: GoogleServer) -> None:
    for what, more in (
        (418, {}),
        ("cut", {"inner": True}),
        ("missing part", {"inner": True}),
        ("empty page", {}),
    ):
        with pytest.raises(ValueError, match=r"cannot|needs"):
            google.fail(what, **more)  # type: ignore[arg-type]


# what it costs, and waiting


def test_units_are_counted_and_can_be_limited_by_the_minute(
    google: GoogleServer, client: Client
) -> None:
    now = [0.0]
    ids = [google.mailbox.add([]) for _ in range(6)]
    gmail = client("gmail", METADATA)
    google.limit(100, clock=lambda: now[0])
    found = batch_of(gmail, ids, fields="id")
    assert list(found.values()).count(429) == 1
    assert google.units == 100
    request = gmail.users().messages().list(userId="me")
    assert refusal(request) == (429, "rateLimitExceeded")
    now[0] = 59.9
    assert refusal(request)[0] == 429
    now[0] = 60.0
    request.execute()
    gmail.users().history().list(userId="me", startHistoryId=google.mailbox.history_id).execute()
    gmail.users().labels().list(userId="me").execute()
    gmail.users().getProfile(userId="me").execute()
    assert google.units == 100 + 5 + 2 + 1 + 1
    google.reset_accounts()
    assert (google.units, google.calls, google.log) == (0, 0, [])


def test_a_request_can_be_held_until_the_test_goes_on(google: GoogleServer, mail: Any) -> None:
    answers: list[Any] = []
    hold = google.hold("messages.list", after=1)
    request = mail.messages().list(userId="me")
    request.execute()
    assert not hold.reached.is_set()
    asking = threading.Thread(target=lambda: answers.append(request.execute()))
    asking.start()
    assert hold.reached.wait(10)
    id = google.mailbox.add([])
    assert answers == []
    hold.go.set()
    asking.join(10)
    assert [one["id"] for one in answers[0]["messages"]] == [id]
    mail.messages().list(userId="me").execute()  # the next one is not held


def test_a_program_can_be_killed_while_it_waits(google: GoogleServer) -> None:
    hold = google.hold("getProfile")
    address = f"{google.url}/gmail/v1/users/me/profile"
    code = f"import urllib.request as r; r.urlopen({address!r})"
    with subprocess.Popen([sys.executable, "-c", code]) as program:
        assert hold.reached.wait(30)
        program.kill()
    hold.go.set()
    assert raw(google, "/gmail/v1/users/me/profile")[0].status == 401


def test_a_test_can_do_something_before_each_request(google: GoogleServer, mail: Any) -> None:
    seen: list[str] = []
    google.before(lambda one: seen.append(one.method))
    google.before(lambda _: seen.append(google.mailbox.add([])))
    assert mail.getProfile(userId="me").execute()["messagesTotal"] == 1
    assert seen == ["gmail.users.getProfile", *google.mailbox.ids()]


def test_it_ends_at_once_though_a_request_is_held() -> None:
    with GoogleServer() as google:
        gmail = service(google, "gmail", [METADATA])
        google.hold("getProfile")
        request = gmail.users().getProfile(userId="me")

        def ask() -> None:
            with pytest.raises(Exception, match=r"."):
                request.execute()

        asking = threading.Thread(target=ask)
        asking.start()
        while not google._holds[0].reached.is_set():
            time.sleep(0.01)
        begun = time.perf_counter()
    assert time.perf_counter() - begun < 5
    asking.join(10)
    gmail.close()
