"""What tells people apart, made ready for comparing: one person at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from netcrm.model.text import bare, words
from netcrm.rules.identity import email_key, linkedin_slug
from netcrm.rules.names import parse_name
from netcrm.rules.organisations import organisation_key
from netcrm.rules.vocabulary import NICKNAMES, SHARED_MAILBOXES

_TAIL: Final = 8
"""Digits of a phone number that tell lines apart, however its beginning is written."""
_TELLING: Final = 2
"""How many words of an address are looked at: the longest, which are the rarest."""

FULL_NAMES: Final[dict[str, list[str]]] = {}
"""What each given name may be short for, itself included if that is a full name."""
for _full, *_short in NICKNAMES:
    for _name in (_full, *_short):
        FULL_NAMES.setdefault(_name, []).append(_full)


class Facts(NamedTuple):
    """What is known of a person, as far as it tells people apart; as it was typed.

    Attributes:
        points: kind and value of each contact point.
        jobs: title and organisation of each position.
        born: a birthday as `PartialDate` writes it.
        connected_on: the day of a connection, `YYYY-MM-DD`.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    points: tuple[tuple[str, str], ...] = ()
    jobs: tuple[tuple[str, str], ...] = ()
    born: str = ""
    location: str = ""
    connected_on: str = ""


class Traits:
    """The facts of one person in the forms in which they are compared.

    Attributes:
        given, family: the first and the last word of the name; `given` is empty if there is one.
        surname: all words of the name but the first, as one.
        called: every word of all names, and what stands in brackets.
        boxes: what stands before the @ of addresses that are not shared.
        phones: the last digits of each number.
        address: the words of postal addresses, as a set and in order.
    """

    __slots__ = (
        "address", "address_in_order", "born", "boxes", "called", "connected_on", "emails",
        "family", "generation", "given", "has_alias", "id", "location", "name", "organisations",
        "phones", "profiles", "surname", "titles",
    )  # fmt: skip

    def __init__(self, facts: Facts) -> None:
        named = parse_name(facts.name)
        others = [named, *map(parse_name, facts.aliases)]
        self.id = facts.id
        self.name = named.words
        self.given = named.words[0] if len(named.words) > 1 else ""
        self.family = named.words[-1] if named.words else ""
        self.surname = "".join(named.words[1:])
        self.generation = named.generation
        self.called = frozenset(word for one in others for word in (*one.words, *one.also))
        self.has_alias = bool(facts.aliases or named.also)
        self.emails = frozenset(email_key(email) for email in _of("email", facts))
        self.boxes = frozenset(map(mailbox, self.emails)) - SHARED_MAILBOXES
        self.phones = frozenset(map(_tail, _of("phone", facts))) - {""}
        self.profiles = frozenset(map(linkedin_slug, _of("url", facts))) - {""}
        self.organisations = frozenset(organisation_key(at) for _, at in facts.jobs) - {""}
        self.titles = frozenset(bare(title) for title, _ in facts.jobs) - {""}
        self.born = facts.born
        self.connected_on = facts.connected_on
        self.location = frozenset(words(facts.location))
        self.address_in_order = tuple(w for at in _of("postal", facts) for w in words(at))
        self.address = frozenset(self.address_in_order)

    def hints(self) -> Iterator[str]:
        """Yield what two records of one person likely have in common, if only one of these."""
        yield from (f"@{email}" for email in self.emails)
        yield from (f"box {box}" for box in self.boxes)
        yield from (f"tel {phone}" for phone in self.phones)
        yield from (f"in {profile}" for profile in self.profiles)
        given, family = self.given, sound(self.family)
        yield f"all {''.join(sorted(self.name))}"
        if given:
            for called in (given, *FULL_NAMES.get(given, ())):
                yield f"name {family} {called[:2]}"
            yield f"name {sound(given)} {self.family[:2]}"
            for called in self.called.difference(self.name):
                yield f"name {sound(called)} {given[:2]}"
                yield f"name {family} {called[:2]}"
        else:
            yield f"name {family}"
        for at in self.organisations:
            yield from (f"at {at} {sound(word)}" for word in self.called)
        if self.born:
            yield f"born {self.born}"
            yield f"day {self.born[-5:]} {given[:1]}"
        if self.connected_on:
            yield f"met {self.connected_on} {family}"
        if self.address:
            telling = sorted(self.address, key=lambda word: (-len(word), word))[:_TELLING]
            for number in filter(str.isdigit, self.address):
                yield f"home {number} {family}"
                yield from (f"place {number} {word}" for word in telling)


def _of(kind: str, facts: Facts) -> Sequence[str]:
    return [value for what, value in facts.points if what == kind]


def mailbox(email: str) -> str:
    """Return what stands before the @, without what a + adds."""
    return email.rpartition("@")[0].partition("+")[0]


def _tail(phone: str) -> str:
    digits = "".join(c for c in phone if c.isdecimal())
    return digits[-_TAIL:] if len(digits) >= _TAIL - 1 else ""


_SOUNDS: Final = str.maketrans(
    {
        **dict.fromkeys("bfpvw", "b"), **dict.fromkeys("cgjkqsxz", "c"), **dict.fromkeys("dt", "d"),
        **dict.fromkeys("mn", "m"), **dict.fromkeys("aeiouhy", ""),
    }
)  # fmt: skip


def sound(word: str) -> str:
    """Return roughly how a folded word sounds: its consonants, like ones as one, at most four."""
    heard = word.translate(_SOUNDS)
    kept = [c for place, c in enumerate(heard) if not place or heard[place - 1] != c]
    return "".join(kept[:4]) or word[:2]
