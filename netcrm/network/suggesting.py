"""What sources say otherwise than we have it: to be looked at, taken, or put aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netcrm import model
from netcrm.errors import InvalidError, NotFoundError
from netcrm.network.forgetting import Forgetting
from netcrm.network.people import Who
from netcrm.rules.suggestions import REFERRED, Suggestion, kept, suggestions, taken
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, eq


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
            if len({one.theirs for one in found}) > 1:
                listed = ", ".join(f"{one.theirs!r} by {one.source}" for one in found)
                raise InvalidError(f"{field}: several are suggested: {listed}. Name the source.")
            if field == REFERRED:
                self.refer(found[0].theirs, contact)
                return contact
            accepted = taken(contact, found[0], on=self.today)
            self._check(work.view, accepted, before=[contact])
            return work.put(accepted)

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

    def _found(
        self, view: Transaction, who: Who, field: str, source: str
    ) -> tuple[model.Contact, list[Suggestion]]:
        contact = self._contact(view, who)
        field = field.replace("-", "_")
        found = [
            one
            for one in self._offered(view, [contact])
            if one.field == field and source in ("", one.source)
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
                named = origin.said.get(REFERRED, "")
                if named == origin.kept.get(REFERRED, "") or self._was_referred(view, contact):
                    continue
                yield Suggestion(
                    contact=contact.id,
                    name=contact.name,
                    field=REFERRED,
                    ours="",
                    theirs=named,
                    source=origin.source,
                )

    @staticmethod
    def _was_referred(view: Transaction, contact: model.Contact) -> bool:
        return view.count("referral", eq("referred", contact.id)) > 0
