"""Who knows whom, and whom I bring together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from netcrm import model
from netcrm.errors import InvalidError, NotFoundError, RefusedError
from netcrm.model.ids import new_id
from netcrm.model.time import LocalMoment
from netcrm.network.arrangements import (
    Arrangement,
    Pair,
    advise_against_step,
    as_known,
    barred,
    barred_as,
    refuse_step,
)
from netcrm.network.conversations import When, _each
from netcrm.network.introductions import acquaintances, pairings
from netcrm.network.people import Who
from netcrm.network.referring import Referring
from netcrm.rules.introductions import BY_ONE
from netcrm.rules.lifecycle import COOL_OFF
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Where, eq, has

if TYPE_CHECKING:
    from netcrm.network.sameness import Merger
    from netcrm.network.work import Work


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
            insist: note that I introduced them although not both had agreed; or that, or that I
                asked, although one is not to be contacted.

        Raises:
            InvalidError: that cannot have happened then; the message says what may.
            NotFoundError: I introduce no such two.
            RefusedError: not both have agreed (double opt-in, as Fred Wilson asks for it, 2009), or
                one of them is not to be contacted.
        """
        with self._writing("introduce") as work:
            found, at = self._arrangement(work.view, between), self._past(on)
            people = dict.fromkeys(self._contact(work.view, one).id for one in _each(by))
            if what in BY_ONE and not people:
                raise InvalidError(f"who {what}? Name {' or '.join(p.name for p in found.people)}")
            made = [
                model.IntroductionStep(what=what, on=at, contact=one)  # type: ignore[arg-type]
                for one in people or (None,)
            ]
            stored = self._get(work.view, model.Introduction, found.introduction.id)
            longer = attrs.evolve(stored, steps=(*stored.steps, *made))
            refuse_step(found, made)
            if not insist:
                advise_against_step(found, what, at)
            work.put(longer)
            return self._arrangement(work.view, longer)

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
        """Note that two people know each other, as I was told.

        Each time something new is said, that is a record of its own, of its own day: what is not
        said then stays as it was, and what was known before can still be asked for. So nothing
        that was told is ever written over.

        Args:
            a: one of them.
            b: the other.
            how: how they know each other, such as "studied together".
            told_by: who told me, who may be one of them.
            on: when I heard of it; now without it.

        Returns:
            What was known of it by then. If nothing is new, nothing is noted.
        """
        with self._writing("knows") as work:
            pair = self._two(work.view, a, b)
            teller = None if told_by is None else self._contact(work.view, told_by)
            if teller and teller.is_me:
                raise InvalidError("who told you is somebody else; leave that out")
            told_by, heard = teller.id if teller else None, self._past(on)
            told = model.Acquaintance(
                id=new_id(), contacts=_ids(pair), how=how, told_by=told_by, noted_on=heard
            )
            known = self._of_two(work.view, pair, heard)
            if known and told.how in ("", known.how) and told_by in (None, known.told_by):
                return known
            work.put(told)
            return self._of_two(work.view, pair, heard) or told

    def acquaintances(
        self, who: Who | None = None, *, as_of: When = None
    ) -> list[model.Acquaintance]:
        """Return who knows whom as I was told by a moment, each two once, the oldest first.

        What was last said of them counts, and what was said before and was not said anew.

        Args:
            who: only whom this person knows.
            as_of: the moment; now without it.
        """
        when = self.moment_of(as_of)
        with self._reading() as view:
            one = None if who is None else self._contact(view, who).id
            which = None if one is None else has("contacts", one)
            return self._known(view, when, which, {one} if one else ())

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
            as_known(stored[one.id], one, (people[one.people[0]], people[one.people[1]]), when)
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
        self, view: Transaction, when: LocalMoment, which: Where | None, ends: Iterable[str]
    ) -> list[model.Acquaintance]:
        """Return acquaintances between these as known at a moment, without what they told."""
        from netcrm import codec

        found = [codec.decode(one, model.Acquaintance) for one in acquaintances(view, when, which)]
        return [one for one in found if set(ends) <= {*one.contacts}]

    def _of_two(
        self, view: Transaction, pair: Pair, when: LocalMoment
    ) -> model.Acquaintance | None:
        return next(iter(self._known(view, when, _of_both(pair), _ids(pair))), None)

    # --- what is not to be

    def _advise_against_introducing(
        self, view: Transaction, pair: Pair, last: Arrangement | None, when: LocalMoment
    ) -> None:
        names = " and ".join(person.name for person in pair)
        insist = "To introduce them all the same, insist: --insist"
        for person in barred(pair, self.moment(None)):
            raise RefusedError(f"{barred_as(person)}. {insist}")
        if last and last.now.stage == "declined":
            since = last.now.since.date
            if when.date < (until := COOL_OFF.after(since)):
                said = f"{names}: one of them declined on {since}"
                raise RefusedError(f"{said}; leave it until {until}. {insist}")
        now = self.moment(None)
        brought = self._arrangements(view, now, _of_both(pair))
        if any(one.now.stage == "met" for one in brought) or self._of_two(view, pair, now):
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
        self._introduce_once(work, merged.contact)
        return merged

    def _introduce_once(self, work: Work, person: model.Contact) -> None:
        """Drop all introductions of the same two people that are open but the latest."""
        now = self.moment(None)
        seen: set[frozenset[str]] = set()
        for one in self._arrangements(work.view, now, has("contacts", person.id)):
            pair = frozenset(one.introduction.contacts)
            if one.now.is_open and pair in seen:
                dropped = model.IntroductionStep(what="dropped", on=now)
                stored = self._get(work.view, model.Introduction, one.introduction.id)
                work.put(attrs.evolve(stored, steps=(*stored.steps, dropped)))
            elif one.now.is_open:
                seen.add(pair)


def _of_both(pair: Pair) -> Where:
    return has("contacts", pair[0].id) & has("contacts", pair[1].id)


def _command(pair: Pair) -> str:
    return f"netcrm introduce {pair[0].handle} {pair[1].handle}"


def _ids(pair: Pair) -> tuple[str, str]:
    return pair[0].id, pair[1].id
