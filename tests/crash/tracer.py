"""Follows the system calls that a child makes on the files of a folder, and strikes at one of them.

It works below Python, so also where a library written in C makes the calls.
"""

import contextlib
import ctypes
import errno
import os
import platform
import signal
import sys
import warnings
from pathlib import Path
from typing import NamedTuple

REGISTERS = 27
ARGUMENTS = (14, 13, 12, 7, 9, 8)
"""Which registers hold the arguments of a call."""
NUMBER, ANSWER = 15, 10
"""The registers that hold which call it is, and afterwards what came of it."""
NO_CALL = 2**64 - 1
PAGE = 4096
HERE = -100  # AT_FDCWD: a path begins at the working directory

TRACE_ME, SET_USER, GET_REGISTERS, GO_ON, SET_OPTIONS = 0, 6, 12, 24, 0x4200
TELL_CALLS_FROM_SIGNALS, DIE_WITH_ME = 1, 0x100000
A_CALL = 0x85  # SIGTRAP, marked


class Call(NamedTuple):
    """A system call, and which of its arguments say what file it is about."""

    name: str
    handle: int | None
    path: int | None


def _calls(handle: int | None, path: int | None, **numbers: int) -> dict[int, Call]:
    return {number: Call(name, handle, path) for name, number in numbers.items()}


CALLS = {
    **_calls(
        0, None, read=0, write=1, close=3, fstat=5, pread64=17, pwrite64=18, writev=20, fcntl=72,
        flock=73, fsync=74, fdatasync=75, ftruncate=77, fchmod=91, fchown=93, getdents64=217,
        fallocate=285, pwritev=296, copy_file_range=326,
    ),
    **_calls(4, None, mmap=9),
    **_calls(
        None, 0, open=2, stat=4, lstat=6, access=21, truncate=76, rename=82, mkdir=83, rmdir=84,
        creat=85, link=86, unlink=87, readlink=89, chmod=90, chown=92,
    ),
    **_calls(
        0, 1, openat=257, mkdirat=258, newfstatat=262, unlinkat=263, renameat=264, linkat=265,
        readlinkat=267, fchmodat=268, faccessat=269, utimensat=280, renameat2=316, statx=332,
        faccessat2=439,
    ),
}  # fmt: skip
LOOKING = {
    "read", "fstat", "pread64", "getdents64", "stat", "lstat", "access", "readlink", "newfstatat",
    "readlinkat", "faccessat", "statx", "faccessat2",
}  # fmt: skip
"""Calls that change nothing: who dies at one leaves what he left before it."""
SLEEPING = {35, 230}
"""Calls that return at once: who waits for a lock that fails for good would take all day."""
EVERY = {call.name for call in CALLS.values()}
WRITING = {"write", "pwrite64"}
MODES = {
    "die": EVERY - LOOKING,  # before the call
    "half": WRITING,  # die when half of the bytes are written
    "short": WRITING,  # write half of the bytes and say so, as the system may
    "once": EVERY,  # fail
    "keep": EVERY,  # fail from here on; a write that is the first to fail is cut short
}


class Strike(NamedTuple):
    """What to do at the n-th of the calls that a mode is about; at 0 nothing."""

    at: int
    mode: str
    error: int = errno.EIO


class Made(NamedTuple):
    """A call that was made."""

    name: str
    path: str


class Traced(NamedTuple):
    """The calls that could be struck, and how the process ended, as `os.waitpid` says it."""

    made: list[Made]
    status: int


_ptrace = ctypes.CDLL(None, use_errno=True).ptrace if sys.platform == "linux" else None
if _ptrace is not None:
    _ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
    _ptrace.restype = ctypes.c_long


def _ask(request: int, pid: int, address: int, data: object) -> None:
    if _ptrace(request, pid, address, data) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"ptrace {request}: {os.strerror(number)}")


