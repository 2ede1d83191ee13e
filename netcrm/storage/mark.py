"""The mark of a storage that holds only part of a copy, so that nobody takes it for a whole one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from netcrm.errors import RefusedError
from netcrm.storage.contract import Record, Transaction

MARK: Final = "copying"
"""The kind of the mark; there is at most one. No copy, sum or export counts it in."""


def mark_of(view: Transaction) -> Record | None:
    """Return the mark, or None where all is whole."""
    return next(iter(view.get(MARK, [MARK])), None)


def mark(view: Transaction, doc: Mapping[str, Any]) -> None:
    """Mark a storage, until `unmark`."""
    was = mark_of(view)
    view.put([(Record(MARK, MARK, doc, 1), was.rev if was else 0)])


def unmark(view: Transaction) -> None:
    """Say that all is whole."""
    was = mark_of(view)
    view.delete([was] if was else [])


def refuse_part(view: Transaction, location: str) -> None:
    """Let nobody take part of a copy for a network.

    Raises:
        RefusedError: it is marked; the message says how to finish it.
    """
    found = mark_of(view)
    if found is None:
        return
    begun, kept = found.doc.get("from"), found.doc.get("kept")
    raise RefusedError(
        f"{location}: is not whole: copying {begun} to it is under way, or was broken off. "
        f"To finish it, run the same command again, or: netcrm restore {begun}"
        + (f" (What was here before is in {kept})" if kept else "")
    )
