"""Questions to a storage: a small, closed language that every backend answers alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple

from netcrm.model.text import words

Scalar = str | int | bool | None
"""A plain index value. Moments are ISO 8601 text, so that order of text is order of time."""
Indexed = Scalar | tuple[str, ...]
"""An index value: plain, or a set of words (their order and repetition mean nothing).

Numbers have 64 bits; text has no NUL and no longest length.
"""

Op = Literal[
    "eq", "in", "lt", "le", "gt", "ge", "prefix", "has", "starts", "text", "and", "or", "not"
]


class Where(NamedTuple):
    """A condition on the index values of a record. Combine with `&`, `|` and `~`.

    | made by | holds when |
    |---|---|
    | `eq(field, value)` | the value is equal; None is equal to None |
    | `one_of(field, values)` | the value is one of them |
    | `lt`, `le`, `gt`, `ge` | the value is there and smaller, ... ; text compares by code point |
    | `prefix(field, text)` | the value is text that starts so |
    | `has(field, *words)` | the set holds at least one of the words |
    | `starts(field, text)` | the set holds a word that starts so |
    | `text(said)` | each word of *said* starts some word of the record's text |

    Each condition is true or false, never unknown: `~lt(...)` holds for None. No record has text
    with a NUL or half a character; all but `lt`, `le`, `gt` and `ge` may be asked for it.
    """

    op: Op
    field: str = ""
    value: Any = None
    parts: tuple[Where, ...] = ()

    def __and__(self, other: Where) -> Where:
        return _joined("and", self, other)

    def __or__(self, other: Where) -> Where:
        return _joined("or", self, other)

    def __invert__(self) -> Where:
        return Where("not", parts=(self,))


def _joined(op: Literal["and", "or"], *sides: Where) -> Where:
    """Return one condition of all parts of both sides: long ones must not nest deeply."""
    parts = (part for side in sides for part in (side.parts if side.op == op else (side,)))
    return Where(op, parts=tuple(parts))


def eq(field: str, value: Scalar) -> Where:
    """The value is *value*."""
    return Where("eq", field, value)


def one_of(field: str, values: Iterable[Scalar]) -> Where:
    """The value is one of *values*."""
    return Where("in", field, tuple(values))


def lt(field: str, value: str | int) -> Where:
    """The value is smaller."""
    return Where("lt", field, value)


def le(field: str, value: str | int) -> Where:
    """The value is smaller or equal."""
    return Where("le", field, value)


def gt(field: str, value: str | int) -> Where:
    """The value is greater."""
    return Where("gt", field, value)


def ge(field: str, value: str | int) -> Where:
    """The value is greater or equal."""
    return Where("ge", field, value)


def prefix(field: str, value: str) -> Where:
    """The text starts with *value*."""
    return Where("prefix", field, value)


def has(field: str, *members: str) -> Where:
    """The set holds one of *members*."""
    return Where("has", field, members)


def starts(field: str, value: str) -> Where:
    """The set holds a word that starts with *value*."""
    return Where("starts", field, value)


def text(said: str) -> Where:
    """Each word of *said* starts a word of the record's text."""
    return Where("text", value=said)


class Query(NamedTuple):
    """Which records of a kind, in which order, how many.

    `order` lists (field, descending); ties, and everything without an order, go by id, ascending.
    None sorts before every value. `after` continues behind a row: its order values, then its id.
    The field `id` is the record's id, in a condition, in the order, and in `Transaction.rows`.
    """

    kind: str
    where: Where | None = None
    order: tuple[tuple[str, bool], ...] = ()
    limit: int | None = None
    after: tuple[Scalar, ...] | None = None


Extract = Callable[[str, Mapping[str, Any]], Any]
"""Gives the value of an index field from the id and document of a record."""


def matcher(
    where: Where | None, extract: Callable[[str], Extract]
) -> Callable[[str, Mapping[str, Any]], bool]:
    """Return a function that tells whether a record fits: the meaning of `Where`, once, in Python.

    *extract* gives the way to the value of a field; for a record's text the field is called "".
    """
    if where is None:
        return lambda id, doc: True
    value = where.value
    if where.parts:
        tests = [matcher(part, extract) for part in where.parts]
        if where.op == "not":
            return lambda id, doc: not tests[0](id, doc)
        if where.op == "and":
            return lambda id, doc: all(test(id, doc) for test in tests)
        return lambda id, doc: any(test(id, doc) for test in tests)
    of = extract(where.field)
    test = _test(where.op, value)
    return lambda id, doc: test(of(id, doc))


def _test(op: Op, value: Any) -> Callable[[Any], bool]:
    """Return the test that an operator puts to one index value."""
    members = frozenset(value) if op in ("in", "has") else frozenset()
    sought = words(value) if op == "text" else ()
    tests: Mapping[str, Callable[[Any], bool]] = {
        "eq": lambda found: found == value,
        "in": lambda found: found in members,
        "lt": lambda found: found is not None and found < value,
        "le": lambda found: found is not None and found <= value,
        "gt": lambda found: found is not None and found > value,
        "ge": lambda found: found is not None and found >= value,
        "prefix": lambda found: found is not None and found.startswith(value),
        "has": lambda found: not members.isdisjoint(found),
        "starts": lambda found: any(word.startswith(value) for word in found),
        "text": lambda found: all(
            any(word.startswith(start) for word in found.split()) for start in sought
        ),
    }
    return tests[op]


def rank(value: Scalar) -> tuple[bool, Any]:
    """Return a key that sorts index values: None first."""
    return (value is not None, value)
