"""Connections that are lost, shared and waited for."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest

from netcrm import KINDS, BusyError, ConflictError, Record, Storage, StorageError
from netcrm_postgres import open_storage
from tests import postgres
from tests.postgres import commit, read, write

Open = Callable[..., Storage]


def end_backends(url: str) -> None:
    """Let the server throw out all who work in a database."""
    postgres.run(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


@pytest.fixture
def own(opened: Open) -> Iterator[tuple[postgres.Database, Storage]]:
    """A database of its own, where somebody may be thrown out, and a network in it."""
    database = postgres.server().database()
    yield database, opened(database.app_url())
    postgres.run(postgres.server().url(), f"DROP DATABASE {database.name} WITH (FORCE)")


# --- lost connections


def test_a_connection_that_was_lost_in_between_is_replaced(
    own: tuple[postgres.Database, Storage],
) -> None:
    database, storage = own
    write(storage, commit(1))
    end_backends(database.admin_url)
    assert read(storage) == [1]
    end_backends(database.admin_url)
    write(storage, commit(2))
    assert read(storage) == [1, 2]


@pytest.mark.parametrize("write_", [False, True])
def test_a_connection_that_is_lost_within_changes_nothing(
    own: tuple[postgres.Database, Storage], *, write_: bool
) -> None:
    database, storage = own
    write(storage, commit(1))

    def lose() -> None:
        with storage.begin(write=write_) as transaction:
            if write_:
                transaction.put([(commit(2), 0)])
            end_backends(database.admin_url)
            list(transaction.scan("commit"))

    with pytest.raises(StorageError, match="Nothing was changed"):
        lose()
    assert read(storage) == [1]
    write(storage, commit(2))


def test_a_server_that_starts_anew_is_waited_for() -> None:
    server = postgres.Server.start()
    with closing(open_url(server.database().app_url())) as storage:
        write(storage, commit(1))
        server.stop()
        with ThreadPoolExecutor(1) as others:
            waiting = others.submit(read, storage)
            time.sleep(0.5)
            server.resume()
            assert waiting.result(20) == [1]
        server.kill()
        server.resume()
        write(storage, commit(2))
        assert read(storage) == [1, 2]
        server.stop()


def open_url(url: str) -> Storage:
    return open_storage(url.partition(":")[2], KINDS, True)


def test_a_server_that_is_not_there_is_told_at_once() -> None:
    started = time.monotonic()
    storage = open_url("postgresql://netcrm_app@127.0.0.1:1/crm")
    with pytest.raises(StorageError, match=r"127.0.0.1:1/crm.*Nothing was changed"):
        read(storage)
    assert time.monotonic() - started < 1


def test_a_server_that_stays_away_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netcrm_postgres.storage._PATIENCE", 0.5)
    server = postgres.Server.start()
    with closing(open_url(server.database().app_url())) as storage:
        write(storage, commit(1))
        server.stop()
        started = time.monotonic()
        with pytest.raises(StorageError, match="Nothing was changed"):
            read(storage)
        assert 0.3 < time.monotonic() - started < 3


# --- who waits for whom


def test_a_writer_waits_for_one_of_its_own_network_only(
    database: postgres.Database, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = "netcrm_postgres.storage._SETTINGS"
    monkeypatch.setattr(settings, _settings().replace("'10s'", "'0.2s'"))
    url = database.app_url()
    one, other, stranger = opened(url), opened(url), opened(database.app_url())
    with one.begin(write=True) as transaction:
        transaction.put([(commit(1), 0)])
        write(stranger, commit(1))
        assert read(other) == []
        started = time.monotonic()
        with pytest.raises(BusyError, match="Try again"):
            write(other, commit(2))
        assert time.monotonic() - started < 2
    write(other, commit(2))
    assert read(one) == [1, 2]


def _settings() -> str:
    from netcrm_postgres import storage

    assert "'10s'" in storage._SETTINGS
    return storage._SETTINGS


def test_a_network_is_begun_by_several_at_once(database: postgres.Database, opened: Open) -> None:
    url = database.app_url()
    storages = [opened(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as others:
        tries = [others.submit(write, one, commit(n)) for n, one in enumerate(storages)]
        for done in tries:
            done.result(20)
    assert read(storages[0]) == [0, 1, 2, 3]


COUNT_UP = """
import sys
from netcrm import KINDS, Record
from netcrm_postgres import open_storage
storage = open_storage(sys.argv[1].partition(":")[2], KINDS, False)
for n in range(100):
    with storage.begin(write=True) as transaction:
        (before,) = transaction.get("cadence", ["sum"])
        doc = {**before.doc, "priority": before.doc["priority"] + 1}
        transaction.put([(before._replace(doc=doc, rev=before.rev + 1), before.rev)])
        seq = int(sys.argv[2]) * 100 + n
        transaction.put([(Record("commit", f"h{seq:05}", {"seq": seq}, 1), 0)])
storage.close()
"""


def test_four_processes_lose_nothing(database: postgres.Database, opened: Open) -> None:
    url = database.app_url()
    storage = opened(url)
    write(storage, Record("cadence", "sum", {"selector": "all", "priority": 0}, 1))
    programs = [
        subprocess.Popen([sys.executable, "-c", COUNT_UP, url, str(number)]) for number in range(4)
    ]
    assert [program.wait() for program in programs] == [0] * 4
    assert read(storage) == list(range(400))
    with storage.begin(write=False) as transaction:
        (total,) = transaction.scan("cadence")
    assert (total.doc["priority"], total.rev) == (400, 401)


def test_a_process_that_is_forked_has_connections_of_its_own(
    database: postgres.Database, opened: Open
) -> None:
    storage = opened(database.app_url())
    write(storage, commit(1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of the test runner
        child = os.fork()
    if not child:
        try:
            write(storage, commit(2))
            storage.close()
        finally:
            os._exit(0)
    for _ in range(20):
        assert read(storage)[0] == 1
    os.waitpid(child, 0)
    write(storage, commit(3))
    assert read(storage) == [1, 2, 3]


def test_threads_leave_few_connections_behind(own: tuple[postgres.Database, Storage]) -> None:
    database, storage = own
    write(storage, commit(1))
    step = threading.Barrier(20)

    def look() -> None:
        with storage.begin(write=False) as transaction:
            step.wait(20)
            assert transaction.count("commit") == 1

    with ThreadPoolExecutor(20) as others:
        for done in [others.submit(look) for _ in range(20)]:
            done.result(20)
    counted = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'netcrm_app' AND datname = "
    time.sleep(0.1)
    ((open_still,),) = postgres.run(database.admin_url, f"{counted} current_database()")
    assert 1 <= open_still <= 8


# --- transactions that are over


def test_an_answer_that_is_read_too_late_is_an_error(storage: Storage) -> None:
    write(storage, *(commit(n) for n in range(2500)))
    with storage.begin(write=False) as transaction:
        answer = transaction.scan("commit")
        next(answer)
    with pytest.raises(StorageError, match="the transaction is over"):
        list(answer)


def test_an_error_that_is_passed_over_is_not_taken_for_a_commit(storage: Storage) -> None:
    def pass_over() -> None:
        with storage.begin(write=True) as transaction:
            transaction.put([(commit(2), 0)])
            with suppress(ConflictError):
                transaction.put([(commit(1), 0)])

    write(storage, commit(1))
    with pytest.raises(StorageError, match="passed over"):
        pass_over()
    assert read(storage) == [1]
