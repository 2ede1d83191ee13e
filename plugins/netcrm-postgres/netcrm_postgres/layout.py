"""The tables as their owner makes them, and brings them up to date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from netcrm import Kind, RefusedError, StorageError
from netcrm_postgres.connections import Connection
from netcrm_postgres.place import understood
from netcrm_postgres.proof import LAYOUT, OWN_ROWS, REMEDY, TENANT, refuse_role, unguarded
from netcrm_postgres.tables import Plan, Table, is_newer, layout
from netcrm_postgres.trouble import WAIT, told

_NETWORK: Final = Plan(
    "network",
    {
        "schema": "integer NOT NULL",
        "layout": "text NOT NULL",
        # Kinds with a value too long for an index: each question about them reads all of them.
        "unindexed": "text[] NOT NULL DEFAULT '{}'",
    },
    (),
)
# A setting that is made for one transaction is empty, not missing, in the next one.
_TENANT: Final = (
    f"tenant text COLLATE \"C\" NOT NULL DEFAULT current_setting('{TENANT}') CHECK (tenant <> '')"
)
_ROLE: Final = """
SELECT rolsuper, rolbypassrls, pg_has_role(oid, current_user::regrole, 'USAGE')
FROM pg_roles WHERE rolname = %s
"""
_COLUMNS: Final = """
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped
"""
_GRANTS: Final = (
    "GRANT USAGE ON SCHEMA netcrm TO {}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA netcrm TO {}",
)


def set_up(admin_url: str, role: str, kinds: Mapping[str, Kind]) -> None:
    """Make what is missing, all or nothing. Done again it changes nothing.

    Each network computes its index values anew where that is due, when it is next used.
    """
    place = understood(admin_url.partition(":")[2])
    location = f"postgresql://{place.get('host', '')}/{place.get('dbname', '')}"
    with told(location), psycopg.connect(make_conninfo("", **place)) as connection:
        (encoding,) = connection.execute("SHOW server_encoding").fetchone() or ("",)
        if encoding != "UTF8":
            raise StorageError(f"{location}: keeps text as {encoding}. Make a database of UTF8.")
        _refuse_app(connection, location, role)
        connection.execute("CREATE SCHEMA IF NOT EXISTS netcrm")
        connection.execute("SET LOCAL search_path = netcrm")
        connection.execute(f"SET LOCAL lock_timeout = '{WAIT:.0f}s'")
        (found,) = connection.execute(LAYOUT).fetchone() or (None,)
        if found is not None and is_newer(found):
            raise RefusedError(f"{location}: was set up by a newer netcrm. Nothing was changed.")
        _make_all(connection, kinds)
        for strange in unguarded(connection):
            raise RefusedError(
                f"{location}: table {strange} in schema netcrm is not netcrm's, and its rows are "
                "not kept apart by tenant. Drop or move it. Nothing was changed."
            )
        for grant in _GRANTS:
            connection.execute(sql.SQL(grant).format(sql.Identifier(role)))
        connection.execute(f"COMMENT ON SCHEMA netcrm IS '{layout(kinds)}'")


def _refuse_app(connection: Connection, location: str, role: str) -> None:
    """Refuse a role that is missing, that sees all tenants, or that would own the tables."""
    found = connection.execute(_ROLE, [role]).fetchone()
    if found is None:
        raise RefusedError(
            f"{location}: there is no role {role}. Make one, then try again: "
            f"CREATE ROLE \"{role}\" LOGIN PASSWORD '...'"
        )
    superuser, bypasses, would_own = found
    refuse_role(location, role, superuser=superuser, bypasses=bypasses)
    if would_own:
        raise RefusedError(
            f"{location}: the role {role} would own the tables, so it could open them to "
            f"everybody. Work as another one: {REMEDY}"
        )


def _make_all(connection: Connection, kinds: Mapping[str, Kind]) -> None:
    plans = [_NETWORK]
    for table in map(Table, kinds.values()):
        plans += [table.documents, *table.sides.values()]
    for plan in plans:
        _make(connection, plan)
    for table in map(Table, kinds.values()):
        for field in table.ordered:
            connection.execute(
                f'CREATE INDEX IF NOT EXISTS "{table.kind.name}_by_{field}" '
                f'ON {table.documents.name} (tenant, "{field}" NULLS FIRST, id)'
            )
    for name in unguarded(connection):
        named = sql.Identifier(name)
        if "tenant" in _columns(connection, named.as_string()):  # so partitions are guarded too
            _guard(connection, named)


def _make(connection: Connection, plan: Plan) -> None:
    """Make a table, or give it the columns that it lacks; what stands in wrong ones is dropped."""
    there = _columns(connection, plan.name)
    is_side = len(plan.key) == len(plan.columns)
    if there and is_side and set(there) != {"tenant", *plan.columns}:
        connection.execute(f"DROP TABLE {plan.name}")
        there = {}
    if not there:
        columns = [_TENANT, *(f'"{name}" {type_}' for name, type_ in plan.columns.items())]
        keys = ", ".join(f'"{name}"' for name in ("tenant", *plan.key))
        made = f"CREATE TABLE {plan.name} ({', '.join(columns)}, PRIMARY KEY ({keys}))"
        connection.execute(made)
    for name, type_ in plan.columns.items():
        if there and there.get(name) != type_.split()[0]:
            if name in there:
                connection.execute(f'ALTER TABLE {plan.name} DROP COLUMN "{name}"')
            connection.execute(f'ALTER TABLE {plan.name} ADD COLUMN "{name}" {type_}')


def _columns(connection: Connection, name: str) -> dict[str, str]:
    """Return the columns of a table, with their types; nothing if there is no such table."""
    return dict(connection.execute(_COLUMNS, [name]).fetchall())


def _guard(connection: Connection, table: sql.Identifier) -> None:
    """Let each row of a table be seen and written by its own tenant only, by its owner too."""
    query = "SELECT polname FROM pg_policy WHERE polrelid = to_regclass(%s)"
    for (policy,) in connection.execute(query, [table.as_string()]).fetchall():
        drop = sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(policy), table)
        connection.execute(drop)
    for statement in (
        "ALTER TABLE {} ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE {} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own_rows ON {{}} USING {OWN_ROWS} WITH CHECK {OWN_ROWS}",
    ):
        connection.execute(sql.SQL(statement).format(table))
