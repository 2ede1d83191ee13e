"""Who is meant by a row of an import? Somebody who is here, somebody new, or it is not guessed."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from functools import cached_property
from typing import Final

from netcrm.codec import decode
from netcrm.errors import InvalidError
from netcrm.kinds import KINDS
from netcrm.model.contact import Contact, Origin
from netcrm.model.text import bare, words
from netcrm.network.history import removed
from netcrm.rules.identity import (
    Book,
    Known,
    full_name,
    identifiers,
    is_address,
    is_profile,
    profile_in,
    says_who,
)
from netcrm.rules.intake import meet, origin_of, revise
from netcrm.rules.names import parse_name
from netcrm.rules.removal import mark, name_key
from netcrm.rules.sightings import Sighting
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, eq

_ADDRESSES: Final = frozenset({"url", "email", "phone"})


class PassedOverError(Exception):
    """A row that is as expected, and yet means nobody to take in."""


class KeptOut:
    """The marks of people who were forgotten."""

    def __init__(self, view: Transaction) -> None:
        self._marks: dict[str, set[str]] = {}
        for record in view.scan("forgotten"):
            self._marks.setdefault(record.doc["key"], set()).update(record.doc.get("marks", ()))

    def __bool__(self) -> bool:
        return bool(self._marks)

    def has(self, identifier: str) -> bool:
        """Whether somebody was forgotten who had this identifier."""
        return any(mark(key, identifier) in marks for key, marks in self._marks.items())


class Matcher:
    """Who is known, and who was met by which row of one import.

    A contact is met by one row of an import only; one that was merged, by one for each origin.
    """

    def __init__(self, view: Transaction, source: str, today: date) -> None:
        self._view = view
        self._source = source
        self._today = today
        known = list(_everybody(view))
        self.book = Book(known)
        self.me = {id_ for (id_,) in view.rows(Query("contact", eq("is_me", True)), ("id",))}
        self._trash = dict(_trashed(view))
        self._kept_out = KeptOut(view)
        self._line_of: dict[str, int] = {}
        self._said_of: dict[str, Mapping[str, str]] = {}  # by rows without an address
        self._origins = dict(_merged(view, source))
        self._line_of_origin: dict[tuple[str, int], int] = {}
        self._named: set[str] = set()  # the names of rows with an address

    def hear(self, sightings: Iterable[Sighting]) -> None:
        """Note who stands in rows with an address, before the first is matched."""
        for sighting in sightings:
            if not _ADDRESSES.isdisjoint(sighting.said):
                self._named.add(bare(full_name(sighting.said)))

    def meet(self, contact: Contact, sighting: Sighting) -> None:
        """Note that a row has made a contact."""
        keys = identifiers(sighting.said)
        self._meet(contact.id, sighting, keys)
        self.book.add(Known(contact.id, contact.handle, contact.name, keys))
        if sighting.is_me:
            self.me.add(contact.id)

    def match(self, sighting: Sighting) -> str | None:
        """Return the id of the contact that a row means, None for somebody new.

        Raises:
            PassedOverError: they were met already, removed or forgotten.
            InvalidError: it may mean several people, or nobody could be known by it next time.
        """
        if sighting.is_me:
            return next(iter(self.me), None)
        keys = identifiers(sighting.said)
        if not keys:
            raise InvalidError(
                "nothing to know this person by next time: no profile, e-mail, phone or day"
            )
        if self.is_forgotten(sighting.said):
            raise PassedOverError("was forgotten; to have them again, add them by hand")
        found = self._meant(sighting, keys)
        if len(found) > 1:
            raise InvalidError(f"fits several people: {', '.join(one.handle for one in found)}")
        if not found:
            if seq := next((self._trash[key] for key in keys if key in self._trash), 0):
                raise PassedOverError(f"was removed; to bring them back: netcrm undo {seq}")
            return None
        if keys[0] not in found[0].identifiers:  # a faulty row must not take anybody's place
            meet(
                sighting,
                id="x",
                handle="x",
                source=self._source,
                on=self._today,
                known_from="other",
            )
        self._meet(found[0].id, sighting, keys)
        self.book.learn(found[0], keys)
        if found[0].id in self._origins:
            self._line_of_origin[self._origin(found[0].id, sighting)] = sighting.line
        return found[0].id

    def _meet(self, id: str, sighting: Sighting, keys: tuple[str, ...]) -> None:
        self._line_of[id] = sighting.line
        if not any(map(is_address, keys)):
            self._said_of[id] = sighting.said

    @property
    def met(self) -> AbstractSet[str]:
        """The ids of those who were met so far."""
        return self._line_of.keys()

    def is_forgotten(self, said: Mapping[str, str]) -> bool:
        """Whether this is somebody who was forgotten, and was not added by hand since.

        By what says who it is; by what others may have as well, only if the name is theirs too.
        """
        if not self._kept_out:
            return False
        for key in identifiers(said):
            if self.book.has(key):
                return False
            if self._kept_out.has(key):
                name = name_key(full_name(said))
                if says_who(key) or self._kept_out.has(name):
                    return True
        return False

    def called(self, name: str) -> list[Known]:
        """Return everybody who is called so, but for titles and the like; me too.

        Nobody if somebody was who is forgotten: it may be them.
        """
        if self._kept_out.has(name_key(name)):
            return []
        return self._by_name.get(parse_name(name).words, [])

    @cached_property
    def _by_name(self) -> dict[tuple[str, ...], list[Known]]:
        """Everybody by name, as it is when all rows were matched."""
        people: dict[tuple[str, ...], list[Known]] = {}
        for person in _everybody(self._view):
            people.setdefault(parse_name(person.name).words, []).append(person)
        people.pop((), None)
        return people

    def _meant(self, sighting: Sighting, keys: tuple[str, ...]) -> tuple[Known, ...]:
        named = words(full_name(sighting.said))
        everyone = self.book.match(sighting.said)
        if len(everyone) > 1:
            exact = [one for one in everyone if self._said_so(one, sighting)]
            everyone = tuple(exact) if len(exact) == 1 else everyone
        sure = [one for one in everyone if not named or one.is_called(named) or _profile(keys, one)]
        free = [one for one in sure or everyone if self._line(one.id, sighting) is None]
        if sure and not free and sure[0].has_another(profile_in(keys)):
            sure = []  # an old name of a profile would not stand in the same file
        if sure and not free and self._is_repeated(sure[0], sighting, keys):
            raise PassedOverError(f"the same person as line {self._line(sure[0].id, sighting)}")
        if not sure:  # they share an address: whose name stands in another row is that one
            free = [
                one for one in free if one.id in self._origins or bare(one.name) not in self._named
            ]
        taken = ChainMap({one.id: 0 for one in everyone}, self._line_of)
        return tuple(free) or self.book.match(sighting.said, taken)

    def _is_repeated(self, person: Known, sighting: Sighting, keys: tuple[str, ...]) -> bool:
        """Whether a row is about somebody again: it has their address, or says the same."""
        if any(key in person.identifiers for key in _addresses(keys)):
            return True
        return self._said_of.get(person.id) == sighting.said

    def _line(self, id: str, sighting: Sighting) -> int | None:
        """Return the line by which a contact, or the origin of it that this row means, was met."""
        if id in self._origins:
            return self._line_of_origin.get(self._origin(id, sighting))
        return self._line_of.get(id)

    def _origin(self, id: str, sighting: Sighting) -> tuple[str, int]:
        """Return the origin of a merged contact that a row belongs to: its place, -1 for none."""
        origins = self._origins[id]
        origin = origin_of(origins, sighting, self._source)
        return id, -1 if origin is None else origins.index(origin)

    def _said_so(self, person: Known, sighting: Sighting) -> bool:
        """Whether this source says nothing new of a person."""
        for record in self._view.get("contact", [person.id]):
            contact = decode(record, Contact)
            return contact.origin(self._source) is not None and (
                revise(contact, sighting, source=self._source, on=self._today).contact == contact
            )
        return False


def _addresses(keys: Iterable[str]) -> list[str]:
    return list(filter(is_address, keys))


def _profile(keys: Iterable[str], person: Known) -> bool:
    """Whether a row names the very profile of a person: then names do not matter."""
    own = (key for key in keys if is_profile(key) or key.startswith("url:"))
    return any(key in person.identifiers for key in own)


def _everybody(view: Transaction) -> Iterator[Known]:
    fields = ("id", "handle", "name", "identifiers", "aliases")
    for id_, handle, name, keys, aliases in view.rows(Query("contact"), fields):
        yield Known(id_, handle, name, tuple(keys), tuple(aliases))


def _trashed(view: Transaction) -> Iterator[tuple[str, int]]:
    """Yield the identifiers of those who were removed, each with the commit's number."""
    of = KINDS["contact"].fields["identifiers"].of
    for commit, person in removed(view):
        for key in of(person.doc):  # type: ignore[union-attr]
            yield str(key), commit.doc["seq"]


def _merged(view: Transaction, source: str) -> Iterator[tuple[str, tuple[Origin, ...]]]:
    """Yield the ids of contacts with several origins in one source, and all origins of each."""
    merged = {into for ((into,),) in view.rows(Query("merged"), ("contacts",))}
    for record in view.get("contact", merged):
        origins = decode(record, Contact).origins
        if sum(origin.source == source for origin in origins) > 1:
            yield record.id, origins
