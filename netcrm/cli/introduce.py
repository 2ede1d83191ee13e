"""Commands about people who know each other, or should: introduce, knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from netcrm.cli.base import (
    App,
    as_json,
    as_of,
    complete_name,
    dry_run,
    pass_app,
    print_json,
    say,
    table,
    who_argument,
)
from netcrm.cli.doing import insist
from netcrm.cli.words import done, person_json, pretty, printable_commit, to_json

if TYPE_CHECKING:
    from netcrm.model.contact import Contact
    from netcrm.model.referral import Acquaintance, Introduction
    from netcrm.network import Network
    from netcrm.network.arrangements import Arrangement
    from netcrm.rules.lookup import Name

_OF_ONE: Final = ("asked", "agreed", "declined")
_OF_BOTH: Final = ("introduced", "met", "dropped")


@click.command("introduce")
@who_argument("a", required=False)
@who_argument("b", required=False)
@click.argument("why", required=False)
@click.option("--asked", multiple=True, metavar="WHO", shell_complete=complete_name,
              help="You asked them whether they would like to meet.")  # fmt: skip
@click.option("--agreed", multiple=True, metavar="WHO", shell_complete=complete_name,
              help="They would like to.")  # fmt: skip
@click.option("--declined", multiple=True, metavar="WHO", shell_complete=complete_name,
              help="They would rather not.")  # fmt: skip
@click.option("--introduced", is_flag=True, help="You brought them together.")
@click.option("--met", is_flag=True, help="They met.")
@click.option("--dropped", is_flag=True, help="You let it be.")
@click.option("--at", metavar="WHEN", help="When; now without it.")
@click.option("--all", "everything", is_flag=True, help="List those too that have come to an end.")
@as_of
@insist
@dry_run
@as_json
@pass_app
def introduce_command(
    app: App,
    a: str | None,
    b: str | None,
    why: str | None,
    at: str | None,
    everything: bool,
    as_of: str | None,
    insist: bool,
    dry_run: bool,
    as_json: bool,
    **said: Any,
) -> None:
    """Introduce two people to each other, each of whom you ask first; nothing is sent.

    With two names and why, it begins; with an option, it goes on, or begins if there is none.
    Without the second name, the introductions that are going on are listed.

    \b
    Example:
      netcrm introduce ana luis "both care about night shifts"
      netcrm introduce ana luis --asked ana --asked luis
      netcrm introduce ana luis --agreed ana --agreed luis --introduced
      netcrm introduce
    """
    steps = _steps(said)
    if b is None or a is None:
        if steps or at or insist or dry_run:
            raise click.UsageError("name both of them: netcrm introduce ANA LUIS")
        _list(app, a, everything, as_of, as_json)
        return
    if everything or as_of:
        raise click.UsageError("--all and --as-of are for the list")
    with app.open() as net:
        with net.transaction("introduce", detail=f"{a} {b}", dry_run=dry_run) as receipt:
            found: Introduction | tuple[str, str] = (a, b)
            if why is not None or not steps or not _is_begun(net, a, b):
                found = net.introduce(a, b, why or "", on=at, insist=insist)
            _refuse_contradiction(net, said)
            for what, by in steps:
                found = net.introduction_step(found, what, by, on=at, insist=insist).introduction
            now = next(one for one in net.introductions(who=a) if one.introduction == found)
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), introduction=_json(now))
        return
    noted = f"{now.names}: {_stage(now)}"
    done(receipt.commit, dry_run, f"note: {noted}", f"Noted: {noted}")
    if following := _next(now):
        say(f"{following}." if now.barred else f"Next: {following}.")


def _steps(said: dict[str, Any]) -> list[tuple[str, Sequence[str]]]:
    """Return what happened, in the order in which it does."""
    steps: list[tuple[str, Sequence[str]]] = [(what, said[what]) for what in _OF_ONE if said[what]]
    return steps + [(what, ()) for what in _OF_BOTH if said[what]]


def _refuse_contradiction(net: Network, said: Mapping[str, Sequence[str]]) -> None:
    """Refuse that one person agreed and declined at once."""
    agreed, declined = ({net.contact(who).id for who in said[what]} for what in _OF_ONE[1:])
    if both := agreed & declined:
        names = " and ".join(sorted(net.names(both)[id_].name for id_ in both))
        raise click.UsageError(f"{names} cannot have both agreed and declined; give one of them")


def _is_begun(net: Network, a: str, b: str) -> bool:
    other = net.contact(b).id
    return any(other in one.introduction.contacts for one in net.introductions(who=a))


def _list(app: App, who: str | None, everything: bool, as_of: str | None, as_json: bool) -> None:
    with app.open() as net, net.reading():
        found = net.introductions(who=who, open_only=not everything, as_of=as_of)
        when = net.moment_of(as_of)
    if as_json:
        print_json(as_of=str(when), introductions=[_json(one) for one in found])
    elif found:
        table([(one.names, _stage(one), _next(one) or _since(one)) for one in found])
    else:
        say('No introduction is going on. To begin one: netcrm introduce WHO WHO "why"')


def _stage(one: Arrangement) -> str:
    return one.now.stage.replace("_", " ")


def _since(one: Arrangement) -> str:
    return f"since {pretty(one.now.since.date)}"


def _next(one: Arrangement) -> str:
    """Return what to do now, or why nothing; empty where it has come to an end."""
    if one.barred and one.now.is_open:
        return one.why_barred
    names = {person.id: person.name for person in one.people}
    todo = []
    if one.now.unasked:
        todo.append(f"ask {' and '.join(names[id_] for id_ in one.now.unasked)}")
    if one.now.waiting:
        todo.append(f"wait for {' and '.join(names[id_] for id_ in one.now.waiting)}")
    if one.now.stage == "both_agreed":
        todo.append("introduce them")
    if one.now.stage == "introduced":
        todo.append("ask whether they met")
    return ", ".join(todo)


def _json(one: Arrangement) -> dict[str, Any]:
    return {
        **to_json(one.introduction),
        "people": [person_json(person) for person in one.people],
        "stage": one.now.stage,
        "since": str(one.now.since),
        "unasked": list(one.now.unasked),
        "waiting": list(one.now.waiting),
    }


@click.command("knows")
@who_argument("a")
@who_argument("b", required=False)
@click.argument("how", required=False, default="")
@click.option("--told-by", metavar="WHO", shell_complete=complete_name, help="Who told you.")
@click.option("--at", metavar="WHEN", help="When you heard of it; now without it.")
@as_of
@dry_run
@as_json
@pass_app
def knows_command(
    app: App,
    a: str,
    b: str | None,
    how: str,
    told_by: str | None,
    at: str | None,
    as_of: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Note that A and B know each other, as you were told; without B, list whom A knows.

    Whom you know yourself follows from what you log. That A pointed you to B is noted with refer.

    \b
    Example:
      netcrm knows ana luis "studied together" --told-by ana
      netcrm knows ana
    """
    if b is None:
        if told_by or at or dry_run:
            raise click.UsageError("name both of them: netcrm knows ANA LUIS")
        _list_known(app, a, as_of, as_json)
        return
    if as_of:
        raise click.UsageError("--as-of is for the list")
    with app.open() as net:
        with net.transaction("knows", detail=f"{a} {b}", dry_run=dry_run) as receipt:
            made = net.knows(a, b, how, told_by=told_by, on=at)
            names = net.names(made.contacts)
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), acquaintance=to_json(made))
        return
    one, other = (names[id_].name for id_ in made.contacts)
    what = f"{one} and {other} know each other"
    done(receipt.commit, dry_run, f"note that {what}", f"Noted: {what}")


