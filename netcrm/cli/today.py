"""Commands about what to do: today, agenda, waive, promise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from netcrm.cli.base import (
    App,
    as_json,
    as_of,
    dry_run,
    pass_app,
    print_json,
    say,
    table,
    who_argument,
)
from netcrm.cli.doing import item_json
from netcrm.cli.words import ACTIONS, done, pretty, printable_commit, to_json
from netcrm.errors import NotFoundError
from netcrm.model.text import bare

if TYPE_CHECKING:
    from netcrm.model.time import LocalMoment
    from netcrm.network import Network
    from netcrm.rules.agenda import AgendaItem
    from netcrm.rules.lookup import Name

_SOMETHING_TO_DO = 10

exit_code = click.option("--exit-code", is_flag=True, help="Exit with 10 if there is something.")


@click.command("today")
@exit_code
@as_of
@as_json
@pass_app
def today_command(app: App, exit_code: bool, as_of: str | None, as_json: bool) -> int:
    """Tell what to do today: what you owe, whom you meet, whom to get back to.

    \b
    Example:
      netcrm today
      netcrm today --as-of "2026-03-05 09:00"
      netcrm today --json | jq -r '.items[].because'
    """
    return _show(app, None, exit_code, as_of, as_json)


@click.command("agenda")
@click.option("--within", metavar="TIME", default="7d", show_default=True, help="How far ahead.")
@click.option("--week", "within", flag_value="7d", help="Short for --within 7d.")
@exit_code
@as_of
@as_json
@pass_app
def agenda_command(app: App, within: str, exit_code: bool, as_of: str | None, as_json: bool) -> int:
    """Tell what is to be done in the days ahead, and what is late.

    \b
    Example:
      netcrm agenda
      netcrm agenda --within "1 month"
    """
    return _show(app, within, exit_code, as_of, as_json)


def _show(app: App, within: str | None, exit_code: bool, as_of: str | None, as_json: bool) -> int:
    with app.open() as net, net.reading():
        when = net.moment_of(as_of)
        items = net.agenda(as_of=when, within=within)
        names = net.names({item.contact for item in items})
        begun = as_json or bool(items) or _has_begun(net)
    if as_json:
        print_json(as_of=str(when), items=[item_json(item, names) for item in items])
    elif items:
        styles = ["late" if item.late else "now" if _is_now(item, when) else "" for item in items]
        table([_row(item, names, when) for item in items], styles=styles)
    elif begun:
        say("Nothing to do.")
    else:
        say("Nothing to do yet. Ask somebody for half an hour: netcrm ask WHO email")
    return _SOMETHING_TO_DO if exit_code and items else 0


def _has_begun(net: Network) -> bool:
    return bool({"interview", "cadence", "interaction"} & net.counts().keys())


def _is_now(item: AgendaItem, when: LocalMoment) -> bool:
    return item.when is not None and item.when.date <= when.date


def _row(item: AgendaItem, names: Mapping[str, Name], when: LocalMoment) -> tuple[str, ...]:
    name = names.get(item.contact)
    because = item.because + (" (one message will do)" if item.together else "")
    return (
        _when(item, when),
        ACTIONS[item.action],
        name.name if name else "",
        name.handle if name else "",
        because,
    )


def _when(item: AgendaItem, now: LocalMoment) -> str:
    if item.late:
        days = item.days_late
        return f"{days} working {'day' if days == 1 else 'days'} late" if days else "late"
    if item.when is None:
        return "no date yet"
    day = "today" if item.when.date == now.date else pretty(item.when.date)
    return f"{day} {item.when.local:%H:%M}" if item.when.local else day


class _Action(click.Choice[str]):
    """What is owed, by its kind or as it is called on the agenda."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        called = {bare(words): kind for kind, words in ACTIONS.items()}
        return super().convert(called.get(bare(value), value), param, ctx)


@click.command("waive")
@who_argument()
@click.argument("action", type=_Action(sorted(set(ACTIONS) - {"interview", "meeting"})))
@click.option("--reason", default="", help="Why it need not be done.")
@dry_run
@as_json
@pass_app
def waive_command(
    app: App, who: str, action: str, reason: str, dry_run: bool, as_json: bool
) -> None:
    """Decide not to do something that you owe a person; it is not shown again.

    \b
    Example:
      netcrm waive ana "thank them" --reason "thanked her on the phone"
    """
    with app.open() as net:
        with net.transaction("waive", detail=who, dry_run=dry_run) as receipt:
            owed = [one for one in net.obligations(who=who) if one.is_open and one.kind == action]
            if not owed:
                name = net.contact(who).name
                raise NotFoundError(f"You owe {name} nothing of that kind. See: netcrm today")
            waivers = [net.waive(one.key, reason=reason) for one in owed]
            name = net.contact(who).name
    if as_json:
        print_json(
            **printable_commit(receipt.commit, dry_run), waivers=[to_json(one) for one in waivers]
        )
        return
    what = ACTIONS[action].rstrip("?")
    done(receipt.commit, dry_run, f"waive: {what}, {name}", f"Waived: {what}, {name}")


@click.command("promise")
@who_argument(required=False)
@click.argument("text", required=False)
@click.option("--due", metavar="DAY", help="Until when.")
@click.option("--theirs", is_flag=True, help="They promised it, not you.")
@click.option("--kept", metavar="BEGINNING", help="The promise that begins so was kept.")
@click.option("--dropped", metavar="BEGINNING", help="The promise that begins so holds no more.")
@dry_run
@as_json
@pass_app
def promise_command(
    app: App,
    who: str | None,
    text: str | None,
    due: str | None,
    theirs: bool,
    kept: str | None,
    dropped: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write down a promise, or that one was kept; without arguments, list those that stand.

    \b
    Example:
      netcrm promise ana "send her the reading list" --due friday
      netcrm promise ana "introduce me to Luis" --theirs
      netcrm promise --kept "send her"
    """
    ended = kept or dropped
    if bool(text) != bool(who) or (ended and who) or (kept and dropped):
        raise click.UsageError("give WHO and TEXT, or --kept or --dropped, or nothing at all")
    with app.open() as net:
        if not (text or ended):
            _list_promises(net, as_json)
            return
        with net.transaction("promise", dry_run=dry_run) as receipt:
            if ended:
                made = net.keep(ended, "kept" if kept else "dropped")
            else:
                assert who is not None
                made = net.promise(who, text or "", due=due, by="them" if theirs else "me")
            name = net.contact(made.contact).name
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), promise=to_json(made))
        return
    by = f"{name} promised" if made.by == "them" else f"you promised {name}"
    what = f"{made.ended}: {by}: {made.text}" if ended else f"{by}: {made.text}"
    done(receipt.commit, dry_run, f"note: {what}", f"Noted: {what}")


def _list_promises(net: Network, as_json: bool) -> None:
    standing = net.promises()
    names = net.names(one.contact for one in standing)
    if as_json:
        print_json(promises=[to_json(one) for one in standing])
    elif not standing:
        say('No promise stands. To note one: netcrm promise WHO "what was promised"')
    else:
        rows = []
        for one in standing:
            name = names[one.contact].name
            by = f"{name}, to you" if one.by == "them" else f"you, to {name}"
            rows.append((by, one.text, f"by {pretty(one.due)}" if one.due else ""))
        table(rows)
