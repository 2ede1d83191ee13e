"""What separates the cells of a file, and where its header stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, NamedTuple

from netcrm import table
from netcrm_tables import titles

_SEPARATORS: Final = ",;\t|"
_HEADER_WITHIN: Final = 20
_LOOKED_AT: Final = 50


class Layout(NamedTuple):
    """How a table is written: its separator, its header, and the line on which that stands."""

    separator: str
    header: tuple[str, ...]
    line: int


def find(name: str, data: bytes, codec: str, own: Iterable[str] = ()) -> Layout | None:
    """Return how a table is written, or None if nothing in it is a header.

    Chosen is what makes most sense: the row whose titles are understood best, then the separator
    with which the rows below it are as wide as it is. *own* are titles that the user knows of.

    Raises:
        InvalidError: too many lines are damaged.
    """
    best: tuple[tuple[int, float, int, int], Layout] | None = None
    wanted = {titles.plain(title) for title in own} - {""}
    for order, separator in enumerate(_SEPARATORS):
        rows = list(islice(table.rows(name, data, codec, separator), _LOOKED_AT))
        for index, (line, cells) in enumerate(rows[:_HEADER_WITHIN]):
            if isinstance(cells, str):
                continue
            header = tuple(bare(cell) for cell in cells)
            sense = _sense(header, wanted)
            if not sense:
                continue
            below = [row for _, row in rows[index + 1 :] if row]
            merit = (sense, _share(below, len(header)), -order, -index)
            if best is None or merit > best[0]:
                best = merit, Layout(separator, header, line)
    return best and best[1]


def _sense(header: Sequence[str], wanted: set[str]) -> int:
    """Return how many titles of a row are understood; none if it is no header."""
    asked = len({titles.plain(cell) for cell in header} & wanted)
    if not asked and not titles.is_header(header):
        return 0
    return asked * 100 + sum(1 for cell in header if titles.claims(cell))


def _share(rows: Sequence[list[str] | str], width: int) -> float:
    """Return how many of the rows are as wide as the header, as a share of them."""
    fitting = sum(1 for cells in rows if not isinstance(cells, str) and len(cells) == width)
    return fitting / len(rows) if rows else 0.0


def bare(cell: str) -> str:
    """Return a title without what nobody sees: marks of the encoding, and blanks."""
    return " ".join(cell.replace("\ufeff", "").replace("\u200b", "").split())
