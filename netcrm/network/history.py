"""What was done, and taking it back."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from netcrm import model
from netcrm.errors import InvalidError, NotFoundError, RefusedError
from netcrm.kinds import KINDS, record_before
from netcrm.model.ids import commit_id
from netcrm.network.core import Core
from netcrm.storage.contract import Record, Transaction, batches, stored
from netcrm.storage.query import Query, eq, ge, has, one_of, prefix

if TYPE_CHECKING:
    from netcrm.network.work import Work

REMOVE: Final = "remove"
"""The reason of a commit that removes somebody."""
FORGET: Final = "forget"
"""The reason of a commit that erases somebody, also from the past."""
FORGOTTEN: Final = "forgotten"
"""The reason of a commit of which nothing is left: it was all about people who were forgotten."""
_SHOWN = 5
_AT_ONCE = 1_000


class Entry(NamedTuple):
    """A line of the history: a commit, and the number of the one that took it back, if any."""

    commit: model.Commit
    undone_by: int | None = None


class History(Core):
    """The history of a network and undo."""

    def history(self, limit: int | None = 20) -> list[Entry]:
        """Return what was done, the newest first."""
        with self._reading() as view:
            return list(self._entries(view, limit))

    def _entries(self, view: Transaction, limit: int | None) -> Iterator[Entry]:
        """Yield what was done, the newest first: what takes something back comes before it."""
        undone: dict[int, int] = {}
        newest = Query("commit", order=(("seq", True),), limit=limit)
        for commit in self._all(view, model.Commit, newest):
            _note_undone(undone, commit.seq, commit.undoes)
            yield Entry(commit=commit, undone_by=undone.get(commit.seq))

    def undo(self, number: int | None = None, *, leave_touched: bool = False) -> model.Commit:
        """Take back one commit: the one with *number*, else the last that stands.

        Every record it made is removed, every one it changed or removed is put back, byte for byte.
        That is a commit too, so it can itself be taken back by its number.

        Args:
            number: which commit; None for the last one that is neither an undo nor undone.
            leave_touched: take back the rest where later commits touched some of its records.

        Raises:
            NotFoundError: there is nothing to undo, or no commit with that number.
            RefusedError: later commits touched the same records; they are listed.
        """
        with self._writing("undo") as work:
            if work.mark:
                raise InvalidError("undo is a transaction of its own, not part of another one")
            commit = self._commit_to_undo(work, number)
            later = _touched_later(work, commit)
            if later and not leave_touched:
                raise RefusedError(_refusal(work.view, commit, later))
            self._take_back(work, commit, later.keys())
            work.undoes = commit.seq
        return commit

    def _commit_to_undo(self, work: Work, number: int | None) -> model.Commit:
        """Return the commit with a number, or the last one that stands."""
        where = None if number is None else ge("seq", number)
        newest = Query("commit", where, order=(("seq", True),))
        commits = list(work.view.rows(newest, ("seq", "undoes", "effect")))
        undone = _undone((seq, undoes) for seq, undoes, _ in commits)
        effects = {seq: effect for seq, _, effect in commits}
        if number is None:
            done = ((seq, effect) for seq, undoes, effect in commits if undoes is None)
            standing = (seq for seq, effect in done if seq not in undone and effect != "nothing")
            number = next(standing, None)
            if number is None:
                raise NotFoundError("There is nothing to undo.")
        if number not in effects:
            raise NotFoundError(f"There is no change #{number}. See: netcrm history")
        if effects[number] in ("forgetting", "nothing"):
            raise RefusedError(
                f"#{number} cannot be taken back: who was forgotten is gone for good. "
                "To take back an earlier change, give its number. See: netcrm history"
            )
        if number in undone:
            raise InvalidError(
                f"#{number} was taken back already, by #{undone[number]}. "
                f"To bring it back: netcrm undo {undone[number]}"
            )
        return next(self._all(work.view, model.Commit, Query("commit", eq("seq", number))))

    def _take_back(
        self, work: Work, commit: model.Commit, left: Collection[tuple[str, str]]
    ) -> None:
        """Put everything back as it was, some at a time, so that no large commit fills memory."""
        for kind, ids in commit.created.items():
            for some in batches((id_ for id_ in ids if (kind, id_) not in left), _AT_ONCE):
                work.replace([(record, None) for record in work.view.get(kind, some)])
        for records in versions_before(work.view, commit.seq, left):
            keys = [(one.kind, one.id) for one in records]
            now = {(one.kind, one.id): one for one in stored(work.view, keys)}
            work.replace((now.get(key), one) for key, one in zip(keys, records, strict=True))
        for records in versions_before(work.view, commit.seq, left):
            trouble = taken(work.view, records)
            if about_nobody(work.view, records):
                trouble = "it is about somebody who was taken back too. See: netcrm history"
            if trouble:
                raise RefusedError(
                    f"#{commit.seq} ({commit.reason}) cannot be taken back: {trouble}"
                )


def _undone(commits: Iterable[tuple[int, int | None]]) -> dict[int, int]:
    """Return which commits are taken back, and by which; given number and `undoes`, newest first.

    An undo that was itself taken back does not count.
    """
    undone: dict[int, int] = {}
    for seq, undoes in commits:
        _note_undone(undone, seq, undoes)
    return undone


def _note_undone(undone: dict[int, int], seq: int, undoes: int | None) -> None:
    if undoes is not None and seq not in undone:
        undone[undoes] = seq


def removed(view: Transaction) -> Iterator[tuple[Record, Record]]:
    """Yield the commits that removed somebody who is not back, the last first, and the person."""
    about_it = eq("effect", "removal") | ge("undoes", 1)
    newest = Query("commit", about_it, order=(("seq", True),))
    commits = list(view.rows(newest, ("seq", "undoes", "effect")))
    undone = _undone((seq, undoes) for seq, undoes, _ in commits)
    for seq, _, effect in commits:
        if effect != "removal" or seq in undone:
            continue
        (commit,) = view.find(Query("commit", eq("seq", seq)))
        gone = set(commit.doc.get("deleted", {}).get("contact", ()))
        for records in versions_before(view, seq):
            yield from ((commit, one) for one in records if one.id in gone)


def versions_before(
    view: Transaction, seq: int, left: Collection[tuple[str, str]] = ()
) -> Iterator[list[Record]]:
    """Yield the records that a commit changed or deleted as they were before it, some at a time.

    Those of *left* are passed over.
    """
    ids = view.rows(Query("before", prefix("id", f"{commit_id(seq)}-")), ("id",))
    for some in batches([id_ for (id_,) in ids], _AT_ONCE):
        records = map(record_before, view.get("before", some))
        yield [record for record in records if (record.kind, record.id) not in left]


def _touched_later(work: Work, commit: model.Commit) -> dict[tuple[str, str], str]:
    """Return the records of a commit that are not as it left them, each with what came later.

    A record that refers to a contact made by the commit counts as touching that contact, and what
    is part of an interview begun by it as touching that.
    """
    now = {(one.kind, one.id): one.rev for one in stored(work.view, commit.keys)}
    gone = {(kind, record_id) for kind, ids in commit.deleted.items() for record_id in ids}
    # An undo gave what it put back the revision that it had then.
    taken_back = versions_before(work.view, commit.undoes) if commit.undoes else ()
    put_back = {(one.kind, one.id): one.rev for records in taken_back for one in records}
    later: dict[tuple[str, str], str] = {}
    for key in commit.keys:
        rev = now.get(key)
        if key in gone:
            if rev is not None:
                later[key] = f"made again by #{rev}"
        elif rev is None:
            later[key] = "removed since"
        elif rev not in (commit.seq, put_back.get(key)):
            later[key] = f"changed by #{rev}"
    own = {
        id_
        for made in (commit.created, commit.changed)  # what it changed is put back with it
        for kind, ids in made.items()
        for id_ in ids
        if (kind, id_) not in later
    }
    if made := commit.created.get("contact", ()):
        for contact, kind, rev in _references(work, made, own):
            later.setdefault(("contact", contact), f"{kind} of #{rev} refers to them")
    if begun := commit.created.get("interview", ()):
        for interview, kind, rev in _parts(work, begun, own):
            later.setdefault(("interview", interview), f"{kind} of #{rev} is part of it")
    return later


def _parts(
    work: Work, interviews: Iterable[str], own: Collection[str]
) -> Iterable[tuple[str, str, int]]:
    """Yield what is part of some interviews and was not made with them."""
    for kind in ("interaction", "meeting"):
        for record in work.view.find(Query(kind, one_of("interview", interviews))):
            if record.id not in own:
                yield record.doc["interview"], kind, record.rev


def _references(
    work: Work, contacts: Iterable[str], own: Collection[str]
) -> Iterable[tuple[str, str, int]]:
    wanted = frozenset(contacts)
    for kind in KINDS.values():
        if "contacts" not in kind.fields:
            continue
        for record in work.view.find(Query(kind.name, has("contacts", *wanted))):
            if record.id not in own:
                members = kind.fields["contacts"].of(record.doc)
                for contact in wanted.intersection(members):  # type: ignore[arg-type]
                    yield contact, kind.name, record.rev


def _refusal(view: Transaction, commit: model.Commit, later: dict[tuple[str, str], str]) -> str:
    def named(kind: str, record_id: str) -> str:
        doc = next((record.doc for record in view.get(kind, [record_id])), {})
        return f"{kind} {doc.get('handle') or doc.get('selector') or record_id}"

    shown = itertools.islice(later.items(), _SHOWN)
    listed = "; ".join(f"{named(*key)}: {what}" for key, what in shown)
    more = f" and {len(later) - _SHOWN} more" if len(later) > _SHOWN else ""
    return (
        f"#{commit.seq} ({commit.reason}) cannot be taken back, because of what came later: "
        f"{listed}{more}. Undo that first, or take back the rest: "
        f"netcrm undo {commit.seq} --leave-touched"
    )


_UNIQUE: Final = (
    ("contact", "handle", "somebody else has the handle {} already"),
    ("contact", "is_me", "somebody else is me already"),
    ("cadence", "open_selector", "there is another rule for {} already"),
    ("interaction", "ref", "{} is logged already"),
)


def taken(view: Transaction, records: Sequence[Record]) -> str:
    """Return in words what only one record may have, but two have now that these are stored."""
    for kind, field, trouble in _UNIQUE:
        of = KINDS[kind].fields[field].of
        owners: dict[Any, str] = {
            of(record.doc): record.id for record in records if record.kind == kind
        }
        query = Query(kind, one_of(field, [value for value in owners if value]))
        for record_id, value in view.rows(query, ("id", field)) if any(owners) else ():
            if owners[value] != record_id:
                return trouble.format(value)
    return ""


def about_nobody(view: Transaction, records: Iterable[Record]) -> bool:
    """Whether any of these records refers to a contact that is not here."""
    people: set[str] = set()
    for record in records:
        fields = KINDS[record.kind].fields
        if "contacts" in fields:
            people.update(fields["contacts"].of(record.doc))  # type: ignore[arg-type]
    return len(people) > sum(1 for _ in view.get("contact", people))
