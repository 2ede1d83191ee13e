"""What must hold before a role works on networks: it sees one tenant at a time, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from netcrm import Kind, RefusedError
from netcrm_postgres.connections import Connection
from netcrm_postgres.tables import is_newer, layout

TENANT: Final = "netcrm.tenant"
"""The setting that says whose rows are seen. It is made in each transaction, and ends with it."""
OWN_ROWS: Final = f"(tenant = current_setting('{TENANT}'::text, true))"
"""The one policy of each table, as PostgreSQL writes it."""
REMEDY: Final = "netcrm postgres setup ADMIN-URL --role NAME"

LAYOUT: Final = "SELECT obj_description(to_regnamespace('netcrm'), 'pg_namespace')"
"""Asks for what `netcrm_postgres.tables.layout` said when the tables were made."""
_ROLE: Final = """
SELECT rolname, rolsuper, rolbypassrls, has_schema_privilege(to_regnamespace('netcrm'), 'USAGE')
FROM pg_roles WHERE rolname = current_user
"""
TABLES: Final = f"""
SELECT c.relname, pg_has_role(c.relowner, 'USAGE'),
    c.relrowsecurity AND c.relforcerowsecurity AND ARRAY[true] = (
        SELECT array_agg(p.polcmd = '*'
            AND pg_get_expr(p.polqual, c.oid) = $${OWN_ROWS}$$
            AND pg_get_expr(p.polwithcheck, c.oid) = $${OWN_ROWS}$$)
        FROM pg_policy AS p WHERE p.polrelid = c.oid)
FROM pg_class AS c
WHERE c.relnamespace = to_regnamespace('netcrm') AND c.relkind IN ('r', 'p', 'f')
ORDER BY c.relname
"""
"""Asks for each table: its name, whether it is ours, and whether its rows are kept apart."""


def prove(connection: Connection, kinds: Mapping[str, Kind], location: str) -> None:
    """Refuse a connection that could see beyond one tenant, or that finds other tables.

    Raises:
        RefusedError: the message says why, and what to do.
    """
    with connection.pipeline():
        role = connection.execute(_ROLE)
        made = connection.execute(LAYOUT)
        there = connection.execute(TABLES)
    name, superuser, bypasses, may = role.fetchone() or ("", True, True, False)
    refuse_role(location, name, superuser=superuser, bypasses=bypasses)
    (found,) = made.fetchone() or (None,)
    if found is None:
        raise RefusedError(f"{location}: this database is not set up. Its owner runs: {REMEDY}")
    if is_newer(found):
        raise RefusedError(f"{location}: was set up by a newer netcrm. Update netcrm.")
    if found != layout(kinds):
        raise RefusedError(f"{location}: was set up by an older netcrm. Its owner runs: {REMEDY}")
    if not may:
        raise RefusedError(f"{location}: the role {name} has no rights here. For that: {REMEDY}")
    for table, owns, guarded in there.fetchall():
        if owns:
            raise RefusedError(
                f"{location}: the role {name} owns table {table}, so it could open it to all. "
                f"Work as one that owns nothing: {REMEDY}"
            )
        if not guarded:
            raise RefusedError(f"{location}: {fault(table)}. Its owner runs: {REMEDY}")


def unguarded(connection: Connection) -> list[str]:
    """Return the tables whose rows are not kept apart."""
    return [name for name, _, guarded in connection.execute(TABLES) if not guarded]


def fault(table: str) -> str:
    """Say what is wrong with a table that is not guarded."""
    return f"the rows of table {table} are not kept apart by tenant"


def refuse_role(location: str, name: str, *, superuser: bool, bypasses: bool) -> None:
    """Refuse a role that no row security holds for."""
    if superuser or bypasses:
        why = "is a superuser" if superuser else "has BYPASSRLS"
        raise RefusedError(
            f"{location}: the role {name} {why}, so it would see the rows of all tenants. "
            f"Work as one that is not: {REMEDY}"
        )
