"""Ways to people beside networkx and rustworkx, on one stored network: `uvx nox -s bench`.

30,000 people with 60,000 ties, a third of them referrals, a third people who are said to know each
other and a third colleagues, and 1,000,000 interactions. Each way is looked for by a whole process,
from the same file. Then networks of growing size.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import itertools
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import data
from measure import Command, measure, show

import netcrm
from netcrm.kinds import KINDS
from netcrm.storage.contract import Record, Storage
from netcrm.storage.tinydb import TinyDBStorage

PEER = Path(__file__).with_name("graphs_peer.py")
NETCRM = Path(sys.executable).with_name("netcrm")
BARE, NETWORKX, RUSTWORKX = "python -c pass", "networkx", "rustworkx"
PEOPLE, TIES = 30_000, 60_000
SIZES = (10_000, 100_000, 1_000_000)
TEAM = 3
"""So many people were at one organisation at the same time: as many ties as people."""
IN_TOUCH = 10
"""I have been in touch with one in so many people."""


# --- made-up networks


def records(contacts: int, ties: int, interactions: int, seed: int = 1) -> Iterator[Record]:
    """Yield the records of a network, kind by kind: two in three ties are noted, others guessed."""
    chance, today = random.Random(seed), datetime.now(UTC)
    commit = {"seq": 1, "at": today.isoformat(), "reason": "made up"}
    yield Record("commit", "000000000001", commit, 1)
    ids = list(data.ids("contact", range(contacts)))
    for number, (given, family, _, title) in enumerate(data.people(contacts, seed)):
        employer, start = number // TEAM, 2010 + number // TEAM % 14
        jobs = [{"organisation": f"Company {employer}", "title": title, "start": str(start)}]
        doc = {
            "name": f"{given} {family}",
            "handle": f"person-{number}",
            "added_on": "2020-01-01",
            "positions": jobs,
            "fields": [f"field-{number % 30}"],
            "source": chance.choice(("linkedin", "alumni_database", "referral")),
        }
        yield Record("contact", ids[number], doc, 1)
    for number, referral in enumerate(data.ids("referral", range(ties // 3))):
        one, other = chance.sample(range(contacts), 2)
        doc = {
            "referrer": ids[one],
            "referred": ids[other],
            "made_on": str(_day(today, chance)),
            "mode": ("offered", "name_only")[number % 2],
        }
        yield Record("referral", referral, doc, 1)
    for acquaintance in data.ids("acquaintance", range(ties // 3)):
        pair = [ids[one] for one in sorted(chance.sample(range(contacts), 2))]
        doc = {"contacts": pair, "how": "studied together", "noted_on": str(_day(today, chance))}
        yield Record("acquaintance", acquaintance, doc, 1)
    for interaction in data.ids("interaction", range(interactions)):
        doc = {
            "occurred": str(_day(today, chance)),
            "logged_at": today.isoformat(),
            "participants": [
                {"contact": ids[int(contacts / IN_TOUCH * chance.random() ** 3) * IN_TOUCH]}
            ],
            "channel": chance.choice(("in_person", "video", "phone", "email", "email")),
            "direction": chance.choice(("outbound", "inbound", "mutual")),
        }
        yield Record("interaction", interaction, doc, 1)


def _day(today: datetime, chance: random.Random) -> date:
    return today.date() - timedelta(days=int(chance.random() * 1000))


def fill(storage: Storage, made: Iterator[Record]) -> None:
    """Put each kind in by one call, all in one transaction."""
    with contextlib.closing(storage), storage.begin(write=True) as transaction:
        for _, of_kind in itertools.groupby(made, lambda record: record.kind):
            transaction.put((record, 0) for record in of_kind)


def sqlite(file: Path, contacts: int, ties: int, interactions: int) -> str:
    """Make a network in a SQLite file, with a campaign; return its location."""
    from netcrm_sqlite import SQLiteStorage

    fill(SQLiteStorage(file, KINDS), records(contacts, ties, interactions))
    with netcrm.open(f"sqlite:{file}", plugins=netcrm.Plugins(installed=True)) as net:
        net.campaign("Spring", aims={f"field-{number}": 3 for number in range(3)})
    return f"sqlite:{file}"


def tinydb(file: Path, contacts: int, ties: int, interactions: int) -> str:
    """Make a network in a TinyDB file; return its location."""
    fill(TinyDBStorage(file, KINDS), records(contacts, ties, interactions))
    return str(file)


# --- the commands


def searches(network: str, contacts: int) -> dict[str, Command]:
    """Return the commands that look for ways, each time to another person or organisation."""
    numbers, places = (
        itertools.cycle(random.Random(seed).sample(range(contacts), 50)) for seed in (1, 2)
    )
    here = [NETCRM, "--network", network, "path"]
    return {
        BARE: lambda: [sys.executable, "-c", "pass"],
        "netcrm --version": lambda: [NETCRM, "--version"],
        "netcrm path PERSON": lambda: [*here, f"person-{next(numbers)}"],
        "netcrm path ORGANISATION": lambda: [*here, f"Company {next(places) // TEAM}"],
    }


def peers(file: Path, contacts: int) -> dict[str, Command]:
    """Return the same by libraries, as far as they are here."""
    commands: dict[str, Command] = {}
    for library in (NETWORKX, RUSTWORKX):
        if find_spec(library) is None:
            print(f"{library} is not here, so nothing is compared with it")
            continue
        some = itertools.cycle(random.Random(1).sample(range(contacts), 50))
        commands[library] = functools.partial(_peer, library, file, some)
    return commands


def _peer(library: str, file: Path, some: Iterator[int]) -> list[str | Path]:
    return [sys.executable, PEER, library, file, f"person-{next(some)}"]


def next_best(network: str) -> dict[str, Command]:
    """Return the command that says whom to ask next, of 3,000 people in the fields sought."""
    return {"netcrm next": lambda: [NETCRM, "--network", network, "next"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--khard", help="not needed here")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--interactions", type=int, default=1_000_000)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="ties of the largest network")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory(prefix="netcrm-bench-") as name:
        folder = Path(name)
        file = folder / "network.db"
        network = sqlite(file, PEOPLE, TIES, options.interactions)
        commands = searches(network, PEOPLE) | peers(file, PEOPLE)
        show(
            f"{PEOPLE:,} people, {TIES:,} ties, {options.interactions:,} interactions, SQLite",
            measure(commands, options.rounds),
            (BARE, NETWORKX, RUSTWORKX),
            [("netcrm path PERSON", 1, NETWORKX), ("netcrm path PERSON", 1, RUSTWORKX)],
        )
        show("of them, whom to ask next", measure(next_best(network), 3), ())
        file.unlink()
        network = tinydb(folder / "network.json", PEOPLE, TIES, TIES)
        show(
            f"{PEOPLE:,} people, {TIES:,} ties, {TIES:,} interactions, TinyDB",
            measure(searches(network, PEOPLE), 3),
            (BARE,),
        )
        for ties in (size for size in SIZES if size <= options.most):
            file = folder / f"{ties}.db"
            network, contacts = sqlite(file, ties // 2, ties, ties), ties // 2
            show(
                f"{contacts:,} people, {ties:,} ties, {ties:,} interactions, SQLite",
                measure(searches(network, contacts) | peers(file, contacts), 3),
                (BARE, NETWORKX, RUSTWORKX),
            )
            file.unlink()


if __name__ == "__main__":
    main()
