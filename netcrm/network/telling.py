"""What is new in people's lives, from what imports have changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from netcrm import model
from netcrm.errors import InvalidError
from netcrm.model.contact import Contact
from netcrm.model.time import Interval
from netcrm.network.history import versions_before
from netcrm.network.people import Who
from netcrm.network.suggesting import Suggesting
from netcrm.rules.news import News, news
from netcrm.storage.contract import Record, Transaction

_USUAL = Interval.parse("30d")


class Telling(Suggesting):
    """News of the people of a network."""

    def news(self, since: date | str | Interval = _USUAL, *, who: Who | None = None) -> list[News]:
        """Return what is new in people's lives by what sources say, the latest first.

        New jobs and titles, new connections and those that are gone, new names and profiles. It is
        worked out from the changes that imports made; what was undone is no news.

        Args:
            since: the first day of it, or how far back, such as "2 weeks".
            who: only of this person.
        """
        from netcrm import codec

        first = self._first_day(since)
        found: list[News] = []
        with self._reading() as view:
            only = self._contact(view, who).id if who is not None else None
            later: dict[str, Record] = {}
            for commit, undone_by in self._entries(view, None):
                day = self.day(commit.at)
                if day < first:
                    break
                versions = list(_versions(view, commit, later, only))
                if undone_by is None and commit.undoes is None:
                    for was, now in versions:
                        before = codec.decode(was, Contact) if was else None
                        found += news(before, codec.decode(now, Contact), on=day)
        return [one for one in found if one.kind != "connected" or one.after >= str(first)]

    def _first_day(self, since: date | str | Interval) -> date:
        if isinstance(since, str):
            try:
                return self._first_day(Interval.parse(since))
            except InvalidError:
                return self.day(since, past=True)
        if isinstance(since, Interval):
            return self.today - timedelta(days=round(since.days))
        return self.day(since)


def _versions(
    view: Transaction, commit: model.Commit, later: dict[str, Record], only: str | None
) -> Iterator[tuple[Record | None, Record]]:
    """Yield the contacts that a commit made or changed, as they were before and after it.

    *later* holds what contacts were before the commits that came after; it is carried on.
    """
    images: dict[str, Record] = {}
    if "contact" in commit.changed or "contact" in commit.deleted:
        for records in versions_before(view, commit.seq):
            people = (one for one in records if one.kind == "contact" and only in (None, one.id))
            images.update((one.id, one) for one in people)
    touched = [*commit.changed.get("contact", ()), *commit.created.get("contact", ())]
    wanted = [id_ for id_ in touched if only in (None, id_)]
    here = {one.id: one for one in view.get("contact", [id_ for id_ in wanted if id_ not in later])}
    for id_ in wanted:
        after = later.get(id_) or here.get(id_)
        if after is not None:
            yield images.get(id_), after
    later.update(images)
