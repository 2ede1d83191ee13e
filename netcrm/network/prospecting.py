"""Who there is to talk to, whom to ask next, and how the network grows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING

from netcrm import model
from netcrm.errors import InvalidError
from netcrm.model.base import label
from netcrm.network.conversations import When
from netcrm.network.routing import Routing
from netcrm.storage.contract import Transaction
from netcrm.storage.query import eq, has

if TYPE_CHECKING:
    from netcrm.network.journeys import Journey
    from netcrm.rules.fields import FieldLink
    from netcrm.rules.funnel import Tally
    from netcrm.rules.growth import Growth
    from netcrm.rules.matches import Aims, Prospect
    from netcrm.rules.obligations import Facts
    from netcrm.rules.prospects import Excluded, Factor, Shortlist, Suggested
    from netcrm.rules.rates import Rate


class Prospecting(Routing):
    """Prospects of a network."""

    def prospects(
        self, field: str = "", *, broaden: bool = False, as_of: When = None
    ) -> list[Prospect]:
        """Return who there is to talk to and why: who fits best first, then whom I know best.

        Whoever is not to be contacted, has died or is archived is left out. People are in the
        fields in which they are now.

        Args:
            field: in which career field; without it, what `next_best` looks for.
            broaden: also people in fields near it.
            as_of: the moment; now without it.
        """
        from netcrm.network.candidates import candidates, stages
        from netcrm.network.facts import known
        from netcrm.rules.matches import Aims, Wish, fits, prospects

        when = self.moment_of(as_of)
        with self._reading() as view:
            aims = self._aims(self._under_way(view, "", when.date), when.date)
            if field:
                aims = Aims((Wish(label(field)),), objectives=aims.objectives)
            wanted = fits(aims, self._links() if broaden else ())
            there = has("fields", *wanted.fields) | has("organisations", *wanted.places)
            facts = known(view, when, self.routine())
            people = candidates(view, facts, there & eq("state", "active"))
            return prospects(people, wanted, aims.objectives, stages(facts))

    def next_best(
        self, n: int = 5, *, campaign: str = "", mix: bool = True, as_of: When = None
    ) -> Shortlist:
        """Return whom to ask next for an interview, the best first, and why nobody else.

        What is looked for are the aims of a campaign, else the fields of the objectives, else my
        interests; and the organisations of the campaign and the objectives.

        Args:
            n: how many.
            campaign: the campaign called so; without it the latest that is under way.
            mix: whether at least one in five is to be a tie that is not close, if there is one.
            as_of: the moment; now without it.

        Raises:
            NotFoundError: there is no such campaign.
        """
        from netcrm.network.candidates import candidates, situation
        from netcrm.network.facts import known
        from netcrm.network.journeys import Journey
        from netcrm.network.tallies import forgotten, tallies
        from netcrm.rules.matches import fits, prospects
        from netcrm.rules.obstacles import by_name, excluded, no_more
        from netcrm.rules.prospects import Shortlist, in_silence, listed

        if n < 0:
            raise InvalidError(f"{n} people cannot be suggested")
        when, routine = self.moment_of(as_of), self.routine()
        with self._reading() as view:
            facts = known(view, when, routine)
            rows = [*tallies(view, facts).values(), *forgotten(view, when.date)]
            under_way = self._under_way(view, campaign, when.date)
            aims = self._aims(under_way, when.date, rows)
            if not (aims.wishes or aims.places):
                return Shortlist(aims=aims)
            people = candidates(view, facts)
            fitting = prospects(people, fits(aims, self._links()), aims.objectives)
            around = situation(view, facts, people, routine, no_more(under_way, rows))
            out = excluded(people, {one.person.id for one in fitting}, around)
            left = [one for one in fitting if one.person.id not in out]
            journey = Journey(self, view, facts)
            ranked, unreachable = self._ranked(view, facts, left, rows, journey)
            chosen = listed(ranked, n, mix=mix)
            silent = journey.unanswered({one.person.id for one in chosen})
        return Shortlist(
            aims=aims,
            people=in_silence(chosen, silent),
            choices=len(ranked),
            excluded=by_name([*out.values(), *unreachable]),
        )

    def growth(self, by: str = "field", *, as_of: When = None) -> list[Growth]:
        """Return how many people I came to know in which month, the earliest month first.

        I know somebody from when they were added, from when somebody pointed me to them, or from
        when we were first in touch, whichever was first.

        Args:
            by: in groups by field, source or origin; or all together.
            as_of: the moment; now without it.

        Raises:
            InvalidError: people cannot be grouped like that.
        """
        from netcrm.network.candidates import newcomers
        from netcrm.rules.growth import growth

        when = self.moment_of(as_of)
        with self._reading() as view:
            return growth(newcomers(view, when), by)

    def _ranked(
        self,
        view: Transaction,
        facts: Facts,
        left: list[Prospect],
        rows: list[Tally],
        journey: Journey,
    ) -> tuple[list[Suggested], list[Excluded]]:
        """Return those of *left* who can be reached, the best first, and those who cannot."""
        from netcrm.network.touches import last_touches
        from netcrm.rules.obstacles import out_of_reach
        from netcrm.rules.prospects import ranked, sort_of

        when, people = facts.as_of, {one.person.id: one.person for one in left}
        pointed = {one.referred for one in facts.pointers}
        ways = journey.nearest(people, guesses=False)
        out = out_of_reach(people.values(), ways, pointed)
        names = self.names({way.people[0] for way in ways.values()})
        last = last_touches(view, when)
        found = ranked(
            [one for one in left if one.person.id not in out],
            rates=self._rates(rows, when.date),
            ways=ways,
            names={id_: name.name for id_, name in names.items()},
            sorts={
                id_: sort_of(
                    last.get(id_),
                    journey.strengths.get(id_, 0.0),
                    when.date,
                    is_referred=id_ in pointed,
                )
                for id_ in people
            },
            signals=self._signals(view, people, when.date),
        )
        return found, list(out.values())

    def _rates(self, rows: Iterable[Tally], day: date) -> dict[str, Rate]:
        """Return by the kind of source how many answered in time."""
        from netcrm.rules.funnel import grouped, matured

        days = self.working_days()
        groups = grouped(rows, "origin").items()
        return {origin: matured(group, day, calendar=days) for origin, group in groups}

    def _signals(
        self, view: Transaction, people: Collection[str], day: date
    ) -> dict[str, list[Factor]]:
        """Return what plugins say of people, of whom whole records are read only for that."""
        if not self.plugins.has("rank_signals"):
            return {}
        found = self._by_id(view, model.Contact, people)
        return {id_: self.plugins.rank_signals(one, day) for id_, one in found.items()}

    def _links(self) -> list[FieldLink]:
        """Return which career fields are near which, as I said and as plugins know."""
        from netcrm.rules.fields import links_of

        return [*links_of(self.career_fields()), *self.plugins.fields()]

    def _under_way(self, view: Transaction, name: str, day: date) -> model.Campaign | None:
        """Return the campaign that is meant, else the latest under way that is after something."""
        if name:
            return self._campaign_called(view, name)
        under_way = (one for one in self.campaigns(as_of=day) if one.holds_on(day))
        return next((one for one in under_way if one.aims or one.organisations), None)

    def _aims(self, campaign: model.Campaign | None, day: date, rows: Iterable[Tally] = ()) -> Aims:
        from netcrm.rules.matches import aims

        return aims(campaign, self.objectives(as_of=day), self.profile.interests, rows)
