"""How often to be in touch with whom, and the exceptions one makes for a person."""

# ruff: noqa: RUF009 - the calls make attrs fields

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal, get_args

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import Entity, check_day, choice, day, label, line, reference
from netcrm.model.text import clean
from netcrm.model.time import Interval, Roll

SelectorKind = Literal["contact", "circle", "tag", "interview", "source", "field", "kin", "all"]
AdjustmentKind = Literal["snooze", "pause", "next_touch", "start"]

_BARE = frozenset({"kin", "all"})
_WHOM = (
    "does not say whom; write circle:inner, tag:mentor, interview:held, field:nursing, "
    "source:alumni_database, contact:NAME, kin or all"
)


def _selected(value: str, selector: Any) -> str:
    value = clean(value)
    return label(value) if value and selector.kind in ("circle", "tag", "field") else value


def _selection() -> Any:
    return attrs.field(default="", converter=attrs.Converter(_selected, takes_self=True))


@attrs.frozen(kw_only=True)
class Selector:
    """Whom a rule is for: `circle:inner`, `tag:mentor`, `contact:<id>`, `kin` or `all`."""

    kind: SelectorKind = choice(*get_args(SelectorKind))
    value: str = _selection()

    def __attrs_post_init__(self) -> None:
        if (self.kind in _BARE) == bool(self.value):
            raise InvalidError(f"{self} {_WHOM}")

    @classmethod
    def parse(cls, text: str) -> Selector:
        """Read the text form."""
        kind, _, value = clean(text).partition(":")
        if kind not in get_args(SelectorKind):
            raise InvalidError(f"{text!r} {_WHOM}")
        return cls(kind=kind, value=value)  # type: ignore[arg-type]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}" if self.value else self.kind


def _weekdays(days: Iterable[int]) -> frozenset[int]:
    chosen = frozenset(days)
    if not chosen <= frozenset(range(7)):
        raise InvalidError("weekdays are numbers from 0 (Monday) to 6 (Sunday)")
    return chosen


def _fraction(instance: object, attribute: attrs.Attribute[float], value: float) -> None:
    if not 0 <= value <= 0.25:
        raise InvalidError(f"jitter is between 0 and 0.25 of the rhythm, not {value}")


@attrs.frozen(kw_only=True)
class Cadence(Entity):
    """A rule: be in touch with these people this often.

    `every` None means never, on purpose. `grace` is how long after the last touch it is still fine,
    counted like `every`; without it one is late as soon as `every` is over. `priority` breaks ties,
    lower first. `jitter` spreads people of one rule by up to that fraction of the rhythm. With
    `backoff` each unanswered message in a row doubles the rhythm, up to four times as long. `since`
    and `until` bound the days on which the rule holds.
    """

    name: str = line()
    selector: Selector
    every: Interval | None
    grace: Interval | None = None
    priority: int = 0
    roll: Roll = choice(*get_args(Roll), default="following")
    weekdays: frozenset[int] = attrs.field(default=frozenset(), converter=_weekdays)
    jitter: float = attrs.field(default=0.0, validator=_fraction)
    backoff: bool = False
    enabled: bool = True
    since: date | None = day(default=None)
    until: date | None = day(default=None)

    def __attrs_post_init__(self) -> None:
        if self.since and self.until and self.until < self.since:
            raise InvalidError(f"a rule cannot end ({self.until}) before it starts ({self.since})")

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on *day*."""
        begun = self.since is None or self.since <= day
        return self.enabled and begun and (self.until is None or day <= self.until)


@attrs.frozen(kw_only=True)
class Adjustment(Entity):
    """One decision about one person's rhythm. The last of its kind made by a day holds on that day.

    * snooze: not before `on`; a touch clears it.
    * pause: nothing before `on`, or for good when `on` is None; a touch does not clear it.
    * next_touch: get in touch on `on` this once; the next touch uses it up.
    * start: for somebody never contacted, the rhythm begins on `on`.
    """

    kind: AdjustmentKind = choice(*get_args(AdjustmentKind))
    contact: str = reference()
    on: date | None = attrs.field(validator=attrs.validators.optional(check_day))
    made_on: date = day()
    reason: str = line()

    def __attrs_post_init__(self) -> None:
        if self.on is None and self.kind != "pause":
            raise InvalidError(f"a {self.kind} needs a day")
