"""The drafts of a mailbox, and the endpoints that write them."""

from __future__ import annotations

import base64
import binascii
import threading
from email import message_from_bytes
from email.policy import compat32
from functools import partial

from tests.google.calls import Answer, Call
from tests.google.errors import GoogleError, Json, invalid, not_found
from tests.google.gmail import LARGEST, check_user, message
from tests.google.mailbox import Mailbox


class Drafts:
    """Drafts by their ids; each change of one makes a new message, as with Gmail."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.raw: dict[str, bytes] = {}
        """What was last put in each draft."""
        self._messages: dict[str, str] = {}
        self._lock = threading.RLock()
        self._count = 0

    def write(self, raw: bytes, id: str | None = None, thread: str | None = None) -> str:
        """Make a draft, or put another text into one; return its id."""
        headers = [(k, str(v)) for k, v in message_from_bytes(raw, policy=compat32).items()]
        with self._lock:
            if id is None:
                self._count += 1
                id = f"r-{self._count:019d}"
            else:
                # "drafts cannot be edited": the message is replaced by one with another id
                # (Gmail guide: drafts)
                self.mailbox.delete(self.message(id))
            self._messages[id] = self.mailbox.add(headers, ["DRAFT"], thread=thread)
            self.raw[id] = raw
        return id

    def delete(self, id: str) -> None:
        """Delete a draft for good; GoogleError 404 if there is none."""
        with self._lock:
            self.mailbox.delete(self.message(id))
            del self._messages[id], self.raw[id]

    def message(self, id: str) -> str:
        """Return the id of the message in a draft; GoogleError 404 if there is none."""
        with self._lock:
            if id not in self._messages:
                raise not_found()
            return self._messages[id]

    def ids(self) -> list[str]:
        """Return the ids of all drafts, newest first."""
        with self._lock:
            return list(self._messages)[::-1]


def answers(drafts: Drafts) -> dict[str, Answer]:
    """Return what answers each method."""
    return {
        "gmail.users.drafts.create": partial(_create, drafts),
        "gmail.users.drafts.update": partial(_update, drafts),
        "gmail.users.drafts.list": partial(_list, drafts),
        "gmail.users.drafts.get": partial(_get, drafts),
        "gmail.users.drafts.delete": partial(_delete, drafts),
    }


def _brief(drafts: Drafts, id: str) -> Json:
    stored = drafts.mailbox.get(drafts.message(id))
    return {"id": id, "message": {"id": stored.id, "threadId": stored.thread}}


def _written(drafts: Drafts, id: str) -> Json:
    brief = _brief(drafts, id)
    brief["message"]["labelIds"] = ["DRAFT"]
    return brief


def _raw(call: Call) -> tuple[bytes, str | None]:
    given = call.body.get("message", {})
    if "raw" not in given:
        raise invalid("'raw' RFC822 payload message string is required.")
    try:
        return base64.b64decode(given["raw"], altchars=b"-_", validate=True), given.get("threadId")
    except binascii.Error:
        raise GoogleError(400, "invalidArgument", "Invalid value for ByteString") from None


def _create(drafts: Drafts, call: Call) -> Json:
    check_user(drafts.mailbox, call)
    raw, thread = _raw(call)
    return _written(drafts, drafts.write(raw, thread=thread))


def _update(drafts: Drafts, call: Call) -> Json:
    check_user(drafts.mailbox, call)
    raw, thread = _raw(call)
    return _written(drafts, drafts.write(raw, call.params["id"], thread))


def _list(drafts: Drafts, call: Call) -> Json:
    check_user(drafts.mailbox, call)
    if "q" in call.params:
        raise NotImplementedError("q of drafts.list")
    size = call.size(usual=100, largest=LARGEST)
    ids = drafts.ids()
    begin = call.position or 0
    page, following = call.page(enumerate(ids[begin:], begin + 1), size=size)
    answer: Json = {"resultSizeEstimate": len(ids)}
    if page:
        answer["drafts"] = [_brief(drafts, id) for id in page]
    return answer | ({"nextPageToken": following} if following else {})


def _get(drafts: Drafts, call: Call) -> Json:
    check_user(drafts.mailbox, call)
    id = call.params["id"]
    stored = drafts.mailbox.get(drafts.message(id))
    shown = message(stored, call.params.get("format", "full"))
    if "raw" in shown:
        shown["raw"] = base64.urlsafe_b64encode(drafts.raw[id]).decode()
    return {"id": id, "message": shown}


def _delete(drafts: Drafts, call: Call) -> None:
    check_user(drafts.mailbox, call)
    drafts.delete(call.params["id"])
