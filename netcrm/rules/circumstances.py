"""What is known about a draft: whom it is for, by whom, and what went before?"""

# ruff: noqa: SIM905 - lists as people read them

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, Literal, NamedTuple, get_args

import attrs

from netcrm.rules.names import parse_name
from netcrm.rules.prose import Prose, phrases

Kind = Literal[
    "request", "follow_up", "thank_you", "progress_update", "reconnect", "decline_graciously",
    "introduction_request", "report_back", "introduction_offer", "introduction",
]  # fmt: skip
KINDS: Final = frozenset(get_args(Kind))
"""What can be drafted."""

NOTE_LIMIT: Final = 200
"""Characters that LinkedIn allows in a note without a paid account; 300 with one. Changes often."""

_ALSO_WORDS: Final = frozenset(
    "will may mark grace hope joy art bill rose dawn april june august summer faith rob sue pat"
    " drew chase grant miles page".split()
)
_TITLE: Final = r"(?:dr|mr|mrs|ms|mx|miss|prof|professor|doctor)\.? "


class Referrer(NamedTuple):
    """Somebody who pointed me to the recipient, and whether I may say so."""

    name: str
    may_use_name: Literal["yes", "no", "unknown"] = "unknown"


@attrs.frozen(kw_only=True)
class Circumstances:
    """What is known about a draft: whom it is for, from whom, and what went before.

    What is not known is not checked. `recipient` holds names, `facts` words about them (employer,
    title, school, city), `known_by` how I know of them, `interests` the texts of my objectives and
    labels of my fields, `minutes` what to ask for. `takeaways` are from the debrief, `applied` is
    advice used since, `referred_to` names of people they pointed me to. `deadline` and `sent` are
    aware; `note_limit` is in characters.
    """

    channel: str = "email"
    note_limit: int = NOTE_LIMIT
    recipient: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    known_by: tuple[str, ...] = ()
    referrers: tuple[Referrer, ...] = ()
    me: tuple[str, ...] = ()
    about_me: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    minutes: int = 30
    takeaways: tuple[str, ...] = ()
    applied: tuple[str, ...] = ()
    referred_to: tuple[str, ...] = ()
    deadline: datetime | None = None
    sent: datetime | None = None
    first_update: bool = False


def naming(prose: Prose, name: str, known: Circumstances) -> tuple[int, int] | None:
    """Return where a referrer is named: in full, by given name, or by title and family name.

    A given name that is the recipient's or mine as well is taken for ours. One that is a word too
    ("Will") is taken for the word, unless it has a capital amid a sentence.
    """
    parts = parse_name(name).words
    ours = {word for other in (*known.recipient, *known.me) for word in parse_name(other).words}
    if ours.issuperset(parts):
        return None
    forms = [r"\W{1,3}".join(map(re.escape, parts)), _TITLE + re.escape(parts[-1])]
    if parts[0] not in ours:
        forms.append(re.escape(parts[0]))
    for found in phrases(*forms).finditer(prose.plain):
        place = prose.passage(*found.span())
        if found[0] not in _ALSO_WORDS or _is_capital_amid(prose, found.start(), place.text):
            return place.start, place.end
    return None


def _is_capital_amid(prose: Prose, start: int, written: str) -> bool:
    """Whether a word is written like a name where another word would not be."""
    before = prose.plain[:start].rstrip(" ")[-1:]
    return written[:1].isupper() and before not in ("", ".", "!", "?", "\n", ":")
