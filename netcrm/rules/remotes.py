"""What happened, by what services have of it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import attrs

from netcrm.model.interaction import Channel, Direction, Interaction, Kind, Participant
from netcrm.model.remote import Remote, Stranger
from netcrm.model.time import LocalMoment
from netcrm.rules.touch import LIVE


class Happened(NamedTuple):
    """One interaction, as far as services tell of it.

    Attributes:
        occurred: the earliest, of several copies.
        participants: with whom of those who are here.
        direction: outbound if I sent one copy of it.
        thread: the conversation, or the series that a meeting is one of.
        minutes: how long a meeting lasts.
        kind: whether it is a message or a meeting.
        strangers: how many others took part, who are not here.
    """

    occurred: LocalMoment
    participants: tuple[Participant, ...]
    channel: Channel
    direction: Direction
    thread: str
    minutes: int | None = None
    kind: Kind = "message"
    strangers: int = 0

    def logged(self) -> dict[str, Any]:
        """Return what an interaction says of it."""
        said = self._asdict()
        del said["strangers"]
        return said


def happened(remotes: Iterable[Remote], known: Mapping[str, str]) -> Happened | None:
    """Return what the copies of one message or meeting tell; None if nobody here took part.

    Who only got a copy makes it no interaction with me, so there is none without somebody else.

    Args:
        remotes: the copies, of one account or several; those that are there no more do not count.
        known: the id of the contact, by the mark of each address of theirs.
    """
    there = sorted((one for one in remotes if one.is_there), key=lambda one: (str(one.at), one.id))
    people = contacts((mark for one in there for mark in one.people), known)
    if not people:
        return None
    copied = contacts((mark for one in there for mark in one.copied), known)
    return Happened(
        occurred=there[0].at,
        participants=(
            *(Participant(contact=id_) for id_ in people),
            *(Participant(contact=id_, role="cc") for id_ in copied if id_ not in people),
        ),
        channel=there[0].channel,
        direction=next((one.direction for one in there if one.direction == "outbound"),
                       there[0].direction),
        thread=there[0].thread,
        minutes=there[0].minutes,
        kind="meeting" if there[0].channel in LIVE else "message",
        strangers=len({mark for one in there for mark in one.people} - known.keys()),
    )  # fmt: skip


def contacts(marks: Iterable[str], known: Mapping[str, str]) -> Sequence[str]:
    """Return the ids of those who are here, of all whose addresses have these marks."""
    return list(dict.fromkeys(known[mark] for mark in marks if mark in known))


class Correspondent(NamedTuple):
    """Somebody who is not in the network, and how much passed between us.

    Attributes:
        sent: how often I wrote to them, also with others.
        received: how often they wrote to me.
        met: how often we had a meeting, also with others.
        last: the day on which something last passed.
    """

    stranger: Stranger
    sent: int
    received: int
    met: int
    last: date


def ranked(
    strangers: Iterable[Stranger], passed: Iterable[tuple[str, str, Iterable[str]]]
) -> list[Correspondent]:
    """Return who might belong into the network, the likeliest first.

    That is whom I met, or who wrote both ways; then it goes by how much passed. Those who were
    ignored are left out, and those with whom nothing is there any more.

    Args:
        strangers: whom to rank.
        passed: of each message its direction, its day, and the marks of strangers in it.
    """
    counts: dict[str, Counter[str]] = {}
    last: dict[str, str] = {}
    for direction, day, marks in passed:
        for mark in marks:
            counts.setdefault(mark, Counter())[direction] += 1
            last[mark] = max(day, last.get(mark, day))
    found = [
        Correspondent(
            one,
            counts[one.mark]["outbound"],
            counts[one.mark]["inbound"],
            counts[one.mark]["mutual"],
            date.fromisoformat(last[one.mark]),
        )
        for one in strangers
        if one.mark in counts and not one.is_ignored
    ]
    return sorted(found, key=_most_first)


def _most_first(one: Correspondent) -> tuple[bool, int, int, str]:
    both = bool(one.met or (one.sent and one.received))
    passed = one.sent + one.received + one.met
    return not both, -passed, -one.last.toordinal(), one.stranger.address


def is_told(logged: Interaction) -> bool:
    """Whether an interaction says nothing but what a service told of it.

    Whatever else is said of it is the user's: it stays when the message is gone.
    """
    is_meeting = logged.channel in LIVE
    bare = attrs.evolve(
        logged, text="", touch=None, confidential=False, interview=None, until=None,
        delivered="unknown", extra={}, kind="meeting" if is_meeting else "message",
        minutes=logged.minutes if is_meeting else None,
    )  # fmt: skip
    return bare == logged


def told_again(logged: Interaction, now: Happened, gone: Collection[str] = ()) -> Interaction:
    """Return an interaction as services tell of it now.

    Who was there stays there, but for those of whom they told before and do not now.
    """
    changes = now.logged() if is_told(logged) else {}
    changes["participants"] = together(logged.participants, now, gone)
    return attrs.evolve(logged, **changes)


def is_same(told: Interaction, by_hand: Interaction) -> bool:
    """Whether what was logged by hand is what a service told of: on that day, with the same people.

    A talk is the same by whatever channel, a message by the same one and in the same direction.
    """
    is_talk = told.channel in LIVE and by_hand.channel in LIVE
    how = (told.channel, told.direction) == (by_hand.channel, by_hand.direction)
    return (
        bool(told.ref)
        and told.occurred.date == by_hand.occurred.date
        and (is_talk or how)
        and _with(told) == _with(by_hand)
        and is_told(told)
    )


def said_of(told: Interaction, by_hand: Interaction) -> Interaction:
    """Return what a service told of, with what is said of it by hand; the moment it knows best."""
    kind = told.kind if by_hand.kind == "message" else by_hand.kind
    people = {one.contact: one for one in (*told.participants, *by_hand.participants)}
    return attrs.evolve(
        by_hand,
        id=told.id,
        rev=told.rev,
        ref=told.ref,
        occurred=told.occurred,
        kind=kind,
        participants=tuple(people.values()),
        subject=by_hand.subject or told.subject,
        minutes=by_hand.minutes or told.minutes,
        thread=told.thread,
    )


def _with(one: Interaction) -> set[str]:
    return {person.contact for person in one.participants if person.role != "cc"}


def together(
    people: Iterable[Participant], now: Happened, gone: Collection[str]
) -> tuple[Participant, ...]:
    """Return who takes part: those who did, without whoever is gone, and those told of now."""
    told = {one.contact: one for one in now.participants}
    stay = {one.contact: one for one in people if one.contact not in gone}
    return tuple((stay | told).values())
