"""Rhythm: the rules, the exceptions and the answers, as a network that stores them gives them."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import netcrm
from netcrm import InvalidError, NotFoundError
from netcrm.model.interaction import Meeting
from netcrm.model.time import BusinessCalendar, Interval
from netcrm.rules.capacity import capacity
from netcrm.rules.due import Booking, Person, Touch, due, hold_back, select
from netcrm.rules.spread import spread
from netcrm.rules.touch import is_touch
from tests import networks
from tests.networks import ana_and_luis, commits, everything

clock, opens, net = networks.clock, networks.opens, networks.net

TODAY = date(2026, 3, 5)
_COPIED = (
    "id", "name", "handle", "added_on", "circles", "tags", "fields", "source", "kin", "is_me",
    "is_placeholder",
)  # fmt: skip


def statuses(net, day=None):
    """Return what everybody's standing is on a day."""
    return {one.name: net.explain(one, as_of=day).status for one in net.contacts()}


class TestRules:
    """A rule says how often to be in touch with whom; for each set of people there is one."""

    def test_a_rule_for_the_same_people_is_replaced(self, net):
        """The newer one holds, under the same id, also when it is spelled differently."""
        first = net.rule("circle:Inner Circle", "2 weeks", grace="3 weeks", priority=4)
        second = net.rule("circle:inner-circle", "monthly")
        assert net.rules() == [second]
        assert (second.id, second.grace, second.priority) == (first.id, None, 0)
        assert str(second.every) == "1 month"

    def test_rules_for_different_people_stand_side_by_side(self, net):
        """They are listed in the order in which they were made."""
        ana_and_luis(net)
        said = ["circle:inner", "tag:inner", "source:friend", "field:nursing", "kin", "all"]
        for selector in said:
            net.rule(selector, "2 weeks")
        assert [str(rule.selector) for rule in net.rules()] == said

    def test_a_rule_for_one_person_takes_any_name_of_theirs(self, net):
        """It is kept by id, so neither a new name nor a namesake changes whom it is for."""
        ana_and_luis(net)
        rule = net.rule("contact:ana", "never")
        assert rule.selector.value == net.contact("ana").id
        assert net.rule("contact:Ana Ruiz", "1 week").id == rule.id
        net.edit("ana", name="Ana Lopez", handle="lopez")
        assert net.drop_rule("contact:lopez").id == rule.id
        assert net.rules() == []

    def test_the_same_rule_again_is_no_change(self, net):
        """Saying it twice makes one commit."""
        net.rule("all", "2 weeks", grace="3 weeks")
        before = commits(net)
        net.rule("all", Interval(n=2, unit="week"), grace=Interval(n=3, unit="week"))
        assert commits(net) == before

    @pytest.mark.parametrize(
        ("arguments", "why"),
        [
            (("inner", "2 weeks"), "'inner' does not say whom"),
            (("circle:", "2 weeks"), "does not say whom"),
            (("all:people", "2 weeks"), "does not say whom"),
            (("circle:🦆", "2 weeks"), "no letter or digit"),
            (("source:the pub", "2 weeks"), "'the pub' is not a source"),
            (("all", "soon"), "not a rhythm; write 90d"),
            (("all", "0 days"), "1 day to 100 years"),
            (("all", "999999 years"), "1 day to 100 years"),
            (("all", ""), "not a rhythm"),
        ],
    )
    def test_what_is_no_rule_is_refused(self, net, arguments, why):
        """The message shows how to write one."""
        with pytest.raises(InvalidError, match=why):
            net.rule(*arguments)
        with pytest.raises(InvalidError, match=r"between 0 and 0\.25"):
            net.rule("all", "2 weeks", jitter=0.3)
        with pytest.raises(NotFoundError):
            net.rule("contact:nobody", "2 weeks")
        assert net.rules() == []

    def test_rules_keep_their_past(self, net, clock):
        """A rule holds from the day it is made; once dropped it still explains days gone by."""
        net.add("Ana Ruiz", added_on=date(2026, 1, 1))
        net.rule("all", "1 week", name="first")
        clock.set("2026-04-01")
        net.rule("all", "2 weeks", name="second")
        clock.set("2026-05-01")
        net.drop_rule("all")
        named = {
            day: getattr(net.explain("ana", as_of=day).cadence, "name", None)
            for day in ("2026-03-04", "2026-03-05", "2026-03-31", "2026-04-01", "2026-04-30")
        }
        assert list(named.values()) == [None, "first", "first", "second", "second"]
        assert net.explain("ana").status == "no_rule"
        assert net.rules() == []
        assert [rule.name for rule in net.rules(as_of="2026-04-15")] == ["second"]
        assert net.due(as_of="2026-04-15")[0].cadence.name == "second"

    def test_a_rule_that_is_not_there_cannot_be_dropped(self, net):
        """The message says where to see those there are."""
        with pytest.raises(NotFoundError, match=r"no rule for tag:x\. See: netcrm rule"):
            net.drop_rule("tag:x")


