"""Invitations and recommendations, and what becomes of each row."""

from __future__ import annotations

from datetime import date

import pytest

from netcrm import Batch, Exchange, InvalidError
from netcrm_linkedin import invitations, recommendations
from netcrm_linkedin.people import Party

OLD = "From,To,Sent At,Message,Direction\n"
NEW = "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\n"
ANA, MIA = "https://www.linkedin.com/in/ana-reyes", "https://www.linkedin.com/in/mia-owner"
SENT = f'Mia Owner,"Ana Reyes, PhD","3/14/24, 11:12 AM",,OUTGOING,{MIA},{ANA}\n'
GOT = f'"Ana Reyes, PhD",Mia Owner,"3/14/24, 11:12 AM",Let us talk,INCOMING,{ANA},{MIA}\n'

HEADER = "First Name,Last Name,Company,Job Title,Text,Creation Date,Status\n"
PRAISE = 'Ana,"Reyes, PhD",Mercy General,Nurse,"She is\ngood.","01/05/24, 07:36 AM",VISIBLE\n'


def read(content: str) -> Batch:
    return invitations.read("Invitations.csv", content.encode(), "Invitations.csv")


def praise(content: str, way: recommendations.Way = "inbound") -> Batch:
    return recommendations.read("R.csv", content.encode(), "R.csv", way)


def test_an_invitation_without_words_is_a_click() -> None:
    [sent] = read(NEW + SENT).exchanges
    assert sent == Exchange(
        line=2,
        file="Invitations.csv",
        at=date(2024, 3, 14),
        people=({"name": "Ana Reyes, PhD", "url": ANA},),
        ref=sent.ref,
        channel="social_reaction",
        direction="outbound",
        kind="request",
        subject="Invitation to connect",
    )


def test_an_invitation_with_words_is_a_note() -> None:
    [got] = read(NEW + GOT).exchanges
    assert (got.channel, got.direction, got.text) == ("linkedin_note", "inbound", "Let us talk")
    assert got.people == ({"name": "Ana Reyes, PhD", "url": ANA},)


def test_until_2022_there_are_names_only() -> None:
    batch = read(OLD + 'Mia Owner,Bo Berg,"8/10/18, 9:49 AM",,OUTGOING\n')
    assert batch.exchanges[0].people == ({"name": "Bo Berg"},)
    assert batch.exchanges[0].at == date(2018, 8, 10)


def test_invitations_are_told_apart_by_way_person_and_day() -> None:
    rows = SENT + GOT + SENT.replace("3/14", "3/15") + SENT.replace("ana-reyes", "ana-2") + SENT
    batch = read(NEW + rows)
    assert len({exchange.ref for exchange in batch.exchanges}) == len(batch.exchanges) == 4
    [again] = batch.problems
    assert (again.line, again.kind, again.reason) == (
        6, "skipped", "the same invitation as on line 2",
    )  # fmt: skip
    renamed = read(
        NEW + SENT.replace('"Ana Reyes, PhD"', "Ana New").replace("ana-reyes", "ANA-reyes/")
    )
    assert renamed.exchanges[0].ref == batch.exchanges[0].ref


@pytest.mark.parametrize(
    ("rows", "kind", "says"),
    [
        (SENT.replace("OUTGOING", ""), "rejected", "neither INCOMING nor OUTGOING"),
        (SENT.replace("3/14/24, 11:12 AM", "3/14/24"), "rejected", "not a date"),
        ('Mia Owner,LinkedIn Member,"3/14/24, 11:12 AM",,OUTGOING\n', "skipped", "nobody"),
        (",,,,,,\n", "skipped", "empty row"),
        ("a,b,c,d,e,f,g,h\n", "rejected", "8 cells"),
    ],
)
def test_rows_that_are_no_invitation(rows: str, kind: str, says: str) -> None:
    [problem] = read(NEW + rows).problems
    assert (problem.line, problem.kind, problem.file) == (2, kind, "Invitations.csv")
    assert says in problem.reason


def test_what_nobody_sees_does_not_stand_in_a_reference() -> None:
    odd = OLD + 'Mia,\x1bBo\x1b Berg,"8/10/18, 9:49 AM",,OUTGOING\n'
    assert read(odd).exchanges[0].ref == "invitation:outbound:2018-08-10:name:bo berg"
    [problem] = read(odd.replace("Bo\x1b Berg", "")).problems
    assert "names nobody" in problem.reason


def test_invitations_say_whose_they_are() -> None:
    def owner(content: str) -> Party:
        return invitations.owner("Invitations.csv", content.encode())

    assert owner(NEW + SENT + GOT) == Party(MIA, "Mia Owner")
    assert owner(OLD + 'Mia Owner,Bo Berg,"8/10/18, 9:49 AM",,OUTGOING\n') == Party("", "Mia Owner")
    assert owner(NEW) == Party()


def test_a_recommendation() -> None:
    [got] = praise(HEADER + PRAISE).exchanges
    assert got == Exchange(
        line=2,
        file="R.csv",
        at=date(2024, 1, 5),
        people=({"name": "Ana Reyes, PhD", "organisation": "Mercy General", "title": "Nurse"},),
        ref=got.ref,
        channel="other",
        direction="inbound",
        kind="share",
        subject="Recommendation",
        text="She is\ngood.",
    )
    [given] = praise(HEADER + PRAISE, "outbound").exchanges
    assert given.direction == "outbound"
    assert given.ref != got.ref


def test_only_what_can_be_seen_on_linkedin() -> None:
    rows = PRAISE + PRAISE.replace("VISIBLE", "HIDDEN") + PRAISE + PRAISE.replace("01/05", "soon")
    batch = praise(HEADER + rows + ',,,,x,"01/05/24, 07:36 AM",\n')
    assert [exchange.line for exchange in batch.exchanges] == [2]
    assert [(problem.line, problem.kind) for problem in batch.problems] == [
        (4, "skipped"), (6, "skipped"), (8, "rejected"), (10, "skipped"),
    ]  # fmt: skip
    assert "HIDDEN" in batch.problems[0].reason
    assert praise(HEADER.replace(",Status", "") + PRAISE.replace(",VISIBLE", "")).exchanges


def test_other_tables_are_refused() -> None:
    with pytest.raises(InvalidError, match="From, To and Sent At"):
        read(HEADER + PRAISE)
    with pytest.raises(InvalidError, match="Creation Date"):
        praise(NEW + SENT)
