"""No tenant sees or changes a row of another, in any table that there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import sql

from netcrm import KINDS, Record, RefusedError, Storage
from tests import postgres

Open = Callable[..., Storage]
Connection = psycopg.Connection[tuple[Any, ...]]

ONE_OF_EACH = (
    Record(
        "contact",
        "c1",
        {
            "name": "Zoë",
            "handle": "zoe",
            "added_on": "2026-01-02",
            "aliases": ["Z"],
            "points": [{"kind": "email", "value": "zoe@example.org"}],
            "positions": [{"organisation": "Clinic", "title": "Nurse"}],
            "circles": ["inner"],
            "tags": ["mentor"],
            "fields": ["nursing"],
            "first_met": {"through": "c2"},
            "origins": [{"source": "linkedin"}],
        },
        1,
    ),
    Record("organisation", "o1", {"name": "Clinic"}, 1),
    Record("interaction", "i1", {"occurred": "2026-01-02", "participants": [{"contact": "c1"}]}, 1),
    Record(
        "meeting",
        "m1",
        {"start": "2026-01-02", "booked_on": "2026-01-01", "participants": [{"contact": "c1"}]},
        1,
    ),
    Record("interview", "t1", {"contacts": ["c1"], "opened_on": "2026-01-02"}, 1),
    Record("profile", "me", {"holidays": ["2026-01-01"]}, 1),
    Record("objective", "q1", {"text": "why", "added_on": "2026-01-02"}, 1),
    Record("campaign", "p1", {"name": "Spring", "start": "2026-01-02"}, 1),
    Record("careerfield", "f1", {"name": "nursing"}, 1),
    Record("research", "l1", {"contact": "c1", "on": "2026-01-02", "text": "x"}, 1),
    Record(
        "insight",
        "n1",
        {"contact": "c1", "fields": ["a"], "text": "x", "observed_on": "2026-01-02"},
        1,
    ),
    Record("decision", "e1", {"text": "x", "on": "2026-01-02"}, 1),
    Record("opportunity", "g1", {"contact": "c1", "text": "x", "heard_on": "2026-01-02"}, 1),
    Record("commitment", "b1", {"contact": "c1", "text": "x", "made_on": "2026-01-02"}, 1),
    Record("waiver", "w1", {"contact": "c1", "key": "x", "on": "2026-01-02"}, 1),
    Record("referral", "r1", {"referrer": "c1", "referred": "c2", "made_on": "2026"}, 1),
    Record("acquaintance", "q2", {"contacts": ["c1", "c2"], "noted_on": "2026-01-02"}, 1),
    Record("introduction", "q3", {"contacts": ["c1", "c2"], "begun_on": "2026-01-02"}, 1),
    Record("cadence", "k1", {"selector": "contact:c1", "every": "P1M", "weekdays": [1]}, 1),
    Record("adjustment", "a1", {"kind": "snooze", "contact": "c1", "on": "2026-01-02"}, 1),
    Record("merged", "c0", {"into": "c1", "handle": "zo"}, 1),
    Record("distinct", "d1", {"contacts": ["c1", "c2"]}, 1),
    Record("remembered", "s1", {"source": "table", "name": "alumni"}, 1),
    Record(
        "remote",
        "m1",
        {
            "source": "x",
            "key": "1",
            "ref": "r",
            "at": "2026-01-02",
            "people": ["0f"],
            "waiting": ["0f"],
        },
        1,
    ),
    Record("stranger", "y1", {"mark": "0f", "address": "tom@example.org"}, 1),
    Record("commit", "h1", {"seq": 1}, 1),
    *(Record(name, "x1", {}, 1) for name, kind in KINDS.items() if not kind.fields),
)


@pytest.fixture
def database(opened: Open) -> postgres.Database:
    """A database where two tenants have something in every table."""
    database = postgres.database()
    for tenant in ("ana", "bo"):
        with opened(database.app_url(tenant)).begin(write=True) as transaction:
            if not transaction.count("contact"):
                transaction.put((record, 0) for record in ONE_OF_EACH)
    return database


@pytest.fixture
def tables(database: postgres.Database) -> list[sql.Identifier]:
    found = postgres.run(
        database.admin_url,
        "SELECT relname FROM pg_class WHERE relnamespace = 'netcrm'::regnamespace "
        "AND relkind IN ('r', 'p') ORDER BY relname",
    )
    assert len(found) > 25
    return [sql.Identifier("netcrm", name) for (name,) in found]


def plain_url(database: postgres.Database) -> str:
    return database.app_url("x").replace("tenant=x", "")


@contextmanager
def session(database: postgres.Database, tenant: str | None) -> Iterator[Connection]:
    """Connect by hand as the role that the storage works as; all is rolled back."""
    with psycopg.connect(plain_url(database)) as connection:
        if tenant is not None:
            connection.execute("SELECT set_config('netcrm.tenant', %s, true)", [tenant])
        yield connection
        connection.rollback()


def ask(connection: Connection, query: str, table: sql.Identifier) -> Any:
    found = connection.execute(sql.SQL(query).format(table)).fetchone()
    assert found is not None
    return found[0]


@pytest.mark.parametrize("tenant", [None, "", "nobody", "a' or '1'='1", "ana' --", "%", "ANA"])
def test_who_is_no_tenant_sees_nothing(
    database: postgres.Database, tables: list[sql.Identifier], tenant: str | None
) -> None:
    with session(database, tenant) as connection:
        for table in tables:
            assert ask(connection, "SELECT count(*) FROM {}", table) == 0, table


def test_a_tenant_sees_all_that_is_its_own_and_nothing_else(
    database: postgres.Database, tables: list[sql.Identifier]
) -> None:
    with session(database, "ana") as connection:
        for table in tables:
            assert ask(connection, "SELECT count(*) FROM {}", table) >= 1, table
            assert ask(connection, "SELECT count(*) FROM {} WHERE tenant <> 'ana'", table) == 0


def test_nobody_writes_for_another_tenant(
    database: postgres.Database, tables: list[sql.Identifier]
) -> None:
    with psycopg.connect(database.admin_url) as admin, session(database, "ana") as connection:
        for table in tables:
            cursor = admin.execute(
                sql.SQL("SELECT * FROM {} WHERE tenant = 'bo' LIMIT 1").format(table)
            )
            (row,) = cursor.fetchall()
            marks = sql.SQL(", ").join([sql.Placeholder()] * len(row))
            insert = sql.SQL("INSERT INTO {} VALUES ({})").format(table, marks)
            refused(connection, insert, row)
            refused(connection, sql.SQL("UPDATE {} SET tenant = 'bo'").format(table))


def refused(connection: Connection, statement: sql.Composed, row: Any = ()) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
        connection.execute(statement, row)


def test_nobody_changes_or_deletes_for_another_tenant(
    database: postgres.Database, tables: list[sql.Identifier]
) -> None:
    with session(database, "ana") as connection:
        for table in tables:
            for statement in (
                "UPDATE {} SET tenant = 'ana' WHERE tenant = 'bo'",
                "UPDATE {} SET tenant = 'ana' WHERE tenant <> 'ana'",
                "DELETE FROM {} WHERE tenant = 'bo'",
                "DELETE FROM {} WHERE tenant <> 'ana'",
            ):
                assert connection.execute(sql.SQL(statement).format(table)).rowcount == 0, table


def test_nobody_takes_the_security_away(
    database: postgres.Database, tables: list[sql.Identifier]
) -> None:
    with session(database, "ana") as connection:
        for table in tables:
            for statement in (
                "ALTER TABLE {} DISABLE ROW LEVEL SECURITY",
                "ALTER TABLE {} NO FORCE ROW LEVEL SECURITY",
                "DROP POLICY own_rows ON {}",
                "CREATE POLICY all_rows ON {} USING (true)",
                "TRUNCATE {}",
                "DROP TABLE {}",
            ):
                refused(connection, sql.SQL(statement).format(table))
            connection.execute("SET LOCAL row_security = off")
            refused(connection, sql.SQL("SELECT * FROM {}").format(table))
            connection.execute("SET LOCAL row_security = on")


def test_a_row_without_a_tenant_is_refused(
    database: postgres.Database, tables: list[sql.Identifier]
) -> None:
    for tenant in (None, ""):
        with session(database, tenant) as connection:
            for table in tables:
                with pytest.raises(psycopg.Error), connection.transaction():
                    connection.execute(sql.SQL("INSERT INTO {} DEFAULT VALUES").format(table))


def test_the_tenant_is_forgotten_when_a_transaction_ends(
    database: postgres.Database, opened: Open
) -> None:
    storage = opened(database.app_url("ana"))
    for write in (False, True):
        with storage.begin(write=write) as transaction:
            connection: Connection = transaction._connection
            assert connection.execute("SELECT count(*) FROM netcrm.contact").fetchone() == (1,)
        assert not connection.closed  # it is kept for the next one
        assert connection.execute("SELECT count(*) FROM netcrm.contact").fetchone() == (0,)
        assert connection.execute("SELECT current_setting('netcrm.tenant')").fetchone() == ("",)


# --- who may not work at all


def with_role(database: postgres.Database, role: str) -> str:
    before, _, after = database.app_url("ana").partition(f"//{database.role}")
    return f"{before}//{role}{after}"


def refusal(storage: Storage) -> str:
    for write in (False, True):
        with pytest.raises(RefusedError) as caught, storage.begin(write=write):
            pass
    return str(caught.value)


@pytest.fixture
def own() -> postgres.Database:
    """A database of its own, which may be spoilt; roles without passwords get in."""
    return postgres.server().database()


@pytest.fixture
def role(own: postgres.Database) -> Iterator[str]:
    """A role that may be spoilt too; it has what the storage's role has."""
    name = f"role_{own.name[-12:]}"
    for statement in (
        f"CREATE ROLE {name} LOGIN",
        f"GRANT USAGE ON SCHEMA netcrm TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA netcrm TO {name}",
    ):
        postgres.run(own.admin_url, statement)
    yield name
    postgres.run(own.admin_url, f"REASSIGN OWNED BY {name} TO postgres")
    postgres.run(own.admin_url, f"DROP OWNED BY {name}")
    postgres.run(own.admin_url, f"DROP ROLE {name}")


