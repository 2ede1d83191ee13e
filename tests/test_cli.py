"""The command line: the verbs of a network, for people and for scripts."""

from __future__ import annotations

import json
import re
import shlex
from datetime import date, timedelta

import click
import pytest

import netcrm
from netcrm.cli import _MODULE_OF
from netcrm.cli import cli as program
from netcrm.storage import tinydb
from tests import networks

terminal, cli = networks.terminal, networks.cli

COMMANDS = sorted(_MODULE_OF)
WITHOUT_JSON = {"ics", "demo", "completion"}  # they print what people or shells read

READING = {  # each command that only reads, with what it needs
    "due": ["due", "--within", "7d", "--cap", "1"],
    "explain": ["explain", "ana"],
    "find": ["find", "ana"],
    "history": ["history"],
    "list": ["list"],
    "show": ["show", "ana"],
    "doctor": ["doctor"],
    "plugins": ["plugins"],
    "export": ["export", "{home}/everything.jsonl"],
    "backup": ["backup"],
    "verify": ["verify"],
    "dupes": ["dupes", "--least", "0"],
    "trash": ["trash"],
    "news": ["news", "--since", "1 year"],
    "today": ["today"],
    "agenda": ["agenda", "--within", "1 month"],
    "interviews": ["interviews"],
    "questions": ["questions", "--topic", "advice"],
    "brief": ["brief", "ana"],
    "organisation": ["organisation", "Mercy General"],
    "draft": ["draft", "thank_you", "ana"],
    "lint": ["lint", "thank_you"],
    "funnel": ["funnel", "--by", "source"],
    "compare": ["compare"],
    "prospects": ["prospects", "--field", "nursing", "--broaden"],
    "next": ["next", "2"],
    "growth": ["growth", "--by", "origin"],
    "review": ["review"],
    "referrals": ["referrals"],
    "tree": ["tree"],
    "map": ["map", "{home}/network.html"],
    "tie": ["tie", "ana"],
    "path": ["path", "luis"],
    "dormant": ["dormant", "--after", "1 day"],
}
WRITING = {  # each command that writes
    "init": ["-n", "{home}/other.json", "init"],
    "add": ["add", "Carol Stein", "--email", "carol@example.org"],
    "edit": ["edit", "ana", "--note", "new"],
    "tag": ["tag", "x", "ana", "luis"],
    "log": ["log", "ana", "coffee", "asked about nursing"],
    "refer": ["refer", "ana", "Priya Nair"],
    "resolve": ["resolve", "somebody in the lab", "Gwen Hall"],
    "introduce": ["introduce", "ana", "luis", "both like the sea"],
    "knows": ["knows", "ana", "luis", "studied together"],
    "rule": ["rule", "circle:inner", "2 weeks"],
    "snooze": ["snooze", "ana", "in 3 weeks"],
    "pause": ["pause", "ana"],
    "spread": ["spread", "--apply"],
    "merge": ["merge", "ana", "luis"],
    "distinct": ["distinct", "ana", "luis"],
    "remove": ["remove", "luis"],
    "forget": ["forget", "luis", "--yes"],
    "suggestions": ["suggestions", "luis", "--decline", "name"],
    "import": ["import", "linkedin", "{home}/Connections.csv"],
    "undo": ["undo"],
    "ask": ["ask", "luis", "email"],
    "plan": ["plan", "luis", "tomorrow 15:00"],
    "meeting": ["meeting", "luis", "confirmed"],
    "step": ["step", "ana", "no-referrals"],
    "waive": ["waive", "ana", "debrief"],
    "promise": ["promise", "ana", "the reading list"],
    "me": ["me", "--skill", "listening"],
    "pitch": ["pitch", "--education", "I study."],
    "objective": ["objective", "What is hard?"],
    "campaign": ["campaign", "Spring", "--aim", "nursing=3"],
    "field": ["field", "nursing", "--related", "midwifery"],
    "research": ["research", "ana", "wrote a book"],
    "prepare": ["prepare", "luis"],
    "answer": ["answer", "ana", "What is hard?", "the nights"],
    "debrief": ["debrief", "ana", "--liked", "the people"],
    "learn": ["learn", "nights are hard", "--from", "ana"],
    "insights": ["insights", "--applied", "read the guide"],
    "decide": ["decide", "try it", "--because", "read the guide"],
    "opportunity": ["opportunity", "ana", "a summer on the ward"],
}
MOVING = {  # each command that writes as a whole, without a commit of its own
    "copy": ["copy", "{home}/network.json", "{home}/copy.json"],
    "restore": ["restore", "{home}/network.json.bak"],
}
ALL = {**READING, **WRITING, **MOVING}


