"""Where does each value of a contact come from?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.contact import Contact, ContactPoint, Occasion, Origin, Position
from netcrm.model.time import PartialDate
from netcrm.rules.intake import meet
from netcrm.rules.provenance import provenance
from netcrm.rules.sightings import Sighting

DAY = date(2026, 3, 6)


def ana(*origins: tuple[str, dict[str, str]], **ours: Any) -> Contact:
    """Return what we have of somebody, of whom sources say something."""
    return Contact(
        id="ana",
        handle="ana",
        added_on=DAY,
        origins=[Origin(source=source, said=said) for source, said in origins],
        **{"name": "Ana Ruiz", **ours},
    )


def known(contact: Contact) -> list[tuple[str, str, str]]:
    """Return the values and their sources, but for the name that everybody has."""
    rows = [(one.field, one.value, ", ".join(one.sources)) for one in provenance(contact)]
    assert rows[0][:2] == ("name", contact.name)
    return rows[1:]


VALUES = [
    ("given", {"given": "Ana"}, {"given": "Ana"}, "Ana"),
    ("location", {"location": "Boston"}, {"location": "Boston"}, "Boston"),
    ("note", {"note": "tall"}, {"note": "tall"}, "tall"),
    ("connected_on", {"connected_on": "2025-01-02"}, {"connected_on": date(2025, 1, 2)},
     "2025-01-02"),
    ("birthday", {"birthday": "--03-14"},
     {"occasions": [Occasion(on=PartialDate.parse("--03-14"))]}, "--03-14"),
    ("position", {"title": "nurse", "organisation": "Mercy, Inc."},
     {"positions": [Position(title="Nurse", organisation="The Mercy")]}, "Nurse @ The Mercy"),
    ("email", {"email": "b@x.org\nANA@X.org"},
     {"points": [ContactPoint(kind="email", value="ana@x.org")]}, "ana@x.org"),
    ("phone", {"phone": "+1 212 555 0123"},
     {"points": [ContactPoint(kind="phone", value="+1 (212) 555-0123")]}, "+1 (212) 555-0123"),
    ("url", {"url": "https://www.linkedin.com/in/ANA/"},
     {"points": [ContactPoint(kind="url", value="linkedin.com/in/ana")]}, "linkedin.com/in/ana"),
    ("tags", {"tags": "Night Shift\nalumni"}, {"tags": ["night-shift"]}, "night-shift"),
    ("circles", {"circles": "Inner"}, {"circles": ["inner"]}, "inner"),
    ("fields", {"fields": "Social Work"}, {"fields": ["social-work"]}, "social-work"),
    ("relations", {"relations": "Aunt"}, {"relations": ["aunt"]}, "aunt"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "said", "ours", "shown"), VALUES, ids=[v[0] for v in VALUES])
def test_a_value_names_the_sources_that_say_it(
    field: str, said: dict[str, str], ours: dict[str, Any], shown: str
) -> None:
    """By hand otherwise. Who typed it first does not matter."""
    assert known(ana(**ours)) == [(field, shown, "")]
    assert known(ana(("one", {"language": "en"}), **ours)) == [(field, shown, "")]
    assert known(ana(("one", {}), ("two", said), **ours)) == [(field, shown, "two")]
    assert known(ana(("one", said), ("two", said), **ours)) == [(field, shown, "one, two")]


def test_a_value_under_another_field_is_another() -> None:
    assert known(ana(("one", {"tags": "inner"}), circles=["inner"])) == [("circles", "inner", "")]
    assert known(ana(("one", {"given": "Boston"}), location="Boston")) == [
        ("location", "Boston", "")
    ]


def test_a_name_said_in_parts_is_the_name() -> None:
    first, *_ = provenance(ana(("one", {"given": "Ana", "family": "Ruiz"})))
    assert first == ("name", "Ana Ruiz", ("one",))


def test_each_job_has_a_source_of_its_own() -> None:
    jobs = [
        Position(title="Clerk"),
        Position(title="Nurse", organisation="Mercy", end=PartialDate(year=2020)),
        Position(title="Nurse"),
    ]
    said = {"title": "Nurse", "organisation": "Mercy"}
    assert known(ana(("one", said), positions=jobs)) == [
        ("position", "Clerk", ""),
        ("position", "Nurse @ Mercy", "one"),
        ("position", "Nurse", ""),
    ]


def test_labels_are_in_order() -> None:
    rows = known(ana(("one", {"tags": "b"}), tags=["c", "a", "b"]))
    assert rows == [("tags", "a", ""), ("tags", "b", "one"), ("tags", "c", "")]


def test_a_way_to_reach_them_that_no_source_can_say_is_by_hand() -> None:
    point = ContactPoint(kind="postal", value="Main Street 1")
    assert known(ana(("one", {"email": "a@x.org"}), points=[point])) == [
        ("postal", "Main Street 1", "")
    ]


def test_what_has_no_field_is_listed_under_its_title() -> None:
    """Each source of its own, after all that is ours."""
    contact = ana(
        ("one", {"column Class Year": "2019", "remark": "x"}),
        ("two", {"column Class Year": "2019"}),
        location="Boston",
    )
    assert known(contact) == [
        ("location", "Boston", ""),
        ("Class Year", "2019", "one"),
        ("remark", "x", "one"),
        ("Class Year", "2019", "two"),
    ]


def test_what_has_a_field_is_not_listed_though_ours_is_another() -> None:
    """That is suggested, or it was taken away on purpose."""
    said = {
        "name": "Zoë Stein", "given": "Zoë", "family": "Stein", "pronouns": "she/her",
        "location": "Paris", "language": "fr", "note": "tall", "connected_on": "2025-01-01",
        "birthday": "1990", "title": "Nurse", "organisation": "Mercy", "until": "2021",
        "email": "z@x.org", "phone": "1", "url": "https://x.org", "aliases": "Zed", "tags": "t",
        "circles": "c", "fields": "f", "relations": "r", "positions": "2020/ Nurse",
        "referred_by": "Bo", "source": "event", "kin": "yes", "list": "x", "placeholder": "yes",
    }  # fmt: skip
    assert known(ana(("one", said))) == []


def test_a_source_is_named_with_its_list() -> None:
    contact = ana(("table", {"list": "alumni", "tags": "a"}), ("vcard", {"tags": "a"}), tags=["a"])
    assert known(contact) == [("tags", "a", "table alumni, vcard")]


def test_what_is_no_label_is_the_source_of_none() -> None:
    assert known(ana(("one", {"tags": "!!\na"}), tags=["a"])) == [("tags", "a", "one")]


ROWS = st.fixed_dictionaries(
    {"given": st.sampled_from(["Ana", "Zoë"])},
    optional={
        "family": st.just("Ruiz"),
        "location": st.sampled_from(["Boston", "Zürich"]),
        "note": st.just("tall"),
        "birthday": st.sampled_from(["1990-03-14", "--03-14"]),
        "connected_on": st.just("2025-01-01"),
        "title": st.sampled_from(["Nurse", "Dean"]),
        "organisation": st.sampled_from(["Acme", "Mercy, Inc."]),
        "email": st.sampled_from(["a@x.org", "a@x.org\nB@x.org"]),
        "phone": st.just("+1 212 555 0123"),
        "url": st.just("https://linkedin.com/in/a"),
        "tags": st.sampled_from(["Night Shift", "a\nb"]),
        "circles": st.just("Inner"),
        "relations": st.just("aunt"),
        "column Class Year": st.just("2019"),
    },
)


@given(ROWS)
def test_all_that_an_import_made_comes_from_it(said: dict[str, str]) -> None:
    met = meet(
        Sighting(line=1, said=said),
        id="ana",
        handle="ana",
        source="one",
        on=DAY,
        known_from="event",
    )
    rows = provenance(met)
    assert {row.sources for row in rows} == {("one",)}
    expected = set(said) - {"title", "organisation", "column Class Year"} | {"name"}
    expected |= {"position"} if {"title", "organisation"} & set(said) else set()
    expected |= {"Class Year"} if "column Class Year" in said else set()
    assert {row.field for row in rows} == expected


def test_a_former_job_is_from_where_it_was_said_then():
    contact = Contact(
        id="a", name="Ana", handle="ana", added_on=date(2026, 1, 1),
        positions=(Position(title="Nurse", source="cards"), Position(organisation_id="o1")),
        origins=(Origin(source="cards", said={"title": "Dean"}),),
    )  # fmt: skip
    (name, job) = provenance(contact)
    assert (name.field, job) == ("name", ("position", "Nurse", ("cards",)))
