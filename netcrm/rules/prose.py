"""What does a text say? Read so that capitals, accents, line ends and dashes make no difference."""

# ruff: noqa: SIM905 - lists as people read them

from __future__ import annotations

import functools
import re
from array import array
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import attrs

from netcrm.model.text import fold, words
from netcrm.rules.names import parse_name

_SIGNS: Final = {**dict.fromkeys("’‘ʼ`´", "'"), **dict.fromkeys("‐‑‒–—−", "-"), "½": "half"}
_CHUNK: Final = re.compile(r"(?:[!-_a-~]++(?: (?!\s))?)++|\s+|[^!-_a-~\s]")
_PARAGRAPH: Final = re.compile(r"\n[^\S\n]*+\n")
_END: Final = re.compile(r"[.!?][\"')\]]?(?=\s|$)|(?<!,)\n")
_ABBREVIATED: Final = re.compile(r"\b(?:dr|mr|mrs|ms|mx|prof|st|e\.g|i\.e|[a-hj-z])$")

_STEM: Final = 6
"""Words that begin with the same letters are one: psychiatry, psychiatrist. Our choice."""
_ENOUGH: Final = 2
"""So many of its words, or half of them if that is less, bring up a subject. Our choice."""
_EMPTY: Final = frozenset(
    """
    about after also and any are because been best but can company could day days did does doing
    every find for from get getting good had has have her his how into its job just know learn like
    made make many more most much need new not one organisation organization our out over people
    really said school she should some team than that the their them then there they thing things
    this time university use very want was way well were what when where which who why will with
    without work working would year years you your
    """.split()
)
"""Words that say too little for a text to be about them. Our choice."""


class Passage(NamedTuple):
    """A part of a text as it was written: from *start* to before *end*."""

    start: int
    end: int
    text: str


@attrs.frozen
class Prose:
    """A text as a reader takes it: `text` as written, `plain` without case, accents and lines.

    A blank line is a line end in `plain`, any other blank a space. Patterns are for `plain`;
    passages are of `text`.
    """

    text: str
    plain: str
    _places: Sequence[int]
    _words: str
    _stems: frozenset[str]

    @classmethod
    def read(cls, text: str) -> Prose:
        """Read a text; any text can be read."""
        plain, places = _plain(text)
        said = words(plain)
        return cls(text, plain, places, f" {' '.join(said)} ", frozenset(map(_stem, said)))

    def passage(self, start: int, end: int) -> Passage:
        """Return what was written in a place of `plain`."""
        first = self._places[start]
        behind = max(self._places[end], self._places[end - 1] + 1) if end > start else first
        return Passage(first, behind, self.text[first:behind])

    def find(self, pattern: re.Pattern[str]) -> Iterator[Passage]:
        """Yield each place that a pattern fits."""
        for found in pattern.finditer(self.plain):
            yield self.passage(*found.span())

    def says(self, *patterns: re.Pattern[str]) -> bool:
        """Whether each pattern fits somewhere."""
        return all(pattern.search(self.plain) for pattern in patterns)

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Yield where sentences start and end in `plain`; a greeting belongs to the first."""
        start = 0
        for found in _END.finditer(self.plain):
            before = self.plain[max(0, found.start() - 5) : found.start()]
            if found[0] == "." and _ABBREVIATED.search(before):
                continue
            yield from self._trimmed(start, found.end())
            start = found.end()
        yield from self._trimmed(start, len(self.plain))

    def _trimmed(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        said = self.plain[start:end]
        if bare := said.strip():
            first = start + said.index(bare[0])
            yield first, first + len(bare)

    def mentions(self, subject: str) -> bool:
        """Whether this brings up a subject: two of its telling words, or half of them."""
        said = words(subject)
        telling = {_stem(word) for word in said if len(word) > 2 and word not in _EMPTY}
        if not telling:
            return bool(said) and f" {' '.join(said)} " in self._words
        return len(telling & self._stems) >= min(_ENOUGH, (len(telling) + 1) // 2)

    def names(self, name: str) -> bool:
        """Whether somebody is named, by all of a name or one word of it."""
        return any(f" {word} " in self._words for word in parse_name(name).words)


def phrases(*forms: str) -> re.Pattern[str]:
    """Return a pattern for any of some phrases, as whole words; a blank may be a dash as well."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)".replace(" ", r"[\s-]"))


def shown(text: str) -> str:
    """Return a text in quotation marks, cut short where it is long."""
    line = " ".join(text[:200].split())
    return f"“{line if len(line) <= 60 else line[:59].rstrip() + '…'}”"


def _stem(word: str) -> str:
    return word.removesuffix("s")[:_STEM]


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """Return a text as it is compared, and where each character of that stands in the text."""
    parts: list[str] = []
    places = array("q")
    for chunk in _CHUNK.finditer(text):
        said, start = chunk[0], chunk.start()
        if said.isspace():
            parts.append("\n" if _PARAGRAPH.search(said.replace("\r", "")) else " ")
            places.append(start)
        elif said.isascii() and said != "`":
            parts.append(said.lower())
            places.extend(range(start, chunk.end()))
        else:
            folded = _folded(said)
            parts.append(folded)
            places.extend([start] * len(folded))
    places.append(len(text))
    return "".join(parts), places


@functools.lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    return _SIGNS.get(char) or fold(char)
