"""Introductions and acquaintances on the command line."""

from __future__ import annotations

import pytest

from tests import networks
from tests.networks import Terminal

terminal = networks.terminal
BOTH = "Ana Ruiz and Luis Ortega"


@pytest.fixture
def cli(terminal: Terminal) -> Terminal:
    """A terminal with a network of me, Ana, Luis and Priya."""
    with terminal.open() as network:
        network.add("Maya Rao", is_me=True)
        for name in ("Ana Ruiz", "Luis Ortega", "Priya Nair"):
            network.add(name)
    return terminal


class TestIntroduce:
    """Two people are brought together."""

    def test_step_by_step(self, cli: Terminal) -> None:
        """Each says where it stands, and what comes next."""
        told = [
            cli("introduce", "ana", "luis", "both like the sea"),
            cli("introduce", "ana", "luis", "--asked", "ana"),
            cli("introduce", "luis", "ana", "--asked", "luis", "--agreed", "ana"),
            cli("introduce", "ana", "luis", "--agreed", "luis"),
            cli("introduce", "ana", "luis", "--introduced"),
            cli("introduce", "ana", "luis", "--met"),
        ]
        assert [ran.code for ran in told] == [0] * 6
        said = [ran.out.replace("; to take it back: netcrm undo", "") for ran in told]
        assert said == [
            f"Noted: {BOTH}: thought of. (#5)\nNext: ask {BOTH}.\n",
            f"Noted: {BOTH}: asking. (#6)\nNext: ask Luis Ortega, wait for Ana Ruiz.\n",
            f"Noted: {BOTH}: one agreed. (#7)\nNext: wait for Luis Ortega.\n",
            f"Noted: {BOTH}: both agreed. (#8)\nNext: introduce them.\n",
            f"Noted: {BOTH}: introduced. (#9)\nNext: ask whether they met.\n",
            f"Noted: {BOTH}: met. (#10)\n",
        ]

    def test_all_at_once(self, cli: Terminal) -> None:
        """In the order in which things happen, whatever the order of the options; as one commit."""
        ran = cli("introduce", "ana", "luis", "sea", "--met", "--introduced", "--agreed", "luis",
                  "--asked", "ana", "--asked", "luis", "--agreed", "ana",
                  "--at", "2 days ago", "--json")  # fmt: skip
        made = ran.json["introduction"]
        assert [step["what"] for step in made["steps"]] == [
            "asked", "asked", "agreed", "agreed", "introduced", "met",
        ]  # fmt: skip
        assert (made["stage"], made["context"]) == ("met", "sea")
        assert made["begun_on"] == made["since"]
        assert [one["handle"] for one in made["people"]] == ["ana-ruiz", "luis-ortega"]
        assert (made["unasked"], made["waiting"]) == ([], [])
        assert cli("undo").code == 0
        assert cli("introduce", "--all", "--json").json["introductions"] == []

    def test_in_json_those_are_told_by_id_who_are_waited_for(self, cli: Terminal) -> None:
        """So that a script can write to them."""
        made = cli("introduce", "ana", "luis", "--asked", "ana", "--json").json["introduction"]
        ana, luis = made["contacts"]
        assert cli("introduce", "ana", "priya", "--met").code == 0
        assert (made["unasked"], made["waiting"], made["stage"]) == ([luis], [ana], "asking")

    def test_of_several_it_tells_of_the_one_that_went_on(self, cli: Terminal) -> None:
        """Not of the one that was begun last."""
        cli("introduce", "ana", "luis")
        cli("introduce", "ana", "priya")
        assert f"Noted: {BOTH}: asking." in cli("introduce", "ana", "luis", "--asked", "ana").out

    def test_a_dry_run_notes_nothing(self, cli: Terminal) -> None:
        """It says what it would note."""
        before = cli.files()
        ran = cli("introduce", "ana", "luis", "--dry-run")
        assert ran.out.startswith(f"Would note: {BOTH}: thought of. Nothing was changed.\n")
        ran = cli("knows", "ana", "luis", "--dry-run")
        assert ran.out == f"Would note that {BOTH} know each other. Nothing was changed.\n"
        assert cli.files() == before

    def test_what_is_refused_says_what_to_do(self, cli: Terminal) -> None:
        """In one line, with its exit code; nothing of it is stored."""
        cli("introduce", "ana", "luis")
        before = cli.files()
        ran = cli("introduce", "ana", "luis", "--agreed", "ana", "--introduced")
        assert (ran.code, ran.out) == (5, "")
        assert "have not both agreed yet" in ran.err
        assert "insist: --insist" in ran.err
        ran = cli("introduce", "ana", "luis", "again")
        assert (ran.code, ran.err.count("\n")) == (1, 1)
        assert "netcrm introduce ana-ruiz luis-ortega --agreed WHO" in ran.err
        assert cli("introduce", "ana", "nobody").code == 1
        assert cli("introduce", "ana", "luis", "--met", "--at", "tomorrow").code == 1
        assert cli("introduce", "ana", "priya", "--introduced").code == 5
        assert cli("introduce", "ana", "ana", "--met").code == 1
        assert cli.files() == before
        assert cli("introduce", "ana", "luis", "--introduced", "--insist").code == 0

    def test_nobody_agrees_and_declines_at_once(self, cli: Terminal) -> None:
        """Whatever they are called; of two, one may agree and the other not."""
        cli("introduce", "ana", "luis")
        before = cli.files()
        ran = cli("introduce", "ana", "luis", "--agreed", "ana", "--declined", "ana-ruiz")
        assert (ran.code, cli.files()) == (2, before)
        assert "Ana Ruiz cannot have both agreed and declined" in ran.err
        ran = cli("introduce", "ana", "priya", "--agreed", "ana", "--declined", "Ana Ruiz")
        assert (ran.code, cli.files()) == (2, before)
        ran = cli("introduce", "ana", "luis", "--agreed", "ana", "--declined", "luis")
        assert ran.out.startswith(f"Noted: {BOTH}: declined.")

    def test_who_is_not_to_be_contacted_is_not_asked(self, cli: Terminal) -> None:
        """Nor is the other about them; to introduce them one has to insist."""
        cli("introduce", "ana", "luis", "--at", "2026-03-01")
        cli("introduce", "ana", "priya", "--agreed", "ana", "--agreed", "priya")
        cli("edit", "luis", "--state", "do_not_contact")
        cli("edit", "priya", "--state", "deceased")
        assert "Ana Ruiz" not in cli("today").out
        assert cli("introduce").out == (
            "Ana Ruiz and Priya Nair   both agreed  Priya Nair is marked deceased\n"
            f"{BOTH}  thought of   Luis Ortega is marked do not contact\n"
        )
        assert cli("introduce", "luis", "--json").json["introductions"][0]["unasked"] == []
        for words in (["luis", "--asked", "ana"], ["priya", "--introduced"]):
            ran = cli("introduce", "ana", *words)
            assert (ran.code, ran.err.count("\n")) == (5, 1)
            assert "is marked d" in ran.err
            assert ran.err.endswith("insist: --insist\n")
        ran = cli("introduce", "ana", "priya", "--introduced", "--insist")
        assert ran.out.splitlines()[1] == "Priya Nair is marked deceased."
        assert cli("introduce", "ana", "priya", "--met").code == 0
        over = cli("introduce", "priya", "--all").out
        assert over.startswith("Ana Ruiz and Priya Nair  met  since ")
        assert cli("introduce", "luis", "--as-of", "2026-03-02").out == (
            f"{BOTH}  thought of  ask {BOTH}\n"
        )

    @pytest.mark.parametrize(
        "words",
        [
            ["introduce", "--met"], ["introduce", "ana", "--asked", "ana"],
            ["introduce", "ana", "--at", "today"], ["introduce", "--insist"],
            ["introduce", "ana", "--dry-run"], ["introduce", "ana", "luis", "--all"],
            ["introduce", "ana", "luis", "--as-of", "today"], ["knows", "ana", "--told-by", "ana"],
            ["knows", "ana", "--at", "today"], ["knows", "ana", "--dry-run"],
            ["knows", "ana", "luis", "--as-of", "today"], ["knows"],
        ],
    )  # fmt: skip
    def test_options_that_make_no_sense_together(self, cli: Terminal, words: list[str]) -> None:
        """They are wrong usage."""
        before = cli.files()
        assert cli(*words).code == 2
        assert cli.files() == before

    def test_what_is_owed_is_on_the_agenda_and_can_be_waived(self, cli: Terminal) -> None:
        """With words for it."""
        cli("introduce", "ana", "luis")
        said = cli("today").out
        assert "ask them first" in said
        assert "would they like to meet Luis Ortega?" in said
        assert cli("waive", "ana", "ask_to_introduce").code == 0
        assert "would they like to meet Luis Ortega?" not in cli("today").out
        cli("introduce", "ana", "luis", "--agreed", "luis", "--agreed", "ana")
        assert "introduce them" in cli("today").out
        assert "to Luis Ortega; both agreed" in cli("review").out + cli("today").out
        assert "introduce Ana Ruiz" in cli("review").out


