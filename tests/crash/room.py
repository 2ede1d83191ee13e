"""Commits without room to write: files may not grow, or the disk is full."""

import resource
import shutil
import subprocess
import sys
from pathlib import Path

from netcrm.errors import StorageError
from netcrm.storage.contract import Record, Storage
from tests.crash import harness
from tests.crash.harness import BACKENDS, Backend, Contents, Ending, Work, contact, contents, put

FULL = ("No space left", "full", "File too large")


def commit_within(backend: Backend, folder: Path, work: Work, size: int) -> Ending:
    """Do some work in a process that may write no file larger than *size*."""

    def limited(storage: Storage) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        work(storage)

    return harness.commit(backend, folder, limited)


def fill(backend: Backend, folder: Path) -> str:
    """Commit until a small disk is full, make room, go on; return what came of it."""
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(300_000))
    kept: Contents = {}
    for n in range(1000):
        before = harness.files(folder)
        record = contact(n, note="x" * 20_000)
        refusal = _refusal(backend, folder, record)
        if refusal:
            break
        kept[record.kind, record.id] = record
    assert any(word in refusal for word in FULL), refusal
    assert len(kept) > 3
    assert not backend.whole or harness.files(folder) == before
    ballast.unlink()
    with backend.opened(folder) as storage:
        assert contents(storage) == kept
    assert not _refusal(backend, folder, record)
    with backend.opened(folder) as storage:
        assert contents(storage) == {**kept, (record.kind, record.id): record}
    harness.check_files(folder)
    return f"full after {len(kept)}"


def _refusal(backend: Backend, folder: Path, record: Record) -> str:
    try:
        with backend.opened(folder) as storage:
            put(storage, record)
    except StorageError as error:
        return str(error)
    return ""


def fill_small_disk(backend: Backend, folder: Path) -> subprocess.CompletedProcess[str] | None:
    """Run `fill` on a disk of 1 MB; None where this machine does not let us make one."""
    if shutil.which("unshare") is None:
        return None
    script = 'mount -t tmpfs -o size=1m tmpfs "$1" || exit 77; exec "$2" -m "$3" "$1" "$4"'
    arguments = [str(folder), sys.executable, __name__, backend.name]
    ran = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", script, "sh", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    denied = ran.returncode == 77 or "unshare" in ran.stderr
    return None if denied else ran


if __name__ == "__main__":
    print(fill(BACKENDS[sys.argv[2]], Path(sys.argv[1])))
