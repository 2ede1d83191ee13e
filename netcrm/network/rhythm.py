"""Staying in touch: rules, exceptions, and whom to get back to."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from netcrm.errors import InvalidError, NotFoundError
from netcrm.model.cadence import Adjustment, AdjustmentKind, Cadence, Selector
from netcrm.model.ids import new_id
from netcrm.model.time import Interval
from netcrm.network.conversations import Conversations
from netcrm.network.people import Who, check_source
from netcrm.rules.due import Booking, Due, Person, Touch, due, hold_back, select
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, Where, eq, ge, gt, has, le

if TYPE_CHECKING:
    from netcrm.rules.capacity import Capacity

_PERSON = (
    "id", "name", "handle", "added_on", "circles", "tags", "fields", "source", "kin", "state",
    "is_me", "is_placeholder", "reachable",
)  # fmt: skip
_CADENCE = (
    "id", "name", "selector", "every", "grace", "priority", "roll", "weekdays", "jitter", "backoff",
    "enabled", "since", "until",
)  # fmt: skip
_ADJUSTMENT = ("id", "kind", "contact", "on", "made_on", "reason")


class Rhythm(Conversations):
    """The rules of a network, the exceptions to them, and the answers."""

    def rule(
        self,
        selector: str | Selector,
        every: str | Interval | None,
        *,
        grace: str | Interval | None = None,
        **fields: Any,
    ) -> Cadence:
        """Set how often to be in touch with whom; a rule for the same people is replaced.

        Args:
            selector: circle:inner, tag:mentor, field:nursing, source:event, contact:NAME, kin
                or all.
            every: "2 weeks", "quarterly", ...; "never" or None to leave people in peace on purpose.
            grace: how long after the last touch it is still fine, as "4 months".
            fields: further fields of Cadence, such as priority, jitter, backoff or weekdays.

        Example:
            >>> str(net.rule("circle:inner", every="2 weeks", grace="3 weeks").every)
            '2 weeks'
        """
        with self._writing("rule") as work:
            chosen = self._selector(work.view, selector)
            there = self._all(work.view, Cadence, Query("cadence", eq("selector", str(chosen))))
            old = next(there, None)
            return work.put(
                Cadence(
                    id=old.id if old else new_id(),
                    rev=old.rev if old else 0,
                    selector=chosen,
                    every=_interval(every),
                    grace=_interval(grace),
                    **fields,
                )
            )

    def rules(self) -> list[Cadence]:
        """Return all rules, in the order in which they were made."""
        with self._reading() as view:
            return list(self._all(view, Cadence, Query("cadence")))

    def drop_rule(self, selector: str | Selector) -> Cadence:
        """Remove the rule for a selector."""
        with self._writing("drop rule") as work:
            chosen = self._selector(work.view, selector)
            found = self._all(work.view, Cadence, Query("cadence", eq("selector", str(chosen))))
            cadence = next(found, None)
            if cadence is None:
                raise NotFoundError(f"There is no rule for {selector}. See: netcrm rule")
            work.delete(cadence)
            return cadence

    def snooze(self, who: Who, until: str | date, *, reason: str = "") -> Adjustment:
        """Leave a person alone until a day, or until the next touch."""
        return self._adjust("snooze", who, until, reason)

    def pause(self, who: Who, until: str | date | None = None, *, reason: str = "") -> Adjustment:
        """Leave a person alone until a day, or for good; a touch does not end it."""
        return self._adjust("pause", who, until, reason)

    def resume(self, who: Who, *, reason: str = "") -> Adjustment:
        """End a pause today."""
        with self._reading() as view:
            contact = self._contact(view, who)
            made = self._adjustments(view, self.today).get(contact.id, ())
        pauses = [(pause.made_on, pause.id, pause.on) for pause in made if pause.kind == "pause"]
        until = max(pauses)[2] if pauses else self.today
        if until and until <= self.today:
            raise InvalidError(f"{contact.name} is not paused")
        return self._adjust("pause", contact, self.today, reason)

    def next_touch(self, who: Who, on: str | date, *, reason: str = "") -> Adjustment:
        """Get in touch with a person on a day, this once."""
        return self._adjust("next_touch", who, on, reason)

    def due(
        self,
        *,
        as_of: date | str | None = None,
        within: str | Interval | None = None,
        cap: int | None = None,
    ) -> list[Due]:
        """Return whom to get back to, the most urgent first, and why.

        Args:
            as_of: the day; today without it.
            within: also those who will be due within this time.
            cap: mark all but so many as held back, to fit the day.
        """
        day = self.day(as_of)
        ahead = timedelta(0)
        if within:
            ahead = (_interval(within) or Interval(n=1, unit="day")).after(day) - day
        answers = select(self._answers(day), within=ahead)
        return answers if cap is None else hold_back(answers, cap)

    def explain(self, who: Who, *, as_of: date | str | None = None) -> Due:
        """Return the answer for one person, whatever it is, with its reasons."""
        contact = self.contact(who)
        return self._answers(self.day(as_of), eq("id", contact.id))[0]

    def capacity(self, *, as_of: date | str | None = None) -> Capacity:
        """Compare what the rules promise with what was done in the last eight weeks."""
        from netcrm.rules.capacity import WEEKS_LOOKED_AT, capacity

        day = self.day(as_of)
        since = day - timedelta(weeks=WEEKS_LOOKED_AT)
        with self._reading() as view:
            recent = Query("interaction", gt("on", str(since)) & le("on", str(day)))
            rows = view.rows(recent, ("on", "touched"))
            touches = [date.fromisoformat(str(on)) for on, people in rows for _ in people or ()]
        return capacity(self._answers(day), touches, as_of=day)

    def spread(
        self, *, start: date | str | None = None, as_of: date | str | None = None
    ) -> list[tuple[Due, date]]:
        """Give everybody under a rule who was never contacted a first day, evenly.

        Whoever was given one before keeps it until it has come. Inside
        `transaction(dry_run=True)` it only shows what it would do.
        """
        from netcrm.rules.spread import spread

        begin = self.day(start or as_of)
        with self._writing("spread") as work:
            planned = spread(filter(_waits, self._answers(self.day(as_of))), start=begin)
            work.put_all(
                Adjustment(
                    id=new_id(),
                    kind="start",
                    contact=answer.person.id,
                    on=day,
                    made_on=self.day(as_of),
                )
                for answer, day in planned
            )
        return planned

    def _adjust(
        self, kind: AdjustmentKind, who: Who, on: str | date | None, reason: str
    ) -> Adjustment:
        with self._writing(kind.replace("_", " ")) as work:
            contact = self._contact(work.view, who)
            day = None if on is None else self.day(on)
            if day is not None and day < self.today:
                raise InvalidError(
                    f"{day} is past; a {kind.replace('_', ' ')} is for a day to come"
                )
            return work.put(
                Adjustment(
                    id=new_id(),
                    kind=kind,
                    contact=contact.id,
                    on=day,
                    made_on=self.today,
                    reason=reason,
                )
            )

    def _selector(self, view: Transaction, selector: str | Selector) -> Selector:
        if isinstance(selector, Selector):
            return selector
        chosen = Selector.parse(selector)
        if chosen.kind == "source":
            check_source(chosen.value)
        if chosen.kind != "contact":
            return chosen
        return Selector(kind="contact", value=self._contact(view, chosen.value).id)

    def _answers(self, day: date, whom: Where | None = None) -> list[Due]:
        """Return the answer for everybody that a rule may be for, or for *whom*."""
        with self._reading() as view:
            cadences = [_cadence(row) for row in view.rows(Query("cadence"), _CADENCE)]
            if whom is None:
                whom = _anybody(cadences, self.plugins.has_cadence())
            if whom is _NOBODY:
                return []
            people = [_person(row) for row in view.rows(Query("contact", whom), _PERSON)]
            suggested = self._suggested(people, day)
            touches = self._touches(view, people, cadences, suggested, day)
            adjustments = self._adjustments(view, day)
            bookings = self._bookings(view, day)
        calendar = self._setting.calendar
        return [
            due(
                person,
                as_of=day,
                cadences=cadences,
                suggested=suggested.get(person.id),
                last_touch=touches.get(person.id),
                adjustments=adjustments.get(person.id, ()),
                bookings=bookings.get(person.id, ()),
                calendar=calendar,
            )
            for person in people
        ]

    def _suggested(self, people: Iterable[Person], day: date) -> dict[str, Cadence | None]:
        if not self.plugins.has_cadence():
            return {}
        return {person.id: self.plugins.cadence(person, day) for person in people}

    def _touches(
        self,
        view: Transaction,
        people: Sequence[Person],
        cadences: Iterable[Cadence],
        suggested: Mapping[str, Cadence | None],
        day: date,
    ) -> dict[str, Touch]:
        where = le("on", str(day))
        if len(people) == 1:
            where &= has("touched", people[0].id)
        last = view.latest(Query("interaction", where), per="touched", by="on")
        backs_off = any(rule.backoff for rule in (*cadences, *suggested.values()) if rule)
        unanswered = _unanswered(view, list(last), day) if backs_off else {}
        return {
            person: Touch(
                on=date.fromisoformat(str(on)), id=found, unanswered=unanswered.get(person, 0)
            )
            for person, (on, found) in last.items()
        }

    def _adjustments(self, view: Transaction, day: date) -> dict[str, list[Adjustment]]:
        by_person: dict[str, list[Adjustment]] = {}
        made_by_then = Query("adjustment", le("made_on", str(day)))
        for row in view.rows(made_by_then, _ADJUSTMENT):
            made = _adjustment(row)
            by_person.setdefault(made.contact, []).append(made)
        return by_person

    def _bookings(self, view: Transaction, day: date) -> dict[str, list[Booking]]:
        by_person: dict[str, list[Booking]] = {}
        known = ge("on", str(day)) & le("booked_on", str(day)) & ~le("ended_on", str(day))
        for id_, on, people in view.rows(Query("meeting", known), ("id", "on", "contacts")):
            booking = Booking(on=date.fromisoformat(str(on)), id=str(id_))
            for person in people or ():
                by_person.setdefault(person, []).append(booking)
        return by_person


_NOBODY = Where("in", "id", ())


def _anybody(cadences: Iterable[Cadence], plugins_decide: bool) -> Where | None:
    """Return the condition that a rule may be for somebody; None for everybody."""
    if plugins_decide or any(cadence.selector.kind == "all" for cadence in cadences):
        return None
    where = _NOBODY
    set_fields = {"circle": "circles", "tag": "tags", "field": "fields"}
    for cadence in cadences:
        kind, value = cadence.selector.kind, cadence.selector.value
        if kind in set_fields:
            condition = has(set_fields[kind], value)
        elif kind == "kin":
            condition = eq("kin", True)
        else:
            condition = eq("id" if kind == "contact" else "source", value)
        where = condition if where is _NOBODY else where | condition
    return where


def _waits(answer: Due) -> bool:
    """Whether somebody never contacted has not been given a first day that is still to come."""
    given = any(reason.code == "start" and reason.facts for reason in answer.reasons)
    return answer.status in ("due", "overdue") or (answer.status == "not_due" and not given)


# Answering reads index values only: making whole records of documents takes several times as long.


def _person(row: tuple[Any, ...]) -> Person:
    known = dict(zip(_PERSON, row, strict=True))
    known["added_on"] = date.fromisoformat(known["added_on"])
    known["tags"], known["fields"] = frozenset(known["tags"]), frozenset(known["fields"])
    return Person(**known)


def _cadence(row: tuple[Any, ...]) -> Cadence:
    known = dict(zip(_CADENCE, row, strict=True))
    known["selector"] = Selector.parse(known["selector"])
    for name in ("every", "grace"):
        known[name] = Interval.parse(known[name]) if known[name] else None
    for name in ("since", "until"):
        known[name] = _date(known[name])
    known["weekdays"] = map(int, known["weekdays"])
    known["jitter"] = float(known["jitter"])
    return Cadence(**known)


def _adjustment(row: tuple[Any, ...]) -> Adjustment:
    known = dict(zip(_ADJUSTMENT, row, strict=True))
    return Adjustment(**{**known, "on": _date(known["on"]), "made_on": _date(known["made_on"])})


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _unanswered(view: Transaction, people: list[str], day: date) -> dict[str, int]:
    """Count for each person the outbound touches since the last one that was not."""
    where = has("touched", *people) & le("on", str(day))
    newest = Query("interaction", where, order=(("occurred", True), ("id", True)))
    directions: dict[str, list[str]] = {}
    for touched, direction in view.rows(newest, ("touched", "direction")):
        for person in touched or ():
            directions.setdefault(person, []).append(str(direction))
    return {
        person: sum(1 for _ in itertools.takewhile(lambda way: way == "outbound", said))
        for person, said in directions.items()
    }


def _interval(value: str | Interval | None) -> Interval | None:
    if value is None or isinstance(value, Interval):
        return value
    return None if value.strip().lower() == "never" else Interval.parse(value)
