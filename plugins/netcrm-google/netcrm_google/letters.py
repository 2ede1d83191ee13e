"""What do the headers of a message say: who wrote to whom, and was it a person at all?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final, Literal, NamedTuple

from netcrm_google.addresses import Address, addresses, decoded

HEADERS: Final = (
    "From", "To", "Cc", "Bcc", "Reply-To", "Subject", "Message-ID", "List-Id", "List-Unsubscribe",
    "Precedence", "Auto-Submitted", "X-Failed-Recipients",
)  # fmt: skip
"""What to ask Gmail for, and all that is ever read."""

_LONGEST_SUBJECT: Final = 300
"""Characters of a subject; of a longer one the beginning counts (our choice)."""
_LONGEST_ID: Final = 998
"""Characters of a Message-ID: those of a line (RFC 5322)."""
_ID: Final = re.compile(r"<([^<>\s]+)>")
_BARE_ID: Final = re.compile(r"[^<>\s]+")
_WORD: Final = re.compile(r"[a-z-]+")
_BULK: Final = frozenset({"bulk", "junk", "list"})
# A machine by what stands before the @, of which dots, hyphens, underscores and + part the words.
# The first kind may stand anywhere, as in calendar-notification and jobs-noreply; the second only
# in front, for there may be a Jane Bounce.
_MACHINE: Final = re.compile(
    "-(?:no-?reply|do-?not-?reply|mailer-?daemon|notifications?|notify)-"
    "|^-(?:bounces?|auto-?reply|newsletters?|alerts?|postmaster)-"
)
_BETWEEN: Final = re.compile(r"[._+=-]+")


class Letter(NamedTuple):
    """One message, as far as its headers tell.

    `message_id` is without angle brackets, and empty if it has none that can be used; `failed` are
    the addresses that a message of mine did not reach, if this one says so.
    """

    message_id: str
    sender: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    is_automatic: bool
    failed: tuple[str, ...]

    @property
    def is_bounce(self) -> bool:
        """Whether it says that a message came back."""
        return bool(self.failed)


class Passed(NamedTuple):
    """What passed between me and others.

    People are those it was between; the copied got it too, which is no touch. Nobody is in both.
    There are no people where I put everybody in Cc.
    """

    direction: Literal["inbound", "outbound"]
    people: tuple[Address, ...]
    copied: tuple[Address, ...]


def letter(headers: Iterable[Mapping[str, str]]) -> Letter:
    """Return what the headers of a message say, given as Gmail's `payload.headers`.

    Names are in any case. Of headers that stand there twice all addresses count, in order; of the
    subject and the Message-ID the first. Of what I sent, Gmail tells me those in Bcc, too.
    """
    said = _said(headers)
    sender = next(iter([*_people(said, "from"), *_people(said, "reply-to")]), None)
    failed = dict.fromkeys(one.address for one in _people(said, "x-failed-recipients"))
    return Letter(
        message_id=_message_id(said),
        sender=sender,
        to=(*_people(said, "to"), *_people(said, "bcc")),
        cc=_people(said, "cc"),
        subject=decoded(next(iter(said.get("subject", ())), ""))[:_LONGEST_SUBJECT].rstrip(),
        is_automatic=bool(failed) or _is_automatic(said, sender),
        failed=tuple(failed),
    )


def passed(letter: Letter, *, is_sent: bool, me: Collection[str], most: int = 15) -> Passed | str:
    """Return what passed between me and others, or in plain English why nothing did.

    What I sent, or what is from an address of mine, is outbound: those in To are the people of it,
    those in Cc are copied. All else is inbound, and between its sender and me: whoever else got it
    had nothing from me, nor I from them. I am left out everywhere.

    Args:
        letter: What the headers say.
        is_sent: Whether Gmail has it among the sent mail, so that whoever sent it is me.
        me: My addresses, in any case.
        most: How many people a letter may concern; with more it is a circular.
    """
    mine = {address.casefold() for address in me}
    sender = letter.sender
    if is_sent and sender:
        mine.add(sender.address.casefold())
    senders = _others([sender] if sender else [], mine)
    to, cc = _others(letter.to, mine), _others(letter.cc, mine)
    is_mine = is_sent or bool(sender and not senders)
    if letter.is_automatic and not is_mine:
        return "automatic mail"
    if len(senders | to | cc) > most:
        return f"to more than {most} people"
    people = to if is_mine else senders
    copied = [one for key, one in cc.items() if is_mine and key not in to]
    if not (people or copied):
        return "no address of anybody else"
    return Passed("outbound" if is_mine else "inbound", tuple(people.values()), tuple(copied))


def _said(headers: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    """Return the values of all headers by name, in lower case."""
    said: dict[str, list[str]] = {}
    for header in headers:
        name = header.get("name", "").strip().lower()
        said.setdefault(name, []).append(header.get("value", ""))
    return said


def _people(said: Mapping[str, Iterable[str]], name: str) -> tuple[Address, ...]:
    return tuple(one for value in said.get(name, ()) for one in addresses(value))


def _others(people: Iterable[Address], mine: Collection[str]) -> dict[str, Address]:
    """Return those who are not me by their address, each once; of two names, the first counts."""
    others: dict[str, Address] = {}
    for one in people:
        key = one.address.casefold()
        if key not in mine and not others.get(key, Address("", "")).name:
            others[key] = one
    return others


def _message_id(said: Mapping[str, Iterable[str]]) -> str:
    for value in said.get("message-id", ()):
        found = _ID.search(value) or _BARE_ID.fullmatch(value.strip())
        name = found[found.re.groups] if found else ""
        if name.isprintable() and 0 < len(name) <= _LONGEST_ID:
            return name
    return ""


def _is_automatic(said: Mapping[str, Iterable[str]], sender: Address | None) -> bool:
    if "list-id" in said or "list-unsubscribe" in said:
        return True
    if not _BULK.isdisjoint(_words(said, "precedence")):
        return True
    if any(word != "no" for word in _words(said, "auto-submitted")):
        return True
    local = sender.address.partition("@")[0] if sender else ""
    return _MACHINE.search(f"-{_BETWEEN.sub('-', local)}-") is not None


def _words(said: Mapping[str, Iterable[str]], name: str) -> list[str]:
    """Return the first word of each such header, without what may be added to it."""
    found = (_WORD.match(value.strip().lower()) for value in said.get(name, ()))
    return [match[0] for match in found if match]
