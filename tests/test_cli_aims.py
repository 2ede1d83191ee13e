"""me, pitch, objective, campaign, field and research, as people type them."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.networks import cli, commits, everything, terminal
from tests.test_cli_hostile import HOSTILE, obeyed

__all__ = ["cli", "terminal"]

FULL = {
    "me": ["me", "--skill", "Listening"],
    "pitch": ["pitch", "--goals", "I want to become a nurse."],
    "objective": ["objective", "What is a normal day like?"],
    "campaign": ["campaign", "Spring", "--aim", "psychiatry=3"],
    "field": ["field", "psychiatry", "--related", "psychology"],
    "research": ["research", "ana", "wrote a book"],
}
KINDS = {"me": "profile", "pitch": "profile", "field": "careerfield"}


def state(terminal):
    with terminal.open() as net:
        return everything(net), commits(net)


def last(ran):
    """Return the last line of what a command printed."""
    return ran.out.splitlines()[-1]


@pytest.fixture
def refused(cli):
    """A function that runs a command, which is to be refused; it returns what is said."""

    def run(code, *arguments):
        before = state(cli)
        ran = cli(*arguments)
        assert (ran.code, ran.out) == (code, "")
        assert len(ran.err.splitlines()) == 1 or code == 2
        assert state(cli) == before
        return ran.err

    return run


class TestEveryCommand:
    @pytest.mark.parametrize("name", FULL)
    def test_its_examples_can_be_typed_in_order(self, cli, name):
        _, _, examples = cli(name, "--help").out.partition("Example:\n")
        lines = [line.strip() for line in examples.splitlines() if "netcrm " in line]
        assert lines
        for line in lines:
            ran = cli(*shlex.split(line)[1:])
            assert (ran.code, ran.err) == (0, ""), line

    @pytest.mark.parametrize("name", FULL)
    def test_it_says_what_it_did_and_what_to_do_next(self, cli, name):
        ran = cli(*FULL[name])
        assert (ran.code, ran.err) == (0, "")
        assert re.search(r"\. \(#4; to take it back: netcrm undo\)$", ran.out.splitlines()[0])
        if name != "field":
            assert "netcrm " in last(ran).replace("netcrm undo", "")

    @pytest.mark.parametrize("name", FULL)
    def test_one_undo_takes_it_back(self, cli, name):
        before = state(cli)[0]
        cli(*FULL[name])
        assert state(cli)[0] != before
        assert cli("undo").code == 0
        assert state(cli)[0] == before

    @pytest.mark.parametrize("name", FULL)
    def test_dry_run_changes_nothing(self, cli, name):
        before = cli.files()
        for more in ((), ("--json",)):
            ran = cli(*FULL[name], "--dry-run", *more)
            assert (ran.code, ran.err) == (0, "")
            assert cli.files() == before
        assert ran.json["dry_run"] is True
        assert ran.json["commit"]["seq"] == 4

    @pytest.mark.parametrize("name", FULL)
    def test_json_has_the_commit_and_the_record(self, cli, name):
        said = cli(*FULL[name], "--json").json
        assert (said["commit"]["seq"], said["dry_run"]) == (4, False)
        key = "profile" if name in ("me", "pitch") else name
        ids = [id_ for kind, id_ in state(cli)[0] if kind == KINDS.get(name, name)]
        assert ids == [said[key]["id"]]

    @pytest.mark.parametrize("name", ["me", "pitch", "objective", "campaign", "field"])
    def test_looking_changes_nothing_even_where_nothing_is_there(self, cli, name):
        before = cli.files()
        ran = cli(name)
        assert (ran.code, ran.err) == (0, "")
        assert "netcrm " in ran.out  # what to type first
        assert cli(name, "--json").json
        assert cli.files() == before

    @pytest.mark.parametrize("name", FULL)
    def test_no_text_moves_the_cursor(self, cli, name):
        cli("objective", HOSTILE)
        cli("campaign", HOSTILE)
        cli("edit", "maya", "--name", HOSTILE)
        cli("me", "--education", HOSTILE, "--link", HOSTILE, "--confidence", "3", "--note", HOSTILE)
        cli("pitch", "--education", HOSTILE)
        texts = {"wrote a book", "What is a normal day like?", "I want to become a nurse."}
        odd = [HOSTILE if word in texts else word for word in FULL[name]]
        for arguments in (odd, [*odd, "--json"], [name], [name, "--json"], [name, HOSTILE]):
            ran = cli(*arguments)
            assert ran.code in (0, 1, 2), arguments
            assert obeyed(ran.out + ran.err) == set(), arguments


class TestMe:
    def test_what_may_be_there_several_times_is_added(self, cli):
        cli("me", "--interest", "Psychiatry", "--link", "https://a.example", "--holiday",
            "2026-12-24")  # fmt: skip
        cli("me", "--interest", "Social Work", "--link", "https://b.example", "--skill", "tea")
        profile = cli("me", "--json").json["profile"]
        assert sorted(profile["interests"]) == ["psychiatry", "social-work"]
        assert profile["links"] == ["https://a.example", "https://b.example"]
        assert profile["skills"] == ["tea"]
        assert profile["holidays"] == ["2026-12-24"]

    def test_what_there_is_one_of_is_replaced(self, cli):
        cli("me", "--stage", "college", "--education", "BA", "--activities", "rowing")
        cli("me", "--education", "MA", "--seeking", "a summer")
        profile = cli("me", "--json").json["profile"]
        assert {name: profile[name] for name in profile if name != "id"} == {
            "stage": "college", "education": "MA", "activities": "rowing", "seeking": "a summer",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("said", "dropped"),
        [
            (["--interest", "Social Work"], "Social Work"),
            (["--skill", "tea"], "tea"),
            (["--value", "calm"], "CALM"),
            (["--link", "https://a.example/X"], "https://a.example/X"),
            (["--holiday", "2026-12-24"], "2026-12-24"),
        ],
    )
    def test_drop_takes_any_of_them_away(self, cli, said, dropped):
        cli("me", "--skill", "patience", *said)
        cli("me", "--drop", dropped)
        assert cli("me", "--json").json["profile"] == {"id": "me", "skills": ["patience"]}

    def test_what_is_not_there_cannot_be_dropped(self, refused):
        err = refused(1, "me", "--skill", "tea", "--drop", "coffee")
        assert err == "netcrm: Nothing of yours is called “coffee”. See: netcrm me\n"

    def test_how_sure_i_feel_over_time(self, cli):
        cli("me", "--confidence", "2", "--note", "nervous")
        cli("me", "--confidence", "4")
        felt = cli("me", "--json").json["profile"]["confidence"]
        assert [(one["level"], one.get("note")) for one in felt] == [(2, "nervous"), (4, None)]
        assert re.search(r"^confidence  2 on .*, 4 on ", cli("me").out, re.M)

    def test_it_says_what_is_missing_and_how_to_mend_it(self, cli):
        lines = cli("me").out.splitlines()
        assert lines[:2] == ["Maya Rao", "Still missing:"]
        assert [line.split("  ")[-1].strip() for line in lines[2:]] == [
            'netcrm objective "..."',
            "netcrm me --interest ...",
            "netcrm pitch --education ... --activities ... --interests ...",
            "netcrm me --link https://www.linkedin.com/in/...",
        ]

    def test_what_is_missing_shrinks_until_i_am_ready(self, cli):
        codes = []
        for arguments in (
            ["me"],
            ["objective", "What is hard?"],
            ["me", "--interest", "nursing", "--link", "https://www.linkedin.com/in/maya"],
            ["pitch", "--education", "I study.", "--activities", "I row."],
            ["pitch", "--interests", "Nursing.", "--practised", "5"],
        ):
            assert cli(*arguments).code == 0
            codes.append([one["code"] for one in cli("me", "--json").json["missing"]])
        assert codes == [
            ["objective", "interests", "pitch", "linkedin"],
            ["interests", "pitch", "linkedin"],
            ["pitch"],
            ["pitch-interests", "practice"],
            [],
        ]
        assert last(cli("me")) == "You are ready. Next: netcrm ask WHO email"
        assert "practised 5 min, last on " in cli("me").out
        assert "missing" not in cli("me").out

    def test_mistakes(self, refused):
        assert "a note goes with --confidence" in refused(2, "me", "--note", "x")
        assert "not in the range" in refused(2, "me", "--confidence", "6")
        assert "no letter or digit" in refused(1, "me", "--skill", "🦆")
        assert "is not a day" in refused(1, "me", "--holiday", "someday")


class TestPitch:
    def test_what_is_not_given_stays(self, cli):
        cli("pitch", "--education", "I study psychology.", "--goals", "I want to help.")
        said = cli("pitch", "--activities", "I row.", "--json").json
        (pitch,) = said["profile"]["pitches"]
        assert (pitch["education"], pitch["activities"], pitch["goals"]) == (
            "I study psychology.", "I row.", "I want to help.",
        )  # fmt: skip

    def test_it_shows_how_long_it_takes_and_what_is_missing(self, cli):
        cli("pitch", "--education", "word " * 65)
        lines = cli("pitch").out.splitlines()
        assert lines[0].endswith(": 30 seconds.")
        assert lines[1].startswith("word word")
        assert lines[2] == "You have never practised."
        assert [line.split("  ")[-1].strip() for line in lines[3:]] == [
            "netcrm pitch --activities ...",
            "netcrm pitch --interests ...",
            "netcrm pitch --practised 5",
        ]
        assert cli("pitch", "--json").json["seconds"] == 30

    def test_practice_adds_up(self, cli):
        cli("pitch", "--education", "I study.", "--practised", "5")
        ran = cli("pitch", "--practised", "10")
        assert "You have practised 15 min, last on " in ran.out

    def test_what_led_to_it(self, cli):
        insight = cli("learn", "be shorter", "--from", "ana", "--category", "feedback", "--json")
        said = cli("pitch", "--goals", "Help.", "--because", "be short", "--json").json
        assert said["profile"]["pitches"][0]["because"] == [insight.json["insight"]["id"]]

    def test_mistakes(self, refused):
        assert "“zz” begins no insight" in refused(1, "pitch", "--goals", "x", "--because", "zz")
        assert "not in the range" in refused(2, "pitch", "--practised", "0")


class TestObjective:
    def test_all_of_it(self, cli):
        said = cli("objective", "Is it for me?", "--focus", "career_path", "--field", "Nursing",
                   "--org", "Mercy", "--decision", "internship", "--json").json  # fmt: skip
        made = said["objective"]
        assert (made["text"], made["focus"], made["fields"]) == (
            "Is it for me?", "career_path", ["nursing"],
        )  # fmt: skip
        assert (made["organisations"], made["decision"]) == (["Mercy"], "internship")
        assert cli("objective").out == (
            "Is it for me?  career path, nursing, Mercy, internship  0 insights, 0 answers\n"
        )

    def test_the_list_counts_what_speaks_to_each(self, cli):
        cli("objective", "What is hard?")
        cli("objective", "What is it paid?")
        cli("learn", "nights are", "--for", "what is hard")
        cli("prepare", "ana", "--ask", "What tires you?", "--ask", "And what else?",
            "--for", "1", "what is hard", "--for", "2", "what is hard")  # fmt: skip
        assert cli("objective").out.splitlines()[0].endswith("1 insight, 0 answers")
        cli("answer", "ana", "1", "the nights")
        found = {
            one["text"]: (one["insights"], one["answers"])
            for one in cli("objective", "--json").json["objectives"]
        }
        assert found == {"What is hard?": (1, 1), "What is it paid?": (0, 0)}
        assert cli("objective").out.splitlines()[0].endswith("1 insight, 1 answer")

    @pytest.mark.parametrize(("option", "how"), [("--answered", "answered"), ("--drop", "dropped")])
    def test_it_ends(self, cli, option, how):
        cli("objective", "What is hard?")
        cli("objective", "How long does it take?")
        made = cli("objective", option, "what is", "--json").json["objective"]
        assert (made["text"], made["ended"]) == ("What is hard?", how)
        left = cli("objective", "--json").json["objectives"]
        assert [one["text"] for one in left] == ["How long does it take?"]
        out = cli("objective", option, "how").out
        assert out.startswith(f"{how.capitalize()}: “How long does it take?”. (#7; ")
        assert ("netcrm decide" in out) == (how == "answered")

    def test_mistakes(self, refused, cli):
        cli("objective", "What is hard?")
        cli("objective", "What is easy?")
        assert refused(1, "objective", "--answered", "what") == (
            "netcrm: “what” fits more than one objective. There are: “What is hard?”, "
            "“What is easy?”.\n"
        )
        assert "“x x” begins no objective" in refused(1, "objective", "--drop", "x\nx")
        assert "an objective says" in refused(1, "objective", " ")
        assert "Usage" in refused(2, "objective", "a", "--answered", "b")
        assert "Usage" in refused(2, "objective", "--answered", "a", "--drop", "b")
        assert "Usage" in refused(2, "objective", "--focus", "role")
        assert "Usage" in refused(2, "objective", "a", "--focus", "nonsense")


class TestCampaign:
    def test_all_of_it(self, cli):
        cli("objective", "What is hard?")
        made = cli("campaign", "Spring", "--aim", "psychiatry=3", "--aim", "Social Work=2",
                   "--every", "1 month", "--for", "what", "--org", "Mercy", "--weekly-requests",
                   "4", "--max-open", "6", "--weekly-minutes", "180", "--start", "2026-02-16",
                   "--end", "2026-04-12", "--json").json["campaign"]  # fmt: skip
        aims = [(one["field"], one["interviews"], one["held"]) for one in made["aims"]]
        assert aims == [("psychiatry", 3, 0), ("social-work", 2, 0)]
        assert (made["start"], made["end"], made["every"]) == (
            "2026-02-16",
            "2026-04-12",
            "1 month",
        )
        assert (made["weekly_requests"], made["max_open"], made["weekly_minutes"]) == (4, 6, 180)
        assert made["organisations"] == ["Mercy"]
        assert len(made["objectives"]) == 1
        assert cli("campaign").out == (
            "Spring  from Mon 16 Feb 2026 to Sun 12 Apr 2026  psychiatry 0 of 3, social-work 0 of 2"
            "  one every 1 month, 4 requests a week, at most 6 open, 180 min a week\n"
        )

    def test_the_one_called_so_is_changed(self, cli):
        cli("campaign", "Spring", "--aim", "psychiatry=3", "--max-open", "6")
        cli("campaign", "Spring", "--max-open", "2")
        (made,) = cli("campaign", "--json").json["campaigns"]
        assert (made["max_open"], made["aims"][0]["interviews"]) == (2, 3)
        assert "Nothing to change." in cli("campaign", "Spring").out

    def test_what_was_held_counts(self, cli):
        cli("campaign", "Spring", "--aim", "nursing=2", "--start", "30 days ago")
        cli("tag", "nursing", "ana", "--field")
        cli("log", "ana", "coffee", "--kind", "meeting", "--at", "yesterday")
        cli("tag", "nursing", "luis", "--field")
        cli("ask", "luis", "email")
        assert "nursing 1 of 2" in cli("campaign").out
        assert cli("campaign", "--json").json["campaigns"][0]["aims"][0]["held"] == 1

    def test_one_that_begins_later_is_listed_too(self, cli):
        cli("campaign", "Autumn", "--start", "in 3 months")
        assert cli("campaign").out.startswith("Autumn  from ")

    def test_mistakes(self, refused):
        for wrong in (
            "psychiatry",
            "=3",
            "psychiatry=",
            "psychiatry=three",
            "psychiatry=-1",
            "a=²",
        ):
            assert "is not NAME=N" in refused(2, "campaign", "X", "--aim", wrong)
        assert "name the campaign" in refused(2, "campaign", "--max-open", "3")
        assert "cannot end" in refused(1, "campaign", "X", "--end", "2000-01-01")
        assert "needs a name" in refused(1, "campaign", " ")
        assert "begins no objective" in refused(1, "campaign", "X", "--for", "zz")
        assert "is not a number" in refused(1, "campaign", "X", "--aim", "a=" + "9" * 400)


class TestField:
    def test_what_is_said_is_added(self, cli):
        cli("field", "Psychiatry", "--related", "Psychology", "--broader", "Medicine")
        ran = cli("field", "psychiatry", "--related", "Social Work")
        assert ran.out.startswith(
            "Noted: psychiatry; related to psychology, social-work; part of medicine. (#5; "
        )
        cli("field", "law", "--related", "politics")
        rows = cli("field").out.splitlines()
        assert [row.split()[0] for row in rows] == ["law", "psychiatry"]
        assert cli("field", "Psychiatry").out.startswith("psychiatry  related to")
        found = cli("field", "psychiatry", "--json").json["fields"]
        assert [(one["name"], one["broader"]) for one in found] == [("psychiatry", ["medicine"])]

    def test_a_field_of_which_nothing_is_said(self, cli):
        assert cli("field", "Social Work").out == (
            "Nothing is said of social-work yet. "
            "Say what is near: netcrm field social-work --related ...\n"
        )

    def test_mistakes(self, refused):
        assert "name the field" in refused(2, "field", "--related", "law")
        assert "broader than itself" in refused(1, "field", "law", "--broader", "law")
        assert "no letter or digit" in refused(1, "field", "🦆")


class TestResearch:
    def test_about_a_person(self, cli):
        said = cli("research", "ana", "wrote a book", "--link", "https://b.example", "--json").json
        made = said["research"]
        with cli.open() as net:
            assert made["contact"] == net.contact("ana").id
        assert (made["about"], made["text"], made["link"]) == (
            "person", "wrote a book", "https://b.example",
        )  # fmt: skip
        assert last(cli("research", "ana", "more")).endswith("netcrm brief ana-ruiz")

    def test_about_where_to_meet(self, cli):
        made = cli("research", "ana", "no tie", "--setting", "--json").json["research"]
        assert made["about"] == "setting"

    @pytest.mark.parametrize(
        ("option", "about", "key"),
        [("--org", "organisation", "organisation"), ("--field", "industry", "field")],
    )
    def test_about_a_place_or_a_field(self, cli, option, about, key):
        made = cli("research", option, "mercy", "grows", "--json").json["research"]
        assert (made["about"], made[key], made["text"]) == (about, "mercy", "grows")
        assert "contact" not in made
        assert cli("research", option, "mercy", "more").out.startswith("Noted about mercy. (#5; ")

    def test_mistakes(self, refused):
        for wrong in (
            ["ana"], ["ana", "a", "b"], ["ana", "a", "--org", "Mercy"], ["a", "--org", "b",
            "--field", "c"], ["a", "--org", "b", "--setting"], [],
        ):  # fmt: skip
            assert "Usage" in refused(2, "research", *wrong)
        assert "Nobody here is called" in refused(1, "research", "nobody", "x")
