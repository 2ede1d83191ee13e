"""The whole command line at a Google that nobody here wrote: `emulate`."""

from __future__ import annotations

import json
import urllib.request
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import attrs
import pytest
from google.oauth2.credentials import Credentials

import netcrm
from netcrm import Interaction, SignInError
from netcrm_google.accounts import Outside
from netcrm_google.auth import saving
from netcrm_google.clients import client
from tests.google.emulated import emulated
from tests.google.mailing import ANA, LUIS, ME, TOM, YOU, bring_in
from tests.google.relay import Relay
from tests.google.signing import chosen, ends_at, outside, surf
from tests.google.terminal import typed

BEGINNING = "what is written in it"
POST_OFFICE = "a-token-that-emulate-knows"
PROFILE, LIST, HISTORY = (
    f"GET /gmail/v1/users/me/{one}" for one in ("profile", "messages", "history")
)
BATCH = "POST /batch"
EVENTS = "GET /calendar/v3/calendars/primary/events"
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


def letter(number: int) -> dict[str, Any]:
    """Return a letter as emulate has it: of three, one from Ana, one to Luis, one of a stranger."""
    days = number + (1 if number < 40 else 100)
    sender, to = [(f"Ana Ruiz <{ANA}>", ME), (ME, f"{TOM}, {LUIS}"), (TOM, ME)][number % 3]
    return {
        "id": f"letter{number}",
        "user_email": ME,
        "from": sender,
        "to": to,
        "subject": "Coffee",
        "body_text": BEGINNING,
        "message_id": f"<{number}@x>",
        "date": str(datetime.now(UTC) - timedelta(days=days)),
        "label_ids": ["SENT" if sender == ME else "INBOX"],
    }


@attrs.define
class Home:
    """Somebody with a network in a file, a mailbox at emulate, and a post office behind that.

    The post office is Google's own client, with nothing of netcrm.
    """

    folder: Path
    google: str
    relay: Relay
    world: Outside
    post_office: Any

    @property
    def file(self) -> Path:
        return self.folder / "network.json"

    def run(self, *words: str, **world: Any) -> int:
        self.relay.asked.clear()
        return typed(self.file, self.world._replace(**world), *words)

    def login(self, *words: str, **world: Any) -> int:
        """Sign in, with a file such as Google gives for a program."""
        said = {"client_id": "netcrm", "client_secret": "not asked for"}
        said |= {"auth_uri": f"{self.google}/o/oauth2/v2/auth"}
        said |= {"token_uri": f"{self.google}/oauth2/token"}
        path = self.folder / "client_secret_1.json"
        path.write_text(json.dumps({"installed": said}))
        return self.run("login", "--client", str(path), *words, **world)

    def let_the_access_token_expire(self) -> None:
        token = self.world.store.load(ME)
        self.world.store.save(attrs.evolve(token, expiry="2001-01-01T00:00:00"))

    def plans(self) -> list[tuple[str, list[str]]]:
        with netcrm.open(str(self.file)) as net:
            return [
                (one.subject, [net.contact(who.contact).handle for who in one.participants])
                for one in net.meetings()
            ]

    def refs(self) -> set[str]:
        with netcrm.open(str(self.file)) as net:
            talks = [talk for one in ("ana", "luis") for talk in net.timeline(one)]
        return {talk.ref for talk in talks if isinstance(talk, Interaction)}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("NETCRM_BACKUPS", "0")
    mail = {"users": [{"email": YOU}, {"email": ME}], "messages": [letter(n) for n in range(60)]}
    seed = {"tokens": {POST_OFFICE: {"login": ME}}, "google": mail}
    with (
        emulated(seed) as google,
        Relay(google) as relay,
        client("gmail", Credentials(POST_OFFICE), google) as service,
    ):
        world = outside(tmp_path / "google", relay)
        world = world._replace(browse=lambda page: surf(chosen(page, ME)))
        made = Home(tmp_path, google, relay, world, service.users().messages())
        with netcrm.open(str(made.file)) as net:
            bring_in(net)
        yield made


@pytest.fixture
def read(home: Home, capsys: pytest.CaptureFixture[str]) -> Home:
    """A home that is signed in, and all mail of it read."""
    assert (home.login(), home.run("sync")) == (0, 0)
    capsys.readouterr()
    return home


