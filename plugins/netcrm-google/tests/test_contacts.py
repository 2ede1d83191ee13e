"""`netcrm import google-contacts`: who is in Google Contacts, and what becomes of them here."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netcrm
import netcrm_google
from netcrm import (
    AmbiguousError,
    Batch,
    Contact,
    ImportReport,
    InvalidError,
    Network,
    Problem,
    Sighting,
    SignInError,
    SourceProvider,
)
from netcrm_google import contacts
from netcrm_google.accounts import Outside
from netcrm_google.auth import ADDRESS, CONTACTS
from netcrm_google.entries import USED, labels, read
from netcrm_google.outside import OUTSIDE
from netcrm_google.trouble import LaterError
from tests.google import GoogleServer, errors
from tests.google.discovery import document
from tests.google.mailing import ME, YOU
from tests.google.signing import outside, signed_in

DAY = 86_400
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


def person(
    given: str = "Ana", family: str = "Ruiz", email: str = "", **more: Any
) -> dict[str, Any]:
    """Return an entry as Google has it; without an address where that is None."""
    address = email or f"{given.lower()}@example.org"
    return {
        "names": [{"givenName": given, "familyName": family, "displayName": f"{given} {family}"}],
        "emailAddresses": [{"value": address}],
        **more,
    }


@attrs.define
class Clock:
    """The time, which a test moves on."""

    later: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.later


@attrs.define
class Desk:
    """A network beside Google Contacts; what is imported goes the way that a command goes."""

    google: GoogleServer
    net: Network
    world: Outside
    clock: Clock

    def put(self, *people: dict[str, Any]) -> list[str]:
        return [self.google.people.put(one) for one in people]

    def take(self, account: str = "", *, dry_run: bool = False, **options: str) -> ImportReport:
        self.google.reset_accounts()
        with click.Context(click.Command("import")) as context:
            context.meta[OUTSIDE] = self.world
            return self.net.import_from(
                "google-contacts", account, options=options, dry_run=dry_run
            )

    def sign_in(self, account: str = ME, *scopes: str) -> None:
        asked = scopes or (CONTACTS, ADDRESS)
        signed_in(self.world, self.google, asked, account, purpose="contacts")

    @property
    def names(self) -> list[str]:
        return sorted(one.name for one in self.net.contacts())

    @property
    def asked(self) -> list[dict[str, Any]]:
        """What Google was asked for, of contacts; not what it heard too late in the hour."""
        every = self.google.asked("connections.list")
        return [seen.params for seen in every if seen.status != 401]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = Clock()
    with GoogleServer(email=ME, clock=clock) as google:
        world = outside(tmp_path / "google", google)
        world = world._replace(means=world.means._replace(now=clock))
        with netcrm.open(plugins=[netcrm_google], tz="America/New_York") as net:
            made = Desk(google, net, world, clock)
            made.sign_in()
            yield made


def counts(report: ImportReport) -> dict[str, int]:
    names = ("created", "updated", "unchanged", "skipped", "rejected")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


class TestImport:
    def test_all_are_taken_in(self, desk):
        desk.put(person(), person("Luis", "Ortega"))
        assert counts(desk.take()) == {"created": 2}
        assert desk.names == ["Ana Ruiz", "Luis Ortega"]
        assert desk.net.contact("ana").source == "import"

    def test_a_second_time_it_takes_one_request_and_changes_nothing(self, desk):
        desk.put(person(), person("Luis", "Ortega"))
        desk.take()
        report = desk.take()
        assert (report.commit, report.read) == (None, 0)
        assert report.notes == (f"There is nothing new in the Google contacts of {ME}.",)
        assert [seen.method for seen in desk.google.log] == ["people.people.connections.list"]
        assert desk.asked[0]["syncToken"]

    def test_who_is_new_and_who_was_changed_are_all_that_is_read(self, desk):
        ana, _ = desk.put(person(), person("Luis", "Ortega"))
        desk.take()
        desk.put(person("Eve", "Wu"))
        desk.put({"resourceName": ana} | person(organizations=[{"name": "Mercy"}]))
        report = desk.take()
        assert counts(report) == {"created": 1, "updated": 1}
        assert [(one.kind, one.after) for one in report.news] == [("joined", "Mercy")]
        assert desk.google.calls == 1
        assert desk.take().read == 0

    def test_as_long_as_nothing_is_stored_it_is_still_new(self, desk):
        desk.put(person())
        assert counts(desk.take(dry_run=True)) == {"created": 1}
        assert counts(desk.take(dry_run=True)) == {"created": 1}
        desk.take()
        desk.net.undo()
        assert desk.take().read == 1
        assert "syncToken" not in desk.asked[0]

    def test_only_what_is_used_is_asked_for(self, desk):
        desk.put(person(genders=[{"value": "female"}]))
        desk.take()
        [asked] = desk.asked
        assert asked["personFields"].split(",") == list(USED)
        assert "genders" not in asked["personFields"]
        assert asked["fields"].count("(") == len(USED) + 1
        assert asked["sources"] == "READ_SOURCE_TYPE_CONTACT"

    def test_pages_are_of_a_thousand(self, desk):
        desk.put(*(person(f"P{one}", "Wu") for one in range(2_001)))
        assert counts(desk.take()) == {"created": 2_001}
        assert [one["pageSize"] for one in desk.asked] == ["1000"] * 3
        assert desk.take().read == 0
        assert desk.google.calls == 1

    def test_when_a_page_is_lost_the_list_begins_anew_and_nobody_comes_twice(self, desk):
        desk.put(*(person(f"P{one}", "Wu") for one in range(1_500)))
        asked = iter([None])

        def forgets(seen: Any) -> None:
            if "pageToken" in seen.params:
                for _ in asked:
                    desk.google.expire_page_tokens()

        desk.google.before(forgets)
        report = desk.take()
        assert counts(report) == {"created": 1_500}
        assert ["pageToken" in one for one in desk.asked] == [False, True, False, True]
        assert desk.take().read == 0

    def test_the_list_that_begins_anew_may_have_the_pages_of_before(self, desk, monkeypatch):
        desk.put(*(person(f"P{one}", "Wu") for one in range(1_500)))
        monkeypatch.setitem(
            errors.REFUSALS, "no such page", lambda _: errors.invalid("Invalid pageToken")
        )
        desk.google.fail("no such page", on="connections.list", after=1)
        assert counts(desk.take()) == {"created": 1_500}

    def test_where_all_pages_are_lost_it_ends(self, desk):
        desk.put(*(person(f"P{one}", "Wu") for one in range(1_500)))
        desk.google.before(lambda seen: desk.google.expire_page_tokens())
        with pytest.raises(LaterError, match="loses its place again and again"):
            desk.take()
        assert len(desk.asked) == 8

    def test_nothing_is_ever_written_there(self, desk):
        desk.put(person())
        desk.take()
        assert {seen.method.rpartition(".")[2] for seen in desk.google.log} == {"list"}

    def test_of_nobody(self, desk):
        report = desk.take()
        assert (report.read, len(report.notes)) == (0, 1)
        assert desk.take().read == 0
        assert desk.asked[0]["syncToken"]


class TestDeleted:
    """What is deleted at Google is news here, and no more."""

    def test_they_stay_and_it_is_told_who_it_was(self, desk):
        ana, _ = desk.put(person(), person("Luis", "Ortega"))
        desk.take()
        desk.google.people.delete(ana)
        report = desk.take()
        assert report.notes == ("Deleted in your Google contacts: 1. Here they stay.",)
        assert [(one.kind, one.name) for one in report.news] == [("gone", "Ana Ruiz")]
        assert counts(report) == {"unchanged": 1}
        assert ["syncToken" in one for one in desk.asked] == [True, False]
        assert desk.names == ["Ana Ruiz", "Luis Ortega"]
        assert desk.take().read == 0

    def test_with_two_accounts_it_is_only_told_how_many(self, desk):
        """Who is missing in one may well be in the other."""
        desk.sign_in(YOU)
        ana, _ = desk.put(person(), person("Luis", "Ortega"))
        assert counts(desk.take(ME)) == {"created": 2}
        desk.google.people.delete(ana)
        report = desk.take(YOU)
        assert (counts(report), report.news) == ({"updated": 1}, ())
        report = desk.take(ME)
        assert report.notes[0] == "Deleted in your Google contacts: 1. Here they stay."
        assert (report.news, report.read, desk.google.calls) == ((), 0, 1)
        assert desk.take(ME).notes == (f"There is nothing new in the Google contacts of {ME}.",)
        assert desk.take(ME, all="yes").news == ()
        assert desk.names == ["Ana Ruiz", "Luis Ortega"]

    def test_of_two_accounts_each_has_its_own_say(self, desk):
        """What one says of a person is not taken back by the other."""
        desk.sign_in(YOU)
        [ana] = desk.put(person(addresses=[{"city": "Albany"}]))
        desk.take(ME)
        desk.put({"resourceName": ana} | person(addresses=[{"city": "Boston"}]))
        report = desk.take(YOU)
        [one] = report.suggestions
        assert (one.ours, one.theirs) == ("Albany", "Boston")
        assert (one.source, desk.net.contact("ana").location) == (
            f"google-contacts {YOU}", "Albany",
        )  # fmt: skip


class TestToken:
    """A sync token that is of no use costs one more request, and nothing else."""

    @pytest.fixture
    def read(self, desk: Desk) -> Desk:
        desk.put(person(), person("Luis", "Ortega"))
        desk.take()
        desk.put(person("Eve", "Wu"))
        return desk

    @pytest.mark.parametrize(("days", "is_used"), [(5, True), (6, False), (7, False), (-1, False)])
    def test_after_six_days_all_are_read_again(self, read, days, is_used):
        read.clock.later = days * DAY
        assert counts(read.take()) == {"created": 1} | ({} if is_used else {"unchanged": 2})
        assert ["syncToken" in one for one in read.asked] == [is_used]

    def test_the_days_count_from_when_all_were_read(self, read):
        read.clock.later = 5 * DAY
        read.take()
        read.clock.later = 6 * DAY
        assert read.take().read == 3
        assert "syncToken" not in read.asked[0]
        read.clock.later = 11 * DAY
        assert read.take().read == 0

    def test_that_google_forgot(self, read):
        read.google.people.expire_tokens()
        report = read.take()
        assert counts(report) == {"created": 1, "unchanged": 2}
        assert ["syncToken" in one for one in read.asked] == [True, False]
        assert read.take().read == 0

    def test_that_google_does_not_understand(self, read, monkeypatch):
        wrong = errors.invalid("Invalid sync token.", "syncToken")
        monkeypatch.setitem(errors.REFUSALS, "no such token", lambda _: wrong)
        read.google.fail("no such token", on="connections.list")
        assert counts(read.take()) == {"created": 1, "unchanged": 2}

    def test_of_another_question_is_not_used(self, read, monkeypatch):
        """As after an update, when more is asked for than before."""
        monkeypatch.setitem(contacts._ASKED, "personFields", "names,emailAddresses,metadata")
        assert counts(read.take()) == {"created": 1, "unchanged": 2}
        assert ["syncToken" in one for one in read.asked] == [False]
        assert read.take().read == 0

    def test_is_not_used_where_all_is_asked_for(self, read):
        assert counts(read.take(all="yes")) == {"created": 1, "unchanged": 2}
        assert "syncToken" not in read.asked[0]
        for wrong in ({"all": "no"}, {"every": "yes"}):
            with pytest.raises(InvalidError, match="the only option is: -o all=yes"):
                read.take(**wrong)


class TestTrouble:
    @pytest.mark.parametrize("what", [429, 500, 503, "drop", "html", "cut"])
    def test_that_passes_is_waited_for(self, desk, what):
        desk.put(*(person(f"P{one}", "Wu") for one in range(1_001)))
        desk.google.fail(what, times=2, on="connections.list")
        assert counts(desk.take()) == {"created": 1_001}

    def test_google_says_how_long_to_leave_it_alone(self, desk):
        desk.put(person())
        desk.google.fail(429, on="connections.list", retry_after=90)
        before = desk.world.means.clock()
        assert counts(desk.take()) == {"created": 1}
        assert desk.world.means.clock() - before >= 90

    def test_that_does_not_pass_changes_nothing(self, desk):
        desk.put(*(person(f"P{one}", "Wu") for one in range(1_001)))
        desk.google.fail(503, times=9, on="connections.list", after=1)
        with pytest.raises(LaterError, match=r"Nothing is lost; try again later\."):
            desk.take()
        assert desk.names == []
        desk.google.recover()
        assert counts(desk.take()) == {"created": 1_001}

    def test_a_list_without_end_has_one(self, desk):
        desk.put(*(person(f"P{one}", "Wu") for one in range(1_001)))
        desk.google.fail("same page", times=99, on="connections.list")
        with pytest.raises(LaterError, match="the same page again and again"):
            desk.take()

    def test_whoever_took_it_back_signs_in_again(self, desk):
        desk.google.tokens.revoke()
        with pytest.raises(SignInError, match="netcrm google login --for contacts") as caught:
            desk.take()
        assert (caught.value.exit_code, desk.names) == (77, [])

    def test_without_the_permission(self, desk):
        desk.sign_in(ME, ADDRESS)
        with pytest.raises(SignInError, match="netcrm google login --for contacts"):
            desk.take()

    def test_an_interface_that_is_not_enabled(self, desk, monkeypatch):
        detail = {"reason": "SERVICE_DISABLED"}
        error = errors.GoogleError(403, "forbidden", "People API is off.", details=(detail,))
        monkeypatch.setitem(errors.REFUSALS, "disabled", lambda _: error)
        desk.google.fail("disabled")
        with pytest.raises(SignInError, match="may not use this yet: 403 People API is off"):
            desk.take()


class TestWhose:
    def test_a_program_of_its_own_has_the_real_world_around(self, desk, monkeypatch, tmp_path):
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        with pytest.raises(SignInError, match="nobody is signed in for contacts"):
            desk.net.import_from("google-contacts", "")

    def test_of_nobody_who_is_signed_in(self, desk):
        desk.world.store.remove(ME)
        with pytest.raises(SignInError, match="nobody is signed in for contacts") as caught:
            desk.take()
        assert caught.value.exit_code == 77
        assert "netcrm google login --for contacts" in str(caught.value)

    def test_of_somebody_who_is_not(self, desk):
        with pytest.raises(SignInError, match=f"{YOU} is not signed in"):
            desk.take(YOU)

    def test_of_several_one_is_named(self, desk):
        desk.sign_in(YOU)
        with pytest.raises(AmbiguousError, match="“google-contacts” fits several") as caught:
            desk.take()
        assert f"{ME} (google-contacts {ME}), {YOU} (" in str(caught.value)
        desk.put(person())
        assert desk.take(ME.upper()).created == 1
        assert desk.take(ME).read == 0


class TestWhoTheyAre:
    """The rules of every import hold: nobody is merged, made up, or brought back."""

    def test_one_name_is_not_one_person(self, desk):
        desk.net.add("Ana Ruiz", email="ruiz@elsewhere.org")
        desk.put(person())
        report = desk.take()
        [one] = report.review
        assert (one.handle, one.like, counts(report)) == (
            "ana-ruiz-2",
            ("ana-ruiz",),
            {"created": 1},
        )
        assert desk.names == ["Ana Ruiz", "Ana Ruiz"]

    def test_one_address_is(self, desk):
        desk.net.add("Ana Ruiz", email="ana@example.org")
        desk.put(person(phoneNumbers=[{"value": "+1 212 555 0100"}]))
        assert counts(desk.take()) == {"updated": 1}
        points = desk.net.contact("ana").points
        assert [one.value for one in points] == ["ana@example.org", "+1 212 555 0100"]

    def test_what_i_wrote_myself_stays(self, desk):
        [ana] = desk.put(person(addresses=[{"city": "Albany"}]))
        desk.take()
        desk.net.edit("ana", location="Home")
        desk.put({"resourceName": ana} | person(addresses=[{"city": "Boston"}]))
        [one] = desk.take().suggestions
        assert (one.field, one.ours, one.theirs) == ("location", "Home", "Boston")
        assert desk.net.contact("ana").location == "Home"

    def test_whoever_was_forgotten_stays_forgotten(self, desk):
        [ana] = desk.put(person())
        desk.take()
        desk.net.forget("ana")
        desk.put({"resourceName": ana} | person(nicknames=[{"value": "Anita"}]))
        for options in ({}, {"all": "yes"}):
            report = desk.take(**options)
            assert counts(report) == {"skipped": 1}
            assert "was forgotten" in report.problems[0].reason
        assert desk.names == []

    def test_without_a_name_or_an_address_nobody_is_taken_in(self, desk):
        desk.put(
            {"emailAddresses": [{"value": "x@example.org"}]},
            {"names": [{"givenName": "Ana"}]},
            {"organizations": [{"name": "Mercy"}], "phoneNumbers": [{"value": "555 0100"}]},
            {"names": [{"displayName": "x@example.org"}], "urls": [{"value": "example.org"}]},
            {"names": [{"displayName": "☎ 555"}], "phoneNumbers": [{"value": "555 0100"}]},
            {"birthdays": [{"date": {"year": 1990}}]},
            person("Luis", "Ortega"),
        )
        report = desk.take()
        assert [(one.line, one.kind, one.reason) for one in report.problems] == [
            (1, "skipped", "no name, only 'x@example.org'"),
            (2, "skipped", "no address, only 'Ana'"),
            (3, "skipped", "no name, only '555 0100'"),
            (4, "skipped", "no name, only 'https://example.org'"),
            (5, "skipped", "no name, only '555 0100'"),
            (6, "skipped", "neither name nor address"),
        ]
        assert desk.names == ["Luis Ortega"]


def said(**entry: Any) -> dict[str, str]:
    """Return what an entry says, besides a name and an address."""
    found = read({**person(), **entry}, line=1, account=ME, labels={"contactGroups/1": "Mentors"})
    assert isinstance(found, Sighting)
    kept = {"given": "Ana", "family": "Ruiz", "email": "ana@example.org", "list": ME}
    return {key: one for key, one in found.said.items() if kept.get(key) != one}


def member(group: str) -> dict[str, Any]:
    return {"contactGroupMembership": {"contactGroupResourceName": f"contactGroups/{group}"}}


def jobs(*entries: dict[str, Any]) -> tuple[str, list[str]]:
    """Return what somebody does, and the jobs with dates."""
    found = read({**person(), "organizations": list(entries)}, line=1, account=ME, labels={})
    assert isinstance(found, Sighting)
    words = (found.said.get(key, "") for key in ("title", "organisation", "until"))
    return "|".join(words), [
        f"{one.start or ''}/{one.end or ''} {one.organisation}" for one in found.positions
    ]


def when(year: int = 0, month: int = 0, day: int = 0) -> dict[str, int]:
    return {"year": year, "month": month, "day": day}


class TestWhatAnEntrySays:
    def test_the_name_is_made_of_its_parts(self):
        name = {"givenName": "Ana", "middleName": "María", "familyName": "Ruiz Gil"}
        assert said(names=[name | {"displayName": "Dr. Ana M. Ruiz Gil"}]) == {
            "given": "Ana María", "family": "Ruiz Gil",
        }  # fmt: skip
        assert said(names=[{"displayName": "Mercy General"}]) == {"name": "Mercy General"}

    def test_several_of_what_there_may_be_several(self):
        assert said(
            nicknames=[{"value": "Anita"}, {"value": "Nan"}],
            emailAddresses=[{"value": "a@x.org"}, {"value": " b@x.org\n"}],
            phoneNumbers=[{"value": "+1 212 555 0100"}, {"value": "112"}],
            urls=[{"value": "example.org/ana"}, {"value": "https://linkedin.com/in/ana"}],
        ) == {
            "aliases": "Anita\nNan",
            "email": "a@x.org\nb@x.org",
            "phone": "+1 212 555 0100\n112",
            "url": "https://example.org/ana\nhttps://linkedin.com/in/ana",
        }

    def test_what_can_be_no_address_is_left_out(self):
        assert said(
            emailAddresses=[{"value": one} for one in ("ana", "", "a@x.org", "a@" + "x" * 253)],
            phoneNumbers=[{"value": "call me"}, {"value": "12"}, {"value": "1" * 61}],
            urls=[{"value": "javascript:alert(1)"}, {"value": "x"}, {"value": "https://u@x.org"},
                  {"value": "http://" + "x" * 2_000 + ".org"}, {"value": "a b.org"}],
        ) == {"email": "a@x.org"}  # fmt: skip

    @pytest.mark.parametrize(
        ("date", "text"),
        [
            (when(1988, 6, 15), "1988-06-15"), (when(0, 6, 15), "--06-15"),
            (when(1988, 6), "1988-06"), (when(1988), "1988"), (when(0, 2, 29), "--02-29"),
            (when(1988, 13, 1), ""), (when(1989, 2, 29), ""), (when(0, 6), ""), ({}, ""),
            (when(-5, 1, 1), ""), (when(2**31 - 1, 1, 1), ""), (when(1988, 0, 3), ""),
        ],
    )  # fmt: skip
    def test_a_birthday_as_far_as_it_is_known(self, date, text):
        assert said(birthdays=[{"date": date}]).get("birthday", "") == text
        assert said(birthdays=[{"text": "x"}, {"date": date}]).get("birthday", "") == text

    def test_the_place_is_short(self):
        home = {"city": "Albany", "country": "USA", "streetAddress": "1 Elm St"}
        assert said(addresses=[{"poBox": "1"}, home]) == {"location": "Albany, USA"}
        assert said(addresses=[{"country": "Peru"}]) == {"location": "Peru"}

    def test_a_note_keeps_its_lines(self):
        assert said(biographies=[{"value": "Met in\tRome.\n\nLikes \x1b[2Jtea."}]) == {
            "note": "Met in Rome.\n\nLikes [2Jtea."
        }

    def test_labels_of_mine_are_tags(self):
        groups = map(member, ("1", "2", "myContacts"))
        assert said(memberships=[*groups, {"domainMembership": {}}]) == {"tags": "Mentors"}

    def test_long_texts_end_somewhere(self):
        found = said(
            nicknames=[{"value": "x" * 10**6}],
            organizations=[{"name": "y" * 10**6}],
            biographies=[{"value": "z" * 10**6}],
        )
        assert {key: len(one) for key, one in found.items()} == {
            "aliases": 200, "organisation": 200, "note": 10_000,
        }  # fmt: skip


MERCY = {"name": "Mercy", "title": "Nurse"}


def test_all_that_is_read_of_an_entry_is_asked_for(desk):
    desk.put(
        person(
            nicknames=[{"value": "Anita"}],
            phoneNumbers=[{"value": "555 0100"}],
            urls=[{"value": "example.org"}],
            organizations=[MERCY | {"startDate": when(2015), "current": True}, {"name": "Acme"}],
            birthdays=[{"date": when(0, 6, 15)}],
            addresses=[{"city": "Albany", "country": "USA"}],
            biographies=[{"value": "Met in Rome."}],
            memberships=[desk.google.people.label("Mentors")],
        )
    )
    desk.take()
    ana = desk.net.contact("ana")
    assert (ana.name, ana.given, ana.family, ana.aliases) == (
        "Ana Ruiz", "Ana", "Ruiz", ("Anita",),
    )  # fmt: skip
    assert [(one.kind, one.value) for one in ana.points] == [
        ("email", "ana@example.org"), ("phone", "555 0100"), ("url", "https://example.org"),
    ]  # fmt: skip
    assert (ana.job.title, ana.job.organisation, str(ana.job.start)) == ("Nurse", "Mercy", "2015")
    assert [str(one.on) for one in ana.occasions] == ["--06-15"]
    assert (ana.location, ana.note, ana.tags) == ("Albany, USA", "Met in Rome.", {"mentors"})


class TestJobs:
    def test_what_somebody_does(self):
        assert jobs(MERCY) == ("Nurse|Mercy|", [])
        assert jobs({"department": "x"}) == ("||", [])

    def test_what_they_do_now_goes_before_what_stands_first(self):
        old, now = {"name": "Acme"}, {"name": "Mercy", "current": True}
        assert jobs(old, now) == ("|Mercy|", ["/ Acme"])
        assert jobs({"name": "Acme", "endDate": when(2019)}, {"name": "Mercy"}) == (
            "|Mercy|", ["/2019 Acme"],
        )  # fmt: skip

    def test_dates_may_be_known_in_part(self):
        job = MERCY | {"startDate": when(2015, 3)}
        assert jobs(job) == ("Nurse|Mercy|", ["2015-03/ Mercy"])
        job |= {"endDate": when(2019, 13), "startDate": when(0, 3, 1)}
        assert jobs(job) == ("Nurse|Mercy|", [])
        job |= {"endDate": when(2019, 1), "startDate": when(2020)}
        assert jobs(job) == ("Nurse|Mercy|2019-01", [])

    def test_what_is_over_since_when_nobody_knows_is_left_out(self):
        assert jobs(MERCY | {"current": False}) == ("||", [])

    def test_they_become_positions_here(self, desk):
        first = {"name": "Acme", "startDate": when(2010), "endDate": when(2014, 6)}
        now = MERCY | {"current": True, "startDate": when(2015)}
        [ana] = desk.put(person(organizations=[now, first, {"name": "Night School"}]))
        desk.take()
        found = desk.net.contact("ana")
        assert [(one.organisation, str(one.start), str(one.end)) for one in found.positions] == [
            ("Acme", "2010", "2014-06"), ("Night School", "None", "None"),
            ("Mercy", "2015", "None"),
        ]  # fmt: skip
        assert found.job.organisation == "Mercy"
        assert {one.source for one in found.positions} == {"google-contacts"}
        desk.put({"resourceName": ana} | person(organizations=[now | {"endDate": when(2020)}]))
        desk.take()
        ends = {one.organisation: str(one.end) for one in desk.net.contact("ana").positions}
        assert ends == {"Acme": "2014-06", "Night School": "None", "Mercy": "2020"}


class TestLabels:
    def test_are_asked_for_where_there_are_any(self, desk):
        mine, fault = desk.google.people.label("Mentors"), desk.google.people.label("☆")
        starred = desk.google.people.label("starred")
        desk.put(person(memberships=[mine, fault, starred]))
        assert counts(desk.take()) == {"created": 1}
        assert desk.net.contact("ana").tags == {"mentors"}
        assert len(desk.google.asked("contactGroups.list")) == 1

    def test_are_not_where_there_are_none(self, desk):
        desk.put(person(memberships=[desk.google.people.label("myContacts")]))
        desk.take()
        assert desk.google.asked("contactGroups.list") == []

    def test_may_be_many(self, desk):
        several = [desk.google.people.label(f"Label {one}") for one in range(1_200)]
        desk.put(person(memberships=[several[0], several[-1]]))
        desk.take()
        assert desk.net.contact("ana").tags == {"label-0", "label-1199"}
        assert len(desk.google.asked("contactGroups.list")) == 2


# --- whatever Google sends

SCHEMAS = document("people")["schemas"]
HOSTILE = ["\0", "\x1b[2J", "\u202egro.x@a", "\ud800", "\n\r\u2028", "x" * 5_000, "a@b.org", "=1+1"]
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=())), st.sampled_from(HOSTILE), st.text("a@. +1\n/:")
)


def shaped(schema: dict[str, Any], depth: int = 4) -> st.SearchStrategy[Any]:
    """Return whatever is as one of Google's schemas says."""
    schema = SCHEMAS[schema["$ref"]] if "$ref" in schema else schema
    match schema.get("type"):
        case "object" if depth:
            parts = {
                name: shaped(one, depth - 1) for name, one in schema.get("properties", {}).items()
            }
            return st.fixed_dictionaries({}, optional=parts)
        case "array":
            return st.lists(shaped(schema["items"], depth), max_size=3)
        case "boolean":
            return st.booleans()
        case "integer":
            return st.one_of(st.integers(-(2**31), 2**31 - 1), st.integers(-1, 40))
        case "string":
            return st.sampled_from(schema["enum"]) if "enum" in schema else TEXTS
    return st.just({})


