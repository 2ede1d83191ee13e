"""Which touches does a network know of? It is read from the index, as whole records take long."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from netcrm.model.time import LocalMoment, days_later
from netcrm.rules import strength
from netcrm.rules.strength import HALF_LIFE, WEIGHTS, Encounter
from netcrm.rules.touch import LIVE
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query, eq, gt, has, le, lt

HORIZON: Final = 20 * HALF_LIFE
"""So many days back (nearly five years) the strengths of many people look (our choice).

What is left out is less than a millionth of each touch: even twenty touches a day from before would
leave less than a twentieth of what the lowest band needs.
"""
_ENCOUNTER: Final = ("on", "touched", "channel", "direction", "thread")
_WORLD: Final = 2
"""Of two moments, the earlier may be so many days later where it was."""

_date = lru_cache(20_000)(date.fromisoformat)


def strengths(
    view: Transaction,
    as_of: date | LocalMoment,
    people: Iterable[str] | None = None,
    *,
    weights: Mapping[str, float] = WEIGHTS,
    heard: set[str] | None = None,
) -> dict[str, float]:
    """Return the strength of the tie to each of some people, or to everybody, by id.

    Whoever I was not in touch with within `HORIZON` is left out.

    Args:
        view: where to read.
        as_of: the day, seen as a whole, or the moment; what came later does not count.
        people: whom to ask about; everybody without it.
        weights: how much a touch counts by its channel.
        heard: where to note from whom anything came, so that nobody has to read it all again.
    """
    when = as_of if isinstance(as_of, LocalMoment) else LocalMoment.on(as_of)
    wanted = None if people is None else frozenset(people)
    known = encounters(view, when, wanted, since=days_later(when.date, -HORIZON))
    if heard is not None:
        known = _hearing(known, heard)
    found = strength.strengths(known, when.date, weights)
    return found if wanted is None else {id_: found[id_] for id_ in found if id_ in wanted}


def encounters(
    view: Transaction,
    as_of: LocalMoment,
    people: Collection[str] | None = None,
    *,
    since: date = date.min,
) -> Iterator[Encounter]:
    """Yield all that counted as contact by a moment, in any order, but for who I am myself.

    Args:
        view: where to read.
        as_of: the moment.
        people: only what one of these was at.
        since: the first day.
    """
    if people is not None and not people:
        return
    me = frozenset(str(id_) for (id_,) in view.rows(Query("contact", eq("is_me", True)), ("id",)))
    sure = days_later(as_of.date, -_WORLD) if as_of.instant else as_of.date
    where = ~lt("on", str(since)) & ~gt("on", str(sure))  # `ge` and `le` would read it day by day
    recent = gt("on", str(sure)) & ~gt("on", str(days_later(as_of.date, _WORLD)))
    if people is not None:
        theirs = has("touched", *sorted(people))
        where, recent = where & theirs, recent & theirs
    rows = view.rows(Query("interaction", where), _ENCOUNTER)
    if as_of.instant:
        found = view.rows(Query("interaction", recent), (*_ENCOUNTER, "occurred"))
        rows = itertools.chain(rows, (row[:-1] for row in found if was_by(row[-1], as_of)))
    for on, touched, channel, direction, thread in rows:
        others = (
            touched if me.isdisjoint(touched) else tuple(one for one in touched if one not in me)
        )
        if others:
            day = min(_date(on), as_of.date)  # elsewhere it may be tomorrow
            yield Encounter(day, others, channel, direction, thread)


def _hearing(known: Iterable[Encounter], heard: set[str]) -> Iterator[Encounter]:
    """Yield what counted as contact, and note from whom anything came, or with whom I talked."""
    for one in known:
        if one.direction != "outbound" or one.channel in LIVE:
            heard.update(one.people)
        yield one


def unanswered(view: Transaction, as_of: LocalMoment, people: Collection[str]) -> dict[str, date]:
    """Return to whom of some people I wrote while nothing ever came back, and when last, by id."""
    wrote, heard = dict[str, date](), set[str]()
    for one in _hearing(encounters(view, as_of, people), heard):
        wrote.update((id_, max(one.on, wrote.get(id_, one.on))) for id_ in one.people)
    return {id_: on for id_, on in wrote.items() if id_ in people and id_ not in heard}


def last_touches(view: Transaction, as_of: LocalMoment) -> dict[str, date]:
    """Return the day of the last touch with each person by a moment, by id."""
    sure = days_later(as_of.date, -_WORLD) if as_of.instant else as_of.date
    query = Query("interaction", le("on", str(sure)))
    last = view.latest(query, per="touched", by="on")
    found = {id_: _date(str(on)) for id_, (on, _) in last.items()}
    for one in encounters(view, as_of, since=days_later(sure, 1)):
        found.update((id_, max(one.on, found.get(id_, one.on))) for id_ in one.people)
    return found


def was_by(occurred: str, as_of: LocalMoment) -> bool:
    """Say of an index value what `LocalMoment.is_by` says of a moment."""
    day, _, instant = occurred.partition(" ")
    if instant and as_of.instant:
        return instant <= as_of.instant.isoformat()
    return day <= str(as_of.date)
