"""Planned meetings, kept as calendars tell of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable

import attrs

from netcrm.model.ids import new_id
from netcrm.model.interaction import Interaction, Meeting
from netcrm.model.time import LocalMoment
from netcrm.network.core import every
from netcrm.network.work import Work
from netcrm.rules.planned import counts_as_held, is_answered, is_over, planned_again
from netcrm.rules.remotes import Happened, is_told, told_again
from netcrm.rules.sightings import Item
from netcrm.rules.touch import LIVE
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, Where, eq, has, le, one_of

Log = Callable[[str, Happened, str], Interaction]
"""Makes the interaction that something was, of a ref and a subject."""


class Plans:
    """The meetings that some refs stand for, and what becomes of them.

    What the user said of a meeting stands: how it ended, and what was logged by hand that day.

    Attributes:
        refs: the refs.
        counts: what became of them.
    """

    def __init__(
        self,
        work: Work,
        refs: Collection[str],
        as_of: LocalMoment,
        interview_of: Callable[[Happened, LocalMoment], str | None],
        log: Log,
    ) -> None:
        self._work = work
        self._as_of = as_of
        self._interview_of = interview_of
        self._log = log
        self.refs: dict[str, list[Meeting]] = {ref: [] for ref in refs}
        for one in every(work.view, Meeting, Query("meeting", one_of("ref", sorted(refs)))):
            self.refs[one.ref].append(one)
        self.counts: Counter[str] = Counter()

    def settle(
        self,
        ref: str,
        now: Happened | None,
        talk: Interaction | None,
        item: Item | None = None,
        gone: Collection[str] = (),
    ) -> None:
        """Make a meeting, planned or held, what its calendars tell now.

        Args:
            ref: what it is called everywhere.
            now: what is known of it; None if it is not to be, or with nobody here.
            talk: what is logged of it.
            item: what is told now, None if nothing is.
            gone: those of whom was told before and is not now.
        """
        plans = self.refs[ref]
        plan = next((one for one in plans if not one.ended), None)
        is_mine = any(map(is_answered, plans)) or (talk is not None and not is_told(talk))
        if now is None:
            self._call_off(plan, None if is_mine else talk)
        elif is_mine and is_over(now, self._as_of):
            if talk is not None:
                self._put(talk, told_again(talk, now, gone))
        elif is_over(now, self._as_of) and talk is None and self._is_logged(now):
            if plan is not None:
                again = planned_again(plan, now, item, gone)
                self._put(plan, attrs.evolve(again, ended="held", ended_on=again.start))
        else:
            self._follow(ref, now, plan, None if is_mine else talk, item, gone)

    def _call_off(self, plan: Meeting | None, talk: Interaction | None) -> None:
        """Let a meeting be cancelled, and let what was logged of it go."""
        if plan is not None:
            self._work.put(attrs.evolve(plan, ended="cancelled", ended_on=self._as_of))
        if talk is not None:
            self._work.delete(talk)
        self.counts["removed"] += (plan or talk) is not None

    def _follow(
        self,
        ref: str,
        now: Happened,
        plan: Meeting | None,
        talk: Interaction | None,
        item: Item | None,
        gone: Collection[str],
    ) -> None:
        """Let a meeting be planned, or logged as held."""
        booked = now.occurred if now.occurred.is_by(self._as_of) else self._as_of
        interview = plan.interview if plan else self._interview_of(now, booked)
        subject = next((one.subject for one in (item, plan, talk) if one is not None), "")
        if not counts_as_held(now, self._as_of, in_interview=bool(interview)):
            if talk is not None:
                self._work.delete(talk)
            known = plan or self._planned_by_hand(now)
            made = known or Meeting(
                id=new_id(),
                start=now.occurred,
                booked_on=booked,
                participants=now.participants,
                subject=subject,
                interview=interview,
            )
            self._put(known, attrs.evolve(planned_again(made, now, item, gone), ref=ref))
            return
        if plan is not None:
            self._work.delete(plan)
        held = self._log(ref, now, subject)
        if talk is not None:
            held = attrs.evolve(told_again(talk, now, gone), subject=subject)
        self._put(talk, held)

    def _put(self, was: Meeting | Interaction | None, now: Meeting | Interaction) -> None:
        if now != was:
            new = "planned" if isinstance(now, Meeting) else "logged"
            self._work.put(now)
            self.counts["changed" if was else new] += 1

    def _planned_by_hand(self, now: Happened) -> Meeting | None:
        """Return a meeting that was planned by hand with one of these people for that day."""
        there = Query("meeting", _by_hand(now) & eq("ended_on", None))
        return next(every(self._work.view, Meeting, there), None)

    def _is_logged(self, now: Happened) -> bool:
        """Whether a talk with one of these people was logged by hand for that day."""
        return self._work.view.count("interaction", _by_hand(now) & one_of("channel", LIVE)) > 0


def _by_hand(now: Happened) -> Where:
    people = [one.contact for one in now.participants]
    return eq("on", str(now.occurred.date)) & eq("ref", None) & has("contacts", *people)


def begun(view: Transaction, as_of: LocalMoment) -> Iterable[str]:
    """Return the refs of the meetings from calendars whose day has come and that did not end."""
    there = Query("meeting", eq("ended_on", None) & le("on", str(as_of.date)))
    return (ref for (ref,) in view.rows(there, ("ref",)) if ref)
