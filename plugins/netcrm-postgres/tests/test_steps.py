"""How many steps it takes to the server, which may be far away."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from netcrm import Query, Record, Storage
from netcrm_postgres.transaction import PostgresTransaction


def interaction(number: int, rev: int = 1, people: int = 3) -> Record:
    doc = {
        "occurred": f"20{number % 90 + 10}-01-02",
        "participants": [{"contact": f"c{number * n % 97}"} for n in range(people)],
        "text": "hello",
    }
    return Record("interaction", f"i{number:06}", doc, rev)


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The first words of all statements that transactions run."""
    said: list[str] = []
    run = PostgresTransaction._run

    def note(self: PostgresTransaction, statement: object) -> object:
        said.append(" ".join(statement.sql.split()[:2]))  # type: ignore[attr-defined]
        return run(self, statement)  # type: ignore[arg-type]

    monkeypatch.setattr(PostgresTransaction, "_run", note)
    return said


def test_records_go_in_by_the_thousand(storage: Storage, statements: list[str]) -> None:
    with storage.begin(write=True) as transaction:
        transaction.put((interaction(n), 0) for n in range(5500))
    fill_the_tables_of_sets = ["INSERT INTO"] * 2
    assert statements == ["SELECT FROM", *["WITH new"] * 6, *fill_the_tables_of_sets]
    assert storage.check() == []


def test_where_there_are_some_already_each_thousand_is_one_step(
    storage: Storage, statements: list[str]
) -> None:
    with storage.begin(write=True) as transaction:
        transaction.put([(interaction(9000), 0)])
    statements.clear()
    with storage.begin(write=True) as transaction:
        transaction.put((interaction(n), 0) for n in range(2500))
    assert statements == ["SELECT FROM", *["WITH new"] * 3]
    assert storage.check() == []


def test_records_are_replaced_by_the_thousand(storage: Storage, statements: list[str]) -> None:
    with storage.begin(write=True) as transaction:
        transaction.put((interaction(n), 0) for n in range(1500))
        statements.clear()
        transaction.put((interaction(n, 2, people=2), 1) for n in range(1500))
    step = ["DELETE FROM", "DELETE FROM", "DELETE FROM", "WITH new"]
    assert statements == step * 2
    assert storage.check() == []


def test_records_are_deleted_by_the_thousand(storage: Storage, statements: list[str]) -> None:
    with storage.begin(write=True) as transaction:
        transaction.put((interaction(n), 0) for n in range(1500))
        statements.clear()
        transaction.delete(interaction(n) for n in range(1500))
    assert statements == ["DELETE FROM"] * 6
    assert storage.check() == []


def test_a_small_answer_is_one_step(storage: Storage, statements: list[str]) -> None:
    with storage.begin(write=True) as transaction:
        transaction.put((interaction(n), 0) for n in range(999))
        for ask, found in ASK:
            statements.clear()
            assert len(list(ask(transaction))) == found
            assert statements == ['SELECT r."id",'] or statements[0].startswith("SELECT")
            assert len(statements) == 1


ASK: list[tuple[Callable[..., object], int]] = [
    (lambda transaction: transaction.scan("interaction"), 999),
    (lambda transaction: transaction.pairs("interaction"), 999),
    (lambda transaction: transaction.find(Query("interaction", limit=50)), 50),
    (lambda transaction: transaction.rows(Query("interaction"), ("id", "on")), 999),
    (lambda transaction: transaction.get("interaction", ["i000001", "i000002"]), 2),
    (lambda transaction: transaction.latest(Query("interaction"), per="touched", by="on"), 97),
]


def test_a_large_answer_comes_by_the_thousand(storage: Storage, statements: list[str]) -> None:
    with storage.begin(write=True) as transaction:
        transaction.put((interaction(n), 0) for n in range(2500))
    for limit, portions in ((None, 2), (2500, 2), (1001, 1), (1000, 0), (0, 0)):
        statements.clear()
        with storage.begin(write=False) as transaction:
            found = transaction.find(Query("interaction", limit=limit))
            assert len(list(found)) == (2500 if limit is None else limit)
        assert statements[0].startswith("SELECT")
        fetches = [said for said in statements if said.startswith("FETCH")]
        assert len(fetches) == (portions + 1 if portions else 0)  # the last one is empty
