"""Bringing in what a source gives: one import, one commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

import attrs

from netcrm.codec import decode
from netcrm.errors import InvalidError
from netcrm.loading import given, guarded
from netcrm.model.commit import Commit
from netcrm.model.contact import Contact
from netcrm.model.ids import new_id
from netcrm.model.remembered import Remembered
from netcrm.model.text import slug, words
from netcrm.network.exchanges import Exchanges
from netcrm.network.matching import Matcher, PassedOverError
from netcrm.network.referrers import refer
from netcrm.network.work import Work
from netcrm.rules.identity import Known, full_name, identifiers, is_address, profile_in
from netcrm.rules.intake import Review, meet, revise, without
from netcrm.rules.lookup import free_handles
from netcrm.rules.names import bare_name, parse_name
from netcrm.rules.news import News, news
from netcrm.rules.sightings import Exchange, Sighting, folded
from netcrm.rules.suggestions import REFERRED, Suggestion
from netcrm.source import Batch, Problem, SourceProvider
from netcrm.storage.contract import Transaction, batches
from netcrm.storage.query import Query, eq, has

R = TypeVar("R")

_AT_ONCE = 500
_ALIKE = 10
_FEW = 10
_MANY = 0.25


@attrs.frozen(kw_only=True)
class ImportReport:
    """What became of each row that was read: `read` is the sum of the other six counts.

    `created` and `updated` count people, `logged` counts interactions. `review` lists who is new
    and has the name of somebody else: they may be one person. `notes` tell how the source was
    understood.
    """

    source: str
    read: int = 0
    created: int = 0
    updated: int = 0
    logged: int = 0
    unchanged: int = 0
    skipped: int = 0
    rejected: int = 0
    problems: tuple[Problem, ...] = ()
    news: tuple[News, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    review: tuple[Review, ...] = ()
    notes: tuple[str, ...] = ()
    commit: Commit | None = None


def take_in(
    work: Work,
    provider: SourceProvider,
    batches: list[Batch],
    now: datetime,
    watch: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Write what the rows of a source change; tell *watch* how far it has come.

    *now* has the home zone. People come first: what passed between us is logged with those.
    """
    tally = _Tally(work, provider, now, watch or (lambda done, total: None))
    tally.take(*tally.heard(batches))
    tally.remember()
    return tally.report()


def read(
    provider: SourceProvider,
    argument: str,
    options: Mapping[str, str],
    remembered: Mapping[str, Mapping[str, str]],
) -> Iterator[Batch]:
    """Yield what a source gives; where it fails, say that it was the source."""
    whose = f"source {provider.name}"
    more = {"options": options, "remembered": remembered} if provider.options else {}
    if options and not provider.options:
        raise InvalidError(f"{provider.name} takes no options")
    for batch in given(whose, lambda: provider.open(argument, **more).batches(), Batch):
        with guarded(whose):
            _check(batch.sightings, Sighting)
            _check(batch.exchanges, Exchange)
        yield batch


def remembered(view: Transaction, source: str) -> Iterator[Remembered]:
    """Yield what a source asked to remember."""
    for record in view.find(Query("remembered", eq("source", source))):
        yield decode(record, Remembered)


def _check(rows: Iterable[object], kind: type) -> None:
    for row in rows:
        if not isinstance(row, kind):
            raise TypeError(
                f"it gave {row!r}, not {'an' if kind is Exchange else 'a'} {kind.__name__}"
            )


def _weakness(sighting: Sighting) -> tuple[bool, int]:
    """Return how little a row says about who it is. The strong ones are matched first.

    Otherwise somebody's row with nothing but a shared address could take another's place.
    """
    said = sighting.said
    strong = [key in said for key in ("url", "email", "phone", "connected_on")]
    return not full_name(said), strong.index(True) if any(strong) else len(strong)


