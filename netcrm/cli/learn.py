"""Commands about what I learned: learn, insights, decide, opportunity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, get_args

import click

from netcrm.cli.base import (
    App,
    as_json,
    complete_name,
    dry_run,
    pass_app,
    print_json,
    say,
    table,
    who_argument,
)
from netcrm.cli.words import done, person_json, pretty, printable_commit, to_json
from netcrm.model.insight import Category, Offer, Use
from netcrm.rules.page import shortened

if TYPE_CHECKING:
    from netcrm.model.insight import Decision, Insight, Opportunity
    from netcrm.network import Network
    from netcrm.rules.lookup import Name

_BEGINNING = "BEGINNING"


@click.command("learn")
@click.argument("text")
@click.option("--from", "who", metavar="WHO", shell_complete=complete_name, help="Who told you.")
@click.option("--category", type=click.Choice(get_args(Category)), help="What sort of thing.")
@click.option("-f", "--field", "fields", multiple=True, help="The career field it is about.")
@click.option("--org", "organisation", help="The organisation it is about.")
@click.option("--role", help="The job it is about.")
@click.option("--positive", "stance", flag_value="positive", help="It speaks for it.")
@click.option("--negative", "stance", flag_value="negative", help="It speaks against it.")
@click.option("--hearsay", is_flag=True, help="They only heard it themselves.")
@click.option("--confidential", is_flag=True, help="It goes into no draft and no export.")
@click.option("--for", "objective", metavar="OBJECTIVE",
              help="The objective that it speaks to: how that begins.")  # fmt: skip
@dry_run
@as_json
@pass_app
def learn_command(
    app: App,
    text: str,
    hearsay: bool,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Write down one thing that you learned, such as a piece of advice.

    \b
    Example:
      netcrm learn "the first year is mostly nights" --from ana --field nursing --negative
      netcrm learn "read the union's guide" --from ana --category advice
    """
    given = {name: value for name, value in options.items() if value not in (None, ())}
    with app.open() as net:
        with net.transaction("learn", detail=text[:80], dry_run=dry_run) as receipt:
            made = net.learn(text, first_hand=not hearsay, **given)
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), insight=to_json(made))
        return
    what = f"“{shortened(made.text)}”"
    done(receipt.commit, dry_run, f"note: {what}", f"Noted: {what}")
    say('To make use of it: netcrm insights --apply "how it begins" --by DAY', style="faint")


@click.command("insights")
@click.option("--from", "who", metavar="WHO", shell_complete=complete_name, help="From them.")
@click.option("-f", "--field", default="", help="About this career field.")
@click.option("--org", "organisation", default="", help="About this organisation.")
@click.option("--category", type=click.Choice(get_args(Category)), help="Of this sort.")
@click.option("--use", type=click.Choice(["noted", *get_args(Use)]), help="What became of them.")
@click.option("--skills", is_flag=True, help="Instead, the skills that interviews named.")
@click.option("--apply", metavar=_BEGINNING, help="You want to apply the one that begins so.")
@click.option("--by", metavar="DAY", help="Until when, with --apply.")
@click.option("--applied", metavar=_BEGINNING, help="You have applied it.")
@click.option("--set-aside", metavar=_BEGINNING, help="You will not apply it.")
@dry_run
@as_json
@pass_app
def insights_command(
    app: App,
    skills: bool,
    apply: str | None,
    by: str | None,
    applied: str | None,
    set_aside: str | None,
    dry_run: bool,
    as_json: bool,
    **filters: Any,
) -> None:
    """Show what you learned, the latest first, or say what becomes of one insight.

    \b
    Example:
      netcrm insights --category advice --use noted
      netcrm insights --skills
      netcrm learn "read the union's guide" --from ana --category advice
      netcrm insights --apply "read the union" --by friday
    """
    given = {name: value for name, value in filters.items() if value}
    uses = {"planned": apply, "applied": applied, "set_aside": set_aside}
    chosen = [(use, text) for use, text in uses.items() if text is not None]
    if len(chosen) + skills > 1 or (chosen and given) or (skills and given.keys() - {"field"}):
        raise click.UsageError("give filters, or one of --apply, --applied, --set-aside, --skills")
    if by is not None and apply is None:
        raise click.UsageError("--by goes with --apply")
    with app.open() as net:
        if chosen:
            _use(net, *chosen[0], by, dry_run, as_json)
        elif skills:
            _list_skills(net, given.get("field", ""), as_json)
        else:
            _list_insights(net, given, as_json)


