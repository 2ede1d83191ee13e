"""Commands about netcrm itself: init, demo, doctor, plugins, completion."""

from __future__ import annotations

import os
import platform
import shlex
import stat
import tempfile
from collections.abc import Collection
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netcrm import __version__
from netcrm.cli.base import App, as_json, dry_run, pass_app, print_json, say, table
from netcrm.cli.words import done, printable_commit, to_json
from netcrm.errors import NetcrmError, RefusedError, StorageError
from netcrm.storage.files import file_of

if TYPE_CHECKING:
    from netcrm.loading import PluginReport
    from netcrm.network import Network

_DEMO = (
    "init --name Me",
    "import linkedin {file}",
    "tag inner ines-falk tomas-bergqvist ana-ruiz --circle",
    'rule circle:inner "2 weeks" --grace "3 weeks"',
    'rule source:linkedin "6 months"',
    'log ana-ruiz coffee "how she chose family medicine" --at "40 days ago"',
    'ask ines-falk email "half an hour on nursing?" --at "16 days ago"',
    "spread --apply",
    'refer ana-ruiz "Luis Ortega" --mode offered --context "runs a night clinic"',
    "due --cap 5",
    "explain ana-ruiz",
    "today",
)

_YOUR_TURN = (
    "init",
    "import linkedin FILE      the ZIP or CSV that LinkedIn gave you",
    "tag inner WHO --circle    who matters",
    'rule circle:inner "2 weeks"',
    'log WHO coffee "..."      whenever you talked',
    "ask WHO email             for an informational interview",
    "today                     every morning",
)


@click.command("init")
@click.option("--name", default="Me", show_default=True, help="Your own name.")
@dry_run
@as_json
@pass_app
def init_command(app: App, name: str, dry_run: bool, as_json: bool) -> None:
    """Make a new network.

    \b
    Example:
      netcrm init --name "Maya Rao"
      netcrm --network work.json init
    """
    with app.open(create=True) as net:
        if net.history(1):
            raise RefusedError(
                f"{net.location}: there is a network here already. Nothing was changed."
            )
        with net.transaction("init", dry_run=dry_run) as receipt:
            me = net.add(name, is_me=True)
    if as_json:
        print_json(
            **printable_commit(receipt.commit, dry_run), location=net.location, me=to_json(me)
        )
        return
    done(receipt.commit, dry_run, f"make {net.location}", f"Made {net.location}")
    say('Next: netcrm import linkedin FILE, or netcrm add "Ana Ruiz"; then netcrm ask ana email')


@click.command("demo")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where to put it.")
@pass_app
def demo_command(app: App, folder: Path | None) -> None:
    """Show the main job on made-up people, in a real file of its own.

    \b
    Example:
      netcrm demo
    """
    from netcrm.cli import cli

    folder = folder or Path(tempfile.mkdtemp(prefix="netcrm-demo-"))
    network, export = folder / "network.json", folder / "Connections.csv"
    if network.exists():
        raise RefusedError(f"{network} is there already; name another --folder")
    sample = resources.files("netcrm").joinpath("text/demo-connections.csv")
    try:
        for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
            missing.mkdir(mode=0o700)  # with parents=True they would be open to others
        export.touch(mode=0o600)
        export.write_bytes(sample.read_bytes())
    except OSError as error:
        raise StorageError(f"{folder}: cannot be written: {error.strerror}") from None
    start = ["--network", str(network), *(["--tz", app.zone] if app.zone else [])]
    for line in _DEMO:
        words = shlex.split(line.format(file=shlex.quote(str(export))))
        say(f"$ netcrm {shlex.join(words)}", style="heading")
        cli.main([*start, *words], prog_name="netcrm", standalone_mode=False)
        say()
    say(f"All of it is in {network}. The same with your own people:", style="heading")
    say("  1. LinkedIn > Settings > Data privacy > Get a copy of your data > Connections")
    run = "uv run netcrm" if "UV_RUN_RECURSION_DEPTH" in os.environ else "netcrm"
    for number, step in enumerate(_YOUR_TURN, start=2):
        say(f"  {number}. {run} {step}")


@click.command("doctor")
@as_json
@pass_app
def doctor_command(app: App, as_json: bool) -> int:
    """Say where the network is and what is in it, and check that plugins work.

    \b
    Example:
      netcrm doctor
    """
    from netcrm.network.places import shown

    failures = {r.name: r.failure for r in _plugin_reports(app) if r.failure}
    counts: dict[str, int] = {}
    faults: list[str] = []
    hints: list[str] = []
    location, zone, advice, trouble = shown(app.location), "", "", None
    try:
        with app.open() as net:
            location, zone = net.location, net.zone
            counts, advice = net.counts(), net.advice()
            hints = _hints(net, counts)
    except NetcrmError as error:
        trouble = error
        faults = [str(error)]
    path = file_of(location)
    if path and stat.S_IMODE(path.stat().st_mode) & 0o077:
        faults.append(f"{path}: others on this machine may read it. To mend: chmod 600 {path}")
    if as_json:
        print_json(
            version=__version__, location=location, zone=zone, records=counts, advice=advice,
            hints=hints, faults=faults, plugin_failures=failures,
        )  # fmt: skip
    else:
        python = platform.python_version()
        table(
            [("netcrm", f"{__version__}, Python {python}"), ("network", location), ("zone", zone)]
        )
        for kind, count in counts.items():
            say(f"{count:>7} {kind}")
        for name, why in failures.items():
            say(f"plugin {name} is set aside: {why}", style="late")
        for fault in faults:
            say(fault, style="late")
        if advice:
            say(advice)
        for hint in hints:
            say(f"Before you ask: {hint}")
        say("There is something to mend." if faults or failures else "All is well.")
    if trouble is not None:
        return trouble.exit_code
    return 1 if faults or failures else 0


def _hints(net: Network, counts: Collection[str]) -> list[str]:
    """Return what is missing for interviews, for who has begun with that."""
    if not {"interview", "objective", "profile", "campaign"}.intersection(counts):
        return []
    hints = [one.text for one in net.ready()]
    aimless = [one.names for one in net.interviews(stage="open") if not one.interview.objectives]
    if aimless:
        hints.append(f"no objective is named for {', '.join(aimless)}: netcrm ask --for")
    return hints


def _plugin_reports(app: App) -> list[PluginReport]:
    from netcrm.cli import plugin_commands

    plugin_commands(app)  # so that their clashes are in the report
    return app.plugins.report()


@click.command("plugins")
@as_json
@pass_app
def plugins_command(app: App, as_json: bool) -> None:
    """List plugins, what they add, and those that are set aside and why.

    \b
    Example:
      netcrm plugins
      netcrm --no-plugin linkedin plugins
    """
    reports = _plugin_reports(app)
    if as_json:
        print_json(
            plugins=[
                {
                    "name": r.name, "origin": r.origin, "version": r.version,
                    "hooks": list(r.hooks), "blocked": r.blocked, "failure": r.failure,
                }
                for r in reports
            ]
        )  # fmt: skip
        return
    if not reports:
        say("No plugins.")
        return
    rows = []
    for report in reports:
        state = "blocked" if report.blocked else report.failure or ", ".join(report.hooks)
        rows.append((report.name, f"{report.origin} {report.version}".strip(), state))
    table(rows, styles=["late" if report.failure else "" for report in reports])


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: str) -> None:
    """Print the lines that make a shell complete commands and names.

    \b
    Example:
      netcrm completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    from netcrm.cli import cli

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(cli, {}, "netcrm", "_NETCRM_COMPLETE").source())
