"""Commands about data: import, history, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
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
from netcrm.cli.words import commit_line, done, printable_commit

if TYPE_CHECKING:
    from netcrm.network.intake import ImportReport

_PARTLY_DONE = 6
_SHOWN = 10
_COUNTS = ("read", "created", "updated", "unchanged", "skipped", "rejected")


@click.command("import")
@click.argument("source", required=False)
@click.argument("file", required=False)
@dry_run
@as_json
@pass_app
def import_command(
    app: App, source: str | None, file: str | None, dry_run: bool, as_json: bool
) -> int:
    """Import people from a file; again is safe, it changes only what is new.

    Without SOURCE and FILE, list what can be imported from.

    \b
    Example:
      netcrm import linkedin ~/Downloads/Complete_LinkedInDataExport.zip
      netcrm import linkedin Connections.csv --dry-run
    """
    if source is None:
        _print_sources(app, as_json)
        return 0
    if file is None:
        names = [one.name for one in app.plugins.sources()]
        example = f"{source} FILE" if source in names else f"{(names or ['SOURCE'])[0]} {source}"
        raise click.UsageError(f"name the source and the file, as in: netcrm import {example}")
    with app.open() as net, progress("Importing") as watch:
        report = net.import_from(source, file, dry_run=dry_run, watch=watch)
    if as_json:
        print_json(
            **printable_commit(report.commit, dry_run),
            source=report.source,
            **{name: getattr(report, name) for name in _COUNTS},
            problems=[attrs.asdict(problem) for problem in report.problems],
            news=[attrs.asdict(item) for item in report.news],
            suggestions=[attrs.asdict(item) for item in report.suggestions],
        )
    else:
        _print_report(report)
        done(report.commit, dry_run, "import them", "Imported")
    return _PARTLY_DONE if report.rejected else 0


def _print_sources(app: App, as_json: bool) -> None:
    sources = app.plugins.sources()
    if as_json:
        print_json(sources=[{"name": one.name, "summary": one.summary} for one in sources])
    elif sources:
        table([(one.name, one.summary) for one in sources])
    else:
        say("No plugin offers a source. See: netcrm plugins")


def _print_report(report: ImportReport) -> None:
    counts = ", ".join(f"{getattr(report, name)} {name}" for name in _COUNTS[1:])
    say(f"{report.read} rows read: {counts}.")
    for item in report.news[:_SHOWN]:
        arrow = f"{item.before or 'nothing known'} -> {item.after or 'nothing'}"
        say(f"News: {item.name}, {item.kind}: {arrow}")
    for suggestion in report.suggestions[:_SHOWN]:
        say(
            f"Kept yours: {suggestion.name}, {suggestion.field} is {suggestion.ours!r}; "
            f"{report.source} says {suggestion.theirs!r}"
        )
    for problem in report.problems[:_SHOWN]:
        say(f"Line {problem.line} {problem.kind}: {problem.reason}")
    listed = max(map(len, (report.news, report.suggestions, report.problems)))
    if listed > _SHOWN:
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
