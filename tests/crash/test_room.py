"""Who finds no room to write is told so, loses nothing, and goes on once there is room."""

import pytest

from tests.crash import LONG, harness, room
from tests.crash.harness import commit, contents, operation

ROOMS = 10 if LONG else 4


def test_no_room_is_told_and_changes_nothing(backend, begun):
    with backend.opened(begun) as storage:
        before = contents(storage)
    files = harness.files(begun)
    largest = max(map(len, files.values()))
    refused = 0
    for size in range(0, largest + 1, largest // (ROOMS - 1)):
        ending = room.commit_within(backend, begun, operation("add"), size)
        with backend.opened(begun) as storage:
            found = contents(storage)
        if ending.done:
            assert not backend.whole
            break
        refused += 1
        (said,) = ending.said
        assert said.startswith("StorageError: ")
        assert str(begun) in said
        assert not backend.whole or harness.files(begun) == files
        assert found == before
    assert refused
    harness.check_files(begun)
    work = "edit" if ending.done else "add"
    assert commit(backend, begun, operation(work)).done
    with backend.opened(begun) as storage:
        assert len(contents(storage)) == len(before) + 2


@pytest.mark.skipif(not LONG, reason="only in the long run")
def test_a_full_disk_is_told_and_changes_nothing(backend, tmp_path):
    ran = room.fill_small_disk(backend, tmp_path)
    if ran is None:
        pytest.skip("no disk can be made here")
    assert ran.stdout.startswith("full after"), ran.stderr
