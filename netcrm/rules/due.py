"""Who is due, and why? A pure function of facts, rules and a day."""

from __future__ import annotations

import functools
import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from netcrm.model.cadence import Adjustment, AdjustmentKind, Cadence
from netcrm.model.time import BusinessCalendar, Interval, days_later
from netcrm.rules.lifecycle import OPEN

Status = Literal[
    "no_rule", "suppressed", "paused", "in_conversation", "covered", "not_due", "due", "overdue"
]

LEVELS: Final = (
    "contact", "plugin", "circle", "tag", "interview", "source or field", "kin", "all"
)  # fmt: skip
"""Where a rule for a person is looked for: the most specific level that has one decides."""

MOST_BACKOFF: Final = 4
_ACTIONABLE: Final = frozenset({"due", "overdue"})


class Person(NamedTuple):
    """What this question needs to know of a contact.

    `reachable`: has a contact point. `interviews`: where interviews with them stand.
    """

    id: str
    name: str
    handle: str
    added_on: date
    circles: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    source: str = "other"
    kin: bool = False
    state: str = "active"
    is_me: bool = False
    is_placeholder: bool = False
    reachable: bool = True
    interviews: frozenset[str] = frozenset()


class Touch(NamedTuple):
    """The last touch on or before the day asked about.

    `unanswered` counts outbound touches in a row up to and with this one.
    """

    on: date
    id: str
    unanswered: int = 0


class Booking(NamedTuple):
    """A planned meeting as known on the day asked about: cancelled ones are left out."""

    on: date
    id: str


class Reason(NamedTuple):
    """One step of an answer: what was done, the value after it, the ids of the facts behind it."""

    code: str
    text: str
    value: str = ""
    facts: tuple[str, ...] = ()


class Due(NamedTuple):
    """The answer for one person on one day.

    `urgency` is how late they are in units of their own rhythm: 1.0 is one whole interval late.
    `held_back` is True when a daily cap leaves them for another day; the dates are not touched.
    """

    person: Person
    status: Status
    as_of: date
    due: date | None = None
    grace_end: date | None = None
    urgency: float = 0.0
    cadence: Cadence | None = None
    last_touch: Touch | None = None
    held_back: bool = False
    reasons: tuple[Reason, ...] = ()

    @property
    def is_actionable(self) -> bool:
        """Whether something should be done: due or overdue, and not held back."""
        return self.status in _ACTIONABLE and not self.held_back


def due(
    person: Person,
    *,
    as_of: date,
    cadences: Iterable[Cadence] = (),
    suggested: Cadence | None = None,
    last_touch: Touch | None = None,
    adjustments: Iterable[Adjustment] = (),
    bookings: Iterable[Booking] = (),
    calendar: BusinessCalendar | None = None,
) -> Due:
    """Say whether *person* is due on *as_of*, since when, and why.

    Args:
        person: whom to ask about.
        as_of: the day; facts dated after it must not be passed, except bookings' own days.
        cadences: all rules; those that do not hold on the day or are for others are ignored.
        suggested: a rule from a plugin; it yields only to a rule for this very person.
        last_touch: the anchor from which the rhythm counts.
        adjustments: all of the person's snoozes, pauses and the like.
        bookings: meetings planned with them.
        calendar: working days; without it Saturday and Sunday are free.
    """
    calendar = calendar or BusinessCalendar()
    answer = functools.partial(Due, person=person, as_of=as_of, last_touch=last_touch)
    if obstacle := _obstacle(person):
        return answer(status="suppressed", reasons=(Reason("suppressed", obstacle),))
    cadence, level = resolve(person, cadences, suggested, as_of)
    if cadence is None:
        return answer(status="no_rule", reasons=(Reason("no_rule", "no rule is for them"),))
    why = [_rule_reason(cadence, level)]
    if cadence.every is None:
        return answer(status="no_rule", cadence=cadence, reasons=tuple(why))

    decided = _decisions(adjustments, as_of)
    base = last_touch.on if last_touch else _start(person, cadence, decided, why)
    when, every = _rhythm(person, cadence, last_touch, base, calendar, why)
    when = _adjusted(when, decided, last_touch, cadence, calendar, why)
    grace_end = max(when, (cadence.grace or every).after(base))
    status = _status(person, when, grace_end, decided.get("pause"), bookings, as_of, why)
    urgency = _urgency((as_of - when).days, every, why) if status in _ACTIONABLE else 0.0
    return answer(
        status=status,
        due=when,
        grace_end=grace_end,
        urgency=urgency,
        cadence=cadence,
        reasons=tuple(why),
    )