def command(name):
    """Return a command as click knows it."""
    return program.get_command(click.Context(program), name)


def having(option):
    """Return the names of the commands that have an option."""
    return {name for name in COMMANDS if any(option in one.opts for one in command(name).params)}


@pytest.fixture
def full(cli):
    """A terminal with a little of everything: rules, talks, referrals, an export to import."""
    with cli.open() as net:
        net.rule("all", "1 week")
        net.log("ana", "coffee", "nursing", at="40 days ago", kind="meeting")
        said = netcrm.Origin(source="linkedin", said={"name": "Lou Ort"})
        with net.transaction("refer"):
            net.refer("ana", "luis")
            net.refer("ana", "somebody in the lab")
            net.edit("luis", origins=(said,), organisation="Mercy General")
            net.learn("read the guide", who="ana")
            net.plan("luis", "yesterday 12:00")
    cli.home.joinpath("Connections.csv").write_text(
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Ines,Falk,https://www.linkedin.com/in/ines,,Clinic,Nurse,03 Nov 2025\n"
    )
    return cli


def fill(arguments, terminal):
    return [word.replace("{home}", str(terminal.home)) for word in arguments]


class TestHelp:
    """Every command explains itself, with an example that is right."""

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_command_has_help_with_an_example(self, terminal, name):
        """--help and -h show what it does, its options and an example."""
        ran = terminal(name, "--help")
        assert ran.code == 0
        assert f"Usage: netcrm {name}" in ran.out
        assert re.search(rf"Example:\n  +netcrm .*{name}", ran.out)
        assert terminal(name, "-h").out == ran.out
        summary = command(name).get_short_help_str(200)
        assert summary.endswith(".")

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_example_in_help_can_be_typed(self, terminal, name):
        """Each line that begins with netcrm is parsed by the program as it stands."""
        shown = re.findall(r"^ +(.*netcrm .*)$", terminal(name, "--help").out, re.MULTILINE)
        parts = [part for line in shown for part in re.split(r" \|+ | >+ |; ", line)]
        examples = [shlex.split(part)[1:] for part in parts if part.startswith("netcrm ")]
        assert examples
        for words in examples:
            context = program.make_context("netcrm", list(words))
            found, sub, rest = program.resolve_command(
                context, [*context._protected_args, *context.args]
            )
            assert found in COMMANDS
            sub.make_context(found, rest, parent=context)

    def test_the_front_page(self, terminal):
        """It lists every command; without a command it is shown too."""
        ran = terminal("--help")
        assert ran.code == 0
        assert all(re.search(rf"^  {name} ", ran.out, re.MULTILINE) for name in COMMANDS)
        assert "Start with: netcrm init" in ran.out
        assert "Usage: netcrm" in "".join(terminal()[1:])
        assert terminal("--version").out == f"netcrm {networks.netcrm.__version__}\n"

    def test_every_option_says_what_it_does(self):
        """No option is left unexplained."""
        for name in COMMANDS:
            for option in command(name).params:
                if isinstance(option, click.Option) and not option.hidden:
                    assert option.help or option.name == "limit", (name, option.name)


