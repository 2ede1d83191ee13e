"""Why a row came to nothing, and how such a reason quotes what stands in it."""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 80


class Faulty(Exception):  # noqa: N818 - it ends as a Problem, not as an error
    """A row that is wrong, and what is wrong about it."""


class Passed(Exception):  # noqa: N818
    """A row that is as expected and yet no person to add, and why."""


def quoted(said: str) -> str:
    """Return what a file says as part of a line, without signs that nobody sees."""
    text = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    return f"“{text[:_LONGEST]}”"
