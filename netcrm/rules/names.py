"""What is the name in a name? Titles, degrees, pronouns and the order of its parts vary."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from unicodedata import normalize

from netcrm.model.text import words
from netcrm.rules.vocabulary import CREDENTIALS, GENERATIONS, PRONOUNS, TITLES

_IN_BRACKETS: Final = re.compile(r"[(\[{（［]([^()\[\]{}（）［］]*)[)\]}）］]")
_QUOTED: Final = re.compile("[\"“”„«»]([^\"“”„«»]+)[\"“”„«»]|(?<!\\w)['‘’]([^'‘’]+)['‘’](?!\\w)")
_APART: Final = re.compile(r"\s*[,;|•·/]\s*|\s+[-–—]\s+")
_SLASH: Final = re.compile(r"\s*/\s*")
_BEFORE: Final = TITLES | {""}
_BORN: Final = re.compile(r"^(?:née|nee|né|geb\.?|born|formerly)\s+", re.IGNORECASE)


class PersonName(NamedTuple):
    """A name in parts, each as folded words.

    `also` are names in brackets or quotation marks: what somebody is called, or was called once.
    """

    words: tuple[str, ...]
    also: tuple[str, ...] = ()
    generation: str = ""


def bare_name(name: str) -> str:
    """Return a name without titles, degrees, pronouns and emoji, the family name last.

    "Dr. Zoë Müller (she/her), PhD" is "Zoë Müller"; "Gómez, Lucia" is "Lucia Gómez". What is left
    is spelled as it was. Idempotent. A name that is nothing but such parts stays as it is.
    """
    name = " ".join(normalize("NFC", name).split())
    while (left := _without_parts(name)) != name and (words(left) or not words(name)):
        name = left
    return name


def _without_parts(name: str) -> str:
    """Take one layer of what is no name off it; behind one there may be others."""
    text = _SLASH.sub("/", _QUOTED.sub(" ", _IN_BRACKETS.sub(" ", name)))
    text = " ".join(word for word in text.split() if not ("/" in word and _is_pronouns(word)))
    parts = [part for part in _APART.split(text) if words(part)]
    if not parts:
        return name
    first = _without_titles(parts[0])
    alone = len(first.split()) == 1
    rest = [p for p in parts[1:] if not _is_credentials(p) or (alone and _is_short_name(p))]
    within = rest[0].split()[0] if rest else ""
    if _is_degree(within) and _bare(within) not in TITLES:  # as in "Noor, RN Haddad"
        return " ".join([first, *(word for word in rest[0].split() if not _is_degree(word))])
    if rest and "," in text and _is_given(rest[0]) and len(words(first)) <= _MOST_FAMILY_NAMES:
        first = f"{_without_titles(rest[0])} {first}"
    return first


_MOST_FAMILY_NAMES: Final = 3


def parse_name(name: str) -> PersonName:
    """Return the parts of a name."""
    name = normalize("NFC", name)
    said = words(bare_name(name))
    behind = [word for part in _APART.split(name)[1:] for word in words(part)]
    generation = next((word for word in (*said[1:], *behind) if word in GENERATIONS), "")
    return PersonName(
        tuple(word for word in said if word != generation) or said,
        tuple(dict.fromkeys(_called(name))),
        GENERATIONS.get(generation, ""),
    )


def _called(name: str) -> list[str]:
    """Return the words of what stands in brackets or quotation marks, but for pronouns and such."""
    marked = [found[1] for found in _IN_BRACKETS.finditer(name)]
    marked += [found[1] or found[2] for found in _QUOTED.finditer(name)]
    names = [
        _BORN.sub("", text) for text in marked if not (_is_pronouns(text) or _is_credentials(text))
    ]
    return [word for text in names if len(words(text)) <= 2 for word in words(text)]


def _without_titles(part: str) -> str:
    """Take titles off the front of a name, degrees off its end, and emoji off both."""
    left = part.split()
    while len(words(" ".join(left))) > 1 and _bare(left[0]) in _BEFORE:
        del left[0]
    while len(left) > 1 and (not _bare(left[-1]) or (len(left) > 2 and _is_degree(left[-1]))):
        del left[-1]
    return " ".join(left)


def _is_degree(word: str) -> bool:
    """Whether a word behind a name is no part of it: a family name is not written so."""
    bare = _bare(word)
    return bare in CREDENTIALS and (word.isupper() or "." in word or bare == "phd")


def _is_credentials(part: str) -> bool:
    """Whether nothing in a part behind a comma is a name."""
    return _is_pronouns(part) or all(
        _is_letters(word) or all(map(_is_letters, word.split("-"))) for word in part.split()
    )


def _is_short_name(part: str) -> bool:
    """Whether a degree is written as a name is: "Ruiz, Ed" is Ed Ruiz."""
    name = _without_titles(part)
    return name.istitle() and _bare(name) in CREDENTIALS and not _is_degree(name)


def _is_letters(word: str) -> bool:
    """Whether a word is one of the known degrees, or is written as if it were one."""
    return (
        (bare := _bare(word)) in CREDENTIALS
        or bare in GENERATIONS
        or not bare
        or (word.strip(".").isupper() and len(word) > 2 and set(bare).isdisjoint("aeiouy"))
        or any(c.isdigit() for c in word)
    )


def _is_given(part: str) -> bool:
    said = words(part)
    return 1 <= len(said) <= _MOST_FAMILY_NAMES and not any(c.isdigit() for c in part)


def _is_pronouns(part: str) -> bool:
    said = words(part)
    return bool(said) and all(word in PRONOUNS for word in said)


def _bare(word: str) -> str:
    return "".join(words(re.sub("[-.'’]", "", word)))
