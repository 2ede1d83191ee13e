"""Fixtures that make exports up: nobody in them exists."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from netcrm import Batch
from netcrm_linkedin import LinkedInExport


@pytest.fixture
def read() -> Callable[[Path | str], Batch]:
    """Read a path as `netcrm import linkedin` does; all its batches together."""

    def read_path(path: Path | str) -> Batch:
        batches = list(LinkedInExport(str(path)).batches())
        return Batch(
            sightings=tuple(row for batch in batches for row in batch.sightings),
            exchanges=tuple(row for batch in batches for row in batch.exchanges),
            problems=tuple(row for batch in batches for row in batch.problems),
        )

    return read_path


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[..., Path]:
    """Make a ZIP of some members and return its path."""

    def make(
        members: Mapping[str, str | bytes], name: str = "Basic_LinkedInDataExport.zip"
    ) -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return path

    return make
