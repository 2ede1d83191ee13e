"""debrief, learn, insights, decide and opportunity, as people type them."""

from __future__ import annotations

import io
import re
import shlex
from types import SimpleNamespace

import pytest

from tests.networks import cli, commits, everything, terminal
from tests.test_cli_hostile import HOSTILE, obeyed

__all__ = ["cli", "terminal"]

WRITING = {
    "debrief": ["debrief", "ana", "--liked", "time with people"],
    "learn": ["learn", "nights are hard", "--from", "ana"],
    "insights": ["insights", "--applied", "read the"],
    "decide": ["decide", "try it", "--because", "read the"],
    "opportunity": ["opportunity", "ana", "a summer on the ward"],
}
KEYS = {
    "debrief": "interview", "learn": "insight", "insights": "insight", "decide": "decision",
    "opportunity": "opportunity",
}  # fmt: skip
READING = {
    "insights": ["insights"],
    "insights --skills": ["insights", "--skills"],
    "decide": ["decide"],
    "opportunity": ["opportunity"],
    "opportunity WHO": ["opportunity", "ana"],
}
TEXTS = (
    "liked", "challenging", "rewarding", "satisfying", "disliked", "daily-tasks", "experience",
)  # fmt: skip


@pytest.fixture
def met(cli):
    """Ana was met yesterday, and advised to read; Luis was not."""
    with cli.open() as net:
        net.log("ana", "coffee", kind="meeting", at="yesterday")
        net.learn("Read the guide", who="ana", category="advice")
    return cli


def state(terminal):
    with terminal.open() as net:
        return everything(net), commits(net)


def evaluation(terminal):
    """Return what is stored of the interview with Ana."""
    with terminal.open() as net:
        return net.interview("ana").interview.evaluation


@pytest.fixture
def refused(met):
    """A function that runs a command, which is to be refused; it returns what is said."""

    def run(code, *arguments):
        before = state(met)
        ran = met(*arguments)
        assert (ran.code, ran.out) == (code, "")
        assert len(ran.err.splitlines()) == 1 or code == 2
        assert state(met) == before
        return ran.err

    return run


