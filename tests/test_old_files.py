"""Files that earlier versions wrote: each is understood, and kept as it was before it is changed.

`old/layout-N.*` was written by the netcrm that had this layout, by TinyDB or from 2 on also by
SQLite; `old/answers.json` holds what that netcrm answered.
"""

import gzip
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

import netcrm
from netcrm.kinds import KINDS
from netcrm.plugins import Plugins
from netcrm.storage.contract import SCHEMA
from netcrm.storage.memory import MemoryStorage
from netcrm.storage.migration import forward
from tests.networks import everything, terminal  # noqa: F401 - a fixture

OLD = Path(__file__).parent / "old"
FILES = sorted(OLD.glob("layout-*"))
ANSWERS = json.loads((OLD / "answers.json").read_text("utf-8"))


@pytest.fixture(params=FILES, ids=lambda path: path.name)
def old(request, tmp_path):
    content, name = request.param.read_bytes(), request.param.name
    if name.endswith(".gz"):
        content, name = gzip.decompress(content), name.removesuffix(".gz")
    path = tmp_path / name.replace("layout-", "network-")
    path.touch(0o600)
    path.write_bytes(content)
    return path


def layout(path):
    if path.suffix == ".json":
        return int(json.loads(path.read_text("utf-8"))["netcrm"]["schema"])
    with closing(sqlite3.connect(path)) as database:
        return database.execute("PRAGMA user_version").fetchone()[0]


def records(path):
    opened = Plugins().storage("tinydb" if path.suffix == ".json" else "sqlite")
    with (
        closing(opened.open(str(path), KINDS, False)) as storage,
        storage.begin(write=False) as view,
    ):
        return [record for kind in KINDS for record in view.scan(kind)]


def documents(path):
    """Return what a file says, without the index that SQLite keeps beside it."""
    if path.suffix == ".json":
        return path.read_bytes()
    with closing(sqlite3.connect(path)) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_schema")}
        return {
            kind: database.execute(f'SELECT id, rev, doc FROM "{kind}" ORDER BY id').fetchall()
            for kind in sorted(tables & KINDS.keys())
            if database.execute(f'SELECT 1 FROM "{kind}"').fetchone()
        }


def test_there_is_a_file_of_each_layout():
    written = {f"layout-{number}.json" for number in range(1, SCHEMA + 1)}
    written |= {f"layout-{number}.db.gz" for number in range(2, SCHEMA + 1)}
    assert {file.name for file in FILES} == written


@pytest.mark.parametrize("command", ANSWERS)
def test_it_answers_as_ever(terminal, old, command, monkeypatch):  # noqa: F811
    """Also what goes by the day: it is the day on which the answers were written down."""
    then = datetime(2026, 11, 22, 12, tzinfo=UTC)
    monkeypatch.setattr("netcrm.network.datetime", SimpleNamespace(now=lambda tz: then))
    ran = terminal("--tz", "Europe/London", "--network", old, *command.split(), "--json")
    expected = ANSWERS[command]  # there may be more by now
    assert (ran.code, {key: ran.json.get(key) for key in expected}) == (0, expected)


def test_reading_changes_nothing(old):
    """The index of a file of SQLite may be made anew, if it means something else today."""
    before, written = documents(old), layout(old)
    with netcrm.open(old) as net:
        assert net.verify().faults == ()
        assert len(net.history(limit=None)) == 17
    assert list(old.parent.iterdir()) == [old]
    assert (documents(old), layout(old)) == (before, written)


def test_all_of_it_can_be_taken_back(old):
    with netcrm.open(old) as net:
        standing = [entry.commit.seq for entry in net.history(limit=None) if not entry.undone_by]
        for number in standing:
            if number != 15:  # which is the undo of 14
                net.undo(number)
        assert everything(net) == {}


def test_what_is_changed_is_kept_as_it_was(old):
    before, there, written = old.read_bytes(), records(old), layout(old)
    with netcrm.open(old) as net:
        net.edit("ana", note="new")
    kept = old.with_name(f"{old.name}.layout{written}")
    assert kept.exists() is (written < SCHEMA)
    if written < SCHEMA:
        assert kept.read_bytes() == before
        assert kept.stat().st_mode & 0o077 == 0
    assert layout(old) == SCHEMA
    unchanged = [one for one in there if one.doc.get("handle") != "ana-ruiz"]
    assert [one for one in records(old) if one in unchanged] == unchanged


def test_what_a_commit_changed_becomes_records_of_their_own():
    storage = MemoryStorage(KINDS)
    images = [
        {"kind": "contact", "id": "ana", "rev": 1, "doc": {"name": "Ana"}},
        {"kind": "referral", "id": "r", "rev": 2, "doc": {}, "fate": "deleted"},
    ]
    doc = {"seq": 3, "at": "2026-01-01T00:00:00+00:00", "created": {"contact": ["ben"]}}
    with storage.begin(write=True) as view:
        table = [("000000000003", {**doc, "before": images}), ("000000000004", {**doc, "seq": 4})]
        view.put((netcrm.Record("commit", id_, doc, int(id_)), 0) for id_, doc in table)
        forward(view, 1)
        changed, untouched = view.scan("commit")
        first, second = view.scan("before")
    assert changed.doc == {**doc, "changed": {"contact": ["ana"]}, "deleted": {"referral": ["r"]}}
    assert (changed.rev, first.rev, untouched.doc) == (3, 3, {**doc, "seq": 4})
    assert first.doc == {"kind": "contact", "record": "ana", "was": 1, "doc": {"name": "Ana"}}
    assert (second.id, second.doc["record"]) == ("000000000003-000001", "r")


def test_documents_of_today_stay_as_they_are():
    storage = MemoryStorage(KINDS)
    with netcrm.open(storage) as net:
        net.add("Ana")
        before = everything(net)
        with storage.begin(write=True) as view:
            forward(view, SCHEMA)
        assert everything(net) == before
