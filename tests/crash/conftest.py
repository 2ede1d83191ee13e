"""Every test takes its backend from here."""

from __future__ import annotations

import os
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.crash import tracer
from tests.crash.harness import BACKENDS, begin_with

MEMORY = "/dev/shm"

collect_ignore_glob = [] if hasattr(os, "fork") else ["test_*.py"]


@pytest.fixture
def tmp_path(tmp_path):
    """In memory where it can be: killing tells nothing of a disk, but waits for it."""
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(params=BACKENDS)
def backend(request):
    found = BACKENDS[request.param]
    package = found.module.partition(".")[0]
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    return found


@pytest.fixture(scope="session")
def tracing():
    """Tests that strike at system calls; elsewhere they are skipped, and this says why."""
    if reason := tracer.missing():
        pytest.skip(reason)


@pytest.fixture
def begun(backend, tmp_path):
    """A folder with a network that some commits were made to."""
    folder = tmp_path / "begun"
    begin_with(backend, folder)
    return folder
