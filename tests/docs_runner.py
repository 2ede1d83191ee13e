"""Runs the examples of a document in their order, as if it were 5 March 2026, nine in New York.

* python: all blocks of a page share their names. `# -> text` behind an expression is what its value
  looks like; what a block prints is in the text block after it.
* console: each line after `$` is run, and below it stands what it prints, errors too.
* toml, json: they can be read. A block whose first line is `# name.py` or the like is a file.
* sh: not run. `...` stands for anything; by itself on a line, for any lines.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import shlex
import subprocess
import sys
import tomllib
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import netcrm.network
from netcrm import cli

HOME = "America/New_York"
CLOCK = SimpleNamespace(now=lambda tz: datetime(2026, 3, 5, 9, tzinfo=ZoneInfo(HOME)))
"""To stand for `datetime` where a network reads the clock."""

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# ([\w./-]+\.\w+)\n")
VALUE = re.compile(r"# -> (.*)")
FOR_A_SHELL = frozenset("|<>;&$\n")


class Block(NamedTuple):
    """One example: where it stands, its language and its text."""

    place: str
    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    """Return the examples of a page."""
    text = page.read_text("utf-8")
    return [
        Block(f"{page.name}:{text.count(chr(10), 0, found.start()) + 1}", found[1], found[2])
        for found in FENCE.finditer(text)
    ]


def commands(text: str) -> list[tuple[str, str]]:
    """Return each command of a console block, and what stands below it."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    split = [re.split(r"(?<!\\)\n", part, maxsplit=1) for part in parts]
    return [(command.replace("\\\n", ""), said) for command, said in split]


def check(place: str, said: str, expected: str) -> None:
    """Compare what was said with what the document says."""
    said, expected = (
        "\n".join(map(str.rstrip, text.strip().splitlines())) for text in (said, expected)
    )
    pattern = re.escape(expected)
    pattern = re.sub(r"^(\\ )*\\\.\\\.\\\.$", "(?s:.*)", pattern, flags=re.MULTILINE)
    pattern = pattern.replace(r"\.\.\.", ".*")
    assert re.fullmatch(pattern, said), f"{place}\n--- it says\n{said}\n--- not\n{expected}"


class Shell:
    """Runs commands in the current folder: netcrm itself right here, the rest in bash."""

    def __init__(self) -> None:
        self.code = 0

    def run(self, command: str) -> str:
        """Return what a command prints."""
        if command == "echo $?":
            return str(self.code)
        if command.startswith("netcrm ") and not FOR_A_SHELL & set(command):
            said, self.code = here(shlex.split(command))
            return said
        done = subprocess.run(
            ["bash", "-c", command],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False,
        )  # fmt: skip
        self.code = done.returncode
        return done.stdout


def here(words: list[str]) -> tuple[str, int]:
    """Run netcrm in this process; return what it prints, and its exit code."""
    sys.argv = words
    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.redirect_stderr(said):
        return (code := cli.main()) and (said.getvalue(), code) or (said.getvalue(), 0)


def in_a_shell() -> None:
    """Be the command `netcrm` that bash finds."""
    netcrm.network.datetime = CLOCK
    sys.exit(cli.main())


class _Values(ast.NodeTransformer):
    """Turns `expression  # -> text` into a check."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        if found := VALUE.search(self.lines[node.end_lineno - 1]):
            function = ast.Name("_check", ast.Load())
            node.value = ast.Call(function, [node.value, ast.Constant(found[1])], [])
        return ast.fix_missing_locations(node)


def run_page(examples: list[Block]) -> None:
    """Run all examples of a page in the current folder."""
    shell, names, printed = Shell(), {"__name__": "__main__"}, ""
    for block in examples:
        assert not printed or block.language == "text", f"{block.place}: before it is printed\n{printed}"
        named = NAMED.match(block.text)
        if named:
            file = Path(named[1])
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, "utf-8")
        if block.language == "console":
            for command, expected in commands(block.text):
                check(f"{block.place}: {command}", shell.run(command), expected)
        elif block.language == "python" and not named:
            printed = run_python(block, names)
        elif block.language == "text":
            check(block.place, printed, block.text)
            printed = ""
        elif block.language in ("toml", "json"):
            {"toml": tomllib, "json": json}[block.language].loads(block.text)
        else:
            assert named or block.language == "sh", f"{block.place}: what is {block.language!r}?"
    assert not printed, f"at the end is printed\n{printed}"


def run_python(block: Block, names: dict[str, Any]) -> str:
    """Run a block of Python, return what it prints."""
    names["_check"] = lambda value, expected: check(block.place, repr(value), expected)
    tree = _Values(block.text.splitlines()).visit(ast.parse(block.text))
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(tree, block.place, "exec"), names)
    return said.getvalue()
