"""Which ties went to sleep, and what may be new, and good, about waking them?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from netcrm.model.contact import Position
from netcrm.model.time import Interval, PartialDate
from netcrm.rules.jobs import Job
from netcrm.rules.organisations import organisation_key
from netcrm.rules.strength import Band, Touch, band, peak, rhythm

DORMANT: Final = Interval(n=3, unit="year")
"""A tie without a touch for so long is dormant (Levin, Walter and Murnighan 2011)."""
LAPSED: Final = Interval(n=1, unit="year")
"""For a student a tie has lapsed after so long (our choice)."""

ADVICE: Final = (
    "Most people write first to those they once saw most, because that is easy. What helped more "
    "were people who bring something new and who stood by them: look at both columns (Walter, "
    "Levin and Murnighan 2015). Begin with news of your own and a real question, not with a favour."
)

_AWAKE: Final = frozenset({"inner", "close", "active"})
_OFTEN: Final = frozenset({"inner", "close"})


class Former(NamedTuple):
    """What is known of somebody I was in touch with.

    Attributes:
        touches: all there were.
        positions: what they do and did.
        pointed: how many people they pointed or introduced me to.
        held: how many interviews with them were held.
        thanked: how often I thanked them.
        kept: how many promises to me they kept.
    """

    id: str
    name: str
    handle: str
    touches: Sequence[Touch]
    positions: Sequence[Position] = ()
    pointed: int = 0
    held: int = 0
    thanked: int = 0
    kept: int = 0


class Dormant(NamedTuple):
    """A tie that went to sleep. Two columns of facts, and no score: choosing is left to people.

    Attributes:
        contact: the id of whom.
        last: the day of the last touch.
        touches: how many touches there were.
        novelty: what may be new to me.
        engagement: how they were there for me.
        is_dormant: whether that was three years ago, and not only one.
    """

    contact: str
    name: str
    handle: str
    last: date
    touches: int
    novelty: tuple[str, ...]
    engagement: tuple[str, ...]
    is_dormant: bool


def dormant(known: Former, as_of: date, after: Interval) -> Dormant | None:
    """Return the tie to somebody as far as it went to sleep; None while it did not.

    It once was active, as if in touch once a year at the least, and then came no touch.

    Args:
        known: what is known of them by the day.
        as_of: the day.
        after: how long without a touch.
    """
    if not known.touches:
        return None
    last = max(touch.on for touch in known.touches)
    strongest = peak(known.touches)
    if after.after(last) > as_of or band(strongest) not in _AWAKE:
        return None
    return Dormant(
        contact=known.id,
        name=known.name,
        handle=known.handle,
        last=last,
        touches=len(known.touches),
        novelty=tuple(_novelty(known, last, as_of)),
        engagement=tuple(_engagement(known, strongest)),
        is_dormant=DORMANT.after(last) <= as_of,
    )


def _novelty(known: Former, last: date, as_of: date) -> Iterator[str]:
    """Yield how little time there was together, and what they took up since."""
    yield _count(len(known.touches), "touch in all", "touches in all")
    begun = [(_begun(one), one) for one in known.positions]
    before = [one for day, one in begun if day is None or day <= last]
    places = {organisation_key(one.organisation) for one in before}
    fields = {field for one in before for field in one.fields}
    for day, one in begun:
        is_sure = one.start is not None or before  # or it was held all along, and only told since
        if day is None or not last < day <= as_of or not is_sure:
            continue
        if one.organisation and organisation_key(one.organisation) not in places:
            yield f"new job: {Job.held(one)}"
        if new := sorted(one.fields - fields):
            yield f"new field: {', '.join(new)}"


def _begun(position: Position) -> date | None:
    """Return the day from which a position is known to be held; None where nothing tells."""
    start: PartialDate | None = position.start
    return start.earliest if start and start.earliest else position.seen_on


def _engagement(known: Former, strongest: float) -> Iterator[str]:
    """Yield how they helped, and how often we were in touch at best."""
    if known.pointed:
        yield f"led you to {_count(known.pointed, 'person', 'people')}"
    if known.held:
        yield f"gave you {_count(known.held, 'interview', 'interviews')}"
    if known.kept:
        yield f"kept {_count(known.kept, 'promise', 'promises')}"
    if known.thanked:
        yield f"you thanked them {_count(known.thanked, 'time', 'times')}"
    called: Band = band(strongest)
    if called in _OFTEN:
        every = round(rhythm(strongest) or 0)
        yield f"{called} then: as if every {_count(every, 'day', 'days')}"


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
