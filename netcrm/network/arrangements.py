"""What is told of an introduction that I make, and which steps of it are refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import attrs

from netcrm import model
from netcrm.errors import InvalidError, RefusedError
from netcrm.model.contact import SUPPRESSED
from netcrm.model.time import LocalMoment
from netcrm.rules.introductions import Move, Pairing, Standing, misfit, standing

Pair = tuple[model.Contact, model.Contact]


class Arrangement(NamedTuple):
    """An introduction that I make, and where it stands.

    Attributes:
        introduction: as it was known then, without what came later.
        now: where it stands; nobody is asked who is left in peace, nor about them.
        people: the two, in order.
        pairing: what came of it.
        barred: who of them was not to be contacted, or had died.
    """

    introduction: model.Introduction
    now: Standing
    people: Pair
    pairing: Pairing
    barred: tuple[model.Contact, ...] = ()

    @property
    def names(self) -> str:
        """The two, in words."""
        return " and ".join(person.name for person in self.people)

    @property
    def why_barred(self) -> str:
        """In words, who of them is not to be contacted, or has died; empty if nobody."""
        return ", ".join(barred_as(person) for person in self.barred)


def as_known(
    stored: model.Introduction, pairing: Pairing, pair: Pair, when: LocalMoment
) -> Arrangement:
    """Return an introduction as it was known at a moment, and where it stood."""
    steps = tuple(step for step in stored.steps if step.on.is_by(when))
    now, spared = standing(pairing, when), barred(pair, when)
    if spared:
        now = now._replace(unasked=(), waiting=())
    return Arrangement(attrs.evolve(stored, steps=steps), now, pair, pairing, spared)


def barred(pair: Pair, when: LocalMoment) -> tuple[model.Contact, ...]:
    """Return who of two was marked as not to be contacted, or as dead, by a moment."""
    return tuple(
        one
        for one in pair
        if one.state.kind in SUPPRESSED and (one.state.on or when.date) <= when.date
    )


def barred_as(person: model.Contact) -> str:
    """Return in words that somebody is not to be contacted, or has died."""
    return f"{person.name} is marked {person.state.kind.replace('_', ' ')}"


def refuse_step(found: Arrangement, made: Iterable[model.IntroductionStep]) -> None:
    """Refuse what cannot have happened when it is said to have."""
    moves = [Move(one.what, one.on, one.contact or "") for one in made]
    begun = found.pairing.begun.date
    for move in moves:
        if move.at.date < begun:
            raise InvalidError(
                f"{found.names}: {move.what} on {move.at.date} does not fit: you thought of "
                f"introducing them on {begun}"
            )
    if odd := misfit(found.pairing, moves):
        names = {person.id: person.name for person in found.people}
        who = f" ({names[odd.move.contact]})" if odd.move.contact in names else ""
        later = "" if odd.move in moves else f" after {moves[0].what}, noted of {moves[0].at.date}"
        raise InvalidError(f"{found.names}: {odd.move.what}{who} does not fit{later}: {odd.why}")


def advise_against_step(found: Arrangement, what: str, at: LocalMoment) -> None:
    """Refuse what is better not done: to ask who is not to be asked, or introduce who is not."""
    if what not in ("asked", "introduced"):
        return
    for person in barred(found.people, at):
        raise RefusedError(f"{barred_as(person)}. To note it all the same, insist: --insist")
    if what == "introduced" and (why := standing(found.pairing, at).why_not):
        raise RefusedError(
            f"{found.names} {why}. Ask each of them first; to introduce them all the same, insist: "
            "--insist"
        )
