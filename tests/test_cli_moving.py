"""The commands that move a network as a whole, and the backup of the day."""

from __future__ import annotations

import gzip
import json
import os
import re
import stat
import subprocess
import sys

import pytest

import netcrm
from netcrm.storage import moving, tinydb
from tests import networks
from tests.test_storage_moving import Breaking

terminal, cli = networks.terminal, networks.cli


def backups(cli, name="network.json") -> list[str]:
    folder = cli.home / f"{name}.backups"
    return (
        sorted(one.name for one in folder.iterdir() if one.name != ".lock")
        if folder.exists()
        else []
    )


@pytest.fixture
def daily(cli, monkeypatch):
    """A terminal as users have it."""
    monkeypatch.delenv("NETCRM_BACKUPS")
    return cli


class TestCopy:
    """netcrm copy FROM TO."""

    def test_it_says_what_it_did_and_how_to_go_on(self, cli):
        """The new place is named in full."""
        ran = cli("copy", cli.file, cli.home / "new.json")
        assert (ran.code, ran.err) == (0, "")
        assert ran.out == (
            "Copied 6 records (3 commit, 3 contact): 6 written, 0 removed.\n"
            f"To use it from now on, set NETCRM_NETWORK={cli.home}/new.json\n"
        )
        assert cli("-n", cli.home / "new.json", "list").out == cli("list").out

    def test_a_relative_place_is_named_in_full(self, cli, monkeypatch):
        """Files and URLs of files; a server is named without the password."""
        monkeypatch.chdir(cli.home)
        assert f"NETCRM_NETWORK={cli.home}/a.json\n" in cli("copy", "network.json", "a.json").out
        out = cli("copy", "network.json", "tinydb:b.json").out
        assert f"NETCRM_NETWORK=tinydb:{cli.home}/b.json\n" in out
        assert cli("copy", "network.json", "memory:", "--json").json["target"] == "memory:"
        out = cli("copy", "network.json", "c.jsonl").out
        assert f"netcrm import jsonl {cli.home}/c.jsonl\n" in out

    def test_in_json(self, cli):
        """What was done, and where."""
        (cli.home / "old.json").write_bytes(cli.file.read_bytes())
        cli("add", "Carol Stein")
        cli("edit", "luis", "--note", "x")
        arguments = ["copy", cli.file, cli.home / "old.json", "--replace", "--json"]
        said = cli(*arguments, "--dry-run").json
        assert (said["dry_run"], said["written"], said["removed"], said["kept"]) == (
            True,
            5,
            0,
            None,
        )
        said = cli(*arguments).json
        assert said["records"] == {"before": 1, "commit": 5, "contact": 4}
        assert (said["written"], said["removed"], said["dry_run"]) == (5, 0, False)
        assert (said["source"], said["target"]) == (str(cli.file), f"{cli.home}/old.json")
        assert said["kept"] == f"{cli.home}/old.json.backups/{backups(cli, 'old.json')[0]}"

    def test_refused(self, cli):
        """A place that holds something, the same place, part of a copy: code 5."""
        cli("copy", cli.file, cli.home / "new.json")
        before = cli.files()
        for target, said in (("new.json", "holds a network already"), ("network.json", "itself")):
            ran = cli("copy", cli.file, cli.home / target)
            assert (ran.code, ran.out) == (5, "")
            assert said in ran.err
            assert len(ran.err.splitlines()) == 1
        assert cli("copy", cli.file, cli.file, "--replace").code == 5
        assert cli.files() == before

    def test_broken_off(self, cli, monkeypatch):
        """Every command says what to do, and the same copy again does it."""
        new = cli.home / "new.json"
        begin, left = tinydb.TinyDBStorage.begin, iter(range(6))

        def fail(self, *, write):
            if write and next(left, None) is None:
                raise netcrm.StorageError("the disk is full.")
            return begin(self, write=write)

        with monkeypatch.context() as patch:
            patch.setattr(tinydb.TinyDBStorage, "begin", fail)
            ran = cli("copy", cli.file, new)
        assert ran.code == 4
        assert "is not whole now; run the same again to go on." in ran.err
        for command in (["list"], ["add", "X"], ["init"], ["due"], ["doctor"], ["undo"], ["verify"],
                        ["export", "-"], ["backup"], ["history"]):  # fmt: skip
            ran = cli("-n", new, *command)
            assert ran.code == 5, command
            assert f"To finish it, run the same command again, or: netcrm restore {cli.file}" in (
                ran.out + ran.err
            )
        assert cli("copy", new, cli.home / "third.json").code == 5
        assert cli("copy", cli.file, new).code == 0
        assert cli("-n", new, "list").out == cli("list").out


