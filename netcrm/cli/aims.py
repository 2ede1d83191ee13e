"""Commands about what I am after: objective, campaign, field, research."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

import click

from netcrm.cli.base import App, as_json, dry_run, pass_app, print_json, say, table
from netcrm.cli.words import done, pretty, printable_commit, to_json
from netcrm.model.base import label
from netcrm.model.campaign import Focus, Matter
from netcrm.rules.page import shortened

if TYPE_CHECKING:
    from netcrm.model.campaign import Campaign, CareerField, Objective
    from netcrm.network import Network
    from netcrm.rules.funnel import Tally


def numbered(text: str) -> tuple[str, int]:
    """Return what NAME=N says, such as psychiatry=3."""
    name, _, number = text.rpartition("=")
    if not (name.strip() and number.strip().isascii() and number.strip().isdigit()):
        raise click.BadParameter(f"{text!r} is not NAME=N, such as psychiatry=3")
    return name.strip(), int(number[:9])


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value not in (None, ())}


@click.command("objective")
@click.argument("text", required=False)
@click.option("--focus", type=click.Choice(get_args(Focus)), help="What it is about.")
@click.option("-f", "--field", "fields", multiple=True, help="The career field, if it is one.")
@click.option("--org", "organisations", multiple=True, help="The organisation, if it is one.")
@click.option("--decision", type=click.Choice([*filter(None, get_args(Matter))]),
              help="What you have to decide.")  # fmt: skip
@click.option("--answered", metavar="BEGINNING", help="The one that begins so is answered.")
@click.option("--drop", metavar="BEGINNING", help="The one that begins so matters no more.")
@dry_run
@as_json
@pass_app
def objective_command(
    app: App,
    text: str | None,
    answered: str | None,
    drop: str | None,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Set an objective: something that you want to find out. Without arguments, list them.

    \b
    Example:
      netcrm objective "What is a normal day like?" --field psychiatry
      netcrm objective
      netcrm objective --answered "what is a normal"
    """
    given = _given(options)
    said = [one for one in (text, answered, drop) if one is not None]
    if len(said) > 1 or (given and text is None):
        raise click.UsageError("give a text with its options, or --answered or --drop, or nothing")
    with app.open() as net:
        if not said:
            _list_objectives(net, as_json)
            return
        with net.transaction("objective", detail=said[0], dry_run=dry_run) as receipt:
            if text is not None:
                made = net.objective(text, **given)
            else:
                made = net.settle(said[0], "answered" if drop is None else "dropped")
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), objective=to_json(made))
        return
    verb = {"": "set", "answered": "answer", "dropped": "drop"}[made.ended]
    did = (made.ended or "objective set").capitalize()
    what = f"“{shortened(made.text)}”"
    done(receipt.commit, dry_run, f"{verb}: {what}", f"{did}: {what}")
    if made.ended == "answered":
        say('Next: what follows from it? netcrm decide "..."', style="faint")
    elif not made.ended:
        say("Next: whom to ask it: netcrm ask WHO email, or a plan: netcrm campaign", style="faint")


def _list_objectives(net: Network, as_json: bool) -> None:
    with net.reading():
        found = net.objectives()
        insights = Counter(one.objective for one in net.insights())
        asked = (one for thread in net.interviews() for one in thread.interview.questions)
        answers = Counter(one.objective for one in asked if one.answered_on)
    if as_json:
        items = [
            {**to_json(one), "insights": insights[one.id], "answers": answers[one.id]}
            for one in found
        ]
        print_json(objectives=items)
    elif found:
        table([(one.text, _about(one), _counted(insights[one.id], answers[one.id]))
               for one in found])  # fmt: skip
    else:
        say('No objective yet. What do you want to find out? netcrm objective "..."')


def _about(objective: Objective) -> str:
    """Return what an objective is about, in words."""
    words = [objective.focus, *sorted(objective.fields), *objective.organisations]
    return ", ".join([*words, *filter(None, [objective.decision])]).replace("_", " ")


