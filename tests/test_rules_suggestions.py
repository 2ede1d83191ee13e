"""What does a source say otherwise than we have it?"""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.contact import Contact, Occasion, Origin, Position
from netcrm.model.time import PartialDate
from netcrm.rules.intake import meet, revise
from netcrm.rules.sightings import Sighting
from netcrm.rules.suggestions import (
    BIRTHDAY,
    FIELDS,
    Job,
    Suggestion,
    changed,
    held,
    kept,
    suggestions,
    taken,
    told_of,
)

DAY = date(2026, 3, 6)
ONE_VALUE = tuple(field for field in FIELDS if field not in ("position", "note"))
WORDS = {
    "name": ["Ana Ruiz", "ANA RUIZ", "Dr. Ana Ruíz, PhD", "Anita Costa", "Ruiz, Ana", "Bo"],
    "given": ["Ana", "Anita", "Áña"],
    "family": ["Ruiz", "Costa"],
    "pronouns": ["she/her", "they/them"],
    "location": ["Boston", "boston", "Zürich", "Zurich", "🙂"],
    "language": ["en", "de"],
    "note": ["tall", "tall and kind", "kind"],
    "connected_on": ["2025-01-01", "2025-02-02"],
    "birthday": ["1990-03-14", "--03-14", "1991"],
    "title": ["Nurse", "nurse", "Dean"],
    "organisation": ["Acme", "Acme, Inc.", "Mercy"],
    "email": ["a@x.org", "b@x.org"],
    "tags": ["mentor", "mentor\nalumni"],
    "relations": ["aunt"],
}
SAID = st.fixed_dictionaries(
    {"name": st.sampled_from(WORDS["name"])},
    optional={key: st.sampled_from(values) for key, values in WORDS.items() if key != "name"},
)
OURS = st.fixed_dictionaries(
    {},
    optional={
        **{
            key: st.sampled_from(["", *WORDS[key]])
            for key in ("given", "family", "pronouns", "location", "language", "note")
        },
        "name": st.sampled_from(WORDS["name"]),
        "aliases": st.lists(st.sampled_from(WORDS["name"]), max_size=2),
        "connected_on": st.sampled_from([None, date(2025, 1, 1), date(2025, 3, 3)]),
        "positions": st.lists(
            st.builds(
                lambda title, place, end: Position(title=title, organisation=place, end=end),
                st.sampled_from(WORDS["title"]),
                st.sampled_from(WORDS["organisation"]),
                st.sampled_from([None, PartialDate(year=2020)]),
            ),
            max_size=2,
        ),
        "occasions": st.lists(
            st.builds(
                lambda label, on: Occasion(label=label, on=PartialDate.parse(on)),
                st.sampled_from([BIRTHDAY, "wedding"]),
                st.sampled_from(WORDS["birthday"]),
            ),
            max_size=2,
        ),
    },
)


def ana(*said: dict[str, str], **ours: Any) -> Contact:
    """Return what we have of somebody of whom sources say something: one, two and so on."""
    numbers = ("one", "two", "three")
    origins = [Origin(source=name, said=each) for name, each in zip(numbers, said, strict=False)]
    values = {"id": "ana", "handle": "ana", "name": "Ana Ruiz", "added_on": DAY, **ours}
    return Contact(**values, origins=origins)


def offered(contact: Contact) -> list[tuple[str, str, str]]:
    """Return what is suggested, without by whom."""
    return [(one.field, one.ours, one.theirs) for one in suggestions(contact)]


@pytest.mark.parametrize(
    ("field", "ours", "theirs", "shown"),
    [
        ("name", "Anita", "Ana Ruiz", "Anita"),
        ("given", "Anita", "Anna", "Anita"),
        ("family", "Costa", "Stein", "Costa"),
        ("pronouns", "she/her", "they/them", "she/her"),
        ("location", "Boston", "Paris", "Boston"),
        ("location", "", "Paris", ""),
        ("language", "en", "de", "en"),
        ("note", "tall", "kind", "tall"),
        ("connected_on", date(2025, 1, 1), "2025-02-02", "2025-01-01"),
        ("connected_on", None, "2025-02-02", ""),
    ],
)
def test_what_a_source_says_otherwise_is_suggested(
    field: str, ours: Any, theirs: str, shown: str
) -> None:
    contact = ana({"name": "Ana Ruiz", field: theirs}, **{field: ours})
    assert list(suggestions(contact)) == [
        Suggestion(
            contact="ana",
            name=contact.name,
            field=field,
            ours=shown,
            theirs=theirs,
            source="one",
        )
    ]


