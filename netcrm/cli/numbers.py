"""Commands about what came of it all: funnel, compare, review, ics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from netcrm.cli.base import App, as_json, as_of, pass_app, print_json, say, table, warn
from netcrm.cli.letters import hand_over, write_file
from netcrm.cli.words import say_page
from netcrm.rules.funnel import CUTS

if TYPE_CHECKING:
    from netcrm.network import Network
    from netcrm.rules.compare import Career, Comparison, Quote
    from netcrm.rules.funnel import Funnel
    from netcrm.rules.rates import Needed, Rate

_QUOTED: Final = 2
"""So many quotes of one sort are shown of each field (our choice)."""
_SENDERS: Final = ("origin", "source", "channel", "field")
"""The cuts of which one can say that one group answers more often than another."""
_GROUPS: Final = {"follow_ups": "follow-ups: {}", "degree": "degree {}", "week": "week of {}"}
_ENDS: Final = {
    "declined": "declined",
    "deferred": "put off",
    "no_response": "without an answer",
    "cancelled": "cancelled",
    "dropped": "dropped by you",
    "open": "still open",
}
_COUNTS: Final = (
    "requested", "replied", "accepted", "scheduled", "held", *_ENDS, "walk_ins", "theirs",
    "follow_ups", "gained", "minutes",
)  # fmt: skip
_ENTRY: Final = b"BEGIN:VEVENT"


@click.command("funnel")
@click.option("--by", type=click.Choice(CUTS), help="Group by group instead.")
@click.option("--campaign", default="", help="Only interviews of this campaign.")
@click.option("--more", type=click.IntRange(min=1), metavar="N",
              help="Also how many requests N more interviews may take.")  # fmt: skip
@as_of
@as_json
@pass_app
def funnel_command(
    app: App,
    by: str | None,
    campaign: str,
    more: int | None,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Count what became of your requests: how many were answered, agreed to and held.

    As few cases say little, each share stands with the range in which it may well be.

    \b
    Example:
      netcrm funnel --more 3
      netcrm funnel --by origin
      netcrm funnel --json | jq .funnel.reply_rate
    """
    from netcrm.rules.rates import needed

    with app.open() as net, net.reading():
        when = net.moment_of(as_of)
        whole = net.funnel(campaign=campaign, as_of=when)
        groups = _groups(net, by, campaign, when) if by else {}
        news = net.saturation(as_of=when)
    requests = needed(more, whole.held_rate) if more else None
    if as_json:
        print_json(
            as_of=str(when),
            funnel=_funnel_json(whole),
            by=by,
            groups=[{"name": name, **_funnel_json(one)} for name, one in groups.items()],
            saturation=news._asdict(),
            needed=requests._asdict() if requests else None,
        )
        return
    if not whole.requested + whole.walk_ins + whole.theirs:
        say("No interview was asked for yet. To begin one: netcrm ask WHO email")
    elif by:
        _print_groups(by, groups)
    else:
        _print_funnel(whole)
        say(f"The last interviews: {news}.")
    if requests:
        say(_needed(more or 0, requests))


def _groups(net: Network, by: str, campaign: str, when: Any) -> dict[str, Funnel]:
    """Return the funnels of all groups, in an order that says nothing of how they did."""
    found = net.funnels(by, campaign=campaign, as_of=when)
    if by == "campaign":
        names = {one.id: one.name for one in net.campaigns(as_of=when.date)}
        found = {names.get(id_, id_): one for id_, one in found.items()}
    return dict(sorted(found.items(), key=lambda one: (one[0].rjust(4), one[0])))


