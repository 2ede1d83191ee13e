"""What comes, put into a calendar of netcrm's own at Google, and kept there as it is here."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, NamedTuple

import attrs

from netcrm import (
    Coming,
    InvalidError,
    LocalMoment,
    NetcrmError,
    Network,
    NotFoundError,
    Remembered,
)
from netcrm_google.caller import Answer, Caller, through
from netcrm_google.trouble import LaterError, StaleError, meaning, message

CALENDAR: Final = "netcrm"
"""What the calendar is called; you may call it otherwise at Google (our choice)."""

_OURS: Final = re.compile(r"netcrm[0-9a-f]{32}")
"""The ids of events of ours; Google makes other ones, also for copies that somebody makes."""
_MARK: Final = "netcrm"
_FIELDS: Final = "items(id,summary,start,extendedProperties/private),nextPageToken"
_LISTED: Final = 2500
_THERE: Final = 409
_EARLIEST: Final = 40_320
"""Minutes before an event at which Google gives a sign, at most: four weeks."""


class Step(NamedTuple):
    """One event that is to be put in, to be something else, or to go.

    Attributes:
        change: which of these.
        event: the event as Google is told it, or tells it.
    """

    change: Literal["added", "changed", "removed"]
    event: Answer

    @property
    def title(self) -> str:
        """What it is called."""
        return str(self.event.get("summary", ""))

    @property
    def start(self) -> str:
        """The day, or the day and hour, as it stands in the calendar."""
        said = self.event["start"]
        return str(said.get("date") or said["dateTime"][:16].replace("T", " "))


class Plan(NamedTuple):
    """What it takes to make a calendar what it should be.

    Attributes:
        known: what the network remembers of the calendar.
        calendar: its id; empty if it is to be made first.
        steps: what is to be done with events.
        unchanged: how many are as they should be.
    """

    known: Remembered
    calendar: str
    steps: tuple[Step, ...]
    unchanged: int


def plan(net: Network, caller: Caller, account: str, coming: Iterable[Coming]) -> Plan:
    """Return what it takes to make the calendar of an account show what comes, and no more.

    What somebody put in there by hand stays, and so does what they changed of an event, as long as
    nothing new is to be said of it.

    Raises:
        InvalidError: Google refuses to tell what is there.
    """
    known = _known(net, account)
    found = ((id_, _there(caller, id_)) for id_ in calendars(net, account))
    calendar, there = next(((id_, some) for id_, some in found if some is not None), ("", {}))
    wanted = {one["id"]: one for one in map(event, coming)}
    steps = [Step("removed", one) for id_, one in there.items() if id_ not in wanted]
    for id_, one in wanted.items():
        if id_ not in there:
            steps.append(Step("added", one))
        elif _mark(there[id_]) != _mark(one):
            steps.append(Step("changed", one))
    unchanged = len(wanted) - sum(step.change != "removed" for step in steps)
    return Plan(known, calendar, tuple(steps), unchanged)


def carry_out(net: Network, caller: Caller, what: Plan) -> Iterator[Step]:
    """Do what was planned; yield each step when it is done.

    It may be stopped anywhere, and planned anew.

    Raises:
        LaterError: somebody changes the calendar at the same time.
        InvalidError: Google refuses an event.
    """
    calendar = what.calendar or _made(net, caller, what.known)
    do = {"added": _insert, "changed": _update, "removed": _delete}
    for step in what.steps:
        with _refused(step.title):
            do[step.change](caller, calendar, step.event)
        yield step


def remove(net: Network, caller: Caller, account: str) -> None:
    """Delete the calendar of an account, with all that is in it.

    Raises:
        InvalidError: Google refuses.
    """
    for id_ in calendars(net, account):
        _drop(caller, id_)
    _remember(net, _known(net, account), "")


# --- what is in it


def event(one: Coming) -> Answer:
    """Return how an entry is told to Google: with its title, time and place, but no reasons.

    Nobody is invited. Its id is always the same, so that it cannot be there twice.
    """
    is_day = one.start.local is None
    signs = () if is_day else one.alarms
    told: Answer = {
        "summary": one.summary,
        "description": "" if is_day else one.description,
        "location": one.location,
        "start": _moment(one.start),
        "end": _moment(one.end),
        "status": "confirmed",
        "visibility": "private",
        "transparency": "transparent" if is_day else "opaque",
        "reminders": {
            "useDefault": False,
            "overrides": [{"method": "popup", "minutes": min(n, _EARLIEST)} for n in signs],
        },
    }
    mark = _hash(json.dumps(told, sort_keys=True))
    id_ = f"netcrm{_hash(one.uid)}"
    return {**told, "id": id_, "extendedProperties": {"private": {_MARK: mark}}}


def _moment(moment: LocalMoment) -> dict[str, str]:
    if moment.local is None:
        return {"date": str(moment.date)}
    return {"dateTime": moment.local.isoformat(), "timeZone": str(moment.local.tzinfo)}


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _mark(one: Answer) -> str:
    """Return the mark of what was told to Google, whatever somebody changed there since."""
    return str(one.get("extendedProperties", {}).get("private", {}).get(_MARK, ""))


# --- the calendar


def calendars(net: Network, account: str) -> Iterator[str]:
    """Yield by its id which calendar may be that of an account, the likeliest first.

    Google does not tell which there are. So that one was made is looked up in the history, too:
    what the network remembers may have been undone, the calendar at Google was not.
    """
    known = _known(net, account).said.get("id", "")
    if known:
        yield known
    reason = _reason(account)
    made = (one.commit.detail for one in net.history(None) if one.commit.reason == reason)
    last = next(made, "")
    if last not in ("", known):
        yield last


def _known(net: Network, account: str) -> Remembered:
    """Return what the network remembers of the calendar of an account: its id."""
    id_ = _hash(_reason(account))
    try:
        return net.get(Remembered, id_)
    except NotFoundError:
        return Remembered(id=id_, source="google publish", name=account)


def _reason(account: str) -> str:
    return f"google publish {account}"


def _remember(net: Network, known: Remembered, id_: str) -> None:
    with net.transaction(_reason(known.name), detail=id_):
        net.put(attrs.evolve(known, said={"id": id_}))


def _made(net: Network, caller: Caller, known: Remembered) -> str:
    """Return the id of a calendar that is made now."""
    ask = caller.service.calendars().insert
    with _refused(CALENDAR):
        id_ = str(caller.call(ask(body={"summary": CALENDAR, "timeZone": net.zone}))["id"])
    try:
        _remember(net, known, id_)
    except NetcrmError:
        _drop(caller, id_)  # nobody would find it again
        raise
    return id_


# --- asking Google


def _there(caller: Caller, id_: str) -> dict[str, Answer] | None:
    """Return the events of ours in a calendar by their ids, None if there is no such calendar."""
    from googleapiclient.errors import HttpError

    ask = caller.service.events().list
    pages = through(
        caller,
        lambda more: ask(calendarId=id_, maxResults=_LISTED, fields=_FIELDS, **more),
    )
    with _refused(CALENDAR):
        try:
            found = [one for page in pages for one in page.get("items", ())]
        except StaleError:
            return None
        except HttpError as error:
            if meaning(error) != "missing":
                raise
            return None
    return {one["id"]: one for one in found if _OURS.fullmatch(one["id"])}


def _insert(caller: Caller, id_: str, one: Answer) -> None:
    """Put an event in; one that was there, be it until it was deleted, is so again."""
    from googleapiclient.errors import HttpError

    ask = caller.service.events().insert(calendarId=id_, body=one, sendUpdates="none")
    try:
        caller.call(ask)
    except HttpError as error:
        if int(error.resp.status) != _THERE:
            raise
        _update(caller, id_, one)


def _update(caller: Caller, id_: str, one: Answer) -> None:
    ask = caller.service.events().update
    caller.call(ask(calendarId=id_, eventId=one["id"], body=one, sendUpdates="none"))


def _delete(caller: Caller, id_: str, one: Answer) -> None:
    ask = caller.service.events().delete
    _gone(caller, ask(calendarId=id_, eventId=one["id"], sendUpdates="none"))


def _drop(caller: Caller, id_: str) -> None:
    with _refused(CALENDAR):
        _gone(caller, caller.service.calendars().delete(calendarId=id_))


def _gone(caller: Caller, request: Any) -> None:
    """Delete something, which may be gone already."""
    with contextlib.suppress(StaleError):
        caller.find(request)


@contextlib.contextmanager
def _refused(title: str) -> Iterator[None]:
    """Say in one line what Google refuses, or that there is no such event any more."""
    from googleapiclient.errors import HttpError

    try:
        yield
    except (HttpError, StaleError) as error:
        if isinstance(error, StaleError) or meaning(error) == "missing":
            raise LaterError("Somebody changes the calendar now; try again later.") from error
        raise InvalidError(f"Google refuses “{title}”: {message(error)}") from error
