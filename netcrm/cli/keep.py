"""Commands about staying in touch: due, explain, rule, snooze, pause, spread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
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
from netcrm.cli.words import because, closing, done, pretty, printable_commit, standing, to_json

if TYPE_CHECKING:
    from netcrm.rules.due import Due

_SOMETHING_IS_DUE = 10
_EVER = "100 years"


@click.command("due")
@click.option("--within", metavar="TIME", help="Also who will be due within: 7d, 2 weeks.")
@click.option("--cap", type=click.IntRange(min=0), help="At most so many; the rest is held back.")
@click.option("--exit-code", is_flag=True, help="Exit with 10 if somebody is due.")
@as_of
@as_json
@pass_app
def due_command(
    app: App,
    within: str | None,
    cap: int | None,
    exit_code: bool,
    as_of: str | None,
    as_json: bool,
) -> int:
    """Tell whom to get back to, the most urgent first, and why.

    \b
    Example:
      netcrm due
      netcrm due --within 7d --cap 3
      netcrm due --json | jq -r '.items[].person.name'
    """
    with app.open() as net, net.reading():
        day = net.day(as_of)
        answers = net.due(as_of=day, within=within, cap=cap)
        ahead = [] if answers or as_json else net.due(as_of=day, within=_EVER)
        ruled = bool(answers) or bool(net.rules(as_of=day))
    if as_json:
        print_json(as_of=str(day), items=[standing(answer) for answer in answers])
    elif answers:
        shown = [a for a in answers if not a.held_back]
        styles = [{"overdue": "late", "due": "now"}.get(a.status, "faint") for a in shown]
        if shown:
            rows = [(a.person.name, a.person.handle, closing(a), because(a)) for a in shown]
            table(rows, styles=styles)
        if len(shown) < len(answers):
            say(f"{len(answers) - len(shown)} more held back for another day.", style="faint")
    elif ruled:
        say(f"Nobody is due.{_next(ahead)}")
    else:
        say('No rule yet, so nobody is due. Make one: netcrm rule circle:inner "2 weeks"')
    return _SOMETHING_IS_DUE if exit_code and any(a.is_actionable for a in answers) else 0


def _next(ahead: Sequence[Due]) -> str:
    """Return who will be due next, in words."""
    if not ahead:
        return ""
    first = min(ahead, key=lambda answer: (answer.due or date.max, answer.person.name))
    return f" Next: {first.person.name}, {closing(first)}."


@click.command("explain")
@who_argument()
@as_of
@as_json
@pass_app
def explain_command(app: App, who: str, as_of: str | None, as_json: bool) -> None:
    """Explain when a person is due, step by step.

    \b
    Example:
      netcrm explain ana --as-of 2026-07-06
    """
    with app.open() as net:
        answer = net.explain(who, as_of=as_of)
    if as_json:
        print_json(as_of=str(answer.as_of), **standing(answer))
        return
    say(f"{answer.person.name}: {closing(answer)}", style="heading")
    table([(reason.text, _value(reason.value)) for reason in answer.reasons] or [("", "")])


def _value(value: str) -> str:
    try:
        return pretty(date.fromisoformat(value))
    except ValueError:
        return value


@click.command("rule")
@click.argument("selector", required=False)
@click.argument("every", required=False)
@click.option("--grace", metavar="TIME", help="How long after a touch it is still fine.")
@click.option("--priority", type=int, help="Lower wins where two rules are alike.")
@click.option("--jitter", type=float, help="Spread people by up to this part of the rhythm: 0.1.")
@click.option("--backoff", is_flag=True, default=None, help="Unanswered messages widen the rhythm.")
@click.option("--name", help="What to call it.")
@click.option("--drop", is_flag=True, help="Remove the rule.")
@dry_run
@as_json
@pass_app
def rule_command(
    app: App,
    selector: str | None,
    every: str | None,
    drop: bool,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Say how often to be in touch with whom; without arguments, list the rules.

    SELECTOR is circle:inner, tag:mentor, field:nursing, source:event, contact:ana, kin or all.

    \b
    Example:
      netcrm rule circle:inner "2 weeks" --grace "3 weeks"
      netcrm rule contact:ana never
      netcrm rule tag:mentor --drop
    """
    with app.open() as net:
        if selector is None:
            _print_rules(net, as_json)
            return
        if (every is None) != drop:
            raise click.UsageError('give a rhythm such as "2 weeks" or never, or --drop')
        given = {name: value for name, value in options.items() if value is not None}
        with net.transaction("rule", detail=selector, dry_run=dry_run) as receipt:
            rule = net.drop_rule(selector) if drop else net.rule(selector, every, **given)
            everyone = [] if drop or as_json else net.due(within=_EVER)
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), rule=to_json(rule))
        return
    rhythm = f"every {rule.every}" if rule.every else "never"
    rhythm += f", at most {rule.grace}" if rule.grace else ""
    if drop:
        done(
            receipt.commit,
            dry_run,
            f"drop the rule for {selector}",
            f"Dropped the rule for {selector}",
        )
        return
    done(receipt.commit, dry_run, f"be in touch with {selector} {rhythm}", f"{selector}: {rhythm}")
    under = [answer for answer in everyone if answer.cadence and answer.cadence.id == rule.id]
    if rule.every:
        _print_load(under)


