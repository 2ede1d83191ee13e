"""What is new in somebody's life, and how sure is it?"""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from netcrm.model.contact import Contact
from netcrm.rules.intake import meet, revise, without
from netcrm.rules.news import NEXT, NewsKind, news, rank
from netcrm.rules.sightings import Sighting

DAY, NEXT_DAY = date(2026, 3, 6), date(2026, 4, 6)
ANA = {
    "name": "Ana Ruiz", "email": "ana@example.org", "url": "https://www.linkedin.com/in/ana",
    "organisation": "Mercy General", "title": "Nurse",
}  # fmt: skip


def met(**said: str) -> Contact:
    sighting = Sighting(line=2, said={**ANA, **said})
    return meet(sighting, id="ana", handle="ana", source="linkedin", on=DAY)


def told(**said: str) -> list[tuple[str, str]]:
    """Return kind and confidence of what is new when a source says this of Ana."""
    before = met()
    sighting = Sighting(line=2, said={**ANA, **said})
    after = revise(before, sighting, source="linkedin", on=NEXT_DAY).contact
    return [(one.kind, one.confidence) for one in news(before, after, on=NEXT_DAY)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, []),
        ({"location": "Rome"}, []),
        ({"organisation": "City Hospital"}, [("moved", "likely")]),
        ({"organisation": "City Hospital", "title": "Doctor"}, [("moved", "likely")]),
        ({"organisation": "Mercy Hospital"}, [("moved", "perhaps")]),  # the firm has a new name?
        ({"organisation": "MERCY GENERAL, Inc."}, []),
        ({"title": "Head nurse"}, [("promoted", "likely")]),
        ({"title": "Registered nurse"}, [("new title", "perhaps")]),
        ({"title": "", "organisation": ""}, [("left", "perhaps")]),
        ({"name": "Dr. Ana Ruiz, PhD"}, []),
        ({"name": "Ana Ruiz Diaz"}, [("new name", "likely")]),
        ({"url": "https://www.linkedin.com/in/ana-ruiz-2"}, [("new profile", "likely")]),
        ({"url": "http://linkedin.com/in/ANA/"}, []),
    ],
)
def test_what_a_source_says_otherwise(said, expected):
    assert told(**said) == expected


def test_a_first_job_is_joined_and_a_job_that_is_gone_is_left():
    before = met(organisation="", title="")
    row = Sighting(line=2, said=ANA)
    after = revise(before, row, source="linkedin", on=NEXT_DAY).contact
    assert [one.kind for one in news(before, after, on=NEXT_DAY)] == ["joined"]
    gone = Sighting(
        line=2, said={k: v for k, v in ANA.items() if k not in ("organisation", "title")}
    )
    later = revise(after, gone, source="linkedin", on=NEXT_DAY).contact
    assert [(one.kind, one.confidence) for one in news(after, later, on=NEXT_DAY)] == [
        ("left", "perhaps")
    ]


def test_who_is_new_is_connected_if_it_is_said_since_when():
    (one,) = news(None, met(connected_on="2026-03-01"), on=DAY)
    assert (one.kind, one.after, one.confidence) == ("connected", "2026-03-01", "sure")
    assert list(news(None, met(), on=DAY)) == []


def test_who_is_missing_is_gone_once_and_may_be_back():
    before = met()
    gone = without(before, "linkedin", on=NEXT_DAY)
    (one,) = news(before, gone, on=NEXT_DAY)
    assert (one.kind, one.before, one.confidence) == ("gone", "Nurse @ Mercy General", "perhaps")
    assert list(news(gone, without(gone, "linkedin", on=NEXT_DAY), on=NEXT_DAY)) == []
    assert without(before, "cards", on=NEXT_DAY) == before
    back = revise(gone, Sighting(line=2, said=ANA), source="linkedin", on=NEXT_DAY).contact
    assert back == before
    assert list(news(gone, back, on=NEXT_DAY)) == []


def test_a_job_that_was_known_already_is_no_news():
    before = met()
    typed = revise(
        before, Sighting(line=2, said={"name": "Ana Ruiz", "title": "Dean"}), source="cards", on=DAY
    ).contact
    assert typed.positions == before.positions
    assert list(news(before, typed, on=DAY)) == []


@pytest.mark.parametrize(
    "titles",
    [
        ("Intern", "Junior Analyst", "Analyst", "Senior Analyst", "Lead Analyst", "Head of Data"),
        ("Assistant Professor", "Associate Head", "Dean"),
        ("Nurse", "Charge Nurse", "Director of Nursing", "Chief Nurse"),
        ("Associate", "Vice President", "President"),
    ],
)
def test_titles_that_rise(titles):
    ranks = [rank(title) for title in titles]
    assert ranks == sorted(ranks)
    assert ranks[0] < ranks[-1]


def test_every_kind_has_something_to_do_next():
    assert set(NEXT) == set(get_args(NewsKind))
