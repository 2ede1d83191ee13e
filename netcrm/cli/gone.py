"""Commands about people who are removed or forgotten: remove, trash, forget."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netcrm.cli.base import (
    App,
    as_json,
    data_folder,
    dry_run,
    pass_app,
    print_json,
    say,
    table,
    who_argument,
)
from netcrm.cli.words import done, pretty, printable_commit, to_json
from netcrm.errors import RefusedError, StorageError

if TYPE_CHECKING:
    from netcrm.model.base import Entity
    from netcrm.network import Network
    from netcrm.network.forgetting import Erased


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


@click.command("forget")
@who_argument(required=False)
@click.option("--trash", is_flag=True, help="Everybody who is in the trash.")
@click.option("--scrub", is_flag=True, help="Only write over what was deleted, once more.")
@click.option("--copies", is_flag=True, help="Remove the backups too, and make a new one.")
@click.option("--yes", is_flag=True, help="Do what cannot be undone.")
@dry_run
@as_json
@pass_app
def forget_command(
    app: App,
    who: str | None,
    trash: bool,
    scrub: bool,
    copies: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Erase a person for good, here or in the trash, and keep them out. It cannot be undone.

    Every record that is about nobody else goes, and every former version of it. Imports leave out
    who was forgotten; adding them by hand is possible.

    \b
    Example:
      netcrm forget a-ruiz --dry-run
      netcrm forget a-ruiz --yes
    """
    if [who is not None, trash, scrub].count(True) != 1:
        raise click.UsageError("name a person, or give --trash or --scrub")
    with app.open() as net:
        if scrub:
            _scrub(net, dry_run, as_json)
            return
        gone = net.forget(who, folder=data_folder(), dry_run=dry_run or not yes)
        if gone.contacts and not (yes or dry_run):
            raise RefusedError(_warning(gone, "--trash" if who is None else who))
        replaced = copies and gone.contacts and not dry_run
        kept = net.backup(folder=data_folder()) if replaced and gone.copies else None
        if replaced:
            _remove(gone.copies)
    _report(gone, dry_run, as_json, removed=copies)
    if kept and not as_json:
        say(f"Backed up to {kept}")


def _scrub(net: Network, dry_run: bool, as_json: bool) -> None:
    advice = "" if dry_run else net.scrub()
    if as_json:
        print_json(**printable_commit(None, dry_run), advice=advice)
    else:
        say(advice or ("Nothing was changed." if dry_run else "What was deleted is written over."))


def _remove(copies: Sequence[Path]) -> None:
    from netcrm.network.keeping import remove

    try:
        remove(copies)
    except StorageError as error:
        why = str(error).removesuffix(" Nothing was changed.")
        raise StorageError(f"They are forgotten, but a copy is still there: {why}") from error


def _warning(would: Erased, said: str) -> str:
    names = ", ".join(contact.name for contact in would.contacts)
    same = f"netcrm forget {shlex.quote(said)}"
    return (
        f"{names}, and all that is about nobody else, would be gone for good. To see what that is: "
        f"{same} --dry-run. To do it: {same} --yes"
    )


def _report(gone: Erased, dry_run: bool, as_json: bool, *, removed: bool = False) -> None:
    """Say what was erased, or would be, and where these people may still be found."""
    from netcrm.codec import kind_of

    if as_json:
        print_json(
            **printable_commit(gone.commit, dry_run),
            contacts=[to_json(contact) for contact in gone.contacts],
            about=gone.about,
            versions=gone.versions,
            mentions=[{"kind": kind_of(one), **to_json(one)} for one in gone.mentions],
            copies=[str(path) for path in gone.copies],
            advice=gone.advice,
        )
        return
    if not gone.contacts:
        say("Nobody is in the trash.")
        return
    names = ", ".join(f"{contact.name} ({contact.handle})" for contact in gone.contacts)
    for kind, number in gone.about.items():
        say(f"{number} {kind}{'s' * (number > 1)} with them")
    if gone.versions:
        say(f"{gone.versions} former version{'s' * (gone.versions > 1)} of all this")
    if dry_run:
        say(f"Would forget {names} for good. Nothing was changed.")
    else:
        say(f"Forgot {names}. This cannot be taken back.")
    for one in gone.mentions:
        say(f"Still named in {_where(one)}")
    if gone.copies:
        did = "These copies would be removed" if dry_run else "These copies were removed"
        say(f"{did if removed else 'These copies may still hold them'}:")
        for path in gone.copies:
            say(f"  {path}")
    if gone.advice:
        say(gone.advice)


def _where(one: Entity) -> str:
    """Return what somebody is still named in."""
    from netcrm.model.contact import Contact
    from netcrm.model.interaction import Interaction

    if isinstance(one, Contact):
        return f"the record of {one.name} ({one.handle})"
    if isinstance(one, Interaction):
        return f"what was logged for {pretty(one.occurred.date)}"
    return f"{type(one).__name__.lower()} {one.id}"
