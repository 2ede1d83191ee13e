"""What does a source say otherwise than we have it? It is offered, and never taken by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final

import attrs

from netcrm.model.contact import Contact, Occasion, Origin
from netcrm.model.text import fold, words
from netcrm.model.time import PartialDate, parse_day
from netcrm.rules.identity import full_name
from netcrm.rules.jobs import Job, opened
from netcrm.rules.merge import with_note
from netcrm.rules.names import parse_name

BIRTHDAY: Final = "birthday"
REFERRED: Final = "referred_by"
PLAIN: Final = ("name", "given", "family", "pronouns", "location", "language", "note")
FIELDS: Final = (*PLAIN, "connected_on", BIRTHDAY, "position")
"""What can be suggested of a contact; who referred them can be as well."""
_SAID_BY: Final = {"name": ("name", "given", "family"), "position": ("title", "organisation")}


@attrs.frozen(kw_only=True)
class Suggestion:
    """What *source* says of a field of a contact, where that was edited by hand or is another's."""

    contact: str
    name: str
    field: str
    ours: str
    theirs: str
    source: str = ""

    def is_by(self, source: str) -> bool:
        """Whether it is by a source, named with its list or without; everybody's for no name."""
        return source in ("", self.source, self.source.partition(" ")[0])


def held(contact: Contact, field: str) -> str:
    """Return what we have in a field, as text."""
    if field == "position":
        return str(Job.held(contact.job))
    if field == BIRTHDAY:
        return next((str(one.on) for one in contact.occasions if one.label == BIRTHDAY), "")
    return str(getattr(contact, field, "") or "")


def told_of(told: Mapping[str, str], field: str) -> str:
    """Return what a source says of a field, as text."""
    if field == "name":
        return full_name(told)
    return str(Job.said(told)) if field == "position" else told.get(field, "")


def changed(before: Mapping[str, str], now: Mapping[str, str], field: str) -> bool:
    """Whether a source says something new of a field."""
    return any(before.get(key) != now.get(key) for key in _SAID_BY.get(field, (field,)))


def suggestions(contact: Contact, *told: Origin) -> Iterator[Suggestion]:
    """Yield what the sources of a contact say otherwise, or some of them, unless ours was kept."""
    for origin in told or contact.origins:
        for field in FIELDS:
            theirs, ours = told_of(origin.said, field), held(contact, field)
            if not theirs or _same(origin.kept.get(field, ""), theirs):
                continue
            if not _agrees(contact, field, ours, theirs, origin):
                yield suggested(contact, field, theirs, source=named(origin))


def suggested(contact: Contact, field: str, theirs: str, *, source: str) -> Suggestion:
    """Return what a source says of a field, beside what we have there."""
    return Suggestion(
        contact=contact.id,
        name=contact.name,
        field=field,
        ours=held(contact, field),
        theirs=theirs,
        source=source,
    )


def named(origin: Origin) -> str:
    """Return what to call a source, and the list of it that it was."""
    return " ".join(filter(None, (origin.source, origin.said.get("list", ""))))


def _agrees(contact: Contact, field: str, ours: str, theirs: str, origin: Origin) -> bool:
    """Whether two values are one but for how they are written."""
    if field == "position":
        job = Job.said(origin.said)
        return any(job.is_part_of(Job.held(position)) for position in contact.positions)
    if field == "name":
        if not (origin.said.get("name") or {"given", "family"} <= origin.said.keys()):
            return set(words(theirs)) <= set(words(ours))
        known = (ours, *contact.aliases)
        return parse_name(theirs).words in [parse_name(name).words for name in known]
    if field in ("given", "family"):
        return set(words(theirs)) <= {*words(ours), *words(contact.name)}
    if field == "note":
        return fold(theirs) in fold(ours)
    if field == BIRTHDAY:
        return ours.startswith(theirs) or ours.endswith(theirs.removeprefix("-"))
    return _same(ours, theirs)


def _same(one: str, other: str) -> bool:
    """Whether two texts are one but for case, accents and signs."""
    return one == other or words(one) == words(other) != ()


def taken(contact: Contact, suggestion: Suggestion, *, on: date) -> Contact:
    """Return a contact with what a source says in place of what we have.

    A job is added, and ours stays; so does a note. The name that was is an alias from then on. What
    other sources say of a field that has one value is not suggested again.
    """
    field, theirs = suggestion.field, suggestion.theirs
    if field == "position":
        origin = next(_origins(contact, suggestion))
        jobs = opened(origin.said, origin.source, on)
        return attrs.evolve(contact, positions=(*contact.positions, *jobs))
    others = [one for one in contact.origins if told_of(one.said, field) not in ("", theirs)]
    contact = _settled(contact, field, others)
    if field == BIRTHDAY:
        occasions = (one for one in contact.occasions if one.label != BIRTHDAY)
        born = Occasion(on=PartialDate.parse(theirs))
        return attrs.evolve(contact, occasions=(*occasions, born))
    if field == "name":
        return attrs.evolve(contact, name=theirs, aliases=(*contact.aliases, contact.name))
    if field == "note":
        return attrs.evolve(contact, note=with_note(contact.note, theirs))
    values: dict[str, Any] = {field: parse_day(theirs) if field == "connected_on" else theirs}
    return attrs.evolve(contact, **values)


def kept(contact: Contact, suggestion: Suggestion) -> Contact:
    """Return a contact for which this is not suggested again, unless the source says another."""
    return _settled(contact, suggestion.field, list(_origins(contact, suggestion)))


def _settled(contact: Contact, field: str, meant: Collection[Origin]) -> Contact:
    """Return a contact for which some origins do not suggest any more what they say of a field."""
    origins = tuple(
        attrs.evolve(one, kept={**one.kept, field: told_of(one.said, field)})
        if one in meant
        else one
        for one in contact.origins
    )
    return attrs.evolve(contact, origins=origins)


def _origins(contact: Contact, suggestion: Suggestion) -> Iterator[Origin]:
    """Yield the origins that say what is suggested."""
    for origin in contact.origins:
        theirs = told_of(origin.said, suggestion.field)
        if (named(origin), theirs) == (suggestion.source, suggestion.theirs):
            yield origin
