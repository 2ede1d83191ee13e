"""Connections.csv, in every form it has had: who is connected, since when, doing what."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

from netcrm import Batch, ContactPoint, InvalidError, Problem, Sighting, table
from netcrm_linkedin.dates import read_day
from netcrm_linkedin.people import profile
from netcrm_linkedin.sheet import Faulty, Passed, headed, problem

MOST_ROWS: Final = 200_000  # LinkedIn allows 30,000 connections
_QUOTED: Final = 80

# LinkedIn's own name comes first and wins. Real exports have English headers in every language that
# was seen; the other names are for files that were translated on the way.
_COLUMNS: Final = {
    "given": "first name|vorname|prénom|nombre|nome",
    "family": "last name|nachname|nom|nom de famille|apellido|apellidos|cognome|sobrenome|apelido",
    "url": "url|profile url|profil-url|url du profil|url del perfil|url del profilo|url do perfil",
    "email": "email address|e-mail address|e-mail-adresse|adresse e-mail|correo electrónico"
    "|dirección de correo electrónico|indirizzo e-mail|indirizzo email|e-mail|endereço de e-mail",
    "organisation": "company|unternehmen|firma|entreprise|société|empresa|azienda|società",
    "title": "position|job title|poste|cargo|puesto|posizione|posição",
    "connected_on": "connected on|verbunden am|vernetzt am|date de connexion|connecté le"
    "|conectado el|fecha de conexión|data di connessione|conectado em|data da conexão",
}
_IDENTIFYING: Final = ("url", "email", "connected_on")
_MEANING: Final = {
    name: (key, rank)
    for key, names in _COLUMNS.items()
    for rank, name in enumerate(names.split("|"))
}
# For want of an address, LinkedIn sometimes writes its own number of the member.
_NO_EMAIL: Final = "urn:li:"


class _Table(NamedTuple):
    """A table whose header was understood: where each value stands, how wide it is, its rows."""

    columns: tuple[tuple[str, int], ...]
    width: int
    rows: Iterator[table.Row]


def read(name: str, data: bytes, file: str = "Connections.csv") -> Batch:
    """Return every row of a list of connections as a sighting or a problem.

    Raises:
        InvalidError: it is no such list, or it is empty.
    """
    columns, width, rows = _open(name, data)
    sightings: list[Sighting] = []
    problems: list[Problem] = []
    seen: dict[object, int] = {}
    for count, (line, cells) in enumerate(rows):
        if count == MOST_ROWS:
            raise InvalidError(f"{name} has over {MOST_ROWS:,} rows; no list of connections has")
        if not cells:
            continue
        try:
            said = _said(cells, columns, width)
            if (first := seen.setdefault(_key(said), line)) != line:
                raise Passed(f"the same person as on line {first}")
        except (Faulty, Passed) as why:
            problems.append(problem(file, line, why))
        else:
            sightings.append(Sighting(line=line, file=file, said=said))
    if not (sightings or problems):
        raise InvalidError(
            f"{name} has a header and nobody below it; download the export from LinkedIn again"
        )
    return Batch(sightings=tuple(sightings), problems=tuple(problems), is_whole=True)


def _open(name: str, data: bytes) -> _Table:
    """Find the header by what it says: notes may stand above it, and columns change places."""
    header, rows = headed(
        name,
        data,
        lambda cells: {"given", "family"} <= _meanings(cells).keys(),
        "First Name and Last Name",
    )
    return _Table(_columns(name, header, _meanings(header)), len(header), rows)


def _meanings(header: Iterable[str]) -> dict[str, list[tuple[int, int]]]:
    """Return for each value the columns that claim it: (rank of the column's name, its place)."""
    found: dict[str, list[tuple[int, int]]] = {}
    for place, cell in enumerate(header):
        plain = unicodedata.normalize("NFC", " ".join(cell.strip("\ufeff\0 ").split())).lower()
        if plain in _MEANING:
            key, rank = _MEANING[plain]
            found.setdefault(key, []).append((rank, place))
    return found


def _columns(
    name: str, header: list[str], found: dict[str, list[tuple[int, int]]]
) -> tuple[tuple[str, int], ...]:
    """Choose one column for each value.

    Raises:
        InvalidError: two columns have an equal claim, or nobody could be recognised again.
    """
    if not any(key in found for key in _IDENTIFYING):
        raise InvalidError(
            f"{name} has none of the columns URL, Email Address and Connected On, without which "
            "nobody can be recognised next time; download the export from LinkedIn again"
        )
    columns = []
    for key, claims in found.items():
        places = [place for rank, place in claims if rank == 0] or [place for _, place in claims]
        if len(places) > 1:
            twice = " and ".join(f"“{_printable(header[place])}”" for place in places)
            raise InvalidError(f"{name} has two columns for one thing, {twice}; take one out")
        columns.append((key, places[0]))
    return tuple(columns)


def _said(
    cells: list[str] | str, columns: tuple[tuple[str, int], ...], width: int
) -> dict[str, str]:
    """Return what a row says, checked.

    Raises:
        Faulty: it is wrong.
        Passed: it names nobody.
    """
    if isinstance(cells, str):
        raise Faulty(cells)
    if len(cells) != width:
        cells = _fitted(cells, dict(columns), width)
    said = {key: cells[place].strip() for key, place in columns}
    if "\0" in "".join(said.values()):
        raise Faulty("damaged: it holds NUL characters; download the file again")
    if not (said["given"] or said["family"]):
        raise Passed(_nameless(said))
    if on := said.get("connected_on"):
        said["connected_on"] = read_day(on)
        if not said["connected_on"]:
            raise Faulty(
                f"{on[:_QUOTED]!r} is not a date that can be read for certain; write 2025-09-14"
            )
    if email := said.get("email"):
        if email.startswith(_NO_EMAIL):
            said["email"] = ""
        else:
            _check("email", email)
    if not (said.get("url") or on or said.get("email")):
        raise Faulty(
            "nothing by which to recognise this person next time; fill in the URL of the profile, "
            "the e-mail address or the date"
        )
    return said


def _fitted(cells: list[str], places: dict[str, int], width: int) -> list[str]:
    """Return a row as wide as the header. Cells may be missing at the end, but nowhere else."""
    if len(cells) > width:
        raise Faulty(
            f"{len(cells)} cells, but the header has {width}; perhaps a comma needs quotation marks"
        )
    last = max((place for place, cell in enumerate(cells) if cell.strip()), default=0)
    if last != places.get("connected_on", last) and read_day(cells[last].strip()):
        raise Faulty(
            f"{len(cells)} cells, but the header has {width}, and the date stands in the wrong "
            "one; add the missing cell"
        )
    return cells + [""] * (width - len(cells))


def _nameless(said: dict[str, str]) -> str:
    if who := said.get("url") or said.get("email"):
        return f"no name, only {who[:_QUOTED]!r}"
    if any(said.get(key) for key in ("organisation", "title")):
        return "no name"
    return "a hidden member: nothing but a date" if said.get("connected_on") else "an empty row"


def _key(said: dict[str, str]) -> object:
    """Return what two rows about one person have in common: the profile, or else everything."""
    url = said.get("url")
    if not url:
        return tuple(said.values())
    if slug := profile(url):
        return slug
    _check("url", url)
    if not url.lower().startswith(("https://", "http://")):
        raise Faulty(f"{url[:_QUOTED]!r} is not a web address")
    return url


def _check(kind: Literal["email", "url"], value: str) -> None:
    """Refuse what netcrm would refuse to store, while it is still known on which line it stands."""
    try:
        ContactPoint(kind=kind, value=value)
    except InvalidError:
        what = "an e-mail address" if kind == "email" else "a web address"
        raise Faulty(f"{value[:_QUOTED]!r} is not {what}") from None


def _printable(said: str) -> str:
    """Return what a file says as one line without signs that nobody sees."""
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())
