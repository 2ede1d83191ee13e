"""What the documents say is so: every example is run, and nothing that exists is left out."""

from __future__ import annotations

import doctest
import gc
import inspect
import json
import re
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import attrs
import click
import pytest

import netcrm
import netcrm.network
from netcrm import errors, hookspecs
from netcrm.cli import cli
from netcrm.loading import HOOKS
from netcrm.model.base import Value
from netcrm.model.cadence import AdjustmentKind
from netcrm.model.contact import SOURCES
from netcrm.rules.due import Status
from tests.docs_runner import CLOCK, HOME, Block, Shell, blocks, check, run_page

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [README, *sorted(ROOT.glob("docs/*.md"))]
ALL = "\n".join(page.read_text("utf-8") for page in PAGES)
SAMPLE = ROOT / "netcrm/text/demo-connections.csv"
EXPORT = "Basic_LinkedInDataExport_03-05-2026.zip"

SHIM = f"""#!{sys.executable}
import sys
sys.path.insert(0, {str(ROOT)!r})
import netcrm.network
from netcrm.cli import main
from tests.docs_runner import CLOCK
netcrm.network.datetime = CLOCK
sys.exit(main())
"""
NOT_RUN = re.compile(r"(pip install uv && |uv tool install |0 7 \* \* \* )")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the examples are those of Linux")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder: empty but for an export, with a home, a clock and a netcrm of its own."""
    (tmp_path / "Connections.csv").write_bytes(SAMPLE.read_bytes())
    with zipfile.ZipFile(tmp_path / EXPORT, "w") as archive:
        archive.write(SAMPLE, "Connections.csv")
    shim = tmp_path / "bin/netcrm"
    shim.parent.mkdir()
    shim.write_text(SHIM)
    shim.chmod(0o755)
    for name in ("NETCRM_BLOCK_PLUGINS", "NETCRM_TZ", "NO_COLOR", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETCRM_NETWORK", str(tmp_path / "network.json"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TZ", HOME)
    monkeypatch.setenv("PATH", f"{shim.parent}:{Path(sys.executable).parent}", prepend=":")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(netcrm.network, "datetime", CLOCK)
    monkeypatch.setattr(sys, "argv", ["netcrm"])
    for name in ("disable", "freeze"):  # netcrm ends after each command, this process does not
        monkeypatch.setattr(gc, name, lambda: None)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    there = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - there:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


# --- examples


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_the_examples_of_a_page(page: Path):
    run_page(blocks(page))


def test_there_are_few_examples_that_are_not_run():
    commands = [block.text for page in PAGES for block in blocks(page) if block.language == "sh"]
    assert len(commands) == 5
    assert all(map(NOT_RUN.match, commands))


def test_the_two_commands_of_the_readme():
    lines = README.read_text("utf-8").splitlines()
    assert "pip install uv && uv run netcrm demo" in lines
    assert "pip install uv && uvx nox" in lines


def test_the_distribution_of_the_guide_is_found(folder: Path):
    first, project = (
        next(block for block in blocks(ROOT / "docs/plugins.md") if block.text.startswith(start))
        for start in ("# birthdays.py\n", "# netcrm-birthdays/pyproject.toml\n")
    )
    announced = tomllib.loads(project.text)["project"]
    [[group, [[name, module]]]] = [
        (group, modules.items()) for group, modules in announced["entry-points"].items()
    ]
    metadata = folder / f"{announced['name'].replace('-', '_')}-{announced['version']}.dist-info"
    metadata.mkdir()
    (metadata / "entry_points.txt").write_text(f"[{group}]\n{name} = {module}\n")
    (folder / f"{module}.py").write_text(first.text)
    plugins = netcrm.Plugins(installed=True)
    assert plugins.commands(click.Command)["birthdays"]
    assert not plugins.failures


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", [name for name in dir(netcrm.Network) if name[0] != "_"])
def test_the_example_in_a_docstring(name: str):
    text = inspect.getdoc(inspect.getattr_static(netcrm.Network, name)) or ""
    with netcrm.open() as net:
        if name != "add":
            net.add("Ana Ruiz")
        names = {"net": net}
        for example in doctest.DocTestParser().get_examples(text):
            if example.want:
                assert repr(eval(example.source, names)) == example.want.strip()
            else:
                exec(example.source, names)


# --- the runner


@pytest.mark.parametrize(
    "expected", ["a b\nc", "a ...\nc", "...\nc", "a b\n...", "...", "a b \nc\n"]
)
def test_what_is_said_fits(expected: str):
    check("here", "a b\nc\n", expected)


