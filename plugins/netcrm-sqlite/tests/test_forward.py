"""Files of other netcrms: the index is made anew, documents are brought forward."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import threading

import pytest

from netcrm import INDEX, SCHEMA, Field, Query, Record, StorageError, Where
from netcrm.storage.query import eq, has
from netcrm.testing import KINDS
from netcrm_sqlite import forward, layout
from netcrm_sqlite.transaction import BATCH

MANY = BATCH * 2 + 17
TALK = KINDS["talk"]


def changed(kind, **fields):
    """Return the kinds, but for a kind with other fields; None takes a field away."""
    all_fields = {**kind.fields, **fields}
    kept = {name: field for name, field in all_fields.items() if field is not None}
    return {**KINDS, kind.name: kind._replace(fields=kept)}


@pytest.fixture
def written(opened, path):
    """Make a file of layout 1 that was written with other fields."""
    kinds = changed(KINDS["thing"], tags=None, size=None)
    del kinds["talk"]  # there were none in those days
    one = opened(kinds=kinds)
    one.put(*(one.thing(f"a{n:05}", n + 1, size=n, tags=["x"], said="w") for n in range(MANY)))
    with one.storage.begin(write=True) as transaction:
        transaction.connection.execute("PRAGMA user_version = 1")
    one.close()
    return list(_documents(path))


def _documents(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        yield from connection.execute("SELECT id, rev, doc FROM thing ORDER BY id")


def test_other_fields_are_found_at_once(opened):
    one = opened()
    one.fill(MANY)
    one.close()
    kinds = changed(
        KINDS["thing"],
        name=None,
        size=KINDS["thing"].fields["size"]._replace(ordered=False),
        letter=Field("set", lambda doc: tuple(doc["name"]), by="on"),
    )
    other = opened(kinds=kinds)
    assert len(other.found(has("letter", "Z"))) == MANY
    assert other.found(eq("size", 3)) == ["a00003"]
    with other.storage.begin(write=False) as view:
        last = view.latest(Query("thing"), per="letter", by="on")
        assert last["Z"][0] == "2026-01-28"
        found = view.connection.execute("SELECT name FROM sqlite_schema").fetchall()
        assert ("thing.size",) not in found
        assert ("thing.old",) not in found
    assert other.storage.check() == []
    assert [record.rev for record in other.read()][:3] == [1, 2, 3]
    assert opened().found(eq("name", "Zoë") & eq("size", 4)) == ["a00004"]  # and back


def test_what_fields_mean_may_change(opened, monkeypatch):
    one = opened()
    one.fill()
    one.close()
    kinds = changed(KINDS["thing"], size=Field("int", lambda doc: -doc["size"]))
    monkeypatch.setattr(layout, "INDEX", INDEX + 1)
    assert opened(kinds=kinds).found(eq("size", -4)) == ["a00004"]
    assert not list(one.path.parent.glob("*.layout*"))


def test_a_kind_that_is_not_known_stays(opened):
    one = opened()
    one.fill()
    one.close()
    fewer = {name: kind for name, kind in KINDS.items() if name != "talk"}
    other = opened(kinds=fewer)
    assert len(other.read()) == 30
    other.close()
    assert opened().read("talk") == one.read("talk") != []
    assert one.found(has("people", "ana"), kind="talk") == ["t"]


def test_two_who_differ_take_turns(opened):
    one = opened()
    one.fill()
    other = opened(kinds=changed(KINDS["thing"], name=None))
    for n in range(3):
        other.put(other.thing(f"b{n}", tags=["b"]))
        one.put(one.thing(f"c{n}", name="c"))
    assert len(one.found(eq("name", "c"))) == len(other.found(has("tags", "b"))) == 3
    assert one.storage.check() == []


def test_an_older_layout_is_kept_before_it_is_brought_forward(opened, path, written, monkeypatch):
    def rename(transaction, schema):
        assert schema == 1
        assert list(transaction.scan("talk")) == []
        for record in list(transaction.scan("thing")):
            doc = {**record.doc, "name": "new"}
            transaction.put([(record._replace(doc=doc), record.rev)])
        transaction.put((Record("talk", f"t{n}", {"at": "2026"}, 1), 0) for n in range(MANY))
        transaction.delete([next(iter(transaction.get("thing", ["a00001"])))])

    monkeypatch.setattr(forward, "forward", rename)
    one = opened()
    assert len(one.found(eq("name", "new") & has("tags", "x"))) == MANY - 1
    assert len(one.found(eq("at", "2026"), kind="talk")) == MANY
    assert one.found(eq("size", 2) & Where("text", value="w")) == ["a00002"]
    assert one.storage.check() == []
    assert list(_documents(path.with_name("network.db.layout1"))) == written


def test_a_layout_that_was_kept_already_stays_kept(opened, path, written):
    path.with_name("network.db.layout1").write_bytes(b"of old")
    assert len(opened().read()) == len(written)
    assert path.with_name("network.db.layout1").read_bytes() == b"of old"


def test_an_older_layout_that_cannot_be_kept_is_left_alone(opened, path, written, monkeypatch):
    def refuse(*_):
        raise StorageError("no room")

    monkeypatch.setattr(forward, "copy", refuse)
    one = opened()
    for ask in (one.read, lambda: one.put(one.thing("b"))):
        with pytest.raises(StorageError, match="no room"):
            ask()
    one.close()
    assert list(_documents(path)) == written
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_an_older_layout_cannot_be_read_where_nothing_can_be_written(opened, written, monkeypatch):
    monkeypatch.setattr("netcrm_sqlite.connections.writable", lambda path: False)
    with pytest.raises(StorageError, match=r"network\.db: cannot be read or written: .*readonly"):
        opened().read()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process can be forked here")
@pytest.mark.parametrize("step", ["copy", "forward", "move_away", "index", "settle"])
def test_killed_on_the_way_it_is_all_done_again(opened, path, written, step, monkeypatch):
    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    place = forward if step in ("copy", "forward") else layout
    child = os.fork()
    if not child:
        try:
            setattr(place, step, die)
            opened().read()
        finally:
            os._exit(1)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    one = opened()
    assert len(one.found(has("tags", "x"))) == len(written)
    assert one.storage.check() == []
    one.close()
    assert list(_documents(path)) == written
    assert list(_documents(path.with_name("network.db.layout1"))) == written


def test_two_at_once_bring_it_forward_once(opened, written, monkeypatch):
    times = []
    monkeypatch.setattr(forward, "forward", lambda transaction, schema: times.append(schema))
    stores = [opened() for _ in range(4)]
    threads = [threading.Thread(target=store.read) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert times == [1]
    assert len(stores[0].read()) == len(written)
    assert SCHEMA > 1
