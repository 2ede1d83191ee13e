"""Bytes of a list of connections, and what becomes of each row."""

from __future__ import annotations

import csv
import locale

import pytest

from netcrm import Batch, InvalidError
from netcrm_linkedin import connections

NOTES = (
    "Notes:\n"
    '"When exporting your connection data, you may notice, perhaps, that addresses are missing."\n'
    "\n"
)
HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
ANA = (
    "Ana,Reyes,https://www.linkedin.com/in/ana-reyes,ana@example.org,Mercy General,Nurse,"
    "14 Sep 2025\n"
)
SAID_OF_ANA = {
    "given": "Ana",
    "family": "Reyes",
    "url": "https://www.linkedin.com/in/ana-reyes",
    "email": "ana@example.org",
    "organisation": "Mercy General",
    "title": "Nurse",
    "connected_on": "2025-09-14",
}
NEVER_OUTLOOK = {"url", "connected_on"}
NO_URL = {"url"}


def outlook() -> str:
    """A list as it was exported for Outlook until about 2017: 59 columns, most of them empty."""
    header = (
        "Title,First Name,Middle Name,Last Name,Suffix,E-mail Address,E-mail 2 Address,"
        "E-mail 3 Address,Business Street,Business Street 2,Business Street 3,Business City,"
        "Business State,Business Postal Code,Business Country,Home Street,Home Street 2,"
        "Home Street 3,Home City,Home State,Home Postal Code,Home Country,Other Street,"
        "Other Street 2,Other Street 3,Other City,Other State,Other Postal Code,Other Country,"
        "Company,Department,Job Title,Assistant's Phone,Business Fax,Business Phone,"
        "Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,Home Phone,Home Phone 2,"
        "ISDN,Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Radio Phone,TTY/TDD Phone,"
        "Telex,Assistant's Name,Birthday,Manager's Name,Notes,Other Address PO Box,Spouse,"
        "Web Page,Personal Web Page"
    )
    columns = header.split(",")
    assert len(columns) == 59
    said = {
        "Title": "Ms",
        "First Name": "Ana",
        "Last Name": "Reyes",
        "E-mail Address": "ana@example.org",
        "Company": "Mercy General",
        "Job Title": "Nurse",
    }
    return f"{header}\r\n{','.join(said.get(name, '') for name in columns)}\r\n"


GENERATIONS = {
    "Outlook": (outlook(), NEVER_OUTLOOK),
    "2018": (
        "First Name,Last Name,Email Address,Company,Position,Connected On\n"
        'Ana,Reyes,ana@example.org,Mercy General,Nurse,"9/14/25, 6:27 PM"\n',
        NO_URL,
    ),
    "2019": (
        "First Name,Last Name,Address,Email Address,Company,Position,Connected On,Websites,"
        "Instant Messengers\n"
        "Ana,Reyes,1 High Street,ana@example.org,Mercy General,Nurse,14 Sep 2025,,\n",
        NO_URL,
    ),
    "2022 through Excel": (
        "First Name,Last Name,Email Address,Company,Position,Connected On\r\n"
        "Ana,Reyes,ana@example.org,Mercy General,Nurse,14-Sep-25\r\n",
        NO_URL,
    ),
    "2024 without notes": (HEADER + ANA, set()),
    "2025": (NOTES + HEADER + ANA + "\n", set()),
    "other notes": ('"Notes:"\n"Some addresses are missing."\n' + HEADER + ANA, set()),
    "every cell quoted": (
        '"First Name","Last Name","URL","Email Address","Company","Position","Connected On"\n'
        '"Ana","Reyes","https://www.linkedin.com/in/ana-reyes","ana@example.org","Mercy General",'
        '"Nurse","14 Sep 2025"',
        set(),
    ),
    "columns moved and added": (
        "Connected On,Starred,last name,FIRST NAME,Position,Company, Email Address ,Starred,URL\n"
        "2025-09-14,yes,Reyes,Ana,Nurse,Mercy General,ana@example.org,no,"
        "https://www.linkedin.com/in/ana-reyes\n",
        set(),
    ),
    "German header": (
        "Vorname,Nachname,URL,E-Mail-Adresse,Unternehmen,Position,Verbunden am\n" + ANA,
        set(),
    ),
    "French header": (
        "Pre\u0301nom,Nom,URL,Adresse e-mail,Entreprise,Poste,Date de connexion\n" + ANA,
        set(),
    ),
    "Spanish header": (
        "Nombre,Apellidos,URL,Correo electrónico,Empresa,Cargo,Conectado el\n" + ANA,
        set(),
    ),
    "Italian header": (
        "Nome,Cognome,URL,Indirizzo e-mail,Azienda,Posizione,Data di connessione\n" + ANA,
        set(),
    ),
    "Portuguese header": (
        "Nome,Sobrenome,URL,Endereço de e-mail,Empresa,Cargo,Conectado em\n" + ANA,
        set(),
    ),
}


