"""`netcrm google`, from signing in to signing out."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import click
import pytest

from netcrm_google.accounts import alone
from netcrm_google.auth import CALENDAR, METADATA, READONLY
from netcrm_google.commands import google_command
from netcrm_google.outside import ask
from netcrm_google.rounds import heard
from netcrm_google.words import warn
from tests.google import GoogleServer, errors
from tests.google.housing import House
from tests.google.mailing import ANA, LUIS, ME, YOU
from tests.google.signing import signed_in

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


def put(google: GoogleServer, sender: str, name: str, *, ago: int = 3, **more: str) -> str:
    """Put a letter into the mailbox that came so many days ago."""
    headers = [("From", sender), ("To", ME), ("Message-ID", f"<{name}@x>"), *more.items()]
    at = datetime.now(UTC) - timedelta(days=ago)
    return google.mailbox.add(headers, ["INBOX"], int(at.timestamp() * 1000))


def meet(google: GoogleServer, *guests: str, days: int, **more: Any) -> str:
    """Put a meeting into the calendar, so many days from now."""
    at = (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0)
    people = [{"email": one, "responseStatus": "accepted"} for one in guests]
    mine = {"email": ME, "self": True, "responseStatus": "accepted"}
    start, end = ({"dateTime": one.isoformat()} for one in (at, at + timedelta(minutes=30)))
    told = {"summary": "Tea", "start": start, "end": end, "attendees": [mine, *people]}
    return google.calendars.put(told | more)


class TestLogin:
    @pytest.fixture
    def client(self, tmp_path: Path, google: GoogleServer) -> str:
        path = tmp_path / "client_secret_1.json"
        path.write_text(json.dumps(google.client_config()))
        return str(path)

    def test_signs_in_and_says_what_comes_next(self, house, client):
        done = house.run("login", "--client", client)
        assert (done.code, done.err) == (0, "")
        assert done.out.splitlines() == [
            f"{ME} is signed in: meetings, headers of mail.",
            f"Next: netcrm google sync {ME}",
        ]
        assert house.run("sync").code == 0

    def test_the_client_is_named_once(self, house, client, google):
        house.run("login", "--client", client)
        Path(client).unlink()
        google.mailbox.email = YOU
        assert house.run("login").out.startswith(f"{YOU} is signed in")
        assert house.world.store.accounts() == [ME, YOU]

    def test_without_a_client_it_is_said_where_to_get_one(self, house):
        done = house.run("login")
        assert done.code == 1
        assert "netcrm google login --client client_secret_....json" in done.err

    def test_by_pasting(self, house, client):
        assert house.run("login", "--client", client, "--paste", is_asked=lambda: False).code == 0

    def test_the_real_way_to_paste_shows_the_page_and_reads_a_line(self, house, client):
        done = house.run("login", "--client", client, "--paste", text="nonsense\n", ask=ask)
        assert done.code == 1
        assert "Open this page in a browser" in done.out
        assert "that is not the address" in done.err

    def test_where_nobody_is_nobody_is_waited_for(self, house, client, google):
        done = house.run("login", "--client", client, is_asked=lambda: False)
        assert done.code == 5
        assert done.err.endswith("netcrm google login --paste")
        assert google.calls == 0

    def test_what_was_not_allowed_is_told(self, house, client, google):
        google.login.only = [METADATA]
        done = house.run("login", "--client", client)
        assert done.code == 0
        assert done.err.startswith("meetings: was not allowed")

    def test_an_interface_that_is_not_enabled(self, house, client, google, monkeypatch):
        error = errors.GoogleError(403, "accessNotConfigured", "Gmail API is disabled. Enable it")
        monkeypatch.setitem(errors.REFUSALS, "accessNotConfigured", lambda _: error)
        google.fail("accessNotConfigured", on="getProfile")
        done = house.run("login", "--client", client)
        assert done.code == 77
        assert "the project of your client may not use this yet: 403 Gmail API is dis" in done.err

    def test_scopes_are_never_mixed(self, house, client):
        house.run("login", "--client", client)
        house.run("login", "--scope", "readonly")
        scopes = house.world.store.load(ME).scopes
        assert [one.rpartition("/")[2] for one in sorted(scopes)] == [
            "calendar.events.readonly",
            "gmail.readonly",
        ]

    def test_for_something_else_of_the_same_account(self, house, client, google):
        house.run("login", "--client", client)
        done = house.run("login", "--for", "contacts")
        assert (done.code, done.err) == (0, "")
        assert done.out.splitlines() == [
            f"{ME} is signed in: contacts, your address.",
            f"Next: netcrm import google-contacts {ME}",
        ]
        assert house.run("status").out.splitlines()[1] == (
            "  is allowed   meetings, headers of mail, contacts, your address"
        )
        assert house.run("logout", ME).code == 0
        assert house.world.store.everybody() == []


class TestSync:
    def test_says_what_came_of_it(self, house, google):
        house.sign_in(google)
        put(google, ANA, "1")
        put(google, LUIS, "2")
        put(google, "no-reply@example.org", "3")
        put(google, "tom@example.org", "4")
        put(google, ANA, "5", ago=400)
        done = house.run("sync")
        assert (done.code, done.err) == (0, "")
        first, *rest = done.out.splitlines()
        units = 1 + 5 + 5 * 20 + 2
        assert first == f"{ME}: 4 read, 2 logged, 0 planned, 0 changed, 0 removed ({units} units)"
        assert rest[0] == "  1 skipped: automatic mail"
        assert rest[1].startswith("  1 skipped: older than ")
        assert google.units == units
        assert house.refs() == ["rfc822:1@x", "rfc822:2@x"]
        again = house.run("sync", "ME@example.org")
        assert again.out == f"{ME}: 0 read, 0 logged, 0 planned, 0 changed, 0 removed (2 units)\n"

    def test_in_json(self, house, google):
        house.sign_in(google)
        put(google, ANA, "1")
        since = str(datetime.now().astimezone().date() - timedelta(days=365))
        said = house.run("sync", "--json").json
        assert said == {
            "netcrm": 1,
            "dry_run": False,
            "accounts": [
                {
                    "account": ME, "since": since, "seen": 1, "logged": 1, "planned": 0,
                    "changed": 0,
                    "removed": 0, "pages": said["accounts"][0]["pages"], "skipped": {},
                    "units": 28, "requests": 5, "error": None,
                }
            ],
        }  # fmt: skip

    def test_an_earlier_day_reads_more(self, house, google):
        house.sign_in(google)
        put(google, ANA, "new")
        put(google, ANA, "old", ago=500)
        house.run("sync")
        assert house.refs() == ["rfc822:new@x"]
        house.run("sync", "--since", "2 years ago")
        assert house.refs() == ["rfc822:new@x", "rfc822:old@x"]
        house.run("sync")
        assert house.refs() == ["rfc822:new@x", "rfc822:old@x"]

    @pytest.mark.parametrize("day", ["tomorrow", "2999-01-01"])
    def test_a_day_to_come_is_none(self, house, google, day):
        house.sign_in(google)
        assert house.run("sync", "--since", day).code == 1

    def test_my_other_addresses_are_mine(self, house, google):
        house.sign_in(google)
        with house.open() as net:
            net.edit(net.me, email="maya@work.example")
        put(google, "maya@work.example", "1")
        assert house.run("sync").out.endswith("1 skipped: no address of anybody else\n")

    def test_where_nobody_is_signed_in(self, house):
        done = house.run("sync")
        assert done.code == 77
        assert done.err.startswith(
            "nobody is signed in for this. To sign in: netcrm google login --client"
        )

    def test_an_account_that_is_not(self, house, google):
        house.sign_in(google)
        done = house.run("sync", "you@example.org")
        assert (done.code, done.err) == (1, f"{YOU} is not signed in; {ME} is.")

    @pytest.mark.parametrize(("quota", "seconds"), [("new", 80), ("legacy", 8)])
    def test_the_time_it_takes_is_that_of_the_quota(self, house, google, quota, seconds):
        house.sign_in(google)
        for number in range(400):
            put(google, ANA, str(number))
        house.run("sync", "--quota", quota)
        assert seconds - 6 < house.world.means.clock() < seconds + 2

    def test_a_token_that_is_over_is_renewed_and_kept(self, house, google):
        house.sign_in(google, access="", expiry="")
        assert house.run("sync").code == 0
        assert house.world.store.load(ME).access.startswith("ya29.")

    def test_how_far_it_is_is_shown_where_somebody_looks_on(self, house, google):
        house.sign_in(google)
        put(google, ANA, "1")
        assert house.run("sync").err == ""
        put(google, LUIS, "2")
        done = house.run("sync", is_watched=lambda: True)
        assert done.err == f"\r{ME}: 1 read, 1 logged, 22 units" * 2 + "\r"
        assert done.out.startswith(f"{ME}: 1 read, 1 logged")

    def test_how_long_the_rest_takes_is_told_as_long_as_it_is_known(self, house, google):
        house.sign_in(google)
        for ago in range(1, 401):
            put(google, ANA, str(ago), ago=ago)
        said = house.run("sync", is_watched=lambda: True).err
        times = re.findall(r"(\d+) read, \d+ logged, \d+ units(?:, about (\w+ \w+) left)?", said)
        assert times[1:4] == [("100", "40 seconds"), ("200", "29 seconds"), ("300", "12 seconds")]
        assert times[-1][1] == ""
        assert len(times) >= 5

    def test_meetings_are_planned_and_logged(self, house, google):
        house.sign_in(google)
        meet(google, ANA, days=3)
        meet(google, LUIS, days=-30)
        meet(google, ANA, days=-3, status="cancelled")
        meet(google, days=5)
        done = house.run("sync")
        assert done.out.splitlines() == [
            f"{ME}: 2 read, 1 logged, 1 planned, 0 changed, 0 removed (8 units)",
            "  1 skipped: with nobody else (calendar)",
        ]
        with house.open() as net:
            assert [net.names([one.participants[0].contact]) for one in net.meetings()]
        assert [one.params["calendarId"] for one in google.asked("events.list")] == ["primary"]

    def test_nothing_new_is_two_calls(self, house, google):
        house.sign_in(google)
        put(google, ANA, "1")
        meet(google, ANA, days=3)
        house.run("sync")
        google.reset_accounts()
        assert house.run("sync").out == (
            f"{ME}: 0 read, 0 logged, 0 planned, 0 changed, 0 removed (2 units)\n"
        )
        assert google.calls == 2

    def test_meetings_that_are_not_allowed_are_not_asked_for(self, house, google):
        signed_in(house.world, google, [METADATA], ME)
        assert house.run("sync").code == 0
        assert google.asked("events.list") == []

    def test_my_other_accounts_are_me(self, house, google):
        house.sign_in(google)
        house.sign_in(google, YOU)
        meet(google, YOU, days=-30)
        house.run("sync", ME)
        assert house.run("suggest", "--json").json["suggestions"] == []

    def test_with_the_permission_to_read_mail_whole_people_are_searched_for(self, house, google):
        signed_in(house.world, google, [READONLY], ME)
        put(google, ANA, "1")
        for number in range(20):
            put(google, f"stranger{number}@example.org", str(number))
        said = house.run("sync", "--dry-run", "--json").json["accounts"][0]
        assert (said["listed"], said["recent"], said["unread"], said["units"]) == (1, 1, 1, 20)
        assert house.run("sync").out.startswith(f"{ME}: 1 read, 1 logged")

    def test_from_python_as_the_readme_shows(self, house, google, monkeypatch, capsys):
        house.sign_in(google)
        put(google, ANA, "1", ago=1)
        readme = Path(__file__).parents[1].joinpath("README.md").read_text("utf-8")
        (example,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
        monkeypatch.chdir(house.folder)
        monkeypatch.setattr("netcrm_google.outside.around", lambda: house.world)
        exec(example, {})
        assert capsys.readouterr().out == "1 28 ()\n"


class TestTrouble:
    def test_if_the_calendar_fails_mail_is_read_all_the_same(self, house, google):
        house.sign_in(google)
        put(google, ANA, "1")
        meet(google, ANA, days=3)
        google.fail("insufficientPermissions", math.inf, on="events.list")
        done = house.run("sync")
        assert (done.code, house.refs()) == (77, ["rfc822:1@x"])
        assert done.err.startswith(f"netcrm: {ME}: ")
        assert done.out.startswith(f"{ME}: 1 read, 1 logged, 0 planned")

    def test_if_mail_fails_meetings_are_read_all_the_same(self, house, google):
        house.sign_in(google)
        meet(google, ANA, days=3)
        google.fail(500, math.inf, on="getProfile")
        done = house.run("sync", "--json")
        (said,) = done.json["accounts"]
        assert (done.code, said["planned"]) == (75, 1)
        assert said["error"].startswith("Google does not answer")

    def test_an_estimate_that_google_refuses_is_one_line(self, house, google):
        house.sign_in(google)
        google.fail("failedPrecondition", on="messages.list")
        done = house.run("sync", "--dry-run")
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith(f"netcrm: {ME}: Google refuses (400 ")
        assert done.err.count("\n") == 1

    def test_what_fails_for_one_reason_is_told_once(self, house, google):
        house.sign_in(google, access="", expiry="")
        google.tokens.revoke()
        assert house.run("sync").err.count("invalid_grant") == 1

    def test_one_account_does_not_stop_another(self, house, google):
        house.sign_in(google)
        put(google, ANA, "1")
        with GoogleServer(email=YOU) as other:
            house.sign_in(other, "aaa@example.org", access="", expiry="")
            other.tokens.revoke()
            done = house.run("sync")
            as_json = house.run("sync", "--json")
        assert done.code == as_json.code == 6
        assert done.err.startswith("netcrm: aaa@example.org: Google no longer takes")
        assert done.out.startswith(f"{ME}: 1 read, 1 logged")
        failed, good = as_json.json["accounts"]
        assert failed["error"].startswith("aaa@example.org: Google no longer takes")
        assert (failed["account"], failed["seen"]) == ("aaa@example.org", 0)
        assert (good["account"], good["error"]) == (ME, None)

    def test_if_all_fail_the_code_is_that_of_the_first(self, house, google):
        house.sign_in(google, access="", expiry="")
        house.sign_in(google, YOU, access="", expiry="")
        google.tokens.revoke()
        done = house.run("sync")
        assert done.code == 77
        assert (done.out, len(done.err.splitlines())) == ("", 2)

    def test_signed_out_elsewhere_while_it_runs(self, house, google):
        house.sign_in(google)
        put(google, ANA, "1")
        google.before(lambda seen: google.tokens.revoke() if "list" in seen.method else None)
        done = house.run("sync")
        assert done.code == 77
        assert "invalid_grant" in done.err
        assert "seven days" in done.err
        assert "netcrm google login" in done.err

    def test_permissions_that_are_not_enough(self, house, google):
        house.sign_in(google)
        google.fail("insufficientPermissions", on="messages.list")
        done = house.run("sync")
        assert done.code == 77
        assert done.err.endswith("authentication scopes. To sign in again: netcrm google login\n")

    def test_a_google_that_fails_half_way(self, house, google):
        house.sign_in(google)
        for number in range(130):
            put(google, ANA, str(number))
        google.fail(500, times=10**6, on="batch", after=4)
        done = house.run("sync")
        assert done.code == 75
        assert done.out.startswith(f"{ME}: 100 read, 100 logged")
        assert "Nothing is lost; try again later" in done.err
        google.recover()
        assert house.run("sync").out.startswith(f"{ME}: 30 read, 30 logged")

    def test_a_damaged_token_is_one_line(self, house, google):
        house.sign_in(google)
        (house.world.folder / f"{ME}.sync.json").write_text("{")
        done = house.run("sync")
        assert done.code == 4
        assert f"{ME}.sync.json: is damaged" in done.err
        assert len(done.err.splitlines()) == 1

    def test_two_at_once_are_refused(self, house, google):
        house.sign_in(google)
        house.sign_in(google, YOU)
        google.reset_accounts()
        with alone(house.world, ME):
            done = house.run("sync", ME)
            assert house.run("sync", YOU).code == 0
        assert done.code == 75
        assert f"{ME}: another sync of it is under way (process {os.getpid()})" in done.err
        assert house.run("sync", ME).code == 0

    def test_an_odd_address_leaves_the_folder_to_itself(self, house, google):
        odd = "../a/b@example.org"
        house.sign_in(google, odd)
        before = sorted(house.folder.iterdir())
        assert house.run("sync", odd, "--dry-run").code == house.run("sync", odd).code == 0
        assert sorted(house.folder.iterdir()) == before
        assert all(one.is_file() for one in house.world.folder.iterdir())

    def test_a_token_that_others_may_read_is_warned_about(self, house, google):
        house.sign_in(google)
        file = house.world.folder / f"{ME}.sync.json"
        file.chmod(0o644)
        for words in (["sync"], ["status"]):
            assert f"others on this machine may read {file}" in house.run(*words).err


class TestDryRun:
    def fill(self, google: GoogleServer) -> None:
        for number in range(40):
            put(google, ANA, f"new{number}", ago=number)
        for number in range(25):
            put(google, ANA, f"old{number}", ago=400 + number)

    def test_counts_and_changes_nothing(self, house, google):
        house.sign_in(google)
        self.fill(google)
        before = house.file.read_bytes()
        said = house.run("sync", "--dry-run", "--json").json
        [found] = said["accounts"]
        assert said["dry_run"] is True
        assert found.pop("since")
        assert found == {
            "account": ME, "listed": 65, "recent": 40, "known": 0, "unread": 40,
            "units": 800, "seconds": 8.0, "error": None,
        }  # fmt: skip
        assert house.file.read_bytes() == before
        assert google.units < 5 + 8 * 20

    def test_no_header_is_asked_for(self, house, google):
        house.sign_in(google)
        self.fill(google)
        house.run("sync", "--dry-run")
        asked = google.asked("messages.get")
        assert asked
        assert all("minimal" in seen.params["format"] for seen in asked)

    def test_knows_what_was_read_before(self, house, google):
        house.sign_in(google)
        self.fill(google)
        house.run("sync")
        put(google, ANA, "another", ago=0)
        [found] = house.run("sync", "--dry-run", "--json").json["accounts"]
        assert (found["known"], found["unread"], found["units"]) == (40, 1, 20)
        [found] = house.run("sync", "--dry-run", "--json", "--since", "2 years ago").json[
            "accounts"
        ]
        assert (found["recent"], found["known"], found["unread"]) == (66, 40, 26)
        house.run("sync", "--since", "2 years ago")
        [found] = house.run("sync", "--dry-run", "--json").json["accounts"]
        assert (found["recent"], found["known"], found["unread"]) == (41, 41, 0)

    def test_what_is_deleted_meanwhile_does_no_harm(self, house, google):
        house.sign_in(google)
        self.fill(google)
        google.before(
            lambda seen: (
                seen.method.endswith("messages.get") and google.mailbox.delete(seen.params["id"])
            )
        )
        assert house.run("sync", "--dry-run").code == 0

    def test_says_it_in_words(self, house, google):
        house.sign_in(google)
        self.fill(google)
        line = house.run("sync", "--dry-run", "--since", "2 years ago").out
        assert line.startswith(
            f"{ME}: 65 messages would be read, which takes about 13 seconds (1300 units). 0 more"
        )
        assert line.endswith("are known; there are 65 in all.\n")

    def test_of_many_pages(self, house, google):
        house.sign_in(google)
        with GoogleServer(email=YOU, messages=2_300) as other:
            house.sign_in(other, YOU)
            [found] = house.run("sync", YOU, "--dry-run", "--json", root=other.url).json["accounts"]
            assert found["listed"] == 2_300
            assert len(other.asked("messages.list")) == 5

    def test_of_nothing(self, house, google):
        house.sign_in(google)
        [found] = house.run("sync", "--dry-run", "--json").json["accounts"]
        assert (found["listed"], found["unread"], found["seconds"]) == (0, 0, 0)

    def test_that_fails_is_said(self, house, google):
        house.sign_in(google)
        google.fail(500, times=99, on="messages.list")
        done = house.run("sync", "--dry-run")
        assert (done.code, done.out) == (75, "")
        google.recover()
        google.fail("same page", times=10**6, on="messages.list")
        for number in range(600):
            put(google, ANA, str(number))
        assert "same page again and again" in house.run("sync", "--dry-run").err


class TestStatus:
    def test_asks_google_nothing(self, house, google):
        house.sign_in(google)
        house.run("sync")
        google.reset_accounts()
        assert house.run("status").code == 0
        assert google.calls == 0

    def test_in_json(self, house, google):
        house.sign_in(google)
        put(google, ANA, "1")
        before = house.run("status", "--json").json["accounts"]
        house.run("sync")
        after = house.run("status", "--json").json["accounts"]
        day = datetime.now().astimezone().date()
        same = {
            "account": ME,
            "scopes": [CALENDAR, METADATA],
            "signed_in": "2026-03-01",
            "is_signed_in": True,
            "error": None,
        }
        assert before == [same | {"since": None, "meetings_since": None, "last_sync": None}]
        last = datetime.fromisoformat(after[0].pop("last_sync"))
        assert abs(last - datetime.now(UTC)) < timedelta(minutes=1)
        since = str(day - timedelta(days=365))
        assert after == [same | {"since": since, "meetings_since": since}]

    def test_in_words(self, house, google):
        assert house.run("status").out.startswith("Nobody is signed in.")
        house.sign_in(google)
        assert house.run("status").out.splitlines() == [
            ME,
            "  is allowed   meetings, headers of mail",
            "  signed in    2026-03-01",
            "  mail         not read yet",
            "  meetings     not read yet",
            "  last news    none yet",
        ]

    def test_the_last_sync_is_the_last_that_brought_anything(self, house, google):
        house.sign_in(google)
        for name in ("1", "2"):
            put(google, ANA, name)
            house.run("sync")
        with house.open() as net:
            newest, *older = net.history()
            assert older
            net.tag("ana", add=["x"])
            assert heard(net, ME).last == newest.commit.at != older[-1].commit.at

    def test_since_is_the_earliest_day_that_was_asked_for(self, house, google):
        house.sign_in(google)
        put(google, ANA, "1")
        house.run("sync")
        house.run("sync", "--since", "2024-02-03")
        house.run("sync")
        [one] = house.run("status", "--json").json["accounts"]
        assert one["since"] == "2024-02-03"

    def test_a_damaged_token_is_told_with_the_rest(self, house, google):
        house.sign_in(google)
        house.sign_in(google, YOU)
        (house.world.folder / f"{ME}.sync.json").write_text("{")
        mine, yours = house.run("status", "--json").json["accounts"]
        assert (mine["is_signed_in"], yours["is_signed_in"]) == (False, True)
        assert "is damaged" in mine["error"]
        assert "is damaged" in house.run("status").out

    def test_of_an_undone_sync_nothing_is_known(self, house, google):
        house.sign_in(google)
        put(google, ANA, "1")
        house.run("sync")
        with house.open() as net:
            assert heard(net, ME).mail
            while "remote" in net.counts():
                net.undo()
            assert heard(net, ME).mail == ""
        assert house.run("sync").out.startswith(f"{ME}: 1 read, 1 logged")


def test_what_a_terminal_would_obey_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    warn("a\x1b[2J\u202eb é")
    assert capsys.readouterr().err == "a\\x1b[2J\\x202eb é\n"


class TestLogout:
    def test_here_and_at_google(self, house, google):
        token = house.sign_in(google)
        put(google, ANA, "1")
        house.run("sync")
        done = house.run("logout", ME)
        assert (done.code, done.out) == (0, f"{ME} is signed out, here and at Google.\n")
        assert google.tokens.by_refresh_token(token.refresh_token) is None
        assert house.world.store.accounts() == []
        assert list(house.world.folder.iterdir()) == []
        assert house.refs() == ["rfc822:1@x"]
        assert house.run("sync").code == 77

    def test_only_that_account(self, house, google):
        house.sign_in(google)
        house.sign_in(google, YOU)
        house.run("logout", "Me@example.org")
        assert house.world.store.accounts() == [YOU]
        assert house.run("sync").code == 0

    def test_google_that_cannot_be_told(self, house, google):
        house.sign_in(google)
        google.fail(503, on="oauth.revoke")
        done = house.run("logout", ME)
        assert done.code == 6
        assert "myaccount.google.com/permissions" in done.err
        assert house.world.store.accounts() == []

    def test_of_a_damaged_token(self, house, google):
        house.sign_in(google)
        (house.world.folder / f"{ME}.sync.json").write_text("{")
        assert house.run("logout", ME).code == 6
        assert house.world.store.accounts() == []

    def test_of_nobody(self, house):
        assert house.run("logout", ME).code == 77


class TestAsAPlugin:
    def program(self, *words: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
        space = {**os.environ, "XDG_CONFIG_HOME": str(folder), "HOME": str(folder), **more}
        command, none = [sys.executable, *words], subprocess.DEVNULL
        return subprocess.run(command, capture_output=True, text=True, env=space, stdin=none)

    def test_loading_it_loads_nothing_of_googles(self, tmp_path):
        code = (
            "import sys, netcrm_google; before = 'click' in sys.modules;"
            "netcrm_google.netcrm_draft_folders(); before |= 'click' in sys.modules;"
            "netcrm_google.netcrm_commands();"
            "print(before, [name for name in ('googleapiclient', 'google.auth', 'httplib2',"
            "'google_auth_oauthlib', 'oauthlib', 'requests', 'keyring') if name in sys.modules])"
        )
        done = self.program("-c", code, folder=tmp_path)
        assert (done.stdout, done.stderr) == ("False []\n", "")

    @pytest.mark.parametrize("word", ["login", "status", "sync", "publish", "logout"])
    def test_every_command_has_help_with_an_example(self, house, word):
        command = google_command.commands[word]
        text = command.get_help(click.Context(command))
        assert f"Example:\n    netcrm google {word}" in text
        assert "\\b" not in text

    def test_as_cron_runs_it(self, house, google):
        config = house.folder / "config" / "netcrm"
        world = house.world._replace(folder=config / "google")
        attrs.evolve(house, world=world).sign_in(google, access="", expiry="")
        google.tokens.revoke()
        net = ("-m", "netcrm", "-n", str(house.file))
        run = {"folder": house.folder / "config"}
        done = self.program(*net, "google", "sync", **run)
        assert (done.returncode, done.stdout) == (77, "")
        assert done.stderr.startswith(f"netcrm: {ME}: Google no longer takes what you signed in")
        assert len(done.stderr.splitlines()) == 1
        status = self.program(*net, "google", "status", "--json", **run)
        assert json.loads(status.stdout)["accounts"][0]["account"] == ME
        world.store.keep_client(google.client_config()["installed"] | {"redirect_uris": ""})
        login = self.program(*net, "google", "login", **run)
        assert (login.returncode, len(login.stderr.splitlines())) == (5, 1)
        assert "--paste" in login.stderr


class TestSuggest:
    @pytest.fixture
    def read(self, house: House, google: GoogleServer) -> House:
        house.sign_in(google)
        put(google, '"Tom O\'Neil" <tom@example.org>', "1")
        put(google, "eve@example.org", "2")
        put(google, "eve@example.org", "3", ago=2)
        house.run("sync")
        return house

    def test_shows_who_is_not_here(self, read):
        done = read.run("suggest")
        assert done.out.splitlines()[0].startswith("eve@example.org  you wrote 0, they wrote 2, la")
        assert done.out.splitlines()[1].startswith("Tom O'Neil  tom@example.org  you wrote 0, they")
        assert done.err == "To add one: netcrm add eve --email eve@example.org\n"
        assert "and 1 more (--limit 2)" in read.run("suggest", "--limit", "1").out

    def test_adds_nobody_and_finds_the_mail_of_whoever_is_added(self, read, google):
        with read.open() as net:
            assert len(net.contacts()) == 3
            net.add("Tom O'Neil", email="tom@example.org")
        google.reset_accounts()
        assert "1 logged" in read.run("sync").out
        assert google.units == 2
        assert "tom@example.org" not in read.run("suggest").out

    def test_leaves_out_whom_i_ignore(self, read):
        said = json.loads(read.run("suggest", "--ignore", "EVE@example.org", "--json").out)
        assert [one["address"] for one in said["suggestions"]] == ["tom@example.org"]
        assert set(said["suggestions"][0]) == {"name", "address", "sent", "received", "met", "last"}
        assert (said["netcrm"], said["more"]) == (1, 0)
        done = read.run("suggest", "--ignore", "nobody@example.org")
        assert (done.code, done.err) == (
            1, "Nobody with the address nobody@example.org has come up in a sync.",
        )  # fmt: skip

    def test_says_what_to_do_first(self, house):
        assert house.run("suggest").out == "Nobody. What is read comes with: netcrm google sync\n"
