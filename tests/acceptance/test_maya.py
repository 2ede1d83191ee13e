"""Maya's eight weeks, from the first import on: the story that netcrm is to carry, with numbers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

import netcrm
import netcrm_linkedin
import netcrm_tables
from tests.networks import STORAGES, Clock, opener, terminal

__all__ = ["terminal"]

PEOPLE = """
Name | Source | Relation | Kin | Fields | Organisation | Title | Until | Email | Phone | Placeholder
Anita Rao | family | kin;aunt | yes | social-work | Mercy General | Medical social work supervisor | | anita.rao@mercy.example | +12125550101 |
Dev Rao | family | kin;parent | yes | accounting | Rao & Co | Accountant | | | |
Carol Stein | neighbour | neighbor | | counseling | Lincoln High School | School counselor | 2021 | | +12125550102 |
Janet Kim | family_friend | friend | | social-work | Harbor Family Services | Clinical social worker | | janet.kim@harbor.example | |
Elena Marsh | faculty | acquaintance | | clinical-psychology | Lakeside University | Professor of developmental psychology | | emarsh@lakeside.example | |
Rob Lang | campus_staff | acquaintance | | career-services | Lakeside University | Career adviser | | | |
Sam Ortiz | friend | friend;co-resident | | | | | | | |
Ben Ortiz | family_friend | contact | | psychiatry | Mercy General | Psychiatric nurse practitioner | | ben.ortiz@mercy.example | |
Front desk, Northside Counseling Center | chamber_of_commerce | | | counseling | Northside Counseling Center | | | | +12125550110 | yes
Front desk, Riverbend Clinic | professional_association | | | psychiatry | Riverbend Clinic | | | office@riverbend.example | | yes
"""  # noqa: E501 - a table
ALUMNI = """
Name | Class Year | Degree | Employer | Job Title | City | Email | LinkedIn
Hannah Wu | 2019 | BA Psychology | City Hospital | Psychiatry Resident | New York | hannah.wu@cityhosp.example | https://www.linkedin.com/in/hannahwu
Marcus Bell | 2012 | BA Psychology | Fairview Schools | School Psychologist | Albany | |
Sofia Rossi | 2015 | MSW | Urban Policy Lab | Social Worker (policy) | New York | sofia@upl.example |
Derek Chan | 2010 | BA Psychology | Chan Therapy | Counseling Psychologist | Boston | derek@chantherapy.example |
Amy Fox | 2008 | BA Biology | State Psychiatric Center | Psychiatrist | Albany | amy.fox@spc.example |
Paul Greene | 2017 | BA Psychology | BrightPath | Behavior Analyst | Newark | paul@brightpath.example |
Janet Kim | 2001 | MSW | Harbor Family Services | Clinical Social Worker | New York | Janet.Kim@Harbor.example |
Kofi Mensah | 2014 | MA Counseling | Lakeside Wellness | Counselor | New York | kofi@lwell.example |
Gómez, Lucia | 2016 | BA Psychology | Self-employed | Art Therapist | Miami | lucia@arttherapy.example |
Ruth Adler | 1998 | MD | City Hospital | Attending Psychiatrist | New York | ruth.adler@cityhosp.example |
"""  # noqa: E501
CONNECTIONS = """
First Name | Last Name | URL | Email Address | Company | Position | Connected On
Omar | Haddad | https://www.linkedin.com/in/omarhaddad | | Calm Harbor | Counselor | 14 Sep 2025
Grace | Liu | https://www.linkedin.com/in/grace-liu-psy | | Mind & Body Clinic | Clinical Psychologist | 02 Oct 2025
Ivan | Petrov | https://www.linkedin.com/in/ivanpetrov | | Brookline Psychiatry, LLC | Psychiatrist | 03 Oct 2025
Leah | Stone | https://www.linkedin.com/in/leahstone | leah@stonecare.example | Stone Care | Social Worker | 11 Nov 2025
Elena | Marsh, Ph.D. | https://www.linkedin.com/in/elenamarsh | EMarsh@lakeside.example | Lakeside University | Professor | 01 Sep 2024
Hannah | Wu | https://www.linkedin.com/in/HannahWu/ | | City Hospital | Resident Physician | 20 Jan 2026
Marcus | Bell | https://www.linkedin.com/in/marcusbell | | Fairview School District | School Psychologist | 05 Feb 2026
 | | | | | | 07 Feb 2026
