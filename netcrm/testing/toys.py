"""What the storage contract is tried with: toy kinds, and short ways to write, read and ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from hypothesis import strategies as st

from netcrm.model.text import words
from netcrm.storage.contract import Doc, Field, Kind, Record, Storage
from netcrm.storage.query import Op, Query, Scalar, Where, eq, has, one_of, prefix, starts, text

_DAYS: Final = ("2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01")
_TRAPS: Final = ("", "a", "A", "ab", "a_b", "a%", "b", "z", "Z", "é", "e\u0301", "ﬀ", "😀", "a b")
"""Texts that collations, wildcards, folding and UTF-16 put in another order or take for equal."""
_IDS: Final = ("0", "a", "a-b", "a0", "a_b", "ab", "b", "z9")
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

KINDS: Final[Mapping[str, Kind]] = {
    "thing": Kind(
        "thing",
        {
            "name": Field("text", lambda doc: doc.get("name")),
            "on": Field("text", lambda doc: doc.get("on")),
            "size": Field("int", lambda doc: doc.get("size")),
            "done": Field("bool", lambda doc: doc.get("done")),
            "tags": Field("set", lambda doc: tuple(doc.get("tags", ()))),
        },
        lambda doc: " ".join(words(doc.get("said", ""))),
    ),
    "note": Kind("note", {"kind": Field("text", lambda doc: doc.get("kind"))}),
    "blob": Kind("blob"),
}
"""The kinds that the storage under test is opened with. A blob may be any JSON object."""

_ORDERED: Final = ("name", "on", "size", "done", "id")


def thing(record_id: str, rev: int = 1, **doc: Any) -> Record:
    """Return a thing: name, on, size, done, tags, said; any of them may be missing."""
    return Record("thing", record_id, doc, rev)


def things(docs: Mapping[str, Doc]) -> list[Record]:
    """Return a thing for each id."""
    return [thing(record_id, **doc) for record_id, doc in docs.items()]


def fill(storage: Storage, records: Iterable[Record]) -> None:
    """Let a storage hold these records and nothing else, in one commit."""
    with storage.begin(write=True) as transaction:
        for kind in KINDS:
            transaction.delete(list(transaction.scan(kind)))
        transaction.put([(record, 0) for record in records])


def read(storage: Storage, kind: str = "thing") -> list[Record]:
    """Return all records of a kind, as a new transaction sees them."""
    with storage.begin(write=False) as transaction:
        return list(transaction.scan(kind))


def write(storage: Storage, *records: Record, over: int = 0) -> None:
    """Put records over a revision, in one commit."""
    with storage.begin(write=True) as transaction:
        transaction.put([(record, over) for record in records])


def delete(storage: Storage, *records: Record) -> None:
    """Delete records in one commit."""
    with storage.begin(write=True) as transaction:
        transaction.delete(records)


def find(storage: Storage, query: Query) -> list[Record]:
    """Return what a query finds."""
    with storage.begin(write=False) as transaction:
        return list(transaction.find(query))


def found(
    storage: Storage,
    where: Where | None = None,
    *,
    order: Sequence[tuple[str, bool]] = (),
    limit: int | None = None,
    after: tuple[Scalar, ...] | None = None,
) -> list[str]:
    """Return the ids of the things that a query finds."""
    query = Query("thing", where, tuple(order), limit, after)
    return [record.id for record in find(storage, query)]


def latest(
    storage: Storage, where: Where | None = None, *, by: str = "size"
) -> Mapping[str, tuple[Scalar, str]]:
    """Return the latest thing of each tag."""
    with storage.begin(write=False) as transaction:
        return dict(transaction.latest(Query("thing", where), per="tags", by=by))


def _characters(*, nul: bool) -> st.SearchStrategy[str]:
    return st.characters(exclude_categories=["Cs"], exclude_characters="" if nul else "\0")


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


def _index_texts() -> st.SearchStrategy[str]:
    return st.sampled_from(_TRAPS) | st.text(_characters(nul=False), max_size=3)


def _members() -> st.SearchStrategy[str]:
    """Members of sets, most of them few enough to meet again."""
    return st.sampled_from(("x", "xy", "y")) | _index_texts()


def ids() -> st.SearchStrategy[str]:
    """Ids, few enough to meet again."""
    return st.sampled_from(_IDS)


def docs() -> st.SearchStrategy[dict[str, Any]]:
    """Documents of things."""
    return st.fixed_dictionaries(
        {"tags": st.lists(_members(), max_size=3)},
        optional={
            "name": st.none() | _index_texts(),
            "on": st.sampled_from(_DAYS),
            "size": st.none() | st.integers(-3, 3) | st.sampled_from([-(2**63), 2**63 - 1]),
            "done": st.booleans(),
            "said": st.lists(st.sampled_from(_SAID), max_size=2).map(" ".join),
        },
    )


def collections() -> st.SearchStrategy[list[Record]]:
    """Some things with different ids."""
    made = st.dictionaries(ids(), docs(), max_size=len(_IDS))
    return made.map(lambda by_id: [thing(record_id, **doc) for record_id, doc in by_id.items()])


def _values(field: str) -> st.SearchStrategy[Any]:
    if field == "size":
        return st.integers(-3, 3)
    if field == "done":
        return st.booleans()
    return {"id": ids(), "on": st.sampled_from(_DAYS)}.get(field, _index_texts())


def _comparisons(field: str) -> st.SearchStrategy[Where]:
    values = _values(field)
    ops = st.sampled_from(("lt", "le", "gt", "ge"))
    made: st.SearchStrategy[Where] = st.builds(eq, st.just(field), st.none() | values)
    made |= st.builds(one_of, st.just(field), st.lists(st.none() | values, max_size=3))
    if field != "done":
        made |= st.builds(lambda op, value: _where(op, field, value), ops, values)
    if field in ("name", "on", "id"):
        made |= st.builds(prefix, st.just(field), values.map(lambda value: value[:2]))
    return made


def _where(op: Op, field: str, value: str | int) -> Where:
    return Where(op, field, value)


def conditions() -> st.SearchStrategy[Where]:
    """Conditions on things, of every kind and nested."""
    simple = st.one_of(*map(_comparisons, _ORDERED))
    simple |= st.lists(_members(), max_size=2).map(lambda members: has("tags", *members))
    simple |= _members().map(lambda start: starts("tags", start))
    simple |= st.sampled_from(_SAID).flatmap(
        lambda said: st.integers(0, len(said)).map(lambda end: text(said[:end]))
    )
    return st.recursive(
        simple,
        lambda inner: (
            st.builds(lambda a, b: a & b, inner, inner)
            | st.builds(lambda a, b: a | b, inner, inner)
            | inner.map(lambda where: ~where)
        ),
        max_leaves=4,
    )


def queries() -> st.SearchStrategy[Query]:
    """Questions about things: any condition, order and limit."""
    directed = st.tuples(st.sampled_from(_ORDERED), st.booleans())
    return st.builds(
        Query,
        st.just("thing"),
        st.none() | conditions(),
        st.lists(directed, max_size=2, unique_by=lambda part: part[0]).map(tuple),
        st.none() | st.integers(0, len(_IDS)),
        st.none(),
    )
