"""Is this a person we know? By identifiers, never by a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from netcrm.model.text import fold, words

_SCHEME = re.compile(r"^\s*(?:[a-z]+:)?/*", re.IGNORECASE)  # people leave it out


def identifier(kind: str, value: str) -> str:
    """Return a contact point in the form in which equal ones are equal, such as `email:ana@x.org`.

    E-mail: case folded. Phone: its digits, and a leading +. LinkedIn profile: the slug after /in/,
    percent-decoded, NFC, case folded; scheme, host and query do not matter. Idempotent.
    """
    value = value.strip()
    if kind == "email":
        return f"email:{value.casefold()}"
    if kind == "phone":
        plus = "+" if value.startswith("+") else ""
        digits = (str(unicodedata.decimal(c)) for c in value if c.isdecimal())
        return f"phone:{plus}{''.join(digits)}"
    if kind == "url":
        slug = linkedin_slug(value)
        return f"linkedin:{slug}" if slug else f"url:{''.join(value.split()).rstrip('/')}"
    return f"{kind}:{fold(value).strip()}"


def linkedin_slug(url: str) -> str:
    """Return the profile slug in a LinkedIn address, or nothing if it is not one."""
    from urllib.parse import unquote, urlsplit  # slow to import, and most values are no addresses

    try:
        parts = urlsplit(_SCHEME.sub("//", url))
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    if host != "linkedin.com" and not host.endswith(".linkedin.com"):
        return ""
    kind, _, rest = parts.path.lstrip("/").partition("/")
    if kind.lower() != "in":
        return ""
    return unicodedata.normalize("NFC", unquote(rest.split("/")[0])).strip().casefold()


def identifiers(said: Mapping[str, str]) -> tuple[str, ...]:
    """Return what identifies the person of an import row, the strongest first.

    The profile address; then the e-mail; then the full name with the day of connection, which
    survives a change of employer.
    """
    found = [identifier(kind, said[kind]) for kind in ("url", "email", "phone") if said.get(kind)]
    name = " ".join(words(full_name(said)))
    if name and said.get("connected_on"):
        found.append(f"met:{name}|{said['connected_on']}")
    return tuple(found)


def full_name(said: Mapping[str, str]) -> str:
    """Return the name that an import row gives, whole."""
    return said.get("name") or f"{said.get('given', '')} {said.get('family', '')}".strip()


class Known(NamedTuple):
    """A person in the network, as far as matching needs to know."""

    id: str
    handle: str
    name: str
    identifiers: frozenset[str]

    @property
    def profiles(self) -> frozenset[str]:
        """Their LinkedIn profiles."""
        return frozenset(key for key in self.identifiers if key.startswith("linkedin:"))


class Book:
    """Everybody in the network, by identifier."""

    def __init__(self, people: Iterable[Known]) -> None:
        self._by_key: dict[str, dict[str, Known]] = {}
        for person in people:
            self.add(person)

    def add(self, person: Known) -> None:
        """Enter one more person."""
        for key in person.identifiers:
            self._by_key.setdefault(key, {})[person.id] = person

    def match(self, said: Mapping[str, str], taken: Container[str] = ()) -> tuple[Known, ...]:
        """Return whom a row may mean: nobody, one person, or several between whom not to guess.

        The strongest identifier that fits anybody decides. A weaker one does not count for somebody
        whose LinkedIn profile is another one, unless the names agree and it is the e-mail: profiles
        get renamed, mailboxes are shared. People in *taken* are left out.
        """
        keys = identifiers(said)
        profile = next((key for key in keys if key.startswith("linkedin:")), "")
        for key in keys:
            found = [
                person
                for person in self._by_key.get(key, {}).values()
                if person.id not in taken and self._agrees(person, key, profile, said)
            ]
            if found:
                return tuple(found)
        return ()

    @staticmethod
    def _agrees(person: Known, key: str, profile: str, said: Mapping[str, str]) -> bool:
        if key == profile or not profile or not person.profiles or profile in person.profiles:
            return True
        same_name = words(person.name) == words(full_name(said))
        return same_name and key.startswith("email:")
