"""Tables as address books and associations write them: nobody in these exists."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import pytest

from netcrm import Batch
from netcrm_tables import PeopleTable

GOOGLE_OLD = (
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,"
    "Family Name Yomi,Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,"
    "Gender,Location,Billing Information,Directory Server,Mileage,Occupation,Hobby,Sensitivity,"
    "Priority,Subject,Notes,Language,Photo,Group Membership,E-mail 1 - Type,E-mail 1 - Value,"
    "E-mail 2 - Type,E-mail 2 - Value,IM 1 - Type,IM 1 - Service,IM 1 - Value,Phone 1 - Type,"
    "Phone 1 - Value,Address 1 - Type,Address 1 - Formatted,Address 1 - Street,Address 1 - City,"
    "Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,"
    "Address 1 - Extended Address,Organization 1 - Type,Organization 1 - Name,"
    "Organization 1 - Yomi Name,Organization 1 - Title,Organization 1 - Department,"
    "Relation 1 - Type,Relation 1 - Value,Website 1 - Type,Website 1 - Value,Event 1 - Type,"
    "Event 1 - Value,Custom Field 1 - Type,Custom Field 1 - Value"
)
GOOGLE_NEW = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,"
    "Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,"
    "Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,"
    "E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Phone 2 - Label,Phone 2 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - City,"
    "Address 1 - Region,Address 1 - Country,Relation 1 - Label,Relation 1 - Value,"
    "Website 1 - Label,Website 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value"
)
OUTLOOK = (
    "Title,First Name,Middle Name,Last Name,Suffix,E-mail Address,E-mail 2 Address,"
    "Business Street,Business City,Business State,Business Postal Code,Business Country,"
    "Home Street,Home City,Home Country,Company,Department,Job Title,Assistant's Phone,"
    "Business Fax,Business Phone,Company Main Phone,Home Phone,Mobile Phone,Other Fax,Pager,"
    "Birthday,Categories,Notes,Referred By,Web Page"
)
OUTLOOK_NEWER = (
    "First Name,Middle Name,Last Name,Title,Suffix,Initials,Web Page,Gender,Birthday,Anniversary,"
    "Location,Language,Notes,E-mail Address,E-mail 2 Address,E-mail 3 Address,Home Phone,"
    "Mobile Phone,Business Phone,Business Fax,Company,Job Title,Business City,Business State,"
    "Business Country/Region,Referred By,Categories"
)
THUNDERBIRD = (
    "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,"
    "Work Phone,Home Phone,Fax Number,Pager Number,Mobile Number,Home Address,Home City,"
    "Home State,Home ZipCode,Home Country,Work Address,Work City,Work State,Work Country,"
    "Job Title,Department,Organization,Web Page 1,Web Page 2,Birth Year,Birth Month,Birth Day,"
    "Custom 1,Custom 2,Custom 3,Custom 4,Notes,"
)


def table(header: str, *rows: Mapping[str, str]) -> str:
    """Write a table with some cells of each row filled in."""
    titles = header.split(",")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(titles)
    for row in rows:
        assert row.keys() <= set(titles), row.keys() - set(titles)
        writer.writerow([row.get(title, "") for title in titles])
    return text.getvalue()


def read(text: str, name: str = "friends") -> Batch:
    [batch] = PeopleTable("friends.csv", name=name, text=text).batches()
    return batch


def said(header: str, row: Mapping[str, str]) -> dict[str, str]:
    batch = read(table(header, row))
    assert not batch.problems
    [sighting] = batch.sightings
    assert sighting.said["list"] == "friends"
    return {key: value for key, value in sighting.said.items() if key != "list"}


def skipped(header: str, row: Mapping[str, str]) -> str:
    batch = read(table(header, row))
    assert not batch.sightings
    [problem] = batch.problems
    assert problem.kind == "skipped"
    return problem.reason


def test_google_contacts_as_they_were() -> None:
    assert said(
        GOOGLE_OLD,
        {
            "Name": "Ana María Reyes",
            "Given Name": "Ana",
            "Additional Name": "María",
            "Family Name": "Reyes",
            "Yomi Name": "Rei",
            "Nickname": "Anita",
            "Maiden Name": "Solis",
            "Birthday": "1988-06-15",
            "Location": "",
            "Notes": "Met at the fair\r\nin spring",
            "Group Membership": "Nurses ::: * myContacts ::: * starred",
            "E-mail 1 - Type": "* Work",
            "E-mail 1 - Value": "ana@example.org ::: a.reyes@example.com",
            "E-mail 2 - Type": "Home",
            "E-mail 2 - Value": "ANA@example.net",
            "Phone 1 - Type": "Mobile",
            "Phone 1 - Value": "+1 212 555 0101 ::: 555-0102",
            "Address 1 - Type": "* Home",
            "Address 1 - City": "Albany",
            "Address 1 - Region": "NY",
            "Address 1 - Country": "US",
            "Organization 1 - Name": "Mercy General",
            "Organization 1 - Title": "Nurse",
            "Relation 1 - Type": "Spouse",
            "Relation 1 - Value": "Bo Berg",
            "Website 1 - Type": "Profile",
            "Website 1 - Value": "www.linkedin.com/in/ana-reyes",
        },
    ) == {
        "name": "Ana María Reyes",
        "given": "Ana María",
        "family": "Reyes",
        "aliases": "Anita\nSolis",
        "birthday": "1988-06-15",
        "note": "Met at the fair\nin spring",
        "tags": "Nurses\nstarred",
        "email": "ana@example.org\na.reyes@example.com\nANA@example.net",
        "phone": "+1 212 555 0101\n555-0102",
        "location": "Albany, NY, US",
        "organisation": "Mercy General",
        "title": "Nurse",
        "url": "https://www.linkedin.com/in/ana-reyes",
        "column Yomi Name": "Rei",
        "column Relation 1 - Type": "Spouse",
        "column Relation 1 - Value": "Bo Berg",
    }


def test_google_contacts_as_they_are() -> None:
    assert said(
        GOOGLE_NEW,
        {
            "First Name": "Zoë",
            "Last Name": "Müller",
            "Phonetic First Name": "Tso",
            "Organization Name": "Lakeside",
            "Organization Title": "Professor",
            "Birthday": "--12-01",
            "Labels": "* myContacts ::: Copied from EVA-L09 ::: * Other Contacts",
            "E-mail 1 - Label": "* ",
            "E-mail 1 - Value": "zoe@example.org",
            "Phone 1 - Label": "Mobile 2",
            "Phone 1 - Value": "+49 30 1234567",
            "Phone 2 - Label": "* Home",
            "Phone 2 - Value": "030 7654321",
            "Custom Field 1 - Label": "Room",
            "Custom Field 1 - Value": "12",
        },
    ) == {
        "given": "Zoë",
        "family": "Müller",
        "organisation": "Lakeside",
        "title": "Professor",
        "birthday": "--12-01",
        "tags": "Copied from EVA-L09",
        "email": "zoe@example.org",
        "phone": "+49 30 1234567\n030 7654321",
        "column Phonetic First Name": "Tso",
        "column Custom Field 1 - Label": "Room",
        "column Custom Field 1 - Value": "12",
    }


def test_an_organisation_that_can_be_reached_is_a_placeholder() -> None:
    found = said(GOOGLE_NEW, {"Organization Name": "Riverbend", "Phone 1 - Value": "555-0110"})
    assert (found["name"], found["placeholder"]) == ("Riverbend", "yes")
    row = {"First Name": "desk@example.org", "E-mail 1 - Value": "desk@example.org"}
    found = said(GOOGLE_NEW, {**row, "Organization Name": "Riverbend"})
    assert (found["name"], found["placeholder"]) == ("Riverbend", "yes")
    assert skipped(GOOGLE_NEW, {"Organization Name": "Riverbend"}) == "no name"


@pytest.mark.parametrize("name", ["", "x@example.org", "5550101"])
def test_whom_google_collected_without_a_name_is_skipped(name: str) -> None:
    row = {"First Name": name, "E-mail 1 - Value": "x@example.org", "Labels": "* Other Contacts"}
    assert skipped(GOOGLE_NEW, row) == "no name, only “x@example.org”"
    assert skipped(GOOGLE_NEW, {"Phone 1 - Value": "555-0110"}) == "no name, only “555-0110”"
    assert skipped(GOOGLE_NEW, {"Labels": ""}) == "an empty row"


OUTLOOK_ROW = {
    "First Name": "Ana",
    "Middle Name": "M.",
    "Last Name": "Reyes",
    "Title": "Ms.",
    "E-mail Address": "ana@example.org",
    "E-mail 2 Address": "ana@example.net",
    "Business Phone": "(212) 555-0101",
    "Mobile Phone": "+1 212 555 0102",
    "Company": "Mercy General",
    "Job Title": "Nurse",
    "Business City": "Albany",
    "Business State": "NY",
    "Birthday": "3/4/1990",
    "Web Page": "http://example.org/ana",
    "Categories": "Nurses;Mentors",
    "Referred By": "Bo Berg",
    "Notes": "Ask about nights",
}


@pytest.mark.parametrize("header", [OUTLOOK, OUTLOOK_NEWER])
def test_outlook_in_both_orders(header: str) -> None:
    found = said(header, OUTLOOK_ROW)
    assert set(found.pop("phone").split("\n")) == {"(212) 555-0101", "+1 212 555 0102"}
    assert found == {
        "given": "Ana M.",
        "family": "Reyes",
        "email": "ana@example.org\nana@example.net",
        "organisation": "Mercy General",
        "title": "Nurse",
        "location": "Albany, NY",
        "birthday": "1990-03-04",
        "url": "http://example.org/ana",
        "tags": "Nurses\nMentors",
        "referred_by": "Bo Berg",
        "note": "Ask about nights",
        "column Title": "Ms.",
    }


def test_numbers_that_are_not_somebodys_own_are_no_phone_numbers_of_theirs() -> None:
    found = said(
        OUTLOOK,
        {
            **OUTLOOK_ROW,
            "Assistant's Phone": "555-0103",
            "Business Fax": "555-0104",
            "Company Main Phone": "555-0105",
            "Pager": "555-0106",
        },
    )
    assert found["phone"] == "(212) 555-0101\n+1 212 555 0102"
    assert found["column Company Main Phone"] == "555-0105"


def test_outlooks_word_for_no_date() -> None:
    found = said(OUTLOOK, {**OUTLOOK_ROW, "Birthday": "0/0/00"})
    assert not {"birthday", "column Birthday"} & found.keys()


def test_a_second_address_is_kept_beside_the_first() -> None:
    found = said(OUTLOOK, {**OUTLOOK_ROW, "Home City": "Troy", "Business Street": "1 High St"})
    assert found["location"] == "Albany, NY"
    assert found["column Home City"] == "Troy"
    assert found["column Business Street"] == "1 High St"


def test_outlook_that_was_written_elsewhere_is_not_read_with_the_month_first() -> None:
    row = {**OUTLOOK_ROW, "Birthday": "25/12/1990"}
    text = table(OUTLOOK, row, {**OUTLOOK_ROW, "First Name": "Bo"})
    assert [s.said["birthday"] for s in read(text).sightings] == ["1990-12-25", "1990-04-03"]


def test_thunderbird() -> None:
    text = table(
        THUNDERBIRD,
        {
            "First Name": "Ana",
            "Last Name": "Reyes",
            "Display Name": "Ana Reyes",
            "Primary Email": "ana@example.org",
            "Secondary Email": "ana@example.net",
            "Work Phone": "555-0101",
            "Mobile Number": "555-0102",
            "Fax Number": "555-0103",
            "Work City": "Albany",
            "Job Title": "Nurse",
            "Organization": "Mercy",
            "Birth Year": "1988",
            "Birth Month": "6",
            "Birth Day": "5",
            "Custom 1": "left-handed",
        },
        {"Display Name": "Bo", "Birth Month": "02", "Birth Day": "30"},
    )
    header, _, rows = text.partition("\r\n")
    batch = read(header + "\r\n" + rows.replace(",\r\n", "\r\n"))  # only the header ends in ,
    assert not batch.problems
    ana, bo = (dict(sighting.said) for sighting in batch.sightings)
    assert ana == {
        "name": "Ana Reyes",
        "given": "Ana",
        "family": "Reyes",
        "email": "ana@example.org\nana@example.net",
        "phone": "555-0101\n555-0102",
        "location": "Albany",
        "title": "Nurse",
        "organisation": "Mercy",
        "birthday": "1988-06-05",
        "column Fax Number": "555-0103",
        "column Custom 1": "left-handed",
        "list": "friends",
    }
    assert bo == {
        "name": "Bo",
        "column Birth Month": "02",
        "column Birth Day": "30",
        "list": "friends",
    }


PEOPLE = (
    "Name,Source,Relation,Kin,Fields,Organisation,Title,Until,Email,Phone,Placeholder\n"
    "Ana Reyes,family friend,kin;aunt,yes,social-work|nursing,Mercy,Nurse,2021-03,"
    "ana@example.org,+12125550101,no\n"
    '"Front desk, Riverbend",Yellow-Pages,,,,Riverbend,,,,555-0110,x\n'
)


def test_a_list_with_all_that_netcrm_asks_for() -> None:
    ana, desk = read(PEOPLE).sightings
    assert ana.said == {
        "name": "Ana Reyes",
        "source": "family_friend",
        "relations": "kin\naunt",
        "kin": "yes",
        "fields": "social-work\nnursing",
        "organisation": "Mercy",
        "title": "Nurse",
        "until": "2021-03",
        "email": "ana@example.org",
        "phone": "+12125550101",
        "list": "friends",
    }
    assert desk.said == {
        "name": "Front desk, Riverbend",
        "source": "yellow_pages",
        "organisation": "Riverbend",
        "phone": "555-0110",
        "placeholder": "yes",
        "list": "friends",
    }


def test_alumni() -> None:
    batch = read(
        "Name,Class Year,Degree,Employer,Job Title,City,Email,LinkedIn\n"
        '"Gómez, Lucia",2016,BA,Self-employed,Art Therapist,Miami,lucia@example.org,lucia-gomez\n'
        "Jean-Luc O'Neill,1998,MD,,,,,www.linkedin.com/in/jl-oneill\n"
    )
    lucia, jean = batch.sightings
    assert lucia.said == {
        "name": "Gómez, Lucia",
        "column Class Year": "2016",
        "column Degree": "BA",
        "organisation": "Self-employed",
        "title": "Art Therapist",
        "location": "Miami",
        "email": "lucia@example.org",
        "url": "https://www.linkedin.com/in/lucia-gomez",
        "list": "friends",
    }
    assert jean.said["name"] == "Jean-Luc O'Neill"
    assert jean.said["url"] == "https://www.linkedin.com/in/jl-oneill"


MEMBERS: Sequence[tuple[str, str, str]] = (
    ("Member,Representative,Phone", "organisation", "name"),
    ("Business Name,Contact Person,Phone", "organisation", "name"),
    ("Member Name,Primary Contact,Phone", "organisation", "name"),
    ("Name,Contact Name,Phone", "organisation", "name"),
    ("Firma,Ansprechpartner,Telefon", "organisation", "name"),
    ("Member,Company,Phone", "name", "organisation"),
    ("Contact,Company,Phone", "name", "organisation"),
)


@pytest.mark.parametrize(("header", "first", "second"), MEMBERS)
def test_members_are_people_or_else_those_who_speak_for_them_are(
    header: str, first: str, second: str
) -> None:
    found = said(header, dict(zip(header.split(","), ("Acme", "Bo Berg", "555-0101"), strict=True)))
    assert found == {first: "Acme", second: "Bo Berg", "phone": "555-0101"}


LANGUAGES = {
    "German": "Vorname;Nachname;E-Mail-Adresse;Telefonnummer;Firma;Berufsbezeichnung;Ort",
    "German, Name": "Vorname;Name;E-Mail;Handy;Arbeitgeber;Funktion;Stadt",
    "French": "Prénom;Nom;Adresse e-mail;Téléphone;Société;Fonction;Ville",
    "Spanish": "Nombre;Apellidos;Correo electrónico;Teléfono móvil;Empresa;Cargo;Ciudad",
    "Italian": "Nome;Cognome;Indirizzo e-mail;Cellulare;Azienda;Ruolo;Città",
    "Portuguese": "Nome;Sobrenome;E-mail;Telemóvel;Empresa;Cargo;Cidade",
    "shouted": "FIRST_NAME;LAST-NAME;e.mail;Phone #;COMPANY;Job   Title;CITY",
    "joined": "FirstName;LastName;EmailAddress;PhoneNumber;CompanyName;JobTitle;City",
}


@pytest.mark.parametrize("header", LANGUAGES.values(), ids=LANGUAGES)
def test_titles_in_some_languages_and_spellings(header: str) -> None:
    row = "Zoë;Ängström;zoe@example.org;555-0101;Acme;Köchin;Köln"
    [sighting] = read(f"{header}\n{row}\n").sightings
    assert sighting.said == {
        "given": "Zoë",
        "family": "Ängström",
        "email": "zoe@example.org",
        "phone": "555-0101",
        "organisation": "Acme",
        "title": "Köchin",
        "location": "Köln",
        "list": "friends",
    }


def test_connections_from_linkedin_will_do_too() -> None:
    batch = read(
        "Notes:\n"
        '"Some addresses, perhaps, are missing."\n'
        "\n"
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        'Ana,"Reyes, PhD",https://www.linkedin.com/in/ana,,Mercy,Nurse,14 Sep 2025\n'
        ",,,,,,07 Jun 2022\n"
        "Bo,Berg,,,,,5-Feb-22\n"
        'Cy,Clark,,,,,"9/14/25, 6:27 PM"\n'
    )
    assert [sighting.said.get("connected_on") for sighting in batch.sightings] == [
        "2025-09-14",
        "2022-02-05",
        "2025-09-14",
    ]
    assert batch.sightings[0].said["family"] == "Reyes, PhD"
    assert [(problem.line, problem.reason) for problem in batch.problems] == [(6, "no name")]
