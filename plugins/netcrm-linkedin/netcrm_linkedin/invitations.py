"""Invitations to connect, sent and received, those that are still waiting or were ignored too."""

from __future__ import annotations

from collections import Counter
from typing import Final, Literal

from netcrm import Batch, Exchange, Problem
from netcrm_linkedin.dates import read_day, read_moment
from netcrm_linkedin.people import Party
from netcrm_linkedin.plain import plain
from netcrm_linkedin.sheet import Faulty, Passed, Row, checked, problem, quoted, rows

_WAYS: Final[dict[str, Literal["outbound", "inbound"]]] = {
    "OUTGOING": "outbound",
    "INCOMING": "inbound",
}


def read(name: str, data: bytes, file: str) -> Batch:
    """Return every invitation as an exchange or a problem.

    Raises:
        InvalidError: it is no table of invitations.
    """
    exchanges: list[Exchange] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for row in rows(name, data, "invitations"):
        try:
            exchange = _exchange(row, file)
            if (first := seen.setdefault(exchange.ref, row.line)) != row.line:
                raise Passed(f"the same invitation as on line {first}")
            exchanges.append(exchange)
        except (Faulty, Passed) as why:
            problems.append(problem(file, row.line, why))
    return Batch(exchanges=tuple(exchanges), problems=tuple(problems))


def owner(name: str, data: bytes) -> Party:
    """Return whose invitations these are: who sent what went out, and got what came in."""
    mine = Counter(_sides(row)[0] for row in rows(name, data, "invitations") if row.said)
    mine.pop(Party(), None)
    return max(mine, key=lambda party: (mine[party], party)) if mine else Party()


def _sides(row: Row) -> tuple[Party, Party]:
    """Return me and the other; nobody twice if it does not say which of the two I am."""
    inviter = Party.of(row.get("inviterprofileurl"), row.get("from"))
    invitee = Party.of(row.get("inviteeprofileurl"), row.get("to"))
    way = row.get("direction").upper()
    if way not in _WAYS:
        return Party(), Party()
    return (inviter, invitee) if way == "OUTGOING" else (invitee, inviter)


def _exchange(row: Row, file: str) -> Exchange:
    """Return an invitation. Its time of day is of no zone that it tells, so it is only a day."""
    checked(row)
    direction = _WAYS.get(row.get("direction").upper())
    if direction is None:
        raise Faulty(f"{quoted(row.get('direction'))} is neither INCOMING nor OUTGOING")
    at = read_moment(row.get("sentat"))
    if at is None:
        raise Faulty(f"{quoted(row.get('sentat'))} is not a date that can be read for certain")
    _, other = _sides(row)
    if not other.key:
        raise Passed("names nobody, or somebody who left LinkedIn")
    text = plain(row.get("message"))
    day = read_day(row.get("sentat")) or f"{at:%Y-%m-%d}"
    return Exchange(
        line=row.line,
        file=file,
        at=at,
        people=(other.said,),
        ref=f"invitation:{direction}:{day}:{other.key}",
        channel="linkedin_note" if text else "social_reaction",
        direction=direction,
        kind="request",
        subject="Invitation to connect",
        text=text,
    )
