"""Who stands in a header? Lists of addresses and encoded words, as they really come."""

from __future__ import annotations

import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final, NamedTuple

_LONGEST_ADDRESS: Final = 254
"""Characters of an e-mail address (RFC 5321, with erratum 1690)."""
_LONGEST_NAME: Final = 200
"""Characters of a name; of a longer one the beginning counts (our choice)."""

_CHARSET: Final = r"=\?([A-Za-z0-9_.:+-]{1,40})(?:\*[A-Za-z0-9-]{0,40})?\?([BbQq])\?"
_ENCODED: Final = re.compile(rf"{_CHARSET}([^?]*)\?=")
# An encoded word may hold a comma, though none should (RFC 2047), but no address: that of
# =?utf-8?q?x<a@x.org>?= <b@x.org> would be one for some programs and the other for others.
_PART: Final = re.compile(
    rf'{_CHARSET}[^?\s<>@"\\]*\?=|\\.?|["()<>,;:=]|[^"()<>,;:=\\]+', re.DOTALL
)
_MARKS: Final = frozenset("<>,;:")
_PAIR: Final = re.compile(r"\\(.)", re.DOTALL)
_ADDRESS: Final = re.compile(
    r"""("?)(?P<local>[^\s@<>()\[\],;:"\\]+)\1@(?P<domain>(?:[^\s@<>()\[\],;:"\\.]+\.)*"""
    r"""[^\s@<>()\[\],;:"\\.]+)"""
)
_BEFORE: Final = re.compile("^(?:mailto:|@[^@:]*:)", re.IGNORECASE)
"""What may stand before an address: how a link begins, or the way to it (RFC 5322, 4.4)."""
# What a terminal would obey instead of show: control codes, and marks that turn text around. And
# halves of characters, which no storage keeps.
_OBEYED: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
# Python counts them among the charsets. No mail has them; punycode takes forever for a long text.
_NO_CHARSETS: Final = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
)


class Address(NamedTuple):
    """An e-mail address in lower case, and the name that was given with it, which may be empty."""

    name: str
    address: str


def addresses(value: str) -> list[Address]:
    """Return the addresses in a header such as To, in order, as often as they stand there.

    What is in angle brackets is the address, whatever the name before it looks like; a name with
    an @ imitates an address and is left out. Groups lose their names, a domain in square
    brackets is nobody's, and `;` is as good as a comma. In `Doe, Jane <j@x.org>` the comma is part
    of the name. What cannot be read for certain is left out, and nothing is ever raised.
    The time grows with the length of the text, not faster; so there is no limit to the addresses.
    """
    found: list[Address] = []
    before: list[str] = []  # what may be the first part of a name with a comma
    for entry, end in _entries(value):
        address = entry.address if end != ":" else ""
        if address:
            words = [*before, entry.words] if entry.angles else []
            name = ", ".join(filter(None, words)) or entry.comment
            found.append(Address(_name(name), address))
        if end != "," or entry.angles or "@" in entry.words:
            before = []
        else:
            before.append(entry.words)
    return found


def decoded(text: str) -> str:
    """Return a text from a header as one line, its encoded words (RFC 2047) decoded.

    Blanks between two encoded words are not meant, and go. A word that cannot be decoded, or is in
    an unknown charset, stays as it is. Control characters, line breaks, marks that turn text around
    and halves of characters become blanks; blanks are one blank each, and none at the ends.
    """
    parts: list[str] = []
    run: list[re.Match[str]] = []  # encoded words with nothing but blanks between them
    end = 0
    for word in _ENCODED.finditer(text):
        between = text[end : word.start()]
        if between.strip():
            parts += [*_texts(run), between]
            run = []
        run.append(word)
        end = word.end()
    whole = "".join((*parts, *_texts(run), text[end:]))
    return one_line(whole)


def one_line(text: str) -> str:
    """Return a text as one line, without what a terminal would obey; see `decoded`."""
    return " ".join(_OBEYED.sub(" ", text).split())


def person(name: str, address: str) -> Address | None:
    """Return somebody of whom name and address are told apart; None if that is no address."""
    found = _address(address)
    return Address(_name(name), found) if found else None