def read(content: str | bytes) -> Batch:
    return connections.read(
        "Connections.csv", content.encode() if isinstance(content, str) else content
    )


def read_rows(rows: str) -> Batch:
    """Read rows below a header alone: the first of them stands on line 2."""
    return read(HEADER + rows)


def refusal(content: str | bytes) -> str:
    with pytest.raises(InvalidError) as caught:
        read(content)
    message = str(caught.value)
    assert message.startswith("Connections.csv ")
    assert message.isprintable()
    return message


def problem(rows: str, kind: str = "rejected") -> str:
    """Return why the only row there is became no sighting."""
    batch = read_rows(rows)
    assert not batch.sightings
    [problem] = batch.problems
    assert (problem.kind, problem.line) == (kind, 2)
    assert problem.reason.isprintable()
    return problem.reason


@pytest.mark.parametrize(("content", "never_said"), GENERATIONS.values(), ids=GENERATIONS)
def test_every_generation_of_the_file_is_read(content: str, never_said: set[str]) -> None:
    batch = read(content)
    assert not batch.problems
    [sighting] = batch.sightings
    assert sighting.said == {k: v for k, v in SAID_OF_ANA.items() if k not in never_said}


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_whatever_a_spreadsheet_made_of_the_text(codec: str, delimiter: str, newline: str) -> None:
    text = (HEADER + ANA).replace("Ana", "Zoë").replace(",", delimiter).replace("\n", newline)
    [sighting] = read(text.encode(codec)).sightings
    assert sighting.said == SAID_OF_ANA | {"given": "Zoë"}
    assert sighting.line == 2


def test_big_endian_with_its_mark() -> None:
    assert read(b"\xfe\xff" + (HEADER + ANA).encode("utf-16-be")).sightings


def test_a_mark_that_was_quoted_with_the_first_column() -> None:
    assert read('\ufeff"\ufeffFirst Name"' + HEADER.removeprefix("First Name") + ANA).sightings


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    text = (
        NOTES
        + HEADER
        + ANA
        + "\r\n"
        + 'Bo,Berg,,,"Two\nlines",,07 Jun 2022\n'
        + ",,,,,,07 Jun 2022\n"
        + "Cy,Clark,,,,,never\n"
    )
    batch = read(text)
    assert [sighting.line for sighting in batch.sightings] == [5, 7]
    assert [(problem.line, problem.kind) for problem in batch.problems] == [
        (9, "skipped"),
        (10, "rejected"),
    ]


def test_names_are_kept_as_they_are() -> None:
    batch = read_rows(
        '  Ana 🌱 ,"Reyes, PhD (she/her)",,,,,14 Sep 2025\n'
        "𝗕𝗼,B,,,,,14 Sep 2025\n"
        "Cy\u200b,,,,,,14 Sep 2025\n"
        ',"The ""Doc""",,,,,14 Sep 2025\n'
    )
    assert [(s.said.get("given"), s.said.get("family")) for s in batch.sightings] == [
        ("Ana 🌱", "Reyes, PhD (she/her)"),
        ("𝗕𝗼", "B"),
        ("Cy\u200b", None),
        (None, 'The "Doc"'),
    ]


def test_a_hidden_member_is_skipped() -> None:
    assert "hidden" in problem(",,,,,,07 Jun 2022\n", "skipped")


