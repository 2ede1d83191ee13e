"""The tracer tells what is called, and strikes where it says."""

import contextlib
import errno
import os
import signal
import time

import pytest

from tests.crash.harness import Child
from tests.crash.tracer import Strike

pytestmark = pytest.mark.usefixtures("tracing")


def _write_a_file(folder):
    def work(say):
        handle = os.open(folder / "a", os.O_WRONLY | os.O_CREAT)
        for call in (lambda: os.write(handle, b"12345678"), lambda: os.close(handle)):
            try:
                say(f"{call()}")
            except OSError as error:
                say(errno.errorcode[error.errno])
        (folder / "a").rename(folder / "b")

    return work


def _strike(folder, at, mode, error=errno.EIO):
    ending = Child(_write_a_file(folder), traced=True).struck(folder, Strike(at, mode, error))
    return ending, {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_tells_all_calls_on_the_files_of_a_folder(tmp_path):
    ending, left = _strike(tmp_path, 0, "once")
    assert [call.name for call in ending.made] == ["openat", "write", "close", "rename"]
    assert {call.path for call in ending.made} == {str(tmp_path / "a")}
    assert ending.said == ["8", "None", "closed"]
    assert left == {"b": b"12345678"}


@pytest.mark.parametrize(
    ("at", "mode", "said", "left"),
    [
        (1, "die", [], {}),
        (2, "die", [], {"a": b""}),
        (4, "die", ["8", "None"], {"a": b"12345678"}),
        (1, "half", [], {"a": b"1234"}),
        (1, "short", ["4", "None", "closed"], {"b": b"1234"}),
        (2, "once", ["EIO", "None", "closed"], {"b": b""}),
        (3, "once", ["8", "EIO", "closed"], {"b": b"12345678"}),
        (2, "keep", ["4", "EIO", "OSError"], {"a": b"1234"}),
        (1, "keep", ["OSError"], {}),
    ],
)
def test_each_mode_does_what_it_says(tmp_path, at, mode, said, left):
    ending, found = _strike(tmp_path, at, mode)
    assert [line.partition(":")[0] for line in ending.said] == said
    assert ending.killed == (mode in ("die", "half"))
    assert found == left


def test_the_error_is_the_one_that_was_asked_for(tmp_path):
    ending, _ = _strike(tmp_path, 2, "once", errno.ENOSPC)
    assert ending.said[0] == "ENOSPC"


def test_signals_arrive(tmp_path):
    def work(say):
        signal.signal(signal.SIGUSR1, lambda *_: say("arrived"))
        os.kill(os.getpid(), signal.SIGUSR1)

    ending = Child(work, traced=True).struck(tmp_path, Strike(0, "once"))
    assert ending.said == ["arrived", "closed"]


def test_no_child_survives_who_follows_it(tmp_path):
    def sleep(say):
        say("asleep")
        time.sleep(60)

    def follow(say):
        child = Child(sleep, traced=True)
        say(str(child.pid))
        child.struck(tmp_path, Strike(0, "once"))

    follower = Child(follow)
    child = int(follower.line())
    time.sleep(0.05)
    started = time.monotonic()
    follower.kill()  # and reads until the child, which holds the pipe too, is gone
    assert time.monotonic() - started < 10
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
