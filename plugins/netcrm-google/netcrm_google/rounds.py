"""One round of an account: what is new in its mail and its calendar, or what that would come to."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Final, NamedTuple

import attrs

from netcrm import Known, NetcrmError, Network, Synced
from netcrm_google.accounts import Outside, alone, reaching
from netcrm_google.auth import CALENDAR, METADATA, READONLY
from netcrm_google.calendar import Calendar
from netcrm_google.caller import Caller
from netcrm_google.gmail import Gmail, came, listed, searches
from netcrm_google.quota import REQUESTS, Quota

_GET: Final = "gmail.users.messages.get"
_SCOPES: Final[Mapping[str, frozenset[str]]] = {
    "gmail": frozenset({METADATA, READONLY}),
    "calendar": frozenset({CALENDAR}),
}
"""What allows to read each; one of them is enough."""


class Round(NamedTuple):
    """What came of a round.

    Attributes:
        synced: what was read, of mail and meetings together.
        units: what the mail took of the quota.
        requests: how many requests there were.
        part: how much of the mail since the day was read, from 0 to 1.
        failures: why part of it could not be read.
    """

    synced: Synced = Synced()
    units: int = 0
    requests: int = 0
    part: float = 1.0
    failures: tuple[NetcrmError, ...] = ()


class Estimate(NamedTuple):
    """What the mail would come to; meetings take a few requests.

    Attributes:
        listed: how many messages there are in the mailbox.
        recent: how many of them came since the day.
        known: how many of those are known.
        unread: how many of those would be read.
        units: what that would take of the quota.
        seconds: how long that would take.
    """

    listed: int = 0
    recent: int = 0
    known: int = 0
    unread: int = 0
    units: int = 0
    seconds: float = 0.0


class Heard(NamedTuple):
    """From which days on an account was read, empty if it was not; and when there was any news."""

    mail: str
    meetings: str
    last: datetime | None


def sync(
    net: Network,
    outside: Outside,
    account: str,
    *,
    since: date,
    quota: Quota,
    watch: Callable[[Round], None] = lambda _: None,
) -> Round:
    """Read what is new in the mail and the calendar of an account, as far as it is allowed.

    If the one fails, the other is read all the same.

    Args:
        net: where it goes.
        outside: the world around.
        account: its address.
        since: from which day on.
        quota: how fast mail may be read.
        watch: told what there is so far, after each page.

    Raises:
        BusyError: another program does the same.
        SignInError: the account did not sign in.
    """
    made = _Reading(net, outside, account, since, quota, watch)
    with alone(outside, account):
        allowed = outside.store.load(account).scopes
        for api, scopes in _SCOPES.items():
            if not scopes.isdisjoint(allowed):
                made.read(api)
    return made.done


@attrs.define
class _Reading:
    """A round that is under way."""

    _net: Network
    _outside: Outside
    _account: str
    _since: date
    _quota: Quota
    _watch: Callable[[Round], None]
    _synced: dict[str, Synced] = attrs.Factory(dict)
    _callers: dict[str, Caller] = attrs.Factory(dict)
    _failures: dict[str, NetcrmError] = attrs.Factory(dict)
    _part: float = 1.0

    @property
    def done(self) -> Round:
        """What came of it so far."""
        mail = self._callers.get("gmail")
        return Round(
            _sum(self._synced.values()),
            mail.pace.spent if mail else 0,
            sum(one.requests for one in self._callers.values()),
            self._part,
            tuple(self._failures.values()),
        )

    def read(self, api: str) -> None:
        """Read one service; of several that fail for one reason, the reason counts once."""
        quota = self._quota if api == "gmail" else REQUESTS
        try:
            with reaching(self._outside, self._account, quota, api=api) as caller:
                self._callers[api] = caller
                service = self._service(api, caller)
                self._synced[api] = self._net.sync(service, watch=self._watcher(api, service))
        except NetcrmError as error:
            self._failures.setdefault(str(error), error)

    def _watcher(self, api: str, service: Gmail | Calendar) -> Callable[[Synced], None]:
        def told(synced: Synced) -> None:
            self._synced[api] = synced
            self._part = service.part if isinstance(service, Gmail) else 1.0
            self._watch(self.done)

        return told

    def _service(self, api: str, caller: Caller) -> Gmail | Calendar:
        me = self._net.me
        mine = [] if me is None else [one.value for one in me.points if one.kind == "email"]
        mine += self._outside.store.everybody()
        if api == "gmail":
            people = sought(self._net, self._outside, self._account)
            return Gmail(caller, self._account, since=self._since, me=mine, people=people)
        today = self._net.today
        return Calendar(caller, self._account, since=self._since, today=today, me=mine)


def sought(net: Network, outside: Outside, account: str) -> list[str] | None:
    """Return the addresses of all people but me, if mail with them may be searched for.

    None stands for all mail: with headers only, Gmail does not search.
    """
    if READONLY not in outside.store.load(account).scopes:
        return None
    return [
        point.value
        for person in net.contacts()
        if not person.is_me
        for point in person.points
        if point.kind == "email"
    ]


def _sum(parts: Iterable[Synced]) -> Synced:
    """Return what came of several syncs."""
    counts, skipped = Counter[str](), Counter[str]()
    for one in parts:
        counts.update({name: n for name, n in one._asdict().items() if name != "skipped"})
        skipped.update(one.skipped)
    return Synced(**counts, skipped=dict(skipped))


def estimate(
    caller: Caller, known: Known, since: date, people: Collection[str] | None = None
) -> Estimate:
    """Return what the mail would come to, by counting; no header is read.

    What came since the day is found by looking at when a few messages came: they are listed with
    the newest first. With people, only what is with them counts.
    """
    if people is None:
        ids = [id_ for some in listed(caller) for id_ in some]
        recent = bisect_left(ids, True, key=lambda id_: _is_older(caller, id_, since))
    else:
        found = (some for query in searches(people, since) for some in listed(caller, query))
        ids = list(dict.fromkeys(id_ for some in found for id_ in some))
        recent = len(ids)
    there = len(known.days(ids[:recent]))
    units = (recent - there) * caller.pace.quota.cost(_GET)
    seconds = units * 60 / caller.pace.quota.per_minute
    return Estimate(len(ids), recent, there, recent - there, units, seconds)


def heard(net: Network, account: str) -> Heard:
    """Return what a network says of the syncs of an account."""
    names = [f"{service} {account}" for service in ("gmail", "calendar")]
    mail, meetings = (net.known(name).state().get("since", "") for name in names)
    reasons = {f"sync {name}" for name in names}
    last = next((one.commit.at for one in net.history(None) if one.commit.reason in reasons), None)
    return Heard(mail, meetings, last)


def _is_older(caller: Caller, id_: str, since: date) -> bool:
    """Whether a message came before a day; one that is gone meanwhile did not."""
    get = caller.service.users().messages().get
    said = caller.find(get(userId="me", id=id_, format="minimal", fields="internalDate"))
    return said is not None and came(said).date() < since
