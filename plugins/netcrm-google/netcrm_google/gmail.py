"""What mail of one account there is: its headers, read once, and after that what changed."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final

import attrs

from netcrm import Item, Known, Page
from netcrm_google.addresses import Address, person
from netcrm_google.caller import Answer, Caller, through
from netcrm_google.letters import HEADERS, Letter, letter, passed
from netcrm_google.trouble import LaterError, StaleError

FIELDS: Final = "id,threadId,labelIds,internalDate,payload/headers"
"""All that is asked for of a message: without this Google sends the beginning of its text, too."""
_NOT_MAIL: Final = frozenset({"SPAM", "TRASH", "DRAFT", "CHAT"})
_POSTMAN: Final = "mailer-daemon@googlemail.com"
"""Who says that mail could not be delivered."""
_NOT_YET: Final = "(Delay)"
"""In the subject, where it is still tried (Gmail help: fix bounced or rejected emails)."""
_LISTED: Final = 500
_PEOPLE: Final = "people"
_SOUGHT: Final = 5
"""So many addresses are searched for at once (our choice): the query stays short."""
_WORD: Final = re.compile(r"[\w.%+'-]+@[\w.-]+")
_KEPT: Final = 100
"""So many messages are read before they are kept (our choice): a stop costs no more than that."""
_AGAIN: Final = 3


class Gmail:
    """The mail of one account since a day, for `netcrm.Network.sync`.

    What Google tells of changes only says which messages to look at; what is true is the message
    itself. So nothing goes wrong if a change is told twice, late, or not in order.
    """

    def __init__(
        self,
        caller: Caller,
        account: str,
        *,
        since: date,
        me: Collection[str] = (),
        people: Collection[str] | None = None,
    ) -> None:
        """Prepare to read it.

        Args:
            caller: who asks Google.
            account: its address.
            since: from which day on.
            me: my other addresses.
            people: the addresses of those whose mail of before is searched for; what comes from now
                on is read, whoever it is with. None for all mail. It takes the permission to read
                mail whole, though no more than headers are asked for.
        """
        self.name = f"gmail {account}"
        self._caller = caller
        self._account = account
        self._since = since
        self._me = {one.lower() for one in (account, *me)}
        self._people = people
        self._users = caller.service.users()
        self._reached: tuple[float, float] | None = None

    def pages(self, known: Known) -> Iterator[Page]:
        """Yield what is new, what changed and what is gone.

        Raises:
            SignInError: I have to sign in again.
            LaterError: Google does not answer now; what was yielded need not be read again.
        """
        state = dict(known.state())
        is_read = "history" in state and state["since"] <= str(self._since)
        if self._people is None:
            is_read = is_read and _PEOPLE not in state
        for _ in range(_AGAIN):
            if not is_read:
                state = self._beginning()
            self._me |= set(state.get("me", "").split())
            if not is_read:
                yield from self._all(known, state)
            elif self._people is not None and state.get(_PEOPLE) not in (
                None,
                _digest(self._people),
            ):
                yield from self._sought(known, self._people)
                state[_PEOPLE] = _digest(self._people)
                yield Page(remember=state)
            try:
                yield from self._news(known, state)
            except StaleError:
                is_read = False
            else:
                return
        raise LaterError("Google forgets what changed faster than it is read; try again later.")

    @property
    def part(self) -> float:
        """How much of the time since the day was read, from 0 to 1, while all mail is."""
        if self._reached is None:
            return 1.0
        newest, oldest = self._reached
        whole = newest - datetime.combine(self._since, time(), UTC).timestamp()
        return min(1.0, (newest - oldest) / whole) if whole > 0 else 1.0

    def _beginning(self) -> dict[str, str]:
        """Return what to remember of a listing of everything.

        The last change is asked for before anything is listed: what comes meanwhile is after it.
        """
        profile = self._caller.call(self._users.getProfile(userId="me"))
        state = {"history": str(profile["historyId"]), "since": str(self._since)}
        if self._people is not None:
            said = self._caller.call(self._users.settings().sendAs().list(userId="me"))
            aliases = (person("", one["sendAsEmail"]) for one in said.get("sendAs", ()))
            state["me"] = " ".join(one.address for one in aliases if one)
            state[_PEOPLE] = _digest(self._people)
        return state

    # --- everything

    def _all(self, known: Known, state: Mapping[str, str]) -> Iterator[Page]:
        """Yield all that is unknown, the newest first, and then what is gone."""
        seen: set[str] = set()
        for ids in listed(self._caller, "" if self._people is None else _after(self._since)):
            seen.update(ids)
            days = known.days(ids)
            old = any(day < self._since for day in days.values())
            yield Page(back=tuple(days))
            if self._people is not None:
                continue
            for some in _parts([id_ for id_ in ids if id_ not in days], _KEPT):
                found = self._read(some)
                self._note_reached(one for one in found.values() if one)
                old = old or any(self._is_old(one) for one in found.values() if one)
                yield self._page(found, days)
            if old:
                break
        self._reached = None
        if self._people is not None:
            yield from self._sought(known, self._people)
        gone = tuple(sorted(set(known.there(self._since)) - seen))
        yield Page(gone=gone, remember=state)

    def _sought(self, known: Known, people: Collection[str]) -> Iterator[Page]:
        """Yield all mail that is unknown and with some people."""
        for query in searches(people, self._since):
            for ids in listed(self._caller, query):
                days = known.days(ids)
                for some in _parts([id_ for id_ in ids if id_ not in days], _KEPT):
                    yield self._page(self._read(some), days)

    def _note_reached(self, messages: Iterable[Answer]) -> None:
        days = [came(one).timestamp() for one in messages]
        if days:
            newest = self._reached[0] if self._reached else max(days)
            self._reached = newest, min(days)

    # --- what changed

    def _news(self, known: Known, state: Mapping[str, str]) -> Iterator[Page]:
        """Yield what changed since the last time, and remember up to where that is."""
        look: dict[str, bool] = {}
        gone: set[str] = set()
        newest = state["history"]
        ask = self._users.history().list
        for answer in through(
            self._caller,
            lambda more: ask(
                userId="me", startHistoryId=state["history"], maxResults=_LISTED, **more
            ),
        ):
            newest = str(answer.get("historyId", newest))
            for change in answer.get("history", ()):
                _note(change, look, gone)
        days = known.days(look)
        unsure = [id_ for id_, surely in look.items() if surely or id_ not in days]
        for some in _parts(unsure, _KEPT):
            yield self._page(self._read(some), days)
        if gone or newest != state["history"]:
            yield Page(gone=tuple(sorted(gone)), remember={**state, "history": newest})

    # --- messages

    def _read(self, ids: Iterable[str]) -> dict[str, Answer | None]:
        get = self._users.messages().get
        return dict(
            self._caller.each(
                lambda id_: get(
                    userId="me",
                    id=id_,
                    format="metadata",
                    metadataHeaders=list(HEADERS),
                    fields=FIELDS,
                ),
                ids,
            )
        )

    def _page(self, found: Mapping[str, Answer | None], known: Collection[str]) -> Page:
        """Return what some messages tell; None stands for one that is there no more."""
        items, gone, back, skipped = [], [], [], Counter[str]()
        for id_, message in found.items():
            if message is None or not _NOT_MAIL.isdisjoint(message.get("labelIds", ())):
                gone.append(id_)
            elif id_ in known:
                back.append(id_)  # what its headers say never changes
            elif self._is_old(message):
                skipped[f"older than {self._since}"] += 1
            else:
                item, reason = self._item(message)
                items.append(item)
                skipped.update([reason] if reason else [])
        return Page(items=tuple(items), gone=tuple(gone), back=tuple(back), skipped=skipped)

    def _item(self, message: Answer) -> tuple[Item, str]:
        """Return what a message tells; with nobody, and the reason, where it is for no network."""
        said = letter(message.get("payload", {}).get("headers", ()))
        what = passed(said, is_sent="SENT" in message.get("labelIds", ()), me=self._me)
        item = Item(
            key=message["id"],
            ref=f"rfc822:{said.message_id}"
            if said.message_id
            else f"gmail:{self._account}:{message['id']}",
            at=came(message),
            people=(),
            channel="email",
            direction="inbound",
            bounced=_bounced(said),
        )
        if isinstance(what, str):
            return item, what
        whole = attrs.evolve(
            item,
            people=_said(what.people),
            copied=_said(what.copied),
            direction=what.direction,
            subject=said.subject,
            thread=message.get("threadId", ""),
        )
        return whole, ""

    def _is_old(self, message: Answer) -> bool:
        return came(message).date() < self._since


def listed(caller: Caller, query: str = "") -> Iterator[list[str]]:
    """Yield the ids of all messages, or of those searched for, the newest first, some at a time."""
    ask = caller.service.users().messages().list
    found = {"q": query} if query else {}
    for answer in through(
        caller,
        lambda more: ask(
            userId="me", maxResults=_LISTED, fields="messages/id,nextPageToken", **found, **more
        ),
    ):
        yield [one["id"] for one in answer.get("messages", ())]


def searches(people: Collection[str], since: date) -> Iterator[str]:
    """Yield what finds all mail with some people since a day, by their addresses.

    Gmail may find more than that. An address that would be more than one word is not searched for.
    """
    words = sorted(one.lower() for one in people if _WORD.fullmatch(one))
    for some in _parts(words, _SOUGHT):
        fields = (f"{field}:{one}" for one in some for field in ("from", "to", "cc", "bcc"))
        yield f"{{{' '.join(fields)}}} {_after(since)}"


def _after(day: date) -> str:
    return f"after:{datetime.combine(day, time(), UTC).timestamp():.0f}"


def _digest(people: Collection[str]) -> str:
    """Return what tells whether it is the same people."""
    return hashlib.blake2b("\n".join(sorted(people)).encode(), digest_size=8).hexdigest()


def _bounced(said: Letter) -> tuple[str, ...]:
    """Return whom Gmail could not reach for good; nobody else may say so of anybody."""
    is_gmail = said.sender is not None and said.sender.address == _POSTMAN
    return said.failed if is_gmail and _NOT_YET not in said.subject else ()


def _note(change: Mapping[str, Any], look: dict[str, bool], gone: set[str]) -> None:
    """Note which messages to look at, surely or only if they are unknown, and which are gone."""
    for one in change.get("messagesAdded", ()):
        look.setdefault(one["message"]["id"], False)
    for one in (*change.get("labelsAdded", ()), *change.get("labelsRemoved", ())):
        if not _NOT_MAIL.isdisjoint(one.get("labelIds", ())):
            look[one["message"]["id"]] = True
    for one in change.get("messagesDeleted", ()):
        look.pop(one["message"]["id"], None)
        gone.add(one["message"]["id"])


def _said(people: Iterable[Address]) -> tuple[dict[str, str], ...]:
    return tuple({"email": one.address, "name": one.name} for one in people)


def came(message: Answer) -> datetime:
    """Return when a message came, which its sender cannot make up."""
    return datetime.fromtimestamp(int(message["internalDate"]) / 1000, UTC)


def _parts(ids: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
