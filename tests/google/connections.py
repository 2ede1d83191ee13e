"""The contacts of one person, which a test changes, and how People tells of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, NamedTuple

from tests.google.calls import Answer, Call, sealed, unsealed
from tests.google.discovery import document
from tests.google.errors import GoogleError, Json, invalid, not_found

TOKEN_DAYS: Final = 7
"""A sync token expires so long after the full sync (discovery document, connections.list)."""
_ALWAYS: Final = ("resourceName", "etag")
_OF_GOOGLE: Final = ("myContacts", "starred")


class _Entry(NamedTuple):
    change: int
    person: Json


class Connections:
    """Contacts by their resource names; everything can be done from any thread."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.epoch = 0
        self.change = 0
        self._entries: dict[str, _Entry] = {}
        self.groups = [_group(name, name, "SYSTEM_CONTACT_GROUP") for name in _OF_GOOGLE]

    def label(self, name: str) -> Json:
        """Return the membership in a group, which is a label that I made unless it is Google's."""
        with self.lock:
            found = [one for one in self.groups if one["name"] == name]
            if not found:
                found = [_group(f"{len(self.groups):x}0c7", name, "USER_CONTACT_GROUP")]
                self.groups += found
        return {"contactGroupMembership": {"contactGroupResourceName": found[0]["resourceName"]}}

    def put(self, person: Json) -> str:
        """Put a contact in, or in place of the one with its resourceName, which is returned."""
        with self.lock:
            self.change += 1
            name = person.get("resourceName") or f"people/c{self.change:08d}"
            source = {"type": "CONTACT", "id": name.removeprefix("people/c")}
            made: Json = {
                "resourceName": name,
                "etag": f"%{self.change}",
                "metadata": {"sources": [source], "objectType": "PERSON"},
            }
            self._entries.pop(name, None)
            self._entries[name] = _Entry(self.change, made | person | {"resourceName": name})
            return name

    def delete(self, name: str) -> None:
        """Delete a contact."""
        with self.lock:
            if name not in self._entries:
                raise not_found()
            self.put({"resourceName": name, "metadata": {"deleted": True}})

    def expire_tokens(self) -> None:
        """Make every sync token of before an EXPIRED_SYNC_TOKEN, and forget the deleted ones."""
        with self.lock:
            self.epoch += 1
            for name, entry in list(self._entries.items()):
                if entry.person["metadata"].get("deleted"):
                    del self._entries[name]

    def since(self, change: int | None) -> Iterator[tuple[int, Json]]:
        """Return who was changed after a change, oldest change first; else all who are there."""
        for entry in list(self._entries.values()):
            if change is None and entry.person["metadata"].get("deleted"):
                continue
            if entry.change > (change or 0):
                yield entry.change, entry.person


def answers(connections: Connections) -> dict[str, Answer]:
    """Return what answers each method."""
    return {
        "people.people.connections.list": partial(_list, connections),
        "people.contactGroups.list": partial(_groups, connections),
    }


def _list(connections: Connections, call: Call) -> Json:
    fields = _fields(call)
    if call.params["resourceName"] != "people/me":
        raise invalid("Resource name must be people/me.", "resourceName")
    if call.params.get("sortOrder", "LAST_MODIFIED_ASCENDING") != "LAST_MODIFIED_ASCENDING":
        raise NotImplementedError("another sortOrder of connections.list")
    size = call.size(usual=100, largest=1000, name="pageSize")
    with connections.lock:
        since, full_at = _since(connections, call)
        begin, after = call.position or (connections.change, 0)
        found = (
            ([begin, change], {name: x for name, x in person.items() if name in fields})
            for change, person in connections.since(since)
            if change > after
        )
        page, following = call.page(found, size=size)
        count = sum(1 for _ in connections.since(since))
    answer: Json = {"connections": page} if page else {}
    if since is None:
        answer |= {"totalPeople": count, "totalItems": count}
    if following:
        return answer | {"nextPageToken": following}
    if call.params.get("requestSyncToken") or since is not None:
        digest = call.digest(*_FREE)
        made_at = connections.clock()  # each is another, also where nothing has changed
        token = sealed([connections.epoch, digest, full_at, begin, made_at])
        answer["nextSyncToken"] = token
    return answer


def _groups(connections: Connections, call: Call) -> Json:
    size = call.size(usual=30, largest=1000, name="pageSize")
    begin = call.position or 0
    groups = enumerate(connections.groups[begin:], start=begin + 1)
    page, following = call.page(groups, size=size)
    return {"contactGroups": page} | ({"nextPageToken": following} if following else {})


def _group(id_: str, name: str, kind: str) -> Json:
    return {"resourceName": f"contactGroups/{id_}", "name": name, "groupType": kind}


_FREE: Final = ("pageToken", "syncToken", "requestSyncToken", "fields", "alt", "prettyPrint")


def _fields(call: Call) -> set[str]:
    asked = call.params.get("personFields")
    if not asked:
        message = "personFields mask is required. Please specify one or more valid paths."
        raise invalid(message, "personFields")
    known = document("people")["schemas"]["Person"]["properties"]
    for name in asked.split(","):
        if name not in known or name in _ALWAYS:
            raise invalid(f'Invalid personFields mask path: "{name}".', "personFields")
    return {*asked.split(","), *_ALWAYS}


def _since(connections: Connections, call: Call) -> tuple[int | None, float]:
    # the change that the token stands for, and when the full sync was that it goes back to
    token = call.params.get("syncToken")
    if token is None:
        return None, connections.clock()
    found: list[Any] | None = unsealed(token)
    if not found or len(found) != 5:
        raise invalid("Invalid sync token.", "syncToken")
    epoch, digest, full_at, change, _ = found
    age = connections.clock() - full_at
    if epoch != connections.epoch or age >= TOKEN_DAYS * 86_400:
        raise _expired()
    if digest != call.digest(*_FREE):
        # "all other request parameters must match the first call" (discovery document)
        raise invalid("Request parameters do not match those of the sync token.", "syncToken")
    return int(change), float(full_at)


def _expired() -> GoogleError:
    # 400 and the message: seen in garrytan/gbrain issue 5127; the reason: discovery document
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "EXPIRED_SYNC_TOKEN",
        "domain": "people.googleapis.com",
        "metadata": {"service": "people.googleapis.com"},
    }
    message = "Sync token is expired. Clear local cache and retry call without the sync token."
    return GoogleError(400, "failedPrecondition", message, details=(detail,))
