"""Where a table is, what it is called, and whether it is one at all."""

from __future__ import annotations

import re
import stat
import sys
import unicodedata
from pathlib import Path
from typing import Final

from netcrm import InvalidError, table

MOST_BYTES: Final = 50_000_000
_TYPED: Final = "standard input"
_COPY: Final = re.compile(r"\s*\([0-9]+\)$")
_NAMELESS: Final = "people"
_AS_CSV: Final = "save it as “CSV UTF-8” and import that"
_FORMS: Final = (
    (b"%pdf", f"is a PDF; open the table in a spreadsheet program, {_AS_CSV}"),
    (b"pk\x03\x04", f"is an Excel workbook or a ZIP, not a table as text; {_AS_CSV}"),
    (b"pk\x05\x06", "is an empty ZIP; import the CSV file itself"),
    (b"\xd0\xcf\x11\xe0", f"is an old Excel or Office file; {_AS_CSV}"),
    (b"{\\rtf", f"is a Word file; {_AS_CSV}"),
    (b"<!doctype", "is a web page; sign in where you got it and download the table again"),
    (b"<html", "is a web page; sign in where you got it and download the table again"),
    (b'{"', "is JSON, not a table; export the people as CSV"),
    (b"[{", "is JSON, not a table; export the people as CSV"),
    (b"begin:vcard", "is a vCard, not a table; import it as such or export the people as CSV"),
)


def find(path: str, text: str | bytes | None = None) -> tuple[str, bytes]:
    """Return what to call the table at *path* in a message, and its bytes; those of *text* if any.

    Raises:
        InvalidError: there is none, or it is no table.
    """
    called = _TYPED if path == "-" else table.shown(path)
    if text is None:
        data = standard_input() if path == "-" else _in_file(called, path)
    else:
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(data) > MOST_BYTES:
        raise InvalidError(f"{called} is larger than 50 MB, too large for a list of people")
    _check_form(called, data)
    return called, data


def standard_input() -> bytes:
    """Return what stands in standard input: no more of it than shows that it is too large.

    Raises:
        InvalidError: it cannot be read.
    """
    try:
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    except (OSError, ValueError, AttributeError) as error:
        raise InvalidError(f"{_TYPED} cannot be read ({error}); name a file instead") from None


def list_name(path: str) -> str:
    """Return the name of a list after that of its file: "Alumni 2025 (1).csv" is alumni-2025."""
    stem = "typed" if path == "-" else _COPY.sub("", Path(path).stem)
    bare = unicodedata.normalize("NFKD", stem).casefold()
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return "-".join(re.findall(r"[^\W_]+", letters)) or _NAMELESS


def read_text(called: str, data: bytes) -> tuple[str, str]:
    """Return the text of a table and how it is encoded.

    Raises:
        InvalidError: it is no text, or a damaged one.
    """
    codec = table.encoding(called, data)
    text = data.decode(codec)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InvalidError(
            f"{called} is damaged or not text: line {line} holds NUL characters; download it "
            "again, or save it as “CSV UTF-8”"
        )
    if not text.strip("\ufeff \t\r\n"):
        raise InvalidError(f"{called} is empty; export the list of people again")
    return text, codec


def _in_file(called: str, path: str) -> bytes:
    with table.readable(called):
        place = Path(path)
        mode = place.stat().st_mode
        if stat.S_ISDIR(mode):
            raise InvalidError(f"{called} is a folder; name the CSV file in it")
        if not stat.S_ISREG(mode):
            raise InvalidError(f"{called} is not a file; name a CSV file")
        with place.open("rb") as file:
            return file.read(MOST_BYTES + 1)


def _check_form(called: str, data: bytes) -> None:
    start = data[:1_000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for sign, what in _FORMS:
        if start.startswith(sign):
            raise InvalidError(f"{called} {what}")
