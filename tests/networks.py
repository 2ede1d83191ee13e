"""Networks to test with: both storages, a clock that stands still, and ways to see everything."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
import pytest

import netcrm
from netcrm.kinds import KINDS
from netcrm.storage.memory import MemoryStorage
from netcrm.storage.tinydb import TinyDBStorage

HOME = "America/New_York"
NOW = datetime(2026, 3, 5, 9, 0, tzinfo=ZoneInfo(HOME))
STORAGES = ("memory", "tinydb")


@attrs.define
class Clock:
    """A clock that stands still until it is set."""

    moment: datetime = NOW

    def __call__(self) -> datetime:
        return self.moment

    def set(self, text: str) -> None:
        """Set it to a wall time at home, written 2026-03-05T09:00 or 2026-03-05."""
        self.moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(HOME))


def new_storage(kind: str, folder: Path) -> netcrm.Storage:
    """Return an empty storage."""
    if kind == "memory":
        return MemoryStorage(KINDS)
    return TinyDBStorage(folder / "network.json", KINDS)


Opens = Callable[..., netcrm.Network]


def opener(kind: str, folder: Path, clock: Clock | None = None) -> Opens:
    """Return a function that opens one new network as often as wanted, in any zone."""
    storage = new_storage(kind, folder)
    clock = clock or Clock()

    def opens(tz: str = HOME, **options: object) -> netcrm.Network:
        return netcrm.open(storage, tz=tz, clock=clock, **options)  # type: ignore[arg-type]

    return opens


@pytest.fixture
def clock() -> Clock:
    """The clock of the network: 5 March 2026, nine o'clock in New York, a Thursday."""
    return Clock()


@pytest.fixture(params=STORAGES)
def opens(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Opens:
    """A function that opens the same network each time; each storage in turn."""
    return opener(request.param, tmp_path, clock)


@pytest.fixture
def net(opens: Opens) -> Iterator[netcrm.Network]:
    """An empty network; each storage in turn."""
    with opens() as network:
        yield network


Everything = dict[tuple[str, str], tuple[int, str]]


def everything(net: netcrm.Network, *, but: str = "commit") -> Everything:
    """Return the revision and the exact document of every record, commits left out."""
    kinds = [kind for kind in KINDS if kind != but]
    with net._storage.begin(write=False) as view:
        return {
            (record.kind, record.id): (record.rev, json.dumps(record.doc, sort_keys=True))
            for record in itertools.chain.from_iterable(map(view.scan, kinds))
        }


def commits(net: netcrm.Network) -> int:
    """Return how many commits there are."""
    return len(net.history(limit=None))


def ana_and_luis(net: netcrm.Network) -> None:
    """Add two people."""
    net.add("Ana Ruiz", email="ana@example.org", circles=["inner"], tags=["mentor"])
    net.add("Luis Ortega", circles=["outer"])
