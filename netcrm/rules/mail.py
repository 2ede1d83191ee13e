"""How does a draft get into a mail program? As a file to open, as a link, or among its drafts."""

from __future__ import annotations

import bisect
import unicodedata
from collections.abc import Callable, Iterable
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final, NamedTuple
from urllib.parse import quote

import attrs

from netcrm.errors import InvalidError
from netcrm.rules.drafts import Draft

LONGEST_LINK: Final = 2_000
"""Characters of a mailto: link; Windows takes 2,083 of them (Microsoft, on Internet Explorer)."""
_CUT: Final = " […]"
_LONGEST_ADDRESS: Final = 254
"""Characters of an e-mail address (RFC 5321, with erratum 1690)."""
_ROOM_FOR_SUBJECT: Final = 500
"""Characters of a link, so that there is room for the text. Our choice."""
_LONGEST: Final = 180
"""Characters of a name or subject, so that a line with it has 998 octets at most (RFC 5322)."""
_POLICY: Final = SMTP.clone(max_line_length=998)  # folding a name breaks it in some readers


class Mailbox(NamedTuple):
    """An e-mail address, and whose it is."""

    address: str
    name: str = ""


@attrs.frozen(kw_only=True)
class DraftFolder:
    """Where drafts wait until I send them, such as those of Gmail; a plugin offers it.

    `put` is given a draft, as a message without a sender (RFC 5322), and the account that the user
    named, empty if none. It adds the draft there, sends nothing, and returns in words where it is.
    """

    name: str
    summary: str
    put: Callable[[bytes, str], str]


def message(
    draft: Draft, to: Mailbox, from_: Mailbox | None = None, *, also: Iterable[Mailbox] = ()
) -> bytes:
    """Return a draft as a message.

    Without *from_* it has no sender, and the program puts its own. *also* are others it goes to.

    Raises:
        InvalidError: an address is none.
    """
    made = EmailMessage(policy=_POLICY)
    made["To"] = [_address(box) for box in (to, *also)]
    if from_ is not None:
        made["From"] = _address(from_)
    made["Subject"] = _line(draft.subject)
    made.set_content(_whole(draft.text))
    return made.as_bytes()


def eml(
    draft: Draft, to: Mailbox, from_: Mailbox | None = None, *, also: Iterable[Mailbox] = ()
) -> bytes:
    """Return a draft as an .eml file, which mail programs open as a message yet to be sent.

    The arguments are those of `message`.
    """
    return b"X-Unsent: 1\r\n" + message(draft, to, from_, also=also)


def mailto(draft: Draft, to: Mailbox, *, also: Iterable[Mailbox] = ()) -> str:
    """Return a link that opens a mail program with the draft in it; *also* are others it goes to.

    It has at most `LONGEST_LINK` characters: a longer text is cut, which […] at its end shows.

    Raises:
        InvalidError: the address is none.
    """
    address = ",".join(quote(_address(box).addr_spec, safe="@") for box in (to, *also))
    subject = quote(_cut(_line(draft.subject), _ROOM_FOR_SUBJECT), safe="")
    head = f"mailto:{address}?subject={subject}&body="
    text = "\r\n".join(_whole(draft.text).splitlines())
    return head + quote(_cut(text, LONGEST_LINK - len(head)), safe="")


def _address(box: Mailbox) -> Address:
    try:
        local, _, domain = box.address.rpartition("@")
        plain = f"{local}@{domain.encode('idna').decode()}"
        if len(plain) <= _LONGEST_ADDRESS:
            return Address(_line(box.name), addr_spec=plain)
    except (ValueError, IndexError, MessageError):
        pass
    raise InvalidError(f"{box.address[:80]!r} is not an e-mail address that a message can go to")


def _line(text: str) -> str:
    """Return the start of a text as a line that no header can be slipped into, encoded or not."""
    seen = "".join(
        " " if unicodedata.category(char) == "Cc" else char for char in _whole(text)[:_LONGEST]
    )
    return " ".join(seen.split()).replace("=?", "= ?")


def _whole(text: str) -> str:
    """Return a text without halves of characters, which cannot be written."""
    return text.encode(errors="replace").decode()


def _length(text: str) -> int:
    """Return how many characters of a link a text takes."""
    return len(quote(text, safe=""))


def _cut(text: str, room: int) -> str:
    """Return as much of a text as a part of a link has room for, up to the end of a word."""
    if len(text) <= room and _length(text) <= room:
        return text
    room -= _length(_CUT)
    fits = bisect.bisect_right(range(room + 1), room, key=lambda count: _length(text[:count])) - 1
    kept, blank, _ = text[:fits].rpartition(" ")
    return (kept if blank else text[:fits]).rstrip() + _CUT