class TestLines:
    """netcrm export and netcrm import jsonl."""

    def test_out_and_in(self, cli):
        """Everything, with its history."""
        ran = cli("export", cli.home / "x.jsonl.gz")
        assert (ran.code, ran.err) == (0, "")
        assert ran.out == f"Exported 6 records (3 commit, 3 contact) to {cli.home}/x.jsonl.gz\n"
        new = cli.home / "new.json"
        ran = cli("-n", new, "import", "jsonl", cli.home / "x.jsonl.gz", "--dry-run")
        assert ran.out == "Would import 6 records. Nothing was changed.\n"
        assert not new.exists()
        ran = cli("-n", new, "import", "jsonl", cli.home / "x.jsonl.gz")
        assert (ran.code, ran.out) == (0, "Imported 6 records, with their history.\n")
        assert cli("-n", new, "history").out == cli("history").out
        assert cli("-n", new, "verify").out == cli("verify").out

    def test_standard_output(self, cli):
        """It is the file, and nothing else."""
        cli("export", cli.home / "x.jsonl")
        ran = cli("export", "-")
        assert (ran.code, ran.err) == (0, "")
        assert (
            ran.out.splitlines()[1:-1]
            == ((cli.home / "x.jsonl").read_text("utf-8").splitlines()[1:-1])
        )
        assert cli("export", "-", "--json").code == 2

    def test_only_into_an_empty_network(self, cli):
        """Else it says what to do."""
        cli("export", cli.home / "x.jsonl")
        before = cli.files()
        ran = cli("import", "jsonl", cli.home / "x.jsonl")
        assert (ran.code, ran.out) == (5, "")
        assert "netcrm restore" in ran.err
        assert cli.files() == before

    def test_in_json(self, cli):
        """As for any import."""
        path = cli.home / "x.jsonl"
        assert cli("export", path, "--json").json["records"] == {"commit": 3, "contact": 3}
        said = cli("-n", cli.home / "new.json", "import", "jsonl", path, "--json").json
        assert (said["source"], said["read"], said["created"], said["updated"]) == (
            "jsonl",
            6,
            6,
            0,
        )
        assert said["commit"] is None

    def test_it_is_listed_among_the_sources(self, cli):
        """Also in the hint."""
        assert re.search("^jsonl  +Everything", cli("import").out, re.M)
        assert {"name": "jsonl", "summary": "Everything that netcrm export wrote"} in (
            cli("import", "--json").json["sources"]
        )
        assert "netcrm import jsonl FILE" in cli("import", "jsonl").err

    def test_nothing_is_written_over(self, cli):
        """Unless --replace says so."""
        path = cli.home / "x.jsonl"
        path.write_text("mine")
        for command in (["export", path], ["copy", cli.file, path]):
            ran = cli(*command)
            assert (ran.code, path.read_text()) == (5, "mine")
            assert "--replace" in ran.err
            assert cli(*command, "--replace").code == 0
            assert cli("verify", path).code == 0
            path.write_text("mine")

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "line 1: the file is empty"),
            (b"%PDF-1.7\n\x1b[2J\n", "line 1: this is not what netcrm export writes"),
            ("{}".encode("utf-16"), "line 1"),
            (bytes(999), "line 1"),
            (b"First Name,Last Name\nAna,Ruiz\n", "line 1"),
            (b'{"netcrm":{"format":1,"layout":2,"records":{}}}\n\x1b]0;\x07\n', "line 2: is not J"),
            (
                b'{"netcrm":{"format":1,"layout":2,"records":{}}}\n'
                b'{"kind":"\\u001b[2J","id":"a","rev":1,"doc":{}}\n',
                "line 2: there is no kind of record called \\x1b[2J",
            ),
            (gzip.compress(b"x")[:-3], "line 1"),
        ],
    )  # fmt: skip
    def test_a_sorry_file(self, cli, content, said):
        """One line that names file and line; nothing comes in, nothing is obeyed."""
        path = cli.home / "x.jsonl"
        path.write_bytes(content)
        before = cli.files()
        for command in (["import", "jsonl", path], ["copy", path, cli.home / "y.json"],
                        ["restore", path], ["verify", path]):  # fmt: skip
            ran = cli("-n", cli.home / "new.json", *command)
            assert (ran.code, ran.out) == (4, "")
            assert len(ran.err.splitlines()) == 1
            assert f"{path}: {said}" in ran.err
            assert "\x1b" not in ran.err
        assert cli.files() == before


