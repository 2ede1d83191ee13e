"""prospects, next and growth, as people type them."""

from __future__ import annotations

import math

import pytest

from netcrm.rules.funnel import ORIGINS
from tests.networks import cli, commits, everything, terminal
from tests.test_cli_hostile import HOSTILE, obeyed

__all__ = ["cli", "terminal"]


def state(terminal):
    with terminal.open() as net:
        return everything(net), commits(net)


@pytest.fixture
def spring(cli):
    """Ana and Luis are nurses, Priya is near it, and Tom fits nothing; I look for two nurses."""
    for words in (
        "tag nursing ana luis --field",
        "edit ana --source friend",
        "edit luis --source linkedin --phone 123456",
        "add Priya --source alumni_database --field midwifery --email p@example.org",
        "add Tom --field law --email t@example.org",
        "field nursing --related midwifery",
        "objective What-is-hard? --field nursing",
        "campaign Spring --aim nursing=2 --start 2025-09-01",
    ):
        ran = cli(*words.split())
        assert (ran.code, ran.err) == (0, ""), words
    return cli


def lines(ran):
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()


class TestNext:
    """Whom to ask, why, and what to type."""

    def test_names_come_first_and_then_the_reasons(self, spring):
        shown = lines(spring("next"))
        assert [line.split("  ")[0] for line in shown[:3]] == ["Ana Ruiz", "Luis Ortega", "Priya"]
        assert shown[0] == (
            "Ana Ruiz     fits nursing; no answers of people around you to go by yet; "
            "2 of 2 still wanted"
        )
        assert "broadened from nursing" in shown[2]

    def test_what_was_looked_for_and_what_to_type(self, spring):
        shown = lines(spring("next", 1))
        assert shown[1:] == [
            "Looked for: nursing (Spring).",
            "Of 1: 1 new to you.",
            "2 more could be asked: netcrm next 3",
            "Not now: 1 other; why not: --excluded",
            "Next: netcrm draft request ana-ruiz, and once it is sent: netcrm ask ana-ruiz email",
        ]

    def test_what_it_says_to_type_can_be_typed(self, spring):
        last = lines(spring("next", 1))[-1].removeprefix("Next: ")
        for command in last.split(", and once it is sent: "):
            assert spring(*command.split()[1:]).code == 0
        assert "Ana Ruiz" not in spring("next").out

    def test_whoever_may_bring_me_there_is_written_to(self, spring):
        spring("log", "ana", "coffee", "--at", "yesterday")
        spring("log", "ana", "coffee", "--kind", "meeting", "--at", "yesterday")
        spring("refer", "ana", "Mei Lin", "--mode", "offered")
        spring("tag", "nursing", "mei", "--field")
        shown = lines(spring("next", 1))
        assert shown[0].startswith("Mei Lin  fits nursing; Ana Ruiz may bring you to them (likely)")
        assert shown[-1] == "Next: netcrm draft introduction_request ana-ruiz --about mei-lin"
        assert spring(*shown[-1].split()[2:]).code == 0

    def test_the_numbers(self, spring):
        shown = lines(spring("next", 1, "--why"))
        assert shown[:5] == [
            "Ana Ruiz: 1.000",
            "  relevance  1.000  fits nursing",
            "  reach      0.500  no answers of people around you to go by yet",
            "  need       2.000  2 of 2 still wanted",
            "  for “What-is-hard?”",
        ]

    def test_who_else_was_looked_at(self, spring):
        spring("ask", "luis", "email", "--at", "yesterday")
        shown = "\n".join(lines(spring("next", "--excluded")))
        assert "\nNot now\nLuis Ortega  asked on " in shown
        assert "Tom          fits nothing that you look for" in shown
        assert "--excluded" not in shown

    def test_another_campaign(self, spring):
        spring("campaign", "Law", "--aim", "law=1", "--start", "2025-01-01")
        assert lines(spring("next", "--campaign", "Law"))[0].startswith("Tom")
        ran = spring("next", "--campaign", "Moon")
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.count("\n") == 1
        assert "Law, Spring" in ran.err or "Spring, Law" in ran.err

    def test_the_mix_can_be_left_out(self, spring):
        spring("log", "luis", "email", "--at", "2024-01-01")
        assert lines(spring("next", 1))[0].startswith("Luis Ortega")
        assert lines(spring("next", 1, "--no-mix"))[0].startswith("Ana Ruiz")

    def test_for_another_day(self, spring):
        spring("ask", "ana", "email")
        assert "Ana Ruiz" not in spring("next").out
        assert "Ana Ruiz" in spring("next", "--as-of", "today 00:00").out

    def test_when_everybody_is_asked(self, spring):
        for who in ("ana", "luis", "priya"):
            spring("ask", who, "email")
        assert "There is nobody to ask now." in lines(spring("next"))

    def test_when_nothing_is_looked_for(self, cli):
        assert lines(cli("next"))[0].startswith("Nothing says yet what you look for. Say it: ")

    def test_when_nobody_is_here(self, terminal):
        terminal("init", "--name", "Maya Rao")
        terminal("me", "--interest", "law")
        assert lines(terminal("next"))[-1] == ("Next: add people: netcrm add, or: netcrm import")

    @pytest.mark.parametrize("wrong", ["0", "-1", "x", "1.5"])
    def test_a_number_that_is_none(self, cli, wrong):
        ran = cli("next", wrong)
        assert (ran.code, ran.out) == (2, "")

    def test_in_json_the_factors_multiply_to_the_score(self, spring):
        answer = spring("next", "--json").json
        assert answer["campaign"] == "Spring"
        assert answer["fields"] == [
            {"field": "nursing", "relevance": 1.0, "target": 2, "got": 0}
        ]  # fmt: skip
        assert (answer["choices"], answer["mix"]) == (3, {"new": 3})
        for one in answer["people"]:
            assert math.prod(factor["value"] for factor in one["factors"]) == one["score"]
            assert all(factor["reason"] for factor in one["factors"])
        first = answer["people"][0]
        assert first["person"]["handle"] == "ana-ruiz"
        assert (first["field"], first["broadened"], first["sort"]) == ("nursing", False, "new")
        assert first["objectives"] == ["What-is-hard?"]
        assert [one["code"] for one in answer["excluded"]] == ["relevance"]


