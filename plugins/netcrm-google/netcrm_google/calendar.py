"""What meetings of one account there are: listed once, and after that what changed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from netcrm import Item, Known, Page
from netcrm_google.caller import Answer, Caller, through
from netcrm_google.events import read
from netcrm_google.trouble import StaleError, meaning

if TYPE_CHECKING:
    from googleapiclient.http import HttpRequest

AHEAD: Final = timedelta(days=60)
"""So far ahead meetings are known; a series may go on for ever (our choice)."""
_FIELDS: Final = (
    "items(id,status,iCalUID,recurringEventId,originalStartTime,eventType,visibility,summary,"
    "location,hangoutLink,conferenceData/conferenceId,start,end,organizer(email,displayName,self),"
    "attendees(email,displayName,self,resource,responseStatus),attendeesOmitted),"
    "nextPageToken,nextSyncToken,timeZone"
)
"""All that is asked for of an event: no description, no notes, no attachments."""
_ASKED: Final[Mapping[str, Any]] = {
    "calendarId": "primary",
    "singleEvents": True,
    "showDeleted": True,
    "maxResults": 2500,
    "fields": _FIELDS,
}
_QUESTION: Final = hashlib.blake2b(json.dumps(_ASKED).encode(), digest_size=8).hexdigest()
"""What was asked when a sync token was given: it is good for the same question only."""


class Calendar:
    """The meetings of one account since a day, for `netcrm.Network.sync`.

    What changed is told in full, so it need not be known what was before. A list of everything
    does not tell what is gone; whatever is known and not in it is.
    """

    def __init__(
        self, caller: Caller, account: str, *, since: date, today: date, me: Collection[str] = ()
    ) -> None:
        self.name = f"calendar {account}"
        self._caller = caller
        self._since = since
        self._until = today + AHEAD
        self._me = frozenset(one.lower() for one in (account, *me))
        self._ask = caller.service.events().list

    def pages(self, known: Known) -> Iterator[Page]:
        """Yield what is new, what changed and what is gone.

        Raises:
            SignInError: I have to sign in again.
            LaterError: Google does not answer now; what was yielded need not be read again.
        """
        state = known.state()
        since = min(self._since, date.fromisoformat(state.get("since", str(self._since))))
        if state.get("asked") == _QUESTION and state["since"] == str(since):
            try:
                yield from self._news(state, since)
            except StaleError:
                pass
            else:
                return
        yield from self._all(known, since)

    def _all(self, known: Known, since: date) -> Iterator[Page]:
        """Yield all meetings there are, and then what is gone."""
        seen: set[str] = set()
        token = ""
        for answer in self._listed(since, self._until, seen.clear):
            page = self._page(answer, since)
            seen.update(one.key for one in page.items)
            token = answer.get("nextSyncToken", "")
            yield page
        # a day earlier: where I live the first day may begin before it does in UTC
        gone = tuple(sorted(set(known.there(since - timedelta(days=1))) - seen))
        yield Page(gone=gone, remember=self._state(token, since))

    def _news(self, state: Mapping[str, str], since: date) -> Iterator[Page]:
        """Yield what changed since the last time, and what came near enough."""
        token, told = state["token"], False
        for answer in self._changed(state["token"]):
            token = answer.get("nextSyncToken", token)
            if answer.get("items"):
                told = True
                yield self._page(answer, since)
        until = date.fromisoformat(state["until"])
        if until < self._until:
            for answer in self._listed(until, self._until):
                yield self._page(answer, since)
        if told or until < self._until:
            yield Page(remember=self._state(token, since))

    def _listed(
        self, since: date, until: date, begin: Callable[[], None] = lambda: None
    ) -> Iterator[Answer]:
        """Yield what there is within some days; *begin* is called each time the list begins."""

        def ask(more: Mapping[str, str]) -> HttpRequest:
            if not more:
                begin()
            days = {"timeMin": _midnight(since), "timeMax": _midnight(until)}
            return self._ask(**_ASKED, **days, **more)

        return through(self._caller, ask)

    def _changed(self, token: str) -> Iterator[Answer]:
        """Yield what changed since a sync token was given."""
        from googleapiclient.errors import HttpError

        try:
            yield from through(
                self._caller, lambda more: self._ask(**_ASKED, syncToken=token, **more)
            )
        except HttpError as error:
            if meaning(error) != "wrong":
                raise
            raise StaleError("Google does not know the token it gave") from error

    def _page(self, answer: Answer, since: date) -> Page:
        """Return what some events tell; what is no meeting, or too far away, is as good as gone."""
        items: list[Item] = []
        gone: list[str] = []
        skipped = Counter[str]()
        for event in answer.get("items", ()):
            said = read(event, answer.get("timeZone", "UTC"), self._me)
            if said != "cancelled":
                # what is repeated may have been one meeting before, of which nobody tells any more
                gone += filter(None, [event.get("recurringEventId")])
            if isinstance(said, str):
                gone.append(event["id"])
                skipped.update([f"{said} (calendar)"])
            elif not said.is_within(since, self._until):
                gone.append(event["id"])
            else:
                items.append(
                    Item(
                        key=event["id"],
                        ref=said.ref,
                        at=said.start,
                        people=[{"email": one.address, "name": one.name} for one in said.people],
                        channel=said.format,
                        direction="mutual",
                        subject=said.title,
                        thread=said.series,
                        minutes=said.minutes,
                        place=said.place,
                    )
                )
        del skipped["cancelled (calendar)"]
        return Page(items=tuple(items), gone=tuple(gone), skipped=skipped)

    def _state(self, token: str, since: date) -> dict[str, str]:
        """Return what to remember: from where to go on, and which days are known.

        Without a token it is nothing, so that all is listed again.
        """
        if not token:
            return {}
        return {
            "asked": _QUESTION,
            "token": token,
            "since": str(since),
            "until": str(self._until),
        }


def _midnight(day: date) -> str:
    return datetime.combine(day, time(), UTC).isoformat()