class TestDraft:
    """The letters that it takes."""

    def test_they_say_how_to_note_that_they_were_sent(self, cli: Terminal) -> None:
        """So that what is typed then works."""
        cli("edit", "ana", "--email", "ana@example.org")
        cli("edit", "luis", "--email", "luis@example.org")
        cli("introduce", "ana", "luis", "both like the sea")
        ran = cli("draft", "introduction-offer", "luis")
        assert "\nWould you like me to introduce you?" in ran.out
        last = ran.err.splitlines()[-1]
        assert last == "When it is sent: netcrm introduce luis-ortega ana-ruiz --asked luis-ortega"
        assert cli("draft", "introduction", "ana").code == 5
        assert cli("draft", "introduction_offer", "ana", "--json").json["also"] == []
        cli("introduce", "ana", "luis", "--agreed", "ana", "--agreed", "luis")
        ran = cli("draft", "introduction", "ana")
        last = ran.err.splitlines()[-1]
        assert last == "When it is sent: netcrm introduce ana-ruiz luis-ortega --introduced"
        both = cli("draft", "introduction", "ana", "--mailto").out
        assert both.startswith("mailto:ana@example.org,luis@example.org?")
        file = cli("draft", "introduction", "ana", "--eml", "-").out
        assert "To: Ana Ruiz <ana@example.org>, luis@example.org" in file
        assert cli("draft", "introduction", "ana", "--json").json["also"] == ["luis@example.org"]
        ran = cli("draft", "introduction_offer", "ana")
        assert (ran.code, ran.err.count("\n")) == (5, 1)
        assert "Ana Ruiz agreed already to meet Luis Ortega" in ran.err

    def test_who_were_introduced_or_have_met_are_said_to(self, cli: Terminal) -> None:
        """Not that they did not agree; one can insist."""
        cli("introduce", "ana", "luis", "--agreed", "ana", "--agreed", "luis", "--introduced")
        for kind in ("introduction", "introduction_offer"):
            ran = cli("draft", kind, "ana")
            assert (ran.code, ran.out) == (5, "")
            assert ran.err.startswith(f"netcrm: {BOTH} were introduced by you already, on 2026-")
            assert "insist: --force" in ran.err
        cli("introduce", "ana", "luis", "--met")
        for kind in ("introduction", "introduction_offer"):
            ran = cli("draft", kind, "ana", "--about", "luis")
            assert ran.code == 5
            assert ran.err.startswith(f"netcrm: {BOTH} have met already, on 2026-")
            assert cli("draft", kind, "ana", "--about", "luis", "--force").code == 0

    def test_to_nobody_in_particular_it_is_a_message_like_any_other(self, cli: Terminal) -> None:
        """There is no introduction to note."""
        last = cli("draft", "introduction_offer", "ana").err.splitlines()[-1]
        assert last == "When it is sent: netcrm log ana-ruiz email"


