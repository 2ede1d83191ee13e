"""funnel, compare, review and ics, as people type them."""

from __future__ import annotations

import stat

import icalendar
import pytest

from netcrm.rules.funnel import CUTS
from tests.networks import cli, commits, everything, terminal
from tests.test_cli_hostile import HOSTILE, obeyed

__all__ = ["cli", "terminal"]

THEN = "2025-09-12"
RATE = {"k", "n", "value", "low", "high"}


def state(terminal):
    with terminal.open() as net:
        return everything(net), commits(net)


@pytest.fixture
def autumn(cli):
    """Two weeks in which Ana and Priya were met, and Luis said no after a second letter."""
    for words in (
        "tag nursing ana --field",
        "tag psychiatry luis --field",
        "edit ana --source alumni_database",
        "edit luis --source linkedin",
        "campaign Autumn --start 2025-09-01 --aim nursing=3",
        "ask ana email --at 2025-09-01",
        "ask luis linkedin --at 2025-09-01",
        "log ana email --kind accept --at 2025-09-03",
        "log ana coffee --kind meeting --min 30 --at 2025-09-05T15:00",
        "log ana email --kind thank_you --at 2025-09-05T18:00",
        "refer ana Priya --on 2025-09-05",
        "tag nursing priya --field",
        "ask priya email --at 2025-09-08T09:00",
        "log luis linkedin --kind follow_up --at 2025-09-10T10:00",
        "log luis linkedin --kind decline --at 2025-09-11T10:00",
        "log priya email --kind accept --at 2025-09-09T09:00",
        "log priya call --kind meeting --min 20 --at 2025-09-10T15:00",
    ):
        ran = cli(*words.split())
        assert (ran.code, ran.err) == (0, ""), words
    return cli


@pytest.fixture
def rated(autumn):
    """Ana's and Priya's field is nursing; Tom's and Zoe's is law."""
    for name, field, interest, values in (
        ("ana", "", 5, 3), ("priya", "", 4, 3), ("Tom", "law", 3, 5), ("Zoe", "law", 3, 4),
    ):  # fmt: skip
        if field:
            autumn("add", name, "--field", field)
            autumn("ask", name, "email", "--at", "2025-09-08")
            autumn("log", name, "coffee", "--kind", "meeting", "--at", "2025-09-10 11:00")
        ran = autumn(
            "debrief", name, "--rate", f"interest={interest}", "--rate", f"values={values}",
            "--liked", f"the team of {name}", "--disliked", "nights " * 60,
        )  # fmt: skip
        assert ran.code == 0
    return autumn


