"""Commands about questions: what there is to ask, and what was answered: questions, answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from netcrm.cli.asking import interview_json
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
from netcrm.cli.words import done, person_json, printable_commit
from netcrm.model.text import bare
from netcrm.rules.page import shortened
from netcrm.rules.questions import TOPICS

if TYPE_CHECKING:
    from netcrm.network import Network
    from netcrm.rules.questions import Asked, BankQuestion


@click.command("questions")
@click.argument("beginning", default="")
@click.option("--topic", type=click.Choice(TOPICS), help="Only those on this topic.")
@click.option("--asked", "which", flag_value="asked",
              help="What several people were asked, their answers side by side.")  # fmt: skip
@click.option("--never-asked", "which", flag_value="never", help="Only what nobody was asked.")
@click.option("--only", metavar="WHO", shell_complete=complete_name,
              help="Only what nobody but this person can tell, of those you know.")  # fmt: skip
@as_json
@pass_app
def questions_command(
    app: App,
    beginning: str,
    topic: str | None,
    which: str | None,
    only: str | None,
    as_json: bool,
) -> None:
    """Show the questions there are to choose from, or the answers that people gave.

    The first word of each is its key, which prepare --ask takes.

    \b
    Example:
      netcrm questions --topic advice
      netcrm questions "what is hard" --asked
    """
    if which and only is not None:
        raise click.UsageError("give one of --asked, --never-asked and --only")
    with app.open() as net, net.reading():
        if which == "asked":
            _compare(net, beginning, topic, as_json)
            return
        found = _chosen(net, which, only)
    begins = bare(beginning)
    found = [
        one
        for one in found
        if (not topic or one.topic == topic)
        and (bare(one.text).startswith(begins) or one.key.startswith(beginning))
    ]
    if as_json:
        print_json(questions=[one._asdict() for one in found])
    elif found:
        table([(one.key, one.topic.replace("_", " "), one.text) for one in found])
        say("To ask one: netcrm prepare WHO --ask KEY", style="faint")
    else:
        say("No such question. All of them: netcrm questions")


def _chosen(net: Network, which: str | None, only: str | None) -> Iterable[BankQuestion]:
    from netcrm.rules.questions import never_asked

    if only is not None:
        return net.only_they_can_answer(only)
    return never_asked(net.bank(), net.asked()) if which == "never" else net.bank()


def _compare(net: Network, beginning: str, topic: str | None, as_json: bool) -> None:
    """Show what several people answered to the same question."""
    groups = [group for group in net.answers(beginning) if not topic or group[0].topic == topic]
    names = net.names({row.contact for group in groups for row in group})
    if as_json:
        items = [
            {
                "text": group[0].text,
                "topic": group[0].topic,
                "key": group[0].key,
                "answers": [
                    {
                        "person": person_json(names.get(row.contact)),
                        "interview": row.interview,
                        "on": str(row.on),
                        "answer": row.answer,
                        "follow_ups": list(row.follow_ups),
                        "dig_deeper": row.dig_deeper,
                    }
                    for row in group
                ],
            }
            for group in groups
        ]
        print_json(questions=items)
        return
    for group in groups:
        say(group[0].text, style="heading")
        for row in group:
            name = names[row.contact].name if row.contact in names else "somebody"
            say(f"  {row.on}  {name}: {row.answer}{_after(row)}")
    if not groups:
        say("Nobody has answered what another was asked too. To note one: netcrm answer")


def _after(row: Asked) -> str:
    """Return what followed an answer."""
    then = [f"then: {'; '.join(row.follow_ups)}"] if row.follow_ups else []
    said = "; ".join([*then, *(["dig deeper"] if row.dig_deeper else [])])
    return f"  [{said}]" if said else ""


@click.command("answer")
@who_argument()
@click.argument("which", metavar="QUESTION")
@click.argument("text", metavar="ANSWER")
@click.option("--follow-up", "follow_ups", multiple=True, metavar="QUESTION",
              help="What you asked next, or want to.")  # fmt: skip
@click.option("--dig-deeper", is_flag=True, help="Come back to it the next time.")
@click.option("--at", metavar="WHEN", help="When it was said; now without it.")
@dry_run
@as_json
@pass_app
def answer_command(
    app: App,
    who: str,
    which: str,
    text: str,
    follow_ups: tuple[str, ...],
    dig_deeper: bool,
    at: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Note what a person answered to a question.

    QUESTION is its number in the plan, how it begins, or another question that you asked.

    \b
    Example:
      netcrm answer luis 1 "by chance, through a summer job" --dig-deeper
      netcrm answer luis "Which night was the longest?" "the first one" --follow-up "And why?"
    """
    with app.open() as net:
        with net.transaction("answer", detail=who, dry_run=dry_run) as receipt:
            before = net.interview(who).interview.questions
            thread = net.answer(
                who, which, text, follow_ups=follow_ups, dig_deeper=dig_deeper, at=at
            )
            after = thread.interview.questions
            shown = interview_json(thread)
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), interview=shown)
        return
    question = next((one.text for one in after if one not in before), which)
    what = f"what {thread.names} said to “{shortened(question)}”"
    done(receipt.commit, dry_run, f"note {what}", f"Noted {what}")
    handle = thread.people[0].handle
    left = [n for n, one in enumerate(after, start=1) if not one.answered_on]
    if left:
        say(f"{len(left)} to go. Next: netcrm answer {handle} {left[0]} ...", style="faint")
    else:
        say(f"All answered. Next: netcrm debrief {handle}", style="faint")
