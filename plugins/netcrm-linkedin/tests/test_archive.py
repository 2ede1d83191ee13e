"""Where the tables may be, and what is refused before a byte of it is believed."""

from __future__ import annotations

import os
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from netcrm import Batch, InvalidError
from netcrm_linkedin import archive

CONNECTIONS = (
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    "Ana,Reyes,https://www.linkedin.com/in/ana-reyes,,Mercy General,Nurse,14 Sep 2025\n"
)
OTHERS = {
    "coach_messages.csv": "FROM,TO\n",
    "LearningCoachMessages.csv": "No conversations found",
    "Job Applications.csv": "x",
    "Jobs/Saved Jobs.csv": "x",
    "Imported Connections.csv": "x",
    "__MACOSX/._Connections.csv": "x",
    "Connections.csv/": "",
}

Read = Callable[[Path | str], Batch]
Zipped = Callable[..., Path]


def refusal(read: Read, path: Path | str) -> str:
    with pytest.raises(InvalidError) as caught:
        read(path)
    message = str(caught.value)
    assert message.isprintable()
    assert ";" in message or "too " in message
    return message


@pytest.mark.parametrize(
    "name",
    [
        "Connections.csv",
        "connections.CSV",
        "Connections_577732310.csv",
        "Complete_LinkedInDataExport_08-26-2025/Connections.csv",
        "My data/export.zip/Connections.csv",
        "Data\\Connections.csv",
        "../../Connections.csv",
        "/etc/Connections.csv",
    ],
)
def test_the_connections_are_found_by_the_last_part_of_their_name(
    name: str, read: Read, zipped: Zipped, tmp_path: Path
) -> None:
    path = zipped({**OTHERS, name: CONNECTIONS})
    assert len(read(path).sightings) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_zip_of_any_name_is_known_by_its_content(read: Read, zipped: Zipped) -> None:
    assert read(zipped({"Connections.csv": CONNECTIONS}, "Connections.csv")).sightings


