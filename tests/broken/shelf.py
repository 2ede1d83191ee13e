"""An honest storage, and how others are noted that break a rule of the contract."""

import pickle
import threading
from collections import defaultdict
from contextlib import contextmanager

from netcrm.errors import BusyError
from netcrm.storage.contract import Storage
from netcrm.storage.memory import MemoryTransaction
from netcrm.testing import KINDS

BROKEN = defaultdict(list)
"""For each rule, by the name of its test, the storages that break it."""

WAIT = 10


class Files:
    """What is stored, by name: a file of each, replaced as a whole."""

    def __init__(self, folder):
        self.folder = folder

    def __getitem__(self, name):
        path = self.folder / name
        return pickle.loads(path.read_bytes()) if path.exists() else {}

    def __setitem__(self, name, stored):
        fresh = self.folder / f"{name}.{threading.get_ident()}"
        fresh.write_bytes(pickle.dumps(stored))
        fresh.replace(self.folder / name)


class Shelf:
    """Where storages of one test are kept, by name; each is opened with `open`."""

    def __init__(self, cls, folder):
        self.cls = cls
        self.stored = Files(folder)
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
        self.lock()
        try:
            transaction = self.view()
            yield transaction
            self.commit(transaction)
        finally:
            self.unlock()

    def lock(self):
        if not self.shelf.lock.acquire(timeout=WAIT):
            raise BusyError(self.location)

    def unlock(self):
        self.shelf.lock.release()

    def view(self):
        return self.transaction(self.kinds, self.shelf.stored[self.name])

    def commit(self, transaction):
        self.shelf.stored[self.name] = transaction.stored


def breaks(*rules):
    """Note a storage, or a transaction to make one with, as a breaker of each of these rules."""

    def note(cls):
        storage = cls
        if not issubclass(cls, Storage):
            storage = type(cls.__name__, (Shelved,), {"transaction": cls})
        for rule in rules:
            BROKEN[rule].append(storage)
        return cls

    return note
