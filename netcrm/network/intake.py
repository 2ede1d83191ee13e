"""Bringing people in from a source: one import, one commit."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

import attrs

from netcrm.codec import decode
from netcrm.errors import InvalidError
from netcrm.kinds import KINDS
from netcrm.model.commit import Commit
from netcrm.model.contact import Contact, Origin
from netcrm.model.ids import new_id
from netcrm.model.text import slug, words
from netcrm.network.history import removed
from netcrm.network.work import Work
from netcrm.plugins import guarded
from netcrm.rules.identity import Book, Known, full_name, identifiers, is_profile, profile_in
from netcrm.rules.intake import (
    News,
    Review,
    Suggestion,
    Taken,
    meet,
    origin_of,
    revise,
)
from netcrm.rules.lookup import free_handles
from netcrm.rules.names import bare_name, parse_name
from netcrm.rules.removal import mark
from netcrm.rules.sightings import Sighting
from netcrm.source import Batch, Problem, SourceProvider
from netcrm.storage.contract import Transaction
from netcrm.storage.query import Query

_AT_ONCE = 1_000
_ALIKE = 10


@attrs.frozen(kw_only=True)
class ImportReport:
    """What became of each row that was read: `read` is the sum of the other five counts.

    `review` lists who is new and has the name of somebody else: they may be one person.
    """

    source: str
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    rejected: int = 0
    problems: tuple[Problem, ...] = ()
    news: tuple[News, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    review: tuple[Review, ...] = ()
    commit: Commit | None = None


def take_in(
    work: Work,
    provider: SourceProvider,
    batches: list[Batch],
    today: date,
    watch: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Write what the rows of a source change; tell *watch* how far it has come."""
    tally = _Tally(work, provider, today, watch or (lambda done, total: None))
    tally.take(sorted(tally.heard(batches), key=_weakness))
    return tally.report()


def read(provider: SourceProvider, argument: str) -> Iterator[Batch]:
    """Yield what a source gives; where it fails, say that it was the source."""
    whose = f"source {provider.name}"
    with guarded(whose):
        batches = iter(provider.open(argument).batches())
    while True:
        with guarded(whose):
            batch: object = next(batches, None)
            if batch is not None and not isinstance(batch, Batch):
                raise TypeError(f"it gave {batch!r}, not a Batch")
            for row in batch.sightings if batch else ():
                if not isinstance(row, Sighting):
                    raise TypeError(f"it gave {row!r}, not a Sighting")
        if not isinstance(batch, Batch):
            return
        yield batch


def _weakness(sighting: Sighting) -> tuple[bool, int]:
    """Return how little a row says about who it is. The strong ones are matched first.

    Otherwise somebody's row with nothing but a shared address could take another's place.
    """
    said = sighting.said
    strong = [key in said for key in ("url", "email", "phone", "connected_on")]
    return not full_name(said), strong.index(True) if any(strong) else len(strong)


