"""What stands in a cell, and what becomes of that which cannot be so."""

from __future__ import annotations

import time

import pytest

from netcrm_tables import PeopleTable, cells


def said(header: str, row: str) -> dict[str, str]:
    [batch] = PeopleTable("x.csv", text=f"{header}\n{row}\n").batches()
    assert not batch.problems
    [sighting] = batch.sightings
    return {key: value for key, value in sighting.said.items() if key not in ("name", "list")}


@pytest.mark.parametrize(
    ("cell", "emails"),
    [
        ("a@x.org ::: b@x.org", "a@x.org b@x.org"),
        ("a@x.org; b@x.org", "a@x.org b@x.org"),
        ("a@x.org,b@x.org", "a@x.org b@x.org"),
        ("a@x.org\nb@x.org a@x.org", "a@x.org b@x.org"),
        ("<a@x.org>", "a@x.org"),
        ("mailto:a@x.org", "a@x.org"),
        ("O'Neill.A+b@x.org", "O'Neill.A+b@x.org"),
    ],
)
def test_emails_apart(cell: str, emails: str) -> None:
    assert cells.emails(cell) == (tuple(emails.split()), "")


@pytest.mark.parametrize(
    ("cell", "phones"),
    [
        ("+1 212 555 0101 ::: 555-0102", ("+1 212 555 0101", "555-0102")),
        ("(212) 555-0101; 555 0102", ("(212) 555-0101", "555 0102")),
        (" +94 244 79 650, +598207417647", ("+94 244 79 650", "+598207417647")),
        ("212-555-0101, ext. 7", ("212-555-0101, ext. 7",)),
        ("tel:+12125550101", ("+12125550101",)),
        ("'+12125550101", ("+12125550101",)),
        ('="+12125550101"', ("+12125550101",)),
        ("1-800-NURSES", ("1-800-NURSES",)),
    ],
)
def test_phones_apart(cell: str, phones: tuple[str, ...]) -> None:
    assert cells.phones(cell) == (phones, "")


@pytest.mark.parametrize(
    ("cell", "url"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("www.linkedin.com/in/ana", "https://www.linkedin.com/in/ana"),
        ("linkedin.com/in/ana", "https://linkedin.com/in/ana"),
        ("example.org", "https://example.org"),
        ("Example.co.uk/team?x=1", "https://Example.co.uk/team?x=1"),
    ],
)
def test_web_addresses(cell: str, url: str) -> None:
    assert cells.urls(cell) == ((url,), "")
    assert cells.profiles(cell) == ((url,), "")


@pytest.mark.parametrize("handle", ["hannahwu", "@hannahwu", "in/hannahwu", "/in/hannahwu/"])
def test_a_handle_is_a_profile_only_in_the_column_for_that(handle: str) -> None:
    assert cells.profiles(handle) == (("https://www.linkedin.com/in/hannahwu",), "")
    assert said("Name,LinkedIn", f"Ana,{handle}") == {"url": "https://www.linkedin.com/in/hannahwu"}
    assert "url" not in said("Name,Website", f"Ana,{handle}")


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("Email", "ana"),
        ("Email", "ana at example.org"),
        ("Email", "urn:li:member:1234"),
        ("Phone", "after five"),
        ("Phone", "call after 5 or 6"),
        ("Phone", "1.21256E+10"),
        ("Website", "N/A"),
        ("Website", "javascript:alert(1)"),
        ("Website", "=1+1"),
        ("LinkedIn", "Hannah Wu"),
        ("LinkedIn", "none"),
        ("LinkedIn", "n/a"),
        ("Source", "MOBILE_CONTACTS"),
        ("Kin", "perhaps"),
        ("Tags", "***"),
        ("Birthday", "03/04/1990"),
        ("Until", "--03-14"),
        ("Until", "last spring"),
        ("Connected On", "September 2025"),
    ],
)
def test_what_cannot_be_read_is_kept_and_loses_nobody(title: str, cell: str) -> None:
    assert said(f"Name,{title}", f'Ana,"{cell}"') == {f"column {title}": cell}


def test_what_is_faulty_in_a_cell_does_not_spoil_the_rest() -> None:
    assert said("Name,Email", 'Ana,"Ana Reyes <ana@x.org>; b.org"') == {
        "email": "ana@x.org",
        "column Email": "Ana Reyes b.org",
    }


@pytest.mark.parametrize("word", ["yes", "Yes", "TRUE", "1", "x", "Y"])
def test_yes(word: str) -> None:
    assert said("Name,Kin,Placeholder", f"Ana,{word},{word}") == {
        "kin": "yes",
        "placeholder": "yes",
    }


@pytest.mark.parametrize("word", ["no", "FALSE", "0", "n", "-", ""])
def test_no(word: str) -> None:
    assert said("Name,Kin,Placeholder", f"Ana,{word},{word}") == {}


@pytest.mark.parametrize("word", ["alumni_database", "Alumni database", "ALUMNI-DATABASE"])
def test_where_one_got_to_know_somebody(word: str) -> None:
    assert said("Name,Source", f"Ana,{word}") == {"source": "alumni_database"}


def test_labels_apart() -> None:
    assert said("Name,Tags", 'Ana,"a; b|c ::: d, e ;; a"') == {"tags": "a\nb\nc\nd\ne"}
    assert said("Name,Labels", "Ana,* myContacts ::: * starred") == {"tags": "starred"}
    assert said("Name,Labels", "Ana,* myContacts") == said("Name,Labels", "Ana,*") == {}
    assert said("Name,Relation", "Ana,kin;aunt") == {"relations": "kin\naunt"}


