"""Which organisation is meant? The same one is written with and without its legal form."""

from __future__ import annotations

import re
from typing import Final

from netcrm.model.text import words
from netcrm.rules.vocabulary import EAST_ASIAN_FORMS, LEGAL_FORMS

_ANY: Final = "|".join(EAST_ASIAN_FORMS)
_AROUND: Final = re.compile(rf"^(?:{_ANY})\s*(?=\S)|(?<=\S)\s*(?:{_ANY})$")
_AND: Final = re.compile(r"\s*[&+]\s*")


def organisation_key(name: str) -> str:
    """Return the name of an organisation in a form in which equal ones are equal.

    Case, accents, punctuation, "The" in front and legal forms behind do not matter: "The Acme
    Widgets Co., Ltd." and "acme widgets" have one key. A name that would be nothing but a legal
    form keeps it, and letters that end a word are no legal form: "Plan A" stays "plan a", another
    one than "plan". Equal keys suggest the same organisation, they do not prove it. Idempotent.
    """
    said = list(words(_AND.sub(" and ", _AROUND.sub("", name.strip()))))
    if len(said) > 1 and said[0] == "the":
        del said[0]
    while form := next((form for form in LEGAL_FORMS if _ends_so(said, form)), None):
        del said[-len(form) :]
        if said[-1] == "and" and len(said) > 1:
            del said[-1]
    return " ".join(said)


def _ends_so(said: list[str], form: tuple[str, ...]) -> bool:
    return len(said) > len(form) and tuple(said[-len(form) :]) == form
