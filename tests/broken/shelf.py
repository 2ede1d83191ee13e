"""An honest storage, and how others are noted that break a rule of the contract."""

import threading
from collections import defaultdict
from contextlib import contextmanager

from netcrm.storage.contract import Storage
from netcrm.storage.memory import MemoryTransaction
from netcrm.testing import KINDS

BROKEN = defaultdict(list)
"""For each rule, by the name of its test, the storages that break it."""


class Shelf:
    """Where storages of one test are kept, by name; each is opened with `open`."""

    def __init__(self, cls):
        self.cls = cls
        self.stored = defaultdict(dict)
        self.lock = threading.Lock()

    def open(self, name="one"):
        return self.cls(self, name)


class Shelved(Storage):
    """An honest storage, which the others break."""

    transaction = MemoryTransaction
    kinds = KINDS

    def __init__(self, shelf, name):
        self.shelf, self.name = shelf, name
        self.location = f"shelf:{name}"

    @contextmanager
    def begin(self, *, write):
        if not write:
            yield self.view()
            return
        with self.shelf.lock:
            transaction = self.view()
            yield transaction
            self.commit(transaction)

    def view(self):
        return self.transaction(self.kinds, self.shelf.stored[self.name])

    def commit(self, transaction):
        self.shelf.stored[self.name] = transaction.stored


def breaks(rule):
    """Note a storage, or a transaction to make one with, as a breaker of a rule."""

    def note(cls):
        storage = cls
        if not issubclass(cls, Storage):
            storage = type(cls.__name__, (Shelved,), {"transaction": cls})
        BROKEN[rule].append(storage)
        return cls

    return note
