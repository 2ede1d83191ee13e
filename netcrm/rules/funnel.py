"""What becomes of my requests? Counts, rates and waiting times, whole and cut by what differs."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

import attrs

from netcrm.errors import InvalidError
from netcrm.model.time import BusinessCalendar
from netcrm.rules.rates import Rate

WITHIN: Final = 7
"""Working days that an answer may take before one follows up (3B7, Duke Career Hub)."""

UNKNOWN: Final = ""
"""The group of what is not known: no field, no degree, no day of asking."""

_REQUESTED, _REPLIED, _ACCEPTED, _SCHEDULED, _HELD = range(1, 6)
_IMPLIED: Final = {
    "contacted": _REQUESTED,
    "no_response": _REQUESTED,
    "declined": _REPLIED,
    "deferred": _REPLIED,
    "accepted": _ACCEPTED,
    "scheduled": _SCHEDULED,
    "missed": _SCHEDULED,
    "cancelled": _SCHEDULED,
    "held": _HELD,
}
"""How far an interview came at least that ended up so, even if no day is known."""
_ENDS: Final = ("declined", "deferred", "no_response", "cancelled", "dropped")

ORIGINS: Final[Mapping[str, str]] = {
    "inner circle": "people around you",
    "referral": "people you were pointed to",
    "alumni": "alumni",
    "social media": "people from social media",
    "cold": "people from lists",
    "other": "people from elsewhere",
}
"""What the kinds of sources are called, whoever is best known first."""
_SOURCES: Final = {
    "inner circle": "family relative friend family_friend neighbour faculty campus_staff classmate "
    "colleague",
    "referral": "referral",
    "alumni": "alumni_database",
    "social media": "linkedin facebook other_social",
    "cold": "cold_call chamber_of_commerce professional_association yellow_pages",
}
_ORIGIN_OF: Final = {source: name for name, said in _SOURCES.items() for source in said.split()}


class Tally(NamedTuple):
    """What counting needs to know of one interview, and nothing that says with whom.

    Each day is that on which it happened: *replied* their first answer of any kind (automated ones
    are none), *scheduled* when the meeting was fixed. *outcome* is the stage at the day asked
    about, and *ended* when it came to that. *referred*: I know of them through a referral that is
    credited. *thanked_in_time* is None while no thanks are due. *minutes* were spent.
    """

    asked: date | None = None
    follow_ups: tuple[date, ...] = ()
    replied: date | None = None
    accepted: date | None = None
    scheduled: date | None = None
    held: date | None = None
    outcome: str = "contacted"
    ended: date | None = None
    initiator: Literal["me", "them"] = "me"
    source: str = "other"
    channel: str = "other"
    fields: tuple[str, ...] = ()
    referred: bool = False
    degree: int | None = None
    thanked_in_time: bool | None = None
    minutes: int = 0
    campaign: str = ""


@attrs.frozen(kw_only=True)
class Funnel:
    """How many of my requests came how far, and how they ended.

    Stages hold those that came further, too. *held*, the five ends and *open* add up to
    *requested*. *waits* are the days from asking to their answer, the shortest first. *gained* are
    answers after a follow-up. Two kinds of interview are counted apart and in nothing else:
    *walk_ins*, held without a request, and *theirs*, which they asked me for.
    """

    requested: int
    replied: int
    accepted: int
    scheduled: int
    held: int
    declined: int
    deferred: int
    no_response: int
    cancelled: int
    dropped: int
    open: int
    walk_ins: int
    theirs: int
    waits: tuple[int, ...]
    follow_ups: int
    gained: int
    thanked: Rate
    minutes: int

    @property
    def reply_rate(self) -> Rate:
        """Answers of any kind, of requests."""
        return Rate(self.replied, self.requested)

    @property
    def accept_rate(self) -> Rate:
        """Interviews agreed to, of requests."""
        return Rate(self.accepted, self.requested)

    @property
    def held_rate(self) -> Rate:
        """Interviews held, of requests."""
        return Rate(self.held, self.requested)

    @property
    def median_wait(self) -> float | None:
        """Days after which half of those who answered had answered."""
        return statistics.median(self.waits) if self.waits else None

    @property
    def long_wait(self) -> int | None:
        """Days after which nine in ten of those who answered had: the 90th percentile by rank."""
        return self.waits[math.ceil(len(self.waits) * 9 / 10) - 1] if self.waits else None


def funnel(rows: Iterable[Tally]) -> Funnel:
    """Count what became of my requests; the order of *rows* does not matter."""
    rows = list(rows)
    mine = [row for row in rows if _is_request(row)]
    reached = [_reached(row) for row in mine]
    requested, replied, accepted, scheduled, held = (
        sum(far >= stage for far in reached) for stage in range(_REQUESTED, _HELD + 1)
    )
    ends = Counter(_end(row) for row in mine)
    thanked = [row.thanked_in_time for row in mine if row.thanked_in_time is not None]
    return Funnel(
        requested=requested,
        replied=replied,
        accepted=accepted,
        scheduled=scheduled,
        held=held,
        declined=ends["declined"],
        deferred=ends["deferred"],
        no_response=ends["no_response"],
        cancelled=ends["cancelled"],
        dropped=ends["dropped"],
        open=ends["open"],
        walk_ins=sum(_is_walk_in(row) for row in rows),
        theirs=sum(row.initiator == "them" for row in rows),
        waits=tuple(sorted(wait for row in mine if (wait := _wait(row)) is not None)),
        follow_ups=sum(len(row.follow_ups) for row in mine),
        gained=sum(_is_gained(row) for row in mine),
        thanked=Rate(sum(thanked), len(thanked)),
        minutes=sum(row.minutes for row in mine),
    )


def grouped(rows: Iterable[Tally], by: str) -> dict[str, list[Tally]]:
    """Return *rows* in groups, by name: by one of CUTS.

    "week" is the Monday of the week of asking, "year" its year, "follow_ups" how many were sent,
    "origin" the kind of source. Every row is in one group; only by "field" it is in as many as it
    has fields. So the counts of all groups add up to those of the whole, and by field to those of
    the whole with each interview counted once for each of its fields (once if it has none).

    Raises:
        InvalidError: there is no such cut.
    """
    if by not in _KEYS:
        raise InvalidError(f"cannot cut by {by!r}; choose from {', '.join(CUTS)}")
    groups: dict[str, list[Tally]] = {}
    for row in rows:
        for name in dict.fromkeys(_KEYS[by](row)):
            groups.setdefault(name, []).append(row)
    return dict(sorted(groups.items()))


def cut(rows: Iterable[Tally], by: str) -> dict[str, Funnel]:
    """Return the funnel of each group of *rows*; see `grouped`."""
    return {name: funnel(group) for name, group in grouped(rows, by).items()}


def matured(
    rows: Iterable[Tally],
    as_of: date,
    within: int = WITHIN,
    calendar: BusinessCalendar | None = None,
) -> Rate:
    """Return how many of my requests were answered in time, of those that have had the time.

    Younger requests count neither way: those answered already would make the rate too high, those
    not answered yet too low. An answer whose day is not known is none.

    Args:
        rows: interviews; also those they asked me for and walk-ins, which are left out.
        as_of: the day asked about.
        within: the time for an answer, in working days after the day of asking.
        calendar: working days; without it Saturday and Sunday are free.
    """
    calendar = calendar or BusinessCalendar()
    requests = [(row.asked, _answered(row)) for row in rows if _is_request(row)]
    ended = [
        (answered, end)
        for asked, answered in requests
        if asked and (end := calendar.add(asked, within)) <= as_of
    ]
    in_time = sum(answered is not None and answered <= end for answered, end in ended)
    return Rate(in_time, len(ended))


def held_per_week(rows: Iterable[Tally], first: date, weeks: int) -> tuple[int, ...]:
    """Return how many of the interviews I asked for were held in each of the *weeks* from *first*.

    A week is seven days that begin on the weekday of *first*.
    """
    held = Counter((row.held - first).days // 7 for row in rows if row.held and _is_request(row))
    return tuple(held[week] for week in range(weeks))


def no_better(one: Funnel, other: Funnel) -> bool:
    """Whether neither may be said to be answered more often: the intervals overlap."""
    return one.reply_rate.overlaps(other.reply_rate)


def ranked(groups: Mapping[str, Funnel]) -> str:
    """Return a sentence on which groups answer more often than which, where intervals tell."""
    found = [
        f"{name or 'unknown'} answers more often than {' or '.join(worse)}"
        for name, group in sorted(groups.items(), key=_preference)
        if (worse := [n or "unknown" for n in groups if _is_better(group, groups[n])])
    ]
    return f"{'; '.join(found) or 'none answers more often than another, as far as one can tell'}."


def _preference(named: tuple[str, Funnel]) -> tuple[float, str]:
    name, group = named
    return -group.reply_rate.shrunk, name


def _is_better(one: Funnel, other: Funnel) -> bool:
    return one.reply_rate.shrunk > other.reply_rate.shrunk and not no_better(one, other)


def _reached(row: Tally) -> int:
    """Return the last stage that is known by its day or by the outcome; 0 before a request."""
    days = (row.asked, row.replied, row.accepted, row.scheduled, row.held)
    dated = [stage for stage, day in enumerate(days, _REQUESTED) if day]
    return max([*dated, _IMPLIED.get(row.outcome, 0)])


def _is_walk_in(row: Tally) -> bool:
    """Whether we just talked: it was held, and nothing of a request for it is known."""
    asked = row.asked or row.follow_ups or row.replied or row.accepted or row.scheduled
    return row.initiator == "me" and _reached(row) == _HELD and not asked


def _is_request(row: Tally) -> bool:
    """Whether I asked for it; a reply or more implies that I did."""
    return row.initiator == "me" and _reached(row) >= _REQUESTED and not _is_walk_in(row)


def _end(row: Tally) -> str:
    """Return how a request ended; what was held did not end otherwise."""
    if _reached(row) == _HELD:
        return "held"
    return row.outcome if row.outcome in _ENDS else "open"


def _answered(row: Tally) -> date | None:
    """Return the day of their first answer: what came after it implies that there was one."""
    days = (row.replied, row.accepted, row.scheduled, row.held)
    return min((day for day in days if day), default=None)


def _wait(row: Tally) -> int | None:
    """Return the days from asking to the answer, unless the two days contradict each other."""
    answered = _answered(row)
    if not row.asked or not answered or answered < row.asked:
        return None
    return (answered - row.asked).days


def _is_gained(row: Tally) -> bool:
    """Whether they answered after a follow-up, or on its day: it is sent to the silent only."""
    answered = _answered(row)
    return answered is not None and any(sent <= answered for sent in row.follow_ups)


def origin_of(source: str, *, referred: bool) -> str:
    """Return the kind of a source, one of `ORIGINS`.

    Whoever was pointed out to me is a referral, wherever I have them from.
    """
    return "referral" if referred else _ORIGIN_OF.get(source, "other")


def _origin(row: Tally) -> str:
    return origin_of(row.source, referred=row.referred)


def _week(row: Tally) -> str:
    if row.asked is None:
        return UNKNOWN
    return str(row.asked - timedelta(days=row.asked.weekday()))


_KEYS: Final[Mapping[str, Callable[[Tally], Iterable[str]]]] = {
    "source": lambda row: (row.source,),
    "channel": lambda row: (row.channel,),
    "field": lambda row: row.fields or (UNKNOWN,),
    "degree": lambda row: (UNKNOWN if row.degree is None else str(row.degree),),
    "week": lambda row: (_week(row),),
    "year": lambda row: (str(row.asked.year) if row.asked else UNKNOWN,),
    "follow_ups": lambda row: (str(len(row.follow_ups)),),
    "origin": lambda row: (_origin(row),),
    "campaign": lambda row: (row.campaign,),
}
CUTS: Final = tuple(_KEYS)
"""What a funnel can be cut by."""
