"""A table of an export: its header, found by what it says, and its rows by the names of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from netcrm import InvalidError, Problem, table
from netcrm_linkedin.tables import DELIMITERS, HEADER_WITHIN, HEADERS, column

MOST_ROWS: Final = 500_000
_QUOTED: Final = 80


class Row(NamedTuple):
    """A row: where it starts and what it says by column, or what is wrong with it."""

    line: int
    said: dict[str, str]
    fault: str = ""

    def get(self, name: str) -> str:
        """Return what stands in a column, without blanks around it; nothing if there is none."""
        return self.said.get(name, "")


class Faulty(Exception):  # noqa: N818 - it ends as a Problem, not as an error
    """A row that is wrong, and what is wrong about it."""


class Passed(Exception):  # noqa: N818
    """A row that is as expected and yet nothing to take in, and why."""


def problem(file: str, line: int, why: Faulty | Passed) -> Problem:
    """Return what became of a row that came to nothing."""
    if isinstance(why, Passed):
        return Problem(line=line, file=file, reason=str(why), kind="skipped")
    return Problem(line=line, file=file, reason=str(why))


def headed(
    name: str, data: bytes, is_header: Callable[[list[str]], bool], wanted: str
) -> tuple[list[str], Iterator[table.Row]]:
    """Return the header, wherever it stands among the first rows, and the rows below it.

    Raises:
        InvalidError: there is none. *wanted* says what it should have been.
    """
    if not data or data.isspace():
        raise InvalidError(f"{name} is empty; download the export from LinkedIn again")
    if data.startswith(b"%PDF"):
        raise InvalidError(f"{name} is a PDF; import the ZIP from LinkedIn or a CSV file of it")
    if data[:1_000].lstrip().lower().startswith((b"<!doctype", b"<html")):
        raise InvalidError(
            f"{name} is a web page; sign in to LinkedIn and download the export again"
        )
    codec = table.encoding(name, data)
    for delimiter in DELIMITERS:
        rows = table.rows(name, data, codec, delimiter)
        for _, cells in islice(rows, HEADER_WITHIN):
            if not isinstance(cells, str) and is_header(cells):
                return cells, rows
    raise InvalidError(
        f"{name} has no columns {wanted} in its first {HEADER_WITHIN} rows; import the ZIP from "
        "LinkedIn or a CSV file of it"
    )


def rows(name: str, data: bytes, kind: str) -> Iterator[Row]:
    """Yield the rows of a table; blank lines are none.

    Raises:
        InvalidError: it has not the columns of such a table, or more rows than any has.
    """
    *others, last = HEADERS[kind]
    wanted = set(map(column, HEADERS[kind]))
    header, below = headed(
        name,
        data,
        lambda cells: wanted <= set(map(column, cells)),
        f"{', '.join(others)} and {last}",
    )
    places: dict[str, int] = {}
    for place, cell in enumerate(header):
        places.setdefault(column(cell), place)
    for count, (line, cells) in enumerate(below):
        if count == MOST_ROWS:
            raise InvalidError(f"{name} has over {MOST_ROWS:,} rows; split it into several files")
        if cells:
            yield _row(line, cells, places, len(header))


def _row(line: int, cells: list[str] | str, places: dict[str, int], width: int) -> Row:
    """Return a row by its columns. Cells may be missing at the end, but there are none too many."""
    if isinstance(cells, str):
        return Row(line, {}, cells)
    if len(cells) > width:
        many = f"{len(cells)} cells, but the header has {width}"
        return Row(line, {}, f"{many}; perhaps a comma needs quotation marks")
    said = {key: cells[place].strip() for key, place in places.items() if place < len(cells)}
    if "\0" in "".join(said.values()):
        return Row(line, {}, "damaged: it holds NUL characters; download the file again")
    return Row(line, {key: value for key, value in said.items() if value})


def checked(row: Row) -> None:
    """Pass on a row that says something.

    Raises:
        Faulty: it cannot be read.
        Passed: all its cells are empty.
    """
    if row.fault:
        raise Faulty(row.fault)
    if not row.said:
        raise Passed("an empty row")


def quoted(said: str) -> str:
    """Return what a file says as it may stand in a reason."""
    return ascii(said[:_QUOTED]) if not said[:_QUOTED].isprintable() else repr(said[:_QUOTED])
