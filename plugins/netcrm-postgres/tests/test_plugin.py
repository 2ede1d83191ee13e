"""The plugin as netcrm sees it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import netcrm
import netcrm_postgres
from netcrm import InvalidError, NotFoundError
from tests import postgres


def test_it_offers_two_names_for_one_storage() -> None:
    postgresql, short = netcrm_postgres.netcrm_storages()
    assert (postgresql.name, short.name) == ("postgresql", "postgres")
    assert postgresql.open is short.open is netcrm_postgres.open_storage


def test_looking_at_it_loads_nothing_that_only_a_server_needs() -> None:
    program = (
        "import sys, netcrm_postgres as plugin; plugin.netcrm_storages(); "
        "plugin.netcrm_commands(); print([n for n in sys.modules if n.startswith('psycopg')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def netcrm_says(*arguments: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "netcrm", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "HOME": "/nowhere", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_network_from_the_command_line(database: postgres.Database) -> None:
    url = database.app_url()
    missing = netcrm_says("--network", url, "list", code=4)
    assert "there is no network here yet. Make one with: netcrm init" in missing
    assert netcrm_says("--network", url, "init", "--name", "Maya Rao").startswith("Made postgresql")
    netcrm_says("--network", url, "add", "Ana Ruiz", "--tag", "mentor")
    netcrm_says("--network", url, "log", "ana", "coffee", "about the clinic")
    assert "Ana Ruiz" in netcrm_says("--network", url, "find", "clin")
    assert "All is well" in netcrm_says("--network", url, "doctor")
    assert "Took back" in netcrm_says("--network", url, "undo")


@pytest.mark.parametrize("kind", ["postgresql", "postgres"])
def test_a_network_of_a_program(database: postgres.Database, kind: str) -> None:
    url = database.app_url().replace("postgresql:", f"{kind}:")
    with netcrm.open(url, plugins=[netcrm_postgres]) as net:
        net.add("Ana Ruiz")
        assert net.location.startswith("postgresql://")
    with netcrm.open(url, plugins=[netcrm_postgres], create=False) as net:
        assert [contact.name for contact in net.contacts()] == ["Ana Ruiz"]


def test_the_command_sets_a_database_up(database: postgres.Database) -> None:
    said = netcrm_says("postgres", "setup", database.admin_url, "--role", database.role)
    assert f"Ready for {database.role}" in said
    assert "no role nobody_at_all" in netcrm_says(
        "postgres", "setup", database.admin_url, "--role", "nobody_at_all", code=5
    )


def test_other_databases_are_not_ours() -> None:
    with pytest.raises(NotFoundError):
        netcrm.open("mysql://localhost/crm", plugins=[netcrm_postgres])
    with pytest.raises(InvalidError):
        netcrm.open("postgresql:crm", plugins=[netcrm_postgres])


def test_the_command_of_the_help(tmp_path: Path) -> None:
    assert "netcrm postgres setup postgresql://postgres@localhost/crm" in netcrm_says(
        "postgres", "setup", "--help"
    )
