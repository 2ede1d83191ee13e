"""One version everywhere: uv does not check that the workspace's own pins fit."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import netcrm

ROOT = Path(__file__).parents[1]
PROJECTS = {
    path.relative_to(ROOT).as_posix(): tomllib.loads(path.read_text("utf-8"))["project"]
    for path in (ROOT / "pyproject.toml", *sorted(ROOT.glob("plugins/*/pyproject.toml")))
}
OURS = {project["name"] for project in PROJECTS.values()}

each_project = pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS)


@each_project
def test_the_version(project: dict[str, Any]):
    assert project["version"] == netcrm.__version__


@each_project
def test_pins_among_ourselves(project: dict[str, Any]):
    extras = project.get("optional-dependencies", {}).values()
    wanted = [*project["dependencies"], *(pin for pins in extras for pin in pins)]
    pins = {pin for pin in wanted if re.match(r"[\w.-]+", pin)[0] in OURS}
    allowed = {f"{name}=={netcrm.__version__}" for name in OURS}
    assert pins <= allowed
    if project["name"] != "netcrm":
        assert f"netcrm=={netcrm.__version__}" in pins


@each_project
def test_the_pythons(project: dict[str, Any]):
    assert project["requires-python"] == PROJECTS["pyproject.toml"]["requires-python"]


def test_the_lock():
    locked = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    versions = {package["name"]: package["version"] for package in locked}
    assert {name: versions[name] for name in OURS} == dict.fromkeys(OURS, netcrm.__version__)


def test_the_changelog():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    first, *released = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert first == "[Unreleased]"
    for heading in released:
        assert re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", heading)
    versions = [numbers(heading) for heading in released]
    assert versions == sorted(set(versions), reverse=True)
    # What is here is the newest release, or the one to come.
    assert numbers(netcrm.__version__) >= max(versions, default=[])


def numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:3]]
