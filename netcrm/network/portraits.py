"""Everybody and every link, as a picture of the network at a moment shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from netcrm.model.time import LocalMoment, PartialDate, days_later
from netcrm.network.courses import moment
from netcrm.network.introductions import acquaintances, pairings
from netcrm.network.touches import was_by
from netcrm.rules.introductions import standing
from netcrm.rules.obligations import Facts
from netcrm.rules.picture import Link, Portrait, status
from netcrm.rules.referrals import Traced
from netcrm.rules.tree import Tree
from netcrm.storage.contract import Doc, Transaction
from netcrm.storage.query import Query, le

_NEAR: Final = 2
"""So many days around a moment the hours tell what was by then, as it may have been elsewhere."""


def portraits(view: Transaction, facts: Facts, known: Tree) -> dict[str, Portrait]:
    """Return how everybody that is known stands there, by id, in the order of their handles.

    Args:
        view: where to read.
        facts: the interviews.
        known: everybody.
    """
    docs = {one.id: one.doc for one in view.get("contact", [one.id for one in known.members])}
    day, threads = facts.as_of.date, facts.threads()
    talks = _talks(view, facts.as_of)
    found = []
    for member in known.members:
        doc = docs[member.id]
        work = _work(doc, day)
        standings = [now for _, now in threads.get(member.id, ())]
        count, last = talks.get(member.id, (0, ""))
        found.append(
            Portrait(
                handle=doc["handle"],
                id=member.id,
                name=doc["name"],
                organisation=work.get("organisation", ""),
                title=work.get("title", ""),
                fields=tuple(sorted(doc.get("fields", ()))),
                circles=tuple(doc.get("circles", ())),
                degree=member.degree,
                through=docs[member.by]["handle"] if member.by else "",
                since=member.on,
                status=status((now.stage for now in standings), _state(doc, day)),
                is_placeholder=doc.get("is_placeholder", False),
                talks=count,
                last=date.fromisoformat(last) if last else None,
                interviews=sum(now.held is not None for now in standings),
            )
        )
    return {one.id: one for one in sorted(found, key=lambda one: one.handle)}


def _talks(view: Transaction, as_of: LocalMoment) -> dict[str, tuple[int, str]]:
    """Return how often I was in touch with each person by a moment, and on which day last."""
    found: dict[str, tuple[int, str]] = {}
    first, today, end = (str(days_later(as_of.date, days)) for days in (-_NEAR, 0, _NEAR))
    past = Query("interaction", le("on", end))
    for on, people, occurred in view.rows(past, ("on", "touched", "occurred")):
        if on >= first:
            if not was_by(occurred, as_of):
                continue
            on = min(on, today)  # elsewhere it may be tomorrow
        for person in people:
            count, last = found.get(person, (0, ""))
            found[person] = count + 1, on if on > last else last
    return found


def _work(doc: Doc, day: date) -> Mapping[str, str]:
    """Return the position held on a day: the last of those known then that may still be held."""
    today = PartialDate.of(day)
    for job in reversed(doc.get("positions", ())):
        if job.get("seen_on", "") > str(day):
            continue
        begun = "start" not in job or not today.before(PartialDate.parse(job["start"]))
        if begun and ("end" not in job or not PartialDate.parse(job["end"]).before(today)):
            return job  # type: ignore[no-any-return]
    return {}


def _state(doc: Doc, day: date) -> str:
    """Return whether somebody may be contacted, as it was on a day."""
    state: Mapping[str, str] = doc.get("state", {})
    return "active" if state.get("on", "") > str(day) else state.get("kind", "active")


def links(
    view: Transaction,
    as_of: LocalMoment,
    referrals: Iterable[Traced],
    people: Mapping[str, Portrait],
) -> list[Link]:
    """Return how people are connected, in an order that is the same everywhere."""
    found = [
        *_referrals(view, referrals, people),
        *_acquaintances(view, as_of, people),
        *_introductions(view, as_of, people),
    ]
    return sorted(found, key=lambda one: (one.kind, str(one.on), one.source, one.target, one.id))


def _referrals(
    view: Transaction, referrals: Iterable[Traced], people: Mapping[str, Portrait]
) -> Iterator[Link]:
    made = list(referrals)
    docs = {one.id: one.doc for one in view.get("referral", [one.pointer.id for one in made])}
    secret = _secret(view, docs.values())
    shown: set[str] = set()
    for one in made:  # the oldest first
        pointer, doc = one.pointer, docs[one.pointer.id]
        if pointer.referrer not in people or pointer.referred not in people:
            continue
        source, target = people[pointer.referrer], people[pointer.referred]
        credited = target.through == source.handle and target.handle not in shown
        shown.update([target.handle] if credited else [])
        yield Link(
            kind="referral",
            id=pointer.id,
            source=source.handle,
            target=target.handle,
            on=pointer.made_on,
            status=one.status.replace("_", " "),
            context="" if doc.get("interaction") in secret else doc.get("context", ""),
            credited=credited,
        )


def _secret(view: Transaction, referrals: Iterable[Doc]) -> set[str]:
    """Return the ids of what was said in confidence; its words are in no picture."""
    said = {doc["interaction"] for doc in referrals if doc.get("interaction")}
    talks = view.get("interaction", sorted(said)) if said else ()
    return {one.id for one in talks if one.doc.get("confidential")}


def _acquaintances(
    view: Transaction, as_of: LocalMoment, people: Mapping[str, Portrait]
) -> Iterator[Link]:
    for record in acquaintances(view, as_of):
        doc, noted = record.doc, moment(record.doc["noted_on"])
        both = [people[id_].handle for id_ in doc["contacts"] if id_ in people]
        if len(both) == 2:
            told_by = people.get(doc.get("told_by", ""))
            yield Link(
                kind="acquaintance",
                id=record.id,
                source=min(both),
                target=max(both),
                on=noted.date,
                context=doc.get("how", ""),
                told_by=told_by.handle if told_by else "",
            )


def _introductions(
    view: Transaction, as_of: LocalMoment, people: Mapping[str, Portrait]
) -> Iterator[Link]:
    known = (one for one in pairings(view, as_of) if all(id_ in people for id_ in one.people))
    # Whoever said no was told that nobody else will hear of it.
    found = [one for one in known if standing(one, as_of).stage not in ("declined", "dropped")]
    docs = {one.id: one.doc for one in view.get("introduction", [one.id for one in found])}
    for one in found:
        both = [people[id_].handle for id_ in one.people]
        yield Link(
            kind="introduction",
            id=one.id,
            source=min(both),
            target=max(both),
            on=one.begun.date,
            status=standing(one, as_of).stage.replace("_", " "),
            context=docs[one.id].get("context", ""),
        )
