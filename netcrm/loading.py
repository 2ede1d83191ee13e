"""Find, load, block and report plugins. One that is broken is set aside and named."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from netcrm.announced import Entry, find_entries, load_file, module_of
from netcrm.errors import NetcrmError, PluginError

if TYPE_CHECKING:
    import pluggy

T = TypeVar("T")

HOOKS: Final = (
    "storages", "sources", "commands", "cadence", "likeness", "holidays", "follow_ups",
    "questions", "lint_rules", "tie_weights", "fields", "rank_signals", "draft_folders",
    "changed",
)  # fmt: skip


class PluginReport(NamedTuple):
    """One line of `netcrm plugins`. `failure` is empty for a plugin that works."""

    name: str
    origin: str
    version: str = ""
    hooks: tuple[str, ...] = ()
    blocked: bool = False
    failure: str = ""


class Loading:
    """The plugins of one network. Nothing is global, and nothing is loaded before a hook is asked.

    Args:
        given: plugin objects or modules; a fault in one of them raises at once.
        files: single-file plugins.
        installed: whether to use plugins of installed distributions.
        blocked: names of plugins not to load.
    """

    def __init__(
        self,
        given: Iterable[object] = (),
        *,
        files: Iterable[Path] = (),
        installed: bool = False,
        blocked: Iterable[str] = (),
    ) -> None:
        self.failures: dict[str, str] = {}
        self._blocked = frozenset(blocked)
        self._installed = installed
        self._files: dict[str, Path] = {}
        self._entries: dict[str, Entry] = {}
        for path in files:
            self._claim(self._files, path.stem, path)
        for entry in find_entries() if installed else ():
            self._claim(self._entries, entry.name, entry)
            for unknown in sorted(entry.hooks.difference(HOOKS)):
                self.failures[entry.name] = f"it is listed under netcrm.{unknown}: no such hook"
        self._asked: set[str] = set()
        self._given: dict[str, object] = {}
        for plugin in given:
            name = getattr(plugin, "__name__", type(plugin).__name__)
            self._claim(self._given, name, plugin)
            self._admit(name, lambda plugin=plugin: plugin)  # type: ignore[misc]
            if name in self.failures:
                raise PluginError(f"plugin {name}: {self.failures[name]}")

    @functools.cached_property
    def _manager(self) -> pluggy.PluginManager:
        import pluggy  # most commands need no plugin

        from netcrm import hookspecs

        manager = pluggy.PluginManager("netcrm")
        manager.add_hookspecs(hookspecs)
        return manager

    def has(self, hook: str) -> bool:
        """Whether any plugin implements a hook."""
        return any(True for _ in self._implementations(hook))

    def report(self) -> list[PluginReport]:
        """Load and ask all plugins, and return what there is, working or not."""
        from netcrm.rules.mail import DraftFolder
        from netcrm.source import SourceProvider
        from netcrm.storage.contract import StorageProvider

        for hook in HOOKS:
            self._load(hook)
        self._named("storages", StorageProvider)
        self._named("sources", SourceProvider)
        self._named("draft_folders", DraftFolder)
        known = dict(self._manager.list_name_plugin())
        reports = []
        for name in sorted({*known, *self._entries, *self._files, *self.failures}):
            entry = self._entries.get(name)
            plugin = known.get(name)
            callers = self._manager.get_hookcallers(plugin) if plugin else None
            origin = entry.distribution if entry else str(self._files.get(name, "given"))
            reports.append(
                PluginReport(
                    name=name,
                    origin=origin,
                    version=entry.version if entry else "",
                    hooks=tuple(sorted(caller.name for caller in callers or ())),
                    blocked=name in self._blocked,
                    failure=self.failures.get(name, ""),
                )
            )
        return reports

    def _claim(self, table: dict[str, T], name: str, claimant: T) -> None:
        """Enter a plugin under its name; where two claim one, neither is loaded."""
        tables: tuple[Mapping[str, object], ...] = (self._files, self._entries, table)
        for other in (claimed[name] for claimed in tables if name in claimed):
            if other != claimant and name not in self._blocked:
                self.failures[name] = f"{other} and {claimant} both claim this name"
        table.setdefault(name, claimant)

    def _named(self, hook: str, kind: type[T]) -> dict[str, list[tuple[str, T]]]:
        """Return what plugins offer by its name, each with its owner; clashes are noted."""
        named: dict[str, list[tuple[str, T]]] = {}
        for owner, item in self._offers(hook, kind):
            named.setdefault(str(getattr(item, "name", None) or ""), []).append((owner, item))
        for name, offers in named.items():
            owners = " and ".join(owner for owner, _ in offers)
            for owner, _ in offers if len(offers) > 1 else ():
                self.failures[owner] = f"{owners} both offer {name} by netcrm_{hook}"
        return named

    def _first(self, hook: str, kind: type[T], **asked: Any) -> tuple[str, T] | None:
        """Return the first answer and whose it is; a failure stops it, as the answer may matter."""
        for name, ask in self._implementations(hook):
            with guarded(f"plugin {name}: netcrm_{hook}", lets=()):
                answer = ask(**asked)
            if isinstance(answer, kind):
                return name, answer
            if answer is not None:
                noun = kind.__name__
                raise PluginError(f"plugin {name}: netcrm_{hook} gave {answer!r}, not a {noun}")
        return None

    def _offers(self, hook: str, kind: type[T]) -> list[tuple[str, T]]:
        offers = []
        for name, ask in self._implementations(hook):
            try:
                with contextlib.redirect_stdout(sys.stderr):  # it may be a generator
                    answer = ask()
                    if not isinstance(answer, Iterable):
                        raise TypeError(f"netcrm_{hook} gave {answer!r}, not a list")
                    items = list(answer)
                wrong = [item for item in items if not isinstance(item, kind)]
                if wrong:
                    raise TypeError(f"netcrm_{hook} gave {wrong[0]!r}, not a {kind.__name__}")
            except FAULTS as error:
                self.failures[name] = explained(error)
                continue
            offers += [(name, item) for item in items]
        return offers

    def _implementations(self, hook: str) -> Iterator[tuple[str, Callable[..., Any]]]:
        """Yield each plugin's name and its function for a hook, told only what it asks for."""
        self._load(hook)
        if "_manager" not in vars(self):
            return  # nothing was admitted
        caller = getattr(self._manager.hook, f"netcrm_{hook}")
        for found in caller.get_hookimpls():

            def ask(found: Any = found, **offered: Any) -> Any:
                with contextlib.redirect_stdout(sys.stderr):  # standard output is the answer's
                    return found.function(*(offered[name] for name in found.argnames))

            yield found.plugin_name, ask

    def _load(self, hook: str) -> None:
        if hook in self._asked:
            return
        self._asked.add(hook)
        for name, entry in self._entries.items():
            if hook in entry.hooks:
                self._admit(name, lambda entry=entry: module_of(entry), entry)  # type: ignore[misc]
        for name, path in self._files.items():
            self._admit(name, lambda name=name, path=path: load_file(name, path))  # type: ignore[misc]

    def _admit(self, name: str, load: Callable[[], object], entry: Entry | None = None) -> None:
        """Load and register one plugin, or note why not. None of it can hurt the others."""
        if name in self._blocked or name in self.failures:
            return
        if self._manager.has_plugin(name):
            return
        try:
            with contextlib.redirect_stdout(sys.stderr):
                plugin = load()
            self._manager.register(plugin, name=name)
            self._manager.check_pending()
            self._check(plugin, entry)
        except FAULTS as error:
            self.failures[name] = explained(error)
            if self._manager.has_plugin(name):
                self._manager.unregister(name=name)

    def _check(self, plugin: object, entry: Entry | None) -> None:
        callers = self._manager.get_hookcallers(plugin) or []
        if not callers:
            raise TypeError("it implements no hook of netcrm (is @hookimpl missing?)")
        for caller in callers:
            hook = caller.name.removeprefix("netcrm_")
            if entry is not None and hook not in entry.hooks:
                raise TypeError(
                    f"it implements {caller.name}; so add to its pyproject.toml, below "
                    f'[project.entry-points."netcrm.{hook}"], {entry.name} = "{entry.module}"'
                )
            if any(
                i.wrapper or i.hookwrapper for i in caller.get_hookimpls() if i.plugin is plugin
            ):
                raise TypeError(f"{caller.name} is a wrapper, which netcrm does not use")


