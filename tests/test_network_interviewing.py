"""Interviews, from asking to thanking, as a network that stores them tells of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import attrs
import pytest

import netcrm
from netcrm import InvalidError, Network, NotFoundError, Position, RefusedError
from netcrm.model.interaction import Interaction, Meeting
from netcrm.model.interview import Question
from netcrm.model.time import BusinessCalendar, LocalMoment
from tests import networks
from tests.networks import Clock, Opens, ana_and_luis, commits, everything

clock, opens = networks.clock, networks.opens


@pytest.fixture
def net(opens: Opens) -> Iterator[Network]:
    """A network of Ana and Luis, on 5 March, a Thursday, at nine; each storage in turn."""
    with opens() as network:
        ana_and_luis(network)
        yield network


@contextmanager
def refused(net: Network, why: str, error: type[Exception] = InvalidError) -> Iterator[None]:
    """Check that something is refused for a reason, and leaves nothing behind."""
    before = everything(net)
    with pytest.raises(error, match=why):
        yield
    assert everything(net) == before


def stage(net: Network, who: str = "ana", as_of: str | None = None) -> str:
    """Return where the latest interview with somebody stands."""
    return net.interview(who, as_of=as_of).now.stage


def booked(net: Network, at: str = "2026-03-09 15:00", asked: str = "2026-03-02") -> Meeting:
    """Ask Ana, and book a meeting."""
    net.ask("ana", at=asked)
    net.log("ana", "email", kind="accept", at="2026-03-03")
    return net.plan("ana", at, booked_on="2026-03-03", format="video")


def held(net: Network, at: str = "2026-03-04 15:00") -> Interaction:
    """Ask Ana, and meet her on the day that was agreed."""
    booked(net, at)
    return net.log("ana", "video", at=at, minutes=40)


class TestAsk:
    """Asking begins an interview, and logs the request."""

    def test_a_request_begins_a_thread(self, net: Network) -> None:
        """One commit, which can be taken back."""
        before, made = everything(net), commits(net)
        found = net.ask("ana", "linkedin", "Dear Ana", minutes=20, formats=["video", "phone"])
        assert (found.now.stage, found.names) == ("contacted", "Ana Ruiz")
        stored = net.interview("ana")
        assert stored.interview == found.interview
        assert (stored.interview.minutes, stored.interview.formats) == (20, ("video", "phone"))
        assert (stored.interview.opened_on, stored.interview.initiator) == (date(2026, 3, 5), "me")
        (talk,) = net.timeline("ana")
        assert (talk.kind, talk.direction, talk.channel) == (
            "request", "outbound", "linkedin_message",
        )  # fmt: skip
        assert (talk.text, talk.interview) == ("Dear Ana", stored.interview.id)
        assert commits(net) == made + 1
        net.undo()
        assert everything(net) == before
        with pytest.raises(NotFoundError, match=r"no interview with Ana Ruiz.*netcrm ask"):
            net.interview("ana")

    def test_logging_a_request_is_the_same(self, net: Network) -> None:
        """In person it is mine as well; half an hour is asked for."""
        net.log("ana", "coffee", kind="request")
        (found,) = net.interviews()
        assert (found.now.stage, found.interview.minutes) == ("contacted", 30)
        assert net.timeline("ana")[0].direction == "outbound"

    def test_it_counts_from_when_i_asked(self, net: Network) -> None:
        """Words for a day mean the last one."""
        for who, said, day in (("ana", "monday", 2), ("luis", "2026-03-03 15:00", 3)):
            found = net.ask(who, at=said)
            assert found.interview.opened_on == date(2026, 3, day)
            assert found.now.asked is not None
            assert found.now.asked.date == date(2026, 3, day)
            assert found.now.stage == "contacted"

    def test_several_people_are_one_interview(self, net: Network) -> None:
        """It is found by each."""
        found = net.ask(iter(["ana", "luis"]))
        assert found.names == "Ana Ruiz and Luis Ortega"
        assert net.interview("luis").interview == net.interview("ana").interview
        assert len(net.interviews()) == 1

    def test_asking_twice_is_refused_and_told_what_may_come_next(self, net: Network) -> None:
        """There is one open interview with a person at a time."""
        net.ask("ana", at="2026-03-02")
        why = (
            "Ana Ruiz: request on 2026-03-05 does not fit: it stands at “contacted” then; "
            "what may come next: follow up, accept, plan a meeting"
        )
        with refused(net, why):
            net.ask("ana")
        with refused(net, "does not fit"):
            net.ask("ana", at="2026-02-20")
        with refused(net, "does not fit"):
            net.ask(["luis", "ana"])

    def test_also_where_the_latest_interview_is_with_another(self, net: Network) -> None:
        """Luis was asked; Ana was met since; asking both would ask Luis twice."""
        net.ask("luis", at="2026-03-01")
        net.log("ana", "coffee", kind="meeting", at="2026-03-04")
        with refused(net, "Luis Ortega: request"):
            net.ask(["ana", "luis"])
        net.log(["ana", "luis"], "coffee", kind="meeting")
        assert [one.now.stage for one in net.interviews(who="luis")] == ["held"]

    def test_after_it_was_held_another_may_begin(self, net: Network) -> None:
        """It is the one that is meant from then on."""
        held(net)
        net.ask("ana")
        assert [one.now.stage for one in net.interviews(who="ana")] == ["contacted", "held"]
        assert stage(net) == "contacted"
        assert stage(net, as_of="2026-03-04") == "held"

    def test_it_belongs_to_the_campaign_under_way(self, net: Network) -> None:
        """Unless there are two, or none."""
        spring = net.campaign("Spring", start="2026-03-01", end="2026-03-04")
        assert net.ask("ana").interview.campaign is None
        assert net.ask("luis", at="2026-03-04").interview.campaign == spring.id
        assert [one.course.campaign for one in net.interviews(as_of="2026-03-04")] == [spring.id]
        net.add("Eve Low")
        net.campaign("Also", start="2026-03-01")
        assert net.ask("eve", at="2026-03-04").interview.campaign is None

    def test_it_belongs_to_the_last_referral_made_by_then(self, net: Network) -> None:
        """To anybody asked."""
        net.add("Eve Low")
        last = net.refer("eve", "ana", on="2026-02-10")
        first = net.refer("luis", "ana", on="2026-02-01")
        assert net.ask("ana", at="2026-02-09").interview.referral == first.id
        net.undo()
        net.refer("luis", "ana", on="2026-03-05")
        assert net.ask("ana", at="2026-02-12").interview.referral == last.id
        assert net.ask("luis").interview.referral is None

    def test_objectives_are_named_by_how_they_begin(self, net: Network) -> None:
        """What is none is refused, and the request with it."""
        wanted = net.objective("What is a normal day like?")
        with refused(net, "“Why” .*no objective", NotFoundError):
            net.ask("ana", objectives=["Why"])
        assert net.ask("ana", objectives=["what is"]).interview.objectives == (wanted.id,)

    def test_nobody_asks_themselves(self, net: Network) -> None:
        """I am always there."""
        net.add("Maya Rao", is_me=True)
        with refused(net, "you are always there yourself"):
            net.ask("maya")
        with refused(net, "in the future"):
            net.ask("ana", at="2026-03-06")

    def test_a_dry_run_shows_and_keeps_nothing(self, net: Network) -> None:
        """As with anything else."""
        before = everything(net)
        with net.transaction("ask", dry_run=True):
            assert net.ask("ana").now.stage == "contacted"
            assert stage(net) == "contacted"
        assert everything(net) == before


class TestLog:
    """What is said in an interview moves it on."""

    @pytest.mark.parametrize(
        ("kind", "there"),
        [("accept", "accepted"), ("decline", "declined"), ("defer", "deferred"),
         ("follow_up", "contacted"), ("meeting", "held"), ("message", "contacted")],
    )  # fmt: skip
    def test_an_answer_is_a_step(self, net: Network, kind: str, there: str) -> None:
        """Each can be taken back."""
        net.ask("ana", at="2026-03-02")
        before = everything(net)
        talk = net.log("ana", "email", kind=kind)
        assert (stage(net), stage(net, as_of="2026-03-04")) == (there, "contacted")
        assert talk.interview == net.interview("ana").interview.id
        net.undo()
        assert everything(net) == before

    @pytest.mark.parametrize(
        ("kind", "why"),
        [
            ("follow_up", "held then; nothing|nothing to follow_up"),
            ("accept", "nothing to accept"),
            ("decline", "nothing to decline"),
            ("defer", "nothing to defer"),
        ],
    )
    def test_to_an_answer_belongs_a_request(self, net: Network, kind: str, why: str) -> None:
        """Neither without one, nor after the meeting."""
        with refused(net, f"Ana Ruiz was not asked for an interview, so there is {why}"):
            net.log("ana", "email", kind=kind)
        net.log("ana", "coffee", kind="meeting", at="2026-03-04")
        with refused(net, "was not asked"):
            net.log("ana", "email", kind=kind)

    def test_what_cannot_have_happened_is_refused_and_nothing_is_stored(self, net: Network) -> None:
        """Nor what would make something later impossible."""
        net.ask("ana", at="2026-03-02")
        net.log("ana", "email", kind="accept", at="2026-03-04")
        with refused(net, "follow up on 2026-03-05 does not fit: it stands at “accepted” then"):
            net.log("ana", "email", kind="follow_up")
        with refused(net, "accept on 2026-03-04 does not fit: it stands at “accepted” then"):
            net.log("ana", "email", kind="accept", at="2026-03-03")
        assert net.interview("ana").now.refused == ()

    @pytest.mark.parametrize("kind", ["accept", "decline", "defer", "meeting", "follow_up"])
    def test_a_late_answer_goes_on_with_the_thread(self, net: Network, kind: str) -> None:
        """Also after I counted on none any more."""
        net.ask("ana", at="2026-03-02")
        net.step("ana", "lapse", at="2026-03-03")
        talk = net.log("ana", "email", kind=kind)
        assert talk.interview == net.interview("ana").interview.id
        assert stage(net) != "no_response"
        assert len(net.interviews()) == 1
        net.undo()
        assert net.log("ana", "email").interview is None

    def test_a_second_follow_up_is_refused(self, net: Network) -> None:
        """Once is enough."""
        net.ask("ana", at="2026-02-20")
        net.log("ana", "email", kind="follow_up", at="2026-03-03")
        with refused(net, "follow up on 2026-03-05 does not fit"):
            net.log("ana", "email", kind="follow_up")

    @pytest.mark.parametrize("channel", ["zoom", "call", "coffee"])
    def test_a_talk_on_the_agreed_day_is_the_interview(self, net: Network, channel: str) -> None:
        """And the meeting was held."""
        meeting = booked(net, "2026-03-05 15:00")
        talk = net.log("ana", channel, at="2026-03-05 08:00", minutes=25)
        assert (talk.kind, talk.minutes, stage(net)) == ("meeting", 25, "held")
        ended = net.get(Meeting, meeting.id)
        assert (ended.ended, ended.ended_on) == ("held", talk.occurred)

    def test_another_talk_is_not(self, net: Network) -> None:
        """Not of another day, nor a mail, nor one whose kind is said, nor before one is booked."""
        booked(net, "2026-03-05")
        for day, channel in (("2026-03-04", "phone"), ("2026-03-05", "email")):
            assert net.log("ana", channel, at=day).kind == "message"
        assert net.log("ana", "phone", kind="scheduling").kind == "scheduling"
        assert stage(net) == "scheduled"
        net.ask("luis", at="2026-03-02")
        net.log("luis", "phone")
        assert stage(net, "luis") == "contacted"

    def test_the_agreed_day_is_the_one_at_home(self, net: Network, clock: Clock) -> None:
        """In Tokyo it is the next morning."""
        net.ask("ana", at="2026-03-02")
        start = LocalMoment.parse("2026-03-06T08:00+09:00[Asia/Tokyo]")
        net.plan("ana", start, format="video")
        clock.set("2026-03-05T19:00")
        assert net.log("ana", "video", at="2026-03-05 18:00").kind == "meeting"

    def test_a_talk_called_a_meeting_is_an_interview_though_nobody_asked(
        self, net: Network
    ) -> None:
        """Any other is just a talk."""
        assert net.log("ana", "coffee").interview is None
        talk = net.log("ana", "coffee", kind="meeting")
        assert talk.interview == net.interview("ana").interview.id
        again = net.log("ana", "coffee", kind="meeting")
        assert again.interview not in (None, talk.interview)
        assert [one.now.stage for one in net.interviews()] == ["held", "held"]

    def test_thanks_belong_to_the_interview_that_was_held(self, net: Network) -> None:
        """Other messages afterwards to none."""
        talk = held(net)
        assert net.log("ana", "email", kind="thank_you").interview == talk.interview
        assert net.log("ana", "email").interview is None
        net.ask("luis")
        assert net.log("luis", "email", kind="thank_you").interview is None

    def test_one_may_say_that_it_belongs_to_none(self, net: Network) -> None:
        """Or to which."""
        found = net.ask("ana", at="2026-03-02").interview.id
        assert net.log("ana", "email", interview=None).interview is None
        net.log("ana", "email", kind="accept", interview=found)
        assert stage(net) == "accepted"
        with refused(net, "accept on 2026-03-05 does not fit"):
            net.log("ana", "email", kind="accept", interview=found)

    def test_a_note_of_mine_is_no_answer(self, net: Network) -> None:
        """The clock goes on."""
        net.ask("ana", at="2026-03-02")
        net.log("ana", kind="note")
        waiting = net.interview("ana").now.waiting
        assert waiting is not None
        assert waiting.follow_up == date(2026, 3, 11)

    def test_who_asks_me_begins_an_interview_too(self, net: Network) -> None:
        """Also who declined a while ago."""
        net.log("luis", "email", kind="request", direction="inbound")
        assert net.interview("luis").interview.initiator == "them"
        net.ask("ana", at="2026-03-01")
        net.log("ana", "email", kind="decline", at="2026-03-02")
        net.log("ana", "email", kind="request", direction="inbound")
        assert net.interview("ana").interview.initiator == "them"


class TestTooSoon:
    """Who declined or did not answer is left in peace for half a year."""

    def declined(self, net: Network) -> None:
        net.ask("ana", at="2026-02-02")
        net.log("ana", "email", kind="decline", at="2026-02-05")

    def test_until_then_asking_is_refused(self, net: Network, clock: Clock) -> None:
        """It says until when; on that day it is fine."""
        self.declined(net)
        with refused(net, "Ana Ruiz declined on 2026-02-05; leave them in peace until 2026-08-05",
                     RefusedError):  # fmt: skip
            net.ask("ana")
        clock.set("2026-08-04T23:00")
        with refused(net, "leave them in peace", RefusedError):
            net.ask("ana")
        clock.set("2026-08-05T00:00")
        assert net.ask("ana").now.stage == "contacted"
        assert len(net.interviews(who="ana")) == 2

    def test_so_it_is_after_silence(self, net: Network) -> None:
        """Which ended by itself."""
        net.ask("ana", at="2026-02-02")
        net.log("ana", "email", kind="follow_up", at="2026-02-11")
        with refused(net, "did not answer on 2026-02-20; leave", RefusedError):
            net.ask("ana")

    def test_unless_i_insist(self, net: Network) -> None:
        """Or log it so."""
        self.declined(net)
        assert net.ask("ana", insist=True).now.stage == "contacted"
        net.undo()
        net.log("ana", "email", kind="request", insist=True)
        assert stage(net) == "contacted"

    @pytest.mark.parametrize(("referred", "asked"), [("2026-02-02", False), ("2026-02-03", True)])
    def test_a_referral_since_i_asked_lifts_it(
        self, net: Network, referred: str, asked: bool
    ) -> None:
        """An older one is used up."""
        self.declined(net)
        net.refer("luis", "ana", on=referred)
        if asked:
            assert net.ask("ana").now.stage == "contacted"
        else:
            with refused(net, "leave them in peace", RefusedError):
                net.ask("ana")

    def test_who_put_me_off_is_asked_from_that_day_on(self, net: Network, clock: Clock) -> None:
        """The thread goes on; without a day, at once."""
        net.ask("ana", at="2026-03-01")
        net.log("ana", "email", kind="defer", until="2026-06-01", at="2026-03-02")
        with refused(net, "Ana Ruiz asked you to wait until 2026-06-01", RefusedError):
            net.ask("ana")
        with net.transaction("try", dry_run=True):
            assert net.ask("ana", insist=True).now.stage == "contacted"
        clock.set("2026-06-01T09:00")
        net.ask("ana")
        assert [one.now.stage for one in net.interviews()] == ["contacted"]
        net.ask("luis", at="2026-03-01")
        net.log("luis", "email", kind="defer", at="2026-03-02")
        assert net.ask("luis").now.stage == "contacted"

    def test_who_was_dropped_is_asked_again_in_the_same_thread(
        self, net: Network, clock: Clock
    ) -> None:
        """Also on the same day."""
        net.ask("ana", at="2026-03-02")
        net.step("ana", "drop")
        clock.set("2026-03-05T15:00")
        assert net.ask("ana").now.stage == "contacted"
        assert len(net.interviews()) == 1


class TestPlan:
    """A meeting that is agreed."""

    def test_with_somebody_who_was_asked_it_is_the_interview(self, net: Network) -> None:
        """For as long as was asked; it can be taken back."""
        net.ask("ana", minutes=20)
        before = everything(net)
        meeting = net.plan("ana", "2026-03-09 15:00")
        found = net.interview("ana")
        assert (meeting.interview, meeting.minutes) == (found.interview.id, 20)
        assert (found.now.stage, found.now.meeting) == ("scheduled", meeting.id)
        net.undo()
        assert everything(net) == before
        assert net.plan("ana", "2026-03-09 15:00", minutes=45).minutes == 45

    def test_with_anybody_else_it_is_a_meeting(self, net: Network) -> None:
        """Also with whom I met, and whoever declined."""
        assert net.plan("luis", "2026-03-09").interview is None
        held(net)
        assert net.plan("ana", "2026-03-09").interview is None
        net.ask("luis", at="2026-03-01")
        net.log("luis", "email", kind="decline", at="2026-03-02")
        assert net.plan("luis", "2026-03-09").interview is None

    def test_another_date_moves_it(self, net: Network) -> None:
        """The one before was moved, and another day is agreed."""
        first = booked(net)
        second = net.plan("ana", "2026-03-10 11:00")
        moved = net.get(Meeting, first.id)
        assert (moved.ended, moved.ended_on) == ("moved", second.booked_on)
        assert net.interview("ana").now.meeting == second.id
        assert net.interview("ana", as_of="2026-03-04").now.meeting == first.id
        net.undo()
        assert net.interview("ana").now.meeting == first.id
        assert net.get(Meeting, first.id).ended == ""

    def test_for_an_interview_that_is_over_it_is_refused(self, net: Network) -> None:
        """Or said to belong to none."""
        interview = held(net).interview
        with refused(net, "plan a meeting on 2026-03-05 does not fit: it stands at “held” then"):
            net.plan("ana", "2026-03-09", interview=interview)
        net.ask("luis")
        assert net.plan("luis", "2026-03-09", interview=None).interview is None

    def test_who_did_not_answer_may_still_agree(self, net: Network, clock: Clock) -> None:
        """A late yes opens it again."""
        net.ask("ana")
        clock.set("2026-04-20T09:00")
        assert stage(net) == "no_response"
        net.plan("ana", "2026-04-21")
        assert stage(net) == "scheduled"


class TestEnd:
    """How a meeting came to its end."""

    @pytest.mark.parametrize(
        ("how", "there"),
        [("missed", "missed"), ("cancelled", "accepted"), ("declined", "accepted"),
         ("called_off", "cancelled"), ("moved", "scheduled")],
    )  # fmt: skip
    def test_the_interview_goes_on_from_there(
        self, net: Network, how: netcrm.network.conversations.Ending, there: str
    ) -> None:
        """Each can be taken back."""
        meeting = booked(net)
        before = everything(net)
        net.end(meeting, how)
        assert stage(net) == there
        net.undo()
        assert everything(net) == before

    def test_one_that_was_held_is_logged_as_the_interview(self, net: Network) -> None:
        """At its time, with its length."""
        meeting = booked(net, "2026-03-04 15:00")
        net.end(meeting, "held")
        talk = net.timeline("ana")[0]
        assert (talk.kind, talk.channel, talk.minutes) == ("meeting", "video", 30)
        assert (talk.occurred, talk.interview) == (meeting.start, meeting.interview)
        assert stage(net) == "held"

    def test_what_cannot_have_been_is_refused(self, net: Network) -> None:
        """Not held before its time, and not cancelled after it was held."""
        meeting = booked(net)
        with refused(net, "in the future"):
            net.end(meeting, "held")
        net.log("ana", "video", kind="meeting", at="2026-03-04")
        over = net.get(Meeting, meeting.id)
        assert over.ended == "held"
        with refused(net, "cancel on 2026-03-05 does not fit: it stands at “held” then; nothing"):
            net.end(over, "cancelled")

    def test_missed_it_may_be_booked_again(self, net: Network) -> None:
        """Or held without."""
        net.end(booked(net, "2026-03-04 15:00"), "missed")
        again = net.plan("ana", "2026-03-09 15:00")
        assert net.interview("ana").now.meeting == again.id
        net.undo()
        net.log("ana", "phone", kind="meeting")
        assert stage(net) == "held"


class TestStep:
    """Turns that no conversation tells of."""

    @pytest.mark.parametrize(("what", "there"), [("lapse", "no_response"), ("drop", "dropped")])
    def test_giving_up(self, net: Network, what: netcrm.model.interview.Turn, there: str) -> None:
        """With the reason; it can be taken back."""
        net.ask("ana")
        before = everything(net)
        found = net.step("ana", what, note="no time")
        assert found.now.stage == stage(net) == there
        (step,) = found.interview.steps
        assert (step.what, step.note, step.on) == (what, "no time", net.moment(None))
        net.undo()
        assert everything(net) == before

    def test_a_meeting_is_called_off(self, net: Network) -> None:
        """Before it or after it was missed; it is on no agenda any more."""
        meeting = booked(net)
        with net.transaction("try", dry_run=True):
            assert net.step("ana", "call_off").now.stage == "cancelled"
            assert net.get(Meeting, meeting.id).ended == "called_off"
            assert net.agenda(within="2 weeks") == []
        net.end(meeting, "missed")
        assert net.step("ana", "call_off").now.stage == "cancelled"

    def test_they_knew_nobody(self, net: Network) -> None:
        """Only once we met; that leads nowhere."""
        net.ask("ana", at="2026-03-02")
        with refused(net, "Ana Ruiz: you have not met yet"):
            net.step("ana", "no_referrals")
        net.log("ana", "phone", kind="meeting")
        assert net.step("ana", "no_referrals").now.stage == "held"

    def test_what_does_not_fit_is_refused(self, net: Network) -> None:
        """Whatever else is in the interview; nor what has not happened yet."""
        with pytest.raises(NotFoundError):
            net.step("ana", "drop")
        held(net)
        asked = net.interview("ana").interview
        question = Question(
            text="Who else?", topic="referral", added_on=net.moment("2026-03-04"),
            answered_on=net.moment("2026-03-04"),
        )  # fmt: skip
        net.put(attrs.evolve(asked, questions=(question,)))
        for what in ("lapse", "drop", "call_off"):
            with refused(net, "it stands at “held” then; nothing can come after it"):
                net.step("ana", what)
        net.ask("luis")
        with refused(net, "2026-03-06 is in the future"):
            net.step("luis", "drop", at="2026-03-06")
        net.step("luis", "drop")
        with refused(net, "drop on 2026-03-05 does not fit: it stands at “dropped” then; what"):
            net.step("luis", "drop")


class TestLookingBack:
    """Where things stood at a moment."""

    def test_the_latest_opened_comes_first(self, net: Network) -> None:
        """All, or those that stand somewhere, or with somebody."""
        net.ask("luis", at="2026-03-01")
        held(net)
        assert [one.names for one in net.interviews()] == ["Ana Ruiz", "Luis Ortega"]
        assert [one.names for one in net.interviews(stage="open")] == ["Luis Ortega"]
        assert [one.names for one in net.interviews(stage="held")] == ["Ana Ruiz"]
        assert net.interviews(stage="missed") == []
        assert [one.now.stage for one in net.interviews(who="luis")] == ["contacted"]
        assert net.interviews(as_of="2026-02-28") == []
        assert [one.names for one in net.interviews(as_of="2026-03-01")] == ["Luis Ortega"]

    def test_to_the_minute_or_of_a_whole_day(self, net: Network, clock: Clock) -> None:
        """What comes later in the day is not known in the morning."""
        net.ask("ana", at="2026-03-04 10:00")
        net.log("ana", "email", kind="accept", at="2026-03-04 12:00")
        seen = [
            stage(net, as_of=when)
            for when in ("2026-03-04 09:59", "2026-03-04 10:00", "2026-03-04 11:59",
                         "2026-03-04 12:00", "2026-03-04", "2026-03-05")
        ]  # fmt: skip
        assert seen == ["identified", "contacted", "contacted", "accepted", "accepted", "accepted"]

    def test_another_home_changes_no_day(self, net: Network, opens: Opens) -> None:
        """What was said to be of a day stays so."""
        net.ask("ana", at="2026-03-02 23:30")
        net.log("ana", "email", kind="accept", at="2026-03-03 00:30")
        before = everything(net)
        with opens(tz="Asia/Tokyo") as away:
            assert everything(away) == before
            found = away.interview("ana").now
            assert found.asked is not None
            assert (found.stage, found.asked.date) == ("accepted", date(2026, 3, 2))
            away.log("ana", "email", kind="scheduling")
            away.plan("ana", "2026-03-09 08:00")
        assert stage(net) == "scheduled"

    def test_holidays_of_mine_are_waited_for(self, opens: Opens) -> None:
        """Those of the calendar too."""
        free = BusinessCalendar(holidays=frozenset({date(2026, 3, 3)}))
        with opens(calendar=free) as net:
            ana_and_luis(net)
            net.describe(holidays=[date(2026, 3, 4)])
            waiting = net.ask("ana", at="2026-03-02").now.waiting
            assert waiting is not None
            assert waiting.try_another == date(2026, 3, 9)

    def test_research_on_any_side_of_them_counts(self, net: Network) -> None:
        """On the person, where they work, or their field; it changes nothing else."""
        net.add("Eve Low", positions=[Position(organisation="Mercy General")], fields=["nursing"])
        net.ask("eve", at="2026-03-02")
        assert net.interview("eve").course.researched == ()
        net.research("eve", "born in Lima", on="2026-03-01")
        net.research(organisation="Mercy  General", text="300 beds", on="2026-03-02")
        net.research(field="Nursing", text="growing", on="2026-03-03")
        net.research("ana", "other", on="2026-03-04")
        net.research(organisation="Mercy", text="another", on="2026-03-04")
        found = net.interview("eve")
        assert [on.date.day for on in found.course.researched] == [1, 2, 3]
        assert found.now.stage == "contacted"


class TestMerging:
    """Two who are one have one open interview at most, and undo brings both back."""

    def test_the_newest_goes_on(self, net):

        older, newer = net.ask("ana", at="9 days ago"), net.ask("luis", at="2 days ago")
        before = everything(net)
        net.merge("ana", "luis")
        stages = {one.course.id: one.now.stage for one in net.interviews(who="ana")}
        assert stages == {older.course.id: "dropped", newer.course.id: "contacted"}
        net.undo()
        assert documents(net) == {key: doc for key, (_, doc) in before.items()}

    def test_a_meeting_of_the_older_one_is_called_off(self, net):

        older = net.ask("ana", at="9 days ago")
        net.plan("ana", "tomorrow 15:00")
        net.ask("luis", at="2 days ago")
        net.merge("luis", "ana")
        assert [one.now.stage for one in net.interviews(who="luis")] == ["contacted", "cancelled"]
        assert net.interviews(who="luis")[1].course.id == older.course.id
        assert net.meetings() == []


def documents(net):
    """Return every document, the history left out."""
    return {key: doc for key, (_, doc) in everything(net).items()}


class TestTogether:
    """Two whom I asked apart have an interview each, so what is said of both must say which."""

    def test_a_talk_with_both_is_logged_for_each(self, net):
        net.ask("ana", at="5 days ago")
        net.ask("luis", at="5 days ago")
        for together in (
            lambda: net.log(["ana", "luis"], "coffee", kind="meeting"),
            lambda: net.plan(["ana", "luis"], "tomorrow 15:00"),
        ):
            with refused(net, "Ana Ruiz and Luis Ortega were asked apart"):
                together()

    def test_asked_together_they_share_one(self, net):
        net.ask(["ana", "luis"], at="5 days ago")
        net.log(["ana", "luis"], "coffee", kind="meeting", at="yesterday")
        assert net.interview("ana").course.id == net.interview("luis").course.id
        owed = [one for one in net.obligations() if one.kind == "thank_you"]
        assert len({one.contact for one in owed}) == 2


class TestTheyAskedMe:
    """Who asks me hears from me, and nobody is told to write to them once more."""

    def test_my_answer_is_mine(self, net):
        net.log("ana", "email", kind="request", direction="inbound", at="20 days ago")
        assert net.interview("ana").now.stage == "contacted"
        assert net.interview("ana").now.waiting is None
        answer = net.log("ana", "email", kind="accept")
        assert (answer.direction, net.interview("ana").now.stage) == ("outbound", "accepted")

    def test_what_i_asked_they_answer(self, net):
        net.ask("ana", at="2 days ago")
        with refused(net, "Ana Ruiz was asked, so the decline is theirs"):
            net.log("ana", "email", kind="decline", direction="outbound")
        assert net.log("ana", "email", kind="decline").direction == "inbound"


def test_a_request_that_is_logged_late_belongs_to_what_was_prepared_meanwhile(net):
    prepared = net.prepare("ana")
    net.ask("ana", at="yesterday")
    (thread,) = net.interviews(who="ana")
    assert (thread.course.id, thread.now.stage) == (prepared.course.id, "contacted")
    assert len(thread.interview.questions) == 10
