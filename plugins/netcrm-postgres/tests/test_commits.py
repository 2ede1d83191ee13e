"""Commits whose answer never came: what became of them is found out, or said to be unknown."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from netcrm import Storage, StorageError
from netcrm_postgres.storage import PostgresStorage
from tests import postgres
from tests.postgres import commit, read, write

Open = Callable[..., Storage]
Lines = Callable[..., tuple[Storage, Storage]]


class Line:
    """Stands between a storage and its server, and is cut at the first commit.

    Args:
        port: that of the server.
        arrives: whether the server still gets to know of the commit.
        for_good: whether nobody gets through any more after that.
    """

    def __init__(self, port: int, *, arrives: bool, for_good: bool = False) -> None:
        self.server = port
        self.arrives = arrives
        self.for_good = for_good
        self.was_cut = False
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listening.accept()
                if self.for_good and self.was_cut:
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self.server))
                for task in (self._ask, self._answer):
                    threading.Thread(target=task, args=(client, server), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while said := client.recv(1 << 16):
                if b"COMMIT\0" in said and not self.was_cut:
                    self.was_cut = True
                    client.shutdown(socket.SHUT_RDWR)
                    if self.arrives:
                        server.sendall(said)
                    break
                server.sendall(said)
        with suppress(OSError):
            server.shutdown(socket.SHUT_WR)  # it still does what it was told before

    def _answer(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while said := server.recv(1 << 16):
                client.sendall(said)
        for end in (client, server):
            end.close()


@pytest.fixture
def lines(
    database: postgres.Database, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Lines]:
    """Open a network directly, and by a line that is cut at its first commit."""
    monkeypatch.setattr("netcrm_postgres.storage._PATIENCE", 0.3)
    made: list[Line] = []

    def make(**how: bool) -> tuple[Storage, Storage]:
        url = database.app_url()
        direct = opened(url)
        write(direct, commit(1))
        host, port = re.findall(r"@([^/?]*):(\d+)/", url)[0]
        made.append(Line(int(port), **how))
        return direct, opened(url.replace(f"@{host}:{port}/", f"@127.0.0.1:{made[-1].port}/"))

    yield make
    for line in made:
        line.listening.close()


def test_a_commit_that_arrived_is_a_success(lines: Lines) -> None:
    direct, storage = lines(arrives=True)
    write(storage, commit(2), commit(3))
    assert read(direct) == [1, 2, 3]


def test_a_commit_that_did_not_arrive_changed_nothing(lines: Lines) -> None:
    direct, storage = lines(arrives=False)
    with pytest.raises(StorageError, match="Nothing was changed"):
        write(storage, commit(2), commit(3))
    assert read(direct) == [1]
    write(storage, commit(2))
    assert read(storage) == [1, 2]


@pytest.mark.parametrize("arrives", [False, True])
def test_a_commit_that_replaces(lines: Lines, *, arrives: bool) -> None:
    direct, storage = lines(arrives=arrives)
    changed = commit(1, rev=2, reason="other")
    if arrives:
        write(storage, changed, over=1)
    else:
        with pytest.raises(StorageError, match="Nothing was changed"):
            write(storage, changed, over=1)
    with direct.begin(write=False) as transaction:
        assert list(transaction.scan("commit")) == [changed if arrives else commit(1)]


@pytest.mark.parametrize("arrives", [False, True])
def test_a_commit_that_only_deletes(lines: Lines, *, arrives: bool) -> None:
    direct, storage = lines(arrives=arrives)

    def delete() -> None:
        with storage.begin(write=True) as transaction:
            transaction.delete([commit(1)])

    if arrives:
        delete()
    else:
        with pytest.raises(StorageError, match="Nothing was changed"):
            delete()
    assert read(direct) == ([] if arrives else [1])


@pytest.mark.parametrize("arrives", [False, True])
def test_a_commit_of_which_nothing_can_be_found_out(lines: Lines, *, arrives: bool) -> None:
    direct, storage = lines(arrives=arrives, for_good=True)
    with pytest.raises(StorageError, match=r"in the middle of the commit.*Look before you do it"):
        write(storage, commit(2))
    assert read(direct) == ([1, 2] if arrives else [1])


def test_a_commit_whose_last_record_others_have_changed_since(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    direct, storage = lines(arrives=True)
    look = PostgresStorage._was_made

    def look_late(self: PostgresStorage, change: Any) -> bool:
        with suppress(StorageError):
            write(direct, commit(2, rev=9, reason="other"), over=1)
        return look(self, change)

    monkeypatch.setattr(PostgresStorage, "_was_made", look_late)
    with pytest.raises(StorageError, match="cannot be found out"):
        write(storage, commit(2))


def test_nothing_is_looked_for_where_nothing_was_written(lines: Lines) -> None:
    direct, storage = lines(arrives=True)
    with pytest.raises(StorageError, match="Nothing was changed"), storage.begin(write=True):
        pass
    assert read(direct) == [1]
