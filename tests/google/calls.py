"""What does an endpoint know of the request it answers? And where does its page begin?"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from tests.google.discovery import Method
from tests.google.errors import GoogleError, Json, invalid

T = TypeVar("T")
_OF_ANY_PAGE: Final = frozenset(
    {"pageToken", "fields", "alt", "prettyPrint", "maxResults", "pageSize", "quotaUser", "key"}
)


@dataclass(slots=True)
class Call:
    """A request that was found to be allowed, with its parameters read."""

    method: Method
    params: Json
    scopes: frozenset[str]
    pages: Pages
    body: Json = field(default_factory=dict)
    twist: str = ""
    """What a test orders of the page: 'empty page' or 'same page'."""

    @property
    def position(self) -> Any:
        """Where the page begins: what `page` was given for the last item of the page before."""
        token = self.params.get("pageToken")
        return self.pages.position(self, token) if token else None

    def page(self, items: Iterable[tuple[Any, T]], *, size: int) -> tuple[list[T], str | None]:
        """Return the items of a page, and the token of the next one.

        Args:
            items: those after `position`, each with a position of its own.
            size: of the page.
        """
        if self.twist == "empty page":
            return [], self.pages.token(self, self.position)
        taken = list(itertools.islice(items, size + 1))
        following = self.pages.token(self, taken[size - 1][0]) if len(taken) > size else None
        if self.twist == "same page":
            following = self.params.get("pageToken", following)
        return [item for _, item in taken[:size]], following

    def size(self, *, usual: int, largest: int, name: str = "maxResults") -> int:
        """Return how many items a page may have; 400 when too many are asked for."""
        asked: int = self.params.get(name, usual) or usual
        if not 1 <= asked <= largest:
            raise invalid(f"Invalid value for {name}: {asked}", name)
        return asked

    def digest(self, *without: str) -> str:
        """Return a mark of the method and its parameters, without these."""
        kept = {name: x for name, x in self.params.items() if name not in without}
        text = json.dumps([self.method.id, kept], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


class Pages:
    """The page tokens that were handed out; they mean nothing to whom they are handed."""

    def __init__(self) -> None:
        self._epoch = 0

    def expire(self) -> None:
        """Make every page token of before a 400."""
        self._epoch += 1

    def token(self, call: Call, position: Any) -> str:
        """Return the token of the page after a position."""
        return sealed([self._epoch, call.digest(*_OF_ANY_PAGE), position])

    def position(self, call: Call, token: str) -> Any:
        """Return the position that a token is for; it is good for the same question only.

        People says so (discovery document, people.connections.list); the others do not say.
        """
        found = unsealed(token)
        if not found or found[:2] != [self._epoch, call.digest(*_OF_ANY_PAGE)]:
            raise GoogleError(400, "invalidArgument", "Invalid pageToken", location="pageToken")
        return found[2]


Answer = Callable[[Call], Json | None]
"""What answers a method: nothing is a 204."""


def sealed(content: list[Any]) -> str:
    """Return a token with something in it that nobody is meant to read."""
    text = json.dumps(content, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()[::-1]).decode()


def unsealed(token: str) -> list[Any] | None:
    """Return what is in a token, or nothing if it is none of ours."""
    try:
        found = json.loads(base64.urlsafe_b64decode(token.encode())[::-1])
    except ValueError:
        return None
    return found if isinstance(found, list) else None