def _print_load(under: Sequence[Due]) -> None:
    """Say how many people a rule is for, and what that means for the next days."""
    now = sum(answer.is_actionable for answer in under)
    never = sum(answer.last_touch is None for answer in under)
    if not under:
        say("Nobody is under this rule yet.")
    elif now:
        say(f"{now} due under this rule now: netcrm due")
    if never > 1:
        say(f"{never} were never contacted. To spread them out: netcrm spread")


def _print_rules(net: Any, as_json: bool) -> None:
    rules, load = net.rules(), net.capacity()
    if as_json:
        stretch = load.stretch
        print_json(
            rules=[to_json(rule) for rule in rules],
            promised_per_week=round(load.promised, 4),
            done_per_week=round(load.done, 4),
            stretch=round(stretch, 4) if stretch is not None else None,
        )
        return
    if not rules:
        say('No rule yet. Make one: netcrm rule circle:inner "2 weeks"')
        return
    names = net.names(rule.selector.value for rule in rules if rule.selector.kind == "contact")
    handles = {id_: f"contact:{name.handle}" for id_, name in names.items()}
    table(
        [
            (
                handles.get(rule.selector.value, str(rule.selector)),
                f"every {rule.every}" if rule.every else "never",
                f"at most {rule.grace}" if rule.grace else "",
                rule.name,
            )
            for rule in rules
        ]
    )
    say(f"They ask for {load.promised:.1f} touches a week; you do {load.done:.1f}.")
    if load.stretch is not None and load.stretch > 1:
        say(f"So everyone will run about {load.stretch:.1f} times late.")


@click.command("snooze")
@who_argument()
@click.argument("until")
@click.option("--reason", default="", help="Why.")
@dry_run
@as_json
@pass_app
def snooze_command(
    app: App, who: str, until: str, reason: str, dry_run: bool, as_json: bool
) -> None:
    """Leave a person alone until a day; being in touch ends it.

    \b
    Example:
      netcrm snooze ana "in 3 weeks"
    """
    with app.open() as net:
        with net.transaction("snooze", detail=who, dry_run=dry_run) as receipt:
            made = net.snooze(who, until, reason=reason)
            answer = net.explain(who)
    if as_json:
        print_json(
            **printable_commit(receipt.commit, dry_run),
            adjustment=to_json(made),
            due=standing(answer),
        )
        return
    what = f"{answer.person.name} until {made.on}"
    done(receipt.commit, dry_run, f"snooze {what}", f"Snoozed {what}")


@click.command("pause")
@who_argument()
@click.argument("until", required=False)
@click.option("--resume", is_flag=True, help="End the pause today.")
@click.option("--reason", default="", help="Why.")
@dry_run
@as_json
@pass_app
def pause_command(
    app: App,
    who: str,
    until: str | None,
    resume: bool,
    reason: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Leave a person alone until a day or for good; being in touch does not end it.

    \b
    Example:
      netcrm pause ana 2026-09-01 --reason "exams"
      netcrm pause ana --resume
    """
    with app.open() as net:
        with net.transaction("pause", detail=who, dry_run=dry_run) as receipt:
            if resume:
                made = net.resume(who, reason=reason)
            else:
                made = net.pause(who, until, reason=reason)
            answer = net.explain(who)
    if as_json:
        print_json(
            **printable_commit(receipt.commit, dry_run),
            adjustment=to_json(made),
            due=standing(answer),
        )
        return
    name = answer.person.name
    if resume:
        done(receipt.commit, dry_run, f"resume {name}", f"Resumed {name}")
        return
    end = f" until {made.on}" if made.on else ""
    done(receipt.commit, dry_run, f"pause {name}{end}", f"Paused {name}{end}")


@click.command("spread")
@click.option("--start", metavar="DAY", help="Begin on this day instead of today.")
@click.option("--apply", is_flag=True, help="Do it; without this it is only shown.")
@dry_run
@as_json
@pass_app
def spread_command(app: App, start: str | None, apply: bool, dry_run: bool, as_json: bool) -> None:
    """Give everybody under a rule who was never contacted a first day, evenly.

    \b
    Example:
      netcrm spread
      netcrm spread --apply
    """
    only_show = dry_run or not apply
    with app.open() as net:
        with net.transaction("spread", dry_run=only_show) as receipt:
            planned = net.spread(start=start)
    if as_json:
        items = [
            {"person": standing(answer)["person"], "begins": str(day)} for answer, day in planned
        ]
        print_json(**printable_commit(receipt.commit, only_show), items=items)
        return
    if planned:
        table([(pretty(day), a.person.name, a.person.handle) for a, day in planned])
    done(
        receipt.commit,
        only_show,
        "do this with: netcrm spread --apply",
        f"Spread {len(planned)} people",
    )
