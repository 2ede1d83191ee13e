"""Lists without a header, as people type or paste them."""

from __future__ import annotations

import time

import pytest

from netcrm import Batch, InvalidError
from netcrm_tables import PeopleTable, typed


def read(text: str) -> Batch:
    [batch] = PeopleTable("-", text=text).batches()
    return batch


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Ana Reyes", {}),
        ('"Gómez, Lucia"', {"name": "Gómez, Lucia"}),
        ("Ana Reyes <ana@x.org>", {"email": "ana@x.org"}),
        ('"Reyes, Ana" <ana@x.org>,', {"name": "Reyes, Ana", "email": "ana@x.org"}),
        ("Reyes, Ana <ana@x.org>", {"name": "Reyes, Ana", "email": "ana@x.org"}),
        ("Ana Reyes, ana@x.org", {"email": "ana@x.org"}),
        ("ana@x.org; Ana Reyes", {"email": "ana@x.org"}),
        ("Ana Reyes ana@x.org", {"email": "ana@x.org"}),
        ("Ana Reyes (ana@x.org)", {"email": "ana@x.org"}),
        ("Ana Reyes\t555-0101\tana@x.org", {"phone": "555-0101", "email": "ana@x.org"}),
        ("Ana Reyes | +1 212 555 0101", {"phone": "+1 212 555 0101"}),
        (
            '"Reyes, Ana",linkedin.com/in/ana,,',
            {"name": "Reyes, Ana", "url": "https://linkedin.com/in/ana"},
        ),
        ("- Ana Reyes", {}),
        ("* Ana Reyes, ana@x.org", {"email": "ana@x.org"}),
        ("1. Ana Reyes", {}),
        ("12) Ana Reyes", {}),
        ("Ana Reyes,", {}),
        ('"Ana Reyes"', {}),
        ('Ana "Doc" Reyes', {"name": 'Ana "Doc" Reyes'}),
    ],
)
def test_a_line_is_a_name_and_perhaps_an_address(line: str, said: dict[str, str]) -> None:
    batch = read(f"# friends\n\n{line}\n")
    assert not batch.problems
    [sighting] = batch.sightings
    assert sighting.line == 3
    assert sighting.said == {"name": "Ana Reyes", "list": "typed"} | said


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Ana Reyes; Nurse; Mercy", "cannot be told what “Nurse” is"),
        ("Gómez, Lucia", "quotation marks around a name"),
        ("Ana Reyes, 2016", "“2016”"),
        ("Ana Reyes, 2025-09-14", "“2025-09-14”"),
        ("Ana <ana@x.org>, Bo <bo@x.org>", "cannot be told"),
        ("Ana Reyes <somewhere>", "“somewhere” is not an address"),
        ("Ana & Bo", "not clearly a name"),
        ("She said that she would call on Monday.", "not clearly a name"),
        ("She would call on Monday.", "not clearly a name"),
        ("call her back on monday", "not clearly a name"),
        ("{name: 1}", "not clearly a name"),
        ('"Ana', "quotation mark"),
        ("x" * 3_000, "too long"),
    ],
)
def test_what_cannot_be_told_is_rejected_with_a_reason(line: str, says: str) -> None:
    batch = read(f"Bo Berg\n{line}\n")
    assert [sighting.said["name"] for sighting in batch.sightings] == ["Bo Berg"]
    [problem] = batch.problems
    assert (problem.line, problem.kind) == (2, "rejected")
    assert says in problem.reason
    assert problem.reason.isprintable()


def test_what_is_no_person_is_skipped() -> None:
    batch = read("Bo Berg\nana@x.org\nBo Berg\nTotal: 2\n- - \n")
    assert [(p.line, p.kind, p.reason) for p in batch.problems[:3]] == [
        (2, "skipped", "no name, only “ana@x.org”"),
        (3, "skipped", "the same as line 1"),
        (4, "skipped", "a summary, not a person"),
    ]


def test_a_word_for_people_alone_is_a_header() -> None:
    for word in ("Name", "Names", "Members", "Participant"):
        batch = read(f"{word}\nAna Reyes\nGómez, Lucia\n")
        assert [s.said["name"] for s in batch.sightings] == ["Ana Reyes", "Gómez, Lucia"]


@pytest.mark.parametrize(
    "text",
    [
        "FROM,TO,DATE,CONTENT\nAna,Bo,2025-09-14,Hello\n",
        "# only a comment\n",
        "ana@x.org\n",
        'people = [\n{"name": "Ana"},\n]\n',
        "<people>\n<name>Ana</name>\n</people>\n",
        "Bo\n" + "Dear all, how are you?\n" * typed.MOST_REJECTED + "Bye; see you\n",
    ],
)
def test_what_is_another_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidError, match="standard input has no header that is understood"):
        read(text)


def test_more_lines_than_anybody_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typed, "MOST_ROWS", 3)
    assert len(read("Ana\nBo\nCy\n").sightings) == 3
    with pytest.raises(InvalidError, match="over 3 lines"):
        read("Ana\nBo\nCy\nDi\n")


def test_no_line_takes_ages() -> None:
    lines = [sign * 1_900 for sign in (" <", "< ", "a@", "a ", "(", ". ", '""', ", ", "1", "a@ ")]
    start = time.process_time()
    for line in lines:
        batch = read(f"Ana Reyes\nx{line}x\n")
        assert len(batch.sightings) + len(batch.problems) == 2
    assert time.process_time() - start < 10
