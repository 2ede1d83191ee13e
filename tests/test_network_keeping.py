"""Backups, going back to them, and seeing whether all is well."""

from __future__ import annotations

import contextlib
import fcntl
import io
import itertools
import os
import stat
from datetime import UTC, datetime, timedelta

import attrs
import pytest

import netcrm
from netcrm.kinds import KINDS
from netcrm.network import keeping
from netcrm.storage import moving
from netcrm.storage.backups import Backups
from netcrm.storage.contract import Record
from netcrm.storage.lines import LinesStorage
from netcrm.storage.memory import MemoryStorage
from netcrm.storage.tinydb import TinyDBStorage
from tests import networks, toy_backend
from tests.networks import ana_and_luis
from tests.test_storage_moving import Breaking
from tests.test_storage_moving import lines as exactly

clock, opens, net = networks.clock, networks.opens, networks.net


def everything(net) -> list[bytes]:
    """Return every record of a network, history and all."""
    return exactly(net._storage)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "network.json"


@pytest.fixture
def full(file, clock):
    """A network in a file, of two people."""
    with netcrm.open(file, tz=networks.HOME, clock=clock) as net:
        ana_and_luis(net)
        yield net


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


# --- backups and going back, on every storage


class TestThereAndBack:
    """What a backup holds is what there is after going back to it."""

    def test_a_backup_is_equal(self, net, tmp_path):
        """Whatever it is made of, it can be read, and holds everything."""
        ana_and_luis(net)
        made = net.backup(folder=tmp_path / "data")
        assert made.is_file()
        assert netcrm.copy(made, MemoryStorage(KINDS)).sums == net.verify().sums
        assert [backup.path for backup in net.backups(tmp_path / "data")] == [made]

    def test_and_so_is_one_in_a_file_that_is_named(self, net, tmp_path):
        """What the name says it becomes; nothing is written over."""
        ana_and_luis(net)
        for name in ("some.backup", "some.jsonl", "some.jsonl.gz"):
            made = net.backup(tmp_path / name)
            assert made == tmp_path / name
            assert netcrm.copy(made, MemoryStorage(KINDS)).sums == net.verify().sums
            before = made.read_bytes()
            with pytest.raises(netcrm.RefusedError, match="is there already"):
                net.backup(made)
            assert made.read_bytes() == before
        with made.open("rb") as file:
            assert file.read(2) == b"\x1f\x8b"

    def test_going_back(self, net, tmp_path):
        """People, rules and history are those of the backup; what was there is kept."""
        ana_and_luis(net)
        before = everything(net)
        made = net.backup(tmp_path / "some.backup")
        net.edit("ana", note="changed")
        net.add("Carol Stein")
        net.rule("all", "1 week")
        after = everything(net)
        restored = net.restore(made, folder=tmp_path / "data")
        assert everything(net) == before
        assert restored.records == net.counts()
        assert [one.handle for one in net.contacts()] == ["ana-ruiz", "luis-ortega"]
        again = net.restore(restored.kept, folder=tmp_path / "data")
        assert everything(net) == after
        net.restore(again.kept, folder=tmp_path / "data")
        assert everything(net) == before
        assert net.verify().faults == ()

    def test_undo_works_as_it_did_then(self, net, tmp_path):
        """The history comes along."""
        ana_and_luis(net)
        net.edit("ana", note="first")
        made = net.backup(tmp_path / "some.backup")
        net.edit("ana", note="second")
        net.restore(made, folder=tmp_path / "data")
        assert net.contact("ana").note == "first"
        assert net.undo().reason == "edit"
        assert net.contact("ana").note == ""
        net.add("Carol Stein")
        assert [entry.commit.seq for entry in net.history()] == [5, 4, 3, 2, 1]
        assert net.verify().faults == ()

    def test_a_dry_run_only_counts(self, net, tmp_path):
        """Nothing is changed, nothing is kept."""
        ana_and_luis(net)
        made = net.backup(tmp_path / "some.backup")
        net.edit("ana", note="changed")
        before = everything(net)
        tried = net.restore(made, folder=tmp_path / "data", dry_run=True)
        assert (tried.written, tried.removed, tried.kept) == (1, 2, None)
        assert everything(net) == before
        assert not (tmp_path / "data").exists()
        done = net.restore(made, folder=tmp_path / "data")
        assert (done.written, done.removed) == (1, 2)

    def test_into_an_empty_network(self, net, tmp_path):
        """There is nothing to keep."""
        ana_and_luis(net)
        made = net.backup(tmp_path / "some.backup")
        with netcrm.open(MemoryStorage(KINDS)) as other:
            assert other.restore(made).kept is None
            assert everything(other) == everything(net)

    def test_not_within_a_transaction(self, net, tmp_path):
        """It would not be all or nothing."""
        ana_and_luis(net)
        made = net.backup(tmp_path / "some.backup")
        for act in (lambda: net.restore(made), lambda: net.backup(tmp_path / "x")):
            with (
                pytest.raises(netcrm.InvalidError, match="cannot be part of a trans"),
                net.transaction(),
            ):
                act()

    def test_what_is_no_backup_changes_nothing(self, net, tmp_path):
        """A backup that is damaged, missing, or something else."""
        ana_and_luis(net)
        before = everything(net)
        made = net.backup(tmp_path / "some.jsonl")
        (tmp_path / "cut.jsonl").write_bytes(made.read_bytes()[:-9])
        (tmp_path / "text").write_text("hello")
        for bad in ("missing", "cut.jsonl", "text", ".", "\0"):
            with pytest.raises(netcrm.StorageError):
                net.restore(tmp_path / bad, folder=tmp_path / "data")
        with pytest.raises(netcrm.RefusedError, match="onto itself"):
            net.restore(net._storage)
        assert everything(net) == before
        assert not (tmp_path / "data").exists()

    def test_broken_off_it_is_refused_until_it_is_run_again(self, net, tmp_path, monkeypatch):
        """At every step; and what was there before is not lost."""
        monkeypatch.setattr(moving, "BATCH", 2)
        ana_and_luis(net)
        made = net.backup(tmp_path / "some.backup")
        expected = everything(net)
        inner = net._storage
        last = len(KINDS) + 1  # the copy is whole then; what keeps people out is written after it
        for at in range(2, last, 3):
            net.add(f"Somebody {at}")
            after = everything(net)
            net._storage = Breaking(inner, at, late=False)
            try:
                kept = net.restore(made, folder=tmp_path / "data").kept
            except netcrm.StorageError:
                with pytest.raises(netcrm.RefusedError, match="is not whole"):
                    net.contacts()
                with pytest.raises(netcrm.RefusedError, match="is not whole"):
                    net.add("Carol Stein")
                net._storage = inner
                kept = net.restore(made).kept
            net._storage = inner
            assert everything(net) == expected
            assert exactly(_copy(kept)) == after

    def test_export(self, net, tmp_path):
        """To a file, or to what is open for writing."""
        ana_and_luis(net)
        assert net.export(tmp_path / "x.jsonl") == net.counts() == {"contact": 2, "commit": 2}
        stream = io.BytesIO()
        net.export(stream)
        assert stream.getvalue() == (tmp_path / "x.jsonl").read_bytes()
        with pytest.raises(netcrm.RefusedError):
            net.export(tmp_path / "x.jsonl")
        net.export(tmp_path / "x.jsonl", replace=True)