Zoë | Müller | https://www.linkedin.com/in/zoe-m%C3%BCller | | Atelier Beratung | Counselor | 09 Feb 2026
Jean-Luc | O'Neill | https://www.linkedin.com/in/jloneill | | Médecins | Program Manager | 10 Feb 2026
Sam | Ortiz | https://www.linkedin.com/in/samortiz | | | Student | 01 Sep 2024
Dana | White | https://www.linkedin.com/in/danawhite | | Northside Counseling Center | Intake Coordinator | 12 Feb 2026
"""  # noqa: E501
NOTES = 'Notes:\n"Some of the email addresses are missing here."\n\n'
FILES = {
    ("table", "people.csv"): PEOPLE,
    ("table", "alumni.csv"): ALUMNI,
    ("linkedin", "Connections.csv"): CONNECTIONS,
}


def lists(folder: Path) -> list[tuple[str, str]]:
    """Write the three lists that she starts with; return the path of each, with its source."""
    for (source, name), rows in FILES.items():
        text = io.StringIO()
        cells = ([cell.strip() for cell in row.split("|")] for row in rows.strip("\n").split("\n"))
        csv.writer(text).writerows(cells)
        notes = NOTES if source == "linkedin" else ""
        (folder / name).write_text(notes + text.getvalue(), "utf-8")
    return [(source, str(folder / name)) for source, name in FILES]


@pytest.fixture
def files(tmp_path: Path) -> list[tuple[str, str]]:
    """The three lists, as files: each with its source."""
    return lists(tmp_path)


def counts(report: netcrm.ImportReport) -> tuple[int, int, int, int, int]:
    """Return rows, created, matched, skipped and those to be reviewed."""
    assert report.rejected == 0
    matched = report.updated + report.unchanged
    return report.read, report.created, matched, report.skipped, len(report.review)


@pytest.mark.parametrize("storage", STORAGES)
def test_step_1_the_lists_of_the_first_monday(storage, tmp_path, files):
    clock = Clock()
    clock.set("2026-02-16T09:00")
    with opener(storage, tmp_path, clock)(plugins=[netcrm_linkedin, netcrm_tables]) as net:
        net.add("Maya Rao", is_me=True)
        first = [net.import_from(source, path) for source, path in files]
        assert [counts(report) for report in first] == [
            (10, 10, 0, 0, 0),
            (10, 9, 1, 0, 0),
            (12, 9, 2, 1, 2),
        ]
        assert net.counts()["contact"] == 1 + 28
        review = {(one.name, one.like) for one in first[2].review}
        assert review == {("Marcus Bell", ("marcus-bell",)), ("Sam Ortiz", ("sam-ortiz",))}
        for one in first[2].review:
            net.merge(one.like[0], one.handle)
        assert net.counts()["contact"] == 1 + 26

        before = commits = len(net.history(None))
        again = [net.import_from(source, path) for source, path in files]
        assert [(one.created, one.updated, one.unchanged) for one in again] == [
            (0, 0, 10), (0, 0, 10), (0, 0, 11),
        ]  # fmt: skip
        assert sum(one.skipped for one in again) == 1
        assert before == commits == len(net.history(None))

        names = {contact.name for contact in net.contacts()}
        assert {"Gómez, Lucia", "Zoë Müller", "Jean-Luc O'Neill"} <= names
        ivan = net.contact("ivan")
        assert ivan.job is not None
        assert ivan.job.organisation == "Brookline Psychiatry, LLC"
        placeholders = [contact.name for contact in net.contacts() if contact.is_placeholder]
        assert sorted(placeholders) == [
            "Front desk, Northside Counseling Center", "Front desk, Riverbend Clinic",
        ]  # fmt: skip
        assert "interaction" not in net.counts()
        assert net.due() == []
        assert net.contact("anita").relations == {"kin", "aunt"}
        assert net.contact("hannah").connected_on is not None
        assert net.verify().faults == ()


def test_step_1_as_it_is_typed(terminal, files):
    assert terminal("init", "--name", "Maya Rao").code == 0
    said = [terminal("import", *one, "--json").json for one in files]
    assert [(one["read"], one["created"], one["skipped"]) for one in said] == [
        (10, 10, 0), (10, 9, 0), (12, 9, 1),
    ]  # fmt: skip
    for one in said[2]["review"]:
        assert terminal("merge", one["like"][0], one["handle"]).code == 0
    again = [terminal("import", *one, "--json").json for one in files]
    assert [(one["created"], one["updated"], one["unchanged"]) for one in again] == [
        (0, 0, 10), (0, 0, 10), (0, 0, 11),
    ]  # fmt: skip
    assert len(terminal("list", "--json").json["contacts"]) == 27
    assert terminal("due", "--json").json["items"] == []
