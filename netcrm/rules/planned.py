"""What is planned, by what calendars have of it, and when does it count as held?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final, cast

import attrs

from netcrm.model.interaction import Format, Meeting
from netcrm.model.time import LocalMoment
from netcrm.rules.course import is_past, later
from netcrm.rules.remotes import Happened, together
from netcrm.rules.sightings import Item

ASKED_FOR: Final = timedelta(days=14)
"""So long it is asked whether a meeting was held; after that it counts as held (our choice)."""


def is_over(what: Happened, as_of: LocalMoment) -> bool:
    """Whether the time of a meeting is over; where hours are not known, whether its day is gone."""
    return is_past(_end(what), as_of)


def counts_as_held(what: Happened, as_of: LocalMoment, *, in_interview: bool) -> bool:
    """Whether a meeting was held, as far as one knows without anybody having said so.

    What repeats is not asked about: it was held once it is over. Anything else is, for two weeks;
    and a meeting of an interview until there is an answer, for what is to be done hangs on it.
    """
    if in_interview or not is_over(what, as_of):
        return False
    return bool(what.thread) or is_past(later(_end(what), ASKED_FOR), as_of)


def is_answered(meeting: Meeting) -> bool:
    """Whether I said how a meeting ended. That it was cancelled, its calendar may say as well."""
    return meeting.ended not in ("", "cancelled")


def planned_again(
    meeting: Meeting, what: Happened, item: Item | None, gone: Collection[str]
) -> Meeting:
    """Return a planned meeting as its calendar tells of it now.

    Args:
        meeting: as it was told of before, or planned by hand.
        what: what is known of it.
        item: what is told now, None if nothing is.
        gone: those of whom was told before and is not now.
    """
    is_moved = what.occurred != meeting.start
    place, minutes = ("", None) if meeting.ref else (meeting.place, meeting.minutes)
    booked = meeting.booked_on
    return attrs.evolve(
        meeting,
        start=what.occurred,
        booked_on=what.occurred if what.occurred.is_by(booked) else booked,
        participants=together(meeting.participants, what, gone),
        minutes=what.minutes or minutes,
        format=cast("Format", what.channel),
        confirmed_on=None if is_moved else meeting.confirmed_on,
        subject=item.subject if item else meeting.subject,
        place=place or item.place if item else meeting.place,
    )


def _end(what: Happened) -> LocalMoment:
    return later(what.occurred, timedelta(minutes=what.minutes or 0))
