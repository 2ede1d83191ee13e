"""Which career fields are near a field, and why? As I said, and as plugins know."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal, get_args

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import choice, label, line
from netcrm.model.campaign import CareerField

Link = Literal["related", "broader"]

_SAID: Final = "you said so"


@attrs.frozen
class FieldLink:
    """*field* is related to *other*, or *other* is broader than it; and why, in words."""

    field: str = attrs.field(converter=label)
    other: str = attrs.field(converter=label)
    kind: Link = choice(*get_args(Link))
    reason: str = line()

    def __attrs_post_init__(self) -> None:
        if not self.reason:
            raise InvalidError(f"why are {self.field} and {self.other} linked? give a reason")
        if self.field == self.other:
            raise InvalidError(f"{self.field} cannot be broader than itself, or related to itself")


def links_of(fields: Iterable[CareerField]) -> Iterator[FieldLink]:
    """Yield what I said of career fields."""
    for one in fields:
        for other in one.related:
            yield FieldLink(one.name, other, "related", _SAID)
        for other in one.broader:
            yield FieldLink(one.name, other, "broader", _SAID)


def near(field: str, links: Iterable[FieldLink]) -> dict[str, str]:
    """Return the fields that are near a field, by name, each with why that is.

    These are the fields related to it, whichever of the two was said to be so, and the other fields
    below those that are broader than it. The broader ones themselves are not among them.
    """
    links = list(links)
    found: dict[str, str] = dict(_beside(field, links))
    found |= _related(field, links)
    return dict(sorted(found.items()))


def _related(field: str, links: Iterable[FieldLink]) -> dict[str, str]:
    reasons: dict[str, set[str]] = {}
    for link in links:
        if link.kind == "related" and field in (link.field, link.other):
            other = link.other if link.field == field else link.field
            reasons.setdefault(other, set()).add(link.reason)
    return {other: f"related to it ({_listed(why)})" for other, why in reasons.items()}


def _beside(field: str, links: Iterable[FieldLink]) -> Iterator[tuple[str, str]]:
    """Yield the fields that are part of what a field is part of; of several such, the first."""
    parts: dict[str, dict[str, set[str]]] = {}
    for link in links:
        if link.kind == "broader":
            parts.setdefault(link.other, {}).setdefault(link.field, set()).add(link.reason)
    for whole in sorted(parts, reverse=True):
        below = parts[whole]
        for other in below.keys() - {field, whole} if field in below else ():
            why = _listed(below[field] | below[other])
            yield other, f"part of {whole}, as it is ({why})"


def _listed(reasons: Iterable[str]) -> str:
    return "; ".join(sorted(reasons))
