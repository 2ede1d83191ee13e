"""The storage in memory: the contract, and how it waits."""

import itertools

import pytest

from netcrm.errors import BusyError
from netcrm.storage import memory
from netcrm.storage.memory import PROVIDER, MemoryStorage
from netcrm.testing import KINDS, StorageContract


class TestMemoryStorage(StorageContract):
    persistent = False

    @pytest.fixture
    def storage_factory(self):
        return lambda name="one": MemoryStorage(KINDS)


def test_a_second_writer_waits_and_then_says_so(monkeypatch):
    monkeypatch.setattr(memory, "WAIT", 0.01)
    storage = MemoryStorage(KINDS)
    with (
        storage.begin(write=True),
        pytest.raises(BusyError, match="memory"),
        storage.begin(write=True),
    ):
        pass


def test_it_opens_by_name():
    storage = PROVIDER.open("", KINDS, True)
    with storage.begin(write=False) as transaction:
        assert not list(itertools.chain.from_iterable(map(transaction.scan, KINDS)))