def _counted(insights: int, answers: int) -> str:
    parts = [(insights, "insight"), (answers, "answer")]
    return ", ".join(f"{n} {word}{'s' * (n != 1)}" for n, word in parts)


@click.command("campaign")
@click.argument("name", required=False)
@click.option("--aim", "aims", multiple=True, type=numbered, metavar="FIELD=N",
              help="How many interviews in which career field.")  # fmt: skip
@click.option("--every", metavar="TIME", help='The rhythm of interviews to hold: "1 month".')
@click.option("--for", "objectives", multiple=True, metavar="OBJECTIVE",
              help="What it is for: how an objective begins.")  # fmt: skip
@click.option("--org", "organisations", multiple=True, help="Where you want to talk to people.")
@click.option("--weekly-requests", type=click.IntRange(min=0), help="How many to ask each week.")
@click.option("--max-open", type=click.IntRange(min=0), help="How many may be unanswered at once.")
@click.option("--weekly-minutes", type=click.IntRange(min=0), help="The time you have each week.")
@click.option("--start", metavar="DAY", help="The first day; today without it.")
@click.option("--end", metavar="DAY", help="The last day; without it, it goes on.")
@dry_run
@as_json
@pass_app
def campaign_command(
    app: App, name: str | None, dry_run: bool, as_json: bool, **options: Any
) -> None:
    """Begin a campaign of interviews, or change the one called so; without NAME, list them.

    What you give replaces what was there. Interviews that you ask for belong to the campaign under
    way.

    \b
    Example:
      netcrm campaign Spring --aim psychiatry=3 --aim "social work=2" --weekly-requests 4
      netcrm campaign "All year" --every "1 month"
      netcrm campaign
    """
    given = _given(options)
    if given and name is None:
        raise click.UsageError("name the campaign too")
    with app.open() as net:
        if name is None:
            _list_campaigns(net, as_json)
            return
        with net.transaction("campaign", detail=name, dry_run=dry_run) as receipt:
            made = net.campaign(name, **{**given, "aims": dict(given.get("aims", ()))})
            shown = _campaign_json(made, net.tallies())
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), campaign=shown)
        return
    what = f"{made.name}, {_span(made)}"
    done(receipt.commit, dry_run, f"set the campaign {what}", f"Campaign {what}")
    say("Next: ask somebody: netcrm ask WHO email", style="faint")


def _list_campaigns(net: Network, as_json: bool) -> None:
    with net.reading():
        found = net.campaigns(as_of=date.max)
        tallies = net.tallies()
        shown = [_campaign_json(one, tallies) for one in found]
    if as_json:
        print_json(campaigns=shown)
    elif found:
        rows = []
        for one, made in zip(found, shown, strict=True):
            aims = [f"{aim['field']} {aim['held']} of {aim['interviews']}" for aim in made["aims"]]
            rows.append((one.name, _span(one), ", ".join(aims), _pace(one)))
        table(rows)
    else:
        say('No campaign yet. To begin one: netcrm campaign Spring --aim "FIELD=3"')


def _campaign_json(campaign: Campaign, tallies: Iterable[Tally]) -> dict[str, Any]:
    """Return a campaign in JSON, with how many interviews were held for each aim."""
    own = (one for one in tallies if one.held and one.campaign == campaign.id)
    held = Counter(field for one in own for field in one.fields)
    aims = [{**to_json(aim), "held": held[aim.field]} for aim in campaign.aims]
    return {**to_json(campaign), "aims": aims}


def _span(campaign: Campaign) -> str:
    end = f" to {pretty(campaign.end)}" if campaign.end else ""
    return f"from {pretty(campaign.start)}{end}"


