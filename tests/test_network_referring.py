"""Referrals as a network keeps them: what came of each, who came from whom, who it was."""

from __future__ import annotations

from datetime import date

import pytest

from netcrm import InvalidError, Network, NotFoundError, RefusedError, State
from tests import networks
from tests.networks import commits, everything

clock, opens = networks.clock, networks.opens


@pytest.fixture
def net(opens: networks.Opens) -> Network:
    """Ana was here before; she pointed me to Luis, and Luis to Priya; each storage in turn."""
    network = opens()
    network.add("Me", is_me=True)
    network.add("Ana Ruiz", added_on=date(2026, 2, 1))
    network.refer("ana", "Luis Ortega", on="2026-02-20", mode="offered")
    network.refer("luis", "Priya Nair", on="2026-03-01")
    return network


def status(net: Network, who: str, as_of: str | None = None) -> list[str]:
    """Return what came of the referrals by somebody or to them."""
    return [one.status for one in net.traced(who=who, as_of=as_of)]


class TestWhatCameOfIt:
    """Nothing of it is stored but what was noted by hand."""

    def test_what_is_logged_moves_it_forward(self, net, clock):
        assert status(net, "luis") == ["offered", "suggested"]
        net.log("ana", "email", kind="introduction", direction="inbound", cc=["luis"])
        assert status(net, "luis") == ["introduced", "suggested"]
        clock.set("2026-03-05T10:00")
        net.ask("luis", "email")
        net.log("priya", "coffee")
        assert status(net, "luis") == ["contacted", "met"]
        assert status(net, "luis", as_of="2026-03-04") == ["offered", "suggested"]
        assert status(net, "ana", as_of="2026-02-19") == []
        assert [one.pointer.referred for one in net.traced()] == [
            net.contact("luis").id, net.contact("priya").id,
        ]  # fmt: skip

    def test_it_is_known_from_its_hour_on(self, net, clock):
        clock.set("2026-03-05T15:00")
        net.refer("priya", "Tom Okafor")
        assert status(net, "tom", as_of="2026-03-05 14:59") == []
        assert status(net, "tom", as_of="2026-03-05 15:00") == ["suggested"]
        assert len(net.tree(as_of="2026-03-05 14:59").members) == 4  # he was added on that day

    def test_the_oldest_comes_first_and_may_have_led_to_most(self, net):
        net.refer("ana", "Tom Okafor", on="2026-01-10")
        net.log("tom", "coffee", at="2026-01-20")
        net.refer("ana", "Eve Stone", on="2026-03")  # nobody knows on which day
        names = {one.id: one.name for one in net.contacts()}
        found = [(names[one.pointer.referred], one.status) for one in net.traced()]
        assert found == [
            ("Tom Okafor", "met"), ("Luis Ortega", "offered"), ("Priya Nair", "suggested"),
            ("Eve Stone", "suggested"),
        ]  # fmt: skip

    @pytest.mark.parametrize("day", ["--02-03"])
    def test_its_year_is_known(self, net, day):
        with pytest.raises(InvalidError, match="says no year"):
            net.refer("ana", "Eve Stone", on=day)
        (referral,) = net.referrals("priya")
        with pytest.raises(InvalidError, match="says no year"):
            net.mark(referral, "met", on=day)

    def test_nothing_came_of_it_before_it_was_made(self, net):
        net.refer("ana", "Eve Stone", on="2026-02")
        referral = net.last_referral("ana", "eve")
        with pytest.raises(InvalidError, match="2026-01-31 is before the referral, which is of"):
            net.mark(referral, "met", on="2026-01-31")
        assert net.mark(referral, "met", on="2026-02-01").steps

    def test_what_is_known_of_it_besides_is_noted(self, net):
        (referral,) = net.referrals("priya")
        assert net.last_referral("luis", "priya") == referral
        noted = net.mark(referral, "introduced", on="2026-03-02")
        net.mark(noted, "no_response")
        assert status(net, "priya") == ["no_response"]
        assert status(net, "priya", as_of="2026-03-03") == ["introduced"]
        with pytest.raises(InvalidError, match="choose from contacted"):
            net.mark(referral, "eaten")
        with pytest.raises(InvalidError, match="in the future"):
            net.mark(referral, "met", on="2026-04-01")
        with pytest.raises(NotFoundError, match="Ana Ruiz has not pointed you to Priya Nair"):
            net.last_referral("ana", "priya")

    def test_the_talk_of_that_day_is_where_it_was_said(self, net):
        net.log("ana", "coffee", at="2026-02-20 09:00")
        talk = net.log("ana", "video", at="2026-02-20 15:00")
        other = net.log("luis", "coffee", at="2026-02-20 16:00")
        assert net.refer("ana", "Tom Okafor", on="2026-02-20").interaction == talk.id
        assert net.refer("ana", "Nina Patel", on="2026-02-21").interaction is None
        assert net.refer("ana", "Eve Stone", on="2026-02").interaction is None
        given = net.refer("ana", "Zoe Bell", on="2026-02-20", interaction=other.id)
        assert given.interaction == other.id

    def test_of_two_the_last_is_meant(self, net):
        first = net.last_referral("luis", "priya")
        second = net.refer("luis", "priya", on="2026-03-04")
        assert net.last_referral("luis", "priya") == second
        assert first != second

    def test_who_was_met_without_asking_is_reported_too(self, net):
        net.log("luis", "coffee")
        net.log("luis", "coffee")
        (owed,) = net.obligations(who="ana")
        assert (owed.kind, owed.because) == ("report_back", "you met Luis Ortega on 5 Mar")
        net.log("ana", "email", kind="report_back")
        assert not any(one.is_open for one in net.obligations(who="ana"))


