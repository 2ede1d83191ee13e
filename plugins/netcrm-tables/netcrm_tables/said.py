"""What the cells of one row say of a person, in the words of a sighting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from netcrm_tables import cells, dates, typed
from netcrm_tables.cells import Read
from netcrm_tables.columns import JOINED, Column, Columns
from netcrm_tables.dates import Order
from netcrm_tables.faults import Faulty, Passed, quoted
from netcrm_tables.titles import KEEP, LEAVE_OUT, LINKEDIN

DATES: Final = ("birthday", "until", "connected_on")
_READERS: Final[Mapping[str, Callable[[str], Read]]] = {
    "email": cells.emails,
    "phone": cells.phones,
    "url": cells.urls,
    "aliases": cells.aliases,
    "tags": cells.labels,
    "circles": cells.labels,
    "fields": cells.labels,
    "relations": cells.labels,
    "kin": cells.yes,
    "placeholder": cells.yes,
    "source": cells.source,
}
_ONGOING: Final = frozenset({
    "present", "current", "now", "today", "ongoing", "heute", "aktuell", "actuel", "actual",
})  # fmt: skip
_NOBODY: Final = frozenset({"n/a", "tbd", "tba", "vacant", "unknown", "none", "no name"})
_THIS_CENTURY: Final = 2_000
_PROFILE: Final = "linkedin.com/in/"

Cell = tuple[int, Column, str]
"""A cell that is not empty: its place, its column and what stands in it."""


class Sense(NamedTuple):
    """What a table as a whole tells about its cells.

    Attributes:
        columns: what each column means.
        orders: for a column of dates by its place, whether the day or the month comes first.
        shared: web addresses that stand beside several names: those of a firm, not of a person.
    """

    columns: Columns
    orders: Mapping[int, Order]
    shared: frozenset[str]

    @classmethod
    def of(cls, columns: Columns, rows: Sequence[Sequence[str]], usual: Order) -> Sense:
        """Look at all rows of a table; *usual* is the order of dates in tables of its kind."""
        orders = {
            place: dates.order_of(
                (row[place].strip() for row in rows if place < len(row)), usual=usual
            )
            for place, column in enumerate(columns)
            if column.meaning in DATES and not column.part
        }
        return cls(columns, orders, _shared(columns, rows))


def _shared(columns: Columns, rows: Iterable[Sequence[str]]) -> frozenset[str]:
    naming = [i for i, c in enumerate(columns) if c.meaning in ("name", "given", "family")]
    places = [i for i, column in enumerate(columns) if column.meaning == "url"]
    names: dict[str, tuple[str, ...]] = {}
    shared = set()
    for row in rows if places else ():
        name = tuple(row[i].strip().casefold() for i in naming if i < len(row))
        for value in (row[i].strip() for i in places if i < len(row)):
            for url in cells.urls(value).values:
                if names.setdefault(url, name) != name and _PROFILE not in url.casefold():
                    shared.add(url)
    return frozenset(shared)


def _is_nobody(name: str) -> bool:
    return name.casefold() in _NOBODY or not any(c.isalpha() for c in name)


class Said:
    """What a row says: `words` are understood; `kept` is what else stands in it, by column."""

    def __init__(self, sense: Sense) -> None:
        self._sense = sense
        self.words: dict[str, str] = {}
        self.kept: dict[str, str] = {}

    @classmethod
    def of(cls, values: Sequence[str], sense: Sense) -> Said:
        """Read a row that is as wide as its header."""
        said = cls(sense)
        found: dict[str, list[Cell]] = {}
        for place, (column, value) in enumerate(zip(sense.columns, values, strict=True)):
            if not value or column.meaning == LEAVE_OUT:
                continue
            if column.meaning == KEEP:
                said.kept[column.key] = value
            else:
                found.setdefault(column.meaning, []).append((place, column, value))
        for meaning, there in found.items():
            said._take(meaning, there)
        return said

    def person(self) -> dict[str, str]:
        """Return what is said of a person.

        Raises:
            Faulty: their name cannot be told.
            Passed: it names nobody.
        """
        self._take_address_from_name()
        for word in ("name", "given", "family"):
            if cells.has_email(self.words.get(word, "")):
                self._drop(word)
        if _is_nobody(self.words.get("given", "") + self.words.get("family", "")):
            self._drop("given")
            self._drop("family")
        if _is_nobody(self.words.get("name", "")):
            self._drop("name")
        if "name" in self.words:
            if not ("given" in self.words and "family" in self.words):
                self._drop("given")
                self._drop("family")
        elif not ("given" in self.words or "family" in self.words):
            self._name_after_organisation()
        return {**self.kept, **self.words}

    def _take(self, meaning: str, there: list[Cell]) -> None:
        if meaning in _READERS:
            self._take_values(meaning, there)
        elif meaning == "location":
            self._take_location(there)
        elif meaning == "birthday" and any(column.part for _, column, _ in there):
            self._take_birthday(there)
        elif meaning in JOINED:
            ordered = sorted(there, key=lambda cell: cell[1].rank if meaning != "note" else 0)
            self.words[meaning] = JOINED[meaning].join(value for _, _, value in ordered)
        else:
            self._take_one(meaning, there)

    def _take_one(self, meaning: str, there: list[Cell]) -> None:
        for place, column, value in there:
            if meaning in self.words:
                self.kept[column.key] = value
            elif meaning not in DATES:
                self.words[meaning] = value
            else:
                self._take_date(meaning, place, column, value)

    def _take_values(self, meaning: str, there: list[Cell]) -> None:
        """Read the values of cells that may have several; a profile goes before a website."""
        values: list[str] = []
        for _, column, cell in sorted(there, key=lambda cell: cell[1].part != LINKEDIN):
            is_profile = meaning == "url" and column.part == LINKEDIN
            read = cells.profiles(cell) if is_profile else _READERS[meaning](cell)
            own = [value for value in read.values if value not in self._sense.shared]
            values += own
            others = [value for value in read.values if value not in own]
            if left := " ".join(filter(None, (*others, read.left))):
                self.kept[column.key] = left
        if values:
            self.words[meaning] = "\n".join(dict.fromkeys(values))

    def _take_date(self, meaning: str, place: int, column: Column, value: str) -> None:
        text = " ".join(value.split())
        if dates.is_nothing(text) or (meaning == "until" and text.casefold() in _ONGOING):
            return
        # LinkedIn opened in 2003, so its years of two digits are of one century only.
        century = _THIS_CENTURY if meaning == "connected_on" else 0
        date = dates.read(text, self._sense.orders.get(place, ""), century)
        if (
            date is None
            or (meaning != "birthday" and date.year is None)
            or (meaning == "connected_on" and date.day is None)
        ):
            self.kept[column.key] = value
        else:
            self.words[meaning] = str(date)

    def _take_birthday(self, there: list[Cell]) -> None:
        """Put the year, the month and the day together; a whole date beside them goes before."""
        whole = [cell for cell in there if not cell[1].part]
        self._take_one("birthday", whole)
        parts = {column.part: value for _, column, value in there if column.part}
        if all(map(dates.is_nothing, parts.values())):
            return
        date = dates.together(*(parts.get(part, "") for part in ("year", "month", "day")))
        if date and "birthday" not in self.words:
            self.words["birthday"] = str(date)
        else:
            self.kept |= {column.key: value for _, column, value in there if column.part}

    def _take_location(self, there: list[Cell]) -> None:
        """Join city, region and country of one address; another address is kept as it is."""
        first = min(column.rank for _, column, _ in there)
        parts = []
        for _, column, value in sorted(there, key=lambda cell: cell[1].part):
            if column.rank == first:
                parts.append(value)
            else:
                self.kept[column.key] = value
        self.words["location"] = JOINED["location"].join(dict.fromkeys(parts))

    def _take_address_from_name(self) -> None:
        """Take a name such as "Ana Reyes <ana@example.org>" apart."""
        name = self.words.get("name", "")
        if not cells.has_email(name) or cells.is_email(name):
            return
        named = typed.beside_address(name)
        address = cells.emails(named.address) if named else Read(())
        if not named or address.left or not address.values:
            raise Faulty(f"an address in the name {quoted(name)}; give it a column of its own")
        self.words["name"] = named.name
        known = self.words.get("email", "").split("\n")
        self.words["email"] = "\n".join(dict.fromkeys(filter(None, (*known, *address.values))))

    def _name_after_organisation(self) -> None:
        """Call whoever has no name after their organisation: somebody there can be reached."""
        address = next((self.words[kind] for kind in ("email", "phone") if kind in self.words), "")
        organisation = self.words.get("organisation", "")
        if not address:
            address = self.words.get("url", "")
            raise Passed(f"no name, only {quoted(address)}" if address else "no name")
        if not organisation:
            raise Passed(f"no name, only {quoted(address)}")
        self.words |= {"name": organisation, "placeholder": "yes"}

    def _drop(self, word: str) -> None:
        """Take away what is no name, or only half of one beside the whole; keep it as it stood."""
        if value := self.words.pop(word, ""):
            column = next(column for column in self._sense.columns if column.meaning == word)
            if value not in self.words.values():
                self.kept[column.key] = value
