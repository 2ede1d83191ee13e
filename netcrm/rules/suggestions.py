"""What does a source say otherwise than we have it? It is offered, and never taken by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

import attrs

from netcrm.model.contact import Contact, Occasion, Origin, Position
from netcrm.model.text import fold, words
from netcrm.model.time import PartialDate, parse_day
from netcrm.rules.identity import full_name
from netcrm.rules.merge import with_note
from netcrm.rules.names import parse_name
from netcrm.rules.organisations import organisation_key

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


class Job(NamedTuple):
    """What somebody does, and where."""

    title: str
    organisation: str

    @classmethod
    def said(cls, said: Mapping[str, str]) -> Job:
        """Return the job that a source tells of."""
        return cls(said.get("title", ""), said.get("organisation", ""))

    @classmethod
    def held(cls, position: Position | None) -> Job:
        """Return the job of a position; an empty one for none."""
        return cls(position.title, position.organisation) if position else cls("", "")

    def __str__(self) -> str:
        return " @ ".join(filter(None, self))

    def is_part_of(self, other: Job) -> bool:
        """Whether this says nothing else than the other one does, as far as it goes."""
        return all(
            not said or said == theirs for said, theirs in zip(self.key, other.key, strict=True)
        )

    @property
    def key(self) -> tuple[object, ...]:
        """What two ways to write one job have in common."""
        return words(self.title), organisation_key(self.organisation)


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
                yield Suggestion(
                    contact=contact.id,
                    name=contact.name,
                    field=field,
                    ours=ours,
                    theirs=theirs,
                    source=named(origin),
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
    contact = attrs.evolve(
        contact,
        origins=tuple(
            origin
            if told_of(origin.said, field) in ("", theirs)
            else attrs.evolve(origin, kept={**origin.kept, field: told_of(origin.said, field)})
            for origin in contact.origins
        ),
    )
    if field == BIRTHDAY:
        others = (one for one in contact.occasions if one.label != BIRTHDAY)
        born = Occasion(on=PartialDate.parse(theirs))
        return attrs.evolve(contact, occasions=(*others, born))
    if field == "name":
        return attrs.evolve(contact, name=theirs, aliases=(*contact.aliases, contact.name))
    if field == "note":
        return attrs.evolve(contact, note=with_note(contact.note, theirs))
    values: dict[str, Any] = {field: parse_day(theirs) if field == "connected_on" else theirs}
    return attrs.evolve(contact, **values)


def opened(told: Mapping[str, str], source: str, on: date) -> tuple[Position, ...]:
    """Return the job that a source tells of, if it does, with the end that it knows."""
    title, organisation = Job.said(told)
    if not (title or organisation):
        return ()
    end = ended(told)
    return (Position(organisation=organisation, title=title, end=end, seen_on=on, source=source),)


def ended(told: Mapping[str, str]) -> PartialDate | None:
    """Return when that job ended, if it is said."""
    return PartialDate.parse(told["until"]) if told.get("until") else None


def kept(contact: Contact, suggestion: Suggestion) -> Contact:
    """Return a contact for which this is not suggested again, unless the source says another."""
    meant = list(_origins(contact, suggestion))
    origins = tuple(
        attrs.evolve(one, kept={**one.kept, suggestion.field: suggestion.theirs})
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
