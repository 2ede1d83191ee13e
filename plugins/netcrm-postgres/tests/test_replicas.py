"""Questions that go to a replica, and a standby that takes over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from netcrm import Record, Storage, StorageError
from netcrm.storage.sql import Statement
from netcrm_postgres.transaction import PostgresTransaction
from tests import postgres

Open = Callable[..., Storage]


class Pair(NamedTuple):
    primary: postgres.Server
    standby: postgres.Server
    database: postgres.Database

    def url(self, tenant: str = "", **options: str) -> str:
        """Return a URL that asks the standby."""
        return self.database.app_url(tenant, replica=f"127.0.0.1:{self.standby.port}", **options)

    def replicate(self, *, on: bool) -> None:
        verb = "resume" if on else "pause"
        postgres.run(self.standby.url(), f"SELECT pg_wal_replay_{verb}()")

    def catch_up(self) -> None:
        """Wait until the standby has all that the primary has."""
        ((position,),) = postgres.run(self.primary.url(), "SELECT pg_current_wal_lsn()::text")
        reached = f"SELECT pg_last_wal_replay_lsn() >= '{position}'::pg_lsn"
        deadline = time.monotonic() + 10
        while postgres.run(self.standby.url(), reached) != [(True,)]:
            assert time.monotonic() < deadline
            time.sleep(0.01)


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    postgres.server()  # skips where there can be none
    primary = postgres.Server.start()
    database = primary.database()
    standby = primary.standby()
    yield Pair(primary, standby, database)
    standby.stop()
    primary.stop()


@pytest.fixture
def tenant(pair: Pair, opened: Open) -> str:
    """A network with one record, which the standby has too."""
    tenant = pair.database.new_tenant()
    write(opened(pair.database.app_url(tenant)), 1)
    pair.catch_up()
    return tenant


def write(storage: Storage, number: int) -> None:
    record = Record("commit", f"h{number:05}", {"seq": number}, 1)
    with storage.begin(write=True) as transaction:
        assert not is_standby(transaction)
        transaction.put([(record, 0)])


def read(storage: Storage) -> tuple[bool, list[int]]:
    """Return whether a standby was asked, and what there is."""
    with storage.begin(write=False) as transaction:
        found = [record.doc["seq"] for record in transaction.scan("commit")]
        return is_standby(transaction), found


def is_standby(transaction: Any) -> bool:
    assert isinstance(transaction, PostgresTransaction)
    ((answer,),) = transaction.ask(Statement("SELECT pg_is_in_recovery()"))
    return bool(answer)


def test_questions_go_to_the_replica(pair: Pair, opened: Open, tenant: str) -> None:
    storage = opened(pair.url(tenant))
    assert read(storage) == (True, [1])
    assert storage.check() == []


def test_who_has_written_reads_it(pair: Pair, opened: Open, tenant: str) -> None:
    storage, other = opened(pair.url(tenant)), opened(pair.url(tenant))
    pair.replicate(on=False)
    try:
        assert read(storage) == (True, [1])
        with storage.begin(write=True):
            pass
        assert read(storage) == (True, [1])  # it has begun to write, and has written nothing
        write(storage, 2)
        assert read(storage) == (False, [1, 2])
        assert read(other) == (True, [1])  # as far as it has come
    finally:
        pair.replicate(on=True)
    pair.catch_up()
    assert read(other) == (True, [1, 2])
    assert read(storage) == (False, [1, 2])


def test_a_network_that_the_replica_does_not_have_yet(pair: Pair, opened: Open) -> None:
    tenant = pair.database.new_tenant()
    pair.replicate(on=False)
    try:
        write(opened(pair.url(tenant)), 1)
        assert read(opened(pair.url(tenant), create=False)) == (False, [1])
    finally:
        pair.replicate(on=True)


@pytest.mark.parametrize("replica", ["127.0.0.1:1", "nowhere.invalid"])
def test_a_replica_that_cannot_be_reached_is_done_without(
    pair: Pair, opened: Open, tenant: str, replica: str
) -> None:
    storage = opened(pair.database.app_url(tenant, replica=replica))
    assert read(storage) == (False, [1])
    started = time.monotonic()
    assert read(storage) == (False, [1])
    assert time.monotonic() - started < 0.5  # it is not tried each time


def test_writing_to_a_standby_is_refused(pair: Pair, opened: Open, tenant: str) -> None:
    place = f"127.0.0.1:{pair.primary.port}"
    url = pair.database.app_url(tenant).replace(place, f"127.0.0.1:{pair.standby.port}")
    storage = opened(url)
    assert read(storage) == (True, [1])
    with pytest.raises(StorageError, match="read-only"), storage.begin(write=True):
        pass


def test_a_standby_that_is_promoted_takes_over(opened: Open) -> None:
    primary = postgres.Server.start()
    database = primary.database()
    standby = primary.standby()
    both = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
    url = database.app_url(target_session_attrs="read-write")
    storage = opened(url.replace(f"127.0.0.1:{primary.port}", both))
    write(storage, 1)
    Pair(primary, standby, database).catch_up()
    primary.kill()
    standby.promote()
    assert read(storage) == (False, [1])
    write(storage, 2)
    assert read(storage) == (False, [1, 2])
    standby.stop()
