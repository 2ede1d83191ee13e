"""What came of referrals, whom I owe whom to, and how the network grew by them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from netcrm import model
from netcrm.errors import InvalidError, NotFoundError, RefusedError
from netcrm.model.contact import SUPPRESSED
from netcrm.model.time import LocalMoment
from netcrm.network.conversations import When
from netcrm.network.people import Who
from netcrm.network.writing import Writing
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, eq, le, one_of

if TYPE_CHECKING:
    from netcrm.rules.obligations import Facts
    from netcrm.rules.rates import Reproduction
    from netcrm.rules.referrals import Ledger, Traced
    from netcrm.rules.tree import Tree


class Referring(Writing):
    """Referrals of a network, and what came of them."""

    def mark(
        self, referral: model.Referral, step: str, *, on: str | date | None = None
    ) -> model.Referral:
        """Note what came of a referral, where no interaction or interview tells of it.

        Args:
            referral: it.
            step: requested, offered, introduced, contacted, met, declined_by_referrer, declined,
                no_response or withdrawn.
            on: the day, or part of a date; today without it.
        """
        with self._writing("refer") as work:
            day = self._partial(on)
            if day.first > self.today:
                raise InvalidError(f"{day} is in the future; note what has happened")
            known = self._get(work.view, model.Referral, referral.id)
            if day.before(known.made_on):
                raise InvalidError(f"{day} is before the referral, which is of {known.made_on}")
            done = model.ReferralStep(step=step, on=day)  # type: ignore[arg-type]
            return work.put(attrs.evolve(known, steps=(*known.steps, done)))

    def last_referral(self, referrer: Who, referred: Who) -> model.Referral:
        """Return when *referrer* last pointed me to *referred*.

        Raises:
            NotFoundError: they never did.
        """
        with self._reading() as view:
            by, whom = self._contact(view, referrer), self._contact(view, referred)
            between = eq("referrer", by.id) & eq("referred", whom.id)
            found = list(self._all(view, model.Referral, Query("referral", between)))
            if not found:
                raise NotFoundError(f"{by.name} has not pointed you to {whom.name}.")
            return max(found, key=lambda one: (str(one.made_on), one.id))

    def resolve(self, placeholder: Who, person: Who, **fields: Any) -> model.Contact:
        """Say who somebody is of whom I did not know the name: what was about them stays.

        Args:
            placeholder: who stood for them, such as "someone in HR".
            person: who it is; added if nobody is called so yet.
            fields: what else is known of somebody new, as for `add`.

        Raises:
            RefusedError: they are no placeholder, or it is still unknown who they are.
        """
        from netcrm.rules.referrals import is_new, is_unnamed

        with self._writing("resolve") as work:
            before = self._contact(work.view, placeholder)
            if not before.is_placeholder:
                raise RefusedError(
                    f"{before.name} is somebody by name. If that is wrong, change it: netcrm edit "
                    f"{before.handle} --name; to make two contacts one: netcrm merge"
                )
            try:
                found = self._contact(work.view, person)
            except NotFoundError as error:
                if isinstance(person, model.Contact):
                    raise
                if not is_new(person, error.suggestions):
                    raise
                if is_unnamed(person):
                    raise RefusedError(f"“{person}” is no name; say who it is") from None
                found = self.add(person, **{"source": before.source, **fields})
                fields = {}
            self._refuse_to_resolve(work.view, before, found)
            if fields:
                raise InvalidError(f"{found.name} is here already; change them with netcrm edit")
            if found.positions:  # it was only where I thought somebody was
                before = attrs.evolve(before, positions=())
            return self._merge(work, found, before, (), insist=False).contact

    def _refuse_to_resolve(
        self, view: Transaction, placeholder: model.Contact, person: model.Contact
    ) -> None:
        if person.is_placeholder:
            raise RefusedError(f"{person.name} is a placeholder too; say who it is")
        if person.is_me:
            raise RefusedError("that is you; nobody pointed you to yourself")
        both = eq("referrer", person.id) & eq("referred", placeholder.id)
        if view.count("referral", both):
            raise RefusedError(f"{person.name} said it of somebody else")

    def traced(self, *, who: Who | None = None, as_of: When = None) -> list[Traced]:
        """Return the referrals, and what had come of each by a moment, the oldest first.

        Args:
            who: only those by this person, or to them.
            as_of: the moment; now without it.
        """
        when = self.moment_of(as_of)
        with self._reading() as view:
            return self._traced(view, when, self._contact(view, who).id if who else "")

    def ledgers(self, *, who: Who | None = None, as_of: When = None) -> list[Ledger]:
        """Return for each who pointed me to somebody what came of it, and what I owe them.

        Those who pointed me to most come first.

        Args:
            who: only that of this person; empty if they pointed me to nobody.
            as_of: the moment; now without it.
        """
        from netcrm.rules.referrals import ledgers

        when = self.moment_of(as_of)
        with self._reading() as view:
            one = self._contact(view, who).id if who else ""
            made = self._traced(view, when, one)
            found = ledgers(
                [referral for referral in made if one in ("", referral.pointer.referrer)],
                self.obligations(as_of=when),
            )
            names = self.names(ledger.contact for ledger in found)
            return sorted(found, key=lambda each: (-len(each.referrals), names[each.contact].name,
                                                   each.contact))  # fmt: skip

    def tree(self, *, as_of: When = None) -> Tree:
        """Return everybody I knew by a moment, each followed by those whom I owe them."""
        from netcrm.network.facts import known
        from netcrm.network.traces import traces

        when = self.moment_of(as_of)
        with self._reading() as view:
            facts = known(view, when, self.routine())
            return self._tree(view, facts, traces(view, facts))

    def through(self, people: Iterable[Who], *, as_of: When = None) -> dict[str, list[str]]:
        """Return for each of some people through whom I came to know them, by their id.

        Whom I found myself comes first, the person's own referrer last; nobody for those I found.
        """
        from netcrm.network.pointers import pointers
        from netcrm.rules.lineage import credited, lineage

        when = self.moment_of(as_of)
        with self._reading() as view:
            forest = credited(pointers(view, when))
            ids = [one.id for one in self._each(view, people)]
        return {id_: [*lineage(id_, forest)][:0:-1] for id_ in ids}

    def reproduction(self, *, as_of: When = None) -> Reproduction:
        """Return how many further interviews each one led to, with the factors of it."""
        return self.tree(as_of=as_of).reproduction

    def _traced(self, view: Transaction, when: LocalMoment, person: str = "") -> list[Traced]:
        """Return the referrals and what had come of each, or only those that concern a person."""
        from netcrm.network.facts import known
        from netcrm.network.traces import concerning, traces

        routine = self.routine()
        facts = concerning(view, when, routine, person) if person else known(view, when, routine)
        return traces(view, facts)

    def _tree(self, view: Transaction, facts: Facts, referrals: Iterable[Traced]) -> Tree:
        """Return everybody known, by the interviews and what came of the referrals."""
        from netcrm.rules.tree import interviewed, tree

        among = list(referrals)
        pointed = {id_ for one in among for id_ in one.pointer.people}
        there = le("added_on", str(facts.as_of.date)) | one_of("id", sorted(pointed))
        query = Query("contact", there & ~eq("is_me", True))
        rows = list(view.rows(query, ("id", "name", "added_on", "state")))
        people = {id_: (name, date.fromisoformat(added)) for id_, name, added, _ in rows}
        gone = {id_ for id_, *_, state in rows if state in SUPPRESSED}
        among = [one for one in among if people.keys() >= {*one.pointer.people}]
        held, under_way = interviewed(facts)
        return tree(people, among, held, under_way | gone)
