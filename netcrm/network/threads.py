"""Interviews and where each stands, as known at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from netcrm import model
from netcrm.errors import NotFoundError
from netcrm.model.time import LocalMoment
from netcrm.network.aiming import Aiming
from netcrm.network.conversations import When
from netcrm.network.courses import courses, with_people
from netcrm.network.people import Who
from netcrm.rules.course import Course, as_known
from netcrm.rules.lifecycle import OPEN, Standing
from netcrm.storage.contract import Transaction
from netcrm.storage.query import eq


class Progress(NamedTuple):
    """An interview and where it stands.

    Attributes:
        people: those it is with, in order.
        course: what happened in it.
    """

    interview: model.Interview
    now: Standing
    people: tuple[model.Contact, ...]
    course: Course

    @property
    def minutes(self) -> tuple[int, int] | None:
        """How many minutes it took, of how many agreed; None where either is not known."""
        hold = self.course.talk(self.now.hold)
        held = [one.minutes for one in self.course.meetings if one.ended == "held"]
        agreed = held[-1] if held else self.interview.minutes
        return (hold.minutes, agreed) if hold and hold.minutes and agreed else None

    @property
    def names(self) -> str:
        """Those it is with, in words."""
        return " and ".join(person.name for person in self.people)


class Threads(Aiming):
    """The interviews of a network, to look at."""

    def interviews(
        self, *, who: Who | None = None, stage: str = "", as_of: When = None
    ) -> list[Progress]:
        """Return the interviews there are and where each stands, the latest opened first.

        Args:
            who: only those with this person.
            stage: only those that stand there, such as contacted or held; open for all that wait
                for something.
            as_of: the moment; now without it.
        """
        when = self.moment_of(as_of)
        with self._reading() as view:
            where = None if who is None else with_people([self._contact(view, who).id])
            found = self._threads(view, courses(view, where), when)
        wanted = OPEN if stage == "open" else {stage}
        return [one for one in found if not stage or one.now.stage in wanted]

    def interview(self, who: Who, *, as_of: When = None) -> Progress:
        """Return the latest interview with a person.

        Raises:
            NotFoundError: there is none.
        """
        found = self.interviews(who=who, as_of=as_of)
        if not found:
            name = self.contact(who).name
            raise NotFoundError(
                f"There is no interview with {name}. To begin one: netcrm ask. If you talked "
                "already: netcrm log WHO coffee --kind meeting"
            )
        return found[0]

    def moment_of(self, as_of: When) -> LocalMoment:
        """Return the moment to answer for: now, a day seen as a whole, or a day and time."""
        return self.moment(as_of, past=False)

    def _latest(
        self, view: Transaction, people: Iterable[model.Contact], when: LocalMoment
    ) -> Progress | None:
        """Return the newest interview with any of these people, and where it stood then."""
        found = courses(view, with_people(person.id for person in people))
        return next(iter(self._threads(view, found, when)), None)

    def _threads(
        self, view: Transaction, found: Iterable[Course], when: LocalMoment
    ) -> list[Progress]:
        """Return those interviews that there were by then, the latest opened first."""
        known = [one for one in found if as_known(one, when) is not None]
        known.sort(key=lambda one: (one.opened_on, one.id), reverse=True)
        stored = self._by_id(view, model.Interview, [one.id for one in known])
        people = self._by_id(view, model.Contact, {id_ for one in known for id_ in one.contacts})
        routine = self.routine()
        return [
            Progress(
                stored[one.id],
                routine.standing(one, when),
                tuple(people[id_] for id_ in one.contacts),
                one,
            )
            for one in known
        ]


def only(view: Transaction, interview: str) -> Course:
    """Return the interview with an id."""
    (course,) = courses(view, eq("id", interview))
    return course
