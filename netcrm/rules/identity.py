"""Is this a person we know? By identifiers, never by a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from netcrm.model.text import bare, fold, words
from netcrm.rules.profiles import SITES, address_key, folded

_AROUND: Final = re.compile("^(?:mailto:|<)+|>+$")
_UNSEEN: Final = dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF))


def identifier(kind: str, value: str) -> str:
    """Return a contact point in the form in which equal ones are equal, such as `email:ana@x.org`.

    E-mail: case folded. Phone: E.164 if it is written for callers abroad, else its digits. Address:
    that of a profile is its site and handle, as in `linkedin:ana`; see `address_key`. Idempotent.
    """
    if kind == "email":
        return f"email:{email_key(value)}"
    if kind == "phone":
        return f"phone:{phone_key(value)}"
    if kind == "url":
        return address_key(value)
    return f"{kind}:{fold(value).strip()}"


def email_key(value: str) -> str:
    """Return an e-mail address case folded, without blanks, `mailto:` and angle brackets.

    Dots and what a + adds stay: with some providers they are other people.
    """
    return _AROUND.sub("", folded("".join(value.split())))


def phone_key(value: str) -> str:
    """Return an international number as E.164, with `;ext=12` for an extension; else the digits.

    A national number means another line in each country, so none is guessed for it.
    """
    value = value.translate(_UNSEEN).strip()
    if value[:4].lower() == "tel:":
        value = value[4:].lstrip()
    plus = "+" if value.lstrip("( ").startswith(("+", "\uff0b")) else ""
    digits = plus + "".join(str(unicodedata.decimal(c)) for c in value if c.isdecimal())
    if plus or digits.startswith("00"):
        for text in (value, digits):
            known = _e164(text)
            if known and _e164(known) == known:  # what the digits of one give is not always one
                return known
    return digits


def _e164(number: str) -> str:
    """Return a number that begins with + or 00 as E.164, or nothing if it cannot be one."""
    import phonenumbers  # slow to import, and few have a phone number

    try:
        parsed = phonenumbers.parse(re.sub("^00", "+", number), None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    known = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return f"{known};ext={parsed.extension}" if parsed.extension else known


def linkedin_slug(url: str) -> str:
    """Return the profile slug in a LinkedIn address, or nothing if it is not one."""
    site, _, slug = address_key(url).partition(":")
    return slug if site == "linkedin" else ""


def is_profile(key: str) -> bool:
    """Whether an identifier is a profile: that of one person, on a site that is known."""
    return key.partition(":")[0] in SITES


def identifiers(said: Mapping[str, str]) -> tuple[str, ...]:
    """Return what identifies the person of an import row, the strongest first.

    Profiles and other addresses; then e-mail and telephone; then the full name with the day of
    connection, which survives a change of employer; last the full name within a list.
    """
    found = [
        identifier(kind, value)
        for kind in ("url", "email", "phone")
        if said.get(kind)
        for value in said[kind].split("\n")
    ]
    if said.get("connected_on") or said.get("list"):
        name = bare(full_name(said))
        if name and said.get("connected_on"):
            found.append(f"met:{name}|{said['connected_on']}")
        if name and said.get("list"):
            found.append(f"list:{name}|{said['list']}")
    return tuple(dict.fromkeys(found))


def is_address(key: str) -> bool:
    """Whether an identifier is more than a name and a day or a list."""
    return not key.startswith(("met:", "list:"))


def says_who(key: str) -> bool:
    """Whether an identifier is one person's: others may have the telephone, the site, or info@."""
    from netcrm.rules.vocabulary import SHARED_MAILBOXES  # who only reads needs none of it

    kind, _, value = key.partition(":")
    if kind == "email":
        return value.partition("@")[0] not in SHARED_MAILBOXES
    return kind not in ("phone", "url")


def full_name(said: Mapping[str, str]) -> str:
    """Return the name that an import row gives, whole."""
    return said.get("name") or f"{said.get('given', '')} {said.get('family', '')}".strip()


def profile_in(keys: Iterable[str]) -> str:
    """Return the first identifier that is a profile; empty if there is none."""
    return next(filter(is_profile, keys), "")


class Known(NamedTuple):
    """A person in the network, as far as matching needs to know."""

    id: str
    handle: str
    name: str
    identifiers: tuple[str, ...]
    aliases: tuple[str, ...] = ()

    def is_called(self, named: tuple[str, ...]) -> bool:
        """Whether these are the folded words of their name, or of an alias."""
        return any(words(name) == named for name in (self.name, *self.aliases))

    def has_another(self, profile: str) -> bool:
        """Whether they have a profile on the same site, and it is another one."""
        site = f"{profile.partition(':')[0]}:"
        theirs = [key for key in self.identifiers if key.startswith(site)]
        return bool(profile and theirs) and profile not in theirs


class Book:
    """Everybody in the network, by identifier."""

    def __init__(self, people: Iterable[Known]) -> None:
        self._by_key: dict[str, list[Known]] = {}
        for person in people:
            self.add(person)

    def add(self, person: Known) -> None:
        """Enter one more person."""
        for key in person.identifiers:
            self._by_key.setdefault(key, []).append(person)

    def learn(self, person: Known, keys: Iterable[str]) -> None:
        """Enter what else somebody can be known by."""
        new = [key for key in keys if key not in person.identifiers]
        if not new:
            return
        now = person._replace(identifiers=(*person.identifiers, *new))
        for key in now.identifiers:
            people = self._by_key.setdefault(key, [])
            self._by_key[key] = [one for one in people if one.id != person.id] + [now]

    def has(self, key: str) -> bool:
        """Whether anybody has an identifier."""
        return key in self._by_key

    def match(self, said: Mapping[str, str], taken: Container[str] = ()) -> tuple[Known, ...]:
        """Return whom a row may mean: nobody, one person, or several between whom not to guess.

        The strongest identifier that fits anybody decides. A weaker one does not count for somebody
        whose profile on the same site is another one, unless the names agree and it is the e-mail:
        profiles get renamed, mailboxes are shared. What others may have too, such as a telephone,
        counts where one name is part of the other; a name within a list, where the row or the
        person has no address at all. People in *taken* are left out.
        """
        keys, name = identifiers(said), full_name(said)
        profile = profile_in(keys)
        for key in keys:
            found = [
                person
                for person in self._by_key.get(key, ())
                if person.id not in taken and self._agrees(person, key, profile, keys, name)
            ]
            if found:
                return tuple(dict.fromkeys(found))
        return ()

    @staticmethod
    def _agrees(person: Known, key: str, profile: str, keys: Sequence[str], name: str) -> bool:
        if key.startswith("list:") and any(map(is_address, keys)):
            return not any(map(is_address, person.identifiers))
        theirs, ours = words(name), words(person.name)
        if theirs and not says_who(key) and not _is_part(theirs, ours):
            return False
        if not person.has_another(profile):
            return True
        return ours == theirs and key.startswith("email:")


def _is_part(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether all words of one name are words of the other, whichever is longer."""
    return set(one) <= set(other) or set(other) <= set(one)