def test_a_role_with_the_rights_is_enough(own: postgres.Database, role: str, opened: Open) -> None:
    with opened(with_role(own, role)).begin(write=True) as transaction:
        transaction.put([(ONE_OF_EACH[0], 0)])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("ALTER ROLE {} SUPERUSER", "is a superuser"),
        ("ALTER ROLE {} BYPASSRLS", "has BYPASSRLS"),
        ("ALTER TABLE netcrm.contact_tags OWNER TO {}", "owns table contact_tags"),
    ],
)
def test_a_role_that_is_above_the_rules_is_refused(
    own: postgres.Database, role: str, opened: Open, change: str, says: str
) -> None:
    postgres.run(own.admin_url, change.format(role))
    message = refusal(opened(with_role(own, role)))
    assert says in message
    assert role in message
    assert "netcrm postgres setup" in message


def test_a_role_without_rights_is_refused(own: postgres.Database, role: str, opened: Open) -> None:
    postgres.run(own.admin_url, f"REVOKE USAGE ON SCHEMA netcrm FROM {role}")
    assert f"the role {role} has no rights here" in refusal(opened(with_role(own, role)))


def test_a_member_of_the_owner_is_refused(own: postgres.Database, role: str, opened: Open) -> None:
    postgres.run(own.admin_url, f"CREATE ROLE {role}_owner")
    postgres.run(own.admin_url, f"ALTER TABLE netcrm.network OWNER TO {role}_owner")
    postgres.run(own.admin_url, f"GRANT {role}_owner TO {role}")
    assert "owns table network" in refusal(opened(with_role(own, role)))
    postgres.run(own.admin_url, "ALTER TABLE netcrm.network OWNER TO postgres")
    postgres.run(own.admin_url, f"DROP ROLE {role}_owner")


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE netcrm.contact_tags DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE netcrm.contact_tags NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY own_rows ON netcrm.contact_tags",
        "CREATE POLICY all_rows ON netcrm.contact_tags USING (true)",
        "ALTER POLICY own_rows ON netcrm.contact_tags USING (true)",
        "ALTER POLICY own_rows ON netcrm.contact_tags WITH CHECK (true)",
        "CREATE TABLE netcrm.contact_tags_2 (tenant text)",
    ],
)
def test_a_table_whose_rows_are_not_kept_apart_is_refused(
    own: postgres.Database, opened: Open, change: str
) -> None:
    early = opened(own.app_url("ana"))
    with early.begin(write=True) as transaction:
        transaction.put([(ONE_OF_EACH[0], 0)])
    assert early.check() == []
    postgres.run(own.admin_url, change)
    assert "table contact_tags" in refusal(opened(own.app_url("ana")))
    assert early.check()[0].startswith("the rows of table contact_tags")
