"""Staying in touch: rules, exceptions, and whom to get back to."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import attrs

from netcrm.errors import InvalidError, NotFoundError
from netcrm.kinds import NEWEST
from netcrm.model.cadence import Adjustment, AdjustmentKind, Cadence, Selector
from netcrm.model.ids import new_id
from netcrm.model.time import Interval, LocalMoment
from netcrm.network.conversations import Conversations
from netcrm.network.courses import stages
from netcrm.network.people import Who, check_source
from netcrm.rules.due import Booking, Due, Person, Touch, due, hold_back, resolve, select
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, Where, eq, ge, gt, has, le, one_of

if TYPE_CHECKING:
    from netcrm.network.work import Work
    from netcrm.rules.capacity import Capacity

_PERSON = (
    "id", "name", "handle", "added_on", "tags", "fields", "source", "kin", "state",
    "is_me", "is_placeholder", "reachable", "circle_order",
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
            fields.setdefault("since", self.today)
            made = Cadence(
                id=new_id(),
                selector=chosen,
                every=_interval(every),
                grace=None if grace is None else _time(grace),
                **fields,
            )
            old = next(self._open_rules(work.view, chosen, made.since or self.today), None)
            if old is not None:
                made = attrs.evolve(made, extra=old.extra)
                if attrs.evolve(made, id=old.id, since=old.since) == old:
                    return old
                if old.since == made.since:
                    return work.put(attrs.evolve(made, id=old.id, rev=old.rev))
            self._close(work, chosen, before=made.since or self.today)
            return work.put(made)

    def rules(self, *, as_of: date | str | None = None) -> list[Cadence]:
        """Return the rules in force, in the order in which they were made."""
        day = self.day(as_of)
        with self._reading() as view:
            made = list(self._all(view, Cadence, Query("cadence")))
        return [cadence for cadence in made if cadence.until is None or day <= cadence.until]

    def drop_rule(self, selector: str | Selector) -> Cadence:
        """End the rule for a selector; it still answers for days gone by."""
        with self._writing("drop rule") as work:
            chosen = self._selector(work.view, selector)
            ended = self._close(work, chosen, before=self.today)
            if ended is None:
                raise NotFoundError(f"There is no rule for {selector}. See: netcrm rule")
            return ended

    def _open_rules(self, view: Transaction, selector: Selector, day: date) -> Iterator[Cadence]:
        for cadence in self._all(view, Cadence, Query("cadence", eq("selector", str(selector)))):
            if cadence.until is None or cadence.until >= day:
                yield cadence

    def _close(self, work: Work, selector: Selector, *, before: date) -> Cadence | None:
        """End the rule for a selector on the day before; one that began later never was."""
        closed = None
        for cadence in list(self._open_rules(work.view, selector, before)):
            closed = cadence
            if cadence.since is not None and cadence.since >= before:
                work.delete(cadence)
            else:
                closed = work.put(attrs.evolve(cadence, until=before - timedelta(days=1)))
        return closed

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
            made = _adjustments(view, [contact.id], self.today).get(contact.id, ())
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
            ahead = _time(within).after(day) - day
        answers = select(self._answers(day), within=ahead)
        return answers if cap is None else hold_back(answers, cap)

    def explain(self, who: Who, *, as_of: date | str | None = None) -> Due:
        """Return the answer for one person, whatever it is, with its reasons."""
        with self._reading() as view:
            contact = self._contact(view, who)
            return self._answers(self.day(as_of), eq("id", contact.id))[0]

    def capacity(self, *, as_of: date | str | None = None) -> Capacity:
        """Compare what the rules promise with what was done in the last eight weeks."""
        from netcrm.rules.capacity import WEEKS_LOOKED_AT, capacity

        day = self.day(as_of)
        since = day - timedelta(weeks=WEEKS_LOOKED_AT)
        with self._reading() as view:
            recent = Query("interaction", gt("on", str(since)) & le("on", str(day)))
            rows = view.rows(recent, ("on", "touched"))
            touches = [date.fromisoformat(on) for on, people in rows for _ in people]
            return capacity(self._answers(day), touches, as_of=day)

    def spread(self, *, start: date | str | None = None) -> list[tuple[Due, date]]:
        """Give everybody under a rule who was never contacted a first day, evenly.

        Whoever was given one before keeps it until it has come. Inside
        `transaction(dry_run=True)` it only shows what it would do.
        """
        from netcrm.rules.spread import spread

        begin = self.day(start)
        with self._writing("spread") as work:
            planned = spread(filter(_waits, self._answers(self.today)), start=begin)
            work.put_all(
                Adjustment(
                    id=new_id(),
                    kind="start",
                    contact=answer.person.id,
                    on=day,
                    made_on=self.today,
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
            made = [_cadence(row) for row in view.rows(Query("cadence"), _CADENCE)]
            cadences = [cadence for cadence in made if cadence.holds_on(day)]
            routine = self.routine()
            interviews = stages(view, LocalMoment.on(day), routine)
            if whom is None and not self.plugins.has("cadence"):
                whom = _under_a_rule(cadences, interviews)
            people = [
                _person(row, interviews) for row in view.rows(Query("contact", whom), _PERSON)
            ]
            few = None if whom is None else [person.id for person in people]
            suggested = self._suggested(people, day)
            touches = _touches(view, few, day)
            some_back_off = any(rule.backoff for rule in (*cadences, *suggested.values()) if rule)
            wary = [
                person.id
                for person in people
                if some_back_off
                and person.id in touches
                and _backs_off(person, cadences, suggested.get(person.id), day)
            ]
            for id_, unanswered in _unanswered(view, wary, day).items():
                touches[id_] = touches[id_]._replace(unanswered=unanswered)
            adjustments = _adjustments(view, few, day)
            bookings = _bookings(view, day)
        return [
            due(
                person,
                as_of=day,
                cadences=cadences,
                suggested=suggested.get(person.id),
                last_touch=touches.get(person.id),
                adjustments=adjustments.get(person.id, ()),
                bookings=bookings.get(person.id, ()),
                calendar=routine.calendar,
            )
            for person in people
        ]

    def _suggested(self, people: Iterable[Person], day: date) -> dict[str, Cadence | None]:
        if not self.plugins.has("cadence"):
            return {}
        return {person.id: self.plugins.cadence(person, day) for person in people}


def _under_a_rule(
    cadences: Iterable[Cadence], interviews: Mapping[str, frozenset[str]]
) -> Where | None:
    """Return the condition that a rule may be for somebody; None for everybody."""
    fields = {"circle": "circles", "tag": "tags", "field": "fields", "contact": "id"}
    values: dict[str, list[str]] = {}
    for cadence in cadences:
        kind = cadence.selector.kind
        if kind == "all":
            return None
        values.setdefault(fields.get(kind, kind), []).append(cadence.selector.value)
    standing = set(values.pop("interview", ()))
    there = (id_ for id_, known in interviews.items() if known & standing)
    where = one_of("id", {*values.pop("id", ()), *there})
    if values.pop("kin", None):
        where |= eq("kin", True)
    where |= one_of("source", values.pop("source", ()))
    for field, labels in values.items():
        where |= has(field, *labels)
    return where


def _touches(view: Transaction, few: Sequence[str] | None, day: date) -> dict[str, Touch]:
    """Return the last touch of everybody, or of a few people."""
    known = Query("interaction", le("on", str(day)))
    last = view.latest(known, per="touched", by="on", members=few)
    return {
        person: Touch(on=date.fromisoformat(str(on)), id=found)
        for person, (on, found) in last.items()
    }


def _adjustments(
    view: Transaction, few: Sequence[str] | None, day: date
) -> dict[str, list[Adjustment]]:
    where = le("made_on", str(day))
    if few is not None and len(few) == 1:
        where &= eq("contact", few[0])
    by_person: dict[str, list[Adjustment]] = {}
    for row in view.rows(Query("adjustment", where), _ADJUSTMENT):
        made = _adjustment(row)
        by_person.setdefault(made.contact, []).append(made)
    return by_person


def _bookings(view: Transaction, day: date) -> dict[str, list[Booking]]:
    by_person: dict[str, list[Booking]] = {}
    known = ge("on", str(day)) & le("booked_on", str(day)) & ~le("ended_on", str(day))
    for id_, on, people in view.rows(Query("meeting", known), ("id", "on", "contacts")):
        for person in people:
            booking = Booking(on=date.fromisoformat(on), id=id_)
            by_person.setdefault(person, []).append(booking)
    return by_person


def _waits(answer: Due) -> bool:
    """Whether somebody never contacted has not been given a first day that is still to come."""
    given = any(reason.code == "start" and reason.facts for reason in answer.reasons)
    return answer.status in ("due", "overdue") or (answer.status == "not_due" and not given)


# Answering reads index values only: making whole records of documents takes several times as long.


def _person(row: tuple[Any, ...], interviews: Mapping[str, frozenset[str]]) -> Person:
    known = dict(zip(_PERSON[:-1], row, strict=False))
    known["circles"] = tuple(row[-1].split())
    known["added_on"] = date.fromisoformat(known["added_on"])
    known["tags"], known["fields"] = frozenset(known["tags"]), frozenset(known["fields"])
    return Person(**known, interviews=interviews.get(known["id"], frozenset()))


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


def _backs_off(
    person: Person, cadences: Iterable[Cadence], suggested: Cadence | None, day: date
) -> bool:
    cadence, _ = resolve(person, cadences, suggested, day)
    return cadence is not None and cadence.backoff


def _unanswered(view: Transaction, people: list[str], day: date) -> dict[str, int]:
    """Count for each person the outbound touches since the last one that was not."""
    if not people:
        return {}
    where = has("touched", *people) & le("on", str(day))
    newest = Query("interaction", where, order=(*NEWEST, ("id", True)))
    directions: dict[str, list[str]] = {person: [] for person in people}
    for touched, direction in view.rows(newest, ("touched", "direction")):
        for person in directions.keys() & touched:
            directions[person].append(direction)
    return {
        person: sum(1 for _ in itertools.takewhile(lambda way: way == "outbound", said))
        for person, said in directions.items()
    }


def _interval(value: str | Interval | None) -> Interval | None:
    never = value is None or (isinstance(value, str) and value.strip().lower() == "never")
    return None if never else _time(value)


def _time(value: str | Interval | None) -> Interval:
    return value if isinstance(value, Interval) else Interval.parse(str(value))
