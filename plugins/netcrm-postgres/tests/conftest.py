"""Fixtures: a database that is set up, and a way to open networks in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from netcrm import KINDS, Storage
from netcrm_postgres import open_storage
from tests import postgres


@pytest.fixture
def database() -> postgres.Database:
    """The database that all tests share; each takes a tenant of its own."""
    return postgres.database()


@pytest.fixture
def opened() -> Iterator[Callable[..., Storage]]:
    """Open a URL; whatever was opened is closed at the end."""
    storages: list[Storage] = []

    def open_url(url: str, *, create: bool = True) -> Storage:
        storages.append(open_storage(url.partition(":")[2], KINDS, create))
        return storages[-1]

    yield open_url
    for storage in storages:
        storage.close()


@pytest.fixture
def storage(database: postgres.Database, opened: Callable[..., Storage]) -> Storage:
    """An empty network."""
    return opened(database.app_url())
