"""prepare, questions, answer and brief, as people type them."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.networks import cli, commits, everything, terminal
from tests.test_cli_hostile import HOSTILE, obeyed

__all__ = ["cli", "terminal"]

WRITING = {
    "prepare": ["prepare", "ana"],
    "answer": ["answer", "luis", "1", "by chance"],
}
READING = {
    "questions": ["questions"],
    "questions --asked": ["questions", "--asked"],
    "questions --never-asked": ["questions", "--never-asked"],
    "questions --only": ["questions", "--only", "ana"],
    "brief": ["brief", "ana"],
    "brief --as-of": ["brief", "luis", "--as-of", "tomorrow"],
}
NAMES = ("prepare", "questions", "answer", "brief")


@pytest.fixture
def talks(cli):
    """Ana was met yesterday; an interview with Luis is prepared."""
    with cli.open() as net:
        net.log("ana", "coffee", kind="meeting", at="yesterday")
        net.prepare("luis")
        net.objective("What is hard?")
    return cli


def state(terminal):
    with terminal.open() as net:
        return everything(net), commits(net)


def plan(terminal, who):
    """Return the questions planned for a person, as they are stored."""
    with terminal.open() as net:
        return net.interview(who).interview.questions


@pytest.fixture
def refused(talks):
    """A function that runs a command, which is to be refused; it returns what is said."""

    def run(code, *arguments):
        before = state(talks)
        ran = talks(*arguments)
        assert (ran.code, ran.out) == (code, "")
        assert len(ran.err.splitlines()) == 1 or code == 2
        assert state(talks) == before
        return ran.err

    return run


class TestEveryCommand:
    @pytest.mark.parametrize("name", NAMES)
    def test_its_examples_can_be_typed_in_order(self, talks, name):
        _, _, examples = talks(name, "--help").out.partition("Example:\n")
        lines = [line.split(" > ")[0] for line in examples.splitlines() if "netcrm " in line]
        assert lines
        for line in lines:
            ran = talks(*shlex.split(line)[1:])
            assert (ran.code, ran.err) == (0, ""), line

    @pytest.mark.parametrize("name", WRITING)
    def test_it_says_what_it_did_and_what_to_do_next(self, talks, name):
        ran = talks(*WRITING[name])
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.splitlines()[0].endswith("(#7; to take it back: netcrm undo)")
        assert "Next: netcrm " in ran.out.splitlines()[-1]

    @pytest.mark.parametrize("name", WRITING)
    def test_one_undo_takes_it_back(self, talks, name):
        before = state(talks)[0]
        talks(*WRITING[name])
        assert state(talks)[0] != before
        assert talks("undo").code == 0
        assert state(talks)[0] == before

    @pytest.mark.parametrize("name", WRITING)
    def test_dry_run_changes_nothing(self, talks, name):
        before = talks.files()
        for more in ((), ("--json",)):
            ran = talks(*WRITING[name], "--dry-run", *more)
            assert (ran.code, ran.err) == (0, "")
            assert talks.files() == before
        assert ran.json["dry_run"] is True
        assert ran.json["commit"]["seq"] == 7

    @pytest.mark.parametrize("name", WRITING)
    def test_json_has_the_commit_and_the_interview(self, talks, name):
        said = talks(*WRITING[name], "--json").json
        assert (said["commit"]["seq"], said["dry_run"]) == (7, False)
        stored = plan(talks, WRITING[name][1])
        assert [one["text"] for one in said["interview"]["questions"]] == [q.text for q in stored]

    @pytest.mark.parametrize("name", READING)
    def test_looking_changes_nothing(self, talks, name):
        before = talks.files()
        ran = talks(*READING[name])
        assert (ran.code, ran.err) == (0, "")
        assert ran.out
        said = talks(*READING[name], "--json")
        assert (said.code, said.err) == (0, "")
        assert said.json["netcrm"] == 1
        assert talks.files() == before

    def test_no_text_moves_the_cursor(self, talks):
        talks("edit", "ana", "--name", HOSTILE, "--handle", "ana")
        for who in ("ana", "luis"):
            talks("answer", who, HOSTILE, HOSTILE, "--follow-up", HOSTILE)
        talks("objective", HOSTILE)
        talks("research", "ana", HOSTILE, "--link", HOSTILE)
        talks("prepare", "ana", "--ask", HOSTILE)
        talks("prepare", "ana", "--why", "1", HOSTILE, "--for", "1", HOSTILE)
        for arguments in (
            ["prepare", "ana", "--ask", f"Why {HOSTILE}"], ["prepare", "ana", "--must", HOSTILE],
            ["answer", "ana", f"How {HOSTILE}", HOSTILE], ["answer", "ana", "99", HOSTILE],
            ["questions", "--asked"], ["questions", HOSTILE], ["questions", "--only", "ana"],
            ["questions", "--topic", HOSTILE], ["brief", "ana"], ["brief", "ana", "--md"],
        ):  # fmt: skip
            for more in ([], ["--json"]):
                ran = talks(*arguments, *more)
                assert ran.code in (0, 1, 2), arguments
                assert obeyed(ran.out + ran.err) == set(), arguments
        assert "Mallory" in talks("questions", "--asked").out


class TestPrepare:
    def test_ten_questions_the_referral_last(self, cli):
        lines = cli("prepare", "ana").out.splitlines()
        assert lines[0].startswith("Planned 10 questions for Ana Ruiz. ")
        assert [line.split()[0] for line in lines[1:11]] == [str(n) for n in range(1, 11)]
        assert "Who else" in lines[10]
        assert lines[11] == "They take about 26 of 30 minutes."
        assert lines[-1] == "Next: netcrm brief ana-ruiz"

    def test_it_is_filled_up_to_as_many_as_i_say(self, cli):
        cli("prepare", "ana", "--ask", "What tires you?", "--ask", "What is new?")
        assert len(plan(cli, "ana")) == 2
        cli("prepare", "ana", "--n", "4")
        cli("prepare", "ana", "--n", "3")
        assert [one.text for one in plan(cli, "ana")][:2] == ["What tires you?", "What is new?"]
        assert len(plan(cli, "ana")) == 4
        cli("prepare", "ana")
        assert len(plan(cli, "ana")) == 10
        assert cli("prepare", "ana").out.startswith("Nothing to change.\n  1  What tires you?")

    def test_own_questions_and_more(self, cli):
        cli("prepare", "ana", "--ask", "What tires you?", "--n", "5")
        assert len(plan(cli, "ana")) == 5

    def test_a_change_adds_nothing(self, cli):
        cli("prepare", "ana", "--n", "2")
        for change in (["--must", "1"], ["--why", "1", "x"], ["--remove", "2"]):
            cli("prepare", "ana", *change)
        assert len(plan(cli, "ana")) == 1

    def test_a_question_by_its_key(self, cli):
        cli("prepare", "ana", "--ask", "misunderstood")
        (one,) = plan(cli, "ana")
        assert (one.key, one.text[:4]) == ("misunderstood", "What")

    def test_what_matters_is_marked(self, talks):
        ran = talks("prepare", "luis", "--must", "2", "--why", "2", "not written down", "--for",
                    "2", "what is hard", "--must", "3")  # fmt: skip
        lines = ran.out.splitlines()
        assert lines[2].endswith("[must ask; not online: not written down; for: What is hard?]")
        assert lines[3].endswith("[must ask]")
        one = plan(talks, "luis")[1]
        assert (one.must_ask, one.why_not_online) == (True, "not written down")
        with talks.open() as net:
            assert net.objectives()[0].id == one.objective

    def test_a_question_may_be_named_by_how_it_begins(self, talks):
        talks("prepare", "luis", "--must", "who else")
        assert [one.must_ask for one in plan(talks, "luis")] == [False] * 9 + [True]

    def test_questions_are_taken_out_by_the_numbers_that_are_shown(self, talks):
        before = plan(talks, "luis")
        ran = talks("prepare", "luis", "--remove", "2", "--remove", "3", "--must", "4")
        left = [one.text for one in plan(talks, "luis")]
        assert left == [one.text for n, one in enumerate(before, 1) if n not in (2, 3)]
        assert plan(talks, "luis")[1].must_ask
        assert ran.out.startswith("Planned 8 questions for Luis Ortega. ")

    def test_what_was_answered_is_not_taken_out(self, talks, refused):
        talks("answer", "luis", "1", "by chance")
        assert "was answered; it stays" in refused(1, "prepare", "luis", "--remove", "1")
        assert talks("prepare", "luis").out.splitlines()[1].endswith("[answered]")

    def test_what_is_to_mend_names_the_questions(self, talks):
        talks("prepare", "luis", "--why", "1", "secret", "--ask", "Is it well paid?")
        said = talks("prepare", "luis", "--json").json
        found = {one["code"]: one for one in said["findings"]}
        assert found["Q03"]["places"] == list(range(2, 12))
        assert found["Q04"]["places"] == list(range(1, 12))
        assert found["Q02"]["places"] == [10]
        lines = talks("prepare", "luis").out.splitlines()
        assert any(line.startswith("10: this can be answered by yes or no") for line in lines)
        assert any(line.startswith("each: say which of your objectives") for line in lines)
        assert any(line.startswith("2, 3, 4, 5, 6, 7, 8, 9, 10, 11: note why") for line in lines)

    def test_too_many_for_the_time_that_is_agreed(self, cli):
        cli("ask", "ana", "email", "--min", "20")
        ran = cli("prepare", "ana")
        assert "They take about 26 of 20 minutes." in ran.out
        assert "\nthis takes about 26 minutes and you have 20: keep the 7" in ran.out
        said = cli("prepare", "ana", "--json").json
        assert (said["minutes_needed"], said["minutes_agreed"]) == (26, 20)
        cli("log", "ana", "email", "--kind", "accept")
        cli("plan", "ana", "in 2 days", "--min", "45")
        assert cli("prepare", "ana", "--json").json["minutes_agreed"] == 45

    def test_what_they_answered_the_last_time_is_pointed_out(self, talks):
        talks("answer", "ana", "What tires you?", "the nights")
        talks("answer", "ana", "What cheers you?", "the people")
        talks("answer", "luis", "What helps you?", "tea")
        talks("prepare", "ana", "--ask", "What helps you?")
        talks("prepare", "ana", "--ask", "What cheers you?", "--ask", "What tires you?")
        found = {
            one["code"]: one["places"]
            for one in talks("prepare", "ana", "--must", "1", "--json").json["findings"]
        }
        assert found["Q08"] == [2, 3]

    def test_what_they_answered_in_this_interview_is_not(self, talks):
        talks("answer", "luis", "1", "by chance")
        found = talks("prepare", "luis", "--json").json["findings"]
        assert "Q08" not in {one["code"] for one in found}

    def test_mistakes(self, refused):
        assert "There is no question 11" in refused(1, "prepare", "luis", "--must", "11")
        assert "There is no question 0" in refused(1, "prepare", "luis", "--remove", "0")
        assert "No question of the plan" in refused(1, "prepare", "luis", "--why", "zz", "x")
        assert "begins no objective" in refused(1, "prepare", "luis", "--for", "1", "zz")
        assert "requires 2 arguments" in refused(2, "prepare", "luis", "--why", "1")
        assert "not in the range" in refused(2, "prepare", "luis", "--n", "0")
        assert "Nobody here" in refused(1, "prepare", "nobody")

    def test_whose_plan_must_be_plain(self, cli):
        cli("add", "Ana Lima")
        assert cli("prepare", "ana").code == 3


class TestQuestions:
    def test_all_of_them_with_their_keys(self, cli):
        said = cli("questions", "--json").json["questions"]
        assert len(said) > 20
        assert set(said[0]) == {"key", "text", "topic", "tiara", "starter"}
        lines = cli("questions").out.splitlines()
        assert [line.split()[0] for line in lines[:-1]] == [one["key"] for one in said]
        assert lines[-1] == "To ask one: netcrm prepare WHO --ask KEY"

    def test_by_topic_and_by_how_they_begin(self, cli):
        said = cli("questions", "--topic", "referral", "--json").json["questions"]
        assert {one["topic"] for one in said} == {"referral"}
        assert "who-else" in {one["key"] for one in said}
        for beginning in ("who else would", "who-else", "WHO   else"):
            found = cli("questions", beginning, "--json").json["questions"]
            assert "who-else" in {one["key"] for one in found}
        (one,) = cli("questions", "younger-s", "--json").json["questions"]
        assert one["key"] == "younger-self"
        assert cli("questions", "zz").out == "No such question. All of them: netcrm questions\n"

    def test_what_nobody_was_asked(self, talks):
        talks("answer", "luis", "1", "by chance")
        key = plan(talks, "luis")[0].key
        assert key in {one["key"] for one in talks("questions", "--json").json["questions"]}
        never = talks("questions", "--never-asked", "--json").json["questions"]
        assert key not in {one["key"] for one in never}

    def test_what_only_one_person_can_tell(self, talks):
        assert talks("questions", "--only", "ana", "--json").json["questions"] == []
        talks("tag", "nursing", "ana", "--field")
        found = talks("questions", "--only", "ana", "--json").json["questions"]
        assert {one["topic"] for one in found} == {
            "role", "industry", "career_path", "preparation",
        }  # fmt: skip

    def test_answers_side_by_side(self, talks):
        talks("answer", "ana", "What tires you?", "the nights", "--at", "3 days ago")
        assert talks("questions", "--asked").out.startswith("Nobody has answered")
        talks("answer", "luis", "what tires you", "forms", "--dig-deeper", "--follow-up", "Why?")
        lines = talks("questions", "--asked").out.splitlines()
        assert lines[0] == "What tires you?"
        assert [line.split("  ", 2)[2] for line in lines[1:]] == [
            "Ana Ruiz: the nights", "Luis Ortega: forms  [then: Why?; dig deeper]",
        ]  # fmt: skip
        (one,) = talks("questions", "what", "--asked", "--json").json["questions"]
        assert (one["text"], one["topic"], one["key"]) == ("What tires you?", "role", "")
        assert [row["person"]["handle"] for row in one["answers"]] == ["ana-ruiz", "luis-ortega"]
        assert one["answers"][1]["answer"] == "forms"
        assert one["answers"][1]["follow_ups"] == ["Why?"]
        assert [row["dig_deeper"] for row in one["answers"]] == [False, True]
        with talks.open() as net:
            assert one["answers"][0]["interview"] == net.interview("ana").interview.id
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", one["answers"][0]["on"])
        for other in (["zz"], ["--topic", "advice"]):
            assert talks("questions", *other, "--asked", "--json").json["questions"] == []

    def test_mistakes(self, refused):
        assert "give one of" in refused(2, "questions", "--asked", "--only", "ana")
        assert "is not one of" in refused(2, "questions", "--topic", "weather")
        assert "Nobody here" in refused(1, "questions", "--only", "nobody")


class TestAnswer:
    def test_by_number(self, talks):
        question = plan(talks, "luis")[2].text
        ran = talks("answer", "luis", "3", "by chance", "--follow-up", "Whose?", "--follow-up",
                    "When?", "--dig-deeper", "--at", "2026-03-02")  # fmt: skip
        assert ran.out.splitlines()[0].startswith(
            f"Noted what Luis Ortega said to “{question}”. (#7"
        )
        assert ran.out.splitlines()[1] == "9 to go. Next: netcrm answer luis-ortega 1 ..."
        one = plan(talks, "luis")[2]
        assert (one.answer, one.follow_ups, one.dig_deeper) == (
            "by chance", ("Whose?", "When?"), True,
        )  # fmt: skip
        assert str(one.answered_on) == "2026-03-02"

    def test_by_how_the_question_begins(self, talks):
        talks("answer", "luis", "who else would", "my boss")
        assert plan(talks, "luis")[-1].answer == "my boss"

    def test_another_question(self, talks):
        ran = talks("answer", "ana", "What tires you?", "the nights")
        assert "to “What tires you?”" in ran.out
        assert ran.out.splitlines()[-1] == "All answered. Next: netcrm debrief ana-ruiz"
        assert [one.text for one in plan(talks, "ana")] == ["What tires you?"]

    def test_mistakes(self, refused, talks):
        assert "question 11; the plan has 10" in refused(1, "answer", "luis", "11", "x")
        assert "No question of the plan" in refused(1, "answer", "luis", "9" * 5000, "x")
        assert "Several questions" in refused(1, "answer", "luis", "what", "x")
        assert "Missing argument" in refused(2, "answer", "luis", "1")
        talks("add", "Zoe Stein")
        err = refused(1, "answer", "zoe", "1", "x")
        assert "There is no interview with Zoe Stein." in err
        assert "netcrm ask" in err


class TestBrief:
    def test_a_page_with_headings(self, talks):
        talks("edit", "ana", "--org", "Mercy General", "--title", "Nurse")
        lines = talks("brief", "ana").out.splitlines()
        assert lines[0].startswith("Ana Ruiz")
        headings = [line for line in lines if line and not line.startswith("  ")]
        said = talks("brief", "ana", "--json").json
        titles = [section["title"] for section in said["sections"]]
        assert headings == [said["title"], *titles, "Still to do"]
        texts = [one["text"] for section in said["sections"] for one in section["lines"]]
        assert [line[2:] for line in lines if line.startswith("  ")] == [*texts, *said["missing"]]

    def test_every_line_in_json_names_what_it_rests_on(self, talks):
        said = talks("brief", "luis", "--json").json
        known = {id_ for _, id_ in state(talks)[0]}
        lines = [one for section in said["sections"] for one in section["lines"]]
        assert lines
        assert all(one["facts"] and known.issuperset(one["facts"]) for one in lines)

    def test_markdown(self, talks):
        out = talks("brief", "luis", "--md").out
        assert out.startswith("# Luis Ortega\n\n## ")
        assert "\n- " in out

    def test_bold_only_in_a_terminal(self, talks, monkeypatch):
        assert "\x1b" not in talks("brief", "luis").out
        monkeypatch.setattr("click.utils.should_strip_ansi", lambda *_: False)
        assert talks("brief", "luis").out.startswith("\x1b[1mLuis Ortega\x1b[0m\n")
        assert "\x1b" not in talks("brief", "luis", "--md").out

    def test_as_of_another_day(self, talks):
        talks("answer", "ana", "What tires you?", "the nights", "--at", "yesterday")
        talks("research", "luis", "grows orchids")
        assert "orchids" in talks("brief", "luis").out
        assert "orchids" not in talks("brief", "luis", "--as-of", "3 days ago").out

    def test_mistakes(self, refused):
        assert "give one of" in refused(2, "brief", "ana", "--md", "--json")
        assert "Nobody here" in refused(1, "brief", "nobody")
        assert "is not a day" in refused(1, "brief", "ana", "--as-of", "someday")
        assert "not about you" in refused(1, "brief", "maya")
