"""Do the rules promise more than is done? Touches a week, promised and done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

import attrs

from netcrm.rules.due import Due

WEEKS_LOOKED_AT: Final = 8


@attrs.frozen(kw_only=True)
class Capacity:
    """Touches a week that the rules promise and that were done; `stretch` is promised / done.

    Under a load of twice what is done everybody runs about twice late (checked by simulation), so
    `stretch` is what to expect. It is None when nothing was done.
    """

    promised: float
    done: float
    people: int

    @property
    def stretch(self) -> float | None:
        """How many times longer than promised every rhythm will be."""
        return self.promised / self.done if self.done else None


def capacity(answers: Iterable[Due], touches: Iterable[date], *, as_of: date) -> Capacity:
    """Compare the load of the rules with what was done in the eight weeks up to *as_of*.

    *answers* are for everybody; *touches* holds a day for each touch, older ones are ignored. Eight
    weeks are our choice.
    """
    loads = [
        7 / answer.cadence.every.days
        for answer in answers
        if answer.cadence and answer.cadence.every and answer.status not in ("suppressed", "paused")
    ]
    done = sum(0 <= (as_of - day).days < 7 * WEEKS_LOOKED_AT for day in touches)
    return Capacity(promised=sum(loads), done=done / WEEKS_LOOKED_AT, people=len(loads))
