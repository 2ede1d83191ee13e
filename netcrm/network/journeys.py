"""One look for the best ways: what it reads, in which order, and what it says of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

from netcrm.kinds import NEWEST
from netcrm.model.time import days_later
from netcrm.network.candidates import paused
from netcrm.network.courses import not_after, talk
from netcrm.network.destinations import Destination
from netcrm.network.requests import Requests, asked_lately, referred
from netcrm.network.ways import Ways, ways
from netcrm.rules.funnel import origin_of
from netcrm.rules.hops import ASK_AGAIN, in_touch, said_when, tied
from netcrm.rules.lifecycle import COOL_OFF
from netcrm.rules.obstacles import so_far
from netcrm.rules.paths import Avoided, Direct, Hop, Path, Routes
from netcrm.rules.rates import Rate
from netcrm.rules.routes import best, nearest
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, has, one_of

if TYPE_CHECKING:
    from netcrm.network.tying import Tying
    from netcrm.rules.obligations import Facts

_LAST: Final = 10
"""So many of the last interactions are looked at for what a tie rests on (our choice)."""


class Journey:
    """What is known at a moment of who leads to whom, as far as it is asked for.

    `strengths` are those of my ties that the last look for ways had to read.
    """

    def __init__(self, net: Tying, view: Transaction, facts: Facts) -> None:
        self._net = net
        self._view = view
        self._when = facts.as_of
        self._requests = Requests(view, facts, net.routine())
        self._chances = self._requests.chances(net._weights())
        self.strengths: dict[str, float] = {}
        self._heard = set[str]()

    def routes(self, to: Destination, k: int) -> Routes:
        """Return the best ways to where they are to lead, and what to know of them."""
        ends = to.people | to.former
        found = ways(self._view, self._when, self._chances, ends)
        hops = [*found.hops, *self._ties(found.people | ends)]
        shut, avoided = set(found.nameless), dict[str, Avoided]()
        while True:
            paths = best(hops, to.people, k, stays=found.stays, closed=shut)
            if len(paths) < k and to.former:
                left, reached = k - len(paths), shut | to.people
                paths += best(hops, to.former, left, stays=found.stays, closed=reached)
            between = {id_ for path in paths for id_ in path.people[:-1]}
            new = self._obstacles(found, between)
            if not new:
                break
            shut |= new.keys()
            avoided |= new
        if to.kind == "person" and all(len(path.hops) > 1 for path in paths):
            paths += [Path((hop,)) for hop in hops if not hop.source and hop.target in to.people]
        direct = self._direct(to, [path.people[-1] for path in paths])
        told = tuple(self._in_words(paths))
        reached = {path.people[-1] for path in paths} | {direct.person}
        names = self._net.names(
            {id_ for path in paths for id_ in path.people} | {direct.person, *avoided}
        )
        return Routes(
            kind=to.kind,
            to=to.called,
            paths=told,
            direct=direct,
            avoided=tuple(sorted(avoided.values(), key=lambda one: (names[one.person].name, one))),
            notes=dict(self._notes(found, sorted(reached))),
            names=names,
        )

    def nearest(
        self, people: Collection[str] | None = None, *, guesses: bool = True
    ) -> dict[str, Path]:
        """Return the best way to everybody who can be reached, or of some people, by their ids.

        Without *guesses* far fewer ties are to be read: everybody has colleagues.
        """
        found = ways(self._view, self._when, self._chances, people, guesses=guesses)
        some = None if people is None else found.people | set(people)
        hops = (*found.hops, *self._ties(some))
        shut = {*self._obstacles(found), *found.nameless}
        reached = nearest(hops, stays=found.stays, closed=shut)
        return (
            reached if people is None else {id_: reached[id_] for id_ in people if id_ in reached}
        )

    def unanswered(self, people: Collection[str]) -> dict[str, date]:
        """Return to whom of some people I wrote while nothing ever came back, and when last."""
        silent = {id_ for id_ in people if id_ in self.strengths and id_ not in self._heard}
        return self._requests.unanswered(silent)

    # --- what it is made of

    def _ties(self, people: Collection[str] | None) -> Iterator[Hop]:
        """Yield my ties to some people, or to all."""
        self.strengths = self._net._strengths(self._view, self._when, people, heard=self._heard)
        for person, strength in self.strengths.items():
            yield tied(person, strength, self._chances)

    def _obstacles(self, found: Ways, people: Collection[str] | None = None) -> dict[str, Avoided]:
        """Return who of some people, or of all, is to be asked for nothing now, and why not."""
        shut = {id_: Avoided(id_, "they are archived") for id_ in found.archived}
        for id_, day in self.unanswered(self.strengths if people is None else people).items():
            shut[id_] = Avoided(id_, f"you wrote {self._said(day)}, and they have never answered")
        shut |= {one.person: one for one in self._declined}
        for id_, until in paused(self._view, self._when.date).items():
            shut[id_] = Avoided(id_, "they are paused", until)
        for id_, day in asked_lately(self._view, self._when, people).items():
            because = f"you asked them for an introduction {self._said(day)}"
            shut[id_] = Avoided(id_, because, days_later(day, ASK_AGAIN.days))
        return {id_: one for id_, one in shut.items() if people is None or id_ in people}

    def _notes(self, found: Ways, people: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield what to know of some people before asking them for anything."""
        threads = self._requests.threads()
        for id_ in people:
            told = ["they are archived"] if id_ in found.archived else []
            told += so_far(threads.get(id_, ()), self._when.date)
            if told:
                yield id_, "; ".join(told)

    @cached_property
    def _declined(self) -> list[Avoided]:
        """Who declined since the campaign under way began; without one, within half a year."""
        day = self._when.date
        begun = [one.start for one in self._net.campaigns(as_of=day) if one.holds_on(day)]
        return [
            Avoided(id_, f"they declined {self._said(on)}", None if begun else COOL_OFF.after(on))
            for id_, on in self._requests.declined().items()
            if (on >= min(begun) if begun else day < COOL_OFF.after(on))
        ]

    def _direct(self, to: Destination, reached: Sequence[str]) -> Direct:
        """Return what to expect of writing to who is most likely to answer, or is reached first."""
        people = to.people or to.former
        some = people - {one.person for one in self._declined} or people
        rates, pointed_to = self._requests.by_origin(), referred(self._view, self._when, some)
        fields = ("name", "id", "source")
        found = []
        for name, id_, source in self._view.rows(
            Query("contact", one_of("id", sorted(some))), fields
        ):
            origin = origin_of(source, referred=id_ in pointed_to)
            direct = Direct(id_, origin, rates.get(origin, Rate(0, 0)))
            place = reached.index(id_) if id_ in reached else len(reached)
            found.append((-(direct.chance or 0), place, name, id_, direct))
        return min(found)[-1]

    def _in_words(self, paths: Iterable[Path]) -> Iterator[Path]:
        """Yield ways that say what my ties rest on."""
        paths = list(paths)
        silent = self.unanswered({path.people[0] for path in paths})
        for path in paths:
            tie, *others = path.hops
            query = Query(
                "interaction",
                has("touched", tie.target) & not_after(self._when),
                order=NEWEST,
                limit=_LAST,
            )
            talks = [one for one in map(talk, self._view.find(query)) if one.at.is_by(self._when)]
            strength, heard = self.strengths[tie.target], tie.target not in silent
            told = in_touch(tie, strength, talks, self._when.date, is_answered=heard)
            yield Path((told, *others))

    def _said(self, day: date) -> str:
        return said_when(day, self._when.date)