def test_rows_without_a_name_are_skipped_and_say_what_they_have() -> None:
    url = "https://www.linkedin.com/in/nobody"
    assert url in problem(f",,{url},,,,07 Jun 2022\n", "skipped")
    assert "x@example.org" in problem(",,,x@example.org,,,\n", "skipped")
    assert problem(",,,,Acme,,07 Jun 2022\n", "skipped") == "no name"
    assert problem(" , ,,,,,\n", "skipped") == "an empty row"
    assert problem("   \n", "skipped") == "an empty row"


def test_an_empty_date_is_fine_and_an_unreadable_one_is_not() -> None:
    [sighting] = read_rows("Ana,Reyes,,ana@example.org,,,\n").sightings
    assert "connected_on" not in sighting.said
    assert "'9/4/25'" in problem("Ana,Reyes,,ana@example.org,,,9/4/25\n")


def test_dates_do_not_depend_on_the_language_of_the_computer() -> None:
    before = locale.setlocale(locale.LC_TIME)
    try:
        for name in ("de_DE.UTF-8", "fr_FR.UTF-8"):
            try:
                locale.setlocale(locale.LC_TIME, name)
            except locale.Error:
                continue
            assert read_rows("Ana,Reyes,,,,,14 May 2025\n").sightings
    finally:
        locale.setlocale(locale.LC_TIME, before)


@pytest.mark.parametrize(
    "email", ["ana", "ana@", "ana at example.org", "a@example.org, b@example.org"]
)
def test_what_is_no_email_address_rejects_the_row(email: str) -> None:
    assert "not an e-mail address" in problem(f'Ana,Reyes,,"{email}",,,14 Sep 2025\n')


def test_a_member_number_in_place_of_an_address_is_no_address() -> None:
    [sighting] = read_rows("Ana,Reyes,,urn:li:member:1234,,,14 Sep 2025\n").sightings
    assert "email" not in sighting.said


@pytest.mark.parametrize(
    "url", ["N/A", "=1+1", "javascript:alert(1)", "https://a b.org", "http://a\x01"]
)
def test_what_is_no_web_address_rejects_the_row(url: str) -> None:
    assert "not a web address" in problem(f"Ana,Reyes,{url},,,,14 Sep 2025\n")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.linkedin.com/in/zo%C3%AB-1",
        "linkedin.com/in/zoë-1/",
        "http://de.linkedin.com/in/ZOË-1?trk=x",
        "https://www.linkedin.com/in/zoe%CC%88-1",
    ],
)
def test_one_profile_on_two_rows_is_one_person(url: str) -> None:
    batch = read_rows(f"Zoë,A,https://www.linkedin.com/in/zoë-1,,,,\n\nZoë,B,{url},,,,\n")
    assert [sighting.line for sighting in batch.sightings] == [2]
    [again] = batch.problems
    assert (again.line, again.kind, again.reason) == (4, "skipped", "the same person as on line 2")


def test_a_profile_whose_first_row_was_refused_is_taken_from_the_second() -> None:
    batch = read_rows(ANA.replace("Sep", "Zep") + ANA)
    assert [sighting.line for sighting in batch.sightings] == [3]
    assert [problem.line for problem in batch.problems] == [2]


def test_a_row_twice_is_one_person_and_another_job_is_another() -> None:
    nurse, doctor = (
        "Ana,Reyes,,,Mercy,Nurse,14 Sep 2025\n",
        "Ana,Reyes,,,Mercy,Doctor,14 Sep 2025\n",
    )
    batch = read_rows(nurse + doctor + nurse)
    assert [sighting.line for sighting in batch.sightings] == [2, 3]
    assert [(problem.line, problem.kind) for problem in batch.problems] == [(4, "skipped")]


def test_a_row_by_which_nobody_could_be_recognised_again_is_rejected() -> None:
    assert "recognise" in problem("Ana,Reyes,,,Mercy General,Nurse,\n")


def test_cells_may_be_missing_at_the_end_only() -> None:
    [sighting] = read_rows("Ana,Reyes,https://www.linkedin.com/in/ana-reyes\n").sightings
    assert sighting.said.keys() == {"given", "family", "url"}
    assert "add the missing cell" in problem("Ana,Reyes,,Mercy General,Nurse,14 Sep 2025\n")
    assert "8 cells" in problem("Ana,Reyes, PhD,,,Mercy General,Nurse,14 Sep 2025\n")


