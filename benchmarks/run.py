"""netcrm beside a bare interpreter, khard and the csv module: `uvx nox -s bench`.

All commands of a table take turns, so that what else the machine does hits all of them alike. Times
are medians of whole processes; ratios are medians over the rounds, because only they compare
between machines.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

import data

CONTACTS, INTERACTIONS, ROWS = 1_000, 10_000, 30_000
BARE, KHARD, CSV = "python -c pass", "khard list", "csv alone"
NETCRM = Path(sys.executable).with_name("netcrm")
# Compiled once, as where netcrm is installed; without the settings and plugins of whoever measures.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name != "PYTHONDONTWRITEBYTECODE" and not name.startswith("NETCRM_")
}

Command = Callable[[], Sequence[str | Path]]
Times = Mapping[str, Sequence[float]]
Aim = tuple[str, float, str]
"""What is measured, its greatest multiple, and of what."""


def measure(commands: Mapping[str, Command], rounds: int) -> Times:
    """Return the seconds that each command took in each round, but for a first one to warm up."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for round_ in range(rounds + 1):
        for name, command in commands.items():
            arguments = command()
            begun = time.perf_counter()
            run(arguments)
            if round_:
                times[name].append(time.perf_counter() - begun)
    return times


def run(arguments: Sequence[str | Path]) -> None:
    subprocess.run(arguments, stdout=subprocess.DEVNULL, env=ENVIRONMENT, check=True)


def show(title: str, times: Times, units: Sequence[str], aims: Sequence[Aim]) -> None:
    """Print a table of times and of ratios to some of the commands, and how the aims fare."""
    units = [unit for unit in units if unit in times]
    print(f"\n{title}")
    print(f"{'':42}{'median':>12}" + "".join(f"{f'/ {unit}':>18}" for unit in units))
    for name, took in times.items():
        ratios = "".join(f"{ratio(times, name, unit):>18.2f}" for unit in units)
        print(f"{name:42}{median(took) * 1000:>9.1f} ms{ratios}")
    for name, most, unit in aims:
        if unit in units:
            found = ratio(times, name, unit)
            verdict = "reached" if found < most else "MISSED"
            print(f"aim: {name} under {most:g} x {unit}: {found:.2f}, {verdict}")


def ratio(times: Times, name: str, unit: str) -> float:
    return median(one / other for one, other in zip(times[name], times[unit], strict=True))


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
        settings = one_vcard(folder)
        commands[KHARD] = lambda: [khard, "-c", settings, "list"]
    return commands


def one_vcard(folder: Path) -> Path:
    """Give khard one contact; return its settings."""
    contacts = folder / "contacts"
    contacts.mkdir()
    card = "BEGIN:VCARD\nVERSION:3.0\nUID:ana\nFN:Ana Ruiz\nN:Ruiz;Ana;;;\nEND:VCARD\n"
    (contacts / "ana.vcf").write_text(card, "utf-8")
    settings = folder / "khard.conf"
    settings.write_text(f"[addressbooks]\n[[main]]\npath = {contacts}\n", "utf-8")
    return settings


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
