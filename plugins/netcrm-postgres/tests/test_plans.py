"""Important questions take steps into an index, behind row security too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import pytest

from netcrm import KINDS, Query, Record, Where
from netcrm.storage import sql
from netcrm.storage.query import eq, ge, has, lt, one_of, prefix, starts, text
from netcrm_postgres import open_storage
from netcrm_postgres.dialect import DIALECT
from netcrm_postgres.storage import PostgresStorage
from netcrm_postgres.transaction import PostgresTransaction
from tests import postgres

PEOPLE, TALKS = 2000, 12_000
NEWEST = (("on", True), ("occurred", True))
"""As the timeline asks."""


def contact(n: int) -> Record:
    doc = {
        "name": f"Zoë {n:05}",
        "handle": f"zoe-{n}",
        "added_on": "2026-01-02",
        "source": "linkedin" if n % 9 else "event",
        "circles": [f"ring{n % 50}"],
        "points": [{"kind": "email", "value": f"zoe-{n}@example.org"}],
    }
    return Record("contact", f"c{n:06}", doc, 1)


def interaction(n: int) -> Record:
    doc = {
        "occurred": f"20{n * 20 // TALKS + 6:02}-{n % 12 + 1:02}-{n % 28 + 1:02}",
        "participants": [{"contact": f"c{n * 7 % PEOPLE:06}"}],
        "text": f"hello word{n}",
    }
    return Record("interaction", f"i{n:06}", doc, 1)


@pytest.fixture(scope="module")
def asked() -> Iterator[PostgresTransaction]:
    """A transaction on a network among others, which is large enough and known to the planner."""
    database = postgres.database()
    urls = [database.app_url() for _ in range(3)]
    for url in urls:
        filled = open_storage(url.partition(":")[2], KINDS, True)
        with closing(filled), filled.begin(write=True) as transaction:
            transaction.put((contact(n), 0) for n in range(PEOPLE))
            transaction.put((interaction(n), 0) for n in range(TALKS))
            transaction.put((Record("commit", f"{n}", {"seq": n}, 1), 0) for n in range(999))
    postgres.run(database.admin_url, "ANALYZE")
    storage = open_storage(urls[1].partition(":")[2], KINDS, False)
    assert isinstance(storage, PostgresStorage)
    with closing(storage), storage.begin(write=False) as transaction:
        yield transaction


class Plan:
    """What the server did for a question."""

    def __init__(self, asked: PostgresTransaction, statement: sql.Statement) -> None:
        explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.sql}"
        ((plans,),) = asked.ask(sql.Statement(explain, statement.values))
        found = plans if isinstance(plans, list) else json.loads(plans)
        self.nodes = list(_nodes(found[0]["Plan"]))

    @property
    def indexes(self) -> set[str]:
        return {node["Index Name"] for node in self.nodes if "Index Name" in node}

    @property
    def rows(self) -> int:
        """How many rows of tables were touched."""
        return sum(
            int(
                node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
            )
            for node in self.nodes
            if "Scan" in node["Node Type"] and "Relation Name" in node
        )

    def __str__(self) -> str:
        return "\n".join(
            f"{node['Node Type']} {node.get('Index Name') or node.get('Relation Name', '')} "
            f"{node.get('Index Cond', '')} {node.get('Filter', '')}"
            for node in self.nodes
        )


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def found(asked: PostgresTransaction, query: Query) -> Plan:
    kind = asked.tables[query.kind].kind
    return Plan(asked, sql.find(query, kind, DIALECT, ("id", "rev", "doc")))


TALK = "interaction"
ANA = "c000007"
BEHIND = ("2015-05-05", "2015-05-05", "i005000")


@pytest.mark.parametrize(
    ("query", "index", "most"),
    [
        (Query("contact", eq("id", ANA)), "contact_pkey", 1),
        (Query("contact", one_of("id", [ANA, "c000008"])), "contact_pkey", 2),
        (Query("contact", eq("handle", "zoe-7")), "contact_by_handle", 1),
        (Query("contact", prefix("handle", "zoe-199")), "contact_by_handle", 11),
        (Query("contact", eq("source", "event") & eq("name", "x")), "contact_by_name", 1),
        (Query("contact", order=(("name", False),), limit=50), "contact_by_name", 51),
        (Query("contact", order=(("name", True),), limit=50), "contact_by_name", 60),
        (
            Query("contact", order=(("name", False),), limit=50, after=("Zoë 00700", "c000700")),
            "contact_by_name",
            60,
        ),
        (Query("contact", has("identifiers", "email:zoe-7@example.org")), "identifiers_pkey", 2),
        (Query("contact", has("called", "zoe-7", "zoe-8")), "contact_called_pkey", 4),
        (Query("contact", has("circles", "ring7")), "contact_circles_pkey", 80),
        (Query("contact", starts("called", "zoe-199")), "contact_called_pkey", 30),
        (Query(TALK, has("contacts", ANA), NEWEST, 50), "interaction_contacts_pkey", 104),
        (Query(TALK, has("contacts", ANA), NEWEST, 50, BEHIND), "interaction_contacts_pkey", 104),
        (Query(TALK, order=NEWEST, limit=50), "interaction_by_on", 120),
        (Query(TALK, order=NEWEST, limit=50, after=BEHIND), "interaction_by_on", 120),
        (Query(TALK, ge("on", "2025-12-20"), NEWEST), "interaction_by_on", 40),
        (Query(TALK, text("hello"), NEWEST, 50), "interaction_by_on", 120),
        (Query("commit", order=(("seq", True),), limit=1), "commit_by_seq", 2),
    ],
    ids=range(19),
)
def test_a_question_steps_into_an_index(
    asked: PostgresTransaction, query: Query, index: str, most: int
) -> None:
    plan = found(asked, query)
    assert any(name.endswith(index) for name in plan.indexes), str(plan)
    assert plan.rows <= most, str(plan)


@pytest.mark.parametrize("where", [None, lt("on", "2016"), ge("on", "2010") & lt("on", "2016")])
def test_the_last_of_each_is_one_step(asked: PostgresTransaction, where: Where | None) -> None:
    kind = asked.tables[TALK].kind
    members = [f"c{n:06}" for n in range(0, PEOPLE, 20)]
    for some, steps in ((members, 100), (None, 2 * PEOPLE + 2)):
        asking = sql.latest(kind, where, DIALECT, per="touched", by="on", members=some)
        plan = Plan(asked, asking)
        assert plan.indexes == {"interaction_touched_pkey"}, str(plan)
        assert plan.rows <= steps, str(plan)


def test_every_index_begins_with_the_tenant() -> None:
    database = postgres.database()
    defined = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'netcrm'"
    indexes = dict(postgres.run(database.admin_url, defined))
    assert len(indexes) > 30
    assert not [name for name, text in indexes.items() if "btree (tenant" not in text]