def resolve(
    person: Person, cadences: Iterable[Cadence], suggested: Cadence | None, as_of: date
) -> tuple[Cadence | None, str]:
    """Return the rule for *person* on *as_of* and the level at which it was found.

    On the first level of LEVELS that has a rule: of their circles the first with one; then lower
    priority, shorter rhythm, smaller id.
    """
    found = [(_level(cadence, person), cadence) for cadence in cadences]
    if suggested is not None:
        found.append(("plugin", suggested))

    def preference(rule: tuple[str, Cadence]) -> tuple[int, int, int, float, str]:
        level, cadence = rule
        place = person.circles.index(cadence.selector.value) if level == "circle" else 0
        length = cadence.every.days if cadence.every else math.inf
        return LEVELS.index(level), place, cadence.priority, length, cadence.id

    in_force = [(level, cadence) for level, cadence in found if level and cadence.holds_on(as_of)]
    if not in_force:
        return None, ""
    level, cadence = min(in_force, key=preference)
    return cadence, level


def select(answers: Iterable[Due], *, within: timedelta = timedelta(0)) -> list[Due]:
    """Return who is due now or *within* some days, the most urgent first, then the earliest due."""
    chosen = [
        a
        for a in answers
        if a.status in _ACTIONABLE
        or (a.status == "not_due" and a.due is not None and a.due - a.as_of <= within)
    ]
    return sorted(chosen, key=_order)


def hold_back(answers: Sequence[Due], cap: int) -> list[Due]:
    """Mark all but the first *cap* of those that are due as held back for another day."""
    left = cap
    result = []
    for answer in answers:
        waits = answer.status in _ACTIONABLE and left <= 0
        left -= answer.status in _ACTIONABLE
        result.append(answer._replace(held_back=True) if waits else answer)
    return result


def _order(answer: Due) -> tuple[float, date, str, str]:
    assert answer.due is not None
    return (-answer.urgency, answer.due, answer.person.name, answer.person.id)


def _obstacle(person: Person) -> str:
    if person.is_me:
        return "this is me"
    if person.state != "active":
        return f"marked as {person.state.replace('_', ' ')}"
    if person.is_placeholder and not person.reachable:
        return "a placeholder with no way to reach them"
    return ""


def _level(cadence: Cadence, person: Person) -> str:
    """Return the level at which a rule is for *person*, or nothing if it is for others."""
    kind, value = cadence.selector.kind, cadence.selector.value
    match kind:
        case "contact":
            fits = value == person.id
        case "circle":
            fits = value in person.circles
        case "tag":
            fits = value in person.tags
        case "source":
            fits = value == person.source
        case "field":
            fits = value in person.fields
        case "interview":
            fits = value in person.interviews
        case "kin":
            fits = person.kin
        case "all":
            fits = True
    level = "source or field" if kind in ("source", "field") else kind
    return level if fits else ""


def _rule_reason(cadence: Cadence, level: str) -> Reason:
    rhythm = f"every {cadence.every}" if cadence.every else "never"
    grace = f", at most {cadence.grace}" if cadence.every and cadence.grace else ""
    whom = {"contact": "for them alone", "plugin": "from a plugin"}.get(level)
    name = f"“{cadence.name}” " if cadence.name else ""
    return Reason(
        code="rule",
        text=f"the rule {name}{whom or f'for {cadence.selector}'}",
        value=f"{rhythm}{grace}",
        facts=(cadence.id,),
    )


def _decisions(adjustments: Iterable[Adjustment], as_of: date) -> dict[AdjustmentKind, Adjustment]:
    """Return the last adjustment of each kind made by *as_of*."""
    last: dict[AdjustmentKind, Adjustment] = {}
    for made in sorted(adjustments, key=lambda a: (a.made_on, a.id)):
        if made.made_on <= as_of:
            last[made.kind] = made
    return last


def _start(
    person: Person,
    cadence: Cadence,
    decided: Mapping[AdjustmentKind, Adjustment],
    why: list[Reason],
) -> date:
    """Return the day from which the rhythm counts for somebody never contacted."""
    spread = decided.get("start")
    if spread and spread.on:
        why.append(_noted("start", "never in touch; begins on{why}", spread, spread.on))
        return spread.on
    begins = max(person.added_on, cadence.since or person.added_on)
    why.append(Reason(code="start", text="never in touch; known since", value=str(begins)))
    return begins