def _copy(place):
    target = MemoryStorage(KINDS)
    netcrm.copy(place, target)
    return target


# --- copies by what people type


class TestCopy:
    """netcrm.copy takes places as people name them."""

    def test_from_and_to_whatever_is_named(self, full, file, tmp_path, monkeypatch):
        """Files, URLs, JSON Lines, storages, backups: known by how they are called or begin."""
        monkeypatch.chdir(tmp_path)
        made = full.backup()
        sums = full.verify().sums
        steps = ["network.json", "tinydb:one.json", "two.jsonl", "three.jsonl.gz", "four.json"]
        for source, target in itertools.pairwise(steps):
            assert netcrm.copy(source, target).sums == sums
        for source in (
            file,
            str(made),
            f"tinydb:{file}",
            full._storage,
            LinesStorage("two.jsonl", KINDS),
        ):
            assert netcrm.copy(source, MemoryStorage(KINDS)).sums == sums
        (tmp_path / "three.jsonl.gz").rename(tmp_path / "odd.name")
        assert netcrm.copy("odd.name", "memory:").sums == sums

    def test_a_dry_run_makes_nothing(self, full, file, tmp_path):
        """Whatever the target is."""
        before = names(tmp_path)
        for target in ("new.json", "new.jsonl", "new.jsonl.gz"):
            tried = netcrm.copy(file, tmp_path / target, dry_run=True)
            assert (tried.written, tried.removed) == (4, 0)
        assert names(tmp_path) == before
        for target in (file, tmp_path / "x.jsonl"):
            full.export(tmp_path / "x.jsonl", replace=True)
            with pytest.raises(netcrm.RefusedError):
                netcrm.copy(_copy(file), target, dry_run=True)

    def test_replacing_keeps_what_was_there(self, full, file, tmp_path):
        """Beside the target."""
        other = tmp_path / "other.json"
        with netcrm.open(other) as there:
            there.add("Carol Stein")
            before = everything(there)
        with pytest.raises(netcrm.RefusedError, match="holds a network already"):
            netcrm.copy(file, other)
        copied = netcrm.copy(file, other, replace=True)
        assert copied.kept.parent == tmp_path / "other.json.backups"
        assert exactly(_copy(copied.kept)) == before
        assert exactly(_copy(other)) == everything(full)

    def test_nothing_is_replaced_without_a_place_for_a_backup(self, full, file, tmp_path):
        """A network that is in no file needs a folder."""
        target = _copy(file)
        full.add("Carol Stein")
        with pytest.raises(netcrm.InvalidError, match="name a folder"):
            netcrm.copy(file, target, replace=True)
        kept = netcrm.copy(file, target, replace=True, folder=tmp_path / "data").kept
        assert kept.parent == tmp_path / "data/memory.backups"
        assert kept.name == f"{kept.name[:18]}.jsonl.gz"

    def test_json_lines_onto_themselves(self, full, tmp_path):
        """However they are spelled."""
        full.export(tmp_path / "x.jsonl")
        (tmp_path / "y.jsonl").symlink_to("x.jsonl")
        with pytest.raises(netcrm.RefusedError, match="onto itself"):
            netcrm.copy(tmp_path / "x.jsonl", tmp_path / "y.jsonl", replace=True)

    def test_who_writes_between_the_backup_and_the_copy_loses_nothing(
        self, full, file, tmp_path, monkeypatch
    ):
        """The copy is refused, for the backup would lack what they wrote."""
        source = _copy(file)
        back_up = keeping.back_up

        def meanwhile(*arguments, **options):
            back_up(*arguments, **options)
            full.add("Carol Stein")

        monkeypatch.setattr(keeping, "back_up", meanwhile)
        with pytest.raises(netcrm.BusyError, match="was changed meanwhile"):
            full.restore(source)
        assert len(full.contacts()) == 3

    def test_a_backup_beside_which_others_write_all_the_time(self, full, file, monkeypatch):
        """It is tried three times; nothing is left."""

        class Lively(TinyDBStorage):
            def copy_to(self, path):
                full.add("Somebody")
                super().copy_to(path)

        with netcrm.open(Lively(file, KINDS)) as net:
            with pytest.raises(netcrm.StorageError, match=r"others write to .* all the time"):
                net.backup()
            assert net.backups() == []

    def test_a_storage_that_makes_no_copies_of_itself(self, tmp_path):
        """Its backups are JSON Lines, beside its file."""
        path = tmp_path / "toy.db"
        with netcrm.open(toy_backend.JournalStorage(path, KINDS)) as net:
            ana_and_luis(net)
            made = net.backup()
            assert (made.parent, made.name[18:]) == (tmp_path / "toy.db.backups", ".jsonl.gz")
            expected = everything(net)
            net.add("Carol Stein")
            net.restore(made)
            assert everything(net) == expected

    def test_one_that_is_in_no_file_needs_a_name(self, net):
        """The message says so."""
        if moving.file_of(net.location) is None:
            with pytest.raises(netcrm.InvalidError, match="name one for the backup"):
                net.backup()
            assert net.backups() == []
            assert net.backup_if_due(7) is None


