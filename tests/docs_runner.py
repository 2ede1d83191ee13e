"""Runs the examples of a document in their order, as if it were 5 March 2026, nine in New York.

* python: all blocks of a page share their names. `# -> text` behind an expression is what its value
  looks like; what a block prints is in the text block after it.
* console: each line after `$` is run, and below it stands what it prints, errors too.
* A block whose first line is `# name.py`, say, is a file of that name, for those that follow.
* sh: not run.

`...` stands for anything; by itself on a line, for any lines.
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
import shlex
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from netcrm.cli import main

HOME = "America/New_York"
CLOCK = SimpleNamespace(now=lambda tz: datetime(2026, 3, 5, 9, tzinfo=ZoneInfo(HOME)))
"""Stands for `datetime` where a network reads the clock."""

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# ([\w./-]+\.\w+)\n")
VALUE = re.compile(r"# -> (.*)")
FOR_BASH = frozenset("|<>;&$~")
NEWLINE = "\n"


class Block(NamedTuple):
    """One example: where it stands, its language and its text."""

    place: str
    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    """Return the examples of a page."""
    text = page.read_text("utf-8")
    return [
        Block(f"{page.name}:{text[: found.start()].count(NEWLINE) + 1}", found[1], found[2])
        for found in FENCE.finditer(text)
    ]


def commands(text: str) -> list[tuple[str, str]]:
    """Return each command of a console block, and what stands below it."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    split = [re.split(r"(?<!\\)\n", part, maxsplit=1) for part in parts]
    return [(command.replace("\\\n", ""), said) for command, said in split]


def check(place: str, said: str, expected: str) -> None:
    """Compare what was said with what the document says."""
    texts = [[line.rstrip() for line in text.strip().splitlines()] for text in (said, expected)]
    said, expected = ("\n".join(lines) for lines in texts)
    pattern = re.sub(r"^ *\.\.\.$", "\0", expected, flags=re.MULTILINE)
    pattern = re.escape(pattern).replace(r"\.\.\.", ".*").replace("\0", "(?s:.*)")
    assert re.fullmatch(pattern, said), f"{place}\n--- it says\n{said}\n--- not\n{expected}"


class Shell:
    """Runs commands in the current folder: a plain netcrm right here, the rest in bash."""

    code = 0

    def run(self, command: str) -> str:
        """Return what a command prints."""
        if command == "echo $?":
            return str(self.code)
        if command.startswith("netcrm ") and not FOR_BASH & set(command):
            sys.argv = shlex.split(command)
            with contextlib.redirect_stdout(io.StringIO()) as said:
                with contextlib.redirect_stderr(said):
                    self.code = main()
            return said.getvalue()
        both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        done = subprocess.run(["bash", "-c", command], **both, encoding="utf-8", check=False)
        self.code = done.returncode
        return done.stdout


class _Values(ast.NodeTransformer):
    """Turns `expression  # -> text` into a check."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        if found := VALUE.search(self.lines[node.end_lineno - 1]):
            function = ast.Name("_check", ast.Load())
            node.value = ast.Call(function, [node.value, ast.Constant(found[1])], [])
        return ast.fix_missing_locations(node)


def run_python(block: Block, names: dict[str, Any]) -> str:
    """Run a block of Python; return what it prints."""
    names["_check"] = lambda value, expected: check(block.place, repr(value), expected)
    tree = _Values(block.text.splitlines()).visit(ast.parse(block.text))
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(tree, block.place, "exec", dont_inherit=True), names)
    return said.getvalue()


def run_page(examples: list[Block]) -> None:
    """Run all examples of a page in the current folder."""
    shell, names, printed = Shell(), {"__name__": "__main__"}, ""
    for block in examples:
        assert block.language == "text" or not printed, f"{block.place}: before it: {printed}"
        if named := NAMED.match(block.text):
            Path(named[1]).parent.mkdir(parents=True, exist_ok=True)
            Path(named[1]).write_text(block.text, "utf-8")
        elif block.language == "console":
            for command, expected in commands(block.text):
                if "jq" not in shlex.split(command) or shutil.which("jq"):
                    check(f"{block.place}: {command}", shell.run(command), expected)
        elif block.language == "python":
            printed = run_python(block, names)
        elif block.language == "text":
            check(block.place, printed, block.text)
            printed = ""
        else:
            assert block.language == "sh", f"{block.place}: what is {block.language!r}?"
    assert not printed, f"at the end it says {printed}"
