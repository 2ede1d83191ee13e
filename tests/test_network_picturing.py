"""The network as a picture, as known at a moment, and as a graph for others."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date
from pathlib import Path

import networkx
import pytest

import netcrm
from netcrm import InvalidError, NotFoundError
from netcrm.rules.picture import Link, Picture, Portrait
from tests import networks
from tests.acceptance.test_interviews import Lives, Maya, lives
from tests.networks import STORAGES, Clock, Opens

__all__ = ["lives"]

clock, opens = networks.clock, networks.opens


@pytest.fixture
def net(opens: Opens) -> netcrm.Network:
    """Ana pointed me to Luis, he to Priya; Bo also to Luis; each storage in turn."""
    network = opens()
    network.add("Maya Rao", is_me=True)
    network.add("Ana Ruiz", added_on=date(2026, 2, 1), fields=["nursing"], circles=["inner"],
                organisation="Mercy General", title="Nurse")  # fmt: skip
    network.add("Bo Li", added_on=date(2026, 2, 1))
    network.refer("ana", "Luis Ortega", on="2026-02-20", mode="offered", context="runs a clinic")
    network.refer("bo", "luis", on="2026-02-25")
    network.refer("luis", "Priya Nair", on="2026-03-01")
    return network


def who(picture: Picture, name: str) -> Portrait:
    """Return somebody in a picture."""
    (found,) = [one for one in picture.people if one.name == name]
    return found


def ways(picture: Picture, kind: str = "referral") -> list[tuple[str, str, str, bool]]:
    return [
        (one.source, one.target, one.status, one.credited)
        for one in picture.links
        if one.kind == kind
    ]


class TestPicture:
    """Everybody I know and how they are connected."""

    def test_who_is_in_it(self, net):
        picture = net.picture()
        assert [one.handle for one in picture.people] == [
            "ana-ruiz", "bo-li", "luis-ortega", "priya-nair",
        ]  # fmt: skip
        assert picture.me == "Maya Rao"
        assert picture.as_of.date == date(2026, 3, 5)
        ana = who(picture, "Ana Ruiz")
        assert ana == Portrait(
            handle="ana-ruiz", id=net.contact("ana").id, name="Ana Ruiz", title="Nurse",
            organisation="Mercy General", fields=("nursing",), circles=("inner",), degree=1,
            since=date(2026, 2, 1),
        )  # fmt: skip
        luis, priya = who(picture, "Luis Ortega"), who(picture, "Priya Nair")
        assert (luis.degree, luis.through, luis.since) == (2, "ana-ruiz", date(2026, 2, 20))
        assert (priya.degree, priya.through) == (3, "luis-ortega")

    def test_how_they_are_connected(self, net):
        net.knows("ana", "priya", "sang together", on="2026-03-04")
        net.knows("ana", "priya", "studied together", told_by="luis")
        net.introduce("bo", "priya", "both row")
        picture = net.picture()
        assert ways(picture) == [
            ("ana-ruiz", "luis-ortega", "offered", True),
            ("bo-li", "luis-ortega", "suggested", False),
            ("luis-ortega", "priya-nair", "suggested", True),
        ]
        assert picture.links[0] == Link(
            "acquaintance", picture.links[0].id, "ana-ruiz", "priya-nair", date(2026, 3, 5),
            context="studied together", told_by="luis-ortega",
        )  # fmt: skip
        assert ways(picture, "introduction") == [("bo-li", "priya-nair", "thought of", False)]
        assert [one.context for one in picture.links] == [
            "studied together", "both row", "runs a clinic", "", "",
        ]  # fmt: skip
        assert picture.summary == "4 people, 3 referrals, 1 acquaintance, 1 introduction"

    def test_what_became_of_it(self, net, clock):
        net.ask("luis", "email", at="2026-03-02")
        net.log("luis", "email", kind="accept", at="2026-03-03")
        net.log("luis", "coffee", kind="meeting", at="2026-03-04", minutes=30)
        net.ask("ana", "email", at="2026-03-04")
        picture = net.picture()
        luis, ana, bo = (who(picture, name) for name in ("Luis Ortega", "Ana Ruiz", "Bo Li"))
        assert (luis.status, luis.interviews, luis.mark) == ("interviewed", 1, "held")
        assert (luis.talks, luis.last) == (3, date(2026, 3, 4))
        assert (ana.status, ana.mark) == ("asked", "open")
        assert (bo.status, bo.talks, bo.last) == ("not asked", 0, None)
        assert ways(picture)[0] == ("ana-ruiz", "luis-ortega", "met", True)

    def test_of_two_referrals_the_first_is_what_i_owe(self, net):
        net.refer("ana", "luis", on="2026-03-02", mode="direct")
        assert ways(net.picture())[:3] == [
            ("ana-ruiz", "luis-ortega", "offered", True),
            ("bo-li", "luis-ortega", "suggested", False),
            ("luis-ortega", "priya-nair", "suggested", True),
        ]
        assert ways(net.picture())[3] == ("ana-ruiz", "luis-ortega", "introduced", False)

    def test_the_last_talk_is_the_latest_not_the_one_logged_last(self, net):
        net.log("bo", "coffee", at="2026-03-03")
        net.log("bo", "coffee", at="2026-02-03")
        bo = who(net.picture(), "Bo Li")
        assert (bo.talks, bo.last) == (2, date(2026, 3, 3))
        assert who(net.picture(as_of="2026-02-22"), "Bo Li").last == date(2026, 2, 3)

    def test_it_shows_what_was_known_then(self, net, clock):
        before = net.picture(as_of="2026-02-22")
        clock.set("2026-04-01T09:00")
        net.knows("ana", "bo")
        net.introduce("ana", "bo", "they row", insist=True)
        net.log("luis", "coffee")
        net.ask("ana", "email")
        net.edit("ana", state=netcrm.State(kind="deceased", on=date(2026, 3, 20)))
        net.add("Zoë Late")
        assert net.picture(as_of="2026-02-22") == before
        assert [one.handle for one in before.people] == ["ana-ruiz", "bo-li", "luis-ortega"]
        assert ways(before) == [("ana-ruiz", "luis-ortega", "offered", True)]
        now = net.picture()
        assert who(now, "Ana Ruiz").status == "deceased"
        assert len(now.people) == 5
        assert now.counts == {"referral": 3, "acquaintance": 1, "introduction": 1}

    def test_the_work_of_the_day(self, net):
        jobs = [
            netcrm.Position(title="Nurse", end=netcrm.PartialDate.parse("2026-02")),
            netcrm.Position(title="Dean", start=netcrm.PartialDate.parse("2026-03-03")),
        ]
        net.edit("bo", positions=jobs)
        assert who(net.picture(), "Bo Li").title == "Dean"
        assert who(net.picture(as_of="2026-02-22"), "Bo Li").title == "Nurse"
        net.edit("bo", positions=jobs[:1])
        assert who(net.picture(), "Bo Li").title == ""

    def test_an_interview_counts_from_the_day_on_which_it_was_opened(self, net, clock):
        net.ask("ana", "email", at="2026-03-02")
        net.log("ana", "coffee", kind="meeting", at="2026-03-04", minutes=30)
        for day, said, held in [
            ("2026-03-01", "not asked", 0),
            ("2026-03-03", "asked", 0),
            ("2026-03-05", "interviewed", 1),
        ]:
            ana = who(net.picture(as_of=day), "Ana Ruiz")
            assert (ana.status, ana.interviews) == (said, held)

    def test_a_job_counts_from_the_day_on_which_it_was_first_seen(self, net):
        net.edit("bo", positions=[
            netcrm.Position(title="Nurse"),
            netcrm.Position(title="Dean", start=netcrm.PartialDate.parse("2019"),
                            seen_on=date(2026, 2, 24)),
        ])  # fmt: skip
        titles = [who(net.picture(as_of=f"2026-02-{day}"), "Bo Li").title for day in (23, 24, 25)]
        assert titles == ["Nurse", "Dean", "Dean"]

    def test_a_talk_counts_from_the_moment_on(self, net):
        net.log("bo", "coffee", at="2026-03-03T09:00")
        net.log("bo", "coffee", at="2026-03-04T15:00")
        for moment, talks, last in [
            ("2026-03-04T14:59", 1, 3), ("2026-03-04T15:00", 2, 4), ("2026-03-04", 2, 4),
        ]:  # fmt: skip
            bo = who(net.picture(as_of=moment), "Bo Li")
            assert (bo.talks, bo.last) == (talks, date(2026, 3, last))

    def test_a_talk_elsewhere_counts_by_its_moment_too(self, net):
        far = "2026-03-05T01:00+13:00[Pacific/Auckland]"  # at 7:00 of the day before here
        net.log("bo", "video", at=netcrm.LocalMoment.parse(far))
        early = who(net.picture(as_of="2026-03-04T06:59"), "Bo Li")
        assert (early.talks, early.last) == (0, None)
        later = who(net.picture(as_of="2026-03-04T07:00"), "Bo Li")
        assert (later.talks, later.last) == (1, date(2026, 3, 4))  # it was no later than that

    def test_nor_does_a_talk_count_before_it_took_place_where_it_was_still_yesterday(self, net):
        far = "2026-03-03T22:00-10:00[Pacific/Honolulu]"  # at 3:00 of the day after here
        net.log("bo", "video", at=netcrm.LocalMoment.parse(far))
        assert who(net.picture(as_of="2026-03-04T02:59"), "Bo Li").talks == 0
        assert who(net.picture(as_of="2026-03-04T03:00"), "Bo Li").talks == 1

    @pytest.mark.parametrize("kind", ["do_not_contact", "archived"])
    def test_why_somebody_is_not_to_be_contacted_is_nobodys_business(self, net, kind):
        net.edit("bo", state=netcrm.State(kind=kind, reason="shouted at me"))
        bo = who(net.picture(), "Bo Li")
        assert (bo.status, bo.mark) == (
            ("do not contact", "gone") if kind == "do_not_contact" else ("not asked", "none")
        )
        for form in ("html", "svg", "dot", "graphml"):
            assert "shouted" not in net.map(form)
        assert "shouted" not in str(net.to_networkx("all").nodes(data=True))

    def test_who_is_forgotten_is_not_in_it(self, net):
        net.forget("luis")
        picture = net.picture()
        assert [one.name for one in picture.people] == ["Ana Ruiz", "Bo Li", "Priya Nair"]
        assert picture.links == ()
        assert "Luis" not in net.map() + net.map("svg") + net.map("dot") + net.map("graphml")

    def test_what_was_said_in_confidence_is_not_in_it(self, net):
        talk = net.log("bo", "coffee", "she is leaving Mercy", confidential=True)
        net.refer("bo", "priya", context="her boss is leaving", interaction=talk.id)
        net.refer("bo", "Tom Okafor", context="rows too", on="2026-03-04")
        net.learn("they pay badly", who="bo", confidential=True)
        contexts = {one.target: one.context for one in net.picture().links if one.source == "bo-li"}
        assert contexts == {"luis-ortega": "", "priya-nair": "", "tom-okafor": "rows too"}
        for form in ("html", "svg", "dot", "graphml"):
            assert "leaving" not in net.map(form)
            assert "pay badly" not in net.map(form)

    def test_only_one_field(self, net):
        net.tag("priya", add=["Social Work"], kind="fields")
        picture = net.picture(field="social work")
        assert [one.name for one in picture.people] == ["Ana Ruiz", "Luis Ortega", "Priya Nair"]
        assert picture.summary == "3 people, 2 referrals"
        with pytest.raises(NotFoundError, match="Nobody here is of the field “law”"):
            net.picture(field="law")

    def test_somebody_without_a_name_yet(self, net):
        net.refer("ana", "someone in HR")
        assert who(net.picture(), "someone in HR").is_placeholder

    def test_an_empty_network(self, clock):
        empty = netcrm.open(clock=clock)
        picture = empty.picture()
        assert (picture.me, picture.people, picture.links) == ("", (), ())
        for form in ("html", "svg", "dot", "graphml"):
            assert empty.map(form)


def test_there_are_four_forms_of_a_map(net):
    starts = {"html": "<!DOCTYPE html>", "svg": "<svg ", "dot": "digraph ", "graphml": "<?xml "}
    for form, start in starts.items():
        assert net.map(form).startswith(start)
    assert net.map() == net.map("html")
    assert "Priya" not in net.map("svg", as_of="2026-02-22")
    assert "Bo Li" not in net.map("svg", field="nursing")
    with pytest.raises(InvalidError, match="'png' is no form of a map; choose from html, svg"):
        net.map("png")


class TestNetworkx:
    """For programs that reckon with graphs."""

    def test_referrals_go_from_who_pointed_to_whom(self, net):
        net.knows("ana", "priya")
        graph = net.to_networkx()
        assert sorted((source, target) for source, target in graph.edges()) == [
            ("ana-ruiz", "luis-ortega"), ("bo-li", "luis-ortega"), ("luis-ortega", "priya-nair"),
        ]  # fmt: skip
        assert networkx.descendants(graph, "ana-ruiz") == {"luis-ortega", "priya-nair"}
        assert graph.nodes["ana-ruiz"]["name"] == "Ana Ruiz"
        assert graph.nodes["luis-ortega"]["degree"] == 2
        assert graph.nodes["ana-ruiz"]["fields"] == "nursing"
        assert "maya-rao" not in graph
        (referral,) = net.referrals("priya")
        assert graph["luis-ortega"]["priya-nair"][referral.id]["on"] == "2026-03-01"

    def test_the_same_two_may_be_connected_twice(self, net):
        net.refer("ana", "luis", on="2026-03-02")
        graph = net.to_networkx()
        assert graph.number_of_edges("ana-ruiz", "luis-ortega") == 2

    def test_other_links_go_both_ways(self, net):
        known, made = net.knows("ana", "priya"), net.introduce("ana", "bo")
        graph = net.to_networkx("acquaintances")
        assert {(source, target) for source, target in graph.edges()} == {
            ("ana-ruiz", "priya-nair"), ("priya-nair", "ana-ruiz"),
        }  # fmt: skip
        assert known.id in graph["ana-ruiz"]["priya-nair"]
        assert made.id in net.to_networkx("introductions")["ana-ruiz"]["bo-li"]
        assert net.to_networkx("all").number_of_edges() == 3 + 2 + 2
        assert len(graph) == 4

    def test_it_is_what_is_in_graphml(self, net):
        net.knows("ana", "priya")
        graph = net.to_networkx("all")
        read = networkx.parse_graphml(net.map("graphml"), force_multigraph=True)
        assert dict(read.nodes(data=True)) == dict(graph.nodes(data=True))
        assert set(read.edges(keys=True)) == set(graph.edges(keys=True))

    def test_a_moment_and_a_field(self, net):
        assert len(net.to_networkx(as_of="2026-02-22")) == 3
        assert set(net.to_networkx(field="nursing")) == {"ana-ruiz"}

    def test_there_is_no_such_kind(self, net):
        with pytest.raises(InvalidError, match="choose from referrals, acquaintances, intro"):
            net.to_networkx("friends")

    def test_without_networkx(self, net, monkeypatch):
        monkeypatch.setitem(sys.modules, "networkx", None)
        with pytest.raises(NotFoundError, match="pip install networkx"):
            net.to_networkx()


@pytest.fixture(params=STORAGES)
def maya(request: pytest.FixtureRequest, lives: Lives) -> Maya:
    """Maya's eight weeks; each storage in turn."""
    return lives(request.param)


