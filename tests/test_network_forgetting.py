"""Who is forgotten is gone, also from the past, and does not come back by themselves."""

from __future__ import annotations

import contextlib
import itertools
import json
from datetime import date

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netcrm
from netcrm import AmbiguousError, BusyError, InvalidError, NotFoundError, RefusedError, Sighting
from netcrm.codec import kind_of
from netcrm.kinds import KINDS
from netcrm.model.text import slug
from netcrm.network.keeping import remove
from netcrm.rules.removal import mark, may_name, names_any
from tests import networks
from tests.interviewed import MINE, TOLD, mine, told
from tests.networks import commits, everything, opener

clock, opens, net = networks.clock, networks.opens, networks.net
terminal, cli = networks.terminal, networks.cli

CANARY = ("Quirkname", "xanadu", "zeppelin")
"""Words that stand in what is about one person, and nowhere else."""


@pytest.fixture
def known(net):
    """Xanadu and Ben, with something about each of them, and about both, and a past."""
    net.add("Maya Rao", is_me=True)
    lost = net.add("Xanadu Quirkname", email="xanadu@quirkname.example", note="zeppelin pilot")
    net.add("Ben Okafor", first_met=netcrm.FirstMet(place="fair", through=lost.id))
    net.log("xanadu", "coffee", "a zeppelin ride", at="2026-02-01")
    net.log(["xanadu", "ben"], "video", "both", at="2026-02-02")
    net.refer("xanadu-quirkname", "ben")
    net.plan(["ben", "xanadu"], "2026-04-02 15:00")
    net.snooze("xanadu", "in 3 weeks", reason="on a zeppelin")
    net.rule("contact:xanadu-quirkname", "2 weeks")
    net.edit("xanadu", note="no pilot")
    net.add("X. Quirkname", phone="+12025550123", note="zeppelin again")
    net.merge("xanadu-quirkname", "x-quirkname")
    net.tag("xanadu", "ben", add=["night"])
    net.edit("ben", note="likes tea")
    return net


@pytest.fixture
def learned(known):
    """Things that Xanadu told me, that both did, that Ben did, and that are about me."""
    lost, ben = known.contact("xanadu").id, known.contact("ben").id
    known.put(*mine("tea"))
    known.put(*told([lost], "a zeppelin", "lost"), *told([ben], "tea", "ben"))
    known.put(told([ben, lost], "tea", "both")[0])
    return known


def with_person(entity, person: str, said: str):
    """Return what somebody else told me instead."""
    return attrs.evolve(
        next(one for one in told([person], said, entity.id) if type(one) is type(entity)),
        rev=entity.rev,
    )


NAMED = "Xanadu Quirkname's idea"
NAMING = [
    {"note": NAMED},
    {"questions": [netcrm.Question(text="Why?", answer=NAMED, added_on=networks.NOW.date())]},
    {"evaluation": netcrm.Evaluation(on=networks.NOW.date(), who_else=["Ben", NAMED])},
    {"steps": [netcrm.InterviewStep(what="drop", on=networks.NOW.date(), note=NAMED)]},
]
"""Places in an interview where somebody may be named."""


def records(net: netcrm.Network) -> str:
    """Return every record, history and all, as one text."""
    with net._storage.begin(write=False) as view:
        everyone = itertools.chain.from_iterable(map(view.scan, KINDS))
        return "\n".join(f"{one.kind} {one.id} {json.dumps(one.doc)}" for one in everyone)


def stands_in(text: str) -> list[str]:
    return [word for word in CANARY if word.casefold() in text.casefold()]


