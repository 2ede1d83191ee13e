"""The address book that LinkedIn once copied from a phone, in both forms it was exported in."""

from __future__ import annotations

import re
from typing import Final

from netcrm import Batch, ContactPoint, InvalidError, Problem, Sighting
from netcrm_linkedin.dates import read_birthday
from netcrm_linkedin.people import is_web
from netcrm_linkedin.sheet import Faulty, Passed, Row, checked, problem, quoted, rows

LIST: Final = "linkedin-contacts"
_BETWEEN: Final = re.compile(r"[,;\n]")


class Book:
    """All address books of an export: who stands in two of them is one."""

    def __init__(self) -> None:
        self._seen: dict[tuple[tuple[str, str], ...], str] = {}

    def read(self, name: str, data: bytes, file: str) -> Batch:
        """Return every entry as a sighting or a problem.

        Raises:
            InvalidError: it is no address book.
        """
        sightings: list[Sighting] = []
        problems: list[Problem] = []
        for row in rows(name, data, "contacts"):
            try:
                sighting = Sighting(line=row.line, file=file, said=_said(row))
                here = f"line {row.line} of {file}"
                first = self._seen.setdefault(tuple(sighting.said.items()), here)
                if first != here:
                    raise Passed(f"the same as {first}")
                sightings.append(sighting)
            except (Faulty, Passed) as why:
                problems.append(problem(file, row.line, why))
        return Batch(sightings=tuple(sightings), problems=tuple(problems))


def _said(row: Row) -> dict[str, str]:
    checked(row)
    emails = _valid("email", row.get("emails") or row.get("emailaddress"))
    phones = _valid("phone", row.get("phonenumbers"))
    urls = _valid("url", f"{row.get('profiles')},{row.get('sites')}")
    given, family = row.get("firstname"), row.get("lastname")
    if not (given or family or row.get("fullname")):
        address = next(iter([*emails, *phones, *urls]), "")
        raise Passed(f"no name, only {quoted(address)}" if address else "neither name nor address")
    return {
        "name": row.get("fullname"),
        "given": given,
        "family": family,
        "email": "\n".join(emails),
        "phone": "\n".join(phones),
        "url": "\n".join(urls),
        "organisation": row.get("companies"),
        "title": row.get("title"),
        "birthday": read_birthday(row.get("birthday")),
        "location": row.get("location"),
        "list": LIST,
    }


def _valid(kind: str, cell: str) -> list[str]:
    """Return the addresses in a cell that can be ones; an address book has all sorts in it."""
    return [part for each in _BETWEEN.split(cell) if (part := each.strip()) and _can_be(kind, part)]


def _can_be(kind: str, value: str) -> bool:
    if kind == "url":
        return is_web(value)
    try:
        return bool(ContactPoint(kind=kind, value=value))  # type: ignore[arg-type]
    except InvalidError:
        return False
