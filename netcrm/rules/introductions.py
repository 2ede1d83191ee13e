"""Where does an introduction stand that I make for two others? Each of them is asked first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, Literal, NamedTuple

from netcrm.model.time import LocalMoment

Stage = Literal[
    "thought_of", "asking", "one_agreed", "both_agreed", "introduced", "met", "declined", "dropped",
]  # fmt: skip

ASKING: Final = frozenset({"thought_of", "asking", "one_agreed"})
"""Somebody is still to be asked, or to answer."""
OPEN: Final = ASKING | {"both_agreed", "introduced"}
"""Something is still to come."""
BY_ONE: Final = frozenset({"asked", "agreed", "declined"})
"""What is said to one of the two, or by one of them."""

_BEFORE: Final = ("asked", "agreed", "declined", "introduced", "met", "dropped")
NEXT: Final[Mapping[Stage, tuple[str, ...]]] = {
    **dict.fromkeys(("thought_of", "asking", "one_agreed", "both_agreed"), _BEFORE),
    "introduced": ("met", "declined", "dropped"),
    "met": (),
    "declined": ("asked", "agreed", "declined", "introduced", "met"),
    "dropped": ("asked", "agreed", "declined", "introduced", "met"),
}
"""What may happen where."""


class Move(NamedTuple):
    """One thing that came of an introduction; *contact* is who was asked, agreed or declined."""

    what: str
    at: LocalMoment
    contact: str = ""


class Pairing(NamedTuple):
    """An introduction, as far as it matters here: the two people, and what came of it."""

    id: str
    people: tuple[str, ...]
    begun: LocalMoment
    moves: tuple[Move, ...] = ()

    def other(self, person: str) -> str:
        """Return whom a person is to meet."""
        return next((one for one in self.people if one != person), person)


class Standing(NamedTuple):
    """Where an introduction stands at a moment.

    Attributes:
        since: when it came to stand there.
        said: what was said to and by each of the two, in order.
        unasked: who is still to be asked.
        waiting: who was asked and has not answered.
        agreed: when both had agreed, and `introduced` when I introduced them.
    """

    stage: Stage
    since: LocalMoment
    said: Mapping[str, tuple[Move, ...]] = {}
    unasked: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    agreed: LocalMoment | None = None
    introduced: LocalMoment | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is still to come."""
        return self.stage in OPEN


def as_known(pairing: Pairing, as_of: LocalMoment) -> Pairing | None:
    """Return what was known of an introduction at a moment, in order; None if nothing was."""
    moves = [move for move in pairing.moves if move.at.is_by(as_of)]
    if not moves and not pairing.begun.is_by(as_of):
        return None
    return pairing._replace(moves=tuple(_in_order(moves)))


def standing(pairing: Pairing, as_of: LocalMoment) -> Standing:
    """Return where an introduction stood at a moment, by what was known then.

    Of what somebody said the last counts, but that asking again takes no yes back. A step after it
    was dropped takes it up again; that they met is for good.
    """
    known = as_known(pairing, as_of)
    now, turn = Standing("thought_of", pairing.begun), ""
    said: dict[str, tuple[Move, ...]] = dict.fromkeys(pairing.people, ())
    for move in known.moves if known else ():
        if move.contact in said:
            said[move.contact] += (move,)
        turn = _turned(turn, move.what)
        now = _moved(now, _stage(turn, said), move)
    words = {one: _word(moves) for one, moves in said.items() if now.stage in ASKING}
    return now._replace(
        said=said,
        unasked=tuple(one for one, word in words.items() if not word),
        waiting=tuple(one for one, word in words.items() if word == "asked"),
    )


def _turned(turn: str, what: str) -> str:
    """Return what both did, or I, that still holds: introduced, met or dropped."""
    if "met" in (turn, what):
        return "met"
    if what in ("introduced", "dropped"):
        return what
    return turn if turn == "introduced" and what != "declined" else ""


def _stage(turn: str, said: Mapping[str, tuple[Move, ...]]) -> Stage:
    if turn:
        return turn  # type: ignore[return-value]
    words = [_word(moves) for moves in said.values()]
    if "declined" in words:
        return "declined"
    if "agreed" in words:
        return "both_agreed" if set(words) == {"agreed"} else "one_agreed"
    return "asking" if any(words) else "thought_of"


def _word(moves: Iterable[Move]) -> str:
    """Return how it stands with one of the two: asked, agreed, declined, or nothing yet."""
    word = ""
    for move in moves:
        if move.what != "asked" or word != "agreed":
            word = move.what
    return word


def _moved(now: Standing, stage: Stage, move: Move) -> Standing:
    if stage == now.stage:
        return now
    now = now._replace(stage=stage, since=move.at)
    if stage == "both_agreed":
        return now._replace(agreed=move.at)
    return now._replace(introduced=move.at) if stage == "introduced" else now


def _in_order(moves: Iterable[Move]) -> list[Move]:
    """Return steps as they were taken.

    Of one day they are in the order of the clock; where the time of one is not known, in that in
    which they were entered. Days are those of one zone, so that travelling turns nothing around.
    """
    entered = list(moves)
    zones = [str(move.at.local.tzinfo) for move in entered if move.at.local]
    seen = [move.at.in_zone(min(zones)) if zones else move.at for move in entered]
    vague = {at.date for at in seen if at.instant is None}

    def order(place: int) -> tuple[date, str, int]:
        at = seen[place]
        clock = at.instant.isoformat() if at.instant and at.date not in vague else ""
        return at.date, clock, place

    return [entered[place] for place in sorted(range(len(entered)), key=order)]