def _use(net: Network, use: str, text: str, by: str | None, dry_run: bool, as_json: bool) -> None:
    """Say what becomes of an insight."""
    with net.transaction("use insight", detail=text, dry_run=dry_run) as receipt:
        made = net.use(text, use, due=by)
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), insight=to_json(made))
        return
    due = made.steps[-1].due
    how = f"{use.replace('_', ' ')}{f' by {pretty(due)}' if due else ''}"
    what = f"“{shortened(made.text)}” is {how}"
    done(receipt.commit, dry_run, f"note that {what}", f"Noted: {what}")
    if use == "applied" and made.contact:
        name = net.contact(made.contact)
        say(f"Tell {name.name}, who will like to hear it: netcrm log {name.handle} email "
            "--kind progress_update", style="faint")  # fmt: skip


def _list_skills(net: Network, field: str, as_json: bool) -> None:
    with net.reading():
        found, mine = net.skills(field), net.profile.skills
    if as_json:
        items = [
            {"skill": skill, "interviews": n, "mine": skill in mine} for skill, n in found.items()
        ]
        print_json(skills=items)
    elif found:
        rows = [
            (
                skill,
                f"named in {n} interview{'s' * (n != 1)}",
                "yours" if skill in mine else "a gap",
            )
            for skill, n in found.items()
        ]
        table(rows)
    else:
        say("No interview has named a skill yet. To note one: netcrm debrief WHO --skill ...")


def _list_insights(net: Network, given: dict[str, Any], as_json: bool) -> None:
    with net.reading():
        found = net.insights(**given)
        names = net.names({one.contact for one in found if one.contact})
        now = net.moment(None)
    steps = [one.step(now) for one in found]
    if as_json:
        items = [
            {
                **to_json(one),
                "person": person_json(names.get(one.contact or "")),
                "use": step.use if step else "noted",
            }
            for one, step in zip(found, steps, strict=True)
        ]
        print_json(insights=items)
        return
    for one, step in zip(found, steps, strict=True):
        say(f"{one.observed_on}  {_told_by(one, names)}{one.text}")
        by = f" by {pretty(step.due)}" if step and step.due else ""
        use = [f"{step.use.replace('_', ' ')}{by}"] if step else []
        say(f"            {'; '.join([*_about(one), *use])}", style="faint")
    if not found:
        say('No insight like that. To note one: netcrm learn "..." --from WHO')


def _told_by(insight: Insight, names: dict[str, Any]) -> str:
    person = names.get(insight.contact or "")
    return f"{person.name}: " if person else ""


def _about(insight: Insight) -> list[str]:
    """Return what an insight is about, in words."""
    words = [
        insight.category.replace("_", " "),
        "" if insight.stance == "neutral" else insight.stance,
        ", ".join(sorted(insight.fields)),
        insight.organisation,
        insight.role,
        "" if insight.first_hand else "hearsay",
        "confidential" if insight.confidential else "",
    ]
    return [word for word in words if word]


@click.command("decide")
@click.argument("text", required=False)
@click.option("--because", multiple=True, metavar="INSIGHT",
              help="An insight behind it: how that begins.")  # fmt: skip
@click.option("--goal", is_flag=True, help="It is your career goal from now on.")
@click.option("--for", "objective", default="", metavar="OBJECTIVE",
              help="The objective that it answers: how that begins.")  # fmt: skip