def _print_funnel(whole: Funnel) -> None:
    if not whole.requested:
        say("You have asked for none yet.")
    else:
        rates = {"answered": whole.reply_rate, "agreed": whole.accept_rate, "held": whole.held_rate}
        shares = [(what, str(rate)) for what, rate in rates.items()]
        table([("asked", str(whole.requested)), *shares])
        _explain_range()
    ends = [f"{count} {what}" for end, what in _ENDS.items() if (count := getattr(whole, end))]
    if ends:
        say(f"Of the others: {', '.join(ends)}.")
    if whole.median_wait is not None:
        within = f"half within {whole.median_wait:g}, nine in ten within {whole.long_wait}"
        say(f"Days until an answer: {within}.")
    if whole.follow_ups:
        say(f"Follow-ups: {whole.follow_ups}; answered after one: {whole.gained}.")
    if whole.thanked.n:
        say(f"Thanked within a day: {whole.thanked}.")
    beside = [
        f"{whole.walk_ins} held without asking" if whole.walk_ins else "",
        f"{whole.theirs} that they asked you for" if whole.theirs else "",
    ]
    if any(beside):
        say(f"Counted apart: {', '.join(filter(None, beside))}.")


def _explain_range() -> None:
    say("In brackets: from where to where the true share may well be, in %.", style="faint")


def _print_groups(by: str, groups: Mapping[str, Funnel]) -> None:
    from netcrm.rules.funnel import ranked

    named = {_called(by, name): one for name, one in groups.items()}
    table(
        [
            (name, f"answered {one.reply_rate}", f"held {one.held_rate}")
            for name, one in named.items()
        ]
    )
    if by in _SENDERS:
        sentence = ranked(named)
        say(sentence[0].upper() + sentence[1:])
    _explain_range()


def _called(by: str, name: str) -> str:
    if not name:
        return "no campaign" if by == "campaign" else "unknown"
    return _GROUPS.get(by, "{}").format(name.replace("_", " "))


def _needed(more: int, requests: Needed) -> str:
    what = f"{more} more interview{'s' * (more != 1)}"
    if requests.high is None:
        return f"To hold {what} may take {requests.low} requests or more; how many, nobody can say."
    return f"To hold {what} may take {requests} request{'s' * (requests.high != 1)}."


def _rate_json(rate: Rate) -> dict[str, Any]:
    value = None if rate.value is None else round(rate.value, 4)
    return {
        "k": rate.k,
        "n": rate.n,
        "value": value,
        "low": round(rate.low, 4),
        "high": round(rate.high, 4),
    }


def _funnel_json(one: Funnel) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in _COUNTS},
        "reply_rate": _rate_json(one.reply_rate),
        "accept_rate": _rate_json(one.accept_rate),
        "held_rate": _rate_json(one.held_rate),
        "thanked": _rate_json(one.thanked),
        "median_wait": one.median_wait,
        "long_wait": one.long_wait,
    }


def _weight(text: str) -> tuple[str, float]:
    """Return what NAME=SHARE says, such as interest=0.3."""
    name, _, share = text.rpartition("=")
    try:
        return name.strip(), float(share)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not WHAT=SHARE, such as interest=0.3") from None


@click.command("compare")
@click.argument("fields", metavar="[FIELD]...", nargs=-1)
@click.option("--weight", "weights", multiple=True, type=_weight, metavar="WHAT=SHARE",
              help="How much a criterion counts, of 1 for all. Alike without it.")  # fmt: skip
@as_json
@pass_app
def compare_command(
    app: App, fields: tuple[str, ...], weights: tuple[tuple[str, float], ...], as_json: bool
) -> None:
    """Compare careers by how you rated your interviews about them.

    Of each field: how many interviews, their mean and range, the mean of each criterion, and in how
    many ways to weigh these it comes first.

    \b
    Example:
      netcrm compare
      netcrm compare nursing psychiatry --weight interest=0.6 --weight values=0.4
    """
    with app.open() as net:
        found = net.compare(fields, weights=dict(weights) if weights else None)
    if as_json:
        print_json(**_comparison_json(found))
    elif found.careers:
        _print_comparison(found)
    else:
        say("No interview was rated yet. To rate one: netcrm debrief WHO --rate interest=4")


def _print_comparison(found: Comparison) -> None:
    from netcrm.rules.page import shortened

    criteria = [name.replace("-", " ") for name in found.weights]
    head = ("", "interviews", "mean", "range", *criteria, "comes first")
    table([head, *(_career(one, found) for one in found.careers)], styles=["heading"])
    for one in found.careers:
        for sign, quotes in (("+", one.liked), ("-", one.disliked)):
            for quote in quotes[:_QUOTED]:
                say(f"{one.field}: {sign} {shortened(quote.text)}")
            if len(quotes) > _QUOTED:
                say(f"{one.field}: {sign} {len(quotes) - _QUOTED} more: --json", style="faint")
    say(found.verdict)


