"""Where does an interview stand? A fold over what happened in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, Literal, NamedTuple

from netcrm.model.time import BusinessCalendar, Interval, LocalMoment
from netcrm.rules.course import Course, Event, What, as_known, events

Stage = Literal[
    "identified", "researched", "contacted", "accepted", "scheduled", "missed", "held", "deferred",
    "no_response", "declined", "cancelled", "dropped",
]  # fmt: skip

OPEN: Final = frozenset({"contacted", "accepted", "scheduled", "missed", "deferred"})
"""While it stands here, the interview governs, not the rhythm of staying in touch."""

COOL_OFF: Final = Interval(n=6, unit="month")
"""How long to leave in peace who declined or did not answer (our choice)."""

BEFORE: Final = frozenset({"identified", "researched"})
"""Nobody was asked yet."""

_AGREED: Final[dict[What, Stage]] = {"accept": "accepted", "book": "scheduled", "hold": "held"}
_REFUSED: Final[dict[What, Stage]] = {"decline": "declined", "defer": "deferred"}
_ANSWERED: Final[dict[What, Stage]] = {**_AGREED, **_REFUSED}

NEXT: Final[Mapping[Stage, Mapping[What, Stage]]] = {
    "identified": {"research": "researched", "request": "contacted", **_AGREED, "drop": "dropped"},
    "researched": {"research": "researched", "request": "contacted", **_AGREED, "drop": "dropped"},
    "contacted": {
        "follow_up": "contacted", **_ANSWERED, "lapse": "no_response", "drop": "dropped",
    },
    "accepted": {
        "book": "scheduled", "hold": "held", **_REFUSED, "lapse": "no_response", "drop": "dropped",
    },
    "scheduled": {
        "book": "scheduled", "hold": "held", "cancel": "accepted", "call_off": "cancelled",
        "miss": "missed",
    },
    "missed": {"book": "scheduled", "hold": "held", "call_off": "cancelled"},
    "held": {},
    "deferred": {"request": "contacted", **_ANSWERED, "drop": "dropped"},
    "no_response": {"follow_up": "contacted", **_ANSWERED},
    "declined": {"accept": "accepted"},
    "cancelled": {"accept": "accepted"},
    "dropped": {"research": "researched", "request": "contacted", "accept": "accepted"},
}  # fmt: skip
"""What may happen where, and where the interview stands then."""

_QUIET: Final = frozenset({"research", "reply", "write"})
"""They may happen anywhere; only of some stages they change anything."""


class FollowUps(NamedTuple):
    """What to do while nobody answers, in business days: the routine known as 3B7.

    After `try_another` days ask somebody else too, after `follow_up` days write once more, and
    `close` days after the last message count on no answer. Duke Career Hub and SFU career services
    describe it; writing once more only is theirs too.
    """

    try_another: int = 3
    follow_up: int = 7
    most: int = 1
    close: int = 7


class Waiting(NamedTuple):
    """Until when to wait for an answer, and what to do then; None for what is not to be done."""

    since: LocalMoment
    try_another: date | None
    follow_up: date | None
    close: date


class Standing(NamedTuple):
    """Where an interview stands at a moment, and how it came there.

    Attributes:
        since: when it came to stand there, and `fact` the id of what led to it.
        follow_ups: when they were sent.
        meeting: the id of the meeting that is booked.
        until: when to ask again somebody who put me off.
        waiting: set while I wait for an answer.
        refused: what cannot have happened where it is said to, and where that was; left out.
    """

    stage: Stage = "identified"
    since: LocalMoment | None = None
    fact: str = ""
    asked: LocalMoment | None = None
    follow_ups: tuple[LocalMoment, ...] = ()
    replied: LocalMoment | None = None
    accepted: LocalMoment | None = None
    scheduled: LocalMoment | None = None
    held: LocalMoment | None = None
    hold: str = ""
    meeting: str = ""
    until: date | None = None
    waiting: Waiting | None = None
    refused: tuple[tuple[Event, Stage], ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether something is going on that governs, instead of the rhythm."""
        return self.stage in OPEN


class Routine(NamedTuple):
    """The working days, and what to do while nobody answers."""

    calendar: BusinessCalendar = BusinessCalendar()
    follow_ups: Callable[[Course], FollowUps | None] = lambda course: None

    def standing(self, course: Course, as_of: LocalMoment) -> Standing:
        """Return where an interview stood at a moment; see the function."""
        policy = self.follow_ups(course) or FollowUps()
        return standing(course, as_of, policy=policy, calendar=self.calendar)


