"""Whatever the file: a batch in which every row is accounted for, or a refusal in one line."""

from __future__ import annotations

import csv
import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from netcrm import Batch, ContactPoint, InvalidError, PartialDate
from netcrm_tables import PeopleTable, titles

TITLES = (
    "Name", "First Name", "Last Name", "Middle Name", "E-mail 1 - Value", "Email", "Phone",
    "Company", "Title", "City", "Country", "LinkedIn", "Website", "Birthday", "Birth Year",
    "Birth Month", "Connected On", "Until", "Labels", "Kin", "Source", "Class Year", "Notes", "",
    "Member", "Representative", "Phone 1 - Label", "Nickname", "Nom", "Location",
)  # fmt: skip
CODECS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
GOOD = (
    "Members\n\n"
    "Name,Email,Phone,LinkedIn,Birthday,Labels,Notes\n"
    'Ana Reyes,ana@x.org ::: b@x.org,555-0101,ana-reyes,1990-03-04,a;b,"Two\nlines"\n'
    '"Gómez, Zoë",,+49 30 1234567,https://x.org/zo%C3%AB,--06-05,,\n'
    ",,,,,,\n"
    'Bo "B" Berg,bo@x.org,,,,,\n'
    "Total: 3\n"
)

cells = st.one_of(
    st.sampled_from(
        [
            "", " ", "Ana", "Ana Reyes", "ana@x.org", "a@x.org ::: b@x.org", "555-0101", "03/04/90",
            "1990-03-04", "31.02.1990", "https://x.org", "https://[", "www.x.org", "Total", "25",
            "yes", "* myContacts", "a;b", "\0", '"', "a\nb", "#", "²", "ﬀ@x", "@", "<a@x.org>",
            *TITLES,
        ]
    ),
    st.text(st.characters(exclude_characters="\r", codec="utf-8"), max_size=12),
)  # fmt: skip


def check_refusal(error: InvalidError) -> None:
    assert str(error).isprintable(), "not one line"
    assert len(str(error)) < 400


def check_said(batch: Batch) -> None:
    """Check that netcrm could keep all of it."""
    for sighting in batch.sightings:
        said = sighting.said
        assert said.get("name") or said.get("given") or said.get("family")
        for key, value in said.items():
            assert key in (*titles.MEANINGS, "list") or key.startswith("column ")
            assert "\0" not in key + value
        for kind in ("email", "phone", "url"):
            for value in said.get(kind, "").split("\n") if kind in said else ():
                ContactPoint(kind=kind, value=value)  # type: ignore[arg-type]
        for key in ("birthday", "until", "connected_on"):
            if key in said:
                PartialDate.parse(said[key])


def outcome(content: bytes) -> Batch | None:
    """Read *content*; None if it is refused. Anything else that can happen is a fault."""
    table = PeopleTable("x.csv", text=content)
    try:
        [batch] = table.batches()
        shown = str(table.columns_found())
    except InvalidError as error:
        check_refusal(error)
        return None
    assert shown.isprintable()
    found = [*batch.sightings, *batch.problems]
    assert found
    lines = [row.line for row in found]
    assert len(set(lines)) == len(lines), "a row was counted twice"
    assert all(problem.reason.isprintable() for problem in batch.problems)
    check_said(batch)
    return batch


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(content: bytes) -> None:
    outcome(content)
    outcome(GOOD.encode() + content)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
@example("Ana\x85Bo\x1cCy\u2028Di")
def test_any_text(content: str) -> None:
    outcome(content.encode("utf-8", "surrogatepass"))
    [*lines] = content.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    batch = outcome("\n".join(["Ana Reyes", "Bo Berg", *lines]).encode("utf-8", "surrogatepass"))
    if batch and not PeopleTable("x", text=content).columns:
        assert batch.sightings or batch.problems


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(TITLES), max_size=8),
    st.lists(st.lists(cells, min_size=1, max_size=9), min_size=1, max_size=8),
    st.sampled_from(CODECS),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_any_table_has_each_row_accounted_for(
    header: list[str], rows: list[list[str]], codec: str, separator: str, newline: str
) -> None:
    text = io.StringIO(newline="")  # csv.writer leaves a lone \r without quotation marks: none here
    writer = csv.writer(text, delimiter=separator, lineterminator=newline, quoting=csv.QUOTE_ALL)
    sure = ["Full Name", "E-mail Address", "Job Title", "Mobile Phone", "Date of Birth"]
    sure += [f"Website {number} - Value" for number in range(9)]  # nothing below makes more sense
    rows = [row for row in rows if "\0" not in "".join(row)]
    writer.writerows([[*sure, *header], *rows])
    batch = outcome(text.getvalue().encode(codec))
    assert len(rows) == (len(batch.sightings) + len(batch.problems) if batch else 0)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=6))
def test_any_table_at_all(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    outcome(text.getvalue().encode())


MUTATIONS = {
    "cut": lambda data, at: data[:at],
    "cut out": lambda data, at: data[:at] + data[at + 7 :],
    "NUL": lambda data, at: data[:at] + b"\0" + data[at:],
    "lone quote": lambda data, at: data[:at] + b'"' + data[at:],
    "lone return": lambda data, at: data[:at] + b"\r" + data[at:],
    "separator": lambda data, at: data[:at] + b";" + data[at:],
    "high byte": lambda data, at: data[:at] + b"\xe9" + data[at:],
    "flipped bit": lambda data, at: data[:at] + bytes([data[at] ^ 0x80]) + data[at + 1 :],
    "header again": lambda data, at: data[:at] + b"\nName,Email,Phone\n" + data[at:],
}


@settings(max_examples=150, deadline=None)
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
    assert mutations or (batch and len(batch.sightings) == 3 and len(batch.problems) == 2)
