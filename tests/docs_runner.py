"""Runs the examples of a document in their order, as if it were 5 March 2026, nine in New York.

* python: all blocks of a page share their names. `# -> text` behind an expression is what its value
  looks like; what a block prints is in the text block after it.
* console: each line after `$` is run, and below it stands what it prints, errors too.
* A block whose first line is `# name.py`, say, is a file of that name, for those that follow.
* sh: not run.

`...` stands for anything; by itself on a line, for any lines.
"""

import ast
import io
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
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


class Block(NamedTuple):
    """One example: where it stands, its language and its text."""

    place: str
    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    """Return the examples of a page."""
    text = page.read_text("utf-8")
    lines = {found: text.count("\n", 0, found.start()) + 1 for found in FENCE.finditer(text)}
    return [Block(f"{page.name}:{line}", found[1], found[2]) for found, line in lines.items()]


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
            with redirect_stdout(io.StringIO()) as said, redirect_stderr(said):
                self.code = main()
            return said.getvalue()
        bash = f"exec bash -c {shlex.quote(command)}"
        self.code, output = subprocess.getstatusoutput(bash, encoding="utf-8")
        return output


def run_python(block: Block, names: dict[str, Any]) -> str:
    """Run a block of Python; return what it prints."""
    tree, lines = ast.parse(block.text), block.text.splitlines()
    expected = {
        number: found[1] for number, line in enumerate(lines, 1) if (found := VALUE.search(line))
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and node.end_lineno in expected:
            said = ast.Constant(expected.pop(node.end_lineno))
            node.value = ast.Call(ast.Name("_check", ast.Load()), [node.value, said], [])
    assert not expected, f"{block.place}: no expression before {expected}"
    names["_check"] = lambda value, said: check(block.place, repr(value), said)
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(ast.fix_missing_locations(tree), block.place, "exec"), names)
    return printed.getvalue()


def run_page(examples: list[Block]) -> None:
    """Run all examples of a page in the current folder."""
    shell, names, printed = Shell(), {"__name__": "__main__"}, ""
    for block in examples:
        assert block.language == "text" or not printed, f"{block.place}: before it: {printed}"
        if named := NAMED.match(block.text):
            Path(named[1]).parent.mkdir(parents=True, exist_ok=True)
            Path(named[1]).write_text(block.text, "utf-8")
        elif block.language == "console":
            for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
                command, _, expected = part.partition("\n")
                if "jq" not in command.split() or shutil.which("jq"):
                    check(f"{block.place}: {command}", shell.run(command), expected)
        elif block.language == "python":
            printed = run_python(block, names)
        elif block.language == "text":
            check(block.place, printed, block.text)
            printed = ""
        else:
            assert block.language == "sh", f"{block.place}: what is {block.language!r}?"
    assert not printed, f"at the end it says {printed}"
