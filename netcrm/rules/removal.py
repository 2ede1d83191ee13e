"""What is left where a person is taken out, and what keeps out those who were forgotten."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable

import attrs

from netcrm.model.base import Entity
from netcrm.model.contact import Contact
from netcrm.model.interaction import Interaction, Meeting
from netcrm.model.text import words


def without(entity: Entity, gone: Collection[str]) -> Entity | None:
    """Return what is left of a record without some people; None if it was about nobody else.

    What was said to others as well stays with them. Who was met through one of them was met all the
    same. A referral, an exception or a rule makes no sense without them.
    """
    if isinstance(entity, Interaction | Meeting):
        others = tuple(person for person in entity.participants if person.contact not in gone)
        return attrs.evolve(entity, participants=others) if others else None
    if isinstance(entity, Contact) and entity.id not in gone and entity.first_met is not None:
        return attrs.evolve(entity, first_met=attrs.evolve(entity.first_met, through=None))
    return None


def mark(key: str, identifier: str) -> str:
    """Return what is kept of an identifier of somebody forgotten: BLAKE2b with a key, as hex."""
    made = hashlib.blake2b(identifier.encode(), key=bytes.fromhex(key), digest_size=16)
    return made.hexdigest()


def names_any(text: str, names: Iterable[str]) -> bool:
    """Whether a text has all words of one of these names in it, in whatever order."""
    said = set(words(text))
    return any(named and said.issuperset(named) for named in map(words, names))


def may_name(text: str, names: Iterable[str]) -> bool:
    """Whether a word of a text is how a name begins: people are called by the start of theirs."""
    parts = {part for name in names for part in words(name)}
    return any(part.startswith(word) for word in words(text) for part in parts)
