"""How does a campaign go, beside what was planned for it?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from netcrm.model.campaign import Campaign
from netcrm.rules.funnel import Tally, funnel
from netcrm.rules.rates import Needed, needed


class Aimed(NamedTuple):
    """How many interviews were held in a career field, of those that a campaign aims at."""

    field: str
    held: int
    target: int


class Pace(NamedTuple):
    """How a campaign goes, beside what was planned (None: nothing was).

    Attributes:
        fields: interviews held so far; one that was about two fields counts for both.
        requests: sent in the week, of *weekly_requests*.
        minutes: of the interviews of the week, of *weekly_minutes*.
        open: requests that wait for an answer, of at most *max_open*.
        missing: interviews still to be held, and *needed* the requests that it may take.
        next_by: when the next interview is to be held by its rhythm.
    """

    campaign: str
    fields: tuple[Aimed, ...]
    requests: int
    weekly_requests: int | None
    minutes: int
    weekly_minutes: int | None
    open: int
    max_open: int | None
    missing: int
    needed: Needed
    next_by: date | None


def pace(campaign: Campaign, rows: Iterable[Tally], first: date, last: date) -> Pace:
    """Return how a campaign goes; the rate by which interviews are held is that of all *rows*."""
    rows = list(rows)
    own = [row for row in rows if row.campaign == campaign.id]
    done = [row for row in own if row.held and row.held <= last]
    fields = tuple(
        Aimed(aim.field, sum(aim.field in row.fields for row in done), aim.interviews)
        for aim in campaign.aims
        if aim.interviews
    )
    missing = sum(max(0, one.target - one.held) for one in fields)
    before = max((row.held for row in done if row.held), default=campaign.start)
    return Pace(
        campaign=campaign.name,
        fields=fields,
        requests=requested(own, first, last),
        weekly_requests=campaign.weekly_requests,
        minutes=sum(row.minutes for row in done if row.held and first <= row.held),
        weekly_minutes=campaign.weekly_minutes,
        open=waiting_for(own),
        max_open=campaign.max_open,
        missing=missing,
        needed=needed(missing, funnel(rows).held_rate),
        next_by=campaign.every.after(before) if campaign.every else None,
    )


def requested(rows: Iterable[Tally], first: date, last: date) -> int:
    """Return how many interviews I asked for in a week."""
    mine = (row.asked for row in rows if row.initiator == "me")
    return sum(asked is not None and first <= asked <= last for asked in mine)


def waiting_for(rows: Iterable[Tally]) -> int:
    """Return how many of my requests wait for an answer."""
    return sum(row.outcome == "contacted" and row.initiator == "me" for row in rows)