class _Tally:
    """The state of one import: who was seen, and the counts."""

    def __init__(
        self,
        work: Work,
        provider: SourceProvider,
        now: datetime,
        watch: Callable[[int, int], None],
    ) -> None:
        self._work = work
        self._watch = watch
        self._provider = provider
        self._now = now
        self._today = now.date()
        self._counts = dict.fromkeys(("created", "updated", "logged", "unchanged"), 0)
        self._problems: list[Problem] = []
        self._news: list[News] = []
        self._suggestions: list[Suggestion] = []
        self._review: list[Review] = []
        self._notes: list[str] = []
        self._is_whole = False
        self._remember: dict[str, Mapping[str, str]] = {}
        self._referred: dict[str, str] = {}
        self._matcher = Matcher(work.view, provider.name, self._today)
        self._handles = {str(h) for (h,) in work.view.rows(Query("contact"), ("handle",))}
        self._handles |= {str(h) for (h,) in work.view.rows(Query("merged"), ("handle",))}
        self._namesakes: dict[str, str] = {}  # the handles that go with a name
        self._numbered: dict[str, Iterator[str]] = {}

    def heard(self, batches: list[Batch]) -> tuple[list[Sighting], list[Exchange]]:
        """Return all rows, the people in the order in which they are matched; count problems.

        The list is emptied meanwhile.
        """
        sightings: list[Sighting] = []
        exchanges: list[Exchange] = []
        batches.reverse()
        while batches:
            batch = batches.pop()
            self._problems += batch.problems
            self._notes += batch.notes
            self._remember |= batch.remember
            sightings += batch.sightings
            self._is_whole = self._is_whole or batch.is_whole
            exchanges += batch.exchanges
        return sorted(self._folded(sightings), key=_weakness), exchanges

    def _folded(self, sightings: list[Sighting]) -> list[Sighting]:
        """Return the rows, those of one person as one: by an address of theirs, and their name."""
        place_of: dict[str, int] = {}
        rows: list[Sighting] = []
        for sighting in sightings:
            keys = [key for key in identifiers(sighting.said) if is_address(key)]
            name = words(full_name(sighting.said))
            place = next((place_of[key] for key in keys if key in place_of), None)
            if (
                place is not None
                and _is_same(rows[place], name, keys)
                and self._is_sound(rows[place], sighting)
            ):
                self._pass_over(sighting, f"the same person as line {rows[place].line}")
                rows[place] = folded(rows[place], sighting)
            else:
                place = len(rows)
                rows.append(sighting)
            for key in keys:
                place_of.setdefault(key, place)
        return rows

    def _is_sound(self, *sightings: Sighting) -> bool:
        """Whether a person can be made of each of some rows: a faulty one is nobody's."""
        try:
            for sighting in sightings:
                self._described(sighting, "checked")
        except InvalidError:
            return False
        return True

    def take(self, sightings: list[Sighting], exchanges: list[Exchange]) -> None:
        """Take in all rows. The lists are emptied meanwhile, so that large ones fit in memory."""
        self._matcher.hear(sightings)
        total = len(sightings) + len(exchanges)
        taken = 0
        for some in _parts(sightings):
            self._take_some(some)
            taken += len(some)
            self._watch(taken, total)
        if self._is_whole:
            self._miss()
        self._suggestions += refer(
            self._work, self._matcher, self._referred, self._provider.name, self._today
        )
        log = Exchanges(self._work, self._matcher, self._provider.name, self._now)
        for part in _parts(exchanges):
            logged, unchanged, problems = log.take(part)
            self._counts["logged"] += logged
            self._counts["unchanged"] += unchanged
            self._problems += problems
            taken += len(part)
            self._watch(taken, total)

    def _miss(self) -> None:
        """Note whom a list of everybody is without, unless it is without too many to be right."""
        view, source = self._work.view, self._provider.name
        known = {
            str(id_) for (id_,) in view.rows(Query("contact", has("origins", source)), ("id",))
        }
        missing = known - self._matcher.met - self._matcher.me
        if not missing:
            return
        if any(problem.kind == "rejected" for problem in self._problems):
            self._notes.append("As some rows could not be read, nobody is taken to be gone.")
            return
        if len(missing) > max(_FEW, len(known) * _MANY):
            self._notes.append(
                f"{len(missing):,} of {len(known):,} people who were in {source} before are not in "
                "this file: it may be an older one, or a part. None is taken to be gone."
            )
            return
        for some in batches(sorted(missing), _AT_ONCE):
            before = [decode(record, Contact) for record in view.get("contact", some)]
            after = [without(contact, source, on=self._today) for contact in before]
            self._work.put_all(after)
            for was, now in zip(before, after, strict=True):
                self._news += news(was, now, on=self._today)

    def remember(self) -> None:
        """Keep what the source wants to know again."""
        before = {one.name: one for one in remembered(self._work.view, self._provider.name)}
        for name, said in self._remember.items():
            fresh = Remembered(id=new_id(), source=self._provider.name, name=name)
            self._work.put(attrs.evolve(before.get(name, fresh), said=said))

    def report(self) -> ImportReport:
        """Return the counts."""
        problems = tuple(sorted(self._problems, key=lambda problem: (problem.file, problem.line)))
        skipped = sum(problem.kind == "skipped" for problem in problems)
        return ImportReport(
            source=self._provider.name,
            read=sum(self._counts.values()) + len(problems),
            created=self._counts["created"],
            updated=self._counts["updated"],
            logged=self._counts["logged"],
            unchanged=self._counts["unchanged"],
            skipped=skipped,
            rejected=len(problems) - skipped,
            problems=problems,
            news=tuple(self._news),
            suggestions=tuple(self._suggestions),
            review=tuple(sorted(self._review, key=lambda review: review.line)),
            notes=tuple(self._notes),
        )

    def _take_some(self, sightings: Iterable[Sighting]) -> None:
        """Take in rows whose contacts are read, and written, together."""
        new: list[Contact] = []
        known: dict[str, list[Sighting]] = {}
        for sighting in sightings:
            try:
                person = self._matcher.match(sighting)
                if person is None:
                    new.append(self._meet(sighting))
                else:
                    known.setdefault(person, []).append(sighting)
            except InvalidError as error:
                self._refuse(sighting, str(error))
            except PassedOverError as error:
                self._pass_over(sighting, str(error))
        self._work.put_all(new)
        self._counts["created"] += len(new)
        self._work.put_all(self._revised(known))

    def _pass_over(self, sighting: Sighting, reason: str) -> None:
        line, file = sighting.line, sighting.file
        self._problems.append(Problem(line=line, file=file, reason=reason, kind="skipped"))

    def _refuse(self, sighting: Sighting, reason: str) -> None:
        self._problems.append(Problem(line=sighting.line, file=sighting.file, reason=reason))

    def _meet(self, sighting: Sighting) -> Contact:
        base = slug(bare_name(full_name(sighting.said)))[:60].strip("-") or "contact"
        if base not in self._numbered:
            self._numbered[base] = free_handles(base, self._handles)
        contact = self._described(sighting, next(self._numbered[base]))
        self._handles.add(contact.handle)
        if REFERRED in sighting.said:
            self._referred[contact.id] = sighting.said[REFERRED]
        self._matcher.meet(contact, sighting)
        self._compare(contact, sighting.line)
        return contact

    def _described(self, sighting: Sighting, handle: str) -> Contact:
        return meet(
            sighting,
            id=new_id(),
            handle=handle,
            source=self._provider.name,
            known_from=self._provider.source,
            on=self._today,
        )

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

    def _revised(self, known: Mapping[str, list[Sighting]]) -> Iterator[Contact]:
        for record in self._work.view.get("contact", known):
            before = contact = decode(record, Contact)
            for sighting in known[record.id]:
                try:
                    taken = revise(contact, sighting, source=self._provider.name, on=self._today)
                except InvalidError as error:
                    self._refuse(sighting, str(error))
                    continue
                self._news += taken.news
                self._suggestions += taken.suggestions
                if taken.referred_by:
                    self._referred[contact.id] = taken.referred_by
                self._counts["unchanged" if taken.contact == contact else "updated"] += 1
                contact = taken.contact
            if contact != before:
                yield contact


def _is_same(first: Sighting, name: tuple[str, ...], keys: Iterable[str]) -> bool:
    """Whether a row is about whom an earlier one is about, given that they share an address."""
    before = Known("", "", full_name(first.said), identifiers(first.said))
    return before.is_called(name) and not before.has_another(profile_in(keys))


def _parts(rows: list[R]) -> Iterator[list[R]]:
    """Yield some rows at a time, the first ones first, and take them from the list."""
    rows.reverse()
    while rows:
        some = rows[: -_AT_ONCE - 1 : -1]
        del rows[-_AT_ONCE:]
        yield some