class TestBackup:
    """netcrm backup and netcrm restore."""

    def test_there_and_back(self, cli):
        """What it says can be typed."""
        ran = cli("backup")
        (name,) = backups(cli)
        path = f"{cli.home}/network.json.backups/{name}"
        assert ran.out == f"Backed up to {path}. To go back to it: netcrm restore {path}\n"
        cli("add", "Carol Stein")
        ran = cli("restore", path, "--dry-run")
        assert ran.out == (
            f"Would restore 6 records (3 commit, 3 contact) from {path}: 0 written, 2 removed. "
            "Nothing was changed.\n"
        )
        assert cli("list", "--handles").out == "ana-ruiz\ncarol-stein\nluis-ortega\nmaya-rao\n"
        ran = cli("restore", path)
        first, kept = ran.out.splitlines()
        assert first.startswith("Restored 6 records")
        assert cli("list", "--handles").out == "ana-ruiz\nluis-ortega\nmaya-rao\n"
        assert cli("undo").out.startswith("Took back #3 add Luis Ortega.")
        assert cli("restore", kept.removeprefix("What was there before is in ")).code == 0
        assert cli("show", "carol").code == 0

    def test_the_list(self, cli):
        """The newest first, with what it takes and who made it."""
        assert cli("backup", "--list").out == "There are no backups. Make one: netcrm backup\n"
        cli("backup")
        with cli.open() as net:
            net._setting = net._setting._replace(clock=networks.Clock())
            net.backup_if_due(7)
        lines = cli("backup", "--list").out.splitlines()
        assert [line.split()[3:-1] for line in lines] == [["kB"], ["kB", "automatic"]]
        said = cli("backup", "--list", "--json").json["backups"]
        assert [one["automatic"] for one in said] == [False, True]
        assert said[1]["made"] == "2026-03-05T14:00:00+00:00"
        for one, line in zip(said, lines, strict=True):
            assert line.endswith(one["file"])
            assert one["bytes"] == os.stat(one["file"]).st_size  # noqa: PTH116

    def test_in_json(self, cli):
        """Where it is; what was restored."""
        said = cli("backup", "--json").json
        assert said["bytes"] > 100
        cli("add", "Carol Stein")
        restored = cli("restore", said["file"], "--json").json
        assert (restored["written"], restored["removed"]) == (0, 2)
        assert restored["location"] == str(cli.file)
        assert restored["kept"].startswith(f"{cli.file}.backups/")

    def test_a_network_in_no_file(self, cli):
        """Its backups are in the data folder."""
        ran = cli("-n", "memory:", "backup")
        assert f"{cli.home}/data/netcrm/memory.backups/" in ran.out
        assert cli("-n", "memory:", "backup", "--list").out.endswith(".jsonl.gz\n")

    def test_a_new_network_from_a_backup(self, cli):
        """On a new machine."""
        path = cli("backup", "--json").json["file"]
        new = cli.home / "new.json"
        assert cli("-n", new, "restore", path, "--dry-run").code == 0
        assert not new.exists()
        assert cli("-n", new, "restore", path).code == 0
        assert cli("-n", new, "list").out == cli("list").out

    def test_a_damaged_network(self, cli):
        """What is said where it is damaged helps."""
        cli("add", "Carol Stein")
        cli.file.write_bytes(cli.file.read_bytes()[:-50])
        ran = cli("list")
        hint = ran.err.strip().rpartition("To go back to it: netcrm ")[2]
        assert hint == f"restore {cli.file}.bak"
        ran = cli(*hint.split())
        assert (ran.code, ran.err) == (0, "")
        assert "-damaged" in ran.out
        assert cli("list", "--handles").out == "ana-ruiz\nluis-ortega\nmaya-rao\n"

    @pytest.mark.parametrize("place", ["missing", ".", "pipe", "text", "\udcff", "x" * 300])
    def test_places_that_are_no_backups(self, cli, place):
        """One line, code 4, nothing changed."""
        os.mkfifo(cli.home / "pipe")
        (cli.home / "text").write_text("hello\n")
        (cli.home / "pipe").unlink() if place != "pipe" else None
        before = set(cli.home.rglob("*"))
        for command in ("restore", "verify"):
            ran = cli(command, cli.home / place)
            assert (ran.code, ran.out) == (4, "")
            assert len(ran.err.splitlines()) == 1
        assert set(cli.home.rglob("*")) - {cli.file.with_name("network.json.lock")} == before - {
            cli.file.with_name("network.json.lock")
        }

    def test_wrong_usage(self, cli):
        """A list takes no file; a copy takes two places."""
        for command in (["backup", "x", "--list"], ["copy", "x"], ["restore"], ["export"]):
            assert cli(*command).code == 2


