"""draft and lint, as people type them."""

from __future__ import annotations

import email
import email.policy
import shlex
import stat
import sys
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.cli.letters import _parted, _place
from netcrm.rules.circumstances import KINDS
from netcrm.rules.judging import Finding
from tests.networks import cli, commits, everything, terminal
from tests.test_cli_hostile import HOSTILE, obeyed

__all__ = ["cli", "terminal"]

BAD = "Dear Ana,\n\nDo you have a job for me?\n"


def state(terminal):
    with terminal.open() as net:
        return everything(net), commits(net)


def hint(ran):
    """Return what the last line on standard error says to type."""
    return shlex.split(ran.err.splitlines()[-1].partition("netcrm ")[2])


@pytest.fixture
def asked(cli):
    """Ana works somewhere, and was asked and met; Luis was not."""
    cli("edit", "ana", "--org", "Mercy General", "--title", "Nurse", "--source", "alumni_database")
    cli("tag", "nursing", "ana", "--field")
    cli("ask", "ana", "email", "--at", "9 days ago")
    cli("log", "ana", "coffee", "--kind", "meeting", "--min", "30", "--at", "2 days ago")
    return cli


class TestDraft:
    def test_the_letter_alone_goes_to_standard_output(self, asked):
        ran = asked("draft", "thank_you", "ana", "--about", "nights are the hardest part")
        assert ran.code == 0
        lines = ran.out.splitlines()
        assert lines[:3] == ["Subject: Thank you", "", "Dear Ana,"]
        assert "This stays with me most: nights are the hardest part." in ran.out
        assert lines[-1] == "Maya Rao"
        assert "netcrm" not in ran.out

    def test_what_is_missing_is_said_once_on_standard_error(self, asked):
        ran = asked("draft", "reconnect", "ana")
        assert ran.err.splitlines()[0] == "Still to fill in: what is new with you."
        assert "[what is new with you]" in ran.out
        assert ran.err.count("what is new with you") == 1

    def test_what_to_mend_has_its_place_in_what_is_printed(self, asked):
        ran = asked("draft", "thank_you", "ana", "--about", "I ask you for a job")
        line = next(line for line in ran.err.splitlines() if line.startswith("E "))
        code, place, *_ = line.removeprefix("E ").split()
        number, column = map(int, place.rstrip(":").split(":"))
        assert code.isalnum()
        assert ran.out.splitlines()[number - 1][column - 1 :].startswith("ask you for a job")

    @pytest.mark.parametrize("kind", sorted(KINDS))
    def test_every_kind_says_how_to_log_it_and_that_works(self, asked, kind):
        if kind == "follow_up":
            asked("ask", "luis", "email", "--at", "9 days ago")
        if kind == "introduction":
            asked("introduce", "luis", "ana", "night shifts", "--agreed", "luis", "--agreed", "ana")
        ran = asked("draft", kind, "luis", "--about", "ana")
        assert ran.code == 0
        assert ran.err.splitlines()[-1].startswith("When it is sent: netcrm ")
        assert asked(*hint(ran)).code == 0

    def test_a_request_is_logged_as_one_and_others_by_their_kind(self, asked):
        assert hint(asked("draft", "request", "luis")) == ["ask", "luis-ortega", "email"]
        ran = asked("draft", "report-back", "ana", "--about", "luis")
        assert hint(ran) == ["log", "ana-ruiz", "email", "--kind", "report_back"]
        assert hint(asked("draft", "reconnect", "ana")) == ["log", "ana-ruiz", "email"]

    def test_kinds_may_be_typed_with_hyphens_and_capitals(self, asked):
        first = asked("draft", "thank_you", "ana")
        assert first.code == 0
        assert asked("draft", "Thank-You", "ana") == first

    def test_it_stores_nothing(self, asked):
        before = state(asked)
        for more in ((), ("--json",), ("--mailto",), ("--eml", asked.home / "a.eml")):
            assert asked("draft", "thank_you", "ana", *more).code == 0
        assert state(asked) == before

    def test_a_note_is_short_and_has_no_subject(self, asked):
        ran = asked("draft", "request", "ana", "--channel", "linkedin-note")
        assert "Subject" not in ran.out
        assert hint(ran)[-1] == "linkedin_note"

    def test_a_call_is_said_not_sent(self, asked):
        for channel in ("phone", "in-person"):
            ran = asked("draft", "request", "ana", "--channel", channel)
            assert "When it is said: netcrm ask ana-ruiz" in ran.err

    def test_minutes_and_formats_are_what_is_asked_for(self, asked):
        ran = asked("draft", "request", "luis", "--min", "20", "--format", "video")
        assert "20 minutes" in ran.out
        assert "I can talk by video," in ran.out

    def test_in_json(self, asked):
        ran = asked("draft", "thank-you", "ana", "--about", "I ask you for a job", "--json")
        assert (ran.code, ran.err) == (0, "")
        said = ran.json
        assert set(said) == {
            "netcrm", "kind", "channel", "person", "addresses", "subject", "text", "missing",
            "facts", "findings", "also",
        }  # fmt: skip
        assert (said["kind"], said["channel"], said["subject"]) == (
            "thank_you", "email", "Thank you",
        )  # fmt: skip
        assert said["person"]["handle"] == "ana-ruiz"
        assert said["addresses"] == ["ana@example.org"]
        assert said["text"].startswith("Dear Ana,")
        assert said["missing"] == []
        found = next(one for one in said["findings"] if one["severity"] == "error")
        line = said["text"].splitlines()[found["line"] - 1]
        assert line[found["column"] - 1 :].startswith("ask you for a job")
        assert said["text"][found["start"] : found["end"]].startswith("ask you for a job")
        whole = next(one for one in said["findings"] if not one["end"])
        assert (whole["line"], whole["column"]) == (None, None)

    def test_who_is_not_to_be_contacted_is_not_drafted_to(self, asked):
        asked("edit", "ana", "--state", "do_not_contact", "--reason", "asked me not to")
        ran = asked("draft", "thank_you", "ana")
        assert (ran.code, ran.out) == (5, "")
        assert "asked me not to" in ran.err
        assert "--force" in ran.err
        assert asked("draft", "thank_you", "ana", "--force").code == 0