@pytest.mark.parametrize(
    ("field", "ours", "theirs"),
    [
        ("location", "Zürich", "ZURICH"),
        ("location", "New York, NY", "new  york ny"),
        ("location", "🙂", "🙂"),
        ("pronouns", "she/her", "She / Her"),
        ("language", "en", "EN"),
        ("name", "Ana Ruiz", "ANA RUÍZ"),
        ("name", "Ana Ruiz", "Dr. Ana Ruiz, PhD"),
        ("name", "Prof. Ana Ruiz", "Ana Ruiz (she/her)"),
        ("name", "Ana Ruiz", "Ruiz, Ana"),
        ("given", "Ana", "ana"),
        ("given", "", "Ana"),  # it stands in the name
        ("family", "", "RUIZ"),
        ("note", "she is tall", "tall"),
        ("note", "tall", "tall"),
    ],
)
def test_what_is_only_written_otherwise_is_not(field: str, ours: str, theirs: str) -> None:
    assert offered(ana({"name": "Ana Ruiz", field: theirs}, **{field: ours})) == []


def test_signs_that_are_no_words_are_compared_as_they_are() -> None:
    assert offered(ana({"location": "🙂"}, location="🎉")) == [("location", "🎉", "🙂")]


def test_a_name_may_be_said_in_parts() -> None:
    """And the parts are fields as well."""
    said = {"given": "Zoë", "family": "Stein"}
    assert offered(ana(said)) == [
        ("name", "Ana Ruiz", "Zoë Stein"), ("given", "", "Zoë"), ("family", "", "Stein"),
    ]  # fmt: skip


def test_a_name_that_is_an_alias_is_none() -> None:
    """Also if it is written otherwise there."""
    assert offered(ana({"name": "Ana Costa"})) == [("name", "Ana Ruiz", "Ana Costa")]
    assert offered(ana({"name": "Dr. Ana Costa"}, aliases=["ANA COSTA"])) == []


def test_part_of_a_name_that_is_new_is_suggested_with_the_part_that_is_not() -> None:
    """All words of it must be known."""
    said = {"name": "Ana Ruiz", "given": "Ana María"}
    assert offered(ana(said, given="Ana")) == [("given", "Ana", "Ana María")]


def test_a_note_that_says_more_than_ours_is_suggested() -> None:
    assert offered(ana({"note": "tall and kind"}, note="tall")) == [
        ("note", "tall", "tall and kind")
    ]


def test_a_birthday_is_compared_with_the_birthday() -> None:
    """Other days of theirs are none."""
    wedding = Occasion(label="wedding", on=PartialDate.parse("2015-05-05"))
    born = Occasion(on=PartialDate.parse("1990-03-14"))
    said = {"birthday": "1990-03-14"}
    assert offered(ana(said, occasions=[wedding])) == [("birthday", "", "1990-03-14")]
    assert offered(ana(said, occasions=[wedding, born])) == []
    assert offered(ana({"birthday": "1991"}, occasions=[wedding, born])) == [
        ("birthday", "1990-03-14", "1991")
    ]


@pytest.mark.parametrize("end", [None, PartialDate(year=2020)])
@pytest.mark.parametrize(
    ("title", "organisation"),
    [("Nurse", "Mercy"), ("NURSE", "mercy, Inc."), ("nursé", "The Mercy Ltd.")],
)
def test_a_job_among_the_positions_is_none(
    title: str, organisation: str, end: PartialDate | None
) -> None:
    """Held or former; the legal form of the company does not matter."""
    known = Position(title=title, organisation=organisation, end=end)
    others = [Position(title="Clerk"), known, Position(title="Dean")]
    assert offered(ana({"title": "Nurse", "organisation": "Mercy"}, positions=others)) == []


