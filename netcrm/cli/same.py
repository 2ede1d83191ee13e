"""Commands about who is who: dupes, merge, distinct."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from netcrm.cli.base import (
    App,
    as_json,
    dry_run,
    pass_app,
    print_json,
    progress,
    say,
    who_argument,
)
from netcrm.cli.words import done, printable_commit, to_json

if TYPE_CHECKING:
    from netcrm.rules.lookup import Name
    from netcrm.rules.signs import Likeness


@click.command("dupes")
@click.argument("who", required=False)
@click.option("--least", type=click.FloatRange(0, 1), default=0.5, help="The least score to show.")
@click.option("--limit", type=click.IntRange(min=0), default=20, help="At most so many pairs.")
@as_json
@pass_app
def dupes_command(app: App, who: str | None, least: float, limit: int, as_json: bool) -> None:
    """Show pairs of people who are likely one, the likeliest first, and why.

    The score is how likely, from 0 to 1. Nobody is merged by this.

    \b
    Example:
      netcrm dupes
      netcrm dupes ana --least 0.2
    """
    with app.open() as net, net.reading(), progress("Comparing"):
        found = net.dupes(who, least=least)
        shown = found[:limit]
        names = net.names(id_ for pair in shown for id_ in (pair.a, pair.b))
    if as_json:
        print_json(found=len(found), items=[_printable(pair, names) for pair in shown])
        return
    for pair in shown:
        a, b = names[pair.a], names[pair.b]
        say(f"{pair.score:.2f}  {a.name} ({a.handle}) and {b.name} ({b.handle})", style="heading")
        for sign in sorted(pair.signs, key=lambda sign: -sign.bits):
            say(f"      {'+' if sign.bits > 0 else '-'} {sign.text}")
    if len(found) > len(shown):
        more = len(found) - len(shown)
        say(f"{more} more pair{'s' * (more > 1)}; see all with --limit {len(found)}.")
    if shown:
        both = f"{names[shown[0].a].handle} {names[shown[0].b].handle}"
        say(f"One person? netcrm merge {both}   Two? netcrm distinct {both}", style="faint")
    elif not found:
        say("Nobody seems to stand here twice.")


def _printable(pair: Likeness, names: dict[str, Name]) -> dict[str, Any]:
    def of(id_: str) -> dict[str, str]:
        return {"id": id_, "handle": names[id_].handle, "name": names[id_].name}

    signs = [sign._asdict() for sign in pair.signs]
    return {"score": round(pair.score, 4), "a": of(pair.a), "b": of(pair.b), "signs": signs}


@click.command("merge")
@who_argument("keep")
@who_argument("lose")
@click.option("--take", multiple=True, metavar="FIELD", help="Here LOSE is right: --take location.")
@click.option("--insist", is_flag=True, help="Although they were told apart.")
@dry_run
@as_json
@pass_app
def merge_command(
    app: App,
    keep: str,
    lose: str,
    take: tuple[str, ...],
    insist: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make two contacts one: KEEP stays, and has what either had. Undo brings both back.

    Where they differ in a field that has one value, that of KEEP stays, and the other is set aside.
    LOSE's handle still finds the person.

    \b
    Example:
      netcrm merge ana a-ruiz --dry-run
      netcrm merge ana a-ruiz --take name
    """
    with app.open() as net:
        merged = net.merge(keep, lose, take=take, insist=insist, dry_run=dry_run)
    kept, gone = merged.contact, merged.gone
    if as_json:
        print_json(
            **printable_commit(merged.commit, dry_run),
            contact=to_json(kept),
            gone={"id": gone.id, "handle": gone.handle, "name": gone.name},
            conflicts=[conflict._asdict() for conflict in merged.conflicts],
            about=merged.about,
        )
        return
    for conflict in merged.conflicts:
        say(f"{conflict.field}: {conflict.kept} stays, {conflict.left} is set aside")
    for kind, number in merged.about.items():
        are = f"{kind} of {gone.name} is" if number == 1 else f"{kind}s of {gone.name} are"
        say(f"{number} {are} about {kept.name} now")
    what = f"{gone.name} ({gone.handle}) into {kept.name} ({kept.handle})"
    done(merged.commit, dry_run, f"merge {what}", f"Merged {what}")


@click.command("distinct")
@who_argument("a")
@who_argument("b")
@click.option("--reason", default="", help="How you know.")
@dry_run
@as_json
@pass_app
def distinct_command(app: App, a: str, b: str, reason: str, dry_run: bool, as_json: bool) -> None:
    """Remember that two people are not the same, however alike they are.

    \b
    Example:
      netcrm distinct ana a-ruiz --reason "mother and daughter"
    """
    with app.open() as net:
        with net.transaction("distinguish", dry_run=dry_run) as receipt:
            told = net.distinguish(a, b, reason=reason)
            names = [net.contact(id_).handle for id_ in told.contacts]
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), distinct=to_json(told))
        return
    who = f"{names[0]} and {names[1]}"
    done(receipt.commit, dry_run, f"tell {who} apart", f"Told {who} apart")
