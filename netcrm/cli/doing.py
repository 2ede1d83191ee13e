"""What there is to do, as the commands show it: what a step opened or settled, and the agenda."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from netcrm.cli.base import say
from netcrm.cli.words import ACTIONS, moment, person_json

if TYPE_CHECKING:
    from netcrm.network import Network
    from netcrm.rules.agenda import AgendaItem
    from netcrm.rules.lookup import Name
    from netcrm.rules.obligations import Obligation

insist = click.option("--insist", is_flag=True, help="Do it although netcrm advises against it.")


class Owed:
    """What is owed to some people before something happens, and after it."""

    def __init__(self, net: Network, people: Iterable[str]) -> None:
        self._net = net
        self._ids = {net.contact(who).id for who in people}
        self._before = self._open()
        self.names: Mapping[str, Name] = {}
        self.open: list[Obligation] = []

    def changed(self) -> tuple[list[Obligation], list[Obligation]]:
        """Return what is owed since, and what is owed no more."""
        now = self._open()
        opened = [one for key, one in now.items() if key not in self._before]
        closed = [one for key, one in self._before.items() if key not in now]
        self.open = [*now.values()]
        self.names = self._net.names({one.contact for one in (*opened, *closed)})
        return opened, closed

    def to_json(self, owed: Iterable[Obligation]) -> list[dict[str, Any]]:
        """Return obligations in JSON."""
        return [owed_json(one, self.names) for one in owed]

    def _open(self) -> dict[str, Obligation]:
        return {
            one.key: one
            for one in self._net.obligations()
            if one.is_open and one.contact in self._ids
        }


def owed_json(one: Obligation, names: Mapping[str, Name]) -> dict[str, Any]:
    """Return an obligation in JSON."""
    return {
        "kind": one.kind,
        "person": person_json(names.get(one.contact)),
        "due": str(one.due) if one.due else None,
        "because": one.because,
        "key": one.key,
        "interview": one.interview or None,
    }


def item_json(item: AgendaItem, names: Mapping[str, Name]) -> dict[str, Any]:
    """Return one thing to do in JSON."""
    return {
        "when": str(item.when) if item.when else None,
        "action": item.action,
        "person": person_json(names.get(item.contact)),
        "because": item.because,
        "late": item.late,
        "days_late": item.days_late,
        "key": item.key or None,
        "together": list(item.together),
        "interview": item.interview or None,
        "fact": item.fact or None,
    }


def say_owed(opened: Sequence[Obligation], closed: Sequence[Obligation]) -> None:
    """Say what is to be done since, and what is settled."""
    if closed:
        settled = dict.fromkeys(ACTIONS[one.kind].rstrip("?") for one in closed)
        say(f"Settled: {', '.join(settled)}.")
    if opened:
        todo = (f"{ACTIONS[one.kind].rstrip('?')} ({moment(one.due)})" for one in opened)
        say(f"To do: {'; '.join(todo)}.")


def doubt(word: str) -> None:
    """Say so where the first word of a text is spelled almost like a channel."""
    from difflib import get_close_matches

    from netcrm.rules.said import CHANNEL_OF

    near = get_close_matches(word.lower(), CHANNEL_OF, 1, 0.75)
    if near:
        say(f"“{word}” went into the text. If you meant {near[0]}: netcrm undo")
