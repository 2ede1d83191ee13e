"""What came of the referrals, read from everything that happened since."""

from __future__ import annotations

from collections.abc import Collection

from netcrm.model.time import LocalMoment, days_later
from netcrm.network.courses import courses, in_order, talk
from netcrm.network.pointers import pointers
from netcrm.rules.course import as_known
from netcrm.rules.lifecycle import OPEN, Routine
from netcrm.rules.obligations import Facts
from netcrm.rules.referrals import History, Traced, traced
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, Where, ge, has, le


def traces(
    view: Transaction,
    as_of: LocalMoment,
    routine: Routine,
    people: Collection[str] | None = None,
    which: Where | None = None,
) -> list[Traced]:
    """Return the referrals made by a moment and what had come of each, the oldest first.

    Args:
        view: where they are.
        as_of: the moment.
        routine: by which nobody answers.
        people: only referrals by one of these, or to one.
        which: only referrals that fit; no others are read.
    """
    made = pointers(view, as_of, which)
    if people is not None:
        made = [one for one in made if one.referrer in people or one.referred in people]
    if not made:
        return []
    referred = sorted({one.referred for one in made})
    since = str(min(one.made_on for one in made))
    theirs = has("contacts", *referred)
    until = str(days_later(as_of.date, 1))  # elsewhere it may be then
    met = theirs & ge("on", since) & le("on", until)
    talks = in_order(talk(record) for record in view.find(Query("interaction", met)))
    asked = [one for one in (as_known(one, as_of) for one in courses(view, theirs)) if one]
    history = History(
        Facts(
            as_of=as_of,
            courses=tuple(asked),
            standings={one.id: routine.standing(one, as_of) for one in asked},
            talks=tuple(one for one in talks if one.at.is_by(as_of)),
        )
    )
    made.sort(key=lambda one: (one.made_on, one.id))
    return [traced(one, history) for one in made]


def interviewed(
    view: Transaction, as_of: LocalMoment, routine: Routine
) -> tuple[set[str], set[str]]:
    """Return with whom I had held an interview that I asked for, and with whom one goes on."""
    held: set[str] = set()
    under_way: set[str] = set()
    for course in courses(view):
        known = as_known(course, as_of)
        if known and known.initiator == "me":
            now = routine.standing(known, as_of)
            if now.held:
                held.update(known.contacts)
            elif now.stage in OPEN:
                under_way.update(known.contacts)
    return held, under_way
