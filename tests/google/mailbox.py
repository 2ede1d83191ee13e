"""A mailbox in memory, which a test changes and which remembers its changes as Gmail does."""

from __future__ import annotations

import bisect
import threading
from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from tests.google.errors import GoogleError, not_found
from tests.google.generated import Generated, Headers, Mail

TEXT: Final = "The text of a message, which nobody may fetch."
"""The text of every message: a test can look whether it turns up where it should not."""
_NUMBER_BITS: Final = 20
_FIRST_HISTORY: Final = 1_000_000


class Change(NamedTuple):
    """A record of the history: what happened to a message."""

    id: int
    message: str
    thread: str
    added: bool = False
    deleted: bool = False
    labelled: tuple[str, ...] = ()
    unlabelled: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()
    """All labels of the message around then."""


class Stored(NamedTuple):
    """A message with its ids."""

    id: str
    thread: str
    history_id: int
    mail: Mail


class Mailbox:
    """The messages of one person; everything can be done from any thread."""

    def __init__(self, email: str, messages: int = 0) -> None:
        self.email = email
        self.aliases: list[str] = []
        self._lock = threading.RLock()
        self._base = Generated(messages, email)
        self._added: dict[int, tuple[Mail, str]] = {}
        self._order: list[tuple[int, int]] = []
        self._labels: dict[int, tuple[str, ...]] = {}
        self._touched: dict[int, int] = {}
        self._gone: set[int] = set()
        self._next = messages
        self._changes: list[Change] = []
        self.history_id = self._oldest_history = _FIRST_HISTORY + 7 * messages

    def add(
        self,
        headers: Sequence[tuple[str, str]],
        labels: Sequence[str] = ("INBOX", "UNREAD"),
        at: int | None = None,
        thread: str | None = None,
    ) -> str:
        """Put a message in.

        Args:
            headers: as they stand in the message.
            labels: ids of labels.
            at: when Google took it, in milliseconds since 1970; else a minute after the newest.
            thread: the thread it belongs to; else it begins one.

        Returns:
            Its id.
        """
        with self._lock:
            number, self._next = self._next, self._next + 1
            when = self._newest_at() + 60_000 if at is None else at
            mail = Mail(tuple(headers), tuple(labels), when, number)
            id = _id(when, number)
            self._added[number] = (mail, thread or id)
            bisect.insort(self._order, (when, number))
            self._record(number, id, added=True)
            return id

    def delete(self, id: str) -> None:
        """Delete a message for good."""
        with self._lock:
            number = self._number(id)
            self._record(number, id, deleted=True)
            self._gone.add(number)

    def trash(self, id: str) -> None:
        """Put a message in the trash; Gmail says that the label TRASH is added."""
        self.label(id, ["TRASH"])

    def untrash(self, id: str) -> None:
        """Take a message out of the trash."""
        self.label(id, [], ["TRASH"])

    def label(self, id: str, add: Collection[str] = (), remove: Collection[str] = ()) -> None:
        """Add and remove labels; both together are one record of the history."""
        with self._lock:
            number = self._number(id)
            old = self._labels_of(number)
            gained = tuple(one for one in add if one not in old)
            lost = tuple(one for one in remove if one in old)
            kept = tuple(one for one in old if one not in lost)
            if gained or lost:
                self._labels[number] = kept + gained
                self._record(number, id, labelled=gained, unlabelled=lost)

    def expire_history(self) -> None:
        """Forget the history: a start id of before is a 404 from now on.

        It lasts a week or, in rare circumstances, hours (discovery document, users.history.list).
        """
        with self._lock:
            self._advance(self.history_id)
            self._oldest_history = self.history_id
            self._changes.clear()

    def get(self, id: str) -> Stored:
        """Return a message; GoogleError 404 if there is none."""
        with self._lock:
            return self._stored(self._number(id))

    def labels(self, id: str) -> frozenset[str]:
        """Return the labels of a message; none if it is gone."""
        with self._lock:
            try:
                return frozenset(self._labels_of(self._number(id)))
            except GoogleError:
                return frozenset()

    def newest_first(
        self, after: tuple[int, int] | None = None, labels: Collection[str] = ()
    ) -> Iterator[tuple[tuple[int, int], str]]:
        """Return places and ids of the messages that come after a place, newest first."""
        wanted = set(labels)
        for at, number in self._merged(after):
            with self._lock:
                if number in self._gone or not wanted.issubset(self._labels_of(number)):
                    continue
            yield (at, number), _id(at, number)

    def ids(self) -> list[str]:
        """Return the ids of all messages, newest first, trash and spam too."""
        return [id for _, id in self.newest_first()]

    def changes(self, start: int) -> list[Change]:
        """Return what happened after a start id.

        Raises:
            GoogleError: 404, the id is too old or was never handed out.
        """
        with self._lock:
            if not self._oldest_history <= start <= self.history_id:
                raise not_found()
            begin = bisect.bisect_right(self._changes, start, key=lambda change: change.id)
            return self._changes[begin:]

    def __len__(self) -> int:
        """Return how many messages there are, trash and spam too."""
        return self._next - len(self._gone)

    # everything below is called with the lock held, but for _merged

    def _merged(self, after: tuple[int, int] | None) -> Iterator[tuple[int, int]]:
        base = self._base
        added, place = list(self._order), after or (2**62, 0)
        left = bisect.bisect_left(added, place)
        right = bisect.bisect_left(range(base.n), place, key=lambda i: (base.at(i), i))
        while left or right:
            one = added[left - 1] if left else (-1, -1)
            other = (base.at(right - 1), right - 1) if right else (-1, -1)
            if one > other:
                left -= 1
                yield one
            else:
                right -= 1
                yield other

    def _number(self, id: str) -> int:
        try:
            number = int(id, 16) & ((1 << _NUMBER_BITS) - 1)
        except ValueError:
            raise not_found() from None
        known = number < self._next and number not in self._gone
        if not known or _id(self._at(number), number) != id:
            raise not_found()
        return number

    def _at(self, number: int) -> int:
        return self._base.at(number) if number < self._base.n else self._added[number][0].at

    def _labels_of(self, number: int) -> tuple[str, ...]:
        if number in self._labels:
            return self._labels[number]
        if number < self._base.n:
            return self._base.labels(number)
        return self._added[number][0].labels

    def _thread(self, number: int) -> str:
        if number >= self._base.n:
            return self._added[number][1]
        first = number - number % 3
        return _id(self._base.at(first), first)

    def _stored(self, number: int) -> Stored:
        mail = self._base.mail(number) if number < self._base.n else self._added[number][0]
        mail = mail._replace(labels=self._labels_of(number))
        touched = self._touched.get(number, _FIRST_HISTORY + 7 * (number + 1))
        return Stored(_id(mail.at, number), self._thread(number), touched, mail)

    def _newest_at(self) -> int:
        newest = self._order[-1][0] if self._order else 0
        return max(newest, self._base.at(self._base.n - 1) if self._base.n else 1_770_000_000_000)

    def _record(
        self,
        number: int,
        id: str,
        *,
        added: bool = False,
        deleted: bool = False,
        labelled: tuple[str, ...] = (),
        unlabelled: tuple[str, ...] = (),
    ) -> None:
        self._advance(number)
        self._touched[number] = self.history_id
        labels = frozenset(self._labels_of(number)) | frozenset(unlabelled)
        thread = self._thread(number)
        self._changes.append(
            Change(self.history_id, id, thread, added, deleted, labelled, unlabelled, labels)
        )

    def _advance(self, salt: int) -> None:
        # "not contiguous with random gaps" (discovery document, users.history.list)
        self.history_id += 1 + (self.history_id * 31 + salt) % 40


def _id(at: int, number: int) -> str:
    # a number of 64 bits as Gmail's are: got-your-back saw that the time is in the upper ones
    return f"{max(at, 0) << _NUMBER_BITS | number:016x}"


__all__ = ["TEXT", "Change", "Headers", "Mailbox", "Stored"]
