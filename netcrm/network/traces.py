"""What came of the referrals, read from everything that happened since."""

from __future__ import annotations

from netcrm.model.time import LocalMoment
from netcrm.network.courses import begun, in_order, not_after, talk, with_people
from netcrm.network.pointers import pointers
from netcrm.rules.lifecycle import Routine
from netcrm.rules.obligations import Facts
from netcrm.rules.referrals import History, Traced, traced
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, ge


def concerning(view: Transaction, as_of: LocalMoment, routine: Routine, person: str) -> Facts:
    """Return the referrals by somebody or to them, and the interviews with those they were to."""
    made = tuple(one for one in pointers(view, as_of) if person in one.people)
    theirs = with_people({one.referred for one in made})
    return begun(view, as_of, routine, theirs)._replace(pointers=made)


def traces(view: Transaction, facts: Facts) -> list[Traced]:
    """Return what had come of each referral, the oldest first.

    Args:
        view: where the talks are to be read.
        facts: the referrals, and at least the interviews with those they were to.
    """
    if not facts.pointers:
        return []
    made = sorted(facts.pointers, key=lambda one: (one.made_on, one.id))
    since = ge("on", str(made[0].made_on)) & not_after(facts.as_of)
    theirs = with_people({one.referred for one in made})
    talks = in_order(talk(record) for record in view.find(Query("interaction", theirs & since)))
    history = History(
        facts._replace(talks=tuple(one for one in talks if one.at.is_by(facts.as_of)))
    )
    return [traced(one, history) for one in made]
