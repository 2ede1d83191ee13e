"""Brings tables of people into netcrm: lists as CSV, from anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from netcrm import Batch, SourceProvider, hookimpl

if TYPE_CHECKING:
    from netcrm_tables.columns import Columns


_GUESS = "guess"


class PeopleTable:
    """A list of people: a CSV file, what was typed into standard input (-), or a text.

    Attributes:
        name: the name of the list, which every person on it is given; that of the file if empty.
        columns: what its columns mean, as far as the user said so: a title and a word for it such
            as "organisation"; "-" leaves the column out, "keep" keeps it as it is.
        text: the table itself, if it is not to be read from *path*.
        remembered: by the name of a list, what its columns were taken for before. What `columns`
            says goes before that; "guess" looks at a column anew.
    """

    def __init__(
        self,
        path: str,
        *,
        name: str = "",
        columns: Mapping[str, str] | None = None,
        text: str | bytes | None = None,
        remembered: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.path = path
        self.name = name
        self.columns = dict(columns or {})
        self.text = text
        self.remembered = dict(remembered or {})

    def batches(self) -> Iterator[Batch]:
        """Yield the people, in one batch.

        Raises:
            InvalidError: there are none to be read, or `columns` names a column or a meaning that
                does not exist; the message says what to do.
        """
        # Reading needs csv, which whoever only lists the plugins should not pay for.
        from netcrm_tables import people, place

        called, data = self._content()
        named = " ".join(self.name.split())
        lists = {} if named else self.remembered
        name, notes = people.list_name(called, data, named or place.list_name(self.path), lists)
        before = dict(self.remembered.get(name, {}))
        own = {title: word for title, word in self.columns.items() if word.strip() != _GUESS}
        for title in self.columns.keys() - own.keys():
            before.pop(title, None)
        yield people.read(called, data, name, own, before, notes)

    def columns_found(self) -> Columns:
        """Return what each column is taken for, to be shown before anything is stored.

        Raises:
            InvalidError: as for `batches`.
        """
        from netcrm_tables import people

        return people.columns_found(*self._content(), self.columns)

    def _content(self) -> tuple[str, bytes]:
        """Return what to call the table in a message, and its bytes."""
        from netcrm_tables import place

        if self.path == "-" and self.text is None:
            self.text = place.standard_input()  # it can be read only once
        return place.find(self.path, self.text)


def opened(
    path: str, *, options: Mapping[str, str], remembered: Mapping[str, Mapping[str, str]]
) -> PeopleTable:
    """Return the table that a user means; options are `list`, its name, and titles of columns."""
    columns = {title: word for title, word in options.items() if title != "list"}
    return PeopleTable(path, name=options.get("list", ""), columns=columns, remembered=remembered)


@hookimpl
def netcrm_sources() -> list[SourceProvider]:
    """Offer `netcrm import table FILE`."""
    return [
        SourceProvider(
            name="table",
            summary="People from a table: CSV of alumni, members, Google, Outlook, Thunderbird "
            "and others",
            open=opened,
            source="import",
            options="list=NAME of the list, and TITLE=MEANING of a column",
        )
    ]
