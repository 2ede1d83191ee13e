"""Text as people write it: what may be stored, and what counts as the same when searching."""

from __future__ import annotations

import re
import unicodedata

from netcrm.errors import InvalidError

# They choose between two ways to draw the character before them, an emoji mostly.
_VARIATION_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
# Letters that Unicode does not take apart, as people without such a keyboard write them.
_PLAIN = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "þ": "th", "æ": "ae", "œ": "oe"}
)
_WORD = re.compile(r"[a-z0-9]+")


def clean(value: str) -> str:
    """Return *value* without blanks around it, in Unicode's composed form (NFC).

    Raises:
        InvalidError: for text that some storage could not keep: NUL or half a surrogate pair.
    """
    if not isinstance(value, str):
        raise InvalidError(f"expected text, got {value!r}")
    if value.isascii():
        text = value.strip()
    else:
        try:
            value.encode()
        except UnicodeEncodeError:
            raise InvalidError("contains half a character (a lone surrogate)") from None
        text = unicodedata.normalize("NFC", value).strip()
    if "\0" in text:
        raise InvalidError("contains a NUL character")
    return text


def fold(value: str) -> str:
    """Return *value* as it is compared: no case, no accents, no invisible characters.

    Idempotent. "Zoë MÜLLER" and "zoe muller" fold to the same text, "Łukasz" and "lukasz" too.
    """
    if value.isascii():
        return value.lower()
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", value).casefold())
    seen = (c for c in bare if not (unicodedata.combining(c) or _is_invisible(c)))
    return "".join(seen).translate(_PLAIN)


def words(value: str) -> tuple[str, ...]:
    """Return the folded words of *value*, in order: what a search for it looks for."""
    folded = fold(value)
    if folded.isascii():
        return tuple(_WORD.findall(folded))
    return tuple("".join(c if _is_of_word(c) else " " for c in folded).split())


def bare(value: str) -> str:
    """Return the folded words of *value*, one blank between: texts that say the same are equal."""
    return " ".join(words(value))


def slug(value: str) -> str:
    """Return *value* as a word to type: "Zoë O'Neill" becomes "zoe-oneill". May be empty."""
    return "-".join(words(value.replace("'", "").replace("’", "")))


def _is_invisible(char: str) -> bool:
    """Whether it is never seen, as zero-width blanks: two names may differ only by these."""
    return unicodedata.category(char) == "Cf" or char in _VARIATION_SELECTORS


def _is_of_word(char: str) -> bool:
    """Whether it stands in words: letters, digits, and signs that are vowels in many scripts."""
    return char.isalnum() or unicodedata.category(char) in ("Mn", "Mc")