# --- damaged networks


class TestRescue:
    """Going back is for when the network is damaged, most of all."""

    @pytest.mark.parametrize("damage", [b"", b"oh no", b"half", b"bit", None])
    def test_its_files_are_set_aside(self, full, file, damage):
        """None of them is removed; the network is that of the backup."""
        expected = everything(full)
        made = full.backup()
        full.add("Carol Stein")
        whole = file.read_bytes()
        if damage is None:
            file.unlink()
        else:
            changed = {b"half": whole[:300], b"bit": whole.replace(b"Carol", b"Karol")}
            file.write_bytes(changed.get(damage, damage))
        files = {
            path.name: path.read_bytes()
            for path in file.parent.glob("network.json*")
            if path.is_file()
        }
        with netcrm.open(file) as net:
            with pytest.raises(netcrm.StorageError, match=r"network\.json\.bak"):
                net.contacts()
            tried = net.restore(made, dry_run=True)
            assert (tried.written, tried.removed, tried.kept) == (4, 0, None)
            restored = net.restore(made)
            assert everything(net) == expected
        assert restored.kept.name.endswith("-damaged")
        assert stat.S_IMODE(restored.kept.stat().st_mode) == 0o700
        aside = {path.name: path.read_bytes() for path in restored.kept.iterdir()}
        files.pop("network.json.lock", None)
        assert aside == files

    @pytest.mark.parametrize("kind", networks.PERSISTENT)
    def test_whatever_keeps_it(self, kind, tmp_path):
        """A file of which a part was lost, though it may begin as it should."""
        location = networks.place(kind, tmp_path)
        with netcrm.open(location) as net:
            ana_and_luis(net)
            file = moving.file_of(net.location)
            if file is None:
                pytest.skip("is not kept in a file")
            expected = everything(net)
            made = net.backup()
            net.add("Carol Stein")
        content = file.read_bytes()
        third = len(content) // 3
        file.write_bytes(content[:third] + bytes(third) + content[2 * third :])
        with netcrm.open(location) as net:
            restored = net.restore(made)
            assert everything(net) == expected
            assert net.verify().faults == ()
            net.add("Carol Stein")
        assert (restored.kept / file.name).stat().st_size == len(content)

    def test_going_back_to_the_version_before(self, full, file):
        """The file in which it is would be written over by the first step."""
        expected = everything(full)
        full.add("Carol Stein")
        bak = file.with_name("network.json.bak")
        full.restore(bak)
        assert everything(full) == expected
        full.add("Carol Stein")
        file.write_bytes(b"oh no")
        full.restore(bak)
        assert everything(full) == expected

    def test_what_a_newer_netcrm_wrote_is_left_alone(self, full, file):
        """It is not damaged."""
        made = full.backup()
        file.write_bytes(file.read_bytes().replace(b'"schema":', b'"schema":9', 1))
        before = file.read_bytes()
        with pytest.raises(netcrm.RefusedError, match="newer netcrm"):
            full.restore(made)
        assert file.read_bytes() == before

    def test_copy_sets_nothing_aside(self, full, file, tmp_path):
        """What cannot be read may be somebody's picture."""
        picture = tmp_path / "picture.png"
        picture.write_bytes(b"\x89PNG")
        with pytest.raises(netcrm.StorageError, match="does not begin like a network"):
            netcrm.copy(file, picture, replace=True)
        assert picture.read_bytes() == b"\x89PNG"


