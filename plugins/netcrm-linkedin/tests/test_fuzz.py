"""Whatever the file: a batch in which every row is accounted for, or a refusal in one line."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from netcrm import Batch, InvalidError
from netcrm_linkedin import LinkedInExport, connections

GOOD = (
    "Notes:\n"
    '"Some of the addresses, perhaps, are missing."\n'
    "\n"
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    "Ana,Reyes,https://www.linkedin.com/in/ana-reyes,ana@example.org,Mercy,Nurse,14 Sep 2025\n"
    'Zoë,"Ängström, PhD",https://www.linkedin.com/in/zo%C3%AB,,"The ""Lab"" 🌱",,07 Jun 2022\n'
    ",,,,,,07 Jun 2022\n"
    'Bo,Berg,,,"Two\nlines",Chef,5-Feb-22\n'
    "Cy,,,cy@example.com,,,\n"
)
HEADER = ("First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On")
CODECS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")

cells = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "Ana",
            "14 Sep 2025",
            "31 Feb 2025",
            "1/4/18, 6:27 PM",
            "ana@example.org",
            "https://www.linkedin.com/in/ana",
            "https://[",
            "\0",
            '"',
            "a\nb",
            *HEADER,
        ]
    ),
    st.text(st.characters(exclude_characters="\r", codec="utf-8"), max_size=12),
)


def check_refusal(error: InvalidError) -> None:
    assert str(error).isprintable(), "not one line"
    assert len(str(error)) < 400


def outcome(content: bytes) -> Batch | None:
    """Read *content*; None if it is refused. Anything else that can happen is a fault."""
    try:
        batch = connections.read("Connections.csv", content)
    except InvalidError as error:
        check_refusal(error)
        return None
    found = [*batch.sightings, *batch.problems]
    assert found
    lines = sorted(row.line for row in found)
    assert len(set(lines)) == len(lines), "a row was counted twice"
    assert lines[0] >= 2
    for sighting in batch.sightings:
        assert sighting.said.get("given") or sighting.said.get("family")
        assert sighting.said.keys() & {"url", "email", "connected_on"}
        assert "\0" not in "".join(sighting.said.values())
    assert all(problem.reason.isprintable() for problem in batch.problems)
    return batch


@settings(max_examples=100)
@given(st.binary(max_size=400))
def test_any_bytes(content: bytes) -> None:
    outcome(content)
    outcome(GOOD.encode() + content)


@settings(max_examples=100)
@given(
    st.permutations(HEADER),
    st.lists(st.lists(cells, max_size=9), max_size=8),
    st.sampled_from(CODECS),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_any_table_has_each_row_accounted_for(
    header: list[str], rows: list[list[str]], codec: str, delimiter: str, newline: str
) -> None:
    text = io.StringIO(newline="")  # csv.writer leaves a lone \r without quotation marks: none here
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    writer.writerows([header, *rows])
    batch = outcome(text.getvalue().encode(codec, "replace"))
    read = sum(1 for row in rows if row)
    assert read == (len(batch.sightings) + len(batch.problems) if batch else 0)


MUTATIONS: dict[str, Callable[[bytes, int], bytes]] = {
    "cut": lambda data, at: data[:at],
    "cut out": lambda data, at: data[:at] + data[at + 7 :],
    "NUL": lambda data, at: data[:at] + b"\0" + data[at:],
    "lone quote": lambda data, at: data[:at] + b'"' + data[at:],
    "lone return": lambda data, at: data[:at] + b"\r" + data[at:],
    "comma": lambda data, at: data[:at] + b"," + data[at:],
    "high byte": lambda data, at: data[:at] + b"\xe9" + data[at:],
    "flipped bit": lambda data, at: data[:at] + bytes([data[at] ^ 0x80]) + data[at + 1 :],
    "header again": lambda data, at: data[:at] + ",".join(HEADER).encode() + b"\n" + data[at:],
    "as UTF-16": lambda data, at: data[:at] + data[at:].decode("utf-8", "ignore").encode("utf-16"),
    "as cp1252": lambda data, at: (
        data[:at] + data[at:].decode("utf-8", "ignore").encode("cp1252", "ignore")
    ),
}


@settings(max_examples=100)
@given(
    st.sampled_from(CODECS),
    st.lists(st.tuples(st.sampled_from(sorted(MUTATIONS)), st.integers(0, 5_000)), max_size=4),
)
def test_a_good_file_gone_bad(codec: str, mutations: list[tuple[str, int]]) -> None:
    data = GOOD.encode(codec)
    for name, at in mutations:
        if data:
            data = MUTATIONS[name](data, at % len(data))
    batch = outcome(data)
    assert mutations or (batch and len(batch.sightings) == 4)


def test_a_lone_quote_anywhere_swallows_nobody_else() -> None:
    for at in range(GOOD.index("Ana"), len(GOOD)):
        batch = outcome((GOOD[:at] + '"' + GOOD[at:]).encode())
        assert batch is not None
        assert len(batch.sightings) >= 3, GOOD[at - 10 : at]
        assert len(batch.sightings) + len(batch.problems) >= 5


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), max_size=6), st.booleans())
@example([], False)
def test_a_damaged_zip(tmp_path: Path, changes: list[tuple[int, int]], is_cut: bool) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Jobs/Saved Jobs.csv", "x")
        archive.writestr("Connections.csv", GOOD)
    data = bytearray(packed.getvalue())
    for at, value in changes:
        data[at % len(data)] = value
    path = tmp_path / "export.zip"
    path.write_bytes(data[: len(data) // 2] if is_cut else data)
    try:
        [batch] = LinkedInExport(str(path)).batches()
    except InvalidError as error:
        check_refusal(error)
    else:
        assert len(batch.sightings) == 4
