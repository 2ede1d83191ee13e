"""What I owe people, what I promised, and what to do now."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import attrs

from netcrm import model
from netcrm.errors import InvalidError, NotFoundError
from netcrm.model.ids import new_id
from netcrm.model.time import Interval
from netcrm.network.conversations import When
from netcrm.network.interviewing import Interviewing
from netcrm.network.people import Who

if TYPE_CHECKING:
    from netcrm.rules.agenda import AgendaItem
    from netcrm.rules.obligations import Obligation


class Owing(Interviewing):
    """The obligations of a network's owner."""

    def obligations(self, *, who: Who | None = None, as_of: When = None) -> list[Obligation]:
        """Return what I owe people, and what was done or waived, the earliest due first.

        It is worked out from what happened, as known at a moment; nothing of it is stored.

        Args:
            who: only what is owed to this person.
            as_of: the moment; now without it.
        """
        from netcrm.network.facts import gather
        from netcrm.rules.obligations import obligations
        from netcrm.rules.owed_people import MAKERS

        when = self.moment_of(as_of)
        with self._reading() as view:
            routine = self.routine()
            found = obligations(gather(view, when, routine), MAKERS, routine.calendar)
            if who is None:
                return found
            contact = self._contact(view, who).id
            return [one for one in found if one.contact == contact]

    def agenda(
        self, *, as_of: When = None, within: str | Interval | None = None
    ) -> list[AgendaItem]:
        """Return what to do now: what is owed, meetings, and whom to get back to.

        Args:
            as_of: the moment; now without it.
            within: also what comes up within this time; today only without it.
        """
        from netcrm.network.facts import gather
        from netcrm.rules.agenda import agenda
        from netcrm.rules.obligations import obligations
        from netcrm.rules.owed_people import MAKERS

        when = self.moment_of(as_of)
        until = Interval.of(within).after(when.date) if within else when.date
        with self._reading() as view:
            routine = self.routine()
            facts = gather(view, when, routine)
            return agenda(
                obligations(facts, MAKERS, routine.calendar),
                facts.planned(),
                self.due(as_of=when.date, within=within),
                as_of=when,
                until=until,
                home=self.zone,
                calendar=routine.calendar,
            )

    def waive(self, key: str, *, reason: str = "", on: When = None) -> model.Waiver:
        """Decide not to do something that is owed; `key` is that of the obligation, or its start.

        Raises:
            NotFoundError: nothing open has that key.
        """
        with self._writing("waive") as work:
            owed = self.obligations()
            found = [one for one in owed if one.key == key] or [
                one for one in owed if one.is_open and one.key.startswith(key)
            ]
            if len(found) != 1:
                some = "Several obligations begin" if found else "No open obligation begins"
                raise NotFoundError(f"{some} with {key!r}. See: netcrm today --json")
            return work.put(
                model.Waiver(
                    id=new_id(),
                    key=found[0].key,
                    contact=found[0].contact or None,
                    on=self._past(on),
                    reason=reason,
                )
            )

    def promise(
        self,
        who: Who,
        text: str,
        *,
        due: str | date | None = None,
        by: str = "me",
        on: When = None,
    ) -> model.Commitment:
        """Write down a promise, mine or with by="them" theirs.

        Args:
            who: to whom, or by whom.
            text: what was promised.
            due: until when.
            by: me or them.
            on: when it was made; now without it.
        """
        with self._writing("promise") as work:
            contact = self._contact(work.view, who)
            if contact.is_me:
                raise InvalidError("a promise is between you and somebody else")
            return work.put(
                model.Commitment(
                    id=new_id(),
                    by=by,  # type: ignore[arg-type]
                    contact=contact.id,
                    text=text,
                    made_on=self._past(on),
                    due=None if due is None else self.day(due),
                )
            )

    def keep(
        self,
        promise: str | model.Commitment,
        how: str = "kept",
        *,
        by: model.Interaction | None = None,
        on: When = None,
    ) -> model.Commitment:
        """Say that a promise was kept, or dropped.

        Args:
            promise: it, its id, or how its text begins.
            how: kept or dropped.
            by: the interaction that kept it, if one did.
            on: when; now without it.
        """
        with self._writing("promise") as work:
            found = self._by_text(work.view, model.Commitment, promise)
            return work.put(
                attrs.evolve(
                    found,
                    ended=how,  # type: ignore[arg-type]
                    ended_on=by.occurred if by else self._past(on),
                    interaction=by.id if by else None,
                )
            )

    def promises(self, *, who: Who | None = None, as_of: When = None) -> list[model.Commitment]:
        """Return the promises made by a moment and neither kept nor dropped by then, oldest first.

        Args:
            who: only those to or by this person.
            as_of: the moment; now without it.
        """
        from netcrm.storage.query import Query, has

        when = self.moment_of(as_of)
        with self._reading() as view:
            where = None if who is None else has("contacts", self._contact(view, who).id)
            query = Query("commitment", where, order=(("made_on", False), ("id", False)))
            made = [
                one for one in self._all(view, model.Commitment, query) if one.made_on.is_by(when)
            ]
        return [one for one in made if one.ended_on is None or not one.ended_on.is_by(when)]
