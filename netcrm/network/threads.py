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
from netcrm.rules.lifecycle import OPEN, Routine, Standing
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
        hold = next((talk for talk in self.course.talks if talk.id == self.now.hold), None)
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
            routine = self.routine()
            found = [self._progress(view, one, when, routine) for one in courses(view, where)]
        wanted = OPEN if stage == "open" else {stage}
        shown = [one for one in found if one and (not stage or one.now.stage in wanted)]
        return sorted(shown, key=lambda one: (one.interview.opened_on, one.course.id), reverse=True)

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
        routine = self.routine()
        known = [self._progress(view, one, when, routine) for one in found]
        here = [one for one in known if one is not None]
        return max(here, key=lambda one: (one.interview.opened_on, one.course.id), default=None)

    def _progress(
        self, view: Transaction, course: Course, when: LocalMoment, routine: Routine
    ) -> Progress | None:
        """Return an interview as it was known then; None if there was none yet."""
        if as_known(course, when) is None:
            return None
        now = routine.standing(course, when)
        people = tuple(self._get(view, model.Contact, id_) for id_ in course.contacts)
        return Progress(self._get(view, model.Interview, course.id), now, people, course)


def only(view: Transaction, interview: str) -> Course:
    """Return the interview with an id."""
    (course,) = courses(view, eq("id", interview))
    return course
