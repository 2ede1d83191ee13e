"""The storage keeps the contract: each name of the suite is a tenant of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest

from netcrm import SCHEMA, Record, Storage
from netcrm.testing import KINDS, OpenStorage, StorageContract
from netcrm_postgres import open_storage
from tests import postgres


def opened(url: str) -> Storage:
    return open_storage(url.partition(":")[2], KINDS, True)


class TestPostgres(StorageContract):
    @pytest.fixture
    def database(self) -> postgres.Database:
        return postgres.database(KINDS)

    @pytest.fixture
    def storage_factory(self, database: postgres.Database) -> OpenStorage:
        urls: dict[str, str] = {}
        return lambda name="one": opened(urls.setdefault(name, database.app_url()))

    def _written_by(self, database: postgres.Database, change: str) -> Callable[[], Storage]:
        tenant = database.new_tenant()
        url = database.app_url(tenant)
        with closing(opened(url)) as storage, storage.begin(write=True) as transaction:
            transaction.put([(Record("thing", "a", {"size": 1, "tags": ["x"]}, 1), 0)])
        postgres.run(
            database.admin_url, f"UPDATE netcrm.network SET {change} WHERE tenant = '{tenant}'"
        )
        return lambda: opened(url)

    @pytest.fixture
    def open_newer(self, database: postgres.Database) -> Callable[[], Storage]:
        return self._written_by(database, f"schema = {SCHEMA + 1}")

    @pytest.fixture
    def open_older(self, database: postgres.Database) -> Callable[[], Storage]:
        return self._written_by(database, "schema = 1, layout = '0.0'")
