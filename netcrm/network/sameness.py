"""Who is who: find people who stand here twice, make them one, or remember that they are two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import attrs

from netcrm import model
from netcrm.errors import RefusedError
from netcrm.model.base import Entity
from netcrm.model.ids import new_id
from netcrm.network.people import Who
from netcrm.network.rhythm import Rhythm
from netcrm.storage.contract import Doc, Transaction
from netcrm.storage.query import Query, has, one_of

if TYPE_CHECKING:
    from netcrm.network.work import Work
    from netcrm.rules.merge import Conflict
    from netcrm.rules.signs import Likeness
    from netcrm.rules.traits import Facts

Change = tuple[Entity, Entity | None]
"""A record, and what it becomes; None where it goes."""


_WORTH_ASKING = 0.01
"""The least score of two whom plugins are asked about (our choice)."""


class Merger(NamedTuple):
    """What came of two contacts, or would come.

    Attributes:
        contact: the one that they are.
        gone: the one that is no more.
        conflicts: fields in which they differed: what stayed, and what was set aside.
        about: how many records of each kind are now about the one that stayed.
        commit: None if nothing was changed.
    """

    contact: model.Contact
    gone: model.Contact
    conflicts: tuple[Conflict, ...]
    about: dict[str, int]
    commit: model.Commit | None


class Sameness(Rhythm):
    """Duplicates of a network."""

    def dupes(self, who: Who | None = None, *, least: float = 0.5) -> list[Likeness]:
        """Return pairs of contacts that are likely one person, the likeliest first.

        Pairs that were told apart are left out. Nobody is merged by this.

        Args:
            who: only those who are like this person.
            least: the least score, from 0 to 1.
        """
        from netcrm.rules.likeness import Lineup, likenesses
        from netcrm.rules.signs import likeliest_first

        with self._reading() as view:
            chosen = None if who is None else self._contact(view, who).id
            apart = {tuple(row[0]) for row in view.rows(Query("distinct"), ("contacts",))}
            asks = self.plugins.has("likeness")
            worth = min(least, _WORTH_ASKING) if asks else least
            if chosen is None:
                found = likenesses(_facts(view), least=worth)
            else:
                everybody = list(_facts(view))
                asked = next((facts for facts in everybody if facts.id == chosen), None)
                found = Lineup(everybody).match(asked, worth) if asked else []
            found = [like for like in found if tuple(sorted((like.a, like.b))) not in apart]
            if asks:
                found = likeliest_first(
                    like for like in map(self._more, found) if like.score >= least
                )
        return found

    def _more(self, like: Likeness) -> Likeness:
        """Return a likeness with what plugins have to say."""
        from netcrm.rules.signs import with_signs

        pair = (self.get(model.Contact, id_) for id_ in (like.a, like.b))
        return with_signs(like, self.plugins.likeness(*pair))

    def distinguish(self, a: Who, b: Who, *, reason: str = "") -> model.Distinct:
        """Remember that two people are not the same, so that they are not shown as one again.

        Raises:
            InvalidError: it is one and the same contact.
        """
        with self._writing("distinguish") as work:
            pair = (self._contact(work.view, a).id, self._contact(work.view, b).id)
            if told := self._told_apart(work.view, *pair):
                return told
            return work.put(
                model.Distinct(id=new_id(), contacts=pair, on=self.today, reason=reason)
            )

    def merge(
        self,
        keep: Who,
        lose: Who,
        *,
        take: Iterable[str] = (),
        dry_run: bool = False,
        insist: bool = False,
    ) -> Merger:
        """Make two contacts one, as one commit: undo brings both back exactly as they were.

        Nothing is lost: what either had is there afterwards; where they differ in a field that has
        one value, that of *keep* stays, and the other is set aside. What was about *lose* is now
        about *keep*, and names that meant *lose* mean *keep*. A rule of its own that *keep* has
        stays the only one. A person merged with itself stays as it is.

        Args:
            keep: whose id and handle stay.
            lose: who is no more.
            take: fields in which *lose* is right, such as "name" or "location".
            dry_run: only say what would come of it.
            insist: although they were told apart.

        Raises:
            InvalidError: a field cannot be taken.
            RefusedError: they were told apart.
        """
        with self.reading():
            detail = f"{self.contact(lose).handle} into {self.contact(keep).handle}"
        with self.transaction("merge", detail=detail, dry_run=dry_run) as receipt:
            assert self._work is not None
            ours, theirs = (self._contact(self._work.view, who) for who in (keep, lose))
            if ours.id == theirs.id:
                return Merger(ours, theirs, (), {}, None)
            merged = self._merge(self._work, ours, theirs, take, insist=insist)
        return merged._replace(commit=receipt.commit)

    def _merge(
        self,
        work: Work,
        keep: model.Contact,
        lose: model.Contact,
        take: Iterable[str],
        *,
        insist: bool,
    ) -> Merger:
        if self._told_apart(work.view, keep.id, lose.id) and not insist:
            raise RefusedError(
                f"{keep.handle} and {lose.handle} were told apart. To merge them all the same, "
                "insist: --insist"
            )
        from netcrm.rules.merge import between, left, unite, with_note

        united, conflicts = unite(keep, lose, take=take)
        names = {keep.id: keep.name, lose.id: lose.name}
        both = Query("referral", has("contacts", keep.id) & has("contacts", lose.id))
        for referral in self._all(work.view, model.Referral, both):
            note = with_note(united.note, between(referral, names))
            united = attrs.evolve(united, note=note)
        conflicts += self._rules(work.view, keep, lose)
        moved = dict(self._moved(work.view, keep, lose, conflicts))
        work.delete(lose)
        stored = work.put(united)
        for changes in moved.values():
            work.change(changes)
        counts = {kind: len(changes) for kind, changes in moved.items()}
        work.put(
            model.Merged(
                id=lose.id,
                into=keep.id,
                handle=lose.handle,
                name=lose.name,
                on=self.today,
                left=left(conflicts),
            )
        )
        return Merger(stored, lose, conflicts, counts, None)

    def _moved(
        self,
        view: Transaction,
        keep: model.Contact,
        lose: model.Contact,
        conflicts: Iterable[Conflict],
    ) -> Iterator[tuple[str, list[Change]]]:
        """Yield what is about the one who goes, and what it becomes, kind by kind."""
        from netcrm.rules.merge import about

        has_rule = any(conflict.field == "rule" for conflict in conflicts)
        ours = Query("referral", has("contacts", keep.id))
        known = set(map(_alone, self._all(view, model.Referral, ours)))
        for kind, entities in self._about(view, lose.id):
            changes: list[Change] = []
            for one in entities:
                if one.id == keep.id:  # how they met is part of the person
                    continue
                superseded = isinstance(one, model.Cadence) and has_rule and one.until is None
                now = None if superseded else about(one, lose.id, keep.id)
                if isinstance(now, model.Referral):
                    now = None if _alone(now) in known else now
                    known.add(_alone(now))
                changes.append((one, now))
            if changes:
                yield kind, changes

    def _rules(
        self, view: Transaction, keep: model.Contact, lose: model.Contact
    ) -> tuple[Conflict, ...]:
        """Return the conflict of two who both have a rule of their own."""
        from netcrm.rules.merge import Conflict

        own = one_of("open_selector", [f"contact:{keep.id}", f"contact:{lose.id}"])
        every = {
            rule.selector.value: str(rule.every or "never")
            for rule in self._all(view, model.Cadence, Query("cadence", own))
        }
        return (Conflict("rule", every[keep.id], every[lose.id]),) if len(every) == 2 else ()

    def _told_apart(self, view: Transaction, a: str, b: str) -> model.Distinct | None:
        query = Query("distinct", has("contacts", a) & has("contacts", b))
        return next(self._all(view, model.Distinct, query), None)


def _alone(referral: model.Referral | None) -> model.Referral | None:
    """Return a referral without what tells it from an equal one."""
    return attrs.evolve(referral, id="0", rev=0) if referral else None


def _facts(view: Transaction) -> Iterator[Facts]:
    """Yield what is known of each person, as far as it tells people apart."""
    from netcrm.rules.traits import Facts

    for id_, doc in view.pairs("contact"):
        if not doc.get("is_placeholder"):
            yield Facts(
                id=id_,
                name=doc["name"],
                aliases=tuple(doc.get("aliases", ())),
                points=tuple((point["kind"], point["value"]) for point in doc.get("points", ())),
                jobs=tuple(_jobs(doc)),
                born=_born(doc),
                location=doc.get("location", ""),
                connected_on=doc.get("connected_on", ""),
            )


def _jobs(doc: Doc) -> Iterator[tuple[str, str]]:
    for job in doc.get("positions", ()):
        yield job.get("title", ""), job.get("organisation", "")


def _born(doc: Doc) -> str:
    days = doc.get("occasions", ())
    return next((one["on"] for one in days if one.get("label", "birthday") == "birthday"), "")
