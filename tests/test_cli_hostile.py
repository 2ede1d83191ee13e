"""Whatever comes in by names, files or arguments: shown harmlessly, refused clearly, none lost."""

from __future__ import annotations

import io
import os
import stat
import unicodedata
import zipfile
from datetime import date

import attrs
import pytest

import netcrm
from tests import networks
from tests.test_cli import MOVING, READING, WRITING

terminal, cli = networks.terminal, networks.cli

ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m\x90\x85\x7f\x00"[:-1]
BIDI = "\u202e\u2066\u200f\u061c\u2028\u2029"
HOSTILE = f"Mallory{ESCAPES}{BIDI}\r\n\x08 <b>[red]{{x}}%s"
HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
ROW = "Ines,Falk,https://www.linkedin.com/in/ines,,Clinic,Nurse,03 Nov 2025\n"


def obeyed(text: str) -> set[str]:
    """Return what a terminal would obey in a text."""
    turning = set(
        "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
    return {
        c for c in text if (unicodedata.category(c) == "Cc" and c not in "\n\t") or c in turning
    }


def strings(value):
    """Yield every text in JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


@pytest.fixture
def hostile(cli):
    """A network in which every text that may be anything is hostile."""
    with cli.open() as net:
        mallory = net.add(
            HOSTILE,
            handle="mallory",
            given=HOSTILE, family=HOSTILE, aliases=[HOSTILE], pronunciation=HOSTILE,
            pronouns=HOSTILE, hint=HOSTILE, preferred_channel=HOSTILE, language=HOSTILE,
            location=HOSTILE, source_detail=HOSTILE, rapport=[HOSTILE], note=HOSTILE,
            circles=["inner"], organisation=HOSTILE, title=HOSTILE, phone=f"1{HOSTILE}",
            email="a\u202e\x9b@example.org", url="https://example.org/\u202e\x9b",
            occasions=[netcrm.Occasion(label=HOSTILE, on=netcrm.PartialDate(year=2000))],
            origins=[netcrm.Origin(source=HOSTILE, key=HOSTILE, said={"name": HOSTILE})],
            extra={HOSTILE: HOSTILE},
        )  # fmt: skip
        past = netcrm.Position(
            organisation=HOSTILE, title=HOSTILE, end=netcrm.PartialDate(year=2020)
        )
        net.edit("mallory", positions=[past, *mallory.positions])
        net.rule("circle:inner", "1 week", name=HOSTILE)
        net.log("mallory", "coffee", HOSTILE, subject=HOSTILE, at="40 days ago")
        net.log("mallory", "email", subject=HOSTILE, thread=HOSTILE, ref=HOSTILE, at="39 days ago")
        net.refer("ana", "mallory", context=HOSTILE)
        net.snooze("mallory", "tomorrow", reason=HOSTILE)
        with net.transaction(HOSTILE, detail=HOSTILE):
            net.plan("mallory", "in 3 weeks", place=HOSTILE)
            net.edit("luis", state=netcrm.State(kind="archived", reason=HOSTILE, by=HOSTILE))
    quoted = f'"{HOSTILE}"'
    good = f"{quoted},Falk,https://www.linkedin.com/in/x,,{quoted},{quoted},03 Nov 2025\n"
    bad = f"{quoted},x,,{quoted},,,03 Nov 2025\n"
    export = cli.home / "Connections.csv"
    export.write_text(HEADER + good + bad, "utf-8", newline="")
    return cli


EVERYWHERE = {
    **READING,
    **WRITING,
    **MOVING,
    "show": ["show", "mallory"],
    "show archived": ["show", "luis"],
    "explain": ["explain", "mallory"],
    "find": ["find", "mallory"],
    "due": ["due", "--as-of", "2099-01-01"],
    "edit": ["edit", "mallory", "--title", "x"],
    "log": ["log", "mallory", "coffee", "--with", "ana"],
    "tag": ["tag", "x", "mallory"],
    "refer": ["refer", "mallory", "luis"],
    "snooze": ["snooze", "mallory", "in 3 weeks"],
    "pause": ["pause", "mallory"],
    "rule": ["rule", "contact:mallory", "2 weeks"],
    "rules": ["rule"],
    "add": ["add", HOSTILE],
    "nobody": ["show", f"nobody {HOSTILE}"],
    "close": ["show", "mallori"],
    "several": ["show", "m"],
    "refuse": ["undo", "4"],
    "source": ["import", HOSTILE, "x"],
    "path": ["import", "linkedin", HOSTILE],
    "command": [HOSTILE],
    "option": [f"--{HOSTILE}"],
    "day": ["due", "--as-of", HOSTILE],
    "channel": ["log", "mallory", HOSTILE],
    "kind": ["log", "mallory", "--kind", HOSTILE],
    "where": ["-n", "{home}/" + HOSTILE.replace("/", ""), "list"],
    "zone": ["--tz", HOSTILE, "list"],
}


class TestHostileNames:
    """A name is shown, never obeyed: in every field, on every command."""

    @pytest.mark.parametrize("name", sorted(EVERYWHERE))
    def test_nothing_a_terminal_would_obey_is_printed(self, hostile, name):
        """No escape, no control character, no mark that turns text around; on either stream."""
        arguments = [word.replace("{home}", str(hostile.home)) for word in EVERYWHERE[name]]
        ran = hostile(*arguments)
        assert ran.code in (0, 1, 2, 3, 4, 5, 6)
        assert obeyed(ran.out + ran.err) == set()
        assert ran.out + ran.err

    @pytest.mark.parametrize("name", sorted(EVERYWHERE))
    def test_json_is_harmless_too_and_says_exactly_what_is_stored(self, hostile, name):
        """It can be printed on a terminal, loaded, and then equals what was put in."""
        arguments = [word.replace("{home}", str(hostile.home)) for word in EVERYWHERE[name]]
        ran = hostile(*arguments, "--json")
        assert obeyed(ran.out + ran.err) == set()
        if ran.code in (0, 6):
            said = set(strings(ran.json))
            if name in ("show", "find", "edit", "tag", "list"):
                assert {" ".join(HOSTILE.split()), HOSTILE.strip()} & said

    def test_what_is_shown_can_be_read(self, hostile):
        """Control characters appear as their codes, the rest as it is."""
        out = hostile("list").out
        assert "Mallory\\x1b[2J\\x1b]0;owned\\x07\\x9b31m" in out
        assert "\\x202e" in out
        assert "<b>[red]{x}%s" in out

    def test_columns_stay_in_line(self, cli):
        """Wide letters, accents and emoji take the room that they take."""
        with cli.open() as net:
            net.add("山田 太郎", organisation="X")
            net.add("Zoe\u0301 M", organisation="X")
        lines = cli("list").out.splitlines()
        assert lines[-1].startswith("山田-太郎    山田 太郎") or "山田 太郎" in lines[-1]


class TestBadInput:
    """Nonsense gets one clear line and the right code, and nothing is changed."""

    @pytest.mark.parametrize(
        ("arguments", "code", "said"),
        [
            (["log", "ana", "--at", "2027-02-30"], 1, "'2027-02-30' is not a day"),
            (["log", "ana", "--at", "2999-01-01"], 1, "is in the future"),
            (["log", "ana", "--at", "25:00"], 1, "25:00"),
            (["log", "ana", "--at", "999999999999 days ago"], 1, "999999999999 days"),
            (["log", "ana", "--at", "-1"], 1, "'-1'"),
            (["log", "ana", "--min", "0"], 1, "0 minutes"),
            (["log", "ana", "--min", "99999999999999999999"], 1, "minutes"),
            (["log", "ana", "--min", "ten"], 2, "'ten' is not a valid integer"),
            (["log", "ana", "--kind", "gossip"], 1, "'gossip' is not a kind"),
            (["log", "", "coffee"], 1, "Nobody here is called “”"),
            (["log", "maya", "coffee"], 1, "always there yourself"),
            (["log", "ana", "coffee", "--with", "ana"], 1, "one person twice"),
            (["add", ""], 1, "needs a name"),
            (["add", "   "], 1, "needs a name"),
            (["add", "X", "--email", "ana@example.org"], 1, "belongs to Ana Ruiz"),
            (["add", "X", "--email", ""], 0, ""),
            (["add", "X", "--handle", "Ana Ruiz"], 1, "cannot be a handle"),
            (["add", "X", "--handle", "ana-ruiz"], 1, "belongs to Ana Ruiz already"),
            (["add", "X", "--birthday", "2026-02-30"], 1, "no such date"),
            (["add", "X", "--tag", "🦆"], 1, "no letter or digit"),
            (["add", "X", "--source", "the pub"], 1, "'the pub' is not a source"),
            (["edit", "ana", "--handle", ""], 1, "cannot be a handle"),
            (["tag", "", "ana"], 1, "no letter or digit"),
            (["rule", "all", "0 days"], 1, "1 day to 100 years"),
            (["rule", "all", "1000000 years"], 1, "not a rhythm"),
            (["rule", "all", "1 week", "--jitter", "nan"], 1, "jitter"),
            (["rule", "all", "1 week", "--jitter", "1e999"], 1, "jitter"),
            (["rule", "everybody", "1 week"], 1, "'everybody' does not say whom"),
            (["snooze", "ana", "yesterday"], 1, "is past"),
            (["snooze", "ana", "9999-12-31"], 0, ""),
            (["due", "--as-of", "0001-01-01"], 0, ""),
            (["due", "--as-of", "9999-12-31", "--within", "100 years"], 0, ""),
            (["due", "--as-of", "10000-01-01"], 1, "is not a day"),
            (["due", "--within", "101 years"], 1, "1 day to 100 years"),
            (["due", "--cap", "99999999999999999999"], 0, ""),
            (["rule"], 0, ""),
            (["list", "--not-contacted", "ages"], 1, "write 90d, 2 weeks"),
            (["list", "--not-contacted", "90d", "--as-of", "0001-01-01"], 0, ""),
            (["history", "--limit", "99999999999999999999"], 0, ""),
            (["undo", "0"], 1, "no change #0"),
            (["undo", "99999999999999999999"], 1, "no change #99999999999999999999"),
            (["find", "🦆"], 1, "at least one word"),
            (["refer", "ana", "ana"], 1, "nobody refers me to themselves"),
            (["refer", "ana", "luis", "--on", "2099"], 1, "in the future"),
            (["show", "nobody" * 1000], 1, "Nobody here"),
            (["-n", "{home}", "list"], 4, "is not a file"),
            (["-n", "/dev/null", "list"], 4, "/dev/null"),
            (["-n", "tinydb:", "list"], 1, "name a file"),
            (["-n", "{home}/{home}/x.json", "list"], 4, "netcrm init"),
            (["-n", "~nobody-at-all/x", "list"], 4, "~nobody-at-all/x"),
            (["-n", "x" * 5000, "list"], 4, "name too long|too long"),
        ],
    )  # fmt: skip
    def test_one_line_and_the_right_code(self, cli, arguments, code, said):
        """What is fine is done; what is not is refused and leaves every byte as it was."""
        before = cli.files()
        ran = cli(*(word.replace("{home}", str(cli.home)) for word in arguments))
        assert ran.code == code
        assert "Traceback" not in ran.err
        assert any(part.lower() in ran.err.lower() for part in said.split("|"))
        if code:
            assert ran.out == ""
            assert cli.files() == before
            lines = ran.err.splitlines()
            assert len(lines) == 1 or code == 2

    @pytest.mark.parametrize("length", [1_000, 1_000_000])
    def test_enormous_texts(self, cli, length):
        """A name of a million letters is a name; it can be found, shown and undone."""
        name = "Wolfe " * (length // 6)
        assert cli("add", name).code == 0
        assert cli("log", "wolfe", "coffee", name).code == 0
        assert cli("show", "wolfe", "--json").json["contact"]["name"] == name.strip()
        assert cli("find", "wolfe").code == 0
        assert cli("show", "x" * length).code == 1
        assert cli("undo").code == cli("undo").code == 0

    @pytest.mark.parametrize("said", ["\udcff", "zzz\udcff", "\udc80\udcff" * 100])
    def test_arguments_that_are_no_text(self, cli, said):
        """Bytes that are not UTF-8 arrive as halves of characters: refused, and shown by codes."""
        before = cli.files()
        for arguments in (
            ["show", said], ["add", said], ["log", "ana", said], ["edit", "ana", "--note", said],
            ["tag", said, "ana"], ["rule", "all", said], ["due", "--as-of", said],
            ["import", "linkedin", said], ["-n", cli.home / said, "list"], [said],
        ):  # fmt: skip
            ran = cli(*arguments)
            assert ran.code in (1, 2, 4), arguments
            (ran.out + ran.err).encode()
            assert "Traceback" not in ran.err
        assert cli.files() == before

    def test_a_file_name_that_is_no_text_can_be_imported(self, cli):
        """What it is called does not matter for what is in it."""
        path = cli.home / os.fsdecode(b"z\xeb.csv")
        path.write_text(HEADER + ROW)
        ran = cli("import", "linkedin", path)
        assert (ran.code, "1 created" in ran.out) == (0, True)
        assert cli("history", "--limit", "1").code == 0


def _zip(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_csv", ".csv"), content)
    return made.getvalue()


BAD_EXPORTS = {  # what the file holds, and what is said about it
    "empty": (b"", "is empty"),
    "blank": (b"\n\n  \n", "is empty"),
    "only the preamble": (b'Notes:\n"When exporting your connection data..."\n\n', "no columns"),
    "only the header": (HEADER.encode(), "nobody below it"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is a PDF"),
    "a web page": (b"<!DOCTYPE html><html>sign in</html>", "is a web page"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "not text"),
    "one column missing": (
        HEADER.replace("Last Name,", "").encode() + b"Ines,,,,,\n",
        "no columns First Name and Last Name",
    ),
    "nothing to recognise by": (b"First Name,Last Name\nInes,Falk\n", "none of the columns"),
    "one column twice": (
        HEADER.replace("Company", "URL").encode() + ROW.encode(),
        "two columns for one thing",
    ),
    "cut in a letter": (HEADER.encode() + "Zoë".encode()[:-1], "cannot be read"),
    "a ZIP bomb": (_zip(Connections_csv=HEADER + "x" * 60_000_000), "unpacks to"),
    "a ZIP without connections": (_zip(Shares_csv="x"), "holds no Connections.csv"),
    "a ZIP with nothing": (_zip(), "holds no Connections.csv"),
    "half a ZIP": (_zip(Connections_csv=HEADER + ROW)[:60], "damaged ZIP"),
    "two lists": (_zip(a__Connections_csv=HEADER, b__Connections_csv=HEADER), "several tables"),
}
GOOD_EXPORTS = {
    "plain": HEADER.encode() + ROW.encode(),
    "with a mark and Windows line ends": b"\xef\xbb\xbf"
    + (HEADER + ROW).replace("\n", "\r\n").encode(),
    "UTF-16": (HEADER + ROW).encode("utf-16"),
    "cp1252": (HEADER + ROW.replace("Falk", "Fälk")).encode("cp1252"),
    "a ZIP that points outside": _zip(**{"..__..__Connections_csv": HEADER + ROW}),
    "a ZIP": _zip(Connections_csv='Notes:\n"x"\n\n' + HEADER + ROW),
}
PARTLY_GOOD = {
    "NUL bytes": HEADER.encode() + b"I\0nes,Falk,https://www.linkedin.com/in/x,,,,03 Nov 2025\n",
    "10 MB in one cell": HEADER.encode() + b'"' + b"x" * 10_000_000 + b'",Falk,,,,,03 Nov 2025\n',
    "a lone quotation mark": HEADER.encode() + b'"Ines,Falk,,,,,03 Nov 2025\n',
    "an impossible date": HEADER.encode() + b"Ines,Falk,,,,,30 Feb 2025\n",
}


class TestBadExports:
    """netcrm import linkedin FILE, for files of every sorry kind."""

    @pytest.mark.parametrize("name", BAD_EXPORTS)
    def test_a_file_that_is_no_export(self, cli, name):
        """One clear line, code 1, nothing changed, nothing written anywhere."""
        content, said = BAD_EXPORTS[name]
        path = cli.home / "Connections.csv"
        path.write_bytes(content)
        before = cli.files()
        ran = cli("import", "linkedin", path)
        assert (ran.code, ran.out) == (1, "")
        assert len(ran.err.splitlines()) == 1
        assert said in ran.err
        assert str(path) in ran.err
        assert cli.files() == before

    @pytest.mark.parametrize("name", GOOD_EXPORTS)
    def test_a_file_that_is_one(self, cli, name):
        """However it was saved; what its entries are called matters to nobody."""
        path = cli.home / "Connections.csv"
        path.write_bytes(GOOD_EXPORTS[name])
        ran = cli("import", "linkedin", path)
        assert (ran.code, ran.err) == (0, "")
        assert "1 rows read: 1 created" in ran.out or "1 row read: 1 created" in ran.out
        assert cli("show", "ines").code == 0
        names = {path.name for path in cli.home.parent.rglob("*") if path.is_file()}
        assert names == {
            "Connections.csv", "network.json", "network.json.bak", "network.json.lock",
        }  # fmt: skip

    @pytest.mark.parametrize("name", PARTLY_GOOD)
    def test_a_file_with_a_bad_row(self, cli, name):
        """The good rows come in, the bad one is listed with its line, the code is 6."""
        path = cli.home / "Connections.csv"
        path.write_bytes(PARTLY_GOOD[name] + ROW.encode())
        ran = cli("import", "linkedin", path)
        assert ran.code == 6
        assert "1 created" in ran.out
        assert "1 rejected" in ran.out
        assert "Line 2 rejected: " in ran.out
        assert obeyed(ran.out + ran.err) == set()
        assert max(map(len, ran.out.splitlines())) < 300

    def test_places_that_are_no_files(self, cli):
        """A missing file, a folder, a pipe, a file one may not read."""
        os.mkfifo(cli.home / "pipe")
        before = set(cli.home.iterdir())
        for place, said in (
            ("missing.csv", "does not exist"),
            ("", "holds no Connections.csv"),
            ("pipe", "is not a file"),
            ("network.json", "no columns First Name and Last Name"),
        ):
            ran = cli("import", "linkedin", cli.home / place)
            assert (ran.code, ran.out) == (1, "")
            assert said in ran.err
        assert set(cli.home.iterdir()) == before


class TestOthersOnThisMachine:
    """What is kept is for its owner's eyes only, whatever the umask."""

    def test_no_file_or_folder_can_be_read_by_others(self, terminal, monkeypatch):
        """After every command: no bit for group or others on anything that was made."""
        monkeypatch.delenv("NETCRM_NETWORK")
        (terminal.home / "data").mkdir(mode=0o700)
        export = terminal.home / "Connections.csv"
        export.write_text(HEADER + ROW)
        export.chmod(0o600)
        old = os.umask(0)
        try:
            assert terminal("init").code == 0
            assert terminal("demo", "--folder", terminal.home / "a" / "demo").code == 0
            for name in (
                "add",
                "log",
                "edit",
                "tag",
                "refer",
                "rule",
                "import",
                "undo",
                "due",
                "doctor",
            ):
                known = {**WRITING, **READING}[name]
                arguments = [word.replace("{home}", str(terminal.home)) for word in known]
                terminal("add", "Ana Ruiz", "--handle", "ana") if name == "add" else None
                terminal("add", "Luis Ortega") if name == "add" else None
                assert terminal(*arguments).code == 0, name
        finally:
            os.umask(old)
        made = [path for path in terminal.home.rglob("*") if not path.is_symlink()]
        assert len(made) > 9
        open_to_others = {
            str(path): oct(stat.S_IMODE(path.stat().st_mode))
            for path in made
            if stat.S_IMODE(path.stat().st_mode) & 0o077
        }
        assert open_to_others == {}


def test_the_hostile_network_is_as_hostile_as_it_looks(hostile):
    """The test would prove nothing if the model had cleaned the names."""
    with hostile.open() as net:
        mallory = net.contact("mallory")
        texts = [
            value
            for value in attrs.asdict(mallory, recurse=False).values()
            if isinstance(value, str) and "Mallory" in value
        ]
        assert len(texts) > 8
        assert all(obeyed(text) for text in texts)
        assert mallory.added_on == date.fromisoformat(str(net.today))
