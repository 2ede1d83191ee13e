"""What the server refuses, said in netcrm's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg

from netcrm import BusyError, ConflictError, NetcrmError, RefusedError, StorageError

WAIT: Final = 10.0
"""Seconds to wait for another writer (our choice)."""

_WAITED: Final = "55P03"
_OVERTAKEN: Final = {"40001", "40P01"}
_SHUT_DOWN: Final = {"57P01", "57P02", "57P03", "57P05", "25P03"}
_READ_ONLY: Final = "25006"
_THERE: Final = "23505"
_FORBIDDEN: Final = "42501"


def is_lost(error: psycopg.Error) -> bool:
    """Whether the connection is gone, or leads to a server that is the primary no more."""
    state = error.sqlstate
    if isinstance(error, psycopg.OperationalError) and (state is None or state[:2] == "08"):
        return True
    return state in _SHUT_DOWN or state == _READ_ONLY


@contextmanager
def told(location: str) -> Iterator[None]:
    """Turn what the server refuses into one line that names the network."""
    try:
        yield
    except psycopg.Error as error:
        raise _meant(error, location) from error


def _meant(error: psycopg.Error, location: str) -> NetcrmError:
    state = error.sqlstate
    said = error.diag.message_primary or str(error).partition("\n")[0]
    said = said.removeprefix("connection failed: ")
    if state == _WAITED:
        return BusyError(f"{location} has been written to for {WAIT:g} s. Try again.")
    if state in _OVERTAKEN:
        return BusyError(f"{location}: another was quicker; nothing was changed. Try again.")
    if state == _THERE:
        return ConflictError(f"{location}: a new {error.diag.table_name} is there already")
    if state == _FORBIDDEN:
        return RefusedError(f"{location}: {said}. Who owns the tables: netcrm postgres setup")
    if state != _READ_ONLY and is_lost(error):
        return StorageError(f"{location}: no connection: {said}. Nothing was changed.")
    return StorageError(f"{location}: the server refused: {said}. Nothing was changed.")
