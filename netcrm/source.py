"""What is read from outside: a source once, in rows; a service again and again, page by page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Literal, Protocol

import attrs

from netcrm.rules.sightings import Exchange, Item, Sighting


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
    `notes` are lines for whoever imports it: how the source was understood. A source in which there
    is nothing new has to say so in one; what gives nothing at all is refused. What it is to
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

    `needs` says what that is; empty if nothing need be typed, in place of which it is given "".
    `source` is the word for `Contact.source` of people first seen there. A source that says in
    `options` what the user may tell it is opened with two more arguments: `options`, what the user
    did tell it, and `remembered`, what it asked to remember, by name.
    """

    name: str
    summary: str
    open: Callable[..., Source]
    needs: str = "FILE"
    source: str = "import"
    options: str = ""


@attrs.frozen(kw_only=True)
class Page:
    """Some of what a service has, and what is to be remembered once that is kept.

    `gone` are the keys of what is there no more, `back` those of what is known and is there again.
    `skipped` counts, by the reason, what was read and is nothing for a network. Where `remember` is
    empty, what was remembered before stays.
    """

    items: tuple[Item, ...] = ()
    gone: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    remember: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    skipped: Mapping[str, int] = attrs.field(factory=dict, hash=False)


class Known(Protocol):
    """What is known of a service, for what reads it: it need not ask for that again."""

    def state(self) -> Mapping[str, str]:
        """Return what was to be remembered last; empty the first time."""

    def days(self, keys: Iterable[str]) -> Mapping[str, date]:
        """Return which of some things are known, there or not, and the day of each."""

    def there(self, since: date) -> Collection[str]:
        """Return the keys of all that was there, as far as is known, from a day on."""


class Service(Protocol):
    """Something that is read again and again, each time from where it was left.

    Attributes:
        name: what it is called, with the account: gmail me@example.org.
    """

    name: str

    def pages(self, known: Known) -> Iterator[Page]:
        """Yield what is new, what changed and what is gone; each page is kept before the next."""
