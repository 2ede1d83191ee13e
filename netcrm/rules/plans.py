"""Are these the questions to ask? Rules for the plan of an informational interview."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import attrs

from netcrm.model.text import words
from netcrm.rules.asks import job_asks
from netcrm.rules.judging import Fault, LintRule
from netcrm.rules.prose import Prose, phrases, shown

QUESTIONS: Final = (8, 20)
"""Guides for students ask for 8 to 10, for 10, or for 10 to 20."""
MINUTES_EACH: Final = 2
"""How long a question and its answer take. Our choice."""
MINUTES_AROUND: Final = 6
"""For the welcome, my story, next steps and thanks. Our choice."""
COVERED: Final = {
    "role": "the role",
    "industry": "the industry",
    "career_path": "their career path",
}
"""What every plan asks about."""
REFERRAL: Final = "referral"

_CLOSED: Final = re.compile(
    r"\W{0,20}(?:(?:and|so|or|but|also|then|well) )?"
    r"((?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|may|might|am)"
    r"(?:n't)?)(?!\w)"
)
_OPEN: Final = re.compile(
    r"\W{0,20}(?:(?:and|so|but|also) )?(?:what|how|why|which|who|where)(?!\w)"
)
_CLOSED_LATE: Final = re.compile(
    r", (?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should)(?:n't)?"
    r" (?:you|it|there|they|this|that|people|one|i|we)(?!\w)"
)
_TAG: Final = re.compile(
    r", ?(?:right|correct|yes|no|(?:is|are|do|does|did|was|were)n't \w{1,9})\?"
)
_INVITES: Final = phrases(
    r"(?:can|could|will|would) you (?:please )?(?:tell|describe|walk|talk|explain|share|show|give)"
    r"(?! (?:me |us )?(?:if|whether))"
)
_WHO_ELSE: Final = phrases(
    "(?:who|whom|what|anyone|anybody|someone|somebody|person|people) else",
    "(?:introduce|refer|point) me|(?:who|whom) (?:would|should|could) (?:you|i)",
)


class Planned(NamedTuple):
    """A question as planned: its topic, why it cannot be looked up, and the objective it serves."""

    text: str
    topic: str = ""
    why_not_online: str = ""
    objective: str = ""


@attrs.frozen(kw_only=True)
class PlanContext:
    """The minutes agreed, if they are, and the questions that this person answered before."""

    minutes: int | None = None
    answered: tuple[str, ...] = ()


class Line(NamedTuple):
    """A question in a plan, read, and where it starts in the text of the plan."""

    question: Planned
    prose: Prose
    start: int

    @property
    def place(self) -> tuple[int, int]:
        """Where the question stands in the text of the plan."""
        return self.start, self.start + len(self.question.text)

    @property
    def is_referral(self) -> bool:
        """Whether it asks whom else to talk to, by its topic or its words."""
        return self.question.topic == REFERRAL or self.prose.says(_WHO_ELSE)


class Plan(NamedTuple):
    """Questions in order, with the text of the plan: one question a line."""

    lines: tuple[Line, ...]

    @classmethod
    def read(cls, questions: Iterable[Planned]) -> Plan:
        """Read the questions of a plan."""
        lines, start = [], 0
        for question in questions:
            lines.append(Line(question, Prose.read(question.text), start))
            start += len(question.text) + 1
        return cls(tuple(lines))


PlanRule = LintRule[Plan, PlanContext]


def is_closed(question: str | Prose) -> bool:
    """Whether a question, or one within it, can be answered by yes or no.

    "Could you tell me how …?" is an invitation and open, as is what is not a question.
    """
    prose = Prose.read(question) if isinstance(question, str) else question
    for start, end in prose.sentences():
        sentence = prose.plain[start:end].strip()
        if _TAG.search(sentence):
            return True
        if _INVITES.search(sentence) or _OPEN.match(sentence):
            continue
        if _CLOSED.match(sentence) or (sentence.endswith("?") and _CLOSED_LATE.search(sentence)):
            return True
    return False


def _count(plan: Plan, _: PlanContext) -> Iterator[Fault]:
    fewest, most = QUESTIONS
    if not fewest <= (count := len(plan.lines)) <= most:
        yield Fault(f"plan {fewest} to {most} questions; this has {count}")


def _open(plan: Plan, _: PlanContext) -> Iterator[Fault]:
    for line in plan.lines:
        if is_closed(line.prose):
            better = "“Who else …?”" if line.is_referral else "how, what or why"
            yield Fault(f"this can be answered by yes or no; begin with {better}", *line.place)


def _not_online(plan: Plan, _: PlanContext) -> Iterator[Fault]:
    for line in plan.lines:
        if not line.question.why_not_online.strip():
            yield Fault("note why the answer cannot be found online", *line.place)


def _purpose(plan: Plan, _: PlanContext) -> Iterator[Fault]:
    for line in plan.lines:
        if not line.question.objective.strip():
            yield Fault("say which of your objectives or interests this serves", *line.place)


def _topics(plan: Plan, _: PlanContext) -> Iterator[Fault]:
    asked = {line.question.topic for line in plan.lines}
    if missing := [name for topic, name in COVERED.items() if topic not in asked]:
        yield Fault(f"ask about {' and '.join(missing)} as well")


def _referral(plan: Plan, _: PlanContext) -> Iterator[Fault]:
    asked = [line for line in plan.lines if line.is_referral]
    if not asked:
        yield Fault("ask at the end whom else to talk to: “Who else …?”")
    elif asked[-1] is not plan.lines[-1]:
        yield Fault("ask this last", *asked[-1].place)


def _time(plan: Plan, known: PlanContext) -> Iterator[Fault]:
    needed = MINUTES_EACH * len(plan.lines) + MINUTES_AROUND
    if not plan.lines or known.minutes is None or needed <= known.minutes:
        return
    fit = max(1, (known.minutes - MINUTES_AROUND) // MINUTES_EACH)
    text = f"this takes about {needed} minutes and you have {known.minutes}"
    yield Fault(f"{text}: keep the {fit} that matter most")


def _answered(plan: Plan, known: PlanContext) -> Iterator[Fault]:
    before = {words(text) for text in known.answered} - {()}
    for line in plan.lines:
        if words(line.question.text) in before:
            yield Fault("they answered this before; ask what has changed", *line.place)


def _job(plan: Plan, _: PlanContext) -> Iterator[Fault]:
    for line in plan.lines:
        for ask in job_asks(line.prose):
            text = f"do not ask for a job: leave out {shown(ask.text)}"
            yield Fault(text, line.start + ask.start, line.start + ask.end)


PLAN: Final = "question_plan"
_PLANS: Final = frozenset({PLAN})

RULES: Final = (
    PlanRule("Q01", _PLANS, "warning", _count, "has 8 to 20 questions"),
    PlanRule("Q02", _PLANS, "info", _open, "asks open questions"),
    PlanRule("Q03", _PLANS, "info", _not_online, "asks what cannot be looked up"),
    PlanRule("Q04", _PLANS, "info", _purpose, "serves my objectives"),
    PlanRule("Q05", _PLANS, "warning", _topics, "covers role, industry and career path"),
    PlanRule("Q06", _PLANS, "warning", _referral, "asks last whom else to talk to"),
    PlanRule("Q07", _PLANS, "warning", _time, "fits the time agreed"),
    PlanRule("Q08", _PLANS, "info", _answered, "repeats no answered question"),
    PlanRule("Q09", _PLANS, "error", _job, "asks for no job"),
)
