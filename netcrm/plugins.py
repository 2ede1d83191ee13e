"""Find, load, block and report plugins. One that is broken is set aside and named."""

from __future__ import annotations

import contextlib
import functools
import importlib
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from netcrm.announced import Entry, find_entries, load_file, module_of
from netcrm.errors import NetcrmError, NotFoundError, PluginError

if TYPE_CHECKING:
    import pluggy

    from netcrm.model.cadence import Cadence
    from netcrm.model.commit import Commit
    from netcrm.model.contact import Contact
    from netcrm.rules.course import Course
    from netcrm.rules.due import Person
    from netcrm.rules.judging import LintRule
    from netcrm.rules.lifecycle import FollowUps
    from netcrm.rules.questions import BankQuestion
    from netcrm.rules.signs import Sign
    from netcrm.source import SourceProvider
    from netcrm.storage.contract import StorageProvider

P = TypeVar("P", "StorageProvider", "SourceProvider")
T = TypeVar("T")

HOOKS: Final = (
    "storages", "sources", "commands", "cadence", "likeness", "holidays", "follow_ups",
    "questions", "lint_rules", "changed",
)  # fmt: skip
_OURS: Final = {
    "linkedin": "netcrm-linkedin", "linkedin-contacts": "netcrm-linkedin",
    "postgres": "netcrm-postgres", "sqlite": "netcrm-sqlite", "table": "netcrm-tables",
}  # fmt: skip
"""What our own plugins offer, for whoever has not installed them."""
_BUILT_IN: Final = {"tinydb": "netcrm.storage.tinydb", "memory": "netcrm.storage.memory"}


class PluginReport(NamedTuple):
    """One line of `netcrm plugins`. `failure` is empty for a plugin that works."""

    name: str
    origin: str
    version: str = ""
    hooks: tuple[str, ...] = ()
    blocked: bool = False
    failure: str = ""


