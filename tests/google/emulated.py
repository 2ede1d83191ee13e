"""Google as `emulate` plays it, which Vercel Labs made and nobody here: the second opinion.

It runs in the Node that playwright brings along. `uvx nox -s emulate` gets it from npm.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any, Final

import pytest

_WANTED: Final = Path(__file__).with_name("emulate") / "package.json"
_FOLDER: Final = Path(__file__).parents[2] / ".nox/from-npm"
_PATIENCE: Final = 30
# It ends when what starts it does, however that ends: then nobody is left to say anything to it.
_START: Final = """
import { createEmulator } from "emulate";
process.stdin.on("end", () => process.exit()).resume();
const seed = JSON.parse(process.argv[1]);
const { url } = await createEmulator({ service: "google", port: 0, seed });
console.log(new URL(url).port);
"""


@contextmanager
def emulated(seed: dict[str, Any]) -> Iterator[str]:
    """Start it with these users and messages; give where it listens, and end it.

    The test is skipped where it is not to be had.
    """
    command = [node(), "--input-type=module", "--eval", _START, "--", json.dumps(seed)]
    process = subprocess.Popen(
        command, cwd=folder(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            port = process.stdout.readline().strip()
            assert port, "emulate ended before it listened: see standard error"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.stdin.close()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


@functools.cache
def node() -> str:
    """Return Node; skip the test where there is none that runs."""
    why = "needs the Node that playwright brings along"
    spec = importlib.util.find_spec("playwright")
    found = spec and spec.origin and which("node", path=Path(spec.origin).parent / "driver")
    if not found:
        pytest.skip(why)
    try:
        subprocess.run([found, "--version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"{why}: {error}")
    return found


def folder() -> Path:
    """Return where it is; skip the test where it is not, or not the version that is wanted."""
    wanted = json.loads(_WANTED.read_text("utf-8"))["dependencies"]["emulate"]
    try:
        text = (_FOLDER / "node_modules/emulate/package.json").read_text("utf-8")
    except FileNotFoundError:
        text = "{}"
    if json.loads(text).get("version") != wanted:
        pytest.skip(f"needs emulate {wanted}; to get it from npm: uvx nox -s emulate")
    return _FOLDER
