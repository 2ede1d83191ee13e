"""Commands about whom to talk to: prospects, next, growth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from netcrm.cli.base import App, as_json, as_of, pass_app, print_json, progress, say, table
from netcrm.cli.words import person_json
from netcrm.rules.growth import GROUPINGS

if TYPE_CHECKING:
    from netcrm.rules.growth import Growth
    from netcrm.rules.lookup import Name
    from netcrm.rules.matches import Aims, Prospect
    from netcrm.rules.prospects import Factor, Shortlist, Suggested

_SORTS: Final = {
    "in touch": "in touch with you",
    "weak": "you have little contact with",
    "dormant": "you were in touch with more than a year ago",
    "referred": "somebody pointed you to",
    "new": "new to you",
}
_KNOWN: Final = {
    "inner circle": "somebody around you",
    "referral": "you were pointed to them",
    "alumni": "alumni",
    "social media": "from social media",
    "cold": "from a list",
    "other": "from elsewhere",
}
_STAGES: Final = {
    "contacted": "asked", "no_response": "did not answer", "deferred": "put you off",
    "held": "you talked", "identified": "", "researched": "",
}  # fmt: skip
_SAY: Final = (
    "Nothing says yet what you look for. Say it: netcrm me --interest psychiatry, or with an aim: "
    'netcrm objective "What is a normal day like?" --field psychiatry'
)


@click.command("prospects")
@click.option("-f", "--field", default="", help="In this career field; your own aims without it.")
@click.option("--broaden", is_flag=True, help="Also in fields near it; see netcrm field.")
@as_of
@as_json
@pass_app
def prospects_command(
    app: App, field: str, broaden: bool, as_of: str | None, as_json: bool
) -> None:
    """List who there is to talk to, why each of them, and for which of your objectives.

    Who fits best comes first, and of these those you know best.

    \b
    Example:
      netcrm prospects
      netcrm prospects --field psychiatry --broaden
    """
    with app.open() as net:
        when = net.moment_of(as_of)
        found = net.prospects(field, broaden=broaden, as_of=when)
    if as_json:
        print_json(as_of=str(when), prospects=[_prospect_json(one) for one in found])
    elif found:
        table([_row(one) for one in found])
    elif field:
        near = "" if broaden else " Look near it too: --broaden."
        say(f"Nobody here is in that field.{near} To add somebody: netcrm add WHO --field FIELD")
    else:
        say("Nobody fits your campaign, objectives or interests. Look in a field: --field FIELD")


def _row(one: Prospect) -> tuple[str, ...]:
    stage = _STAGES.get(one.stage, one.stage)
    return one.person.name, one.match.because, _KNOWN[one.person.origin], _for(one), stage


def _for(one: Prospect) -> str:
    """Return which objectives talking to somebody serves, in words."""
    from netcrm.rules.page import shortened

    if not one.objectives:
        return "no objective"
    first, *others = one.objectives
    more = f" and {len(others)} more" if others else ""
    return f"for “{shortened(first, 40)}”{more}"


@click.command("next")
@click.argument("number", type=click.IntRange(min=1), default=5, metavar="[N]")
@click.option("--campaign", default="", help="For this campaign; the one under way without it.")
@click.option("--why", is_flag=True, help="Also the numbers by which they come in this order.")
@click.option("--excluded", is_flag=True, help="Also who else was looked at, and why not them.")
@click.option("--no-mix", "mix", is_flag=True, flag_value=False, default=True,
              help="In order alone, though all are people you are close to.")  # fmt: skip
@as_of
@as_json
@pass_app
def next_command(
    app: App,
    number: int,
    campaign: str,
    why: bool,
    excluded: bool,
    mix: bool,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Say whom to ask next for an interview, and why. N people; five without it.

    Who fits what you look for comes first, who is likely to answer, and who is in a field of which
    you want to hear more. At least one in five is somebody you are not close to.

    \b
    Example:
      netcrm next
      netcrm next 3 --why
      netcrm next --excluded
    """
    with app.open() as net, net.reading(), progress("Looking"):
        when = net.moment_of(as_of)
        found = net.next_best(number, campaign=campaign, mix=mix, as_of=when)
        names = net.names(id_ for one in found.people if one.way for id_ in one.way.people)
    if as_json:
        print_json(as_of=str(when), **_shortlist_json(found, names))
        return
    if not (found.aims.wishes or found.aims.places):
        say(_SAY)
        return
    _print_shortlist(found, why)
    if excluded:
        say()
        say("Not now", style="heading")
        table([(one.person.name, one.because) for one in found.excluded])
    _print_rest(found, names, excluded)


