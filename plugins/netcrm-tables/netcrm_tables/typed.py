"""A list without a header, as people type or paste it: a name on each line, perhaps an address."""

from __future__ import annotations

import csv
import re
from typing import Final, NamedTuple

from netcrm import Batch, InvalidError, Problem, Sighting
from netcrm_tables import cells
from netcrm_tables.faults import Faulty, Passed, quoted

MOST_ROWS: Final = 200_000
MOST_REJECTED: Final = 3  # for each name: what has more is some other text
_LONGEST_LINE: Final = 2_000
_LONGEST_NAME: Final = 80
_MOST_WORDS: Final = 7
_WORDS_OF_PROSE: Final = 5
_LINE_END: Final = re.compile("\r\n|\r|\n")
_BULLET: Final = re.compile(r"(?:[-*•·–—]|[0-9]{1,5}[.)])\s+")
_IN_BRACKETS: Final = re.compile(r"([^<>]*)<([^<>]+)>[\s,;]*")
_AT_THE_END: Final = re.compile(r"([^@]*[^\s@])\s+\(?([^\s@()]+@[^\s@()]+)\)?")
_NO_NAME: Final = re.compile(r"[0-9<>{}\[\]=@/\\_|:;!?*&%$#+~^]")
_SEPARATORS: Final = "\t;|,"


class Named(NamedTuple):
    """A name with an address beside it."""

    name: str
    address: str


def read(called: str, text: str, list_name: str, notes: tuple[str, ...] = ()) -> Batch:
    """Return every line as a sighting or a problem; blank lines and comments are neither.

    Raises:
        InvalidError: no line of it is a name, so it is no such list.
    """
    sightings: list[Sighting] = []
    problems: list[Problem] = []
    seen: dict[object, int] = {}
    for number, written in enumerate(_LINE_END.split(text), start=1):
        line = written.strip("\ufeff\u200b \t")
        if not line or line.startswith("#"):
            continue
        if len(sightings) + len(problems) == MOST_ROWS:
            raise InvalidError(f"{called} has over {MOST_ROWS:,} lines; import it in parts")
        try:
            said = person(line)
            if (first := seen.setdefault(tuple(sorted(said.items())), number)) != number:
                raise Passed(f"the same as line {first}")
        except Faulty as fault:
            problems.append(Problem(line=number, reason=str(fault)))
        except Passed as reason:
            problems.append(Problem(line=number, reason=str(reason), kind="skipped"))
        else:
            sightings.append(Sighting(line=number, said={**said, "list": list_name}))
    rejected = sum(problem.kind == "rejected" for problem in problems)
    if not sightings or rejected > MOST_REJECTED * len(sightings):
        how_many = "hardly a" if sightings else "no"
        raise InvalidError(
            f"{called} has no header that is understood, and {how_many} line of it is a name; put "
            "a line above the people that says what the columns are, such as Name,E-mail,Company"
        )
    return Batch(
        sightings=tuple(sightings),
        problems=tuple(problems),
        notes=notes,
        remember={list_name: {}},
    )


def person(line: str) -> dict[str, str]:
    """Return what a line says of a person.

    Raises:
        Faulty: it cannot be told what it says.
        Passed: it names nobody.
    """
    if len(line) > _LONGEST_LINE:
        raise Faulty("far too long for a name and an address")
    line = _BULLET.sub("", line, count=1) if _BULLET.match(line) else line
    if cells.is_summary([line]):
        raise Passed("a summary, not a person")
    if named := beside_address(line):
        if not _address(named.address)[0]:
            raise Faulty(f"{quoted(named.address)} is not an address")
        return _of([named.name, named.address])
    return _of(_parts(line))


def beside_address(text: str) -> Named | None:
    """Return the name and the address in a text such as "Ana Reyes <ana@example.org>"."""
    if len(text) > _LONGEST_LINE:
        return None
    if match := _IN_BRACKETS.fullmatch(text):
        return Named(_unquoted(match[1]), match[2].strip())
    if not any(sign in text for sign in _SEPARATORS) and (match := _AT_THE_END.fullmatch(text)):
        return Named(_unquoted(match[1]), match[2])
    return None


def _unquoted(name: str) -> str:
    name = name.strip()
    return name[1:-1].strip() if len(name) > 1 and name[0] == name[-1] == '"' else name


def _parts(line: str) -> list[str]:
    """Return the cells of a line: at the first kind of separator that divides it."""
    if line.count('"') % 2:
        raise Faulty("a quotation mark is out of place; put it right or take it away")
    for separator in _SEPARATORS:
        if separator not in line:
            continue
        try:
            reader = csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True)
            [found] = reader
        except (csv.Error, ValueError):
            raise Faulty("a quotation mark is out of place; put it right or take it away") from None
        if len(found) > 1 or line.startswith('"'):
            return found
    return [_unquoted(line)]


def _of(parts: list[str]) -> dict[str, str]:
    """Return what the cells of a line say, each known by its form; what is left is the name."""
    found: dict[str, str] = {}
    names = []
    for text in filter(None, (part.strip() for part in parts)):
        kind, values = _address(text)
        if kind:
            found[kind] = "\n".join(filter(None, (found.get(kind), *values)))
        else:
            names.append(text)
    if not names:
        only = next(iter(found.values()), "")
        raise Passed(f"no name, only {quoted(only)}" if only else "an empty row")
    if len(names) > 1:
        raise Faulty(
            f"it cannot be told what {quoted(names[1])} is; put quotation marks around a name with "
            "a comma, or a header above the columns, such as Name,Job Title"
        )
    if not is_name(names[0]):
        raise Faulty(f"{quoted(names[0])} is not clearly a name; write a name, or Name <address>")
    return {"name": names[0], **found}


def _address(text: str) -> tuple[str, tuple[str, ...]]:
    """Return of what kind an address is, and each of it; no kind if it is none."""
    if "@" in text and (read := cells.emails(text)).values and not read.left:
        return "email", read.values
    is_site = cells.is_url(text) or text.lower().startswith("linkedin.com/")
    if is_site and (read := cells.urls(text)).values and not read.left:
        return "url", read.values
    return ("phone", (text,)) if cells.is_phone(text) else ("", ())


def is_name(text: str) -> bool:
    """Whether a text may be a name: a few words, and no sign that names do not have."""
    words = text.split()
    if len(text) > _LONGEST_NAME or not 1 <= len(words) <= _MOST_WORDS or _NO_NAME.search(text):
        return False
    is_prose = len(words) >= _WORDS_OF_PROSE and (text[0].islower() or text[-1] == ".")
    return any(c.isalpha() for c in text) and text.isprintable() and not is_prose
