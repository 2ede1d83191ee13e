"""`netcrm google publish`, as somebody types it, and as cron does."""

from __future__ import annotations

import json

import pytest

from tests.google import GoogleServer
from tests.google.housing import House
from tests.google.mailing import ME, YOU

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture
def signed(house: House, google: GoogleServer) -> House:
    """Somebody who signed in for a calendar, and has promised something."""
    house.sign_in(google, purpose="calendar")
    with house.open() as net:
        net.promise("ana", "send the book", due="in 3 days")
    return house


def test_signing_in_for_it_is_all_that_it_takes(house, google, tmp_path):
    path = tmp_path / "client_secret_1.json"
    path.write_text(json.dumps(google.client_config()))
    done = house.run("login", "--for", "calendar", "--client", str(path))
    assert done.out.splitlines() == [
        f"{ME} is signed in: a calendar of its own, your address.",
        f"Next: netcrm google publish {ME}",
    ]
    assert house.run("publish").code == 0
    assert [one.summary for one in google.calendars if one.ours] == ["netcrm"]


def test_says_what_came_of_it(signed, google):
    done = signed.run("publish")
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{ME}: 1 added, 0 changed, 0 removed; 0 unchanged, in a new calendar\n"
    google.reset_accounts()
    done = signed.run("publish", ME.upper())
    assert done.out == f"{ME}: 0 added, 0 changed, 0 removed; 1 unchanged\n"
    assert google.calls == 1


def test_in_json(signed):
    said = signed.run("publish", "--json").json
    [event] = said["accounts"][0].pop("events")
    assert said == {
        "netcrm": 1,
        "dry_run": False,
        "accounts": [
            {
                "account": ME, "is_new": True, "added": 1, "changed": 0, "removed": 0,
                "unchanged": 0, "error": None,
            }
        ],
    }  # fmt: skip
    assert (event["change"], event["title"]) == ("added", "Do what you promised Ana Ruiz")
    assert set(event) == {"change", "start", "title"}


def test_a_dry_run_shows_what_would_change_and_changes_nothing(signed, google):
    before = signed.file.read_bytes()
    done = signed.run("publish", "--dry-run")
    head, line = done.out.splitlines()
    assert head == f"{ME}: 1 would be added, 0 changed, 0 removed; 0 unchanged, in a new calendar"
    with signed.open() as net:
        day = net.day("in 3 days")
    assert line == f"  added    {day}        Do what you promised Ana Ruiz"
    assert signed.file.read_bytes() == before
    assert google.calls == 0
    signed.run("publish")
    with signed.open() as net:
        net.plan("luis", f"{day} 16:00", format="video")
        net.keep("send the book")
    google.reset_accounts()
    said = signed.run("publish", "--dry-run").out.splitlines()
    assert said[1] == f"  removed  {day}        Do what you promised Ana Ruiz"
    assert f"  added    {day} 16:00  Meeting with Luis Ortega" in said
    assert google.calls == 1


def test_a_title_that_somebody_gave_it_is_shown_harmlessly(signed, google):
    signed.run("publish")
    [calendar] = [one for one in google.calendars if one.ours]
    [entry] = calendar.entries.values()
    google.calendars.put(entry.event | {"summary": "\x1b[2J\nboo"}, calendar.id)
    with signed.open() as net:
        net.keep("send the book")
    assert signed.run("publish", "--dry-run").out.endswith("  \\x1b[2J\\x0aboo\n")


def test_as_far_ahead_as_one_says(signed):
    assert ": 0 added" in signed.run("publish", "--within", "1 day").out
    assert ": 1 added" in signed.run("publish").out
    done = signed.run("publish", "--within", "ages")
    assert (done.code, done.out, len(done.err.splitlines())) == (1, "", 1)


def test_it_is_taken_away_again(signed, google):
    assert signed.run("publish", "--remove").out == f"{ME}: has no calendar of netcrm's\n"
    signed.run("publish")
    would = signed.run("publish", "--remove", "--dry-run")
    assert would.out == f"{ME}: its calendar would be removed\n"
    assert len(list(google.calendars)) == 2
    assert signed.run("publish", "--remove").out == f"{ME}: its calendar is removed\n"
    assert [one.id for one in google.calendars] == [ME]
    said = signed.run("publish", "--remove", "--json").json
    assert said["accounts"] == [{"account": ME, "is_removed": False, "error": None}]


