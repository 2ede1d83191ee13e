"""Whatever a table holds: each row is accounted for, or the table is refused in one line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcrm import Batch, InvalidError
from netcrm_linkedin import invitations, me, messages, recommendations, tables
from netcrm_linkedin.contacts import Book
from netcrm_linkedin.people import Party

IN = "https://www.linkedin.com/in/"


def about_me(kind: str) -> Callable[[bytes], Batch]:
    def read(data: bytes) -> Batch:
        known = me.Known()
        if kind == "profile":
            me.read_profile("x.csv", data, "x.csv", known)
        else:
            me.read_positions("x.csv", data, "x.csv", known, kind)
        return known.batch()

    return read


MINE = [Party("", "Mia Owner")]
READERS: dict[str, Callable[[bytes], Batch]] = {
    "messages": lambda data: messages.read("x.csv", data, "x.csv", MINE),
    "invitations": lambda data: invitations.read("x.csv", data, "x.csv"),
    "recommendations": lambda data: recommendations.read("x.csv", data, "x.csv", "inbound"),
    "contacts": lambda data: Book().read("x.csv", data, "x.csv"),
    "profile": about_me("profile"),
    "positions": about_me("positions"),
    "education": about_me("education"),
}
COLUMNS = {
    "messages": (
        "CONVERSATION ID", "FROM", "SENDER PROFILE URL", "TO", "RECIPIENT PROFILE URLS", "DATE",
        "CONTENT", "FOLDER", "ATTACHMENTS",
    ),
    "invitations": ("From", "To", "Sent At", "Message", "Direction", "inviterProfileUrl"),
    "recommendations": ("First Name", "Last Name", "Text", "Creation Date", "Status"),
    "contacts": ("First Name", "Last Name", "Phone Numbers", "Emails", "Profiles", "Birthday"),
    "profile": ("First Name", "Last Name", "Headline", "Birth Date", "Websites"),
    "positions": ("Company Name", "Title", "Started On", "Finished On"),
    "education": ("School Name", "Start Date", "End Date", "Degree Name"),
}  # fmt: skip
GOOD = {
    "messages": (
        f"2-a,Ana Reyes,{IN}ana,Mia Owner,{IN}mia,2024-02-01 10:11:12 UTC,Hello,INBOX,\n"
        f'2-a,Mia Owner,{IN}mia,"Zoë, PhD",{IN}zo%C3%AB,2024-02-01 10:11:13 UTC,"a\nb",,x.pdf\n'
    ),
    "invitations": f'Ana,Mia Owner,"3/14/24, 11:12 AM",Hi,INCOMING,{IN}ana\n',
    "recommendations": 'Ana,Reyes,"Good\nso.","01/05/24, 07:36 AM",VISIBLE\n',
    "contacts": f'Ana,Reyes," +44 1632 960001, 12",a@example.org,{IN}ana,15 Jun\n',
    "profile": 'Mia,Owner,Nurse,"Jun 15, 1988","[A:https://example.org,B:example.com]"\n',
    "positions": "Mercy,Nurse,Jun 2018,2019\nAcme,Chef,2016,\n",
    "education": "Leeds University,2004,2008,BSc\n",
}  # fmt: skip

cells = st.one_of(
    st.sampled_from(
        [
            "", " ", "Mia Owner", "Ana Reyes", "LinkedIn Member", "a, b, c", "INCOMING", "OUTGOING",
            "VISIBLE", "2024-02-01 10:11:12 UTC", "3/14/24, 11:12 AM", "Jun 2018", "2004", "15 Jun",
            f"{IN}ana", f"{IN}mia,{IN}ana", "<p>x</p>", "&lt;", "\0", '"', "a\nb", "[A:b.org]",
            "0000-01-01 00:00:00 UTC", "9999-12-31 23:59:59 UTC", "+1", "a@example.org",
        ]
    ),
    st.text(st.characters(exclude_characters="\r", codec="utf-8"), max_size=12),
)  # fmt: skip


def check_refusal(error: InvalidError) -> None:
    assert str(error).isprintable(), "not one line"
    assert len(str(error)) < 400


def outcome(kind: str, data: bytes) -> Batch | None:
    """Read a table; None if it is refused. Anything else that can happen is a fault."""
    try:
        batch = READERS[kind](data)
    except InvalidError as error:
        check_refusal(error)
        return None
    assert READERS[kind](data) == batch
    assert all(problem.reason.isprintable() for problem in batch.problems)
    assert all(row.file == "x.csv" for row in (*batch.problems, *batch.exchanges, *batch.sightings))
    lines = [row.line for row in (*batch.problems, *batch.exchanges)]
    assert len(lines) == len(set(lines))
    refs = {exchange.ref for exchange in batch.exchanges}
    assert len(refs) == len(batch.exchanges)
    for exchange in batch.exchanges:
        assert exchange.ref.isprintable()
        assert isinstance(exchange.at, date)
        assert all(person.keys() & {"url", "name"} for person in exchange.people)
        said = [exchange.text, exchange.subject, exchange.thread]
        assert "\0" not in "".join([*said, *(v for each in exchange.people for v in each.values())])
    return batch


def rows_of(batch: Batch, kind: str) -> int:
    if kind in ("positions", "education"):
        return len(batch.problems) + sum(len(mine.positions) for mine in batch.sightings)
    return len(batch.problems) + len(batch.exchanges) + len(batch.sightings)


def header(kind: str) -> bytes:
    return (",".join(COLUMNS[kind]) + "\n").encode()


@pytest.mark.parametrize("kind", READERS)
def test_good_tables_are_good(kind: str) -> None:
    batch = outcome(kind, header(kind) + GOOD[kind].encode())
    assert batch is not None
    assert not batch.problems
    assert rows_of(batch, kind) > 0


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes(kind: str, content: bytes) -> None:
    outcome(kind, content)
    outcome(kind, header(kind) + content)
    outcome(kind, header(kind) + GOOD[kind].encode() + content)


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=60)
@given(st.data(), st.lists(st.lists(cells, max_size=9), max_size=8), st.sampled_from(",;\t"))
def test_any_table_has_each_row_accounted_for(
    kind: str, data: st.DataObject, rows: list[list[str]], delimiter: str
) -> None:
    text = io.StringIO(newline="")
    columns = data.draw(st.permutations(COLUMNS[kind]))
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows([columns, *rows])
    codec = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]))
    batch = outcome(kind, text.getvalue().encode(codec))
    assert batch is not None
    if [problem.line for problem in batch.problems] != [1]:
        missing = sum(1 for row in rows if row) - rows_of(batch, kind)
        assert missing == 0 or (kind, missing) == ("profile", 1)  # one that says nothing


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), max_size=4))
def test_a_good_table_gone_bad(kind: str, changes: list[tuple[int, int]]) -> None:
    data = bytearray(header(kind) + GOOD[kind].encode())
    for at, value in changes:
        data[at % len(data)] = value
    outcome(kind, bytes(data))


@settings(max_examples=100)
@given(st.sampled_from(["messages.csv", "Recommendations_Given.csv", "x"]), st.binary(max_size=99))
def test_any_file_is_taken_for_some_table(name: str, content: bytes) -> None:
    assert tables.by_header(name, content)
    for kind in READERS:
        found = tables.by_header("recommendations_given.csv", header(kind) + content)
        assert found.startswith(kind) or content
