"""Who a name or an address means, as far as one export can tell."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple
from urllib.parse import unquote

_PROFILE: Final = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]+\.)?linkedin\.com/in/([^\s\x00-\x1f\x7f/?#]+)"
    r"(?:[/?#][^\s\x00-\x1f\x7f]*)?",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"[,;\s]+")
_ADDRESS: Final = re.compile(r"(?:https?://|[a-z0-9-]+\.)\S+", re.IGNORECASE)
_WEB: Final = re.compile(r"https?://\S+|(?:[\w-]+\.)+[a-z]{2,}(?:[/:?#]\S*)?", re.IGNORECASE)
_DELETED: Final = frozenset({"", "linkedin member"})


def profile(url: str) -> str:
    """Return what all addresses of one LinkedIn profile have in common, or nothing."""
    match = _PROFILE.fullmatch(url)
    return unicodedata.normalize("NFC", unquote(match[1])).casefold() if match else ""


def same(name: str) -> str:
    """Return a name as two are compared: no case, no double blanks, nothing that is never seen."""
    if not name.isascii():
        plain = unicodedata.normalize("NFKC", name)
        name = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    if not name.isprintable():
        name = "".join(c if c.isprintable() else " " for c in name)
    return " ".join(name.casefold().split())


def addresses(cell: str) -> list[str]:
    """Return the addresses in a cell: they are joined by commas or semicolons, with blanks or not.

    Names contain commas; addresses of profiles do not.
    """
    parts = dict.fromkeys(_BETWEEN.split(cell))
    return [part for part in parts if part.isprintable() and _ADDRESS.fullmatch(part)]


def is_web(address: str) -> bool:
    """Whether this is the address of a page, with or without https:// before it."""
    return _WEB.fullmatch(address) is not None


class Party(NamedTuple):
    """Somebody who took part: an address, a name, or both."""

    url: str = ""
    name: str = ""

    @classmethod
    def of(cls, url: str, name: str) -> Party:
        """Return who has this address and name. Who left LinkedIn has the name of nobody."""
        found = addresses(url)
        return cls(found[0] if found else "", "" if same(name) in _DELETED else name)

    @property
    def key(self) -> str:
        """What tells them from others: the profile, or else the name."""
        if self.url:
            return f"url:{profile(self.url) or self.url.casefold().rstrip('/')}"
        return f"name:{same(self.name)}" if self.name else ""

    @property
    def said(self) -> dict[str, str]:
        """What is said of them, by what to know them."""
        return {key: value for key, value in (("url", self.url), ("name", self.name)) if value}


def is_deleted(name: str) -> bool:
    """Whether a name stands for somebody who left LinkedIn, or for nobody."""
    return same(name) in _DELETED
