"""The plan of the house: which module may know of which, and how large anything may grow."""

from __future__ import annotations

import ast
import doctest
import graphlib
import inspect
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import click
import pytest

import netcrm
import netcrm.testing
from netcrm import hookspecs
from netcrm.loading import HOOKS

ROOT = Path(__file__).parents[1]

FLOORS = (  # imports go down only
    {"errors", "model"},
    {"rules"},
    {"storage", "source", "table", "codec", "kinds", "ics"},
    {"announced", "hookspecs", "loading", "plugins"},
    {"network"},
    {"cli", "__main__"},
    {"testing"},  # beside the others: nothing imports it
)
FLOOR_OF = {part: number for number, parts in enumerate(FLOORS) for part in parts}

THIRD_PARTY = {  # the modules, or packages of modules, that may import each
    "attrs": {"netcrm"},
    "cattrs": {"netcrm.codec"},
    "click": {"netcrm.cli"},
    "hypothesis": {"netcrm.testing"},
    "icalendar": {"netcrm.ics"},
    "networkx": {"netcrm.network.picturing"},
    "orjson": {"netcrm.storage", "netcrm.cli.base"},
    "phonenumbers": {"netcrm.rules.identity"},
    "pluggy": {"netcrm.hookspecs", "netcrm.loading"},
    "pytest": {"netcrm.testing"},
    "rapidfuzz": {"netcrm.rules.likeness"},
    "rich": {"netcrm.cli"},
    "tinydb": {"netcrm.storage.tinydb"},
}
NAMED_IN_TYPES = {("netcrm.hookspecs", "click")}  # a hook offers commands

LINES_OF_A_MODULE = 400
LINES_OF_A_FUNCTION = 50


class Import(NamedTuple):
    """One name that a module imports; `typing` where that is only for the type checker."""

    module: str
    target: str
    typing: bool

    @property
    def package(self) -> str:
        return self.target.partition(".")[0]


def modules(pattern: str) -> dict[str, Path]:
    """Return the files that fit a pattern, by the dotted name of each."""
    found = {}
    for path in sorted(ROOT.glob(pattern)):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


SOURCES = modules("netcrm/**/*.py")
PLUGINS = modules("plugins/*/netcrm_*/**/*.py")
PLUGIN_TESTS = modules("plugins/*/tests/**/*.py")
TREES = {
    name: ast.parse(path.read_text("utf-8"))
    for name, path in (SOURCES | PLUGINS | PLUGIN_TESTS).items()
}


def imports(module: str) -> Iterator[Import]:
    """Yield what a module imports, also inside functions: a step up is one wherever it is taken."""
    hidden = {id(node) for block in type_checking_blocks(module) for node in ast.walk(block)}
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} line {node.lineno}: write imports out in full"
            targets = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for target in targets:
            yield Import(module, target, id(node) in hidden)


def type_checking_blocks(module: str) -> Iterator[ast.stmt]:
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from node.body


def home(target: str) -> str:
    """Return the module of ours that an import of *target* loads."""
    return target if target in SOURCES else target.rpartition(".")[0]


def floor(module: str) -> int:
    return FLOOR_OF[module.split(".")[1]]


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


OURS = [found for module in SOURCES for found in imports(module) if found.package == "netcrm"]
THEIRS = [
    found
    for module in SOURCES
    for found in imports(module)
    if found.package not in {"netcrm", *sys.stdlib_module_names}
]


def test_every_module_has_its_floor():
    assert {module.split(".")[1] for module in SOURCES if module != "netcrm"} == set(FLOOR_OF)


def test_imports_go_down_only():
    between = [found for found in OURS if "netcrm" not in (found.module, home(found.target))]
    assert len(between) > 100
    assert not [found for found in between if floor(found.module) < floor(home(found.target))]


def test_nothing_is_had_by_way_of_the_public_names():
    by_way = {found.target for found in OURS if home(found.target) == "netcrm"}
    assert by_way == {"netcrm.__version__"}


def test_importing_netcrm_imports_no_part_of_it():
    assert not [found for found in OURS if found.module == "netcrm" and not found.typing]


def test_no_imports_in_a_circle():
    loads: dict[str, set[str]] = {}
    for found in OURS:
        if not found.typing and found.module != home(found.target):
            loads.setdefault(found.module, set()).add(home(found.target))
    graphlib.TopologicalSorter(loads).prepare()  # raises CycleError, which names the circle


def test_each_third_party_package_in_its_place():
    strange = [
        found
        for found in THEIRS
        if not any(within(found.module, place) for place in THIRD_PARTY.get(found.package, ()))
    ]
    assert all(found.typing for found in strange), strange
    assert {(found.module, found.package) for found in strange} == NAMED_IN_TYPES


def test_what_is_imported_is_what_is_asked_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    optional = project["optional-dependencies"]
    asked = [*project["dependencies"], *optional["networkx"], *optional["testing"]]
    everywhere = {re.match(r"[\w-]+", one)[0] for one in asked if ";" not in one}
    assert {found.package for found in THEIRS} == everywhere


def test_public_names():
    named = {found.target.rpartition(".")[2] for found in OURS if found.module == "netcrm"}
    assert set(netcrm.__all__) == named
    assert len(netcrm.__all__) == len(named)
    assert dir(netcrm) == sorted(netcrm.__all__)


