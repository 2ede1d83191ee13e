"""Conversations: what happened is logged as it happened, once, and on the day that it was."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

import netcrm
from netcrm import AmbiguousError, ConflictError, InvalidError, LocalMoment, NotFoundError
from tests import networks
from tests.networks import ana_and_luis, commits, everything

clock, opens, net = networks.clock, networks.opens, networks.net

TOKYO = ZoneInfo("Asia/Tokyo")


class TestWhen:
    """Backdating just works; the future has not happened."""

    @pytest.mark.parametrize(
        ("said", "stored"),
        [
            (None, "2026-03-05T09:00:00-05:00[America/New_York]"),
            ("today", "2026-03-05"),
            ("yesterday", "2026-03-04"),
            ("yesterday 3pm", "2026-03-04T15:00:00-05:00[America/New_York]"),
            ("fri 15:00", "2026-02-27T15:00:00-05:00[America/New_York]"),
            ("thursday", "2026-02-26"),
            ("3 days ago", "2026-03-02"),
            ("14 Feb", "2026-02-14"),
            ("December 24", "2025-12-24"),
            ("2019-07-01", "2019-07-01"),
            ("08:59", "2026-03-05T08:59:00-05:00[America/New_York]"),
            (date(2026, 1, 2), "2026-01-02"),
            (datetime(2026, 1, 2, 3, 4), "2026-01-02T03:04:00-05:00[America/New_York]"),  # noqa: DTZ001
            (datetime(2026, 1, 2, 3, 4, tzinfo=UTC), "2026-01-01T22:04:00-05:00[America/New_York]"),
            (LocalMoment.on(date(2026, 1, 2)), "2026-01-02"),
            (
                "2026-02-20T15:00+09:00[Asia/Tokyo]",
                "2026-02-20T15:00:00+09:00[Asia/Tokyo]",
            ),
        ],
    )
    def test_a_moment_as_people_say_it(self, net, said, stored):
        """Words mean the past, in the home zone unless they say otherwise."""
        ana_and_luis(net)
        logged = net.log("ana", "coffee", at=said)
        assert str(logged.occurred) == stored
        assert net.timeline("ana") == [logged]

    @pytest.mark.parametrize(
        "said", ["tomorrow", "2026-03-06", "2027-01-01", "in 3 days", "09:01", "9pm"]
    )
    def test_the_future_is_refused(self, net, said):
        """Not even later today: what is planned is a meeting, not something that happened."""
        ana_and_luis(net)
        before = everything(net)
        with pytest.raises(
            InvalidError, match=r"^202[67]-.* is in the future; log what has happened"
        ):
            net.log("ana", "coffee", at=said)
        assert everything(net) == before

    @pytest.mark.parametrize("said", ["2027-02-30", "the other day", "25:00", "32 Mar", "", "∞"])
    def test_what_is_no_moment_is_refused_or_means_today(self, net, said):
        """A day that does not exist is refused; saying nothing is saying today."""
        ana_and_luis(net)
        if said:
            with pytest.raises(InvalidError):
                net.log("ana", "coffee", at=said)
        else:
            assert net.log("ana", "coffee", at=said).occurred.date == net.today

    def test_an_hour_ago_on_the_other_side_of_the_world(self, net, clock):
        """In Tokyo it is tomorrow already: what happened there an hour ago is not in the future."""
        clock.set("2026-03-05T21:00")
        ana_and_luis(net)
        there = LocalMoment.at(datetime(2026, 3, 6, 10, 0), "Asia/Tokyo")  # noqa: DTZ001
        assert net.log("ana", "coffee", at=there).occurred == there
        later = LocalMoment.at(datetime(2026, 3, 6, 12, 0), "Asia/Tokyo")  # noqa: DTZ001
        with pytest.raises(InvalidError, match="2026-03-06 12:00 is in the future"):
            net.log("ana", "coffee", at=later)

    def test_a_day_once_logged_stays_that_day_in_every_zone(self, opens):
        """Whoever moves to another zone does not change what was; only what today is."""
        home = opens()
        ana_and_luis(home)
        home.log("ana", "call", at="2026-03-01 23:30")
        abroad = opens(tz="Pacific/Kiritimati")
        assert (
            str(abroad.timeline("ana")[0].occurred) == "2026-03-01T23:30:00-05:00[America/New_York]"
        )
        rule = abroad.rule("all", every="1 day")
        assert str(abroad.explain("ana").last_touch.on) == "2026-03-01"
        assert (home.today, abroad.today) == (date(2026, 3, 5), date(2026, 3, 6))
        assert rule.every.n == 1

    def test_a_time_that_the_clocks_jump_over_is_moved_and_flagged(self, net, clock):
        """On 8 March 2026 New York has no 02:30: the call was at 03:30."""
        clock.set("2026-03-10")
        ana_and_luis(net)
        logged = net.log("ana", "call", at="2026-03-08 02:30")
        assert str(logged.occurred) == "2026-03-08T03:30:00-04:00[America/New_York]"
        assert logged.occurred.shifted
        assert not net.log("ana", "call", at="2026-03-08 03:30").occurred.shifted

    def test_a_time_that_comes_twice_is_the_first_and_flagged(self, net, clock):
        """On 2 November 2025 New York had 01:30 twice."""
        ana_and_luis(net)
        logged = net.log("ana", "call", at="2025-11-02 01:30")
        assert str(logged.occurred) == "2025-11-02T01:30:00-04:00[America/New_York]"
        assert logged.occurred.shifted

    def test_when_it_was_written_down_is_kept_too(self, net, clock):
        """Two clocks: when it happened decides; when it was logged is for the record."""
        ana_and_luis(net)
        logged = net.log("ana", "coffee", at="2026-02-01")
        assert logged.logged_at == networks.NOW
        assert logged.occurred.date == date(2026, 2, 1)


class TestLog:
    """One line logs that something happened."""

    @pytest.mark.parametrize(
        ("word", "channel", "direction"),
        [
            ("coffee", "in_person", "mutual"),
            ("Lunch", "in_person", "mutual"),
            ("zoom", "video", "mutual"),
            ("called", "phone", "mutual"),
            ("email", "email", "outbound"),
            ("whatsapp", "chat", "outbound"),
            ("voicemail", "voicemail", "outbound"),
            ("other", "other", "mutual"),
        ],
    )
    def test_a_word_names_the_channel(self, net, word, channel, direction):
        """Coffee is in person; a message is mine, a talk is mutual, unless it is said."""
        ana_and_luis(net)
        logged = net.log("ana", word)
        assert (logged.channel, logged.direction) == (channel, direction)
        assert net.log("ana", word, direction="inbound").direction == "inbound"

    def test_all_that_can_be_said(self, net):
        """Further fields are those of an interaction."""
        ana_and_luis(net)
        logged = net.log(
            ["ana", "luis"], "video", "asked about nursing\n\nand more", minutes=30,
            subject="First  talk", kind="meeting", thread="t1", confidential=True, touch=False,
        )  # fmt: skip
        assert net.get(netcrm.Interaction, logged.id) == logged
        assert logged.text == "asked about nursing\n\nand more"
        assert logged.subject == "First talk"
        assert net.timeline("luis") == net.timeline("ana") == [logged]

    @pytest.mark.parametrize(
        ("arguments", "why"),
        [
            ({"channel": "pigeon"}, "'pigeon' is not a channel; choose from in_person, video"),
            ({"minutes": 0}, "0 minutes"),
            ({"minutes": -5}, "-5 minutes"),
            ({"minutes": 10**9}, "minutes is not a length"),
            ({"minutes": "30"}, "minutes is not a length"),
            ({"kind": "gossip"}, "'gossip' is not a kind"),
            ({"direction": "sideways"}, "'sideways' is not a direction"),
            ({"kind": "accept"}, "was not asked for an interview"),
            ({"text": "nul\0"}, "text: contains a NUL"),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_stored(self, net, arguments, why):
        """The message says what would be possible."""
        ana_and_luis(net)
        before = everything(net)
        with pytest.raises(InvalidError, match=why):
            net.log("ana", **arguments)
        assert everything(net) == before

    def test_somebody_was_there(self, net):
        """Nobody at all, one person twice, or only me: that is no conversation."""
        ana_and_luis(net)
        net.add("Maya Rao", is_me=True)
        with pytest.raises(InvalidError, match="at least one person"):
            net.log([], "coffee")
        with pytest.raises(InvalidError, match="one person twice"):
            net.log(["ana", "Ana Ruiz"], "coffee")
        with pytest.raises(InvalidError, match="you are always there yourself"):
            net.log(["ana", "maya"], "coffee")
        with pytest.raises(InvalidError, match="you are always there yourself"):
            net.plan("maya", "2026-03-20")

    def test_one_unknown_name_among_several_logs_nothing(self, net):
        """All of them or none."""
        ana_and_luis(net)
        before = everything(net)
        with pytest.raises(NotFoundError):
            net.log(["ana", "nobody"], "coffee")
        assert everything(net) == before

    @pytest.mark.parametrize("again", ["gmail:42", " gmail:42 "])
    def test_a_record_from_outside_is_logged_once(self, net, again):
        """An outside record has one place here, however often it is read."""
        ana_and_luis(net)
        net.log("ana", "email", ref="gmail:42")
        before = commits(net)
        with pytest.raises(InvalidError, match="gmail:42 is logged already"):
            net.log("luis", "email", ref=again)
        assert commits(net) == before
        net.undo()
        assert net.log("luis", "email", ref="gmail:42").ref == "gmail:42"

    def test_the_timeline_is_newest_first_up_to_the_day_asked_about(self, net):
        """It can be had for any day, and shortened."""
        ana_and_luis(net)
        for day in ("2026-02-01", "2026-03-01", "2026-01-01"):
            net.log("ana", "coffee", day, at=day)
        said = lambda **asked: [one.text for one in net.timeline("ana", **asked)]  # noqa: E731
        assert said() == ["2026-03-01", "2026-02-01", "2026-01-01"]
        assert said(limit=1) == ["2026-03-01"]
        assert said(as_of="2026-02-01") == ["2026-02-01", "2026-01-01"]
        assert said(as_of="2025-12-31") == []


class TestRefer:
    """Who pointed me to whom is noted; whoever is new is added."""

    def test_somebody_new_is_added_in_the_same_commit(self, net):
        """A referral to a new name makes the person and the referral, or neither."""
        ana_and_luis(net)
        before = commits(net)
        referral = net.refer(
            "ana",
            "Priya Nair",
            on="2026-02",
            mode="offered",
            may_use_name="yes",
            context="knows wards",
        )
        priya = net.contact("priya")
        assert (priya.source, priya.handle) == ("referral", "priya-nair")
        assert (referral.referrer, referral.referred) == (net.contact("ana").id, priya.id)
        assert str(referral.made_on) == "2026-02"
        assert commits(net) == before + 1
        assert net.referrals("priya") == net.referrals("ana") == [referral]
        net.undo()
        assert net.find("priya").contacts == ()

    def test_a_name_that_is_close_to_a_known_one_is_refused(self, net):
        """Luis Ortiga may be Luis Ortega: it is not guessed, and the message says how to insist."""
        ana_and_luis(net)
        with pytest.raises(NotFoundError, match=r"add them first\. Did you mean Luis Ortega\?"):
            net.refer("ana", "Luis Ortiga")
        net.add("Luis Ortiga")
        assert net.refer("ana", "Luis Ortiga").referred == net.contact("luis-ortiga").id

    def test_an_ambiguous_name_makes_nobody(self, net):
        """A name that fits two people is an error on either side."""
        ana_and_luis(net)
        net.add("Ana Lima")
        before = everything(net)
        for pair in (("luis", "ana"), ("ana", "luis"), ("nobody at all", "luis")):
            with pytest.raises((AmbiguousError, NotFoundError)):
                net.refer(*pair)
        assert everything(net) == before

    @pytest.mark.parametrize(
        ("arguments", "why"),
        [
            ({"referred": "ana-ruiz"}, "nobody refers me to themselves"),
            ({"referred": "maya"}, "neither is you"),
            ({"referrer": "maya"}, "neither is you"),
            ({"on": "2026-03-06"}, "is in the future"),
            ({"on": "2027"}, "is in the future"),
            ({"on": "sometime"}, "not a day"),
            ({"mode": "magic"}, "'magic' is not a mode"),
            ({"referred": "🦆\0"}, "NUL"),
        ],
    )
    def test_what_cannot_be_is_refused_and_nobody_is_added(self, net, arguments, why):
        """A referral is from one person to another, made by now."""
        ana_and_luis(net)
        net.add("Maya Rao", is_me=True)
        before = everything(net)
        with pytest.raises(InvalidError, match=why):
            net.refer(**{"referrer": "ana", "referred": "Somebody New", **arguments})
        assert everything(net) == before

    @pytest.mark.parametrize(
        ("said", "stored"),
        [
            (None, "2026-03-05"),
            ("2026", "2026"),
            ("2025-06", "2025-06"),
            ("yesterday", "2026-03-04"),
            (date(2026, 1, 2), "2026-01-02"),
            ("14 Feb", "2026-02-14"),
        ],
    )
    def test_the_day_may_be_known_in_part(self, net, said, stored):
        """A year, a month, a day, or words; today without any."""
        ana_and_luis(net)
        assert str(net.refer("ana", "luis", on=said).made_on) == stored

    def test_cycles_and_repetitions_are_legal(self, net):
        """Two people may point me to each other, and again."""
        ana_and_luis(net)
        for pair in (("ana", "luis"), ("luis", "ana"), ("ana", "luis")):
            net.refer(*pair)
        assert len(net.referrals("ana")) == 3


class TestMeetings:
    """What is agreed is planned, and later ended."""

    def test_plan_and_end(self, net, clock):
        """A meeting keeps its wall time and zone; how it ended is said once it has."""
        ana_and_luis(net)
        meeting = net.plan(["ana", "luis"], "fri 15:00", format="video", minutes=30, place="Zoom")
        assert str(meeting.start) == "2026-03-06T15:00:00-05:00[America/New_York]"
        assert meeting.booked_on.date == net.today
        with pytest.raises(InvalidError, match="is in the future"):
            net.end(meeting, "held")
        clock.set("2026-03-07")
        ended = net.end(meeting, "held")
        (talk,) = net.timeline("ana")
        assert (talk.occurred, talk.channel, talk.kind) == (meeting.start, "video", "meeting")
        assert (ended.ended, ended.ended_on) == ("held", meeting.start)
        with pytest.raises(ConflictError):
            net.end(meeting, "missed")
        assert net.end(ended, "missed").ended == "missed"

    def test_a_meeting_ends_in_one_of_a_few_ways_and_not_before_it_was_booked(self, net):
        """The words are few; days keep their order."""
        ana_and_luis(net)
        meeting = net.plan("ana", "2026-03-20")
        with pytest.raises(
            InvalidError, match="choose from called_off, cancelled, declined, held, missed, moved"
        ):
            net.end(meeting, "forgotten")
        with pytest.raises(InvalidError, match="before it was booked"):
            net.end(meeting, "held", on=date(2026, 3, 1))

    def test_a_meeting_in_the_gap_is_moved_and_flagged(self, net):
        """There is no half past two on the night that the clocks jump."""
        ana_and_luis(net)
        assert net.plan("ana", "2026-03-08 02:30").start.shifted
