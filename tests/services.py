"""A service of the tests, and what becomes of what it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from netcrm import Interaction, Item, Known, Network, Page, Synced
from netcrm.storage.query import Query

ANA, LUIS, TOM = "ana@example.org", "luis@example.org", "tom@example.org"
ME = "maya@example.org"


class Box:
    """A service that gives the pages it is told to, and keeps what it was told of the past."""

    def __init__(self, *pages: Page | Exception, name: str = "mail maya") -> None:
        self.name = name
        self.states: list[dict[str, str]] = []
        self._pages = pages

    def pages(self, known: Known) -> Iterator[Page]:
        for page in self._pages:
            self.states.append(dict(known.state()))
            if isinstance(page, Exception):
                raise page
            yield page


def item(key: str, *people: str, ref: str = "", day: int = 2, **said: Any) -> Item:
    """Return an e-mail to some people, on a day of March 2026 at three in the afternoon."""
    at = datetime(2026, 3, day, 15, tzinfo=UTC)
    told = {"channel": "email", "direction": "outbound", "subject": f"About {key}", **said}
    who = [{"email": one, "name": one.partition("@")[0].title()} for one in people]
    return Item(key=key, ref=ref or f"rfc822:{key}", at=at, people=who, **told)


def take(net: Network, *pages: Page, name: str = "mail maya") -> Synced:
    return net.sync(Box(*pages, name=name))


def talks(net: Network) -> list[Interaction]:
    with net._reading() as view:
        return list(net._all(view, Interaction, Query("interaction", order=(("ref", False),))))


def logged(net: Network) -> list[tuple[str, str, list[str]]]:
    """Return what there is: the ref, the day, and with whom."""
    return [
        (
            one.ref,
            str(one.occurred.date),
            [net.contact(person.contact).handle for person in one.participants],
        )
        for one in talks(net)
    ]