class TestVerify:
    """netcrm verify."""

    def test_all_is_well(self, cli):
        """How many of each kind, and their sums."""
        ran = cli("verify")
        assert (ran.code, ran.err) == (0, "")
        assert [line.split()[:2] for line in ran.out.splitlines()] == [
            ["3", "commit"], ["3", "contact"], ["All", "is"],
        ]  # fmt: skip
        said = cli("verify", "--json").json
        assert said["faults"] == []
        assert said["location"] == str(cli.file)
        with cli.open() as net:
            sums = {kind: found._asdict() for kind, found in net.verify().sums.items()}
        assert said["sums"] == sums

    def test_something_is_wrong(self, cli):
        """It is listed, the first of it for people and all of it for scripts: code 4."""
        with cli.open() as net, net._storage.begin(write=True) as there:
            there.put(
                (netcrm.Record("contact", f"x{n:02}", {"name": "\x1b[2J", "nome": n}, 1), 0)
                for n in range(30)
            )
        ran = cli("verify")
        assert (ran.code, ran.err) == (4, "")
        assert "contact x00.added_on: is missing" in ran.out
        assert "There are 30 faults: --json lists all." in ran.out
        assert "netcrm backup --list" in ran.out
        ran = cli("verify", "--json")
        assert (ran.code, len(ran.json["faults"])) == (4, 30)

    def test_of_another_place(self, cli):
        """A backup, an export, a URL."""
        path = cli("backup", "--json").json["file"]
        cli("export", cli.home / "x.jsonl.gz")
        expected = cli("verify").out
        for place in (path, cli.home / "x.jsonl.gz", f"tinydb:{cli.file}"):
            assert cli("verify", place).out == expected


class TestTheBackupOfTheDay:
    """Made after a command that changed something, and never in its way."""

    def test_once_a_day(self, daily):
        """After a change, not after a question, not twice."""
        daily("list")
        assert backups(daily) == []
        assert daily("add", "Carol Stein").code == 0
        (name,) = backups(daily)
        assert name.endswith("-auto.json")
        daily("add", "Dora Lane")
        daily("undo")
        assert backups(daily) == [name]
        ran = daily("restore", f"{daily.file}.backups/{name}")
        assert ran.code == 0
        assert "carol-stein" in daily("list", "--handles").out

    @pytest.mark.parametrize(("said", "number"), [("0", 0), ("", 1), ("1", 1), ("99", 1)])
    def test_how_many_are_kept(self, daily, monkeypatch, said, number):
        """As the environment says."""
        monkeypatch.setenv("NETCRM_BACKUPS", said)
        assert daily("add", "Carol Stein").err == ""
        assert len(backups(daily)) == number

    def test_seven_are_kept(self, daily):
        """The newest."""
        folder = daily.file.with_name("network.json.backups")
        folder.mkdir(mode=0o700)
        for day in range(10, 30):
            (folder / f"2020-01-{day}T000000Z-auto.json").touch()
        daily("add", "Carol Stein")
        assert backups(daily)[:-1] == [f"2020-01-{day}T000000Z-auto.json" for day in range(24, 30)]

    @pytest.mark.parametrize("said", ["many", "-1", "1.5", "\x1b[2J", "²"])
    def test_nonsense_in_the_environment_is_told(self, daily, monkeypatch, said):
        """The command succeeds all the same."""
        monkeypatch.setenv("NETCRM_BACKUPS", said)
        ran = daily("add", "Carol Stein")
        assert (ran.code, ran.out) == (
            0,
            "Added Carol Stein (carol-stein). (#4; to take it back: netcrm undo)\n",
        )
        assert ran.err.startswith("netcrm: the change is stored, but not backed up: NETCRM_BACKUPS")
        assert len(ran.err.splitlines()) == 1
        assert "\x1b" not in ran.err
        assert daily("list").err == ""

    def test_one_that_fails_is_told(self, daily):
        """Nothing else comes of it."""
        folder = daily.file.with_name("network.json.backups")
        folder.write_text("in the way")
        ran = daily("add", "Carol Stein", "--json")
        assert (ran.code, ran.json["contact"]["handle"]) == (0, "carol-stein")
        assert ran.err.startswith("netcrm: the change is stored, but not backed up: ")
        assert str(folder) in ran.err
        assert len(ran.err.splitlines()) == 1
        assert folder.read_text() == "in the way"

    def test_a_failed_command_makes_none(self, daily):
        """Nor does a dry run, nor one that found nothing to change."""
        assert daily("add", "").code == 1
        assert daily("add", "Carol Stein", "--dry-run").code == 0
        assert daily("tag", "x", "-", stdin="").code == 0
        assert backups(daily) == []

    def test_what_is_due_is_seen_without_loading_much(self, daily, monkeypatch):
        """A command after which none is due loads nothing of it."""
        daily("add", "Carol Stein")
        for name in ("netcrm.network.keeping", "netcrm.storage.moving", "netcrm.storage.lines"):
            monkeypatch.delitem(sys.modules, name)
        daily("add", "Dora Lane")
        assert "netcrm.network.keeping" not in sys.modules
        assert "netcrm.storage.moving" not in sys.modules

    def test_advice_comes_with_it(self, daily, monkeypatch):
        """At most once a day, only on a terminal; doctor always gives it."""
        monkeypatch.setattr(tinydb, "_LARGE", 10)
        assert "netcrm copy" not in daily("add", "Carol Stein").err
        (one,) = backups(daily)
        daily.file.with_name("network.json.backups").joinpath(one).unlink()
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        assert "SQLite does not: netcrm copy" in daily("add", "Dora Lane").err
        assert "netcrm copy" not in daily("add", "Eve Moss").err
        assert "SQLite does not: netcrm copy" in daily("doctor").out
        assert "netcrm copy" in daily("doctor", "--json").json["advice"]