class TestEveryCommand:
    @pytest.mark.parametrize("name", WRITING)
    def test_its_examples_can_be_typed_in_order(self, met, name):
        _, _, examples = met(name, "--help").out.partition("Example:\n")
        lines = [line.strip() for line in examples.splitlines() if "netcrm " in line]
        assert lines
        for line in lines:
            ran = met(*shlex.split(line)[1:])
            assert (ran.code, ran.err) == (0, ""), line

    @pytest.mark.parametrize("name", WRITING)
    def test_it_says_what_it_did(self, met, name):
        ran = met(*WRITING[name])
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.splitlines()[0].endswith("(#6; to take it back: netcrm undo)")

    @pytest.mark.parametrize("name", WRITING)
    def test_one_undo_takes_it_back(self, met, name):
        before = state(met)[0]
        met(*WRITING[name])
        assert state(met)[0] != before
        assert met("undo").code == 0
        assert state(met)[0] == before

    @pytest.mark.parametrize("name", WRITING)
    def test_dry_run_changes_nothing(self, met, name):
        before = met.files()
        for more in ((), ("--json",)):
            ran = met(*WRITING[name], "--dry-run", *more)
            assert (ran.code, ran.err) == (0, "")
            assert met.files() == before
        assert ran.json["dry_run"] is True
        assert ran.json["commit"]["seq"] == 6

    @pytest.mark.parametrize("name", WRITING)
    def test_json_has_the_commit_and_the_record(self, met, name):
        said = met(*WRITING[name], "--json").json
        assert (said["commit"]["seq"], said["dry_run"]) == (6, False)
        assert (KEYS[name], said[KEYS[name]]["id"]) in state(met)[0]

    @pytest.mark.parametrize("name", READING)
    def test_looking_changes_nothing(self, met, name):
        before = met.files()
        for more in ((), ("--json",)):
            ran = met(*READING[name], *more)
            assert (ran.code, ran.err) == (0, "")
            assert ran.out
        assert ran.json["netcrm"] == 1
        assert met.files() == before

    @pytest.mark.parametrize("name", READING)
    def test_where_nothing_is_there_it_says_what_to_type(self, cli, name):
        assert "netcrm " in cli(*READING[name]).out

    def test_no_text_moves_the_cursor(self, met):
        met("edit", "ana", "--name", HOSTILE, "--handle", "ana")
        told = [f"--{name}={HOSTILE}" for name in (*TEXTS, "paths", "skill", "gap", "who-else",
                "next", "field", "insight", "advice", "opportunity")]  # fmt: skip
        for arguments in (
            ["debrief", "ana", *told, f"--rate={HOSTILE}=3"],
            ["debrief", "ana", f"--keep-in-touch={HOSTILE}"],
            ["debrief", "ana", f"--rate={HOSTILE}"],
            ["learn", HOSTILE, "--from", "ana", "--org", HOSTILE, "--role", HOSTILE],
            ["insights"], ["insights", "--skills"], ["insights", "--applied", HOSTILE],
            ["insights", "--apply", "mallory", "--by", HOSTILE], ["insights", "--org", HOSTILE],
            ["decide", HOSTILE, "--because", "read"], ["decide", HOSTILE, "--because", HOSTILE],
            ["decide"], ["opportunity", "ana", HOSTILE, "--org", HOSTILE], ["opportunity"],
            ["opportunity", "--outcome", "mallory", HOSTILE], ["opportunity", HOSTILE],
            ["opportunity", "--outcome", HOSTILE, HOSTILE], ["learn", "x", "--category", HOSTILE],
        ):  # fmt: skip
            for more in ([], ["--json"]):
                ran = met(*arguments, *more)
                assert ran.code in (0, 1, 2), arguments
                assert obeyed(ran.out + ran.err) == set(), arguments
        assert "Mallory" in met("insights").out


