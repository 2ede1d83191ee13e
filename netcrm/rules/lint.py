"""What is there to mend in a draft or a plan before anybody sees it?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from netcrm.errors import InvalidError
from netcrm.rules import letters, plans, thanks
from netcrm.rules.circumstances import KINDS, Circumstances
from netcrm.rules.judging import Finding, judge
from netcrm.rules.letters import LetterRule
from netcrm.rules.plans import PLAN, Plan, PlanContext, Planned, PlanRule
from netcrm.rules.prose import Prose

LETTER_RULES: Final = (*letters.RULES, *thanks.RULES)
PLAN_RULES: Final = plans.RULES


def lint(
    kind: str,
    text: str,
    context: Circumstances | None = None,
    *,
    off: Collection[str] = (),
    more_rules: Iterable[LetterRule] = (),
) -> tuple[Finding, ...]:
    """Return what to mend in a draft, by place and then by code; nothing if all is well.

    The checks are for English. They look for words, so they can be wrong: only what no draft should
    hold is an error.

    Args:
        kind: of the draft: request, follow_up, thank_you and so on.
        text: any text; the findings say where in it.
        context: what is known about the draft; what is not known is not checked.
        off: codes of rules to leave out.
        more_rules: those of plugins.

    Raises:
        InvalidError: there is no such kind.
    """
    if kind not in KINDS:
        raise InvalidError(f"{kind!r} is no kind of draft; choose of {', '.join(sorted(KINDS))}")
    known = context or Circumstances()
    return judge(kind, Prose.read(text), known, (*LETTER_RULES, *more_rules), off)


def lint_plan(
    questions: Iterable[Planned],
    context: PlanContext | None = None,
    *,
    off: Collection[str] = (),
    more_rules: Iterable[PlanRule] = (),
) -> tuple[Finding, ...]:
    """Return what to mend in a plan of questions, by place and then by code.

    Places are in the text of the plan: its questions in order, one a line. Else as for `lint`.
    """
    known = context or PlanContext()
    return judge(PLAN, Plan.read(questions), known, (*PLAN_RULES, *more_rules), off)