class TestWhatIsStoredDecides:
    """Through a storage, the answers are those of the rules called directly with the same facts."""

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(seed=st.integers(0, 10**9))
    @pytest.mark.parametrize("kind", networks.STORAGES)
    def test_due_explain_capacity_and_spread(self, tmp_path_factory, kind, seed):
        """For any book, on any day: due, explain, within, cap, capacity and spread are the same."""
        chance = random.Random(seed)
        holidays = BusinessCalendar(holidays={date(2026, 3, 9), date(2026, 6, 19)})
        clock = networks.Clock()
        net = networks.opener(kind, tmp_path_factory.mktemp("n"), clock)(calendar=holidays)
        with net.transaction("a whole book"):
            _write_a_book(net, chance)
        day = TODAY + timedelta(days=chance.randint(-400, 400))
        direct = [_directly(net, one, day, holidays) for one in net.contacts()]
        ruled = [answer for answer in direct if answer.cadence]
        plain = {answer.person.id: _plain(answer) for answer in direct}
        within = chance.choice(["1 day", "3 weeks", "2 months"])
        ahead = Interval.parse(within).after(day) - day
        cap = chance.randint(0, 4)
        assert {one.id: _plain(net.explain(one, as_of=day)) for one in net.contacts()} == plain
        assert list(map(_plain, net.due(as_of=day))) == list(map(_plain, select(direct)))
        assert list(map(_plain, net.due(as_of=day, within=within, cap=cap))) == list(
            map(_plain, hold_back(select(direct, within=ahead), cap))
        )
        touches = [one.occurred.date for one in _touches(net) for _ in one.participants]
        assert net.capacity(as_of=day) == capacity(ruled, touches, as_of=day)
        today = [_directly(net, one, TODAY, holidays) for one in net.contacts()]
        waiting = [answer for answer in today if answer.cadence and _never_begun(answer)]
        with net.transaction(dry_run=True):
            planned = [(answer.person.id, begins) for answer, begins in net.spread(start=day)]
        assert planned == [(a.person.id, begins) for a, begins in spread(waiting, start=day)]


