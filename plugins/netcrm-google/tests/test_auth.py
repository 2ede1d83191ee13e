"""Signing in with Google's own libraries, at a Google of the tests, and staying so."""

from __future__ import annotations

import json
import socket
import threading
import time
import urllib.request
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

import attrs
import pytest

from netcrm import InvalidError, SignInError, StorageError
from netcrm_google.accounts import Outside, whose
from netcrm_google.auth import (
    ADDRESS,
    CALENDAR,
    CONTACTS,
    DRAFTS,
    METADATA,
    OWN_CALENDAR,
    READONLY,
    SignedIn,
    Way,
    by_browser,
    by_paste,
    login,
    read_client,
    revoke,
    saving,
)
from netcrm_google.redirect import Redirect
from netcrm_google.tokens import Token, TokenStore
from netcrm_google.trouble import LaterError
from tests.google import GoogleServer
from tests.google.mailing import ME
from tests.google.signing import Ring, ends_at, outside, surf

TODAY = date(2026, 3, 5)


@pytest.fixture
def world(tmp_path: Path, google: GoogleServer) -> Outside:
    return outside(tmp_path / "google", google)


@pytest.fixture
def client(tmp_path: Path, google: GoogleServer) -> dict[str, str]:
    file = tmp_path / "client_secret_1.json"
    file.write_text(json.dumps(google.client_config()))
    return read_client(file)


@pytest.fixture
def sign_in(world: Outside, client: dict[str, str]) -> Callable[..., SignedIn]:
    def sign(way: Way | None = None, **more: Any) -> SignedIn:
        return login(
            world.store,
            client,
            way or by_browser(surf, 10),
            whose=lambda credentials: whose(world, credentials),
            today=TODAY,
            **more,
        )

    return sign


class TestSigningIn:
    def test_by_a_browser_on_this_machine(self, world, sign_in, client):
        signed = sign_in()
        assert signed.missing == ()
        assert set(signed.token.scopes) == {METADATA, CALENDAR}
        assert (signed.token.account, signed.token.signed_in) == (ME, "2026-03-05")
        assert world.store.load(ME) == signed.token
        assert world.store.client() == client

    def test_by_a_browser_elsewhere(self, world, sign_in):
        shown: list[str] = []

        def ask(page: str) -> str:
            shown.append(page)
            return f"  {ends_at(page)}\n"

        assert sign_in(by_paste(ask)).token == world.store.load(ME)
        assert "redirect_uri=http%3A%2F%2F127.0.0.1" in shown[0]

    def test_google_is_asked_for_what_lasts_and_no_more_than_needed(self, sign_in):
        pages: list[str] = []
        sign_in(by_paste(lambda page: pages.append(page) or ends_at(page)))
        said = {name: one[0] for name, one in parse_qs(urlsplit(pages[0]).query).items()}
        assert said["access_type"] == "offline"
        assert said["prompt"] == "consent"
        assert said["code_challenge_method"] == "S256"
        assert set(said["scope"].split()) == {METADATA, CALENDAR}
        assert len(said["state"]) >= 32

    def test_all_mail_takes_the_place_of_its_headers(self, sign_in):
        sign_in()
        assert set(sign_in(mail="readonly").token.scopes) == {READONLY, CALENDAR}

    @pytest.mark.parametrize(
        ("purpose", "allowed"),
        [
            ("contacts", {CONTACTS, ADDRESS}),
            ("drafts", {DRAFTS}),
            ("calendar", {OWN_CALENDAR, ADDRESS}),
        ],
    )
    def test_each_purpose_has_permissions_of_its_own(self, world, sign_in, purpose, allowed):
        sign_in()
        made = sign_in(purpose=purpose).token
        assert set(made.scopes) == allowed
        assert made == world.store.load(ME, purpose)
        assert set(world.store.load(ME).scopes) == {METADATA, CALENDAR}
        assert world.store.purposes(ME) == ["sync", purpose]

    def test_what_is_needed_is_said_with_how_to_allow_it(self, sign_in, google):
        google.login.only = [ADDRESS]
        with pytest.raises(SignInError, match=r"contacts: was not allowed.*login --for contacts$"):
            sign_in(purpose="contacts")

    def test_again_gives_a_token_that_lasts_as_well(self, sign_in):
        first, second = sign_in().token, sign_in().token
        assert first.refresh_token != second.refresh_token

    def test_a_second_account(self, world, sign_in, google):
        sign_in()
        google.mailbox.email = "You@example.org"
        assert sign_in().token.account == "you@example.org"
        assert world.store.accounts() == [ME, "you@example.org"]

    def test_into_the_keyring(self, world, google, client):
        ring = Ring()
        world = world._replace(keyring=ring)
        login(world.store, client, by_browser(surf, 10), today=TODAY, whose=lambda _: ME)
        assert [one for one in ring.kept if one[1] == f"{ME} sync"]

    def test_meetings_that_are_not_allowed_are_told(self, world, sign_in, google):
        google.login.only = [METADATA]
        signed = sign_in()
        assert signed.missing == (CALENDAR,)
        assert signed.token.scopes == world.store.load(ME).scopes == (METADATA,)

    def test_without_mail_there_is_nothing_to_read(self, world, sign_in, google):
        google.login.only = [CALENDAR]
        with pytest.raises(SignInError, match=r"headers of mail: was not allowed.*tick that box"):
            sign_in()
        assert world.store.accounts() == []

    @pytest.mark.parametrize("way", [by_browser(surf, 10), by_paste(ends_at)])
    def test_somebody_may_say_no(self, world, sign_in, google, way):
        google.login.denied = True
        with pytest.raises(SignInError, match=r"nothing was allowed .*'access_denied'"):
            sign_in(way)
        assert world.store.accounts() == []
        assert world.store.client() is None

    def test_nobody_comes(self, sign_in):
        begin = time.monotonic()
        with pytest.raises(SignInError, match=r"within 0\.2 s.*--paste"):
            sign_in(by_browser(lambda _: None, 0.2))
        assert time.monotonic() - begin < 5

    @pytest.mark.parametrize(
        ("pasted", "error"),
        [
            ("", "that is not the address"),
            ("4/0Abc", "that is not the address"),
            ("http://127.0.0.1:47115/?state=x", "that is not the address"),
            ("http://[/?code=1", "that is not the address"),
            ("http://127.0.0.1:47115/?code=1&state=another", "of another sign-in"),
            ("http://127.0.0.1:47115/?code=1", "of another sign-in"),
        ],
    )
    def test_what_is_pasted_is_looked_at(self, sign_in, pasted, error):
        with pytest.raises(InvalidError, match=error):
            sign_in(by_paste(lambda _: pasted))

    def test_a_code_that_is_none(self, sign_in):
        def ask(page: str) -> str:
            state = parse_qs(urlsplit(page).query)["state"][0]
            return f"http://127.0.0.1:47115/?code=invented&state={state}"

        with pytest.raises(SignInError, match=r"Google refuses \(invalid_grant Malformed"):
            sign_in(by_paste(ask))

    def test_a_client_that_google_does_not_know(self, sign_in, client):
        client["client_secret"] = "another"
        with pytest.raises(SignInError, match=r"Google refuses \(invalid_client"):
            sign_in()

    def test_google_that_cannot_be_reached(self, sign_in, client):
        client["token_uri"] = "http://127.0.0.1:9/token"
        with pytest.raises(LaterError, match="Google cannot be reached"):
            sign_in()

    def test_google_that_fails_at_the_end_keeps_nothing(self, world, sign_in, google):
        google.fail("insufficientPermissions", on="getProfile")
        with pytest.raises(SignInError, match="insufficient authentication scopes"):
            sign_in()
        assert world.store.accounts() == []

    def test_an_account_without_gmail_is_told(self, world, sign_in, google):
        google.fail("failedPrecondition", on="getProfile")
        with pytest.raises(SignInError, match=r"refuses \(400 Mail service not enabled\)\. If it"):
            sign_in()
        assert world.store.accounts() == []


