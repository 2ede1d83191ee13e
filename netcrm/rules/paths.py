"""How do I get to somebody? Ways over people who lead to one another, and how likely they do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, NamedTuple

from netcrm.rules.lookup import Name
from netcrm.rules.rates import Rate

Step = Literal["tie", "introduced", "named", "knows", "colleagues"]

CHANCES: Final[Mapping[str, float]] = {
    "introduced": 0.9, "named": 0.6, "knows": 0.4, "colleagues": 0.15,
}  # fmt: skip
"""How likely one person brings me to the next (our choice): who introduced them to me or offered
to, who named them, who knows them, and who was at one organisation with them in the same year. The
last is a guess. They put ways in order; none of them is a forecast."""

MOST_HOPS: Final = 3
"""A way has at most so many hops (our choice): hardly anybody is asked to ask somebody to ask."""

LIKELY: Final = 0.6
FAIR: Final = 0.3
"""From these on a chance is called likely, or fair; any other is a long shot (our choice)."""

LONGEST_STAY: Final = 60
"""A stay of more years than this counts for its last ones (our choice): nobody works longer."""

WHOLE: Final = 10**9
"""Chances are multiplied as whole numbers of this, so that what is equal is found to be equal."""


class Hop(NamedTuple):
    """One step of a way: from me, whose id is empty, or somebody, to somebody.

    Attributes:
        kind: a tie of mine; who introduced or offered to introduce them; who named them; who is
            said to know them; or a guess, colleagues.
        chance: how likely it leads on, from 0 to 1.
        because: why, in words.
        on: the day of that.
        facts: the ids of the records that say so.
    """

    source: str
    target: str
    kind: Step
    chance: float
    because: str = ""
    on: date | None = None
    facts: tuple[str, ...] = ()

    @property
    def whole(self) -> int:
        """The chance as a whole number."""
        return whole(self.chance)


class Stay(NamedTuple):
    """From which year to which somebody was at an organisation, as far as is known by a day.

    Attributes:
        place: the organisation in a form in which equal ones are equal.
        called: what it is called.
        goes_on: they are there still, as far as is known.
    """

    person: str
    place: str
    called: str
    first: int
    last: int
    goes_on: bool = False

    @property
    def years(self) -> range:
        """The years in which somebody was there."""
        return range(max(self.first, self.last - LONGEST_STAY + 1), self.last + 1)


class Ask(NamedTuple):
    """The letter to begin with: the kind of draft, to whom, and about whom, by their ids."""

    kind: str
    who: str
    about: str = ""


class Path(NamedTuple):
    """A way from me to somebody."""

    hops: tuple[Hop, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Those on the way by their ids, without me; the last is whom it leads to."""
        return tuple(hop.target for hop in self.hops)

    @property
    def chance(self) -> float:
        """The product of the chances of its hops."""
        return float(math.prod(hop.whole for hop in self.hops) / WHOLE ** len(self.hops))

    @property
    def likelihood(self) -> str:
        """The chance in a word: likely, fair, or long shot."""
        return in_a_word(self.chance)

    @property
    def is_guess(self) -> bool:
        """Whether nobody told me one of its hops."""
        return any(hop.kind == "colleagues" for hop in self.hops)

    @property
    def ask(self) -> Ask:
        """What to write: to the first about the second; to the first where there is no other."""
        first, *others = self.people
        return Ask("introduction_request", first, others[0]) if others else Ask("request", first)


class Direct(NamedTuple):
    """What to expect of writing to somebody without anybody between.

    Attributes:
        person: the id of whom.
        origin: of what kind their source is.
        answered: how many of such people answered me within seven working days.
    """

    person: str
    origin: str
    answered: Rate

    @property
    def chance(self) -> float | None:
        """The share that answered, drawn to one half while there are few; None if nobody knows."""
        if self.origin == "referral" or not self.answered.n:
            return None
        return self.answered.shrunk


class Avoided(NamedTuple):
    """Somebody who would be on the way, and is not to be asked now.

    Attributes:
        person: the id of whom.
        because: why not.
        until: the day from which they can be asked; None where none is set.
    """

    person: str
    because: str
    until: date | None = None


class Routes(NamedTuple):
    """The best ways to somebody.

    Attributes:
        kind: whether it is to a person, an organisation or a field.
        to: its name.
        paths: the best first.
        direct: what to expect of going there directly.
        avoided: who would be on better ways, if they could be asked.
        notes: what to know of those to whom the ways lead, by their ids.
        names: what those are called who are named in all this, by their ids.
    """

    kind: str
    to: str
    paths: tuple[Path, ...]
    direct: Direct
    avoided: tuple[Avoided, ...]
    notes: Mapping[str, str]
    names: Mapping[str, Name]

    @property
    def is_direct_better(self) -> bool:
        """Whether going there directly is at least as likely to work as the best way."""
        chance = self.direct.chance
        return chance is not None and all(chance >= path.chance for path in self.paths)

    def line(self, path: Path) -> str:
        """Return who is on a way, in one line."""
        return " > ".join(["you", *(self.names[id_].name for id_ in path.people)])


def in_a_word(chance: float) -> str:
    """Return a chance as a word, because nobody knows it more exactly."""
    return "likely" if chance >= LIKELY else "fair" if chance >= FAIR else "long shot"


def whole(chance: float) -> int:
    """Return a chance as a whole number, to multiply it; what is possible at all is not nothing."""
    return max(1, round(chance * WHOLE))