class TestProspects:
    """Who there is to talk to, and what for."""

    def test_why_and_for_what(self, spring):
        assert lines(spring("prospects")) == [
            "Ana Ruiz     fits nursing  somebody around you  for “What-is-hard?”",
            "Luis Ortega  fits nursing  from social media    for “What-is-hard?”",
        ]

    def test_several_objectives_are_counted(self, spring):
        spring("objective", "And why?", "--field", "nursing")
        assert lines(spring("prospects"))[0].endswith(" and 1 more")

    def test_a_field_and_those_near_it(self, spring):
        assert len(lines(spring("prospects", "--field", "nursing"))) == 2
        shown = lines(spring("prospects", "-f", "nursing", "--broaden"))
        assert shown[2].startswith("Priya ")
        assert "broadened from nursing: related to it (you said so)" in shown[2]
        assert lines(spring("prospects", "--field", "law")) == [
            "Tom  fits law  from elsewhere  no objective"
        ]

    def test_they_stand_in_the_order_of_where_i_have_them_from(self, spring):
        spring("refer", "ana", "Bo Lind")
        spring("add", "Cy Moor", "--source", "cold_call")
        spring("tag", "nursing", "bo", "priya", "tom", "cy", "--field")
        known = ["somebody around you", "you were pointed to them", "alumni", "from social media",
                 "from a list", "from elsewhere"]  # fmt: skip
        shown = lines(spring("prospects", "--field", "nursing"))
        assert len(shown) == 6
        assert all(f"  {word}  " in line for word, line in zip(known, shown, strict=True))
        found = spring("prospects", "--field", "nursing", "--json").json["prospects"]
        assert [one["origin"] for one in found] == list(ORIGINS)

    def test_where_it_stands(self, spring):
        spring("ask", "ana", "email", "--at", "2 days ago")
        assert lines(spring("prospects"))[0].endswith("asked")
        spring("log", "ana", "email", "--kind", "decline")
        assert lines(spring("prospects"))[0].endswith("declined")

    def test_when_there_is_nobody(self, spring):
        assert "--broaden" in lines(spring("prospects", "--field", "tea"))[0]
        assert "--broaden" not in lines(spring("prospects", "--field", "tea", "--broaden"))[0]

    def test_when_nothing_is_looked_for(self, cli):
        assert lines(cli("prospects"))[0].startswith("Nobody fits your campaign, objectives or")

    def test_a_field_that_is_none(self, spring):
        ran = spring("prospects", "--field", "🙂")
        assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)

    def test_in_json(self, spring):
        answer = spring("prospects", "--field", "nursing", "--broaden", "--json").json
        assert [one["person"]["name"] for one in answer["prospects"]] == [
            "Ana Ruiz", "Luis Ortega", "Priya",
        ]  # fmt: skip
        assert [one["broadened"] for one in answer["prospects"]] == [False, False, True]
        assert answer["prospects"][0]["stage"] is None


