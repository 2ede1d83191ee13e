"""What plugins offer, and what each hook asks them and makes of their answers."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

from netcrm.announced import find_entries
from netcrm.errors import NetcrmError, NotFoundError, PluginError
from netcrm.loading import FAULTS, Loading, T, explained, guarded

if TYPE_CHECKING:
    from netcrm.model.cadence import Cadence
    from netcrm.model.commit import Commit
    from netcrm.model.contact import Contact
    from netcrm.rules.course import Course
    from netcrm.rules.due import Person
    from netcrm.rules.fields import FieldLink
    from netcrm.rules.judging import LintRule
    from netcrm.rules.lifecycle import FollowUps
    from netcrm.rules.mail import DraftFolder
    from netcrm.rules.prospects import Factor
    from netcrm.rules.questions import BankQuestion
    from netcrm.rules.signs import Sign
    from netcrm.rules.strength import TieWeight
    from netcrm.source import SourceProvider
    from netcrm.storage.contract import StorageProvider

P = TypeVar("P", "StorageProvider", "SourceProvider", "DraftFolder")

_OURS: Final = {
    "gmail": "netcrm-google", "google-contacts": "netcrm-google",
    "linkedin": "netcrm-linkedin", "linkedin-contacts": "netcrm-linkedin",
    "postgres": "netcrm-postgres", "sqlite": "netcrm-sqlite", "table": "netcrm-tables",
}  # fmt: skip
"""What our own plugins offer, for whoever has not installed them."""
_BUILT_IN: Final = {"tinydb": "netcrm.storage.tinydb", "memory": "netcrm.storage.memory"}


class Plugins(Loading):
    """The plugins of one network. Nothing is global, and nothing is loaded before a hook is asked.

    Args:
        given: plugin objects or modules; a fault in one of them raises at once.
        files: single-file plugins.
        installed: whether to use plugins of installed distributions.
        blocked: names of plugins not to load.
    """

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

    def draft_folder(self, name: str) -> DraftFolder:
        """Return the draft folder called *name*; where it fails, the error names it."""
        import attrs

        from netcrm.rules.mail import DraftFolder

        folder = self._provider("draft_folders", DraftFolder, name, "draft folder")

        def put(message: bytes, account: str) -> str:
            with guarded(f"draft folder {name}"):
                where: object = folder.put(message, account)
                if not isinstance(where, str):
                    raise TypeError(f"it gave {where!r}, not where the draft is")
            return where

        return attrs.evolve(folder, put=put)

    def draft_folders(self) -> list[DraftFolder]:
        """Return all draft folders, by name."""
        from netcrm.rules.mail import DraftFolder

        return sorted(
            (one for _, one in self._offers("draft_folders", DraftFolder)), key=lambda x: x.name
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

        found = self._first("cadence", Cadence, person=person, as_of=as_of)
        return found[1] if found else None

    def follow_ups(self, course: Course) -> FollowUps | None:
        """Return what the first plugin with an answer says to do while nobody answers."""
        from netcrm.rules.lifecycle import FollowUps

        found = self._first("follow_ups", FollowUps, course=course)
        if found is None:
            return None
        name, answer = found
        if not all(type(days) is int and 0 <= days <= 366 for days in answer):
            said = f"netcrm_follow_ups gave {answer!r}; from 0 to 366 days are usual"
            raise PluginError(f"plugin {name}: {said}")
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
                with guarded(f"plugin {name}: lint rule {rule.code}", lets=()):
                    faults: list[Any] = list(rule.check(subject, known))
                    if not all(isinstance(one, Fault) for one in faults):
                        raise TypeError(f"it gave {faults!r}, not faults")
                return faults

            return rule._replace(check=check, kinds=frozenset(rule.kinds or ()))

        return [checking(name, rule) for name, rule in self._offers("lint_rules", LintRule)]

    def tie_weights(self) -> list[TieWeight]:
        """Return how much a touch counts by its channel, as plugins have it, by channel.

        Of two plugins that disagree on a channel neither is used for it.
        """
        from netcrm.rules.strength import TieWeight, fault

        found: dict[str, list[tuple[str, TieWeight]]] = {}
        for name, one in self._offers("tie_weights", TieWeight):
            if wrong := fault(one):
                self.failures[name] = f"netcrm_tie_weights: {wrong}"
            else:
                found.setdefault(one.channel, []).append((name, one))
        for channel, said in found.items():
            if len({one.weight for _, one in said}) > 1:
                owners = " and ".join(dict.fromkeys(name for name, _ in said))
                why = f"netcrm_tie_weights gives {channel} two weights, by {owners}"
                self.failures.update((name, why) for name, _ in said)
                said.clear()
        return [said[0][1] for _, said in sorted(found.items()) if said]

    def likeness(self, a: Contact, b: Contact) -> list[Sign]:
        """Return what plugins say for two contacts being one person, or against it.

        Raises:
            PluginError: a plugin failed; its answer may matter, so nobody guesses it.
        """
        from netcrm.rules.signs import Sign

        signs = []
        for name, ask in self._implementations("likeness"):
            with guarded(f"plugin {name}: netcrm_likeness", lets=()):
                answer = ask(a=a, b=b)
                if not isinstance(answer, Iterable):
                    raise TypeError(f"it gave {answer!r}, not signs")
                for sign in answer:
                    if not isinstance(sign, Sign):
                        raise TypeError(f"it gave {sign!r}, not a Sign")
                    signs.append(sign)
        return signs

    def fields(self) -> list[FieldLink]:
        """Return which career fields are near which, as plugins know."""
        from netcrm.rules.fields import FieldLink

        return [link for _, link in self._offers("fields", FieldLink)]

    def rank_signals(self, contact: Contact, as_of: date) -> list[Factor]:
        """Return what plugins say for asking somebody next, or against it.

        Raises:
            PluginError: a plugin failed; its answer may matter, so nobody guesses it.
        """
        from netcrm.rules.prospects import Factor

        found = []
        for name, ask in self._implementations("rank_signals"):
            with guarded(f"plugin {name}: netcrm_rank_signals", lets=()):
                answer = ask(contact=contact, as_of=as_of)
                if not (answer is None or isinstance(answer, Factor)):
                    raise TypeError(f"it gave {answer!r}, not a Factor")
            found += [answer] if answer else []
        return found

    def tell(self, commit: Commit) -> None:
        """Tell every plugin what was stored; those that fail are noted, the others still told."""
        for name, notify in self._implementations("changed"):
            try:
                notify(commit=commit)
            except FAULTS as error:
                self.failures[name] = f"netcrm_changed failed: {explained(error)}"

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