class TestMail:
    def test_a_link_for_the_mail_program(self, asked):
        ran = asked("draft", "thank_you", "ana", "--mailto")
        head, _, body = ran.out.rstrip("\n").partition("&body=")
        assert head == "mailto:ana@example.org?subject=Thank%20you"
        assert unquote(body).startswith("Dear Ana,\r\n")
        assert len(ran.out.splitlines()) == 1
        assert "When it is sent" in ran.err

    def test_a_file_that_only_the_owner_reads(self, asked):
        file = asked.home / "thanks.eml"
        ran = asked("draft", "thank_you", "ana", "--eml", file)
        assert (ran.code, ran.out.startswith(f"Wrote {file}.")) == (0, True)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        read = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert (read["To"], read["Subject"], read["X-Unsent"]) == (
            "Ana Ruiz <ana@example.org>", "Thank you", "1",
        )  # fmt: skip
        assert read["From"] is None
        assert read.get_content().startswith("Dear Ana,")

    def test_a_file_that_is_there_is_kept_unless_one_says_so(self, asked):
        file = asked.home / "thanks.eml"
        file.write_text("mine")
        ran = asked("draft", "thank_you", "ana", "--eml", file)
        assert (ran.code, ran.out, file.read_text()) == (5, "", "mine")
        assert len(ran.err.splitlines()) == 1
        assert asked("draft", "thank_you", "ana", "--eml", file, "--replace").code == 0
        assert file.read_text().startswith("X-Unsent")

    def test_to_standard_output(self, asked):
        file = asked.home / "thanks.eml"
        asked("draft", "thank_you", "ana", "--eml", file)
        ran = asked("draft", "thank_you", "ana", "--eml", "-")
        assert ran.out.encode() == file.read_bytes()

    def test_a_terminal_is_shown_it_harmlessly(self, asked, monkeypatch):
        with asked.open() as net:
            net.edit("ana", name=HOSTILE)
        monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
        ran = asked("draft", "thank_you", "ana-ruiz", "--eml", "-")
        assert ran.code == 0
        assert "X-Unsent: 1\n" in ran.out
        assert obeyed(ran.out) == set()

    def test_mail_is_by_e_mail_whatever_they_prefer(self, asked):
        with asked.open() as net:
            net.edit("ana", preferred_channel="phone")
        assert asked("draft", "request", "ana", "--json").json["channel"] == "phone"
        assert "subject=A%20few" in asked("draft", "request", "ana", "--mailto").out

    def test_without_an_address_it_says_how_to_note_one(self, asked):
        for way in (("--mailto",), ("--eml", asked.home / "a.eml")):
            ran = asked("draft", "request", "luis", *way)
            assert (ran.code, ran.out) == (1, "")
            assert "netcrm edit luis-ortega --email" in ran.err
        assert not (asked.home / "a.eml").exists()