@pytest.mark.parametrize("expected", ["a b", "a c\nc", "a...c", "...\nb", "a b\nc\n...\nd", ""])
def test_what_is_said_does_not_fit(expected: str):
    with pytest.raises(AssertionError, match="here"):
        check("here", "a b\nc\n", expected)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("console", "$ netcrm --version\nnetcrm 99"),
        ("console", "$ echo a | cat\nb"),
        ("python", "1 + 1  # -> 3"),
        ("python", "with open('a', 'w'):\n    1 + 1  # -> 3"),
        ("python", "a = 1  # -> 1"),
        ("python", "print('said')"),
        ("python", "1 / 0"),
        ("text", "never said"),
        ("ruby", "puts 1"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_wrong_example_is_found_out(language: str, text: str):
    with pytest.raises((AssertionError, ZeroDivisionError)):
        run_page([Block("here", language, text)])


# --- commands


def command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


def is_ours(name: str) -> bool:
    return inspect.unwrap(command(name).callback).__module__.startswith("netcrm.cli.")


COMMANDS = list(filter(is_ours, cli.list_commands(click.Context(cli))))


def section(page: Path, title: str) -> str:
    """Return what stands under a heading, up to the next one as high."""
    text = page.read_text("utf-8")
    found = re.search(rf"^(#+) {re.escape(title)}\n(.*?)(?=^#{{1,2}} |\Z)", text, re.M | re.S)
    assert found, f"{page.name} has no {title}"
    rest = re.split(rf"^{found[1]} ", found[2], flags=re.M)
    return rest[0]


REFERENCE = ROOT / "docs/command-line.md"
MORE_REFERENCES = [
    ROOT / f"docs/{name}.md"
    for name in (
        "interviews",
        "introductions",
        "referrals",
        "ties",
        "paths",
        "prospects",
        "map",
    )
]
PRINTED = {
    REFERENCE: "What each command prints",
    **dict.fromkeys(MORE_REFERENCES, "What each command prints as JSON"),
}


def documented(title: str) -> str:
    """Return what stands under a heading of the reference, on whichever page that is."""
    heading = re.compile(rf"^#+ {re.escape(title)}$", re.M)
    (page,) = [page for page in PRINTED if heading.search(page.read_text("utf-8"))]
    return section(page, title)


def options(of: click.Command) -> Iterator[str]:
    for parameter in of.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            yield from (*parameter.opts, *parameter.secondary_opts)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_a_section_with_its_options_and_an_example(name: str):
    text = documented(name)
    assert not [option for option in options(command(name)) if f"`{option}`" not in text]
    assert re.search(rf"^\$ (.*\| )?netcrm (--\S+ \S+ )*{name}\b", text, re.M)


def test_the_options_before_the_command():
    text = section(REFERENCE, "Before the command")
    assert not [option for option in (*options(cli), "--help") if f"`{option}`" not in text]
    variables = [parameter.envvar for parameter in cli.params if parameter.envvar]
    assert not [name for name in (*variables, "NETCRM_NETWORK") if f"`{name}`" not in text]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "completion"])
