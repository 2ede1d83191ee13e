"""People who are removed are in the trash, and can be brought back with everything."""

from __future__ import annotations

import attrs
import pytest

import netcrm
from netcrm import InvalidError, NotFoundError, Sighting, SourceProvider
from tests import networks
from tests.interviewed import MINE, TOLD, mine, told
from tests.networks import commits, everything

clock, opens, net = networks.clock, networks.opens, networks.net


@pytest.fixture
def known(net):
    """Ana and Ben, with something about each of them, and about both."""
    net.add("Maya Rao", is_me=True)
    ana = net.add("Ana Ruiz", email="ana@example.org")
    net.add("Ben Okafor", first_met=netcrm.FirstMet(place="fair", through=ana.id))
    net.log("ana", "coffee", "alone", at="2026-02-01")
    net.log(["ana", "ben"], "video", "both", at="2026-02-02")
    net.refer("ana", "ben")
    net.plan("ana", "2026-04-01 15:00")
    net.plan(["ben", "ana"], "2026-04-02 15:00")
    net.snooze("ana", "in 3 weeks")
    net.rule("contact:ana", "2 weeks")
    return net


def test_what_was_about_nobody_else_goes_too(known):
    gone = known.remove("ana")
    assert gone.contact.name == "Ana Ruiz"
    assert gone.about == {
        "contact": 1, "interaction": 2, "meeting": 2, "referral": 1, "cadence": 1, "adjustment": 1,
    }  # fmt: skip
    with pytest.raises(NotFoundError):
        known.contact("ana")
    (talk,) = known.timeline("ben")
    assert (talk.text, len(talk.participants)) == ("both", 1)
    assert known.contact("ben").first_met == netcrm.FirstMet(place="fair")
    assert known.rules() == []
    assert known.verify().faults == ()
    assert known.counts()["meeting"] == 1


def test_undo_brings_everything_back_byte_for_byte(known):
    before = everything(known)
    gone = known.remove("ana")
    (trashed,) = known.trash()
    assert (trashed.contact, trashed.about) == (gone.contact, gone.about)
    known.log("ben", "email")
    known.undo(trashed.commit.seq)
    assert known.trash() == []
    after = everything(known)
    assert {key: after[key] for key in before} == before


@pytest.fixture
def learned(known):
    """Things that Ana told me, that both did, and that Ben did."""
    ana, ben = known.contact("ana").id, known.contact("ben").id
    known.put(*mine("tea"))
    for number, people in enumerate(([ana], [ana, ben], [ben, ana], [ben])):
        known.put(*told(people, "tea", f"t{number}"))
    return known


def test_what_somebody_told_me_goes_with_them(learned):
    before = everything(learned)
    gone = learned.remove("ana")
    assert {kind: gone.about[kind] for kind in TOLD} == dict.fromkeys(TOLD, 2) | {"interview": 3}
    assert learned.verify().faults == ()
    after = everything(learned)
    left = {kind: [id_ for one, id_ in after if one == kind] for kind in (*TOLD, *MINE)}
    assert left.pop("interview") == ["t1", "t2", "t3"]
    for kind in TOLD[1:]:
        assert left.pop(kind) == ["t2", "t3"]
    assert all(len(ids) == 1 for ids in left.values())
    same = [key for key in after if key[0] in (*MINE, *TOLD[1:]) or key == ("interview", "t3")]
    assert {key: after[key] for key in same} == {key: before[key] for key in same}


def test_an_interview_with_two_is_with_the_one_who_is_left(learned):
    before = learned.get(netcrm.Interview, "t1")
    learned.remove("ana")
    ben = learned.contact("ben").id
    assert learned.get(netcrm.Interview, "t1") == attrs.evolve(before, contacts=[ben])
    learned.remove("ben")
    assert not learned.counts().keys() & set(TOLD)


def test_undo_brings_back_what_they_told_me_byte_for_byte(learned):
    before = everything(learned)
    learned.remove("ana")
    assert {kind: learned.trash()[0].about[kind] for kind in TOLD[1:]} == dict.fromkeys(TOLD[1:], 2)
    learned.remove("ben")
    learned.undo()
    learned.undo()
    assert everything(learned) == before


def test_the_last_one_is_first_in_the_trash(known):
    known.remove("ana")
    known.remove("ben")
    assert [gone.contact.handle for gone in known.trash()] == ["ben-okafor", "ana-ruiz"]
    known.undo()
    assert [gone.contact.handle for gone in known.trash()] == ["ana-ruiz"]


def test_a_dry_run_changes_nothing(known):
    before, history = everything(known), commits(known)
    planned = known.remove("ana", dry_run=True)
    assert (everything(known), commits(known)) == (before, history)
    assert planned[:2] == known.remove("ana")[:2]


def test_a_change_that_is_only_called_so_removed_nobody(known):
    with known.transaction("remove"):
        known.add("Carol Stein")
    assert known.trash() == []


def test_i_cannot_be_removed(known):
    before = everything(known)
    with pytest.raises(InvalidError, match="that is you"):
        known.remove("maya")
    assert everything(known) == before


def test_who_was_merged_goes_with_the_one_they_are(known):
    known.add("Ana R.", handle="ana-r")
    known.merge("ana-ruiz", "ana-r")
    known.remove("ana-r")
    with pytest.raises(NotFoundError):
        known.contact("ana-r")
    known.undo()
    assert known.contact("ana-r").handle == "ana-ruiz"


def test_an_import_leaves_out_who_is_in_the_trash(opens):
    row = Sighting(line=2, said={"name": "Ana Ruiz", "email": "ana@example.org"})

    class Rows:
        def batches(self):
            yield netcrm.Batch(sightings=(row,))

        @netcrm.hookimpl
        def netcrm_sources(self):
            return [SourceProvider(name="rows", summary="", open=lambda argument: self)]

    net = opens(plugins=[Rows()])
    assert net.import_from("rows", "").created == 1
    net.remove("ana")
    report = net.import_from("rows", "")
    assert (report.read, report.skipped, report.commit) == (1, 1, None)
    assert report.problems[0].reason == "was removed; to bring them back: netcrm undo 2"
    net.undo(2)
    assert net.import_from("rows", "").unchanged == 1
