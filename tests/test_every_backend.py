"""The same commands give the same answers, byte for byte, wherever the network is kept."""

import itertools

import pytest

import netcrm
from netcrm.model import ids
from netcrm.network.core import Core
from tests.networks import NOW, PERSISTENT, place, terminal  # noqa: F401 - a fixture

EXPORT = """First Name,Last Name,URL,Email Address,Company,Position,Connected On
Zoë,O'Neill,https://www.linkedin.com/in/zoe-oneill,,,Student,01 Jan 2026
Łukasz,Żółw,https://www.linkedin.com/in/lukasz,l@example.org,Clinic,{title},02 Jan 2026
,,,,,,03 Jan 2026
"""
STORY = [
    "init --name Maya",
    "add Ana-Ruiz --email ana@example.org --circle inner --tag mentor --org Mercy --title Nurse",
    "import linkedin first.csv",
    "import linkedin first.csv",
    "rule circle:inner 2w --grace 3w",
    "rule tag:mentor 1m",
    "rule source:linkedin 6m",
    "log ana coffee how-she-chose --at 2026-02-01",
    "log zoe-oneill email asked --at 2026-02-20",
    "log lukasz-zolw call hello",
    "refer ana Luis-Ortega --mode offered --context clinic",
    "import linkedin second.csv",
    "import linkedin second.csv --dry-run",
    "tag night ana luis-ortega",
    "snooze lukasz-zolw 2026-06-01",
    "pause luis-ortega 2026-04-01",
    "spread --apply",
    "due",
    "due --within 90d --cap 2",
    "due --as-of 2026-02-10",
    "explain ana",
    "show ana",
    "list",
    "list --tag mentor --not-contacted 10d",
    "list --org mer",
    "find cho",
    "find zoe",
    "edit ana --note changed",
    "undo",
    "undo 3",
    "undo 3 --leave-touched",
    "show nobody",
    "log an coffee",
    "add Ana-Ruiz --email ana@example.org",
    "add Ana-Diaz",
    "show ana",
    "history",
]


@pytest.fixture
def told(terminal, monkeypatch, tmp_path):  # noqa: F811
    """Give what each command of the story says with --json, in a storage of some kind."""

    def tell(kind):
        number = itertools.count()
        monkeypatch.setattr(ids.os, "urandom", lambda n: next(number).to_bytes(n))
        monkeypatch.setattr(ids.time, "time_ns", lambda: 1_772_000_000_000_000_000)
        monkeypatch.setattr(ids, "_last", 0)
        terminal.home.joinpath("first.csv").write_text(EXPORT.format(title="Porter"), "utf-8")
        terminal.home.joinpath("second.csv").write_text(EXPORT.format(title="Clerk"), "utf-8")
        monkeypatch.chdir(terminal.home)
        folder = tmp_path / kind
        folder.mkdir()
        location = place(kind, folder)
        with netcrm.open(location) as net:
            shown = net.location
        answers = {}
        for step, command in enumerate(STORY):
            ran = terminal("--network", location, *command.split(), "--json")
            answers[f"{step} {command}"] = (
                ran.code,
                ran.out.replace(shown, "HERE"),
                ran.err.replace(shown, "HERE"),
            )
        return answers

    return tell


@pytest.fixture
def _still(monkeypatch):
    """Let the clock of every network stand still."""
    monkeypatch.setattr(Core, "now", lambda self: NOW.astimezone(self._setting.zone))


@pytest.mark.usefixtures("_still")
def test_each_says_the_same(told):
    """What is said on TinyDB is said on all others."""
    first, *others = PERSISTENT
    expected = told(first)
    assert {code for code, _, _ in expected.values()} == {0, 1, 3, 5}
    for kind in others:
        for command, answer in told(kind).items():
            assert answer == expected[command], (kind, command)


@pytest.mark.parametrize("ending", ["db", "sqlite"])
def test_the_ending_of_a_file_tells_its_storage(tmp_path, ending):
    """So that nobody need write `sqlite:` all day."""
    path = tmp_path / f"network.{ending}"
    with netcrm.open(path) as net:
        net.add("Ana Ruiz")
    assert path.read_bytes().startswith(b"SQLite format 3")
    with netcrm.open(f"sqlite:{path}") as net:
        assert net.contact("ana").name == "Ana Ruiz"
