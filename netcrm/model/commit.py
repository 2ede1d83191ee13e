"""One change to the network: what was asked, when, and what it takes to take it back."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import Entity, instant, line, reference

Fate = Literal["created", "changed", "deleted"]


def _ids_by_kind(ids: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[str, ...]]:
    return {kind: tuple(several) for kind, several in ids.items()}


def _touched() -> Any:
    return attrs.field(factory=dict, converter=_ids_by_kind, hash=False)


@attrs.frozen(kw_only=True)
class Commit(Entity):
    """What one command, call or import did.

    `seq` counts commits; their order is never that of clocks. `created`, `changed` and `deleted`
    map kinds to the ids of the records that it did this to; as they were before, the last two are
    kept as `Before`. `undoes` is the number of the commit that this one takes back.
    """

    seq: int
    at: datetime = instant()
    reason: str = line()
    detail: str = line()
    created: Mapping[str, Sequence[str]] = _touched()
    changed: Mapping[str, Sequence[str]] = _touched()
    deleted: Mapping[str, Sequence[str]] = _touched()
    undoes: int | None = None

    def __attrs_post_init__(self) -> None:
        if self.seq < 1:
            raise InvalidError("commits are counted from 1")

    @property
    def keys(self) -> list[tuple[str, str]]:
        """Kind and id of every record that it touched."""
        every = (self.created, self.changed, self.deleted)
        return [(kind, id_) for touched in every for kind, ids in touched.items() for id_ in ids]

    def count(self, fate: Fate) -> int:
        """Return how many records were "created", "changed" or "deleted"."""
        ids: Mapping[str, Sequence[str]] = getattr(self, fate)
        return sum(map(len, ids.values()))


@attrs.frozen(kw_only=True)
class Before(Entity):
    """A record as it was before a commit changed or deleted it.

    `kind`, `record` and `was` are its kind, id and revision then, `doc` is its document. Its own
    id begins with that of the commit.
    """

    kind: str = line()
    record: str = reference()
    was: int
    doc: Mapping[str, Any] = attrs.field(hash=False, repr=False)
