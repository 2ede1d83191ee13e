"""The program as shells start it: pipes, completion, signals, bytes, two at a time."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

import netcrm
from tests import networks

PROGRAM = [sys.executable, "-m", "netcrm"]


@pytest.fixture
def shell(tmp_path):
    """Run a command in a home of its own; `netcrm` is on its path."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    script = bin_ / "netcrm"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m netcrm "$@"\n')
    script.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    file = home / "network.json"
    with netcrm.open(file, tz=networks.HOME) as net:
        networks.ana_and_luis(net)
    environment = {
        "PATH": f"{bin_}:{os.environ['PATH']}",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "NETCRM_NETWORK": str(file),
        "NETCRM_TZ": networks.HOME,
        "LC_ALL": "C.UTF-8",
    }

    def run(command, **options):
        given = {**environment, **options.pop("env", {})}
        return subprocess.run(
            command,
            shell=isinstance(command, str),
            executable="/bin/bash" if isinstance(command, str) else None,
            capture_output=True,
            timeout=60,
            env=given,
            cwd=home,
            check=False,
            **options,
        )

    run.file, run.env, run.home = file, environment, home
    return run


def test_both_ways_to_start_it_are_the_same(shell):
    """`netcrm` and `python -m netcrm` are one program."""
    for command in ("netcrm --version", [*PROGRAM, "--version"]):
        ran = shell(command)
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert ran.stdout.decode() == f"netcrm {netcrm.__version__}\n"


def test_a_pipeline_of_the_manual(shell):
    """List the handles, tag those people, read the answer with another program."""
    ran = shell(
        "set -o pipefail; netcrm list --not-contacted 90d --handles | netcrm tag ask-autumn - "
        "&& netcrm list --tag ask-autumn --json"
    )
    assert ran.returncode == 0
    out = ran.stdout.decode()
    assert out.startswith("Tagged ask-autumn: Ana Ruiz, Luis Ortega.")
    found = json.loads(out[out.index("{") :])
    assert [one["handle"] for one in found["contacts"]] == ["ana-ruiz", "luis-ortega"]


def _somebody(number, day):
    name = f"Somebody With Quite A Long Name {number}"
    return netcrm.Contact(
        id=netcrm.new_id(), name=name, handle=f"s-{number}", added_on=day, note="x" * 200
    )


@pytest.mark.parametrize("command", ["list --json", "list", "due --json", "history --json"])
def test_a_reader_that_goes_away_is_no_mistake(shell, command):
    """`netcrm list | head -c 1` ends quietly and well."""
    with netcrm.open(shell.file, tz=networks.HOME) as net:
        net.rule("all", "1 week")
        net.put(*(_somebody(number, net.today) for number in range(600)))
    ran = shell(f"set -o pipefail; netcrm {command} | head -c 1")
    assert (ran.returncode, ran.stderr, len(ran.stdout)) == (0, b"", 1)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110
def test_output_that_cannot_be_written(shell):
    """A full disk behind standard output is one line and code 1."""
    ran = shell("netcrm list > /dev/full")
    assert ran.returncode == 1
    assert ran.stderr.decode() == "netcrm: [Errno 28] No space left on device\n"


def test_a_terminal_with_few_letters(shell):
    """What it cannot show is shown by codes; JSON stays JSON."""
    with netcrm.open(shell.file, tz=networks.HOME) as net:
        net.add("Жанна Müller")
    narrow = {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "latin-1"}
    ran = shell("netcrm list", env=narrow)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "\\u0416\\u0430\\u043d\\u043d\\u0430 Müller" in ran.stdout.decode("latin-1")
    ran = shell("netcrm list --json", env=narrow)
    names = [one["name"] for one in json.loads(ran.stdout.decode("latin-1"))["contacts"]]
    assert "Жанна Müller" in names


@pytest.mark.parametrize("arguments", [[b"show", b"\xff\xfe"], [b"add", b"Ana \xe9"]])
def test_arguments_that_are_no_text(shell, arguments):
    """Bytes in another encoding are refused in one line."""
    before = shell.file.read_bytes()
    ran = shell([*PROGRAM, *arguments])
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert len(ran.stderr.decode("utf-8").splitlines()) == 1
    assert shell.file.read_bytes() == before


@pytest.mark.parametrize(
    ("coding", "code", "said"),
    [("utf-8:strict", 2, b"standard input is not text"), ("utf-8:surrogateescape", 1, b"Nobody")],
)
def test_standard_input_that_is_no_text(shell, coding, code, said):
    """Names come as UTF-8; anything else is refused, and nobody is tagged."""
    before = shell.file.read_bytes()
    names = b"ana\n\xff\xfe\n"
    ran = shell([*PROGRAM, "tag", "x", "-"], input=names, env={"PYTHONIOENCODING": coding})
    assert ran.returncode == code
    assert said in ran.stderr
    assert b"Traceback" not in ran.stderr
    assert shell.file.read_bytes() == before


