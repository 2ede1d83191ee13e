"""What happened, by what services have of it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import attrs

from netcrm.model.interaction import Channel, Direction, Interaction, Participant
from netcrm.model.remote import Remote, Stranger
from netcrm.model.time import LocalMoment


class Happened(NamedTuple):
    """One interaction, as far as services tell of it.

    Attributes:
        occurred: the earliest, of several copies.
        participants: with whom of those who are here.
        direction: outbound if I sent one copy of it.
    """

    occurred: LocalMoment
    participants: tuple[Participant, ...]
    channel: Channel
    direction: Direction
    thread: str


def happened(remotes: Iterable[Remote], known: Mapping[str, str]) -> Happened | None:
    """Return what the copies of one message or meeting tell; None if nobody here took part.

    Who only got a copy makes it no interaction with me, so there is none without somebody else.

    Args:
        remotes: the copies, of one account or several; those that are there no more do not count.
        known: the id of the contact, by the mark of each address of theirs.
    """
    there = sorted((one for one in remotes if one.is_there), key=lambda one: (str(one.at), one.id))
    people = _contacts((mark for one in there for mark in one.people), known)
    if not people:
        return None
    copied = _contacts((mark for one in there for mark in one.copied), known)
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
    )  # fmt: skip


def _contacts(marks: Iterable[str], known: Mapping[str, str]) -> Sequence[str]:
    return list(dict.fromkeys(known[mark] for mark in marks if mark in known))


class Correspondent(NamedTuple):
    """Somebody who is not in the network, and how much passed between us.

    Attributes:
        sent: how often I wrote to them, also with others.
        received: how often they wrote to me.
        last: the day on which something last passed.
    """

    stranger: Stranger
    sent: int
    received: int
    last: date


def ranked(
    strangers: Iterable[Stranger], passed: Iterable[tuple[str, str, Iterable[str]]]
) -> list[Correspondent]:
    """Return who might belong into the network: who wrote both ways first, and who did most.

    Those who were ignored are left out, and those with whom nothing is there any more.

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
            date.fromisoformat(last[one.mark]),
        )
        for one in strangers
        if one.mark in counts and not one.is_ignored
    ]
    return sorted(found, key=_most_first)


def _most_first(one: Correspondent) -> tuple[bool, int, int, str]:
    both = bool(one.sent and one.received)
    return not both, -(one.sent + one.received), -one.last.toordinal(), one.stranger.address


def is_told(logged: Interaction) -> bool:
    """Whether an interaction says nothing but what a service told of it.

    Whatever else is said of it is the user's: it stays when the message is gone.
    """
    bare = attrs.evolve(
        logged, text="", touch=None, confidential=False, kind="message", minutes=None,
        interview=None, until=None, delivered="unknown", extra={},
    )  # fmt: skip
    return bare == logged


def told_again(logged: Interaction, now: Happened) -> Interaction:
    """Return an interaction as services tell of it now; who was there stays there."""
    there = {one.contact: one for one in (*now.participants, *logged.participants)}
    people = tuple(there[id_] for id_ in dict.fromkeys(one.contact for one in
                   (*logged.participants, *now.participants)))  # fmt: skip
    changes = now._asdict() if is_told(logged) else {}
    return attrs.evolve(logged, **{**changes, "participants": people})