def test_the_examples_in_the_help_of_a_command(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    if name != "init":
        with netcrm.open(folder / "network.json") as net:
            origin = netcrm.Origin(
                source="x", said={"name": "Anna R", "organisation": "City", "location": "Rome"}
            )
            ana = net.add(
                "Ana Ruiz",
                tags=["mentor"],
                organisation="Mercy General",
                origins=(origin,),
                fields=["nursing"],
            )
            net.edit(ana, email="ana@work.example")
            net.refer("ana", "Luis Ortega")
            net.add("someone in HR", is_placeholder=True)
            net.add("A. Ruiz")
            net.rule("tag:mentor", "2 weeks")
            for number in range(10):
                net.log("ana", "coffee", at=f"{number + 100} days ago")
            net.log("ana", "coffee", kind="meeting", at="yesterday")
            net.prepare("luis")
            net.objective("Day-to-day work: what is it like?")
            for who in ("Priya Nair", "Tom Okafor", "Hannah Wu"):
                net.add(who)
                net.ask(who, at="3 days ago")
            net.plan("hannah", "2026-03-05 08:00", booked_on="yesterday")
    (folder / "letter.txt").write_text("Dear Ana,\n\nThank you.\n", "utf-8")
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.delenv("VISUAL", raising=False)
    (folder / "alumni.csv").write_text("Name,Class Year\nHana Wu,2019\n", "utf-8")
    (folder / "Downloads").mkdir()
    (folder / EXPORT).rename(folder / "Downloads/Complete_LinkedInDataExport.zip")
    _, _, examples = (command(name).help or "").partition("Example:\n")
    lines = [line.strip() for line in examples.splitlines() if line.strip()]
    assert lines
    for line in lines:
        shell = Shell()
        said = shell.run(line)
        assert shell.code == 0, f"{line}\n{said}"


def test_exit_codes():
    listed = set(map(int, re.findall(r"^\| (\d+) \|", section(REFERENCE, "Exit codes"), re.M)))
    known = {error.exit_code for error in vars(errors).values() if isinstance(error, type)}
    assert listed == known | {0, 2, 6, 10, 130}


# --- JSON

ASKED = """
init --name "Maya Rao"
import linkedin Connections.csv
edit diego --name "Diego Vega" --org "Night Clinic" --birthday 1990-03-14 --state archived
import linkedin newer.csv
add "Ana Ortiz" --phone "+1 212 555 0100" --tag mentor --circle inner --field nursing --note hm
tag inner ines tomas --circle
rule circle:inner "2 weeks" --grace "3 weeks" --jitter 0.1 --name Inner --priority 2 --backoff
rule
log ines email "asked" --at "40 days ago" --min 5 --subject hm --kind request --out --touch
refer ines "Luis Ortega" --mode offered --may-use-name yes --context hm
snooze tomas "in 2 weeks" --reason hm
pause "ana o"
spread
due --within "1 year"
explain ines
show ines --sources
show diego
news --since 1y
suggestions
list
find nurs
dupes --least 0
distinct diego tomas --reason hm
merge ines akira --take name
remove maren
trash
history
undo
remove maren
forget --trash --yes
plugins
doctor
import
copy network.json copy.json
export everything.jsonl
backup
backup --list
restore copy.json
verify
objective "What is hard?" --focus culture --field nursing --org Clinic --decision internship
objective
learn "nights are" --from ines --category feedback --field nursing --org Clinic --role Nurse --positive --hearsay --confidential --for what
me --stage college --education hm --activities hm --seeking hm --interest law --skill tea --value calm --link https://a.example --holiday 2026-12-24 --confidence 3 --note hm
pitch --education hm --activities hm --interests hm --goals hm --seeking hm --because nights --practised 5
campaign Spring --aim nursing=3 --every "1 month" --for what --org Clinic --weekly-requests 4 --max-open 6 --weekly-minutes 180 --end 2026-04-12
campaign
field nursing --related midwifery --broader care
field
research ines "wrote a book" --link https://b.example
ask ines email "hello" --at "3 days ago" --min 20 --format video --for what --insist
log ines email "gladly" --kind accept --at "2 days ago" --cc tomas
plan ines yesterday --format video --min 20 --place here --travel 5 --confirmed
meeting ines held
interviews
step ines no-referrals --note hm
ask tomas email --at "12 days ago"
promise ines "a list" --due friday
promise
today
agenda --within "1 month"
waive ines thank_you --reason hm
promise --kept "a list"
prepare tomas --ask "Is it hard?" --must 1 --why 1 hm --for 1 what --n 9
questions
answer ines "Is it hard?" "no" --follow-up "Why?" --dig-deeper
questions --asked
debrief ines --liked hm --challenging hm --rewarding hm --satisfying hm --disliked hm --daily-tasks hm --experience hm --paths hm --skill maths --gap maths --next hm --field nursing --rate interest=4 --confidence 3 --decision deepen --advice read --insight hm --opportunity "a summer" --keep-in-touch "3 months" --mentor
brief ines
organisation "Night Clinic"
insights
insights --apply nights --by friday
insights --skills
decide "try it" --because nights --goal --for what
decide
opportunity ines "an event" --kind event --org Clinic --unadvertised
opportunity --outcome "an event" "went there"
opportunity
objective --answered what
draft thank_you ines
lint questions --to tomas
funnel --by channel --more 3
compare
prospects --field nursing --broaden
next
growth
review
tie ines
dormant --after "1 day"
refer ines "somebody in the lab"
referrals ines
tree
resolve "somebody in the lab" "Gwen Hall"
introduce ines tomas "both nurse at night" --asked ines --asked tomas
introduce
knows ines tomas "same year" --told-by ines
knows ines
path tomas
map network.graphml
history
"""  # noqa: E501
SHAPES = {
    "A contact": netcrm.Contact,
    "An interaction": netcrm.Interaction,
    "A referral": netcrm.Referral,
    "An acquaintance": netcrm.Acquaintance,
    "An introduction": netcrm.Introduction,
    "A rule": netcrm.Cadence,
    "An adjustment": netcrm.Adjustment,
    "A meeting": netcrm.Meeting,
    "A promise": netcrm.Commitment,
    "A waiver": netcrm.Waiver,
    "A profile": netcrm.Profile,
    "An objective": netcrm.Objective,
    "A campaign": netcrm.Campaign,
    "A career field": netcrm.CareerField,
    "Research": netcrm.Research,
    "An interview": netcrm.Interview,
    "An insight": netcrm.Insight,
    "A decision": netcrm.Decision,
    "An opportunity": netcrm.Opportunity,
}
FREE = {
    "said", "kept", "records", "sums", "plugin_failures", "ratings", "means", "weights",
    "new_fields",
}  # fmt: skip
"""Their keys are those of the data."""


def keys(value: Any) -> Iterator[str]:
    """Yield all keys in JSON data."""
    if isinstance(value, list):
        for member in value:
            yield from keys(member)
    elif isinstance(value, dict):
        for key, member in value.items():
            yield key
            if key not in FREE:
                yield from keys(member)


def quoted(text: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", text))


@pytest.mark.usefixtures("folder")
def test_all_json_is_documented(folder: Path):
    text = SAMPLE.read_text("utf-8").replace("Diego,Paz,", "Diego,Soler,")
    (folder / "newer.csv").write_text(text.replace("Paramedic", "Trainer"), "utf-8")
    table = "\n".join(
        section(page, title).partition("\n### ")[0] for page, title in PRINTED.items()
    )
    cells = [row.split("|") for row in table.splitlines() if row.startswith("| `")]
    rows = {name: quoted(told) for _, named, told, _ in cells for name in quoted(named)}
    rows["explain"] |= quoted(section(REFERENCE, "An answer"))
    everything = quoted(REFERENCE.read_text("utf-8").partition("## JSON")[2])
    for page in MORE_REFERENCES:
        everything |= quoted(page.read_text("utf-8").partition("as JSON\n")[2])
    asked = set()
    for line in ASKED.strip().splitlines():
        said = json.loads(Shell().run(f"netcrm {line} --json"))
        assert said.pop("netcrm") == 1
        name = line.partition(" ")[0]
        asked.add(name)
        assert set(said) <= rows[name], line
        assert set(keys(said)) <= everything, line
    assert asked == {name for name in COMMANDS if "--json" in options(command(name))} == set(rows)


@pytest.mark.parametrize("title", SHAPES)
def test_every_field_is_documented(title: str):
    text, todo = documented(title), [SHAPES[title]]
    for cls in todo:
        for field in attrs.fields(cls):
            if field.name not in ("rev", "extra"):
                assert field.name in quoted(text), field.name
            parts = (field.type, *get_args(field.type))
            todo += [part for part in parts if isinstance(part, type) and issubclass(part, Value)]


# --- names


def signature(hook: str) -> str:
    return f"{hook}{inspect.signature(getattr(hookspecs, hook))}".replace("'", "")


@pytest.mark.parametrize("hook", [f"netcrm_{hook}" for hook in HOOKS])
def test_a_hook_has_a_heading_with_its_signature_and_an_example(hook: str):
    guide = ROOT / "docs/plugins.md"
    assert section(guide, signature(hook))
    assert f"@hookimpl\ndef {hook}(" in guide.read_text("utf-8")
    assert f"`{hook.replace('_', '.', 1)}`" in guide.read_text("utf-8")


@pytest.mark.parametrize("name", netcrm.__all__)
def test_a_public_name_is_in_the_documents(name: str):
    assert re.search(rf"(`|netcrm\.){name}\b", ALL)


def test_every_method_is_in_the_guide():
    text = (ROOT / "docs/embedding.md").read_text("utf-8")
    methods = [name for name in dir(netcrm.Network) if name[0] != "_"]
    assert not [name for name in methods if not re.search(rf"\b{name}\b", text)]


def test_every_error_is_in_the_guide():
    text = section(ROOT / "docs/embedding.md", "Errors")
    for name, error in vars(errors).items():
        if isinstance(error, type) and error is not errors.NetcrmError:
            assert re.search(rf"^\| `{name}` .*\| {error.exit_code} \|$", text, re.M)


def test_words_that_can_be_chosen():
    assert set(get_args(Status)) <= quoted(section(REFERENCE, "An answer"))
    assert set(get_args(Status)) <= quoted(section(ROOT / "docs/concepts.md", "Due and grace"))
    assert set(get_args(AdjustmentKind)) <= quoted(section(REFERENCE, "An adjustment"))
    assert quoted(section(REFERENCE, "add")) & {"alumni_database", "family", "event"} <= {*SOURCES}


# --- links


def anchors(page: Path) -> set[str]:
    titles = re.findall(
        r"^#+ (.*)$", re.sub(r"(?ms)^```.*?^```$", "", page.read_text("utf-8")), re.M
    )
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


LINKS = [
    pytest.param(page, link, id=f"{page.name} {link}")
    for page in PAGES
    for link in sorted(set(re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))))
    if "://" not in link
]


@pytest.mark.parametrize(("page", "link"), LINKS)
def test_a_link_leads_somewhere(page: Path, link: str):
    path, _, anchor = link.partition("#")
    target = (page.parent / path) if path else page
    assert target.is_file()
    if anchor:
        assert anchor in anchors(target)
