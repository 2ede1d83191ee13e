"""A table with a header: which people it names, and what becomes of each row."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from netcrm import Batch, InvalidError, Problem, Sighting, table
from netcrm_tables import cells, columns, layout, place, titles, typed
from netcrm_tables.columns import Columns
from netcrm_tables.dates import Order
from netcrm_tables.faults import Faulty, Passed, quoted
from netcrm_tables.said import DATES, Said, Sense

MOST_ROWS: Final = typed.MOST_ROWS
MOST_COLUMNS: Final = 1_000
_LINE_END: Final = re.compile("\r\n?")
_SAMPLE: Final = 50
_NAMING: Final = frozenset({"name", "given", "family", "email", "phone"})
_READ: Final = frozenset({"email", "phone", "url", "source", *DATES})
"""What values have to be read as; where they cannot be, they are kept under the title."""
_NO_SLIP: Final = frozenset({"email", "note", "name", "given"})


class _Table(NamedTuple):
    """A table whose header was understood: its columns and the rows below, blank lines left out."""

    header: tuple[str, ...]
    columns: Columns
    rows: list[table.Row]


def list_name(
    called: str, data: bytes, name: str, lists: Mapping[str, Mapping[str, str]]
) -> tuple[str, tuple[str, ...]]:
    """Return what to call a list, and what to say of that.

    It is *name*, unless another one of *lists* is called so: one that has other columns.
    """
    _, codec = place.read_text(called, data)
    written = layout.find(called, data, codec)
    there = {titles.plain(title) for title in (written.header if written else ())}
    for number in itertools.count(1):
        free = name if number == 1 else f"{name}-{number}"
        before = set(map(titles.plain, lists[free])) if free in lists else there
        if before == there or 2 * len(before & there) > min(len(before), len(there)):
            break
    if free == name:
        return name, ()
    said = f"It has other columns than {name} before, so it is taken for another list: {free}."
    return free, (f"{said} If it is the same: -o list={name}",)


def read(
    called: str,
    data: bytes,
    list_name: str,
    own: Mapping[str, str],
    before: Mapping[str, str] | None = None,
    notes: tuple[str, ...] = (),
) -> Batch:
    """Return every row of a table as a sighting or a problem, and what its columns were taken for.

    What the user says of columns in *own* goes before what they were taken for *before*.

    Raises:
        InvalidError: it is no table of people, or nobody is in it.
    """
    text, codec = place.read_text(called, data)
    found = _table(called, data, codec, own, before or {})
    if found is None:
        return typed.read(called, text, list_name, notes)
    sense = _sense(found)
    sightings: list[Sighting] = []
    problems: list[Problem] = []
    seen: dict[object, int] = {}
    for line, row in found.rows:
        try:
            fitted = _fitted(row, found)
            said = Said.of(fitted, sense).person()
            if (first := seen.setdefault(tuple(fitted), line)) != line:
                raise Passed(f"the same as line {first}")
        except Faulty as fault:
            problems.append(Problem(line=line, reason=str(fault)))
        except Passed as reason:
            problems.append(Problem(line=line, reason=str(reason), kind="skipped"))
        else:
            sightings.append(Sighting(line=line, said={**said, "list": list_name}))
    return Batch(
        sightings=tuple(sightings),
        problems=tuple(problems),
        notes=(*notes, f"Columns: {found.columns}.", *_unread(found.columns, sightings)),
        remember={list_name: found.columns.by_title},
    )


def _unread(known: Columns, sightings: Sequence[Sighting]) -> Iterator[str]:
    """Yield for each column with values that could not be taken as what it means, how many."""
    for column in known:
        if column.meaning in _READ:
            left = [one.said[column.key] for one in sightings if column.key in one.said]
            if left:
                yield (
                    f"{columns.shown(column.title)}: {len(left):,} could not be taken as "
                    f"{column.meaning}, such as {quoted(left[0])}; kept as it is."
                )


def columns_found(called: str, data: bytes, own: Mapping[str, str]) -> Columns:
    """Return what each column of a table is taken for; none if it has no header.

    Raises:
        InvalidError: as for `read`.
    """
    text, codec = place.read_text(called, data)
    found = _table(called, data, codec, own, {})
    if found is None:
        typed.read(called, text, "")
        return Columns()
    return found.columns


def _table(
    called: str, data: bytes, codec: str, own: Mapping[str, str], before: Mapping[str, str]
) -> _Table | None:
    """Return the table in a file, or None if it has no header."""
    written = layout.find(called, data, codec, own)
    if written is None:
        if own:
            raise InvalidError(
                f"{called} has no header with {quoted(next(iter(own)))} in it; put a line above "
                "the people that says what the columns are, such as Name,E-mail,Company"
            )
        return None
    if len(written.header) > MOST_COLUMNS:
        raise InvalidError(
            f"{called} has over {MOST_COLUMNS:,} columns; take out what is not about people"
        )
    rows: list[table.Row] = []
    for line, row in table.rows(called, data, codec, written.separator):
        if line <= written.line or not row:
            continue
        if len(rows) == MOST_ROWS:
            raise InvalidError(f"{called} has over {MOST_ROWS:,} rows; import it in parts")
        rows.append((line, row))
    sample = [row for _, row in rows[:_SAMPLE] if not isinstance(row, str)]
    try:
        there = set(map(titles.plain, written.header))
        again = {title: word for title, word in before.items() if titles.plain(title) in there}
        known = columns.guess(written.header, again | dict(own), sample)
    except InvalidError as error:
        raise InvalidError(f"{called}: {error}") from None
    _check(called, known, rows)
    return _Table(written.header, known, rows)


def _check(called: str, known: Columns, rows: list[table.Row]) -> None:
    if not _NAMING & {column.meaning for column in known}:
        raise InvalidError(
            f"{called} has no column that is known to hold names, e-mail addresses or phone "
            "numbers; say which one does, as in “Title of the column” = name"
        )
    if not rows:
        raise InvalidError(f"{called} has a header and nobody below it; export the list again")


def _sense(found: _Table) -> Sense:
    """Return what the table as a whole tells about its cells."""
    usual: Order = "month first" if titles.is_of_outlook(found.header) else ""
    whole = [row for _, row in found.rows if not isinstance(row, str)]
    return Sense.of(found.columns, whole, usual)


def _fitted(row: list[str] | str, found: _Table) -> list[str]:
    """Return a row as wide as the header, without blanks around its cells.

    Raises:
        Faulty: its values do not stand in their columns.
        Passed: it is no person's.
    """
    if isinstance(row, str):
        raise Faulty(row)
    values = [_LINE_END.sub("\n", cell).strip("\ufeff\u200b \t\n") for cell in row]
    if not any(values):
        raise Passed("an empty row")
    if tuple(map(layout.bare, row)) == found.header:
        raise Passed("the header again")
    if cells.is_summary(values):
        raise Passed("a summary, not a person")
    width = len(found.columns)
    widths = f"{len(values)} cells, but the header has {width}"
    if any(values[width:]):
        raise Faulty(f"{widths}; perhaps a value with a separator in it needs quotation marks")
    if len(values) < width and (slip := _slip(values, found.columns)):
        raise Faulty(f"{widths}, and {slip}; add the missing cell")
    values = values[:width] + [""] * (width - len(values))
    if slip := _slip_of_email(values, found.columns):
        raise Faulty(f"{slip}; perhaps a cell is missing or too many")
    return values


def _slip(values: Sequence[str], known: Columns) -> str:
    """Return what shows that the values of a short row are not in their columns, or nothing."""
    meanings = {column.meaning for column in known}
    for value, column in zip(values, known, strict=False):
        if not value:
            continue
        alien = (
            ("email" in meanings and cells.is_email(value) and _is_slip(column, "mail"))
            or ("url" in meanings and cells.is_url(value) and _is_slip(column, "url"))
            or (column.meaning == "email" and "@" not in value)
            or (column.meaning == "phone" and not cells.phones(value).values)
            or (column.meaning == "url" and not cells.profiles(value).values)
            or (column.meaning in DATES and not any(c.isdecimal() for c in value))
            or (column.meaning in ("kin", "placeholder") and bool(cells.yes(value).left))
        )
        if alien:
            return f"{quoted(value)} stands in the column {quoted(column.title)}"
    return ""


def _is_slip(column: columns.Column, kind: str) -> bool:
    """Whether an address of that kind has no place in a column."""
    fine = column.meaning in (_NO_SLIP | {kind})
    return not fine and kind not in titles.plain(column.title)


def _slip_of_email(values: Sequence[str], known: Columns) -> str:
    """Return what shows that a row of the right width slid: the e-mail address stands elsewhere."""
    pairs = list(zip(values, known, strict=True))
    wrong = any(value and "@" not in value for value, column in pairs if column.meaning == "email")
    for value, column in pairs:
        if wrong and column.meaning not in ("email", "note", titles.KEEP) and cells.is_email(value):
            return f"an e-mail address stands in the column {quoted(column.title)}"
    return ""