@pytest.mark.parametrize(
    ("said", "theirs"),
    [
        ({"title": "Dean", "organisation": "Mercy"}, "Dean @ Mercy"),
        ({"title": "Nurse", "organisation": "St. Mary's"}, "Nurse @ St. Mary's"),
    ],
)
def test_another_job_is_suggested_beside_the_one_held(said: dict[str, str], theirs: str) -> None:
    nurse = Position(title="Nurse", organisation="Mercy")
    assert offered(ana(said, positions=[nurse])) == [("position", "Nurse @ Mercy", theirs)]
    ended = attrs.evolve(nurse, end=PartialDate(year=2020))
    assert offered(ana(said, positions=[ended])) == [("position", "", theirs)]


@pytest.mark.parametrize("said", [{"title": "Nurse"}, {"organisation": "MERCY Inc."}])
def test_half_of_a_job_that_we_have_is_no_other_job(said: dict[str, str]) -> None:
    nurse = Position(title="Nurse", organisation="Mercy")
    assert offered(ana(said, positions=[nurse])) == []


@given(SAID, OURS)
def test_only_what_has_one_value_and_jobs_are_suggested(
    said: dict[str, str], ours: dict[str, Any]
) -> None:
    """Never addresses, tags and other labels, and never nothing."""
    for one in suggestions(ana(said, **ours)):
        assert one.field in FIELDS
        assert one.theirs == told_of(said, one.field) != ""
        assert one.theirs != one.ours
    rest = {
        "email": "z@x.org", "phone": "1", "url": "https://x.org", "tags": "z", "circles": "z",
        "fields": "z", "relations": "z", "aliases": "Zed", "kin": "yes", "column Class Year": "5",
        "source": "event", "list": "x", "referred_by": "Bo", "until": "2020",
    }  # fmt: skip
    assert offered(ana(rest, **ours)) == []


@given(SAID)
def test_of_who_came_by_an_import_nothing_is_suggested(said: dict[str, str]) -> None:
    met = meet(
        Sighting(line=1, said=said),
        id="ana",
        handle="ana",
        source="one",
        on=DAY,
        known_from="event",
    )
    assert offered(met) == []


def test_each_source_is_asked_in_turn() -> None:
    """Or only those that are named."""
    contact = ana({"location": "Paris"}, {"location": "Rome"}, {"note": "tall"}, location="Bonn")
    found = [(one.source, one.theirs) for one in suggestions(contact)]
    assert found == [("one", "Paris"), ("two", "Rome"), ("three", "tall")]
    (only,) = suggestions(contact, contact.origins[1])
    assert (only.source, only.theirs) == ("two", "Rome")


def test_without_sources_nothing_is_suggested() -> None:
    assert offered(ana(location="Paris", note="x")) == []


def test_of_two_sources_that_disagree_the_later_is_suggested() -> None:
    row = {"name": "Ana Ruiz", "email": "a@x.org"}
    first = Sighting(line=1, said={**row, "location": "Paris"})
    met = meet(first, id="ana", handle="ana", source="one", on=DAY, known_from="event")
    later = revise(met, Sighting(line=1, said={**row, "location": "Rome"}), source="two", on=DAY)
    assert later.contact.location == "Paris"
    assert [(one.source, one.ours, one.theirs) for one in later.suggestions] == [
        ("two", "Paris", "Rome")
    ]
    assert tuple(suggestions(later.contact)) == later.suggestions


# --- taken


def take(contact: Contact, field: str) -> Contact:
    """Return a contact with what is suggested for a field."""
    return taken(contact, next(s for s in suggestions(contact) if s.field == field), on=DAY)


