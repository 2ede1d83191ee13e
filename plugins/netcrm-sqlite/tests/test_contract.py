"""The SQLite storage keeps the contract."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from netcrm import SCHEMA
from netcrm.testing import KINDS, StorageContract
from netcrm_sqlite import SQLiteStorage


class TestSQLiteStorage(StorageContract):
    @pytest.fixture
    def storage_factory(self, tmp_path):
        return lambda name="one": SQLiteStorage(tmp_path / f"{name}.db", KINDS)

    @pytest.fixture(params=[SCHEMA + 1, SCHEMA + 100])
    def open_newer(self, written_by, request):
        return written_by(request.param)

    @pytest.fixture
    def open_older(self, written_by):
        return written_by(1)

    @pytest.fixture
    def written_by(self, opened, path):
        """Make a file of another layout, whose documents are like those of today."""

        def make(schema):
            one = opened()
            one.fill()
            one.close()
            with contextlib.closing(sqlite3.connect(path)) as connection:
                connection.execute(f"PRAGMA user_version = {schema}")
            return lambda: SQLiteStorage(path, KINDS)

        return make
