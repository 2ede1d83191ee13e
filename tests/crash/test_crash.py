"""A commit that is struck at any of its system calls is whole or not at all."""

import errno
import functools
import json
import shutil
import signal
from pathlib import Path

import pytest

from netcrm.storage.contract import Record
from tests.crash import LONG, harness
from tests.crash.harness import OPERATIONS, Child, contact, contents, operation, put

pytestmark = pytest.mark.usefixtures("tracing")

ERRORS = ("ENOSPC", "EACCES", "EROFS", "EMFILE") if LONG else ("ENOSPC",)
FAILING = ["once", "keep"]
ALL = ["die", *FAILING]
WRITES = ["half", "short"]
MANY = 100 if LONG else 10
"""How many calls to strike at where there are hundreds or thousands."""
LOG = 30
"""So many commits fill more than the 1,000 pages after which SQLite copies its log to the file."""
OLD = Path(__file__).parents[1] / "old/layout-1.json"

sweep = functools.partial(harness.sweep, most=None if LONG else 15)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_commit_is_there_or_not_whenever_it_is_killed(backend, begun, name):
    assert sweep(backend, begun, operation(name), "die") > 10


@pytest.mark.parametrize("mode", FAILING)
@pytest.mark.parametrize("name", OPERATIONS if LONG else ["add", "delete"])
def test_a_commit_is_kept_or_refused_whatever_fails(backend, begun, name, mode):
    assert sweep(backend, begun, operation(name), mode) > 10


@pytest.mark.parametrize("mode", WRITES)
@pytest.mark.parametrize("name", OPERATIONS if LONG else ["edit"])
def test_half_a_write_is_as_good_as_none(backend, begun, name, mode):
    assert sweep(backend, begun, operation(name), mode) > 0


@pytest.mark.parametrize("mode", [*ALL, *WRITES] if LONG else ["die", "keep"])
def test_the_first_commit_is_whole_or_not_at_all(backend, tmp_path, mode):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert sweep(backend, empty, operation("bulk"), mode, most=MANY) > 0


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("mode", FAILING if LONG else ["keep"])
@pytest.mark.parametrize("name", ["add", "delete"] if LONG else ["edit"])
def test_every_error_is_told_and_changes_nothing(backend, begun, name, mode, error):
    assert sweep(backend, begun, operation(name), mode, getattr(errno, error)) > 10


# --- commits that nobody has tidied up


def _commit_beside_a_reader(backend, folder):
    def work(say):
        with backend.opened(folder) as reader, reader.begin(write=False) as view:
            view.count("contact")
            with backend.opened(folder) as writer:
                for rev in range(1, LOG):
                    with writer.begin(write=True) as transaction:
                        transaction.put([(contact(3, rev + 1, "x" * 40_000), rev)])
                say("written")
                signal.pause()

    return work


@pytest.mark.parametrize("mode", [*ALL, *WRITES] if LONG else ["die"])
def test_tidying_up_after_many_commits_loses_nothing(backend, begun, mode):
    child = Child(_commit_beside_a_reader(backend, begun))
    assert child.line() == "written"
    child.kill()
    assert sweep(backend, begun, operation("add"), mode, most=MANY) > 0


# --- a network that an older version wrote


@pytest.fixture
def old(backend, tmp_path):
    """A folder with a network of layout 1."""
    folder = tmp_path / "old"
    path = backend.path(folder)
    if path.suffix == OLD.suffix:
        path.parent.mkdir(parents=True)
        shutil.copy(OLD, path)
        return folder
    with backend.opened(folder) as storage:
        for kind, table in json.loads(OLD.read_text("utf-8")).items():
            if kind != "netcrm":
                put(
                    storage,
                    *(Record(kind, id, one["doc"], one["rev"]) for id, one in table.items()),
                )
    harness.relabel(path, 1)
    return folder


@pytest.mark.parametrize("mode", [*ALL, *WRITES] if LONG else ["die"])
def test_what_is_brought_forward_is_old_or_new_and_can_be_had_back(backend, old, mode):
    path = backend.path(old)
    before = harness.image(path)
    there = _there(backend, old)

    def can_be_had_back(folder):
        path = backend.path(folder)
        kept = path.with_name(f"{path.name}.layout1")
        assert harness.image(kept) == before
        shutil.copy(kept, path)
        with backend.opened(folder) as storage:
            assert contents(storage) == there

    assert sweep(backend, old, operation("add"), mode, most=MANY, then=can_be_had_back) > 0


def _there(backend, folder):
    with harness.copied(folder) as copy, backend.opened(copy) as storage:
        return contents(storage)
