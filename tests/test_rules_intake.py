"""What does a row of an import change?"""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.errors import InvalidError
from netcrm.model.contact import Contact, ContactPoint, Origin, Position
from netcrm.model.time import PartialDate
from netcrm.rules.identity import identifier, identifiers
from netcrm.rules.intake import Taken, meet, origin_of, revise
from netcrm.rules.merge import unite
from netcrm.rules.sightings import Sighting

DAY = date(2026, 3, 6)
NEXT = date(2026, 6, 1)
WORDS = {
    "given": ["Ana", "Zoë", "Jo"],
    "family": ["Ruiz", "O'Neill"],
    "location": ["Boston", "Zürich"],
    "email": ["a@x.org", "b@x.org"],
    "phone": ["+1 617", "0041"],
    "url": ["https://linkedin.com/in/a", "linkedin.com/in/b"],
    "organisation": ["Mercy General", "Café Zoë", "Acme @ Home"],
    "title": ["Nurse", "Head Nurse", "Nurse @ Acme"],
    "connected_on": ["2025-01-01", "2025-02-02"],
}
ROWS = st.fixed_dictionaries(
    {"given": st.sampled_from(WORDS["given"])},
    optional={
        key: st.sampled_from(["", *values]) for key, values in WORDS.items() if key != "given"
    },
)
HISTORY = st.lists(st.tuples(st.sampled_from(["linkedin", "vcard"]), ROWS), min_size=1, max_size=5)
JOBS = st.fixed_dictionaries(
    {}, optional={key: st.sampled_from(WORDS[key]) for key in ("organisation", "title")}
)


def sight(said: dict[str, str]) -> Sighting:
    """Return a row."""
    return Sighting(line=1, said=said)


def met(said: dict[str, str], source: str = "linkedin") -> Contact:
    """Return the contact that a row makes."""
    return meet(sight(said), id="ana", handle="ana", source=source, on=DAY)


def take(
    contact: Contact, said: dict[str, str], source: str = "linkedin", on: date = NEXT
) -> Taken:
    """Return what a later row makes of a contact."""
    return revise(contact, sight(said), source=source, on=on)


def imported(history: list[tuple[str, dict[str, str]]]) -> Contact:
    """Return the contact that some rows make, one after the other."""
    (_, first), *rest = history
    contact = met(first)
    for number, (source, said) in enumerate(rest):
        contact = take(contact, said, source, DAY + timedelta(days=number)).contact
    return contact


def held(contact: Contact) -> list[tuple[str, str]]:
    """Return the jobs that have no end."""
    return [(job.title, job.organisation) for job in contact.positions if job.end is None]


@given(ROWS)
def test_the_row_that_made_a_contact_changes_nothing(said: dict[str, str]) -> None:
    """Invariant 31: importing the same file again gives the very same contact, and no news."""
    contact = met(said)
    assert take(contact, said) == Taken(contact=contact)


@given(HISTORY, st.sampled_from(["linkedin", "vcard"]), ROWS)
def test_the_same_row_again_changes_nothing(
    history: list[tuple[str, dict[str, str]]], source: str, said: dict[str, str]
) -> None:
    """Invariant 31: whatever the rows before, and whatever other sources said in between."""
    once = take(imported(history), said, source)
    assert take(once.contact, said, source) == Taken(contact=once.contact)
    other = take(once.contact, {"given": "Ana", "email": "c@x.org"}, "google")
    assert take(other.contact, said, source) == Taken(contact=other.contact)


@given(HISTORY, ROWS)
def test_nothing_is_ever_erased(
    history: list[tuple[str, dict[str, str]]], said: dict[str, str]
) -> None:
    """What a source leaves out stays: names, places, contact points, positions, other origins."""
    before = imported(history)
    after = take(before, said).contact
    for name in ("name", "given", "family", "location", "connected_on"):
        assert bool(getattr(after, name)) >= bool(getattr(before, name))
    assert set(before.points) <= set(after.points)
    assert [attrs.evolve(job, end=None) for job in before.positions] == [
        attrs.evolve(job, end=None) for job in after.positions[: len(before.positions)]
    ]
    assert [origin.source for origin in before.origins] == [
        origin.source for origin in after.origins[: len(before.origins)]
    ]


