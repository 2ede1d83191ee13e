"""What is there to mend in any draft?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.errors import InvalidError
from netcrm.rules.circumstances import KINDS, Circumstances, Referrer
from netcrm.rules.judging import Fault, Finding, LintRule
from netcrm.rules.letters import LetterRule
from netcrm.rules.lint import LETTER_RULES, PLAN_RULES, lint, lint_plan
from netcrm.rules.plans import Planned, PlanRule
from netcrm.rules.prose import Prose

ODD = st.characters() | st.sampled_from(
    " \n\r\t.,?!“”'’–{}[]<>_é\u0301\u200d\0\u202eß½ıİﬁ\ud800心🙂"
)
PIECES = st.sampled_from(
    [
        "Dear Ines, ", "Hi {name}", "thank you", "30 minutes", "2 hours ", "Could you call? ",
        "Ana Ruiz", "will", "my résumé ", "I am a ", "[Name]", "TODO", "\n\n", "is hiring", "why?",
        "attached ", "your advice", "not ", "any ", "apply ", "openings", " in your calendar",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(ODD, max_size=20), max_size=12).map("".join)
SOME = st.lists(st.sampled_from(["Ana Ruiz", "Will", "", "forests", "心"]) | TEXTS, max_size=2)
MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))
CONTEXTS = st.none() | st.builds(
    Circumstances,
    channel=st.sampled_from(["email", "linkedin_note", "phone", "?"]),
    note_limit=st.integers(0, 300),
    referrers=st.lists(
        st.builds(Referrer, st.sampled_from(["Ana Ruiz", "Will", "", "🙂"]) | TEXTS), max_size=2
    ),
    first_update=st.booleans(),
    deadline=MOMENTS,
    sent=MOMENTS,
    **dict.fromkeys(
        ("recipient", "facts", "known_by", "me", "about_me", "interests", "takeaways", "applied",
         "referred_to"),
        SOME.map(tuple),
    ),
)  # fmt: skip
EVERY_KIND = st.sampled_from(sorted(KINDS))
CODES = [rule.code for rule in LETTER_RULES]
JOB_ASKS = ["Have you got any openings?", "Please read MY RÉSUMÉ.", "I am looking for a job."]


def test_there_are_35_rules_and_each_has_its_code() -> None:
    codes = [*CODES, *(rule.code for rule in PLAN_RULES)]
    numbers = {"O": 16, "T": 7, "U": 3, "Q": 9}
    assert codes == [f"{part}{n:02}" for part, most in numbers.items() for n in range(1, most + 1)]
    assert all(rule.summary and rule.kinds for rule in (*LETTER_RULES, *PLAN_RULES))


def test_errors_are_what_no_draft_should_hold() -> None:
    errors = [rule.code for rule in (*LETTER_RULES, *PLAN_RULES) if rule.severity == "error"]
    assert errors == ["O02", "O10", "O13", "O16", "Q09"]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InvalidError, match="'poem' is no kind of draft; choose of decline"):
        lint("poem", "")


@given(EVERY_KIND, TEXTS, CONTEXTS)
def test_any_text_can_be_judged_and_findings_lie_within_it(
    kind: str, text: str, context: Circumstances | None
) -> None:
    found = lint(kind, text, context)
    for finding in found:
        assert 0 <= finding.start < finding.end <= len(text) or finding[3:] == (0, 0)
        assert finding.text
    assert list(found) == sorted(found, key=lambda finding: (finding.start, finding.code))
    assert lint(kind, text, context) == found


@given(EVERY_KIND, TEXTS, CONTEXTS, st.sampled_from(JOB_ASKS), st.booleans())
def test_an_ask_for_a_job_adds_its_error_and_takes_none_away(
    kind: str, text: str, context: Circumstances | None, ask: str, first: bool
) -> None:
    def errors(draft: str) -> list[str]:
        return [f.code for f in lint(kind, draft, context) if f.severity == "error"]

    before, after = errors(text), errors(f"{ask}\n\n{text}" if first else f"{text}\n\n{ask}")
    assert after.count("O02") > before.count("O02")
    assert all(after.count(code) >= before.count(code) for code in before)


@given(EVERY_KIND, TEXTS, CONTEXTS, st.sets(st.sampled_from(CODES)))
def test_what_is_off_is_left_out_and_nothing_else(
    kind: str, text: str, context: Circumstances | None, off: set[str]
) -> None:
    rest = tuple(f for f in lint(kind, text, context) if f.code not in off)
    assert lint(kind, text, context, off=off) == rest


def shouting(prose: Prose, known: Circumstances) -> Iterator[Fault]:
    if (place := prose.text.find("!")) >= 0:
        yield Fault(f"{known.channel} is no place to shout", place, place + 1)
        yield Fault("calm down", severity="info")


def test_plugins_may_bring_rules() -> None:
    rule: LetterRule = LintRule("X01", frozenset({"report_back"}), "warning", shouting, "is calm")
    found = lint("report_back", "Oh! {x}", more_rules=[rule])
    assert found == (
        Finding("X01", "info", "calm down"),
        Finding("X01", "warning", "email is no place to shout", 2, 3),
        Finding("O10", "error", "fill in “{x}”", 4, 7),
    )
    assert lint("report_back", "Oh!", more_rules=[rule], off={"X01"}) == ()
    assert "X01" not in [f.code for f in lint("request", "Oh!", more_rules=[rule])]


def test_plugins_may_bring_rules_for_plans() -> None:
    rule: PlanRule = LintRule(
        "X02", frozenset({"question_plan"}), "info", lambda *_: [Fault("no")], "is no plan"
    )
    assert "X02" in [f.code for f in lint_plan([Planned("Why?")], more_rules=[rule])]


LONG = [
    "a", " ", "\n", "\n \n", "!", "? ", "{", "[a", "_", "'", "-", ", ", "9", "20 to ", "i am ",
    "not ", "any ", "are you looking for ", "half-", "a.", "é", "心", "my résumé ", "hiring ",
    "could you ", "on your calendar ",
]  # fmt: skip


@pytest.mark.parametrize("piece", LONG)
def test_long_texts_take_time_in_proportion_to_their_length(piece: str) -> None:
    """Some dozen pages, in far less time than anything that grows faster would take."""
    text = piece * (60_000 // len(piece))
    began = time.process_time()
    lint("request", text, Circumstances(facts=("forests",), referrers=(Referrer("Ana Ruiz"),)))
    lint("thank_you", text)
    lint_plan([Planned(text)])
    assert time.process_time() - began < 4
