"""How much I am in touch with people, as a network that keeps what happened tells it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from netcrm import (
    Contact,
    InvalidError,
    LocalMoment,
    Network,
    NotFoundError,
    PartialDate,
    Position,
    State,
    TieWeight,
    hookimpl,
    new_id,
)
from netcrm.model.interaction import Interaction, Participant
from netcrm.network.touches import HORIZON, last_touches, strengths, unanswered
from netcrm.rules.dormant import Dormant
from netcrm.rules.strength import decay, likelihood
from tests import networks
from tests.networks import NOW, Clock, Opens

clock, opens = networks.clock, networks.opens


@pytest.fixture
def net(opens: Opens) -> Iterator[Network]:
    """A network of me, Ana and Luis, on 5 March, a Thursday, at nine; each storage in turn."""
    with opens() as network:
        network.add("Maya Rao", is_me=True)
        network.add("Luis Ortega")
        network.add("Ana Ruiz", email="ana@example.org")
        yield network


def id_of(net: Network, who: str) -> str:
    """Return the id of somebody."""
    return net.contact(who).id


def strong(net: Network, as_of: Any = "2026-03-05", people: Any = None) -> dict[str, float]:
    """Return the strengths of ties by handle, as other parts of netcrm get them."""
    ids = None if people is None else [id_of(net, one) for one in people]
    with net._reading() as view:
        found = strengths(view, net.moment_of(as_of), ids)
    return {net.get(Contact, id_).handle: value for id_, value in found.items()}


def everybody(net: Network, as_of: Any = "2026-03-05") -> dict[str, float]:
    """Return the strength of each tie by handle, those to people I know only."""
    return {net.get(Contact, one.contact).handle: one.strength for one in net.ties(as_of=as_of)}


class TestTie:
    """One person."""

    def test_four_touches(self, net: Network) -> None:
        """A mail, an answer, a video call and thanks: as if every 24 days."""
        net.log("ana", "email", at="2026-02-23")
        net.log("ana", "email", at="2026-02-24", direction="inbound")
        net.log("ana", "video", at="2026-03-03 17:00")
        net.log("ana", "email", at="2026-03-03 20:00", kind="thank_you")
        found = net.tie("ana", as_of="2026-03-04")
        assert found.contact == id_of(net, "ana")
        assert (round(found.strength, 2), round(found.rhythm or 0)) == (4.85, 24)
        assert round(likelihood(found.strength), 3) == 0.829
        assert (found.band, found.touches, found.sent, found.received) == ("close", 4, 2, 1)
        assert (found.first, found.last) == (date(2026, 2, 23), date(2026, 3, 3))

    def test_nobody_yet(self, net: Network) -> None:
        assert (net.tie("ana").band, net.tie("ana").touches, net.ties()) == ("none", 0, [])

    def test_there_is_no_tie_to_me(self, net: Network) -> None:
        """Nor to somebody who is not here."""
        with pytest.raises(InvalidError, match="you and somebody else"):
            net.tie("maya")
        with pytest.raises(NotFoundError):
            net.tie("nobody at all")

    def test_who_got_a_copy_was_not_in_touch(self, net: Network) -> None:
        """An introduction is a touch with who wrote it, and a whole one."""
        net.log("ana", "email", at="today", kind="introduction", direction="inbound", cc=["luis"])
        assert everybody(net) == strong(net) == {"ana-ruiz": 1.0}

    def test_a_meeting_is_divided_among_those_who_were_there(self, net: Network) -> None:
        """I am not counted, even where somebody listed me."""
        net.log(["ana", "luis"], "coffee", at="today")
        assert everybody(net) == strong(net) == {"ana-ruiz": 1.5, "luis-ortega": 1.5}
        mine = [Participant(contact=id_of(net, who)) for who in ("ana", "maya")]
        listed = Interaction(
            id=new_id(),
            occurred=LocalMoment.on(date(2026, 3, 5)),
            logged_at=NOW,
            participants=tuple(mine),
            channel="letter",
        )
        net.put(listed)
        assert everybody(net) == strong(net) == {"ana-ruiz": 3.0, "luis-ortega": 1.5}

    def test_what_the_user_says_goes_before_the_rule(self, net: Network) -> None:
        """What is a touch is told by the touch rule: notes and bounced mail are none."""
        net.log("ana", "email", at="2026-03-01", touch=False)
        net.log("ana", "email", at="2026-03-02", kind="note")
        net.log("ana", "email", at="2026-03-03", delivered="no")
        assert (net.tie("ana").touches, strong(net)) == (0, {})
        net.log("ana", "voicemail", at="today", touch=True)
        assert everybody(net) == strong(net) == {"ana-ruiz": 1.0}

    def test_threads_keep_floods_out(self, net: Network) -> None:
        """Many messages of a day in one thread are one touch in each direction."""
        for thread in ("a", "a", "a", "b"):
            net.log("ana", "email", at="today", thread=thread)
            net.log("ana", "sms", at="today", thread=thread, direction="inbound")
        assert everybody(net) == strong(net) == {"ana-ruiz": 4.0}


class TestAsOf:
    """What happened later never changes an answer."""

    def test_a_day_is_seen_as_a_whole_and_a_moment_to_the_minute(self, net: Network) -> None:
        """What came an hour later is not known yet."""
        net.log("ana", "email", at="2026-03-04 10:00")
        net.log("luis", "email", at="2026-03-04")
        for moment, known in (("2026-03-04 09:59", False), ("2026-03-04 10:00", True)):
            assert ("ana-ruiz" in strong(net, moment)) == known
            assert ("ana-ruiz" in everybody(net, moment)) == known
            assert net.tie("ana", as_of=moment).touches == known
            assert net.tie("luis", as_of=moment).touches == 1
        assert strong(net, "2026-03-04") == {"ana-ruiz": 1.0, "luis-ortega": 1.0}
        assert strong(net, "2026-03-03") == everybody(net, "2026-03-03") == {}

    def test_elsewhere_it_may_be_another_day(self, net: Network, clock: Clock) -> None:
        """What happened before this moment counts, though it was tomorrow there, but no more."""
        clock.set("2026-03-06T09:00")
        there = LocalMoment.parse("2026-03-05T09:00+13:00[Pacific/Auckland]")  # 15:00 on the 4th
        net.log("ana", "email", at=there)
        assert strong(net, "2026-03-04 14:59") == {}
        assert strong(net, "2026-03-04 15:00") == everybody(net, "2026-03-04 15:00")
        assert strong(net, "2026-03-04 15:00") == {"ana-ruiz": 1.0}
        assert net.tie("ana", as_of="2026-03-04 15:00").last == date(2026, 3, 4)
        assert strong(net, "2026-03-04") == {}
        assert strong(net, "2026-03-05") == {"ana-ruiz": 1.0}
        with net._reading() as view:
            for moment, last in (("2026-03-04 14:59", {}), ("2026-03-04 15:00", date(2026, 3, 4))):
                found = last_touches(view, net.moment_of(moment))
                assert found == (last and {id_of(net, "ana"): last})

    def test_farther_west_it_may_be_two_days_before(self, net: Network) -> None:
        """And yet be later, or not."""
        here = LocalMoment.parse("2026-03-04T01:00+14:00[Pacific/Kiritimati]")
        net.log("ana", "email", at="2026-03-02T23:30-11:00[Pacific/Pago_Pago]")
        net.log("luis", "email", at="2026-03-03T00:30-11:00[Pacific/Pago_Pago]")
        assert strong(net, here) == everybody(net, here) == {"ana-ruiz": decay(2)}

    def test_later_touches_change_nothing(self, net: Network, clock: Clock) -> None:
        """Neither the tie nor when it went to sleep."""
        net.log("ana", "coffee", at="2024-01-05")
        before = net.tie("ana"), net.ties(), net.dormant(), strong(net)
        clock.set("2026-08-01T09:00")
        net.log("ana", "coffee", at="2026-03-05 09:01")
        net.log("ana", "coffee", at="2026-07-01")
        moment = "2026-03-05 09:00"
        after = (
            net.tie("ana", as_of=moment),
            net.ties(as_of=moment),
            net.dormant(as_of=moment),
            strong(net, moment),
        )
        assert after == before
        assert len(before[2]) == 1


class TestEverybody:
    """All ties of a network."""

    def test_by_name_and_only_with_history(self, net: Network) -> None:
        """Nobody is ranked by a tie."""
        net.add("Zoe Adams")
        net.log("zoe", "coffee", at="yesterday")
        net.log("luis", "email", at="yesterday")
        net.log("ana", "email", at="2019-01-01")
        found = net.ties()
        assert [net.get(Contact, one.contact).name for one in found] == [
            "Ana Ruiz", "Luis Ortega", "Zoe Adams",
        ]  # fmt: skip
        assert [one.band for one in found] == ["faded", "active", "active"]
        assert found == [net.tie(who) for who in ("ana", "luis", "zoe")]

    def test_people_who_are_gone_have_no_tie(self, net: Network) -> None:
        net.log(["ana", "luis"], "coffee", at="yesterday")
        net.forget("ana")
        assert set(everybody(net)) == set(strong(net)) == {"luis-ortega"}

    def test_strengths_of_some(self, net: Network) -> None:
        """Those asked for, and nobody else who was there with them."""
        net.log(["ana", "luis"], "coffee", at="today")
        assert strong(net, people=["ana"]) == {"ana-ruiz": 1.5}
        assert strong(net, people=["maya"]) == strong(net, people=[]) == {}
        assert strong(net, people=["ana", "luis"]) == strong(net) == everybody(net)

    def test_strengths_look_back_only_as_far_as_it_matters(self, net: Network) -> None:
        """What is left out is less than a millionth; the tie itself forgets nothing."""
        last = date(2026, 3, 5)
        net.log("ana", "email", at=date.fromordinal(last.toordinal() - HORIZON))
        net.log("luis", "email", at=date.fromordinal(last.toordinal() - HORIZON - 1))
        assert strong(net) == {"ana-ruiz": decay(HORIZON)}
        assert 0 < net.tie("luis").strength < 1e-6
        assert set(everybody(net)) == {"ana-ruiz", "luis-ortega"}


class TestUnanswered:
    """To whom I wrote while nothing ever came back."""

    def test_only_of_those_who_are_asked_about(self, net: Network) -> None:
        net.log(["ana", "luis"], "email", at="2026-03-01")
        net.log("ana", "email", at="2026-03-03")
        net.log("luis", "email", at="2026-03-02", direction="inbound")
        ana, luis = id_of(net, "ana"), id_of(net, "luis")
        with net._reading() as view:
            assert unanswered(view, net.moment_of(None), {ana}) == {ana: date(2026, 3, 3)}
            assert unanswered(view, net.moment_of(None), {luis}) == {}
            assert unanswered(view, net.moment_of(None), set()) == {}
            then = net.moment_of("2026-03-01")
            both = dict.fromkeys((ana, luis), date(2026, 3, 1))
            assert unanswered(view, then, {ana, luis}) == both


class TestWeights:
    """What plugins say of channels."""

    def test_a_plugin_weighs_a_channel(self, opens: Opens) -> None:
        """In every answer."""

        @hookimpl
        def netcrm_tie_weights() -> list[TieWeight]:
            return [TieWeight("letter", 4, "we write by hand"), TieWeight("sms", 0, "chatter")]

        plugin = SimpleNamespace(netcrm_tie_weights=netcrm_tie_weights)
        with opens(plugins=[plugin]) as net:
            net.add("Ana Ruiz")
            net.add("Luis Ortega")
            net.log("ana", "letter", at="today")
            net.log("luis", "sms", at="today")
            assert net.tie("ana").strength == 4
            assert (net.tie("luis").touches, everybody(net)) == (0, {"ana-ruiz": 4.0})
            with net._reading() as view:
                assert net._strengths(view, net.moment_of(None)) == {id_of(net, "ana"): 4}


class TestCalling:
    """After a long silence a call does more than a letter."""

    def test_only_to_those_who_may_be_written_to(self, net: Network) -> None:
        """Kin, paused people and those to be left alone are never suggested."""
        net.log(["ana", "luis"], "coffee", at="2025-03-03")
        assert net.calls_for_a_call("ana")
        assert not net.calls_for_a_call("ana", as_of="2025-05-03")
        net.pause("ana", "2026-04-01")
        assert not net.calls_for_a_call("ana")
        assert net.calls_for_a_call("ana", as_of="2026-04-01")
        assert net.calls_for_a_call("ana", as_of="2026-03-04")
        net.edit("luis", kin=True)
        assert not net.calls_for_a_call("luis")
        net.edit("luis", kin=False, state=State(kind="archived"))
        assert not net.calls_for_a_call("luis")
        assert not net.calls_for_a_call("maya")


def asleep(net: Network, **asked: Any) -> dict[str, Dormant]:
    """Return the dormant ties by handle."""
    return {one.handle: one for one in net.dormant(**asked)}


class TestDormant:
    """Ties that went to sleep."""

    def test_by_name_with_what_speaks_for_waking_them(self, net: Network) -> None:
        """What they did for me, and what is new."""
        before, new = Position(organisation="Mercy General"), PartialDate.parse("2025-02")
        net.edit("ana", positions=(before, Position(organisation="City Clinic", start=new)))
        net.refer("ana", "luis", on="2024-03-01")
        net.add("Priya Nair")
        net.log("ana", "email", at="2024-03-02", kind="introduction", direction="inbound",
                cc=["priya", "luis"])  # fmt: skip
        net.log("ana", "call", at="2024-03-03T15:00", kind="meeting", minutes=30)
        net.log("ana", "email", at="2024-03-03T18:00", kind="thank_you")
        net.keep(net.promise("ana", "the book", by="them", on="2024-03-03"), on="2024-04-01")
        net.keep(net.promise("ana", "the bag", by="them", on="2024-03-03"), "dropped")
        net.keep(net.promise("ana", "the list", by="me", on="2024-03-03"), on="2024-04-01")
        net.promise("ana", "the rest", by="them", on="2024-03-03")
        net.log("luis", "coffee", at="2022-03-03")
        net.log("luis", "email", at="2022-03-02", kind="thank_you", direction="inbound")
        net.log("luis", "email", at="2022-03-02", kind="introduction", cc=["ana"])
        net.log("luis", "sms", at="2022-03-02", direction="inbound", cc=["priya"])
        net.ask("luis", at="2022-03-01")
        found = net.dormant()
        assert [one.name for one in found] == ["Ana Ruiz", "Luis Ortega"]
        ana, luis = found
        assert (ana.contact, ana.handle) == (id_of(net, "ana"), "ana-ruiz")
        assert ana.novelty == ("3 touches in all", "new job: City Clinic")
        assert ana.engagement == (
            "led you to 2 people", "gave you 1 interview", "kept 1 promise",
            "you thanked them 1 time", "close then: as if every 29 days",
        )  # fmt: skip
        assert (ana.last, ana.is_dormant, luis.is_dormant) == (date(2024, 3, 3), False, True)
        assert luis.engagement == ("close then: as if every 17 days",)
        assert list(asleep(net, after="3 years")) == ["luis-ortega"]

    def test_a_touch_wakes_a_tie(self, net: Network) -> None:
        """A copy of a mail does not."""
        net.log("ana", "coffee", at="2024-03-03")
        net.log("luis", "email", at="yesterday", cc=["ana"])
        assert set(asleep(net)) == {"ana-ruiz"}
        net.log("luis", "sms", at="2024-03-03")
        assert set(asleep(net, as_of="2026-03-03")) == {"ana-ruiz", "luis-ortega"}
        for hour in ("07:00", "08:00", "07:30"):
            net.log("luis", "sms", at=f"2026-03-05 {hour}")
        with net._reading() as view:
            last = last_touches(view, net.moment_of("2026-03-05 08:30"))
        assert last[id_of(net, "luis")] == date(2026, 3, 5)
        assert set(asleep(net, as_of="2026-03-05 06:00")) == {"ana-ruiz"}
        net.log("ana", "sms", at="2025-03-06")
        assert set(asleep(net)) == set()
        assert set(asleep(net, as_of="2026-03-06")) == {"ana-ruiz"}

    def test_it_is_as_of_a_day(self, net: Network) -> None:
        """Facts of later are not in it."""
        net.log("ana", "coffee", at="2023-03-03")
        net.refer("ana", "luis", on="2025-03-04")
        net.keep(net.promise("ana", "the book", by="them", on="2024-03-03"), on="2025-03-04")
        assert asleep(net, as_of="2024-03-02") == {}
        assert asleep(net, as_of="2024-03-03")["ana-ruiz"].engagement == ()
        assert asleep(net, as_of="2025-03-04")["ana-ruiz"].engagement == (
            "led you to 1 person",
            "kept 1 promise",
        )

    @pytest.mark.parametrize("kind", ["archived", "do_not_contact", "deceased"])
    def test_who_is_to_be_left_alone_is(self, net: Network, kind: Any) -> None:
        """Suppressed people are in no list of whom to write to."""
        net.log(["ana", "luis"], "coffee", at="2024-03-03")
        net.edit("ana", state=State(kind=kind))
        assert set(asleep(net)) == {"luis-ortega"}

    def test_kin_is_no_matter_of_decay(self, net: Network) -> None:
        net.log(["ana", "luis"], "coffee", at="2024-03-03")
        net.edit("ana", kin=True)
        assert set(asleep(net)) == {"luis-ortega"}

    def test_who_is_paused_is_left_alone_until_the_day(self, net: Network) -> None:
        net.log(["ana", "luis"], "coffee", at="2024-03-03")
        net.pause("ana", "2026-04-01")
        net.pause("luis")
        assert asleep(net) == {}
        assert set(asleep(net, as_of="2026-03-31")) == set()
        assert set(asleep(net, as_of="2026-04-01")) == {"ana-ruiz"}
        assert set(asleep(net, as_of="2026-03-04")) == {"ana-ruiz", "luis-ortega"}

    def test_a_placeholder_out_of_reach_is_nobody_to_write_to(self, net: Network) -> None:
        net.log(["ana", "luis"], "coffee", at="2024-03-03")
        net.edit("ana", is_placeholder=True)
        net.edit("luis", is_placeholder=True)
        assert set(asleep(net)) == {"ana-ruiz"}
