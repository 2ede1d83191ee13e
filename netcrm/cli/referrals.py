"""Commands about who pointed me to whom: tree, referrals, resolve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

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
from netcrm.cli.doing import owed_json
from netcrm.cli.words import ACTIONS, done, moment, person_json, pretty, printable_commit, to_json

if TYPE_CHECKING:
    from netcrm.rules.lookup import Name
    from netcrm.rules.referrals import Ledger, Traced
    from netcrm.rules.tree import Member, Tree

_CAME_OF: Final = {
    "suggested": "not asked yet",
    "offered": "offered to introduce you; not asked yet",
    "requested": "you asked to be introduced on {day}",
    "introduced": "introduced you on {day}",
    "contacted": "you wrote on {day}",
    "met": "you met on {day}",
    "declined_by_referrer": "no introduction after all, {day}",
    "declined": "declined on {day}",
    "no_response": "no answer by {day}",
    "withdrawn": "withdrawn on {day}",
}
_FOUND: Final = ("you found yourself", "by one of them", "at third hand")
_DEEPEST: Final = 10
"""Whoever is farther away is told by number, not by how far right they stand (our choice)."""


@click.command("tree")
@click.option("--all", "everybody", is_flag=True, help="Also those who led you to nobody.")
@as_of
@as_json
@pass_app
def tree_command(app: App, everybody: bool, as_of: str | None, as_json: bool) -> None:
    """Show who brought you to whom, and whether one interview leads to the next.

    Everybody stands below the first who pointed you to them.

    \b
    Example:
      netcrm tree
      netcrm tree --all --as-of 2026-03-01
    """
    with app.open() as net, net.reading():
        when = net.moment_of(as_of)
        found = net.tree(as_of=when)
        names = net.names(one.id for one in found.members)
    if as_json:
        print_json(as_of=str(when), **_tree_json(found, names))
        return
    if not found.members:
        say('Nobody is here yet. To add somebody: netcrm add "Ana Ruiz"')
        return
    for member in found.members:
        if everybody or member.by or member.led_to:
            say(_branch(member) + _line(member))
    alone = sum(not (one.by or one.led_to) for one in found.members)
    if alone and not everybody:
        say(f"and {_people(alone)} who led you to nobody so far (--all shows them)")
    say()
    degrees = found.counted(lambda one: min(one.degree, _DEEPEST + 1)).items()
    say(f"{_people(len(found.members))}: {', '.join(_degree(*one) for one in degrees)}.")
    for line in _conclusions(found, names):
        say(line)


def _branch(member: Member) -> str:
    """Return what stands before somebody in the tree: they are below whom I owe them to."""
    if member.degree <= _DEEPEST:
        return "   " * (member.degree - 1) + "└ " * bool(member.by)
    return "   " * _DEEPEST + f"… {member.degree} deep └ "


def _line(member: Member) -> str:
    if member.referral is None:
        return f"{member.name}{', you met' if member.held else ''}"
    end = "; the branch ends here" if member.is_dead_end else ""
    return f"{member.name}: {_came_of(member.referral)}{end}"


def _came_of(one: Traced) -> str:
    """Return in words what came of a referral."""
    return _CAME_OF[one.status].format(day=pretty(one.since.date))


def _people(n: int) -> str:
    return f"{n} {'person' if n == 1 else 'people'}"


def _degree(degree: int, n: int) -> str:
    if degree > _DEEPEST:
        return f"{n} farther away"
    return f"{n} {_FOUND[degree - 1] if degree <= len(_FOUND) else f'at hand {degree}'}"


def _conclusions(found: Tree, names: Mapping[str, Name]) -> Iterator[str]:
    """Yield what the tree says: the rate at which it grows, and what is still to be done."""
    rate = found.reproduction
    if rate.value is not None:
        yield f"{rate}."
        if rate.value < 1:
            yield "Below 1 the chain stops by itself: keep finding people, or ask “who else?” more."
    if found.pending:
        who = ", ".join(names[id_].name for id_ in found.pending)
        yield f"You were pointed to them and did nothing yet: {who}."


def _tree_json(found: Tree, names: Mapping[str, Name]) -> dict[str, Any]:
    rate = found.reproduction
    return {
        "members": [_member_json(one, names) for one in found.members],
        "degrees": [
            {"degree": degree, "people": n}
            for degree, n in found.counted(lambda one: one.degree).items()
        ],
        "reproduction": {**rate._asdict(), "value": rate.value and round(rate.value, 4)},
        "pending": [person_json(names[id_]) for id_ in found.pending],
    }


def _member_json(one: Member, names: Mapping[str, Name]) -> dict[str, Any]:
    return {
        "person": person_json(names[one.id]),
        "by": person_json(names.get(one.by)),
        "since": str(one.on),
        "degree": one.degree,
        "status": one.referral.status if one.referral else None,
        "status_since": str(one.referral.since) if one.referral else None,
        "led_to": len(one.led_to),
        "named": one.named,
        "held": one.held,
        "dead_end": one.is_dead_end,
    }


@click.command("referrals")
@who_argument(required=False)
@as_of
@as_json
@pass_app
def referrals_command(app: App, who: str | None, as_of: str | None, as_json: bool) -> None:
    """Show who pointed you to whom, what came of it, and what you still owe them for it.

    With WHO only what they did for you, and who pointed you to them.

    \b
    Example:
      netcrm referrals
      netcrm referrals ana
    """
    with app.open() as net, net.reading():
        when = net.moment_of(as_of)
        person = net.contact(who) if who else None
        ledgers = net.ledgers(who=person, as_of=when)
        traced = net.traced(who=person, as_of=when) if person else []
        to_them = [one for one in traced if person and one.pointer.referred == person.id]
        shown = [*to_them, *(one for ledger in ledgers for one in ledger.referrals)]
        names = net.names({id_ for one in shown for id_ in one.pointer.people})
    if as_json:
        print_json(
            as_of=str(when),
            ledgers=[_ledger_json(one, names) for one in ledgers],
            pointed_to_them=[_traced_json(one, names) for one in to_them],
        )
        return
    for one in to_them:
        by, day = names[one.pointer.referrer].name, pretty(one.pointer.made_on)
        say(f"{by} pointed you to them on {day}: {_came_of(one)}.")
    for ledger in ledgers:
        _say_ledger(ledger, names)
    if not ledgers:
        whom = f"{person.name} has not" if person else "Nobody has"
        say(f"{whom} pointed you to anybody yet. Ask: who else should I talk to?")


def _say_ledger(ledger: Ledger, names: Mapping[str, Name]) -> None:
    used = sum(one.was_used for one in ledger.referrals)
    met = sum(one.status == "met" for one in ledger.referrals)
    whom = _people(len(ledger.referrals))
    say(f"{names[ledger.contact].name}: pointed you to {whom}; you asked {used}, met {met}",
        style="heading")  # fmt: skip
    table(
        [
            (
                f"  {names[one.pointer.referred].name}",
                pretty(one.pointer.made_on),
                _came_of(one) + ("; you knew them" if one.pointer.known_before else ""),
            )
            for one in ledger.referrals
        ]
    )
    for debt in ledger.owed:
        say(f"  You owe: {ACTIONS[debt.kind].rstrip('?')} ({moment(debt.due)}), as {debt.because}")
    if ledger.reported.n:
        say(f"  Told in time what came of it: {ledger.reported.k} of {ledger.reported.n}.")


def _ledger_json(ledger: Ledger, names: Mapping[str, Name]) -> dict[str, Any]:
    return {
        "person": person_json(names[ledger.contact]),
        "referrals": [_traced_json(one, names) for one in ledger.referrals],
        "owed": [owed_json(one, names) for one in ledger.owed],
        "reported": {"k": ledger.reported.k, "n": ledger.reported.n},
    }


def _traced_json(one: Traced, names: Mapping[str, Name]) -> dict[str, Any]:
    return {
        "id": one.pointer.id,
        "referrer": person_json(names[one.pointer.referrer]),
        "referred": person_json(names[one.pointer.referred]),
        "made_on": str(one.pointer.made_on),
        "mode": one.pointer.mode,
        "status": one.status,
        "since": str(one.since),
        "known_before": one.pointer.known_before,
    }


@click.command("resolve")
@who_argument("placeholder")
@who_argument("person")
@click.option("--title", help="What somebody new does.")
@click.option("-f", "--field", "fields", multiple=True, help="A career field of somebody new.")
@dry_run
@as_json
@pass_app
def resolve_command(
    app: App,
    placeholder: str,
    person: str,
    title: str | None,
    fields: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Say who PLACEHOLDER is, of whom you did not know the name: what was about them stays.

    PERSON is added if nobody is called so yet.

    \b
    Example:
      netcrm resolve "someone in HR" "Gwen Hall"
    """
    given: dict[str, Any] = {"title": title} if title else {}
    if fields:
        given["fields"] = fields
    with app.open() as net:
        before = net.contact(placeholder).name
        with net.transaction("resolve", detail=placeholder, dry_run=dry_run) as receipt:
            found = net.resolve(placeholder, person, **given)
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), contact=to_json(found))
        return
    what = f"{before} is {found.name} ({found.handle})"
    done(receipt.commit, dry_run, f"note that {what}", f"Noted: {what}")
