"""A real browser for tests: the Chromium of this machine, which reaches nothing but files.

`NETCRM_TEST_CHROMIUM` names another one. Where there is none, tests are skipped; but not in CI.
"""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any, Final

import pytest

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET: Final = (
    "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip


@functools.cache
def program() -> str:
    """Return the browser; skip the test where there is none."""
    named = os.environ.get("NETCRM_TEST_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        why = "needs Chromium, as from apt-get install chromium, or NETCRM_TEST_CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    return found


@contextmanager
def browser() -> Iterator[Any]:
    """Start the browser, with a profile of its own, and end it."""
    path = program()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=[*_QUIET])
        try:
            yield started
        finally:
            started.close()


class Opened:
    """A page from a file, and all that it asked for, said or complained of."""

    def __init__(self, started: Any, file: Path, **options: Any) -> None:
        options = {"viewport": {"width": 1300, "height": 850}, **options}
        self.context = started.new_context(reduced_motion="reduce", **options)
        self.requests: list[str] = []
        self.said: list[str] = []
        self.page = self.context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self._refuse(dialog))
        self.page.goto(file.as_uri())
        self.settle()

    def _refuse(self, dialog: Any) -> None:
        self.said.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def settle(self) -> None:
        """Wait until what was asked for is drawn."""
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")

    def get(self, selector: str) -> Any:
        """Return what a selector finds."""
        return self.page.locator(selector)

    def texts(self, selector: str) -> list[str]:
        """Return the texts of all that a selector finds."""
        return list(self.page.eval_on_selector_all(selector, "all => all.map(e => e.textContent)"))

    def number(self, name: str) -> int:
        """Return what the picture says of itself: how many are drawn, or named."""
        self.settle()
        return int(self.get("#canvas").get_attribute(f"data-{name}"))

    def complaints(self) -> list[str]:
        """Return what axe-core finds wrong for those who hear the page or use no mouse."""
        package = resources.files("axe_playwright_python")
        # By way of the debugger: the page's own policy lets no script in.
        self.page.evaluate(package.joinpath("axe.min.js").read_text("utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['impact']} {one['id']}: {node['html'][:120]} {node['failureSummary']}"
            for one in found["violations"]
            for node in one["nodes"]
        ]
