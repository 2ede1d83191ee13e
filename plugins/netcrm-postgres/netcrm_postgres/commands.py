"""Commands for who runs the server."""

from __future__ import annotations

import click

from netcrm_postgres import ROLE, setup


@click.group("postgres")
def postgres_command() -> None:
    """Prepare a PostgreSQL server for networks."""


@postgres_command.command("setup")
@click.argument("admin_url", metavar="ADMIN-URL")
@click.option("--role", default=ROLE, show_default=True, help="Who will work on the networks.")
def setup_command(admin_url: str, role: str) -> None:
    """Make the tables and the row security in a database, or bring them up to date.

    ADMIN-URL is that of a role that may make a schema there, and will own it; a password is better
    left to ~/.pgpass. The role that works on the networks must be there already, and owns nothing.

    \b
    Example:
      netcrm postgres setup postgresql://postgres@localhost/crm
    """
    setup(admin_url, role=role)
    click.echo(f"Ready for {role}. Next, for each network, with a name of its own as tenant:")
    click.echo(f'  netcrm --network "postgresql://{role}@HOST/DATABASE?tenant=NAME" init')