@given(SAID, OURS, st.data())
def test_what_was_taken_is_suggested_no_more(
    said: dict[str, str], ours: dict[str, Any], data: st.DataObject
) -> None:
    """The field is theirs, nothing that we had is lost but the value, and the rest stays."""
    contact = ana(said, **ours)
    found = list(suggestions(contact))
    if not found:
        return
    one = data.draw(st.sampled_from(found))
    after = taken(contact, one, on=DAY)
    assert one.field not in [left.field for left in suggestions(after)]
    shown = held(after, one.field)
    assert shown.endswith(one.theirs) if one.field == "note" else shown == one.theirs
    assert after.origins == contact.origins
    assert set(contact.positions) <= set(after.positions)
    assert {*contact.aliases, contact.name} <= {*after.aliases, after.name}
    assert contact.note in after.note or after.note == one.theirs
    changes = {name for name in ONE_VALUE if held(after, name) != held(contact, name)}
    assert changes <= {one.field}


@given(SAID, OURS)
def test_taking_all_that_one_source_says_comes_to_an_end(
    said: dict[str, str], ours: dict[str, Any]
) -> None:
    contact = ana(said, **ours)
    for _ in range(2 * len(FIELDS)):
        for one in list(suggestions(contact))[:1]:
            contact = taken(contact, one, on=DAY)
    assert offered(contact) == []


def test_a_job_is_added_and_ours_stays() -> None:
    clerk = Position(title="Clerk", organisation="Acme")
    after = take(ana({"title": "Nurse", "organisation": "Mercy"}, positions=[clerk]), "position")
    assert after.positions == (
        clerk,
        Position(title="Nurse", organisation="Mercy", seen_on=DAY, source="one"),
    )
    assert held(after, "position") == "Nurse @ Mercy"


def test_the_name_that_was_is_an_alias() -> None:
    after = take(ana({"name": "Ana Costa"}, aliases=["Anita"]), "name")
    assert (after.name, after.aliases) == ("Ana Costa", ("Anita", "Ana Ruiz"))


def test_the_handle_stays() -> None:
    assert take(ana({"name": "Ana Costa"}), "name").handle == "ana"


def test_a_birthday_replaces_ours_and_no_other_day() -> None:
    wedding = Occasion(label="wedding", on=PartialDate.parse("2015-05-05"))
    born = Occasion(on=PartialDate.parse("1990"))
    after = take(ana({"birthday": "1990-03-14"}, occasions=[born, wedding, born]), "birthday")
    assert after.occasions == (wedding, Occasion(on=PartialDate.parse("1990-03-14")))


def test_a_note_is_added_to_ours() -> None:
    assert take(ana({"note": "tall"}, note="kind"), "note").note == "kind\n\ntall"
    assert take(ana({"note": "tall and kind"}, note="tall"), "note").note == "tall and kind"


def test_a_day_is_a_day() -> None:
    after = take(ana({"connected_on": "2025-02-02"}, connected_on=date(2025, 1, 1)), "connected_on")
    assert after.connected_on == date(2025, 2, 2)


def test_a_job_comes_from_the_source_that_says_it() -> None:
    contact = ana({"title": "Dean"}, {"title": "Nurse"}, positions=[Position(title="Clerk")])
    for one in suggestions(contact):
        job = taken(contact, one, on=DAY).positions[-1]
        assert (job.title, job.source) == (one.theirs, one.source)


def of_one_source(*said: dict[str, str], **ours: Any) -> Contact:
    """Return somebody who stood twice in one source, and was merged."""
    contact = ana(*said, **ours)
    origins = [attrs.evolve(origin, source="one") for origin in contact.origins]
    return attrs.evolve(contact, origins=origins)


def test_of_two_jobs_in_one_source_each_is_taken_as_itself() -> None:
    contact = of_one_source({"title": "Dean"}, {"title": "Nurse", "organisation": "Mercy"})
    jobs = [taken(contact, one, on=DAY).positions for one in suggestions(contact)]
    assert [(job.title, job.organisation) for (job,) in jobs] == [("Dean", ""), ("Nurse", "Mercy")]


# --- kept


@given(SAID, SAID, OURS, st.data())
def test_what_was_put_aside_is_suggested_no_more(
    said: dict[str, str], other: dict[str, str], ours: dict[str, Any], data: st.DataObject
) -> None:
    """All other suggestions stay, those of the other source too; so does the contact."""
    contact = ana(said, other, **ours)
    found = list(suggestions(contact))
    if not found:
        return
    one = data.draw(st.sampled_from(found))
    after = kept(contact, one)
    assert list(suggestions(after)) == [left for left in found if left != one]
    assert attrs.evolve(after, origins=contact.origins) == contact
    assert [origin.said for origin in after.origins] == [said, other]