class TestList:
    """What is going on."""

    def test_of_all_or_one_person(self, cli: Terminal) -> None:
        """Those that are over only if asked for."""
        nothing = "No introduction is going on. To begin one: netcrm introduce WHO WHO"
        assert cli("introduce").out.startswith(nothing)
        cli("introduce", "ana", "luis", "--at", "3 days ago")
        cli("introduce", "ana", "luis", "--dropped", "--at", "2 days ago")
        cli("introduce", "ana", "priya")
        (line,) = cli("introduce").out.splitlines()
        assert line == "Ana Ruiz and Priya Nair  thought of  ask Ana Ruiz and Priya Nair"
        assert cli("introduce", "luis").out.startswith(nothing)
        assert f"{BOTH}  dropped  since " in cli("introduce", "luis", "--all").out
        assert len(cli("introduce", "--all").out.splitlines()) == 2
        then = cli("introduce", "--as-of", "3 days ago", "--json").json
        assert [one["stage"] for one in then["introductions"]] == ["thought_of"]
        assert len(then["as_of"]) == len("2026-03-05")

    def test_what_came_later_is_not_shown(self, cli: Terminal) -> None:
        """Not in JSON either, nor with the person."""
        cli("introduce", "ana", "luis", "--at", "3 days ago")
        cli("introduce", "ana", "luis", "--asked", "ana", "--at", "2 days ago")
        cli("introduce", "ana", "luis", "--agreed", "ana")
        for words in (["introduce", "--all"], ["show", "ana"]):
            seen = [
                [step["what"] for step in cli(*words, "--as-of", day, "--json")
                 .json["introductions"][0].get("steps", [])]
                for day in ("3 days ago", "2 days ago", "today")
            ]  # fmt: skip
            assert seen == [[], ["asked"], ["asked", "agreed"]]


