"""`netcrm draft ... --to gmail`: it is among the drafts of Gmail, once, and nothing is sent."""

from __future__ import annotations

import ast
import email
import email.policy
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httplib2
import pytest

import netcrm_google
from netcrm import SignInError
from netcrm_google.accounts import Outside
from netcrm_google.auth import DRAFTS, METADATA
from netcrm_google.caller import Caller
from netcrm_google.connections import Http, _Once
from netcrm_google.drafts import put
from netcrm_google.quota import REQUESTS, Pace
from netcrm_google.trouble import UnsureError
from tests import networks
from tests.google import GoogleServer, errors
from tests.google.client import service
from tests.google.mailing import ME, YOU
from tests.google.signing import outside, signed_in
from tests.networks import Ran, Terminal

terminal = networks.terminal
PAGE = "https://mail.google.com/mail/u/?authuser=me%40example.org#drafts"
LETTER = b"To: ana@example.org\r\nSubject: Thank you\r\n\r\nDear Ana\r\n"
SURE_IT_IS_NOT_THERE = (429, "rateLimitExceeded", "userRateLimitExceeded")
NOBODY_KNOWS = ("lost", "drop", "cut", "html", 408, 500, 502, 503, 504)
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
Draft = Callable[..., Ran]


@pytest.fixture
def world(tmp_path: Path, google: GoogleServer, monkeypatch: pytest.MonkeyPatch) -> Outside:
    """The world around, in which nobody is signed in."""
    made = outside(tmp_path / "google", google)
    monkeypatch.setattr("netcrm_google.outside.around", lambda: made)
    return made


@pytest.fixture
def me(world: Outside, google: GoogleServer) -> str:
    """My account, signed in for drafts."""
    return signed_in(world, google, [DRAFTS], ME, purpose="drafts").account


@pytest.fixture
def draft(terminal: Terminal) -> Draft:
    """Draft a letter to Inês."""
    with terminal.open() as net:
        net.add("Maya Rao", is_me=True)
        net.add("Inês Duarte", handle="ines", email="ines@example.org")
    return lambda *words: terminal("draft", "thank_you", "ines", *words)


def methods(google: GoogleServer) -> list[str]:
    return [seen.method for seen in google.log]


class TestPut:
    def test_it_is_there_and_it_is_said_where(self, google, me, draft):
        ran = draft("--to", "gmail", "--about", "the nights – so long")
        assert ran.code == 0
        assert ran.out.splitlines() == [
            f"The draft is in the Gmail of {me}: {PAGE}",
            "Read it there, and send it yourself.",
        ]
        assert ran.err.splitlines()[-1] == "When it is sent: netcrm log ines email --kind thank_you"
        [raw] = google.drafts.raw.values()
        read = email.message_from_bytes(raw, policy=email.policy.default)
        assert (read["To"], read["Subject"], read["From"], read["X-Unsent"]) == (
            "Inês Duarte <ines@example.org>", "Thank you", None, None,
        )  # fmt: skip
        assert "the nights – so long" in read.get_content()

    def test_that_is_one_request_and_nothing_is_sent_or_read(self, google, me, draft):
        draft("--to", "gmail")
        assert methods(google) == ["gmail.users.drafts.create"]
        assert google.log[0].params == {"userId": "me", "fields": "id", "alt": "json"}
        assert [google.mailbox.get(one).mail.labels for one in google.mailbox.ids()] == [("DRAFT",)]

    def test_twice_are_two(self, google, me, draft):
        assert [draft("--to", "gmail").code for _ in range(2)] == [0, 0]
        assert len(google.drafts.ids()) == 2

    def test_every_byte_arrives(self, google, world, me):
        letters = [LETTER + bytes(range(first, 256)) for first in range(4)]
        for letter in letters:
            put(world, letter, "")
        assert list(google.drafts.raw.values()) == letters

    def test_a_token_that_is_too_old_is_renewed(self, google, world, draft):
        signed_in(world, google, [DRAFTS], ME, purpose="drafts", access="", expiry="")
        assert draft("--to", "gmail").code == 0
        assert methods(google) == ["oauth.token", "gmail.users.drafts.create"]

    def test_a_token_that_google_forgot_is_renewed_and_there_is_one_draft(self, google, me, draft):
        google.tokens.expire_access_tokens()
        assert draft("--to", "gmail").code == 0
        assert len(google.drafts.ids()) == 1