FAULTS: Final = (Exception, SystemExit)  # a plugin that calls sys.exit() must not end the program


@contextlib.contextmanager
def guarded(
    whose: str,
    raises: type[NetcrmError] = PluginError,
    *,
    lets: tuple[type[NetcrmError], ...] = (NetcrmError,),
) -> Iterator[None]:
    """Name *whose* code it is that fails inside; what it prints goes to standard error.

    Args:
        whose: what to call it.
        raises: what is raised instead.
        lets: what is raised as it is, for it says by itself what is wrong.
    """
    try:
        with contextlib.redirect_stdout(sys.stderr):  # standard output is for netcrm's answer
            yield
    except lets:
        raise
    except FAULTS as error:
        raise raises(f"{whose} failed: {explained(error)}") from error


def given(whose: str, begin: Callable[[], Iterable[T]], kind: type[T]) -> Iterator[T]:
    """Yield what code of others gives, one after another; where it fails, say *whose* it is.

    Args:
        whose: what to call it.
        begin: what returns it.
        kind: of what class each is.
    """
    with guarded(whose):
        items = iter(begin())
    while True:
        with guarded(whose):
            item: object = next(items, None)
            if item is not None and not isinstance(item, kind):
                raise TypeError(f"it gave {item!r}, not a {kind.__name__}")
        if not isinstance(item, kind):
            return
        yield item


def explained(error: BaseException) -> str:
    """Return an error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