class TestAsOf:
    """Facts dated after a day do not exist on that day."""

    def test_every_kind_of_fact(self, net, clock):
        """Touches, exceptions, bookings and cancellations: each counts from its own day."""
        net.add("Ana Ruiz", added_on=date(2026, 1, 1), circles=["inner"])
        net.rule("circle:inner", "1 week", grace="10 weeks", since=date(2026, 1, 1))
        answers = {day: net.explain("ana", as_of=day) for day in ("2026-01-05", "2026-02-02")}
        net.log("ana", "coffee", at="2026-03-01")
        for day in ("2026-03-05", "2026-03-06", "2026-03-07"):
            clock.set(day)
            net.snooze("ana", "in 3 weeks")
            net.pause("ana", "in 5 weeks")
            net.next_touch("ana", "in 2 days")
        meeting = net.plan("ana", "2026-03-20")
        clock.set("2026-03-09")
        net.end(meeting, "cancelled")
        for day, answer in answers.items():
            assert net.explain("ana", as_of=day) == answer
        assert net.explain("ana", as_of="2026-02-28").last_touch is None
        assert net.explain("ana", as_of="2026-03-04").status == "not_due"
        assert net.explain("ana", as_of="2026-03-05").status == "paused"

    def test_a_meeting_covers_from_the_day_it_was_booked_until_it_is_called_off(self, net, clock):
        """A meeting booked tomorrow covers nothing today; one cancelled today covers no more."""
        net.add("Ana Ruiz", added_on=date(2026, 1, 1))
        net.rule("all", "1 week", grace="10 weeks", since=date(2026, 1, 1))
        clock.set("2026-03-03")
        meeting = net.plan("ana", "2026-03-10")
        clock.set("2026-03-05")
        net.end(meeting, "cancelled")
        assert [statuses(net, f"2026-03-0{day}")["Ana Ruiz"] for day in (2, 3, 4, 5)] == [
            "due",
            "covered",
            "covered",
            "due",
        ]

    def test_a_meeting_later_than_the_grace_does_not_cover(self, net):
        """Whoever is overdue before you meet is shown, with the day you meet."""
        net.add("Ana Ruiz", added_on=date(2026, 1, 1))
        net.rule("all", "1 week", grace="2 weeks", since=date(2026, 1, 1))
        net.plan("ana", "2026-06-01")
        answer = net.explain("ana")
        assert answer.status == "overdue"
        assert any(reason.code == "booking" for reason in answer.reasons)

    def test_the_order_in_which_facts_are_logged_does_not_matter(self, opens, tmp_path):
        """Backdated or not: what happened decides, not when it was written down."""
        facts = [("email", "2026-01-02"), ("email", "2026-02-20"), ("call", "2026-02-01")]
        seen = set()
        for number, order in enumerate([facts, facts[::-1], facts[1:] + facts[:1]]):
            net = networks.opener("tinydb", tmp_path / str(number))()
            net.add("Ana Ruiz", added_on=date(2026, 1, 1))
            net.rule("all", "2 weeks", backoff=True)
            for channel, day in order:
                net.log("ana", channel, at=day)
            answer = net.explain("ana")
            seen.add(
                (answer.status, answer.due, answer.last_touch.on, answer.last_touch.unanswered)
            )
        assert seen == {("not_due", date(2026, 3, 6), date(2026, 2, 20), 1)}


class TestExceptions:
    """Snooze, pause and a date set by hand move one person's day, for one time or for longer."""

    @pytest.fixture
    def ana(self, net):
        net.rule("all", "1 week", grace="10 weeks", since=date(2026, 1, 1))
        return net.add("Ana Ruiz", added_on=date(2026, 1, 1))

    def test_a_snooze_holds_until_its_day_or_the_next_touch(self, net, clock, ana):
        """It postpones; being in touch clears it."""
        net.snooze(ana, "2026-03-18", reason="exams")
        assert net.explain(ana).status == "not_due"
        assert str(net.explain(ana).due) == "2026-03-18"
        assert "exams" in str(net.explain(ana).reasons)
        assert net.explain(ana, as_of="2026-03-18").status == "due"
        clock.set("2026-03-06")
        net.log(ana, "coffee")
        assert str(net.explain(ana).due) == "2026-03-13"

    def test_a_pause_holds_until_its_day_whatever_happens(self, net, clock, ana):
        """A touch does not end it; its day does, or resume."""
        net.pause(ana, "2026-06-01")
        net.log(ana, "coffee")
        assert net.explain(ana, as_of="2026-05-31").status == "paused"
        assert net.explain(ana, as_of="2026-06-01").status == "due"
        clock.set("2026-04-01")
        assert net.resume(ana).on == date(2026, 4, 1)
        assert net.explain(ana).status == "due"

    def test_a_pause_for_good_ends_only_by_resume(self, net, clock, ana):
        """Without a day it never ends by itself."""
        net.pause(ana)
        assert net.explain(ana, as_of="2099-01-01").status == "paused"
        clock.set("2026-04-01")
        net.resume(ana)
        assert net.explain(ana).status == "due"
        assert net.explain(ana, as_of="2026-03-31").status == "paused"

    def test_whoever_is_not_paused_cannot_be_resumed(self, net, clock, ana):
        """It would quietly forgive the days that somebody is late."""
        before = everything(net)
        with pytest.raises(InvalidError, match="Ana Ruiz is not paused"):
            net.resume(ana)
        assert everything(net) == before
        net.pause(ana, "2026-04-01")
        clock.set("2026-04-01")
        with pytest.raises(InvalidError, match="not paused"):
            net.resume(ana)

    def test_a_date_set_by_hand_is_used_once(self, net, clock, ana):
        """It may be earlier than the rhythm; the next touch uses it up."""
        net.log(ana, "coffee")
        net.next_touch(ana, "2026-03-09", reason="promised")
        assert str(net.explain(ana).due) == "2026-03-09"
        clock.set("2026-03-09")
        net.log(ana, "call")
        assert str(net.explain(ana).due) == "2026-03-16"

    def test_days_that_are_past_are_no_exceptions(self, net, ana):
        """An exception is for a day to come."""
        for move in (net.snooze, net.pause, net.next_touch):
            with pytest.raises(InvalidError, match="2026-03-04 is past"):
                move(ana, "2026-03-04")

    def test_do_not_contact_beats_everything(self, net, ana):
        """Whoever must not be contacted is in no list, whatever the rules say."""
        net.next_touch(ana, "2026-03-05")
        net.edit(ana, state=netcrm.State(kind="do_not_contact"))
        assert net.due() == []
        assert net.explain(ana).status == "suppressed"