def _career(one: Career, found: Comparison) -> tuple[str, ...]:
    span = f"{one.low:.2f} to {one.high:.2f}" if one.low is not None else ""
    means = (one.means.get(criterion) for criterion in found.weights)
    share = _first(one, found)
    return (
        one.field,
        str(one.n),
        "" if one.mean is None else f"{one.mean:.2f}",
        span,
        *("" if mean is None else f"{mean.value:.1f}" for mean in means),
        "" if share is None else f"{100 * share:.0f} %",
    )


def _first(one: Career, found: Comparison) -> float | None:
    """Return in what share of the ways to weigh a field alone comes first."""
    return one.firsts / found.weightings if found.weightings and one.mean is not None else None


def _comparison_json(found: Comparison) -> dict[str, Any]:
    return {
        "weights": {name: round(weight, 4) for name, weight in found.weights.items()},
        "careers": [_career_json(one, found) for one in found.careers],
        "weightings": found.weightings,
        "ties": found.ties,
        "dominance": [list(pair) for pair in found.dominance],
        "verdict": found.verdict,
    }


def _career_json(one: Career, found: Comparison) -> dict[str, Any]:
    def quoted(quotes: Iterable[Quote]) -> list[dict[str, str]]:
        return [quote._asdict() for quote in quotes]

    return {
        "field": one.field,
        "n": one.n,
        "mean": _rounded(one.mean),
        "low": _rounded(one.low),
        "high": _rounded(one.high),
        "means": {
            name: {"n": mean.n, "value": _rounded(mean.value)} for name, mean in one.means.items()
        },
        "first": _rounded(_first(one, found)),
        "liked": quoted(one.liked),
        "disliked": quoted(one.disliked),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


@click.command("review")
@click.argument("week", required=False)
@click.option("--md", "as_markdown", is_flag=True, help="Print Markdown, to file or to mail.")
@as_of
@as_json
@pass_app
def review_command(
    app: App, week: str | None, as_markdown: bool, as_of: str | None, as_json: bool
) -> None:
    """Look back on a week: what happened, what is open, what comes.

    WEEK is a day of it, or its number as in 2026-W10; this week without it.

    \b
    Example:
      netcrm review
      netcrm review "last friday"
      netcrm review --md > week.md
    """
    from netcrm.rules.review import markdown, sheet

    if as_markdown and as_json:
        raise click.UsageError("give one of --md and --json")
    with app.open() as net:
        found = net.review(week, as_of=as_of)
    if as_json:
        print_json(week=found.week, **_as_json(found))
    elif as_markdown:
        say(markdown(found).rstrip())
    else:
        say_page(sheet(found))


def _as_json(value: Any) -> Any:
    """Return what was computed as JSON data: days and moments as text, rates with their bounds."""
    from netcrm.rules.rates import Rate

    if isinstance(value, Rate):
        return _rate_json(value)
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {name: _as_json(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return [_as_json(one) for one in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)


@click.command("ics")
@click.option("--within", metavar="TIME", default="3 months", show_default=True,
              help="How far ahead.")  # fmt: skip
@click.option("--out", "file", metavar="FILE",
              help="Write it to this file; what it held before is replaced.")  # fmt: skip
@pass_app
def ics_command(app: App, within: str, file: str | None) -> None:
    """Print what comes as a calendar: meetings, what you owe, and who is due.

    Any calendar can read it. Let yours subscribe to the file, and have it made anew each day.

    \b
    Example:
      netcrm ics --out netcrm.ics
      netcrm ics --within "2 weeks" > netcrm.ics
    """
    with app.open() as net:
        content = net.ics(within=within)
    count = content.count(_ENTRY)
    if file is None:
        hand_over(content)
    else:
        write_file(file, content, over=True)
        say(f"Wrote {count} {'entry' if count == 1 else 'entries'} to {file}")
    if not count:
        warn('Nothing comes yet. To plan a meeting: netcrm plan WHO "fri 15:00"')
