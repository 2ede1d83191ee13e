"""Who is due, and why? What holds for all facts, rules and days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from netcrm.model.cadence import Adjustment, AdjustmentKind, Cadence, Selector
from netcrm.model.time import BusinessCalendar, Interval, LocalMoment, Unit
from netcrm.rules.capacity import capacity
from netcrm.rules.due import Booking, Due, Person, Touch, due, hold_back, select
from netcrm.rules.spread import spread

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
DAY = st.dates(FIRST, LAST)
BOUNDS: dict[Unit, int] = {"day": 200, "week": 30, "month": 12, "year": 2}
RHYTHM = st.sampled_from(list(BOUNDS)).flatmap(
    lambda unit: st.builds(Interval, n=st.integers(1, BOUNDS[unit]), unit=st.just(unit))
)
CALENDAR = st.builds(
    BusinessCalendar,
    weekend=st.sampled_from([{5, 6}, {4, 5}, set(), {6}]),
    holidays=st.frozensets(st.dates(FIRST, date(2028, 1, 1)), max_size=20),
)
RULE = st.builds(
    Cadence,
    id=st.sampled_from(["r1", "r2", "r3"]),
    selector=st.just(Selector.parse("all")),
    every=RHYTHM,
    grace=st.none() | RHYTHM,
    roll=st.sampled_from(["following", "preceding", "none"]),
    weekdays=st.frozensets(st.integers(0, 6), max_size=3),
    jitter=st.sampled_from([0.0, 0.1, 0.25]),
)
ANA = Person(id="ana", name="Ana", handle="ana", added_on=FIRST)
SUPPRESSED = st.sampled_from(
    [ANA._replace(state=state) for state in ("archived", "do_not_contact", "deceased")]
    + [ANA._replace(is_me=True), ANA._replace(is_placeholder=True, reachable=False)]
)
TOUCH = st.builds(Touch, on=DAY, id=st.sampled_from(["m1", "m2"]), unanswered=st.integers(0, 5))
MAYBE_TOUCH = st.none() | TOUCH
BOOKINGS = st.lists(st.builds(Booking, on=DAY, id=st.sampled_from(["b1", "b2"])), max_size=3)


def adjustments(*kinds: AdjustmentKind) -> st.SearchStrategy[list[Adjustment]]:
    """Return a strategy for some decisions of these kinds, each with an id of its own."""
    made = st.tuples(st.sampled_from(kinds), DAY, DAY, st.sampled_from("aefz"))
    return st.lists(made, max_size=5, unique_by=lambda parts: parts[3]).map(
        lambda all_parts: [
            Adjustment(id=key, kind=kind, contact="ana", on=on, made_on=made_on)
            for kind, on, made_on, key in all_parts
        ]
    )


ANY_ADJUSTMENTS = adjustments("snooze", "pause", "next_touch", "start")
FACTS = st.fixed_dictionaries(
    {
        "cadences": st.lists(RULE, min_size=1, max_size=1),
        "last_touch": MAYBE_TOUCH,
        "adjustments": ANY_ADJUSTMENTS,
        "bookings": BOOKINGS,
        "calendar": CALENDAR,
    }
)


def ask(as_of: date, person: Person = ANA, **facts: Any) -> Due:
    """Return the answer for a person; a touch after the day is not known yet."""
    touch = facts.pop("last_touch", None)
    known = touch if touch and touch.on <= as_of else None
    return due(person, as_of=as_of, last_touch=known, **facts)


def due_day(as_of: date, **facts: Any) -> date:
    """Return the day on which a person is due."""
    day = ask(as_of, **facts).due
    assert day is not None
    return day


def naive_due(as_of: date, facts: dict[str, Any]) -> date:
    """Return the day on which a person is due by the definition, without jitter and backoff."""
    rule, calendar = facts["cadences"][0], facts["calendar"]
    touch = facts["last_touch"] if facts["last_touch"] and facts["last_touch"].on <= as_of else None
    known = sorted((a.made_on, a.id, a) for a in facts["adjustments"] if a.made_on <= as_of)
    last = {a.kind: a for _, _, a in known}
    lasting = {
        kind: a
        for kind, a in last.items()
        if kind == "pause" or touch is None or (a.made_on, a.id) > (touch.on, touch.id)
    }

    def roll(day: date) -> date:
        return calendar.roll(day, rule.roll, rule.weekdays)

    start = last["start"].on if "start" in last else ANA.added_on
    when = roll(rule.every.after(touch.on) if touch else start)
    if "snooze" in lasting:
        when = max(when, lasting["snooze"].on, roll(lasting["snooze"].on))
    if "next_touch" in lasting:
        when = min(when, lasting["next_touch"].on)
    if "pause" in lasting:
        when = max(when, lasting["pause"].on, roll(lasting["pause"].on))
    return when


@given(DAY, FACTS)
def test_due_is_what_its_definition_says(as_of: date, facts: dict[str, Any]) -> None:
    """Touch plus rhythm, rolled; then snooze, the date one set, and the pause, in this order."""
    facts["cadences"] = [attrs.evolve(rule, jitter=0.0) for rule in facts["cadences"]]
    assert due_day(as_of, **facts) == naive_due(as_of, facts)


@given(DAY, FACTS)
def test_the_status_is_what_its_definition_says(as_of: date, facts: dict[str, Any]) -> None:
    """Paused before covered before not due; due until the grace ends, overdue from then on."""
    answer = ask(as_of, **facts)
    rule, touch = facts["cadences"][0], answer.last_touch
    assert answer.due is not None
    assert answer.grace_end is not None
    if touch:
        assert answer.grace_end == max(answer.due, (rule.grace or rule.every).after(touch.on))
    pauses = [a for a in facts["adjustments"] if a.kind == "pause" and a.made_on <= as_of]
    pauses.sort(key=lambda a: (a.made_on, a.id))
    if pauses and as_of < pauses[-1].on:
        expected = "paused"
    elif any(as_of <= booking.on <= answer.grace_end for booking in facts["bookings"]):
        expected = "covered"
    elif as_of < answer.due:
        expected = "not_due"
    else:
        expected = "due" if as_of <= answer.grace_end else "overdue"
    assert answer.status == expected
    late = (as_of - answer.due).days if expected in ("due", "overdue") else 0
    assert answer.urgency == late / rule.every.days


@given(DAY, RULE, MAYBE_TOUCH, TOUCH, adjustments("pause", "next_touch"), CALENDAR)
def test_a_touch_never_makes_due_earlier(
    as_of: date,
    rule: Cadence,
    before: Touch | None,
    new: Touch,
    decisions: list[Adjustment],
    calendar: BusinessCalendar,
) -> None:
    """Invariant 3: with jitter, pauses and dates that were set, but without backoff."""
    assume(new.on <= as_of)
    after = max(filter(None, [before, new]), key=lambda touch: (touch.on, touch.id))
    facts = {"cadences": [rule], "adjustments": decisions, "calendar": calendar}
    assert due_day(as_of, last_touch=before, **facts) <= due_day(as_of, last_touch=after, **facts)


@given(DAY, RULE, TOUCH, st.integers(0, 100), CALENDAR)
def test_with_backoff_an_unanswered_message_never_makes_due_earlier(
    as_of: date, rule: Cadence, before: Touch, gap: int, calendar: BusinessCalendar
) -> None:
    """Invariant 3 with backoff: one more outbound touch without an answer."""
    new = Touch(on=before.on + timedelta(days=gap), id="z", unanswered=before.unanswered + 1)
    assume(new.on <= as_of)
    facts = {"cadences": [attrs.evolve(rule, backoff=True)], "calendar": calendar}
    assert due_day(as_of, last_touch=before, **facts) <= due_day(as_of, last_touch=new, **facts)


@given(DAY, FACTS, st.randoms(), st.lists(RULE, max_size=3))
def test_the_order_of_facts_does_not_matter(
    as_of: date, facts: dict[str, Any], random: Any, others: list[Cadence]
) -> None:
    """Invariant 4: logged in another order, the answer and its reasons are the same."""
    rules = {rule.id: rule for rule in [*facts["cadences"], *others]}
    facts["cadences"] = list(rules.values())
    answer = ask(as_of, **facts)
    for name in ("cadences", "adjustments", "bookings"):
        facts[name] = random.sample(facts[name], len(facts[name]))
    assert ask(as_of, **facts) == answer


@given(DAY, FACTS, FACTS)
def test_facts_of_later_days_do_not_matter(
    as_of: date, facts: dict[str, Any], later: dict[str, Any]
) -> None:
    """Invariant 5: what is decided tomorrow does not change the answer for today."""
    tomorrow, yesterday = as_of + timedelta(days=1), as_of - timedelta(days=1)
    known = {**facts, "adjustments": [a for a in facts["adjustments"] if a.made_on <= as_of]}
    more = [attrs.evolve(a, id=a.id + "2", made_on=tomorrow) for a in later["adjustments"]]
    rule = attrs.evolve(later["cadences"][0], priority=-1)
    to_come, ended = attrs.evolve(rule, since=tomorrow), attrs.evolve(rule, until=yesterday)
    grown = {
        **facts,
        "adjustments": [*more, *facts["adjustments"]],
        "cadences": [to_come, *facts["cadences"], ended],
    }
    assert ask(as_of, **grown) == ask(as_of, **known)


@given(FACTS, st.integers(0, 400), st.integers(0, 400))
def test_with_no_new_facts_the_state_only_moves_on(
    facts: dict[str, Any], days: int, more: int
) -> None:
    """Invariant 6: paused, not due, due, overdue, in this order as days go by."""
    order = ["paused", "not_due", "due", "overdue"]
    early = ask(LAST + timedelta(days=days), **{**facts, "bookings": []})
    late = ask(LAST + timedelta(days=days + more), **{**facts, "bookings": []})
    assert order.index(early.status) <= order.index(late.status)
    assert early.urgency <= late.urgency
    assert (early.due, early.grace_end) == (late.due, late.grace_end)


@given(DAY, FACTS, st.integers(1, 50), st.booleans())
def test_a_longer_rhythm_never_gives_an_earlier_due(
    as_of: date, facts: dict[str, Any], more: int, backoff: bool
) -> None:
    """Invariant 7: more of the same unit, or days that no number of months can reach."""
    rule = attrs.evolve(facts["cadences"][0], backoff=backoff)
    every = rule.every
    assert every is not None
    longer = [Interval(n=every.n + more, unit=every.unit)]
    if every.unit == "month":
        longer.append(Interval(n=every.n * 31 + more, unit="day"))
    before = due_day(as_of, **{**facts, "cadences": [rule]})
    for rhythm in longer:
        slow = attrs.evolve(rule, every=rhythm)
        assume(rhythm.unit == every.unit or not rule.jitter)
        assert before <= due_day(as_of, **{**facts, "cadences": [slow]})


@given(FACTS, st.integers(1, 100), st.integers(0, 100), DAY)
def test_a_snooze_only_postpones(facts: dict[str, Any], gap: int, age: int, to: date) -> None:
    """Invariant 8: and nothing is due before the day it says, unless a date was set."""
    made = (facts["last_touch"].on if facts["last_touch"] else FIRST) + timedelta(days=gap)
    as_of = made + timedelta(days=age)
    snooze = Adjustment(id="s", kind="snooze", contact="ana", on=to, made_on=made)
    without = [a for a in facts["adjustments"] if a.kind != "snooze"]
    unset = [a for a in without if a.kind != "next_touch"]
    for others in (without, unset):
        before = due_day(as_of, **{**facts, "adjustments": others})
        assert before <= due_day(as_of, **{**facts, "adjustments": [*others, snooze]})
    assert due_day(as_of, **{**facts, "adjustments": [*unset, snooze]}) >= to


@given(FACTS, TOUCH, st.integers(0, 100), DAY, st.sampled_from(["snooze", "next_touch"]))
def test_a_later_touch_clears_snoozes_and_dates_exactly(
    facts: dict[str, Any], touch: Touch, age: int, to: date, kind: AdjustmentKind
) -> None:
    """Invariant 8: after the touch the answer is as if they had never been."""
    as_of, earlier = touch.on + timedelta(days=age), touch.on - timedelta(days=1)
    rest = [a for a in facts["adjustments"] if a.kind != kind]
    made = Adjustment(id="s", kind=kind, contact="ana", on=to, made_on=earlier)
    touched = {**facts, "last_touch": touch}
    with_it = ask(as_of, **{**touched, "adjustments": [*rest, made]})
    assert with_it == ask(as_of, **{**touched, "adjustments": rest})


@given(DAY, FACTS, DAY)
def test_a_pause_suppresses_until_its_day(as_of: date, facts: dict[str, Any], until: date) -> None:
    """Invariant 9: paused on every day before it; and never due before it, whatever else is set."""
    pause = Adjustment(id="zz", kind="pause", contact="ana", on=until, made_on=as_of)
    facts["adjustments"] = [*facts["adjustments"], pause]
    answer = ask(as_of, **facts)
    assert (answer.status == "paused") is (as_of < until)
    assert answer.due is not None
    assert answer.due >= until
    forever = attrs.evolve(pause, id="zzz", on=None)
    for_good = ask(as_of, **{**facts, "adjustments": [*facts["adjustments"], forever]})
    assert for_good.status == "paused"
    assert not select([for_good], within=timedelta(days=10_000))


@given(DAY, FACTS, DAY)
def test_a_meeting_in_time_covers_and_another_changes_nothing(
    as_of: date, facts: dict[str, Any], on: date
) -> None:
    """Invariant 10: nobody is due before a meeting with them, unless it is later than the grace."""
    facts["bookings"] = []
    alone = ask(as_of, **facts)
    met = ask(as_of, **{**facts, "bookings": [Booking(on=on, id="b")]})
    assert alone.grace_end is not None
    covered = alone.status != "paused" and as_of <= on <= alone.grace_end
    assert (met.status == "covered") is covered
    unreasoned = met._replace(status=alone.status, urgency=alone.urgency, reasons=alone.reasons)
    assert unreasoned == alone
    if not covered:
        assert (met.status, met.urgency) == (alone.status, alone.urgency)
        assert [reason for reason in met.reasons if reason.code != "booking"] == list(alone.reasons)


@given(DAY, FACTS, st.times(), st.sampled_from(["Europe/London", "Pacific/Kiritimati", "UTC"]))
def test_zones_and_clock_changes_do_not_move_due_dates(
    as_of: date, facts: dict[str, Any], clock: Any, zone: str
) -> None:
    """Invariant 11: a touch counts from the day it was there and then, wherever I am now."""
    touch = facts["last_touch"] or Touch(on=as_of, id="m1")
    moment = LocalMoment.at(datetime.combine(touch.on, clock), zone)
    said = touch._replace(on=LocalMoment.parse(str(moment)).date)
    assert ask(as_of, **{**facts, "last_touch": said}) == ask(
        as_of, **{**facts, "last_touch": touch}
    )


@given(DAY, FACTS, SUPPRESSED)
def test_suppressed_people_are_nowhere(as_of: date, facts: dict[str, Any], person: Person) -> None:
    """Invariant 15: not in the list, not ahead of it, no load, no first day."""
    answer = ask(as_of, person, **facts)
    assert (answer.status, answer.due, answer.urgency) == ("suppressed", None, 0)
    assert [reason.code for reason in answer.reasons] == ["suppressed"]
    assert select([answer], within=timedelta(days=10_000)) == []
    assert capacity([answer], [], as_of=as_of).promised == 0
    assert spread([answer], start=as_of) == []


@given(DAY, FACTS, st.booleans())
def test_reasons_reproduce_the_answer(as_of: date, facts: dict[str, Any], backoff: bool) -> None:
    """The last step that ends in a day gives the due day; urgency is said as it is."""
    facts["cadences"] = [attrs.evolve(facts["cadences"][0], backoff=backoff)]
    answer = ask(as_of, **facts)
    steps = [r for r in answer.reasons if _is_day(r.value) and r.code != "booking"]
    assert steps[-1].value == str(answer.due)
    urgency = [reason.value for reason in answer.reasons if reason.code == "urgency"]
    assert urgency == ([f"{answer.urgency:.2f}"] if answer.status in ("due", "overdue") else [])
    codes = [reason.code for reason in answer.reasons]
    assert codes[0] == "rule"
    assert ("paused" in codes) is (answer.status == "paused")
    assert ("booking" in codes) or answer.status != "covered"
    stated = {fact for reason in answer.reasons for fact in reason.facts}
    ids = {a.id for a in facts["adjustments"]} | {b.id for b in facts["bookings"]}
    assert stated <= ids | {facts["cadences"][0].id, "m1", "m2"}
    assert not answer.last_touch or answer.last_touch.id in stated


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


@given(
    RULE, st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.text("abcdef", min_size=1, max_size=8)
)
def test_jitter_is_constant_for_a_person_and_a_rule(rule: Cadence, on: date, id_: str) -> None:
    """It is the same after every touch, and at most the rule's fraction of the rhythm."""
    rule = attrs.evolve(rule, roll="none", weekdays=frozenset())
    person = ANA._replace(id=id_)
    assert rule.every is not None
    shifts = set()
    for touched in (on, on + timedelta(days=1), on + timedelta(days=400)):
        answer = due(person, as_of=touched, cadences=[rule], last_touch=Touch(on=touched, id="m"))
        assert answer.due is not None
        shifts.add((answer.due - rule.every.after(touched)).days)
    assert len(shifts) == 1
    assert abs(shifts.pop()) <= rule.jitter * rule.every.days + 0.5


@given(st.lists(FACTS, max_size=12), DAY, st.integers(-1, 8), st.integers(0, 60))
def test_a_cap_keeps_the_most_urgent(
    people: list[dict[str, Any]], as_of: date, cap: int, within: int
) -> None:
    """As many as fit the day, the latest by their own rhythm first; the dates are not touched."""
    answers = [
        ask(as_of, ANA._replace(id=f"p{number}", name=f"P{number % 3}"), **facts)
        for number, facts in enumerate(people)
    ]
    chosen = select(answers, within=timedelta(days=within))
    assert {a.person.id for a in chosen} == {
        a.person.id
        for a in answers
        if a.status in ("due", "overdue")
        or (a.status == "not_due" and a.due and a.due <= as_of + timedelta(days=within))
    }
    order = [(-a.urgency, a.due, a.person.name, a.person.id) for a in chosen]
    assert order == sorted(order)
    capped = hold_back(chosen, cap)
    assert [a._replace(held_back=False) for a in capped] == chosen
    actionable = [a for a in chosen if a.is_actionable]
    assert [a.person for a in capped if a.is_actionable] == [a.person for a in actionable][
        : max(cap, 0)
    ]