FOLDER = """
from pathlib import Path
from netcrm import DraftFolder, NotFoundError, hookimpl

def put(message, account):
    if account == "nobody":
        raise NotFoundError("nobody has no drafts here")
    with open(Path(__file__).parent / f"drafts{account}", "ab") as drafts:
        drafts.write(message)
    return f"the drawer{account}"

@hookimpl
def netcrm_draft_folders():
    return [DraftFolder(name="drawer", summary="The drawer", put=put)]
"""


@pytest.fixture
def drafts(asked):
    """A function that drafts with a draft folder, drawer, which keeps what it is given."""
    plugin = asked.home / "drawer.py"
    plugin.write_text(FOLDER, "utf-8")
    return lambda *words: asked("--plugin", plugin, "draft", *words)


class TestTo:
    def test_it_is_among_the_drafts_and_nothing_is_stored(self, asked, drafts):
        before = state(asked)
        ran = drafts("thank_you", "ana", "--to", "drawer")
        assert ran.code == 0
        assert ran.out == "The draft is in the drawer\nRead it there, and send it yourself.\n"
        assert hint(ran) == ["log", "ana-ruiz", "email", "--kind", "thank_you"]
        assert state(asked) == before

    def test_it_is_the_message_of_the_file_but_for_the_mark_of_files(self, asked, drafts):
        drafts("thank_you", "ana", "--to", "drawer")
        drafts("thank_you", "ana", "--eml", asked.home / "thanks.eml")
        kept = (asked.home / "drafts").read_bytes()
        assert b"X-Unsent: 1\r\n" + kept == (asked.home / "thanks.eml").read_bytes()
        assert email.message_from_bytes(kept)["To"] == "Ana Ruiz <ana@example.org>"

    def test_an_account_may_be_named(self, asked, drafts):
        ran = drafts("thank_you", "ana", "--to", "drawer:me@example.org")
        assert ran.out.startswith("The draft is in the drawerme@example.org\n")

    def test_what_to_mend_is_said_as_ever(self, drafts):
        job = ("thank_you", "ana", "--about", "I ask you for a job")
        assert drafts(*job, "--to", "drawer").err == drafts(*job, "--mailto").err

    def test_an_introduction_goes_to_both(self, asked, drafts):
        asked("edit", "luis", "--email", "luis@example.org")
        asked("introduce", "luis", "ana", "night shifts", "--agreed", "luis", "--agreed", "ana")
        assert drafts("introduction", "luis", "--to", "drawer").code == 0
        to = email.message_from_bytes((asked.home / "drafts").read_bytes())["To"]
        assert to == "Luis Ortega <luis@example.org>, ana@example.org"

    def test_it_is_by_e_mail_whatever_they_prefer(self, asked, drafts):
        with asked.open() as net:
            net.edit("ana", preferred_channel="phone")
        assert drafts("request", "ana", "--to", "drawer").err.endswith("ask ana-ruiz email\n")
        assert b"Subject: A few" in (asked.home / "drafts").read_bytes()

    def test_no_header_is_slipped_in(self, asked, drafts):
        with asked.open() as net:
            net.edit("ana", name="Ana\r\nBcc: eve@example.org", handle="ana")
        assert drafts("thank_you", "ana", "--to", "drawer").code == 0
        assert email.message_from_bytes((asked.home / "drafts").read_bytes())["Bcc"] is None

    def test_if_that_fails_the_letter_is_shown_so_that_it_is_not_lost(self, asked, drafts):
        ran = drafts("thank_you", "ana", "--to", "drawer:nobody")
        assert (ran.code, ran.err) == (1, "netcrm: nobody has no drafts here\n")
        assert ran.out == drafts("thank_you", "ana").out

    def test_a_folder_that_is_not_there_is_told_before_they_edit(self, asked, drafts, monkeypatch):
        edited = asked.home / "edited"
        marks = [sys.executable, "-c", f"open({str(edited)!r}, 'w')"]
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", shlex.join(marks))
        ran = drafts("thank_you", "ana", "--edit", "--to", "desk")
        assert (ran.code, ran.out) == (1, "")
        assert "There is no draft folder called desk. There are: drawer" in ran.err
        assert not edited.exists()
        assert drafts("thank_you", "ana", "--edit", "--to", "drawer").code == 0
        assert edited.exists()

    def test_who_has_no_address_gets_no_draft(self, asked, drafts):
        ran = drafts("request", "luis", "--to", "drawer")
        assert (ran.code, ran.out) == (1, "")
        assert "netcrm edit luis-ortega --email" in ran.err

    @pytest.mark.parametrize("more", ["--mailto", "--json", "--eml=-", "--channel=phone"])
    def test_it_is_one_way_of_several_and_for_e_mail(self, asked, drafts, more):
        ran = drafts("thank_you", "ana", "--to", "drawer", more)
        assert (ran.code, ran.out) == (2, "")
        assert "--to" in ran.err.splitlines()[-1]
        assert not (asked.home / "drafts").exists()