class _Entry:
    """What stands between two commas: a name, and its address in angle brackets; or either."""

    def __init__(self) -> None:
        self.angles: list[str] = []
        self.comment = ""
        self._words: list[str] = []
        self._written: list[str] = []
        self._angle: list[str] | None = None

    @property
    def has_angle(self) -> bool:
        """Whether there are angle brackets in it so far, closed or not."""
        return bool(self.angles) or self._angle is not None

    @property
    def words(self) -> str:
        """The words outside of angle brackets and comments, without quotes."""
        return "".join(self._words).strip()

    @property
    def address(self) -> str:
        """The one address it holds; nothing if there is none, or another one too."""
        if not self.angles:
            return _address("".join(self._written))
        found = {_address(angle) for angle in self.angles if "@" in angle}
        return found.pop() if len(found) == 1 else ""

    def add(self, mark: str, text: str) -> None:
        """Take one more piece; see `_pieces`."""
        inside = _PAIR.sub(r"\1", text[1:-1])
        if mark in ("<", ">"):
            self.close()
            self._angle = [] if mark == "<" else None
        if mark == "(":
            self.comment = self.comment or inside
        written = " " if mark in ("<", ">", "(") else text
        if self._angle is not None:
            self._angle.append(written)
        else:
            self._words.append(inside if mark == '"' else written)
            self._written.append(written)

    def close(self) -> None:
        """Take the angle brackets for closed, if they are not."""
        if self._angle is not None:
            self.angles.append("".join(self._angle))


def _entries(value: str) -> Iterator[tuple[_Entry, str]]:
    """Yield what a list consists of, and what each ends with: a comma, a semicolon or a colon."""
    entry = _Entry()
    for mark, text in _pieces(value):
        if mark in (",", ";") or (mark == ":" and not entry.has_angle):
            entry.close()
            yield entry, mark
            entry = _Entry()
        else:
            entry.add(mark, text)
    entry.close()
    yield entry, ";"


def _pieces(value: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a list: each what it begins with if that means something, and its text.

    That is `"` for a quoted string and `(` for a comment, both whole; one of `<>,;:`; or nothing.
    A quote or bracket that has no other half is a blank.
    """
    parts = [match[0] for match in _PART.finditer(value)]
    ends = _ends(parts)
    at = 0
    while at < len(parts):
        part, end = parts[at], ends.get(at, at)
        if part in ('"', "(", ")"):
            text = "".join(parts[at : end + 1])
            yield (part, text) if end > at else ("", " ")
        else:
            yield part if part in _MARKS else "", part
        at = end + 1


def _ends(parts: Sequence[str]) -> dict[int, int]:
    """Return where quotes and round brackets end, by where they begin.

    For each it is what would end it if it did begin something, which inside of another it does not.
    """
    ends = dict(pairwise(at for at, part in enumerate(parts) if part == '"'))
    opened: list[int] = []
    for at, part in enumerate(parts):
        if part == "(":
            opened.append(at)
        elif part == ")" and opened:
            ends[opened.pop()] = at
    return ends


def _address(text: str) -> str:
    """Return an address in lower case; nothing if the text is none that a person can have."""
    text = _unquoted(text.strip(), "'")
    found = _ADDRESS.fullmatch(_BEFORE.sub("", text))
    address = f"{found['local']}@{found['domain']}".lower() if found else ""
    return address if len(address) <= _LONGEST_ADDRESS and address.isprintable() else ""


def _name(text: str) -> str:
    """Return a name as it can be shown; nothing if it imitates an address."""
    name = _unquoted(_unquoted(decoded(text), '"'), "'")[:_LONGEST_NAME].strip()
    return "" if "@" in unicodedata.normalize("NFKC", name) else name


def _unquoted(text: str, quote: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == quote:
        return text[1:-1].strip()
    return text


def _texts(run: Iterable[re.Match[str]]) -> Iterator[str]:
    """Yield the text of encoded words.

    Those in one charset are decoded together: many programs part a character between two words.
    """
    for charset, some in groupby(run, key=lambda word: word[1].lower()):
        words = list(some)
        whole = _text(charset, words)
        for word in words if whole is None else ():
            text = _text(charset, [word])
            yield f" {word[0]} " if text is None else text
        yield whole or ""


def _text(charset: str, words: Iterable[re.Match[str]]) -> str | None:
    """Return the text of encoded words as one, or None if they cannot be decoded."""
    try:
        name = codecs.lookup(charset).name
        if name in _NO_CHARSETS:
            return None
        return b"".join(_bytes(word[2], word[3]) for word in words).decode(name)
    except (ValueError, LookupError):
        return None


def _bytes(encoding: str, text: str) -> bytes:
    """Return what stands in an encoded word.

    Raises:
        ValueError: it is not encoded so.
    """
    if encoding in "Qq":
        return binascii.a2b_qp(text.encode("ascii"), header=True)
    bare = "".join(text.split()).rstrip("=")
    return binascii.a2b_base64(bare + "=" * (-len(bare) % 4), strict_mode=True)
