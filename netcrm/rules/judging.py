"""How is a draft or a plan judged? By rules that find faults, which makes findings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Generic, Literal, NamedTuple, TypeVar

Severity = Literal["error", "warning", "info"]

Subject = TypeVar("Subject")
Context = TypeVar("Context")


class Fault(NamedTuple):
    """What is wrong and what to do, in [*start*, *end*) of the text; 0, 0 is the whole of it.

    `severity` is only given where a fault weighs otherwise than its rule says.
    """

    text: str
    start: int = 0
    end: int = 0
    severity: Severity | None = None


class Finding(NamedTuple):
    """A fault, with the code of the rule that found it and how much it weighs."""

    code: str
    severity: Severity
    text: str
    start: int = 0
    end: int = 0


class LintRule(NamedTuple, Generic[Subject, Context]):
    """A check, and the kinds of drafts that it is for; plugins may bring more of them.

    `check` gets what is judged and what is known about it, and yields faults.
    """

    code: str
    kinds: frozenset[str]
    severity: Severity
    check: Callable[[Subject, Context], Iterable[Fault]]
    summary: str = ""


def judge(
    kind: str,
    subject: Subject,
    context: Context,
    rules: Iterable[LintRule[Subject, Context]],
    off: Collection[str],
) -> tuple[Finding, ...]:
    """Return what the rules for *kind*, but those that are *off*, find; by place, then by code."""
    return tuple(
        sorted(
            (
                Finding(rule.code, fault.severity or rule.severity, *fault[:3])
                for rule in rules
                if kind in rule.kinds and rule.code not in off
                for fault in rule.check(subject, context)
            ),
            key=lambda finding: (finding.start, finding.code, finding.end, finding.text),
        )
    )
