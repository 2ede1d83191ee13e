"""One export, table by table: what can be read is read, and of the rest it is said why not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netcrm import Batch, InvalidError, Problem
from netcrm_linkedin import (
    archive,
    connections,
    contacts,
    invitations,
    me,
    messages,
    recommendations,
)
from netcrm_linkedin.archive import Export, Member
from netcrm_linkedin.people import Party

_ABOUT_ME: Final = ("profile", "positions", "education")
_SPOKEN: Final = (
    "messages",
    "invitations",
    "recommendations_received",
    "recommendations_given",
)
_KINDS: Final = ("connections", *_ABOUT_ME, *_SPOKEN)


def batches(path: str) -> Iterator[Batch]:
    """Yield what an export says, one batch for each table; what it says of me is one.

    Raises:
        InvalidError: nothing can be read, or not the connections.
    """
    with archive.opened(path) as export:
        if export.is_single:
            yield _alone(export.members[0])
            return
        export.expect(_KINDS, "Connections.csv or messages.csv")
        yield from _Reading(export).batches()


def address_books(path: str) -> Iterator[Batch]:
    """Yield the address books of an export, one batch for each.

    Raises:
        InvalidError: there is none.
    """
    with archive.opened(path) as export:
        export.expect(("contacts",), "Contacts.csv")
        book = contacts.Book()
        for member in export.all("contacts"):
            try:
                yield book.read(member.called, member.read(), member.file)
            except InvalidError as error:
                if export.is_single:
                    raise
                yield _refused(member.file, error)


def _refused(file: str, error: InvalidError) -> Batch:
    return Batch(problems=(Problem(line=1, file=file, reason=str(error)),))


def _alone(member: Member) -> Batch:
    """Return what a single file says, whichever table it is."""
    data = member.read()
    if member.kind == "connections":
        return connections.read(member.called, data, member.file)
    if member.kind == "contacts":
        raise InvalidError(
            f"{member.called} is an address book that LinkedIn copied; import it as "
            "linkedin-contacts instead"
        )
    if member.kind in _ABOUT_ME:
        known = me.Known()
        _about_me(member, data, known)
        return known.batch()
    return _spoken(member, data, (), ())


def _about_me(member: Member, data: bytes, known: me.Known) -> None:
    if member.kind == "profile":
        me.read_profile(member.called, data, member.file, known)
    else:
        me.read_positions(member.called, data, member.file, known, member.kind)


def _spoken(member: Member, data: bytes, mine: tuple[Party, ...], names: tuple[str, ...]) -> Batch:
    if member.kind == "messages":
        return messages.read(member.called, data, member.file, mine, names)
    if member.kind == "invitations":
        return invitations.read(member.called, data, member.file)
    way: recommendations.Way = "inbound" if member.kind.endswith("received") else "outbound"
    return recommendations.read(member.called, data, member.file, way)


class _Reading:
    """What was learnt so far from the tables of one export."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._names: tuple[str, ...] = ()
        self._known = me.Known()

    def batches(self) -> Iterator[Batch]:
        if member := self._export.only("connections"):
            batch = connections.read(member.called, member.read(), member.file)
            said = [sighting.said for sighting in batch.sightings]
            self._names = tuple(
                f"{each.get('given', '')} {each.get('family', '')}".strip() for each in said
            )
            yield batch
        if any(self._export.all(kind) for kind in _ABOUT_ME):
            yield self._me()
        for kind in _SPOKEN:
            if self._export.all(kind):
                yield self._batch(kind)

    def _me(self) -> Batch:
        for kind in _ABOUT_ME:
            try:
                if member := self._export.only(kind):
                    _about_me(member, member.read(), self._known)
            except InvalidError as error:
                file = self._export.all(kind)[0].file
                self._known.problems.append(Problem(line=1, file=file, reason=str(error)))
        return self._known.batch()

    def _batch(self, kind: str) -> Batch:
        """Return a table. One that cannot be read must not cost the others."""
        member = self._export.all(kind)[0]
        try:
            self._export.only(kind)
            mine = self._mine() if kind == "messages" else ()
            return _spoken(member, member.read(), mine, self._names)
        except InvalidError as error:
            return _refused(member.file, error)

    def _mine(self) -> tuple[Party, ...]:
        """Return what is known of whose export it is: by the invitations, and by the profile."""
        try:
            member = self._export.only("invitations")
            said = invitations.owner(member.called, member.read()) if member else Party()
        except InvalidError:
            said = Party()  # what is wrong with them is said when it is their turn
        return said, self._known.party
