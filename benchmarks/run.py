"""netcrm beside a bare interpreter, khard and the csv module: `uvx nox -s bench`."""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import sys
import tempfile
from pathlib import Path

import data
from measure import Command, measure, run, show

CONTACTS, INTERACTIONS, ROWS = 1_000, 10_000, 30_000
BARE, KHARD, CSV = "python -c pass", "khard list", "csv alone"
NETCRM = Path(sys.executable).with_name("netcrm")


def start(folder: Path, khard: Path | None) -> dict[str, Command]:
    """Return the commands that are typed many times a day."""
    network = folder / "network.json"
    data.fill(network, CONTACTS, INTERACTIONS)
    people = itertools.cycle(range(CONTACTS))
    here: list[str | Path] = [NETCRM, "--network", network]
    commands: dict[str, Command] = {
        BARE: lambda: [sys.executable, "-c", "pass"],
        "netcrm --version": lambda: [NETCRM, "--version"],
        "netcrm due": lambda: [*here, "due"],
        "netcrm due --cap 5": lambda: [*here, "due", "--cap", "5"],
        "netcrm explain": lambda: [*here, "explain", f"person-{next(people)}"],
        "netcrm log": lambda: [*here, "log", f"person-{next(people)}", "coffee", "good talk"],
    }
    if khard is None:
        print("khard is not here (--khard PATH), so nothing is compared with it")
    else:
        commands[KHARD] = data.khard_list(khard, folder)
    return commands


def large(folder: Path) -> dict[str, Command]:
    """Return the commands on an export with many rows."""
    export = folder / "Connections.csv"
    data.write_export(export, ROWS)
    networks = (folder / f"large-{number}.json" for number in itertools.count())
    newest = next(networks)

    def fresh() -> list[str | Path]:
        nonlocal newest
        newest = next(networks)
        run([NETCRM, "--network", newest, "init"])
        return [NETCRM, "--network", newest, "import", "linkedin", export]

    read = "import csv, sys; list(csv.reader(open(sys.argv[1], newline='', encoding='utf-8')))"
    return {
        BARE: lambda: [sys.executable, "-c", "pass"],
        CSV: lambda: [sys.executable, "-c", read, export],
        "netcrm import": fresh,
        "netcrm import, again": lambda: [
            NETCRM, "--network", newest, "import", "linkedin", export,
        ],
        "netcrm list": lambda: [NETCRM, "--network", newest, "list"],
        "netcrm list --json": lambda: [NETCRM, "--network", newest, "list", "--json"],
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--khard", type=Path, default=shutil.which("khard"), help="its command")
    parser.add_argument("--rounds", type=int, default=15, help="for the quick commands")
    parser.add_argument("--large-rounds", type=int, default=3, help="for those on many rows")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory(prefix="netcrm-bench-") as name:
        folder = Path(name)
        show(
            f"{CONTACTS:,} contacts, {INTERACTIONS:,} interactions, 3 rules; in khard 1 contact",
            measure(start(folder, options.khard), options.rounds),
            (BARE, KHARD),
            [("netcrm --version", 5, BARE), ("netcrm due", 1, KHARD)],
        )
        show(
            f"{ROWS:,} rows of a LinkedIn export, TinyDB",
            measure(large(folder), options.large_rounds),
            (BARE, CSV),
            [],
        )


if __name__ == "__main__":
    main()
