"""How questions are answered: by which index, and that nothing reads everything."""

from __future__ import annotations

import subprocess
import sys

import pytest

from netcrm import KINDS, Query, Record
from netcrm.storage import sql
from netcrm.storage.query import eq, ge, gt, has, le, one_of, prefix, starts, text
from netcrm_sqlite.dialect import DIALECT
from netcrm_sqlite.transaction import BATCH

NEWEST = (("on", True), ("occurred", True))
SEARCH = text("ana nurse")
PEOPLE = [f"c{n}" for n in range(500)]


@pytest.fixture
def view(opened):
    """A transaction on an empty network: plans do not depend on what is in it."""
    one = opened(kinds=KINDS)
    one.put(Record("contact", "a", {"name": "Ana", "handle": "ana", "added_on": "2026-01-01"}, 1))
    with one.storage.begin(write=False) as view:
        yield view


def plan(view, statement):
    explained = view.ask(sql.Statement(f"EXPLAIN QUERY PLAN {statement.sql}", statement.values))
    return [row[3] for row in explained]


@pytest.mark.parametrize(
    ("query", "steps"),
    {
        "timeline": (
            Query("interaction", has("contacts", "a") & le("on", "2026-01-01"), NEWEST, 20),
            ["SEARCH s USING PRIMARY KEY (member=? AND on<?)", "INDEX interaction.id (id=?)"],
        ),
        "next page": (
            Query("interaction", has("contacts", "a"), NEWEST, 20, ("2026-01-01", "x", "i")),
            ["SEARCH s USING PRIMARY KEY (member=? AND on<?)", "INDEX interaction.id (id=?)"],
        ),
        "newest": (Query("interaction", None, NEWEST, 20), ["USING INDEX interaction.on"]),
        "one day": (Query("interaction", eq("on", "2026-01-01")), ["interaction.on (on=?)"]),
        "by ref": (Query("interaction", eq("ref", "x:1")), ["interaction.ref (ref=?)"]),
        "search": (
            Query("interaction", SEARCH, NEWEST, 20),
            ["SCAN interaction_words VIRTUAL TABLE", "INTEGER PRIMARY KEY (rowid=?)"],
        ),
        "by handle": (
            Query("contact", one_of("handle", ["ana", "ben"])), ["contact.handle (handle=?)"],
        ),
        "nobody, or some": (
            Query("contact", one_of("id", []) | has("tags", "mentor") | has("circles", "inner")),
            ["contact_tags USING PRIMARY KEY (member=?)",
             "contact_circles USING PRIMARY KEY (member=?)",
             "contact.id (id=?)"],
        ),
        "by name": (
            Query("contact", has("called", "ana") | eq("id", "ana") | starts("names", "an")),
            ["contact_called USING PRIMARY KEY (member=?)",
             "contact_names USING PRIMARY KEY (member>? AND member<?)",
             "contact.id (id=?)"],
        ),
        "who has it": (
            Query("contact", has("identifiers", *PEOPLE) | has("called", "a") | eq("is_me", True)),
            ["contact_identifiers USING PRIMARY KEY (member=?)", "contact.is_me (is_me=?)"],
        ),
        "under a rule": (
            Query("contact", one_of("id", PEOPLE) | has("circles", "inner") | eq("kin", True)),
            ["contact_circles USING PRIMARY KEY (member=?)", "contact.kin (kin=?)"],
        ),
        "handles": (
            Query("contact", prefix("handle", "an"), (("handle", False),)),
            ["contact.handle (handle>? AND handle<?)"],
        ),
        "list": (Query("contact", None, (("name", False),), 50), ["USING INDEX contact.name"]),
        "list on": (
            Query("contact", None, (("name", False),), 50, ("Ana", "a")),
            ["contact.name (name>?)"],
        ),
        "some weeks": (
            Query("interaction", gt("on", "2026-01-01") & le("on", "2026-03-01")),
            ["interaction.on (on>? AND on<?)"],
        ),
        "last commit": (Query("commit", None, (("seq", True),), 1), ["USING INDEX commit.seq"]),
        "everything": (Query("interaction"), ["USING INDEX interaction.id"]),
    }.values(),
    ids=str,
)  # fmt: skip
def test_a_question_uses_its_index(view, query, steps):
    made = plan(view, sql.find(query, KINDS[query.kind], DIALECT, ("id", "rev", "doc")))
    for step in steps:
        assert any(step in one for one in made), made
    assert not [one for one in made if one.startswith("SCAN r") and "USING INDEX" not in one]
    if query.limit and query.where != SEARCH:  # the first are found without sorting all
        assert "USE TEMP B-TREE FOR ORDER BY" not in made


