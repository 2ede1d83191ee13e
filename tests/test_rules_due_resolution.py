"""Which rule is for whom?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from netcrm.model.cadence import Cadence, Selector
from netcrm.model.time import Interval
from netcrm.rules.due import LEVELS, Person, due, resolve

ADDED = date(2026, 2, 16)


def rule(every: str | None, selector: str = "all", **fields: Any) -> Cadence:
    """Return a rule, said in short."""
    rhythm = Interval.parse(every) if every else None
    id_ = fields.pop("id", "r1")
    return Cadence(id=id_, selector=Selector.parse(selector), every=rhythm, **fields)


BEN = Person(
    id="ben",
    name="Ben",
    handle="ben",
    added_on=ADDED,
    circles=("inner", "mentors"),
    tags=frozenset({"nurse"}),
    fields=frozenset({"health"}),
    source="event",
    kin=True,
    interviews=frozenset({"held"}),
)
ONE_OF_EACH = {
    "contact": rule("1 year", "contact:ben", id="a"),
    "plugin": rule("1 year", "all", id="b"),
    "circle": rule("1 year", "circle:inner", id="c"),
    "tag": rule("1 year", "tag:nurse", id="d"),
    "interview": rule("1 year", "interview:held", id="h"),
    "source or field": rule("1 year", "field:health", id="e"),
    "kin": rule("1 year", "kin", id="f"),
    "all": rule("1 day", "all", id="g", priority=-9),
}


def decide(*cadences: Cadence, suggested: Cadence | None = None, person: Person = BEN) -> str:
    """Return the id of the rule that decides, whatever the order in which they are given."""
    chosen = {
        cadence.id if cadence else ""
        for order in (cadences, cadences[::-1])
        for cadence, _ in [resolve(person, order, suggested, ADDED)]
    }
    return chosen.pop() if len(chosen) == 1 else f"not one: {chosen}"


@pytest.mark.parametrize("place", range(len(LEVELS)))
def test_the_most_specific_rule_decides(place: int) -> None:
    """Person, plugin, circle, tag, interview, source or field, kin, all: later do not count."""
    assert tuple(ONE_OF_EACH) == LEVELS
    left = {level: ONE_OF_EACH[level] for level in LEVELS[place:]}
    suggested = left.pop("plugin", None)
    assert decide(*left.values(), suggested=suggested) == ONE_OF_EACH[LEVELS[place]].id
    assert resolve(BEN, left.values(), suggested, ADDED)[1] == LEVELS[place]


@pytest.mark.parametrize(
    ("rules", "winner"),
    [
        # the person's first circle that has a rule, whatever the priority
        ([("circle:mentors", "1 day", -5, "a"), ("circle:inner", "1 year", 5, "b")], "b"),
        ([("circle:other", "1 day", -5, "a"), ("circle:mentors", "1 year", 5, "b")], "b"),
        # source and field are one level
        ([("source:event", "1 year", 0, "a"), ("field:health", "1 month", 0, "b")], "b"),
        ([("source:event", "1 month", 0, "a"), ("field:health", "1 year", 0, "b")], "a"),
        # lower priority, then the shorter rhythm, then the smaller id
        ([("tag:nurse", "1 day", 1, "a"), ("tag:nurse", "1 year", 0, "b")], "b"),
        ([("tag:nurse", "31 days", 0, "a"), ("tag:nurse", "1 month", 0, "b")], "b"),
        ([("tag:nurse", "1 month", 0, "b"), ("tag:nurse", "1 month", 0, "a")], "a"),
        ([("tag:nurse", None, 0, "a"), ("tag:nurse", "100 years", 0, "b")], "b"),
        # never is a rule: it keeps the more general ones away
        ([("tag:nurse", None, 0, "a"), ("all", "1 day", 0, "b")], "a"),
        # rules for others
        ([("contact:ana", "1 day", 0, "a"), ("tag:doctor", "1 day", 0, "b")], ""),
        ([("source:linkedin", "1 day", 0, "a"), ("field:law", "1 day", 0, "b")], ""),
        ([], ""),
    ],
)
def test_ties_are_decided_and_never_by_order(
    rules: list[tuple[str, str | None, int, str]], winner: str
) -> None:
    """Within a level: circle, priority, rhythm, id."""
    cadences = [rule(every, who, priority=prio, id=id_) for who, every, prio, id_ in rules]
    assert decide(*cadences) == winner


def test_rules_that_do_not_hold_are_passed_over() -> None:
    """Switched off, over, or still to come, a plugin's as well: the next level decides."""
    day = timedelta(days=1)
    for change in ({"enabled": False}, {"until": ADDED - day}, {"since": ADDED + day}):
        off = rule("1 day", "contact:ben", id="a", **change)
        assert decide(off, ONE_OF_EACH["all"]) == "g"
        assert decide(ONE_OF_EACH["all"], suggested=off) == "g"


def test_kin_are_only_kin() -> None:
    """The rule for the family is not for others."""
    assert decide(ONE_OF_EACH["kin"], person=BEN._replace(kin=False)) == ""


def test_no_rule_no_date() -> None:
    """Without a rule, or with one that says never, nothing is due; the answer says which."""
    none, never = due(BEN, as_of=ADDED), due(BEN, as_of=ADDED, cadences=[rule(None, id="r9")])
    for answer in (none, never):
        assert (answer.status, answer.due) == ("no_rule", None)
    assert [reason.code for reason in none.reasons] == ["no_rule"]
    assert [(reason.value, reason.facts) for reason in never.reasons] == [("never", ("r9",))]