class TestLedgers:
    """What each did for me, and what I owe them."""

    def test_each_who_pointed_me_to_somebody_has_one(self, net):
        net.log("luis", "coffee")
        net.refer("luis", "Tom Okafor")
        luis, ana = net.ledgers()
        assert (luis.contact, len(luis.referrals), luis.owed) == (net.contact("luis").id, 2, ())
        assert [one.status for one in ana.referrals] == ["met"]
        assert [one.kind for one in ana.owed] == ["report_back"]
        assert net.ledgers(who="ana") == [ana]
        assert net.ledgers(who="priya") == []
        assert net.ledgers(as_of="2026-02-19") == []


class TestTree:
    """Everybody after whom I owe knowing them to."""

    def test_who_came_from_whom(self, net):
        found = net.tree()
        assert [(one.name, one.degree, str(one.on)) for one in found.members] == [
            ("Ana Ruiz", 1, "2026-02-01"), ("Luis Ortega", 2, "2026-02-20"),
            ("Priya Nair", 3, "2026-03-01"),
        ]  # fmt: skip
        assert [one.name for one in net.tree(as_of="2026-02-25").members] == [
            "Ana Ruiz", "Luis Ortega",
        ]  # fmt: skip
        assert net.tree(as_of="2026-01-01").members == ()

    def test_one_interview_leads_to_the_next(self, net, clock):
        net.ask("ana", "email", at="2026-02-10")
        net.log("ana", "video", at="2026-02-19 15:00", minutes=30, kind="meeting")
        assert net.reproduction() == (1, 1, 0, 0, 2)
        net.ask("luis", "email")
        clock.set("2026-03-06T10:00")
        net.log("luis", "video", minutes=30, kind="meeting")
        assert net.reproduction() == (2, 2, 1, 1, 1)
        assert net.reproduction(as_of="2026-03-05") == (1, 1, 1, 0, 1)

    def test_whom_i_met_since_is_not_pending(self, net, clock):
        names = {one.id: one.name for one in net.contacts()}
        net.refer("luis", "ana", on="2026-03-02")
        assert [names[id_] for id_ in net.tree().pending] == [
            "Ana Ruiz", "Luis Ortega", "Priya Nair",
        ]  # fmt: skip
        net.log("ana", "coffee", at="2026-03-03")
        net.ask("priya", "email", at="2026-02-28")
        assert [names[id_] for id_ in net.tree().pending] == ["Luis Ortega"]

    def test_who_is_dead_is_not_pending_and_i_am_no_end_of_a_referral(self, net):
        net.edit("luis", state=State(kind="deceased"))
        names = {one.id: one.name for one in net.contacts()}
        assert [names[id_] for id_ in net.tree().pending] == ["Priya Nair"]
        net.merge("Me", "priya")
        assert [one.name for one in net.tree().members] == ["Ana Ruiz", "Luis Ortega"]
        assert len(net.traced()) == 1

    def test_through_whom_i_know_somebody(self, net):
        ana, luis, priya = (net.contact(who).id for who in ("ana", "luis", "priya"))
        assert net.through(["priya", "ana"]) == {priya: [ana, luis], ana: []}
        assert net.through(["luis"], as_of="2026-02-19") == {luis: []}

    def test_an_interview_that_they_asked_for_does_not_count(self, net):
        net.log("ana", "email", kind="request", direction="inbound", at="2026-02-10")
        net.log("ana", "video", at="2026-02-19 15:00", minutes=30, kind="meeting")
        assert net.reproduction().held == 0

    def test_whom_i_was_in_touch_with_before_i_knew_by_myself(self, net):
        net.log("luis", "email", at="2026-02-19")
        net.log(["priya", "luis"], "email", at="2026-02-25")
        assert {one.name: one.degree for one in net.tree().members} == {
            "Ana Ruiz": 1, "Luis Ortega": 1, "Priya Nair": 1,
        }  # fmt: skip


