"""What people may ask of whoever keeps them: to know all of it, and to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from netcrm import model
from netcrm.errors import AmbiguousError, BusyError, InvalidError, NotFoundError, StorageError
from netcrm.kinds import record_before
from netcrm.model.base import Entity
from netcrm.model.ids import new_id
from netcrm.model.text import words
from netcrm.network.history import FORGET, merged_then, removed
from netcrm.network.people import Found, Who
from netcrm.network.removal import Removal
from netcrm.rules import lookup
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, has

_KEY_BYTES = 32


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
    mentions: Found
    copies: tuple[Path, ...]
    advice: str
    commit: model.Commit | None


if TYPE_CHECKING:
    from netcrm.network.erasure import Traces
    from netcrm.network.work import Work


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
        from netcrm.network.erasure import former

        with self._reading() as view:
            person = self._meant(who)
            about = dict(self._about(view, person.id))
            images = former(view, self._all_ids(view, person.id))
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
        self,
        who: Who | None,
        *,
        copies: bool = False,
        folder: Path | None = None,
        dry_run: bool = False,
    ) -> Erased:
        """Erase a person for good, who is here or was removed. This cannot be undone.

        Every record that is about nobody else goes, every former version of it, and their part in
        the history; the storage writes over what it deletes. Keyed hashes of their identifiers
        stay, so that no later import brings them back; adding them by hand does.

        Args:
            who: the person; None for everybody who is in the trash.
            copies: remove the backups and other copies too that netcrm has made.
            folder: where the folder of backups is, if the network is not kept in a file.
            dry_run: only say what would be erased.

        Raises:
            AmbiguousError: somebody here and somebody who was removed are called so.
            BusyError: it is done, but others read the files, which may still hold what was deleted.
            InvalidError: it is me, or it is part of another transaction.
        """
        from netcrm.network.keeping import copies_of, remove

        self._refuse_to_be_part("forgetting")
        with self.transaction(FORGET, dry_run=dry_run) as receipt:
            work = self._work
            assert work is not None
            people = [one.contact for one in self.trash()] if who is None else [self._meant(who)]
            traces = self._erase(work, people)
            mentions = self._mentions(person.name for person in people)
        found = copies_of(self._storage, folder)
        if copies and not dry_run:
            remove(found)
        return Erased(
            contacts=tuple(people),
            about={kind: number for kind, number in traces.records.items() if number},
            versions=traces.versions,
            mentions=mentions,
            copies=found,
            advice="" if dry_run else self._scrub(),
            commit=receipt.commit,
        )

    def _erase(self, work: Work, people: Sequence[model.Contact]) -> Traces:
        from netcrm.network.erasure import erase

        if any(person.is_me for person in people):
            raise InvalidError("that is you; a network is somebody's")
        ids = {id_ for person in people for id_ in self._all_ids(work.view, person.id)}
        traces = erase(work, ids)
        if people:
            work.put(self._kept_out(work.view, traces.identifiers))
        return traces

    def _meant(self, who: Who) -> model.Contact:
        """Return the person: one who is here, or who was, and was removed or taken back."""
        gone = self._gone(who)
        try:
            here = [self.contact(who)]
        except NotFoundError:
            if not gone:
                raise
            here = []
        found = here + gone
        if len(found) > 1:
            raise AmbiguousError(str(who), ((one.id, one.name) for one in found))
        return found[0]

    def _gone(self, who: Who) -> list[model.Contact]:
        from netcrm import codec

        wanted = who.id if isinstance(who, model.Contact) else who
        with self._reading() as view:
            here = {id_ for (id_,) in view.rows(Query("contact"), ("id",))}
            known: dict[str, tuple[lookup.Name, str]] = {}
            for image, doc in view.pairs("before"):
                id_, was = doc["record"], doc["doc"]
                if doc["kind"] == "contact" and id_ not in here:
                    known[id_] = lookup.Name(id_, was["handle"], was["name"]), image
            try:
                found = lookup.choose(wanted, (name for name, _ in known.values()))
            except NotFoundError:
                return []
            (image_record,) = view.get("before", [known[found.id][1]])
            return [codec.decode(record_before(image_record), model.Contact)]

    def _scrub(self) -> str:
        try:
            return self._storage.scrub()
        except (BusyError, StorageError) as error:
            why = str(error).removesuffix(" Nothing was changed.")
            raise type(error)(
                f"Nobody is to be found any more who was forgotten, but the files may still hold "
                f"what was deleted: {why}. To try that again: netcrm forget --trash"
            ) from error

    def _all_ids(self, view: Transaction, person: str) -> list[str]:
        """Return the ids of a person: their own, and those of who was merged into them."""
        merged = [
            str(id_) for (id_,) in view.rows(Query("merged", has("contacts", person)), ("id",))
        ]
        for commit, was in removed(view):
            if was.id == person:
                merged += merged_then(view, commit.doc["seq"], person)
        return [person, *merged]

    def _kept_out(self, view: Transaction, identifiers: Iterable[str]) -> model.Forgotten:
        """Return what keeps people out. One network has one key, so that an import hashes once."""
        import secrets  # slow to load

        from netcrm.rules.removal import mark

        known = next(self._all(view, model.Forgotten, Query("forgotten", limit=1)), None)
        key = known.key if known else secrets.token_hex(_KEY_BYTES)
        marks = (mark(key, identifier) for identifier in identifiers)
        return model.Forgotten(id=new_id(), on=self.today, key=key, marks=marks)

    def _mentions(self, names: Iterable[str]) -> Found:
        """Return what is left that has one of these names in it, but not namesakes for theirs."""
        contacts: dict[str, model.Contact] = {}
        interactions: dict[str, model.Interaction] = {}
        for name in dict.fromkeys(names):
            found = self.find(name) if words(name) else Found((), ())
            named = (one for one in found.contacts if words(one.name) != words(name))
            contacts.update((one.id, one) for one in named)
            interactions.update((one.id, one) for one in found.interactions)
        return Found(tuple(contacts.values()), tuple(interactions.values()))
