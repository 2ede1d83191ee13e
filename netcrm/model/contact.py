"""A person, as people have them: names, ways to reach them, what they did when."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, get_args

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import (
    Entity,
    Value,
    choice,
    day,
    label_list,
    label_set,
    line,
    lines,
    prose,
    reference,
    several,
    texts,
)
from netcrm.model.text import slug
from netcrm.model.time import PartialDate, zone

PointKind = Literal["email", "phone", "url", "postal", "im"]
StateKind = Literal["active", "archived", "do_not_contact", "deceased"]
"""In order of strictness: a merge keeps the last of two."""
SUPPRESSED: Final = ("do_not_contact", "deceased")
"""Whoever is in one of these states is never proposed for anything."""

SOURCES = (
    "family", "relative", "friend", "family_friend", "neighbour", "faculty", "campus_staff",
    "classmate", "colleague", "alumni_database", "linkedin", "facebook", "other_social",
    "cold_call", "chamber_of_commerce", "professional_association", "yellow_pages", "event",
    "referral", "calendar", "email", "import", "other",
)  # fmt: skip
"""Where one first got to know of a person; who told me is a Referral."""

_EMAIL = re.compile(r"[^\s@<>,;\"\x00-\x1f\x7f]+@[^\s@<>,;\"\x00-\x1f\x7f]+")
_UNSAFE_URL = re.compile(r"[\s\x00-\x1f\x7f]")


@attrs.frozen(kw_only=True)
class ContactPoint(Value):
    """One way to reach a person, as it was typed."""

    kind: PointKind = choice(*get_args(PointKind))
    value: str = line()
    label: str = line()
    preferred: bool = False
    valid: Literal["unknown", "ok", "bounced"] = choice(
        "unknown", "ok", "bounced", default="unknown"
    )
    do_not_use: bool = False

    def __attrs_post_init__(self) -> None:
        if not self.value:
            raise InvalidError(f"an empty {self.kind}")
        if self.kind == "email" and not _EMAIL.fullmatch(self.value):
            raise InvalidError(f"{self.value!r} is not an e-mail address")
        if self.kind == "phone" and not any(c.isdecimal() for c in self.value):
            raise InvalidError(f"{self.value!r} is not a phone number")
        if self.kind == "url" and _UNSAFE_URL.search(self.value):
            raise InvalidError(f"{self.value!r} is not a web address")


@attrs.frozen(kw_only=True)
class Position(Value):
    """What a person does or did somewhere, and from when to when as far as that is known.

    `seen_on` is the day on which its source first said so; `source` is empty if a person typed it.
    """

    organisation: str = line()
    organisation_id: str | None = reference(default=None)
    title: str = line()
    fields: frozenset[str] = label_set()
    start: PartialDate | None = None
    end: PartialDate | None = None
    seen_on: date | None = day(default=None)
    source: str = line()

    def __attrs_post_init__(self) -> None:
        if not (self.organisation or self.title or self.organisation_id):
            raise InvalidError("a position needs an organisation or a title")
        if self.start and self.end and self.end.before(self.start):
            raise InvalidError(f"a position from {self.start} cannot end in {self.end}")

    def is_current(self, day: date) -> bool | None:
        """Whether it is held on *day*; None where the dates known do not tell."""
        today = PartialDate.of(day)
        too_early = today.before(self.start) if self.start else False
        too_late = self.end.before(today) if self.end else False
        if too_early or too_late:
            return False
        return None if None in (too_early, too_late) else True


@attrs.frozen(kw_only=True)
class Occasion(Value):
    """A date that matters to a person, such as a birthday."""

    label: str = line("birthday")
    on: PartialDate


@attrs.frozen(kw_only=True)
class FirstMet(Value):
    """When, where and through whom we met."""

    on: PartialDate | None = None
    place: str = line()
    through: str | None = reference(default=None)


@attrs.frozen(kw_only=True)
class State(Value):
    """Whether a person may be contacted at all, and why not."""

    kind: StateKind = choice(*get_args(StateKind), default="active")
    reason: str = line()
    by: str = line()
    on: date | None = day(default=None)


@attrs.frozen(kw_only=True)
class Origin(Value):
    """What an import or sync last said about a person.

    A field that differs from `said` was changed by hand since, so the next import leaves it alone.
    `kept` is what it said of a field when ours was found to be better: that is not offered again.
    `gone_on` is the day on which a list of all people of that source was without them.
    """

    source: str = line()
    key: str = line()
    said: Mapping[str, str] = texts()
    kept: Mapping[str, str] = texts()
    gone_on: date | None = day(default=None)


@attrs.frozen(kw_only=True)
class Contact(Entity):
    """Anyone in the network: people met, people to meet, and placeholders for the unnamed.

    `handle` is the word that people type for them, unique in a network. `added_on` is the day from
    which cadence counts for somebody who was never contacted.
    """

    name: str = line()
    handle: str = line()
    added_on: date = day()
    given: str = line()
    family: str = line()
    aliases: tuple[str, ...] = lines()
    pronunciation: str = line()
    pronouns: str = line()
    is_me: bool = False
    is_placeholder: bool = False
    hint: str = line()
    kin: bool = False
    relations: frozenset[str] = label_set()
    points: tuple[ContactPoint, ...] = several(ContactPoint)
    preferred_channel: str = line()
    time_zone: str = line()
    language: str = line()
    location: str = line()
    positions: tuple[Position, ...] = several(Position)
    source: str = choice(*SOURCES, default="other")
    source_detail: str = line()
    first_met: FirstMet | None = None
    connected_on: date | None = day(default=None)
    occasions: tuple[Occasion, ...] = several(Occasion)
    circles: tuple[str, ...] = label_list()
    tags: frozenset[str] = label_set()
    fields: frozenset[str] = label_set()
    roles: frozenset[str] = label_set()
    rapport: tuple[str, ...] = lines()
    note: str = prose()
    state: State = attrs.field(factory=State)
    origins: tuple[Origin, ...] = several(Origin)

    def __attrs_post_init__(self) -> None:
        if not self.name:
            raise InvalidError("a contact needs a name")
        if not self.handle or slug(self.handle) != self.handle:
            raise InvalidError(
                f"{self.handle!r} cannot be a handle: lower-case letters and digits, joined by -"
            )
        if self.time_zone:
            zone(self.time_zone)

    @property
    def job(self) -> Position | None:
        """What they do as far as is known: the last position listed that has no end."""
        return next((held for held in reversed(self.positions) if held.end is None), None)

    def position(self, day: date) -> Position | None:
        """Return the position held on *day*: the last listed of those that may still be held."""
        held = [position for position in self.positions if position.is_current(day) is not False]
        return held[-1] if held else None

    def origin(self, source: str) -> Origin | None:
        """Return what *source* last said about this person, if it ever did.

        Who was merged may have several of one source: then it is the first of them.
        """
        return next((origin for origin in self.origins if origin.source == source), None)