class TestEdit:
    @pytest.fixture
    def editor(self, asked, monkeypatch):
        """A function that makes an editor of some Python that changes `text`."""

        def make(code):
            script = asked.home / "editor.py"
            script.write_text(
                "import pathlib, sys\nfile = pathlib.Path(sys.argv[1])\n"
                f"text = file.read_text('utf-8')\n{code}\nfile.write_bytes(text.encode('utf-8'))\n",
                "utf-8",
            )
            monkeypatch.delenv("VISUAL", raising=False)
            monkeypatch.setenv("EDITOR", shlex.join([sys.executable, str(script)]))

        return make

    def test_what_the_editor_saved_is_printed_and_judged(self, asked, editor):
        editor("text = 'Subject: Hello\\n\\nDear Ana,\\n\\nI ask you for a job.\\n'")
        ran = asked("draft", "thank_you", "ana", "--edit")
        assert ran.out == "Subject: Hello\n\nDear Ana,\n\nI ask you for a job.\n"
        assert any(line.startswith("E ") and " 5:3: " in line for line in ran.err.splitlines())
        said = asked("draft", "thank_you", "ana", "--edit", "--json").json
        assert (said["subject"], said["missing"]) == ("Hello", [])
        assert said["text"] == "Dear Ana,\n\nI ask you for a job."

    def test_what_is_still_to_be_filled_in_is_told(self, asked, editor):
        editor("")
        ran = asked("draft", "reconnect", "ana", "--edit")
        assert "[what is new with you]" in ran.out
        assert "fill in “[what is new with you]”" in ran.err
        editor("text = text.replace('[what is new with you]', 'I moved')")
        ran = asked("draft", "reconnect", "ana", "--edit")
        assert "I moved" in ran.out
        assert "fill in" not in ran.err

    def test_it_goes_into_the_mail(self, asked, editor):
        editor("text = text.replace('Thank you', 'Many thanks', 1)")
        assert (
            "subject=Many%20thanks" in asked("draft", "thank_you", "ana", "--edit", "--mailto").out
        )

    @pytest.mark.parametrize(
        "code", ["sys.exit(3)", "file.write_bytes(b'\\xff\\xfe\\xe9'); sys.exit(0)"]
    )
    def test_an_editor_that_fails_is_one_line(self, asked, editor, code):
        editor(code)
        ran = asked("draft", "thank_you", "ana", "--edit")
        assert (ran.code, ran.out) == (1, "")
        assert len(ran.err.splitlines()) == 1

    def test_halves_of_characters_can_be_edited(self, asked, editor):
        editor("")
        assert asked("draft", "thank_you", "ana", "--about", "x\udcff", "--edit").code == 0


