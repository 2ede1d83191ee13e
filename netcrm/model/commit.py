"""One change to the network: what was asked, when, and what it takes to take it back."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import Entity, Value, choice, instant, line, reference, several


@attrs.frozen(kw_only=True)
class Before(Value):
    """A record as it was before a commit changed it, or deleted it."""

    kind: str = line()
    id: str = reference()
    rev: int
    doc: Mapping[str, Any] = attrs.field(hash=False, repr=False)
    fate: str = choice("changed", "deleted", default="changed")


def _ids_by_kind(created: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[str, ...]]:
    return {kind: tuple(ids) for kind, ids in created.items()}


@attrs.frozen(kw_only=True)
class Commit(Entity):
    """What one command, call or import did.

    `seq` counts commits; their order is never that of clocks. `created` maps kinds to the ids of
    new records; `before` holds what was changed or deleted. `undoes` is the number of the commit
    that this one takes back.
    """

    seq: int
    at: datetime = instant()
    reason: str = line()
    detail: str = line()
    created: Mapping[str, Sequence[str]] = attrs.field(
        factory=dict, converter=_ids_by_kind, hash=False
    )
    before: tuple[Before, ...] = several(Before)
    undoes: int | None = None

    def __attrs_post_init__(self) -> None:
        if self.seq < 1:
            raise InvalidError("commits are counted from 1")

    def count(self, fate: str) -> int:
        """Return how many records were "created", "changed" or "deleted"."""
        if fate == "created":
            return sum(map(len, self.created.values()))
        return sum(before.fate == fate for before in self.before)
