"""What services have, taken in page by page; each page is one commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Final

import attrs

from netcrm import model
from netcrm.errors import NotFoundError
from netcrm.loading import given
from netcrm.model.time import LocalMoment
from netcrm.network.picturing import Picturing
from netcrm.rules.course import Appointment
from netcrm.rules.identity import email_key
from netcrm.rules.lifecycle import OPEN
from netcrm.storage.query import Query, eq, has, le

if TYPE_CHECKING:
    from netcrm.network.remotes import Addresses, Synced, Taking
    from netcrm.network.threads import Progress
    from netcrm.network.work import Work
    from netcrm.rules.remotes import Correspondent, Happened
    from netcrm.source import Known, Service
    from netcrm.storage.contract import Transaction


_BESIDES: Final = 1
"""So many others may be at an interview: whoever keeps somebody's calendar is (our choice)."""


class Syncing(Picturing):
    """What a network takes in from services."""

    def sync(self, service: Service, *, watch: Callable[[Synced], None] | None = None) -> Synced:
        """Take in what is new at a service, what changed there and what is gone.

        Each page of it is one commit, together with what the service wants to remember: whatever
        comes between, the next sync goes on from there. What passed with people who are here
        becomes an interaction, part of the interview that went on with them then; a meeting to come
        is planned, and asked about when it is over. Nobody is made up. Who is added later is found
        in what was read before. What you said of any of it yourself stays.

        Args:
            service: what reads it.
            watch: told after each page what came of all of them so far.

        Raises:
            InvalidError: it is to be part of a transaction: then no page would be kept.
            SignInError: the service wants to be signed in to.
            BusyError: the service does not answer; what was read is kept.
            PluginError: what reads the service failed.
        """
        from netcrm.network.remotes import Addresses, Synced
        from netcrm.source import Page

        self._refuse_to_be_part("a sync")
        reason, counts, skipped, pages = f"sync {service.name}", Counter[str](), Counter[str](), 0

        def done() -> Synced:
            return Synced(**counts, pages=pages, skipped=dict(skipped))

        with self._writing(reason, "who is new here, and what is over") as work:
            book = Addresses(work)
            taking = self._taking(work, service, book)
            taking.find_again()
            taking.settle_begun()
            counts += taking.counts
        known = self.known(service.name)
        for page in given(reason, lambda: service.pages(known), Page):
            with self._writing(reason) as work:
                taking = self._taking(work, service, book)
                taking.take(page)
            counts += taking.counts
            skipped.update(page.skipped)
            pages += 1
            if watch is not None:
                watch(done())
        return done()

    def known(self, service: str) -> Known:
        """Return what is known of a service, by its name; see `netcrm.Known`."""
        from netcrm.network.remotes import Past

        return Past(self._reading, service)

    def strangers(self) -> list[Correspondent]:
        """Return who is not in the network although something passes between us, who does first.

        Whom I met, or who wrote both ways, comes first; then it goes by how much passed.
        """
        from netcrm.rules.remotes import ranked

        with self._reading() as view:
            known = self._all(view, model.Stranger, Query("stranger"))
            there = Query("remote", eq("is_there", True) & le("on", str(self.today)))
            return ranked(list(known), view.rows(there, ("direction", "on", "waiting")))

    def ignore(self, address: str, *, ignore: bool = True) -> model.Stranger:
        """Let a stranger be left out of `strangers`, or with ignore=False not any more.

        Args:
            address: theirs.
            ignore: whether to leave them out.

        Raises:
            NotFoundError: there is no stranger with that address.
        """
        from netcrm.network.remotes import marks_of, met

        with self._writing("ignore") as work:
            marks = marks_of(work.view, [f"email:{email_key(address)}"])
            for one in met(work.view, marks):
                return work.put(attrs.evolve(one, is_ignored=ignore))
            raise NotFoundError(f"Nobody with the address {address} has come up in a sync.")

    def _taking(self, work: Work, service: Service, book: Addresses) -> Taking:
        from netcrm.network.remotes import Taking

        def interview(what: Happened, when: LocalMoment) -> str | None:
            return self._open_interview(work.view, what, when)

        return Taking(work, service.name, book, self.now(), interview)

    def _open_interview(self, view: Transaction, what: Happened, when: LocalMoment) -> str | None:
        """Return the interview that went on with these people, so that this is part of it."""
        ids = [one.contact for one in what.participants if one.role != "cc"]
        if not view.count("interview", has("contacts", *ids)):
            return None
        people = self._by_id(view, model.Contact, ids).values()
        thread = self._latest(view, people, when)
        if thread is None or thread.now.stage not in OPEN:
            return None
        if what.kind == "meeting" and not self._waits_for(thread, what, when):
            return None
        return thread.interview.id

    def _waits_for(self, thread: Progress, what: Happened, booked: LocalMoment) -> bool:
        """Whether a meeting can be the one that an interview waits for."""
        people = tuple(one.contact for one in what.participants)
        if (
            what.thread
            or what.strangers > _BESIDES
            or thread.now.stage == "scheduled"
            or set(people) != set(thread.course.contacts)
        ):
            return False
        planned = Appointment("", what.occurred, booked, people)
        course, ever = thread.course, LocalMoment.on(date.max)
        with_it = course._replace(meetings=(*course.meetings, planned))
        before, after = (self.routine().standing(one, ever) for one in (course, with_it))
        return len(after.refused) == len(before.refused)
