"""Whom does a typed name mean? One person, or nobody is chosen."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import NamedTuple

from netcrm.errors import AmbiguousError, NotFoundError
from netcrm.model.text import bare, words

CLOSE_ENOUGH = 0.6
MISSPELLED = 0.85
MISSPELLED_WORD = 0.7
"""A full name or a single word so much like another is taken for it misspelled (our choice)."""
SUGGESTIONS = 3


class Name(NamedTuple):
    """What a person can be called by: id, handle, name, aliases."""

    id: str
    handle: str
    name: str
    aliases: tuple[str, ...] = ()

    @property
    def called(self) -> tuple[tuple[str, ...], ...]:
        """The folded words of each of their names."""
        return tuple(words(name) for name in (self.name, *self.aliases))


def _starts(typed: Sequence[str], name: Sequence[str]) -> bool:
    """Whether each typed word starts a different word of the name."""
    left = list(name)
    for word in sorted(typed, key=len, reverse=True):
        match = next((part for part in left if part.startswith(word)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def fitting(query: str, names: Iterable[Name]) -> list[Name]:
    """Return all whom *query* may mean.

    An id, a handle, a full name, whole words of a name, and starts of words are tried in that
    order; the first of them that fits anybody decides.
    """
    typed = words(query)
    known = list(names)
    tries = (
        lambda n: n.id == query,
        lambda n: n.handle == query.strip().lower(),
        lambda n: typed in n.called,
        lambda n: any(set(typed) <= set(name) for name in n.called),
        lambda n: any(_starts(typed, name) for name in n.called),
    )
    for fits in tries if typed else ():
        if found := [name for name in known if fits(name)]:
            return found
    return []


def choose(query: str, names: Iterable[Name]) -> Name:
    """Return the one person that *query* means: of those that fit it, there must be exactly one.

    Raises:
        AmbiguousError: it fits several people; all of them are listed.
        NotFoundError: it fits nobody; names that are close are suggested, never chosen.
    """
    known = list(names)
    found = fitting(query, known)
    if len(found) == 1:
        return found[0]
    if found:
        raise AmbiguousError(query, ((n.handle, n.name) for n in sorted(found, key=_in_order)))
    raise NotFoundError(f"Nobody here is called “{query}”.", close(query, known))


def close(query: str, names: Iterable[Name]) -> list[str]:
    """Return up to three names that are spelled like *query*."""
    from difflib import get_close_matches  # only a failed lookup needs it

    typed = words(query)
    spelled: dict[str, str] = {}
    for name in sorted(names, key=_in_order):
        for called in name.called:
            spelled.setdefault(" ".join(called), name.name)
            for part in called if len(typed) == 1 else ():
                spelled.setdefault(part, name.name)
    hits = get_close_matches(" ".join(typed), spelled, SUGGESTIONS, CLOSE_ENOUGH)
    return list(dict.fromkeys(spelled[hit] for hit in hits))


def may_be_new(query: str, suggestions: Iterable[str]) -> bool:
    """Whether a name that is nobody's here is somebody new, not one of *suggestions* misspelled.

    A full name is compared with full names, a single word with each word of a name.
    """
    from difflib import SequenceMatcher

    typed = words(query)
    if len(typed) > 1:
        others, enough = (bare(name) for name in suggestions), MISSPELLED
    else:
        others, enough = (word for name in suggestions for word in words(name)), MISSPELLED_WORD
    return all(SequenceMatcher(None, " ".join(typed), other).ratio() < enough for other in others)


def _in_order(name: Name) -> tuple[str, str]:
    return name.name, name.handle


def free_handles(base: str, taken: Container[str]) -> Iterator[str]:
    """Yield *base*, then base-2, base-3, ..., leaving out those that are taken by then."""
    for number in itertools.count(1):
        handle = base if number == 1 else f"{base}-{number}"
        if handle not in taken:
            yield handle