class TestFunnel:
    def test_the_whole_in_words(self, autumn):
        ran = autumn("funnel", "--as-of", THEN, "--more", "3")
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.splitlines() == [
            "asked     3",
            "answered  3 of 3, 100 % [44, 100]",
            "agreed    2 of 3, 67 % [21, 94]",
            "held      2 of 3, 67 % [21, 94]",
            "In brackets: from where to where the true share may well be, in %.",
            "Of the others: 1 declined.",
            "Days until an answer: half within 2, nine in ten within 10.",
            "Follow-ups: 1; answered after one: 1.",
            "Thanked within a day: 1 of 2, 50 % [9, 91].",
            "The last interviews: something new in 1 of the last 2: names in 1, facts in 0, "
            "organisations in 0.",
            "To hold 3 more interviews may take 4 to 15 requests.",
        ]

    def test_only_what_had_happened_by_then_counts(self, autumn):
        out = autumn("funnel", "--as-of", "2025-09-04").out
        assert "answered  1 of 2, 50 % [9, 91]" in out
        assert "Of the others: 2 still open." in out
        assert "Follow-ups" not in out
        groups = autumn("funnel", "--by", "channel", "--as-of", "2025-09-04", "--json").json[
            "groups"
        ]
        assert [one["requested"] for one in groups] == [1, 1]
        assert "Thanked" not in out
        assert "no interview was held yet" in out

    def test_in_json(self, autumn):
        said = autumn("funnel", "--as-of", THEN, "--more", "3", "--json").json
        assert set(said) == {"netcrm", "as_of", "funnel", "by", "groups", "saturation", "needed"}
        assert said["as_of"] == THEN
        assert (said["by"], said["groups"]) == (None, [])
        whole = said["funnel"]
        assert set(whole) == {
            "requested", "replied", "accepted", "scheduled", "held", "declined", "deferred",
            "no_response", "cancelled", "dropped", "open", "walk_ins", "theirs", "follow_ups",
            "gained", "minutes", "reply_rate", "accept_rate", "held_rate", "thanked",
            "median_wait", "long_wait",
        }  # fmt: skip
        assert whole["held_rate"] == {
            "k": 2, "n": 3, "value": 0.6667, "low": 0.2077, "high": 0.9385,
        }  # fmt: skip
        assert (whole["minutes"], whole["median_wait"], whole["long_wait"]) == (50, 2, 10)
        assert said["saturation"] == {
            "interviews": 2, "names": 1, "facts": 0, "organisations": 0, "anything": 1,
        }  # fmt: skip
        assert said["needed"] == {"low": 4, "high": 15}
        assert autumn("funnel", "--json").json["needed"] is None

    def test_by_group_in_an_order_that_ranks_nobody(self, autumn):
        ran = autumn("funnel", "--by", "origin", "--as-of", THEN)
        assert ran.out.splitlines() == [
            "alumni        answered 1 of 1, 100 % [21, 100]  held 1 of 1, 100 % [21, 100]",
            "referral      answered 1 of 1, 100 % [21, 100]  held 1 of 1, 100 % [21, 100]",
            "social media  answered 1 of 1, 100 % [21, 100]  held 0 of 1, 0 % [0, 79]",
            "None answers more often than another, as far as one can tell.",
            "In brackets: from where to where the true share may well be, in %.",
        ]

    @pytest.mark.parametrize("by", CUTS)
    def test_the_groups_add_up_to_the_whole(self, autumn, by):
        said = autumn("funnel", "--by", by, "--as-of", THEN, "--json").json
        assert said["by"] == by
        assert sum(one["requested"] for one in said["groups"]) == said["funnel"]["requested"] == 3
        text = autumn("funnel", "--by", by, "--as-of", THEN).out
        assert len(text.splitlines()) == len(said["groups"]) + 1 + (
            "More" in text or "None" in text
        )
        assert ("more often" in text) == (by in ("origin", "source", "channel", "field"))

    @pytest.mark.parametrize(
        ("by", "names"),
        [
            ("campaign", ["Autumn"]),
            ("follow_ups", ["follow-ups: 0", "follow-ups: 1"]),
            ("degree", ["degree 1", "degree 2"]),
            ("week", ["week of 2025-09-01", "week of 2025-09-08"]),
            ("source", ["alumni database", "linkedin", "referral"]),
            ("channel", ["email", "linkedin message"]),
            ("field", ["nursing", "psychiatry"]),
        ],
    )
    def test_groups_are_called_as_people_say(self, autumn, by, names):
        lines = autumn("funnel", "--by", by, "--as-of", THEN).out.splitlines()
        assert [line.partition("  ")[0] for line in lines[: len(names)]] == names

    def test_what_is_in_no_group_is_said_so(self, cli):
        cli("ask", "ana", "email", "--at", "2025-09-01")
        for by, name in (("campaign", "no campaign"), ("field", "unknown")):
            assert cli("funnel", "--by", by).out.startswith(f"{name}  answered ")

    def test_where_one_can_tell_it_is_told(self, cli):
        for number in range(20):
            word = f"Person{number}"
            cli("add", word, "--field", "nursing" if number % 2 else "law")
            cli("ask", word, "email", "--at", "2025-09-01")
            if number % 2:
                cli("log", word, "email", "--kind", "decline", "--at", "2025-09-03")
        lines = cli("funnel", "--by", "field", "--as-of", THEN).out.splitlines()
        assert lines[2] == "Nursing answers more often than law."
        assert lines[0].startswith("law ")

    def test_of_one_campaign(self, autumn):
        autumn("campaign", "Winter", "--start", "2025-09-20")
        autumn("ask", "priya", "email", "--at", "2025-09-22", "--insist")
        assert autumn("funnel", "--campaign", "Autumn").out.startswith("asked     3\n")
        ran = autumn("funnel", "--campaign", "Nobody")
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)

    def test_how_many_more_nobody_can_say(self, cli):
        cli("ask", "ana", "email", "--at", "2025-09-01")
        ran = cli("funnel", "--more", "1", "--as-of", "2025-09-02")
        assert ran.out.splitlines()[-1] == (
            "To hold 1 more interview may take 2 requests or more; how many, nobody can say."
        )

    def test_what_was_not_asked_for_is_counted_apart(self, cli):
        cli("log", "ana", "coffee", "--kind", "meeting", "--at", "2025-09-01")
        cli("log", "luis", "email", "--kind", "request", "--in", "--at", "2025-09-01")
        whole = cli("funnel", "--as-of", THEN, "--json").json["funnel"]
        assert (whole["requested"], whole["walk_ins"], whole["theirs"]) == (0, 1, 1)
        lines = cli("funnel", "--as-of", THEN).out.splitlines()
        assert lines[:2] == [
            "You have asked for none yet.",
            "Counted apart: 1 held without asking, 1 that they asked you for.",
        ]


