"""What stands in a cell: addresses, labels, dates; what cannot be read as that is handed back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from netcrm import Contact, ContactPoint, InvalidError

_TOGETHER: Final = " ::: "
_LABELS_APART: Final = re.compile(" ::: |[;|,]")
_NAMES_APART: Final = re.compile(" ::: |[;|]")
_EMAILS_APART: Final = re.compile(r"[\s,;|]+")
_PHONES_APART: Final = re.compile(r" ::: |[;|]|, (?!(?:ext|x|durchwahl)\b)", re.IGNORECASE)
_DOMAIN: Final = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}(?:[:/?#].*)?")
_SCHEME: Final = re.compile(r"https?://[^\s/]+\.?.*", re.IGNORECASE)
_HANDLE: Final = re.compile(r"(?:/?in/|@)?([\w%-]{3,100})/?")
_NO_HANDLE: Final = frozenset({
    "none", "nil", "null", "no", "yes", "n-a", "unknown", "tbd", "nan", "false", "true",
    "private",
})  # fmt: skip
_DAMAGED_NUMBER: Final = re.compile(r"[0-9][.,]?[0-9]*E\+?[0-9]+", re.IGNORECASE)
_YES: Final = frozenset({
    "yes", "true", "1", "x", "y", "ja", "oui", "si", "sí", "sim", "wahr", "vrai",
})  # fmt: skip
_NO: Final = frozenset({
    "no", "false", "0", "n", "nein", "non", "não", "falsch", "faux", "-", "none",
})  # fmt: skip
_SYSTEM_GROUPS: Final = frozenset({"mycontacts", "my contacts", "other contacts", "othercontacts"})
_FEWEST_DIGITS: Final = 3
_DIGITS_AND_AREA: Final = 10
_LONGEST_SUMMARY: Final = 60
_EMAIL: Final = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\"]+")
_SUMMARY: Final = re.compile(
    r"(?:grand |sub-?)?totals?(?: (?:members|people|contacts|records|rows|entries|count))?"
    r"\s*[:=]?\s*[0-9.,]*"
    r"|(?:sum|count|summe|gesamt|anzahl|somme|nombre|insgesamt)\s*[:=]?\s*[0-9.,]*"
    r"|(?:- *|\*+ *)?end of (?:report|list|file|table|document)(?: *-| *\*+)?"
    r"|[0-9]+ (?:records|rows|members|contacts|entries|people)(?: found| in total)?"
    r"|page [0-9]+(?: of [0-9]+)?",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"[0-9][0-9.,]*")
_PHONE_FORM: Final = re.compile(r"(?:tel:)?(?:\+|\(|0)?[0-9(][0-9 ().\-\u2010-\u2013]{5,30}[0-9]")
_GROUPS_OF_DIGITS: Final = re.compile(r"[0-9]{3}[-. ](?:[0-9]{3}[-. ])?[0-9]{4}")
_DATE_FORM: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}")
_LONGEST_ADDRESS: Final = 2_000
_LONGEST_EMAIL: Final = 320
_LONGEST_LABEL: Final = 200


class Read(NamedTuple):
    """What a cell says: the values that are understood, and what is left of it."""

    values: tuple[str, ...]
    left: str = ""


def is_email(text: str) -> bool:
    """Whether a text is an e-mail address and nothing else."""
    return len(text) <= _LONGEST_EMAIL and bool(_EMAIL.fullmatch(text))


def has_email(text: str) -> bool:
    """Whether an e-mail address stands somewhere in a text."""
    return "@" in text and any(map(is_email, _EMAILS_APART.split(re.sub("[<>()]", " ", text))))


def is_url(text: str) -> bool:
    """Whether a text is a web address, written so that nobody could doubt it."""
    return text.lower().startswith(("http://", "https://", "www."))


def is_phone(text: str) -> bool:
    """Whether a text can be nothing but a phone number; a date or a span of years is none."""
    if _DATE_FORM.fullmatch(text) or not _PHONE_FORM.fullmatch(text):
        return False
    abroad = text.startswith(("+", "(", "0", "tel:"))
    many = sum(c.isdecimal() for c in text) >= _DIGITS_AND_AREA
    return abroad or many or bool(_GROUPS_OF_DIGITS.fullmatch(text))


def is_summary(cells: Iterable[str]) -> bool:
    """Whether a row sums up the table, as reports do at their end: "Total: 25"."""
    said = [text for cell in cells if (text := " ".join(cell.split())[:_LONGEST_SUMMARY])]
    return any(map(_SUMMARY.fullmatch, said)) and all(
        _SUMMARY.fullmatch(text) or _NUMBER.fullmatch(text) for text in said
    )


def emails(cell: str) -> Read:
    """Return the e-mail addresses in a cell, apart from each other."""
    return _apart(_EMAILS_APART.split(cell.replace(_TOGETHER, " ")), _email)


def phones(cell: str) -> Read:
    """Return the phone numbers in a cell, apart from each other, as they are written."""
    return _apart(_PHONES_APART.split(_one_line(cell)), _phone)


def urls(cell: str) -> Read:
    """Return the web addresses in a cell, with https:// if they have nothing of that kind."""
    return _apart(cell.replace(_TOGETHER, " ").split(), _url)


