"""What an export says about its owner: Profile.csv, Positions.csv and Education.csv."""

from __future__ import annotations

import re
from typing import Final

from netcrm import Batch, InvalidError, Position, Problem, Sighting
from netcrm_linkedin.dates import read_birthday, read_partial
from netcrm_linkedin.people import Party, is_web
from netcrm_linkedin.sheet import Faulty, Passed, Row, checked, problem, quoted, rows

_LABEL: Final = re.compile(r"(?:^|,)[^,:/]*:(?=\s*(?:https?://|[^\s,:/]+\.[a-z]))", re.IGNORECASE)
_COLUMNS: Final = {"headline": "Headline", "summary": "Summary", "industry": "Industry"}
_JOB: Final = ("companyname", "title", "startedon", "finishedon")
_SCHOOL: Final = ("schoolname", "degreename", "startdate", "enddate")


class Known:
    """What was read about me, table by table."""

    def __init__(self) -> None:
        self.file = ""
        self.said: dict[str, str] = {}
        self.positions: list[Position] = []
        self.problems: list[Problem] = []

    @property
    def party(self) -> Party:
        """Return me as somebody who takes part in conversations."""
        whole = f"{self.said.get('given', '')} {self.said.get('family', '')}"
        return Party("", whole.strip())

    def batch(self) -> Batch:
        """Return one sighting of me, if there is anything to say."""
        mine = Sighting(
            line=1,
            file=self.file,
            said=self.said,
            positions=tuple(self.positions),
            is_me=True,
        )
        is_something = mine.said or mine.positions
        return Batch(sightings=(mine,) if is_something else (), problems=tuple(self.problems))


def read_profile(name: str, data: bytes, file: str, known: Known) -> None:
    """Add what a profile says: its first row; there should be no other.

    Raises:
        InvalidError: it is no profile.
    """
    known.file = file
    for row in rows(name, data, "profile"):
        try:
            checked(row)
            if known.said:
                raise Passed("a second profile; there is one of you")
            known.said.update(_said(row))
        except (Faulty, Passed) as why:
            known.problems.append(problem(file, row.line, why))


def read_positions(name: str, data: bytes, file: str, known: Known, kind: str) -> None:
    """Add jobs, or schools as if they were jobs.

    Raises:
        InvalidError: it is no such table.
    """
    known.file = known.file or file
    for row in rows(name, data, kind):
        try:
            checked(row)
            known.positions.append(_position(row, _JOB if kind == "positions" else _SCHOOL))
        except (Faulty, Passed) as why:
            known.problems.append(problem(file, row.line, why))


def _said(row: Row) -> dict[str, str]:
    said = {
        "given": row.get("firstname"),
        "family": row.get("lastname"),
        "location": row.get("geolocation"),
        "birthday": read_birthday(row.get("birthdate")),
        "url": "\n".join(_sites(row.get("websites"))),
    }
    return said | {f"column {name}": row.get(key) for key, name in _COLUMNS.items()}


def _sites(cell: str) -> list[str]:
    """Return the addresses in `[LABEL:url,LABEL:url]`; an address has colons and commas too."""
    parts = _LABEL.split(cell.removeprefix("[").removesuffix("]"))
    return [url for part in parts if is_web(url := part.strip())]


def _position(row: Row, columns: tuple[str, str, str, str]) -> Position:
    organisation, title, start, end = map(row.get, columns)
    if not (organisation or title):
        raise Passed("neither a title nor where it was")
    for when in (start, end):
        if when and when.lower() != "present" and read_partial(when) is None:
            raise Faulty(f"{quoted(when)} is not a date that can be read for certain")
    try:
        return Position(
            organisation=organisation,
            title=title,
            start=read_partial(start),
            end=read_partial(end),
            source="linkedin",
        )
    except InvalidError as error:
        raise Faulty(str(error)) from None
