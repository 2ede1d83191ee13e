"""People who are removed, until somebody wants them back."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from netcrm import model
from netcrm.errors import InvalidError
from netcrm.network.history import REMOVE, removed
from netcrm.network.people import Who
from netcrm.network.sameness import Sameness


class Removed(NamedTuple):
    """A person who was removed, or would be.

    Attributes:
        contact: as they were.
        about: how many records of each kind went with them, or lost them.
        commit: the commit that did it, or would; undoing it brings them back.
    """

    contact: model.Contact
    about: dict[str, int]
    commit: model.Commit | None


class Removal(Sameness):
    """The trash of a network."""

    def remove(self, who: Who, *, dry_run: bool = False) -> Removed:
        """Remove a person, and what is about nobody else, as one commit: undo brings all back.

        What was said to others too stays with those. Later imports leave out who is in the trash.

        Raises:
            InvalidError: it is me.
        """
        from netcrm.rules.removal import without

        with self._reading() as view:
            handle = self._contact(view, who).handle
        with self.transaction(REMOVE, detail=handle, dry_run=dry_run) as receipt:
            assert self._work is not None
            work = self._work
            person = self._contact(work.view, who)
            if person.is_me:
                raise InvalidError("that is you; a network is somebody's")
            about = dict(self._about(work.view, person.id))
            for entities in about.values():
                work.change((one, without(one, [person.id])) for one in entities)
            work.delete(person)
            counts = {kind: len(entities) for kind, entities in about.items()}
        return Removed(person, counts, receipt.commit)

    def trash(self) -> list[Removed]:
        """Return who was removed and is not back, the last one first."""
        from netcrm import codec

        found = []
        with self._reading() as view:
            for record, was in removed(view):
                commit = codec.decode(record, model.Commit)
                about = Counter({"contact": -1})  # the person themselves
                for touched in (commit.changed, commit.deleted):
                    about.update({kind: len(ids) for kind, ids in touched.items()})
                counts = {kind: number for kind, number in about.items() if number}
                found.append(Removed(codec.decode(was, model.Contact), counts, commit))
        return found
