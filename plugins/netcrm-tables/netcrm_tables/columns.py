"""What does each column of a table mean? The user's word, or else a guess that can be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from netcrm import InvalidError
from netcrm_tables import titles
from netcrm_tables.titles import KEEP, LEAVE_OUT, MEANINGS, SEVERAL, Claim

JOINED: Final = {"given": " ", "family": " ", "location": ", ", "note": "\n"}
_LISTED: Final = 40
_SHOWN: Final = 60
_HONORIFICS: Final = frozenset({
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "sir", "dame", "frau",
    "herr", "m", "mme", "mlle", "sr", "sra", "dott",
})  # fmt: skip
_UNKNOWN: Final = Claim(KEEP)


class Column(NamedTuple):
    """A column and what it means: a word of `Sighting.said`, "" for nothing, or "keep".

    `key` is where values are kept that cannot be read as that. `rank` and `part` order columns that
    make one value together.
    """

    title: str
    meaning: str
    key: str
    rank: int = 0
    part: str = ""


class Columns(tuple[Column, ...]):
    """The columns of a table in their order. As text, they can be shown before an import."""

    __slots__ = ()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Each title with its meaning: "" where it is left out, "keep" where it is kept."""
        return tuple((column.title, column.meaning) for column in self)

    @property
    def by_title(self) -> dict[str, str]:
        """The meaning of each title that has one, to be remembered."""
        meanings: dict[str, set[str]] = {}
        for title, meaning in self.pairs:
            meanings.setdefault(title, set()).add(meaning)
        return {
            title: words.pop() for title, words in meanings.items() if title and len(words) == 1
        }

    def __str__(self) -> str:
        if not self:
            return "no header: a name on each line, with its addresses if it has any"
        read = [f"{shown(title)} -> {word}" for title, word in self.pairs if word not in (KEEP, "")]
        said = [", ".join(read) or "nothing is understood"]
        for word, what in ((KEEP, "kept as it is"), (LEAVE_OUT, "left out")):
            if found := [shown(title) for title, meaning in self.pairs if meaning == word]:
                said.append(f"{what}: {', '.join(found)}")
        return "; ".join(said)


def guess(
    header: Sequence[str],
    own: Mapping[str, str] | None = None,
    rows: Sequence[Sequence[str]] = (),
) -> Columns:
    """Return what each column of a header means.

    *own* maps titles to meanings and goes before the guess. Some *rows* help where a title has two
    meanings: beside First Name, Name may be the family name or the whole.

    Raises:
        InvalidError: *own* has a title or a meaning that does not exist, or one meaning twice.
    """
    known = [titles.claims(title) for title in header]
    given = _own(header, own or {})
    chosen: list[Claim | None] = [None] * len(header)
    for place, meaning in given.items():
        chosen[place] = next((c for c in known[place] if c.meaning == meaning), Claim(meaning))
    _choose(header, known, chosen, rows)
    return _named(header, [claim or _UNKNOWN for claim in chosen])


def _own(header: Sequence[str], own: Mapping[str, str]) -> dict[int, str]:
    """Return the meanings that the user gave, by the place of their columns."""
    found: dict[int, str] = {}
    for title, word in own.items():
        key = titles.plain(title)
        places = [place for place, cell in enumerate(header) if titles.plain(cell) == key]
        if not places or not key:
            there = ", ".join(shown(cell) for cell in header[:_LISTED] if cell)
            raise InvalidError(f"there is no column {_quoted(title)}; there are {there}")
        meaning = word.strip().lower().replace("-", "_").strip("_")
        if meaning not in (*MEANINGS, KEEP, LEAVE_OUT):
            raise InvalidError(
                f"a column cannot mean {_quoted(word)}; choose from {', '.join(MEANINGS)}, "
                f"{KEEP}, and - to leave it out"
            )
        found |= dict.fromkeys(places, meaning)
    for meaning in MEANINGS:
        places = [place for place, word in found.items() if word == meaning]
        if len(places) > 1 and meaning not in (*SEVERAL, *JOINED):
            twice = " and ".join(_quoted(header[place]) for place in places[:2])
            raise InvalidError(f"two columns cannot both be the {meaning}: {twice}")
    return found