class TestGrowth:
    """Month by month."""

    def test_by_field(self, spring):
        shown = lines(spring("growth"))
        assert [line.split()[1] for line in shown[:-1]] == ["law", "midwifery", "nursing"]
        assert shown[-1] == "In all you know 4."

    def test_those_in_several_fields_are_counted_once(self, spring):
        spring("tag", "law", "ana", "--field")
        assert lines(spring("growth"))[-1] == "In all you know 4; some are in several fields."

    def test_without_a_field(self, spring):
        spring("refer", "ana", "Mei Lin")
        shown = lines(spring("growth"))
        assert any("no field" in line and "1 by a referral" in line for line in shown)

    def test_by_source(self, spring):
        assert "alumni database" in spring("growth", "--by", "source").out

    def test_when_there_is_nobody(self, terminal):
        terminal("init", "--name", "Maya Rao")
        assert lines(terminal("growth"))[0].startswith("You know nobody here yet.")

    def test_in_json(self, spring):
        answer = spring("growth", "--by", "all", "--json").json
        assert (answer["by"], answer["known"]) == ("all", 4)
        assert answer["growth"][-1]["known"] == 4


class TestNowOrFormerly:
    """Who is at an organisation, and who was."""

    @pytest.fixture
    def mercy(self, cli):
        cli("edit", "ana", "--org", "Mercy General")
        with cli.open() as net:
            from netcrm import PartialDate, Position

            gone = Position(organisation="Mercy General", end=PartialDate.parse("2020"))
            net.edit("luis", positions=[gone])
        return cli

    @pytest.mark.parametrize(
        ("option", "there"),
        [((), ["ana-ruiz", "luis-ortega"]), (("--now",), ["ana-ruiz"]),
         (("--formerly",), ["luis-ortega"])],
    )  # fmt: skip
    def test_who(self, mercy, option, there):
        assert lines(mercy("list", "--org", "mercy", "--handles", *option)) == there

    def test_the_organisation_must_be_named(self, mercy):
        ran = mercy("list", "--now")
        assert (ran.code, ran.out) == (1, "")
        assert "name the organisation" in ran.err


@pytest.mark.parametrize("command", ["next", "prospects", "growth"])
def test_asking_changes_nothing(spring, command):
    before = state(spring)
    assert spring(command).code == 0
    assert state(spring) == before


def test_hostile_names_are_made_harmless(spring):
    with spring.open() as net:
        net.add(HOSTILE, fields=["nursing"], source="friend", organisation=HOSTILE)
        net.campaign("Spring", organisations=[HOSTILE])
        net.objective(HOSTILE, fields=["nursing"])
    for command in (["next", "9", "--why", "--excluded"], ["prospects"], ["growth"]):
        ran = spring(*command)
        assert ran.code == 0
        assert not obeyed(ran.out + ran.err)
    assert "Mallory" in spring("next").out