class TestDebrief:
    def test_all_that_can_be_said(self, met):
        told = [word for name in TEXTS for word in (f"--{name}", f"said of {name}")]
        ran = met("debrief", "ana", *told, "--paths", "a degree", "--skill", "Statistics",
                  "--skill", "tea", "--gap", "tea", "--next", "apply", "--field", "Nursing",
                  "--rate", "interest=4", "--rate", "Day-to-day=2", "--confidence", "3",
                  "--decision", "deepen")  # fmt: skip
        assert ran.code == 0
        made = evaluation(met)
        for name in TEXTS:
            assert getattr(made, name.replace("-", "_")) == f"said of {name}"
        assert made.training_and_paths == "a degree"
        assert (made.skills, made.gaps) == ({"statistics", "tea"}, {"tea"})
        assert (made.next_steps, made.fields) == (("apply",), {"nursing"})
        assert dict(made.ratings) == {"interest": 4, "day-to-day": 2}
        assert (made.confidence, made.decision) == (3, "deepen")

    def test_the_second_time_adds_to_the_first(self, met):
        met("debrief", "ana", "--skill", "tea", "--next", "a", "--rate", "interest=4", "--rate",
            "outlook=3", "--liked", "x", "--who-else", "Priya Nair")  # fmt: skip
        met("debrief", "ana", "--skill", "maths", "--next", "b", "--next", "a", "--rate",
            "Interest=2", "--rate", "values=5", "--disliked", "y", "--who-else",
            "Kofi Mensah")  # fmt: skip
        made = evaluation(met)
        assert made.skills == {"tea", "maths"}
        assert made.next_steps == ("a", "b")
        assert made.who_else == ("Priya Nair", "Kofi Mensah")
        assert dict(made.ratings) == {"interest": 2, "outlook": 3, "values": 5}
        assert (made.liked, made.disliked) == ("x", "y")

    def test_they_named_them_when_we_met(self, met):
        """However late it is written down, it was said in the interview."""
        with met.open() as net:
            held = net.interview("ana").now.held.date
        met("debrief", "ana", "--who-else", "Priya Nair")
        with met.open() as net:
            (referral,) = net.referrals("priya")
            assert referral.day == held
            assert referral.interaction == net.interview("ana").now.hold

    def test_whom_they_named(self, met):
        ran = met("debrief", "ana", "--who-else", "Priya Nair", "--who-else", "luis", "--json")
        assert {one["kind"] for one in ran.json["closed"]} == {"debrief", "ask_referrals"}
        with met.open() as net:
            named = {net.names([one.referred])[one.referred].name for one in net.referrals("ana")}
        assert named == {"Priya Nair", "Luis Ortega"}

    def test_that_they_knew_nobody(self, met):
        closed = met("debrief", "ana", "--nobody-else", "--json").json["closed"]
        assert {one["kind"] for one in closed} == {"debrief", "ask_referrals"}
        with met.open() as net:
            assert [step.what for step in net.interview("ana").interview.steps] == ["no_referrals"]

    def test_advice_insights_and_openings(self, met):
        said = met("debrief", "ana", "--advice", "watch a shift", "--insight", "nights pay",
                   "--opportunity", "a summer", "--field", "Nursing", "--json").json  # fmt: skip
        assert [(one["text"], one.get("category", "daily_work"), one["fields"])
                for one in said["insights"]] == [
            ("watch a shift", "advice", ["nursing"]), ("nights pay", "daily_work", ["nursing"]),
        ]  # fmt: skip
        assert [one["text"] for one in said["opportunities"]] == ["a summer"]
        everyone = {one["contact"] for one in (*said["insights"], *said["opportunities"])}
        assert everyone == {said["interview"]["people"][0]["id"]}
        assert {one["interview"] for one in said["insights"]} == {said["interview"]["id"]}

    def test_how_to_go_on_with_them(self, met):
        ran = met("debrief", "ana", "--keep-in-touch", "3 months", "--mentor")
        assert ran.out.splitlines()[-1].startswith("Get back to them: on ")
        with met.open() as net:
            (rule,) = net.rules()
            assert (rule.selector.kind, str(rule.every)) == ("contact", "3 months")
            assert rule.selector.value == net.contact("ana").id
            assert net.contact("ana").roles == {"mentor-candidate"}
        met("debrief", "ana", "--keep-in-touch", "never")
        assert met("rule", "--json").json["rules"][0].get("every") is None

    def test_all_of_it_is_one_change(self, met):
        before = state(met)
        met("debrief", "ana", "--liked", "x", "--advice", "a", "--opportunity", "o", "--mentor",
            "--keep-in-touch", "1 year", "--who-else", "Priya Nair")  # fmt: skip
        assert state(met)[1] == before[1] + 1
        met("undo")
        assert state(met)[0] == before[0]

    def test_what_i_lack_and_what_is_owed(self, met):
        met("me", "--skill", "tea")
        ran = met("debrief", "ana", "--skill", "tea", "--skill", "Statistics")
        lines = ran.out.splitlines()
        assert lines[1] == "Not among your skills: statistics. (If they are: netcrm me --skill ...)"
        assert lines[2] == "Settled: debrief."
        assert lines[3].startswith("To do: ")
        assert "thank them" in lines[3]
        said = met("debrief", "ana", "--liked", "x", "--json").json
        assert said["gaps"] == [{"skill": "statistics", "interviews": 1}]
        assert {one["kind"] for one in said["owed"]} == {"thank_you", "ask_referrals"}
        assert said["closed"] == []
        assert said["due"]["person"]["handle"] == "ana-ruiz"

    def test_only_the_gaps_of_this_interview_are_told(self, met):
        met("debrief", "ana", "--skill", "law")
        met("log", "luis", "coffee", "--kind", "meeting")
        said = met("debrief", "luis", "--skill", "tea", "--json").json
        assert [one["skill"] for one in said["gaps"]] == ["tea"]

    def test_mistakes(self, refused):
        assert "There is no interview with Luis" in refused(1, "debrief", "luis", "--liked", "x")
        assert "is not a rating" in refused(1, "debrief", "ana", "--rate", "interest=6")
        assert "is not NAME=N" in refused(2, "debrief", "ana", "--rate", "interest")
        assert "give one of" in refused(2, "debrief", "ana", "--nobody-else", "--who-else", "X")
        assert "is not one of" in refused(2, "debrief", "ana", "--decision", "maybe")
        assert "'ages'" in refused(1, "debrief", "ana", "--liked", "x", "--keep-in-touch", "ages")

    def test_who_was_not_met_yet(self, refused, met):
        met("ask", "luis", "email")
        err = refused(1, "debrief", "luis", "--liked", "x")
        assert "You have not met Luis Ortega yet" in err
        assert "netcrm log WHO coffee --kind meeting" in err
        assert met("log", "luis", "coffee", "--kind", "meeting").code == 0
        assert met("debrief", "luis", "--liked", "x").code == 0

    def test_without_options_and_without_a_terminal(self, refused):
        err = refused(2, "debrief", "ana")
        for option in ("--liked", "--rate", "--who-else", "--advice", "--keep-in-touch"):
            assert option in err