def test_two_at_a_time_lose_nothing(shell):
    """Two loops that log at the same time: everything acknowledged is there."""
    loop = "for i in 1 2 3 4 5; do netcrm log {who} coffee {who}$i >/dev/null || exit; done"
    ran = shell(f"({loop.format(who='ana')}) & ({loop.format(who='luis')}); wait")
    assert (ran.returncode, ran.stderr) == (0, b"")
    with netcrm.open(shell.file, tz=networks.HOME) as net:
        for who in ("ana", "luis"):
            assert {one.text for one in net.timeline(who)} == {f"{who}{i}" for i in range(1, 6)}
        assert len(net.history(limit=None)) == 12


def test_an_interrupt_ends_it_and_leaves_the_network_whole(shell):
    """Ctrl-C while it waits for names: code 130, one line, nothing changed."""
    before = shell.file.read_bytes()
    with subprocess.Popen(
        [*PROGRAM, "tag", "x", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=shell.env,
    ) as waiting:
        for _ in range(200):  # until it holds the lock, that is, reads names
            time.sleep(0.02)
            if shell.file.with_name("network.json.lock").exists() and _reads(waiting.pid):
                break
        waiting.send_signal(signal.SIGINT)
        out, err = waiting.communicate(timeout=30)
    assert (waiting.returncode, out) == (130, b"")
    assert err.decode().splitlines()[-1] == "netcrm: interrupted; what was committed stays"
    assert b"Traceback" not in err
    assert shell.file.read_bytes() == before


def _reads(pid: int) -> bool:
    """Whether a process waits for its standard input, as far as this system tells."""
    try:
        with open(f"/proc/{pid}/wchan") as file:  # noqa: PTH123
            return "pipe" in file.read()
    except OSError:
        return True


class TestCompletion:
    """A shell completes commands and people."""

    @pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
    def test_the_script_is_sourced_cleanly(self, shell, name):
        """What `netcrm completion` prints can be put into the shell's own file."""
        ran = shell(f"netcrm completion {name}")
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert b"_NETCRM_COMPLETE" in ran.stdout
        if not shutil.which(name):
            pytest.skip(f"there is no {name} here")
        check = {"bash": "bash -n", "zsh": "zsh -n", "fish": "fish --no-execute"}[name]
        ran = shell(f"netcrm completion {name} > script && {check} script")
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")

    def test_bash_completes_people(self, shell):
        """TAB behind a command that takes a person offers handles."""
        ran = shell(
            'eval "$(netcrm completion bash)"; complete -p netcrm; '
            "COMP_WORDS=(netcrm show a); COMP_CWORD=2; _netcrm_completion netcrm; "
            'echo "${COMPREPLY[@]}"'
        )
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert ran.stdout.decode().splitlines() == [
            "complete -o nosort -F _netcrm_completion netcrm",
            "ana-ruiz",
        ]

    def complete(self, shell, name, words):
        typed = {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
        if name == "fish":
            typed = {"COMP_WORDS": " ".join(words[:-1]), "COMP_CWORD": words[-1]}
        ran = shell("netcrm", env={**typed, "_NETCRM_COMPLETE": f"{name}_complete"})
        assert (ran.returncode, ran.stderr) == (0, b"")
        return ran.stdout.decode()

    @pytest.mark.parametrize(
        ("name", "answer"),
        [
            ("bash", "plain,ana-ruiz\n"),
            ("zsh", "plain\nana-ruiz\nAna Ruiz\n"),
            ("fish", "plain,ana-ruiz\tAna Ruiz\n"),
        ],
    )
    @pytest.mark.parametrize(
        "typed", [["show"], ["log"], ["tag", "x"], ["refer", "luis"], ["pause"]]
    )
    def test_each_shell_is_answered(self, shell, name, answer, typed):
        """With the name beside the handle where the shell shows it."""
        assert self.complete(shell, name, ["netcrm", *typed, "an"]) == answer

    def test_commands_and_words_are_completed(self, shell):
        """The rest is completed as well."""
        assert self.complete(shell, "bash", ["netcrm", "expl"]) == "plain,explain\n"
        assert self.complete(shell, "bash", ["netcrm", "completion", "z"]) == "plain,zsh\n"

    def test_draft_folders_are_completed(self, shell):
        """Those of all plugins, each with what it is."""
        plugin = shell.home / "drawer.py"
        plugin.write_text(
            "from netcrm import DraftFolder, hookimpl\n\n\n@hookimpl\n"
            "def netcrm_draft_folders():\n    names = 'drawer', 'dresser', 'desk'\n    return ["
            "DraftFolder(name=one, summary=f'The {one}', put=print) for one in names]\n"
        )
        typed = ["netcrm", "--plugin", str(plugin), "draft", "request", "ana", "--to", "dr"]
        answer = "plain,drawer\tThe drawer\nplain,dresser\tThe dresser\n"
        assert self.complete(shell, "fish", typed) == answer

    def test_the_network_named_before_the_command_is_the_one(self, shell):
        """And where there is none, or one that cannot be read, there is nothing, quietly."""
        other = shell.home / "other.json"
        with netcrm.open(other) as net:
            net.add("Anders Berg")
        typed = ["netcrm", "-n", str(other), "show", "an"]
        assert self.complete(shell, "bash", typed) == "plain,anders-berg\n"
        other.write_bytes(b"broken")
        assert self.complete(shell, "bash", typed).strip() == ""
        typed[2] = "missing.json"
        assert self.complete(shell, "bash", typed).strip() == ""