@pytest.mark.parametrize("what", [503, "lost"])
def test_to_take_it_away_is_tried_again(signed, google, what):
    signed.run("publish")
    google.fail(what, on="calendars.delete")
    assert signed.run("publish", "--remove").out == f"{ME}: its calendar is removed\n"
    assert ": 1 added" in signed.run("publish").out


def test_if_google_does_not_let_it_go_it_is_remembered(signed, google):
    signed.run("publish")
    google.fail(503, times=99, on="calendars.delete")
    done = signed.run("publish", "--remove")
    assert (done.code, done.out) == (75, "")
    [said] = json.loads(signed.run("publish", "--remove", "--json").out)["accounts"]
    assert said["is_removed"] is False
    google.recover()
    assert signed.run("publish", "--remove").code == 0
    assert [one.id for one in google.calendars] == [ME]


@pytest.mark.parametrize("words", [[], ["--dry-run"], ["--remove"]])
def test_where_nobody_signed_in_for_it(house, google, words):
    house.sign_in(google)
    done = house.run("publish", *words)
    assert done.code == 77
    assert done.err == (
        "nobody is signed in for this. To sign in: netcrm google login --for calendar"
    )
    assert google.calls == 0


def test_an_account_that_is_not(signed):
    assert signed.run("publish", YOU).err == f"{YOU} is not signed in; {ME} is."


def test_a_permission_that_was_taken_back(house, google):
    house.sign_in(google, purpose="calendar", access="", expiry="")
    google.tokens.revoke()
    done = house.run("publish")
    assert (done.code, done.out) == (77, "")
    assert "sign in again: netcrm google login --for calendar" in done.err


def test_a_permission_that_is_not_enough(signed, google):
    google.fail("insufficientPermissions", on="calendars.insert")
    done = signed.run("publish")
    assert done.code == 77
    assert done.err.endswith("To sign in again: netcrm google login --for calendar\n")


def test_one_account_does_not_stop_another(signed, google):
    signed.sign_in(google, "aaa@example.org", purpose="calendar")
    google.fail("quotaExceeded", on="calendars.insert")
    done = signed.run("publish", "--json")
    assert done.code == 6
    failed, good = json.loads(done.out)["accounts"]
    assert (failed["account"], failed["added"], good["added"]) == ("aaa@example.org", 0, 1)
    assert "Google allows no more requests today" in failed["error"]
    assert signed.run("publish").code == 0


def test_what_was_done_until_it_failed_is_told(signed, google):
    with signed.open() as net:
        net.promise("luis", "write", due="in 5 days")
    google.fail(503, times=99, on="events.insert", after=1)
    done = signed.run("publish")
    assert done.code == 75
    assert done.out.startswith(f"{ME}: 1 added, 0 changed")
    assert "Nothing is lost; try again later" in done.err
    google.recover()
    assert signed.run("publish").out == f"{ME}: 1 added, 0 changed, 0 removed; 1 unchanged\n"


def test_how_far_it_is_is_shown_where_somebody_looks_on(signed):
    with signed.open() as net:
        net.promise("luis", "write", due="in 5 days")
    assert signed.run("publish", "--dry-run", is_watched=lambda: True).err == ""
    done = signed.run("publish", is_watched=lambda: True)
    assert done.err == f"\r{ME}: 1 of 2\r{ME}: 2 of 2\r"
    assert signed.run("publish", is_watched=lambda: True).err == ""


def test_what_is_forgotten_of_somebody_leaves_the_calendar(signed, google):
    signed.run("publish")
    with signed.open() as net:
        net.promise("luis", "write", due="in 5 days")
    signed.run("publish")
    with signed.open() as net:
        net.forget("ana")
    assert ": 0 added, 0 changed, 1 removed; 1 unchanged" in signed.run("publish").out


def test_a_token_that_others_may_read_is_warned_about(signed):
    file = signed.world.folder / f"{ME}.calendar.json"
    file.chmod(0o644)
    assert f"others on this machine may read {file}" in signed.run("publish").err
