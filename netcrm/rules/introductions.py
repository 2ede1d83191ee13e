"""Where does an introduction stand that I make for two others? Each of them is asked first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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

_DONE: Final = {"introduced": "were introduced by you already,", "met": "have met already,"}
_BEFORE: Final = ("asked", "agreed", "declined", "introduced", "met", "dropped")
NEXT: Final[Mapping[Stage, tuple[str, ...]]] = {
    **dict.fromkeys(("thought_of", "asking", "one_agreed", "both_agreed"), _BEFORE),
    "introduced": ("met", "declined", "dropped"),
    "met": (),
    "declined": ("asked", "agreed", "declined", "introduced", "met"),
    "dropped": ("asked", "agreed", "declined", "introduced", "met"),
}
"""What may happen where."""
_AGAIN: Final = frozenset({("agreed", "asked"), ("agreed", "agreed"), ("declined", "declined")})
"""What somebody last said, and what is pointless after it as long as it holds."""


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

    @property
    def why_not(self) -> str:
        """Why the two are not to be introduced now, in words; empty if they are."""
        if self.stage == "both_agreed":
            return ""
        if self.stage in ("introduced", "met"):
            return f"{_DONE[self.stage]} on {self.since.date}"
        if self.stage == "dropped" and self.agreed:
            return f"both agreed, but you let it be on {self.since.date}"
        return "have not both agreed yet"

    def agreed_already(self, person: str) -> bool:
        """Whether one of the two agreed, and that holds; once I let it be, I may ask anew."""
        return self.stage != "dropped" and _word(self.said.get(person, ())) == "agreed"


class Misfit(NamedTuple):
    """A step that cannot have been taken when it was, and why not."""

    move: Move
    why: str


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
    known = as_known(pairing, as_of) or pairing._replace(moves=())
    *_, now = _course(known)
    words = {one: _word(moves) for one, moves in now.said.items() if now.stage in ASKING}
    return now._replace(
        unasked=tuple(one for one, word in words.items() if not word),
        waiting=tuple(one for one, word in words.items() if word == "asked"),
    )


def misfit(pairing: Pairing, more: Iterable[Move]) -> Misfit | None:
    """Return the first step that cannot have been taken if some were taken too; None if all can.

    A step may be noted late. It has to fit where it was taken, and what came after it has to fit
    still. People may change their minds; what does not fit already is left alone.
    """
    odd = {one.move for one in _misfits(pairing)}
    longer = pairing._replace(moves=(*pairing.moves, *more))
    return next((one for one in _misfits(longer) if one.move not in odd), None)


def _misfits(pairing: Pairing) -> Iterator[Misfit]:
    moves = _in_order(pairing.moves)
    for now, move in zip(_course(pairing._replace(moves=tuple(moves))), moves, strict=False):
        word = _word(now.said.get(move.contact, ()))
        if move.what not in (after := NEXT[now.stage]):
            stage, may = now.stage.replace("_", " "), ", ".join(after) or "nothing"
            yield Misfit(move, f"it stands at “{stage}” then; what may come next: {may}")
        elif (word, move.what) in _AGAIN and now.stage != "dropped":
            yield Misfit(move, f"they {word} already")


def _course(pairing: Pairing) -> Iterator[Standing]:
    """Yield where an introduction stood before its steps, and after each of them."""
    now, turn = Standing("thought_of", pairing.begun, dict.fromkeys(pairing.people, ())), ""
    yield now
    for move in pairing.moves:
        if move.contact in now.said:
            said = {**now.said, move.contact: (*now.said[move.contact], move)}
            now = now._replace(said=said)
        turn = _turned(turn, move.what)
        now = _moved(now, _stage(turn, now.said), move)
        yield now


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
