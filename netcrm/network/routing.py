"""The warmest ways to somebody, beside going there directly."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from netcrm import model
from netcrm.errors import AmbiguousError, InvalidError, NotFoundError, RefusedError
from netcrm.model.contact import SUPPRESSED
from netcrm.model.time import LocalMoment
from netcrm.network.conversations import When
from netcrm.network.people import Who
from netcrm.network.tying import Tying
from netcrm.rules.lookup import choose, fitting
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, eq, one_of

if TYPE_CHECKING:
    from netcrm.network.destinations import Destination
    from netcrm.network.journeys import Journey
    from netcrm.network.writing import Letter
    from netcrm.rules.paths import Path, Routes


class Routing(Tying):
    """Ways through a network."""

    def paths(self, to: Who, *, k: int = 3, as_of: When = None) -> Routes:
        """Return the warmest ways to a person, an organisation or a field, the best first.

        Of an organisation, those are reached who are there now; and else who was there.

        Args:
            to: a person; the name of an organisation, with `org:` in front where it is that of a
                person too; or a career field such as `field:nursing`.
            k: how many ways; the one straight to a person whom I am in touch with comes on top.
            as_of: the moment; now without it.

        Example:
            >>> net.paths("ana").to
            'Ana Ruiz'

        Raises:
            AmbiguousError: the name is that of a person and of an organisation, or of several.
            NotFoundError: it is nobody's.
            RefusedError: the person is not to be contacted, or has died.
        """
        if k < 1:
            raise InvalidError(f"{k} ways cannot be shown")
        when = self.moment_of(as_of)
        with self._reading() as view:
            return self._journey(view, when).routes(self._destination(view, to, when.date), k)

    def letter(self, path: Path, *, as_of: When = None) -> Letter:
        """Return the draft of the letter to begin a way with; see `Path.ask`."""
        ask = path.ask
        with self._reading() as view:
            who = self._get(view, model.Contact, ask.who)
            return self.draft(ask.kind, who, about=ask.about, as_of=as_of)

    def _destination(self, view: Transaction, to: Who, day: date) -> Destination:
        from netcrm.network import destinations

        if isinstance(to, model.Contact):
            return self._to_person(view, to)
        said = to.strip()
        for start, find in (
            (destinations.FIELD, destinations.field),
            (destinations.PLACE, destinations.organisation),
        ):
            if said.lower().startswith(start):
                return find(view, said[len(start) :], day)
        return self._place_or_person(view, said, day)

    def _place_or_person(self, view: Transaction, said: str, day: date) -> Destination:
        """Return the person or the organisation that a name means, which must be one of both."""
        from netcrm.network import destinations

        places = destinations.places_called(view, said)
        people = fitting(said, self._called(view, said))
        if places:  # "someone in HR at City Hospital" is no other City Hospital
            unnamed = one_of("id", [one.id for one in people]) & eq("is_placeholder", True)
            nobody = {id_ for (id_,) in view.rows(Query("contact", unnamed), ("id",))}
            people = [one for one in people if one.id not in nobody]
        if people and places:
            named = [(one.handle, one.name) for one in people]
            place = f"{destinations.PLACE}{said}", "the organisation"
            raise AmbiguousError(said, [*sorted(named), place], what="more than one")
        if places:
            return destinations.organisation(view, said, day)
        if people:
            return self._to_person(view, self._get(view, model.Contact, choose(said, people).id))
        try:
            return self._to_person(view, said)
        except NotFoundError as error:
            like = [*error.suggestions, *destinations.like(view, said)]
            raise NotFoundError(
                f"Nobody here, and no organisation where somebody is, is called “{said}”.", like
            ) from None

    def _to_person(self, view: Transaction, who: Who) -> Destination:
        from netcrm.network.destinations import Destination

        person = self._contact(view, who)
        if person.is_me:
            raise InvalidError("that is you; name somebody else")
        if person.state.kind in SUPPRESSED:
            how = person.state.kind.replace("_", " ")
            why = f" ({person.state.reason})" if person.state.reason else ""
            raise RefusedError(f"{person.name} is marked {how}{why}, so no way is shown.")
        return Destination("person", person.name, frozenset({person.id}))

    def _journey(self, view: Transaction, when: LocalMoment) -> Journey:
        """Return what finds ways, as of a moment."""
        from netcrm.network.journeys import Journey
        from netcrm.network.requests import requests

        return Journey(self, view, requests(view, when, self.routine()))