class TestPlaceholders:
    """Somebody whose name I do not know yet."""

    def test_they_stand_for_somebody_until_i_know_who(self, net):
        net.refer("ana", "someone in HR at City Hospital", on="2026-02-24", mode="offered")
        before = net.contact("someone in hr")
        assert before.is_placeholder
        assert before.job.organisation == "City Hospital"
        state, count = everything(net), commits(net)

        gwen = net.resolve("someone in HR", "Gwen Hall", fields=["hr"])
        assert (gwen.name, gwen.is_placeholder, gwen.aliases) == ("Gwen Hall", False, ())
        assert (gwen.job.organisation, gwen.source, gwen.fields) == (
            "City Hospital", "referral", {"hr"},
        )  # fmt: skip
        (edge,) = net.referrals("gwen")
        assert (str(edge.made_on), edge.mode) == ("2026-02-24", "offered")
        assert {one.name: one.degree for one in net.tree().members}["Gwen Hall"] == 2
        assert commits(net) == count + 1
        net.undo()
        assert everything(net) == state

    def test_it_may_be_somebody_i_know(self, net):
        net.refer("luis", "somebody in the lab")
        assert net.resolve("somebody in the lab", "priya").name == "Priya Nair"
        assert len(net.referrals("priya")) == 2
        assert not any(one.is_placeholder for one in net.contacts())

    def test_another_who_says_the_same_means_somebody_else(self, net):
        first = net.refer("ana", "someone in HR")
        assert net.refer("ana", "Someone in HR").referred == first.referred
        assert net.refer("luis", "someone in HR").referred != first.referred

    def test_who_it_was_keeps_what_they_do(self, net):
        net.add("Gwen Hall", organisation="Night Clinic", title="HR manager")
        net.refer("ana", "someone in HR at City Hospital")
        with pytest.raises(InvalidError, match="netcrm edit"):
            net.resolve("someone in HR", "gwen", title="adviser")
        gwen = net.resolve("someone in HR", "gwen")
        assert (gwen.job.title, gwen.job.organisation) == ("HR manager", "Night Clinic")
        assert len(gwen.positions) == 1

    def test_it_is_neither_me_nor_who_said_it(self, net):
        net.refer("ana", "someone in HR")
        for who in ("Me", "ana"):
            with pytest.raises(RefusedError, match=r"nobody pointed you|said it of somebody else"):
                net.resolve("someone in HR", who)

    def test_it_is_never_guessed(self, net):
        net.refer("luis", "somebody in the lab")
        net.refer("luis", "someone in HR")
        for who, person, said in (
            ("ana", "luis", "is somebody by name"),
            ("someone in HR", "someone else", "is no name"),
            ("someone in HR", "somebody in the lab", "is a placeholder too"),
        ):
            with pytest.raises(RefusedError, match=said):
                net.resolve(who, person)
        with pytest.raises(NotFoundError, match="Priya Nair"):
            net.resolve("someone in HR", "Pria Nair")
        net.refer("luis", "someone in Rome")
        assert net.resolve("someone in Rome", "Someona Rome").name == "Someona Rome"
        assert net.resolve("someone in HR", "Priya Banerjee").name == "Priya Banerjee"


def test_a_name_much_like_another_is_refused_and_another_name_is_not(net):
    with pytest.raises(NotFoundError, match="Luis Ortega"):
        net.refer("ana", "Louis Ortega")
    with pytest.raises(NotFoundError, match="Luis Ortega"):
        net.refer("ana", "Luiz")
    net.refer("ana", "Luis Ortiz")
    assert net.contact("luis ortiz").source == "referral"
