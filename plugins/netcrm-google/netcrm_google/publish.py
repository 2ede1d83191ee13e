"""The command `netcrm google publish`: what comes, in a calendar of netcrm's own at Google."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

import click

from netcrm import App, Coming, NetcrmError, Network, pass_app
from netcrm_google.accounts import Outside, reaching
from netcrm_google.progress import Progress
from netcrm_google.publishing import Plan, Step, calendars, carry_out, plan, remove
from netcrm_google.shared import Result, as_json, in_turn, meant, pass_outside, result_of
from netcrm_google.words import visible


@click.command("publish")
@click.argument("account", required=False)
@click.option(
    "--within", metavar="TIME", default="3 months", show_default=True, help="How far ahead."
)
@click.option("--remove", "removing", is_flag=True, help="Delete the calendar, with all in it.")
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@as_json
@pass_outside
@pass_app
def publish_command(
    app: App,
    outside: Outside,
    account: str | None,
    within: str,
    removing: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Show what comes in a calendar of its own: of ACCOUNT, or of all who signed in for that.

    It is what `netcrm ics` shows: meetings, what you owe, and who is due. Done again, it changes
    only what is otherwise now. To sign in for it: netcrm google login --for calendar

    \b
    Example:
      netcrm google publish --dry-run
      netcrm google publish
      netcrm google publish --remove
    """
    accounts = meant(outside.store.accounts("calendar"), account, "calendar")
    with app.open() as net:
        if removing:
            do, say = partial(_remove, net, outside, dry_run), _say_removed
        else:
            do, say = partial(_publish, net, outside, net.coming(within=within), dry_run), _say
        return in_turn(outside, accounts, do, say, dry_run=dry_run, as_json=as_json)


def _publish(
    net: Network, outside: Outside, coming: list[Coming], dry_run: bool, account: str
) -> Result:
    """Publish to one account; return what came of it, also if that was cut short."""
    what: Plan | None = None
    done: list[Step] = []
    failures: tuple[NetcrmError, ...] = ()
    try:
        with (
            Progress(account, outside) as progress,
            reaching(outside, account, api="calendar", purpose="calendar") as caller,
        ):
            what = plan(net, caller, account, coming)
            for step in what.steps if dry_run else carry_out(net, caller, what):
                done.append(step)
                if not dry_run:
                    progress.show(f"{len(done)} of {len(what.steps)}")
    except NetcrmError as error:
        failures = (error,)
    counts = Counter(step.change for step in done)
    return result_of(
        account,
        failures,
        is_new=what is not None and not what.calendar,
        added=counts["added"],
        changed=counts["changed"],
        removed=counts["removed"],
        unchanged=0 if what is None else what.unchanged,
        events=[{"change": one.change, "start": one.start, "title": one.title} for one in done],
    )


def _say(result: Mapping[str, Any], dry_run: bool) -> None:
    """Print what came of one account, or would."""
    if result["error"] and not result["events"]:
        return
    would = "would be " if dry_run else ""
    where = ", in a new calendar" if result["is_new"] else ""
    click.echo(
        f"{result['account']}: {result['added']} {would}added, {result['changed']} changed, "
        f"{result['removed']} removed; {result['unchanged']} unchanged{where}"
    )
    for one in result["events"] if dry_run else ():
        click.echo(visible(f"  {one['change']:7}  {one['start']:16}  {one['title']}"))


def _remove(net: Network, outside: Outside, dry_run: bool, account: str) -> Result:
    """Take the calendar of one account away, if there is one."""
    is_there = any(calendars(net, account))
    failures: tuple[NetcrmError, ...] = ()
    try:
        if is_there and not dry_run:
            with reaching(outside, account, api="calendar", purpose="calendar") as caller:
                remove(net, caller, account)
    except NetcrmError as error:
        failures = (error,)
    return result_of(account, failures, is_removed=is_there and not failures)


def _say_removed(result: Mapping[str, Any], dry_run: bool) -> None:
    if result["error"]:
        return
    would = "would be" if dry_run else "is"
    said = (
        f"its calendar {would} removed" if result["is_removed"] else "has no calendar of netcrm's"
    )
    click.echo(f"{result['account']}: {said}")