class TestAccounts:
    def test_nobody_is_signed_in(self, google, world, draft):
        ran = draft("--to", "gmail")
        assert (ran.code, google.calls) == (77, 0)
        assert ran.err == (
            "netcrm: nobody is signed in for drafts. To sign in: netcrm google login --for drafts\n"
        )

    def test_to_be_signed_in_for_mail_is_not_enough(self, google, world, draft):
        signed_in(world, google, [METADATA], ME)
        for to in ("gmail", f"gmail:{ME}"):
            ran = draft("--to", to)
            assert (ran.code, google.calls) == (77, 0)
            assert ran.err.endswith("To sign in: netcrm google login --for drafts\n")

    def test_of_several_one_is_to_be_named(self, google, world, me, draft):
        signed_in(world, google, [DRAFTS], YOU, purpose="drafts")
        ran = draft("--to", "gmail")
        assert (ran.code, google.calls) == (3, 0)
        assert "“gmail” fits several accounts: me@example.org (gmail:me@example.org), " in ran.err
        for account in (ME, YOU, "You@Example.org"):
            assert account in draft("--to", f"gmail:{account}").out
        assert len(google.drafts.ids()) == 3

    def test_the_one_that_is_named_is_the_one(self, google, world, draft):
        """Each at a Google of its own."""
        signed_in(world, google, [DRAFTS], ME, purpose="drafts")
        token = signed_in(world, google, [DRAFTS], YOU, purpose="drafts")
        google.tokens.revoke(token.refresh_token)
        assert draft("--to", f"gmail:{ME}").code == 0
        assert draft("--to", f"gmail:{YOU}").code == 77

    @pytest.mark.parametrize("odd", ["../../etc/passwd", "\x1b[2J", "x" * 300, "a@b c", "/", "\0"])
    def test_an_account_that_is_none_is_one_line(self, google, me, draft, odd):
        ran = draft("--to", f"gmail:{odd}")
        assert ran.code in (4, 77)
        assert (len(ran.err.splitlines()), google.calls) == (1, 0)
        assert "\x1b" not in ran.err

    def test_a_permission_that_does_not_allow_it(self, google, world, draft):
        signed_in(world, google, [METADATA], ME, purpose="drafts")
        ran = draft("--to", "gmail")
        assert ran.code == 77
        assert ran.err.endswith("To sign in again: netcrm google login --for drafts\n")
        assert ran.out.startswith("Subject: Thank you\n\nDear Inês,")

    def test_a_permission_that_was_taken_back(self, google, me, draft):
        google.tokens.revoke()
        ran = draft("--to", "gmail")
        assert ran.code == 77
        assert ran.err.endswith("sign in again: netcrm google login --for drafts\n")

    def test_the_real_world_is_looked_into(self, draft):
        """Here nobody is signed in: the home is empty."""
        assert draft("--to", "gmail").code == 77


