"""What becomes of two records of one person? Nothing is lost, and nothing blank wins."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple, get_args

import attrs

from netcrm.errors import InvalidError
from netcrm.model.base import Entity
from netcrm.model.cadence import Adjustment, Cadence, Selector
from netcrm.model.campaign import Research
from netcrm.model.contact import Contact, ContactPoint, FirstMet, Position, StateKind
from netcrm.model.insight import Insight, Opportunity
from netcrm.model.interaction import Interaction, Meeting, Participant
from netcrm.model.interview import Interview
from netcrm.model.owed import Commitment, Waiver
from netcrm.model.referral import Acquaintance, Introduction, Referral
from netcrm.model.sameness import Distinct, Merged
from netcrm.model.text import words
from netcrm.rules.identity import identifier
from netcrm.rules.organisations import organisation_key

PLAIN: Final = (
    "name", "given", "family", "pronunciation", "pronouns", "preferred_channel", "time_zone",
    "language", "location", "source", "source_detail", "hint",
)  # fmt: skip
"""Fields of which a person has one: where two differ, somebody chooses."""

_UNSAID: Final = {"source": ("other", "import")}
_STRICTEST: Final = get_args(StateKind)


class Conflict(NamedTuple):
    """A field in which two records differ: what stays, and what is set aside."""

    field: str
    kept: str
    left: str


class Union(NamedTuple):
    """What two contacts become, and in what they differed."""

    contact: Contact
    conflicts: tuple[Conflict, ...]


def unite(keep: Contact, lose: Contact, *, take: Iterable[str] = ()) -> Union:
    """Return the one contact that *keep* and *lose* are; id and handle are those of *keep*.

    Of fields that hold one value that of *keep* stays, unless it says nothing, or the field is one
    of *take*. Fields that hold several get those of both. The state is the stricter one; of days
    the earliest counts. The name that does not stay becomes an alias, unless it only stood
    for somebody.

    Raises:
        InvalidError: a name in *take* is not that of a field with one value.
    """
    taken = frozenset(take)
    if strange := sorted(taken.difference(PLAIN)):
        raise InvalidError(f"{strange[0]!r} cannot be chosen; choose from {', '.join(PLAIN)}")
    values: dict[str, Any] = {}
    conflicts = []
    for field in PLAIN:
        ours, theirs = getattr(keep, field), getattr(lose, field)
        unsaid = ("", *_UNSAID.get(field, ()))
        wins = theirs not in unsaid and (ours in unsaid or field in taken)
        values[field] = theirs if wins else ours
        if ours != theirs and ours not in unsaid and theirs not in unsaid:
            conflicts.append(Conflict(field, *((theirs, ours) if wins else (ours, theirs))))
    named = (one.name for one in (keep, lose) if not one.is_placeholder)
    called = (*named, *keep.aliases, *lose.aliases)
    for field in ("relations", "tags", "fields", "roles"):
        values[field] = getattr(keep, field) | getattr(lose, field)
    for field in ("circles", "rapport", "origins", "occasions"):
        values[field] = tuple(dict.fromkeys((*getattr(keep, field), *getattr(lose, field))))
    united = attrs.evolve(
        keep,
        **values,
        aliases=_distinct_names(values["name"], called),
        added_on=min(keep.added_on, lose.added_on),
        is_me=keep.is_me or lose.is_me,
        is_placeholder=keep.is_placeholder and lose.is_placeholder,
        kin=keep.kin or lose.kin,
        points=_points(keep.points + lose.points),
        positions=once(keep.positions + lose.positions),
        first_met=_first_met(keep.first_met, lose.first_met, {keep.id, lose.id}),
        connected_on=min(filter(None, (keep.connected_on, lose.connected_on)), default=None),
        note=with_note(keep.note, lose.note),
        state=max(keep.state, lose.state, key=lambda state: _STRICTEST.index(state.kind)),
        extra={**lose.extra, **keep.extra},
    )
    return Union(united, tuple(conflicts))


def _distinct_names(name: str, called: Iterable[str]) -> tuple[str, ...]:
    others: dict[tuple[str, ...], str] = {}
    for other in called:
        others.setdefault(words(other) or (other,), other)
    others.pop(words(name) or (name,), None)
    return tuple(others.values())


def _points(points: Iterable[ContactPoint]) -> tuple[ContactPoint, ...]:
    """Return each way to reach a person once, as careful as either says."""
    known: dict[str, ContactPoint] = {}
    for point in points:
        key = identifier(point.kind, point.value)
        first = known.setdefault(key, point)
        known[key] = attrs.evolve(
            first,
            label=first.label or point.label,
            valid=first.valid if first.valid != "unknown" else point.valid,
            do_not_use=first.do_not_use or point.do_not_use,
        )
    if sum(point.preferred for point in known.values()) > 1:
        preferred = next(key for key, point in known.items() if point.preferred)
        known = {
            key: attrs.evolve(point, preferred=key == preferred) for key, point in known.items()
        }
    return tuple(known.values())


def once(positions: Iterable[Position]) -> tuple[Position, ...]:
    """Return each position once: one of which both know other dates is one and the same."""
    known: list[Position] = []
    for position in positions:
        for place, other in enumerate(known):
            if _is_same_job(position, other):
                known[place] = attrs.evolve(
                    other,
                    organisation_id=other.organisation_id or position.organisation_id,
                    fields=other.fields | position.fields,
                    start=other.start or position.start,
                    end=other.end or position.end,
                )
                break
        else:
            known.append(position)
    return tuple(known)


def _is_same_job(a: Position, b: Position) -> bool:
    return (
        words(a.title) == words(b.title)
        and organisation_key(a.organisation) == organisation_key(b.organisation)
        and (a.start == b.start or None in (a.start, b.start))
        and a.end == b.end
    )


def _first_met(
    ours: FirstMet | None, theirs: FirstMet | None, own: Collection[str | None]
) -> FirstMet | None:
    """Return the earlier meeting; ours where days do not tell. Nobody is met through themselves."""
    met = [
        attrs.evolve(one, through=None if one.through in own else one.through)
        for one in (ours, theirs)
        if one is not None
    ]
    if len(met) == 2 and met[0].on and met[1].on and met[1].on.before(met[0].on):
        met.reverse()
    met = [one for one in met if one != FirstMet()]
    return met[0] if met else None


def with_note(ours: str, theirs: str) -> str:
    """Return two notes as one, without what stands in both."""
    if theirs in ours:
        return ours
    return theirs if ours in theirs else f"{ours}\n\n{theirs}"


# --- what is about them


def about(entity: Entity, lose: str, keep: str) -> Entity | None:
    """Return what is about *lose* as it is about *keep*; None for what makes no sense any more.

    A conversation of both was with one person. Who referred me to themselves referred me to nobody.
    """
    if isinstance(entity, Interaction | Meeting):
        people = dict.fromkeys(
            keep if p.contact == lose else p.contact for p in entity.participants
        )
        roles = {person.contact: person.role for person in entity.participants}
        both = [roles[id_] for id_ in (keep, lose) if id_ in roles]
        roles[keep] = next((role for role in both if role != "cc"), both[0])
        told = (Participant(contact=id_, role=roles[id_]) for id_ in people)
        return attrs.evolve(entity, participants=tuple(told))
    if isinstance(entity, Referral):
        ends = [keep if end == lose else end for end in (entity.referrer, entity.referred)]
        if ends[0] == ends[1]:
            return None
        return attrs.evolve(entity, referrer=ends[0], referred=ends[1])
    if isinstance(entity, Interview):
        asked = tuple(keep if contact == lose else contact for contact in entity.contacts)
        return attrs.evolve(entity, contacts=asked)
    if isinstance(entity, Acquaintance | Introduction):
        return _connected(entity, lose, keep)
    if isinstance(entity, Waiver):  # the key of what is owed names whom it is owed to
        parts = (keep if part == lose else part for part in entity.key.split(":"))
        return attrs.evolve(entity, contact=keep, key=":".join(parts))
    if isinstance(entity, Adjustment | Research | Insight | Opportunity | Commitment):
        return attrs.evolve(entity, contact=keep)
    if isinstance(entity, Cadence):
        return attrs.evolve(entity, selector=Selector(kind="contact", value=keep))
    if isinstance(entity, Merged):
        return attrs.evolve(entity, into=keep)
    if isinstance(entity, Distinct):
        (other,) = set(entity.contacts) - {lose}
        return None if other == keep else attrs.evolve(entity, contacts=(other, keep))
    if isinstance(entity, Contact) and entity.first_met is not None:
        through = None if entity.id == keep else keep
        return attrs.evolve(entity, first_met=attrs.evolve(entity.first_met, through=through))
    raise TypeError(f"{type(entity).__name__} is about nobody")


def _connected(
    entity: Acquaintance | Introduction, lose: str, keep: str
) -> Acquaintance | Introduction | None:
    """Return how two people are connected as it is about *keep*; nobody is to themselves."""
    ends = tuple(keep if contact == lose else contact for contact in entity.contacts)
    if ends[0] == ends[1]:
        return None
    if isinstance(entity, Acquaintance):
        told_by = keep if entity.told_by == lose else entity.told_by
        return attrs.evolve(entity, contacts=ends, told_by=told_by)
    steps = (
        attrs.evolve(step, contact=keep) if step.contact == lose else step for step in entity.steps
    )
    return attrs.evolve(entity, contacts=ends, steps=tuple(steps))


def between(referral: Referral, names: Mapping[str, str]) -> str:
    """Return in words that one of two, who are one, referred me to the other."""
    said = f"{names[referral.referrer]} referred me to {names[referral.referred]}"
    return f"{said} ({referral.made_on}){f': {referral.context}' if referral.context else ''}."


def left(conflicts: Iterable[Conflict]) -> Mapping[str, str]:
    """Return what was set aside, by field."""
    return {conflict.field: conflict.left for conflict in conflicts}
