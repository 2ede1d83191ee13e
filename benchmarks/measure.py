"""Whole processes beside each other: how long they take and how much memory, in turns.

All commands of a table take turns, so that what else the machine does hits all of them alike. Times
are medians of whole processes; ratios are medians over the rounds, because only they compare
between machines.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

# Compiled once, as where netcrm is installed; without the settings and plugins of whoever measures.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name != "PYTHONDONTWRITEBYTECODE" and not name.startswith("NETCRM_")
}

Command = Callable[[], Sequence[str | Path]]


class Took(NamedTuple):
    """What a command took: seconds in each round, and megabytes at its largest."""

    seconds: list[float]
    memory: float


Times = Mapping[str, Took]
Aim = tuple[str, float, str]
"""What is measured, its greatest multiple, and of what."""


def measure(commands: Mapping[str, Command], rounds: int) -> Times:
    """Return what each command took in each round; a first one to warm up tells the memory.

    With no rounds the first one counts.
    """
    times = {name: first(command(), counts=not rounds) for name, command in commands.items()}
    for _ in range(rounds):
        for name, command in commands.items():
            arguments = command()
            begun = time.perf_counter()
            run(arguments)
            times[name].seconds.append(time.perf_counter() - begun)
    return times


def run(arguments: Sequence[str | Path]) -> None:
    """Run a process to its end; it must succeed."""
    subprocess.run(arguments, stdout=subprocess.DEVNULL, env=ENVIRONMENT, check=True)


def first(arguments: Sequence[str | Path], *, counts: bool) -> Took:
    """Run a process and return its memory, and how long it took if that *counts*.

    It is started from a small one, because what starts a process counts as its first memory.
    """
    small = [sys.executable, "-I", "-S", __file__, *arguments]
    begun = time.perf_counter()
    told = subprocess.run(small, stdout=subprocess.PIPE, env=ENVIRONMENT, check=True, text=True)
    took = [time.perf_counter() - begun]
    return Took(took if counts else [], int(told.stdout) / 1024)


def show(title: str, times: Times, units: Sequence[str], aims: Sequence[Aim] = ()) -> None:
    """Print a table of times and of ratios to some of the commands, and how the aims fare."""
    units = [unit for unit in units if unit in times]
    print(f"\n{title}")
    print(f"{'':42}{'median':>12}{'memory':>10}" + "".join(f"{f'/ {unit}':>18}" for unit in units))
    for name, took in times.items():
        ratios = "".join(f"{ratio(times, name, unit):>18.2f}" for unit in units)
        middle = median(took.seconds) * 1000
        print(f"{name:42}{middle:>9.1f} ms{took.memory:>7.0f} MB{ratios}", flush=True)
    for name, most, unit in aims:
        if unit in units:
            found = ratio(times, name, unit)
            verdict = "reached" if found < most else "MISSED"
            print(f"aim: {name} under {most:g} x {unit}: {found:.2f}, {verdict}")


def ratio(times: Times, name: str, unit: str) -> float:
    """Return how many times as long one command took as another, in the middle of all rounds."""
    pairs = zip(times[name].seconds, times[unit].seconds, strict=True)
    return median(one / other for one, other in pairs)


if __name__ == "__main__":
    import resource

    subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