def _pace(campaign: Campaign) -> str:
    """Return how much of it there is to be, in words."""
    parts = [
        (campaign.every, f"one every {campaign.every}"),
        (campaign.weekly_requests, f"{campaign.weekly_requests} requests a week"),
        (campaign.max_open, f"at most {campaign.max_open} open"),
        (campaign.weekly_minutes, f"{campaign.weekly_minutes} min a week"),
    ]
    return ", ".join(words for value, words in parts if value is not None)


@click.command("field")
@click.argument("name", required=False)
@click.option("--related", multiple=True, metavar="FIELD", help="Adds a field that is near.")
@click.option("--broader", multiple=True, metavar="FIELD", help="Adds a field that it is part of.")
@dry_run
@as_json
@pass_app
def field_command(
    app: App,
    name: str | None,
    related: tuple[str, ...],
    broader: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Say which career fields are related to a field, or broader; without options, show them.

    \b
    Example:
      netcrm field psychiatry --related "clinical psychology" --broader "mental health"
      netcrm field
    """
    if name is None and (related or broader):
        raise click.UsageError("name the field too")
    with app.open() as net:
        if name is None or not (related or broader):
            _list_fields(net, name, as_json)
            return
        with net.transaction("field", detail=name, dry_run=dry_run) as receipt:
            made = net.relate(name, *related, broader=broader)
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), field=to_json(made))
        return
    what = ": ".join(_row(made)[:1]) + "; " + "; ".join(filter(None, _row(made)[1:]))
    done(receipt.commit, dry_run, f"note {what}", f"Noted: {what}")


def _list_fields(net: Network, name: str | None, as_json: bool) -> None:
    wanted = label(name) if name is not None else ""
    found = [one for one in net.career_fields() if one.name == wanted or not wanted]
    if as_json:
        print_json(fields=[to_json(one) for one in found])
    elif found:
        table([_row(one) for one in found])
    else:
        what = f"Nothing is said of {wanted} yet" if wanted else "Nothing is said of any field yet"
        say(f"{what}. Say what is near: netcrm field {wanted or 'psychiatry'} --related ...")


def _row(field: CareerField) -> tuple[str, str, str]:
    near, wide = ", ".join(sorted(field.related)), ", ".join(sorted(field.broader))
    return field.name, near and f"related to {near}", wide and f"part of {wide}"


@click.command("research")
@click.argument("words", nargs=-1, required=True, metavar="[WHO] TEXT")
@click.option("--org", "organisation", default="", help="It is about this organisation.")
@click.option("--field", default="", help="It is about this career field.")
@click.option("--link", default="", metavar="URL", help="Where you found it.")
@click.option("--setting", is_flag=True, help="It is about meeting them: the place, what to wear.")
@dry_run
@as_json
@pass_app
def research_command(
    app: App,
    words: tuple[str, ...],
    organisation: str,
    field: str,
    link: str,
    setting: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Note what you looked up before talking: about a person, an organisation or a field.

    \b
    Example:
      netcrm research ana "wrote about night shifts" --link https://example.org/shifts
      netcrm research --org "Mercy General" "opens a new ward in May"
      netcrm research ana --setting "no tie, and sign in at the east door"
    """
    about_person = not (organisation or field)
    if len(words) != 1 + about_person or (organisation and field) or (setting and not about_person):
        raise click.UsageError("give WHO and TEXT, or --org or --field and TEXT in quotation marks")
    who = words[0] if about_person else ""
    with app.open() as net:
        with net.transaction("research", dry_run=dry_run) as receipt:
            made = net.research(
                who, words[-1], organisation=organisation, field=field, link=link, setting=setting
            )
            person = net.contact(who) if who else None
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), research=to_json(made))
        return
    about = person.name if person else made.organisation or made.field
    done(receipt.commit, dry_run, f"note it about {about}", f"Noted about {about}")
    whose = person.handle if person else "WHO"
    say(f"It is on the page of whoever it is about: netcrm brief {whose}", style="faint")