class _Tally:
    """The state of one import: who is known, who was seen, and the counts."""

    def __init__(
        self,
        work: Work,
        provider: SourceProvider,
        today: date,
        watch: Callable[[int, int], None],
    ) -> None:
        self._work = work
        self._watch = watch
        self._provider = provider
        self._today = today
        self._counts = dict.fromkeys(("created", "updated", "unchanged"), 0)
        self._problems: list[Problem] = []
        self._news: list[News] = []
        self._suggestions: list[Suggestion] = []
        self._review: list[Review] = []
        known = list(_everybody(work.view))
        self._book = Book(known)
        self._handles = {person.handle for person in known}
        self._handles |= {str(h) for (h,) in work.view.rows(Query("merged"), ("handle",))}
        self._trash = dict(_trashed(work.view))
        self._forgotten = dict(_forgotten(work.view))
        self._line_of: dict[str, int] = {}
        self._origins = dict(_merged(work.view, provider.name))
        self._line_of_origin: dict[tuple[str, int], int] = {}
        self._namesakes: dict[str, str] = {}  # the handles that go with a name
        self._named: dict[str, list[str]] = {}  # the addresses that go with a name
        self._numbered: dict[str, Iterator[str]] = {}

    def heard(self, batches: list[Batch]) -> Iterator[Sighting]:
        """Yield all sightings, and count rows that became none. The list is emptied meanwhile."""
        batches.reverse()
        while batches:
            batch = batches.pop()
            self._problems += batch.problems
            yield from batch.sightings

    def take(self, sightings: list[Sighting]) -> None:
        """Take in all rows. The list is emptied meanwhile, so that a large one fits in memory."""
        for sighting in sightings:
            if addresses := _addresses(identifiers(sighting.said)):
                self._named.setdefault(_folded(full_name(sighting.said)), []).extend(addresses)
        total = len(sightings)
        sightings.reverse()
        while sightings:
            some = sightings[: -_AT_ONCE - 1 : -1]
            del sightings[-_AT_ONCE:]
            self._take_some(some)
            self._watch(total - len(sightings), total)

    def report(self) -> ImportReport:
        """Return the counts."""
        problems = tuple(sorted(self._problems, key=lambda problem: problem.line))
        skipped = sum(problem.kind == "skipped" for problem in problems)
        return ImportReport(
            source=self._provider.name,
            read=sum(self._counts.values()) + len(problems),
            created=self._counts["created"],
            updated=self._counts["updated"],
            unchanged=self._counts["unchanged"],
            skipped=skipped,
            rejected=len(problems) - skipped,
            problems=problems,
            news=tuple(self._news),
            suggestions=tuple(self._suggestions),
            review=tuple(sorted(self._review, key=lambda review: review.line)),
        )

    def _take_some(self, sightings: Iterable[Sighting]) -> None:
        """Take in rows whose contacts are read, and written, together."""
        new: list[Contact] = []
        known: dict[str, list[Sighting]] = {}
        for sighting in sightings:
            try:
                person = self._match(sighting)
                if person is None:
                    new.append(self._meet(sighting))
                else:
                    known.setdefault(person, []).append(sighting)
            except InvalidError as error:
                self._problems.append(Problem(line=sighting.line, reason=str(error)))
            except _PassedOverError as error:
                self._problems.append(
                    Problem(line=sighting.line, reason=str(error), kind="skipped")
                )
        self._work.put_all(new)
        self._counts["created"] += len(new)
        self._work.put_all(self._revised(known))

    def _match(self, sighting: Sighting) -> str | None:
        """Return the id of the contact that a row means, None for somebody new.

        A contact is met by one row of an import only; one that was merged, by one for each origin.
        """
        keys = identifiers(sighting.said)
        if not keys:
            raise InvalidError(
                "nothing to know this person by next time: no profile, e-mail, phone or day"
            )
        named = words(full_name(sighting.said))
        everyone = self._book.match(sighting.said)
        sure = [one for one in everyone if named in ((), words(one.name)) or _profile(keys, one)]
        free = [one for one in sure or everyone if self._line(one.id, sighting) is None]
        if sure and not free and sure[0].has_another(profile_in(keys)):
            sure = []  # an old name of a profile would not stand in the same file
        if sure and not free and any(key in sure[0].identifiers for key in _addresses(keys)):
            raise _PassedOverError(f"the same person as line {self._line(sure[0].id, sighting)}")
        if not sure:  # they share an address: whose name stands in another row is that one
            free = [
                one for one in free if set(keys).isdisjoint(self._named.get(_folded(one.name), ()))
            ]
        found = tuple(free) or self._book.match(
            sighting.said, ChainMap({one.id: 0 for one in everyone}, self._line_of)
        )
        if len(found) > 1:
            exact = tuple(person for person in found if self._said_so(person, sighting))
            if len(exact) != 1:
                raise InvalidError(f"fits several people: {', '.join(p.handle for p in found)}")
            found = exact
        if not found:
            if self._is_forgotten(keys):
                raise _PassedOverError("was forgotten; to have them again, add them by hand")
            if seq := next((self._trash[key] for key in keys if key in self._trash), 0):
                raise _PassedOverError(f"was removed; to bring them back: netcrm undo {seq}")
            return None
        if keys[0] not in found[0].identifiers:
            self._describe(sighting, "checked")  # a faulty row must not take anybody's place
        self._line_of[found[0].id] = sighting.line
        if found[0].id in self._origins:
            self._line_of_origin[self._origin(found[0].id, sighting)] = sighting.line
        return found[0].id

    def _is_forgotten(self, keys: Iterable[str]) -> bool:
        return any(
            mark(key, one) in marks for key, marks in self._forgotten.items() for one in keys
        )

    def _line(self, id: str, sighting: Sighting) -> int | None:
        """Return the line by which a contact, or the origin of it that this row means, was met."""
        if id in self._origins:
            return self._line_of_origin.get(self._origin(id, sighting))
        return self._line_of.get(id)

    def _origin(self, id: str, sighting: Sighting) -> tuple[str, int]:
        """Return the origin of a merged contact that a row belongs to: its place, -1 for none."""
        origins = self._origins[id]
        origin = origin_of(origins, sighting, self._provider.name)
        return id, -1 if origin is None else origins.index(origin)

    def _said_so(self, person: Known, sighting: Sighting) -> bool:
        """Whether this source says nothing new of a person."""
        for record in self._work.view.get("contact", [person.id]):
            contact = decode(record, Contact)
            return contact.origin(self._provider.name) is not None and (
                self._revise(contact, sighting).contact == contact
            )
        return False

    def _meet(self, sighting: Sighting) -> Contact:
        base = slug(bare_name(full_name(sighting.said)))[:60].strip("-") or "contact"
        if base not in self._numbered:
            self._numbered[base] = free_handles(base, self._handles)
        contact = self._describe(sighting, next(self._numbered[base]))
        self._handles.add(contact.handle)
        self._line_of[contact.id] = sighting.line
        keys = identifiers(sighting.said)
        self._book.add(Known(contact.id, contact.handle, contact.name, keys))
        self._compare(contact, sighting.line)
        return contact

    def _compare(self, contact: Contact, line: int) -> None:
        """Note who had the name of a new contact before."""
        if not self._namesakes:
            self._namesakes[""] = ""  # a name without letters is nobody's
            for handle, name in self._work.view.rows(Query("contact"), ("handle", "name")):
                self._called(str(handle), str(name))
        if like := self._called(contact.handle, contact.name):
            self._review.append(
                Review(
                    line=line,
                    contact=contact.id,
                    handle=contact.handle,
                    name=contact.name,
                    like=tuple(like.split()),
                )
            )

    def _called(self, handle: str, name: str) -> str:
        """Remember a name; return the handles of the first who have it already."""
        said = " ".join(parse_name(name).words)
        before = self._namesakes.get(said, "")
        if said and before.count(" ") + 1 < _ALIKE:
            self._namesakes[said] = f"{before} {handle}" if before else handle
        return before

    def _describe(self, sighting: Sighting, handle: str) -> Contact:
        return meet(
            sighting,
            id=new_id(),
            handle=handle,
            source=self._provider.name,
            known_from=self._provider.source,
            on=self._today,
        )

    def _revise(self, contact: Contact, sighting: Sighting) -> Taken:
        return revise(contact, sighting, source=self._provider.name, on=self._today)

    def _revised(self, known: Mapping[str, list[Sighting]]) -> Iterator[Contact]:
        for record in self._work.view.get("contact", known):
            before = contact = decode(record, Contact)
            for sighting in known[record.id]:
                try:
                    taken = self._revise(contact, sighting)
                except InvalidError as error:
                    self._problems.append(Problem(line=sighting.line, reason=str(error)))
                    continue
                self._news += taken.news
                self._suggestions += taken.suggestions
                self._counts["unchanged" if taken.contact == contact else "updated"] += 1
                contact = taken.contact
            if contact != before:
                yield contact


