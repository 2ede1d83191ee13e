"""What does a row of an import change? A three-way comparison: before, ours, theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import attrs

from netcrm.model.contact import Contact, ContactPoint, Occasion, Origin, Position
from netcrm.model.text import words
from netcrm.model.time import PartialDate, parse_day
from netcrm.rules.identity import full_name, identifier, identifiers
from netcrm.rules.jobs import Job, ended, opened
from netcrm.rules.merge import once
from netcrm.rules.news import News, news
from netcrm.rules.sightings import Sighting, several
from netcrm.rules.suggestions import (
    BIRTHDAY,
    PLAIN,
    REFERRED,
    Suggestion,
    changed,
    held,
    suggestions,
    told_of,
)

_POINTS: Final = ("email", "phone", "url")
_LABELS: Final = ("tags", "circles", "fields", "relations", "aliases")
_JOB: Final = ("title", "organisation")


@attrs.frozen(kw_only=True)
class Review:
    """Somebody new who has the name of others: they may be one person. Nobody is merged.

    Attributes:
        line: where the row stands that they came from.
        contact: the id of the new contact; `handle` and `name` are theirs too.
        like: the handles of the others, the first ten at most.
    """

    line: int
    contact: str
    handle: str
    name: str
    like: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Taken:
    """What a row makes of a contact. `referred_by` is who is newly said to have referred me."""

    contact: Contact
    referred_by: str = ""
    news: tuple[News, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


def meet(
    sighting: Sighting, *, id: str, handle: str, source: str, on: date, known_from: str = ""
) -> Contact:
    """Return the new contact that a row of *source* describes.

    *known_from* is the word for `Contact.source`, if it is not the name of the source; the row
    itself may say another one.
    """
    said = _told(sighting)
    values: dict[str, Any] = {key: said.get(key, "") for key in PLAIN}
    values |= {key: several(said, key) for key in _LABELS}
    return Contact(
        id=id,
        handle=handle,
        added_on=on,
        **values | {"name": full_name(said)},
        is_me=sighting.is_me,
        is_placeholder="placeholder" in said,
        kin="kin" in said,
        source=said.get("source") or known_from or source,
        connected_on=parse_day(said["connected_on"]) if "connected_on" in said else None,
        occasions=_birthday(said),
        points=_points((), {}, said),
        positions=once((*sighting.positions, *opened(said, source, on))),
        origins=(_origin(source, said),),
    )


def revise(contact: Contact, sighting: Sighting, *, source: str, on: date) -> Taken:
    """Return *contact* as the row leaves it.

    What the source said before tells who changed a field. Only they did: take theirs. Only we did:
    keep ours. Both did: keep ours and suggest theirs. What they no longer say is never erased. A
    new employer or title closes the old position on the day it was seen, opens the new, and is
    news. Who was merged may have several origins in one source; it is the row's own that counts.
    """
    origin = origin_of(contact.origins, sighting, source)
    before = dict(origin.said) if origin else {}
    theirs = _carried(before, _told(sighting))
    if before == theirs and not (origin and origin.gone_on):
        return Taken(contact=contact)
    values = _values(contact, before, theirs)
    values["positions"] = _positions(contact, before, theirs, source, on)
    new = set(several(theirs, "positions")) - set(several(before, "positions"))
    if new:
        known = (one for one in sighting.positions if _in_text(one) in new)
        values["positions"] = once((*values["positions"], *known))
    now = attrs.evolve(_origin(source, theirs), kept=origin.kept if origin else {})
    values["origins"] = _with_origin(contact, origin, now)
    revised = attrs.evolve(contact, **values)
    return Taken(
        contact=revised,
        referred_by=theirs.get(REFERRED, "") if changed(before, theirs, REFERRED) else "",
        news=tuple(news(contact, revised, on=on)) if origin else (),
        suggestions=tuple(
            one for one in suggestions(revised, now) if changed(before, theirs, one.field)
        ),
    )


def without(contact: Contact, source: str, *, on: date) -> Contact:
    """Return a contact whom a list of all people of *source* is without since a day."""
    origins = tuple(
        attrs.evolve(origin, gone_on=on)
        if origin.source == source and origin.gone_on is None
        else origin
        for origin in contact.origins
    )
    return attrs.evolve(contact, origins=origins)


def _told(sighting: Sighting) -> dict[str, str]:
    """Return all that a row says, as it is kept in an origin."""
    positions = "\n".join(dict.fromkeys(map(_in_text, sighting.positions)))
    return {**sighting.said, "positions": positions} if positions else dict(sighting.said)


def _in_text(position: Position) -> str:
    """Return a position in one line, to see next time whether it is new."""
    dates = f"{position.start or ''}/{position.end or ''}"
    return f"{dates} {Job.held(position)}".strip()


def _values(
    contact: Contact, before: Mapping[str, str], theirs: Mapping[str, str]
) -> dict[str, Any]:
    """Return the fields that a row changes, apart from positions: only where ours is theirs."""
    _check(theirs)
    values: dict[str, Any] = {"points": _points(contact.points, before, theirs)}
    for field in (*PLAIN, "connected_on"):
        new, old = told_of(theirs, field), told_of(before, field)
        if new != old == held(contact, field) and not _another(contact, field, theirs):
            values[field] = parse_day(new) if field == "connected_on" else new
    for key in _LABELS:
        known = several(before, key)
        added = [one for one in several(theirs, key) if one not in known]
        if added:
            values[key] = dict.fromkeys((*getattr(contact, key), *added))
    if "kin" in theirs and "kin" not in before:
        values["kin"] = True
    if contact.is_placeholder and full_name(theirs) != full_name(before):
        values["is_placeholder"] = "placeholder" in theirs
    if not held(contact, BIRTHDAY) and changed(before, theirs, BIRTHDAY):
        values["occasions"] = (*contact.occasions, *_birthday(theirs))
    return values


def _another(contact: Contact, field: str, theirs: Mapping[str, str]) -> bool:
    """Whether this would give a person a whole name that has nothing in common with theirs."""
    if field not in ("name", "given", "family"):
        return False
    ours, other = words(contact.name), words(full_name(theirs))
    return min(len(ours), len(other)) > 1 and set(ours).isdisjoint(other)


def _check(said: Mapping[str, str]) -> None:
    """Refuse days that are none, also where they are not taken."""
    _birthday(said)
    ended(said)
    if "connected_on" in said:
        parse_day(said["connected_on"])


def _birthday(said: Mapping[str, str]) -> tuple[Occasion, ...]:
    return (Occasion(on=PartialDate.parse(said[BIRTHDAY])),) if said.get(BIRTHDAY) else ()


def _carried(before: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """Return what a source says now: what it leaves out, it still says as before.

    A job is left by leaving out all of it; half of one is as before if the other half is.
    """
    half = {key: said[key] for key in _JOB if key in said}
    same_job = half and half.items() <= before.items()
    gone = ("placeholder",) if same_job else ("placeholder", *_JOB)
    kept = {key: value for key, value in before.items() if key not in gone}
    known = dict.fromkeys((*several(before, "positions"), *several(said, "positions")))
    return {**kept, **said, **({"positions": "\n".join(known)} if known else {})}


def _origin(source: str, said: Mapping[str, str]) -> Origin:
    return Origin(source=source, key=next(iter(identifiers(said)), ""), said=said)


def origin_of(origins: Iterable[Origin], sighting: Sighting, source: str) -> Origin | None:
    """Return the origin that a row of *source* belongs to; None if it is one of its own.

    It is the only one of that source and of the row's list; of several the one with the row's key,
    that agrees most; else the only one that shares an identifier with the row, the strongest first.
    """
    listed = sighting.said.get("list")
    own = [one for one in origins if one.source == source and one.said.get("list") == listed]
    if len(own) < 2:
        return own[0] if own else None
    keys = identifiers(sighting.said)
    known = [(identifiers(origin.said), origin) for origin in own]
    same = [origin for theirs, origin in known if theirs[:1] == keys[:1]]
    if same:
        said = sighting.said.items()
        return max(same, key=lambda one: (len(one.said.items() & said), -len(one.said)))
    for key in keys:
        sharing = [origin for theirs, origin in known if key in theirs]
        if len(sharing) == 1:
            return sharing[0]
    return None


def _with_origin(contact: Contact, old: Origin | None, new: Origin) -> tuple[Origin, ...]:
    if old is None:
        return (*contact.origins, new)
    return tuple(new if origin is old else origin for origin in contact.origins)


def _points(
    points: tuple[ContactPoint, ...], before: Mapping[str, str], theirs: Mapping[str, str]
) -> tuple[ContactPoint, ...]:
    """Return the contact points with those added that are new; none is ever removed."""
    known = {identifier(point.kind, point.value): point for point in points}
    for kind in _POINTS:
        old = several(before, kind)
        for value in several(theirs, kind):
            if value not in old:
                known.setdefault(identifier(kind, value), ContactPoint(kind=kind, value=value))
    return tuple(known.values())


def _positions(
    contact: Contact,
    before: Mapping[str, str],
    theirs: Mapping[str, str],
    source: str,
    on: date,
) -> tuple[Position, ...]:
    """Return the positions after what is said of the job now.

    Where the job that they say has ended is not the one that we have, ours was made by hand: it
    stays.
    """
    was, now = Job.said(before), Job.said(theirs)
    if was == now:
        return _closed(contact.positions, now, theirs, before)
    open_ones = [position for position in contact.positions if position.end is None]
    left = next((p for p in reversed(open_ones) if any(was) and Job.held(p) == was), None)
    positions = tuple(
        attrs.evolve(position, end=PartialDate.of(on)) if position is left else position
        for position in contact.positions
    )
    if not any(now) or now in map(Job.held, open_ones):
        return positions
    if left is None and (any(was) or open_ones):
        return contact.positions
    return positions + opened(theirs, source, on)


def _closed(
    positions: tuple[Position, ...], job: Job, theirs: Mapping[str, str], before: Mapping[str, str]
) -> tuple[Position, ...]:
    """Return the positions, the one that is meant with the end that is newly said."""
    end = ended(theirs)
    if end is None or end == ended(before):
        return positions
    return tuple(
        attrs.evolve(one, end=end) if one.end is None and Job.held(one) == job else one
        for one in positions
    )
