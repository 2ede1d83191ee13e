"""What does a row of an import change? A three-way comparison: before, ours, theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, Literal
from unicodedata import normalize

import attrs

from netcrm.model.contact import Contact, ContactPoint, Origin, Position
from netcrm.model.time import PartialDate, parse_day
from netcrm.rules.identity import full_name, identifier, identifiers

Job = tuple[str, str]
NewsKind = Literal["moved", "new title", "joined", "left"]

_POINTS: Final = ("email", "phone", "url")
_PLAIN: Final = ("given", "family", "name", "location", "connected_on")
_JOB: Final = ("title", "organisation")
SEVERAL: Final = (*_POINTS, "aliases", "tags", "circles", "fields", "relations")
"""What a source may say several of about one person, each on a line of its own."""


def as_said(said: Mapping[str, str]) -> dict[str, str]:
    """Return what is said, written as the model writes text; NUL and the like are its to refuse.

    What is empty is left out. Where a key takes several values, they stand on lines of their own.
    """
    kept = {}
    for key, value in said.items():
        lines = normalize("NFC", value).split("\n") if key in SEVERAL else [normalize("NFC", value)]
        kept[key] = "\n".join(dict.fromkeys(filter(None, (" ".join(one.split()) for one in lines))))
    return {key: value for key, value in sorted(kept.items()) if value}


@attrs.frozen(kw_only=True)
class Sighting:
    """What a source says about one person, in one row.

    `said` maps words to text; what is empty is left out.

    * One value each: given, family, name, pronouns, organisation, title, until (when that job
      ended: 2021-03), location, language, birthday (1988-06-15, 1988-06 or --06-15), connected_on
      (2021-03-14), note, source (a word for `Contact.source`), kin and placeholder (yes), and
      referred_by (a name or an address).
    * Several, each on a line of its own: email, phone, url, aliases, tags, circles, fields,
      relations.
    * list: the name of the list that the row is from. Who has no address is known again by their
      name within it.
    * Any other key is kept as it is, as what this source said: `column Class Year`, say.

    `positions` are jobs of which more is known, such as their dates. `is_me` says that it is about
    whose network it is. `line` is where it stands in `file`.
    """

    line: int
    file: str = ""
    said: Mapping[str, str] = attrs.field(converter=as_said, hash=False)
    positions: tuple[Position, ...] = ()
    is_me: bool = False


@attrs.frozen(kw_only=True)
class News:
    """Something that changed in a person's life since the last import."""

    kind: NewsKind
    contact: str
    name: str
    before: str
    after: str