class TestRedirect:
    def get(self, address: str) -> int:
        try:
            with urllib.request.urlopen(address, timeout=10) as page:
                return int(page.status)
        except HTTPError as error:
            with error:
                return error.code

    def test_only_what_google_sends_counts(self):
        with Redirect("mine") as back:
            for other in ("favicon.ico", "", "?code=1", "?code=1&state=yours", "?state=mine"):
                assert self.get(back.uri + other) == 404
            with pytest.raises(SignInError):
                back.wait(0.05)
            assert self.get(f"{back.uri}?state=mine&code=1") == 200
            assert back.wait(5) == "/?state=mine&code=1"

    def test_a_connection_that_says_nothing_holds_nobody_up(self):
        with Redirect("mine") as back, socket.socket() as idle:
            idle.connect(("127.0.0.1", urlsplit(back.uri).port))
            assert self.get(f"{back.uri}?state=mine&error=no") == 200
            assert back.wait(5)

    def test_nobody_else_can_reach_it(self):
        with Redirect("mine") as back:
            assert back._server.server_address[0] == "127.0.0.1"

    def test_it_is_gone_afterwards(self):
        with Redirect("mine") as back:
            address = ("127.0.0.1", urlsplit(back.uri).port)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address)

    def test_it_says_nothing_of_the_code(self, capfd):
        with Redirect("mine") as back:
            self.get(f"{back.uri}?state=mine&code=secret")
            with socket.create_connection(("127.0.0.1", urlsplit(back.uri).port)) as rude:
                rude.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
        assert capfd.readouterr() == ("", "")