class TestCompare:
    def test_in_a_table_with_quotes_and_what_can_be_said(self, rated):
        ran = rated("compare")
        assert (ran.code, ran.err) == (0, "")
        lines = ran.out.splitlines()
        assert [line.split() for line in lines[:3]] == [
            ["interviews", "mean", "range", "interest", "values", "comes", "first"],
            ["law", "2", "3.75", "3.50", "to", "4.00", "3.0", "4.5", "45", "%"],
            ["nursing", "2", "3.75", "3.50", "to", "4.00", "4.5", "3.0", "45", "%"],
        ]
        assert "nursing: + the team of ana" in lines
        assert max(map(len, lines)) < 250
        assert lines[-1].startswith("law and nursing are level with equal weights.")

    def test_weights_decide(self, rated):
        heavy = ("--weight", "interest=0.75", "--weight", "values=0.25")
        ran = rated("compare", "law", "nursing", *heavy)
        assert ran.out.splitlines()[-1].startswith("nursing comes first with your weights")
        assert rated("compare", *heavy, "--json").json["weights"] == {
            "interest": 0.75, "values": 0.25,
        }  # fmt: skip

    def test_only_some_fields(self, rated):
        ran = rated("compare", "Nursing")
        assert "law" not in ran.out
        assert ran.out.splitlines()[-1] == "No verdict: it takes two fields to compare."

    def test_in_json(self, rated):
        said = rated("compare", "--json").json
        assert set(said) == {
            "netcrm", "weights", "careers", "weightings", "ties", "dominance", "verdict",
        }  # fmt: skip
        nursing = said["careers"][1]
        assert {name: nursing[name] for name in ("field", "n", "mean", "low", "high", "first")} == {
            "field": "nursing", "n": 2, "mean": 3.75, "low": 3.5, "high": 4.0, "first": 0.4545,
        }  # fmt: skip
        assert nursing["means"] == {
            "interest": {"n": 2, "value": 4.5}, "values": {"n": 2, "value": 3.0},
        }  # fmt: skip
        assert [one["text"] for one in nursing["liked"]] == ["the team of ana", "the team of priya"]
        assert all(set(one) == {"interview", "text"} for one in nursing["disliked"])
        assert said["weightings"] == 11
        assert said["dominance"] == []

    def test_of_many_quotes_some_are_shown(self, rated):
        rated("debrief", "ana", "--rewarding", "thanks")
        lines = rated("compare").out.splitlines()
        liked = [line.partition("+ ")[2] for line in lines if line.startswith("nursing: + ")]
        assert liked == ["the team of ana", "thanks", "1 more: --json"]

    def test_what_was_not_rated_is_left_open(self, cli):
        for name, what in (("ana", "interest"), ("luis", "values")):
            cli("tag", name, name, "--field")
            cli("log", name, "coffee", "--kind", "meeting", "--at", "2025-09-10")
            cli("debrief", name, "--rate", f"{what}=4")
        lines = [line.split() for line in cli("compare").out.splitlines()[1:3]]
        assert lines == [["ana", "1", "4.0"], ["luis", "1", "4.0"]]
        first = cli("compare", "--json").json["careers"][0]
        assert (first["mean"], first["low"], first["first"]) == (None, None, None)

    def test_a_field_that_lacks_a_criterion_takes_no_part(self, rated):
        rated("add", "Ida", "--field", "retail")
        rated("log", "ida", "coffee", "--kind", "meeting", "--at", "2025-09-12")
        rated("debrief", "ida", "--rate", "interest=5")
        careers = rated("compare", "--json").json["careers"]
        assert [(one["field"], one["first"]) for one in careers] == [
            ("law", 0.4545), ("nursing", 0.4545), ("retail", None),
        ]  # fmt: skip
        assert rated("compare").out.splitlines()[3].split() == ["retail", "1", "5.0"]

    @pytest.mark.parametrize(
        ("weights", "code", "said"),
        [
            (["x"], 2, "'x' is not WHAT=SHARE"),
            (["interest=much"], 2, "is not WHAT=SHARE"),
            (["interest=0.5"], 1, "add up to 0.5, not to 1"),
            (["interest=nan"], 1, "add up to nan"),
            (["fun=1"], 1, "no interview was rated by fun"),
            (["interest=2", "values=-1"], 1, "cannot be negative"),
        ],
    )
    def test_weights_that_are_none(self, rated, weights, code, said):
        ran = rated("compare", *(word for one in weights for word in ("--weight", one)))
        assert (ran.code, ran.out) == (code, "")
        assert said in ran.err


