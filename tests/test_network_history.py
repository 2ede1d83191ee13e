"""History: every write is one commit that can be taken back exactly, or refuses and says why."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import netcrm
from netcrm import InvalidError, NetcrmError, NotFoundError, RefusedError, Sighting, SourceProvider
from netcrm.kinds import KINDS
from tests import networks
from tests.networks import ana_and_luis, commits, everything

clock, opens, net = networks.clock, networks.opens, networks.net

slow = HealthCheck.function_scoped_fixture


class Rows:
    """A source of the rows that the test gives it."""

    def __init__(self) -> None:
        self.rows: list[Sighting] = []

    def batches(self):
        yield netcrm.Batch(sightings=tuple(self.rows))

    @netcrm.hookimpl
    def netcrm_sources(self):
        return [SourceProvider(name="rows", summary="", open=lambda argument: self)]


class TestOneWriteOneCommit:
    """Each call that writes is one commit with a reason; a block of them is one together."""

    def test_every_write_makes_exactly_one_commit(self, opens):
        """The history has a line for each thing done, the newest first, with what it touched."""
        rows = Rows()
        rows.rows = [Sighting(line=1, said={"name": "Row One", "email": "one@example.org"})]
        net = opens(plugins=[rows])
        ana_and_luis(net)
        meeting = []
        for write in (
            lambda: net.edit("ana", note="x"),
            lambda: net.tag("ana", "luis", add=["x"]),
            lambda: net.log(["ana", "luis"], "coffee"),
            lambda: net.refer("ana", "Priya Nair"),
            lambda: meeting.append(net.plan("ana", "2026-03-20")),
            lambda: net.end(meeting[0], "cancelled"),
            lambda: net.rule("circle:inner", "2 weeks"),
            lambda: net.snooze("ana", "in 2 weeks"),
            lambda: net.pause("ana"),
            lambda: net.resume("ana"),
            lambda: net.next_touch("ana", "in 2 weeks"),
            lambda: net.rule("all", "1 month"),
            lambda: net.spread(),
            lambda: net.drop_rule("all"),
            lambda: net.import_from("rows", "x"),
            lambda: net.put(attrs.evolve(net.contact("ana"), note="y")),
            lambda: net.undo(),
        ):
            before = commits(net)
            write()
            assert commits(net) == before + 1
        reasons = [entry.commit.reason for entry in net.history(limit=17)]
        assert reasons == [
            "undo", "put", "import rows", "drop rule", "spread", "rule", "next touch", "pause",
            "pause", "snooze", "rule", "end meeting", "plan", "refer", "log", "tag", "edit",
        ]  # fmt: skip
        log = net.history(limit=15)[-1].commit
        assert {kind: len(ids) for kind, ids in log.created.items()} == {"interaction": 1}
        refer = net.history(limit=14)[-1].commit
        assert (refer.count("created"), refer.count("changed"), refer.count("deleted")) == (2, 0, 0)
        tag = net.history(limit=16)[-1].commit
        assert (tag.count("created"), tag.count("changed"), tag.detail) == (0, 2, "x")

    def test_a_commit_says_when_and_is_numbered_from_one(self, net, clock):
        """Numbers count commits whatever the clock does."""
        ana_and_luis(net)
        clock.set("1999-01-01")
        net.edit("ana", note="x")
        assert [entry.commit.seq for entry in net.history()] == [3, 2, 1]
        assert [entry.commit.at.year for entry in net.history()] == [1999, 2026, 2026]
        assert {one.rev for one in net.contacts()} == {2, 3}

    def test_a_block_is_one_commit_and_blocks_nest(self, net):
        """What is inside a transaction belongs to it, however deep."""
        with net.transaction("a round", detail="of three") as receipt:
            ana_and_luis(net)
            with net.transaction("inner") as inner:
                net.log("ana", "coffee")
            assert net.contact("ana").name == "Ana Ruiz"
        assert inner.commit == receipt.commit == net.history()[0].commit
        assert commits(net) == 1
        commit = receipt.commit
        assert (commit.reason, commit.detail, commit.count("created")) == ("a round", "of three", 3)
        net.undo()
        assert everything(net) == {}

    def test_what_is_written_twice_in_a_block_is_taken_back_to_before_the_block(self, net):
        """Only the first version counts."""
        ana_and_luis(net)
        before = everything(net)
        with net.transaction():
            for note in ("one", "two", "three"):
                net.edit("ana", note=note)
            net.rule("all", "1 week")
            net.drop_rule("all")
        assert net.history()[0].commit.count("changed") == 1
        assert net.history()[0].commit.count("created") == 0
        net.undo()
        assert everything(net) == before

    def test_nothing_changed_no_commit(self, net):
        """An empty block, or one that only looks, or only says what is so already."""
        ana_and_luis(net)
        before = commits(net)
        with net.transaction() as receipt:
            net.contacts()
            net.edit("ana", circles=["inner"])
            net.put(net.contact("luis"))
            net.add("Ghost")
        assert receipt.commit is not None  # the ghost
        with net.transaction() as receipt:
            net.put(net.contact("luis"))
        assert receipt.commit is None
        net.edit("ana", note="")
        net.tag("ana", add=["mentor"])
        net.spread()
        assert commits(net) == before + 1

    @pytest.mark.parametrize("error", [ValueError, NotFoundError, SystemExit, KeyboardInterrupt])
    def test_an_exception_takes_everything_back(self, net, error):
        """A block that does not come to its end leaves no trace, and the next one works."""
        ana_and_luis(net)
        before, count = everything(net), commits(net)

        def fail():
            with net.transaction() as receipt:
                net.edit("ana", note="half")
                net.log("ana", "coffee")
                with net.transaction("inner"):
                    net.drop_rule("all") if net.rules() else net.rule("all", "1 week")
                assert len(net.rules()) == 1
                receipts.append(receipt)
                raise error("no")

        receipts = []
        with pytest.raises(error):
            fail()
        assert (everything(net), commits(net), receipts[0].commit) == (before, count, None)
        net.edit("ana", note="whole")
        assert commits(net) == count + 1


class TestDryRun:
    """It is done, can be looked at, and is then dropped."""

    def test_it_can_be_seen_inside_and_leaves_the_file_as_it_was(self, tmp_path):
        """Not one byte of the network changes, and there is no new file beside it."""
        net = networks.opener("tinydb", tmp_path)()
        ana_and_luis(net)
        net.log("ana", "coffee")
        files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        with net.transaction("try", dry_run=True) as receipt:
            net.add("Carol Stein")
            net.tag("carol", "ana", add=["x"])
            assert len(net.contacts(tag="x")) == 2
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files
        assert receipt.commit.seq == 4
        assert (receipt.commit.count("created"), receipt.commit.count("changed")) == (1, 1)

    def test_it_leaves_everything_as_it_was(self, net):
        """In every storage."""
        ana_and_luis(net)
        before = everything(net)
        with net.transaction(dry_run=True) as receipt:
            net.edit("ana", note="x")
            with net.transaction(dry_run=True):
                net.edit("luis", note="x")
        assert receipt.commit.count("changed") == 2
        assert everything(net) == before
        assert commits(net) == 2

    def test_a_trial_inside_something_real_is_refused(self, net):
        """Part of a block cannot be dropped; kept silently it would be a surprise."""
        ana_and_luis(net)
        before = everything(net)
        with (
            pytest.raises(InvalidError, match="dry run cannot be part"),
            net.transaction("real"),
            net.transaction("trial", dry_run=True),
        ):
            net.edit("ana", note="x")
        assert everything(net) == before


class TestUndo:
    """A commit is taken back exactly; that is a commit too, and can be taken back itself."""

    def test_the_last_then_the_one_before(self, net):
        """Undo twice goes back two steps, not back and forth."""
        ana_and_luis(net)
        seen = [everything(net)]
        for note in ("one", "two"):
            net.edit("ana", note=note)
            seen.append(everything(net))
        assert net.undo().seq == 4
        assert everything(net) == seen[1]
        assert net.undo().seq == 3
        assert everything(net) == seen[0]
        assert net.undo().seq == 2
        assert net.undo().seq == 1
        assert everything(net) == {}
        with pytest.raises(NotFoundError, match="nothing to undo"):
            net.undo()
        assert [(e.commit.seq, e.commit.undoes, e.undone_by) for e in net.history()][-5:] == [
            (5, 4, None), (4, None, 5), (3, None, 6), (2, None, 7), (1, None, 8),
        ]  # fmt: skip

    def test_a_named_one_from_the_middle(self, net):
        """What came later and touched other records stays."""
        ana_and_luis(net)
        net.log("ana", "coffee")
        net.edit("luis", note="stays")
        assert net.undo(3).reason == "log"
        assert net.timeline("ana") == []
        assert net.contact("luis").note == "stays"

    def test_an_undo_is_undone_by_its_number(self, net):
        """Everything is back, with the same ids, words and revisions."""
        ana_and_luis(net)
        net.log("ana", "coffee")
        before = everything(net)
        net.undo()
        net.undo(4)
        assert everything(net) == before
        assert net.undo().seq == 3  # the log stands again, so it is the last
        net.undo(6)
        net.undo(7)
        assert net.timeline("ana") == []
        assert [entry.undone_by for entry in net.history()] == [
            None, 8, None, None, 5, 6, None, None,
        ]  # fmt: skip

    def test_what_is_undone_is_not_undone_again(self, net):
        """The message names the undo, and how to bring the change back."""
        ana_and_luis(net)
        net.undo(2)
        with pytest.raises(
            InvalidError, match=r"#2 was taken back already, by #3\. .* netcrm undo 3"
        ):
            net.undo(2)
        net.undo(3)
        assert net.undo(2).seq == 2

    @pytest.mark.parametrize("number", [0, -1, 7, 10**20])
    def test_a_number_that_is_none(self, net, number):
        """It is not found, and the message says where the numbers are."""
        ana_and_luis(net)
        with pytest.raises(NotFoundError, match=r"no change #-?\d+\. See: netcrm history"):
            net.undo(number)

    def test_each_kind_of_write_is_taken_back(self, opens, clock):
        """Added, changed or removed; people, talks, referrals, meetings, rules and exceptions."""
        rows = Rows()
        net = opens(plugins=[rows])
        ana_and_luis(net)
        net.rule("circle:inner", "2 weeks")
        meeting = net.plan("ana", "2026-03-20")
        rows.rows = [Sighting(line=1, said={"name": "Row One", "email": "ana@example.org"})]
        for write in (
            lambda: net.edit("ana", note="x", email="new@example.org", handle="anita"),
            lambda: net.tag("ana", "luis", add=["x"], remove=["mentor"]),
            lambda: net.refer("luis", "Priya Nair"),
            lambda: net.end(meeting, "cancelled"),
            lambda: net.rule("circle:inner", "3 weeks"),
            lambda: net.drop_rule("circle:inner"),
            lambda: net.pause("ana"),
            lambda: net.import_from("rows", "x"),
        ):
            before = everything(net)
            write()
            assert everything(net) != before
            net.undo()
            assert everything(net) == before


class TestUndoRefuses:
    """It never takes away what came later; it says what that is, and how to leave it."""

    def test_a_record_changed_later(self, net):
        """The message names the record and the commit."""
        ana_and_luis(net)
        net.edit("ana", note="one")
        net.edit("ana", note="two")
        before = everything(net)
        with pytest.raises(
            RefusedError, match=r"#3 \(edit\).*contact ana-ruiz: changed by #4"
        ) as why:
            net.undo(3)
        assert "netcrm undo 3 --leave-touched" in str(why.value)
        assert everything(net) == before

    def test_a_person_somebody_refers_to_later(self, net):
        """Whoever was added and then talked to cannot just vanish; any reference counts."""
        ana_and_luis(net)
        for number, (write, kind) in enumerate(
            (
                (lambda: net.log("luis", "coffee"), "interaction"),
                (lambda: net.refer("ana", "luis"), "referral"),
                (lambda: net.plan("luis", "2026-03-20"), "meeting"),
                (lambda: net.rule("contact:luis", "never"), "cadence"),
                (lambda: net.pause("luis"), "adjustment"),
            )
        ):
            write()
            seq = 3 + 2 * number
            with pytest.raises(RefusedError, match=f"contact luis-ortega: {kind} of #{seq} refers"):
                net.undo(2)
            net.undo()
        assert net.undo(2).seq == 2

    def test_many_are_counted_rather_than_listed(self, net):
        """The message stays short."""
        with net.transaction():
            for number in range(9):
                net.add(f"Person {number}")
        net.tag(*(f"person-{number}" for number in range(9)), add=["x"])
        with pytest.raises(RefusedError, match="and 4 more") as why:
            net.undo(1)
        assert len(str(why.value)) < 500

    def test_leave_touched_takes_back_the_rest(self, net):
        """What was changed since is left as it is now."""
        with net.transaction("three"):
            for name in ("Ana Ruiz", "Luis Ortega", "Carol Stein"):
                net.add(name)
        net.edit("ana", note="x")
        net.log("luis", "coffee")
        left = everything(net)
        net.undo(1, leave_touched=True)
        assert [one.name for one in net.contacts()] == ["Ana Ruiz", "Luis Ortega"]
        assert everything(net).items() <= left.items()
        net.undo(4)
        assert everything(net) == left

    def test_leave_touched_keeps_people_who_are_still_spoken_of(self, net):
        """A talk that was edited later stays, and so does whom it was with."""
        with net.transaction("both"):
            net.add("Ana Ruiz")
            talk = net.log("ana", "coffee")
            net.log("ana", "call")
        net.put(attrs.evolve(talk, text="edited"))
        with pytest.raises(RefusedError):
            net.undo(1)
        net.undo(1, leave_touched=True)
        assert [one.text for one in net.timeline("ana")] == ["edited"]

    def test_leave_touched_where_everything_was_touched_changes_nothing(self, net):
        """Then there is no commit either."""
        ana_and_luis(net)
        net.edit("luis", note="x")
        net.undo(2, leave_touched=True)
        assert commits(net) == 3

    def test_what_would_refer_to_nobody_is_not_brought_back(self, net):
        """A talk cannot come back before the person it was with."""
        ana_and_luis(net)
        net.log("ana", "coffee")
        net.undo(3)
        net.undo(1)
        before = everything(net)
        with pytest.raises(RefusedError, match="about somebody who was taken back too"):
            net.undo(4)
        assert everything(net) == before
        net.undo(5)
        net.undo(4)
        assert len(net.timeline("ana")) == 1

    @pytest.mark.parametrize(
        ("write", "again", "why"),
        [
            (
                lambda net: net.add("Ana Ruiz"),
                lambda net: net.add("Ana Ruiz"),
                "somebody else has the handle ana-ruiz already",
            ),
            (
                lambda net: net.add("Me", is_me=True),
                lambda net: net.add("Myself", is_me=True),
                "somebody else is me already",
            ),
            (
                lambda net: net.rule("all", "1 week"),
                lambda net: net.rule("all", "2 weeks"),
                "there is another rule for all already",
            ),
            (
                lambda net: net.log("luis", "email", ref="gmail:1"),
                lambda net: net.log("luis", "email", ref="gmail:1"),
                "gmail:1 is logged already",
            ),
        ],
    )
    def test_what_there_is_one_of_does_not_come_back_beside_another(self, net, write, again, why):
        """A handle, me, the rule for some people, a record from outside: one of each."""
        net.add("Luis Ortega")
        write(net)
        net.undo()
        again(net)
        before = everything(net)
        with pytest.raises(RefusedError, match=re.escape(why)):
            net.undo(3)
        assert everything(net) == before
        net.undo()
        net.undo(3)

    def test_a_handle_that_changed_hands_within_one_commit_goes_back(self, net):
        """Two people who swapped their words get them back together."""
        ana_and_luis(net)
        before = everything(net)
        with net.transaction("swap"):
            net.edit("ana-ruiz", handle="x")
            net.edit("luis-ortega", handle="ana-ruiz")
            net.edit("x", handle="luis-ortega")
        assert net.contact("ana-ruiz").name == "Luis Ortega"
        net.undo()
        assert everything(net) == before


class TestTakingEverythingBack:
    """For any sequence of operations, undo is exact."""

    @settings(suppress_health_check=[slow])
    @given(seed=st.integers(0, 10**9), length=st.integers(1, 14))
    @pytest.mark.parametrize("kind", networks.STORAGES)
    def test_in_reverse_order_every_state_comes_back(self, tmp_path_factory, kind, seed, length):
        """After undoing all commits backwards the records are as at the start, byte for byte."""
        net, states = _random_life(kind, tmp_path_factory.mktemp("n"), seed, length)
        for seq in range(commits(net), 0, -1):
            assert everything(net) == states.get(seq, everything(net))
            net.undo(seq)
        assert everything(net) == {}

    @settings(suppress_health_check=[slow])
    @given(seed=st.integers(0, 10**9), length=st.integers(1, 14))
    @pytest.mark.parametrize("kind", networks.STORAGES)
    def test_undo_of_undo_is_nothing(self, tmp_path_factory, kind, seed, length):
        """Whatever commit can be taken back can be brought back, and all is as before."""
        net, states = _random_life(kind, tmp_path_factory.mktemp("n"), seed, length)
        before = everything(net)
        for seq in filter(None, states):
            taken_back = _try(lambda seq=seq: net.undo(seq, leave_touched=seq % 2 == 0))
            if taken_back and net.history(1)[0].commit.undoes == seq:
                net.undo(net.history(1)[0].commit.seq)
            assert everything(net) == before

    @settings(suppress_health_check=[slow])
    @given(seed=st.integers(0, 10**9), length=st.integers(1, 14))
    @pytest.mark.parametrize("kind", networks.STORAGES)
    def test_in_any_order_nothing_is_left_hanging(self, tmp_path_factory, kind, seed, length):
        """Whatever undo allows leaves a whole network: nobody missing, no word twice."""
        net, _ = _random_life(kind, tmp_path_factory.mktemp("n"), seed, length)
        chance = random.Random(seed)
        for _ in range(10):
            before = everything(net)
            number = chance.randint(1, commits(net))
            if not _try(lambda n=number: net.undo(n, leave_touched=chance.random() < 0.3)):
                assert everything(net) == before
            _check_whole(net)


def _try(write):
    try:
        write()
    except NetcrmError:
        return False
    return True


def _random_life(kind: str, folder: Path, seed: int, length: int):
    """Do things at random; return the network and what it held after each commit, by number."""
    chance = random.Random(seed)
    rows = Rows()
    net = networks.opener(kind, folder)(plugins=[rows])
    states = {0: everything(net)}
    for _ in range(length):
        _try(lambda: _something(net, rows, chance))
        if commits(net) not in states:
            states[commits(net)] = everything(net)
    return net, states


def _something(net, rows, chance):
    people = net.contacts()
    who = chance.choice(people) if people else None
    day = date(2026, 3, 5) - timedelta(days=chance.randint(0, 90))
    choice = chance.randint(0, 13) if who else 0
    if choice == 0:
        net.add(chance.choice(["Ana", "Ben", "Zoë"]), note=str(chance.random()))
    elif choice == 1:
        net.edit(who, note=str(chance.random()), email=f"{chance.randint(1, 9)}@example.org")
    elif choice == 2:
        net.tag(*chance.sample(people, chance.randint(1, len(people))), add=["x"], remove=["y"])
    elif choice == 3:
        net.log(who, chance.choice(["coffee", "email"]), at=day, ref=chance.choice(["", "a:1"]))
    elif choice == 4:
        net.refer(who, chance.choice(["Brand New", *(one.id for one in people)]))
    elif choice == 5:
        net.rule(
            chance.choice(["all", "tag:x", f"contact:{who.id}"]), f"{chance.randint(1, 9)} weeks"
        )
    elif choice == 6 and net.rules():
        net.drop_rule(chance.choice(net.rules()).selector)
    elif choice == 7:
        chance.choice([net.snooze, net.next_touch, net.pause])(who, "in 3 weeks")
    elif choice == 8:
        net.end(net.plan(who, "in 3 weeks"), "held")
    elif choice == 9:
        net.spread()
    elif choice == 10:
        rows.rows = [
            Sighting(
                line=line,
                said={
                    "name": chance.choice(["Ana", "Row"]),
                    "email": f"{chance.randint(1, 9)}@example.org",
                    "title": chance.choice(["Nurse", "Head nurse"]),
                },
            )
            for line in range(1, 5)
        ]
        net.import_from("rows", "x")
    elif choice == 11:
        with net.transaction("several"):
            for _ in range(chance.randint(1, 4)):
                _something(net, rows, chance)
    elif choice == 12:
        net.undo(leave_touched=chance.random() < 0.3)
    else:
        net.edit(who, handle=f"handle-{chance.randint(1, 3)}")


def _check_whole(net):
    """Nobody is referred to who is not here; nothing is there twice of which there is one."""
    assert not net.verify().faults
    people = {one.id for one in net.contacts()}
    assert len({one.handle for one in net.contacts()}) == len(people)
    selectors = [str(rule.selector) for rule in net.rules()]
    assert len(set(selectors)) == len(selectors)
    with net._storage.begin(write=False) as view:
        for kind in KINDS.values():
            if "contacts" in kind.fields:
                for record in view.scan(kind.name):
                    assert people.issuperset(kind.fields["contacts"].of(record.doc))
        refs = [record.doc.get("ref") for record in view.scan("interaction")]
    refs = [ref for ref in refs if ref]
    assert len(set(refs)) == len(refs)


def seen(net):
    """Return all that can be seen of a network, also within a transaction."""
    return net.contacts(), net.rules(), net.timeline("ana")


def fail_half_way(net):
    """Do much within a transaction, and fail."""
    with net.transaction("tried"):
        net.edit("ana", note="tried")
        net.log("ana", "coffee")
        net.drop_rule("all")
        net.rule("all", "2 weeks")
        net.edit("luis", note="tried")
        raise ZeroDivisionError


def write_again_and_fail(net):
    """Write the same records several times in one part of a transaction, which then fails."""
    with net.transaction("a part"):
        for note in ("one", "two", "three"):
            net.edit("ana", note=note)
            net.edit(net.add("Carol Stein"), note=note)
        net.rule("all", "1 week")
        net.drop_rule("all")
        raise ZeroDivisionError


class TestRefusedWithin:
    """A refusal that is caught inside a transaction leaves nothing half-done in it."""

    def test_only_the_part_that_was_refused_is_dropped(self, net):
        """What came before and after it in the block is kept, as one commit."""
        with net.transaction("a round"):
            ana = net.add("Ana Ruiz")
            with pytest.raises(InvalidError):
                net.put(attrs.evolve(ana, note="new"), attrs.evolve(ana, id="other", rev=0))
            net.add("Luis Ortega")
        assert {(one.name, one.note) for one in net.contacts()} == {
            ("Ana Ruiz", ""),
            ("Luis Ortega", ""),
        }
        assert commits(net) == 1

    def test_what_a_part_changed_removed_and_made_is_as_before(self, net):
        """Whatever was done in it, in whatever order."""
        ana_and_luis(net)
        net.rule("all", "1 week")
        with net.transaction("a round"):
            net.edit("ana", note="kept")
            inside = seen(net)
            with pytest.raises(ZeroDivisionError):
                fail_half_way(net)
            assert seen(net) == inside
        assert seen(net) == inside
        net.undo()
        assert net.contact("ana").note == ""

    def test_several_writes_of_one_record_are_all_dropped(self, net):
        """It goes back to what it was before the first of them."""
        ana_and_luis(net)
        with net.transaction("a round"):
            net.edit("ana", note="kept")
            before = net.contacts(), net.rules()
            with pytest.raises(ZeroDivisionError):
                write_again_and_fail(net)
            assert (net.contacts(), net.rules()) == before
        assert net.contact("ana").note == "kept"
        assert net.history()[0].commit.count("created") == 0

    def test_undo_stands_alone(self, net):
        """It is neither part of other changes nor are they of it."""
        ana_and_luis(net)
        with net.transaction("a round"):
            net.edit("ana", note="x")
            with pytest.raises(InvalidError, match="a transaction of its own"):
                net.undo(1)
        with net.transaction("a round"):
            net.undo()
            with pytest.raises(InvalidError, match="a transaction of its own"):
                net.edit("ana", note="y")
        assert net.contact("ana").note == ""
        assert net.history()[0].commit.undoes is not None


class TestRulesKeepTheirPast:
    """A changed or dropped rule still answers for its own days."""

    def test_a_later_change_does_not_rewrite_an_earlier_answer(self, net, clock):
        """What was said on a day is what is said of it later."""
        net.add("Ana Ruiz", circles=["inner"])
        net.rule("all", "1 week")
        day = str(net.today)
        then = net.explain("ana", as_of=day)
        clock.set("2026-05-01")
        net.rule("all", "1 month")
        assert [str(rule.every) for rule in net.rules()] == ["1 month"]
        net.drop_rule("all")
        assert net.rules() == []
        assert net.explain("ana").status == "no_rule"
        now = net.explain("ana", as_of=day)
        assert (now.status, now.due, now.reasons) == (then.status, then.due, then.reasons)
