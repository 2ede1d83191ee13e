"""From bytes to rows with line numbers, whatever a spreadsheet made of them on the way."""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from netcrm.errors import InvalidError

LONGEST_LINE: Final = 131_072
MOST_LINES: Final = 1_000
MOST_DAMAGED: Final = 1_000

Row = tuple[int, list[str] | str]
"""The line on which it starts, and its cells; or, in place of them, what is wrong with the line."""


def shown(name: str) -> str:
    """Return a file's name as it may stand in a message of one line."""
    return name if name.isprintable() and name else ascii(name)


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Say of a file, in one line, why it cannot be read and what to do.

    Raises:
        InvalidError: it cannot.
    """
    try:
        yield
    except InvalidError:
        raise
    except FileNotFoundError:
        raise InvalidError(f"{name} does not exist; check its spelling and its folder") from None
    except PermissionError:
        raise InvalidError(f"{name}: you may not read it; change its permissions") from None
    except (OSError, ValueError) as error:
        why = (isinstance(error, OSError) and error.strerror) or error
        raise InvalidError(f"{name} cannot be read ({why}); copy it elsewhere first") from None


def encoding(name: str, data: bytes) -> str:
    """Return how a file's text is encoded: UTF-8, UTF-16, or else what Windows used to write.

    Raises:
        InvalidError: it is none of these, or damaged; one wrong guess would garble every name.
    """
    codec = _utf16(data) or "utf-8-sig"
    try:
        data.decode(codec)
    except UnicodeDecodeError as error:
        if codec == "utf-8-sig" and _is_windows(data, error):
            return "cp1252"
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidError(
            f"{name} is damaged or not text: line {line} cannot be read; download it again, or "
            "save it as “CSV UTF-8”"
        ) from None
    return codec


def _utf16(data: bytes) -> str:
    """Return the kind of UTF-16 that *data* begins like, with or without its mark, or nothing."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = data[:64]
    if len(start) < 4 or any(start[1::2]) == any(start[::2]):
        return ""
    return "utf-16-le" if any(start[::2]) else "utf-16-be"


def _is_windows(data: bytes, error: UnicodeDecodeError) -> bool:
    """Whether text that is not UTF-8 is cp1252 and not damaged UTF-8.

    Windows text fails at its first accented letter. A failure after letters that were fine is
    damage, and one at the very end is a download cut short.
    """
    if error.reason == "unexpected end of data" or not data[: error.start].isascii():
        return False
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True


def rows(name: str, data: bytes, codec: str, delimiter: str) -> Iterator[Row]:
    """Yield every row; a blank line is a row without cells.

    A line with a quotation mark out of place is set aside, and reading goes on with the line below;
    otherwise the mark could swallow people.

    Raises:
        InvalidError: too many lines are damaged.
    """
    stream = io.TextIOWrapper(io.BytesIO(data), codec, newline="")
    ahead: deque[str] = deque()
    taken: list[str] = []

    def lines() -> Iterator[str]:
        while line := ahead.popleft() if ahead else next(stream, ""):
            taken.append(line)
            if len(line) > LONGEST_LINE or len(taken) > MOST_LINES:
                raise csv.Error("field larger than field limit")
            yield line

    done = 0
    for _ in range(MOST_DAMAGED):
        before = done
        reader = csv.reader(lines(), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                yield done + 1, cells
                taken.clear()
                done = before + reader.line_num
        except csv.Error as error:
            yield done + 1, _fault(error)
            ahead.extendleft(reversed(taken[1:]))
            taken.clear()
            done += 1
        else:
            return
    raise InvalidError(f"{name} has {MOST_DAMAGED:,} damaged lines; download it again")


def _fault(error: csv.Error) -> str:
    if "limit" in str(error):
        return "far too long; perhaps a quotation mark is opened here and never closed"
    return "a quotation mark is out of place; put it right or take it away"
