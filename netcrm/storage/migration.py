"""Documents of an older layout brought forward, in whatever backend they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from netcrm.storage.contract import SCHEMA, Record, Transaction


def forward(transaction: Transaction, schema: int) -> None:
    """Bring the documents of layout *schema* to that of today, within a transaction that writes.

    A backend calls it when it finds an older number than `SCHEMA`, having kept a copy if it can,
    and stores `SCHEMA` in the same transaction. Revisions stay as they are.
    """
    for older in range(schema, SCHEMA):
        _STEPS[older](transaction)


def _images_of_their_own(transaction: Transaction) -> None:
    """From 1 to 2: what a commit changed stood inside it; now each has a record of its own."""
    if "commit" not in transaction.kinds:
        return
    with_images = [commit for commit in transaction.scan("commit") if "before" in commit.doc]
    for commit in with_images:
        doc = dict(commit.doc)
        for number, old in enumerate(doc.pop("before")):
            doc.setdefault(old.get("fate", "changed"), {}).setdefault(old["kind"], []).append(
                old["id"]
            )
            image = {"kind": old["kind"], "record": old["id"], "was": old["rev"], "doc": old["doc"]}
            record = Record("before", f"{commit.id}-{number:06}", image, commit.rev)
            transaction.put([(record, 0)])
        transaction.put([(commit._replace(doc=doc), commit.rev)])


_STEPS: Final[dict[int, Callable[[Transaction], None]]] = {1: _images_of_their_own}