class TestReview:
    def test_as_plain_text(self, autumn):
        ran = autumn("review", "2025-W37", "--as-of", THEN)
        assert (ran.code, ran.err) == (0, "")
        lines = ran.out.splitlines()
        assert lines[0] == "Week 2025-W37, Mon 8 Sep to Sun 14 Sep, up to Fri 12 Sep"
        assert lines[2] == "What happened"
        assert "  Held 1 (Priya), 20 minutes" in lines
        assert not any(line.startswith(("#", "-")) for line in lines)

    def test_plain_text_says_what_markdown_does(self, autumn):
        with autumn.open() as net:
            net.edit("priya", name="P_r*iya [x](y) <b>&amp; \\_ #1 `q`")
        plain = autumn("review", "2025-W37").out
        assert "Held 1 (P_r*iya [x](y) <b>&amp; \\_ #1 `q`), 20 minutes" in plain
        assert "<b>" not in autumn("review", "2025-W37", "--md").out

    def test_as_markdown(self, autumn):
        ran = autumn("review", "2025-09-10", "--md", "--as-of", THEN)
        assert ran.out.startswith("# Week 2025-W37, ")
        assert "\n## What happened\n\n- Held 1 (Priya), 20 minutes\n" in ran.out

    def test_in_json(self, autumn):
        said = autumn("review", "2025-W37", "--as-of", THEN, "--json").json
        assert (said["week"], said["first"], said["last"]) == (
            "2025-W37", "2025-09-08", "2025-09-14",
        )  # fmt: skip
        assert said["as_of"] == THEN
        assert (said["held"], said["minutes"], said["requests"]) == (["Priya"], 20, 1)
        assert set(said["thanked"]) == RATE
        assert said["thanked"] == {"k": 0, "n": 1, "value": 0.0, "low": 0.0, "high": 0.7935}
        assert said["clocks_change"] is None
        assert all(isinstance(one["late"], bool) for one in said["owed"])
        assert said["pace"][0]["needed"].keys() == {"low", "high"}
        assert said["pace"][0]["fields"] == [{"field": "nursing", "held": 2, "target": 3}]

    def test_this_week_without_a_week(self, autumn):
        assert autumn("review").out.startswith("Week 2")
        first = autumn("review", "--as-of", "2025-09-03", "--json").json["first"]
        assert first == "2025-09-01"

    @pytest.mark.parametrize(
        ("more", "code", "said"),
        [
            (["2025-W99"], 1, "there is no week 2025-W99"),
            (["sometime"], 1, "'sometime' is not a day"),
            (["2099-01-01"], 1, "has not begun"),
            (["--md", "--json"], 2, "one of --md and --json"),
        ],
    )
    def test_weeks_that_are_none(self, autumn, more, code, said):
        ran = autumn("review", *more)
        assert (ran.code, ran.out) == (code, "")
        assert said in ran.err
        assert len(ran.err.splitlines()) == 1 or code == 2


