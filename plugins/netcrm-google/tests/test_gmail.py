"""Mail that is read by Google's own client from a Google of the tests."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import pytest

from netcrm import BusyError, SignInError, Synced
from netcrm_google.gmail import FIELDS
from netcrm_google.trouble import LaterError
from tests.google.mailing import ANA, LUIS, ME, SINCE, TOM, Post, talks

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


def refs(post: Post) -> list[str]:
    return [ref for ref, *_ in talks(post.net)]


class TestTheFirstTime:
    def test_all_mail_with_people_who_are_here_is_logged(self, post):
        post.put(ANA, Message_ID="<1@x>", Subject="=?utf-8?q?Caf=C3=A9?=")
        post.put(ME, LUIS, TOM, Cc=ANA, Message_ID="<2@x>", day="2026-03-03")
        post.put(TOM, ME, LUIS, Message_ID="<3@x>")
        done = post.sync()
        assert talks(post.net) == [
            ("rfc822:1@x", "2026-03-02", "inbound", ("ana-ruiz:with",)),
            ("rfc822:2@x", "2026-03-03", "outbound", ("ana-ruiz:cc", "luis-ortega:with")),
        ]
        assert (done.seen, done.logged) == (3, 2)

    def test_automatic_mail_is_none(self, post):
        post.put(ANA, List_Id="<news.example.org>")
        post.put("no-reply@example.org")
        done = post.sync()
        assert (done.logged, done.skipped) == (0, {"automatic mail": 2})

    @pytest.mark.parametrize("label", ["SPAM", "TRASH", "DRAFT", "CHAT"])
    def test_what_is_no_mail_is_none(self, post, label):
        post.google.mailbox.label(post.put(ANA), [label])
        assert post.sync().logged == 0

    def test_what_is_older_is_left_alone(self, post):
        post.put(ANA, day="2025-03-04")
        post.put(ANA, day="2025-03-05", Message_ID="<new@x>")
        post.sync()
        assert refs(post) == ["rfc822:new@x"]

    def test_what_is_long_past_is_not_even_listed(self, post, monkeypatch):
        monkeypatch.setattr("netcrm_google.gmail._LISTED", 5)
        for one in range(20):
            post.put(ANA, day="2024-03-04", Message_ID=f"<old{one}@x>")
        for one in range(4):
            post.put(ANA, Message_ID=f"<new{one}@x>")
        post.sync()
        assert len(post.google.asked("messages.list")) == 1
        assert len(refs(post)) == 4

    def test_a_list_that_google_loses_begins_anew(self, post, monkeypatch):
        monkeypatch.setattr("netcrm_google.gmail._LISTED", 5)
        for one in range(20):
            post.put(ANA, Message_ID=f"<{one}@x>")
        post.sync(watch=lambda done: done.pages == 2 and post.google.expire_page_tokens())
        assert len(refs(post)) == 20

    def test_without_an_id_of_its_own_it_has_that_of_google(self, post):
        key = post.put(ANA, Message_ID="")
        post.sync()
        assert refs(post) == [f"gmail:{ME}:{key}"]

    def test_no_text_is_asked_for(self, post):
        post.put(ANA)
        post.sync()
        asked = [one for one in post.google.log if one.method.endswith("messages.get")]
        assert asked
        for one in asked:
            assert (one.params["format"], one.params["fields"]) == (["metadata"], [FIELDS]) or (
                one.params["format"], one.params["fields"],
            ) == ("metadata", FIELDS)  # fmt: skip
        assert "snippet" not in FIELDS


class TestAfterThat:
    def test_only_what_is_new_is_read(self, post):
        post.put(ANA, Message_ID="<1@x>")
        post.sync()
        post.put(ANA, Message_ID="<2@x>")
        post.google.reset_accounts()
        assert post.sync() == Synced(seen=1, logged=1, pages=2)
        assert refs(post) == ["rfc822:1@x", "rfc822:2@x"]
        assert post.google.units == 2 + 20

    def test_nothing_new_takes_one_call(self, post):
        post.put(ANA)
        post.sync()
        post.sync()
        post.google.reset_accounts()
        assert post.sync() == Synced()
        assert (post.google.calls, post.google.units) == (1, 2)

    def test_trash_is_gone_and_comes_back(self, post):
        key = post.put(ANA)
        post.sync()
        post.google.mailbox.trash(key)
        assert post.sync().removed == 1
        assert talks(post.net) == []
        post.google.mailbox.untrash(key)
        assert post.sync().logged == 1

    def test_what_was_in_the_trash_at_first_is_found_once_it_is_not(self, post):
        key = post.put(ANA)
        post.google.mailbox.trash(key)
        post.sync()
        post.google.mailbox.untrash(key)
        assert post.sync().logged == 1

    def test_what_is_deleted_is_gone(self, post):
        key = post.put(ANA)
        post.sync()
        post.google.mailbox.delete(key)
        assert post.sync().removed == 1

    def test_what_came_and_went_meanwhile_is_not_asked_for(self, post):
        post.sync()
        post.google.mailbox.delete(post.put(ANA))
        post.google.reset_accounts()
        assert post.sync().logged == 0
        assert post.google.units == 2

    def test_what_arrives_while_all_is_read_is_not_lost(self, post):
        post.put(ANA, Message_ID="<1@x>")
        listed = False

        def arrives(seen: Any) -> None:
            nonlocal listed
            if seen.method.endswith("messages.list") and not listed:
                listed = True
                post.put(ANA, Message_ID="<2@x>", day="2026-03-04")

        for one in range(3):
            post.put(LUIS, Message_ID=f"<l{one}@x>")
        post.google.before(lambda seen: arrives(seen) if "get" in seen.method else None)
        post.google.before(arrives)
        post.sync()
        assert "rfc822:2@x" in refs(post)

    def test_an_earlier_day_reads_all_again_but_nothing_twice(self, post):
        post.put(ANA, day="2025-01-01", Message_ID="<old@x>")
        post.put(ANA, Message_ID="<new@x>")
        post.sync()
        post.google.reset_accounts()
        post.sync(since=date(2024, 12, 31))
        assert refs(post) == ["rfc822:new@x", "rfc822:old@x"]
        assert post.google.units <= 1 + 5 + 20 + 2
        post.sync(since=SINCE)
        assert refs(post) == ["rfc822:new@x", "rfc822:old@x"]

    def test_a_later_day_leaves_what_was_read_before(self, post, monkeypatch):
        monkeypatch.setattr("netcrm_google.gmail._LISTED", 1)
        for day in ("2025-01-01", "2025-01-02", "2026-01-01"):
            post.put(ANA, day=day, Message_ID=f"<{day}@x>")
        post.sync(since=date(2024, 12, 31))
        post.google.mailbox.expire_history()
        post.sync(since=SINCE)
        assert len(refs(post)) == 3

    def test_it_goes_on_from_where_it_was(self, post):
        post.sync()
        for one in range(3):
            post.put(ANA, Message_ID=f"<{one}@x>")
            post.sync()
        *_, last = post.google.asked("history.list")
        post.google.reset_accounts()
        post.sync()
        (now,) = post.google.asked("history.list")
        assert now.params["startHistoryId"] != last.params["startHistoryId"]


class TestForgottenHistory:
    def test_all_is_listed_again_and_what_is_known_costs_nothing(self, post):
        keys = [post.put(ANA, Message_ID=f"<{one}@x>") for one in range(30)]
        post.sync()
        post.google.mailbox.delete(keys[3])
        post.put(LUIS, Message_ID="<new@x>")
        post.google.mailbox.expire_history()
        post.google.reset_accounts()
        done = post.sync()
        assert (done.logged, done.removed) == (1, 1)
        assert post.google.units == 2 + 1 + 5 + 20 + 2
        assert len(refs(post)) == 30

    def test_it_is_forgotten_again_and_again(self, post):
        post.put(ANA, Message_ID="<1@x>")
        post.google.fail(404, times=50, on="history.list")
        with pytest.raises(LaterError, match="try again later"):
            post.sync()
        assert refs(post) == ["rfc822:1@x"]


class TestTrouble:
    @pytest.mark.parametrize(
        "fault", [429, 500, 503, 408, "html", "cut", "drop", "rateLimitExceeded"]
    )
    @pytest.mark.parametrize("where", ["getProfile", "messages.list", "batch", "history.list"])
    def test_passes(self, post, fault, where):
        for one in range(30):
            post.put(ANA, Message_ID=f"<{one}@x>")
        post.google.fail(fault, times=2, on=where)
        post.sync()
        assert len(refs(post)) == 30

    @pytest.mark.parametrize("fault", [429, 500, "userRateLimitExceeded"])
    def test_of_a_part_of_a_batch_passes(self, post, fault):
        for one in range(60):
            post.put(ANA, Message_ID=f"<{one}@x>")
        post.google.fail(fault, times=20, on="messages.get", inner=True)
        post.sync()
        assert len(refs(post)) == 60

    @pytest.mark.parametrize("fault", ["no content id", "missing part", "html"])
    def test_where_batches_are_garbled_it_goes_one_by_one(self, post, fault):
        for one in range(30):
            post.put(ANA, Message_ID=f"<{one}@x>")
        post.google.fail(fault, times=99, on="batch")
        post.sync()
        assert len(refs(post)) == 30

    @pytest.mark.parametrize("fault", [429, 500, "drop"])
    def test_for_ever_is_said_and_what_was_read_is_kept(self, post, fault):
        for one in range(130):
            post.put(ANA, Message_ID=f"<{one}@x>")
        post.google.fail(fault, times=10**6, on="batch", after=4)
        with pytest.raises(LaterError, match=r"does not answer .* try again later") as raised:
            post.sync()
        assert raised.value.exit_code == 75
        assert len(refs(post)) == 100
        post.google.recover()
        post.google.reset_accounts()
        post.sync()
        assert len(refs(post)) == 130
        assert post.google.units == 1 + 5 + 30 * 20 + 2

    def test_the_quota_of_the_day_is_said(self, post):
        post.put(ANA)
        post.google.fail("dailyLimitExceeded", on="messages.list")
        with pytest.raises(LaterError, match="no more requests today"):
            post.sync()

    @pytest.mark.parametrize("fault", ["insufficientPermissions"])
    def test_the_wrong_permissions_are_said(self, post, fault):
        post.google.fail(fault, on="messages.list")
        with pytest.raises(SignInError) as raised:
            post.sync()
        assert raised.value.exit_code == 77

    def test_a_page_that_comes_again_and_again_ends(self, post):
        for one in range(600):
            post.put(ANA, Message_ID=f"<{one}@x>")
        post.google.fail("same page", times=10**6, on="messages.list")
        with pytest.raises(LaterError, match="the same page again and again"):
            post.sync()

    def test_google_is_given_the_time_it_asks_for(self, post):
        post.google.fail(429, on="getProfile", retry_after=30)
        post.sync()
        assert post.time.seconds >= 30

    def test_no_faster_than_the_quota(self, post):
        for one in range(600):
            post.put(ANA, Message_ID=f"<{one}@x>")
        post.sync()
        assert 600 * 20 / 100 - 5 <= post.time.seconds <= 600 * 20 / 100 + 5


class TestBounces:
    DAEMON = "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"

    @pytest.mark.parametrize(
        ("sender", "subject", "valid"),
        [
            (DAEMON, "Delivery Status Notification (Failure)", "bounced"),
            (DAEMON, "Delivery Status Notification (Delay)", "unknown"),
            ("mailer-daemon@elsewhere.example", "Delivery failed", "unknown"),
        ],
    )
    def test_gmail_says_who_cannot_be_reached_and_nobody_else(self, post, sender, subject, valid):
        post.put(sender, X_Failed_Recipients=ANA, Subject=subject)
        assert post.sync().skipped == {"automatic mail": 1}
        assert [one.valid for one in post.net.contact("ana").points] == [valid]


class TestPeopleSearchedFor:
    """With the permission to read mail whole, that of before is searched for by its people."""

    def sync(self, post: Post, *people: str, **more: Any) -> Synced:
        return post.net.sync(post.gmail(people=people or (ANA, LUIS), **more))

    def test_only_mail_with_them_is_read(self, post):
        for number in range(600):
            post.put(f"stranger{number}@example.net")
        post.put(ANA, Message_ID="<a@x>")
        post.put(ME, LUIS, TOM, Message_ID="<l@x>")
        post.put(ME, TOM, Cc=ANA, Message_ID="<c@x>")
        assert self.sync(post).logged == 2
        assert {ref for ref, *_ in talks(post.net)} == {"rfc822:a@x", "rfc822:l@x"}
        assert len(post.google.asked("messages.get")) == 3
        assert post.google.units == 1 + 1 + 2 * 5 + 5 + 3 * 20 + 2

    def test_what_comes_after_that_is_read_whoever_it_is_with(self, post):
        self.sync(post)
        post.put(TOM)
        post.put(ANA)
        assert self.sync(post).seen == 2
        assert [one.stranger.address for one in post.net.strangers()] == [TOM]

    def test_who_is_added_later_is_searched_for_then(self, post):
        post.put(TOM, Message_ID="<t@x>")
        assert self.sync(post).logged == 0
        post.net.add("Tom Okafor", email=TOM)
        assert self.sync(post, ANA, LUIS, TOM).logged == 1
        post.google.reset_accounts()
        assert self.sync(post, ANA, LUIS, TOM).pages == 0
        assert (post.google.calls, post.google.units) == (1, 2)

    def test_a_search_that_is_cut_short_is_made_again(self, post):
        self.sync(post)
        post.put(TOM, day="2025-06-01", Message_ID="<t@x>")
        self.sync(post)
        post.put(LUIS, day="2025-06-02")
        post.net.add("Kim Sato", email="kim@example.org")
        post.google.fail(500, math.inf, on="messages.list")
        with pytest.raises(BusyError):
            self.sync(post, ANA, LUIS, "kim@example.org")
        post.google.recover()
        post.google.reset_accounts()
        self.sync(post, ANA, LUIS, "kim@example.org")
        assert len(post.google.asked("messages.list")) == 1

    def test_deleted_mail_is_gone_also_when_the_history_was_forgotten(self, post):
        id_ = post.put(ANA)
        post.put(LUIS)
        self.sync(post)
        post.google.mailbox.delete(id_)
        post.google.mailbox.expire_history()
        assert self.sync(post).removed == 1
        assert len(talks(post.net)) == 1

    def test_aliases_that_gmail_knows_are_me(self, post):
        post.google.mailbox.aliases.append("Maya@work.example")
        post.put("maya@work.example", ANA)
        self.sync(post)
        assert [direction for _, _, direction, _ in talks(post.net)] == ["outbound"]
        post.put("maya@work.example", ANA)
        self.sync(post)
        assert {direction for _, _, direction, _ in talks(post.net)} == {"outbound"}

    def test_where_all_mail_was_read_nobody_is_searched_for(self, post):
        post.put(TOM)
        post.sync()
        post.google.reset_accounts()
        self.sync(post)
        assert post.google.asked("messages.list") == []

    def test_with_less_permission_all_mail_is_read_after_all(self, post):
        post.put(TOM)
        post.put(ANA)
        assert self.sync(post).seen == 1
        assert post.sync().seen == 1
        assert post.sync().pages == 0

    def test_of_before_the_day_nothing_is_read(self, post):
        post.put(ANA, day="2025-03-04")
        post.put(ANA, day="2025-03-05")
        assert self.sync(post).seen == 1
        assert len(post.google.asked("messages.get")) == 1
        assert self.sync(post, since=SINCE - timedelta(days=1)).seen == 1

    def test_an_address_that_would_be_more_than_a_word_is_not_searched_for(self, post):
        post.put(ANA)
        self.sync(post, ANA, '"a b"@example.org', "x}y@example.org OR in:anywhere")
        (one,) = [seen.params["q"] for seen in post.google.asked("messages.list")][1:]
        assert one.startswith("{from:ana@example.org to:ana@example.org cc:ana@example.org bcc:")
        assert "OR" not in one

    def test_nothing_but_headers_is_asked_for(self, post):
        post.put(ANA)
        self.sync(post)
        (get,) = post.google.asked("messages.get")
        assert (get.params["format"], get.params["fields"]) == ("metadata", FIELDS)
