"""Whom to ask next, and why? Who fits, how likely they answer, and how much it is needed."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Literal, NamedTuple, get_args

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import line
from netcrm.rules.dormant import LAPSED
from netcrm.rules.funnel import ORIGINS
from netcrm.rules.matches import Aims, Candidate, Prospect, known_best
from netcrm.rules.paths import Path
from netcrm.rules.rates import Rate
from netcrm.rules.strength import band

ONE_IN: Final = 5
"""Of so many suggestions at least one is a tie that is not close (our choice). In sum, such ties
bring people more new jobs (Rajkumar et al. 2022; Gee, Jones and Burke 2017)."""

OFTEN: Final = 0.5
SOMETIMES: Final = 0.2
"""From which share on a group is said to answer often, or sometimes (our choice)."""

Sort = Literal["in touch", "weak", "dormant", "referred", "new"]
"""What somebody is to me: in touch as if monthly or more, in touch more rarely, not since a year,
never but somebody pointed me to them, or nothing yet."""

WIDE: Final = frozenset({"weak", "dormant", "referred"})
"""The ties that are not close."""

_CLOSE: Final = frozenset({"inner", "close"})
_RARELY: Final = "you are in touch now and then"
_IN_TOUCH: Final = {
    "in touch": "you are in touch",
    "dormant": "you were in touch more than a year ago",
}
_ANSWER: Final = {
    "likely": "likely to answer", "fair": "fair chance of an answer", "long shot": "long shot",
}  # fmt: skip
_SILENT: Final = "you wrote, and they have not answered yet"


def _allowed(instance: object, attribute: attrs.Attribute[float], value: float) -> None:
    if type(value) not in (int, float) or not 0 < value <= 2:
        raise InvalidError(f"a factor is more than 0 and at most 2, not {value!r}")


@attrs.frozen
class Factor:
    """By how much something makes it better to ask somebody, or worse, from 0 to 2; and why.

    1 changes nothing. It is never 0: who is not to be asked is not a matter of more or less.
    """

    value: float = attrs.field(validator=_allowed)
    reason: str = line()

    def __attrs_post_init__(self) -> None:
        if not self.reason:
            raise InvalidError("a factor says why: give a reason")


class Suggested(NamedTuple):
    """Somebody to ask, and the factors by which they come where they come.

    `sort` is what they are to me, and `way` the best way to them, if there is any.
    """

    prospect: Prospect
    relevance: Factor
    reach: Factor
    need: Factor
    signals: tuple[Factor, ...] = ()
    sort: Sort = "new"
    way: Path | None = None

    @property
    def person(self) -> Candidate:
        """Who it is."""
        return self.prospect.person

    @property
    def is_brought(self) -> bool:
        """Whether the likeliest is that somebody brings me to them."""
        way = self.way
        return way is not None and len(way.hops) > 1 and way.chance == self.reach.value

    @property
    def is_tied(self) -> bool:
        """Whether the likeliest is that they answer because I am in touch with them."""
        way = self.way
        return way is not None and len(way.hops) == 1 and way.chance == self.reach.value

    @property
    def factors(self) -> tuple[Factor, ...]:
        """All of them; need is 1 and what share is missing."""
        return (self.relevance, self.reach, self.need, *self.signals)

    @property
    def score(self) -> float:
        """The product of the factors. It puts people in order, and says nothing else of them."""
        return math.prod(one.value for one in self.factors)


class Excluded(NamedTuple):
    """Somebody who is not to be asked now, and why.

    `code` is one of state, paused, held, open, cool_off, relevance, colleague, max_open,
    unreachable.
    """

    person: Candidate
    code: str
    because: str


@attrs.frozen(kw_only=True)
class Shortlist:
    """Whom to ask next, the best first; what was looked for; and who else was considered, by name.

    `choices` says how many there were to choose from.
    """

    aims: Aims = attrs.field(factory=Aims)
    people: tuple[Suggested, ...] = ()
    choices: int = 0
    excluded: tuple[Excluded, ...] = ()

    @property
    def mix(self) -> dict[str, int]:
        """How many of them are what to me."""
        counted = Counter(one.sort for one in self.people)
        return {sort: counted[sort] for sort in get_args(Sort) if counted[sort]}


def ranked(
    prospects: Iterable[Prospect],
    *,
    rates: Mapping[str, Rate],
    ways: Mapping[str, Path],
    names: Mapping[str, str],
    sorts: Mapping[str, Sort],
    signals: Mapping[str, Sequence[Factor]],
) -> list[Suggested]:
    """Return prospects as suggestions, the best first; of equal ones those I know best.

    Args:
        prospects: who, and why they fit.
        rates: how many answered, by the kind of source.
        ways: the best ways to them, by their ids; so are the following.
        names: what those are called with whom ways begin.
        sorts: what they are to me.
        signals: what plugins say.
    """
    found = []
    for one in prospects:
        way, sort = ways.get(one.person.id), sorts.get(one.person.id, "new")
        reach = by_rate(one.person.origin, rates.get(one.person.origin, Rate(0, 0)))
        if way is not None and way.chance >= reach.value:
            reach = by_way(way, names.get(way.people[0], ""), sort)
        said = signals.get(one.person.id, ())
        found.append(suggested(one, reach, sort=sort, signals=said, way=way))
    return sorted(found, key=lambda one: (-round(one.score, 9), *known_best(one.person)))


def suggested(
    prospect: Prospect,
    reach: Factor,
    *,
    sort: Sort = "new",
    signals: Iterable[Factor] = (),
    way: Path | None = None,
) -> Suggested:
    """Return somebody as a suggestion, with the factors."""
    wish = prospect.match.wish
    if wish is None or not wish.target:
        need = Factor(1, "no number is set")
    else:
        left = f"{wish.missing} of {wish.target} still wanted"
        need = Factor(1 + wish.need, left if wish.missing else "enough of them already")
    relevance = Factor(prospect.match.relevance, prospect.match.because)
    return Suggested(prospect, relevance, reach, need, tuple(signals), sort, way)


def by_rate(origin: str, rate: Rate) -> Factor:
    """Return how likely somebody is to answer, by how others of the same origin did."""
    group = ORIGINS[origin]
    if rate.value is None:
        return Factor(rate.shrunk, f"no answers of {group} to go by yet")
    often = "often" if rate.value >= OFTEN else "sometimes" if rate.value >= SOMETIMES else "seldom"
    return Factor(rate.shrunk, f"{group} {often} answer ({rate.k} of {rate.n})")


def by_way(way: Path, by: str, sort: Sort = "in touch") -> Factor:
    """Return how likely somebody is to be reached on a way that begins with somebody.

    Args:
        way: the way.
        by: the name of whom it begins with.
        sort: what somebody is to me to whom I have a tie.
    """
    if len(way.hops) == 1:
        return Factor(way.chance, f"{_IN_TOUCH.get(sort, _RARELY)} ({_ANSWER[way.likelihood]})")
    return Factor(way.chance, f"{by} may bring you to them ({way.likelihood})")


def in_silence(listed: Iterable[Suggested], silent: Collection[str]) -> tuple[Suggested, ...]:
    """Return suggestions; of people who never answered they say so, not that I am in touch."""
    return tuple(
        one._replace(reach=Factor(one.reach.value, _SILENT))
        if one.is_tied and one.person.id in silent
        else one
        for one in listed
    )


def sort_of(last: date | None, strength: float, as_of: date, *, is_referred: bool = False) -> Sort:
    """Return what somebody is to me.

    Args:
        last: when I was last in touch with them; None for never.
        strength: of the tie to them.
        as_of: the day.
        is_referred: whether somebody pointed me to them.
    """
    if last is None:
        return "referred" if is_referred else "new"
    if LAPSED.after(last) <= as_of:
        return "dormant"
    return "in touch" if band(strength) in _CLOSE else "weak"


def listed(ranked: Sequence[Suggested], n: int, *, mix: bool = True) -> tuple[Suggested, ...]:
    """Return the first *n* of those in order, and with *mix* at least one in five not close.

    Who is not among them has no part in who is.
    """
    wanted = min(n, len(ranked))
    kept = set(_first_wide(ranked, math.ceil(wanted / ONE_IN))) if mix else set()
    others = (place for place in range(len(ranked)) if place not in kept)
    kept.update(itertools.islice(others, wanted - len(kept)))
    return tuple(ranked[place] for place in sorted(kept))


def _first_wide(ranked: Iterable[Suggested], most: int) -> Iterator[int]:
    return itertools.islice((n for n, one in enumerate(ranked) if one.sort in WIDE), most)
