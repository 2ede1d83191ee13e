"""Bytes of a table, whatever a spreadsheet made of them, and what is refused as a whole."""

from __future__ import annotations

import io
import itertools
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from netcrm import Batch, InvalidError
from netcrm_tables import PeopleTable, people, place

HEADER = "Name,Employer,Email,Phone\n"
ANA = '"Reyes, Zoë",Mercy,ana@x.org,555-0101\n'
BO = "Bo Berg,,bo@x.org,\n"
TITLES = {
    "none": "",
    "report": "Members of the Society\nPrinted on 14 Sep 2025\n\n",
    "wide": "Members,,,\n,,,\n",
    "quoted": '"Notes:"\n"Some numbers, perhaps, are missing; others | too."\n',
    "hint": "sep=,\n",
}


def read(content: bytes | str, **more: str) -> Batch:
    [batch] = PeopleTable("people.csv", text=content, **more).batches()  # type: ignore[arg-type]
    return batch


def problem(rows: str, kind: str = "rejected") -> str:
    """Return why a row below Bo became no sighting."""
    batch = read(HEADER + BO + rows)
    assert [sighting.line for sighting in batch.sightings] == [2]
    [problem] = batch.problems
    assert (problem.kind, problem.line) == (kind, 3)
    assert problem.reason.isprintable()
    return problem.reason


def refusal(source: PeopleTable) -> str:
    with pytest.raises(InvalidError) as caught:
        list(source.batches())
    assert str(caught.value).isprintable()
    with pytest.raises(InvalidError):
        source.columns_found()
    return str(caught.value)


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_whatever_a_spreadsheet_made_of_the_text(codec: str, separator: str, newline: str) -> None:
    for above, below in itertools.product(TITLES.values(), ("", "\nTotal: 2\nEnd of report\n")):
        table = (HEADER + ANA + BO).replace("Reyes, ", "Reyes~ ").replace(",", separator)
        text = above.replace(",", separator) + table.replace("~", ",") + below
        batch = read(text.replace("\n", newline).encode(codec))
        assert [dict(sighting.said) for sighting in batch.sightings] == [
            {
                "name": "Reyes, Zoë",
                "organisation": "Mercy",
                "email": "ana@x.org",
                "phone": "555-0101",
                "list": "people",
            },
            {"name": "Bo Berg", "email": "bo@x.org", "list": "people"},
        ]
        first = above.count("\n") + 2
        assert [sighting.line for sighting in batch.sightings] == [first, first + 1]
        assert all(problem.kind == "skipped" for problem in batch.problems)
        assert len(batch.problems) == (2 if below else 0)


def test_a_mark_that_was_quoted_with_the_first_column() -> None:
    assert read('\ufeff"\ufeffName",Email\nAna,ana@x.org\n').sightings[0].said["name"] == "Ana"


def test_columns_may_stand_in_any_order() -> None:
    titles, cells = ["Name", "Employer", "Email", "Phone"], ["Ana", "Mercy", "a@x.org", "555-0101"]
    found = {
        tuple(sorted(read(f"{','.join(h)}\n{','.join(r)}\n").sightings[0].said.items()))
        for order in itertools.permutations(range(4))
        for h, r in [([titles[i] for i in order], [cells[i] for i in order])]
    }
    assert len(found) == 1


def test_the_separator_is_the_one_with_which_the_rows_fit() -> None:
    batch = read("Name\nGómez, Lucia\nReyes, Ana\n")
    assert [s.said["name"] for s in batch.sightings] == ["Gómez, Lucia", "Reyes, Ana"]
    batch = read("Name;Notes\nAna;a, b, c\nBo;d, e\n")
    assert [s.said["note"] for s in batch.sightings] == ["a, b, c", "d, e"]


