"""Commands about how much you are in touch: tie, dormant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from netcrm.cli.base import App, as_json, as_of, pass_app, print_json, say, table, who_argument
from netcrm.cli.words import person_json, pretty

if TYPE_CHECKING:
    from netcrm.rules.dormant import Dormant
    from netcrm.rules.strength import Tie

_DAYS_OF_A_MONTH, _DAYS_OF_A_YEAR = 30, 365


@click.command("tie")
@who_argument()
@as_of
@as_json
@pass_app
def tie_command(app: App, who: str, as_of: str | None, as_json: bool) -> None:
    """Tell how much you are in touch with a person, by what you logged.

    It is no judgement: it says nothing of what they are worth, or mean to you.

    \b
    Example:
      netcrm tie ana
      netcrm tie ana --json | jq .tie.rhythm
    """
    with app.open() as net, net.reading():
        when = net.moment_of(as_of)
        person = net.contact(who)
        found = net.tie(person, as_of=when)
        call = net.calls_for_a_call(person, as_of=when)
        cadence = net.explain(person, as_of=when.date).cadence
        weights = net.plugins.tie_weights()
    rule = str(cadence.every) if cadence and cadence.every else None
    if as_json:
        print_json(
            as_of=str(when),
            person=person_json(person),
            tie=_tie_json(found),
            rule=rule,
            call=call,
            weights=[one._asdict() for one in weights],
        )
        return
    say(_headline(found, person.name), style="heading")
    for line in _more(found, rule, when.date if call else None):
        say(line)
    for one in weights:
        channel = one.channel.replace("_", " ")
        say(f"By {channel} counts {one.weight:g}: {one.reason}", style="faint")
    say("It counts what you logged, and says nothing of what anybody is worth.", style="faint")


def _headline(tie: Tie, name: str) -> str:
    if not tie.touches:
        return f"You and {name}: never in touch, as far as you logged."
    basis = f"based on {_count(tie.touches, 'logged interaction')}"
    if tie.rhythm is None or tie.rhythm > _DAYS_OF_A_YEAR:
        return f"You and {name}: in touch less than once a year ({tie.band}), {basis}."
    every = _count(max(1, round(tie.rhythm)), "day")
    return f"You and {name}: as if you were in touch every {every} ({tie.band}), {basis}."


def _more(tie: Tie, rule: str | None, call_on: date | None) -> Iterator[str]:
    """Yield what else the touches say; with a day to call on, also that."""
    if tie.first is None or tie.last is None:
        return
    ways = {"from you": tie.sent, "from them": tie.received, "together": tie.mutual}
    counts = ", ".join(f"{count} {way}" for way, count in ways.items() if count)
    since = pretty(tie.first)
    between = f"On {since}" if tie.first == tie.last else f"From {since} to {pretty(tie.last)}"
    yield f"{between}: {counts}."
    if tie.usual_gap is not None:
        says = f"; your rule says every {rule}" if rule else ""
        yield f"You usually talk every {_count(round(tie.usual_gap), 'day')}{says}."
    if call_on:
        ago = _length((call_on - tie.last).days)
        yield f"The last touch was {ago} ago. There is much to tell, so call rather than write."


def _tie_json(tie: Tie) -> dict[str, Any]:
    return {
        "strength": round(tie.strength, 4),
        "band": tie.band,
        "rhythm": None if tie.rhythm is None else round(tie.rhythm, 1),
        "touches": tie.touches,
        "first": _text(tie.first),
        "last": _text(tie.last),
        "sent": tie.sent,
        "received": tie.received,
        "mutual": tie.mutual,
        "reciprocity": round(tie.reciprocity, 4),
        "usual_gap": tie.usual_gap,
    }


@click.command("dormant")
@click.option("--after", metavar="TIME", default="1 year", show_default=True,
              help="Without a touch for so long.")  # fmt: skip
@as_of
@as_json
@pass_app
def dormant_command(app: App, after: str, as_of: str | None, as_json: bool) -> None:
    """List people you were in touch with once, and not for a year or more.

    Two columns of facts, and no score: what may be new to you, and how they were there for you.

    \b
    Example:
      netcrm dormant
      netcrm dormant --after "3 years"
    """
    from netcrm.rules.dormant import ADVICE

    with app.open() as net, net.reading():
        when = net.moment_of(as_of)
        found = net.dormant(as_of=when, after=after)
    if as_json:
        print_json(as_of=str(when), advice=ADVICE, items=[_dormant_json(one) for one in found])
    elif not found:
        say("No tie went to sleep.")
    else:
        head = ("", "", "last touch", "what may be new", "how they were there for you")
        table([head, *(_row(one) for one in found)], styles=["heading"])
        say(ADVICE)


def _row(one: Dormant) -> tuple[str, ...]:
    return (
        one.name,
        one.handle,
        f"{pretty(one.last)}{' (dormant)' if one.is_dormant else ''}",
        "; ".join(one.novelty),
        "; ".join(one.engagement),
    )


def _dormant_json(one: Dormant) -> dict[str, Any]:
    return {
        "person": {"id": one.contact, "handle": one.handle, "name": one.name},
        "last": str(one.last),
        "touches": one.touches,
        "dormant": one.is_dormant,
        "novelty": list(one.novelty),
        "engagement": list(one.engagement),
    }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _length(days: int) -> str:
    """Return a number of days in words, roughly."""
    if days >= 2 * _DAYS_OF_A_YEAR:
        return f"{days // _DAYS_OF_A_YEAR} years"
    return f"{days // _DAYS_OF_A_MONTH} months"


def _text(day: date | None) -> str | None:
    return None if day is None else str(day)