class TestProgress:
    """Whoever looks sees how far it has come."""

    @pytest.mark.parametrize(
        ("command", "label"),
        [
            (["copy", "{home}/network.json", "{home}/new.json"], "Copying"),
            (["export", "{home}/x.jsonl"], "Exporting"),
            (["backup"], "Backing up"),
            (["restore", "{home}/network.json.bak"], "Restoring"),
            (["verify"], "Verifying"),
        ],
    )
    def test_on_a_terminal_only(self, cli, monkeypatch, command, label):
        """A bar on standard error; answers stay as they are."""
        words = [word.replace("{home}", str(cli.home)) for word in command]
        monkeypatch.setattr(moving, "BATCH", 1)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        ran = cli(*words)
        assert ran.code == 0
        assert label in ran.err
        assert label not in ran.out


def test_nothing_can_be_read_by_others(terminal, monkeypatch):
    """After everything: no bit for group or others on anything that was made."""
    monkeypatch.delenv("NETCRM_BACKUPS")
    monkeypatch.delenv("NETCRM_NETWORK")
    old = os.umask(0)
    try:
        home = terminal.home
        for command in (
            ["init"], ["add", "Ana Ruiz"], ["backup"], ["backup", home / "b.json"],
            ["export", home / "x.jsonl"], ["export", home / "x.jsonl.gz"],
            ["copy", home / "data/netcrm/network.json", home / "new/folder/c.json"],
            ["copy", home / "x.jsonl", home / "new/folder/c.json", "--replace"],
            ["-n", home / "d.json", "import", "jsonl", home / "x.jsonl"],
            ["restore", home / "b.json"], ["-n", "memory:", "backup"], ["verify"],
        ):  # fmt: skip
            assert terminal(*command).code == 0, command
        (home / "data/netcrm/network.json").write_bytes(b"oh no")
        assert terminal("restore", home / "x.jsonl").code == 0
    finally:
        os.umask(old)
    made = list(home.rglob("*"))
    assert len(made) > 25
    assert not [path for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_restoring_broken_off(cli, monkeypatch):
    """The network is refused, with the way out; the same command again does it."""
    path = cli("backup", "--json").json["file"]
    for n in range(5):
        cli("add", f"Somebody {n}")
    with monkeypatch.context() as patch, cli.open() as net:
        patch.setattr(moving, "BATCH", 2)
        net._storage = Breaking(net._storage, 9, late=False)
        with pytest.raises(netcrm.StorageError):
            net.restore(path)
    ran = cli("list")
    assert ran.code == 5
    assert f"netcrm restore {path}" in ran.err
    ran = cli("restore", path)
    assert ran.code == 0
    assert "What was there before is in" in ran.out
    assert cli("list", "--handles").out == "ana-ruiz\nluis-ortega\nmaya-rao\n"


def test_an_export_that_nobody_reads_to_its_end(cli):
    """As with head: no mistake."""
    with cli.open() as net, net.transaction("many"):
        for n in range(500):
            net.add(f"Somebody {n}", note="x" * 500)
    command = f"set -o pipefail; {sys.executable} -m netcrm export - | head -c 1"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"{", b"")


def test_json_is_what_other_programs_read(cli):
    """Each line by itself."""
    for line in cli("export", "-").out.splitlines():
        assert isinstance(json.loads(line), dict)
