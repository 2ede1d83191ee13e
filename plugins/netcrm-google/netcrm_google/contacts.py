"""The contacts of an account: all of them, and after that whoever was changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from netcrm import Batch, InvalidError, Problem
from netcrm_google import CONTACTS
from netcrm_google.accounts import Outside, only, reaching
from netcrm_google.caller import Answer, Caller, through
from netcrm_google.entries import USED, groups, labels, read
from netcrm_google.outside import around
from netcrm_google.trouble import StaleError, meaning

_AT_ONCE: Final = 1_000
_PARTS: Final = ",".join(f"{field}({parts})" for field, parts in USED.items())
_ASKED: Final = {
    "resourceName": "people/me",
    "pageSize": _AT_ONCE,
    "personFields": ",".join(USED),
    "sources": "READ_SOURCE_TYPE_CONTACT",
    "requestSyncToken": True,
    "fields": f"connections(resourceName,{_PARTS}),nextPageToken,nextSyncToken",
}
_DAYS: Final = timedelta(days=6)
"""So long a sync token is used (our choice); Google forgets it seven days after the full sync."""
_OF_GOOGLE: Final = frozenset({"contactGroups/myContacts", "contactGroups/starred"})


class _Listed(NamedTuple):
    """Some entries, and the token that tells Google which changes come after."""

    entries: list[Answer]
    token: str


class GoogleContacts:
    """The contacts of one account, for `netcrm.Network.import_from`; nothing is written there.

    Args:
        account: its address; empty for the only one that is signed in for contacts.
        outside: the world around.
        is_anew: whether all contacts are read, and not only those that were changed.
        remembered: what was to be remembered of each account.
    """

    def __init__(
        self,
        account: str,
        *,
        outside: Outside,
        is_anew: bool = False,
        remembered: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.account = account.lower()
        self._outside = outside
        self._is_anew = is_anew
        self._remembered = remembered or {}

    def batches(self) -> Iterator[Batch]:
        """Yield one batch: all contacts, or those that were changed since the last time.

        Where some were deleted all are read, too, to see who is missing; unless several accounts
        are imported, for who is missing in one may be in another.

        Raises:
            SignInError: I have to sign in first, or again.
            LaterError: Google does not answer now.
            AmbiguousError: of several accounts none is named.
        """
        account = self.account or only(self._outside.store, "contacts", named=f"{CONTACTS} ")
        kept = self._remembered.get(account, {})
        is_only = not self._remembered.keys() - {account}
        today = datetime.fromtimestamp(self._outside.means.now(), UTC).date()
        with reaching(self._outside, account, api="people", purpose="contacts") as caller:
            found = None if self._is_anew else _changed(caller, kept, today)
            deleted = sum(map(_is_deleted, found.entries)) if found else 0
            listed = _listed(caller) if found is None or (deleted and is_only) else found
            called = _labels(caller, listed.entries)
        is_all = listed is not found
        rows = [
            read(entry, line=line, account=account, labels=called)
            for line, entry in enumerate(listed.entries, start=1)
            if not _is_deleted(entry)
        ]
        notes = []
        if deleted:
            notes.append(f"Deleted in your Google contacts: {deleted:,}. Here they stay.")
        if not listed.entries:
            notes.append(f"There is nothing new in the Google contacts of {account}.")
        state = {"token": listed.token, "question": _question()}
        state["since"] = str(today) if is_all else kept["since"]
        yield Batch(
            sightings=tuple(one for one in rows if not isinstance(one, Problem)),
            problems=tuple(one for one in rows if isinstance(one, Problem)),
            is_whole=is_all and is_only,
            notes=tuple(notes),
            remember={account: state} if listed.entries or is_all else {},
        )


def opened(
    account: str, *, options: Mapping[str, str], remembered: Mapping[str, Mapping[str, str]]
) -> GoogleContacts:
    """Return the contacts that a user means; the option is `all`, to read all of them again."""
    if options not in ({}, {"all": "yes"}):
        raise InvalidError("the only option is: -o all=yes, to read all contacts again")
    return GoogleContacts(account, outside=around(), is_anew=bool(options), remembered=remembered)


def _question() -> str:
    """Return what is asked, in short: a sync token is good for the same question only."""
    return hashlib.sha256(repr(_ASKED).encode()).hexdigest()[:16]


def _changed(caller: Caller, kept: Mapping[str, str], today: date) -> _Listed | None:
    """Return who was changed; None if what was remembered is of no use for that."""
    from googleapiclient.errors import HttpError

    is_fresh = str(today - _DAYS) < kept.get("since", "") <= str(today)
    if not is_fresh or kept["question"] != _question():
        return None
    try:
        return _listed(caller, syncToken=kept["token"])
    except (StaleError, HttpError) as error:
        if isinstance(error, HttpError) and meaning(error) != "wrong":
            raise
        return None


def _listed(caller: Caller, **since: str) -> _Listed:
    """Return all entries, or those that were changed since."""
    ask = caller.service.people().connections().list
    entries: dict[str, Answer] = {}  # a list that begins anew gives some of them twice
    answer: Answer = {}
    for answer in through(caller, lambda page: ask(**_ASKED, **since, **page)):
        entries.update((one["resourceName"], one) for one in answer.get("connections", ()))
    return _Listed(list(entries.values()), answer.get("nextSyncToken", ""))


def _labels(caller: Caller, entries: Iterable[Answer]) -> dict[str, str]:
    """Return what the labels of some people are called; where there are none, nobody is asked."""
    if _OF_GOOGLE.issuperset(group for entry in entries for group in groups(entry)):
        return {}
    ask = caller.service.contactGroups().list
    more = {"pageSize": _AT_ONCE, "groupFields": "name,groupType"}
    more["fields"] = "contactGroups(resourceName,name,groupType),nextPageToken"
    pages = through(caller, lambda page: ask(**more, **page))
    return labels(one for page in pages for one in page.get("contactGroups", ()))


def _is_deleted(entry: Answer) -> bool:
    return bool(entry.get("metadata", {}).get("deleted"))