class TestWhoIsMeantNow:
    """Tags, circles and rules are resolved when the question is asked."""

    def test_a_changed_tag_changes_the_rule_and_not_the_anchor(self, net):
        """The day counts from the same last touch, by the rule of the new circle."""
        ana_and_luis(net)
        net.rule("circle:inner", "1 week")
        net.rule("circle:outer", "1 month")
        net.log("luis", "coffee", at="2026-02-20")
        assert str(net.explain("luis").due) == "2026-03-20"
        net.tag("luis", add=["inner"], remove=["outer"], kind="circles")
        answer = net.explain("luis")
        assert (str(answer.due), str(answer.last_touch.on)) == ("2026-02-27", "2026-02-20")
        net.tag("luis", remove=["inner"], kind="circles")
        assert net.explain("luis").status == "no_rule"

    def test_the_most_specific_rule_decides(self, net):
        """For them alone, then circle, tag, source, kin, all; never is a rule too."""
        net.add("Ana Ruiz", circles=["c"], tags=["t"], source="friend", kin=True)
        lengths = ["all", "kin", "source:friend", "tag:t", "circle:c", "contact:ana"]
        for number, selector in enumerate(lengths, start=1):
            net.rule(selector, f"{number} weeks")
            assert net.explain("ana").cadence.every.n == number
        net.rule("contact:ana", "never")
        assert net.explain("ana").status == "no_rule"
        assert net.due() == []

    def test_without_a_rule_nobody_is_due(self, net):
        """And whoever no rule is for is in no list."""
        ana_and_luis(net)
        assert net.due() == []
        net.rule("circle:inner", "1 week")
        assert [answer.person.name for answer in net.due()] == ["Ana Ruiz"]

    def test_unanswered_messages_widen_the_rhythm(self, net):
        """Two unanswered double it, four times is the most; an answer makes it as before."""
        net.add("Ana Ruiz")
        net.rule("all", "1 week", backoff=True)
        for day, way, due_on in (
            ("2026-01-05", "outbound", "2026-01-12"),
            ("2026-01-12", "outbound", "2026-01-26"),
            ("2026-01-26", "outbound", "2026-02-23"),
            ("2026-02-23", "outbound", "2026-03-23"),
            ("2026-02-24", "inbound", "2026-03-03"),
        ):
            net.log("ana", "email", at=day, direction=way)
            assert str(net.explain("ana").due) == due_on

    def test_an_answer_on_the_same_day_is_an_answer(self, net):
        """Written at nine, answered at noon; whichever of the two is logged first."""
        net.add("Ana Ruiz")
        net.rule("all", "1 week", backoff=True)
        net.log("ana", "email", at="2026-02-20")
        net.log("ana", "email", at="2026-03-04 12:00", direction="inbound")
        net.log("ana", "email", at="2026-03-04 09:00")
        assert net.explain("ana").last_touch.unanswered == 0