def _list_known(app: App, who: str, as_of: str | None, as_json: bool) -> None:
    with app.open() as net, net.reading():
        person = net.contact(who)
        found = net.acquaintances(person, as_of=as_of)
        names = _names(net, found)
        brought = net.introductions(who=person, as_of=as_of)
        met = [one for one in brought if one.now.stage == "met"]
        when = net.moment_of(as_of)
    if as_json:
        print_json(
            as_of=str(when),
            acquaintances=[to_json(one) for one in found],
            introductions=[_json(one) for one in met],
        )
    elif found or met:
        rows = [_known_row(one, person.id, names) for one in found]
        table(rows + [_met_row(one, person.id) for one in met])
    else:
        say(
            f"You noted nobody whom {person.name} knows. To do so: netcrm knows {person.handle} WHO"
        )


def _known_row(known: Acquaintance, person: str, names: Mapping[str, Name]) -> tuple[str, str, str]:
    """Return whom a person knows, how, and who told me."""
    other = next(id_ for id_ in known.contacts if id_ != person)
    told = f"told by {names[known.told_by].name}" if known.told_by else ""
    return names[other].name, known.how, told


def _met_row(made: Arrangement, person: str) -> tuple[str, str, str]:
    """Return whom a person met whom I introduced them to, or meant to."""
    other = next(one.name for one in made.people if one.id != person)
    by_me = "introduced by you" if made.now.introduced else ""
    return other, by_me, f"met on {pretty(made.now.since.date)}"


class Connections(NamedTuple):
    """Whom a person knows, and to whom I introduce them: in words, and in JSON."""

    lines: list[str]
    json: dict[str, Any]


def connections(net: Network, person: Contact, as_of: str | None) -> Connections:
    """Return how a person is connected with others, beyond who pointed me to whom."""
    known = net.acquaintances(person, as_of=as_of)
    names = _names(net, known)
    brought = net.introductions(who=person, as_of=as_of)
    lines = []
    for one in known:
        other, *more = filter(None, _known_row(one, person.id, names))
        lines.append(f"knows {other}" + (f" ({', '.join(more)})" if more else ""))
    for made in brought:
        other = next(who.name for who in made.people if who.id != person.id)
        lines.append(f"introduction to {other}: {_stage(made)}, {_since(made)}")
    shown = {
        "acquaintances": [to_json(one) for one in known],
        "introductions": [_json(one) for one in brought],
    }
    return Connections(lines, shown)


def _names(net: Network, known: Iterable[Acquaintance]) -> Mapping[str, Name]:
    return net.names(id_ for one in known for id_ in (*one.contacts, one.told_by) if id_)