@pytest.mark.parametrize("cell", ['"Acme', '"Acme" Ltd', '"Acme"" Ltd'])
def test_a_lone_quotation_mark_costs_one_row_only(cell: str) -> None:
    rows = f"Bo,Berg,,,{cell},,14 Sep 2025\n" + ANA + 'Cy,"Clark, MD",,,"A\nB",,14 Sep 2025\n'
    batch = read_rows(rows + "Di,Dorn,,,,,14 Sep 2025\n")
    assert [sighting.line for sighting in batch.sightings] == [3, 4, 6]
    [damaged] = batch.problems
    assert damaged.line == 2
    assert "quotation mark" in damaged.reason


def test_too_many_lone_quotation_marks_are_a_damaged_file() -> None:
    assert "1,000 damaged lines" in refusal(HEADER + '"x"y\n' * 1_100)


def test_nul_characters_reject_the_row() -> None:
    assert "NUL" in problem("An\0a,Reyes,,,,,14 Sep 2025\n")


def test_a_cell_of_ten_megabytes_costs_its_row_only() -> None:
    huge = "Bo,Berg,,," + "x" * 10_000_000 + ",,14 Sep 2025\n"
    batch = read_rows(huge + ANA)
    assert [sighting.line for sighting in batch.sightings] == [3]
    assert "far too long" in batch.problems[0].reason


def test_long_cells_are_refused_whatever_the_program_around_us_allows() -> None:
    before = csv.field_size_limit(2**31 - 1)
    try:
        assert "far too long" in problem('Bo,Berg,,,"' + "x" * 10_000_000)
        assert read_rows('Bo,Berg,,,"open,,14 Sep 2025\n' + ANA * 5_000).sightings[0].line == 3
    finally:
        csv.field_size_limit(before)


def test_more_rows_than_linkedin_allows() -> None:
    assert "over 200,000 rows" in refusal(HEADER + "x\n" * 200_001)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \r\n\n", "empty"),
        (NOTES.encode(), "First Name"),
        (HEADER.encode(), "nobody below"),
        ((NOTES + HEADER + "\n\n").encode(), "nobody below"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
        (b"\n<!DOCTYPE html><html>First Name,Last Name</html>", "web page"),
        (b"FROM,TO,DATE,CONTENT\nAna,Bo,2025-09-14,Hello\n", "First Name"),
        (b"\n" * 20 + HEADER.encode() + ANA.encode(), "First Name"),
        (b"First Name,Company,Connected On\nAna,Mercy,14 Sep 2025\n", "Last Name"),
        (b"First Name,Last Name,Company\nAna,Reyes,Mercy\n", "none of the columns URL"),
        (b"First Name,Last Name,URL,URL\nAna,Reyes,,\n", "“URL” and “URL”"),
        (
            b"First Name,First  name,Last Name,URL\nAna,Ana,Reyes,\n",
            "“First Name” and “First name”",
        ),
        (b"First Name,Last Name,E-mail Address,E-mail\nAna,Reyes,,\n", "“E-mail”"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x81", "not text: line 1"),
        (b"\0" * 100, "First Name"),
        ((HEADER + ANA).encode("utf-16")[:-1], "line"),
        ((HEADER + "Zoë,Ängström,,,,,\nZo").encode() + "ë".encode()[:1], "line 3"),
        ((HEADER + "Zo").encode() + "ë".encode()[:1], "line 2"),
        ((HEADER + "Zoë,Ä,,,,,\n").encode() + "Zoë,Ä,,,,,\n".encode("cp1252"), "line 3"),
    ],
)
def test_what_is_no_list_of_connections_is_refused(content: bytes, says: str) -> None:
    assert says in refusal(content)


def test_linkedins_own_column_goes_before_one_that_was_added() -> None:
    [sighting] = read(
        "Job Title,First Name,Last Name,Position,Connected On\nHero,Ana,Reyes,Nurse,14 Sep 2025\n"
    ).sightings
    assert sighting.said["title"] == "Nurse"
