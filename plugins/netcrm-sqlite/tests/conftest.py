"""Storages that are closed at the end of a test, and short ways to use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from netcrm import Kind, Query, Record, Where
from netcrm.testing import KINDS
from netcrm_sqlite import SQLiteStorage


class Opened:
    """A storage of things and talks."""

    def __init__(self, path: Path, kinds: Mapping[str, Kind]) -> None:
        self.storage = SQLiteStorage(path, kinds)
        self.path = path
        self.close = self.storage.close

    @staticmethod
    def thing(record_id: str, rev: int = 1, **doc: Any) -> Record:
        return Record("thing", record_id, doc, rev)

    def put(self, *records: Record, over: int = 0) -> None:
        with self.storage.begin(write=True) as transaction:
            transaction.put([(record, over) for record in records])

    def fill(self, number: int = 30) -> None:
        """Put some things with everything in them."""
        self.put(
            *(
                self.thing(
                    f"a{n:05}", n + 1, name="Zoë", on=f"2026-01-{n % 28 + 1:02}", size=n, done=True,
                    tags=["x", "y", f"t{n % 7}"], said=f"word w{n % 9}",
                )
                for n in range(number)
            ),
            Record("talk", "t", {"at": "2026-03-01", "people": ["ana", "ben"], "said": "Ada"}, 1),
        )  # fmt: skip

    def read(self, kind: str = "thing") -> list[Record]:
        with self.storage.begin(write=False) as transaction:
            return list(transaction.scan(kind))

    def found(self, where: Where | None, kind: str = "thing") -> list[str]:
        with self.storage.begin(write=False) as transaction:
            return [record.id for record in transaction.find(Query(kind, where))]

    def everything(self) -> list[Any]:
        """Return what it answers, to all ways to ask."""
        with self.storage.begin(write=False) as view:
            kinds = self.storage.kinds
            answers: list[Any] = [list(view.scan(kind)) for kind in kinds]
            answers += [
                list(view.rows(Query(one.name), ("id", *one.fields))) for one in kinds.values()
            ]
            answers += [view.count(kind, Where("text", value="w")) for kind in kinds]
            answers.append(dict(view.latest(Query("thing"), per="tags", by="on")))
            answers.append(dict(view.latest(Query("talk"), per="people", by="at")))
            return answers


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "network.db"


@pytest.fixture
def opened(path: Path) -> Iterator[Callable[..., Opened]]:
    """Open a storage, the same as before if nothing else is said."""
    made: list[Opened] = []

    def open_storage(at: Path = path, kinds: Mapping[str, Kind] = KINDS) -> Opened:
        made.append(Opened(at, kinds))
        return made[-1]

    yield open_storage
    for one in made:
        one.close()
