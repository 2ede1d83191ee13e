"""When to begin with many people at once? Evenly, so that they do not all come due together."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date

from netcrm.model.cadence import Cadence
from netcrm.model.time import days_later
from netcrm.rules.due import Due


def spread(answers: Iterable[Due], *, start: date) -> list[tuple[Due, date]]:
    """Give everybody who was never in touch a first day, evenly over one interval of their rule.

    The i-th of n people under a rule of T days begins on start + floor((i + 0.5) T / n), so all
    begin within one interval and no week holds more than its share. Order: the day, the rule's
    priority, the person's id.
    """
    groups: dict[str, list[tuple[Due, Cadence, float]]] = {}
    for answer in answers:
        cadence = answer.cadence
        if cadence and cadence.every and answer.last_touch is None:
            groups.setdefault(cadence.id, []).append((answer, cadence, cadence.every.days))
    planned = []
    for group in groups.values():
        group.sort(key=lambda member: member[0].person.id)
        for place, (answer, cadence, days) in enumerate(group):
            day = days_later(start, math.floor((place + 0.5) * days / len(group)))
            planned.append((day, cadence.priority, answer.person.id, answer))
    planned.sort(key=lambda plan: plan[:3])
    return [(answer, day) for day, _, _, answer in planned]
