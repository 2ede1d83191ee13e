"""Connections to one server: opened when needed, kept for the next one who begins."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus

from netcrm_postgres.trouble import is_lost

logging.getLogger("psycopg").addHandler(logging.NullHandler())  # else it prints what we raise

T = TypeVar("T")
Connection = psycopg.Connection[tuple[Any, ...]]

_KEPT: Final = 8
_LONGEST_PAUSE: Final = 1.0


class Connections:
    """Connections that threads take and give back; no two use one at the same time.

    There are as many as there are transactions at once. None keeps anything between transactions,
    so a pool outside, such as pgbouncer, may stand between.

    Args:
        place: how to connect.
        prove: raises if a new connection may not be used.
        patience: the seconds for which a server is tried again that answered before.
    """

    def __init__(
        self, place: Mapping[str, str], prove: Callable[[Connection], None], patience: float
    ) -> None:
        self._conninfo = make_conninfo("", **place)
        self._prove = prove
        self._patience = patience
        self._idle: list[Connection] = []
        self._inherited: list[Connection] = []
        self._process = os.getpid()
        self._answered = False

    def begin(self, start: Callable[[Connection], T]) -> tuple[Connection, T]:
        """Return a connection on which a transaction was started, and what *start* has found.

        One that was lost since it was last used shows that here, and another takes its place.
        """
        while True:
            kept = self._take()
            connection = kept or self._open()
            try:
                return connection, start(connection)
            except BaseException as error:
                if kept is not None and isinstance(error, psycopg.Error) and is_lost(error):
                    connection.close()
                    continue
                self.end(connection)
                raise

    def end(self, connection: Connection) -> None:
        """Roll back what was not committed, and keep the connection if it is sound."""
        status = connection.info.transaction_status
        try:
            if status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
                connection.execute("ROLLBACK")
                status = connection.info.transaction_status
        except psycopg.Error:
            status = TransactionStatus.UNKNOWN
        if status == TransactionStatus.IDLE and len(self._idle) < _KEPT:
            self._idle.append(connection)
        else:
            connection.close()

    def close(self) -> None:
        """Close what is kept."""
        while connection := self._take():
            connection.close()

    def _take(self) -> Connection | None:
        if self._process != os.getpid():  # a fork: those are the other process's, and stay so
            self._inherited, self._idle = self._idle, []
            self._process = os.getpid()
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _open(self) -> Connection:
        """Connect. A server that answered before may be starting anew, so it is given some time."""
        deadline = time.monotonic() + (self._patience if self._answered else 0)
        pause = 0.05
        while True:
            try:
                connection = psycopg.connect(
                    self._conninfo, autocommit=True, prepare_threshold=None
                )
                break
            except psycopg.OperationalError:
                if time.monotonic() + pause > deadline:
                    raise
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        try:
            self._prove(connection)
        except BaseException:
            connection.close()
            raise
        self._answered = True
        return connection
