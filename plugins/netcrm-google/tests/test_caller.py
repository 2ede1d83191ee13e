"""Calls to Google: how fast, how often, and what an error means."""

from __future__ import annotations

import json
from typing import Any

import httplib2
import pytest
from googleapiclient.errors import HttpError

from netcrm_google.caller import AT_ONCE
from netcrm_google.quota import LEGACY, NEW, Pace
from netcrm_google.trouble import meaning, message, reasons, retry_after
from tests.google.mailing import ANA, Post, Time

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


def fill(post: Post, letters: int) -> None:
    for one in range(letters):
        post.put(ANA, Message_ID=f"<{one}@x>")


def sizes(post: Post) -> list[int]:
    """Return how many messages were asked for in each batch, in order."""
    found: list[int] = []
    for seen in post.google.log:
        if seen.inner:
            found[-1] += 1
        else:
            found.append(0)
    return [one for one in found if one]


def error(status: int, said: Any = None, **headers: str) -> HttpError:
    content = said if isinstance(said, bytes) else json.dumps({"error": said or {}}).encode()
    return HttpError(httplib2.Response({"status": status, **headers}), content)


class TestPace:
    def test_a_minute_gives_as_many_units_as_the_quota_says(self):
        time = Time()
        pace = Pace(NEW, time, time.sleep)
        for _ in range(100):
            pace.pay(*["gmail.users.messages.get"] * AT_ONCE)
        assert pace.spent == 50_000
        assert time.seconds == pace.waited == pytest.approx(50_000 / 100 - 5)

    def test_what_is_left_grows_back_but_not_for_ever(self):
        time = Time()
        pace = Pace(LEGACY, time, time.sleep)
        time.seconds = 10_000
        for _ in range(251):
            pace.pay("gmail.users.messages.get")
        assert time.seconds == pytest.approx(10_000 + 5 / 250)

    def test_when_google_says_so_nothing_is_left(self):
        time = Time()
        pace = Pace(NEW, time, time.sleep)
        pace.drain()
        pace.pay("gmail.users.messages.get")
        assert time.seconds == pytest.approx(0.2)

    def test_what_nobody_knows_the_price_of_is_dear(self):
        assert NEW.cost("gmail.users.threads.list") == 20


class TestBatches:
    def test_are_of_twenty_five(self, post):
        fill(post, 60)
        post.sync()
        assert sizes(post) == [25, 25, 10]

    def test_are_halved_when_google_refuses_a_part_and_grow_again(self, post):
        fill(post, 100)
        post.google.fail(429, times=30, on="messages.get", inner=True)
        post.sync()
        assert sizes(post)[:7] == [25, 12, 6, 11, 16, 21, 25]

    def test_a_refusal_leaves_nothing_to_spend(self, post):
        fill(post, 13)
        post.google.fail(429, times=13, on="messages.get", inner=True)
        post.sync()
        assert sizes(post) == [13, 12, 1]
        assert post.callers[0].pace.waited >= 0.5 + (12 * 20 - 100) / 100

    def test_go_on_as_long_as_some_of_it_comes(self, post):
        fill(post, 90)
        batches = iter(range(12))

        def refuses(seen: Any) -> None:
            if seen.method.startswith("batch") and next(batches, None) is not None:
                post.google.fail(429, times=4, on="messages.get", inner=True)

        post.google.before(refuses)
        post.sync()
        assert post.net.counts()["interaction"] == 90

    def test_once_garbled_are_not_tried_again(self, post):
        fill(post, 60)
        post.google.fail("missing part", on="batch")
        post.sync()
        assert len(post.google.asked("batch")) <= 2
        assert post.net.counts()["interaction"] == 60


class TestMeaning:
    @pytest.mark.parametrize(
        ("status", "why", "what"),
        [
            (429, "rateLimitExceeded", "slower"), (403, "rateLimitExceeded", "slower"),
            (403, "userRateLimitExceeded", "slower"), (403, "quotaExceeded", "tomorrow"),
            (403, "dailyLimitExceeded", "tomorrow"), (403, "insufficientPermissions", "scope"),
            (403, "forbidden", "scope"), (401, "authError", "sign_in"),
            (404, "notFound", "missing"),
            (410, "fullSyncRequired", "stale"), (410, "", "stale"), (400, "badRequest", "wrong"),
            (500, "backendError", "again"), (503, "", "again"), (408, "", "again"),
        ],
    )  # fmt: skip
    def test_goes_by_the_number_and_the_word(self, status, why, what):
        assert meaning(error(status, {"errors": [{"reason": why}]})) == what

    def test_a_history_that_is_not_found_is_stale(self):
        assert meaning(error(404), "gmail.users.history.list") == "stale"
        assert meaning(error(404), "gmail.users.messages.get") == "missing"

    def test_where_the_day_is_spent_the_next_minute_is_no_better(self):
        said = {"status": "RESOURCE_EXHAUSTED", "errors": [{"reason": "dailyLimitExceeded"}]}
        assert meaning(error(403, said)) == "tomorrow"

    def test_an_expired_token_of_contacts_is_told_by_its_details(self):
        details = {"status": "INVALID_ARGUMENT", "details": [{"reason": "EXPIRED_SYNC_TOKEN"}]}
        assert meaning(error(400, details)) == "stale"
        assert meaning(error(400, details | {"errors": [{"reason": "badRequest"}]})) == "stale"

    @pytest.mark.parametrize("said", [b"<html>", b"", b"[]", b'{"error": 5}', b"\xff\xfe"])
    def test_what_is_none_of_googles_has_no_word(self, said):
        assert reasons(error(500, said)) == frozenset()
        assert message(error(500, said)).startswith("500")

    def test_what_google_says_is_one_line(self):
        assert message(error(403, {"message": "No\n way"})) == "403 No way"

    @pytest.mark.parametrize(
        ("said", "seconds"),
        [
            ("30", 30.0), ("-5", 0.0), ("", 0.0), ("soon", 0.0),
            ("Thu, 01 Jan 1970 00:02:00 GMT", 20.0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ],
    )  # fmt: skip
    def test_how_long_to_leave_google_alone(self, said, seconds):
        assert retry_after(error(429, None, **{"retry-after": said}), now=100.0) == seconds
