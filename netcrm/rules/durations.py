"""How many minutes does a text speak of?"""

from __future__ import annotations

import re
from typing import Final

from netcrm.rules.prose import Passage, Prose

_AMOUNTS: Final = {
    "one and a half": 1.5, "three quarters of an": 0.75, "quarter of an": 0.25, "half an": 0.5,
    "half a": 0.5, "half": 0.5, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4,
    "five": 5, "ten": 10, "fifteen": 15, "twenty five": 25, "twenty": 20, "thirty": 30,
    "forty five": 45, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
_NUMBER: Final = rf"(?:{'|'.join(_AMOUNTS)}|[0-9]{{1,4}}(?:\.[0-9])?)".replace(" ", r"[\s-]")
_DURATION: Final = re.compile(
    rf"(?<![\w.,/⁄])(?:({_NUMBER})\s?(?:-{{1,2}}(?=\s?[0-9])|to|or|and)\s?)?({_NUMBER})[\s-]?"
    r"(minutes?|mins?|hours?|hrs?|h)(?!\w)(\sand\sa\shalf)?"
)
_HOUR: Final = 60


def durations(prose: Prose) -> list[tuple[float, float, Passage]]:
    """Return each length of time said in minutes or hours: the least, the most, and where.

    "half an hour" is 30, "20 to 30 min" is 20 to 30; "a few minutes" says nothing.
    """
    said = []
    for found in _DURATION.finditer(prose.plain):
        ends = [_minutes(amount, found) for amount in found.group(1, 2) if amount]
        said.append((min(ends), max(ends), prose.passage(*found.span())))
    return said


def _minutes(amount: str, found: re.Match[str]) -> float:
    said = amount.replace("-", " ")
    count = _AMOUNTS[said] if said in _AMOUNTS else float(said)
    in_hours = found[3].startswith("h")
    return (count + (0.5 if found[4] else 0)) * (_HOUR if in_hours else 1)
