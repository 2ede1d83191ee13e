"""Who leads to whom: read around those who are to be reached, or of everybody."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Final, NamedTuple

from netcrm.model.contact import SUPPRESSED
from netcrm.model.time import LocalMoment, PartialDate
from netcrm.network.courses import moment
from netcrm.network.introductions import acquaintances, pairings
from netcrm.rules.hops import Chances, acquainted, pointed, said_when, stay
from netcrm.rules.introductions import standing
from netcrm.rules.paths import Hop, Stay
from netcrm.storage.contract import Doc, Record, Transaction
from netcrm.storage.query import Query, Where, eq, has, le, one_of

_MANY: Final = 2_000
"""Around more people than this it takes longer to look for what matters than to read it all."""


class Ways(NamedTuple):
    """What leads to whom, without my own ties.

    Attributes:
        nameless: of whom I do not know the name yet.
        archived: whom I have put away.
    """

    hops: tuple[Hop, ...]
    stays: tuple[Stay, ...]
    nameless: frozenset[str] = frozenset()
    archived: frozenset[str] = frozenset()

    @property
    def people(self) -> set[str]:
        """Everybody on them."""
        return {id_ for one in self.hops for id_ in one[:2]} | {one.person for one in self.stays}


def ways(
    view: Transaction,
    when: LocalMoment,
    chances: Chances,
    targets: Collection[str] | None = None,
    *,
    guesses: bool = True,
) -> Ways:
    """Return what was known by a moment of who leads to whom; nobody who is suppressed is in it.

    Args:
        view: where to read.
        when: the moment.
        chances: how likely each kind of hop leads on.
        targets: only what may lead to these within three hops; everything without them.
        guesses: also who was where, so that somebody may know somebody.
    """
    if targets is None or (guesses and len(targets) > _MANY):
        everywhere = _stays(view, when.date) if guesses else ()
        return _allowed(view, _hops(view, when, chances), everywhere)
    ends = set(targets)
    around = ends if len(ends) <= _MANY else None
    last = [hop for hop in _hops(view, when, chances, around) if hop.target in ends]
    sources = {hop.source for hop in last}
    theirs = _places(view, ends)
    places = theirs | _places(view, sources - ends)
    there = list(_stays(view, when.date, places)) if guesses else []
    sources |= {one.person for one in there if one.place in theirs}
    before = _hops(view, when, chances, sources)
    return _allowed(view, {*last, *(hop for hop in before if hop.target in sources)}, there)


def _allowed(view: Transaction, hops: Iterable[Hop], stays: Iterable[Stay]) -> Ways:
    """Return ways without me and without those who are not to be contacted, or have died."""
    found = Ways(tuple(hops), tuple(stays))
    people = found.people
    some = None if len(people) > _MANY else one_of("id", sorted(people))
    unlike = one_of("state", ("archived", *SUPPRESSED)) | eq("is_me", True)
    unlike |= eq("is_placeholder", True)
    rows = view.rows(
        Query("contact", unlike if some is None else some & unlike),
        ("id", "state", "is_me", "is_placeholder"),
    )
    known = list(rows)
    gone = {id_ for id_, state, is_me, _ in known if is_me or state in SUPPRESSED}
    return Ways(
        hops=tuple(hop for hop in found.hops if gone.isdisjoint(hop[:2])),
        stays=tuple(one for one in found.stays if one.person not in gone),
        nameless=frozenset(id_ for id_, *_, is_placeholder in known if is_placeholder),
        archived=frozenset(id_ for id_, state, *_ in known if state == "archived"),
    )


# --- who pointed to whom, and who knows whom


def _hops(
    view: Transaction, when: LocalMoment, chances: Chances, people: Collection[str] | None = None
) -> Iterator[Hop]:
    """Yield the hops that some people are part of, or all."""
    theirs = None if people is None else has("contacts", *sorted(people))
    for record in view.find(Query("referral", theirs)):
        hop = _pointed(record, when, chances)
        if hop is not None:
            yield hop
    yield from _acquainted(view, when, theirs)


def _pointed(record: Record, when: LocalMoment, chances: Chances) -> Hop | None:
    doc = record.doc
    made = PartialDate.parse(doc["made_on"])
    at = moment(doc["at"]) if "at" in doc else LocalMoment.on(made.first)
    if not at.is_by(when):
        return None
    steps = ((one["step"], PartialDate.parse(one["on"])) for one in doc.get("steps", ()))
    return pointed(
        (doc["referrer"], doc["referred"]),
        doc.get("mode", "name_only"),
        made,
        [(step, on) for step, on in steps if on.first <= when.date],
        today=when.date,
        chances=chances,
        fact=record.id,
    )


def _acquainted(view: Transaction, when: LocalMoment, theirs: Where | None) -> Iterator[Hop]:
    """Yield who knows whom, both ways: as I was told, or because they met through me."""
    known = acquaintances(view, when, theirs)
    tellers = {record.doc["told_by"] for record in known if record.doc.get("told_by")}
    named = one_of("id", sorted(tellers)) & ~one_of("state", SUPPRESSED) & eq("is_me", False)
    names = dict(view.rows(Query("contact", named), ("id", "name"))) if tellers else {}
    for record in known:
        one, other = record.doc["contacts"]
        noted = moment(record.doc["noted_on"])
        how, teller = record.doc.get("how", ""), names.get(record.doc.get("told_by"), "")
        for ends in ((one, other), (other, one)):
            yield acquainted(ends, how, teller, noted.date, today=when.date, fact=record.id)
    for made in pairings(view, when, theirs):
        now = standing(made, when)
        if now.stage == "met":
            one, other = made.people
            by_me = now.introduced
            how = f"introduced by you {said_when(by_me.date, when.date)}" if by_me else ""
            for ends in ((one, other), (other, one)):
                yield acquainted(ends, how, "", now.since.date, today=when.date, fact=made.id)


# --- who was where


def _places(view: Transaction, people: Collection[str]) -> set[str]:
    """Return where some people work or worked, as the index has it."""
    rows = view.rows(Query("contact", one_of("id", sorted(people))), ("organisations",))
    return {place for (places,) in rows for place in places}


def _stays(view: Transaction, day: date, places: Collection[str] | None = None) -> Iterator[Stay]:
    """Yield who was where, of those whom I knew by a day: at some places only, or anywhere."""
    if places is not None and not places:
        return
    where = le("added_on", str(day))
    if places is not None:
        where &= has("organisations", *sorted(places))
    for record in view.find(Query("contact", where)):
        for one in stays_of(record.id, record.doc, day):
            if places is None or one.place in places:
                yield one


def stays_of(person: str, doc: Doc, day: date) -> Iterator[Stay]:
    """Yield where a person was, as far as that is known by a day."""
    for job in doc.get("positions", ()):
        if called := job.get("organisation"):
            start, end, seen_on = (job.get(key, "") for key in ("start", "end", "seen_on"))
            if found := stay(person, called, start, end, seen_on, today=day):
                yield found
