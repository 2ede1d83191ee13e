"""What an import or a sync gives: people, what passed between us, and rows that are neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, Protocol

import attrs

from netcrm.rules.sightings import Exchange, Sighting


@attrs.frozen(kw_only=True)
class Problem:
    """A row that came to nothing. Skipped rows are as expected; rejected ones are faulty."""

    line: int
    file: str = ""
    reason: str
    kind: Literal["skipped", "rejected"] = "rejected"


@attrs.frozen(kw_only=True)
class Batch:
    """Some rows of a source, in their order. Each row read is one of these three."""

    sightings: tuple[Sighting, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    problems: tuple[Problem, ...] = ()


class Source(Protocol):
    """Something that can be read, batch by batch. Nothing is stored until all of it was read."""

    def batches(self) -> Iterator[Batch]:
        """Yield what is there.

        Raises:
            InvalidError: when nothing can be read at all; the message says why and what to do.
        """


@attrs.frozen(kw_only=True)
class SourceProvider:
    """A kind of source that a plugin offers. `open` is given what the user typed: a path, say.

    `source` is the word for `Contact.source` of people first seen there.
    """

    name: str
    summary: str
    open: Callable[[str], Source]
    source: str = "import"
