"""How much am I in touch with somebody? It says nothing of what they are worth, or mean to me."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from statistics import median
from typing import Final, Literal, NamedTuple

from netcrm.rules.said import CHANNEL_WORDS
from netcrm.rules.touch import LIVE

Band = Literal["inner", "close", "active", "faded", "none"]

HALF_LIFE: Final = 90
"""After so many days a touch counts half (our choice). That ties are sums of touches that decay:
Ahmad, Porter and Beguerisse-Diaz 2018."""

WEIGHTS: Final[Mapping[str, float]] = {
    "in_person": 3.0, "video": 2.0, "phone": 2.0, "letter": 1.5, "social_reaction": 0.0,
}  # fmt: skip
"""How much a touch counts by its channel (our choice); any other channel counts 1."""

BANDS: Final[tuple[tuple[Band, float], ...]] = (
    ("inner", 18.05),
    ("close", 3.85),
    ("active", 0.064),
)
"""From which strength on a tie is called so: what touches of weight 1 every week, month and year
leave at the least. The three rhythms are those of circles of acquaintance (Dunbar and others)."""

HEAVIEST: Final = 10
"""No touch counts more than so many e-mails (our choice)."""

GAPS_NEEDED: Final = 4
"""With fewer gaps between touches nobody knows what is usual (our choice)."""


class Encounter(NamedTuple):
    """One interaction that counts as contact, and with whom; nobody is named who got a copy only.

    `people` leaves me out.
    """

    on: date
    people: tuple[str, ...]
    channel: str = "other"
    direction: str = "mutual"
    thread: str = ""


class TieWeight(NamedTuple):
    """How much a touch by a channel counts, as a plugin says, and why."""

    channel: str
    weight: float
    reason: str


def fault(said: TieWeight) -> str:
    """Return what is wrong with what a plugin says a channel counts; nothing if it is fine."""
    channel, weight, reason = said
    if channel not in tuple(CHANNEL_WORDS):
        return f"{channel!r} is no channel"
    if type(weight) not in (int, float) or not 0 <= weight <= HEAVIEST:
        return f"{channel} may count from 0 to {HEAVIEST}, not {weight!r}"
    if type(reason) is not str or not reason.strip():
        return f"{channel} needs a reason"
    return ""


class Touch(NamedTuple):
    """What one encounter leaves with each who was there.

    Attributes:
        slot: a number: of those that are of one sort on one day only the heaviest counts.
        weight: how much it counts on its day.
        on: the day.
        direction: outbound, inbound or mutual; a talk is mutual, whoever called.
    """

    slot: int
    weight: float
    on: date
    direction: str


class Tie(NamedTuple):
    """How much I am in touch with somebody. Read nothing else into it.

    Attributes:
        contact: the id of whom.
        strength: the sum of all touches, each divided among those who were there, and halved for
            every 90 days since.
        band: inner, close, active, faded, or none for somebody I was never in touch with.
        rhythm: as if in touch every so many days; None for none.
        touches: how many logged touches this rests on; what came in a flood is one.
        first: the day of the first of them.
        last: the day of the last of them.
        sent: how many of them came from me.
        received: how many came from them.
        mutual: how many were from both, such as meetings.
        usual_gap: the median of the days between touches; None for fewer than four gaps.
    """

    contact: str
    strength: float = 0.0
    band: Band = "none"
    rhythm: float | None = None
    touches: int = 0
    first: date | None = None
    last: date | None = None
    sent: int = 0
    received: int = 0
    mutual: int = 0
    usual_gap: float | None = None

    @property
    def reciprocity(self) -> float:
        """The share of messages that came from them, drawn to one half while there are few.

        (in + 1) / (in + out + 2), after Raeder, Lizardo, Hachen and Chawla 2011.
        """
        return (self.received + 1) / (self.received + self.sent + 2)


@lru_cache(10_000)
def decay(days: int) -> float:
    """Return what is left of a touch after so many days."""
    return math.exp2(-days / HALF_LIFE)


def rhythm(strength: float) -> float | None:
    """Return every how many days touches of weight 1 would keep a tie from falling below this.

    None for a strength of nothing, which no rhythm has.
    """
    if strength <= 0:
        return None
    return HALF_LIFE * (math.log1p(strength) - math.log(strength)) / math.log(2)


def likelihood(strength: float) -> float:
    """Return how likely somebody with such a tie is to answer, from 0 to 1: s / (1 + s).

    It puts ways to people in order; it is no forecast (our choice).
    """
    return strength / (1 + strength)


def band(strength: float) -> Band:
    """Return what to call a tie of such a strength."""
    if strength <= 0:
        return "none"
    return next((name for name, least in BANDS if strength >= least), "faded")


def touches(
    encounters: Iterable[Encounter], weights: Mapping[str, float] = WEIGHTS
) -> dict[str, list[Touch]]:
    """Return what counts of encounters, by the id of with whom.

    Nobody counts for more by being flooded: of one thread, or of a channel where there is no
    thread, one touch a day counts in each direction, the heaviest. What weighs nothing does not
    count at all.
    """
    left: dict[tuple[date, int, str, str, str], Touch] = {}  # most are of few sorts
    slots: dict[tuple[date, str, str, str], int] = {}
    found: dict[str, list[Touch]] = {}
    for day, people, channel, direction, thread in encounters:
        sort = (day, len(people), channel, direction, thread)
        touch = left.get(sort)
        if touch is None:
            way = "mutual" if channel in LIVE else direction
            slot = slots.setdefault((day, way, thread, "" if thread else channel), len(slots))
            weight = weights.get(channel, 1.0) / (len(people) or 1)
            touch = left[sort] = Touch(slot, weight, day, way)
        for person in people:
            if person in found:
                found[person].append(touch)
            else:
                found[person] = [touch]
    return {person: those for person, all_ in found.items() if (those := _heaviest(all_))}


def strengths(
    encounters: Iterable[Encounter], as_of: date, weights: Mapping[str, float] = WEIGHTS
) -> dict[str, float]:
    """Return the strength of the tie to each person on a day, by id."""
    found = touches(encounters, weights)
    return {person: strength(those, as_of) for person, those in found.items()}


def strength(those: Iterable[Touch], as_of: date) -> float:
    """Return how strong a tie is on a day, by all touches with one person up to then."""
    return math.fsum(touch.weight * decay((as_of - touch.on).days) for touch in those)


def tie(contact: str, those: Sequence[Touch], as_of: date) -> Tie:
    """Return what the touches with one person up to a day say of the tie to them."""
    if not those:
        return Tie(contact)
    total = strength(those, as_of)
    called = band(total)
    days = sorted({touch.on for touch in those})
    ways = Counter(touch.direction for touch in those)
    return Tie(
        contact=contact,
        strength=total,
        band="faded" if called == "none" else called,  # so long ago that nothing is left
        rhythm=rhythm(total),
        touches=len(those),
        first=days[0],
        last=days[-1],
        sent=ways["outbound"],
        received=ways["inbound"],
        mutual=ways["mutual"],
        usual_gap=_usual_gap(days),
    )


def calls_for_a_call(tie: Tie, as_of: date) -> bool:
    """Whether the last touch is so long ago that talking does more than writing.

    After longer gaps people talk longer (Bhattacharya, Ghosh, Monsivais, Dunbar and Kaski 2017).
    What is long is our choice: more than a half-life, and than twice what is usual.
    """
    long = max(HALF_LIFE, 2 * (tie.usual_gap or 0))
    return tie.last is not None and (as_of - tie.last).days > long


def peak(those: Iterable[Touch]) -> float:
    """Return how strong a tie was when it was strongest: right after one of its touches."""
    strongest = current = 0.0
    before = date.min
    for touch in sorted(those, key=lambda one: one.on):
        current = current * decay((touch.on - before).days) + touch.weight
        strongest, before = max(strongest, current), touch.on
    return strongest


def _heaviest(those: list[Touch]) -> list[Touch]:
    """Return of each sort the heaviest touch."""
    heaviest = {touch.slot: touch for touch in sorted(those)}
    return [touch for touch in heaviest.values() if touch.weight]


def _usual_gap(days: Sequence[date]) -> float | None:
    """Return the median of the gaps between days."""
    gaps = [(later - earlier).days for earlier, later in itertools.pairwise(days)]
    return median(gaps) if len(gaps) >= GAPS_NEEDED else None
