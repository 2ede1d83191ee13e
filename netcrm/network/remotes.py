"""What services have, as it is stored, and what becomes of it: interactions, and strangers."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from types import MappingProxyType
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import attrs

from netcrm.model.contact import Contact
from netcrm.model.ids import new_id
from netcrm.model.interaction import Interaction
from netcrm.model.remembered import Remembered
from netcrm.model.remote import Remote, Stranger
from netcrm.model.time import LocalMoment
from netcrm.network.core import by_id, every
from netcrm.network.intake import remembered
from netcrm.network.matching import KeptOut
from netcrm.network.planned import Plans, begun
from netcrm.network.work import Work
from netcrm.rules.identity import email_key
from netcrm.rules.remotes import Happened, contacts, happened, is_told, told_again
from netcrm.rules.removal import KEY_BYTES, mark
from netcrm.rules.sightings import Item
from netcrm.rules.touch import LIVE
from netcrm.source import Page
from netcrm.storage.contract import Doc, Transaction, batches
from netcrm.storage.query import Query, eq, ge, has, one_of

_STATE: Final = "state"
_KEY: Final = "key"
_SYNC: Final = "sync"
_ADDRESS: Final = "email:"
_AT_ONCE: Final = 500


class Synced(NamedTuple):
    """What came of a sync.

    Attributes:
        seen: how many messages and meetings were read.
        logged: how many interactions are new.
        planned: how many meetings to come are new.
        changed: how many turned out to be with other people, or otherwise than was said before.
        removed: how many interactions and planned meetings are gone with what they were about.
        pages: in how many pages it came; each that changed anything is a commit.
        skipped: how many messages and meetings are nothing for a network, by the reason.
    """

    seen: int = 0
    logged: int = 0
    planned: int = 0
    changed: int = 0
    removed: int = 0
    pages: int = 0
    skipped: Mapping[str, int] = MappingProxyType({})


class Past:
    """What is known of a service, for what reads it; see `netcrm.source.Known`."""

    def __init__(
        self, reading: Callable[[], AbstractContextManager[Transaction]], service: str
    ) -> None:
        self._reading = reading
        self._service = service

    def state(self) -> Mapping[str, str]:
        """Return what was to be remembered with the last page; empty the first time."""
        with self._reading() as view:
            return _kept(view, self._service, _STATE).said

    def days(self, keys: Iterable[str]) -> dict[str, date]:
        """Return which of some things are known, there or not, and the day of each."""
        ids = [remote_id(self._service, key) for key in keys]
        with self._reading() as view:
            found = [one.doc for one in view.get("remote", ids)]
        return {doc["key"]: date.fromisoformat(doc["at"][:10]) for doc in found}

    def there(self, since: date) -> set[str]:
        """Return the keys of all that was there, as far as is known, from a day on."""
        here = eq("source", self._service) & eq("is_there", True) & ge("on", str(since))
        with self._reading() as view:
            return {str(key) for (key,) in view.rows(Query("remote", here), ("key",))}


class Addresses:
    """Whose address is which, told by marks, so that strangers need not be named.

    Of an address that several people share nobody is meant.
    """

    def __init__(self, work: Work) -> None:
        self._kept_out = KeptOut(work.view)
        self._secret = _secret(work)
        owners: dict[str, set[str]] = {}
        self._mine = {_ADDRESS}  # no address is nobody's
        for id_, said, is_me in work.view.rows(Query("contact"), ("id", "identifiers", "is_me")):
            addresses = [one for one in said if one.startswith(_ADDRESS)]
            if is_me:
                self._mine.update(addresses)
            for one in addresses:
                owners.setdefault(self.mark(one), set()).add(id_)
        self.known = {one: next(iter(ids)) for one, ids in owners.items() if len(ids) == 1}

    def mark(self, text: str) -> str:
        """Return what is kept of a text that is not to be known, only known again."""
        return mark(self._secret, text)

    def marks(self, people: Iterable[Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
        """Return who is meant by each mark, without me and without who was forgotten."""
        found: dict[str, Mapping[str, str]] = {}
        for said in people:
            key = f"{_ADDRESS}{email_key(said.get('email', ''))}"
            if key not in self._mine and not self._kept_out.has(key):
                found.setdefault(self.mark(key), said)
        return found


class Taking:
    """Pages of one service, taken in; `counts` says what came of them."""

    def __init__(
        self,
        work: Work,
        service: str,
        book: Addresses,
        now: datetime,
        interview_of: Callable[[Happened, LocalMoment], str | None],
    ) -> None:
        """Prepare to take them.

        Args:
            work: where they are stored.
            service: the name of what was read.
            book: whose address is which.
            now: the moment, in the zone of the network.
            interview_of: returns the interview that something is part of, by what was known then.
        """
        self._interview_of = interview_of
        self._work = work
        self._view = work.view
        self._service = service
        self._book = book
        self._now = now
        self._zone = now.tzinfo.key if isinstance(now.tzinfo, ZoneInfo) else "UTC"
        self._moment = LocalMoment.of(now, self._zone)
        self.counts: Counter[str] = Counter()

    def take(self, page: Page) -> None:
        """Store what a page says, and settle what becomes of it."""
        keys = [*(item.key for item in page.items), *page.gone, *page.back]
        before = by_id(self._view, Remote, (remote_id(self._service, key) for key in keys))
        told = [(item, self._book.marks(item.people)) for item in page.items]
        read = [self._remote(item, people, before) for item, people in told]
        now = {one.id: one for one in read}
        for keys_, is_there in ((page.gone, False), (page.back, True)):
            for key in keys_:
                if (id_ := remote_id(self._service, key)) in before:
                    now[id_] = attrs.evolve(now.get(id_, before[id_]), is_there=is_there)
        changed = [one for id_, one in now.items() if one != before.get(id_)]
        self._work.put_all(changed)
        self._meet(one for _, people in told for one in people.items())
        self._note_bounced(
            address
            for item in page.items
            if remote_id(self._service, item.key) not in before
            for address in item.bounced
        )
        were = {one.id: before[one.id] for one in changed if one.id in before}
        refs = {one.ref for one in (*changed, *were.values())}
        gone: dict[str, set[str]] = {}
        for id_, was in were.items():
            left = set(was.people).difference(now[id_].people if now[id_].is_there else ())
            gone.setdefault(was.ref, set()).update(contacts(left, self._book.known))
        items = {one.ref: item for one, item in zip(read, page.items, strict=True)}
        self._settle(refs, items, gone)
        self._remember(page.remember)
        self.counts["seen"] += len(page.items)

    def find_again(self) -> None:
        """Find who was a stranger in what was read before, and is here now."""
        for some in batches(sorted(self._book.known), _AT_ONCE):
            waiting = Query("remote", has("waiting", *some))
            found = list(every(self._view, Remote, waiting))
            self._work.put_all(attrs.evolve(one, waiting=self._strange(one)) for one in found)
            self._settle({one.ref for one in found})
            for stranger in met(self._view, some):
                self._work.delete(stranger)

    def settle_begun(self) -> None:
        """Settle what was planned and is over now."""
        self._settle(set(begun(self._view, self._moment)))

    def _remote(self, item: Item, people: Collection[str], before: Mapping[str, Remote]) -> Remote:
        """Return what is stored of something, which was with *people*, as marks."""
        id_ = remote_id(self._service, item.key)
        at = item.at
        made = Remote(
            id=id_,
            rev=before[id_].rev if id_ in before else 0,
            source=self._service,
            key=item.key,
            ref=item.ref,
            at=LocalMoment.of(at, self._zone) if isinstance(at, datetime) else LocalMoment.on(at),
            channel=item.channel,
            direction=item.direction,
            thread=item.thread,
            minutes=item.minutes,
            people=tuple(people),
            copied=tuple(one for one in self._book.marks(item.copied) if one not in people),
            words=self._book.mark(f"{item.subject}\n{item.place}") if item.channel in LIVE else "",
        )
        return attrs.evolve(made, waiting=self._strange(made))

    def _strange(self, one: Remote) -> tuple[str, ...]:
        return tuple(id_ for id_ in (*one.people, *one.copied) if id_ not in self._book.known)

    def _meet(self, people: Iterable[tuple[str, Mapping[str, str]]]) -> None:
        """Keep how strangers are called, by their marks, for whoever wants to know them."""
        strangers: dict[str, Mapping[str, str]] = {}
        for mark_, said in sorted(people, key=lambda one: not one[1].get("name")):
            if mark_ not in self._book.known:
                strangers.setdefault(mark_, said)
        there = {one.mark: one for one in met(self._view, strangers)}
        made = []
        for mark_, said in strangers.items():
            known = there.get(mark_) or Stranger(id=new_id(), mark=mark_, address=said["email"])
            made.append(attrs.evolve(known, name=known.name or said.get("name", "")))
        self._work.put_all(made)

    def _note_bounced(self, addresses: Iterable[str]) -> None:
        """Note which addresses of people who are here cannot be reached any more."""
        told = self._book.marks({"email": one} for one in addresses)
        keys = {email_key(said["email"]) for said in told.values()}
        ids = {self._book.known[one] for one in told if one in self._book.known}
        for person in by_id(self._view, Contact, ids).values():
            points = tuple(
                attrs.evolve(one, valid="bounced")
                if one.kind == "email" and email_key(one.value) in keys
                else one
                for one in person.points
            )
            self._work.put(attrs.evolve(person, points=points))

    def _settle(
        self,
        refs: Collection[str],
        items: Mapping[str, Item] = MappingProxyType({}),
        gone: Mapping[str, Collection[str]] = MappingProxyType({}),
    ) -> None:
        """Make interactions and planned meetings what the copies of each message tell now.

        Args:
            refs: what each is called everywhere.
            items: what is told now, by its ref.
            gone: those of whom was told before and is not now.
        """
        copies: dict[str, list[Remote]] = {ref: [] for ref in refs}
        of_these = one_of("ref", sorted(refs))
        for one in every(self._view, Remote, Query("remote", of_these)):
            copies[one.ref].append(one)
        there = every(self._view, Interaction, Query("interaction", of_these))
        logged = {one.ref: one for one in there}
        meetings = [ref for ref, some in copies.items() if any(one.channel in LIVE for one in some)]
        plans = Plans(self._work, meetings, self._moment, self._interview_of, self._made)
        made: list[Interaction] = []
        new: dict[str, Happened] = {}
        for ref in sorted(ref for ref, some in copies.items() if some):
            now, before = happened(copies[ref], self._book.known), logged.get(ref)
            item, left = items.get(ref), gone.get(ref, ())
            if ref in plans.refs:
                plans.settle(ref, now, before, item, left)
            elif now is None:
                if before is not None and is_told(before):
                    self._work.delete(before)
                    self.counts["removed"] += 1
            elif before is None:
                new[ref] = now
            elif (again := told_again(before, now, left)) != before:
                made.append(again)
                self.counts["changed"] += 1
        logged_now = [
            self._made(ref, new[ref], items[ref].subject if ref in items else "")
            for ref in self._unsaid(new)
        ]
        self._work.put_all([*made, *logged_now])
        self.counts["logged"] += len(logged_now)
        self.counts += plans.counts

    def _unsaid(self, new: Mapping[str, Happened]) -> list[str]:
        """Return which of some messages were not logged by hand, for that day and these people."""
        days = {str(one.occurred.date) for one in new.values()}
        by_hand = Query("interaction", one_of("on", sorted(days)) & eq("ref", None))
        said = list(self._view.rows(by_hand, ("on", "channel", "direction", "contacts")))
        return [
            ref
            for ref, one in new.items()
            if not any(
                (day, channel, way) == (str(one.occurred.date), one.channel, one.direction)
                and {person.contact for person in one.participants} <= set(people)
                for day, channel, way, people in said
            )
        ]

    def _made(self, ref: str, now: Happened, subject: str) -> Interaction:
        is_message = now.kind == "message"
        return Interaction(
            id=new_id(),
            logged_at=self._now,
            ref=ref,
            subject=subject,
            interview=self._interview_of(now, now.occurred) if is_message else None,
            **now.logged(),
        )

    def _remember(self, said: Mapping[str, str]) -> None:
        before = _kept(self._view, self._service, _STATE)
        if said and dict(before.said) != dict(said):
            self._work.put(attrs.evolve(before, said=said))


def marks_of(view: Transaction, identifiers: Iterable[str]) -> set[str]:
    """Return by which marks some addresses are known in what services have."""
    key = _kept(view, _SYNC, _KEY).said.get(_KEY)
    return {mark(key, one) for one in identifiers if one.startswith(_ADDRESS)} if key else set()


def without_marks(doc: Doc, marks: Collection[str]) -> Doc:
    """Return the document of something that a service has, without some of those it was with.

    Its words may name them, so the mark of these goes as well.
    """
    left = {
        field: [one for one in doc.get(field, ()) if one not in marks]
        for field in ("people", "copied", "waiting")
    }
    others = {field: value for field, value in doc.items() if field not in {*left, "words"}}
    return {**others, **{field: some for field, some in left.items() if some}}


def remote_id(service: str, key: str) -> str:
    """Return the id of the record of something that a service has."""
    return hashlib.blake2b(f"{service}\0{key}".encode(), digest_size=16).hexdigest()


def met(view: Transaction, marks: Iterable[str]) -> list[Stranger]:
    """Return the strangers who have these marks."""
    return list(every(view, Stranger, Query("stranger", one_of("mark", sorted(marks)))))


def _kept(view: Transaction, source: str, name: str) -> Remembered:
    """Return what a source keeps under a name; empty if that is nothing yet."""
    known = (one for one in remembered(view, source) if one.name == name)
    return next(known, Remembered(id=new_id(), source=source, name=name))


def _secret(work: Work) -> str:
    """Return the key of all marks of addresses, made the first time."""
    kept = _kept(work.view, _SYNC, _KEY)
    if _KEY not in kept.said:
        kept = work.put(attrs.evolve(kept, said={_KEY: secrets.token_hex(KEY_BYTES)}))
    return kept.said[_KEY]
