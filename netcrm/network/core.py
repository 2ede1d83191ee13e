"""What every part of a network stands on: the storage, the clock, and transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import attrs

from netcrm import model
from netcrm.errors import InvalidError, NotFoundError
from netcrm.kinds import KINDS
from netcrm.model.base import Entity
from netcrm.model.time import BusinessCalendar, parse_day
from netcrm.plugins import Plugins
from netcrm.rules import said
from netcrm.storage.contract import Storage, Transaction
from netcrm.storage.mark import refuse_part
from netcrm.storage.query import Query, Where, has

if TYPE_CHECKING:
    from netcrm.network.work import Work
    from netcrm.rules.lifecycle import Routine

E = TypeVar("E", bound=Entity)


class _DryRun(Exception):  # noqa: N818 - not an error: it makes the storage roll back
    pass


class Receipt:
    """What came of a transaction: its commit, or None if nothing was changed."""

    commit: model.Commit | None = None


class Setting(NamedTuple):
    """Where and when a network is used, and how.

    Attributes:
        scheme: the name of its storage, as in the URL; empty if the storage itself was given.
        backups: how many automatic ones are kept; none are made if it is 0.
        questions: a file of questions of my own.
    """

    zone: ZoneInfo
    clock: Callable[[], datetime]
    calendar: BusinessCalendar
    scheme: str = ""
    backups: int = 0
    questions: Path | None = None


class Core:
    """The storage, the clock and the plugins of a network, and the one way to write.

    Attributes:
        changed: whether anything was committed by way of this object.
    """

    def __init__(self, storage: Storage, setting: Setting, plugins: Plugins) -> None:
        self._storage = storage
        self._setting = setting
        self.plugins = plugins
        self.changed = False
        self._whole = False
        self._work: Work | None = None
        self._view: Transaction | None = None

    @property
    def location(self) -> str:
        """Where the network is kept."""
        return self._storage.location

    def now(self) -> datetime:
        """Return this moment, with the home zone. The only place where the clock is read."""
        return self._setting.clock().astimezone(self._setting.zone)

    @property
    def today(self) -> date:
        """The day it is in the home zone."""
        return self.now().date()

    @property
    def zone(self) -> str:
        """The home zone's name."""
        return self._setting.zone.key

    def working_days(self) -> BusinessCalendar:
        """Return the days on which people work: without holidays, mine and those of plugins."""
        calendar = self._setting.calendar
        with self._reading() as view:
            rows = view.rows(Query("profile"), ("holidays",))
            free = frozenset(date.fromisoformat(day) for (days,) in rows for day in days)
        free = free.union(self.plugins.holidays())
        if not free:
            return calendar
        return attrs.evolve(calendar, holidays=calendar.holidays | free)

    def routine(self) -> Routine:
        """Return the working days, and what plugins say to do while nobody answers."""
        from netcrm.rules.lifecycle import Routine

        if self.plugins.has("follow_ups"):
            return Routine(self.working_days(), self.plugins.follow_ups)
        return Routine(self.working_days())

    @contextmanager
    def transaction(
        self, reason: str = "change", *, detail: str = "", dry_run: bool = False
    ) -> Iterator[Receipt]:
        """Make everything that is done inside the block one commit, all or nothing.

        With *dry_run* it is done, can be looked at inside the block, and is then dropped. A
        transaction inside another one is part of it; if it fails only its part is dropped, so its
        error may be caught. The receipt has the commit after the outermost block.

        Example:
            >>> with net.transaction("autumn round", dry_run=True) as receipt:
            ...     tagged = net.tag("ana", add=["ask-autumn"])
            >>> receipt.commit.count("changed")
            1
        """
        detail = str(detail).encode(errors="backslashreplace").decode()  # a path may be no text
        if self._work is not None:
            if dry_run and not self._dry_run:
                raise InvalidError("a dry run cannot be part of a transaction that is kept")
            mark = self._work.mark
            try:
                yield self._receipt
            except BaseException:
                self._work.drop(mark)  # whoever catches this finds nothing half-done
                raise
            return
        from netcrm.network.work import Work  # only writing needs it, and the converter behind it

        try:
            with self._storage.begin(write=True) as view:
                self._refuse_part(view)
                self._work, self._dry_run = Work(view), dry_run
                receipt = self._receipt = Receipt()
                try:
                    yield receipt
                    receipt.commit = self._work.finish(self.now(), reason, detail)
                finally:
                    self._work = None
                if dry_run:
                    raise _DryRun
        except _DryRun:
            return
        if receipt.commit is not None:
            self.changed = True
            self.plugins.tell(receipt.commit)

    _dry_run: bool = False
    _receipt = Receipt()

    @contextmanager
    def _writing(self, reason: str, detail: str = "") -> Iterator[Work]:
        with self.transaction(reason, detail=detail):
            assert self._work is not None
            yield self._work

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let all questions inside the block be answered from one view: one moment, read once."""
        with self._reading():
            yield

    @contextmanager
    def _reading(self) -> Iterator[Transaction]:
        open_view = self._work.view if self._work is not None else self._view
        if open_view is not None:
            yield open_view
            return
        with self._storage.begin(write=False) as view:
            self._refuse_part(view)
            self._view = view
            try:
                yield view
            finally:
                self._view = None

    def _refuse_part(self, view: Transaction) -> None:
        """Look once whether this is a whole network."""
        if not self._whole:
            refuse_part(view, self.location)
            self._whole = True

    def _refuse_to_be_part(self, what: str) -> None:
        if self._work is not None:
            raise InvalidError(f"{what} cannot be part of a transaction")

    def get(self, cls: type[E], id: str) -> E:
        """Return the entity of a class that has an id.

        Raises:
            NotFoundError: there is none.
        """
        with self._reading() as view:
            return self._get(view, cls, id)

    def put(self, *entities: E) -> list[E]:
        """Store entities that you made or changed yourself, as one commit; return them as stored.

        Raises:
            ConflictError: one of them was changed since you read it.
            InvalidError: it is a commit, which only netcrm makes.
        """
        if any(isinstance(entity, model.Commit) for entity in entities):
            raise InvalidError("commits are made by netcrm itself")
        with self._writing("put") as work:
            return work.put_all(entities)

    def counts(self) -> dict[str, int]:
        """Return how many records there are of each kind that has any."""
        with self._reading() as view:
            counts = {kind: view.count(kind) for kind in view.kinds}
        return {kind: number for kind, number in counts.items() if number}

    def _get(self, view: Transaction, cls: type[E], id: str) -> E:
        found = self._by_id(view, cls, [id])
        if id not in found:
            from netcrm import codec

            raise NotFoundError(f"There is no {codec.kind_of(cls)} {id}.")
        return found[id]

    def _by_id(self, view: Transaction, cls: type[E], ids: Iterable[str]) -> dict[str, E]:
        """Return the entities of a class that have these ids, read at once."""
        return by_id(view, cls, ids)

    def _all(self, view: Transaction, cls: type[E], query: Query) -> Iterator[E]:
        return every(view, cls, query)

    def _about(self, view: Transaction, person: str) -> Iterator[tuple[str, list[Entity]]]:
        """Yield what is about a person, kind by kind, as far as there is anything."""
        from netcrm import codec

        for kind in KINDS.values():
            if "contacts" in kind.fields:
                about = Query(kind.name, has("contacts", person))
                if found := list(self._all(view, codec.CLASSES[kind.name], about)):
                    yield kind.name, found

    def day(self, as_of: date | str | None, *, past: bool = False) -> date:
        """Return the day that is meant: a date, words as people write them, or None for today."""
        if as_of is None:
            return self.today
        if isinstance(as_of, datetime):
            aware = as_of.utcoffset() is not None
            return as_of.astimezone(self._setting.zone).date() if aware else as_of.date()
        if isinstance(as_of, date):
            return as_of
        try:
            return parse_day(as_of)
        except ValueError:
            return said.day(as_of, today=self.today, past=past)


def by_id(view: Transaction, cls: type[E], ids: Iterable[str]) -> dict[str, E]:
    """Return the entities of a class that have these ids, read at once."""
    from netcrm import codec  # answers made of index values alone do without it

    return {one.id: codec.decode(one, cls) for one in view.get(codec.kind_of(cls), ids)}


def every(view: Transaction, cls: type[E], query: Query) -> Iterator[E]:
    """Yield the entities of a class that a query finds."""
    from netcrm import codec

    for record in view.find(query):
        yield codec.decode(record, cls)


def merged_into(view: Transaction, where: Where) -> str:
    """Return the id of the person that a contact was merged into; nothing if it was not."""
    found = view.rows(Query("merged", where), ("contacts",))
    return next((str(into) for ((into,),) in found), "")