@pytest.mark.parametrize("members", [None, PEOPLE], ids=["all", "some"])
def test_the_latest_is_one_step_for_each(view, members):
    asked = sql.latest(
        KINDS["interaction"], le("on", "2026-01-01"), DIALECT,
        per="touched", by="on", members=members,
    )  # fmt: skip
    made = plan(view, asked)
    assert "SEARCH s USING PRIMARY KEY (member=? AND on<?)" in made
    assert not [one for one in made if one.startswith(("SCAN s", "SCAN n", "SCAN interaction"))]


def test_many_records_are_indexed_once(opened):
    """So many in one put into an empty table: each set is sorted and written at the end."""
    one = opened()
    done: list[str] = []
    with one.storage.begin(write=True) as transaction:
        transaction.connection.set_trace_callback(done.append)
        for start in (0, 5 * BATCH):
            transaction.put(
                (one.thing(f"a{n:05}", on="2026", size=n, tags=["x", f"t{n % 9}"], said="w"), 0)
                for n in range(start, start + 5 * BATCH)
            )
            done.append("NEXT")
        transaction.connection.set_trace_callback(None)
    first, then = done[: done.index("NEXT")], done[done.index("NEXT") :]
    for statements, sets, indexes in ((first, 1, 3), (then, 5, 0)):
        assert _count(statements, 'INSERT OR IGNORE INTO "thing_tags"') == sets
        assert _count(statements, "DROP INDEX") == indexes
        assert _count(statements, "CREATE INDEX") + _count(statements, "CREATE UNIQ") == indexes
        assert _count(statements, 'INSERT INTO "thing"') == 5 * BATCH
    assert len(one.found(has("tags", "x") & ge("size", 9000))) == 1000
    assert one.storage.check() == []


def _count(statements, start):
    return sum(statement.startswith(start) for statement in statements)


def test_one_record_is_written_in_few_steps(opened):
    one = opened()
    one.fill()
    done: list[str] = []
    with one.storage.begin(write=True) as transaction:
        transaction.connection.set_trace_callback(done.append)
        transaction.put([(one.thing("a00003", 9, tags=["z"], said="other"), 4)])
        transaction.delete([one.thing("a00004", 5)])
        transaction.connection.set_trace_callback(None)
        own = [one for one in done if not one.startswith("--") and "'main'." not in one]
        assert len(own) <= 16
        for statement in own:
            made = plan(transaction, sql.Statement(statement))
            scans = [step for step in made if step.startswith("SCAN") and "VIRTUAL" not in step]
            assert not scans, statement
    assert one.storage.check() == []


def test_answers_of_index_values_do_without_what_reads_documents(opened, path):
    one = opened(kinds=KINDS)
    one.put(Record("contact", "a", {"name": "Ana", "handle": "ana", "added_on": "2026-01-01"}, 1))
    ask = (
        "import sys; from netcrm import KINDS, Query; from netcrm_sqlite import SQLiteStorage\n"
        "storage = SQLiteStorage(sys.argv[1], KINDS)\n"
        "with storage.begin(write=False) as view:\n"
        "    print(*view.rows(Query('contact'), ('name', 'tags')))\n"
        "    view.latest(Query('interaction'), per='touched', by='on')\n"
        "storage.close()\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", ask, path], capture_output=True, text=True)
    assert done.stdout == "('Ana', ())\n"
    assert not {"orjson", "netcrm_sqlite.forward", "netcrm_sqlite.checking"} & {
        *done.stderr.split()
    }