class TestTheList:
    """Whom to get back to: the most urgent first, no more than one can do."""

    @pytest.fixture
    def three(self, net):
        net.rule("all", "2 weeks")
        for name, day in (("Ana Ruiz", 2), ("Ben Ortiz", 9), ("Carol Stein", 25)):
            net.add(name)
            net.log(name, "coffee", at=f"2026-02-{day:02}")
        return net

    def names(self, answers):
        return [(answer.person.name, answer.status, answer.held_back) for answer in answers]

    def test_the_most_urgent_first(self, three):
        """Whoever is later, in units of their own rhythm, comes first."""
        assert self.names(three.due()) == [
            ("Ana Ruiz", "overdue", False),
            ("Ben Ortiz", "overdue", False),
        ]

    def test_within_looks_ahead(self, three):
        """Those who will be due are listed behind, as not due yet."""
        assert len(three.due(within="5 days")) == 2
        assert self.names(three.due(within="6 days"))[2] == ("Carol Stein", "not_due", False)

    @pytest.mark.parametrize(
        ("cap", "held"), [(0, [True, True]), (1, [False, True]), (9, [False] * 2)]
    )
    def test_a_cap_holds_back_the_less_urgent(self, three, cap, held):
        """They are marked; their days are not moved."""
        answers = three.due(cap=cap)
        assert [answer.held_back for answer in answers] == held
        assert [answer.due for answer in answers] == [answer.due for answer in three.due()]

    def test_spread_is_even_and_only_for_those_never_contacted(self, net):
        """Ten new people on a rhythm of two weeks begin within two weeks; nobody moves twice."""
        net.rule("all", "2 weeks")
        net.add("Ana Ruiz")
        net.log("ana", "coffee")
        for number in range(10):
            net.add(f"New Person {number}")
        assert len(net.due()) == 10
        with net.transaction("spread", dry_run=True):
            shown = net.spread()
        assert len(net.due()) == 10
        planned = net.spread()
        assert [day for _, day in planned] == [day for _, day in shown]
        days = [day for _, day in planned]
        assert days == sorted(days)
        assert TODAY <= days[0] <= days[-1] < TODAY + timedelta(days=14)
        assert "Ana Ruiz" not in {answer.person.name for answer, _ in planned}
        begun = [begins for _, begins in planned if begins <= TODAY]
        assert len(net.due()) == len(begun)
        waiting = {answer.person.name for answer, begins in planned if begins > TODAY}
        again = {answer.person.name for answer, _ in net.spread()}
        assert not again & waiting

    def test_capacity_compares_promise_and_practice(self, net):
        """One a week promised, one in eight weeks done: eight times late."""
        net.add("Ana Ruiz")
        net.rule("all", "1 week")
        assert net.capacity().stretch is None
        net.log("ana", "coffee", at="2026-02-20")
        net.log("ana", "coffee", at="2026-01-08")  # eight weeks ago, which is too long
        load = net.capacity()
        assert (load.promised, load.done, load.people, load.stretch) == (1.0, 0.125, 1, 8.0)


