"""What a column means: guessed from its title, shown, and overruled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from netcrm import InvalidError
from netcrm_tables import PeopleTable, titles
from netcrm_tables.columns import Columns, guess

TABLE = "Name,Employer,Class Year,Phone 1 - Label\nAna Reyes,Mercy,2016,* Home\n"


def meanings(header: str, own: Mapping[str, str] | None = None) -> list[str]:
    return [meaning for _, meaning in guess(header.split(","), own).pairs]


@pytest.mark.parametrize(
    ("title", "meaning"),
    [
        ("Name", "name"),
        ("FULL_NAME", "name"),
        ("Surname", "family"),
        ("Name (Last, First)", "name"),
        ("Position/Title", "title"),
        ("Company / Organization", "organisation"),
        ("LinkedIn URL (optional)", "url"),
        ("Current City", "location"),
        ("Middle Name", "given"),
        ("E-mail 1 - Value", "email"),
        ("Work e-mail", "email"),
        ("email_public", "email"),
        ("Phone 1 - Label", ""),
        ("Phone 12 - Value", "phone"),
        ("Tel.", "phone"),
        ("Mobile phone (private)", "phone"),
        ("Business Phone 2", "phone"),
        ("Fax", "keep"),
        ("Phonetic First Name", "keep"),
        ("Given Name Yomi", "keep"),
        ("Email status", "keep"),
        ("Mailing list", "keep"),
        ("Phone extension", "keep"),
        ("Manager's Name", "keep"),
        ("LinkedIn Profile URL", "url"),
        ("Website 2 - Value", "url"),
        ("Web Page", "url"),
        ("Labels", "tags"),
        ("Group Membership", "tags"),
        ("Custom Field 1 - Value", "keep"),
        ("Date of birth", "birthday"),
        ("Introduced by", "referred_by"),
        ("Maiden name", "aliases"),
        ("Home Country/Region", "location"),
        ("Address 1 - Postal Code", "keep"),
        ("Pronouns", "pronouns"),
        ("Last contacted", "keep"),
        ("", "keep"),
        ("x" * 10_000, "keep"),
        ("E-mail" + " work" * 20, "keep"),
    ],
)
def test_what_a_title_means(title: str, meaning: str) -> None:
    assert guess([title]).pairs == ((title, meaning),)


def test_titles_are_compared_by_their_letters() -> None:
    assert titles.plain(" E-Mail_Address! ") == titles.plain("email address") == "emailaddress"
    assert titles.plain("Prénom") == titles.plain("Pre\u0301nom") == "prenom"


@pytest.mark.parametrize(
    ("row", "is_header"),
    [
        ("Name", True),
        ("Members:", True),
        ("Company", False),
        ("Name,Class Year", True),
        ("Ana Reyes,Member", False),
        ("Company,City", True),
        ("Name,ana@x.org", False),
        ("Name,https://x.org", False),
        ("people = [", False),
        ("Ana,Berg", False),
        (",", False),
    ],
)
def test_what_a_header_is(row: str, is_header: bool) -> None:
    assert titles.is_header(row.split(",")) == is_header


def test_every_claim_is_one_that_a_user_could_make() -> None:
    for title in ("Name", "Phone", "LinkedIn", "Birth Year", "City", "Additional Name", "Nom"):
        for claim in titles.claims(title):
            assert claim.meaning in (*titles.MEANINGS, titles.LEAVE_OUT)


def test_of_two_columns_for_one_thing_the_plainer_title_wins() -> None:
    assert meanings("Position,Job Title,Name") == ["keep", "title", "name"]
    assert meanings("Organization 2 - Name,Organization 1 - Name") == ["keep", "organisation"]
    assert meanings("Company,Company") == ["organisation", "keep"]
    assert meanings("Phone,Phone") == ["phone", "phone"]


@pytest.mark.parametrize(
    ("rows", "meaning"),
    [
        ((("Ana", "Reyes"), ("Bo", "Berg")), "family"),
        ((("Ana", "Ana Reyes"), ("Bo", "Berg, Bo"), ("", "Acme")), "name"),
        ((("Ana", "Ana Reyes"), ("Bo", "BO BERG")), "name"),
        ((), "family"),
    ],
)
def test_name_beside_first_name_may_be_the_family_name(
    rows: Sequence[Sequence[str]], meaning: str
) -> None:
    found = guess(("First Name", "Name"), rows=rows)
    assert found.pairs == (("First Name", "given"), ("Name", meaning))


@pytest.mark.parametrize(("values", "meaning"), [("Mr. Ms. Dr", "keep"), ("Nurse Dr", "title")])
def test_a_title_may_be_that_of_a_job_or_mr_and_mrs(values: str, meaning: str) -> None:
    rows = [[value, "Ana"] for value in values.split()]
    assert guess(("Title", "Name"), rows=rows).pairs[0] == ("Title", meaning)


def test_the_guess_can_be_shown() -> None:
    shown = PeopleTable("alumni.csv", text=TABLE).columns_found()
    assert shown.pairs == (
        ("Name", "name"),
        ("Employer", "organisation"),
        ("Class Year", "keep"),
        ("Phone 1 - Label", ""),
    )
    assert str(shown) == (
        "Name -> name, Employer -> organisation; kept as it is: Class Year; "
        "left out: Phone 1 - Label"
    )
    assert "no header" in str(PeopleTable("-", text="Ana Reyes\n").columns_found())
    assert str(Columns()).isprintable()


def test_the_users_word_goes_before_the_guess() -> None:
    own = {"class year": "tags", "EMPLOYER": "-", "Phone 1 - Label": "keep"}
    table = PeopleTable("alumni.csv", columns=own, text=TABLE)
    [batch] = table.batches()
    [sighting] = batch.sightings
    assert sighting.said == {
        "name": "Ana Reyes",
        "tags": "2016",
        "column Phone 1 - Label": "* Home",
        "list": "alumni",
    }
    assert meanings("Name,Nombre", {"Nombre": "name"}) == ["keep", "name"]
    assert meanings("Name,City", {"Name": ""}) == ["", "location"]
    assert meanings("A,B", {"A": "referred-by", "B": "Given"}) == ["referred_by", "given"]
    assert meanings("A,B", {"A": "phone", "B": "phone"}) == ["phone", "phone"]


def test_a_header_that_nobody_could_guess_is_found_by_the_users_word() -> None:
    text = "Report\nWho;What\nAna Reyes;Nurse\n"
    table = PeopleTable("x.csv", columns={"Who": "name", "What": "title"}, text=text)
    [batch] = table.batches()
    assert batch.sightings[0].said == {"name": "Ana Reyes", "title": "Nurse", "list": "x"}


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ({"Salary": "name"}, "no column “Salary”; there are Name, Employer, Class Year"),
        ({"": "name"}, "no column “(no title)”"),
        ({"Name": "salary"}, "cannot mean “salary”; choose from name, given"),
        ({"Name": "title", "Employer": "title"}, "cannot both be the title: “Name” and “Emp"),
        ({"Name": "list"}, "cannot mean “list”"),
        ({"Name": "-", "Class Year": "keep"}, "no column that is known to hold names"),
    ],
)
def test_a_word_that_makes_no_sense_is_refused(own: dict[str, str], says: str) -> None:
    for read in (
        PeopleTable("alumni.csv", columns=own, text=TABLE).columns_found,
        lambda: next(PeopleTable("alumni.csv", columns=own, text=TABLE).batches()),
    ):
        with pytest.raises(InvalidError) as caught:
            read()
        assert says in str(caught.value)
        assert str(caught.value).startswith("alumni.csv")
        assert str(caught.value).isprintable()


def test_columns_named_where_there_is_no_header() -> None:
    with pytest.raises(InvalidError, match="no header with “Who”"):
        next(PeopleTable("x.csv", columns={"Who": "name"}, text="Ana Reyes\n").batches())


def test_no_column_is_lost_where_titles_are_repeated_or_missing() -> None:
    text = "Name,Colour,Colour,,,Colour (2)\nAna,red,blue,a,b,green\n"
    [batch] = PeopleTable("x.csv", text=text).batches()
    assert batch.sightings[0].said == {
        "name": "Ana",
        "column Colour": "red",
        "column Colour (2)": "blue",
        "column 4": "a",
        "column 5": "b",
        "column Colour (2) (2)": "green",
        "list": "x",
    }