def _print_shortlist(found: Shortlist, why: bool) -> None:
    """Print whom to ask, with the factors in words, or in numbers too."""
    if not why:
        rows = [(one.person.name, "; ".join(f.reason for f in one.factors)) for one in found.people]
        table(rows)
        return
    for one in found.people:
        say(f"{one.person.name}: {one.score:.3f}", style="heading")
        table([("", name, f"{f.value:.3f}", f.reason) for name, f in _named(one)])
        say(f"  {_for(one.prospect)}")


def _named(one: Suggested) -> list[tuple[str, Factor]]:
    factors = [("relevance", one.relevance), ("reach", one.reach), ("need", one.need)]
    return factors + [("signal", signal) for signal in one.signals]


def _print_rest(found: Shortlist, names: Mapping[str, Name], excluded: bool) -> None:
    """Print what was looked for, who they are to me, and what to type next."""
    sought = [*(one.field for one in found.aims.wishes), *found.aims.places.values()]
    campaign = f" ({found.aims.campaign})" if found.aims.campaign else ""
    say(f"Looked for: {', '.join(sought)}{campaign}.", style="faint")
    if found.people:
        mix = ", ".join(f"{count} {_SORTS[sort]}" for sort, count in found.mix.items())
        say(f"Of {len(found.people)}: {mix}.", style="faint")
    else:
        say("There is nobody to ask now.")
    more, left = found.choices - len(found.people), len(found.excluded)
    if more:
        say(f"{more} more could be asked: netcrm next {found.choices}", style="faint")
    if left and not excluded:
        say(f"Not now: {left} other{'s' * (left != 1)}; why not: --excluded", style="faint")
    if found.people:
        say(f"Next: {_command(found.people[0], names)}", style="faint")
    elif not left:
        say("Next: add people: netcrm add, or: netcrm import", style="faint")


def _command(one: Suggested, names: Mapping[str, Name]) -> str:
    """Return what to type to ask somebody, or whoever may bring me to them."""
    handle = one.person.handle
    if one.is_brought:
        assert one.way is not None
        first = names[one.way.ask.who].handle
        about = names[one.way.ask.about].handle
        return f"netcrm draft introduction_request {first} --about {about}"
    return f"netcrm draft request {handle}, and once it is sent: netcrm ask {handle} email"


def _shortlist_json(found: Shortlist, names: Mapping[str, Name]) -> dict[str, Any]:
    aims: Aims = found.aims
    return {
        "campaign": aims.campaign or None,
        "fields": [one._asdict() for one in aims.wishes],
        "organisations": list(aims.places.values()),
        "people": [_suggested_json(one, names) for one in found.people],
        "mix": found.mix,
        "choices": found.choices,
        "excluded": [
            {"person": person_json(one.person), "code": one.code, "because": one.because}
            for one in found.excluded
        ],
    }


def _suggested_json(one: Suggested, names: Mapping[str, Name]) -> dict[str, Any]:
    """Return a suggestion in JSON; the factors are not rounded, so that they give the score."""
    return {
        **_prospect_json(one.prospect),
        "score": one.score,
        "factors": [
            {"name": name, "value": factor.value, "reason": factor.reason}
            for name, factor in _named(one)
        ],
        "sort": one.sort,
        "way": [person_json(names[id_]) for id_ in one.way.people] if one.way else [],
    }


def _prospect_json(one: Prospect) -> dict[str, Any]:
    match = one.match
    return {
        "person": person_json(one.person),
        "source": one.person.source,
        "origin": one.person.origin,
        "relevance": match.relevance,
        "because": match.because,
        "field": match.wish.field if match.wish else None,
        "broadened": match.is_broadened,
        "objectives": list(one.objectives),
        "stage": one.stage or None,
    }


@click.command("growth")
@click.option("--by", type=click.Choice(GROUPINGS), default="field", show_default=True,
              help="How to group people.")  # fmt: skip
@as_of
@as_json
@pass_app
def growth_command(app: App, by: str, as_of: str | None, as_json: bool) -> None:
    """Show month by month how many people you came to know, and how many by a referral.

    \b
    Example:
      netcrm growth
      netcrm growth --by origin
    """
    with app.open() as net, net.reading():
        when = net.moment_of(as_of)
        found = net.growth(by, as_of=when)
        whole = net.growth("all", as_of=when)
    if as_json:
        months = [one._asdict() for one in found]
        print_json(as_of=str(when), by=by, growth=months, known=_known(whole))
    elif found:
        table([_growth_row(one) for one in found])
        known = _known(whole)
        several = "; some are in several fields" if sum(one.new for one in found) > known else ""
        say(f"In all you know {known}{several}.")
    else:
        say("You know nobody here yet. Add people with: netcrm add, or: netcrm import")


def _known(whole: Sequence[Growth]) -> int:
    return whole[-1].known if whole else 0


def _growth_row(one: Growth) -> tuple[str, ...]:
    group = one.group.replace("_", " ") or "no field"
    referred = f"{one.referred} by a referral" if one.referred else ""
    return one.month, group, f"{one.new} new", referred, f"{one.known} known"
