"""An employer, school or association: where people work, learn and meet."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

from typing import Literal, get_args

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import Entity, choice, label_set, line, lines, prose, reference

OrganisationKind = Literal[
    "", "company", "school", "clinic", "association", "government", "self_employed"
]


@attrs.frozen(kw_only=True)
class Organisation(Entity):
    """An organisation as one record; a Position may point at it with `organisation_id`."""

    name: str = line()
    aliases: tuple[str, ...] = lines()
    domains: tuple[str, ...] = lines()
    kind: OrganisationKind = choice(*get_args(OrganisationKind), default="")
    industries: frozenset[str] = label_set()
    parent: str | None = reference(default=None)
    location: str = line()
    note: str = prose()

    def __attrs_post_init__(self) -> None:
        if not self.name:
            raise InvalidError("an organisation needs a name")
        if self.parent == self.id:
            raise InvalidError(f"{self.name} cannot be its own parent")
