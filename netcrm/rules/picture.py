"""What is in a picture of a network: people, and how they are connected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, Literal, NamedTuple, get_args

from netcrm.model.time import LocalMoment
from netcrm.rules.layout import Layout, layout
from netcrm.rules.lineage import lineage

LinkKind = Literal["referral", "acquaintance", "introduction"]
Mark = Literal["held", "open", "none", "gone"]

STAGES: Final[Mapping[str, str]] = {
    "scheduled": "meeting planned",
    "accepted": "said yes",
    "missed": "meeting missed",
    "contacted": "asked",
    "deferred": "put off",
    "held": "interviewed",
    "no_response": "no answer",
    "declined": "declined",
    "cancelled": "cancelled",
    "dropped": "dropped",
    "researched": "not asked",
    "identified": "not asked",
}
"""Where an interview may stand, in words; of several with somebody, the first of these counts."""
_OPEN: Final = frozenset(STAGES[one] for one in ("scheduled", "accepted", "missed", "contacted"))
_GONE: Final[Mapping[str, str]] = {"do_not_contact": "do not contact", "deceased": "deceased"}
MARKS: Final[Mapping[Mark, str]] = {
    "held": "interviewed",
    "open": "under way",
    "none": "not asked, or it ended",
    "gone": "not to be contacted",
}
"""How people are marked, and what that means."""
UNASKED: Final = "not asked"
COLOURS: Final = 8
"""So many colours can be told from each other (our choice)."""


class Portrait(NamedTuple):
    """Somebody in a picture.

    Attributes:
        handle: the word for them, by which links name them too.
        degree: how many steps from me they are.
        through: the handle of whom I owe knowing them to; empty for those I know by myself.
        since: from when I know them, or of them.
        status: where the interview stands, in words; do not contact or deceased come first.
        talks: how often I was in touch, and `last` the day of the last time.
        interviews: how many were held.
    """

    handle: str
    id: str
    name: str
    organisation: str = ""
    title: str = ""
    fields: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    degree: int = 1
    through: str = ""
    since: date | None = None
    status: str = UNASKED
    is_placeholder: bool = False
    talks: int = 0
    last: date | None = None
    interviews: int = 0

    @property
    def work(self) -> str:
        """What they do where, as far as is known."""
        return ", ".join(filter(None, (self.title, self.organisation)))

    @property
    def mark(self) -> Mark:
        """How to draw them: talked to, under way, neither, or not to be contacted."""
        if self.status in _GONE.values():
            return "gone"
        if self.interviews:
            return "held"
        return "open" if self.status in _OPEN else "none"


class Link(NamedTuple):
    """How two people are connected.

    Attributes:
        kind: a referral, or two who know each other, or whom I introduce to each other.
        source: for a referral who pointed me to somebody, else one of the two; a handle.
        status: what has come of it, in words.
        context: what was said of it.
        credited: whether I owe knowing the one to the other; of a pair, one referral is.
        told_by: the handle of who told me that they know each other.
    """

    kind: LinkKind
    id: str
    source: str
    target: str
    on: date | None = None
    status: str = ""
    context: str = ""
    credited: bool = False
    told_by: str = ""


class Picture(NamedTuple):
    """Everybody I knew at a moment, and how they are connected; in order, so it is always equal."""

    as_of: LocalMoment
    me: str
    people: tuple[Portrait, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def forest(self) -> dict[str, str]:
        """Through whom each came, by handle."""
        return {one.handle: one.through for one in self.people if one.through}

    @property
    def groups(self) -> dict[str, str]:
        """The group of each person, by handle: of their fields, else circles, the largest."""
        fields = Counter(name for one in self.people for name in one.fields)
        circles = Counter(name for one in self.people for name in one.circles)

        def group(one: Portrait) -> str:
            names, counts = (one.fields, fields) if one.fields else (one.circles, circles)
            return min(names, key=lambda name: (-counts[name], name), default="")

        return {one.handle: group(one) for one in self.people}

    def layout(self) -> Layout:
        """Return where to draw everybody; those of a group stand together."""
        return layout(self.groups, self.forest)

    def only(self, field: str) -> Picture:
        """Return the part with the people of a field, and those through whom I know them."""
        forest = self.forest
        there = {one.handle for one in self.people if field in one.fields}
        there = {person for one in there for person in lineage(one, forest)}
        return self._replace(
            people=tuple(one for one in self.people if one.handle in there),
            links=tuple(one for one in self.links if {one.source, one.target} <= there),
        )

    @property
    def counts(self) -> dict[str, int]:
        """How many links there are of each kind."""
        found = Counter(one.kind for one in self.links)
        return {kind: found[kind] for kind in get_args(LinkKind)}

    @property
    def summary(self) -> str:
        """How many people and links there are, in words: 33 people, 10 referrals."""
        kinds = [(kind, n) for kind, n in self.counts.items() if n or kind == "referral"]
        return ", ".join(_counted(n, kind) for kind, n in [("person", len(self.people)), *kinds])


def _counted(number: int, what: str) -> str:
    if number == 1:
        return f"1 {what}"
    return f"{number:,} {'people' if what == 'person' else what + 's'}"


def status(stages: Iterable[str], state: str = "active") -> str:
    """Return how it stands with somebody, in words.

    Args:
        stages: where each interview with them stands.
        state: whether they may be contacted at all.
    """
    found = set(stages)
    return _GONE.get(state) or next((STAGES[one] for one in STAGES if one in found), UNASKED)


def coloured(groups: Mapping[str, str]) -> tuple[str, ...]:
    """Return the groups that have a colour of their own: the largest, in order."""
    sizes = Counter(name for name in groups.values() if name)
    return tuple(sorted(sizes, key=lambda name: (-sizes[name], name))[:COLOURS])


def day(said: date | None) -> str:
    """Return a day as it stands in a picture: 6 Mar 2026."""
    return f"{said.day} {said:%b %Y}" if said else ""
