"""What leads from one person to the next, how likely, and why? In words, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from netcrm.model.text import bare
from netcrm.model.time import PartialDate
from netcrm.rules.course import Talk
from netcrm.rules.organisations import NO_PLACE
from netcrm.rules.paths import CHANCES, Hop, Stay, Step
from netcrm.rules.rates import Rate
from netcrm.rules.referrals import Traced
from netcrm.rules.strength import band, likelihood, rhythm
from netcrm.rules.touch import LIVE

ENOUGH: Final = 5
"""From so many cases of my own on, they count instead of the defaults (our choice)."""

ASK_AGAIN: Final = timedelta(days=30)
"""Nobody is asked for a second introduction sooner (our choice)."""

_OFFERED: Final = frozenset({"offered", "double_opt_in", "direct"})
_CONTACT: Final = frozenset({"contacted", "met"})
_NOTHING: Final = frozenset({"declined_by_referrer", "declined", "no_response"})
_CAME_TO_NOTHING: Final = frozenset({"declined_by_referrer", "withdrawn"})
_bare = lru_cache(10_000)(bare)
_WROTE: Final = {"outbound": "you wrote", "inbound": "they wrote", "mutual": "in touch"}


class Chances(NamedTuple):
    """How likely hops lead on: by default, or as my own cases tell.

    Attributes:
        steps: by the kind of the hop.
        bands: for ties, by how close they are, as far as I have asked enough people so close.
    """

    steps: Mapping[str, float] = CHANCES
    bands: Mapping[str, float] = {}

    def tie(self, strength: float) -> float:
        """Return how likely somebody answers to whom I have a tie of such a strength."""
        return self.bands.get(band(strength)) or likelihood(strength)


def learned(came_of: Iterable[Traced], answered: Mapping[str, Rate]) -> Chances:
    """Return the chances as my own cases tell, where there are enough of them.

    Of referrals, those count of which something came: a contact, or a no, or nothing at all.

    Args:
        came_of: referrals, and what came of each.
        answered: my requests that were answered, by how close the tie was when I asked.
    """
    led, all_ = Counter[str](), Counter[str]()
    for one in came_of:
        if one.pointer.known_before:
            continue
        step = "introduced" if one.pointer.mode in _OFFERED else "named"
        led[step] += one.status in _CONTACT
        all_[step] += one.status in _CONTACT | _NOTHING
    own = {step: Rate(led[step], n).shrunk for step, n in all_.items() if n >= ENOUGH}
    bands = {name: rate.shrunk for name, rate in answered.items() if rate.n >= ENOUGH}
    return Chances({**CHANCES, **own}, bands)


# --- hops


def tied(person: str, strength: float, chances: Chances) -> Hop:
    """Return the hop from me to somebody; `in_touch` says why."""
    return Hop("", person, "tie", chances.tie(strength))


def pointed(
    ends: tuple[str, str],
    mode: str,
    made: PartialDate,
    steps: Sequence[tuple[str, PartialDate]],
    *,
    today: date,
    chances: Chances,
    fact: str,
) -> Hop | None:
    """Return the hop from who pointed me to somebody; None where that came to nothing.

    Args:
        ends: who did it, and to whom.
        mode: what was offered.
        made: when.
        steps: what was noted that came of it, by today, the oldest first.
        today: the day asked about.
        chances: how likely each kind of hop leads on.
        fact: the id of the referral.
    """
    if steps and steps[-1][0] in _CAME_TO_NOTHING:
        return None
    happened = dict(steps)
    step: Step = "introduced"
    if "introduced" in happened:
        what, on = "introduced you", happened["introduced"]
    elif mode == "direct":
        what, on = "introduced you", made
    elif mode in _OFFERED or "offered" in happened:
        what, on = "offered to introduce you", happened.get("offered", made)
    else:
        step, what, on = "named", "named them to you", made
    because = f"{what} {said_when(on, today)}"
    return Hop(*ends, step, chances.steps[step], because, on.first, (fact,))


def acquainted(
    ends: tuple[str, str], how: str, teller: str, noted: date, *, today: date, fact: str
) -> Hop:
    """Return the hop between two who know each other, as somebody told me on a day."""
    when = said_when(noted, today)
    told = f"{teller} told you {when}" if teller else f"you noted it {when}"
    because = f"they know each other{f' ({how})' if how else ''}, {told}"
    return Hop(*ends, "knows", CHANCES["knows"], because, noted, (fact,))


def stay(
    person: str, called: str, start: str, end: str, seen_on: str, *, today: date
) -> Stay | None:
    """Return when somebody was at an organisation; None where it is none, or of later.

    Where nobody said since when, it is since it was seen, and where it ended, in the last year.

    Args:
        person: the id of whom.
        called: the name of the organisation.
        start: since when, as it is stored; empty where that is not known.
        end: until when.
        seen_on: the day on which a source first said so.
        today: the day asked about.
    """
    day, place = str(today), _bare(called)
    goes_on = not end or end > day
    last = today.year if goes_on else _year(end)
    if not last or not place or place in NO_PLACE:
        return None
    if start > day or (not start and seen_on > day):
        return None
    first = _year(start) or (_year(seen_on) if goes_on else 0) or last
    return Stay(person, place, called, first, last, goes_on) if first <= last else None


def _year(text: str) -> int:
    return int(text[:4]) if text[:4].isdecimal() else 0


# --- in words


def in_touch(
    hop: Hop, strength: float, talks: Iterable[Talk], today: date, *, is_answered: bool = True
) -> Hop:
    """Return a tie with what it rests on: what happened last, and as if every so many days.

    Args:
        hop: the tie.
        strength: its strength.
        talks: the last that happened with the person, in any order; a talk goes before a message.
        today: the day asked about.
        is_answered: whether anything ever came from them.
    """
    by_rank = sorted(talks, key=lambda one: (one.at.date, one.channel in LIVE, one.id))
    every = _rhythm(strength)
    if not by_rank:
        return hop._replace(because=every)
    last = by_rank[-1]
    what = "talked" if last.channel in LIVE else _WROTE[last.direction]
    silence = "" if is_answered else ", no answer yet"
    because = f"{what} {said_when(last.at.date, today)}{silence}; {every}"
    return hop._replace(because=because, on=last.at.date, facts=(last.id,))


def _rhythm(strength: float) -> str:
    days = rhythm(strength) or 0
    if days < 1.5:
        return "as if every day"
    if days < 90:
        return f"as if every {days:.0f} days"
    if days < 2 * 365:
        return f"as if every {days / 30.44:.0f} months"
    return f"as if every {days / 365.25:.0f} years"


def said_when(when: PartialDate | date, today: date) -> str:
    """Return a day, or as much of it as is known, as it stands in a sentence: on 3 March."""
    if not isinstance(when, date):
        day = when.first
        if when.day is None:
            return f"in {day:%B} {day.year}" if when.month else f"in {day.year}"
        when = day
    days = (today - when).days
    if days in (0, 1):
        return "yesterday" if days else "today"
    year = "" if when.year == today.year else f" {when.year}"
    return f"on {when.day} {when:%B}{year}"
