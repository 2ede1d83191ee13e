"""What services have, taken into a network page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from netcrm import (
    BusyError,
    Interaction,
    InvalidError,
    Item,
    Known,
    Network,
    NotFoundError,
    Page,
    PluginError,
    Remote,
    Stranger,
    Synced,
)
from netcrm.storage.query import Query
from tests import networks
from tests.networks import Opens, commits, everything
from tests.services import ANA, LUIS, ME, TOM, Box, item, logged, take, talks

clock, opens = networks.clock, networks.opens


@pytest.fixture
def net(opens: Opens) -> Iterator[Network]:
    """A network of me, Ana and Luis, each with an address; each storage in turn."""
    with opens() as network:
        network.add("Maya Rao", email=ME, is_me=True)
        network.add("Ana Ruiz", email=ANA)
        network.add("Luis Ortega", email=LUIS)
        yield network


def strangers(net: Network) -> dict[str, str]:
    with net._reading() as view:
        return {one.address: one.name for one in net._all(view, Stranger, Query("stranger"))}


class TestAPage:
    def test_what_passed_with_people_who_are_here_becomes_an_interaction(self, net):
        one = item("a", ANA, TOM, copied=[{"email": LUIS}], thread="t")
        done = take(net, Page(items=(one,), skipped={"automatic mail": 3}))
        assert done == Synced(seen=1, logged=1, pages=1, skipped={"automatic mail": 3})
        (kept,) = talks(net)
        assert (kept.ref, kept.subject, kept.thread) == ("rfc822:a", "About a", "t")
        assert (kept.channel, kept.direction) == ("email", "outbound")
        assert str(kept.occurred) == "2026-03-02T10:00:00-05:00[America/New_York]"
        assert [one.role for one in kept.participants] == ["with", "cc"]
        assert strangers(net) == {TOM: "Tom"}

    def test_with_nobody_it_is_none(self, net):
        copied = item("b", TOM, copied=[{"email": ANA}])
        assert take(net, Page(items=(item("a", ME, TOM), copied))).logged == 0
        assert logged(net) == []
        assert strangers(net) == {TOM: "Tom"}

    def test_what_it_is_called_may_be_written_in_two_ways(self, net):
        take(net, Page(items=(item("a", ANA, ref="rfc822:e\u0301"),)))
        (kept,) = talks(net)
        assert (kept.ref, kept.subject) == ("rfc822:\xe9", "About a")

    def test_an_address_is_compared_as_people_write_it(self, net):
        assert take(net, Page(items=(item("a", "ANA@Example.ORG"),))).logged == 1

    def test_nobody_is_meant_by_an_address_that_two_share(self, net):
        with net.transaction("remove") as removal:
            net.remove("ana")
        net.add("Ann Other", email=ANA)
        net.undo(removal.commit.seq)
        assert take(net, Page(items=(item("a", ANA),))).logged == 0

    def test_the_same_again_changes_nothing(self, net):
        page = Page(items=(item("a", ANA), item("b", TOM)), remember={"to": "7"})
        take(net, page)
        before = commits(net), everything(net)
        assert take(net, page, Page(back=("a", "b"))) == Synced(seen=2, pages=2)
        assert (commits(net), everything(net)) == before

    def test_each_is_one_commit_with_what_is_remembered(self, net):
        before = commits(net)
        box = Box(Page(items=(item("a", ANA),), remember={"to": "1"}), BusyError("not now"))
        with pytest.raises(BusyError, match="not now"):
            net.sync(box)
        assert commits(net) == before + 2  # the key of the marks is the first
        assert box.states == [{}, {"to": "1"}]
        again = Box(Page(items=(item("b", LUIS),), remember={"to": "2"}), Page())
        net.sync(again)
        assert again.states == [{"to": "1"}, {"to": "2"}]
        assert [ref for ref, *_ in logged(net)] == ["rfc822:a", "rfc822:b"]

    def test_services_remember_each_for_themselves(self, net):
        take(net, Page(remember={"to": "1"}))
        other = Box(Page(), name="mail work")
        net.sync(other)
        assert other.states == [{}]

    def test_one_page_can_be_taken_back(self, net):
        take(net, Page(items=(item("a", ANA),)))
        before = everything(net)
        take(net, Page(items=(item("b", ANA),), remember={"to": "2"}))
        net.undo()
        assert everything(net) == before

    def test_it_is_no_part_of_a_transaction(self, net):
        with net.transaction("mine"), pytest.raises(InvalidError, match="cannot be part of a"):
            take(net, Page())

    def test_what_fails_is_named(self, net):
        with pytest.raises(PluginError, match="sync mail maya failed: TypeError: it gave 5, not a"):
            net.sync(Box(5))
        with pytest.raises(PluginError, match="sync mail maya failed: KeyError"):
            net.sync(Box(KeyError("id")))


class TestInterviews:
    def test_who_answers_by_mail_has_answered(self, net, clock):
        clock.set("2026-02-20T10:00")
        net.ask("luis", "email")
        clock.set("2026-03-05T09:00")
        assert {one.kind for one in net.obligations(who="luis") if one.is_open} == {"follow_up"}
        take(net, Page(items=(item("a", LUIS, direction="inbound"),)))
        (asked, answer) = sorted(talks(net), key=lambda one: one.ref)
        assert answer.interview == asked.interview
        assert net.interview("luis").now.replied == answer.occurred
        assert {one.kind for one in net.obligations(who="luis") if one.is_open} == {"owe_reply"}

    def test_what_came_before_i_asked_or_went_to_others_is_no_part_of_it(self, net, clock):
        clock.set("2026-03-03T10:00")
        net.ask("luis", "email")
        before, other = item("a", LUIS, day=1, direction="inbound"), item("b", ANA, day=4)
        take(net, Page(items=(before, other)))
        assert [one.interview for one in talks(net) if one.ref] == [None, None]


class TestWhatIsGone:
    def test_goes_here_too_and_comes_back(self, net):
        take(net, Page(items=(item("a", ANA),)))
        assert take(net, Page(gone=("a", "never seen"))).removed == 1
        assert logged(net) == []
        assert take(net, Page(back=("a",))).logged == 1
        assert logged(net) == [("rfc822:a", "2026-03-02", ["ana-ruiz"])]

    def test_of_two_copies_the_last_one_counts(self, net):
        take(net, Page(items=(item("a", ANA, ref="rfc822:x"),)))
        take(net, Page(items=(item("k", ANA, ref="rfc822:x"),)), name="mail work")
        assert len(logged(net)) == 1
        take(net, Page(gone=("a",)))
        assert len(logged(net)) == 1
        take(net, Page(gone=("k",)), name="mail work")
        assert logged(net) == []

    def test_what_i_said_of_it_stays(self, net):
        take(net, Page(items=(item("a", ANA),)))
        (kept,) = talks(net)
        net.put(attrs.evolve(kept, text="She knows the dean."))
        assert take(net, Page(gone=("a",))).removed == 0
        take(net, Page(items=(item("a", ANA, LUIS, day=4),)))
        (kept,) = talks(net)
        assert (kept.text, str(kept.occurred.date)) == ("She knows the dean.", "2026-03-02")
        assert len(kept.participants) == 2

    def test_what_changed_there_changes_here(self, net):
        take(net, Page(items=(item("a", ANA),)))
        assert take(net, Page(items=(item("a", ANA, day=3),))).changed == 1
        assert logged(net) == [("rfc822:a", "2026-03-03", ["ana-ruiz"])]


class TestStrangers:
    def test_are_found_in_what_was_read_before_once_they_are_here(self, net):
        take(net, Page(items=(item("a", TOM), item("b", ANA, TOM), item("c", TOM, day=3))))
        take(net, Page(gone=("c",)))
        assert [handles for *_, handles in logged(net)] == [["ana-ruiz"]]
        net.add("Tom Okafor", email=TOM)
        assert take(net) == Synced(logged=1, changed=1)
        assert [(ref, handles) for ref, _, handles in logged(net)] == [
            ("rfc822:a", ["tom-okafor"]), ("rfc822:b", ["ana-ruiz", "tom-okafor"]),
        ]  # fmt: skip
        assert strangers(net) == {}
        take(net, Page(back=("c",)))
        assert len(logged(net)) == 3

    def test_have_the_first_name_that_is_told(self, net):
        nameless = Item(
            key="a", ref="a", at=datetime(2026, 3, 2, tzinfo=UTC), people=[{"email": TOM}],
            channel="email", direction="inbound",
        )  # fmt: skip
        take(net, Page(items=(nameless,)))
        assert strangers(net) == {TOM: ""}
        take(net, Page(items=(item("b", TOM),)))
        assert strangers(net) == {TOM: "Tom"}

    def test_come_in_the_order_in_which_they_may_matter(self, net):
        """Both ways first, then by how much, then who was last."""
        eve, bob, cyd = "eve@example.org", "bob@example.org", "cyd@example.org"
        take(net, Page(items=(
            item("1", TOM), item("2", TOM, direction="inbound", day=3),
            item("3", eve), item("4", eve), item("5", eve), item("6", eve, ANA, day=1),
            item("7", bob, direction="inbound", day=4), item("8", cyd, day=3),
        )))  # fmt: skip
        found = [(one.stranger.address, one.sent, one.received, str(one.last))
                 for one in net.strangers()]  # fmt: skip
        assert found == [
            (TOM, 1, 1, "2026-03-03"), (eve, 4, 0, "2026-03-02"), (bob, 0, 1, "2026-03-04"),
            (cyd, 1, 0, "2026-03-03"),
        ]  # fmt: skip
        assert net.ignore("EVE@example.org").is_ignored
        take(net, Page(gone=("8",)))
        assert [one.stranger.address for one in net.strangers()] == [TOM, bob]
        net.ignore(eve, ignore=False)
        assert len(net.strangers()) == 3
        with pytest.raises(NotFoundError, match=r"Nobody with the address x@y\.org has come up"):
            net.ignore("x@y.org")

    def test_who_was_forgotten_stays_forgotten(self, net):
        net.forget("ana")
        assert take(net, Page(items=(item("a", ANA, LUIS), item("b", ANA)))).logged == 1
        assert logged(net) == [("rfc822:a", "2026-03-02", ["luis-ortega"])]
        assert strangers(net) == {}

    def test_forgetting_takes_out_what_was_read_before(self, net):
        """Also what was kept of it to take changes back: as if it had never been there."""
        take(net, Page(items=(item("a", TOM), item("b", ANA, TOM), item("c", LUIS, TOM))))
        take(net, Page(gone=("a",)))
        net.add("Tom Okafor", email=TOM)
        take(net, Page(back=("a",)))
        with net._reading() as view:
            (tom,) = [one.people[0] for one in net._all(view, Remote, Query("remote"))
                      if one.key == "a"]  # fmt: skip
        net.forget("tom")
        with net._reading() as view:
            kept = [str(record) for kind in view.kinds for record in view.scan(kind)]
            others = {one.key: len(one.people) for one in net._all(view, Remote, Query("remote"))}
        assert not [one for one in kept if tom in one or TOM in one]
        assert others == {"a": 0, "b": 1, "c": 1}
        assert [ref for ref, *_ in logged(net)] == ["rfc822:b", "rfc822:c"]
        assert net.verify().faults == ()
        net.undo(9)
        assert net.verify().faults == ()

    def test_no_address_is_kept_with_what_was_read(self, net):
        take(net, Page(items=(item("a", TOM),)))
        with net._reading() as view:
            (kept,) = net._all(view, Remote, Query("remote"))
        assert "tom" not in str(kept).lower()
        assert len(kept.waiting) == 1


class TestWhatIsKnown:
    def test_is_told_to_who_reads(self, net):
        take(net, Page(items=(item("a", ANA), item("b", TOM, day=3), item("c", ANA, day=4))))
        take(net, Page(gone=("b",)))
        told: dict[str, Any] = {}

        class Asks:
            name = "mail maya"

            def pages(self, known: Known) -> Iterator[Page]:
                told["days"] = {k: str(v) for k, v in known.days(["a", "b", "z"]).items()}
                told["there"] = sorted(known.there(datetime(2026, 3, 3).date()))  # noqa: DTZ001
                yield Page()

        net.sync(Asks())
        assert told == {"days": {"a": "2026-03-02", "b": "2026-03-03"}, "there": ["c"]}


class TestBounces:
    def bounce(self, *addresses: str, key: str = "b") -> Page:
        return Page(items=(item(key, bounced=addresses, direction="inbound"),))

    def valid(self, net: Network) -> list[tuple[str, str]]:
        return [(one.value, one.valid) for one in net.contact("ana").points]

    def test_an_address_that_cannot_be_reached_is_used_no_more(self, net):
        net.edit("ana", email="ana@work.example")
        take(net, self.bounce("ANA@example.org", TOM))
        assert self.valid(net) == [(ANA, "bounced"), ("ana@work.example", "unknown")]
        assert logged(net) == []
        assert strangers(net) == {}

    def test_once_it_was_put_right_it_stays_so(self, net):
        take(net, self.bounce(ANA))
        (point,) = net.contact("ana").points
        net.put(attrs.evolve(net.contact("ana"), points=(attrs.evolve(point, valid="ok"),)))
        take(net, self.bounce(ANA))
        assert self.valid(net) == [(ANA, "ok")]
        take(net, self.bounce(ANA, key="c"))
        assert self.valid(net) == [(ANA, "bounced")]


class TestSaidByHand:
    """What is logged by hand and told by a service, too, is one, whichever comes first."""

    def test_what_was_logged_by_hand_is_not_logged_again(self, net):
        by_hand = net.log("ana", "email", "asked for half an hour", at="2026-03-02", kind="request")
        assert take(net, Page(items=(item("a", ANA),))).logged == 0
        assert talks(net) == [net.get(Interaction, by_hand.id)]

    def test_what_is_told_already_is_what_is_logged_by_hand(self, net):
        take(net, Page(items=(item("a", ANA, copied=[{"email": LUIS}], thread="t"),)))
        net.log("ana", "email", "asked for half an hour", at="2026-03-02", kind="request")
        (kept,) = talks(net)
        assert (kept.kind, kept.text) == ("request", "asked for half an hour")
        assert (kept.ref, kept.thread, kept.subject) == ("rfc822:a", "t", "About a")
        assert str(kept.occurred).startswith("2026-03-02T10:00")
        assert [one.role for one in kept.participants] == ["with", "cc"]
        assert net.interview("ana").now.stage == "contacted"
        take(net, Page(gone=("a",)))
        assert len(talks(net)) == 1

    @pytest.mark.parametrize(
        "other",
        [
            {"at": "2026-03-01"},
            {"direction": "inbound"},
            {"channel": "phone"},
            {"who": ["ana", "luis"]},
            {"who": ["luis"]},
        ],
        ids=[
            "another day",
            "the other way",
            "another channel",
            "with more people",
            "somebody else",
        ],
    )
    def test_anything_else_is_something_else(self, net, other):
        take(net, Page(items=(item("a", ANA),)))
        said = {"who": ["ana"], "channel": "email", "at": "2026-03-02"} | other
        net.log(said.pop("who"), said.pop("channel"), **said)
        assert len(talks(net)) == 2

    @pytest.mark.parametrize(
        "other",
        [
            {"at": "2026-03-01"},
            {"direction": "inbound"},
            {"channel": "phone"},
            {"who": ["luis"]},
        ],
        ids=["another day", "the other way", "another channel", "somebody else"],
    )
    def test_nor_the_other_way_round(self, net, other):
        said = {"who": ["ana"], "channel": "email", "at": "2026-03-02"} | other
        net.log(said.pop("who"), said.pop("channel"), **said)
        assert take(net, Page(items=(item("a", ANA),))).logged == 1

    def test_a_message_to_more_people_is_logged_for_them(self, net):
        net.log("ana", "email", at="2026-03-02")
        assert take(net, Page(items=(item("a", ANA, LUIS),))).logged == 1

    def test_a_second_message_of_the_day_is_another(self, net):
        take(net, Page(items=(item("a", ANA), item("b", ANA))))
        net.log("ana", "email", "first", at="2026-03-02")
        net.log("ana", "email", "second", at="2026-03-02")
        net.log("ana", "email", "third", at="2026-03-02")
        assert sorted(one.text for one in talks(net)) == ["first", "second", "third"]

    def test_a_talk_is_the_same_by_whatever_channel(self, net):
        meeting = item("m", ANA, channel="video", direction="mutual", minutes=30, thread="weekly")
        take(net, Page(items=(meeting,)))
        net.log("ana", "coffee", "she likes tea", at="2026-03-02")
        (kept,) = talks(net)
        assert (kept.kind, kept.channel, kept.minutes) == ("meeting", "in_person", 30)