def test_mayas_picture(maya):
    """Step 8 of her story, in numbers."""
    picture = maya.net.picture()
    assert picture.summary == "33 people, 10 referrals"
    assert Counter(one.degree for one in picture.people) == {1: 26, 2: 4, 3: 2, 4: 1}
    assert {(one.source, one.target) for one in picture.links if not one.credited} == {
        ("elena-marsh", "priya-nair"), ("nina-patel", "omar-haddad"), ("tom-okafor", "janet-kim"),
    }  # fmt: skip
    assert who(picture, "Aisha Bello").through == "tom-okafor"
    assert Counter(one.mark for one in picture.people) == {"none": 21, "held": 12}


def test_the_picture_in_the_documents_is_what_is_drawn_today(lives, tmp_path):
    """Where it is not, and should be: copy the file that is named over docs/map.svg."""
    now = tmp_path / "map.svg"
    now.write_text(lives("memory").net.map("svg"), "utf-8")
    there = Path(__file__).parents[1] / "docs/map.svg"
    assert there.read_text("utf-8") == now.read_text("utf-8"), f"cp {now} {there}"


def test_mayas_picture_is_the_same_in_every_storage(lives):
    """Byte by byte, but for the ids, which are new each time."""
    pictures = [lives(storage).net.map("html") for storage in STORAGES]
    assert len(set(pictures)) == 1
    drawings = [lives(storage).net.map("svg") for storage in STORAGES]
    assert len(set(drawings)) == 1


def test_the_parts_of_a_line_of_descent_are_the_same_however_told(opens: Opens, clock: Clock):
    """The order in which referrals are told does not matter."""
    pairs = [("Ana", "Bo"), ("Bo", "Cy"), ("Cy", "Dee"), ("Ana", "Eve")]
    drawn = []
    for order in (pairs, pairs[::-1]):
        network = netcrm.open(tz=networks.HOME, clock=clock)
        for name in ["Ana", "Bo", "Cy", "Dee", "Eve"]:
            network.add(name)
        for number, (by, to) in enumerate(order):
            network.refer(by, to, on=f"2026-03-0{1 + pairs.index((by, to))}")
            assert number < 4
        drawn.append(network.map("svg"))
    assert drawn[0] == drawn[1]
