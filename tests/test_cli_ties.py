"""tie and dormant, as people type them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from netcrm import State
from netcrm.rules.dormant import ADVICE
from tests import networks
from tests.networks import Terminal

terminal, cli = networks.terminal, networks.cli

TODAY = "2025-03-05"
WORTH = "It counts what you logged, and says nothing of what anybody is worth."
PLUGIN = """
from netcrm import TieWeight, hookimpl

@hookimpl
def netcrm_tie_weights():
    return [TieWeight("linkedin_message", 0.5, "{reason}")]
"""


@pytest.fixture
def spring(cli: Terminal) -> Terminal:
    """Ana wrote and was met in 2025; Luis was met in 2021 and pointed to Ana."""
    for words in (
        "log ana email --at 2025-02-23",
        "log ana email --at 2025-02-24 --in",
        "log ana video --at 2025-03-03",
        "log ana email --kind thank_you --at 2025-03-03",
        "log luis coffee --at 2021-03-05",
        "refer luis ana --on 2021-03-05",
    ):
        ran = cli(*words.split())
        assert (ran.code, ran.err) == (0, ""), words
    return cli


def lines(cli: Terminal, *arguments: object) -> list[str]:
    """Return what a command prints, as of 5 March 2025 if nothing else is said."""
    when = () if "--as-of" in arguments else ("--as-of", TODAY)
    ran = cli(*arguments, *when)
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()


class TestTie:
    """How much you are in touch."""

    def test_it_says_on_what_it_rests(self, spring: Terminal) -> None:
        assert lines(spring, "tie", "ana", "--as-of", "2025-03-04") == [
            "You and Ana Ruiz: as if you were in touch every 24 days (close), "
            "based on 4 logged interactions.",
            "From Sun 23 Feb 2025 to Mon 3 Mar 2025: 2 from you, 1 from them, 1 together.",
            WORTH,
        ]

    def test_never_in_touch(self, cli: Terminal) -> None:
        never = "You and Ana Ruiz: never in touch, as far as you logged."
        assert lines(cli, "tie", "ana") == [never, WORTH]

    def test_once(self, cli: Terminal) -> None:
        """One of each is one, and not several."""
        cli("log", "ana", "coffee", "--at", TODAY)
        assert lines(cli, "tie", "ana")[:2] == [
            "You and Ana Ruiz: as if you were in touch every 37 days (active), "
            "based on 1 logged interaction.",
            "On Wed 5 Mar 2025: 1 together.",
        ]

    def test_after_long_it_suggests_a_call(self, spring: Terminal) -> None:
        """In months, and in years; not for kin, nor for those to be left alone."""
        call = "There is much to tell, so call rather than write."
        assert lines(spring, "tie", "luis")[0].startswith(
            "You and Luis Ortega: in touch less than once a year (faded), based on 1 logged"
        )
        assert lines(spring, "tie", "luis")[2] == f"The last touch was 4 years ago. {call}"
        after = lines(spring, "tie", "luis", "--as-of", "2021-10-05")
        assert after[2] == f"The last touch was 7 months ago. {call}"
        assert call not in " ".join(lines(spring, "tie", "luis", "--as-of", "2021-05-05"))
        spring("pause", "luis")
        assert call in " ".join(lines(spring, "tie", "luis"))
        assert call not in " ".join(lines(spring, "tie", "luis", "--as-of", "today"))
        for said in ({"kin": True}, {"kin": False, "state": State(kind="archived")}):
            with spring.open() as net:
                net.edit("luis", **said)
            assert call not in " ".join(lines(spring, "tie", "luis"))

    def test_every_day_is_the_most(self, cli: Terminal) -> None:
        """No day has a part of a touch."""
        with cli.open() as net, net.transaction("days"):
            for day in range(200):
                net.log("ana", "coffee", at=date(2025, 3, 5) - timedelta(day))
        assert "in touch every 1 day (inner)" in lines(cli, "tie", "ana")[0]

    def test_the_usual_gap_beside_the_rule(self, cli: Terminal) -> None:
        """It is told, and nothing is changed by it."""
        for week in range(5):
            cli("log", "ana", "coffee", "--at", date(2025, 2, 26) - timedelta(35 * week))
        assert lines(cli, "tie", "ana")[2] == "You usually talk every 35 days."
        cli("rule", "contact:ana", "3 months")
        told = lines(cli, "tie", "ana", "--as-of", "today")[2]
        assert told == "You usually talk every 35 days; your rule says every 3 months."
        assert cli("tie", "ana", "--json").json["rule"] == "3 months"

    def test_weights_of_plugins_come_with_their_reason(
        self, spring: Terminal, tmp_path: Path
    ) -> None:
        plugin = tmp_path / "weights.py"
        plugin.write_text(PLUGIN.format(reason="\\x1b[31mchatter"))
        told = lines(spring, "--plugin", plugin, "tie", "ana")
        assert told[-2] == "By linkedin message counts 0.5: \\x1b[31mchatter"
        asked = spring("--plugin", plugin, "tie", "ana", "--json").json
        assert asked["weights"] == [
            {"channel": "linkedin_message", "weight": 0.5, "reason": "\x1b[31mchatter"}
        ]

    def test_json(self, spring: Terminal) -> None:
        asked: Any = spring("tie", "ana", "--as-of", "2025-03-04", "--json").json
        assert asked["person"]["handle"] == "ana-ruiz"
        assert asked["tie"] == {
            "strength": 4.8503, "band": "close", "rhythm": 24.3, "touches": 4,
            "first": "2025-02-23", "last": "2025-03-03", "sent": 2, "received": 1, "mutual": 1,
            "reciprocity": 0.4, "usual_gap": None,
        }  # fmt: skip
        assert (asked["as_of"], asked["rule"], asked["weights"]) == ("2025-03-04", None, [])
        never = spring("tie", "ana", "--as-of", "2020-01-01", "--json").json["tie"]
        assert (never["rhythm"], never["first"], never["band"]) == (None, None, "none")

    def test_there_is_no_tie_to_yourself(self, cli: Terminal) -> None:
        """One line says so."""
        ran = cli("tie", "maya")
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
        assert "between you and somebody else" in ran.err


class TestDormant:
    """Ties that went to sleep."""

    def test_two_columns_and_the_advice(self, spring: Terminal) -> None:
        assert lines(spring, "dormant") == [
            "                          last touch                what may be new  "
            "how they were there for you",
            "Luis Ortega  luis-ortega  Fri 5 Mar 2021 (dormant)  1 touch in all   "
            "led you to 1 person",
            ADVICE,
        ]
        lapsed = lines(spring, "dormant", "--as-of", "2023-03-05")
        assert "Fri 5 Mar 2021  1 touch" in lapsed[1]

    def test_nobody(self, spring: Terminal) -> None:
        assert lines(spring, "dormant", "--after", "5 years") == ["No tie went to sleep."]

    def test_a_length_that_is_none(self, spring: Terminal) -> None:
        ran = spring("dormant", "--after", "soon")
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)

    def test_json(self, spring: Terminal) -> None:
        asked: Any = spring("dormant", "--as-of", TODAY, "--json").json
        [found] = asked["items"]
        assert found["person"]["handle"] == "luis-ortega"
        assert (found["last"], found["touches"], found["dormant"]) == ("2021-03-05", 1, True)
        assert found["novelty"] == ["1 touch in all"]
        assert found["engagement"] == ["led you to 1 person"]
        assert asked["advice"] == ADVICE