class Plugins:
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

    def storage(self, name: str) -> StorageProvider:
        """Return the storage backend called *name*; one that is installed is loaded for it."""
        if name in _BUILT_IN:
            provider: StorageProvider = importlib.import_module(_BUILT_IN[name]).PROVIDER
            return provider
        from netcrm.storage.contract import StorageProvider

        if not self._installed:
            self._installed = True  # naming a storage is asking for its plugin
            for entry in find_entries():
                if "storages" in entry.hooks:
                    self._entries.setdefault(entry.name, entry)
            self._asked.discard("storages")
        return self._provider("storages", StorageProvider, name, "storage")

    def source(self, name: str) -> SourceProvider:
        """Return the source called *name*."""
        from netcrm.source import SourceProvider

        return self._provider("sources", SourceProvider, name, "source")

    def sources(self) -> list[SourceProvider]:
        """Return all sources, by name."""
        from netcrm.source import SourceProvider

        return sorted(
            (one for _, one in self._offers("sources", SourceProvider)), key=lambda x: x.name
        )

    def commands(self, kind: type[T], ours: Collection[str] = ()) -> dict[str, T]:
        """Return the commands that plugins add, by name. Of two with one name neither is used.

        Args:
            kind: the class of commands; plugins that give something else are set aside.
            ours: names of commands that netcrm itself has, and keeps.
        """
        found = self._named("commands", kind)
        for name in found.keys() & set(ours):
            for owner, _ in found.pop(name):
                self.failures[owner] = f"{name} is a command of netcrm itself"
        return {name: offers[0][1] for name, offers in found.items() if len(offers) == 1}

    def cadence(self, person: Person, as_of: date) -> Cadence | None:
        """Return the rule that the first plugin with an answer gives for a person."""
        from netcrm.model.cadence import Cadence

        return self._first("cadence", Cadence, person=person, as_of=as_of)

    def follow_ups(self, course: Course) -> FollowUps | None:
        """Return what the first plugin with an answer says to do while nobody answers."""
        from netcrm.rules.lifecycle import FollowUps

        answer = self._first("follow_ups", FollowUps, course=course)
        if answer and not all(type(days) is int and 0 <= days <= 366 for days in answer):
            raise PluginError(f"netcrm_follow_ups gave {answer!r}; from 0 to 366 days are usual")
        return answer

    def holidays(self) -> list[date]:
        """Return the days on which nobody works, by all plugins."""
        return [day for _, day in self._offers("holidays", date)]

    def questions(self) -> list[BankQuestion]:
        """Return the questions that plugins add to the bank."""
        from netcrm.rules.questions import BankQuestion, parse_bank

        found: list[BankQuestion] = []
        for name, one in self._offers("questions", BankQuestion):
            try:
                found += parse_bank([one._asdict()], f"plugin {name}")
            except NetcrmError as error:
                self.failures[name] = str(error)
        return found

    def lint_rules(self) -> list[LintRule[Any, Any]]:
        """Return the checks of drafts and of plans that plugins add."""
        from netcrm.rules.judging import Fault, LintRule

        def checking(name: str, rule: LintRule[Any, Any]) -> LintRule[Any, Any]:
            def check(subject: Any, known: Any) -> list[Fault]:
                with guarded(f"plugin {name}: lint rule {rule.code}"):
                    faults: list[Any] = list(rule.check(subject, known))
                    if not all(isinstance(one, Fault) for one in faults):
                        raise TypeError(f"it gave {faults!r}, not faults")
                return faults

            return rule._replace(check=check, kinds=frozenset(rule.kinds or ()))

        return [checking(name, rule) for name, rule in self._offers("lint_rules", LintRule)]

    def _first(self, hook: str, kind: type[T], **asked: Any) -> T | None:
        """Return the first answer; a failure stops it, as the answer may matter."""
        for name, ask in self._implementations(hook):
            with guarded(f"plugin {name}: netcrm_{hook}"):
                answer = ask(**asked)
            if isinstance(answer, kind):
                return answer
            if answer is not None:
                noun = kind.__name__
                raise PluginError(f"plugin {name}: netcrm_{hook} gave {answer!r}, not a {noun}")
        return None

    def likeness(self, a: Contact, b: Contact) -> list[Sign]:
        """Return what plugins say for two contacts being one person, or against it.

        Raises:
            PluginError: a plugin failed; its answer may matter, so nobody guesses it.
        """
        from netcrm.rules.signs import Sign

        signs = []
        for name, ask in self._implementations("likeness"):
            with guarded(f"plugin {name}: netcrm_likeness"):
                answer = ask(a=a, b=b)
                if not isinstance(answer, Iterable):
                    raise TypeError(f"it gave {answer!r}, not signs")
                for sign in answer:
                    if not isinstance(sign, Sign):
                        raise TypeError(f"it gave {sign!r}, not a Sign")
                    signs.append(sign)
        return signs

    def has(self, hook: str) -> bool:
        """Whether any plugin implements a hook."""
        return any(True for _ in self._implementations(hook))

    def tell(self, commit: Commit) -> None:
        """Tell every plugin what was stored; those that fail are noted, the others still told."""
        for name, notify in self._implementations("changed"):
            try:
                notify(commit=commit)
            except _FAULTS as error:
                self.failures[name] = f"netcrm_changed failed: {_say(error)}"

    def report(self) -> list[PluginReport]:
        """Load and ask all plugins, and return what there is, working or not."""
        from netcrm.source import SourceProvider
        from netcrm.storage.contract import StorageProvider

        for hook in HOOKS:
            self._load(hook)
        self._named("storages", StorageProvider)
        self._named("sources", SourceProvider)
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

    def _provider(self, hook: str, kind: type[P], name: str, noun: str) -> P:
        named: dict[str, list[tuple[str, P]]] = self._named(hook, kind)
        found = named.get(name, [])
        if len(found) == 1:
            chosen: P = found[0][1]
            return chosen
        if found:
            owners = " and ".join(owner for owner, _ in found)
            raise PluginError(
                f"plugins {owners} both offer a {noun} called {name}. Block one: --no-plugin NAME"
            )
        names = sorted({*named, *(_BUILT_IN if hook == "storages" else ())})
        there = f"There are: {', '.join(names)}." if names else "No plugin offers one."
        broken = "".join(f" Plugin {n} is set aside: {why}." for n, why in self.failures.items())
        missing = _OURS.get(name)
        install = f" It comes with {missing}: install that." if missing else ""
        raise NotFoundError(f"There is no {noun} called {name}. {there}{install}{broken}")

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
            except _FAULTS as error:
                self.failures[name] = _say(error)
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
        except _FAULTS as error:
            self.failures[name] = _say(error)
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


_FAULTS: Final = (Exception, SystemExit)  # a plugin that calls sys.exit() must not end the program


@contextlib.contextmanager
def guarded(whose: str, raises: type[NetcrmError] = PluginError) -> Iterator[None]:
    """Name *whose* code it is that fails inside; what it prints goes to standard error."""
    try:
        with contextlib.redirect_stdout(sys.stderr):  # standard output is for netcrm's answer
            yield
    except NetcrmError:
        raise
    except _FAULTS as error:
        raise raises(f"{whose} failed: {_say(error)}") from error


def _say(error: BaseException) -> str:
    """Return an error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
