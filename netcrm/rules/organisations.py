"""Which organisation is meant? The same one is written with and without its legal form."""

from __future__ import annotations

import re
from typing import Final

from netcrm.model.text import bare, fold
from netcrm.rules.vocabulary import EAST_ASIAN_FORMS, LEGAL_FORMS

_ANY: Final = "|".join(map(fold, EAST_ASIAN_FORMS))
_AROUND: Final = re.compile(rf"^(?:{_ANY})\s*(?=\S)|(?<=\S)\s*(?:{_ANY})$")
_FORMS: Final = frozenset(LEGAL_FORMS)
NO_PLACE: Final = frozenset(
    {"freelance", "freelancer", "independent", "retired", "self employed", "unemployed"}
)
"""What stands where an organisation would, and brings nobody together."""
_LONGEST: Final = max(map(len, LEGAL_FORMS))
_AND: Final = re.compile(r"\s*[&+]\s*")


def organisation_key(name: str) -> str:
    """Return the name of an organisation in a form in which equal ones are equal.

    Case, accents, punctuation, "The" in front and legal forms behind do not matter: "The Acme
    Widgets Co., Ltd." and "acme widgets" have one key. A name that would be nothing but a legal
    form keeps it, and letters that end a word are no legal form: "Plan A" stays "plan a", another
    one than "plan". Equal keys suggest the same organisation, they do not prove it. Idempotent.
    """
    key = bare(_AND.sub(" and ", name))
    while (left := _without_forms(key)) != key:
        key = left
    return key


def _without_forms(key: str) -> str:
    """Take "the" and legal forms off; what is left may end in another one."""
    said = _AROUND.sub("", key, count=1).split()
    if len(said) > 1 and said[0] == "the":
        del said[0]
    while length := _length_of_form(said):
        del said[-length:]
        if said[-1] == "and" and len(said) > 1:
            del said[-1]
    return " ".join(said)


def _length_of_form(said: list[str]) -> int:
    """Return how many words at the end are a legal form, where others are left; 0 for none."""
    lengths = range(min(_LONGEST, len(said) - 1), 0, -1)
    return next((length for length in lengths if tuple(said[-length:]) in _FORMS), 0)