def _folded(name: str) -> str:
    return " ".join(words(name))


def _addresses(keys: Iterable[str]) -> list[str]:
    """Return the identifiers that are more than a name and a day."""
    return [key for key in keys if not key.startswith("met:")]


def _profile(keys: Iterable[str], person: Known) -> bool:
    """Whether a row names the very profile of a person: then names do not matter."""
    own = (key for key in keys if is_profile(key) or key.startswith("url:"))
    return any(key in person.identifiers for key in own)


class _PassedOverError(Exception):
    """A row that is as expected, and yet means nobody to take in."""


def _trashed(view: Transaction) -> Iterator[tuple[str, int]]:
    """Yield the identifiers of those who were removed, each with the commit's number."""
    of = KINDS["contact"].fields["identifiers"].of
    for commit, person in removed(view):
        for key in of(person.doc):  # type: ignore[union-attr]
            yield str(key), commit.doc["seq"]


def _forgotten(view: Transaction) -> Iterator[tuple[str, set[str]]]:
    """Yield the keys of those who were forgotten, each with all marks that were made with it."""
    marks: dict[str, set[str]] = {}
    for record in view.scan("forgotten"):
        marks.setdefault(record.doc["key"], set()).update(record.doc.get("marks", ()))
    yield from marks.items()


def _everybody(view: Transaction) -> Iterator[Known]:
    fields = ("id", "handle", "name", "identifiers")
    for id_, handle, name, keys in view.rows(Query("contact"), fields):
        yield Known(id_, handle, name, tuple(keys))


def _merged(view: Transaction, source: str) -> Iterator[tuple[str, tuple[Origin, ...]]]:
    """Yield the ids of contacts with several origins in one source, and all origins of each."""
    merged = {into for ((into,),) in view.rows(Query("merged"), ("contacts",))}
    for record in view.get("contact", merged):
        origins = decode(record, Contact).origins
        if sum(origin.source == source for origin in origins) > 1:
            yield record.id, origins