class TestTrouble:
    @pytest.mark.parametrize("fault", SURE_IT_IS_NOT_THERE)
    def test_what_google_refuses_for_now_is_tried_again(self, google, me, draft, fault):
        google.fail(fault, times=2, on="drafts.create")
        assert draft("--to", "gmail").code == 0
        assert (len(google.asked("drafts.create")), len(google.drafts.ids())) == (3, 1)

    @pytest.mark.parametrize("fault", [*SURE_IT_IS_NOT_THERE, "dailyLimitExceeded"])
    def test_what_google_goes_on_refusing_is_not_there(self, google, me, draft, fault):
        google.fail(fault, times=math.inf, on="drafts.create")
        ran = draft("--to", "gmail")
        assert (ran.code, google.drafts.ids()) == (75, [])
        assert "Nothing is lost" in ran.err
        assert ran.out == draft().out

    @pytest.mark.parametrize("fault", NOBODY_KNOWS)
    def test_where_nobody_knows_it_is_not_tried_again(self, google, me, draft, fault):
        google.fail(fault, times=math.inf, on="drafts.create")
        ran = draft("--to", "gmail")
        assert ran.code == 75
        assert f"{ME}: Google did not say whether it has the draft now (" in ran.err
        assert ran.err.endswith(f"Look there before you try again: {PAGE}\n")
        assert len(google.asked("drafts.create")) == 1
        assert len(google.drafts.ids()) == (fault in ("lost", "cut"))
        assert ran.out == draft().out

    def test_nobody_knows_either_where_google_takes_too_long(self, google, world):
        gmail = service(google, "gmail", [DRAFTS], timeout=0.2)
        caller = Caller(gmail, Pace(REQUESTS, world.means.clock, world.means.sleep), world.means)
        hold = google.hold("drafts.create")
        body = {"message": {"raw": ""}}
        with pytest.raises(UnsureError, match="timed out"):
            caller.call(gmail.users().drafts().create(userId="me", body=body), once=True)
        assert (caller.requests, hold.reached.is_set()) == (1, True)
        gmail.close()

    def test_a_google_that_is_not_reached_has_no_draft(self, google, world, me, monkeypatch, draft):
        nowhere = world._replace(root="http://127.0.0.1:1")
        monkeypatch.setattr("netcrm_google.outside.around", lambda: nowhere)
        ran = draft("--to", "gmail")
        assert (ran.code, google.calls) == (75, 0)
        assert "Connection refused" in ran.err
        assert "Nothing is lost; try again later." in ran.err

    def test_a_name_that_nobody_knows_is_not_reached(self, world, me, monkeypatch, draft):
        nowhere = world._replace(root="http://no-such-host.invalid")
        monkeypatch.setattr("netcrm_google.outside.around", lambda: nowhere)
        assert "Nothing is lost; try again later." in draft("--to", "gmail").err

    def test_a_renewal_that_fails_meanwhile_leaves_no_doubt(self, google, me, draft):
        google.tokens.expire_access_tokens()
        google.fail("drop", on="oauth.token")
        assert draft("--to", "gmail").code == 0
        assert len(google.drafts.ids()) == 1

    def test_a_letter_that_gmail_does_not_take(self, google, me, monkeypatch, draft):
        refusal = errors.invalid("Invalid To header")
        monkeypatch.setitem(errors.REFUSALS, "invalid", lambda _: refusal)
        google.fail("invalid", on="drafts.create")
        ran = draft("--to", "gmail")
        assert ran.code == 1
        assert ran.err == f"netcrm: {ME}: Gmail does not take the draft: 400 Invalid To header\n"

    def test_an_interface_that_is_not_enabled(self, google, me, monkeypatch, draft):
        error = errors.GoogleError(403, "accessNotConfigured", "Gmail API is disabled. Enable it")
        monkeypatch.setitem(errors.REFUSALS, "accessNotConfigured", lambda _: error)
        google.fail("accessNotConfigured", on="drafts.create")
        ran = draft("--to", "gmail")
        assert (ran.code, google.drafts.ids()) == (77, [])
        assert "may not use this yet: 403 Gmail API is disabled" in ran.err

    def test_a_damaged_token_is_one_line(self, world, me, draft):
        (world.folder / f"{ME}.drafts.json").write_text("{")
        ran = draft("--to", "gmail")
        assert (ran.code, len(ran.err.splitlines())) == (4, 1)
        assert ran.err.endswith("To sign in again: netcrm google login --for drafts\n")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_connections_are_those_of_httplib2_but_for_sending_twice(scheme: str):
    http = Http(timeout=1)
    with pytest.raises(ConnectionRefusedError):
        http.request(f"{scheme}://127.0.0.1:1/")
    [made] = http.connections.values()
    assert type(made).__mro__[1:3] == (_Once, httplib2.SCHEME_TO_CONNECTION[scheme])


class TestNothingIsSent:
    def test_no_method_that_sends_is_ever_named(self):
        """Gmail sends by messages.send and drafts.send."""
        files = list(Path(str(netcrm_google.__file__)).parent.glob("**/*.py"))
        assert len(files) > 10
        nodes: list[Any] = [node for one in files for node in ast.walk(ast.parse(one.read_bytes()))]
        names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        words = {node.value for node in nodes if isinstance(node, ast.Constant)}
        assert "create" in names
        assert "send" not in names | words

    def test_it_says_so_in_python_too(self, google, world, me):
        where = put(world, LETTER, ME)
        assert where == f"the Gmail of {ME}: {PAGE}"
        assert set(methods(google)) == {"gmail.users.drafts.create"}
        with pytest.raises(SignInError):
            put(world, LETTER, YOU)
