"""The address book that LinkedIn copied, in both forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcrm import Batch, InvalidError
from netcrm_linkedin import LinkedInContacts, LinkedInExport
from netcrm_linkedin.contacts import Book

OLD = (
    "First Name,Last Name,Companies,Title,Email Address,Phone Numbers,Created At,"
    "Instant Message Handles,Addresses,Sites,Full Name,Birthday,Location,Bookmarked At,Profiles\n"
)
NEW = (
    "Source,FirstName,LastName,Companies,Title,Emails,PhoneNumbers,CreatedAt,Addresses,Sites,"
    "InstantMessageHandles,FullName,Birthday,Location,BookmarkedAt,Profiles\n"
)
ANA_OLD = (
    'Ana,Reyes,Mercy General,Nurse,ana@example.org," +44 1632 960001, 01632960002",'
    '"6/22/15, 12:47 AM",,,www.example.org,"Ana Reyes, RN",15 Jun,Leeds,,https://www.linkedin.com/in/ana-reyes\n'
)
ANA_NEW = (
    'MOBILE_CONTACTS,Ana,Reyes,Mercy General,Nurse,ana@example.org," +44 1632 960001, 01632960002",'
    '"6/22/15, 12:47 AM",,www.example.org,,"Ana Reyes, RN",15 Jun,Leeds,,'
    "https://www.linkedin.com/in/ana-reyes\n"
)


def read(content: str) -> Batch:
    return Book().read("Contacts.csv", content.encode(), "Contacts.csv")


@pytest.mark.parametrize("content", [OLD + ANA_OLD, NEW + ANA_NEW], ids=["old", "new"])
def test_an_entry_in_either_form(content: str) -> None:
    batch = read(content)
    assert not batch.problems
    [ana] = batch.sightings
    assert (ana.line, ana.file) == (2, "Contacts.csv")
    assert ana.said == {
        "name": "Ana Reyes, RN",
        "given": "Ana",
        "family": "Reyes",
        "email": "ana@example.org",
        "phone": "+44 1632 960001\n01632960002",
        "url": "https://www.linkedin.com/in/ana-reyes\nwww.example.org",
        "organisation": "Mercy General",
        "title": "Nurse",
        "birthday": "--06-15",
        "location": "Leeds",
        "list": "linkedin-contacts",
    }


def test_what_cannot_be_an_address_is_left_out() -> None:
    rows = ',Ana,,,,"ana, a@example.org","none, *12#",,,call me,,,soon,,,=1+1\n'
    [ana] = read(NEW + rows).sightings
    assert ana.said == {
        "given": "Ana", "email": "a@example.org", "phone": "*12#", "list": "linkedin-contacts",
    }  # fmt: skip


def test_who_has_no_name_is_nobody_and_who_stands_there_twice_is_one() -> None:
    nameless, nothing = ",,,,,x@example.org,,,,,,,,,,\n", "MOBILE_CONTACTS,,,,,,,,,,,,,,,\n"
    again = ANA_NEW.replace("6/22/15", "6/23/15")
    batch = read(NEW + ANA_NEW + nameless + nothing + again + ANA_NEW.replace("Nurse", "Doctor"))
    assert [sighting.line for sighting in batch.sightings] == [2, 6]
    assert [(problem.line, problem.kind, problem.reason) for problem in batch.problems] == [
        (3, "skipped", "no name, only 'x@example.org'"),
        (4, "skipped", "neither name nor address"),
        (5, "skipped", "the same as line 2 of Contacts.csv"),
    ]


def test_it_is_a_source_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "Contacts.csv"
    path.write_text(NEW + ANA_NEW)
    [batch] = LinkedInContacts(str(path)).batches()
    assert len(batch.sightings) == 1
    with pytest.raises(InvalidError, match="as linkedin-contacts instead"):
        list(LinkedInExport(str(path)).batches())
    path.write_text("nothing")
    with pytest.raises(InvalidError, match="no columns"):
        list(LinkedInContacts(str(path)).batches())
    path.rename(tmp_path / "Positions.csv")
    with pytest.raises(InvalidError, match="only Positions"):
        list(LinkedInContacts(str(tmp_path / "Positions.csv")).batches())


def test_two_address_books_of_one_export(tmp_path: Path) -> None:
    (tmp_path / "Contacts.csv").write_text(NEW + ANA_NEW)
    (tmp_path / "Imported Contacts.csv").write_text(OLD + ANA_OLD)
    (tmp_path / "ImportedContacts_12.csv").write_text("gone")
    (tmp_path / "Connections.csv").write_text("not looked at")
    batches = list(LinkedInContacts(str(tmp_path)).batches())
    assert [len(batch.sightings) for batch in batches] == [1, 0, 0]
    assert batches[1].problems[0].reason == "the same as line 2 of Contacts.csv"
    assert (batches[2].problems[0].file, batches[2].problems[0].line) == (
        "ImportedContacts_12.csv",
        1,
    )
