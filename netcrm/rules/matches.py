"""Who fits what I look for, and why?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from netcrm.model.campaign import Campaign, Objective
from netcrm.model.text import bare, fold
from netcrm.rules.fields import FieldLink, near
from netcrm.rules.funnel import ORIGINS, Tally

EXACT: Final = 1.0
BROADENED: Final = 0.7
AT_PLACE: Final = 0.3
"""How well somebody fits who is in a field, in one near it, or only at a place that I look at (our
choice)."""

_BEST_KNOWN: Final = tuple(ORIGINS)


class Wish(NamedTuple):
    """A career field that I look for: how much it matters, and how many interviews there are to be.

    `got` are held or booked.
    """

    field: str
    relevance: float = 1.0
    target: int = 0
    got: int = 0

    @property
    def missing(self) -> int:
        """How many interviews there are still to be."""
        return max(0, self.target - self.got)

    @property
    def need(self) -> float:
        """What share of the interviews is still missing; 0 where no number of them is set."""
        return self.missing / self.target if self.target else 0.0


class Aims(NamedTuple):
    """What I look for.

    Attributes:
        wishes: the fields.
        places: organisations, each by its key.
        objectives: those that are open.
        campaign: the name of the campaign that it is for.
    """

    wishes: tuple[Wish, ...] = ()
    places: Mapping[str, str] = {}
    objectives: tuple[Objective, ...] = ()
    campaign: str = ""


class Candidate(NamedTuple):
    """Somebody who may be asked, as far as it matters here.

    Attributes:
        origin: the kind of their source, such as alumni; referral for who was pointed out to me.
        places: the keys of the organisations where they work or worked.
        reachable: there is an address or a number.
    """

    id: str
    name: str
    handle: str
    source: str = "other"
    origin: str = "other"
    state: str = "active"
    fields: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    reachable: bool = True


class Match(NamedTuple):
    """Why somebody fits what I look for.

    Attributes:
        relevance: how well, from 0 to 1.
        because: why, in words.
        wish: the field that I look for; None for somebody who is only at a place that I look at.
        field: the field of theirs that fits; it is another one where the search was broadened.
    """

    relevance: float
    because: str
    wish: Wish | None = None
    field: str = ""

    @property
    def is_broadened(self) -> bool:
        """Whether they are in a field that is only near the one I look for."""
        return self.wish is not None and self.field != self.wish.field


class Fits(NamedTuple):
    """What fits: the best match of whoever is in a field, or at a place."""

    fields: Mapping[str, Match]
    places: Mapping[str, Match]

    def match(self, person: Candidate) -> Match | None:
        """Return the best match of somebody; None for who fits nothing."""
        found = [self.fields[one] for one in person.fields if one in self.fields]
        found += [self.places[one] for one in person.places if one in self.places]
        return min(found, key=_best, default=None)


class Prospect(NamedTuple):
    """Somebody there is to talk to, why, which objectives that serves, and where it stands.

    `objectives` are their texts, `stage` is that of the last interview with them.
    """

    person: Candidate
    match: Match
    objectives: tuple[str, ...] = ()
    stage: str = ""


def aims(
    campaign: Campaign | None,
    objectives: Iterable[Objective],
    interests: Iterable[str],
    rows: Iterable[Tally] = (),
) -> Aims:
    """Return what I look for: the aims of a campaign, else fields of objectives, else interests.

    Args:
        campaign: the campaign that it is for; if it has objectives, only those count.
        objectives: those that are open.
        interests: career fields that interest me.
        rows: interviews, to count those held or booked.
    """
    open_ = tuple(objectives)
    if campaign and campaign.objectives:
        open_ = tuple(one for one in open_ if one.id in campaign.objectives)
    wishes = _wishes(campaign, rows) if campaign else ()
    fields = {field for one in open_ for field in one.fields} or set(interests)
    named = [*(campaign.organisations if campaign else ())]
    named += [name for one in open_ for name in one.organisations]
    return Aims(
        wishes=wishes or tuple(map(Wish, sorted(fields))),
        places={key: name for name in reversed(named) if (key := bare(name))},
        objectives=open_,
        campaign=campaign.name if campaign else "",
    )


def _wishes(campaign: Campaign, rows: Iterable[Tally]) -> tuple[Wish, ...]:
    """Return the aims of a campaign; how many interviews there are, and are still to be."""
    own = [one for one in rows if one.campaign == campaign.id and one.initiator == "me"]
    got = Counter(
        field for one in own if one.held or one.outcome == "scheduled" for field in one.fields
    )
    return tuple(
        Wish(one.field, one.relevance, one.interviews, got[one.field])
        for one in campaign.aims
        if one.relevance
    )


def fits(aims: Aims, links: Iterable[FieldLink] = ()) -> Fits:
    """Return what fits what I look for; with *links* also the fields that are near."""
    links = list(links)
    found: dict[str, list[Match]] = {}
    for wish in aims.wishes:
        exact = Match(EXACT * wish.relevance, f"fits {wish.field}", wish, wish.field)
        found.setdefault(wish.field, []).append(exact)
        for other, why in near(wish.field, links).items():
            because = f"fits {other}, broadened from {wish.field}: {why}"
            match = Match(BROADENED * wish.relevance, because, wish, other)
            found.setdefault(other, []).append(match)
    return Fits(
        {field: min(those, key=_best) for field, those in found.items()},
        {key: Match(AT_PLACE, f"is or was at {name}") for key, name in aims.places.items()},
    )


def _best(match: Match) -> tuple[float, float, str]:
    return -match.relevance, -match.wish.need if match.wish else 0.0, match.because


def prospects(
    people: Iterable[Candidate],
    fits: Fits,
    objectives: Iterable[Objective] = (),
    stages: Mapping[str, str] | None = None,
) -> list[Prospect]:
    """Return those who fit, the best first, and of equal ones those I know best.

    Args:
        people: who may.
        fits: what fits.
        objectives: those that are open, to say which of them somebody can help with.
        stages: where the last interview with somebody stands, by their id.
    """
    open_, stages = list(objectives), stages or {}
    found = []
    for one in people:
        match = fits.match(one)
        if match is not None:
            served = tuple(aim.text for aim in open_ if _serves(one, match, aim))
            found.append(Prospect(one, match, served, stages.get(one.id, "")))
    return sorted(found, key=lambda one: (-one.match.relevance, *known_best(one.person)))


def _serves(person: Candidate, match: Match, objective: Objective) -> bool:
    """Whether somebody can help with an objective: by a field, also a near one, or by a place."""
    fields = {*person.fields, *([match.wish.field] if match.wish else [])}
    places = set(map(bare, objective.organisations))
    return bool(fields & objective.fields or places.intersection(person.places))


def known_best(person: Candidate) -> tuple[int, str, str]:
    """Return a key that sorts people: those around me, then alumni, and so on; then by name."""
    return _BEST_KNOWN.index(person.origin), fold(person.name), person.id
