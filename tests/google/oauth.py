"""How does a program get its tokens? The consent of the person, the exchange, the revocation."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from tests.google.batch import Reply, Request
from tests.google.tokens import CLIENT_ID, CLIENT_SECRET, LIFETIME, Grant, Tokens

METHODS: Final[Mapping[tuple[str, str], str]] = {
    ("GET", "/o/oauth2/v2/auth"): "oauth.auth",
    ("POST", "/token"): "oauth.token",
    ("POST", "/revoke"): "oauth.revoke",
}
"""Names of ours for what is in no discovery document (Google guide: OAuth for desktop apps)."""
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_NO_LONGER: Final = "Token has been expired or revoked."


class RefusedError(Exception):
    """An error as RFC 6749 has them."""

    def __init__(self, error: str, description: str = "", status: int = 400) -> None:
        super().__init__(error)
        told = {"error": error} | ({"error_description": description} if description else {})
        self.reply = Reply(status, json.dumps(told).encode())


class _Code(NamedTuple):
    scopes: frozenset[str]
    redirect: str
    challenge: str
    refreshable: bool


class Login:
    """The pages and endpoints of the login; the person consents at once."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._lock = threading.Lock()
        self._codes: dict[str, _Code] = {}
        self._known = False
        self.denied = False
        """Whether the person says no."""
        self.only: Collection[str] | None = None
        """The scopes the person ticks, where it is not all (Google guide: granular permissions)."""

    def answer(self, name: str, request: Request) -> Reply:
        """Answer one of `METHODS`."""
        query = dict(parse_qsl(urlsplit(request.target).query, keep_blank_values=True))
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        try:
            if name == "oauth.auth":
                return self._consent(query)
            if name == "oauth.revoke":
                return self._revoke(form or query)
            _check_client(form, request.headers)
            if form.get("grant_type") == "authorization_code":
                return self._exchange(form)
            if form.get("grant_type") == "refresh_token":
                return self._refresh(form)
            raise RefusedError(
                "unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type')}"
            )
        except RefusedError as refused:
            return refused.reply

    def _consent(self, query: Mapping[str, str]) -> Reply:
        redirect = query.get("redirect_uri", "")
        if urlsplit(redirect).hostname not in _LOOPBACK or urlsplit(redirect).scheme != "http":
            raise RefusedError("redirect_uri_mismatch")
        if query.get("client_id") != CLIENT_ID:
            raise RefusedError("invalid_client", "The OAuth client was not found.", 401)
        if query.get("response_type") != "code" or not query.get("scope"):
            raise RefusedError("invalid_request", "Required parameter is missing: scope")
        if query.get("code_challenge_method", "S256") != "S256":
            raise RefusedError("invalid_request", "Only S256 is served here.")
        state = {"state": query["state"]} if "state" in query else {}
        if self.denied:
            return _elsewhere(redirect, {"error": "access_denied"} | state)
        scopes = frozenset(query["scope"].split(" "))
        if self.only is not None:
            scopes &= frozenset(self.only)
        # a person who consented before gives no new refresh token unless asked anew: seen in
        # pdobsan/oama issue 36
        anew = not self._known or "consent" in query.get("prompt", "")
        code = "4/0A" + secrets.token_urlsafe(12)
        refreshable = query.get("access_type") == "offline" and anew
        with self._lock:
            self._known = True
            challenge = query.get("code_challenge", "")
            self._codes[code] = _Code(scopes, redirect, challenge, refreshable)
        return _elsewhere(redirect, state | {"code": code, "scope": " ".join(sorted(scopes))})

    def _exchange(self, form: Mapping[str, str]) -> Reply:
        with self._lock:
            code = self._codes.pop(form.get("code", ""), None)
        if code is None:
            raise RefusedError("invalid_grant", "Malformed auth code.")
        if form.get("redirect_uri") != code.redirect:
            raise RefusedError("redirect_uri_mismatch", "Bad Request")
        if code.challenge:
            verifier = form.get("code_verifier")
            if verifier is None:
                raise RefusedError("invalid_grant", "Missing code verifier.")
            if not hmac.compare_digest(_challenge(verifier), code.challenge):
                raise RefusedError("invalid_grant", "Invalid code verifier.")
        grant = self._tokens.grant(code.scopes)
        return self._tokens_for(grant, refreshable=code.refreshable)

    def _refresh(self, form: Mapping[str, str]) -> Reply:
        grant = self._tokens.by_refresh_token(form.get("refresh_token", ""))
        if grant is None:
            raise RefusedError("invalid_grant", _NO_LONGER)
        if not grant.scopes.issuperset(form.get("scope", "").split()):
            raise RefusedError("invalid_scope", "Bad Request")  # RFC 6749, 6
        return self._tokens_for(grant, refreshable=False)

    def _tokens_for(self, grant: Grant, *, refreshable: bool) -> Reply:
        told = {
            "access_token": self._tokens.access(grant),
            "expires_in": LIFETIME,
            "scope": " ".join(sorted(grant.scopes)),
            "token_type": "Bearer",
        }
        if refreshable:
            told["refresh_token"] = grant.refresh_token
        return Reply(200, json.dumps(told).encode())

    def _revoke(self, form: Mapping[str, str]) -> Reply:
        if not form.get("token") or not self._tokens.revoke(form["token"]):
            raise RefusedError("invalid_token", _NO_LONGER)
        return Reply(200, b"{}")


def _check_client(form: Mapping[str, str], headers: Mapping[str, str]) -> None:
    # in the body, or as HTTP Basic as google-auth-oauthlib does (RFC 6749, 2.3.1)
    given = (form.get("client_id"), form.get("client_secret"))
    kind, _, text = headers.get("authorization", "").partition(" ")
    if kind == "Basic":
        try:
            name, _, password = base64.b64decode(text).decode().partition(":")
        except ValueError:
            raise RefusedError("invalid_client", "Unauthorized", 401) from None
        given = (name, password)
    if given != (CLIENT_ID, CLIENT_SECRET):
        raise RefusedError("invalid_client", "Unauthorized", 401)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _elsewhere(redirect: str, told: Mapping[str, str]) -> Reply:
    joint = "&" if urlsplit(redirect).query else "?"
    return Reply(302, b"", {"Location": redirect + joint + urlencode(told)})


def code_in(location: str) -> str:
    """Return the code in the address that the person is sent to."""
    return parse_qs(urlsplit(location).query)["code"][0]
