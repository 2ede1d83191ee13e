"""What the guide says to do in SQL works as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pytest

from netcrm import KINDS, Query, Record, RefusedError
from netcrm.storage.query import has
from netcrm.storage.sql import Statement
from netcrm_postgres import open_storage, setup
from netcrm_postgres.storage import PostgresStorage
from tests import postgres

GUIDE = Path(__file__).parents[3] / "docs/scaling.md"


def statements(beginning: str) -> str:
    """Return the indented block of the guide that begins so."""
    blocks = re.findall(r"(?m)(?:^    .*\n(?:\n(?=    ))?)+", GUIDE.read_text("utf-8"))
    (found,) = [dedent(block) for block in blocks if block.strip().startswith(beginning)]
    return found


def run_each(url: str, text: str) -> None:
    for statement in re.findall(r"(?s)[^;]+;", text):
        postgres.run(url, statement)


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    postgres.server()  # skips where there can be none
    server = postgres.Server.start()
    postgres.run(server.url(), "DROP ROLE netcrm_app")
    yield server
    server.stop()


def test_from_roles_to_partitions(server: postgres.Server) -> None:
    run_each(server.url(), statements("CREATE ROLE crm_owner"))
    owner = server.url("crm").replace("//postgres@", "//crm_owner@")
    setup(owner, role="netcrm_app")
    run_each(server.url(), statements("ALTER ROLE netcrm_app SET tcp_keepalives_idle"))

    rest = f"//netcrm_app@127.0.0.1:{server.port}/crm?tenant="
    for tenant in ("maya", "noor"):
        filled = open_storage(f"{rest}{tenant}", KINDS, True)
        with closing(filled), filled.begin(write=True) as transaction:
            transaction.put((interaction(n), 0) for n in range(300))

    postgres.run(server.url("crm"), statements("BEGIN;"))
    storage = open_storage(f"{rest}maya", KINDS, False)
    assert isinstance(storage, PostgresStorage)
    with closing(storage):
        with pytest.raises(RefusedError, match="rows of table interaction are not kept apart"):
            storage.check()
        setup(server.url("crm"), role="netcrm_app")
        assert storage.check() == []
        with storage.begin(write=True) as transaction:
            transaction.put([(interaction(300), 0), (interaction(7, rev=2), 1)])
            transaction.delete([interaction(8)])
            assert transaction.count("interaction") == 300
            assert len(list(transaction.find(Query("interaction", has("contacts", "c7"))))) == 3
            plan = str(transaction.ask(Statement("EXPLAIN ANALYZE SELECT * FROM interaction")))
        assert "Subplans Removed: 15" in plan
        assert storage.check() == []
    made = "SELECT indexdef FROM pg_indexes WHERE indexname = 'interaction_by_on'"
    assert "ON ONLY netcrm.interaction" in postgres.run(server.url("crm"), made)[0][0]


def interaction(number: int, rev: int = 1) -> Record:
    doc = {"occurred": "2026-01-02", "participants": [{"contact": f"c{number % 100}"}]}
    return Record("interaction", f"i{number:04}", doc, rev)


def test_the_primary_waits_for_a_standby(server: postgres.Server) -> None:
    standby = server.standby()
    run_each(server.url(), statements("ALTER SYSTEM SET synchronous_standby_names"))
    state = "SELECT sync_state FROM pg_stat_replication"
    while postgres.run(server.url(), state) != [("sync",)]:
        pass
    standby.stop()
