"""The plugin as netcrm sees it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import netcrm
import netcrm_tables

TABLE = (
    "Name,Employer,Email\n"
    "Ana Reyes,Mercy General,ana@x.org\n"
    ",,nobody@x.org\n"
    '"Gómez, Lucia",Acme,lucia@x.org\n'
    "Bo,Berg,Acme,bo@x.org\n"
    "Total: 3\n"
)


def test_it_offers_one_source() -> None:
    [provider] = netcrm_tables.netcrm_sources()
    assert (provider.name, provider.source) == ("table", "import")
    table = provider.open("x.csv", options={"list": "chamber", "Fee": "-"}, remembered={})
    assert (table.path, table.name, table.columns) == ("x.csv", "chamber", {"Fee": "-"})


def test_looking_at_it_loads_nothing_that_only_reading_needs() -> None:
    program = (
        "import sys, netcrm_tables; netcrm_tables.netcrm_sources(); "
        "print([name for name in sys.modules if name in ('csv', 'tinydb') or "
        "name.startswith('netcrm_tables.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_an_import_adds_up_and_a_second_one_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "alumni.csv"
    path.write_text(TABLE, "utf-8")
    with netcrm.open(plugins=[netcrm_tables]) as net:
        first = net.import_from("table", str(path))
        again = net.import_from("table", str(path))
    assert (first.read, first.created, first.skipped, first.rejected) == (5, 2, 2, 1)
    assert (again.read, again.unchanged, again.skipped, again.rejected) == (5, 2, 2, 1)
    assert again.created == again.updated == 0


def test_all_that_a_row_says_becomes_of_a_person(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "Name,Source,Relation,Kin,Fields,Organisation,Title,Until,Email,LinkedIn,Birthday,Tags\n"
        "Ana Reyes,Family friend,friend;aunt,yes,social-work,Mercy,Nurse,2021,"
        "a@x.org; b@x.org,ana-reyes,--06-15,* starred ::: mentor\n"
        "Bo Berg,,,,,,,,,,,\n",
        "utf-8",
    )
    with netcrm.open(plugins=[netcrm_tables]) as net:
        assert net.import_from("table", str(path)).created == 2
        assert net.import_from("table", str(path)).unchanged == 2
        ana = net.contact("ana")
    assert (ana.name, ana.source, ana.kin) == ("Ana Reyes", "family_friend", True)
    assert sorted(point.value for point in ana.points) == [
        "a@x.org",
        "b@x.org",
        "https://www.linkedin.com/in/ana-reyes",
    ]
    assert (ana.relations, ana.tags) == ({"friend", "aunt"}, {"starred", "mentor"})
    assert [str(occasion.on) for occasion in ana.occasions] == ["--06-15"]
    assert [str(position.end) for position in ana.positions] == ["2021"]


def test_everything_that_any_table_says_can_be_stored(tmp_path: Path) -> None:
    titles = "Name,Email,Phone,URL,LinkedIn,Tags,Circles,Fields,Relations,Nickname,Birthday,Until"
    cells = ("x@y", "²", "***; ①; é", "https://[", "1", "2021", "+1 (2) 3", "::: ;", "@a", "=1")
    rows = [f"P{number} Berg" + f',"{cell}"' * 11 for number, cell in enumerate(cells)]
    path = tmp_path / "odd.csv"
    path.write_text("\n".join([titles, *rows]), "utf-8")
    with netcrm.open(plugins=[netcrm_tables]) as net:
        assert net.import_from("table", str(path)).read == len(cells)
        assert net.import_from("table", str(path)).unchanged == len(cells)


class TestColumns:
    """What a column means is guessed, shown, said by the user, and remembered."""

    @pytest.fixture
    def take(self, tmp_path: Path) -> Iterator[Callable[..., netcrm.ImportReport]]:
        with netcrm.open(plugins=[netcrm_tables]) as net:

            def take_in(text: str, name: str = "members.csv", **options: str):
                path = tmp_path / name
                path.write_text(text, "utf-8")
                return net.import_from("table", str(path), options=options)

            take_in.net = net
            yield take_in

    def test_it_is_shown_how_they_were_understood(self, take) -> None:
        report = take("Name,Employer,Class Year\nAna Reyes,Mercy,2019\n")
        assert report.notes == (
            "Columns: Name -> name, Employer -> organisation; kept as it is: Class Year.",
        )

    def test_the_user_says_what_one_means(self, take) -> None:
        take("Name,Class Year\nAna Reyes,2019\n", **{"Class Year": "tags"})
        assert take.net.contact("ana").tags == {"2019"}

    def test_that_is_remembered_for_the_next_list_of_that_name(self, take) -> None:
        take("Name,Class Year\nAna Reyes,2019\n", **{"Class Year": "tags"})
        take("Class Year,Name,Fee\n2020,Bo Berg,12\n", "members (1).csv")
        assert take.net.contact("bo").tags == {"2020"}
        take("Name,Class Year\nCara Diaz,2021\n", "others.csv")
        assert take.net.contact("cara").tags == set()

    def test_a_list_has_the_name_that_it_is_given(self, take) -> None:
        take("Name,Year\nAna Reyes,2019\n", "2025.csv", list="alumni", Year="tags")
        report = take("Name,Year\nAna Reyes,2019\n", "2026.csv", list="alumni")
        assert (report.unchanged, report.commit) == (1, None)

    def test_it_is_guessed_anew_on_request(self, take) -> None:
        take("Name,Title\nAna Reyes,Nurse\n", Title="tags")
        take("Name,Title\nBo Berg,Nurse\n", Title="guess")
        assert take.net.contact("bo").job.title == "Nurse"
        assert take.net.contact("ana").tags == {"nurse"}

    def test_undo_forgets_it_too(self, take) -> None:
        take("Name,Year\nAna Reyes,2019\n", Year="tags")
        take.net.undo()
        take("Name,Year\nAna Reyes,2019\n")
        assert take.net.contact("ana").tags == set()

    def test_a_column_that_is_not_there_is_refused(self, take) -> None:
        with pytest.raises(netcrm.InvalidError, match="there is no column “Yaer”; there are Name"):
            take("Name,Year\nAna Reyes,2019\n", Yaer="tags")

    def test_another_list_of_that_name_is_another_list(self, take) -> None:
        """Two address books are both exported as contacts.csv."""
        google = "First Name,Last Name,Organization Name,E-mail 1 - Value\nJohn,Smith,Acme,\n"
        outlook = "First Name,Last Name,Company,E-mail Address\nJohn,Smith,Zoo,\n"
        take(google, "contacts.csv")
        report = take(outlook, "contacts.csv")
        assert (report.created, len(report.review)) == (1, 1)
        assert report.notes[0].startswith("It has other columns than contacts before")
        assert take(google, "contacts.csv").commit is None
        assert take(outlook, "contacts.csv").commit is None
        assert take("John Smith\n", "contacts.csv").created == 1
        assert take("John Smith\n", "contacts.csv").unchanged == 1

    def test_unless_it_is_said_to_be_the_same(self, take) -> None:
        take("Name,Employer\nJohn Smith,Acme\n", "a.csv", list="friends")
        report = take(
            "Who,Firm\nJohn Smith,Acme\n", "b.csv", list="friends", Who="name", Firm="organisation"
        )
        assert (report.unchanged, report.created) == (1, 0)

    def test_rows_of_one_person_are_taken_together(self, take) -> None:
        rows = "Eva Klein,eva@k.de,,Acme\n" + "Eva Klein,eva@k.de,+49 170 1234567,Beta\n" * 2
        rows += "Eva Klein,eva@k.de,+49 170 1234567,Beta\n".replace("eva@k.de", "EVA@k.de")
        text = f"Name,Email,Phone,Employer\n{rows}"
        report = take(text)
        assert (report.created, report.skipped) == (1, 3)
        eva = take.net.contact("eva")
        assert [point.kind for point in eva.points] == ["email", "phone"]
        assert {job.organisation for job in eva.positions} == {"Acme", "Beta"}
        assert take(text).commit is None
        take.net.edit("eva", name="Eva Braun")
        assert take(text).commit is None

    def test_what_bridges_two_rows_makes_them_one(self, take) -> None:
        rows = (
            "Ana Ruiz,p0@x.org,+1 212 555 0100,\nAna Ruiz,p0@x.org,,\n"
            "Ana Ruiz,,+1 212 555 0100,linkedin.com/in/prof0\n"
        )
        text = f"Name,Email,Phone,LinkedIn\n{rows}"
        assert take(text).created == 1
        assert take(text).commit is None

    def test_what_could_not_be_read_is_said(self, take) -> None:
        report = take("Name,Birthday,Email\nAda One,3/4/1990,ada\nBo Berg,2/5/1991,bo@x.org\n")
        assert report.notes[1:] == (
            "Birthday: 2 could not be taken as birthday, such as “3/4/1990”; kept as it is.",
            "Email: 1 could not be taken as email, such as “ada”; kept as it is.",
        )
