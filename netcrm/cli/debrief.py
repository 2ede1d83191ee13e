"""The command debrief: what I make of a conversation, by options or question by question."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from netcrm.cli.aims import numbered
from netcrm.cli.asking import interview_json
from netcrm.cli.base import (
    App,
    F,
    as_json,
    dry_run,
    pass_app,
    print_json,
    say,
    warn,
    who_argument,
)
from netcrm.cli.doing import Owed, owed_json, say_owed
from netcrm.cli.words import closing, done, printable_commit, standing, to_json
from netcrm.errors import NetcrmError
from netcrm.model.base import label

if TYPE_CHECKING:
    from netcrm.model.insight import Insight, Opportunity
    from netcrm.model.interview import Evaluation
    from netcrm.network import Network
    from netcrm.network.threads import Progress
    from netcrm.rules.due import Due
    from netcrm.rules.obligations import Obligation

CRITERIA: Final = ("interest", "day-to-day", "values", "training", "outlook")
"""What is rated where nothing else is said (our choice)."""

_PATHS: Final = "training_and_paths"
_TEXTS: Final = {
    "liked": ("What drew you to this work?", "What drew you to it."),
    "challenging": ("What looks hard about it?", "What looks hard."),
    "rewarding": ("What looks rewarding?", "What looks rewarding."),
    "satisfying": ("What would content you in it?", "What would content you."),
    "disliked": ("What put you off?", "What put you off."),
    "daily_tasks": ("What fills their days?", "What fills their days."),
    "experience": ("What must one have done before?", "What one must have done before."),
    _PATHS: (
        "Which training is there, and where can one go from here?",
        "Which training there is, and where one can go from there.",
    ),
}
_LISTS: Final = {
    "skills": ("skill", "Which skills does it take?", "A skill that it takes."),
    "gaps": ("gap", "Which of them, and what else, do you lack?", "What you lack for it."),
    "who_else": (
        "who-else",
        "Whom else did they name? (if they knew nobody: nobody)",
        "Somebody they named to talk to next.",
    ),
    "advice": ("advice", "What did they advise?", "What they advised."),
    "next_steps": ("next", "What will you do next?", "What you will do next."),
    "fields": ("field", "", "The career field that it was about."),
    "insights": ("insight", "", "Something else that you learned."),
    "opportunities": ("opportunity", "", "An opening or event that they told you of."),
}
"""What may be said several times: its option, the question for it, and what the option is for."""
_EVALUATED: Final = ("skills", "gaps", "who_else", "next_steps", "fields")
_NOBODY: Final = "nobody"


def _option(name: str) -> str:
    """Return the option by which something is said."""
    if name in _LISTS:
        return f"--{_LISTS[name][0]}"
    return {_PATHS: "--paths", "ratings": "--rate"}.get(name, f"--{name.replace('_', '-')}")


def _told(command: F) -> F:
    """Add the options that say what was learned, in the order in which it is asked."""
    options: list[Callable[[Any], Any]] = [
        click.option(_option(name), name, metavar="TEXT", help=told)
        for name, (_, told) in _TEXTS.items()
    ]
    options += [
        click.option(_option(name), name, metavar="TEXT", multiple=True, help=told)
        for name, (_, _, told) in _LISTS.items()
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.command("debrief")
@who_argument()
@_told
@click.option("--nobody-else", is_flag=True, help="They knew nobody else to talk to.")
@click.option("--rate", "ratings", multiple=True, type=numbered, metavar="WHAT=N",
              help="A rating from 1 to 5, such as interest=4.")  # fmt: skip
@click.option("--confidence", type=click.IntRange(1, 5), help="How sure you are of it, 1 to 5.")
@click.option("--decision", type=click.Choice(["deepen", "keep_open", "drop"]),
              help="What becomes of this career path.")  # fmt: skip
@click.option("--keep-in-touch", metavar="TIME", help='How often from now on: "3 months", never.')
@click.option("--mentor", is_flag=True, help="They might become a mentor of yours.")
@dry_run
@as_json
@pass_app
def debrief_command(app: App, who: str, dry_run: bool, as_json: bool, **options: Any) -> None:
    """Write down what you make of the last interview with a person.

    Without options it asks you question by question, in a terminal. What may be given several times
    is added to what you said before; the rest replaces it.

    \b
    Example:
      netcrm debrief ana --liked "time with people" --skill listening --rate interest=4
      netcrm debrief ana --who-else "Priya Nair" --advice "watch a shift" --keep-in-touch "3 months"
    """
    said = {name: value for name, value in options.items() if value not in (None, (), False)}
    if "nobody_else" in said and "who_else" in said:
        raise click.UsageError("give one of --who-else and --nobody-else")
    with app.open() as net:
        asking = not said
        if asking:
            said = _ask_all(net, who)
        if not said:
            warn("Nothing was said, so nothing was stored.")
            raise click.exceptions.Exit(0)
        try:
            with net.transaction("debrief", detail=who, dry_run=dry_run) as receipt:
                made = _store(net, who, said)
                shown = _made_json(net, made) if as_json else {}
        except NetcrmError:
            if asking:
                warn(f"Nothing was stored. What you said: {_command(who, said)}")
            raise
    if as_json:
        print_json(**printable_commit(receipt.commit, dry_run), **shown)
        return
    done(receipt.commit, dry_run, f"debrief {made.thread.names}", f"Debriefed {made.thread.names}")
    _print_made(made)


class _Made(NamedTuple):
    """What was stored, and what follows from it."""

    thread: Progress
    insights: list[Insight]
    opportunities: list[Opportunity]
    gaps: dict[str, int]
    owed: list[Obligation]
    closed: list[Obligation]
    due: Due


def _store(net: Network, who: str, said: Mapping[str, Any]) -> _Made:
    """Store what was said, all of it in the transaction that is open."""
    person = net.contact(who)
    owed = Owed(net, [person.id])
    before = net.interview(person.id).interview.evaluation
    thread = net.evaluate(person.id, **_evaluation(before, said))
    if said.get("nobody_else"):
        thread = net.step(person.id, "no_referrals")
    if every := said.get("keep_in_touch"):
        net.rule(f"contact:{person.id}", every)
    if said.get("mentor"):
        net.edit(person.id, roles=[*person.roles, "mentor-candidate"])
    made = thread.interview.evaluation
    assert made is not None
    told = [*((text, "advice") for text in said.get("advice", ()))]
    told += [(text, "daily_work") for text in said.get("insights", ())]
    insights = [
        net.learn(text, who=person.id, category=category, fields=made.fields)
        for text, category in told
    ]
    opportunities = [net.opportunity(person.id, text) for text in said.get("opportunities", ())]
    _, closed = owed.changed()
    gaps = {skill: n for skill, n in net.gaps().items() if skill in made.skills}
    return _Made(thread, insights, opportunities, gaps, owed.open, closed, net.explain(person.id))


def _evaluation(before: Evaluation | None, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an evaluation to change."""
    single = (*_TEXTS, "confidence", "decision")
    fields = {name: said[name] for name in single if name in said}
    for name in _EVALUATED:
        if name in said:
            fields[name] = dict.fromkeys((*getattr(before, name, ()), *said[name]))
    if rated := said.get("ratings"):
        new = {label(name): number for name, number in rated}
        fields["ratings"] = {**(before.ratings if before else {}), **new}
    return fields