@given(
    st.sampled_from(["given", "family", "location", "connected_on"]),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_who_changed_a_field_decides(field: str, before: int, ours: int, theirs: int) -> None:
    """They: theirs. We: ours. Both: ours, and theirs is suggested. Blanks say nothing."""
    texts = ["", "2025-01-01", "2025-02-02", "2025-03-03"]
    rest = {"name": "Ana"}

    def value(text: str) -> Any:
        if field == "connected_on":
            return date.fromisoformat(text) if text else None
        return text

    edited = attrs.evolve(met({**rest, field: texts[before]}), **{field: value(texts[ours])})
    taken = take(edited, {**rest, field: texts[theirs], "title": "Dean"})
    they_changed = theirs not in (0, before)
    we_changed = ours != before
    kept = texts[theirs] if they_changed and not we_changed else texts[ours]
    assert str(getattr(taken.contact, field) or "") == kept
    said = [(s.field, s.ours, s.theirs) for s in taken.suggestions]
    differ = they_changed and we_changed and theirs != ours
    assert said == ([(field, texts[ours], texts[theirs])] if differ else [])


def test_the_name_follows_its_parts_unless_it_was_edited() -> None:
    """She married: the whole name changes with it, but not one that was typed by hand."""
    ana = met({"given": "Ana", "family": "Ruiz"})
    assert take(ana, {"given": "Ana", "family": "Costa"}).contact.name == "Ana Costa"
    assert take(ana, {"given": "Ana"}).contact.name == "Ana Ruiz"
    edited = attrs.evolve(ana, name="Anita")
    taken = take(edited, {"given": "Ana", "family": "Costa"})
    assert (taken.contact.name, taken.contact.family) == ("Anita", "Costa")
    assert [(s.field, s.ours, s.theirs) for s in taken.suggestions] == [
        ("name", "Anita", "Ana Costa")
    ]


def test_a_suggestion_is_made_once() -> None:
    """The second import of the same file is silent."""
    edited = attrs.evolve(met({"given": "Ana", "location": "Boston"}), location="Home")
    first = take(edited, {"given": "Ana", "location": "Zürich"})
    assert len(first.suggestions) == 1
    assert take(first.contact, {"given": "Ana", "location": "Zürich"}).suggestions == ()


def test_a_source_that_is_new_fills_in_what_is_missing_and_suggests_the_rest() -> None:
    """What it says first was not known to be its own, so nothing that is there is replaced."""
    typed = Contact(id="ana", name="Ana R.", handle="ana", added_on=DAY, location="Boston")
    taken = take(typed, {"given": "Ana", "family": "Ruiz", "location": "Zürich", "title": "Nurse"})
    ana = taken.contact
    assert (ana.name, ana.given, ana.family, ana.location) == ("Ana R.", "Ana", "Ruiz", "Boston")
    assert held(ana) == [("Nurse", "")]
    assert [s.field for s in taken.suggestions] == ["name", "location"]
    assert taken.news == ()


@given(ROWS)
def test_accents_may_be_written_either_way(said: dict[str, str]) -> None:
    """A file that spells them decomposed says the same as one that does not."""
    other = {key: unicodedata.normalize("NFD", f" {value}  ") for key, value in said.items()}
    contact = met(other)
    assert contact == met(said)
    assert take(contact, said) == take(contact, other) == Taken(contact=contact)


# --- contact points


@given(HISTORY)
def test_contact_points_are_collected_once_each(history: list[tuple[str, dict[str, str]]]) -> None:
    """Each that was ever said is there, and none twice."""
    points = [identifier(point.kind, point.value) for point in imported(history).points]
    said = {
        identifier(kind, row[kind])
        for _, row in history
        for kind in ("email", "phone", "url")
        if row.get(kind)
    }
    assert sorted(points) == sorted(said)


def test_a_contact_point_that_was_removed_stays_removed() -> None:
    """Until the source says another one."""
    ana = attrs.evolve(met({"given": "Ana", "email": "a@x.org"}), points=())
    assert take(ana, {"given": "Ana", "email": "a@x.org", "title": "Nurse"}).contact.points == ()
    assert take(ana, {"given": "Ana", "email": "b@x.org"}).contact.points == (
        ContactPoint(kind="email", value="b@x.org"),
    )


# --- positions


NURSE = {"given": "Ana", "title": "Nurse", "organisation": "Mercy General"}


@pytest.mark.parametrize(
    ("change", "kind", "before", "after"),
    [
        ({"organisation": "St. Mary's"}, "moved", "Nurse @ Mercy General", "Nurse @ St. Mary's"),
        ({"title": "Head"}, "promoted", "Nurse @ Mercy General", "Head @ Mercy General"),
        ({"title": "Head", "organisation": "X"}, "moved", "Nurse @ Mercy General", "Head @ X"),
        ({"title": "", "organisation": "X"}, "moved", "Nurse @ Mercy General", "X"),
        ({"title": "", "organisation": ""}, "left", "Nurse @ Mercy General", ""),
    ],
)
def test_a_job_change_is_news(change: dict[str, str], kind: str, before: str, after: str) -> None:
    """The old position ends on the day it was seen, the new one opens, and people are told."""
    ana = met(NURSE)
    taken = take(ana, {**NURSE, **change})
    [news] = taken.news
    assert (news.kind, news.before, news.after) == (kind, before, after)
    assert (news.contact, news.name) == ("ana", "Ana")
    old, *new = taken.contact.positions
    assert old == attrs.evolve(ana.positions[0], end=PartialDate.of(NEXT))
    said = sight({**NURSE, **change}).said
    expected = Position(
        title=said.get("title", ""),
        organisation=said.get("organisation", ""),
        seen_on=NEXT,
        source="linkedin",
    ) if after else None  # fmt: skip
    assert new == ([expected] if expected else [])
    assert taken.suggestions == ()


def test_a_first_job_is_news_if_the_source_knew_of_none_before() -> None:
    """She joined; but what the first row says of somebody is no change."""
    taken = take(met({"given": "Ana"}), NURSE)
    assert [(news.kind, news.before, news.after) for news in taken.news] == [
        ("joined", "", "Nurse @ Mercy General")
    ]
    assert take(taken.contact, {"given": "Ana"}).news[0].kind == "left"


@given(JOBS, JOBS)
def test_half_a_job_left_out_is_no_change(before: dict[str, str], said: dict[str, str]) -> None:
    """Blanks never erase: if the half that is said is the same, so is the other."""
    ana = met({"given": "Ana", **before})
    taken = take(ana, {"given": "Ana", **said})
    same = said.items() <= before.items() and (said or not before)
    assert bool(taken.news) is (not same)
    if same:
        assert taken.contact == ana


@given(HISTORY, ROWS)
def test_what_the_source_says_last_is_held(
    history: list[tuple[str, dict[str, str]]], said: dict[str, str]
) -> None:
    """As long as nobody edits, one source has at most one open position: the one it says."""
    alone = [("linkedin", row) for _, row in history]
    taken = take(imported(alone), {**said, "title": "Dean", "organisation": "Acme"})
    assert held(taken.contact) == [("Dean", "Acme")]
    fields = {one.field for one in taken.suggestions}  # nobody is renamed to somebody else
    assert fields <= {"name", "given", "family"}


def test_nobody_is_renamed_to_somebody_else() -> None:
    """An address that somebody else has now says so; a name that shares a word may be new."""
    ana = met({"name": "Ada One", "email": "president@club.org"})
    other = take(ana, {"name": "Bob Two", "email": "president@club.org"})
    assert other.contact.name == "Ada One"
    assert [(one.field, one.theirs) for one in other.suggestions] == [("name", "Bob Two")]
    married = take(ana, {"name": "Ada Three", "email": "president@club.org"})
    assert (married.contact.name, married.suggestions) == ("Ada Three", ())


def test_a_placeholder_that_gets_a_name_is_none() -> None:
    """Until then it is one, whatever else is said."""
    desk = met({"name": "Books & Co", "placeholder": "yes", "email": "info@books.co"})
    same = take(desk, {"name": "Books & Co", "placeholder": "yes", "title": "Shop"})
    assert same.contact.is_placeholder
    assert not take(desk, {"name": "Nora Books", "email": "info@books.co"}).contact.is_placeholder


def test_a_position_made_by_hand_stays() -> None:
    """The title was corrected by hand: the source's next word is only suggested."""
    ana = met(NURSE)
    edited = attrs.evolve(ana, positions=[attrs.evolve(ana.positions[0], title="Registered Nurse")])
    taken = take(edited, {**NURSE, "title": "Head"})
    assert taken.contact.positions == edited.positions
    assert taken.news == ()
    assert [(s.field, s.ours, s.theirs) for s in taken.suggestions] == [
        ("position", "Registered Nurse @ Mercy General", "Head @ Mercy General")
    ]
    silent = take(edited, {"given": "Ana"})
    assert (silent.contact.positions, silent.suggestions) == (edited.positions, ())


@pytest.mark.parametrize("job", [{"title": "Vicar"}, {"organisation_id": "mercy"}], ids=str)
def test_a_job_that_no_source_said_is_not_ended_by_one(job: dict[str, str]) -> None:
    """The first job that a source says is suggested beside what was typed."""
    typed = attrs.evolve(met({"given": "Ana"}), positions=[Position(**job)])
    taken = take(typed, NURSE)
    assert (taken.contact.positions, taken.news) == (typed.positions, ())
    assert [s.theirs for s in taken.suggestions] == ["Nurse @ Mercy General"]


def test_a_job_that_was_ended_by_hand_stays_ended() -> None:
    """We knew that she left; where the source says she went is suggested."""
    ana = met(NURSE)
    ended = attrs.evolve(
        ana, positions=[attrs.evolve(ana.positions[0], end=PartialDate(year=2026))]
    )
    taken = take(ended, {**NURSE, "organisation": "X"})
    assert taken.contact.positions == ended.positions
    assert [(s.ours, s.theirs) for s in taken.suggestions] == [("", "Nurse @ X")]


def test_a_job_that_was_known_already_is_no_news() -> None:
    """We typed the new one before the source had it; the source's old one ends now."""
    dean = Position(title="Dean", organisation="Acme")
    ana = met(NURSE)
    knew = attrs.evolve(ana, positions=[*ana.positions, dean])
    taken = take(knew, {"given": "Ana", "title": "Dean", "organisation": "Acme"})
    assert (taken.news, taken.suggestions) == ((), ())
    assert held(taken.contact) == [("Dean", "Acme")]


def test_another_job_besides_is_left_alone() -> None:
    """Several current positions are legal: only the one that the source had said ends."""
    board = Position(title="Board member", organisation="Library")
    ana = met(NURSE)
    both = attrs.evolve(ana, positions=[*ana.positions, board])
    taken = take(both, {**NURSE, "organisation": "X"})
    assert held(taken.contact) == [("Board member", "Library"), ("Nurse", "X")]
    assert taken.news[0].kind == "moved"


# --- origins and refusals


def test_what_each_source_said_is_remembered_in_its_place() -> None:
    """By source, what it says and what it once said, with the key to know the person by."""
    ana = met({"given": "Ana", "email": "A@x.org", "location": "Boston"})
    ana = take(ana, {"given": "Ana", "phone": "1"}, "vcard").contact
    ana = take(ana, {"given": "Zoë", "url": "linkedin.com/in/a"}).contact
    said = {"email": "A@x.org", "given": "Zoë", "location": "Boston", "url": "linkedin.com/in/a"}
    assert ana.origins == (
        Origin(source="linkedin", key="linkedin:a", said=said),
        Origin(source="vcard", key="phone:1", said={"given": "Ana", "phone": "1"}),
    )


@given(HISTORY, HISTORY, st.sampled_from(["linkedin", "vcard"]), ROWS)
def test_who_was_merged_is_as_before_after_the_rows_of_both(
    first: list[tuple[str, dict[str, str]]],
    second: list[tuple[str, dict[str, str]]],
    source: str,
    said: dict[str, str],
) -> None:
    """Each row belongs to one origin, whatever others there are; twice is once."""
    merged = unite(imported(first), imported(second)).contact
    for origin in merged.origins:
        row = dict(origin.said)
        own = origin_of(merged.origins, sight(row), origin.source)
        if identifiers(row):
            assert own is not None
            assert own.said.items() >= row.items()
            assert take(merged, row, origin.source) == Taken(contact=merged)
    once = take(merged, said, source).contact
    assert take(once, said, source) == Taken(contact=once)
    others = [origin for origin in merged.origins if origin not in once.origins]
    assert len(others) <= 1
    assert len(once.origins) - len(merged.origins) in (0, 1)


A = {"given": "Ana", "url": "linkedin.com/in/a", "email": "a@x.org", "title": "Nurse"}
B = {"given": "Ana", "url": "linkedin.com/in/b", "email": "b@x.org", "title": "Vicar"}


@pytest.mark.parametrize(
    ("said", "place"),
    [
        (A, 0),
        ({**B, "email": "a@x.org"}, 1),  # the profile before the address
        ({"given": "Ana", "email": "b@x.org"}, 1),
        ({**B, "url": "linkedin.com/in/c"}, 1),  # it was renamed
        ({**B, "url": "linkedin.com/in/c", "email": "c@x.org"}, None),
        ({"given": "Ana"}, None),
    ],
)
def test_a_row_belongs_to_one_of_several_origins(said: dict[str, str], place: int | None) -> None:
    """By its key, then by what else it shares with one of them only; else it is one of its own."""
    merged = unite(met(A), met(B)).contact
    found = origin_of(merged.origins, sight(said), "linkedin")
    assert found == (None if place is None else merged.origins[place])
    assert origin_of(merged.origins, sight(said), "vcard") is None
    assert merged.origin("linkedin") == merged.origins[0]


def test_an_origin_is_revised_beside_another() -> None:
    """Only the job of that profile ends, and what the other said stays."""
    merged = unite(met(A), met(B)).contact
    taken = take(merged, {**B, "title": "Dean"})
    assert [(news.kind, news.before, news.after) for news in taken.news] == [
        ("promoted", "Vicar", "Dean")
    ]
    assert held(taken.contact) == [("Nurse", ""), ("Dean", "")]
    assert taken.contact.origins[0] == merged.origins[0]
    assert taken.contact.origins[1].said["title"] == "Dean"


@pytest.mark.parametrize("other", [{"given": "Anna", "title": "Vicar"}, {"given": "Ana"}])
def test_two_who_shared_a_mailbox_keep_what_was_said_of_each(other: dict[str, str]) -> None:
    """Where the keys are the same, the origin counts that says just what the row says."""
    rows = [{"given": "Ana", "email": "a@x.org", "title": "Nurse"}, {**other, "email": "a@x.org"}]
    merged = unite(met(rows[0]), met(rows[1])).contact
    for row in rows:
        assert take(merged, row) == Taken(contact=merged)


@pytest.mark.parametrize(
    "said",
    [
        {"organisation": "Mercy"},
        {"given": "Ana\0"},
        {"given": "Ana", "email": "at home"},
        {"given": "Ana", "connected_on": "14 Sep 2025"},
        {"given": "Ana", "title": "Nurse\ud83d"},
        {"given": "Ana", "remark": "\0"},
    ],
)
def test_a_row_that_cannot_be_stored_is_refused_as_a_row(said: dict[str, Any]) -> None:
    """Reading it is fine; meeting the person, or revising, says what is wrong with it."""
    row = sight(said)
    with pytest.raises(InvalidError):
        meet(row, id="ana", handle="ana", source="linkedin", on=DAY)
    if said.keys() != {"organisation"}:
        with pytest.raises(InvalidError):
            revise(met({"given": "Ana"}), row, source="linkedin", on=NEXT)
