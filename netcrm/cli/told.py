"""Commands about what sources say: suggestions, news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from netcrm.cli.base import App, as_json, dry_run, pass_app, print_json, say, who_argument
from netcrm.cli.words import done, printable, printable_commit

if TYPE_CHECKING:
    from netcrm.rules.news import News
    from netcrm.rules.suggestions import Suggestion

_SHOWN = 20


@click.command("suggestions")
@who_argument(required=False)
@click.option("--accept", metavar="FIELD", help="Take what is suggested for a field.")
@click.option("--decline", metavar="FIELD", help="Keep ours; do not suggest that again.")
@click.option("--source", default="", help="Whose suggestion, where there are several.")
@dry_run
@as_json
@pass_app
def suggestions_command(
    app: App,
    who: str | None,
    accept: str | None,
    decline: str | None,
    source: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show what sources say otherwise than we have it; accept or decline it.

    What you edited by hand is never overwritten by an import. It is suggested instead.

    \b
    Example:
      netcrm suggestions
      netcrm suggestions ana --accept position
      netcrm suggestions ana --decline name
    """
    if accept is not None and decline is not None:
        raise click.UsageError("accept or decline, one of them")
    field = decline if accept is None else accept
    if field is not None and who is None:
        raise click.UsageError("name the person too")
    commit = None
    with app.open() as net:
        if who is not None and field is not None:
            verb = "decline" if accept is None else "accept"
            with net.transaction(verb, detail=f"{who} {field}", dry_run=dry_run) as receipt:
                decide = net.decline if accept is None else net.accept
                decide(who, field, source=source)
                found = net.suggestions(who)
            commit = receipt.commit
        else:
            found = net.suggestions(who)
        found = [one for one in found if one.is_by(source)]
        names = net.names(one.contact for one in found)
    if as_json:
        items = [{"handle": names[one.contact].handle, **printable(one)} for one in found]
        print_json(**printable_commit(commit, dry_run), items=items)
        return
    if field is not None:
        took, would = ("Took", "take") if accept is not None else ("Kept ours in", "keep ours in")
        done(commit, dry_run, f"{would} {field}", f"{took} {field}")
    _print(found, {id_: name.handle for id_, name in names.items()}, hint=field is None)


def _print(found: Sequence[Suggestion], handles: Mapping[str, str], *, hint: bool) -> None:
    for one in found[:_SHOWN]:
        say(f"{one.name} ({handles[one.contact]})", style="heading")
        say(f"  {one.field}: {one.ours or 'nothing'}; {one.source} says {one.theirs}")
    if len(found) > _SHOWN:
        say(f"{len(found) - _SHOWN} more: --json lists all.")
    if found and hint:
        what = f"{handles[found[0].contact]} --accept {found[0].field}"
        say(f"To take the first one: netcrm suggestions {what}", style="faint")
    elif hint:
        say("Nothing is suggested.")


@click.command("news")
@who_argument(required=False)
@click.option("--since", default="30d", metavar="DAY|TIME", help="From this day, or so far back.")
@click.option("--limit", type=click.IntRange(min=0), default=_SHOWN, help="At most so many.")
@as_json
@pass_app
def news_command(app: App, who: str | None, since: str, limit: int, as_json: bool) -> None:
    """Show what is new in people's lives, how sure that is, and what to do next.

    New jobs and titles, new connections and those that are gone, new names and profiles: whatever
    imports have shown in the last 30 days, or since.

    \b
    Example:
      netcrm news
      netcrm news --since 2026-01-01 --json | jq -r '.items[] | select(.kind == "moved") | .name'
    """
    with app.open() as net:
        found = net.news(since, who=who)
        handles = {id_: one.handle for id_, one in net.names(n.contact for n in found).items()}
    shown = found[:limit]
    if as_json:
        items = [{"handle": handles.get(one.contact), **printable(one)} for one in shown]
        print_json(found=len(found), items=items)
        return
    for one in shown:
        called = f"{one.name} ({handles[one.contact]})" if one.contact in handles else one.name
        say(f"{one.on}  {called}: {_what(one)}", style="heading")
        say(f"            {one.confidence}; {one.next_step}", style="faint")
    if len(found) > len(shown):
        say(f"{len(found) - len(shown)} more; see all with --limit {len(found)}.")
    elif not found:
        say(f"Nothing new since {since}.")


def _what(one: News) -> str:
    change = " -> ".join(filter(None, (one.before, one.after)))
    return f"{one.kind}{f', {change}' if change else ''}"
