"""What is acknowledged is kept, whoever else writes, and whoever is killed."""

import itertools
import random
import signal
import time

import pytest

import netcrm
from netcrm.errors import BusyError
from netcrm.storage.contract import Record
from tests.crash import LONG
from tests.crash.harness import PEOPLE, SOON, Child, commit, contact, contents, operation, put

KILLS = 1000 if LONG else 10
WRITERS = ((2, 100), (4, 50)) if LONG else ((2, 50),)
PROGRAMS = {"tinydb": (4, 50) if LONG else (2, 10), "sqlite": (4, 1000) if LONG else (2, 25)}


# --- killed at any moment


def _expected(last):
    """Return what is there after commit number *last*: five people, and who was last."""
    people = [contact(n) for n in range(max(0, last - 4), last + 1)]
    records = [
        *people,
        Record("cadence", "last", {"name": "", "selector": f"tag:{last}"}, last + 1),
    ]
    return {(record.kind, record.id): record for record in records} if last >= 0 else {}


def _last(found):
    marks = [record.rev for (kind, _), record in found.items() if kind == "cadence"]
    return marks[0] - 1 if marks else -1


def _commit_on(backend, folder):
    def work(say):
        with backend.opened(folder) as storage:
            for n in itertools.count(_last(contents(storage)) + 1):
                was, now = _expected(n - 1), _expected(n)
                with storage.begin(write=True) as transaction:
                    transaction.put(
                        (record, was[key].rev if key in was else 0)
                        for key, record in now.items()
                        if record != was.get(key)
                    )
                    transaction.delete([record for key, record in was.items() if key not in now])
                say(str(n))

    return work


def test_kill_9_loses_nothing_that_was_acknowledged(backend, tmp_path):
    folder, moments = tmp_path / "killed", random.Random(20260314)
    acknowledged, number = -1, 0
    for _ in range(KILLS):
        child = Child(_commit_on(backend, folder))
        if moments.random() < 0.9:
            acknowledged = int(child.line())  # so that not all die while they begin
        time.sleep(moments.uniform(0, 0.1))
        said = child.kill()
        number += len(said)
        acknowledged = int(said[-1]) if said else acknowledged
        with backend.opened(folder) as storage:
            found = contents(storage)
            assert storage.check() == []
        assert found == _expected(_last(found))
        assert _last(found) in (acknowledged, acknowledged + 1)
        acknowledged = _last(found)
    assert number > KILLS


# --- several at once


def _count_up(backend, folder, name, times):
    def work(_):
        with backend.opened(folder) as storage:
            for n in range(times):
                with storage.begin(write=True) as transaction:
                    (before,) = transaction.get("cadence", ["sum"])
                    doc = {**before.doc, "priority": before.doc["priority"] + 1}
                    transaction.put([(before._replace(doc=doc, rev=before.rev + 1), before.rev)])
                    transaction.put([(contact(name * 1000 + n), 0)])

    return work


@pytest.mark.parametrize(("writers", "times"), WRITERS)
def test_several_writers_lose_nothing(backend, tmp_path, writers, times):
    with backend.opened(tmp_path) as storage:
        doc = {"name": "", "selector": "all", "priority": 0}
        put(storage, Record("cadence", "sum", doc, 1))
    children = [Child(_count_up(backend, tmp_path, name, times)) for name in range(writers)]
    assert [child.end().said for child in children] == [["closed"]] * writers
    with backend.opened(tmp_path) as storage:
        found = contents(storage)
    assert found.pop(("cadence", "sum")).doc["priority"] == writers * times
    assert set(found) == {
        ("contact", contact(name * 1000 + n).id) for name in range(writers) for n in range(times)
    }


def test_several_programs_lose_nothing(backend, tmp_path):
    url = f"{backend.name}:{backend.path(tmp_path)}"
    programs, times = PROGRAMS[backend.name]
    with netcrm.open(url) as net:
        net.add("Ana Ruiz")

    def program(name):
        def work(_):
            with netcrm.open(url, create=False) as net:
                for n in range(times):
                    if n % 2:
                        net.tag("ana-ruiz", add=[f"tag-{name}-{n}"])
                    else:
                        net.log("ana-ruiz", "call", f"{name}-{n}")

        return work

    children = [Child(program(name)) for name in range(programs)]
    assert [child.end().said for child in children] == [["closed"]] * programs
    every = {(name, n) for name in range(programs) for n in range(times)}
    with netcrm.open(url) as net:
        said = [one.text for one in net.timeline("ana-ruiz")]
        assert sorted(said) == sorted(f"{name}-{n}" for name, n in every if not n % 2)
        assert set(net.contact("ana-ruiz").tags) == {
            f"tag-{name}-{n}" for name, n in every if n % 2
        }
        assert len(net.history(limit=None)) == 1 + len(every)
    with backend.opened(tmp_path) as storage:
        assert storage.check() == []


# --- one holds up others


def _hold(backend, folder):
    def work(say):
        with backend.opened(folder) as storage, storage.begin(write=True) as transaction:
            transaction.put([(contact(3, rev=2), 1)])
            say("holding")
            signal.pause()

    return work


def test_who_is_killed_while_writing_holds_up_nobody(backend, begun):
    with backend.opened(begun) as storage:
        before = contents(storage)
    holder = Child(_hold(backend, begun))
    assert holder.line() == "holding"
    holder.kill()
    started = time.monotonic()
    assert commit(backend, begun, operation("add")).done
    assert time.monotonic() - started < 1
    with backend.opened(begun) as storage:
        assert contents(storage).items() > before.items()


def test_who_waits_too_long_is_told_so_and_may_try_again(backend, begun, monkeypatch):
    monkeypatch.setattr(f"{backend.module}.WAIT", SOON)
    with backend.opened(begun) as storage:
        before = contents(storage)
    holder = Child(_hold(backend, begun))
    assert holder.line() == "holding"
    try:
        with backend.opened(begun) as storage:
            assert contents(storage) == before  # who reads waits for nobody
            with pytest.raises(BusyError) as refused:
                put(storage, contact(PEOPLE))
    finally:
        holder.kill()
    assert str(begun) in str(refused.value)
    with backend.opened(begun) as storage:
        put(storage, contact(PEOPLE))