class TestQuestionByQuestion:
    """In a terminal, debrief without options asks; in the tests the terminal is one of text."""

    @pytest.fixture
    def asks(self, met, monkeypatch):
        """A function that types lines into `netcrm debrief`, and Ctrl-D after the last."""
        typing = type("Typing", (io.StringIO,), {"isatty": lambda _: True})
        monkeypatch.setattr("tests.networks.io", SimpleNamespace(StringIO=typing))
        return lambda *lines, who="ana", more=(): met(
            "debrief", who, *more, stdin="".join(f"{line}\n" for line in lines)
        )

    ALL = (
        "people", "nights", "thanks", "calm", "forms", "talking", "a year", "a degree",
        "Tea", "maths", "", "maths", "",
        "4", "", "6", "five", "3", "", "2",
        "Priya Nair", "", "watch", "read", "", "apply", "",
    )  # fmt: skip

    def test_what_is_typed_is_stored(self, asks, met):
        before = state(met)[1]
        ran = asks(*self.ALL)
        assert ran.code == 0
        assert ran.out.startswith("Debriefed Ana Ruiz. (#")
        assert state(met)[1] == before + 1
        made = evaluation(met)
        assert (
            made.liked, made.challenging, made.rewarding, made.satisfying, made.disliked,
            made.daily_tasks, made.experience, made.training_and_paths,
        ) == self.ALL[:8]  # fmt: skip
        assert (made.skills, made.gaps) == ({"tea", "maths"}, {"maths"})
        assert dict(made.ratings) == {"interest": 4, "values": 3, "outlook": 2}
        assert (made.who_else, made.next_steps) == (("Priya Nair",), ("apply",))
        with met.open() as net:
            advice = {one.text for one in net.insights(who="ana", category="advice")}
        assert advice == {"watch", "read", "Read the guide"}

    def test_questions_go_to_standard_error(self, asks):
        ran = asks(*self.ALL, more=["--json"])
        assert ran.json["interview"]["evaluation"]["liked"] == "people"
        assert ran.err.startswith("Your interview with Ana Ruiz. An empty line skips a question")
        assert ran.err.count("interest?") == 1
        assert ran.err.count("values?") == 3  # 6 and five are no ratings

    def test_nobody(self, asks, met):
        asks(*[""] * 15, "Nobody", "", "", "")
        with met.open() as net:
            thread = net.interview("ana").interview
        assert [step.what for step in thread.steps] == ["no_referrals"]
        assert thread.evaluation.who_else == ()

    @pytest.mark.parametrize("lines", [("people",), ("", "nights"), ("",) * 8 + ("tea", "maths")])
    def test_ctrl_d_keeps_what_was_said_by_then(self, asks, met, lines):
        assert asks(*lines).code == 0
        made = evaluation(met)
        said = {made.liked, made.challenging, *made.skills} - {""}
        assert said == set(lines) - {""}

    @pytest.mark.parametrize("lines", [(), ("",) * 20, ("", " ")])
    def test_where_nothing_is_said_nothing_is_stored(self, asks, met, lines):
        before = met.files()
        ran = asks(*lines)
        assert (ran.code, ran.out) == (0, "")
        assert ran.err.endswith("Nothing was said, so nothing was stored.\n")
        assert met.files() == before

    def test_dry_run(self, asks, met):
        before = met.files()
        assert "Nothing was changed." in asks(*self.ALL, more=["--dry-run"]).out
        assert met.files() == before

    def test_who_was_not_met_is_told_before_any_question(self, asks):
        ran = asks(*self.ALL, who="luis")
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("netcrm: There is no interview with Luis Ortega.")
        assert len(ran.err.splitlines()) == 1

    def test_what_cannot_be_stored_is_not_lost(self, asks, met):
        met("add", "Ana Lima")
        before = met.files()
        lines = ("it's fun", *self.ALL[1:20], "ana", "", "a", "b", "", "")
        ran = asks(*lines, who="ana-ruiz")
        assert (ran.code, ran.out) == (3, "")
        assert met.files() == before
        kept = re.search(r"Nothing was stored. What you said: netcrm (.*)", ran.err)[1]
        words = shlex.split(kept)
        assert "--liked=it's fun" in words
        assert "--rate=outlook=2" in words
        words[words.index("--who-else=ana")] = "--who-else=Ana Lima"
        assert met(*words).code == 0
        with met.open() as net:
            made = net.interview("ana-ruiz").interview.evaluation
        assert (made.liked, made.who_else) == ("it's fun", ("Ana Lima",))
        assert dict(made.ratings) == {"interest": 4, "values": 3, "outlook": 2}
        assert made.training_and_paths == "a degree"

    def test_that_they_knew_nobody_is_not_lost_either(self, asks, met):
        ran = asks("people", *[""] * 7, "🦆", "", "", *[""] * 5, "nobody", "", "", "")
        assert (ran.code, ran.out) == (1, "")
        assert "debrief ana --liked=people '--skill=🦆' --nobody-else\n" in ran.err

    def test_what_is_typed_does_not_move_the_cursor(self, asks, met):
        met("edit", "ana", "--name", HOSTILE, "--handle", "ana")
        odd = HOSTILE.replace("\r\n", "")
        ran = asks(odd, *[""] * 14, "luis ortega", odd, "", odd, "", "", who="ana")
        assert obeyed(ran.out + ran.err) == set()


