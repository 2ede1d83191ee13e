"""The command about ways to somebody: path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from netcrm.cli.base import App, as_json, as_of, complete_name, pass_app, print_json, say, warn
from netcrm.cli.words import person_json, pretty
from netcrm.rules.funnel import ORIGINS
from netcrm.rules.paths import in_a_word

if TYPE_CHECKING:
    from netcrm.network.writing import Letter
    from netcrm.rules.paths import Path, Routes


@click.command("path")
@click.argument("to", shell_complete=complete_name)
@click.option("--k", type=click.IntRange(1, 100), default=3, show_default=True,
              help="How many ways.")  # fmt: skip
@click.option("--why", is_flag=True, help="Also the numbers behind the words.")
@click.option("--ask", "asks", is_flag=True,
              help="Print the letter to begin the best way with instead.")  # fmt: skip
@as_of
@as_json
@pass_app
def path_command(
    app: App, to: str, k: int, why: bool, asks: bool, as_of: str | None, as_json: bool
) -> None:
    """Show the warmest ways to a person, an organisation or a field, over people you know.

    TO is a person, the name of an organisation (with org: in front where a person is called so
    too), or a field such as field:psychiatry. How likely a way works is a word, not a forecast.

    \b
    Example:
      netcrm path tom
      netcrm path "Mercy General" --why
      netcrm path field:nursing --k 5
      netcrm path tom --ask
    """
    if asks and as_json:
        raise click.UsageError("give one of --ask and --json")
    with app.open() as net, net.reading():
        when = net.moment_of(as_of)
        found = net.paths(to, k=k, as_of=when)
        letter = net.letter(found.paths[0], as_of=when) if asks and found.paths else None
    if as_json:
        print_json(as_of=str(when), **_routes_json(found))
    elif letter is not None:
        _print_letter(letter)
    else:
        _print_routes(found, why=why)


def _print_letter(letter: Letter) -> None:
    """Print a letter, and on standard error what it lacks."""
    draft = letter.draft
    if draft.subject:
        say(f"Subject: {draft.subject}\n")
    say(draft.text)
    if draft.missing:
        warn(f"Still to fill in: {'; '.join(draft.missing)}.")


def _print_routes(found: Routes, *, why: bool) -> None:
    for path in found.paths:
        _print_path(found, path, why=why)
    if not found.paths and found.avoided:
        say(f"No way to {found.to} is open now.")
    elif not found.paths:
        say(f"No way to {found.to} is known: nobody you are in touch with leads there.")
        say('To note who knows them: netcrm knows WHO WHOM, or netcrm refer WHO "WHOM"',
            style="faint")  # fmt: skip
    for one in found.avoided:
        again = f"; again from {pretty(one.until)}" if one.until else ""
        say(f"Not asked now: {found.names[one.person].name}, as {one.because}{again}.")
    for id_, note in found.notes.items():
        say(f"Mind that of {found.names[id_].name}: {note}.")
    say(_direct(found, why=why))


def _print_path(found: Routes, path: Path, *, why: bool) -> None:
    number = f" ({path.chance:.2f})" if why else ""
    say(f"{path.likelihood}{number}  {found.line(path)}", style="heading")
    for line in _hops(found, path, why=why):
        say(f"  {line}")
    say(f"  next: {_command(found, path)}", style="faint")


def _hops(found: Routes, path: Path, *, why: bool) -> Iterator[str]:
    """Yield what each hop of a way rests on."""
    for hop in path.hops:
        source = found.names[hop.source].name if hop.source else "you"
        number = f" ({hop.chance:.2f})" if why else ""
        yield f"{source} > {found.names[hop.target].name}{number}: {hop.because}"


def _command(found: Routes, path: Path) -> str:
    """Return the command that drafts the letter to begin a way with."""
    ask = path.ask
    about = f" --about {found.names[ask.about].handle}" if ask.about else ""
    return f"netcrm draft {ask.kind} {found.names[ask.who].handle}{about}"


def _direct(found: Routes, *, why: bool) -> str:
    """Return what to expect of going there directly, in words."""
    direct = found.direct
    name, chance = found.names[direct.person].name, direct.chance
    if direct.origin == "referral":
        pointed = f"somebody pointed you to {name}"
        return f"Directly: {pointed}; how likely an answer is depends on the way over whoever did."
    group = ORIGINS[direct.origin]
    if chance is None:
        return f"Directly: nothing known, as no request to {group} is old enough to tell."
    rate = direct.answered
    number = f" ({chance:.2f}: {rate.k} of {rate.n} {group} answered)" if why else ""
    if found.is_direct_better:
        better = "at least as good" if found.paths else "possible"
        return f"Directly: {in_a_word(chance)}{number}, so writing to {name} yourself is {better}."
    return f"Directly: {in_a_word(chance)}{number}, by how {group} answered you."


def _routes_json(found: Routes) -> dict[str, Any]:
    direct, chance = found.direct, found.direct.chance
    return {
        "to": {"kind": found.kind, "name": found.to},
        "paths": [_path_json(found, path) for path in found.paths],
        "direct": {
            "person": person_json(found.names[direct.person]),
            "origin": direct.origin,
            "likelihood": None if chance is None else in_a_word(chance),
            "chance": None if chance is None else round(chance, 4),
            "answered": direct.answered.k,
            "asked": direct.answered.n,
            "is_better": found.is_direct_better,
        },
        "avoided": [
            {
                "person": person_json(found.names[one.person]),
                "because": one.because,
                "until": str(one.until) if one.until else None,
            }
            for one in found.avoided
        ],
        "notes": [
            {"person": person_json(found.names[id_]), "note": note}
            for id_, note in found.notes.items()
        ],
    }


def _path_json(found: Routes, path: Path) -> dict[str, Any]:
    return {
        "likelihood": path.likelihood,
        "chance": round(path.chance, 4),
        "is_guess": path.is_guess,
        "hops": [
            {
                "source": person_json(found.names.get(hop.source)),
                "target": person_json(found.names[hop.target]),
                "kind": hop.kind,
                "chance": round(hop.chance, 4),
                "because": hop.because,
                "on": str(hop.on) if hop.on else None,
                "facts": list(hop.facts),
            }
            for hop in path.hops
        ],
        "ask": _command(found, path),
    }