def _write_a_book(net, chance):
    """Write people, rules, conversations, exceptions and meetings at random."""

    def days_ago(most):
        return TODAY - timedelta(days=chance.randint(0, most))

    for number in range(chance.randint(1, 7)):
        net.add(
            f"Person {number}",
            added_on=days_ago(300),
            circles=chance.sample(["a", "b", "c"], chance.randint(0, 3)),
            tags=chance.sample(["t", "u"], chance.randint(0, 2)),
            source=chance.choice(["friend", "event"]),
            kin=chance.random() < 0.3,
            is_me=number == 3,
            state=netcrm.State(kind=chance.choice(["active"] * 4 + ["archived"])),
        )
    people = net.contacts()
    for selector in ("circle:a", "circle:b", "tag:t", "tag:u", "source:event", "kin", "all"):
        if chance.random() < 0.5:
            net.rule(
                selector,
                chance.choice(["1 week", "10 days", "1 month", "never"]),
                grace=chance.choice([None, "3 weeks", "2 months"]),
                jitter=chance.choice([0.0, 0.2]),
                backoff=chance.random() < 0.5,
                priority=chance.randint(0, 1),
                roll=chance.choice(["following", "preceding", "none"]),
                weekdays=chance.choice([(), (1, 3)]),
                since=chance.choice([None, days_ago(30)]),
                enabled=chance.random() < 0.9,
            )
    others = [one for one in people if not one.is_me]
    for _ in range(chance.randint(0, 12) if others else 0):
        who = chance.sample(others, chance.randint(1, min(2, len(others))))
        channel = chance.choice(["coffee", "email", "voicemail"])
        way = chance.choice(["outbound", "inbound", "mutual"])
        net.log(who, channel, at=days_ago(250), direction=way)
    for _ in range(chance.randint(0, 6)):
        kind = chance.choice(["snooze", "pause", "next_touch", "start"])
        made = days_ago(60)
        net.put(
            netcrm.Adjustment(
                id=netcrm.new_id(),
                kind=kind,
                contact=chance.choice(people).id,
                made_on=made,
                on=None if kind == "pause" and chance.random() < 0.3 else made + timedelta(20),
                reason=chance.choice(["", "why"]),
            )
        )
    for _ in range(chance.randint(0, 4) if others else 0):
        booked = days_ago(40)
        meeting = net.plan(
            chance.choice(others), booked + timedelta(days=chance.randint(0, 60)), booked_on=booked
        )
        if chance.random() < 0.4:
            net.end(meeting, "cancelled", on=booked + timedelta(days=chance.randint(0, 20)))


def _stored(net, cls, kind):
    with net._storage.begin(write=False) as view:
        ids = [record.id for record in view.scan(kind)]
    return [net.get(cls, one) for one in ids]


def _touches(net):
    return [
        one
        for one in _stored(net, netcrm.Interaction, "interaction")
        if is_touch(
            channel=one.channel,
            kind=one.kind,
            touch=one.touch,
            delivered=one.delivered,
            people=len(one.participants),
        )
    ]


def _directly(net, contact, day, calendar):
    """Answer for one person from whole entities, the long way round."""

    def theirs(one):
        return contact.id in {participant.contact for participant in one.participants}

    talks = [one for one in _touches(net) if one.occurred.date <= day and theirs(one)]
    talks.sort(key=lambda one: (str(one.occurred), one.id), reverse=True)
    ways = [one.direction for one in talks]
    unanswered = list(itertools.takewhile("outbound".__eq__, ways))
    last = talks and Touch(on=talks[0].occurred.date, id=talks[0].id, unanswered=len(unanswered))
    made = _stored(net, netcrm.Adjustment, "adjustment")
    meetings = _stored(net, Meeting, "meeting")
    return due(
        Person(
            **{name: getattr(contact, name) for name in _COPIED},
            state=contact.state.kind,
            reachable=bool(contact.points),
        ),
        as_of=day,
        cadences=net.rules(),
        last_touch=last or None,
        adjustments=[one for one in made if one.contact == contact.id],
        bookings=[
            Booking(on=one.start.date, id=one.id)
            for one in meetings
            if theirs(one)
            and one.booked_on.date <= day
            and not (one.ended_on and one.ended_on.date <= day)
        ],
        calendar=calendar,
    )


def _never_begun(answer):
    given = any(reason.code == "start" and reason.facts for reason in answer.reasons)
    return answer.status in ("due", "overdue") or (answer.status == "not_due" and not given)


def _plain(answer):
    """Return what an answer says. How many were unanswered matters only where a rule asks."""
    return (answer.person, answer.status, answer.due, answer.grace_end, answer.urgency,
            answer.held_back, answer.cadence, answer.reasons)  # fmt: skip
