"""What I owe people and what to do now, as a network that stores the facts tells it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import permutations

import attrs
import pytest

from netcrm import InvalidError, Network, NotFoundError, Position, State
from netcrm.model.insight import Decision, Insight, InsightStep, Opportunity
from netcrm.model.interview import Evaluation, Question
from netcrm.model.referral import ReferralStep
from netcrm.model.time import Interval, LocalMoment, PartialDate
from netcrm.rules.obligations import Obligation
from tests import networks
from tests.networks import Clock, Opens, ana_and_luis, everything

clock, opens = networks.clock, networks.opens


@pytest.fixture
def net(opens: Opens) -> Iterator[Network]:
    """A network of Ana and Luis, on 5 March, a Thursday, at nine; each storage in turn."""
    with opens() as network:
        ana_and_luis(network)
        yield network


def owed(net: Network, kind: str = "", as_of: str | None = None, who: str = "") -> list[Obligation]:
    """Return what is owed of a kind, done or not."""
    found = net.obligations(as_of=as_of, who=who or None)
    return [one for one in found if one.kind == kind or not kind]


def kinds(net: Network, as_of: str | None = None) -> set[str]:
    """Return which kinds of things are to be done."""
    return {one.kind for one in net.obligations(as_of=as_of) if one.is_open}


def actions(net: Network, as_of: str | None = None, within: str | None = None) -> list[str]:
    """Return what is on the agenda."""
    return [item.action for item in net.agenda(as_of=as_of, within=within)]


def meet(net: Network, who: str = "ana", at: str = "2026-03-04 15:00") -> str:
    """Hold an interview for which nobody asked; return its id."""
    return net.log(who, "phone", at=at, kind="meeting", minutes=30).interview or ""


class TestObligations:
    """They are worked out from what happened."""

    def test_from_the_request_to_the_thanks(self, net: Network, clock: Clock) -> None:
        """Each comes and goes with the facts."""
        assert kinds(net) == set()
        net.ask("ana", at="2026-02-20 10:00")
        assert kinds(net, "2026-02-25") == {"try_another"}
        assert kinds(net) == {"follow_up"}
        net.log("ana", "email", kind="follow_up")
        assert kinds(net) == set()
        clock.set("2026-03-06T09:00")
        net.log("ana", "email", kind="accept", at="2026-03-06 08:00")
        assert kinds(net) == {"propose_times", "prepare"}
        net.plan("ana", "2026-03-12 15:00", travel_minutes=20)
        assert kinds(net) == {"prepare", "confirm", "arrive"}
        clock.set("2026-03-12T16:00")
        assert kinds(net) == {"did_it_happen"}
        net.log("ana", "coffee", at="2026-03-12 15:00", minutes=45)
        assert kinds(net) == {"thank_you", "debrief", "ask_referrals"}
        assert owed(net, "thank_you")[0].due == net.moment("2026-03-13 15:45")
        net.log("ana", "email", kind="thank_you")
        net.step("ana", "no_referrals")
        interview = net.interview("ana").interview
        net.put(attrs.evolve(interview, evaluation=Evaluation(on=net.moment(None))))
        assert kinds(net) == set()
        assert len(owed(net)) == 3

    def test_what_answers_the_referral_question_settles_it(self, net: Network) -> None:
        """A referral, or the question of the plan with an answer."""
        meet(net)
        with net.transaction("try", dry_run=True):
            net.refer("ana", "Eve Low")
            assert "ask_referrals" not in kinds(net)
        interview = net.interview("ana").interview
        question = Question(
            text="Who else?", topic="referral", added_on=net.moment("2026-03-03"),
            answered_on=net.moment("2026-03-04 16:00"),
        )  # fmt: skip
        other = attrs.evolve(question, topic="role")
        net.put(attrs.evolve(interview, questions=(other,)))
        assert "ask_referrals" in kinds(net)
        net.put(attrs.evolve(net.interview("ana").interview, questions=(question,)))
        assert "ask_referrals" not in kinds(net)

    def test_questions_and_research_are_preparation(self, net: Network) -> None:
        """Eight of one and one of the other."""
        net.ask("ana", at="2026-03-02")
        net.log("ana", "email", kind="accept", at="2026-03-03")
        question = Question(text="Why?", added_on=net.moment("2026-03-04"))
        net.put(attrs.evolve(net.interview("ana").interview, questions=(question,) * 8))
        assert owed(net, "prepare")[0].because == "no research yet"
        net.research("ana", "published a book")
        assert owed(net, "prepare")[0].done == net.moment(None)

    def test_as_known_at_a_moment(self, net: Network) -> None:
        """What came later is not known then; a day is seen as a whole."""
        meet(net)
        net.log("ana", "email", kind="thank_you", at="2026-03-04 20:00")
        seen = {
            when: [one.is_open for one in owed(net, "thank_you", when)]
            for when in ("2026-03-03", "2026-03-04 14:59", "2026-03-04 15:00", "2026-03-04 19:59",
                         "2026-03-04 20:00", "2026-03-04")
        }  # fmt: skip
        assert list(seen.values()) == [[], [], [True], [True], [False], [False]]

    def test_what_was_done_long_ago_stays_done(self, net: Network, clock: Clock) -> None:
        """Each by a message of March, seen in June; to four people who are owed nothing else."""
        for name in ("Eve Low", "Bo Berg", "Cy Cole"):
            net.add(name)
        meet(net)
        net.end(net.plan("luis", "2026-03-04 12:00", booked_on="2026-03-02"), "held")
        net.refer("eve", "Di Dean", on="2026-03-02")
        meet(net, "di")
        heard = Opportunity(
            id="p", text="a course", contact=net.contact("cy").id, heard_on=date(2026, 3, 1),
            outcome="took it", outcome_on=net.moment("2026-03-04"),
        )  # fmt: skip
        net.put(heard)
        for who, kind in (("ana", "thank_you"), ("luis", "thank_you"), ("eve", "report_back"),
                          ("cy", "progress_update"), ("di", "thank_you")):  # fmt: skip
            net.log(who, "email", kind=kind)
        clock.set("2026-06-30T09:00")
        assert kinds(net) == {"debrief", "ask_referrals"}
        done = [one.kind for one in net.obligations() if one.done]
        assert sorted(done) == ["report_back", "tell_outcome"] + ["thank_you"] * 3

    def test_undoing_what_settled_it_brings_it_back(self, net: Network) -> None:
        """Under the same name."""
        meet(net)
        before = owed(net)
        net.log("ana", "email", kind="thank_you")
        assert {one.key for one in owed(net)} == {one.key for one in before}
        net.undo()
        assert owed(net) == before

    def test_the_order_in_which_facts_are_entered_does_not_matter(self, opens: Opens) -> None:
        """Told the same, it is the same."""
        seen = set()
        for order in permutations("amp"):
            with opens() as net, net.transaction("try", dry_run=True):
                ana_and_luis(net)
                for fact in order:
                    if fact == "a":
                        net.log("luis", "email", direction="inbound", at="2026-03-04 09:00")
                    elif fact == "m":
                        net.log("ana", "coffee", kind="meeting", at="2026-03-03 15:00")
                    else:
                        net.promise("ana", "a book", due="2026-03-09", on="2026-03-03")
                names = {one.id: one.name for one in net.contacts()}
                seen.add(
                    tuple((one.kind, names[one.contact], str(one.due)) for one in net.obligations())
                )
        (once,) = seen
        assert len(once) == 5

    def test_what_is_owed_to_one_person(self, net: Network) -> None:
        """Whoever it is about."""
        meet(net)
        net.log("luis", "email", direction="inbound")
        assert [one.kind for one in owed(net, who="luis")] == ["owe_reply"]
        assert len(owed(net, who="ana")) == 3

    def test_another_home_moves_no_deadline(self, net: Network, opens: Opens) -> None:
        """A day is 24 hours wherever I am."""
        net.ask("ana", at="2026-03-02 23:30")
        meet(net, "luis")
        before = owed(net)
        with opens(tz="Asia/Tokyo") as away:
            assert away.obligations() == before

    @pytest.mark.parametrize(
        ("end", "due"),
        [
            (
                "2026-03-07T17:30-05:00[America/New_York]",
                "2026-03-08T18:30-04:00[America/New_York]",
            ),
            ("2026-03-28T17:30+00:00[Europe/London]", "2026-03-29T18:30+01:00[Europe/London]"),
        ],
    )
    def test_thanks_are_due_24_hours_later_when_the_clocks_change(
        self, net: Network, clock: Clock, end: str, due: str
    ) -> None:
        """By the clocks of where we met."""
        clock.set("2026-03-30T09:00")
        net.log("ana", "phone", at=LocalMoment.parse(end), kind="meeting")
        assert owed(net, "thank_you")[0].due == LocalMoment.parse(due)

    def test_a_message_of_tomorrow_elsewhere_is_one_of_now(self, net: Network) -> None:
        """In Tokyo it is the sixth when it is still the fifth here."""
        meet(net)
        written = LocalMoment.parse("2026-03-05T22:00+09:00[Asia/Tokyo]")
        net.log("ana", "email", kind="thank_you", at=written)
        assert owed(net, "thank_you")[0].done == written
        net.undo()
        early = LocalMoment.parse("2026-03-06T01:00+11:00[Pacific/Noumea]")
        net.log("ana", "email", kind="thank_you", at=early)
        assert owed(net, "thank_you")[0].done == early


class TestMeetingsOfNoInterview:
    """Planned, and held or not."""

    def test_are_asked_after_and_thanked_for(self, net: Network, clock: Clock) -> None:
        """Once they were held, to everybody."""
        meeting = net.plan(["ana", "luis"], "2026-03-05 15:00", minutes=60, format="video")
        clock.set("2026-03-05T15:59")
        assert kinds(net) == set()
        clock.set("2026-03-05T16:00")
        assert kinds(net) == {"did_it_happen"}
        net.end(meeting, "held")
        assert kinds(net) == {"thank_you"}
        assert {one.due for one in owed(net, "thank_you")} == {net.moment("2026-03-06 16:00")}
        net.log("ana", "email", kind="thank_you")
        assert [one.is_open for one in owed(net, "thank_you", who="ana")] == [False]
        assert [one.is_open for one in owed(net, "thank_you", who="luis")] == [True]
        assert kinds(net, "2026-03-05 14:59") == set()


class TestReplies:
    """Who wrote to me."""

    def test_hears_from_me_within_a_working_day(self, net: Network) -> None:
        """Whoever it is."""
        net.log("luis", "email", direction="inbound", at="2026-03-04 09:00")
        (one,) = owed(net)
        assert (one.kind, one.due) == ("owe_reply", net.moment("2026-03-05"))
        net.log("luis", "phone")
        assert owed(net) == []

    def test_an_old_message_does_not_hide_a_new_one(self, net: Network) -> None:
        """Not even of somebody with whom I had an interview."""
        meet(net)
        net.log("ana", "email", direction="inbound", at="2025-12-01")
        assert "owe_reply" not in kinds(net)
        net.log("ana", "email", direction="inbound", at="2026-03-05 08:00")
        (one,) = owed(net, "owe_reply")
        assert one.shown_from == date(2026, 3, 5)

    def test_who_was_introduced_hears_from_me(self, net: Network) -> None:
        """Who introduced them is named."""
        net.log("ana", "email", kind="introduction", direction="inbound", cc=["luis"])
        (one,) = owed(net, "ack_introduction")
        assert (one.contact, one.because) == (
            net.contact("luis").id, "Ana Ruiz introduced you on 5 Mar",
        )  # fmt: skip
        net.log("luis", "email")
        assert kinds(net) == set()


class TestReports:
    """Who pointed me to somebody."""

    def test_hears_that_we_met(self, net: Network) -> None:
        """Until I told them."""
        net.refer("ana", "Eve Low", on="2026-03-02")
        net.ask("eve", at="2026-03-03")
        meet(net, "eve")
        (one,) = owed(net, "report_back")
        assert (one.contact, one.due) == (net.contact("ana").id, net.moment("2026-03-06"))
        assert one.because == "you met Eve Low on 4 Mar"
        net.log("ana", "email", kind="report_back")
        assert [one.is_open for one in owed(net, "report_back")] == [False]

    def test_only_of_whom_i_did_not_know(self, net: Network) -> None:
        """Added, talked to, or named by somebody else before: they had no part in it."""
        net.add("Eve Low", added_on=date(2026, 3, 1))
        net.refer("ana", "eve", on="2026-03-02")
        meet(net, "eve")
        net.add("Bo Berg", added_on=date(2026, 3, 3))
        net.log("bo", "phone", at="2026-03-01")
        net.refer("ana", "bo", on="2026-03-03")
        meet(net, "bo")
        assert owed(net, "report_back") == []
        net.add("Cy Cole", added_on=date(2026, 3, 3))
        net.refer("luis", "cy", on="2026-03-03")
        net.refer("ana", "cy", on="2026-03-04")
        meet(net, "cy", "2026-03-04 18:00")
        assert [one.contact for one in owed(net, "report_back")] == [net.contact("luis").id]

    def test_without_an_interview_what_its_own_steps_say(self, net: Network) -> None:
        """From the day they name."""
        made = net.refer("ana", "Eve Low", on="2026-03-02")
        step = ReferralStep(step="declined", on=PartialDate.parse("2026-03-04"))
        net.put(attrs.evolve(made, steps=(step,)))
        assert owed(net, "report_back", "2026-03-03") == []
        assert len(owed(net, "report_back", "2026-03-04")) == 1
        assert owed(net, "report_back")[0].due == net.moment("2026-03-06")


class TestElsewhere:
    """Whom else to ask while somebody does not answer."""

    def test_colleagues_who_were_not_asked_are_named(self, net: Network) -> None:
        """Those who still work there and can be asked."""
        here = [Position(organisation="Mercy General")]
        left = Position(organisation="Mercy General", end=PartialDate(year=2025))
        for name in ("Eve Low", "Bo Berg", "Cy Cole", "Di Dean"):
            net.add(name, positions=here, added_on=date(2026, 2, 1))
        net.add("Ed East", positions=[left], added_on=date(2026, 2, 1))
        net.add("Fay Fox", positions=[Position(organisation="Mercy Special")])
        net.edit("di", state=State(kind="archived"))
        net.ask("eve", at="2026-03-02 10:00")
        net.ask("cy", at="2026-03-02 09:00")
        (one,) = [one for one in owed(net, "try_another") if one.contact == net.contact("eve").id]
        assert one.because == "asked on 2 Mar, no answer; you also know Bo Berg there"
        assert one.is_open
        net.ask("luis", at="2026-03-04")
        assert owed(net, "try_another", who="eve")[0].is_open
        net.ask("bo")
        done = {one.contact: one.done for one in owed(net, "try_another")}
        assert done == {
            net.contact("eve").id: net.moment(None),
            net.contact("cy").id: net.moment("2026-03-02 10:00"),
        }


class TestPromises:
    """What I said, and what they said."""

    def test_a_promise_is_owed_until_it_is_kept(self, net: Network) -> None:
        """Mine, not theirs; by which message."""
        mine = net.promise("ana", "send the book", due="2026-03-04", on="2026-03-03")
        theirs = net.promise("ana", "ask their boss", by="them")
        assert [(one.kind, one.due) for one in owed(net)] == [
            ("commitment", net.moment("2026-03-04"))
        ]
        assert net.promises() == net.promises(who="ana") == [mine, theirs]
        assert net.promises(who="luis") == []
        talk = net.log("ana", "email", at="2026-03-05 08:00")
        kept = net.keep("send the", by=talk)
        assert (kept.ended, kept.ended_on, kept.interaction) == ("kept", talk.occurred, talk.id)
        assert kinds(net) == set()
        assert net.promises() == [theirs]
        net.undo()
        earlier = net.promise("luis", "call", by="them", on="2026-03-01")
        assert net.promises() == [earlier, mine, theirs]
        assert net.keep(mine, "dropped").ended_on == net.moment(None)
        assert kinds(net) == set()

    def test_not_to_me(self, net: Network) -> None:
        """It takes two."""
        net.add("Maya Rao", is_me=True)
        before = everything(net)
        with pytest.raises(InvalidError, match="between you and somebody else"):
            net.promise("maya", "rest")
        assert everything(net) == before

    def test_advice_is_applied_as_planned(self, net: Network) -> None:
        """The last plan counts, until it is done or set aside."""
        ana = net.contact("ana").id
        day = net.moment("2026-03-04")
        planned = InsightStep(use="planned", on=day, due=date(2026, 3, 9))
        told = Insight(id="n", text="read more", contact=ana, observed_on=date(2026, 3, 1))
        (told,) = net.put(told)
        assert owed(net) == []
        (told,) = net.put(attrs.evolve(told, steps=(planned,)))
        (one,) = owed(net)
        assert (one.kind, one.contact, one.due) == ("apply_advice", ana, net.moment("2026-03-09"))
        again = InsightStep(use="planned", on=net.moment("2026-03-05"), due=date(2026, 3, 20))
        (told,) = net.put(attrs.evolve(told, steps=(planned, again)))
        assert (owed(net)[0].due, owed(net)[0].is_open) == (net.moment("2026-03-20"), True)
        assert owed(net, as_of="2026-03-04")[0].due == net.moment("2026-03-09")
        done = InsightStep(use="applied", on=net.moment("2026-03-05"))
        net.put(attrs.evolve(told, steps=(planned, done)))
        assert kinds(net) == set()
        assert kinds(net, "2026-03-04") == {"apply_advice"}

    def test_those_behind_a_decision_hear_of_it(self, net: Network) -> None:
        """And who told me of an opportunity of which something came."""
        ana, luis = net.contact("ana").id, net.contact("luis").id
        net.put(Insight(id="n", text="x", contact=ana, observed_on=date(2026, 3, 1)))
        mine = Insight(id="o", text="y", observed_on=date(2026, 3, 1))
        net.put(mine)
        net.put(Decision(id="d", text="nursing", on=net.moment("2026-03-04"), insights=("n", "o")))
        (one,) = owed(net, "tell_outcome")
        assert (one.contact, one.because) == (ana, "they helped you with: nursing")
        assert one.due == net.moment("2026-03-11")
        assert owed(net, as_of="2026-03-03") == []
        heard = Opportunity(id="p", text="a course", contact=luis, heard_on=date(2026, 3, 1))
        (heard,) = net.put(heard)
        assert len(owed(net, "tell_outcome")) == 1
        net.put(attrs.evolve(heard, outcome="took it", outcome_on=net.moment("2026-03-05")))
        assert owed(net, "tell_outcome", who="luis")[0].because.endswith("a course: took it")


class TestWaive:
    """Deciding not to do it."""

    def test_it_stays_undone_and_gone(self, net: Network) -> None:
        """As known then; it can be taken back."""
        meet(net)
        before = everything(net)
        key = owed(net, "thank_you")[0].key
        waiver = net.waive("thank_you", reason="we are related")
        assert (waiver.key, waiver.contact) == (key, net.contact("ana").id)
        (one,) = owed(net, "thank_you")
        assert (one.waived, one.is_open) == (waiver.on, False)
        assert "thank_you" not in actions(net)
        assert kinds(net, "2026-03-04") == {"thank_you", "debrief", "ask_referrals"}
        assert net.waive(key).key == key
        net.undo()
        net.undo()
        assert everything(net) == before

    def test_only_one_that_there_is(self, net: Network) -> None:
        """Neither none nor several."""
        meet(net)
        meet(net, "luis")
        before = everything(net)
        with pytest.raises(NotFoundError, match="Several obligations begin with 'thank_you'"):
            net.waive("thank_you")
        with pytest.raises(NotFoundError, match="No open obligation begins with 'x'"):
            net.waive("x")
        assert everything(net) == before


class TestAgenda:
    """What to do now."""

    def test_of_a_morning(self, net: Network) -> None:
        """Late first, then by time; who is due is left out where there is something else."""
        net.rule("all", "1 week")
        net.add("Eve Low", added_on=date(2026, 2, 1))
        net.log("eve", "phone", at="2026-02-20")
        meet(net)
        net.log("luis", "email", direction="inbound", at="2026-03-03 10:00")
        net.plan("eve", "2026-03-20 12:00")
        net.plan("ana", "2026-03-05 12:00", minutes=20)
        items = net.agenda()
        assert [(item.action, item.late) for item in items] == [
            ("keep_in_touch", True), ("owe_reply", True), ("debrief", False), ("meeting", False),
            ("ask_referrals", False), ("thank_you", False),
        ]  # fmt: skip
        assert (items[1].days_late, items[3].because) == (1, "in person, 20 min")
        assert items[5].when == net.moment("2026-03-05 15:30")

    def test_the_future_only_if_it_is_asked_for(self, net: Network) -> None:
        """A week of it, say."""
        net.promise("luis", "a book", due="2026-03-09")
        net.promise("luis", "a call", due="2026-03-06")
        net.plan("ana", "2026-03-11 12:00")
        assert actions(net) == []
        net.keep("a call")
        assert actions(net, within="4 days") == ["commitment"]
        week = net.agenda(within=Interval(n=1, unit="week"))
        assert [item.action for item in week] == ["commitment", "meeting"]
        assert actions(net, as_of="2026-03-09") == ["commitment"]

    def test_while_an_interview_is_under_way_the_rhythm_waits(self, net: Network) -> None:
        """It is on the agenda by its own right only."""
        net.rule("contact:ana", "1 week")
        assert actions(net) == ["keep_in_touch"]
        net.ask("ana")
        assert actions(net) == []
        assert actions(net, as_of="2026-03-10") == ["try_another"]
        assert net.explain("ana", as_of="2026-03-13").status == "in_conversation"

    def test_a_meeting_far_away_is_told_by_the_clock_at_home(self, net: Network) -> None:
        """Also if its day is another there."""
        net.ask("ana")
        start = LocalMoment.parse("2026-03-06T08:00+09:00[Asia/Tokyo]")
        net.plan("ana", start, format="video")
        (item,) = [item for item in net.agenda() if item.action == "interview"]
        assert item.when == net.moment("2026-03-05 18:00")

    def test_looking_back_gives_what_was_shown_then(self, net: Network, clock: Clock) -> None:
        """As the facts are entered as they happen."""
        net.ask("ana", at="2026-02-24 10:00")
        net.log("luis", "email", direction="inbound", at="2026-03-04 10:00")
        shown = net.agenda()
        clock.set("2026-03-20T12:00")
        net.log("luis", "email", kind="reply", at="2026-03-05 09:01")
        net.log("ana", "email", kind="decline", at="2026-03-05 15:00")
        assert net.agenda(as_of="2026-03-05 09:00") == shown
        assert net.agenda(as_of="2026-03-05") != shown
