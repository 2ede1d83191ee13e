"""From a request to an answer: route, order of a test, token, parameters, endpoint, contract."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.google import batch, contract, discovery, masks, oauth
from tests.google.accounts import Accounts, Seen
from tests.google.batch import Reply, Request
from tests.google.calls import Answer, Call, Pages
from tests.google.errors import GoogleError, Json, invalid, lacking_scope
from tests.google.faults import TWISTS, WIRE, Fault, Faults
from tests.google.tokens import Tokens

NOWHERE: Final = (
    b"<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>The requested URL was not found."
)
"""Google answers an unknown path with a page for people."""
_ALL: Final = tuple(api for api, _ in discovery.APIS)
_HTML: Final = {"Content-Type": "text/html; charset=UTF-8"}


class Broken(NamedTuple):
    """What is to happen to an answer on its way."""

    reply: Reply | None
    fault: Fault


class Answering:
    """Answers requests, alone or in batches."""

    def __init__(
        self,
        answers: Mapping[str, Answer],
        tokens: Tokens,
        login: oauth.Login,
        faults: Faults,
        accounts: Accounts,
        before: Callable[[Seen], None],
    ) -> None:
        self.violations: list[str] = []
        self.pages = Pages()
        self._answers = answers
        self._tokens = tokens
        self._login = login
        self._faults = faults
        self._accounts = accounts
        self._before = before

    def answer(self, request: Request) -> Reply | Broken:
        """Return the answer to an HTTP request, and what is to happen to it."""
        self._accounts.called()
        url = urlsplit(request.target)
        if name := oauth.METHODS.get((request.verb, url.path)):
            login = self._login
            return self._under(Seen(name, {}), lambda _: login.answer(name, request))
        if batch.is_batch(url.path):
            return self._under(Seen("batch", {}), lambda fault: self._batch(request, fault))
        return self._one(request)

    def wrong(self, what: str) -> Reply:
        """Note that the server itself is wrong, which fails the test."""
        self.violations.append(what)
        return refused(GoogleError(500, "localServerIsWrong", what))

    def _under(self, seen: Seen, make: Callable[[str], Reply]) -> Reply | Broken:
        """Return what is made, or what a test ordered instead; *make* is told what that is."""
        self._before(seen)
        fault = self._faults.next(seen.method, inner=seen.inner)
        what = str(fault.what) if fault else ""
        reply = None
        if fault and (refusal := fault.refusal()):
            reply = refused(refusal)
        elif what == "html":
            reply = Reply(200, b"<html><body>Sign in to this network</body></html>", _HTML)
        elif what != "drop":
            reply = self._guarded(lambda: make(what))
        self._accounts.note(seen._replace(status=reply.status if reply else 0))
        if fault and (reply is None or what in WIRE):
            return Broken(reply, fault)
        assert reply is not None
        return reply

    def _guarded(self, make: Callable[[], Reply]) -> Reply:
        try:
            return make()
        except GoogleError as error:
            return refused(error)
        except Exception as error:
            return self.wrong(repr(error))

    def _batch(self, outer: Request, fault: str) -> Reply:
        path = urlsplit(outer.target).path
        answers = []
        for content_id, request in batch.taken_apart(path, outer):
            reply = self._one(request, inner=True, apis=batch.allowed(path))
            whole = reply if isinstance(reply, Reply) else reply.reply
            assert whole is not None
            answers.append((content_id, whole))
        return batch.put_together(answers, fault)

    def _one(
        self, request: Request, *, inner: bool = False, apis: tuple[str, ...] = _ALL
    ) -> Reply | Broken:
        url = urlsplit(request.target)
        found = discovery.find(request.verb, url.path)
        if found is None or found.method.api not in apis:
            self._accounts.note(Seen("", {"path": url.path}, inner, 404))
            return Reply(404, NOWHERE, _HTML)
        query = parse_qs(url.query, keep_blank_values=True)
        told = {key: x[0] if len(x) == 1 else x for key, x in query.items()} | dict(found.path)
        seen = Seen(found.method.id, told, inner)
        return self._under(seen, lambda fault: self._reply(found, query, request, fault))

    def _reply(
        self,
        found: discovery.Found,
        query: Mapping[str, list[str]],
        request: Request,
        fault: str,
    ) -> Reply:
        call = self._call(found, query, request)
        call.twist = fault if fault in TWISTS else ""
        answer = self._answers.get(found.method.id)
        if answer is None:
            raise NotImplementedError(found.method.id)
        self._accounts.spend(found.method.id)
        return self._checked(call, answer(call))

    def _call(
        self, found: discovery.Found, query: Mapping[str, list[str]], request: Request
    ) -> Call:
        method = found.method
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        scopes = self._tokens.scopes(token if scheme == "Bearer" else "")
        params = discovery.read(found, query)
        if method.scopes.isdisjoint(scopes):
            raise lacking_scope(method.id)
        call = Call(method, params, scopes, self.pages)
        if request.body:
            call.body = _body(call, request)
        return call

    def _checked(self, call: Call, answer: Json | None) -> Reply:
        if faults := contract.violations(call.method, answer):
            return self.wrong(f"{call.method.id}: {'; '.join(faults[:5])}")
        if answer is None:
            return Reply(204, b"")
        if "fields" in call.params:
            answer = masks.masked(call.method, call.params["fields"], answer)
        return Reply(200, json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))


def refused(error: GoogleError) -> Reply:
    """Return the answer of an error."""
    return Reply(error.code, json.dumps(error.body).encode(), error.headers)


def _body(call: Call, request: Request) -> Json:
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise GoogleError(400, "parseError", "Parse Error")
    if wrong := contract.misfits(call.method, body):
        raise invalid(f"Invalid JSON payload received. {wrong[0]}")
    return body
