"""What sources say otherwise than we have it: to be looked at, taken, or put aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netcrm import model
from netcrm.errors import AmbiguousError, InvalidError, NotFoundError
from netcrm.model.text import words
from netcrm.network.forgetting import Forgetting
from netcrm.network.people import Who
from netcrm.rules.identity import identifier
from netcrm.rules.names import parse_name
from netcrm.rules.suggestions import (
    REFERRED,
    Suggestion,
    kept,
    named,
    suggested,
    suggestions,
    taken,
)
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, eq, has


class Suggesting(Forgetting):
    """What is suggested for the people of a network."""

    def suggestions(self, who: Who | None = None) -> list[Suggestion]:
        """Return what sources say otherwise than we have it, by name of the person.

        That is where a field was edited by hand, or where two sources disagree. Of who is said to
        have referred somebody, only those are suggested who were not to be known for certain.

        Args:
            who: only what is suggested for this person.
        """
        with self._reading() as view:
            if who is not None:
                return list(self._offered(view, [self._contact(view, who)]))
            by_name = Query("contact", order=(("name", False),))
            return list(self._offered(view, self._all(view, model.Contact, by_name)))

    def accept(self, who: Who, field: str, *, source: str = "") -> model.Contact:
        """Change a field of a person to what is suggested; a job is added to those there are.

        Args:
            who: the person.
            field: which field.
            source: whose suggestion; needed where sources suggest different things.

        Raises:
            NotFoundError: nothing is suggested for it; or nobody is called like the one who is said
                to have referred them.
            InvalidError: sources suggest different things.
        """
        with self._writing("accept") as work:
            contact, found = self._found(work.view, who, field, source)
            if len({words(one.theirs) or one.theirs for one in found}) > 1:
                listed = ", ".join(f"{one.theirs!r} by {one.source}" for one in found)
                raise InvalidError(
                    f"{field}: {listed} are suggested. Name the source, or edit it by hand."
                )
            if found[0].field == REFERRED:
                referrer = self._named(work.view, found[0].theirs)
                self.refer(referrer, contact, context=f"import {found[0].source}")
                return contact
            return work.put(taken(contact, found[0], on=self.today))

    def decline(self, who: Who, field: str, *, source: str = "") -> model.Contact:
        """Keep a field of a person as it is. What is suggested now is not suggested again.

        Args:
            who: the person.
            field: which field.
            source: whose suggestion; without it, everybody's.

        Raises:
            NotFoundError: nothing is suggested for it.
        """
        with self._writing("decline") as work:
            contact, found = self._found(work.view, who, field, source)
            for suggestion in found:
                contact = kept(contact, suggestion)
            return work.put(contact)

    def _named(self, view: Transaction, name: str) -> model.Contact:
        """Return who has just this name or address: nobody who is only called alike."""
        if "@" in name:
            where = has("identifiers", identifier("email", name))
            found = [str(id_) for (id_,) in view.rows(Query("contact", where), ("id",))]
        else:
            parts = parse_name(name).words
            everybody = view.rows(Query("contact"), ("id", "name"))
            found = [str(id_) for id_, known in everybody if parse_name(known).words == parts]
        people = [self._get(view, model.Contact, id_) for id_ in found]
        if len(people) > 1:
            raise AmbiguousError(name, [(one.handle, one.name) for one in people])
        if not people:
            raise NotFoundError(f"Nobody here is called “{name}”. If they are new, add them first.")
        return people[0]

    def _found(
        self, view: Transaction, who: Who, field: str, source: str
    ) -> tuple[model.Contact, list[Suggestion]]:
        contact = self._contact(view, who)
        field = field.replace("-", "_")
        found = [
            one
            for one in self._offered(view, [contact])
            if one.field == field and one.is_by(source)
        ]
        if not found:
            raise NotFoundError(f"Nothing is suggested for the {field} of {contact.name}.")
        return contact, found

    def _offered(
        self, view: Transaction, contacts: Iterable[model.Contact]
    ) -> Iterator[Suggestion]:
        for contact in contacts:
            yield from suggestions(contact)
            for origin in contact.origins:
                by = origin.said.get(REFERRED, "")
                if by == origin.kept.get(REFERRED, "") or self._was_referred(view, contact):
                    continue
                yield suggested(contact, REFERRED, by, source=named(origin))

    @staticmethod
    def _was_referred(view: Transaction, contact: model.Contact) -> bool:
        return view.count("referral", eq("referred", contact.id)) > 0
