"""A whole export: the ZIP, the folder, or one file of it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from netcrm import Batch, InvalidError
from netcrm_linkedin import LinkedInExport, archive

IN = "https://www.linkedin.com/in/"
CONNECTIONS = (
    "Notes:\nSome addresses are missing.\n\n"
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    f"Ana,Reyes,{IN}ana-reyes,,Mercy General,Nurse,14 Sep 2025\n"
)
PROFILE = "First Name,Last Name,Headline\nMia,Owner,Nurse\n"
POSITIONS = "Company Name,Title,Started On,Finished On\nMercy General,Nurse,Jun 2018,\n"
EDUCATION = "School Name,Start Date,End Date,Degree Name\nLeeds University,2004,2008,BSc\n"
MESSAGES = (
    "CONVERSATION ID,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,CONTENT\n"
    f"2-a,Ana Reyes,{IN}ana-reyes,Mia Owner,{IN}mia,2024-02-01 10:11:12 UTC,Hello\n"
    f"2-a,Mia Owner,{IN}mia,Ana Reyes,{IN}ana-reyes,2024-02-01 10:12:12 UTC,Hi\n"
)
INVITATIONS = (
    "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\n"
    f'Mia Owner,Ana Reyes,"3/14/24, 11:12 AM",,OUTGOING,{IN}mia,{IN}ana-reyes\n'
)
RECOMMENDATIONS = (
    "First Name,Last Name,Company,Job Title,Text,Creation Date,Status\n"
    'Ana,Reyes,Mercy General,Nurse,Good.,"01/05/24, 07:36 AM",VISIBLE\n'
)
EXPORT = {
    "Recommendations_Given.csv": RECOMMENDATIONS,
    "Recommendations_Received.csv": RECOMMENDATIONS,
    "Invitations.csv": INVITATIONS,
    "messages.csv": MESSAGES,
    "Education.csv": EDUCATION,
    "Positions.csv": POSITIONS,
    "Profile.csv": PROFILE,
    "Connections.csv": CONNECTIONS,
    "coach_messages.csv": "x",
    "guide_messages.csv": "",
    "learning_role_play_messages.csv": "\0",
    "LearningCoachMessages.csv": "No conversations found",
    "Contacts.csv": "never looked at",
    "Ad_Targeting.csv": "Company Names,Company Names\n",
    "Jobs/Job Applications.csv": "x",
}
PARTS = [
    ("Connections.csv", 1, 0),
    ("Profile.csv", 1, 0),
    ("messages.csv", 0, 2),
    ("Invitations.csv", 0, 1),
    ("Recommendations_Received.csv", 0, 1),
    ("Recommendations_Given.csv", 0, 1),
]

Zipped = Callable[..., Path]


def batches(path: Path | str) -> list[Batch]:
    return list(LinkedInExport(str(path)).batches())


def folder(at: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = at / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return at


def parts(found: list[Batch]) -> list[tuple[str, int, int]]:
    """Return for each batch from which file it is, how many people and how many exchanges."""
    return [
        (
            (*batch.sightings, *batch.exchanges)[0].file,
            len(batch.sightings),
            len(batch.exchanges),
        )
        for batch in found
    ]


def test_one_batch_for_each_table_the_connections_first(zipped: Zipped, tmp_path: Path) -> None:
    found = batches(zipped(EXPORT))
    assert parts(found) == PARTS
    assert not [problem for batch in found for problem in batch.problems]
    assert batches(folder(tmp_path / "unpacked", EXPORT)) == found
    assert batches(zipped(EXPORT)) == found


def test_what_is_said_of_me_is_one_sighting(zipped: Zipped) -> None:
    [mine] = batches(zipped(EXPORT))[1].sightings
    assert mine.is_me
    assert [position.title for position in mine.positions] == ["Nurse", "BSc"]


@pytest.mark.parametrize("evidence", ["Profile.csv", "Invitations.csv"])
def test_other_tables_tell_who_wrote_to_whom(evidence: str, zipped: Zipped) -> None:
    alone = batches(zipped({"messages.csv": MESSAGES}))
    assert [problem.line for problem in alone[0].problems] == [1]
    told = batches(zipped({"messages.csv": MESSAGES, evidence: EXPORT[evidence]}))
    directions = [e.direction for batch in told for e in batch.exchanges if e.thread]
    assert directions == ["inbound", "outbound"]


def test_connections_tell_names_apart(zipped: Zipped) -> None:
    old = (
        "CONVERSATION ID,FROM,SENDER PROFILE URL,TO,DATE,CONTENT\n"
        f'2-a,Mia Owner,{IN}mia,"Ana Reyes, Bo Berg",2022-02-01 10:12:12 UTC,Hi\n'
        f"2-b,Bo Berg,{IN}bo,Mia Owner,2022-02-01 10:12:12 UTC,Hi\n"
    )
    known = {"Connections.csv": CONNECTIONS, "Profile.csv": PROFILE}
    found = batches(zipped({**known, "messages.csv": old}))
    assert found[2].exchanges[0].people == ({"name": "Ana Reyes"}, {"name": "Bo Berg"})


def test_files_are_known_by_their_names_in_any_case_and_numbered(zipped: Zipped) -> None:
    renamed = {
        f"Data/{name.replace('.csv', '_577732310.csv').upper()}": content
        for name, content in EXPORT.items()
    }
    found = batches(zipped(renamed))
    assert [(people, told) for _, people, told in parts(found)] == [
        (people, told) for _, people, told in PARTS
    ]


def test_a_folder_in_a_folder(tmp_path: Path) -> None:
    below = folder(tmp_path / "Complete_LinkedInDataExport", EXPORT)
    assert parts(batches(tmp_path)) == PARTS
    (tmp_path / "messages.csv").write_text(MESSAGES)  # then that is what was meant
    assert len(batches(tmp_path)) == 1
    (tmp_path / "messages.csv").unlink()
    folder(tmp_path / "older", {"Connections.csv": CONNECTIONS})
    with pytest.raises(InvalidError, match="several tables of connections"):
        batches(tmp_path)
    folder(tmp_path / "deep" / "deeper" / "deepest", EXPORT)
    with pytest.raises(InvalidError, match="holds no Connections"):
        batches(tmp_path / "deep")
    assert parts(batches(below)) == PARTS


@pytest.mark.parametrize("name", [name for name, _, _ in PARTS])
def test_any_table_alone(name: str, tmp_path: Path) -> None:
    path = folder(tmp_path, {"x": EXPORT[name], name: EXPORT[name]}) / name
    [batch] = batches(path)
    if name == "messages.csv":
        assert "Profile.csv" in batch.problems[0].reason
    else:
        [row] = (*batch.sightings, *batch.exchanges)
        assert row.file == name


def test_a_single_file_is_known_by_its_header(tmp_path: Path) -> None:
    files = {
        "a.csv": MESSAGES + f"2-b,Bo Berg,{IN}bo,Mia Owner,{IN}mia,2024-02-02 10:11:12 UTC,Hello\n",
        "messages.csv": INVITATIONS,
        "Connections.csv": EDUCATION,
        "what I was given.csv": RECOMMENDATIONS,
    }
    folder(tmp_path, files)
    found = [batches(tmp_path / name)[0] for name in files]
    assert [len(batch.exchanges) for batch in found] == [3, 1, 0, 1]
    assert found[2].sightings[0].is_me
    assert found[3].exchanges[0].direction == "outbound"
    with pytest.raises(InvalidError, match="name it Recommendations_Received"):
        batches(folder(tmp_path, {"praise.csv": RECOMMENDATIONS}) / "praise.csv")
    with pytest.raises(InvalidError, match="From, To, Date and Content"):
        batches(folder(tmp_path, {"Messages.csv": "No conversations found"}) / "Messages.csv")


@pytest.mark.parametrize("name", [name for name in EXPORT if name != "Connections.csv"][:7])
@pytest.mark.parametrize(
    "content", ["No conversations found", "", "a,b\n1,2\n", "\0" * 9, "\udce9"]
)
def test_one_bad_table_costs_no_other(name: str, content: str, zipped: Zipped) -> None:
    data = content.encode("utf-8", "surrogateescape")
    found = batches(zipped({**EXPORT, name: data}))
    problems = [problem for batch in found for problem in batch.problems]
    if name == "Profile.csv" or name == "Invitations.csv":
        assert len([e for batch in found for e in batch.exchanges if e.thread]) == 2
    [problem] = problems
    assert (problem.file, problem.line, problem.kind) == (name, 1, "rejected")
    assert problem.reason.isprintable()
    assert len(found[0].sightings) == 1


def test_a_damaged_companion_in_a_zip_costs_no_other(zipped: Zipped) -> None:
    path = zipped({**EXPORT, "messages.csv": MESSAGES * 100})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as export:
        at = export.getinfo("messages.csv").header_offset
    data[at + 50 : at + 60] = b"\xff" * 10
    path.write_bytes(data)
    found = batches(path)
    [problem] = [problem for batch in found for problem in batch.problems]
    assert problem.file == "messages.csv"
    assert "damaged" in problem.reason
    assert len(found) == len(PARTS)


def test_two_companions_are_no_choice_to_make(zipped: Zipped) -> None:
    found = batches(zipped({**EXPORT, "old/messages.csv": MESSAGES, "old/Profile.csv": PROFILE}))
    problems = [problem for batch in found for problem in batch.problems]
    assert [problem.file for problem in problems] == ["Profile.csv", "messages.csv"]
    assert "old/messages.csv" in problems[1].reason
    assert len(found[0].sightings) == 1


def test_a_trap_in_a_companion(zipped: Zipped) -> None:
    found = batches(zipped({**EXPORT, "messages.csv": MESSAGES + "x" * 5_000_000}))
    [problem] = [problem for batch in found for problem in batch.problems]
    assert "200 times" in problem.reason


def test_messages_may_be_larger_than_other_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert archive.MOST_MESSAGE_BYTES == 200_000_000
    monkeypatch.setattr(archive, "MOST_BYTES", 300)
    monkeypatch.setattr(archive, "MOST_MESSAGE_BYTES", 1_000_000)
    many = MESSAGES + f"2-b,Bo Berg,{IN}bo,Mia Owner,{IN}mia,2024-02-02 10:11:12 UTC,Hello\n" * 9
    path = folder(tmp_path, {"messages.csv": many, "Invitations.csv": INVITATIONS * 9})
    found = batches(path)
    assert len(found[0].exchanges) == 11
    assert "too large" in found[1].problems[0].reason
    assert len(batches(path / "messages.csv")[0].exchanges) == 11


def test_nothing_is_written_anywhere(zipped: Zipped, tmp_path: Path) -> None:
    path = zipped(EXPORT)
    batches(path)
    assert list(tmp_path.iterdir()) == [path]