# --- automatic ones


class TestOnceADay:
    """Automatic backups, as programs ask for them; the command line is another test."""

    def test_one_when_the_newest_is_older_than_20_hours(self, file, clock):
        """And only of what was changed."""

        def add(name, **options):
            with netcrm.open(file, clock=clock, tz=networks.HOME, backups=3, **options) as net:
                if name:
                    net.add(name)
            return [(one.made.day, one.automatic) for one in net.backups()]

        assert add("") == []
        assert add("Ana") == [(5, True)]
        assert add("Ben") == [(5, True)]
        clock.set("2026-03-06T04:59")
        assert add("Carol") == [(5, True)]
        clock.set("2026-03-06T05:00")
        assert add("") == [(5, True)]
        assert add("Dora") == [(6, True), (5, True)]
        for day in (7, 8, 9):
            clock.set(f"2026-03-{day:02}T10:00")
            add(f"Somebody {day}")
        assert add("") == [(9, True), (8, True), (7, True)]
        with netcrm.open(file) as net:
            assert exactly(_copy(net.backups()[0].path)) == everything(net)

    def test_one_made_by_hand_counts_and_stays(self, full, clock):
        """Only automatic ones are removed."""
        full.backup()
        assert full.backup_if_due(2) is None
        for day in range(6, 12):
            clock.set(f"2026-03-{day:02}T10:00")
            assert full.backup_if_due(2)
        assert [one.automatic for one in full.backups()] == [True, True, False]
        assert full.backup_if_due(0) is None

    def test_only_names_of_ours_are_ever_removed(self, full, file, clock):
        """Whatever else is in the folder is left alone."""
        folder = file.with_name("network.json.backups")
        folder.mkdir(mode=0o700)
        ours = [
            "2020-01-01T000000Z-auto.json",
            "2020-01-02T000000Z-2-auto.json",
            "2020-01-02T000000Z-auto",
        ]
        left = ["2020-01-03T000000Z-auto.json.12-34.tmp", "2020-01-03T000000Z.json.tmp"]
        others = [
            "2020-01-01T000000Z.json", "2020-01-01T000000Z-auto", "2020-13-01T000000Z-auto.json",
            "2020-01-01T000000Z-auto.json~", "x2020-01-01T000000Z-auto.json", "auto", "notes.txt",
            "2020-01-01T000000Z-auto.json x", "٢٠٢٠-01-01T000000Z-auto.json", "-auto.json",
            "\n2020-01-01T000000Z-auto.json", "2020-01-01T000000Z-auto.json\n", "x.tmp",
        ]  # fmt: skip
        for name in (*ours, *left, *others):
            (folder / name).write_text("x")
        (folder / "2020-01-01T000000Z-auto").unlink()
        (folder / "2020-01-04T000000Z-auto.json").mkdir()
        (folder / "2020-01-05T000000Z-auto.json").symlink_to(file)
        others += ["2020-01-04T000000Z-auto.json", "2020-01-05T000000Z-auto.json"]
        others.remove("2020-01-01T000000Z-auto")
        made = full.backup_if_due(1)
        assert names(folder) == sorted([*others, made.name])
        assert file.exists()

    def test_a_clock_that_was_wrong(self, full, clock):
        """Backups from the future are no reason to make none, and what is made stays."""
        clock.set("2099-01-01T10:00")
        future = [full.backup_if_due(9), full.backup()]
        clock.set("2026-03-05T10:00")
        made = full.backup_if_due(1)
        assert [one.path for one in full.backups()] == [future[1], made]

    def test_two_at_a_time(self, full, file):
        """Who finds another one making it goes on."""
        folder = file.with_name("network.json.backups")
        folder.mkdir(mode=0o700)
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            assert full.backup_if_due(7) is None
        assert full.backup_if_due(7)
        assert full.backup_if_due(7) is None

    def test_several_in_one_second(self, full):
        """Each has a name of its own."""
        made = [full.backup() for _ in range(12)]
        assert len({path.name for path in made}) == 12
        assert [one.path for one in full.backups()] == made[::-1]

    def test_one_that_fails(self, full, file, clock):
        """The storage is let go of, what was stored is stored, and a program is told."""
        file.with_name("network.json.backups").write_text("in the way")
        net = netcrm.open(file, clock=clock, backups=7)
        net.add("Carol Stein")
        with pytest.raises(netcrm.StorageError, match=r"network\.json\.backups"):
            net.close()
        assert len(full.contacts()) == 3

    def test_all_of_it_is_for_its_owner_only(self, full, file):
        """Whatever the umask."""
        umask = os.umask(0)
        try:
            made = [full.backup(), full.restore(full.backup()).kept]
            full.export(file.with_name("x.jsonl"))
            file.write_bytes(b"oh no")
            made.append(full.restore(made[0]).kept)
        finally:
            os.umask(umask)
        for path in file.parent.rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path

    def test_names_sort_as_they_were_made(self, tmp_path):
        """In UTC, so that no hour comes twice."""
        backups = Backups(tmp_path / "x", ".json")
        moment = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        for hours in range(3):
            zone = networks.ZoneInfo("Europe/London")
            with backups.new((moment + timedelta(hours=hours)).astimezone(zone)) as path:
                path.touch()
        assert names(tmp_path / "x") == [
            "2026-10-25T003000Z.json", "2026-10-25T013000Z.json", "2026-10-25T023000Z.json",
        ]  # fmt: skip


