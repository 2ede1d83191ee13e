"""Commands about people who are removed: remove, trash."""

from __future__ import annotations

import click

from netcrm.cli.base import App, as_json, dry_run, pass_app, print_json, say, table, who_argument
from netcrm.cli.words import done, pretty, printable_commit, to_json


@click.command("remove")
@who_argument()
@dry_run
@as_json
@pass_app
def remove_command(app: App, who: str, dry_run: bool, as_json: bool) -> None:
    """Remove a person, and what is about nobody else. Undo brings all of it back.

    What was said to others too stays with those. Imports leave out who was removed.

    \b
    Example:
      netcrm remove a-ruiz --dry-run
      netcrm remove a-ruiz
    """
    with app.open() as net:
        gone = net.remove(who, dry_run=dry_run)
    if as_json:
        print_json(
            **printable_commit(gone.commit, dry_run),
            contact=to_json(gone.contact),
            about=gone.about,
        )
        return
    for kind, number in gone.about.items():
        say(f"{number} {kind}{'s' * (number > 1)} with {gone.contact.name}")
    what = f"{gone.contact.name} ({gone.contact.handle})"
    done(gone.commit, dry_run, f"remove {what}", f"Removed {what}")


@click.command("trash")
@as_json
@pass_app
def trash_command(app: App, as_json: bool) -> None:
    """List who was removed, the last one first, and how to bring them back.

    \b
    Example:
      netcrm trash
    """
    with app.open() as net:
        found = net.trash()
        zone = net.now().tzinfo
    known = [(gone, gone.commit) for gone in found if gone.commit]
    if as_json:
        print_json(
            items=[
                {"contact": to_json(gone.contact), "about": gone.about, "seq": commit.seq}
                for gone, commit in known
            ]
        )
    elif known:
        table(
            [
                (
                    f"#{commit.seq}",
                    gone.contact.name,
                    gone.contact.handle,
                    pretty(commit.at.astimezone(zone).date()),
                )
                for gone, commit in known
            ]
        )
        say(f"To bring the first one back: netcrm undo {known[0][1].seq}", style="faint")
    else:
        say("Nobody is in the trash.")
