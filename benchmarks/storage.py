"""Storages beside what they stand on: `uvx nox -s bench`.

A network of 30,000 people and 1,000,000 interactions goes in, beside the same bytes put in plainly;
then questions are asked of it, by commands and within one process; last, networks of growing size
are kept in every storage.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import data
import orjson
from measure import ENVIRONMENT, Command, Times, Took, measure, run, show

import netcrm
from netcrm.kinds import KINDS, NEWEST
from netcrm.network import Network
from netcrm.storage.contract import Kind, Record, Storage
from netcrm.storage.memory import MemoryStorage
from netcrm.storage.query import Query, has, text
from netcrm.storage.tinydb import TinyDBStorage

HERE = Path(__file__)
NETCRM = Path(sys.executable).with_name("netcrm")
WITHOUT_WORDS: Mapping[str, Kind] = {
    name: kind._replace(text=Kind(name).text) for name, kind in KINDS.items()
}
SIZES = (1_000, 3_000, 10_000, 30_000)
BARE, KHARD, RAW = "python -c pass", "khard list", "raw query"


# --- putting everything in


def prepare(file: Path, contacts: int, interactions: int) -> None:
    """Write all records down: each way to put them in reads the same file."""
    with file.open("wb") as lines:
        for record in data.records(contacts, interactions):
            lines.write(orjson.dumps([record.kind, record.id, record.doc]) + b"\n")


def prepared(file: str | Path) -> Iterator[Record]:
    with Path(file).open("rb") as lines:
        for line in lines:
            kind, record_id, doc = orjson.loads(line)
            yield Record(kind, record_id, doc, 1)


def _read(_: str, records: Iterable[Record]) -> None:
    """Do nothing else: all other ways begin with this."""
    for _one in records:
        pass


def _key_value(path: str, records: Iterable[Record]) -> None:
    """Put the bytes of all documents into a table of keys and values."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
        database.execute("CREATE TABLE kv (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        database.execute("BEGIN")
        pairs = ((one.id, orjson.dumps(one.doc)) for one in records)
        database.executemany("INSERT INTO kv VALUES (?, ?)", pairs)
        database.execute("COMMIT")


def _copy(url: str, records: Iterable[Record]) -> None:
    """Put keys and documents into a PostgreSQL table by COPY."""
    import psycopg

    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS plain")
        cursor.execute("CREATE TABLE plain (key text PRIMARY KEY, value text)")
        with cursor.copy("COPY plain FROM STDIN") as copy:
            for one in records:
                copy.write_row((one.id, orjson.dumps(one.doc).decode()))


def _fill(storage: Storage, records: Iterable[Record]) -> None:
    """Put each kind in by one call, all in one transaction."""
    with contextlib.closing(storage), storage.begin(write=True) as transaction:
        for _, of_kind in itertools.groupby(records, lambda record: record.kind):
            transaction.put((record, 0) for record in of_kind)


def _sqlite(path: str | Path, kinds: Mapping[str, Kind] = KINDS) -> Storage:
    from netcrm_sqlite import SQLiteStorage

    return SQLiteStorage(path, kinds)


def _postgresql(url: str) -> Storage:
    from netcrm_postgres import open_storage

    return open_storage(url.partition(":")[2], KINDS, True)


LOADS: Mapping[str, Callable[[str, Iterable[Record]], None]] = {
    "reading them from a file": _read,
    "sqlite3, keys and values": _key_value,
    "netcrm-sqlite, no word index": lambda path, made: _fill(_sqlite(path, WITHOUT_WORDS), made),
    "netcrm-sqlite": lambda path, made: _fill(_sqlite(path), made),
    "COPY, keys and values": _copy,
    "netcrm-postgres": lambda url, made: _fill(_postgresql(url), made),
}


def load(how: str, target: str, source: str) -> None:
    """Put everything in; print the seconds it took, and the megabytes of memory."""
    begun = time.perf_counter()
    LOADS[how](target, prepared(source))
    seconds = time.perf_counter() - begun
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def loads(folder: Path, source: Path, server: Server | None, rounds: int) -> Times:
    """Return what it took to put everything in, each in a process of its own, to a new place."""
    ways = [
        how for how in LOADS if server or how not in ("COPY, keys and values", "netcrm-postgres")
    ]
    times = {how: Took([], 0) for how in ways}
    for number, how in itertools.product(range(rounds), ways):
        target = str(folder / f"loaded-{number}.db")
        if server is not None and how.startswith("COPY"):
            target = server.admin_url
        elif server is not None and how == "netcrm-postgres":
            target = server.new_tenant()
        told = subprocess.run(
            [sys.executable, HERE, "--load", how, target, source],
            stdout=subprocess.PIPE, env=ENVIRONMENT, check=True, text=True,
        )  # fmt: skip
        seconds, memory = map(float, told.stdout.split())
        times[how] = Took([*times[how].seconds, seconds], max(memory, times[how].memory))
        for made in folder.glob("loaded-*"):
            made.unlink()
    return times


# --- asking


def commands(network: Path, contacts: int, khard: Path | None, folder: Path) -> dict[str, Command]:
    """Return what people type, and what it is compared with."""
    people = itertools.cycle(range(0, contacts, 7))
    here: list[str | Path] = [NETCRM, "--network", f"sqlite:{network}"]
    raw = (
        "import sqlite3, sys; database = sqlite3.connect(sys.argv[1]); "
        "database.execute('SELECT doc FROM contact WHERE handle = ?', (sys.argv[2],)).fetchone()"
    )
    one = "import netcrm, sys\nwith netcrm.open(sys.argv[1]) as net: net.contact(sys.argv[2])"
    asked: dict[str, Command] = {
        BARE: lambda: [sys.executable, "-c", "pass"],
        RAW: lambda: [sys.executable, "-c", raw, network, f"person-{next(people)}"],
        "the library: open, one person": lambda: [
            sys.executable, "-c", one, f"sqlite:{network}", f"person-{next(people)}",
        ],
        "netcrm show": lambda: [*here, "show", f"person-{next(people)}"],
        "netcrm due": lambda: [*here, "due"],
        "netcrm due --json": lambda: [*here, "due", "--json"],
        "netcrm explain": lambda: [*here, "explain", f"person-{next(people)}"],
        "netcrm find, a rare word": lambda: [*here, "find", f"rare{next(people)}"],
        "netcrm find, a common word": lambda: [*here, "find", "thanked"],
        "netcrm log": lambda: [*here, "log", f"person-{next(people)}", "coffee", "good talk"],
        "netcrm list --tag mentor": lambda: [*here, "list", "--tag", "mentor"],
        "netcrm history": lambda: [*here, "history"],
        "netcrm undo": lambda: [*here, "undo"],
    }  # fmt: skip
    if khard is not None:
        asked[KHARD] = data.khard_list(khard, folder)
    return asked


def long_commands(network: Path, contacts: int, folder: Path) -> dict[str, Command]:
    """Return commands that read everybody or everything; their memory is what matters."""
    here: list[str | Path] = [NETCRM, "--network", f"sqlite:{network}"]
    numbers = itertools.count()
    export, fresh = folder / "Connections.csv", folder / "fresh.db"
    data.write_export(export, contacts)
    run([NETCRM, "--network", fresh, "init", "--name", "Me"])
    return {
        "netcrm import, all are new": lambda: [
            NETCRM, "--network", fresh, "import", "linkedin", export,
        ],
        "netcrm undo of it": lambda: [NETCRM, "--network", fresh, "undo"],
        "netcrm list": lambda: [*here, "list"],
        "netcrm list --json": lambda: [*here, "list", "--json"],
        "netcrm list --not-contacted 90d": lambda: [*here, "list", "--not-contacted", "90d"],
        "netcrm spread": lambda: [*here, "spread"],
        "netcrm backup": lambda: [*here, "backup", folder / f"backup-{next(numbers)}.db"],
        "netcrm export": lambda: [*here, "export", folder / f"all-{next(numbers)}.jsonl"],
        "netcrm verify": lambda: [*here, "verify"],
    }  # fmt: skip


def within_one_process(network: Path, contacts: int, rounds: int) -> Mapping[str, Took]:
    """Return what questions take in a program that has the network open, beside plain SQL."""
    storage = _sqlite(network)
    database = sqlite3.connect(network, isolation_level=None)
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE IF NOT EXISTS beside (id INTEGER PRIMARY KEY, doc TEXT)")
    people = list(data.ids("contact", range(0, contacts, 7)))
    with netcrm.open(storage) as net:
        asked = _questions(net, storage, database, itertools.cycle(people))
        took: dict[str, Took] = {name: Took([], 0) for name in asked}
        for _ in range(rounds):
            for name, ask in asked.items():
                begun = time.perf_counter()
                ask()
                took[name].seconds.append(time.perf_counter() - begun)
        database.execute("DROP TABLE beside")
        database.close()
    return took


def _questions(
    net: Network, storage: Storage, database: sqlite3.Connection, people: Iterator[str]
) -> dict[str, Callable[[], object]]:
    def page() -> object:
        newest = Query("interaction", has("contacts", next(people)), NEWEST, 20)
        with storage.begin(write=False) as view:
            return list(view.find(newest))

    def search(said: str) -> object:
        newest = Query("interaction", text(said), NEWEST, 20)
        with storage.begin(write=False) as view:
            return list(view.find(newest))

    def chain() -> object:
        """Go from a person to who introduced them, and on."""
        person, steps = next(people), 0
        with storage.begin(write=False) as view:
            while found := list(view.rows(Query("referral", has("contacts", person)), _ENDS)):
                before = [referrer for referrer, referred in found if referred == person]
                if not before or steps == 10:
                    break
                person, steps = before[0], steps + 1
        return steps

    return {
        "plain SQL: one document": lambda: database.execute(
            "SELECT doc FROM contact WHERE id = ?", (next(people),)
        ).fetchone(),
        "plain SQL: a row, synced": lambda: database.execute(
            "INSERT INTO beside (doc) VALUES (?)", ("x" * 360,)
        ),
        "one person": lambda: net.get(netcrm.Contact, next(people)),
        "a page of a timeline": page,
        "a search, rare word": lambda: search(f"rare{random.randrange(1000)}"),
        "a search, common word": lambda: search("thanked"),
        "a chain of referrals": chain,
        "one interaction logged, synced": lambda: net.log(next(people), "coffee", text="good"),
        "due": net.due,
    }


_ENDS = ("referrer", "referred")


# --- growing


def growing(folder: Path, sizes: Sequence[int], server: Server | None) -> None:
    """Print what grows with the network: loading, due, show, log; in each storage."""
    print(
        "\nGrowing, in one process: ms to load, and then to open and answer (ten interactions each)"
    )
    print(f"{'':12}{'people':>8}{'load':>12}{'due':>10}{'show':>10}{'log':>10}")
    for contacts in sizes:
        source = folder / "growing.jsonl"
        prepare(source, contacts, contacts * 10)
        for name, opens in _storages(folder, contacts, server):
            begun = time.perf_counter()
            _fill(opens(), prepared(source))
            loaded = time.perf_counter() - begun
            times = [loaded, *_daily(opens)]
            print(f"{name:12}{contacts:>8,}  " + "".join(f"{t * 1000:>10.1f}" for t in times))


def _storages(
    folder: Path, contacts: int, server: Server | None
) -> Iterator[tuple[str, Callable[[], Storage]]]:
    kept = MemoryStorage(KINDS)
    yield "memory", lambda: kept
    yield "tinydb", lambda: TinyDBStorage(folder / f"grown-{contacts}.json", KINDS)
    yield "sqlite", lambda: _sqlite(folder / f"grown-{contacts}.db")
    if server is not None:
        url = server.new_tenant()
        yield "postgres", lambda: _postgresql(url)


def _daily(opens: Callable[[], Storage]) -> Iterator[float]:
    def with_net(do: Callable[[Network], object]) -> float:
        return min(_timed(lambda: _once(opens, do)) for _ in range(3))

    yield with_net(lambda net: net.due())
    yield with_net(lambda net: net.timeline("person-7", limit=20))
    yield with_net(lambda net: net.log("person-7", "coffee"))


def _once(opens: Callable[[], Storage], do: Callable[[Network], object]) -> None:
    with netcrm.open(opens()) as net:
        do(net)


def _timed(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


# --- all of it


class Server:
    """A PostgreSQL server of our own."""

    def __init__(self) -> None:
        sys.path.insert(0, str(HERE.parent.parent))
        from tests import postgres

        self._database = postgres.Server.start(fsync=True).database()
        self.admin_url = self._database.admin_url

    def new_tenant(self) -> str:
        """Return the URL of a network that holds nothing yet."""
        return self._database.app_url()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--load", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--khard", type=Path, default=shutil.which("khard"), help="its command")
    parser.add_argument("--contacts", type=int, default=30_000)
    parser.add_argument("--interactions", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=11, help="for the quick commands")
    parser.add_argument("--load-rounds", type=int, default=1, help="for putting everything in")
    parser.add_argument("--no-postgres", action="store_true")
    options = parser.parse_args()
    if options.load:
        load(*options.load)
        return
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory(prefix="netcrm-bench-") as name:
        everything(Path(name), options)


def everything(folder: Path, options: argparse.Namespace) -> None:
    """Measure all of it, in a folder that has room for a few gigabytes."""
    size = (options.contacts, options.interactions)
    server = None if options.no_postgres else Server()
    source = folder / "records.jsonl"
    prepare(source, *size)
    said = f"{size[0]:,} contacts, {size[1]:,} interactions"
    show(
        f"{said}: putting them in",
        loads(folder, source, server, options.load_rounds),
        (plain := "sqlite3, keys and values", copy := "COPY, keys and values"),
        [
            ("netcrm-sqlite, no word index", 4, plain),
            ("netcrm-sqlite", 6, plain),
            ("netcrm-postgres", 5, copy),
        ],
    )
    network = folder / "network.db"
    run([sys.executable, HERE, "--load", "netcrm-sqlite", str(network), str(source)])
    show(
        f"{said}, SQLite: commands; in khard 1 contact",
        measure(commands(network, options.contacts, options.khard, folder), options.rounds),
        (BARE, RAW, KHARD),
        [("netcrm due", 1, KHARD), ("the library: open, one person", 2, RAW)],
    )
    show(
        f"{said}, SQLite: commands that read everybody or everything",
        measure(long_commands(network, options.contacts, folder), 0),
        (),
    )
    show(
        f"{said}, SQLite: within one process",
        within_one_process(network, options.contacts, 40),
        ("plain SQL: one document", "plain SQL: a row, synced"),
    )
    growing(folder, [size for size in SIZES if size <= options.contacts], server)


if __name__ == "__main__":
    main()
