"""What somebody does and where, by a source or by us: compared, put into words, made a position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, NamedTuple

from netcrm.model.contact import Position
from netcrm.model.text import bare, words
from netcrm.model.time import PartialDate
from netcrm.rules.organisations import organisation_key

Held = Literal["now", "formerly"]


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


def held_at(positions: Iterable[Position], place: str, day: date) -> Held | None:
    """Return whether somebody works where the name starts so, or did; None for neither.

    They do where no date says otherwise.
    """
    start = bare(place)
    there = [one for one in positions if bare(one.organisation).startswith(start)]
    if any(one.is_current(day) is not False for one in there):
        return "now"
    ended = any(one.end and one.end.before(PartialDate.of(day)) for one in there)
    return "formerly" if ended else None
