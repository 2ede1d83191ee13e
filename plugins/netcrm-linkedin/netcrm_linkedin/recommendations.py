"""Recommendations: what others wrote about me for all to read, and I about them."""

from __future__ import annotations

from typing import Literal

from netcrm import Batch, Exchange, Problem
from netcrm_linkedin.dates import read_moment
from netcrm_linkedin.people import Party, same
from netcrm_linkedin.plain import plain
from netcrm_linkedin.sheet import Faulty, Passed, Row, checked, problem, quoted, rows

Way = Literal["outbound", "inbound"]


def read(name: str, data: bytes, file: str, way: Way) -> Batch:
    """Return every recommendation as an exchange or a problem.

    Raises:
        InvalidError: it is no table of recommendations.
    """
    exchanges: list[Exchange] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for row in rows(name, data, "recommendations"):
        try:
            exchange = _exchange(row, file, way)
            if (first := seen.setdefault(exchange.ref, row.line)) != row.line:
                raise Passed(f"the same recommendation as on line {first}")
            exchanges.append(exchange)
        except (Faulty, Passed) as why:
            problems.append(problem(file, row.line, why))
    return Batch(exchanges=tuple(exchanges), problems=tuple(problems))


def _exchange(row: Row, file: str, way: Way) -> Exchange:
    checked(row)
    status = row.get("status")
    if status and status.upper() != "VISIBLE":
        raise Passed(f"not to be seen on LinkedIn: its status is {quoted(status)}")
    whole = f"{row.get('firstname')} {row.get('lastname')}".strip()
    who = Party.of("", whole)
    if not who.key:
        raise Passed("names nobody, or somebody who left LinkedIn")
    at = read_moment(row.get("creationdate"))
    if at is None:
        raise Faulty(
            f"{quoted(row.get('creationdate'))} is not a date that can be read for certain"
        )
    person = {"name": whole, "organisation": row.get("company"), "title": row.get("jobtitle")}
    return Exchange(
        line=row.line,
        file=file,
        at=at,
        people=(person,),
        ref=f"recommendation:{way}:{at:%Y-%m-%d}:{same(whole)}",
        channel="other",
        direction=way,
        kind="share",
        subject="Recommendation",
        text=plain(row.get("text")),
    )