PEOPLE = st.fixed_dictionaries(
    {}, optional={name: shaped(SCHEMAS["Person"]["properties"][name]) for name in USED}
)


@given(PEOPLE)
def test_whatever_an_entry_holds_it_is_read_or_said_why_not(entry):
    found = read(entry, line=7, account=ME, labels={})
    assert isinstance(found, Sighting | Problem)
    assert found.line == 7
    if isinstance(found, Problem):
        assert found.reason.isprintable()
        assert len(found.reason) < 500


@settings(deadline=None)
@given(PEOPLE, TEXTS)
def test_whatever_stands_beside_a_name_and_an_address_does_not_keep_anybody_out(entry, label):
    group = {"resourceName": "contactGroups/1", "name": label, "groupType": "USER_CONTACT_GROUP"}
    whole = {**entry, "names": person()["names"], "memberships": [member("1")]}
    whole["emailAddresses"] = [*entry.get("emailAddresses", ()), {"value": "ana@example.org"}]
    found = read(whole, line=1, account=ME, labels=labels([group]))
    assert isinstance(found, Sighting)

    class Given:
        def batches(self):
            yield Batch(sightings=(found,))

    class Plugin:
        @netcrm.hookimpl
        def netcrm_sources(self):
            yield SourceProvider(name="given", summary="", open=lambda _: Given())

    with netcrm.open(plugins=[Plugin()]) as net:
        report = net.import_from("given", "x")
        assert counts(report) == {"created": 1}, report.problems
        assert counts(net.import_from("given", "x")) == {"unchanged": 1}
        for text in texts(net.contact("ana")):
            assert not any(c < " " and c != "\n" for c in text)