def profiles(cell: str) -> Read:
    """Return the addresses in a cell for LinkedIn profiles, where a handle by itself will do."""
    return _apart(cell.replace(_TOGETHER, " ").split(), lambda one: _url(one) or _profile(cell))


def aliases(cell: str) -> Read:
    """Return the other names in a cell."""
    return _apart(_NAMES_APART.split(_one_line(cell)), lambda one: one)


def labels(cell: str) -> Read:
    """Return the labels in a cell, without those that an address book gives everybody."""
    pieces = [piece.strip().removeprefix("* ") for piece in _LABELS_APART.split(_one_line(cell))]
    kept = [piece for piece in pieces if piece.casefold() not in _SYSTEM_GROUPS and piece != "*"]
    return _apart(kept, lambda one: one if _fits("tags", (one[:_LONGEST_LABEL],)) else "")


def yes(cell: str) -> Read:
    """Return yes for a cell that says so, and nothing for one that says no."""
    said = cell.casefold()
    if said in _NO:
        return Read(())
    return Read(("yes",)) if said in _YES else Read((), cell)


def source(cell: str) -> Read:
    """Return the word for where one got to know a person, if the cell is one."""
    word = re.sub(r"[\s_-]+", "_", cell.casefold())
    return Read((word,)) if _fits("source", word[:_LONGEST_LABEL]) else Read((), cell)


def _one_line(cell: str) -> str:
    """Return a cell with single blanks; the patterns here take ages over long runs of them."""
    return " ".join(cell.replace("\n", " ; ").split())


def _apart(pieces: Iterable[str], read: Callable[[str], str]) -> Read:
    """Return the pieces that can be read, each once, and the others together as they were."""
    values, left = [], []
    for piece in pieces:
        text = " ".join(piece.split())
        if value := read(text) if text else "":
            values.append(value)
        elif text:
            left.append(text)
    return Read(tuple(dict.fromkeys(values)), " ".join(left))


def _email(text: str) -> str:
    bare = re.sub("^(?:mailto:)?<?|>$", "", text, flags=re.IGNORECASE)
    return bare if _is_point("email", bare) else ""


def _phone(text: str) -> str:
    # A spreadsheet is kept from reckoning with a number by '+1 or ="+1".
    bare = re.sub("^tel:", "", text.strip("='\" "), flags=re.IGNORECASE).strip()
    few = sum(c.isdecimal() for c in bare) < _FEWEST_DIGITS
    if few or "@" in bare or _DAMAGED_NUMBER.fullmatch(bare) or not _is_point("phone", bare):
        return ""
    return bare


def _url(text: str) -> str:
    if len(text) > _LONGEST_ADDRESS:
        return ""
    if not _SCHEME.fullmatch(text):
        if "@" in text or not _DOMAIN.fullmatch(text):
            return ""
        text = f"https://{text}"
    return text if _is_point("url", text) else ""


def _profile(text: str) -> str:
    match = _HANDLE.fullmatch(text.strip())
    if not match or match[1].casefold() in _NO_HANDLE:
        return ""
    return f"https://www.linkedin.com/in/{match[1]}"


def _is_point(kind: Literal["email", "phone", "url"], value: str) -> bool:
    """Whether netcrm would store it; it is asked while it is still known where the value stands."""
    try:
        ContactPoint(kind=kind, value=value)
    except InvalidError:
        return False
    return True


@lru_cache(maxsize=4_096)
def _fits(field: str, value: object) -> bool:
    """Whether a contact could have this value in that field."""
    word: dict[str, Any] = {field: value}
    try:
        Contact(id="x", handle="x", name="x", added_on=date(2000, 1, 1), **word)
    except InvalidError:
        return False
    return True