class TestLearn:
    def test_a_long_text_is_stored_whole_and_shown_short(self, met):
        text = "word " * 1000
        ran = met("learn", text)
        assert len(ran.out) < 400
        assert met("insights", "--json").json["insights"][0]["text"] == text.strip()

    def test_all_of_it(self, met):
        met("objective", "What is hard?")
        said = met("learn", "nights are", "--from", "ana", "--category", "challenge", "--field",
                   "Nursing", "--org", "Mercy", "--role", "Nurse", "--negative", "--hearsay",
                   "--confidential", "--for", "what is", "--json").json["insight"]  # fmt: skip
        with met.open() as net:
            assert said["contact"] == net.contact("ana").id
            assert said["interview"] == net.interview("ana").interview.id
            assert said["objective"] == net.objectives()[0].id
        assert {key: said[key] for key in (
            "text", "category", "fields", "organisation", "role", "stance", "first_hand",
            "confidential",
        )} == {
            "text": "nights are", "category": "challenge", "fields": ["nursing"],
            "organisation": "Mercy", "role": "Nurse", "stance": "negative", "first_hand": False,
            "confidential": True,
        }  # fmt: skip

    def test_from_nobody(self, cli):
        made = cli("learn", "nights pay more", "--positive", "--json").json["insight"]
        assert made["stance"] == "positive"
        assert not {"contact", "first_hand", "confidential", "category"} & made.keys()

    def test_mistakes(self, refused):
        assert "says something" in refused(1, "learn", " ")
        assert "Nobody here" in refused(1, "learn", "x", "--from", "nobody")
        assert "begins no objective" in refused(1, "learn", "x", "--for", "zz")
        assert "is not one of" in refused(2, "learn", "x", "--category", "gossip")
        assert "Missing argument" in refused(2, "learn")