def fork() -> int:
    """Fork, although other threads of a test runner are not in the child."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def submit() -> None:
    """In the child: stop, and let the parent follow."""
    _ask(TRACE_ME, 0, 0, None)
    os.kill(os.getpid(), signal.SIGSTOP)


def follow(pid: int, folder: str, strike: Strike) -> Traced:
    """In the parent: let a child that submits itself run to its end, and strike."""
    tracee = _Tracee(pid, folder, strike)
    try:
        _, status = os.waitpid(pid, 0)
        if os.WIFSTOPPED(status):
            status = _to_its_end(pid, tracee)
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    return Traced(tracee.made, status)


def _to_its_end(pid: int, tracee: "_Tracee") -> int:
    _ask(SET_OPTIONS, pid, 0, TELL_CALLS_FROM_SIGNALS | DIE_WITH_ME)
    entering, passed_on = True, 0
    while True:
        with contextlib.suppress(ProcessLookupError):  # it was killed
            _ask(GO_ON, pid, 0, passed_on)
        _, status = os.waitpid(pid, 0)
        if not os.WIFSTOPPED(status):
            return status
        stopped_by = os.WSTOPSIG(status)
        passed_on = 0 if stopped_by == A_CALL else stopped_by
        if stopped_by == A_CALL:
            (tracee.enter if entering else tracee.leave)()
            entering = not entering


def missing() -> str:
    """Return why nothing can be followed here; mostly nothing."""
    if sys.platform != "linux" or platform.machine() != "x86_64" or sys.maxsize < 2**32:
        return "system calls are followed on Linux on x86_64 only"
    pid = fork()
    if not pid:
        try:
            submit()
        finally:
            os._exit(0)
    try:
        followed = follow(pid, "/nowhere", Strike(0, "once")).status == 0
    except OSError:
        followed = False
    return "" if followed else "this machine lets no process follow another"


class _Tracee:
    """A child that stands still at the beginning or the end of a system call."""

    def __init__(self, pid: int, folder: str, strike: Strike) -> None:
        self.pid = pid
        self.folder = folder
        self.strike = strike
        self.made: list[Made] = []
        self._answer: int | None = None
        self._dies = False

    def enter(self) -> None:
        """Strike, if it is the moment."""
        registers = (ctypes.c_ulonglong * REGISTERS)()
        _ask(GET_REGISTERS, self.pid, 0, ctypes.addressof(registers))
        if registers[NUMBER] in SLEEPING:
            self._make_up(0)
        call = CALLS.get(registers[NUMBER])
        if call is None or call.name not in MODES[self.strike.mode]:
            return
        path = self._path(call, [registers[place] for place in ARGUMENTS])
        if f"{path}/".startswith(f"{self.folder}/"):
            self.made.append(Made(call.name, path))
            self._strike(call.name, registers[ARGUMENTS[2]])

    def leave(self) -> None:
        """Give the answer that was made up for the call, if any."""
        if self._dies:
            os.kill(self.pid, signal.SIGKILL)
        if self._answer is not None:
            self._set(ANSWER, self._answer)
            self._answer = None

    def _strike(self, name: str, size: int) -> None:
        at, mode, error = self.strike
        now = len(self.made) == at
        if now and (mode in ("half", "short") or (mode == "keep" and name in WRITING)):
            self._set(ARGUMENTS[2], size // 2)
            self._dies = mode == "half"
        elif now and mode == "die":
            self._set(NUMBER, NO_CALL)
            os.kill(self.pid, signal.SIGKILL)
        elif now or (mode == "keep" and len(self.made) > at > 0):
            self._make_up(2**64 - error, do=name == "close")  # it lets go even if it fails

    def _make_up(self, answer: int, *, do: bool = False) -> None:
        if not do:
            self._set(NUMBER, NO_CALL)
        self._answer = answer

    def _set(self, register: int, value: int) -> None:
        _ask(SET_USER, self.pid, 8 * register, value)

    def _path(self, call: Call, arguments: list[int]) -> str:
        """Return the file that a call is about; something senseless if it is about none."""
        handle = HERE if call.handle is None else ctypes.c_int(arguments[call.handle]).value
        link = Path(f"/proc/{self.pid}", "cwd" if handle == HERE else f"fd/{handle}")
        try:
            where = link.readlink()
            if call.path is not None:
                where /= self._text(arguments[call.path])
        except OSError:
            return ""
        return os.path.normpath(where)

    def _text(self, address: int) -> str:
        with Path(f"/proc/{self.pid}/mem").open("rb", buffering=0) as memory:
            text = b""
            while b"\0" not in text:  # a page at a time: the next may not be there
                memory.seek(address + len(text))
                text += memory.read(PAGE - (address + len(text)) % PAGE)
        return os.fsdecode(text.partition(b"\0")[0])