def _rhythm(
    person: Person,
    cadence: Cadence,
    touch: Touch | None,
    base: date,
    calendar: BusinessCalendar,
    why: list[Reason],
) -> tuple[date, Interval]:
    """Return the day that the rule alone gives, and the rhythm in use."""
    assert cadence.every is not None
    every = cadence.every
    if touch is None:
        raw = base
    else:
        why.append(Reason(code="last_touch", text="last touch", value=str(base), facts=(touch.id,)))
        if cadence.backoff and touch.unanswered > 1:
            factor = min(2 ** min(touch.unanswered - 1, MOST_BACKOFF), MOST_BACKOFF)
            every = every.times(factor)
            text = f"{touch.unanswered} messages unanswered, so every {every}"
            why.append(Reason(code="backoff", text=text, value=str(factor)))
        raw = every.after(base)
    why.append(Reason(code="raw", text="the rule gives", value=str(raw)))
    shift = _jitter(person, cadence)
    if shift:
        raw = max(base, days_later(raw, shift))
        text = f"moved by {shift:+} days to spread the load"
        why.append(Reason(code="jitter", text=text, value=str(raw)))
    rolled = calendar.roll(raw, cadence.roll, cadence.weekdays)
    if rolled != raw:
        why.append(Reason(code="rolled", text="moved to a day that suits", value=str(rolled)))
    return rolled, every


def _adjusted(
    when: date,
    decided: Mapping[AdjustmentKind, Adjustment],
    touch: Touch | None,
    cadence: Cadence,
    calendar: BusinessCalendar,
    why: list[Reason],
) -> date:
    """Apply snooze, one-shot date and pause, in that order: a pause is never cut short."""

    def decision(kind: AdjustmentKind) -> tuple[date, Adjustment] | None:
        made = decided.get(kind)
        if made is None or made.on is None:
            return None
        after_touch = touch is None or (made.made_on, made.id) > (touch.on, touch.id)
        return (made.on, made) if after_touch or kind == "pause" else None

    def not_before(day: date) -> date:
        return max(day, calendar.roll(day, cadence.roll, cadence.weekdays))

    if (snooze := decision("snooze")) and (until := not_before(snooze[0])) > when:
        when = until
        why.append(_noted("snooze", "snoozed{why} until", snooze[1], when))
    if (once := decision("next_touch")) and once[0] < when:
        when = once[0]
        why.append(_noted("next_touch", "you set a date{why}", once[1], when))
    if (pause := decision("pause")) and (until := not_before(pause[0])) > when:
        when = until
        why.append(_noted("pause", "not before the pause ends{why}", pause[1], when))
    return when


def _status(
    person: Person,
    when: date,
    grace_end: date,
    pause: Adjustment | None,
    bookings: Iterable[Booking],
    as_of: date,
    why: list[Reason],
) -> Status:
    if pause and (pause.on is None or as_of < pause.on):
        why.append(_noted("paused", f"paused{{why}} until {pause.on or 'further notice'}", pause))
        return "paused"
    if going_on := sorted(person.interviews & OPEN):
        stage = going_on[0].replace("_", " ")
        why.append(Reason("in_conversation", "an interview with them is under way", stage))
        return "in_conversation"
    for booking in sorted(bookings):
        if as_of <= booking.on:
            covers = booking.on <= grace_end
            text = "you meet before it is late" if covers else "you meet, but later than the grace"
            why.append(Reason("booking", text, str(booking.on), (booking.id,)))
            if covers:
                return "covered"
    if as_of < when:
        return "not_due"
    return "overdue" if as_of > grace_end else "due"


def _urgency(late: int, every: Interval, why: list[Reason]) -> float:
    urgency = late / every.days
    text = f"{late} {'day' if late == 1 else 'days'} late on a rhythm of {every}"
    why.append(Reason("urgency", text, f"{urgency:.2f}"))
    return urgency


def _noted(code: str, text: str, made: Adjustment, day: date | None = None) -> Reason:
    text = text.format(why=f" ({made.reason})" if made.reason else "")
    return Reason(code=code, text=text, value=str(day or ""), facts=(made.id,))


def _jitter(person: Person, cadence: Cadence) -> int:
    """Return a shift in days, constant for a person and a rule, within the rule's jitter.

    It never depends on a touch: otherwise logging one could make the date earlier.
    """
    if not cadence.jitter or cadence.every is None:
        return 0
    drawn = zlib.crc32(f"{person.id} {cadence.id}".encode()) / 0xFFFFFFFF  # in [0, 1]
    return round((2 * drawn - 1) * cadence.jitter * cadence.every.days)