def test_dates_of_a_column_show_together_what_the_month_is() -> None:
    text = "Name;Birthday\nAna;03/04/1990\nBo;25/12/1990\nCy;30/02/1990\n"
    [batch] = PeopleTable("x.csv", text=text).batches()
    assert [s.said.get("birthday") for s in batch.sightings] == ["1990-04-03", "1990-12-25", None]
    assert batch.sightings[2].said["column Birthday"] == "30/02/1990"
    assert said("Name;Birthday", "Ana;04.03.1990") == {"birthday": "1990-03-04"}


@pytest.mark.parametrize("until", ["2021", "2021-03", "2021-03-14", "March 2021", "3/2021"])
def test_when_a_job_ended(until: str) -> None:
    assert said("Name,Until", f"Ana,{until}")["until"].startswith("2021")
    assert said("Name,Until", "Ana,present") == {}


def test_a_place_is_put_together_from_its_parts_whatever_their_order() -> None:
    assert said("Name,Country,City,State", "Ana,USA,Albany,NY") == {"location": "Albany, NY, USA"}
    assert said("Name,City,Country", "Ana,Singapore,Singapore") == {"location": "Singapore"}
    assert said("Name,Location,City", "Ana,Upstate,Albany") == {
        "location": "Upstate",
        "column City": "Albany",
    }


def test_notes_are_put_together_and_names_are_kept_as_they_are() -> None:
    assert said("Name,Notes,Comments", "Ana,tall,kind") == {"note": "tall\nkind"}
    text = 'Name\n"Gómez, Lucia"\nO\'Neill\n  Zoë Müller 🌱 \n"Di ""Doc"" Dorn"\n'
    [batch] = PeopleTable("x.csv", text=text).batches()
    assert [sighting.said["name"] for sighting in batch.sightings] == [
        "Gómez, Lucia",
        "O'Neill",
        "Zoë Müller 🌱",
        'Di "Doc" Dorn',
    ]


def test_a_whole_name_goes_before_its_parts() -> None:
    header = "Full Name,First Name,Last Name"
    assert said(header, "Ana Reyes,Ana,Reyes") == {"given": "Ana", "family": "Reyes"}
    assert said(header, "Ana Reyes,Ana,") == {"column First Name": "Ana"}
    assert said(header, ",Ana,Reyes 2") == {"given": "Ana", "family": "Reyes 2"}
    assert said("Name,First Name,Last Name", "Ana Reyes,Ana,Reyes") == {
        "given": "Ana",
        "family": "Reyes",
    }


def test_an_address_in_the_name() -> None:
    assert said("Name,Phone", "Ana <ana@x.org>,555-0101") == {
        "email": "ana@x.org",
        "phone": "555-0101",
    }
    [batch] = PeopleTable("x.csv", text="Name\nAna; ana@x.org or so\nBo\n").batches()
    [problem] = batch.problems
    assert problem.kind == "rejected"
    assert "an address in the name" in problem.reason


def test_the_website_of_a_firm_is_not_that_of_each_of_its_people() -> None:
    text = (
        "Name,Website,LinkedIn\n"
        "Ana,acme.example,ana-reyes\n"
        "Bo,acme.example,\n"
        "Cy,cy.example,ana-reyes\n"
    )
    [batch] = PeopleTable("x.csv", text=text).batches()
    ana, bo, cy = (sighting.said for sighting in batch.sightings)
    assert ana["url"] == "https://www.linkedin.com/in/ana-reyes"
    assert ana["column Website"] == bo["column Website"] == "https://acme.example"
    assert "url" not in bo
    assert cy["url"] == "https://www.linkedin.com/in/ana-reyes\nhttps://cy.example"


def test_a_profile_is_that_of_a_person_however_their_name_is_spelled() -> None:
    url = "https://www.linkedin.com/in/ana-reyes"
    [batch] = PeopleTable("x.csv", text=f"Name,URL\nAna Reyes,{url}\nA. Reyes,{url}\n").batches()
    assert [sighting.said["url"] for sighting in batch.sightings] == [url, url]


@pytest.mark.parametrize("name", ["N/A", "tbd", "Vacant", "-", "?", "123"])
def test_what_stands_for_no_name_is_none(name: str) -> None:
    text = f"Name,Company,Email\n{name},Acme,desk@x.org\n{name},,a@x.org\n"
    [batch] = PeopleTable("x.csv", text=text).batches()
    [sighting] = batch.sightings
    assert sighting.said["name"] == "Acme"
    assert sighting.said["column Name"] == name
    assert [problem.reason for problem in batch.problems] == ["no name, only “a@x.org”"]


HOSTILE = [" " * 90_000 + "x", "a@" + "." * 90_000 + "@", "<" + " " * 90_000, "1" * 90_000]
HOSTILE += ["; " * 45_000, "(" * 90_000, "a." * 45_000, "\n " * 400, "é" * 90_000, "@x" * 45_000]
TITLES = ("Name", "Email", "Phone", "LinkedIn", "URL", "Tags", "Nickname", "Birthday", "Source")


@pytest.mark.parametrize("title", TITLES)
def test_no_cell_takes_ages(title: str) -> None:
    rows = [f'"x{cell}x",Ana' for cell in HOSTILE] + [f'"{cell}",Bo' for cell in HOSTILE]
    start = time.process_time()
    [batch] = PeopleTable("x.csv", text="\n".join([f"{title},Full Name", *rows])).batches()
    assert len(batch.sightings) + len(batch.problems) == len(rows)
    assert time.process_time() - start < 10
