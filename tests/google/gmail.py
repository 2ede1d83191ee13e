"""How does Gmail answer? The endpoints that read a mailbox."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from tests.google.calls import Answer, Call
from tests.google.errors import GoogleError, Json, invalid
from tests.google.mailbox import TEXT, Change, Mailbox, Stored
from tests.google.searching import matches

METADATA: Final = "https://www.googleapis.com/auth/gmail.metadata"
LARGEST: Final = 500
"""Items of a page (discovery document, maxResults)."""
UNITS: Final[Mapping[str, int]] = {
    "gmail.users.messages.list": 5,
    "gmail.users.messages.get": 20,
    "gmail.users.threads.get": 40,
    "gmail.users.history.list": 2,
    "gmail.users.getProfile": 1,
    "gmail.users.labels.list": 1,
    "gmail.users.settings.sendAs.list": 1,
    "gmail.users.drafts.create": 10,
    "gmail.users.drafts.update": 10,
    "gmail.users.drafts.list": 10,
    "gmail.users.drafts.get": 10,
    "gmail.users.drafts.delete": 10,
}
"""What a call costs (Gmail usage limits, for projects since May 2026)."""
_ID: Final = re.compile(r"[0-9a-f]{1,16}", re.ASCII)
_HIDDEN: Final = frozenset({"SPAM", "TRASH"})
_SYSTEM: Final = (
    *("INBOX", "SENT", "DRAFT", "SPAM", "TRASH", "UNREAD", "STARRED", "IMPORTANT", "CHAT"),
    *("CATEGORY_PERSONAL", "CATEGORY_SOCIAL", "CATEGORY_PROMOTIONS", "CATEGORY_UPDATES"),
    "CATEGORY_FORUMS",
)


def answers(mailbox: Mailbox) -> dict[str, Answer]:
    """Return what answers each method."""
    return {
        "gmail.users.getProfile": partial(_profile, mailbox),
        "gmail.users.messages.list": partial(_list, mailbox),
        "gmail.users.messages.get": partial(_get, mailbox),
        "gmail.users.history.list": partial(_history, mailbox),
        "gmail.users.labels.list": partial(_labels, mailbox),
        "gmail.users.settings.sendAs.list": partial(_send_as, mailbox),
    }


def check_user(mailbox: Mailbox, call: Call) -> None:
    """Refuse another's mailbox (discovery document: "me" or the user's address)."""
    if call.params["userId"] not in ("me", mailbox.email):
        raise GoogleError(403, "forbidden", f"Delegation denied for {mailbox.email}")


def message(stored: Stored, form: str, only: list[str] | None = None) -> Json:
    """Return a message as Gmail shows it.

    Args:
        stored: the message.
        form: as in the discovery document, users.messages.get, format; all have the snippet.
        only: names of the headers wanted, in any case; else all.
    """
    mail = stored.mail
    shown: Json = {
        "id": stored.id,
        "threadId": stored.thread,
        "labelIds": list(mail.labels),
        "snippet": TEXT,
        "historyId": str(stored.history_id),
        "internalDate": str(mail.at),
        "sizeEstimate": 1_000 + sum(len(name) + len(value) for name, value in mail.headers),
    }
    if not mail.labels:
        del shown["labelIds"]
    if form == "raw":
        head = "".join(f"{name}: {value}\r\n" for name, value in mail.headers)
        raw = (head + "\r\n" + TEXT).encode("utf-8", "surrogateescape")
        shown["raw"] = base64.urlsafe_b64encode(raw).decode()
    elif form in ("metadata", "full"):
        wanted = {name.lower() for name in only} if only and form == "metadata" else None
        shown["payload"] = {
            "mimeType": "text/plain",
            "headers": [
                {"name": name, "value": value}
                for name, value in mail.headers
                if wanted is None or name.lower() in wanted
            ],
        }
    if form == "full":
        data = base64.urlsafe_b64encode(TEXT.encode()).decode()
        shown["payload"] |= {
            "partId": "",
            "filename": "",
            "body": {"size": len(TEXT), "data": data},
        }
    return shown


def _profile(mailbox: Mailbox, call: Call) -> Json:
    check_user(mailbox, call)
    return {
        "emailAddress": mailbox.email,
        "messagesTotal": len(mailbox),
        "threadsTotal": len(mailbox),
        "historyId": str(mailbox.history_id),
    }


def _list(mailbox: Mailbox, call: Call) -> Json:
    check_user(mailbox, call)
    if METADATA in call.scopes and "q" in call.params:
        # whatever other scopes there are: google-api-python-client issue 582; even an empty one:
        # bytechef issue 5394
        raise GoogleError(403, "forbidden", "Metadata scope does not support 'q' parameter")
    size = call.size(usual=100, largest=LARGEST)
    ids, following = call.page(_listed(mailbox, call), size=size)
    answer: Json = {"resultSizeEstimate": min(len(mailbox), 201)}
    if ids:
        answer["messages"] = [{"id": id, "threadId": mailbox.get(id).thread} for id in ids]
    return answer | ({"nextPageToken": following} if following else {})


def _listed(mailbox: Mailbox, call: Call) -> Iterator[tuple[tuple[int, int], str]]:
    hidden = frozenset() if call.params.get("includeSpamTrash") else _HIDDEN
    query = call.params.get("q", "").strip()
    after = tuple(call.position) if call.position else None
    for place, id in mailbox.newest_first(after, call.params.get("labelIds", ())):
        if hidden & mailbox.labels(id):
            continue
        if not query or matches(query, mailbox.get(id).mail):
            yield place, id


def _get(mailbox: Mailbox, call: Call) -> Json:
    check_user(mailbox, call)
    form = call.params.get("format", "full")
    if METADATA in call.scopes and form in ("full", "raw"):
        # seen in dacastro4/laravel-gmail issue 90
        raise GoogleError(403, "forbidden", f"Metadata scope doesn't allow format {form.upper()}")
    if not _ID.fullmatch(call.params["id"]):
        raise invalid("Invalid id value", "id")
    return message(mailbox.get(call.params["id"]), form, call.params.get("metadataHeaders"))


def _history(mailbox: Mailbox, call: Call) -> Json:
    check_user(mailbox, call)
    if "startHistoryId" not in call.params:
        # seen in google-api-nodejs-client issue 978
        raise invalid("Missing/invalid parameter: startHistoryId", "startHistoryId")
    start = max(call.params["startHistoryId"], call.position or 0)
    types, label = call.params.get("historyTypes"), call.params.get("labelId")
    records = (
        (change.id, record)
        for change in mailbox.changes(start)
        if (label is None or label in change.labels)
        and (record := _record(mailbox, change, types)) is not None
    )
    size = call.size(usual=100, largest=LARGEST)
    page, following = call.page(records, size=size)
    answer: Json = {"historyId": str(mailbox.history_id)}
    if page:
        answer["history"] = page
    return answer | ({"nextPageToken": following} if following else {})


def _record(mailbox: Mailbox, change: Change, types: list[str] | None) -> Json | None:
    brief: dict[str, Any] = {"id": change.message, "threadId": change.thread}
    labels = mailbox.labels(change.message)
    told = brief | ({"labelIds": sorted(labels)} if labels else {})
    parts: Json = {}
    if change.added and _wanted("messageAdded", types):
        parts["messagesAdded"] = [{"message": told}]
    if change.deleted and _wanted("messageDeleted", types):
        parts["messagesDeleted"] = [{"message": told}]
    if change.labelled and _wanted("labelAdded", types):
        parts["labelsAdded"] = [{"message": told, "labelIds": list(change.labelled)}]
    if change.unlabelled and _wanted("labelRemoved", types):
        parts["labelsRemoved"] = [{"message": told, "labelIds": list(change.unlabelled)}]
    return {"id": str(change.id), "messages": [brief]} | parts if parts else None


def _wanted(kind: str, types: list[str] | None) -> bool:
    return not types or kind in types


def _labels(mailbox: Mailbox, call: Call) -> Json:
    check_user(mailbox, call)
    return {"labels": [{"id": name, "name": name, "type": "system"} for name in _SYSTEM]}


def _send_as(mailbox: Mailbox, call: Call) -> Json:
    check_user(mailbox, call)
    first = {"sendAsEmail": mailbox.email, "isPrimary": True, "isDefault": True}
    others = [{"sendAsEmail": one, "verificationStatus": "accepted"} for one in mailbox.aliases]
    return {"sendAs": [first, *others]}
