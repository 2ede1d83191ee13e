"""What a command does not load it does not wait for: exact, so nothing here is timed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import netcrm

HEAVY = {"attrs", "cattrs", "click", "orjson", "pluggy", "rich", "tinydb"}
PROBE = "netcrm_probe"
# Not -X importtime, which does not see what importlib.import_module loads.
AT_EXIT = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))"
COMMAND = "from netcrm.cli import main; sys.exit(main())"
Load = Callable[..., set[str]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Run Python in a process of its own, where a plugin is installed; return what it imported."""
    site = tmp_path / "site"
    announced = site / "netcrm_probe-1.0.dist-info/entry_points.txt"
    announced.parent.mkdir(parents=True)
    announced.write_text(f"[netcrm.sources]\nprobe = {PROBE}\n")
    (site / f"{PROBE}.py").write_text(
        "from netcrm import hookimpl\n\n\n@hookimpl\ndef netcrm_sources():\n    return []\n"
    )
    said = {"PYTHONPATH": str(site), "NETCRM_NETWORK": str(tmp_path / "network.json")}
    # Without the user's own plugins and settings.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NETCRM_")}
    environment = kept | said | {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}

    def run(code: str, *arguments: str, says: str = "") -> set[str]:
        done = subprocess.run(
            [sys.executable, "-c", f"{AT_EXIT}\n{code}", *arguments],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        *errors, loaded = done.stderr.splitlines()
        assert done.returncode == 0, "\n".join(errors)
        assert says in done.stdout
        return set(loaded.split())

    already = run("")  # by what else is installed, such as coverage
    return lambda *arguments, says="": run(*arguments, says=says) - already


@pytest.fixture
def network(tmp_path: Path) -> None:
    """Make a network in which somebody is due."""
    with netcrm.open(tmp_path / "network.json") as net:
        net.add("Ana Ruiz", circles=["inner"])
        net.log("ana", "coffee", at=date(2024, 1, 1))
        net.rule("circle:inner", "2 weeks")


def plugins(loaded: set[str]) -> set[str]:
    return {name for name in loaded if name.startswith("netcrm_")}


def test_importing_netcrm_loads_nothing(load: Load):
    loaded = load("import netcrm")
    assert "netcrm" in loaded
    assert not loaded & HEAVY
    assert not plugins(loaded)
    assert not {name for name in loaded if name.startswith("netcrm.")}
    assert "importlib.metadata" not in loaded


def test_a_public_name_is_loaded_when_it_is_used(load: Load):
    assert "netcrm.model.contact" in load("from netcrm import Contact")


def test_the_version_is_told_at_once(load: Load):
    loaded = load(COMMAND, "--version", says=netcrm.__version__)
    assert not loaded & {
        "cattrs",
        "orjson",
        "pluggy",
        "rich",
        "tinydb",
        "importlib.metadata",
    }
    assert not plugins(loaded)


@pytest.mark.usefixtures("network")
def test_due_loads_no_plugin_that_it_does_not_need(load: Load):
    loaded = load(COMMAND, "due", says="Ana Ruiz")
    assert "tinydb" in loaded
    assert not loaded & {"rich", "importlib.metadata", "cattrs", "netcrm.codec", "rapidfuzz"}
    assert not plugins(loaded)


@pytest.mark.usefixtures("network")
def test_due_loads_nothing_that_moves_networks(load: Load):
    loaded = load(COMMAND, "due", says="Ana Ruiz")
    parts = ("backups", "checking", "lines", "moving", "migration")
    unwanted = {f"netcrm.storage.{part}" for part in parts}
    assert not loaded & (unwanted | {"netcrm.network.keeping", "netcrm.network.moving"})
    assert not loaded & {"gzip", "hashlib"}


def test_the_plugin_is_there_to_be_loaded(load: Load):
    assert PROBE in load(COMMAND, "plugins", says="netcrm-probe")
