"""What mail of one account there is: its headers, read once, and after that what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

import attrs

from netcrm import Item, Known, Page
from netcrm_google.addresses import Address
from netcrm_google.caller import Answer, Caller, through
from netcrm_google.letters import HEADERS, letter, passed
from netcrm_google.trouble import LaterError, StaleError

FIELDS: Final = "id,threadId,labelIds,internalDate,payload/headers"
"""All that is asked for of a message: without this Google sends the beginning of its text, too."""
_NOT_MAIL: Final = frozenset({"SPAM", "TRASH", "DRAFT", "CHAT"})
_LISTED: Final = 500
_KEPT: Final = 100
"""So many messages are read before they are kept (our choice): a stop costs no more than that."""
_AGAIN: Final = 3


class Gmail:
    """The mail of one account since a day, for `netcrm.Network.sync`.

    What Google tells of changes only says which messages to look at; what is true is the message
    itself. So nothing goes wrong if a change is told twice, late, or not in order.
    """

    def __init__(
        self, caller: Caller, account: str, *, since: date, me: Collection[str] = ()
    ) -> None:
        self.name = f"gmail {account}"
        self._caller = caller
        self._account = account
        self._since = since
        self._me = frozenset(one.lower() for one in (account, *me))
        self._users = caller.service.users()

    def pages(self, known: Known) -> Iterator[Page]:
        """Yield what is new, what changed and what is gone.

        Raises:
            SignInError: I have to sign in again.
            LaterError: Google does not answer now; what was yielded need not be read again.
        """
        state = known.state()
        is_read = "history" in state and state.get("since", "") <= str(self._since)
        for _ in range(_AGAIN):
            if not is_read:
                # Asked before anything is listed: what comes meanwhile is in the history.
                state = {"history": self._newest(), "since": str(self._since)}
                yield from self._all(known, state)
            try:
                yield from self._news(known, state)
            except StaleError:
                is_read = False
            else:
                return
        raise LaterError("Google forgets what changed faster than it is read; try again later.")

    def _newest(self) -> str:
        """Return the number of the last change."""
        return str(self._caller.call(self._users.getProfile(userId="me"))["historyId"])

    # --- everything

    def _all(self, known: Known, state: Mapping[str, str]) -> Iterator[Page]:
        """Yield all that is unknown, the newest first, and then what is gone."""
        seen: set[str] = set()
        for ids in listed(self._caller):
            seen.update(ids)
            days = known.days(ids)
            old = any(day < self._since for day in days.values())
            yield Page(back=tuple(days))
            for some in _parts([id_ for id_ in ids if id_ not in days], _KEPT):
                found = self._read(some)
                old = old or any(self._is_old(one) for one in found.values() if one)
                yield self._page(found, days)
            if old:
                break
        gone = tuple(sorted(set(known.there(self._since)) - seen))
        yield Page(gone=gone, remember=state)

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


def listed(caller: Caller) -> Iterator[list[str]]:
    """Yield the ids of all messages, the newest first, some at a time."""
    ask = caller.service.users().messages().list
    for answer in through(
        caller,
        lambda more: ask(
            userId="me", maxResults=_LISTED, fields="messages/id,nextPageToken", **more
        ),
    ):
        yield [one["id"] for one in answer.get("messages", ())]


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
