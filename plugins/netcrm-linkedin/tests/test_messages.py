"""Messages of every generation, and what becomes of each row."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcrm import Batch, Exchange, InvalidError
from netcrm_linkedin import messages
from netcrm_linkedin.people import Party

COLUMNS_2018 = ("From", "To", "Date", "Subject", "Content", "Direction", "Folder")
COLUMNS_2021 = (
    "CONVERSATION ID", "CONVERSATION TITLE", "FROM", "SENDER PROFILE URL", "TO", "DATE", "SUBJECT",
    "CONTENT", "FOLDER",
)  # fmt: skip
COLUMNS_2024 = (*COLUMNS_2021[:5], "RECIPIENT PROFILE URLS", *COLUMNS_2021[5:])
COLUMNS_DRAFTS = (*COLUMNS_2024, "IS MESSAGE DRAFT", "IS CONVERSATION DRAFT")
COLUMNS_2026 = (*COLUMNS_2024, "ATTACHMENTS")
NEWER = {"2021": COLUMNS_2021, "2024": COLUMNS_2024, "drafts": COLUMNS_DRAFTS, "2026": COLUMNS_2026}

Row = Mapping[str, str]

IN = "https://www.linkedin.com/in/"
ME, ANA, BO, CY = "Mia Owner", "Ana Reyes, PhD", "Bo Berg", "Cy Clark"
URL = {ME: f"{IN}mia-owner", ANA: f"{IN}ana-reyes", BO: f"{IN}bo-berg", CY: f"{IN}cy-clark"}


def row(sender: str, *to: str, **more: str) -> dict[str, str]:
    """A message from one to others, every cell of it filled in as LinkedIn does."""
    said = {
        "CONVERSATION ID": f"2-{'-'.join(sorted({sender, *to} - {ME}))}==",
        "FROM": sender,
        "SENDER PROFILE URL": URL.get(sender, ""),
        "TO": ", ".join(to),
        "RECIPIENT PROFILE URLS": ",".join(URL[name] for name in to if name in URL),
        "DATE": "2024-02-01 10:11:12 UTC",
        "CONTENT": "Hello",
        "FOLDER": "INBOX",
        "IS MESSAGE DRAFT": "No",
        "IS CONVERSATION DRAFT": "No",
    }
    return said | {name.replace("_", " ").upper(): value for name, value in more.items()}


def sheet(
    rows: Iterable[Row], columns: Iterable[str] = COLUMNS_2024, *, quoted: bool = False
) -> str:
    text = io.StringIO(newline="")
    style = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    writer = csv.DictWriter(
        text, list(columns), extrasaction="ignore", lineterminator="\n", quoting=style
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def read(content: str | bytes, me: Iterable[Party] = (), names: Iterable[str] = ()) -> Batch:
    data = content.encode() if isinstance(content, str) else content
    return messages.read("messages.csv", data, "messages.csv", me, names)


def one(batch: Batch) -> Exchange:
    assert not batch.problems
    [exchange] = batch.exchanges
    return exchange


def told(rows: Iterable[Row], columns: Iterable[str] = COLUMNS_2024) -> Exchange:
    """Return what the first of some rows became; I am known by the others."""
    return next(e for e in read(sheet([*rows, *TALKS], columns)).exchanges if e.line == 2)


def reason(said: Row, kind: str = "skipped") -> str:
    """Return why the first row came to nothing."""
    batch = read(sheet([said, *TALKS], COLUMNS_2026 + COLUMNS_DRAFTS[-2:]))
    [problem] = batch.problems
    assert (problem.line, problem.kind, problem.file) == (2, kind, "messages.csv")
    assert len(batch.exchanges) == len(TALKS)
    assert problem.reason.isprintable()
    return problem.reason


TALKS = [row(ANA, ME), row(ME, ANA), row(BO, ME), row(CY, ME)]


@pytest.mark.parametrize("columns", NEWER.values(), ids=NEWER)
@pytest.mark.parametrize("quoted", [False, True], ids=["plain", "quoted"])
def test_every_generation_since_2021(columns: tuple[str, ...], quoted: bool) -> None:
    batch = read(sheet(TALKS, columns, quoted=quoted))
    assert not batch.problems
    first, second = batch.exchanges[:2]
    assert first == Exchange(
        line=2,
        file="messages.csv",
        at=datetime(2024, 2, 1, 10, 11, 12, tzinfo=UTC),
        people=({"name": ANA, "url": URL[ANA]},),
        ref=first.ref,
        channel="linkedin_message",
        direction="inbound",
        text="Hello",
        thread="2-Ana Reyes, PhD==",
    )
    assert (second.direction, second.people) == ("outbound", first.people)


def test_2018_knows_directions_and_days_but_no_addresses() -> None:
    batch = read(
        sheet(
            [
                {"From": ANA, "To": ME, "Date": "2/1/18, 8:57 AM", "Subject": "A&amp;B",
                 "Content": "It&rsquo;s me", "Direction": "INCOMING", "Folder": "INBOX"},
                {"From": ME, "To": ANA, "Date": "12/31/17, 11:00 PM", "Content": "Hi",
                 "Direction": "OUTGOING", "Folder": "SENT"},
            ],
            COLUMNS_2018,
        )
    )  # fmt: skip
    got, sent = batch.exchanges
    assert (got.at, sent.at) == (date(2018, 2, 1), date(2017, 12, 31))
    assert (got.direction, sent.direction) == ("inbound", "outbound")
    assert got.people == sent.people == ({"name": ANA},)
    assert (got.subject, got.text, got.thread) == ("A&B", "It’s me", "")


def test_2018_needs_nobody_to_be_known() -> None:
    said = {
        "From": ANA,
        "To": ME,
        "Date": "2/1/18, 8:57 AM",
        "Content": "x",
        "Direction": "INCOMING",
    }
    assert one(read(sheet([said], COLUMNS_2018))).people == ({"name": ANA},)


def test_2018_a_group_of_which_it_is_not_known_who_is_me_is_only_who_wrote() -> None:
    both = {"Date": "2/1/18, 8:57 AM", "Content": "x", "Direction": "INCOMING"}
    rows = [{"From": CY, "To": f"{ME}, {BO}", **both}, {"From": BO, "To": ME, **both}]
    batch = read(sheet(rows, COLUMNS_2018))
    assert [exchange.people for exchange in batch.exchanges] == [({"name": CY},), ({"name": BO},)]
    known = read(sheet(rows, COLUMNS_2018), [Party("", ME)])
    assert known.exchanges[0].people == ({"name": CY}, {"name": BO})


def test_columns_may_change_places_and_others_be_added() -> None:
    columns = ("ATTACHMENTS", "Starred", *reversed(COLUMNS_2024))
    plain, moved = read(sheet(TALKS)), read(sheet(TALKS, columns))
    assert plain == moved


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_utf16_and_tabs_as_linkedin_wrote_some_files(codec: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter="\t").writerows(csv.reader(io.StringIO(sheet(TALKS))))
    assert read(text.getvalue().encode(codec)).exchanges == read(sheet(TALKS)).exchanges


def test_a_group_is_everybody_but_me() -> None:
    got = told([row(ANA, ME, BO, CY)])
    assert got.direction == "inbound"
    assert [person["url"] for person in got.people] == [URL[ANA], URL[BO], URL[CY]]
    sent = told([row(ME, ANA, BO)])
    assert sent.direction == "outbound"
    assert [person["name"] for person in sent.people] == [ANA, BO]


def test_a_profile_is_one_however_it_is_written() -> None:
    odd = row(ANA, ME, recipient_profile_urls="http://linkedin.com/in/MIA-owner/?trk=x")
    assert told([odd]).people == told([row(ANA, ME)]).people
    assert told([odd]).direction == "inbound"


def test_a_name_is_one_whatever_is_not_seen_of_it() -> None:
    rows = [row(ANA, "Mi\u200ba  \U0001d40eWNER"), row(ME, ANA)]
    batch = read(sheet(rows, COLUMNS_2021), [Party("", ME)])
    assert [exchange.direction for exchange in batch.exchanges] == ["inbound", "outbound"]
    group = told([row(ANA, "Mi\u200ba \U0001d40eWNER", BO)], COLUMNS_2021)
    assert group.people == ({"name": ANA, "url": URL[ANA]}, {"name": BO})


@pytest.mark.parametrize("between", [",", ", ", ";", "; "])
def test_recipients_are_counted_by_their_addresses(between: str) -> None:
    urls = between.join([URL[ANA], f"{IN}stranger"])
    sent = told([row(ME, ANA, "Stranger, MBA", recipient_profile_urls=urls)])
    assert sent.people == ({"name": ANA, "url": URL[ANA]}, {"url": f"{IN}stranger"})


def test_one_address_has_the_whole_name() -> None:
    sent = told([row(ME, "Di Dorn, MBA, PMP", recipient_profile_urls=f"{IN}di")])
    assert sent.people == ({"name": "Di Dorn, MBA, PMP", "url": f"{IN}di"},)


def test_a_deleted_member_lends_nobody_a_name() -> None:
    to = "LinkedIn Member, Di Dorn"
    sent = told([row(ME, to, recipient_profile_urls=f"{IN}di")])
    assert sent.people == ({"url": f"{IN}di"},)


def test_before_2023_the_only_one_who_answered_is_meant() -> None:
    sent = told([row(ME, ANA)], COLUMNS_2021)
    assert sent.people == ({"name": ANA, "url": URL[ANA]},)
    elsewhere = told([row(ME, ANA, conversation_id="2-other")], COLUMNS_2021)
    assert elsewhere.people == ({"name": ANA},)


def test_before_2023_a_group_does_not_tell_which_of_them_has_that_name() -> None:
    group = [row(sender, ME, conversation_id="2-group") for sender in (ANA, BO)]
    sent = told([row(ME, ANA, conversation_id="2-group"), *group], COLUMNS_2021)
    assert sent.people == ({"name": ANA},)


def test_before_2023_names_are_taken_apart_if_all_of_them_are_known() -> None:
    sent = told([row(ME, ANA, BO)], COLUMNS_2021)
    assert sent.people == ({"name": ANA}, {"name": BO})
    unknown = told([row(ME, BO, "Stranger, MBA")], COLUMNS_2021)
    assert unknown.people == ({"name": "Bo Berg, Stranger, MBA"},)
    [*_, sent] = read(
        sheet([*TALKS, row(ME, BO, "Di Dorn, MBA")], COLUMNS_2021), names=["Di Dorn, MBA"]
    ).exchanges
    assert sent.people == ({"name": BO}, {"name": "Di Dorn, MBA"})


def test_before_2023_a_group_that_wrote_to_me() -> None:
    got = told([row(ANA, ME, BO)], COLUMNS_2021)
    assert got.people == ({"name": ANA, "url": URL[ANA]}, {"name": BO})


def test_whose_messages_they_are_is_told_by_who_is_everywhere() -> None:
    assert [e.direction for e in read(sheet(TALKS)).exchanges] == [
        "inbound", "outbound", "inbound", "inbound",
    ]  # fmt: skip
    never_wrote = [row(ANA, ME), row(BO, ME)]
    for columns in (COLUMNS_2021, COLUMNS_2024):
        batch = read(sheet(never_wrote, columns))
        assert {exchange.direction for exchange in batch.exchanges} == {"inbound"}


def test_one_conversation_of_two_does_not_say_who_i_am() -> None:
    for columns in NEWER.values():
        batch = read(sheet([row(ANA, ME), row(ME, ANA)], columns))
        assert not batch.exchanges
        [problem] = batch.problems
        assert (problem.line, problem.kind, problem.file) == (1, "rejected", "messages.csv")
        assert "Profile.csv" in problem.reason


@pytest.mark.parametrize("columns", NEWER.values(), ids=NEWER)
@pytest.mark.parametrize("me", [Party("", "mia  OWNER"), Party(URL[ME], "")], ids=["name", "url"])
def test_the_rest_of_the_export_says_who_i_am(me: Party, columns: tuple[str, ...]) -> None:
    batch = read(sheet([row(ANA, ME), row(ME, ANA)], columns), [Party(), me])
    assert [exchange.direction for exchange in batch.exchanges] == ["inbound", "outbound"]
    assert all(exchange.people == ({"name": ANA, "url": URL[ANA]},) for exchange in batch.exchanges)


def test_of_two_with_my_name_i_am_in_more_conversations() -> None:
    namesake = row(ME, ME, sender_profile_url=f"{IN}other-mia", conversation_id="2-mia")
    batch = read(sheet([namesake, *TALKS]), [Party("", ME)])
    first = batch.exchanges[0]
    assert first.direction == "inbound"
    assert first.people == ({"name": ME, "url": f"{IN}other-mia"},)
    assert read(sheet([namesake]), [Party("", ME)]).problems[0].line == 1


def test_a_name_of_two_people_counts_for_neither() -> None:
    group = [row(ANA, ME, conversation_id="2-x")] * 2
    named = [{**each, "SENDER PROFILE URL": f"{IN}{n}"} for n, each in enumerate(group)]
    batch = read(sheet([*named, row(ME, ANA, conversation_id="2-y")], COLUMNS_2021))
    assert [exchange.direction for exchange in batch.exchanges] == [
        "inbound",
        "inbound",
        "outbound",
    ]


def test_a_name_that_nobody_there_has_says_nothing() -> None:
    assert read(sheet(TALKS), [Party("", "Zed Zorn")]) == read(sheet(TALKS))


def test_someone_i_always_talk_to_is_not_me() -> None:
    """In ten of eleven conversations there are two of us; the eleventh tells."""
    groups = [row(ANA, ME, BO, conversation_id=f"2-{n}") for n in range(10)]
    assert read(sheet(groups)).problems[0].line == 1
    batch = read(sheet([*groups, row(ME, CY)]))
    assert [exchange.direction for exchange in batch.exchanges] == ["inbound"] * 10 + ["outbound"]


@pytest.mark.parametrize("column", ["is_message_draft", "is_conversation_draft"])
@pytest.mark.parametrize("yes", ["true", "TRUE", "Yes"])
def test_drafts_were_never_sent(column: str, yes: str) -> None:
    assert "draft" in reason(row(ME, ANA, **{column: yes}))


@pytest.mark.parametrize(
    "more",
    [
        {"content": '<p class="spinmail-quill-editor__spin-break">Buy!</p>'},
        {"content": "Hi %FIRSTNAME%, buy!"},
        {"folder": "SPAM"},
        {"conversation_title": "Sponsored Conversation"},
    ],
)
def test_advertising(more: dict[str, str]) -> None:
    assert "advertising" in reason(row("Ad Vertiser", ME, **more))
    sent = told([row(ME, ANA, **more)])
    assert sent.direction == "outbound"  # what I wrote myself is none


def test_who_left_linkedin_is_nobody() -> None:
    assert "left LinkedIn" in reason(row("LinkedIn Member", ME))
    assert "left LinkedIn" in reason(row("", ME))
    assert "left LinkedIn" in reason(row(ME, "LinkedIn Member"))
    assert "to whom" in reason(row(ME, conversation_id="2-nobody"))
    got = told([row("LinkedIn Member", ME, sender_profile_url=f"{IN}still-there")])
    assert got.people == ({"url": f"{IN}still-there"},)


def test_a_message_to_myself() -> None:
    assert "yourself" in reason(row(ME, ME))


@pytest.mark.parametrize("content", ["", "  ", "<p><br></p>"])
def test_nothing_in_it(content: str) -> None:
    assert "nothing in it" in reason(row(ANA, ME, content=content))


def test_nothing_but_files() -> None:
    for cell, text in {
        "report.pdf": "(attachment: report.pdf)",
        "a.pdf, b.png": "(attachment: a.pdf, b.png)",
        "https://www.linkedin.com/dms/x?y": "(attachment)",
    }.items():
        said = [row(ANA, ME, content="", attachments=cell), *TALKS]
        assert read(sheet(said, COLUMNS_2026)).exchanges[0].text == text


@pytest.mark.parametrize("when", ["", "soon", "2024-13-01 10:11:12 UTC", "1/2/24", "2024-02-30"])
def test_a_date_that_is_none_rejects_the_message(when: str) -> None:
    assert "not a date" in reason(row(ANA, ME, date=when), "rejected")


def test_damaged_rows_are_rejected_and_cost_no_other() -> None:
    assert "NUL" in reason(row(ANA, ME, content="a\0b"), "rejected")
    batch = read(sheet(TALKS) + "a,b,c,d,e,f,g,h,i,j,k,l\n" + ",,,,,,,,,\n\n" + '"x"y\n')
    assert [(problem.line, problem.kind) for problem in batch.problems] == [
        (6, "rejected"), (7, "skipped"), (9, "rejected"),
    ]  # fmt: skip
    assert len(batch.exchanges) == 4


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "empty"),
        ("No conversations found", "From, To, Date and Content"),
        ("FROM,TO\n", "From, To, Date and Content"),
        ("%PDF-1.7", "PDF"),
        ("<!doctype html>", "web page"),
    ],
)
def test_what_is_no_table_of_messages(content: str, says: str) -> None:
    with pytest.raises(InvalidError, match=says) as caught:
        read(content)
    assert str(caught.value).isprintable()


def test_a_table_without_rows_has_nothing_wrong_with_it() -> None:
    assert read(sheet([])) == Batch()


def test_a_title_stands_for_a_subject() -> None:
    assert told([row(ANA, ME, conversation_title="Plans")]).subject == "Plans"
    assert told([row(ANA, ME, conversation_title="Plans", subject="More")]).subject == "More"


def test_a_message_is_known_again_in_every_generation() -> None:
    """Line breaks were flattened until 2025, to a blank or to nothing; columns were added."""
    rows = [row(ANA, ME, content="Dear Mia,\n\nyes!\nAna"), *TALKS]
    flat = [{**each, "CONTENT": each["CONTENT"].replace("\n", " ")} for each in rows]
    glued = [{**each, "CONTENT": each["CONTENT"].replace("\n", "")} for each in rows]
    refs = [exchange.ref for exchange in read(sheet(rows, COLUMNS_2026, quoted=True)).exchanges]
    assert len(set(refs)) == len(rows)
    for older in (flat, glued):
        for columns in NEWER.values():
            assert [exchange.ref for exchange in read(sheet(older, columns)).exchanges] == refs


def test_a_message_is_known_again_when_its_sender_has_a_new_name_and_address() -> None:
    renamed = row(ANA, ME, sender_profile_url=f"{IN}ana-new") | {"FROM": "Ana Newname"}
    assert told([renamed]).ref == told([row(ANA, ME)]).ref


def test_what_differs_in_anything_that_counts_is_another_message() -> None:
    others = [
        row(ANA, ME),
        row(ME, ANA),
        row(ANA, ME, date="2024-02-01 10:11:13 UTC"),
        row(ANA, ME, content="Hello?"),
        row(ANA, ME, conversation_id="2-another"),
        row(ANA, ME),
        row(ANA, ME),
    ]
    refs = [exchange.ref for exchange in read(sheet([*others, *TALKS[2:]])).exchanges]
    assert len(set(refs)) == len(refs)
    assert refs[5:7] == [f"{refs[0]}:2", f"{refs[0]}:3"]
    assert read(sheet([*TALKS[2:], *others])).exchanges[2].ref == refs[0]


def test_the_order_of_the_rows_does_not_count() -> None:
    """Two of a group say the same in one second: each keeps their number."""
    rows = [row(ANA, ME, BO), row(BO, ME, ANA), *TALKS]
    refs = {str(e.people[0]): e.ref for e in read(sheet(rows)).exchanges[:2]}
    again = {str(e.people[0]): e.ref for e in read(sheet(rows[::-1])).exchanges[-2:]}
    assert refs == again
    assert len(set(refs.values())) == 2


names = st.sampled_from([ME, ANA, BO, CY, "LinkedIn Member", ""])
rows_ = st.lists(
    st.builds(
        lambda sender, to, date, content, conversation, draft: row(
            sender, *to, date=date, content=content, conversation_id=conversation,
            is_message_draft=draft,
        ),
        names,
        st.lists(names, max_size=3),
        st.sampled_from(["2024-02-01 10:11:12 UTC", "2/1/18, 8:57 AM", "2/1/18, 8:57 PM", "?"]),
        st.sampled_from(["", "Hello", "a\nb", "<p>x</p>", "%FIRSTNAME%", "\0", "<3"]),
        st.sampled_from(["", "2-a", "2-b"]),
        st.sampled_from(["No", "Yes"]),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=150)
@given(rows_, st.sampled_from([COLUMNS_2018, *NEWER.values()]), st.randoms())
def test_each_row_is_one_exchange_or_one_problem(
    rows: list[Row], columns: tuple[str, ...], shuffled: object
) -> None:
    by_place = [{name: each.get(name.upper(), "") for name in columns} for each in rows]
    known = [Party(URL[ME], ME)]
    batch = read(sheet(by_place, columns), known)
    assert batch == read(sheet(by_place, columns), known)
    refs = [exchange.ref for exchange in batch.exchanges]
    assert len(set(refs)) == len(refs)
    if [problem.line for problem in batch.problems] == [1]:
        return
    lines = [entry.line for entry in (*batch.exchanges, *batch.problems)]
    assert len(lines) == len(set(lines)) == len(rows)
    for exchange in batch.exchanges:
        assert exchange.people
        assert ME not in [person.get("name") for person in exchange.people]
        assert URL[ME] not in [person.get("url") for person in exchange.people]
    reversed_ = read(sheet(by_place[::-1], columns), known)
    assert sorted(refs) == sorted(exchange.ref for exchange in reversed_.exchanges)


def test_many_messages_and_a_hostile_group_take_seconds() -> None:
    many = [row(ANA, ME, conversation_id=f"2-{n % 500}", content=f"no. {n}") for n in range(5_000)]
    group = [row(f"Guest {n}", ME, conversation_id="2-group") for n in range(1_000)]
    answers = [row(ME, "Guest 1", conversation_id="2-group", content=f"{n}") for n in range(1_000)]
    cell = ", ".join(["A"] * 20_000)
    began = time.process_time()
    batch = read(sheet([*many, *group, *answers, row(ME, cell), row(ME, ", ".join(["x"] * 199))]))
    assert time.process_time() - began < 10
    assert len(batch.exchanges) + len(batch.problems) == 7_002
