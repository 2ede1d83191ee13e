"""Which plugins do the distributions announce that are installed? And how to load one."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

_DISTRIBUTION: Final = re.compile(r"(.+?)-(.+?)\.(?:dist|egg)-info")


class Entry(NamedTuple):
    """An installed plugin as its distribution announces it."""

    name: str
    module: str
    hooks: frozenset[str]
    distribution: str
    version: str

    def __str__(self) -> str:
        return self.distribution


def find_entries(paths: Iterable[str] | None = None) -> list[Entry]:
    """Return the plugins that installed distributions announce.

    Reads only the files that announce entry points, which takes milliseconds; importlib.metadata
    takes longer to import than most commands of netcrm take in all.
    """
    entries: list[Entry] = []
    seen: set[str] = set()
    for folder in sys.path if paths is None else paths:
        with contextlib.suppress(OSError), os.scandir(folder or ".") as found:
            for item in sorted(found, key=lambda item: item.name):
                match = _DISTRIBUTION.fullmatch(item.name)
                if match and match[1].lower() not in seen:
                    seen.add(match[1].lower())
                    entries += _announced(Path(item.path), match[1].replace("_", "-"), match[2])
    return entries


def _announced(folder: Path, distribution: str, version: str) -> list[Entry]:
    try:
        text = (folder / "entry_points.txt").read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    if "[netcrm." not in text:
        return []
    modules: dict[str, str] = {}
    hooks: dict[str, set[str]] = {}
    group = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            group = line.strip("[]").strip()
        elif group.startswith("netcrm.") and "=" in line:
            name, _, module = (part.strip() for part in line.partition("="))
            modules.setdefault(name, module)
            hooks.setdefault(name, set()).add(group.removeprefix("netcrm."))
    return [
        Entry(name, module, frozenset(hooks[name]), distribution, version)
        for name, module in modules.items()
    ]


def module_of(entry: Entry) -> object:
    """Import an installed plugin."""
    name, _, attribute = entry.module.partition(":")
    module: object = importlib.import_module(name)
    return getattr(module, attribute) if attribute else module


def load_file(name: str, path: Path) -> object:
    """Import a single file. It stands in sys.modules, so that classes in it can be resolved."""
    full_name = f"netcrm_user_plugins.{name}"
    spec = importlib.util.spec_from_file_location(full_name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise FileNotFoundError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[full_name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[full_name]
        raise
    return module