class TestInsights:
    @pytest.fixture
    def learned(self, met):
        """Three insights, each of another sort."""
        met("learn", "Nights pay more", "--field", "nursing", "--org", "Mercy", "--positive")
        met("learn", "The law is changing", "--from", "luis", "--category", "trend", "--hearsay",
            "--confidential")  # fmt: skip
        return met

    def test_in_words(self, learned):
        lines = [line.split("  ", 1)[1].strip() for line in learned("insights").out.splitlines()]
        assert lines == [
            "Luis Ortega: The law is changing", "trend; hearsay; confidential",
            "Nights pay more", "daily work; positive; nursing; Mercy",
            "Ana Ruiz: Read the guide", "advice",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ([], {"Nights", "The", "Read"}),
            (["--from", "ana"], {"Read"}),
            (["--field", "Nursing"], {"Nights"}),
            (["--org", "mercy"], {"Nights"}),
            (["--category", "trend"], {"The"}),
            (["--use", "planned"], {"Read"}),
            (["--use", "noted"], {"Nights", "The"}),
            (["--from", "ana", "--category", "trend"], set()),
        ],
    )
    def test_filters(self, learned, filters, found):
        learned("insights", "--apply", "read")
        items = learned("insights", *filters, "--json").json["insights"]
        assert {one["text"].split()[0] for one in items} == found
        if not found:
            assert learned("insights", *filters).out.startswith("No insight like that.")

    def test_what_became_of_one(self, learned):
        out = learned("insights", "--apply", "read the", "--by", "2030-03-06").out
        assert out.startswith("Noted: “Read the guide” is planned by Wed 6 Mar 2030. (#8; ")
        assert "Tell " not in out
        assert "advice; planned by Wed 6 Mar 2030\n" in learned("insights").out
        out = learned("insights", "--applied", "read the").out
        assert "Tell Ana Ruiz" in out
        assert "advice; applied\n" in learned("insights").out
        learned("insights", "--set-aside", "read the")
        assert "advice; set aside\n" in learned("insights").out
        item = learned("insights", "--from", "ana", "--json").json["insights"][0]
        assert (item["use"], item["person"]["handle"]) == ("set_aside", "ana-ruiz")
        assert [one["use"] for one in item["steps"]] == ["planned", "applied", "set_aside"]

    def test_nobody_is_to_be_told_of_what_nobody_told(self, learned):
        assert "Tell " not in learned("insights", "--applied", "nights").out

    def test_skills_and_gaps(self, met):
        met("me", "--skill", "tea")
        met("debrief", "ana", "--skill", "tea", "--skill", "law", "--field", "nursing")
        met("log", "luis", "coffee", "--kind", "meeting")
        met("debrief", "luis", "--skill", "law")
        assert met("insights", "--skills").out == (
            "law  named in 2 interviews  a gap\ntea  named in 1 interview   yours\n"
        )
        assert met("insights", "--skills", "--field", "nursing", "--json").json["skills"] == [
            {"skill": "law", "interviews": 1, "mine": False},
            {"skill": "tea", "interviews": 1, "mine": True},
        ]

    def test_mistakes(self, refused):
        assert "begins no insight" in refused(1, "insights", "--applied", "zz")
        assert "is not a day" in refused(1, "insights", "--apply", "read", "--by", "someday")
        assert "--by goes with" in refused(2, "insights", "--by", "friday")
        assert "--by goes with" in refused(2, "insights", "--applied", "read", "--by", "friday")
        for both in (
            ["--apply", "a", "--applied", "b"], ["--apply", "a", "--field", "x"],
            ["--skills", "--from", "ana"], ["--skills", "--set-aside", "a"],
        ):  # fmt: skip
            assert "give filters" in refused(2, "insights", *both)


