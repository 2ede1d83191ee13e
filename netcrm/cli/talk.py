"""Commands about what happened: log, refer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, get_args

import click

from netcrm.cli.base import App, as_json, dry_run, pass_app, print_json, say, who_argument
from netcrm.cli.doing import Owed, doubt, insist, say_owed
from netcrm.cli.words import closing, done, printable_commit, standing, to_json
from netcrm.model.interaction import Kind

if TYPE_CHECKING:
    from netcrm.model.commit import Commit
    from netcrm.model.interaction import Interaction


@click.command("log")
@who_argument()
@click.argument("words", nargs=-1)
@click.option("--with", "others", multiple=True, metavar="WHO", help="Somebody else was there too.")
@click.option("--at", metavar="WHEN", help='When: "fri 15:00", yesterday, 2026-03-14, 3 days ago.')
@click.option("--yesterday", "at", flag_value="yesterday", help="Short for --at yesterday.")
@click.option("--min", "minutes", type=int, help="How many minutes.")
@click.option("-m", "--message", default="", help="What was said (or write it after the channel).")
@click.option("--subject", help="What it was about.")
@click.option("--kind", metavar="KIND", help=f"What it was: {', '.join(get_args(Kind))}.")
@click.option("--until", metavar="DAY", help="Of a defer: when to ask again.")
@click.option("--cc", multiple=True, metavar="WHO", help="Who got a copy, as when introduced.")
@click.option("--in", "direction", flag_value="inbound", help="They wrote or called.")
@click.option("--out", "direction", flag_value="outbound", help="You wrote or called.")
@click.option("--touch/--no-touch", default=None, help="Whether it counts as being in touch.")
@insist
@dry_run
@as_json
@pass_app
def log_command(
    app: App,
    who: str,
    words: tuple[str, ...],
    others: tuple[str, ...],
    at: str | None,
    message: str,
    direction: str | None,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Log that you were in touch. The first word may say how: coffee, call, email, video, ...

    \b
    Example:
      netcrm log ana coffee "asked about nursing"
      netcrm log ana video --at "fri 15:00" --min 30
      netcrm log priya email --kind accept "Friday would be fine"
      netcrm log tom email --kind defer --until 2026-06-01
    """
    from netcrm.rules.said import channel

    how = channel(words[0]) if words else None
    text = " ".join(filter(None, [*(words[1:] if how else words), message]))
    given = {name: value for name, value in options.items() if value is not None}
    with app.open() as net:
        with net.transaction("log", detail=who, dry_run=dry_run) as receipt:
            owed = Owed(net, [who, *others])
            interaction = net.log(
                [who, *others], how or "other", text, at=at, direction=direction or "", **given
            )
            people = [net.contact(p.contact) for p in interaction.participants]
            answer = net.explain(people[0])
            opened, closed = owed.changed()
    if as_json:
        print_json(
            **printable_commit(receipt.commit, dry_run),
            interaction=to_json(interaction),
            due=standing(answer),
            opened=owed.to_json(opened),
            closed=owed.to_json(closed),
        )
        return
    _say_logged(interaction, [person.name for person in people], receipt.commit, dry_run)
    if words and not how:
        doubt(words[0])
    say_owed(opened, closed)
    if answer.due and answer.status != "in_conversation":
        say(f"Get back to them: {closing(answer)}.")


def _say_logged(
    interaction: Interaction, names: Iterable[str], commit: Commit | None, dry_run: bool
) -> None:
    from netcrm.rules.touch import LIVE

    what = _what(interaction, " and ".join(names))
    done(commit, dry_run, f"log: {what}", f"Logged: {what}")
    if interaction.occurred.shifted:
        say(f"The clocks change then; taken as {interaction.occurred}.")
    if interaction.interview and interaction.kind == "message" and interaction.channel in LIVE:
        say("If that was the interview: netcrm undo, and log it with --kind meeting")


def _what(interaction: Interaction, names: str) -> str:
    """Return in words what was logged."""
    how = "contact" if interaction.channel == "other" else interaction.channel.replace("_", " ")
    local = interaction.occurred.local
    at = f" at {local:%H:%M}" if local else ""
    return f"{how} with {names} on {interaction.occurred.date}{at}"


@click.command("refer")
@who_argument("referrer")
@who_argument("referred")
@click.option("--on", metavar="DATE", help="When: 2026-03-14, 2026-03, yesterday.")
@click.option(
    "--mode",
    type=click.Choice(["name_only", "offered", "double_opt_in", "direct"]),
    help="What they offered.",
)
@click.option(
    "--may-use-name", type=click.Choice(["yes", "no", "unknown"]), help="May you say who sent you?"
)
@click.option("--context", help="Why they thought of them.")
@click.option("--then", metavar="STEP", help="What came of the last time they did: introduced, "
              "met, declined, no_response, withdrawn, ...")  # fmt: skip
@dry_run
@as_json
@pass_app
def refer_command(
    app: App,
    referrer: str,
    referred: str,
    on: str | None,
    then: str | None,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Note that REFERRER pointed you to REFERRED, who is added if nobody is called so yet.

    \b
    Example:
      netcrm refer ana "Luis Ortega" --mode offered --may-use-name yes
      netcrm refer ana "someone in HR at City Hospital"
      netcrm refer ana luis --then withdrawn
    """
    given = {name: value for name, value in options.items() if value is not None}
    with app.open() as net:
        with net.transaction("refer", detail=referrer, dry_run=dry_run) as receipt:
            if then is None:
                referral = net.refer(referrer, referred, on=on, **given)
            elif given:
                raise click.UsageError("--then notes what came of a referral; leave out the rest")
            else:
                referral = net.mark(net.last_referral(referrer, referred), then, on=on)
            names = net.names([referral.referrer, referral.referred])
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), referral=to_json(referral))
        return
    what = f"{names[referral.referrer].name} pointed you to {names[referral.referred].name}"
    what += f", {then.replace('_', ' ')}" if then else ""
    done(receipt.commit, dry_run, f"note that {what}", f"Noted: {what}")
    if receipt.commit and receipt.commit.created.get("contact"):
        say(f"{names[referral.referred].name} is new here.")
