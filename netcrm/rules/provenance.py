"""Where does each value of a contact come from? A source says so, or somebody typed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from netcrm.errors import InvalidError
from netcrm.model.base import label
from netcrm.model.contact import Contact, Origin
from netcrm.rules.identity import identifier
from netcrm.rules.jobs import Job
from netcrm.rules.sightings import SEVERAL, several
from netcrm.rules.suggestions import FIELDS, REFERRED, held, named, told_of

_POINTS: Final = ("email", "phone", "url")
_LABELS: Final = ("circles", "fields", "relations", "tags")
_UNDERSTOOD: Final = frozenset(
    {
        *FIELDS, *SEVERAL, REFERRED, "title", "organisation", "until", "source", "kin", "list",
        "placeholder",
    }
)  # fmt: skip


class Provenance(NamedTuple):
    """A value of a field, and the sources that say it; none if it was typed by hand."""

    field: str
    value: str
    sources: tuple[str, ...]


def provenance(contact: Contact) -> list[Provenance]:
    """Return where the values of a contact come from, and what else their sources say."""
    told = [(named(origin), set(_said(origin))) for origin in contact.origins]
    ours = []
    for field, shown, key, source in _held(contact):
        saying = [name for name, said in told if (field, key) in said]
        if source and source not in {name.partition(" ")[0] for name in saying}:
            saying.append(source)
        ours.append(Provenance(field, shown, tuple(saying)))
    more = [
        Provenance(key.removeprefix("column "), value, (named(origin),))
        for origin in contact.origins
        for key, value in origin.said.items()
        if key not in _UNDERSTOOD
    ]
    return ours + more


def _held(contact: Contact) -> Iterator[tuple[str, str, object, str]]:
    """Yield the fields of a contact: each value as it is shown, as it is compared, and its source.

    Only positions keep their source; what a source no longer says is known by that.
    """
    for field in FIELDS:
        if field != "position" and (value := held(contact, field)):
            yield field, value, value, ""
    for position in contact.positions:
        job = Job.held(position)
        if any(job):
            yield "position", str(job), job.key, position.source
    for point in contact.points:
        yield point.kind, point.value, identifier(point.kind, point.value), ""
    for field in _LABELS:
        for value in sorted(getattr(contact, field)):
            yield field, value, value, ""


def _said(origin: Origin) -> Iterator[tuple[str, object]]:
    """Yield what a source says, as it is compared."""
    said = origin.said
    for field in FIELDS:
        yield field, Job.said(said).key if field == "position" else told_of(said, field)
    for kind in _POINTS:
        for value in several(said, kind):
            yield kind, identifier(kind, value)
    for field in _LABELS:
        for value in _labels(several(said, field)):
            yield field, value


def _labels(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        try:
            yield label(value)
        except InvalidError:  # it was taken by no contact either
            continue