class TestClientFile:
    def test_is_that_of_a_desktop_app(self, client, google):
        assert client["token_uri"] == f"{google.url}/token"
        assert set(client) == {"client_id", "client_secret", "auth_uri", "token_uri"}

    @pytest.mark.parametrize(
        "text",
        ["", "{", "[]", "7", "{}", '{"installed": 7}', '{"installed": {"client_id": "1"}}',
         '{"installed": {"client_id": 1, "client_secret": "", "auth_uri": "", "token_uri": ""}}',
         "\udcff"],
    )  # fmt: skip
    def test_anything_else_is_one_line(self, tmp_path, text):
        file = tmp_path / "x.json"
        file.write_text(text, errors="surrogateescape")
        with pytest.raises(InvalidError, match=r"x\.json: is no client of Google's"):
            read_client(file)

    def test_one_of_a_web_application_is_told_apart(self, tmp_path, google):
        file = tmp_path / "x.json"
        file.write_text(json.dumps({"web": google.client_config()["installed"]}))
        with pytest.raises(InvalidError, match="make a client of the type Desktop app"):
            read_client(file)

    def test_none_at_all(self, tmp_path):
        with pytest.raises(InvalidError, match="no such file"):
            read_client(tmp_path / "x.json")
        with pytest.raises(StorageError):
            read_client(tmp_path)


class TestStayingSo:
    @pytest.fixture
    def store(self, world: Outside) -> TokenStore:
        return world.store

    @pytest.fixture
    def token(self, sign_in: Callable[..., SignedIn]) -> Token:
        return sign_in().token

    def test_what_is_good_is_used(self, store, token, google):
        google.reset_accounts()
        with saving(store, token) as credentials:
            assert credentials.token == token.access
        assert google.asked("oauth.token") == []
        assert store.load(ME) == token

    @pytest.mark.parametrize("access", ["old", ""])
    def test_what_is_over_is_renewed_and_kept(self, world, store, token, access):
        store.save(
            attrs.evolve(token, access=access, expiry="2026-01-01T00:00:00" if access else "")
        )
        with saving(store, store.load(ME)) as credentials:
            assert whose(world, credentials) == ME
        kept = store.load(ME)
        assert kept.access == credentials.token not in ("old", "")
        assert kept.refresh_token == token.refresh_token
        with saving(store, kept) as again:
            assert again.token == kept.access

    def test_what_is_renewed_meanwhile_is_kept_too(self, world, store, token, google):
        with saving(store, token) as credentials:
            google.tokens.expire_access_tokens()
            assert whose(world, credentials) == ME
        assert store.load(ME).access == credentials.token != token.access

    def test_also_if_something_goes_wrong(self, world, store, token, google):
        def goes_wrong() -> None:
            with saving(store, token) as credentials:
                google.tokens.expire_access_tokens()
                whose(world, credentials)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            goes_wrong()
        assert store.load(ME).access != token.access

    def test_who_signs_in_again_meanwhile_is_not_undone(self, world, store, token, google, sign_in):
        with saving(store, token) as credentials:
            google.tokens.expire_access_tokens()
            whose(world, credentials)
            newer = sign_in().token
        assert store.load(ME) == newer

    def test_nor_is_who_signs_out(self, world, store, token, google):
        with saving(store, token) as credentials:
            google.tokens.expire_access_tokens()
            whose(world, credentials)
            store.remove(ME)
        assert store.accounts() == []

    @pytest.mark.parametrize(
        ("mail", "again"), [("metadata", "login"), ("readonly", "login --scope readonly")]
    )
    def test_what_was_taken_back_is_said_with_all_causes(self, store, sign_in, google, mail, again):
        token = attrs.evolve(sign_in(mail=mail).token, access="", expiry="")
        google.tokens.revoke()
        with pytest.raises(SignInError) as raised, saving(store, token):
            pass
        said = str(raised.value)
        assert said.startswith(f"{ME}: ")
        assert said.endswith(f"sign in again: netcrm google {again}")
        for cause in ("seven days", "password", "six months", "too many", "you or an admin"):
            assert cause in said
        assert "\n" not in said
        assert raised.value.exit_code == 77
        assert store.accounts() == [ME]

    def test_a_client_that_is_gone_is_another_matter(self, store, token):
        token = attrs.evolve(token, access="", expiry="", client_secret="another")
        with (
            pytest.raises(SignInError, match=r"invalid_client.*--client FILE"),
            saving(store, token),
        ):
            pass

    @pytest.mark.parametrize("fault", [503, "drop", "cut"])
    def test_a_google_that_is_ill_is_no_reason_to_sign_in(self, store, token, google, fault):
        google.fail(fault, times=99, on="oauth.token")
        token = attrs.evolve(token, access="", expiry="")
        with pytest.raises(LaterError, match="cannot be reached"), saving(store, token):
            pass
        assert threading.active_count() < 50


class TestTakingBack:
    def test_google_is_told(self, sign_in, google):
        token = sign_in().token
        assert revoke(token)
        assert google.tokens.by_refresh_token(token.refresh_token) is None
        assert revoke(token)
        assert revoke(attrs.evolve(token, refresh_token="unknown by now"))

    def test_or_it_is_said_that_it_is_not(self, sign_in, google):
        token = sign_in().token
        google.fail(503, on="oauth.revoke")
        assert not revoke(token)
        assert not revoke(attrs.evolve(token, token_uri="http://127.0.0.1:9/token"))