def standing(
    course: Course,
    as_of: LocalMoment,
    *,
    policy: FollowUps = FollowUps(),  # noqa: B008 - immutable
    calendar: BusinessCalendar | None = None,
) -> Standing:
    """Return where an interview stood at a moment, by what was known then.

    Silence ends by itself: after the last message of the routine an interview counts as without
    response from the day on which the routine closes it.
    """
    known = as_known(course, as_of)
    fold = _Fold(policy, calendar or BusinessCalendar(), course.initiator)
    for event in events(known) if known else ():
        fold.take(event)
    fold.wait_until(as_of.date)
    return fold.now


def refusal(now: Standing) -> str:
    """Return in words what cannot have happened where it is said to; nothing if all can have."""
    if not now.refused:
        return ""
    event, stage = now.refused[0]
    allowed = ", ".join(_in_words(what) for what in NEXT[stage] if what != event.what)
    what, where = _in_words(event.what), stage.replace("_", " ")
    after = f"what may come next: {allowed}" if allowed else "nothing can come after it"
    return f"{what} on {event.at.date} does not fit: it stands at “{where}” then; {after}"


def _in_words(what: What) -> str:
    return {"book": "plan a meeting", "hold": "meet"}.get(what, what.replace("_", " "))


class _Fold:
    """Takes events one by one and keeps where that leads."""

    def __init__(self, policy: FollowUps, calendar: BusinessCalendar, initiator: str) -> None:
        self.now = Standing()
        self._is_mine = initiator == "me"
        self._policy = policy
        self._calendar = calendar

    def take(self, event: Event) -> None:
        self.wait_until(event.at.date)
        stage, what = self.now.stage, event.what
        if what in _QUIET and what not in NEXT[stage]:
            self._hear(event)
            return
        too_many = what == "follow_up" and len(self.now.follow_ups) >= self._policy.most
        replaced = what in ("cancel", "miss") and event.id != self.now.meeting
        if what not in NEXT[stage] or too_many or replaced:
            self.now = self.now._replace(refused=(*self.now.refused, (event, stage)))
            return
        self.now = self._noted(event)._replace(
            stage=NEXT[stage][what], since=event.at, fact=event.id
        )

    def wait_until(self, day: date) -> None:
        """Let an answer that did not come by *day* count as none."""
        waiting = self.now.waiting
        if waiting and self.now.stage == "contacted" and day >= waiting.close:
            since = LocalMoment.on(waiting.close)
            self.now = self.now._replace(stage="no_response", since=since, waiting=None)

    def _hear(self, event: Event) -> None:
        """Messages that decide nothing: theirs ends the waiting, mine begins it again."""
        if self.now.stage != "contacted":
            return
        if event.what == "reply":
            replied = self.now.replied or event.at
            self.now = self.now._replace(replied=replied, waiting=None)
        elif event.what == "write":
            self.now = self.now._replace(waiting=self._waiting(event.at, self.now.follow_ups))

    def _noted(self, event: Event) -> Standing:
        """Return what is known after an event besides the stage."""
        now, at = self.now._replace(waiting=None, until=None), event.at
        match event.what:
            case "request":
                waiting = self._waiting(at, ())
                return now._replace(asked=now.asked or at, follow_ups=(), waiting=waiting)
            case "follow_up":
                sent = (*now.follow_ups, at)
                return now._replace(follow_ups=sent, waiting=self._waiting(at, sent))
            case "accept":
                now = now._replace(replied=now.replied or at, accepted=now.accepted or at)
            case "decline" | "defer":
                now = now._replace(replied=now.replied or at, until=event.until)
            case "book":
                now = now._replace(
                    replied=now.replied or at,
                    accepted=now.accepted or at,
                    scheduled=now.scheduled or at,
                    meeting=event.id,
                )
            case "hold":
                now = now._replace(held=at, hold=event.id)
        return now if event.what == "book" else now._replace(meeting="")

    def _waiting(self, since: LocalMoment, sent: tuple[LocalMoment, ...]) -> Waiting | None:
        if not self._is_mine:
            return None  # it is they who wait
        policy, day = self._policy, since.date
        if len(sent) >= policy.most:
            return Waiting(since, None, None, self._calendar.add(day, policy.close))
        again = self._calendar.add(day, policy.follow_up)
        another = None if sent else self._calendar.add(day, policy.try_another)
        return Waiting(since, another, again, self._calendar.add(again, policy.close))
