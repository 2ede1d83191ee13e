"""Messages in every form they were exported in: who wrote what to whom, and when."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, Literal, NamedTuple

from netcrm import Batch, Exchange, Problem
from netcrm_linkedin.dates import read_moment, written
from netcrm_linkedin.people import Party
from netcrm_linkedin.plain import plain
from netcrm_linkedin.roster import Letter, Owner, Roster
from netcrm_linkedin.sheet import Faulty, Passed, Row, checked, problem, quoted, rows

Way = Literal["outbound", "inbound"]

_WAYS: Final[dict[str, Way]] = {"OUTGOING": "outbound", "INCOMING": "inbound"}
_YES: Final = frozenset({"true", "yes", "1"})
_DRAFT: Final = ("ismessagedraft", "isconversationdraft")
_SPONSORED_START: Final = '<p class="spinmail-quill-editor__spin-break">'
_SPONSORED_TITLE: Final = "sponsored conversation"
_PLACEHOLDER: Final = re.compile("%(?:FIRST|LAST|COMPANY|JOB)_?[A-Z]*%")
_FILE_NAME: Final = re.compile(r"[^/\\:?#]{1,80}\.[A-Za-z0-9]{1,5}")
_MOST_FILES: Final = 5
_WHOSE: Final = (
    "nothing says whose messages these are, so not who wrote to whom either; import the whole "
    "export, or the ZIP, with Profile.csv in it"
)


class _Message(NamedTuple):
    """An exchange, but for what makes it one of several that are alike."""

    line: int
    at: datetime | date
    way: Way
    people: tuple[Party, ...]
    sender: Party
    subject: str
    text: str
    thread: str
    ref: str


def read(
    name: str, data: bytes, file: str, me: Iterable[Party] = (), names: Iterable[str] = ()
) -> Batch:
    """Return every message as an exchange or a problem.

    What is known of *me*, and the *names* of people, help to tell who is who. It is read twice:
    who is who is known only at the end.

    Raises:
        InvalidError: it is no table of messages.
    """
    roster = Roster(names)
    has_ways = True
    for row in rows(name, data, "messages"):
        if row.said:
            letter = Letter.of(row)
            roster.add(letter)
            has_ways = has_ways and letter.way in _WAYS
    owner = roster.owner(me)
    messages: list[_Message] = []
    problems: list[Problem] = []
    for row in rows(name, data, "messages"):
        if not (owner or has_ways):
            return Batch(problems=(Problem(line=1, file=file, reason=_WHOSE),))
        try:
            messages.append(_message(row, roster, owner or Owner()))
        except (Faulty, Passed) as why:
            problems.append(problem(file, row.line, why))
    return Batch(exchanges=_told_apart(messages, file), problems=tuple(problems))


def _message(row: Row, roster: Roster, owner: Owner) -> _Message:
    checked(row)
    if any(row.get(column).lower() in _YES for column in _DRAFT):
        raise Passed("a draft, which was never sent")
    at = read_moment(row.get("date"))
    if at is None:
        raise Faulty(f"{quoted(row.get('date'))} is not a date that can be read for certain")
    letter = Letter.of(row)
    way = _WAYS.get(letter.way) or ("outbound" if owner.is_(letter.sender) else "inbound")
    if way == "inbound" and _is_sponsored(row):
        raise Passed("advertising: a sponsored message")
    text = plain(row.get("content"))
    if not text and not row.get("attachments"):
        raise Passed("nothing in it: a reaction, or a message that was deleted")
    who = _written_to if way == "outbound" else _written_by
    return _Message(
        line=row.line,
        at=at,
        way=way,
        people=who(letter, roster, owner),
        sender=letter.sender,
        subject=plain(row.get("subject") or row.get("conversationtitle")),
        text=text or _attached(row.get("attachments")),
        thread=row.get("conversationid"),
        ref=_ref(letter, written(row.get("date"), at), way, text),
    )


def _is_sponsored(row: Row) -> bool:
    content = row.get("content")
    return (
        row.get("folder").upper() == "SPAM"
        or row.get("conversationtitle").lower() == _SPONSORED_TITLE
        or content.startswith(_SPONSORED_START)
        or _PLACEHOLDER.search(content) is not None
    )


def _written_to(letter: Letter, roster: Roster, owner: Owner) -> tuple[Party, ...]:
    """Return to whom I wrote.

    Raises:
        Passed: nobody is left of them, or it was to myself.
    """
    partner = None if letter.urls else roster.partner(letter, owner)
    everybody = [partner] if partner else roster.recipients(letter)
    if not everybody:
        raise Passed("to somebody who left LinkedIn" if letter.to else "does not say to whom")
    return _others(everybody, owner) or _nobody("to nobody but yourself")


def _written_by(letter: Letter, roster: Roster, owner: Owner) -> tuple[Party, ...]:
    """Return who wrote to me, and to whom else: of a single recipient I know that it is me.

    Raises:
        Passed: nobody is left who wrote it.
    """
    if not letter.sender.key:
        raise Passed("does not say from whom, or is from somebody who left LinkedIn")
    others = roster.recipients(letter)
    if len(others) == 1 and not (others[0].url and owner.urls):
        others = []
    if not owner.names and not owner.urls:
        others = []
    return _others([letter.sender, *others], owner) or _nobody("from yourself to yourself")


def _others(people: Iterable[Party], owner: Owner) -> tuple[Party, ...]:
    """Return all but me, each once."""
    return tuple({party.key: party for party in people if not owner.is_(party)}.values())


def _nobody(why: str) -> tuple[Party, ...]:
    raise Passed(why)


def _attached(cell: str) -> str:
    """Return a text for a message of nothing but files, with their names if it gives names."""
    files = [part.strip() for part in re.split(r"[,;\n]", cell) if part.strip()]
    if files and all(map(_FILE_NAME.fullmatch, files)):
        more = " ..." if len(files) > _MOST_FILES else ""
        return f"(attachment: {', '.join(files[:_MOST_FILES])}{more})"
    return "(attachment)"


def _ref(letter: Letter, when: str, way: Way, text: str) -> str:
    """Return what tells a message from all others, in every export that has it.

    Blanks do not count: exports until 2025 lack the line breaks. Nor does the sender's name or
    address, which may have changed by the next export.
    """
    bare = "".join(unicodedata.normalize("NFC", text).split())
    words = hashlib.sha256(bare.encode("utf-8", "replace")).hexdigest()
    whole = "\0".join((letter.conversation, when, way, words))
    return f"message:{when}:{hashlib.sha256(whole.encode('utf-8', 'replace')).hexdigest()[:24]}"


def _told_apart(messages: list[_Message], file: str) -> tuple[Exchange, ...]:
    """Return the messages, those that are alike numbered. The order of the rows does not count."""
    alike: dict[str, list[_Message]] = {}
    for message in messages:
        alike.setdefault(message.ref, []).append(message)
    numbers: dict[int, int] = {}
    for some in alike.values():
        if len(some) > 1:
            some.sort(key=lambda message: (message.sender.key, message.people, message.subject))
            numbers |= {message.line: number for number, message in enumerate(some, start=1)}
    return tuple(_exchange(message, numbers.get(message.line, 1), file) for message in messages)


def _exchange(message: _Message, number: int, file: str) -> Exchange:
    return Exchange(
        line=message.line,
        file=file,
        at=message.at,
        people=tuple(party.said for party in message.people),
        ref=message.ref if number == 1 else f"{message.ref}:{number}",
        channel="linkedin_message",
        direction=message.way,
        subject=message.subject,
        text=message.text,
        thread=message.thread,
    )
