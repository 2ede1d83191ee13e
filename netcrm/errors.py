"""Everything netcrm can refuse, each with the exit code that the command line returns for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable


class NetcrmError(Exception):
    """The root: one line that says what is wrong and what to do next."""

    exit_code: ClassVar[int] = 1


class InvalidError(NetcrmError, ValueError):
    """A value that cannot be stored, or text that cannot be understood."""


class NotFoundError(NetcrmError, LookupError):
    """Nothing has that name or id; `suggestions` lists names that are close."""

    def __init__(self, message: str, suggestions: Iterable[str] = ()) -> None:
        self.suggestions = tuple(suggestions)
        if self.suggestions:
            message = f"{message} Did you mean {' or '.join(self.suggestions)}?"
        super().__init__(message)


class AmbiguousError(NetcrmError, LookupError):
    """A name that fits several people; `candidates` lists (handle, name) of each.

    `what` says it otherwise, where not all that it fits are people.
    """

    exit_code = 3

    def __init__(
        self, query: str, candidates: Iterable[tuple[str, str]], *, what: str = "several people"
    ) -> None:
        self.query = query
        self.candidates = tuple(candidates)
        listed = ", ".join(f"{name} ({handle})" for handle, name in self.candidates)
        super().__init__(f"“{query}” fits {what}: {listed}. Use the word in brackets.")


class StorageError(NetcrmError, OSError):
    """The storage cannot be read or written; nothing was changed."""

    exit_code = 4


class ConflictError(NetcrmError):
    """The record was changed by somebody else since it was read; read it again and retry."""


class RefusedError(NetcrmError):
    """A safety rule says no; the message says how to insist."""

    exit_code = 5


class BusyError(NetcrmError, TimeoutError):
    """Another program is writing to the same network; nothing is lost, try again."""

    exit_code = 75


class SignInError(NetcrmError):
    """A service wants to be signed in to, again or for the first time; nothing is lost."""

    exit_code = 77


class PluginError(NetcrmError):
    """A plugin failed, or two plugins claim one name; the message names them."""
