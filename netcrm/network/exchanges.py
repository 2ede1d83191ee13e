"""Logging what passed between me and people who are in the network, as a source tells it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from netcrm.codec import decode
from netcrm.errors import InvalidError
from netcrm.model.contact import Contact
from netcrm.model.ids import new_id
from netcrm.model.interaction import Interaction, Participant
from netcrm.model.time import LocalMoment
from netcrm.network.matching import Matcher, PassedOverError
from netcrm.network.work import Work
from netcrm.rules.identity import full_name, identifiers, profile_in
from netcrm.rules.sightings import Exchange
from netcrm.source import Problem
from netcrm.storage.query import Query, one_of


class Logged(NamedTuple):
    """What became of some rows: how many were logged, how many were before, and the others."""

    logged: int
    unchanged: int
    problems: list[Problem]


class Exchanges:
    """The people of a network, and the rows of one import that are logged with them."""

    def __init__(self, work: Work, matcher: Matcher, source: str, now: datetime) -> None:
        self._view = work.view
        self._work = work
        self._matcher = matcher
        self._source = source
        self._now = now
        self._zone = now.tzinfo.key if isinstance(now.tzinfo, ZoneInfo) else "UTC"
        self._meant: dict[tuple[tuple[str, str], ...], str] = {}
        self._line_of: dict[str, int] = {}

    def take(self, exchanges: list[Exchange]) -> Logged:
        """Log some rows, unless they were logged before."""
        refs = [f"{self._source}:{exchange.ref}" for exchange in exchanges]
        logged = Query("interaction", one_of("ref", set(refs)))
        before = {str(ref) for (ref,) in self._view.rows(logged, ("ref",))}
        before -= self._line_of.keys()
        new: list[Interaction] = []
        problems: list[Problem] = []
        unchanged = 0
        for ref, exchange in zip(refs, exchanges, strict=True):
            line, file = exchange.line, exchange.file
            try:
                if (first := self._line_of.setdefault(ref, line)) != line:
                    raise PassedOverError(f"the same as line {first}")
                if ref in before:
                    unchanged += 1
                else:
                    new.append(self._interaction(exchange, ref))
            except InvalidError as error:
                problems.append(Problem(line=line, file=file, reason=str(error)))
            except PassedOverError as error:
                problems.append(Problem(line=line, file=file, reason=str(error), kind="skipped"))
        self._work.put_all(new)
        return Logged(len(new), unchanged, problems)

    def _interaction(self, exchange: Exchange, ref: str) -> Interaction:
        if isinstance(exchange.at, datetime):
            occurred = LocalMoment.of(exchange.at, self._zone)
        else:
            occurred = LocalMoment.on(exchange.at)
        if occurred.date > self._now.date():
            raise InvalidError(f"{occurred.date} is in the future")
        if not exchange.ref:
            raise InvalidError("it has no ref to know it by next time")
        people = dict.fromkeys(filter(None, map(self._person, exchange.people)))
        if not people:
            raise PassedOverError(self._why_nobody(exchange))
        return Interaction(
            id=new_id(),
            occurred=occurred,
            logged_at=self._now,
            participants=tuple(Participant(contact=person) for person in people),
            channel=exchange.channel,
            direction=exchange.direction,
            kind=exchange.kind,
            subject=exchange.subject,
            text=exchange.text,
            thread=exchange.thread,
            ref=ref,
        )

    def _person(self, said: Mapping[str, str]) -> str:
        """Return the id of whom a row means; nothing if they are not here, or it is me."""
        key = tuple(said.items())
        if key not in self._meant:
            found: list[str] = []
            if not self._matcher.is_forgotten(said):
                found = [one.id for one in self._matcher.book.match(said)] or self._called(said)
            only = found[0] if len(found) == 1 else ""
            self._meant[key] = "" if only in self._matcher.me else only
        return self._meant[key]

    def _why_nobody(self, exchange: Exchange) -> str:
        """Return why none of those who are named in a row is meant."""
        for said in exchange.people:
            if self._matcher.is_forgotten(said):
                return "with somebody who was forgotten"
            name = full_name(said)
            if len(self._matcher.book.match(said)) > 1 or len(self._matcher.called(name)) > 1:
                return f"{name or 'an address'} may mean several people"
        return "with nobody who is in your network"

    def _called(self, said: Mapping[str, str]) -> list[str]:
        """Return who is called so, if this source knows them and nobody else is called so.

        It does not count for somebody whose profile on the same site is another one.
        """
        named = self._matcher.called(full_name(said))
        if len(named) != 1 or named[0].has_another(profile_in(identifiers(said))):
            return []
        (record,) = self._view.get("contact", [named[0].id])
        return [record.id] if decode(record, Contact).origin(self._source) else []
