"""A mailbox of any size that costs no memory: each message is made from its number when asked."""

from __future__ import annotations

import zlib
from email.utils import formatdate
from typing import Final, NamedTuple

Headers = tuple[tuple[str, str], ...]

_PEOPLE: Final = 2_000
"""How many write to me and I to them; a few of them much, most of them seldom."""
_SHOPS: Final = 400
_FIRST: Final = (
    "Aino",
    "Björn",
    "Chiara",
    "Dele",
    "Ewa",
    "Fatou",
    "Goran",
    "Hye-jin",
    "Inés",
    "Jun",
)
_LAST: Final = (
    "Abara",
    "Brandt",
    "Costa",
    "Dvořák",
    "Eriksen",
    "Faye",
    "Gül",
    "Haas",
    "Ito",
    "Jansen",
)
_NOON: Final = 1_780_000_000_000
"""When the newest was received: 28 May 2026, in milliseconds since 1970."""


class Mail(NamedTuple):
    """A message of a mailbox."""

    headers: Headers
    labels: tuple[str, ...]
    at: int
    """When Google took it, in milliseconds since 1970."""
    thread: int
    """The number of the message that its thread began with."""


class Generated:
    """Messages 0 (the oldest) to n - 1, the same ones every time."""

    def __init__(self, n: int, me: str, *, months: int = 36) -> None:
        self.n = n
        self._me = me
        self._step = months * 30 * 86_400_000 // max(n, 1)

    def at(self, number: int) -> int:
        """Return when a message was received, in milliseconds since 1970."""
        return _NOON - (self.n - 1 - number) * self._step

    def labels(self, number: int) -> tuple[str, ...]:
        """Return the labels a message has before anybody changes them."""
        kind = _chance(number, "kind", 100)
        if kind < 45:
            return ("CATEGORY_PROMOTIONS", "UNREAD", "INBOX")
        return ("CATEGORY_PERSONAL", "INBOX") if kind < 75 else ("SENT",)

    def mail(self, number: int) -> Mail:
        """Return a message."""
        labels = self.labels(number)
        common = (
            ("Subject", f"Subject {_chance(number, 'subject', 10_000)}"),
            ("Date", formatdate(self.at(number) / 1000)),
            ("Message-ID", f"<{number}.{zlib.crc32(str(number).encode()):08x}@mail.example>"),
            ("MIME-Version", "1.0"),
            ("Received", "by 2002:a05:6402:1a2b with SMTP id x" + str(number)),
            ("DKIM-Signature", "v=1; a=rsa-sha256; b=" + "B" * 300),
        )
        headers = self._addressed(number, labels) + common
        return Mail(headers, labels, self.at(number), number - number % 3)

    def _addressed(self, number: int, labels: tuple[str, ...]) -> Headers:
        me = f"Me <{self._me}>"
        if "CATEGORY_PROMOTIONS" in labels:
            shop = f"shop{_chance(number, 'shop', _SHOPS)}.example"
            return (
                ("From", f'"{shop}" <no-reply@{shop}>'),
                ("To", self._me),
                ("List-Id", f"<news.{shop}>"),
                ("List-Unsubscribe", f"<https://{shop}/u/{number}>"),
                ("Precedence", "bulk"),
            )
        somebody = _person(_seldom(number, "who"))
        also = ", ".join(
            _person(_seldom(number, f"also{i}")) for i in range(_chance(number, "also", 3))
        )
        copies = (("Cc", also),) if also else ()
        if "SENT" in labels:
            return (("From", me), ("To", somebody), *copies)
        return (("From", somebody), ("To", me), *copies)


def _chance(number: int, what: str, out_of: int) -> int:
    return zlib.crc32(f"{what} {number}".encode()) % out_of


def _seldom(number: int, what: str) -> int:
    share = _chance(number, what, 1_000_003) / 1_000_003
    return int(_PEOPLE * share**4)


def _person(number: int) -> str:
    first, last = _FIRST[number % 10], _LAST[number // 10 % 10]
    return f'"{first} {last} {number}" <p{number}@c{number % 311}.example>'