class TestJson:
    """A script gets JSON from every command that answers, with the number of its shape."""

    def test_every_command_that_answers_has_it(self):
        """Only what people or shells read is without."""
        assert having("--json") == set(COMMANDS) - WITHOUT_JSON
        assert having("--json") == ALL.keys()

    @pytest.mark.parametrize("name", sorted(ALL))
    def test_it_is_json_with_a_number(self, full, name):
        """One object, nothing else on standard output or standard error."""
        ran = full(*fill(ALL[name], full), "--json")
        assert (ran.code, ran.err) == (0, "")
        assert ran.json["netcrm"] == 1

    def test_rules_are_listed_in_json_too(self, full):
        """Without arguments `rule` answers."""
        answer = full("rule", "--json").json
        assert [rule["selector"] for rule in answer["rules"]] == ["all"]
        assert answer["promised_per_week"] == 2.0

    @pytest.mark.parametrize("name", sorted(WRITING))
    def test_every_write_says_which_commit_it_made(self, full, name):
        """Its number is what `undo` takes."""
        answer = full(*fill(WRITING[name], full), "--json").json
        assert answer["dry_run"] is False
        assert answer["commit"]["seq"] == (1 if name == "init" else 7)

    def test_an_error_is_not_json(self, cli):
        """It is one line on standard error; standard output stays empty."""
        ran = cli("show", "nobody", "--json")
        assert (ran.code, ran.out) == (1, "")
        assert ran.err == "netcrm: Nobody here is called “nobody”.\n"

    def test_what_due_gives(self, full):
        """The item has the person, the status, the day and the reasons with their facts."""
        items = full("due", "--json").json["items"]
        assert [item["person"]["handle"] for item in items] == ["ana-ruiz", "luis-ortega"][
            : len(items)
        ]
        assert items[0]["status"] == "overdue"
        assert {reason["code"] for reason in items[0]["reasons"]} >= {"rule", "last_touch", "raw"}
        assert items[0]["last_touch"]["interaction"]


class TestDryRun:
    """--dry-run shows what would be done, and does nothing."""

    def test_every_command_that_writes_has_it(self):
        """No write without a trial; the demo makes a file of its own."""
        assert having("--dry-run") == WRITING.keys() | MOVING.keys()

    @pytest.mark.parametrize("name", sorted(WRITING.keys() | MOVING.keys()))
    def test_no_byte_changes(self, full, name):
        """For every command that writes, as text and as JSON."""
        before = full.files()
        arguments = fill(ALL[name], full)
        ran = full(*arguments, "--dry-run")
        assert (ran.code, ran.err) == (0, "")
        assert "Nothing was changed." in ran.out
        answer = full(*arguments, "--dry-run", "--json").json
        assert answer["dry_run"] is True
        assert full.files() == before
        assert full(*arguments).code == 0
        assert full.files() != before

    def test_spread_only_shows_unless_it_is_told_to(self, full):
        """Without --apply it is a trial."""
        before = full.files()
        assert "Nothing was changed." in full("spread").out
        assert full.files() == before


