"""Commands about data: import, history, undo."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from netcrm.cli.base import (
    App,
    as_json,
    dry_run,
    pass_app,
    print_json,
    progress,
    say,
    table,
    warn,
)
from netcrm.cli.words import commit_line, done, printable, printable_commit

if TYPE_CHECKING:
    from netcrm.network.intake import ImportReport

_PARTLY_DONE = 6
_SHOWN = 10
_LINES = "jsonl"
_LISTS = ("problems", "news", "suggestions", "review")
_COUNTS = ("read", "created", "updated", "logged", "unchanged", "skipped", "rejected")


@click.command("import")
@click.argument("source", required=False)
@click.argument("file", required=False)
@click.option(
    "-o", "--option", "options", multiple=True, metavar="WHAT=VALUE", help="Tells the source more."
)
@dry_run
@as_json
@pass_app
def import_command(
    app: App,
    source: str | None,
    file: str | None,
    options: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> int:
    """Import people from a file; again is safe, it changes only what is new.

    Without SOURCE and FILE, list what can be imported from. Some sources need no FILE. The source
    jsonl brings everything that netcrm export wrote into an empty network.

    \b
    Example:
      netcrm import linkedin ~/Downloads/Complete_LinkedInDataExport.zip
      netcrm import linkedin Connections.csv --dry-run
      netcrm import table alumni.csv -o "Class Year=tags"
    """
    if source is None:
        _print_sources(app, as_json)
        return 0
    file = _nothing(app, source) if file is None else file
    if source == _LINES:
        _import_lines(app, file, dry_run, as_json)
        return 0
    with app.open() as net, progress("Importing") as watch:
        report = net.import_from(
            source, file, options=_pairs(options), dry_run=dry_run, watch=watch
        )
    return show_report(report, dry_run, as_json)


def _nothing(app: App, source: str) -> str:
    """Return what is read where only a source was named; refuse one that needs more."""
    needs = {_LINES: "FILE", **{one.name: one.needs for one in app.plugins.sources()}}
    if needs.get(source) == "":
        return ""
    example = f"{source} {needs[source]}" if source in needs else f"{list(needs)[-1]} {source}"
    raise click.UsageError(f"name the source and the file, as in: netcrm import {example}")


def _pairs(options: Iterable[str]) -> dict[str, str]:
    """Return what was given as WHAT=VALUE; the last = counts: names of columns may have some."""
    pairs = [option.rpartition("=") for option in options]
    for what, sign, value in pairs:
        if not (what and sign):
            raise click.UsageError(f"write an option as WHAT=VALUE, not {value!r}")
    return {what.strip(): value.strip() for what, _, value in pairs}


def show_report(report: ImportReport, dry_run: bool, as_json: bool) -> int:
    """Show what an import has done; return the exit code."""
    if as_json:
        print_json(
            **printable_commit(report.commit, dry_run),
            source=report.source,
            **{name: getattr(report, name) for name in _COUNTS},
            **{name: [printable(item) for item in getattr(report, name)] for name in _LISTS},
            notes=list(report.notes),
        )
    else:
        _print_report(report)
        done(report.commit, dry_run, "import them", "Imported")
    return _PARTLY_DONE if report.rejected else 0


def _sources(app: App) -> list[tuple[str, str]]:
    """Return the sources by name, each with what it is."""
    offered = {one.name: one.summary for one in app.plugins.sources()}
    return [(_LINES, "Everything that netcrm export wrote"), *offered.items()]


def _print_sources(app: App, as_json: bool) -> None:
    sources = _sources(app)
    if as_json:
        print_json(sources=[{"name": name, "summary": summary} for name, summary in sources])
    else:
        table(sources)


def _import_lines(app: App, file: str, dry_run: bool, as_json: bool) -> None:
    """Bring all that was exported into an empty network, as it was."""
    from netcrm.kinds import KINDS
    from netcrm.network.moving import copy
    from netcrm.storage.files import path_at
    from netcrm.storage.lines import LinesStorage

    with progress("Importing") as watch:
        lines = LinesStorage(path_at(file), KINDS, watch=watch)
        copied = copy(lines, app.location, plugins=app.plugins, dry_run=dry_run, watch=watch)
    total = sum(copied.records.values())
    counts = dict.fromkeys(_COUNTS, 0) | {"read": total, "created": total}
    if as_json:
        nothing: dict[str, list[object]] = {name: [] for name in _LISTS}
        print_json(**printable_commit(None, dry_run), source=_LINES, **counts, **nothing, notes=[])
    elif dry_run:
        say(f"Would import {total:,} records. Nothing was changed.")
    else:
        say(f"Imported {total:,} records, with their history.")


def _print_report(report: ImportReport) -> None:
    shown = [name for name in _COUNTS[1:] if name != "logged" or report.logged]
    counts = ", ".join(f"{getattr(report, name):,} {name}" for name in shown)
    for note in report.notes:
        say(note, style="faint")
    say(f"{report.read:,} row{'' if report.read == 1 else 's'} read: {counts}.")
    for new in report.review[:_SHOWN]:
        say(
            f"{new.name} ({new.handle}) may be {' or '.join(new.like)}: "
            f"netcrm merge {new.like[0]} {new.handle}"
        )
    for item in report.news[:_SHOWN]:
        arrow = f"{item.before or 'nothing known'} -> {item.after or 'nothing'}"
        say(f"News: {item.name}, {item.kind}: {arrow}")
    for suggestion in report.suggestions[:_SHOWN]:
        say(
            f"Kept yours: {suggestion.name}, {suggestion.field} is {suggestion.ours!r}; "
            f"{report.source} says {suggestion.theirs!r}"
        )
    alike: dict[tuple[str, str, str], list[int]] = {}
    several = len({problem.file for problem in report.problems}) > 1
    for problem in report.problems:
        key = (problem.file if several else "", problem.kind, problem.reason)
        alike.setdefault(key, []).append(problem.line)
    for (file, kind, reason), lines in list(alike.items())[:_SHOWN]:
        what = f"Line {lines[0]}" if len(lines) == 1 else f"{len(lines):,} rows"
        say(f"{f'{file}: ' if file else ''}{what} {kind}: {reason}")
    if len(alike) > _SHOWN or any(len(getattr(report, name)) > _SHOWN for name in _LISTS[1:]):
        say("There is more: --json lists everything.")


@click.command("history")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=1))
@as_json
@pass_app
def history_command(app: App, limit: int, as_json: bool) -> None:
    """List what was done, the newest first.

    \b
    Example:
      netcrm history --limit 5
    """
    with app.open() as net:
        entries = net.history(limit)
        zone = net.now().tzinfo
    if as_json:
        print_json(commits=[{**commit_line(e.commit), "undone_by": e.undone_by} for e in entries])
        return
    if not entries:
        say("Nothing was done yet.")
        return
    rows = []
    for entry in entries:
        commit = entry.commit
        what = ", ".join(
            f"{commit.count(fate)} {fate}"
            for fate in ("created", "changed", "deleted")
            if commit.count(fate)
        )
        undone = f"(undone by #{entry.undone_by})" if entry.undone_by else ""
        reason = f"undo #{commit.undoes}" if commit.undoes else f"{commit.reason} {commit.detail}"
        when = f"{commit.at.astimezone(zone):%Y-%m-%d %H:%M}"
        rows.append((f"#{commit.seq}", when, reason.strip(), what, undone))
    table(rows, styles=["faint" if entry.undone_by else "" for entry in entries])


@click.command("undo")
@click.argument("number", required=False, type=int)
@click.option("--leave-touched", is_flag=True, help="Leave what was changed since; undo the rest.")
@dry_run
@as_json
@pass_app
def undo_command(
    app: App, number: int | None, leave_touched: bool, dry_run: bool, as_json: bool
) -> None:
    """Take back the last change, or the one with a number, exactly. An undo can be undone too.

    \b
    Example:
      netcrm undo
      netcrm undo 12
    """
    with app.open() as net:
        with net.transaction("undo", dry_run=dry_run) as receipt:
            undone = net.undo(number, leave_touched=leave_touched)
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), undone=commit_line(undone))
        return
    what = f"#{undone.seq} {undone.reason} {undone.detail}".strip()
    done(receipt.commit, dry_run, f"take back {what}", f"Took back {what}")
    if leave_touched and receipt.commit is None:
        warn("Everything in it was touched since.")
