"""Hypothesis strategies for records of the toy kinds, and for questions about them."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from netcrm.storage.contract import Doc, Record
from netcrm.storage.query import (
    Query,
    Scalar,
    Where,
    eq,
    ge,
    gt,
    has,
    le,
    lt,
    one_of,
    prefix,
    starts,
    text,
)
from netcrm.testing.toys import KINDS

examples: Final = settings(
    deadline=None,
    # Each example fills the storage anew; backends inherit one test.
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.differing_executors,
        HealthCheck.too_slow,
    ],
)

TRAPS: Final = ("", "a", "A", "ab", "a_b", "a%", "b", "z", "Z", "é", "e\u0301", "ﬀ", "😀", "a b")
"""Texts that collations, wildcards, folding and UTF-16 put in another order or take for equal."""
_IDS: Final = ("0", "a", "a-b", "a0", "a_b", "ab", "b", "z9")
_DAYS: Final = ("2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01")
_MOMENTS: Final = ("2026-03-01", "2026-03-01 2026-03-01T09:30:00+00:00", "2026-03-02", "~")
_SAID: Final = (
    "",
    "Zoë Müller",
    "zoe",
    "MULLER",
    "straße",
    "x-ray 42",
    "snake_case",
    "e\u0301tude",
)
KIND_NAMES: Final = tuple(KINDS)


def _characters(*, nul: bool) -> st.SearchStrategy[str]:
    return st.characters(exclude_categories=["Cs"], exclude_characters="" if nul else "\0")


@cache  # to make strategies takes longer than to draw from them
def json_objects() -> st.SearchStrategy[dict[str, Any]]:
    """Any JSON object: odd text, numbers of 64 bits, floats, nested, empty."""
    texts = st.text(_characters(nul=True), max_size=8)
    numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    values: st.SearchStrategy[Any] = st.recursive(
        st.none() | st.booleans() | numbers | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=8,
    )
    return st.dictionaries(texts, values, max_size=4)


_TEXTS: Final = st.sampled_from(TRAPS) | st.text(_characters(nul=False), max_size=3)
_NUMBERS: Final = st.integers(-3, 3) | st.sampled_from([-(2**63), 2**63 - 1])
_MEMBERS: Final = st.sampled_from(("x", "xy", "y")) | st.sampled_from(("x", "X", "")) | _TEXTS
"""Most members are few enough to meet again; so are ids."""
_RECORD_IDS: Final = st.sampled_from(_IDS)
_SPECIAL: Final = {
    "id": _RECORD_IDS,
    "on": st.sampled_from(_DAYS),
    "at": st.sampled_from(_MOMENTS[:2]) | st.sampled_from(_MOMENTS) | _TEXTS.filter(bool),
}
_OF_TYPE: Final[dict[str, st.SearchStrategy[Any]]] = {
    "text": _TEXTS,
    "int": _NUMBERS,
    "bool": st.booleans(),
    "set": _MEMBERS,
}


def _type(kind: str, field: str) -> str:
    return "text" if field == "id" else KINDS[kind].fields[field].type


def values(kind: str, field: str) -> st.SearchStrategy[Any]:
    """Values of a field, or members of a set."""
    return _SPECIAL.get(field, _OF_TYPE[_type(kind, field)])


def plain_fields(kind: str) -> Sequence[str]:
    """Return the fields to sort by, `id` among them."""
    return [name for name, field in KINDS[kind].fields.items() if field.type != "set"] + ["id"]


def sets(kind: str) -> Sequence[str]:
    """Return the fields that are sets."""
    return [name for name, field in KINDS[kind].fields.items() if field.type == "set"]


@cache
def docs(kind: str) -> st.SearchStrategy[Doc]:
    """Documents of a kind; only its sets and `at` are in each."""
    if kind == "blob":
        return json_objects()
    always = {name: st.lists(_MEMBERS, max_size=3) for name in sets(kind)}
    optional = {name: st.none() | values(kind, name) for name in plain_fields(kind)[:-1]}
    optional["said"] = st.lists(st.sampled_from(_SAID), max_size=2).map(" ".join)
    if optional.pop("at", None) is not None:
        always["at"] = values(kind, "at")
    return st.fixed_dictionaries(always, optional=optional)


@cache
def collections(kind: str) -> st.SearchStrategy[list[Record]]:
    """Two records of a kind or more, with different ids."""
    made = st.dictionaries(_RECORD_IDS, docs(kind), min_size=2)
    return made.map(lambda by_id: [Record(kind, id, doc, 1) for id, doc in by_id.items()])


def _comparisons(kind: str, field: str) -> st.SearchStrategy[Where]:
    type_, drawn, named = _type(kind, field), values(kind, field), st.just(field)
    if type_ == "set":
        several = st.lists(drawn, max_size=2)
        return several.map(lambda members: has(field, *members)) | st.builds(starts, named, drawn)
    made: st.SearchStrategy[Where] = st.builds(eq, named, st.none() | drawn)
    made |= st.builds(one_of, named, st.lists(st.none() | drawn, max_size=3))
    if type_ != "bool":
        made |= st.sampled_from((lt, le, gt, ge)).flatmap(lambda op: st.builds(op, named, drawn))
    if type_ == "text":
        made |= st.builds(prefix, named, drawn.map(lambda value: value[:2]))
    return made


@cache
def conditions(kind: str) -> st.SearchStrategy[Where]:
    """Conditions of every operator, on every field, and nested."""
    simple = st.one_of(*(_comparisons(kind, name) for name in [*KINDS[kind].fields, "id"]))
    simple |= st.sampled_from(_SAID).flatmap(
        lambda said: st.integers(0, len(said)).map(lambda end: text(said[:end]))
    )
    return st.recursive(
        simple,
        lambda inner: (
            st.builds(operator.and_, inner, inner)
            | st.builds(operator.or_, inner, inner)
            | st.builds(operator.invert, inner)
        ),
        max_leaves=4,
    )


@cache
def queries(kind: str) -> st.SearchStrategy[Query]:
    """Questions about a kind: any condition, order, limit and place to go on behind."""
    directed = st.tuples(st.sampled_from(plain_fields(kind)), st.booleans())
    orders = st.lists(directed, max_size=2, unique_by=lambda part: part[0]).map(tuple)

    def behind(order: tuple[tuple[str, bool], ...]) -> st.SearchStrategy[tuple[Scalar, ...]]:
        ways = (_RECORD_IDS if f == "id" else st.none() | values(kind, f) for f, _ in order)
        return st.tuples(*ways, _RECORD_IDS)

    return orders.flatmap(
        lambda order: st.builds(
            Query,
            st.just(kind),
            st.none() | conditions(kind),
            st.just(order),
            st.none() | st.integers(0, len(_IDS)),
            st.none() | behind(order),
        )
    )


@cache
def timelines() -> st.SearchStrategy[Where]:
    """Conditions on the people of talks, alone or with other conditions."""
    few = st.lists(st.sampled_from(("x", "xy", "y")), min_size=1, max_size=2)
    theirs = few.map(lambda people: has("people", *people))
    joins = st.sampled_from((operator.and_, operator.or_))
    others = conditions("talk")
    return theirs | joins.flatmap(lambda join: st.builds(join, theirs, others))


class Ask(NamedTuple):
    """A question in all ways: a query, fields for `rows`, and what `latest` needs, if it can be."""

    query: Query
    fields: Sequence[str]
    per: str | None
    by: str
    members: Sequence[str]


@cache
def asks(kind: str) -> st.SearchStrategy[Ask]:
    """Questions about a kind, in all ways."""
    fields = st.sampled_from([*KINDS[kind].fields, "id"])
    return st.builds(
        Ask,
        queries(kind),
        st.lists(fields, min_size=1, max_size=4),
        st.sampled_from(sets(kind)) if sets(kind) else st.none(),
        st.sampled_from(plain_fields(kind)),
        st.lists(_MEMBERS, max_size=3),
    )


class Case(NamedTuple):
    """Records of a kind, and a question about them."""

    records: Sequence[Record]
    ask: Ask


def cases(kinds: Sequence[str] = KIND_NAMES) -> st.SearchStrategy[Case]:
    """Records of one of these kinds, and questions about them."""
    return st.sampled_from(kinds).flatmap(
        lambda kind: st.builds(Case, collections(kind), asks(kind))
    )