def test_a_streamed_zip_without_sizes_in_front(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with path.open("wb") as file:

        class Pipe:
            """Something that cannot seek, so that sizes come after the data, as LinkedIn does."""

            write, flush = file.write, file.flush

        with zipfile.ZipFile(Pipe(), "w", zipfile.ZIP_DEFLATED) as export:  # type: ignore[call-overload]
            export.writestr("Connections.csv", CONNECTIONS)
    with zipfile.ZipFile(path) as export:
        assert export.infolist()[0].flag_bits & 0x8
    assert read(path).sightings


def test_a_loose_file_and_a_folder(read: Read, tmp_path: Path) -> None:
    loose = tmp_path / "linkedin_connections_export_microsoft_outlook.csv"
    loose.write_text(CONNECTIONS)
    assert read(loose).sightings
    folder = tmp_path / "Basic_LinkedInDataExport"
    folder.mkdir()
    (folder / "Shares.csv").write_text("x\n")
    assert "only Shares.csv" in refusal(read, folder)
    (folder / "Connections_1.csv").write_text(CONNECTIONS)
    assert read(folder).sightings
    (folder / "connections.csv").write_text(CONNECTIONS)
    assert "several" in refusal(read, folder)


def test_a_zip_without_connections_says_what_it_has(read: Read, zipped: Zipped) -> None:
    message = refusal(read, zipped(OTHERS))
    assert "Basic_LinkedInDataExport.zip holds no Connections.csv" in message
    assert "coach_messages.csv" in message
    assert "and 12 more" in refusal(read, zipped({f"{n}.csv": "" for n in range(20)}))
    assert "only nothing" in refusal(read, zipped({}))


def test_two_lists_are_no_choice_to_make(read: Read, zipped: Zipped) -> None:
    message = refusal(read, zipped({"a/Connections.csv": "", "b/Connections_2.csv": ""}))
    assert "a/Connections.csv, b/Connections_2.csv" in message


def test_names_in_messages_cannot_break_the_line(read: Read, zipped: Zipped) -> None:
    assert "\\x1b" in refusal(read, zipped({"\x1b[31m\n.csv": "", "\u202eevil.csv": ""}))


def test_an_excel_workbook_is_named_as_such(read: Read, zipped: Zipped) -> None:
    members = {"[Content_Types].xml": "", "xl/workbook.xml": ""}
    assert "Excel workbook" in refusal(read, zipped(members, "Connections.xlsx"))


def test_what_is_not_there_or_not_a_file(read: Read, tmp_path: Path) -> None:
    assert "does not exist" in refusal(read, tmp_path / "nowhere.zip")
    assert "cannot be read" in refusal(read, "a\0b")
    assert "cannot be read" in refusal(read, "a" * 5_000)
    (tmp_path / "cut.zip").write_bytes(b"")
    assert "not a ZIP" in refusal(read, tmp_path / "cut.zip")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_refused_and_not_waited_for(read: Read, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "Connections.csv")
    assert "not a file" in refusal(read, tmp_path)


def test_a_file_one_may_not_read(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "Connections.csv"
    path.write_text(CONNECTIONS)

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "permission" in refusal(read, path)


def test_a_loose_file_of_more_than_fifty_megabytes(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "Connections.csv"
    with path.open("wb") as file:
        file.truncate(archive.MOST_BYTES + 1)
    assert "50 MB" in refusal(read, path)


def changed(path: Path, *changes: tuple[bytes, int, bytes]) -> Path:
    """Overwrite bytes of a ZIP, counted from where a signature stands last."""
    data = bytearray(path.read_bytes())
    for signature, offset, value in changes:
        at = data.rindex(signature) + offset
        data[at : at + len(value)] = value
    path.write_bytes(data)
    return path


LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


def test_a_locked_zip(read: Read, zipped: Zipped) -> None:
    path = zipped({"Connections.csv": CONNECTIONS})
    assert "password" in refusal(read, changed(path, (LOCAL, 6, b"\x01"), (CENTRAL, 8, b"\x01")))


def test_a_symbolic_link(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    link = zipfile.ZipInfo("Connections.csv")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as export:
        export.writestr(link, "/etc/passwd")
    assert "link" in refusal(read, path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_whose_output_python_does_not_bound(
    method: int, read: Read, tmp_path: Path
) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", method) as export:
        export.writestr("Connections.csv", CONNECTIONS)
    assert "unusual" in refusal(read, path)


def test_damage(read: Read, zipped: Zipped) -> None:
    path = zipped({"Connections.csv": CONNECTIONS})
    good = path.read_bytes()
    path.write_bytes(good[:-10])
    assert "damaged" in refusal(read, path)
    path.write_bytes(good)
    assert "damaged" in refusal(read, changed(path, (LOCAL, 60, b"\0\0\0\0")))
    path.write_bytes(good)
    assert "damaged" in refusal(read, changed(path, (CENTRAL, 16, b"\0\0\0\0")))


def test_more_files_than_any_export_has(read: Read, zipped: Zipped) -> None:
    names = {f"{number}.html": "" for number in range(archive.MOST_ENTRIES)}
    assert "2,000 files" in refusal(read, zipped({**names, "Connections.csv": CONNECTIONS}))


def test_a_directory_too_large_to_be_looked_at(read: Read, zipped: Zipped) -> None:
    names = {f"{number:0200}.html": "" for number in range(5_000)}
    assert "2,000 files" in refusal(read, zipped(names))


def test_sizes_are_counted_and_not_believed(read: Read, zipped: Zipped) -> None:
    path = zipped({"Connections.csv": CONNECTIONS + "x\n" * 2_000_000})
    lie = struct.pack("<I", 100)
    assert "damaged" in refusal(read, changed(path, (LOCAL, 22, lie), (CENTRAL, 24, lie)))
    path = zipped({"Connections.csv": CONNECTIONS + "x\n" * 2_000_000})
    assert "200 times" in refusal(read, path)
    assert "damaged" in refusal(read, changed(path, (CENTRAL, 20, struct.pack("<I", 2**31))))


def test_a_member_of_more_than_fifty_megabytes(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as export:
        export.writestr("Connections.csv", b"x" * (archive.MOST_BYTES + 1))
    assert "more than 50 MB" in refusal(read, path)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_bomb_is_refused_in_little_memory(tmp_path: Path) -> None:
    """The most memory it ever had is asked of /proc, as getrusage counts that of the parent too."""
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bomb:
        bomb.writestr("../../evil.csv", "x")
        with bomb.open("Connections.csv", "w") as member:
            member.write(CONNECTIONS.encode())
            for _ in range(200):
                member.write(b"x" * 1_000_000)
    assert path.stat().st_size < 300_000
    program = """
import sys
from pathlib import Path
from netcrm import InvalidError
from netcrm_linkedin import LinkedInExport
try:
    list(LinkedInExport(sys.argv[1]).batches())
except InvalidError as error:
    print(error, file=sys.stderr)
    print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=tmp_path,
    )
    assert "200 times" in done.stderr
    assert int(done.stdout) < 100_000
    assert list(tmp_path.iterdir()) == [path]
    assert not (tmp_path.parent.parent / "evil.csv").exists()
