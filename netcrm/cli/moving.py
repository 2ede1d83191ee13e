"""Commands that move a network as a whole: copy, export, backup, restore, verify."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from netcrm.cli.base import (
    App,
    as_json,
    data_folder,
    dry_run,
    json_text,
    pass_app,
    print_json,
    progress,
    say,
    table,
)
from netcrm.cli.letters import write_file
from netcrm.cli.words import commit_line, to_json

if TYPE_CHECKING:
    from datetime import tzinfo

    from netcrm.network.forgetting import Dossier
    from netcrm.storage.backups import Backup
    from netcrm.storage.moving import Copied

_FAULTY = 4
_SHOWN = 20

replace = click.option("--replace", is_flag=True, help="Replace what is there.")


@click.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@replace
@dry_run
@as_json
@pass_app
def copy_command(
    app: App, source: str, target: str, replace: bool, dry_run: bool, as_json: bool
) -> None:
    """Copy a network to another place, with its history; both are compared afterwards.

    FROM and TO are files or URLs; a file whose name ends in .jsonl or .jsonl.gz holds JSON Lines.
    If a copy was broken off, the same command goes on where it stopped.

    \b
    Example:
      netcrm copy network.json everything.jsonl.gz
    """
    from netcrm.network.moving import copy
    from netcrm.network.places import lines_at, resolved, shown

    with progress("Copying") as watch:
        copied = copy(
            source,
            target,
            replace=replace,
            plugins=app.plugins,
            folder=data_folder(),
            dry_run=dry_run,
            watch=watch,
        )
    if as_json:
        print_json(**_printable(copied, dry_run), source=shown(source), target=resolved(target))
        return
    counted = _counted(copied.records)
    _report(copied, dry_run, f"copy {counted}", f"Copied {counted}")
    if dry_run:
        return
    if lines_at(target):
        say(f"To bring it back in: netcrm import jsonl {resolved(target)}")
    else:
        say(f"To use it from now on, set NETCRM_NETWORK={resolved(target)}")


@click.command("export")
@click.argument("file")
@click.option(
    "--person", "who", metavar="WHO", help="Only what is known about one person, as JSON."
)
@replace
@as_json
@pass_app
def export_command(app: App, file: str, who: str | None, replace: bool, as_json: bool) -> None:
    """Write everything to a file of JSON Lines, which any program can read.

    A name that ends in .gz packs it; - is standard output. With --person it is one JSON document:
    they, what is about them, what all that was before, and each change to it.

    \b
    Example:
      netcrm export everything.jsonl
      netcrm export --person ana ana.json
    """
    if file == "-" and as_json:
        raise click.UsageError("--json and - both mean standard output")
    with app.open() as net:
        if who is not None:
            _export_person(net.dossier(who), file, replace, as_json)
            return
        if file == "-":
            net.export(sys.stdout.buffer)
            return
        with progress("Exporting") as watch:
            records = net.export(file, replace=replace, watch=watch)
    if as_json:
        print_json(file=file, records=records)
    else:
        say(f"Exported {_counted(records)} to {file}")


def _export_person(known: Dossier, file: str, replace: bool, as_json: bool) -> None:
    """Write what is known about one person to a file of their own."""
    import gzip

    from netcrm.codec import kind_of

    records = {kind: len(entities) for kind, entities in known.about.items()}
    content = {
        "person": to_json(known.person),
        "about": {kind: [to_json(one) for one in some] for kind, some in known.about.items()},
        "former": [{"kind": kind_of(one), **to_json(one)} for one in known.former],
        "commits": [commit_line(commit) for commit in known.commits],
    }
    if file == "-":
        print_json(**content)
        return
    written = f"{json_text(**content)}\n".encode()
    write_file(file, gzip.compress(written) if file.endswith(".gz") else written, over=replace)
    if as_json:
        print_json(file=file, records={"contact": 1, **records})
    else:
        say(f"Exported all that is known about {known.person.name} to {file}")


@click.command("backup")
@click.argument("file", required=False)
@click.option("--list", "listed", is_flag=True, help="List the backups that there are.")
@as_json
@pass_app
def backup_command(app: App, file: str | None, listed: bool, as_json: bool) -> None:
    """Make a backup, and read it again to see that it is equal.

    Without FILE it goes to a folder beside the network, where others are made once a day.

    \b
    Example:
      netcrm backup
      netcrm backup --list
    """
    if listed and file is not None:
        raise click.UsageError("--list takes no file")
    with app.open() as net:
        if listed:
            _list(net.backups(data_folder()), net.now().tzinfo, as_json)
            return
        with progress("Backing up") as watch:
            made = net.backup(file, folder=data_folder(), watch=watch)
    if as_json:
        print_json(file=str(made), bytes=made.stat().st_size)
    else:
        say(f"Backed up to {made}. To go back to it: netcrm restore {made}")


def _list(backups: list[Backup], zone: tzinfo | None, as_json: bool) -> None:
    if as_json:
        print_json(
            backups=[
                {
                    "file": str(one.path), "made": one.made.isoformat(),
                    "automatic": one.automatic, "bytes": one.size,
                }
                for one in backups
            ]
        )  # fmt: skip
    elif not backups:
        say("There are no backups. Make one: netcrm backup")
    else:
        table(
            [
                (
                    f"{one.made.astimezone(zone):%Y-%m-%d %H:%M}",
                    f"{(one.size + 999) // 1000:,} kB",
                    "automatic" if one.automatic else "",
                    str(one.path),
                )
                for one in backups
            ]
        )


@click.command("restore")
@click.argument("file")
@dry_run
@as_json
@pass_app
def restore_command(app: App, file: str, dry_run: bool, as_json: bool) -> None:
    """Make the network what a backup says, with its history. What is there now is kept.

    FILE is a backup, an export, or any other network. If restoring was broken off, the same command
    goes on where it stopped.

    \b
    Example:
      netcrm restore network.json.bak --dry-run
      netcrm restore network.json.bak
    """
    with app.open(create=True) as net:
        with progress("Restoring") as watch:
            copied = net.restore(file, folder=data_folder(), dry_run=dry_run, watch=watch)
        back = [] if dry_run else net.returned()
    if as_json:
        returned = [one.handle for one in back]
        print_json(
            **_printable(copied, dry_run), source=file, location=net.location, returned=returned
        )
        return
    counted = _counted(copied.records)
    _report(copied, dry_run, f"restore {counted} from {file}", f"Restored {counted} from {file}")
    for one in back:
        say(
            f"{one.name} was forgotten, and is back. To forget them again: "
            f"netcrm forget {one.handle} --yes"
        )


@click.command("verify")
@click.argument("file", metavar="[FILE|URL]", required=False)
@as_json
@pass_app
def verify_command(app: App, file: str | None, as_json: bool) -> int:
    """Read everything in the network, or in a backup, and check that it is whole.

    \b
    Example:
      netcrm verify
      netcrm verify network.json.bak
    """
    from netcrm.network import open as open_network
    from netcrm.network.places import existing_at

    with progress("Verifying") as watch:
        place = existing_at(file, app.plugins, watch=watch) if file else None
        with app.open() if place is None else open_network(place, plugins=app.plugins) as net:
            found = net.verify(watch)
    if as_json:
        sums = {kind: {"records": n, "sha256": sha256} for kind, (n, sha256) in found.sums.items()}
        print_json(location=net.location, sums=sums, faults=list(found.faults))
    else:
        table([(f"{n:>9,}", kind, sha256) for kind, (n, sha256) in found.sums.items()])
        for fault in found.faults[:_SHOWN]:
            say(fault, style="late")
        if len(found.faults) > _SHOWN:
            say(f"There are {len(found.faults):,} faults: --json lists all.", style="late")
        say(
            "All is well."
            if not found.faults
            else "For backups to go back to: netcrm backup --list"
        )
    return _FAULTY if found.faults else 0


def _counted(records: Mapping[str, int]) -> str:
    total = sum(records.values())
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in records.items())
    return f"{total:,} record{'' if total == 1 else 's'}{f' ({kinds})' if kinds else ''}"


def _report(copied: Copied, dry_run: bool, would: str, did: str) -> None:
    changes = f"{copied.written:,} written, {copied.removed:,} removed"
    if dry_run:
        say(f"Would {would}: {changes}. Nothing was changed.")
    else:
        say(f"{did}: {changes}.")
    if copied.kept:
        say(f"What was there before is in {copied.kept}")


def _printable(copied: Copied, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "records": copied.records,
        "written": copied.written,
        "removed": copied.removed,
        "kept": str(copied.kept) if copied.kept else None,
    }
