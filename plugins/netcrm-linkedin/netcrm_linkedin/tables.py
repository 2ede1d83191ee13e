"""Which tables of an export are understood: what their files are called, and their headers."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from netcrm import InvalidError, table

DELIMITERS: Final = ",;\t"
HEADER_WITHIN: Final = 20

_FILES: Final = {
    "connections": "connections",
    "messages": "messages",
    "invitations": "invitations",
    "recommendations_received": "recommendations_received",
    "recommendations_given": "recommendations_given",
    "profile": "profile",
    "positions": "positions",
    "education": "education",
    "contacts": "contacts|imported ?contacts",
}
_NAMES: Final = {
    kind: re.compile(rf"(?:{names})(?:_[0-9]+)?\.csv", re.IGNORECASE)
    for kind, names in _FILES.items()
}
HEADERS: Final = {
    "messages": ("From", "To", "Date", "Content"),
    "invitations": ("From", "To", "Sent At"),
    "recommendations": ("First Name", "Last Name", "Text", "Creation Date"),
    "profile": ("First Name", "Last Name", "Headline"),
    "positions": ("Company Name", "Title", "Started On"),
    "education": ("School Name", "Start Date"),
    "contacts": ("First Name", "Last Name", "Phone Numbers"),
}
"""The columns by which a table is known. All others may be missing."""


def column(name: str) -> str:
    """Return the name of a column as it is compared: `First Name` and `FirstName` are one."""
    return "".join(c for c in name.lower() if c.isalnum())


def by_name(file: str) -> str:
    """Return which table a file is by its name; nothing if it is none that is understood."""
    return next((kind for kind, name in _NAMES.items() if name.fullmatch(file)), "")


def by_header(file: str, data: bytes) -> str:
    """Return which table a file is, by its header; where that says nothing, by its name.

    Raises:
        InvalidError: they are recommendations, and nothing says of whom.
    """
    found = _headed(file, data)
    if found != "recommendations":
        return found or by_name(file) or "connections"
    ways = [way for way in ("received", "given") if way in file.lower()]
    if len(ways) != 1:
        raise InvalidError(
            f"{file} holds recommendations, but not whether they were received or given; name it "
            "Recommendations_Received.csv or Recommendations_Given.csv"
        )
    return f"recommendations_{ways[0]}"


def _headed(file: str, data: bytes) -> str:
    try:
        codec = table.encoding(file, data)
        for delimiter in DELIMITERS:
            for _, cells in islice(table.rows(file, data, codec, delimiter), HEADER_WITHIN):
                names = set() if isinstance(cells, str) else set(map(column, cells))
                for kind, header in HEADERS.items():
                    if names.issuperset(map(column, header)):
                        return kind
    except InvalidError:
        pass  # whoever reads it next says so in better words
    return ""
