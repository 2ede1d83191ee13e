"""What an export says about its owner."""

from __future__ import annotations

import pytest

from netcrm import Batch, PartialDate, Position
from netcrm_linkedin import me

PROFILE = (
    "First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Summary,Industry,Zip Code,"
    "Geo Location,Twitter Handles,Websites,Instant Messengers\n"
    'Mia,Owner,,1 High Street,"Jun 15, 1988",Nurse,"I help.\nAlways.",Health,,"Leeds, England",,'
    '"[PERSONAL:https://mia.example.org/a,COMPANY:http://example.com:80/?a=1,2]",\n'
)
POSITIONS = "Company Name,Title,Description,Location,Started On,Finished On\n"
SCHOOLS = "School Name,Start Date,End Date,Notes,Degree Name,Activities\n"


def read(profile: str = "", positions: str = "", schools: str = "") -> Batch:
    known = me.Known()
    if profile:
        me.read_profile("Profile.csv", profile.encode(), "Profile.csv", known)
    if positions:
        me.read_positions("P", (POSITIONS + positions).encode(), "P.csv", known, "positions")
    if schools:
        me.read_positions("E", (SCHOOLS + schools).encode(), "E.csv", known, "education")
    return known.batch()


def test_a_profile_is_one_sighting_of_me() -> None:
    [mine] = read(PROFILE).sightings
    assert (mine.line, mine.file, mine.is_me) == (1, "Profile.csv", True)
    assert mine.said == {
        "given": "Mia",
        "family": "Owner",
        "location": "Leeds, England",
        "birthday": "1988-06-15",
        "url": "https://mia.example.org/a\nhttp://example.com:80/?a=1,2",
        "column Headline": "Nurse",
        "column Summary": "I help. Always.",
        "column Industry": "Health",
    }


def test_jobs_and_schools_are_positions() -> None:
    [mine] = read(
        PROFILE,
        "Mercy General,Nurse,,Leeds,Jun 2018,\nAcme,,,,2016,Aug 2017\n",
        "Leeds University,2004,2008,,BSc,\n",
    ).sightings
    assert mine.positions == (
        Position(
            organisation="Mercy General",
            title="Nurse",
            start=PartialDate(year=2018, month=6),
            source="linkedin",
        ),
        Position(
            organisation="Acme",
            start=PartialDate(year=2016),
            end=PartialDate(year=2017, month=8),
            source="linkedin",
        ),
        Position(
            organisation="Leeds University",
            title="BSc",
            start=PartialDate(year=2004),
            end=PartialDate(year=2008),
            source="linkedin",
        ),
    )


def test_jobs_alone_are_about_me_too() -> None:
    [mine] = read("", "Mercy General,Nurse,,,Jun 2018,Present\n").sightings
    assert (mine.is_me, mine.file, len(mine.positions)) == (True, "P.csv", 1)
    assert mine.positions[0].end is None


def test_nothing_is_said_by_headers_alone() -> None:
    assert read(PROFILE.partition("\n")[0] + "\n", "\n", "\n") == Batch()


@pytest.mark.parametrize(
    ("row", "kind", "says"),
    [
        ("Acme,Chef,,,soon,\n", "rejected", "'soon' is not a date"),
        ("Acme,Chef,,,Jun 2018,May 2018\n", "rejected", "cannot end in 2018-05"),
        (",,,Leeds,Jun 2018,\n", "skipped", "neither a title"),
        (",,,,,\n", "skipped", "empty"),
    ],
)
def test_jobs_that_cannot_be_right(row: str, kind: str, says: str) -> None:
    batch = read("", f"{row}Mercy,Nurse,,,,\n")
    assert [position.title for position in batch.sightings[0].positions] == ["Nurse"]
    [problem] = batch.problems
    assert (problem.line, problem.file, problem.kind) == (2, "P.csv", kind)
    assert says in problem.reason


def test_there_is_one_of_me() -> None:
    batch = read(PROFILE + "Zed,Zorn,,,,,,,,,,,\n")
    assert batch.sightings == read(PROFILE).sightings
    assert "one of you" in batch.problems[0].reason


@pytest.mark.parametrize(
    ("cell", "sites"),
    [
        ("[OTHER:www.example.org]", "www.example.org"),
        ("[MY SITE:example.org/x,RSS:https://example.com]", "example.org/x\nhttps://example.com"),
        ("https://example.org", "https://example.org"),
        ("[]", ""),
        ("[OTHER:nothing]", ""),
        ("[OTHER:javascript:alert(1)]", ""),
    ],
)
def test_websites(cell: str, sites: str) -> None:
    profile = f'First Name,Last Name,Headline,Websites\nMia,Owner,,"{cell}"\n'
    assert read(profile).sightings[0].said.get("url", "") == sites
