"""What a letter to somebody may rest on, read from what is stored."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from netcrm import model
from netcrm.errors import InvalidError, NotFoundError
from netcrm.model.interview import ASKED_MINUTES
from netcrm.model.time import LocalMoment
from netcrm.network.briefing import Briefing
from netcrm.network.threads import Progress
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, eq, has, le, one_of

if TYPE_CHECKING:
    from netcrm.rules.background import Background, Thread
    from netcrm.rules.introductions import Pairing

BRINGS_TOGETHER: Final = frozenset({"introduction_offer", "introduction"})
"""Letters by which I introduce two people."""
_OF_ANOTHER: Final = frozenset({"introduction_request", "report_back"}) | BRINGS_TOGETHER
_CAME_TO_NOTHING: Final = frozenset({"declined_by_referrer", "withdrawn"})


class Grounds(Briefing):
    """What is known that letters rest on."""

    def _background(
        self,
        view: Transaction,
        kind: str,
        person: model.Contact,
        when: LocalMoment,
        about: str = "",
    ) -> Background:
        """Return what was known at a moment that a letter to a person may rest on."""
        from netcrm.rules.background import Background

        if person.is_me:
            raise InvalidError("that is you; name somebody else")
        threads = self.interviews(who=person, as_of=when)
        asking = next((one for one in threads if one.now.held is None), None)
        held = next((one for one in threads if one.now.held is not None), None)
        other = self._other(view, kind, person, when, about)
        courses = self.interviews(who=other, as_of=when) if other else []
        brought = self._brought(view, person, other, when) if kind in BRINGS_TOGETHER else None
        mine = (asking or held) if kind in ("request", "follow_up") else (held or asking)
        return Background(
            person=person,
            as_of=when,
            me=self.me,
            profile=self.profile,
            asking=_thread(asking),
            held=_thread(held),
            other=other,
            course=_thread(courses[0] if courses else None),
            why=self._get(view, model.Introduction, brought.id).context if brought else "",
            objectives=self._wanted(view, mine, when),
            titles={one.name: one.title for one in self.career_fields() if one.title},
            referrers=self._referrals(view, "referred", person, when),
            referred=self._since(view, person, held, when),
            insights=tuple(self.insights(who=person, as_of=when)),
            decisions=tuple(self.decisions(as_of=when)),
            last_touch=self._last_touch(view, person, when),
            minutes=asking.interview.minutes if asking else ASKED_MINUTES,
            formats=asking.interview.formats if asking else (),
            about=about,
        )

    def _other(
        self, view: Transaction, kind: str, person: model.Contact, when: LocalMoment, about: str
    ) -> model.Contact | None:
        """Return whom an introduction or a report is about; None if it is nobody I have here."""
        if kind not in _OF_ANOTHER:
            return None
        if about:
            try:
                return self._contact(view, about)
            except NotFoundError:
                return None  # "somebody in the laboratory" will do
        if kind in BRINGS_TOGETHER:
            brought = self._brought(view, person, None, when)
            return self._get(view, model.Contact, brought.other(person.id)) if brought else None
        if kind == "introduction_request":
            return None
        pointed = self._referrals(view, "referrer", person, when)
        owed = self.obligations(who=person, as_of=when)
        causes = [one.cause for one in owed if one.kind == kind and one.is_open]
        due = (whom for one, whom in pointed if causes and self._is_due(one, whom, causes, when))
        return next(due, pointed[0][1] if pointed else None)

    def _brought(
        self,
        view: Transaction,
        person: model.Contact,
        other: model.Contact | None,
        when: LocalMoment,
    ) -> Pairing | None:
        """Return the introduction under way of a person, the latest; if another is named, to them.

        Of two who are named it is the last one of all if none is under way.
        """
        from netcrm.network.introductions import pairings
        from netcrm.rules.introductions import standing

        found = [
            (standing(one, when).is_open, one.begun.date, one.id, one)
            for one in pairings(view, when, has("contacts", person.id))
            if other is None or other.id in one.people
        ]
        is_open, *_, last = max(found, default=(False, None))
        return last if is_open or other else None

    def _is_due(
        self, referral: model.Referral, whom: model.Contact, causes: list[str], when: LocalMoment
    ) -> bool:
        """Whether a report is owed of what came of a referral."""
        mine = {referral.id}
        for thread in self.interviews(who=whom, as_of=when):
            mine |= {thread.interview.id, thread.now.hold}
        return any(cause in mine or cause.rpartition("-")[0] in mine for cause in causes)

    def _referrals(
        self, view: Transaction, side: str, person: model.Contact, when: LocalMoment
    ) -> tuple[tuple[model.Referral, model.Contact], ...]:
        """Return the referrals by a person or to them, and who is on the other side, latest first.

        Args:
            view: where they are.
            side: on which the person is: referrer or referred.
            person: the person.
            when: as known then.
        """
        across = "referred" if side == "referrer" else "referrer"
        found = [
            one
            for one in self._all(view, model.Referral, Query("referral", eq(side, person.id)))
            if one.day <= when.date and _CAME_TO_NOTHING.isdisjoint(step.step for step in one.steps)
        ]
        found.sort(key=lambda one: (str(one.made_on), one.id), reverse=True)
        ids = sorted({getattr(one, across) for one in found})
        people = self._all(view, model.Contact, Query("contact", one_of("id", ids)))
        by_id = {one.id: one for one in people}
        return tuple((one, by_id[getattr(one, across)]) for one in found)

    def _since(
        self, view: Transaction, person: model.Contact, held: Progress | None, when: LocalMoment
    ) -> tuple[tuple[model.Referral, model.Contact], ...]:
        """Return to whom a person pointed me when we talked, or after it."""
        if held is None or held.now.held is None:
            return ()
        day, pointed = held.now.held.date, self._referrals(view, "referrer", person, when)
        return tuple(two for two in reversed(pointed) if (two[0].made_on.latest or day) >= day)

    def _wanted(
        self, view: Transaction, thread: Progress | None, when: LocalMoment
    ) -> tuple[model.Objective, ...]:
        """Return the objectives of an interview; all that are open if it has none."""
        ids = thread.interview.objectives if thread else ()
        if not ids:
            return tuple(self.objectives(as_of=when.date))
        found = self._all(view, model.Objective, Query("objective", one_of("id", ids)))
        return tuple(sorted(found, key=lambda one: ids.index(one.id)))

    def _last_touch(
        self, view: Transaction, person: model.Contact, when: LocalMoment
    ) -> date | None:
        past = Query("interaction", has("contacts", person.id) & le("on", str(when.date)))
        found = view.latest(past, per="touched", by="on", members={person.id})
        return date.fromisoformat(str(found[person.id][0])) if person.id in found else None


def _thread(found: Progress | None) -> Thread | None:
    from netcrm.rules.background import Thread

    return Thread(found.interview, found.now) if found else None
