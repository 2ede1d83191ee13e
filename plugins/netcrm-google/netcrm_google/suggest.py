"""The command `netcrm google suggest`: with whom I write, and who is not in the network."""

from __future__ import annotations

import shlex

import click

from netcrm import App, Correspondent, pass_app
from netcrm_google.words import print_json


@click.command("suggest")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@click.option(
    "--ignore",
    "ignored",
    metavar="ADDRESS",
    multiple=True,
    help="Never suggest this one again; may be given several times.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@pass_app
def suggest_command(app: App, limit: int, ignored: tuple[str, ...], as_json: bool) -> None:
    """Show with whom you write who is not in your network; nobody is added.

    Whoever you both wrote to and heard from comes first. Once you add somebody, the next sync logs
    what passed with them before, without asking Google for it again.

    \b
    Example:
      netcrm google suggest
      netcrm google suggest --ignore shop@example.org
    """
    with app.open() as net:
        if ignored:
            with net.transaction("google suggest"):
                for address in ignored:
                    net.ignore(address)
        found = net.strangers()
    if as_json:
        print_json(suggestions=[_json(one) for one in found[:limit]], more=len(found[limit:]))
        return
    for one in found[:limit]:
        name = f"{one.stranger.name}  " if one.stranger.name else ""
        click.echo(f"{name}{one.stranger.address}  {_passed(one)}")
    if not found:
        click.echo("Nobody. What is read comes with: netcrm google sync")
        return
    if len(found) > limit:
        click.echo(f"and {len(found) - limit} more (--limit {len(found)})")
    first = found[0].stranger
    name = shlex.quote(first.name or first.address.partition("@")[0])
    click.echo(f"To add one: netcrm add {name} --email {shlex.quote(first.address)}", err=True)


def _passed(one: Correspondent) -> str:
    met = f", you met {one.met}" if one.met else ""
    return f"you wrote {one.sent}, they wrote {one.received}{met}, last on {one.last}"


def _json(one: Correspondent) -> dict[str, str | int]:
    return {
        "name": one.stranger.name,
        "address": one.stranger.address,
        "sent": one.sent,
        "received": one.received,
        "met": one.met,
        "last": str(one.last),
    }