# --- whether all is well


def put(net, *records):
    with net._storage.begin(write=True) as there:
        there.put((record, 0) for record in records)


def gone(net, kind, id_):
    with net._storage.begin(write=True) as there:
        there.delete(list(there.get(kind, [id_])))


class TestVerify:
    """Everything is read, and whatever is wrong is listed."""

    def test_all_is_well(self, net):
        """After all that can be done to a network."""
        ana_and_luis(net)
        net.rule("circle:inner", "2 weeks")
        net.log("ana", "coffee", "hello")
        net.refer("ana", "Carol Stein")
        net.plan("ana", "tomorrow")
        net.pause("luis")
        net.edit("ana", note="x")
        net.undo()
        net.undo(5)
        found = net.verify()
        assert found.faults == ()
        assert found.records == net.counts()
        with net._storage.begin(write=False) as view:
            assert found.sums == moving.digest(view)
        steps = []
        assert net.verify(lambda *step: steps.append(step)) == found

    def test_a_document_that_does_not_fit(self, net):
        """It is named, with what is wrong."""
        ana_and_luis(net)
        put(net, Record("organisation", "x", {"name": "X", "kind": 7}, 1))
        (fault,) = net.verify().faults
        assert fault.startswith("organisation x.kind: ")

    def test_somebody_who_is_not_there(self, net):
        """Whatever record is about them."""
        ana_and_luis(net)
        talk, rule = net.log("ana", "coffee"), net.rule("contact:luis", "1 week")
        people = {one.handle: one.id for one in net.contacts()}
        gone(net, "contact", people["ana-ruiz"])
        gone(net, "contact", people["luis-ortega"])
        assert net.verify().faults == (
            f"cadence {rule.id} is about contact {people['luis-ortega']}, who is not there",
            f"interaction {talk.id} is about contact {people['ana-ruiz']}, who is not there",
        )

    def test_a_hole_in_the_history(self, net):
        """What a missing commit wrote is listed too, and so is what undo lacks."""
        ana_and_luis(net)
        for n in range(4):
            net.edit("ana", note=str(n))
        gone(net, "commit", "000000000003")
        gone(net, "commit", "000000000004")
        gone(net, "commit", "000000000006")
        said = "\n".join(net.verify().faults)
        for part in (
            "commits #3 to #4 are missing",
            "was written by commit #6, which is not there",
            "before 000000000003-000000 belongs to no commit",
            "before 000000000006-000000 belongs to no commit",
        ):
            assert part in said

    def test_what_undo_needs_and_is_gone(self, net):
        """An image that is missing, or one too many."""
        ana_and_luis(net)
        net.edit("ana", note="x")
        image = next(one for one in _records(net, "before"))
        put(net, image._replace(id="000000000003-000007"))
        assert net.verify().faults == (
            "commit #3 cannot be undone: it changed fewer records than are kept as they were "
            "before it",
        )
        gone(net, "before", "000000000003-000000")
        gone(net, "before", "000000000003-000007")
        assert net.verify().faults == (
            "commit #3 cannot be undone: it changed more records than are kept as they were "
            "before it",
        )
        put(net, image._replace(id="nonsense"))
        assert "before nonsense belongs to no commit" in net.verify().faults

    def test_a_commit_under_a_wrong_number(self, net):
        """Its id, its revision and its number are one."""
        ana_and_luis(net)
        (_, last) = _records(net, "commit")
        gone(net, "commit", last.id)
        put(net, last._replace(id="000000000009"))
        assert "commit 000000000009 says that it is #2" in net.verify().faults

    def test_what_the_storage_itself_finds(self, net, monkeypatch):
        """It is in the list."""
        monkeypatch.setattr(net._storage, "check", lambda: ["the index is rotten"])
        assert net.verify().faults == ("the index is rotten",)


def _records(net, kind):
    with net._storage.begin(write=False) as view:
        return list(view.scan(kind))


def test_advice_is_that_of_the_storage(full, monkeypatch):
    assert full.advice() == ""
    monkeypatch.setattr("netcrm.storage.tinydb._LARGE", 10)
    assert "netcrm copy" in full.advice()


def test_the_values_are_what_the_docs_say():
    copied = netcrm.Copied({"contact": netcrm.Sum(2, "x")}, 1, 0)
    assert copied.records == netcrm.Verified(copied.sums, ()).records == {"contact": 2}
    assert attrs.has(netcrm.Contact)
    with contextlib.suppress(AttributeError):
        copied.written = 3
        raise AssertionError