class TestSigningIn:
    def test_whoever_is_chosen_on_the_page_is_signed_in(self, home, capsys):
        assert home.login() == 0
        assert capsys.readouterr().out.splitlines() == [
            f"{ME} is signed in: headers of mail, meetings.",
            f"Next: netcrm google sync {ME}",
        ]
        assert home.world.store.accounts() == [ME]

    def test_a_code_that_somebody_else_asked_for_is_worth_nothing(self, home):
        def ask(page: str) -> str:
            [mine] = parse_qs(urlsplit(page).query)["code_challenge"]
            return ends_at(chosen(page.replace(mine, mine[::-1]), ME))

        with pytest.raises(SignInError, match="invalid_grant PKCE verification failed"):
            home.login("--paste", ask=ask)
        assert home.world.store.accounts() == []

    def test_a_google_that_does_not_say_whose_it_is(self, home):
        with pytest.raises(SignInError, match=r"Google refuses \(404 Not Found\)"):
            home.login(root=home.google)
        assert home.world.store.accounts() == []

    def test_a_token_that_is_over_is_renewed_and_kept(self, read):
        before = read.world.store.load(ME)
        read.let_the_access_token_expire()
        assert read.run("sync") == 0
        after = read.world.store.load(ME)
        assert after.access != before.access
        assert after.refresh_token == before.refresh_token

    def test_what_is_taken_back_at_google_has_to_be_allowed_again(self, read, capsys):
        token = urlencode({"token": read.world.store.load(ME).refresh_token}).encode()
        urllib.request.urlopen(f"{read.google}/oauth2/revoke", token, timeout=10).close()
        read.let_the_access_token_expire()
        assert read.run("sync") == SignInError.exit_code
        assert "invalid_grant" in capsys.readouterr().err
        assert read.login() == read.run("sync") == 0

    def test_signing_out_takes_it_back_at_google(self, read, capsys):
        token = read.world.store.load(ME)
        assert read.run("logout", ME) == 0
        assert capsys.readouterr().out == f"{ME} is signed out, here and at Google.\n"
        with pytest.raises(SignInError, match="invalid_grant"):
            saving(read.world.store, attrs.evolve(token, access="")).__enter__()
        with pytest.raises(SignInError, match="nobody is signed in"):
            read.run("sync")


class TestSync:
    def test_all_mail_with_people_who_are_here_is_logged(self, home, capsys):
        home.login()
        capsys.readouterr()
        assert home.run("sync") == 0
        units = 1 + 5 + 60 * 20 + 2
        assert capsys.readouterr().out == (
            f"{ME}: 60 read, 40 logged, 0 planned, 0 changed, 0 removed ({units} units)\n"
        )
        assert home.refs() == {f"rfc822:{n}@x" for n in range(60) if n % 3 != 2}
        assert home.relay.asked == [PROFILE, LIST, BATCH, BATCH, BATCH, HISTORY, EVENTS]

    def test_the_text_is_not_kept_even_if_google_sends_it_unasked(self, read):
        assert read.post_office.get(userId="me", id="letter1").execute()["snippet"] == BEGINNING
        assert BEGINNING not in read.file.read_text("utf-8")

    def test_nothing_new_takes_two_requests(self, read):
        before = read.file.read_bytes()
        assert read.run("sync") == 0
        assert read.relay.asked == [HISTORY, EVENTS]
        assert read.file.read_bytes() == before

    def test_a_meeting_is_planned_until_it_is_deleted(self, read):
        start = datetime.now(UTC) + timedelta(days=3)
        times = {"start": start, "end": start + timedelta(minutes=30)}
        body: dict[str, Any] = {name: {"dateTime": at.isoformat()} for name, at in times.items()}
        body |= {"summary": "Coffee", "attendees": [{"email": ME, "self": True}, {"email": ANA}]}
        with client("calendar", Credentials(POST_OFFICE), read.google) as service:
            made = service.events().insert(calendarId="primary", body=body).execute()
            assert read.run("sync") == 0
            assert read.plans() == [("Coffee", ["ana-ruiz"])]
            service.events().delete(calendarId="primary", eventId=made["id"]).execute()
        assert read.run("sync") == 0
        assert read.plans() == []

    def test_only_what_is_new_is_read(self, read, capsys):
        raw = (
            f"From: {ANA}\r\nTo: {ME}\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\nMessage-ID: <new@x>\r\n"
        )
        body = {"raw": urlsafe_b64encode(f"{raw}\r\n".encode()).decode(), "labelIds": ["INBOX"]}
        read.post_office.insert(userId="me", body=body).execute()
        assert read.run("sync") == 0
        assert capsys.readouterr().out.startswith(f"{ME}: 1 read, 1 logged")
        assert read.relay.asked == [HISTORY, BATCH, EVENTS]
        assert "rfc822:new@x" in read.refs()

    def test_trash_is_gone_and_comes_back(self, read):
        read.post_office.trash(userId="me", id="letter3").execute()
        assert read.run("sync") == 0
        assert "rfc822:3@x" not in read.refs()
        read.post_office.untrash(userId="me", id="letter3").execute()
        assert read.run("sync") == 0
        assert "rfc822:3@x" in read.refs()
        assert read.run("sync") == 0
        assert read.relay.asked == [HISTORY, EVENTS]

    def test_what_is_deleted_is_gone(self, read):
        read.post_office.delete(userId="me", id="letter4").execute()
        assert read.run("sync") == 0
        assert read.refs() == {f"rfc822:{n}@x" for n in range(60) if n % 3 != 2 and n != 4}
        assert read.relay.asked == [HISTORY, EVENTS]

    def test_what_is_to_be_read_is_counted_first(self, home, capsys):
        home.login()
        capsys.readouterr()
        assert home.run("sync", "--since", "70 days ago", "--dry-run", "--json") == 0
        [said] = json.loads(capsys.readouterr().out)["accounts"]
        assert (said["listed"], said["recent"]) == (60, 40)