class TestLint:
    @pytest.fixture
    def file(self, cli):
        """A file with a letter that asks for a job."""
        path = cli.home / "letter.txt"
        path.write_text(BAD, "utf-8")
        return path

    def test_each_finding_is_a_line_with_its_place(self, cli, file):
        ran = cli("lint", "request", file)
        assert (ran.code, ran.err) == (0, "")
        errors = [line for line in ran.out.splitlines() if line.startswith("E ")]
        assert errors[0].startswith("E O02 3:")
        assert {line[:2] for line in ran.out.splitlines()} <= {"E ", "W ", "I "}

    def test_standard_input_is_read_without_a_file(self, cli, file):
        assert cli("lint", "request", stdin=BAD) == cli("lint", "request", file)
        assert cli("lint", "request", "-", stdin=BAD) == cli("lint", "request", file)

    def test_strict_exits_with_1_for_an_error_only(self, cli, file):
        assert cli("lint", "request", file, "--strict").code == 1
        ran = cli("lint", "request", "--strict", stdin="Dear Ana,\n\nhow is your work?\n")
        assert (ran.code, "E " in ran.out) == (0, False)
        assert ran.out

    def test_the_subject_is_no_part_of_the_letter_but_of_the_places(self, cli):
        plain = cli("lint", "request", "--json", stdin=BAD).json["findings"]
        headed = cli("lint", "request", "--json", stdin=f"Subject: A job\n\n{BAD}").json["findings"]
        assert [one["text"] for one in headed] == [one["text"] for one in plain]
        for one, other in zip(plain, headed, strict=True):
            if one["end"]:
                assert (other["line"], other["column"]) == (one["line"] + 2, one["column"])
            else:
                assert other == one

    def test_in_json_places_are_in_what_was_read(self, cli):
        text = f"Subject: A job\n\n{BAD}"
        said = cli("lint", "Thank-You", "--json", stdin=text).json
        assert said["kind"] == "thank_you"
        found = next(one for one in said["findings"] if one["severity"] == "error")
        assert set(found) == {"code", "severity", "text", "start", "end", "line", "column"}
        assert "job" in text[found["start"] : found["end"]]

    def test_a_rule_can_be_left_out(self, cli, file):
        assert "O02" not in cli("lint", "request", file, "--off", "o02", "--off", "O11").out
        assert "O02" in cli("lint", "request", file, "--off", "O11").out

    def test_what_draft_says_lint_says_of_its_output(self, asked):
        letter = asked("draft", "thank_you", "ana", "--about", "I ask you for a job")
        judged = asked("lint", "thank_you", "--to", "ana", stdin=letter.out)
        assert judged.out.splitlines() == letter.err.splitlines()[:-1]
        assert asked("lint", "thank_you", "--to", "ana", "--strict", stdin=letter.out).code == 1

    def test_to_whom_it_goes_is_checked(self, asked):
        text = "Dear Ana,\n\nhow is your work?\n"
        assert "Mercy General" in asked("lint", "request", "--to", "ana", stdin=text).out
        assert "Mercy General" not in asked("lint", "request", stdin=text).out

    def test_a_note_is_held_to_its_length(self, asked):
        long = f"Hello Ana! {'How is your work? ' * 20}"
        by_mail = asked("lint", "request", "--to", "ana", stdin=long).out
        note = asked("lint", "request", "--to", "ana", "--channel", "linkedin-note", stdin=long).out
        assert "200" in note
        assert "200" not in by_mail

    def test_nothing_to_mend(self, asked):
        ran = asked(
            "lint", "decline_graciously", stdin=asked("draft", "decline-graciously", "ana").out
        )
        assert (ran.code, ran.out) == (0, "Nothing to mend.\n")
        assert (
            asked("lint", "decline_graciously", "--json", stdin="Dear Ana,\n").json["netcrm"] == 1
        )

    def test_the_plan_of_questions(self, asked):
        asked("ask", "luis", "email")
        asked("prepare", "luis", "--ask", "What is your day like?", "--ask", "Do you like it?")
        ran = asked("lint", "questions", "--to", "luis")
        assert (ran.code, ran.err) == (0, "")
        assert any(" 2:1: " in line for line in ran.out.splitlines())
        said = asked("lint", "questions", "--to", "luis", "--json").json
        assert said["kind"] == "questions"
        assert {one["line"] for one in said["findings"]} <= {None, 1, 2}

    @pytest.mark.parametrize(
        "text", ["", "\n", "\ufeff", "🦆", "\x00\x1b[2J", "Subject:", "a\n" * 5000]
    )
    def test_odd_texts_are_judged_all_the_same(self, cli, text):
        for more in ((), ("--json",)):
            ran = cli("lint", "request", *more, stdin=text)
            assert ran.code == 0
            assert obeyed(ran.out + ran.err) == set()

    def test_what_is_quoted_does_not_move_the_cursor(self, cli):
        text = "Dear Ana,\n\n[fill \x1b\x9b\u202e in]\n"
        assert "“[fill \\x1b\\x9b\\x202e in]”" in cli("lint", "request", stdin=text).out
        for said in (text, f"I ask you for a {HOSTILE} job, {{x{HOSTILE}}} [{HOSTILE}]"):
            for more in ((), ("--json",)):
                assert obeyed("".join(cli("lint", "request", *more, stdin=said)[1:])) == set()

    def test_a_mark_at_the_beginning_and_windows_line_ends_are_nothing(self, cli):
        file, text = cli.home / "letter.txt", f"Subject: A job\n\n{BAD}"
        file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        assert cli("lint", "request", file) == cli("lint", "request", stdin=text)
        assert cli("lint", "request", stdin=f"\ufeff{text}") == cli("lint", "request", stdin=text)