@pytest.mark.parametrize(
    "row",
    ["Total,,,25", "Total: 25", "Grand Total,,,1,234", "Count,2,,", "END OF REPORT", ",Total,2,"],
)
def test_what_sums_up_the_table_is_no_person(row: str) -> None:
    row = row.replace("1,234", '"1,234"')
    assert problem(row + "\n", "skipped") == "a summary, not a person"


def test_a_person_may_be_called_so() -> None:
    rows = "Total Berg,,,\nTotal,Acme,t@x.org,\nSum,,sum@x.org,\n"
    assert len(read(HEADER + rows).sightings) == 3


def test_rows_that_are_nobody_are_skipped() -> None:
    assert problem(",,,\n", "skipped") == "an empty row"
    assert problem("   \n", "skipped") == "an empty row"
    assert problem(HEADER, "skipped") == "the header again"
    assert problem(BO, "skipped") == "the same as line 2"
    assert problem("Bo Berg ,,bo@x.org\n", "skipped") == "the same as line 2"
    assert problem(",Acme,,\n", "skipped") == "no name"
    assert problem(",,x@x.org,\n", "skipped") == "no name, only “x@x.org”"
    assert len(read(HEADER + "\n\n" + BO + "\n").sightings) == 1


def test_cells_may_be_missing_at_the_end_only() -> None:
    assert read(HEADER + "Ana,Mercy\n").sightings[0].said["organisation"] == "Mercy"
    assert read(HEADER + "Ana,Mercy,,,,\n").sightings
    assert "3 cells, but the header has 4, and “555-0101” stands in the column “Email”" in problem(
        "Ana,Mercy,555-0101\n"
    )
    assert "“ana@x.org” stands in the column “Employer”" in problem("Ana,ana@x.org,\n")
    assert "5 cells, but the header has 4" in problem("Reyes, Ana,Mercy,ana@x.org,555-0101\n")
    assert "an e-mail address stands in the column “Employer”" in problem(
        "Ana,ana@x.org,555-0101,\n"
    )


def test_a_short_row_that_shows_nothing_wrong_is_filled() -> None:
    header = "Name,LinkedIn,Kin,Birthday,Notes\n"
    for row in ("Ana,ana-reyes", "Ana,,yes,1990", "Ana,linkedin.com/in/ana,no"):
        assert read(header + row + "\n").sightings
    for row in ("Ana,Ana Reyes,,", "Ana,,1990-01-01", "Ana,,,Nurse", "Ana,,https://x.org"):
        batch = read(f"{header}{row}\nBo\n")
        assert [p.kind for p in batch.problems] == ["rejected"], row


