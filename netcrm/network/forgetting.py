"""What people may ask of whoever keeps them: to know all of it, and to be forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import attrs

from netcrm import model
from netcrm.errors import AmbiguousError, BusyError, InvalidError, NotFoundError, StorageError
from netcrm.kinds import KINDS, record_before
from netcrm.model.base import Entity
from netcrm.model.ids import new_id
from netcrm.model.text import words
from netcrm.network.history import FORGET
from netcrm.network.people import Who
from netcrm.network.removal import Removal
from netcrm.rules.lookup import fitting
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, has, text

if TYPE_CHECKING:
    from netcrm.network.erasure import Traces
    from netcrm.network.past import Past
    from netcrm.network.work import Work

_NOT_SEARCHED: Final = ("interaction", "forgotten", "remembered", "commit", "before", "copying")
"""Kinds in which no name is looked for: interactions are found by their words, the rest names
nobody or was seen to already."""


class Erased(NamedTuple):
    """People who were forgotten, or would be.

    Attributes:
        contacts: as they were.
        about: how many records of each kind went with them, or lost them; of who was removed
            before, all that is left are versions.
        versions: how many former versions of all these went too.
        mentions: what is about others, and still has their whole name in it. It was left alone.
        copies: backups and other copies of the network that may still hold them.
        advice: what the storage cannot erase by itself; mostly nothing.
        commit: the commit that did it, or would; None if there was nobody. It cannot be undone.
    """

    contacts: tuple[model.Contact, ...]
    about: dict[str, int]
    versions: int
    mentions: tuple[Entity, ...]
    copies: tuple[Path, ...]
    advice: str
    commit: model.Commit | None


class Dossier(NamedTuple):
    """Everything that is known about a person.

    Attributes:
        person: they themselves; where each value came from is in their origins.
        about: what is about them, by kind: interactions, referrals, rules and the like.
        former: what all this was before, one entry for each time that it was changed or removed.
        commits: the changes in which they stand, the oldest first.
    """

    person: model.Contact
    about: dict[str, tuple[Entity, ...]]
    former: tuple[Entity, ...]
    commits: tuple[model.Commit, ...]


class Forgetting(Removal):
    """Everything about a person: to give it to them, or to erase it."""

    def dossier(self, who: Who) -> Dossier:
        """Return everything that is known about a person who is here or was removed.

        Raises:
            AmbiguousError: somebody here and somebody who was removed are called so.
        """
        from netcrm import codec
        from netcrm.network.past import Past

        with self._reading() as view:
            past = Past(view)
            person = self._meant(who, past)
            about = dict(self._about(view, person.id))
            images = past.images(past.ids(person.id))
            was = [record_before(image) for some in images for image in some]
            keys = {("contact", person.id), *((one.kind, one.id) for one in was)}
            keys |= {(kind, one.id) for kind, entities in about.items() for one in entities}
            history = self._all(view, model.Commit, Query("commit", order=(("seq", False),)))
            return Dossier(
                person=person,
                about={kind: tuple(entities) for kind, entities in about.items()},
                former=tuple(codec.decode(record, codec.CLASSES[record.kind]) for record in was),
                commits=tuple(commit for commit in history if not keys.isdisjoint(commit.keys)),
            )

    def forget(
        self, who: Who | None, *, folder: Path | None = None, dry_run: bool = False
    ) -> Erased:
        """Erase a person for good, who is here or was once. This cannot be undone.

        Every record that is about nobody else goes, every former version of it, and their part in
        the history; the storage writes over what it deletes. Keyed hashes of their identifiers and
        names stay, so that no later import brings them back; adding them by hand does.

        Args:
            who: the person; None for everybody who is in the trash.
            folder: where the folder of backups is, if the network is not kept in a file.
            dry_run: only say what would be erased.

        Raises:
            AmbiguousError: it fits several people, here or gone; they are listed by id.
            BusyError: it is done, but others read the files, which may still hold what was deleted.
            InvalidError: it is me, or it is part of something else.
        """
        from netcrm.network.keeping import copies_of
        from netcrm.network.past import Past

        self._refuse_to_be_part("forgetting")
        self._refuse_while_reading()
        with self.transaction(FORGET, dry_run=dry_run) as receipt:
            work = self._work
            assert work is not None
            past = Past(work.view)
            if who is None:
                people = [one.contact for one in self.trash()]
            else:
                people = [self._meant(who, past)]
            traces = self._erase(work, past, people)
            names = [name for one in people for name in (one.name, *one.aliases)]
            mentions = tuple(self._mentions(work.view, names)) if people else ()
        return Erased(
            contacts=tuple(people),
            about={kind: number for kind, number in traces.records.items() if number},
            versions=traces.versions,
            mentions=mentions,
            copies=copies_of(self._storage, folder),
            advice=self.scrub() if people and not dry_run else "",
            commit=receipt.commit,
        )

    def returned(self) -> list[model.Contact]:
        """Return who is here although they were forgotten: added by hand since, or restored."""
        from netcrm import codec
        from netcrm.network.matching import KeptOut
        from netcrm.rules.identity import says_who

        with self._reading() as view:
            kept_out = KeptOut(view)
            people = view.rows(Query("contact"), ("id", "identifiers")) if kept_out else ()
            found = [
                str(id_)
                for id_, keys in people
                if any(says_who(key) and kept_out.has(key) for key in keys)
            ]
            return [codec.decode(one, model.Contact) for one in view.get("contact", found)]

    def scrub(self) -> str:
        """Write over what was deleted, once more: after `forget` could not, as others were reading.

        Returns:
            What the storage cannot erase by itself, and what to do; mostly nothing.
        """
        self._refuse_to_be_part("scrubbing")
        self._refuse_while_reading()
        try:
            advice = self._storage.scrub()
        except (BusyError, StorageError) as error:
            why = str(error).removesuffix(" Nothing was changed.").rstrip(".")
            raise type(error)(
                "Nobody who was forgotten is to be found any more, but the files may still hold "
                f"what was deleted: {why}. To try that again: netcrm forget --scrub"
            ) from error
        self._settle()
        return advice

    def advice(self) -> str:
        """Return what to do about how the network is kept; mostly nothing."""
        with self._reading() as view:
            if any(not one.scrubbed for one in self._forgotten(view)):
                return (
                    "The files may still hold what was deleted of people forgotten. To write over "
                    "it: netcrm forget --scrub"
                )
        return self._storage.advice()

    def _forgotten(self, view: Transaction) -> Iterator[model.Forgotten]:
        return self._all(view, model.Forgotten, Query("forgotten"))

    def _refuse_while_reading(self) -> None:
        if self._view is not None:
            raise InvalidError("whoever reads holds what is to be written over; leave that first")

    def _marks(self) -> list[model.Forgotten]:
        """Return what keeps people out; nothing where that cannot be read any more."""
        try:
            with self._storage.begin(write=False) as view:
                return list(self._forgotten(view))
        except StorageError:
            return []

    def _keep_marks(self, marks: Iterable[model.Forgotten]) -> None:
        """Put back what keeps people out, where it is missing after the network was replaced."""
        with self._writing("forget") as work:
            here = {one.id for one in self._forgotten(work.view)}
            work.put_all(attrs.evolve(one, rev=0) for one in marks if one.id not in here)

    def _settle(self) -> None:
        """Note that nothing is left in the files. It is no commit: nobody is to take it back."""
        from netcrm import codec

        with self._storage.begin(write=True) as view:
            left = [one for one in self._forgotten(view) if not one.scrubbed]
            settled = (attrs.evolve(one, scrubbed=True) for one in left)
            view.put([(codec.encode(one), one.rev) for one in settled])

    def _erase(self, work: Work, past: Past, people: Sequence[model.Contact]) -> Traces:
        from netcrm.network.erasure import erase

        if any(person.is_me for person in people):
            raise InvalidError("that is you; a network is somebody's")
        gone = {id_ for one in people for id_ in past.ids(one.id)}
        counted = self._counted(work.view, gone)
        traces = erase(work, past, gone)
        if people:
            work.put(attrs.evolve(self._kept_out(work.view, traces), counted=counted))
        return traces

    def _counted(self, view: Transaction, gone: Collection[str]) -> tuple[model.Counted, ...]:
        """Return what is to be counted of interviews with nobody but people who will be gone."""
        from netcrm.network.facts import gather
        from netcrm.network.tallies import tallies

        if not view.count("interview", has("contacts", *gone)):
            return ()
        facts = gather(view, self.moment(None), self.routine())
        theirs = {one.id for one in facts.courses if set(one.contacts) <= set(gone)}
        found = tallies(view, facts)
        return tuple(model.Counted(**found[id_]._asdict()) for id_ in sorted(theirs))

    def _meant(self, who: Who, past: Past) -> model.Contact:
        """Return the person: one who is here, or was, and was removed or taken back."""
        from netcrm import codec

        named = who.id if isinstance(who, model.Contact) else who
        gone = fitting(named, past.gone())
        here: list[model.Contact] = []
        try:
            here = [self.contact(who)]
        except NotFoundError:
            if not gone:
                raise
        if here and named in (here[0].id, here[0].handle):
            return here[0]
        if len(here) + len(gone) > 1:
            known = [(one.id, one.name) for one in here] + [(one.id, one.name) for one in gone]
            raise AmbiguousError(named, known)
        return here[0] if here else codec.decode(past.last(gone[0].id), model.Contact)

    def _kept_out(self, view: Transaction, traces: Traces) -> model.Forgotten:
        """Return what keeps people out. One network has one key, so that an import hashes once."""
        import secrets  # slow to load

        from netcrm.rules.removal import KEY_BYTES, mark, name_key

        known = next(self._forgotten(view), None)
        key = known.key if known else secrets.token_hex(KEY_BYTES)
        said = [*traces.identifiers, *map(name_key, traces.names)]
        marks = (mark(key, one) for one in said if one != name_key(""))
        return model.Forgotten(id=new_id(), on=self.today, key=key, marks=marks)

    def _mentions(self, view: Transaction, names: Sequence[str]) -> Iterator[Entity]:
        """Yield what is left that has one of these names in it, but not namesakes for theirs."""
        from netcrm import codec
        from netcrm.rules.removal import mentions

        for kind in [kind for kind in KINDS if kind not in _NOT_SEARCHED]:
            for id_, doc in view.pairs(kind):
                if mentions(doc, names, words(doc["name"]) if kind == "contact" else ()):
                    (record,) = view.get(kind, [id_])
                    yield codec.decode(record, codec.CLASSES[kind])
        found: dict[str, model.Interaction] = {}
        for name in filter(words, names):
            talks = self._all(view, model.Interaction, Query("interaction", text(name)))
            found.update((one.id, one) for one in talks)
        yield from (one for one in found.values() if mentions(codec.encode(one).doc, names))
