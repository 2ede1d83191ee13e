"""What an import or a sync gives: people, what passed between us, and rows that are neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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
    """Some rows of a source, in their order. Each row read is a sighting, an exchange or a problem.

    A batch that `is_whole` holds everybody that this source knows: who is missing is gone from it.
    `notes` are lines for whoever imports it: how the source was understood. What it is to
    `remember` is given back to the source next time, by name.
    """

    sightings: tuple[Sighting, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    is_whole: bool = False
    notes: tuple[str, ...] = ()
    remember: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict, hash=False)
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

    `source` is the word for `Contact.source` of people first seen there. A source that says in
    `options` what the user may tell it is opened with two more arguments: `options`, what the user
    did tell it, and `remembered`, what it asked to remember, by name.
    """

    name: str
    summary: str
    open: Callable[..., Source]
    source: str = "import"
    options: str = ""
