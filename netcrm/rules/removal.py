"""What is left where a person is taken out, and what keeps out those who were forgotten."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import attrs

from netcrm.model.base import Entity
from netcrm.model.contact import Contact, FirstMet
from netcrm.model.interaction import Interaction, Meeting
from netcrm.model.interview import Interview
from netcrm.model.referral import Acquaintance
from netcrm.model.text import words
from netcrm.rules.names import parse_name

_OWN: Final = frozenset({"id", "handle", "aliases", "given", "family"})
"""Keys of a document whose texts are what somebody is called."""


def without(entity: Entity, gone: Collection[str]) -> Entity | None:
    """Return what is left of a record without some people; None if it was about nobody else.

    What was said to others as well stays with them. Who was met through one of them was met all the
    same, and so do two know each other of whom one of them told me. A referral, an introduction, an
    exception or a rule makes no sense without them, and what else they told me goes with them.
    """
    if isinstance(entity, Interaction | Meeting):
        others = tuple(person for person in entity.participants if person.contact not in gone)
        return attrs.evolve(entity, participants=others) if others else None
    if isinstance(entity, Interview):
        left = tuple(contact for contact in entity.contacts if contact not in gone)
        return attrs.evolve(entity, contacts=left) if left else None
    if isinstance(entity, Acquaintance) and not set(gone).intersection(entity.contacts):
        return attrs.evolve(entity, told_by=None)
    if isinstance(entity, Contact) and entity.id not in gone and entity.first_met is not None:
        met = attrs.evolve(entity.first_met, through=None)
        return attrs.evolve(entity, first_met=None if met == FirstMet() else met)
    return None


KEY_BYTES: Final = 32
"""Bytes of the key that marks are made with (our choice)."""


def mark(key: str, identifier: str) -> str:
    """Return what is kept of an identifier of somebody forgotten: BLAKE2b with a key, as hex."""
    made = hashlib.blake2b(identifier.encode(), key=bytes.fromhex(key), digest_size=16)
    return made.hexdigest()


def name_key(name: str) -> str:
    """Return a name as an identifier of somebody forgotten, without titles and the like."""
    return f"name:{' '.join(parse_name(name).words)}"


def names_any(text: str, names: Iterable[str]) -> bool:
    """Whether a text has all words of one of these names in it, or the very sign that it is."""
    said = set(words(text))
    return any(
        said.issuperset(parts) if (parts := words(name)) else name.strip() and name in text
        for name in names
    )


def shares_word(text: str, names: Iterable[str]) -> bool:
    """Whether a word of a text is a word of a name."""
    said = set(words(text))
    return any(not said.isdisjoint(words(name)) for name in names)


def may_name(text: str, names: Iterable[str]) -> bool:
    """Whether a word of a text is how a name begins: people are called by the start of theirs."""
    parts = {part for name in names for part in words(name)}
    return any(part.startswith(word) for word in words(text) for part in parts)


def mentions(doc: Any, names: Sequence[str], own: tuple[str, ...] = ()) -> bool:
    """Whether a text in a document has one of these names in it; a namesake's *own* is none."""
    if isinstance(doc, str):
        return words(doc) != own and names_any(doc, names)
    if isinstance(doc, Mapping):
        return any(mentions(value, names, own) for key, value in doc.items() if key not in _OWN)
    if isinstance(doc, Sequence):
        return any(mentions(value, names, own) for value in doc)
    return False
