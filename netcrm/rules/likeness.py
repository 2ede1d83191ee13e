"""Which two people in the network are likely one, and why?

Each thing that two people share, or that speaks against them, counts some bits: how much likelier
it is where they are one person than where they are not (Fellegi and Sunter 1969). What is rare
counts more. The numbers are our choice.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from netcrm.rules.signs import SAID, Likeness, Sign, likeliest_first, score
from netcrm.rules.traits import FULL_NAMES, Facts, Traits, mailbox
from netcrm.rules.vocabulary import SHARED_MAILBOXES

LIKELY: Final = 0.5
"""The least score of two people who are shown as likely one (our choice)."""

_LARGEST_BLOCK: Final = 25
"""What more people than this share is no reason to compare them."""
_FOLK: Final = 1_000
"""How rare a name is in a small network is guessed as if so many more were in it."""
_EXPECTED: Final = 2.0
"""Bits for any two that are compared: how much is double in an address book."""
_FAMILY, _GIVEN = 9.0, 6.5
"""The most bits that a family name and a given name count, however rare they are."""
_NAME_ALONE: Final = 1.0
"""The most bits that are left for a name alone: nobody is the same person because of a name."""
_ALIKE, _UNLIKE = 0.85, 0.7
"""How alike two words are that may be one, misspelled; and two that are not."""
_NAMES_DIFFER: Final = frozenset({"family other", "given other", "generation"})
_OF_A_HOME: Final = frozenset({"email", "phone", "address", "address alike", "born", "born alike"})
_OF_A_WORKPLACE: Final = frozenset({"organisation", "title", "location", "email shared"})
"""What relatives, or colleagues, have in common: with other names it tells nothing."""
_Told = tuple[str, float, str, str]
"""A sign in the making: its code, its bits, and what is to be said of each of the two."""


def likenesses(people: Iterable[Facts], *, least: float = LIKELY) -> list[Likeness]:
    """Return the pairs that are likely one person, the likeliest first.

    Only those are compared who share something: 30,000 people take seconds, not hours.
    """
    return likeliest_first(Lineup(people).pairs(least))


class Lineup:
    """Everybody, by what they could share with somebody else."""

    def __init__(self, people: Iterable[Facts]) -> None:
        self._people = list(map(Traits, people))
        self._blocks: dict[str, list[int]] = {}
        self._families: Counter[str] = Counter()
        self._givens: Counter[str] = Counter()
        self._owners: Counter[str] = Counter()
        self._places: Counter[str] = Counter()
        for number, one in enumerate(self._people):
            for key in set(one.hints()):
                self._blocks.setdefault(key, []).append(number)
            self._families[one.family] += 1
            self._givens[one.given] += 1
            self._owners.update((*one.emails, *one.phones, *one.organisations))
            self._places.update(one.address)
        self._size = math.log2(len(self._people) + _FOLK)
        self._rarities = {name: self._rarity(name) for name in self._families}
        self._given_rarities = {name: self._given_rarity(name) for name in self._givens}
        self._relatives = self._learn_of_relatives()

    def pairs(self, least: float = LIKELY) -> Iterator[Likeness]:
        """Yield the pairs that are likely one person."""
        near: list[set[int]] = [set() for _ in self._people]
        for block in self._blocks.values():
            if len(block) <= _LARGEST_BLOCK:
                for place, number in enumerate(block):
                    near[number].update(block[:place])
        for number, others in enumerate(near):
            yield from self._alike(self._people[number], others, least)

    def match(self, facts: Facts, least: float = LIKELY) -> list[Likeness]:
        """Return who is likely the person described, the likeliest first."""
        one = Traits(facts)
        blocks = [self._blocks.get(hint, ()) for hint in one.hints()]
        near = {number for block in blocks if len(block) <= _LARGEST_BLOCK for number in block}
        others = (number for number in near if self._people[number].id != facts.id)
        return likeliest_first(self._alike(one, others, least))

    def _alike(self, one: Traits, near: Iterable[int], least: float) -> Iterator[Likeness]:
        for number in near:
            other = self._people[number]
            told = self._told(other, one)
            likely = score(_bits(told) - self._size + _EXPECTED)
            if likely >= least:
                signs = tuple(Sign(c, SAID[c].format(x, y), round(n, 1)) for c, n, x, y in told)
                yield Likeness(other.id, one.id, likely, signs)

    def _learn_of_relatives(self) -> float:
        """Return how much of what relatives share tells nothing, from 0 to 1.

        Address books hold families, lists of members do not: it is learned from how many of those
        who have a family name and an address in common have the same given name. All of it, unless
        those are eight times as many as the others; nothing if they are 64 times as many.
        """
        same = other = 1
        for hint, block in self._blocks.items():
            if not hint.startswith("home ") or len(block) > _LARGEST_BLOCK:
                continue
            for place, first in enumerate(block):
                for second in block[place + 1 :]:
                    a, b = self._people[first], self._people[second]
                    named = a.family == b.family and a.given and b.given
                    if named and self._address(a, b)[0] == "address":
                        likeness = alike(a.given, b.given)
                        same += likeness >= _ALIKE
                        other += likeness < _UNLIKE and (a.born != b.born or not a.born)
        return max(0.0, min(1.0, 2.0 - math.log2(same / other) / 3))

    # --- signs

    def _told(self, a: Traits, b: Traits) -> list[_Told]:
        if b.id < a.id:
            a, b = b, a
        told = self._named(a, b)
        self._reached(a, b, told)
        self._worked(a, b, told)
        self._lived(a, b, told)
        differ = [sign for sign in told[:5] if sign[0] in _NAMES_DIFFER]  # names come first
        if differ and len(told) > len(differ):
            if any(sign[0] != "family other" and sign[1] <= -4 for sign in differ):
                told.append(("relatives", -self._relatives * _bits_of(told, _OF_A_HOME), "", ""))
            told.append(("colleagues", -_bits_of(told, _OF_A_WORKPLACE), "", ""))
            return [sign for sign in told if sign[1]]
        return told

    def _named(self, a: Traits, b: Traits) -> list[_Told]:
        told = [self._family(a, b), self._given(a.given, b.given)]
        differ = told[0][0] == "family other" or told[1][0] == "given other"
        if differ and (others := list(self._otherwise(a, b, told[1]))):
            told = max([told, *others], key=_bits)
        if a.generation != b.generation and a.generation and b.generation:
            told.append(("generation", -10.0, a.generation, b.generation))
        too_much = _bits(told) - (self._size - _EXPECTED + _NAME_ALONE)
        if too_much > 0:
            told.append(("namesakes", -too_much, "", ""))
        return [sign for sign in told if sign[1]]

    def _otherwise(self, a: Traits, b: Traits, given: _Told) -> Iterator[list[_Told]]:
        """Yield what else the names of two may tell that differ as they stand."""
        if given[0] == "given" and given[1] > 4:
            yield [("family other", -2.5, a.family, b.family), given]  # people marry
        if a.given and b.given:
            for one, other in ((a, b), (b, a)):
                if alike(one.family, other.given) >= _ALIKE:
                    family = self._word(one.family, other.given)
                    crossed = self._given(one.given, other.family)
                    yield [family, crossed, ("turned", -1.0, "", "")]
            if given[0] == "given other" and _spelled_alike(a.name, b.name):
                names = " ".join(a.name), " ".join(b.name)
                yield [("name alike", 10.0, *names)]
        common = a.called & b.called if a.has_alias or b.has_alias else frozenset()
        for name in sorted(common & {a.family, b.family}):
            yield [("alias", self._rarity(name), name, ""), given]
        for name in sorted(common & {a.given, b.given}):
            yield [self._family(a, b), ("alias", self._given_rarity(name), name, "")]

    def _rarity(self, family: str) -> float:
        return min(_FAMILY, self._size - math.log2(1 + self._families[family]))

    def _given_rarity(self, given: str) -> float:
        return min(_GIVEN, self._size - math.log2(1 + self._givens[given]))

    def _family(self, a: Traits, b: Traits) -> _Told:
        told = self._word(a.family, b.family)
        if not (a.given or b.given):
            return told[0], min(told[1], _GIVEN), *told[2:]  # one word may well be a given name
        if told[0] == "family other" and a.surname and alike(a.surname, b.surname) > 0.92:
            return "family alike", 0.8 * self._rarity(a.surname), a.surname, b.surname
        return told

    def _word(self, a: str, b: str) -> _Told:
        if not (a and b):
            return "family", 0.0, "", ""
        rarity = min(self._rarities.get(a, _FAMILY), self._rarities.get(b, _FAMILY))
        if a == b:
            return "family", rarity, a, ""
        likeness = alike(a, b)
        if likeness >= _ALIKE:
            return "family alike", rarity * _part(likeness), a, b
        return "family other", -4.0 if likeness < _UNLIKE else -2.0, a, b

    def _given(self, a: str, b: str) -> _Told:
        if not (a and b):
            return "given", 0.0, "", ""
        rarity = min(self._given_rarities.get(a, _GIVEN), self._given_rarities.get(b, _GIVEN))
        if a == b:
            return "given", rarity, a, ""
        if a in FULL_NAMES and not set(FULL_NAMES[a]).isdisjoint(FULL_NAMES.get(b, ())):
            return "given short", rarity * 0.7, a, b
        if len(a) == 1 or len(b) == 1:
            return ("given initial", 1.5, a, b) if a[0] == b[0] else ("given other", -4.0, a, b)
        likeness = alike(a, b)
        if likeness >= _ALIKE:
            return "given alike", rarity * _part(likeness), a, b
        return "given other", -4.0 if likeness < _UNLIKE else -1.5, a, b

    def _reached(self, a: Traits, b: Traits, told: list[_Told]) -> None:
        if a.emails and b.emails:
            common = a.emails & b.emails
            for email in sorted(common):
                if mailbox(email) in SHARED_MAILBOXES:
                    told.append(("email shared", 3.0, email, ""))
                else:
                    told.append(("email", self._owned(email, 16.0), email, ""))
            if not common:
                boxes = sorted(box for box in a.boxes & b.boxes if len(box) > 3)
                # Namesakes have one mailbox at two places because it is made of their name.
                for box in boxes:
                    named = a.family in box or b.family in box
                    told.append(("mailbox", 1.0 if named else 3.0, box, ""))
        if a.phones and b.phones:
            if phones := a.phones & b.phones:
                told.append(("phone", self._owned(min(phones), 12.0), min(phones), ""))
            else:
                told.append(("phone other", -0.5, "", ""))
        if a.profiles and b.profiles:
            if profiles := a.profiles & b.profiles:
                told.append(("profile", 20.0, min(profiles), ""))
            else:
                told.append(("profile other", -9.0, "", ""))

    def _owned(self, value: str, bits: float) -> float:
        """Return the bits of what one person should have: the more have it, the less it says."""
        return max(1.0, bits - 4 * math.log2(max(1, self._owners[value] - 1)))

    def _worked(self, a: Traits, b: Traits, told: list[_Told]) -> None:
        if a.organisations and b.organisations:
            if common := a.organisations & b.organisations:
                fewest = min(self._owners[at] for at in common)
                rarity = self._size - math.log2(1 + fewest)
                told.append(("organisation", min(4.0, rarity / 2.5), min(common), ""))
            else:
                told.append(("organisation other", -0.5, "", ""))
        if titles := a.titles & b.titles:
            told.append(("title", 1.5, min(titles), ""))

    def _lived(self, a: Traits, b: Traits, told: list[_Told]) -> None:
        if a.born and b.born:
            told.append(_born(a.born, b.born))
        if a.address and b.address:
            told.append(self._address(a, b))
        if a.location and b.location:
            same = not a.location.isdisjoint(b.location)
            told.append(("location", 1.5, "", "") if same else ("location other", -0.5, "", ""))
        if a.connected_on and a.connected_on == b.connected_on and set(a.name) == set(b.name):
            told.append(("connected", 8.0, a.connected_on, ""))

    def _address(self, a: Traits, b: Traits) -> _Told:
        """Compare addresses by their words, and by the letters of those that differ."""
        common = sum(map(len, a.address & b.address))
        left = "".join(word for word in a.address_in_order if word not in b.address)
        right = "".join(word for word in b.address_in_order if word not in a.address)
        differ = (len(left) + len(right)) / 2
        likeness = common / (common + differ)
        if likeness > 0.1:  # else letters do not help
            likeness += differ * _letters_alike(left, right) / (common + differ)
        if likeness < 0.6:
            return "address other", -4.0, "", ""
        rare = sum(self._size - math.log2(1 + self._places[word]) for word in a.address & b.address)
        telling = min(13.5, 2.5 * min(len(a.address), len(b.address)), rare)
        code = "address" if likeness > 0.95 else "address alike"
        return code, telling * (likeness - 0.3) / 0.7, "", ""


def _born(a: str, b: str) -> _Told:
    if a == b:
        return "born", 11.0, a, ""
    if len(a) != len(b):  # of one the year is not known
        return ("born alike", 7.0, a, b) if a[-5:] == b[-5:] else ("born other", -3.0, a, b)
    differ = sum(x != y for x, y in zip(a, b, strict=True))
    if differ == 1 or sorted(a) == sorted(b):
        return "born alike", 7.0, a, b
    return ("born alike", 0.5, a, b) if differ == 2 else ("born other", -3.0, a, b)


def _bits_of(told: Iterable[_Told], codes: Collection[str]) -> float:
    """Return what signs with these codes say for two people being one, or against it."""
    return sum(sign[1] for sign in told if sign[0] in codes)


def _spelled_alike(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two names are alike letter by letter, wherever blanks stand and words begin."""
    one, other = "".join(a), "".join(b)
    if abs(len(one) - len(other)) > 2:
        return False
    turned = "".join((b[-1], *b[:-1]))
    return max(_letters_alike(one, other), _letters_alike(one, turned)) > 0.9


def _bits(told: Iterable[_Told]) -> float:
    return sum(sign[1] for sign in told)


def _part(likeness: float) -> float:
    return (likeness - 0.55) / 0.45


def alike(a: str, b: str) -> float:
    """Return how alike two folded words are, from 0 to 1 (Jaro 1989, Winkler 1990)."""
    likeness = _words_alike(a, b)
    if _UNLIKE / 2 < likeness < _ALIKE and len(a) == len(b) > 2 and sorted(a) == sorted(b):
        return 0.95  # letters that changed places
    return likeness


def _words_alike(a: str, b: str) -> float:
    """Load what compares words, when it is first needed, and put it here instead."""
    from rapidfuzz.distance.JaroWinkler import normalized_similarity

    globals()["_words_alike"] = normalized_similarity
    return normalized_similarity(a, b)


def _letters_alike(a: str, b: str) -> float:
    """Load what compares longer texts, when it is first needed, and put it here instead."""
    from rapidfuzz.distance.Indel import normalized_similarity

    globals()["_letters_alike"] = normalized_similarity
    return normalized_similarity(a, b)