class TestGone:
    def test_no_record_tells_of_them_not_even_the_history(self, known):
        assert stands_in(records(known)) == list(CANARY)
        gone = known.forget("xanadu-quirkname")
        assert [contact.name for contact in gone.contacts] == ["Xanadu Quirkname"]
        assert gone.about == {
            "contact": 1, "interaction": 2, "meeting": 1, "referral": 1, "cadence": 1,
            "adjustment": 1, "merged": 1,
        }  # fmt: skip
        assert stands_in(records(known)) == []
        for contact in gone.contacts:
            assert contact.id not in records(known)
        with pytest.raises(NotFoundError):
            known.contact("xanadu")

    @pytest.mark.parametrize("kind", ["tinydb", "sqlite"])
    def test_no_byte_of_any_file_holds_their_name(self, kind, tmp_path):
        opens = opener(kind, tmp_path)
        with opens(backups=3) as net:
            ben = net.add("Ben Okafor").id
            lost = net.add("Xanadu Quirkname", note="zeppelin pilot " * 300).id
            net.put(*mine("balloons"), *told([ben, lost], "balloons", "both"))
            for number in range(8):
                told_me = net.put(*told([lost], f"zeppelin {number} " * 50, f"t{number}"))
                net.put(*(with_person(one, lost, "quirkname rides") for one in told_me))
            for number in range(30):
                net.log("xanadu", "email", f"zeppelin {number} " * 50, at="2026-02-01")
                net.log("ben", "email", f"balloon {number} " * 50, at="2026-02-01")
            net.edit("xanadu", note="quirkname rides")
            net.remove("xanadu")
            net.undo()
            net.backup()
        with opens(backups=3) as net:
            trial = net.forget("xanadu", dry_run=True)
            assert len(trial.copies) == 1
            remove(net.forget("xanadu").copies)
            assert net.verify().faults == ()
            files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
            assert any(path.suffix in (".db", ".json") for path in files)
        files |= {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        for path, content in files.items():
            assert stands_in(content.decode("latin-1")) == [], path

    def test_what_they_told_me_is_gone_and_what_others_told_me_is_not(self, learned):
        before = everything(learned)
        gone = learned.forget("xanadu-quirkname")
        assert {kind: gone.about[kind] for kind in TOLD} == dict.fromkeys(TOLD, 1) | {
            "interview": 2
        }
        assert stands_in(records(learned)) == []
        assert gone.contacts[0].id not in records(learned)
        assert gone.mentions == ()
        after = everything(learned)
        ben = learned.contact("ben").id
        assert {id_ for kind, id_ in after if kind in TOLD} == {"both", "ben"}
        assert learned.get(netcrm.Interview, "both").contacts == (ben,)
        same = [key for key in before if key[0] in MINE or key[1] == "ben"]
        assert len(same) == len(MINE) + len(TOLD)
        assert {key: after[key] for key in same} == {key: before[key] for key in same}
        assert learned.verify().faults == ()

    def test_nor_is_anything_left_of_what_it_was_before(self, learned):
        lost, ben = learned.contact("xanadu").id, learned.contact("ben").id
        told_me = learned.put(*told([lost], "a zeppelin", "later"))
        kept = learned.put(*(with_person(one, ben, "a balloon") for one in told_me))
        learned.put(*told([lost], "a zeppelin", "gone"))
        learned.undo()
        gone = learned.forget("xanadu-quirkname")
        assert gone.versions >= 2 * len(TOLD)
        assert stands_in(records(learned)) == []
        assert lost not in records(learned)
        assert [learned.get(type(one), one.id) for one in kept] == kept
        assert learned.verify().faults == ()

    def test_while_others_read_the_file_it_is_said_that_it_holds_more(self, tmp_path, monkeypatch):
        monkeypatch.setattr("netcrm_sqlite.connections.WAIT", 0.1)
        opens = opener("sqlite", tmp_path)
        with opens() as net, opens() as other:
            net.add("Xanadu Quirkname")
            with other.reading():
                assert other.contact("xanadu")
                with pytest.raises(BusyError, match="forget --scrub"):
                    net.forget("xanadu")
            log = tmp_path / "network.db-wal"
            assert stands_in(log.read_bytes().decode("latin-1"))
            assert "forget --scrub" in net.advice()
            assert net.scrub() == net.advice() == ""
            assert not stands_in(log.read_bytes().decode("latin-1"))

    def test_others_keep_what_was_said_to_them(self, known):
        before = everything(known)
        gone = known.forget("xanadu-quirkname").contacts[0]
        after = everything(known)
        kept = {key: value for key, value in before.items() if gone.id not in value[1]}
        del kept["contact", gone.id]
        assert {key: after[key] for key in kept} == kept
        changed = after.keys() - kept.keys()
        assert {kind for kind, _ in changed} == {"contact", "interaction", "meeting", "forgotten"}
        for key in changed & before.keys():
            assert after[key][0] == before[key][0]  # as if it had been written so
        (talk,) = known.timeline("ben")
        assert (talk.text, len(talk.participants)) == ("both", 1)
        assert known.contact("ben").first_met == netcrm.FirstMet(place="fair")

    def test_the_past_of_others_can_still_be_taken_back(self, known):
        known.forget("xanadu-quirkname")
        assert known.verify().faults == ()
        by_reason = {entry.commit.reason: entry.commit.seq for entry in known.history(None)}
        known.undo(by_reason["edit"])
        assert known.contact("ben").note == ""
        known.undo(by_reason["tag"])
        assert known.contact("ben").tags == frozenset()
        assert known.verify().faults == ()

    def test_what_was_put_right_to_somebody_else_is_theirs(self, net):
        ben, lost = net.add("Ben Okafor"), net.add("Xanadu Quirkname")
        talk = net.log(lost, "call", "about tea")
        with_ben = (netcrm.Participant(contact=ben.id),)
        net.put(attrs.evolve(talk, participants=with_ben))
        net.forget(lost)
        assert net.verify().faults == ()
        made = {entry.commit.reason: entry.commit.created for entry in net.history()}
        assert made["put"] == {"interaction": (talk.id,)}  # as if it had been theirs at first
        (talk,) = net.timeline(ben)
        net.remove(ben)
        net.forget(ben)
        assert talk.id not in records(net)

    def test_what_was_about_others_too_when_it_was_made_was_made(self, net):
        net.add("Ben Okafor")
        net.add("Xanadu Quirkname")
        talk = net.log(["ben", "xanadu"], "call")
        net.remove("ben")
        net.remove("xanadu")
        net.forget("xanadu")
        made = {entry.commit.reason: entry.commit.created for entry in net.history()}
        assert made["log"] == {"interaction": (talk.id,)}
        assert net.verify().faults == ()

    def test_what_was_taken_from_others_is_theirs_again_after_undo(self, net):
        net.add("Ben Okafor")
        net.add("Xanadu Quirkname")
        net.log(["ben", "xanadu"], "call", "hello")
        gone = net.remove("ben")
        net.forget("xanadu")
        assert net.verify().faults == ()
        net.undo(gone.commit.seq)
        (talk,) = net.timeline("ben")
        assert talk.text == "hello"
        assert net.verify().faults == ()

    @pytest.mark.parametrize("name", ["Remove", "Forget", "Add", "Ben"])
    def test_a_name_that_is_a_word_changes_nothing_of_others(self, net, name):
        net.add("Ben Okafor", email="ben@example.org")
        net.add("Cara Diaz")
        net.add(name)
        net.remove("ben-okafor")
        net.forget("cara")
        net.forget(net.contacts()[0])
        assert [one.contact.name for one in net.trash()] == ["Ben Okafor"]
        said = {(entry.commit.reason, entry.commit.detail) for entry in net.history(None)}
        assert {("remove", "ben-okafor"), ("forget", ""), ("add", "Ben Okafor")} <= said
        with pytest.raises(RefusedError):
            net.undo(net.history(2)[1].commit.seq)

    @pytest.mark.parametrize("name", ["Xanadu Quirkname", "😀", "..."])
    def test_no_commit_says_who_it_was_about(self, net, name):
        lost = net.add(name, handle="zeppelin")
        net.add("Ben Okafor")
        with net.transaction(f"with {name.split()[-1]}", detail=f"{name} and {lost.id}"):
            net.log([lost, "ben"], "call")
        with net.transaction("edit", detail=lost.id):
            net.edit(lost, note="x")
        net.forget(lost)
        said = " ".join(f"{e.commit.reason} {e.commit.detail}" for e in net.history(None))
        assert (stands_in(said), lost.id in said, name in said) == ([], False, False)

    def test_who_is_referred_by_somebody_met_later_is_whole(self, net):
        ben, cara = net.add("Ben Okafor"), net.add("Cara Diaz")
        net.edit(ben, first_met=netcrm.FirstMet(through=cara.id))
        assert net.verify().faults == ()
        net.forget(cara)
        assert net.contact(ben).first_met is None

    def test_it_cannot_be_taken_back(self, known):
        known.forget("xanadu-quirkname")
        last = known.history(1)[0].commit
        assert (last.reason, last.detail) == ("forget", "")
        for number in (None, last.seq, 2):
            with pytest.raises(RefusedError, match="gone for good"):
                known.undo(number)
        known.log("ben", "email")
        known.undo()
        with pytest.raises(RefusedError):
            known.undo()

    def test_what_was_taken_back_only_of_them_was_not_taken_back(self, net):
        for name in ("Ben Okafor", "Xanadu Quirkname"):
            net.add(name)
        net.tag("ben", "xanadu", add=["night"])
        net.edit("ben", note="tall")
        net.undo(3, leave_touched=True)
        net.forget("xanadu")
        with pytest.raises(RefusedError, match="what came later"):
            net.undo(3)

    def test_undo_passes_over_what_was_forgotten(self, net):
        net.add("Ben Okafor")
        net.add("Xanadu Quirkname")
        net.forget("xanadu")
        net.tag("ben", add=["night"])
        assert net.undo().reason == "tag"
        reasons = [entry.commit.reason for entry in net.history()]
        assert reasons == ["undo", "tag", "forget", "forgotten", "add"]

    def test_a_commit_keeps_what_it_says_unless_that_names_them(self, net):
        net.add("Ben Okafor")
        with net.transaction("met quirkname xanadu", detail="at the fair"):
            net.add("Xanadu Quirkname")
            net.tag("ben", add=["fair"])
        net.log(["ben", "xanadu"], "call")
        with net.transaction("note", detail="Xanadu Quirkname's friend"):
            net.edit("ben", note="tall")
        with net.transaction("note", detail="Xavier knows"):
            net.edit("ben", note="taller")
        net.forget("xanadu")
        said = [(entry.commit.reason, entry.commit.detail) for entry in net.history()]
        assert said == [
            ("forget", ""), ("note", "Xavier knows"), ("note", ""), ("log", ""),
            ("change", "at the fair"), ("add", "Ben Okafor"),
        ]  # fmt: skip

    def test_in_a_trial_nothing_is_changed(self, known):
        before, number = everything(known), commits(known)
        assert known.forget("xanadu-quirkname", dry_run=True).versions > 3
        assert (everything(known), commits(known)) == (before, number)
        assert known.verify().faults == ()

    def test_wherever_they_are_named_it_is_listed(self, known):
        known.add("Cara Diaz", source_detail="by Xanadu Quirkname", aliases=["Xanadu Quirkname"])
        known.snooze("ben", "in 2 weeks", reason="asked by Xanadu Quirkname")
        known.put(netcrm.Organisation(id="o1", name="Quirkname & Xanadu Ltd"))
        known.plan("cara", "2026-04-03 15:00", place="at X. Quirkname")
        known.add("Xanadu Quirkname")
        mentions = known.forget("xanadu-quirkname").mentions
        kinds = sorted(type(one).__name__ for one in mentions)
        assert kinds == ["Adjustment", "Contact", "Meeting", "Organisation"]

    def test_whoever_still_names_them_is_listed(self, known):
        known.edit("ben", note="a cousin of Xanadu Quirkname")
        known.log("ben", "call", "Quirkname, Xanadu: how is she?")
        mentions = known.forget("xanadu-quirkname").mentions
        ben, talk = mentions
        assert (ben.handle, talk.text) == ("ben-okafor", "Quirkname, Xanadu: how is she?")

    @pytest.mark.parametrize("number", range(len(TOLD) + len(MINE)))
    def test_whatever_else_names_them_is_listed_and_left_alone(self, learned, number):
        ben = learned.contact("ben").id
        named = [*told([ben], "as Xanadu Quirkname says", "named"), *mine("Quirkname, Xanadu")]
        if named[number].id != "named":  # there is one of me already
            there = learned.get(type(named[number]), named[number].id)
            named[number] = attrs.evolve(named[number], rev=there.rev)
        (stored,) = learned.put(named[number])
        assert learned.forget("xanadu-quirkname").mentions == (stored,)
        assert learned.get(type(stored), stored.id) == stored

    @pytest.mark.parametrize("change", NAMING, ids=lambda change: next(iter(change)))
    def test_wherever_in_an_interview_they_are_named(self, learned, change):
        stored = learned.get(netcrm.Interview, "both")
        learned.put(attrs.evolve(stored, **change))
        (named,) = learned.forget("xanadu-quirkname").mentions
        assert (named.id, len(named.contacts)) == ("both", 1)


class TestMerged:
    """Two who were one for a while."""

    @pytest.fixture
    def two(self, net):
        net.add("Ben Okafor", email="ben@example.org")
        net.add("Xanadu Quirkname", email="x@quirkname.example", note="zeppelin")
        return net

    def test_nothing_is_left_of_a_merge_that_was_undone(self, two):
        ben = two.contact("ben")
        two.merge("ben", "xanadu")
        two.undo()
        two.forget("xanadu")
        assert stands_in(records(two)) == []
        assert two.contact("ben") == ben
        assert two.verify().faults == ()
        made = [entry.commit.created for entry in two.history()]
        assert sum(ben.id in created.get("contact", ()) for created in made) == 1
        for entry in two.history(None):
            with contextlib.suppress(netcrm.NetcrmError):
                two.undo(entry.commit.seq, leave_touched=True)
        assert stands_in(records(two)) == []

    def test_nor_of_what_they_said_before_a_merge_that_was_undone(self, two):
        two.log("xanadu", "call", "zeppelin")
        two.put(*told([two.contact("xanadu").id], "zeppelin", "t"))
        two.merge("ben", "xanadu")
        two.undo()
        two.forget("xanadu")
        assert stands_in(records(two)) == []

    def test_who_was_removed_after_it_was_undone_is_gone_alone(self, two):
        two.merge("ben", "xanadu")
        two.undo()
        two.remove("xanadu")
        assert [one.name for one in two.forget("xanadu").contacts] == ["Xanadu Quirkname"]
        assert two.contact("ben").points
        assert stands_in(records(two)) == []

    def test_nor_of_a_chain_of_them(self, two):
        two.add("Cara Diaz")
        two.merge("cara", "xanadu")
        two.merge("ben", "cara")
        two.undo()
        two.undo(4)
        two.forget("xanadu")
        assert stands_in(records(two)) == []
        assert {contact.name for contact in two.contacts()} == {"Ben Okafor", "Cara Diaz"}
        assert two.verify().faults == ()

    def test_the_other_one_is_not_kept_out(self, two):
        two.merge("ben", "xanadu")
        two.undo()
        two.forget("ben")
        assert two.contact("xanadu").note == "zeppelin"
        with two._storage.begin(write=False) as view:
            (kept,) = view.scan("forgotten")
        marks = kept.doc["marks"]
        assert mark(kept.doc["key"], "email:ben@example.org") in marks
        assert mark(kept.doc["key"], "email:x@quirkname.example") not in marks

    def test_who_was_merged_in_is_the_one_who_stays(self, two):
        two.merge("ben", "xanadu")
        assert [one.name for one in two.forget("xanadu").contacts] == ["Ben Okafor"]
        assert stands_in(records(two)) == []

    @pytest.mark.parametrize("reason", ["remove", "spring cleaning"])
    def test_also_when_they_were_removed(self, two, reason):
        two.merge("ben", "xanadu")
        with two.transaction(reason):
            two.remove("ben")
        assert [one.contact.name for one in two.trash()] == ["Ben Okafor"]
        assert [one.name for one in two.forget("quirkname").contacts] == ["Ben Okafor"]
        assert stands_in(records(two)) == []
        assert two.trash() == []

    def test_namesakes_who_were_merged_are_one(self, net):
        net.add("Ana Ruiz")
        net.add("Ana Ruiz")
        net.merge("ana-ruiz", "ana-ruiz-2")
        assert len(net.forget("Ana Ruiz").contacts) == 1
        assert "contact" not in net.counts()


class TestWho:
    def test_i_am_not_forgotten(self, known):
        with pytest.raises(InvalidError, match="that is you"):
            known.forget("maya")

    def test_it_is_no_part_of_another_transaction(self, known):
        with known.transaction(), pytest.raises(InvalidError, match="part of a transaction"):
            known.forget("xanadu-quirkname")
        assert known.contact("xanadu-quirkname")

    def test_nobody_is_called_so(self, known):
        with pytest.raises(NotFoundError):
            known.forget("nobody")

    def test_somebody_in_the_trash(self, known):
        known.remove("xanadu-quirkname")
        assert stands_in(records(known)) == list(CANARY)
        gone = known.forget("xanadu")
        assert (gone.about, gone.versions > 7) == ({}, True)
        assert stands_in(records(known)) == []
        assert known.trash() == []
        assert known.verify().faults == ()

    def test_between_one_here_and_one_in_the_trash_nobody_guesses(self, known):
        old = known.contact("xanadu-quirkname")
        known.remove(old)
        new = known.add("Xanadu Quirkname")
        with pytest.raises(AmbiguousError) as ambiguous:
            known.forget("xanadu")
        assert {id_ for id_, _ in ambiguous.value.candidates} == {old.id, new.id}
        known.forget(old.id)
        assert known.contact("xanadu") == new
        known.forget(new)
        assert stands_in(records(known)) == []

    def test_who_is_here_is_meant_by_their_handle_whoever_was_before(self, net):
        for _ in range(2):
            net.add("Xanadu Quirkname")
            net.undo()
        here = net.add("Xanadu Quirkname")
        assert net.forget("xanadu-quirkname", dry_run=True).contacts == (here,)
        with pytest.raises(AmbiguousError) as ambiguous:
            net.forget("xanadu")
        ids = {id_ for id_, _ in ambiguous.value.candidates}
        assert len(ids) == 3
        for id_ in ids:
            net.forget(id_)
        assert stands_in(records(net)) == []

    def test_not_while_reading(self, known):
        with known.reading(), pytest.raises(InvalidError, match="leave that first"):
            known.forget("xanadu-quirkname")

    def test_by_a_name_that_they_had(self, net):
        net.add("Xanadu Quirkname", aliases=["Zed"])
        net.remove("zed")
        assert net.forget("zed").contacts[0].name == "Xanadu Quirkname"

    def test_the_trash_is_emptied(self, known):
        known.remove("xanadu-quirkname")
        known.remove("ben")
        assert len(known.forget(None).contacts) == 2
        assert known.trash() == []
        assert known.counts()["contact"] == 1
        assert known.verify().faults == ()
        again = known.forget(None)
        assert (again.contacts, again.commit) == ((), None)


def offering(*said: dict[str, str], exchanges=()) -> netcrm.Plugins:
    """Return plugins with one source, which says these things."""

    class People:
        def batches(self):
            rows = enumerate(said, start=2)
            sightings = tuple(Sighting(line=n, said=row) for n, row in rows)
            yield netcrm.Batch(sightings=sightings, exchanges=tuple(exchanges))

    class Plugin:
        @netcrm.hookimpl
        def netcrm_sources(self):
            return [netcrm.SourceProvider(name="list", summary="", open=lambda path: People())]

    return netcrm.Plugins([Plugin()])


SAID = (
    {"name": "Xanadu Quirkname", "email": "XANADU@quirkname.example"},
    {"name": "Ann", "url": "https://linkedin.com/in/ann-q"},
    {"name": "Joe Bloggs", "connected_on": "2025-01-02"},
)


class TestKeptOut:
    @pytest.fixture
    def net(self, opens):
        with opens(plugins=offering(*SAID)) as network:
            yield network

    def test_an_import_does_not_bring_them_back(self, net):
        assert net.import_from("list", "x").created == 3
        for who in ("xanadu", "ann", "joe"):
            net.forget(who)
        report = net.import_from("list", "x")
        assert (report.skipped, report.created, report.commit) == (3, 0, None)
        assert {problem.reason.partition(";")[0] for problem in report.problems} == {
            "was forgotten"
        }

    def test_former_addresses_keep_out_too(self, net):
        net.add("Xanadu Quirkname", email="xanadu@quirkname.example")
        net.edit("xanadu", points=())
        net.forget("xanadu")
        assert net.import_from("list", "x").created == 2

    def test_nor_into_the_record_of_somebody_else(self, net):
        row = {"name": "Xanadu Quirkname", "email": "x@quirkname.example", "phone": "+12025550123"}
        net.plugins = offering(row)
        net.import_from("list", "x")
        net.forget("xanadu")
        net.add("Ben Okafor", phone="+12025550123")
        assert net.import_from("list", "x").skipped == 1
        assert stands_in(records(net)) == []

    def test_a_stranger_with_their_telephone_is_let_in(self, net):
        row = {"name": "Xanadu Quirkname", "phone": "+12025550123", "email": "info@example.org"}
        net.plugins = offering(row)
        net.import_from("list", "x")
        net.forget("xanadu")
        assert net.import_from("list", "x").skipped == 1
        net.plugins = offering({**row, "name": "Dan Lee"})
        assert net.import_from("list", "x").created == 1

    def test_what_they_wrote_is_not_logged_with_a_namesake(self, net):
        people = [{"name": "Ana Ruiz", "email": f"a{n}@example.org"} for n in (1, 2)]
        talks = [
            netcrm.Exchange(
                line=9 + n, at=date(2026, 2, 1), people=(said,), ref=str(n), text="zeppelin",
                channel="email", direction="inbound",
            )
            for n, said in enumerate((people[0], {"name": "Ana Ruiz"}))
        ]  # fmt: skip
        net.plugins = offering(*people)
        net.import_from("list", "x")
        (lost,) = (one for one in net.contacts() if one.points[0].value == "a1@example.org")
        net.forget(lost)
        net.plugins = offering(*people, exchanges=talks)
        report = net.import_from("list", "x")
        assert (report.logged, report.unchanged, report.skipped) == (0, 1, 3)
        assert stands_in(records(net)) == []

    def test_who_is_added_by_hand_is_back(self, net):
        net.import_from("list", "x")
        net.forget("xanadu")
        back = net.add("Xanadu Quirkname", email="xanadu@quirkname.example")
        report = net.import_from("list", "x")
        assert (report.updated, report.skipped) == (1, 0)
        assert net.contact(back).origins

    def test_one_network_has_one_key(self, net):
        net.import_from("list", "x")
        net.forget("xanadu")
        net.forget("ann")
        with net._storage.begin(write=False) as view:
            kept = list(view.scan("forgotten"))
        assert len({record.doc["key"] for record in kept}) == 1
        assert all("scrubbed" in record.doc for record in kept)
        assert net.verify().faults == ()


class TestRestored:
    def test_who_is_back_by_a_backup_is_told_and_kept_out_after_that(self, tmp_path):
        net = opener("tinydb", tmp_path)(plugins=offering(*SAID))
        net.import_from("list", "x")
        net.add("Ben Okafor")
        backup = net.backup()
        for who in ("xanadu", "joe"):
            net.forget(who)
        net.edit("ben", note="later")
        assert net.returned() == []
        net.restore(backup, dry_run=True)
        assert net.returned() == []
        net.restore(backup)
        assert net.contact("ben").note == ""
        assert {one.name for one in net.returned()} == {"Xanadu Quirkname", "Joe Bloggs"}
        assert net.verify().faults == ()
        for contact in net.returned():
            net.forget(contact)
        assert net.import_from("list", "x").skipped == 2

    def test_what_was_restored_is_equal_where_nobody_was_forgotten(self, tmp_path):
        net = opener("tinydb", tmp_path)()
        net.add("Ben Okafor")
        backup, before = net.backup(), everything(net)
        net.edit("ben", note="later")
        net.restore(backup)
        assert (everything(net), commits(net)) == (before, 1)


class TestRules:
    def test_a_mark_depends_on_the_key_and_the_identifier(self):
        one, other = "00" * 32, "01" * 32
        marks = [mark(key, said) for key in (one, other) for said in ("email:a", "email:b")]
        assert len(set(marks)) == 4
        assert marks[0] == mark(one, "email:a")
        assert len(marks[0]) == 32

    @pytest.mark.parametrize("said", ["Ana Ruiz", "ruiz, ANA", "to Ana María Ruiz"])
    def test_a_text_that_names_somebody(self, said):
        assert names_any(said, ["Ben", "Ana Ruiz"])

    @pytest.mark.parametrize("said", ["", "Ana", "Anabel Ruiz", "ruiz"])
    def test_a_text_that_does_not(self, said):
        assert not names_any(said, ["Ben", "Ana Ruiz", "", "..."])

    def test_the_beginning_of_a_name_may_mean_them(self):
        assert may_name("ru", ["Ana Ruiz"])
        assert not may_name("uiz", ["Ana Ruiz"])


class TestDossier:
    def test_it_holds_everything(self, known):
        dossier = known.dossier("xanadu-quirkname")
        assert dossier.person == known.contact("xanadu-quirkname")
        assert {kind: len(some) for kind, some in dossier.about.items()} == {
            "contact": 1, "interaction": 2, "meeting": 1, "referral": 1, "cadence": 1,
            "adjustment": 1, "merged": 1,
        }  # fmt: skip
        notes = [one.note for one in dossier.former if isinstance(one, netcrm.Contact)]
        assert "zeppelin pilot" in notes
        reasons = [commit.reason for commit in dossier.commits]
        assert reasons[:2] == ["add", "add"]
        assert {"log", "refer", "merge", "snooze", "rule", "tag"} <= set(reasons)

    def test_of_somebody_in_the_trash(self, known):
        known.remove("xanadu-quirkname")
        dossier = known.dossier("xanadu")
        assert dossier.about == {}
        assert {type(one).__name__ for one in dossier.former} >= {"Interaction", "Merged"}
        assert dossier.commits[-1].reason == "remove"

    def test_nobody_else_is_in_it(self, known):
        known.add("Cara Diaz", note="secret")
        known.log("cara", "call", "secret")
        assert "secret" not in repr(known.dossier("xanadu-quirkname"))

    def test_what_they_told_me_is_in_it(self, learned):
        lost, ben = learned.contact("xanadu"), learned.contact("ben")
        before = learned.get(netcrm.Insight, "lost")
        learned.put(attrs.evolve(before, text="a balloon"))
        learned.put(*told([ben.id], "secret", "others"))
        dossier = learned.dossier(lost)
        found = {kind: {one.id for one in dossier.about[kind]} for kind in TOLD}
        assert found.pop("interview") == {"lost", "both"}
        assert found == {kind: {"lost"} for kind in TOLD[1:]}
        assert not dossier.about.keys() & set(MINE)
        assert before in dossier.former
        assert "secret" not in repr(dossier)
        learned.remove(lost)
        dossier = learned.dossier("xanadu")
        assert dossier.about == {}
        assert {kind_of(one) for one in dossier.former} >= set(TOLD)

    def test_it_can_be_written_to_a_file(self, cli):
        with cli.open() as net:
            ana, luis = net.contact("ana").id, net.contact("luis").id
            net.put(*mine("secret"), *told([ana], "tea", "ana"), *told([luis], "secret", "luis"))
        ran = cli("export", "--person", "ana", "-")
        about = ran.json["about"]
        assert {(kind, one["id"]) for kind in about for one in about[kind]} == {
            (kind, "ana") for kind in TOLD
        }
        assert about["interview"][0]["questions"][0]["answer"] == "tea"
        assert "secret" not in ran.out


PEOPLE = ("Xanadu Quirkname", "Ben Okafor", "Cara Diaz")
DOINGS = (
    "add", "log", "both", "refer", "edit", "merge", "remove", "undo", "rule", "told", "asked",
)  # fmt: skip
ACTIONS = st.lists(st.tuples(st.sampled_from(DOINGS), st.permutations(PEOPLE)), max_size=14)


def act(net: netcrm.Network, what: str, name: str, another: str) -> None:
    """Do something, if it can be done. What is said of one who is another too names nobody."""
    one, other = slug(name), slug(another)
    alone = any(contact.name == name for contact in net.contacts())
    said = f"{name} said: zeppelin" if alone and name == PEOPLE[0] else "hello"

    doing = {
        "add": lambda: net.add(name, note="zeppelin" if name == PEOPLE[0] else "tall"),
        "log": lambda: net.log(one, "call", said),
        "both": lambda: net.log([one, other], "call", "hello"),
        "refer": lambda: net.refer(one, other),
        "edit": lambda: net.edit(one, rapport=[f"{said} {commits(net)}"]),
        "merge": lambda: net.merge(one, other),
        "remove": lambda: net.remove(one),
        "undo": net.undo,
        "rule": lambda: net.rule(f"contact:{one}", "2 weeks"),
        "told": lambda: net.put(*told([net.contact(one).id], said, f"t{commits(net)}")),
        "asked": lambda: net.put(
            told([net.contact(who).id for who in (one, other)], "tea", f"a{commits(net)}")[0]
        ),
    }
    with contextlib.suppress(netcrm.NetcrmError):
        doing[what]()


@settings(deadline=None)
@given(ACTIONS)
def test_whatever_came_before_nothing_is_left_and_the_rest_is_whole(actions):
    with netcrm.open(clock=networks.Clock()) as net:
        for name in PEOPLE:
            act(net, "add", name, name)
        for what, (one, other, _) in actions:
            act(net, what, one, other)
        gone = set()
        for _ in range(2 * len(actions) + 2):  # they may be here, and several times in the past
            try:
                gone |= {one.id for one in net.forget("Quirkname").contacts}
            except AmbiguousError as error:
                gone |= {one.id for one in net.forget(error.candidates[0][0]).contacts}
            except NotFoundError:
                break
        assert stands_in(records(net)) == []
        assert not [id_ for id_ in gone if id_ in records(net)]
        assert net.verify().faults == ()
        for entry in net.history(None):
            with contextlib.suppress(netcrm.NetcrmError):
                net.undo(entry.commit.seq, leave_touched=True)
            assert net.verify().faults == ()
        assert stands_in(records(net)) == []
