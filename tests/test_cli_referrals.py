"""tree, referrals and resolve, as people type them."""

from __future__ import annotations

import itertools

import pytest

from tests.networks import cli, commits, everything, terminal
from tests.test_cli_hostile import HOSTILE, obeyed

__all__ = ["cli", "terminal"]


@pytest.fixture
def grown(cli):
    """Ana was met and led to Maria, who declined, and to somebody; Luis led to nobody."""
    for words in (
        ["ask", "ana", "email", "--at", "2025-09-01"],
        ["log", "ana", "coffee", "--kind", "meeting", "--at", "2025-09-05T15:00"],
        ["refer", "ana", "Maria Lopez", "--on", "2025-09-05", "--mode", "offered"],
        ["refer", "ana", "someone in HR at City Hospital", "--on", "2025-09-05"],
        ["ask", "maria", "email", "--at", "2025-09-08"],
        ["log", "maria", "email", "--kind", "decline", "--at", "2025-09-09"],
    ):
        ran = cli(*words)
        assert (ran.code, ran.err) == (0, ""), words
    return cli


class TestTree:
    """Who brought me to whom."""

    def test_it_is_drawn(self, grown):
        out = grown("tree", "--as-of", "2025-09-10").out.splitlines()
        assert out[0] == "Ana Ruiz, you met"
        assert out[1:3] == [
            "   └ Maria Lopez: declined on Tue 9 Sep 2025; the branch ends here",
            "   └ someone in HR at City Hospital: not asked yet",
        ]
        said = "\n".join(out)
        assert "2 by one of them." in said
        assert "0.00 further interviews for each one: 1 held, 2 new people, 1 of them asked" in said
        assert "keep finding people" in said
        assert out[-1].endswith("did nothing yet: someone in HR at City Hospital.")

    def test_all_are_shown_if_wanted(self, grown):
        assert "and 1 person who led you to nobody so far (--all shows them)" in grown("tree").out
        said = grown("tree", "--all").out
        assert "Luis Ortega\n" in said
        assert "--all" not in said

    def test_for_scripts(self, grown):
        found = grown("tree", "--json").json
        by = {one["person"]["name"]: one for one in found["members"]}
        assert by["Maria Lopez"]["by"]["name"] == "Ana Ruiz"
        assert by["Maria Lopez"]["status"] == "declined"
        assert by["Maria Lopez"]["dead_end"] is True
        assert by["Ana Ruiz"] | {"person": 0, "since": 0} == {
            "person": 0, "by": None, "since": 0, "degree": 1, "status": None, "status_since": None,
            "led_to": 2, "named": 2, "held": True, "dead_end": False,
        }  # fmt: skip
        assert found["reproduction"] == {
            "held": 1, "new": 2, "asked": 1, "led": 0, "pending": 1, "value": 0.0,
        }  # fmt: skip
        assert found["degrees"][1] == {"degree": 2, "people": 2}

    def test_a_very_long_line_of_descent_stays_on_the_screen(self, cli):
        with cli.open() as net, net.transaction():
            line = [net.add(f"P{n:03}") for n in range(1, 301)]
            for one, other in itertools.pairwise(line):
                net.refer(one, other, on="2025-09-01")
        out = cli("tree").out.splitlines()
        assert out[9] == f"{'   ' * 9}└ P010: not asked yet"
        assert out[10] == f"{'   ' * 10}… 11 deep └ P011: not asked yet"
        assert out[299] == f"{'   ' * 10}… 300 deep └ P300: not asked yet"
        assert "1 at hand 10, 290 farther away." in out[-2]

    def test_where_nobody_is(self, terminal):
        terminal("init")
        assert "netcrm add" in terminal("tree").out
        assert terminal("tree", "--json").json["members"] == []
        assert terminal("tree", "--json").json["reproduction"]["value"] is None


class TestReferrals:
    """What each did for me, what came of it, and what I owe them."""

    def test_a_ledger(self, grown):
        out = grown("referrals", "--as-of", "2025-09-10").out.splitlines()
        assert out[0] == "Ana Ruiz: pointed you to 2 people; you asked 1, met 0"
        assert out[1].split("  ")[1] == "Maria Lopez"
        assert out[1].endswith("declined on Tue 9 Sep 2025")
        assert [line.split(":")[0] for line in out[3:]] == ["  You owe"] * 2
        assert "report back (Thu 11 Sep 2025), as Maria Lopez declined on 9 Sep" in out[-1]
        grown("log", "ana", "email", "--kind", "report_back", "--at", "2025-09-10T09:00")
        later = grown("referrals", "--as-of", "2025-09-12").out
        assert "Told in time what came of it: 1 of 1." in later

    def test_who_pointed_me_to_somebody(self, grown):
        out = grown("referrals", "maria").out.splitlines()
        assert out == [
            "Ana Ruiz pointed you to them on Fri 5 Sep 2025: declined on Tue 9 Sep 2025.",
            "Maria Lopez has not pointed you to anybody yet. Ask: who else should I talk to?",
        ]

    def test_for_scripts(self, grown):
        found = grown("referrals", "maria", "--json").json
        assert found["ledgers"] == []
        (one,) = found["pointed_to_them"]
        assert (one["referrer"]["name"], one["mode"], one["status"]) == (
            "Ana Ruiz", "offered", "declined",
        )  # fmt: skip
        (ledger,) = grown("referrals", "--json").json["ledgers"]
        assert ledger["person"]["name"] == "Ana Ruiz"
        assert len(ledger["referrals"]) == 2

    def test_where_there_are_none(self, cli):
        assert cli("referrals").out.startswith("Nobody has pointed you to anybody yet.")


class TestWhatCameOfIt:
    """What nothing else tells of is noted."""

    def test_the_last_is_meant(self, grown):
        ran = grown("refer", "ana", "maria", "--then", "declined_by_referrer")
        assert ran.out.startswith("Noted: Ana Ruiz pointed you to Maria Lopez, declined by ref")
        assert grown("refer", "luis", "maria", "--then", "met").code == 1
        assert grown("refer", "ana", "maria", "--then", "met", "--mode", "direct").code == 2
        wrong = grown("refer", "ana", "maria", "--then", "eaten")
        assert "choose from contacted, declined" in wrong.err


class TestResolve:
    """Who it was."""

    def test_it_can_be_tried_done_and_taken_back(self, grown):
        with grown.open() as net:
            before = everything(net), commits(net)
        tried = grown("resolve", "someone in HR", "Gwen Hall", "--dry-run")
        assert tried.out.startswith("Would note that someone in HR at City Hospital is Gwen Hall")
        with grown.open() as net:
            assert (everything(net), commits(net)) == before
        said = grown("resolve", "someone in HR", "Gwen Hall", "--title", "adviser", "--field", "hr")
        assert "is Gwen Hall (gwen-hall)" in said.out
        assert "Gwen Hall: not asked yet" in grown("tree").out
        grown("undo")
        with grown.open() as net:
            assert everything(net) == before[0]

    def test_for_scripts(self, grown):
        found = grown("resolve", "someone in HR", "luis", "--json").json
        assert found["contact"]["name"] == "Luis Ortega"
        assert found["commit"]["reason"] == "resolve"

    def test_who_has_a_name_is_not_resolved(self, grown):
        ran = grown("resolve", "maria", "luis")
        assert ran.code == 5
        assert "netcrm merge" in ran.err


def test_nothing_that_a_terminal_would_obey_is_printed(grown):
    grown("refer", "ana", HOSTILE)
    for command in ("tree", "referrals"):
        ran = grown(command)
        assert not obeyed(ran.out + ran.err)