class TestKnows:
    """Who knows whom."""

    def test_as_i_was_told(self, cli: Terminal) -> None:
        """How, and by whom, where that is known."""
        said = cli("knows", "ana").out
        assert said == "You noted nobody whom Ana Ruiz knows. To do so: netcrm knows ana-ruiz WHO\n"
        ran = cli("knows", "ana", "luis", "studied together", "--told-by", "priya")
        assert ran.out.startswith(f"Noted: {BOTH} know each other. (#5;")
        assert cli("knows", "luis").out == "Ana Ruiz  studied together  told by Priya Nair\n"
        assert cli("knows", "priya").out.startswith("You noted nobody")
        assert cli("knows", "ana", "luis").out == "Nothing to change.\n"
        (known,) = cli("knows", "ana", "--json").json["acquaintances"]
        made = cli("knows", "ana", "luis", "shared a flat", "--json").json["acquaintance"]
        assert (made["how"], made["told_by"]) == ("shared a flat", known["told_by"])
        assert cli("knows", "ana", "--json").json["acquaintances"] == [made]
        assert cli("knows", "ana", "--as-of", "2 days ago").out.startswith("You noted nobody")

    def test_looking_back_only_what_was_told_by_then_is_seen(self, cli: Terminal) -> None:
        """Whatever was told later; when it was is never ignored."""
        cli("knows", "ana", "luis", "studied together", "--at", "9 days ago")
        cli("knows", "ana", "luis", "shared a flat", "--told-by", "priya", "--at", "3 days ago")
        assert cli("knows", "ana").out == "Luis Ortega  shared a flat  told by Priya Nair\n"
        assert cli("knows", "ana", "--as-of", "4 days ago").out == "Luis Ortega  studied together\n"
        assert cli("show", "ana", "--as-of", "4 days ago").out.endswith(
            "knows Luis Ortega (studied together)\n"
        )
        assert cli("knows", "ana", "--as-of", "10 days ago").out.startswith("You noted nobody")
        assert cli("knows", "ana", "luis", "same ward", "--at", "12 days ago").code == 0
        assert cli("knows", "ana", "--as-of", "10 days ago").out == "Luis Ortega  same ward\n"
        assert cli("knows", "ana").out == "Luis Ortega  shared a flat  told by Priya Nair\n"

    def test_who_met_through_me_know_each_other(self, cli: Terminal) -> None:
        """It need not be noted again; nor do they before they met."""
        agreed = ("--agreed", "ana", "--agreed", "luis", "--introduced")
        cli("introduce", "ana", "luis", *agreed, "--at", "2026-03-01")
        cli("introduce", "ana", "luis", "--met", "--at", "2026-03-03")
        cli("introduce", "ana", "priya", "--met", "--at", "2026-03-04")
        assert cli("knows", "ana").out == (
            "Priya Nair                      met on Wed 4 Mar 2026\n"
            "Luis Ortega  introduced by you  met on Tue 3 Mar 2026\n"
        )
        assert cli("knows", "luis").out == "Ana Ruiz  introduced by you  met on Tue 3 Mar 2026\n"
        assert cli("knows", "ana", "--as-of", "2026-03-02").out.startswith("You noted nobody")
        told = cli("knows", "ana", "--json").json
        assert (told["acquaintances"], len(told["introductions"])) == ([], 2)

    def test_a_person_is_shown_with_both(self, cli: Terminal) -> None:
        """As far as it was known by then."""
        cli("knows", "ana", "luis", "same choir", "--told-by", "ana", "--at", "3 days ago")
        cli("knows", "ana", "priya")
        cli("introduce", "luis", "priya", "--asked", "priya")
        said = cli("show", "ana").out
        assert "knows Luis Ortega (same choir, told by Ana Ruiz)\nknows Priya Nair\n" in said
        said = cli("show", "luis").out
        assert "knows Ana Ruiz (same choir, told by Ana Ruiz)" in said
        assert "introduction to Priya Nair: asking, since " in said
        shown = cli("show", "luis", "--json").json
        assert [one["how"] for one in shown["acquaintances"]] == ["same choir"]
        assert [one["stage"] for one in shown["introductions"]] == ["asking"]
        then = cli("show", "luis", "--as-of", "2 days ago", "--json").json
        assert (len(then["acquaintances"]), then["introductions"]) == (1, [])

    def test_what_a_terminal_would_obey_is_shown(self, cli: Terminal) -> None:
        """Whatever people are called, and however they know each other."""
        cli("knows", "ana", "luis", "by \x1b[31mred\x1b[0m ink")
        assert "\x1b" not in cli("knows", "ana").out + cli("show", "ana").out


def test_it_is_all_in_the_file(cli: Terminal) -> None:
    """As text that people can read."""
    cli("introduce", "ana", "luis", "both like the sea", "--asked", "ana")
    cli("knows", "ana", "luis", "studied together")
    text = cli.file.read_text("utf-8")
    assert "both like the sea" in text
    assert "studied together" in text