@attrs.frozen(kw_only=True)
class Suggestion:
    """A newer value from a source for a field that was edited by hand, which therefore stays."""

    contact: str
    name: str
    field: str
    ours: str
    theirs: str


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
    """What a row makes of a contact."""

    contact: Contact
    news: tuple[News, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


def meet(
    sighting: Sighting, *, id: str, handle: str, source: str, on: date, known_from: str = ""
) -> Contact:
    """Return the new contact that a row of *source* describes.

    *known_from* is the word for `Contact.source`, if it is not the name of the source.
    """
    said = sighting.said
    return Contact(
        id=id,
        handle=handle,
        name=full_name(said),
        given=said.get("given", ""),
        family=said.get("family", ""),
        location=said.get("location", ""),
        added_on=on,
        source=known_from or source,
        connected_on=parse_day(said["connected_on"]) if "connected_on" in said else None,
        points=tuple(ContactPoint(kind=k, value=said[k]) for k in _POINTS if k in said),
        positions=_opened(said, source, on),
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
    theirs = _carried(before, sighting.said)
    if before == theirs:
        return Taken(contact=contact)
    values: dict[str, Any] = {}
    suggestions: list[Suggestion] = []

    def suggest(field: str, ours: str, new: str) -> None:
        suggestions.append(
            Suggestion(contact=contact.id, name=contact.name, field=field, ours=ours, theirs=new)
        )

    for key in _PLAIN:
        ours, old, new = str(getattr(contact, key) or ""), _value(before, key), _value(theirs, key)
        if new in (old, ours):
            continue
        if ours == old:
            values[key] = parse_day(new) if key == "connected_on" else new
        else:
            suggest(key, ours, new)
    values["points"] = _points(contact, before, theirs)
    news: tuple[News, ...] = ()
    if _job(before) != _job(theirs):
        changed = _positions(contact, before, theirs, source, on)
        if changed is None:
            suggest("position", _in_words(_last_job(contact)), _in_words(_job(theirs)))
        else:
            values["positions"], kind = changed
            if kind and origin:
                news = (_news(contact, kind, before, theirs),)
    values["origins"] = _with_origin(contact, origin, _origin(source, theirs))
    return Taken(contact=attrs.evolve(contact, **values), news=news, suggestions=tuple(suggestions))


def _value(said: Mapping[str, str], key: str) -> str:
    return full_name(said) if key == "name" else said.get(key, "")


def _carried(before: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """Return what a source says now: what it leaves out, it still says as before.

    A job is left by leaving out all of it; half of one is as before if the other half is.
    """
    half = {key: said[key] for key in _JOB if key in said}
    same_job = half and half.items() <= before.items()
    kept = {key: value for key, value in before.items() if same_job or key not in _JOB}
    return {**kept, **said}


def _origin(source: str, said: Mapping[str, str]) -> Origin:
    return Origin(source=source, key=next(iter(identifiers(said)), ""), said=said)


def origin_of(origins: Iterable[Origin], sighting: Sighting, source: str) -> Origin | None:
    """Return the origin that a row of *source* belongs to; None if it is one of its own.

    It is the only one of that source; of several the one with the row's key, that agrees most; else
    the only one that shares an identifier with the row, the strongest first.
    """
    own = [origin for origin in origins if origin.source == source]
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


def _opened(said: Mapping[str, str], source: str, on: date) -> tuple[Position, ...]:
    title, organisation = _job(said)
    if not (title or organisation):
        return ()
    return (Position(organisation=organisation, title=title, seen_on=on, source=source),)


def _points(
    contact: Contact, before: Mapping[str, str], theirs: Mapping[str, str]
) -> tuple[ContactPoint, ...]:
    """Return the contact points with those added that are new; none is ever removed."""
    points = list(contact.points)
    known = {identifier(point.kind, point.value) for point in points}
    for kind in _POINTS:
        value = theirs.get(kind, "")
        if value != before.get(kind, "") and identifier(kind, value) not in known:
            points.append(ContactPoint(kind=kind, value=value))
    return tuple(points)


def _positions(
    contact: Contact, before: Mapping[str, str], theirs: Mapping[str, str], source: str, on: date
) -> tuple[tuple[Position, ...], NewsKind | None] | None:
    """Return the positions after a change of job, and what news that is.

    None where the job that they say has ended is not the one that we have: ours was made by hand.
    """
    was, now = _job(before), _job(theirs)
    held = [position for position in contact.positions if position.end is None]
    ended = next((p for p in reversed(held) if any(was) and _held_job(p) == was), None)
    positions = tuple(
        attrs.evolve(position, end=PartialDate.of(on)) if position is ended else position
        for position in contact.positions
    )
    if not any(now):
        return positions, "left" if ended else None
    if now in map(_held_job, held):
        return positions, None
    if ended is None and (any(was) or held):
        return None
    kind: NewsKind = "moved" if ended else "joined"
    if ended and was[1] == now[1]:
        kind = "new title"
    return positions + _opened(theirs, source, on), kind


def _news(
    contact: Contact, kind: NewsKind, before: Mapping[str, str], theirs: Mapping[str, str]
) -> News:
    was, now = _in_words(_job(before)), _in_words(_job(theirs))
    return News(kind=kind, contact=contact.id, name=contact.name, before=was, after=now)


def _job(said: Mapping[str, str]) -> Job:
    return said.get("title", ""), said.get("organisation", "")


def _held_job(position: Position) -> Job:
    return position.title, position.organisation


def _last_job(contact: Contact) -> Job:
    return _held_job(contact.job) if contact.job else ("", "")


def _in_words(job: Job) -> str:
    """Return a job as people say it: "Nurse @ Mercy General"."""
    return " @ ".join(filter(None, job))
