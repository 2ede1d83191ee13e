"""Networks to test with: every storage, a clock that stands still, and ways to see everything."""

from __future__ import annotations

import atexit
import gc
import io
import itertools
import json
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import attrs
import pytest

import netcrm
from netcrm.kinds import KINDS
from netcrm.storage.memory import MemoryStorage

HOME = "America/New_York"
NOW = datetime(2026, 3, 5, 9, 0, tzinfo=ZoneInfo(HOME))
PERSISTENT = ("tinydb", "sqlite", "postgres")
STORAGES = ("memory", *PERSISTENT)


@attrs.define
class Clock:
    """A clock that stands still until it is set."""

    moment: datetime = NOW

    def __call__(self) -> datetime:
        return self.moment

    def set(self, text: str) -> None:
        """Set it to a wall time at home, written 2026-03-05T09:00 or 2026-03-05."""
        self.moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(HOME))


def place(kind: str, folder: Path) -> str:
    """Return the location of a new network of a kind; skip the test where it cannot be had."""
    if kind == "postgres":
        from tests import postgres

        return postgres.database().app_url()
    return {"tinydb": f"{folder}/network.json", "sqlite": f"sqlite:{folder}/network.db"}[kind]


Opens = Callable[..., netcrm.Network]
_OPENED: deque[netcrm.Network] = deque()
atexit.register(lambda: [network.close() for network in _OPENED])


def opener(kind: str, folder: Path, clock: Clock | None = None) -> Opens:
    """Return a function that opens one new network as often as wanted, in any zone."""
    location = MemoryStorage(KINDS) if kind == "memory" else place(kind, folder)
    clock = clock or Clock()

    def opens(tz: str = HOME, **options: object) -> netcrm.Network:
        if len(_OPENED) > 8:  # a server takes only so many connections
            _OPENED.popleft().close()
        _OPENED.append(netcrm.open(location, tz=tz, clock=clock, **options))  # type: ignore[arg-type]
        return _OPENED[-1]

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


def everything(net: netcrm.Network) -> Everything:
    """Return the revision and the exact document of every record, the history left out."""
    kinds = [kind for kind in KINDS if kind not in ("commit", "before")]
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


class Ran(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer of a command with --json."""
        return json.loads(self.out)


class Terminal:
    """Runs the program within this process, at home in a folder of its own."""

    def __init__(self, home: Path, patch: pytest.MonkeyPatch, capture: Any) -> None:
        self.home = home
        self.file = home / "network.json"
        self._patch = patch
        self._capture = capture
        self._patch.setenv("HOME", str(home))
        self._patch.setenv("XDG_DATA_HOME", str(home / "data"))
        self._patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
        self._patch.setenv("NETCRM_NETWORK", str(self.file))
        self._patch.setenv("NETCRM_TZ", HOME)
        self._patch.setenv("NETCRM_BACKUPS", "0")  # as they are another subject
        self._patch.setenv("NETCRM_DEBUG", "1")  # a mistake of ours fails the test where it is
        for name in ("NETCRM_BLOCK_PLUGINS", "NO_COLOR"):
            self._patch.delenv(name, raising=False)

    def __call__(self, *arguments: object, stdin: str = "") -> Ran:
        """Run `netcrm` with these arguments."""
        from netcrm.cli import main

        self._patch.setattr("sys.argv", ["netcrm", *map(str, arguments)])
        self._patch.setattr("sys.stdin", io.StringIO(stdin))
        self._capture.readouterr()
        try:
            code = main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        finally:
            gc.unfreeze()  # the program takes no care of memory, because it ends
            gc.enable()
        return Ran(code, *self._capture.readouterr())

    def open(self, **options: Any) -> netcrm.Network:
        """Open its network directly."""
        return netcrm.open(self.file, tz=HOME, **options)

    def files(self) -> dict[str, bytes]:
        """Return every file at home, locks left out."""
        return {
            str(path.relative_to(self.home)): path.read_bytes()
            for path in sorted(self.home.rglob("*"))
            if path.is_file() and path.suffix != ".lock"
        }


@pytest.fixture
def terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """A terminal with an empty home."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return Terminal(home, monkeypatch, capsys)


@pytest.fixture
def cli(terminal: Terminal) -> Terminal:
    """A terminal with a network of me, Ana Ruiz and Luis Ortega."""
    with terminal.open() as network:
        network.add("Maya Rao", is_me=True)
        ana_and_luis(network)
    return terminal