@dry_run
@as_json
@pass_app
def decide_command(
    app: App,
    text: str | None,
    because: tuple[str, ...],
    goal: bool,
    objective: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write down what you decided, and why; without arguments, list decisions and goals.

    \b
    Example:
      netcrm decide "become a nurse" --goal
      netcrm learn "nights are the hardest part" --from ana
      netcrm decide "try day clinics first" --because "nights are"
    """
    if text is None and (because or goal or objective):
        raise click.UsageError("say what you decided too")
    with app.open() as net:
        if text is None:
            _list_decisions(net, as_json)
            return
        with net.transaction("decide", detail=text[:80], dry_run=dry_run) as receipt:
            made = net.decide(text, because=because, goal=goal, objective=objective)
            behind = _behind(net, [made])
            people = net.names({one.contact for one in behind.values() if one.contact})
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), decision=to_json(made))
        return
    what = f"“{shortened(made.text)}”"
    done(receipt.commit, dry_run, f"note: {what}", f"Decided: {what}")
    if people:
        names = ", ".join(one.name for one in people.values())
        say(f"{names} will like to hear what came of it: netcrm today", style="faint")


def _behind(net: Network, decisions: Sequence[Decision]) -> dict[str, Insight]:
    """Return the insights behind decisions, by id."""
    wanted = {id_ for one in decisions for id_ in one.insights}
    return {one.id: one for one in net.insights() if one.id in wanted} if wanted else {}


def _list_decisions(net: Network, as_json: bool) -> None:
    with net.reading():
        found = net.decisions()
        behind = _behind(net, found)
        names = net.names({one.contact for one in behind.values() if one.contact})
    if as_json:
        items = [
            {
                **to_json(one),
                "because": [
                    {
                        "id": id_,
                        "text": behind[id_].text,
                        "person": person_json(names.get(behind[id_].contact or "")),
                    }
                    for id_ in one.insights
                    if id_ in behind
                ],
            }
            for one in found
        ]
        print_json(decisions=items)
        return
    for one in found:
        say(f"{one.on.date}  {one.text}{'  [goal]' if one.is_goal else ''}", style="heading")
        for insight in (behind[id_] for id_ in one.insights if id_ in behind):
            say(f"            because {_told_by(insight, names)}{insight.text}")
    if not found:
        say('Nothing is decided yet. To note what is: netcrm decide "..." --because "..."')


@click.command("opportunity")
@who_argument(required=False)
@click.argument("text", required=False)
@click.option("--kind", type=click.Choice(get_args(Offer)), help="What it is; a job without it.")
@click.option("--org", "organisation", help="Where.")
@click.option("--advertised/--unadvertised", default=None, help="Whether it is in the open.")
@click.option("--outcome", nargs=2, metavar=f"{_BEGINNING} TEXT",
              help="What came of the one that begins so.")  # fmt: skip
@dry_run
@as_json
@pass_app
def opportunity_command(
    app: App,
    who: str | None,
    text: str | None,
    outcome: tuple[str, str] | None,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Write down an opening, programme or event that a person told you of; without TEXT, list them.

    It is for what people offer. Nobody is asked for a job.

    \b
    Example:
      netcrm opportunity ana "summer on the ward" --kind internship --unadvertised
      netcrm opportunity --outcome "summer on" "applied in May"
      netcrm opportunity
    """
    given = {name: value for name, value in options.items() if value is not None}
    if (outcome and (who or given)) or (given and text is None):
        raise click.UsageError(
            "give WHO and TEXT with options, or --outcome, or only WHO, or nothing"
        )
    with app.open() as net:
        if not outcome and text is None:
            _list_opportunities(net, who, as_json)
            return
        with net.transaction("opportunity", detail=who or "", dry_run=dry_run) as receipt:
            if outcome:
                made = net.outcome(*outcome)
            else:
                made = net.opportunity(who or "", text or "", **given)
            name = net.contact(made.contact)
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), opportunity=to_json(made))
        return
    end = f", and what came of it: “{shortened(made.outcome)}”" if made.outcome else ""
    what = f"{name.name} told you of “{shortened(made.text)}”{end}"
    done(receipt.commit, dry_run, f"note that {what}", f"Noted: {what}")
    if outcome:
        say(f"{name.name} will like to hear it: netcrm today", style="faint")


def _list_opportunities(net: Network, who: str | None, as_json: bool) -> None:
    with net.reading():
        found = net.opportunities(who=who)
        through = net.through({one.contact for one in found})
        names = net.names({*through, *(id_ for before in through.values() for id_ in before)})
    chains = {id_: [names[one] for one in before] for id_, before in through.items()}
    if as_json:
        items = [
            {
                **to_json(one),
                "person": person_json(names.get(one.contact)),
                "through": [person_json(name) for name in chains[one.contact]],
            }
            for one in found
        ]
        print_json(opportunities=items)
    elif found:
        table([_row(one, names, chains[one.contact]) for one in found])
    else:
        say('Nobody has told you of one yet. To note one: netcrm opportunity WHO "..."')


def _row(one: Opportunity, names: dict[str, Any], chain: Iterable[Name]) -> tuple[str, ...]:
    said = {True: "advertised", False: "not advertised", None: ""}[one.advertised]
    before = ", ".join(name.name for name in chain)
    name = names[one.contact].name + (f" (through {before})" if before else "")
    about = ", ".join(filter(None, (one.kind.replace("_", " "), one.organisation, said)))
    came = f"{one.outcome} ({pretty(one.outcome_on.date)})" if one.outcome_on else ""
    return str(one.heard_on), name, one.text, about, came
