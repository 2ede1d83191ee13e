"""Who takes part in the conversations of one file of messages, and which of them is its owner.

LinkedIn does not say whose export it is. In order of trust:

1. The column Direction, which exports had until 2018: who sent what went out.
2. The address, else the name, that other tables of the export give for the owner. Of several with
   that name it is the one that takes part in most conversations, at least half of them; where two
   take part in equally many, the name does not tell.
3. If whom they name takes part in none: who alone takes part in every conversation. Or in nine of
   ten, if nobody else takes part in half.

Otherwise nobody can tell, as with one conversation of two people; and nothing is guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from netcrm_linkedin.people import Party, addresses, is_deleted, same
from netcrm_linkedin.sheet import Row

_MOST_NAMES: Final = 200


class Letter(NamedTuple):
    """A row of messages, as far as it says who wrote to whom."""

    conversation: str
    sender: Party
    to: str
    urls: tuple[str, ...]
    way: str

    @classmethod
    def of(cls, row: Row) -> Letter:
        """Return who wrote to whom. Without its number a conversation is known by its people."""
        sender = Party.of(row.get("senderprofileurl"), row.get("from"))
        people = sorted((same(row.get("from")), same(row.get("to"))))
        return cls(
            row.get("conversationid") or "|".join(people),
            sender,
            row.get("to"),
            tuple(addresses(row.get("recipientprofileurls"))),
            row.get("direction").upper(),
        )


class Owner(NamedTuple):
    """Whose export it is: addresses and names, each as it is compared."""

    urls: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def is_(self, party: Party) -> bool:
        """Whether somebody is the owner. The address decides where there is one."""
        if party.url and self.urls:
            return party.key in self.urls
        return same(party.name) in self.names


class Roster:
    """What all rows together say about who is who. *names* are known from elsewhere."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._known = {same(name) for name in names}
        self._name_of: dict[str, str] = {}
        self._links: dict[str, set[str]] = {}
        self._senders: dict[str, dict[str, Party]] = {}
        self._urls: dict[str, set[str]] = {}
        self._cells: dict[str, set[str]] = {}
        self._others: dict[str, Party] = {}
        self._outgoing: set[Party] = set()

    def add(self, letter: Letter) -> None:
        """Learn from one more row."""
        sender, conversation = letter.sender, letter.conversation
        self._urls.setdefault(conversation, set()).update(Party(url).key for url in letter.urls)
        if sender.key:
            self._senders.setdefault(conversation, {}).setdefault(sender.key, sender)
            if letter.way == "OUTGOING":
                self._outgoing.add(sender)
        if sender.name:
            self._known.add(same(sender.name))
        if sender.url:
            self._urls[conversation].add(sender.key)
            if sender.name:
                self._name_of.setdefault(sender.key, sender.name)
                self._link(sender.name, sender.key)
        if not is_deleted(letter.to):
            if len(letter.urls) == 1:
                self._link(letter.to, Party(letter.urls[0]).key)
            elif not letter.urls:
                self._cells.setdefault(conversation, set()).add(letter.to)
            if ", " not in letter.to:
                self._known.add(same(letter.to))

    def _link(self, name: str, key: str) -> None:
        self._links.setdefault(same(name), set()).add(key)

    def names(self, to: str) -> list[str]:
        """Return the names in a cell that joins them by ", ", which names themselves contain.

        It is several if all of it is names that are known, and one otherwise.
        """
        parts = to.split(", ")
        if len(parts) == 1 or same(to) in self._known or len(parts) > _MOST_NAMES:
            found = [to]
        else:
            found = self._split(tuple(parts)) or [to]
        return [name for name in found if not is_deleted(name)]

    def _split(self, parts: tuple[str, ...]) -> list[str]:
        """Return the parts put together to names that are known, long ones first; or nothing."""

        @cache
        def ends(start: int) -> int:
            for end in range(min(len(parts), start + 6), start, -1):
                name = ", ".join(parts[start:end])
                is_name = same(name) in self._known or is_deleted(name)
                if is_name and (end == len(parts) or ends(end)):
                    return end
            return 0

        found, start = [], 0
        while start < len(parts):
            end = ends(start)
            if not end:
                return []
            found.append(", ".join(parts[start:end]))
            start = end
        return found

    def recipients(self, letter: Letter) -> list[Party]:
        """Return to whom a message went, by address if possible; the owner may be among them."""
        if letter.urls:
            return [Party(url, self._name(url, letter)) for url in letter.urls]
        return [Party("", name) for name in self.names(letter.to)]

    def _name(self, url: str, letter: Letter) -> str:
        """Return the name that certainly goes with an address, or nothing."""
        learnt = self._name_of.get(Party(url).key, "")
        if learnt or len(letter.urls) > 1 or any(map(is_deleted, letter.to.split(", "))):
            return learnt
        return letter.to

    def partner(self, letter: Letter, owner: Owner) -> Party | None:
        """Return who alone ever answered in a conversation, if a message went to that name."""
        if letter.conversation not in self._others:
            senders = self._senders.get(letter.conversation, {}).values()
            others = [sender for sender in senders if not owner.is_(sender)]
            self._others[letter.conversation] = others[0] if len(others) == 1 else Party()
        other = self._others[letter.conversation]
        return other if other.name and same(other.name) == same(letter.to) else None

    def owner(self, said: Iterable[Party] = ()) -> Owner | None:
        """Return whose messages these are, None if it cannot be told. *said*: what else is known.

        See the top of this module for how it is decided.
        """
        if self._outgoing:
            urls = frozenset(party.key for party in self._outgoing if party.url)
            return Owner(urls, frozenset(same(party.name) for party in self._outgoing) - {""})
        shares, total = self._shares()
        known = list(said)
        if any(shares[key] for party in known for key in self._keys(party)):
            return self._named(known, shares, total)
        return self._everywhere(shares, total)

    def _shares(self) -> tuple[Counter[str], int]:
        """Return in how many conversations each person takes part, and how many there are."""
        shares: Counter[str] = Counter()
        total = 0
        for conversation in self._urls:
            there = set(self._taking_part(conversation))
            shares.update(there)
            total += bool(there)
        return shares, total

    def _taking_part(self, conversation: str) -> Iterator[str]:
        """Yield the keys of who takes part. Who has an address and a name counts once.

        A name that goes with two addresses says nothing.
        """
        yield from self._urls[conversation]
        senders = self._senders.get(conversation, {}).values()
        names = [sender.name for sender in senders if not sender.url]
        for cell in self._cells.get(conversation, ()):
            names += self.names(cell)
        for name in names:
            links = self._links.get(same(name), {f"name:{same(name)}"})
            if len(links) == 1:
                yield from links

    def _keys(self, party: Party) -> set[str]:
        """Return by what keys somebody may take part."""
        name = same(party.name)
        return {party.key, *((*self._links.get(name, ()), f"name:{name}") if name else ())}

    def _named(self, said: list[Party], shares: Counter[str], total: int) -> Owner | None:
        for party in said:
            if party.url and shares[party.key]:
                return self._as_owner(party.key, party.name)
        for party in said:
            if party.name:
                keys = self._keys(Party("", party.name))
                (first, most), second = _best({key: shares[key] for key in keys})
                if most > second and 2 * most >= total:
                    return self._as_owner(first, same(party.name))
        return None

    def _everywhere(self, shares: Counter[str], total: int) -> Owner | None:
        if not shares:
            return None
        (first, most), second = _best(shares)
        alone = most == total and second < total
        if alone or (10 * most >= 9 * total and 2 * second < total):
            return self._as_owner(first)
        return None

    def _as_owner(self, key: str, name: str = "") -> Owner:
        names = {known for known, links in self._links.items() if links == {key}}
        kind, _, value = key.partition(":")
        if kind == "url":
            return Owner(frozenset({key}), frozenset(names | {same(name)} - {""}))
        return Owner(frozenset(), frozenset({value}))


def _best(shares: dict[str, int]) -> tuple[tuple[str, int], int]:
    """Return who takes part in most conversations, in how many; and in how many the second does."""
    ranked = sorted(shares.items(), key=lambda one: (-one[1], one[0]))
    return ranked[0], ranked[1][1] if len(ranked) > 1 else 0