@pytest.mark.parametrize("name", netcrm.__all__)
def test_a_public_name_is_documented(name: str):
    value = getattr(netcrm, name)
    assert inspect.getdoc(value), f"netcrm.{name} has no docstring"
    if isinstance(value, type):
        assert value.__doc__, f"netcrm.{name} has only a docstring that it inherits"


def test_a_name_that_is_not_public():
    with pytest.raises(AttributeError, match="nonsense"):
        netcrm.nonsense  # noqa: B018 - asking is the test


NAMES = {name: getattr(netcrm, name) for name in netcrm.__all__} | {"click": click, "date": date}
VIP = netcrm.Person(
    id="a", name="Ana", handle="ana", added_on=date(2026, 1, 1), tags=frozenset({"vip"})
)
SHE, THEY = (
    netcrm.Contact(id="a", name="Ana", handle="ana", added_on=date(2026, 1, 1), pronouns=said)
    for said in ("she", "they")
)
NEAR_BY = netcrm.Contact(
    id="a", name="Ana", handle="ana", added_on=date(2026, 1, 1), location="Albany"
)
BY_LETTER = netcrm.Course(
    "i",
    ("a",),
    date(2026, 1, 1),
    talks=(netcrm.Talk("t", netcrm.LocalMoment.on(date(2026, 1, 1)), channel="letter"),),
)
ASK: dict[str, Callable[[netcrm.Plugins], object]] = {
    "storages": lambda plugins: plugins.storage("cloud"),
    "sources": lambda plugins: plugins.source("vcard"),
    "commands": lambda plugins: plugins.commands(click.Command),
    "cadence": lambda plugins: plugins.cadence(VIP, date(2026, 1, 1)),
    "likeness": lambda plugins: plugins.likeness(SHE, THEY),
    "holidays": lambda plugins: date(2026, 12, 25) in plugins.holidays(),
    "follow_ups": lambda plugins: plugins.follow_ups(BY_LETTER),
    "questions": lambda plugins: plugins.questions(),
    "lint_rules": lambda plugins: netcrm.lint(
        "request", "Hello!", more_rules=plugins.lint_rules(), off=[f"O{n:02}" for n in range(20)]
    ),
    "tie_weights": lambda plugins: plugins.tie_weights(),
    "fields": lambda plugins: plugins.fields(),
    "rank_signals": lambda plugins: plugins.rank_signals(NEAR_BY, date(2026, 1, 1)),
    "draft_folders": lambda plugins: plugins.draft_folder("mutt"),
    "changed": lambda plugins: netcrm.open(plugins=plugins).add("Ana Ruiz"),
}


@pytest.mark.parametrize("hook", HOOKS)
def test_the_example_of_a_hook_is_a_plugin_that_works(hook: str):
    name = f"netcrm_{hook}"
    [example] = doctest.DocTestParser().get_examples(getattr(hookspecs, name).__doc__)
    space = dict(NAMES)
    for own in re.findall(
        r"(?:open|put)=(\w+)", example.source
    ):  # what its author would have written
        space[own] = object
    exec(example.source, space)
    plugins = netcrm.Plugins([SimpleNamespace(**{name: space[name]})])
    assert ASK[hook](plugins)
    assert not plugins.failures


def test_every_hook_is_documented():
    specified = {name for name in vars(hookspecs) if name.startswith("netcrm_")}
    assert specified == {f"netcrm_{hook}" for hook in HOOKS}
    guide = ROOT / "docs/plugins.md"
    if guide.exists():
        text = guide.read_text("utf-8")
        assert not [name for name in specified if name not in text]


@pytest.mark.parametrize(("module", "path"), (SOURCES | PLUGINS).items())
def test_a_module_has_one_subject(module: str, path: Path):
    assert len(path.read_text("utf-8").splitlines()) <= LINES_OF_A_MODULE
    lengths = {
        node.name: (node.end_lineno or 0) - node.lineno + 1
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert not {name: lines for name, lines in lengths.items() if lines > LINES_OF_A_FUNCTION}


def test_there_are_plugins():
    assert PLUGINS


@pytest.mark.parametrize("module", [*PLUGINS, *PLUGIN_TESTS])
def test_plugins_use_public_names_only(module: str):
    public = {"netcrm", *(f"netcrm.{name}" for name in netcrm.__all__)}
    public |= {f"netcrm.testing.{name}" for name in netcrm.testing.__all__}
    used = {found.target for found in imports(module) if found.package == "netcrm"}
    parts = ("contract", "files", "migration", "query", "sql")
    shared = (*(f"netcrm.storage.{part}" for part in parts), "netcrm.table")
    assert {name for name in used if not name.startswith(shared)} <= public


def texts(folder: Path) -> Iterator[Path]:
    """Yield the files of the project, without those that tools leave behind."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") and path.name not in (".ci", ".gitignore"):
            continue
        if path.is_dir() and path.name not in ("__pycache__", "build", "dist"):
            yield from texts(path)
        elif path.is_file() and path.suffix != ".pyc":
            yield path


def test_nothing_points_outside_the_project():
    outside = re.compile(rb"/work" rb"/|shared" rb"/reference|shared" rb"/house")
    found = [str(path) for path in texts(ROOT) if outside.search(path.read_bytes())]
    assert not found