def _choose(
    header: Sequence[str],
    known: list[tuple[Claim, ...]],
    chosen: list[Claim | None],
    rows: Sequence[Sequence[str]],
) -> None:
    """Fill in the columns that the user left open: the best claim first; losers try their next."""
    of_firms = titles.is_of_organisations(header)
    left = {
        place: list(_in_context(place, header, claims, known, rows, of_firms))
        for place, claims in enumerate(known)
        if chosen[place] is None
    }
    taken = {claim.meaning for claim in chosen if claim}
    while open_claims := [(claims[0].rank, place) for place, claims in left.items() if claims]:
        place = min(open_claims)[1]
        claim = left[place].pop(0)
        alone = claim.meaning not in (*SEVERAL, "location", "note", LEAVE_OUT) and not claim.part
        if alone and claim.meaning in taken:
            continue
        if alone:
            taken.add(claim.meaning)
        chosen[place] = claim
        del left[place]


def _in_context(
    place: int,
    header: Sequence[str],
    claims: tuple[Claim, ...],
    known: list[tuple[Claim, ...]],
    rows: Sequence[Sequence[str]],
    of_firms: bool,
) -> tuple[Claim, ...]:
    """Return the claims of a column in the order that the other columns and the values suggest."""
    meanings = [claim.meaning for claim in claims]
    if meanings[:1] == ["title"] and titles.plain(header[place]) in ("title", "titel"):
        values = [titles.plain(row[place]) for row in rows if place < len(row) and row[place]]
        return () if values and all(value in _HONORIFICS for value in values) else claims
    if meanings == ["birthday"] and any(c.part == "month" for known_as in known for c in known_as):
        return (claims[0]._replace(part=claims[0].part or "day"),)  # Birth Day beside Birth Month
    if titles.is_official(header[place]):
        firm = any(c[:1] and c[0].meaning == "organisation" for c in known)
        return claims if firm else (claims[0]._replace(rank=0), *claims[1:])
    if meanings == ["name", "given", "organisation"] and _has(known, "family"):
        return (claims[1],)
    if meanings == ["name", "family", "organisation"] and _is_part(place, known, rows):
        return (claims[1],)
    if meanings[-1:] == ["organisation"] and len(meanings) > 1:
        return (claims[0], claims[-1]) if of_firms else (claims[0],)
    return claims


def _has(known: Iterable[tuple[Claim, ...]], meaning: str) -> bool:
    return any(claims[:1] and claims[0].meaning == meaning for claims in known)


def _is_part(place: int, known: list[tuple[Claim, ...]], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a column of names holds family names only: beside first names, which it lacks."""
    if not _has(known, "given") or _has(known, "family"):
        return False
    given = next(i for i, c in enumerate(known) if c[:1] and c[0].meaning == "given")
    both = [
        (row[given].casefold().split(), row[place].casefold().split())
        for row in rows
        if max(given, place) < len(row) and row[given].strip() and row[place].strip()
    ]
    return sum(set(first) <= set(whole) for first, whole in both) * 2 <= len(both)


def _named(header: Sequence[str], claims: Sequence[Claim]) -> Columns:
    """Return the columns, each with a key of its own even where titles are repeated or missing."""
    columns: list[Column] = []
    keys: set[str] = set()
    for place, (cell, claim) in enumerate(zip(header, claims, strict=True)):
        title = " ".join(cell.split())
        first = key = f"column {title or place + 1}"
        count = 1
        while key in keys:
            count += 1
            key = f"{first} ({count})"
        keys.add(key)
        columns.append(Column(title, claim.meaning, key, claim.rank, claim.part))
    return Columns(columns)


def shown(title: str) -> str:
    """Return the title of a column as it may stand in a message."""
    text = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    return text[:_SHOWN] or "(no title)"


def _quoted(title: str) -> str:
    return f"“{shown(title)}”"