class TestCalendar:
    @pytest.fixture
    def planned(self, cli):
        cli("plan", "ana", "in 3 days", "--format", "video")
        return cli

    def test_to_standard_output(self, planned):
        ran = planned("ics")
        assert (ran.code, ran.err) == (0, "")
        events = icalendar.Calendar.from_ical(ran.out).walk("VEVENT")
        assert [str(one["SUMMARY"]) for one in events if "with" in str(one["SUMMARY"])] == [
            "Meeting with Ana Ruiz"
        ]

    def test_to_a_file_that_is_made_again_and_again(self, planned):
        file = planned.home / "netcrm.ics"
        file.write_text("old")
        file.chmod(0o644)
        for _ in range(2):
            ran = planned("ics", "--out", file)
            assert (ran.code, ran.out) == (0, f"Wrote 1 entry to {file}\n")
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
        assert [path.name for path in planned.home.iterdir() if "tmp" in path.name] == []

    def test_as_far_ahead_as_one_says(self, planned):
        assert "BEGIN:VEVENT" not in planned("ics", "--within", "1 day").out
        planned("plan", "luis", "in 2 weeks")
        file = planned.home / "netcrm.ics"
        assert planned("ics", "--out", file).out == f"Wrote 2 entries to {file}\n"

    def test_with_nothing_to_come_it_is_empty_and_says_so(self, cli):
        ran = cli("ics")
        assert ran.out.startswith("BEGIN:VCALENDAR")
        assert ran.err.startswith("Nothing comes yet.")

    def test_a_terminal_is_shown_it_harmlessly(self, planned, monkeypatch):
        with planned.open() as net:
            net.edit("ana", name=HOSTILE)
        monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
        ran = planned("ics")
        assert "BEGIN:VEVENT\n" in ran.out
        assert "Mallory" in ran.out
        assert obeyed(ran.out) == set()

    @pytest.mark.parametrize(
        ("more", "code"), [(["--within", "ages"], 1), (["--out", "{home}/no/such.ics"], 4)]
    )
    def test_what_cannot_be_done_is_one_line(self, planned, more, code):
        ran = planned("ics", *(word.replace("{home}", str(planned.home)) for word in more))
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (code, "", 1)


COMMANDS = {
    "funnel": ("asked for yet", ["funnel"]),
    "groups": ("asked for yet", ["funnel", "--by", "origin", "--more", "2"]),
    "compare": ("netcrm debrief WHO --rate", ["compare"]),
    "review": ("Held 0, 0 minutes", ["review"]),
    "markdown": ("Held 0, 0 minutes", ["review", "--md"]),
    "calendar": ("END:VCALENDAR", ["ics"]),
}


class TestAll:
    @pytest.mark.parametrize("name", COMMANDS)
    def test_with_nothing_there_is_still_an_answer(self, terminal, name):
        terminal("init")
        said, words = COMMANDS[name]
        ran = terminal(*words)
        assert ran.code == 0
        assert said in ran.out
        if name in ("funnel", "groups", "compare", "review"):
            assert terminal(*words, "--json").json["netcrm"] == 1

    @pytest.mark.parametrize("name", COMMANDS)
    def test_looking_changes_nothing(self, rated, name):
        before = state(rated)
        assert rated(*COMMANDS[name][1]).code == 0
        assert state(rated) == before

    def test_hostile_texts_are_shown_harmlessly(self, rated):
        with rated.open() as net:
            net.edit("ana", name=HOSTILE)
            net.edit("priya", name=HOSTILE)
            net.campaign(HOSTILE, start="2025-09-05")
            net.ask("luis", at="2025-10-10", insist=True)
            net.evaluate("ana-ruiz", liked=HOSTILE, disliked=HOSTILE, ratings={HOSTILE: 3})
            net.promise("ana-ruiz", HOSTILE)
        for words in (
            ["funnel", "--by", "campaign"], ["compare"], ["compare", HOSTILE], ["review"],
            ["review", "2025-W37"], ["review", HOSTILE], ["compare", "--weight", HOSTILE],
            ["funnel", "--campaign", HOSTILE], ["funnel", "--by", HOSTILE],
        ):  # fmt: skip
            for more in ((), ("--json",)):
                ran = rated(*words, *more)
                assert ran.code in (0, 1, 2), words
                assert obeyed(ran.out + ran.err) == set(), words
        assert obeyed(rated("review", "2025-W37", "--md").out) == set()
