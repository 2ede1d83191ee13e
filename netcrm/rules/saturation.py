"""Do the interviews still bring anything new? What each was the first to tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from netcrm.model.text import fold

LOOKED_AT: Final = 5
"""How many of the last interviews are looked at (our choice)."""


class Heard(NamedTuple):
    """What came up in one interview: people, facts and organisations, each as it was written."""

    names: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()


class Saturation(NamedTuple):
    """In how many of the last *interviews* there was a new name, fact or organisation, or any."""

    interviews: int
    names: int
    facts: int
    organisations: int
    anything: int

    def __str__(self) -> str:
        if not self.interviews:
            return "no interview was held yet"
        if not self.anything:
            return f"nothing new in the last {self.interviews}: ask others, or ask other questions"
        return (
            f"something new in {self.anything} of the last {self.interviews}: names in "
            f"{self.names}, facts in {self.facts}, organisations in {self.organisations}"
        )


def first_heard(interviews: Iterable[Heard]) -> list[Heard]:
    """Return what each of the *interviews*, the oldest first, told that none before it had.

    Case, accents and invisible characters make no difference.
    """
    known: tuple[set[str], ...] = tuple(set() for _ in Heard._fields)
    return [Heard(*map(_new, heard, known)) for heard in interviews]


def saturation(interviews: Sequence[Heard], last: int = LOOKED_AT) -> Saturation:
    """Say how many of the *last* interviews brought something new; the oldest come first."""
    news = first_heard(interviews)[-last:] if last > 0 else []
    return Saturation(
        interviews=len(news),
        names=sum(bool(new.names) for new in news),
        facts=sum(bool(new.facts) for new in news),
        organisations=sum(bool(new.organisations) for new in news),
        anything=sum(map(any, news)),
    )


def _new(said: Iterable[str], known: set[str]) -> frozenset[str]:
    """Return what is not known yet, and know it from now on."""
    new = frozenset(text for text in said if fold(text) not in known)
    known.update(map(fold, new))
    return new