@pytest.mark.parametrize("cell", ['"Acme', '"Acme" Ltd', '"Acme"" Ltd'])
def test_a_lone_quotation_mark_costs_one_row_only(cell: str) -> None:
    batch = read(f"{HEADER}Cy,{cell},c@x.org,\n{ANA}{BO}")
    assert [sighting.line for sighting in batch.sightings] == [3, 4]
    [damaged] = batch.problems
    assert damaged.line == 2
    assert "quotation mark" in damaged.reason


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    batch = read(f'{HEADER}\nCy,"Two\nlines",c@x.org,\n{BO}')
    assert [(s.line, s.said["name"]) for s in batch.sightings] == [(3, "Cy"), (5, "Bo Berg")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \r\n\n", "is empty"),
        ("\ufeff\n".encode("utf-16"), "is empty"),
        (HEADER.encode(), "nobody below"),
        ((HEADER + "\n\n").encode(), "nobody below"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><p>Name,Email</p>", "is a web page"),
        (b"<HTML>", "is a web page"),
        (b"PK\x03\x04rest", "save it as “CSV UTF-8”"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b'[{"name": "Ana"}]', "is JSON"),
        (b"BEGIN:VCARD\nFN:Ana\n", "is a vCard"),
        (b"\0" * 100, "NUL"),
        (b"Name,Email\nAn\0a,\n", "line 2 holds NUL"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x81", "damaged or not text"),
        (HEADER.encode("utf-16")[:-1], "damaged"),
        (b"Company,City\nAcme,Albany\n", "no column that is known to hold names"),
        (b"Name,Email\n" + b'"x"y\n' * 1_100, "1,000 damaged lines"),
    ],
)
def test_what_is_no_table_of_people_is_refused(content: bytes, says: str) -> None:
    message = refusal(PeopleTable("people.csv", text=content))
    assert message.startswith("people.csv")
    assert says in message


def test_more_rows_than_a_list_has(monkeypatch: pytest.MonkeyPatch) -> None:
    assert people.MOST_ROWS == 200_000
    monkeypatch.setattr(people, "MOST_ROWS", 2)
    assert len(read(HEADER + ANA + BO).sightings) == 2
    assert "over 2 rows" in refusal(PeopleTable("x.csv", text=HEADER + ANA + BO + "Cy\n"))


@pytest.mark.parametrize("title", ["Name,", "Birthday,Name,", ",", "City,Country,"])
def test_more_columns_than_a_list_has(title: str) -> None:
    text = f"Email,Name,{title * 8_000}x\n" + "x@x.org\n" * 3
    assert "over 1,000 columns" in refusal(PeopleTable("x.csv", text=text))
    [ana] = read(f"Email,Name,{title * 240}x\na@x.org,Ana,{'1990,' * 240}\n").sightings
    assert "1990" in ana.said.values()


def test_a_file_larger_than_50_mb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(place.MOST_BYTES + 1)
    assert "larger than 50 MB" in refusal(PeopleTable(str(path)))


def test_places_where_no_table_is(tmp_path: Path) -> None:
    assert "does not exist" in refusal(PeopleTable(str(tmp_path / "none.csv")))
    assert "is a folder" in refusal(PeopleTable(str(tmp_path)))
    assert "cannot be read" in refusal(PeopleTable("a\0b"))
    assert "cannot be read" in refusal(PeopleTable("x" * 5_000))
    os.mkfifo(tmp_path / "pipe")
    assert "is not a file" in refusal(PeopleTable(str(tmp_path / "pipe")))


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "secret.csv"
    path.write_text(HEADER + ANA, "utf-8")
    monkeypatch.setattr(Path, "open", denied)  # whoever runs the tests may be root, who may all
    assert "you may not read it" in refusal(PeopleTable(str(path)))


def test_a_name_that_would_break_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a\nb.csv"
    path.write_text("")
    assert "a\\nb.csv" in refusal(PeopleTable(str(path)))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("alumni.csv", "alumni"),
        ("/tmp/Alumni 2025 (1).csv", "alumni-2025"),
        ("Zoë's Freunde.txt", "zoe-s-freunde"),
        ("会員.csv", "会員"),
        ("???.csv", "people"),
        ("-", "typed"),
    ],
)
def test_the_list_is_called_after_its_file(path: str, name: str) -> None:
    [batch] = PeopleTable(path, text=HEADER + ANA).batches()
    assert batch.sightings[0].said["list"] == name
    [batch] = PeopleTable(path, text=HEADER + ANA, name=" My  list ").batches()
    assert batch.sightings[0].said["list"] == "My list"


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "friends.csv"
    path.write_text(HEADER + ANA, "utf-8")
    [batch] = PeopleTable(str(path)).batches()
    assert batch.sightings[0].said["list"] == "friends"


def test_standard_input_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.BytesIO((HEADER + ANA).encode())
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=typed))
    table = PeopleTable("-")
    assert dict(table.columns_found().pairs)["Employer"] == "organisation"
    [batch] = table.batches()
    assert len(batch.sightings) == 1


def test_standard_input_that_is_too_large_or_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert "standard input cannot be read" in refusal(PeopleTable("-"))
    monkeypatch.setattr(place, "MOST_BYTES", 5)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"Ana Reyes\n")))
    assert "standard input is larger" in refusal(PeopleTable("-"))
