"""Commands to get ready for an interview: prepare, brief."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from netcrm.cli.asking import interview_json
from netcrm.cli.base import (
    App,
    as_json,
    as_of,
    dry_run,
    pass_app,
    print_json,
    say,
    who_argument,
)
from netcrm.cli.words import done, printable_commit, say_page
from netcrm.rules.questions import MANY

if TYPE_CHECKING:
    from netcrm.model.interview import Question
    from netcrm.network import Network
    from netcrm.network.threads import Progress
    from netcrm.rules.judging import Finding
    from netcrm.rules.page import Brief

_WHICH: Final = "N is the number of a question, or how it begins."


@click.command("prepare")
@who_argument()
@click.option("--n", type=click.IntRange(1, 100), help=f"How many questions; {MANY} without it.")
@click.option("--ask", "asks", multiple=True, metavar="QUESTION",
              help="Adds a question: in your words, or its key in: netcrm questions.")  # fmt: skip
@click.option("--must", multiple=True, metavar="N", help=f"Ask this at all events. {_WHICH}")
@click.option("--why", nargs=2, multiple=True, metavar="N TEXT",
              help="Why you cannot look this up.")  # fmt: skip
@click.option("--for", "aims", nargs=2, multiple=True, metavar="N OBJECTIVE",
              help="The objective that this serves: how that begins.")  # fmt: skip
@click.option("--remove", multiple=True, metavar="N", help="Takes a question out.")
@dry_run
@as_json
@pass_app
def prepare_command(
    app: App,
    who: str,
    n: int | None,
    asks: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    **changes: tuple[Any, ...],
) -> None:
    """Plan what to ask a person, and show the plan. Without options, it is filled up to 10.

    The questions come from netcrm's own, those of plugins and yours. What the person answered
    already is not suggested again.

    \b
    Example:
      netcrm prepare luis
      netcrm prepare luis --ask "What surprised you most?" --must 2 --why 2 "only insiders know"
      netcrm prepare luis --remove 3
    """
    with app.open() as net:
        with net.transaction("prepare", detail=who, dry_run=dry_run) as receipt:
            if asks:
                net.prepare(who, asks)
            if n is not None or not (asks or any(changes.values())):
                net.prepare(who, n=n or MANY)
            _change(net, who, **changes)
            thread = net.interview(who)
            findings = _findings(net, who, thread)
            shown = interview_json(thread)
            served = {one.id: one.text for one in net.objectives()}
    if as_json:
        print_json(
            **printable_commit(receipt.commit, dry_run),
            interview=shown,
            minutes_needed=_needed(thread),
            minutes_agreed=_minutes(thread),
            findings=[
                {"code": one.code, "severity": one.severity, "text": one.text, "places": places}
                for one, places in findings
            ],
        )
        return
    what = f"{len(thread.interview.questions)} questions for {thread.names}"
    done(receipt.commit, dry_run, f"plan {what}", f"Planned {what}")
    _print_plan(thread, served, findings)


def _print_plan(
    thread: Progress, served: Mapping[str, str], findings: Iterable[tuple[Finding, tuple[int, ...]]]
) -> None:
    """Print a plan, the time it takes, and what to mend."""
    questions = thread.interview.questions
    for number, question in enumerate(questions, start=1):
        say(f"{number:>3}  {question.text}{_marks(question, served)}")
    say(f"They take about {_needed(thread)} of {_minutes(thread)} minutes.")
    for finding, places in findings:
        say(f"{_places(places, len(questions))}{finding.text}", style="faint")
    say(f"Next: netcrm brief {thread.people[0].handle}", style="faint")


def _change(
    net: Network,
    who: str,
    must: Iterable[str],
    why: Iterable[tuple[str, str]],
    aims: Iterable[tuple[str, str]],
    remove: tuple[str, ...],
) -> None:
    """Change single questions of a plan; numbers are those that it has before any is taken out."""
    for which in must:
        net.question(who, which, must_ask=True)
    for which, reason in why:
        net.question(who, which, why_not_online=reason)
    for which, objective in aims:
        net.question(who, which, objective=objective)
    if remove:
        net.leave_out(who, *remove)


def _needed(thread: Progress) -> int:
    from netcrm.rules.plans import MINUTES_AROUND, MINUTES_EACH

    return MINUTES_EACH * len(thread.interview.questions) + MINUTES_AROUND


def _minutes(thread: Progress) -> int:
    """Return how many minutes are agreed, or else were asked for."""
    booked = thread.course.meeting(thread.now.meeting)
    return (booked and booked.minutes) or thread.interview.minutes


def _findings(net: Network, who: str, thread: Progress) -> list[tuple[Finding, tuple[int, ...]]]:
    """Return what to mend in a plan, each once, with the numbers of the questions it is about."""
    ends = itertools.accumulate(len(one.text) + 1 for one in thread.interview.questions)
    starts = [0, *ends][:-1]
    found: dict[str, tuple[Finding, tuple[int, ...]]] = {}
    for one in net.lint_questions(who):
        first, places = found.get(one.text, (one, ()))
        here = (sum(start <= one.start for start in starts),) if one.end else ()
        found[one.text] = (first, (*places, *here))
    return list(found.values())


def _places(places: tuple[int, ...], count: int) -> str:
    """Return which questions something is about, in words; nothing for the plan as a whole."""
    if not places:
        return ""
    return "each: " if len(places) == count else f"{', '.join(map(str, places))}: "


def _marks(question: Question, served: Mapping[str, str]) -> str:
    aim = served.get(question.objective or "")
    marks = [
        "must ask" if question.must_ask else "",
        f"not online: {question.why_not_online}" if question.why_not_online else "",
        f"for: {aim}" if aim else "",
        "answered" if question.answered_on else "",
    ]
    said = "; ".join(filter(None, marks))
    return f"  [{said}]" if said else ""


@click.command("brief")
@who_argument()
@click.option("--md", "as_markdown", is_flag=True, help="Print Markdown, to file or to print.")
@as_of
@as_json
@pass_app
def brief_command(app: App, who: str, as_markdown: bool, as_of: str | None, as_json: bool) -> None:
    """Print one page to read before you meet a person, and what is still to be prepared.

    \b
    Example:
      netcrm brief ana
      netcrm brief ana --md > ana.md
    """
    from netcrm.rules.page import markdown

    if as_markdown and as_json:
        raise click.UsageError("give one of --md and --json")
    with app.open() as net:
        page = net.brief(who, as_of=as_of)
    if as_markdown:
        say(markdown(page).rstrip())
    elif as_json:
        print_json(**_page_json(page))
    else:
        say_page(page)


@click.command("organisation")
@click.argument("name")
@as_of
@as_json
@pass_app
def organisation_command(app: App, name: str, as_of: str | None, as_json: bool) -> None:
    """Print what is known of an organisation: who works or worked there, and what was learned.

    \b
    Example:
      netcrm organisation "Mercy General"
    """
    with app.open() as net:
        page = net.organisation(name, as_of=as_of)
    if as_json:
        print_json(**_page_json(page))
    else:
        say_page(page)


def _page_json(page: Brief) -> dict[str, Any]:
    sections = [
        {"title": one.title, "lines": [{"text": x.text, "facts": list(x.facts)} for x in one.lines]}
        for one in page.sections
    ]
    return {"title": page.title, "sections": sections, "missing": list(page.missing)}
