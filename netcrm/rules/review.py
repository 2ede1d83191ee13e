"""What came of a week, what is open, and what comes next? One page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from netcrm.errors import InvalidError
from netcrm.model.time import LocalMoment, days_later
from netcrm.rules.agenda import AgendaItem
from netcrm.rules.due import Due
from netcrm.rules.obligations import Facts, Obligation
from netcrm.rules.pace import Pace
from netcrm.rules.page import Brief, clocks, line, page, shortened
from netcrm.rules.page import markdown as in_markdown
from netcrm.rules.rates import Rate
from netcrm.rules.saturation import Saturation

LISTED: Final = 5
"""So many of one sort are named, the others counted, so that it stays one page (our choice)."""
CROWD: Final = 3
"""So many people due on one day are better spread (our choice)."""

DEEDS: Final = {
    "thank_you": "thank {}",
    "debrief": "write down what you learned from {}",
    "ask_referrals": "ask {} whom else to talk to",
    "propose_times": "propose times to {}",
    "rebook": "find another date with {}",
    "prepare": "prepare for {}",
    "confirm": "confirm the meeting with {}",
    "arrive": "be early for {}",
    "did_it_happen": "note whether you met {}",
    "follow_up": "write to {} once more",
    "try_another": "ask somebody else, as {} does not answer",
    "ask_again": "ask {} again",
    "owe_reply": "answer {}",
    "ack_introduction": "write to {}, to whom you were introduced",
    "ask_to_introduce": "ask {} whether you may introduce them",
    "remind_of_introduction": "ask {} once more about an introduction",
    "introduce": "introduce {}",
    "follow_up_introduction": "find out what came of introducing {}",
    "report_back": "report back to {}",
    "commitment": "do what you promised {}",
    "apply_advice": "apply what {} advised",
    "tell_outcome": "tell {} what you decided or what came of it",
}
"""What each kind of obligation makes me do, in words; the person stands for the brackets."""
WAITED_FOR: Final = frozenset({"follow_up", "try_another"})
"""What to do about those for whom I wait; it is told there, and not among what I owe."""

_WEEK: Final = re.compile(r"(\d{4})-?w(\d{1,2})", re.ASCII | re.IGNORECASE)


class Owed(NamedTuple):
    """Something that I owe: what for, to whom (nobody where it is for myself), until when."""

    action: str
    who: str
    when: LocalMoment | None
    late: bool
    key: str


class Waiting(NamedTuple):
    """What I wait for: a promise of theirs, or an answer to a request, which has no *promise*.

    *then* says what to do on the day *on* if nothing comes. After the day *closes* a request counts
    as not answered; a promise is late.
    """

    who: str
    since: date
    promise: str = ""
    then: str = ""
    on: date | None = None
    closes: date | None = None


class Coming(NamedTuple):
    """A meeting that comes: when by the clocks there, and by those at *home*.

    *arrive* is when to be there, where it is in person and its hour is known.
    """

    who: str
    start: LocalMoment
    home: LocalMoment
    format: str
    place: str = ""
    arrive: LocalMoment | None = None


class Answered(NamedTuple):
    """An objective, and how many insights and answers there are to it so far."""

    objective: str
    answers: int


class Crowd(NamedTuple):
    """Several people to get back to on one day; *fresh* are those never contacted."""

    day: date
    people: tuple[str, ...]
    fresh: int


class WeeklyReview(NamedTuple):
    """A week from Monday to Sunday, as known at a moment.

    Attributes:
        held: with whom an interview was held, the earliest first; who was forgotten is "somebody".
        requests: how many interviews I asked for, and `replies` how many first answers came.
        thanked: thanked within a day, of the interviews of the week for which the day is over.
        reported: reports to those who pointed me to somebody that were in time, of those due.
        new_people: whom I did not know before, and `new_fields` how many in each career field.
        open_requests: how many wait for an answer, however old.
        minutes: how long the interviews of the week were.
        insights: how many things I learned, and `to_apply` how many of them are to be applied.
        clocks_change: the day on which clocks at home change, from this Sunday to the next.
        sources: which sources answer more often, where that can be told.
        crowds: days on which many are due, the fullest first; `stale` is who is overdue.
    """

    first: date
    last: date
    as_of: LocalMoment
    held: tuple[str, ...]
    requests: int
    replies: int
    thanked: Rate
    reported: Rate
    new_people: tuple[str, ...]
    new_fields: Mapping[str, int]
    open_requests: int
    minutes: int
    insights: int
    to_apply: int
    objectives: tuple[Answered, ...]
    owed: tuple[Owed, ...]
    waiting: tuple[Waiting, ...]
    meetings: tuple[Coming, ...]
    clocks_change: date | None
    pace: tuple[Pace, ...]
    saturation: Saturation
    sources: str
    crowds: tuple[Crowd, ...]
    stale: int

    @property
    def week(self) -> str:
        """Its name: 2026-W10."""
        year, number, _ = self.first.isocalendar()
        return f"{year:04}-W{number:02}"


def monday(day: date) -> date:
    """Return the first day of the week of a day."""
    return days_later(day, -day.weekday())


def week_called(text: str) -> date | None:
    """Return the first day of a week written 2026-W10 (ISO 8601); None for other texts.

    Raises:
        InvalidError: the year has no such week.
    """
    match = _WEEK.fullmatch(text.strip())
    if match is None:
        return None
    try:
        return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        raise InvalidError(f"there is no week {text.strip()}; write it like 2026-W10") from None


def reported(owed: Iterable[Obligation], first: date, last: date, as_of: LocalMoment) -> Rate:
    """Return how many reports that were due in a week were in time.

    Those for which there is still time do not count.
    """
    due = [one for one in owed if one.kind == "report_back" and one.due]
    ended = [
        one.in_time is True
        for one in due
        if one.due and first <= one.due.date <= last and (one.done or one.is_late(as_of))
    ]
    return Rate(sum(ended), len(ended))


def owes(items: Iterable[AgendaItem], names: Mapping[str, str]) -> Iterator[Owed]:
    """Yield what I owe of all that is on the agenda."""
    for one in items:
        if one.key and one.action not in WAITED_FOR:
            who = names.get(one.contact, one.contact)
            yield Owed(one.action, who, one.when, one.late, one.key)


def unanswered(facts: Facts, owed: Iterable[Obligation]) -> Iterator[Waiting]:
    """Yield the requests that wait for an answer, the oldest first, and what to do next."""
    to_do = {one.interview: one for one in owed if one.kind in WAITED_FOR and one.is_open}
    waits = [(now.waiting.since, course.id) for course, now in facts.asked() if now.waiting]
    courses = {course.id: course for course in facts.courses}
    for since, id_ in sorted(waits, key=lambda one: (one[0].date, one[1])):
        course, waiting = courses[id_], facts.standings[id_].waiting
        assert waiting
        then, on = "", None
        if one := to_do.get(id_):
            others = map(facts.name, facts.elsewhere.get(course.contacts[0], ()))
            instead = f"try {' or '.join(others) or 'somebody else'}"
            then = instead if one.kind == "try_another" else "write once more"
            on = one.due.date if one.due else None
        elif waiting.try_another and waiting.try_another > facts.as_of.date:
            then, on = "try somebody else", waiting.try_another
        elif waiting.follow_up:
            then, on = "write once more", waiting.follow_up
        who = " and ".join(map(facts.name, course.contacts))
        yield Waiting(who, since.date, then=then, on=on, closes=waiting.close)


def crowds(answers: Iterable[Due]) -> tuple[Crowd, ...]:
    """Return the days on which several people are due, the fullest first."""
    days: dict[date, list[Due]] = {}
    for one in answers:
        if one.due is not None:
            days.setdefault(one.due, []).append(one)
    found = (
        Crowd(
            day=day,
            people=tuple(sorted(one.person.name for one in due)),
            fresh=sum(one.last_touch is None for one in due),
        )
        for day, due in days.items()
        if len(due) >= CROWD
    )
    return tuple(sorted(found, key=lambda crowd: (-len(crowd.people), crowd.day)))


def clocks_change(zone: ZoneInfo, first: date, last: date) -> date | None:
    """Return the first of some days that is not 24 hours long in a zone, if there is one."""
    day = first
    while day <= last < date.max:
        start = datetime.combine(day, time(), zone)
        end = datetime.combine(days_later(day, 1), time(), zone)
        if start.utcoffset() != end.utcoffset():
            return day
        day = days_later(day, 1)
    return None


def deed(action: str, who: str) -> str:
    """Return what an obligation makes me do, in words."""
    return DEEDS[action].format(who) if who else "apply what you planned to"


def markdown(review: WeeklyReview) -> str:
    """Return a review as a short page in Markdown; texts from outside are escaped."""
    return in_markdown(sheet(review))


def sheet(review: WeeklyReview) -> Brief:
    """Return a review as a page."""
    sections = {
        "What happened": _happened(review),
        "What is open": _open(review),
        "What comes": _comes(review),
    }
    span = f"{_day(review.first)} to {_day(review.last)}"
    if review.as_of.date < review.last:
        span += f", up to {_day(review.as_of.date)}"
    lines = {title: [line(text) for text in texts] for title, texts in sections.items()}
    return page(f"Week {review.week}, {span}", lines)


def _happened(review: WeeklyReview) -> Iterator[str]:
    yield f"Held {_named(review.held)}, {review.minutes} minutes"
    yield f"Asked {review.requests}, answers {review.replies}, open requests {review.open_requests}"
    yield f"In time: thanks {_share(review.thanked)}, reports back {_share(review.reported)}"
    fields = _list([f"{field} {number}" for field, number in review.new_fields.items()])
    yield f"New people {_named(review.new_people)}{f'; by field: {fields}' if fields else ''}"
    yield f"Learned: insights {review.insights}, to apply {review.to_apply}"
    if review.objectives:
        told = (f"“{shortened(one.objective)}” {one.answers}" for one in review.objectives)
        yield f"Answers to what you want to know: {_list(list(told))}"


def _open(review: WeeklyReview) -> Iterator[str]:
    owed = [
        deed(one.action, shortened(one.who))
        + (f" by {_moment(one.when)}" if one.when else "")
        + " (late)" * one.late
        for one in review.owed
    ]
    yield f"You owe {len(owed)}{f': {_list(owed)}' if owed else ''}"
    for one in review.waiting[:LISTED]:
        yield f"Waiting for {_waits(one, review.as_of.date)}"
    yield from _more(review.waiting)


def _waits(one: Waiting, today: date) -> str:
    what = f" ({shortened(one.promise)})" if one.promise else ""
    when = f" on {_day(one.on)}" if one.on and one.on > today else " now"
    then = f"{one.then}{when}" if one.then else "last message sent" * (not one.promise)
    ends = "promised for" if one.promise else "closes"
    closes = f"{ends} {_day(one.closes)}" if one.closes else ""
    told = ", ".join(filter(None, (then, closes)))
    return f"{shortened(one.who)}{what} since {_day(one.since)}{f': {told}' if told else ''}"


def _comes(review: WeeklyReview) -> Iterator[str]:
    if change := review.clocks_change:
        yield f"Clocks change on {change:%A}, {change.day} {change:%b}"
    for one in review.meetings[:LISTED]:
        yield _meets(one)
    yield from _more(review.meetings)
    for campaign in review.pace[:LISTED]:
        yield _goes(campaign)
    yield from _more(review.pace)
    yield f"Interviews: {review.saturation}"
    yield f"Sources: {review.sources}"
    if review.crowds:
        yield _crowded(review.crowds[0])
    if review.stale:
        yield f"Contacts going stale: {review.stale}; see netcrm due"


def _meets(one: Coming) -> str:
    home = str(one.home.local.tzinfo) if one.home.local else ""
    place = f", {shortened(one.place)}" if one.place else ""
    early = f", be there by {one.arrive.local:%H:%M}" if one.arrive and one.arrive.local else ""
    how = f"{one.format.replace('_', ' ')}{place}{early}"
    return f"{clocks(one.start, 0, home)}: {shortened(one.who)}, {how}"


def _goes(pace: Pace) -> str:
    parts = [f"{one.field} {one.held} of {one.target}" for one in pace.fields[:LISTED]]
    week = (
        ("requests this week", pace.requests, pace.weekly_requests),
        ("minutes this week", pace.minutes, pace.weekly_minutes),
        ("open requests", pace.open, pace.max_open),
    )
    parts += [f"{what} {done} of {plan}" for what, done, plan in week if plan is not None]
    if pace.missing:
        parts.append(f"{pace.missing} more to hold may take {pace.needed} requests")
    if pace.next_by:
        parts.append(f"next interview by {_day(pace.next_by)}")
    return f"{shortened(pace.campaign)}: {', '.join(parts) or 'under way'}"


def _crowded(crowd: Crowd) -> str:
    """Say what helps: who was never contacted can be spread, the others by their rule."""
    how = "netcrm spread" if crowd.fresh else "netcrm rule with --jitter"
    return f"Due on {_day(crowd.day)}: {_named(crowd.people)}; to spread them: {how}"


def _named(names: Sequence[str]) -> str:
    return f"{len(names)} ({_list(names)})" if names else "0"


def _list(texts: Sequence[str]) -> str:
    more = [f"{len(texts) - LISTED} more"] if len(texts) > LISTED else []
    return ", ".join([*map(shortened, texts[:LISTED]), *more])


def _more(those: Sequence[object]) -> Iterator[str]:
    if len(those) > LISTED:
        yield f"and {len(those) - LISTED} more"


def _share(rate: Rate) -> str:
    return f"{rate.k} of {rate.n}" if rate.n else "none due"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _moment(moment: LocalMoment) -> str:
    return _day(moment.date) + (f" {moment.local:%H:%M}" if moment.local else "")