class TestExitCodes:
    """What a script can rely on."""

    def test_0_done(self, cli):
        """All is well."""
        assert cli("list").code == 0

    @pytest.mark.parametrize(
        "arguments",
        [
            ["show", "nobody"],
            ["edit", "ana", "--email", "nonsense"],
            ["undo", "99"],
            ["import", "xing", "x"],
            ["import", "linkedin", "missing.csv"],
            ["rule", "tag:x", "--drop"],
            ["pause", "ana", "--resume"],
            ["--tz", "Mars/Olympus", "list"],
            ["list", "--source", "the pub"],
        ],
    )
    def test_1_failed(self, cli, arguments):
        """Not found, invalid or not possible: one line, nothing changed."""
        before = cli.files()
        ran = cli(*arguments)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("netcrm: ")
        assert len(ran.err.splitlines()) == 1
        assert cli.files() == before

    @pytest.mark.parametrize(
        "arguments",
        [
            ["frobnicate"],
            ["show"],
            ["show", "ana", "--colour"],
            ["edit", "ana"],
            ["rule", "all"],
            ["rule", "all", "1 week", "--drop"],
            ["due", "--cap", "-1"],
            ["show", "ana", "--last", "-1"],
            ["history", "--limit", "0"],
            ["undo", "last"],
            ["completion", "csh"],
            ["edit", "ana", "--state", "asleep"],
            ["list", "--state", "asleep"],
        ],
    )
    def test_2_wrong_usage(self, cli, arguments):
        """The message says how it is used."""
        before = cli.files()
        ran = cli(*arguments)
        assert (ran.code, ran.out) == (2, "")
        assert "Usage: netcrm" in ran.err
        assert cli.files() == before

    @pytest.mark.parametrize(
        "arguments",
        [
            ["show", "ana"],
            ["edit", "ana", "--note", "x"],
            ["log", "ana", "coffee"],
            ["log", "luis", "coffee", "--with", "ana"],
            ["tag", "x", "luis", "ana"],
            ["refer", "ana", "luis"],
            ["refer", "luis", "ana"],
            ["snooze", "ana", "friday"],
            ["pause", "ana"],
            ["explain", "ana"],
            ["rule", "contact:ana", "never"],
        ],
    )
    def test_3_a_name_fits_several(self, cli, arguments):
        """Both are listed with the words that tell them apart; nothing was done."""
        with cli.open() as net:
            net.add("Ana Lima")
        before = cli.files()
        ran = cli(*arguments)
        assert (ran.code, ran.out) == (3, "")
        assert "Ana Lima (ana-lima), Ana Ruiz (ana-ruiz)" in ran.err
        assert cli.files() == before

    def test_4_no_network_yet(self, terminal):
        """It says how to make one, and makes nothing by itself."""
        for arguments in (["list"], ["add", "Ana Ruiz"], ["undo"], ["doctor"]):
            ran = terminal(*arguments)
            assert ran.code == 4
            assert "netcrm init" in ran.out + ran.err
        assert terminal.files() == {}

    @pytest.mark.parametrize("damage", [b"", b"{}", b"\x00" * 99, None, "half", "bit"])
    def test_4_unreadable(self, cli, damage):
        """It names the file and the version before; it touches neither."""
        cli("edit", "ana", "--note", "x")
        whole = cli.file.read_bytes()
        if damage == "half":
            damage = whole[: len(whole) // 2]
        elif damage == "bit":
            damage = whole.replace(b"Ana Ruiz", b"Ana Ruis", 1)
        if damage is None:
            cli.file.unlink()
            cli.file.mkdir()
        else:
            cli.file.write_bytes(damage)
        before = cli.files()
        for arguments in (["list"], ["edit", "ana", "--note", "y"], ["history"], ["init"]):
            ran = cli(*arguments)
            assert (ran.code, ran.out) == (4, "")
            assert str(cli.file) in ran.err
            assert f"{cli.file}.bak" in ran.err
            assert len(ran.err.splitlines()) == 1
        assert cli("doctor").code == 4
        assert cli.files() == before

    def test_5_refused(self, cli):
        """A safety rule says no, and says how to insist."""
        cli("edit", "ana", "--note", "one")
        cli("edit", "ana", "--note", "two")
        before = cli.files()
        ran = cli("undo", "4")
        assert ran.code == 5
        assert "contact ana-ruiz: changed by #5" in ran.err
        assert "netcrm undo 4 --leave-touched" in ran.err
        again = cli("init")
        assert again.code == 5
        assert "there is a network here already" in again.err
        assert cli.files() == before
        assert cli("undo", "4", "--leave-touched").code == 0

    def test_5_a_newer_layout(self, cli):
        """What a newer netcrm wrote is neither read nor overwritten."""
        text = cli.file.read_bytes()
        cli.file.write_bytes(re.sub(rb'"schema":\d+', b'"schema":99', text, count=1))
        before = cli.files()
        for arguments in (["list"], ["add", "X"], ["init"], ["doctor"]):
            ran = cli(*arguments)
            assert ran.code == 5
            assert "newer netcrm" in ran.out + ran.err
        assert cli.files() == before

    def test_6_partly_done(self, full):
        """Some rows were rejected: the rest is in, each failure is listed with its line."""
        with full.home.joinpath("Connections.csv").open("a") as file:
            file.write("Ben,Ortiz,,nonsense,,,04 Nov 2025\n")
        ran = full("import", "linkedin", full.home / "Connections.csv")
        assert ran.code == 6
        assert "2 rows read: 1 created, 0 updated, 0 unchanged, 0 skipped, 1 rejected." in ran.out
        assert "Line 3 rejected: 'nonsense' is not an e-mail address" in ran.out
        answer = full("import", "linkedin", full.home / "Connections.csv", "--json").json
        assert [problem["line"] for problem in answer["problems"]] == [3]

    def test_who_may_be_somebody(self, full):
        """Who is new and has somebody's name is listed, with the command that makes them one."""
        with full.home.joinpath("Connections.csv").open("a") as file:
            file.write("Ana,Ruiz,,ana.ruiz@example.com,,,04 Nov 2025\n")
        path = full.home / "Connections.csv"
        (new,) = full("import", "linkedin", path, "--dry-run", "--json").json["review"]
        assert new.pop("contact")
        assert new == {"line": 3, "handle": "ana-ruiz-2", "name": "Ana Ruiz", "like": ["ana-ruiz"]}
        said = "Ana Ruiz (ana-ruiz-2) may be ana-ruiz: netcrm merge ana-ruiz ana-ruiz-2\n"
        assert said in full("import", "linkedin", path).out
        again = full("import", "linkedin", path)
        assert "may be" not in again.out
        with full.home.joinpath("Connections.csv").open("a") as file:
            file.write("Ana,Ruiz,,ana.r@example.com,,,05 Nov 2025\n")
        assert "(ana-ruiz-3) may be ana-ruiz or ana-ruiz-2: netcrm merge ana-ruiz ana-ruiz-3" in (
            full("import", "linkedin", path).out
        )

    def test_10_something_is_due(self, full):
        """Only with --exit-code, and only for what is left under the cap."""
        assert full("due").code == 0
        assert full("due", "--exit-code").code == 10
        assert full("due", "--exit-code", "--json").code == 10
        assert full("due", "--exit-code", "--cap", "0").code == 0
        assert full("due", "--exit-code", "--as-of", "1999-01-01").code == 0

    def test_75_busy(self, cli, monkeypatch):
        """Another program is writing: try again, nothing is lost; reading goes on."""
        monkeypatch.setattr(tinydb, "WAIT", 0.05)
        before = cli.files()
        with cli.open() as net, net.transaction("long"):
            ran = cli("add", "Carol Stein")
            assert cli("list").code == 0
        assert (ran.code, ran.out) == (75, "")
        assert "Try again" in ran.err
        assert cli.files() == before

    def test_130_interrupted(self, cli, monkeypatch):
        """Ctrl-C ends it, without a traceback."""

        def interrupt(*_, **__):
            raise KeyboardInterrupt

        monkeypatch.setattr("netcrm.network.Network.each_contact", interrupt)
        ran = cli("list")
        assert (ran.code, ran.out) == (130, "")
        assert "what was committed stays" in ran.err

    def test_a_mistake_of_ours_is_one_line_too(self, cli, monkeypatch):
        """It says that it is one, and how to see where."""

        def fail(*_, **__):
            raise LookupError("oh")

        monkeypatch.delenv("NETCRM_DEBUG")
        monkeypatch.setattr("netcrm.network.Network.each_contact", fail)
        ran = cli("list")
        assert ran.code == 1
        assert ran.err == (
            "netcrm: LookupError: oh. That is a mistake in netcrm; to see where: NETCRM_DEBUG=1\n"
        )


@pytest.mark.parametrize("command", ["doctor", "due"])
@pytest.mark.parametrize("password", ["secret", "se/cret", "se@cret"])
def test_a_password_is_never_shown(terminal, command, password):
    """Not even in a URL that nobody can understand."""
    ran = terminal("-n", f"postgresql://ana:{password}@127.0.0.1:1/crm", command)
    assert ran.code != 0
    assert "cret" not in ran.out + ran.err


class TestDailyUse:
    """The things one does every day take one line."""

    def test_quick_capture(self, cli):
        """netcrm log ana coffee "asked about nursing"."""
        cli("rule", "circle:inner", "2 weeks")
        ran = cli("log", "ana", "coffee", "asked about nursing")
        assert ran.code == 0
        logged, back = ran.out.splitlines()
        assert re.match(
            r"Logged: in person with Ana Ruiz on 2\d{3}-\d\d-\d\d at \d\d:\d\d\. \(#5; ", logged
        )
        assert re.search(r": on \w{3} \d+ \w{3} \d{4}\.$", back)
        assert "in person: asked about nursing" in cli("show", "ana").out

    @pytest.mark.parametrize(
        ("words", "channel", "text"),
        [
            (["asked", "about", "nursing"], "other", "asked about nursing"),
            (["call", "asked about", "nursing"], "phone", "asked about nursing"),
            (["email"], "email", ""),
            ([], "other", ""),
            (["video", "-m", "said"], "video", "said"),
            (["video", "he", "-m", "said"], "video", "he said"),
            (["Coffee"], "in_person", ""),
            (["coffee was great"], "other", "coffee was great"),
        ],
    )
    def test_the_first_word_may_say_how(self, cli, words, channel, text):
        """The rest is what was said; a sentence in quotation marks is a sentence."""
        interaction = cli("log", "ana", *words, "--json").json["interaction"]
        assert (interaction.get("channel", "other"), interaction.get("text", "")) == (channel, text)

    def test_all_options_of_log(self, cli):
        """Who else, when, how long, who wrote, what kind."""
        arguments = ["--with", "luis", "--at", "yesterday 15:00", "--min", "30", "--in", "--touch"]
        more = ["--subject", "First talk", "--kind", "thank_you", "--json"]
        one = cli("log", "ana", "email", *arguments, *more).json["interaction"]
        assert len(one["participants"]) == 2
        assert (one["minutes"], one["direction"], one["touch"]) == (30, "inbound", True)
        assert (one["subject"], one["kind"]) == ("First talk", "thank_you")
        assert "T15:00:00" in one["occurred"]
        assert (
            cli("log", "ana", "call", "--yesterday", "--out", "--json").json["interaction"][
                "direction"
            ]
            == "outbound"
        )

    def test_what_is_owed_is_called_as_on_the_agenda(self, cli):
        """Or by its kind."""
        for said in ("thank_you", "thank them", "Thank them?"):
            cli("log", "luis", "coffee", "--kind", "meeting")
            assert cli("waive", "luis", said).out.startswith("Waived: thank them, Luis Ortega")
        wrong = cli("waive", "luis", "thank")
        assert (wrong.code, "'thank' is not one of" in wrong.err) == (2, True)

    def test_a_talk_in_an_interview_may_have_been_the_interview(self, cli):
        """Nobody would know why it was not held otherwise."""
        cli("ask", "luis", "email")
        cli("log", "luis", "email", "--kind", "accept")
        hint = "If that was the interview: netcrm undo, and log it with --kind meeting"
        assert hint in cli("log", "luis", "video", "--in").out
        assert hint not in cli("log", "luis", "email", "--in").out
        assert hint not in cli("log", "ana", "video").out
        assert hint not in cli("log", "luis", "video", "--kind", "meeting").out

    def test_a_time_that_does_not_exist_is_said(self, cli):
        """The clocks jump over it: what was taken instead is shown."""
        ran = cli("log", "ana", "call", "--at", "2026-03-08 02:30")
        assert "The clocks change then; taken as 2026-03-08T03:30:00-04:00" in ran.out

    def test_names_from_standard_input(self, cli):
        """`-` stands for lines of names, as another command printed them."""
        handles = cli("list", "--not-contacted", "90d", "--handles").out
        assert handles == "ana-ruiz\nluis-ortega\n"
        ran = cli("tag", "ask-autumn", "-", stdin=handles + "\n  Ana Ruiz \n")
        assert ran.code == 0
        assert "Tagged ask-autumn: Ana Ruiz, Luis Ortega" in ran.out
        assert cli("list", "--tag", "ask-autumn", "--handles").out == handles
        assert cli("tag", "x", "-", stdin="").out == "Nothing to change.\n"
        assert cli("tag", "x", "-", stdin="ana\nnobody\n").code == 1
        assert cli("list", "--tag", "x", "--handles").out == ""

    def test_lists_and_filters(self, cli):
        """Circles, tags, fields, employers: together."""
        cli("edit", "ana", "--org", "Mercy General", "--title", "Nurse")
        cli("tag", "nursing", "ana", "--field")
        both = [
            "list",
            "--org",
            "mercy",
            "--circle",
            "inner",
            "--tag",
            "mentor",
            "--field",
            "nursing",
        ]
        assert cli(*both).out == "ana-ruiz  Ana Ruiz  Nurse @ Mercy General  inner mentor\n"
        assert cli(*both, "--source", "friend").out.startswith("Nobody fits.")

    def test_a_person_from_all_sides(self, full):
        """Addresses, jobs, talks, referrals, notes, and when they are due."""
        full("edit", "ana", "--org", "Mercy", "--title", "Nurse", "--birthday", "--03-14")
        full("edit", "ana", "--location", "Boston", "--note", "likes tea")
        out = full("show", "ana").out
        for said in (
            "Ana Ruiz (ana-ruiz)", "Nurse @ Mercy", "ana@example.org", "--03-14", "inner", "mentor",
            "Boston", "days late, since", "Ana Ruiz pointed you to Luis Ortega", "nursing",
            "likes tea",
        ):  # fmt: skip
            assert said in out
        assert "nursing" not in full("show", "ana", "--last", "0").out

    def test_whom_to_get_back_to(self, full):
        """The most urgent first, with why; the rest is counted."""
        out = full("due").out
        assert re.search(
            r"^Ana Ruiz +.*\d+ days late, since .*last touch .*every 1 week$", out, re.M
        )
        full("plan", "ana", "in 40 days")
        assert re.search(r"every 1 week; you meet on \w{3} \d+ \w{3} \d{4}$", full("due").out, re.M)
        assert "held back for another day" in full("due", "--cap", "0").out
        assert full("due", "--as-of", "1999-01-01").out == "Nobody is due.\n"
        assert full("rule", "all", "--drop").code == 0
        assert full("due").out.startswith("No rule yet, so nobody is due.")

    def test_why(self, full):
        """Each step with its value."""
        out = full("explain", "ana").out
        assert re.search(r"^last touch +\w{3} \d+ \w{3} \d{4}$", out, re.M)
        assert re.search(r"^the rule.* all +every 1 week$", out, re.M)

    def test_rules_and_what_they_ask_for(self, full):
        """A new rule says who is due by it; the list says what all of it amounts to."""
        ran = full("rule", "circle:inner", "2 weeks", "--grace", "3 weeks", "--name", "Inner")
        assert "circle:inner: every 2 weeks, at most 3 weeks." in ran.out
        assert "1 due under this rule now" in ran.out
        out = full("rule").out
        assert re.search(r"^circle:inner +every 2 weeks +at most 3 weeks +Inner$", out, re.M)
        assert "They ask for 1.5 touches a week; you do 0.1." in out
        assert full("rule", "contact:luis", "never").out.startswith("contact:luis: never.")
        assert re.search(r"^(contact:luis-ortega|Luis Ortega) +never$", full("rule").out, re.M)

    def test_history_and_undo(self, full):
        """What was done, by number; undone and done again."""
        full("tag", "x", "ana")
        assert full("undo").out.startswith("Took back #7 tag x. (#8; ")
        lines = full("history", "--limit", "2").out.splitlines()
        assert re.match(r"#8 +\d{4}-\d\d-\d\d \d\d:\d\d +undo #7 +1 changed$", lines[0])
        assert re.match(r"#7 .* tag x +1 changed +\(undone by #8\)$", lines[1])
        assert full("undo", "8").code == 0
        assert full("list", "--tag", "x", "--handles").out == "ana-ruiz\n"
        full("edit", "ana", "--note", "x")
        ran = full("undo", "7", "--leave-touched")
        assert "Everything in it was touched since." in ran.err

    def test_adding_a_namesake_is_pointed_out(self, cli):
        """Two people may have one name; one person entered twice should be noticed."""
        ran = cli("add", "Ana Ruiz")
        assert "Added Ana Ruiz (ana-ruiz-2)" in ran.out
        assert "Another Ana Ruiz is here already: ana-ruiz." in ran.out

    def test_somebody_new_by_referral(self, cli):
        """They are added, and it is said."""
        out = cli("refer", "ana", "Priya Nair", "--mode", "offered", "--may-use-name", "yes").out
        assert "Noted: Ana Ruiz pointed you to Priya Nair" in out
        assert "Priya Nair is new here." in out
        assert "is new here" not in cli("refer", "luis", "priya").out

    def test_snooze_pause_resume(self, full):
        """Each says until when."""
        day = date.today() + timedelta(days=21)  # noqa: DTZ011
        assert re.match(r"Snoozed Ana Ruiz until \d{4}-", full("snooze", "ana", "in 3 weeks").out)
        assert full("pause", "ana", str(day)).out.startswith(f"Paused Ana Ruiz until {day}.")
        assert "paused" in full("explain", "ana").out
        assert full("pause", "ana", "--resume").out.startswith("Resumed Ana Ruiz.")

    def test_the_network_that_is_meant(self, terminal, monkeypatch):
        """An option, else the environment, else a file in the data folder."""
        named = terminal.home / "named.json"
        assert terminal("-n", named, "init", "--name", "Maya Rao").code == 0
        assert terminal("--network", f"tinydb:{named}", "list").out == "maya-rao  Maya Rao\n"
        assert terminal("list").code == 4
        monkeypatch.delenv("NETCRM_NETWORK")
        assert terminal("init").code == 0
        assert (terminal.home / "data" / "netcrm" / "network.json").is_file()
        assert terminal("-n", "memory:", "list").out.startswith("Nobody fits.")
        ran = terminal("-n", "cloud:x", "list")
        assert (ran.code, "no storage called cloud. There are: memory," in ran.err) == (1, True)

    def test_doctor(self, full):
        """All of it can be read; a file that others may read is pointed out."""
        ran = full("doctor")
        assert (ran.code, ran.out.splitlines()[-1]) == (0, "All is well.")
        assert re.search(r"^ +4 contact$", ran.out, re.M)
        full.file.chmod(0o644)
        ran = full("doctor")
        assert ran.code == 1
        assert f"chmod 600 {full.file}" in ran.out


class TestColours:
    """Colours only where they are wanted."""

    def test_never_in_a_pipe_and_never_with_no_color(self, full, monkeypatch):
        """Late people are red in a terminal; NO_COLOR and pipes are plain."""
        assert "\x1b" not in full("due").out
        monkeypatch.setattr("click.utils.should_strip_ansi", lambda *_: False)
        assert "\x1b[31m" in full("due").out
        monkeypatch.setenv("NO_COLOR", "")
        assert "\x1b[31m" in full("due").out
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b" not in full("due").out + full("show", "ana").out + full("history").out


class TestDemo:
    """The main job on made-up people, for real."""

    def test_it_runs_and_its_file_is_real(self, terminal):
        """Every command in it does what it says; the network can be used afterwards."""
        folder = terminal.home / "demo"
        ran = terminal("demo", "--folder", folder)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.count("$ netcrm ") == 12
        assert "Ana Ruiz" in ran.out
        assert "follow up" in ran.out.rpartition("$ netcrm today")[2]
        network = folder / "network.json"
        assert f"All of it is in {network}." in ran.out
        listed = terminal("-n", network, "list", "--json").json["contacts"]
        assert len(listed) == 12
        assert terminal("-n", network, "doctor").code == 0
        assert terminal("-n", network, "due", "--exit-code").code == 10
        assert (
            json.loads(terminal("-n", network, "history", "--json").out)["commits"][0]["seq"] == 9
        )
        assert terminal.files().keys() == {
            "demo/Connections.csv", "demo/network.json", "demo/network.json.bak",
        }  # fmt: skip

    def test_it_does_not_write_over_anything(self, terminal):
        """A second time in one folder is refused; so is a folder that cannot be."""
        folder = terminal.home / "demo"
        terminal("demo", "--folder", folder)
        before = terminal.files()
        assert terminal("demo", "--folder", folder).code == 5
        assert terminal("demo", "--folder", "/proc/nowhere").code == 4
        assert terminal.files() == before


@pytest.mark.parametrize("scheme", ["tinydb", "sqlite"])
@pytest.mark.parametrize("name", ["people.svg", "link.svg", "other.svg"])
@pytest.mark.parametrize(
    "command",
    [
        "map {}", "map {} --replace", "ics --out {}", "export {} --replace",
        "export --person ana {} --replace", "draft request ana --eml {} --replace",
    ],
)  # fmt: skip
def test_a_network_is_never_written_over(terminal, monkeypatch, scheme, name, command):
    """Whatever its file is called, and whether it is this one or another."""
    monkeypatch.chdir(terminal.home)
    monkeypatch.setenv("NETCRM_NETWORK", f"{scheme}:{terminal.home / 'other.svg'}")
    terminal("init")
    monkeypatch.setenv("NETCRM_NETWORK", f"{scheme}:{terminal.home / 'people.svg'}")
    terminal("init")
    terminal("add", "Ana Ruiz", "--email", "ana@example.org")
    terminal.home.joinpath("link.svg").symlink_to(terminal.home / "people.svg")
    before = terminal.home.joinpath(name).read_bytes()
    ran = terminal(*command.format(name).split())
    assert (ran.code, ran.out) == (5, "")
    assert (
        ran.err.rpartition("netcrm: ")[2]
        .rstrip()
        .endswith(("holds a network. Name another file.", "--replace"))
    )
    assert terminal.home.joinpath(name).read_bytes() == before
