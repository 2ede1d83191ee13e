"""What was acknowledged is there, whoever is killed: who writes, the server, or the primary.

`NETCRM_CRASH=long` kills more often, and servers that sync what they write.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from netcrm import KINDS, Record, Storage, StorageError
from netcrm_postgres import open_storage
from tests import postgres

LONG = os.environ.get("NETCRM_CRASH") == "long"

# Makes commits of two records that belong together, and says of each that it was made.
WRITE_ON = """
import itertools, sys
from netcrm import KINDS, Record
from netcrm_postgres import open_storage
storage = open_storage(sys.argv[1].partition(":")[2], KINDS, True)
for n in itertools.count(int(sys.argv[2])):
    with storage.begin(write=True) as transaction:
        transaction.put([(Record("organisation", "last", {"name": f"{n}"}, n + 1), n)])
        transaction.put([(Record("commit", f"{n:06}", {"seq": n}, 1), 0)])
    print(n, flush=True)
"""


def opened(url: str) -> Storage:
    return open_storage(url.partition(":")[2], KINDS, True)


def write(storage: Storage, number: int) -> None:
    with storage.begin(write=True) as transaction:
        last = Record("organisation", "last", {"name": f"{number}"}, number + 1)
        transaction.put([(last, number)])
        transaction.put([(Record("commit", f"{number:06}", {"seq": number}, 1), 0)])


def kept(storage: Storage) -> list[int]:
    """Return the numbers of all commits; each of them is there as a whole."""
    with storage.begin(write=False) as transaction:
        numbers = [record.doc["seq"] for record in transaction.scan("commit")]
        last = [int(record.doc["name"]) for record in transaction.scan("organisation")]
    assert last == numbers[-1:]
    assert storage.check() == []
    return numbers


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    """A server of its own."""
    postgres.server()  # skips where there can be none
    server = postgres.Server.start(fsync=LONG)
    yield server
    server.stop()


def test_who_writes_is_killed(server: postgres.Server) -> None:
    url, moments = server.database().app_url(), random.Random(20260314)
    with closing(opened(url)) as storage:
        known = -1
        for _ in range(100 if LONG else 3):
            program = [sys.executable, "-c", WRITE_ON, url, str(known + 1)]
            with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as writer:
                assert writer.stdout is not None
                known = int(writer.stdout.readline())
                time.sleep(moments.uniform(0, 0.1))
                writer.kill()
                acknowledged = [known, *map(int, writer.stdout.read().split())]
            started = time.monotonic()
            with storage.begin(write=True):  # its last commit may still be on its way
                pass
            found = kept(storage)
            assert found in (list(range(n + 1)) for n in (acknowledged[-1], acknowledged[-1] + 1))
            known = found[-1] + 1
            write(storage, known)  # whoever was killed holds up nobody
            assert time.monotonic() - started < 5


class Writer:
    """Makes one commit after another, and notes what became of each."""

    def __init__(self, storage: Storage, number: int = 0) -> None:
        self.storage = storage
        self.number = number
        self.made: list[int] = []
        self.unknown: set[int] = set()
        self.said: list[str] = []
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._write_on)
        self._thread.start()

    def _write_on(self) -> None:
        while not self._enough.is_set():
            try:
                write(self.storage, self.number)
            except StorageError as error:
                self.said.append(str(error))
                if "cannot be found out" in str(error):
                    self.unknown.add(self.number)
                    numbers = kept(self.storage)
                    self.number = len(numbers)
            else:
                self.made.append(self.number)
                self.number += 1

    def wait_for_more(self) -> None:
        """Wait until some more commits were made."""
        enough, deadline = len(self.made) + 5, time.monotonic() + 30
        while len(self.made) < enough:
            assert self._thread.is_alive()
            assert time.monotonic() < deadline, self.said
            time.sleep(0.005)

    def end(self) -> None:
        self._enough.set()
        self._thread.join(60)

    def check(self) -> None:
        """What was acknowledged is there, what was refused is not, and of the rest it was said."""
        numbers = kept(self.storage)
        assert numbers == list(range(len(numbers)))
        assert set(self.made) <= set(numbers)
        assert set(numbers) <= {*self.made, *self.unknown}


def test_the_server_is_killed(server: postgres.Server) -> None:
    moments = random.Random(20260315)
    with closing(opened(server.database().app_url())) as storage:
        writer = Writer(storage)
        try:
            for _ in range(20 if LONG else 1):
                writer.wait_for_more()
                time.sleep(moments.uniform(0, 0.05))
                server.kill()
                server.resume()
            writer.wait_for_more()
        finally:
            writer.end()
        writer.check()


def test_the_primary_is_killed_and_a_standby_takes_over() -> None:
    for _ in range(5 if LONG else 1):
        primary = postgres.Server.start(fsync=LONG)
        database = primary.database()
        standby = primary.standby()
        # From now on a commit is one when the standby has it.
        primary.configure(synchronous_standby_names="'*'")
        postgres.run(primary.url(), "SELECT pg_reload_conf()")
        url = database.app_url(target_session_attrs="read-write")
        one = f"127.0.0.1:{primary.port}"
        with closing(opened(url.replace(one, f"{one},127.0.0.1:{standby.port}"))) as storage:
            writer = Writer(storage)
            try:
                writer.wait_for_more()
                primary.kill()
                standby.promote()
                writer.wait_for_more()
            finally:
                writer.end()
            writer.check()
        standby.stop()
