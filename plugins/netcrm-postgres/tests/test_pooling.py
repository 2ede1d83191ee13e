"""The contract once more, with pgbouncer between the storage and the server.

It hands connections from one transaction to the next, so nothing may be left behind on them.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from netcrm.testing import KINDS, OpenStorage, StorageContract
from netcrm_postgres import open_storage
from tests import postgres

PROGRAM = shutil.which("pgbouncer") or ""
CONFIG = """
[databases]
* = host=127.0.0.1 port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {users}
pool_mode = transaction
default_pool_size = 8
"""

if not PROGRAM:
    pytest.skip("needs pgbouncer on PATH", allow_module_level=True)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where a pgbouncer answers for the server that all tests share."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    folder = postgres.server().folder / "pgbouncer"
    folder.mkdir()
    config = folder / "pgbouncer.ini"
    users = folder / "users.txt"
    users.write_text('"netcrm_app" ""\n')
    config.write_text(CONFIG.format(server=postgres.server().port, port=port, users=users))
    with subprocess.Popen([PROGRAM, "--quiet", str(config)], **postgres.as_nobody()) as bouncer:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.02)
        yield port
        bouncer.terminate()


class TestBehindPgbouncer(StorageContract):
    @pytest.fixture
    def storage_factory(self, port: int) -> OpenStorage:
        database = postgres.database(KINDS)
        urls: dict[str, str] = {}

        def opened(name: str = "one"):
            url = urls.setdefault(name, database.app_url())
            _, _, rest = url.replace(f":{postgres.server().port}/", f":{port}/").partition(":")
            return open_storage(rest, KINDS, True)

        return opened