@given(SAID, SAID, OURS)
def test_putting_all_aside_leaves_none(
    said: dict[str, str], other: dict[str, str], ours: dict[str, Any]
) -> None:
    contact = ana(said, other, **ours)
    for one in list(suggestions(contact)):
        contact = kept(contact, one)
    assert offered(contact) == []


@pytest.mark.parametrize(
    ("before", "now", "field"),
    [
        ({"location": "Paris"}, {"location": "Rome"}, "location"),
        ({"title": "Nurse"}, {"title": "Nurse", "organisation": "Mercy"}, "position"),
        ({"name": "Ana Costa"}, {"name": "Ana Stein"}, "name"),
        ({"given": "Zoë", "family": "X"}, {"given": "Zoë", "family": "Y"}, "name"),
    ],
)
def test_it_comes_back_when_the_source_says_another(
    before: dict[str, str], now: dict[str, str], field: str
) -> None:
    contact = ana(
        before, location="Bonn", given="Zoë", family="X Y", positions=[Position(title="C")]
    )
    contact = kept(contact, next(suggestions(contact)))
    assert offered(contact) == []
    (origin,) = contact.origins
    said = attrs.evolve(contact, origins=[attrs.evolve(origin, said=now)])
    assert [one.field for one in suggestions(said)] == [field]


def test_of_two_who_say_the_same_each_is_put_aside_alone() -> None:
    contact = ana({"location": "Paris"}, {"location": "Paris"}, location="Bonn")
    first, second = suggestions(contact)
    after = kept(contact, second)
    assert list(suggestions(after)) == [first]
    assert [dict(origin.kept) for origin in after.origins] == [{}, {"location": "Paris"}]


def test_of_two_in_one_source_each_is_put_aside_as_itself() -> None:
    contact = of_one_source({"location": "Paris"}, {"location": "Rome"}, location="Bonn")
    first, second = suggestions(contact)
    after = kept(contact, second)
    assert list(suggestions(after)) == [first]
    assert [dict(origin.kept) for origin in after.origins] == [{}, {"location": "Rome"}]
    assert offered(kept(after, first)) == []


def test_several_fields_of_one_source_are_put_aside_one_after_the_other() -> None:
    contact = ana({"location": "Paris", "language": "fr"}, location="Bonn", language="de")
    for one in list(suggestions(contact)):
        contact = kept(contact, one)
    assert dict(contact.origins[0].kept) == {"location": "Paris", "language": "fr"}


# --- in words


@pytest.mark.parametrize(
    ("job", "shown"),
    [
        (Job("Nurse", "Mercy"), "Nurse @ Mercy"),
        (Job("Nurse", ""), "Nurse"),
        (Job("", "Mercy"), "Mercy"),
        (Job.held(None), ""),
        (Job.said({}), ""),
        (Job.held(Position(title="Nurse", organisation="Mercy")), "Nurse @ Mercy"),
    ],
)
def test_a_job_in_words(job: Job, shown: str) -> None:
    assert str(job) == shown


@pytest.mark.parametrize(
    ("before", "now", "fields"),
    [
        ({}, {"given": "Ana"}, {"name", "given"}),
        ({"family": "Ruiz"}, {"family": "Costa"}, {"name", "family"}),
        ({"title": "Nurse"}, {"title": "Dean"}, {"position"}),
        ({"organisation": "Mercy"}, {}, {"position"}),
        ({"location": "Paris"}, {"location": "Paris"}, set()),
        ({"email": "a@x.org"}, {"email": "b@x.org"}, set()),
        ({"birthday": "1990"}, {"birthday": "1991"}, {"birthday"}),
    ],
)
def test_what_is_new_of_what_a_source_says(
    before: dict[str, str], now: dict[str, str], fields: set[str]
) -> None:
    assert {field for field in FIELDS if changed(before, now, field)} == fields