MISTAKES = [
    (["draft", "gossip", "ana"], 1, "'gossip' is no kind of draft"),
    (["draft", "request", "nobody"], 1, "Nobody here is called “nobody”"),
    (["draft", "request", "maya"], 1, "that is you"),
    (["draft", "request", "a"], 3, "fits several people"),
    (["draft", "request", "ana", "--min", "0"], 1, "0 minutes"),
    (["draft", "request", "ana", "--channel", "pigeon"], 2, "pigeon"),
    (["draft", "thank_you", "ana", "--mailto", "--json"], 2, "one of --mailto, --eml, --to"),
    (["draft", "thank_you", "ana", "--mailto", "--eml", "-"], 2, "one of --mailto"),
    (["draft", "thank_you", "ana", "--eml", "-", "--json"], 2, "one of --mailto"),
    (["draft", "request", "ana", "--mailto", "--channel", "phone"], 2, "for e-mail"),
    (["draft", "request", "ana", "--to", "pigeon"], 1, "There is no draft folder called pigeon"),
    (["draft", "thank_you", "ana", "--eml", "{home}/no/such.eml"], 4, "No such file"),
    (["lint", "gossip"], 1, "'gossip' is no kind of draft"),
    (["lint", "request", "{home}/nothing.txt"], 1, "nothing.txt cannot be read: No such file"),
    (["lint", "request", "{home}"], 1, "cannot be read: Is a directory"),
    (["lint", "request", "{home}/latin.txt"], 1, "is not UTF-8 text"),
    (["lint", "request", "--to", "nobody"], 1, "Nobody here is called"),
    (["lint", "request", "--channel", "phone"], 2, "--channel goes with --to"),
    (["lint", "questions"], 2, "give --to WHO"),
    (["lint", "questions", "{home}/latin.txt", "--to", "ana"], 2, "give --to WHO"),
    (["lint", "questions", "--to", "luis"], 1, "no interview with Luis Ortega"),
]


class TestWrong:
    @pytest.mark.parametrize(("arguments", "code", "said"), MISTAKES)
    def test_it_is_said_in_a_line_and_nothing_is_printed(self, asked, arguments, code, said):
        asked("add", "Amy Wu")
        asked.home.joinpath("latin.txt").write_bytes(b"Zo\xeb")
        ran = asked(*(word.replace("{home}", str(asked.home)) for word in arguments))
        assert (ran.code, ran.out) == (code, "")
        assert said in ran.err
        assert len(ran.err.splitlines()) == 1 or code == 2

    def test_hostile_names_are_shown_harmlessly(self, asked):
        with asked.open() as net:
            net.edit("ana", name=HOSTILE, handle="mallory", note=HOSTILE)
        for more in ((), ("--json",), ("--mailto",), ("--channel", "phone"), ("--about", HOSTILE)):
            ran = asked("draft", "thank_you", "mallory", *more)
            assert ran.code == 0
            assert obeyed(ran.out + ran.err) == set()

    def test_in_a_network_with_nothing_in_it(self, terminal):
        terminal("init")
        terminal("add", "Zoe")
        for kind in KINDS:
            assert terminal("draft", kind, "zoe").code == 0
        assert terminal("draft", "request", "luis").code == 1
        assert terminal("lint", "request", stdin=BAD).code == 0


@given(st.text())
def test_a_letter_ends_in_its_text_and_a_place_is_within(text):
    """Whatever it is; lines are counted as an editor does."""
    _, body = _parted(text)
    assert text.endswith(body)
    for start in range(len(text)):
        line, column = _place(Finding("X", "info", "", start, start + 1), text)
        assert text.split("\n")[line - 1][column - 1 :][:1] == text[start].replace("\n", "")


@given(st.text().map(str.strip), st.text().map(str.strip).filter(lambda text: "\n" not in text))
def test_subject_and_text_are_found_again(text, subject):
    assert _parted(f"Subject: {subject}\n\n{text}") == (subject, text)
