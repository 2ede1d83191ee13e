"""Who knows whom, and whom I bring together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from netcrm import model
from netcrm.errors import InvalidError, NotFoundError, RefusedError
from netcrm.model.contact import SUPPRESSED
from netcrm.model.ids import new_id
from netcrm.model.time import LocalMoment
from netcrm.network.conversations import When, _each
from netcrm.network.introductions import pairings
from netcrm.network.people import Who
from netcrm.network.referring import Referring
from netcrm.rules.introductions import BY_ONE, NEXT, Pairing, Standing, standing
from netcrm.rules.lifecycle import COOL_OFF
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, Where, eq, has

if TYPE_CHECKING:
    from netcrm.network.sameness import Merger
    from netcrm.network.work import Work

Pair = tuple[model.Contact, model.Contact]


class Arrangement(NamedTuple):
    """An introduction that I make, and where it stands.

    Attributes:
        people: the two, in order.
        pairing: what came of it.
    """

    introduction: model.Introduction
    now: Standing
    people: Pair
    pairing: Pairing

    @property
    def names(self) -> str:
        """The two, in words."""
        return " and ".join(person.name for person in self.people)


class Introducing(Referring):
    """Acquaintances and introductions of a network."""

    def introduce(
        self, a: Who, b: Who, context: str = "", *, on: When = None, insist: bool = False
    ) -> model.Introduction:
        """Note that I want to bring two people together. Nobody is written to.

        Each is asked first, whether they would like it (double opt-in); what comes of it is noted
        with `introduction_step`.

        Args:
            a: one of them.
            b: the other.
            context: why they should meet.
            on: when I thought of it; now without it.
            insist: although one is not to be contacted or said no less than six months ago, or
                they know each other.

        Raises:
            InvalidError: an introduction of the two is going on.
            RefusedError: one of them does not want it, or they need none.
        """
        with self._writing("introduce") as work:
            pair, begun = self._two(work.view, a, b), self._past(on)
            last = self._between(work.view, pair)
            if last and last.now.is_open:
                stage = last.now.stage.replace("_", " ")
                raise InvalidError(
                    f"{last.names}: you are introducing them already; it stands at “{stage}”. To "
                    f"go on: {_command(pair)} --agreed WHO, or --introduced, --met, --dropped"
                )
            if not insist:
                self._advise_against_introducing(work.view, pair, last, begun)
            return work.put(
                model.Introduction(
                    id=new_id(), contacts=_ids(pair), begun_on=begun, context=context
                )
            )

    def introduction_step(
        self,
        between: model.Introduction | tuple[Who, Who],
        what: str,
        by: Who | Iterable[Who] = (),
        *,
        on: When = None,
        insist: bool = False,
    ) -> Arrangement:
        """Note what came of an introduction that I make.

        Args:
            between: it, or the two people.
            what: asked, agreed, declined, introduced, met or dropped.
            by: who was asked, agreed or declined, one or both.
            on: when; now without it.
            insist: note that I introduced them although not both had agreed.

        Raises:
            InvalidError: that cannot have happened then; the message says what may.
            NotFoundError: I introduce no such two.
            RefusedError: not both have agreed (double opt-in, as Fred Wilson asks for it, 2009).
        """
        with self._writing("introduce") as work:
            found, at = self._arrangement(work.view, between), self._past(on)
            people = [self._contact(work.view, one).id for one in _each(by)]
            if what in BY_ONE and not people:
                raise InvalidError(f"who {what}? Name {' or '.join(p.name for p in found.people)}")
            made = [
                model.IntroductionStep(what=what, on=at, contact=one)  # type: ignore[arg-type]
                for one in people or (None,)
            ]
            _refuse_step(found, what, at, insist)
            steps = (*found.introduction.steps, *made)
            work.put(attrs.evolve(found.introduction, steps=steps))
            return self._arrangement(work.view, found.introduction)

    def introductions(
        self, *, who: Who | None = None, open_only: bool = False, as_of: When = None
    ) -> list[Arrangement]:
        """Return the introductions that I make and where each stands, the latest begun first.

        Args:
            who: only those of this person.
            open_only: only those of which something is still to come.
            as_of: the moment; now without it.
        """
        with self._reading() as view:
            which = None if who is None else has("contacts", self._contact(view, who).id)
            found = self._arrangements(view, self.moment_of(as_of), which)
        return [one for one in found if one.now.is_open or not open_only]

    def knows(
        self, a: Who, b: Who, how: str = "", *, told_by: Who | None = None, on: When = None
    ) -> model.Acquaintance:
        """Note that two people know each other. Of the same two there is one such record.

        Noted again, it gets what is said then; what is not said stays.

        Args:
            a: one of them.
            b: the other.
            how: how they know each other, such as "studied together".
            told_by: who told me, who may be one of them.
            on: when I heard of it; now without it.
        """
        with self._writing("knows") as work:
            pair = self._two(work.view, a, b)
            teller = None if told_by is None else self._contact(work.view, told_by)
            if teller and teller.is_me:
                raise InvalidError("who told you is somebody else; leave that out")
            told: dict[str, Any] = {"how": how, "told_by": teller.id if teller else None}
            known = next(self._known(work.view, _of_both(pair), _ids(pair)), None)
            if known:
                said = {name: value for name, value in told.items() if value}
                return work.put(attrs.evolve(known, **said))
            heard = self._past(on)
            return work.put(
                model.Acquaintance(id=new_id(), contacts=_ids(pair), noted_on=heard, **told)
            )

    def acquaintances(
        self, who: Who | None = None, *, as_of: When = None
    ) -> list[model.Acquaintance]:
        """Return who knows whom as I was told by a moment, the oldest first.

        Args:
            who: only whom this person knows.
            as_of: the moment; now without it.
        """
        when = self.moment_of(as_of)
        with self._reading() as view:
            one = None if who is None else self._contact(view, who).id
            which = None if one is None else has("contacts", one)
            found = self._known(view, which, {one} if one else ())
            return [known for known in found if known.noted_on.is_by(when)]

    # --- what there is

    def _two(self, view: Transaction, a: Who, b: Who) -> Pair:
        one, other = self._contact(view, a), self._contact(view, b)
        if one.id == other.id:
            raise InvalidError(f"it takes two people; both are {one.name}")
        if one.is_me or other.is_me:
            raise InvalidError("it is between two others; neither is you")
        return one, other

    def _arrangements(
        self, view: Transaction, when: LocalMoment, which: Where | None = None
    ) -> list[Arrangement]:
        known = pairings(view, when, which)
        known.sort(key=lambda one: (one.begun.date, one.id), reverse=True)
        stored = self._by_id(view, model.Introduction, [one.id for one in known])
        people = self._by_id(view, model.Contact, {id_ for one in known for id_ in one.people})
        return [
            Arrangement(
                stored[one.id],
                standing(one, when),
                (people[one.people[0]], people[one.people[1]]),
                one,
            )
            for one in known
        ]

    def _between(self, view: Transaction, pair: Pair) -> Arrangement | None:
        """Return the introduction of two people: the one that is open, else the latest."""
        found = self._arrangements(view, self.moment(None), _of_both(pair))
        return next((one for one in found if one.now.is_open), found[0] if found else None)

    def _arrangement(
        self, view: Transaction, between: model.Introduction | tuple[Who, Who]
    ) -> Arrangement:
        if isinstance(between, model.Introduction):
            found = self._arrangements(view, self.moment(None), eq("id", between.id))
            if not found:
                raise NotFoundError(f"There is no introduction {between.id}.")
            return found[0]
        pair = self._two(view, *between)
        if (last := self._between(view, pair)) is None:
            names = " and ".join(person.name for person in pair)
            raise NotFoundError(f"You are not introducing {names}. To begin: {_command(pair)} WHY")
        return last

    def _known(
        self, view: Transaction, which: Where | None, ends: Iterable[str]
    ) -> Iterator[model.Acquaintance]:
        """Yield acquaintances between these, by when they were noted, without what they told."""
        found = self._all(view, model.Acquaintance, Query("acquaintance", which))
        ordered = sorted(found, key=lambda one: (one.noted_on.date, one.id))
        return (one for one in ordered if set(ends) <= {*one.contacts})

    # --- what is not to be

    def _advise_against_introducing(
        self, view: Transaction, pair: Pair, last: Arrangement | None, when: LocalMoment
    ) -> None:
        names = " and ".join(person.name for person in pair)
        insist = "To introduce them all the same, insist: --insist"
        for person in pair:
            if person.state.kind in SUPPRESSED:
                state = person.state.kind.replace("_", " ")
                raise RefusedError(f"{person.name} is marked as {state}. {insist}")
        if last and last.now.stage == "declined":
            since = last.now.since.date
            if when.date < (until := COOL_OFF.after(since)):
                said = f"{names}: one of them declined on {since}"
                raise RefusedError(f"{said}; leave it until {until}. {insist}")
        met = last is not None and last.now.stage == "met"
        if met or any(self._known(view, _of_both(pair), _ids(pair))):
            raise RefusedError(f"{names} know each other already. {insist}")

    # --- merging

    def _merge(
        self,
        work: Work,
        keep: model.Contact,
        lose: model.Contact,
        take: Iterable[str],
        *,
        insist: bool,
    ) -> Merger:
        merged = super()._merge(work, keep, lose, take, insist=insist)
        self._know_once(work, merged.contact)
        self._introduce_once(work, merged.contact)
        return merged

    def _know_once(self, work: Work, person: model.Contact) -> None:
        """Make one of what two records say of the same two people."""
        known: dict[frozenset[str], list[model.Acquaintance]] = {}
        for one in self._known(work.view, has("contacts", person.id), {person.id}):
            known.setdefault(frozenset(one.contacts), []).append(one)
        for first, *others in known.values():
            told = [one.told_by for one in (first, *others) if one.told_by]
            how = dict.fromkeys(one.how for one in (first, *others) if one.how)
            for other in others:
                work.delete(other)
            if others:
                told_by = next(iter(told), None)
                work.put(attrs.evolve(first, how="; ".join(how), told_by=told_by))

    def _introduce_once(self, work: Work, person: model.Contact) -> None:
        """Drop all introductions of the same two people that are open but the latest."""
        now = self.moment(None)
        seen: set[frozenset[str]] = set()
        for one in self._arrangements(work.view, now, has("contacts", person.id)):
            pair = frozenset(one.introduction.contacts)
            if one.now.is_open and pair in seen:
                dropped = model.IntroductionStep(what="dropped", on=now)
                steps = (*one.introduction.steps, dropped)
                work.put(attrs.evolve(one.introduction, steps=steps))
            elif one.now.is_open:
                seen.add(pair)


def _of_both(pair: Pair) -> Where:
    return has("contacts", pair[0].id) & has("contacts", pair[1].id)


def _command(pair: Pair) -> str:
    return f"netcrm introduce {pair[0].handle} {pair[1].handle}"


def _ids(pair: Pair) -> tuple[str, str]:
    return pair[0].id, pair[1].id


def _refuse_step(found: Arrangement, what: str, at: LocalMoment, insist: bool) -> None:
    """Refuse what cannot have happened at a moment, or is better not done then."""
    now = standing(found.pairing, at)
    if what not in NEXT[now.stage]:
        stage, after = now.stage.replace("_", " "), ", ".join(NEXT[now.stage])
        raise InvalidError(
            f"{found.names}: {what} does not fit: it stands at “{stage}” then; what may come "
            f"next: {after or 'nothing'}"
        )
    if what == "introduced" and now.stage != "both_agreed" and not insist:
        raise RefusedError(
            f"{found.names} have not both agreed yet. Ask each of them first; to introduce them "
            "all the same, insist: --insist"
        )
