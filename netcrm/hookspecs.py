"""The hooks: what a plugin can add. Each is one function, decorated with `hookimpl`.

An installed plugin lists its module in the entry-point group of each hook that it implements:
`netcrm.storages`, `netcrm.sources`, `netcrm.commands`, `netcrm.cadence`, `netcrm.likeness`,
`netcrm.holidays`, `netcrm.follow_ups`, `netcrm.questions`, `netcrm.lint_rules`,
`netcrm.tie_weights`, `netcrm.fields`, `netcrm.rank_signals`, `netcrm.draft_folders`,
`netcrm.changed`.
So a command loads only the plugins it needs. A single file needs no list.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    import click

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

hookspec = pluggy.HookspecMarker("netcrm")
hookimpl = pluggy.HookimplMarker("netcrm")


@hookspec
def netcrm_storages() -> Iterable[StorageProvider]:
    """Offer storage backends, each under a name that URLs begin with.

    Example:
        >>> @hookimpl
        ... def netcrm_storages():
        ...     return [StorageProvider(name="cloud", summary="My cloud", open=open_cloud)]
    """
    raise NotImplementedError


@hookspec
def netcrm_sources() -> Iterable[SourceProvider]:
    """Offer things to import from: `netcrm import NAME ...`.

    Example:
        >>> @hookimpl
        ... def netcrm_sources():
        ...     return [SourceProvider(name="vcard", summary="vCard files", open=VCardFile)]
    """
    raise NotImplementedError


@hookspec
def netcrm_commands() -> Iterable[click.Command]:
    """Offer commands of the command line.

    The App object of the click context opens the network that the user means.

    Example:
        >>> @hookimpl
        ... def netcrm_commands():
        ...     return [click.Command("hello", callback=lambda: click.echo("hello"))]
    """
    raise NotImplementedError


@hookspec
def netcrm_cadence(person: Person, as_of: date) -> Cadence | None:
    """Say how often to be in touch with a person, or None to leave it to the rules.

    Asked for each person that is looked at; the first plugin that answers decides. Only a rule for
    that very person goes before it.

    Example:
        >>> @hookimpl
        ... def netcrm_cadence(person):
        ...     tag = Selector.parse("tag:vip")
        ...     weekly = Cadence(id="vip", selector=tag, every=Interval.parse("weekly"))
        ...     return weekly if "vip" in person.tags else None
    """
    raise NotImplementedError


@hookspec
def netcrm_likeness(a: Contact, b: Contact) -> Iterable[Sign]:
    """Say what else speaks for two contacts being one person, or against it.

    Asked for pairs that have something in common. Each bit doubles the odds that they are one, or
    halves them where it is negative.

    Example:
        >>> @hookimpl
        ... def netcrm_likeness(a, b):
        ...     if a.pronouns and b.pronouns and a.pronouns != b.pronouns:
        ...         yield Sign("pronouns", "other pronouns", -2)
    """
    raise NotImplementedError


@hookspec
def netcrm_holidays() -> Iterable[date]:
    """Name days on which nobody works, besides the weekend: deadlines and reminders skip them.

    Example:
        >>> @hookimpl
        ... def netcrm_holidays():
        ...     return [date(2026, 12, 25), date(2027, 1, 1)]
    """
    raise NotImplementedError


@hookspec
def netcrm_follow_ups(course: Course) -> FollowUps | None:
    """Say how long to wait for an answer to a request, or None to leave it to the usual routine.

    Asked for each interview; the first plugin that answers decides.

    Example:
        >>> @hookimpl
        ... def netcrm_follow_ups(course):
        ...     slow = any(talk.channel == "letter" for talk in course.talks)
        ...     return FollowUps(try_another=5, follow_up=15) if slow else None
    """
    raise NotImplementedError


@hookspec
def netcrm_questions() -> Iterable[BankQuestion]:
    """Add questions to the bank that interviews are planned from.

    Example:
        >>> @hookimpl
        ... def netcrm_questions():
        ...     return [BankQuestion("night-shifts", "How do nights go here?", "culture")]
    """
    raise NotImplementedError


@hookspec
def netcrm_lint_rules() -> Iterable[LintRule[Any, Any]]:
    """Add checks of drafts, or of plans of questions.

    Example:
        >>> @hookimpl
        ... def netcrm_lint_rules():
        ...     def calm(prose, known):
        ...         if "!" in prose.text:
        ...             yield Fault("leave out the exclamation marks")
        ...     return [LintRule("X01", frozenset({"request"}), "warning", calm)]
    """
    raise NotImplementedError


@hookspec
def netcrm_tie_weights() -> Iterable[TieWeight]:
    """Say how much a touch counts by its channel, from 0 to 10 where an e-mail counts 1, and why.

    It goes before the usual weights. Where two plugins disagree on a channel, neither is used.

    Example:
        >>> @hookimpl
        ... def netcrm_tie_weights():
        ...     return [TieWeight("letter", 3, "we write each other by hand")]
    """
    raise NotImplementedError


@hookspec
def netcrm_fields() -> Iterable[FieldLink]:
    """Say which career fields are near which, and why: a search that is broadened looks there too.

    Example:
        >>> @hookimpl
        ... def netcrm_fields():
        ...     return [FieldLink("midwifery", "nursing", "related", "ISCO 2222 and 2221")]
    """
    raise NotImplementedError


@hookspec
def netcrm_rank_signals(contact: Contact, as_of: date) -> Factor | None:
    """Say why it is better to ask somebody than others, or worse, or None to say nothing.

    Asked for each person who may be asked next. Their score is multiplied by the factor, and the
    reason is printed beside it.

    Example:
        >>> @hookimpl
        ... def netcrm_rank_signals(contact):
        ...     return Factor(1.2, "lives near by") if contact.location == "Albany" else None
    """
    raise NotImplementedError


@hookspec
def netcrm_draft_folders() -> Iterable[DraftFolder]:
    """Offer folders to put drafts into: `netcrm draft ... --to NAME`. A plugin sends nothing.

    Example:
        >>> @hookimpl
        ... def netcrm_draft_folders():
        ...     return [DraftFolder(name="mutt", summary="Drafts of mutt", put=add_to_maildir)]
    """
    raise NotImplementedError


@hookspec
def netcrm_changed(commit: Commit) -> None:
    """Learn what was just stored. A failure is reported and changes nothing.

    Example:
        >>> @hookimpl
        ... def netcrm_changed(commit):
        ...     print(commit.seq, commit.reason)
    """
    raise NotImplementedError