def _made_json(net: Network, made: _Made) -> dict[str, Any]:
    names = net.names({one.contact for one in (*made.owed, *made.closed)})
    return {
        "interview": interview_json(made.thread),
        "insights": [to_json(one) for one in made.insights],
        "opportunities": [to_json(one) for one in made.opportunities],
        "gaps": [{"skill": skill, "interviews": n} for skill, n in made.gaps.items()],
        "owed": [owed_json(one, names) for one in made.owed],
        "closed": [owed_json(one, names) for one in made.closed],
        "due": standing(made.due),
    }


def _print_made(made: _Made) -> None:
    if made.gaps:
        say(f"Not among your skills: {', '.join(made.gaps)}. (If they are: netcrm me --skill ...)")
    say_owed(made.owed, made.closed)
    if made.due.due and made.due.status != "in_conversation":
        say(f"Get back to them: {closing(made.due)}.")


# --- question by question


def _ask_all(net: Network, who: str) -> dict[str, Any]:
    """Ask what there is to say of a conversation, and return what was said.

    Raises:
        InvalidError: there was none; better to hear that before than after all the questions.
    """
    if not sys.stdin.isatty():
        command = click.get_current_context().command
        known = " ".join(one.opts[0] for one in command.params if one.opts[0].startswith("--"))
        raise click.UsageError(f"nobody is there to be asked; say it by options: {known}")
    with net.transaction("debrief", dry_run=True):
        names = net.evaluate(who).names
    warn(f"Your interview with {names}. An empty line skips a question; Ctrl-D ends.")
    said: dict[str, Any] = {}
    try:
        for name, (question, _) in _TEXTS.items():
            said[name] = _ask(question)
        _ask_each(said, "skills", "gaps")
        _ask_ratings(said)
        _ask_each(said, "who_else", "advice", "next_steps")
    except EOFError:
        warn("")
    if [one.lower() for one in said.get("who_else", ())] == [_NOBODY]:
        said["who_else"], said["nobody_else"] = [], True
    return {name: value for name, value in said.items() if value}


def _ask(question: str) -> str:
    """Return one line that is typed.

    Raises:
        EOFError: nothing more is to come.
    """
    click.echo(f"{question} ", nl=False, err=True)
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError as error:
        raise click.UsageError(f"what was typed is not text: {error}") from None
    if not line:
        raise EOFError
    return line.strip()


def _ask_each(said: dict[str, Any], *names: str) -> None:
    """Ask for what may be several, each on a line of its own."""
    for name in names:
        said[name] = []
        question = _LISTS[name][1]
        while answer := _ask(question):
            said[name].append(answer)
            question = "  And?"


def _ask_ratings(said: dict[str, Any]) -> None:
    """Ask for numbers from 1 to 5, again where something else is typed."""
    said["ratings"] = []
    for what in CRITERIA:
        while answer := _ask(f"From 1 to 5, {what}?"):
            if answer in ("1", "2", "3", "4", "5"):
                said["ratings"].append((what, int(answer)))
                break


def _command(who: str, said: Mapping[str, Any]) -> str:
    """Return the command that says the same by options, so that nothing typed is lost."""
    words = ["netcrm", "debrief", who]
    for name, value in said.items():
        if name == "ratings":
            words += [f"--rate={what}={number}" for what, number in value]
        elif value is True:
            words.append(_option(name))
        else:
            each = value if name in _LISTS else [value]
            words += [f"{_option(name)}={one}" for one in each]
    return shlex.join(words)