class TestDecide:
    def test_what_and_why(self, met):
        met("objective", "What is hard?")
        ran = met("decide", "Try it", "--because", "read", "--goal", "--for", "what")
        assert ran.out.splitlines()[0].startswith("Decided: “Try it”. (#7; ")
        assert ran.out.splitlines()[1] == (
            "Ana Ruiz will like to hear what came of it: netcrm today"
        )
        lines = [line.split("  ", 1)[1].strip() for line in met("decide").out.splitlines()]
        assert lines == ["Try it  [goal]", "because Ana Ruiz: Read the guide"]
        (one,) = met("decide", "--json").json["decisions"]
        with met.open() as net:
            assert one["objective"] == net.objectives()[0].id
            assert one["insights"] == [net.insights()[0].id]
        assert (one["is_goal"], one["because"][0]["text"]) == (True, "Read the guide")
        assert one["because"][0]["person"]["handle"] == "ana-ruiz"
        assert one["because"][0]["id"] == one["insights"][0]

    def test_who_told_it_may_be_gone(self, met):
        met("decide", "Try it", "--because", "read")
        assert met("remove", "ana").code == 0
        assert met("decide").out.endswith("  Try it\n")
        assert met("decide", "--json").json["decisions"][0]["because"] == []

    def test_the_latest_first_and_nobody_to_tell(self, met):
        met("decide", "one", "--goal")
        assert len(met("decide", "two").out.splitlines()) == 1
        assert [one["text"] for one in met("decide", "--json").json["decisions"]] == ["two", "one"]
        assert "goal" not in met("decide").out.splitlines()[0]

    def test_mistakes(self, refused):
        assert "begins no insight" in refused(1, "decide", "x", "--because", "zz")
        assert "begins no objective" in refused(1, "decide", "x", "--for", "zz")
        assert "says something" in refused(1, "decide", " ")
        for alone in (["--goal"], ["--because", "read"], ["--for", "x"]):
            assert "say what you decided" in refused(2, "decide", *alone)


class TestOpportunity:
    def test_all_of_it(self, met):
        made = met("opportunity", "ana", "a summer", "--kind", "internship", "--org", "Mercy",
                   "--unadvertised", "--json").json["opportunity"]  # fmt: skip
        assert (made["text"], made["kind"], made["organisation"]) == (
            "a summer", "internship", "Mercy",
        )  # fmt: skip
        assert made["advertised"] is False
        met("opportunity", "luis", "a talk", "--kind", "event", "--advertised")
        rows = [re.split(r"  +", line)[1:] for line in met("opportunity").out.splitlines()]
        assert rows == [
            ["Luis Ortega", "a talk", "event, advertised"],
            ["Ana Ruiz", "a summer", "internship, Mercy, not advertised"],
        ]
        (one,) = met("opportunity", "luis", "--json").json["opportunities"]
        assert (one["text"], one["person"]["handle"]) == ("a talk", "luis-ortega")

    def test_what_came_of_it(self, met):
        met("opportunity", "ana", "a summer")
        ran = met("opportunity", "--outcome", "a sum", "applied in May")
        assert ran.out.splitlines()[0].startswith(
            "Noted: Ana Ruiz told you of “a summer”, and what came of it: “applied in May”. (#7; "
        )
        assert ran.out.splitlines()[1] == "Ana Ruiz will like to hear it: netcrm today"
        assert "applied in May (" in met("opportunity").out

    def test_mistakes(self, refused):
        assert "begins no opportunity" in refused(1, "opportunity", "--outcome", "zz", "x")
        assert "says what it is" in refused(1, "opportunity", "ana", " ")
        assert "Nobody here" in refused(1, "opportunity", "nobody")
        for wrong in (
            ["ana", "--kind", "job"], ["--org", "x"], ["ana", "--outcome", "a", "b"],
            ["--outcome", "a", "b", "--advertised"], ["ana", "x", "--kind", "war"],
        ):  # fmt: skip
            assert "Usage" in refused(2, "opportunity", *wrong)
