"""How much I am in touch with people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from netcrm.errors import InvalidError
from netcrm.model.time import Interval, LocalMoment
from netcrm.network.conversations import When
from netcrm.network.introducing import Introducing
from netcrm.network.people import Who
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query

if TYPE_CHECKING:
    from netcrm.rules.dormant import Dormant
    from netcrm.rules.strength import Tie


class Tying(Introducing):
    """The ties of a network."""

    def tie(self, who: Who, *, as_of: When = None) -> Tie:
        """Return how much I am in touch with somebody, and how many touches that rests on.

        It says nothing of what they are worth, or mean to me.

        Args:
            who: with whom.
            as_of: the moment; now without it.

        Example:
            >>> talk = net.log("ana", "coffee", at="2026-03-03")
            >>> net.tie("ana").band
            'active'

        Raises:
            InvalidError: it is me.
        """
        from netcrm.network.touches import encounters
        from netcrm.rules.strength import tie, touches

        when = self.moment_of(as_of)
        with self._reading() as view:
            contact = self._contact(view, who)
            if contact.is_me:
                raise InvalidError("a tie is between you and somebody else; name somebody else")
            found = touches(encounters(view, when, [contact.id]), self._weights())
        return tie(contact.id, found.get(contact.id, []), when.date)

    def ties(self, *, as_of: When = None) -> list[Tie]:
        """Return the ties to everybody I was ever in touch with, by name.

        Args:
            as_of: the moment; now without it.
        """
        from netcrm.network.touches import encounters
        from netcrm.rules.strength import tie, touches

        when = self.moment_of(as_of)
        with self._reading() as view:
            found = touches(encounters(view, when), self._weights())
            by_name = view.rows(Query("contact", order=(("name", False),)), ("id",))
            return [tie(id_, found[id_], when.date) for (id_,) in by_name if id_ in found]

    def calls_for_a_call(self, who: Who, *, as_of: When = None) -> bool:
        """Whether the last touch is so long ago that talking does more than writing.

        Never for kin, nor for whoever is not to be contacted, paused, archived, dead, or me.

        Args:
            who: with whom.
            as_of: the moment; now without it.
        """
        from netcrm.network.candidates import paused
        from netcrm.rules.strength import calls_for_a_call

        when = self.moment_of(as_of)
        with self._reading() as view:
            contact = self._contact(view, who)
            if contact.is_me or contact.kin or contact.state.kind != "active":
                return False
            is_paused = contact.id in paused(view, when.date)
            return not is_paused and calls_for_a_call(self.tie(contact, as_of=when), when.date)

    def dormant(self, *, as_of: When = None, after: str | Interval | None = None) -> list[Dormant]:
        """Return the ties that went to sleep, by name, with what speaks for waking them.

        Left out are kin, and whoever is not to be contacted, paused, archived or dead.

        Args:
            as_of: the moment; now without it.
            after: how long without a touch; a year without it.
        """
        from netcrm.network.formers import formers
        from netcrm.rules.dormant import LAPSED, dormant

        when, length = self.moment_of(as_of), Interval.of(after) if after else LAPSED
        with self._reading() as view:
            known = formers(view, when, length, weights=self._weights(), routine=self.routine())
            found = (dormant(one, when.date, length) for one in known)
            return [one for one in found if one]

    def _strengths(
        self,
        view: Transaction,
        when: LocalMoment,
        people: Iterable[str] | None = None,
        *,
        heard: set[str] | None = None,
    ) -> dict[str, float]:
        """Return the strength of the tie to each of some people, or to everybody, by id."""
        from netcrm.network.touches import strengths

        return strengths(view, when, people, weights=self._weights(), heard=heard)

    def _weights(self) -> dict[str, float]:
        """Return how much a touch counts by its channel, as plugins have it."""
        from netcrm.rules.strength import WEIGHTS

        return {**WEIGHTS, **{one.channel: one.weight for one in self.plugins.tie_weights()}}