def texts(ana: Contact) -> list[str]:
    points = [one.value for one in ana.points]
    return [ana.name, ana.location, ana.note, *ana.aliases, *points, *map(str, ana.positions)]


def test_hostile_entries_stop_no_import(desk):
    people = [
        person(f"P{one}", "Wu")
        | {
            "nicknames": [{"value": text}],
            "biographies": [{"value": text}],
            "urls": [{"value": text}],
            "phoneNumbers": [{"value": text}],
            "organizations": [{"name": text, "startDate": when(99_999, 99, 99)}],
            "birthdays": [{"date": when(1990, 13, 0)}],
        }
        for one, text in enumerate(HOSTILE)
    ]
    desk.put(*people, person())
    assert counts(desk.take()) == {"created": len(HOSTILE) + 1}
    assert counts(desk.take(all="yes")) == {"unchanged": len(HOSTILE) + 1}


# --- as a plugin


def test_offering_it_loads_nothing_of_googles() -> None:
    program = (
        "import sys, netcrm_google; netcrm_google.netcrm_sources();"
        "print([one for one in sys.modules if one == 'click' or one.startswith('netcrm_google.')"
        " or one.startswith('google') or one == 'httplib2'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_as_it_is_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account need not be named, and whoever is not signed in is told how to."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "netcrm", "-n", str(tmp_path / "n.json"), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert "google-contacts" in run("import").stdout
    assert run("init").returncode == 0
    done = run("import", "google-contacts")
    assert (done.returncode, done.stdout) == (77, "")
    assert done.stderr == (
        "netcrm: nobody is signed in for contacts. To sign in: netcrm google login --for contacts\n"
    )
